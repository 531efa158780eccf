/*
 * live_viewer.c: one connection of live queries: what it is sent, and when.
 *
 * batch    what its subscriptions have to say, one event each, is put together and written at once. While a client does
 *          not take a batch, nothing else is made for it: when it does, it gets the latest states (live_result.h).
 * frames   SSE: "data: …" lines, the last one with the token of all subscriptions; in chunks of HTTP/1.1. WebSocket: a
 *          text frame per event.
 * token    nonce of the server's start, then group-version of each subscription, in their order
 * thread   `live`
 */
#include "server/live_private.h"

#include "base/clock.h"
#include "format/json_paths.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <sys/uio.h>

#define SEND_PIECES       64
#define BATCH_BYTES       ((size_t)256 << 10) /* an event more may follow */
#define READ_BYTES        ((size_t)16 << 10)
#define READER_BYTES_FREE ((size_t)64 << 10) /* a frame so long is not charged */
#define CONTROL_BYTES_MAX ((size_t)64 << 10)
#define CHUNK_HEAD_BYTES  10U

struct live_viewer *live_viewer_create(struct live *live, bool socket)
{
    struct live_viewer *viewer = calloc(1, sizeof(*viewer));
    if (viewer != NULL) {
        viewer->live = live;
        viewer->socket = socket;
        viewer->link.descriptor = -1;
    }
    return viewer;
}

void live_viewer_free(struct live_viewer *viewer)
{
    if (viewer == NULL) {
        return;
    }
    for (uint32_t i = 0; i < viewer->sub_count; i++) {
        if (viewer->subs[i] != NULL) {
            live_sub_free(viewer->subs[i]);
        }
    }
    while (viewer->wishes != NULL) {
        struct live_wish *wish = viewer->wishes;
        viewer->wishes = wish->next;
        live_wish_free(wish);
    }
    if (viewer->batch != NULL) {
        live_batch_clear(viewer->batch);
        free(viewer->batch);
    }
    if (viewer->reader != NULL) {
        websocket_reader_deinit(viewer->reader);
        free(viewer->reader);
        budget_give(&viewer->live->budget, viewer->reader_charged);
    }
    if (viewer->counted) {
        atomic_fetch_sub(&viewer->live->viewer_count, 1);
    }
    live_context_free(viewer->context);
    buffer_deinit(&viewer->control);
    buffer_deinit(&viewer->first);
    free(viewer->subs);
    free(viewer);
}

bool live_viewer_is_socket(const struct live_viewer *viewer)
{
    return viewer->socket;
}

/* ---- the end */

static void unlist(struct live_viewer *viewer)
{
    struct live *live = viewer->live;
    struct live_viewer **place = &live->ready;
    *(viewer->before == NULL ? &live->viewers : &viewer->before->next) = viewer->next;
    if (viewer->next != NULL) {
        viewer->next->before = viewer->before;
    }
    while (viewer->ready && *place != NULL) {
        if (*place == viewer) {
            *place = viewer->ready_next;
            break;
        }
        place = &(*place)->ready_next;
    }
}

void live_viewer_end(struct live_viewer *viewer, bool whole)
{
    struct live *live = viewer->live;
    lock_take(&live->lock);
    struct live_link link = viewer->link;
    if (link.descriptor >= 0) { /* live_lost may do so at the same time */
        (void)epoll_ctl(live->epoll, EPOLL_CTL_DEL, link.descriptor, NULL);
    }
    lock_give(&live->lock);
    unlist(viewer);
    link.carrier->end(link.object, whole); /* from here on nobody but this thread knows it */
    lock_take(&live->lock);
    for (struct live_viewer **place = &live->inbox; viewer->in_inbox && *place != NULL; place = &(*place)->inbox_next) {
        if (*place == viewer) {
            *place = viewer->inbox_next;
            break;
        }
    }
    lock_give(&live->lock);
    live_viewer_free(viewer);
}

/* ---- sending */

/* Takes the batch: a copy waits when not all of it is sent. False: the viewer has ended. */
static bool send_batch(struct live_viewer *viewer, struct live_batch *batch, uint64_t now)
{
    struct iovec pieces[SEND_PIECES];
    while (batch->first < batch->count) {
        uint32_t count = 0;
        for (; count < SEND_PIECES && batch->first + count < batch->count; count++) {
            const struct live_piece *piece = &batch->pieces[batch->first + count];
            pieces[count] = (struct iovec){
                (piece->shared == NULL ? batch->scratch.data : piece->shared->data) + piece->at, piece->length};
        }
        ssize_t sent;
        if (viewer->link.direct) {
            const struct msghdr message = {.msg_iov = pieces, .msg_iovlen = count};
            sent = sendmsg(viewer->link.descriptor, &message, MSG_DONTWAIT | MSG_NOSIGNAL);
        } else {
            viewer->link.carrier->write(viewer->link.object, pieces, count);
            sent = 0;
            for (uint32_t i = 0; i < count; i++) {
                sent += (ssize_t)pieces[i].iov_len;
            }
            viewer->waits = true;
        }
        if (sent < 0 && errno == EINTR) {
            continue;
        }
        if (sent < 0 && errno != EAGAIN && errno != EWOULDBLOCK) {
            live_viewer_end(viewer, false);
            return false;
        }
        if (sent < 0) {
            break;
        }
        viewer->sent_us = now;
        for (size_t left = (size_t)sent; left > 0;) {
            struct live_piece *piece = &batch->pieces[batch->first];
            size_t part = left < piece->length ? left : piece->length;
            piece->at += part;
            piece->length -= part;
            left -= part;
            batch->first += piece->length == 0;
        }
    }
    viewer->stalled_us = batch->first < batch->count || viewer->waits ? now : 0;
    if (batch->first == batch->count) {
        return true;
    }
    viewer->waits = true;
    if (batch != viewer->batch) {
        viewer->batch = malloc(sizeof(*batch));
        if (viewer->batch == NULL) {
            live_viewer_end(viewer, false);
            return false;
        }
        *viewer->batch = *batch;
        *batch = (struct live_batch){0};
    }
    return true;
}

static void put_token(const struct live_viewer *viewer, struct live_batch *batch)
{
    struct buffer token = {0};
    buffer_printf(&token, "id: %x", viewer->live->nonce);
    for (uint32_t i = 0; i < viewer->sub_count; i++) {
        const struct live_sub *sub = viewer->subs[i];
        buffer_printf(&token, "%c%llx-%llx", i == 0 ? '.' : ',',
                      sub == NULL || sub->group == NULL ? 0ULL : (unsigned long long)sub->group->number,
                      sub == NULL ? 0ULL : (unsigned long long)sub->seen);
    }
    buffer_char(&token, '\n');
    batch->failed = batch->failed || token.failed;
    live_batch_text(batch, token.data, token.failed ? 0 : token.length);
    buffer_deinit(&token);
}

/* One event of a subscription: moves bytes. */
static void put_event(const struct live_viewer *viewer, const struct live_sub *sub, struct live_bytes *bytes,
                      struct live_batch *batch)
{
    if (viewer->socket) {
        char head[WEBSOCKET_HEAD_MAX];
        live_batch_text(batch, head, websocket_head(WEBSOCKET_TEXT, sub->prefix_bytes + bytes->length, head));
        live_batch_text(batch, sub->prefix, sub->prefix_bytes);
        live_batch_shared(batch, bytes);
    } else {
        live_batch_text(batch, "data: ", 6);
        live_batch_text(batch, sub->prefix, sub->prefix_bytes);
        live_batch_shared(batch, bytes);
        live_batch_text(batch, "\n", 1);
    }
}

static struct live_bytes *next_bytes(struct live_sub *sub)
{
    struct live_bytes *bytes = sub->error;
    struct err *err = NULL;
    sub->error = NULL;
    if (bytes != NULL || sub->group == NULL) {
        return bytes;
    }
    lock_take(&sub->group->lock);
    err = live_group_since(sub->group, sub->seen, &bytes);
    uint64_t version = live_group_version(sub->group);
    lock_give(&sub->group->lock);
    if (err == NULL && bytes != NULL) {
        sub->seen = version;
    }
    if (err != NULL) { /* memory: it is tried again with the next change */
        bytes = live_error_bytes(sub->viewer->live, err, false);
        err_free(err);
    }
    return bytes;
}

/* Events of subscriptions that have some; the one after the last one begins next time. */
static void fill(struct live_viewer *viewer, struct live_batch *batch)
{
    uint32_t count = viewer->sub_count, events = 0;
    live_batch_text(batch, buffer_all(&viewer->control).data, viewer->control.length);
    buffer_deinit(&viewer->control);
    for (uint32_t k = 0, at = viewer->next_sub; k < count && batch->bytes < BATCH_BYTES && viewer->dirty_count > 0;
         k++) {
        at = at < count ? at : 0;
        struct live_sub *sub = viewer->subs[at];
        if (sub != NULL && sub->dirty) {
            bool had_error = sub->error != NULL;
            struct live_bytes *bytes = next_bytes(sub);
            if (bytes != NULL) {
                if (events > 0 && !viewer->socket) {
                    live_batch_text(batch, "\n", 1);
                }
                put_event(viewer, sub, bytes, batch);
                events++;
            }
            sub->dirty = had_error && !sub->final && sub->group != NULL && !sub->group->failed;
            viewer->dirty_count -= !sub->dirty;
            if (sub->final) {
                live_sub_end(sub);
                viewer->ending = viewer->ending || viewer->alone;
            }
            viewer->next_sub = at + 1;
        }
        at++;
    }
    if (events > 0 && !viewer->socket) {
        put_token(viewer, batch);
        live_batch_text(batch, "\n", 1);
    }
    if (viewer->ending && viewer->socket && viewer->close_code != 0) {
        char head[WEBSOCKET_HEAD_MAX];
        const char code[2] = {(char)(viewer->close_code >> 8), (char)viewer->close_code};
        live_batch_text(batch, head, websocket_head(WEBSOCKET_CLOSE, sizeof(code), head));
        live_batch_text(batch, code, sizeof(code));
        viewer->close_code = 0;
    }
}

/* Around the batch, which begins with room for its head: a chunk of HTTP/1.1. */
static void make_chunk(struct live_batch *batch)
{
    char head[CHUNK_HEAD_BYTES + 1];
    size_t bytes = batch->bytes - CHUNK_HEAD_BYTES;
    (void)snprintf(head, sizeof(head), "%08zx\r\n", bytes);
    memcpy(batch->scratch.data, head, CHUNK_HEAD_BYTES);
    live_batch_text(batch, "\r\n", 2);
}

static bool has_more(const struct live_viewer *viewer)
{
    return viewer->dirty_count > 0 || viewer->control.length > 0 || viewer->close_code != 0;
}

/* What the thread wants to hear of its descriptor. */
static void listen_to(struct live_viewer *viewer)
{
    uint32_t wanted = (viewer->ending ? 0U : (uint32_t)EPOLLRDHUP | (viewer->socket ? (uint32_t)EPOLLIN : 0U)) |
                      (viewer->waits && viewer->link.direct ? (uint32_t)EPOLLOUT : 0U);
    if (viewer->link.descriptor >= 0 && wanted != viewer->interest) {
        struct epoll_event event = {.events = wanted, .data = {.ptr = viewer}};
        viewer->interest = wanted;
        (void)epoll_ctl(viewer->live->epoll, EPOLL_CTL_MOD, viewer->link.descriptor, &event);
    }
}

void live_viewer_flush(struct live_viewer *viewer, uint64_t now)
{
    while (!viewer->waits && has_more(viewer)) {
        struct live_batch batch = {0};
        bool chunked = viewer->link.direct && viewer->link.chunked;
        if (chunked) {
            live_batch_text(&batch, "0000000000", CHUNK_HEAD_BYTES);
        }
        size_t head = batch.bytes;
        fill(viewer, &batch);
        if (chunked && batch.bytes > head) {
            make_chunk(&batch);
        }
        bool ended = batch.failed;
        if (batch.failed) {
            live_viewer_end(viewer, false);
        } else if (batch.bytes > head) {
            ended = !send_batch(viewer, &batch, now);
        }
        live_batch_clear(&batch);
        if (ended) {
            return;
        }
    }
    if (viewer->ending && !viewer->waits) {
        live_viewer_end(viewer, true);
        return;
    }
    listen_to(viewer);
}

/* What was written has gone, or there is room again. */
void live_viewer_drained(struct live_viewer *viewer, uint64_t now)
{
    viewer->waits = false;
    viewer->stalled_us = 0;
    if (viewer->batch != NULL) {
        struct live_batch *batch = viewer->batch;
        if (!send_batch(viewer, batch, now)) {
            return;
        }
        if (batch->first < batch->count) {
            listen_to(viewer);
            return;
        }
        viewer->batch = NULL;
        live_batch_clear(batch);
        free(batch);
    }
    live_viewer_flush(viewer, now);
}

void live_viewer_beat(struct live_viewer *viewer, uint64_t now)
{
    char time[40], text[128], head[WEBSOCKET_HEAD_MAX];
    if (viewer->waits && viewer->stalled_us != 0 && now - viewer->stalled_us > LIVE_STALL_US) {
        viewer->close_code = 0;
        live_viewer_end(viewer, false);
        return;
    }
    if (viewer->waits || now - viewer->sent_us < LIVE_HEARTBEAT_US) {
        return;
    }
    live_print_time(clock_wall_us(), time, sizeof(time));
    int length = snprintf(text, sizeof(text), "%s{\"type\":\"heartbeat\",\"data_time\":%s}%s",
                          viewer->socket ? "" : ": heartbeat\ndata: ", time, viewer->socket ? "" : "\n\n");
    if (viewer->socket) {
        buffer_append(&viewer->control, head, websocket_head(WEBSOCKET_TEXT, (size_t)length, head));
    }
    buffer_append(&viewer->control, text, (size_t)length);
    live_viewer_flush(viewer, now);
}

void live_viewer_close(struct live_viewer *viewer, uint16_t code, uint64_t now)
{
    viewer->close_code = viewer->socket ? code : 0;
    viewer->ending = true;
    live_viewer_flush(viewer, now);
}

/* ---- its client */

static void put_control(struct live_viewer *viewer, enum websocket_opcode opcode, struct slice payload)
{
    char head[WEBSOCKET_HEAD_MAX];
    if (viewer->control.length < CONTROL_BYTES_MAX) { /* a client that pings and does not read gets no more */
        buffer_append(&viewer->control, head, websocket_head(opcode, payload.length, head));
        buffer_slice(&viewer->control, payload);
    }
}

void live_viewer_say(struct live_viewer *viewer, struct slice json)
{
    if (viewer->socket) {
        put_control(viewer, WEBSOCKET_TEXT, json);
    } else {
        buffer_text(&viewer->control, "data: ");
        buffer_slice(&viewer->control, json);
        buffer_text(&viewer->control, "\n\n");
    }
}

void live_viewer_refuse(struct live_viewer *viewer, const char *id, struct err *err)
{
    struct buffer text = {0};
    struct live_bytes *bytes = live_error_bytes(viewer->live, err, true);
    buffer_char(&text, '{');
    if (id != NULL) {
        buffer_text(&text, "\"id\":");
        json_string_text(&text, slice_text(id));
        buffer_char(&text, ',');
    }
    if (bytes != NULL && !text.failed) {
        buffer_append(&text, bytes->data, bytes->length);
        live_viewer_say(viewer, buffer_all(&text));
    }
    live_bytes_unref(bytes);
    buffer_deinit(&text);
    err_free(err);
    viewer->ending = viewer->ending || viewer->alone;
}

/* Frames that came. */
static void take_frames(struct live_viewer *viewer)
{
    struct slice payload;
    enum websocket_code code;
    bool more = true;
    while (more && !viewer->ending) {
        switch (websocket_next(viewer->reader, &payload, &code)) {
        case WEBSOCKET_MESSAGE:
            live_message(viewer, payload);
            break;
        case WEBSOCKET_PINGED:
            put_control(viewer, WEBSOCKET_PONG, payload);
            break;
        case WEBSOCKET_CLOSED:
        case WEBSOCKET_BROKEN:
            viewer->close_code = (uint16_t)code;
            viewer->ending = true;
            break;
        case WEBSOCKET_MORE:
            more = false;
            break;
        }
    }
    struct websocket_reader *reader = viewer->reader;
    if (reader->taken == reader->in.length) {
        buffer_deinit(&reader->in);
        reader->taken = 0;
    }
    uint64_t held = reader->in.capacity + reader->message.capacity;
    held = held > READER_BYTES_FREE ? held : 0;
    if (held > viewer->reader_charged && !budget_take(&viewer->live->budget, held - viewer->reader_charged)) {
        viewer->close_code = WEBSOCKET_INTERNAL;
        viewer->ending = true;
        held = viewer->reader_charged;
    } else if (held < viewer->reader_charged) {
        budget_give(&viewer->live->budget, viewer->reader_charged - held);
    }
    viewer->reader_charged = held;
}

/* A piece of what came: the rest is told again. */
static void read_some(struct live_viewer *viewer, uint64_t now)
{
    char bytes[READ_BYTES];
    ssize_t got = recv(viewer->link.descriptor, bytes, sizeof(bytes), MSG_DONTWAIT);
    if (got < 0 && (errno == EAGAIN || errno == EWOULDBLOCK || errno == EINTR)) {
        return;
    }
    if (got <= 0 || !websocket_feed(viewer->reader, slice_of(bytes, (size_t)got))) {
        live_viewer_end(viewer, false);
        return;
    }
    take_frames(viewer);
    live_viewer_flush(viewer, now);
}

void live_viewer_event(struct live_viewer *viewer, uint32_t events, uint64_t now)
{
    if (!viewer->linked) {
        return;
    }
    if ((events & (EPOLLHUP | EPOLLERR)) != 0 || (!viewer->socket && (events & EPOLLRDHUP) != 0)) {
        live_viewer_end(viewer, false);
    } else if (viewer->socket && (events & (EPOLLIN | EPOLLRDHUP)) != 0 && !viewer->ending) {
        read_some(viewer, now);
    } else if ((events & EPOLLOUT) != 0 && viewer->link.direct && viewer->waits) {
        live_viewer_drained(viewer, now);
    }
}

void live_viewer_arrive(struct live_viewer *viewer, uint64_t now)
{
    struct live *live = viewer->live;
    viewer->linked = true;
    viewer->next = live->viewers;
    if (viewer->next != NULL) {
        viewer->next->before = viewer;
    }
    live->viewers = viewer;
    viewer->sent_us = now;
    while (viewer->wishes != NULL) {
        struct live_wish *wish = viewer->wishes;
        viewer->wishes = wish->next;
        struct err *err = live_sub_add(viewer, wish);
        if (err != NULL) {
            live_viewer_refuse(viewer, wish->id, err);
        }
        live_wish_free(wish);
    }
    if (viewer->socket && viewer->first.length > 0) {
        struct buffer first = viewer->first;
        viewer->first = (struct buffer){0};
        bool fed = websocket_feed(viewer->reader, buffer_all(&first));
        buffer_deinit(&first);
        viewer->ending = !fed;
        take_frames(viewer);
    }
    live_viewer_mark(viewer);
}
