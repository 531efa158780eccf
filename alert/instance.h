/*
 * instance.h: instances of an alert rule: one per set of labels that its SELECT gives, and how they come and go.
 *
 * state        moved on by                                     when
 * inactive     → pending                                       a row has its labels, and the rule has FOR
 *              → firing                                        a row has its labels, and the rule has none
 * pending      → firing                                        rows went on for FOR since active_at
 *              → inactive (forgotten)                          no row has its labels
 * firing       stays, keeping since keep_since                 no row has its labels, KEEP FIRING FOR has not passed
 *              → inactive (resolved_at)                        no row has its labels, and KEEP FIRING FOR passed
 * resolved     forgotten                                       RESOLVED_KEPT_US after resolved_at
 *              → pending, firing                               a row has its labels: a new life, from inactive on
 *
 * early    a firing instance whose active_at lies ahead of T: it was proved that it has a row then (instances_early). No
 *          step before that ends it
 * pure     a step is a function of the instances, the rows and T alone: it knows no clock, no server, no order of rows.
 *          BACKTEST ALERT and evaluation call the same one.
 * all      a step happens whole or not at all: with an error the instances are what they were
 * restore  each transition carries all of the instance that is not in the rule: who applies a rule's transitions in
 *          order has the instances
 * follows  Prometheus' alerting rules: states, their times, what resolved instances are kept for
 * owner    instances and their texts live in an arena of the set, made anew when most of it is of forgotten ones
 * thread   one at a time
 */
#ifndef ALERT_INSTANCE_H
#define ALERT_INSTANCE_H

#include "alert/labels.h"
#include "alert/rule.h"
#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

#define RESOLVED_KEPT_US INT64_C(900000000) /* so long a resolved one can be sent again */
#define TIME_NONE        INT64_MIN

enum instance_state { INSTANCE_INACTIVE, INSTANCE_PENDING, INSTANCE_FIRING };

/* All times: T, in microseconds; TIME_NONE: never. */
struct instance {
    uint64_t fingerprint;      /* of the labels */
    struct labels labels;      /* the row's, the rule's, alertname */
    struct labels annotations; /* expanded, as of the last row */
    double value;              /* of the last row */
    enum instance_state state; /* INACTIVE: it was resolved */
    int64_t active_at_us;      /* its first row */
    int64_t fired_at_us;
    int64_t keep_since_us; /* firing without a row since */
    int64_t resolved_at_us;
};

/* One row of the rule's answer, as an instance would have it. Borrowed for the call. */
struct instance_row {
    struct labels labels;
    struct labels annotations;
    double value;
};

enum transition_reason {
    TRANSITION_ROW,     /* a row came */
    TRANSITION_EARLY,   /* a row came that stays until T, which has not passed yet */
    TRANSITION_FOR,     /* FOR has passed */
    TRANSITION_NO_ROW,  /* no row any more */
    TRANSITION_KEEPS,   /* firing → firing: no row, KEEP FIRING FOR begins */
    TRANSITION_RETURNS, /* firing → firing: a row again before that had passed */
    TRANSITION_RULE,    /* the rule was dropped, or made anew: firing → inactive */
};
extern const char *const transition_reasons[];
extern const char *const instance_states[]; /* "inactive", "pending", "firing" */

struct transition {
    int64_t at_us; /* T */
    enum instance_state from, to;
    enum transition_reason reason;
    const struct instance *instance; /* as it is after the step; borrowed from the set until its next step */
};

struct instances;

struct instances *instances_create(void);            /* NULL: memory is out */
void instances_destroy(struct instances *instances); /* accepts NULL */
uint32_t instances_count(const struct instances *instances);
const struct instance *instances_at(const struct instances *instances, uint32_t index); /* ordered by fingerprint */
const struct instance *instances_find(const struct instances *instances, uint64_t fingerprint); /* or NULL */
bool instances_any(const struct instances *instances, enum instance_state state);

/*
 * One evaluation at T.
 *
 * rows         of the answer; two with the same labels are ERR_BAD_ARGUMENTS, as are more than the rule's limit
 * transitions  in the arena, ordered by fingerprint
 */
struct err *instances_step(struct instances *instances, const struct rule *rule, int64_t t_us,
                           const struct instance_row *rows, uint32_t row_count, struct arena *arena,
                           struct transition **transitions, uint32_t *count);
/*
 * Before T has passed: rows that are there whatever else comes until then. Labels that nothing is active for fire as of
 * T, and fired at now_us, if that is before it; nothing else changes. Of rules without FOR.
 */
struct err *instances_early(struct instances *instances, const struct rule *rule, int64_t t_us, int64_t now_us,
                            const struct instance_row *rows, uint32_t row_count, struct arena *arena,
                            struct transition **transitions, uint32_t *count);
/* All that fire resolve, all others are forgotten: the rule is no more. */
struct err *instances_end(struct instances *instances, int64_t t_us, struct arena *arena,
                          struct transition **transitions, uint32_t *count);
/* After a restart: the instance is what a recorded transition says. */
struct err *instances_restore(struct instances *instances, const struct instance *recorded);
/* The wall clock went back, and T with it: times that lie behind t_us become t_us. */
void instances_clamp(struct instances *instances, int64_t t_us);

#endif
