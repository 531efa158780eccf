/*
 * grouping.h: groups and their states: what the files of GROUP BY share (aggregate_operator.c, partial_groups.c).
 *
 * states   per group the states of all aggregates side by side, stride bytes; the array doubles
 * thread   a worker's groups are its own
 */
#ifndef QUERY_GROUPING_H
#define QUERY_GROUPING_H

#include "query/pipeline.h"

struct grouping {
    struct program *program; /* keys, then all arguments */
    uint32_t expression_count;
    const struct type **key_types;
    uint32_t stride;
    uint32_t *offsets;      /* of each aggregate's state */
    struct program *having; /* with totals, or NULL */
    bool through_bytes;     /* for tests */
};

struct groups {
    struct arena *arena; /* of the table, the states and what they point to */
    struct evaluator *evaluator;
    struct group_table *table; /* NULL: no keys */
    char *states;
    uint32_t capacity; /* groups that states has room for */
};

/* stage: of an aggregation. evaluator NULL: one of its own. */
struct err *groups_new(struct stage *stage, struct arena *arena, struct evaluator *evaluator, struct groups **out);
/* Room for the states of `count` groups in groups->arena; new ones are empty. */
struct err *groups_grow(const struct grouping *grouping, struct groups *groups, uint32_t count);
/* Groups that were begun; of an aggregation without keys one, once it has a state. */
uint32_t groups_count(const struct groups *groups);
/* The states of `from` are used up; its arena outlives that of `into`. */
struct err *groups_merge(struct stage *stage, struct worker *worker, struct groups *into, struct groups *from);

#endif
