/*
 * live.c: live queries' life: the thread that owns them, its inbox, its clock.
 *
 * flow     live_attach, live_run's end, a table's change → the inbox, an eventfd → here → live_group.c, live_viewer.c
 * round    what came; what is due to run; what is ready to be sent, at most every LIVE_PASS_US; heartbeats
 * idle     it sleeps until something comes: without viewers no table's change wakes it
 */
#include "server/live_private.h"

#include "base/clock.h"
#include "base/metrics.h"
#include "storage/table.h"

#include <sodium.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <unistd.h>

#define EVENTS       64
#define BEAT_LOOK_US 5000000U
#define STOP_WAIT_US 20000U

METRIC_COUNTER(live_refused, "weir_live_refused_total", "viewers of live queries that were refused for their number");

static void wake(struct live *live)
{
    (void)eventfd_write(live->event, 1);
}

/* A table changed. Any thread, perhaps under its locks. */
static void poke(void *user)
{
    struct live *live = user;
    if (!atomic_load_explicit(&live->poked, memory_order_relaxed) && !atomic_exchange(&live->poked, true)) {
        wake(live);
    }
}

/* ---- the inbox */

static void put(struct live_viewer *viewer)
{
    struct live *live = viewer->live;
    if (!viewer->in_inbox) {
        viewer->in_inbox = true;
        viewer->inbox_next = live->inbox;
        live->inbox = viewer;
    }
}

bool live_attach(struct live_viewer *viewer, const struct live_link *link)
{
    struct live *live = viewer->live;
    struct epoll_event event = {.events = EPOLLRDHUP | (viewer->socket ? (uint32_t)EPOLLIN : 0U),
                                .data = {.ptr = viewer}};
    bool taken = false;
    viewer->link = *link;
    viewer->interest = event.events;
    if (link->first.length > 0) {
        buffer_slice(&viewer->first, link->first);
    }
    lock_take(&live->lock);
    if (!live->stopping && !viewer->first.failed &&
        (link->descriptor < 0 || epoll_ctl(live->epoll, EPOLL_CTL_ADD, link->descriptor, &event) == 0)) {
        viewer->arrives = true;
        put(viewer);
        taken = true;
    }
    lock_give(&live->lock);
    wake(live);
    return taken;
}

void live_writable(struct live_viewer *viewer)
{
    lock_take(&viewer->live->lock);
    viewer->drained = true;
    put(viewer);
    lock_give(&viewer->live->lock);
    wake(viewer->live);
}

void live_lost(struct live_viewer *viewer)
{
    struct live *live = viewer->live;
    lock_take(&live->lock);
    if (viewer->link.descriptor >= 0) {
        (void)epoll_ctl(live->epoll, EPOLL_CTL_DEL, viewer->link.descriptor, NULL);
        viewer->link.descriptor = -1;
    }
    viewer->lost = true;
    put(viewer);
    lock_give(&live->lock);
    wake(live);
}

void live_definitions_changed(struct server *server)
{
    struct live *live = server->live;
    if (live != NULL) {
        atomic_fetch_add(&live->definitions, 1);
        lock_take(&live->lock);
        live->definitions_changed = true;
        lock_give(&live->lock);
        wake(live);
    }
}

uint64_t live_definitions(const struct server *server)
{
    return atomic_load(&server->live->definitions);
}

uint32_t live_nonce(const struct server *server)
{
    return server->live->nonce;
}

static void name_of(const struct live_group *group, char out[32])
{
    (void)snprintf(out, 32, "live-%x-%llu", group->live->nonce, (unsigned long long)group->number);
}

bool live_kill(struct server *server, struct slice id)
{
    struct live *live = server->live;
    char own[32];
    bool found = false;
    struct live_wish *wish = live == NULL ? NULL : calloc(1, sizeof(*wish));
    if (wish == NULL) {
        return false;
    }
    wish->id = strndup(id.length == 0 ? "" : id.data, id.length);
    lock_take(&live->lock);
    for (const struct live_group *group = live->groups; group != NULL && !found && wish->id != NULL;
         group = group->next) {
        name_of(group, own);
        found = strcmp(own, wish->id) == 0;
    }
    if (found) {
        wish->next = live->kills;
        live->kills = wish;
        wish = NULL;
    }
    lock_give(&live->lock);
    if (wish != NULL) {
        live_wish_free(wish);
    }
    wake(live);
    return found;
}

/* The next viewer of the inbox, and what is said of it. */
static struct live_viewer *next_viewer(struct live *live, bool *arrives, bool *drained, bool *lost)
{
    lock_take(&live->lock);
    struct live_viewer *viewer = live->inbox;
    if (viewer != NULL) {
        live->inbox = viewer->inbox_next;
        viewer->in_inbox = false;
        *arrives = viewer->arrives;
        *drained = viewer->drained;
        *lost = viewer->lost;
        viewer->arrives = viewer->drained = viewer->lost = false;
    }
    lock_give(&live->lock);
    return viewer;
}

static void take_viewers(struct live *live, uint64_t now)
{
    bool arrives, drained, lost;
    struct live_viewer *viewer;
    while ((viewer = next_viewer(live, &arrives, &drained, &lost)) != NULL) {
        if (arrives) {
            live_viewer_arrive(viewer, now);
        }
        if (lost) {
            live_viewer_end(viewer, false);
        } else if (drained) {
            live_viewer_drained(viewer, now);
        }
    }
}

static void take_inbox(struct live *live, uint64_t now, bool *stopping)
{
    eventfd_t count;
    (void)eventfd_read(live->event, &count);
    lock_take(&live->lock);
    struct live_group *done = live->done;
    struct live_wish *kills = live->kills;
    bool changed = live->definitions_changed;
    live->done = NULL;
    live->kills = NULL;
    live->definitions_changed = false;
    *stopping = live->stopping;
    lock_give(&live->lock);
    while (done != NULL) {
        struct live_group *group = done;
        done = group->done_next;
        live_group_done(group, now);
    }
    while (kills != NULL) {
        struct live_wish *wish = kills;
        kills = wish->next;
        live_groups_kill(live, wish->id);
        live_wish_free(wish);
    }
    for (struct live_group *group = live->groups; changed && group != NULL; group = group->next) {
        group->wanted = true;
        live->look_wanted = true;
    }
    take_viewers(live, now);
}

/* ---- the thread */

static void send_ready(struct live *live, uint64_t now)
{
    live->passed_us = now;
    while (live->ready != NULL) {
        struct live_viewer *viewer = live->ready;
        live->ready = viewer->ready_next;
        viewer->ready = false;
        live_viewer_flush(viewer, now);
    }
}

static void beat(struct live *live, uint64_t now)
{
    live->heartbeat_us = now;
    for (struct live_viewer *viewer = live->viewers, *next; viewer != NULL; viewer = next) {
        next = viewer->next;
        live_viewer_beat(viewer, now);
    }
}

static uint64_t smaller(uint64_t a, uint64_t b)
{
    return a < b ? a : b;
}

/* What there is to do now; returns for how long nothing is. */
static uint64_t work(struct live *live, uint64_t now)
{
    uint64_t timeout_us;
    if (live->viewers != NULL && now - live->heartbeat_us >= BEAT_LOOK_US) {
        beat(live, now);
    }
    if (live->ready != NULL && now - live->passed_us >= LIVE_PASS_US) {
        send_ready(live, now);
    }
    live_group_look(live, now, &timeout_us);
    if (live->viewers != NULL) {
        timeout_us = smaller(timeout_us, live->heartbeat_us + BEAT_LOOK_US - now);
    }
    if (live->ready != NULL) {
        uint64_t passes = live->passed_us + LIVE_PASS_US;
        timeout_us = smaller(timeout_us, passes > now ? passes - now : 0);
    }
    return timeout_us;
}

static void end_all(struct live *live, uint64_t now)
{
    while (live->viewers != NULL) {
        struct live_viewer *viewer = live->viewers;
        live_viewer_close(viewer, WEBSOCKET_GOING_AWAY, now);
        if (live->viewers == viewer) { /* its client does not take it */
            live_viewer_end(viewer, false);
        }
    }
    for (struct live_group *group = live->groups; group != NULL; group = group->next) {
        if (group->running) {
            query_cancel(&group->progress);
        }
    }
}

/* An event ends no viewer but its own; one that has not arrived yet is told of again. */
static void look_at_sockets(struct live *live, int timeout_ms)
{
    struct epoll_event events[EVENTS];
    int count = epoll_wait(live->epoll, events, EVENTS, timeout_ms);
    uint64_t now = clock_monotonic_us();
    for (int i = 0; i < count; i++) {
        if (events[i].data.ptr != live) {
            live_viewer_event(events[i].data.ptr, events[i].events, now);
        }
    }
}

static void *run(void *object)
{
    struct live *live = object;
    uint64_t timeout_us = 0;
    bool stopping = false;
    while (!stopping) {
        look_at_sockets(live, timeout_us > 3600000000U ? -1 : (int)((timeout_us + 999) / 1000));
        uint64_t now = clock_monotonic_us();
        take_inbox(live, now, &stopping);
        timeout_us = stopping ? 0 : work(live, now);
    }
    do {
        uint64_t now = clock_monotonic_us();
        take_inbox(live, now, &stopping);
        end_all(live, now);
        if (live->running > 0) {
            (void)usleep(STOP_WAIT_US);
        }
    } while (live->running > 0 || live->viewers != NULL);
    return NULL;
}

/* ---- start and stop */

struct err *live_start(struct server *server)
{
    struct err *err = NULL;
    const struct config *config = &server->config;
    struct live *live = calloc(1, sizeof(*live));
    if (live == NULL) {
        return err_oom();
    }
    server->live = live;
    live->server = server;
    lock_init(&live->lock, LOCK_LIVE);
    budget_init(&live->budget, "live queries", config->live_memory_max, NULL);
    live->epoll = epoll_create1(EPOLL_CLOEXEC);
    live->event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
    live->nonce = randombytes_random();
    live->heartbeat_us = clock_monotonic_us();
    struct epoll_event event = {.events = EPOLLIN, .data = {.ptr = live}};
    if (live->epoll < 0 || live->event < 0 || epoll_ctl(live->epoll, EPOLL_CTL_ADD, live->event, &event) != 0) {
        return err_new(ERR_LIMIT_EXCEEDED, "live queries: there are too many open files; raise the limit (ulimit -n)");
    }
    OR_DONE(pool_create("live", config->live_runs_max, &live->pool));
    OR_DONE(thread_start(&live->thread, "live", run, live));
    live->started = true;
    tables_on_change(poke, live);
done:
    return err;
}

void live_stop(struct server *server)
{
    struct live *live = server->live;
    if (live == NULL) {
        return;
    }
    lock_take(&live->lock);
    live->stopping = true;
    lock_give(&live->lock);
    if (live->started) {
        wake(live);
        (void)pthread_join(live->thread, NULL);
        live->started = false;
        tables_on_change(NULL, NULL);
    }
    pool_destroy(live->pool);
    live->pool = NULL;
    while (live->groups != NULL) {
        struct live_group *group = live->groups;
        live->groups = group->next;
        live_group_free(group);
    }
}

void live_free(struct server *server)
{
    struct live *live = server->live;
    if (live != NULL) {
        server->live = NULL;
        if (live->epoll >= 0) {
            (void)close(live->epoll);
        }
        if (live->event >= 0) {
            (void)close(live->event);
        }
        lock_deinit(&live->lock);
        free(live);
    }
}

bool live_enter(struct live_viewer *viewer)
{
    struct live *live = viewer->live;
    if (atomic_fetch_add(&live->viewer_count, 1) >= live->server->config.live_viewers_max) {
        atomic_fetch_sub(&live->viewer_count, 1);
        metric_add(&metric_live_refused, 1);
        return false;
    }
    viewer->counted = true;
    return true;
}

/* ---- what others ask */

void live_each(struct server *server, void (*visit)(void *user, const struct live_query_info *info), void *user)
{
    struct live *live = server->live;
    lock_take(&live->lock);
    for (struct live_group *group = live->groups; group != NULL; group = group->next) {
        struct live_query_info info = {.query = group->spec->shown,
                                       .user = group->spec->user,
                                       .database = group->spec->database,
                                       .viewers = atomic_load(&group->sub_count),
                                       .runs = group->runs,
                                       .failures = group->failures,
                                       .since_monotonic_us = group->since_us,
                                       .min_interval_us = group->spec->min_interval_us,
                                       .mode = atomic_load(&group->mode),
                                       .duration_us = atomic_load(&group->duration_us),
                                       .last_run_us = atomic_load(&group->ran_at_us),
                                       .error = slice_text(group->error)};
        name_of(group, info.id);
        lock_take(&group->lock);
        info.rows = group->tail != NULL ? live_tail_rows(group->tail) : live_result_rows(group->result);
        info.version = live_group_version(group);
        info.bytes = group->tail != NULL ? live_tail_bytes(group->tail) : live_result_bytes(group->result);
        lock_give(&group->lock);
        visit(user, &info);
    }
    lock_give(&live->lock);
}

void live_numbers(struct server *server, struct live_numbers *out)
{
    struct live *live = server->live;
    *out = (struct live_numbers){.queries = atomic_load(&live->group_count),
                                 .viewers = atomic_load(&live->viewer_count),
                                 .subscriptions = atomic_load(&live->sub_count),
                                 .memory = atomic_load(&live->budget.bytes)};
}
