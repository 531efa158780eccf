/*
 * merge_combine.h: merges of tables whose engine combines rows of one key: what a round has sorted goes through a
 * combiner (storage/combining.h) before it is written.
 */
#ifndef STORAGE_MERGE_COMBINE_H
#define STORAGE_MERGE_COMBINE_H

#include "storage/combining.h"
#include "storage/gather.h"
#include "storage/merge.h"
#include "storage/sort.h"

struct merge_combine;

/* What a round gives: chunks of columns and keys as merges have them (coded columns as codes), and their order. */
struct merge_round_rows {
    const struct sort_chunk *chunks;
    const struct column ***columns; /* per column, per chunk */
    const uint32_t *inputs;         /* per chunk: which of the merge's; of carried rows none: UINT32_MAX */
    uint32_t count;
    const uint32_t *order;
    uint64_t row_count;
};

/* *out NULL: the table's rows stay as they are. */
struct err *merge_combine_create(struct arena *arena, struct merge *merge, struct merge_combine **out);
void merge_combine_destroy(struct merge_combine *combine); /* accepts NULL */
/* Must the column's values be there as such, not as codes? */
bool merge_combine_needs_values(const struct merge_combine *combine, uint32_t column);
/* unifiers: per column, of coded ones; they stay. */
void merge_combine_coded(struct merge_combine *combine, struct unifier *const *unifiers);
/* Rows that were carried from the round before, to be the first chunk of the next: false if there are none. */
bool merge_combine_carried(const struct merge_combine *combine, struct sort_chunk *chunk,
                           const struct column ***columns);
/* out: columns as the round's; its rows may be more than CHUNK_ROWS_MAX. last: all inputs are used up. */
struct err *merge_combine_round(struct merge_combine *combine, struct arena *work, const struct merge_round_rows *rows,
                                bool last, struct chunk **out);
/* Tells the merge what is gone and what was made. */
void merge_combine_tell(const struct merge_combine *combine, struct merge *merge);

#endif
