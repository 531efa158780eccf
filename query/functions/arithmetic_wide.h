/*
 * arithmetic_wide.h: +, -, *, bits and division where an operand has 128 bits, query/functions/arithmetic_wide.c, or
 * 256, query/functions/arithmetic_256.c.
 */
#ifndef QUERY_FUNCTIONS_ARITHMETIC_WIDE_H
#define QUERY_FUNCTIONS_ARITHMETIC_WIDE_H

#include "base/int256.h"
#include "query/functions/functions.h"

enum wide_operation {
    WIDE_PLUS,
    WIDE_MINUS,
    WIDE_MULTIPLY,
    WIDE_AND,
    WIDE_OR,
    WIDE_XOR,
    WIDE_DIVIDE,
    WIDE_MODULO,
    WIDE_POSITIVE_MODULO,
    WIDE_GCD,
    WIDE_LCM,
};

/* Binds two integers, results wrap; the caller has set out->inner. or_zero: division by zero gives 0, else an error. */
void wide_bind(enum wide_operation operation, bool or_zero, struct function *out);

/* An operand with `kind`'s bits. Of a quotient of a signed and an unsigned number the bits of both are taken as signed,
 * of a divisor narrower than the dividend its value. */
const struct column *wide_operand(struct arena *arena, const struct column *const *arguments, uint32_t index,
                                  bool bits_signed, enum type_kind kind);
/* The same where an operand has 256 bits. */
struct err *evaluate_256(EVALUATE_ARGUMENTS);
#define WIDE_OR_ZERO 16 /* function->data: an operation, with or without */

enum unary_256 { UNARY_NEGATE, UNARY_ABS, UNARY_NOT, UNARY_SIGN, UNARY_BIT_COUNT };
/* Of the signed or unsigned number x, into result of the type that the function has. */
void unary_256(enum unary_256 operation, bool is_signed, struct int256 x, void *result);

#endif
