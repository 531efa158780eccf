/*
 * compose.h: functions that are made of others: a resolve function calls other functions by name on values (arguments,
 * constants, results of calls before), and one of the values is the result.
 *
 * NULLs    definitions have FUNCTION_NULLS: the functions called deal with NULLs, each as it does
 * errors   of the functions called, which name themselves
 */
#ifndef QUERY_FUNCTIONS_COMPOSE_H
#define QUERY_FUNCTIONS_COMPOSE_H

#include "query/functions/functions.h"

#define COMPOSE_CALL_MAX 64U /* arguments of a call */

struct compose_step;

struct compose {
    const struct function_bind *bind;
    struct compose_step *steps;
    uint32_t count, capacity;
    struct err *err; /* the first error: later calls do nothing */
};

/* Values: 0 … argument_count - 1 are the arguments, others are what these return. */
struct compose compose_begin(const struct function_bind *bind);
/* Is an argument the NULL without a type? Then that is the result, and *err says how it went. */
bool compose_null(const struct function_bind *bind, struct function *out, struct err **err);
const struct type *compose_type(const struct compose *compose, uint32_t value);
uint32_t compose_text(struct compose *compose, const char *text);
uint32_t compose_number(struct compose *compose, uint8_t number);
uint32_t compose_call(struct compose *compose, const char *name, const uint32_t *values, uint32_t value_count);
uint32_t compose_call1(struct compose *compose, const char *name, uint32_t a);
uint32_t compose_call2(struct compose *compose, const char *name, uint32_t a, uint32_t b);
uint32_t compose_call3(struct compose *compose, const char *name, uint32_t a, uint32_t b, uint32_t c);
/* Element k, from 0, of a tuple. */
uint32_t compose_element(struct compose *compose, uint32_t tuple, uint32_t k);
/* A formula such as "divide($0, nullIf($1, 0))": $n are the arguments; numbers are UInt8, texts stand in quotes, and
 * @f(a, b) is f for every element of the array a, @@f(a, b) for those of b. */
uint32_t compose_formula(struct compose *compose, const char *formula);
/* The function is the value. */
struct err *compose_end(struct compose *compose, uint32_t value, struct function *out);

#endif
