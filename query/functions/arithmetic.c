/*
 * arithmetic.c: + − × ÷, integer division, remainders, negation, bits, gcd and lcm; over numbers and decimals.
 *
 * types    ClickHouse's widening: sums of two n-byte integers have 2n bytes (8 at most); differences are signed; the
 *          result of a division is Float64; decimals keep their scale, × adds the scales
 * how      arguments are converted to the result's C type, then one loop per (operation, type) runs; overflow wraps
 * others   dates and intervals are handed to interval.c
 * errors   ERR_DIVISION_BY_ZERO, ERR_DECIMAL_OVERFLOW
 * thread   any, no shared state
 */
#include "query/functions/arithmetic_wide.h"
#include "query/functions/functions.h"
#include "query/functions/interval.h"

#include <math.h>

/* the loops are the same for signed and unsigned types */
#pragma GCC diagnostic ignored "-Wtype-limits"

enum operation {
    OP_PLUS,
    OP_MINUS,
    OP_MULTIPLY,
    OP_DIVIDE,
    OP_INT_DIV,
    OP_INT_DIV_OR_ZERO,
    OP_MODULO,
    OP_MODULO_OR_ZERO,
    OP_POSITIVE_MODULO,
    OP_BIT_AND,
    OP_BIT_OR,
    OP_BIT_XOR,
    OP_SHIFT_LEFT,
    OP_SHIFT_RIGHT,
    OP_BIT_TEST,
    OP_GCD,
    OP_LCM,
    OP_NEGATE,
    OP_ABS,
    OP_BIT_NOT,
    OP_SIGN,
    OP_BIT_COUNT,
};

static enum type_kind integer_kind(bool is_signed, uint32_t bytes)
{
    switch (bytes) {
    case 1:
        return is_signed ? TYPE_INT8 : TYPE_UINT8;
    case 2:
        return is_signed ? TYPE_INT16 : TYPE_UINT16;
    case 4:
        return is_signed ? TYPE_INT32 : TYPE_UINT32;
    case 8:
        return is_signed ? TYPE_INT64 : TYPE_UINT64;
    case 16:
        return is_signed ? TYPE_INT128 : TYPE_UINT128;
    default:
        return is_signed ? TYPE_INT256 : TYPE_UINT256;
    }
}

static uint32_t next_bytes(uint32_t bytes)
{
    return bytes < 8 ? bytes * 2 : bytes;
}

/* --- one loop per operation and type ----------------------------------------------------------------------------- */

#define LOOP(ctype, expression)                                                                                        \
    {                                                                                                                  \
        const ctype *a = left->values;                                                                                 \
        const ctype *b = right->values;                                                                                \
        ctype *restrict result = made->values;                                                                         \
        if (left->form == COLUMN_CONST) {                                                                              \
            ctype x = a[0];                                                                                            \
            for (uint32_t i = 0; i < row_count; i++) {                                                                 \
                ctype y = b[i * right_step];                                                                           \
                result[i] = (ctype)(expression);                                                                       \
            }                                                                                                          \
        } else if (right->form == COLUMN_CONST) {                                                                      \
            ctype y = b[0];                                                                                            \
            for (uint32_t i = 0; i < row_count; i++) {                                                                 \
                ctype x = a[i];                                                                                        \
                result[i] = (ctype)(expression);                                                                       \
            }                                                                                                          \
        } else {                                                                                                       \
            for (uint32_t i = 0; i < row_count; i++) {                                                                 \
                ctype x = a[i];                                                                                        \
                ctype y = b[i];                                                                                        \
                result[i] = (ctype)(expression);                                                                       \
            }                                                                                                          \
        }                                                                                                              \
    }                                                                                                                  \
    break;

/* x, y: the operands; utype: the unsigned type that wraps. */
#define INTEGER_LOOPS(kind, ctype, utype)                                                                              \
    case kind:                                                                                                         \
        switch (operation) {                                                                                           \
        case OP_PLUS:                                                                                                  \
            LOOP(ctype, (utype)x + (utype)y)                                                                           \
        case OP_MINUS:                                                                                                 \
            LOOP(ctype, (utype)x - (utype)y)                                                                           \
        case OP_MULTIPLY:                                                                                              \
            LOOP(ctype, (uint64_t)x *(uint64_t)y)                                                                      \
        case OP_BIT_AND:                                                                                               \
            LOOP(ctype, x &y)                                                                                          \
        case OP_BIT_OR:                                                                                                \
            LOOP(ctype, x | y)                                                                                         \
        case OP_BIT_XOR:                                                                                               \
            LOOP(ctype, x ^ y)                                                                                         \
        case OP_GCD:                                                                                                   \
            LOOP(ctype, (utype)greatest_divisor((uint64_t)(x < 0 ? 0 - (utype)x : (utype)x),                           \
                                                (uint64_t)(y < 0 ? 0 - (utype)y : (utype)y)))                          \
        case OP_LCM:                                                                                                   \
            LOOP(ctype, (utype)least_multiple((uint64_t)(x < 0 ? 0 - (utype)x : (utype)x),                             \
                                              (uint64_t)(y < 0 ? 0 - (utype)y : (utype)y)))                            \
        default:                                                                                                       \
            ASSERT(false);                                                                                             \
        }                                                                                                              \
        break;

#define FLOAT_LOOPS(kind, ctype, utype)                                                                                \
    case kind:                                                                                                         \
        switch (operation) {                                                                                           \
        case OP_PLUS:                                                                                                  \
            LOOP(ctype, x + y)                                                                                         \
        case OP_MINUS:                                                                                                 \
            LOOP(ctype, x - y)                                                                                         \
        case OP_MULTIPLY:                                                                                              \
            LOOP(ctype, x *y)                                                                                          \
        case OP_DIVIDE:                                                                                                \
            LOOP(ctype, x / y)                                                                                         \
        case OP_MODULO:                                                                                                \
        case OP_MODULO_OR_ZERO:                                                                                        \
            LOOP(ctype, (ctype)float_modulo((double)x, (double)y))                                                     \
        case OP_POSITIVE_MODULO:                                                                                       \
            LOOP(ctype, (ctype)positive_modulo((double)x, (double)y))                                                  \
        default:                                                                                                       \
            ASSERT(false);                                                                                             \
        }                                                                                                              \
        break;

static uint64_t greatest_divisor(uint64_t a, uint64_t b)
{
    while (b != 0) {
        uint64_t rest = a % b;
        a = b;
        b = rest;
    }
    return a;
}

static uint64_t least_multiple(uint64_t a, uint64_t b)
{
    return a == 0 || b == 0 ? 0 : a / greatest_divisor(a, b) * b;
}

/* As ClickHouse: not fmod's exact remainder, and no number for what is infinite. */
static double float_modulo(double x, double y)
{
    return x - trunc(x / y) * y;
}

static double positive_modulo(double x, double y)
{
    double rest = float_modulo(x, y);
    return rest < 0 ? rest + fabs(y) : rest;
}

/* The least of a type of up to 64 bits. */
static int64_t least_of(const struct type *type)
{
    return INT64_MIN >> (64 - 8 * type->width);
}

/* gcd and lcm divide each number by the other: zero is an error, and so is the least of a type beside -1. */
static struct err *check_divisors(struct arena *arena, const struct column *const *arguments, uint32_t row_count)
{
    const struct column *left = column_numbers(arena, arguments[0], TYPE_INT64);
    const struct column *right = column_numbers(arena, arguments[1], TYPE_INT64);
    bool both_signed = type_is_signed(arguments[0]->type) && type_is_signed(arguments[1]->type);
    if (left == NULL || right == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < row_count; i++) {
        int64_t x = VALUE_AT(left, int64_t, i);
        int64_t y = VALUE_AT(right, int64_t, i);
        if (x == 0 || y == 0) {
            return err_new(ERR_DIVISION_BY_ZERO, "Division by zero");
        }
        if (both_signed &&
            ((y == -1 && x == least_of(arguments[0]->type)) || (x == -1 && y == least_of(arguments[1]->type)))) {
            return err_new(ERR_DIVISION_BY_ZERO, "Division of minimal signed number by minus one");
        }
    }
    return NULL;
}

static struct err *evaluate_binary(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    enum operation operation = (enum operation)(intptr_t)function->data;
    enum type_kind kind = type_physical(function->inner);
    const struct column *left = column_numbers(arena, arguments[0], kind);
    const struct column *right = column_numbers(arena, arguments[1], kind);
    struct column *made;

    if (left == NULL || right == NULL) {
        return arena_error(arena);
    }
    uint32_t right_step = column_step(right);
    if (operation == OP_GCD || operation == OP_LCM) {
        OR_DONE(check_divisors(arena, arguments, row_count));
    }
    OR_DONE(result_new(arena, function->inner, row_count, &made));
    switch ((int)kind) {
        INTEGER_KINDS(INTEGER_LOOPS)
        FLOAT_KINDS(FLOAT_LOOPS)
    default:
        ASSERT(false);
    }
    *out = made;
done:
    return err;
}

/* A quotient of a signed and an unsigned number: ClickHouse takes the bits of both as signed (of a divisor narrower
 * than the dividend its value). */
static const struct column *as_signed(struct arena *arena, const struct column *column)
{
    static const enum type_kind kinds[] = {[1] = TYPE_INT8, [2] = TYPE_INT16, [4] = TYPE_INT32, [8] = TYPE_INT64};
    column = column_numbers(arena, column, kinds[column->type->width]);
    return column == NULL ? NULL : column_numbers(arena, column, TYPE_INT64);
}

/* Division and remainder of integers, in 64 bits: the cost is the division's. */
static struct err *evaluate_integer_division(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    enum operation operation = (enum operation)(intptr_t)function->data;
    bool left_signed = type_is_signed(function->argument_types[0]);
    bool right_signed = type_is_signed(function->argument_types[1]);
    const struct column *left = column_numbers(arena, arguments[0], left_signed ? TYPE_INT64 : TYPE_UINT64);
    const struct column *right = column_numbers(arena, arguments[1], right_signed ? TYPE_INT64 : TYPE_UINT64);
    bool or_zero = operation == OP_INT_DIV_OR_ZERO || operation == OP_MODULO_OR_ZERO;
    bool divides = operation == OP_INT_DIV || operation == OP_INT_DIV_OR_ZERO;
    uint64_t least = (uint64_t)least_of(function->argument_types[0]);
    struct column *wide;

    if (divides && left_signed != right_signed) {
        bool wider = function->argument_types[0]->width > function->argument_types[1]->width;
        left = as_signed(arena, arguments[0]);
        right = wider ? column_numbers(arena, arguments[1], TYPE_INT64) : as_signed(arena, arguments[1]);
        left_signed = right_signed = true;
    }
    if (left == NULL || right == NULL) {
        return arena_error(arena);
    }
    uint32_t left_step = column_step(left);
    uint32_t right_step = column_step(right);
    OR_DONE(result_new(arena, type_simple(TYPE_INT64), row_count, &wide));
    const uint64_t *a = left->values;
    const uint64_t *b = right->values;
    uint64_t *result = wide->values;
    if (right->form == COLUMN_CONST && b[0] != 0 && b[0] <= UINT32_MAX && !left_signed) {
        uint64_t y = b[0];
        for (uint32_t i = 0; i < row_count; i++) {
            uint64_t x = a[i * left_step];
            result[i] = divides ? x / y : x % y;
        }
        goto narrow;
    }
    for (uint32_t i = 0; i < row_count; i++) {
        uint64_t x = a[i * left_step];
        uint64_t y = b[i * right_step];
        bool x_negative = left_signed && (int64_t)x < 0;
        bool y_negative = right_signed && (int64_t)y < 0;
        if (y == 0) {
            if (or_zero) {
                result[i] = 0;
                continue;
            }
            return err_new(ERR_DIVISION_BY_ZERO, "Division by zero");
        }
        if (x_negative && right_signed && y == UINT64_MAX && x == least) {
            if (or_zero) {
                result[i] = 0;
                continue;
            }
            return err_new(ERR_DIVISION_BY_ZERO, "Division of minimal signed number by minus one");
        }
        uint64_t x_size = x_negative ? 0 - x : x;
        uint64_t y_size = y_negative ? 0 - y : y;
        if (divides) {
            uint64_t quotient = x_size / y_size;
            result[i] = x_negative != y_negative ? 0 - quotient : quotient;
        } else {
            uint64_t rest = x_size % y_size;
            result[i] = x_negative ? (operation == OP_POSITIVE_MODULO && rest != 0 ? y_size - rest : 0 - rest) : rest;
        }
    }
narrow:
    *out = (struct column *)(uintptr_t)column_numbers(arena, wide, type_physical(function->inner));
    if (*out == NULL) {
        return arena_error(arena);
    }
    *out = column_retyped(arena, *out, function->inner);
    return *out == NULL ? arena_error(arena) : NULL;
done:
    return err;
}

/* intDiv of floats: towards zero, into an integer as wide as the dividend; in single precision where no side is
 * double. */
static struct err *evaluate_float_int_div(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    bool or_zero = (enum operation)(intptr_t)function->data == OP_INT_DIV_OR_ZERO;
    const struct column *left = column_numbers(arena, arguments[0], TYPE_FLOAT64);
    const struct column *right = column_numbers(arena, arguments[1], TYPE_FLOAT64);
    struct column *made;

    if (left == NULL || right == NULL) {
        return arena_error(arena);
    }
    bool single =
        function->argument_types[0]->kind != TYPE_FLOAT64 && function->argument_types[1]->kind != TYPE_FLOAT64;
    OR_DONE(result_new(arena, type_simple(TYPE_INT64), row_count, &made));
    for (uint32_t i = 0; i < row_count; i++) {
        double x = VALUE_AT(left, double, i);
        double y = VALUE_AT(right, double, i);
        double quotient = single ? (double)((float)x / (float)y) : x / y;
        if (!(quotient > -9.2e18 && quotient < 9.2e18)) {
            if (!or_zero || y != 0) {
                return err_new(ERR_DIVISION_BY_ZERO,
                               y == 0 ? "Division by zero" : "the quotient of intDiv is not an Int64");
            }
            quotient = 0;
        }
        ((int64_t *)made->values)[i] = (int64_t)quotient;
    }
    const struct column *cut = column_numbers(arena, made, type_physical(function->inner));
    *out = cut == NULL ? NULL : column_retyped(arena, cut, function->inner);
    return *out == NULL ? arena_error(arena) : NULL;
done:
    return err;
}

static struct err *evaluate_shift(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    enum operation operation = (enum operation)(intptr_t)function->data;
    enum type_kind kind = type_physical(operation == OP_BIT_TEST ? function->argument_types[0] : function->inner);
    /* shifted as what the result is; big integers are never narrower */
    const struct column *left = type_simple(kind)->width > 8 ? arguments[0] : column_numbers(arena, arguments[0], kind);
    const struct column *right = column_numbers(arena, arguments[1], TYPE_INT64);
    struct column *made;
    uint32_t bits = function->argument_types[0]->width * 8;
    bool by_signed = type_is_signed(function->argument_types[1]);

    if (left == NULL || right == NULL) {
        return arena_error(arena);
    }
    OR_DONE(result_new(arena, function->inner, row_count, &made));
    for (uint32_t i = 0; i < row_count; i++) {
        int64_t by = VALUE_AT(right, int64_t, i);
        bool negative = by < 0 && by_signed;
        if (operation == OP_BIT_TEST && (by < 0 || by >= bits)) {
            return err_new(ERR_PARAMETER_OUT_OF_BOUND,
                           "The bit position argument of bitTest must be a number from 0 to %u", bits - 1);
        }
        if (negative) {
            return err_new(ERR_SIZE_OUT_OF_BOUND, "%s by %lld: the number of shift positions must not be negative",
                           function->name, (long long)by);
        }
        by = by < 0 || by > bits ? bits : by;
        switch ((int)kind) {
#define SHIFT_CASE(k, ctype, utype)                                                                                    \
    case k: {                                                                                                          \
        ctype x = VALUE_AT(left, ctype, i);                                                                            \
        if (operation == OP_BIT_TEST) {                                                                                \
            ((uint8_t *)made->values)[i] = (uint8_t)(by < bits ? ((utype)x >> by) & 1 : 0);                            \
        } else if (by == bits) {                                                                                       \
            ((ctype *)made->values)[i] = 0;                                                                            \
        } else {                                                                                                       \
            ((ctype *)made->values)[i] = (ctype)(operation == OP_SHIFT_LEFT ? (ctype)((utype)x << by) : (x >> by));    \
        }                                                                                                              \
        break;                                                                                                         \
    }
            INTEGER_KINDS(SHIFT_CASE)
            WIDE_KINDS(SHIFT_CASE)
#undef SHIFT_CASE
        case TYPE_INT256:
        case TYPE_UINT256: {
            struct int256 x = VALUE_AT(left, struct int256, i);
            struct int256 zero = {{0, 0, 0, 0}};
            ((struct int256 *)made->values)[i] = by == bits ? zero
                                                 : operation == OP_SHIFT_LEFT
                                                     ? int256_shift_left(x, (uint32_t)by)
                                                     : int256_shift_right(x, (uint32_t)by, kind == TYPE_INT256);
            break;
        }
        default:
            ASSERT(false);
        }
    }
    *out = made;
done:
    return err;
}

static uint8_t bit_count(unsigned __int128 x)
{
    return (uint8_t)(__builtin_popcountll((uint64_t)x) + __builtin_popcountll((uint64_t)(x >> 64)));
}

static struct err *evaluate_unary(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    enum operation operation = (enum operation)(intptr_t)function->data;
    bool widen = operation == OP_NEGATE;
    enum type_kind kind = type_physical(widen ? function->inner : function->argument_types[0]);
    const struct column *in = column_numbers(arena, arguments[0], kind);
    struct column *made;

    if (in == NULL) {
        return arena_error(arena);
    }
    OR_DONE(result_new(arena, function->inner, row_count, &made));
    void *result = made->values;
    switch ((int)kind) {
#define UNARY_CASE(k, ctype, utype)                                                                                    \
    case k:                                                                                                            \
        for (uint32_t i = 0; i < row_count; i++) {                                                                     \
            ctype x = VALUE_AT(in, ctype, i);                                                                          \
            switch (operation) {                                                                                       \
            case OP_NEGATE:                                                                                            \
                ((utype *)result)[i] = (utype)(0 - (utype)x);                                                          \
                break;                                                                                                 \
            case OP_ABS:                                                                                               \
                ((utype *)result)[i] = (utype)(x < 0 ? 0 - (utype)x : (utype)x);                                       \
                break;                                                                                                 \
            case OP_BIT_NOT:                                                                                           \
                ((utype *)result)[i] = (utype) ~(utype)x;                                                              \
                break;                                                                                                 \
            case OP_BIT_COUNT:                                                                                         \
                ((uint8_t *)result)[i] = bit_count((utype)x);                                                          \
                break;                                                                                                 \
            default:                                                                                                   \
                ((int8_t *)result)[i] = (int8_t)((x > 0) - (x < 0));                                                   \
            }                                                                                                          \
        }                                                                                                              \
        break;
        INTEGER_KINDS(UNARY_CASE)
        WIDE_KINDS(UNARY_CASE)
#undef UNARY_CASE
    case TYPE_INT256:
    case TYPE_UINT256: {
        static const unsigned char huge[] = {[OP_NEGATE] = UNARY_NEGATE,
                                             [OP_ABS] = UNARY_ABS,
                                             [OP_BIT_NOT] = UNARY_NOT,
                                             [OP_SIGN] = UNARY_SIGN,
                                             [OP_BIT_COUNT] = UNARY_BIT_COUNT};
        for (uint32_t i = 0; i < row_count; i++) {
            unary_256((enum unary_256)huge[operation], kind == TYPE_INT256, VALUE_AT(in, struct int256, i),
                      (char *)result + (size_t)i * function->inner->width);
        }
        break;
    }
#define UNARY_CASE(k, ctype, utype)                                                                                    \
    case k:                                                                                                            \
        for (uint32_t i = 0; i < row_count; i++) {                                                                     \
            ctype x = VALUE_AT(in, ctype, i);                                                                          \
            if (operation == OP_SIGN) {                                                                                \
                ((int8_t *)result)[i] = (int8_t)((x > 0) - (x < 0));                                                   \
            } else {                                                                                                   \
                ((ctype *)result)[i] = operation == OP_NEGATE ? -x : x < 0 ? -x : x;                                   \
            }                                                                                                          \
        }                                                                                                              \
        break;
        FLOAT_KINDS(UNARY_CASE)
#undef UNARY_CASE
    default:
        ASSERT(false);
    }
    *out = made;
done:
    return err;
}

/* --- decimals ---------------------------------------------------------------------------------------------------- */

static __int128 power_of_ten(uint32_t exponent)
{
    __int128 power = 1;
    while (exponent-- > 0) {
        power *= 10;
    }
    return power;
}

/* Both in 128 bits; the result must fit the type's width. */
static struct err *evaluate_decimal(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    enum operation operation = (enum operation)(intptr_t)function->data;
    const struct column *left = column_numbers(arena, arguments[0], TYPE_INT128);
    const struct column *right = column_numbers(arena, arguments[1], TYPE_INT128);
    uint32_t scale = function->inner->scale;
    uint32_t left_scale = function->argument_types[0]->scale;
    uint32_t right_scale = function->argument_types[1]->scale;
    __int128 left_factor = 1;
    __int128 right_factor = 1;
    struct column *wide;

    if (left == NULL || right == NULL) {
        return arena_error(arena);
    }
    if (operation == OP_PLUS || operation == OP_MINUS) {
        left_factor = power_of_ten(scale - left_scale);
        right_factor = power_of_ten(scale - right_scale);
    } else if (operation == OP_DIVIDE) {
        left_factor = power_of_ten(scale - left_scale + right_scale);
    } else if (operation != OP_MULTIPLY) {
        uint32_t most = left_scale > right_scale ? left_scale : right_scale;
        left_factor = power_of_ten(most - left_scale);
        right_factor = power_of_ten(most - right_scale);
    }
    OR_DONE(result_new(arena, type_simple(TYPE_INT128), row_count, &wide));
    enum type_kind kind = type_physical(function->inner);
    for (uint32_t i = 0; i < row_count; i++) {
        __int128 x = VALUE_AT(left, __int128, i);
        __int128 y = VALUE_AT(right, __int128, i);
        __int128 result = 0;
        bool overflow = __builtin_mul_overflow(x, left_factor, &x) || __builtin_mul_overflow(y, right_factor, &y);
        switch (operation) {
        case OP_PLUS:
            overflow |= __builtin_add_overflow(x, y, &result);
            break;
        case OP_MINUS:
            overflow |= __builtin_sub_overflow(x, y, &result);
            break;
        case OP_MULTIPLY:
            overflow |= __builtin_mul_overflow(x, y, &result);
            break;
        default:
            if (y == 0) {
                return err_new(ERR_DIVISION_BY_ZERO, "Division by zero");
            }
            overflow |= y == -1 && x == (__int128)((unsigned __int128)1 << 127);
            result = overflow ? 0 : x / y;
        }
        if (overflow || (function->inner->kind == TYPE_DECIMAL && kind == TYPE_INT32 && result != (int32_t)result) ||
            (function->inner->kind == TYPE_DECIMAL && kind == TYPE_INT64 && result != (int64_t)result)) {
            return err_new(ERR_DECIMAL_OVERFLOW, "Decimal math overflow in function %s", function->name);
        }
        ((__int128 *)wide->values)[i] = result;
    }
    const struct column *narrow = column_numbers(arena, wide, kind);
    *out = narrow == NULL ? NULL : column_retyped(arena, narrow, function->inner);
    return *out == NULL ? arena_error(arena) : NULL;
done:
    return err;
}

static uint32_t number_bytes(const struct type *type)
{
    return type->kind == TYPE_BOOL ? 1 : type->width;
}

static uint8_t full_precision(const struct type *type)
{
    return type->width == 4 ? 9 : type->width == 8 ? 18 : 38;
}

static struct err *resolve_decimal(const struct function_bind *bind, struct function *out)
{
    const struct type *a = bind->arguments[0].type;
    const struct type *b = bind->arguments[1].type;
    bool both = a->kind == TYPE_DECIMAL && b->kind == TYPE_DECIMAL;
    const struct type *decimal = a->kind == TYPE_DECIMAL ? a : b;
    uint8_t precision = full_precision(decimal);
    uint32_t scale = decimal->scale;

    if (bind->tag == OP_MODULO || bind->tag == OP_MODULO_OR_ZERO || bind->tag == OP_POSITIVE_MODULO ||
        bind->tag == OP_INT_DIV_OR_ZERO) {
        return err_new(ERR_NOT_IMPLEMENTED, "function %s of decimals is not implemented", bind->name);
    }
    if (bind->tag == OP_INT_DIV) {
        if (both && a->scale < b->scale) {
            return err_new(ERR_SIZE_OUT_OF_BOUND, "function %s: the scale of the dividend is below the divisor's",
                           bind->name);
        }
        out->inner = type_simple(integer_kind(true, number_bytes(a)));
        out->evaluate = evaluate_decimal;
        return NULL;
    }
    if (both) {
        uint8_t other = full_precision(a == decimal ? b : a);
        precision = other > precision ? other : precision;
        scale = a->scale > b->scale ? a->scale : b->scale;
        if (bind->tag == OP_MULTIPLY) {
            scale = (uint32_t)a->scale + b->scale;
        } else if (bind->tag == OP_DIVIDE) {
            scale = a->scale;
        }
    }
    if (scale > precision || (bind->tag == OP_DIVIDE && both && scale < b->scale)) {
        return err_new(ERR_SIZE_OUT_OF_BOUND, "function %s: the result's scale %u does not fit its precision %u",
                       bind->name, scale, precision);
    }
    out->inner = type_decimal(bind->arena, precision, (uint8_t)scale);
    out->flags |= bind->tag == OP_DIVIDE ? FUNCTION_CAN_FAIL : 0U; /* by zero; of others NaN */
    out->evaluate = evaluate_decimal;
    return out->inner == NULL ? arena_error(bind->arena) : NULL;
}

/* --- binding ----------------------------------------------------------------------------------------------------- */

/* Is the divisor the constant -1, and the dividend a number of 32 or 64 bits that is none? Of those ClickHouse does not
 * look at the least number of the type. */
static bool by_minus_one(const struct function_bind *bind)
{
    const struct type *a = bind->arguments[0].type;
    const struct column *divisor = bind->arguments[1].constant;
    return (a->kind == TYPE_INT32 || a->kind == TYPE_INT64) && bind->arguments[0].constant == NULL && divisor != NULL &&
           type_is_signed(divisor->type) && !column_is_null(divisor, 0) && column_int(divisor, 0) == -1;
}

static struct err *resolve_binary(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    const struct type *a = bind->arguments[0].type;
    const struct type *b = bind->arguments[1].type;
    bool bits = bind->tag >= OP_BIT_AND && bind->tag <= OP_BIT_TEST;

    out->data = (const void *)(intptr_t)bind->tag;
    if (bind->tag == OP_PLUS && type_is_state(bind->arguments[0].type)) {
        return state_plus_resolve(bind, out);
    }
    if ((bind->tag == OP_PLUS || bind->tag == OP_MINUS || bind->tag == OP_MULTIPLY) &&
        (type_is_time(a) || type_is_time(b) || a->kind == TYPE_INTERVAL || b->kind == TYPE_INTERVAL)) {
        return interval_resolve(bind, bind->tag == OP_MINUS, out);
    }
    if ((bind->tag != OP_MODULO && bind->tag != OP_POSITIVE_MODULO) ||
        (a->kind != TYPE_DATE && a->kind != TYPE_DATETIME)) { /* whose days and seconds have a remainder */
        OR_DONE(argument_number(bind, 0));
    }
    OR_DONE(argument_number(bind, 1));
    bool any_float = type_is_float(a) || type_is_float(b);
    bool any_signed = type_is_signed(a) || type_is_signed(b);
    uint32_t a_bytes = number_bytes(a);
    uint32_t b_bytes = number_bytes(b);
    uint32_t most = a_bytes > b_bytes ? a_bytes : b_bytes;
    if ((a->kind == TYPE_DECIMAL || b->kind == TYPE_DECIMAL) && (!any_float || bits)) {
        if (bits || bind->tag >= OP_GCD) {
            return argument_error(bind, a->kind == TYPE_DECIMAL ? 0 : 1, "an integer is needed");
        }
        return resolve_decimal(bind, out);
    }
    bool wide = a_bytes >= 16 || b_bytes >= 16;
    if (bits || bind->tag == OP_GCD || bind->tag == OP_LCM) {
        OR_DONE(argument_whole(bind, 0));
        OR_DONE(argument_whole(bind, 1));
    }
    if (wide &&
        (bind->tag == OP_BIT_TEST || (b_bytes >= 16 && (bind->tag == OP_SHIFT_LEFT || bind->tag == OP_SHIFT_RIGHT)))) {
        return err_new(ERR_NOT_IMPLEMENTED, "%s is not implemented for big integers as second argument", bind->name);
    }
    bool wide_integer = (a_bytes >= 16 && a->kind != TYPE_DECIMAL) || (b_bytes >= 16 && b->kind != TYPE_DECIMAL);
    if (wide_integer && any_float && bind->tag <= OP_MULTIPLY) {
        return argument_error(bind, a_bytes >= 16 ? 0 : 1, "an integer of 64 bits at most is needed");
    }
    out->evaluate = evaluate_binary;
    switch (bind->tag) {
    case OP_DIVIDE:
        out->inner = type_simple(TYPE_FLOAT64);
        break;
    case OP_INT_DIV:
    case OP_INT_DIV_OR_ZERO:
        out->evaluate = any_float ? evaluate_float_int_div : evaluate_integer_division;
        out->inner = type_simple(integer_kind(any_float || any_signed, a_bytes));
        break;
    case OP_MODULO:
    case OP_MODULO_OR_ZERO:
    case OP_POSITIVE_MODULO: {
        bool is_signed = type_is_signed(a) && bind->tag != OP_POSITIVE_MODULO;
        if (!any_float) {
            out->evaluate = evaluate_integer_division;
            if (bind->tag == OP_MODULO && by_minus_one(bind)) {
                out->data = (const void *)(intptr_t)OP_MODULO_OR_ZERO;
            }
        }
        out->inner =
            type_simple(any_float ? TYPE_FLOAT64 : integer_kind(is_signed, is_signed ? next_bytes(b_bytes) : b_bytes));
        break;
    }
    case OP_SHIFT_LEFT:
    case OP_SHIFT_RIGHT:
        out->evaluate = evaluate_shift;
        out->inner = type_simple(integer_kind(any_signed, most));
        break;
    case OP_BIT_TEST:
        out->evaluate = evaluate_shift;
        out->inner = type_simple(TYPE_UINT8);
        break;
    case OP_BIT_AND:
    case OP_BIT_OR:
    case OP_BIT_XOR:
        out->inner = type_simple(integer_kind(any_signed, most));
        break;
    default:
        out->inner =
            type_simple(any_float ? TYPE_FLOAT64 : integer_kind(any_signed || bind->tag == OP_MINUS, next_bytes(most)));
    }
    static const signed char wides[] = {[OP_PLUS] = WIDE_PLUS,
                                        [OP_MINUS] = WIDE_MINUS,
                                        [OP_MULTIPLY] = WIDE_MULTIPLY,
                                        [OP_BIT_AND] = WIDE_AND,
                                        [OP_BIT_OR] = WIDE_OR,
                                        [OP_BIT_XOR] = WIDE_XOR,
                                        [OP_INT_DIV] = WIDE_DIVIDE,
                                        [OP_INT_DIV_OR_ZERO] = WIDE_DIVIDE,
                                        [OP_MODULO] = WIDE_MODULO,
                                        [OP_MODULO_OR_ZERO] = WIDE_MODULO,
                                        [OP_POSITIVE_MODULO] = WIDE_POSITIVE_MODULO,
                                        [OP_GCD] = WIDE_GCD,
                                        [OP_LCM] = WIDE_LCM};
    if (wide && !any_float && bind->tag != OP_DIVIDE && bind->tag != OP_SHIFT_LEFT && bind->tag != OP_SHIFT_RIGHT) {
        wide_bind((enum wide_operation)wides[bind->tag],
                  bind->tag == OP_INT_DIV_OR_ZERO || bind->tag == OP_MODULO_OR_ZERO, out);
    }
done:
    return err;
}

static struct err *resolve_unary(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    const struct type *type = bind->arguments[0].type;

    if (bind->tag == OP_NEGATE && type->kind == TYPE_INTERVAL) {
        out->inner = type;
        out->evaluate = evaluate_unary;
        out->data = (const void *)(intptr_t)bind->tag;
        return NULL;
    }
    OR_DONE(argument_number(bind, 0));
    uint32_t bytes = number_bytes(type);
    out->evaluate = evaluate_unary;
    out->data = (const void *)(intptr_t)bind->tag;
    if (bind->tag == OP_SIGN) {
        out->inner = type_simple(TYPE_INT8);
    } else if (bind->tag == OP_BIT_NOT || bind->tag == OP_BIT_COUNT) {
        OR_DONE(argument_whole(bind, 0));
        out->inner = type_simple(bind->tag == OP_BIT_COUNT ? (bytes == 32 ? TYPE_UINT16 : TYPE_UINT8)
                                                           : integer_kind(type_is_signed(type), bytes));
    } else if (type->kind == TYPE_DECIMAL || type_is_float(type)) {
        out->inner = type;
    } else if (bind->tag == OP_ABS) {
        out->inner = type_simple(integer_kind(false, bytes));
    } else {
        out->inner = type_simple(integer_kind(true, type_is_signed(type) ? bytes : next_bytes(bytes)));
    }
done:
    return err;
}

#define BINARY(name, flags, tag)                                                                                       \
    {                                                                                                                  \
        name, false, 2, 2, flags, resolve_binary, tag                                                                  \
    }
static const struct function_definition definitions[] = {
    BINARY("plus", 0, OP_PLUS),
    BINARY("minus", 0, OP_MINUS),
    BINARY("multiply", 0, OP_MULTIPLY),
    BINARY("divide", 0, OP_DIVIDE),
    BINARY("intDiv", FUNCTION_CAN_FAIL, OP_INT_DIV),
    BINARY("intDivOrZero", FUNCTION_CAN_FAIL, OP_INT_DIV_OR_ZERO),
    {"modulo", false, 2, 2, FUNCTION_CAN_FAIL, resolve_binary, OP_MODULO},
    BINARY("moduloOrZero", 0, OP_MODULO_OR_ZERO),
    {"positiveModulo", true, 2, 2, FUNCTION_CAN_FAIL, resolve_binary, OP_POSITIVE_MODULO},
    BINARY("bitAnd", 0, OP_BIT_AND),
    BINARY("bitOr", 0, OP_BIT_OR),
    BINARY("bitXor", 0, OP_BIT_XOR),
    BINARY("bitShiftLeft", FUNCTION_CAN_FAIL, OP_SHIFT_LEFT),
    BINARY("bitShiftRight", FUNCTION_CAN_FAIL, OP_SHIFT_RIGHT),
    BINARY("bitTest", FUNCTION_CAN_FAIL, OP_BIT_TEST),
    BINARY("gcd", FUNCTION_CAN_FAIL, OP_GCD),
    BINARY("lcm", FUNCTION_CAN_FAIL, OP_LCM),
    {"negate", false, 1, 1, 0, resolve_unary, OP_NEGATE},
    {"abs", true, 1, 1, 0, resolve_unary, OP_ABS},
    {"bitNot", false, 1, 1, 0, resolve_unary, OP_BIT_NOT},
    {"bitCount", false, 1, 1, 0, resolve_unary, OP_BIT_COUNT},
    {"sign", true, 1, 1, 0, resolve_unary, OP_SIGN},
};
static const struct function_alias aliases[] = {
    {"mod", true, "modulo"},
    {"pmod", true, "positiveModulo"},
};
const struct function_group functions_arithmetic = GROUP_OF(definitions, aliases);
