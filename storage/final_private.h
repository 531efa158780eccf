/*
 * final_private.h: a FINAL scan's insides, for the files that make it: what is read and combined (final.c), and the
 * segments and heads that it comes from (final_inputs.c).
 */
#ifndef STORAGE_FINAL_PRIVATE_H
#define STORAGE_FINAL_PRIVATE_H

#include "storage/combining.h"
#include "storage/final.h"
#include "storage/scan_private.h"

/* One segment, or one head. */
struct final_input {
    struct scan_unit *units; /* by granule */
    uint32_t unit_count, next;
    uint32_t place;
    bool in_memory; /* its rows are sorted here, all at once: */
    struct column **all, **all_keys;
    uint64_t all_rows, all_at;
    /* window */
    struct arena *arena;
    struct column **columns, **keys;
    uint32_t row, row_count;
};

struct final_scan {
    struct snapshot *snapshot;
    struct scan *scan;
    struct arena *arena, *work;
    const struct final_request *request;
    struct combiner *combiner;
    uint32_t *reads; /* columns that are read, as the table numbers them */
    uint32_t read_count;
    int *slots; /* per column of the table: which of them, or −1 */
    uint32_t key_count;
    int lead; /* the column that the sorting key begins with; −1: an expression */
    struct final_input *inputs;
    uint32_t input_count;
    bool ties;
    /* rows of the last key, carried into the next round */
    struct arena *carry_arenas[2];
    struct column **carried, **carried_keys;
    uint32_t *carried_places;
    uint32_t carried_count;
    bool over;
};

/* Finds the inputs in the scan's units: segments by their place in the order of insertion, then heads. */
struct err *final_make_inputs(struct final_scan *fin);
/* Arrays for the columns that are read, and for keys. */
struct err *final_window_arrays(const struct final_scan *fin, struct arena *arena, struct column ***columns,
                                struct column ***keys);
/* The input's next rows become its window; none: it has no more. */
struct err *final_window_load(struct final_scan *fin, struct final_input *input);

static inline const struct table_def *final_def(const struct final_scan *fin)
{
    return fin->snapshot->version->def;
}

static inline struct table_program *final_program(const struct final_scan *fin)
{
    return table_program_of(fin->snapshot->table, final_def(fin));
}

#endif
