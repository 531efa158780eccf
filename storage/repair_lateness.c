/*
 * repair_lateness.c: how late the rows of a damaged segment came.
 *
 * It was decided when they came (table_lateness_column), and no message says it. Its column has blocks of its own, which
 * may be whole when another column's is not. Of a message that gives several rows it is enough to know of one that was
 * late: through which time the table was complete then is the same for all of them, and says how late each was. A row of
 * which nothing is known counts as in time; the segment's row sum shows whether that is so.
 *
 * flow     repair_find.c (notes) → repair.c, repair_take (gives)
 */
#include "storage/repair_private.h"

#include "storage/segment.h"

#include <string.h>

static struct err *read_column(const struct repair *repair, struct arena *arena, uint32_t granule, int column,
                               const struct column **out)
{
    struct column *found = NULL;
    struct err *err = column < 0 ? NULL
                                 : repair_read_id(repair->reader, arena, granule,
                                                  table_column_id(repair->def, (uint32_t)column), &found);
    if (err != NULL && repair_unreadable(err)) {
        err_free(err);
        err = NULL;
    }
    *out = err == NULL ? found : NULL;
    return err;
}

struct err *repair_lateness_read(const struct repair *repair, struct arena *arena, uint32_t granule,
                                 struct granule_lateness *out)
{
    struct err *err = NULL;
    *out = (struct granule_lateness){NULL, NULL};
    int column = table_lateness_column(repair->def);
    if (column < 0) {
        return NULL;
    }
    OR_DONE(read_column(repair, arena, granule, column, &out->late));
    err = read_column(repair, arena, granule, table_time_column(repair->def), &out->time);
done:
    return err;
}

void repair_lateness_note(const struct granule_lateness *lateness, uint32_t row, struct wanted *wanted)
{
    wanted->late_us = 0;
    wanted->complete_us = INT64_MIN;
    if (lateness->late == NULL) {
        return;
    }
    memcpy(&wanted->late_us, column_value(lateness->late, row), sizeof(wanted->late_us));
    if (wanted->late_us > 0 && lateness->time != NULL && !column_is_null(lateness->time, row)) {
        int64_t time_us = type_time_us(lateness->time->type, column_value(lateness->time, row));
        wanted->complete_us = (int64_t)((uint64_t)time_us + wanted->late_us);
    }
}

void repair_lateness_join(struct wanted *wanted, const struct wanted *other)
{
    wanted->late_differs = wanted->late_differs || other->late_differs || wanted->late_us != other->late_us;
    wanted->complete_us = wanted->complete_us > other->complete_us ? wanted->complete_us : other->complete_us;
}

static uint64_t lateness_of(const struct wanted *wanted, const struct column *time, uint32_t row)
{
    if (wanted->complete_us == INT64_MIN) {
        return wanted->late_differs ? 0 : wanted->late_us;
    }
    if (column_is_null(time, row)) {
        return 0;
    }
    int64_t time_us = type_time_us(time->type, column_value(time, row));
    return time_us < wanted->complete_us ? (uint64_t)wanted->complete_us - (uint64_t)time_us : 0;
}

struct err *repair_lateness_give(const struct repair *repair, struct arena *arena, const struct chunk **rows)
{
    const struct chunk *came = *rows;
    uint32_t first_hidden = repair->def->column_count;
    int column = table_lateness_column(repair->def), time = table_time_column(repair->def);
    const struct addresses addresses = {came->columns[first_hidden + COLUMN_STREAM],
                                        came->columns[first_hidden + COLUMN_PARTITION],
                                        came->columns[first_hidden + COLUMN_OFFSET]};
    struct column *late = NULL;

    if (column < 0 || time < 0) {
        return NULL;
    }
    for (uint32_t row = 0; row < came->row_count; row++) {
        struct address address = address_of(&addresses, row);
        const struct wanted *wanted = repair_wanted(repair, &address);
        uint64_t late_us = wanted == NULL ? 0 : lateness_of(wanted, came->columns[time], row);
        if (late_us == 0) {
            continue;
        }
        if (late == NULL) {
            late = column_new(arena, came->columns[column]->type, came->row_count);
            if (late == NULL) {
                return arena_error(arena);
            }
            for (uint32_t k = 0; k < came->row_count; k++) {
                memcpy((uint64_t *)late->values + k, column_value(came->columns[column], k), sizeof(uint64_t));
            }
        }
        memcpy((uint64_t *)late->values + row, &late_us, sizeof(late_us));
    }
    if (late != NULL) {
        struct chunk *changed = chunk_copy(arena, came);
        if (changed == NULL) {
            return arena_error(arena);
        }
        changed->columns[column] = late;
        *rows = changed;
    }
    return NULL;
}
