/*
 * aggregate_value_bytes.c: the bytes of states that hold one value, as columns of states and other servers have them.
 *
 * flow     aggregate_value.c names these in what it resolves; query/state_bytes.h carries the bytes
 * errors   bytes that no state has are refused: they may come from a client
 */
#include "query/aggregate_value.h"

static bool is_plain_string(const struct type *type)
{
    return type->kind == TYPE_STRING && type->children == NULL;
}

/* Whether there is a value, and the value. Of strings: the length with a closing zero in 4 bytes, or -1. */
static void put_held(struct state_writer *writer, const struct type *type, const struct value_state *state)
{
    bool held = state->rows != 0;
    if (is_plain_string(type)) {
        int32_t size = held ? (int32_t)state->value.text.length + 1 : -1;
        state_put(writer, &size, sizeof(size));
        if (held) {
            state_put(writer, state->value.text.data, state->value.text.length);
            state_put_byte(writer, 0);
        }
        return;
    }
    state_put_byte(writer, held);
    if (held) {
        state_put_value(writer, type, held_value(state, type));
    }
}

/* Texts point into the bytes: room is 0. */
static struct err *take_held(struct state_reader *reader, const struct type *type, struct value_state *out)
{
    struct err *err = NULL;
    const void *cell;
    uint8_t held;
    memset(out, 0, sizeof(*out));
    if (is_plain_string(type)) {
        int32_t size;
        OR_DONE(state_take(reader, &size, sizeof(size)));
        if (size == -1) {
            return NULL;
        }
        if (size < 1 || (size_t)size > state_left(reader) || reader->at[size - 1] != 0) {
            return state_bad("a string has no end");
        }
        out->value.text = slice_of(reader->at, (size_t)size - 1);
        out->rows = 1;
        reader->at += size;
        return NULL;
    }
    OR_DONE(state_take_byte(reader, 1, &held));
    if (held == 0) {
        return NULL;
    }
    out->rows = 1;
    OR_DONE(state_take_value(reader, type, &out->value.text, &cell));
    if (type->kind != TYPE_STRING && held_is_text(type)) {
        out->value.text = slice_of(cell, type->width);
    } else if (type->kind != TYPE_STRING) {
        memcpy(out->value.bytes, cell, type->width);
    }
done:
    return err;
}

/* A text that still points into the bytes is copied. */
static struct err *own(struct value_state *state, const struct type *type, struct arena *arena)
{
    struct slice text = state->value.text;
    uint64_t rows = state->rows;
    if (!held_is_text(type) || rows == 0 || state->room > 0 || text.length == 0) {
        return NULL;
    }
    const void *cell = type->kind == TYPE_STRING ? (const void *)&text : text.data;
    struct err *err = held_set(state, type, arena, cell);
    state->rows = rows;
    return err;
}

struct err *value_write(WRITE_ARGUMENTS)
{
    const struct type *type = aggregate->argument_types[0];
    const struct value_state *held = state;
    uint64_t votes = held->rows == 0 ? 0 : held->rows - 1;
    switch ((enum value_tag)(intptr_t)aggregate->data) {
    case VALUE_ANY_NULLS:
    case VALUE_LAST_NULLS:
        state_put_byte(writer, (uint8_t)held->rows);
        if (held->rows == 1) {
            state_put_value(writer, type, held_value(held, type));
        }
        break;
    case VALUE_HEAVY:
        put_held(writer, type, held);
        state_put(writer, &votes, sizeof(votes));
        break;
    case VALUE_SINGLE:
        put_held(writer, type, held);
        state_put_byte(writer, held->rows > 1);
        break;
    default:
        put_held(writer, type, held);
    }
    return state_writer_error(writer);
}

struct err *value_read(READ_ARGUMENTS)
{
    struct err *err = NULL;
    (void)scratch;
    const struct type *type = aggregate->argument_types[0];
    struct value_state read = {.rows = 0};
    uint64_t votes;
    uint8_t flag = 1;
    const void *cell;
    switch ((enum value_tag)(intptr_t)aggregate->data) {
    case VALUE_ANY_NULLS:
    case VALUE_LAST_NULLS:
        OR_DONE(state_take_byte(reader, type->nullable ? 2 : 1, &flag));
        read.rows = flag;
        if (flag == 1) {
            OR_DONE(state_take_value(reader, type, &read.value.text, &cell));
            if (type->kind != TYPE_STRING && held_is_text(type)) {
                read.value.text = slice_of(cell, type->width);
            } else if (type->kind != TYPE_STRING) {
                memcpy(read.value.bytes, cell, type->width);
            }
        }
        break;
    case VALUE_HEAVY:
        OR_DONE(take_held(reader, type, &read));
        OR_DONE(state_take(reader, &votes, sizeof(votes)));
        if (votes > UINT64_MAX / 4) {
            return state_bad("too many votes");
        }
        read.rows = read.rows == 0 ? 0 : votes + 1;
        break;
    case VALUE_SINGLE:
        OR_DONE(take_held(reader, type, &read));
        OR_DONE(state_take_byte(reader, 1, &flag));
        read.rows += read.rows == 0 ? 0 : flag;
        break;
    default:
        OR_DONE(take_held(reader, type, &read));
    }
    OR_DONE(aggregate->merge(aggregate, arena, into, &read));
    OR_DONE(own(into, type, arena));
done:
    return err;
}

struct err *pair_write(WRITE_ARGUMENTS)
{
    const struct pair_state *pair = state;
    put_held(writer, aggregate->argument_types[0], &pair->argument);
    put_held(writer, aggregate->argument_types[1], &pair->key);
    return state_writer_error(writer);
}

struct err *pair_read(READ_ARGUMENTS)
{
    struct err *err = NULL;
    (void)scratch;
    struct pair_state read;
    struct pair_state *pair = into;
    OR_DONE(take_held(reader, aggregate->argument_types[0], &read.argument));
    OR_DONE(take_held(reader, aggregate->argument_types[1], &read.key));
    if (read.argument.rows != read.key.rows) {
        return state_bad("a value stands alone");
    }
    OR_DONE(pair_merge(aggregate, arena, pair, &read));
    OR_DONE(own(&pair->argument, aggregate->argument_types[0], arena));
    OR_DONE(own(&pair->key, aggregate->argument_types[1], arena));
done:
    return err;
}
