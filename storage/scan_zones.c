/*
 * scan_zones.c: which segments and granules a scan leaves out, by the ledger's records and by zones.
 *
 * flow     scan_units.c → here, for conditions; query/ → here, for the zone of one unit
 */
#include "storage/scan_private.h"

#include "storage/evolve.h"
#include "storage/flush.h"

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

int zone_compare(const struct type *type, const void *a, const struct column *value)
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
    if (condition->domain[0] != NULL && (zone_compare(type, zone->min, condition->domain[0]) < 0 ||
                                         zone_compare(type, zone->max, condition->domain[1]) > 0)) {
        return false;
    }
    switch (condition->kind) {
    case SCAN_EQUAL:
        return zone_compare(type, zone->min, condition->value) > 0 ||
               zone_compare(type, zone->max, condition->value) < 0;
    case SCAN_LESS:
        return zone_compare(type, zone->min, condition->value) >= 0;
    case SCAN_LESS_EQUAL:
        return zone_compare(type, zone->min, condition->value) > 0;
    case SCAN_GREATER:
        return zone_compare(type, zone->max, condition->value) <= 0;
    case SCAN_GREATER_EQUAL:
        return zone_compare(type, zone->max, condition->value) < 0;
    }
    return false;
}

bool scan_is_stored(const struct table_def *def, uint32_t column, uint32_t schema_version)
{
    return column < def->column_count ? evolve_is_stored(&def->columns[column], schema_version)
                                      : column < table_column_count(def);
}

const struct type *scan_zone_type(const struct scan *scan, const struct segment *segment, uint32_t column,
                                  int32_t *index)
{
    const struct table_def *def = snapshot_def(scan->snapshot);
    if (column >= table_column_count(def)) {
        return NULL;
    }
    const struct type *type = table_column_type(def, column);
    *index = segment_column_find(segment, table_column_id(def, column));
    return *index >= 0 && scan_is_stored(def, column, segment_schema_version(segment)) &&
                   types_alike(segment_column(segment, (uint32_t)*index)->type, type)
               ? type
               : NULL;
}

uint32_t scan_zone_tests(const struct scan *scan, const struct segment *segment,
                         const struct scan_condition *conditions, uint32_t count, struct zone_test *tests)
{
    uint32_t used = 0;
    for (uint32_t i = 0; i < count; i++) {
        int32_t index;
        const struct type *type = scan_zone_type(scan, segment, conditions[i].column, &index);
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

bool zones_exclude_segment(const struct segment *segment, const struct zone_test *tests, uint32_t count)
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

bool zones_exclude_granule(const struct segment *segment, uint32_t granule, const struct zone_test *tests,
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
    int order = zone_compare(test->type, before ? shown.max : shown.min, test->condition->value);
    return before ? order < 0 || (order == 0 && kind == SCAN_GREATER) : order > 0 || (order == 0 && kind == SCAN_LESS);
}

void zones_granule_range(const struct segment *segment, const struct zone_test *tests, uint32_t count, uint32_t *first,
                         uint32_t *end)
{
    for (uint32_t i = 0; i < count && segment_key_count(segment) > 0; i++) {
        const struct zone_test *test = &tests[i];
        if (test->column != segment_key_column(segment, 0) || column_is_null(test->condition->value, 0) ||
            test->condition->domain[0] != NULL || test->type->nullable || type_is_float(test->type) ||
            test->type->width > sizeof(union zone_value)) {
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

static bool record_within(const struct ledger_segment *info, const struct column *const domain[2])
{
    int64_t first, last;
    return domain[0] == NULL || (time_value_us(domain[0], 0, &first) && time_value_us(domain[1], 0, &last) &&
                                 info->time_min_us > first && info->time_max_us < last);
}

bool record_excludes(const struct ledger_segment *info, const struct table_def *def,
                     const struct scan_condition *conditions, uint32_t count)
{
    int time_column = table_time_column(def);
    if (time_column < 0 || info->time_min_us > info->time_max_us || def->columns[time_column].type->nullable ||
        info->schema_version != def->schema_version) {
        return false;
    }
    for (uint32_t i = 0; i < count; i++) {
        int64_t us;
        if (conditions[i].column != (uint32_t)time_column || !time_value_us(conditions[i].value, 0, &us) ||
            !record_within(info, conditions[i].domain)) {
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

static void head_zone(const struct scan *scan, const struct scan_unit *unit, uint32_t column, struct scan_zone *out)
{
    const struct table_version *version = scan->snapshot->version;
    const struct head *head = version->heads[unit->source - version->segment_count].head;
    uint32_t index = head_find_column(head, table_column_id(version->def, column));
    if (index < table_column_count(head->def) && scan_is_stored(version->def, column, head->def->schema_version) &&
        types_alike(table_column_type(head->def, index), table_column_type(version->def, column)) &&
        row_chunk_zone(head->chunks[unit->granule], index, unit->row_count, &out->min, &out->max)) {
        out->known = true;
    }
}

void scan_zone(const struct scan *scan, struct arena *arena, const struct scan_unit *unit, uint32_t column,
               struct scan_zone *out)
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
    struct err *err = scan_unit_segment(scan, arena, unit, &segment);
    if (err != NULL) { /* who reads the rows gets it */
        err_free(err);
        return;
    }
    int32_t index;
    const struct type *type = scan_zone_type(scan, segment, column, &index);
    if (type != NULL && type->width <= 16) {
        uint32_t rows = segment_granule_rows(segment, unit->granule);
        zone_show(segment_zone(segment, unit->granule, (uint32_t)index), type, rows, out);
        out->loose = unit->row_count < rows;
        zone_sharpen(segment, (uint32_t)index, unit->granule, out);
    }
}
