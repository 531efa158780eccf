/*
 * alerts_private.h: what the files of alerts share.
 *
 * locks    alerts->lock (LOCK_ALERTS): the list, and what of a rule's state is below its line; the rest of a state is
 *          of who made it busy
 */
#ifndef SERVER_ALERTS_PRIVATE_H
#define SERVER_ALERTS_PRIVATE_H

#include "alert/rule_file.h"
#include "base/lock.h"
#include "server/alerts.h"
#include "server/data_time.h"
#include "server/tick_panes.h"

#include <pthread.h>
#include <stdatomic.h>

#define ALERT_THREADS   2U
#define EVALUATIONS_MAX 3600 /* that are caught up */
#define RULE_PANES_PART 4U   /* of the memory for all rules' panes one may take such a part */

struct inner_query;

/* A rule's panes; all zero: there are none. Of who is busy with the rule. */
struct rule_panes {
    struct tick_panes *ticks;
    struct rule *rule;                   /* as they were made for it */
    uint64_t used_at_us, followed_at_us; /* monotonic */
};

struct rule_state {
    struct rule *rule;
    bool builtin; /* WeirSourceLag */
    /* of who is busy with it */
    struct instances *instances; /* changed under the lock, too */
    struct arena *tables_arena;  /* tables that its SELECT reads, as of its last evaluation */
    struct data_table *tables;
    uint32_t table_count;
    bool tables_known;
    bool reads_recorded; /* system.recorded_values is one of them */
    bool restored;       /* its instances are those of the history */
    bool known;          /* they were, since the start */
    bool announced;      /* receivers know of them */
    uint64_t refreshed_at_us;
    char *required; /* offsets that must be reached first; or NULL */
    char *offsets;  /* as of the last evaluation; or NULL */
    int64_t checkpoint_t_us;
    struct rule_panes panes, early_panes; /* of moments that are due; of what is asked early */
    uint64_t early_at_us;                 /* monotonic: not to be asked early before */
    uint64_t early_change;                /* what of its table was seen then (table_changes) */
    bool early_asked;
    /* under the lock */
    const char *waits; /* why it may not fire early, or NULL; static */
    const char *scans; /* why it was not answered from panes when it was evaluated last, or NULL; static */
    bool busy;
    bool gone;           /* the rule is no more: who is busy frees it */
    uint64_t look_at_us; /* monotonic: when to look at it next */
    int64_t t_us;
    bool stale;
    enum rule_health health;
    char last_error[512];
    int64_t last_evaluation_us;
    uint64_t duration_us, evaluations, skipped, failures;
};

/* What one turn of a thread has in hand. */
struct turn {
    struct alerts *alerts;
    struct rule_state *state;
    struct rule *rule;
    struct arena *arena; /* of one evaluation */
    struct query_progress progress;
    struct buffer url; /* where people see the rule's SELECT; empty: not made yet */
};

struct alerts {
    struct server *server;
    struct table *history, *recorded, *checkpoints;
    pthread_t threads[ALERT_THREADS];
    uint32_t thread_count;
    _Atomic bool stop;
    _Atomic uint64_t sequence; /* of the history's rows */
    pthread_mutex_t change;    /* one change of the rules at a time */
    struct lock lock;
    struct condition wake;
    struct rule_state **states;
    uint32_t count;
    _Atomic uint64_t checkpointed_at_us, files_seen_at_us; /* monotonic */
    _Atomic uint64_t early_from_us;                        /* monotonic: no rule is asked early before */
    struct rule_list file_rules;                           /* under change: of the rule files as they were read last */
    uint64_t files_seen;                                   /* under change: what they were then */
    uint64_t
        files_settle; /* under change: what they were at the last look: who writes a file may have emptied it first */
};

/* ---- alerts_files.c: all rules of rule_files */
struct err *alert_files_read(struct server *server, struct rule_list *out);
/* Changes when one of them does. */
uint64_t alert_files_stamp(struct server *server);

/* ---- alerts_define.c: rules of SQL */
/* The rule of a definition (CREATE ALERT … as the catalogue keeps it). */
struct err *alert_define_rule(const struct object_def *def, struct rule **out);
/* Of a statement that was not stored; names are qualified in its tree. */
struct err *alert_define_draft(struct arena *arena, struct ast_alert *alert, struct slice database, struct slice name,
                               struct rule **out);

/* ---- alerts_evaluate.c */
struct alert_answer {
    struct instance_row *rows;
    uint32_t count;
    struct data_table *tables;
    uint32_t table_count;
    const char *waits;   /* why it may not fire early, or NULL; static */
    const char *scans;   /* why it was not answered from panes, or NULL; static */
    bool reads_recorded; /* system.recorded_values */
};
/* The rule's SELECT at T (before its offset), in the arena; its tables also when it failed later on. panes: of the
 * rule's state, for moments that go forward; or NULL. */
struct err *alert_ask(struct server *server, struct arena *arena, struct rule *rule, int64_t t_us,
                      struct rule_panes *panes, struct query_progress *progress, struct alert_answer *out);
/* Binds the SELECT as of T. kept: for panes, whose memory is another one. marks: filled, or NULL. The rule outlives it;
 * inner_query_end also after an error. */
struct err *alert_bind(struct server *server, const struct rule *rule, int64_t t_us, bool kept,
                       struct function_marks *marks, struct inner_query *inner);
/* Binds it: can it be asked at all? access NULL: the server's own rights */
struct err *alert_check(struct server *server, struct arena *arena, const struct rule *rule, struct alert_answer *out);
/* WeirSourceLag's rows. */
struct err *alert_source_lags(struct server *server, struct arena *arena, const struct rule *rule,
                              struct instance_row **rows, uint32_t *count); /* alerts_lag.c */

/* ---- alerts_panes.c */
struct rule_asked {
    struct rule *rule;
    int64_t t_us;
    const struct function_marks *marks; /* of the binding */
    struct query_progress *progress;
};
/* inner was bound as of T. *why NULL: its plan has the aggregation's rows from now on; else it is as it was; static. */
struct err *rule_panes_answer(struct rule_panes *panes, struct server *server, const struct rule_asked *asked,
                              struct inner_query *inner, const char **why);
void rule_panes_rest(struct rule_panes *panes); /* lets go of them until it is asked again */
/* Between the moments that it is asked: takes in what came; or lets go of them, when it was not asked for a while. */
void rule_panes_follow(struct rule_panes *panes, struct query_progress *progress);
void rule_panes_deinit(struct rule_panes *panes);

/* ---- alerts_history.c */
struct err *alert_history_open(struct alerts *alerts);
void alert_history_close(struct alerts *alerts);
/* The history's sequence goes on. */
struct err *alert_history_sequence(struct alerts *alerts);
/* Durable when it returns. */
struct err *alert_history_add(struct alerts *alerts, const struct rule *rule, const struct transition *transitions,
                              uint32_t count, struct slice offsets);
/* Instances, T and the required offsets of a state whose instances are empty. */
struct err *alert_history_restore(struct alerts *alerts, struct rule_state *state);
/* Rows of a recording rule, once for each T. */
struct err *alert_record(struct alerts *alerts, const struct rule *rule, int64_t t_us, const struct instance_row *rows,
                         uint32_t count);
struct checkpoint {
    uint64_t rule_id;
    int64_t t_us;
    const char *offsets;
};
struct err *alert_checkpoint(struct alerts *alerts, const struct checkpoint *list, uint32_t count);

/* ---- alerts_run.c */
void *alerts_thread(void *object);
/* Lowers *t_us to where the recording rules stand that the state's rule reads: those before it in its group. False: one of
 * them has no T yet. */
bool alert_after_records(struct alerts *alerts, const struct rule_state *state, int64_t *t_us);
/* Records T of all rules, if a minute has passed since it was last done, or in any case. */
void alerts_checkpoint(struct alerts *alerts, bool now);
/* The rule of a state that is in no list any more is gone: what fires resolves; frees the state. */
void alerts_retire(struct alerts *alerts, struct rule_state *state);
/* The rule's answer at T, in the turn's arena. panes: as alert_ask has them. */
struct err *alert_turn_ask(struct turn *turn, int64_t t_us, struct rule_panes *panes, struct alert_answer *answer);
/* Transitions become durable, then known. After an error the instances must be restored. */
struct err *alert_turn_record(struct turn *turn, const struct transition *list, uint32_t count);

/* ---- alerts_early.c: when to look again, in microseconds from now; UINT64_MAX: it never fires early */
uint64_t alert_fire_early(struct turn *turn);

/* ---- alerts.c */
struct rule_state *rule_state_create(struct rule *rule); /* takes over the reference; NULL: memory is out */
void rule_state_free(struct rule_state *state);          /* accepts NULL */
/* Between two turns of a thread, without locks. */
void alerts_housekeeping(struct alerts *alerts);

/* ---- alerts_backtest.c */
struct err *alert_backtest(struct execution *execution, const struct ast_statement *statement);

/* ---- alerts_orphans.c */
/* What rules left firing, or resolved unheard, that are no more since the last start. Before the threads. */
void alerts_end_orphans(struct alerts *alerts);

#endif
