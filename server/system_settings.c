/*
 * system_settings.c: system.settings, as they are for the query that asks; system.merge_tree_settings, those of tables;
 * system.server_settings, the configuration.
 */
#include "server/access.h"
#include "server/query_asks.h"
#include "server/system_tables.h"
#include "sql/define.h"

#include <string.h>

#define TIERS "Enum8('Production' = 0, 'Obsolete' = 4, 'Experimental' = 8, 'Beta' = 12, 'PrivatePreview' = 16)"

static void put(struct source_rows *rows, uint32_t column, const char *value)
{
    source_row_text(rows, column, slice_text(value));
}

static void put_or_null(struct source_rows *rows, uint32_t column, struct slice value)
{
    if (value.data == NULL) {
        source_row_null(rows, column);
    } else {
        source_row_text(rows, column, value);
    }
}

/* ---- settings */

#define SETTING_COLUMNS(COLUMN)                                                                                        \
    COLUMN(name, "String")                                                                                             \
    COLUMN(value, "String")                                                                                            \
    COLUMN(changed, "UInt8")                                                                                           \
    COLUMN(description, "String")                                                                                      \
    COLUMN(min, "Nullable(String)")                                                                                    \
    COLUMN(max, "Nullable(String)")                                                                                    \
    COLUMN(disallowed_values, "Array(String)")                                                                         \
    COLUMN(readonly, "UInt8")                                                                                          \
    COLUMN(type, "String")                                                                                             \
    COLUMN(default, "String")                                                                                          \
    COLUMN(alias_for, "String")                                                                                        \
    COLUMN(is_obsolete, "UInt8")                                                                                       \
    COLUMN(tier, TIERS)

#define AS_NUMBER(name, type) SETTING_##name,
#define AS_PAIR(name, type)   #name, type,
enum { SETTING_COLUMNS(AS_NUMBER) SETTING_COLUMN_COUNT };
static const char *const setting_columns[] = {SETTING_COLUMNS(AS_PAIR) NULL};
#undef AS_NUMBER

static void setting_row(struct source_rows *rows, const struct execution *execution, uint32_t index,
                        const struct setting_description *setting, struct buffer *value)
{
    struct access_setting ruled = {0};
    value->length = 0;
    if (execution != NULL) {
        execution_print_setting(execution, index, setting, value);
        access_setting_find(execution->access, slice_text(setting->name), &ruled);
        ruled.readonly = ruled.readonly || execution->settings.readonly == 1 ||
                         (execution->settings.readonly == 2 && strcmp(setting->name, "readonly") == 0);
    } else {
        buffer_text(value, setting->fallback);
    }
    struct slice shown = value->length == 0 ? slice_text("") : buffer_all(value);
    put(rows, SETTING_name, setting->name);
    source_row_text(rows, SETTING_value, shown);
    source_row_uint(rows, SETTING_changed, !slice_equal(shown, slice_text(setting->fallback)));
    put(rows, SETTING_description, setting->description);
    put_or_null(rows, SETTING_min, ruled.min);
    put_or_null(rows, SETTING_max, ruled.max);
    source_row_uint(rows, SETTING_readonly, ruled.readonly);
    put(rows, SETTING_type, setting->type);
    put(rows, SETTING_default, setting->fallback);
}

static struct err *settings(struct table_source *source, struct arena *arena, const struct source_request *request,
                            struct source_output *output)
{
    struct err *err = NULL;
    struct source_rows *rows = NULL;
    struct setting_description setting;
    struct buffer value = {0};
    bool stop = false;
    OR_DONE(source_rows_begin(source, arena, request, output, &rows));
    for (uint32_t k = 0; settings_describe(k, &setting) && !stop; k++) {
        setting_row(rows, execution_of_context(source->data), k, &setting, &value);
        OR_DONE(source_row_end(rows, &stop));
    }
    err = value.failed ? err_oom() : source_rows_end(rows);
done:
    buffer_deinit(&value);
    return err;
}

/* ---- merge_tree_settings: what CREATE TABLE … SETTINGS takes */

#define TABLE_COLUMNS(COLUMN)                                                                                          \
    COLUMN(name, "String")                                                                                             \
    COLUMN(description, "String")                                                                                      \
    COLUMN(readonly, "UInt8")                                                                                          \
    COLUMN(is_obsolete, "UInt8")                                                                                       \
    COLUMN(tier, TIERS)

#define AS_NUMBER(name, type) TABLE_##name,
enum { TABLE_COLUMNS(AS_NUMBER) TABLE_COLUMN_COUNT };
static const char *const table_columns[] = {TABLE_COLUMNS(AS_PAIR) NULL};
#undef AS_NUMBER

static const char *table_setting_meaning(const char *name)
{
    static const struct {
        const char *name, *meaning;
    } known[] = {
        {"merge_with_ttl_timeout", "seconds between two looks at what expired in a segment"},
        {"ttl_only_drop_parts", "rows leave with their whole segment alone"},
        {"retention_bytes", "bytes of the table above which its oldest segments are dropped"},
        {"allow_dimensions_outside_sorting_key", "SummingMergeTree and the like take columns outside of the key"},
    };
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        if (strcmp(known[i].name, name) == 0) {
            return known[i].meaning;
        }
    }
    return "accepted; changes nothing";
}

static struct err *table_settings(struct table_source *source, struct arena *arena,
                                  const struct source_request *request, struct source_output *output)
{
    struct err *err = NULL;
    struct source_rows *rows = NULL;
    bool stop = false;
    OR_DONE(source_rows_begin(source, arena, request, output, &rows));
    for (const char *const *name = define_table_settings(); *name != NULL && !stop; name++) {
        put(rows, TABLE_name, *name);
        put(rows, TABLE_description, table_setting_meaning(*name));
        OR_DONE(source_row_end(rows, &stop));
    }
    err = source_rows_end(rows);
done:
    return err;
}

/* ---- server_settings: the configuration */

#define SERVER_COLUMNS(COLUMN)                                                                                         \
    COLUMN(name, "String")                                                                                             \
    COLUMN(value, "String")                                                                                            \
    COLUMN(default, "String")                                                                                          \
    COLUMN(changed, "UInt8")                                                                                           \
    COLUMN(description, "String")                                                                                      \
    COLUMN(type, "String")                                                                                             \
    COLUMN(changeable_without_restart, "Enum8('No' = 0, 'IncreaseOnly' = 1, 'DecreaseOnly' = 2, 'Yes' = 3)")           \
    COLUMN(is_obsolete, "UInt8")

#define AS_NUMBER(name, type) SERVER_##name,
enum { SERVER_COLUMNS(AS_NUMBER) SERVER_COLUMN_COUNT };
static const char *const server_columns[] = {SERVER_COLUMNS(AS_PAIR) NULL};
#undef AS_NUMBER
#undef AS_PAIR

static struct err *server_settings(struct table_source *source, struct arena *arena,
                                   const struct source_request *request, struct source_output *output)
{
    struct err *err = NULL;
    struct source_rows *rows = NULL;
    struct config_key key;
    struct buffer value = {0};
    bool stop = false;
    OR_DONE(source_rows_begin(source, arena, request, output, &rows));
    for (uint32_t k = 0; !stop && config_describe(&system_server()->config, k, &key, &value); k++) {
        struct slice shown = value.length == 0 ? slice_text("") : buffer_all(&value);
        put(rows, SERVER_name, key.name);
        source_row_text(rows, SERVER_value, shown);
        put(rows, SERVER_default, key.fallback);
        source_row_uint(rows, SERVER_changed, !slice_equal(shown, slice_text(key.fallback)));
        put(rows, SERVER_description, key.meaning);
        put(rows, SERVER_type, key.type);
        OR_DONE(source_row_end(rows, &stop));
        value.length = 0;
    }
    err = value.failed ? err_oom() : source_rows_end(rows);
done:
    buffer_deinit(&value);
    return err;
}

void system_settings_register(void)
{
    static struct system_table list[] = {
        {.name = "settings", .columns = setting_columns, .generate = settings},
        {.name = "merge_tree_settings", .columns = table_columns, .generate = table_settings},
        {.name = "server_settings", .columns = server_columns, .generate = server_settings},
    };
    for (size_t k = 0; k < sizeof(list) / sizeof(list[0]); k++) {
        system_table_register(&list[k]);
    }
}
