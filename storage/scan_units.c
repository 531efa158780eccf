/*
 * scan_units.c: what a scan reads: granules of segments and chunks of heads, one by one or in runs.
 *
 * flow     query/ → here → scan_zones.c
 */
#include "storage/scan_private.h"

#include "base/checksum.h"
#include "storage/quarantine.h"
#include "storage/row_set.h"

#include <stdlib.h>

static int newest_first(const void *left, const void *right, void *user)
{
    struct table_segment *const *segments = user;
    int64_t a = segments[*(const uint32_t *)left]->info.time_max_us;
    int64_t b = segments[*(const uint32_t *)right]->info.time_max_us;
    return (a < b) - (a > b);
}

static int oldest_first(const void *left, const void *right, void *user)
{
    struct table_segment *const *segments = user;
    const struct ledger_segment *a = &segments[*(const uint32_t *)left]->info;
    const struct ledger_segment *b = &segments[*(const uint32_t *)right]->info;
    int order = ledger_segment_order(a, b);
    return order != 0 ? order : (a->offset > b->offset) - (a->offset < b->offset);
}

static void turn_around(struct scan *scan)
{
    for (uint64_t i = 0; i < scan->unit_count / 2; i++) {
        struct scan_unit unit = scan->units[i];
        scan->units[i] = scan->units[scan->unit_count - 1 - i];
        scan->units[scan->unit_count - 1 - i] = unit;
    }
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

/* A segment that rows may be wanted of, a reference. *out NULL: it is damaged, and left out. */
static struct err *segment_opened(const struct scan *scan, struct table_segment *segment, struct segment **out)
{
    struct err *err = NULL;
    const struct snapshot *snapshot = scan->snapshot;
    const struct row_set *deleted = NULL;

    *out = NULL;
    if (table_segment_damage(segment) == NULL) {
        err = table_segment_open(segment, out);
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
        segment_unref(*out);
        *out = NULL;
    }
    return err;
}

/* Without conditions a segment's footer says nothing that the ledger does not: it is read when rows of it are. Deleted
 * rows and damage have to be known before. */
static bool opens_later(const struct scan *scan, struct table_segment *segment, uint32_t condition_count)
{
    return condition_count == 0 && segment->info.deleted.row_count == 0 && !scan->snapshot->skip_damaged &&
           table_segment_damage(segment) == NULL && !table_segment_is_open(segment);
}

static uint32_t scan_granules_of(const struct table_segment *segment)
{
    return (uint32_t)((segment->info.row_count + CHUNK_ROWS_MAX - 1) / CHUNK_ROWS_MAX);
}

uint32_t scan_granule_rows(const struct table_segment *segment, uint32_t granule)
{
    uint64_t left = segment->info.row_count - (uint64_t)granule * CHUNK_ROWS_MAX;
    return left < CHUNK_ROWS_MAX ? (uint32_t)left : CHUNK_ROWS_MAX;
}

/* All granules of a segment whose footer was not read. */
static struct err *units_add_whole(struct arena *arena, struct scan *scan, uint64_t *room, uint32_t source)
{
    struct err *err = NULL;
    const struct table_segment *segment = scan->snapshot->version->segments[source];
    uint32_t granules = scan_granules_of(segment);

    OR_DONE(units_grow(arena, scan, room, scan->unit_count + granules));
    for (uint32_t g = 0; g < granules; g++) {
        scan->units[scan->unit_count++] = (struct scan_unit){
            .source = source,
            .granule = g,
            .row_count = scan_granule_rows(segment, g),
            .number = (uint64_t)source << 32 | g,
            .fixed = true,
        };
    }
    scan->numbers.rows += segment->info.row_count;
done:
    return err;
}

static void reader_release(void *reader)
{
    segment_unref(reader);
}

struct err *scan_unit_segment(const struct scan *scan, struct arena *arena, const struct scan_unit *unit,
                              struct segment **out)
{
    struct table_segment *segment = scan->snapshot->version->segments[unit->source];
    struct segment *opened = arena_newest(arena, reader_release);

    *out = NULL;
    if (opened != NULL && segment_is_at(opened, segment->info.pack, segment->info.offset)) {
        *out = opened; /* the arena has it: a unit's zones are asked for one after the other */
        return NULL;
    }
    struct err *err = quarantine_read(scan->snapshot->table, segment, table_segment_open(segment, &opened));
    if (err == NULL && !arena_on_destroy(arena, reader_release, opened)) {
        segment_unref(opened);
        err = arena_error(arena);
    }
    *out = err == NULL ? opened : NULL;
    return err;
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
    struct segment *segment = NULL;
    bool *elsewhere = NULL; /* segments of other partitions */

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
    if (snapshot->in_order) {
        turn_around(scan);
    }
    OR_DONE(scan_partitions(snapshot, arena, conditions, condition_count, &elsewhere));
    for (uint32_t i = 0; i < version->segment_count; i++) {
        sorted[i] = i;
    }
    qsort_r(sorted, version->segment_count, sizeof(*sorted), snapshot->in_order ? oldest_first : newest_first,
            version->segments);
    for (uint32_t k = 0; k < version->segment_count; k++) {
        uint32_t i = sorted[k];
        if ((elsewhere != NULL && elsewhere[i]) ||
            record_excludes(&version->segments[i]->info, version->def, conditions, condition_count)) {
            segment_skipped(scan, version->segments[i]);
            continue;
        }
        if (opens_later(scan, version->segments[i], condition_count)) {
            OR_DONE(units_add_whole(arena, scan, &room, i));
            continue;
        }
        const struct row_set *deleted = NULL;
        segment_unref(segment);
        segment = NULL;
        OR_DONE(segment_opened(scan, version->segments[i], &segment));
        if (segment == NULL) {
            scan->numbers.segments_damaged++;
            continue;
        }
        uint32_t test_count = scan_zone_tests(scan, segment, conditions, condition_count, tests);
        if (zones_exclude_segment(segment, tests, test_count)) {
            segment_skipped(scan, version->segments[i]);
            continue;
        }
        uint32_t first = 0, end = segment_granule_count(segment);
        zones_granule_range(segment, tests, test_count, &first, &end);
        scan->numbers.granules_skipped += segment_granule_count(segment) - (end - first);
        OR_DONE(units_grow(arena, scan, &room, scan->unit_count + (end - first)));
        OR_DONE(table_segment_deleted(version->segments[i], &deleted));
        for (uint32_t g = first; g < end; g++) {
            uint32_t rows = segment_granule_rows(segment, g) - (deleted == NULL ? 0 : row_set_count_in(deleted, g));
            if (rows == 0 || zones_exclude_granule(segment, g, tests, test_count)) {
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
    scan->prefetched = arena_zalloc(arena, (scan->unit_count / SCAN_PREFETCH_UNITS + 1) * sizeof(*scan->prefetched));
    err = scan->prefetched == NULL ? arena_error(arena) : NULL;
    *out = scan;
done:
    segment_unref(segment);
    return err;
}

struct unit_end { /* a unit and the end of its zone that it is ordered by */
    struct scan_unit unit;
    bool known;
    union end_value {
        struct slice text;
        unsigned __int128 number; /* zones are of no wider values */
    } value;
};

struct unit_order {
    const struct type *type;
    bool descending;
};

static int unit_compare(const void *left, const void *right, void *user)
{
    const struct unit_end *a = left, *b = right;
    const struct unit_order *order = user;
    if (!a->known || !b->known) {
        return a->known - b->known;
    }
    union end_value one, other; /* of its alignment, wherever it is being sorted */
    memcpy(&one, &a->value, sizeof(one));
    memcpy(&other, &b->value, sizeof(other));
    const struct column value = {.type = order->type, .form = COLUMN_CONST, .row_count = 1, .values = &other};
    int compared = zone_compare(order->type, &one, &value);
    return order->descending ? -compared : compared;
}

struct err *scan_order(struct scan *scan, struct arena *arena, uint32_t column, bool descending)
{
    struct err *err = NULL;
    const struct table_def *def = snapshot_def(scan->snapshot);
    struct unit_order order = {table_column_type(def, column), descending};
    struct unit_end *ends = ARENA_ARRAY(arena, struct unit_end, scan->unit_count + 1);
    struct arena *work = arena_beside(arena); /* readers are open in it, one at a time */

    if (ends == NULL || work == NULL) {
        err = work == NULL ? err_oom() : arena_error(arena);
        goto done;
    }
    for (uint64_t i = 0; i < scan->unit_count; i++) {
        struct scan_zone zone;
        if (i > 0 && scan->units[i].source != scan->units[i - 1].source) {
            arena_reset(work);
        }
        scan_zone(scan, work, &scan->units[i], column, &zone);
        ends[i] = (struct unit_end){.unit = scan->units[i], .known = zone.known && !zone.all_null};
        if (ends[i].known && order.type->kind == TYPE_STRING) {
            ends[i].value.text = arena_slice(arena, zone.texts[descending]);
            if (ends[i].value.text.data == NULL) {
                err = arena_error(arena);
                goto done;
            }
        } else if (ends[i].known) {
            memcpy(&ends[i].value, descending ? zone.max : zone.min, order.type->width);
        }
    }
    qsort_r(ends, scan->unit_count, sizeof(*ends), unit_compare, &order);
    for (uint64_t i = 0; i < scan->unit_count; i++) {
        scan->units[i] = ends[i].unit;
    }
done:
    arena_destroy(work);
    return err;
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
    unit->index = (uint32_t)at;
    return true;
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
        uint32_t left = scan_granules_of(version->segments[unit->source]) - (uint32_t)run->rows[2];
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
    unit->index = (uint32_t)(run->first + index);
}
