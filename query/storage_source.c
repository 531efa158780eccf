/*
 * storage_source.c: scans of stored tables: a thin layer over storage/snapshot.h.
 *
 * flow     binder's catalogue → source_of_table; scan.c → open, next, zone, read → storage/snapshot.h
 * thread   a scan is used by all workers
 */
#include "query/storage_source.h"

#include "query/index_rules.h"
#include "storage/snapshot.h"
#include "storage/table.h"

#include <assert.h>

struct stored {
    struct snapshot *snapshot;
    uint32_t *columns; /* of the source, as the snapshot numbers them */
};

struct stored_scan {
    struct source_unit_scan base;
    const struct table_source *source;
    struct scan *scan;
    uint32_t *columns; /* of the request, as the scan numbers them */
};

/* The source's number of a column of the definition. */
static uint32_t source_column_of(const struct table_source *source, uint32_t column)
{
    const struct stored *stored = source->data;
    uint32_t found = 0;
    while (found < source->column_count && stored->columns[found] != column) {
        found++;
    }
    return found;
}

static struct scan_unit unit_of(const struct source_unit *unit)
{
    return (struct scan_unit){.source = (uint32_t)(unit->number >> 32),
                              .granule = (uint32_t)unit->number,
                              .row_count = unit->row_count,
                              .index = (uint32_t)(uintptr_t)unit->handle,
                              .number = unit->number,
                              .fixed = unit->fixed};
}

static void unit_at(struct source_unit *unit, const struct scan_unit *place)
{
    unit->part = place->source;
    unit->row_count = place->row_count;
    unit->number = place->number;
    unit->fixed = place->fixed;
    unit->handle = (void *)(uintptr_t)place->index;
}

static struct err *stored_next(struct source_unit_scan *base, struct arena *arena, struct source_unit *unit,
                               bool *found)
{
    struct stored_scan *scan = (struct stored_scan *)base;
    struct scan_unit next;
    (void)arena;
    *found = scan_next(scan->scan, &next);
    if (*found) {
        unit_at(unit, &next);
    }
    return NULL;
}

static bool stored_next_run(struct source_unit_scan *base, struct source_run *run)
{
    struct stored_scan *scan = (struct stored_scan *)base;
    struct scan_run next;
    static_assert(SCAN_RUN_UNITS == SOURCE_RUN_UNITS, "both layers mean the same runs");
    if (!scan_next_run(scan->scan, &next)) {
        return false;
    }
    *run = (struct source_run){.first = next.first, .unit_count = next.count, .place_count = next.place_count};
    memcpy(run->rows, next.rows, sizeof(run->rows));
    return true;
}

static void stored_run_unit(struct source_unit_scan *base, const struct source_run *run, uint32_t index,
                            struct source_unit *unit, uint32_t *place)
{
    struct stored_scan *scan = (struct stored_scan *)base;
    struct scan_run own = {.first = run->first, .count = run->unit_count};
    struct scan_unit next;
    scan_run_unit(scan->scan, &own, index, &next);
    unit_at(unit, &next);
    *place = next.granule - (uint32_t)run->rows[2];
}

static void stored_zone(struct source_unit_scan *base, struct arena *arena, const struct source_unit *unit,
                        uint32_t column, struct source_zone *zone)
{
    struct stored_scan *scan = (struct stored_scan *)base;
    struct scan_unit place = unit_of(unit);
    struct scan_zone known = {0};
    scan_zone(scan->scan, arena, &place, scan->columns[column], &known);
    *zone = (struct source_zone){known.known, known.has_nulls, known.all_null, known.loose,
                                 known.min,   known.max,       {{NULL, 0}}};
    if (known.known && !known.all_null && known.min == &known.texts[0]) {
        zone->texts[0] = known.texts[0];
        zone->texts[1] = known.texts[1];
        zone->min = &zone->texts[0];
        zone->max = &zone->texts[1];
    }
}

static struct err *stored_read(struct source_unit_scan *base, struct arena *arena, const struct source_unit *unit,
                               uint32_t column, const struct column_need *need, struct column **out)
{
    struct stored_scan *scan = (struct stored_scan *)base;
    struct scan_unit place = unit_of(unit);
    return scan_read_need(scan->scan, arena, &place, scan->columns[column], need, out);
}

static struct err *stored_find_text(struct source_unit_scan *base, struct arena *arena, const struct source_unit *unit,
                                    uint32_t column, struct slice text, uint32_t *positions, uint32_t *count,
                                    bool *known)
{
    struct stored_scan *scan = (struct stored_scan *)base;
    struct scan_unit place = unit_of(unit);
    return scan_find_text(scan->scan, arena, &place, scan->columns[column], text, positions, count, known);
}

static struct err *stored_excludes(struct source_unit_scan *base, struct arena *arena, const struct source_unit *unit,
                                   const struct index_test *test, bool *excludes, struct index_shape *by)
{
    struct stored_scan *scan = (struct stored_scan *)base;
    struct scan_unit place = unit_of(unit);
    struct err *err = scan_excludes(scan->scan, arena, &place, test, scan->columns, excludes, by);
    if (err == NULL && *excludes) {
        by->column = source_column_of(scan->source, by->column);
    }
    return err;
}

static struct err *stored_bitmap(struct source_unit_scan *base, struct arena *arena, const struct source_unit *unit,
                                 const struct index_test *test, struct granule_bits *bits, bool *known)
{
    struct stored_scan *scan = (struct stored_scan *)base;
    struct scan_unit place = unit_of(unit);
    return scan_bitmap(scan->scan, arena, &place, test, scan->columns, bits, known);
}

static void stored_prefetch(struct source_unit_scan *base, const struct source_unit *unit, const uint32_t *columns,
                            uint32_t count)
{
    struct stored_scan *scan = (struct stored_scan *)base;
    struct scan_unit place = unit_of(unit);
    uint32_t own[SOURCE_PREFETCH_MAX];
    for (uint32_t k = 0; k < count; k++) {
        own[k] = scan->columns[columns[k]];
    }
    scan_prefetch(scan->scan, &place, own, count);
}

static struct err *stored_pick(struct source_unit_scan *base, struct arena *arena, const struct source_unit *unit,
                               uint32_t column, const uint32_t *positions, uint32_t count, struct column **out)
{
    struct stored_scan *scan = (struct stored_scan *)base;
    struct scan_unit place = unit_of(unit);
    return scan_pick(scan->scan, arena, &place, scan->columns[column], positions, count, out);
}

static struct err *stored_filter(struct source_unit_scan *base, struct arena *arena, const struct source_unit *unit,
                                 uint32_t column, const struct number_ranges *ranges, uint64_t *bits, bool *known)
{
    struct stored_scan *scan = (struct stored_scan *)base;
    struct scan_unit place = unit_of(unit);
    return scan_filter(scan->scan, arena, &place, scan->columns[column], ranges, bits, known);
}

static const struct source_unit_operations operations = {
    stored_next,     stored_zone,   stored_read,     NULL,        stored_next_run, stored_run_unit, stored_find_text,
    stored_excludes, stored_bitmap, stored_prefetch, stored_pick, stored_filter};

struct err *source_conditions(struct arena *arena, const struct source_request *request, const uint32_t *columns,
                              struct scan_condition **out)
{
    static const enum scan_condition_kind kinds[] = {
        [CONDITION_EQUAL] = SCAN_EQUAL,
        [CONDITION_LESS] = SCAN_LESS,
        [CONDITION_LESS_EQUAL] = SCAN_LESS_EQUAL,
        [CONDITION_GREATER] = SCAN_GREATER,
        [CONDITION_GREATER_EQUAL] = SCAN_GREATER_EQUAL,
    };
    *out = ARENA_ARRAY(arena, struct scan_condition, request->condition_count + 1U);
    if (*out == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < request->condition_count; i++) {
        const struct source_condition *given = &request->conditions[i];
        (*out)[i] = (struct scan_condition){
            columns[given->column], kinds[given->kind], given->value, {given->domain[0], given->domain[1]}};
    }
    return NULL;
}

static struct err *stored_open(struct table_source *source, struct arena *arena, const struct source_request *request,
                               struct source_unit_scan **out)
{
    struct err *err = NULL;
    struct stored *stored = source->data;
    struct stored_scan *scan = ARENA_NEW(arena, struct stored_scan);
    struct scan_condition *conditions = NULL;
    struct scan_numbers numbers;

    if (scan == NULL) {
        return arena_error(arena);
    }
    scan->columns = ARENA_ARRAY(arena, uint32_t, request->column_count + 1U);
    if (scan->columns == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < request->column_count; i++) {
        scan->columns[i] = stored->columns[request->columns[i]];
    }
    OR_DONE(source_conditions(arena, request, stored->columns, &conditions));
    OR_DONE(scan_open(stored->snapshot, arena, conditions, request->condition_count, &scan->scan));
    if (request->order.wanted) {
        OR_DONE(scan_order(scan->scan, arena, stored->columns[request->order.column], request->order.descending));
    }
    scan_numbers(scan->scan, &numbers);
    scan->base.operations = &operations;
    scan->source = source;
    scan->base.row_count = numbers.rows;
    scan->base.part_count = snapshot_segment_count(stored->snapshot);
    scan->base.parts_skipped = (uint32_t)numbers.segments_skipped;
    scan->base.units_skipped_with_parts = numbers.granules_skipped_with_segments;
    scan->base.units_skipped = numbers.granules_skipped;
    scan->base.parts_missing = numbers.segments_damaged;
    *out = &scan->base;
done:
    return err;
}

struct err *source_keep_segments(struct table_source *source,
                                 bool (*wanted)(void *user, const struct ledger_segment *segment), void *user)
{
    return snapshot_keep_segments(((struct stored *)source->data)->snapshot, wanted, user);
}

struct snapshot *source_snapshot(const struct table_source *source, const uint32_t **columns)
{
    if (source->open != stored_open) {
        return NULL;
    }
    const struct stored *stored = source->data;
    *columns = stored->columns;
    return stored->snapshot;
}

void source_skip_damaged(struct table_source *source)
{
    snapshot_skip_damaged(((struct stored *)source->data)->snapshot);
}

/* The definition's indexes; the snapshot keeps their texts. */
static struct err *source_indexes(struct arena *arena, struct table_source *source)
{
    const struct table_def *def = snapshot_def(((struct stored *)source->data)->snapshot);
    struct index_def *indexes = ARENA_ARRAY(arena, struct index_def, def->index_count + 1U);
    if (indexes == NULL) {
        return arena_error(arena);
    }
    for (uint32_t k = 0; k < def->index_count; k++) {
        indexes[k] = def->indexes[k];
        indexes[k].column = source_column_of(source, def->indexes[k].column);
    }
    source->indexes = indexes;
    source->index_count = def->index_count;
    return NULL;
}

/* Is the column's name one of the words of an expression? */
static bool names_column(const char *expression, const char *name)
{
    size_t length = strlen(name);
    for (const char *at = strstr(expression, name); at != NULL && length > 0; at = strstr(at + 1, name)) {
        bool begins = at == expression || strchr(" ,()`", at[-1]) != NULL;
        if (begins && strchr(" ,()`", at[length]) != NULL) { /* the end, too */
            return true;
        }
    }
    return false;
}

struct err *source_index_rules(struct arena *arena, struct table_source *source, struct index_rules *rules)
{
    const struct table_def *def = snapshot_def(((struct stored *)source->data)->snapshot);
    uint32_t *key = ARENA_ARRAY(arena, uint32_t, def->column_count + 1U);
    uint32_t *partition = ARENA_ARRAY(arena, uint32_t, def->column_count + 1U);
    if (key == NULL || partition == NULL) {
        return arena_error(arena);
    }
    for (uint32_t c = 0; c < def->column_count; c++) {
        bool sorts = false;
        for (uint32_t k = 0; k < def->order_by_count; k++) {
            sorts = sorts || names_column(def->order_by[k], def->columns[c].name);
        }
        if (sorts) {
            key[rules->key_count++] = source_column_of(source, c);
        }
        if (names_column(def->partition_by, def->columns[c].name)) {
            partition[rules->partition_count++] = source_column_of(source, c);
        }
    }
    rules->key = key;
    rules->partition = partition;
    source->rules = rules;
    return NULL;
}

static uint64_t stored_rows(struct table_source *source)
{
    return snapshot_rows(((struct stored *)source->data)->snapshot);
}

static void release(void *stored)
{
    snapshot_unref(((struct stored *)stored)->snapshot);
}

void source_see(struct table_source *source, struct snapshot *snapshot)
{
    struct stored *stored = source->data;
    snapshot_unref(stored->snapshot);
    stored->snapshot = snapshot;
}

const char *const source_places[] = {"_segment_pack", "_segment_offset", "_segment_row"};

struct err *source_of_table(struct arena *arena, struct slice database, struct slice name, struct table *table,
                            bool hidden, bool places, struct table_source **out)
{
    struct err *err = NULL;
    struct snapshot *snapshot = NULL;
    OR_DONE(snapshot_take(table, &snapshot));
    err = source_of_snapshot(arena, database, name, snapshot, hidden, places, out);
done:
    return err;
}

struct err *source_of_snapshot(struct arena *arena, struct slice database, struct slice name, struct snapshot *snapshot,
                               bool hidden, bool places, struct table_source **out)
{
    struct err *err = NULL;
    struct table_source *source = ARENA_NEW(arena, struct table_source);
    struct stored *stored = ARENA_NEW(arena, struct stored);

    if (source == NULL || stored == NULL || !arena_on_destroy(arena, release, stored)) {
        snapshot_unref(snapshot);
        return arena_error(arena);
    }
    stored->snapshot = snapshot;
    const struct table_def *def = snapshot_def(stored->snapshot);
    uint32_t room = def->column_count + COLUMN_HIDDEN_COUNT + SCAN_PLACE_COUNT + def->computed_count, count = 0,
             shown = 0;
    struct source_column *columns = ARENA_ARRAY(arena, struct source_column, room + 1U);
    stored->columns = ARENA_ARRAY(arena, uint32_t, room + 1U);
    source->database = arena_slice(arena, database);
    source->name = arena_slice(arena, name);
    if (columns == NULL || stored->columns == NULL || source->name.data == NULL) {
        return arena_error(arena);
    }
    /* what * gives; then what must be named: MATERIALIZED, ALIAS, _stream, _partition, _offset, and where a row is */
    for (uint32_t step = 0; step < 2; step++) {
        for (uint32_t i = 0; i < def->column_count; i++) {
            if ((def->columns[i].default_kind == COLUMN_DEFAULT_MATERIALIZED) == (step == 1)) {
                stored->columns[count] = i;
                columns[count++] = (struct source_column){slice_text(def->columns[i].name), def->columns[i].type};
            }
        }
        shown = step == 0 ? count : shown;
    }
    for (uint32_t i = 0; i < def->computed_count; i++) {
        if (def->computed[i].default_kind == COLUMN_DEFAULT_ALIAS) {
            stored->columns[count] = def->column_count + COLUMN_HIDDEN_COUNT + SCAN_PLACE_COUNT + i;
            columns[count++] = (struct source_column){slice_text(def->computed[i].name), def->computed[i].type};
        }
    }
    for (uint32_t i = 0; (hidden || places) && i < COLUMN_HIDDEN_COUNT; i++) {
        enum hidden_column which = (enum hidden_column)i;
        stored->columns[count] = def->column_count + i;
        columns[count++] = (struct source_column){slice_text(hidden_column_name(which)), hidden_column_type(which)};
    }
    for (uint32_t i = 0; places && i < SCAN_PLACE_COUNT; i++) {
        stored->columns[count] = def->column_count + COLUMN_HIDDEN_COUNT + i;
        columns[count++] = (struct source_column){slice_text(source_places[i]), type_simple(TYPE_UINT64)};
    }
    source->hidden_count = count - shown;
    source->columns = columns;
    source->column_count = count;
    source->data = stored;
    OR_DONE(source_indexes(arena, source));
    source->open = stored_open;
    source->row_count = stored_rows;
    *out = source;
done:
    return err;
}
