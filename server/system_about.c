/*
 * system_about.c: what SQL has here, as tables: system.formats, table_engines, database_engines, table_functions,
 * data_type_families, aggregate_function_combinators, keywords, time_zones; and where data lie: disks,
 * storage_policies.
 */
#include "server/system_tables.h"

#include "base/io.h"
#include "format/infer.h"
#include "format/reader.h"
#include "format/writer.h"
#include "query/aggregate.h"
#include "sql/parser.h"
#include "storage/combining.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/statvfs.h>

#define GENERATE_ARGUMENTS                                                                                             \
    struct table_source *source, struct arena *arena, const struct source_request *request, struct source_output *output

static void put(struct source_rows *rows, uint32_t column, const char *value)
{
    source_row_text(rows, column, slice_text(value));
}

/* ---- formats */

static const char *const format_columns[] = {
    "name",  "String", "is_input", "UInt8", "is_output", "UInt8", "content_type", "String", "has_schema_inference",
    "UInt8", NULL};

static bool is_read(const char *name)
{
    const char *names[2];
    for (uint32_t k = 0; reader_describe(k, &names[0], &names[1]); k++) {
        if (strcmp(names[0], name) == 0 || strcmp(names[1], name) == 0) {
            return true;
        }
    }
    return false;
}

static bool is_written(const char *name)
{
    const char *names[2];
    for (uint32_t k = 0; writer_describe(k, &names[0], &names[1]); k++) {
        if (strcmp(names[0], name) == 0 || strcmp(names[1], name) == 0) {
            return true;
        }
    }
    return false;
}

static struct err *put_format(struct source_rows *rows, const char *name, bool *stop)
{
    bool written = is_written(name);
    put(rows, 0, name);
    source_row_uint(rows, 1, is_read(name));
    source_row_uint(rows, 2, written);
    put(rows, 3, written ? writer_content_type(slice_text(name)) : "");
    source_row_uint(rows, 4, format_infers(slice_text(name)));
    return *stop ? NULL : source_row_end(rows, stop);
}

/* Each name once: two tables, in which a format may have two names. */
static struct err *formats(GENERATE_ARGUMENTS)
{
    struct err *err = NULL;
    struct source_rows *rows = NULL;
    const char *names[2];
    bool stop = false;
    OR_DONE(source_rows_begin(source, arena, request, output, &rows));
    for (uint32_t k = 0; writer_describe(k, &names[0], &names[1]); k++) {
        for (uint32_t n = 0; n < 2 && (n == 0 || strcmp(names[0], names[1]) != 0); n++) {
            OR_DONE(put_format(rows, names[n], &stop));
        }
    }
    for (uint32_t k = 0; reader_describe(k, &names[0], &names[1]); k++) {
        for (uint32_t n = 0; n < 2 && (n == 0 || strcmp(names[0], names[1]) != 0); n++) {
            OR_DONE(is_written(names[n]) ? NULL : put_format(rows, names[n], &stop));
        }
    }
    err = source_rows_end(rows);
done:
    return err;
}

/* ---- engines */

static const char *const engine_columns[] = {"name",
                                             "String",
                                             "supports_settings",
                                             "UInt8",
                                             "supports_skipping_indices",
                                             "UInt8",
                                             "supports_projections",
                                             "UInt8",
                                             "supports_sort_order",
                                             "UInt8",
                                             "supports_ttl",
                                             "UInt8",
                                             "supports_replication",
                                             "UInt8",
                                             "supports_deduplication",
                                             "UInt8",
                                             "supports_parallel_insert",
                                             "UInt8",
                                             NULL};

static struct err *put_engine(struct source_rows *rows, const char *name, bool *stop)
{
    static const uint8_t has[] = {1, 1, 0, 1, 1, 0, 1, 1}; /* in the order of the columns */
    put(rows, 0, name);
    for (uint32_t k = 0; k < sizeof(has); k++) {
        source_row_uint(rows, k + 1, has[k]);
    }
    return *stop ? NULL : source_row_end(rows, stop);
}

static struct err *table_engines(GENERATE_ARGUMENTS)
{
    struct err *err = NULL;
    struct source_rows *rows = NULL;
    bool stop = false;
    OR_DONE(source_rows_begin(source, arena, request, output, &rows));
    OR_DONE(put_engine(rows, "MergeTree", &stop));
    for (uint32_t k = 0; engine_combining(k) != NULL; k++) {
        OR_DONE(put_engine(rows, engine_combining(k), &stop));
    }
    err = source_rows_end(rows);
done:
    return err;
}

/* ---- lists of names */

static const char *const name_columns[] = {"name", "String", NULL};

static struct err *database_engines(GENERATE_ARGUMENTS)
{
    struct err *err = NULL;
    struct source_rows *rows = NULL;
    bool stop = false;
    OR_DONE(source_rows_begin(source, arena, request, output, &rows));
    put(rows, 0, "Atomic");
    OR_DONE(source_row_end(rows, &stop));
    err = source_rows_end(rows);
done:
    return err;
}

static const char *const function_columns[] = {"name",           "String", "description", "String",
                                               "allow_readonly", "UInt8",  NULL};

struct function_visit {
    struct source_rows *rows;
    struct err *err;
    bool stop;
};

static void put_function(void *user, const struct source_maker *maker)
{
    struct function_visit *visit = user;
    if (visit->err == NULL && !visit->stop && maker->database == NULL) {
        put(visit->rows, 0, maker->name);
        source_row_uint(visit->rows, 2, 1);
        visit->err = source_row_end(visit->rows, &visit->stop);
    }
}

static struct err *table_functions(GENERATE_ARGUMENTS)
{
    struct err *err = NULL;
    struct function_visit visit = {0};
    OR_DONE(source_rows_begin(source, arena, request, output, &visit.rows));
    static const char *const bound[] = {"merge", "cluster", "clusterAllReplicas", "remote", "remoteSecure", "view"};
    source_each(put_function, &visit);
    for (size_t k = 0; k < sizeof(bound) / sizeof(bound[0]); k++) { /* which the binder knows */
        const struct source_maker maker = {.name = bound[k]};
        put_function(&visit, &maker);
    }
    OR_DONE(visit.err);
    err = source_rows_end(visit.rows);
done:
    return err;
}

static const char *const family_columns[] = {"name", "String", "case_insensitive", "UInt8", "alias_to", "String", NULL};

static struct err *data_type_families(GENERATE_ARGUMENTS)
{
    struct err *err = NULL;
    struct source_rows *rows = NULL;
    const char *name, *alias_of;
    bool any_case, stop = false;
    OR_DONE(source_rows_begin(source, arena, request, output, &rows));
    for (uint32_t k = 0; !stop && type_family(k, &name, &any_case, &alias_of); k++) {
        put(rows, 0, name);
        source_row_uint(rows, 1, any_case);
        put(rows, 2, alias_of);
        OR_DONE(source_row_end(rows, &stop));
    }
    err = source_rows_end(rows);
done:
    return err;
}

static const char *const combinator_columns[] = {"name", "String", "is_internal", "UInt8", NULL};

static struct err *combinators(GENERATE_ARGUMENTS)
{
    struct err *err = NULL;
    struct source_rows *rows = NULL;
    bool stop = false;
    OR_DONE(source_rows_begin(source, arena, request, output, &rows));
    for (uint32_t k = 0; !stop && aggregate_combinator(k) != NULL; k++) {
        put(rows, 0, aggregate_combinator(k));
        OR_DONE(source_row_end(rows, &stop));
    }
    err = source_rows_end(rows);
done:
    return err;
}

static const char *const keyword_columns[] = {"keyword", "String", NULL};

static struct err *keywords(GENERATE_ARGUMENTS)
{
    struct err *err = NULL;
    struct source_rows *rows = NULL;
    bool stop = false;
    OR_DONE(source_rows_begin(source, arena, request, output, &rows));
    for (uint32_t k = 0; !stop && sql_keyword(k) != NULL; k++) {
        put(rows, 0, sql_keyword(k));
        OR_DONE(source_row_end(rows, &stop));
    }
    err = source_rows_end(rows);
done:
    return err;
}

/* ---- time zones: those that the system's index names; all others in its folder may be used, too */

#define ZONE_LINE_MAX 512

static const char *const zone_columns[] = {"time_zone", "String", NULL};

/* The second word of "L target name", of "Z name …". data NULL: the line says no zone. */
static struct slice zone_of(char *line)
{
    char *rest = NULL;
    const char *kind = strtok_r(line, " \t\r\n", &rest);
    const char *first = kind == NULL ? NULL : strtok_r(NULL, " \t\r\n", &rest);
    const char *second = first == NULL ? NULL : strtok_r(NULL, " \t\r\n", &rest);
    const char *name = kind == NULL ? NULL : strcmp(kind, "L") == 0 ? second : strcmp(kind, "Z") == 0 ? first : NULL;
    return name == NULL ? (struct slice){0} : slice_text(name);
}

static struct err *time_zones(GENERATE_ARGUMENTS)
{
    struct err *err = NULL;
    struct source_rows *rows = NULL;
    const char *folder = getenv("TZDIR");
    char line[ZONE_LINE_MAX];
    bool stop = false;
    char *path = arena_format(arena, "%s/tzdata.zi", folder == NULL ? "/usr/share/zoneinfo" : folder);
    FILE *file = path == NULL ? NULL : fopen(path, "re");
    OR_DONE(path == NULL ? arena_error(arena) : NULL);
    OR_DONE(source_rows_begin(source, arena, request, output, &rows));
    put(rows, 0, "UTC"); /* needs no file */
    OR_DONE(source_row_end(rows, &stop));
    while (file != NULL && !stop && fgets(line, sizeof(line), file) != NULL) {
        struct slice zone = zone_of(line);
        if (zone.length > 0 && !slice_equal(zone, slice_text("UTC"))) {
            source_row_text(rows, 0, zone);
            OR_DONE(source_row_end(rows, &stop));
        }
    }
    err = source_rows_end(rows);
done:
    if (file != NULL) {
        (void)fclose(file);
    }
    return err;
}

/* ---- disks: that of the data directory */

static const char *const disk_columns[] = {"name",
                                           "String",
                                           "path",
                                           "String",
                                           "free_space",
                                           "UInt64",
                                           "total_space",
                                           "UInt64",
                                           "unreserved_space",
                                           "UInt64",
                                           "keep_free_space",
                                           "UInt64",
                                           "type",
                                           "String",
                                           "is_encrypted",
                                           "UInt8",
                                           "is_read_only",
                                           "UInt8",
                                           "is_write_once",
                                           "UInt8",
                                           "is_remote",
                                           "UInt8",
                                           "is_broken",
                                           "UInt8",
                                           NULL};

static struct err *disks(GENERATE_ARGUMENTS)
{
    struct err *err = NULL;
    struct source_rows *rows = NULL;
    struct store *store = system_server()->store;
    struct err *closed = ledger_read_only(store->ledger);
    struct statvfs disk;
    uint64_t left = 0;
    bool stop = false;
    OR_DONE(io_free_bytes(store->io, &left));
    OR_DONE(source_rows_begin(source, arena, request, output, &rows));
    put(rows, 0, "default");
    put(rows, 1, store->data_dir);
    source_row_uint(rows, 2, left);
    source_row_uint(rows, 3, statvfs(store->data_dir, &disk) == 0 ? disk.f_frsize * disk.f_blocks : 0);
    source_row_uint(rows, 4, left);
    put(rows, 6, "Local");
    source_row_uint(rows, 8, closed != NULL);
    OR_DONE(source_row_end(rows, &stop));
    err = source_rows_end(rows);
done:
    err_free(closed);
    return err;
}

static const char *const policy_columns[] = {"policy_name",
                                             "String",
                                             "volume_name",
                                             "String",
                                             "volume_priority",
                                             "UInt64",
                                             "disks",
                                             "Array(String)",
                                             "volume_type",
                                             "Enum8('JBOD' = 0, 'SINGLE_DISK' = 1, 'UNKNOWN' = 2)",
                                             "max_data_part_size",
                                             "UInt64",
                                             "move_factor",
                                             "Float32",
                                             "prefer_not_to_merge",
                                             "UInt8",
                                             NULL};

static struct err *storage_policies(GENERATE_ARGUMENTS)
{
    struct err *err = NULL;
    struct source_rows *rows = NULL;
    bool stop = false;
    OR_DONE(source_rows_begin(source, arena, request, output, &rows));
    put(rows, 0, "default");
    put(rows, 1, "default");
    source_row_uint(rows, 2, 1);
    source_row_element(rows, 3, slice_text("default"));
    OR_DONE(source_row_end(rows, &stop));
    err = source_rows_end(rows);
done:
    return err;
}

void system_about_register(void)
{
    static struct system_table list[] = {
        {.name = "formats", .columns = format_columns, .generate = formats},
        {.name = "table_engines", .columns = engine_columns, .generate = table_engines},
        {.name = "database_engines", .columns = name_columns, .generate = database_engines},
        {.name = "table_functions", .columns = function_columns, .generate = table_functions},
        {.name = "data_type_families", .columns = family_columns, .generate = data_type_families},
        {.name = "aggregate_function_combinators", .columns = combinator_columns, .generate = combinators},
        {.name = "keywords", .columns = keyword_columns, .generate = keywords},
        {.name = "time_zones", .columns = zone_columns, .generate = time_zones},
        {.name = "disks", .columns = disk_columns, .generate = disks},
        {.name = "storage_policies", .columns = policy_columns, .generate = storage_policies},
    };
    for (size_t k = 0; k < sizeof(list) / sizeof(list[0]); k++) {
        system_table_register(&list[k]);
    }
}
