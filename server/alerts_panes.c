/*
 * alerts_panes.c: rules that are answered from their window's panes (server/tick_panes.h), not by reading the window.
 *
 * whose    the panes are of one rule as it was when they were made: once it asks otherwise they go
 * T        the moments of one rule_panes go forward; who asks for one that has passed has the panes made anew. So what is
 *          asked early has panes of its own
 * memory   of all rules together: alert_panes_memory_max, out of that of all queries; of one, a part of that, so that it
 *          does not take it from all others. Who needs more is answered as without panes, and tries again some minutes
 *          later
 * between  moments that are far apart the rows that came are taken in once a second: the table's heads, which ingest
 *          counts as its memory, are not kept for them
 * idle     a rule that is not asked, be it that its sources stand still, holds no panes, nor what came into its table
 */
#include "server/alerts_private.h"

#include "base/clock.h"
#include "base/interrupt.h"
#include "server/inner_query.h"

#define IDLE_US            60000000U /* and its interval */
#define FOLLOW_US          1000000U
#define FOLLOW_TIME_US_MAX 10000000U

struct kept {
    struct server *server;
    const struct rule *rule;
    int64_t t_us;
};

void rule_panes_deinit(struct rule_panes *panes)
{
    tick_panes_destroy(panes->ticks);
    rule_unref(panes->rule);
    *panes = (struct rule_panes){0};
}

void rule_panes_follow(struct rule_panes *panes, struct query_progress *progress)
{
    struct interrupt interrupt;
    uint64_t now_us = clock_monotonic_us();
    if (panes->ticks == NULL || now_us - panes->followed_at_us < FOLLOW_US) {
        return;
    }
    if (now_us - panes->used_at_us > IDLE_US + (uint64_t)panes->rule->interval_us) {
        tick_panes_rest(panes->ticks);
        return;
    }
    panes->followed_at_us = now_us;
    interrupt_begin_until(&interrupt, &progress->cancelled, now_us + FOLLOW_TIME_US_MAX, FOLLOW_TIME_US_MAX);
    tick_panes_follow(panes->ticks, progress);
    interrupt_end(&interrupt);
}

void rule_panes_rest(struct rule_panes *panes)
{
    if (panes->ticks != NULL) {
        tick_panes_rest(panes->ticks);
    }
}

static struct err *bind_kept(void *user, struct inner_query *inner)
{
    const struct kept *kept = user;
    return alert_bind(kept->server, kept->rule, kept->t_us, true, NULL, inner);
}

struct err *rule_panes_answer(struct rule_panes *panes, struct server *server, const struct rule_asked *asked,
                              struct inner_query *inner, const char **why)
{
    struct err *err = NULL;
    *why = server->config.alert_panes_memory_max == 0 ? "alert_panes_memory_max is 0"
           : !asked->marks->asks_time                 ? "it does not ask for the time"
                                                      : NULL;
    if (*why != NULL) {
        rule_panes_deinit(panes);
        return NULL;
    }
    if (panes->rule != NULL && !rule_equal(panes->rule, asked->rule)) {
        rule_panes_deinit(panes);
    }
    if (panes->ticks == NULL) {
        OR_DONE(tick_panes_create(&panes->ticks));
        panes->rule = rule_ref(asked->rule);
    }
    struct kept kept = {server, panes->rule, asked->t_us};
    const struct tick_panes_options options = {.bind = bind_kept,
                                               .user = &kept,
                                               .interval_us = (uint64_t)asked->rule->interval_us,
                                               .step_us = asked->rule->interval_us,
                                               .marks = asked->marks,
                                               .threads = 1,
                                               .progress = asked->progress};
    panes->used_at_us = panes->followed_at_us = clock_monotonic_us();
    err = tick_panes_answer(panes->ticks, inner, &options, why);
done:
    return err;
}
