/*
 * materialized.c: see materialized.h: the feeds that the catalogue's views make; views made, filled and dropped.
 *
 * flow     objects.c, ddl.c → here → storage/views.h, storage/catalogue.h
 * locks    views->mutex for the whole of a change of the feeds; a commit that stops a view takes it without others
 */
#include "server/materialized_private.h"

#include "base/log.h"
#include "server/access_query.h"
#include "server/lateness.h"
#include "server/objects.h"
#include "server/refresh.h"
#include "sql/define.h"
#include "sql/materialize.h"
#include "sql/parser.h"
#include "storage/insert.h"
#include "storage/snapshot.h"
#include "storage/table.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define INNER_PREFIX ".inner_id."

static struct catalogue *catalogue_of(const struct server *server)
{
    return server->store->catalogue;
}

/* ---- feeds */

/* The table that a SELECT's first name means: a table, or that of a view on whose rows another view stands. */
static struct err *base_of(struct server *server, struct arena *arena, const char *database, const char *name,
                           const char **base_database, const char **base_table)
{
    struct err *err = NULL;
    struct materialized view;
    struct object_def *def = catalogue_object_find(catalogue_of(server), database, name);

    *base_database = database;
    *base_table = name;
    if (def == NULL || def->kind != OBJECT_MATERIALIZED) {
        goto done;
    }
    OR_DONE(materialized_of(arena, slice_text(def->definition), &view));
    *base_database = arena_text(arena, view.to_table.length > 0 ? view.to_database : slice_text(def->database));
    *base_table =
        view.to_table.length > 0 ? arena_text(arena, view.to_table) : materialized_inner_name(arena, def->uuid);
    err = *base_database == NULL || *base_table == NULL ? arena_error(arena) : NULL;
done:
    object_def_unref(def);
    return err;
}

static struct err *feed_of(struct server *server, const struct object_def *def, struct view_feed **out)
{
    struct err *err = NULL;
    struct arena *arena = arena_create(NULL);
    struct view_feed *feed = arena == NULL ? NULL : ARENA_NEW(arena, struct view_feed);
    struct materialized view;
    struct slice query;

    if (feed == NULL) {
        err = err_oom();
        goto done;
    }
    *out = NULL;
    OR_DONE(materialized_of(arena, slice_text(def->definition), &view));
    if (view.create->refresh != NULL) {
        goto done; /* no commit feeds it */
    }
    OR_DONE(materialized_feed(arena, &view, &query));
    feed->references = 1;
    feed->arena = arena;
    feed->object_id = def->id;
    feed->database = arena_text(arena, slice_text(def->database));
    feed->name = arena_text(arena, slice_text(def->name));
    feed->from_database = arena_text(arena, view.base_database);
    feed->from_table = arena_text(arena, view.base_table);
    feed->target_database = arena_text(arena, view.to_table.length > 0 ? view.to_database : slice_text(def->database));
    feed->target_table =
        view.to_table.length > 0 ? arena_text(arena, view.to_table) : materialized_inner_name(arena, def->uuid);
    feed->query = arena_text(arena, query);
    feed->states = view.states ? arena_text(arena, slice_text(def->definition)) : NULL;
    if ((view.states && feed->states == NULL) || feed->database == NULL || feed->name == NULL ||
        feed->from_database == NULL || feed->from_table == NULL || feed->target_database == NULL ||
        feed->target_table == NULL || feed->query == NULL) {
        err = arena_error(arena);
        goto done;
    }
    OR_DONE(base_of(server, arena, feed->from_database, feed->from_table, &feed->base_database, &feed->base_table));
    *out = feed;
    arena = NULL; /* it holds the feed */
done:
    arena_destroy(arena);
    return err_while(err, "in the materialized view %s.%s", def->database, def->name);
}

/* The catalogue's views, those that are being made, and no others. Under the mutex. */
static struct err *sync_feeds(struct materialized_views *views)
{
    struct err *err = NULL;
    struct arena *arena = arena_create(NULL);
    struct object_def **objects = NULL;
    struct view_feed **feeds = NULL;
    uint32_t object_count = 0, count = 0, pending = 0;

    if (arena == NULL) {
        err = err_oom();
        goto done;
    }
    OR_DONE(catalogue_objects(catalogue_of(views->server), arena, &objects, &object_count));
    for (const struct pending_view *view = views->pending; view != NULL; view = view->next) {
        pending++;
    }
    feeds = calloc((size_t)object_count + pending + 1, sizeof(struct view_feed *));
    if (feeds == NULL) {
        err = err_oom();
        goto done;
    }
    for (uint32_t i = 0; i < object_count; i++) {
        const struct object_def *def = objects[i];
        if (def->kind == OBJECT_MATERIALIZED && def->stopped[0] == 0 && def->id != views->without) {
            OR_DONE(feed_of(views->server, def, &feeds[count]));
            count += feeds[count] != NULL;
        }
    }
    for (const struct pending_view *view = views->pending; view != NULL; view = view->next) {
        feeds[count++] = view_feed_ref(view->feed);
    }
    err = views_set(views->server->store, feeds, count);
done:
    for (uint32_t i = 0; i < count; i++) {
        view_feed_unref(feeds[i]);
    }
    free(feeds);
    arena_destroy(arena);
    return err;
}

struct err *materialized_sync(struct server *server)
{
    struct materialized_views *views = server->materialized;
    pthread_mutex_lock(&views->mutex);
    struct err *err = sync_feeds(views);
    pthread_mutex_unlock(&views->mutex);
    return err;
}

static void stopped(void *user, struct view_feed *feed, const struct err *cause)
{
    struct materialized_views *views = user;
    struct err *err = NULL;

    LOG_ERROR("view_stopped", LOG_TEXT("database", feed->database), LOG_TEXT("view", feed->name), LOG_ERR(cause));
    pthread_mutex_lock(&views->mutex);
    for (struct pending_view *view = views->pending; view != NULL; view = view->next) {
        if (view->feed == feed) {
            (void)snprintf(view->failed, sizeof(view->failed), "%s", err_message(cause));
        }
    }
    if (feed->object_id != 0) {
        err = catalogue_object_stopped(catalogue_of(views->server), feed->object_id, err_message(cause));
    }
    err = err == NULL ? sync_feeds(views) : err;
    pthread_mutex_unlock(&views->mutex);
    if (err != NULL) { /* the feed itself says that it stopped */
        LOG_ERROR("view_stop", LOG_TEXT("view", feed->name), LOG_ERR(err));
        err_free(err);
    }
}

/* ---- start and stop */

struct err *materialized_start(struct server *server)
{
    struct err *err = NULL;
    struct materialized_views *views = calloc(1, sizeof(*views));

    if (views == NULL) {
        return err_oom();
    }
    (void)pthread_mutex_init(&views->mutex, NULL);
    (void)pthread_cond_init(&views->changed, NULL);
    views->server = server;
    budget_init(&views->budget, "rows of materialized views", server->config.query_memory_max, &server->queries_budget);
    budget_init(&views->kept, "what readers of materialized views keep", server->config.ingest_memory_max / 2, NULL);
    views->functions = (struct view_functions){.user = views,
                                               .fold = materialized_fold,
                                               .remake = materialized_remake,
                                               .stopped = stopped,
                                               .budget = &views->budget,
                                               .kept = &views->kept};
    server->materialized = views;
    OR_DONE(views_open(server->store, &views->functions));
    err = materialized_sync(server);
done:
    return err;
}

void materialized_ready(struct server *server)
{
    pthread_mutex_lock(&server->materialized->mutex);
    server->materialized->ready = true;
    atomic_store(&server->materialized->is_ready, true);
    pthread_cond_broadcast(&server->materialized->changed);
    pthread_mutex_unlock(&server->materialized->mutex);
}

void materialized_closing(struct server *server)
{
    struct materialized_views *views = server->materialized;
    if (views != NULL) {
        pthread_mutex_lock(&views->mutex);
        views->closing = true;
        pthread_cond_broadcast(&views->changed);
        pthread_mutex_unlock(&views->mutex);
    }
}

void materialized_stop(struct server *server)
{
    struct materialized_views *views = server->materialized;
    if (views != NULL) {
        views_close(server->store);
        pthread_mutex_destroy(&views->mutex);
        pthread_cond_destroy(&views->changed);
        free(views);
        server->materialized = NULL;
    }
}

static bool has_view(struct object_def *const *objects, uint32_t count, struct arena *arena, const char *table)
{
    for (uint32_t i = 0; i < count; i++) {
        const char *name =
            objects[i]->kind == OBJECT_MATERIALIZED ? materialized_inner_name(arena, objects[i]->uuid) : NULL;
        if (name != NULL && strcmp(name, table) == 0) {
            return true;
        }
    }
    return false;
}

struct err *materialized_clean(struct server *server)
{
    struct err *err = NULL;
    struct arena *arena = arena_create(NULL);
    struct object_def **objects;
    struct table **tables;
    struct table_def **defs;
    uint32_t object_count = 0, count = 0;

    if (arena == NULL) {
        return err_oom();
    }
    OR_DONE(catalogue_objects(catalogue_of(server), arena, &objects, &object_count));
    OR_DONE(catalogue_tables(catalogue_of(server), arena, NULL, &tables, &defs, &count));
    for (uint32_t i = 0; i < count; i++) {
        if (strncmp(defs[i]->name, INNER_PREFIX, strlen(INNER_PREFIX)) == 0 &&
            !has_view(objects, object_count, arena, defs[i]->name)) {
            LOG_INFO("view_unfinished", LOG_TEXT("database", defs[i]->database), LOG_TEXT("table", defs[i]->name));
            OR_DONE(catalogue_drop_table(catalogue_of(server), defs[i]->database, defs[i]->name, true));
        }
    }
done:
    arena_destroy(arena);
    return err;
}

/* ---- CREATE */

/* What the view reads must be a table whose new rows a commit brings; it must not come to feed itself. */
static struct err *check_base(struct execution *execution, const struct view_feed *feed)
{
    struct err *err = NULL;
    struct server *server = execution->server;
    struct table *table = NULL;
    struct view_feed **feeds;
    uint32_t count, depth = 0;
    bool replaces = false;
    struct object_def *object = catalogue_object_find(catalogue_of(server), feed->from_database, feed->from_table);
    struct materialized view;

    if (object != NULL && object->kind == OBJECT_MATERIALIZED) {
        OR_DONE(materialized_of(execution->arena, slice_text(object->definition), &view));
    }
    OR_DONE(refresh_replaces(execution, feed->base_database, feed->base_table, &replaces));
    if (replaces) {
        err = err_new(ERR_VIEW_QUERY,
                      "a materialized view cannot read %s.%s: each REFRESH puts all of its rows there anew",
                      feed->from_database, feed->from_table);
        goto done;
    }
    if (object != NULL && (object->kind != OBJECT_MATERIALIZED || view.states)) {
        err = err_new(ERR_VIEW_QUERY, "a materialized view cannot read %s.%s, which is a %s%s: it gets no new rows%s",
                      feed->from_database, feed->from_table, object_engine(object),
                      object->kind == OBJECT_MATERIALIZED ? " that keeps states" : "",
                      object->kind == OBJECT_MATERIALIZED ? ", states change" : "");
        goto done;
    }
    table = catalogue_table_find(catalogue_of(server), feed->base_database, feed->base_table);
    if (table == NULL) {
        err = err_new(ERR_VIEW_QUERY, "a materialized view cannot read %s.%s: it is no stored table",
                      feed->from_database, feed->from_table);
        goto done;
    }
    OR_DONE(views_list(server->store, execution->arena, &feeds, &count));
    const char *database = feed->target_database, *name = feed->target_table;
    for (bool again = true; again;) {
        if (strcmp(database, feed->base_database) == 0 && strcmp(name, feed->base_table) == 0) {
            err = err_new(ERR_INFINITE_LOOP, "the materialized view %s.%s would feed the table %s.%s that it reads",
                          feed->database, feed->name, feed->base_database, feed->base_table);
            goto done;
        }
        again = false;
        for (uint32_t i = 0; i < count && !again; i++) {
            again = strcmp(feeds[i]->base_database, database) == 0 && strcmp(feeds[i]->base_table, name) == 0;
            database = again ? feeds[i]->target_database : database;
            name = again ? feeds[i]->target_table : name;
        }
        if (++depth > VIEW_DEPTH_MAX / 2) {
            err = err_new(ERR_TOO_DEEP_RECURSION, "materialized views feed each other more than %u deep",
                          VIEW_DEPTH_MAX / 2);
            goto done;
        }
    }
done:
    object_def_unref(object);
    table_unref(table);
    return err;
}

/* The columns of the SELECT are those of TO. */
static struct err *check_columns(struct execution *execution, const struct object_def *def, struct table *target)
{
    struct err *err = NULL;
    struct ast_column *columns;
    uint32_t count;
    struct table_def *to = table_definition(target);

    OR_DONE(define_object_columns(execution->arena, def, &columns, &count));
    for (uint32_t i = 0; i < count; i++) {
        if (table_column_find(to, columns[i].name) < 0) {
            err = err_new(ERR_THERE_IS_NO_COLUMN,
                          "SELECT query outputs column with name '%.*s', which is not found in the target table. Use "
                          "'AS' to assign alias that matches a column name.",
                          SLICE_ARG(columns[i].name));
            goto done;
        }
    }
done:
    table_def_unref(to);
    return err;
}

struct filling {
    struct insert *insert;
};

static struct err *fill_chunk(void *user, const struct chunk *chunk)
{
    struct err *err = NULL;
    struct filling *filling = user;
    OR_DONE(builder_append(insert_builder(filling->insert), chunk, NULL));
    err = insert_poll(filling->insert);
done:
    return err;
}

/* What was in segments when commits began to feed. */
static struct err *fill(struct server *server, const struct view_feed *feed, struct snapshot *rows,
                        struct table *target)
{
    struct err *err = NULL;
    struct filling filling = {NULL};
    struct insert_options options = {.budget = &server->ingest_budget};
    struct insert_result result;
    struct interrupt interrupt;

    OR_DONE(insert_begin(target, &options, &filling.insert));
    OR_DONE(materialized_fold(server->materialized, feed, rows, target, insert_def(filling.insert), 0, NULL, fill_chunk,
                              &filling));
    interrupt_begin(&interrupt, NULL);
    err = insert_finish(filling.insert, &result);
    interrupt_end(&interrupt);
    filling.insert = NULL;
done:
    insert_abort(filling.insert);
    return err;
}

static void pending_add(struct materialized_views *views, struct pending_view *view)
{
    view->next = views->pending;
    views->pending = view;
}

static void pending_remove(struct materialized_views *views, struct pending_view *view)
{
    struct pending_view **link = &views->pending;
    while (*link != NULL && *link != view) {
        link = &(*link)->next;
    }
    if (*link != NULL) {
        *link = view->next;
    }
}

/* Commits feed it from here on; *rows: all that came before. */
static struct err *begin_feeding(struct materialized_views *views, struct pending_view *view, struct table *base,
                                 bool filled, struct snapshot **rows)
{
    struct err *err = NULL;
    if (!filled) { /* what is in the insert log came before the view */
        OR_DONE(insert_log_flush(views->server->store));
    }
    bool states = view->feed->states != NULL;
    if (states) {
        OR_DONE(views_pause_mutations(base));
    }
    pthread_mutex_lock(&views->mutex);
    pending_add(views, view);
    err = sync_feeds(views);
    err = err == NULL && filled ? views_segments(base, rows) : err;
    pthread_mutex_unlock(&views->mutex);
    if (states) {
        views_resume_mutations(base);
    }
done:
    return err;
}

/* The view gets its name, and feeds under its own id. */
static struct err *name_view(struct materialized_views *views, struct pending_view *view, const struct object_def *def,
                             bool *created)
{
    struct err *err = NULL;
    pthread_mutex_lock(&views->mutex);
    err = catalogue_create_object(catalogue_of(views->server), def, OBJECT_REFUSE, created);
    pending_remove(views, view);
    err_keep_first(&err, sync_feeds(views));
    pthread_mutex_unlock(&views->mutex);
    return err;
}

static struct err *check_new(struct execution *execution, const struct ast_create_table *create, const char *database,
                             const char *name, bool *exists)
{
    struct err *err = NULL;
    struct object_def *object = catalogue_object_find(catalogue_of(execution->server), database, name);
    struct table *table = catalogue_table_find(catalogue_of(execution->server), database, name);
    *exists = object != NULL || table != NULL;
    if (*exists && !create->if_not_exists) {
        err = err_new(ERR_TABLE_EXISTS, "Table %s.%s already exists", database, name);
    }
    object_def_unref(object);
    table_unref(table);
    return err;
}

struct err *materialized_create(struct execution *execution, const struct ast_statement *statement)
{
    struct err *err = NULL;
    struct server *server = execution->server;
    struct materialized_views *views = server->materialized;
    struct ast_create_table create = *statement->create_table;
    struct object_def def = {0}, *made = NULL;
    struct table_def inner = {0};
    struct materialized view;
    struct pending_view pending = {0};
    struct table *target = NULL, *base = NULL;
    struct snapshot *rows = NULL;
    uint8_t uuid[16];
    bool exists = false, inner_made = false, feeding = false, created = false;

    OR_DONE(bind_name(execution->arena, &execution->bind, create.database, statement->database_parameter,
                      &create.database));
    OR_DONE(bind_name(execution->arena, &execution->bind, create.table, statement->name_parameter, &create.table));
    struct slice database = create.database.length == 0 ? execution->database : create.database;
    const char *database_text = execution_text(execution, database), *name = execution_text(execution, create.table);
    if (database_text == NULL || name == NULL) {
        return arena_error(execution->arena);
    }
    OR_DONE(check_new(execution, &create, database_text, name, &exists));
    if (exists) {
        goto done;
    }
    catalogue_new_uuid(uuid);
    if (create.refresh != NULL) {
        OR_DONE(refresh_check_new(execution, &create, database));
    }
    OR_DONE(lateness_record(execution, &create));
    OR_DONE(define_materialized(execution->arena, &execution->bind, &create, database, uuid, &def, &inner, &view));
    OR_DONE(feed_of(server, &def, &pending.feed));
    OR_DONE(pending.feed == NULL ? NULL : check_base(execution, pending.feed));
    if (view.to_table.length > 0) {
        OR_DONE(catalogue_table(catalogue_of(server), execution_text(execution, view.to_database),
                                execution_text(execution, view.to_table), &target));
        OR_DONE(check_columns(execution, &def, target));
        if (create.refresh != NULL && !create.refresh->append) {
            OR_DONE(refresh_check_target(execution, execution_text(execution, view.to_database),
                                         execution_text(execution, view.to_table)));
        }
    } else {
        OR_DONE(catalogue_create_table(catalogue_of(server), &inner, false, &target, &inner_made));
    }
    if (pending.feed == NULL) {
        OR_DONE(catalogue_create_object(catalogue_of(server), &def, OBJECT_REFUSE, &created));
        refresh_wake(server);
        goto done;
    }
    OR_DONE(catalogue_table(catalogue_of(server), pending.feed->base_database, pending.feed->base_table, &base));
    bool filled = !create.empty && (create.populate || (view.to_table.length == 0 && create.engine == NULL));
    feeding = true;
    OR_DONE(begin_feeding(views, &pending, base, filled, &rows));
    if (filled) {
        OR_DONE(fill(server, pending.feed, rows, target));
    }
    OR_DONE(name_view(views, &pending, &def, &created));
    feeding = false;
    if (atomic_load(&pending.feed->stopped)) { /* a commit left it out before it had a name */
        err = err_new(ERR_VIEW_STOPPED, "the view's SELECT failed over new rows: %s", pending.failed);
    }
done:
    if (feeding) {
        pthread_mutex_lock(&views->mutex);
        pending_remove(views, &pending);
        err_free(sync_feeds(views));
        pthread_mutex_unlock(&views->mutex);
    }
    snapshot_unref(rows);
    if (err != NULL && created) {
        made = catalogue_object_find(catalogue_of(server), def.database, def.name);
        err_free(made == NULL ? NULL : materialized_drop(server, made));
        object_def_unref(made);
    } else if (err != NULL && inner_made) {
        err_free(catalogue_drop_table(catalogue_of(server), inner.database, inner.name, true));
    }
    table_unref(base);
    table_unref(target);
    view_feed_unref(pending.feed);
    return err;
}

/* ---- DROP, RENAME */

struct err *materialized_drop(struct server *server, const struct object_def *def)
{
    struct err *err = NULL;
    struct materialized_views *views = server->materialized;
    struct arena *arena = arena_create(NULL);
    struct materialized view;

    if (arena == NULL) {
        return err_oom();
    }
    refresh_drop_begin(server, def->id);
    pthread_mutex_lock(&views->mutex);
    OR_DONE(materialized_of(arena, slice_text(def->definition), &view));
    views->without = def->id; /* no commit tells of it any more */
    OR_DONE(sync_feeds(views));
    OR_DONE(catalogue_drop_object(catalogue_of(server), def));
    if (view.to_table.length == 0) {
        char *inner = materialized_inner_name(arena, def->uuid);
        err =
            inner == NULL ? arena_error(arena) : catalogue_drop_table(catalogue_of(server), def->database, inner, true);
    }
done:
    views->without = 0;
    err_keep_first(&err, sync_feeds(views));
    pthread_mutex_unlock(&views->mutex);
    refresh_drop_end(server, def->id);
    arena_destroy(arena);
    return err;
}

struct err *materialized_rename(struct server *server, const struct object_def *renamed)
{
    struct err *err = NULL;
    struct materialized_views *views = server->materialized;
    pthread_mutex_lock(&views->mutex);
    OR_DONE(catalogue_alter_object(catalogue_of(server), renamed));
    err = sync_feeds(views);
done:
    pthread_mutex_unlock(&views->mutex);
    return err;
}
