/*
 * limit_count.h: counts the rows that come to the LIMITs of a query, for query/execute.c.
 */
#ifndef QUERY_LIMIT_COUNT_H
#define QUERY_LIMIT_COUNT_H

#include "query/pipeline.h"

/* Notes the nodes below which is counted: once, before the plan is run. */
struct err *limit_count_find(struct execution *execution, const struct plan *plan);
bool limit_is_counted(const struct execution *execution, const struct plan *plan);
/* A stage that counts what it hands on to the node's own stage, `next`. */
struct err *operator_limit_count(struct execution *execution, const struct plan *plan, struct stage *next,
                                 struct stage **out);

#endif
