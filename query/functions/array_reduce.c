/*
 * array_reduce.c: numbers of an array as one, or summed up on the way: arraySum, arrayAvg, arrayProduct, arrayMin,
 * arrayMax, arrayCumSum, arrayCumSumNonNegative, arrayDifference, arrayDotProduct.
 *
 * With a lambda the binder hands in what it made of the elements (sql/bind_lambda.c): these functions see one array.
 * thread   any, no shared state
 */
#include "base/int256.h"
#include "query/functions/nested.h"

enum reduction { REDUCE_SUM, REDUCE_AVG, REDUCE_PRODUCT, REDUCE_MIN, REDUCE_MAX };

struct reducing {
    enum reduction kind;
    const struct type *wide; /* the elements are read as this */
};

/* What sums of the type are: 64 bits, Float64, Decimal(38, s). */
static const struct type *sum_type(struct arena *arena, const struct type *type)
{
    if (type->kind == TYPE_DECIMAL) {
        return type_decimal(arena, 38, type->scale);
    }
    if (type_is_float(type)) {
        return type_simple(TYPE_FLOAT64);
    }
    if (type->width > 8) {
        return type;
    }
    return type_simple(type_is_signed(type) ? TYPE_INT64 : TYPE_UINT64);
}

static struct err *illegal_element(const struct function_bind *bind, const struct type *type)
{
    struct slice name = type_name(bind->arena, type);
    return err_new(ERR_ARGUMENT_TYPE, "function %s cannot be performed on elements of type %.*s", bind->name,
                   SLICE_ARG(name));
}

/* The elements of all rows, FLAT, as the type. */
static struct err *elements_as(const struct function *function, struct arena *arena, const struct arrays *arrays,
                               const struct type *type, const struct column **out)
{
    struct err *err = NULL;
    struct column *cast;
    OR_DONE(function_cast(arena, function->context, arrays->items, type, &cast));
    *out = column_flat(arena, cast);
    if (*out == NULL) {
        err = arena_error(arena);
    }
done:
    return err;
}

#define SUM_ROWS(c_type, out_type, start, operator)                                                                    \
    for (uint32_t i = 0; i < row_count; i++) {                                                                         \
        c_type sum = start;                                                                                            \
        for (uint32_t e = array_begin(&arrays, i); e < array_end(&arrays, i); e++) {                                   \
            sum operator((const out_type *)items->values)[e];                                                          \
        }                                                                                                              \
        ((out_type *)made->values)[i] = (out_type)sum;                                                                 \
    }                                                                                                                  \
    break

static struct err *evaluate_sum(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct reducing *reducing = function->data;
    struct arrays arrays = arrays_of(arguments[0]);
    const struct column *items;
    struct column *made;
    OR_DONE(elements_as(function, arena, &arrays, reducing->wide, &items));
    OR_DONE(result_new(arena, function->inner, row_count, &made));
    switch ((int)type_physical(reducing->wide)) {
    case TYPE_FLOAT64:
        if (reducing->kind == REDUCE_PRODUCT) {
            SUM_ROWS(double, double, 1, *=);
        }
        SUM_ROWS(double, double, 0, +=);
    case TYPE_INT64:
    case TYPE_UINT64:
        SUM_ROWS(uint64_t, uint64_t, 0, +=);
    case TYPE_INT256:
    case TYPE_UINT256:
        for (uint32_t i = 0; i < row_count; i++) {
            struct int256 sum = {{0, 0, 0, 0}};
            for (uint32_t e = array_begin(&arrays, i); e < array_end(&arrays, i); e++) {
                sum = int256_add(sum, ((const struct int256 *)items->values)[e]);
            }
            ((struct int256 *)made->values)[i] = sum;
        }
        break;
    default:
        SUM_ROWS(unsigned __int128, unsigned __int128, 0, +=);
    }
    for (uint32_t i = 0; reducing->kind == REDUCE_AVG && i < row_count; i++) {
        ((double *)made->values)[i] /= array_length(&arrays, i) == 0 ? 1 : (double)array_length(&arrays, i);
    }
    for (uint32_t i = 0; reducing->kind == REDUCE_PRODUCT && i < row_count; i++) {
        ((double *)made->values)[i] *= array_length(&arrays, i) != 0; /* of nothing it is 0, as all of them are */
    }
    *out = made;
done:
    return err;
}

static struct err *evaluate_extreme(EVALUATE_ARGUMENTS)
{
    const struct reducing *reducing = function->data;
    struct arrays arrays = arrays_of(arguments[0]);
    const struct column *both[2] = {column_flat(arena, arrays.items), column_default(arena, function->inner, 1)};
    uint32_t *sources = ARENA_ARRAY(arena, uint32_t, row_count);
    uint32_t *rows = ARENA_ARRAY(arena, uint32_t, row_count);
    if (both[0] == NULL || both[1] == NULL || sources == NULL || rows == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < row_count; i++) {
        uint32_t begin = array_begin(&arrays, i), end = array_end(&arrays, i);
        uint32_t best = begin;
        for (uint32_t e = begin + 1; e < end; e++) {
            int order = column_compare_extreme(both[0], e, both[0], best, reducing->kind == REDUCE_MAX);
            if (reducing->kind == REDUCE_MIN ? order < 0 : order > 0) {
                best = e;
            }
        }
        sources[i] = begin == end;
        rows[i] = begin == end ? 0 : best;
    }
    *out = column_pick(arena, function->inner, both, 2, sources, rows, row_count);
    return *out == NULL ? arena_error(arena) : NULL;
}

static struct err *resolve_reduce(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    struct reducing *reducing = ARENA_NEW(bind->arena, struct reducing);
    if (reducing == NULL) {
        return arena_error(bind->arena);
    }
    OR_DONE(argument_array(bind, 0));
    const struct type *type = bind->arguments[0].type->children[0];
    reducing->kind = (enum reduction)bind->tag;
    out->data = reducing;
    if (type->kind == TYPE_NOTHING && !type->nullable) {
        return illegal_element(bind, type);
    }
    if (reducing->kind == REDUCE_MIN || reducing->kind == REDUCE_MAX) {
        out->inner = type;
        out->evaluate = evaluate_extreme;
        return NULL;
    }
    if (type->nullable) {
        return illegal_element(bind, type);
    }
    if (!type_is_number(type)) {
        return illegal_element(bind, type);
    }
    reducing->wide = reducing->kind == REDUCE_SUM ? sum_type(bind->arena, type) : type_simple(TYPE_FLOAT64);
    out->inner = reducing->wide;
    out->evaluate = evaluate_sum;
    if (out->inner == NULL) {
        return arena_error(bind->arena);
    }
done:
    return err;
}

/* --- running sums and differences --------------------------------------------------------------------------------- */

enum running { RUNNING_SUM, RUNNING_SUM_NON_NEGATIVE, RUNNING_DIFFERENCE };

#define RUN_ROWS(c_type, zero_below)                                                                                   \
    for (uint32_t i = 0; i < row_count; i++) {                                                                         \
        c_type before = 0;                                                                                             \
        for (uint32_t e = flat->offsets[i]; e < flat->offsets[i + 1]; e++) {                                           \
            c_type value = ((const c_type *)items->values)[e];                                                         \
            c_type result;                                                                                             \
            if (kind == RUNNING_DIFFERENCE) {                                                                          \
                result = e == flat->offsets[i] ? 0 : (c_type)(value - before);                                         \
                before = value;                                                                                        \
            } else {                                                                                                   \
                result = (c_type)(before + value);                                                                     \
                result = kind == RUNNING_SUM_NON_NEGATIVE && (zero_below) ? 0 : result;                                \
                before = result;                                                                                       \
            }                                                                                                          \
            ((c_type *)made->values)[e] = result;                                                                      \
        }                                                                                                              \
    }                                                                                                                  \
    break

static void run_256(enum running kind, bool is_signed, const uint32_t *offsets, uint32_t row_count,
                    const struct int256 *items, struct int256 *out)
{
    for (uint32_t i = 0; i < row_count; i++) {
        struct int256 before = {{0, 0, 0, 0}};
        for (uint32_t e = offsets[i]; e < offsets[i + 1]; e++) {
            if (kind == RUNNING_DIFFERENCE) {
                out[e] = e == offsets[i] ? before : int256_subtract(items[e], items[e - 1]);
                continue;
            }
            before = int256_add(before, items[e]);
            if (kind == RUNNING_SUM_NON_NEGATIVE && is_signed && int256_is_negative(before)) {
                before = int256_of(0);
            }
            out[e] = before;
        }
    }
}

static struct err *evaluate_running(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    enum running kind = (enum running)(intptr_t)function->data;
    const struct type *type = function->inner->children[0];
    const struct column *flat;
    const struct column *items;
    OR_DONE(arrays_flat(arena, arguments[0], &flat));
    struct arrays arrays = arrays_of(flat);
    OR_DONE(elements_as(function, arena, &arrays, type, &items));
    struct column *made = column_new(arena, type, flat->offsets[row_count]);
    if (made == NULL) {
        return arena_error(arena);
    }
    switch ((int)type_physical(type)) {
    case TYPE_INT256:
    case TYPE_UINT256:
        run_256(kind, type->kind == TYPE_INT256, flat->offsets, row_count, items->values, made->values);
        break;
    case TYPE_FLOAT64:
        RUN_ROWS(double, result < 0);
    case TYPE_INT8:
    case TYPE_UINT8:
        RUN_ROWS(uint8_t, (int8_t)result < 0);
    case TYPE_INT16:
    case TYPE_UINT16:
        RUN_ROWS(uint16_t, (int16_t)result < 0);
    case TYPE_INT32:
    case TYPE_UINT32:
        RUN_ROWS(uint32_t, (int32_t)result < 0);
    case TYPE_UINT64:
        RUN_ROWS(uint64_t, false);
    case TYPE_INT64:
        RUN_ROWS(uint64_t, (int64_t)result < 0);
    default:
        RUN_ROWS(unsigned __int128, (__int128)result < 0);
    }
    OR_DONE(arrays_new(arena, function->inner, row_count, flat->offsets, made, out));
done:
    return err;
}

/* Differences of integers are of the signed type twice as wide, of 64 bits at most; of wider ones as wide. */
static const struct type *difference_type(const struct type *type)
{
    if (type_is_float(type)) {
        return type_simple(TYPE_FLOAT64);
    }
    switch (type->width) {
    case 1:
        return type_simple(TYPE_INT16);
    case 2:
        return type_simple(TYPE_INT32);
    case 16:
        return type_simple(TYPE_INT128);
    case 32:
        return type_simple(TYPE_INT256);
    default:
        return type_simple(TYPE_INT64);
    }
}

static struct err *resolve_running(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    OR_DONE(argument_array(bind, 0));
    const struct type *type = bind->arguments[0].type->children[0];
    if (type->nullable || type->kind == TYPE_NOTHING || !(type_is_number(type) || type_is_time(type))) {
        return illegal_element(bind, type);
    }
    if (bind->tag == RUNNING_DIFFERENCE) {
        type = type->kind == TYPE_DECIMAL ? type : difference_type(type);
    } else if (type_is_time(type)) {
        return illegal_element(bind, type);
    } else {
        type = sum_type(bind->arena, type);
    }
    out->inner = type == NULL ? NULL : type_array(bind->arena, type);
    out->data = (const void *)(intptr_t)bind->tag;
    out->evaluate = evaluate_running;
    if (out->inner == NULL) {
        return arena_error(bind->arena);
    }
done:
    return err;
}

static const struct function_definition definitions[] = {
    {"arraySum", false, 1, 1, 0, resolve_reduce, REDUCE_SUM},
    {"arrayAvg", false, 1, 1, 0, resolve_reduce, REDUCE_AVG},
    {"arrayProduct", false, 1, 1, 0, resolve_reduce, REDUCE_PRODUCT},
    {"arrayMin", false, 1, 1, 0, resolve_reduce, REDUCE_MIN},
    {"arrayMax", false, 1, 1, 0, resolve_reduce, REDUCE_MAX},
    {"arrayCumSum", false, 1, 1, 0, resolve_running, RUNNING_SUM},
    {"arrayCumSumNonNegative", false, 1, 1, 0, resolve_running, RUNNING_SUM_NON_NEGATIVE},
    {"arrayDifference", false, 1, 1, 0, resolve_running, RUNNING_DIFFERENCE},
};
const struct function_group functions_array_reduce = GROUP_WITHOUT_ALIASES(definitions);
