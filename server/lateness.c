/*
 * lateness.c: see lateness.h.
 *
 * column   an ordinary one, MATERIALIZED 0, which sources fill (ingest/event_time.c). So what was decided about a row when
 *          it came is stored with it, by the commit that brings it, and goes where it goes: merges, mutations, backups,
 *          other tables. A segment whose rows all came in time has it as a constant.
 * when     it is added before the view is bound: a source connects anew with the table's next definition, and from there
 *          on says how late its rows are. Before that the view is bound to a table that has no rows and would have the
 *          column (lateness_pretend), so that a statement that is refused leaves the table as it is.
 */
#include "server/lateness.h"

#include "server/access.h"
#include "server/alter.h"
#include "server/materialized.h"
#include "sql/define_alter.h"
#include "sql/materialize.h"
#include "sql/parser.h"
#include "sql/printer.h"
#include "storage/combining.h"
#include "storage/table.h"
#include "storage/views.h"

#include <string.h>

static struct err *check_table(struct execution *execution, const struct table_def *def)
{
    struct err *err = NULL;
    struct view_feed **feeds;
    uint32_t count = 0;
    enum combining_kind kind;

    if (engine_combines(def->engine, &kind)) {
        return err_new(ERR_NOT_IMPLEMENTED,
                       "ALLOWED LATENESS or window_state() of rows of %s.%s: its engine makes one row of several, of "
                       "which none says how "
                       "late it came; use ENGINE = MergeTree",
                       def->database, def->name);
    }
    OR_DONE(views_list(execution->server->store, execution->arena, &feeds, &count));
    for (uint32_t i = 0; i < count; i++) {
        if (strcmp(feeds[i]->target_database, def->database) == 0 && strcmp(feeds[i]->target_table, def->name) == 0) {
            err = err_new(ERR_NOT_IMPLEMENTED,
                          "ALLOWED LATENESS or window_state() of rows of %s.%s: they are what the materialized view "
                          "%s.%s makes of others; "
                          "write it there",
                          def->database, def->name, feeds[i]->database, feeds[i]->name);
            goto done;
        }
    }
    if (table_column_find(def, slice_text(TABLE_LATENESS)) >= 0 && table_lateness_column(def) < 0) {
        err = err_new(ERR_BAD_ARGUMENTS,
                      "ALLOWED LATENESS or window_state(): the column " TABLE_LATENESS
                      " of %s.%s must be UInt64 MATERIALIZED 0, so that sources fill it",
                      def->database, def->name);
        goto done;
    }
    if (table_time_column(def) < 0) {
        err = err_new(ERR_BAD_ARGUMENTS,
                      "ALLOWED LATENESS or window_state(): %s.%s has no column of time, so none of its rows is late",
                      def->database, def->name);
    }
done:
    return err;
}

/* ALTER TABLE … ADD COLUMN _lateness. */
static struct err *read_alter(struct execution *execution, const struct table_def *def, struct ast_statement **out)
{
    struct err *err = NULL;
    const struct right_on on = {
        .database = slice_text(def->database), .table = slice_text(def->name), .column = slice_text(TABLE_LATENESS)};
    struct slice database = sql_identifier(execution->arena, on.database);
    struct slice name = sql_identifier(execution->arena, on.table);

    OR_DONE(access_check(execution->access, PRIVILEGE(MAY_ADD_COLUMN), on));
    char *text = database.data == NULL || name.data == NULL
                     ? NULL
                     : arena_format(execution->arena,
                                    "ALTER TABLE %.*s.%.*s ADD COLUMN IF NOT EXISTS " TABLE_LATENESS
                                    " UInt64 MATERIALIZED 0 COMMENT 'microseconds'",
                                    SLICE_ARG(database), SLICE_ARG(name));
    if (text == NULL) {
        return arena_error(execution->arena);
    }
    err = parse_query(execution->arena, slice_text(text), (uint32_t)strlen(text) + 1, out);
done:
    return err;
}

/* The table whose rows are to say how late they come, a reference; *out NULL: there is none, or they say so already. */
static struct err *find_table(struct execution *execution, const struct ast_create_table *create, struct table **out)
{
    struct err *err = NULL;
    struct materialized view;
    struct table *table = NULL;
    struct table_def *def = NULL;

    *out = NULL;
    OR_DONE(materialized_parts(create, &view));
    if (!view.asks_lateness) {
        goto done;
    }
    const char *database =
        execution_text(execution, view.base_database.length == 0 ? execution->database : view.base_database);
    const char *name = execution_text(execution, view.base_table);
    if (database == NULL || name == NULL) {
        err = arena_error(execution->arena);
        goto done;
    }
    table = catalogue_table_find(execution->server->store->catalogue, database, name);
    if (table == NULL) { /* a view's, or binding says what it is */
        bool states = false;
        OR_DONE(materialized_table(execution, database, name, false, &states, &table));
    }
    if (table == NULL) {
        goto done;
    }
    def = table_definition(table);
    OR_DONE(check_table(execution, def));
    if (table_lateness_column(def) < 0) {
        *out = table; /* moved */
        table = NULL;
    }
done:
    table_def_unref(def);
    table_unref(table);
    return err;
}

struct err *lateness_pretend(struct execution *execution, const struct ast_create_table *create, struct snapshot **out)
{
    struct err *err = NULL;
    struct table *table = NULL;
    struct table_def *def = NULL, next;
    struct ast_statement *statement = NULL;
    bool changed = false;

    *out = NULL;
    OR_DONE(find_table(execution, create, &table));
    if (table != NULL) {
        def = table_definition(table);
        OR_DONE(read_alter(execution, def, &statement));
        OR_DONE(define_alter(execution->arena, &execution->bind, def, statement->alters, statement->alter_count, &next,
                             &changed));
        err = views_pretend(table, &next, out);
    }
done:
    table_def_unref(def);
    table_unref(table);
    return err;
}

struct err *lateness_record(struct execution *execution, const struct ast_create_table *create)
{
    struct err *err = NULL;
    struct table *table = NULL;
    struct table_def *def = NULL;
    struct ast_statement *statement = NULL;

    OR_DONE(find_table(execution, create, &table));
    if (table != NULL) {
        def = table_definition(table);
        OR_DONE(read_alter(execution, def, &statement));
        err = alter_definition(execution, table, statement);
    }
done:
    table_def_unref(def);
    table_unref(table);
    return err;
}
