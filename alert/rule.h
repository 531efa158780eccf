/*
 * rule.h: a rule: what is asked how often, and what becomes of each row of the answer.
 *
 * made     by rule_file.h from YAML in Prometheus' form, or from CREATE ALERT and CREATE RECORDING RULE (server/); both
 *          are the same thing afterwards
 * alert    a row of the answer is one instance (instance.h): its columns of strings are labels, its number the value
 * record   a row of the answer is a row of system.recorded
 * group    rules of a file are in groups and are evaluated in its order; a rule of SQL is a group of its own
 * phase    groups of files whose interval is RULE_SPREAD_US or longer are spread over it, by a hash of file and name in
 *          whole seconds: the same after every start. Others are evaluated at the multiples of their interval
 * owner    a rule and all its texts live in an arena of its own; shared by reference, never changed
 * thread   any
 */
#ifndef ALERT_RULE_H
#define ALERT_RULE_H

#include "alert/labels.h"
#include "base/arena.h"
#include "base/err.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#define RULE_INTERVAL_US_MIN INT64_C(100000)
#define RULE_INTERVAL_US     INT64_C(60000000) /* of a group of a file that names none, as Prometheus */
#define RULE_SPREAD_US       INT64_C(10000000)
#define RULE_INSTANCES_MAX   10000U /* of a rule without a limit of its own */
#define RULE_NAME_BYTES_MAX  512U
#define RULE_LABELS_MAX      64U

enum rule_kind { RULE_ALERT, RULE_RECORD };

struct rule {
    enum rule_kind kind;
    /* Where it comes from. Of a file: file and line; of SQL: file is "" and database says where it lives. */
    struct slice file;
    uint32_t line;
    struct slice group; /* of a file: its name; of SQL: "database.name" */
    uint32_t index;     /* within the group */
    struct slice database;
    struct slice name;   /* alert: or record: */
    struct slice query;  /* the SELECT */
    uint32_t query_line; /* of a file: where the SELECT begins; 0: not known */
    int64_t interval_us;
    int64_t phase_us;  /* made by rule_make: it is evaluated at multiples of the interval and so much */
    int64_t offset_us; /* query_offset, DELAY: T is so much earlier */
    int64_t for_us;
    int64_t keep_us;     /* keep_firing_for */
    int64_t max_wait_us; /* behind the clock by more than that it is stale; 0: the server's */
    uint32_t limit;      /* instances, or rows of a recording; 0: RULE_INSTANCES_MAX */
    bool paused;
    struct labels labels;      /* the group's are among them; values are templates. Without alertname */
    struct labels annotations; /* values are templates */
    uint64_t id; /* hash of where it comes from and its name: the same over restarts and changes of the rest */

    struct arena *arena;
    _Atomic uint32_t references;
};

/* A rule in an arena of its own, with one reference: a deep copy of what was filled in (arena and references are not
 * looked
 * at), its id set. ERR_BAD_ARGUMENTS for what no rule may be: a bad name, label or time. */
struct err *rule_make(const struct rule *draft, struct rule **out);
struct rule *rule_ref(struct rule *rule);
void rule_unref(struct rule *rule); /* accepts NULL */
/* The same in all that decides what it does; not: where it stands in its file. */
bool rule_equal(const struct rule *a, const struct rule *b);
/* Of one group of one file, whose order counts. */
bool rule_same_group(const struct rule *a, const struct rule *b);
/* The moment of the rule at or before us. */
int64_t rule_moment(const struct rule *rule, int64_t us);
/* What makes instances of a row: its labels over the row's, and alertname. arena: out's. */
struct err *rule_labels(struct arena *arena, const struct rule *rule, const struct labels *row,
                        const struct labels *expanded, struct labels *out);

#endif
