/*
 * state_bytes.c: writes and reads states of aggregate functions.
 *
 * flow     aggregate->write_state, read_state → here
 * thread   one writer or reader at a time
 */
#include "query/state_bytes.h"

#include "base/civil.h"
#include "base/interrupt.h"
#include "query/nested_key.h"

#define LOOK_BYTES 65536U /* between two looks whether the query goes on */

/* --- writing ----------------------------------------------------------------------------------------------------- */

void state_put(struct state_writer *writer, const void *bytes, size_t count)
{
    if (writer->length / LOOK_BYTES != (writer->length + count) / LOOK_BYTES) {
        writer->failed |= interrupted(); /* which the error says */
    }
    if (writer->capacity - writer->length < count && !writer->failed) {
        size_t capacity = (writer->length + count) * 2 + 64;
        char *data = arena_alloc_aligned(writer->arena, capacity, 1);
        writer->failed = data == NULL;
        if (data != NULL) {
            struct err *err = interrupt_copy(data, writer->data, writer->length);
            writer->failed |= err != NULL;
            err_free(err);
            arena_release(writer->arena, writer->data, writer->capacity);
            writer->data = data;
            writer->capacity = capacity;
        }
    }
    if (!writer->failed && count > 0) {
        memcpy(writer->data + writer->length, bytes, count);
        writer->length += count;
    }
}

void state_put_byte(struct state_writer *writer, uint8_t byte)
{
    state_put(writer, &byte, 1);
}

void state_put_count(struct state_writer *writer, uint64_t count)
{
    unsigned char bytes[10];
    size_t length = 0;
    for (; count > 0x7f; count >>= 7) {
        bytes[length++] = (unsigned char)(count | 0x80);
    }
    bytes[length++] = (unsigned char)count;
    state_put(writer, bytes, length);
}

void state_put_text(struct state_writer *writer, struct slice text)
{
    state_put_count(writer, text.length);
    state_put(writer, text.data, text.length);
}

void state_put_value(struct state_writer *writer, const struct type *type, const void *cell)
{
    if (type->kind == TYPE_STRING) {
        state_put_text(writer, *(const struct slice *)cell);
    } else {
        state_put(writer, cell, type->width);
    }
}

struct err *state_writer_error(const struct state_writer *writer)
{
    return writer->failed ? arena_error(writer->arena) : NULL;
}

/* --- reading ----------------------------------------------------------------------------------------------------- */

struct err *state_bad(const char *what)
{
    return err_new(ERR_INCORRECT_DATA, "these bytes are no state of an aggregate function: %s", what);
}

static struct err *too_short(const struct state_reader *reader, uint64_t wanted)
{
    return err_new(ERR_READ_AFTER_EOF,
                   "the bytes of an aggregate function's state end too early: %llu wanted, %zu left",
                   (unsigned long long)wanted, state_left(reader));
}

static struct err *incomplete(const struct state_reader *reader, uint64_t wanted)
{
    return err_new(ERR_CANNOT_READ_DATA, "Cannot read all data of an aggregate function's state: %llu wanted, %zu left",
                   (unsigned long long)wanted, state_left(reader));
}

struct err *state_need(const struct state_reader *reader, uint64_t count)
{
    return state_left(reader) < count ? incomplete(reader, count) : NULL;
}

struct err *state_take(struct state_reader *reader, void *to, size_t count)
{
    if ((uintptr_t)reader->at / LOOK_BYTES != ((uintptr_t)reader->at + count) / LOOK_BYTES) {
        struct err *err = interrupt_check();
        if (err != NULL) {
            return err;
        }
    }
    if (state_left(reader) < count) {
        return incomplete(reader, count);
    }
    if (count > 0) {
        memcpy(to, reader->at, count);
        reader->at += count;
    }
    return NULL;
}

struct err *state_take_byte(struct state_reader *reader, uint8_t max, uint8_t *out)
{
    struct err *err = state_take(reader, out, 1);
    return err == NULL && *out > max ? state_bad("a flag is out of range") : err;
}

struct err *state_take_count(struct state_reader *reader, uint64_t *out)
{
    uint64_t value = 0;
    for (unsigned shift = 0; shift < 64; shift += 7) {
        if (reader->at == reader->end) {
            return too_short(reader, 1);
        }
        unsigned char byte = (unsigned char)*reader->at++;
        if (shift == 63 && byte > 1) {
            break;
        }
        value |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80) {
            *out = value;
            return NULL;
        }
    }
    return state_bad("a count is longer than 64 bits");
}

struct err *state_take_elements(struct state_reader *reader, size_t element_bytes, uint64_t max, uint64_t *out)
{
    struct err *err = state_take_count(reader, out);
    if (err == NULL && *out > state_left(reader) / (element_bytes == 0 ? 1 : element_bytes)) {
        err = incomplete(reader, *out);
    }
    return err == NULL && *out > max ? state_bad("it has more elements than the function keeps") : err;
}

struct err *state_take_text(struct state_reader *reader, struct slice *out)
{
    uint64_t length;
    struct err *err = state_take_elements(reader, 1, UINT32_MAX, &length);
    if (err == NULL) {
        *out = slice_of(reader->at, length);
        reader->at += length;
    }
    return err;
}

struct err *state_check_value(const struct type *type, const void *cell)
{
    struct slice name;
    int32_t day;
    bool valid = true;
    switch (type->kind) {
    case TYPE_BOOL:
        valid = *(const uint8_t *)cell <= 1;
        break;
    case TYPE_ENUM8:
        valid = type_enum_name(type, *(const int8_t *)cell, &name);
        break;
    case TYPE_ENUM16: {
        int16_t number;
        memcpy(&number, cell, sizeof(number));
        valid = type_enum_name(type, number, &name);
        break;
    }
    case TYPE_DATE32:
        memcpy(&day, cell, sizeof(day));
        valid = day >= DATE32_MIN && day <= DATE32_MAX;
        break;
    default:
        break;
    }
    return valid ? NULL : state_bad("a value is none of its type");
}

size_t state_value_bytes(const struct type *type)
{
    return type->kind == TYPE_STRING || type->width == 0 ? 1 : type->width;
}

struct err *state_take_value(struct state_reader *reader, const struct type *type, struct slice *text,
                             const void **cell)
{
    struct err *err = NULL;
    if (type->kind == TYPE_STRING) {
        *cell = text;
        return type->children != NULL ? state_take_nested(reader, type->children[0], text)
                                      : state_take_text(reader, text);
    }
    if (state_left(reader) < type->width) {
        return incomplete(reader, type->width);
    }
    OR_DONE(state_check_value(type, reader->at));
    *cell = reader->at;
    reader->at += type->width;
done:
    return err;
}

/* --- nested values ----------------------------------------------------------------------------------------------- */

static struct err *check_nested(struct state_reader *bytes, const struct type *type)
{
    struct err *err = NULL;
    uint32_t length;
    if (type->nullable) {
        uint8_t null;
        OR_DONE(state_take_byte(bytes, 1, &null));
        if (null != 0) {
            return NULL;
        }
    }
    if (type->width > 0 && type->kind != TYPE_STRING) {
        if (state_left(bytes) < type->width) {
            return too_short(bytes, type->width);
        }
        OR_DONE(state_check_value(type, bytes->at));
        bytes->at += type->width;
        return NULL;
    }
    if (type->kind == TYPE_TUPLE) {
        for (uint32_t k = 0; k < type->child_count; k++) {
            OR_DONE(check_nested(bytes, type->children[k]));
        }
        return NULL;
    }
    OR_DONE(state_take(bytes, &length, sizeof(length)));
    if (length > state_left(bytes)) { /* an element takes a byte at least */
        return too_short(bytes, length);
    }
    if (type->kind == TYPE_STRING) {
        bytes->at += length;
        return NULL;
    }
    for (uint32_t i = 0; i < length; i++) {
        OR_DONE(check_nested(bytes, type->children[0]));
    }
done:
    return err;
}

struct err *state_take_nested(struct state_reader *reader, const struct type *type, struct slice *out)
{
    struct err *err = NULL;
    OR_DONE(state_take_text(reader, out));
    struct state_reader bytes = {.at = out->data, .end = out->data + out->length};
    OR_DONE(check_nested(&bytes, type));
    if (bytes.at != bytes.end) {
        err = state_bad("bytes are left behind a nested value");
    }
done:
    return err;
}

const struct type *state_nested_type(struct arena *arena, const struct type *nested)
{
    struct type *made = ARENA_NEW(arena, struct type);
    const struct type **children = ARENA_ARRAY(arena, const struct type *, 1);
    if (made == NULL || children == NULL) {
        return NULL;
    }
    *made = *type_simple(TYPE_STRING);
    children[0] = nested;
    made->children = children;
    return made;
}
