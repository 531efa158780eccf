/*
 * materialized_remake.c: keys of a view that keeps states are made anew: its SELECTs over rows that a mutation changes.
 *
 * flow     storage/view_mutation.c → here → sql/materialize.h (the SELECTs), materialized_fold.c (which runs them)
 * thread   that of the DELETE or UPDATE
 */
#include "server/materialized_private.h"

#include "sql/materialize.h"
#include "storage/snapshot.h"
#include "storage/table.h"

#include <inttypes.h>
#include <string.h>

/* Of the first row of VIEW_COMPARE. */
struct differing {
    bool any;
    int64_t had, has;
    char key[256];
};

static struct err *take_differing(void *user, const struct chunk *chunk)
{
    struct differing *differing = user;
    if (chunk->row_count > 0 && !differing->any) {
        differing->any = true;
        memcpy(&differing->had, column_value(chunk->columns[0], 0), sizeof(differing->had));
        memcpy(&differing->has, column_value(chunk->columns[1], 0), sizeof(differing->has));
        const struct slice key = *(const struct slice *)column_value(chunk->columns[2], 0);
        size_t length = key.length < sizeof(differing->key) ? key.length : sizeof(differing->key) - 1;
        if (length > 0) {
            memcpy(differing->key, key.data, length); /* zeros follow */
        }
    }
    return NULL;
}

#define WITHOUT "SETTINGS mutations_change_views = 0 changes the table's rows and leaves its views as they are"

static struct err *compare(const struct differing *differing, bool *forgotten)
{
    *forgotten = differing->any && differing->had == 0;
    if (!differing->any || differing->had == 0) {
        return NULL;
    }
    return differing->had > differing->has
               ? err_new(ERR_DEPENDENT_OBJECTS,
                         "it counts %" PRId64 " rows of the key %s, the table has %" PRId64
                         " of them: the others left it by TTL, DROP PARTITION or the like, so that the view's states "
                         "cannot be made anew; " WITHOUT,
                         differing->had, differing->key, differing->has)
               : err_new(ERR_DEPENDENT_OBJECTS,
                         "it counts %" PRId64 " rows of the key %s, the table has %" PRId64
                         ": the view was made with EMPTY, or lost some, or they came by ATTACH or the like; " WITHOUT,
                         differing->had, differing->key, differing->has);
}

struct err *materialized_remake(void *user, struct view_remake *remake, enum view_step step, view_sink sink,
                                void *sink_user)
{
    struct err *err = NULL;
    const struct view_feed *feed = remake->feed;
    struct arena *arena = arena_create(NULL);
    struct materialized view;
    struct materialized_keys keys;
    struct differing differing = {0};
    struct fed_rows tables[] = {
        {.database = ".view", .table = "old", .snapshot = remake->old, .places = step == VIEW_PLACES},
        {.database = ".view", .table = "gone", .snapshot = remake->gone},
        {.database = ".view", .table = "came", .snapshot = remake->came},
        {.database = ".view", .table = "dirty", .snapshot = remake->dirty},
        {.database = ".view", .table = "new", .snapshot = remake->made},
    };
    uint32_t count = (uint32_t)(sizeof(tables) / sizeof(tables[0])) - (remake->made == NULL);
    struct fold_query query = {
        .feed = feed, .fed = {.database = feed->from_database, .table = feed->from_table, .snapshot = remake->base}};

    if (arena == NULL) {
        return err_oom();
    }
    OR_DONE(materialized_of(arena, slice_text(feed->states), &view));
    OR_DONE(materialized_keys(arena, &view, remake->def, &keys));
    query.fed.others = tables;
    for (uint32_t i = 0; i + 1 < count; i++) {
        tables[i].others = &tables[i + 1];
    }
    if (!keys.counted) {
        err = err_new(ERR_DEPENDENT_OBJECTS,
                      "it was made by an older version, which did not count the rows of its keys, so that these cannot "
                      "be made anew: drop it and create it again; " WITHOUT);
        goto done;
    }
    query.text = step == VIEW_FEED      ? keys.feed
                 : step == VIEW_PLACES  ? keys.places
                 : step == VIEW_COMPARE ? keys.differ
                                        : keys.kept;
    if (step == VIEW_FEED || step == VIEW_KEPT) {
        query.target = remake->target;
        query.def = remake->def;
    }
    if (step == VIEW_COMPARE) {
        OR_DONE(materialized_run(user, &query, take_differing, &differing));
        err = compare(&differing, &remake->forgotten);
    } else {
        err = materialized_run(user, &query, sink, sink_user);
    }
done:
    arena_destroy(arena);
    return err;
}

struct err *materialized_check_kept(struct materialized_views *views, const struct object_def *def,
                                    struct snapshot *had, struct snapshot *base)
{
    struct err *err = NULL;
    struct arena *arena = arena_create(NULL);
    struct materialized view;
    struct differing differing = {0};
    struct view_feed *feed = NULL;
    struct fed_rows old = {.database = ".view", .table = "old", .snapshot = had};
    struct fold_query query = {0};

    if (arena == NULL) {
        return err_oom();
    }
    OR_DONE(materialized_feed_of(views->server, def, &feed));
    OR_DONE(materialized_of(arena, slice_text(def->definition), &view));
    OR_DONE(materialized_lost(arena, &view, snapshot_def(had), &query.text));
    if (query.text.data == NULL) {
        err =
            err_new(ERR_DEPENDENT_OBJECTS,
                    "the view %s.%s was made by an older version, which did not count its rows: what it would lose is "
                    "not known; CREATE OR REPLACE MATERIALIZED VIEW makes it anew from what its table has",
                    def->database, def->name);
        goto done;
    }
    query.feed = feed;
    query.fed =
        (struct fed_rows){.database = feed->from_database, .table = feed->from_table, .snapshot = base, .others = &old};
    OR_DONE(materialized_run(views, &query, take_differing, &differing));
    if (differing.any) {
        err =
            err_new(ERR_DEPENDENT_OBJECTS,
                    "MODIFY QUERY makes a view that keeps states anew from the rows of %s.%s, and %s.%s counts %" PRId64
                    " rows of the key %s, of which the table has %" PRId64
                    ": the others left it by TTL, DROP PARTITION or the like, and would leave the view, too; CREATE OR "
                    "REPLACE MATERIALIZED VIEW makes it from what the table has",
                    feed->base_database, feed->base_table, def->database, def->name, differing.had, differing.key,
                    differing.has);
    }
done:
    view_feed_unref(feed);
    arena_destroy(arena);
    return err;
}
