/*
 * alerts_early.c: alerts that are certain before their T has passed.
 *
 * T waits for sources: for the delay of a watermark, for a partition that stands still. Of a rule whose rows stay
 * whatever comes (query/monotone.h) a row that T will have may be known before: then the alert fires at once, as of
 * that T. That it has no row is never known before, so nothing resolves early.
 *
 * which T  the end of the interval that the wall clock is in: all rows up to now are before it. When it has rows that do
 *          not fire yet, the moments up to it are asked in their order, so that an alert fires as of the first one that
 *          has its row, as it would without haste
 * when     something of the rule's table changed; a few times an interval. All rules together do so for a quarter of one
 *          thread's time at most: what is due comes first
 * order    checkpoint (how far the rule has come: the transition's T has not passed) → history, durable → receivers
 * errors   are counted, and told by the evaluation that follows
 */
#include "server/alerts_private.h"

#include "base/clock.h"
#include "base/log.h"
#include "base/metrics.h"
#include "storage/table.h"

#define STEPS_MAX    60 /* moments that are asked for the first one */
#define EARLY_US_MIN 100000U
#define EARLY_US_MAX 1000000U
#define EARLY_PARTS  4U  /* of an interval */
#define EARLY_IDLE   10U /* times as long as asking takes */

METRIC_COUNTER(early, "weir_alert_evaluations_early_total", "evaluations of rules before their time had passed");
METRIC_COUNTER(fired_early, "weir_alert_fired_early_total", "alerts that fired before their time had passed");

static bool any_new(const struct instances *instances, const struct alert_answer *answer)
{
    for (uint32_t k = 0; k < answer->count; k++) {
        const struct instance *known = instances_find(instances, labels_fingerprint(&answer->rows[k].labels));
        if (known == NULL || known->state == INSTANCE_INACTIVE) {
            return true;
        }
    }
    return false;
}

static struct err *checkpoint(struct turn *turn)
{
    struct err *err = NULL;
    const struct rule_state *state = turn->state;
    struct buffer offsets = {0};
    OR_DONE(data_time_offsets(turn->alerts->server, turn->arena, state->tables, state->table_count, &offsets));
    const struct checkpoint here = {turn->rule->id, state->t_us, arena_text(turn->arena, buffer_all(&offsets))};
    if (offsets.failed || here.offsets == NULL) {
        err = err_oom();
        goto done;
    }
    err = alert_checkpoint(turn->alerts, &here, 1);
done:
    buffer_deinit(&offsets);
    return err;
}

/* What the moment's answer says already. */
static struct err *fire(struct turn *turn, int64_t t_us, const struct alert_answer *answer)
{
    struct err *err = NULL;
    struct rule_state *state = turn->state;
    struct transition *list = NULL;
    uint32_t count = 0;
    if (!any_new(state->instances, answer)) {
        return NULL;
    }
    OR_DONE(checkpoint(turn));
    lock_take(&turn->alerts->lock);
    err = instances_early(state->instances, turn->rule, t_us, clock_wall_us(), answer->rows, answer->count, turn->arena,
                          &list, &count);
    lock_give(&turn->alerts->lock);
    OR_DONE(err);
    err = alert_turn_record(turn, list, count);
    state->restored = err == NULL; /* else it has not happened */
    metric_add(&metric_fired_early, err == NULL ? count : 0);
done:
    return err;
}

/* asks: whether anything is new, of moments that go forward; else what is fires. */
static struct err *look(struct turn *turn, int64_t t_us, bool *asks)
{
    struct err *err = NULL;
    struct alert_answer answer;
    turn->arena = arena_create(&turn->alerts->server->queries_budget);
    if (turn->arena == NULL) {
        return err_oom();
    }
    metric_add(&metric_early, 1);
    OR_DONE(alert_turn_ask(turn, t_us, asks != NULL ? &turn->state->early_panes : NULL, &answer));
    if (answer.waits != NULL) { /* it was allowed when it was asked last */
        answer.count = 0;
    }
    if (asks != NULL) {
        *asks = any_new(turn->state->instances, &answer);
    } else {
        err = fire(turn, t_us, &answer);
    }
done:
    arena_destroy(turn->arena);
    turn->arena = NULL;
    return err;
}

static struct err *look_ahead(struct turn *turn)
{
    struct err *err = NULL;
    const struct rule_state *state = turn->state;
    int64_t interval_us = turn->rule->interval_us;
    int64_t last_us = rule_moment(turn->rule, clock_wall_us()) + interval_us;
    int64_t first_us = state->t_us + interval_us;
    bool new = false;
    if (last_us < first_us) {
        return NULL;
    }
    OR_DONE(look(turn, last_us, &new));
    if (!new) {
        return NULL;
    }
    if (last_us - first_us > STEPS_MAX * interval_us) {
        first_us = last_us - STEPS_MAX * interval_us;
    }
    for (int64_t t_us = first_us; t_us <= last_us && !atomic_load(&turn->alerts->stop); t_us += interval_us) {
        OR_DONE(look(turn, t_us, NULL));
    }
done:
    return err;
}

/* How often the table had changed. False: there is none. */
static bool changes_of(const struct turn *turn, uint64_t *changes)
{
    const struct rule_state *state = turn->state;
    struct arena *arena = arena_create(NULL);
    const char *database = arena == NULL ? NULL : arena_text(arena, state->tables[0].database);
    const char *name = arena == NULL ? NULL : arena_text(arena, state->tables[0].name);
    struct table *table = database == NULL || name == NULL
                              ? NULL
                              : catalogue_table_find(turn->alerts->server->store->catalogue, database, name);
    bool found = table != NULL;
    if (found) {
        *changes = table_changes(table);
    }
    table_unref(table);
    arena_destroy(arena);
    return found;
}

/* Until when this one waits; 0: not any more. */
static uint64_t waits_until(const struct turn *turn, uint64_t now_us)
{
    uint64_t all_us = atomic_load(&turn->alerts->early_from_us);
    uint64_t until_us = turn->state->early_at_us > all_us ? turn->state->early_at_us : all_us;
    return until_us > now_us ? until_us : 0;
}

uint64_t alert_fire_early(struct turn *turn)
{
    struct rule_state *state = turn->state;
    uint64_t began_us = clock_monotonic_us(), changes = 0;
    uint64_t every_us = (uint64_t)turn->rule->interval_us / EARLY_PARTS;
    every_us = every_us < EARLY_US_MIN ? EARLY_US_MIN : every_us > EARLY_US_MAX ? EARLY_US_MAX : every_us;
    lock_take(&turn->alerts->lock);
    bool waits = state->builtin || state->waits != NULL;
    lock_give(&turn->alerts->lock);
    if (waits || state->table_count != 1 || state->t_us == TIME_NONE) {
        return UINT64_MAX;
    }
    uint64_t until_us = waits_until(turn, began_us);
    if (until_us > 0) {
        return until_us - began_us;
    }
    if (changes_of(turn, &changes) && !(state->early_asked && changes == state->early_change)) {
        struct err *err = look_ahead(turn);
        if (err != NULL) {
            LOG_WARNING("a rule cannot be asked early", LOG_SLICE("rule", turn->rule->name), LOG_ERR(err));
            err_free(err);
        }
        state->early_asked = true;
        state->early_change = changes;
        uint64_t now_us = clock_monotonic_us();
        atomic_store(&turn->alerts->early_from_us, now_us + EARLY_IDLE * (now_us - began_us));
    }
    state->early_at_us = clock_monotonic_us() + every_us;
    return every_us;
}
