/*
 * writer.c: the table of formats that can be written.
 *
 * flow     server/reply.c → here → json_writer.c, text_writer.c, pretty_writer.c
 */
#include "format/writer_private.h"

#include <stdlib.h>
#include <strings.h>

#define TSV_TYPE  "text/tab-separated-values; charset=UTF-8"
#define JSON_TYPE "application/json; charset=UTF-8"
#define ROWS_TYPE "application/x-ndjson; charset=UTF-8"
#define TEXT_TYPE "text/plain; charset=UTF-8"

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
    {"TabSeparated", "TSV", TSV_TYPE, NAMES_NONE, tsv_begin, tsv_chunk, no_end, lines_totals},
    {"TabSeparatedWithNames", "TSVWithNames", TSV_TYPE, NAMES_ONLY, tsv_begin, tsv_chunk, no_end, lines_totals},
    {"TabSeparatedWithNamesAndTypes", "TSVWithNamesAndTypes", TSV_TYPE, NAMES_AND_TYPES, tsv_begin, tsv_chunk, no_end,
     lines_totals},
    {"TabSeparatedRaw", "TSVRaw", TSV_TYPE, NAMES_NONE, tsv_begin, tsv_raw_chunk, no_end, lines_totals},
    {"CSV", NULL, "text/csv; charset=UTF-8; header=absent", NAMES_NONE, csv_begin, csv_chunk, no_end, lines_totals},
    {"CSVWithNames", NULL, "text/csv; charset=UTF-8; header=present", NAMES_ONLY, csv_begin, csv_chunk, no_end,
     lines_totals},
    {"CSVWithNamesAndTypes", NULL, "text/csv; charset=UTF-8; header=present", NAMES_AND_TYPES, csv_begin, csv_chunk,
     no_end, lines_totals},
    {"Values", NULL, TEXT_TYPE, 0, nothing, values_chunk, values_end, NULL},
    {"JSON", NULL, JSON_TYPE, JSON_OBJECTS, json_begin, json_chunk, json_end, json_totals},
    {"JSONStrings", NULL, JSON_TYPE, JSON_OBJECTS | JSON_STRINGS, json_begin, json_chunk, json_end, json_totals},
    {"JSONCompact", NULL, JSON_TYPE, JSON_ARRAYS, json_begin, json_chunk, json_end, json_totals},
    {"JSONCompactStrings", NULL, JSON_TYPE, JSON_ARRAYS | JSON_STRINGS, json_begin, json_chunk, json_end, json_totals},
    {"JSONEachRow", "NDJSON", ROWS_TYPE, JSON_OBJECTS, nothing, json_rows_chunk, no_end, NULL},
    {"JSONLines", "JSONL", ROWS_TYPE, JSON_OBJECTS, nothing, json_rows_chunk, no_end, NULL},
    {"JSONStringsEachRow", NULL, ROWS_TYPE, JSON_OBJECTS | JSON_STRINGS, nothing, json_rows_chunk, no_end, NULL},
    {"JSONCompactEachRow", NULL, ROWS_TYPE, JSON_ARRAYS, json_rows_begin, json_compact_rows_chunk, no_end, NULL},
    {"JSONCompactEachRowWithNames", NULL, ROWS_TYPE, JSON_ARRAYS | NAMES_ONLY, json_rows_begin, json_compact_rows_chunk,
     no_end, NULL},
    {"JSONCompactEachRowWithNamesAndTypes", NULL, ROWS_TYPE, JSON_ARRAYS | NAMES_AND_TYPES, json_rows_begin,
     json_compact_rows_chunk, no_end, NULL},
    {"JSONCompactStringsEachRow", NULL, ROWS_TYPE, JSON_ARRAYS | JSON_STRINGS, json_rows_begin, json_compact_rows_chunk,
     no_end, NULL},
    {"Pretty", NULL, TEXT_TYPE, 0, nothing, pretty_chunk, pretty_end, pretty_totals},
    {"PrettyCompact", NULL, TEXT_TYPE, 1, nothing, pretty_chunk, pretty_end, pretty_totals},
    {"PrettySpace", NULL, TEXT_TYPE, 2, nothing, pretty_chunk, pretty_end, pretty_totals},
    {"PrettyNoEscapes", "PrettyMonoBlock", TEXT_TYPE, 0, nothing, pretty_chunk, pretty_end, pretty_totals},
    {"PrettyCompactNoEscapes", "PrettyCompactMonoBlock", TEXT_TYPE, 1, nothing, pretty_chunk, pretty_end,
     pretty_totals},
    {"PrettySpaceNoEscapes", "PrettySpaceMonoBlock", TEXT_TYPE, 2, nothing, pretty_chunk, pretty_end, pretty_totals},
    {"Vertical", NULL, TEXT_TYPE, 0, nothing, vertical_chunk, no_end, vertical_totals},
    {"Markdown", "MD", TEXT_TYPE, 0, markdown_begin, markdown_chunk, no_end, NULL},
    {"Null", NULL, TEXT_TYPE, 0, nothing, no_rows, no_end, NULL},
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

struct err *writer_create(struct slice format, const struct writer_column *columns, uint32_t column_count,
                          const struct writer_options *options, struct buffer *out, struct writer **result)
{
    const struct writer_format *found = find(format);
    if (found == NULL) {
        return err_new(ERR_UNKNOWN_FORMAT,
                       "Unknown format %.*s; there are TabSeparated, CSV, JSON, JSONCompact, JSONEachRow, "
                       "JSONCompactEachRow, Pretty, PrettyCompact, Vertical, Markdown, Values, Null and their variants",
                       SLICE_ARG(format));
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
    writer->options.zone = options->zone == NULL ? timezone_utc() : options->zone;
    writer->columns = columns;
    writer->column_count = column_count;
    writer->out = out;
    writer->keys = ARENA_ARRAY(arena, struct slice, column_count);
    for (uint32_t k = 0; writer->keys != NULL && k < column_count; k++) {
        struct buffer key = {0};
        json_quote(&key, columns[k].name);
        buffer_char(&key, ':');
        writer->keys[k] = key.failed ? (struct slice){0} : arena_slice(arena, buffer_all(&key));
        buffer_deinit(&key);
    }
    *result = writer;
    if (writer->keys == NULL) {
        writer_destroy(writer);
        return err_oom();
    }
    return NULL;
}

void writer_destroy(struct writer *writer)
{
    if (writer != NULL) {
        buffer_deinit(&writer->scratch);
        pretty_destroy(writer->pretty);
        arena_destroy(writer->arena);
    }
}

void writer_begin(struct writer *writer)
{
    writer->format->begin(writer);
}

void writer_chunk(struct writer *writer, const struct chunk *chunk)
{
    writer->format->chunk(writer, chunk);
    writer->rows += chunk->row_count;
}

void writer_totals(struct writer *writer, const struct chunk *row)
{
    if (writer->format->totals != NULL) {
        writer->format->totals(writer, row);
    }
}

void writer_end(struct writer *writer, const struct writer_statistics *statistics)
{
    writer->format->end(writer, statistics);
}

uint64_t writer_rows(const struct writer *writer)
{
    return writer->rows;
}

struct slice writer_type_name(struct writer *writer, uint32_t column)
{
    return type_name(writer->arena, writer->columns[column].type);
}
