/*
 * vector.c: norms, distances and products of arrays of numbers.
 *
 * types    Float32 where it is the elements' common type, else Float64; of dotProduct what their product is
 * thread   any, no shared state
 */
#include "query/functions/vector.h"

#include "query/functions/nested.h"

#include <math.h>

struct vectors {
    const struct type *read; /* elements are read as this */
    uint32_t count;          /* of arrays */
    int tag;
    double power;
};

static struct err *elements_as(const struct function *function, struct arena *arena, const struct column *arrays,
                               const struct type *type, const struct column **out)
{
    struct err *err = NULL;
    struct column *cast;
    OR_DONE(function_cast(arena, function->context, arrays->children[0], type, &cast));
    *out = column_flat(arena, cast);
    if (*out == NULL) {
        err = arena_error(arena);
    }
done:
    return err;
}

/* Norm of a - b, or of a (b NULL). */
static double norm_of(enum norm norm, double power, const double *a, const double *b, uint32_t count)
{
    double sum = 0;
    for (uint32_t e = 0; e < count; e++) {
        double x = b == NULL ? a[e] : a[e] - b[e];
        switch (norm) {
        case NORM_L1:
            sum += fabs(x);
            break;
        case NORM_LINF:
            sum = fmax(sum, fabs(x));
            break;
        case NORM_LP:
            sum += pow(fabs(x), power);
            break;
        default:
            sum += x * x;
        }
    }
    return norm == NORM_L2 ? sqrt(sum) : norm == NORM_LP ? pow(sum, 1 / power) : sum;
}

static double cosine_distance(const double *a, const double *b, uint32_t count)
{
    ASSERT(b != NULL || count == 0);
    double dot = 0, left = 0, right = 0;
    for (uint32_t e = 0; e < count; e++) {
        dot += a[e] * b[e];
        left += a[e] * a[e];
        right += b[e] * b[e];
    }
    return 1 - dot / sqrt(left * right);
}

static struct err *lengths_differ(const struct function *function)
{
    return err_new(ERR_ARRAY_SIZES, "Array arguments for function %s must have equal sizes", function->name);
}

static void put_real(struct column *column, uint32_t row, double value)
{
    if (column->type->kind == TYPE_FLOAT32) {
        ((float *)column->values)[row] = (float)value;
    } else {
        ((double *)column->values)[row] = value;
    }
}

static struct err *evaluate_norm(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct vectors *vectors = function->data;
    const struct column *items[2] = {NULL};
    struct arrays arrays[2] = {{0}};
    struct column *made;
    for (uint32_t a = 0; a < vectors->count; a++) {
        OR_DONE(elements_as(function, arena, arguments[a], type_simple(TYPE_FLOAT64), &items[a]));
        arrays[a] = arrays_of(arguments[a]);
    }
    ASSERT(vectors->count > 0 && arrays[0].offsets != NULL);
    OR_DONE(result_new(arena, function->inner, row_count, &made));
    for (uint32_t i = 0; i < row_count; i++) {
        uint32_t count = array_length(&arrays[0], i);
        const double *a = (const double *)items[0]->values + array_begin(&arrays[0], i);
        const double *b = NULL;
        if (vectors->count == 2) {
            b = (const double *)items[1]->values + array_begin(&arrays[1], i);
            if (array_length(&arrays[1], i) != count) {
                return lengths_differ(function);
            }
        }
        put_real(made, i,
                 vectors->tag == VECTOR_COSINE ? cosine_distance(a, b, count)
                                               : norm_of((enum norm)(vectors->tag & 15), vectors->power, a, b, count));
    }
    *out = made;
done:
    return err;
}

static struct err *evaluate_normalize(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct vectors *vectors = function->data;
    const struct column *flat, *items;
    OR_DONE(arrays_flat(arena, arguments[0], &flat));
    OR_DONE(elements_as(function, arena, flat, type_simple(TYPE_FLOAT64), &items));
    struct column *made = column_new(arena, function->inner->children[0], flat->offsets[row_count]);
    if (made == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < row_count; i++) {
        uint32_t begin = flat->offsets[i];
        const double *a = (const double *)items->values + begin;
        double norm = norm_of((enum norm)(vectors->tag & 15), vectors->power, a, NULL, flat->offsets[i + 1] - begin);
        for (uint32_t e = begin; e < flat->offsets[i + 1]; e++) {
            put_real(made, e, ((const double *)items->values)[e] / norm);
        }
    }
    OR_DONE(arrays_new(arena, function->inner, row_count, flat->offsets, made, out));
done:
    return err;
}

#define DOT_ROWS(c_type)                                                                                               \
    for (uint32_t i = 0; i < row_count; i++) {                                                                         \
        const c_type *a = (const c_type *)items[0]->values + array_begin(&arrays[0], i);                               \
        const c_type *b = (const c_type *)items[1]->values + array_begin(&arrays[1], i);                               \
        c_type sum = 0;                                                                                                \
        if (array_length(&arrays[0], i) != array_length(&arrays[1], i)) {                                              \
            return lengths_differ(function);                                                                           \
        }                                                                                                              \
        for (uint32_t e = 0; e < array_length(&arrays[0], i); e++) {                                                   \
            sum = (c_type)(sum + (c_type)(a[e] * b[e]));                                                               \
        }                                                                                                              \
        ((c_type *)made->values)[i] = sum;                                                                             \
    }                                                                                                                  \
    break

static struct err *evaluate_dot(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct vectors *vectors = function->data;
    const struct column *items[2];
    struct arrays arrays[2];
    struct column *made;
    for (uint32_t a = 0; a < 2; a++) {
        OR_DONE(elements_as(function, arena, arguments[a], vectors->read, &items[a]));
        arrays[a] = arrays_of(arguments[a]);
    }
    OR_DONE(result_new(arena, function->inner, row_count, &made));
    switch ((int)type_physical(function->inner)) { /* unsigned numbers wrap as signed ones do */
    case TYPE_FLOAT32:
        DOT_ROWS(float);
    case TYPE_FLOAT64:
        DOT_ROWS(double);
    case TYPE_INT16:
    case TYPE_UINT16: {
        DOT_ROWS(uint16_t);
    }
    case TYPE_INT32:
    case TYPE_UINT32:
        DOT_ROWS(uint32_t);
    default:
        DOT_ROWS(uint64_t);
    }
    *out = made;
done:
    return err;
}

static struct err *check_array(const struct function_bind *bind, uint32_t index)
{
    struct err *err = NULL;
    OR_DONE(argument_array(bind, index));
    const struct type *type = bind->arguments[index].type->children[0];
    if (type->nullable || !(type_is_float(type) || (type_is_integer(type) && type->width <= 8))) {
        err = argument_error(bind, index, "an array of integers up to 64 bits or of floats is needed");
    }
done:
    return err;
}

struct err *vector_resolve(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    struct vectors *vectors = ARENA_NEW(bind->arena, struct vectors);
    enum norm_use use = (enum norm_use)(bind->tag >> 4);
    bool floats = true;
    if (vectors == NULL) {
        return arena_error(bind->arena);
    }
    vectors->tag = bind->tag;
    vectors->count = bind->tag == VECTOR_DOT || bind->tag == VECTOR_COSINE || use == USE_DISTANCE ? 2 : 1;
    const struct type *types[2] = {NULL};
    const struct type *common;
    for (uint32_t a = 0; a < vectors->count; a++) {
        OR_DONE(check_array(bind, a));
        types[a] = bind->arguments[a].type->children[0];
        floats &= types[a]->kind == TYPE_FLOAT32;
    }
    out->data = vectors;
    if (bind->tag != VECTOR_DOT) {
        OR_DONE(function_common_type(bind->arena, types, vectors->count, &common));
        floats = common->kind == TYPE_FLOAT32;
    }
    out->inner = type_simple(floats ? TYPE_FLOAT32 : TYPE_FLOAT64);
    if (bind->tag == VECTOR_DOT) {
        struct function_argument both[2];
        const struct function *product;
        for (uint32_t a = 0; a < 2; a++) {
            both[a] = (struct function_argument){bind->arguments[a].type->children[0], NULL};
        }
        if (!floats) {
            OR_DONE(function_resolve(bind->arena, bind->context, slice_text("multiply"), both, 2, &product));
            out->inner = product->type;
        }
        vectors->read = out->inner;
        out->evaluate = evaluate_dot;
        return NULL;
    }
    if (bind->count > vectors->count) {
        vectors->power =
            *(const double *)column_numbers(bind->arena, bind->arguments[vectors->count].constant, TYPE_FLOAT64)
                 ->values;
    }
    out->evaluate = evaluate_norm;
    if (bind->tag != VECTOR_COSINE && use == USE_NORMALIZE) {
        out->inner = type_array(bind->arena, out->inner);
        out->evaluate = evaluate_normalize;
        if (out->inner == NULL) {
            return arena_error(bind->arena);
        }
    }
done:
    return err;
}
