/*
 * math.c: elementary functions of Float64, and rounding.
 *
 * rounding  round of floats to the nearest even, as ClickHouse; integers and decimals exactly, half away from zero
 * thread    any, no shared state
 */
#include "base/int256.h"
#include "query/functions/functions.h"

#include <math.h>

typedef double (*unary)(double);
typedef double (*binary)(double, double);

static double exp10_of(double x)
{
    return pow(10, x);
}
static double degrees(double x)
{
    return x * (180 / M_PI);
}
static double radians(double x)
{
    return x * (M_PI / 180);
}
static double larger(double a, double b)
{
    return a > b || b != b ? a : b;
}
static double smaller(double a, double b)
{
    return a < b || b != b ? a : b;
}

static const unary unaries[] = {sqrt, cbrt, exp,  exp2, exp10_of, log,  log2, log10, log1p,  sin,    cos,     tan,
                                asin, acos, atan, sinh, cosh,     tanh, erf,  erfc,  lgamma, tgamma, degrees, radians};
static const binary binaries[] = {pow, atan2, hypot, larger, smaller};

static struct err *evaluate_unary(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    unary operation = unaries[(intptr_t)function->data];
    const struct column *in = column_numbers(arena, arguments[0], TYPE_FLOAT64);
    struct column *made;
    if (in == NULL) {
        return arena_error(arena);
    }
    OR_DONE(result_new(arena, function->inner, row_count, &made));
    for (uint32_t i = 0; i < row_count; i++) {
        ((double *)made->values)[i] = operation(VALUE_AT(in, double, i));
    }
    *out = made;
done:
    return err;
}

static struct err *evaluate_binary(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    binary operation = binaries[(intptr_t)function->data];
    const struct column *a = column_numbers(arena, arguments[0], TYPE_FLOAT64);
    const struct column *b = column_numbers(arena, arguments[1], TYPE_FLOAT64);
    struct column *made;
    if (a == NULL || b == NULL) {
        return arena_error(arena);
    }
    OR_DONE(result_new(arena, function->inner, row_count, &made));
    for (uint32_t i = 0; i < row_count; i++) {
        ((double *)made->values)[i] = operation(VALUE_AT(a, double, i), VALUE_AT(b, double, i));
    }
    *out = made;
done:
    return err;
}

static struct err *resolve_real(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    for (uint32_t i = 0; i < bind->count; i++) {
        OR_DONE(argument_number(bind, i));
    }
    out->inner = type_simple(TYPE_FLOAT64);
    out->evaluate = bind->count == 2 ? evaluate_binary : evaluate_unary;
    out->data = (const void *)(intptr_t)bind->tag;
done:
    return err;
}

static struct err *evaluate_constant(EVALUATE_ARGUMENTS)
{
    double value = (intptr_t)function->data == 0 ? M_PI : (intptr_t)function->data == 1 ? M_E : NAN;
    double *kept = ARENA_NEW(arena, double);
    (void)arguments;
    if (kept == NULL) {
        return arena_error(arena);
    }
    *kept = value;
    *out = column_const(arena, function->inner, kept, row_count);
    return *out == NULL ? arena_error(arena) : NULL;
}

static struct err *resolve_constant(const struct function_bind *bind, struct function *out)
{
    out->inner = type_simple(TYPE_FLOAT64);
    out->evaluate = evaluate_constant;
    out->data = (const void *)(intptr_t)bind->tag;
    return NULL;
}

/* --- tests of floats --------------------------------------------------------------------------------------------- */

enum { IS_NAN, IS_FINITE, IS_INFINITE };

static struct err *evaluate_test(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct column *in = column_numbers(arena, arguments[0], TYPE_FLOAT64);
    struct column *made;
    if (in == NULL) {
        return arena_error(arena);
    }
    OR_DONE(result_new(arena, function->inner, row_count, &made));
    for (uint32_t i = 0; i < row_count; i++) {
        double x = VALUE_AT(in, double, i);
        intptr_t tag = (intptr_t)function->data;
        ((uint8_t *)made->values)[i] = tag == IS_NAN ? x != x : tag == IS_FINITE ? isfinite(x) != 0 : isinf(x) != 0;
    }
    *out = made;
done:
    return err;
}

static struct err *resolve_test(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    OR_DONE(argument_number(bind, 0));
    out->inner = type_simple(TYPE_UINT8);
    out->evaluate = evaluate_test;
    out->data = (const void *)(intptr_t)bind->tag;
done:
    return err;
}

/* --- rounding ---------------------------------------------------------------------------------------------------- */

enum rounding { ROUND, FLOOR, CEIL, TRUNC, BANKERS };

struct rounder {
    enum rounding rounding;
    int64_t digits;
};

static double round_real(enum rounding rounding, double x)
{
    switch (rounding) {
    case FLOOR:
        return floor(x);
    case CEIL:
        return ceil(x);
    case TRUNC:
        return trunc(x);
    default:
        return nearbyint(x);
    }
}

/* x to a multiple of `by`. */
static __int128 round_whole(enum rounding rounding, __int128 x, __int128 by)
{
    __int128 rest = x % by;
    __int128 down = x - rest - (rest < 0 ? by : 0); /* towards minus infinity */
    rest = x - down;
    switch (rounding) {
    case FLOOR:
        return down;
    case CEIL:
        return rest == 0 ? x : down + by;
    case TRUNC:
        return x < 0 && rest != 0 ? down + by : down;
    case BANKERS:
        if (rest * 2 == by) {
            return (down / by) % 2 == 0 ? down : down + by;
        }
        return rest * 2 > by ? down + by : down;
    default:
        return rest * 2 > by || (rest * 2 == by && x > 0) ? down + by : down;
    }
}

/* The same of 256 bits: towards zero, or one step further from it. */
static struct int256 round_256(enum rounding rounding, bool negative, struct int256 size, struct int256 by)
{
    struct int256 rest;
    struct int256 steps = int256_divide(size, by, &rest);
    int half = int256_compare(rest, int256_subtract(by, rest), false);
    bool up = rounding == FLOOR     ? negative && !int256_is_zero(rest)
              : rounding == CEIL    ? !negative && !int256_is_zero(rest)
              : rounding == TRUNC   ? false
              : rounding == BANKERS ? half > 0 || (half == 0 && steps.word[0] % 2 == 1)
                                    : half >= 0;
    struct int256 result = int256_multiply(int256_add(steps, int256_of(up)), by);
    return negative ? int256_negate(result) : result;
}

static struct err *evaluate_round_256(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct rounder *rounder = function->data;
    struct int256 by = int256_of(1);
    struct column *made;

    for (int64_t d = rounder->digits; d < 0 && d >= -77; d++) {
        by = int256_multiply(by, int256_of(10));
    }
    OR_DONE(result_new(arena, function->inner, row_count, &made));
    for (uint32_t i = 0; i < row_count; i++) {
        struct int256 x = VALUE_AT(arguments[0], struct int256, i);
        bool negative = function->inner->kind == TYPE_INT256 && int256_is_negative(x);
        ((struct int256 *)made->values)[i] =
            rounder->digits < -77 ? int256_of(0)
                                  : round_256(rounder->rounding, negative, negative ? int256_negate(x) : x, by);
    }
    *out = made;
done:
    return err;
}

static struct err *evaluate_round(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct rounder *rounder = function->data;
    const struct type *type = function->inner;
    struct column *made;

    if (type_is_float(type)) {
        const struct column *in = column_numbers(arena, arguments[0], TYPE_FLOAT64);
        double scale = pow(10, (double)(rounder->digits < 0 ? -rounder->digits : rounder->digits));
        if (in == NULL) {
            return arena_error(arena);
        }
        OR_DONE(result_new(arena, type_simple(TYPE_FLOAT64), row_count, &made));
        for (uint32_t i = 0; i < row_count; i++) {
            double x = VALUE_AT(in, double, i);
            double y = rounder->digits == 0  ? round_real(rounder->rounding, x)
                       : rounder->digits > 0 ? round_real(rounder->rounding, x * scale) / scale
                                             : round_real(rounder->rounding, x / scale) * scale;
            ((double *)made->values)[i] = isfinite(y) ? y : x;
        }
    } else {
        const struct column *in = column_numbers(arena, arguments[0], TYPE_INT128);
        int64_t scale = type->kind == TYPE_DECIMAL ? type->scale : 0;
        __int128 by = 1;
        if (in == NULL) {
            return arena_error(arena);
        }
        for (int64_t d = rounder->digits; d < scale && by < (__int128)1 << 120; d++) {
            by *= 10;
        }
        OR_DONE(result_new(arena, type_simple(TYPE_INT128), row_count, &made));
        for (uint32_t i = 0; i < row_count; i++) {
            __int128 x = VALUE_AT(in, __int128, i);
            ((__int128 *)made->values)[i] = by == 1 ? x : round_whole(rounder->rounding, x, by);
        }
    }
    const struct column *narrow = column_numbers(arena, made, type_physical(type));
    *out = narrow == NULL ? NULL : column_retyped(arena, narrow, type);
    return *out == NULL ? arena_error(arena) : NULL;
done:
    return err;
}

static struct err *resolve_round(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    struct rounder *rounder = ARENA_NEW(bind->arena, struct rounder);
    if (rounder == NULL) {
        return arena_error(bind->arena);
    }
    OR_DONE(argument_number(bind, 0));
    rounder->rounding = (enum rounding)bind->tag;
    if (bind->count == 2) {
        OR_DONE(argument_constant_int(bind, 1, &rounder->digits));
        if (rounder->digits < -100 || rounder->digits > 100) {
            return err_new(ERR_SIZE_OUT_OF_BOUND, "function %s: the number of digits must be from -100 to 100",
                           bind->name);
        }
    }
    out->inner = bind->arguments[0].type;
    out->evaluate = type_is_256(out->inner) ? evaluate_round_256 : evaluate_round;
    out->data = rounder;
done:
    return err;
}

#define REAL(name, any_case, index)                                                                                    \
    {                                                                                                                  \
        name, any_case, 1, 1, 0, resolve_real, index                                                                   \
    }
static const struct function_definition definitions[] = {
    REAL("sqrt", true, 0),
    REAL("cbrt", false, 1),
    REAL("exp", true, 2),
    REAL("exp2", false, 3),
    REAL("exp10", false, 4),
    REAL("log", true, 5),
    REAL("log2", true, 6),
    REAL("log10", true, 7),
    REAL("log1p", false, 8),
    REAL("sin", true, 9),
    REAL("cos", true, 10),
    REAL("tan", true, 11),
    REAL("asin", true, 12),
    REAL("acos", true, 13),
    REAL("atan", true, 14),
    REAL("sinh", false, 15),
    REAL("cosh", false, 16),
    REAL("tanh", true, 17),
    REAL("erf", false, 18),
    REAL("erfc", false, 19),
    REAL("lgamma", false, 20),
    REAL("tgamma", false, 21),
    REAL("degrees", true, 22),
    REAL("radians", true, 23),
    {"pow", true, 2, 2, 0, resolve_real, 0},
    {"atan2", true, 2, 2, 0, resolve_real, 1},
    {"hypot", true, 2, 2, 0, resolve_real, 2},
    {"max2", true, 2, 2, 0, resolve_real, 3},
    {"min2", true, 2, 2, 0, resolve_real, 4},
    {"pi", true, 0, 0, 0, resolve_constant, 0},
    {"e", false, 0, 0, 0, resolve_constant, 1},
    {"isNaN", false, 1, 1, 0, resolve_test, IS_NAN},
    {"isFinite", false, 1, 1, 0, resolve_test, IS_FINITE},
    {"isInfinite", false, 1, 1, 0, resolve_test, IS_INFINITE},
    {"round", true, 1, 2, 0, resolve_round, ROUND},
    {"floor", true, 1, 2, 0, resolve_round, FLOOR},
    {"ceil", true, 1, 2, 0, resolve_round, CEIL},
    {"trunc", true, 1, 2, 0, resolve_round, TRUNC},
    {"roundBankers", false, 1, 2, 0, resolve_round, BANKERS},
};
static const struct function_alias aliases[] = {
    {"ln", true, "log"},
    {"power", true, "pow"},
    {"ceiling", true, "ceil"},
    {"truncate", true, "trunc"},
};
const struct function_group functions_math = GROUP_OF(definitions, aliases);
