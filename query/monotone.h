/*
 * monotone.h: does a row of an answer stay, whatever rows are still to come?
 *
 * Rows of a SELECT over one table are rows of it. With GROUP BY, each row of the answer is a group that meets HAVING. Where all that HAVING
 * asks of a group can only grow true while rows are added to it, a group that meets it now meets it when all rows are
 * there. So an alert may say so before (server/alerts_early.c). It is a proof from the plan, and a small one: what it
 * does not know it refuses.
 *
 * grows    count, countIf, uniqExact, uniqExactIf; sum and sumIf of unsigned integers (but for one that passes 2^64 and
 *          begins anew); max: of a group that has rows, of unsigned integers or of Nullable
 * falls    min: of a group that has rows, or of Nullable
 * HAVING   > and >= of what grows and what stays, < and <= likewise, AND and OR of such, NOT of the opposite; what grows
 *          may be divided by a positive constant. Keys and constants stay
 * rows     rows may be added, not removed, replaced or combined: what holds the table knows whether that is so
 */
#ifndef QUERY_MONOTONE_H
#define QUERY_MONOTONE_H

#include "query/plan.h"

/*
 * NULL: each row that the plan gives stays, with the same values in all columns but value_column (it may change, but
 * does not become NULL). Else why that is not known; static.
 */
const char *plan_monotone(const struct query_plan *plan, const struct function_marks *marks, uint32_t value_column);

#endif
