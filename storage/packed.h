/*
 * packed.h: arrays, tuples and maps as strings of bytes and back: how heads keep them, and hash tables their keys.
 *
 * bytes    a NULL is a byte 1, a nullable value stands behind a byte 0; fixed values at their width; strings and arrays
 *          stand behind their length in 4 bytes. States of aggregate functions hold
 *          such bytes (docs/FORMAT.md, "States"); segments have columns.
 * values   as they are: numbers are told apart by their bits, so that -0 and 0 have different bytes, as in ClickHouse
 * thread   any: pure functions
 */
#ifndef STORAGE_PACKED_H
#define STORAGE_PACKED_H

#include "base/text.h"
#include "storage/column.h"

/* Elements of one array or map, so that a granule's elements can be counted in 32 bits. */
#define PACKED_ELEMENTS_MAX (UINT32_MAX / CHUNK_ROWS_MAX)

/* The bytes of a row; any form and type. */
uint64_t packed_size(const struct column *column, uint32_t row);
/* Writes them; returns what is behind them. */
char *packed_write(char *to, const struct column *column, uint32_t row);
/* Appends the bytes of the type's default: no elements, defaults of a tuple's elements, else as column_default. */
void packed_default(struct buffer *out, const struct type *type);
/* ERR_TOO_LARGE_ARRAY: the packed value holds more elements at one level than can be stored. */
struct err *packed_check(const struct type *type, struct slice value);
/* A FLAT column of the values whose bytes these are; strings point into them. */
struct err *packed_read(struct arena *arena, const struct type *type, const struct slice *values, uint32_t count,
                        struct column **out);

#endif
