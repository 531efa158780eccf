/*
 * refresh_run.c: one refresh of a view: its SELECT with the rights of its DEFINER, and the commit of the rows.
 *
 * flow     refresh.c → here → materialized_fold.c (SELECT, columns) → storage/insert.h
 * order    the SELECT's rows are sorted and written to packs while it runs; then one ledger commit takes the old
 *          segments out, puts the new ones in and says which moment of the schedule they are of
 * failure  before that commit nothing has changed: packs without a commit are removed, also after a crash
 */
#include "base/clock.h"
#include "base/failpoint.h"
#include "base/interrupt.h"
#include "base/log.h"
#include "server/access.h"
#include "server/materialized_private.h"
#include "server/refresh_private.h"
#include "sql/materialize.h"
#include "storage/insert.h"
#include "storage/ledger.h"
#include "storage/table.h"

FAILPOINT(view_refresh);           /* before the SELECT */
FAILPOINT(view_refresh_commit);    /* its rows are all there, nothing is committed */
FAILPOINT(view_refresh_committed); /* the commit is durable, nobody was told */

static struct err *at_failpoint(struct failpoint *failpoint)
{
    return failpoint_hit(failpoint) == FAILPOINT_NONE ? NULL
                                                      : err_new(ERR_IO, "the failpoint %s was hit", failpoint->name);
}

static struct err *take_chunk(void *user, const struct chunk *chunk)
{
    struct err *err = NULL;
    struct insert *insert = user;
    OR_DONE(builder_append(insert_builder(insert), chunk, NULL));
    err = insert_poll(insert);
done:
    return err;
}

/* Without interruption: what is committed is. */
static struct err *finish(struct insert *insert, struct insert_result *result)
{
    struct interrupt interrupt;
    interrupt_begin(&interrupt, NULL);
    struct err *err = insert_finish(insert, result);
    interrupt_end(&interrupt);
    return err;
}

struct err *refresh_run(struct refreshes *refreshes, struct refreshed_view *known, const struct object_def *def,
                        struct view_refreshed *refreshed, uint64_t *rows)
{
    struct err *err = NULL;
    struct server *server = refreshes->server;
    struct arena *arena = arena_create(NULL);
    struct access_session *access = NULL;
    struct table *target = NULL;
    struct insert *insert = NULL;
    struct insert_result result = {0};
    struct materialized view;
    struct slice query;
    struct interrupt interrupt;

    interrupt_begin(&interrupt, &known->progress.cancelled);
    if (arena == NULL) {
        err = err_oom();
        goto done;
    }
    OR_DONE(at_failpoint(&failpoint_view_refresh));
    OR_DONE(materialized_of(arena, slice_text(def->definition), &view));
    OR_DONE(materialized_feed(arena, &view, &query));
    bool to = view.to_table.length > 0;
    const char *database = to ? arena_text(arena, view.to_database) : def->database;
    const char *table = to ? arena_text(arena, view.to_table) : materialized_inner_name(arena, def->uuid);
    if (database == NULL || table == NULL) {
        err = arena_error(arena);
        goto done;
    }
    if (view.create->definer.length > 0) {
        OR_DONE(access_session_of(server->access, view.create->definer, &access));
    }
    if (access != NULL && to) {
        const struct right_on on = {.database = view.to_database, .table = view.to_table};
        OR_DONE(access_check(access, PRIVILEGE(MAY_INSERT), on));
        OR_DONE(view.create->refresh->append ? NULL : access_check(access, PRIVILEGE(MAY_TRUNCATE), on));
    }
    OR_DONE(catalogue_table(server->store->catalogue, database, table, &target));
    const struct insert_options options = {.budget = &server->ingest_budget,
                                           .combine = true,
                                           .replaces = !view.create->refresh->append,
                                           .refreshed = refreshed};
    OR_DONE(insert_begin(target, &options, &insert));
    const struct view_feed feed = {.database = def->database, .name = def->name};
    struct fold_query fold = {.feed = &feed,
                              .text = query,
                              .target = target,
                              .def = insert_def(insert),
                              .access = access,
                              .progress = &known->progress};
    OR_DONE(materialized_run(server->materialized, &fold, take_chunk, insert));
    OR_DONE(interrupt_check());
    OR_DONE(at_failpoint(&failpoint_view_refresh_commit));
    struct insert *all = insert;
    insert = NULL;
    OR_DONE(finish(all, &result));
    (void)failpoint_hit(&failpoint_view_refresh_committed);
    *rows = result.rows;
    refreshed->ended_us = clock_wall_us();
    struct err *told = catalogue_object_refreshed(server->store->catalogue, refreshed);
    if (told != NULL) { /* memory: the schedule knows of itself, and the ledger when the server starts */
        LOG_ERROR("view_refresh", LOG_TEXT("database", def->database), LOG_TEXT("view", def->name), LOG_ERR(told));
        err_free(told);
    }
done:
    err = interrupt_over(err);
    insert_abort(insert);
    interrupt_end(&interrupt);
    table_unref(target);
    access_session_unref(access);
    arena_destroy(arena);
    return err_while(err, "refreshing the materialized view %s.%s", def->database, def->name);
}
