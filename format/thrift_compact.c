/*
 * thrift_compact.c: field headers, numbers and lists of Thrift's compact protocol.
 *
 * bytes    a field is a byte: how much its number is above the last one's, and its kind; where that is more than 15, or
 *          less, the number follows. Numbers are zigzag and 7 bits a byte, the lowest first.
 * source   https://github.com/apache/thrift/blob/master/doc/specs/thrift-compact-protocol.md
 */
#include "format/thrift_compact.h"

#include "base/err.h"
#include "format/binary.h"

static void put_zigzag(struct buffer *out, int64_t value)
{
    binary_put_length(out, ((uint64_t)value << 1) ^ (uint64_t)(value >> 63));
}

static void put_field(struct thrift_writer *thrift, int16_t field, enum thrift_kind kind)
{
    int16_t *last = &thrift->last[thrift->depth];
    if (field > *last && field - *last <= 15) {
        buffer_char(thrift->out, (char)((field - *last) << 4 | (int)kind));
    } else {
        buffer_char(thrift->out, (char)kind);
        put_zigzag(thrift->out, field);
    }
    *last = field;
}

static void open_struct(struct thrift_writer *thrift)
{
    ASSERT(thrift->depth + 1 < THRIFT_DEPTH_MAX);
    thrift->last[++thrift->depth] = 0;
}

void thrift_begin(struct thrift_writer *thrift, struct buffer *out)
{
    *thrift = (struct thrift_writer){.out = out};
    open_struct(thrift);
}

void thrift_end(struct thrift_writer *thrift)
{
    ASSERT(thrift->depth > 0);
    buffer_char(thrift->out, THRIFT_STOP);
    thrift->depth--;
}

void thrift_put_bool(struct thrift_writer *thrift, int16_t field, bool value)
{
    put_field(thrift, field, value ? THRIFT_TRUE : THRIFT_FALSE);
}

void thrift_put_byte(struct thrift_writer *thrift, int16_t field, int8_t value)
{
    put_field(thrift, field, THRIFT_BYTE);
    buffer_char(thrift->out, (char)value);
}

void thrift_put_i32(struct thrift_writer *thrift, int16_t field, int32_t value)
{
    put_field(thrift, field, THRIFT_I32);
    put_zigzag(thrift->out, value);
}

void thrift_put_i64(struct thrift_writer *thrift, int16_t field, int64_t value)
{
    put_field(thrift, field, THRIFT_I64);
    put_zigzag(thrift->out, value);
}

void thrift_put_binary(struct thrift_writer *thrift, int16_t field, struct slice value)
{
    put_field(thrift, field, THRIFT_BINARY);
    binary_put_text(thrift->out, value);
}

void thrift_put_struct(struct thrift_writer *thrift, int16_t field)
{
    put_field(thrift, field, THRIFT_STRUCT);
    open_struct(thrift);
}

void thrift_put_empty(struct thrift_writer *thrift, int16_t field)
{
    thrift_put_struct(thrift, field);
    thrift_end(thrift);
}

void thrift_put_list(struct thrift_writer *thrift, int16_t field, enum thrift_kind items, uint64_t count)
{
    put_field(thrift, field, THRIFT_LIST);
    if (count < 15) {
        buffer_char(thrift->out, (char)(count << 4 | (uint64_t)items));
    } else {
        buffer_char(thrift->out, (char)(0xf0 | (uint64_t)items));
        binary_put_length(thrift->out, count);
    }
}

void thrift_item_bool(struct thrift_writer *thrift, bool value)
{
    buffer_char(thrift->out, value ? THRIFT_TRUE : THRIFT_FALSE);
}

void thrift_item_int(struct thrift_writer *thrift, int64_t value)
{
    put_zigzag(thrift->out, value);
}

void thrift_item_binary(struct thrift_writer *thrift, struct slice value)
{
    binary_put_text(thrift->out, value);
}

void thrift_item_struct(struct thrift_writer *thrift)
{
    open_struct(thrift);
}
