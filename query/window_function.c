/*
 * window_function.c: the window functions that are no aggregates: their names, and their values.
 *
 * how      ranks are counted along partitions and peers; lag, lead, first_value, … find for every row the row that the
 *          value comes from, or none, and gather
 * thread   any, no shared state
 */
#include "query/window_rows.h"

#include <strings.h>

#define NO_ROW UINT32_MAX

/* --- names ------------------------------------------------------------------------------------------------------- */

static const struct {
    const char *name;
    bool case_insensitive;
    enum window_kind kind;
    const char *alias_of;
} names[] = {
    {"row_number", true, WINDOW_ROW_NUMBER, NULL},
    {"rank", true, WINDOW_RANK, NULL},
    {"dense_rank", true, WINDOW_DENSE_RANK, NULL},
    {"denseRank", false, WINDOW_DENSE_RANK, "dense_rank"},
    {"percent_rank", true, WINDOW_PERCENT_RANK, NULL},
    {"percentRank", false, WINDOW_PERCENT_RANK, "percent_rank"},
    {"cume_dist", false, WINDOW_CUME_DIST, NULL},
    {"ntile", true, WINDOW_NTILE, NULL},
    {"lag", true, WINDOW_LAG, NULL},
    {"lead", true, WINDOW_LEAD, NULL},
    {"lagInFrame", false, WINDOW_LAG, NULL},
    {"leadInFrame", false, WINDOW_LEAD, NULL},
    {"nth_value", true, WINDOW_NTH, NULL},
};

bool window_kind_find(struct slice name, enum window_kind *kind)
{
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (strlen(names[i].name) == name.length &&
            (names[i].case_insensitive ? strncasecmp(names[i].name, name.data, name.length)
                                       : memcmp(names[i].name, name.data, name.length)) == 0) {
            *kind = names[i].kind;
            return true;
        }
    }
    return false;
}

void window_each(void (*visit)(void *user, const char *name, bool case_insensitive, const char *alias_of), void *user)
{
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        visit(user, names[i].name, names[i].case_insensitive, names[i].alias_of);
    }
}

/* --- ranks ------------------------------------------------------------------------------------------------------- */

static void row_numbers(const struct window_rows *rows, uint64_t *out)
{
    for (uint32_t p = 0; p < rows->partition_count; p++) {
        for (uint32_t i = rows->partitions[p]; i < rows->partitions[p + 1]; i++) {
            out[i] = i - rows->partitions[p] + 1;
        }
    }
}

static void ranks(const struct window_rows *rows, enum window_kind kind, struct column *out)
{
    uint64_t *numbers = out->values;
    double *shares = out->values;
    uint32_t g = 0;

    for (uint32_t p = 0; p < rows->partition_count; p++) {
        uint32_t begin = rows->partitions[p];
        uint32_t end = rows->partitions[p + 1];
        uint32_t first = g;
        for (; rows->peers[g] < end; g++) {
            uint32_t peer = rows->peers[g];
            uint32_t next = rows->peers[g + 1];
            uint64_t rank = kind == WINDOW_DENSE_RANK ? g - first + 1 : peer - begin + 1;
            double share = kind == WINDOW_CUME_DIST ? (double)(next - begin) / (end - begin)
                           : end - begin > 1        ? (double)(peer - begin) / (end - begin - 1)
                                                    : 0;
            for (uint32_t i = peer; i < next; i++) {
                if (kind == WINDOW_PERCENT_RANK || kind == WINDOW_CUME_DIST) {
                    shares[i] = share;
                } else {
                    numbers[i] = rank;
                }
            }
        }
    }
}

/* n parts whose sizes differ by one row at most, the greater ones first. */
static void ntiles(const struct window_rows *rows, uint64_t parts, uint64_t *out)
{
    for (uint32_t p = 0; p < rows->partition_count; p++) {
        uint32_t at = rows->partitions[p];
        uint32_t end = rows->partitions[p + 1];
        uint64_t size = (end - at) / parts;
        uint64_t greater = (end - at) % parts;
        for (uint64_t part = 1; at < end; part++) {
            uint64_t left = size + (part <= greater);
            for (; left > 0; left--) {
                out[at++] = part;
            }
        }
    }
}

/* --- values of other rows ---------------------------------------------------------------------------------------- */

/* The whole number of row i; *negative: it is below 0. */
static uint64_t number_at(const struct column *column, uint32_t row, bool *negative)
{
    uint32_t width = column->type->width;
    uint64_t number = 0;
    memcpy(&number, (const char *)column->values + (size_t)row * width, width);
    *negative = type_is_signed(column->type) && (number >> (8 * width - 1) & 1) != 0;
    return number;
}

static struct err *source_rows(const struct window_rows *rows, const struct window_function *function,
                               const struct window_frames *frames, const struct column *distance, uint32_t *out)
{
    struct err *err = NULL;
    enum window_kind kind = function->kind;
    bool negative = false;

    for (uint32_t i = 0; i < rows->count; i++) {
        OR_DONE(interrupt_at(i));
        uint64_t by = distance == NULL ? 1 : number_at(distance, i, &negative);
        uint64_t begin = frames->begin[i];
        uint64_t end = frames->end[i];
        if (distance != NULL && (negative || by > INT64_MAX || (kind == WINDOW_NTH && by == 0))) {
            return err_new(ERR_BAD_ARGUMENTS, "the second argument of %s must be at least %d",
                           kind == WINDOW_NTH   ? "nth_value"
                           : kind == WINDOW_LAG ? "lag"
                                                : "lead",
                           kind == WINDOW_NTH ? 1 : 0);
        }
        uint64_t row = kind == WINDOW_LAG     ? i - by /* below 0: beyond every end */
                       : kind == WINDOW_LEAD  ? i + by
                       : kind == WINDOW_FIRST ? begin
                       : kind == WINDOW_LAST  ? end - 1
                                              : begin + by - 1;
        out[i] = row >= begin && row < end ? (uint32_t)row : NO_ROW;
    }
done:
    return err;
}

/* Values of the source rows; where there is none the row's default, or that of the type. */
static struct err *gather(const struct window_rows *rows, const struct window_function *function, uint32_t *sources,
                          struct column *const *arguments, struct column **out)
{
    struct arena *arena = rows->arena;
    struct column bare = *arguments[0]; /* lag of LowCardinality is none */
    const struct column *defaults = function->argument_count > 2 ? arguments[2] : NULL;
    bool constant = defaults == NULL;

    bare.type = function->type;
    if (constant) {
        struct column *one = column_default(arena, function->type, 1);
        defaults = one == NULL ? NULL : column_flat(arena, one);
        if (defaults == NULL) {
            return arena_error(arena);
        }
    }
    if ((uint64_t)rows->count * 2 >= UINT32_MAX) {
        return err_new(ERR_TOO_MANY_ROWS, "a partition of a window has more than %u rows", UINT32_MAX / 2);
    }
    for (uint32_t i = 0; i < rows->count; i++) {
        if (interrupted_at(i)) {
            return interrupt_check();
        }
        sources[i] = sources[i] != NO_ROW ? sources[i] : constant ? rows->count : rows->count + i;
    }
    const struct column *const both[2] = {&bare, defaults};
    struct column *all = column_concat(arena, both, 2);
    *out = all == NULL ? NULL : column_take(arena, all, sources, rows->count);
    return *out == NULL ? arena_error(arena) : NULL;
}

struct err *window_evaluate(const struct window_rows *rows, const struct window_function *function,
                            const struct window_frames *frames, struct column *const *arguments, struct column **out)
{
    struct err *err = NULL;
    bool negative;

    if (function->kind >= WINDOW_LAG) {
        uint32_t *sources = ARENA_ARRAY(rows->arena, uint32_t, rows->count);
        if (sources == NULL) {
            return arena_error(rows->arena);
        }
        OR_DONE(source_rows(rows, function, frames, function->argument_count > 1 ? arguments[1] : NULL, sources));
        OR_DONE(gather(rows, function, sources, arguments, out));
        goto done;
    }
    *out = column_new(rows->arena, function->type, rows->count);
    if (*out == NULL) {
        err = arena_error(rows->arena);
        goto done;
    }
    if (function->kind == WINDOW_ROW_NUMBER) {
        row_numbers(rows, (*out)->values);
    } else if (function->kind == WINDOW_NTILE) {
        ntiles(rows, number_at(arguments[0], 0, &negative), (*out)->values);
    } else {
        ranks(rows, function->kind, *out);
    }
done:
    return err;
}
