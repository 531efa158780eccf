/*
 * query_asks.h: what functions and system tables learn of who runs the query: values of settings, tables' columns.
 */
#ifndef SERVER_QUERY_ASKS_H
#define SERVER_QUERY_ASKS_H

#include "server/execute.h"

/* Sets execution->host, and the context's. */
void query_asks_init(struct execution *execution);
/* The execution that made the context; NULL: there is none. */
const struct execution *execution_of_context(const struct function_context *context);
/* Appends the value of a setting that holds for the execution. */
void execution_print_setting(const struct execution *execution, uint32_t index,
                             const struct setting_description *setting, struct buffer *out);

#endif
