/*
 * lane.c: a thread that commits the drafts of one worker in order, and tries again while that can help.
 *
 * states   working → retrying (an attempt failed, the next comes after a pause) → working
 *          → dead (a final error): all later drafts fail with ERR_ABORTED until the lane is closed
 * owns     submitted drafts
 */
#include "base/clock.h"
#include "base/lock.h"
#include "base/log.h"
#include "base/metrics.h"
#include "base/pool.h"
#include "storage/draft.h"

#include <stdlib.h>
#include <string.h>

METRIC_GAUGE(waiting, "weir_commits_waiting", "commits that wait or run, of sources and the insert log");

#define PAUSE_US_FIRST ((uint64_t)50 * 1000)
#define PAUSE_US_MAX   ((uint64_t)5 * 1000 * 1000)

struct item {
    struct item *next;
    struct draft *draft;
    draft_done done;
    void *user;
};

struct lane {
    struct store *store;
    char name[64];
    struct lock lock;
    struct condition changed;
    struct item *first;
    struct item **last;
    uint32_t count; /* waiting, and the one in work */
    bool closing;
    bool dead;
    struct err *err;       /* retried now, or died of */
    struct err *unclaimed; /* first final error since lane_wait */
    pthread_t thread;
    bool started;
};

/* Tries until it works, fails for good, or the lane closes. */
static struct err *item_commit(struct lane *lane, struct item *item, struct commit_info *commit)
{
    uint64_t pause = PAUSE_US_FIRST;
    for (;;) {
        struct err *err = draft_commit(item->draft, commit);
        if (err == NULL || draft_error_is_final(err)) {
            return err;
        }
        LOG_ERROR("commit_retry", LOG_TEXT("lane", lane->name), LOG_ERR(err),
                  LOG_UINT("rows", draft_rows(item->draft)));
        lock_take(&lane->lock);
        err_free(lane->err);
        lane->err = err_copy(err);
        condition_broadcast(&lane->changed);
        uint64_t until = clock_monotonic_us() + pause;
        while (!lane->closing) {
            uint64_t now = clock_monotonic_us();
            if (now >= until) {
                break;
            }
            (void)condition_wait_for(&lane->changed, &lane->lock, until - now);
        }
        bool closing = lane->closing;
        lock_give(&lane->lock);
        if (closing) {
            return err;
        }
        err_free(err);
        pause = pause * 2 > PAUSE_US_MAX ? PAUSE_US_MAX : pause * 2;
    }
}

static void *lane_run(void *object)
{
    struct lane *lane = object;
    lock_take(&lane->lock);
    for (;;) {
        while (lane->first == NULL && !lane->closing) {
            condition_wait(&lane->changed, &lane->lock);
        }
        struct item *item = lane->first;
        if (item == NULL) {
            break;
        }
        lane->first = item->next;
        if (lane->first == NULL) {
            lane->last = &lane->first;
        }
        bool dead = lane->dead;
        lock_give(&lane->lock);

        struct commit_info commit = {0};
        struct err *err = dead ? err_new(ERR_ABORTED, "an earlier commit of \"%s\" failed", lane->name)
                               : item_commit(lane, item, &commit);
        if (err != NULL && !dead) {
            LOG_ERROR("commit_failed", LOG_TEXT("lane", lane->name), LOG_ERR(err));
        }
        if (item->done != NULL) {
            item->done(item->user, err, err == NULL ? &commit : NULL);
        }
        draft_destroy(item->draft);
        free(item);

        lock_take(&lane->lock);
        err_free(err == NULL || !dead ? lane->err : NULL);
        if (err == NULL || !dead) {
            lane->err = NULL;
        }
        if (err != NULL && !dead) {
            lane->dead = true;
            lane->err = err_copy(err);
            err_keep_first(&lane->unclaimed, err_copy(err));
        }
        err_free(err);
        lane->count--;
        metric_change(&metric_waiting, -1);
        condition_broadcast(&lane->changed);
    }
    lock_give(&lane->lock);
    return NULL;
}

struct err *lane_open(struct store *store, const char *name, struct lane **out)
{
    struct err *err = NULL;
    struct lane *lane = calloc(1, sizeof(*lane));

    if (lane == NULL) {
        return err_oom();
    }
    lane->store = store;
    lane->last = &lane->first;
    (void)strncpy(lane->name, name, sizeof(lane->name) - 1);
    lock_init(&lane->lock, LOCK_POOL);
    condition_init(&lane->changed);
    OR_DONE(thread_start(&lane->thread, "commit", lane_run, lane));
    lane->started = true;
    *out = lane;
    lane = NULL;
done:
    lane_close(lane);
    return err;
}

void lane_submit(struct lane *lane, struct draft *draft, draft_done done, void *user)
{
    struct item *item = calloc(1, sizeof(*item));
    ASSERT(item != NULL); /* a few bytes */
    *item = (struct item){NULL, draft, done, user};
    lock_take(&lane->lock);
    while (lane->count >= LANE_DRAFTS_MAX && !lane->closing) {
        condition_wait(&lane->changed, &lane->lock);
    }
    bool refused = lane->closing;
    if (!refused) {
        *lane->last = item;
        lane->last = &item->next;
        lane->count++;
        metric_change(&metric_waiting, 1);
        condition_broadcast(&lane->changed);
    }
    lock_give(&lane->lock);
    if (refused) {
        struct err *err = err_new(ERR_ABORTED, "the commits of \"%s\" are being given up", lane->name);
        if (done != NULL) {
            done(user, err, NULL);
        }
        err_free(err);
        draft_destroy(draft);
        free(item);
    }
}

void lane_give_up(struct lane *lane)
{
    lock_take(&lane->lock);
    lane->closing = true;
    condition_broadcast(&lane->changed);
    lock_give(&lane->lock);
}

struct err *lane_wait(struct lane *lane)
{
    lock_take(&lane->lock);
    while (lane->count > 0) {
        condition_wait(&lane->changed, &lane->lock);
    }
    struct err *err = lane->unclaimed;
    lane->unclaimed = NULL;
    lock_give(&lane->lock);
    return err;
}

struct err *lane_settle(struct lane *lane)
{
    lock_take(&lane->lock);
    while (lane->count > 0 && lane->err == NULL) {
        condition_wait(&lane->changed, &lane->lock);
    }
    struct err *err = err_copy(lane->err);
    lock_give(&lane->lock);
    return err;
}

struct err *lane_error(struct lane *lane)
{
    lock_take(&lane->lock);
    struct err *err = err_copy(lane->err);
    lock_give(&lane->lock);
    return err;
}

void lane_close(struct lane *lane)
{
    if (lane == NULL) {
        return;
    }
    if (lane->started) {
        lock_take(&lane->lock);
        lane->closing = true;
        condition_broadcast(&lane->changed);
        lock_give(&lane->lock);
        (void)pthread_join(lane->thread, NULL);
    }
    err_free(lane->err);
    err_free(lane->unclaimed);
    condition_deinit(&lane->changed);
    lock_deinit(&lane->lock);
    free(lane);
}
