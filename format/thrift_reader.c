/* thrift_reader.c: see thrift_reader.h. */
#include "format/thrift_reader.h"

#define LONG_LIST 15U /* items: their number follows */

static void fail(struct thrift_reader *thrift)
{
    thrift->failed = true;
    thrift->at = thrift->end;
}

static uint8_t take_byte(struct thrift_reader *thrift)
{
    if (thrift->at == thrift->end) {
        fail(thrift);
        return 0;
    }
    return (uint8_t)*thrift->at++;
}

static uint64_t take_varint(struct thrift_reader *thrift)
{
    uint64_t value = 0;
    for (uint32_t shift = 0; shift < 64; shift += 7) {
        uint8_t byte = take_byte(thrift);
        value |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80) {
            return value;
        }
    }
    fail(thrift);
    return 0;
}

static int64_t take_zigzag(struct thrift_reader *thrift)
{
    uint64_t value = take_varint(thrift);
    return (int64_t)(value >> 1 ^ (0 - (value & 1)));
}

void thrift_read_begin(struct thrift_reader *thrift, struct slice bytes)
{
    *thrift = (struct thrift_reader){.at = bytes.data, .end = slice_end(bytes), .depth = 1};
}

bool thrift_read_field(struct thrift_reader *thrift, struct thrift_field *field)
{
    uint8_t head = take_byte(thrift);
    *field = (struct thrift_field){.kind = (enum thrift_kind)(head & 15)};
    if (thrift->failed || thrift->depth == 0 || field->kind > THRIFT_STRUCT) {
        fail(thrift);
        return false;
    }
    if (field->kind == THRIFT_STOP) {
        thrift->depth--;
        return false;
    }
    int64_t number = head >> 4 == 0 ? take_zigzag(thrift) : thrift->last[thrift->depth - 1] + (head >> 4);
    if (thrift->failed || number < INT16_MIN || number > INT16_MAX) {
        fail(thrift);
        return false;
    }
    thrift->last[thrift->depth - 1] = field->number = (int16_t)number;
    return true;
}

bool thrift_read_bool(struct thrift_reader *thrift, enum thrift_kind kind)
{
    if (kind != THRIFT_TRUE && kind != THRIFT_FALSE) {
        fail(thrift);
    }
    return kind == THRIFT_TRUE;
}

int64_t thrift_read_int(struct thrift_reader *thrift, enum thrift_kind kind)
{
    if (kind == THRIFT_BYTE) {
        return (int8_t)take_byte(thrift);
    }
    if (kind != THRIFT_I16 && kind != THRIFT_I32 && kind != THRIFT_I64) {
        fail(thrift);
        return 0;
    }
    return take_zigzag(thrift);
}

struct slice thrift_read_binary(struct thrift_reader *thrift, enum thrift_kind kind)
{
    uint64_t length = kind == THRIFT_BINARY ? take_varint(thrift) : UINT64_MAX;
    if (thrift->failed || length > (uint64_t)(thrift->end - thrift->at)) {
        fail(thrift);
        return slice_of("", 0);
    }
    struct slice bytes = slice_of(thrift->at, (size_t)length);
    thrift->at += length;
    return bytes;
}

uint32_t thrift_read_list(struct thrift_reader *thrift, enum thrift_kind kind, enum thrift_kind *items)
{
    uint8_t head = kind == THRIFT_LIST || kind == THRIFT_SET ? take_byte(thrift) : LONG_LIST;
    *items = (enum thrift_kind)(head & 15);
    uint64_t count = head >> 4 == LONG_LIST ? take_varint(thrift) : head >> 4;
    bool fits = count <= (uint64_t)(thrift->end - thrift->at) && count <= UINT32_MAX;
    if (thrift->failed || !fits || *items == THRIFT_STOP || *items > THRIFT_STRUCT) {
        fail(thrift);
        return 0;
    }
    return (uint32_t)count;
}

bool thrift_read_struct(struct thrift_reader *thrift, enum thrift_kind kind)
{
    if (kind != THRIFT_STRUCT || thrift->depth == THRIFT_DEPTH_MAX || thrift->failed) {
        fail(thrift);
        return false;
    }
    thrift->last[thrift->depth++] = 0;
    return true;
}

static void skip(struct thrift_reader *thrift, enum thrift_kind kind, bool is_item, uint32_t depth)
{
    struct thrift_field field;
    enum thrift_kind items[2];
    uint64_t count;
    if (depth == THRIFT_DEPTH_MAX || thrift->failed) {
        fail(thrift);
        return;
    }
    switch (kind) {
    case THRIFT_TRUE:
    case THRIFT_FALSE:
        if (is_item) {
            (void)take_byte(thrift);
        }
        return;
    case THRIFT_BYTE:
        (void)take_byte(thrift);
        return;
    case THRIFT_I16:
    case THRIFT_I32:
    case THRIFT_I64:
        (void)take_varint(thrift);
        return;
    case THRIFT_DOUBLE:
        for (uint32_t k = 0; k < 8; k++) {
            (void)take_byte(thrift);
        }
        return;
    case THRIFT_BINARY:
        (void)thrift_read_binary(thrift, kind);
        return;
    case THRIFT_LIST:
    case THRIFT_SET:
        count = thrift_read_list(thrift, kind, &items[0]);
        for (uint64_t k = 0; k < count && !thrift->failed; k++) {
            skip(thrift, items[0], true, depth + 1);
        }
        return;
    case THRIFT_MAP:
        count = take_varint(thrift);
        if (count == 0) {
            return;
        }
        items[1] = (enum thrift_kind)take_byte(thrift);
        items[0] = (enum thrift_kind)((uint32_t)items[1] >> 4);
        items[1] = (enum thrift_kind)((uint32_t)items[1] & 15);
        for (uint64_t k = 0; k < count && !thrift->failed; k++) {
            skip(thrift, items[0], true, depth + 1);
            skip(thrift, items[1], true, depth + 1);
        }
        return;
    case THRIFT_STRUCT:
        if (thrift_read_struct(thrift, kind)) {
            while (thrift_read_field(thrift, &field)) {
                skip(thrift, field.kind, false, depth + 1);
            }
        }
        return;
    case THRIFT_STOP:
        break;
    }
    fail(thrift);
}

void thrift_read_skip(struct thrift_reader *thrift, enum thrift_kind kind)
{
    skip(thrift, kind, false, 0);
}
