/*
 * value_text.c: one value as text and back.
 *
 * floats   the shortest digits that read back as the same number, as ClickHouse prints them (1e21, 0.00001, inf, nan)
 * thread   any, no shared state
 */
#include "query/functions/value_text.h"

#include "base/civil.h"
#include "base/int256.h"
#include "base/number.h"
#include "base/timezone.h"
#include "format/value.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <stdlib.h>

const struct timezone *zone_of(const struct type *type, const struct function_context *context)
{
    if (type->zone != NULL) {
        return type->zone;
    }
    return context != NULL && context->zone != NULL ? context->zone : timezone_utc();
}

int64_t scale_factor(uint32_t scale)
{
    int64_t factor = 1;
    while (scale-- > 0) {
        factor *= 10;
    }
    return factor;
}

void moment_of(const struct timezone *zone, int64_t utc_seconds, struct moment *out)
{
    int64_t local = civil_clamp_seconds(utc_seconds + timezone_offset(zone, utc_seconds));
    int64_t days = floor_divide(local, 86400);
    uint32_t rest = (uint32_t)(local - days * 86400);
    struct civil civil = civil_of_days((int32_t)days);
    *out = (struct moment){civil.year,     civil.month, civil.day,     rest / 3600,
                           rest / 60 % 60, rest % 60,   (int32_t)days, local};
}

uint32_t clamp_datetime(int64_t seconds)
{
    return seconds < 0 ? 0 : seconds > UINT32_MAX ? UINT32_MAX : (uint32_t)seconds;
}

uint16_t clamp_date(int64_t days)
{
    return days < 0 ? 0 : days > UINT16_MAX ? UINT16_MAX : (uint16_t)days;
}

int32_t clamp_date32(int64_t days)
{
    return days < DATE32_MIN ? DATE32_MIN : days > DATE32_MAX ? DATE32_MAX : (int32_t)days;
}

/* --- to text ----------------------------------------------------------------------------------------------------- */

struct err *value_text(struct text_buffer *buffer, const struct type *type, const struct timezone *zone,
                       const void *value, struct slice *out)
{
    char *to = text_room(buffer, VALUE_TEXT_MAX);
    if (to == NULL) {
        return arena_error(buffer->arena);
    }
    switch (type->kind) {
    case TYPE_STRING:
        *out = *(const struct slice *)value;
        return NULL;
    case TYPE_FIXED_STRING:
        *out = slice_of(value, type->width);
        return NULL;
    case TYPE_BOOL:
        *out = *(const uint8_t *)value != 0 ? slice_of("true", 4) : slice_of("false", 5);
        return NULL;
    case TYPE_ENUM8:
    case TYPE_ENUM16: {
        int16_t number = type->kind == TYPE_ENUM8 ? *(const int8_t *)value : *(const int16_t *)value;
        if (!type_enum_name(type, number, out)) {
            *out = slice_of("", 0);
        }
        return NULL;
    }
    default:
        *out = text_taken(buffer, value_print(type, zone, value, to));
        return NULL;
    }
}

/* --- from text --------------------------------------------------------------------------------------------------- */

static bool digits(const char *at, size_t count, uint32_t *out)
{
    uint32_t value = 0;
    for (size_t i = 0; i < count; i++) {
        if (at[i] < '0' || at[i] > '9') {
            return false;
        }
        value = value * 10 + (uint32_t)(at[i] - '0');
    }
    *out = value;
    return true;
}

/* Year, month and day at the beginning of text; *used: bytes. */
static bool date_prefix(struct slice text, int32_t *days, size_t *used)
{
    uint32_t year, month, day;
    if (text.length >= 10 && digits(text.data, 4, &year) && digits(text.data + 5, 2, &month) &&
        digits(text.data + 8, 2, &day) && text.data[4] == text.data[7] && (text.data[4] < '0' || text.data[4] > '9')) {
        *used = 10;
    } else if (text.length >= 8 && text.data[4] == '-' && digits(text.data, 4, &year)) {
        size_t at = 5;
        size_t width = at + 1 < text.length && text.data[at + 1] != '-' ? 2 : 1;
        if (!digits(text.data + at, width, &month) || at + width >= text.length || text.data[at + width] != '-') {
            return false;
        }
        at += width + 1;
        width = at + 1 < text.length && text.data[at + 1] >= '0' && text.data[at + 1] <= '9' ? 2 : 1;
        if (at + width > text.length || !digits(text.data + at, width, &day)) {
            return false;
        }
        *used = at + width;
    } else if (text.length == 8 && digits(text.data, 4, &year) && digits(text.data + 4, 2, &month) &&
               digits(text.data + 6, 2, &day)) {
        *used = 8;
    } else {
        return false;
    }
    if (month < 1 || month > 12 || day < 1 || day > civil_days_in_month((int32_t)year, month)) {
        return false;
    }
    *days = civil_to_days((int32_t)year, month, day);
    return true;
}

bool parse_date(struct slice text, int32_t *days)
{
    size_t used;
    return date_prefix(text, days, &used) && used == text.length;
}

bool parse_datetime(struct slice text, const struct timezone *zone, uint32_t scale, int64_t *ticks)
{
    int32_t days = 0;
    size_t at;
    uint32_t hour = 0, minute = 0, second = 0;
    int64_t fraction = 0;
    int64_t factor = scale_factor(scale);
    int64_t seconds;
    bool dated = false; /* a date, not a number of seconds */

    bool all_digits = text.length >= 5 && text.length <= 10;
    for (size_t i = 0; all_digits && i < text.length && text.data[i] != '.'; i++) {
        all_digits = text.data[i] >= '0' && text.data[i] <= '9';
    }
    if (all_digits && text.length != 8) {
        uint64_t value = 0;
        for (at = 0; at < text.length && text.data[at] != '.'; at++) {
            value = value * 10 + (uint64_t)(text.data[at] - '0');
        }
        seconds = (int64_t)value;
        goto fraction;
    }
    if (!date_prefix(text, &days, &at)) {
        return false;
    }
    dated = true;
    if (at < text.length) {
        if ((text.data[at] != ' ' && text.data[at] != 'T') || at + 9 > text.length ||
            !digits(text.data + at + 1, 2, &hour) || text.data[at + 3] != ':' ||
            !digits(text.data + at + 4, 2, &minute) || text.data[at + 6] != ':' ||
            !digits(text.data + at + 7, 2, &second) || hour > 23 || minute > 59 || second > 59) {
            return false;
        }
        at += 9;
    }
    seconds = timezone_to_utc(zone, (int64_t)days * 86400 + hour * 3600 + minute * 60 + second);
fraction:
    if (at < text.length && text.data[at] == '.') {
        uint32_t count = 0;
        for (at++; at < text.length && text.data[at] >= '0' && text.data[at] <= '9'; at++) {
            if (count < scale) {
                fraction = fraction * 10 + (text.data[at] - '0');
                count++;
            }
        }
        fraction *= scale_factor(scale - count);
    }
    if (dated && at + 1 == text.length && text.data[at] == 'Z') {
        at++;
        seconds = (int64_t)days * 86400 + hour * 3600 + minute * 60 + second;
    }
    if (at != text.length || __builtin_mul_overflow(seconds, factor, ticks)) {
        return false;
    }
    return !__builtin_add_overflow(*ticks, fraction, ticks);
}

/* Digits with an optional sign, modulo 2^128. */
static bool parse_integer(struct slice text, bool is_signed, unsigned __int128 *out)
{
    size_t at = 0;
    bool negative = false;
    unsigned __int128 value = 0;
    if (text.length > 0 && (text.data[0] == '+' || (text.data[0] == '-' && is_signed))) {
        negative = text.data[0] == '-';
        at = 1;
    }
    if (at == text.length) {
        return false;
    }
    for (; at < text.length; at++) {
        if (text.data[at] < '0' || text.data[at] > '9') {
            return false;
        }
        value = value * 10 + (unsigned)(text.data[at] - '0');
    }
    *out = negative ? 0 - value : value;
    return true;
}

static bool parse_decimal(const struct type *type, struct slice text, __int128 *out)
{
    size_t at = 0;
    bool negative = false;
    bool any = false;
    __int128 value = 0;
    uint32_t fraction = 0;
    bool point = false;
    int exponent = 0;
    if (text.length > 0 && (text.data[0] == '+' || text.data[0] == '-')) {
        negative = text.data[0] == '-';
        at = 1;
    }
    for (; at < text.length; at++) {
        char c = text.data[at];
        if (c == '.' && !point) {
            point = true;
        } else if (c >= '0' && c <= '9') {
            any = true;
            if (point && fraction >= type->scale) {
                continue; /* more digits than the type has are cut off */
            }
            if (__builtin_mul_overflow(value, 10, &value) || __builtin_add_overflow(value, c - '0', &value)) {
                return false;
            }
            fraction += point;
        } else if ((c == 'e' || c == 'E') && any) {
            char number[8];
            size_t length = text.length - at - 1;
            char *end;
            if (length == 0 || length >= sizeof(number)) {
                return false;
            }
            memcpy(number, text.data + at + 1, length);
            number[length] = 0;
            exponent = (int)strtol(number, &end, 10);
            if (*end != 0) {
                return false;
            }
            break;
        } else {
            return false;
        }
    }
    if (!any) {
        return false;
    }
    int shift = (int)type->scale - (int)fraction + exponent;
    for (; shift > 0; shift--) {
        if (__builtin_mul_overflow(value, 10, &value)) {
            return false;
        }
    }
    for (; shift < 0 && value != 0; shift++) {
        value /= 10;
    }
    __int128 bound = 1;
    for (uint32_t i = 0; i < type->precision; i++) {
        bound *= 10;
    }
    if (value >= bound) {
        return false;
    }
    *out = negative ? -value : value;
    return true;
}

bool value_parse(const struct type *type, const struct timezone *zone, struct slice text, void *value)
{
    int64_t ticks;
    int32_t days;
    double number;
    unsigned __int128 integer;
    __int128 decimal;
    zone = type->zone != NULL ? type->zone : zone;
    switch (type->kind) {
    case TYPE_BOOL:
        return value_parse_bool(text, value);
    case TYPE_STRING:
        *(struct slice *)value = text;
        return true;
    case TYPE_FIXED_STRING:
        if (text.length > type->width) {
            return false;
        }
        memset(value, 0, type->width);
        if (text.length > 0) {
            memcpy(value, text.data, text.length);
        }
        return true;
    case TYPE_FLOAT32:
        if (!number_parse_double(text, &number)) {
            return false;
        }
        *(float *)value = (float)number;
        return true;
    case TYPE_FLOAT64:
        return number_parse_double(text, value);
    case TYPE_DATE:
        if (!parse_date(text, &days)) {
            if (!parse_datetime(text, zone, 0, &ticks)) {
                return false;
            }
            struct moment moment;
            moment_of(zone, ticks, &moment);
            days = moment.days;
        }
        *(uint16_t *)value = clamp_date(days);
        return true;
    case TYPE_DATE32:
        if (!parse_date(text, &days)) {
            return false;
        }
        *(int32_t *)value = clamp_date32(days);
        return true;
    case TYPE_DATETIME:
        if (!parse_datetime(text, zone, 0, &ticks)) {
            return false;
        }
        *(uint32_t *)value = clamp_datetime(ticks);
        return true;
    case TYPE_DATETIME64:
        return parse_datetime(text, zone, type->scale, value);
    case TYPE_UUID:
        return value_parse_uuid(text, value);
    case TYPE_IPV4:
        return value_parse_address(text, AF_INET, value);
    case TYPE_IPV6:
        return value_parse_address(text, AF_INET6, value);
    case TYPE_ENUM8:
    case TYPE_ENUM16: {
        int16_t found;
        if (!type_enum_find(type, text, &found)) {
            return false;
        }
        if (type->kind == TYPE_ENUM8) {
            *(int8_t *)value = (int8_t)found;
        } else {
            *(int16_t *)value = found;
        }
        return true;
    }
    case TYPE_DECIMAL:
        if (!parse_decimal(type, text, &decimal)) {
            return false;
        }
        memcpy(value, &decimal, type->width);
        return true;
    case TYPE_INT256:
    case TYPE_UINT256: {
        bool fits; /* what does not wraps, as in narrower ones */
        return int256_parse_wrapping(text, type->kind == TYPE_INT256, value, &fits);
    }
    default:
        if (type_physical(type) == TYPE_NOTHING || !parse_integer(text, type_is_signed(type), &integer)) {
            return false;
        }
        memcpy(value, &integer, type->width);
        return true;
    }
}
