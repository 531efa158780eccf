/*
 * merge_private.h: a merge's insides, for the files that make it: its rounds (merge.c), its dictionaries
 * (merge_dictionaries.c) and its output (merge_output.c).
 */
#ifndef STORAGE_MERGE_PRIVATE_H
#define STORAGE_MERGE_PRIVATE_H

#include "storage/gather.h"
#include "storage/merge.h"
#include "storage/merge_combine.h"

struct merge_window {
    struct segment *segment;
    uint32_t input;
    const struct row_set *deleted; /* or NULL */
    struct arena *arena;
    uint32_t granule; /* the next to load */
    uint32_t row;     /* rows before are in the output */
    uint32_t row_count;
    struct column **columns; /* FLAT; coded columns as UInt32 codes */
    struct column **keys;
};

/* What came to a nested column of the granule, in order; in the heap. */
struct merge_pieces {
    const struct column **list;
    uint32_t count;
    uint32_t room;
};

struct merge_output {
    struct arena *arena;     /* arrays, for the whole merge */
    struct arena *heap;      /* bytes of plain strings of the granule being filled */
    struct column **columns; /* FLAT, CHUNK_ROWS_MAX rows */
    bool *any_null;
    struct merge_pieces *pieces; /* of nested columns, which have no arrays of their own */
    uint32_t row_count;
};

struct merging {
    struct merge *merge;
    struct arena *arena;
    struct pack_writer *pack;
    struct segment_schema schema;
    uint32_t column_count;
    uint32_t key_count;
    struct unifier **unifiers; /* per column; NULL: plain */
    struct merge_window windows[MERGE_INPUTS_MAX];
    struct merge_output out;
    struct merge_combine *combine; /* or NULL: rows stay as they are */
};

/* A column stays coded when all inputs have it coded: its unifier, or NULL, for each column. */
struct err *merge_dictionaries_unify(struct merging *m);

struct err *merge_output_open(struct merging *m);
/* Appends rows of the round, in this order, of these chunks per column; a granule that is full goes to the pack. */
struct err *merge_output_append(struct merging *m, struct arena *work, const struct column ***columns,
                                uint32_t chunk_count, const uint32_t *order, uint64_t count);
/* Writes what the last granule has; none: nothing. */
struct err *merge_output_emit(struct merging *m);

#endif
