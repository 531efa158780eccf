/*
 * prometheus_api.h: what Grafana's data source for Prometheus and Prometheus' own tools ask a server about rules and alerts.
 *
 * paths    /api/v1/…, also behind the prefix /prometheus: rules, alerts, status/buildinfo, query of numbers alone; what lists
 *          series and labels answers that there are none
 * rights   SELECT on system.alerts for rules and alerts
 * source   docs/ALERTS.md, "Prometheus' API"
 */
#ifndef SERVER_PROMETHEUS_API_H
#define SERVER_PROMETHEUS_API_H

#include "base/err.h"
#include "base/slice.h"
#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>

struct execution;
struct alert_view;

#define PROMETHEUS_BODY_MAX ((size_t)256 << 10)

/* Answers what endpoint.h gives it; a body holds a form's parameters. The answer is JSON, of errors too. */
struct err *prometheus_api_answer(struct execution *execution, struct slice body);

/* ---- prometheus_json.c */

/* What is asked of rules; texts that stand in no list may be any. */
struct rules_asked {
    struct slice type; /* "alert", "record" or empty */
    const struct slice *names, *groups, *files;
    uint32_t name_count, group_count, file_count;
    bool exclude_alerts;
    uint64_t group_limit; /* 0: none */
    struct slice group_next_token;
};
/* {"groups":[…]} */
struct err *prometheus_rules_json(struct buffer *out, const struct alert_view *views, uint32_t count,
                                  const struct rules_asked *asked);
/* {"alerts":[…]} */
void prometheus_alerts_json(struct buffer *out, const struct alert_view *views, uint32_t count);
/* Numbers, + - * / % ^ and parentheses, as PromQL reads them. ERR_BAD_ARGUMENTS: it is something else. */
struct err *prometheus_number(struct slice text, double *out);

#endif
