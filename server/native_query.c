/*
 * native_query.c: a Query packet becomes the request that server/execute.c works on.
 *
 * settings  those of the packet that Weir does not know are left out unless the client says that they matter, as
 *           ClickHouse does it
 * thread    the connection's step
 */
#include "base/clock.h"
#include "server/native_parts.h"
#include "server/sessions.h"

#include <stdio.h>

static void put_cut(char *to, size_t bytes, struct slice text)
{
    size_t length = text.length < bytes - 1 ? text.length : bytes - 1;
    memcpy(to, text.length == 0 ? "" : text.data, length);
    to[length] = 0;
}

/* Is it left out? Those of them that set something are tried on *probe. */
static bool is_unknown(struct settings *probe, const struct packet_setting *setting)
{
    struct err *err = settings_set(probe, setting->name, setting->value);
    bool unknown = err != NULL && err_code(err) == ERR_UNKNOWN_SETTING && !setting->important;
    err_free(err); /* it is said when the statement is executed */
    return unknown;
}

static struct err *add_parameter(struct connection *connection, const char *prefix, struct slice name,
                                 struct slice value)
{
    struct request *request = &connection->base;
    if (memchr(name.data, 0, name.length) != NULL) {
        return err_new(ERR_BAD_ARGUMENTS, "the name of a setting or parameter contains a NUL byte; remove it");
    }
    char *text = arena_format(connection->arena, "%s%.*s", prefix, SLICE_ARG(name));
    if (text == NULL) {
        return arena_error(connection->arena);
    }
    request->parameters[request->parameter_count++] = (struct parameter){text, value};
    return NULL;
}

static struct err *set_parameters(struct connection *connection, const struct query_packet *packet)
{
    struct err *err = NULL;
    struct request *request = &connection->base;
    struct settings probe;
    uint32_t most = packet->setting_count + packet->parameter_count + 2;
    request->parameter_count = 0;
    request->parameters = ARENA_ARRAY(connection->arena, struct parameter, most);
    if (request->parameters == NULL) {
        return arena_error(connection->arena);
    }
    settings_init(&probe);
    err_free(session_apply(request->session, &probe)); /* likewise */
    OR_DONE(add_parameter(connection, "", slice_text("query"), packet->text));
    if (packet->id.length > 0) {
        OR_DONE(add_parameter(connection, "", slice_text("query_id"), packet->id));
    }
    for (uint32_t k = 0; k < packet->setting_count; k++) {
        if (!is_unknown(&probe, &packet->settings[k])) {
            OR_DONE(add_parameter(connection, "", packet->settings[k].name, packet->settings[k].value));
        }
    }
    for (uint32_t k = 0; k < packet->parameter_count; k++) {
        OR_DONE(add_parameter(connection, "param_", packet->parameters[k].name, packet->parameters[k].value));
    }
    connection->compressed = packet->compressed;
    request->packing = packet->compressed ? 1U + probe.network_compression_method : 0;
done:
    return err;
}

static void begin_process(struct connection *connection, const struct query_packet *packet)
{
    struct process *process = &connection->base.process;
    struct process_client client = connection->client;
    memset(process, 0, sizeof(*process));
    process->wake = connection_wake;
    put_cut(client.os_user, sizeof(client.os_user), packet->os_user);
    put_cut(client.host, sizeof(client.host), packet->host);
    if (packet->client.length > 0) {
        put_cut(client.name, sizeof(client.name), packet->client);
        client.major = (uint32_t)packet->major;
        client.minor = (uint32_t)packet->minor;
        client.patch = (uint32_t)packet->patch;
        client.revision = (uint32_t)packet->revision;
    }
    process->client = client;
    memcpy(process->address, connection->address, sizeof(process->address));
    memcpy(process->user, connection->user, sizeof(process->user));
    process->started_at_us = clock_wall_us();
    process->started_monotonic_us = clock_monotonic_us();
}

/* The packet's bytes stay until its query has ended: what follows them moves. */
static struct err *keep_packet(struct connection *connection, size_t bytes)
{
    struct slice rest = stash_rest(connection);
    struct buffer behind = {0};
    buffer_append(&behind, rest.data + bytes, rest.length - bytes);
    if (behind.failed) {
        return err_oom();
    }
    buffer_deinit(&connection->query);
    connection->query = connection->stash;
    connection->stash = behind;
    connection->stash_at = 0;
    connection->wanted = 0;
    return NULL;
}

struct err *query_take(struct connection *connection, bool *whole)
{
    struct err *err = NULL;
    struct query_packet packet;
    struct packet_reader reader = {.bytes = stash_rest(connection)};
    *whole = false;
    if (connection->arena == NULL) {
        connection->arena = arena_create(&connection->native->budget);
    }
    if (connection->arena == NULL) {
        return err_oom();
    }
    arena_reset(connection->arena);
    (void)packet_number(&reader);
    query_packet_read(&reader, connection->revision, connection->arena, &packet);
    if (reader.err != NULL || packet_short(&reader)) {
        connection->wanted = reader.wanted;
        return reader.err;
    }
    OR_DONE(keep_packet(connection, reader.at));
    *whole = true;
    begin_process(connection, &packet);
    connection->wants_rows = connection->rows_ended = connection->skipping = connection->in_block = false;
    connection->blocks_sent = 0;
    connection->external_count = 0;
    connection->bad_stage = packet.stage != QUERY_STAGE_COMPLETE;
    OR_DONE(set_parameters(connection, &packet));
    lock_take(&connection->lock);
    connection->cancelled = connection->answered = false;
    connection->told = (struct packet_progress){0};
    connection->summary = (struct request_summary){0};
    connection->progress_us = clock_monotonic_us();
    connection->has_query = true;
    lock_give(&connection->lock);
    atomic_fetch_add(&connection->native->queries_total, 1);
done:
    return err;
}

void query_forget(struct connection *connection)
{
    for (uint32_t k = 0; k < connection->external_count; k++) {
        struct temporary *temporary = session_table(connection->base.session, connection->externals[k]);
        if (temporary != NULL) { /* the query may have dropped it */
            session_drop_table(connection->base.session, temporary);
        }
    }
    connection->external_count = 0;
    connection->base.parameters = NULL;
    connection->base.parameter_count = 0;
    arena_destroy(connection->arena);
    connection->arena = NULL;
    buffer_deinit(&connection->query);
}
