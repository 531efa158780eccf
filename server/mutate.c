/*
 * mutate.c: DELETE and UPDATE: a SELECT of the places of rows that meet the condition (and of their new values), and
 * what storage makes of them.
 *
 * flow     ddl.c → here → sql/bind.h, query/execute.h (which rows) → storage/mutation.h
 * rows     those that are visible when the statement begins, also of heads; what comes later may be left. Subqueries
 *          see the tables as every SELECT does.
 */
#include "server/access_query.h"
#include "server/changed_rows.h"
#include "server/mutate.h"

#include "base/clock.h"
#include "base/interrupt.h"
#include "base/text.h"
#include "query/execute.h"
#include "query/storage_source.h"
#include "server/mutation_log.h"
#include "server/objects.h"
#include "sql/column_names.h"
#include "sql/define_engine.h"
#include "sql/parser.h"
#include "sql/printer.h"
#include "storage/mutation.h"
#include "storage/snapshot.h"
#include "storage/table.h"

#include <inttypes.h>

struct mutate {
    struct execution *execution;
    struct table *table;
    struct table_def *def;
    struct changed_rows rows;
    struct slice from;                        /* `db`.`table` */
    struct slice condition;                   /* SQL text */
    const struct ast_assignment *assignments; /* UPDATE */
    uint32_t assignment_count;
    uint64_t row_count; /* deleted or changed */
    uint32_t segments;
    bool by_chance;  /* the condition may say something else the next time */
    bool any_number; /* ALTER … DELETE: what WHERE takes is a condition */
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
    bind.final = false;    /* rows as they are stored, */
    bind.filter_count = 0; /* all of them */
    bind.result_filter = (struct slice){0};

    if (text == NULL) {
        return arena_error(execution->arena);
    }
    bind.text = slice_text(text);
    execution->places = true;
    OR_DONE(parse_query(execution->arena, bind.text, (uint32_t)bind.text.length + 1, &statement));
    err = access_bind(execution, &bind, statement->query, slice_text(mutate->def->database),
                      slice_text(mutate->def->name), plan); /* other tables that the condition reads */
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
    struct function_marks marks = {0}, *before = mutate->execution->context.marks;

    mutate->execution->context.marks = &marks;
    err = bind_text(mutate,
                    arena_format(arena, "SELECT %.*s FROM %.*s", SLICE_ARG(mutate->condition), SLICE_ARG(mutate->from)),
                    &plan);
    mutate->execution->context.marks = before;
    if (err != NULL) {
        goto done;
    }
    mutate->by_chance = marks.is_volatile;
    const struct type *type = plan.plan->columns[0].type;
    bool good = type->kind == TYPE_UINT8 || type->kind == TYPE_BOOL || type->kind == TYPE_NOTHING;
    if (!good && !mutate->any_number) {
        err = err_new(ERR_ARGUMENT_TYPE, "the condition is %.*s; it must be UInt8", SLICE_ARG(type_name(arena, type)));
    }
done:
    return err;
}

/* Columns of the user's that are named as those that say where a row is would hide them. */
static struct err *check_names(const struct table_def *def)
{
    for (uint32_t i = 0; i < SCAN_PLACE_COUNT; i++) {
        if (table_column_find(def, slice_text(source_places[i])) >= 0) {
            return err_new(ERR_NOT_IMPLEMENTED, "DELETE and UPDATE in a table with a column %s are not supported",
                           source_places[i]);
        }
    }
    return NULL;
}

/* ---- rows */

static struct err *take_places(void *user, const struct chunk *chunk, bool *stop)
{
    const struct mutate *mutate = user;
    (void)stop;
    return changed_rows_delete(&mutate->rows, chunk);
}

static struct err *take_changed(void *user, const struct chunk *chunk, bool *stop)
{
    const struct mutate *mutate = user;
    (void)stop;
    return changed_rows_replace(&mutate->rows, chunk);
}

static struct err *take_segments(void *user, const struct chunk *chunk, bool *stop)
{
    struct mutate *mutate = user;
    (void)stop;
    return changed_rows_note_whole(&mutate->rows, chunk);
}

static struct err *run(struct mutate *mutate, const struct query_plan *plan, query_sink sink)
{
    struct execution *execution = mutate->execution;
    struct query_options options = {.budget = &execution->process->budget,
                                    .spill = &execution->server->spill,
                                    .limits = execution->settings.limits,
                                    .threads_max = (uint32_t)execution->settings.max_threads,
                                    .context = &execution->context};
    if (mutation_keeps_order(mutate->rows.mutation)) {
        options.threads_max = 1; /* segment by segment */
    }
    options.limits.max_result_rows = options.limits.max_result_bytes = 0; /* there is no result */
    return query_execute(plan, &options, &execution->process->progress, sink, mutate);
}

/* ---- UPDATE */

static const struct ast_assignment *assignment_of(const struct mutate *mutate, const char *name)
{
    for (uint32_t i = 0; i < mutate->assignment_count; i++) {
        if (slice_equal(mutate->assignments[i].name, slice_text(name))) {
            return &mutate->assignments[i];
        }
    }
    return NULL;
}

static struct err *key_names(struct arena *arena, const char *key, struct slice name, bool *found)
{
    struct ast *expression = NULL;
    struct err *err = key == NULL || key[0] == 0 ? NULL : parse_expression_text(arena, slice_text(key), &expression);
    return err == NULL ? column_names_find(arena, expression, name, slice_text(""), found) : err;
}

/* Each column is there, once, and no key; a MATERIALIZED one is not set, nor does it follow one that is. */
static struct err *check_assignments(const struct mutate *mutate)
{
    struct err *err = NULL;
    struct arena *arena = mutate->execution->arena;
    const struct table_def *def = mutate->def;

    for (uint32_t i = 0; i < mutate->assignment_count; i++) {
        struct slice name = mutate->assignments[i].name;
        bool is_key = false;
        int column = table_column_find(def, name);
        if (column < 0) {
            err = err_new(ERR_NO_SUCH_COLUMN, "There is no column `%.*s` in table.", SLICE_ARG(name));
            goto done;
        }
        OR_DONE(key_names(arena, def->partition_by, name, &is_key));
        for (uint32_t k = 0; k < def->order_by_count; k++) {
            OR_DONE(key_names(arena, def->order_by[k], name, &is_key));
        }
        if (is_key || engine_orders_by(def, name)) {
            err = err_new(ERR_CANNOT_UPDATE_COLUMN, "Cannot UPDATE key column `%.*s`", SLICE_ARG(name));
            goto done;
        }
        if (def->columns[column].default_kind >= COLUMN_DEFAULT_MATERIALIZED) {
            err = err_new(ERR_CANNOT_UPDATE_COLUMN, "Cannot UPDATE materialized column `%.*s`", SLICE_ARG(name));
            goto done;
        }
        if (&mutate->assignments[i] != assignment_of(mutate, def->columns[column].name)) {
            err = err_new(ERR_MULTIPLE_ASSIGNMENTS, "Multiple assignments in the single statement to column `%.*s`",
                          SLICE_ARG(name));
            goto done;
        }
        if (has_array_join(mutate->assignments[i].expression)) {
            err = err_new(ERR_UNEXPECTED_EXPRESSION, "arrayJoin is not allowed in mutations");
            goto done;
        }
        for (uint32_t k = 0; k < def->column_count && !is_key; k++) {
            if (def->columns[k].default_kind == COLUMN_DEFAULT_MATERIALIZED) {
                OR_DONE(key_names(arena, def->columns[k].default_text, name, &is_key));
            }
        }
        if (is_key) {
            err = err_new(ERR_NOT_IMPLEMENTED, "UPDATE of `%.*s` is not supported: a MATERIALIZED column depends on it",
                          SLICE_ARG(name));
            goto done;
        }
    }
done:
    return err;
}

/* ", column, CAST(expression, 'type'), …": all columns of changed rows, hidden ones too. NULL: memory is out. */
static char *changed_columns(const struct mutate *mutate)
{
    struct arena *arena = mutate->execution->arena;
    const struct table_def *def = mutate->def;
    char *all = arena_format(arena, "%s", "");

    for (uint32_t i = 0; all != NULL && i < def->column_count; i++) {
        const struct ast_assignment *assignment = assignment_of(mutate, def->columns[i].name);
        struct slice name = sql_identifier(arena, slice_text(def->columns[i].name));
        struct slice value = assignment == NULL ? name : ast_print(arena, assignment->expression);
        struct slice type = sql_string(arena, type_name(arena, def->columns[i].type));
        if (value.data == NULL || type.data == NULL) {
            return NULL;
        }
        if (assignment == NULL) {
            all = arena_format(arena, "%s, %.*s", all, SLICE_ARG(name));
        } else if (mutate->rows.whole.length == 0) {
            all = arena_format(arena, "%s, CAST(%.*s, %.*s)", all, SLICE_ARG(value), SLICE_ARG(type));
        } else {
            all = arena_format(arena, "%s, CAST(if(%.*s, CAST(%.*s, %.*s), %.*s), %.*s)", all,
                               SLICE_ARG(mutate->condition), SLICE_ARG(value), SLICE_ARG(type), SLICE_ARG(name),
                               SLICE_ARG(type));
        }
    }
    for (uint32_t i = 0; all != NULL && i < COLUMN_HIDDEN_COUNT; i++) {
        all = arena_format(arena, "%s, %s", all, hidden_column_name((enum hidden_column)i));
    }
    return all;
}

static struct err *work(struct mutate *mutate)
{
    struct err *err = NULL;
    struct execution *execution = mutate->execution;
    struct query_plan plan;
    bool changes = mutate->assignment_count > 0;
    const char *columns = "";

    mutate->rows = (struct changed_rows){.table = mutate->table, .def = mutate->def, .arena = execution->arena};
    struct budget *budget = &execution->process->budget;
    OR_DONE(execution->settings.mutations_change_views
                ? mutation_begin_with_views(mutate->table, execution->arena, budget, &mutate->rows.mutation)
                : mutation_begin(mutate->table, execution->arena, budget, &mutate->rows.mutation));
    if (mutation_def(mutate->rows.mutation)->schema_version != mutate->def->schema_version) {
        err = err_new(ERR_ABORTED, "the table was altered meanwhile; nothing was changed");
        goto done;
    }
    if (changes && mutation_keeps_order(mutate->rows.mutation)) {
        if (mutate->by_chance) { /* it is computed twice */
            err = err_new(ERR_NOT_IMPLEMENTED,
                          "UPDATE of a table whose engine combines rows, with a condition that is not the "
                          "same each time it is computed (rand(), …), is not supported");
            goto done;
        }
        OR_DONE(bind_text(mutate, changed_rows_select_whole(&mutate->rows, mutate->from, mutate->condition), &plan));
        OR_DONE(run(mutate, &plan, take_segments));
    }
    if (changes && (columns = changed_columns(mutate)) == NULL) {
        err = arena_error(execution->arena);
        goto done;
    }
    char *also = changed_rows_or_whole(&mutate->rows);
    if (also == NULL) {
        err = arena_error(execution->arena);
        goto done;
    }
    OR_DONE(bind_text(mutate,
                      arena_format(execution->arena, "SELECT %s, %s, %s%s FROM %.*s WHERE (%.*s)%s", source_places[0],
                                   source_places[1], source_places[2], columns, SLICE_ARG(mutate->from),
                                   SLICE_ARG(mutate->condition), also),
                      &plan));
    OR_DONE(run(mutate, &plan, changes ? take_changed : take_places));
    OR_DONE(mutation_commit(mutate->rows.mutation, &mutate->row_count, &mutate->segments));
    execution->summary.rows_written = mutate->row_count;
done:
    mutation_end(mutate->rows.mutation);
    mutate->rows.mutation = NULL;
    buffer_deinit(&mutate->rows.whole);
    return err;
}

/* "UPDATE a = 1 WHERE b"; data NULL: memory is out. */
static struct slice command_text(const struct mutate *mutate)
{
    struct arena *arena = mutate->execution->arena;
    char *text = arena_format(arena, "%s", mutate->assignment_count == 0 ? "DELETE" : "UPDATE");
    for (uint32_t i = 0; text != NULL && i < mutate->assignment_count; i++) {
        struct slice name = sql_identifier(arena, mutate->assignments[i].name);
        struct slice value = ast_print(arena, mutate->assignments[i].expression);
        text =
            name.data == NULL || value.data == NULL
                ? NULL
                : arena_format(arena, "%s%s %.*s = %.*s", text, i == 0 ? "" : ",", SLICE_ARG(name), SLICE_ARG(value));
    }
    text = text == NULL ? NULL : arena_format(arena, "(%s WHERE %.*s)", text, SLICE_ARG(mutate->condition));
    return text == NULL ? (struct slice){0} : slice_text(text);
}

static struct err *change_rows(struct mutate *mutate)
{
    struct err *err = NULL;
    struct server *server = mutate->execution->server;

    OR_DONE(check_names(mutate->def));
    OR_DONE(check_assignments(mutate));
    OR_DONE(check_condition(mutate));
    struct slice command = command_text(mutate);
    if (command.data == NULL) {
        err = arena_error(mutate->execution->arena);
        goto done;
    }
    uint64_t number = mutation_log_begin(server, mutate->def, command, mutate->execution->process->query_id);
    err = interrupt_over(work(mutate));
    mutation_log_end(server, number, mutate->row_count, mutate->segments, err);
done:
    return err;
}

/* ---- the table */

static struct err *refuse(struct execution *execution, struct slice database, struct slice name)
{
    struct slice shown = database.length == 0 ? execution->database : database;
    return err_new(ERR_BAD_ARGUMENTS, "DELETE query is not supported for table %.*s.%.*s", SLICE_ARG(shown),
                   SLICE_ARG(name));
}

/* The definition, and the table as text. False: memory is out. */
static bool name_table(struct mutate *mutate)
{
    struct arena *arena = mutate->execution->arena;
    mutate->def = table_definition(mutate->table);
    struct slice quoted[2] = {sql_identifier(arena, slice_text(mutate->def->database)),
                              sql_identifier(arena, slice_text(mutate->def->name))};
    char *from = quoted[0].data == NULL || quoted[1].data == NULL
                     ? NULL
                     : arena_format(arena, "%.*s.%.*s", SLICE_ARG(quoted[0]), SLICE_ARG(quoted[1]));
    mutate->from = slice_text(from == NULL ? "" : from);
    return from != NULL;
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
    if (!name_table(mutate)) {
        err = arena_error(execution->arena);
        goto done;
    }
    if (mutate->def->internal) {
        err = refuse(execution, database, name);
    }
done:
    object_def_unref(object);
    return err;
}

/* Ends with KILL QUERY and max_execution_time. */
static struct err *mutate_within(struct mutate *mutate, const struct ast *where, struct slice partition)
{
    struct err *err = NULL;
    struct execution *execution = mutate->execution;
    struct interrupt interrupt;
    uint64_t time_max_us = execution->settings.limits.max_execution_time_us;

    interrupt_begin_until(&interrupt, &execution->process->progress.cancelled,
                          time_max_us == 0 ? 0 : clock_monotonic_us() + time_max_us, time_max_us);
    err = condition_text(mutate, where, partition);
    if (err == NULL) {
        err = change_rows(mutate);
    }
    err = interrupt_over(err);
    interrupt_end(&interrupt);
    return err;
}

struct err *execute_delete(struct execution *execution, const struct ast_statement *statement)
{
    struct err *err = NULL;
    struct mutate mutate = {.execution = execution};
    struct slice database, name;

    OR_DONE(
        bind_name(execution->arena, &execution->bind, statement->database, statement->database_parameter, &database));
    OR_DONE(bind_name(execution->arena, &execution->bind, statement->name, statement->name_parameter, &name));
    OR_DONE(open_table(&mutate, database, name));
    err = mutate_within(&mutate, statement->where, statement->partition);
done:
    table_def_unref(mutate.def);
    table_unref(mutate.table);
    return err;
}

struct err *execute_alter_mutation(struct execution *execution, struct table *table, const struct ast_alter *action)
{
    struct mutate mutate = {.execution = execution,
                            .table = table,
                            .assignments = action->assignments,
                            .assignment_count = action->assignment_count,
                            .any_number = action->kind == AST_ALTER_DELETE};
    struct err *err =
        name_table(&mutate) ? mutate_within(&mutate, action->expression, action->text) : arena_error(execution->arena);
    table_def_unref(mutate.def);
    return err;
}
