/*
 * system_stored.c: system.databases, tables, columns, segments, parts, parts_columns, merges: what is stored.
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

#define AS_PAIR(name, type)        #name, type,
#define AS_DATABASE(name, type)    DATABASE_##name,
#define AS_TABLE(name, type)       TABLE_##name,
#define AS_COLUMN(name, type)      COLUMN_##name,
#define AS_PART(name, type)        PART_##name,
#define AS_PART_COLUMN(name, type) PART_COLUMN_##name,

static const char *const default_kinds[] = {"", "DEFAULT", "MATERIALIZED", "ALIAS", "EPHEMERAL"};

/* ---- databases, tables, columns */

#define DATABASE_COLUMNS(COLUMN)                                                                                       \
    COLUMN(name, "String")                                                                                             \
    COLUMN(engine, "String")                                                                                           \
    COLUMN(data_path, "String")                                                                                        \
    COLUMN(uuid, "UUID")                                                                                               \
    COLUMN(comment, "String")                                                                                          \
    COLUMN(metadata_path, "String")                                                                                    \
    COLUMN(engine_full, "String")                                                                                      \
    COLUMN(is_external, "UInt8")

enum { DATABASE_COLUMNS(AS_DATABASE) };
static const char *const database_columns[] = {DATABASE_COLUMNS(AS_PAIR) NULL};
static const char *const database_aliases[] = {"database", "name", NULL};

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
        text(rows, DATABASE_name, names[k]);
        text(rows, DATABASE_engine, "Atomic");
        text(rows, DATABASE_engine_full, "Atomic");
        text(rows, DATABASE_data_path, system_server()->config.data_dir);
        OR_DONE(source_row_end(rows, &stop));
    }
    static const char *const schemas[] = {"INFORMATION_SCHEMA", "information_schema"}; /* views (builtin_views.c) */
    for (uint32_t k = 0; k < 2 && !stop; k++) {
        text(rows, DATABASE_name, schemas[k]);
        text(rows, DATABASE_engine, "Memory");
        text(rows, DATABASE_engine_full, "Memory");
        text(rows, DATABASE_data_path, "");
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

#define TABLE_COLUMNS(COLUMN)                                                                                          \
    COLUMN(database, "String")                                                                                         \
    COLUMN(name, "String")                                                                                             \
    COLUMN(uuid, "UUID")                                                                                               \
    COLUMN(engine, "String")                                                                                           \
    COLUMN(is_temporary, "UInt8")                                                                                      \
    COLUMN(data_paths, "Array(String)")                                                                                \
    COLUMN(metadata_modification_time, "DateTime")                                                                     \
    COLUMN(create_table_query, "String")                                                                               \
    COLUMN(engine_full, "String")                                                                                      \
    COLUMN(partition_key, "String")                                                                                    \
    COLUMN(sorting_key, "String")                                                                                      \
    COLUMN(primary_key, "String")                                                                                      \
    COLUMN(sampling_key, "String")                                                                                     \
    COLUMN(total_rows, "Nullable(UInt64)")                                                                             \
    COLUMN(total_bytes, "Nullable(UInt64)")                                                                            \
    COLUMN(head_rows, "UInt64")                                                                                        \
    COLUMN(head_bytes, "UInt64")                                                                                       \
    COLUMN(segments, "UInt64")                                                                                         \
    COLUMN(schema_version, "UInt32")                                                                                   \
    COLUMN(comment, "String")                                                                                          \
    COLUMN(has_own_data, "UInt8")                                                                                      \
    COLUMN(as_select, "String")                                                                                        \
    COLUMN(dependencies_database, "Array(String)")                                                                     \
    COLUMN(dependencies_table, "Array(String)")                                                                        \
    COLUMN(stopped, "String")                                                                                          \
    COLUMN(metadata_path, "String")                                                                                    \
    COLUMN(metadata_version, "Int32")                                                                                  \
    COLUMN(unique_key, "String")                                                                                       \
    COLUMN(skipping_indices_types, "Array(String)")                                                                    \
    COLUMN(storage_policy, "String")                                                                                   \
    COLUMN(total_bytes_uncompressed, "Nullable(UInt64)")                                                               \
    COLUMN(parts, "Nullable(UInt64)")                                                                                  \
    COLUMN(active_parts, "Nullable(UInt64)")                                                                           \
    COLUMN(total_marks, "Nullable(UInt64)")                                                                            \
    COLUMN(active_on_fly_data_mutations, "UInt64")                                                                     \
    COLUMN(active_on_fly_alter_mutations, "UInt64")                                                                    \
    COLUMN(active_on_fly_metadata_mutations, "UInt64")                                                                 \
    COLUMN(lifetime_rows, "Nullable(UInt64)")                                                                          \
    COLUMN(lifetime_bytes, "Nullable(UInt64)")                                                                         \
    COLUMN(loading_dependencies_database, "Array(String)")                                                             \
    COLUMN(loading_dependencies_table, "Array(String)")                                                                \
    COLUMN(loading_dependent_database, "Array(String)")                                                                \
    COLUMN(loading_dependent_table, "Array(String)")                                                                   \
    COLUMN(target_database, "String")                                                                                  \
    COLUMN(target_table, "String")                                                                                     \
    COLUMN(definer, "String")

enum { TABLE_COLUMNS(AS_TABLE) };
static const char *const table_columns[] = {TABLE_COLUMNS(AS_PAIR) NULL};
static const char *const table_aliases[] = {"table", "name", NULL};

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
    text(rows, TABLE_database, def->database);
    text(rows, TABLE_name, def->name);
    source_row_uuid(rows, TABLE_uuid, def->uuid);
    source_row_text(rows, TABLE_engine, engine_name(def->engine));
    source_row_element(rows, TABLE_data_paths, slice_text(system_server()->config.data_dir));
    source_row_uint(rows, TABLE_metadata_modification_time, (uint64_t)(def->created_at_us / 1000000));
    text(rows, TABLE_create_table_query, def->create_sql);
    source_row_text(rows, TABLE_engine_full, engine_full(arena, def));
    text(rows, TABLE_partition_key, def->partition_by);
    text(rows, TABLE_sorting_key, key);
    text(rows, TABLE_primary_key, def->primary_key[0] == 0 ? key : def->primary_key);
    source_row_uint(rows, TABLE_total_rows, numbers.rows);
    source_row_uint(rows, TABLE_total_bytes, numbers.segment_bytes);
    source_row_uint(rows, TABLE_head_rows, numbers.head_rows);
    source_row_uint(rows, TABLE_head_bytes, numbers.head_bytes);
    source_row_uint(rows, TABLE_segments, numbers.segments);
    source_row_uint(rows, TABLE_schema_version, def->schema_version);
    text(rows, TABLE_comment, def->comment);
    source_row_uint(rows, TABLE_has_own_data, 1);
    source_row_uint(rows, TABLE_metadata_version, def->schema_version);
    for (uint32_t k = 0; k < def->index_count; k++) {
        const char *type = def->indexes[k].type;
        source_row_element(rows, TABLE_skipping_indices_types, slice_of(type, strcspn(type, "(")));
    }
    text(rows, TABLE_storage_policy, "default");
    source_row_uint(rows, TABLE_parts, numbers.segments);
    source_row_uint(rows, TABLE_active_parts, numbers.segments);
}

/* Materialized views that read the table. */
static void dependencies(struct source_rows *rows, const struct table_def *def, struct view_feed *const *feeds,
                         uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        if (strcmp(feeds[i]->base_database, def->database) == 0 && strcmp(feeds[i]->base_table, def->name) == 0) {
            source_row_element(rows, TABLE_dependencies_database, slice_text(feeds[i]->database));
            source_row_element(rows, TABLE_dependencies_table, slice_text(feeds[i]->name));
        }
    }
}

static void object_row(struct source_rows *rows, struct arena *arena, const struct object_def *def)
{
    text(rows, TABLE_database, def->database);
    text(rows, TABLE_name, def->name);
    source_row_uuid(rows, TABLE_uuid, def->uuid);
    text(rows, TABLE_engine, object_engine(def));
    source_row_uint(rows, TABLE_metadata_modification_time, (uint64_t)(def->created_at_us / 1000000));
    struct slice definition = secrets_hide(arena, slice_text(def->definition));
    source_row_text(rows, TABLE_create_table_query, definition);
    const char *select = def->kind != OBJECT_DICTIONARY ? strstr(def->definition, "\nAS ") : NULL;
    source_row_text(rows, TABLE_as_select,
                    select == NULL ? slice_text("") : secrets_hide(arena, slice_text(select + 4)));
    source_row_null(rows, TABLE_total_rows);
    source_row_null(rows, TABLE_total_bytes);
    source_row_uint(rows, TABLE_schema_version, def->version);
    text(rows, TABLE_comment, def->comment);
    text(rows, TABLE_stopped, def->stopped);
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
    text(visit->rows, TABLE_database, maker->database);
    text(visit->rows, TABLE_name, maker->name);
    text(visit->rows, TABLE_engine, "SystemTable");
    source_row_null(visit->rows, TABLE_total_rows);
    source_row_null(visit->rows, TABLE_total_bytes);
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
    struct builtin_view_name view;
    for (uint32_t k = 0; !visit.stop && builtin_view_at(k, &view); k++) {
        text(visit.rows, TABLE_database, view.database);
        text(visit.rows, TABLE_name, view.name);
        text(visit.rows, TABLE_engine, "View");
        OR_DONE(source_row_end(visit.rows, &visit.stop));
    }
    err = source_rows_end(visit.rows);
done:
    return err;
}

#define COLUMN_COLUMNS(COLUMN)                                                                                         \
    COLUMN(database, "String")                                                                                         \
    COLUMN(table, "String")                                                                                            \
    COLUMN(name, "String")                                                                                             \
    COLUMN(type, "String")                                                                                             \
    COLUMN(position, "UInt64")                                                                                         \
    COLUMN(default_kind, "String")                                                                                     \
    COLUMN(default_expression, "String")                                                                               \
    COLUMN(data_compressed_bytes, "UInt64")                                                                            \
    COLUMN(data_uncompressed_bytes, "UInt64")                                                                          \
    COLUMN(marks_bytes, "UInt64")                                                                                      \
    COLUMN(comment, "String")                                                                                          \
    COLUMN(is_in_partition_key, "UInt8")                                                                               \
    COLUMN(is_in_sorting_key, "UInt8")                                                                                 \
    COLUMN(is_in_primary_key, "UInt8")                                                                                 \
    COLUMN(is_in_sampling_key, "UInt8")                                                                                \
    COLUMN(compression_codec, "String")                                                                                \
    COLUMN(character_octet_length, "Nullable(UInt64)")                                                                 \
    COLUMN(numeric_precision, "Nullable(UInt64)")                                                                      \
    COLUMN(numeric_precision_radix, "Nullable(UInt64)")                                                                \
    COLUMN(numeric_scale, "Nullable(UInt64)")                                                                          \
    COLUMN(datetime_precision, "Nullable(UInt64)")                                                                     \
    COLUMN(serialization_hint, "Nullable(String)")                                                                     \
    COLUMN(statistics, "String")

enum { COLUMN_COLUMNS(AS_COLUMN) };
static const char *const column_columns[] = {COLUMN_COLUMNS(AS_PAIR) NULL};
static const char *const column_aliases[] = {"column", "name", NULL};

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
    for (uint32_t k = COLUMN_character_octet_length; k <= COLUMN_datetime_precision; k++) {
        source_row_null(rows, k);
    }
    if (type->kind == TYPE_FIXED_STRING) {
        source_row_uint(rows, COLUMN_character_octet_length, type->width);
    } else if (type->kind == TYPE_DATETIME || type->kind == TYPE_DATETIME64) {
        source_row_uint(rows, COLUMN_datetime_precision, type->kind == TYPE_DATETIME ? 0 : type->scale);
    } else if (type->kind == TYPE_DECIMAL) {
        digits = type->precision;
        scale = type->scale;
        radix = 10;
    } else if (is_float || type_is_integer(type)) {
        digits = type->width * 8;
    }
    if (digits > 0) {
        source_row_uint(rows, COLUMN_numeric_precision, digits);
        source_row_uint(rows, COLUMN_numeric_precision_radix, radix);
    }
    if (digits > 0 && !is_float) {
        source_row_uint(rows, COLUMN_numeric_scale, scale);
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
        text(visit->rows, COLUMN_database, maker->database);
        text(visit->rows, COLUMN_table, maker->name);
        source_row_text(visit->rows, COLUMN_name, source->columns[k].name);
        source_row_text(visit->rows, COLUMN_type, type_name(visit->arena, source->columns[k].type));
        source_row_uint(visit->rows, COLUMN_position, k + 1);
        if (k + source->hidden_count >= source->column_count) {
            const struct source_alias *alias = &source->aliases[k + source->hidden_count - source->column_count];
            text(visit->rows, COLUMN_default_kind, "ALIAS");
            source_row_text(visit->rows, COLUMN_default_expression, source->columns[alias->of].name);
        }
        put_precision(visit->rows, source->columns[k].type);
        visit->err = source_row_end(visit->rows, &visit->stop);
    }
}

/* Of what has its columns in its definition. */
static struct err *listed_columns(struct source_rows *rows, struct arena *arena, enum object_kind kind,
                                  const char *database, const char *name, struct slice definition, bool *stop)
{
    struct err *err = NULL;
    struct ast_column *listed = NULL;
    uint32_t count = 0;
    OR_DONE(define_object_columns(arena, kind, definition, &listed, &count));
    for (uint32_t k = 0; k < count && !*stop; k++) {
        const struct type *type = NULL;
        OR_DONE(type_parse(arena, listed[k].type, &type));
        text(rows, COLUMN_database, database);
        text(rows, COLUMN_table, name);
        source_row_text(rows, COLUMN_name, listed[k].name);
        source_row_text(rows, COLUMN_type, listed[k].type);
        source_row_uint(rows, COLUMN_position, k + 1);
        source_row_text(rows, COLUMN_comment, listed[k].comment);
        put_precision(rows, type);
        OR_DONE(source_row_end(rows, stop));
    }
done:
    return err;
}

static struct err *columns(struct table_source *source, struct arena *arena, const struct source_request *request,
                           struct source_output *output)
{
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
            text(rows, COLUMN_database, def->database);
            text(rows, COLUMN_table, def->name);
            text(rows, COLUMN_name, column->name);
            source_row_text(rows, COLUMN_type, type_name(arena, column->type));
            source_row_uint(rows, COLUMN_position, k + 1);
            text(rows, COLUMN_default_kind, default_kinds[column->default_kind]);
            text(rows, COLUMN_default_expression, column->default_text);
            if (wants(request, COLUMN_data_compressed_bytes)) {
                source_row_uint(rows, COLUMN_data_compressed_bytes, column_bytes_on_disk(list[t], column->id));
            }
            text(rows, COLUMN_comment, column->comment);
            source_row_uint(rows, COLUMN_is_in_partition_key, is_word_in(def->partition_by, column->name));
            source_row_uint(rows, COLUMN_is_in_sorting_key, key != NULL && is_word_in(key, column->name));
            source_row_uint(rows, COLUMN_is_in_primary_key, key != NULL && is_word_in(key, column->name));
            if (column->codec[0] != 0) {
                text(rows, COLUMN_compression_codec, arena_format(arena, "CODEC(%s)", column->codec));
            }
            put_precision(rows, column->type);
            OR_DONE(source_row_end(rows, &stop));
        }
    }
    struct object_def **objects;
    OR_DONE(catalogue_objects(system_server()->store->catalogue, arena, &objects, &count));
    for (uint32_t k = 0; k < count && !stop; k++) {
        if (objects[k]->kind != OBJECT_ALERT) {
            OR_DONE(listed_columns(rows, arena, objects[k]->kind, objects[k]->database, objects[k]->name,
                                   slice_text(objects[k]->definition), &stop));
        }
    }
    struct builtin_view_name view;
    for (uint32_t k = 0; !stop && builtin_view_at(k, &view); k++) {
        struct slice definition;
        OR_DONE(builtin_view(arena, slice_text(view.database), slice_text(view.name), &definition));
        OR_DONE(listed_columns(rows, arena, OBJECT_VIEW, view.database, view.name, definition, &stop));
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

/* Of parts and of parts_columns. */
#define PART_SHARED_COLUMNS(COLUMN)                                                                                    \
    COLUMN(database, "String")                                                                                         \
    COLUMN(table, "String")                                                                                            \
    COLUMN(partition, "String")                                                                                        \
    COLUMN(partition_id, "String")                                                                                     \
    COLUMN(name, "String")                                                                                             \
    COLUMN(uuid, "UUID")                                                                                               \
    COLUMN(part_type, "String")                                                                                        \
    COLUMN(active, "UInt8")                                                                                            \
    COLUMN(rows, "UInt64")                                                                                             \
    COLUMN(marks, "UInt64")                                                                                            \
    COLUMN(bytes_on_disk, "UInt64")                                                                                    \
    COLUMN(data_compressed_bytes, "UInt64")                                                                            \
    COLUMN(data_uncompressed_bytes, "UInt64")                                                                          \
    COLUMN(level, "UInt32")                                                                                            \
    COLUMN(modification_time, "DateTime")                                                                              \
    COLUMN(remove_time, "DateTime")                                                                                    \
    COLUMN(min_date, "Date")                                                                                           \
    COLUMN(max_date, "Date")                                                                                           \
    COLUMN(min_time, "DateTime")                                                                                       \
    COLUMN(max_time, "DateTime")                                                                                       \
    COLUMN(engine, "String")                                                                                           \
    COLUMN(path, "String")                                                                                             \
    COLUMN(disk_name, "String")                                                                                        \
    COLUMN(refcount, "UInt32")                                                                                         \
    COLUMN(min_block_number, "Int64")                                                                                  \
    COLUMN(max_block_number, "Int64")                                                                                  \
    COLUMN(data_version, "UInt64")

#define PART_COLUMNS(COLUMN)                                                                                           \
    COLUMN(has_lightweight_delete, "UInt8")                                                                            \
    COLUMN(default_compression_codec, "String")                                                                        \
    COLUMN(part_storage_type, "String")                                                                                \
    COLUMN(files, "UInt64")                                                                                            \
    COLUMN(is_frozen, "UInt8")                                                                                         \
    COLUMN(hash_of_all_files, "String")                                                                                \
    COLUMN(delete_ttl_info_min, "DateTime")                                                                            \
    COLUMN(delete_ttl_info_max, "DateTime")                                                                            \
    COLUMN(projections, "Array(String)")                                                                               \
    COLUMN(visible, "UInt8")                                                                                           \
    COLUMN(removal_state, "String")

#define PART_COLUMN_COLUMNS(COLUMN)                                                                                    \
    COLUMN(column, "String")                                                                                           \
    COLUMN(type, "String")                                                                                             \
    COLUMN(column_position, "UInt64")                                                                                  \
    COLUMN(default_kind, "String")                                                                                     \
    COLUMN(default_expression, "String")                                                                               \
    COLUMN(column_bytes_on_disk, "UInt64")                                                                             \
    COLUMN(column_data_compressed_bytes, "UInt64")                                                                     \
    COLUMN(column_data_uncompressed_bytes, "UInt64")                                                                   \
    COLUMN(column_modification_time, "Nullable(DateTime)")

enum { PART_SHARED_COLUMNS(AS_PART) PART_COLUMNS(AS_PART) };
enum { PART_COLUMN_BEFORE = PART_data_version, PART_COLUMN_COLUMNS(AS_PART_COLUMN) };
static const char *const part_columns[] = {PART_SHARED_COLUMNS(AS_PAIR) PART_COLUMNS(AS_PAIR) NULL};
static const char *const part_column_columns[] = {PART_SHARED_COLUMNS(AS_PAIR) PART_COLUMN_COLUMNS(AS_PAIR) NULL};
static const char *const part_aliases[] = {"bytes", "bytes_on_disk", "part_name", "name", NULL};

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

/* What DateTime and Date can tell of a time. */
static uint64_t second_of(int64_t us)
{
    return us < 0 ? 0 : us / 1000000 > UINT32_MAX ? UINT32_MAX : (uint64_t)(us / 1000000);
}

static uint64_t day_of(int64_t us)
{
    uint64_t day = second_of(us) / 86400;
    return day > UINT16_MAX ? UINT16_MAX : day;
}

static void part_shared_row(struct source_rows *rows, struct arena *arena, const struct table_def *def,
                            const struct ledger_segment *segment)
{
    bool has_time = segment->time_min_us <= segment->time_max_us;
    struct slice partition = segment->partition.length == 0 ? slice_text("tuple()") : segment->partition;
    text(rows, PART_database, def->database);
    text(rows, PART_table, def->name);
    source_row_text(rows, PART_partition, partition);
    source_row_text(rows, PART_partition_id, segment->partition.length == 0 ? slice_text("all") : segment->partition);
    text(rows, PART_name,
         arena_format(arena, "%.*s_%llu_%llu_%u", SLICE_ARG(segment->partition), (unsigned long long)segment->pack,
                      (unsigned long long)segment->offset, segment->level));
    text(rows, PART_part_type, "Compact");
    source_row_uint(rows, PART_active, 1);
    source_row_uint(rows, PART_rows, segment->row_count);
    source_row_uint(rows, PART_bytes_on_disk, segment->length);
    source_row_uint(rows, PART_data_compressed_bytes, segment->length);
    source_row_uint(rows, PART_marks, (segment->row_count + CHUNK_ROWS_MAX - 1) / CHUNK_ROWS_MAX);
    source_row_uint(rows, PART_level, segment->level);
    source_row_uint(rows, PART_modification_time, (uint64_t)(segment->committed_at_us / 1000000));
    source_row_uint(rows, PART_min_time, has_time ? second_of(segment->time_min_us) : 0);
    source_row_uint(rows, PART_max_time, has_time ? second_of(segment->time_max_us) : 0);
    source_row_text(rows, PART_engine, engine_name(def->engine));
    text(rows, PART_path, arena_format(arena, "packs/%08llu.pack", (unsigned long long)segment->pack));
    text(rows, PART_disk_name, "default");
    source_row_uint(rows, PART_refcount, 1);
    source_row_uint(rows, PART_min_block_number,
                    segment->commit); /* which commit brought it: they are numbered as blocks are */
    source_row_uint(rows, PART_max_block_number, segment->commit);
    source_row_uint(rows, PART_min_date, has_time ? day_of(segment->time_min_us) : 0);
    source_row_uint(rows, PART_max_date, has_time ? day_of(segment->time_max_us) : 0);
    source_row_uint(rows, PART_data_version, segment->commit);
}

static void part_row(struct source_rows *rows, struct arena *arena, const struct table_def *def,
                     const struct ledger_segment *segment)
{
    part_shared_row(rows, arena, def, segment);
    source_row_uint(rows, PART_has_lightweight_delete, segment->deleted.row_count > 0);
    source_row_text(rows, PART_default_compression_codec,
                    segment->codec.length == 0 ? slice_text("Default") : segment->codec);
    text(rows, PART_part_storage_type, "Packed");
    source_row_uint(rows, PART_files, 1);
    text(rows, PART_hash_of_all_files, arena_format(arena, "%016llx", (unsigned long long)segment->footer_hash));
    source_row_uint(rows, PART_visible, 1);
    text(rows, PART_removal_state, "Cleanup thread hasn't seen this part yet");
    if (segment->expires_at_us != INT64_MAX) {
        source_row_uint(rows, PART_delete_ttl_info_max, second_of(segment->expires_at_us));
    }
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

/* The columns that a segment has of those that its table has now. */
static struct err *part_column_rows(struct source_rows *rows, struct arena *arena, const struct table_def *def,
                                    const struct ledger_segment *at, struct segment *segment, bool *stop)
{
    struct err *err = NULL;
    for (uint32_t k = 0; k < def->column_count && !*stop; k++) {
        const struct column_def *column = table_def_column(def, k);
        int32_t place = segment_column_find(segment, column->id);
        if (place < 0) {
            continue; /* added later */
        }
        uint64_t bytes = segment_column_size(segment, (uint32_t)place).bytes;
        part_shared_row(rows, arena, def, at);
        text(rows, PART_COLUMN_column, column->name);
        source_row_text(rows, PART_COLUMN_type, type_name(arena, column->type));
        source_row_uint(rows, PART_COLUMN_column_position, k + 1);
        text(rows, PART_COLUMN_default_kind, default_kinds[column->default_kind]);
        text(rows, PART_COLUMN_default_expression, column->default_text);
        source_row_uint(rows, PART_COLUMN_column_bytes_on_disk, bytes);
        source_row_uint(rows, PART_COLUMN_column_data_compressed_bytes, bytes);
        source_row_uint(rows, PART_COLUMN_column_modification_time, second_of(at->committed_at_us));
        OR_DONE(source_row_end(rows, stop));
    }
done:
    return err;
}

static struct err *parts_columns(struct table_source *source, struct arena *arena, const struct source_request *request,
                                 struct source_output *output)
{
    struct err *err = NULL;
    struct source_rows *rows = NULL;
    struct snapshot *snapshot = NULL;
    struct segment *segment = NULL;
    struct table **list;
    struct table_def **defs;
    uint32_t count;
    bool stop = false;
    OR_DONE(source_rows_begin(source, arena, request, output, &rows));
    OR_DONE(catalogue_tables(system_server()->store->catalogue, arena, NULL, &list, &defs, &count));
    for (uint32_t t = 0; t < count && !stop; t++) {
        OR_DONE(snapshot_take(list[t], &snapshot));
        for (uint32_t k = 0; k < snapshot_segment_count(snapshot) && !stop; k++) {
            struct err *damaged = snapshot_segment_open(snapshot, k, &segment);
            if (damaged == NULL) {
                OR_DONE(part_column_rows(rows, arena, defs[t], snapshot_segment(snapshot, k), segment, &stop));
            }
            err_free(damaged); /* system.quarantined_segments tells of it */
            segment_unref(segment);
            segment = NULL;
        }
        snapshot_unref(snapshot);
        snapshot = NULL;
    }
    err = source_rows_end(rows);
done:
    segment_unref(segment);
    snapshot_unref(snapshot);
    return err;
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
        {.name = "databases", .columns = database_columns, .aliases = database_aliases, .generate = databases},
        {.name = "tables", .columns = table_columns, .aliases = table_aliases, .generate = tables},
        {.name = "columns", .columns = column_columns, .aliases = column_aliases, .generate = columns},
        {.name = "segments", .columns = segment_columns, .generate = segments},
        {.name = "parts", .columns = part_columns, .aliases = part_aliases, .generate = parts},
        {.name = "parts_columns", .columns = part_column_columns, .aliases = part_aliases, .generate = parts_columns},
        {.name = "merges", .columns = merge_columns, .generate = merges},
    };
    for (size_t k = 0; k < sizeof(list) / sizeof(list[0]); k++) {
        system_table_register(&list[k]);
    }
}
