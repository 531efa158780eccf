/*
 * materialized_rename.c: a table or view that materialized views name gets another name: their definitions follow.
 *
 * commit   the new name and all definitions in one. Feeds know their tables themselves (storage/views.h), so that rows
 *          that are committed meanwhile come through the views as ever.
 * refused  where a SELECT names the table a second time, in a JOIN or IN: that is another table to it
 * locks    views->mutex from the first look at the definitions to the new feeds
 */
#include "server/materialized_private.h"

#include "base/failpoint.h"
#include "sql/materialize.h"
#include "storage/snapshot.h"
#include "storage/table.h"

#include <stdlib.h>
#include <string.h>

FAILPOINT(view_follow);   /* definitions are made, nothing is committed */
FAILPOINT(view_followed); /* names and definitions are, feeds are the old ones */

struct following {
    struct execution *execution;
    struct materialized_renamed renamed;
    struct catalogue_renamed *items; /* the first is what is renamed */
    uint32_t count;
};

static struct err *refuse(const struct following *following, const struct view_feed *feed, struct err *cause)
{
    struct err *err =
        err_new(ERR_DEPENDENT_OBJECTS,
                "Cannot rename %.*s.%.*s: the SELECT of the materialized view %s.%s %s%s; CREATE OR "
                "REPLACE that view, or drop it first",
                SLICE_ARG(following->renamed.database), SLICE_ARG(following->renamed.name), feed->database, feed->name,
                cause == NULL ? "names it more than once" : "cannot have it under another name: ",
                cause == NULL ? "" : err_message(cause));
    err_free(cause);
    return err;
}

/* Does the SELECT of the new definition mean what the old one's did? */
static struct err *try_select(const struct following *following, const struct object_def *altered)
{
    struct err *err = NULL;
    struct server *server = following->execution->server;
    struct view_feed *feed = NULL, *before = NULL;
    struct object_def *old = catalogue_object_find(server->store->catalogue, altered->database, altered->name);
    struct snapshot *rows = NULL;

    OR_DONE(materialized_feed_of(server, altered, &feed));
    OR_DONE(feed == NULL || old == NULL ? NULL : materialized_feed_of(server, old, &before));
    if (before == NULL || before->base == NULL) {
        goto done;
    }
    OR_DONE(views_segments(before->base, &rows, NULL, NULL));
    struct fed_rows again = {.database = before->from_database, .table = before->from_table, .snapshot = rows};
    struct fold_query query = {
        .feed = feed,
        .text = slice_text(feed->query),
        .fed = {.database = feed->from_database, .table = feed->from_table, .snapshot = rows, .others = &again}};
    struct err *failed = materialized_try(server->materialized, &query);
    bool same = strcmp(before->from_database, feed->from_database) == 0 && /* TO alone is another */
                strcmp(before->from_table, feed->from_table) == 0;
    err = failed != NULL || (again.used && !same) ? refuse(following, feed, failed) : NULL;
done:
    snapshot_unref(rows);
    view_feed_unref(before);
    view_feed_unref(feed);
    object_def_unref(old);
    return err;
}

/* A view that is being made has its names already. */
static struct err *check_pending(const struct following *following)
{
    const struct materialized_renamed *renamed = &following->renamed;
    for (const struct pending_view *view = following->execution->server->materialized->pending; view != NULL;
         view = view->next) {
        const struct view_feed *feed = view->feed;
        bool from = slice_equal(renamed->database, slice_text(feed->from_database)) &&
                    slice_equal(renamed->name, slice_text(feed->from_table));
        bool to = slice_equal(renamed->database, slice_text(feed->target_database)) &&
                  slice_equal(renamed->name, slice_text(feed->target_table));
        if (from || to) {
            return err_new(ERR_DEPENDENT_OBJECTS,
                           "Cannot rename %.*s.%.*s: the materialized view %s.%s is being made, which names it; try "
                           "again when it is there",
                           SLICE_ARG(renamed->database), SLICE_ARG(renamed->name), feed->database, feed->name);
        }
    }
    return NULL;
}

static struct err *find_followers(struct following *following)
{
    struct err *err = NULL;
    struct arena *arena = following->execution->arena;
    struct object_def **objects;
    uint32_t count = 0;

    OR_DONE(catalogue_objects(following->execution->server->store->catalogue, arena, &objects, &count));
    struct catalogue_renamed *items = ARENA_ARRAY(arena, struct catalogue_renamed, count + 1U);
    struct object_def *altered = ARENA_ARRAY(arena, struct object_def, count + 1U);
    if (items == NULL || altered == NULL) {
        return arena_error(arena);
    }
    items[0] = following->items[0];
    following->items = items;
    for (uint32_t i = 0; i < count; i++) {
        const char *definition = NULL;
        bool is_it = items[0].object != NULL && items[0].object->id == objects[i]->id;
        if (objects[i]->kind != OBJECT_MATERIALIZED || is_it) {
            continue;
        }
        OR_DONE(materialized_follow(arena, slice_text(objects[i]->definition), &following->renamed, &definition));
        if (definition != NULL) {
            altered[i] = *objects[i];
            altered[i].definition = definition;
            OR_DONE(try_select(following, &altered[i]));
            items[following->count++] = (struct catalogue_renamed){.object = &altered[i]};
        }
    }
done:
    return err;
}

struct err *materialized_follow_renamed(struct execution *execution, const struct catalogue_renamed *renamed,
                                        const char *database, const char *name, bool *done)
{
    struct err *err = NULL;
    struct server *server = execution->server;
    bool table = renamed->table != NULL;
    struct catalogue_renamed first = *renamed;
    struct following following = {
        .execution = execution,
        .renamed = {.database = slice_text(database),
                    .name = slice_text(name),
                    .to_database = slice_text(table ? renamed->table->database : renamed->object->database),
                    .to_name = slice_text(table ? renamed->table->name : renamed->object->name)},
        .items = &first,
        .count = 1};

    *done = false;
    pthread_mutex_lock(&server->materialized->mutex);
    OR_DONE(check_pending(&following));
    OR_DONE(find_followers(&following));
    if (following.count == 1) {
        goto done;
    }
    if (failpoint_hit(&failpoint_view_follow) != FAILPOINT_NONE) {
        err = err_new(ERR_IO, "the failpoint view_follow was hit");
        goto done;
    }
    OR_DONE(catalogue_rename_together(server->store->catalogue, following.items, following.count, false));
    *done = true;
    (void)failpoint_hit(&failpoint_view_followed);
    err = materialized_sync_locked(server->materialized);
done:
    pthread_mutex_unlock(&server->materialized->mutex);
    return err;
}

struct err *materialized_check_exchange(struct execution *execution, const char *database, const char *name,
                                        const struct table_def *other)
{
    struct err *err = NULL;
    struct object_def **objects;
    struct materialized view;
    struct table *table = catalogue_table_by_id(execution->server->store->catalogue, other->id);
    uint32_t count = 0;

    OR_DONE(catalogue_objects(execution->server->store->catalogue, execution->arena, &objects, &count));
    for (uint32_t i = 0; i < count && table != NULL; i++) {
        if (objects[i]->kind == OBJECT_MATERIALIZED) {
            OR_DONE(materialized_of(execution->arena, slice_text(objects[i]->definition), &view));
            if (slice_equal(view.to_database, slice_text(database)) && slice_equal(view.to_table, slice_text(name))) {
                OR_DONE(err_while(materialized_check_columns(execution, objects[i], table),
                                  "exchanging the table of the materialized view %s.%s", objects[i]->database,
                                  objects[i]->name));
            }
        }
    }
done:
    table_unref(table);
    return err;
}
