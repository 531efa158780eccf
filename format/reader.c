/*
 * reader.c: the table of formats that can be read, pieces of a body, errors with their surroundings.
 *
 * flow     server/insert.c, ingest/worker.c → here → json_reader.c, csv_reader.c, binary_reader.c, native_reader.c, … →
 *          storage/builder.c
 */
#include "format/reader_private.h"

#include "format/best_effort.h"
#include "format/binary.h"
#include "format/refused.h"
#include "format/state_wire.h"
#include "format/value.h"
#include "storage/packed.h"

#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

static const struct reader_format formats[] = {
    {"JSONEachRow", "NDJSON", 0, true, true, false, json_row},
    {"JSONLines", "JSONL", 0, true, true, false, json_row},
    {"CSV", "CSV", 0, false, true, false, csv_row},
    {"CSVWithNames", "CSVWithNames", 1, false, true, false, csv_row},
    {"CSVWithNamesAndTypes", "CSVWithNamesAndTypes", 2, false, true, false, csv_row},
    {"TabSeparated", "TSV", 0, true, true, false, tsv_row},
    {"TabSeparatedWithNames", "TSVWithNames", 1, false, true, false, tsv_row},
    {"TabSeparatedWithNamesAndTypes", "TSVWithNamesAndTypes", 2, false, true, false, tsv_row},
    {"TabSeparatedRaw", "TSVRaw", 0, true, true, false, tsv_raw_row},
    {"TabSeparatedRawWithNames", "TSVRawWithNames", 1, false, true, false, tsv_raw_row},
    {"TabSeparatedRawWithNamesAndTypes", "TSVRawWithNamesAndTypes", 2, false, true, false, tsv_raw_row},
    {"Raw", "Raw", 0, true, true, false, tsv_raw_row},
    {"RawWithNames", "RawWithNames", 1, false, true, false, tsv_raw_row},
    {"RawWithNamesAndTypes", "RawWithNamesAndTypes", 2, false, true, false, tsv_raw_row},
    {"TSKV", "TSKV", 0, true, true, false, tskv_row},
    {"LineAsString", "LineAsString", 0, true, true, false, line_row},
    {"RawBLOB", "RawBLOB", 0, false, false, false, blob_row},
    {"JSON", "JSON", 0, false, false, false, json_document_row},
    {"JSONCompact", "JSONCompact", 0, false, false, false, json_compact_document_row},
    {"JSONObjectEachRow", "JSONObjectEachRow", 0, false, false, false, json_object_row},
    {"JSONAsString", "JSONAsString", 0, false, false, false, json_whole_row},
    {"JSONAsObject", "JSONAsObject", 0, false, false, false, json_whole_row},
    {"JSONStringsEachRow", "JSONStringsEachRow", 0, false, true, false, json_strings_row},
    {"JSONCompactEachRow", "JSONCompactEachRow", 0, false, true, false, json_compact_row},
    {"JSONCompactEachRowWithNames", "JSONCompactEachRowWithNames", 1, false, true, false, json_compact_row},
    {"JSONCompactEachRowWithNamesAndTypes", "JSONCompactEachRowWithNamesAndTypes", 2, false, true, false,
     json_compact_row},
    {"JSONCompactStringsEachRow", "JSONCompactStringsEachRow", 0, false, true, false, json_compact_strings_row},
    {"JSONCompactStringsEachRowWithNames", "JSONCompactStringsEachRowWithNames", 1, false, true, false,
     json_compact_strings_row},
    {"JSONCompactStringsEachRowWithNamesAndTypes", "JSONCompactStringsEachRowWithNamesAndTypes", 2, false, true, false,
     json_compact_strings_row},
    {"JSONColumns", "JSONColumns", 0, false, false, false, json_columns_row},
    {"JSONCompactColumns", "JSONCompactColumns", 0, false, false, false, json_compact_columns_row},
    {"JSONColumnsWithMetadata", "JSONColumnsWithMetadata", 0, false, false, false, json_meta_columns_row},
    {"CustomSeparated", "CustomSeparated", 0, false, false, false, custom_row},
    {"CustomSeparatedIgnoreSpaces", "CustomSeparatedIgnoreSpaces", 0, false, false, false, custom_spaces_row},
    {"CustomSeparatedIgnoreSpacesWithNames", "CustomSeparatedIgnoreSpacesWithNames", 1, false, false, false,
     custom_spaces_row},
    {"CustomSeparatedIgnoreSpacesWithNamesAndTypes", "CustomSeparatedIgnoreSpacesWithNamesAndTypes", 2, false, false,
     false, custom_spaces_row},
    {"CustomSeparatedWithNames", "CustomSeparatedWithNames", 1, false, false, false, custom_row},
    {"CustomSeparatedWithNamesAndTypes", "CustomSeparatedWithNamesAndTypes", 2, false, false, false, custom_row},
    {"Values", "Values", 0, false, false, false, values_row},
    {"Native", "Native", 0, false, false, true, native_row},
    {"Arrow", "Arrow", 0, false, false, true, arrow_row},
    {"ArrowStream", "ArrowStream", 0, false, false, true, arrow_stream_row},
    {"Parquet", "Parquet", 0, false, false, true, parquet_row},
    {"RowBinary", "RowBinary", 0, false, false, true, row_binary_row},
    {"RowBinaryWithDefaults", "RowBinaryWithDefaults", 0, false, false, true, row_binary_defaults_row},
    {"RowBinaryWithNames", "RowBinaryWithNames", 1, false, false, true, row_binary_row},
    {"RowBinaryWithNamesAndTypes", "RowBinaryWithNamesAndTypes", 2, false, false, true, row_binary_row},
};

static const struct reader_format *find_format(struct slice name)
{
    for (size_t k = 0; k < sizeof(formats) / sizeof(formats[0]); k++) {
        const char *names[] = {formats[k].name, formats[k].alias};
        for (size_t n = 0; n < 2; n++) {
            if (strlen(names[n]) == name.length && strncasecmp(names[n], name.data, name.length) == 0) {
                return &formats[k];
            }
        }
    }
    return NULL;
}

static bool is_arrow(const struct reader_format *format)
{
    return format->row == arrow_row || format->row == arrow_stream_row;
}

/* Formats whose rows are one text want one column of its type. */
static struct err *check_columns(const struct reader_format *format, const struct reader_column *columns,
                                 uint32_t column_count)
{
    bool is_object = strcmp(format->name, "JSONAsObject") == 0, is_line = format->row == line_row;
    if ((!is_line && format->row != blob_row && format->row != json_whole_row) || column_count == 0) {
        return NULL;
    }
    const struct type *type = columns[0].type;
    bool fits = is_object ? type->view == TYPE_VIEW_JSON
                          : type->kind == TYPE_STRING && type->view == TYPE_VIEW_NONE && !(is_line && type->nullable);
    return column_count == 1 && fits
               ? NULL
               : err_new(is_line ? ERR_INCORRECT_QUERY : ERR_BAD_ARGUMENTS, "The format %s fits one column of type %s",
                         format->name, is_object ? "JSON" : "String");
}

/* "name": in JSON, when nothing in the name needs an escape. */
static struct slice json_key(struct arena *arena, struct slice name)
{
    for (size_t k = 0; k < name.length; k++) {
        if ((unsigned char)name.data[k] < 0x20 || name.data[k] == '"' || name.data[k] == '\\') {
            return (struct slice){0};
        }
    }
    char *key = arena_format(arena, "\"%.*s\":", SLICE_ARG(name));
    return key == NULL ? (struct slice){0} : slice_text(key);
}

struct err *reader_create(struct slice format, const struct reader_column *columns, uint32_t column_count,
                          uint32_t builder_columns, const struct reader_options *options, struct reader **out)
{
    const struct reader_format *found = find_format(format);
    if (found == NULL && format_is_refused(format)) {
        return err_new(ERR_NOT_IMPLEMENTED, "The format %.*s is not supported for input", SLICE_ARG(format));
    }
    if (found == NULL) {
        return err_new(ERR_UNKNOWN_FORMAT,
                       "Unknown format %.*s for input; there are JSONEachRow, JSONCompactEachRow, JSON, JSONCompact, "
                       "JSONAsString, JSONColumns, CSV, CustomSeparated, TabSeparated, TSKV, LineAsString, RawBLOB, "
                       "Values, Native, Arrow, ArrowStream, Parquet, RowBinary and "
                       "their variants",
                       SLICE_ARG(format));
    }
    struct err *err = check_columns(found, columns, column_count);
    for (uint32_t k = 0; k < column_count && found->binary && err == NULL; k++) {
        const struct format_settings *settings =
            options->settings == NULL ? format_settings_default() : options->settings;
        const struct binary_views views = {.json = found->row == native_row || is_arrow(found) ||
                                                   found->row == parquet_row || settings->binary_json_in};
        err = binary_refuse(found->name, columns[k].name, columns[k].type, views);
    }
    if (err != NULL) {
        return err;
    }
    struct arena *arena = arena_create(options->budget);
    struct reader *reader = arena == NULL ? NULL : ARENA_NEW(arena, struct reader);
    bool *listed = reader == NULL ? NULL : ARENA_ARRAY(arena, bool, builder_columns);
    if (listed == NULL) {
        arena_destroy(arena);
        return err_oom();
    }
    reader->format = found;
    reader->arena = arena;
    reader->options = *options;
    reader->options.zone = options->zone == NULL ? timezone_utc() : options->zone;
    reader->settings = *(options->settings == NULL ? format_settings_default() : options->settings);
    reader->options.settings = NULL;
    reader->csv_null = slice_text(reader->settings.csv_null);
    reader->tsv_null = slice_text(reader->settings.tsv_null);
    reader->skip_lines = found->row == csv_row                                ? reader->settings.csv_skip_lines
                         : found->row == tsv_row || found->row == tsv_raw_row ? reader->settings.tsv_skip_lines
                                                                              : 0;
    reader->header_lines = reader->header_count = found->header_lines;
    reader->begun = found->row == blob_row; /* every byte of it counts, a mark at the beginning too */
    reader->field_count = column_count;
    reader->fields = ARENA_ARRAY(arena, struct field, column_count);
    reader->unlisted = ARENA_ARRAY(arena, uint32_t, builder_columns);
    reader->order = ARENA_ARRAY(arena, uint32_t, (size_t)column_count + 1);
    if (reader->fields == NULL || reader->unlisted == NULL || reader->order == NULL) {
        arena_destroy(arena);
        return err_oom();
    }
    memset(listed, 0, builder_columns * sizeof(*listed));
    memset(reader->fields, 0, column_count * sizeof(*reader->fields));
    for (uint32_t k = 0; k < column_count; k++) {
        struct field *field = &reader->fields[k];
        ASSERT(columns[k].column < builder_columns && !listed[columns[k].column]);
        field->name = columns[k].name;
        field->type = columns[k].type;
        field->column = columns[k].column;
        field->key = json_key(arena, field->name);
        field->zone = field->type->zone != NULL ? field->type->zone : reader->options.zone;
        listed[field->column] = true;
        reader->order[k] = k;
    }
    for (uint32_t k = 0; k < column_count && found->binary && err == NULL; k++) {
        if (type_is_state(reader->fields[k].type)) {
            err = state_wire_open(arena, reader->fields[k].type, &reader->fields[k].wire);
        }
    }
    if (err != NULL) {
        arena_destroy(arena);
        return err;
    }
    for (uint32_t k = 0; k < builder_columns; k++) {
        if (!listed[k]) {
            reader->unlisted[reader->unlisted_count++] = k;
        }
    }
    *out = reader;
    return NULL;
}

void reader_destroy(struct reader *reader)
{
    if (reader != NULL) {
        buffer_deinit(&reader->rest);
        buffer_deinit(&reader->scratch);
        buffer_deinit(&reader->packed);
        buffer_deinit(&reader->item.large);
        arrow_reader_destroy(reader->arrow);
        parquet_reader_destroy(reader->parquet);
        arena_destroy(reader->block);
        arena_destroy(reader->arena);
    }
}

size_t reader_rest_bytes(const struct reader *reader)
{
    return reader->rest.capacity;
}

void reader_complain(struct reader *reader, const char *format, ...)
{
    va_list list;
    va_start(list, format);
    (void)vsnprintf(reader->message, sizeof(reader->message), format, list);
    va_end(list);
    reader->code = ERR_CANNOT_PARSE_INPUT;
}

/* At most 60 bytes of foreign text, unprintable ones as '.'. */
static const char *excerpt(struct slice text, char out[72])
{
    size_t length = text.length < 60 ? text.length : 60;
    for (size_t k = 0; k < length; k++) {
        out[k] = (unsigned char)text.data[k] < 0x20 || text.data[k] == 0x7f ? '.' : text.data[k];
    }
    (void)snprintf(out + length, 72 - length, "%s", text.length > 60 ? "..." : "");
    return out;
}

enum row_result reader_bad_value(struct reader *reader, const struct field *field, struct slice text)
{
    char shown[72];
    struct arena *arena = arena_create(NULL);
    struct slice type = arena == NULL ? (struct slice){0} : type_name(arena, field->type);
    (void)reader_bad(reader, "column %.*s: cannot read \"%s\" as %.*s", SLICE_ARG(field->name), excerpt(text, shown),
                     SLICE_ARG(type));
    enum err_code code = value_error_code(field->type);
    reader->code = code == ERR_CANNOT_PARSE_TEXT ? ERR_CANNOT_PARSE_INPUT : code;
    arena_destroy(arena);
    return ROW_BAD;
}

/* What people write for times, where the plain layout does not fit. */
static bool scalar_effort(const struct type *type, const struct timezone *zone, struct slice text, void *out,
                          bool month_first)
{
    int64_t ticks;
    bool has_scale = type->kind == TYPE_DATETIME64;
    if (value_from_text(type, zone, text, out)) {
        return true;
    }
    if ((type->kind != TYPE_DATETIME && !has_scale) ||
        !value_best_effort(text, type->zone != NULL ? type->zone : zone, has_scale ? type->scale : 0, month_first,
                           &ticks)) {
        return false;
    }
    if (has_scale) {
        memcpy(out, &ticks, sizeof(ticks));
    } else {
        *(uint32_t *)out = (uint32_t)(ticks < 0 ? 0 : ticks > UINT32_MAX ? UINT32_MAX : ticks);
    }
    return true;
}

static bool scalar_best_effort(const struct type *type, const struct timezone *zone, struct slice text, void *out)
{
    return scalar_effort(type, zone, text, out, false);
}

static bool scalar_best_effort_us(const struct type *type, const struct timezone *zone, struct slice text, void *out)
{
    return scalar_effort(type, zone, text, out, true);
}

bool (*reader_scalar(const struct reader *reader))(const struct type *type, const struct timezone *zone,
                                                   struct slice text, void *out)
{
    switch (reader->settings.time_reading) {
    case TIME_BEST_EFFORT:
        return scalar_best_effort;
    case TIME_BEST_EFFORT_US:
        return scalar_best_effort_us;
    default:
        return value_from_text;
    }
}

static bool parse(const struct reader *reader, const struct type *type, struct slice text, void *out)
{
    if (type->kind == TYPE_BOOL) {
        bool is_true = slice_equal(text, slice_text(reader->settings.true_text));
        if (is_true || slice_equal(text, slice_text(reader->settings.false_text))) {
            *(uint8_t *)out = is_true;
            return true;
        }
    }
    return reader_scalar(reader)(type, reader->options.zone, text, out);
}

enum row_result reader_set_text(struct reader *reader, struct builder *builder, struct field *field, struct slice text)
{
    if (field->type->kind == TYPE_STRING) {
        builder_string(builder, field->column, text.data, text.length);
        return ROW_WHOLE;
    }
    if (type_is_nested(field->type)) {
        return reader_set_nested(reader, builder, field, text, NULL);
    }
    void *value = nested_value_room(&reader->item, field->type);
    if (value == NULL) {
        return reader_bad(reader, "out of memory");
    }
    if (!parse(reader, field->type, text, value)) {
        return reader_bad_value(reader, field, text);
    }
    builder_value(builder, field->column, value);
    return ROW_WHOLE;
}

enum row_result reader_set_packed(struct reader *reader, struct builder *builder, struct field *field)
{
    struct err *err = reader->packed.failed ? err_oom() : packed_check(field->type, buffer_all(&reader->packed));
    if (err != NULL) {
        (void)reader_bad(reader, "column %.*s: %s", SLICE_ARG(field->name), err_message(err));
        reader->code = err_code(err);
        err_free(err);
        buffer_deinit(&reader->packed);
        return ROW_BAD;
    }
    builder_packed(builder, field->column, reader->packed.data, reader->packed.length);
    return ROW_WHOLE;
}

enum row_result reader_set_nested(struct reader *reader, struct builder *builder, struct field *field,
                                  struct slice text, size_t *used)
{
    size_t length = 0;
    reader->packed.length = 0;
    text = text.length == 0 ? slice_of("", 0) : text;
    struct err *err =
        nested_from_text(text, field->type, reader->options.zone, reader_scalar(reader), &reader->packed, &length);
    if (err != NULL) {
        (void)reader_bad(reader, "column %.*s: %s", SLICE_ARG(field->name), err_message(err));
        reader->code = err_code(err) == ERR_READ_AFTER_EOF ? ERR_CANNOT_PARSE_INPUT : err_code(err);
        err_free(err);
        return ROW_BAD;
    }
    if (used == NULL && length < text.length) {
        return reader_bad_value(reader, field, text);
    }
    if (used != NULL) {
        *used = length;
    }
    builder_packed(builder, field->column, reader->packed.data, reader->packed.length);
    return ROW_WHOLE;
}

enum row_result reader_pack(struct reader *reader, const struct field *field, const struct type *type,
                            struct slice text)
{
    void *value = nested_value_room(&reader->item, type);
    if (value == NULL) {
        return reader_bad(reader, "out of memory");
    }
    if (text.length > UINT32_MAX / 2 || !parse(reader, type, text, value)) {
        struct field item = *field;
        item.type = type;
        return reader_bad_value(reader, &item, text);
    }
    if (type->nullable) {
        buffer_char(&reader->packed, 0);
    }
    nested_value_put(&reader->packed, type, value);
    return ROW_WHOLE;
}

/* The column's DEFAULT, or its type's. */
static void set_missing(const struct reader *reader, struct builder *builder, const struct field *field)
{
    if (reader->settings.defaults_for_omitted_fields) {
        builder_missing(builder, field->column);
    } else {
        builder_default(builder, field->column);
    }
}

enum row_result reader_set_null(struct reader *reader, struct builder *builder, struct field *field)
{
    if (field->type->nullable) {
        builder_null(builder, field->column);
        return ROW_WHOLE;
    }
    if (!reader->settings.null_as_default) {
        return reader_bad(reader, "column %.*s: NULL, but its type is not Nullable", SLICE_ARG(field->name));
    }
    set_missing(reader, builder, field);
    return ROW_WHOLE;
}

bool reader_row_begin(struct reader *reader, struct builder *builder)
{
    reader->row_number++;
    if (reader->row_number == 0) { /* wrapped: forget the old marks */
        for (uint32_t k = 0; k < reader->field_count; k++) {
            reader->fields[k].seen = 0;
        }
        reader->row_number = 1;
    }
    if (!builder_row_begin(builder)) {
        return false;
    }
    if (reader->options.row_begin != NULL) {
        reader->options.row_begin(reader->options.user, builder);
    }
    return true;
}

enum row_result reader_row_end(struct reader *reader, struct builder *builder)
{
    for (uint32_t k = 0; k < reader->field_count; k++) {
        if (reader->fields[k].seen != reader->row_number) {
            set_missing(reader, builder, &reader->fields[k]);
        }
    }
    for (uint32_t k = 0; k < reader->unlisted_count; k++) {
        builder_missing(builder, reader->unlisted[k]);
    }
    if (!builder_row_end(builder)) {
        return ROW_MEMORY;
    }
    reader->rows++;
    return ROW_WHOLE;
}

/* "row 17: column a: cannot read …, near: …" */
static struct err *row_error(const struct reader *reader, const char *row, const char *end)
{
    char shown[72];
    if (reader->format->binary) {
        return err_new(reader->code, "row %llu: %s", (unsigned long long)(reader->rows + 1), reader->message);
    }
    return err_new(reader->code, "row %llu: %s (near: %s)", (unsigned long long)(reader->rows + 1), reader->message,
                   excerpt(slice_of(row, (size_t)(end - row)), shown));
}

/* input_format_allow_errors_num, …_ratio: may one more bad row be left out? */
static bool may_skip(struct reader *reader)
{
    const struct format_settings *settings = &reader->settings;
    if (!reader->format->skips || reader->header_lines > 0) {
        return false;
    }
    reader->bad_rows++;
    return reader->bad_rows <= settings->errors_num ||
           (double)reader->bad_rows <= settings->errors_ratio * (double)(reader->rows + reader->bad_rows);
}

/* Up to behind the line's end; false: it is not here yet. */
static bool skip_line(struct reader *reader, const char **at, const char *end)
{
    const char *feed = *at == end ? NULL : memchr(*at, '\n', (size_t)(end - *at));
    *at = feed == NULL ? end : feed + 1;
    reader->skipping = feed == NULL;
    return feed != NULL;
}

/* All rows of [*at, end). */
static struct err *read_rows(struct reader *reader, struct builder *builder, const char **at, const char *end,
                             bool last, bool *unfinished)
{
    *unfinished = false;
    for (;;) {
        if (reader->skipping && !skip_line(reader, at, end)) {
            return NULL;
        }
        const char *row = *at;
        switch (reader->format->row(reader, builder, at, end, last)) {
        case ROW_WHOLE:
            break;
        case ROW_NONE:
            return NULL;
        case ROW_UNFINISHED:
            builder_row_cancel(builder); /* *at stands where the row begins: behind header lines and separators */
            *unfinished = true;
            return NULL;
        case ROW_BAD:
            builder_row_cancel(builder);
            if (may_skip(reader)) {
                reader->skipping = true;
                break;
            }
            while (!reader->format->binary && row < end && (*row == '\n' || *row == '\r')) {
                row++;
            }
            return row_error(reader, row, end);
        case ROW_MEMORY:
            return builder_error(builder);
        }
    }
}

/* UTF-8's byte order mark at the beginning says nothing. False: not enough bytes to tell. */
static bool skip_mark(struct reader *reader, const char **at, const char *end, bool last)
{
    static const char mark[] = "\xef\xbb\xbf";
    size_t length = (size_t)(end - *at) < 3 ? (size_t)(end - *at) : 3;
    if (reader->begun || length == 0 || reader->format->binary) {
        return true;
    }
    bool same = memcmp(*at, mark, length) == 0;
    if (same && length < 3 && !last) {
        return false;
    }
    *at += same && length == 3 ? 3 : 0;
    reader->begun = true;
    return true;
}

struct err *reader_feed(struct reader *reader, struct builder *builder, struct slice piece, bool last)
{
    struct err *err = NULL;
    bool unfinished;
    const char *at = piece.data, *end = piece.data + piece.length;
    if (reader->rest.length > 0) {
        buffer_append(&reader->rest, piece.data, piece.length);
        if (reader->rest.failed) {
            return err_oom();
        }
        if (!last && reader->rest.length < reader->rest_tried * 2) {
            goto done; /* a long row: try again when there is twice as much */
        }
        at = reader->rest.data;
        end = at + reader->rest.length;
    }
    if (skip_mark(reader, &at, end, last)) {
        OR_DONE(read_rows(reader, builder, &at, end, last, &unfinished));
    } else {
        unfinished = true;
    }
    if (unfinished && last) {
        (void)reader_bad(reader, "the data end within a row");
        reader->code = ERR_CANNOT_READ_DATA;
        return row_error(reader, at, end);
    }
    size_t left = (size_t)(end - at);
    if (reader->rest.length > 0) {
        memmove(reader->rest.data, at, left);
        reader->rest.length = left;
    } else {
        buffer_append(&reader->rest, at, left);
    }
    reader->rest_tried = left;
    if (reader->rest.failed) {
        return err_oom();
    }
done:;
    bool blocks = reader->format->row == native_row || is_arrow(reader->format) ||
                  reader->format->row == json_columns_row || reader->format->row == json_compact_columns_row ||
                  reader->format->row == json_meta_columns_row;
    size_t most = reader->format->row == parquet_row ? FILE_BYTES_MAX
                  : is_arrow(reader->format)         ? BLOCK_BYTES_MAX + ARROW_METADATA_MAX + ARROW_PREFIX_BYTES
                  : blocks                           ? BLOCK_BYTES_MAX
                                                     : ROW_BYTES_MAX;
    if (err == NULL && reader->rest.length > most) {
        return err_new(ERR_CANNOT_PARSE_TEXT, "row %llu: it is longer than %zu bytes",
                       (unsigned long long)(reader->rows + 1), most);
    }
    return err;
}

bool reader_more(const struct reader *reader)
{
    return parquet_reader_more(reader->parquet);
}

struct err *reader_message(struct reader *reader, struct builder *builder, struct slice message, uint64_t *row_count)
{
    struct builder_mark mark = builder_mark(builder);
    uint64_t before = reader->rows;
    bool unfinished = false;
    const char *at = message.data, *end = message.data + message.length;
    reader->rows = 0; /* errors count the message's rows */
    reader->in_list = reader->ended = reader->document = false;
    arrow_reader_reset(reader->arrow);
    parquet_reader_reset(reader->parquet);
    struct err *err = message.length > ROW_BYTES_MAX
                          ? err_new(ERR_CANNOT_PARSE_TEXT, "the message is longer than %zu bytes", ROW_BYTES_MAX)
                          : read_rows(reader, builder, &at, end, true, &unfinished);
    if (err == NULL && unfinished) {
        (void)reader_bad(reader, "the message ends within a row");
        reader->code = ERR_CANNOT_READ_DATA;
        err = row_error(reader, at, end);
    } else if (err == NULL && reader->rows == 0) {
        err = err_new(ERR_CANNOT_PARSE_TEXT, "the message holds no row");
    }
    *row_count = reader->rows;
    if (err != NULL) {
        *row_count = 0;
        builder_rollback(builder, mark);
    }
    reader->rows = before + *row_count;
    return err;
}

size_t reader_cut(struct slice format, struct slice body)
{
    const struct reader_format *found = find_format(format);
    const char *newline =
        found == NULL || !found->cuttable || body.length == 0 ? NULL : memrchr(body.data, '\n', body.length);
    if (newline == NULL) {
        return 0;
    }
    size_t cut = (size_t)(newline - body.data) + 1;
    if (found->row == json_row) { /* only where each line is an object: not within one that goes over lines */
        if (newline == body.data || newline[-1] != '}' || (cut < body.length && newline[1] != '{')) {
            return 0;
        }
    }
    return cut;
}

bool reader_describe(uint32_t index, const char **name, const char **alias)
{
    if (index >= sizeof(formats) / sizeof(formats[0])) {
        return false;
    }
    *name = formats[index].name;
    *alias = formats[index].alias == NULL ? formats[index].name : formats[index].alias;
    return true;
}
