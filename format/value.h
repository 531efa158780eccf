/*
 * value.h: one value of any scalar type as text and back, as ClickHouse's text formats and casts have it.
 *
 * thread   any: pure functions.
 */
#ifndef FORMAT_VALUE_H
#define FORMAT_VALUE_H

#include "base/err.h"
#include "base/text.h"
#include "base/timezone.h"
#include "format/format_settings.h"
#include "storage/column.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * The whole text as a value of the type (its flags are ignored), written to *out (type->width bytes; a String's slice
 * points into text). zone: for DateTimes whose type names none. False: it is not one, or it does not fit.
 */
bool value_from_text(const struct type *type, const struct timezone *zone, struct slice text, void *out);

/* ClickHouse's code for a text that is no value of the type; ERR_CANNOT_PARSE_TEXT where the type has none of its own.
 */
enum err_code value_error_code(const struct type *type);

/* The text of a number, a time, a UUID or an address (not of texts, enums, Bool and nested values: 0); its length. zone
 * as above. */
#define VALUE_TEXT_MAX 80U
size_t value_print(const struct type *type, const struct timezone *zone, const void *value, char to[VALUE_TEXT_MAX]);

/* Appends the value as text, nothing escaped or quoted. Arrays, tuples and maps: [..], (..), {..} with quoted items. */
void value_to_text(struct buffer *out, const struct column *column, uint32_t row, const struct timezone *zone);

/* How results write values; the two above have the simple way of it. */
struct value_style {
    const struct timezone *zone; /* of DateTimes whose type names none */
    enum time_style times;
    bool decimal_zeros; /* all digits of a Decimal's scale */
    /* Writes a tuple with names; NULL: without its names, as others. */
    void (*named_tuple)(void *user, struct buffer *out, const struct column *column, uint32_t row);
    void *user;
};
size_t value_print_as(const struct type *type, const struct value_style *style, const void *value,
                      char to[VALUE_TEXT_MAX]);
void value_to_text_as(struct buffer *out, const struct column *column, uint32_t row, const struct value_style *style);

/* "2024-01-31", also "2024-1-31" and "20240131". */
bool value_parse_date(struct slice text, int32_t *days);
/* "2024-01-31 12:34:56.789", with T for the space, with Z behind; a date alone; seconds since the epoch. */
bool value_parse_datetime(struct slice text, const struct timezone *zone, uint32_t scale, int64_t *ticks);
/* 32 hexadecimal digits, with dashes or without: 16 bytes in ClickHouse's order. */
bool value_parse_uuid(struct slice text, void *out);
/* AF_INET: a number in 4 bytes; AF_INET6: 16 bytes in the network's order, of an IPv4 address mapped ones. */
bool value_parse_address(struct slice text, int family, void *out);
/* true, 1, yes, on, … and what they are not, in ClickHouse's spellings. */
bool value_parse_bool(struct slice text, uint8_t *out);
/* 10^scale, scale ≤ 18. */
int64_t value_scale(uint32_t scale);

/* text in single quotes with ClickHouse's backslash escapes: \b \f \r \n \t \0 \' \\ */
void value_quote(struct buffer *out, struct slice text);

#endif
