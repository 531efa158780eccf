/*
 * ast_alert.h: the syntax tree of statements on alert rules and recording rules.
 */
#ifndef SQL_AST_ALERT_H
#define SQL_AST_ALERT_H

#include "base/slice.h"

#include <stdbool.h>
#include <stdint.h>

struct ast_query;

enum ast_alert_action {
    AST_ALERT_CREATE,
    AST_ALERT_DROP,
    AST_ALERT_PAUSE,
    AST_ALERT_RESUME,
    AST_ALERT_SHOW_CREATE,
    AST_ALERT_BACKTEST, /* of a name, or of a SELECT; the statement's from and to */
};

struct ast_label {
    struct slice name, value;
    uint32_t offset;
};

/* Names are the statement's. Times in microseconds; −1: not said. */
struct ast_alert {
    enum ast_alert_action action;
    bool record; /* RECORDING RULE */
    bool if_not_exists, or_replace;
    struct slice database, name; /* CREATE: for the printer; set by who defines it */
    struct ast_query *select;    /* or NULL */
    int64_t every_us, for_us, keep_us, max_wait_us, delay_us;
    uint64_t instances_max; /* 0: not said */
    struct ast_label *labels, *annotations;
    uint32_t label_count, annotation_count;
    bool paused;
};

#endif
