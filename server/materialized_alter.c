/*
 * materialized_alter.c: ALTER TABLE of a materialized view: MODIFY QUERY, MODIFY TTL, REMOVE TTL, MODIFY COMMENT.
 *
 * query    a view of ClickHouse's kind has the new SELECT over what is committed from then on: each row goes by one of
 *          the two, its own table stays. One that keeps states is made anew (materialized_make.c).
 * TTL      of its own table: table and view change in one commit
 * flow     alter.c → here
 */
#include "server/materialized_private.h"

#include "base/failpoint.h"
#include "server/expire.h"
#include "server/lateness.h"
#include "server/objects.h"
#include "server/refresh.h"
#include "sql/define_alter.h"
#include "sql/materialize.h"
#include "sql/printer.h"
#include "storage/insert.h"
#include "storage/retention.h"
#include "storage/snapshot.h"
#include "storage/table.h"

FAILPOINT(view_modify);   /* nothing has changed yet */
FAILPOINT(view_modified); /* the definition has, nobody was told */

static struct catalogue *catalogue_of(const struct execution *execution)
{
    return execution->server->store->catalogue;
}

static struct err *print(struct execution *execution, const struct ast_create_table *create, struct object_def *out)
{
    struct slice definition = ast_print_create_view(execution->arena, create);
    out->definition = definition.data;
    return definition.data == NULL ? arena_error(execution->arena) : NULL;
}

static struct err *at_failpoint(struct failpoint *failpoint)
{
    return failpoint_hit(failpoint) == FAILPOINT_NONE ? NULL
                                                      : err_new(ERR_IO, "the failpoint %s was hit", failpoint->name);
}

/* ---- MODIFY QUERY */

static struct err *check_columns(struct execution *execution, const struct materialized *view,
                                 const struct object_def *altered)
{
    struct err *err = NULL;
    struct table *target = NULL;
    const char *database = execution_text(execution, view->to_database);
    const char *table = execution_text(execution, view->to_table);
    if (database == NULL || table == NULL) {
        return arena_error(execution->arena);
    }
    OR_DONE(catalogue_table(catalogue_of(execution), database, table, &target));
    err = materialized_check_columns(execution, altered, target);
done:
    table_unref(target);
    return err;
}

/* The object gets another definition, and commits go by it. */
static struct err *alter_object(struct execution *execution, const struct object_def *altered)
{
    struct err *err = NULL;
    OR_DONE(at_failpoint(&failpoint_view_modify));
    OR_DONE(materialized_rename(execution->server, altered));
    (void)failpoint_hit(&failpoint_view_modified);
    refresh_wake(execution->server);
done:
    return err;
}

static struct err *modify_query(struct execution *execution, const struct object_def *def,
                                const struct materialized *view, const struct ast_alter *action)
{
    struct err *err = NULL;
    struct ast_create_table create;
    struct materialized changed;
    struct object_def altered = *def;
    struct view_feed *feed = NULL;

    if (def->stopped[0] != 0) {
        return err_new(ERR_VIEW_STOPPED,
                       "the materialized view %s.%s misses rows since it stopped (%s): another SELECT does not bring "
                       "them; CREATE OR REPLACE MATERIALIZED VIEW makes it anew",
                       def->database, def->name, def->stopped);
    }
    create = *view->create;
    create.as_select = action->query;
    OR_DONE(lateness_pretend(execution, &create, &execution->pretended));
    if (execution->pretended != NULL) { /* is it a SELECT for this view? */
        OR_DONE(materialized_with_select(execution->arena, &execution->bind, view, action->query, &create, &changed));
        snapshot_unref(execution->pretended);
        execution->pretended = NULL;
        create = *view->create;
        create.as_select = action->query;
    }
    OR_DONE(lateness_record(execution, &create));
    OR_DONE(materialized_with_select(execution->arena, &execution->bind, view, action->query, &create, &changed));
    if (view->states != changed.states) {
        err =
            err_new(ERR_NOT_IMPLEMENTED,
                    view->states ? "%s.%s keeps the states of aggregate functions, and the SELECT has none: CREATE OR "
                                   "REPLACE MATERIALIZED VIEW makes it anew"
                                 : "%s.%s keeps rows, and with the aggregates of this SELECT it would keep states: "
                                   "CREATE OR REPLACE MATERIALIZED VIEW makes it anew",
                    def->database, def->name);
        goto done;
    }
    if (view->states) {
        create.columns = NULL; /* of the new SELECT */
        create.column_count = 0;
        err = materialized_make_again(execution, def, &create);
        goto done;
    }
    OR_DONE(print(execution, &create, &altered));
    OR_DONE(view->to_table.length == 0 ? NULL : check_columns(execution, view, &altered));
    OR_DONE(materialized_feed_of(execution->server, &altered, &feed));
    if (feed != NULL) {
        OR_DONE(materialized_check_base(execution, feed));
        OR_DONE(insert_log_flush(execution->server->store)); /* what was acknowledged goes by the old SELECT */
    }
    err = alter_object(execution, &altered);
done:
    snapshot_unref(execution->pretended);
    execution->pretended = NULL;
    view_feed_unref(feed);
    return err;
}

/* ---- MODIFY TTL, REMOVE TTL */

static struct err *modify_ttl(struct execution *execution, const struct object_def *def,
                              const struct materialized *view, const struct ast_alter *action)
{
    struct err *err = NULL;
    struct table *table = NULL;
    struct table_def *current = NULL, next;
    struct object_def altered = *def;
    struct ast_create_table create = *view->create;
    bool changed = false;

    if (view->to_table.length > 0) {
        return err_new(ERR_BAD_ARGUMENTS,
                       "Engine MaterializedView doesn't support TTL clause: the rows of %s.%s are those of %.*s.%.*s; "
                       "ALTER TABLE that one",
                       def->database, def->name, SLICE_ARG(view->to_database), SLICE_ARG(view->to_table));
    }
    const char *inner = materialized_inner_name(execution->arena, def->uuid);
    if (inner == NULL) {
        return arena_error(execution->arena);
    }
    OR_DONE(catalogue_table(catalogue_of(execution), def->database, inner, &table));
    current = table_definition(table);
    OR_DONE(define_alter(execution->arena, &execution->bind, current, action, 1, &next, &changed));
    if (!changed) {
        goto done;
    }
    create.ttl = action->kind == AST_ALTER_REMOVE_TTL ? NULL : action->ttl;
    create.ttl_count = action->kind == AST_ALTER_REMOVE_TTL ? 0 : action->ttl_count;
    OR_DONE(print(execution, &create, &altered));
    OR_DONE(at_failpoint(&failpoint_view_modify));
    const struct catalogue_renamed together[] = {{&next, NULL}, {NULL, &altered}};
    OR_DONE(catalogue_rename_together(catalogue_of(execution), together, 2, false));
    (void)failpoint_hit(&failpoint_view_modified);
    OR_DONE(materialized_sync(execution->server));
    OR_DONE(table_refresh_expiry(table, NULL));
    OR_DONE(table_drop_due(table));
    err = action->kind == AST_ALTER_MODIFY_TTL ? expire_now(execution, table, NULL, false) : NULL;
done:
    table_def_unref(current);
    table_unref(table);
    return err;
}

static struct err *modify_comment(struct execution *execution, const struct object_def *def,
                                  const struct materialized *view, const struct ast_alter *action)
{
    struct err *err = NULL;
    struct object_def altered = *def;
    struct ast_create_table create = *view->create;

    create.comment = action->text;
    altered.comment = arena_text(execution->arena, action->text);
    if (altered.comment == NULL) {
        return arena_error(execution->arena);
    }
    OR_DONE(print(execution, &create, &altered));
    err = alter_object(execution, &altered);
done:
    return err;
}

struct err *materialized_alter(struct execution *execution, const struct object_def *def,
                               const struct ast_statement *statement)
{
    struct err *err = NULL;
    const struct ast_alter *action = &statement->alters[0];
    struct materialized view;

    if (statement->alter_count > 1) {
        err = err_new(ERR_NOT_IMPLEMENTED,
                      "several actions in one ALTER of the materialized view %s.%s; say them one by one", def->database,
                      def->name);
        goto done;
    }
    OR_DONE(materialized_of(execution->arena, slice_text(def->definition), &view));
    switch (action->kind) {
    case AST_ALTER_MODIFY_REFRESH:
        return refresh_alter(execution, def, statement);
    case AST_ALTER_MODIFY_QUERY:
        return modify_query(execution, def, &view, action);
    case AST_ALTER_MODIFY_TTL:
    case AST_ALTER_REMOVE_TTL:
        return modify_ttl(execution, def, &view, action);
    case AST_ALTER_MODIFY_COMMENT:
        return modify_comment(execution, def, &view, action);
    default:
        err = object_refuse(def, "Alter");
    }
done:
    return err;
}
