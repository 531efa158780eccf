/*
 * arithmetic_wide.c: arithmetic of integers of 128 bits.
 *
 * how      both operands become 128 bits with their sign; what is left of the result is cut to its type
 * thread   any, no shared state
 */
#include "query/functions/arithmetic_wide.h"

static bool divide(enum wide_operation operation, unsigned __int128 x, bool x_negative, unsigned __int128 y,
                   bool y_negative, unsigned __int128 *out)
{
    unsigned __int128 x_size = x_negative ? 0 - x : x;
    unsigned __int128 y_size = y_negative ? 0 - y : y;
    *out = 0;
    if (y == 0) {
        return false;
    }
    if (operation == WIDE_DIVIDE) {
        unsigned __int128 quotient = x_size / y_size;
        *out = x_negative != y_negative ? 0 - quotient : quotient;
    } else {
        unsigned __int128 rest = x_size % y_size;
        *out = !x_negative ? rest : operation == WIDE_POSITIVE_MODULO && rest != 0 ? y_size - rest : 0 - rest;
    }
    return true;
}

const struct column *wide_operand(struct arena *arena, const struct column *const *arguments, uint32_t index,
                                  bool bits_signed, enum type_kind kind)
{
    static const enum type_kind kinds[] = {
        [1] = TYPE_INT8, [2] = TYPE_INT16, [4] = TYPE_INT32, [8] = TYPE_INT64, [16] = TYPE_INT128, [32] = TYPE_INT256};
    const struct column *column = arguments[index];
    uint32_t width = column->type->width;
    if (bits_signed && (index == 0 || width >= arguments[0]->type->width)) {
        column = column_numbers(arena, column, kinds[width]);
    }
    return column == NULL ? NULL : column_numbers(arena, column, kind);
}

static struct err *evaluate_wide(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    enum wide_operation operation = (enum wide_operation)((intptr_t)function->data & (WIDE_OR_ZERO - 1));
    bool or_zero = ((intptr_t)function->data & WIDE_OR_ZERO) != 0;
    bool left_signed = type_is_signed(function->argument_types[0]);
    bool right_signed = type_is_signed(function->argument_types[1]);
    bool bits_signed = operation == WIDE_DIVIDE && left_signed != right_signed;
    left_signed |= bits_signed;
    right_signed |= bits_signed;
    const struct column *left =
        wide_operand(arena, arguments, 0, bits_signed, left_signed ? TYPE_INT128 : TYPE_UINT128);
    const struct column *right =
        wide_operand(arena, arguments, 1, bits_signed, right_signed ? TYPE_INT128 : TYPE_UINT128);
    __int128 least = (__int128)-1 * ((__int128)1 << (function->argument_types[0]->width * 8 - 2)) * 2;
    struct column *wide;
    if (left == NULL || right == NULL) {
        return arena_error(arena);
    }
    OR_DONE(result_new(arena, type_simple(TYPE_UINT128), row_count, &wide));
    unsigned __int128 *result = wide->values;
    for (uint32_t i = 0; i < row_count; i++) {
        unsigned __int128 x = VALUE_AT(left, unsigned __int128, i);
        unsigned __int128 y = VALUE_AT(right, unsigned __int128, i);
        switch (operation) {
        case WIDE_PLUS:
            result[i] = x + y;
            break;
        case WIDE_MINUS:
            result[i] = x - y;
            break;
        case WIDE_MULTIPLY:
            result[i] = x * y;
            break;
        case WIDE_AND:
            result[i] = x & y;
            break;
        case WIDE_OR:
            result[i] = x | y;
            break;
        case WIDE_XOR:
            result[i] = x ^ y;
            break;
        default:
            if (left_signed && right_signed && (__int128)y == -1 && (__int128)x == least) {
                if (or_zero) {
                    result[i] = 0;
                    continue;
                }
                return err_new(ERR_DIVISION_BY_ZERO, "Division of minimal signed number by minus one");
            }
            if (!divide(operation, x, left_signed && (__int128)x < 0, y, right_signed && (__int128)y < 0, &result[i]) &&
                !or_zero) {
                return err_new(ERR_DIVISION_BY_ZERO, "Division by zero");
            }
        }
    }
    const struct column *narrow = column_numbers(arena, wide, type_physical(function->inner));
    *out = narrow == NULL ? NULL : column_retyped(arena, narrow, function->inner);
    return *out == NULL ? arena_error(arena) : NULL;
done:
    return err;
}

void wide_bind(enum wide_operation operation, bool or_zero, struct function *out)
{
    bool huge = type_is_256(out->argument_types[0]) || type_is_256(out->argument_types[1]) || operation >= WIDE_GCD;
    out->evaluate = huge ? evaluate_256 : evaluate_wide;
    out->data = (const void *)(intptr_t)((int)operation | (or_zero ? WIDE_OR_ZERO : 0));
}
