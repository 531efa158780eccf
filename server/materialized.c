/*
 * materialized.c: see materialized.h: the feeds that the catalogue's views make; views made, filled and dropped.
 *
 * flow     objects.c, ddl.c → here → storage/views.h, storage/catalogue.h
 * locks    views->mutex for the whole of a change of the feeds; a commit that stops a view takes it without others
 */
#include "server/materialized_private.h"

#include "base/log.h"
#include "server/access_query.h"
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

/* Its columns are those that the table of the view has. */
static struct err *feed_query(struct server *server, struct arena *arena, struct materialized *view,
                              struct view_feed *feed)
{
    struct err *err = NULL;
    struct slice query;
    struct table *table = catalogue_table_find(catalogue_of(server), feed->target_database, feed->target_table);
    struct table_def *target = table == NULL ? NULL : table_definition(table);

    if (view->states && target != NULL) {
        OR_DONE(materialized_stored(arena, view, target));
    }
    OR_DONE(materialized_feed(arena, view, &query));
    feed->query = arena_text(arena, query);
    err = feed->query == NULL ? arena_error(arena) : NULL;
done:
    table_def_unref(target);
    table_unref(table);
    return err;
}

struct err *materialized_feed_of(struct server *server, const struct object_def *def, struct view_feed **out)
{
    struct err *err = NULL;
    struct arena *arena = arena_create(NULL);
    struct view_feed *feed = arena == NULL ? NULL : ARENA_NEW(arena, struct view_feed);
    struct materialized view;

    if (feed == NULL) {
        err = err_oom();
        goto done;
    }
    *out = NULL;
    OR_DONE(materialized_of(arena, slice_text(def->definition), &view));
    if (view.create->refresh != NULL) {
        goto done; /* no commit feeds it */
    }
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
    feed->states = view.states ? arena_text(arena, slice_text(def->definition)) : NULL;
    if ((view.states && feed->states == NULL) || feed->database == NULL || feed->name == NULL ||
        feed->from_database == NULL || feed->from_table == NULL || feed->target_database == NULL ||
        feed->target_table == NULL) {
        err = arena_error(arena);
        goto done;
    }
    OR_DONE(base_of(server, arena, feed->from_database, feed->from_table, &feed->base_database, &feed->base_table));
    OR_DONE(feed_query(server, arena, &view, feed));
    feed->base = catalogue_table_find(catalogue_of(server), feed->base_database, feed->base_table);
    feed->target = catalogue_table_find(catalogue_of(server), feed->target_database, feed->target_table);
    *out = feed;
    arena = NULL; /* it holds the feed */
done:
    arena_destroy(arena);
    return err_while(err, "in the materialized view %s.%s", def->database, def->name);
}

char *materialized_hidden_name(struct arena *arena, const uint8_t uuid[16])
{
    char *inner = materialized_inner_name(arena, uuid);
    return inner == NULL ? NULL : arena_format(arena, ".tmp_replace.%s", inner + strlen(INNER_PREFIX));
}

/* Is it a view that was to take the place of another? */
static bool is_hidden(struct arena *arena, const struct object_def *def)
{
    if ((def->kind != OBJECT_MATERIALIZED && def->kind != OBJECT_VIEW) || def->name[0] != '.') {
        return false;
    }
    const char *name = materialized_hidden_name(arena, def->uuid);
    return name != NULL && strcmp(name, def->name) == 0;
}

struct err *materialized_sync_locked(struct materialized_views *views)
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
        bool left = !views->cleaned && is_hidden(arena, def);
        if (def->kind == OBJECT_MATERIALIZED && def->stopped[0] == 0 && def->id != views->without && !left) {
            OR_DONE(materialized_feed_of(views->server, def, &feeds[count]));
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
    struct err *err = materialized_sync_locked(views);
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
    err = err == NULL ? materialized_sync_locked(views) : err;
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
    struct materialized_views *views = server->materialized;
    struct arena *arena = arena_create(NULL);
    struct object_def **objects;
    struct table **tables;
    struct table_def **defs;
    uint32_t object_count = 0, count = 0;

    if (arena == NULL) {
        return err_oom();
    }
    OR_DONE(catalogue_objects(catalogue_of(server), arena, &objects, &object_count));
    for (uint32_t i = 0; i < object_count; i++) {
        if (is_hidden(arena, objects[i])) {
            LOG_INFO("view_unfinished", LOG_TEXT("database", objects[i]->database), LOG_TEXT("view", objects[i]->name));
            OR_DONE(objects[i]->kind == OBJECT_MATERIALIZED ? materialized_drop(server, objects[i])
                                                            : catalogue_drop_object(catalogue_of(server), objects[i]));
        }
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
    pthread_mutex_lock(&views->mutex);
    views->cleaned = true;
    pthread_mutex_unlock(&views->mutex);
done:
    arena_destroy(arena);
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
    OR_DONE(materialized_sync_locked(views));
    OR_DONE(catalogue_drop_object(catalogue_of(server), def));
    if (view.to_table.length == 0) {
        char *inner = materialized_inner_name(arena, def->uuid);
        err =
            inner == NULL ? arena_error(arena) : catalogue_drop_table(catalogue_of(server), def->database, inner, true);
    }
done:
    views->without = 0;
    err_keep_first(&err, materialized_sync_locked(views));
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
    err = materialized_sync_locked(views);
done:
    pthread_mutex_unlock(&views->mutex);
    return err;
}
