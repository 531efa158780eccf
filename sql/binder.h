/*
 * binder.h: what the binder's files share: scopes, the state of one bind, errors with positions.
 *
 * A scope is one SELECT: the columns of its FROM, its aliases, its CTEs, and what aggregates were met. Expressions are
 * bound over the columns of FROM; an aggregate is bound to a column with an index from AGGREGATE_BASE on, a window
 * function from WINDOW_BASE on. When the SELECT aggregates, bind_rewrite then turns sub-trees that equal a key, and
 * aggregates, into columns of the aggregation's output.
 */
#ifndef SQL_BINDER_H
#define SQL_BINDER_H

#include "sql/bind.h"
#include "sql/printer.h"

#define AGGREGATE_BASE     0x80000000U
#define LAMBDA_BASE        0x40000000U /* arguments of lambdas, while their bodies are bound */
#define OUTER_BASE         0x50000000U /* names of the query around a correlated subquery: bind_correlated.c */
#define DEPENDENT_BASE     0x58000000U /* the values of correlated subqueries */
#define JOINED_BASE        0x60000000U /* elements of arrayJoin and ARRAY JOIN: bind_array_join.c */
#define GROUPING_BASE      0xA0000000U /* calls of grouping(): columns between keys and aggregates */
#define WINDOW_BASE        0xC0000000U
#define EXPANDED_COUNT_MAX 500000U /* nodes of all expressions, aliases written out (max_expanded_ast_elements) */
#define SELECT_COUNT_MAX   2000U   /* SELECTs of a query, CTEs written out */
#define BIND_DEPTH_MAX     1500U   /* of expressions, subqueries and CTEs in each other */
#define COLUMN_COUNT_MAX   10000U  /* of a result, stars written out */

enum alias_state { ALIAS_NEW, ALIAS_BINDING, ALIAS_BOUND };

struct alias {
    struct slice name;
    const struct ast *ast;
    enum alias_state state;
    const struct expression *expression;
    uint32_t level;      /* while it is being bound: how many aliases are, itself included */
    uint32_t weight;     /* nodes below, aliases written out */
    bool has_aggregates; /* or window functions */
    bool has_windows;
};

struct scope_column {
    struct slice name;
    const struct type *type;
    uint32_t index;  /* in the input's output; UINT32_MAX: not yet asked for */
    uint32_t source; /* in the table source's columns */
    bool ambiguous;  /* a subquery gave the name twice */
    bool hidden;     /* not part of * */
    uint32_t side;   /* joins: the table that it belongs to; JOIN_NONE: both sides' (USING of a FULL JOIN) */
};

struct scope_join;  /* bind_join.c */
struct scope_merge; /* bind_tables.c */

/* grouping(a, b): what is asked about; keys, which are known once all of the SELECT is bound. */
struct grouping {
    const struct expression **arguments;
    uint32_t count;
    uint32_t offset;
};

/* An array whose elements become rows. */
struct array_join {
    const struct expression *argument;
    uint32_t clause; /* ARRAY JOIN: its place in FROM; 0: a call of arrayJoin */
    bool left;
    uint32_t offset;
    uint32_t column; /* of the plan; UINT32_MAX: it has no place yet */
};

struct correlation_key {
    const struct expression *outer; /* over OUTER_BASE */
    const struct expression *inner; /* over the subquery's input */
    bool null_safe;
};

/* What the SELECT of a subquery has to do with the query around it. */
struct correlation {
    const struct scope *outer;
    bool exists;                       /* EXISTS: what its list says does not matter */
    bool open;                         /* names may be those of the query around it */
    const struct expression **columns; /* OUTER_BASE + i is columns[i], over the input of the query around it */
    uint32_t column_count;             /* 0: it is not correlated */
    /* correlate: column 0 of the subquery's plan is its value, then come the keys, then what else `rest` reads */
    struct correlation_key *keys;
    uint32_t key_count;
    const struct expression *rest; /* over OUTER_BASE and the plan's columns; or NULL */
};

/* A correlated subquery of a SELECT: DEPENDENT_BASE + its number is its value. */
struct dependent {
    struct plan *plan;
    struct correlation correlation;
    uint32_t offset;
    uint32_t column; /* of the plan; UINT32_MAX: it has no place yet */
};

struct scope {
    struct scope *parent;
    const struct ast_select *select;
    /* FROM */
    struct slice database;
    struct slice table;      /* the name or alias that may stand before a column */
    struct slice table_name; /* the table's own name when there is an alias */
    struct scope_column *columns;
    uint32_t column_count;
    struct table_source *source; /* or NULL: */
    struct plan *input;
    uint32_t *scan_columns; /* of the source, in the order in which they were asked for */
    uint32_t scan_count;
    const struct expression *filter; /* of additional_table_filters, over scan_columns; or NULL */
    struct scope_join *join;         /* FROM has several tables; source and input are not set; or NULL */
    struct scope_merge *merge;       /* merge(): bind_tables.c; source and input are not set; or NULL */
    struct correlation *correlation; /* it is a subquery that may have one; or NULL */
    struct dependent *dependents;
    uint32_t dependent_count;
    bool takes_dependents;
    /* aliases, by hash */
    struct alias *aliases;
    uint32_t alias_count;
    uint32_t *alias_slots; /* index + 1; 0: empty */
    uint32_t alias_mask;
    uint32_t with_visible; /* CTEs before this one may be used (while one of them is bound) */
    bool with_all;
    /* aggregation */
    struct plan_aggregate *aggregates;
    uint32_t aggregate_count;
    uint64_t *aggregate_hashes;
    struct grouping *groupings;
    uint32_t grouping_count;
    const char *no_aggregates; /* why they may not stand here ("WHERE"), or NULL */
    bool in_aggregate;
    /* window functions: bind_window_call.c */
    struct window_call *windows;
    uint32_t window_count;
    struct array_join *array_joins;
    uint32_t array_join_count;
    const char *no_windows; /* why they may not stand here ("HAVING"), or NULL */
    bool rows_only;         /* no aggregates, no subqueries: DEFAULT, source filters */
    const char *rows_what;  /* "a DEFAULT expression" */
};

/* The arguments of a lambda whose body is being bound. */
struct lambda_frame {
    struct lambda_frame *outer;
    const struct slice *names;
    const struct type **types;
    uint32_t count;
    uint32_t first; /* column of the first of them */
};

/* A view whose SELECT is being bound. */
struct view_frame {
    struct view_frame *outer;
    struct slice database, name;
};

struct binder {
    struct arena *arena;
    const struct bind_options *options;
    struct plan_subquery *subqueries;
    uint32_t subquery_count;
    uint32_t expanded;
    uint32_t select_count;
    const struct ast_select *outermost; /* the query's own SELECT, if it is one alone; or NULL */
    uint32_t depth;                     /* of recursion */
    uint32_t query_depth;               /* SELECTs within each other */
    uint32_t alias_level;               /* aliases that are being bound */
    uint32_t cut_level;                 /* the lowest of them that was met again, and taken for a column */
    bool positioned;                    /* the error has its position */
    struct lambda_frame *lambda;        /* the innermost that is open, or NULL */
    struct view_frame *view;            /* likewise */
    struct correlation *correlation;    /* for the next SELECT, which is a subquery; or NULL */
    uint32_t lambda_columns;            /* given out so far */
    uint32_t inherited_depth;           /* expressions of WITHs around that are being bound */
};

/* bind.c */
struct err *bind_at(struct binder *binder, uint32_t offset, struct err *err); /* adds "(line 1, col 8)" once */
struct err *bind_refuse(struct binder *binder, uint32_t offset, const char *format, ...)
    __attribute__((format(printf, 3, 4), returns_nonnull));
struct err *bind_error(struct binder *binder, uint32_t offset, enum err_code code, const char *format, ...)
    __attribute__((format(printf, 4, 5), returns_nonnull));
/* Room for one more element of a growing array; NULL: memory is out. */
void *bind_array_add(struct arena *arena, void *array_pointer, uint32_t *count, size_t size);
/* The nearest of some names, offered one by one. */
struct nearest {
    struct slice wanted;
    struct slice best;
    uint32_t distance;
};
void nearest_offer(struct nearest *nearest, struct slice name);
bool slice_is_text(struct slice text, const char *word);     /* exactly */
bool slice_is_any_case(struct slice text, const char *word); /* in any case */

/* The name of the first function whose value depends on when it is called (now, rand), or empty. */
struct slice ast_volatile(const struct ast *node);

/* bind_scope.c */
struct err *scope_collect_aliases(struct binder *binder, struct scope *scope);
struct alias *scope_alias(const struct scope *scope, struct slice name);
/* The name of this node must not stand for another expression. */
struct err *scope_check_alias(struct binder *binder, const struct scope *scope, const struct ast *node);
/* A name for what is bound already, where the SELECT does not have it. weight: nodes below, aliases written out. */
struct err *scope_add_bound(struct binder *binder, struct scope *scope, const struct ast *node,
                            const struct expression *expression, uint32_t weight);
struct err *bind_identifier(struct binder *binder, struct scope *scope, const struct ast *node,
                            const struct expression **out);
struct err *scope_column_expression(struct binder *binder, struct scope *scope, struct scope_column *column,
                                    const struct expression **out);
/* bind_nested.c: a part of a value, t.element, a.size0, m.keys, … (*out NULL: it has none of this name); n of columns
 * n.a and n.b (*out NULL: there are none); a list of ARRAY JOIN where each such n is replaced by them. */
struct err *bind_subcolumn(struct binder *binder, uint32_t offset, const struct expression *value, struct slice name,
                           const struct expression **out);
/* The parts of the name from `first` on as a path of a value of type JSON. */
struct err *bind_json_path(struct binder *binder, const struct ast *node, uint32_t first,
                           const struct expression *value, const struct expression **out);
/* A key of GROUP BY or ORDER BY must not be a Dynamic. */
struct err *bind_check_key(struct binder *binder, const struct ast *node, const struct expression *expression,
                           const char *what);
struct err *bind_nested(struct binder *binder, struct scope *scope, const struct ast *node,
                        const struct expression **out);
struct err *bind_nested_list(struct binder *binder, struct scope *scope, const struct ast_list *list,
                             struct ast_list *out);
/* a, t.a, db.t.a → the column of FROM, or NULL. */
struct err *scope_find_column(struct binder *binder, struct scope *scope, const struct ast *node,
                              struct scope_column **out);
/* Is it "t.*"'s table? */
bool scope_is_table(const struct scope *scope, const struct slice *parts, uint32_t count);
const struct ast_with *scope_find_with(struct scope *scope, struct slice name, struct scope **owner, uint32_t *index);

/* bind_expression.c */
struct err *bind_node(struct binder *binder, struct scope *scope, const struct ast *node,
                      const struct expression **out);
struct err *bind_literal(struct binder *binder, const struct ast *node, const struct expression **out);
const struct type *bind_type_of_uint(uint64_t value); /* the smallest type that holds it */
const struct type *bind_type_of_int(int64_t value);   /* signed */
/* bind_in_list.c: columns of a list of IN. Are those of texts what the left side's types can be read from? */
struct err *bind_check_texts(struct binder *binder, const struct column *const *columns,
                             const struct expression *const *left, uint32_t width);
/* The rows of an AST_LITERALS go into the set of values IN (…). *done_here false: they are no plain
 * values of the left side's, nothing was done. */
struct err *bind_literals(struct binder *binder, const struct ast *list, const struct expression *const *values,
                          uint32_t width, struct value_set *set, bool *done_here);
struct err *bind_type(struct binder *binder, uint32_t offset, struct slice text, const struct type **out);
struct err *bind_call(struct binder *binder, uint32_t offset, const char *name,
                      const struct expression *const *arguments, uint32_t count, const struct expression **out);
struct err *bind_arguments(struct binder *binder, struct scope *scope, const struct ast_list *list,
                           const struct expression ***out);
struct err *bind_aggregate_function(struct binder *binder, struct scope *scope, const struct ast *node,
                                    const struct expression *const *arguments, const struct aggregate **out);
/* Has it a column with an index of [from, to)? */
bool expression_reads(const struct expression *expression, uint32_t from, uint32_t to);
bool expression_has_aggregate(const struct expression *expression); /* or a window function */
bool expression_has_window(const struct expression *expression);
struct err *bind_boolean(struct binder *binder, uint32_t offset, const char *clause,
                         const struct expression *expression); /* may it be a condition? */
/* The constant of a folded expression, or NULL. */
const struct column *expression_value(const struct expression *expression);

/* bind_window.c: checks what stands behind WINDOW, used or not. */
struct err *bind_named_windows(struct binder *binder, struct scope *scope);

/* bind_window_call.c */
struct err *bind_window_call(struct binder *binder, struct scope *scope, const struct ast *node,
                             const struct expression **out);
/* Moves what is inside the calls to the output of an aggregation. */
struct err *windows_after_aggregation(struct scope *scope, void *user,
                                      struct err *(*rewrite)(void *user, const struct expression **expression,
                                                             uint32_t offset));
/* Puts the nodes that compute the calls on the plan; then calls in expressions become their columns. */
struct err *windows_plan(struct binder *binder, struct scope *scope, struct plan **plan);
struct err *windows_rewrite(struct binder *binder, const struct scope *scope, const struct expression **expression);

/* bind_lambda.c: functions that take a lambda; *out NULL: this is none of them. */
struct err *bind_higher_order(struct binder *binder, struct scope *scope, const struct ast *node,
                              const struct expression **out);
/* A name that is a lambda's argument; *out NULL: it is none. */
struct err *bind_lambda_argument(struct binder *binder, const struct ast *node, const struct expression **out);

/* bind_array_join.c */
struct err *bind_array_join_call(struct binder *binder, struct scope *scope, const struct ast *node,
                                 const struct expression **out);
/* ARRAY JOINs of FROM, once aliases are known: all of a FROM with one table; those behind the first table of several
 * (first_side, the scope being that table's), or those behind the last one. */
struct err *bind_array_join_clauses(struct binder *binder, struct scope *scope, bool first_side);
bool expression_has_array_join(const struct expression *expression);
/* A byte per array_join, and those set that an expression (or NULL) needs. */
struct err *array_joins_wanted(struct binder *binder, const struct scope *scope, uint8_t **wanted);
void array_joins_want(const struct scope *scope, const struct expression *expression, uint8_t *wanted);
/* Puts those that are wanted (NULL: all) and have no place yet on the plan. aggregated: arguments stand on the output
 * of the aggregation. */
struct err *array_joins_place(struct binder *binder, struct scope *scope, const uint8_t *wanted, bool aggregated,
                              struct plan **plan);
/* Elements that have their place become columns of the plan. */
struct err *array_joins_replace(struct binder *binder, const struct scope *scope, const struct expression **expression);

/* bind_in.c */
struct err *bind_in(struct binder *binder, struct scope *scope, const struct ast *node, bool negated,
                    const struct expression **out);
struct err *bind_scalar_subquery(struct binder *binder, struct scope *scope, const struct ast *node,
                                 const struct expression **out);
struct err *bind_exists(struct binder *binder, struct scope *scope, const struct ast *node,
                        const struct expression **out);
/* The type of a scalar subquery whose column has this one: no row is NULL; of a type that has none, an error. */
struct err *bind_scalar_type(struct binder *binder, const struct type *own, const struct type **out);

/* bind_correlated.c: a name of the query around a subquery, which is `value` there. */
struct err *correlation_take(struct binder *binder, struct correlation *correlation, const struct ast *node,
                             const struct expression *value, const struct expression **out);
/* A correlated subquery, whose plan is as its correlation says, as a value of the SELECT around it. */
struct err *dependent_add(struct binder *binder, struct scope *scope, uint32_t offset, struct plan *plan,
                          const struct correlation *correlation, const struct expression **out);
bool expression_has_dependent(const struct expression *expression);
/* Sets the bytes of those that an expression (or NULL) needs. */
void dependents_want(const struct expression *expression, uint8_t *wanted);
/* Those that have their place become columns of the plan. */
struct err *dependents_replace(struct binder *binder, const struct scope *scope, const struct expression **expression);

/* bind_format_row.c */
bool is_format_row(struct slice name);
struct err *bind_format_row(struct binder *binder, struct scope *scope, const struct ast *node,
                            const struct expression **out);

/* bind_parameter.c */
struct err *bind_parameter_value(struct binder *binder, const struct ast *node, const struct expression **out);
struct err *bind_parameter_text(struct binder *binder, const struct ast *node, struct slice *out);

/* bind_from.c */
struct err *bind_from(struct binder *binder, struct scope *scope);
/* One table, function, subquery or CTE as the scope's columns. */
struct err *bind_table(struct binder *binder, struct scope *scope, const struct ast_table *table);
/* Once all is bound. *condition, of WHERE, over the scope's columns: what the input has taken over is left out of it.
 */
struct err *scope_finish_input(struct binder *binder, struct scope *scope, const struct expression **condition,
                               struct plan **out);

/* bind_tables.c: cluster(), remote(): what of this server it is that they name takes the place of the call. */
bool bind_is_cluster_call(const struct ast *call);
struct err *bind_cluster_call(struct binder *binder, const struct scope *scope, struct ast_table *table);
/* merge(): the scope's columns, and the plan once all is bound. */
bool bind_is_merge_call(const struct ast *call);
struct err *bind_merge_call(struct binder *binder, struct scope *scope, const struct ast_table *table);
struct err *bind_merge_finish(struct binder *binder, struct scope *scope, struct plan **out);

/* bind_filter.c: additional_table_filters, of the table that the scope now has; additional_result_filter. */
struct err *bind_table_filter(struct binder *binder, struct scope *scope, const struct ast_table *table);
struct err *bind_result_filter(struct binder *binder, struct plan **plan);

/* bind_view.c: the SELECT of a view as a plan; *out NULL: there is no such view. call: v(p = 1), or NULL. */
struct err *bind_view(struct binder *binder, struct slice database, struct slice name, uint32_t offset,
                      const struct ast *call, struct plan **out);

/* bind_join.c: FROM with joins. The tables first; then, when the aliases are known, ON and USING (join_on.c). */
struct err *bind_join_tables(struct binder *binder, struct scope *scope);
struct err *bind_join_conditions(struct binder *binder, struct scope *scope);
struct err *scope_join_find(struct binder *binder, struct scope *scope, const struct ast *node,
                            struct scope_column **out);
bool scope_join_is_table(const struct scope *scope, const struct slice *parts, uint32_t count);
struct slice scope_join_table(const struct scope *scope, uint32_t side); /* its name before a column, or empty */
/* What a star stands for: indexes into scope->columns, in order; NULL parts: all tables. names: of the results. */
struct star_column {
    uint32_t column;
    struct slice name;
};
struct err *scope_star(struct binder *binder, struct scope *scope, const struct ast *star, struct star_column **out,
                       uint32_t *count);
/* The name of a result column: columns of joined tables with their table's name where they need it. */
struct slice scope_item_name(struct binder *binder, struct scope *scope, const struct ast *node);

/* join_plan.c */
struct err *join_finish(struct binder *binder, struct scope *scope, const struct expression **condition,
                        struct plan **out);

/* A call with the stars among its arguments written out as columns; the call itself if it has none. */
struct err *bind_star_arguments(struct binder *binder, struct scope *scope, const struct ast *call,
                                const struct ast **out);
/* bind_star.c: one item of a SELECT list, stars written out. */
struct item {
    struct slice name;
    const struct ast *ast; /* what it was written as; for a star, the star */
    const struct expression *expression;
    bool has_aggregates;
};
struct items {
    struct item *items;
    uint32_t count;
};
struct err *bind_items(struct binder *binder, struct scope *scope, const struct ast_list *list, struct items *items);
/* Which of the names a regular expression finds. */
struct err *bind_match_names(struct binder *binder, struct slice regexp, uint32_t offset, const struct slice *names,
                             uint32_t count, bool *matches);

/* bind_fill.c: puts WITH FILL and INTERPOLATE, if any, on the sorted plan, whose first columns are the items. */
struct err *bind_fill(struct binder *binder, struct scope *scope, const struct items *items,
                      const struct plan_sort_key *keys, const struct ast_order *const *orders, uint32_t key_count,
                      struct plan **plan);

/* bind_select.c */
struct err *bind_select_plan(struct binder *binder, struct scope *parent, const struct ast_select *select,
                             struct plan **out);
/* bind_query.c */
struct err *bind_query_plan(struct binder *binder, struct scope *parent, const struct ast_query *query,
                            struct plan **out);
/* bind_grouping.c */
struct err *bind_grouping(struct binder *binder, struct scope *scope, const struct ast *node,
                          const struct expression **out);
struct grouping_masks {
    uint64_t *masks; /* a bit per key */
    uint32_t count;
};
/* The sets of ROLLUP and CUBE. */
struct err *bind_masks(struct binder *binder, const struct ast_select *select, uint32_t key_count,
                       struct grouping_masks *masks);
/* A set of GROUPING SETS: found[]: its keys, taken into keys where they are new. */
struct err *bind_mask(struct binder *binder, const struct ast *node, const struct expression *const *found,
                      uint32_t found_count, const struct expression ***keys, uint32_t *key_count,
                      struct grouping_masks *masks);
/* The aggregation; keys then also has what stands for calls of grouping(). */
struct err *bind_aggregation(struct binder *binder, struct scope *scope, const struct grouping_masks *masks,
                             const struct expression ***keys, uint32_t *key_count, struct plan **plan);

/* bind_time_window.c: 1: hop_start, session_start, …: the begin of that kind of window; 2: hop_end, …; 0: neither. */
uint64_t window_name_parse(struct slice name, struct slice *kind);
/* Such a name: of the window of GROUP BY; *out NULL: it has none, or the name is none of these.
 */
struct err *bind_window_name(struct binder *binder, struct scope *scope, const struct ast *node,
                             const struct expression **out);

/* bind_window_state.c: do rows of the table of FROM say how late they came? */
bool bind_says_lateness(const struct scope *scope);
/* Of such rows: the aggregate that window_state() asks for, the latest time through which the table was complete when
 * a late one came, in microseconds; NULL: none was late. table: what may stand before a column's name, or empty. */
struct err *window_corrected(struct arena *arena, struct slice table, struct slice time, struct ast **out);
/* window_state(), of the window of GROUP BY. */
struct err *bind_window_state(struct binder *binder, struct scope *scope, const struct ast *node,
                              const struct expression **out);
/* Through which time the table is complete whose event time this expression is; *out NULL: it is none. name: of the
 * table and its database. */
const struct completeness *bind_completeness(const struct scope *scope, const struct expression *time,
                                             struct slice names[2]);
/* bind_time_window.c: the call that the window of GROUP BY is, of that kind; NULL: there is none. */
const struct ast *bind_window_call_of(const struct scope *scope, struct slice kind);

/* bind_rewrite.c: sub-trees equal to one of keys become columns [0, key_count), aggregates those behind them.
 * *left: a column of the input that is neither, by its index; UINT32_MAX: none. */
struct err *bind_rewrite(struct arena *arena, const struct expression *expression, const struct expression *const *keys,
                         uint32_t key_count, const struct expression **out, uint32_t *left);
/* Columns of [from, to) whose number (from 0 on) has a place become the columns there; UINT32_MAX: not yet. */
struct err *bind_place_columns(struct binder *binder, const struct scope *scope, uint32_t from, uint32_t to,
                               uint32_t (*place)(const struct scope *scope, uint32_t number),
                               const struct expression **expression);

#endif
