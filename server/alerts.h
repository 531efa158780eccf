/*
 * alerts.h: alert rules and recording rules in the server: kept, evaluated on data time, recorded, shown.
 *
 * flow     rule files, CREATE ALERT → rules → every interval of data time (data_time.h): SELECT (inner_query.h) → rows
 *          → instances (alert/instance.h) → system.alert_history, durable → deliver.h
 * time     a rule is evaluated at the multiples of its interval, each once and in order, as data time passes them. Rows
 *          with event times at or after T are not seen. What was missed while sources stood still or the server was
 *          down is caught up, EVALUATIONS_MAX at the most
 * stale    a rule that stands more than max_wait behind the wall clock keeps its state; the built-in alert
 *          WeirSourceLag, which is evaluated on the wall clock, says which source holds it back
 * restart  instances come back from the history, with the clocks of FOR and KEEP FIRING FOR; the rule waits until its
 *          sources have read as far as they had when it was last evaluated
 * thread   any; statements and readers take the alerts' lock for moments, evaluation for moments around its query
 * source   docs/ALERTS.md
 */
#ifndef SERVER_ALERTS_H
#define SERVER_ALERTS_H

#include "alert/instance.h"
#include "alert/rule.h"
#include "server/execute.h"

struct alerts;

/* After sources and views. Rule files that cannot be read refuse the start. */
struct err *alerts_start(struct server *server);
/* Rules are evaluated from now on. */
struct err *alerts_begin(struct server *server);
/* Evaluations end; what is known of T is recorded. */
void alerts_stop(struct server *server);

struct err *alerts_execute(struct execution *execution, const struct ast_statement *statement);
/* SYSTEM RELOAD RULES, SIGHUP: reads the rule files again. With an error the rules are what they were. */
struct err *alerts_reload(struct server *server);
/* Rules of databases that were dropped go. */
void alerts_sync(struct server *server);

/* Registers system.alerts and system.alert_instances. */
void system_alerts_register(void);

enum rule_health { RULE_UNKNOWN, RULE_OK, RULE_ERR };
extern const char *const rule_healths[]; /* "unknown", "ok", "err" */

/* One rule as it is now, for who shows it; copied into the arena. Ordered by file, group, index. */
struct alert_view {
    struct rule *rule; /* a reference, given back with the arena */
    enum rule_health health;
    enum instance_state state; /* the highest of its instances */
    bool stale, builtin;
    struct slice last_error;
    int64_t t_us;               /* the last evaluation's; TIME_NONE */
    int64_t last_evaluation_us; /* by the wall clock; TIME_NONE */
    const char *waits;          /* why it may not fire early, or NULL; static */
    const char *scans;          /* why it was not answered from panes when it was evaluated last, or NULL; static */
    uint64_t duration_us;
    uint64_t evaluations, skipped, failures;
    const struct instance *instances; /* those that are not resolved; with resolved: all */
    uint32_t instance_count;
};
struct err *alerts_list(struct server *server, struct arena *arena, bool resolved, struct alert_view **out,
                        uint32_t *count);

#endif
