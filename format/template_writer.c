/*
 * template_writer.c: Template: rows, and what stands around all of them, by the texts of two settings.
 *
 * template  text with ${part:Rule} in it; $$ is a dollar. A part is a name, one in quotes or backticks, or a number from 0
 *           on; Rule says how a value is written, as format_custom_escaping_rule does
 * row       format_template_row_format: parts are columns, each any number of times; between rows stands
 *           format_template_rows_between_delimiter
 * result    format_template_resultset_format, or the rows alone: ${data} first; then totals, min, max (rows by the row's
 *           template), rows, rows_before_limit, time, rows_read, bytes_read. What the query does not have is an error
 *           where it would stand.
 * memory    of the templates: the settings' bound; of totals and extremes: their text until the end
 */
#include "base/number.h"
#include "format/escape.h"
#include "format/writer_private.h"

#include <ctype.h>

#define NO_PART UINT32_MAX

enum result_part {
    PART_DATA,
    PART_TOTALS,
    PART_MIN,
    PART_MAX,
    PART_ROWS,
    PART_ROWS_BEFORE_LIMIT,
    PART_TIME,
    PART_ROWS_READ,
    PART_BYTES_READ,
    PART_COUNT
};

static const char *const part_names[PART_COUNT] = {"data", "totals",    "min",       "max", "rows", "rows_before_limit",
                                                   "time", "rows_read", "bytes_read"};

struct piece {
    struct slice text; /* in front of the part */
    uint32_t part;     /* NO_PART: the last piece, which is text alone */
    bool has_rule;
    enum escaping_rule rule;
};

struct pieces {
    struct piece *list; /* NO_PART ends them */
    uint32_t count;     /* of parts */
};

struct template
{
    struct pieces row, result;
    struct buffer kept[PART_MAX + 1]; /* PART_TOTALS, PART_MIN, PART_MAX: as text */
    bool has[PART_MAX + 1];
};

/* ---- reading a template */

struct parse {
    struct writer *writer;
    const char *setting; /* its name */
    const char *text, *at;
    bool is_row;
};

static struct err *bad(const struct parse *parse, const char *why)
{
    return err_new(ERR_INVALID_TEMPLATE, "Invalid format string for Template: %s, at byte %zu of %s = '%s'", why,
                   (size_t)(parse->at - parse->text), parse->setting, parse->text);
}

/* Behind the name. *out is in the writer's arena. */
static struct err *take_name(struct parse *parse, struct slice *out)
{
    struct err *err = NULL;
    struct buffer name = {0};
    char quote = *parse->at;
    if (quote == '`' || quote == '"') {
        const char *end = parse->at + strlen(parse->at);
        for (parse->at++; *parse->at != 0 && (*parse->at != quote || parse->at[1] == quote);) {
            const char *behind = *parse->at == '\\' ? escape_decode(parse->at, end, &name) : NULL;
            if (behind == NULL) {
                buffer_char(&name, *parse->at);
                behind = parse->at + 1 + (*parse->at == quote);
            }
            parse->at = behind;
        }
        if (*parse->at == 0) {
            err = bad(parse, "a name in quotes does not end");
            goto done;
        }
        parse->at++;
    } else {
        for (; isalnum((unsigned char)*parse->at) || *parse->at == '_'; parse->at++) {
            buffer_char(&name, *parse->at);
        }
    }
    *out = name.failed        ? (struct slice){0}
           : name.length == 0 ? slice_text("")
                              : arena_slice(parse->writer->arena, buffer_all(&name));
    err = out->data == NULL ? err_oom() : NULL;
done:
    buffer_deinit(&name);
    return err;
}

static struct err *find_part(const struct parse *parse, struct slice name, uint32_t *out)
{
    uint64_t number;
    uint32_t count = parse->is_row ? parse->writer->column_count : PART_COUNT;
    if (name.length == 0) {
        return bad(parse, parse->is_row ? "a column's name is missing" : "the name of a part is missing");
    }
    if (number_parse_u64(name, &number)) {
        *out = (uint32_t)number;
        return number < count ? NULL : bad(parse, "the number of a column or part is too large");
    }
    for (*out = 0; *out < count; (*out)++) {
        if (slice_equal(name, parse->is_row ? parse->writer->columns[*out].name : slice_text(part_names[*out]))) {
            return NULL;
        }
    }
    return parse->is_row ? err_new(ERR_NOT_FOUND_COLUMN, "%s names a column %.*s, which the result does not have",
                                   parse->setting, SLICE_ARG(name))
                         : err_new(ERR_SYNTAX, "Unknown output part %.*s in %s", SLICE_ARG(name), parse->setting);
}

/* Behind ${ */
static struct err *take_part(struct parse *parse, struct piece *piece)
{
    struct err *err = NULL;
    struct slice name;
    OR_DONE(take_name(parse, &name));
    if (*parse->at != ':' && *parse->at != '}') {
        err = bad(parse, "expected ':' or '}' behind a name");
        goto done;
    }
    OR_DONE(find_part(parse, name, &piece->part));
    if (*parse->at == ':') {
        const char *begin = parse->at + 1, *end = strchr(begin, '}');
        if (end == NULL) {
            err = bad(parse, "'}' is missing");
            goto done;
        }
        struct slice rule = slice_of(begin, (size_t)(end - begin));
        parse->at = end;
        piece->has_rule = rule.length > 0 && !slice_equal(rule, slice_text("None"));
        if (piece->has_rule && !format_escaping_rule(rule, &piece->rule)) {
            err = err_new(ERR_BAD_ARGUMENTS,
                          "Unknown escaping rule \"%.*s\" in %s; there are Escaped, Quoted, CSV, JSON, XML, Raw",
                          SLICE_ARG(rule), parse->setting);
            goto done;
        }
    }
    parse->at++;
done:
    return err;
}

static struct err *parse_template(struct parse *parse, struct pieces *out)
{
    struct err *err = NULL;
    struct buffer text = {0};
    uint32_t parts_max = 1;
    for (const char *dollar = strchr(parse->text, '$'); dollar != NULL; dollar = strchr(dollar + 1, '$')) {
        parts_max++;
    }
    out->list = ARENA_ARRAY(parse->writer->arena, struct piece, parts_max);
    if (out->list == NULL) {
        err = err_oom();
        goto done;
    }
    memset(out->list, 0, parts_max * sizeof(*out->list));
    parse->at = parse->text;
    for (bool ends = false; !ends;) {
        struct piece *piece = &out->list[out->count];
        const char *dollar = strchr(parse->at, '$');
        ends = dollar == NULL;
        buffer_append(&text, parse->at, ends ? strlen(parse->at) : (size_t)(dollar - parse->at));
        parse->at = ends ? parse->at : dollar + 1;
        if (!ends && *parse->at == '$') {
            buffer_char(&text, *parse->at++);
            continue;
        }
        if (!ends && *parse->at != '{') {
            err = bad(parse, "expected '{' or '$' behind '$'");
            goto done;
        }
        piece->text = text.length == 0 ? slice_text("") : arena_slice(parse->writer->arena, buffer_all(&text));
        if (text.failed || piece->text.data == NULL) {
            err = err_oom();
            goto done;
        }
        text.length = 0;
        piece->part = NO_PART;
        if (!ends) {
            parse->at++;
            OR_DONE(take_part(parse, piece));
            out->count++;
        }
    }
done:
    buffer_deinit(&text);
    return err;
}

static struct err *check_row(struct parse *parse, const struct pieces *row)
{
    parse->at = parse->text;
    for (uint32_t k = 0; k < row->count; k++) {
        if (!row->list[k].has_rule) {
            return bad(parse, "a column's escaping rule is missing, as in ${name:CSV}");
        }
    }
    return row->count == 0 ? bad(parse, "it names no column") : NULL;
}

static struct err *check_result(struct parse *parse, const struct pieces *result)
{
    parse->at = parse->text;
    for (uint32_t k = 0; k < result->count || k == 0; k++) {
        bool is_data = k < result->count && result->list[k].part == PART_DATA;
        if (is_data != (k == 0)) {
            return bad(parse, "${data} must be the first output part, once");
        }
        bool of_rows = result->list[k].part <= PART_MAX;
        if (of_rows == result->list[k].has_rule) {
            return bad(parse, of_rows ? "data, totals, min and max are rows and have no escaping rule"
                                      : "an output part's escaping rule is missing, as in ${rows:CSV}");
        }
    }
    return NULL;
}

struct err *template_open(struct writer *writer)
{
    struct err *err = NULL;
    const char *whole = writer->settings.template_result;
    struct template *template = ARENA_NEW(writer->arena, struct template);
    if (template == NULL) {
        return err_oom();
    }
    memset(template, 0, sizeof(*template));
    writer->template = template;
    struct parse row = {writer, "format_template_row_format", writer->settings.template_row, NULL, true};
    struct parse result = {writer, "format_template_resultset_format", *whole == 0 ? "${data}" : whole, NULL, false};
    OR_DONE(parse_template(&row, &template->row));
    OR_DONE(check_row(&row, &template->row));
    OR_DONE(parse_template(&result, &template->result));
    OR_DONE(check_result(&result, &template->result));
done:
    return err;
}

void template_close(struct template *template)
{
    for (uint32_t k = PART_TOTALS; template != NULL && k <= PART_MAX; k++) {
        buffer_deinit(&template->kept[k]);
    }
}

/* ---- writing */

static void put_row(struct writer *writer, const struct chunk *chunk, uint32_t row)
{
    const struct piece *piece = writer->template->row.list;
    for (; piece->part != NO_PART; piece++) {
        buffer_slice(writer->out, piece->text);
        custom_put(writer, chunk->columns[piece->part], row, piece->rule);
    }
    buffer_slice(writer->out, piece->text);
}

void template_begin(struct writer *writer)
{
    buffer_slice(writer->out, writer->template->result.list[0].text);
}

void template_chunk(struct writer *writer, const struct chunk *chunk)
{
    for (uint32_t row = 0; row < chunk->row_count; row++) {
        buffer_text(writer->out, writer->rows + row > 0 ? writer->settings.template_between : "");
        put_row(writer, chunk, row);
    }
}

/* The row's text, for the end. */
static void keep(struct writer *writer, const struct chunk *chunk, uint32_t row, enum result_part part)
{
    struct buffer *out = writer->out;
    struct buffer *kept = &writer->template->kept[part];
    kept->length = 0;
    writer->out = kept;
    put_row(writer, chunk, row);
    writer->out = out;
    out->failed |= kept->failed;
    writer->template->has[part] = true;
}

void template_totals(struct writer *writer, const struct chunk *row)
{
    keep(writer, row, 0, PART_TOTALS);
}

void template_extremes(struct writer *writer, const struct chunk *rows)
{
    keep(writer, rows, 0, PART_MIN);
    keep(writer, rows, 1, PART_MAX);
}

static void refuse(struct writer *writer, const char *what)
{
    if (writer->bad_state == NULL) {
        writer->bad_state =
            err_new(ERR_INVALID_TEMPLATE,
                    "Invalid format string for Template: Cannot print %s for this request: the query has "
                    "none (format_template_resultset_format)",
                    what);
        writer->out->failed = true;
    }
}

static void put_count(struct writer *writer, uint64_t count, enum escaping_rule rule)
{
    const char *quote = rule == ESCAPING_JSON && writer->settings.json_quote_64bit ? "\"" : "";
    buffer_printf(writer->out, "%s%llu%s", quote, (unsigned long long)count, quote);
}

void template_end(struct writer *writer, const struct writer_statistics *statistics)
{
    struct template *template = writer->template;
    const struct piece *piece = &template->result.list[1];
    char seconds[64];
    for (; piece[-1].part != NO_PART; piece++) {
        buffer_slice(writer->out, piece->text);
        switch (piece->part) {
        case PART_TOTALS:
        case PART_MIN:
        case PART_MAX:
            if (!template->has[piece->part]) {
                refuse(writer, piece->part == PART_TOTALS ? "totals" : "extremes");
            } else if (template->kept[piece->part].length > 0) {
                buffer_slice(writer->out, buffer_all(&template->kept[piece->part]));
            }
            break;
        case PART_ROWS:
            put_count(writer, writer->rows, piece->rule);
            break;
        case PART_ROWS_BEFORE_LIMIT:
            if (!statistics->rows_before_limit_known) {
                refuse(writer, "rows_before_limit");
            }
            put_count(writer, statistics->rows_before_limit, piece->rule);
            break;
        case PART_TIME:
            buffer_append(writer->out, seconds, number_print_double(statistics->elapsed_seconds, seconds));
            break;
        case PART_ROWS_READ:
            put_count(writer, statistics->rows_read, piece->rule);
            break;
        case PART_BYTES_READ:
            put_count(writer, statistics->bytes_read, piece->rule);
            break;
        default: /* NO_PART */
            break;
        }
    }
}
