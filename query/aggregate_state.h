/*
 * aggregate_state.h: states of aggregate functions as values: AggregateFunction types and the combinators around
 * them.
 *
 * A column of states is a column of strings, the bytes of states (aggregate.h, write_state). An empty string is the
 * state of no rows: the default of such a column.
 * thread   any: pure functions
 */
#ifndef QUERY_AGGREGATE_STATE_H
#define QUERY_AGGREGATE_STATE_H

#include "query/aggregate.h"

/* The function of an AggregateFunction type, bound to its arguments and parameters. */
struct err *aggregate_of_state(struct arena *arena, const struct function_context *context, const struct type *type,
                               const struct aggregate **out);
/* Adds a column's value to a state: all of its bytes must belong to it. */
struct err *aggregate_add_bytes(const struct aggregate *aggregate, struct arena *arena, struct arena *scratch,
                                struct slice bytes, void *into);
/* ERR_BAD_ARGUMENTS: bytes are left. */
struct err *aggregate_read_end(const struct state_reader *reader);
/* States side by side as their bytes, in the arena. */
struct err *aggregate_bytes(const struct aggregate *aggregate, struct arena *arena, char *states, uint32_t stride,
                            uint32_t count, struct slice *out);
/* "quantile(0.9)", as arrayReduce and initializeAggregation name functions: name and constants. */
struct err *aggregate_name_parse(struct arena *arena, struct slice text, struct slice *name,
                                 const struct column ***parameters, uint32_t *parameter_count);
/* For type_functions_register. */
struct err *aggregate_check_type(struct arena *arena, struct type_function *function, const struct type *value);
/* state_wire.c: tells the formats how states go over the wire. */
void aggregate_wire_register(void);

#endif
