/*
 * bind.h: syntax tree → plan: names become columns, functions are resolved, types settled, constants folded.
 *
 * flow     sql/parser.h → here → query/plan.h → query/execute.h
 * names    an alias may be used anywhere at its level (WHERE, GROUP BY, other aliases); columns are found before
 *          outer scopes; case matters; an unknown name is ERR_UNKNOWN_IDENTIFIER with "did you mean"
 * refused  what the grammar knows and the engine does not run is ERR_NOT_IMPLEMENTED with its name and position
 * errors   end with "(line 1, column 8)" of the expression that failed
 * owner    plans and expressions live in the arena
 * thread   any; the catalogue's callbacks must allow it
 */
#ifndef SQL_BIND_H
#define SQL_BIND_H

#include "base/arena.h"
#include "base/err.h"
#include "base/slice.h"
#include "query/limits.h"
#include "query/plan.h"
#include "sql/ast.h"

#include <stdbool.h>
#include <stdint.h>

/* {name:Type}: the text as it came in param_name, with TSV's escapes. */
struct bind_parameter {
    struct slice name;
    struct slice value;
};

/* Where tables come from. System tables and table functions that are registered with source_register are found by the
 * binder itself, after find. */
struct bind_catalogue {
    void *user;
    /* The table as this query sees it, in the arena; *out NULL: no such table. May be NULL: there are no tables. */
    struct err *(*find)(void *user, struct arena *arena, struct slice database, struct slice table,
                        struct table_source **out);
    /* A temporary table of that name, for names without a database; *out NULL: there is none. May be NULL. */
    struct err *(*temporary)(void *user, struct arena *arena, struct slice name, struct table_source **out);
    /* The CREATE VIEW statement of a view, in the arena; *out NULL data: there is no such view. May be NULL. */
    struct err *(*view)(void *user, struct arena *arena, struct slice database, struct slice name, struct slice *out);
    bool (*has_database)(void *user, struct slice database); /* may be NULL */
    /* Names of its tables and views that the user may see; may be NULL. */
    void (*each)(void *user, struct slice database, void (*visit)(void *visitor, struct slice table), void *visitor);
    /* Is it this server, "localhost" or "127.0.0.1:9000"? May be NULL: none is. */
    bool (*is_own_address)(void *user, struct slice address);
};

/*
 * What a SELECT … GROUP BY does with the buckets of a stored table's event time that are not complete: of keys that never
 * decrease in its event time and have no other column. Keep them; leave them out; or say of each, in a last column
 * `complete` of the outermost SELECT, whether it is.
 */
enum bind_buckets { BUCKETS_KEEP, BUCKETS_CUT, BUCKETS_MARK };

/* Of additional_table_filters: the rows of a table that a query sees. */
struct bind_filter {
    struct slice table; /* "table", "database.table" or an alias */
    struct slice condition;
};

struct bind_options {
    struct slice text; /* what the tree was parsed from: for positions in errors; data NULL: from several texts */
    const struct function_context *context;
    const struct bind_catalogue *catalogue;
    const struct bind_parameter *parameters;
    uint32_t parameter_count;
    const struct query_limits *limits; /* or NULL: none */
    bool final;                        /* the setting: FINAL of all tables that have it */
    bool final_by_partition;           /* do_not_merge_across_partitions_select_final */
    enum bind_buckets incomplete_buckets;
    int64_t before_us;   /* rows of stored tables whose event time is not before it are not seen; 0: all are */
    bool join_use_nulls; /* the setting: rows without a match get NULLs, not defaults */
    bool keep_nested;    /* flatten_nested = 0: a column of type Nested is one array of tuples */
    const struct bind_filter *filters; /* additional_table_filters */
    uint32_t filter_count;
    struct slice result_filter; /* additional_result_filter; or empty */
    /* CREATE OR REPLACE: the view that is being defined; it must not come to read itself. Or empty. */
    struct slice defining_database, defining_name;
};

struct err *bind_query(struct arena *arena, const struct bind_options *options, const struct ast_query *query,
                       struct query_plan *out);

/*
 * Settings that a query carries: those of its statement (SETTINGS behind FORMAT) and of its last SELECT, in that order.
 * Values as text: 'x' → x, 5 → 5, true → 1.
 */
struct bind_setting {
    struct slice name;
    struct slice value;
    uint32_t offset;
};
struct err *bind_settings(struct arena *arena, const struct ast_statement *statement, const struct bind_setting **out,
                          uint32_t *count);

/* Reads the map of additional_table_filters, {'table': 'condition', …}; an empty text is an empty map. Slices of the
 * text, or in the arena. */
struct err *bind_filters(struct arena *arena, struct slice text, const struct bind_filter **out, uint32_t *count);

/* A name that may be {name:Identifier}. parameter may be NULL: name is returned. */
struct err *bind_name(struct arena *arena, const struct bind_options *options, struct slice name,
                      const struct ast *parameter, struct slice *out);

/*
 * One expression over columns: DEFAULT, PARTITION BY, ORDER BY, TTL. Aggregates, subqueries and stars are refused.
 * Column i of the expression is columns[i].
 */
struct err *bind_expression(struct arena *arena, const struct bind_options *options, const struct ast *ast,
                            const struct source_column *columns, uint32_t column_count, const struct expression **out);
/* Parses and binds; with a type the result is cast to it. */
struct err *bind_expression_text(struct arena *arena, const struct function_context *context, struct slice text,
                                 const struct source_column *columns, uint32_t column_count, const struct type *type,
                                 const struct expression **out);

/*
 * The AS SELECT of a source: items over the columns of `message` and a condition (NULL: all rows). Only what works row
 * by row is allowed: no aggregates, GROUP BY, ORDER BY, LIMIT, DISTINCT, subqueries.
 */
struct bound_select {
    const struct source_column *columns; /* results: names and types */
    const struct expression *const *expressions;
    uint32_t count;
    const struct expression *condition;
};
struct err *bind_row_select(struct arena *arena, const struct bind_options *options, const struct ast_select *select,
                            struct slice from, const struct source_column *columns, uint32_t column_count,
                            struct bound_select *out);
/* Names of the columns (of those given) that the SELECT refers to; stars count as all. For which fields to decode. */
typedef bool bind_is_column(const void *user, struct slice name); /* is it a column, `n.a` for one? */
struct err *bind_row_select_columns(struct arena *arena, const struct ast_select *select, bind_is_column *is_column,
                                    const void *user, struct slice **names, uint32_t *count, bool *all);

#endif
