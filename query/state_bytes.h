/*
 * state_bytes.h: states of aggregate functions as bytes: what every function's write_state and read_state are made
 * of.
 *
 * bytes    little-endian; counts and lengths as LEB128 (VarUInt), strings behind their length, other values as they
 *          lie in columns (docs/FORMAT.md, "States")
 * writer   grows in an arena, under its budget. Appending never fails half: when memory is out `failed` is set, and
 *          one check at the end is enough (state_writer_error).
 * reader   over bytes from outside: every read is checked against the end, every count against the bytes that are
 *          left
 * errors   ERR_CANNOT_READ_DATA, ERR_READ_AFTER_EOF (of counts), as ClickHouse: the bytes end too early;
 *          ERR_INCORRECT_DATA: they cannot be a state
 * thread   one at a time
 */
#ifndef QUERY_STATE_BYTES_H
#define QUERY_STATE_BYTES_H

#include "base/arena.h"
#include "storage/type.h"

struct state_writer {
    struct arena *arena;
    char *data;
    size_t length;
    size_t capacity;
    bool failed;
    bool wire; /* as ClickHouse has them (state_wire.c), where the own form differs */
};

void state_put(struct state_writer *writer, const void *bytes, size_t count);
void state_put_byte(struct state_writer *writer, uint8_t byte);
void state_put_count(struct state_writer *writer, uint64_t count);
void state_put_text(struct state_writer *writer, struct slice text);
/* A value of a scalar type, or of a String that holds a nested value's bytes (state_nested_type). */
void state_put_value(struct state_writer *writer, const struct type *type, const void *cell);
struct err *state_writer_error(const struct state_writer *writer); /* NULL unless it failed */

struct state_reader {
    const char *at;
    const char *end;
    bool wire;
};

static inline size_t state_left(const struct state_reader *reader)
{
    return (size_t)(reader->end - reader->at);
}

struct err *state_need(const struct state_reader *reader, uint64_t count); /* so many bytes are left */
struct err *state_take(struct state_reader *reader, void *to, size_t count);
struct err *state_take_byte(struct state_reader *reader, uint8_t max, uint8_t *out);
struct err *state_take_count(struct state_reader *reader, uint64_t *out);
/* How many elements follow, each of which takes element_bytes (1 at least): at most max, and no more than bytes are
 * left. */
struct err *state_take_elements(struct state_reader *reader, size_t element_bytes, uint64_t max, uint64_t *out);
struct err *state_take_text(struct state_reader *reader, struct slice *out); /* points into the bytes */
/* A value as state_put_value writes it. *cell points to it: a string to *text, which points into the bytes; others into
 * the bytes themselves, at any alignment. */
struct err *state_take_value(struct state_reader *reader, const struct type *type, struct slice *text,
                             const void **cell);
/* The least number of bytes that a value takes. */
size_t state_value_bytes(const struct type *type);
/* The bytes of a nested value (nested_key.h), checked against its type. */
struct err *state_take_nested(struct state_reader *reader, const struct type *type, struct slice *out);
/* Is this a value of its type? Bool, enums and Date32 have bit patterns that are none. */
struct err *state_check_value(const struct type *type, const void *cell);
struct err *state_bad(const char *what) __attribute__((returns_nonnull)); /* "the state … : what" ERR_INCORRECT_DATA */

/* The String type of values that are the bytes of `nested` values (nested_key.h), so that they are checked when they
 * are read: it has a child, but child_count stays 0. */
const struct type *state_nested_type(struct arena *arena, const struct type *nested);

#endif
