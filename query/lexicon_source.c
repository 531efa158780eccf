/*
 * lexicon_source.c: a dictionary as a table: its rows in the order in which they were loaded.
 */
#include "query/lexicon.h"

#include "query/functions/functions.h"

static struct err *generate(struct table_source *source, struct arena *arena, const struct source_request *request,
                            struct source_output *output)
{
    struct err *err = NULL;
    struct lexicon_data *data = NULL;
    bool stop = false;

    OR_DONE(lexicon_take(source->data, &data));
    for (uint32_t begin = 0; begin < data->row_count && !stop; begin += CHUNK_ROWS_MAX) {
        uint32_t end = data->row_count - begin < CHUNK_ROWS_MAX ? data->row_count : begin + CHUNK_ROWS_MAX;
        struct chunk *chunk = chunk_new(arena, request->column_count, end - begin);
        if (chunk == NULL) {
            err = arena_error(arena);
            goto done;
        }
        for (uint32_t c = 0; c < request->column_count; c++) {
            chunk->columns[c] = column_part(arena, data->columns[request->columns[c]], begin, end);
            if (chunk->columns[c] == NULL) {
                err = arena_error(arena);
                goto done;
            }
        }
        OR_DONE(source_emit(output, chunk, &stop));
    }
done:
    lexicon_data_unref(data);
    return err;
}

struct err *source_of_dictionary(struct arena *arena, struct lexicon *dictionary, struct table_source **out)
{
    const struct lexicon_shape *shape = lexicon_shape(dictionary);
    uint32_t count = lexicon_column_count(shape);
    struct table_source *source = ARENA_NEW(arena, struct table_source);
    struct source_column *columns = ARENA_ARRAY(arena, struct source_column, count + 1U);

    if (source == NULL || columns == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < count; i++) {
        columns[i] = lexicon_column(shape, i);
    }
    *source = (struct table_source){.database = shape->database,
                                    .name = shape->name,
                                    .columns = columns,
                                    .column_count = count,
                                    .data = dictionary,
                                    .generate = generate};
    *out = source;
    return NULL;
}

struct err *lexicon_make(const struct source_maker *maker, struct arena *arena, const struct function_context *context,
                         const struct source_argument *arguments, uint32_t argument_count, struct table_source **out)
{
    struct err *err = NULL;
    struct lexicon *dictionary = NULL;

    if (argument_count != 1) {
        return err_new(ERR_ARGUMENT_COUNT, "table function %s takes one argument, a dictionary's name, %u given",
                       maker->name, argument_count);
    }
    if (arguments[0].value->type->kind != TYPE_STRING || column_is_null(arguments[0].value, 0)) {
        return err_new(ERR_BAD_ARGUMENTS, "the argument of %s is a dictionary's name", maker->name);
    }
    struct slice name = *(const struct slice *)column_value(arguments[0].value, 0);
    OR_DONE(lexicon_named(arena, context, name, &dictionary));
    err = source_of_dictionary(arena, dictionary, out);
done:
    return err;
}
