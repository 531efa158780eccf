/*
 * live_run.c: one run of a live query: bound anew, its rows as JSON, compared with those of the last run.
 *
 * flow     live_group.c → the pool → here → inner_query.h → live_result.h → the inbox of live.c
 * rights   are asked anew: the session is renewed, and the SELECT bound with it
 * time     now() is data time (live_time.c) at the run's start; with EMIT EVERY time the moment that is due
 * thread   one of the pool; the group is this run's until it is back in the inbox
 */
#include "server/live_private.h"

#include "base/clock.h"
#include "base/interrupt.h"
#include "base/metrics.h"
#include "format/json_paths.h"
#include "format/writer.h"
#include "server/access.h"
#include "server/completeness.h"
#include "server/inner_query.h"
#include "server/live_every.h"
#include "server/live_plan.h"
#include "server/secrets.h"
#include "sql/parser.h"
#include "storage/views.h"

#include <stdlib.h>
#include <stdio.h>
#include <sys/eventfd.h>
#include <time.h>

METRIC_COUNTER(live_runs, "weir_live_runs_total", "runs of live queries");
METRIC_SECONDS(live_run_seconds, "weir_live_run_seconds", "time of a live query's run");

/* Text of strings that is written at once. */
#define WRITE_BYTES ((uint64_t)1 << 20)

struct collect {
    struct inner_query inner;
    struct live_plan look;
    struct writer *writer, *key_writer;
    struct live_group *group;
    struct buffer lines, keys;
    struct buffer *past; /* of EMIT ROWS LAST n, SINCE: where rows that were there go */
    struct live_rows rows;
};

/* ---- time */

void live_print_time(int64_t time_us, char *out, size_t size)
{
    struct tm civil;
    const time_t seconds = (time_t)(time_us / 1000000);
    if (gmtime_r(&seconds, &civil) == NULL) {
        (void)snprintf(out, size, "null");
        return;
    }
    (void)snprintf(out, size, "\"%04d-%02d-%02dT%02d:%02d:%02d.%06dZ\"", civil.tm_year + 1900, civil.tm_mon + 1,
                   civil.tm_mday, civil.tm_hour, civil.tm_min, civil.tm_sec, (int)(time_us % 1000000));
}

/* ---- what is read */

static struct err *add_one(struct live_watch *watch, struct table *table)
{
    for (uint32_t i = 0; i < watch->count; i++) {
        if (watch->items[i].table == table) { /* the first look at it counts */
            return NULL;
        }
    }
    if (watch->count == watch->capacity) {
        uint32_t capacity = watch->capacity == 0 ? 4 : 2 * watch->capacity;
        struct live_watched *grown = realloc(watch->items, capacity * sizeof(*grown));
        if (grown == NULL) {
            return err_oom();
        }
        watch->items = grown;
        watch->capacity = capacity;
    }
    watch->items[watch->count++] = (struct live_watched){.table = table_ref(table), .changes = table_changes(table)};
    return NULL;
}

struct err *live_watch_add(struct live_watch *watch, struct arena *arena, struct table *table)
{
    struct err *err = NULL;
    struct view_feed **feeds;
    uint32_t count, before = watch->count;
    OR_DONE(add_one(watch, table));
    if (watch->count == before) {
        return NULL;
    }
    OR_DONE(views_list(watch->server->store, arena, &feeds, &count));
    for (uint32_t depth = 0, from = before; depth < VIEW_DEPTH_MAX && count > 0; depth++) {
        uint32_t to = watch->count;
        for (uint32_t i = from; i < to; i++) {
            struct table_def *def = table_definition(watch->items[i].table);
            for (uint32_t k = 0; k < count && err == NULL; k++) {
                if (strcmp(feeds[k]->target_database, def->database) != 0 ||
                    strcmp(feeds[k]->target_table, def->name) != 0) {
                    continue;
                }
                struct table *base = catalogue_table_find(watch->server->store->catalogue, feeds[k]->base_database,
                                                          feeds[k]->base_table);
                err = base == NULL ? NULL : add_one(watch, base);
                table_unref(base);
            }
            table_def_unref(def);
            OR_DONE(err);
        }
        from = to;
    }
done:
    return err;
}

void live_watch_deinit(struct live_watch *watch)
{
    for (uint32_t i = 0; i < watch->count; i++) {
        table_unref(watch->items[i].table);
    }
    free(watch->items);
    watch->items = NULL;
    watch->count = watch->capacity = 0;
}

/* ---- rows */

static struct err *write_rows(struct collect *collect, const struct chunk *chunk)
{
    struct err *err = NULL;
    const struct live_plan *look = &collect->look;
    bool keyed = look->key_count > 0;
    collect->lines.length = collect->keys.length = 0;
    writer_chunk(collect->writer, chunk);
    if (keyed) {
        struct column **columns = ARENA_ARRAY(collect->inner.execution->arena, struct column *, look->key_count);
        if (columns == NULL) {
            return arena_error(collect->inner.execution->arena);
        }
        for (uint32_t k = 0; k < look->key_count; k++) {
            columns[k] = chunk->columns[look->key[k]];
        }
        const struct chunk keys = {chunk->row_count, look->key_count, columns};
        writer_chunk(collect->key_writer, &keys);
    }
    OR_DONE(interrupt_check());
    if (collect->lines.failed || collect->keys.failed) {
        return writer_error(collect->lines.failed ? collect->writer : collect->key_writer);
    }
    if (collect->past != NULL) {
        buffer_slice(collect->past, buffer_all(&collect->lines));
        err = collect->past->failed ? err_oom() : NULL;
        goto done;
    }
    if (collect->group->tail != NULL) {
        lock_take(&collect->group->lock);
        live_tail_add(collect->group->tail, buffer_all(&collect->lines));
        lock_give(&collect->group->lock);
        goto done;
    }
    err = live_rows_add(&collect->rows, buffer_all(&collect->lines), keyed, buffer_all(&collect->keys));
done:
    return err;
}

/* In parts whose text is of bounded size. */
static struct err *take_chunk(void *user, const struct chunk *chunk, bool *stop)
{
    struct err *err = NULL;
    struct collect *collect = user;
    struct arena *arena = NULL;
    if (collect->past != NULL && collect->past->length > LIVE_TAIL_BYTES) { /* those before are dropped anyway */
        *stop = true;
        return NULL;
    }
    if (chunk->row_count > 1 && chunk_string_bytes(chunk) > WRITE_BYTES) {
        arena = arena_create(&collect->inner.process.budget);
        uint32_t middle = chunk->row_count / 2;
        struct chunk *first = arena == NULL ? NULL : chunk_part(arena, chunk, 0, middle);
        struct chunk *second = arena == NULL ? NULL : chunk_part(arena, chunk, middle, chunk->row_count);
        if (first == NULL || second == NULL) {
            err = arena == NULL ? err_oom() : arena_error(arena);
            goto done;
        }
        OR_DONE(take_chunk(user, first, stop));
        err = take_chunk(user, second, stop);
    } else if (chunk->row_count > 0) {
        err = write_rows(collect, chunk);
    }
done:
    arena_destroy(arena);
    return err;
}

static struct err *make_writers(struct collect *collect)
{
    struct err *err = NULL;
    struct execution *execution = collect->inner.execution;
    const struct plan *plan = collect->inner.plan.plan;
    const struct live_plan *look = &collect->look;
    struct format_settings settings = execution->settings.format;
    settings.json_validate_utf8 = true; /* frames of WebSocket are UTF-8 */
    const struct writer_options options = {
        .zone = execution->context.zone, .settings = &settings, .budget = &collect->inner.process.budget};
    struct writer_column *columns =
        ARENA_ARRAY(execution->arena, struct writer_column, (size_t)plan->column_count + look->key_count + 1);
    if (columns == NULL) {
        return arena_error(execution->arena);
    }
    for (uint32_t k = 0; k < plan->column_count + look->key_count; k++) {
        const struct source_column *column =
            &plan->columns[k < plan->column_count ? k : look->key[k - plan->column_count]];
        columns[k] = (struct writer_column){column->name, column->type};
    }
    OR_DONE(writer_create(slice_text("JSONCompactEachRow"), columns, plan->column_count, &options, &collect->lines,
                          &collect->writer));
    writer_begin(collect->writer);
    if (look->key_count > 0) {
        OR_DONE(writer_create(slice_text("JSONCompactEachRow"), columns + plan->column_count, look->key_count, &options,
                              &collect->keys, &collect->key_writer));
        writer_begin(collect->key_writer);
    }
done:
    return err;
}

/* ---- the run */

/* now_us: what now() says. before: only rows before that are seen. */
static struct err *prepare(struct live_group *group, struct inner_query *inner, int64_t now_us, bool before)
{
    struct err *err = NULL;
    struct server *server = group->live->server;
    struct live_spec *spec = group->spec;
    const struct inner_query_options options = {.what = "the live query",
                                                .database = spec->database,
                                                .access = spec->access,
                                                .now_us = now_us,
                                                .notes_completeness = true,
                                                .caches = true};
    OR_DONE(inner_query_begin(inner, server, &options));
    struct execution *execution = inner->execution;
    execution->settings.limits.max_execution_time_us = server->config.max_execution_time_s * 1000000;
    OR_DONE(access_settings(spec->access, &execution->settings));
    for (uint32_t i = 0; i < spec->setting_count; i++) {
        OR_DONE(execution_set(execution, spec->settings[i].name, spec->settings[i].value));
    }
    OR_DONE(execution_settings_changed(execution));
    execution->context.user = spec->user;
    execution->bind.parameters = spec->parameters;
    execution->bind.parameter_count = spec->parameter_count;
    execution->bind.before_us = before ? now_us : 0;
done:
    return err;
}

/* tick_panes.h: the query that the run was bound for, once more, for the panes. Rights were asked for the run. */
static struct err *bind_kept(void *user, struct inner_query *inner)
{
    struct err *err = NULL;
    struct collect *collect = user;
    const struct execution *bound = collect->inner.execution;
    OR_DONE(prepare(collect->group, inner, bound->context.now_us, bound->bind.before_us != 0));
    OR_DONE(inner_query_bind(inner, collect->group->spec->text));
    inner->execution->access = NULL; /* the session may be another one at the next tick */
    inner->execution->context.rights = NULL;
done:
    return err;
}

static struct err *shape_of(const struct collect *collect, struct live_shape *out)
{
    struct arena *arena = collect->inner.execution->arena;
    const struct plan *plan = collect->inner.plan.plan;
    const struct live_plan *look = &collect->look;
    struct buffer columns = {0}, key = {0};
    for (uint32_t k = 0; k < plan->column_count; k++) {
        buffer_text(&columns, k == 0 ? "[{\"name\":" : ",{\"name\":");
        json_string_text(&columns, plan->columns[k].name);
        buffer_text(&columns, ",\"type\":");
        json_string_text(&columns, type_name(arena, plan->columns[k].type));
        buffer_char(&columns, '}');
    }
    buffer_text(&columns, "]");
    for (uint32_t k = 0; k < look->key_count; k++) {
        buffer_printf(&key, "%c%u", k == 0 ? '[' : ',', look->key[k]);
    }
    buffer_text(&key, look->key_count == 0 ? "[]" : "]");
    *out = (struct live_shape){.columns = arena_slice(arena, buffer_all(&columns)),
                               .key = arena_slice(arena, buffer_all(&key)),
                               .order = look->order,
                               .mode = slice_text(look->incremental ? "incremental" : "recomputed"),
                               .keyed = look->key_count > 0};
    bool failed = columns.failed || key.failed || out->columns.data == NULL || out->key.data == NULL;
    buffer_deinit(&columns);
    buffer_deinit(&key);
    return failed ? err_oom() : NULL;
}

static struct err *keep(struct live_group *group, struct collect *collect)
{
    struct err *err = NULL;
    struct live_shape shape;
    char data_time[40], complete[40];
    struct execution *execution = collect->inner.execution;
    OR_DONE(shape_of(collect, &shape));
    live_print_time(execution->context.now_us, data_time, sizeof(data_time));
    completeness_through(execution, complete, sizeof(complete));
    const struct live_times times = {slice_text(data_time), slice_text(complete)};
    lock_take(&group->lock);
    err = live_result_apply(group->result, &shape, &collect->rows, &times, &group->changed);
    lock_give(&group->lock);
done:
    return err;
}

/* Lines, the last one first. */
static void add_backwards(struct live_group *group, struct slice lines)
{
    while (lines.length > 0) { /* each ends with its newline */
        const char *before = memrchr(lines.data, '\n', lines.length - 1);
        size_t at = before == NULL ? 0 : (size_t)(before - lines.data) + 1;
        live_tail_add(group->tail, slice_of(lines.data + at, lines.length - at));
        lines = slice_of(lines.data, at);
    }
}

static uint64_t count_lines(struct slice lines)
{
    uint64_t count = 0;
    for (const char *at = lines.data; lines.length > 0 && at != NULL; count++) {
        at = memchr(at, '\n', lines.length - (size_t)(at - lines.data));
        at = at == NULL || at + 1 == lines.data + lines.length ? NULL : at + 1;
    }
    return count;
}

static struct err *take_count(void *user, const struct chunk *chunk, bool *stop)
{
    (void)stop;
    if (chunk->row_count > 0) {
        memcpy(user, column_value(chunk->columns[0], 0), sizeof(uint64_t));
    }
    return NULL;
}

/* SINCE: how many rows there were, over the same snapshot. */
static struct err *count_past(struct live_group *group, const struct ast_statement *statement,
                              const struct table_source *table, int64_t now_us, uint64_t *count)
{
    struct err *err = NULL;
    struct inner_query inner = {0};
    struct slice text;
    OR_DONE(prepare(group, &inner, now_us, false));
    OR_DONE(live_plan_past(inner.execution->arena, statement, table, true, &text));
    inner.execution->tail = group->tail;
    OR_DONE(inner_query_bind(&inner, text));
    err = inner_query_run(&inner, (uint32_t)inner.execution->settings.max_threads, &group->progress, take_count, count);
done:
    inner_query_end(&inner);
    return err;
}

/* EMIT ROWS LAST n, SINCE time: the table begins to be followed, and what is there is read. */
static struct err *run_past(struct live_group *group, const struct table_source *table)
{
    struct err *err = NULL;
    struct buffer lines = {0};
    struct collect past = {.group = group, .past = &lines};
    struct ast_statement *statement = NULL;
    struct slice text;
    live_tail_read_past(group->tail, true);
    OR_DONE(prepare(group, &past.inner, clock_wall_us(), false));
    struct execution *execution = past.inner.execution;
    OR_DONE(parse_query(execution->arena, group->spec->text, (uint32_t)group->spec->text.length + 1, &statement));
    OR_DONE(live_plan_past(execution->arena, statement, table, false, &text));
    execution->tail = group->tail;
    OR_DONE(inner_query_bind(&past.inner, text));
    OR_DONE(statement->emit_since == NULL ? NULL : live_plan_check_past(&past.inner.plan));
    OR_DONE(execution_limit_result(execution, &past.inner.plan));
    OR_DONE(make_writers(&past));
    OR_DONE(
        inner_query_run(&past.inner, (uint32_t)execution->settings.max_threads, &group->progress, take_chunk, &past));
    uint64_t count = 0;
    if (statement->emit_since != NULL) {
        OR_DONE(count_past(group, statement, table, execution->context.now_us, &count));
    }
    lock_take(&group->lock);
    if (statement->emit_since != NULL) {
        live_tail_since_count(group->tail, count, count_lines(buffer_all(&lines)));
    }
    add_backwards(group, buffer_all(&lines));
    live_tail_past_added(group->tail);
    lock_give(&group->lock);
    live_tail_read_past(group->tail, false);
done:
    writer_destroy(past.writer);
    buffer_deinit(&past.lines);
    buffer_deinit(&lines);
    inner_query_end(&past.inner);
    return err;
}

/* EMIT ROWS: what came into the table goes through the SELECT, in its order. */
static struct err *run_tail(struct live_group *group, struct collect *collect)
{
    struct err *err = NULL;
    struct live_shape shape;
    const struct table_source *table;
    OR_DONE(live_plan_tail(&collect->inner.plan, &table));
    OR_DONE(shape_of(collect, &shape));
    group->polled = group->timed = false;
    group->mode = "rows";
    OR_DONE(make_writers(collect));
    lock_take(&group->lock);
    err = live_tail_begin(group->tail, shape.columns);
    lock_give(&group->lock);
    OR_DONE(err);
    if (live_tail_has_past(group->tail)) {
        OR_DONE(run_past(group, table));
    }
    err = inner_query_run(&collect->inner, 1, &group->progress, take_chunk, collect);
done:
    return err;
}

static struct err *bind(struct live_group *group, struct collect *collect, int64_t now_us, bool before,
                        struct function_marks *marks)
{
    struct err *err = NULL;
    struct server *server = group->live->server;
    struct access_used used = {.amounts = {[AST_QUOTA_QUERIES] = 1, [AST_QUOTA_SELECTS] = 1}};
    OR_DONE(access_session_renew(server->access, &group->spec->access));
    OR_DONE(prepare(group, &collect->inner, now_us, before));
    OR_DONE(access_use(server->access, group->spec->access, group->spec->address.data, &used, true));
    collect->inner.execution->watch = &group->watch;
    collect->inner.execution->context.marks = marks;
    collect->inner.execution->tail = group->tail;
    OR_DONE(inner_query_bind(&collect->inner, group->spec->text));
    err = execution_limit_result(collect->inner.execution, &collect->inner.plan);
done:
    return err;
}

static struct err *bind_again(struct live_group *group, struct collect *collect, int64_t now_us, bool before,
                              struct function_marks *marks)
{
    inner_query_end(&collect->inner);
    collect->inner = (struct inner_query){0};
    *marks = (struct function_marks){0};
    return bind(group, collect, now_us, before, marks);
}

/* EMIT EVERY: binds anew for the moment that is due; *due: something is. */
static struct err *take_step(struct live_group *group, struct collect *collect, struct function_marks *marks,
                             uint64_t *step, bool *due)
{
    struct err *err = NULL;
    int64_t every_us = group->spec->every_us;
    OR_DONE(live_every_step(collect->inner.execution, group->spec, step));
    *due = *step != 0 && *step != group->step;
    if (*due && every_us > 0) {
        err = bind_again(group, collect, (int64_t)(*step - 1) * every_us, true, marks);
    }
done:
    return err;
}

/* EMIT CHANGES: binds as of data time, of the tables of the last run; they may have become others. */
static struct err *bind_now(struct live_group *group, struct collect *collect, struct function_marks *marks)
{
    struct err *err = NULL;
    struct live_moment moment = {clock_wall_us(), false};
    bool asked = group->tables_arena != NULL;
    if (asked) {
        OR_DONE(live_moment_of(group, group->tables, group->table_count, &moment));
    }
    OR_DONE(bind(group, collect, moment.now_us, moment.before, marks));
    OR_DONE(live_moment_keep(group, collect->inner.execution, marks->asks_time));
    if (marks->asks_time && !asked) {
        OR_DONE(live_moment_of(group, group->tables, group->table_count, &moment));
        err = bind_again(group, collect, moment.now_us, moment.before, marks);
    } else if (!marks->asks_time && asked) {
        err = bind_again(group, collect, clock_wall_us(), false, marks);
    }
done:
    return err;
}

/* The window's panes give the aggregation's rows, where they can. */
static struct err *use_panes(struct live_group *group, struct collect *collect, const struct function_marks *marks,
                             const char **mode)
{
    struct err *err = NULL;
    const char *why = NULL;
    uint64_t every_us = (uint64_t)group->spec->every_us, interval_us = group->spec->min_interval_us;
    const struct tick_panes_options options = {.bind = bind_kept,
                                               .user = collect,
                                               .interval_us = every_us > interval_us ? every_us : interval_us,
                                               .step_us = group->spec->every_us,
                                               .marks = marks,
                                               .threads = (uint32_t)collect->inner.execution->settings.max_threads,
                                               .progress = &group->progress};
    if (group->panes == NULL) {
        OR_DONE(tick_panes_create(&group->panes));
    }
    OR_DONE(tick_panes_answer(group->panes, &collect->inner, &options, &why));
    *mode = why == NULL ? "panes" : *mode;
done:
    return err;
}

static struct err *run(struct live_group *group, struct collect *collect)
{
    struct err *err = NULL;
    struct function_marks marks = {0};
    uint64_t step = 0;
    bool every = group->spec->every_us > 0 || group->spec->every_rows > 0, due = true;
    OR_DONE(every || group->tail != NULL ? bind(group, collect, clock_wall_us(), false, &marks)
                                         : bind_now(group, collect, &marks));
    if (group->tail != NULL) {
        err = run_tail(group, collect);
        goto done;
    }
    if (every) {
        OR_DONE(take_step(group, collect, &marks, &step, &due));
    }
    if (!due) {
        group->timed = group->spec->every_us > 0;
        goto done;
    }
    struct execution *execution = collect->inner.execution;
    OR_DONE(live_plan_look(execution->arena, &collect->inner.plan, &execution->context, &marks,
                           execution->settings.use_partial_cache, &collect->look));
    group->polled = collect->look.polled;
    group->timed = every ? group->spec->every_us > 0
                         : collect->look.timed || execution->settings.incomplete_buckets != BUCKETS_KEEP;
    const char *mode = collect->look.incremental ? "incremental" : "recomputed";
    OR_DONE(make_writers(collect));
    if (marks.asks_time) {
        OR_DONE(use_panes(group, collect, &marks, &mode));
    }
    group->mode = mode;
    OR_DONE(inner_query_run(&collect->inner, (uint32_t)execution->settings.max_threads, &group->progress, take_chunk,
                            collect));
    OR_DONE(keep(group, collect));
    group->step = step;
done:
    return err;
}

static struct err *run_within_time(struct live_group *group, struct collect *collect)
{
    struct interrupt interrupt;
    uint64_t most_us = group->live->server->config.max_execution_time_s * 1000000;
    interrupt_begin_until(&interrupt, &group->progress.cancelled, most_us == 0 ? 0 : clock_monotonic_us() + most_us,
                          most_us);
    struct err *err = interrupt_over(run(group, collect));
    interrupt_end(&interrupt);
    return err;
}

void live_run(void *object)
{
    struct live_group *group = object;
    struct live *live = group->live;
    struct collect collect = {.group = group};
    uint64_t began_us = clock_monotonic_us();
    group->changed = false;
    live_watch_deinit(&group->watch);
    group->watch.server = live->server;
    group->err = run_within_time(group, &collect);
    if (group->tail != NULL) {
        live_tail_end(group->tail, group->err == NULL);
    }
    const struct access_used used = {.amounts = {[AST_QUOTA_ERRORS] = group->err != NULL,
                                                 [AST_QUOTA_READ_ROWS] = atomic_load(&group->progress.rows_read),
                                                 [AST_QUOTA_READ_BYTES] = atomic_load(&group->progress.bytes_read),
                                                 [AST_QUOTA_RESULT_ROWS] = collect.rows.count,
                                                 [AST_QUOTA_EXECUTION_TIME] = clock_monotonic_us() - began_us}};
    err_free(access_use(live->server->access, group->spec->access, group->spec->address.data, &used, false));
    writer_destroy(collect.writer);
    writer_destroy(collect.key_writer);
    buffer_deinit(&collect.lines);
    buffer_deinit(&collect.keys);
    live_rows_deinit(&collect.rows);
    inner_query_end(&collect.inner);
    metrics_error(group->err, "");
    uint64_t took_us = clock_monotonic_us() - began_us;
    atomic_store(&group->ran_at_us, clock_wall_us());
    atomic_store(&group->duration_us, took_us);
    metric_add(&metric_live_runs, 1);
    metric_observe_us(&metric_live_run_seconds, took_us);
    lock_take(&live->lock);
    group->done_next = live->done;
    live->done = group;
    lock_give(&live->lock);
    (void)eventfd_write(live->event, 1);
}
