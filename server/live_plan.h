/*
 * live_plan.h: what a bound plan says of a query that stays open: its key, its order, when it must run again, and how.
 */
#ifndef SERVER_LIVE_PLAN_H
#define SERVER_LIVE_PLAN_H

#include "base/text.h"
#include "query/plan.h"

#include <stdbool.h>
#include <stdint.h>

struct live_plan {
    const uint32_t *key; /* columns of the answer that tell its rows apart; in the arena */
    uint32_t key_count;  /* 0: there are none */
    struct slice order;  /* of a keyed answer: JSON, or empty */
    bool incremental;    /* the partial-result cache may keep what did not change */
    bool polled;         /* it reads what does not tell when it changes */
    bool timed;          /* it asks for the time, or for the watermark */
    const char *why;     /* incremental or not; static */
    const char *why_key; /* key_count 0: why; static */
};

/* marks: of its binding. */
struct err *live_plan_look(struct arena *arena, const struct query_plan *plan, const struct function_context *context,
                           const struct function_marks *marks, bool caches, struct live_plan *out);

/* Can the query be a tail of the one table that it reads (EMIT ROWS)? ERR_NOT_IMPLEMENTED: it cannot, as each row of
 * its answer must be one of the table's, or come of one, whatever the others are. *table: that one. */
struct err *live_plan_tail(const struct query_plan *plan, const struct table_source **table);
/* EMIT ROWS LAST n, SINCE time: the SELECT that gives these rows, the latest event time first, or how many they are, in the
 * arena. ERR_NOT_IMPLEMENTED: FROM does not name the table itself, or it has no event time; ERR_BAD_ARGUMENTS: too many. */
struct ast_statement;
struct err *live_plan_past(struct arena *arena, const struct ast_statement *statement, const struct table_source *table,
                           bool count, struct slice *out);

/* The bound SELECT of these rows: ERR_NOT_IMPLEMENTED, SINCE asks other rows. */
struct err *live_plan_check_past(const struct query_plan *plan);

/* What EXPLAIN says of it: lines, each with an end. emits: of EMIT EVERY when it does; else NULL. */
struct pane_shape; /* server/tick_panes.h */
void live_plan_explain(const struct live_plan *look, const struct plan *plan, const char *emits,
                       const struct pane_shape *panes, struct buffer *out);

#endif
