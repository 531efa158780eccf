/*
 * native_step.c: what came from a client, packet by packet; native_parts.h has the table of states.
 *
 * flow     native_connection.c → here → native_hello.c, native_query.c, native_blocks.c → server/execute.c → native_reply.c
 * errors   What leaves no doubt where the next packet begins is an exception, and the connection goes on. All else is an
 *          exception too, and the connection's end.
 * thread   a query thread; one step at a time
 */
#include "base/clock.h"
#include "format/binary.h"
#include "server/access.h"
#include "server/native_parts.h"
#include "storage/catalogue.h"
#include "storage/table.h"

#include <stdio.h>

/* ---- the stash */

struct slice stash_rest(const struct connection *connection)
{
    return connection->stash_at == connection->stash.length ? slice_text("")
                                                            : slice_of(connection->stash.data + connection->stash_at,
                                                                       connection->stash.length - connection->stash_at);
}

void stash_used(struct connection *connection, size_t bytes)
{
    connection->stash_at += bytes;
    connection->wanted = 0;
}

struct err *stash_charge(struct connection *connection, size_t more)
{
    uint64_t held = connection->stash.length + connection->plain.length + connection->query.length + more;
    uint64_t bytes = held > UNCHARGED_BYTES ? held - UNCHARGED_BYTES : 0;
    struct budget *budget = &connection->native->budget;
    if (bytes > connection->charged && !budget_take(budget, bytes - connection->charged)) {
        return budget_error(budget, bytes - connection->charged);
    }
    if (bytes < connection->charged) {
        budget_give(budget, connection->charged - bytes);
    }
    connection->charged = bytes;
    return NULL;
}

/* What was used goes; memory that a large packet needed, too. */
static void stash_tidy(struct connection *connection)
{
    struct buffer *stash = &connection->stash;
    size_t left = stash->length - connection->stash_at;
    if (left == 0 && stash->capacity > 2 * IN_BYTES) {
        buffer_deinit(stash);
    } else if (connection->stash_at > 0) {
        memmove(stash->data, stash->data + connection->stash_at, left);
    }
    stash->length = left;
    connection->stash_at = 0;
    if (!connection->in_block && connection->plain.capacity > 2 * IN_BYTES) {
        buffer_deinit(&connection->plain);
    }
    err_free(stash_charge(connection, 0)); /* it gives back */
}

/* With what has come since. */
static struct err *stash_fill(struct connection *connection)
{
    struct err *err = NULL;
    lock_take(&connection->lock);
    if (connection->running && connection->in.length > 0) { /* a Cancel would have been taken when it came */
        connection->cut = true;
    }
    if (connection->stash.length == 0) {
        struct buffer filled = connection->in;
        connection->in = connection->stash;
        connection->stash = filled;
    } else {
        buffer_slice(&connection->stash, buffer_all(&connection->in));
        err = connection->stash.failed ? err_oom() : NULL;
    }
    connection->in.length = 0;
    lock_give(&connection->lock);
    return err != NULL ? err : stash_charge(connection, 0);
}

/* ---- answers */

void connection_say(struct connection *connection, const struct buffer *packet)
{
    lock_take(&connection->lock);
    if (packet->failed) {
        connection_gone(connection);
    } else {
        connection_send(connection, buffer_all(packet));
    }
    lock_give(&connection->lock);
}

static void say_exception(struct connection *connection, const struct err *err)
{
    struct buffer packet = {0};
    packet_put_exception(&packet, err_code(err), slice_text(err_message(err)));
    connection_say(connection, &packet);
    buffer_deinit(&packet);
}

void connection_close_after(struct connection *connection)
{
    connection->state = CONNECTION_CLOSING;
    lock_take(&connection->lock);
    connection->ends = true;
    connection->in.length = 0;
    connection_flush(connection);
    lock_give(&connection->lock);
}

/* An exception, after which the connection ends. Moves err. */
static void fail(struct connection *connection, struct err *err)
{
    metrics_error(err, "");
    say_exception(connection, err);
    connection_close_after(connection);
    err_free(err);
}

/* ---- between queries */

/* Which of these tables are there? None is replicated. */
static struct err *take_tables_status(struct connection *connection, bool *went_on)
{
    struct packet_reader reader = {.bytes = stash_rest(connection)};
    struct buffer rows = {0}, packet = {0};
    uint64_t found = 0;
    struct request *request = &connection->base;
    struct err *err = access_session_renew(request->server->access, &request->access);
    (void)packet_number(&reader);
    uint64_t count = packet_number(&reader);
    if (err != NULL) {
        return err;
    }
    if (count > PACKET_TABLES_MAX) {
        return err_new(ERR_BAD_ARGUMENTS, "the status of more than %u tables is asked for", PACKET_TABLES_MAX);
    }
    for (uint64_t k = 0; k < count && reader.err == NULL && !packet_short(&reader); k++) {
        char database_text[256], table_text[256];
        struct slice database = packet_text(&reader, PACKET_NAME_BYTES_MAX, "the name of a database");
        struct slice table = packet_text(&reader, PACKET_NAME_BYTES_MAX, "the name of a table");
        (void)snprintf(database_text, sizeof(database_text), "%.*s", SLICE_ARG(database));
        (void)snprintf(table_text, sizeof(table_text), "%.*s", SLICE_ARG(table));
        struct table *there =
            catalogue_table_find(connection->native->server->store->catalogue, database_text, table_text);
        const struct right_on on = {.database = database, .table = table};
        if (there != NULL && access_sees(request->access, on)) {
            binary_put_text(&rows, database);
            binary_put_text(&rows, table);
            buffer_char(&rows, 0);
            found++;
        }
        table_unref(there);
    }
    if (reader.err == NULL && !packet_short(&reader)) {
        stash_used(connection, reader.at);
        buffer_char(&packet, SERVER_TABLES_STATUS);
        binary_put_length(&packet, found);
        buffer_slice(&packet, buffer_all(&rows));
        packet.failed |= rows.failed;
        connection_say(connection, &packet);
        *went_on = true;
    } else {
        connection->wanted = reader.wanted;
    }
    buffer_deinit(&packet);
    buffer_deinit(&rows);
    return reader.err;
}

/* Blocks of an INSERT that has failed. */
static struct err *skip_block(struct connection *connection, bool *went_on)
{
    enum block_event event;
    struct slice block;
    struct err *err = block_next(connection, &event, &block);
    if (err == NULL && event == BLOCK_HERE) {
        block_end(connection);
    }
    connection->skipping = event == BLOCK_NONE || event == BLOCK_HERE;
    *went_on = event != BLOCK_NONE;
    return err;
}

static struct err *take_packet(struct connection *connection, bool *went_on)
{
    struct err *err = NULL;
    bool whole;
    struct packet_reader reader = {.bytes = stash_rest(connection)};
    struct buffer packet = {0};
    if (connection->in_block) {
        return skip_block(connection, went_on);
    }
    uint64_t type = packet_number(&reader);
    if (packet_short(&reader)) {
        return NULL;
    }
    switch (type) {
    case CLIENT_QUERY:
        OR_DONE(query_take(connection, &whole));
        if (whole) {
            connection->state = CONNECTION_EXTERNAL;
            *went_on = true;
        }
        break;
    case CLIENT_PING:
        stash_used(connection, reader.at);
        buffer_char(&packet, SERVER_PONG);
        connection_say(connection, &packet);
        *went_on = true;
        break;
    case CLIENT_CANCEL: /* of a query that has ended */
        stash_used(connection, reader.at);
        *went_on = true;
        break;
    case CLIENT_TABLES_STATUS:
        err = take_tables_status(connection, went_on);
        break;
    case CLIENT_DATA:
    case CLIENT_SCALAR:
        if (connection->skipping) {
            err = skip_block(connection, went_on);
            break;
        }
        err = err_new(ERR_UNEXPECTED_PACKET, "Unexpected packet Data received from client");
        break;
    case CLIENT_HELLO:
        err = err_new(ERR_UNEXPECTED_PACKET, "Unexpected packet Hello received from client");
        break;
    default:
        err = err_new(ERR_UNKNOWN_PACKET, "Unknown packet %llu from client", (unsigned long long)type);
        break;
    }
done:
    buffer_deinit(&packet);
    return err;
}

/* ---- a query */

static void end_query(struct connection *connection)
{
    query_forget(connection);
    connection->state = CONNECTION_IDLE;
    lock_take(&connection->lock);
    connection->has_query = connection->running = false;
    lock_give(&connection->lock);
}

/* Tables that go with the query, up to an empty block; then it begins. */
static struct err *take_external(struct connection *connection, bool *went_on)
{
    enum block_event event;
    struct slice block;
    struct err *err = block_next(connection, &event, &block);
    if (err != NULL) {
        return err;
    }
    *went_on = event != BLOCK_NONE;
    if (event == BLOCK_LAST) {
        connection->state = CONNECTION_RUNNING;
        struct slice rest = stash_rest(connection);
        lock_take(&connection->lock);
        connection->running = true;
        connection->cut = rest.length > 0 && rest.data[0] != CLIENT_CANCEL;
        if (rest.length > 0 && !connection->cut) {
            stash_used(connection, 1);
            connection->cancelled = true;
            query_cancel(&connection->base.process.progress);
        }
        connection_look_for_cancel(connection); /* it may have come since the stash was filled */
        lock_give(&connection->lock);
        if (connection->bad_stage) {
            err = err_new(ERR_NOT_IMPLEMENTED, "a query up to another stage than Complete is not supported: Weir is no "
                                               "part of a cluster");
        }
    } else if (event == BLOCK_HERE) {
        err = block_to_table(connection, block);
        block_end(connection);
        connection->skipping = err != NULL;
    } else if (event == BLOCK_CANCEL) {
        struct buffer packet = {0};
        buffer_char(&packet, SERVER_END_OF_STREAM);
        connection_say(connection, &packet);
        buffer_deinit(&packet);
        connection->skipping = true;
        end_query(connection);
    }
    if (err != NULL) {
        metrics_error(err, "");
        say_exception(connection, err);
        err_free(err);
        end_query(connection);
    }
    return NULL;
}

static struct err *run(struct connection *connection, bool *went_on)
{
    bool wanted_rows = connection->wants_rows;
    connection->went_on = connection->broken = false;
    if (!request_execute(&connection->base, &connection->execution)) {
        *went_on = connection->went_on || connection->wants_rows != wanted_rows; /* they may be here already */
        if (!*went_on) {
            execution_rest(connection->execution);
        }
        return NULL;
    }
    end_query(connection);
    if (connection->broken) {
        connection_close_after(connection);
        return NULL;
    }
    *went_on = true;
    return NULL;
}

/* ---- */

/* False: the client is gone, and nothing of it runs any more. */
static bool is_there(struct connection *connection)
{
    lock_take(&connection->lock);
    bool gone = connection->gone;
    lock_give(&connection->lock);
    if (gone && connection->state == CONNECTION_EXTERNAL) {
        end_query(connection);
    }
    return !gone || connection->state == CONNECTION_RUNNING;
}

void connection_step(struct connection *connection)
{
    bool went_on = true;
    struct err *err = stash_fill(connection);
    if (err != NULL && connection->state == CONNECTION_RUNNING && connection->execution != NULL) {
        query_cancel(&connection->base.process.progress); /* it ends in the step below */
    }
    while (went_on && is_there(connection)) {
        went_on = false;
        bool waits = stash_rest(connection).length < connection->wanted;
        if (connection->state == CONNECTION_CLOSING || (waits && connection->state != CONNECTION_RUNNING)) {
            break;
        }
        struct err *other = NULL;
        switch (connection->state) {
        case CONNECTION_HELLO:
            other = hello_take(connection, &went_on);
            break;
        case CONNECTION_ADDENDUM:
            other = addendum_take(connection, &went_on);
            break;
        case CONNECTION_IDLE:
            other = take_packet(connection, &went_on);
            break;
        case CONNECTION_EXTERNAL:
            other = take_external(connection, &went_on);
            break;
        default:
            other = run(connection, &went_on);
            break;
        }
        if (other != NULL) {
            if (connection->state == CONNECTION_EXTERNAL) {
                end_query(connection);
            }
            fail(connection, other);
        }
    }
    if (err != NULL) {
        fail(connection, err);
    }
    bool idle = connection->state == CONNECTION_IDLE;
    size_t before = connection->stash.length - connection->stash_at;
    stash_tidy(connection);
    lock_take(&connection->lock);
    if (idle && before == 0) {
        connection->since_us = clock_monotonic_us();
    }
    if (connection->state == CONNECTION_CLOSING) {
        connection->stash.length = 0;
    }
    lock_give(&connection->lock);
}
