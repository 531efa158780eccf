/*
 * selection.h: one SELECT while it is bound: what bind_select.c and bind_project.c share.
 */
#ifndef SQL_SELECTION_H
#define SQL_SELECTION_H

#include "sql/binder.h"

/* What is bound of a SELECT, over the columns of its input; after aggregation over those of the aggregation. */
struct selection {
    struct binder *binder;
    struct scope scope;
    struct items items;
    const struct expression *condition;
    const struct expression **keys;
    uint32_t key_count;
    const struct expression *having;
    const struct expression *qualify;
    struct plan_sort_key *sort_keys;
    uint32_t sort_count;
    const struct ast_order **sort_orders; /* what the keys were written as */
    uint32_t sort_order_count;
    const struct expression **limit_keys;
    uint32_t limit_key_count;
    struct grouping_masks masks;
    struct plan *plan;
    const struct expression *complete; /* of windows: they are, over the keys; or NULL */
    struct plan *totals;               /* the row of totals, with the columns of plan; or NULL */
};

/* LIMIT n BY these; DISTINCT ON (…) is LIMIT 1 BY … */
static inline const struct ast_list *selection_limit_by(const struct ast_select *select)
{
    return select->distinct_on.count > 0 ? &select->distinct_on : &select->limit_by;
}

/* One more key of GROUP BY, unless it is there. */
struct err *selection_add_key(struct selection *selection, const struct expression *key);
/* Changes all that is bound; aggregated: not what is below the aggregation. */
struct err *selection_change(struct selection *selection, bool aggregated,
                             struct err *(*change)(struct binder *binder, const struct scope *scope,
                                                   const struct expression **expression));

/* bind_correlated.c. A correlated subquery gives its value, and by what it is joined. Once its clauses are bound. */
struct err *correlate(struct selection *selection);
/* Joins the correlated subqueries that are wanted (NULL: all) and have no place yet to the plan. */
struct err *dependents_place(struct selection *selection, const uint8_t *wanted, bool aggregated);

/* Puts the list, and what ORDER BY, LIMIT BY, WITH FILL and LIMIT make of it, on the plan (bind_project.c). */
struct err *selection_project(struct selection *selection);

/* Cuts or marks buckets of time that are not complete, if the options say so (bind_buckets.c). Once keys are bound. */
struct err *bind_buckets(struct selection *selection);

/* bind_time_window.c. *window: which key is a window of hop or session, checked; UINT32_MAX: none. */
struct err *bind_time_windows(struct selection *selection, uint32_t *window);
/* The aggregation by that key and the others: its output is as that of an aggregation. */
struct err *bind_panes(struct selection *selection, uint32_t window, struct plan **plan);
/* hopStart(ts, step, size) and the like become elements of the window of GROUP BY. */
struct err *bind_window_parts(struct selection *selection, const struct expression **expression);

#endif
