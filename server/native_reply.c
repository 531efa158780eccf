/*
 * native_reply.c: what a query's threads say, as packets: blocks of its result, how far it is, how it ended.
 *
 * order    a block without rows, which says the columns → blocks, and progress between them → totals → extremes →
 *          profile → progress → an empty block → the end of the stream; or an exception, wherever it happened. An INSERT
 *          gets the table's columns and a sample block first, and then its end alone.
 * thread   query threads; reply_progress: the loop
 */
#include "base/clock.h"
#include "base/interrupt.h"
#include "format/binary.h"
#include "format/frames.h"
#include "server/native_parts.h"

#include <stdio.h>

#define LOOK_INTERVAL_US 5000U /* was the query killed while its client does not read? */

static struct connection *connection_of(struct request *base)
{
    return (struct connection *)base;
}

static struct err *gone_error(void)
{
    return err_new(ERR_CLIENT_GONE, "the client closed the connection");
}

static enum frame_method method_of(const struct connection *connection)
{
    return connection->base.packing == 1 + PACKING_LZ4    ? FRAME_LZ4
           : connection->base.packing == 1 + PACKING_ZSTD ? FRAME_ZSTD
                                                          : FRAME_COPY;
}

static struct err *put_block(const struct connection *connection, enum server_packet packet, struct slice block,
                             struct buffer *out)
{
    struct err *err = NULL;
    buffer_char(out, (char)packet);
    binary_put_text(out, slice_text("")); /* the name of a table; it has none */
    if (connection->compressed) {
        err = frames_pack(method_of(connection), block, out);
    } else {
        buffer_slice(out, block);
    }
    return err != NULL ? err : out->failed ? err_oom() : NULL;
}

static struct err *pack(struct request *base, enum block_kind kind, struct slice block, struct buffer *out)
{
    struct connection *connection = connection_of(base);
    connection->blocks_sent++;
    return put_block(connection,
                     kind == BLOCK_TOTALS     ? SERVER_TOTALS
                     : kind == BLOCK_EXTREMES ? SERVER_EXTREMES
                                              : SERVER_DATA,
                     block, out);
}

static struct err *reply_write(struct request *base, struct slice bytes, bool hold)
{
    struct err *err = NULL;
    struct connection *connection = connection_of(base);
    (void)hold; /* blocks that were sent before an exception do no harm: the client sees both */
    lock_take(&connection->lock);
    while (connection->out.length - connection->out_sent > REPLY_BYTES && !connection->gone && !interrupted()) {
        (void)condition_wait_for(&connection->room, &connection->lock, LOOK_INTERVAL_US);
    }
    if (connection->gone) {
        err = gone_error();
    } else if (interrupted()) {
        err = interrupt_check();
    } else {
        connection->answered = true;
        connection_send(connection, bytes);
    }
    lock_give(&connection->lock);
    return err;
}

static struct err *want_rows(struct request *base, struct slice columns)
{
    struct connection *connection = connection_of(base);
    struct buffer packet = {0};
    if (connection->revision >= REVISION_TABLE_COLUMNS) {
        buffer_char(&packet, SERVER_TABLE_COLUMNS);
        binary_put_text(&packet, slice_text(""));
        binary_put_text(&packet, columns);
    }
    if (packet.failed) {
        return err_oom();
    }
    connection->wants_rows = true;
    lock_take(&connection->lock);
    connection->running = false; /* from here on blocks come */
    connection_send(connection, buffer_all(&packet));
    lock_give(&connection->lock);
    buffer_deinit(&packet);
    return NULL;
}

static void put_events(const struct connection *connection, const char *name, uint64_t count, const char *second,
                       uint64_t second_count, struct buffer *out)
{
    struct packet_event events[] = {{name, count}, {second, second_count}};
    if (connection->revision >= REVISION_INSERT_EVENTS) {
        packet_put_events(out, events, 2, (uint32_t)(clock_wall_us() / 1000000));
    }
}

/* A block of an INSERT has come, as clients wait to hear. */
static void tell_block(struct connection *connection, struct slice block)
{
    struct buffer packet = {0};
    put_events(connection, "InsertedRows", native_scan_rows(connection->scan), "InsertedBytes", block.length, &packet);
    lock_take(&connection->lock);
    if (packet.failed) {
        connection_gone(connection);
    } else if (packet.length > 0) {
        connection_send(connection, buffer_all(&packet));
    }
    lock_give(&connection->lock);
    buffer_deinit(&packet);
}

/* The next block of an INSERT; a statement without blocks has been taken whole. */
static struct err *take(struct request *base, struct buffer *out, bool *end)
{
    struct connection *connection = connection_of(base);
    enum block_event event;
    struct slice block;
    *end = !connection->wants_rows || connection->rows_ended;
    out->length = 0;
    lock_take(&connection->lock);
    struct err *err = connection->gone ? gone_error() : NULL;
    lock_give(&connection->lock);
    if (*end || err != NULL) {
        return err;
    }
    OR_DONE(block_next(connection, &event, &block));
    connection->went_on = event != BLOCK_NONE;
    if (event == BLOCK_CANCEL) {
        lock_take(&connection->lock);
        connection->cancelled = true;
        lock_give(&connection->lock);
        err = err_new(ERR_QUERY_CANCELLED, "Query was cancelled");
    } else if (event == BLOCK_HERE) {
        buffer_slice(out, block);
        err = out->failed ? err_oom() : NULL;
        tell_block(connection, block);
        block_end(connection);
    } else if (event == BLOCK_LAST) {
        *end = connection->rows_ended = true;
    }
    return err;
done:
    connection->broken = true; /* where the next packet begins is not known */
    return err;
}

static void head(struct request *base, const struct reply_head *given)
{
    (void)base, (void)given; /* HTTP's */
}

static void show_progress(struct request *base)
{
    (void)base; /* it is shown anyway */
}

static void summary(struct request *base, const struct request_summary *given)
{
    struct connection *connection = connection_of(base);
    lock_take(&connection->lock);
    connection->summary = *given;
    lock_give(&connection->lock);
}

/* What has changed since the last packet; false: nothing but time. */
static bool take_progress(struct connection *connection, struct packet_progress *out)
{
    struct process *process = &connection->base.process;
    struct packet_progress now = {
        .rows = atomic_load(&process->progress.rows_read),
        .bytes = atomic_load(&process->progress.bytes_read),
        .rows_total = atomic_load(&process->progress.rows_total),
        .rows_written = connection->summary.rows_written,
        .bytes_written = connection->summary.bytes_written,
        .elapsed_ns = (clock_monotonic_us() - process->started_monotonic_us) * 1000,
    };
    struct packet_progress *told = &connection->told;
    out->rows = now.rows - told->rows;
    out->bytes = now.bytes - told->bytes;
    out->rows_total = now.rows_total > told->rows_total ? now.rows_total - told->rows_total : 0;
    out->rows_written = now.rows_written - told->rows_written;
    out->bytes_written = now.bytes_written - told->bytes_written;
    out->elapsed_ns = now.elapsed_ns - told->elapsed_ns;
    now.rows_total = told->rows_total + out->rows_total;
    *told = now;
    return out->rows > 0 || out->rows_total > 0 || out->rows_written > 0;
}

void reply_progress(struct connection *connection)
{
    struct packet_progress progress;
    struct buffer packet = {0};
    (void)take_progress(connection, &progress);
    packet_put_progress(&packet, connection->revision, &progress);
    if (!packet.failed) {
        connection_send(connection, buffer_all(&packet));
    }
    buffer_deinit(&packet);
}

/* Behind the last block of a result. */
static struct err *put_result_end(struct connection *connection, bool whole, struct buffer *out)
{
    struct packet_progress progress;
    struct buffer empty = {0};
    static const char none[] = {1, 0, 2, -1, -1, -1, -1, 0, 0, 0}; /* a block without columns */
    if (whole) {
        struct process *process = &connection->base.process;
        uint64_t before_limit = atomic_load(&process->progress.rows_before_limit);
        packet_put_profile(out, connection->summary.rows_result, connection->blocks_sent, process->bytes_result,
                           atomic_load(&process->progress.has_limit) ? &before_limit : NULL);
        (void)take_progress(connection, &progress);
        packet_put_progress(out, connection->revision, &progress);
    }
    buffer_append(&empty, none, sizeof(none));
    struct err *err = empty.failed ? err_oom() : put_block(connection, SERVER_DATA, buffer_all(&empty), out);
    buffer_deinit(&empty);
    return err;
}

static void finish(struct request *base, struct err *err)
{
    struct connection *connection = connection_of(base);
    struct packet_progress progress;
    struct buffer out = {0};
    lock_take(&connection->lock);
    bool cancelled = connection->cancelled && err_code(err) == ERR_QUERY_CANCELLED;
    if (cancelled) { /* the client knows */
        err_free(err);
        err = NULL;
    }
    if (err == NULL && connection->answered && !connection->wants_rows) {
        err = put_result_end(connection, !cancelled, &out);
    } else if (err == NULL && !connection->wants_rows && take_progress(connection, &progress)) {
        packet_put_progress(&out, connection->revision, &progress);
    }
    if (err == NULL && connection->wants_rows && !cancelled) {
        put_events(connection, "InsertQuery", 1, "RealTimeMicroseconds", connection->summary.elapsed_us, &out);
    }
    if (err == NULL) {
        buffer_char(&out, SERVER_END_OF_STREAM);
    } else {
        out.length = 0;
        packet_put_exception(&out, err_code(err), slice_text(err_message(err)));
    }
    connection->skipping = connection->wants_rows && !connection->rows_ended;
    connection->running = false;
    if (out.failed) {
        connection_gone(connection);
    } else {
        connection_send(connection, buffer_all(&out));
    }
    lock_give(&connection->lock);
    buffer_deinit(&out);
    err_free(err);
}

const struct transport native_transport = {.take = take,
                                           .head = head,
                                           .show_progress = show_progress,
                                           .summary = summary,
                                           .write = reply_write,
                                           .finish = finish,
                                           .pack = pack,
                                           .want_rows = want_rows};
