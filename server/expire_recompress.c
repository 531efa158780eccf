/*
 * expire_recompress.c: TTL … RECOMPRESS: segments whose rows have all come to the time of such a TTL are written anew
 * with its codec.
 *
 * flow     expire.c → here → expire_rows.c (the latest time of each segment's rows) → storage/compactor.h
 * which    of several that are due the one whose time is the latest, as for ClickHouse; of equal ones the last written
 * once     the ledger keeps what a segment was compressed with; merges of such segments keep it
 */
#include "server/expire_private.h"

#include "base/interrupt.h"
#include "storage/compactor.h"
#include "storage/table.h"

#include <stdlib.h>
#include <string.h>

struct due {
    struct segment_name name;
    uint64_t latest_s;
    uint32_t rule;
};

struct due_list {
    struct arena *arena;
    struct due *list;
    size_t count, capacity;
};

static int by_name_and_time(const void *left, const void *right)
{
    const struct due *a = left, *b = right;
    return a->name.pack != b->name.pack       ? (a->name.pack < b->name.pack ? -1 : 1)
           : a->name.offset != b->name.offset ? (a->name.offset < b->name.offset ? -1 : 1)
           : a->latest_s != b->latest_s       ? (a->latest_s < b->latest_s ? -1 : 1)
                                              : (a->rule > b->rule) - (a->rule < b->rule);
}

static struct err *add(struct due_list *dues, const struct due *due)
{
    if (dues->count == dues->capacity) {
        size_t capacity = dues->capacity == 0 ? 64 : dues->capacity * 2;
        struct due *grown = ARENA_ARRAY(dues->arena, struct due, capacity);
        if (grown == NULL) {
            return arena_error(dues->arena);
        }
        if (dues->count > 0) {
            memcpy(grown, dues->list, dues->count * sizeof(*grown));
        }
        dues->list = grown;
        dues->capacity = capacity;
    }
    dues->list[dues->count++] = *due;
    return NULL;
}

static struct err *find_due(struct expire_work *work, uint32_t rule, struct due_list *dues)
{
    struct err *err = NULL;
    struct expire_count *counts = NULL;
    uint32_t count = 0;

    OR_DONE(expire_counts(work, dues->arena, rule, &counts, &count));
    for (uint32_t i = 0; i < count; i++) {
        bool due = counts[i].rows <= (uint64_t)(work->now_us / 1000000);
        if (work->note != NULL) {
            work->note(work->user, &counts[i].name, rule, due);
        }
        if (due) {
            const struct due one = {counts[i].name, counts[i].rows, rule};
            OR_DONE(add(dues, &one));
        }
    }
done:
    return err;
}

struct err *expire_recompress(struct expire_work *work)
{
    struct err *err = NULL;
    struct arena *arena = arena_create(NULL);
    struct table_def *def = table_definition(work->table);
    struct function_context context = {.now_us = work->now_us, .zone = work->server->zone};
    struct due_list dues = {.arena = arena};
    struct expire_rule *rules = NULL;
    uint32_t count = 0;

    if (arena == NULL) {
        err = err_oom();
        goto done;
    }
    OR_DONE(expire_rules(arena, &context, def, work->now_us, &rules, &count));
    for (uint32_t i = 0; i < count; i++) {
        if (rules[i].kind == EXPIRE_RECOMPRESS) {
            OR_DONE(find_due(work, i, &dues));
        }
    }
    if (dues.count > 1) {
        qsort(dues.list, dues.count, sizeof(*dues.list), by_name_and_time);
    }
    for (size_t i = 0; i < dues.count; i++) {
        const struct due *due = &dues.list[i];
        bool last = i + 1 == dues.count || memcmp(&due->name, &dues.list[i + 1].name, sizeof due->name) != 0;
        bool done_now = false;
        if (last) {
            OR_DONE(table_recompress(work->table, &due->name, rules[due->rule].codec, &done_now));
            work->recompressed += done_now ? 1 : 0;
        }
    }
done:
    table_def_unref(def);
    arena_destroy(arena);
    return err;
}
