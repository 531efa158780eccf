/*
 * internal_table.c: see internal_table.h.
 */
#include "server/internal_table.h"

#include "storage/insert.h"

#include <string.h>

static struct err *check_columns(const struct internal_table_spec *spec, struct table *table)
{
    struct err *err = NULL;
    struct table_def *def = table_definition(table);
    uint32_t count = 0;
    bool same = def->internal;
    for (; spec->columns[count] != NULL; count += 2) {
        uint32_t k = count / 2;
        same = same && k < def->column_count && strcmp(def->columns[k].name, spec->columns[count]) == 0;
    }
    same = same && def->column_count == count / 2;
    if (!same) {
        err = err_new(
            ERR_INCOMPATIBLE_COLUMNS,
            "system.%s has other columns than this version writes: the data directory was used by another version",
            spec->name);
    }
    table_def_unref(def);
    return err;
}

struct err *internal_table_open(struct server *server, const struct internal_table_spec *spec, struct table **out)
{
    struct err *err = NULL;
    struct arena *arena = arena_create(NULL);
    struct column_def *columns = NULL;
    struct table *table = NULL;
    uint32_t count = 0;
    bool created;

    *out = NULL;
    if (arena == NULL) {
        return err_oom();
    }
    while (spec->columns[2 * (size_t)count] != NULL) {
        count++;
    }
    columns = arena_zalloc(arena, count * sizeof(*columns));
    if (columns == NULL) {
        err = arena_error(arena);
        goto done;
    }
    for (uint32_t i = 0; i < count; i++) {
        columns[i].name = spec->columns[2 * (size_t)i];
        columns[i].default_text = columns[i].codec = columns[i].comment = "";
        OR_DONE(type_parse(arena, slice_text(spec->columns[2 * (size_t)i + 1]), &columns[i].type));
    }
    const char *const order_by[] = {columns[0].name};
    struct table_def def = {
        .database = "system",
        .name = spec->name,
        .engine = "MergeTree",
        .columns = columns,
        .column_count = count,
        .order_by = order_by,
        .order_by_count = 1,
        .primary_key = "",
        .partition_by = arena_format(arena, "toYYYYMMDD(%s)", columns[0].name),
        .ttl = arena_format(arena, "%s + toIntervalDay(%u)", columns[0].name, spec->days),
        .watermark = "",
        .watermark_column = "",
        .settings = arena_format(arena, "retention_bytes = %llu", (unsigned long long)spec->bytes_max),
        .comment = spec->comment,
        .create_sql = "",
        .internal = true,
    };
    if (def.partition_by == NULL || def.ttl == NULL || def.settings == NULL) {
        err = arena_error(arena);
        goto done;
    }
    OR_DONE(catalogue_create_table(server->store->catalogue, &def, true, &table, &created));
    OR_DONE(check_columns(spec, table));
    *out = table;
    table = NULL;
done:
    table_unref(table);
    arena_destroy(arena);
    return err_while(err, "opening system.%s", spec->name);
}

struct err *internal_table_append_once(struct table *table, struct slice token,
                                       struct err *(*fill)(void *user, struct builder *builder), void *user)
{
    struct err *err = NULL;
    struct insert *insert = NULL;
    struct insert_result result;
    const struct insert_options options = {.token = token};

    OR_DONE(insert_begin(table, &options, &insert));
    OR_DONE(fill(user, insert_builder(insert)));
    struct insert *whole = insert;
    insert = NULL;
    err = insert_finish(whole, &result);
done:
    insert_abort(insert);
    return err;
}

struct err *internal_table_append(struct table *table, struct err *(*fill)(void *user, struct builder *builder),
                                  void *user)
{
    return internal_table_append_once(table, slice_text(""), fill, user);
}
