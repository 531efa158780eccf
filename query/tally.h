/*
 * tally.h: distinct keys with a count each, that say of each row whether it goes on: DISTINCT, LIMIT BY, INTERSECT,
 * EXCEPT.
 *
 * memory   one hash table, under a mutex. When it holds too much (max_bytes_before_external_distinct), the keys go to
 *          temporary files with their counts, in parts by a hash, and so do all rows from then on: tally_external.c
 *          looks at them part by part at the end.
 * order    rows that pass go on as they come; those out of files by part, or, in_order, in the order in which they came
 * thread   count, pass: all workers; finish: one, when they are done
 */
#ifndef QUERY_TALLY_H
#define QUERY_TALLY_H

#include "query/pipeline.h"

/* Does a row with this count of its key go on? Changes the count. */
typedef bool (*tally_verdict)(const struct plan *plan, uint64_t *count);

/* Keys with their counts. */
struct tally_keys {
    struct arena *arena;
    struct group_table *table;
    uint64_t *counts; /* per group; NULL: nothing but new keys matters */
    uint32_t capacity;
};

struct tally {
    struct stage *stage; /* of the operator: rows out of files go to its next one, through `emit` */
    tally_verdict verdict;
    struct err *(*emit)(struct stage *stage, struct worker *worker, const struct chunk *chunk, bool *stop);
    const struct type **types;       /* of rows in files: the keys, the columns behind them, the row's number */
    const struct type **count_types; /* of keys in files: the keys, their count */
    uint32_t key_count;
    uint32_t column_count;
    bool rows_are_keys;
    bool in_order;
    uint32_t sharers; /* of the bytes that may be held */
    pthread_mutex_t mutex;
    struct tally_keys keys; /* under the mutex */
    bool failed;            /* likewise: a worker's memory was out, the table is of no use to the others */
    _Atomic bool external;
    _Atomic uint64_t number; /* of rows in files */
    struct tally_files *files[WORKERS_MAX];
    struct sort_runs *runs; /* in_order */
    _Atomic uint32_t next_part;
    _Atomic bool stop;
};

/*
 * key_types: key_count, at least 1. columns: those of the rows, behind the keys; NULL: the keys are the rows. verdict
 * NULL: rows with a new key go on. emit: where rows out of files go; NULL: the stage's next.
 */
struct tally_options {
    const struct type *const *key_types;
    uint32_t key_count;
    const struct source_column *columns;
    uint32_t column_count;
    bool in_order;
    tally_verdict verdict;
    struct err *(*emit)(struct stage *stage, struct worker *worker, const struct chunk *chunk, bool *stop);
};
struct err *tally_create(struct stage *stage, const struct tally_options *options, struct tally **out);
/* One more of each row's key. */
struct err *tally_count(struct tally *tally, struct worker *worker, const struct column *const *keys,
                        uint32_t row_count);
/* No more is counted. */
struct err *tally_counted(struct tally *tally, struct worker *worker);
/* positions: the rows that go on now. */
struct err *tally_pass(struct tally *tally, struct worker *worker, const struct column *const *keys,
                       const struct chunk *chunk, uint32_t *positions, uint32_t *count);
/* Emits what is in files. */
struct err *tally_finish(struct tally *tally, struct worker *worker);

/* --- what the two files share --------------------------------------------------------------------------------------
 */

struct err *tally_keys_begin(const struct tally *tally, struct tally_keys *keys);
/* Counts rows; counts NULL: one each. */
struct err *tally_keys_add(struct tally_keys *keys, struct arena *scratch, const struct column *const *columns,
                           const uint64_t *counts, uint32_t row_count);
struct err *tally_keys_pass(const struct tally *tally, struct tally_keys *keys, struct arena *scratch,
                            const struct column *const *columns, uint32_t row_count, uint32_t *positions,
                            uint32_t *count);
/* The keys to the worker's files; they are forgotten. Under the mutex, or alone. */
struct err *tally_spill_keys(struct tally *tally, struct worker *worker);
/* All rows of a chunk to the worker's files. */
struct err *tally_spill_rows(struct tally *tally, struct worker *worker, const struct column *const *keys,
                             const struct chunk *chunk);

#endif
