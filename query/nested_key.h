/*
 * nested_key.h: arrays, tuples and maps as strings of bytes and back: equal values, and only they, have equal bytes.
 *
 * use      hash tables whose keys are strings: GROUP BY, DISTINCT, JOIN, arrayDistinct
 * bytes    a NULL is a byte 1, a nullable value stands behind a byte 0; strings and arrays stand behind their length in
 *          4 bytes; numbers are told apart by their bits. They are for this process only.
 * thread   any: pure functions
 */
#ifndef QUERY_NESTED_KEY_H
#define QUERY_NESTED_KEY_H

#include "storage/column.h"

/* out[i]: the bytes of row i of a column of any type and form, in the arena; a CONST column has only row 0. */
struct err *nested_key_encode(struct arena *arena, const struct column *column, uint32_t row_count, struct slice *out);
/* A FLAT column of the values whose bytes these are; strings point into the keys. */
struct err *nested_key_decode(struct arena *arena, const struct type *type, const struct slice *keys, uint32_t count,
                              struct column **out);

#endif
