/*
 * ledger_bytes.c: the buffer that records are written to, and the checked reader that they are read with.
 *
 * flow     storage/ledger_record.c → here
 * owns     record_out: its buffer
 * format   docs/FORMAT.md, "Ledger records"
 */
#include "base/pages.h"
#include "storage/ledger_record.h"

#include <stdlib.h>
#include <string.h>

static void buffer_free(uint8_t *data, size_t capacity)
{
    if (capacity >= PAGES_BYTES_MIN) {
        pages_free(data, capacity);
    } else {
        free(data);
    }
}

static bool buffer_grow(struct record_out *out, size_t more)
{
    size_t wanted = out->capacity == 0 ? 512 : out->capacity * 2;

    if (out->failed || more > (size_t)1 << 40) {
        out->failed = true;
        return false;
    }
    if (wanted < out->length + more) {
        wanted = out->length + more;
    }
    size_t capacity = wanted;
    uint8_t *data = wanted >= PAGES_BYTES_MIN ? pages_alloc(wanted, &capacity) : malloc(wanted);
    if (data == NULL) {
        out->failed = true;
        return false;
    }
    if (out->length > 0) {
        memcpy(data, out->data, out->length);
    }
    buffer_free(out->data, out->capacity);
    out->data = data;
    out->capacity = capacity;
    return true;
}

void record_out_deinit(struct record_out *out)
{
    buffer_free(out->data, out->capacity);
    *out = (struct record_out){0};
}

void record_put(struct record_out *out, const void *bytes, size_t length)
{
    if (length == 0 || (out->capacity - out->length < length && !buffer_grow(out, length))) {
        return;
    }
    memcpy(out->data + out->length, bytes, length);
    out->length += length;
}

void record_put_u32(struct record_out *out, uint32_t value)
{
    uint8_t bytes[4];
    for (unsigned i = 0; i < sizeof bytes; i++) {
        bytes[i] = (uint8_t)(value >> (8 * i));
    }
    record_put(out, bytes, sizeof bytes);
}

void record_put_u64(struct record_out *out, uint64_t value)
{
    record_put_u32(out, (uint32_t)value);
    record_put_u32(out, (uint32_t)(value >> 32));
}

void record_put_u128(struct record_out *out, unsigned __int128 value)
{
    record_put_u64(out, (uint64_t)value);
    record_put_u64(out, (uint64_t)(value >> 64));
}

void record_put_varint(struct record_out *out, uint64_t value)
{
    uint8_t bytes[10];
    unsigned length = 0;

    while (value >= 0x80) {
        bytes[length++] = (uint8_t)(value | 0x80);
        value >>= 7;
    }
    bytes[length++] = (uint8_t)value;
    record_put(out, bytes, length);
}

void record_put_signed(struct record_out *out, int64_t value)
{
    record_put_varint(out, ((uint64_t)value << 1) ^ (uint64_t)(value >> 63));
}

void record_put_text(struct record_out *out, struct slice text)
{
    record_put_varint(out, text.length);
    record_put(out, text.data, text.length);
}

struct record_in record_in_of(struct slice payload)
{
    const uint8_t *at = (const uint8_t *)payload.data;
    return (struct record_in){at, payload.length == 0 ? at : at + payload.length, false};
}

static size_t in_left(const struct record_in *in)
{
    return in->bad ? 0 : (size_t)(in->end - in->at);
}

void record_get(struct record_in *in, void *bytes, size_t length)
{
    if (in_left(in) < length) {
        in->bad = true;
        memset(bytes, 0, length);
        return;
    }
    if (length > 0) {
        memcpy(bytes, in->at, length);
        in->at += length;
    }
}

uint32_t record_get_u32(struct record_in *in)
{
    uint8_t bytes[4];
    record_get(in, bytes, sizeof bytes);
    return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 | (uint32_t)bytes[3] << 24;
}

uint64_t record_get_u64(struct record_in *in)
{
    uint64_t low = record_get_u32(in);
    return low | (uint64_t)record_get_u32(in) << 32;
}

unsigned __int128 record_get_u128(struct record_in *in)
{
    unsigned __int128 low = record_get_u64(in);
    return low | (unsigned __int128)record_get_u64(in) << 64;
}

uint64_t record_get_varint(struct record_in *in)
{
    uint64_t value = 0;

    for (unsigned shift = 0; shift < 64; shift += 7) {
        if (in_left(in) == 0) {
            break;
        }
        uint8_t byte = *in->at++;
        if (shift == 63 && byte > 1) {
            break; /* past 64 bits */
        }
        value |= (uint64_t)(byte & 0x7f) << shift;
        if (byte < 0x80) {
            if (byte == 0 && shift > 0) {
                break; /* not the shortest spelling */
            }
            return value;
        }
    }
    in->bad = true;
    return 0;
}

uint32_t record_get_varint32(struct record_in *in)
{
    uint64_t value = record_get_varint(in);
    if (value > UINT32_MAX) {
        in->bad = true;
        return 0;
    }
    return (uint32_t)value;
}

int64_t record_get_signed(struct record_in *in)
{
    uint64_t value = record_get_varint(in);
    return (int64_t)(value >> 1) ^ -(int64_t)(value & 1);
}

int64_t record_get_offset(struct record_in *in)
{
    uint64_t value = record_get_varint(in);
    if (value > INT64_MAX) {
        in->bad = true;
        return 0;
    }
    return (int64_t)value;
}

struct slice record_get_text(struct record_in *in)
{
    uint64_t length = record_get_varint(in);
    if (length > in_left(in) || length > RECORD_TEXT_BYTES_MAX) {
        in->bad = true;
        return slice_of("", 0);
    }
    struct slice text = slice_of((const char *)in->at, (size_t)length);
    in->at += length;
    return text;
}

uint32_t record_get_count(struct record_in *in, size_t item_bytes)
{
    uint64_t count = record_get_varint(in);
    if (count > UINT32_MAX || count > in_left(in) / item_bytes) {
        in->bad = true;
        return 0;
    }
    return (uint32_t)count;
}

struct err *record_in_end(const struct record_in *in, const char *what)
{
    if (in->bad) {
        return err_new(ERR_CORRUPT, "%s is cut short or holds a number out of range", what);
    }
    if (in->at != in->end) {
        return err_new(ERR_CORRUPT, "%s has %zu bytes too many", what, (size_t)(in->end - in->at));
    }
    return NULL;
}

/* u16 type, u16 zero, u32 length */
#define BATCH_RECORD_HEAD_BYTES 8U

size_t record_begin(struct record_out *out, enum ledger_record_type type)
{
    size_t begin = out->length;
    record_put_u32(out, (uint32_t)type);
    record_put_u32(out, 0);
    return begin;
}

void record_end(struct record_out *out, size_t begin)
{
    if (out->failed) {
        return;
    }
    size_t length = out->length - begin - BATCH_RECORD_HEAD_BYTES;
    if (length > RECORD_PAYLOAD_BYTES_MAX) {
        out->failed = true;
        return;
    }
    for (unsigned i = 0; i < 4; i++) {
        out->data[begin + 4 + i] = (uint8_t)(length >> (8 * i));
    }
}

bool record_next(struct slice *batch, enum ledger_record_type *type, struct slice *payload)
{
    if (batch->length < BATCH_RECORD_HEAD_BYTES) {
        return false;
    }
    struct record_in in = record_in_of(*batch);
    *type = (enum ledger_record_type)record_get_u32(&in);
    uint32_t length = record_get_u32(&in);
    ASSERT(length <= batch->length - BATCH_RECORD_HEAD_BYTES); /* our own buffer */
    *payload = slice_of(batch->data + BATCH_RECORD_HEAD_BYTES, length);
    batch->data += BATCH_RECORD_HEAD_BYTES + length;
    batch->length -= BATCH_RECORD_HEAD_BYTES + length;
    return true;
}
