/*
 * websocket_fuzz.c: any bytes to the reader of WebSocket frames, in pieces of any size; the JSON of its messages, and
 * of /live, to the reader of subscriptions.
 *
 * input    a byte that says what it is: odd: frames; even: one object of a subscription. Frames: a byte for the sizes of
 *          the pieces, then the bytes.
 * checks   pieces do not matter: events are those of all bytes at once; memory is bounded by what came; what is a text is
 *          UTF-8 and no longer than a message may be; a subscription that is read says the same when it is read again
 */
#include "base/text.h"
#include "server/access_model.h"
#include "server/access_private.h"
#include "server/live_private.h"
#include "server/websocket.h"
#include "tests/fuzz/require.h"

#include <jansson.h>
#include <stdio.h>
#include <stdlib.h>
#include <utf8proc.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* The events of the bytes, as text; piece 0: all at once. */
static void read_frames(struct slice bytes, size_t piece, struct buffer *out)
{
    struct websocket_reader reader = {0};
    struct slice payload;
    enum websocket_code code;
    bool over = false;
    for (size_t at = 0; at < bytes.length && !over;) {
        size_t part = piece == 0 || bytes.length - at < piece ? bytes.length - at : piece;
        REQUIRE(websocket_feed(&reader, slice_of(bytes.data + at, part)));
        at += part;
        enum websocket_event event;
        while (!over && (event = websocket_next(&reader, &payload, &code)) != WEBSOCKET_MORE) {
            over = event == WEBSOCKET_CLOSED || event == WEBSOCKET_BROKEN;
            REQUIRE(payload.length <= WEBSOCKET_MESSAGE_MAX && (event != WEBSOCKET_PINGED || payload.length <= 125));
            REQUIRE(!over || (code >= 1000 && code < 5000 && code != WEBSOCKET_NO_CODE));
            buffer_printf(out, "%d %d %zu ", (int)event, over ? (int)code : 0, payload.length);
            for (size_t k = 0; event == WEBSOCKET_MESSAGE && k < payload.length;) {
                utf8proc_int32_t point;
                utf8proc_ssize_t length = utf8proc_iterate((const utf8proc_uint8_t *)payload.data + k,
                                                           (utf8proc_ssize_t)(payload.length - k), &point);
                REQUIRE(length > 0);
                k += (size_t)length;
            }
            buffer_slice(out, payload);
        }
        REQUIRE(reader.in.length <= bytes.length && reader.message.length <= bytes.length);
    }
    websocket_reader_deinit(&reader);
}

static void frames(struct slice bytes, size_t piece)
{
    struct buffer whole = {0}, pieces = {0};
    read_frames(bytes, 0, &whole);
    read_frames(bytes, piece, &pieces);
    REQUIRE(slice_equal(buffer_all(&whole), buffer_all(&pieces)));
    buffer_deinit(&whole);
    buffer_deinit(&pieces);
}

static void subscription(struct slice text)
{
    static struct access_thing user = {.name = {"fuzz", 4}};
    static struct access_session session = {.references = 1, .user = &user};
    struct server server = {.config = {.http_head_bytes_max = 4096}};
    struct live live = {.server = &server};
    struct live_wish *wish[2] = {NULL, NULL};
    json_error_t problem;
    budget_init(&live.budget, "subscriptions", (uint64_t)64 << 20, NULL);
    const struct live_context context = {.access = &session,
                                         .database = slice_text("default"),
                                         .address = slice_text("127.0.0.1"),
                                         .min_interval_us = LIVE_INTERVAL_US_DEFAULT};
    json_t *object = json_loadb(text.data, text.length, JSON_REJECT_DUPLICATES, &problem);
    for (int k = 0; k < 2; k++) {
        struct err *err = live_wish_read(&live, &context, object, &wish[k]);
        REQUIRE((err == NULL) == (wish[k] != NULL) && (k == 0 || (wish[0] == NULL) == (wish[1] == NULL)));
        REQUIRE(err == NULL || err_message(err)[0] != 0);
        err_free(err);
    }
    if (wish[0] != NULL) {
        const struct live_spec *spec = wish[0]->spec;
        REQUIRE(slice_equal(spec->identity, wish[1]->spec->identity) && spec->hash == wish[1]->spec->hash);
        REQUIRE(strlen(wish[0]->id) <= LIVE_ID_MAX && spec->text.length > 0);
        REQUIRE(spec->min_interval_us >= LIVE_INTERVAL_US_MIN && spec->min_interval_us <= LIVE_INTERVAL_US_MAX);
    }
    live_wish_free(wish[0]);
    live_wish_free(wish[1]);
    json_decref(object);
    REQUIRE(atomic_load(&live.budget.bytes) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const char *text = (const char *)data;
    if (size > 2 && (data[0] & 1) != 0) {
        frames(slice_of(text + 2, size - 2), (size_t)data[1] + 1);
    } else if (size > 1 && (data[0] & 1) == 0) {
        subscription(slice_of(text + 1, size - 1));
    }
    return 0;
}
