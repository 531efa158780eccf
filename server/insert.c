/*
 * insert.c: INSERT … VALUES, FORMAT, SELECT: rows of a body or a query into one storage insert.
 *
 * flow     execute.c → here → format/reader.h → storage/insert.h
 */
#include "base/interrupt.h"
#include "base/metrics.h"
#include "format/reader.h"
#include "format/writer.h"
#include "server/access_query.h"
#include "server/async_insert.h"
#include "server/execute.h"
#include "server/materialized.h"
#include "server/objects.h"

#include "storage/insert.h"

#include <stdlib.h>

METRIC_COUNTER(inserts, "weir_inserts_total", "INSERT statements that are stored");
METRIC_COUNTER(rows, "weir_inserted_rows_total", "rows of INSERT statements");
METRIC_COUNTER(bytes, "weir_inserted_bytes_total", "bytes of INSERT statements' bodies");

/* Which builder columns the INSERT's columns go to, in their order. */
struct target {
    uint32_t *columns;
    uint32_t count;
};

/* Does an INSERT that names no columns give it? */
static bool is_given(const struct column_def *column)
{
    return column->default_kind == COLUMN_DEFAULT_NONE || column->default_kind == COLUMN_DEFAULT_DEFAULT;
}

/* The column of that name among those of the INSERT's rows; their number: there is none. */
static uint32_t find_input(const struct table_def *def, struct slice name)
{
    uint32_t i = 0, count = table_input_count(def);
    while (i < count && (table_input_column(def, i)->default_kind == COLUMN_DEFAULT_ALIAS ||
                         !slice_equal(name, slice_text(table_input_column(def, i)->name)))) {
        i++;
    }
    return i;
}

static struct err *add_column(const struct table_def *def, struct target *target, uint32_t column)
{
    for (uint32_t k = 0; k < target->count; k++) {
        if (target->columns[k] == column) {
            return err_new(ERR_DUPLICATE_COLUMN, "column %s stands twice in the INSERT",
                           table_input_column(def, column)->name);
        }
    }
    target->columns[target->count++] = column;
    return NULL;
}

static struct err *find_target(struct execution *execution, const struct ast_insert *insert,
                               const struct table_def *def, struct target *target)
{
    struct err *err = NULL;
    target->columns = ARENA_ARRAY(execution->arena, uint32_t, table_input_count(def));
    if (target->columns == NULL) {
        return arena_error(execution->arena);
    }
    bool named = insert->column_count > 0 && !insert->all_except;
    for (uint32_t k = 0; named && k < insert->column_count; k++) {
        uint32_t found = find_input(def, insert->columns[k]);
        if (found == table_input_count(def)) {
            return err_new(ERR_NO_SUCH_COLUMN, "There is no column %.*s in table %s.%s", SLICE_ARG(insert->columns[k]),
                           def->database, def->name);
        }
        if (table_input_column(def, found)->default_kind == COLUMN_DEFAULT_MATERIALIZED) {
            return err_new(ERR_ILLEGAL_COLUMN, "Cannot insert column %.*s, because it is MATERIALIZED column",
                           SLICE_ARG(insert->columns[k]));
        }
        OR_DONE(add_column(def, target, found));
    }
    for (uint32_t k = 0; !named && k < def->column_count; k++) {
        bool except = false;
        for (uint32_t e = 0; insert->all_except && e < insert->column_count; e++) {
            except |= slice_equal(insert->columns[e], slice_text(def->columns[k].name));
        }
        if (!except && is_given(&def->columns[k])) {
            OR_DONE(add_column(def, target, k));
        }
    }
done:
    return err;
}

/* ---- from text */

/* An INSERT between the pieces of its data. */
struct insert_data {
    struct table *table;
    struct insert *insert;
    struct temporary *temporary; /* instead of a table; the session holds it */
    struct builder *builder;     /* of its rows */
    bool *omitted;               /* columns that they do not give, in the execution's arena */
    struct reader *reader;
    bool blocks;          /* they come as the transport's blocks */
    uint64_t bytes_taken; /* of a row that has not ended, in the ingest budget */
    struct slice query;   /* the statement without its data; data NULL: they come from a query */
    struct slice format;
};

static const struct table_def *def_of(const struct insert_data *data)
{
    return data->temporary != NULL ? temporary_def(data->temporary) : insert_def(data->insert);
}

static struct builder *builder_of(const struct insert_data *data)
{
    return data->temporary != NULL ? data->builder : insert_builder(data->insert);
}

static struct err *poll_insert(const struct insert_data *data)
{
    return data->temporary != NULL ? NULL : insert_poll(data->insert);
}

/* All rows or none. */
static struct err *store_temporary(struct execution *execution, struct insert_data *data)
{
    uint64_t before = temporary_rows(data->temporary);
    struct err *err = temporary_take(data->temporary, data->builder, data->omitted, &execution->process->budget);
    execution->summary.rows_written = err == NULL ? temporary_rows(data->temporary) - before : 0;
    return err;
}

/* What the INSERT does not name, so that a Nested of which it names some parts is filled up. */
static struct err *omit_columns(struct execution *execution, const struct target *target, struct insert_data *data)
{
    uint32_t count = table_input_count(def_of(data));
    data->omitted = ARENA_ARRAY(execution->arena, bool, count + 1U);
    if (data->omitted == NULL) {
        return arena_error(execution->arena);
    }
    memset(data->omitted, true, count);
    for (uint32_t k = 0; k < target->count; k++) {
        data->omitted[target->columns[k]] = false;
    }
    for (uint32_t i = 0; i < count && data->temporary == NULL; i++) {
        if (data->omitted[i]) {
            insert_omit(data->insert, i);
        }
    }
    return NULL;
}

static struct err *open_reader(struct execution *execution, const struct ast_insert *ast, const struct target *target,
                               struct insert_data *data)
{
    const struct table_def *def = def_of(data);
    struct reader_column *columns = ARENA_ARRAY(execution->arena, struct reader_column, target->count);
    if (columns == NULL) {
        return arena_error(execution->arena);
    }
    for (uint32_t k = 0; k < target->count; k++) {
        const struct column_def *column = table_input_column(def, target->columns[k]);
        columns[k] = (struct reader_column){slice_text(column->name), column->type, target->columns[k]};
    }
    struct reader_options options = {.zone = execution->context.zone,
                                     .settings = &execution->settings.format,
                                     .budget = &execution->process->budget,
                                     .evaluate = insert_evaluate,
                                     .in_parts = true,
                                     .user = execution};
    struct slice format = ast->kind == AST_INSERT_VALUES ? slice_text("Values") : ast->format;
    if (data->blocks) {
        options.native_revision = execution_client_revision(execution);
        format = slice_text("Native");
    }
    data->format = format;
    return reader_create(format, columns, target->count, table_input_count(def), &options, &data->reader);
}

/* Is there nothing behind the statement? */
static bool is_blank(struct slice text)
{
    const char *at = text.length == 0 ? NULL : text_skip_space(text.data, slice_end(text));
    while (at != NULL && at < slice_end(text) && *at == ';') {
        at = text_skip_space(at + 1, slice_end(text));
    }
    return at == NULL || at == slice_end(text);
}

/* As ClickHouse describes a table's columns in its protocol. */
static struct err *describe_columns(const struct table_def *def, struct arena *arena, struct buffer *out)
{
    static const char *const kinds[] = {"", "DEFAULT", "MATERIALIZED", "ALIAS", "EPHEMERAL"};
    buffer_printf(out, "columns format version: 1\n%u columns:\n", def->column_count);
    for (uint32_t i = 0; i < def->column_count; i++) {
        const struct column_def *column = &def->columns[i];
        struct slice type = type_name(arena, column->type);
        if (type.data == NULL) {
            return arena_error(arena);
        }
        buffer_char(out, '`');
        for (const char *at = column->name; *at != 0; at++) {
            buffer_text(out, *at == '`' || *at == '\\' ? "\\" : "");
            buffer_char(out, *at);
        }
        buffer_text(out, "` ");
        buffer_slice(out, type);
        if (column->default_kind != COLUMN_DEFAULT_NONE) {
            buffer_printf(out, "\t%s\t%s", kinds[column->default_kind], column->default_text);
        }
        buffer_char(out, '\n');
    }
    return out->failed ? err_oom() : NULL;
}

/* Tells the client what blocks it may send. */
static struct err *ask_for_blocks(struct execution *execution, const struct table_def *def, const struct target *target)
{
    struct err *err = NULL;
    struct buffer about = {0};
    struct writer_column *columns = ARENA_ARRAY(execution->arena, struct writer_column, target->count);
    if (columns == NULL) {
        return arena_error(execution->arena);
    }
    for (uint32_t k = 0; k < target->count; k++) {
        const struct column_def *column = table_input_column(def, target->columns[k]);
        columns[k] = (struct writer_column){slice_text(column->name), column->type};
    }
    OR_DONE(describe_columns(def, execution->arena, &about));
    OR_DONE(request_want_rows(execution->request, buffer_all(&about)));
    err = execute_sample(execution, columns, target->count);
done:
    buffer_deinit(&about);
    return err;
}

/* A row that has not ended is kept by the reader: it counts as ingest's memory. */
static struct err *charge_rest(struct execution *execution, struct insert_data *data)
{
    struct budget *budget = &execution->server->ingest_budget;
    uint64_t bytes = reader_rest_bytes(data->reader);
    if (bytes > data->bytes_taken && !budget_take(budget, bytes - data->bytes_taken)) {
        return budget_error(budget, bytes - data->bytes_taken);
    }
    if (bytes < data->bytes_taken) {
        budget_give(budget, data->bytes_taken - bytes);
    }
    data->bytes_taken = bytes;
    return NULL;
}

static void count_stored(struct execution *execution, const struct insert_result *result)
{
    execution->summary.rows_written = result->duplicate ? 0 : result->rows;
    metric_add(&metric_inserts, 1);
    metric_add(&metric_rows, execution->summary.rows_written);
    metric_add(&metric_bytes, execution->summary.bytes_written);
}

static struct err *store(struct execution *execution)
{
    struct err *err = NULL;
    struct insert_result result = {0};
    struct insert_data *data = execution->insert;
    if (data->temporary != NULL) {
        return store_temporary(execution, data);
    }
    struct insert *insert = data->insert;
    const struct async_insert_data about = {insert_def(insert), data->query, data->format};
    data->insert = NULL; /* moved */
    struct interrupt interrupt;
    interrupt_begin(&interrupt, NULL); /* from here on it is stored, or fails for reasons of its own */
    err = data->query.data != NULL && execution->settings.async_insert
              ? async_insert_store(execution, insert, &about, &result)
              : insert_finish(insert, &result);
    interrupt_end(&interrupt);
    if (err == NULL && execution->queued == NULL) {
        count_stored(execution, &result);
    }
    return err;
}

struct err *insert_queued_step(struct execution *execution, bool *waits)
{
    struct insert_result result = {0};
    struct err *err = async_insert_continue(execution, &result, waits);
    if (err == NULL && !*waits) {
        count_stored(execution, &result);
    }
    return err;
}

static struct err *feed(struct execution *execution, struct slice bytes)
{
    struct err *err = NULL;
    struct insert_data *data = execution->insert;
    execution->summary.bytes_written += bytes.length;
    err = reader_feed(data->reader, builder_of(data), bytes, execution->body_end);
    if (err != NULL && data->temporary == NULL) {
        async_insert_unreadable(execution, &(struct async_insert_data){def_of(data), data->query, data->format}, err);
    }
    OR_DONE(err);
    OR_DONE(charge_rest(execution, data));
    err = poll_insert(data);
done:
    return err;
}

/* What comes; at the end also what the reader has kept for later, each part after what was before it is taken away. */
static struct err *feed_all(struct execution *execution, struct slice bytes)
{
    struct err *err = feed(execution, bytes);
    while (err == NULL && execution->body_end && reader_more(execution->insert->reader)) {
        err = feed(execution, slice_text(""));
    }
    return err;
}

struct err *insert_data_step(struct execution *execution)
{
    struct err *err = NULL;
    OR_DONE(feed_all(execution, execution->piece.length == 0 ? slice_text("") : buffer_all(&execution->piece)));
    execution->piece.length = 0;
    if (execution->body_end) {
        err = store(execution);
    }
done:
    return err;
}

void insert_data_abort(struct execution *execution)
{
    struct insert_data *data = execution->insert;
    execution->insert = NULL;
    if (data == NULL) {
        return;
    }
    reader_destroy(data->reader);
    builder_destroy(data->builder);
    insert_abort(data->insert);
    table_unref(data->table);
    if (data->bytes_taken > 0) {
        budget_give(&execution->server->ingest_budget, data->bytes_taken);
    }
    free(data);
}

/* ---- from a query */

struct insert_sink {
    struct execution *execution;
    const struct insert_data *data;
    const struct target *target;
};

static struct err *append_chunk(void *user, const struct chunk *chunk, bool *stop)
{
    struct err *err = NULL;
    struct insert_sink *sink = user;
    const struct table_def *def = def_of(sink->data);
    (void)stop;
    struct arena *arena = arena_create(&sink->execution->process->budget);
    struct chunk *row_chunk = arena == NULL ? NULL : chunk_new(arena, table_input_count(def), chunk->row_count);
    if (row_chunk == NULL) {
        err = arena == NULL ? err_oom() : arena_error(arena);
        goto done;
    }
    for (uint32_t k = 0; k < sink->target->count; k++) {
        uint32_t column = sink->target->columns[k];
        OR_DONE(function_cast(arena, &sink->execution->context, chunk->columns[k],
                              table_input_column(def, column)->type, &row_chunk->columns[column]));
    }
    if (sink->data->temporary != NULL) {
        err = temporary_append(sink->data->temporary, arena, row_chunk, NULL);
        goto done;
    }
    OR_DONE(table_fill_defaults(sink->data->table, def, arena, row_chunk, NULL));
    OR_DONE(builder_append(builder_of(sink->data), row_chunk, NULL));
    err = poll_insert(sink->data);
done:
    arena_destroy(arena);
    return err;
}

static struct err *insert_query(struct execution *execution, const struct insert_data *data,
                                const struct ast_insert *ast, const struct target *target)
{
    struct err *err = NULL;
    struct query_plan plan;
    struct insert_sink sink = {execution, data, target};
    const struct table_def *def = def_of(data);
    uint64_t before = data->temporary == NULL ? 0 : temporary_rows(data->temporary);
    OR_DONE(execution_bind(execution, ast->select, &plan));
    if (plan.plan->column_count != target->count) {
        return err_new(ERR_COLUMN_COUNT,
                       "Number of columns doesn't match: the query gives %u, the table %s.%s takes %u",
                       plan.plan->column_count, def->database, def->name, target->count);
    }
    struct query_options options = {.budget = &execution->process->budget,
                                    .spill = &execution->server->spill,
                                    .limits = execution->settings.limits,
                                    .partial_cache = execution_partial_cache(execution),
                                    .threads_max = (uint32_t)execution->settings.max_threads,
                                    .context = &execution->context};
    options.limits.max_result_rows = options.limits.max_result_bytes = 0; /* of what is sent, not of what is stored */
    err = query_execute(&plan, &options, &execution->process->progress, append_chunk, &sink);
    if (data->temporary != NULL && err != NULL) {
        temporary_rollback(data->temporary, before);
    } else if (data->temporary != NULL) {
        execution->summary.rows_written = temporary_rows(data->temporary) - before;
    }
done:
    return err;
}

/* Finds what the name means, and begins to take rows for it. */
static struct err *begin_insert(struct execution *execution, struct insert_data *data, struct slice database,
                                struct slice name)
{
    struct err *err = NULL;
    struct object_def *object = NULL;

    data->temporary = execution_temporary(execution, database, name);
    if (data->temporary != NULL) {
        return temporary_builder(data->temporary, &execution->process->budget, &data->builder);
    }
    OR_DONE(object_named(execution, database, name, &object));
    bool states = false;
    if (object != NULL && object->kind == OBJECT_MATERIALIZED) { /* as into the table whose rows are the view's */
        OR_DONE(materialized_table(execution, object->database, object->name, false, &states, &data->table));
    }
    if (object != NULL && (data->table == NULL || states)) {
        err = object_refuse(object, states ? "INSERT into a view that keeps states" : "Method write");
        goto done;
    }
    if (data->table == NULL) {
        OR_DONE(execution_table(execution, database, name, &data->table));
    }
    struct insert_options options = {.token = slice_text(execution->settings.insert_deduplication_token),
                                     .combine = execution->settings.optimize_on_insert,
                                     .budget = &execution->server->ingest_budget};
    err = insert_begin(data->table, &options, &data->insert);
done:
    object_def_unref(object);
    return err;
}

/* INSERT on the columns that the statement gives, after the table's name was found: so on the table, too. */
static struct err *check_rights(struct execution *execution, const struct table_def *def, const struct target *target)
{
    const struct right_on on = {.database = slice_text(def->database), .table = slice_text(def->name)};
    struct slice *columns = ARENA_ARRAY(execution->arena, struct slice, (size_t)target->count + 1);
    if (columns == NULL) {
        return arena_error(execution->arena);
    }
    for (uint32_t k = 0; k < target->count; k++) {
        columns[k] = slice_text(table_input_column(def, target->columns[k])->name);
    }
    return target->count == 0
               ? access_check(execution->access, PRIVILEGE(MAY_INSERT), on)
               : access_check_columns(execution->access, PRIVILEGE(MAY_INSERT), on, columns, target->count);
}

struct err *execute_insert(struct execution *execution, const struct ast_statement *statement, struct slice text)
{
    struct err *err = NULL;
    const struct ast_insert *ast = statement->insert;
    struct slice database, name;
    struct target target = {0};
    struct insert_data *data = calloc(1, sizeof(*data));
    if (data == NULL) {
        return err_oom();
    }
    execution->insert = data; /* freed by insert_data_abort */
    OR_DONE(bind_name(execution->arena, &execution->bind, ast->database, ast->name_parameter_database, &database));
    OR_DONE(bind_name(execution->arena, &execution->bind, ast->table, ast->name_parameter, &name));
    if (execution_temporary(execution, database, name) == NULL) {
        const struct right_on on = {.database = database.length == 0 ? execution->database : database, .table = name};
        if (!access_may_some(execution->access, PRIVILEGE(MAY_INSERT), on)) {
            err = access_check(execution->access, PRIVILEGE(MAY_INSERT), on);
            goto done;
        }
    }
    OR_DONE(begin_insert(execution, data, database, name));
    const struct table_def *def = def_of(data);
    if (def->internal) {
        err = err_new(ERR_ACCESS_DENIED, "the table %s.%s is written by the server alone", def->database, def->name);
        goto done;
    }
    OR_DONE(find_target(execution, ast, def, &target));
    if (data->temporary == NULL) {
        OR_DONE(check_rights(execution, def, &target));
    }
    if (ast->kind == AST_INSERT_SELECT) {
        OR_DONE(insert_query(execution, data, ast, &target));
    } else {
        struct slice rows = slice_of(text.data + ast->data_offset, text.length - ast->data_offset);
        if (request_has_blocks(execution->request)) {
            data->blocks = is_blank(rows);
            execution->body_end = !data->blocks;
        }
        data->query = execution->secret_text.data != NULL ? slice_text("") : slice_of(text.data, ast->data_offset);
        OR_DONE(omit_columns(execution, &target, data));
        OR_DONE(open_reader(execution, ast, &target, data));
        if (data->blocks) {
            OR_DONE(ask_for_blocks(execution, def, &target));
            rows.length = 0;
        }
        if (rows.length > 0) {
            OR_DONE(feed_all(execution, rows));
        }
        if (!execution->body_end) {
            return NULL; /* insert_data_step goes on */
        }
    }
    OR_DONE(store(execution));
done:
    insert_data_abort(execution);
    return err;
}
