/*
 * arrow_cast.h: values of Arrow's types as those of a column's type, as ClickHouse's CAST has them; a number that does
 * not fit is refused, where ClickHouse lets it wrap around.
 *
 * thread   any: pure functions
 */
#ifndef FORMAT_ARROW_CAST_H
#define FORMAT_ARROW_CAST_H

#include "format/arrow_array.h"

/* Room for a value of a type that is not nested and no string. */
union arrow_value {
    unsigned __int128 words[2];
    int64_t ticks;
    char bytes[32];
};

/* May values of the one type become values of the other? Strings may become anything, by their text. */
bool arrow_castable(const struct type *from, const struct type *to);
/* A value of a type that is not nested and no string, in the form that columns of array->type have; false: it has none. */
bool arrow_load(const struct arrow_array *array, uint32_t row, union arrow_value *out);
/* Such a value in the form that columns of the other type have, which is not nested and no string either. zone: of
 * DateTimes that name none. False: it does not fit. */
bool arrow_cast(const struct type *from, const union arrow_value *value, const struct type *to,
                const struct timezone *zone, union arrow_value *out);
/* Bytes that are a value of such a type as they are: what ClickHouse writes as FixedSizeBinary. */
bool arrow_cast_bytes(struct slice bytes, const struct type *to, union arrow_value *out);

#endif
