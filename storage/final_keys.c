/*
 * final_keys.c: what is known of the keys of a FINAL read's sources before their rows are read.
 *
 * flow     final_plan.c → here → key indexes and zones of segments, zones of heads' chunks
 * memory   the first key of each granule; a reader is open for as long as its segment is looked at
 */
#include "storage/final_private.h"

#include "base/interrupt.h"
#include "storage/quarantine.h"

/* One value, copied. */
static struct err *keep_value(struct arena *arena, const struct type *type, const void *value, struct final_value *out)
{
    const struct column one = {.type = type, .form = COLUMN_CONST, .row_count = 1, .values = (void *)(uintptr_t)value};
    out->row = 0;
    out->column = column_copy(arena, &one);
    return out->column == NULL ? arena_error(arena) : NULL;
}

static struct err *keep_row(struct arena *arena, struct final_value from, struct final_value *out)
{
    out->row = 0;
    struct column *one = column_take(arena, from.column, &from.row, 1);
    out->column = one == NULL ? NULL : column_copy(arena, one);
    return out->column == NULL ? arena_error(arena) : NULL;
}

/* The greatest value of the key's first column in the last of a sorted source's units. */
static struct err *know_hi(struct final_plan *plan, struct arena *work, struct final_source *source)
{
    const struct table_def *def = final_def(plan);
    uint32_t lead = (uint32_t)table_plain_column(def, def->order_by[0]);
    const struct type *type = table_column_type(def, lead);
    struct scan_zone zone;
    scan_zone(plan->scan, work, &source->units[source->unit_count - 1], lead, &zone);
    if (!zone.known || zone.all_null || zone.has_nulls || type_is_float(type)) {
        return NULL; /* NULL and NaN are not in zones */
    }
    return keep_value(plan->arena, type, zone.max, &source->hi);
}

/* Of a segment's units [first, first + count) of the source; *out NULL: they are not known. */
static struct err *read_firsts(struct final_plan *plan, struct arena *work, const struct final_source *source,
                               uint32_t first, uint32_t count, struct column ***out)
{
    struct err *err = NULL;
    const struct table_def *def = final_def(plan);
    struct segment *segment = NULL;

    *out = NULL;
    OR_DONE(scan_unit_segment(plan->scan, work, &source->units[first], &segment));
    bool known = segment_key_count(segment) >= plan->prefix_count;
    for (uint32_t k = 0; k < plan->prefix_count && known; k++) {
        int32_t index = -1;
        uint32_t column = (uint32_t)table_plain_column(def, def->order_by[k]);
        known = scan_zone_type(plan->scan, segment, column, &index) != NULL &&
                (uint32_t)index == segment_key_column(segment, k);
    }
    if (!known) {
        return NULL; /* of an older version */
    }
    struct column **firsts = ARENA_ARRAY(work, struct column *, plan->prefix_count + 1U);
    uint32_t *granules = ARENA_ARRAY(work, uint32_t, count + 1U);
    if (firsts == NULL || granules == NULL) {
        return arena_error(work);
    }
    for (uint32_t i = 0; i < count; i++) {
        granules[i] = source->units[first + i].granule;
    }
    for (uint32_t k = 0; k < plan->prefix_count; k++) {
        struct column *all = NULL;
        err = segment_key_index(segment, work, k, &all);
        OR_DONE(quarantine_read(plan->snapshot->table, plan->snapshot->version->segments[source->units[first].source],
                                err));
        firsts[k] = column_take(work, all, granules, count);
        if (firsts[k] == NULL) {
            return arena_error(work);
        }
    }
    *out = firsts;
done:
    return err;
}

static struct err *know_segment(struct final_plan *plan, struct arena *work, struct final_source *source)
{
    struct err *err = NULL;
    struct column **firsts = NULL;
    OR_DONE(read_firsts(plan, work, source, 0, source->unit_count, &firsts));
    if (firsts == NULL) {
        return NULL;
    }
    source->firsts = ARENA_ARRAY(plan->arena, struct column *, plan->prefix_count + 1U);
    if (source->firsts == NULL) {
        return arena_error(plan->arena);
    }
    for (uint32_t k = 0; k < plan->prefix_count; k++) {
        source->firsts[k] = column_copy(plan->arena, firsts[k]);
        if (source->firsts[k] == NULL) {
            source->firsts = NULL;
            return arena_error(plan->arena);
        }
    }
    source->lo = (struct final_value){source->firsts[0], 0};
    err = know_hi(plan, work, source);
done:
    return err;
}

/* Several small segments: where the least of them begins. */
static struct err *know_group(struct final_plan *plan, struct arena *work, struct final_source *source)
{
    struct err *err = NULL;
    struct arena *one = arena_beside(plan->arena);
    struct final_value lo = {NULL, 0};
    if (one == NULL) {
        return err_oom();
    }
    for (uint32_t first = 0, count; first < source->unit_count; first += count) {
        struct column **firsts = NULL;
        count = 1;
        while (first + count < source->unit_count &&
               source->units[first + count].source == source->units[first].source) {
            count++;
        }
        arena_reset(one);
        OR_DONE(interrupt_check());
        OR_DONE(read_firsts(plan, one, source, first, count, &firsts));
        if (firsts == NULL) {
            lo.column = NULL;
            break;
        }
        if (lo.column == NULL || final_compare((struct final_value){firsts[0], 0}, lo) < 0) {
            OR_DONE(keep_row(work, (struct final_value){firsts[0], 0}, &lo));
        }
    }
    if (lo.column != NULL) {
        err = keep_row(plan->arena, lo, &source->lo);
    }
done:
    arena_destroy(one);
    return err;
}

/* A chunk that is not complete has no zone: its rows are looked at. */
static struct err *know_chunk(struct final_plan *plan, struct arena *work, const struct scan_unit *unit, uint32_t lead,
                              struct final_value ends[2])
{
    struct column *column = NULL;
    struct scan_zone zone;
    const struct type *type = table_column_type(final_def(plan), lead);
    struct err *err = NULL;

    scan_zone(plan->scan, work, unit, lead, &zone);
    if (zone.known && !zone.all_null && !zone.has_nulls && !type->nullable && !type_is_float(type)) {
        OR_DONE(keep_value(work, type, zone.min, &ends[0]));
        return keep_value(work, type, zone.max, &ends[1]);
    }
    OR_DONE(scan_read(plan->scan, work, unit, lead, &column));
    ends[0] = ends[1] = (struct final_value){column, 0};
    for (uint32_t row = 1; row < column->row_count; row++) {
        ends[0].row = column_compare(column, row, column, ends[0].row) < 0 ? row : ends[0].row;
        ends[1].row = column_compare(column, row, column, ends[1].row) > 0 ? row : ends[1].row;
    }
done:
    return err;
}

static struct err *know_head(struct final_plan *plan, struct arena *work, struct final_source *source)
{
    struct err *err = NULL;
    const struct table_def *def = final_def(plan);
    uint32_t lead = (uint32_t)table_plain_column(def, def->order_by[0]);
    struct final_value known[2] = {{NULL, 0}, {NULL, 0}};
    struct arena *one = arena_beside(plan->arena);

    if (one == NULL) {
        return err_oom();
    }
    for (uint32_t u = 0; u < source->unit_count; u++) {
        struct final_value ends[2];
        arena_reset(one);
        OR_DONE(interrupt_check());
        OR_DONE(know_chunk(plan, one, &source->units[u], lead, ends));
        for (int side = 0; side < 2; side++) {
            int order = known[side].column == NULL ? 0 : final_compare(ends[side], known[side]);
            if (known[side].column == NULL || (side == 0 ? order < 0 : order > 0)) {
                OR_DONE(keep_row(work, ends[side], &known[side]));
            }
        }
    }
    OR_DONE(keep_row(plan->arena, known[0], &source->lo));
    err = keep_row(plan->arena, known[1], &source->hi);
done:
    arena_destroy(one);
    return err;
}

struct err *final_know_keys(struct final_plan *plan)
{
    struct err *err = NULL;
    const struct table_version *version = plan->snapshot->version;
    struct arena *work = arena_beside(plan->arena);

    if (work == NULL) {
        return err_oom();
    }
    for (uint32_t i = 0; i < plan->source_count && plan->prefix_count > 0; i++) {
        struct final_source *source = &plan->sources[i];
        arena_reset(work);
        OR_DONE(interrupt_check());
        if (final_segment(plan, source) != NULL) {
            OR_DONE(know_segment(plan, work, source));
        } else if (source->units[0].source >= version->segment_count) {
            OR_DONE(know_head(plan, work, source));
        } else if (source->unit_count > 0 && source->units[source->unit_count - 1].source != source->units[0].source) {
            OR_DONE(know_group(plan, work, source));
        }
    }
done:
    arena_destroy(work);
    return err;
}
