/*
 * dead_letter.c: messages that could not become rows, as rows of an internal table.
 *
 * flow     ingest workers → draft_dead_letter → the draft's own head writer of system.dead_letters → same commit
 * owns     the bytes kept per fed table, counted at start by one scan of two columns
 */
#include "storage/dead_letter.h"

#include "base/clock.h"
#include "base/log.h"
#include "storage/draft_private.h"
#include "storage/snapshot.h"

#include <stdlib.h>

struct kept {
    uint64_t table_id;
    uint64_t bytes;
    uint64_t left_out;
};

struct dead_letters {
    struct table *table;
    struct lock lock;
    struct kept *kept;
    uint32_t kept_count;
};

enum letter_column {
    LETTER_DATABASE,
    LETTER_TABLE,
    LETTER_SOURCE,
    LETTER_TOPIC,
    LETTER_STREAM_ID,
    LETTER_INCARNATION,
    LETTER_PARTITION,
    LETTER_OFFSET,
    LETTER_TIMESTAMP,
    LETTER_TIME,
    LETTER_REASON,
    LETTER_KEY,
    LETTER_HEADERS,
    LETTER_MESSAGE,
    LETTER_BYTES,
    LETTER_TABLE_ID,
    LETTER_COLUMNS
};

static const char *const letter_columns[LETTER_COLUMNS][2] = {
    {"database", "LowCardinality(String)"},
    {"table", "LowCardinality(String)"},
    {"source", "LowCardinality(String)"},
    {"topic", "LowCardinality(String)"},
    {"stream_id", "UInt32"},
    {"incarnation", "UInt32"},
    {"partition", "Int32"},
    {"offset", "Int64"},
    {"timestamp", "DateTime64(3)"},
    {"time", "DateTime64(6)"},
    {"reason", "String"},
    {"key", "String"},
    {"headers", "String"},
    {"message", "String"},
    {"bytes", "UInt64"},
    {"table_id", "UInt64"},
};

static struct kept *kept_of(struct dead_letters *letters, uint64_t table_id)
{
    for (uint32_t i = 0; i < letters->kept_count; i++) {
        if (letters->kept[i].table_id == table_id) {
            return &letters->kept[i];
        }
    }
    struct kept *kept = realloc(letters->kept, (letters->kept_count + 1) * sizeof(*kept));
    if (kept == NULL) {
        return NULL;
    }
    letters->kept = kept;
    kept[letters->kept_count] = (struct kept){.table_id = table_id};
    return &kept[letters->kept_count++];
}

static struct err *count_kept(struct dead_letters *letters)
{
    struct err *err = NULL;
    struct snapshot *snapshot = NULL;
    struct arena *arena = arena_create(NULL);
    struct arena *unit_arena = arena_create(NULL);
    struct scan *scan = NULL;
    struct scan_unit unit;

    if (arena == NULL || unit_arena == NULL) {
        err = err_oom();
        goto done;
    }
    OR_DONE(snapshot_take(letters->table, &snapshot));
    OR_DONE(scan_open(snapshot, arena, NULL, 0, &scan));
    while (scan_next(scan, &unit)) {
        struct column *ids = NULL, *bytes = NULL;
        OR_DONE(scan_read(scan, unit_arena, &unit, LETTER_TABLE_ID, &ids));
        OR_DONE(scan_read(scan, unit_arena, &unit, LETTER_BYTES, &bytes));
        for (uint32_t row = 0; row < unit.row_count; row++) {
            struct kept *kept = kept_of(letters, *(const uint64_t *)column_value(ids, row));
            if (kept == NULL) {
                err = err_oom();
                goto done;
            }
            kept->bytes += *(const uint64_t *)column_value(bytes, row);
        }
        arena_reset(unit_arena);
    }
done:
    arena_destroy(unit_arena);
    arena_destroy(arena);
    snapshot_unref(snapshot);
    return err;
}

struct err *dead_letters_open(struct store *store)
{
    struct err *err = NULL;
    struct arena *arena = arena_create(NULL);
    struct tables *tables = tables_of(store);
    struct dead_letters *letters = calloc(1, sizeof(*letters));
    struct column_def columns[LETTER_COLUMNS];
    static const char *const order_by[] = {"time"};
    bool created;

    if (arena == NULL || tables == NULL || letters == NULL) {
        free(letters);
        letters = NULL;
        err = err_oom();
        goto done;
    }
    lock_init(&letters->lock, LOCK_DEAD_LETTERS);
    memset(columns, 0, sizeof(columns));
    for (uint32_t i = 0; i < LETTER_COLUMNS; i++) {
        columns[i].name = letter_columns[i][0];
        columns[i].default_text = columns[i].codec = columns[i].comment = "";
        OR_DONE(type_parse(arena, slice_text(letter_columns[i][1]), &columns[i].type));
    }
    struct table_def def = {
        .database = "system",
        .name = "dead_letters",
        .engine = "MergeTree",
        .columns = columns,
        .column_count = LETTER_COLUMNS,
        .order_by = order_by,
        .order_by_count = 1,
        .primary_key = "",
        .partition_by = "",
        .ttl = "",
        .watermark = "",
        .watermark_column = "",
        .settings = "",
        .comment = "messages that could not become rows",
        .create_sql = "",
        .internal = true,
    };
    OR_DONE(catalogue_create_table(store->catalogue, &def, true, &letters->table, &created));
    OR_DONE(count_kept(letters));
    tables->dead_letters = letters;
    tables = NULL; /* the reference stays until dead_letters_close */
    letters = NULL;
done:
    if (letters != NULL) {
        table_unref(letters->table);
        lock_deinit(&letters->lock);
        free(letters->kept);
        free(letters);
    }
    tables_unref(tables);
    arena_destroy(arena);
    return err_while(err, "opening system.dead_letters");
}

void dead_letters_close(struct store *store)
{
    struct tables *tables = tables_of(store);
    struct dead_letters *letters = tables == NULL ? NULL : tables->dead_letters;
    if (letters != NULL) {
        tables->dead_letters = NULL;
        table_unref(letters->table);
        lock_deinit(&letters->lock);
        free(letters->kept);
        free(letters);
        tables_unref(tables);
    }
    tables_unref(tables);
}

void dead_letters_numbers(struct store *store, uint64_t table_id, uint64_t *bytes, uint64_t *left_out)
{
    struct tables *tables = tables_of(store);
    *bytes = *left_out = 0;
    if (tables != NULL && tables->dead_letters != NULL) {
        struct dead_letters *letters = tables->dead_letters;
        lock_take(&letters->lock);
        struct kept *kept = kept_of(letters, table_id);
        if (kept != NULL) {
            *bytes = kept->bytes;
            *left_out = kept->left_out;
        }
        lock_give(&letters->lock);
    }
    tables_unref(tables);
}

struct err *draft_dead_letter(struct draft *draft, const struct dead_letter *letter)
{
    struct err *err = NULL;
    struct tables *tables = draft_tables(draft);
    struct dead_letters *letters = tables->dead_letters;
    struct head_writer **writer = draft_dead_letter_writer(draft);
    uint64_t bytes = letter->reason.length + letter->key.length + letter->headers.length + letter->message.length + 128;

    if (letters == NULL) {
        err = err_new(ERR_LOGICAL, "dead letters are not open");
        goto done;
    }
    lock_take(&letters->lock);
    struct kept *kept = kept_of(letters, letter->table_id);
    bool room = kept != NULL && kept->bytes + bytes <= DEAD_LETTER_BYTES_MAX;
    bool first_out = false;
    if (kept != NULL) {
        kept->bytes += room ? bytes : 0;
        first_out = !room && kept->left_out == 0;
        kept->left_out += room ? 0 : 1;
    }
    lock_give(&letters->lock);
    if (!room) {
        if (first_out) {
            LOG_ERROR("dead_letters_full", LOG_SLICE("database", letter->database), LOG_SLICE("table", letter->table),
                      LOG_UINT("bytes_max", DEAD_LETTER_BYTES_MAX));
        }
        goto done;
    }
    if (*writer == NULL) {
        OR_DONE(head_writer_open(letters->table, NULL, writer));
    }
    struct builder *builder = head_builder(*writer);
    if (!builder_row_begin(builder)) {
        err = builder_error(builder);
        goto done;
    }
    builder_string(builder, LETTER_DATABASE, letter->database.data, letter->database.length);
    builder_string(builder, LETTER_TABLE, letter->table.data, letter->table.length);
    builder_string(builder, LETTER_SOURCE, letter->source.data, letter->source.length);
    builder_string(builder, LETTER_TOPIC, letter->topic.data, letter->topic.length);
    builder_u32(builder, LETTER_STREAM_ID, letter->stream_id);
    builder_u32(builder, LETTER_INCARNATION, letter->incarnation);
    builder_u32(builder, LETTER_PARTITION, (uint32_t)letter->partition);
    builder_u64(builder, LETTER_OFFSET, (uint64_t)letter->offset);
    builder_u64(builder, LETTER_TIMESTAMP, (uint64_t)letter->timestamp_ms);
    builder_u64(builder, LETTER_TIME, (uint64_t)clock_wall_us());
    builder_string(builder, LETTER_REASON, letter->reason.data, letter->reason.length);
    builder_string(builder, LETTER_KEY, letter->key.data, letter->key.length);
    builder_string(builder, LETTER_HEADERS, letter->headers.data, letter->headers.length);
    builder_string(builder, LETTER_MESSAGE, letter->message.data, letter->message.length);
    builder_u64(builder, LETTER_BYTES, bytes);
    builder_u64(builder, LETTER_TABLE_ID, letter->table_id);
    builder_stream(builder, letter->stream_id, letter->incarnation, letter->partition);
    builder_address(builder, letter->offset);
    if (!builder_row_end(builder)) {
        err = builder_error(builder);
    }
done:
    return err;
}
