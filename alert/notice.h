/*
 * notice.h: a notification: what is said about one alert instance, and the forms in which it is sent.
 *
 * forms    Alertmanager's API v2, webhooks (Alertmanager's payload, version 4), one line of JSON for files and scripts
 * owns     nothing; notice_copy makes one that stands alone
 * thread   any, no shared state
 * source   docs/ALERTS.md, "Delivery"
 */
#ifndef ALERT_NOTICE_H
#define ALERT_NOTICE_H

#include "alert/labels.h"

#include <stdbool.h>
#include <stdint.h>

struct notice {
    struct labels labels;      /* sorted; alertname is one of them */
    struct labels annotations; /* sorted, expanded */
    uint64_t fingerprint;      /* of the labels */
    double value;
    int64_t starts_at_us;
    int64_t ends_at_us;         /* when it was resolved; not looked at while it fires */
    bool resolved;              /* else it fires */
    bool refresh;               /* no transition: only what the next re-send says changed */
    bool restored;              /* recorded before the last start: receivers that confirmed it do not get it again */
    bool late;                  /* restored, and resolved long ago: only for receivers that were there then */
    int64_t interval_us;        /* of its rule: how long Alertmanager may wait for the next one */
    struct slice generator_url; /* where the rule can be looked at */
};

bool notice_copy(struct arena *arena, const struct notice *from, struct notice *out);

/* 2026-11-20T21:40:00.123Z */
void notice_time(struct buffer *out, int64_t us);
/* Go's %e with as many digits as it needs: "1e+00", "1.5e+01"; what /api/v1/alerts shows as a value. */
void notice_value(struct buffer *out, double value);

/* One element of POST /api/v2/alerts. ends_at_us: what it says, also while it fires. */
void notice_alertmanager(struct buffer *out, const struct notice *notice, int64_t ends_at_us);
/* The body for webhooks; count ≥ 1, all of one alertname. */
void notice_webhook(struct buffer *out, const struct notice *const *notices, uint32_t count, struct slice receiver,
                    struct slice external_url);
/* A line with its end. */
void notice_line(struct buffer *out, const struct notice *notice, int64_t at_us);

#endif
