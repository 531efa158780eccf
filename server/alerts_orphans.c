/*
 * alerts_orphans.c: alerts of rules that are no more since the server ran last: deleted from their file, with other
 * labels or another name there, or dropped just before a crash.
 *
 * flow     alerts_begin → here: rules of the history that are none any more → a state for each → alerts_retire: what fires
 *          resolves, at the last T that is known of it; who has not heard of a resolve does
 * thread   the one that starts the server, before those that evaluate rules
 */
#include "server/alerts_private.h"

#include "base/log.h"
#include "server/inner_query.h"

/* Older resolves were told, or nobody waits for them: ANNOUNCED_US_MAX of alerts_run.c. */
#define HEARD_DAYS "2"

struct finding {
    struct alerts *alerts;
    struct arena *arena;
    struct rule_state **states;
    uint32_t count;
};

static bool is_rule(const struct alerts *alerts, uint64_t id)
{
    for (uint32_t k = 0; k < alerts->count; k++) {
        if (alerts->states[k]->rule->id == id) {
            return true;
        }
    }
    return false;
}

/* A rule of which only its name is known, and who it was. */
static struct err *orphan(uint64_t id, struct slice name, struct slice group, struct rule_state **out)
{
    struct rule *rule = NULL;
    const struct rule draft = {
        .kind = RULE_ALERT, .name = name, .group = group, .interval_us = RULE_INTERVAL_US, .query = slice_text("")};
    struct err *err = rule_make(&draft, &rule);
    if (err != NULL) {
        return err;
    }
    rule->id = id; /* nobody shares it yet */
    *out = rule_state_create(rule);
    if (*out == NULL) {
        rule_unref(rule);
        return err_oom();
    }
    return NULL;
}

static struct err *take_chunk(void *user, const struct chunk *chunk, bool *stop)
{
    struct err *err = NULL;
    struct finding *finding = user;
    (void)stop;
    struct rule_state **states =
        ARENA_ARRAY(finding->arena, struct rule_state *, (size_t)finding->count + chunk->row_count);
    if (states == NULL) {
        return arena_error(finding->arena);
    }
    if (finding->count > 0) {
        memcpy(states, finding->states, finding->count * sizeof(struct rule_state *));
    }
    finding->states = states;
    for (uint32_t row = 0; row < chunk->row_count; row++) {
        uint64_t id = *(const uint64_t *)column_value(chunk->columns[0], row);
        struct slice name = *(const struct slice *)column_value(chunk->columns[1], row);
        struct slice group = *(const struct slice *)column_value(chunk->columns[2], row);
        if (!is_rule(finding->alerts, id)) {
            OR_DONE(orphan(id, name, group, &states[finding->count]));
            finding->count++;
        }
    }
done:
    return err;
}

static struct err *find(struct finding *finding)
{
    static const char text[] =
        "SELECT rule_id, toString(any(name)), toString(any(in_group)) FROM (SELECT rule_id, fingerprint, "
        "any(rule) AS name, any(rule_group) AS in_group, argMax(to_state, sequence) AS state, max(recorded_at) AS "
        "newest FROM system.alert_history GROUP BY rule_id, fingerprint) "
        "WHERE state != 'inactive' OR newest > now() - INTERVAL " HEARD_DAYS " DAY GROUP BY rule_id ORDER BY rule_id";
    struct err *err = NULL;
    struct inner_query inner = {0};
    const struct inner_query_options options = {.what = "alerts of rules that are no more"};
    OR_DONE(inner_query_begin(&inner, finding->alerts->server, &options));
    OR_DONE(inner_query_bind(&inner, slice_text(text)));
    err = inner_query_run(&inner, 1, NULL, take_chunk, finding);
done:
    inner_query_end(&inner);
    return err;
}

void alerts_end_orphans(struct alerts *alerts)
{
    struct finding finding = {.alerts = alerts, .arena = arena_create(NULL)};
    struct err *err = finding.arena == NULL ? err_oom() : find(&finding);
    for (uint32_t k = 0; k < finding.count; k++) {
        alerts_retire(alerts, finding.states[k]);
    }
    if (err != NULL) {
        LOG_ERROR("alerts of rules that are no more are not resolved", LOG_ERR(err));
        err_free(err);
    }
    arena_destroy(finding.arena);
}
