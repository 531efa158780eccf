/*
 * window_frame.c: where partitions, peers and frames begin and end.
 *
 * source   ClickHouse decides where NULL and NaN fall in a RANGE: in a comparison with a row that is not NULL, NULL is
 *          the least of all, wherever it is sorted
 * thread   any, no shared state
 */
#include "query/functions/functions.h"
#include "query/window_rows.h"

/* --- partitions and peers ---------------------------------------------------------------------------------------- */

#define MARK_FLOATS(ctype)                                                                                             \
    {                                                                                                                  \
        const ctype *values = column->values;                                                                          \
        for (uint32_t i = 1; i < count; i++) {                                                                         \
            if (interrupted_at(i)) {                                                                                   \
                return;                                                                                                \
            }                                                                                                          \
            marks[i] |= values[i] != values[i - 1] && (values[i] == values[i] || values[i - 1] == values[i - 1]);      \
        }                                                                                                              \
        break;                                                                                                         \
    }
#define MARK_WORDS(ctype)                                                                                              \
    {                                                                                                                  \
        const ctype *values = column->values;                                                                          \
        for (uint32_t i = 1; i < count; i++) {                                                                         \
            if (interrupted_at(i)) {                                                                                   \
                return;                                                                                                \
            }                                                                                                          \
            marks[i] |= values[i] != values[i - 1];                                                                    \
        }                                                                                                              \
        break;                                                                                                         \
    }

void window_mark(const struct column *column, uint8_t *marks)
{
    uint32_t count = column->row_count;

    if (column->nulls != NULL) {
        for (uint32_t i = 1; i < count; i++) {
            if (interrupted_at(i)) {
                return;
            }
            marks[i] |= column->nulls[i] != column->nulls[i - 1];
        }
    }
    if (column->type->kind == TYPE_STRING) {
        const struct slice *texts = column->values;
        for (uint32_t i = 1; i < count; i++) {
            if (interrupted_at(i)) {
                return;
            }
            marks[i] |= !slice_equal(texts[i], texts[i - 1]);
        }
        return;
    }
    switch ((int)type_physical(column->type)) {
    case TYPE_FLOAT32:
        MARK_FLOATS(float)
    case TYPE_FLOAT64:
        MARK_FLOATS(double)
    case TYPE_BOOL:
    case TYPE_INT8:
    case TYPE_UINT8:
        MARK_WORDS(uint8_t)
    case TYPE_INT16:
    case TYPE_UINT16:
        MARK_WORDS(uint16_t)
    case TYPE_INT32:
    case TYPE_UINT32:
        MARK_WORDS(uint32_t)
    case TYPE_INT64:
    case TYPE_UINT64:
        MARK_WORDS(uint64_t)
    default:
        for (uint32_t i = 1; i < count; i++) {
            if (interrupted_at(i)) {
                return;
            }
            if (marks[i] == 0 && column->type->kind != TYPE_NOTHING) {
                marks[i] = column_compare(column, i, column, i - 1) != 0;
            }
        }
    }
}

struct err *window_starts(struct arena *arena, const uint8_t *marks, uint32_t count, uint32_t **starts,
                          uint32_t *start_count)
{
    struct err *err = NULL;
    uint32_t found = 0;
    for (uint32_t i = 0; i < count; i++) {
        OR_DONE(interrupt_at(i));
        found += marks[i];
    }
    uint32_t *rows = ARENA_ARRAY(arena, uint32_t, found + 2U);
    if (rows == NULL) {
        return arena_error(arena);
    }
    *start_count = found;
    found = 0;
    for (uint32_t i = 0; i < count; i++) {
        OR_DONE(interrupt_at(i));
        rows[found] = i;
        found += marks[i];
    }
    rows[found] = count;
    *starts = rows;
done:
    return err;
}

/* --- frames ------------------------------------------------------------------------------------------------------ */

bool window_frame_is_whole(const struct frame *frame, bool has_order)
{
    bool peers = frame->kind != FRAME_ROWS && !has_order; /* the current row's peers are the whole partition */
    return (frame->begin.kind == BOUND_UNBOUNDED || (peers && frame->begin.kind == BOUND_CURRENT)) &&
           (frame->end.kind == BOUND_UNBOUNDED || (peers && frame->end.kind == BOUND_CURRENT));
}

/* Rows, or peers, counted from the current one. is_end: the place behind the bound. */
static int64_t bound_place(const struct frame_bound *bound, int64_t current, int64_t first, int64_t last, bool is_end)
{
    int64_t place = bound->kind == BOUND_UNBOUNDED ? (bound->following ? last : first)
                    : bound->kind == BOUND_CURRENT ? current + is_end
                    : bound->following             ? current + bound->offset + is_end
                                                   : current - bound->offset + is_end;
    return place < first ? first : place > last ? last : place;
}

static void find_rows(const struct window_rows *rows, const struct frame_bound *bound, bool is_end, uint32_t *out)
{
    for (uint32_t p = 0; p < rows->partition_count; p++) {
        for (uint32_t i = rows->partitions[p]; i < rows->partitions[p + 1]; i++) {
            out[i] = (uint32_t)bound_place(bound, i, rows->partitions[p], rows->partitions[p + 1], is_end);
        }
    }
}

static void find_groups(const struct window_rows *rows, const struct frame_bound *bound, bool is_end, uint32_t *out)
{
    uint32_t first = 0; /* group of peers */
    for (uint32_t p = 0; p < rows->partition_count; p++) {
        uint32_t last = first;
        while (rows->peers[last] < rows->partitions[p + 1]) {
            last++;
        }
        for (uint32_t g = first; g < last; g++) {
            uint32_t place = rows->peers[bound_place(bound, g, first, last, is_end)];
            for (uint32_t i = rows->peers[g]; i < rows->peers[g + 1]; i++) {
                out[i] = place;
            }
        }
        first = last;
    }
}

/* Rows whose order key is [offset] away: the first that is not before it, or (is_end) the first that is after. */
#define RANGE_FUNCTION(name, ctype, wide, shifted)                                                                     \
    static void name(const struct window_rows *rows, const struct frame_bound *bound, bool is_end, uint32_t *out)      \
    {                                                                                                                  \
        const ctype *values = rows->order_key->values;                                                                 \
        const uint8_t *nulls = rows->order_key->nulls;                                                                 \
        int direction = rows->order->descending ? -1 : 1;                                                              \
        bool add = bound->following != rows->order->descending;                                                        \
        for (uint32_t p = 0; p < rows->partition_count; p++) {                                                         \
            uint32_t at = rows->partitions[p];                                                                         \
            uint32_t last = rows->partitions[p + 1];                                                                   \
            for (uint32_t i = at; i < last; i++) {                                                                     \
                wide reference = values[i];                                                                            \
                wide distance = (wide)bound->offset;                                                                   \
                shifted;                                                                                               \
                for (; at < last; at++) {                                                                              \
                    int order = values[at] < reference ? -1 : values[at] == reference ? 0 : 1;                         \
                    if (nulls != NULL && (nulls[at] | nulls[i]) != 0) {                                                \
                        order = nulls[at] == 0 ? 1 : nulls[i] != 0 ? 0 : -1;                                           \
                    }                                                                                                  \
                    if (order * direction >= (is_end ? 1 : 0)) {                                                       \
                        break;                                                                                         \
                    }                                                                                                  \
                }                                                                                                      \
                out[i] = at;                                                                                           \
            }                                                                                                          \
        }                                                                                                              \
    }
#define SHIFT reference = add ? (reference + distance) : (reference - distance)
#define SHIFT_SATURATED                                                                                                \
    if (add ? __builtin_add_overflow(reference, distance, &reference)                                                  \
            : __builtin_sub_overflow(reference, distance, &reference)) {                                               \
        reference = (__int128)((unsigned __int128)1 << 127);                                                           \
        reference = add ? ~reference : reference;                                                                      \
    }
RANGE_FUNCTION(range_int8, int8_t, int64_t, SHIFT)
RANGE_FUNCTION(range_int16, int16_t, int64_t, SHIFT)
RANGE_FUNCTION(range_int32, int32_t, int64_t, SHIFT)
RANGE_FUNCTION(range_int64, int64_t, __int128, SHIFT)
RANGE_FUNCTION(range_uint8, uint8_t, int64_t, SHIFT)
RANGE_FUNCTION(range_uint16, uint16_t, int64_t, SHIFT)
RANGE_FUNCTION(range_uint32, uint32_t, int64_t, SHIFT)
RANGE_FUNCTION(range_uint64, uint64_t, __int128, SHIFT)
RANGE_FUNCTION(range_int128, __int128, __int128, SHIFT_SATURATED)
RANGE_FUNCTION(range_float32, float, float, SHIFT)
RANGE_FUNCTION(range_float64, double, double, SHIFT)

static void find_range(const struct window_rows *rows, const struct frame_bound *bound, bool is_end, uint32_t *out)
{
    static void (*const functions[TYPE_KINDS])(const struct window_rows *, const struct frame_bound *, bool,
                                               uint32_t *) = {
        [TYPE_INT8] = range_int8,       [TYPE_INT16] = range_int16,     [TYPE_INT32] = range_int32,
        [TYPE_INT64] = range_int64,     [TYPE_UINT8] = range_uint8,     [TYPE_UINT16] = range_uint16,
        [TYPE_UINT32] = range_uint32,   [TYPE_UINT64] = range_uint64,   [TYPE_INT128] = range_int128,
        [TYPE_FLOAT32] = range_float32, [TYPE_FLOAT64] = range_float64, [TYPE_BOOL] = range_uint8,
    };
    functions[type_physical(rows->order_key->type)](rows, bound, is_end, out);
}

static void find_bound(const struct window_rows *rows, enum frame_kind kind, const struct frame_bound *bound,
                       bool is_end, uint32_t *out)
{
    if (kind == FRAME_ROWS) {
        find_rows(rows, bound, is_end, out);
    } else if (kind == FRAME_RANGE && bound->kind == BOUND_OFFSET) {
        find_range(rows, bound, is_end, out);
    } else {
        find_groups(rows, bound, is_end, out);
    }
}

struct err *window_frames_find(const struct window_rows *rows, const struct frame *frame, struct window_frames *frames)
{
    struct err *err = NULL;

    frames->begin = ARENA_ARRAY(rows->arena, uint32_t, rows->count);
    frames->end = ARENA_ARRAY(rows->arena, uint32_t, rows->count);
    if (frames->begin == NULL || frames->end == NULL) {
        return arena_error(rows->arena);
    }
    OR_DONE(interrupt_check());
    find_bound(rows, frame->kind, &frame->begin, false, frames->begin);
    OR_DONE(interrupt_check());
    OR_DONE(execution_check(rows->execution));
    find_bound(rows, frame->kind, &frame->end, true, frames->end);
    OR_DONE(execution_check(rows->execution));
    for (uint32_t i = 0; i < rows->count; i++) { /* empty: [begin, begin) */
        frames->end[i] = frames->end[i] < frames->begin[i] ? frames->begin[i] : frames->end[i];
    }
done:
    return err;
}
