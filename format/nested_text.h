/*
 * nested_text.h: arrays, tuples and maps from text, [1,2], ('a',NULL), {'k':[..]}, into packed bytes
 * (storage/packed.h).
 *
 * input    hostile: the type bounds the depth, every end is checked
 * thread   any: pure functions
 */
#ifndef FORMAT_NESTED_TEXT_H
#define FORMAT_NESTED_TEXT_H

#include "base/err.h"
#include "base/text.h"
#include "base/timezone.h"
#include "storage/column.h"

/* The whole text as a value of the bare type, as value_from_text (format/value.h). */
typedef bool nested_scalar(const struct type *type, const struct timezone *zone, struct slice text, void *value);

/*
 * Appends the value at the text's beginning; *used: its bytes. zone: of DateTimes that name none.
 * errors   ERR_CANNOT_READ_ARRAY, ERR_CANNOT_PARSE_INPUT, ERR_READ_AFTER_EOF, … with the place; ERR_TOO_LARGE_ARRAY
 */
struct err *nested_from_text(struct slice text, const struct type *type, const struct timezone *zone,
                             nested_scalar *scalar, struct buffer *out, size_t *used);
/* Bytes of the value at the text's beginning: up to the bracket that closes the first; 0: it does not end here. */
size_t nested_text_end(struct slice text);

/* A type's value of one element goes here; aligned for every type. */
struct nested_value {
    unsigned __int128 small[4];
    struct buffer large;
};
/* Room for a value; NULL: memory is out. */
void *nested_value_room(struct nested_value *value, const struct type *type);
/* Appends what stands there. */
void nested_value_put(struct buffer *out, const struct type *type, const void *value);

#endif
