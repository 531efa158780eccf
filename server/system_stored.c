/*
 * system_stored.c: system.databases, tables, columns, segments, parts, merges: what is stored.
 */
#include "server/system_tables.h"

#include "base/clock.h"
#include "server/objects.h"
#include "server/secrets.h"
#include "sql/define.h"
#include "storage/combining.h"
#include "storage/compactor.h"
#include "storage/insert.h"
#include "storage/segment.h"
#include "storage/snapshot.h"
#include "storage/table.h"
#include "storage/views.h"

#include <stdio.h>

static void text(struct source_rows *rows, uint32_t column, const char *value)
{
    source_row_text(rows, column, slice_text(value == NULL ? "" : value));
}

/* ---- databases, tables, columns */

static const char *const database_columns[] = {"name", "String", "engine",  "String", "data_path", "String",
                                               "uuid", "UUID",   "comment", "String", NULL};

static struct err *databases(struct table_source *source, struct arena *arena, const struct source_request *request,
                             struct source_output *output)
{
    struct err *err = NULL;
    struct source_rows *rows = NULL;
    const char **names;
    uint32_t count;
    bool stop = false;
    OR_DONE(source_rows_begin(source, arena, request, output, &rows));
    OR_DONE(catalogue_databases(system_server()->store->catalogue, arena, &names, &count));
    for (uint32_t k = 0; k < count && !stop; k++) {
        text(rows, 0, names[k]);
        text(rows, 1, "Atomic");
        text(rows, 2, system_server()->config.data_dir);
        OR_DONE(source_row_end(rows, &stop));
    }
    static const char *const schemas[] = {"INFORMATION_SCHEMA", "information_schema"}; /* views (builtin_views.c) */
    for (uint32_t k = 0; k < 2 && !stop; k++) {
        text(rows, 0, schemas[k]);
        text(rows, 1, "Memory");
        text(rows, 2, "");
        OR_DONE(source_row_end(rows, &stop));
    }
    err = source_rows_end(rows);
done:
    return err;
}

static char *joined_key(struct arena *arena, const struct table_def *def)
{
    char *key = arena_format(arena, "%s", "");
    for (uint32_t k = 0; key != NULL && k < def->order_by_count; k++) {
        key = arena_format(arena, "%s%s%s", key, k == 0 ? "" : ", ", def->order_by[k]);
    }
    return key;
}

static const char *const table_columns[] = {"database",
                                            "String",
                                            "name",
                                            "String",
                                            "uuid",
                                            "UUID",
                                            "engine",
                                            "String",
                                            "is_temporary",
                                            "UInt8",
                                            "data_paths",
                                            "Array(String)",
                                            "metadata_modification_time",
                                            "DateTime",
                                            "create_table_query",
                                            "String",
                                            "engine_full",
                                            "String",
                                            "partition_key",
                                            "String",
                                            "sorting_key",
                                            "String",
                                            "primary_key",
                                            "String",
                                            "sampling_key",
                                            "String",
                                            "total_rows",
                                            "Nullable(UInt64)",
                                            "total_bytes",
                                            "Nullable(UInt64)",
                                            "head_rows",
                                            "UInt64",
                                            "head_bytes",
                                            "UInt64",
                                            "segments",
                                            "UInt64",
                                            "schema_version",
                                            "UInt32",
                                            "comment",
                                            "String",
                                            "has_own_data",
                                            "UInt8",
                                            "as_select",
                                            "String",
                                            "dependencies_database",
                                            "Array(String)",
                                            "dependencies_table",
                                            "Array(String)",
                                            "stopped",
                                            "String",
                                            NULL};

/* "MergeTree PARTITION BY a ORDER BY b", from the CREATE statement. */
static struct slice engine_full(struct arena *arena, const struct table_def *def)
{
    static const char mark[] = "\nENGINE = ";
    const char *begin = strstr(def->create_sql, mark);
    const char *comment = def->comment[0] == 0 || begin == NULL ? NULL : strstr(begin, "\nCOMMENT ");
    if (begin == NULL) {
        return engine_name(def->engine);
    }
    begin += sizeof(mark) - 1;
    struct slice text =
        arena_slice(arena, slice_of(begin, comment == NULL ? strlen(begin) : (size_t)(comment - begin)));
    char *bytes = (char *)(uintptr_t)text.data;
    for (size_t i = 0; bytes != NULL && i < text.length; i++) {
        bytes[i] = bytes[i] == '\n' ? ' ' : bytes[i];
    }
    return bytes == NULL ? engine_name(def->engine) : text;
}

static void stored_table_row(struct source_rows *rows, struct arena *arena, struct table *table,
                             const struct table_def *def)
{
    struct table_numbers numbers;
    char *key = joined_key(arena, def);
    table_numbers(table, &numbers);
    text(rows, 0, def->database);
    text(rows, 1, def->name);
    source_row_uuid(rows, 2, def->uuid);
    source_row_text(rows, 3, engine_name(def->engine));
    source_row_element(rows, 5, slice_text(system_server()->config.data_dir));
    source_row_uint(rows, 6, (uint64_t)(def->created_at_us / 1000000));
    text(rows, 7, def->create_sql);
    source_row_text(rows, 8, engine_full(arena, def));
    text(rows, 9, def->partition_by);
    text(rows, 10, key);
    text(rows, 11, def->primary_key[0] == 0 ? key : def->primary_key);
    source_row_uint(rows, 13, numbers.rows);
    source_row_uint(rows, 14, numbers.segment_bytes);
    source_row_uint(rows, 15, numbers.head_rows);
    source_row_uint(rows, 16, numbers.head_bytes);
    source_row_uint(rows, 17, numbers.segments);
    source_row_uint(rows, 18, def->schema_version);
    text(rows, 19, def->comment);
    source_row_uint(rows, 20, 1);
}

/* Materialized views that read the table. */
static void dependencies(struct source_rows *rows, const struct table_def *def, struct view_feed *const *feeds,
                         uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (strcmp(feeds[i]->base_database, def->database) == 0 && strcmp(feeds[i]->base_table, def->name) == 0) {
            source_row_element(rows, 22, slice_text(feeds[i]->database));
            source_row_element(rows, 23, slice_text(feeds[i]->name));
        }
    }
}

static void object_row(struct source_rows *rows, struct arena *arena, const struct object_def *def)
{
    text(rows, 0, def->database);
    text(rows, 1, def->name);
    source_row_uuid(rows, 2, def->uuid);
    text(rows, 3, object_engine(def));
    source_row_uint(rows, 6, (uint64_t)(def->created_at_us / 1000000));
    struct slice definition = secrets_hide(arena, slice_text(def->definition));
    source_row_text(rows, 7, definition);
    const char *select = def->kind != OBJECT_DICTIONARY ? strstr(def->definition, "\nAS ") : NULL;
    source_row_text(rows, 21, select == NULL ? slice_text("") : secrets_hide(arena, slice_text(select + 4)));
    source_row_null(rows, 13);
    source_row_null(rows, 14);
    source_row_uint(rows, 18, def->version);
    text(rows, 19, def->comment);
    text(rows, 24, def->stopped);
}

struct maker_visit {
    struct source_rows *rows;
    struct arena *arena;
    struct err *err;
    bool stop;
};

static void system_table_row(void *user, const struct source_maker *maker)
{
    struct maker_visit *visit = user;
    if (visit->err != NULL || visit->stop || maker->database == NULL) {
        return;
    }
    text(visit->rows, 0, maker->database);
    text(visit->rows, 1, maker->name);
    text(visit->rows, 3, "SystemTable");
    source_row_null(visit->rows, 13);
    source_row_null(visit->rows, 14);
    visit->err = source_row_end(visit->rows, &visit->stop);
}

static struct err *tables(struct table_source *source, struct arena *arena, const struct source_request *request,
                          struct source_output *output)
{
    struct err *err = NULL;
    struct maker_visit visit = {.arena = arena};
    struct object_def **objects;
    struct table **list;
    struct table_def **defs;
    struct view_feed **feeds;
    uint32_t count, feed_count;
    OR_DONE(source_rows_begin(source, arena, request, output, &visit.rows));
    OR_DONE(catalogue_tables(system_server()->store->catalogue, arena, NULL, &list, &defs, &count));
    OR_DONE(views_list(system_server()->store, arena, &feeds, &feed_count));
    for (uint32_t k = 0; k < count && !visit.stop; k++) {
        stored_table_row(visit.rows, arena, list[k], defs[k]);
        dependencies(visit.rows, defs[k], feeds, feed_count);
        OR_DONE(source_row_end(visit.rows, &visit.stop));
    }
    OR_DONE(catalogue_objects(system_server()->store->catalogue, arena, &objects, &count));
    for (uint32_t k = 0; k < count && !visit.stop; k++) {
        if (objects[k]->kind != OBJECT_ALERT) { /* system.alerts has these */
            object_row(visit.rows, arena, objects[k]);
            OR_DONE(source_row_end(visit.rows, &visit.stop));
        }
    }
    source_each(system_table_row, &visit);
    OR_DONE(visit.err);
    const char *view;
    for (uint32_t k = 0; !visit.stop && builtin_system_view(k, &view); k++) {
        text(visit.rows, 0, "system");
        text(visit.rows, 1, view);
        text(visit.rows, 3, "View");
        source_row_null(visit.rows, 13);
        source_row_null(visit.rows, 14);
        OR_DONE(source_row_end(visit.rows, &visit.stop));
    }
    err = source_rows_end(visit.rows);
done:
    return err;
}

static const char *const column_columns[] = {"database",
                                             "String",
                                             "table",
                                             "String",
                                             "name",
                                             "String",
                                             "type",
                                             "String",
                                             "position",
                                             "UInt64",
                                             "default_kind",
                                             "String",
                                             "default_expression",
                                             "String",
                                             "data_compressed_bytes",
                                             "UInt64",
                                             "data_uncompressed_bytes",
                                             "UInt64",
                                             "marks_bytes",
                                             "UInt64",
                                             "comment",
                                             "String",
                                             "is_in_partition_key",
                                             "UInt8",
                                             "is_in_sorting_key",
                                             "UInt8",
                                             "is_in_primary_key",
                                             "UInt8",
                                             "is_in_sampling_key",
                                             "UInt8",
                                             "compression_codec",
                                             "String",
                                             "character_octet_length",
                                             "Nullable(UInt64)",
                                             "numeric_precision",
                                             "Nullable(UInt64)",
                                             "numeric_precision_radix",
                                             "Nullable(UInt64)",
                                             "numeric_scale",
                                             "Nullable(UInt64)",
                                             "datetime_precision",
                                             "Nullable(UInt64)",
                                             NULL};
enum { COLUMN_OCTETS = 16, COLUMN_PRECISION, COLUMN_RADIX, COLUMN_SCALE, COLUMN_TIME_PRECISION };

/* Bytes on disk of one column over the segments that are open. */
static uint64_t column_bytes_on_disk(struct table *table, uint32_t column_id)
{
    struct snapshot *snapshot = NULL;
    uint64_t bytes = 0;
    struct err *err = snapshot_take(table, &snapshot);
    for (uint32_t k = 0; err == NULL && k < snapshot_segment_count(snapshot); k++) {
        struct segment *segment = NULL;
        err = snapshot_segment_open(snapshot, k, &segment);
        int32_t found = segment == NULL ? -1 : segment_column_find(segment, column_id);
        bytes += found < 0 ? 0 : segment_column_size(segment, (uint32_t)found).bytes;
        segment_unref(segment);
    }
    snapshot_unref(snapshot);
    err_free(err);
    return bytes;
}

static bool is_word_in(const char *list, const char *word)
{
    size_t length = strlen(word);
    for (const char *at = strstr(list, word); at != NULL; at = strstr(at + 1, word)) {
        bool begins = at == list || strchr(" ,()", at[-1]) != NULL;
        if (begins && (at[length] == 0 || strchr(" ,()", at[length]) != NULL)) {
            return true;
        }
    }
    return false;
}

static bool wants(const struct source_request *request, uint32_t column)
{
    for (uint32_t k = 0; k < request->column_count; k++) {
        if (request->columns[k] == column) {
            return true;
        }
    }
    return false;
}

/* What SQL's information schema tells of a column's type; all of it NULL where it does not apply. */
static void put_precision(struct source_rows *rows, const struct type *type)
{
    uint32_t scale = 0, digits = 0, radix = 2;
    bool is_float = type->kind == TYPE_FLOAT32 || type->kind == TYPE_FLOAT64;
    for (uint32_t k = COLUMN_OCTETS; k <= COLUMN_TIME_PRECISION; k++) {
        source_row_null(rows, k);
    }
    if (type->kind == TYPE_FIXED_STRING) {
        source_row_uint(rows, COLUMN_OCTETS, type->width);
    } else if (type->kind == TYPE_DATETIME || type->kind == TYPE_DATETIME64) {
        source_row_uint(rows, COLUMN_TIME_PRECISION, type->kind == TYPE_DATETIME ? 0 : type->scale);
    } else if (type->kind == TYPE_DECIMAL) {
        digits = type->precision;
        scale = type->scale;
        radix = 10;
    } else if (is_float || type_is_integer(type)) {
        digits = type->width * 8;
    }
    if (digits > 0) {
        source_row_uint(rows, COLUMN_PRECISION, digits);
        source_row_uint(rows, COLUMN_RADIX, radix);
    }
    if (digits > 0 && !is_float) {
        source_row_uint(rows, COLUMN_SCALE, scale);
    }
}

/* Of a system table. */
static void system_table_columns(void *user, const struct source_maker *maker)
{
    struct maker_visit *visit = user;
    struct table_source *source = NULL;
    if (visit->err != NULL || visit->stop || maker->database == NULL) {
        return;
    }
    visit->err = maker->make(maker, visit->arena, NULL, NULL, 0, &source);
    for (uint32_t k = 0; visit->err == NULL && k < source->column_count && !visit->stop; k++) {
        text(visit->rows, 0, maker->database);
        text(visit->rows, 1, maker->name);
        source_row_text(visit->rows, 2, source->columns[k].name);
        source_row_text(visit->rows, 3, type_name(visit->arena, source->columns[k].type));
        source_row_uint(visit->rows, 4, k + 1);
        put_precision(visit->rows, source->columns[k].type);
        visit->err = source_row_end(visit->rows, &visit->stop);
    }
}

static struct err *columns(struct table_source *source, struct arena *arena, const struct source_request *request,
                           struct source_output *output)
{
    static const char *const kinds[] = {"", "DEFAULT", "MATERIALIZED", "ALIAS", "EPHEMERAL"};
    struct err *err = NULL;
    struct source_rows *rows = NULL;
    struct table **list;
    struct table_def **defs;
    uint32_t count;
    bool stop = false;
    OR_DONE(source_rows_begin(source, arena, request, output, &rows));
    OR_DONE(catalogue_tables(system_server()->store->catalogue, arena, NULL, &list, &defs, &count));
    for (uint32_t t = 0; t < count && !stop; t++) {
        const struct table_def *def = defs[t];
        char *key = joined_key(arena, def);
        for (uint32_t k = 0; k < def->column_count + def->computed_count && !stop; k++) {
            const struct column_def *column = table_def_column(def, k);
            text(rows, 0, def->database);
            text(rows, 1, def->name);
            text(rows, 2, column->name);
            source_row_text(rows, 3, type_name(arena, column->type));
            source_row_uint(rows, 4, k + 1);
            text(rows, 5, kinds[column->default_kind]);
            text(rows, 6, column->default_text);
            if (wants(request, 7)) {
                source_row_uint(rows, 7, column_bytes_on_disk(list[t], column->id));
            }
            text(rows, 10, column->comment);
            source_row_uint(rows, 11, is_word_in(def->partition_by, column->name));
            source_row_uint(rows, 12, key != NULL && is_word_in(key, column->name));
            source_row_uint(rows, 13, key != NULL && is_word_in(key, column->name));
            if (column->codec[0] != 0) {
                text(rows, 15, arena_format(arena, "CODEC(%s)", column->codec));
            }
            put_precision(rows, column->type);
            OR_DONE(source_row_end(rows, &stop));
        }
    }
    struct object_def **objects;
    OR_DONE(catalogue_objects(system_server()->store->catalogue, arena, &objects, &count));
    for (uint32_t k = 0; k < count && !stop; k++) {
        struct ast_column *listed = NULL;
        uint32_t listed_count = 0;
        if (objects[k]->kind == OBJECT_ALERT) {
            continue;
        }
        OR_DONE(define_object_columns(arena, objects[k], &listed, &listed_count));
        for (uint32_t c = 0; c < listed_count && !stop; c++) {
            text(rows, 0, objects[k]->database);
            text(rows, 1, objects[k]->name);
            source_row_text(rows, 2, listed[c].name);
            source_row_text(rows, 3, listed[c].type);
            source_row_uint(rows, 4, c + 1);
            source_row_text(rows, 10, listed[c].comment);
            OR_DONE(source_row_end(rows, &stop));
        }
    }
    struct maker_visit visit = {.rows = rows, .arena = arena, .stop = stop};
    source_each(system_table_columns, &visit);
    OR_DONE(visit.err);
    err = source_rows_end(rows);
done:
    return err;
}

/* ---- segments and parts */

static const char *const segment_columns[] = {"database",
                                              "String",
                                              "table",
                                              "String",
                                              "partition",
                                              "String",
                                              "pack",
                                              "UInt64",
                                              "offset",
                                              "UInt64",
                                              "bytes",
                                              "UInt64",
                                              "rows",
                                              "UInt64",
                                              "level",
                                              "UInt32",
                                              "schema_version",
                                              "UInt32",
                                              "time_min",
                                              "Nullable(DateTime64(6))",
                                              "time_max",
                                              "Nullable(DateTime64(6))",
                                              "expires_at",
                                              "Nullable(DateTime64(6))",
                                              "commit",
                                              "UInt64",
                                              "committed_at",
                                              "DateTime64(6)",
                                              "row_sum",
                                              "String",
                                              "footer_hash",
                                              "String",
                                              "deleted_rows",
                                              "UInt64",
                                              NULL};

static const char *const part_columns[] = {"database",
                                           "String",
                                           "table",
                                           "String",
                                           "partition",
                                           "String",
                                           "partition_id",
                                           "String",
                                           "name",
                                           "String",
                                           "part_type",
                                           "String",
                                           "active",
                                           "UInt8",
                                           "rows",
                                           "UInt64",
                                           "bytes_on_disk",
                                           "UInt64",
                                           "data_compressed_bytes",
                                           "UInt64",
                                           "data_uncompressed_bytes",
                                           "UInt64",
                                           "marks",
                                           "UInt64",
                                           "level",
                                           "UInt32",
                                           "modification_time",
                                           "DateTime",
                                           "min_time",
                                           "DateTime",
                                           "max_time",
                                           "DateTime",
                                           "engine",
                                           "String",
                                           "path",
                                           "String",
                                           "has_lightweight_delete",
                                           "UInt8",
                                           "default_compression_codec",
                                           "String",
                                           "disk_name",
                                           "String",
                                           "refcount",
                                           "UInt32",
                                           "min_block_number",
                                           "Int64",
                                           "max_block_number",
                                           "Int64",
                                           "bytes",
                                           "UInt64",
                                           NULL};

static void put_time(struct source_rows *rows, uint32_t column, int64_t us, bool known)
{
    if (known) {
        source_row_int(rows, column, us);
    } else {
        source_row_null(rows, column);
    }
}

static void segment_row(struct source_rows *rows, struct arena *arena, const struct table_def *def,
                        const struct ledger_segment *segment)
{
    bool has_time = segment->time_min_us <= segment->time_max_us;
    text(rows, 0, def->database);
    text(rows, 1, def->name);
    source_row_text(rows, 2, segment->partition);
    source_row_uint(rows, 3, segment->pack);
    source_row_uint(rows, 4, segment->offset);
    source_row_uint(rows, 5, segment->length);
    source_row_uint(rows, 6, segment->row_count);
    source_row_uint(rows, 7, segment->level);
    source_row_uint(rows, 8, segment->schema_version);
    put_time(rows, 9, segment->time_min_us, has_time);
    put_time(rows, 10, segment->time_max_us, has_time);
    put_time(rows, 11, segment->expires_at_us, segment->expires_at_us != INT64_MAX);
    source_row_uint(rows, 12, segment->commit);
    source_row_int(rows, 13, segment->committed_at_us);
    text(rows, 14,
         arena_format(arena, "%016llx%016llx", (unsigned long long)(segment->row_sum >> 64),
                      (unsigned long long)segment->row_sum));
    text(rows, 15, arena_format(arena, "%016llx", (unsigned long long)segment->footer_hash));
    source_row_uint(rows, 16, segment->deleted.row_count);
}

static void part_row(struct source_rows *rows, struct arena *arena, const struct table_def *def,
                     const struct ledger_segment *segment)
{
    bool has_time = segment->time_min_us <= segment->time_max_us;
    struct slice partition = segment->partition.length == 0 ? slice_text("tuple()") : segment->partition;
    text(rows, 0, def->database);
    text(rows, 1, def->name);
    source_row_text(rows, 2, partition);
    source_row_text(rows, 3, segment->partition.length == 0 ? slice_text("all") : segment->partition);
    text(rows, 4,
         arena_format(arena, "%.*s_%llu_%llu_%u", SLICE_ARG(segment->partition), (unsigned long long)segment->pack,
                      (unsigned long long)segment->offset, segment->level));
    text(rows, 5, "Compact");
    source_row_uint(rows, 6, 1);
    source_row_uint(rows, 7, segment->row_count);
    source_row_uint(rows, 8, segment->length);
    source_row_uint(rows, 9, segment->length);
    source_row_uint(rows, 11, (segment->row_count + CHUNK_ROWS_MAX - 1) / CHUNK_ROWS_MAX);
    source_row_uint(rows, 12, segment->level);
    source_row_uint(rows, 13, (uint64_t)(segment->committed_at_us / 1000000));
    source_row_uint(rows, 14, has_time ? (uint64_t)(segment->time_min_us / 1000000) : 0);
    source_row_uint(rows, 15, has_time ? (uint64_t)(segment->time_max_us / 1000000) : 0);
    source_row_text(rows, 16, engine_name(def->engine));
    text(rows, 17, arena_format(arena, "packs/%08llu.pack", (unsigned long long)segment->pack));
    source_row_uint(rows, 18, segment->deleted.row_count > 0);
    source_row_text(rows, 19, segment->codec.length == 0 ? slice_text("Default") : segment->codec);
    text(rows, 20, "default");
    source_row_uint(rows, 21, 1);
    source_row_uint(rows, 22, segment->commit); /* which commit brought it: they are numbered as blocks are */
    source_row_uint(rows, 23, segment->commit);
    source_row_uint(rows, 24, segment->length);
}

static struct err *each_segment(struct table_source *source, struct arena *arena, const struct source_request *request,
                                struct source_output *output,
                                void (*put)(struct source_rows *rows, struct arena *arena, const struct table_def *def,
                                            const struct ledger_segment *segment))
{
    struct err *err = NULL;
    struct source_rows *rows = NULL;
    struct ledger_segment *segments;
    uint32_t count;
    bool stop = false;
    struct table_def *def = NULL;
    OR_DONE(source_rows_begin(source, arena, request, output, &rows));
    OR_DONE(ledger_segments(system_server()->store->ledger, arena, 0, &segments, &count));
    for (uint32_t k = 0; k < count && !stop; k++) {
        if (def == NULL || def->id != segments[k].table_id) {
            table_def_unref(def);
            def = catalogue_table_def(system_server()->store->catalogue, segments[k].table_id);
        }
        if (def != NULL) { /* else dropped meanwhile */
            put(rows, arena, def, &segments[k]);
            OR_DONE(source_row_end(rows, &stop));
        }
    }
    err = source_rows_end(rows);
done:
    table_def_unref(def);
    return err;
}

static struct err *segments(struct table_source *source, struct arena *arena, const struct source_request *request,
                            struct source_output *output)
{
    return each_segment(source, arena, request, output, segment_row);
}

static struct err *parts(struct table_source *source, struct arena *arena, const struct source_request *request,
                         struct source_output *output)
{
    return each_segment(source, arena, request, output, part_row);
}

static const char *const merge_columns[] = {
    "database", "String", "table", "String", "partition", "String", "elapsed", "Float64", "progress", "Float64",
    "num_parts", "UInt64", "level", "UInt32", "rows_total", "UInt64", "rows_read", "UInt64", "rows_written", "UInt64",
    "total_size_bytes_compressed", "UInt64", "is_mutation", "UInt8",
    /* ClickHouse's, where there is nothing to say: parts have no directories, a merge no thread of its own to name */
    "partition_id", "String", "source_part_names", "Array(String)", "result_part_name", "String", "source_part_paths",
    "Array(String)", "result_part_path", "String", "bytes_read_uncompressed", "UInt64", "bytes_written_uncompressed",
    "UInt64", "columns_written", "UInt64", "memory_usage", "UInt64", "thread_id", "UInt64", "merge_type", "String",
    "merge_algorithm", "String", NULL};

static struct err *merges(struct table_source *source, struct arena *arena, const struct source_request *request,
                          struct source_output *output)
{
    struct err *err = NULL;
    struct source_rows *rows = NULL;
    struct merge_info *list;
    uint32_t count;
    bool stop = false;
    OR_DONE(source_rows_begin(source, arena, request, output, &rows));
    OR_DONE(merges_list(system_server()->store, arena, &list, &count));
    for (uint32_t k = 0; k < count && !stop; k++) {
        source_row_text(rows, 0, list[k].database);
        source_row_text(rows, 1, list[k].table);
        source_row_text(rows, 2, list[k].partition);
        source_row_double(rows, 3, (double)(clock_wall_us() - list[k].started_at_us) * 1e-6);
        source_row_double(rows, 4,
                          list[k].rows_total == 0 ? 0 : (double)list[k].rows_read / (double)list[k].rows_total);
        source_row_uint(rows, 5, list[k].segment_count);
        source_row_uint(rows, 6, list[k].level);
        source_row_uint(rows, 7, list[k].rows_total);
        source_row_uint(rows, 8, list[k].rows_read);
        source_row_uint(rows, 9, list[k].rows_written);
        source_row_uint(rows, 10, list[k].bytes_total);
        source_row_text(rows, 12, list[k].partition.length == 0 ? slice_text("all") : list[k].partition);
        text(rows, 22, "Regular");
        text(rows, 23, "Horizontal");
        OR_DONE(source_row_end(rows, &stop));
    }
    err = source_rows_end(rows);
done:
    return err;
}

void system_stored_register(void)
{
    static struct system_table list[] = {
        {.name = "databases", .columns = database_columns, .generate = databases},
        {.name = "tables", .columns = table_columns, .generate = tables},
        {.name = "columns", .columns = column_columns, .generate = columns},
        {.name = "segments", .columns = segment_columns, .generate = segments},
        {.name = "parts", .columns = part_columns, .generate = parts},
        {.name = "merges", .columns = merge_columns, .generate = merges},
    };
    for (size_t k = 0; k < sizeof(list) / sizeof(list[0]); k++) {
        system_table_register(&list[k]);
    }
}
