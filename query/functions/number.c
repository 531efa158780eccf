/*
 * number.c: numbers one by one: hyperbolic inverses, powers, factorial, rounding to powers of two, ages and durations;
 * bits rotated, tested and swapped; buckets; bar charts.
 *
 * thread   any, no shared state
 */
#include "base/int256.h"
#include "query/functions/row.h"

#include <math.h>
#include <stdio.h>

#define BAR_WIDTH_MAX 1000.0

enum real { REAL_ACOSH, REAL_ASINH, REAL_ATANH, REAL_SIGMOID };

static struct err *run_real(struct row_call *call, union row_value *out)
{
    double x = call->arguments[0].real;
    switch (call->tag) {
    case REAL_ACOSH:
        out->real = acosh(x);
        break;
    case REAL_ASINH:
        out->real = asinh(x);
        break;
    case REAL_ATANH:
        out->real = atanh(x);
        break;
    default:
        out->real = 1 / (1 + exp(-x));
    }
    return NULL;
}

/* 2 or 10 to a whole power; what is too big is the largest number. */
static struct err *run_power(struct row_call *call, union row_value *out)
{
    double x = call->arguments[0].real;
    int limit = call->tag == 2 ? 63 : 19;
    if (isnan(x)) {
        return err_new(ERR_BAD_ARGUMENTS, "function %s does not take NaN", call->function->name);
    }
    if (x < 0) {
        return NULL;
    }
    if (x > limit + 0.999999) {
        out->natural = UINT64_MAX;
        return NULL;
    }
    out->natural = 1;
    for (int i = (int)x; i > 0; i--) {
        out->natural *= (uint64_t)call->tag;
    }
    return NULL;
}

static struct err *run_factorial(struct row_call *call, union row_value *out)
{
    int64_t n = call->arguments[0].integer;
    if (n > 20) {
        return err_new(ERR_BAD_ARGUMENTS, "The maximum value for the input argument of function factorial is 20");
    }
    out->natural = 1;
    for (; n > 1; n--) {
        out->natural *= (uint64_t)n;
    }
    return NULL;
}

/* --- rounding ---------------------------------------------------------------------------------------------------- */

static const int64_t durations[] = {36000, 18000, 7200, 3600, 1800, 1200, 600, 300, 240, 180, 120, 60, 30, 10, 1, 0};

static struct err *run_duration(struct row_call *call, union row_value *out)
{
    double seconds = call->arguments[0].real;
    size_t i = 0;
    while (durations[i] > 0 && seconds < (double)durations[i]) {
        i++;
    }
    out->integer = durations[i];
    return NULL;
}

static struct err *run_age(struct row_call *call, union row_value *out)
{
    double years = call->arguments[0].real;
    out->integer = years < 1    ? 0
                   : years < 18 ? 17
                   : years < 25 ? 18
                   : years < 35 ? 25
                   : years < 45 ? 35
                   : years < 55 ? 45
                                : 55;
    return NULL;
}

static bool load_integer(const struct type *type, const void *value, __int128 *out)
{
    switch ((int)type_physical(type)) {
#define LOAD_CASE(kind, ctype, utype)                                                                                  \
    case kind:                                                                                                         \
        *out = (__int128)*(const ctype *)value;                                                                        \
        return true;
        INTEGER_KINDS(LOAD_CASE)
#undef LOAD_CASE
    default:
        return false;
    }
}

static struct err *run_to_exp2(struct row_call *call, union row_value *out)
{
    const struct type *type = call->function->argument_types[0];
    const void *value = call->arguments[0].value;
    if (type_is_float(type)) {
        double x = type->kind == TYPE_FLOAT32 ? (double)*(const float *)value : *(const double *)value;
        int exponent;
        if (x != 0 && isfinite(x)) {
            (void)frexp(x, &exponent);
            x = copysign(ldexp(1, exponent - 1), x);
        }
        out->real = x;
        return NULL;
    }
    __int128 x = 0;
    load_integer(type, value, &x);
    out->integer = x <= 0 ? 0 : (int64_t)((uint64_t)1 << (63 - __builtin_clzll((uint64_t)x)));
    return NULL;
}

/* Of 128 and 256 bits. */
static struct err *evaluate_byte_swap(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    uint32_t width = function->inner->width;
    struct column *made;
    OR_DONE(result_new(arena, function->inner, row_count, &made));
    for (uint32_t i = 0; i < row_count; i++) {
        const char *from = (const char *)arguments[0]->values + (size_t)i * column_step(arguments[0]) * width;
        char *to = (char *)made->values + (size_t)i * width;
        for (uint32_t b = 0; b < width; b++) {
            to[b] = from[width - 1 - b];
        }
    }
    *out = made;
done:
    return err;
}

static struct err *resolve_same_number(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    const struct type *type = bind->arguments[0].type;
    if (bind->tag == 0 && type_is_integer(type) && type->width > 8) {
        out->inner = type;
        out->evaluate = evaluate_byte_swap;
        return NULL;
    }
    if (!(type_is_integer(type) && type->width <= 8) && !(type_is_float(type) && bind->tag == 1)) {
        return type_is_float(type) && bind->tag == 0
                   ? err_new(ERR_NOT_IMPLEMENTED, "%s is not implemented for floats", bind->name)
                   : argument_error(bind, 0, "an integer of 64 bits at most is needed");
    }
    OR_DONE(row_resolve(bind, out));
    out->inner = type;
done:
    return err;
}

/* --- bits -------------------------------------------------------------------------------------------------------- */

static struct err *run_byte_swap(struct row_call *call, union row_value *out)
{
    uint32_t width = call->function->argument_types[0]->width;
    const char *from = call->arguments[0].value;
    char *to = (char *)out;
    for (uint32_t i = 0; i < width; i++) {
        to[i] = from[width - 1 - i];
    }
    return NULL;
}

/* The first number is as wide as the result; so are its bits. */
static struct err *run_rotate(struct row_call *call, union row_value *out)
{
    uint32_t bits = call->function->inner->width * 8;
    uint64_t mask = bits == 64 ? UINT64_MAX : ((uint64_t)1 << bits) - 1;
    uint64_t word = call->arguments[0].natural & mask;
    uint32_t by = (uint32_t)call->arguments[1].natural % bits;
    by = call->tag == 0 ? by : (bits - by) % bits;
    out->natural = by == 0 ? word : (word << by | word >> (bits - by)) & mask;
    return NULL;
}

static struct err *resolve_rotate(const struct function_bind *bind, struct function *out)
{
    static const enum type_kind kinds[2][9] = {
        {[1] = TYPE_UINT8, [2] = TYPE_UINT16, [4] = TYPE_UINT32, [8] = TYPE_UINT64},
        {[1] = TYPE_INT8, [2] = TYPE_INT16, [4] = TYPE_INT32, [8] = TYPE_INT64}};
    struct err *err = NULL;
    const struct type *a = bind->arguments[0].type;
    const struct type *b = bind->arguments[1].type;
    if (type_is_integer(a) && type_is_integer(b) && (a->width > 8 || b->width > 8)) {
        return err_new(ERR_NOT_IMPLEMENTED, "Bit rotate is not implemented for big integers");
    }
    OR_DONE(row_resolve(bind, out));
    bool is_signed = type_is_signed(a) || type_is_signed(b);
    out->inner = type_simple(kinds[is_signed][a->width > b->width ? a->width : b->width]);
done:
    return err;
}

static struct err *run_bit_tests(struct row_call *call, union row_value *out)
{
    const struct type *type = call->function->argument_types[0];
    bool all = call->tag == 0;
    out->natural = all;
    for (uint32_t a = 1; a < call->count; a++) {
        uint64_t bit = call->arguments[a].natural;
        if (bit >= type->width * 8) {
            return err_new(ERR_PARAMETER_OUT_OF_BOUND, "The bit position argument %llu is out of bounds for number",
                           (unsigned long long)bit);
        }
        bool set = (call->arguments[0].natural >> bit & 1) != 0;
        out->natural = all ? out->natural && set : out->natural || set;
    }
    return NULL;
}

static struct err *run_bit_hamming(struct row_call *call, union row_value *out)
{
    const struct type *const *types = call->function->argument_types;
    if (type_is_string(types[0])) {
        struct slice texts[2];
        for (int i = 0; i < 2; i++) {
            const void *value = call->arguments[i].value;
            texts[i] = types[i]->kind == TYPE_STRING ? *(const struct slice *)value : slice_of(value, types[i]->width);
        }
        size_t longer = texts[0].length > texts[1].length ? 0 : 1;
        for (size_t i = 0; i < texts[longer].length; i++) {
            uint32_t a = (unsigned char)texts[longer].data[i];
            uint32_t b = i < texts[1 - longer].length ? (unsigned char)texts[1 - longer].data[i] : 0;
            out->natural += (uint64_t)__builtin_popcount(a ^ b);
        }
        return NULL;
    }
    __int128 a = 0;
    __int128 b = 0;
    load_integer(types[0], call->arguments[0].value, &a);
    load_integer(types[1], call->arguments[1].value, &b);
    uint32_t width = types[0]->width > types[1]->width ? types[0]->width : types[1]->width;
    uint64_t mask = width == 8 ? UINT64_MAX : ((uint64_t)1 << width * 8) - 1;
    out->natural = (uint64_t)__builtin_popcountll(((uint64_t)a ^ (uint64_t)b) & mask);
    return NULL;
}

static struct err *resolve_bit_hamming(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    bool texts = type_is_string(bind->arguments[0].type);
    for (uint32_t i = 0; i < 2; i++) {
        OR_DONE(texts ? argument_string(bind, i) : argument_integer(bind, i));
        if (!texts && bind->arguments[i].type->width > 8) {
            return argument_error(bind, i, "an integer of 64 bits at most is needed");
        }
    }
    OR_DONE(row_resolve(bind, out));
    out->inner = type_simple(texts ? TYPE_UINT64 : TYPE_UINT8);
done:
    return err;
}

/* --- buckets and bars -------------------------------------------------------------------------------------------- */

static struct err *run_width_bucket(struct row_call *call, union row_value *out)
{
    double x = call->arguments[0].real;
    double low = call->arguments[1].real;
    double high = call->arguments[2].real;
    uint64_t count = call->arguments[3].natural;
    if (isnan(x) || isnan(low) || isnan(high) || count == 0) {
        return err_new(ERR_BAD_ARGUMENTS, "function widthBucket takes no NaN and at least one bucket");
    }
    if (x < low || low >= high) {
        out->natural = 0;
    } else if (x >= high) {
        out->natural = count + 1;
    } else {
        out->natural = (uint64_t)((x - low) * (double)count / (high - low)) + 1;
    }
    return NULL;
}

static struct err *resolve_width_bucket(const struct function_bind *bind, struct function *out)
{
    static const enum type_kind kinds[] = {[1] = TYPE_UINT16, [2] = TYPE_UINT32, [4] = TYPE_UINT64, [8] = TYPE_UINT64};
    struct err *err = NULL;
    const struct type *count = bind->arguments[3].type;
    OR_DONE(row_resolve(bind, out));
    if (count->width > 8) {
        return argument_error(bind, 3, "an integer of 64 bits at most is needed");
    }
    out->inner = type_simple(kinds[count->width]);
done:
    return err;
}

/* Blocks of eighths: U+2588 is a full one, U+2589 to U+258F have ever fewer. */
static struct err *run_bar(struct row_call *call, union row_value *out)
{
    struct err *err = NULL;
    double x = call->arguments[0].real;
    double low = call->arguments[1].real;
    double high = call->arguments[2].real;
    double most = call->count > 3 ? call->arguments[3].real : 80;
    if (most < 1) {
        return err_new(ERR_SIZE_OUT_OF_BOUND, "Argument 'max_width' must be >= 1");
    }
    if (!(most <= BAR_WIDTH_MAX)) {
        return err_new(ERR_SIZE_OUT_OF_BOUND, "Argument 'max_width' must be <= 1000");
    }
    out->text = slice_of("", 0);
    if (!(x > low) || !(high > low)) {
        return NULL;
    }
    double width = x >= high ? most : (x - low) * most / (high - low);
    size_t full = (size_t)width;
    size_t eighths = (size_t)((width - (double)full) * 8);
    char *to = row_room(call, full * 3 + 3, &err);
    if (to == NULL) {
        return err;
    }
    for (size_t i = 0; i < full; i++) {
        memcpy(to + i * 3, "\xe2\x96\x88", 3);
    }
    if (eighths > 0) {
        char part[3] = {'\xe2', '\x96', (char)(0x90 - (int)eighths)};
        memcpy(to + full * 3, part, 3);
    }
    out->text = text_taken(&call->buffer, full * 3 + (eighths > 0 ? 3 : 0));
    return NULL;
}

/* --- digits ------------------------------------------------------------------------------------------------------ */

static struct err *run_count_digits(struct row_call *call, union row_value *out)
{
    const struct type *type = call->function->argument_types[0];
    __int128 x = 0;
    if (type_is_256(type)) {
        char digits[INT256_TEXT_MAX];
        const struct int256 *huge = call->arguments[0].value;
        out->natural = int256_print(type->kind == TYPE_INT256 ? int256_magnitude(*huge) : *huge, false, digits);
        return NULL;
    }
    if (type->width == 16) {
        memcpy(&x, call->arguments[0].value, sizeof(x));
    } else {
        load_integer(type, call->arguments[0].value, &x);
    }
    unsigned __int128 rest = x < 0 && type->kind != TYPE_UINT128 ? 0 - (unsigned __int128)x : (unsigned __int128)x;
    do {
        out->natural++;
        rest /= 10;
    } while (rest > 0);
    return NULL;
}

static struct err *resolve_count_digits(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    if (bind->arguments[0].type->kind != TYPE_DECIMAL) {
        OR_DONE(argument_whole(bind, 0));
    }
    OR_DONE(row_resolve(bind, out));
done:
    return err;
}

/* Does a decimal need more digits than the given precision, or than its own? */
static struct err *run_decimal_overflow(struct row_call *call, union row_value *out)
{
    struct err *err = NULL;
    const struct type *type = call->function->argument_types[0];
    union row_value digits = {.wide = 0};
    uint64_t precision = call->count > 1 ? call->arguments[1].natural : type->precision;
    OR_DONE(run_count_digits(call, &digits));
    out->natural = digits.natural > precision;
done:
    return err;
}

static struct err *resolve_decimal_overflow(const struct function_bind *bind, struct function *out)
{
    if (bind->arguments[0].type->kind != TYPE_DECIMAL) {
        return argument_error(bind, 0, "a decimal is needed");
    }
    return row_resolve(bind, out);
}

static struct err *run_is_prime(struct row_call *call, union row_value *out)
{
    uint64_t n = call->arguments[0].natural;
    static const uint32_t bases[] = {2, 3, 5, 7, 11, 13, 17, 19, 23, 29, 31, 37}; /* enough for 64 bits */
    uint64_t odd = n - 1;
    uint32_t twos = 0;
    if (n < 2) {
        return NULL;
    }
    for (size_t b = 0; b < 12; b++) {
        if (n % bases[b] == 0) {
            out->natural = n == bases[b];
            return NULL;
        }
    }
    for (; odd % 2 == 0; odd /= 2) {
        twos++;
    }
    for (size_t b = 0; b < 12; b++) { /* Miller's test */
        unsigned __int128 power = 1;
        unsigned __int128 square = bases[b];
        for (uint64_t e = odd; e > 0; e /= 2) {
            power = e % 2 == 1 ? power * square % n : power;
            square = square * square % n;
        }
        bool passes = power == 1 || power == n - 1;
        for (uint32_t r = 1; r < twos && !passes; r++) {
            power = power * power % n;
            passes = power == n - 1;
        }
        if (!passes) {
            return NULL;
        }
    }
    out->natural = 1;
    return NULL;
}

#define BOUND(name, any_case, least, most, flags, resolve, tag, shape, result, run, about)                             \
    {                                                                                                                  \
        {name, any_case, least, most, flags, resolve, tag}, shape, result, 0, run, about                               \
    }
static const struct row_function rows[] = {
    ROW("acosh", false, 1, 1, REAL_ACOSH, "f", TYPE_FLOAT64, run_real, "The inverse hyperbolic cosine."),
    ROW("asinh", false, 1, 1, REAL_ASINH, "f", TYPE_FLOAT64, run_real, "The inverse hyperbolic sine."),
    ROW("atanh", false, 1, 1, REAL_ATANH, "f", TYPE_FLOAT64, run_real, "The inverse hyperbolic tangent."),
    ROW("sigmoid", false, 1, 1, REAL_SIGMOID, "f", TYPE_FLOAT64, run_real, "1 / (1 + exp(-x))."),
    ROW_FULL("intExp2", false, 1, 1, FUNCTION_CAN_FAIL, 2, "f", TYPE_UINT64, 0, run_power, "2 to a whole power."),
    ROW_FULL("intExp10", false, 1, 1, FUNCTION_CAN_FAIL, 10, "f", TYPE_UINT64, 0, run_power, "10 to a whole power."),
    ROW_FULL("factorial", true, 1, 1, FUNCTION_CAN_FAIL, 0, "i", TYPE_UINT64, 0, run_factorial,
             "The product of the numbers from 1 on."),
    ROW("roundDuration", false, 1, 1, 0, "f", TYPE_UINT16, run_duration, "A number of seconds cut to a common one."),
    ROW("roundAge", false, 1, 1, 0, "f", TYPE_UINT8, run_age, "The age group of a number of years."),
    BOUND("roundToExp2", false, 1, 1, 0, resolve_same_number, 1, "v", TYPE_UINT64, run_to_exp2,
          "The largest power of two that is not above the number."),
    BOUND("byteSwap", true, 1, 1, 0, resolve_same_number, 0, "v", TYPE_UINT64, run_byte_swap,
          "The integer with its bytes in reverse order."),
    BOUND("bitRotateLeft", false, 2, 2, 0, resolve_rotate, 0, "uu", TYPE_UINT64, run_rotate, "Bits rotated left."),
    BOUND("bitRotateRight", false, 2, 2, 0, resolve_rotate, 1, "uu", TYPE_UINT64, run_rotate, "Bits rotated right."),
    ROW_FULL("bitTestAll", false, 2, ANY_COUNT, FUNCTION_CAN_FAIL, 0, "u*", TYPE_UINT8, 0, run_bit_tests,
             "Are all of these bits set?"),
    ROW_FULL("bitTestAny", false, 2, ANY_COUNT, FUNCTION_CAN_FAIL, 1, "u*", TYPE_UINT8, 0, run_bit_tests,
             "Is any of these bits set?"),
    BOUND("bitHammingDistance", false, 2, 2, 0, resolve_bit_hamming, 0, "vv", TYPE_UINT64, run_bit_hamming,
          "The number of bits in which two integers or texts differ."),
    BOUND("widthBucket", false, 4, 4, FUNCTION_CAN_FAIL, resolve_width_bucket, 0, "fffu", TYPE_UINT64, run_width_bucket,
          "The number of the bucket, of so many from low to high, that a number falls into."),
    ROW_FULL("bar", false, 3, 4, FUNCTION_CAN_FAIL, 0, "ffff", TYPE_STRING, 0, run_bar, "A bar of block characters."),
    BOUND("countDigits", false, 1, 1, 0, resolve_count_digits, 0, "v", TYPE_UINT8, run_count_digits,
          "The number of decimal digits of an integer or a decimal's value."),
    BOUND("isDecimalOverflow", false, 1, 2, 0, resolve_decimal_overflow, 0, "vU", TYPE_UINT8, run_decimal_overflow,
          "Does a decimal need more digits than its precision?"),
    ROW("isPrime", false, 1, 1, 0, "u", TYPE_UINT8, run_is_prime, "Is the number prime?"),
};
static const struct function_alias aliases[] = {
    {"width_bucket", true, "widthBucket"},
};
const struct function_group functions_number = ROW_GROUP(rows, aliases);
