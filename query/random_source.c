/*
 * random_source.c: the table function generateRandom('a UInt8, …' [, seed, longest string, longest array]).
 *
 * values   of every type that columns can have, the same for the same seed; others than ClickHouse's
 * memory   chunks are small, and each is made in place of the one before
 */
#include "query/functions/functions.h"
#include "query/value_sources.h"

#define LENGTH_MAX 65536U /* of strings and arrays: a chunk must fit into memory */

struct randomness {
    uint64_t state;
    uint32_t string_length_max;
    uint32_t array_length_max;
};

/* source: Vigna, splitmix64. */
static uint64_t random_word(struct randomness *random)
{
    uint64_t word = random->state += 0x9e3779b97f4a7c15U;
    word = (word ^ word >> 30) * 0xbf58476d1ce4e5b9U;
    word = (word ^ word >> 27) * 0x94d049bb133111ebU;
    return word ^ word >> 31;
}

static uint64_t random_below(struct randomness *random, uint64_t bound)
{
    return (uint64_t)((unsigned __int128)random_word(random) * bound >> 64);
}

static struct err *random_strings(struct randomness *random, struct arena *arena, struct column *column)
{
    struct slice *texts = column->values;
    for (uint32_t i = 0; i < column->row_count; i++) {
        size_t length = random_below(random, random->string_length_max + (uint64_t)1);
        char *bytes = arena_alloc(arena, length + 1);
        if (bytes == NULL) {
            return arena_error(arena);
        }
        for (size_t k = 0; k < length; k++) {
            bytes[k] = (char)(' ' + random_below(random, 95));
        }
        texts[i] = slice_of(bytes, length);
    }
    return NULL;
}

/* A value's ticks, within what its type can show. */
static __int128 random_ticks(struct randomness *random, const struct type *type)
{
    uint64_t word = random_word(random);
    unsigned __int128 bound = 1;

    switch ((int)type->kind) {
    case TYPE_BOOL:
        return word & 1;
    case TYPE_DATE32: /* 1900-01-01 … 2299-12-31 */
        return (__int128)random_below(random, 146097) - 25567;
    case TYPE_DATETIME64: {
        for (uint8_t i = 0; i < type->scale; i++) {
            bound *= 10;
        }
        return (__int128)random_below(random, (uint64_t)4102444800) * (__int128)bound +
               (__int128)random_below(random, (uint64_t)bound);
    }
    case TYPE_ENUM8:
    case TYPE_ENUM16:
        return type->values[random_below(random, type->value_count)].value;
    case TYPE_DECIMAL:
        for (uint8_t i = 0; i < type->precision; i++) {
            bound *= 10;
        }
        return (__int128)(((unsigned __int128)word << 64 | random_word(random)) % (2 * bound - 1)) - (__int128)bound +
               1;
    default:
        return (__int128)((unsigned __int128)word << 64 | random_word(random));
    }
}

static void random_values(struct randomness *random, struct column *column)
{
    const struct type *type = column->type;
    for (uint32_t i = 0; i < column->row_count; i++) {
        char *at = (char *)column->values + (size_t)i * type->width;
        if (type_is_float(type)) {
            double real = ((double)(random_word(random) >> 11) * 0x1p-53 - 0.5) * 2e6;
            if (type->kind == TYPE_FLOAT64) {
                memcpy(at, &real, sizeof(real));
            } else {
                float single = (float)real;
                memcpy(at, &single, sizeof(single));
            }
            continue;
        }
        for (uint32_t k = 0; k < type->width; k += 16) {
            __int128 ticks = random_ticks(random, type);
            memcpy(at + k, &ticks, type->width - k < 16 ? type->width - k : 16);
        }
    }
}

static struct err *random_column(struct randomness *random, struct arena *arena, const struct type *type,
                                 uint32_t row_count, struct column **out)
{
    struct err *err = NULL;
    struct column *column = column_new(arena, type, row_count);

    if (column == NULL) {
        return arena_error(arena);
    }
    if (type->kind == TYPE_TUPLE) {
        for (uint32_t c = 0; c < type->child_count; c++) {
            OR_DONE(random_column(random, arena, type->children[c], row_count, &column->children[c]));
        }
    } else if (type->kind == TYPE_ARRAY || type->kind == TYPE_MAP) {
        uint32_t elements = 0;
        for (uint32_t i = 0; i < row_count; i++) {
            column->offsets[i] = elements;
            elements += (uint32_t)random_below(random, random->array_length_max + (uint64_t)1);
        }
        column->offsets[row_count] = elements;
        OR_DONE(random_column(random, arena, type->children[0], elements, &column->children[0]));
    } else if (type->kind == TYPE_STRING) {
        OR_DONE(random_strings(random, arena, column));
    } else {
        random_values(random, column);
    }
    for (uint32_t i = 0; i < row_count && column->nulls != NULL; i++) {
        bool is_null = type->kind == TYPE_NOTHING || random_below(random, 16) == 0;
        column->nulls[i] = is_null;
        if (is_null) {
            memset((char *)column->values + (size_t)i * type->width, 0, type->width);
        }
    }
    *out = column;
done:
    return err;
}

static struct err *random_generate(struct table_source *source, struct arena *arena,
                                   const struct source_request *request, struct source_output *output)
{
    struct err *err = NULL;
    struct randomness random = *(const struct randomness *)source->data;
    struct arena *own = arena_beside(arena);
    bool stop = false;

    if (own == NULL) {
        return err_oom();
    }
    /* chunks of rows whose arrays in arrays stay small: the average is half of the longest */
    uint32_t rows_max = random.array_length_max > 256 ? 64 : 1024;
    for (uint64_t left = request->rows_max; left > 0 && !stop;) {
        uint32_t rows = left < rows_max ? (uint32_t)left : rows_max;
        struct chunk *chunk = chunk_new(own, request->column_count, rows);
        if (chunk == NULL) {
            err = arena_error(own);
            goto done;
        }
        for (uint32_t c = 0; c < request->column_count; c++) {
            OR_DONE(random_column(&random, own, source->columns[request->columns[c]].type, rows, &chunk->columns[c]));
        }
        OR_DONE(source_emit(output, chunk, &stop));
        left -= rows;
        arena_reset(own);
    }
done:
    arena_destroy(own);
    return err;
}

static struct err *random_number(const struct source_argument *argument, const char *what, uint64_t max, uint64_t *out)
{
    const struct column *value = argument->value;
    if (!type_is_integer(value->type) || column_is_null(value, 0) || value->type->width > 8) {
        return err_new(ERR_BAD_ARGUMENTS, "generateRandom: %s must be a whole number", what);
    }
    *out = (uint64_t)column_int(value, 0);
    if (*out > max) {
        return err_new(ERR_BAD_ARGUMENTS, "generateRandom: %s must be from 0 to %llu", what, (unsigned long long)max);
    }
    return NULL;
}

struct err *random_make(MAKE_ARGUMENTS)
{
    struct err *err = NULL;
    struct source_column *columns = NULL;
    struct randomness *random = ARENA_NEW(arena, struct randomness);
    uint64_t length;
    uint32_t count = 0;

    if (random == NULL) {
        return arena_error(arena);
    }
    if (argument_count > 4) {
        return err_new(ERR_ARGUMENT_COUNT, "table function generateRandom takes at most 4 arguments, %u given",
                       argument_count);
    }
    if (argument_count == 0 || arguments[0].value->type->kind != TYPE_STRING) {
        return err_new(ERR_NOT_IMPLEMENTED, "generateRandom without a list of columns is not supported");
    }
    *random = (struct randomness){(uint64_t)context->now_us, 10, 10};
    OR_DONE(structure_argument(maker, arena, &arguments[0], &columns, &count));
    if (argument_count > 1 && !column_is_null(arguments[1].value, 0)) {
        OR_DONE(random_number(&arguments[1], "the seed", UINT64_MAX, &random->state));
    }
    if (argument_count > 2) {
        OR_DONE(random_number(&arguments[2], "the longest string", LENGTH_MAX, &length));
        random->string_length_max = (uint32_t)length;
    }
    if (argument_count > 3) {
        OR_DONE(random_number(&arguments[3], "the longest array", LENGTH_MAX, &length));
        random->array_length_max = (uint32_t)length;
    }
    OR_DONE(source_of_columns(maker, arena, columns, count, random_generate, random, out));
done:
    return err;
}
