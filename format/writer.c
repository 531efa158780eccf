/*
 * writer.c: the table of formats that can be written.
 *
 * flow     server/reply.c → here → json_writer.c, text_writer.c, pretty_writer.c, …
 */
#include "format/binary.h"
#include "format/refused.h"
#include "format/state_wire.h"
#include "format/writer_private.h"

#include <stdlib.h>
#include <strings.h>
#include <utf8proc.h>

#define TSV_TYPE  "text/tab-separated-values; charset=UTF-8"
#define JSON_TYPE "application/json; charset=UTF-8"
#define ROWS_TYPE "application/x-ndjson; charset=UTF-8"
#define TEXT_TYPE "text/plain; charset=UTF-8"
#define BYTE_TYPE "application/octet-stream"

static void nothing(struct writer *writer)
{
    (void)writer;
}

static void no_rows(struct writer *writer, const struct chunk *chunk)
{
    (void)writer;
    (void)chunk;
}

static void no_end(struct writer *writer, const struct writer_statistics *statistics)
{
    (void)writer;
    (void)statistics;
}

static const struct writer_format formats[] = {
    {"TabSeparated", "TSV", TSV_TYPE, NAMES_NONE, tsv_begin, tsv_chunk, no_end, lines_totals, lines_totals},
    {"TabSeparatedWithNames", "TSVWithNames", TSV_TYPE, NAMES_ONLY, tsv_begin, tsv_chunk, no_end, lines_totals,
     lines_totals},
    {"TabSeparatedWithNamesAndTypes", "TSVWithNamesAndTypes", TSV_TYPE, NAMES_AND_TYPES, tsv_begin, tsv_chunk, no_end,
     lines_totals, lines_totals},
    {"TabSeparatedRaw", "TSVRaw", TSV_TYPE, NAMES_NONE, tsv_begin, tsv_raw_chunk, no_end, lines_totals, lines_totals},
    {"TabSeparatedRawWithNames", "TSVRawWithNames", TSV_TYPE, NAMES_ONLY, tsv_raw_begin, tsv_raw_chunk, no_end,
     lines_totals, lines_totals},
    {"TabSeparatedRawWithNamesAndTypes", "TSVRawWithNamesAndTypes", TSV_TYPE, NAMES_AND_TYPES, tsv_raw_begin,
     tsv_raw_chunk, no_end, lines_totals, lines_totals},
    {"LineAsString", "Raw", TSV_TYPE, NAMES_NONE, nothing, tsv_raw_chunk, no_end, lines_totals, lines_totals},
    {"LineAsStringWithNames", "RawWithNames", TSV_TYPE, NAMES_ONLY, tsv_raw_begin, tsv_raw_chunk, no_end, lines_totals,
     lines_totals},
    {"LineAsStringWithNamesAndTypes", "RawWithNamesAndTypes", TSV_TYPE, NAMES_AND_TYPES, tsv_raw_begin, tsv_raw_chunk,
     no_end, lines_totals, lines_totals},
    {"RawBLOB", NULL, TEXT_TYPE, 0, nothing, blob_chunk, no_end, NULL, NULL},
    {"TSKV", NULL, TSV_TYPE, 0, nothing, tskv_chunk, no_end, NULL, NULL},
    {"CSV", NULL, "text/csv; charset=UTF-8; header=absent", NAMES_NONE, csv_begin, csv_chunk, no_end, lines_totals,
     lines_totals},
    {"CSVWithNames", NULL, "text/csv; charset=UTF-8; header=present", NAMES_ONLY, csv_begin, csv_chunk, no_end,
     lines_totals, lines_totals},
    {"CSVWithNamesAndTypes", NULL, "text/csv; charset=UTF-8; header=present", NAMES_AND_TYPES, csv_begin, csv_chunk,
     no_end, lines_totals, lines_totals},
    {"CustomSeparated", NULL, TEXT_TYPE, NAMES_NONE, custom_begin, custom_chunk, custom_end, NULL, NULL},
    {"CustomSeparatedWithNames", NULL, TEXT_TYPE, NAMES_ONLY, custom_begin, custom_chunk, custom_end, NULL, NULL},
    {"CustomSeparatedWithNamesAndTypes", NULL, TEXT_TYPE, NAMES_AND_TYPES, custom_begin, custom_chunk, custom_end, NULL,
     NULL},
    {"Template", NULL, TEXT_TYPE, 0, template_begin, template_chunk, template_end, template_totals, template_extremes},
    {"Values", NULL, TEXT_TYPE, 0, nothing, values_chunk, values_end, NULL, NULL},
    {"SQLInsert", NULL, TEXT_TYPE, 0, nothing, sql_insert_chunk, sql_insert_end, NULL, NULL},
    {"XML", NULL, "application/xml; charset=UTF-8", VALID_UTF8, xml_begin, xml_chunk, xml_end, xml_totals,
     xml_extremes},
    {"JSON", NULL, JSON_TYPE, JSON_OBJECTS | VALID_UTF8, json_begin, json_chunk, json_end, json_totals, json_extremes},
    {"JSONStrings", NULL, JSON_TYPE, JSON_OBJECTS | JSON_STRINGS | VALID_UTF8, json_begin, json_chunk, json_end,
     json_totals, json_extremes},
    {"JSONCompact", NULL, JSON_TYPE, JSON_ARRAYS | VALID_UTF8, json_begin, json_chunk, json_end, json_totals,
     json_extremes},
    {"JSONCompactStrings", NULL, JSON_TYPE, JSON_ARRAYS | JSON_STRINGS | VALID_UTF8, json_begin, json_chunk, json_end,
     json_totals, json_extremes},
    {"JSONEachRow", "NDJSON", ROWS_TYPE, JSON_OBJECTS, json_list_begin, json_rows_chunk, json_list_end, NULL, NULL},
    {"JSONLines", "JSONL", ROWS_TYPE, JSON_OBJECTS, json_list_begin, json_rows_chunk, json_list_end, NULL, NULL},
    {"JSONStringsEachRow", NULL, ROWS_TYPE, JSON_OBJECTS | JSON_STRINGS, json_list_begin, json_rows_chunk,
     json_list_end, NULL, NULL},
    {"JSONCompactEachRow", NULL, ROWS_TYPE, JSON_ARRAYS, json_rows_begin, json_compact_rows_chunk, no_end, NULL, NULL},
    {"JSONCompactEachRowWithNames", NULL, ROWS_TYPE, JSON_ARRAYS | NAMES_ONLY, json_rows_begin, json_compact_rows_chunk,
     no_end, NULL, NULL},
    {"JSONCompactEachRowWithNamesAndTypes", NULL, ROWS_TYPE, JSON_ARRAYS | NAMES_AND_TYPES, json_rows_begin,
     json_compact_rows_chunk, no_end, NULL, NULL},
    {"JSONCompactStringsEachRow", NULL, ROWS_TYPE, JSON_ARRAYS | JSON_STRINGS, json_rows_begin, json_compact_rows_chunk,
     no_end, NULL, NULL},
    {"JSONCompactStringsEachRowWithNames", NULL, ROWS_TYPE, JSON_ARRAYS | JSON_STRINGS | NAMES_ONLY, json_rows_begin,
     json_compact_rows_chunk, no_end, NULL, NULL},
    {"JSONCompactStringsEachRowWithNamesAndTypes", NULL, ROWS_TYPE, JSON_ARRAYS | JSON_STRINGS | NAMES_AND_TYPES,
     json_rows_begin, json_compact_rows_chunk, no_end, NULL, NULL},
    {"JSONEachRowWithProgress", NULL, JSON_TYPE, JSON_OBJECTS, json_progress_begin, json_progress_chunk,
     json_progress_end, json_progress_totals, json_progress_extremes},
    {"JSONStringsEachRowWithProgress", NULL, JSON_TYPE, JSON_OBJECTS | JSON_STRINGS, json_progress_begin,
     json_progress_chunk, json_progress_end, json_progress_totals, json_progress_extremes},
    {"JSONCompactEachRowWithProgress", NULL, JSON_TYPE, JSON_ARRAYS, json_progress_begin, json_progress_chunk,
     json_progress_end, json_progress_totals, json_progress_extremes},
    {"JSONCompactStringsEachRowWithProgress", NULL, JSON_TYPE, JSON_ARRAYS | JSON_STRINGS, json_progress_begin,
     json_progress_chunk, json_progress_end, json_progress_totals, json_progress_extremes},
    {"PrettyJSONEachRow", "PrettyNDJSON", ROWS_TYPE, JSON_OBJECTS | JSON_PRETTY, json_list_begin,
     json_pretty_rows_chunk, json_list_end, NULL, NULL},
    {"PrettyJSONLines", NULL, ROWS_TYPE, JSON_OBJECTS | JSON_PRETTY, nothing, json_pretty_rows_chunk, no_end, NULL,
     NULL},
    {"JSONObjectEachRow", NULL, JSON_TYPE, JSON_OBJECTS, json_object_begin, json_object_chunk, json_object_end, NULL,
     NULL},
    {"JSONColumns", NULL, JSON_TYPE, JSON_OBJECTS, nothing, json_columns_chunk, json_columns_end, NULL, NULL},
    {"JSONCompactColumns", NULL, JSON_TYPE, JSON_ARRAYS, nothing, json_columns_chunk, json_columns_end, NULL, NULL},
    {"JSONColumnsWithMetadata", NULL, JSON_TYPE, JSON_OBJECTS | JSON_META | VALID_UTF8, json_meta, json_columns_chunk,
     json_columns_end, json_columns_totals, json_columns_extremes},
    {"Pretty", NULL, TEXT_TYPE, 0, nothing, pretty_chunk, pretty_end, pretty_totals, pretty_extremes},
    {"PrettyCompact", NULL, TEXT_TYPE, 1, nothing, pretty_chunk, pretty_end, pretty_totals, pretty_extremes},
    {"PrettySpace", NULL, TEXT_TYPE, 2, nothing, pretty_chunk, pretty_end, pretty_totals, pretty_extremes},
    {"PrettyNoEscapes", "PrettyMonoBlock", TEXT_TYPE, 0, nothing, pretty_chunk, pretty_end, pretty_totals,
     pretty_extremes},
    {"PrettyCompactNoEscapes", "PrettyCompactMonoBlock", TEXT_TYPE, 1, nothing, pretty_chunk, pretty_end, pretty_totals,
     pretty_extremes},
    {"PrettySpaceNoEscapes", "PrettySpaceMonoBlock", TEXT_TYPE, 2, nothing, pretty_chunk, pretty_end, pretty_totals,
     pretty_extremes},
    {"Vertical", NULL, TEXT_TYPE, 0, nothing, vertical_chunk, no_end, vertical_totals, vertical_extremes},
    {"Markdown", "MD", TEXT_TYPE, 0, markdown_begin, markdown_chunk, no_end, NULL, NULL},
    {"RowBinary", NULL, BYTE_TYPE, NAMES_NONE, row_binary_begin, row_binary_chunk, no_end, NULL, NULL},
    {"RowBinaryWithNames", NULL, BYTE_TYPE, NAMES_ONLY, row_binary_begin, row_binary_chunk, no_end, NULL, NULL},
    {"RowBinaryWithNamesAndTypes", NULL, BYTE_TYPE, NAMES_AND_TYPES, row_binary_begin, row_binary_chunk, no_end, NULL,
     NULL},
    {"Native", NULL, BYTE_TYPE, 0, native_begin, native_chunk, native_end, native_totals, native_totals},
    {"Parquet", NULL, BYTE_TYPE, 0, parquet_begin, parquet_chunk, parquet_end, NULL, NULL},
    {"Arrow", NULL, BYTE_TYPE, ARROW_FILE, arrow_begin, arrow_chunk, arrow_end, NULL, NULL},
    {"ArrowStream", NULL, BYTE_TYPE, 0, arrow_begin, arrow_chunk, arrow_end, NULL, NULL},
    {"Prometheus", NULL, "text/plain; version=0.0.4; charset=UTF-8", 0, nothing, prometheus_chunk, prometheus_end, NULL,
     NULL},
    {"Null", NULL, TEXT_TYPE, 0, nothing, no_rows, no_end, NULL, NULL},
};

static const struct writer_format *find(struct slice name)
{
    for (size_t k = 0; k < sizeof(formats) / sizeof(formats[0]); k++) {
        const char *names[] = {formats[k].name, formats[k].alias};
        for (size_t n = 0; n < 2; n++) {
            if (names[n] != NULL && strlen(names[n]) == name.length &&
                strncasecmp(names[n], name.data, name.length) == 0) {
                return &formats[k];
            }
        }
    }
    return NULL;
}

const char *writer_content_type(struct slice format)
{
    const struct writer_format *found = find(format);
    return found == NULL ? TEXT_TYPE : found->content_type;
}

/* The functions of columns of states. */
static struct err *open_states(struct writer *writer)
{
    struct err *err = NULL;
    for (uint32_t k = 0; k < writer->column_count; k++) {
        if (!type_is_state(writer->columns[k].type)) {
            continue;
        }
        if (writer->wires == NULL) {
            writer->wire_arena = arena_create(writer->options.budget);
            writer->wires = ARENA_ARRAY(writer->arena, struct state_wire *, writer->column_count);
            if (writer->wire_arena == NULL || writer->wires == NULL) {
                return err_oom();
            }
            memset(writer->wires, 0, writer->column_count * sizeof(struct state_wire *));
        }
        OR_DONE(state_wire_open(writer->wire_arena, writer->columns[k].type, &writer->wires[k]));
    }
done:
    return err;
}

void writer_put_state(struct writer *writer, uint32_t column, struct slice state)
{
    if (writer->bad_state == NULL) {
        writer->bad_state = state_wire_write(writer->wires[column], state, writer->out);
        writer->out->failed |= writer->bad_state != NULL;
    }
}

/* Of ClickHouse's own: they have types as they are. */
static bool is_binary(const struct writer_format *format)
{
    return strcmp(format->content_type, BYTE_TYPE) == 0 && format->chunk != parquet_chunk;
}

struct err *writer_create(struct slice format, const struct writer_column *columns, uint32_t column_count,
                          const struct writer_options *options, struct buffer *out, struct writer **result)
{
    const struct writer_format *found = find(format);
    if (found == NULL && format_is_refused(format)) {
        return err_new(ERR_NOT_IMPLEMENTED, "The format %.*s is not supported", SLICE_ARG(format));
    }
    if (found == NULL) {
        return err_new(
            ERR_UNKNOWN_FORMAT,
            "Unknown format %.*s; there are TabSeparated, TSKV, CSV, CustomSeparated, Template, JSON, JSONCompact, "
            "JSONEachRow, JSONCompactEachRow, JSONColumns, Pretty, PrettyCompact, Vertical, Markdown, XML, Values, "
            "SQLInsert, RawBLOB, RowBinary, Native, Arrow, ArrowStream, Parquet, Prometheus, Null "
            "and their variants",
            SLICE_ARG(format));
    }
    const struct format_settings *settings = options->settings == NULL ? format_settings_default() : options->settings;
    struct err *err = found->chunk == blob_chunk         ? blob_check(columns, column_count)
                      : found->chunk == prometheus_chunk ? prometheus_check(columns, column_count)
                                                         : NULL;
    for (uint32_t k = 0; k < column_count && is_binary(found) && err == NULL; k++) {
        bool columnar = found->chunk == native_chunk || found->chunk == arrow_chunk;
        const struct binary_views views = {.json = columnar || settings->binary_json_out, .dynamic = columnar};
        err = binary_refuse(found->name, columns[k].name, columns[k].type, views);
    }
    if (err != NULL) {
        return err;
    }
    struct arena *arena = arena_create(NULL);
    struct writer *writer = arena == NULL ? NULL : ARENA_NEW(arena, struct writer);
    if (writer == NULL) {
        arena_destroy(arena);
        return err_oom();
    }
    writer->format = found;
    writer->arena = arena;
    writer->options = *options;
    writer->settings = *settings;
    writer->options.settings = NULL;
    writer->style = (struct value_style){.zone = options->zone == NULL ? timezone_utc() : options->zone,
                                         .times = writer->settings.time_style,
                                         .decimal_zeros = writer->settings.decimal_trailing_zeros};
    writer->columns = columns;
    writer->column_count = column_count;
    writer->out = out;
    writer->keys = ARENA_ARRAY(arena, struct slice, column_count);
    for (uint32_t k = 0; writer->keys != NULL && k < column_count; k++) {
        struct buffer key = {0};
        json_quote_as(&key, columns[k].name, writer->settings.json_escape_slashes);
        buffer_char(&key, ':');
        writer->keys[k] = key.failed ? (struct slice){0} : arena_slice(arena, buffer_all(&key));
        buffer_deinit(&key);
    }
    *result = writer;
    err = writer->keys == NULL ? err_oom() : NULL;
    if (err == NULL) {
        err = is_binary(found)                 ? open_states(writer)
              : found->chunk == parquet_chunk  ? parquet_open(writer)
              : found->chunk == template_chunk ? template_open(writer)
                                               : NULL;
    }
    if (err != NULL) {
        writer_destroy(writer);
        *result = NULL;
    }
    return err;
}

bool writer_is_of_rows(const struct writer *writer)
{
    void (*const chunk)(struct writer * writer, const struct chunk *chunk) = writer->format->chunk;
    return chunk != pretty_chunk && chunk != json_columns_chunk && chunk != native_chunk && chunk != parquet_chunk &&
           chunk != arrow_chunk && chunk != no_rows;
}

void writer_destroy(struct writer *writer)
{
    if (writer != NULL) {
        buffer_deinit(&writer->scratch);
        pretty_destroy(writer->pretty);
        json_columns_destroy(writer->columns_kept);
        prometheus_destroy(writer->prometheus);
        parquet_destroy(writer->parquet);
        template_close(writer->template);
        arrow_destroy(writer->arrow);
        err_free(writer->bad_state);
        arena_destroy(writer->wire_arena);
        arena_destroy(writer->arena);
    }
}

/* The bytes of the code point at the text's beginning; 0: it is no UTF-8. */
static size_t point_bytes(const char *at, size_t length)
{
    utf8proc_int32_t point;
    utf8proc_ssize_t bytes = utf8proc_iterate((const utf8proc_uint8_t *)at, (utf8proc_ssize_t)length, &point);
    return bytes < 0 ? 0 : (size_t)bytes;
}

static size_t valid_bytes(struct slice text)
{
    size_t at = 0;
    while (at < text.length) {
        uint64_t eight;
        if (text.length - at >= sizeof(eight)) {
            memcpy(&eight, text.data + at, sizeof(eight));
            if ((eight & 0x8080808080808080U) == 0) {
                at += sizeof(eight);
                continue;
            }
        }
        size_t bytes = point_bytes(text.data + at, text.length - at);
        if (bytes == 0) {
            break;
        }
        at += bytes;
    }
    return at;
}

/* Where the format wants UTF-8: what was written from `begin` on; one U+FFFD for bad bytes in a row, as in ClickHouse.
 */
static void make_valid(struct writer *writer, size_t begin)
{
    static const char mark[] = "\xef\xbf\xbd";
    struct buffer *out = writer->out;
    const char *type = writer->format->content_type;
    bool is_json = strcmp(type, JSON_TYPE) == 0 || strcmp(type, ROWS_TYPE) == 0;
    bool valid = (writer->format->variant & VALID_UTF8) != 0 || (is_json && writer->settings.json_validate_utf8);
    if (!valid || out->failed || out->length == begin) {
        return;
    }
    begin += valid_bytes(slice_of(out->data + begin, out->length - begin));
    if (begin == out->length) {
        return;
    }
    struct buffer rest = {0};
    buffer_append(&rest, out->data + begin, out->length - begin);
    out->length = begin;
    for (size_t at = 0; at < rest.length && !rest.failed;) {
        size_t good = valid_bytes(slice_of(rest.data + at, rest.length - at));
        buffer_append(out, rest.data + at, good);
        at += good;
        if (at < rest.length) {
            if (out->length < 3 || memcmp(out->data + out->length - 3, mark, 3) != 0) {
                buffer_append(out, mark, 3);
            }
            at++;
        }
    }
    out->failed |= rest.failed;
    buffer_deinit(&rest);
}

void writer_begin(struct writer *writer)
{
    size_t begin = writer->out->length;
    writer->format->begin(writer);
    make_valid(writer, begin);
}

void writer_chunk(struct writer *writer, const struct chunk *chunk)
{
    size_t begin = writer->out->length;
    writer->format->chunk(writer, chunk);
    make_valid(writer, begin);
    writer->rows += chunk->row_count;
}

void writer_totals(struct writer *writer, const struct chunk *row)
{
    size_t begin = writer->out->length;
    if (writer->format->totals != NULL) {
        writer->format->totals(writer, row);
        make_valid(writer, begin);
    }
}

void writer_extremes(struct writer *writer, const struct chunk *rows)
{
    size_t begin = writer->out->length;
    if (writer->format->extremes != NULL) {
        writer->format->extremes(writer, rows);
        make_valid(writer, begin);
    }
}

void writer_end(struct writer *writer, const struct writer_statistics *statistics)
{
    size_t begin = writer->out->length;
    writer->format->end(writer, statistics);
    make_valid(writer, begin);
}

struct err *writer_error(const struct writer *writer)
{
    if (writer->bad_state != NULL) {
        return err_new(err_code(writer->bad_state), "%s", err_message(writer->bad_state));
    }
    return writer->bytes_refused > 0 ? budget_error(writer->options.budget, writer->bytes_refused) : err_oom();
}

bool writer_put_bool(const struct writer *writer, struct buffer *out, const struct column *column, uint32_t row)
{
    bool is_bool = column->type->kind == TYPE_BOOL;
    if (is_bool) {
        bool value = *(const uint8_t *)column_value(column, row) != 0;
        buffer_text(out, value ? writer->settings.true_text : writer->settings.false_text);
    }
    return is_bool;
}

uint64_t writer_rows(const struct writer *writer)
{
    return writer->rows;
}

struct slice writer_type_name(struct writer *writer, uint32_t column)
{
    return type_name(writer->arena, writer->columns[column].type);
}

bool writer_describe(uint32_t index, const char **name, const char **alias)
{
    if (index >= sizeof(formats) / sizeof(formats[0])) {
        return false;
    }
    *name = formats[index].name;
    *alias = formats[index].alias == NULL ? formats[index].name : formats[index].alias;
    return true;
}
