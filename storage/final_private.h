/*
 * final_private.h: the insides of what reads FINAL, for the files that make it: what is read, in which parts
 * (final_plan.c), which granules need no merge (final_alone.c), where rows come from (final_inputs.c), and how they are
 * merged (final.c).
 */
#ifndef STORAGE_FINAL_PRIVATE_H
#define STORAGE_FINAL_PRIVATE_H

#include "storage/combining.h"
#include "storage/final.h"
#include "storage/scan_private.h"

#include <pthread.h>

/* A key, or its first column, somewhere in a column; column NULL: not known. */
struct final_value {
    const struct column *column;
    uint32_t row;
};

/* One segment, several small ones, or one head; all parts see the same. */
struct final_source {
    struct scan_unit *units; /* by segment, by granule */
    uint32_t unit_count;
    uint32_t place;
    bool in_memory;            /* its rows are sorted here, all at once */
    struct column **firsts;    /* per column of the plan's prefix: the first row of each unit; NULL: not known */
    struct final_value lo, hi; /* bounds of the key's first column */
    uint8_t *alone;            /* per unit: it is read as it is; NULL: none is */
    /* sorted rows, made by the part that needs them first */
    pthread_mutex_t sorting;
    bool sorted;
    struct arena *arena;
    struct column **all, **all_keys;
    uint64_t all_rows;
};

struct final_plan {
    struct snapshot *snapshot;
    struct scan *scan;
    struct arena *arena;
    const struct final_request *request;
    struct combining *combining;
    uint32_t *reads; /* columns that are read, as the table numbers them */
    uint8_t *wanted; /* of each: whoever asks wants it, too */
    uint32_t read_count;
    int *slots; /* per column of the table: which of them, or −1 */
    uint32_t key_count;
    uint32_t prefix_count; /* columns that the sorting key begins with; 0: an expression */
    struct final_source *sources;
    uint32_t source_count;
    bool ties;
    struct column **bounds; /* per column of the prefix: where ranges begin, but the first */
    uint32_t range_count;
    struct scan_unit *alone; /* units that are read as they are */
    uint64_t alone_count;
};

/* A source as one part reads it. */
struct final_input {
    struct final_source *source;
    uint32_t next, end;       /* units */
    uint64_t all_at, all_end; /* rows, of one in memory */
    bool begun;
    /* window */
    struct arena *arena;
    struct column **columns, **keys;
    uint32_t row, row_count;
};

struct final_scan {
    struct final_plan *plan;
    void *user;
    struct arena *arena, *work;
    uint64_t alone_next, alone_end; /* of a part of such units */
    uint32_t range;
    struct combiner *combiner;
    struct final_input *inputs;
    uint32_t input_count;
    /* rows of the last key, carried into the next round */
    struct arena *carry_arenas[2];
    struct column **carried, **carried_keys;
    uint32_t *carried_places;
    uint32_t carried_count;
    bool over;
};

#define FINAL_ALONE_UNITS 16U /* in one part */

/* Finds the sources in the scan's units: segments by their place in the order of insertion, then heads. */
struct err *final_make_sources(struct final_plan *plan);
/* What is known of the sources' keys without reading them. */
struct err *final_know_keys(struct final_plan *plan);
/* Marks the units that are read as they are. */
struct err *final_find_alone(struct final_plan *plan);

static inline int final_compare(struct final_value a, struct final_value b)
{
    return column_compare(a.column, a.row, b.column, b.row);
}
/* Rows of columns that are sorted by all of them, below the range's bound (1: the one it begins with): in [row, end). */
uint32_t final_rows_below(const struct final_plan *plan, struct column *const *keys, uint32_t row, uint32_t end,
                          uint32_t bound);

/* The part's inputs: those that have rows of its range. */
struct err *final_make_inputs(struct final_scan *fin);
/* Arrays for the columns that are read, and for keys. */
struct err *final_window_arrays(const struct final_plan *plan, struct arena *arena, struct column ***columns,
                                struct column ***keys);
/* The input's next rows become its window; none: it has no more. */
struct err *final_window_load(struct final_scan *fin, struct final_input *input);
/* The columns of a unit's rows that are left by the filter, only those that are wanted, if so; *rows may be 0. */
struct err *final_read_unit(const struct final_scan *fin, struct arena *arena, const struct scan_unit *unit,
                            bool wanted, struct column **columns, uint32_t *rows);

static inline const struct table_def *final_def(const struct final_plan *plan)
{
    return plan->snapshot->version->def;
}

static inline struct table_program *final_program(const struct final_plan *plan)
{
    return table_program_of(plan->snapshot->table, final_def(plan));
}

/* Of a head, or of several segments. */
static inline const struct ledger_segment *final_segment(const struct final_plan *plan,
                                                         const struct final_source *source)
{
    const struct table_version *version = plan->snapshot->version;
    return source->in_memory || source->units[0].source >= version->segment_count
               ? NULL
               : &version->segments[source->units[0].source]->info;
}

#endif
