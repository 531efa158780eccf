/*
 * events_source.h: for tests: table events of 100,000 computed rows in units of 1,000, with zones, so that several
 * workers, pruning and dictionaries are used; ten units are a run that the partial-result cache may keep. queries.py
 * says the same in SQL. Table begun has the same rows in runs that have just begun, two units of 128 each.
 */
#ifndef TESTS_QUERY_EVENTS_SOURCE_H
#define TESTS_QUERY_EVENTS_SOURCE_H

#include "query/table_source.h"
#include "sql/bind.h"

#include <stdatomic.h>
#include <stdio.h>

#define EVENT_ROWS 100000U
#define EVENT_UNIT 1000U
#define EVENT_RUN  10U /* units */

struct event_scan {
    struct source_unit_scan base;
    const uint32_t *columns;
    _Atomic uint32_t next;
    struct table_source *source;
    uint32_t run_units, run_places;
    uint64_t ends[EVENT_ROWS / EVENT_UNIT][2];
    uint32_t seconds[EVENT_ROWS / EVENT_UNIT][2];
};

static inline struct err *event_next(struct source_unit_scan *base, struct arena *arena, struct source_unit *unit,
                                     bool *found)
{
    struct event_scan *scan = (struct event_scan *)base;
    uint32_t number = atomic_fetch_add(&scan->next, 1);
    (void)arena;
    *found = number < EVENT_ROWS / EVENT_UNIT;
    *unit = (struct source_unit){.row_count = EVENT_UNIT, .number = number};
    return NULL;
}

static inline bool event_next_run(struct source_unit_scan *base, struct source_run *run)
{
    struct event_scan *scan = (struct event_scan *)base;
    uint32_t first = atomic_fetch_add(&scan->next, scan->run_units);
    *run = (struct source_run){.rows = {first / scan->run_units + 1, 7},
                               .first = first,
                               .unit_count = scan->run_units,
                               .place_count = scan->run_places};
    return first < EVENT_ROWS / EVENT_UNIT;
}

static inline void event_run_unit(struct source_unit_scan *base, const struct source_run *run, uint32_t index,
                                  struct source_unit *unit, uint32_t *place)
{
    (void)base;
    bool fixed = run->first + run->unit_count < EVENT_ROWS / EVENT_UNIT; /* the last run is not */
    *unit = (struct source_unit){.row_count = EVENT_UNIT, .number = run->first + index, .fixed = fixed};
    *place = index;
}

static inline void event_zone(struct source_unit_scan *base, struct arena *arena, const struct source_unit *unit,
                              uint32_t column, struct source_zone *zone)
{
    (void)arena;
    struct event_scan *scan = (struct event_scan *)base;
    if (scan->columns[column] == 0) {
        *zone = (struct source_zone){
            true, false, false, false, &scan->ends[unit->number][0], &scan->ends[unit->number][1], {{NULL, 0}}};
    } else if (scan->columns[column] == 1) {
        *zone = (struct source_zone){
            true, false, false, false, &scan->seconds[unit->number][0], &scan->seconds[unit->number][1], {{NULL, 0}}};
    }
}

static inline struct err *event_read(struct source_unit_scan *base, struct arena *arena, const struct source_unit *unit,
                                     uint32_t column, const struct column_need *need, struct column **out)
{
    (void)need;
    static const char *const codes[] = {"ams", "ber", "cdg", "dub", "fra", "jfk", "lhr"};
    struct event_scan *scan = (struct event_scan *)base;
    uint32_t which = scan->columns[column];
    const struct type *type = scan->source->columns[which].type;
    struct column *made = column_new(arena, type, EVENT_UNIT);
    uint32_t *indexes = ARENA_ARRAY(arena, uint32_t, EVENT_UNIT);
    if (made == NULL || indexes == NULL) {
        return arena_error(arena);
    }
    if (which == 7) { /* the same in a whole unit */
        uint32_t part = (uint32_t)unit->number;
        *out = column_const(arena, type, &part, EVENT_UNIT);
        return *out == NULL ? arena_error(arena) : NULL;
    }
    for (uint32_t i = 0; i < EVENT_UNIT; i++) {
        uint64_t id = unit->number * EVENT_UNIT + i;
        char *cell = (char *)made->values + (size_t)i * type->width;
        char text[32];
        switch (which) {
        case 0:
            memcpy(cell, &id, 8);
            break;
        case 1: {
            uint32_t seconds = (uint32_t)(1700000000 + id / 3);
            memcpy(cell, &seconds, 4);
            break;
        }
        case 2:
            indexes[i] = (uint32_t)(id * id % 7);
            *(struct slice *)(void *)cell = slice_text(codes[indexes[i]]);
            break;
        case 3: {
            int length = snprintf(text, sizeof(text), "user%u", (unsigned)(id * 7919 % 5003));
            *(struct slice *)(void *)cell = arena_slice(arena, slice_of(text, (size_t)length));
            if (((struct slice *)(void *)cell)->data == NULL) {
                return arena_error(arena);
            }
            break;
        }
        case 4: {
            int32_t delay = id % 11 == 0 ? 0 : (int32_t)(id % 1000) - 500;
            memcpy(cell, &delay, 4);
            made->nulls[i] = id % 11 == 0;
            break;
        }
        case 5: {
            double score = (double)(id % 97) / 4;
            memcpy(cell, &score, 8);
            break;
        }
        default:
            *(uint8_t *)cell = (uint8_t)(id % 5);
        }
    }
    if (which == 2 && unit->number % 2 == 0) { /* every other unit: a dictionary, in an order of its own */
        struct column *dictionary = column_new(arena, type, 7);
        if (dictionary == NULL) {
            return arena_error(arena);
        }
        for (uint32_t i = 0; i < 7; i++) {
            ((struct slice *)dictionary->values)[i] = slice_text(codes[6 - i]);
        }
        for (uint32_t i = 0; i < EVENT_UNIT; i++) {
            indexes[i] = 6 - indexes[i];
        }
        made = column_dict(arena, type, indexes, EVENT_UNIT, dictionary, unit->number % 4 == 0 ? 0 : 1000000);
    }
    *out = made;
    return made == NULL ? arena_error(arena) : NULL;
}

static inline struct err *event_open(struct table_source *source, struct arena *arena,
                                     const struct source_request *request, struct source_unit_scan **out)
{
    static const struct source_unit_operations operations = {.next = event_next,
                                                             .zone = event_zone,
                                                             .read = event_read,
                                                             .next_run = event_next_run,
                                                             .run_unit = event_run_unit};
    struct event_scan *scan = ARENA_NEW(arena, struct event_scan);
    if (scan == NULL) {
        return arena_error(arena);
    }
    for (uint32_t u = 0; u < EVENT_ROWS / EVENT_UNIT; u++) {
        scan->ends[u][0] = (uint64_t)u * EVENT_UNIT;
        scan->ends[u][1] = scan->ends[u][0] + EVENT_UNIT - 1;
        scan->seconds[u][0] = (uint32_t)(1700000000 + scan->ends[u][0] / 3);
        scan->seconds[u][1] = (uint32_t)(1700000000 + scan->ends[u][1] / 3);
    }
    scan->base = (struct source_unit_scan){.operations = &operations, .row_count = EVENT_ROWS};
    scan->columns = request->columns;
    scan->source = source;
    bool begun = slice_equal(source->name, slice_text("begun"));
    scan->run_units = begun ? 2 : EVENT_RUN;
    scan->run_places = begun ? SOURCE_RUN_UNITS : EVENT_RUN;
    *out = &scan->base;
    return NULL;
}

static inline struct err *event_find(void *user, struct arena *arena, struct slice database, struct slice table,
                                     struct table_source **out)
{
    static const char *const columns[] = {
        "id",   "UInt64", "ts",    "DateTime('UTC')", "code",  "LowCardinality(String)",
        "user", "String", "delay", "Nullable(Int32)", "score", "Float64",
        "k",    "UInt8",  "part",  "UInt32",          NULL};
    static const struct source_maker makers[2] = {{"default", "events", NULL, NULL}, {"default", "begun", NULL, NULL}};
    bool begun = slice_equal(table, slice_text("begun"));
    (void)user;
    (void)database;
    *out = NULL;
    if (!begun && !slice_equal(table, slice_text("events"))) {
        return NULL;
    }
    struct err *err = source_make(&makers[begun], arena, columns, NULL, NULL, out);
    if (err == NULL) {
        (*out)->open = event_open;
    }
    return err;
}

static const struct bind_catalogue event_catalogue = {.find = event_find};

#endif
