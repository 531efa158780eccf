/*
 * aggregate_limit.c: max_rows_to_group_by.
 *
 * any      the groups of the chunk that went over the limit are the last; rows of others are left out. They are in the
 *          table all the same, which is made anew without them before it grows large
 * thread   each worker its own groups
 */
#include "query/grouping.h"

#define FORGET_MORE_THAN 65536U /* groups beyond those kept, and as many again */

struct err *groups_forget(struct stage *stage, struct groups *groups)
{
    struct err *err = NULL;
    const struct grouping *grouping = stage->shared;
    uint32_t key_count = stage->plan->expression_count;
    struct group_table *table = NULL;
    struct arena *arena = arena_create(stage->execution->options->budget);
    struct arena *work = arena_create(stage->execution->options->budget);
    uint32_t *numbers = NULL;
    bool single;
    if (arena == NULL || work == NULL) {
        err = err_oom();
        goto done;
    }
    OR_DONE(group_table_create(arena, grouping->key_types, key_count, &table));
    for (uint32_t begin = 0; begin < groups->kept; begin += CHUNK_ROWS_MAX) {
        uint32_t count = groups->kept - begin < CHUNK_ROWS_MAX ? groups->kept - begin : CHUNK_ROWS_MAX;
        struct column **keys = ARENA_ARRAY(work, struct column *, key_count);
        numbers = ARENA_ARRAY(work, uint32_t, count);
        if (keys == NULL || numbers == NULL) {
            err = arena_error(work);
            goto done;
        }
        for (uint32_t k = 0; k < key_count; k++) {
            OR_DONE(group_table_key(groups->table, work, k, begin, begin + count, &keys[k]));
        }
        OR_DONE(group_table_find(table, work, (const struct column *const *)keys, count, numbers, &single));
        ASSERT(group_table_count(table) == begin + count);
        arena_reset(work);
    }
    arena_destroy(groups->table_arena);
    groups->table_arena = arena;
    groups->table = table;
    arena = NULL;
done:
    arena_destroy(work);
    arena_destroy(arena);
    return err;
}

/* Rows of groups that are kept. */
static struct err *keep_known(struct stage *stage, struct worker *worker, const struct groups *groups,
                              const struct column *const **values, uint32_t *numbers, bool single, uint32_t *row_count)
{
    const struct grouping *grouping = stage->shared;
    struct arena *scratch = worker->scratch;
    uint32_t kept = 0;
    if (single) {
        *row_count = numbers[0] < groups->kept ? *row_count : 0;
        return NULL;
    }
    uint32_t *positions = ARENA_ARRAY(scratch, uint32_t, *row_count);
    const struct column **taken = ARENA_ARRAY(scratch, const struct column *, grouping->expression_count + 1U);
    if (positions == NULL || taken == NULL) {
        return arena_error(scratch);
    }
    for (uint32_t i = 0; i < *row_count; i++) {
        if (numbers[i] < groups->kept) {
            positions[kept] = i;
            numbers[kept++] = numbers[i];
        }
    }
    for (uint32_t c = 0; c < grouping->expression_count; c++) {
        taken[c] = column_take(scratch, (*values)[c], positions, kept);
        if (taken[c] == NULL) {
            return arena_error(scratch);
        }
    }
    *values = taken;
    *row_count = kept;
    return NULL;
}

struct err *groups_limit(struct stage *stage, struct worker *worker, struct groups *groups,
                         const struct column *const **values, uint32_t *numbers, bool single, uint32_t *row_count,
                         bool *stop)
{
    struct err *err = NULL;
    const struct query_limits *limits = &stage->execution->options->limits;
    uint32_t count = group_table_count(groups->table);
    bool over = false;
    OR_DONE(query_limit_check(ERR_TOO_MANY_ROWS, "rows to GROUP BY", limits->max_rows_to_group_by, count, 0, 0,
                              limits->group_by_overflow_mode, &over));
    if (over && limits->group_by_overflow_mode == OVERFLOW_BREAK) {
        *stop = true;
    } else if (groups->kept != 0) {
        OR_DONE(keep_known(stage, worker, groups, values, numbers, single, row_count));
        if (count / 2 > groups->kept && count - groups->kept > FORGET_MORE_THAN) {
            OR_DONE(groups_forget(stage, groups));
        }
    } else if (over) {
        groups->kept = count;
    }
done:
    return err;
}

struct err *groups_limit_emitted(struct stage *stage, uint32_t count)
{
    struct grouping *grouping = stage->shared;
    const struct query_limits *limits = &stage->execution->options->limits;
    bool over = false;
    if (stage->plan->expression_count == 0) {
        return NULL;
    }
    return query_limit_check(ERR_TOO_MANY_ROWS, "rows to GROUP BY", limits->max_rows_to_group_by,
                             atomic_fetch_add(&grouping->emitted, count) + count, 0, 0, limits->group_by_overflow_mode,
                             &over);
}
