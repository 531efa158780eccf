/*
 * state_type.h: the types of states: between the combinators (aggregate_state.c) and their spelling (state_type.c).
 */
#ifndef QUERY_STATE_TYPE_H
#define QUERY_STATE_TYPE_H

#include "query/aggregate_combine.h"

/* AggregateFunction of what is bound; canonical: the function's name with its combinators. */
struct err *state_type_of(const struct combine_bind *bind, struct slice canonical, const struct type **out);
/* SimpleAggregateFunction of what is bound, whose results are of type `value`. ERR_BAD_ARGUMENTS: its values are no
 * states. */
struct err *simple_type_of(const struct combine_bind *bind, struct slice canonical, const struct type *value,
                           const struct type **out);
/* ERR_ARGUMENT_TYPE: the type is not that of states which the function can merge; it is compared once it is bound,
 * nested. */
struct err *state_type_matches(const struct combine_bind *bind, struct slice canonical, const struct type *type,
                               const struct aggregate *nested);

#endif
