/*
 * format_row.c: formatRow, formatRowNoNewline: each row as a format writes a result of this row alone.
 *
 * names    of the columns come from the binder (sql/bind_format_row.c), a constant behind each value
 * settings those of the query's formats, copied when it is bound; where nobody runs a query, the defaults
 * refused  formats that write blocks of columns (ERR_BAD_ARGUMENTS), and those that writer_create refuses
 */
#include "format/format_settings.h"
#include "format/writer.h"
#include "query/functions/functions.h"
#include "query/query_host.h"

#include "base/interrupt.h"

#define STEPS_A_ROW 2000U /* a writer of its own; see base/interrupt.h */

struct format_row {
    struct slice format;
    struct writer_column *columns;
    uint32_t column_count;
    struct writer_options options;
    bool keeps_newline;
};

static struct err *write_row(const struct format_row *row, const struct chunk *chunk, struct buffer *out)
{
    static const struct writer_statistics none;
    struct writer *writer = NULL;
    struct err *err = NULL;
    out->length = 0;
    OR_DONE(writer_create(row->format, row->columns, row->column_count, &row->options, out, &writer));
    writer_begin(writer);
    writer_chunk(writer, chunk);
    writer_end(writer, &none);
    OR_DONE(interrupt_check()); /* then it may be half written */
    err = out->failed ? writer_error(writer) : NULL;
done:
    writer_destroy(writer);
    return err;
}

static struct err *evaluate(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct format_row *row = function->data;
    struct buffer text = {0};
    struct column *made;
    struct arena *scratch = arena_beside(arena);
    struct column **columns = ARENA_ARRAY(arena, struct column *, row->column_count);
    uint64_t steps = 0;

    if (scratch == NULL) {
        return err_oom();
    }
    if (columns == NULL) {
        err = arena_error(arena);
        goto done;
    }
    for (uint32_t c = 0; c < row->column_count; c++) {
        columns[c] = (struct column *)(uintptr_t)arguments[1 + 2 * c];
    }
    const struct chunk all = {.row_count = row_count, .column_count = row->column_count, .columns = columns};
    OR_DONE(result_new(arena, type_simple(TYPE_STRING), row_count, &made));
    struct slice *values = made->values;
    for (uint32_t i = 0; i < row_count; i++) {
        const struct chunk *one = chunk_part(scratch, &all, i, i + 1);
        if (one == NULL) {
            err = arena_error(scratch);
            goto done;
        }
        OR_DONE(write_row(row, one, &text));
        OR_DONE(interrupt_steps(&steps, STEPS_A_ROW));
        struct slice bytes = buffer_all(&text);
        if (!row->keeps_newline && bytes.length > 0 && bytes.data[bytes.length - 1] == '\n') {
            bytes.length--;
        }
        values[i] = bytes.length == 0 ? slice_text("") : arena_slice(arena, bytes);
        if (values[i].data == NULL) {
            err = arena_error(arena);
            goto done;
        }
        arena_reset(scratch);
    }
    *out = made;
done:
    buffer_deinit(&text);
    arena_destroy(scratch);
    return err;
}

static struct err *copy_settings(const struct function_bind *bind, struct writer_options *options)
{
    const struct function_context *context = bind->context;
    const struct query_host *host = context == NULL ? NULL : context->host_asks;
    options->zone = context == NULL ? NULL : context->zone;
    if (host != NULL && host->format != NULL) {
        struct format_settings *copy = arena_alloc(bind->arena, sizeof(*copy));
        if (copy == NULL) {
            return arena_error(bind->arena);
        }
        memcpy(copy, host->format, sizeof(*copy));
        options->settings = copy;
        if (context->marks != NULL) {
            context->marks->asks_query = true; /* the same call may give something else in another query */
        }
    }
    return NULL;
}

static struct err *resolve(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    struct buffer nothing = {0};
    struct writer *writer = NULL;
    struct format_row *row = ARENA_NEW(bind->arena, struct format_row);
    uint32_t count = bind->count / 2;
    if (row == NULL) {
        return arena_error(bind->arena);
    }
    row->columns = ARENA_ARRAY(bind->arena, struct writer_column, count);
    if (row->columns == NULL) {
        return arena_error(bind->arena);
    }
    if (bind->arguments[0].constant == NULL || bind->arguments[0].type->kind != TYPE_STRING) {
        return err_new(ERR_ARGUMENT_TYPE, "First argument to %s must be a format name", bind->name);
    }
    OR_DONE(argument_constant_text(bind, 0, &row->format));
    for (uint32_t c = 0; c < count; c++) {
        OR_DONE(argument_constant_text(bind, 2 + 2 * c, &row->columns[c].name));
        row->columns[c].type = bind->arguments[1 + 2 * c].type;
    }
    row->column_count = count;
    row->keeps_newline = bind->tag != 0;
    OR_DONE(copy_settings(bind, &row->options));
    OR_DONE(writer_create(row->format, row->columns, count, &row->options, &nothing, &writer));
    if (!writer_is_of_rows(writer)) {
        err = err_new(ERR_BAD_ARGUMENTS, "%s: the format %.*s writes blocks of columns; formats of rows are needed",
                      bind->name, SLICE_ARG(row->format));
        goto done;
    }
    out->inner = type_simple(TYPE_STRING);
    out->evaluate = evaluate;
    out->data = row;
done:
    writer_destroy(writer);
    buffer_deinit(&nothing);
    return err;
}

#define FLAGS (FUNCTION_CHANGES | FUNCTION_NULLS | FUNCTION_VIEWS)

static const struct function_definition definitions[] = {
    {"formatRow", false, 3, ANY_COUNT, FLAGS, resolve, 1},
    {"formatRowNoNewline", false, 3, ANY_COUNT, FLAGS, resolve, 0},
};
const struct function_group functions_format_row = {
    definitions, sizeof(definitions) / sizeof(definitions[0]), NULL, 0, NULL, 0};
