/*
 * cast.c: columns from one type to another: CAST, and what comparison, conditionals and IN need.
 *
 * modes    plain: integers wrap, floats are cut off, texts must parse (ERR_CANNOT_PARSE_TEXT names the text);
 *          or-null, or-zero: where plain fails; accurate: NULL also where the value changes
 * thread   any, no shared state
 */
#include "query/functions/cast.h"
#include "query/functions/nested.h"
#include "query/functions/value_text.h"

#include "base/civil.h"
#include "base/int256.h"
#include "base/timezone.h"
#include "format/value.h"

#include <math.h>

static struct err *cannot_parse(const struct type *type, struct slice text, struct arena *arena)
{
    struct slice name = type_name(arena, type);
    if (text.length == 0 && (type_is_integer(type) || type->kind == TYPE_DECIMAL)) {
        return err_new(ERR_READ_AFTER_EOF, "Cannot parse %.*s from String, because value is too short",
                       SLICE_ARG(name));
    }
    int64_t seconds;
    switch ((int)type->kind) {
    case TYPE_DATETIME64:
        if (value_parse(type_simple(TYPE_DATETIME), timezone_utc(), text, &seconds)) {
            return err_new(ERR_DECIMAL_OVERFLOW, "'%.*s' does not fit %.*s", (int)text.length, text.data,
                           SLICE_ARG(name));
        }
        break;
    case TYPE_ENUM8:
    case TYPE_ENUM16:
        return err_new(ERR_UNKNOWN_ENUM_ELEMENT, "Unknown element '%.*s' for enum %.*s",
                       (int)(text.length > 200 ? 200 : text.length), text.length > 0 ? text.data : "", SLICE_ARG(name));
    case TYPE_FIXED_STRING:
        return err_new(ERR_STRING_TOO_LARGE, "String of %zu bytes is too long for type %.*s", text.length,
                       SLICE_ARG(name));
    default:
        break;
    }
    return err_new(value_error_code(type), "Cannot parse string '%.*s' as %.*s",
                   (int)(text.length > 200 ? 200 : text.length), text.length > 0 ? text.data : "", SLICE_ARG(name));
}

static struct err *no_conversion(struct arena *arena, const struct type *from, const struct type *to)
{
    struct slice a = type_name(arena, from);
    struct slice b = type_name(arena, to);
    return err_new(ERR_TYPE_MISMATCH, "Conversion from %.*s to %.*s is not supported", SLICE_ARG(a), SLICE_ARG(b));
}

struct cast {
    struct arena *arena;
    const struct function_context *context;
    const struct type *from; /* bare */
    const struct type *to;   /* bare */
    enum cast_mode mode;
    uint8_t *failed; /* not NULL unless plain: rows that did not fit */
};

/* Is the number, whose digits value_parse has read, within the type? What is not wraps when cast, and fails otherwise.
 */
static bool digits_fit(const struct type *type, struct slice text)
{
    unsigned __int128 value = 0;
    bool negative = text.length > 0 && text.data[0] == '-';
    if (type->width > 8) {
        return true; /* they wrap in any case, as in ClickHouse */
    }
    for (size_t i = text.length > 0 && (text.data[0] < '0' || text.data[0] > '9'); i < text.length; i++) {
        if (__builtin_mul_overflow(value, (unsigned)10, &value) ||
            __builtin_add_overflow(value, (unsigned)(text.data[i] - '0'), &value)) {
            return false;
        }
    }
    uint32_t bits = type->width * 8 - type_is_signed(type);
    unsigned __int128 limit = ((unsigned __int128)1 << bits) - 1;
    return value <= limit + (negative && type_is_signed(type));
}

static struct err *from_text(const struct cast *cast, const struct column *column, uint32_t count, struct column *made)
{
    const struct column *strings = column_strings(cast->arena, column);
    const struct timezone *zone = zone_of(cast->to, cast->context);
    size_t width = cast->to->width;
    if (strings == NULL) {
        return arena_error(cast->arena);
    }
    bool skip_zeros = column->type->kind == TYPE_FIXED_STRING && cast->to->kind != TYPE_STRING;
    for (uint32_t i = 0; i < count; i++) {
        struct slice text = ((const struct slice *)strings->values)[i];
        char *value = (char *)made->values + i * width;
        if (column->nulls != NULL && column->nulls[i]) {
            memset(value, 0, width);
            continue;
        }
        while (skip_zeros && text.length > 0 && text.data[text.length - 1] == 0) {
            text.length--;
        }
        if (!value_parse(cast->to, zone, text, value) ||
            (cast->failed != NULL && type_is_integer(cast->to) && !digits_fit(cast->to, text))) {
            if (cast->failed == NULL) {
                return cannot_parse(cast->to, text, cast->arena);
            }
            memset(value, 0, width);
            if (cast->to->kind == TYPE_DATE32 && cast->mode == CAST_OR_ZERO) {
                *(int32_t *)(void *)value = civil_to_days(1900, 1, 1); /* ClickHouse's zero of Date32 */
            }
            cast->failed[i] = 1;
        }
    }
    return NULL;
}

static struct err *to_text(const struct cast *cast, const struct column *column, uint32_t count, struct column *made)
{
    struct err *err = NULL;
    struct text_buffer buffer = {cast->arena, NULL, 0};
    const struct timezone *zone = zone_of(cast->from, cast->context);
    struct slice *out = made->values;
    for (uint32_t i = 0; i < count; i++) {
        if (column->nulls != NULL && column->nulls[i]) {
            out[i] = slice_of("", 0);
            continue;
        }
        OR_DONE(value_text(&buffer, cast->from, zone, (const char *)column->values + (size_t)i * cast->from->width,
                           &out[i]));
        while (cast->from->kind == TYPE_FIXED_STRING && out[i].length > 0 && out[i].data[out[i].length - 1] == 0) {
            out[i].length--; /* they fill it up */
        }
    }
done:
    return err;
}

static bool scaled(const struct type *type)
{
    return type->kind == TYPE_DECIMAL || type->kind == TYPE_DATETIME64;
}

/* Integers of 256 bits that become decimals must fit 128. */
static struct err *check_256(const struct cast *cast, const struct column *column, uint32_t count)
{
    for (uint32_t i = 0; type_is_256(cast->from) && i < count; i++) {
        struct int256 value = ((const struct int256 *)column->values)[i];
        bool negative = cast->from->kind == TYPE_INT256 && int256_is_negative(value);
        struct int256 low = int256_extend(value.word[0], value.word[1], negative);
        if (int256_compare(low, value, false) == 0 && (value.word[1] >> 63 != 0) == negative) {
            continue;
        }
        if (cast->failed == NULL) {
            struct slice name = type_name(cast->arena, cast->to);
            return err_new(ERR_DECIMAL_OVERFLOW, "a value does not fit %.*s", SLICE_ARG(name));
        }
        cast->failed[i] = 1;
    }
    return NULL;
}

/* Seconds of a number as ticks of a DateTime64. */
static int64_t ticks_of_number(int64_t seconds, int64_t factor)
{
    int64_t ticks;
    bool late = seconds > SECONDS_MAX;
    seconds = late ? SECONDS_MAX : seconds < SECONDS_MIN ? SECONDS_MIN : seconds;
    if (__builtin_mul_overflow(seconds, factor, &ticks) ||
        (late && __builtin_add_overflow(ticks, factor - 1, &ticks))) {
        return seconds < 0 ? INT64_MIN : INT64_MAX;
    }
    return ticks;
}

/* Seconds as ticks of a DateTime64. */
static int64_t ticks_of_real(double seconds, uint8_t scale)
{
    int64_t factor = scale_factor(scale);
    if (seconds >= (double)SECONDS_MAX + 1 || seconds <= (double)SECONDS_MIN) {
        return ticks_of_number(seconds < 0 ? INT64_MIN : INT64_MAX, factor);
    }
    double ticks = seconds * (double)factor;
    return ticks >= 0x1p63 ? INT64_MAX : ticks < -0x1p63 ? INT64_MIN : (int64_t)ticks;
}

/* Whole numbers and scaled ones, in 128 bits. */
static struct err *rescale(const struct cast *cast, const struct column *column, uint32_t count, struct column *made)
{
    struct err *err = NULL;
    uint32_t from_scale = scaled(cast->from) ? cast->from->scale : 0;
    uint32_t to_scale = scaled(cast->to) ? cast->to->scale : 0;
    const struct column *wide;
    __int128 factor = 1;
    __int128 bound = 0;

    if (type_is_float(cast->from)) {
        const struct column *real = column_numbers(cast->arena, column, TYPE_FLOAT64);
        struct column *exact = column_new(cast->arena, type_simple(TYPE_INT128), count);
        double power = pow(10, to_scale);
        if (real == NULL || exact == NULL) {
            return arena_error(cast->arena);
        }
        for (uint32_t i = 0; i < count; i++) {
            double value = ((const double *)real->values)[i];
            if (cast->to->kind == TYPE_DATETIME64 && isfinite(value)) {
                ((__int128 *)exact->values)[i] = ticks_of_real(value, cast->to->scale);
                continue;
            }
            value *= power;
            bool fits = value > -1.7e38 && value < 1.7e38;
            ((__int128 *)exact->values)[i] = fits ? (__int128)value : 0;
            if (!fits && cast->failed == NULL) {
                return err_new(ERR_DECIMAL_OVERFLOW,
                               "Cannot convert %g to a decimal: it is infinite, not a number or too large", value);
            }
            if (!fits) {
                cast->failed[i] = 1;
            }
        }
        wide = exact;
        from_scale = to_scale;
    } else {
        wide = column_numbers(cast->arena, column, TYPE_INT128);
        if (wide == NULL) {
            return arena_error(cast->arena);
        }
        OR_DONE(check_256(cast, column, count));
    }
    for (uint32_t s = from_scale < to_scale ? from_scale : to_scale;
         s < (from_scale < to_scale ? to_scale : from_scale); s++) {
        factor *= 10;
    }
    if (cast->to->kind == TYPE_DECIMAL && cast->to->width < 16) { /* what its integer holds, as in ClickHouse */
        bound = (__int128)1 << (cast->to->width * 8 - 1);
    }
    struct column *result = column_new(cast->arena, type_simple(TYPE_INT128), count);
    if (result == NULL) {
        return arena_error(cast->arena);
    }
    for (uint32_t i = 0; i < count; i++) {
        __int128 value = ((const __int128 *)wide->values)[i];
        bool fits = true;
        if (to_scale >= from_scale) {
            fits = !__builtin_mul_overflow(value, factor, &value);
        } else if (cast->to->kind == TYPE_DATETIME || cast->to->kind == TYPE_DATETIME64) {
            value = value / factor - (value % factor < 0);
        } else {
            value /= factor;
        }
        if (cast->to->kind == TYPE_DATETIME64) {
            if (cast->from->kind == TYPE_DECIMAL) { /* another year, the same part of a second */
                __int128 unit = scale_factor(cast->to->scale), rest = value % unit;
                value = value / unit > SECONDS_MAX ? SECONDS_MAX * unit + rest : value;
                value = value / unit < SECONDS_MIN ? SECONDS_MIN * unit : value;
            }
            fits &= value <= INT64_MAX && value >= INT64_MIN;
        }
        fits &= bound == 0 || (value < bound && value > -bound);
        if (cast->to->kind == TYPE_DATETIME) {
            value = value < 0 ? 0 : value > UINT32_MAX ? UINT32_MAX : value;
        }
        if (!fits) {
            if (cast->failed == NULL) {
                struct slice name = type_name(cast->arena, cast->to);
                return err_new(ERR_DECIMAL_OVERFLOW, "a value does not fit %.*s", SLICE_ARG(name));
            }
            cast->failed[i] = 1;
            value = 0;
        }
        ((__int128 *)result->values)[i] = value;
    }
    const struct column *narrow = column_numbers(cast->arena, result, type_physical(cast->to));
    if (narrow == NULL) {
        return arena_error(cast->arena);
    }
    made->values = narrow->values;
done:
    return err;
}

static int64_t ticks_down(int64_t ticks, int64_t factor)
{
    return ticks / factor - (ticks % factor < 0);
}

/* Numbers as integers of 64 bits: what is beyond them as the least or the greatest one. */
static const struct column *saturated(struct arena *arena, const struct column *column)
{
    uint32_t count = column->row_count;
    bool wide = type_is_256(column->type) || (type_is_integer(column->type) && column->type->width >= 8);
    const struct column *all = wide ? column_numbers(arena, column, TYPE_INT256) : NULL;
    struct column *made = all == NULL ? NULL : column_new(arena, type_simple(TYPE_INT64), count);

    if (!wide || column->type->kind == TYPE_INT64) {
        return column_numbers(arena, column, TYPE_INT64);
    }
    for (uint32_t i = 0; made != NULL && i < count; i++) {
        struct int256 value = ((const struct int256 *)all->values)[i];
        int64_t low = (int64_t)value.word[0];
        bool negative = column->type->kind != TYPE_UINT256 && int256_is_negative(value);
        struct int256 same = int256_extend(value.word[0], negative ? UINT64_MAX : 0, negative);
        bool fits = int256_compare(same, value, false) == 0 && (low < 0) == negative;
        ((int64_t *)made->values)[i] = fits ? low : negative ? INT64_MIN : INT64_MAX;
    }
    return made;
}

/* A number as the day of a Date or Date32: a day, or where it is too large for one, seconds. */
static int64_t day_of_number(const struct type *to, const struct timezone *zone, int64_t value, bool beyond)
{
    struct moment moment;
    bool narrow = to->kind == TYPE_DATE;
    if (!beyond && value <= (narrow ? UINT16_MAX : DATE32_MAX)) {
        return value;
    }
    int64_t last = narrow ? UINT32_MAX : SECONDS_MAX;
    moment_of(zone, value > last ? last : value, &moment);
    return moment.days;
}

/* Between dates and times, and from numbers to them. */
static struct err *to_time(const struct cast *cast, const struct column *column, uint32_t count, struct column *made)
{
    bool from_days = cast->from->kind == TYPE_DATE || cast->from->kind == TYPE_DATE32;
    bool from_time = cast->from->kind == TYPE_DATETIME || cast->from->kind == TYPE_DATETIME64;
    int64_t from_factor = cast->from->kind == TYPE_DATETIME64 ? scale_factor(cast->from->scale) : 1;
    int64_t to_factor = cast->to->kind == TYPE_DATETIME64 ? scale_factor(cast->to->scale) : 1;
    bool to_days = cast->to->kind == TYPE_DATE || cast->to->kind == TYPE_DATE32;
    const struct timezone *zone = zone_of(from_time ? cast->from : cast->to, cast->context);
    const struct column *numbers = saturated(cast->arena, column);
    const struct column *real = type_is_float(cast->from) ? column_numbers(cast->arena, column, TYPE_FLOAT64) : numbers;
    if (numbers == NULL || real == NULL) {
        return arena_error(cast->arena);
    }
    const int64_t *in = numbers->values;
    int32_t last_day = cast->to->kind == TYPE_DATE ? UINT16_MAX : DATE32_MAX;
    for (uint32_t i = 0; i < count; i++) {
        int64_t value = in[i];
        int64_t result;
        if (to_days) {
            if (from_time) {
                struct moment moment;
                moment_of(zone, ticks_down(value, from_factor), &moment);
                result = moment.days;
            } else if (from_days) {
                result = value;
            } else {
                bool beyond = real != numbers && ((const double *)real->values)[i] > last_day;
                bool none = real != numbers && isnan(((const double *)real->values)[i]);
                result = none ? DATE32_MIN : day_of_number(cast->to, zone, value, beyond);
            }
            if (cast->to->kind == TYPE_DATE) { /* of another time: what its integer keeps of the day */
                ((uint16_t *)made->values)[i] = from_time || from_days ? (uint16_t)result : clamp_date(result);
            } else {
                ((int32_t *)made->values)[i] = clamp_date32(result);
            }
            continue;
        }
        if (from_days) {
            result = timezone_day_begin(zone, value);
        } else {
            result = ticks_down(value, from_factor);
        }
        if (cast->to->kind == TYPE_DATETIME) {
            ((uint32_t *)made->values)[i] = from_time || from_days ? (uint32_t)result : clamp_datetime(result);
        } else {
            ((int64_t *)made->values)[i] = ticks_of_number(result, to_factor);
        }
    }
    return NULL;
}

static struct err *to_enum(const struct cast *cast, const struct column *column, uint32_t count, struct column *made)
{
    const struct column *numbers = column_numbers(cast->arena, column, TYPE_INT64);
    if (numbers == NULL) {
        return arena_error(cast->arena);
    }
    for (uint32_t i = 0; i < count; i++) {
        int64_t value = ((const int64_t *)numbers->values)[i];
        struct slice name;
        bool null = column->nulls != NULL && column->nulls[i];
        if (!null && (value < INT16_MIN || value > INT16_MAX || !type_enum_name(cast->to, (int16_t)value, &name))) {
            if (cast->failed == NULL) {
                struct slice type = type_name(cast->arena, cast->to);
                return err_new(ERR_UNKNOWN_ENUM_ELEMENT, "Unexpected value %lld in enum %.*s", (long long)value,
                               SLICE_ARG(type));
            }
            cast->failed[i] = 1;
            value = 0;
        }
        if (cast->to->kind == TYPE_ENUM8) {
            ((int8_t *)made->values)[i] = (int8_t)value;
        } else {
            ((int16_t *)made->values)[i] = (int16_t)value;
        }
    }
    return NULL;
}

/* Infinities and NaN are no integers and no times. */
static struct err *check_finite(const struct cast *cast, const struct column *column, uint32_t count)
{
    const struct column *real = column_numbers(cast->arena, column, TYPE_FLOAT64);
    if (real == NULL) {
        return arena_error(cast->arena);
    }
    for (uint32_t i = 0; i < count; i++) {
        if (isfinite(((const double *)real->values)[i]) || (column->nulls != NULL && column->nulls[i])) {
            continue;
        }
        if (cast->failed == NULL) {
            return err_new(ERR_CANNOT_CONVERT, "Unexpected inf or nan to integer conversion");
        }
        cast->failed[i] = 1;
    }
    return NULL;
}

static bool is_enum(const struct type *type)
{
    return type->kind == TYPE_ENUM8 || type->kind == TYPE_ENUM16;
}

/* FLAT column of the bare type, nulls aside. */
static struct err *cast_flat(const struct cast *cast, const struct column *column, struct column **out)
{
    struct err *err = NULL;
    const struct type *from = cast->from;
    const struct type *to = cast->to;
    uint32_t count = column->row_count;
    struct column *made;

    if (type_equal(from, to) || (from->kind == to->kind && from->kind == TYPE_DATETIME) ||
        (from->kind == to->kind && from->kind == TYPE_DATETIME64 && from->scale == to->scale)) {
        *out = column_retyped(cast->arena, column, to);
        return *out == NULL ? arena_error(cast->arena) : NULL;
    }
    OR_DONE(result_new(cast->arena, to, count, &made));
    bool from_number = type_is_number(from) || is_enum(from);
    bool from_any_time = type_is_time(from);
    if (type_is_float(from) &&
        (type_is_integer(to) || (type_is_time(to) && to->kind != TYPE_DATETIME64 && to->kind != TYPE_DATE32))) {
        OR_DONE(check_finite(cast, column, count));
    }
    if (to->kind == TYPE_STRING) {
        OR_DONE(to_text(cast, column, count, made));
    } else if (type_is_string(from)) {
        OR_DONE(from_text(cast, column, count, made));
    } else if (type_is_time(to) && (from_any_time || (type_is_number(from) && !scaled(from)))) {
        if (from->kind == TYPE_DATETIME64 && to->kind == TYPE_DATETIME64) {
            OR_DONE(rescale(cast, column, count, made));
        } else if (type_is_float(from) && to->kind == TYPE_DATETIME64) {
            OR_DONE(rescale(cast, column, count, made));
        } else {
            OR_DONE(to_time(cast, column, count, made));
        }
    } else if (to->kind == TYPE_DATETIME64 || to->kind == TYPE_DATETIME) {
        if (from->kind != TYPE_DECIMAL) {
            return no_conversion(cast->arena, from, to);
        }
        OR_DONE(rescale(cast, column, count, made));
    } else if (is_enum(to)) {
        if (!type_is_integer(from) && !is_enum(from)) {
            return no_conversion(cast->arena, from, to);
        }
        OR_DONE(to_enum(cast, column, count, made));
    } else if (to->kind == TYPE_BOOL) {
        if (!from_number) {
            return no_conversion(cast->arena, from, to);
        }
        const struct column *real = column_numbers(cast->arena, column, TYPE_FLOAT64);
        if (real == NULL) {
            return arena_error(cast->arena);
        }
        for (uint32_t i = 0; i < count; i++) {
            ((uint8_t *)made->values)[i] = ((const double *)real->values)[i] != 0;
        }
    } else if (to->kind == TYPE_DECIMAL) {
        if (!from_number && !from_any_time) {
            return no_conversion(cast->arena, from, to);
        }
        OR_DONE(rescale(cast, column, count, made));
    } else if (type_is_number(to) &&
               (from_number || from_any_time || from->kind == TYPE_IPV4 || from->kind == TYPE_INTERVAL)) {
        if (scaled(from) && !type_is_float(to)) {
            OR_DONE(rescale(cast, column, count, made));
        } else {
            const struct column *numbers = column_numbers(cast->arena, column, type_physical(to));
            if (numbers == NULL) {
                return arena_error(cast->arena);
            }
            made->values = numbers->values;
            if (from->kind == TYPE_DATETIME64 && from->scale > 0) {
                double divisor = pow(10, from->scale);
                double *values = ARENA_ARRAY(cast->arena, double, count);
                const struct column *ticks = column_numbers(cast->arena, column, TYPE_FLOAT64);
                if (values == NULL || ticks == NULL) {
                    return arena_error(cast->arena);
                }
                for (uint32_t i = 0; i < count; i++) {
                    values[i] = ((const double *)ticks->values)[i] / divisor;
                }
                struct column reals = *ticks;
                reals.values = values;
                reals.type = type_simple(TYPE_FLOAT64);
                numbers = column_numbers(cast->arena, &reals, type_physical(to));
                if (numbers == NULL) {
                    return arena_error(cast->arena);
                }
                made->values = numbers->values;
            }
        }
    } else if (to->kind == TYPE_IPV4 && type_is_integer(from)) {
        const struct column *numbers = column_numbers(cast->arena, column, TYPE_UINT32);
        if (numbers == NULL) {
            return arena_error(cast->arena);
        }
        made->values = numbers->values;
    } else if (to->kind == TYPE_IPV6 && from->kind == TYPE_IPV4) {
        for (uint32_t i = 0; i < count; i++) {
            uint32_t address = ((const uint32_t *)column->values)[i];
            unsigned char *bytes = (unsigned char *)made->values + (size_t)i * 16;
            memset(bytes, 0, 10);
            bytes[10] = bytes[11] = 0xff;
            bytes[12] = (unsigned char)(address >> 24);
            bytes[13] = (unsigned char)(address >> 16);
            bytes[14] = (unsigned char)(address >> 8);
            bytes[15] = (unsigned char)address;
        }
    } else if (to->kind == TYPE_INTERVAL && type_is_number(from) && from->kind != TYPE_DECIMAL) {
        const struct column *numbers = column_numbers(cast->arena, column, TYPE_INT64);
        if (numbers == NULL) {
            return arena_error(cast->arena);
        }
        made->values = numbers->values;
    } else {
        return no_conversion(cast->arena, from, to);
    }
    made->nulls = column->nulls;
    *out = made;
done:
    return err;
}

/* Is an integer below zero? Its highest bit says. */
static bool is_negative(const struct column *column, uint32_t row)
{
    const uint8_t *value = column_value(column, row);
    return type_is_signed(column->type) && value[column->type->width - 1] >> 7 != 0;
}

/* Rows whose value changed: cast back and compare. */
static struct err *mark_changed(const struct cast *cast, const struct column *before, const struct column *after)
{
    struct err *err = NULL;
    struct cast back = {cast->arena, cast->context, cast->to, cast->from, CAST_OR_NULL, NULL};
    uint32_t count = before->row_count;
    struct column *again;
    const struct column *from = before;
    /* numbers may change; what was parsed is what it says, and times and decimals are cut as they always are */
    bool number = type_is_number(cast->from) || cast->from->kind == TYPE_IPV4;
    if (!number || cast->from->kind == TYPE_DECIMAL || cast->to->kind == TYPE_DECIMAL || cast->to->kind == TYPE_BOOL) {
        return NULL;
    }
    back.failed = arena_zalloc(cast->arena, count + 1U);
    if (back.failed == NULL) {
        return arena_error(cast->arena);
    }
    if (cast->to->kind == TYPE_STRING) {
        return NULL;
    }
    OR_DONE(cast_flat(&back, after, &again));
    for (uint32_t i = 0; i < count; i++) {
        size_t width = cast->from->width;
        const char *a = (const char *)from->values + i * width;
        const char *b = (const char *)again->values + i * width;
        bool same = memcmp(a, b, width) == 0;
        if (!same && cast->from->kind == TYPE_FLOAT64) {
            double x, y;
            memcpy(&x, a, 8);
            memcpy(&y, b, 8);
            same = x == y || (x != x && y != y);
        }
        double real;
        if (same && cast->from->kind == TYPE_UINT64 &&
            cast->to->kind == TYPE_FLOAT64) { /* its last values become 2^64 */
            memcpy(&real, (const char *)after->values + i * sizeof(real), sizeof(real));
            same = real < 0x1p64;
        }
        /* a sign that turned: −1 as UInt64 reads back as −1 */
        if (same && type_is_integer(cast->from) && type_is_integer(cast->to)) {
            same = is_negative(before, i) == is_negative(after, i);
        }
        cast->failed[i] |= !same;
    }
done:
    return err;
}

/* Into a type of numbers, times, addresses: a text that is none of them may be NULL instead of an error. */
static bool reads_null(const struct type *from, const struct type *to)
{
    return from->kind == TYPE_STRING && to->kind != TYPE_ENUM8 && to->kind != TYPE_ENUM16 && to->kind != TYPE_BOOL &&
           to->kind != TYPE_INTERVAL;
}

struct err *column_cast(struct arena *arena, const struct function_context *context, const struct column *column,
                        const struct type *type, enum cast_mode mode, struct column **out)
{
    struct err *err = NULL;
    struct cast cast = {arena, context, NULL, NULL, mode, NULL};
    struct column *made;

    if (column->type->kind == TYPE_NOTHING) {
        if (!type->nullable && column->type->nullable && mode <= CAST_ASKED && column->row_count > 0) {
            struct slice name = type_name(arena, type);
            return err_new(ERR_CANNOT_INSERT_NULL, "Cannot convert NULL value to non-Nullable type %.*s",
                           SLICE_ARG(name));
        }
        *out = type->nullable ? column_const_null(arena, type, column->row_count)
                              : column_default(arena, type, column->row_count);
        return *out == NULL ? arena_error(arena) : NULL;
    }
    if (column->type->view == TYPE_VIEW_DYNAMIC && type->view != TYPE_VIEW_DYNAMIC) {
        return cast_dynamic(arena, context, column, type, mode, out);
    }
    if (type->view == TYPE_VIEW_DYNAMIC && column->type->view != TYPE_VIEW_DYNAMIC) {
        return no_conversion(arena, column->type, type);
    }
    cast.from = type_low_cardinality(arena, column->type, false);
    cast.to = type_low_cardinality(arena, type, false);
    cast.from = cast.from == NULL ? NULL : type_plain(arena, cast.from);
    cast.to = cast.to == NULL ? NULL : type_plain(arena, cast.to);
    cast.from = cast.from == NULL ? NULL : type_nullable(arena, cast.from, false);
    cast.to = cast.to == NULL || cast.to->kind == TYPE_NOTHING ? cast.to : type_nullable(arena, cast.to, false);
    if (cast.from == NULL || cast.to == NULL) {
        return arena_error(arena);
    }
    if ((type_is_state(cast.from) || type_is_state(cast.to)) && !type_equal(cast.from, cast.to)) {
        return cast_state(arena, context, column, type, out);
    }
    if (type_is_nested(cast.from) || type_is_nested(cast.to)) {
        return cast_nested(arena, context, column, type, mode, out);
    }
    if (mode == CAST_ASKED) {
        mode = type->nullable && reads_null(cast.from, cast.to) ? CAST_OR_NULL : CAST_PLAIN;
        cast.mode = mode;
    }
    if (cast.to->kind == TYPE_NOTHING) {
        if (type_equal(column->type, type)) {
            *out = column_retyped(arena, column, type);
            return *out == NULL ? arena_error(arena) : NULL;
        }
        return no_conversion(arena, column->type, type);
    }
    if (type_equal(cast.from, cast.to) && (type->nullable || !column->type->nullable)) {
        made = column_retyped(arena, column, type);
        if (made == NULL) {
            return arena_error(arena);
        }
        if (made->form == COLUMN_DICT) {
            made->dictionary = column_retyped(arena, column->dictionary, type);
            if (made->dictionary == NULL) {
                return arena_error(arena);
            }
        }
        *out = made;
        return NULL;
    }
    bool constant = column->form == COLUMN_CONST;
    struct column one;
    const struct column *flat;
    if (constant) {
        one = *column;
        one.form = COLUMN_FLAT;
        one.row_count = 1;
        flat = &one;
    } else {
        flat = column_flat(arena, column);
        if (flat == NULL) {
            return arena_error(arena);
        }
    }
    if (mode != CAST_PLAIN) {
        cast.failed = arena_zalloc(arena, flat->row_count + 1U);
        if (cast.failed == NULL) {
            return arena_error(arena);
        }
    }
    if (flat->nulls != NULL && !type->nullable && mode == CAST_PLAIN && flat->row_count > 0 &&
        memchr(flat->nulls, 1, flat->row_count) != NULL) {
        return err_new(ERR_CANNOT_INSERT_NULL, "Cannot convert NULL value to non-Nullable type");
    }
    OR_DONE(cast_flat(&cast, flat, &made));
    if (mode == CAST_ACCURATE) {
        OR_DONE(mark_changed(&cast, flat, made));
    }
    struct column *result = column_retyped(arena, made, type);
    if (result == NULL) {
        return arena_error(arena);
    }
    result->nulls = NULL;
    if (type->nullable && (flat->nulls != NULL || cast.failed != NULL)) {
        result->nulls = arena_zalloc(arena, flat->row_count + 1U);
        if (result->nulls == NULL) {
            return arena_error(arena);
        }
        for (uint32_t i = 0; i < flat->row_count; i++) {
            result->nulls[i] = (flat->nulls != NULL && flat->nulls[i]) ||
                               (cast.failed != NULL && mode != CAST_OR_ZERO && cast.failed[i]);
        }
    }
    if (constant) {
        result->form = COLUMN_CONST;
        result->row_count = column->row_count;
    }
    *out = result;
done:
    return err;
}

struct err *function_cast(struct arena *arena, const struct function_context *context, const struct column *column,
                          const struct type *type, struct column **out)
{
    return column_cast(arena, context, column, type, CAST_PLAIN, out);
}

struct column *cast_default(struct arena *arena, const struct type *type, uint32_t row_count)
{
    int32_t first = civil_to_days(1900, 1, 1); /* ClickHouse's zero of Date32 */
    return type->kind == TYPE_DATE32 && !type->nullable ? column_const(arena, type, &first, row_count)
                                                        : column_default(arena, type, row_count);
}

struct err *cast_accurate_or_null(struct arena *arena, const struct function_context *context,
                                  const struct column *column, const struct type *type, struct column **out)
{
    struct err *err = NULL;
    const struct type *nullable = type_nullable(arena, type, true);
    struct column *made;
    if (nullable == NULL) {
        return arena_error(arena);
    }
    OR_DONE(column_cast(arena, context, column, nullable, CAST_ACCURATE, &made));
    const struct column *flat = column_flat(arena, made);
    *out = flat == NULL ? NULL : column_retyped(arena, flat, nullable);
    if (*out == NULL) {
        return arena_error(arena);
    }
done:
    return err;
}

bool cast_cuts(const struct type *from, const struct type *to)
{
    bool decimal = from->kind == TYPE_DECIMAL;
    bool as_fine = decimal ? from->scale <= to->scale : from->scale == to->scale;
    return (decimal || type_is_time(from)) && !type_is_float(to) && !(from->kind == to->kind && as_fine);
}

struct err *cast_exact_or_null(struct arena *arena, const struct function_context *context, const struct column *column,
                               const struct type *type, struct column **out)
{
    struct err *err = NULL;
    struct column *back;
    const struct type *from = type_low_cardinality(arena, column->type, false);
    if (from == NULL) {
        return arena_error(arena);
    }
    OR_DONE(cast_accurate_or_null(arena, context, column, type, out));
    if (!cast_cuts(from, type)) {
        return NULL;
    }
    struct column *made = *out;
    OR_DONE(cast_accurate_or_null(arena, context, made, from, &back));
    for (uint32_t i = 0; made->nulls != NULL && i < made->row_count; i++) {
        made->nulls[i] |= column_is_null(back, i) || column_compare(column, i, back, i) != 0;
    }
done:
    return err;
}
