/*
 * data_time.c: see data_time.h.
 */
#include "server/data_time.h"

#include "alert/labels.h"
#include "base/clock.h"
#include "base/number.h"
#include "ingest/source.h"
#include "sql/define_watermark.h"
#include "storage/table.h"
#include "storage/views.h"

#include <stdlib.h>

/* The tables, and those that feed them, each once. */
struct closure {
    struct data_table *items;
    uint32_t count, room;
};

static struct err *add(struct arena *arena, struct closure *closure, struct slice database, struct slice name)
{
    for (uint32_t k = 0; k < closure->count; k++) {
        if (slice_equal(closure->items[k].database, database) && slice_equal(closure->items[k].name, name)) {
            return NULL;
        }
    }
    if (closure->count == closure->room) {
        uint32_t room = closure->room * 2 + 8;
        struct data_table *items = ARENA_ARRAY(arena, struct data_table, room);
        if (items == NULL) {
            return arena_error(arena);
        }
        if (closure->count > 0) {
            memcpy(items, closure->items, closure->count * sizeof(*items));
        }
        closure->items = items;
        closure->room = room;
    }
    closure->items[closure->count++] = (struct data_table){database, name};
    return NULL;
}

static struct err *close_over(struct server *server, struct arena *arena, const struct data_table *tables,
                              uint32_t count, struct closure *out)
{
    struct err *err = NULL;
    struct view_feed **feeds = NULL;
    uint32_t feed_count = 0;

    *out = (struct closure){0};
    for (uint32_t k = 0; k < count; k++) {
        OR_DONE(add(arena, out, tables[k].database, tables[k].name));
    }
    OR_DONE(views_list(server->store, arena, &feeds, &feed_count));
    for (uint32_t k = 0; k < out->count; k++) { /* grows meanwhile */
        for (uint32_t f = 0; f < feed_count; f++) {
            if (slice_equal(out->items[k].database, slice_text(feeds[f]->target_database)) &&
                slice_equal(out->items[k].name, slice_text(feeds[f]->target_table))) {
                OR_DONE(add(arena, out, slice_text(feeds[f]->base_database), slice_text(feeds[f]->base_table)));
            }
        }
    }
done:
    return err;
}

/* *out NULL: there is no such table. */
static struct err *definition(struct server *server, struct arena *arena, const struct data_table *table,
                              struct table_def **out)
{
    const char *database = arena_text(arena, table->database), *name = arena_text(arena, table->name);
    *out = NULL;
    if (database == NULL || name == NULL) {
        return arena_error(arena);
    }
    struct table *found = catalogue_table_find(server->store->catalogue, database, name);
    *out = found == NULL ? NULL : table_definition(found);
    table_unref(found);
    return NULL;
}

static void hold_back(struct data_time *out, int64_t t_us, const struct source_time *source, struct data_table table)
{
    bool first = source != NULL && out->source.length == 0;
    if (t_us < out->t_us || first) {
        out->t_us = t_us < out->t_us ? t_us : out->t_us;
        if (source != NULL) {
            out->source_database = source->database;
            out->source = source->source;
            out->database = table.database;
            out->table = table.name;
        }
    }
}

struct err *data_time_of(struct server *server, struct arena *arena, const struct data_table *tables, uint32_t count,
                         struct data_time *out)
{
    struct err *err = NULL;
    struct closure closure;
    struct table_def *def = NULL;
    const int64_t wall_us = clock_wall_us(); /* before sources are asked: they are never ahead of it */

    *out = (struct data_time){.known = true, .caught_up = true, .t_us = wall_us};
    OR_DONE(close_over(server, arena, tables, count, &closure));
    for (uint32_t k = 0; k < closure.count; k++) {
        struct source_time *sources = NULL;
        uint32_t source_count = 0;
        int64_t delay_us = 0;
        OR_DONE(definition(server, arena, &closure.items[k], &def));
        if (def == NULL || def->internal) {
            table_def_unref(def);
            def = NULL;
            continue;
        }
        OR_DONE(watermark_delay(arena, def, &delay_us));
        hold_back(out, wall_us - delay_us, NULL, closure.items[k]);
        OR_DONE(sources_time(server->sources, def->id, arena, &sources, &source_count));
        for (uint32_t s = 0; s < source_count; s++) {
            out->known = out->known && sources[s].known;
            out->caught_up = out->caught_up && sources[s].caught_up;
            hold_back(out, sources[s].time_us, &sources[s], closure.items[k]);
        }
        table_def_unref(def);
        def = NULL;
    }
done:
    table_def_unref(def);
    return err;
}

/* ---- offsets */

struct position {
    struct slice key;
    int64_t offset;
};

static int by_key(const void *a, const void *b)
{
    return slice_compare(((const struct position *)a)->key, ((const struct position *)b)->key);
}

static struct err *positions_of(struct server *server, struct arena *arena, const struct data_table *tables,
                                uint32_t count, struct position **out, uint32_t *position_count)
{
    struct err *err = NULL;
    struct closure closure;
    struct table_def *def = NULL;
    struct position *all = NULL;
    uint32_t used = 0;

    OR_DONE(close_over(server, arena, tables, count, &closure));
    for (uint32_t k = 0; k < closure.count; k++) {
        struct source_position *list = NULL;
        uint32_t list_count = 0;
        OR_DONE(definition(server, arena, &closure.items[k], &def));
        if (def == NULL) {
            continue;
        }
        OR_DONE(sources_positions(server->sources, def->id, arena, &list, &list_count));
        table_def_unref(def);
        def = NULL;
        struct position *more = ARENA_ARRAY(arena, struct position, (size_t)used + list_count + 1);
        if (more == NULL) {
            err = arena_error(arena);
            goto done;
        }
        if (used > 0) {
            memcpy(more, all, used * sizeof(*more));
        }
        all = more;
        for (uint32_t i = 0; i < list_count; i++) {
            const char *key =
                arena_format(arena, "%.*s/%u/%d", SLICE_ARG(list[i].topic), list[i].incarnation, list[i].partition);
            if (key == NULL) {
                err = arena_error(arena);
                goto done;
            }
            all[used++] = (struct position){slice_text(key), list[i].position};
        }
    }
    if (used > 1) {
        qsort(all, used, sizeof(*all), by_key);
    }
    *out = all;
    *position_count = used;
done:
    table_def_unref(def);
    return err;
}

struct err *data_time_offsets(struct server *server, struct arena *arena, const struct data_table *tables,
                              uint32_t count, struct buffer *out)
{
    struct err *err = NULL;
    struct position *all = NULL;
    uint32_t used = 0;
    OR_DONE(positions_of(server, arena, tables, count, &all, &used));
    buffer_char(out, '{');
    for (uint32_t k = 0; k < used; k++) {
        if (k > 0) {
            buffer_char(out, ',');
        }
        alert_json_text(out, all[k].key);
        buffer_printf(out, ":%lld", (long long)all[k].offset);
    }
    buffer_char(out, '}');
done:
    return err;
}

/* The next "key":number of the text at *at; false: the end, or what is none (*broken). Keys hold no quotes: topics do
 * not. */
static bool next_position(struct slice text, size_t *at, struct slice *key, int64_t *offset, bool *broken)
{
    size_t begin = *at, end;
    *broken = false;
    if (begin < text.length && (text.data[begin] == ',' || text.data[begin] == '{')) {
        begin++;
    }
    if (begin + 1 == text.length && text.data[begin] == '}') {
        return false;
    }
    *broken = true;
    if (begin >= text.length || text.data[begin] != '"') {
        return false;
    }
    for (end = begin + 1; end < text.length && text.data[end] != '"'; end++) {
    }
    if (end + 1 >= text.length || text.data[end + 1] != ':') {
        return false;
    }
    *key = slice_of(text.data + begin + 1, end - begin - 1);
    begin = end + 2;
    for (end = begin; end < text.length && text.data[end] != ',' && text.data[end] != '}'; end++) {
    }
    *broken = !number_parse_i64(slice_of(text.data + begin, end - begin), offset);
    *at = end;
    return !*broken;
}

struct err *data_time_reached(struct server *server, struct arena *arena, const struct data_table *tables,
                              uint32_t count, struct slice offsets, bool *reached)
{
    struct err *err = NULL;
    struct position *all = NULL, one;
    uint32_t used = 0;
    size_t at = 0;
    bool broken = false;

    *reached = true;
    OR_DONE(positions_of(server, arena, tables, count, &all, &used));
    while (*reached && next_position(offsets, &at, &one.key, &one.offset, &broken)) {
        const struct position *now = used == 0 ? NULL : bsearch(&one, all, used, sizeof(*all), by_key);
        *reached = now == NULL || now->offset >= one.offset; /* of a source that is gone nothing comes any more */
    }
    if (broken) {
        err = err_new(ERR_INCORRECT_DATA, "these are no offsets: \"%.*s\"", SLICE_ARG(slice_cut(offsets, 200)));
    }
done:
    return err;
}
