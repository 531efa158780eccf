/*
 * live_time.c: what now() says in a live query: data time, so that a window does not run empty because rows are late.
 *
 * T        the wall clock while every source of the query's tables is caught up, or there is none; else where the slowest
 *          one stands (server/data_time.h)
 * forward  it does not go back for the query's viewers: when a source falls behind, T stands until the source has
 *          passed it. Only when the wall clock itself was set back T follows it.
 * before   rows of event times at T or behind it are not seen, as in rules: they are another moment's
 * unknown  of a source that has not said anything since the start nobody knows where it stands: T is the wall clock, and all
 *          rows are seen
 * thread   the group's run
 */
#include "server/live_private.h"

#include "base/clock.h"
#include "server/completeness.h"
#include "server/data_time.h"

struct err *live_moment_of(struct live_group *group, const struct data_table *tables, uint32_t count,
                           struct live_moment *out)
{
    struct err *err = NULL;
    struct data_time time;
    struct arena *arena = arena_create(NULL);
    if (arena == NULL) {
        return err_oom();
    }
    int64_t wall_us = clock_wall_us();
    OR_DONE(data_time_of(group->live->server, arena, tables, count, &time));
    *out = (struct live_moment){wall_us, time.known};
    if (time.known && !time.caught_up) {
        out->now_us = time.t_us > group->time_us || group->time_us > wall_us ? time.t_us : group->time_us;
    }
    group->time_us = time.known ? out->now_us : group->time_us;
done:
    arena_destroy(arena);
    return err;
}

struct err *live_moment_keep(struct live_group *group, const struct execution *execution, bool asks)
{
    struct err *err = NULL;
    arena_destroy(group->tables_arena);
    group->tables_arena = NULL;
    group->tables = NULL;
    group->table_count = 0;
    if (!asks) {
        return NULL;
    }
    group->tables_arena = arena_create(&group->live->budget);
    if (group->tables_arena == NULL) {
        return err_oom();
    }
    err = completeness_tables(execution, group->tables_arena, &group->tables, &group->table_count);
    if (err != NULL) {
        arena_destroy(group->tables_arena);
        group->tables_arena = NULL;
        group->table_count = 0;
    }
    return err;
}
