/*
 * compactor_lanes.c: the background threads: one merges small segments, one large ones.
 *
 * flow     each lane: one merge of each table in turn → merge_choose.c → compactor.c; sleeps when there was none
 * owns     the lanes' threads; each merge has a thread of its own, whose priority follows the table's pressure: a thread
 *          that gave up its priority cannot take it back without a privilege
 */
#include "base/arena.h"
#include "base/lock.h"
#include "base/log.h"
#include "base/pool.h"
#include "storage/compactor.h"
#include "storage/merge.h"
#include "storage/pressure.h"

#include <stdlib.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <unistd.h>

#define INTERVAL_US  ((uint64_t)1000 * 1000)
#define LARGE_PAUSES 4U /* the large lane looks less often: its merges are due less often */
#define NICE_CALM    19

struct lane {
    struct compactor *compactor;
    enum merge_lane kind;
    pthread_t thread;
};

struct compactor {
    struct store *store;
    struct compactor_options options;
    struct lock lock;
    struct condition changed;
    _Atomic bool stop;
    struct lane lanes[2];
    uint32_t lane_count; /* started */
};

struct background {
    struct merge *merge;
    struct err *err;
};

/* May a thread take back the priority that it gave up? */
static _Atomic bool can_hurry;

static bool set_nice(int nice)
{
    return setpriority(PRIO_PROCESS, (id_t)syscall(SYS_gettid), nice) == 0;
}

static void *probe_run(void *object)
{
    (void)object;
    atomic_store(&can_hurry, set_nice(NICE_CALM) && set_nice(0));
    return NULL;
}

static struct err *probe(void)
{
    pthread_t thread;
    struct err *err = thread_start(&thread, "merge", probe_run, NULL);
    if (err == NULL) {
        (void)pthread_join(thread, NULL);
    }
    return err;
}

void merge_follow(struct merge *merge)
{
    bool calm = merge->background && !pressure_is_on(merge->table);
    if (!merge->background || calm == merge->calm || (calm && !atomic_load(&can_hurry))) {
        return;
    }
    merge->calm = calm;
    merge->bytes_per_s_max = calm ? merge->bytes_per_s_calm : 0;
    (void)set_nice(calm ? NICE_CALM : 0); /* refused: it goes on as it is */
}

static void *background_run(void *object)
{
    struct background *background = object;
    if (background->merge->calm) { /* ingest and queries first */
        (void)set_nice(NICE_CALM);
    }
    background->err = merge_finish(background->merge);
    return NULL;
}

/* In a thread of its own: its priority is that merge's alone. */
static struct err *merge_in_background(struct merge *merge)
{
    struct background background = {merge, NULL};
    pthread_t thread;
    merge->background = true;
    struct err *err = thread_start(&thread, "merge", background_run, &background);
    if (err != NULL) { /* then it has this thread's priority */
        err_free(err);
        merge->background = merge->calm = false;
        return merge_finish(merge);
    }
    (void)pthread_join(thread, NULL);
    return background.err;
}

/* One merge of the table, if one is due in the lane. */
static struct err *step(struct lane *lane, struct table *table, bool *merged)
{
    struct err *err = NULL;
    struct merge *merge = NULL;
    const struct compactor_options *options = &lane->compactor->options;

    OR_DONE(merge_choose(table, options->rows_max == 0 ? MERGE_ROWS_MAX : options->rows_max, lane->kind, false, NULL,
                         &merge));
    if (merge == NULL) {
        goto done;
    }
    merge->stop = &lane->compactor->stop;
    merge->calm = !pressure_is_on(table);
    merge->bytes_per_s_calm = options->bytes_per_s_max;
    merge->bytes_per_s_max = merge->calm ? options->bytes_per_s_max : 0;
    OR_DONE(merge_in_background(merge));
    *merged = true;
done:
    return err;
}

/* One merge of each table. */
static struct err *round_of_tables(struct lane *lane, bool *merged)
{
    struct err *err = NULL;
    struct compactor *compactor = lane->compactor;
    struct arena *arena = arena_create(NULL);
    struct table **tables = NULL;
    struct table_def **defs = NULL;
    uint32_t count = 0;

    if (arena == NULL) {
        return err_oom();
    }
    OR_DONE(catalogue_tables(compactor->store->catalogue, arena, NULL, &tables, &defs, &count));
    for (uint32_t i = 0; i < count && !atomic_load(&compactor->stop); i++) {
        struct err *failed = step(lane, tables[i], merged);
        if (failed != NULL && err_code(failed) != ERR_ABORTED) {
            LOG_ERROR("merge", LOG_ERR(failed));
        }
        err_free(failed);
    }
done:
    arena_destroy(arena);
    return err;
}

static void *lane_run(void *object)
{
    struct lane *lane = object;
    struct compactor *compactor = lane->compactor;
    uint64_t interval = compactor->options.interval_us == 0 ? INTERVAL_US : compactor->options.interval_us;

    interval *= lane->kind == LANE_LARGE ? LARGE_PAUSES : 1;
    while (!atomic_load(&compactor->stop)) {
        bool merged = false;
        struct err *err = round_of_tables(lane, &merged);
        if (err != NULL) {
            LOG_WARNING("compactor", LOG_ERR(err));
            err_free(err);
        }
        lock_take(&compactor->lock);
        if (!merged && !atomic_load(&compactor->stop)) {
            (void)condition_wait_for(&compactor->changed, &compactor->lock, interval);
        }
        lock_give(&compactor->lock);
    }
    return NULL;
}

struct err *compactor_start(struct store *store, const struct compactor_options *options, struct compactor **out)
{
    struct err *err = NULL;
    struct compactor *compactor = calloc(1, sizeof(*compactor));

    if (compactor == NULL) {
        return err_oom();
    }
    compactor->store = store;
    if (options != NULL) {
        compactor->options = *options;
    }
    lock_init(&compactor->lock, LOCK_POOL);
    condition_init(&compactor->changed);
    OR_DONE(probe());
    for (uint32_t i = 0; i < 2; i++) {
        struct lane *lane = &compactor->lanes[i];
        *lane = (struct lane){.compactor = compactor, .kind = i == 0 ? LANE_SMALL : LANE_LARGE};
        OR_DONE(thread_start(&lane->thread, i == 0 ? "merges-small" : "merges-large", lane_run, lane));
        compactor->lane_count++;
    }
    pressure_set(store, compactor->options.delay_from, compactor->options.throw_from);
    *out = compactor;
    compactor = NULL;
done:
    compactor_stop(compactor);
    return err;
}

void compactor_stop(struct compactor *compactor)
{
    if (compactor == NULL) {
        return;
    }
    pressure_set(compactor->store, 0, 0);
    lock_take(&compactor->lock);
    atomic_store(&compactor->stop, true);
    condition_broadcast(&compactor->changed);
    lock_give(&compactor->lock);
    for (uint32_t i = 0; i < compactor->lane_count; i++) {
        (void)pthread_join(compactor->lanes[i].thread, NULL);
    }
    condition_deinit(&compactor->changed);
    lock_deinit(&compactor->lock);
    free(compactor);
}
