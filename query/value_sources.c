/*
 * value_sources.c: the table functions values('a UInt8, …', (1, …), …), values((1, …), …) and null('a UInt8, …').
 *
 * source   ClickHouse decides when the first argument is the structure, the types without one, and error codes
 */
#include "query/value_sources.h"

#include "query/functions/functions.h"

#include <ctype.h>

/* --- structures -------------------------------------------------------------------------------------------------- */

static size_t skip_spaces(struct slice text, size_t at)
{
    while (at < text.length && isspace((unsigned char)text.data[at])) {
        at++;
    }
    return at;
}

/* The place behind a column's type: the next comma that stands in no parentheses and no quotes. */
static size_t type_end(struct slice text, size_t at)
{
    uint32_t depth = 0;
    char quote = '\0';

    for (; at < text.length; at++) {
        char byte = text.data[at];
        if (quote != '\0') {
            at += byte == '\\';
            quote = byte == quote ? '\0' : quote;
        } else if (byte == '\'' || byte == '`' || byte == '"') {
            quote = byte;
        } else if (byte == ',' && depth == 0) {
            break;
        } else {
            depth += byte == '(';
            depth -= byte == ')' && depth > 0;
        }
    }
    return at < text.length ? at : text.length;
}

/* A name, plain or quoted; *end 0: none stands there. */
static struct slice name_at(struct slice text, size_t at, size_t *end)
{
    size_t begin = at;

    *end = 0;
    if (at < text.length && (text.data[at] == '`' || text.data[at] == '"')) {
        const char *close = memchr(text.data + at + 1, text.data[at], text.length - at - 1);
        if (close != NULL) {
            *end = (size_t)(close - text.data) + 1;
            return slice_of(text.data + begin + 1, *end - begin - 2);
        }
        return slice_of("", 0);
    }
    while (at < text.length &&
           (isalnum((unsigned char)text.data[at]) || text.data[at] == '_' || (text.data[at] == '.' && at > begin))) {
        at++;
    }
    if (at > begin && !isdigit((unsigned char)text.data[begin])) {
        *end = at;
    }
    return slice_of(text.data + begin, at - begin);
}

/* *count 0 and no error: the text is no such list. */
static struct err *structure_parse(struct arena *arena, struct slice text, struct source_column **out, uint32_t *count)
{
    struct err *err = NULL;
    uint32_t most = 1;

    *count = 0;
    for (size_t i = 0; i < text.length; i++) {
        most += text.data[i] == ',';
    }
    struct source_column *columns = ARENA_ARRAY(arena, struct source_column, most);
    if (columns == NULL) {
        return arena_error(arena);
    }
    uint32_t found = 0;
    for (size_t at = 0;; at++) {
        size_t end = 0;
        at = skip_spaces(text, at);
        struct slice name = name_at(text, at, &end);
        size_t begin = skip_spaces(text, end);
        at = type_end(text, begin);
        if (end == 0 || begin == end || begin == at) {
            return NULL;
        }
        columns[found].name = arena_slice(arena, name);
        if (columns[found].name.data == NULL) {
            return arena_error(arena);
        }
        OR_DONE(type_parse(arena, slice_of(text.data + begin, at - begin), &columns[found].type));
        found++;
        if (at >= text.length) {
            break;
        }
    }
    *out = columns;
    *count = found;
done:
    return err;
}

struct err *structure_argument(const struct source_maker *maker, struct arena *arena,
                               const struct source_argument *argument, struct source_column **columns, uint32_t *count)
{
    struct err *err = NULL;

    *count = 0;
    if (argument->value->type->kind != TYPE_STRING || column_is_null(argument->value, 0)) {
        err = err_new(ERR_BAD_ARGUMENTS, "the first argument of %s must be a string: 'name Type, …'", maker->name);
    } else {
        OR_DONE(structure_parse(arena, *(const struct slice *)column_value(argument->value, 0), columns, count));
    }
    if (err == NULL && *count == 0) {
        err = err_new(ERR_SYNTAX, "the first argument of %s must be a list of columns: 'name Type, …'", maker->name);
    }
done:
    return err;
}

struct err *source_of_columns(const struct source_maker *maker, struct arena *arena,
                              const struct source_column *columns, uint32_t count,
                              struct err *(*generate)(struct table_source *, struct arena *,
                                                      const struct source_request *, struct source_output *),
                              void *data, struct table_source **out)
{
    static const char *const none[] = {NULL};
    struct err *err = NULL;

    OR_DONE(source_make(maker, arena, none, generate, data, out));
    (*out)->columns = columns;
    (*out)->column_count = count;
done:
    return err;
}

/* --- values ------------------------------------------------------------------------------------------------------ */

static struct err *values_generate(struct table_source *source, struct arena *arena,
                                   const struct source_request *request, struct source_output *output)
{
    struct err *err = NULL;
    const struct chunk *all = source->data;
    bool stop = false;

    for (uint32_t begin = 0; begin < all->row_count && !stop; begin += CHUNK_ROWS_MAX) {
        uint32_t end = all->row_count - begin < CHUNK_ROWS_MAX ? all->row_count : begin + CHUNK_ROWS_MAX;
        struct chunk *chunk = chunk_new(arena, request->column_count, end - begin);
        if (chunk == NULL) {
            return arena_error(arena);
        }
        for (uint32_t c = 0; c < request->column_count; c++) {
            chunk->columns[c] = column_part(arena, all->columns[request->columns[c]], begin, end);
            if (chunk->columns[c] == NULL) {
                return arena_error(arena);
            }
        }
        OR_DONE(source_emit(output, chunk, &stop));
    }
done:
    return err;
}

/* Columns of a row: the elements of a tuple, or the value itself. */
static uint32_t row_width(const struct column *row)
{
    return row->type->kind == TYPE_TUPLE ? row->type->child_count : 1;
}

static struct err *row_cell(struct arena *arena, const struct column *row, uint32_t c, const struct column **out)
{
    if (row->type->kind != TYPE_TUPLE) {
        *out = row;
        return NULL;
    }
    const struct column *flat = column_flat(arena, row);
    *out = flat == NULL ? NULL : flat->children[c];
    return *out == NULL ? arena_error(arena) : NULL;
}

/* A value as the column's type: numbers that do not fit and texts that are none are errors. */
static struct err *cell_cast(struct arena *arena, const struct function_context *context, const struct column *cell,
                             const struct type *type, const struct column **out)
{
    struct err *err = NULL;
    struct column *made = NULL;
    bool is_null = cell->type->kind == TYPE_NOTHING || column_is_null(cell, 0);

    if (is_null && !type->nullable) {
        return err_new(ERR_TYPE_MISMATCH, "values: NULL in a column that is not Nullable");
    }
    if (!is_null && type_is_number(type) && (type_is_number(cell->type) || type_is_string(cell->type))) {
        OR_DONE(cast_accurate_or_null(arena, context, cell, type, &made));
        if (column_is_null(made, 0)) {
            struct slice name = type_name(arena, type);
            err = err_new(type_is_string(cell->type) ? ERR_TYPE_MISMATCH : ERR_SIZE_OUT_OF_BOUND,
                          "values: a value does not fit the type %.*s", SLICE_ARG(name));
            goto done;
        }
    }
    OR_DONE(function_cast(arena, context, cell, type, &made));
    *out = made;
done:
    return err;
}

static struct err *cells_of(struct arena *arena, const struct source_argument *rows, uint32_t row_count, uint32_t c,
                            const struct column **out)
{
    struct err *err = NULL;
    for (uint32_t i = 0; i < row_count; i++) {
        OR_DONE(row_cell(arena, rows[i].value, c, &out[i]));
    }
done:
    return err;
}

/* c1, c2, …, of the types that hold all rows. */
static struct err *infer(struct arena *arena, const struct source_argument *rows, uint32_t row_count,
                         struct source_column **out, uint32_t *count)
{
    struct err *err = NULL;
    uint32_t width = row_width(rows[0].value);
    struct source_column *columns = ARENA_ARRAY(arena, struct source_column, width + 1U);
    const struct column **cells = ARENA_ARRAY(arena, const struct column *, row_count);
    const struct type **types = ARENA_ARRAY(arena, const struct type *, row_count);

    if (columns == NULL || cells == NULL || types == NULL) {
        return arena_error(arena);
    }
    for (uint32_t c = 0; c < width; c++) {
        char *name = arena_format(arena, "c%u", c + 1);
        if (name == NULL) {
            return arena_error(arena);
        }
        OR_DONE(cells_of(arena, rows, row_count, c, cells));
        for (uint32_t i = 0; i < row_count; i++) {
            types[i] = cells[i]->type;
        }
        columns[c].name = slice_text(name);
        OR_DONE(function_common_type(arena, types, row_count, &columns[c].type));
    }
    *out = columns;
    *count = width;
done:
    return err;
}

static struct err *check_widths(const struct source_argument *rows, uint32_t row_count, uint32_t width)
{
    for (uint32_t i = 0; i < row_count; i++) {
        if (row_width(rows[i].value) != width) {
            return err_new(ERR_BAD_ARGUMENTS, "values: row %u has %u values, not %u", i + 1, row_width(rows[i].value),
                           width);
        }
    }
    return NULL;
}

struct err *values_make(MAKE_ARGUMENTS)
{
    struct err *err = NULL;
    struct source_column *columns = NULL;
    uint32_t count = 0;

    if (argument_count == 0) {
        return err_new(ERR_TOO_FEW_ARGUMENTS, "table function values needs at least one argument");
    }
    const struct column *first = arguments[0].value;
    if (argument_count > 1 && first->type->kind == TYPE_STRING && !column_is_null(first, 0)) {
        struct err *none = structure_parse(arena, *(const struct slice *)column_value(first, 0), &columns, &count);
        if (none != NULL) { /* a text like any other */
            err_free(none);
            count = 0;
        }
    }
    const struct source_argument *rows = count > 0 ? arguments + 1 : arguments;
    uint32_t row_count = count > 0 ? argument_count - 1 : argument_count;
    OR_DONE(check_widths(rows, row_count, count > 0 ? count : row_width(rows[0].value)));
    if (count == 0) {
        OR_DONE(infer(arena, rows, row_count, &columns, &count));
    }
    struct chunk *chunk = chunk_new(arena, count, row_count);
    const struct column **cells = ARENA_ARRAY(arena, const struct column *, row_count);
    if (chunk == NULL || cells == NULL) {
        err = arena_error(arena);
        goto done;
    }
    for (uint32_t c = 0; c < count; c++) {
        OR_DONE(cells_of(arena, rows, row_count, c, cells));
        for (uint32_t i = 0; i < row_count; i++) {
            OR_DONE(cell_cast(arena, context, cells[i], columns[c].type, &cells[i]));
        }
        chunk->columns[c] = column_concat(arena, cells, row_count);
        if (chunk->columns[c] == NULL) {
            err = arena_error(arena);
            goto done;
        }
    }
    OR_DONE(source_of_columns(maker, arena, columns, count, values_generate, chunk, out));
done:
    return err;
}

/* --- null -------------------------------------------------------------------------------------------------------- */

static struct err *null_generate(struct table_source *source, struct arena *arena, const struct source_request *request,
                                 struct source_output *output)
{
    (void)source;
    (void)arena;
    (void)request;
    (void)output;
    return NULL;
}

struct err *null_make(MAKE_ARGUMENTS)
{
    static const struct source_column dummy = {{"dummy", 5}, NULL};
    struct err *err = NULL;
    struct source_column *columns = NULL;
    uint32_t count = 0;

    (void)context;
    if (argument_count > 1) {
        return err_new(ERR_ARGUMENT_COUNT, "table function null takes at most one argument, %u given", argument_count);
    }
    if (argument_count == 1) {
        OR_DONE(structure_argument(maker, arena, &arguments[0], &columns, &count));
    } else {
        columns = ARENA_NEW(arena, struct source_column);
        if (columns == NULL) {
            return arena_error(arena);
        }
        *columns = dummy;
        columns->type = type_simple(TYPE_UINT8);
        count = 1;
    }
    OR_DONE(source_of_columns(maker, arena, columns, count, null_generate, NULL, out));
done:
    return err;
}
