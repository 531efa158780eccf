/*
 * monotonic.c: functions that never decrease, over values that lie close together: times and their buckets.
 *
 * how      a block of rows whose least and greatest value give the same result gives it everywhere. So the function
 *          runs on two values per block, and row by row only in blocks where the result changes. One result for all
 *          rows is a CONST column, which a GROUP BY takes in one step.
 * pays     when most blocks have one result; the search for least and greatest values costs about a tenth of what
 *          rounding a time does
 */
#include "base/vector.h"
#include "query/functions/functions.h"

#define BLOCK_ROWS 128U

/* ends[2b], ends[2b + 1]: least and greatest value of block b. */
#define BLOCK_ENDS(name, ctype)                                                                                        \
    VECTORISED static void name(const ctype *values, uint32_t row_count, ctype *ends)                                  \
    {                                                                                                                  \
        for (uint32_t begin = 0; begin < row_count; begin += BLOCK_ROWS, ends += 2) {                                  \
            uint32_t end = row_count - begin < BLOCK_ROWS ? row_count : begin + BLOCK_ROWS;                            \
            ctype least = values[begin], greatest = values[begin];                                                     \
            for (uint32_t i = begin; i < end; i++) {                                                                   \
                least = values[i] < least ? values[i] : least;                                                         \
                greatest = values[i] > greatest ? values[i] : greatest;                                                \
            }                                                                                                          \
            ends[0] = least;                                                                                           \
            ends[1] = greatest;                                                                                        \
        }                                                                                                              \
    }
BLOCK_ENDS(ends_int32, int32_t)
BLOCK_ENDS(ends_int64, int64_t)
BLOCK_ENDS(ends_uint16, uint16_t)
BLOCK_ENDS(ends_uint32, uint32_t)
BLOCK_ENDS(ends_uint64, uint64_t)

static bool block_ends(const struct column *column, void *ends)
{
    switch ((int)type_physical(column->type)) {
    case TYPE_INT32:
        ends_int32(column->values, column->row_count, ends);
        return true;
    case TYPE_INT64:
        ends_int64(column->values, column->row_count, ends);
        return true;
    case TYPE_UINT16:
        ends_uint16(column->values, column->row_count, ends);
        return true;
    case TYPE_UINT32:
        ends_uint32(column->values, column->row_count, ends);
        return true;
    case TYPE_UINT64:
        ends_uint64(column->values, column->row_count, ends);
        return true;
    default:
        return false;
    }
}

/* The function over `rows` in place of argument `varying`. */
static struct err *evaluate_over(const struct function *function, struct arena *arena,
                                 const struct column *const *arguments, uint32_t varying, struct column *rows,
                                 struct column **out)
{
    struct err *err = NULL;
    const struct column **over = ARENA_ARRAY(arena, const struct column *, function->argument_count);
    if (over == NULL) {
        return arena_error(arena);
    }
    for (uint32_t a = 0; a < function->argument_count; a++) {
        over[a] = rows;
        if (a != varying) {
            struct column *constant = ARENA_NEW(arena, struct column);
            if (constant == NULL) {
                return arena_error(arena);
            }
            *constant = *arguments[a];
            constant->row_count = rows->row_count;
            over[a] = constant;
        }
    }
    struct column *result = NULL;
    OR_DONE(function->evaluate(function, arena, over, rows->row_count, &result));
    const struct column *flat = column_flat(arena, result);
    if (flat == NULL) {
        return arena_error(arena);
    }
    *out = (struct column *)(uintptr_t)flat;
done:
    return err;
}

static void fill(char *values, uint32_t begin, uint32_t end, const char *value, size_t width)
{
    switch (width) {
    case 2:
        for (uint32_t i = begin; i < end; i++) {
            memcpy(values + i * 2U, value, 2);
        }
        break;
    case 4:
        for (uint32_t i = begin; i < end; i++) {
            memcpy(values + i * 4U, value, 4);
        }
        break;
    default:
        for (uint32_t i = begin; i < end; i++) {
            memcpy(values + i * width, value, width);
        }
    }
}

/* The argument that is not constant when the function is of the kind that pays; else UINT32_MAX. */
static uint32_t varying_argument(const struct function *function, const struct column *const *arguments,
                                 uint32_t row_count)
{
    uint32_t varying = UINT32_MAX;
    uint32_t needed = FUNCTION_MONOTONIC | FUNCTION_COARSE;
    if ((function->flags & (needed | FUNCTION_CAN_FAIL)) != needed || row_count < 2 * BLOCK_ROWS ||
        row_count > CHUNK_ROWS_MAX || function->inner->nullable || function->inner->width > 8 ||
        function->inner->kind == TYPE_STRING) {
        return UINT32_MAX;
    }
    for (uint32_t a = 0; a < function->argument_count; a++) {
        if (arguments[a]->form == COLUMN_FLAT) {
            if (varying != UINT32_MAX || arguments[a]->type->width < 2 || arguments[a]->nulls != NULL) {
                return UINT32_MAX;
            }
            varying = a;
        }
    }
    return varying;
}

struct err *monotonic_evaluate(const struct function *function, struct arena *arena,
                               const struct column *const *arguments, uint32_t row_count, struct column **out)
{
    struct err *err = NULL;
    uint32_t varying = varying_argument(function, arguments, row_count);
    *out = NULL;
    if (varying == UINT32_MAX) {
        return NULL;
    }
    const struct column *column = arguments[varying];
    uint32_t block_count = (row_count + BLOCK_ROWS - 1) / BLOCK_ROWS;
    struct column *ends = column_new(arena, column->type, 2 * block_count);
    if (ends == NULL) {
        return arena_error(arena);
    }
    if (!block_ends(column, ends->values)) {
        return NULL;
    }
    struct column *of_ends, *of_rows;
    size_t width = function->inner->width;
    OR_DONE(evaluate_over(function, arena, arguments, varying, ends, &of_ends));
    const char *results = of_ends->values;
    uint32_t mixed = 0;
    bool one = true;
    for (uint32_t b = 0; b < block_count; b++) {
        bool same = memcmp(results + 2 * b * width, results + (2 * b + 1) * width, width) == 0;
        mixed += !same;
        one = one && same && memcmp(results, results + 2 * b * width, width) == 0;
    }
    if (one) {
        *out = column_const(arena, function->inner, results, row_count);
        return *out == NULL ? arena_error(arena) : NULL;
    }
    if (mixed > block_count / 2) {
        return NULL;
    }
    struct column *made = column_new(arena, function->inner, row_count);
    uint32_t *positions = ARENA_ARRAY(arena, uint32_t, mixed * BLOCK_ROWS + 1);
    if (made == NULL || positions == NULL) {
        return arena_error(arena);
    }
    uint32_t count = 0;
    for (uint32_t b = 0; b < block_count; b++) {
        uint32_t begin = b * BLOCK_ROWS;
        uint32_t end = row_count - begin < BLOCK_ROWS ? row_count : begin + BLOCK_ROWS;
        if (memcmp(results + 2 * b * width, results + (2 * b + 1) * width, width) == 0) {
            fill(made->values, begin, end, results + 2 * b * width, width);
            continue;
        }
        for (uint32_t i = begin; i < end; i++) {
            positions[count++] = i;
        }
    }
    if (count > 0) {
        struct column *rows = column_take(arena, column, positions, count);
        if (rows == NULL) {
            return arena_error(arena);
        }
        OR_DONE(evaluate_over(function, arena, arguments, varying, rows, &of_rows));
        for (uint32_t i = 0; i < count; i++) {
            memcpy((char *)made->values + positions[i] * width, (const char *)of_rows->values + i * width, width);
        }
    }
    *out = made;
done:
    return err;
}
