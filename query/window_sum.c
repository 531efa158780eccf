/*
 * window_sum.c: sum and avg of plain numbers over frames, without states.
 *
 * whole    numbers: the sum up to each row, once; a frame is the difference of two (modulo 2^64, as sum is)
 * floats   added up in the order of rows, as ClickHouse does: on from the row before while only the frame's end moves,
 *          else anew; not done here where that is more than ANEW_ROWS additions a row
 * thread   any, no shared state
 */
#include "query/aggregates.h"
#include "query/window_rows.h"

#include <strings.h>

#define ANEW_ROWS 32U

#define PREFIX(kind, ctype, utype)                                                                                     \
    case kind: {                                                                                                       \
        const ctype *values = column->values;                                                                          \
        for (uint32_t i = 0; i < count; i++) {                                                                         \
            sum += (uint64_t)values[i];                                                                                \
            sums[i + 1] = sum;                                                                                         \
        }                                                                                                              \
        break;                                                                                                         \
    }

/* sums[i]: of the rows before row i. */
static void prefix_sums(const struct column *column, uint32_t count, uint64_t *sums)
{
    uint64_t sum = 0;
    sums[0] = 0;
    switch ((int)type_physical(column->type)) {
        INTEGER_KINDS(PREFIX)
    default:
        break;
    }
}

static struct err *sum_integers(const struct window_rows *rows, const struct window_frames *frames,
                                const struct column *column, bool mean, struct column *out)
{
    uint64_t *sums = ARENA_ARRAY(rows->arena, uint64_t, rows->count + 1U);
    bool is_signed = type_is_signed(column->type);
    if (sums == NULL) {
        return arena_error(rows->arena);
    }
    prefix_sums(column, rows->count, sums);
    struct err *err = interrupt_check();
    if (err != NULL) {
        return err;
    }
    for (uint32_t i = 0; i < rows->count; i++) {
        uint64_t sum = sums[frames->end[i]] - sums[frames->begin[i]];
        if (mean) {
            double real = is_signed ? (double)(int64_t)sum : (double)sum;
            ((double *)out->values)[i] = real / (double)(frames->end[i] - frames->begin[i]);
        } else {
            ((uint64_t *)out->values)[i] = sum;
        }
    }
    return NULL;
}

/* Would the sums begin anew too often? */
static bool is_wide(const struct window_rows *rows, const struct window_frames *frames)
{
    uint64_t additions = 0;
    for (uint32_t i = 1; i < rows->count; i++) {
        bool anew = frames->begin[i] != frames->begin[i - 1] || frames->end[i] < frames->end[i - 1];
        additions += anew ? frames->end[i] - frames->begin[i] : 0;
    }
    return additions / ANEW_ROWS > rows->count;
}

static inline double real_at(const struct column *column, uint32_t row)
{
    return column->type->kind == TYPE_FLOAT64 ? ((const double *)column->values)[row]
                                              : (double)((const float *)column->values)[row];
}

static void sum_reals(const struct window_rows *rows, const struct window_frames *frames, const struct column *column,
                      bool mean, struct column *out)
{
    uint32_t begin = 0, end = 0;
    double sum = 0;
    for (uint32_t i = 0; i < rows->count; i++) {
        if (frames->begin[i] != begin || frames->end[i] < end) {
            begin = end = frames->begin[i];
            sum = 0;
        }
        if (interrupted_at(i)) {
            return; /* the next look says so */
        }
        for (; end < frames->end[i]; end++) {
            sum += real_at(column, end);
        }
        ((double *)out->values)[i] = mean ? sum / (double)(end - begin) : sum;
    }
}

struct err *window_sum(const struct window_rows *rows, const struct window_function *function,
                       const struct window_frames *frames, struct column *const *arguments, struct column **out)
{
    struct err *err = NULL;
    const struct aggregate *aggregate = function->aggregate;
    bool mean = strcasecmp(aggregate->name, "avg") == 0;
    *out = NULL;
    if ((!mean && strcasecmp(aggregate->name, "sum") != 0) || aggregate->argument_count != 1 ||
        aggregate->type->nullable) {
        return NULL;
    }
    const struct column *column = arguments[0];
    bool real = column->type->kind == TYPE_FLOAT64 || column->type->kind == TYPE_FLOAT32;
    bool whole = type_is_integer(column->type) && column->type->width <= 8;
    enum type_kind wanted = mean || real ? TYPE_FLOAT64 : type_is_signed(column->type) ? TYPE_INT64 : TYPE_UINT64;
    if ((!real && !whole) || column->nulls != NULL || column->form != COLUMN_FLAT || aggregate->type->kind != wanted ||
        (real && is_wide(rows, frames))) {
        return NULL;
    }
    struct column *made = column_new(rows->arena, aggregate->type, rows->count);
    if (made == NULL) {
        return arena_error(rows->arena);
    }
    if (real) {
        sum_reals(rows, frames, column, mean, made);
    } else {
        OR_DONE(sum_integers(rows, frames, column, mean, made));
    }
    *out = made;
done:
    return err;
}
