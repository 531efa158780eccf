/*
 * builtin_sources.c: tables that the engine itself can answer: one, numbers, zeros, functions.
 *
 * thread   registration at start
 */
#include "query/aggregate_state.h"
#include "query/file_source.h"
#include "query/lexicon.h"
#include "query/functions/functions.h"
#include "query/table_source.h"
#include "query/value_sources.h"
#include "query/window.h"

struct numbers {
    uint64_t begin, count, step;
    bool zeros;
};

static struct err *numbers_generate(struct table_source *source, struct arena *arena,
                                    const struct source_request *request, struct source_output *output)
{
    struct err *err = NULL;
    const struct numbers *numbers = source->data;
    uint64_t left = numbers->count < request->rows_max ? numbers->count : request->rows_max;
    uint64_t next = numbers->begin;
    bool stop = false;
    struct column *column = column_new(arena, source->columns[0].type, CHUNK_ROWS_MAX);
    struct column *view = ARENA_NEW(arena, struct column);
    struct chunk *chunk = chunk_new(arena, request->column_count, CHUNK_ROWS_MAX);
    if (column == NULL || view == NULL || chunk == NULL) {
        return arena_error(arena);
    }
    while (left > 0 && !stop) {
        uint32_t rows = left < CHUNK_ROWS_MAX ? (uint32_t)left : CHUNK_ROWS_MAX;
        if (numbers->zeros) {
            memset(column->values, 0, rows);
        } else {
            for (uint32_t i = 0; i < rows; i++) {
                ((uint64_t *)column->values)[i] = next + i * numbers->step;
            }
        }
        *view = *column;
        view->row_count = rows;
        chunk->row_count = rows;
        for (uint32_t c = 0; c < request->column_count; c++) {
            chunk->columns[c] = view;
        }
        OR_DONE(source_emit(output, chunk, &stop));
        next += rows * numbers->step;
        left -= rows;
    }
done:
    return err;
}

static struct err *numbers_argument(const struct source_argument *argument, const char *name, uint64_t *out)
{
    const struct type *type = argument->value->type;
    if (!type_is_integer(type) || column_is_null(argument->value, 0) || type->width > 8 ||
        (type_is_signed(type) && column_int(argument->value, 0) < 0)) {
        return err_new(strncmp(name, "zeros", 5) == 0 ? ERR_BAD_ARGUMENTS : ERR_ARGUMENT_TYPE,
                       "arguments of table function %s are whole numbers from 0 on", name);
    }
    *out = (uint64_t)column_int(argument->value, 0);
    return NULL;
}

static uint64_t numbers_rows(struct table_source *source)
{
    return ((const struct numbers *)source->data)->count;
}

static struct err *numbers_make(const struct source_maker *maker, struct arena *arena,
                                const struct function_context *context, const struct source_argument *arguments,
                                uint32_t argument_count, struct table_source **out)
{
    struct err *err = NULL;
    bool zeros = strncmp(maker->name, "zeros", 5) == 0;
    const char *const columns[] = {zeros ? "zero" : "number", zeros ? "UInt8" : "UInt64", NULL};
    struct numbers *numbers = ARENA_NEW(arena, struct numbers);
    (void)context;
    if (numbers == NULL) {
        return arena_error(arena);
    }
    *numbers = (struct numbers){0, UINT64_MAX, 1, zeros};
    if (maker->database == NULL) {
        uint32_t most = zeros ? 2 : 3;
        if (argument_count > most) {
            return err_new(ERR_ARGUMENT_COUNT, "table function %s takes at most %u arguments, %u given", maker->name,
                           most, argument_count);
        }
        if (argument_count == 3) { /* of [begin, begin + count) those at this distance */
            OR_DONE(numbers_argument(&arguments[2], maker->name, &numbers->step));
            if (numbers->step == 0 || numbers->step > INT64_MAX) {
                return err_new(ERR_BAD_ARGUMENTS, "table function %s requires step to be a positive number",
                               maker->name);
            }
        }
        if (argument_count >= 2) {
            OR_DONE(numbers_argument(&arguments[0], maker->name, &numbers->begin));
            OR_DONE(numbers_argument(&arguments[1], maker->name, &numbers->count));
        } else if (argument_count == 1) {
            OR_DONE(numbers_argument(&arguments[0], maker->name, &numbers->count));
        }
    }
    if (numbers->step > 1) {
        numbers->count = numbers->count / numbers->step + (numbers->count % numbers->step != 0);
    }
    OR_DONE(source_make(maker, arena, columns, numbers_generate, numbers, out));
    (*out)->row_count = numbers_rows;
done:
    return err;
}

static struct err *one_generate(struct table_source *source, struct arena *arena, const struct source_request *request,
                                struct source_output *output)
{
    struct err *err = NULL;
    struct source_rows *rows;
    bool stop;
    OR_DONE(source_rows_begin(source, arena, request, output, &rows));
    OR_DONE(source_row_end(rows, &stop));
    OR_DONE(source_rows_end(rows));
done:
    return err;
}

static struct err *one_make(const struct source_maker *maker, struct arena *arena,
                            const struct function_context *context, const struct source_argument *arguments,
                            uint32_t argument_count, struct table_source **out)
{
    static const char *const columns[] = {"dummy", "UInt8", NULL};
    (void)context;
    (void)arguments;
    (void)argument_count;
    return source_make(maker, arena, columns, one_generate, NULL, out);
}

/* --- system.functions -------------------------------------------------------------------------------------------- */

struct listing {
    struct source_rows *rows;
    uint64_t is_aggregate;
    struct err *err;
};

static void list_function(void *user, const char *name, bool case_insensitive, const char *alias_of)
{
    struct listing *listing = user;
    bool stop;
    if (listing->err != NULL) {
        return;
    }
    source_row_text(listing->rows, 0, slice_text(name));
    source_row_uint(listing->rows, 1, listing->is_aggregate);
    source_row_uint(listing->rows, 2, case_insensitive);
    source_row_text(listing->rows, 3, slice_text(alias_of == NULL ? "" : alias_of));
    source_row_text(listing->rows, 4, slice_text(function_description(slice_text(alias_of == NULL ? name : alias_of))));
    listing->err = source_row_end(listing->rows, &stop);
}

static struct err *functions_generate(struct table_source *source, struct arena *arena,
                                      const struct source_request *request, struct source_output *output)
{
    struct err *err = NULL;
    struct listing listing = {0};
    OR_DONE(source_rows_begin(source, arena, request, output, &listing.rows));
    function_each(list_function, &listing);
    listing.is_aggregate = 1;
    aggregate_each(list_function, &listing);
    window_each(list_function, &listing);
    OR_DONE(listing.err);
    OR_DONE(source_rows_end(listing.rows));
done:
    return err;
}

static struct err *functions_make(const struct source_maker *maker, struct arena *arena,
                                  const struct function_context *context, const struct source_argument *arguments,
                                  uint32_t argument_count, struct table_source **out)
{
    static const char *const columns[] = {"name",
                                          "String",
                                          "is_aggregate",
                                          "UInt8",
                                          "case_insensitive",
                                          "UInt8",
                                          "alias_to",
                                          "String",
                                          "description",
                                          "String",
                                          "create_query",
                                          "String",
                                          "origin",
                                          "Enum8('System' = 0, 'SQLUserDefined' = 1, 'ExecutableUserDefined' = 2)",
                                          "syntax",
                                          "String",
                                          "arguments",
                                          "String",
                                          "parameters",
                                          "String",
                                          "returned_value",
                                          "String",
                                          "examples",
                                          "String",
                                          "introduced_in",
                                          "String",
                                          "categories",
                                          "String",
                                          NULL};
    (void)context;
    (void)arguments;
    (void)argument_count;
    return source_make(maker, arena, columns, functions_generate, NULL, out);
}

void source_register_builtin(void)
{
    static const struct source_maker makers[] = {
        {"system", "one", one_make, NULL},
        {"system", "numbers", numbers_make, NULL},
        {"system", "zeros", numbers_make, NULL},
        {NULL, "numbers", numbers_make, NULL},
        {NULL, "numbers_mt", numbers_make, NULL},
        {NULL, "zeros", numbers_make, NULL},
        {NULL, "zeros_mt", numbers_make, NULL},
        {NULL, "dictionary", lexicon_make, NULL},
        {NULL, "file", file_make, NULL},
        {NULL, "format", format_make, NULL},
        {NULL, "values", values_make, NULL},
        {NULL, "null", null_make, NULL},
        {NULL, "generateRandom", random_make, NULL},
        {"system", "functions", functions_make, NULL},
    };
    type_functions_register(aggregate_check_type);
    aggregate_wire_register();
    for (size_t i = 0; i < sizeof(makers) / sizeof(makers[0]); i++) {
        source_register(&makers[i]);
    }
}
