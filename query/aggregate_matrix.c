/*
 * aggregate_matrix.c: corrMatrix, covarPopMatrix, covarSampMatrix: how each argument varies with each other.
 *
 * state    doubles: n, the sum of each argument, the sum of the products of each two, itself included
 * source   ClickHouse's definitions
 */
#include "query/aggregates.h"

#include <math.h>

enum matrix { MATRIX_CORR, MATRIX_COVAR_POP, MATRIX_COVAR_SAMP };

/* Where the product of arguments a ≤ b is, of `width`. */
static size_t product_at(uint32_t width, uint32_t a, uint32_t b)
{
    return 1 + width + (size_t)a * width - (size_t)a * (a + 1) / 2 + b;
}

static size_t state_doubles(uint32_t width)
{
    return 1 + width + (size_t)width * (width + 1) / 2;
}

static struct err *matrix_add(ADD_ARGUMENTS)
{
    (void)arena;
    uint32_t width = aggregate->argument_count;
    const struct column *columns[AGGREGATE_ARGUMENTS_MAX];
    for (uint32_t a = 0; a < width; a++) {
        columns[a] = column_numbers(scratch, arguments[a], TYPE_FLOAT64);
        if (columns[a] == NULL) {
            return arena_error(scratch);
        }
    }
    EACH_ROW(double, {
        double values[AGGREGATE_ARGUMENTS_MAX];
        double *product = state + 1 + width;
        state[0]++;
        for (uint32_t a = 0; a < width; a++) {
            values[a] = VALUE_AT(columns[a], double, i);
            state[1 + a] += values[a];
        }
        for (uint32_t a = 0; a < width; a++) {
            for (uint32_t b = a; b < width; b++) {
                *product++ += values[a] * values[b];
            }
        }
    })
    return NULL;
}

static struct err *matrix_merge(MERGE_ARGUMENTS)
{
    (void)arena;
    for (size_t i = 0; i < state_doubles(aggregate->argument_count); i++) {
        ((double *)into)[i] += ((const double *)from)[i];
    }
    return NULL;
}

static struct err *matrix_read(READ_ARGUMENTS)
{
    struct err *err = NULL;
    (void)arena, (void)scratch;
    for (size_t i = 0; i < state_doubles(aggregate->argument_count); i++) {
        double sum;
        OR_DONE(state_take(reader, &sum, sizeof(sum)));
        ((double *)into)[i] += sum;
    }
done:
    return err;
}

static double matrix_cell(enum matrix matrix, const double *state, uint32_t width, uint32_t a, uint32_t b)
{
    double n = state[0], x = state[1 + a], y = state[1 + b], xy = state[product_at(width, a, b)];
    if (matrix == MATRIX_CORR) {
        double xx = state[product_at(width, a, a)], yy = state[product_at(width, b, b)];
        return (n * xy - x * y) / sqrt((n * xx - x * x) * (n * yy - y * y));
    }
    double sum = xy - x * y / n;
    return matrix == MATRIX_COVAR_POP ? sum / n : n < 2 ? (double)NAN : sum / (n - 1);
}

static struct err *matrix_finish(FINISH_ARGUMENTS)
{
    struct err *err = NULL;
    enum matrix matrix = (enum matrix)(intptr_t)aggregate->data;
    uint32_t width = aggregate->argument_count;
    OR_DONE(aggregate_arrays(arena, (uint64_t)count * width, out));
    struct column *rows = out->children[0];
    OR_DONE(aggregate_arrays(arena, (uint64_t)count * width * width, rows));
    double *to = rows->children[0]->values;
    for (uint32_t g = 0; g < count; g++) {
        const double *state = (const void *)(states + (size_t)g * stride);
        for (uint32_t a = 0; a < width; a++) {
            for (uint32_t b = 0; b < width; b++) {
                *to++ = a <= b ? matrix_cell(matrix, state, width, a, b) : matrix_cell(matrix, state, width, b, a);
            }
            rows->offsets[g * width + a + 1] = rows->offsets[g * width + a] + width;
        }
        out->offsets[g + 1] = out->offsets[g] + width;
    }
done:
    return err;
}

static struct err *matrix_resolve(const struct aggregate_bind *bind, struct aggregate *out)
{
    for (uint32_t a = 0; a < bind->count; a++) {
        const struct type *type = bind->types[a];
        if (!type_is_number(type) || type->kind == TYPE_DECIMAL || type->width > 8) {
            return aggregate_argument_error(bind, a, "a number of up to 64 bits is needed");
        }
    }
    out->type = type_array(bind->arena, type_simple(TYPE_FLOAT64));
    out->type = out->type == NULL ? NULL : type_array(bind->arena, out->type);
    out->data = (const void *)(intptr_t)bind->tag;
    out->state_bytes = ((uint32_t)state_doubles(bind->count) * 8 + 15U) & ~15U;
    out->add = matrix_add;
    out->merge = matrix_merge;
    out->finish = matrix_finish;
    aggregate_raw(out, (uint32_t)state_doubles(bind->count) * 8);
    out->read_state = matrix_read;
    return out->type == NULL ? arena_error(bind->arena) : NULL;
}

#define MATRIX(name, tag)                                                                                              \
    {                                                                                                                  \
        name, false, 1, AGGREGATE_ARGUMENTS_MAX, 0, matrix_resolve, tag                                                \
    }
static const struct aggregate_definition definitions[] = {
    MATRIX("corrMatrix", MATRIX_CORR),
    MATRIX("covarPopMatrix", MATRIX_COVAR_POP),
    MATRIX("covarSampMatrix", MATRIX_COVAR_SAMP),
};
const struct aggregate_group aggregates_matrix = GROUP_WITHOUT_ALIASES(definitions);
