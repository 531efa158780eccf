/*
 * cast.h: column_cast and its modes; query/functions/cast.c.
 */
#ifndef QUERY_FUNCTIONS_CAST_H
#define QUERY_FUNCTIONS_CAST_H

#include "query/functions/functions.h"

/* CAST_ASKED, what SQL's CAST is, is plain but for texts that are no value of a Nullable type: they become NULL. */
enum cast_mode { CAST_PLAIN, CAST_ASKED, CAST_OR_NULL, CAST_OR_ZERO, CAST_ACCURATE };

/* Any form in; FLAT, CONST or (same values) DICT out. or-null and accurate need a nullable type. */
struct err *column_cast(struct arena *arena, const struct function_context *context, const struct column *column,
                        const struct type *type, enum cast_mode mode, struct column **out);
/* What the -OrDefault casts give instead of a value that does not fit the type: a CONST of its default. */
struct column *cast_default(struct arena *arena, const struct type *type, uint32_t row_count);
/* From a state of an aggregate function to a string, or from a string, whose bytes are checked;
 * query/functions/state.c. */
struct err *cast_state(struct arena *arena, const struct function_context *context, const struct column *column,
                       const struct type *type, struct column **out);

#endif
