/*
 * materialized_make.c: CREATE and CREATE OR REPLACE MATERIALIZED VIEW: checked, filled, named.
 *
 * order    its own table, then commits begin to feed it, then what was in segments at that moment is put into it, then
 *          it gets its name (materialized.h)
 * replace  the new view is made under a name that nobody else has. Then, in one commit, it gets its name and the view
 *          that had it goes, whose own table is dropped behind that. With TO no commit feeds it before that one: the
 *          table must not get rows of both. A crash before that commit leaves the old view; what there is of the new one
 *          is dropped at the next start (materialized_clean).
 * plain    CREATE OR REPLACE VIEW of a materialized view's name goes the same way, with nothing to fill
 * modify   MODIFY QUERY of a view that keeps states makes it anew in this way, from the rows that the table has: where
 *          these are not all that the view counts it is refused
 * locks    views->mutex while feeds change
 */
#include "server/materialized_private.h"

#include "base/failpoint.h"
#include "server/lateness.h"
#include "server/objects.h"
#include "server/refresh.h"
#include "sql/define.h"
#include "sql/materialize.h"
#include "storage/insert.h"
#include "storage/ledger.h"
#include "storage/snapshot.h"
#include "storage/table.h"

#include <stdio.h>
#include <string.h>

FAILPOINT(view_filled);   /* the new view is whole, and has not its name */
FAILPOINT(view_replaced); /* it has; the table of the one that had it is still there */

/* One statement. */
struct making {
    struct execution *execution;
    struct ast_create_table create; /* names are bound */
    struct slice database;
    const char *database_text, *name;
    const char *hidden;           /* until it takes the place of another; NULL: there is none */
    const struct object_def *old; /* that other one, or NULL */
    bool keeps_rows;              /* refused when it would have rows no more that the old one has */
    struct object_def def;
    struct table_def inner;
    struct materialized view;
    struct pending_view pending;
    struct table *target, *base;
    struct snapshot *rows, *had; /* of the base table, of the old view's own one: of one moment */
    bool inner_made, feeding, created, placed;
};

static struct catalogue *catalogue_of(const struct server *server)
{
    return server->store->catalogue;
}

/* ---- checks */

/* Would rows that come to this table come to what the feed reads? */
static struct err *check_loop(const struct view_feed *feed, struct view_feed *const *feeds, uint32_t count,
                              const char *database, const char *name)
{
    for (uint32_t depth = 0; depth <= VIEW_DEPTH_MAX / 2; depth++) {
        if (strcmp(database, feed->base_database) == 0 && strcmp(name, feed->base_table) == 0) {
            return err_new(ERR_INFINITE_LOOP, "the materialized view %s.%s would feed the table %s.%s that it reads",
                           feed->database, feed->name, feed->base_database, feed->base_table);
        }
        uint32_t next = 0;
        while (next < count &&
               (strcmp(feeds[next]->base_database, database) != 0 || strcmp(feeds[next]->base_table, name) != 0)) {
            next++;
        }
        if (next == count) {
            return NULL;
        }
        database = feeds[next]->target_database;
        name = feeds[next]->target_table;
    }
    return err_new(ERR_TOO_DEEP_RECURSION, "materialized views feed each other more than %u deep", VIEW_DEPTH_MAX / 2);
}

/* Views that read the one whose place is taken read the new one. */
static struct err *check_readers(const struct view_feed *feed, struct view_feed *const *feeds, uint32_t count,
                                 const struct object_def *old, const char *old_table)
{
    if (old_table[0] != 0) {
        struct err *err = check_loop(feed, feeds, count, old->database, old_table);
        if (err != NULL) {
            return err;
        }
    }
    if (strcmp(feed->from_database, old->database) == 0 && strcmp(feed->from_table, old->name) == 0) {
        return err_new(ERR_INFINITE_LOOP, "the materialized view %s.%s would read itself", old->database, old->name);
    }
    for (uint32_t i = 0; feed->states != NULL && i < count; i++) {
        if (strcmp(feeds[i]->from_database, old->database) == 0 && strcmp(feeds[i]->from_table, old->name) == 0) {
            return err_new(ERR_DEPENDENT_OBJECTS,
                           "Cannot replace %s.%s by a view that keeps states: the materialized view %s.%s reads it; "
                           "drop that one first",
                           old->database, old->name, feeds[i]->database, feeds[i]->name);
        }
    }
    return NULL;
}

/* What the view reads must be a table whose new rows a commit brings; it must not come to feed itself. old: the view
 * whose place it takes, or NULL; old_table: its own one's name, or "". */
static struct err *check_base(struct execution *execution, const struct view_feed *feed, const struct object_def *old,
                              const char *old_table)
{
    struct err *err = NULL;
    struct server *server = execution->server;
    struct table *table = NULL;
    struct view_feed **feeds;
    uint32_t count;
    bool replaces = false;
    struct object_def *object = catalogue_object_find(catalogue_of(server), feed->from_database, feed->from_table);
    struct materialized view;

    if (object != NULL && object->kind == OBJECT_MATERIALIZED) {
        OR_DONE(materialized_of(execution->arena, slice_text(object->definition), &view));
    }
    OR_DONE(refresh_replaces(execution, feed->base_database, feed->base_table, &replaces));
    if (replaces) {
        err = err_new(ERR_VIEW_QUERY,
                      "a materialized view cannot read %s.%s: each REFRESH puts all of its rows there anew; read it in "
                      "a JOIN or IN, or give this view REFRESH, too",
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
    OR_DONE(check_loop(feed, feeds, count, feed->target_database, feed->target_table));
    err = old == NULL ? NULL : check_readers(feed, feeds, count, old, old_table);
done:
    object_def_unref(object);
    table_unref(table);
    return err;
}

struct err *materialized_check_base(struct execution *execution, const struct view_feed *feed)
{
    return check_base(execution, feed, NULL, "");
}

struct err *materialized_check_columns(struct execution *execution, const struct object_def *def, struct table *target)
{
    struct err *err = NULL;
    struct ast_column *columns;
    uint32_t count;
    struct table_def *to = table_definition(target);

    OR_DONE(define_object_columns(execution->arena, def->kind, slice_text(def->definition), &columns, &count));
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

/* Commits feed it from here on; making->rows: all that came before. */
static struct err *begin_feeding(struct making *making, bool filled, struct table *old)
{
    struct err *err = NULL;
    struct materialized_views *views = making->execution->server->materialized;
    if (!filled) { /* what is in the insert log came before the view */
        OR_DONE(insert_log_flush(views->server->store));
    }
    bool states = making->pending.feed->states != NULL || old != NULL;
    if (states) {
        OR_DONE(views_pause_mutations(making->base));
    }
    pthread_mutex_lock(&views->mutex);
    making->feeding = true;
    pending_add(views, &making->pending);
    err = materialized_sync_locked(views);
    err = err == NULL && filled ? views_segments(making->base, &making->rows, old, &making->had) : err;
    pthread_mutex_unlock(&views->mutex);
    if (states) {
        views_resume_mutations(making->base);
    }
done:
    return err;
}

static void end_feeding(struct making *making)
{
    struct materialized_views *views = making->execution->server->materialized;
    if (making->feeding) {
        pthread_mutex_lock(&views->mutex);
        pending_remove(views, &making->pending);
        err_free(materialized_sync_locked(views));
        pthread_mutex_unlock(&views->mutex);
        making->feeding = false;
    }
}

/* The view gets its name, or the hidden one, and feeds under its own id. */
static struct err *name_view(struct making *making)
{
    struct err *err = NULL;
    struct materialized_views *views = making->execution->server->materialized;
    pthread_mutex_lock(&views->mutex);
    struct table *base = catalogue_table_find(catalogue_of(views->server), making->pending.feed->base_database,
                                              making->pending.feed->base_table);
    err = base != making->base /* renamed before commits fed the view */
              ? err_new(ERR_UNKNOWN_TABLE, "the table %s.%s was renamed or dropped meanwhile",
                        making->pending.feed->base_database, making->pending.feed->base_table)
              : catalogue_create_object(catalogue_of(views->server), &making->def, OBJECT_REFUSE, &making->created);
    table_unref(base);
    pending_remove(views, &making->pending);
    err_keep_first(&err, materialized_sync_locked(views));
    pthread_mutex_unlock(&views->mutex);
    making->feeding = false;
    return err;
}

static struct err *at_failpoint(struct failpoint *failpoint)
{
    return failpoint_hit(failpoint) == FAILPOINT_NONE ? NULL
                                                      : err_new(ERR_IO, "the failpoint %s was hit", failpoint->name);
}

/* From the hidden name to that of the view which goes. Under the mutex. */
static struct err *change_places(struct making *making, struct object_def *hidden, struct object_def *old)
{
    struct err *err = NULL;
    struct server *server = making->execution->server;
    struct arena *arena = making->execution->arena;
    struct object_def finished;
    struct materialized view = {0};

    if (hidden == NULL) {
        err = err_new(ERR_UNKNOWN_TABLE, "the view that was to become %s.%s does not exist any more",
                      making->database_text, making->name);
        goto done;
    }
    bool own = old != NULL && old->kind == OBJECT_MATERIALIZED;
    if (own) {
        OR_DONE(materialized_of(arena, slice_text(old->definition), &view));
        own = view.to_table.length == 0;
    }
    const char *inner = own ? materialized_inner_name(arena, old->uuid) : "";
    if (inner == NULL) {
        err = arena_error(arena);
        goto done;
    }
    if (own) { /* what keeps its rows keeps the view */
        struct table *table = catalogue_table_find(catalogue_of(server), old->database, inner);
        err = table == NULL
                  ? NULL
                  : ledger_hold_check(server->store->ledger, table_id(table), "CREATE OR REPLACE MATERIALIZED VIEW");
        table_unref(table);
        OR_DONE(err);
    }
    OR_DONE(object_named_anew(arena, hidden, making->database_text, making->name, &finished));
    const struct catalogue_renamed renamed = {NULL, &finished};
    OR_DONE(catalogue_rename_together(catalogue_of(server), &renamed, 1, true));
    making->placed = true;
    (void)failpoint_hit(&failpoint_view_replaced);
    err = materialized_sync_locked(server->materialized);
    if (own) {
        err_keep_first(&err, catalogue_drop_table(catalogue_of(server), old->database, inner, true));
    }
done:
    return err;
}

/* The new view, which is there under its hidden name or (with TO) is made now, takes the place of the old one. */
static struct err *take_place(struct making *making)
{
    struct err *err = NULL;
    struct server *server = making->execution->server;
    struct catalogue *catalogue = catalogue_of(server);
    struct object_def *hidden = NULL, *old = NULL;

    refresh_drop_begin(server, making->old->id);
    pthread_mutex_lock(&server->materialized->mutex);
    if (!making->created) {
        OR_DONE(catalogue_create_object(catalogue, &making->def, OBJECT_REFUSE, &making->created));
    }
    OR_DONE(at_failpoint(&failpoint_view_filled));
    hidden = catalogue_object_find(catalogue, making->def.database, making->def.name);
    old = catalogue_object_find(catalogue, making->database_text, making->name);
    err = change_places(making, hidden, old);
done:
    pthread_mutex_unlock(&server->materialized->mutex);
    refresh_drop_end(server, making->old->id);
    object_def_unref(hidden);
    object_def_unref(old);
    return err;
}

/* ---- the statements */

/* TO as the view's SELECT needs it; a reference. */
static struct err *find_to(struct execution *execution, const struct object_def *def, const struct materialized *view,
                           struct table **out)
{
    struct err *err = NULL;
    const char *database = execution_text(execution, view->to_database);
    const char *table = execution_text(execution, view->to_table);
    if (database == NULL || table == NULL) {
        return arena_error(execution->arena);
    }
    OR_DONE(catalogue_table(catalogue_of(execution->server), database, table, out));
    err = materialized_check_columns(execution, def, *out);
done:
    return err;
}

/* Could the view be, when its table's rows say how late they come? They do not yet, and need not if it could not. */
static struct err *check_before(struct making *making, const uint8_t uuid[16], const char *old_table)
{
    struct err *err = NULL;
    struct execution *execution = making->execution;
    struct ast_create_table create = making->create;
    struct object_def def;
    struct table_def inner;
    struct materialized view;
    struct view_feed *feed = NULL;
    struct table *to = NULL;

    OR_DONE(lateness_pretend(execution, &create, &execution->pretended));
    if (execution->pretended == NULL) {
        return NULL;
    }
    OR_DONE(
        define_materialized(execution->arena, &execution->bind, &create, making->database, uuid, &def, &inner, &view));
    OR_DONE(materialized_feed_of(execution->server, &def, &feed));
    OR_DONE(feed == NULL ? NULL : check_base(execution, feed, making->old, old_table));
    err = view.to_table.length == 0 ? NULL : find_to(execution, &def, &view, &to);
done:
    snapshot_unref(execution->pretended);
    execution->pretended = NULL;
    table_unref(to);
    view_feed_unref(feed);
    return err;
}

/* What is made, and whether that can be. */
static struct err *define(struct making *making)
{
    struct err *err = NULL;
    struct execution *execution = making->execution;
    struct ast_create_table *create = &making->create;
    struct materialized old = {0};
    uint8_t uuid[16];

    catalogue_new_uuid(uuid);
    if (create->refresh != NULL) {
        OR_DONE(refresh_check_new(execution, create, making->database));
    }
    bool own = making->old != NULL && making->old->kind == OBJECT_MATERIALIZED;
    if (own) {
        OR_DONE(materialized_of(execution->arena, slice_text(making->old->definition), &old));
        own = old.to_table.length == 0;
    }
    const char *old_table = own ? materialized_inner_name(execution->arena, making->old->uuid) : "";
    making->hidden = making->old == NULL ? NULL : materialized_hidden_name(execution->arena, uuid);
    if (old_table == NULL || (making->old != NULL && making->hidden == NULL)) {
        return arena_error(execution->arena);
    }
    if (making->hidden != NULL) {
        create->table = slice_text(making->hidden);
    }
    OR_DONE(check_before(making, uuid, old_table));
    OR_DONE(lateness_record(execution, create));
    OR_DONE(define_materialized(execution->arena, &execution->bind, create, making->database, uuid, &making->def,
                                &making->inner, &making->view));
    OR_DONE(materialized_feed_of(execution->server, &making->def, &making->pending.feed));
    if (making->pending.feed != NULL) {
        /* for messages; whoever has the feed may outlive the statement */
        const char *shown = arena_text(making->pending.feed->arena, slice_text(making->name));
        if (shown == NULL) {
            return arena_error(making->pending.feed->arena);
        }
        making->pending.feed->name = shown;
        OR_DONE(check_base(execution, making->pending.feed, making->old, old_table));
    }
done:
    return err;
}

/* TO, or the view's own table, which is made. */
static struct err *find_target(struct making *making)
{
    struct err *err = NULL;
    struct execution *execution = making->execution;
    struct catalogue *catalogue = catalogue_of(execution->server);
    const struct ast_refresh *refresh = making->create.refresh;
    if (making->view.to_table.length == 0) {
        return catalogue_create_table(catalogue, &making->inner, false, &making->target, &making->inner_made);
    }
    OR_DONE(find_to(execution, &making->def, &making->view, &making->target));
    if (refresh != NULL && !refresh->append) {
        const char *database = execution_text(execution, making->view.to_database);
        const char *table = execution_text(execution, making->view.to_table);
        err = database == NULL || table == NULL ? arena_error(execution->arena)
                                                : refresh_check_target(execution, database, table);
    }
done:
    return err;
}

/* The old view's own table, when its rows must all come again. */
static struct err *find_old(struct making *making, struct table **out)
{
    struct err *err = NULL;
    *out = NULL;
    if (making->keeps_rows) {
        const char *inner = materialized_inner_name(making->execution->arena, making->old->uuid);
        err = inner == NULL
                  ? arena_error(making->execution->arena)
                  : catalogue_table(catalogue_of(making->execution->server), making->old->database, inner, out);
    }
    return err;
}

/* Fed, filled and named; with TO in another's place there is nothing to do yet. */
static struct err *make_kept(struct making *making)
{
    struct err *err = NULL;
    struct server *server = making->execution->server;
    const struct ast_create_table *create = &making->create;
    struct table *old = NULL;
    bool to = making->view.to_table.length > 0;
    bool filled = !create->empty && (create->populate || (!to && create->engine == NULL));

    OR_DONE(catalogue_table(catalogue_of(server), making->pending.feed->base_database, making->pending.feed->base_table,
                            &making->base));
    if (making->hidden != NULL && to) {
        err = insert_log_flush(server->store); /* what was acknowledged goes by the old SELECT */
        goto done;
    }
    OR_DONE(find_old(making, &old));
    OR_DONE(begin_feeding(making, filled, old));
    if (making->had != NULL) {
        OR_DONE(materialized_check_kept(server->materialized, making->old, making->had, making->rows));
    }
    if (filled) {
        OR_DONE(fill(server, making->pending.feed, making->rows, making->target));
    }
    OR_DONE(name_view(making));
    if (atomic_load(&making->pending.feed->stopped)) { /* a commit left it out before it had a name */
        err = err_new(ERR_VIEW_STOPPED, "the view's SELECT failed over new rows: %s", making->pending.failed);
    }
done:
    table_unref(old);
    return err;
}

static struct err *make(struct making *making)
{
    struct err *err = NULL;
    struct server *server = making->execution->server;

    OR_DONE(define(making));
    OR_DONE(find_target(making));
    if (making->pending.feed != NULL) {
        OR_DONE(make_kept(making));
    } else if (making->old == NULL) {
        OR_DONE(catalogue_create_object(catalogue_of(server), &making->def, OBJECT_REFUSE, &making->created));
    }
    if (making->old != NULL) {
        OR_DONE(take_place(making));
    }
    if (making->create.refresh != NULL) {
        refresh_wake(server);
    }
done:
    end_feeding(making);
    snapshot_unref(making->rows);
    snapshot_unref(making->had);
    if (err != NULL && making->created && !making->placed) {
        struct object_def *made = catalogue_object_find(catalogue_of(server), making->def.database, making->def.name);
        err_free(made == NULL ? NULL : materialized_drop(server, made));
        object_def_unref(made);
    } else if (err != NULL && making->inner_made && !making->placed) {
        err_free(catalogue_drop_table(catalogue_of(server), making->inner.database, making->inner.name, true));
    }
    table_unref(making->base);
    table_unref(making->target);
    view_feed_unref(making->pending.feed);
    return err;
}

/* What has the name; *old: a view whose place is to be taken, a reference. */
static struct err *find_existing(struct making *making, bool *exists, struct object_def **old)
{
    struct err *err = NULL;
    const struct ast_create_table *create = &making->create;
    struct catalogue *catalogue = catalogue_of(making->execution->server);
    struct object_def *object = catalogue_object_find(catalogue, making->database_text, making->name);
    struct table *table = catalogue_table_find(catalogue, making->database_text, making->name);

    *exists = object != NULL || table != NULL;
    *old = NULL;
    bool view = object != NULL && (object->kind == OBJECT_MATERIALIZED || object->kind == OBJECT_VIEW);
    if (create->or_replace && view) {
        *old = object;
        object = NULL;
    } else if (*exists && create->or_replace) {
        err = err_new(ERR_TABLE_EXISTS,
                      "%s.%s is a %s, which CREATE OR REPLACE MATERIALIZED VIEW does not replace; "
                      "DROP it first",
                      making->database_text, making->name, object == NULL ? "table" : object_engine(object));
    } else if (*exists && !create->if_not_exists) {
        err = err_new(ERR_TABLE_EXISTS, "Table %s.%s already exists", making->database_text, making->name);
    }
    object_def_unref(object);
    table_unref(table);
    return err;
}

struct err *materialized_create(struct execution *execution, const struct ast_statement *statement)
{
    struct err *err = NULL;
    struct making making = {.execution = execution, .create = *statement->create_table};
    struct ast_create_table *create = &making.create;
    struct object_def *old = NULL;
    bool exists = false;

    OR_DONE(bind_name(execution->arena, &execution->bind, create->database, statement->database_parameter,
                      &create->database));
    OR_DONE(bind_name(execution->arena, &execution->bind, create->table, statement->name_parameter, &create->table));
    making.database = create->database.length == 0 ? execution->database : create->database;
    making.database_text = execution_text(execution, making.database);
    making.name = execution_text(execution, create->table);
    if (making.database_text == NULL || making.name == NULL) {
        return arena_error(execution->arena);
    }
    OR_DONE(find_existing(&making, &exists, &old));
    if (!exists || old != NULL) {
        making.old = old;
        err = make(&making);
    }
done:
    object_def_unref(old);
    return err;
}

struct err *materialized_make_again(struct execution *execution, const struct object_def *old,
                                    const struct ast_create_table *create)
{
    struct making making = {.execution = execution,
                            .create = *create,
                            .database = slice_text(old->database),
                            .database_text = old->database,
                            .name = old->name,
                            .old = old,
                            .keeps_rows = true};
    return make(&making);
}

/* Commits that feed another view with the old one's rows would have nothing to read. */
static struct err *check_no_readers(struct execution *execution, const struct object_def *old)
{
    struct err *err = NULL;
    struct view_feed **feeds;
    uint32_t count;
    OR_DONE(views_list(execution->server->store, execution->arena, &feeds, &count));
    for (uint32_t i = 0; i < count; i++) {
        if (strcmp(feeds[i]->from_database, old->database) == 0 && strcmp(feeds[i]->from_table, old->name) == 0) {
            err = err_new(ERR_DEPENDENT_OBJECTS,
                          "Cannot replace %s.%s by a VIEW: the materialized view %s.%s reads it; drop that one first",
                          old->database, old->name, feeds[i]->database, feeds[i]->name);
            goto done;
        }
    }
done:
    return err;
}

struct err *materialized_replace(struct execution *execution, const struct object_def *old,
                                 const struct object_def *def)
{
    struct err *err = NULL;
    struct catalogue *catalogue = catalogue_of(execution->server);
    struct making making = {
        .execution = execution, .database_text = old->database, .name = old->name, .old = old, .def = *def};
    uint8_t uuid[16];

    OR_DONE(check_no_readers(execution, old));
    catalogue_new_uuid(uuid);
    const char *hidden = materialized_hidden_name(execution->arena, uuid);
    if (hidden == NULL) {
        return arena_error(execution->arena);
    }
    OR_DONE(object_named_anew(execution->arena, def, old->database, hidden, &making.def));
    memcpy(making.def.uuid, uuid, sizeof uuid);
    OR_DONE(insert_log_flush(execution->server->store)); /* what was acknowledged goes to the table of TO */
    err = take_place(&making);
done:
    if (err != NULL && making.created && !making.placed) {
        struct object_def *made = catalogue_object_find(catalogue, making.def.database, making.def.name);
        err_free(made == NULL ? NULL : catalogue_drop_object(catalogue, made));
        object_def_unref(made);
    }
    return err;
}
