/*
 * pipeline.h: how a plan runs: chains of operators that chunks are pushed through by several workers.
 *
 * chain    source → stage → … → the query's sink. push may be called by all workers at once, each with its own
 *          `worker`; finish is called once, after the last push, by one worker; it pushes what the stage held back and
 *          then finishes the next stage.
 * worker   a thread's share of a query: an arena for what lives as long as the query, a scratch arena that is reset
 *          after each unit of the source
 * stop     a stage sets *stop when it needs no more input; the source then ends
 */
#ifndef QUERY_PIPELINE_H
#define QUERY_PIPELINE_H

#include "base/interrupt.h"
#include "base/lock.h"
#include "query/execute.h"
#include "query/spill.h"

#include <pthread.h>

#define WORKERS_MAX 64U

/* ORDER BY a column of the scan, with a limit: what the first key of a row must not exceed to matter still. */
struct sort_bound {
    uint32_t column; /* of the scan */
    const struct plan_sort_key *key;
    const struct type *type; /* of the column */
    _Atomic uint64_t word;   /* in sort order, see sort.c; lowered by any worker */
};
/* The key's word of a value that is not NULL. */
uint64_t sort_bound_word(const struct sort_bound *bound, const void *value);
/* Of the rows at positions[0..count) of the column (all when count is row_count) those that matter still; *positions is
 * replaced. */
struct err *sort_bound_rows(const struct sort_bound *bound, struct arena *scratch, const struct column *column,
                            uint32_t row_count, uint32_t **positions, uint32_t *count);

struct worker {
    uint32_t index;
    struct execution *execution;
    struct arena *arena;
    struct arena *scratch;
};

struct parallel;
struct execution {
    const struct query_options *options;
    struct query_progress *progress;
    struct arena *arena; /* the caller's worker only */
    struct worker workers[WORKERS_MAX];
    uint32_t worker_count;
    struct spill_use *spill;
    uint64_t begin_us;                /* monotonic */
    uint64_t deadline_us;             /* monotonic: an error then; 0: none */
    uint64_t break_us;                /* monotonic: nothing more is read then; 0: never */
    struct sort_bound *bound;         /* for the scan that is run next; or NULL */
    const struct column_need **needs; /* likewise: what is looked at of its columns; NULL: all */
    bool ends_only;                  /* likewise: of columns that are read their smallest and greatest values will do */
    struct partial_session *partial; /* likewise, or NULL */
    struct parallel *lazy;           /* what execution_parallel_lazy runs now */
    query_sink sink;
    void *user;
    struct totals *totals;                /* of aggregations that have been run */
    struct counted_limit *counted_limits; /* limit_count.c */
    pthread_mutex_t sink_mutex;
};

struct stage;
struct operator_kind {
    struct err *(*push)(struct stage *stage, struct worker *worker, const struct chunk *chunk, bool *stop);
    struct err *(*finish)(struct stage *stage, struct worker *worker);
};
struct stage {
    const struct operator_kind *kind;
    struct stage *next;
    const struct plan *plan;
    struct execution *execution;
    void *state[WORKERS_MAX]; /* per worker, made when first needed */
    void *shared;
};

static inline struct err *operator_push(struct stage *stage, struct worker *worker, const struct chunk *chunk,
                                        bool *stop)
{
    return chunk->row_count == 0 ? NULL : stage->kind->push(stage, worker, chunk, stop);
}

/* Cancelled, out of time? */
struct err *execution_check(struct execution *execution);
/* Runs run(object, worker) on `count` workers at once, or as many as there are; the caller is the first. Returns when
 * all have ended, with the first error. Workers that started late may find nothing left to do. */
struct err *execution_parallel(struct execution *execution, uint32_t count,
                               struct err *(*run)(void *object, struct worker *worker), void *object);
/* The same, but the caller is the only worker until it calls for the others (execution_call_others), which it may
 * never do: small work is done sooner without them. */
struct err *execution_parallel_lazy(struct execution *execution, uint32_t count,
                                    struct err *(*run)(void *object, struct worker *worker), void *object);
/* Of what execution_parallel_lazy runs: there is work for the others too. Heard from the first worker alone, and once;
 * anybody may say it at any time. */
void execution_call_others(struct worker *worker);
/* When an operator gives up what it holds: at its own limit in bytes; 0: when so much of the memory is taken (ratio as
 * in query/limits.h). is_table: its arrays may double at once. */
struct spill_when {
    uint64_t bytes;
    uint64_t ratio;
    bool is_table;
};
/* Should it, as one of `sharers` who hold so many bytes each, write them to temporary files? False when there is no
 * place for files. */
bool execution_should_spill(const struct execution *execution, const struct spill_when *when, uint64_t bytes,
                            uint32_t sharers);
static inline struct spill_when spill_when_sorting(const struct query_limits *limits)
{
    return (struct spill_when){limits->max_bytes_before_external_sort, limits->max_bytes_ratio_before_external_sort,
                               false};
}
static inline struct spill_when spill_when_grouping(const struct query_limits *limits)
{
    return (struct spill_when){limits->max_bytes_before_external_group_by,
                               limits->max_bytes_ratio_before_external_group_by, true};
}
static inline struct spill_when spill_when_joining(const struct query_limits *limits)
{
    return (struct spill_when){limits->max_bytes_before_external_join, 0, false};
}
static inline struct spill_when spill_when_distinct(const struct query_limits *limits)
{
    return (struct spill_when){limits->max_bytes_before_external_distinct, 0, true};
}
/* Would so many bytes more come near the limit of the query's memory, or of all queries'? False without files. */
bool execution_is_tight(const struct execution *execution, uint64_t bytes);
/* Counts rows read, and looks at the limits of reading and of time. *enough: they end the reading. */
struct err *execution_rows(struct execution *execution, uint64_t rows, bool *enough);

/* Constructors, one per plan node that is not a source; in the query's arena. */
struct err *operator_filter(struct execution *execution, const struct plan *plan, struct stage *next,
                            struct stage **out);
struct err *operator_project(struct execution *execution, const struct plan *plan, struct stage *next,
                             struct stage **out);
struct err *operator_limit(struct execution *execution, const struct plan *plan, struct stage *next,
                           struct stage **out);
struct err *operator_tail(struct execution *execution, const struct plan *plan, struct stage *next, struct stage **out);
struct err *operator_limit_by(struct execution *execution, const struct plan *plan, struct stage *next,
                              struct stage **out);
struct err *operator_array_join(struct execution *execution, const struct plan *plan, struct stage *next,
                                struct stage **out);
struct err *operator_distinct(struct execution *execution, const struct plan *plan, struct stage *next,
                              struct stage **out);
struct err *operator_aggregate(struct execution *execution, const struct plan *plan, struct stage *next,
                               struct stage **out);
struct err *operator_grouping_sets(struct execution *execution, const struct plan *plan, struct stage *next,
                                   struct stage **out);
struct err *operator_sort(struct execution *execution, const struct plan *plan, struct stage *next,
                          struct sort_bound *bound, struct stage **out);
/* INTERSECT, EXCEPT: all rows of the right input come first, to *right; then those of the left to *left. */
struct err *operator_set(struct execution *execution, const struct plan *plan, struct stage *next, struct stage **right,
                         struct stage **left);
/* As the window's, its input is pushed by one worker, in order. */
struct err *operator_fill(struct execution *execution, const struct plan *plan, struct stage *next, struct stage **out);
/* Its input is a sort: pushed by one worker, in order. */
struct err *operator_window(struct execution *execution, const struct plan *plan, struct stage *next,
                            struct stage **out);
/* As the window's, its input is pushed by one worker, in order: query/panes.h. */
struct err *operator_panes(struct execution *execution, const struct plan *plan, struct stage *next,
                           struct stage **out);
struct err *operator_new(struct execution *execution, const struct operator_kind *kind, const struct plan *plan,
                         struct stage *next, struct stage **out);

/* Keeps the row of totals of an aggregation; copied. Only the worker that finishes. */
struct totals {
    const struct plan *of;
    struct chunk *row;
    struct totals *next;
};
struct err *totals_keep(struct execution *execution, const struct plan *aggregation, const struct chunk *row);

/* Runs a scan with the filters above it; needed: one byte per column of the scan, 0: nobody reads it (NULL: all). */
struct err *scan_run(struct execution *execution, const struct plan *scan, const struct expression *const *filters,
                     uint32_t filter_count, const uint8_t *needed, uint64_t rows_max, struct stage *next);

/* scan_need.c: needs[c], of each column of a node's input, is what these expressions look at; NULL: nothing. */
struct err *scan_needs_begin(struct arena *arena, uint32_t column_count, const struct column_need ***needs);
struct err *scan_needs_add(struct arena *arena, const struct expression *expression, const struct column_need **needs);
/* What a node looks at of a scan below it, filters between them left out; *out NULL: whole columns. */
struct err *scan_needs_of(struct arena *arena, const struct plan *above, const struct column_need ***out);
/* As names: "m.keys, t.a", separated; nothing when it is the whole column, or no part. */
void scan_needs_text(struct buffer *out, struct slice name, const struct type *type, const struct column_need *need);

/* The worker's evaluator of the stage's program: its state, made when it is first asked for. */
struct err *evaluator_of(struct stage *stage, struct worker *worker, const struct program *program,
                         struct evaluator **out);
/* Rows whose condition is true, ascending. */
struct err *positions_of(struct arena *arena, const struct column *condition, uint32_t row_count, uint32_t *positions,
                         uint32_t *count);
/* The column as DICT, whatever it was: for tests. */
struct err *column_stress(struct arena *arena, const struct column *column, struct column **out);
void query_stress_get(uint32_t *chunk_rows, bool *dictionaries);

/* --- groups ------------------------------------------------------------------------------------------------------ */

/* Maps rows to group numbers 0, 1, …, by the values of key columns; one thread at a time. */
struct group_table;
struct err *group_table_create(struct arena *arena, const struct type *const *types, uint32_t key_count,
                               struct group_table **out);
/* groups[i]: the group of row i; *single: all rows are of groups[0] (only that is set). */
struct err *group_table_find(struct group_table *table, struct arena *scratch, const struct column *const *keys,
                             uint32_t row_count, uint32_t *groups, bool *single);
uint32_t group_table_count(const struct group_table *table);
/* Groups of `from` as groups of `table`: map[group of from]. */
struct err *group_table_merge(struct group_table *table, struct arena *scratch, const struct group_table *from,
                              uint32_t *map);
/* Values of key k of groups [begin, end). */
struct err *group_table_key(const struct group_table *table, struct arena *arena, uint32_t k, uint32_t begin,
                            uint32_t end, struct column **out);
/* A hash of each group's keys, the same for equal keys in every table of these types. */
struct err *group_table_hashes(const struct group_table *table, uint64_t *hashes) __attribute__((warn_unused_result));
/* A copy that only gives keys: its group i is group order[i] of the table. copies_texts false: bytes of strings stay
 * the table's. */
struct err *group_table_seal(struct group_table *table, struct arena *arena, const uint32_t *order, bool copies_texts,
                             struct group_table **out);
/* Forgets all groups; keeps its arrays for the next ones. */
void group_table_clear(struct group_table *table);
/* The same, and gives its arrays back. */
void group_table_release(struct group_table *table);
/* Rows since then that were looked up by hash: neither in runs nor by number. */
uint64_t group_table_hashed(const struct group_table *table);
/* Before the first find: bytes of keys are not copied, they outlive the table. */
void group_table_borrow(struct group_table *table);
/* Room for so many groups. */
struct err *group_table_reserve(struct group_table *table, uint32_t count);
/* Where the groups of the keys' words are, the same words in every table of these types; NULL: there are several words,
 * or texts. */
struct word_table *group_table_words(struct group_table *table);

/* spill_split.c: a chunk's rows to SPILL_SPLIT lists, by the hash of their first key_count columns: spill_part(hash,
 * depth, …) of group_table_hashes. The lists' memory is the owner's. */
struct err *spill_split(struct spill_file *file, struct arena *owner, struct spill_list *lists, uint32_t depth,
                        struct arena *scratch, const struct type *const *key_types, uint32_t key_count,
                        const struct chunk *chunk);

#define KEY_RUNS_KEYS_MAX 8U
/* begins[r]: the first row of run r, runs being neighbouring rows whose keys are equal. false: more than runs_max runs,
 * or keys whose runs are not looked for (strings that are no codes, NULLs, nested ones, too many). */
bool key_runs(const struct column *const *keys, uint32_t key_count, uint32_t row_count, uint32_t *begins,
              uint32_t runs_max, uint32_t *run_count);

/* disjunction.c: equalities of one value in a row with OR become IN. */
struct err *disjunction_as_set(struct arena *arena, const struct function_context *context,
                               const struct expression **expression);

/* --- pruning ----------------------------------------------------------------------------------------------------- */

enum prune_answer { PRUNE_NONE, PRUNE_SOME, PRUNE_ALL }; /* rows of a unit that meet the condition */

struct prune;
/* What zone maps can say about a condition over a scan's columns; *out NULL: nothing. */
/* What indexes can test of a condition; *out NULL: nothing. Columns are those of the plan's scan. (index_condition.c)
 */
struct err *index_condition(struct arena *arena, const struct function_context *context,
                            const struct expression *condition, const struct index_test **out);
/* The condition as bitmaps can answer it, exactly; *out NULL: they cannot. (index_condition.c) */
struct err *bitmap_condition(struct arena *arena, const struct function_context *context,
                             const struct expression *condition, const struct index_test **out);
struct err *prune_compile(struct arena *arena, const struct function_context *context,
                          const struct expression *condition, struct prune **out);
/* Conditions that the source understands are appended: at most two; columns index the scan's columns. */
struct err *prune_conditions(const struct prune *prune, struct arena *arena, struct source_condition *conditions,
                             uint32_t *count);
uint32_t prune_column(const struct prune *prune);
/* Is the condition: a String column is this text? */
bool prune_is_text(const struct prune *prune, struct slice *text);
/* The column is one of these values: FLAT or CONST, of its type without Nullable; NULL: that is not what it says. */
const struct column *prune_values(const struct prune *prune);
/* Which numbers of the column, of this type, meet the condition: exactly those; *out NULL: it is not of that kind. */
struct err *prune_ranges(const struct prune *prune, struct arena *arena, const struct type *type,
                         const struct number_ranges **out);
struct err *prune_test(const struct prune *prune, struct arena *scratch, const struct source_zone *zone,
                       const struct type *type, enum prune_answer *out);

#endif
