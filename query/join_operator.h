/*
 * join_operator.h: what the files of the join's operator share.
 *
 * flow     execute.c: join_begin → the right side into join->build_stage → the left side into join->probe_stage
 * thread   join_begin and finish: the query's first worker; push: all
 */
#ifndef QUERY_JOIN_OPERATOR_H
#define QUERY_JOIN_OPERATOR_H

#include "query/join.h"
#include "query/pipeline.h"

#include <stdatomic.h>

struct join {
    const struct plan *plan;
    const struct plan_join *spec;
    struct program *left_program; /* keys, then ASOF's time */
    struct program *right_program;
    struct program *rest_program; /* or NULL */
    uint32_t left_count;          /* columns of the sides */
    uint32_t right_count;
    uint8_t *needed;      /* per output column: does anybody read it? */
    uint8_t *left_needed; /* per column of a side: for output, keys or the rest of ON */
    uint8_t *right_needed;
    bool marks;         /* matches of right rows are noted */
    bool right_rest;    /* right rows without a match are emitted at the end */
    bool right_default; /* left rows without a match are emitted */
    /* the right side */
    uint32_t build_column_count; /* right columns, then keys, then ASOF's time */
    uint8_t *build_kept;
    const struct type **build_types;
    struct column **build; /* row_count + 1 rows: the last one is that of no match */
    uint32_t *key_columns; /* which of build holds key k */
    uint32_t time_column;
    uint32_t row_count;
    struct join_table *table;
    uint64_t *times;          /* ASOF: beside the table's rows, in order within each key */
    _Atomic uint8_t *matched; /* per right row */
    struct stage *build_stage;
    struct stage *probe_stage;
    _Atomic bool stopped;                   /* nobody wants more rows */
    _Atomic uint64_t kept_rows, kept_bytes; /* of the right side, for limits */
    bool may_spill;                         /* it has keys, and is no part that cannot be split */
    uint32_t depth;                         /* of parts of parts */
    _Atomic bool external;                  /* both sides go to files */
    struct join_files *files[WORKERS_MAX];
    /* A part of a join in blocks of right rows: */
    uint8_t **seen; /* per worker, of the left rows that it pushes: those that had a pair in a block; NULL: one block */
    bool last_block; /* those that had none are emitted */
};

extern const struct operator_kind join_build_kind;
extern const struct operator_kind join_probe_kind;

/* needed: of the output columns; NULL: all. */
struct err *join_begin(struct execution *execution, const struct plan *plan, const uint8_t *needed, struct stage *next,
                       struct join **out);
/* Can no left row bring anything, so that the left side need not be read? Once the right side is built. */
bool join_left_is_idle(const struct join *join);

/* join_build.c: a chunk laid out as the right side is kept; it lives in the arena of the worker's rows. */
struct err *join_build_arena(struct stage *build_stage, struct worker *worker, struct arena **out);
struct err *join_build_add(struct stage *build_stage, struct worker *worker, struct chunk *kept);

/* join_external.c: rows of a side into files, in parts by their keys; then the join, part by part. */
struct err *join_spill_right(struct join *join, struct worker *worker, const struct chunk *kept);
struct err *join_spill_left(struct join *join, struct worker *worker, const struct chunk *chunk,
                            struct column *const *keys);
struct err *join_external_finish(struct join *join);

/* join_dictionary.c: a FLAT column of strings as codes where that pays; else as it is. */
struct err *join_encode(struct arena *arena, struct arena *scratch, struct column *column, struct column **out);
/* join_filter.c: conditions above the left side that follow from the right side's keys. */
struct err *join_filter(struct execution *execution, const struct join *join, const struct plan **left);

/* asof.c: once the table is built; and of each row's candidates the nearest: count becomes 0 or 1. hints: a thread's
 * own, 1 << ASOF_HINT_BITS, at first 0: where the search of a key ended last, because rows come about in order. */
#define ASOF_HINT_BITS 12
struct err *asof_build(struct join *join, struct execution *execution, struct worker *worker);
struct err *asof_find(const struct join *join, uint32_t *hints, struct arena *scratch, const struct column *times,
                      uint32_t row_count, uint32_t *first, uint32_t *count);

/* An arena of the query's budget that dies with owner. */
struct err *join_arena(struct execution *execution, struct arena *owner, struct arena **out);
/* The column under its own type made nullable; itself when it is of that type. NULL when memory is out. */
struct column *join_typed(struct arena *arena, struct column *column, const struct type *type);

#endif
