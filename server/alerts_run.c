/*
 * alerts_run.c: the threads that evaluate rules.
 *
 * turns    a thread takes the rule that is due longest, is busy with it for TURN_US at most, and puts it back. Which
 *          moments are due says the data time of the tables that its SELECT reads
 * early    what is certain before its T has passed: alerts_early.c
 * groups   a rule waits for those before it in its group that are due for the same moment: one that fails or lags is
 *          not. What reads system.recorded_values goes no further than the recording rules before it in its group
 * order    ask → step → history, durable → receivers → T. After an error in the history the instances are read from it
 *          again; after one before it the same T is tried again, so that nothing is left out
 */
#include "server/alerts_private.h"

#include "base/clock.h"
#include "base/failpoint.h"
#include "base/log.h"
#include "base/metrics.h"
#include "server/deliver.h"

#include <stdio.h>
#include <stdlib.h>

#define TURN_US          200000U
#define LOOK_US_MIN      10000U
#define LOOK_US_MAX      1000000U
#define SOON_US          20000U /* rules of a group become due together, give or take */
#define LOOK_US_WAITING  250000U
#define LOOK_US_FAILED   1000000U
#define CHECKPOINT_US    60000000
#define GO_BACK_US       INT64_C(86400000000)
#define REFRESH_US       15000000U
#define ANNOUNCED_FOR_US RESOLVED_KEPT_US
#define ANNOUNCED_US_MAX INT64_C(172800000000) /* of the wall clock; less than CONFIRMED_DAYS of deliver_table.c */
#define LINK_BYTES_MAX   2000U                 /* of a SELECT in a link */

FAILPOINT(alert_ask);
FAILPOINT(alert_step);
FAILPOINT(alert_recorded);

METRIC_COUNTER(evaluations, "weir_alert_evaluations_total", "evaluations of rules");
METRIC_COUNTER(failures, "weir_alert_evaluation_failures_total", "evaluations of rules that failed");
METRIC_COUNTER(skipped, "weir_alert_evaluations_skipped_total", "evaluations that were not caught up, being too many");
METRIC_COUNTER(transitions, "weir_alert_transitions_total", "transitions of alerts that were recorded");

/* /play with the SELECT in its editor; one that makes links too long is left out. */
static struct slice generator_url(struct turn *turn, struct deliver *deliver)
{
    struct slice text = turn->state->builtin ? slice_text("SELECT * FROM system.sources") : turn->rule->query;
    if (turn->url.length == 0) {
        buffer_slice(&turn->url, deliver_external_url(deliver));
        buffer_text(&turn->url, "/play");
        size_t plain = turn->url.length;
        buffer_char(&turn->url, '#');
        for (size_t k = 0; k < text.length && turn->url.length - plain <= LINK_BYTES_MAX; k++) {
            unsigned char c = (unsigned char)text.data[k];
            bool itself = (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
                          (c != 0 && strchr("-_.~()*", c) != NULL);
            buffer_printf(&turn->url, itself ? "%c" : "%%%02X", c);
        }
        turn->url.length = turn->url.length - plain > LINK_BYTES_MAX ? plain : turn->url.length;
    }
    return turn->url.failed ? (struct slice){0} : buffer_all(&turn->url);
}

/* One notification. False: it was not taken, and has to be given again. */
static bool notify(struct turn *turn, const struct instance *instance, bool restored, bool late, bool refresh)
{
    struct deliver *deliver = turn->alerts->server->deliver;
    if (deliver == NULL) {
        return true;
    }
    const struct notice notice = {.labels = instance->labels,
                                  .annotations = instance->annotations,
                                  .fingerprint = instance->fingerprint,
                                  .value = instance->value,
                                  .starts_at_us = instance->fired_at_us,
                                  .ends_at_us = instance->resolved_at_us,
                                  .resolved = instance->state == INSTANCE_INACTIVE,
                                  .refresh = refresh,
                                  .restored = restored,
                                  .late = late,
                                  .interval_us = turn->rule->interval_us,
                                  .generator_url = generator_url(turn, deliver)};
    struct err *err = deliver_notice(deliver, &notice);
    if (err != NULL) {
        LOG_WARNING("a notification waits", LOG_SLICE("rule", turn->rule->name), LOG_ERR(err));
        err_free(err);
    }
    return err == NULL;
}

/* Receivers hear of the instances that the history has: after a start, and after one that was not taken. */
static void announce(struct turn *turn)
{
    struct rule_state *state = turn->state;
    int64_t wall_us = clock_wall_us();
    bool all = true;
    for (uint32_t k = 0; k < instances_count(state->instances); k++) {
        const struct instance *instance = instances_at(state->instances, k);
        bool over = instance->state == INSTANCE_INACTIVE;
        bool late = over && state->t_us - instance->resolved_at_us > ANNOUNCED_FOR_US;
        if (instance->state != INSTANCE_PENDING && (!late || wall_us - instance->resolved_at_us < ANNOUNCED_US_MAX)) {
            all = notify(turn, instance, true, late, false) && all;
        }
    }
    state->announced = all;
}

/* New values of what fires, for the next time that it is sent. */
static void refresh(struct turn *turn)
{
    struct rule_state *state = turn->state;
    uint64_t now_us = clock_monotonic_us();
    if (now_us - state->refreshed_at_us < REFRESH_US) {
        return;
    }
    state->refreshed_at_us = now_us;
    for (uint32_t k = 0; k < instances_count(state->instances); k++) {
        if (instances_at(state->instances, k)->state == INSTANCE_FIRING) {
            (void)notify(turn, instances_at(state->instances, k), false, false, true);
        }
    }
}

static void set_health(struct turn *turn, const struct err *err, uint64_t duration_us, bool evaluated)
{
    struct rule_state *state = turn->state;
    lock_take(&turn->alerts->lock);
    state->health = err == NULL ? RULE_OK : RULE_ERR;
    (void)snprintf(state->last_error, sizeof(state->last_error), "%s", err == NULL ? "" : err_message(err));
    if (evaluated) {
        state->last_evaluation_us = clock_wall_us();
        state->duration_us = duration_us;
        state->evaluations++;
        state->failures += err != NULL;
    }
    lock_give(&turn->alerts->lock);
}

static struct err *keep_tables(struct alerts *alerts, struct rule_state *state, const struct alert_answer *answer)
{
    struct arena *arena = arena_create(NULL);
    struct data_table *tables =
        arena == NULL ? NULL : ARENA_ARRAY(arena, struct data_table, (size_t)answer->table_count + 1);
    if (tables == NULL) {
        arena_destroy(arena);
        return err_oom();
    }
    for (uint32_t k = 0; k < answer->table_count; k++) {
        tables[k].database = arena_slice(arena, answer->tables[k].database);
        tables[k].name = arena_slice(arena, answer->tables[k].name);
        if (tables[k].database.data == NULL || tables[k].name.data == NULL) {
            arena_destroy(arena);
            return err_oom();
        }
    }
    lock_take(&alerts->lock);
    state->waits = answer->waits;
    lock_give(&alerts->lock);
    arena_destroy(state->tables_arena);
    state->tables_arena = arena;
    state->tables = tables;
    state->table_count = answer->table_count;
    state->tables_known = true;
    state->reads_recorded = answer->reads_recorded;
    return NULL;
}

/* The instances are those that are durable. */
static struct err *restore(struct turn *turn)
{
    struct rule_state *state = turn->state;
    struct rule_state fresh = {.rule = turn->rule, .t_us = TIME_NONE, .instances = instances_create()};
    if (fresh.instances == NULL) {
        return err_oom();
    }
    struct err *err = alert_history_restore(turn->alerts, &fresh);
    if (err != NULL) {
        instances_destroy(fresh.instances);
        free(fresh.required);
        return err;
    }
    lock_take(&turn->alerts->lock);
    struct instances *before = state->instances;
    state->instances = fresh.instances;
    if (fresh.t_us != TIME_NONE && (state->t_us == TIME_NONE || fresh.t_us > state->t_us)) {
        state->t_us = fresh.t_us;
    }
    lock_give(&turn->alerts->lock);
    instances_destroy(before);
    if (!state->known) { /* not after a failed record: these sources were read in this life */
        free(state->required);
        state->required = fresh.required;
        fresh.required = NULL;
    }
    free(fresh.required);
    state->restored = state->known = true;
    return NULL;
}

struct err *alert_turn_record(struct turn *turn, const struct transition *list, uint32_t count)
{
    struct err *err = NULL;
    struct buffer offsets = {0};
    if (count == 0) {
        return NULL;
    }
    if (failpoint_hit(&failpoint_alert_step) != FAILPOINT_NONE) {
        err = err_new(ERR_IO, "a transition cannot be recorded: failpoint alert_step");
        goto done;
    }
    OR_DONE(
        data_time_offsets(turn->alerts->server, turn->arena, turn->state->tables, turn->state->table_count, &offsets));
    if (offsets.failed) {
        err = err_oom();
        goto done;
    }
    OR_DONE(alert_history_add(turn->alerts, turn->rule, list, count, buffer_all(&offsets)));
    (void)failpoint_hit(&failpoint_alert_recorded);
    metric_add(&metric_transitions, count);
    for (uint32_t k = 0; k < count; k++) {
        const struct transition *one = &list[k];
        if (one->from != one->to && (one->to == INSTANCE_FIRING || one->from == INSTANCE_FIRING)) {
            turn->state->announced = notify(turn, one->instance, false, false, false) && turn->state->announced;
        }
    }
done:
    buffer_deinit(&offsets);
    return err;
}

static void rest(struct rule_state *state)
{
    rule_panes_rest(&state->panes);
    rule_panes_rest(&state->early_panes);
}

struct err *alert_turn_ask(struct turn *turn, int64_t t_us, struct rule_panes *panes, struct alert_answer *answer)
{
    struct err *err = NULL;
    if (failpoint_hit(&failpoint_alert_ask) != FAILPOINT_NONE) {
        return err_new(ERR_IO, "a rule cannot be evaluated: failpoint alert_ask");
    }
    if (turn->state->builtin) {
        *answer = (struct alert_answer){.scans = "it is no SELECT"};
        return alert_source_lags(turn->alerts->server, turn->arena, turn->rule, &answer->rows, &answer->count);
    }
    OR_DONE(alert_ask(turn->alerts->server, turn->arena, turn->rule, t_us, panes, &turn->progress, answer));
    err = keep_tables(turn->alerts, turn->state, answer);
done:
    if (err != NULL) { /* its table may be no more */
        rest(turn->state);
    }
    return err;
}

static struct err *evaluate(struct turn *turn, int64_t t_us)
{
    struct err *err = NULL;
    struct rule_state *state = turn->state;
    struct alert_answer answer;
    struct transition *list = NULL;
    uint32_t count = 0;
    uint64_t began_us = clock_monotonic_us();

    turn->arena = arena_create(&turn->alerts->server->queries_budget);
    if (turn->arena == NULL) {
        return err_oom();
    }
    metric_add(&metric_evaluations, 1);
    OR_DONE(alert_turn_ask(turn, t_us, &state->panes, &answer));
    if (turn->rule->kind == RULE_RECORD) {
        OR_DONE(alert_record(turn->alerts, turn->rule, t_us, answer.rows, answer.count));
    } else {
        lock_take(&turn->alerts->lock);
        err = instances_step(state->instances, turn->rule, t_us, answer.rows, answer.count, turn->arena, &list, &count);
        lock_give(&turn->alerts->lock);
        if (err == NULL) {
            err = alert_turn_record(turn, list, count);
            state->restored = err == NULL; /* else the step has not happened */
        }
    }
    if (err == NULL) {
        lock_take(&turn->alerts->lock);
        state->t_us = t_us;
        state->scans = answer.scans;
        lock_give(&turn->alerts->lock);
        refresh(turn);
    }
done:
    if (err != NULL) {
        metric_add(&metric_failures, 1);
    }
    set_health(turn, err, clock_monotonic_us() - began_us, true);
    arena_destroy(turn->arena);
    turn->arena = NULL;
    return err;
}

/* ---- which T is due */

static struct err *find_tables(struct turn *turn)
{
    struct err *err = NULL;
    struct alert_answer answer;
    struct arena *arena = arena_create(NULL);
    if (arena == NULL) {
        return err_oom();
    }
    OR_DONE(alert_check(turn->alerts->server, arena, turn->rule, &answer));
    err = keep_tables(turn->alerts, turn->state, &answer);
done:
    arena_destroy(arena);
    return err;
}

/* *ready false: not now. */
static struct err *data_time(struct turn *turn, int64_t *t_us, bool *ready)
{
    struct err *err = NULL;
    struct rule_state *state = turn->state;
    struct server *server = turn->alerts->server;
    struct data_time time = {.known = true, .caught_up = true, .t_us = clock_wall_us()};
    struct arena *arena = arena_create(NULL);
    int64_t wait_us =
        turn->rule->max_wait_us != 0 ? turn->rule->max_wait_us : (int64_t)server->config.alert_max_wait_s * 1000000;
    *ready = false;
    if (arena == NULL) {
        return err_oom();
    }
    if (!state->builtin) {
        OR_DONE(data_time_of(server, arena, state->tables, state->table_count, &time));
    }
    time.known = time.known && alert_after_records(turn->alerts, state, &time.t_us);
    bool reached = true;
    if (time.known && state->required != NULL) {
        OR_DONE(
            data_time_reached(server, arena, state->tables, state->table_count, slice_text(state->required), &reached));
        if (reached) {
            free(state->required);
            state->required = NULL;
        }
    }
    int64_t since_us = time.known ? time.t_us : server->started_at_us;
    bool late = (!time.caught_up || !reached) && clock_wall_us() - since_us > wait_us;
    lock_take(&turn->alerts->lock);
    if (late != state->stale) {
        LOG_WARNING(late ? "a rule is stale" : "a rule is up to date again", LOG_SLICE("rule", turn->rule->name),
                    LOG_SLICE("source", time.source));
    }
    state->stale = late;
    lock_give(&turn->alerts->lock);
    *t_us = time.t_us;
    *ready = time.known && reached;
done:
    arena_destroy(arena);
    return err;
}

/* The first T that is due, given where data time stands. */
static void find_start(struct turn *turn, int64_t target_us, bool caught_up)
{
    struct rule_state *state = turn->state;
    int64_t interval_us = turn->rule->interval_us;
    lock_take(&turn->alerts->lock);
    if (state->t_us == TIME_NONE || (state->builtin && state->t_us < target_us - interval_us)) {
        state->t_us = target_us - interval_us; /* what sources lag nobody can say of a moment that has passed */
    } else if (state->t_us - target_us > GO_BACK_US && caught_up) {
        LOG_WARNING("the clock went back by more than a day: a rule goes on from there",
                    LOG_SLICE("rule", turn->rule->name));
        instances_clamp(state->instances, target_us);
        state->t_us = target_us - interval_us;
    } else if ((target_us - state->t_us) / interval_us > EVALUATIONS_MAX) {
        int64_t from_us = target_us - EVALUATIONS_MAX * interval_us;
        uint64_t left_out = (uint64_t)((from_us - state->t_us) / interval_us);
        LOG_WARNING("too many evaluations of a rule were missed: not all are caught up",
                    LOG_SLICE("rule", turn->rule->name), LOG_UINT("skipped", left_out));
        metric_add(&metric_skipped, left_out);
        state->skipped += left_out;
        state->t_us = from_us;
    }
    state->t_us = rule_moment(turn->rule, state->t_us); /* another interval than before */
    lock_give(&turn->alerts->lock);
}

/* When to look again, in microseconds from now. */
static uint64_t take_turn(struct turn *turn)
{
    struct err *err = NULL;
    struct rule_state *state = turn->state;
    int64_t t_us = 0, interval_us = turn->rule->interval_us;
    uint64_t began_us = clock_monotonic_us();
    bool ready = false;

    if (turn->rule->paused) {
        rest(state);
        return LOOK_US_MAX;
    }
    rule_panes_follow(&state->panes, &turn->progress);
    rule_panes_follow(&state->early_panes, &turn->progress);
    if (!state->tables_known && !state->builtin) {
        OR_DONE(find_tables(turn));
    }
    if (!state->restored) {
        OR_DONE(restore(turn));
    }
    if (!state->announced) {
        announce(turn);
    }
    OR_DONE(data_time(turn, &t_us, &ready));
    if (!ready) {
        return LOOK_US_WAITING;
    }
    int64_t target_us = rule_moment(turn->rule, t_us);
    find_start(turn, target_us, !state->stale);
    while (state->t_us + interval_us <= target_us) {
        if (atomic_load(&turn->alerts->stop) || clock_monotonic_us() - began_us > TURN_US) {
            return 0;
        }
        err = evaluate(turn, state->t_us + interval_us);
        if (err != NULL) {
            err_free(err);
            return LOOK_US_FAILED;
        }
    }
    int64_t left_us = state->t_us + interval_us - t_us;
    uint64_t after_us = left_us < LOOK_US_MIN ? LOOK_US_MIN : left_us > LOOK_US_MAX ? LOOK_US_MAX : (uint64_t)left_us;
    uint64_t early_us = alert_fire_early(turn);
    return early_us < after_us ? early_us : after_us;
done:
    rest(state);
    set_health(turn, err, 0, false);
    err_free(err);
    return LOOK_US_FAILED;
}

/* The rule is no more: what fires resolves. Nobody else has the state. */
void alerts_retire(struct alerts *alerts, struct rule_state *state)
{
    struct turn turn = {.alerts = alerts, .state = state, .rule = state->rule, .arena = arena_create(NULL)};
    struct transition *list = NULL;
    uint32_t count = 0;
    struct err *err = turn.arena == NULL ? err_oom() : NULL;
    if (err == NULL && !state->restored) {
        err = restore(&turn);
    }
    if (err == NULL && !state->announced) {
        announce(&turn);
    }
    if (err == NULL && state->t_us != TIME_NONE) {
        err = instances_end(state->instances, state->t_us, turn.arena, &list, &count);
        err = err != NULL ? err : alert_turn_record(&turn, list, count);
    }
    if (err != NULL) {
        LOG_ERROR("the end of a rule's alerts is not recorded", LOG_SLICE("rule", state->rule->name), LOG_ERR(err));
        err_free(err);
    }
    arena_destroy(turn.arena);
    buffer_deinit(&turn.url);
    rule_state_free(state);
}

/* ---- the threads */

bool alert_after_records(struct alerts *alerts, const struct rule_state *state, int64_t *t_us)
{
    bool known = true;
    lock_take(&alerts->lock);
    for (uint32_t k = 0; state->reads_recorded && k < alerts->count; k++) {
        const struct rule_state *before = alerts->states[k];
        if (before->rule->kind == RULE_RECORD && rule_same_group(before->rule, state->rule) &&
            before->rule->index < state->rule->index) {
            known = known && before->evaluations > before->failures; /* before its first one T is none of its own */
            *t_us = before->t_us < *t_us ? before->t_us : *t_us;
        }
    }
    lock_give(&alerts->lock);
    return known;
}

/* Its moment comes first, as the group says. Who has fallen behind by more than one is not waited for. */
static bool goes_before(const struct rule_state *before, const struct rule_state *state)
{
    return before != NULL && rule_same_group(before->rule, state->rule) &&
           (before->t_us == state->t_us ||
            (before->t_us < state->t_us && before->t_us >= state->t_us - state->rule->interval_us));
}

/* The rule that is due longest; *wait_us: until one is. Under the lock. */
static struct rule_state *next_state(struct alerts *alerts, uint64_t now_us, uint64_t *wait_us)
{
    struct rule_state *first = NULL;
    const struct rule_state *before = NULL; /* the nearest that is due or busy */
    *wait_us = LOOK_US_MAX;
    for (uint32_t k = 0; k < alerts->count; k++) {
        struct rule_state *state = alerts->states[k];
        bool due = state->look_at_us <= now_us, soon = state->look_at_us <= now_us + SOON_US;
        if (!state->busy && !due) {
            uint64_t left_us = state->look_at_us - now_us;
            *wait_us = left_us < *wait_us ? left_us : *wait_us;
        } else if (!state->busy && !goes_before(before, state) &&
                   (first == NULL || state->look_at_us < first->look_at_us)) {
            first = state;
        }
        before = soon || state->busy ? state : before;
    }
    return first;
}

void *alerts_thread(void *object)
{
    struct alerts *alerts = object;
    lock_take(&alerts->lock);
    while (!atomic_load(&alerts->stop)) {
        uint64_t wait_us;
        struct rule_state *state = next_state(alerts, clock_monotonic_us(), &wait_us);
        if (state == NULL) {
            (void)condition_wait_for(&alerts->wake, &alerts->lock, wait_us);
            lock_give(&alerts->lock);
            alerts_housekeeping(alerts);
            lock_take(&alerts->lock);
            continue;
        }
        state->busy = true;
        struct turn turn = {.alerts = alerts, .state = state, .rule = rule_ref(state->rule)};
        lock_give(&alerts->lock);
        uint64_t after_us = take_turn(&turn);
        rule_unref(turn.rule);
        buffer_deinit(&turn.url);
        alerts_housekeeping(alerts);
        lock_take(&alerts->lock);
        state->busy = false;
        if (turn.rule == state->rule) { /* else it was changed meanwhile, and is due at once */
            state->look_at_us = clock_monotonic_us() + after_us;
        }
        condition_signal(&alerts->wake); /* it is due sooner than the other thread knows, or one behind it may begin */
        if (state->gone) {
            lock_give(&alerts->lock);
            alerts_retire(alerts, state);
            lock_take(&alerts->lock);
        }
    }
    lock_give(&alerts->lock);
    return NULL;
}

/* ---- how far rules were evaluated */

/* One state's, while nobody is busy with it. False: there is nothing new to say. */
static bool checkpoint_of(struct alerts *alerts, struct rule_state *state, struct arena *arena, struct checkpoint *out)
{
    struct buffer offsets = {0};
    lock_take(&alerts->lock);
    bool mine = !state->builtin && !state->busy && !state->gone && state->t_us != TIME_NONE &&
                state->t_us != state->checkpoint_t_us && state->required == NULL;
    if (mine) {
        state->busy = true;
    }
    *out = (struct checkpoint){.rule_id = state->rule->id, .t_us = state->t_us};
    lock_give(&alerts->lock);
    if (!mine) {
        return false;
    }
    struct err *err = data_time_offsets(alerts->server, arena, state->tables, state->table_count, &offsets);
    out->offsets = err != NULL || offsets.failed ? NULL : arena_text(arena, buffer_all(&offsets));
    err_free(err);
    buffer_deinit(&offsets);
    lock_take(&alerts->lock);
    state->busy = false;
    state->checkpoint_t_us = out->t_us;
    lock_give(&alerts->lock);
    return out->offsets != NULL;
}

void alerts_checkpoint(struct alerts *alerts, bool now)
{
    uint64_t monotonic_us = clock_monotonic_us(), before_us = atomic_load(&alerts->checkpointed_at_us);
    if (!now && (monotonic_us - before_us < CHECKPOINT_US ||
                 !atomic_compare_exchange_strong(&alerts->checkpointed_at_us, &before_us, monotonic_us))) {
        return;
    }
    struct arena *arena = arena_create(NULL);
    if (arena == NULL) {
        return;
    }
    pthread_mutex_lock(&alerts->change); /* no state goes meanwhile */
    struct checkpoint *list = ARENA_ARRAY(arena, struct checkpoint, (size_t)alerts->count + 1);
    uint32_t count = 0;
    for (uint32_t k = 0; list != NULL && k < alerts->count; k++) {
        count += checkpoint_of(alerts, alerts->states[k], arena, &list[count]);
    }
    pthread_mutex_unlock(&alerts->change);
    struct err *err = list == NULL ? NULL : alert_checkpoint(alerts, list, count);
    if (err != NULL) {
        LOG_ERROR("alerts", LOG_ERR(err));
        err_free(err);
    }
    arena_destroy(arena);
}
