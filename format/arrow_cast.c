/*
 * arrow_cast.c: see arrow_cast.h.
 *
 * whole    numbers, days, seconds and ticks go through __int128, which holds all of them
 * times    DateTime64 becomes a day where its zone, or the session's, is; fractions are cut off
 */
#include "format/arrow_cast.h"

#include "base/int256.h"
#include "format/value.h"

#include <math.h>

#define KIND(kind) (UINT64_C(1) << TYPE_##kind)
#define WHOLE                                                                                                          \
    (KIND(INT8) | KIND(INT16) | KIND(INT32) | KIND(INT64) | KIND(UINT8) | KIND(UINT16) | KIND(UINT32) | KIND(UINT64) | \
     KIND(INT128) | KIND(UINT128) | KIND(INT256) | KIND(UINT256))
#define FLOATS      (KIND(FLOAT32) | KIND(FLOAT64))
#define MOMENTS     (KIND(DATETIME) | KIND(DATETIME64))
#define DAYS        (KIND(DATE) | KIND(DATE32))
#define FLOAT_BOUND 1.7e38 /* of what an __int128 holds */

static bool is_whole(const struct type *type)
{
    return type->kind == TYPE_BOOL || (type->kind >= TYPE_INT8 && type->kind <= TYPE_UINT64);
}

static uint64_t castable_kinds(const struct type *from)
{
    if (is_whole(from)) {
        return KIND(BOOL) | WHOLE | FLOATS | KIND(DECIMAL) | KIND(ENUM8) | KIND(ENUM16) | DAYS | MOMENTS |
               KIND(INTERVAL) | KIND(STRING) | (from->kind >= TYPE_UINT8 && from->kind <= TYPE_UINT64 ? KIND(IPV4) : 0);
    }
    switch (from->kind) {
    case TYPE_FLOAT32:
    case TYPE_FLOAT64:
        return KIND(BOOL) | WHOLE | FLOATS | KIND(DECIMAL) | MOMENTS | KIND(STRING);
    case TYPE_DATE32:
        return DAYS | MOMENTS | WHOLE | KIND(STRING);
    case TYPE_DATETIME:
    case TYPE_DATETIME64:
        return DAYS | MOMENTS | WHOLE | FLOATS | KIND(STRING);
    case TYPE_DECIMAL:
        return KIND(DECIMAL) | WHOLE | FLOATS | KIND(STRING);
    case TYPE_INTERVAL:
        return KIND(INTERVAL) | WHOLE | KIND(STRING);
    case TYPE_UUID:
        return KIND(UUID) | KIND(STRING);
    case TYPE_STRING:
    case TYPE_FIXED_STRING:
    case TYPE_NOTHING:
        return UINT64_MAX;
    default:
        return 0;
    }
}

bool arrow_castable(const struct type *from, const struct type *to)
{
    if (type_is_state(to)) {
        return from->kind == TYPE_STRING;
    }
    return (castable_kinds(from) >> to->kind & 1) != 0 &&
           (from->kind != TYPE_INTERVAL || to->kind != TYPE_INTERVAL || from->unit == to->unit);
}

static float float_of_half(uint16_t half)
{
    int exponent = half >> 10 & 31, fraction = half & 1023;
    float value = exponent == 31  ? (fraction == 0 ? INFINITY : NAN)
                  : exponent == 0 ? ldexpf((float)fraction, -24)
                                  : ldexpf((float)(fraction + 1024), exponent - 25);
    return half >> 15 != 0 ? -value : value;
}

/* Towards the past. */
static __int128 floor_divide(__int128 value, __int128 by)
{
    return value / by - (value % by < 0);
}

static bool power(uint32_t scale, __int128 *out)
{
    *out = 1;
    for (uint32_t k = 0; k < scale; k++) {
        if (__builtin_mul_overflow(*out, (__int128)10, out)) {
            return false;
        }
    }
    return true;
}

/* A decimal's digits, in its width. */
static bool put_decimal(__int128 value, const struct type *to, union arrow_value *out)
{
    __int128 bound;
    if (!power(to->precision, &bound) || value >= bound || value <= -bound) {
        return false;
    }
    memcpy(out, &value, to->width);
    return true;
}

static bool load_decimal(const struct arrow_array *array, const char *bytes, union arrow_value *out)
{
    struct int256 wide = {{0}};
    int32_t small;
    int64_t middle;
    __int128 value;
    switch (array->width) {
    case 4:
        memcpy(&small, bytes, sizeof(small));
        return put_decimal(small, array->type, out);
    case 8:
        memcpy(&middle, bytes, sizeof(middle));
        return put_decimal(middle, array->type, out);
    case 16:
        memcpy(&value, bytes, sizeof(value));
        return put_decimal(value, array->type, out);
    default:
        memcpy(&wide, bytes, sizeof(wide));
        value = (__int128)int256_low(wide);
        return int256_compare(int256_of(value), wide, true) == 0 && put_decimal(value, array->type, out);
    }
}

bool arrow_load(const struct arrow_array *array, uint32_t row, union arrow_value *out)
{
    const char *bytes = array->values + (size_t)row * array->width;
    uint16_t half;
    int64_t number;
    uint64_t halves[2];
    float narrow;
    memset(out, 0, sizeof(*out));
    switch (array->type->kind) {
    case TYPE_BOOL:
        out->bytes[0] = (char)((unsigned char)array->values[row / 8] >> row % 8 & 1);
        return true;
    case TYPE_FLOAT32:
        if (array->width == sizeof(half)) {
            memcpy(&half, bytes, sizeof(half));
            narrow = float_of_half(half);
            memcpy(out, &narrow, sizeof(narrow));
            return true;
        }
        break;
    case TYPE_DATETIME: /* milliseconds */
        memcpy(&number, bytes, sizeof(number));
        number = (int64_t)floor_divide(number, 1000);
        memcpy(out, &number, sizeof(uint32_t));
        return number >= 0 && number <= UINT32_MAX;
    case TYPE_DECIMAL:
        return load_decimal(array, bytes, out);
    case TYPE_UUID:
        memcpy(halves, bytes, sizeof(halves));
        halves[0] = __builtin_bswap64(halves[0]);
        halves[1] = __builtin_bswap64(halves[1]);
        memcpy(out, halves, sizeof(halves));
        return true;
    default:
        break;
    }
    memcpy(out, bytes, array->width < sizeof(*out) ? array->width : sizeof(*out));
    return true;
}

/* ---- whole numbers */

static bool put_whole(__int128 value, const struct type *to, union arrow_value *out)
{
    __int128 factor, least = 0, most = 0;
    bool is_signed = to->kind >= TYPE_INT8 && to->kind <= TYPE_INT64;
    double real = (double)value;
    float narrow = (float)value;
    struct int256 wide;
    memset(out, 0, sizeof(*out));
    switch (to->kind) {
    case TYPE_BOOL:
        out->bytes[0] = value != 0;
        return true;
    case TYPE_FLOAT32:
        memcpy(out, &narrow, sizeof(narrow));
        return true;
    case TYPE_FLOAT64:
        memcpy(out, &real, sizeof(real));
        return true;
    case TYPE_DECIMAL:
        return power(to->scale, &factor) && !__builtin_mul_overflow(value, factor, &value) &&
               put_decimal(value, to, out);
    case TYPE_INT256:
    case TYPE_UINT256:
        wide = int256_of(value);
        memcpy(out, &wide, sizeof(wide));
        return to->kind == TYPE_INT256 || value >= 0;
    case TYPE_INT128:
    case TYPE_UINT128:
        memcpy(out, &value, sizeof(value));
        return to->kind == TYPE_INT128 || value >= 0;
    case TYPE_DATETIME64:
        if (!power(to->scale, &factor) || __builtin_mul_overflow(value, factor, &value)) {
            return false;
        }
        least = INT64_MIN;
        most = INT64_MAX;
        break;
    case TYPE_ENUM8:
    case TYPE_ENUM16:
    case TYPE_DATE32:
    case TYPE_INTERVAL:
        is_signed = true;
        break;
    default:
        break;
    }
    if (most == 0) {
        most = ((__int128)1 << (to->width * 8 - is_signed)) - 1;
        least = is_signed ? -most - 1 : 0;
    }
    memcpy(out, &value, to->width);
    return value >= least && value <= most;
}

static __int128 whole_of(const struct type *type, const union arrow_value *value)
{
    __int128 out = 0;
    uint32_t bits = 128 - type->width * 8;
    memcpy(&out, value, type->width);
    bool is_signed =
        type->kind != TYPE_BOOL && (type->kind < TYPE_UINT8 || type->kind > TYPE_UINT64) && type->kind != TYPE_DATETIME;
    return is_signed && bits > 0 ? (__int128)((unsigned __int128)out << bits) >> bits : out;
}

/* ---- the others */

static bool put_float(double value, const struct type *to, union arrow_value *out)
{
    float narrow = (float)value;
    switch (to->kind) {
    case TYPE_FLOAT32:
        memcpy(out, &narrow, sizeof(narrow));
        return true;
    case TYPE_FLOAT64:
        memcpy(out, &value, sizeof(value));
        return true;
    case TYPE_BOOL:
        out->bytes[0] = value != 0;
        return true;
    case TYPE_DECIMAL:
    case TYPE_DATETIME64:
        value *= pow(10, to->scale);
        break;
    default:
        break;
    }
    if (!(fabs(value) < FLOAT_BOUND)) {
        return false;
    }
    if (to->kind == TYPE_DECIMAL) {
        return put_decimal((__int128)value, to, out);
    }
    if (to->kind == TYPE_DATETIME64) {
        out->ticks = (int64_t)(__int128)value;
        return fabs(value) < 9.2e18;
    }
    return put_whole((__int128)value, to, out);
}

static bool put_day(__int128 day, const struct type *to, const struct timezone *zone, union arrow_value *out)
{
    if (to->kind != TYPE_DATETIME && to->kind != TYPE_DATETIME64) {
        return put_whole(day, to, out);
    }
    return put_whole(timezone_day_begin(to->zone != NULL ? to->zone : zone, (int64_t)day), to, out);
}

static bool put_moment(__int128 ticks, uint32_t scale, const struct type *from, const struct type *to,
                       const struct timezone *zone, union arrow_value *out)
{
    __int128 factor = 1, seconds;
    (void)power(scale, &factor);
    seconds = floor_divide(ticks, factor);
    switch (to->kind) {
    case TYPE_FLOAT32:
    case TYPE_FLOAT64:
        return put_float((double)ticks / (double)factor, to, out);
    case TYPE_DATETIME64:
        if (to->scale < scale) {
            (void)power(scale - to->scale, &factor);
            ticks /= factor; /* towards 1970, as ClickHouse has it */
        } else if (!power(to->scale - scale, &factor) || __builtin_mul_overflow(ticks, factor, &ticks)) {
            return false;
        }
        out->ticks = (int64_t)ticks;
        return ticks >= INT64_MIN && ticks <= INT64_MAX;
    case TYPE_DATE:
    case TYPE_DATE32:
        seconds += timezone_offset(from->zone != NULL ? from->zone : zone, (int64_t)seconds);
        return put_whole(floor_divide(seconds, 86400), to, out);
    default:
        return put_whole(seconds, to, out);
    }
}

static bool put_digits(__int128 digits, uint32_t scale, const struct type *to, union arrow_value *out)
{
    __int128 factor = 1;
    if (to->kind == TYPE_FLOAT32 || to->kind == TYPE_FLOAT64) {
        return put_float((double)digits / pow(10, scale), to, out);
    }
    if (to->kind != TYPE_DECIMAL) {
        (void)power(scale, &factor);
        return put_whole(digits / factor, to, out);
    }
    if (to->scale < scale) {
        (void)power(scale - to->scale, &factor);
        return put_decimal(digits / factor, to, out);
    }
    return power(to->scale - scale, &factor) && !__builtin_mul_overflow(digits, factor, &digits) &&
           put_decimal(digits, to, out);
}

bool arrow_cast(const struct type *from, const union arrow_value *value, const struct type *to,
                const struct timezone *zone, union arrow_value *out)
{
    float narrow;
    double real;
    memset(out, 0, sizeof(*out));
    switch (from->kind) {
    case TYPE_FLOAT32:
        memcpy(&narrow, value, sizeof(narrow));
        return put_float(narrow, to, out);
    case TYPE_FLOAT64:
        memcpy(&real, value, sizeof(real));
        return put_float(real, to, out);
    case TYPE_DATE32:
        return put_day(whole_of(from, value), to, zone, out);
    case TYPE_DATETIME:
    case TYPE_DATETIME64:
        return put_moment(whole_of(from, value), from->scale, from, to, zone, out);
    case TYPE_DECIMAL:
        return put_digits(whole_of(from, value), from->scale, to, out);
    case TYPE_UUID:
        memcpy(out, value, 16);
        return to->kind == TYPE_UUID;
    default:
        return put_whole(whole_of(from, value), to, out);
    }
}

bool arrow_cast_bytes(struct slice bytes, const struct type *to, union arrow_value *out)
{
    bool is_wide = to->kind == TYPE_IPV6 || to->kind == TYPE_INT128 || to->kind == TYPE_UINT128 || type_is_256(to);
    if (bytes.length != to->width || (!is_wide && to->kind != TYPE_UUID)) {
        return false;
    }
    memcpy(out, bytes.data, bytes.length);
    if (to->kind == TYPE_UUID) {
        uint64_t halves[2];
        memcpy(halves, out, sizeof(halves));
        halves[0] = __builtin_bswap64(halves[0]);
        halves[1] = __builtin_bswap64(halves[1]);
        memcpy(out, halves, sizeof(halves));
    }
    return true;
}
