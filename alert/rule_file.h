/*
 * rule_file.h: rule files: groups of rules in YAML, in Prometheus' form, with SQL in expr.
 *
 * form     docs/ALERTS.md, "Rule files". Unknown keys, values of the wrong kind, two groups of one name: errors that
 *          say file, line and rule. All rules of a file, or an error.
 * bound    RULE_FILE_BYTES_MAX, RULE_FILE_RULES_MAX; what YAML can repeat by anchors is counted as often as it stands
 *          there
 * thread   any
 */
#ifndef ALERT_RULE_FILE_H
#define ALERT_RULE_FILE_H

#include "alert/rule.h"

#define RULE_FILE_BYTES_MAX ((size_t)4 << 20)
#define RULE_FILE_RULES_MAX 10000U

struct rule_list {
    struct rule **items;
    uint32_t count;
};
void rule_list_deinit(struct rule_list *list);
/* Appends; moved. False: memory is out, the rule is still the caller's. */
bool rule_list_add(struct rule_list *list, struct rule *rule);

/* name: as errors and /api/v1/rules call the file. database: of tables without one. ERR_BAD_ARGUMENTS */
struct err *rule_file_parse(struct slice text, struct slice name, struct slice database, struct rule_list *out);

#endif
