/*
 * sort.h: what the files of ORDER BY share.
 *
 * flow     sort.c: rows in memory; when they are too many: sorted runs in temporary files, which sort_external.c merges
 * order    rows with equal keys come as they would have from memory: by worker, then as they were pushed
 * thread   a worker writes its own runs; merging is one worker's, when all have ended
 */
#ifndef QUERY_SORT_H
#define QUERY_SORT_H

#include "query/pipeline.h"
#include "query/plan.h"

struct sort_entry {
    uint64_t word;
    uint32_t chunk;
    uint32_t row;
};

/* A chunk kept: its columns, then its keys (FLAT): sort_place. */
struct sort_kept {
    struct column **columns;
    uint32_t row_count;
};

/* A key's value as a 64-bit word in sort order; equal words say nothing unless the key is a number of 64 bits. */
uint64_t sort_key_word(const struct type *type, const struct plan_sort_key *key, const struct column *column,
                       uint32_t row);
/* The words of all rows; sort_word.c. */
struct err *sort_key_words(struct arena *scratch, const struct type *type, const struct plan_sort_key *key,
                           const struct column *column, uint32_t row_count, uint64_t *words);
/* The `limit` smallest words, the greatest of them on top once there are so many. */
void sort_heap_add(uint64_t *words, uint32_t *count, uint64_t limit, uint64_t word);
/* The n smallest words of all rows, the greatest of them on top once there are n. */
struct sort_smallest {
    uint32_t count;
    uint64_t words[];
};
/* Takes the words; what a row's word must not exceed from now on. */
uint64_t sort_smallest_add(struct sort_smallest *heap, uint64_t limit, const uint64_t *words, uint32_t count);
/* Order of two rows by all keys of a PLAN_SORT; columns of the keys, FLAT. */
int sort_compare_rows(const struct plan *plan, const struct column *const *a_keys, uint32_t a,
                      const struct column *const *b_keys, uint32_t b);

/* Rows are kept with the plan's columns, then one per key; a key that is one of the columns is that column. Where the
 * values of column c of these are: */
static inline uint32_t sort_place(const struct plan *plan, uint32_t c)
{
    const struct expression *key = c < plan->column_count ? NULL : plan->sort_keys[c - plan->column_count].expression;
    return key != NULL && key->kind == EXPRESSION_COLUMN ? key->column_index : c;
}

/* --- sort_order.c, sort_gather.c -------------------------------------------------------------------------------- */

/*
 * Puts the entries in order; those of equal keys keep theirs. All words are those of the first key, also afterwards
 * unless shared.
 * spare    as long as entries, for the call only
 * worker   the caller's; shared: other workers may help, who are idle
 */
struct err *sort_order(const struct plan *plan, struct worker *worker, bool shared, const struct sort_kept *chunks,
                       uint32_t chunk_count, struct sort_entry *entries, struct sort_entry *spare, uint64_t count);
/* Rows of the entries, gathered into one chunk; a key that is a column is left out (NULL). */
struct err *sort_gather(const struct plan *plan, struct arena *arena, const struct sort_kept *chunks,
                        const struct sort_entry *entries, uint32_t count, uint32_t column_count,
                        const struct type *const *types, struct column **out);

/* Rows in memory, in order: those of the entries. */
struct sort_view {
    const struct plan *plan;         /* the sort */
    const struct type *const *types; /* of its columns */
    const struct sort_kept *chunks;
    const struct sort_entry *entries;
    uint64_t count;
};

/* Order of two rows of the view by the plan's keys, which the view's begin with. */
static inline int sort_view_compare(const struct sort_view *view, const struct plan *plan, uint64_t a, uint64_t b)
{
    const struct sort_entry *left = &view->entries[a], *right = &view->entries[b];
    uint32_t columns = view->plan->column_count;
    return sort_compare_rows(plan, (const struct column *const *)view->chunks[left->chunk].columns + columns, left->row,
                             (const struct column *const *)view->chunks[right->chunk].columns + columns, right->row);
}

/* window.c: is the stage a window? It takes all rows of a sort at once, and is then finished. */
bool window_is(const struct stage *stage);
struct err *window_sorted(struct stage *stage, struct worker *worker, const struct sort_view *view);

/* --- sort_best.c ------------------------------------------------------------------------------------------------- */

struct sort_best;
/* How many rows of each partition of the window `next` are enough; 0: all are needed. */
uint64_t sort_best_wanted(const struct plan *plan, const struct stage *next);
/* Those of the rows that can be among the first so many of their partitions. *state: the worker's, at first NULL. */
struct err *sort_best_rows(struct sort_best **state, const struct plan *plan, uint32_t partition_count, uint64_t first,
                           struct worker *worker, const struct column *const *keys, uint32_t row_count,
                           uint32_t *positions, uint32_t *count);

/* --- sort_external.c ------------------------------------------------------------------------------------------------
 */

struct sort_runs;
struct sort_run;

struct err *sort_runs_create(struct stage *stage, struct sort_runs **out);
bool sort_runs_any(const struct sort_runs *runs);
/* A new run behind those of the same owner. */
struct err *sort_run_begin(struct sort_runs *runs, struct worker *owner, struct sort_run **out);
/* Rows that follow; columns: those of the plan, then one per key (NULL: it is one of the plan's). */
struct err *sort_run_add(struct sort_runs *runs, struct sort_run *run, const struct chunk *chunk);
/* Merges all runs and pushes the rows, no more than the plan's limit, to the next stage. */
struct err *sort_runs_merge(struct sort_runs *runs, struct worker *worker);

#endif
