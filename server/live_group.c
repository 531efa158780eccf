/*
 * live_group.c: which live query runs when.
 *
 * due      when somebody joined, a table that the last run read has changed, the time moves its window, or a run failed
 *          and its pause is over; and at the earliest min_interval after the last run began
 * fair     at most live_runs_max run; those that ran longest ago come first
 * errors   what is wrong with the query ends its subscriptions when it never worked; lost rights and KILL end them; all
 *          else is tried again, with growing pauses
 * thread   `live`
 */
#include "server/live_private.h"

#include "base/clock.h"
#include "storage/table.h"

#include <stdio.h>
#include <stdlib.h>

/* ---- the list: under live->lock, as others read it */

static void append(struct live *live, struct live_group *group)
{
    struct live_group *last = live->groups;
    while (last != NULL && last->next != NULL) {
        last = last->next;
    }
    group->next = NULL;
    group->before = last;
    *(last == NULL ? &live->groups : &last->next) = group;
}

static void take_out(struct live *live, struct live_group *group)
{
    *(group->before == NULL ? &live->groups : &group->before->next) = group->next;
    if (group->next != NULL) {
        group->next->before = group->before;
    }
}

void live_group_free(struct live_group *group)
{
    live_watch_deinit(&group->watch);
    arena_destroy(group->tables_arena);
    live_result_destroy(group->result);
    live_tail_destroy(group->tail);
    tick_panes_destroy(group->panes);
    lock_deinit(&group->lock);
    live_spec_free(group->spec);
    err_free(group->err);
    free(group);
}

static void forget(struct live_group *group)
{
    struct live *live = group->live;
    lock_take(&live->lock);
    take_out(live, group);
    lock_give(&live->lock);
    atomic_fetch_sub(&live->group_count, 1);
    live_group_free(group);
}

/* One without viewers makes room. */
static void forget_idle(struct live *live)
{
    struct live_group *group = live->groups;
    while (group != NULL && (group->sub_count > 0 || group->running)) {
        group = group->next;
    }
    if (group != NULL) {
        forget(group);
    }
}

struct err *live_group_find(struct live *live, struct live_spec **spec, struct live_group **out)
{
    struct err *err = NULL;
    uint32_t most = live->server->config.live_queries_max;
    struct live_group *group = live->groups;
    while (group != NULL && (group->killed || group->spec->hash != (*spec)->hash ||
                             !slice_equal(group->spec->identity, (*spec)->identity))) {
        group = group->next;
    }
    *out = group;
    if (group != NULL) {
        return NULL;
    }
    if (atomic_load(&live->group_count) >= most) {
        forget_idle(live);
    }
    if (atomic_load(&live->group_count) >= most) {
        return err_new(ERR_SERVER_OVERLOADED,
                       "the server has %u different live queries (live_queries_max); end some, or raise it", most);
    }
    group = calloc(1, sizeof(*group));
    if (group == NULL) {
        return err_oom();
    }
    lock_init(&group->lock, LOCK_LIVE_GROUP);
    group->live = live;
    group->number = ++live->next_number;
    group->since_us = clock_monotonic_us();
    group->mode = "";
    OR_DONE((*spec)->rows ? live_tail_create(&live->budget, (*spec)->last, &group->tail)
                          : live_result_create(&live->budget, &group->result));
    group->spec = *spec;
    *spec = NULL;
    lock_take(&live->lock);
    append(live, group);
    lock_give(&live->lock);
    atomic_fetch_add(&live->group_count, 1);
    *out = group;
    group = NULL;
done:
    if (group != NULL) {
        live_group_free(group);
    }
    return err;
}

/* ---- what viewers get */

uint64_t live_group_version(const struct live_group *group)
{
    return group->tail != NULL ? live_tail_version(group->tail) : live_result_version(group->result);
}

bool live_group_knows(const struct live_group *group, uint64_t version)
{
    return group->tail != NULL ? live_tail_knows(group->tail, version) : live_result_knows(group->result, version);
}

struct err *live_group_since(struct live_group *group, uint64_t version, struct live_bytes **out)
{
    return group->tail != NULL ? live_tail_since(group->tail, version, out)
                               : live_result_since(group->result, version, out);
}

/* ---- when */

static bool has_changed(const struct live_group *group)
{
    for (uint32_t i = 0; i < group->watch.count; i++) {
        if (table_changes(group->watch.items[i].table) != group->watch.items[i].changes) {
            return true;
        }
    }
    return false;
}

static uint64_t later(uint64_t a, uint64_t b)
{
    return a > b ? a : b;
}

/* From when on it is to run; UINT64_MAX: nothing is to be done. */
static uint64_t due_at(struct live_group *group, bool looks)
{
    uint64_t interval = group->spec->min_interval_us;
    uint64_t earliest = group->started_us == 0 ? 0 : group->started_us + interval;
    if (group->failed) {
        return group->wanted ? earliest : later(earliest, group->retry_at_us);
    }
    group->wanted = group->wanted || (looks && has_changed(group));
    if (group->wanted || group->timed) {
        return earliest;
    }
    return group->polled ? later(earliest, group->started_us + LIVE_POLL_US) : UINT64_MAX;
}

static void start(struct live_group *group, uint64_t now)
{
    struct live *live = group->live;
    group->wanted = false;
    group->running = true;
    group->started_us = now;
    group->progress = (struct query_progress){0}; /* here, and not in the run: that may be cancelled at once */
    lock_take(&live->lock);
    take_out(live, group);
    append(live, group);
    lock_give(&live->lock);
    live->running++;
    struct err *err = pool_run(live->pool, NULL, live_run, group);
    if (err != NULL) { /* memory: a run that failed */
        group->err = err;
        live_group_done(group, now);
    }
}

/* A tail goes on without viewers while it lingers: who comes back misses nothing. */
static bool is_followed(const struct live_group *group)
{
    return group->sub_count > 0 || (group->tail != NULL && !group->failed);
}

/* Without viewers: kept for a while. */
static bool lingers(struct live_group *group, uint64_t now, uint64_t *next)
{
    if (group->sub_count > 0) {
        group->idle_from_us = 0;
        return true;
    }
    if (group->running) {
        return true;
    }
    group->idle_from_us = group->idle_from_us == 0 ? now : group->idle_from_us;
    if (group->panes != NULL) {
        tick_panes_rest(group->panes);
    }
    uint64_t until = group->idle_from_us + LIVE_LINGER_US;
    if (group->failed || group->killed || now >= until) {
        forget(group);
        return false;
    }
    *next = until < *next ? until : *next;
    return true;
}

void live_group_look(struct live *live, uint64_t now, uint64_t *timeout_us)
{
    uint64_t next = UINT64_MAX;
    bool looks = live->look_wanted || atomic_load(&live->poked), any = false;
    for (struct live_group *group = live->groups; group != NULL && !any; group = group->next) {
        any = is_followed(group);
    }
    if (looks && now < live->looked_us + LIVE_LOOK_US && !live->look_wanted) {
        looks = false;
        next = any ? live->looked_us + LIVE_LOOK_US : UINT64_MAX;
    } else if (looks && any) {
        live->looked_us = now;
        atomic_store(&live->poked, false); /* before what it stands for is looked at */
    }
    live->look_wanted = false;
    uint32_t left = (uint32_t)atomic_load(&live->group_count);
    for (struct live_group *group = live->groups, *following; group != NULL && left > 0; group = following, left--) {
        following = group->next;
        if (!lingers(group, now, &next) || group->running || !is_followed(group)) {
            continue;
        }
        uint64_t at = due_at(group, looks);
        if (at <= now && live->running < live->server->config.live_runs_max) {
            start(group, now);
        } else if (at > now && at < next) {
            next = at;
        }
    }
    *timeout_us = next == UINT64_MAX ? UINT64_MAX : next > now ? next - now : 0;
}

/* ---- what came of it */

static bool is_final(const struct live_group *group, bool worked)
{
    enum err_code code = err_code(group->err);
    if (group->killed || code == ERR_ACCESS_DENIED || code == ERR_AUTHENTICATION || code == ERR_UNKNOWN_USER) {
        return true;
    }
    return !worked && code != ERR_MEMORY_LIMIT && code != ERR_TIMEOUT && code != ERR_OOM &&
           code != ERR_SERVER_OVERLOADED && code != ERR_QUOTA_EXCEEDED && code != ERR_QUERY_CANCELLED;
}

static void failed(struct live_group *group, uint64_t now)
{
    struct live *live = group->live;
    lock_take(&group->lock);
    bool worked = live_group_version(group) > 0;
    bool final = is_final(group, worked);
    if (final && group->tail == NULL) { /* of a tail: who comes begins anew */
        live_result_forget(group->result);
    }
    lock_give(&group->lock);
    struct live_bytes *bytes = live_error_bytes(live, group->err, final);
    bool again = group->failed; /* it was said already */
    group->failed = true;
    group->retry_us = group->retry_us == 0 ? LIVE_RETRY_US : 2 * group->retry_us;
    group->retry_us = group->retry_us > LIVE_RETRY_US_MAX ? LIVE_RETRY_US_MAX : group->retry_us;
    group->retry_at_us = now + group->retry_us;
    for (struct live_sub *sub = group->subs; sub != NULL; sub = sub->next) {
        sub->final = final;
        sub->seen = group->tail == NULL ? 0 : sub->seen; /* a tail goes on, and says what is missing */
        if (bytes != NULL && (!again || final || !sub->told)) {
            live_bytes_unref(sub->error);
            sub->error = live_bytes_ref(bytes);
            sub->told = true;
            live_sub_mark(sub);
        }
    }
    group->killed = group->killed || final; /* who comes begins anew */
    live_bytes_unref(bytes);
}

void live_group_done(struct live_group *group, uint64_t now)
{
    struct live *live = group->live;
    group->running = false;
    live->running--;
    live->look_wanted = true;
    if (group->err != NULL && err_code(group->err) == ERR_QUERY_CANCELLED && !group->killed) {
        err_free(group->err); /* nobody looked at it any more, or the server stops */
        group->err = NULL;
        group->wanted = true;
        return;
    }
    lock_take(&live->lock);
    group->runs++;
    group->failures += group->err != NULL;
    (void)snprintf(group->error, sizeof(group->error), "%s", group->err == NULL ? "" : err_message(group->err));
    lock_give(&live->lock);
    if (group->err != NULL) {
        failed(group, now);
        err_free(group->err);
        group->err = NULL;
        return;
    }
    group->failed = false;
    group->retry_us = 0;
    lock_take(&group->lock);
    uint64_t version = live_group_version(group);
    lock_give(&group->lock);
    for (struct live_sub *sub = group->subs; sub != NULL; sub = sub->next) {
        sub->told = false;
        if (sub->seen != version) {
            live_sub_mark(sub);
        }
    }
}

/* ---- KILL */

static void kill_group(struct live_group *group, uint64_t now)
{
    group->killed = true;
    if (group->running) {
        query_cancel(&group->progress);
        return;
    }
    group->err = err_new(ERR_QUERY_CANCELLED, "Query was cancelled");
    failed(group, now);
    err_free(group->err);
    group->err = NULL;
}

void live_groups_kill(struct live *live, const char *id)
{
    for (struct live_group *group = live->groups; group != NULL; group = group->next) {
        char own[32];
        (void)snprintf(own, sizeof(own), "live-%x-%llu", live->nonce, (unsigned long long)group->number);
        if (strcmp(own, id) == 0 && !group->killed) {
            kill_group(group, clock_monotonic_us());
        }
    }
}
