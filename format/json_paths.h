/*
 * json_paths.h: values of type JSON: an object's text into paths (storage/type.h, TYPE_VIEW_JSON) and back; Dynamic's
 * text.
 *
 * paths    {"a":{"b":1}} and {"a.b":1} are the path a.b; nulls and empty objects leave none; a path may not stand
 *          twice. Values are kept as JSON text without spaces, numbers as they print, so that equal values have equal
 *          texts
 * input    hostile: depth and lengths are checked
 * thread   any: pure functions
 */
#ifndef FORMAT_JSON_PATHS_H
#define FORMAT_JSON_PATHS_H

#include "base/err.h"
#include "base/text.h"
#include "base/timezone.h"
#include "storage/column.h"

/* Appends the object as packed bytes (storage/packed.h) of a JSON type. errors: ERR_INCORRECT_DATA. */
struct err *json_paths_read(struct slice text, const struct type *type, const struct timezone *zone,
                            struct buffer *out);
/* Appends a row's text. */
void json_paths_write(struct buffer *out, const struct column *column, uint32_t row, const struct timezone *zone);

/* Appends a String as JSON text. */
void json_string_text(struct buffer *out, struct slice text);

/* What a Dynamic's text is. */
enum json_kind { JSON_INT64, JSON_UINT64, JSON_FLOAT64, JSON_BOOL, JSON_STRING, JSON_ARRAY, JSON_KINDS };
enum json_kind json_kind_of(struct slice text);
/* Appends it as JSON formats show it. */
void json_shown_text(struct buffer *out, struct slice text);
/* Appends it as an element of an array: strings in quotes. */
void json_item_text(struct buffer *out, struct slice text);
/* Appends it as toString shows it: strings without quotes, arrays as [1,NULL,'a']. */
void json_plain_text(struct buffer *out, struct slice text);

#endif
