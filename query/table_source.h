/*
 * table_source.h: where a scan gets its rows: storage's snapshots, system tables, table functions.
 *
 * A table source is a table as one query sees it: its columns, and a way to open a scan. Two kinds:
 *   units       rows come in units of at most CHUNK_ROWS_MAX rows (a granule, a head chunk), taken by several query
 *               threads; columns of a unit are read one at a time, so that filters run before the rest is decoded
 *   generator   one thread calls generate, which emits chunks (system tables, numbers, kafka())
 * owner    the source lives in the query's arena; what it pins (snapshot) is registered there with arena_on_destroy
 */
#ifndef QUERY_TABLE_SOURCE_H
#define QUERY_TABLE_SOURCE_H

#include "query/function.h"
#include "query/query_rights.h"
#include "storage/column_need.h"
#include "storage/index_bitmap.h"
#include "storage/number_ranges.h"

struct source_column {
    struct slice name;
    const struct type *type;
};

/* What is known of a column's values in a unit without reading it. Values are as in a FLAT column. */
struct source_zone {
    bool known;
    bool has_nulls;
    bool all_null;
    bool loose;      /* min and max are bounds, not values that are there */
    const void *min; /* of the values that are not NULL, exactly, but for strings: these are bounds; for floats NaN are
                        left out */
    const void *max;
    struct slice texts[2]; /* where min and max of strings may point to */
};

struct source_unit {
    uint32_t row_count;
    uint32_t part; /* of the scan's parts; from part_count on: of none */
    void *handle;  /* the source's own */
    uint64_t number;
    bool fixed; /* these rows never change */
};

/* Units that lie together: each at a place of its own below place_count, which is SOURCE_RUN_UNITS at most. */
#define SOURCE_RUN_UNITS 128U
struct source_run {
    uint64_t rows[4]; /* with a place: which rows a fixed unit has, the same in every later scan; the first two: what
                         they belong to, which may end */
    uint64_t first;   /* the source's own */
    uint32_t unit_count;
    uint32_t place_count; /* of the run when it is whole */
};

struct source_unit_scan;
struct source_unit_operations {
    /* The next unit, or *found false; any thread. Units come in no particular order. */
    struct err *(*next)(struct source_unit_scan *scan, struct arena *arena, struct source_unit *unit, bool *found);
    /* The zone of a requested column (index into request->columns); it lives as long as the arena. NULL: never known.
     */
    void (*zone)(struct source_unit_scan *scan, struct arena *arena, const struct source_unit *unit, uint32_t column,
                 struct source_zone *zone);
    /* Reads all rows of a requested column, at least what is looked at; it lives in the arena or as long as the unit.
     */
    struct err *(*read)(struct source_unit_scan *scan, struct arena *arena, const struct source_unit *unit,
                        uint32_t column, const struct column_need *need, struct column **out);
    /* Done with the unit: pins are given back. NULL: nothing to do. */
    void (*release)(struct source_unit_scan *scan, struct source_unit *unit);
    /* Instead of next: the next run, false when there is none; any thread. NULL: units do not lie in runs. */
    bool (*next_run)(struct source_unit_scan *scan, struct source_run *run);
    /* Unit `index` of a run, and its place. */
    void (*run_unit)(struct source_unit_scan *scan, const struct source_run *run, uint32_t index,
                     struct source_unit *unit, uint32_t *place);
    /* Rows of the unit whose value of a requested String column is this text, ascending, without reading the column;
     * *known false: it must be read. positions: room for all rows. NULL: never known. */
    struct err *(*find_text)(struct source_unit_scan *scan, struct arena *arena, const struct source_unit *unit,
                             uint32_t column, struct slice text, uint32_t *positions, uint32_t *count, bool *known);
    /* Do indexes say that no row of the unit meets the test? Its columns are requested ones. *by: which index; its
     * column is one of the source's. NULL: there are none. */
    struct err *(*excludes)(struct source_unit_scan *scan, struct arena *arena, const struct source_unit *unit,
                            const struct index_test *test, bool *excludes, struct index_shape *by);
    /* Which rows of the unit meet the test, exactly; *known false: they must be looked at. NULL: never known. */
    struct err *(*bitmap)(struct source_unit_scan *scan, struct arena *arena, const struct source_unit *unit,
                          const struct index_test *test, struct granule_bits *bits, bool *known);
    /* These columns of the unit, SOURCE_PREFETCH_MAX at most, were read: a hint which ones of later units will be.
     * NULL: nothing is gained. */
    void (*prefetch)(struct source_unit_scan *scan, const struct source_unit *unit, const uint32_t *columns,
                     uint32_t count);
    /* The rows of a requested column at these positions, ascending, without decoding the others; *out NULL: it must be
     * read. NULL: never known. */
    struct err *(*pick)(struct source_unit_scan *scan, struct arena *arena, const struct source_unit *unit,
                        uint32_t column, const uint32_t *positions, uint32_t count, struct column **out);
    /* Rows of the unit whose number in a requested column lies in the ranges, as bits (query/row_bits.h), without
     * reading the column; *known false: it must be read. NULL: never known. */
    struct err *(*filter)(struct source_unit_scan *scan, struct arena *arena, const struct source_unit *unit,
                          uint32_t column, const struct number_ranges *ranges, uint64_t *bits, bool *known);
};
#define SOURCE_PREFETCH_MAX 64U
struct source_unit_scan {
    const struct source_unit_operations *operations;
    uint64_t row_count; /* rows of all units, at least; for progress and max_rows_to_read */
    /* what the conditions left out already, for EXPLAIN */
    uint32_t part_count; /* segments */
    uint32_t parts_skipped;
    uint64_t units_skipped_with_parts; /* granules of these segments */
    uint64_t units_skipped;            /* granules of others */
    uint64_t parts_missing;            /* damaged segments that were left out, because the query asked to */
    void *data;
};

/* A condition that rows must meet, for the source to leave out what cannot: column op value. */
enum source_condition_kind {
    CONDITION_EQUAL,
    CONDITION_LESS,
    CONDITION_LESS_EQUAL,
    CONDITION_GREATER,
    CONDITION_GREATER_EQUAL
};
struct source_condition {
    uint32_t column; /* index into the source's columns */
    enum source_condition_kind kind;
    const struct column *value; /* CONST, of the column's type */
    /* CONST, of the column's type, or NULL: only of values from the first to the second is anything said */
    const struct column *domain[2];
};

/* Units with the smallest (descending: greatest) values of a column are wanted first, as far as is known; a hint. */
struct source_order {
    bool wanted;
    bool descending;
    uint32_t column; /* index into the source's columns */
};

struct source_request {
    const uint32_t *columns; /* indexes into the source's columns; may be none (count only) */
    uint32_t column_count;
    const struct source_condition *conditions; /* all must hold; a hint */
    uint32_t condition_count;
    uint64_t rows_max; /* no more rows are needed; UINT64_MAX: all */
    struct source_order order;
};

struct source_output;
/*
 * Hands a chunk with the requested columns, in request order, to the query. *stop: no more rows are wanted; return.
 * The chunk is read before the call returns. The error (cancelled, limits) must be returned as it is.
 */
struct err *source_emit(struct source_output *output, const struct chunk *chunk, bool *stop);

/* Another name of a column of the same source (generate alone). */
struct source_alias {
    uint32_t column;
    uint32_t of;
};

struct table_source {
    struct slice database; /* empty for table functions */
    struct slice name;
    const struct source_column *columns;
    uint32_t column_count;
    uint32_t hidden_count;              /* the last ones of them that * leaves out */
    const struct source_alias *aliases; /* hidden columns whose rows source_rows fills as it fills the other */
    uint32_t alias_count;
    const struct index_def *indexes; /* of a stored table (storage/catalogue.h); their columns are the source's */
    uint32_t index_count;
    const struct index_rules *rules;         /* what the query's settings say of them (index_rules.h); or NULL */
    const struct completeness *completeness; /* of a stored table, as it was before its rows were seen; or NULL */
    bool final;                              /* rows with one sorting key were combined */
    bool has_prewhere;                       /* has a condition of its own, over the columns of its PLAN_SCAN */
    const struct query_rights *rights;       /* with subject: whose rows source_rows keeps; or NULL: all */
    const struct row_subject *subject;       /* of a system table; or NULL */
    void *data;
    /* One of the two is set. The scan lives in the arena. */
    struct err *(*open)(struct table_source *source, struct arena *arena, const struct source_request *request,
                        struct source_unit_scan **out);
    struct err *(*generate)(struct table_source *source, struct arena *arena, const struct source_request *request,
                            struct source_output *output);
    /* Beside generate: its rows in parts that threads take one after the other, about `wanted` of them; what belongs to
     * all lives in the arena. */
    struct err *(*divide)(struct table_source *source, struct arena *arena, const struct source_request *request,
                          uint32_t wanted, void **parts, uint32_t *count);
    /* One of them, by any thread. The arena is its thread's. */
    struct err *(*generate_part)(struct table_source *source, struct arena *arena, void *parts, uint32_t part,
                                 struct source_output *output);
    /* Rows, when known without reading, else UINT64_MAX; may be NULL. */
    uint64_t (*row_count)(struct table_source *source);
};

/*
 * Builds chunks row by row, for generators. Values go into the requested columns only; a value for a column that is not
 * requested is dropped. Usage: source_rows_begin; per row: source_row_… for each column, then source_row_end (which
 * emits full chunks); source_rows_end.
 */
struct source_rows;
struct err *source_rows_begin(struct table_source *source, struct arena *arena, const struct source_request *request,
                              struct source_output *output, struct source_rows **out);
void source_row_uint(struct source_rows *rows, uint32_t column, uint64_t value); /* any integer, Bool, Date, DateTime */
void source_row_int(struct source_rows *rows, uint32_t column, int64_t value);   /* … DateTime64, enums */
void source_row_double(struct source_rows *rows, uint32_t column, double value);
void source_row_text(struct source_rows *rows, uint32_t column, struct slice value); /* copied */
void source_row_null(struct source_rows *rows, uint32_t column);
void source_row_bytes(struct source_rows *rows, uint32_t column, const void *value);     /* type->width bytes */
void source_row_uuid(struct source_rows *rows, uint32_t column, const uint8_t uuid[16]); /* in the order of its text */
/* One more element of the row's Array(String), or entry of its Map(String, String) or Map(String, UInt64). Copied. */
void source_row_element(struct source_rows *rows, uint32_t column, struct slice text);
void source_row_number(struct source_rows *rows, uint32_t column, uint64_t number); /* of an Array(UInt64) */
void source_row_entry(struct source_rows *rows, uint32_t column, struct slice key, struct slice text);
void source_row_count(struct source_rows *rows, uint32_t column, struct slice key, uint64_t number);
struct err *source_row_end(struct source_rows *rows, bool *stop); /* columns that were not set are default */
struct err *source_rows_end(struct source_rows *rows);

/*
 * The registry of system tables and table functions: filled at start (before queries run), then read by any thread.
 * make creates the table source for one query. arguments: of a table function, named ones have a name.
 */
struct source_argument {
    struct slice name;          /* empty: positional */
    const struct column *value; /* CONST */
};
struct source_maker {
    const char *database; /* "system"; NULL: a table function */
    const char *name;
    struct err *(*make)(const struct source_maker *maker, struct arena *arena, const struct function_context *context,
                        const struct source_argument *arguments, uint32_t argument_count, struct table_source **out);
    void *user;
};
void source_register(const struct source_maker *maker);                           /* maker outlives the server */
const struct source_maker *source_find(struct slice database, struct slice name); /* database empty: table function */
void source_each(void (*visit)(void *user, const struct source_maker *maker), void *user);
/* system.one, system.numbers, numbers(), zeros(), system.functions, …: those that query/ itself can answer. */
void source_register_builtin(void);

/* For makers of plain generators: a table source with these columns ("name", "UInt64" pairs, ended by NULL). */
struct err *source_make(const struct source_maker *maker, struct arena *arena, const char *const *names_and_types,
                        struct err *(*generate)(struct table_source *source, struct arena *arena,
                                                const struct source_request *request, struct source_output *output),
                        void *data, struct table_source **out);

#endif
