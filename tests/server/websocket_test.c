/*
 * websocket_test.c: frames as they come, whole, in pieces, byte by byte, and such as no client may send.
 */
#include "server/websocket.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

/* A masked frame, as a client sends it. */
static void put_frame(struct buffer *out, int first, const char *payload, size_t length)
{
    static const char mask[4] = {1, 2, 3, 4};
    buffer_char(out, (char)first);
    if (length < 126) {
        buffer_char(out, (char)(0x80 | (int)length));
    } else {
        buffer_char(out, (char)(0x80 | 126));
        buffer_char(out, (char)(length >> 8));
        buffer_char(out, (char)length);
    }
    buffer_append(out, mask, 4);
    for (size_t i = 0; i < length; i++) {
        buffer_char(out, (char)(payload[i] ^ mask[i & 3]));
    }
}

/* Events as a text: "message(hello) ping(x) closed(1000)"; the bytes come in pieces. */
static void events(struct slice bytes, size_t piece, struct buffer *out)
{
    static const char *const names[] = {"more", "message", "ping", "closed", "broken"};
    struct websocket_reader reader = {0};
    bool over = false;
    for (size_t at = 0; at < bytes.length && !over; at += piece) {
        size_t length = bytes.length - at < piece ? bytes.length - at : piece;
        assert_true(websocket_feed(&reader, slice_of(bytes.data + at, length)));
        enum websocket_event event;
        struct slice payload;
        enum websocket_code code;
        while (!over && (event = websocket_next(&reader, &payload, &code)) != WEBSOCKET_MORE) {
            over = event == WEBSOCKET_CLOSED || event == WEBSOCKET_BROKEN;
            if (over) {
                buffer_printf(out, "%s(%d) ", names[event], (int)code);
            } else {
                buffer_printf(out, "%s(%.*s) ", names[event], SLICE_ARG(payload));
            }
        }
    }
    websocket_reader_deinit(&reader);
}

static void assert_events(const struct buffer *bytes, const char *wanted)
{
    static const size_t pieces[] = {1, 2, 3, 7, 1000000};
    for (size_t k = 0; k < sizeof(pieces) / sizeof(pieces[0]); k++) {
        struct buffer seen = {0};
        events(buffer_all(bytes), pieces[k], &seen);
        buffer_char(&seen, 0);
        assert_string_equal(seen.data, wanted);
        buffer_deinit(&seen);
    }
}

static void messages(void **state)
{
    (void)state;
    struct buffer bytes = {0};
    char big[300];
    memset(big, 'b', sizeof(big));
    put_frame(&bytes, 0x81, "hello", 5);
    put_frame(&bytes, 0x01, "one ", 4); /* in three frames, with a ping between */
    put_frame(&bytes, 0x89, "p", 1);
    put_frame(&bytes, 0x00, "two ", 4);
    put_frame(&bytes, 0x8a, "pong", 4);
    put_frame(&bytes, 0x80, "three", 5);
    put_frame(&bytes, 0x81, "", 0);
    put_frame(&bytes, 0x81, "\xc3\xa4", 2);
    put_frame(&bytes, 0x81, big, sizeof(big));
    put_frame(&bytes, 0x88,
              "\x03\xe8"
              "bye",
              5);
    char wanted[500];
    (void)snprintf(
        wanted, sizeof(wanted),
        "message(hello) ping(p) message(one two three) message() message(\xc3\xa4) message(%.300s) closed(1000) ", big);
    assert_events(&bytes, wanted);
    buffer_deinit(&bytes);
}

static void broken(void **state)
{
    (void)state;
    static const struct {
        const char *bytes;
        size_t length;
        const char *wanted;
    } cases[] = {
        {"\x81\x05hello", 7, "broken(1002) "},                       /* not masked */
        {"\xc1\x80\1\2\3\4", 6, "broken(1002) "},                    /* a reserved bit */
        {"\x83\x80\1\2\3\4", 6, "broken(1002) "},                    /* an unknown opcode */
        {"\x8b\x80\1\2\3\4", 6, "broken(1002) "},                    /* … of a control frame */
        {"\x80\x80\1\2\3\4", 6, "broken(1002) "},                    /* goes on with nothing */
        {"\x09\x80\1\2\3\4", 6, "broken(1002) "},                    /* a control frame in parts */
        {"\x89\xfe\x00\x7e\1\2\3\4", 8, "broken(1002) "},            /* a long one */
        {"\x01\x81\0\0\0\0a\x81\x81\0\0\0\0b", 14, "broken(1002) "}, /* a message within a message */
        {"\x82\x81\0\0\0\0a", 7, "broken(1003) "},                   /* bytes */
        {"\x81\x82\0\0\0\0\xc3\x28", 8, "broken(1007) "},            /* no UTF-8 */
        {"\x81\xff\0\0\0\0\0\x10\0\1\0\0\0\0", 14, "broken(1009) "}, /* 1 MiB and one */
        {"\x81\xff\xff\xff\xff\xff\xff\xff\xff\xff\0\0\0\0", 14, "broken(1009) "},
        {"\x88\x80\0\0\0\0", 6, "closed(1000) "},
        {"\x88\x81\0\0\0\0\3", 7, "broken(1002) "},
        {"\x88\x82\0\0\0\0\3\xed", 8, "broken(1002) "}, /* 1005 is never sent */
        {"\x88\x82\0\0\0\0\x0b\xb8", 8, "closed(3000) "},
        {"\x88\x83\0\0\0\0\3\xe8\xff", 9, "broken(1007) "},
    };
    for (size_t k = 0; k < sizeof(cases) / sizeof(cases[0]); k++) {
        struct buffer bytes = {0};
        buffer_append(&bytes, cases[k].bytes, cases[k].length);
        assert_events(&bytes, cases[k].wanted);
        buffer_deinit(&bytes);
    }
}

/* Many frames of one message are bounded together. */
static void bounded(void **state)
{
    (void)state;
    struct buffer bytes = {0};
    static char part[60000];
    memset(part, 'a', sizeof(part));
    for (uint32_t k = 0; k < 20; k++) {
        put_frame(&bytes, k == 0 ? 0x01 : 0x00, part, sizeof(part));
    }
    struct buffer seen = {0};
    events(buffer_all(&bytes), 4096, &seen);
    buffer_char(&seen, 0);
    assert_string_equal(seen.data, "broken(1009) ");
    buffer_deinit(&seen);
    buffer_deinit(&bytes);
}

static void handshake(void **state)
{
    (void)state;
    char out[WEBSOCKET_ACCEPT_MAX], head[WEBSOCKET_HEAD_MAX];
    assert_true(websocket_accept(slice_text("dGhlIHNhbXBsZSBub25jZQ=="), out)); /* RFC 6455, 1.3 */
    assert_string_equal(out, "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    assert_false(websocket_accept(slice_text("dGhlIHNhbXBsZSBub25jZQ="), out));
    assert_false(websocket_accept(slice_text("!!!!IHNhbXBsZSBub25jZQ=="), out));
    assert_false(websocket_accept(slice_text(""), out));
    assert_int_equal(websocket_head(WEBSOCKET_TEXT, 125, head), 2);
    assert_memory_equal(head, "\x81\x7d", 2);
    assert_int_equal(websocket_head(WEBSOCKET_TEXT, 126, head), 4);
    assert_memory_equal(head, "\x81\x7e\x00\x7e", 4);
    assert_int_equal(websocket_head(WEBSOCKET_TEXT, 65536, head), 10);
    assert_memory_equal(head, "\x81\x7f\0\0\0\0\0\1\0\0", 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(messages),
        cmocka_unit_test(broken),
        cmocka_unit_test(bounded),
        cmocka_unit_test(handshake),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
