/*
 * materialized_fold.c: a view's SELECT over some rows of its base table, for commits and for who reads the view.
 *
 * flow     storage/views.h → here → sql/bind.h, query/execute.h → storage/views.h
 * thread   any; the SELECT has an execution, an arena and a budget of its own
 */
#include "server/materialized_private.h"

#include "query/storage_source.h"
#include "server/access.h"
#include "server/inner_query.h"
#include "storage/snapshot.h"
#include "storage/table.h"

struct folding {
    struct inner_query inner;
    struct table *target;
    const struct table_def *def;
    uint32_t *columns; /* of the SELECT → of the table's input; UINT32_MAX: of none */
    uint32_t count;
    view_sink sink;
    void *user;
};

static struct err *take_chunk(void *user, const struct chunk *chunk, bool *stop)
{
    struct err *err = NULL;
    struct folding *folding = user;
    uint32_t input = table_input_count(folding->def);
    struct arena *arena = arena_create(&folding->inner.process.budget);
    struct chunk *rows = arena == NULL ? NULL : chunk_new(arena, input, chunk->row_count);
    (void)stop;

    if (rows == NULL) {
        err = arena == NULL ? err_oom() : arena_error(arena);
        goto done;
    }
    for (uint32_t k = 0; k < folding->count; k++) {
        uint32_t column = folding->columns[k];
        if (column != UINT32_MAX) {
            OR_DONE(function_cast(arena, &folding->inner.execution->context, chunk->columns[k],
                                  table_input_column(folding->def, column)->type, &rows->columns[column]));
        }
    }
    OR_DONE(table_fill_defaults(folding->target, folding->def, arena, rows, NULL));
    rows->column_count = folding->def->column_count;
    err = folding->sink(folding->user, rows);
done:
    arena_destroy(arena);
    return err;
}

static struct err *take_as_it_is(void *user, const struct chunk *chunk, bool *stop)
{
    struct folding *folding = user;
    (void)stop;
    return folding->sink(folding->user, chunk);
}

/* A column that the table does not have is left out: * may come to give more than it did. */
static struct err *find_columns(struct folding *folding, const struct plan *plan)
{
    folding->count = plan->column_count;
    folding->columns = ARENA_ARRAY(folding->inner.execution->arena, uint32_t, plan->column_count + 1U);
    if (folding->columns == NULL) {
        return arena_error(folding->inner.execution->arena);
    }
    for (uint32_t k = 0; k < plan->column_count; k++) {
        folding->columns[k] = UINT32_MAX;
        for (uint32_t i = 0; i < table_input_count(folding->def); i++) {
            const struct column_def *column = table_input_column(folding->def, i);
            if (slice_equal(slice_text(column->name), plan->columns[k].name) &&
                column->default_kind != COLUMN_DEFAULT_MATERIALIZED && column->default_kind != COLUMN_DEFAULT_ALIAS) {
                folding->columns[k] = i;
            }
        }
    }
    return NULL;
}

/* Rows that a crash left may be committed before what SELECTs need has started. */
static struct err *wait_ready(struct materialized_views *views)
{
    pthread_mutex_lock(&views->mutex);
    while (!views->ready && !views->closing) {
        pthread_cond_wait(&views->changed, &views->mutex);
    }
    bool ready = views->ready;
    pthread_mutex_unlock(&views->mutex);
    return ready ? NULL : err_new(ERR_IO, "the server stops before it has started");
}

/* Does it read rows that no table has: of functions, system tables? */
static bool is_generated(const struct plan *plan)
{
    bool is = plan->kind == PLAN_SCAN && plan->source->generate != NULL;
    for (uint32_t i = 0; i < plan->input_count && !is; i++) {
        is = is_generated(plan->inputs[i]);
    }
    return is;
}

static bool reads_rows_alone(const struct fold_query *query, const struct query_plan *plan)
{
    bool generated = is_generated(plan->plan);
    for (uint32_t k = 0; k < plan->subquery_count && !generated; k++) {
        generated = is_generated(plan->subqueries[k].plan);
    }
    return !generated && !query->fed.reads_others;
}

struct err *materialized_run(struct materialized_views *views, struct fold_query *query, view_sink sink,
                             void *sink_user)
{
    struct err *err = NULL;
    struct server *server = views->server;
    struct folding folding = {.target = query->target, .def = query->def, .sink = sink, .user = sink_user};
    struct inner_query *inner = &folding.inner;
    struct function_marks marks = {0};

    OR_DONE(atomic_load(&views->is_ready) ? NULL : wait_ready(views));
    OR_DONE(inner_query_begin(inner, server,
                              &(struct inner_query_options){.what = "a materialized view",
                                                            .database = slice_text(query->feed->database),
                                                            .access = query->access}));
    if (query->access != NULL) {
        OR_DONE(access_settings(query->access, &inner->execution->settings));
        OR_DONE(execution_settings_changed(inner->execution));
        inner->execution->context.user = access_session_user(query->access);
    }
    inner->execution->fed = query->fed.database == NULL ? NULL : &query->fed;
    inner->execution->context.marks = &marks;
    OR_DONE(inner_query_bind(inner, query->text));
    query->repeats = !marks.is_volatile && !marks.asks_query && !marks.asks_time && !marks.changes &&
                     reads_rows_alone(query, &inner->plan);
    if (query->target != NULL) {
        OR_DONE(find_columns(&folding, inner->plan.plan));
    }
    err = inner_query_run(inner, query->threads, query->progress, query->target == NULL ? take_as_it_is : take_chunk,
                          &folding);
done:
    inner_query_end(inner);
    return err;
}

struct err *materialized_try(struct materialized_views *views, struct fold_query *query)
{
    struct err *err = NULL;
    struct inner_query inner = {0};
    OR_DONE(inner_query_begin(
        &inner, views->server,
        &(struct inner_query_options){.what = "a materialized view", .database = slice_text(query->feed->database)}));
    inner.execution->fed = &query->fed;
    err = inner_query_bind(&inner, query->text);
done:
    inner_query_end(&inner);
    return err;
}

struct err *materialized_fold(void *user, const struct view_feed *feed, struct snapshot *rows, struct table *target,
                              const struct table_def *def, uint32_t threads, bool *repeats, view_sink sink,
                              void *sink_user)
{
    struct fold_query query = {.feed = feed,
                               .text = slice_text(feed->query),
                               .fed = {.database = feed->from_database, .table = feed->from_table, .snapshot = rows},
                               .target = target,
                               .def = def,
                               .threads = threads};
    struct err *err = materialized_run(user, &query, sink, sink_user);
    if (repeats != NULL) {
        *repeats = query.repeats;
    }
    if (err == NULL && !query.fed.used) {
        err = err_new(ERR_LOGICAL, "the SELECT does not read %s.%s", feed->from_database, feed->from_table);
    }
    return err;
}
