/*
 * scan_read.c: columns of a unit's rows, as the snapshot's definition has them, and what indexes say of them.
 *
 * flow     query/ → here → segment readers, head chunks; evolve.c for rows of older schema versions
 */
#include "storage/scan_private.h"

#include "storage/evolve.h"
#include "storage/index_bitmap.h"
#include "storage/quarantine.h"
#include "storage/row_set.h"

uint32_t head_find_column(const struct head *head, uint32_t id)
{
    uint32_t index = 0;
    while (index < table_column_count(head->def) && table_column_id(head->def, index) != id) {
        index++;
    }
    return index;
}

/* Rows of the unit's granule that are left, in order. */
static struct err *live_rows(const struct table_version *version, struct arena *arena, const struct scan_unit *unit,
                             uint32_t **positions)
{
    const struct row_set *deleted = table_segment_deleted_read(version->segments[unit->source]);
    uint32_t rows = scan_granule_rows(version->segments[unit->source], unit->granule);
    *positions = ARENA_ARRAY(arena, uint32_t, rows);
    if (*positions == NULL) {
        return arena_error(arena);
    }
    uint32_t count = row_set_rows(deleted, unit->granule, rows, false, *positions);
    ASSERT(count == unit->row_count);
    return NULL;
}

static bool has_deleted(const struct table_version *version, const struct scan_unit *unit)
{
    return unit->row_count < scan_granule_rows(version->segments[unit->source], unit->granule);
}

/* Where the unit's rows are. */
static struct err *place_read(const struct scan *scan, struct arena *arena, const struct scan_unit *unit,
                              enum scan_place place, struct column **out)
{
    const struct table_version *version = scan->snapshot->version;
    bool in_segment = unit->source < version->segment_count;
    uint32_t *positions = NULL;
    uint64_t *numbers = ARENA_ARRAY(arena, uint64_t, unit->row_count);
    struct column *column = ARENA_NEW(arena, struct column);
    struct err *err = NULL;

    if (numbers == NULL || column == NULL) {
        return arena_error(arena);
    }
    *column = (struct column){.type = type_simple(TYPE_UINT64), .row_count = unit->row_count, .values = numbers};
    column->form = place == SCAN_PLACE_ROW && in_segment ? COLUMN_FLAT : COLUMN_CONST;
    numbers[0] = 0;
    if (in_segment && place != SCAN_PLACE_ROW) {
        const struct ledger_segment *info = &version->segments[unit->source]->info;
        numbers[0] = place == SCAN_PLACE_PACK ? info->pack : info->offset;
    } else if (in_segment) {
        bool some = has_deleted(version, unit);
        if (some) {
            OR_DONE(live_rows(version, arena, unit, &positions));
        }
        for (uint32_t i = 0; i < unit->row_count; i++) {
            numbers[i] = (uint64_t)unit->granule * CHUNK_ROWS_MAX + (some ? positions[i] : i);
        }
    }
    *out = column;
done:
    return err;
}

/* What the evolution of a unit's rows reads. */
struct unit_rows {
    const struct scan *scan;
    const struct scan_unit *unit;
};

static struct err *head_read_id(const struct scan *scan, struct arena *arena, const struct scan_unit *unit, uint32_t id,
                                struct column **out)
{
    const struct table_version *version = scan->snapshot->version;
    const struct version_head *entry = &version->heads[unit->source - version->segment_count];
    uint32_t skip = head_mark_rows(entry->head, entry->skip, unit->granule);
    uint32_t index = head_find_column(entry->head, id);

    *out = NULL;
    if (index == table_column_count(entry->head->def)) {
        return NULL;
    }
    *out = row_chunk_column(arena, entry->head->chunks[unit->granule], index, skip + unit->row_count);
    if (*out != NULL && skip > 0) {
        *out = column_part(arena, *out, skip, skip + unit->row_count);
    }
    return *out == NULL ? arena_error(arena) : NULL;
}

/* *out NULL: the unit does not have it. */
static struct err *unit_read_need(const struct scan *scan, struct arena *arena, const struct scan_unit *unit,
                                  uint32_t id, const struct column_need *need, struct column **out)
{
    const struct table_version *version = scan->snapshot->version;
    if (unit->source >= version->segment_count) {
        return head_read_id(scan, arena, unit, id, out);
    }
    struct err *err = NULL;
    struct segment *segment = NULL;
    *out = NULL;
    OR_DONE(scan_unit_segment(scan, arena, unit, &segment));
    int32_t index = segment_column_find(segment, id);
    if (index < 0) {
        return NULL;
    }
    OR_DONE(quarantine_read(scan->snapshot->table, version->segments[unit->source],
                            segment_read_need(segment, arena, unit->granule, (uint32_t)index, need, out)));
    if (has_deleted(version, unit)) {
        uint32_t *positions;
        OR_DONE(live_rows(version, arena, unit, &positions));
        *out = column_take(arena, *out, positions, unit->row_count);
        err = *out == NULL ? arena_error(arena) : NULL;
    }
done:
    return err;
}

static struct err *unit_read(void *user, struct arena *arena, uint32_t id, struct column **out)
{
    const struct unit_rows *rows = user;
    return unit_read_need(rows->scan, arena, rows->unit, id, &column_need_whole, out);
}

struct err *scan_read(const struct scan *scan, struct arena *arena, const struct scan_unit *unit, uint32_t column,
                      struct column **out)
{
    return scan_read_need(scan, arena, unit, column, &column_need_whole, out);
}

struct err *scan_read_need(const struct scan *scan, struct arena *arena, const struct scan_unit *unit, uint32_t column,
                           const struct column_need *need, struct column **out)
{
    struct err *err = NULL;
    const struct table_version *version = scan->snapshot->version;
    uint32_t column_count = table_column_count(version->def);
    bool computed = column >= column_count + SCAN_PLACE_COUNT;
    if (column >= column_count && !computed) {
        return place_read(scan, arena, unit, (enum scan_place)(column - column_count), out);
    }
    struct unit_rows rows = {scan, unit};
    uint32_t id = table_column_id(version->def, column);
    bool in_head = unit->source >= version->segment_count;
    uint32_t from = in_head ? version->heads[unit->source - version->segment_count].head->def->schema_version
                            : version->segments[unit->source]->info.schema_version;

    *out = NULL;
    if (scan_is_stored(version->def, column, from)) {
        OR_DONE(unit_read_need(scan, arena, unit, id, need, out));
    }
    if (*out == NULL) {
        struct evolution evolution = {.table = scan->snapshot->table,
                                      .def = version->def,
                                      .from_version = from,
                                      .row_count = unit->row_count,
                                      .read = unit_read,
                                      .user = &rows};
        ASSERT(computed || column < version->def->column_count); /* every unit has the hidden ones */
        err =
            evolve_column(&evolution, arena, computed ? column - COLUMN_HIDDEN_COUNT - SCAN_PLACE_COUNT : column, out);
    }
done:
    return err;
}

struct err *scan_find_text(const struct scan *scan, struct arena *arena, const struct scan_unit *unit, uint32_t column,
                           struct slice text, uint32_t *positions, uint32_t *count, bool *known)
{
    const struct table_version *version = scan->snapshot->version;
    *known = false;
    if (unit->source >= version->segment_count) {
        return NULL;
    }
    struct segment *segment = NULL;
    struct err *err = scan_unit_segment(scan, arena, unit, &segment);
    if (err != NULL) {
        return err;
    }
    int32_t index;
    if (has_deleted(version, unit) || scan_zone_type(scan, segment, column, &index) == NULL) {
        return NULL;
    }
    return quarantine_read(
        scan->snapshot->table, version->segments[unit->source],
        segment_find_text(segment, arena, unit->granule, (uint32_t)index, text, positions, count, known));
}

struct err *scan_pick(const struct scan *scan, struct arena *arena, const struct scan_unit *unit, uint32_t column,
                      const uint32_t *positions, uint32_t count, struct column **out)
{
    const struct table_version *version = scan->snapshot->version;
    *out = NULL;
    if (unit->source >= version->segment_count || column >= table_column_count(version->def) ||
        has_deleted(version, unit) ||
        !scan_is_stored(version->def, column, version->segments[unit->source]->info.schema_version)) {
        return NULL;
    }
    struct segment *segment = NULL;
    struct err *err = scan_unit_segment(scan, arena, unit, &segment);
    if (err != NULL) {
        return err;
    }
    int32_t index = segment_column_find(segment, table_column_id(version->def, column));
    return index < 0
               ? NULL
               : quarantine_read(scan->snapshot->table, version->segments[unit->source],
                                 segment_pick(segment, arena, unit->granule, (uint32_t)index, positions, count, out));
}

struct err *scan_filter(const struct scan *scan, struct arena *arena, const struct scan_unit *unit, uint32_t column,
                        const struct number_ranges *ranges, uint64_t *bits, bool *known)
{
    const struct table_version *version = scan->snapshot->version;
    *known = false;
    if (unit->source >= version->segment_count || column >= table_column_count(version->def) ||
        has_deleted(version, unit)) {
        return NULL;
    }
    struct segment *segment = NULL;
    struct err *err = scan_unit_segment(scan, arena, unit, &segment);
    if (err != NULL) {
        return err;
    }
    int32_t index;
    if (scan_zone_type(scan, segment, column, &index) == NULL) {
        return NULL;
    }
    return quarantine_read(scan->snapshot->table, version->segments[unit->source],
                           segment_filter(segment, arena, unit->granule, (uint32_t)index, ranges, bits, known));
}

struct place_of {
    const struct scan *scan;
    const struct segment *segment;
    const uint32_t *columns;
};

static int32_t place_in_segment(void *user, uint32_t column)
{
    const struct place_of *of = user;
    int32_t index;
    return scan_zone_type(of->scan, of->segment, of->columns[column], &index) == NULL ? -1 : index;
}

struct err *scan_excludes(const struct scan *scan, struct arena *arena, const struct scan_unit *unit,
                          const struct index_test *test, const uint32_t *columns, bool *excludes,
                          struct index_shape *by)
{
    const struct table_version *version = scan->snapshot->version;
    *excludes = false;
    if (unit->source >= version->segment_count) {
        return NULL;
    }
    struct segment *segment = NULL;
    struct err *err = scan_unit_segment(scan, arena, unit, &segment);
    if (err != NULL) {
        return err;
    }
    struct place_of of = {scan, segment, columns};
    err = index_test_run(segment, arena, unit->granule, test, place_in_segment, &of, excludes, by);
    if (err == NULL && *excludes) {
        uint32_t id = segment_column(segment, by->column)->id;
        by->column = 0;
        while (table_column_id(version->def, by->column) != id) { /* it was found by this id */
            by->column++;
        }
    }
    return quarantine_read(scan->snapshot->table, version->segments[unit->source], err);
}

struct err *scan_bitmap(const struct scan *scan, struct arena *arena, const struct scan_unit *unit,
                        const struct index_test *test, const uint32_t *columns, struct granule_bits *bits, bool *known)
{
    const struct table_version *version = scan->snapshot->version;
    *known = false;
    if (unit->source >= version->segment_count) {
        return NULL;
    }
    struct segment *segment = NULL;
    struct err *err = scan_unit_segment(scan, arena, unit, &segment);
    if (err != NULL || segment == NULL) {
        return err;
    }
    if (unit->row_count != segment_granule_rows(segment, unit->granule)) {
        return NULL; /* bitmaps are of all rows, also of those that were deleted */
    }
    struct place_of of = {scan, segment, columns};
    return quarantine_read(scan->snapshot->table, version->segments[unit->source],
                           index_bitmap_rows(segment, arena, unit->granule, test, place_in_segment, &of, bits, known));
}
