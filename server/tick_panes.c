/*
 * tick_panes.c: see tick_panes.h.
 *
 * kept     the inner query that `bind` made: its plan's types, functions and constants are those of the panes, and its
 *          scan gets the snapshots of the tail, one after the other (source_see)
 * origin   panes begin at origin + n × pane_ticks, so that windows that begin at odd ticks (ts > …) begin with one
 */
#include "server/tick_panes.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/metrics.h"
#include "query/pane_tree.h"
#include "query/pane_window.h"
#include "query/storage_source.h"
#include "server/settings.h"
#include "storage/snapshot.h"
#include "storage/tail.h"

#include <stdlib.h>

METRIC_COUNTER(pane_ticks, "weir_pane_ticks_total",
               "windows of live queries and rules that were answered from their panes");
METRIC_COUNTER(pane_builds, "weir_pane_builds_total",
               "times that panes of live queries and rules were made from their tables");

#define MOVES_MAX       3U         /* so often in a row the query was soon another one, */
#define SOON_S          60         /* before that much of its time had passed */
#define INTERVAL_US_MAX 60000000   /* between ticks: longer, a tail is not followed, as it keeps heads in memory */
#define COSTLY_ROWS     1000000U   /* panes that are made of more are not made anew so soon again */
#define FINER_MAX       1000U      /* panes of a second, then of these parts of it: 10, 100, 1000 */
#define RETRY_US        300000000U /* after an error */
#define DISTANCES       65U        /* powers of two, and none */
#define SLACK_PANES     2U         /* more than the window's own: where it ends may fall into one */

#define TOO_SELDOM "it runs less than once a minute"

/* Rows behind the window's end. */
struct ahead {
    struct ahead *next;
    struct arena *arena;
    struct chunk *chunk;
    int64_t *times;
    int64_t first; /* the smallest one */
};

struct tick_panes {
    struct inner_query kept;
    struct pane_window window; /* of its plan */
    struct plan *rows;
    struct table_tail *tail;
    struct pane_tree *tree; /* NULL: there are no panes */
    struct arena *arena;
    struct ahead *ahead;
    int64_t origin, pane_ticks;
    uint64_t room;     /* panes */
    int64_t low, high; /* of the last tick */
    int64_t made;      /* where the window ended when they were made */
    int64_t parts;     /* panes are so many to a second; 0: as long as a step */
    uint64_t longest;  /* window, in panes of the last size */
    uint32_t moves;
    int64_t rests; /* until the window ends there: they would be made anew too often; or INT64_MIN */
    const char *given_up;
    uint64_t given_until_us; /* monotonic: then it is tried again; 0: for good */
};

struct err *tick_panes_create(struct tick_panes **out)
{
    *out = calloc(1, sizeof(**out));
    if (*out == NULL) {
        return err_oom();
    }
    (*out)->rests = (*out)->made = INT64_MIN;
    return NULL;
}

static void ahead_free(struct ahead *ahead)
{
    arena_destroy(ahead->arena);
    free(ahead);
}

void tick_panes_rest(struct tick_panes *panes)
{
    while (panes->ahead != NULL) {
        struct ahead *next = panes->ahead->next;
        ahead_free(panes->ahead);
        panes->ahead = next;
    }
    pane_tree_destroy(panes->tree);
    panes->tree = NULL;
    table_tail_close(panes->tail);
    panes->tail = NULL;
    arena_destroy(panes->arena);
    panes->arena = NULL;
    inner_query_end(&panes->kept);
    panes->kept = (struct inner_query){0};
}

void tick_panes_destroy(struct tick_panes *panes)
{
    if (panes != NULL) {
        tick_panes_rest(panes);
        free(panes);
    }
}

/* ---- rows */

static struct err *times_of(struct arena *arena, const struct column *column, int64_t **out)
{
    const struct column *flat = column_flat(arena, column);
    int64_t *times = flat == NULL ? NULL : ARENA_ARRAY(arena, int64_t, column->row_count + 1U);
    if (times == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < column->row_count; i++) {
        times[i] = column->type->kind == TYPE_DATETIME ? ((const uint32_t *)flat->values)[i]
                                                       : ((const int64_t *)flat->values)[i];
    }
    *out = times;
    return NULL;
}

/* Rows before the window's end, with their times. */
static struct err *add_rows(struct tick_panes *panes, struct arena *arena, const struct chunk *chunk,
                            const int64_t *times)
{
    struct pane_tree_left left = {0};
    const struct column *const *columns = (const struct column *const *)chunk->columns;
    int64_t *moved = ARENA_ARRAY(arena, int64_t, chunk->row_count + 1U);
    if (moved == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < chunk->row_count; i++) {
        moved[i] = times[i] - panes->origin;
    }
    struct err *err = pane_tree_add(panes->tree, moved, columns + 1,
                                    columns + 1 + panes->window.aggregation->expression_count, chunk->row_count, &left);
    ASSERT(err != NULL || left.ahead == 0);
    return err;
}

static struct err *take_rows(struct arena *arena, const struct chunk *chunk, const int64_t *times,
                             const uint32_t *positions, uint32_t count, struct chunk **out, int64_t **out_times)
{
    struct chunk *taken = chunk_new(arena, chunk->column_count, count);
    int64_t *own = ARENA_ARRAY(arena, int64_t, count + 1U);
    if (taken == NULL || own == NULL) {
        return arena_error(arena);
    }
    for (uint32_t c = 0; c < chunk->column_count; c++) {
        taken->columns[c] = column_take(arena, chunk->columns[c], positions, count);
        if (taken->columns[c] == NULL) {
            return arena_error(arena);
        }
    }
    for (uint32_t i = 0; i < count; i++) {
        own[i] = times[positions[i]];
    }
    *out = taken;
    *out_times = own;
    return NULL;
}

/* Keeps rows for later: copies. */
static struct err *put_ahead(struct tick_panes *panes, const struct chunk *chunk, const int64_t *times,
                             const uint32_t *positions, uint32_t count)
{
    struct err *err = NULL;
    struct chunk *taken = NULL;
    struct arena *scratch = arena_create(&panes->kept.process.budget);
    struct ahead *ahead = calloc(1, sizeof(*ahead));
    if (ahead != NULL) {
        ahead->arena = arena_create(&panes->kept.process.budget);
    }
    if (scratch == NULL || ahead == NULL || ahead->arena == NULL) {
        err = err_oom();
        goto done;
    }
    OR_DONE(take_rows(scratch, chunk, times, positions, count, &taken, &ahead->times));
    ahead->chunk = chunk_copy(ahead->arena, taken);
    int64_t *own = ARENA_ARRAY(ahead->arena, int64_t, count + 1U);
    if (ahead->chunk == NULL || own == NULL) {
        err = arena_error(ahead->arena);
        goto done;
    }
    for (uint32_t c = 0; c < chunk->column_count; c++) { /* the segment that they are of may be closed meanwhile */
        column_own_types(ahead->chunk->columns[c], panes->rows->columns[c].type);
    }
    memcpy(own, ahead->times, count * sizeof(*own));
    ahead->times = own;
    ahead->first = own[0];
    for (uint32_t i = 1; i < count; i++) {
        ahead->first = own[i] < ahead->first ? own[i] : ahead->first;
    }
    ahead->next = panes->ahead;
    panes->ahead = ahead;
    ahead = NULL;
done:
    if (ahead != NULL) {
        ahead_free(ahead);
    }
    arena_destroy(scratch);
    return err;
}

/* 0: before the window's end; else how many panes behind it, by powers of two. */
static uint32_t distance_of(const struct tick_panes *panes, int64_t time)
{
    if (time < panes->high) {
        return 0;
    }
    uint64_t distance = ((uint64_t)time - (uint64_t)panes->high) / (uint64_t)panes->pane_ticks;
    return 64U - (uint32_t)__builtin_clzll(distance + 1);
}

/* Rows of any time: those before the window's end into the panes, the others wait, apart by their distance: a row is
 * looked at again once for each power of two in it, not whenever the window moves. */
static struct err *place_rows(struct tick_panes *panes, struct arena *arena, const struct chunk *chunk,
                              const int64_t *times)
{
    struct err *err = NULL;
    uint32_t rows = chunk->row_count, counts[DISTANCES] = {0};
    uint8_t *distances = ARENA_ARRAY(arena, uint8_t, rows + 1U);
    uint32_t *positions = ARENA_ARRAY(arena, uint32_t, rows + 1U);
    struct chunk *part = NULL;
    int64_t *part_times = NULL;
    if (distances == NULL || positions == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < rows; i++) {
        distances[i] = (uint8_t)distance_of(panes, times[i]);
        counts[distances[i]]++;
    }
    if (counts[0] == rows) {
        return add_rows(panes, arena, chunk, times);
    }
    for (uint32_t distance = 0; distance < DISTANCES; distance++) {
        uint32_t count = 0;
        for (uint32_t i = 0; counts[distance] > 0 && i < rows; i++) {
            positions[count] = i;
            count += distances[i] == distance;
        }
        if (count > 0 && distance > 0) {
            OR_DONE(put_ahead(panes, chunk, times, positions, count));
        } else if (count > 0) {
            OR_DONE(take_rows(arena, chunk, times, positions, count, &part, &part_times));
            OR_DONE(add_rows(panes, arena, part, part_times));
        }
    }
done:
    return err;
}

static struct err *take_chunk(void *user, const struct chunk *chunk, bool *stop)
{
    struct err *err = NULL;
    struct tick_panes *panes = user;
    int64_t *times = NULL;
    (void)stop;
    OR_DONE(times_of(panes->arena, chunk->columns[0], &times));
    err = place_rows(panes, panes->arena, chunk, times);
done:
    arena_reset(panes->arena);
    return err;
}

/* Rows whose time has come. */
static struct err *take_ahead(struct tick_panes *panes)
{
    struct err *err = NULL;
    struct ahead *waiting = panes->ahead;
    panes->ahead = NULL;
    while (waiting != NULL) {
        struct ahead *next = waiting->next;
        if (waiting->first >= panes->high) {
            waiting->next = panes->ahead;
            panes->ahead = waiting;
        } else {
            err = err != NULL ? err : place_rows(panes, panes->arena, waiting->chunk, waiting->times);
            ahead_free(waiting);
        }
        waiting = next;
    }
    arena_reset(panes->arena);
    return err;
}

/* Moves snapshot. */
static struct err *feed(struct tick_panes *panes, struct snapshot *snapshot, uint32_t threads,
                        struct query_progress *progress)
{
    uint64_t rows = snapshot_rows(snapshot);
    source_see(panes->window.scan->source, snapshot);
    if (rows == 0) {
        return NULL;
    }
    const struct query_plan whole = panes->kept.plan;
    panes->kept.plan = (struct query_plan){.plan = panes->rows};
    struct err *err = inner_query_run(&panes->kept, threads, progress, take_chunk, panes);
    panes->kept.plan = whole;
    return err;
}

/* ---- making them */

/* *pane_ticks 0: none is short enough. parts 0: as long as a step, else a part of a second. */
static int64_t ticks_of_pane(const struct pane_window *window, int64_t step_us, int64_t parts)
{
    if (parts == 0) {
        __int128 ticks = (__int128)step_us * window->second / 1000000;
        return ticks * 1000000 == (__int128)step_us * window->second && ticks <= INT64_MAX / 4 ? (int64_t)ticks : 0;
    }
    return window->second % parts == 0 ? window->second / parts : 0;
}

/* From the pane of `low` to that which `high` is the end of, or lies in. */
static uint64_t count_panes(int64_t low, int64_t high, int64_t pane_ticks)
{
    uint64_t ticks = high <= low ? 0 : (uint64_t)high - (uint64_t)low;
    return ticks / (uint64_t)pane_ticks + (ticks % (uint64_t)pane_ticks > 0);
}

static const char *fits(const struct pane_window *window, const struct query_limits *limits)
{
    return !window->ends ? "its window has no end: sources have not said how far they are, or its time is no event time"
           : limits->max_rows_to_read > 0 || limits->max_bytes_to_read > 0 || limits->max_rows_to_group_by > 0
               ? "it has limits of rows"
               : NULL;
}

static const char *choose_pane(struct tick_panes *panes, const struct pane_window *window, int64_t step_us)
{
    int64_t ticks = 0;
    if (panes->parts == 0) {
        ticks = ticks_of_pane(window, step_us, 0);
        panes->parts = ticks > 0 ? 0 : 1;
    }
    ticks = panes->parts == 0 ? ticks : ticks_of_pane(window, step_us, panes->parts);
    if (ticks == 0 || panes->parts > (int64_t)FINER_MAX) {
        return "its window begins at times that no pane begins at";
    }
    uint64_t count = count_panes(window->low, window->high, ticks) + SLACK_PANES;
    count = count > panes->longest ? count : panes->longest;
    if (count > PANE_TREE_PANES_MAX) {
        return "its window has too many panes";
    }
    panes->pane_ticks = ticks;
    panes->room = panes->longest = count;
    panes->origin = window->low % ticks;
    return NULL;
}

static int64_t end_of(const struct tick_panes *panes, int64_t high)
{
    int64_t ticks = high - panes->origin, pane = ticks / panes->pane_ticks;
    pane += pane * panes->pane_ticks < ticks;
    return pane * panes->pane_ticks;
}

/* *why: it cannot be; then there are none. */
static struct err *make(struct tick_panes *panes, const struct pane_window *wanted,
                        const struct tick_panes_options *options, const char **why)
{
    struct err *err = NULL;
    struct snapshot *snapshot = NULL;
    const uint32_t *columns;
    OR_DONE(options->bind(options->user, &panes->kept));
    struct execution *execution = panes->kept.execution;
    struct arena *arena = execution->arena;
    OR_DONE(pane_window_of(arena, &panes->kept.plan, &execution->context, options->marks, &panes->window));
    const struct pane_window *window = &panes->window;
    *why = window->why != NULL                             ? window->why
           : !digest_equal(window->digest, wanted->digest) ? "what it computes has just changed"
                                                           : choose_pane(panes, wanted, options->step_us);
    if (*why != NULL) {
        panes->given_up = window->why == NULL && digest_equal(window->digest, wanted->digest) ? *why : NULL;
        goto done;
    }
    OR_DONE(pane_window_rows(arena, window, &panes->rows));
    const struct plan *aggregation = window->aggregation;
    const struct type **types = ARENA_ARRAY(arena, const struct type *, aggregation->expression_count + 1U);
    panes->arena = arena_create(&panes->kept.process.budget);
    if (types == NULL || panes->arena == NULL) {
        err = types == NULL ? arena_error(arena) : err_oom();
        goto done;
    }
    for (uint32_t k = 0; k < aggregation->expression_count; k++) {
        types[k] = aggregation->expressions[k]->type;
    }
    const struct pane_tree_options tree = {.key_types = types,
                                           .key_count = aggregation->expression_count,
                                           .aggregates = aggregation->aggregates,
                                           .aggregate_count = aggregation->aggregate_count,
                                           .window_panes = (uint32_t)panes->room,
                                           .pane_ticks = panes->pane_ticks,
                                           .budget = &panes->kept.process.budget};
    OR_DONE(pane_tree_create(&tree, &panes->tree));
    OR_DONE(pane_tree_advance(panes->tree, end_of(panes, wanted->high)));
    panes->low = wanted->low;
    panes->high = wanted->high;
    struct snapshot *like = source_snapshot(window->scan->source, &columns);
    OR_DONE(table_tail_follow(like, &panes->tail, &snapshot));
    if (panes->tail == NULL || !table_tail_is_of(panes->tail, like)) {
        *why = panes->tail == NULL ? "its table combines rows, or views fill it" : "its table has just changed";
        snapshot_unref(snapshot);
        goto done;
    }
    metric_add(&metric_pane_builds, 1);
    execution->settings.limits = (struct query_limits){0}; /* of rows that are read, there are none */
    uint64_t read = atomic_load(&options->progress->rows_read);
    OR_DONE(feed(panes, snapshot, options->threads, options->progress));
    bool costly = atomic_load(&options->progress->rows_read) - read > COSTLY_ROWS;
    bool soon = panes->made != INT64_MIN && wanted->high - panes->made < SOON_S * window->second;
    panes->rests = costly && soon ? wanted->high + SOON_S * window->second : INT64_MIN;
    panes->made = wanted->high;
done:
    if (err != NULL || *why != NULL) {
        tick_panes_rest(panes);
    }
    return err;
}

/* ---- a tick */

/* Do the panes serve this window? They may be of no use any more: then they are gone. */
static bool still_serve(struct tick_panes *panes, const struct pane_window *window, const struct snapshot *like)
{
    bool same = digest_equal(panes->window.digest, window->digest);
    bool fine = (window->low - panes->origin) % panes->pane_ticks == 0;
    uint64_t count = count_panes(window->low, window->high, panes->pane_ticks) + SLACK_PANES;
    if (!same) {
        panes->moves = window->high - panes->made < SOON_S * window->second ? panes->moves + 1 : 0;
        panes->given_up = panes->moves >= MOVES_MAX ? "what it computes moves with the time, too" : NULL;
    } else if (!fine) {
        panes->parts = panes->parts == 0 ? 1 : panes->parts * 10;
        panes->longest = 0;
    } else if (count > panes->room) {
        panes->longest = count + count / 4;
    }
    return same && fine && count <= panes->room && window->low >= panes->low && window->high >= panes->high &&
           table_tail_is_of(panes->tail, like);
}

/* Rows that came. *lost: not all are known, or others were changed; no snapshot. */
static struct err *take(struct tick_panes *panes, struct snapshot **out, bool *lost)
{
    uint64_t missed = 0;
    struct err *err = table_tail_take(panes->tail, out, &missed);
    *lost = err == NULL && (missed > 0 || !table_tail_is_exact(panes->tail));
    if (*lost) {
        snapshot_unref(*out);
        *out = NULL;
    }
    return err;
}

static struct err *follow(struct tick_panes *panes, const struct pane_window *window, struct query_progress *progress,
                          bool *lost)
{
    struct err *err = NULL;
    struct snapshot *snapshot = NULL;
    OR_DONE(take(panes, &snapshot, lost));
    if (*lost) {
        goto done;
    }
    panes->low = window->low;
    panes->high = window->high;
    OR_DONE(pane_tree_advance(panes->tree, end_of(panes, window->high)));
    OR_DONE(take_ahead(panes));
    err = feed(panes, snapshot, 1, progress);
done:
    return err;
}

static struct err *answer(struct tick_panes *panes, struct inner_query *inner, const struct pane_window *window,
                          const struct tick_panes_options *options, const char **why)
{
    struct err *err = NULL;
    struct chunk *rows = NULL;
    struct execution *execution = inner->execution;
    const uint32_t *columns;
    bool lost = false;
    if (panes->made != INT64_MIN && window->high < panes->made) { /* the time went back */
        panes->rests = INT64_MIN;
        panes->made = window->high - SOON_S * window->second;
    }
    bool serve = panes->tree != NULL && still_serve(panes, window, source_snapshot(window->scan->source, &columns));
    if (!serve) {
        tick_panes_rest(panes);
    }
    *why = panes->given_up;
    if (*why == NULL && !serve && window->high < panes->rests) {
        *why = "many rows of its table were changed again and again";
    }
    if (*why == NULL && serve) {
        OR_DONE(follow(panes, window, options->progress, &lost));
        if (lost) {
            tick_panes_rest(panes);
            *why = window->high < panes->rests ? "many rows of its table were changed again and again" : NULL;
        }
    }
    if (*why == NULL && (!serve || lost)) {
        OR_DONE(make(panes, window, options, why));
    }
    if (*why != NULL) {
        goto done;
    }
    OR_DONE(pane_tree_result_from(panes->tree, execution->arena, window->low - panes->origin, &rows));
    OR_DONE(pane_window_answer(execution->arena, window, rows));
    metric_add(&metric_pane_ticks, 1);
done:
    return err;
}

/* Whoever asks is answered without them, for a while. Frees err. */
static void fail(struct tick_panes *panes, struct err *err)
{
    bool memory = err_code(err) == ERR_MEMORY_LIMIT;
    tick_panes_rest(panes);
    panes->given_up = memory ? "its panes take more than the memory there is for them" : "its panes failed";
    panes->given_until_us = clock_monotonic_us() + RETRY_US;
    if (!memory) {
        LOG_WARNING("a query's panes failed: it is computed without them for some minutes", LOG_ERR(err));
    }
    err_free(err);
}

void tick_panes_follow(struct tick_panes *panes, struct query_progress *progress)
{
    struct err *err = NULL;
    struct snapshot *snapshot = NULL;
    bool lost = false;
    if (panes->tree == NULL) {
        return;
    }
    OR_DONE(take(panes, &snapshot, &lost));
    if (lost) {
        tick_panes_rest(panes);
    } else {
        err = feed(panes, snapshot, 1, progress);
    }
done:
    if (err != NULL) {
        fail(panes, err);
    }
}

struct err *tick_panes_answer(struct tick_panes *panes, struct inner_query *inner,
                              const struct tick_panes_options *options, const char **why)
{
    struct err *err = NULL;
    struct pane_window window = {0};
    const struct execution *execution = inner->execution;
    if (panes->given_until_us != 0 && clock_monotonic_us() >= panes->given_until_us) {
        panes->given_up = NULL;
        panes->given_until_us = 0;
    }
    *why = panes->given_up != NULL                                  ? panes->given_up
           : options->interval_us > INTERVAL_US_MAX                 ? TOO_SELDOM
           : !execution->settings.use_pane_tree                     ? "use_pane_tree is off"
           : execution->settings.skip_damaged_segments              ? "it leaves out damaged segments"
           : execution->settings.incomplete_buckets != BUCKETS_KEEP ? "it asks which buckets are complete"
                                                                    : NULL;
    if (*why == NULL) {
        OR_DONE(pane_window_of(execution->arena, &inner->plan, &execution->context, options->marks, &window));
        *why = window.why != NULL ? window.why : fits(&window, &execution->settings.limits);
    }
    if (*why != NULL) {
        tick_panes_rest(panes);
        goto done;
    }
    err = answer(panes, inner, &window, options, why);
    if (err != NULL) { /* the plan is as it was */
        fail(panes, err);
        err = NULL;
        *why = panes->given_up;
    }
done:
    return err;
}

void tick_panes_look(const struct pane_window *window, const struct pane_window *later,
                     const struct query_limits *limits, int64_t step_us, struct pane_shape *out)
{
    struct tick_panes tried = {0};
    *out = (struct pane_shape){.why = window->why != NULL  ? window->why
                                      : later->why != NULL ? later->why
                                                           : fits(window, limits)};
    if (out->why == NULL && !digest_equal(window->digest, later->digest)) {
        out->why = "what it computes moves with the time, too";
    }
    if (out->why == NULL && window->low == later->low && window->high == later->high) {
        out->why = "its window does not move";
    }
    out->why = out->why == NULL && step_us > INTERVAL_US_MAX ? TOO_SELDOM : out->why;
    out->why = out->why == NULL ? choose_pane(&tried, window, step_us) : out->why;
    if (out->why == NULL) {
        out->pane_us = (int64_t)((__int128)tried.pane_ticks * 1000000 / window->second);
        out->panes = tried.room - SLACK_PANES;
    }
}
