/*
 * mutate.c: DELETE FROM: a SELECT of the places of rows that meet the condition, and what storage makes of them.
 *
 * flow     ddl.c → here → sql/bind.h, query/execute.h (which rows) → storage/mutation.h
 * rows     those that are visible when the statement begins, also of heads; what comes later may be left. Subqueries
 *          see the tables as every SELECT does.
 */
#include "server/mutate.h"

#include "base/clock.h"
#include "base/interrupt.h"
#include "query/execute.h"
#include "query/storage_source.h"
#include "server/objects.h"
#include "sql/parser.h"
#include "sql/printer.h"
#include "storage/mutation.h"
#include "storage/snapshot.h"
#include "storage/table.h"

struct mutate {
    struct execution *execution;
    struct table *table;
    struct table_def *def;
    struct mutation *mutation;
    struct slice from;      /* `db`.`table` */
    struct slice condition; /* SQL text */
};

/* ---- the statement */

static bool has_array_join(const struct ast *node)
{
    bool found =
        node->kind == AST_FUNCTION && node->part_count > 0 && slice_equal(node->parts[0], slice_text("arrayJoin"));
    for (uint32_t i = 0; i < node->arguments.count && !found; i++) {
        found = has_array_join(node->arguments.items[i]);
    }
    return found;
}

/* "condition AND it is in the partition" */
static struct err *condition_text(struct mutate *mutate, const struct ast *where, struct slice partition)
{
    struct err *err = NULL;
    struct arena *arena = mutate->execution->arena;

    if (has_array_join(where)) {
        return err_new(ERR_UNEXPECTED_EXPRESSION, "arrayJoin is not allowed in mutations");
    }
    mutate->condition = ast_print(arena, where);
    if (mutate->condition.data == NULL) {
        return arena_error(arena);
    }
    bool whole =
        partition.data == NULL || (mutate->def->partition_by[0] == 0 && slice_equal(partition, slice_text("all")));
    if (!whole) {
        struct slice text = sql_string(arena, partition);
        const char *by = mutate->def->partition_by[0] == 0 ? "'all'" : mutate->def->partition_by;
        char *both = text.data == NULL ? NULL
                                       : arena_format(arena, "(%.*s) AND (toString(%s) = %.*s)",
                                                      SLICE_ARG(mutate->condition), by, SLICE_ARG(text));
        if (both == NULL) {
            return arena_error(arena);
        }
        mutate->condition = slice_text(both);
    }
    return err;
}

/* "SELECT … FROM the table …", bound; tables have the columns that say where a row is. */
static struct err *bind_text(struct mutate *mutate, char *text, struct query_plan *plan)
{
    struct err *err = NULL;
    struct execution *execution = mutate->execution;
    struct ast_statement *statement = NULL;
    struct bind_options bind = execution->bind;

    if (text == NULL) {
        return arena_error(execution->arena);
    }
    bind.text = slice_text(text);
    execution->places = true;
    OR_DONE(parse_query(execution->arena, bind.text, (uint32_t)bind.text.length + 1, &statement));
    err = bind_query(execution->arena, &bind, statement->query, plan);
done:
    execution->places = false;
    return err;
}

/* The condition must be one: UInt8, as for ClickHouse. */
static struct err *check_condition(struct mutate *mutate)
{
    struct err *err = NULL;
    struct arena *arena = mutate->execution->arena;
    struct query_plan plan;

    OR_DONE(bind_text(
        mutate, arena_format(arena, "SELECT %.*s FROM %.*s", SLICE_ARG(mutate->condition), SLICE_ARG(mutate->from)),
        &plan));
    const struct type *type = plan.plan->columns[0].type;
    if (type->kind != TYPE_UINT8 && type->kind != TYPE_BOOL && type->kind != TYPE_NOTHING) {
        err = err_new(ERR_ARGUMENT_TYPE, "the condition of DELETE is %.*s; it must be UInt8",
                      SLICE_ARG(type_name(arena, type)));
    }
done:
    return err;
}

/* Columns of the user's that are named as those that say where a row is would hide them. */
static struct err *check_names(const struct table_def *def)
{
    for (uint32_t i = 0; i < SCAN_PLACE_COUNT; i++) {
        if (table_column_find(def, slice_text(source_places[i])) >= 0) {
            return err_new(ERR_NOT_IMPLEMENTED, "DELETE from a table with a column %s is not supported",
                           source_places[i]);
        }
    }
    return NULL;
}

/* ---- rows */

static struct err *take_places(void *user, const struct chunk *chunk, bool *stop)
{
    struct err *err = NULL;
    struct mutate *mutate = user;
    const struct column *const *columns = (const struct column *const *)chunk->columns;
    (void)stop;
    for (uint32_t row = 0; row < chunk->row_count; row++) {
        uint64_t place[SCAN_PLACE_COUNT];
        for (uint32_t i = 0; i < SCAN_PLACE_COUNT; i++) {
            place[i] = *(const uint64_t *)column_value(columns[i], row);
        }
        OR_DONE(
            mutation_delete(mutate->mutation, place[SCAN_PLACE_PACK], place[SCAN_PLACE_OFFSET], place[SCAN_PLACE_ROW]));
    }
done:
    return err;
}

static struct err *run(struct mutate *mutate, const struct query_plan *plan, query_sink sink)
{
    struct execution *execution = mutate->execution;
    struct query_options options = {.budget = &execution->process->budget,
                                    .spill = &execution->server->spill,
                                    .limits = execution->settings.limits,
                                    .threads_max = (uint32_t)execution->settings.max_threads,
                                    .context = &execution->context};
    options.limits.max_result_rows = options.limits.max_result_bytes = 0; /* there is no result */
    return query_execute(plan, &options, &execution->process->progress, sink, mutate);
}

static struct err *delete_rows(struct mutate *mutate)
{
    struct err *err = NULL;
    struct execution *execution = mutate->execution;
    struct query_plan plan;
    uint64_t rows;
    uint32_t segments;

    OR_DONE(check_names(mutate->def));
    OR_DONE(check_condition(mutate));
    OR_DONE(mutation_begin(mutate->table, execution->arena, &mutate->mutation));
    OR_DONE(bind_text(mutate,
                      arena_format(execution->arena, "SELECT %s, %s, %s FROM %.*s WHERE %.*s", source_places[0],
                                   source_places[1], source_places[2], SLICE_ARG(mutate->from),
                                   SLICE_ARG(mutate->condition)),
                      &plan));
    OR_DONE(run(mutate, &plan, take_places));
    OR_DONE(mutation_commit(mutate->mutation, &rows, &segments));
    execution->summary.rows_written = rows;
done:
    mutation_end(mutate->mutation);
    mutate->mutation = NULL;
    return err;
}

/* ---- the table */

static struct err *refuse(struct execution *execution, struct slice database, struct slice name)
{
    struct slice shown = database.length == 0 ? execution->database : database;
    return err_new(ERR_BAD_ARGUMENTS, "DELETE query is not supported for table %.*s.%.*s", SLICE_ARG(shown),
                   SLICE_ARG(name));
}

static struct err *open_table(struct mutate *mutate, struct slice database, struct slice name)
{
    struct err *err = NULL;
    struct execution *execution = mutate->execution;
    struct object_def *object = NULL;

    if (execution_temporary(execution, database, name) != NULL) {
        return refuse(execution, database, name);
    }
    OR_DONE(object_named(execution, database, name, &object));
    if (object != NULL) {
        err = refuse(execution, database, name);
        goto done;
    }
    OR_DONE(execution_table(execution, database, name, &mutate->table));
    mutate->def = table_definition(mutate->table);
    if (mutate->def->internal) {
        err = refuse(execution, database, name);
        goto done;
    }
    struct slice quoted[2] = {sql_identifier(execution->arena, slice_text(mutate->def->database)),
                              sql_identifier(execution->arena, slice_text(mutate->def->name))};
    char *from = quoted[0].data == NULL || quoted[1].data == NULL
                     ? NULL
                     : arena_format(execution->arena, "%.*s.%.*s", SLICE_ARG(quoted[0]), SLICE_ARG(quoted[1]));
    if (from == NULL) {
        err = arena_error(execution->arena);
        goto done;
    }
    mutate->from = slice_text(from);
done:
    object_def_unref(object);
    return err;
}

struct err *execute_delete(struct execution *execution, const struct ast_statement *statement)
{
    struct err *err = NULL;
    struct mutate mutate = {.execution = execution};
    struct interrupt interrupt;
    struct slice database, name;
    uint64_t time_max_us = execution->settings.limits.max_execution_time_us;

    interrupt_begin_until(&interrupt, &execution->process->progress.cancelled,
                          time_max_us == 0 ? 0 : clock_monotonic_us() + time_max_us, time_max_us);
    OR_DONE(
        bind_name(execution->arena, &execution->bind, statement->database, statement->database_parameter, &database));
    OR_DONE(bind_name(execution->arena, &execution->bind, statement->name, statement->name_parameter, &name));
    OR_DONE(open_table(&mutate, database, name));
    OR_DONE(condition_text(&mutate, statement->where, statement->partition));
    err = delete_rows(&mutate);
done:
    err = interrupt_over(err);
    interrupt_end(&interrupt);
    table_def_unref(mutate.def);
    table_unref(mutate.table);
    return err;
}
