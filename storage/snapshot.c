/*
 * snapshot.c: tables as queries see them, and scans over them.
 *
 * flow     query/ → here → segment readers, head chunks
 * owns     a snapshot: one reference to a table, one to its version; the heads' marks as they were
 */
#include "storage/snapshot.h"

#include "base/checksum.h"
#include "storage/evolve.h"
#include "storage/flush.h"
#include "storage/index_bitmap.h"
#include "storage/quarantine.h"
#include "storage/row_set.h"
#include "storage/segment.h"
#include "storage/table_private.h"

#include <stdlib.h>

struct snapshot {
    _Atomic uint32_t references;
    struct table *table;
    struct table_version *version;
    head_mark *marks; /* per head */
    uint64_t rows;
    uint64_t head_rows;
    bool skip_damaged;
};

struct scan {
    struct snapshot *snapshot;
    struct scan_unit *units;
    uint64_t unit_count;
    _Atomic uint64_t next;
    struct scan_numbers numbers;
};

struct err *snapshot_take(struct table *table, struct snapshot **out)
{
    struct snapshot *snapshot = calloc(1, sizeof(*snapshot));
    if (snapshot == NULL) {
        return err_oom();
    }
    snapshot->references = 1;
    snapshot->table = table_ref(table);
    snapshot->version = table_version_take(table);
    const struct table_version *version = snapshot->version;
    snapshot->marks = calloc((size_t)version->head_count + 1, sizeof(head_mark));
    if (snapshot->marks == NULL) {
        snapshot_unref(snapshot);
        return err_oom();
    }
    for (uint32_t i = 0; i < version->head_count; i++) {
        struct head *head = version->heads[i].head;
        snapshot->marks[i] = atomic_load_explicit(&head->visible, memory_order_acquire);
        snapshot->head_rows += head_rows_between(head, version->heads[i].skip, snapshot->marks[i]);
    }
    snapshot->rows = snapshot->head_rows;
    for (uint32_t i = 0; i < version->segment_count; i++) {
        snapshot->rows += ledger_segment_live_rows(&version->segments[i]->info);
    }
    *out = snapshot;
    return NULL;
}

struct snapshot *snapshot_ref(struct snapshot *snapshot)
{
    atomic_fetch_add_explicit(&snapshot->references, 1, memory_order_relaxed);
    return snapshot;
}

void snapshot_unref(struct snapshot *snapshot)
{
    if (snapshot == NULL || atomic_fetch_sub_explicit(&snapshot->references, 1, memory_order_acq_rel) != 1) {
        return;
    }
    table_version_unref(snapshot->version);
    table_unref(snapshot->table);
    free(snapshot->marks);
    free(snapshot);
}

void snapshot_skip_damaged(struct snapshot *snapshot)
{
    snapshot->skip_damaged = true;
}

const struct table_def *snapshot_def(const struct snapshot *snapshot)
{
    return snapshot->version->def;
}

uint64_t snapshot_rows(const struct snapshot *snapshot)
{
    return snapshot->rows;
}

uint64_t snapshot_head_rows(const struct snapshot *snapshot)
{
    return snapshot->head_rows;
}

uint32_t snapshot_segment_count(const struct snapshot *snapshot)
{
    return snapshot->version->segment_count;
}

const struct ledger_segment *snapshot_segment(const struct snapshot *snapshot, uint32_t index)
{
    return &snapshot->version->segments[index]->info;
}

struct err *snapshot_segment_reader(const struct snapshot *snapshot, uint32_t index, struct segment **out)
{
    return table_segment_reader(snapshot->version->segments[index], out);
}

/* ---- pruning */
static void zone_show(const struct zone *zone, const struct type *type, uint32_t row_count, struct scan_zone *out)
{
    *out = (struct scan_zone){0};
    if (zone == NULL) {
        return;
    }
    out->has_nulls = zone->null_count > 0;
    out->all_null = zone->null_count > 0 && zone->null_count == row_count;
    out->known = zone->known || out->all_null;
    if (!zone->known) {
        return;
    }
    if (type->kind == TYPE_STRING) {
        out->texts[0] = slice_of(zone->min.string.text, zone->min.string.length);
        out->texts[1] = slice_of(zone->max.string.text, zone->max.string.length);
        out->min = &out->texts[0];
        out->max = &out->texts[1];
    } else {
        out->min = zone->min.bytes;
        out->max = zone->max.bytes;
    }
}

/* What the sort key's first values say beyond the zone of a granule (-1: of all), where strings in it were cut. */
static void zone_sharpen(const struct segment *segment, uint32_t column, int64_t granule, struct scan_zone *out)
{
    const struct slice *firsts = segment_key_texts(segment, column);
    if (firsts != NULL && out->known && !out->all_null) {
        out->texts[0] = firsts[granule < 0 ? 0 : granule];
        if (granule >= 0 && granule + 1 < segment_granule_count(segment) &&
            slice_compare(firsts[granule + 1], out->texts[1]) < 0) {
            out->texts[1] = firsts[granule + 1];
        }
    }
}

static bool types_alike(const struct type *a, const struct type *b)
{
    return a->kind == b->kind && a->width == b->width && a->scale == b->scale;
}

static int compare(const struct type *type, const void *a, const struct column *value)
{
    struct column left = {.type = type, .form = COLUMN_CONST, .row_count = 1, .values = (void *)(uintptr_t)a};
    return column_compare(&left, 0, value, 0);
}

static bool zone_excludes(const struct scan_zone *zone, const struct type *type, const struct scan_condition *condition)
{
    if (column_is_null(condition->value, 0)) {
        return true;
    }
    if (!zone->known) {
        return false;
    }
    if (zone->all_null) {
        return true;
    }
    if (type->width > sizeof(union zone_value)) {
        return false;
    }
    switch (condition->kind) {
    case SCAN_EQUAL:
        return compare(type, zone->min, condition->value) > 0 || compare(type, zone->max, condition->value) < 0;
    case SCAN_LESS:
        return compare(type, zone->min, condition->value) >= 0;
    case SCAN_LESS_EQUAL:
        return compare(type, zone->min, condition->value) > 0;
    case SCAN_GREATER:
        return compare(type, zone->max, condition->value) <= 0;
    case SCAN_GREATER_EQUAL:
        return compare(type, zone->max, condition->value) < 0;
    }
    return false;
}

/* Are the column's values in rows of a schema version as they were stored (or is it a hidden one)? */
static bool is_stored(const struct table_def *def, uint32_t column, uint32_t schema_version)
{
    return column < def->column_count ? evolve_is_stored(&def->columns[column], schema_version)
                                      : column < table_column_count(def);
}

/* The segment's column for a column of the snapshot, if its values can be compared. */
static const struct type *zone_type(const struct scan *scan, const struct segment *segment, uint32_t column,
                                    int32_t *index)
{
    const struct table_def *def = snapshot_def(scan->snapshot);
    if (column >= table_column_count(def)) {
        return NULL;
    }
    const struct type *type = table_column_type(def, column);
    *index = segment_column_find(segment, table_column_id(def, column));
    return *index >= 0 && is_stored(def, column, segment_schema_version(segment)) &&
                   types_alike(segment_column(segment, (uint32_t)*index)->type, type)
               ? type
               : NULL;
}

/* A condition on a column whose zones the segment has. */
struct zone_test {
    const struct scan_condition *condition;
    const struct type *type;
    uint32_t column; /* the segment's */
};

static uint32_t zone_tests_of(const struct scan *scan, const struct segment *segment,
                              const struct scan_condition *conditions, uint32_t count, struct zone_test *tests)
{
    uint32_t used = 0;
    for (uint32_t i = 0; i < count; i++) {
        int32_t index;
        const struct type *type = zone_type(scan, segment, conditions[i].column, &index);
        if (type != NULL) {
            tests[used++] = (struct zone_test){&conditions[i], type, (uint32_t)index};
        }
    }
    return used;
}

static void granule_zone(const struct segment *segment, uint32_t granule, const struct zone_test *test,
                         struct scan_zone *out)
{
    zone_show(segment_zone(segment, granule, test->column), test->type, segment_granule_rows(segment, granule), out);
    zone_sharpen(segment, test->column, granule, out);
}

static bool segment_excluded(const struct segment *segment, const struct zone_test *tests, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        const struct zone *zone = segment_zone_all(segment, tests[i].column);
        struct scan_zone shown;
        if (zone == NULL || !zone->known) {
            continue; /* row counts of segments do not fit the test for all NULL */
        }
        zone_show(zone, tests[i].type, UINT32_MAX, &shown);
        zone_sharpen(segment, tests[i].column, -1, &shown);
        if (zone_excludes(&shown, tests[i].type, tests[i].condition)) {
            return true;
        }
    }
    return false;
}

static bool granule_excluded(const struct segment *segment, uint32_t granule, const struct zone_test *tests,
                             uint32_t count)
{
    for (uint32_t i = 0; i < count; i++) {
        struct scan_zone shown;
        granule_zone(segment, granule, &tests[i], &shown);
        if (zone_excludes(&shown, tests[i].type, tests[i].condition)) {
            return true;
        }
    }
    return false;
}

/* The granule lies before (or behind) all values that meet a condition on the sort key's first column. */
static bool lies_beside(const struct segment *segment, uint32_t granule, const struct zone_test *test, bool before)
{
    struct scan_zone shown;
    enum scan_condition_kind kind = test->condition->kind;
    if (before ? kind == SCAN_LESS || kind == SCAN_LESS_EQUAL : kind == SCAN_GREATER || kind == SCAN_GREATER_EQUAL) {
        return false;
    }
    granule_zone(segment, granule, test, &shown);
    if (!shown.known || shown.all_null) {
        return false;
    }
    int order = compare(test->type, before ? shown.max : shown.min, test->condition->value);
    return before ? order < 0 || (order == 0 && kind == SCAN_GREATER) : order > 0 || (order == 0 && kind == SCAN_LESS);
}

/* Rows are sorted: outside of granules [*first, *end) no row meets the conditions on the sort key's first column. */
static void granule_range(const struct segment *segment, const struct zone_test *tests, uint32_t count, uint32_t *first,
                          uint32_t *end)
{
    for (uint32_t i = 0; i < count && segment_key_count(segment) > 0; i++) {
        const struct zone_test *test = &tests[i];
        if (test->column != segment_key_column(segment, 0) || column_is_null(test->condition->value, 0) ||
            test->type->nullable || type_is_float(test->type) || test->type->width > sizeof(union zone_value)) {
            continue;
        }
        for (uint32_t high = *end; *first < high;) { /* the first one that does not lie before */
            uint32_t middle = *first + (high - *first) / 2;
            if (lies_beside(segment, middle, test, true)) {
                *first = middle + 1;
            } else {
                high = middle;
            }
        }
        for (uint32_t low = *first; low < *end;) { /* the first one that lies behind */
            uint32_t middle = low + (*end - low) / 2;
            if (lies_beside(segment, middle, test, false)) {
                *end = middle;
            } else {
                low = middle + 1;
            }
        }
    }
}

/* By the ledger's record alone: the event time's range, without opening the segment. */
static bool record_excluded(const struct ledger_segment *info, const struct table_def *def,
                            const struct scan_condition *conditions, uint32_t count)
{
    int time_column = table_time_column(def);
    if (time_column < 0 || info->time_min_us > info->time_max_us || def->columns[time_column].type->nullable ||
        info->schema_version != def->schema_version) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        int64_t us;
        if (conditions[i].column != (uint32_t)time_column || !time_value_us(conditions[i].value, 0, &us)) {
            continue;
        }
        /* ticks finer than a microsecond were cut: compare with room */
        bool below = conditions[i].kind == SCAN_LESS || conditions[i].kind == SCAN_LESS_EQUAL;
        bool above = conditions[i].kind == SCAN_GREATER || conditions[i].kind == SCAN_GREATER_EQUAL;
        bool equal = conditions[i].kind == SCAN_EQUAL;
        if (((below || equal) && info->time_min_us > us && info->time_min_us - us > 1) ||
            ((above || equal) && info->time_max_us < us && us - info->time_max_us > 1)) {
            return true;
        }
    }
    return false;
}

/* ---- scans */
static int newest_first(const void *left, const void *right, void *user)
{
    struct table_segment *const *segments = user;
    int64_t a = segments[*(const uint32_t *)left]->info.time_max_us;
    int64_t b = segments[*(const uint32_t *)right]->info.time_max_us;
    return (a < b) - (a > b);
}

static struct err *units_grow(struct arena *arena, struct scan *scan, uint64_t *room, uint64_t wanted)
{
    if (wanted > *room) {
        uint64_t next = *room * 2 < wanted ? wanted : *room * 2;
        struct scan_unit *units = ARENA_ARRAY(arena, struct scan_unit, next);
        if (units == NULL) {
            return arena_error(arena);
        }
        if (scan->unit_count > 0) {
            memcpy(units, scan->units, scan->unit_count * sizeof(*units));
        }
        scan->units = units;
        *room = next;
    }
    return NULL;
}

static void snapshot_release(void *snapshot)
{
    snapshot_unref(snapshot);
}

static void segment_skipped(struct scan *scan, const struct table_segment *segment)
{
    scan->numbers.segments_skipped++;
    scan->numbers.granules_skipped_with_segments += (segment->info.row_count + CHUNK_ROWS_MAX - 1) / CHUNK_ROWS_MAX;
}

/* A segment that rows may be wanted of. *out NULL: it is damaged, and left out. */
static struct err *segment_opened(const struct scan *scan, struct table_segment *segment, struct segment **out)
{
    struct err *err = NULL;
    const struct snapshot *snapshot = scan->snapshot;
    const struct row_set *deleted = NULL;

    *out = NULL;
    if (table_segment_damage(segment) == NULL) {
        err = table_segment_reader(segment, out);
        if (err == NULL) {
            err = segment_load_key_texts(*out);
        }
        if (err == NULL) {
            err = table_segment_deleted(segment, &deleted);
        }
        err = quarantine_read(snapshot->table, segment, err);
    } else if (!snapshot->skip_damaged) {
        err = quarantine_error(snapshot->table, segment);
    }
    if (table_segment_damage(segment) != NULL && snapshot->skip_damaged) {
        err_free(err);
        err = NULL;
        *out = NULL;
    }
    return err;
}

/* Without conditions a segment's footer says nothing that the ledger does not: it is read when rows of it are. Deleted
 * rows and damage have to be known before. */
static bool opens_later(const struct scan *scan, struct table_segment *segment, uint32_t condition_count)
{
    return condition_count == 0 && segment->info.deleted.row_count == 0 && !scan->snapshot->skip_damaged &&
           table_segment_damage(segment) == NULL && table_segment_opened(segment) == NULL;
}

static uint32_t granules_of(const struct table_segment *segment)
{
    return (uint32_t)((segment->info.row_count + CHUNK_ROWS_MAX - 1) / CHUNK_ROWS_MAX);
}

/* Rows of a granule, deleted ones too. */
static uint32_t granule_rows(const struct table_segment *segment, uint32_t granule)
{
    uint64_t left = segment->info.row_count - (uint64_t)granule * CHUNK_ROWS_MAX;
    return left < CHUNK_ROWS_MAX ? (uint32_t)left : CHUNK_ROWS_MAX;
}

/* All granules of a segment whose footer was not read. */
static struct err *units_add_whole(struct arena *arena, struct scan *scan, uint64_t *room, uint32_t source)
{
    struct err *err = NULL;
    const struct table_segment *segment = scan->snapshot->version->segments[source];
    uint32_t granules = granules_of(segment);

    OR_DONE(units_grow(arena, scan, room, scan->unit_count + granules));
    for (uint32_t g = 0; g < granules; g++) {
        scan->units[scan->unit_count++] = (struct scan_unit){
            .source = source,
            .granule = g,
            .row_count = granule_rows(segment, g),
            .number = (uint64_t)source << 32 | g,
            .fixed = true,
        };
    }
    scan->numbers.rows += segment->info.row_count;
done:
    return err;
}

/* The reader of the unit's segment, opened now if it was not. */
static struct err *unit_segment(const struct scan *scan, const struct scan_unit *unit, struct segment **out)
{
    struct table_segment *segment = scan->snapshot->version->segments[unit->source];
    *out = table_segment_opened(segment);
    return *out != NULL ? NULL : quarantine_read(scan->snapshot->table, segment, table_segment_reader(segment, out));
}

struct err *scan_open(struct snapshot *snapshot, struct arena *arena, const struct scan_condition *conditions,
                      uint32_t condition_count, struct scan **out)
{
    struct err *err = NULL;
    const struct table_version *version = snapshot->version;
    struct scan *scan = ARENA_NEW(arena, struct scan);
    uint32_t *sorted = ARENA_ARRAY(arena, uint32_t, version->segment_count + 1);
    struct zone_test *tests = ARENA_ARRAY(arena, struct zone_test, condition_count + 1U);
    uint64_t room = 0;

    if (scan == NULL || sorted == NULL || tests == NULL) {
        err = arena_error(arena);
        goto done;
    }
    if (!arena_on_destroy(arena, snapshot_release, snapshot)) {
        err = err_oom();
        goto done;
    }
    scan->snapshot = snapshot_ref(snapshot);
    for (uint32_t i = version->head_count; i-- > 0;) {
        const struct version_head *head = &version->heads[i];
        uint32_t chunks = head_mark_chunks(snapshot->marks[i]);
        OR_DONE(units_grow(arena, scan, &room, scan->unit_count + chunks));
        for (uint32_t c = chunks; c-- > (uint32_t)(head->skip >> 32);) {
            uint32_t rows = head_mark_rows(head->head, snapshot->marks[i], c);
            uint32_t skip = head_mark_rows(head->head, head->skip, c);
            if (rows > skip) {
                scan->units[scan->unit_count++] = (struct scan_unit){
                    .source = version->segment_count + i,
                    .granule = c,
                    .row_count = rows - skip,
                    .number = (uint64_t)(version->segment_count + i) << 32 | c,
                    .fixed = skip == 0 && c < (uint32_t)(snapshot->marks[i] >> 32),
                };
                scan->numbers.rows += rows - skip;
            }
        }
    }
    for (uint32_t i = 0; i < version->segment_count; i++) {
        sorted[i] = i;
    }
    qsort_r(sorted, version->segment_count, sizeof(*sorted), newest_first, version->segments);
    for (uint32_t k = 0; k < version->segment_count; k++) {
        uint32_t i = sorted[k];
        struct segment *segment = NULL;
        if (record_excluded(&version->segments[i]->info, version->def, conditions, condition_count)) {
            segment_skipped(scan, version->segments[i]);
            continue;
        }
        if (opens_later(scan, version->segments[i], condition_count)) {
            OR_DONE(units_add_whole(arena, scan, &room, i));
            continue;
        }
        const struct row_set *deleted = NULL;
        OR_DONE(segment_opened(scan, version->segments[i], &segment));
        if (segment == NULL) {
            scan->numbers.segments_damaged++;
            continue;
        }
        uint32_t test_count = zone_tests_of(scan, segment, conditions, condition_count, tests);
        if (segment_excluded(segment, tests, test_count)) {
            segment_skipped(scan, version->segments[i]);
            continue;
        }
        uint32_t first = 0, end = segment_granule_count(segment);
        granule_range(segment, tests, test_count, &first, &end);
        scan->numbers.granules_skipped += segment_granule_count(segment) - (end - first);
        OR_DONE(units_grow(arena, scan, &room, scan->unit_count + (end - first)));
        OR_DONE(table_segment_deleted(version->segments[i], &deleted));
        for (uint32_t g = first; g < end; g++) {
            uint32_t rows = segment_granule_rows(segment, g) - (deleted == NULL ? 0 : row_set_count_in(deleted, g));
            if (rows == 0 || granule_excluded(segment, g, tests, test_count)) {
                scan->numbers.granules_skipped++;
                continue;
            }
            scan->units[scan->unit_count++] = (struct scan_unit){
                .source = i,
                .granule = g,
                .row_count = rows,
                .number = (uint64_t)i << 32 | g,
                .fixed = true,
            };
            scan->numbers.rows += rows;
        }
    }
    *out = scan;
done:
    return err;
}

struct unit_end { /* a unit and the end of its zone that it is ordered by */
    struct scan_unit unit;
    const void *value; /* NULL: not known */
};

struct unit_order {
    const struct type *type;
    bool descending;
};

static int unit_compare(const void *left, const void *right, void *user)
{
    const struct unit_end *a = left, *b = right;
    const struct unit_order *order = user;
    if (a->value == NULL || b->value == NULL) {
        return (a->value != NULL) - (b->value != NULL);
    }
    struct column value = {.type = order->type, .form = COLUMN_CONST, .row_count = 1};
    value.values = (void *)(uintptr_t)b->value;
    int compared = compare(order->type, a->value, &value);
    return order->descending ? -compared : compared;
}

struct err *scan_order(struct scan *scan, struct arena *arena, uint32_t column, bool descending)
{
    const struct table_def *def = snapshot_def(scan->snapshot);
    struct unit_order order = {table_column_type(def, column), descending};
    struct unit_end *ends = ARENA_ARRAY(arena, struct unit_end, scan->unit_count + 1);
    struct slice *texts = ARENA_ARRAY(arena, struct slice, scan->unit_count + 1);

    if (ends == NULL || texts == NULL) {
        return arena_error(arena);
    }
    for (uint64_t i = 0; i < scan->unit_count; i++) {
        struct scan_zone zone;
        const void *value = NULL;
        scan_zone(scan, &scan->units[i], column, &zone);
        if (zone.known && !zone.all_null) {
            texts[i] = zone.texts[descending];
            value = order.type->kind == TYPE_STRING ? &texts[i] : descending ? zone.max : zone.min;
        }
        ends[i] = (struct unit_end){scan->units[i], value};
    }
    qsort_r(ends, scan->unit_count, sizeof(*ends), unit_compare, &order);
    for (uint64_t i = 0; i < scan->unit_count; i++) {
        scan->units[i] = ends[i].unit;
    }
    return NULL;
}

void scan_numbers(const struct scan *scan, struct scan_numbers *out)
{
    *out = scan->numbers;
}

bool scan_next(struct scan *scan, struct scan_unit *unit)
{
    uint64_t at = atomic_fetch_add_explicit(&scan->next, 1, memory_order_relaxed);
    if (at >= scan->unit_count) {
        return false;
    }
    *unit = scan->units[at];
    return true;
}

/* Place of a column in a head's chunks, or the number of these. */
static uint32_t head_column(const struct head *head, uint32_t id)
{
    uint32_t index = 0;
    while (index < table_column_count(head->def) && table_column_id(head->def, index) != id) {
        index++;
    }
    return index;
}

static void head_zone(const struct scan *scan, const struct scan_unit *unit, uint32_t column, struct scan_zone *out)
{
    const struct table_version *version = scan->snapshot->version;
    const struct head *head = version->heads[unit->source - version->segment_count].head;
    uint32_t index = head_column(head, table_column_id(version->def, column));
    if (index < table_column_count(head->def) && is_stored(version->def, column, head->def->schema_version) &&
        types_alike(table_column_type(head->def, index), table_column_type(version->def, column)) &&
        row_chunk_zone(head->chunks[unit->granule], index, unit->row_count, &out->min, &out->max)) {
        out->known = true;
    }
}

void scan_zone(const struct scan *scan, const struct scan_unit *unit, uint32_t column, struct scan_zone *out)
{
    const struct table_version *version = scan->snapshot->version;
    *out = (struct scan_zone){0};
    if (unit->source >= version->segment_count) {
        if (unit->fixed) {
            head_zone(scan, unit, column, out);
        }
        return;
    }
    struct segment *segment = NULL;
    struct err *err = unit_segment(scan, unit, &segment);
    if (err != NULL) { /* who reads the rows gets it */
        err_free(err);
        return;
    }
    int32_t index;
    const struct type *type = zone_type(scan, segment, column, &index);
    if (type != NULL && type->width <= 16) {
        uint32_t rows = segment_granule_rows(segment, unit->granule);
        zone_show(segment_zone(segment, unit->granule, (uint32_t)index), type, rows, out);
        out->loose = unit->row_count < rows;
        zone_sharpen(segment, (uint32_t)index, unit->granule, out);
    }
}

/* ---- runs */
static uint32_t run_width(const struct scan *scan, const struct scan_unit *unit)
{
    return unit->source < scan->snapshot->version->segment_count ? SCAN_RUN_UNITS : SCAN_RUN_UNITS / 4;
}

static bool same_run(const struct scan *scan, const struct scan_unit *a, const struct scan_unit *b)
{
    uint32_t width = run_width(scan, a);
    return a->source == b->source && a->granule / width == b->granule / width;
}

bool scan_next_run(struct scan *scan, struct scan_run *run)
{
    const struct table_version *version = scan->snapshot->version;
    uint64_t first = atomic_load_explicit(&scan->next, memory_order_relaxed);
    uint64_t end;
    do {
        if (first >= scan->unit_count) {
            return false;
        }
        end = first + 1;
        while (end < scan->unit_count && same_run(scan, &scan->units[first], &scan->units[end])) {
            end++;
        }
    } while (
        !atomic_compare_exchange_weak_explicit(&scan->next, &first, end, memory_order_relaxed, memory_order_relaxed));
    const struct scan_unit *unit = &scan->units[first];
    uint32_t width = run_width(scan, unit);
    *run = (struct scan_run){.first = first, .count = (uint32_t)(end - first), .place_count = width};
    run->rows[2] = unit->granule / width * width;
    if (unit->source < version->segment_count) {
        uint32_t left = granules_of(version->segments[unit->source]) - (uint32_t)run->rows[2];
        run->place_count = left < width ? left : width;
        run->rows[0] = version->segments[unit->source]->info.pack;
        run->rows[1] = version->segments[unit->source]->info.offset;
    } else {
        run->rows[0] = SCAN_HEAD;
        run->rows[1] = version->heads[unit->source - version->segment_count].head->number;
    }
    run->rows[3] = version->def->schema_version;
    if (unit->source < version->segment_count && version->segments[unit->source]->info.deleted.row_count > 0) {
        const struct ledger_deleted *deleted = &version->segments[unit->source]->info.deleted;
        const uint64_t words[3] = {run->rows[3], deleted->pack, deleted->offset};
        run->rows[3] = checksum(words, sizeof(words));
    }
    return true;
}

void scan_run_unit(const struct scan *scan, const struct scan_run *run, uint32_t index, struct scan_unit *unit)
{
    *unit = scan->units[run->first + index];
}

/* Rows of the unit's granule that are left, in order. */
static struct err *live_rows(const struct table_version *version, struct arena *arena, const struct scan_unit *unit,
                             uint32_t **positions)
{
    const struct row_set *deleted = table_segment_deleted_read(version->segments[unit->source]);
    uint32_t rows = granule_rows(version->segments[unit->source], unit->granule);
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
    return unit->row_count < granule_rows(version->segments[unit->source], unit->granule);
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
    uint32_t index = head_column(entry->head, id);

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
    OR_DONE(unit_segment(scan, unit, &segment));
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
    if (is_stored(version->def, column, from)) {
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
    struct err *err = unit_segment(scan, unit, &segment);
    if (err != NULL) {
        return err;
    }
    int32_t index;
    if (has_deleted(version, unit) || zone_type(scan, segment, column, &index) == NULL) {
        return NULL;
    }
    return quarantine_read(
        scan->snapshot->table, version->segments[unit->source],
        segment_find_text(segment, arena, unit->granule, (uint32_t)index, text, positions, count, known));
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
    return zone_type(of->scan, of->segment, of->columns[column], &index) == NULL ? -1 : index;
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
    struct err *err = unit_segment(scan, unit, &segment);
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
    struct err *err = unit_segment(scan, unit, &segment);
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
