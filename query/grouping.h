/*
 * grouping.h: groups and their states: what the files of GROUP BY share (aggregate_operator.c, aggregate_external.c,
 * partial_groups.c).
 *
 * states   per group the states of all aggregates side by side, stride bytes; the array doubles
 * thread   a worker's groups are its own
 */
#ifndef QUERY_GROUPING_H
#define QUERY_GROUPING_H

#include "query/pipeline.h"

#include <stdatomic.h>

struct grouping {
    struct program *program; /* keys, then all arguments */
    uint32_t expression_count;
    const struct type **key_types;
    uint32_t stride;
    uint32_t *offsets;      /* of each aggregate's state */
    bool *follows;          /* its state is an earlier aggregate's, which takes care of it */
    struct program *having; /* with totals, or NULL */
    bool through_bytes;     /* states are merged through their bytes: for tests, and for totals of groups in files */
    bool puts_away;         /* groups may be put away in batches */
    struct group_files *files;
    _Atomic uint64_t emitted; /* groups */
};

struct groups {
    struct arena *arena; /* of the table, the states and what they point to */
    struct evaluator *evaluator;
    struct group_table *table; /* NULL: no keys */
    char *states;
    uint32_t capacity;     /* groups that states has room for */
    bool may_spill;        /* groups of a worker, in an arena of their own */
    struct batch *batches; /* groups that were put away, oldest first: aggregate_parts.c */
    struct batch *batches_last;
    uint64_t rows;             /* since then */
    uint32_t kept;             /* max_rows_to_group_by, any: there are so many, later ones are left out; 0: not yet */
    struct arena *table_arena; /* of the table since it was made anew without those; or NULL */
};

#define ROWS_OUT    8192U
#define BATCH_PARTS 256U /* by the highest bits of a hash of the keys */

/* Groups that were put away. */
struct batch {
    struct group_table *table; /* sealed: groups of a part are neighbours */
    char *states;
    uint32_t begins[BATCH_PARTS + 1]; /* of each part, and the end */
    struct batch *next;
};

/* stage: of an aggregation. evaluator NULL: one of its own. */
struct err *groups_new(struct stage *stage, struct arena *arena, struct evaluator *evaluator, struct groups **out);
/* Room for the states of `count` groups in groups->arena; new ones are empty. */
struct err *groups_grow(const struct grouping *grouping, struct groups *groups, uint32_t count);
/* Groups that were begun; of an aggregation without keys one, once it has a state. */
uint32_t groups_count(const struct groups *groups);
bool groups_are_none(const struct groups *groups); /* nor put away */
/* Those of the worker, begun when they are first asked for. */
struct err *groups_of_worker(struct stage *stage, struct worker *worker, struct groups **out);
/* The states of `from` are used up; its arena outlives that of `into`. */
struct err *groups_merge(struct stage *stage, struct worker *worker, struct groups *into, struct groups *from);

/* Merges the states of a group into those of another. */
struct err *groups_merge_states(struct stage *stage, struct arena *arena, char *into, char *from);
#define MERGED_STATES 16U /* groups between two looks: each may hold a few thousand values */
/* Sends the groups on. */
struct err *groups_emit(struct stage *stage, struct worker *worker, const struct groups *groups, bool *stop);
/* Likewise all of them, also when *stop is set; states of those that HAVING lets through go into `totals`, one group.
 */
struct err *groups_emit_with_totals(struct stage *stage, struct worker *worker, struct groups *groups,
                                    struct groups *totals, bool *stop);

/* --- aggregate_parts.c ----------------------------------------------------------------------------------------------
 */

/* Order of groups by part: order[begins[p]…begins[p + 1]) are those of part p of part_count, a power of two up to
 * BATCH_PARTS. */
struct err *groups_order(struct arena *arena, const struct group_table *table, uint32_t part_count, uint32_t **order,
                         uint32_t *begins);
/* After rows were added: puts the groups away when that pays. */
struct err *groups_put_away(struct stage *stage, struct groups *groups, uint32_t rows_added);
/* Merges all workers' groups in parts and sends them on; *done false: there are too few for that. */
struct err *groups_finish_in_parts(struct stage *stage, bool *done);

/* --- aggregate_limit.c ----------------------------------------------------------------------------------------------
 */

/* The chunk's groups are known: looks at max_rows_to_group_by. *row_count: rows left, in values and numbers. */
struct err *groups_limit(struct stage *stage, struct worker *worker, struct groups *groups,
                         const struct column *const **values, uint32_t *numbers, bool single, uint32_t *row_count,
                         bool *stop);
/* Makes the table anew with the groups that are kept alone; they have the same numbers. */
struct err *groups_forget(struct stage *stage, struct groups *groups);
/* Groups that are sent on: no more than the limit of all workers together. */
struct err *groups_limit_emitted(struct stage *stage, uint32_t count);

/* --- aggregate_external.c -------------------------------------------------------------------------------------------
 */

struct group_files;
struct err *group_files_create(struct stage *stage, struct group_files **out);
bool group_files_any(const struct group_files *files);
/* Writes the worker's groups to files and forgets them. */
struct err *groups_spill(struct stage *stage, struct worker *worker, struct groups *groups);
/* The same when they hold too much. */
struct err *groups_spill_when_full(struct stage *stage, struct worker *worker, struct groups *groups);
/* Sends on what all workers wrote; totals NULL: there are none. */
struct err *group_files_emit(struct stage *stage, struct worker *worker, struct groups *totals);

#endif
