/*
 * infer.c: the structure of a text by its format. See infer.h; infer_value.c looks at the values.
 *
 * json     one object a row (or an array of them); columns in the order in which their names come
 * lines    CSV and TabSeparated: where every field of the first line is a text, and the second has others, the first
 *          holds the names
 */
#include "format/infer.h"

#include "base/interrupt.h"
#include "format/arrow_infer.h"
#include "format/parquet_file.h"
#include "format/reader.h"

#include <stdio.h>
#include <string.h>

static struct err *nothing_there(struct slice format)
{
    return err_new(ERR_CANNOT_INFER_STRUCTURE,
                   "The table structure cannot be extracted from a %.*s format file: there are no rows. You can "
                   "specify the structure manually",
                   SLICE_ARG(format));
}

/* ---- JSONEachRow */

static struct err *infer_rows_json(struct arena *arena, struct slice format, struct slice sample, bool whole,
                                   struct inferred **out)
{
    struct err *err = NULL;
    const char *at = sample.data, *end = sample.data + sample.length;
    *out = NULL;
    for (uint32_t rows = 0; rows < INFER_ROWS_MAX; rows++) {
        struct inferred *row = NULL;
        OR_DONE(interrupt_check());
        while (at < end && strchr(" \t\r\n,[]", *at) != NULL && *at != '\0') {
            at++;
        }
        if (at == end) {
            break;
        }
        if (*at != '{') {
            return err_new(ERR_CANNOT_INFER_STRUCTURE, "Cannot extract table structure: row %u is no JSON object",
                           rows + 1);
        }
        err = infer_json(arena, &at, end, 0, &row);
        if (err != NULL && err_code(err) == ERR_CANNOT_INFER_STRUCTURE && !whole && *out != NULL) {
            err_free(err); /* the sample ends within the row */
            err = NULL;
            break;
        }
        OR_DONE(err);
        OR_DONE(infer_merge(arena, out, row, true));
    }
    if (*out == NULL || (*out)->count == 0) {
        err = nothing_there(format);
    }
done:
    return err;
}

/* ---- lines */

struct lines {
    struct arena *arena;
    const char *at;
    const char *end;
    bool whole;
    bool is_csv;
    char delimiter;
};

struct field {
    struct slice text;
    bool quoted;
};

/* The fields of the next line, or *count 0: there is none that is whole. */
static struct err *next_line(struct lines *lines, struct field *fields, uint32_t *count)
{
    *count = 0;
    while (lines->at < lines->end && (*lines->at == '\n' || *lines->at == '\r')) {
        lines->at++;
    }
    const char *at = lines->at, *end = lines->end;
    while (at < end) {
        struct field field = {slice_of(at, 0), false};
        if (*count == INFER_COLUMNS_MAX) {
            return err_new(ERR_CANNOT_INFER_STRUCTURE, "Cannot extract table structure: more than %u columns",
                           INFER_COLUMNS_MAX);
        }
        if (lines->is_csv && *at == '"') {
            const char *begin = ++at;
            while (at < end && (*at != '"' || (end - at > 1 && at[1] == '"'))) {
                at += *at == '"' ? 2 : 1;
            }
            field = (struct field){slice_of(begin, (size_t)(at - begin)), true};
            at += at < end;
        }
        const char *begin = at;
        while (at < end && *at != '\n' && *at != lines->delimiter) {
            at++;
        }
        if (!field.quoted) {
            size_t length = (size_t)(at - begin);
            while (length > 0 && begin[length - 1] == '\r') {
                length--;
            }
            field.text = slice_of(begin, length);
        }
        fields[(*count)++] = field;
        if (at == end || *at == '\n') {
            break;
        }
        at++;
        if (at == end) { /* an empty last field */
            fields[(*count)++] = (struct field){slice_of(at, 0), false};
        }
    }
    if (at == end && !lines->whole) {
        *count = 0;
        return NULL;
    }
    lines->at = at;
    return NULL;
}

static struct err *line_kinds(struct lines *lines, const struct field *fields, uint32_t count, struct inferred **kinds,
                              bool *all_texts)
{
    struct err *err = NULL;
    *all_texts = true;
    for (uint32_t i = 0; i < count; i++) {
        OR_DONE(infer_field(lines->arena, fields[i].text, lines->is_csv, fields[i].quoted, &kinds[i]));
        *all_texts = *all_texts && kinds[i]->kind == INFERRED_STRING;
    }
done:
    return err;
}

/* Fields that have no type in common (an array and a number) are texts. */
static struct err *merge_field(struct arena *arena, struct inferred **into, struct inferred *more)
{
    struct err *err = infer_merge(arena, into, more, false);
    if (err != NULL && err_code(err) == ERR_CANNOT_INFER_STRUCTURE) {
        err_free(err);
        err = NULL;
        **into = (struct inferred){.kind = INFERRED_STRING};
    }
    return err;
}

/* As a reader would not take it as it is written. */
static bool has_escapes(const struct lines *lines, const struct field *field)
{
    return lines->is_csv ? field->quoted && memchr(field->text.data, '"', field->text.length) != NULL
                         : memchr(field->text.data, '\\', field->text.length) != NULL;
}

static struct err *merge_lines(struct lines *lines, struct field *fields, struct inferred **kinds,
                               struct inferred **next, uint32_t count)
{
    struct err *err = NULL;
    for (uint32_t rows = 1; rows < INFER_ROWS_MAX; rows++) {
        uint32_t found;
        bool all_texts;
        OR_DONE(interrupt_check());
        OR_DONE(next_line(lines, fields, &found));
        if (found == 0) {
            break;
        }
        if (found != count) {
            return err_new(ERR_CANNOT_INFER_STRUCTURE,
                           "Cannot extract table structure: rows have different amounts of values: %u and %u", count,
                           found);
        }
        OR_DONE(line_kinds(lines, fields, count, next, &all_texts));
        for (uint32_t i = 0; i < count; i++) {
            OR_DONE(merge_field(lines->arena, &kinds[i], next[i]));
        }
    }
done:
    return err;
}

struct format_form {
    const char *names[2];
    bool is_csv;
    uint32_t head; /* lines of names, and types */
};

static const struct format_form forms[] = {
    {{"CSV", "CSV"}, true, 0},
    {{"CSVWithNames", "CSVWithNames"}, true, 1},
    {{"CSVWithNamesAndTypes", "CSVWithNamesAndTypes"}, true, 2},
    {{"TabSeparated", "TSV"}, false, 0},
    {{"TabSeparatedWithNames", "TSVWithNames"}, false, 1},
    {{"TabSeparatedWithNamesAndTypes", "TSVWithNamesAndTypes"}, false, 2},
};
#define FORM_COUNT (sizeof(forms) / sizeof(forms[0]))

static struct err *infer_lines(struct lines *lines, const struct format_form *form, struct slice format,
                               struct inferred_column **columns, uint32_t *count, struct slice *read_as)
{
    struct err *err = NULL;
    struct arena *arena = lines->arena;
    struct field *fields = ARENA_ARRAY(arena, struct field, INFER_COLUMNS_MAX + 1);
    struct field *head = ARENA_ARRAY(arena, struct field, INFER_COLUMNS_MAX + 1);
    struct inferred **kinds = ARENA_ARRAY(arena, struct inferred *, INFER_COLUMNS_MAX + 1);
    struct inferred **next = ARENA_ARRAY(arena, struct inferred *, INFER_COLUMNS_MAX + 1);
    uint32_t found = 0;
    bool all_texts = false;
    bool has_names = form->head > 0;

    if (fields == NULL || head == NULL || kinds == NULL || next == NULL) {
        return arena_error(arena);
    }
    OR_DONE(next_line(lines, head, count));
    if (*count == 0) {
        return nothing_there(format);
    }
    if (form->head < 2) {
        OR_DONE(line_kinds(lines, head, *count, kinds, &all_texts));
    }
    OR_DONE(next_line(lines, fields, &found));
    if (found == 0 && has_names) {
        return nothing_there(format);
    }
    if (found > 0 && found != *count) {
        return err_new(ERR_CANNOT_INFER_STRUCTURE,
                       "Cannot extract table structure: rows have different amounts of values: %u and %u", *count,
                       found);
    }
    *columns = ARENA_ARRAY(arena, struct inferred_column, *count);
    if (*columns == NULL) {
        return arena_error(arena);
    }
    if (found > 0 && form->head < 2) {
        bool texts = all_texts;
        OR_DONE(line_kinds(lines, fields, found, next, &all_texts));
        bool data = false;
        for (uint32_t i = 0; i < found; i++) {
            data = data || (next[i]->kind != INFERRED_STRING && next[i]->kind != INFERRED_NOTHING);
        }
        has_names = has_names || (texts && data);
        for (uint32_t i = 0; i < found; i++) {
            if (has_names) {
                kinds[i] = next[i];
            } else {
                OR_DONE(merge_field(arena, &kinds[i], next[i]));
            }
        }
        OR_DONE(merge_lines(lines, fields, kinds, next, *count));
    }
    *read_as = slice_text(form[has_names && form->head == 0 ? 1 : 0].names[0]);
    for (uint32_t i = 0; i < *count; i++) {
        if (has_names && has_escapes(lines, &head[i])) {
            return err_new(ERR_CANNOT_INFER_STRUCTURE,
                           "Cannot extract table structure: the name %.*s has escapes; give the structure",
                           SLICE_ARG(head[i].text));
        }
        char *numbered = has_names ? NULL : arena_format(arena, "c%u", i + 1);
        struct slice name = has_names ? arena_slice(arena, head[i].text) : slice_of(numbered, 0);
        if (name.data == NULL) {
            return arena_error(arena);
        }
        (*columns)[i].name = numbered == NULL ? name : slice_text(numbered);
        if (form->head == 2) {
            OR_DONE(type_parse(arena, fields[i].text, &(*columns)[i].type));
        } else {
            (*columns)[i].type = infer_type(arena, kinds[i]);
        }
        if ((*columns)[i].type == NULL) {
            return arena_error(arena);
        }
    }
done:
    return err;
}

static const char *const json[] = {"JSONEachRow", "NDJSON", "JSONLines", "JSONL"};

bool format_infers(struct slice format)
{
    bool infers = false;
    for (size_t i = 0; i < FORM_COUNT; i++) {
        infers = infers || slice_equal(format, slice_text(forms[i].names[0])) ||
                 slice_equal(format, slice_text(forms[i].names[1]));
    }
    for (size_t i = 0; i < sizeof(json) / sizeof(json[0]); i++) {
        infers = infers || slice_equal(format, slice_text(json[i]));
    }
    return infers || slice_equal(format, slice_text("Arrow")) || slice_equal(format, slice_text("ArrowStream")) ||
           slice_equal(format, slice_text("Parquet"));
}

static void skip_lines(struct lines *lines, uint64_t count)
{
    for (; count > 0 && lines->at < lines->end; count--) {
        const char *line_end = memchr(lines->at, '\n', (size_t)(lines->end - lines->at));
        lines->at = line_end == NULL ? lines->end : line_end + 1;
    }
}

struct err *format_infer(struct arena *arena, struct slice format, const struct format_settings *settings,
                         struct slice sample, bool whole, struct inferred_column **columns, uint32_t *count,
                         struct slice *read_as)
{
    struct err *err = NULL;
    struct lines lines = {arena, sample.data, sample.data + sample.length, whole, false, '\t'};
    struct inferred *row = NULL;
    *read_as = format;
    for (size_t i = 0; i < FORM_COUNT; i++) {
        if (slice_equal(format, slice_text(forms[i].names[0])) || slice_equal(format, slice_text(forms[i].names[1]))) {
            settings = settings == NULL ? format_settings_default() : settings;
            lines.is_csv = forms[i].is_csv;
            lines.delimiter = lines.is_csv ? settings->csv_delimiter : '\t';
            skip_lines(&lines, lines.is_csv ? settings->csv_skip_lines : settings->tsv_skip_lines);
            return infer_lines(&lines, &forms[i], format, columns, count, read_as);
        }
    }
    bool is_file = slice_equal(format, slice_text("Arrow"));
    if (is_file || slice_equal(format, slice_text("ArrowStream"))) {
        return arrow_infer(arena, is_file, sample, columns, count);
    }
    if (slice_equal(format, slice_text("Parquet"))) {
        return parquet_infer(arena, sample, columns, count);
    }
    bool is_json = false;
    for (size_t i = 0; i < sizeof(json) / sizeof(json[0]); i++) {
        is_json = is_json || slice_equal(format, slice_text(json[i]));
    }
    if (!is_json) {
        struct reader *reader = NULL;
        struct reader_options options = {.settings = settings};
        OR_DONE(reader_create(format, NULL, 0, 0, &options, &reader)); /* is there such a format? */
        reader_destroy(reader);
        return err_new(ERR_NOT_IMPLEMENTED, "the structure of the format %.*s is not inferred; give it",
                       SLICE_ARG(format));
    }
    OR_DONE(infer_rows_json(arena, format, sample, whole, &row));
    *count = row->count;
    *columns = ARENA_ARRAY(arena, struct inferred_column, row->count);
    for (uint32_t i = 0; *columns != NULL && i < row->count; i++) {
        (*columns)[i] =
            (struct inferred_column){arena_slice(arena, row->names[i]), infer_type(arena, row->children[i])};
        if ((*columns)[i].type == NULL || (*columns)[i].name.data == NULL) {
            return arena_error(arena);
        }
    }
    if (*columns == NULL) {
        err = arena_error(arena);
    }
done:
    return err;
}
