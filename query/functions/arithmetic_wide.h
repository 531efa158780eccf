/*
 * arithmetic_wide.h: +, -, *, bits and division where an operand is Int128 or UInt128;
 * query/functions/arithmetic_wide.c.
 */
#ifndef QUERY_FUNCTIONS_ARITHMETIC_WIDE_H
#define QUERY_FUNCTIONS_ARITHMETIC_WIDE_H

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
};

/* Binds two integers, results wrap; the caller has set out->inner. or_zero: division by zero gives 0, else an error. */
void wide_bind(enum wide_operation operation, bool or_zero, struct function *out);

#endif
