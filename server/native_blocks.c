/*
 * native_blocks.c: blocks that clients send: packed or not, of an INSERT, of tables that go with a query, or thrown away.
 *
 * bytes    Data, the name of a table, then the block; packed: in frames, which end where the block ends
 * memory   of a block that is not whole: in native->budget; BLOCK_BYTES_MAX at most
 * thread   the connection's step
 */
#include "format/format_settings.h"
#include "format/frames.h"
#include "format/reader.h"
#include "server/native_parts.h"
#include "server/sessions.h"

#define EXTERNALS_MAX 100U

static struct err *begin_block(struct connection *connection, struct packet_reader *reader)
{
    struct err *err = NULL;
    struct slice table = packet_text(reader, PACKET_NAME_BYTES_MAX, "the name of a table");
    if (reader->err != NULL || packet_short(reader)) {
        connection->wanted = reader->wanted;
        return reader->err;
    }
    connection->block_name.length = 0;
    buffer_slice(&connection->block_name, table);
    if (connection->block_name.failed) {
        return err_oom();
    }
    if (connection->scan == NULL) {
        OR_DONE(native_scan_create(connection->revision, &connection->native->budget, &connection->scan));
    } else {
        native_scan_reset(connection->scan);
    }
    connection->plain.length = 0;
    connection->in_block = true;
    stash_used(connection, reader->at);
done:
    return err;
}

/* A frame more; *there false: it has not come yet. */
static struct err *take_frame(struct connection *connection, bool *there)
{
    struct err *err = NULL;
    struct frame_head head;
    struct slice rest = stash_rest(connection);
    *there = false;
    if (rest.length < FRAME_HEAD_BYTES) {
        connection->wanted = FRAME_HEAD_BYTES;
        return NULL;
    }
    OR_DONE(frame_head_read(rest.data, &head));
    if (connection->plain.length + head.plain_bytes > BLOCK_BYTES_MAX) {
        return err_new(ERR_INCORRECT_DATA, "a block has more than %zu bytes", BLOCK_BYTES_MAX);
    }
    if (rest.length < head.bytes) {
        connection->wanted = head.bytes;
        return NULL;
    }
    OR_DONE(stash_charge(connection, head.plain_bytes));
    OR_DONE(frame_unpack(slice_of(rest.data, head.bytes), &connection->plain));
    stash_used(connection, head.bytes);
    *there = true;
done:
    return err;
}

static struct err *scan_block(struct connection *connection, bool *whole, struct slice *block)
{
    struct err *err = NULL;
    bool there = true;
    if (!connection->compressed) {
        *block = stash_rest(connection);
        OR_DONE(native_scan_step(connection->scan, *block, whole));
        connection->wanted = *whole ? 0 : block->length + 1;
        block->length = *whole ? native_scan_bytes(connection->scan) : 0;
        return NULL;
    }
    while (!*whole && there) {
        OR_DONE(take_frame(connection, &there));
        if (there) {
            OR_DONE(native_scan_step(connection->scan, buffer_all(&connection->plain), whole));
        }
    }
    *block = buffer_all(&connection->plain);
    if (*whole && native_scan_bytes(connection->scan) != connection->plain.length) {
        err = err_new(ERR_INCORRECT_DATA, "bytes behind the end of a block, in its last frame");
    }
done:
    return err;
}

struct err *block_next(struct connection *connection, enum block_event *event, struct slice *block)
{
    struct err *err = NULL;
    bool whole = false;
    *event = BLOCK_NONE;
    if (stash_rest(connection).length < connection->wanted) {
        return NULL;
    }
    connection->wanted = 0;
    if (!connection->in_block) {
        struct packet_reader reader = {.bytes = stash_rest(connection)};
        uint64_t type = packet_number(&reader);
        if (packet_short(&reader)) {
            return NULL;
        }
        if (type == CLIENT_CANCEL) {
            stash_used(connection, reader.at);
            *event = BLOCK_CANCEL;
            return NULL;
        }
        if (type != CLIENT_DATA && type != CLIENT_SCALAR) {
            return err_new(type > CLIENT_SCALAR ? ERR_UNKNOWN_PACKET : ERR_UNEXPECTED_PACKET,
                           "packet %llu from the client, where a block is awaited", (unsigned long long)type);
        }
        connection->is_scalar = type == CLIENT_SCALAR;
        OR_DONE(begin_block(connection, &reader));
    }
    if (connection->in_block) {
        OR_DONE(scan_block(connection, &whole, block));
    }
    if (whole && native_scan_columns(connection->scan) == 0) {
        block_end(connection);
        *event = BLOCK_LAST;
    } else if (whole) {
        *event = BLOCK_HERE;
    }
done:
    return err;
}

void block_end(struct connection *connection)
{
    if (!connection->compressed) {
        stash_used(connection, native_scan_bytes(connection->scan));
    }
    native_scan_reset(connection->scan);
    connection->plain.length = 0;
    connection->in_block = false;
}

void block_forget(struct connection *connection)
{
    native_scan_destroy(connection->scan);
    connection->scan = NULL;
    connection->in_block = false;
    buffer_deinit(&connection->plain);
    buffer_deinit(&connection->block_name);
}

/* ---- tables that go with a query */

/* Made when its first block comes, with that block's columns. */
static struct err *make_table(struct connection *connection, struct temporary **out)
{
    struct err *err = NULL;
    const struct native_scan *scan = connection->scan;
    struct arena *arena = connection->arena;
    uint32_t count = native_scan_columns(scan);
    bool created;
    struct column_def *columns = ARENA_ARRAY(arena, struct column_def, count + 1U);
    struct slice *names = ARENA_ARRAY(arena, struct slice, EXTERNALS_MAX);
    char *name = arena_text(arena, buffer_all(&connection->block_name));
    if (columns == NULL || names == NULL || name == NULL) {
        return arena_error(arena);
    }
    if (*name == 0) {
        return err_new(ERR_BAD_ARGUMENTS, "a table that goes with a query has no name");
    }
    if (connection->external_count == EXTERNALS_MAX) {
        return err_new(ERR_BAD_ARGUMENTS, "more than %u tables go with a query", EXTERNALS_MAX);
    }
    for (uint32_t k = 0; k < count; k++) {
        char *text = arena_text(arena, native_scan_name(scan, k));
        if (text == NULL) {
            return arena_error(arena);
        }
        columns[k] = (struct column_def){
            .name = text, .type = native_scan_type(scan, k), .default_text = "", .codec = "", .comment = ""};
    }
    struct table_def def = {.database = "",
                            .name = name,
                            .engine = "Memory",
                            .columns = columns,
                            .column_count = count,
                            .primary_key = "",
                            .partition_by = "",
                            .ttl = "",
                            .watermark = "",
                            .watermark_column = "",
                            .settings = "",
                            .comment = "",
                            .create_sql = ""};
    OR_DONE(session_create_table(connection->base.session, &def, false, false, out, &created));
    if (connection->external_count > 0) {
        memcpy(names, connection->externals, connection->external_count * sizeof(*names));
    }
    names[connection->external_count++] = slice_text(name);
    connection->externals = names;
done:
    return err;
}

static bool is_external(const struct connection *connection, struct slice name)
{
    for (uint32_t k = 0; k < connection->external_count; k++) {
        if (slice_equal(connection->externals[k], name)) {
            return true;
        }
    }
    return false;
}

static struct err *append_rows(struct connection *connection, struct temporary *temporary, struct slice block)
{
    struct err *err = NULL;
    const struct table_def *def = temporary_def(temporary);
    struct budget *budget = &connection->native->budget;
    struct arena *arena = arena_create(budget);
    struct builder *builder = NULL;
    struct reader *reader = NULL;
    struct reader_column *columns = arena == NULL ? NULL : ARENA_ARRAY(arena, struct reader_column, def->column_count);
    bool *omitted = arena == NULL ? NULL : arena_zalloc(arena, def->column_count + 1U);
    if (columns == NULL || omitted == NULL) {
        err = arena == NULL ? err_oom() : arena_error(arena);
        goto done;
    }
    for (uint32_t k = 0; k < def->column_count; k++) {
        columns[k] = (struct reader_column){slice_text(def->columns[k].name), def->columns[k].type, k};
    }
    struct format_settings settings;
    struct reader_options options = {.settings = &settings, .budget = budget, .native_revision = connection->revision};
    format_settings_init(&settings);
    settings.skip_unknown_fields = false;
    OR_DONE(temporary_builder(temporary, budget, &builder));
    OR_DONE(reader_create(slice_text("Native"), columns, def->column_count, def->column_count, &options, &reader));
    OR_DONE(reader_feed(reader, builder, block, true));
    err = temporary_take(temporary, builder, omitted, budget);
done:
    reader_destroy(reader);
    builder_destroy(builder);
    arena_destroy(arena);
    return err;
}

struct err *block_to_table(struct connection *connection, struct slice block)
{
    struct err *err = NULL;
    struct slice name = buffer_all(&connection->block_name);
    struct temporary *temporary = session_table(connection->base.session, name);
    if (connection->is_scalar) {
        return err_new(ERR_NOT_IMPLEMENTED, "scalars that another server sends with a query are not supported");
    }
    if (temporary == NULL || !is_external(connection, name)) {
        OR_DONE(make_table(connection, &temporary)); /* or the error that the session has such a table */
    }
    err = append_rows(connection, temporary, block);
done:
    return err_while(err, "reading the table \"%.*s\" that goes with the query", SLICE_ARG(name));
}
