/*
 * refresh.c: see refresh.h: the list of views, the threads, CREATE's and ALTER's part, SYSTEM … VIEW.
 *
 * flow     a thread → catalogue (which views), refresh_when.c (which is due) → refresh_run.c
 * owns     what is known of each view but its last refresh, which the catalogue has
 * locks    refreshes->lock for its fields, for moments; what ends a refresh wakes all who wait
 */
#include "server/refresh.h"

#include "base/clock.h"
#include "base/interrupt.h"
#include "base/log.h"
#include "base/metrics.h"
#include "base/pool.h"
#include "server/access_query.h"
#include "server/materialized.h"
#include "server/objects.h"
#include "server/refresh_private.h"
#include "server/server.h"
#include "sql/materialize.h"
#include "sql/printer.h"
#include "storage/ledger.h"
#include "storage/views.h"

#include <stdlib.h>
#include <string.h>

#define LOOK_US ((uint64_t)1000000) /* for views that were made otherwise: RESTORE */
#define WAIT_US ((uint64_t)100000)  /* who waits looks whether it was cancelled */

METRIC_COUNTER(refreshes_done, "weir_view_refreshes_total", "refreshes of materialized views that ended well");
METRIC_COUNTER(refreshes_failed, "weir_view_refresh_failures_total", "refreshes of materialized views that failed");

/* ---- which views there are */

static struct err *parse(const struct object_def *def, struct refreshed_view *view)
{
    struct err *err = NULL;
    struct arena *arena = arena_create(NULL);
    struct materialized parts;
    struct refresh_schedule schedule = {0};

    if (arena == NULL) {
        return err_oom();
    }
    OR_DONE(materialized_of(arena, slice_text(def->definition), &parts));
    const struct ast_refresh *refresh = parts.create->refresh;
    OR_DONE(refresh == NULL ? NULL : refresh_schedule_of(refresh, &schedule));
    arena_destroy(view->arena);
    view->arena = arena;
    arena = NULL;
    view->version = def->version;
    view->failures = 0; /* another schedule begins anew */
    view->refreshable = refresh != NULL;
    view->schedule = schedule;
    view->empty = parts.create->empty;
    view->append = refresh != NULL && refresh->append;
    view->depends = refresh == NULL ? NULL : refresh->depends;
    view->depend_count = refresh == NULL ? 0 : refresh->depend_count;
done:
    arena_destroy(arena);
    return err;
}

static void forget(struct refreshed_view *view)
{
    if (view != NULL) {
        arena_destroy(view->arena);
        free(view);
    }
}

/* Under the lock. */
static struct err *note(struct refreshes *refreshes, const struct object_def *def)
{
    struct err *err = NULL;
    struct refreshed_view *view = refresh_find(refreshes, def->id), *added = NULL;
    if (view == NULL && refreshes->count == refreshes->capacity) {
        uint32_t capacity = refreshes->capacity == 0 ? 8 : refreshes->capacity * 2;
        struct refreshed_view **grown = realloc(refreshes->views, capacity * sizeof(struct refreshed_view *));
        if (grown == NULL) {
            return err_oom();
        }
        refreshes->views = grown;
        refreshes->capacity = capacity;
    }
    if (view == NULL) {
        view = added = calloc(1, sizeof(*view));
        if (view == NULL) {
            return err_oom();
        }
        view->id = def->id;
        memcpy(&view->chance, def->uuid, sizeof(view->chance));
    }
    if (view->version != def->version && !view->running) { /* an attempt ends by what it began with */
        OR_DONE(parse(def, view));
    }
    if (added != NULL) {
        refreshes->views[refreshes->count++] = added;
        added = NULL;
    }
    view->there = true;
done:
    forget(added);
    return err;
}

struct err *refresh_look(struct refreshes *refreshes)
{
    struct err *err = NULL;
    struct arena *arena = arena_create(NULL);
    struct object_def **objects = NULL;
    uint32_t count = 0, kept = 0;

    if (arena == NULL) {
        return err_oom();
    }
    lock_take(&refreshes->lock); /* an older list does not come behind a newer one */
    err = catalogue_objects(refreshes->server->store->catalogue, arena, &objects, &count);
    for (uint32_t i = 0; i < refreshes->count; i++) {
        refreshes->views[i]->there = false;
    }
    for (uint32_t i = 0; i < count && err == NULL; i++) {
        err = objects[i]->kind == OBJECT_MATERIALIZED ? note(refreshes, objects[i]) : NULL;
    }
    for (uint32_t i = 0; err == NULL && i < refreshes->count; i++) {
        struct refreshed_view *view = refreshes->views[i];
        if (view->there || view->running || view->leaves) {
            refreshes->views[kept++] = view;
        } else {
            forget(view);
        }
    }
    refreshes->count = err == NULL ? kept : refreshes->count;
    lock_give(&refreshes->lock);
    arena_destroy(arena);
    return err;
}

/* ---- the threads */

/* What one attempt is of. */
struct attempt {
    struct refreshed_view *view; /* stays while it runs */
    struct object_def *def;      /* a reference */
    int64_t slot_us;
};

/* Takes the view that is due first; *wait_us: until one is, when none is yet (attempt->def NULL). */
static struct err *choose(struct refreshes *refreshes, struct attempt *attempt, uint64_t *wait_us)
{
    struct err *err = NULL;
    struct arena *arena = arena_create(NULL);
    struct object_def **objects = NULL;
    uint32_t count = 0;
    int64_t first = INT64_MAX, now = clock_wall_us();

    *attempt = (struct attempt){0};
    *wait_us = LOOK_US;
    if (arena == NULL) {
        return err_oom();
    }
    lock_take(&refreshes->lock);
    err = catalogue_objects(refreshes->server->store->catalogue, arena, &objects, &count);
    for (uint32_t i = 0; err == NULL && i < count; i++) {
        struct refreshed_view *view = refresh_find(refreshes, objects[i]->id);
        int64_t slot = 0;
        bool missing = false;
        if (view == NULL) {
            continue;
        }
        int64_t due = refresh_due_us(refreshes, view, objects[i], now, &slot);
        if (due >= first || (due <= now && refresh_waits_for(refreshes, view, objects[i], slot, &missing) != NULL)) {
            continue;
        }
        first = due;
        *attempt = (struct attempt){view, objects[i], slot};
    }
    if (attempt->view != NULL && first <= now && !atomic_load(&refreshes->stopping)) {
        struct refreshed_view *view = attempt->view;
        attempt->def = object_def_ref(attempt->def);
        view->running = true;
        view->wanted = false;
        view->tried_us = now;
        memset(&view->progress, 0, sizeof(view->progress));
    } else {
        *attempt = (struct attempt){0};
        *wait_us =
            first != INT64_MAX && first > now && (uint64_t)(first - now) < LOOK_US ? (uint64_t)(first - now) : LOOK_US;
    }
    lock_give(&refreshes->lock);
    arena_destroy(arena);
    return err;
}

static void run_attempt(struct refreshes *refreshes, const struct attempt *attempt)
{
    struct refreshed_view *view = attempt->view;
    const struct object_def *def = attempt->def;
    struct view_refreshed refreshed = {.object_id = def->id, .slot_us = attempt->slot_us, .began_us = clock_wall_us()};
    uint64_t rows = 0;
    struct err *err = refresh_run(refreshes, view, def, &refreshed, &rows);

    lock_take(&refreshes->lock);
    view->running = false;
    view->attempts++;
    view->tried_us = clock_wall_us();
    view->failures = err == NULL ? 0 : view->failures + 1;
    view->rows = err == NULL ? rows : view->rows;
    int64_t wait = err == NULL ? -1 : refresh_retry_us(&view->schedule, view->failures);
    if (err_code(err) == ERR_QUERY_CANCELLED || wait < 0) { /* what somebody cancelled is not tried again */
        view->done_slot_us = attempt->slot_us;
        view->done_us = view->tried_us;
        view->failures = 0;
    } else {
        view->retry_us = view->tried_us + wait;
    }
    slice_copy(view->reason, sizeof(view->reason), slice_text(err == NULL ? "" : err_message(err)));
    condition_broadcast(&refreshes->changed);
    lock_give(&refreshes->lock);
    if (err == NULL) {
        metric_add(&metric_refreshes_done, 1);
    } else {
        metric_add(&metric_refreshes_failed, 1);
        LOG_WARNING("view_refresh", LOG_TEXT("database", def->database), LOG_TEXT("view", def->name), LOG_ERR(err));
    }
    err_free(err);
}

static void *run(void *object)
{
    struct refreshes *refreshes = object;
    while (!atomic_load(&refreshes->stopping)) {
        uint64_t wait_us = LOOK_US;
        struct attempt attempt;
        struct err *err = refresh_look(refreshes);
        err_keep_first(&err, choose(refreshes, &attempt, &wait_us));
        if (err != NULL) { /* memory, or a definition that nobody can read */
            LOG_ERROR("view_refresh", LOG_ERR(err));
            err_free(err);
        }
        if (attempt.def != NULL) {
            run_attempt(refreshes, &attempt);
            object_def_unref(attempt.def);
            continue;
        }
        lock_take(&refreshes->lock);
        if (!atomic_load(&refreshes->stopping)) {
            (void)condition_wait_for(&refreshes->changed, &refreshes->lock, wait_us);
        }
        lock_give(&refreshes->lock);
    }
    return NULL;
}

struct err *refresh_start(struct server *server)
{
    struct err *err = NULL;
    struct refreshes *refreshes = calloc(1, sizeof(*refreshes));
    if (refreshes == NULL) {
        return err_oom();
    }
    refreshes->server = server;
    lock_init(&refreshes->lock, LOCK_REFRESH);
    condition_init(&refreshes->changed);
    server->refreshes = refreshes;
    for (uint32_t i = 0; i < REFRESH_THREADS && err == NULL; i++) {
        err = thread_start(&refreshes->threads[i], "refresh", run, refreshes);
        refreshes->started += err == NULL;
    }
    return err;
}

void refresh_stop(struct server *server)
{
    struct refreshes *refreshes = server->refreshes;
    if (refreshes == NULL) {
        return;
    }
    lock_take(&refreshes->lock);
    atomic_store(&refreshes->stopping, true);
    for (uint32_t i = 0; i < refreshes->count; i++) {
        query_cancel(&refreshes->views[i]->progress);
    }
    condition_broadcast(&refreshes->changed);
    lock_give(&refreshes->lock);
    for (uint32_t i = 0; i < refreshes->started; i++) {
        (void)pthread_join(refreshes->threads[i], NULL);
    }
    for (uint32_t i = 0; i < refreshes->count; i++) {
        forget(refreshes->views[i]);
    }
    lock_deinit(&refreshes->lock);
    free(refreshes->views);
    free(refreshes);
    server->refreshes = NULL;
}

void refresh_wake(struct server *server)
{
    if (server->refreshes != NULL) {
        lock_take(&server->refreshes->lock);
        condition_broadcast(&server->refreshes->changed);
        lock_give(&server->refreshes->lock);
    }
}

/* ---- DROP */

void refresh_drop_begin(struct server *server, uint64_t id)
{
    struct refreshes *refreshes = server->refreshes;
    if (refreshes == NULL) {
        return;
    }
    lock_take(&refreshes->lock);
    struct refreshed_view *view = refresh_find(refreshes, id);
    if (view != NULL) {
        view->leaves = true;
        query_cancel(&view->progress);
    }
    while (view != NULL && view->running) {
        condition_wait(&refreshes->changed, &refreshes->lock);
    }
    lock_give(&refreshes->lock);
}

void refresh_drop_end(struct server *server, uint64_t id)
{
    struct refreshes *refreshes = server->refreshes;
    if (refreshes == NULL) {
        return;
    }
    lock_take(&refreshes->lock);
    struct refreshed_view *view = refresh_find(refreshes, id);
    if (view != NULL) {
        view->leaves = false;
    }
    condition_broadcast(&refreshes->changed);
    lock_give(&refreshes->lock);
}

/* ---- CREATE, ALTER */

/* Names that the view DEPENDS ON get their database. */
static struct err *qualify(struct ast_refresh *refresh, struct slice database, struct slice own_database,
                           struct slice own_name)
{
    for (uint32_t i = 0; i < refresh->depend_count; i++) {
        struct ast_depends *depends = &refresh->depends[i];
        depends->database = depends->database.length == 0 ? database : depends->database;
        if (slice_equal(depends->database, own_database) && slice_equal(depends->name, own_name)) {
            return err_new(ERR_BAD_ARGUMENTS, "the view %.*s DEPENDS ON itself", SLICE_ARG(own_name));
        }
    }
    return NULL;
}

struct err *refresh_check_new(struct execution *execution, struct ast_create_table *create, struct slice database)
{
    struct err *err = NULL;
    struct slice user = access_session_user(execution->access);
    bool server = execution->access == access_everything(execution->server->access);
    struct slice self = create->database.length == 0 ? database : create->database;

    OR_DONE(qualify(create->refresh, execution->database, self, create->table));
    if (create->definer.length == 0) {
        create->definer = server ? (struct slice){0} : user;
    } else if (!slice_equal(create->definer, user) &&
               !access_may(execution->access, PRIVILEGES_ALL, (struct right_on){0})) {
        err = err_new(ERR_ACCESS_DENIED,
                      "DEFINER = %.*s: only who may do everything makes a view that runs with another user's rights",
                      SLICE_ARG(create->definer));
        goto done;
    }
    if (create->to_table.length > 0 && !create->refresh->append) {
        const struct right_on to = {.database = create->to_database.length == 0 ? database : create->to_database,
                                    .table = create->to_table};
        err = access_check(execution->access, PRIVILEGE(MAY_TRUNCATE), to);
    }
done:
    return err;
}

struct err *refresh_check_target(struct execution *execution, const char *database, const char *table)
{
    struct err *err = NULL;
    struct view_feed **feeds;
    uint32_t count = 0;
    OR_DONE(views_list(execution->server->store, execution->arena, &feeds, &count));
    for (uint32_t i = 0; i < count; i++) {
        if (strcmp(feeds[i]->base_database, database) == 0 && strcmp(feeds[i]->base_table, table) == 0) {
            err =
                err_new(ERR_VIEW_QUERY,
                        "REFRESH cannot replace the rows of %s.%s: the materialized view %s.%s reads what comes to it; "
                        "APPEND, or drop that view",
                        database, table, feeds[i]->database, feeds[i]->name);
            goto done;
        }
    }
done:
    return err;
}

struct err *refresh_replaces(struct execution *execution, const char *database, const char *table, bool *replaces)
{
    struct err *err = NULL;
    struct object_def **objects = NULL;
    struct materialized view;
    uint32_t count = 0;

    *replaces = false;
    OR_DONE(catalogue_objects(execution->server->store->catalogue, execution->arena, &objects, &count));
    for (uint32_t i = 0; i < count && !*replaces; i++) {
        if (objects[i]->kind != OBJECT_MATERIALIZED) {
            continue;
        }
        OR_DONE(materialized_of(execution->arena, slice_text(objects[i]->definition), &view));
        const struct ast_refresh *refresh = view.create->refresh;
        struct slice to_database = view.to_database, to_table = view.to_table;
        if (to_table.length == 0) {
            const char *inner = materialized_inner_name(execution->arena, objects[i]->uuid);
            if (inner == NULL) {
                return arena_error(execution->arena);
            }
            to_database = slice_text(objects[i]->database);
            to_table = slice_text(inner);
        }
        *replaces = refresh != NULL && !refresh->append && slice_equal(to_database, slice_text(database)) &&
                    slice_equal(to_table, slice_text(table));
    }
done:
    return err;
}

struct err *refresh_alter(struct execution *execution, const struct object_def *def,
                          const struct ast_statement *statement)
{
    struct err *err = NULL;
    struct materialized view;
    struct ast_refresh *refresh = statement->alters[0].refresh;
    struct refresh_schedule schedule;

    if (statement->alter_count > 1) {
        err = err_new(ERR_NOT_IMPLEMENTED, "MODIFY REFRESH together with other actions; say them one by one");
        goto done;
    }
    OR_DONE(materialized_of(execution->arena, slice_text(def->definition), &view));
    if (view.create->refresh == NULL) {
        err = err_new(ERR_INCORRECT_QUERY,
                      "MODIFY REFRESH is not supported by %s.%s: it is kept with its table, not refreshed",
                      def->database, def->name);
        goto done;
    }
    if (refresh->append != view.create->refresh->append) {
        err = err_new(ERR_NOT_IMPLEMENTED,
                      "MODIFY REFRESH cannot add or remove APPEND; drop the view and create it again");
        goto done;
    }
    OR_DONE(refresh_schedule_of(refresh, &schedule));
    OR_DONE(qualify(refresh, execution->database, slice_text(def->database), slice_text(def->name)));
    struct ast_create_table create = *view.create;
    create.refresh = refresh;
    struct object_def altered = *def;
    struct slice definition = ast_print_create_view(execution->arena, &create);
    if (definition.data == NULL) {
        err = arena_error(execution->arena);
        goto done;
    }
    altered.definition = definition.data;
    OR_DONE(materialized_rename(execution->server, &altered));
    refresh_wake(execution->server);
done:
    return err;
}

/* ---- SYSTEM */

/* Is an attempt going on, or about to begin? Under the lock. */
static bool is_busy(const struct refreshes *refreshes, struct refreshed_view *view, const struct object_def *def)
{
    int64_t slot = 0, now = clock_wall_us();
    bool missing;
    if (view->running || view->wanted) {
        return true;
    }
    return view->failures == 0 && refresh_due_us(refreshes, view, def, now, &slot) <= now &&
           refresh_waits_for(refreshes, view, def, slot, &missing) == NULL;
}

static struct err *wait_for(struct refreshes *refreshes, const struct object_def *given)
{
    struct err *err = NULL;
    struct catalogue *catalogue = refreshes->server->store->catalogue;
    lock_take(&refreshes->lock);
    struct refreshed_view *view = refresh_find(refreshes, given->id);
    /* the one that runs, and the one that was asked for behind it */
    uint64_t attempts = view == NULL ? 0 : view->attempts + (view->running && view->wanted ? 2 : 1);
    while (err == NULL && view != NULL && view->attempts < attempts) {
        struct object_def *def = catalogue_object_find(catalogue, given->database, given->name);
        bool busy = view->running || (def != NULL && def->id == given->id && is_busy(refreshes, view, def));
        object_def_unref(def);
        if (!busy) {
            break;
        }
        (void)condition_wait_for(&refreshes->changed, &refreshes->lock, WAIT_US);
        view = refresh_find(refreshes, given->id);
        err = atomic_load(&refreshes->stopping) ? err_new(ERR_QUERY_CANCELLED, "the server stops") : interrupt_check();
    }
    if (err == NULL && view == NULL) {
        err = err_new(ERR_UNKNOWN_TABLE, "the view %s.%s was dropped meanwhile", given->database, given->name);
    } else if (err == NULL && view->reason[0] != 0) {
        err = err_new(ERR_REFRESH_FAILED, "Refresh failed: %s", view->reason);
    }
    lock_give(&refreshes->lock);
    return err;
}

static struct err *for_all(struct refreshes *refreshes, bool stops)
{
    lock_take(&refreshes->lock);
    refreshes->all_stopped = stops;
    for (uint32_t i = 0; i < refreshes->count; i++) {
        struct refreshed_view *view = refreshes->views[i];
        if (stops && view->running) {
            query_cancel(&view->progress);
        }
        view->stopped = stops && view->stopped;
    }
    condition_broadcast(&refreshes->changed);
    lock_give(&refreshes->lock);
    return NULL;
}

struct err *refresh_system(struct execution *execution, const struct ast_statement *statement)
{
    struct err *err = NULL;
    struct refreshes *refreshes = execution->server->refreshes;
    struct object_def *def = NULL;
    struct slice database, name, verb = statement->like;

    OR_DONE(statement_names(execution, statement, &database, &name));
    bool stops = slice_is_word(verb, "STOP"), starts = slice_is_word(verb, "START");
    if (name.length == 0) {
        return for_all(refreshes, stops);
    }
    OR_DONE(object_named(execution, database, name, &def));
    OR_DONE(refresh_look(refreshes));
    lock_take(&refreshes->lock);
    struct refreshed_view *view = def == NULL ? NULL : refresh_find(refreshes, def->id);
    if (view == NULL || !view->refreshable) {
        lock_give(&refreshes->lock);
        err = err_new(def == NULL ? ERR_UNKNOWN_TABLE : ERR_BAD_ARGUMENTS, "Refreshable view %.*s doesn't exist",
                      SLICE_ARG(name));
        goto done;
    }
    if (stops || starts) {
        view->stopped = stops;
    } else if (slice_is_word(verb, "REFRESH")) {
        view->wanted = true;
        view->retry_us = 0;
        view->failures = 0;
    }
    if ((stops || slice_is_word(verb, "CANCEL")) && view->running) {
        query_cancel(&view->progress);
    }
    condition_broadcast(&refreshes->changed);
    lock_give(&refreshes->lock);
    if (slice_is_word(verb, "WAIT")) {
        err = wait_for(refreshes, def);
    }
done:
    object_def_unref(def);
    return err;
}
