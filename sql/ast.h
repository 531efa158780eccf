/*
 * ast.h: the syntax tree of a statement.
 *
 * Every node keeps the byte offset where it begins in the text, for errors. Text parts are slices into the text or the
 * arena. The tree is immutable after parsing. What the grammar knows and the engine does not execute is in the tree
 * all the same: the binder refuses it by name, with its position.
 * Ownership: everything lives in the parser's arena; the text must outlive the tree.
 */
#ifndef SQL_AST_H
#define SQL_AST_H

#include "base/slice.h"
#include "sql/ast_access.h"
#include "sql/ast_alert.h"

#include <stdbool.h>
#include <stdint.h>

enum ast_kind {
    AST_LITERAL,
    AST_IDENTIFIER, /* parts: a, t.a, db.t.a */
    AST_STAR,       /* *, t.* (parts) */
    AST_COLUMNS,    /* COLUMNS('regexp') or COLUMNS(a, b) */
    AST_FUNCTION,   /* also operators, casts, CASE, tuples and arrays, under their functions' names */
    AST_LAMBDA,     /* names -> arguments[0] */
    AST_SUBQUERY,   /* (SELECT …); number: which one of the statement, from 1 */
    AST_PARAMETER,  /* {name:Type} */
    AST_LITERALS,   /* a long list on the right of IN: text is what stands between the brackets, number how many rows,
                       parts[0] "tuple" or "array"; literal_list.h */
};

enum ast_literal_kind {
    AST_NULL,
    AST_BOOL,
    AST_UINT,
    AST_INT, /* negative */
    AST_FLOAT,
    AST_STRING,
};

struct ast_query;
struct ast_select;
struct ast_window;

struct ast_list {
    struct ast **items;
    uint32_t count;
};

/* What follows a star: * EXCEPT (a), * REPLACE (x AS a), * APPLY (f). */
enum ast_transformer_kind { AST_EXCEPT, AST_REPLACE, AST_APPLY };
struct ast_transformer {
    enum ast_transformer_kind kind;
    struct slice *names; /* EXCEPT: columns; APPLY: one function */
    uint32_t name_count;
    bool is_regexp;        /* EXCEPT('regexp'): names[0] */
    bool strict;           /* EXCEPT STRICT, REPLACE STRICT: unknown names are errors */
    struct ast_list items; /* REPLACE: expressions with aliases; APPLY: a lambda or nothing */
    struct ast_transformer *next;
    uint32_t offset;
};

struct ast {
    enum ast_kind kind;
    uint32_t offset; /* first byte */
    uint32_t end;    /* byte after the last */
    uint32_t depth;  /* of the tree below, 1 for a leaf */
    struct slice alias;
    bool parenthesised;

    /* LITERAL */
    enum ast_literal_kind literal;
    uint64_t number;   /* BOOL, UINT; INT: the value as int64_t */
    double real;       /* FLOAT */
    struct slice text; /* STRING, and the digits of numbers; PARAMETER: the type; COLUMNS: the regexp */

    /* IDENTIFIER, STAR: parts; LAMBDA: argument names; FUNCTION, PARAMETER: parts[0] is the name */
    struct slice *parts;
    uint32_t part_count;

    /* FUNCTION: arguments; LAMBDA: the body; COLUMNS: the names */
    struct ast_list arguments;
    struct ast_list parameters; /* quantile(0.9)(x) */
    bool has_parameters;
    bool is_operator; /* written as an operator, to be printed as one */
    bool distinct;    /* f(DISTINCT x) */
    struct ast *filter;
    struct ast_window *window;            /* OVER (…) */
    struct slice window_name;             /* OVER name */
    int8_t nulls;                         /* 1: RESPECT NULLS, -1: IGNORE NULLS */
    struct ast_query *subquery;           /* SUBQUERY */
    struct ast_transformer *transformers; /* STAR, COLUMNS */
};

struct ast_order {
    struct ast *expression;
    bool descending;
    int8_t nulls; /* 1: NULLS FIRST, -1: NULLS LAST, 0: not said */
    struct slice collation;
    bool has_fill;
    struct ast *fill_from;
    struct ast *fill_to;
    struct ast *fill_step;
    uint32_t offset;
};

/* INTERPOLATE (name AS expression). */
struct ast_interpolation {
    struct slice name;
    struct ast *expression; /* or NULL: the name itself */
    uint32_t offset;
};

enum ast_frame_kind { AST_FRAME_NONE, AST_FRAME_ROWS, AST_FRAME_RANGE, AST_FRAME_GROUPS };
enum ast_bound_kind { AST_BOUND_UNBOUNDED, AST_BOUND_CURRENT, AST_BOUND_OFFSET };

struct ast_bound {
    enum ast_bound_kind kind;
    bool following;
    struct ast *value; /* OFFSET */
    uint32_t offset;
};

struct ast_window {
    struct slice name;   /* WINDOW name AS (…) */
    struct slice parent; /* OVER (parent …) */
    struct ast_list partition_by;
    struct ast_order *order_by;
    uint32_t order_count;
    enum ast_frame_kind frame;
    struct ast_bound begin;
    struct ast_bound end;
    uint32_t offset;
};

struct ast_setting {
    struct slice name;
    struct ast *value; /* a literal (or an array, map or tuple of them); NULL: the default is asked for */
    uint32_t offset;
};

struct ast_settings {
    struct ast_setting *items;
    uint32_t count;
};

/* One element of FROM: a table, table function or subquery, and how it is joined to what stands left of it. */
struct ast_table {
    struct slice database; /* or empty */
    struct slice name;
    struct ast *function; /* numbers(10) */
    struct ast_query *subquery;
    struct ast *database_parameter, *name_parameter; /* {name:Identifier} */
    struct slice alias;
    struct slice *column_aliases; /* t(a, b) */
    uint32_t column_alias_count;
    bool final;
    struct ast *sample;
    struct ast *sample_offset;
    struct slice join; /* "LEFT JOIN", ",", "ARRAY JOIN", "LEFT ARRAY JOIN"; empty for the first */
    struct ast *on;
    struct ast_list using;
    struct ast_list array_join;
    uint32_t join_offset;
    uint32_t offset;
    bool late_bounded; /* ALLOWED LATENESS of its SELECT, of which it is the first table: */
    int64_t lateness_us;
    uint32_t lateness_offset;
};

struct ast_with {
    struct slice name;       /* x of WITH x AS (SELECT …) */
    struct ast_query *query; /* or NULL */
    struct ast *expression;  /* WITH expression AS x: its alias is the name */
    uint32_t offset;
};

enum ast_group_kind { AST_GROUP_PLAIN, AST_GROUP_ALL, AST_GROUP_ROLLUP, AST_GROUP_CUBE, AST_GROUP_SETS };

struct ast_select {
    uint32_t offset;
    struct ast_with *with;
    uint32_t with_count;
    bool recursive;
    bool distinct;
    struct ast_list distinct_on;
    struct ast_list columns;
    struct ast_table *tables;
    uint32_t table_count;
    struct ast *prewhere;
    struct ast *where;
    struct ast_list group_by;
    enum ast_group_kind group_kind;
    struct ast_list *grouping_sets;
    uint32_t grouping_set_count;
    bool with_totals;
    uint32_t totals_offset;
    bool grouped; /* GROUP BY stands there */
    uint32_t group_offset;
    struct ast *having;
    struct ast_window *windows;
    uint32_t window_count;
    struct ast *qualify;
    struct ast_order *order_by;
    uint32_t order_count;
    bool order_by_all;
    bool has_interpolate; /* without a list: all columns that are not in ORDER BY */
    struct ast_interpolation *interpolations;
    uint32_t interpolation_count;
    struct ast *limit_by_count;
    struct ast *limit_by_offset;
    struct ast_list limit_by;
    struct ast *limit;
    struct ast *limit_offset;
    bool with_ties;
    uint32_t limit_position;
    struct ast_settings settings;
};

/* Without ALL or DISTINCT UNION is an error, INTERSECT and EXCEPT mean ALL. */
enum ast_set_operation {
    AST_UNION_ALL,
    AST_UNION_DISTINCT,
    AST_UNION,
    AST_INTERSECT,
    AST_INTERSECT_DISTINCT,
    AST_EXCEPT_SET,
    AST_EXCEPT_DISTINCT,
};

/* SELECT … UNION ALL (SELECT … UNION …) …: parts in order; each is a select or a query in parentheses. */
struct ast_query_part {
    enum ast_set_operation operation; /* to the left; not for the first */
    struct ast_select *select;
    struct ast_query *query;
    uint32_t offset;
};

struct ast_query {
    uint32_t offset;
    uint32_t end;
    uint32_t depth;
    struct ast_query_part *parts;
    uint32_t part_count;
};

enum ast_default_kind { AST_NO_DEFAULT, AST_DEFAULT, AST_MATERIALIZED, AST_ALIAS, AST_EPHEMERAL };

struct ast_column {
    uint32_t offset;
    struct slice name;
    struct slice type; /* as written; may be empty when a default is given */
    uint32_t type_offset;
    bool not_null;
    bool null;
    enum ast_default_kind default_kind;
    struct ast *default_expression;
    struct slice codec; /* text inside CODEC(…) */
    uint32_t codec_offset;
    struct slice comment;
    struct ast *ttl;
    bool primary_key;
};

/* INDEX name expression TYPE type(…) GRANULARITY n */
struct ast_index {
    uint32_t offset;
    struct slice name;
    struct ast *expression;
    struct ast *type; /* a FUNCTION; without parentheses: no arguments, */
    bool has_arguments;
    struct ast *granularity; /* a number, or NULL: 1 */
};

/* a = expression, of UPDATE and of TTL … SET */
struct ast_assignment {
    struct slice name;
    struct ast *expression;
};

enum ast_ttl_kind { AST_TTL_DELETE, AST_TTL_GROUP, AST_TTL_RECOMPRESS };

/* TTL ts + INTERVAL 1 DAY [DELETE] [WHERE …] | GROUP BY … SET … | RECOMPRESS CODEC(…) */
struct ast_ttl {
    enum ast_ttl_kind kind;
    struct ast *expression;
    struct ast *where; /* DELETE; or NULL */
    struct ast_list group_by;
    struct ast_assignment *set;
    uint32_t set_count;
    struct slice codec; /* text inside CODEC(…) */
    uint32_t offset;
};

/* 1 HOUR 30 MINUTE */
#define AST_SPAN_PARTS_MAX 4U
struct ast_span {
    uint32_t part_count;
    uint64_t numbers[AST_SPAN_PARTS_MAX];
    uint8_t units[AST_SPAN_PARTS_MAX]; /* enum interval_unit */
};

/* A view that DEPENDS ON names. */
struct ast_depends {
    struct slice database; /* or empty */
    struct slice name;
};

/* REFRESH EVERY | AFTER period [OFFSET …] [RANDOMIZE FOR …] [DEPENDS ON …] [SETTINGS …] [APPEND] */
struct ast_refresh {
    bool after, append;
    struct ast_span period, offset, randomize;
    struct ast_depends *depends;
    uint32_t depend_count;
    struct ast_settings settings;
    uint32_t position; /* in the statement's text */
};

struct ast_create_table {
    bool if_not_exists;
    bool or_replace;
    bool temporary;
    bool must_exist; /* REPLACE TABLE, without CREATE OR */
    struct slice database;
    struct slice table;
    uint32_t name_offset;
    struct ast_column *columns;
    uint32_t column_count;
    struct ast_index *indexes;
    uint32_t index_count;
    struct slice as_database; /* CREATE TABLE a AS b */
    struct slice as_table;
    struct ast *as_function; /* CREATE TABLE a AS numbers(1) */
    struct ast_query *as_select;
    struct slice watermark_column; /* WATERMARK FOR column AS … */
    uint32_t watermark_offset;
    struct ast *watermark; /* or NULL */
    struct slice refused;  /* PROJECTION, CONSTRAINT inside the list; ON CLUSTER */
    uint32_t refused_offset;
    struct ast *engine; /* a FUNCTION, or NULL */
    bool engine_has_arguments;
    struct ast *partition_by;
    struct ast *order_by; /* tuple(…) or one expression */
    struct ast *primary_key;
    struct ast *sample_by;
    struct ast_ttl *ttl;
    uint32_t ttl_count;
    struct ast_settings settings;
    struct slice comment;
    bool empty;        /* EMPTY AS SELECT */
    bool materialized; /* CREATE MATERIALIZED VIEW, and then: */
    bool populate;
    struct ast_refresh *refresh; /* or NULL */
    struct slice definer;        /* of one with REFRESH; empty: who makes it */
    struct slice to_database;
    struct slice to_table; /* or empty */
    uint32_t to_offset;
};

struct ast_property {
    struct slice name; /* dots kept: kafka.fetch.min.bytes */
    struct ast *value; /* a literal or parameter */
    uint32_t offset;
};

struct ast_create_source {
    bool if_not_exists;
    bool or_replace;
    struct slice name;
    uint32_t name_offset;
    struct slice database; /* of the table */
    struct slice table;
    uint32_t table_offset;
    struct slice connector; /* KAFKA */
    uint32_t connector_offset;
    struct ast_property *properties;
    uint32_t property_count;
    struct slice format;
    uint32_t format_offset;
    struct ast_settings settings;
    struct ast_select *select; /* AS SELECT … FROM message WHERE …, or NULL */
};

struct ast_dictionary_attribute {
    uint32_t offset;
    struct slice name;
    struct slice type;
    uint32_t type_offset;
    struct ast *fallback;   /* DEFAULT, or NULL */
    struct ast *expression; /* EXPRESSION, or NULL */
    bool hierarchical;
    bool injective;
};

/* NAME(a 'x' b 5) of SOURCE and LAYOUT. */
struct ast_dictionary_block {
    struct slice name;
    uint32_t offset;
    struct ast_property *pairs; /* values: literals */
    uint32_t pair_count;
};

struct ast_create_dictionary {
    bool if_not_exists;
    bool or_replace;
    struct slice database;
    struct slice name;
    uint32_t name_offset;
    struct ast_dictionary_attribute *attributes; /* keys and ranges too */
    uint32_t attribute_count;
    struct slice *keys;
    uint32_t key_count;
    uint32_t key_offset;
    struct ast_dictionary_block source;
    struct ast_dictionary_block layout;
    bool has_lifetime;
    uint64_t lifetime_min; /* seconds */
    uint64_t lifetime_max;
    struct slice range_min;
    struct slice range_max;
    uint32_t range_offset;
    struct slice comment;
};

enum ast_insert_kind { AST_INSERT_VALUES, AST_INSERT_FORMAT, AST_INSERT_SELECT };

struct ast_insert {
    struct slice database;
    struct slice table;
    struct ast *name_parameter_database; /* {db:Identifier} */
    struct ast *name_parameter;
    uint32_t name_offset;
    struct slice *columns; /* or all */
    uint32_t column_count;
    uint32_t *column_offsets;
    bool all_except; /* (* EXCEPT (columns)) */
    struct ast_settings settings;
    enum ast_insert_kind kind;
    struct slice format;  /* FORMAT f; "Values" for VALUES */
    uint32_t data_offset; /* where the data begin in the text (may be its end) */
    struct ast_query *select;
};

/* One action of ALTER TABLE. Those up to AST_ALTER_DEFINITION_LAST change the definition alone: sql/define_alter.h. */
enum ast_alter_kind {
    AST_ALTER_ADD_COLUMN,
    AST_ALTER_DROP_COLUMN,
    AST_ALTER_CLEAR_COLUMN,
    AST_ALTER_RENAME_COLUMN,
    AST_ALTER_COMMENT_COLUMN,
    AST_ALTER_MODIFY_COLUMN,
    AST_ALTER_REMOVE_PROPERTY, /* MODIFY COLUMN a REMOVE DEFAULT */
    AST_ALTER_MODIFY_ORDER_BY,
    AST_ALTER_MODIFY_SETTING,
    AST_ALTER_RESET_SETTING,
    AST_ALTER_MODIFY_TTL,
    AST_ALTER_REMOVE_TTL,
    AST_ALTER_MODIFY_COMMENT,
    AST_ALTER_ADD_INDEX,  /* index; to: the one before it, first */
    AST_ALTER_DROP_INDEX, /* name */
    AST_ALTER_DEFINITION_LAST = AST_ALTER_DROP_INDEX,
    AST_ALTER_DROP_PARTITION, /* these: part */
    AST_ALTER_DETACH_PARTITION,
    AST_ALTER_ATTACH_PARTITION,
    AST_ALTER_DROP_DETACHED,
    AST_ALTER_MOVE_PARTITION, /* these: other_… */
    AST_ALTER_REPLACE_PARTITION,
    AST_ALTER_ATTACH_FROM,
    AST_ALTER_FREEZE, /* to: WITH NAME, data NULL: none; if_exists: PARTITION was written */
    AST_ALTER_UNFREEZE,
    AST_ALTER_HOLD,    /* text: the reason */
    AST_ALTER_RELEASE, /* likewise */
    AST_ALTER_MATERIALIZE_INDEX,
    AST_ALTER_CLEAR_IN_PARTITION, /* name, if_exists; text: the partition */
    AST_ALTER_MATERIALIZE_TTL,    /* text: the partition, data NULL: all */
    AST_ALTER_DELETE,             /* these: text is the partition, data NULL: all; expression: WHERE */
    AST_ALTER_UPDATE,             /* assignments */
    AST_ALTER_MODIFY_REFRESH,     /* of a materialized view: refresh */
    AST_ALTER_MODIFY_QUERY,       /* likewise: query */
};

/* PARTITION value, PARTITION ID 'text', PARTITION ALL, PART 'text' */
enum ast_part { AST_PART_VALUE, AST_PART_ID, AST_PART_ALL, AST_PART_NAME };

struct ast_alter {
    enum ast_alter_kind kind;
    uint32_t offset;
    bool if_exists;
    bool if_not_exists;
    struct slice name;         /* of the column, of the index */
    struct slice to;           /* RENAME … TO */
    struct slice text;         /* of a comment; ID, PART; reason of a hold; REMOVE: DEFAULT, … */
    struct ast_column *column; /* ADD, MODIFY */
    struct ast_index *index;   /* ADD INDEX */
    bool first;                /* ADD, MODIFY: FIRST, or AFTER: */
    struct slice after;        /* or empty */
    struct ast *expression;    /* MODIFY ORDER BY; WHERE of DELETE, UPDATE */
    struct ast_assignment *assignments;
    uint32_t assignment_count;
    struct ast_settings settings; /* MODIFY SETTING; RESET SETTING: names */
    struct ast_ttl *ttl;          /* MODIFY TTL */
    uint32_t ttl_count;
    struct ast_refresh *refresh; /* MODIFY REFRESH */
    struct ast_query *query;     /* MODIFY QUERY */
    enum ast_part part;
    struct ast *value;                       /* of a partition: a literal, parameter or tuple(…) */
    struct slice other_database, other_name; /* MOVE … TO TABLE; ATTACH, REPLACE … FROM */
};

enum ast_statement_kind {
    AST_SELECT,
    AST_EXPLAIN,
    AST_INSERT,
    AST_CREATE_DATABASE,
    AST_CREATE_TABLE,
    AST_CREATE_SOURCE,
    AST_CREATE_DICTIONARY,
    AST_CREATE_VIEW, /* create_table: names, columns, as_select, comment */
    AST_DROP_DATABASE,
    AST_DROP_TABLE,
    AST_DROP_SOURCE,
    AST_TRUNCATE_TABLE,
    AST_RENAME_TABLE,
    AST_EXCHANGE_TABLES,
    AST_OPTIMIZE_TABLE,
    AST_VERIFY_TABLE,
    AST_REPAIR_TABLE,
    AST_DELETE,      /* where, partition */
    AST_ALTER_TABLE, /* alters */
    AST_BACKUP,
    AST_RESTORE,
    AST_ALTER_SOURCE,
    AST_SHOW_DATABASES,
    AST_SHOW_TABLES,
    AST_SHOW_COLUMNS,
    AST_SHOW_CREATE_TABLE,
    AST_SHOW_CREATE_DATABASE,
    AST_SHOW_CREATE_SOURCE,
    AST_SHOW_DICTIONARIES,
    AST_SHOW_SOURCES,
    AST_SHOW_ALERTS,
    AST_SHOW_PROCESSLIST,
    AST_SHOW_FUNCTIONS,
    AST_SHOW_SETTINGS,
    AST_SHOW_INDEXES,
    AST_SHOW_CLUSTERS,
    AST_SHOW_CLUSTER,
    AST_SHOW_SETTING,
    AST_SHOW_MERGES,
    AST_SHOW_ENGINES, /* the last of them */
    AST_DESCRIBE,     /* a table, table function or query: select is "SELECT * FROM it" */
    AST_EXISTS_DATABASE,
    AST_EXISTS_TABLE,
    AST_EXISTS_SOURCE,
    AST_USE,
    AST_SET,
    AST_KILL_QUERY,
    AST_SYSTEM, /* SYSTEM FLUSH …: words in `name` */
    AST_ALERT,  /* alert: CREATE ALERT, BACKTEST ALERT, … */
    AST_ACCESS, /* access: users, roles, grants, quotas, settings profiles */
};

/* What the word before a name said: DROP VIEW v. ANY: TABLE, or nothing. */
enum ast_object {
    AST_ANY_OBJECT,
    AST_VIEW_OBJECT,
    AST_DICTIONARY_OBJECT,
    AST_TEMPORARY_OBJECT,
    AST_FREEZE_OBJECT,
    AST_INSERT_QUEUE_OBJECT,
    AST_REFRESH_OBJECT /* SYSTEM … VIEW: the word in `like` */
};

enum ast_source_action { AST_SOURCE_PAUSE, AST_SOURCE_RESUME, AST_SOURCE_ACCEPT_NEW_TOPIC };

/* 'name', Disk('disk', 'name') or File('name') */
struct ast_backup_place {
    struct slice engine; /* Disk, File; data NULL: none was written */
    struct slice disk;
    struct slice name; /* data NULL: no place at all */
};

/* name.data NULL: a whole database; database empty: the one that is meant */
struct ast_backup_except {
    struct slice database, name;
};

/* BACKUP and RESTORE take lists of these. */
struct ast_backup_element {
    enum { AST_BACKUP_TABLE, AST_BACKUP_DATABASE, AST_BACKUP_ALL } kind; /* a view or dictionary is a table here */
    struct slice database, name;
    struct slice to_database, to_name; /* AS; data NULL: none */
    struct ast_backup_except *except;  /* DATABASE, ALL: EXCEPT TABLES, EXCEPT DATABASES */
    uint32_t except_count;
    struct ast_alter *partitions; /* TABLE: part, value and text of each */
    uint32_t partition_count;     /* 0: all */
};

struct ast_backup {
    struct ast_backup_element *elements;
    uint32_t element_count;
    struct ast_backup_place place;
    struct ast_backup_place base; /* SETTINGS base_backup = … */
    bool async;
};

/* A SELECT that stays open: EMIT CHANGES, EMIT ROWS, EMIT EVERY (docs/LIVE.md). */
enum ast_emit { AST_EMIT_NONE, AST_EMIT_CHANGES, AST_EMIT_ROWS, AST_EMIT_EVERY };

struct ast_statement {
    enum ast_statement_kind kind;
    uint32_t offset;
    uint32_t node_count;
    struct slice text; /* the statement itself: without the semicolon, FORMAT's data, what follows */
    /* SELECT, EXPLAIN, DESCRIBE of a query; KILL QUERY: SELECT query_id FROM system.processes WHERE … */
    struct ast_query *query;
    struct ast_insert *insert;
    struct ast_create_table *create_table;
    struct ast_create_source *create_source;
    struct ast_create_dictionary *create_dictionary;
    struct ast_alter *alters; /* ALTER TABLE: its actions, in order */
    uint32_t alter_count;
    struct ast_backup *backup; /* BACKUP, RESTORE */
    struct ast_access *access;
    struct ast_alert *alert;
    /* names of DROP, SHOW, …; RENAME: to_… too */
    struct slice database;
    struct slice name;
    struct ast *database_parameter; /* {db:Identifier} */
    struct ast *name_parameter;
    uint32_t name_offset;
    enum ast_object object; /* of DROP, SHOW CREATE, EXISTS */
    struct slice to_database;
    struct slice to_name;
    struct ast *to_database_parameter, *to_name_parameter;
    struct slice from, to;            /* VERIFY TABLE, BACKTEST: texts of times; data NULL: none */
    const struct ast_statement *more; /* DROP a, b; RENAME a TO b, c TO d: what is done next; or NULL */
    bool all;                         /* TRUNCATE ALL TABLES FROM name */
    bool if_exists;
    bool if_not_exists;
    bool sync;
    bool mutation;          /* KILL MUTATION; then query reads system.mutations */
    bool test;              /* KILL QUERY: only shows what it would kill */
    bool final;             /* OPTIMIZE … FINAL */
    struct slice partition; /* OPTIMIZE, DELETE … PARTITION 20260131, '2026-01-31', ID 'all'; data NULL: all */
    bool partition_is_id;
    bool full;    /* SHOW FULL */
    bool changed; /* SHOW CHANGED SETTINGS */
    bool not_like;
    bool ilike;
    struct slice like; /* SHOW … LIKE 'x'; data NULL: none */
    struct ast *where; /* SHOW … WHERE; KILL QUERY WHERE; DELETE */
    struct ast *limit;
    enum ast_source_action action;
    struct slice explain; /* PLAN, SYNTAX, AST, PIPELINE, … ; upper case as written; empty: PLAN */
    struct ast_settings explain_options;
    struct slice comment;         /* CREATE DATABASE … COMMENT */
    struct slice engine;          /* CREATE DATABASE … ENGINE = */
    struct ast_settings settings; /* SETTINGS after a query; SET */
    struct slice format;          /* FORMAT f, or empty */
    uint32_t format_offset;
    enum ast_emit emit;     /* of a SELECT, and EXPLAIN of one */
    uint64_t emit_rows;     /* EMIT EVERY n ROWS; 0: */
    int64_t emit_us;        /* EMIT EVERY time */
    uint64_t emit_last;     /* EMIT ROWS LAST n; 0: none */
    struct ast *emit_since; /* EMIT ROWS SINCE time; or NULL */
};

#endif
