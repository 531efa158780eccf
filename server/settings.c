/*
 * settings.c: the table of settings.
 */
#include "server/settings.h"

#include "base/number.h"
#include "sql/bind.h"

#include <inttypes.h>
#include <pthread.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

enum setting_kind {
    SETTING_U64,
    SETTING_SECONDS,
    SETTING_BOOL,
    SETTING_TEXT,
    SETTING_ZONE,
    SETTING_PACKING,
    SETTING_BUCKETS,
    SETTING_LONG,
    SETTING_FILTERS
};

static const struct setting {
    const char *name;
    enum setting_kind kind;
    size_t offset;
    const char *fallback;
    const char *description;
} known[] = {
#define KNOWN(name, kind, field, fallback, description)                                                                \
    {                                                                                                                  \
        name, SETTING_##kind, offsetof(struct settings, field), fallback, description                                  \
    }
    KNOWN("max_memory_usage", U64, max_memory_usage, "0", "bytes that the query may use; 0: the server's limit"),
    KNOWN("max_threads", U64, max_threads, "0", "threads of the query; 0: all query threads"),
    KNOWN("readonly", U64, readonly, "0", "1, 2: only reading statements"),
    KNOWN("wait_end_of_query", BOOL, wait_end_of_query, "0", "reply only when the whole result is known"),
    KNOWN("insert_deduplication_token", TEXT, insert_deduplication_token, "",
          "an INSERT with a known token stores nothing"),
    KNOWN("async_insert", BOOL, async_insert, "0", "small INSERTs wait, and are stored with others of their table"),
    KNOWN("wait_for_async_insert", BOOL, wait_for_async_insert, "1",
          "1: an asynchronous INSERT is answered when it is durable; 0: when it waits"),
    KNOWN("wait_for_async_insert_timeout", SECONDS, wait_for_async_insert_us, "120",
          "seconds until an INSERT that waits is told that it takes too long; its rows are stored nevertheless"),
    KNOWN("async_insert_max_data_size", U64, async_insert_max_data_size, "10485760",
          "bytes of INSERTs that wait for a table; larger ones do not wait"),
    KNOWN("async_insert_max_query_number", U64, async_insert_max_query_number, "450", "INSERTs that wait for a table"),
    KNOWN("async_insert_busy_timeout_ms", U64, async_insert_busy_max_ms, "200", "how long INSERTs wait at the most"),
    KNOWN("async_insert_busy_timeout_max_ms", U64, async_insert_busy_max_ms, "200",
          "how long INSERTs wait at the most"),
    KNOWN("async_insert_busy_timeout_min_ms", U64, async_insert_busy_min_ms, "50",
          "how long INSERTs wait for others when few come"),
    KNOWN("async_insert_use_adaptive_busy_timeout", BOOL, async_insert_adaptive, "1",
          "INSERTs wait as long as others are likely to come"),
    KNOWN("async_insert_deduplicate", BOOL, async_insert_deduplicate, "0",
          "an asynchronous INSERT of rows that were stored before stores nothing"),
    KNOWN("session_timezone", ZONE, zone, "", "zone of DateTimes that name none"),
    KNOWN("max_query_size", U64, max_query_size, "262144", "bytes of SQL text"),
    KNOWN("queue_max_wait_ms", U64, queue_max_wait_ms, "30000",
          "how long the query may wait while queries_max others run; 0: not at all"),
    KNOWN("final", BOOL, final, "0", "FINAL of all tables whose engines combine rows"),
    KNOWN("do_not_merge_across_partitions_select_final", BOOL, final_by_partition, "0",
          "FINAL combines rows within their partition alone"),
    KNOWN("join_use_nulls", BOOL, join_use_nulls, "0", "joins: rows without a match get NULLs, not defaults"),
    KNOWN("flatten_nested", BOOL, flatten_nested, "1",
          "CREATE TABLE: a column n Nested(a T) is the array n.a; 0: one column, Array(Tuple(a T))"),
    KNOWN("use_partial_cache", BOOL, use_partial_cache, "1", "aggregations reuse what they computed over segments"),
    KNOWN("use_pane_tree", BOOL, use_pane_tree, "1",
          "live queries and rules over a window of time keep its panes (docs/LIVE.md)"),
    KNOWN("use_statement_cache", BOOL, use_statement_cache, "1", "a SELECT that came before is not parsed again"),
    KNOWN("use_shared_execution", BOOL, use_shared_execution, "1", "identical queries that meet are executed once"),
    KNOWN("send_progress_in_http_headers", BOOL, send_progress_in_http_headers, "0",
          "the header X-ClickHouse-Progress: how far the query was when its reply began"),
    KNOWN("network_compression_method", PACKING, network_compression_method, "LZ4",
          "blocks of the native protocol: LZ4, ZSTD or NONE"),
    KNOWN("incomplete_buckets", BUCKETS, incomplete_buckets, "keep",
          "buckets of time that are not complete: keep, cut, or mark (a last column `complete`)"),
    KNOWN("additional_table_filters", FILTERS, additional_table_filters, "{}",
          "{'database.table': 'condition', …}: the rows of tables that the query sees"),
    KNOWN("additional_result_filter", LONG, additional_result_filter, "",
          "a condition on the rows of the query's result"),
    KNOWN("extremes", BOOL, extremes, "0", "the least and the greatest value of each column come behind the result"),
    KNOWN("exact_rows_before_limit", BOOL, exact_rows_before_limit, "0",
          "rows_before_limit_at_least is exact: all rows are read, even when a LIMIT has enough"),
    KNOWN("limit", U64, limit, "0", "rows of every SELECT's result; 0: all"),
    KNOWN("offset", U64, offset, "0", "rows of every SELECT's result that are left out first"),
    KNOWN("skip_damaged_segments", BOOL, skip_damaged_segments, "0",
          "queries answer without segments in quarantine, and count them"),
    KNOWN("repair_lose_rows", BOOL, repair_lose_rows, "0", "REPAIR TABLE goes on without rows that nobody has"),
    KNOWN("repair_change_rows", BOOL, repair_change_rows, "0",
          "REPAIR TABLE takes rows that are not those that were stored"),
    KNOWN("use_skip_indexes", BOOL, use_skip_indexes, "1", "indexes of tables are used; zone maps always are"),
    KNOWN("ignore_data_skipping_indices", TEXT, ignore_data_skipping_indices, "", "names of indexes that are not used"),
    KNOWN("force_data_skipping_indices", TEXT, force_data_skipping_indices, "",
          "names of indexes; an error where the conditions use one of them not"),
    KNOWN("force_primary_key", BOOL, force_primary_key, "0", "an error where no condition is on the primary key"),
    KNOWN("force_index_by_date", BOOL, force_index_by_date, "0", "an error where no condition is on PARTITION BY"),
    KNOWN("mutations_change_views", BOOL, mutations_change_views, "1",
          "DELETE and UPDATE change what materialized views that keep states have of the rows, too"),
    KNOWN("confirm_retention", BOOL, confirm_retention, "0", "OPTIMIZE: the clock is right, expired rows may go"),
    KNOWN("optimize_on_insert", BOOL, optimize_on_insert, "1",
          "rows of an INSERT with one sorting key are combined by the table's engine before they are stored"),
    KNOWN("allow_drop_detached", BOOL, allow_drop_detached, "0", "ALTER TABLE … DROP DETACHED is allowed"),
#undef KNOWN
};
#define KNOWN_COUNT (sizeof(known) / sizeof(known[0]))

/* Limits of ClickHouse's that Weir does not keep: refused, unless they are off. */
static const char *const refused[] = {
    "max_estimated_execution_time",   "max_execution_speed",    "max_execution_speed_bytes",
    "max_execution_time_leaf",        "max_bytes_to_read_leaf", "max_network_bandwidth",
    "max_network_bandwidth_for_user", "max_network_bytes",      "max_partitions_to_read",
    "max_rows_to_read_leaf",          "max_temporary_columns",  "max_temporary_non_const_columns",
};

/* Those that hold already, or change nothing that a result shows, if they are not too small. */
static const struct at_least {
    const char *name;
    uint64_t least;
    bool may_be_0;
    const char *fallback, *why;
} at_least[] = {
    {"max_block_size", 1, false, "65409", "rows of a chunk are Weir's own"},
    {"max_parser_depth", 1000, true, "1000",
     "expressions are read up to 1000 levels deep, which is deeper than ClickHouse's 1000"},
};

static struct settings defaults;
static pthread_once_t defaults_once = PTHREAD_ONCE_INIT;

static void set_defaults(void)
{
    query_limits_init(&defaults.limits);
    format_settings_init(&defaults.format);
    for (size_t k = 0; k < KNOWN_COUNT; k++) {
        if (known[k].kind != SETTING_ZONE) {
            ASSERT(settings_set(&defaults, slice_text(known[k].name), slice_text(known[k].fallback)) == NULL);
        }
    }
}

void settings_init(struct settings *settings)
{
    (void)pthread_once(&defaults_once, set_defaults);
    memcpy(settings, &defaults, sizeof(*settings));
}

static bool parse_bool(struct slice text, bool *out)
{
    bool yes = slice_equal(text, slice_text("1")) || (text.length == 4 && strncasecmp(text.data, "true", 4) == 0);
    bool no = slice_equal(text, slice_text("0")) || (text.length == 5 && strncasecmp(text.data, "false", 5) == 0);
    *out = yes;
    return yes || no;
}

/* Into microseconds; what is negative is none. */
static bool parse_seconds(struct slice text, uint64_t *out)
{
    double seconds;
    if (!number_parse_double(text, &seconds) || !(seconds < 1e9)) {
        return false;
    }
    *out = seconds <= 0 ? 0 : (uint64_t)(seconds * 1e6);
    return true;
}

static bool parse_packing(struct slice text, uint8_t *out)
{
    *out = slice_is_word(text, "ZSTD") ? PACKING_ZSTD : slice_is_word(text, "NONE") ? PACKING_NONE : PACKING_LZ4;
    return *out != PACKING_LZ4 || slice_is_word(text, "LZ4") || slice_is_word(text, "LZ4HC");
}

static bool parse_buckets(struct slice text, uint8_t *out)
{
    *out = slice_is_word(text, "cut") ? BUCKETS_CUT : slice_is_word(text, "mark") ? BUCKETS_MARK : BUCKETS_KEEP;
    return *out != BUCKETS_KEEP || slice_is_word(text, "keep");
}

static struct err *bad(const struct setting *setting, struct slice value)
{
    return err_new(ERR_BAD_ARGUMENTS, "the setting %s cannot be \"%.*s\": %s", setting->name, SLICE_ARG(value),
                   setting->description);
}

static struct err *set_filters(struct slice value, struct slice *to)
{
    struct err *err = NULL;
    struct arena *arena = arena_create(NULL);
    const struct bind_filter *filters;
    uint32_t count;
    if (arena == NULL) {
        return err_oom();
    }
    OR_DONE(bind_filters(arena, value, &filters, &count));
    *to = count == 0 ? (struct slice){0} : value;
done:
    arena_destroy(arena);
    return err;
}

static struct err *set_known(struct settings *settings, const struct setting *setting, struct slice value)
{
    void *to = (char *)settings + setting->offset;
    switch (setting->kind) {
    case SETTING_U64:
        if (slice_equal(value, slice_text("auto")) && setting->offset == offsetof(struct settings, max_threads)) {
            value = slice_text("0");
        }
        return setting_number(value, to) ? NULL
                                         : err_new(setting_number_error(value), "the setting %s cannot be \"%.*s\": %s",
                                                   setting->name, SLICE_ARG(value), setting->description);
    case SETTING_SECONDS:
        return parse_seconds(value, to) ? NULL
                                        : err_new(ERR_CANNOT_PARSE_NUMBER, "the setting %s cannot be \"%.*s\": %s",
                                                  setting->name, SLICE_ARG(value), setting->description);
    case SETTING_BOOL:
        return parse_bool(value, to) ? NULL : bad(setting, value);
    case SETTING_TEXT:
        if (value.length >= sizeof(settings->insert_deduplication_token)) {
            return bad(setting, value);
        }
        memcpy(to, value.length == 0 ? "" : value.data, value.length);
        ((char *)to)[value.length] = 0;
        return NULL;
    case SETTING_PACKING:
        return parse_packing(value, to) ? NULL : bad(setting, value);
    case SETTING_BUCKETS:
        return parse_buckets(value, to) ? NULL : bad(setting, value);
    case SETTING_LONG:
        *(struct slice *)to = value.length == 0 ? (struct slice){0} : value;
        return NULL;
    case SETTING_FILTERS:
        return set_filters(value, to);
    case SETTING_ZONE:
        settings->zone = NULL;
        return value.length == 0 ? NULL : timezone_find(value, &settings->zone);
    }
    return NULL;
}

static struct err *set_at_least(const struct at_least *setting, struct slice value)
{
    uint64_t number;
    if (!setting_number(value, &number)) {
        return err_new(setting_number_error(value), "the setting %s cannot be \"%.*s\"", setting->name,
                       SLICE_ARG(value));
    }
    if (number == 0 && !setting->may_be_0) {
        return err_new(ERR_BAD_ARGUMENTS, "A setting's value has to be greater than 0: %s", setting->name);
    }
    return number == 0 || number >= setting->least
               ? NULL
               : err_new(ERR_NOT_IMPLEMENTED, "the setting %s below %llu is not implemented: %s", setting->name,
                         (unsigned long long)setting->least, setting->why);
}

/* Common first letters: a cheap measure for "did you mean". */
static const char *nearest(struct slice name)
{
    const char *best = NULL;
    struct setting_description other;
    size_t best_same = 5;
    for (uint32_t k = 0; settings_describe(k, &other); k++) {
        size_t same = 0;
        while (same < name.length && other.name[same] != 0 && other.name[same] == name.data[same]) {
            same++;
        }
        if (same > best_same) {
            best_same = same;
            best = other.name;
        }
    }
    return best;
}

struct err *settings_set(struct settings *settings, struct slice name, struct slice value)
{
    bool known_elsewhere;
    struct err *err = query_limits_set(&settings->limits, name, value, &known_elsewhere);
    if (known_elsewhere) {
        return err;
    }
    err = format_settings_set(&settings->format, name, value, &known_elsewhere);
    if (known_elsewhere) {
        return err;
    }
    for (size_t k = 0; k < KNOWN_COUNT; k++) {
        if (slice_equal(name, slice_text(known[k].name))) {
            return set_known(settings, &known[k], value);
        }
    }
    for (size_t k = 0; k < sizeof(refused) / sizeof(refused[0]); k++) {
        if (slice_equal(name, slice_text(refused[k]))) {
            uint64_t number;
            return setting_number(value, &number) && number == 0
                       ? NULL
                       : err_new(ERR_NOT_IMPLEMENTED, "the setting %s is not implemented", refused[k]);
        }
    }
    for (size_t k = 0; k < sizeof(at_least) / sizeof(at_least[0]); k++) {
        if (slice_equal(name, slice_text(at_least[k].name))) {
            return set_at_least(&at_least[k], value);
        }
    }
    if (slice_equal(name, slice_text("totals_mode"))) {
        return slice_equal(value, slice_text("after_having_exclusive"))
                   ? NULL
                   : err_new(ERR_NOT_IMPLEMENTED,
                             "totals_mode '%.*s' is not implemented: only after_having_exclusive is", SLICE_ARG(value));
    }
    if (slice_equal(name, slice_text("date_time_overflow_behavior"))) {
        bool known_value = slice_equal(value, slice_text("saturate")) || slice_equal(value, slice_text("throw"));
        return slice_equal(value, slice_text("ignore")) ? NULL
               : known_value
                   ? err_new(ERR_NOT_IMPLEMENTED,
                             "date_time_overflow_behavior '%.*s' is not implemented: only ignore is", SLICE_ARG(value))
                   : err_new(ERR_BAD_ARGUMENTS, "date_time_overflow_behavior is ignore, saturate or throw, not '%.*s'",
                             SLICE_ARG(value));
    }
    err = settings_accept(name, value, &known_elsewhere);
    if (known_elsewhere) {
        return err;
    }
    const char *near = nearest(name);
    return err_new(ERR_UNKNOWN_SETTING, "Unknown setting '%.*s'%s%s", SLICE_ARG(name),
                   near == NULL ? "" : "; maybe you meant ", near == NULL ? "" : near);
}

bool settings_wire_form(struct slice name, bool *number)
{
    struct setting_description other;
    uint64_t value;
    for (size_t k = 0; k < KNOWN_COUNT; k++) {
        if (slice_equal(name, slice_text(known[k].name))) {
            *number = known[k].kind == SETTING_U64 || known[k].kind == SETTING_SECONDS || known[k].kind == SETTING_BOOL;
            return true;
        }
    }
    for (uint32_t k = (uint32_t)KNOWN_COUNT; settings_describe(k, &other); k++) {
        if (slice_equal(name, slice_text(other.name))) {
            *number = setting_number(slice_text(other.fallback), &value);
            return true;
        }
    }
    return false;
}

bool settings_is_default(struct slice name, struct slice value)
{
    struct setting_description other;
    for (uint32_t k = 0; settings_describe(k, &other); k++) {
        if (slice_equal(slice_text(other.name), name)) {
            return slice_equal(slice_text(other.fallback), value);
        }
    }
    return false;
}

static uint32_t limit_count(void)
{
    uint32_t count = 0;
    struct setting_description other;
    while (query_limits_describe(count, &other.name, &other.type, &other.fallback, &other.description)) {
        count++;
    }
    return count;
}

/* ClickHouse's name of a type. */
static const char *type_of(const struct setting *setting)
{
    static const char *const types[] = {
        [SETTING_U64] = "UInt64",     [SETTING_SECONDS] = "Seconds", [SETTING_BOOL] = "Bool",
        [SETTING_TEXT] = "String",    [SETTING_ZONE] = "Timezone",   [SETTING_PACKING] = "String",
        [SETTING_BUCKETS] = "String", [SETTING_LONG] = "String",     [SETTING_FILTERS] = "Map"};
    return setting->offset == offsetof(struct settings, max_threads)         ? "MaxThreads"
           : setting->offset == offsetof(struct settings, queue_max_wait_ms) ? "Milliseconds"
                                                                             : types[setting->kind];
}

bool settings_describe(uint32_t index, struct setting_description *out)
{
    if (index < KNOWN_COUNT) {
        const struct setting *setting = &known[index];
        *out = (struct setting_description){setting->name, type_of(setting), setting->fallback, setting->description};
        return true;
    }
    index -= (uint32_t)KNOWN_COUNT;
    if (index < format_settings_count()) {
        return format_settings_describe(index, &out->name, &out->type, &out->fallback, &out->description);
    }
    index -= format_settings_count();
    if (query_limits_describe(index, &out->name, &out->type, &out->fallback, &out->description)) {
        return true;
    }
    index -= limit_count();
    if (index < sizeof(at_least) / sizeof(at_least[0])) {
        *out = (struct setting_description){at_least[index].name, at_least[index].may_be_0 ? "UInt64" : "NonZeroUInt64",
                                            at_least[index].fallback, at_least[index].why};
        return true;
    }
    return settings_accepted_describe(index - (uint32_t)(sizeof(at_least) / sizeof(at_least[0])), out);
}

static void print_known(const struct settings *settings, const struct setting *setting, struct buffer *out)
{
    static const char *const packings[] = {[PACKING_LZ4] = "LZ4", [PACKING_ZSTD] = "ZSTD", [PACKING_NONE] = "NONE"};
    const void *from = (const char *)settings + setting->offset;
    switch (setting->kind) {
    case SETTING_U64:
        buffer_printf(out, "%" PRIu64, *(const uint64_t *)from);
        break;
    case SETTING_SECONDS:
        buffer_printf(out, "%.10g", (double)*(const uint64_t *)from / 1e6);
        break;
    case SETTING_BOOL:
        buffer_char(out, *(const bool *)from ? '1' : '0');
        break;
    case SETTING_TEXT:
        buffer_text(out, from);
        break;
    case SETTING_PACKING:
        buffer_text(out, packings[*(const uint8_t *)from]);
        break;
    case SETTING_LONG:
        buffer_slice(out, *(const struct slice *)from);
        break;
    case SETTING_FILTERS:
        if (((const struct slice *)from)->length == 0) {
            buffer_text(out, "{}");
        }
        buffer_slice(out, *(const struct slice *)from);
        break;
    case SETTING_ZONE:
        buffer_text(out, settings->zone == NULL ? "" : timezone_name(settings->zone));
        break;
    case SETTING_BUCKETS:
        buffer_text(out, *(const uint8_t *)from == BUCKETS_CUT    ? "cut"
                         : *(const uint8_t *)from == BUCKETS_MARK ? "mark"
                                                                  : "keep");
        break;
    }
}

bool settings_print(const struct settings *settings, uint32_t index, struct buffer *out)
{
    if (index < KNOWN_COUNT) {
        print_known(settings, &known[index], out);
        return true;
    }
    index -= (uint32_t)KNOWN_COUNT;
    if (index < format_settings_count()) {
        format_settings_print(&settings->format, index, out);
        return true;
    }
    index -= format_settings_count();
    if (index < limit_count()) {
        query_limits_print(&settings->limits, index, out);
        return true;
    }
    return false;
}

bool settings_find(struct slice name, uint32_t *index, struct setting_description *out)
{
    for (*index = 0; settings_describe(*index, out); (*index)++) {
        if (slice_equal(slice_text(out->name), name)) {
            return true;
        }
    }
    return false;
}
