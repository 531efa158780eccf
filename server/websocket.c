/*
 * websocket.c: see websocket.h.
 */
#include "server/websocket.h"

#include <gnutls/crypto.h>
#include <gnutls/gnutls.h>
#include <sodium.h>
#include <stdio.h>
#include <string.h>
#include <utf8proc.h>

#define CONTROL_BYTES_MAX 125U
#define OPCODE_CONTINUES  0U

struct frame {
    bool final;
    uint8_t opcode;
    uint8_t mask[4];
    size_t head_bytes, length;
};

bool websocket_feed(struct websocket_reader *reader, struct slice bytes)
{
    if (reader->taken > 0) {
        memmove(reader->in.data, reader->in.data + reader->taken, reader->in.length - reader->taken);
        reader->in.length -= reader->taken;
        reader->taken = 0;
    }
    buffer_slice(&reader->in, bytes);
    return !reader->in.failed;
}

void websocket_reader_deinit(struct websocket_reader *reader)
{
    buffer_deinit(&reader->in);
    buffer_deinit(&reader->message);
    *reader = (struct websocket_reader){0};
}

/* The head at the beginning of what came; false: more is needed, or *code says what is wrong. */
static bool read_head(const struct websocket_reader *reader, struct frame *frame, enum websocket_code *code)
{
    const uint8_t *at = (const uint8_t *)reader->in.data + reader->taken;
    size_t left = reader->in.length - reader->taken, length_bytes;
    uint64_t length;
    if (left < 2) {
        return false;
    }
    frame->final = (at[0] & 0x80) != 0;
    frame->opcode = at[0] & 0x0f;
    bool control = frame->opcode >= WEBSOCKET_CLOSE;
    bool known = frame->opcode <= WEBSOCKET_BINARY || (control && frame->opcode <= WEBSOCKET_PONG);
    length = at[1] & 0x7f;
    /* a client masks; no extension was agreed on; control frames are small and whole */
    if ((at[0] & 0x70) != 0 || (at[1] & 0x80) == 0 || !known ||
        (control && (!frame->final || length > CONTROL_BYTES_MAX)) ||
        (!control && (frame->opcode == OPCODE_CONTINUES) != reader->in_message)) {
        *code = WEBSOCKET_PROTOCOL;
        return false;
    }
    length_bytes = length == 126 ? 2 : length == 127 ? 8 : 0;
    if (left < 2 + length_bytes) {
        return false;
    }
    for (size_t k = 0; k < length_bytes; k++) {
        length = (k == 0 ? 0 : length << 8) | at[2 + k];
    }
    if (length > WEBSOCKET_MESSAGE_MAX || (!control && reader->message.length + length > WEBSOCKET_MESSAGE_MAX)) {
        *code = WEBSOCKET_TOO_BIG;
        return false;
    }
    frame->head_bytes = 2 + length_bytes + 4;
    frame->length = (size_t)length;
    if (left < frame->head_bytes) {
        return false;
    }
    memcpy(frame->mask, at + 2 + length_bytes, 4);
    return true;
}

static bool is_utf8(struct slice text)
{
    for (size_t at = 0; at < text.length;) {
        utf8proc_int32_t point;
        utf8proc_ssize_t bytes = (unsigned char)text.data[at] < 0x80
                                     ? 1
                                     : utf8proc_iterate((const utf8proc_uint8_t *)text.data + at,
                                                        (utf8proc_ssize_t)(text.length - at), &point);
        if (bytes <= 0) {
            return false;
        }
        at += (size_t)bytes;
    }
    return true;
}

/* A text of which this is the last frame, or the first and last. */
static enum websocket_event end_message(struct websocket_reader *reader, struct slice last, struct slice *payload,
                                        enum websocket_code *code)
{
    *payload = last;
    if (reader->in_message) {
        buffer_slice(&reader->message, last);
        *payload = buffer_all(&reader->message);
        reader->whole = true;
        reader->in_message = false;
    }
    if (reader->message.failed) {
        *code = WEBSOCKET_INTERNAL;
        return WEBSOCKET_BROKEN;
    }
    if (!is_utf8(*payload)) {
        *code = WEBSOCKET_NOT_UTF8;
        return WEBSOCKET_BROKEN;
    }
    return WEBSOCKET_MESSAGE;
}

static enum websocket_event take_close(struct slice payload, enum websocket_code *code)
{
    if (payload.length == 0) {
        *code = WEBSOCKET_NORMAL;
        return WEBSOCKET_CLOSED;
    }
    if (payload.length == 1) {
        *code = WEBSOCKET_PROTOCOL;
        return WEBSOCKET_BROKEN;
    }
    uint32_t given = (uint32_t)(unsigned char)payload.data[0] << 8 | (unsigned char)payload.data[1];
    bool may = (given >= 1000 && given < 1012 && given != 1004 && given != 1005 && given != 1006) ||
               (given >= 3000 && given < 5000);
    *code = !may                                                      ? WEBSOCKET_PROTOCOL
            : is_utf8(slice_of(payload.data + 2, payload.length - 2)) ? (enum websocket_code)given
                                                                      : WEBSOCKET_NOT_UTF8;
    return *code == (enum websocket_code)given ? WEBSOCKET_CLOSED : WEBSOCKET_BROKEN;
}

enum websocket_event websocket_next(struct websocket_reader *reader, struct slice *payload, enum websocket_code *code)
{
    struct frame frame;
    *payload = slice_text("");
    if (reader->whole) {
        buffer_deinit(&reader->message);
        reader->whole = false;
    }
    while (true) {
        *code = WEBSOCKET_NO_CODE;
        if (!read_head(reader, &frame, code)) {
            return *code == WEBSOCKET_NO_CODE ? WEBSOCKET_MORE : WEBSOCKET_BROKEN;
        }
        if (frame.opcode == WEBSOCKET_BINARY) {
            *code = WEBSOCKET_NOT_TEXT;
            return WEBSOCKET_BROKEN;
        }
        if (reader->in.length - reader->taken < frame.head_bytes + frame.length) {
            return WEBSOCKET_MORE;
        }
        char *bytes = reader->in.data + reader->taken + frame.head_bytes;
        for (size_t k = 0; k < frame.length; k++) {
            bytes[k] = (char)(bytes[k] ^ (char)frame.mask[k & 3]);
        }
        reader->taken += frame.head_bytes + frame.length;
        struct slice part = slice_of(bytes, frame.length);
        switch (frame.opcode) {
        case WEBSOCKET_PING:
            *payload = part;
            return WEBSOCKET_PINGED;
        case WEBSOCKET_PONG:
            break;
        case WEBSOCKET_CLOSE:
            return take_close(part, code);
        default:
            if (frame.final) {
                return end_message(reader, part, payload, code);
            }
            reader->in_message = true;
            buffer_slice(&reader->message, part);
        }
    }
}

size_t websocket_head(enum websocket_opcode opcode, size_t payload_bytes, char to[WEBSOCKET_HEAD_MAX])
{
    size_t length_bytes = payload_bytes < 126 ? 0 : payload_bytes < 65536 ? 2 : 8;
    to[0] = (char)(0x80 | (int)opcode);
    to[1] = (char)(length_bytes == 0 ? payload_bytes : length_bytes == 2 ? 126 : 127);
    for (size_t k = 0; k < length_bytes; k++) {
        to[2 + k] = (char)(payload_bytes >> (8 * (length_bytes - 1 - k)));
    }
    return 2 + length_bytes;
}

bool websocket_accept(struct slice key, char out[WEBSOCKET_ACCEPT_MAX])
{
    static const char magic[] = "258EAFA5-E914-47DA-95CA-C5AB0DC85B11";
    unsigned char nonce[16], hash[20];
    size_t bytes;
    char text[24 + sizeof(magic)];
    if (key.length != 24 ||
        sodium_base642bin(nonce, sizeof(nonce), key.data, key.length, NULL, &bytes, NULL,
                          sodium_base64_VARIANT_ORIGINAL) != 0 ||
        bytes != sizeof(nonce)) {
        return false;
    }
    memcpy(text, key.data, 24);
    memcpy(text + 24, magic, sizeof(magic));
    if (gnutls_hash_fast(GNUTLS_DIG_SHA1, text, 24 + sizeof(magic) - 1, hash) != 0) {
        return false;
    }
    (void)sodium_bin2base64(out, WEBSOCKET_ACCEPT_MAX, hash, sizeof(hash), sodium_base64_VARIANT_ORIGINAL);
    return true;
}
