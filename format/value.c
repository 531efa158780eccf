/*
 * value.c: texts of values.
 *
 * thread   any, no shared state
 */
#include "format/value.h"

#include "base/civil.h"
#include "base/hex.h"
#include "base/int256.h"
#include "base/interrupt.h"
#include "base/number.h"
#include "format/json_paths.h"

#include <arpa/inet.h>
#include <stdio.h>

int64_t value_scale(uint32_t scale)
{
    int64_t factor = 1;
    while (scale-- > 0) {
        factor *= 10;
    }
    return factor;
}

/* ---- from text */

static bool digits(const char *at, size_t count, uint32_t *out)
{
    uint32_t value = 0;
    for (size_t k = 0; k < count; k++) {
        unsigned digit = (unsigned)(unsigned char)at[k] - '0';
        if (digit > 9) {
            return false;
        }
        value = value * 10 + digit;
    }
    *out = value;
    return true;
}

static bool is_digit(struct slice text, size_t at)
{
    return at < text.length && (unsigned)(unsigned char)text.data[at] - '0' <= 9;
}

/* Year, month and day at the beginning; *used: their bytes. */
static bool date_prefix(struct slice text, int32_t *days, size_t *used)
{
    uint32_t year, month, day;
    if (text.length < 8 || !digits(text.data, 4, &year)) {
        return false;
    }
    if (is_digit(text, 4)) { /* 20240131 */
        if (!digits(text.data + 4, 2, &month) || !digits(text.data + 6, 2, &day) || is_digit(text, 8)) {
            return false;
        }
        *used = 8;
    } else {
        size_t width = is_digit(text, 6) ? 2 : 1, at = 5 + width;
        if (!digits(text.data + 5, width, &month) || at >= text.length || text.data[at] != text.data[4]) {
            return false;
        }
        at++;
        width = is_digit(text, at + 1) ? 2 : 1;
        if (at + width > text.length || !digits(text.data + at, width, &day)) {
            return false;
        }
        *used = at + width;
    }
    if (month < 1 || month > 12 || day < 1 || day > civil_days_in_month((int32_t)year, month)) {
        return false;
    }
    *days = civil_to_days((int32_t)year, month, day);
    return true;
}

bool value_parse_date(struct slice text, int32_t *days)
{
    size_t used;
    return date_prefix(text, days, &used) && used == text.length;
}

/* Digits behind a point, as ticks of 10^-scale; moves *at. */
static int64_t fraction_ticks(struct slice text, size_t *at, uint32_t scale)
{
    int64_t fraction = 0;
    uint32_t count = 0;
    for ((*at)++; is_digit(text, *at); (*at)++) {
        if (count < scale) {
            fraction = fraction * 10 + (text.data[*at] - '0');
            count++;
        }
    }
    return fraction * value_scale(scale - count);
}

/* ":56" and the like behind a date; moves *at. */
static bool time_of_day(struct slice text, size_t *at, uint32_t *seconds)
{
    uint32_t hour, minute, second = 0;
    if ((text.data[*at] != ' ' && text.data[*at] != 'T') || *at + 6 > text.length ||
        !digits(text.data + *at + 1, 2, &hour) || text.data[*at + 3] != ':' ||
        !digits(text.data + *at + 4, 2, &minute) || hour > 23 || minute > 59) {
        return false;
    }
    *at += 6;
    if (*at + 3 <= text.length && text.data[*at] == ':') {
        if (!digits(text.data + *at + 1, 2, &second) || second > 59) {
            return false;
        }
        *at += 3;
    }
    *seconds = hour * 3600 + minute * 60 + second;
    return true;
}

bool value_parse_datetime(struct slice text, const struct timezone *zone, uint32_t scale, int64_t *ticks)
{
    int32_t days;
    size_t at = 0, leading = 0;
    uint32_t time = 0;
    int64_t seconds, fraction = 0;
    while (is_digit(text, leading)) {
        leading++;
    }
    if (leading >= 1 && leading <= 10 && leading != 4 && leading != 8 &&
        (leading == text.length || text.data[leading] == '.')) { /* seconds since the epoch */
        uint64_t value;
        if (!number_parse_u64(slice_of(text.data, leading), &value)) {
            return false;
        }
        seconds = (int64_t)value;
        at = leading;
    } else {
        if (!date_prefix(text, &days, &at) || (at < text.length && !time_of_day(text, &at, &time))) {
            return false;
        }
        seconds = (int64_t)days * 86400 + time;
        if (text.data[text.length - 1] == 'Z') {
            text.length--;
        } else {
            seconds = timezone_to_utc(zone, seconds);
        }
    }
    if (at < text.length && text.data[at] == '.') {
        fraction = fraction_ticks(text, &at, scale);
    }
    return at == text.length && !__builtin_mul_overflow(seconds, value_scale(scale), ticks) &&
           !__builtin_add_overflow(*ticks, fraction, ticks);
}

enum err_code value_error_code(const struct type *type)
{
    switch ((int)type->kind) {
    case TYPE_FLOAT32:
    case TYPE_FLOAT64:
        return ERR_CANNOT_PARSE_NUMBER;
    case TYPE_BOOL:
        return ERR_CANNOT_PARSE_BOOL;
    case TYPE_DATE:
    case TYPE_DATE32:
        return ERR_CANNOT_PARSE_DATE;
    case TYPE_DATETIME:
    case TYPE_DATETIME64:
        return ERR_CANNOT_PARSE_DATETIME;
    case TYPE_UUID:
        return ERR_CANNOT_PARSE_UUID;
    case TYPE_IPV4:
        return ERR_CANNOT_PARSE_IPV4;
    case TYPE_IPV6:
        return ERR_CANNOT_PARSE_IPV6;
    case TYPE_ENUM8:
    case TYPE_ENUM16:
        return ERR_UNKNOWN_ENUM_ELEMENT;
    case TYPE_FIXED_STRING:
        return ERR_STRING_TOO_LARGE;
    default:
        return ERR_CANNOT_PARSE_TEXT;
    }
}

bool value_parse_uuid(struct slice text, void *out)
{
    unsigned __int128 uuid = 0;
    uint32_t count = 0;
    for (size_t k = 0; k < text.length; k++) {
        if (text.data[k] == '-' && text.length == 36 && (k == 8 || k == 13 || k == 18 || k == 23)) {
            continue;
        }
        uint32_t digit = hex_digit(text.data[k]);
        if (digit == 16 || count == 32) {
            return false;
        }
        uuid = uuid << 4 | digit;
        count++;
    }
    uuid = uuid << 64 | uuid >> 64; /* the second half counts more, as in ClickHouse's order */
    memcpy(out, &uuid, 16);
    return count == 32;
}

bool value_parse_address(struct slice text, int family, void *out)
{
    char copy[64];
    unsigned char bytes[16];
    if (text.length == 0 || text.length >= sizeof(copy)) {
        return false;
    }
    memcpy(copy, text.data, text.length);
    copy[text.length] = 0;
    if (strlen(copy) != text.length) {
        return false;
    }
    if (family == AF_INET6 && strchr(copy, ':') == NULL && inet_pton(AF_INET, copy, bytes) == 1) {
        unsigned char mapped[16] = {[10] = 0xff, [11] = 0xff};
        memcpy(mapped + 12, bytes, 4);
        memcpy(out, mapped, 16);
        return true;
    }
    if (inet_pton(family, copy, bytes) != 1) {
        return false;
    }
    if (family == AF_INET) {
        uint32_t address = (uint32_t)bytes[0] << 24 | (uint32_t)bytes[1] << 16 | (uint32_t)bytes[2] << 8 | bytes[3];
        memcpy(out, &address, 4);
    } else {
        memcpy(out, bytes, 16);
    }
    return true;
}

bool value_parse_bool(struct slice text, uint8_t *out)
{
    static const char *const words[][2] = {{"false", "true"}, {"False", "True"}, {"FALSE", "TRUE"}, {"0", "1"},
                                           {"f", "t"},        {"F", "T"},        {"no", "yes"},     {"No", "Yes"},
                                           {"NO", "YES"},     {"n", "y"},        {"N", "Y"},        {"off", "on"}};
    for (size_t k = 0; k < sizeof(words) / sizeof(words[0]); k++) {
        for (uint8_t value = 0; value < 2; value++) {
            if (slice_equal(text, slice_text(words[k][value]))) {
                *out = value;
                return true;
            }
        }
    }
    return false;
}

static bool parse_integer(const struct type *type, struct slice text, void *out)
{
    int64_t number;
    uint64_t number_unsigned;
    if (type_is_256(type)) {
        return int256_parse(text, type->kind == TYPE_INT256, out);
    }
    if (type->width == 16) {
        return type->kind == TYPE_INT128 ? number_parse_i128(text, out) : number_parse_u128(text, out);
    }
    uint32_t bits = type->width * 8;
    if (type->kind >= TYPE_UINT8 && type->kind <= TYPE_UINT64) {
        if (!number_parse_u64(text, &number_unsigned) || (bits < 64 && number_unsigned >> bits != 0)) {
            return false;
        }
        memcpy(out, &number_unsigned, type->width);
        return true;
    }
    if (!number_parse_i64(text, &number) ||
        (bits < 64 && (number < -((int64_t)1 << (bits - 1)) || number >= (int64_t)1 << (bits - 1)))) {
        return false;
    }
    memcpy(out, &number, type->width);
    return true;
}

static bool parse_enum(const struct type *type, struct slice text, void *out)
{
    int16_t found;
    int64_t number;
    struct slice name;
    if (!type_enum_find(type, text, &found)) {
        if (!number_parse_i64(text, &number) || number < INT16_MIN || number > INT16_MAX ||
            !type_enum_name(type, (int16_t)number, &name)) {
            return false;
        }
        found = (int16_t)number;
    }
    memcpy(out, &found, type->width); /* little-endian: an Enum8's value is the first byte */
    return true;
}

static bool parse_days(const struct type *type, struct slice text, void *out)
{
    int32_t days;
    int64_t seconds;
    if (!value_parse_date(text, &days)) {
        if (text.length <= 10 || !value_parse_datetime(text, timezone_utc(), 0, &seconds)) {
            return false;
        }
        days = (int32_t)(seconds / 86400 - (seconds % 86400 < 0));
    }
    if (type->kind == TYPE_DATE32) {
        *(int32_t *)out = days < DATE32_MIN ? DATE32_MIN : days > DATE32_MAX ? DATE32_MAX : days;
    } else {
        *(uint16_t *)out = (uint16_t)(days < 0 ? 0 : days > UINT16_MAX ? UINT16_MAX : days);
    }
    return true;
}

bool value_from_text(const struct type *type, const struct timezone *zone, struct slice text, void *out)
{
    int64_t ticks;
    double real;
    __int128 whole;
    zone = type->zone != NULL ? type->zone : zone;
    switch (type->kind) {
    case TYPE_STRING:
        *(struct slice *)out = text;
        return true;
    case TYPE_FIXED_STRING:
        if (text.length > type->width) {
            return false;
        }
        memset(out, 0, type->width);
        memcpy(out, text.length == 0 ? "" : text.data, text.length);
        return true;
    case TYPE_BOOL:
        return value_parse_bool(text, out);
    case TYPE_FLOAT32:
        if (!number_parse_double(text, &real)) {
            return false;
        }
        *(float *)out = (float)real;
        return true;
    case TYPE_FLOAT64:
        return number_parse_double(text, out);
    case TYPE_DATE:
    case TYPE_DATE32:
        return parse_days(type, text, out);
    case TYPE_DATETIME:
        if (!value_parse_datetime(text, zone, 0, &ticks)) {
            return false;
        }
        *(uint32_t *)out = (uint32_t)(ticks < 0 ? 0 : ticks > UINT32_MAX ? UINT32_MAX : ticks);
        return true;
    case TYPE_DATETIME64:
        return value_parse_datetime(text, zone, type->scale, out);
    case TYPE_UUID:
        return value_parse_uuid(text, out);
    case TYPE_IPV4:
        return value_parse_address(text, AF_INET, out);
    case TYPE_IPV6:
        return value_parse_address(text, AF_INET6, out);
    case TYPE_ENUM8:
    case TYPE_ENUM16:
        return parse_enum(type, text, out);
    case TYPE_DECIMAL:
        if (!number_parse_decimal(text, type->precision, type->scale, &whole)) {
            return false;
        }
        memcpy(out, &whole, type->width);
        return true;
    case TYPE_INT8:
    case TYPE_INT16:
    case TYPE_INT32:
    case TYPE_INT64:
    case TYPE_UINT8:
    case TYPE_UINT16:
    case TYPE_UINT32:
    case TYPE_UINT64:
    case TYPE_INT128:
    case TYPE_UINT128:
    case TYPE_INT256:
    case TYPE_UINT256:
    case TYPE_INTERVAL:
        return parse_integer(type, text, out);
    case TYPE_NOTHING:
    case TYPE_ARRAY:
    case TYPE_TUPLE:
    case TYPE_MAP:
    case TYPE_KINDS:
        return false;
    }
    return false;
}

/* ---- to text */

static void two(char *to, uint32_t value)
{
    to[0] = (char)('0' + value / 10 % 10);
    to[1] = (char)('0' + value % 10);
}

static size_t print_days(int32_t days, char *to)
{
    struct civil civil = civil_of_days(days);
    two(to, (uint32_t)civil.year / 100);
    two(to + 2, (uint32_t)civil.year % 100);
    to[4] = '-';
    two(to + 5, civil.month);
    to[7] = '-';
    two(to + 8, civil.day);
    return 10;
}

static size_t print_moment(const struct timezone *zone, int64_t seconds, char *to)
{
    int64_t local = civil_clamp_seconds(seconds + timezone_offset(zone, seconds));
    int64_t days = local / 86400 - (local % 86400 < 0);
    uint32_t rest = (uint32_t)(local - days * 86400);
    (void)print_days((int32_t)days, to);
    to[10] = ' ';
    two(to + 11, rest / 3600);
    to[13] = ':';
    two(to + 14, rest / 60 % 60);
    to[16] = ':';
    two(to + 17, rest % 60);
    return 19;
}

static size_t print_ticks(const struct timezone *zone, uint32_t scale, int64_t ticks, char *to)
{
    int64_t factor = value_scale(scale), seconds = ticks / factor, fraction = ticks % factor;
    if (fraction < 0) { /* the least ticks have no whole second below them that fits */
        seconds--;
        fraction += factor;
    }
    size_t length = print_moment(zone, seconds, to);
    if (scale > 0) {
        to[length++] = '.';
        for (uint32_t k = scale; k-- > 0; fraction /= 10) {
            to[length + k] = (char)('0' + fraction % 10);
        }
        length += scale;
    }
    return length;
}

static size_t print_uuid(const void *value, char *to)
{
    static const char hex[] = "0123456789abcdef";
    unsigned __int128 uuid;
    size_t length = 0;
    memcpy(&uuid, value, 16);
    uuid = uuid << 64 | uuid >> 64;
    for (int k = 31; k >= 0; k--) {
        to[length++] = hex[(int)(uuid >> (k * 4)) & 15];
        if (k == 24 || k == 20 || k == 16 || k == 12) {
            to[length++] = '-';
        }
    }
    return length;
}

static void print_item(struct buffer *out, const struct column *column, uint32_t row, const struct value_style *style)
{
    const struct type *type = column->type;
    if (column_is_null(column, row)) {
        buffer_text(out, "NULL");
    } else if (type->view == TYPE_VIEW_DYNAMIC) {
        json_item_text(out, *(const struct slice *)column_value(column, row));
    } else if (type->kind == TYPE_STRING) {
        value_quote(out, *(const struct slice *)column_value(column, row));
    } else if (type->kind == TYPE_FIXED_STRING) {
        value_quote(out, slice_of(column_value(column, row), type->width));
    } else if (type->kind == TYPE_ENUM8 || type->kind == TYPE_ENUM16) {
        const void *value = column_value(column, row);
        struct slice name = slice_of("", 0);
        (void)type_enum_name(type, type->width == 1 ? *(const int8_t *)value : *(const int16_t *)value, &name);
        value_quote(out, name);
    } else if (type->width > 0 && !type_is_number(type) && type->kind != TYPE_INTERVAL) {
        buffer_char(out, '\'');
        value_to_text_as(out, column, row, style);
        buffer_char(out, '\'');
    } else {
        value_to_text_as(out, column, row, style);
    }
}

static void print_nested(struct buffer *out, const struct column *column, uint32_t row, const struct value_style *style)
{
    if (column->form == COLUMN_CONST) {
        row = 0;
    }
    if (column->type->kind == TYPE_TUPLE && column->type->names != NULL && style->named_tuple != NULL) {
        style->named_tuple(style->user, out, column, row);
        return;
    }
    if (column->type->kind == TYPE_TUPLE) {
        buffer_char(out, '(');
        for (uint32_t k = 0; k < column->type->child_count; k++) {
            if (k > 0) {
                buffer_char(out, ',');
            }
            print_item(out, column->children[k], row, style);
        }
        buffer_char(out, ')');
        return;
    }
    bool is_map = column->type->kind == TYPE_MAP;
    buffer_char(out, is_map ? '{' : '[');
    for (uint32_t k = column->offsets[row]; k < column->offsets[row + 1] && !interrupted_at(k); k++) {
        if (k > column->offsets[row]) {
            buffer_char(out, ',');
        }
        if (is_map) {
            print_item(out, column->children[0]->children[0], k, style);
            buffer_char(out, ':');
            print_item(out, column->children[0]->children[1], k, style);
        } else {
            print_item(out, column->children[0], k, style);
        }
    }
    buffer_char(out, is_map ? '}' : ']');
}

/* A DateTime as the style has it. */
static size_t print_time(const struct timezone *zone, const struct value_style *style, uint32_t scale, int64_t ticks,
                         char *to)
{
    if (style->times == TIME_SIMPLE) {
        return print_ticks(zone, scale, ticks, to);
    }
    if (style->times == TIME_UNIX) {
        return number_print_decimal(ticks, scale, true, to);
    }
    size_t length = print_ticks(timezone_utc(), scale, ticks, to);
    to[10] = 'T';
    to[length++] = 'Z';
    return length;
}

size_t value_print_as(const struct type *type, const struct value_style *style, const void *value,
                      char to[VALUE_TEXT_MAX])
{
    size_t length = 0;
    __int128 wide;
    const struct timezone *zone = type->zone != NULL ? type->zone : style->zone;
    switch (type->kind) {
    case TYPE_UINT8:
        length = number_print_u64(*(const uint8_t *)value, to);
        break;
    case TYPE_UINT16:
        length = number_print_u64(*(const uint16_t *)value, to);
        break;
    case TYPE_UINT32:
        length = number_print_u64(*(const uint32_t *)value, to);
        break;
    case TYPE_UINT64:
        length = number_print_u64(*(const uint64_t *)value, to);
        break;
    case TYPE_INT8:
        length = number_print_i64(*(const int8_t *)value, to);
        break;
    case TYPE_INT16:
        length = number_print_i64(*(const int16_t *)value, to);
        break;
    case TYPE_INT32:
        length = number_print_i64(*(const int32_t *)value, to);
        break;
    case TYPE_INT64:
    case TYPE_INTERVAL:
        length = number_print_i64(*(const int64_t *)value, to);
        break;
    case TYPE_INT128:
        length = number_print_i128(*(const __int128 *)value, to);
        break;
    case TYPE_UINT128:
        length = number_print_u128(*(const unsigned __int128 *)value, to);
        break;
    case TYPE_INT256:
    case TYPE_UINT256:
        length = int256_print(*(const struct int256 *)value, type->kind == TYPE_INT256, to);
        break;
    case TYPE_FLOAT32:
        length = number_print_float(*(const float *)value, to);
        break;
    case TYPE_FLOAT64:
        length = number_print_double(*(const double *)value, to);
        break;
    case TYPE_DATE:
        length = print_days(*(const uint16_t *)value, to);
        break;
    case TYPE_DATE32:
        length = print_days(*(const int32_t *)value, to);
        break;
    case TYPE_DATETIME:
        length = style->times == TIME_SIMPLE ? print_moment(zone, *(const uint32_t *)value, to)
                                             : print_time(zone, style, 0, *(const uint32_t *)value, to);
        break;
    case TYPE_DATETIME64:
        length = print_time(zone, style, type->scale, *(const int64_t *)value, to);
        break;
    case TYPE_DECIMAL:
        wide = type->width == 4   ? *(const int32_t *)value
               : type->width == 8 ? *(const int64_t *)value
                                  : *(const __int128 *)value;
        length = number_print_decimal(wide, type->scale, style->decimal_zeros, to);
        break;
    case TYPE_UUID:
        length = print_uuid(value, to);
        break;
    case TYPE_IPV4: {
        uint32_t address = *(const uint32_t *)value;
        length =
            (size_t)sprintf(to, "%u.%u.%u.%u", address >> 24, address >> 16 & 255, address >> 8 & 255, address & 255);
        break;
    }
    case TYPE_IPV6:
        ASSERT(inet_ntop(AF_INET6, value, to, VALUE_TEXT_MAX) != NULL);
        length = strlen(to);
        break;
    default: /* texts and nested values */
        break;
    }
    return length;
}

size_t value_print(const struct type *type, const struct timezone *zone, const void *value, char to[VALUE_TEXT_MAX])
{
    return value_print_as(type, &(struct value_style){.zone = zone}, value, to);
}

void value_to_text(struct buffer *out, const struct column *column, uint32_t row, const struct timezone *zone)
{
    value_to_text_as(out, column, row, &(struct value_style){.zone = zone});
}

void value_to_text_as(struct buffer *out, const struct column *column, uint32_t row, const struct value_style *style)
{
    const struct type *type = column->type;
    if (type->view == TYPE_VIEW_JSON) {
        json_paths_write(out, column, row, style->zone);
        return;
    }
    if (type->width == 0) {
        print_nested(out, column, row, style);
        return;
    }
    char to[VALUE_TEXT_MAX];
    const void *value = column_value(column, row);
    struct slice name;
    switch (type->kind) {
    case TYPE_STRING:
        if (type->view == TYPE_VIEW_DYNAMIC) {
            json_plain_text(out, *(const struct slice *)value);
        } else {
            buffer_slice(out, *(const struct slice *)value);
        }
        return;
    case TYPE_FIXED_STRING:
        buffer_append(out, value, type->width);
        return;
    case TYPE_BOOL:
        buffer_text(out, *(const uint8_t *)value ? "true" : "false");
        return;
    case TYPE_ENUM8:
    case TYPE_ENUM16:
        if (type_enum_name(type, type->width == 1 ? *(const int8_t *)value : *(const int16_t *)value, &name)) {
            buffer_slice(out, name);
        }
        return;
    default:
        buffer_append(out, to, value_print_as(type, style, value, to));
    }
}

void value_quote(struct buffer *out, struct slice text)
{
    static const char escaped[] = "\b\f\r\n\t\0'\\", letters[] = "bfrnt0'\\";
    buffer_char(out, '\'');
    for (size_t k = 0; k < text.length; k++) {
        const char *found = memchr(escaped, text.data[k], sizeof(escaped) - 1);
        if (found != NULL) {
            buffer_char(out, '\\');
            buffer_char(out, letters[found - escaped]);
        } else {
            buffer_char(out, text.data[k]);
        }
    }
    buffer_char(out, '\'');
}
