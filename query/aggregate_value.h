/*
 * aggregate_value.h: states that hold one value, and another beside it: what aggregate_value.c computes with and
 * aggregate_value_bytes.c writes and reads.
 */
#ifndef QUERY_AGGREGATE_VALUE_H
#define QUERY_AGGREGATE_VALUE_H

#include "query/aggregates.h"

struct held {
    union {
        unsigned char bytes[16];
        uint64_t word;
        double real;
        struct slice text;
        __int128 wide;
    };
};

struct value_state {
    struct held value;
    uint64_t rows; /* 0: nothing yet; anyHeavy: votes + 1; singleValueOrNull: 2: several; …respect_nulls: 2: NULL */
    uint64_t room; /* bytes at value.text.data that are ours */
};

struct pair_state {
    struct value_state key; /* what is compared */
    struct value_state argument;
};

enum value_tag {
    VALUE_MIN,
    VALUE_MAX,
    VALUE_ANY,
    VALUE_LAST,
    VALUE_ARG_MIN,
    VALUE_ARG_MAX,
    VALUE_HEAVY,
    VALUE_SINGLE,
    VALUE_ANY_NULLS,
    VALUE_LAST_NULLS
};

/* Held as bytes of its own: strings, and what is wider than the state's room. */
static inline bool held_is_text(const struct type *type)
{
    return type->kind == TYPE_STRING || type->width > 16;
}

static inline const void *held_value(const struct value_state *state, const struct type *type)
{
    return type->kind != TYPE_STRING && held_is_text(type) ? (const void *)state->value.text.data
                                                           : (const void *)state->value.bytes;
}

/* The state holds a copy of the value from now on. */
struct err *held_set(struct value_state *state, const struct type *type, struct arena *arena, const void *value);
struct err *pair_merge(MERGE_ARGUMENTS);
struct err *value_write(WRITE_ARGUMENTS);
struct err *value_read(READ_ARGUMENTS);
struct err *pair_write(WRITE_ARGUMENTS);
struct err *pair_read(READ_ARGUMENTS);

#endif
