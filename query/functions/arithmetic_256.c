/*
 * arithmetic_256.c: Int256 and UInt256: to and from other numbers, and arithmetic.
 *
 * how      both operands become 256 bits with their sign; what is left of the result is cut to its type
 * thread   any, no shared state
 */
#include "query/functions/arithmetic_wide.h"

#define WIDEN_CASE(k, ctype, utype)                                                                                    \
    case k:                                                                                                            \
        for (uint32_t i = 0; i < count; i++) {                                                                         \
            result[i] = int256_of((__int128)((const ctype *)values)[i]);                                               \
        }                                                                                                              \
        return;

static void widen(enum type_kind from, const void *values, uint32_t count, struct int256 *result)
{
    switch ((int)from) {
        INTEGER_KINDS(WIDEN_CASE)
        WIDEN_CASE(TYPE_INT128, __int128, unsigned __int128)
    case TYPE_UINT128:
        for (uint32_t i = 0; i < count; i++) {
            result[i] = int256_of_unsigned(((const unsigned __int128 *)values)[i]);
        }
        return;
    case TYPE_FLOAT32:
        for (uint32_t i = 0; i < count; i++) {
            result[i] = int256_from_double((double)((const float *)values)[i]);
        }
        return;
    case TYPE_FLOAT64:
        for (uint32_t i = 0; i < count; i++) {
            result[i] = int256_from_double(((const double *)values)[i]);
        }
        return;
    default: /* INT256, UINT256: the same bits */
        memcpy(result, values, count * sizeof(*result));
    }
}

#define NARROW_CASE(k, ctype, utype)                                                                                   \
    case k:                                                                                                            \
        for (uint32_t i = 0; i < count; i++) {                                                                         \
            ((utype *)result)[i] = (utype)int256_low(values[i]);                                                       \
        }                                                                                                              \
        return;

static void narrow(const struct int256 *values, bool is_signed, uint32_t count, enum type_kind to, void *result)
{
    switch ((int)to) {
        INTEGER_KINDS(NARROW_CASE)
        WIDE_KINDS(NARROW_CASE)
    case TYPE_FLOAT32:
        for (uint32_t i = 0; i < count; i++) {
            ((float *)result)[i] = (float)int256_to_double(values[i], is_signed);
        }
        return;
    default:
        for (uint32_t i = 0; i < count; i++) {
            ((double *)result)[i] = int256_to_double(values[i], is_signed);
        }
    }
}

const struct column *column_numbers_256(struct arena *arena, const struct column *column, enum type_kind kind)
{
    enum type_kind from = type_physical(column->type);
    uint32_t count = column->form == COLUMN_CONST ? 1 : column->row_count;
    struct column *made = from == TYPE_NOTHING ? NULL : column_new(arena, type_simple(kind), count);
    if (made == NULL) {
        return NULL;
    }
    if (kind == TYPE_INT256 || kind == TYPE_UINT256) {
        widen(from, column->values, count, made->values);
    } else {
        narrow(column->values, from == TYPE_INT256, count, kind, made->values);
    }
    made->form = column->form;
    made->row_count = column->row_count;
    made->nulls = column->nulls;
    return made;
}

/* Division by magnitudes; y is not 0. */
static struct int256 divide(enum wide_operation operation, struct int256 x, bool x_negative, struct int256 y,
                            bool y_negative)
{
    struct int256 rest;
    struct int256 y_size = y_negative ? int256_negate(y) : y;
    struct int256 quotient = int256_divide(x_negative ? int256_negate(x) : x, y_size, &rest);
    if (operation == WIDE_DIVIDE) {
        return x_negative != y_negative ? int256_negate(quotient) : quotient;
    }
    if (x_negative && operation == WIDE_POSITIVE_MODULO && !int256_is_zero(rest)) {
        return int256_subtract(y_size, rest);
    }
    return x_negative ? int256_negate(rest) : rest;
}

/* The greatest common divisor and the least common multiple, of magnitudes, none of them zero. */
static struct int256 gcd(struct int256 x, struct int256 y)
{
    struct int256 rest;
    while (!int256_is_zero(y)) {
        (void)int256_divide(x, y, &rest);
        x = y;
        y = rest;
    }
    return x;
}

static struct int256 common(enum wide_operation operation, struct int256 x, struct int256 y)
{
    struct int256 divisor = gcd(x, y), rest;
    if (operation == WIDE_GCD) {
        return divisor;
    }
    return int256_multiply(int256_divide(x, divisor, &rest), y);
}

/* The least of its type, by −1: the quotient does not fit. */
static bool quotient_overflows(const struct type *type, struct int256 x, struct int256 y)
{
    struct int256 least = int256_shift_left(int256_of(-1), type->width * 8 - 1);
    return int256_compare(y, int256_of(-1), false) == 0 && int256_compare(x, least, false) == 0;
}

struct err *evaluate_256(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    enum wide_operation operation = (enum wide_operation)((intptr_t)function->data & (WIDE_OR_ZERO - 1));
    bool or_zero = ((intptr_t)function->data & WIDE_OR_ZERO) != 0;
    bool left_signed = type_is_signed(function->argument_types[0]);
    bool right_signed = type_is_signed(function->argument_types[1]);
    bool bits_signed = operation == WIDE_DIVIDE && left_signed != right_signed;
    left_signed |= bits_signed;
    right_signed |= bits_signed;
    const struct column *left = wide_operand(arena, arguments, 0, bits_signed, TYPE_INT256);
    const struct column *right = wide_operand(arena, arguments, 1, bits_signed, TYPE_INT256);
    struct column *made;
    if (left == NULL || right == NULL) {
        return arena_error(arena);
    }
    OR_DONE(result_new(arena, type_simple(TYPE_UINT256), row_count, &made));
    struct int256 *result = made->values;
    for (uint32_t i = 0; i < row_count; i++) {
        struct int256 x = VALUE_AT(left, struct int256, i);
        struct int256 y = VALUE_AT(right, struct int256, i);
        switch (operation) {
        case WIDE_PLUS:
            result[i] = int256_add(x, y);
            break;
        case WIDE_MINUS:
            result[i] = int256_subtract(x, y);
            break;
        case WIDE_MULTIPLY:
            result[i] = int256_multiply(x, y);
            break;
        case WIDE_AND:
            result[i] = int256_and(x, y);
            break;
        case WIDE_OR:
            result[i] = int256_or(x, y);
            break;
        case WIDE_XOR:
            result[i] = int256_xor(x, y);
            break;
        case WIDE_GCD:
        case WIDE_LCM:
            if (int256_is_zero(x) || int256_is_zero(y)) {
                return err_new(ERR_DIVISION_BY_ZERO, "Division by zero");
            }
            if (left_signed && right_signed &&
                (quotient_overflows(function->argument_types[0], x, y) ||
                 quotient_overflows(function->argument_types[1], y, x))) {
                return err_new(ERR_DIVISION_BY_ZERO, "Division of minimal signed number by minus one");
            }
            result[i] =
                common(operation, left_signed ? int256_magnitude(x) : x, right_signed ? int256_magnitude(y) : y);
            break;
        default:
            if (left_signed && right_signed && quotient_overflows(function->argument_types[0], x, y)) {
                if (or_zero) {
                    result[i] = int256_of(0);
                    continue;
                }
                return err_new(ERR_DIVISION_BY_ZERO, "Division of minimal signed number by minus one");
            }
            if (int256_is_zero(y) && !or_zero) {
                return err_new(ERR_DIVISION_BY_ZERO, "Division by zero");
            }
            result[i] = int256_is_zero(y) ? y
                                          : divide(operation, x, left_signed && int256_is_negative(x), y,
                                                   right_signed && int256_is_negative(y));
        }
    }
    const struct column *cut = column_numbers(arena, made, type_physical(function->inner));
    *out = cut == NULL ? NULL : column_retyped(arena, cut, function->inner);
    return *out == NULL ? arena_error(arena) : NULL;
done:
    return err;
}

void unary_256(enum unary_256 operation, bool is_signed, struct int256 x, void *result)
{
    switch (operation) {
    case UNARY_NEGATE:
        *(struct int256 *)result = int256_negate(x);
        break;
    case UNARY_ABS:
        *(struct int256 *)result = is_signed ? int256_magnitude(x) : x;
        break;
    case UNARY_NOT:
        *(struct int256 *)result = int256_not(x);
        break;
    case UNARY_SIGN:
        *(int8_t *)result = (int8_t)(is_signed && int256_is_negative(x) ? -1 : !int256_is_zero(x));
        break;
    case UNARY_BIT_COUNT:
        *(uint16_t *)result = (uint16_t)int256_bit_count(x);
        break;
    }
}
