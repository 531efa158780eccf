/*
 * system_live.c: system.live_queries, queries that stay open (live.h); they are rows of system.processes, too.
 */
#include "server/live.h"
#include "server/system_tables.h"

#include <stdio.h>

#define COLUMNS(COLUMN)                                                                                                \
    COLUMN(id, "String")                                                                                               \
    COLUMN(query, "String")                                                                                            \
    COLUMN(user, "String")                                                                                             \
    COLUMN(current_database, "String")                                                                                 \
    COLUMN(viewers, "UInt64")                                                                                          \
    COLUMN(runs, "UInt64")                                                                                             \
    COLUMN(failures, "UInt64")                                                                                         \
    COLUMN(version, "UInt64")                                                                                          \
    COLUMN(rows, "UInt64")                                                                                             \
    COLUMN(bytes, "UInt64")                                                                                            \
    COLUMN(mode, "String")                                                                                             \
    COLUMN(min_interval_ms, "UInt64")                                                                                  \
    COLUMN(last_run, "DateTime64(6)")                                                                                  \
    COLUMN(duration_ms, "Float64")                                                                                     \
    COLUMN(last_error, "String")

#define AS_NUMBER(name, type) LIVE_##name,
#define AS_PAIR(name, type)   #name, type,
enum { COLUMNS(AS_NUMBER) };
static const char *const columns[] = {COLUMNS(AS_PAIR) NULL};
#undef AS_NUMBER
#undef AS_PAIR

/* Copied: putting a row out may wait for a slow client. */
struct copy {
    struct copy *next;
    struct live_query_info info;
};

struct copies {
    struct arena *arena;
    struct copy *first, **last;
    bool failed;
};

static struct slice keep(struct copies *copies, struct slice text)
{
    struct slice own = text.length == 0 ? slice_text("") : arena_slice(copies->arena, text);
    copies->failed = copies->failed || own.data == NULL;
    return own;
}

static void take(void *user, const struct live_query_info *info)
{
    struct copies *copies = user;
    struct copy *copy = copies->failed ? NULL : ARENA_NEW(copies->arena, struct copy);
    if (copy == NULL) {
        copies->failed = true;
        return;
    }
    copy->info = *info;
    copy->info.query = keep(copies, info->query);
    copy->info.user = keep(copies, info->user);
    copy->info.database = keep(copies, info->database);
    copy->info.error = keep(copies, info->error);
    *copies->last = copy;
    copies->last = &copy->next;
}

static struct err *copy_all(struct copies *copies, struct arena *arena)
{
    *copies = (struct copies){.arena = arena};
    copies->last = &copies->first;
    live_each(system_server(), take, copies);
    return copies->failed ? arena_error(arena) : NULL;
}

static struct err *generate(struct table_source *source, struct arena *arena, const struct source_request *request,
                            struct source_output *output)
{
    struct err *err = NULL;
    struct source_rows *rows = NULL;
    struct copies copies;
    bool stop = false;
    OR_DONE(copy_all(&copies, arena));
    OR_DONE(source_rows_begin(source, arena, request, output, &rows));
    for (const struct copy *at = copies.first; at != NULL && !stop; at = at->next) {
        const struct live_query_info *info = &at->info;
        source_row_text(rows, LIVE_id, slice_text(info->id));
        source_row_text(rows, LIVE_query, info->query);
        source_row_text(rows, LIVE_user, info->user);
        source_row_text(rows, LIVE_current_database, info->database);
        source_row_uint(rows, LIVE_viewers, info->viewers);
        source_row_uint(rows, LIVE_runs, info->runs);
        source_row_uint(rows, LIVE_failures, info->failures);
        source_row_uint(rows, LIVE_version, info->version);
        source_row_uint(rows, LIVE_rows, info->rows);
        source_row_uint(rows, LIVE_bytes, info->bytes);
        source_row_text(rows, LIVE_mode, slice_text(info->mode));
        source_row_uint(rows, LIVE_min_interval_ms, info->min_interval_us / 1000);
        source_row_int(rows, LIVE_last_run, info->last_run_us);
        source_row_double(rows, LIVE_duration_ms, (double)info->duration_us / 1000);
        source_row_text(rows, LIVE_last_error, info->error);
        OR_DONE(source_row_end(rows, &stop));
    }
    err = source_rows_end(rows);
done:
    return err;
}

struct err *system_live_processes(struct arena *arena, struct process **out, uint32_t *count)
{
    struct err *err = NULL;
    struct copies copies;
    *count = 0;
    OR_DONE(copy_all(&copies, arena));
    for (const struct copy *at = copies.first; at != NULL; at = at->next) {
        *count += at->info.viewers > 0;
    }
    struct process *list = *out = arena_zalloc(arena, (*count + 1U) * sizeof(*list));
    if (list == NULL) {
        return arena_error(arena);
    }
    for (const struct copy *at = copies.first; at != NULL; at = at->next) {
        const struct live_query_info *info = &at->info;
        if (info->viewers == 0) {
            continue;
        }
        slice_copy(list->query_id, sizeof(list->query_id), slice_text(info->id));
        slice_copy(list->user, sizeof(list->user), info->user);
        slice_copy(list->database, sizeof(list->database), info->database);
        slice_copy(list->address, sizeof(list->address), slice_text("::"));
        list->text = info->query.data;
        list->text_bytes = info->query.length;
        list->query_kind = "Live";
        list->client.interface = 2;
        list->started_monotonic_us = info->since_monotonic_us;
        atomic_store(&list->budget.bytes, info->bytes);
        atomic_store(&list->budget.bytes_peak, info->bytes);
        list++;
    }
done:
    return err;
}

void system_live_register(void)
{
    static struct system_table table = {.name = "live_queries", .columns = columns, .generate = generate};
    system_table_register(&table);
}
