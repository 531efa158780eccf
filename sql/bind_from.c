/*
 * bind_from.c: FROM: a table, a table function, a CTE or a subquery becomes the input of a SELECT.
 *
 * A table is scanned for the columns that are asked for while the rest is bound: the scan is made at the end.
 */
#include "query/storage_source.h"
#include "sql/binder.h"

#include <stdio.h>

static struct err *columns_of_source(struct binder *binder, struct scope *scope, struct table_source *source)
{
    scope->source = source;
    scope->columns = arena_array(binder->arena, source->column_count + 1U, sizeof(*scope->columns));
    if (scope->columns == NULL) {
        return arena_error(binder->arena);
    }
    for (uint32_t i = 0; i < source->column_count; i++) {
        scope->columns[i] = (struct scope_column){
            .name = source->columns[i].name, .type = source->columns[i].type, .index = UINT32_MAX, .source = i};
    }
    scope->column_count = source->column_count;
    return NULL;
}

static struct err *columns_of_plan(struct binder *binder, struct scope *scope, struct plan *plan)
{
    scope->input = plan;
    scope->columns = arena_array(binder->arena, plan->column_count + 1U, sizeof(*scope->columns));
    if (scope->columns == NULL) {
        return arena_error(binder->arena);
    }
    for (uint32_t i = 0; i < plan->column_count; i++) {
        scope->columns[i] =
            (struct scope_column){.name = plan->columns[i].name, .type = plan->columns[i].type, .index = i};
        for (uint32_t j = 0; j < i; j++) {
            if (slice_equal(scope->columns[j].name, scope->columns[i].name)) {
                scope->columns[j].ambiguous = true;
                break;
            }
        }
    }
    scope->column_count = plan->column_count;
    return NULL;
}

/* ---- tables */

static void offer_name(void *visitor, struct slice name)
{
    nearest_offer(visitor, name);
}

struct maker_search {
    struct nearest *nearest;
    struct slice database;
};

static void offer_maker(void *user, const struct source_maker *maker)
{
    struct maker_search *search = user;
    struct slice database = slice_text(maker->database == NULL ? "" : maker->database);

    if (slice_equal(database, search->database)) {
        nearest_offer(search->nearest, slice_text(maker->name));
    }
}

static struct err *unknown_table(struct binder *binder, struct slice database, struct slice name, uint32_t offset)
{
    const struct bind_catalogue *catalogue = binder->options->catalogue;
    struct nearest nearest = {.wanted = name};
    struct maker_search search = {.nearest = &nearest, .database = database};
    char hint[128] = "";

    if (catalogue != NULL && catalogue->has_database != NULL && !catalogue->has_database(catalogue->user, database)) {
        return bind_error(binder, offset, ERR_UNKNOWN_DATABASE, "the database %.*s does not exist",
                          SLICE_ARG(database));
    }
    if (catalogue != NULL && catalogue->each != NULL) {
        catalogue->each(catalogue->user, database, offer_name, &nearest);
    }
    source_each(offer_maker, &search);
    if (nearest.best.length > 0 && nearest.best.length < 100) {
        (void)snprintf(hint, sizeof(hint), "; did you mean %.*s?", SLICE_ARG(nearest.best));
    }
    return bind_error(binder, offset, ERR_UNKNOWN_TABLE, "the table %.*s.%.*s does not exist%s", SLICE_ARG(database),
                      SLICE_ARG(name), hint);
}

/* *out NULL: there is none of that name. */
static struct err *find_source(struct binder *binder, struct slice database, struct slice name, uint32_t offset,
                               struct table_source **out)
{
    struct err *err = NULL;
    const struct bind_catalogue *catalogue = binder->options->catalogue;

    *out = NULL;
    if (catalogue != NULL && catalogue->find != NULL) {
        OR_DONE(bind_at(binder, offset, catalogue->find(catalogue->user, binder->arena, database, name, out)));
    }
    const struct source_maker *maker = *out == NULL && database.length > 0 ? source_find(database, name) : NULL;
    if (maker != NULL) {
        OR_DONE(bind_at(binder, offset, maker->make(maker, binder->arena, binder->options->context, NULL, 0, out)));
    }
done:
    return err;
}

/* A CTE sees those before it, and what is around the SELECT that it belongs to. */
static struct err *bind_with(struct binder *binder, struct scope *owner, const struct ast_with *with, uint32_t index,
                             struct plan **out)
{
    uint32_t visible = owner->with_visible;
    bool all = owner->with_all;

    owner->with_visible = index;
    owner->with_all = false;
    struct err *err = bind_query_plan(binder, owner, with->query, out);
    owner->with_visible = visible;
    owner->with_all = all;
    return err;
}

static struct err *bind_named(struct binder *binder, struct scope *scope, const struct ast_table *table)
{
    struct err *err = NULL;
    struct scope *owner = NULL;
    uint32_t index = 0;
    struct slice name = table->name;
    struct slice said = table->database; /* empty: no database is */

    OR_DONE(bind_name(binder->arena, binder->options, name, table->name_parameter, &name));
    OR_DONE(bind_name(binder->arena, binder->options, said, table->database_parameter, &said));
    struct slice database = said.length > 0 ? said : binder->options->context->database;
    const struct ast_with *with = said.length == 0 ? scope_find_with(scope, name, &owner, &index) : NULL;
    scope->table = name;
    scope->table_name = name;
    if (with != NULL) {
        struct plan *plan = NULL;
        OR_DONE(bind_with(binder, owner, with, index, &plan));
        OR_DONE(columns_of_plan(binder, scope, plan));
        goto done;
    }
    struct table_source *source = NULL;
    const struct bind_catalogue *catalogue = binder->options->catalogue;
    if (said.length == 0 && catalogue != NULL && catalogue->temporary != NULL) {
        OR_DONE(bind_at(binder, table->offset, catalogue->temporary(catalogue->user, binder->arena, name, &source)));
    }
    if (source == NULL) {
        OR_DONE(find_source(binder, database, name, table->offset, &source));
        scope->database = database;
    }
    if (source == NULL) {
        struct plan *plan = NULL;
        OR_DONE(bind_view(binder, database, name, table->offset, NULL, &plan));
        err =
            plan == NULL ? unknown_table(binder, database, name, table->offset) : columns_of_plan(binder, scope, plan);
        goto done;
    }
    OR_DONE(columns_of_source(binder, scope, source));
done:
    return err;
}

/* numbers(10), kafka(brokers = 'x', topic = 'y'). */
static struct err *bind_table_function(struct binder *binder, struct scope *scope, const struct ast *call)
{
    struct err *err = NULL;
    struct scope constants = {.rows_only = true, .rows_what = "a table function's arguments", .parent = scope->parent};
    const struct source_maker *maker = source_find(slice_text(""), call->parts[0]);
    struct source_argument *arguments = arena_array(binder->arena, call->arguments.count + 1U, sizeof(*arguments));
    struct table_source *source = NULL;

    if (arguments == NULL) {
        return arena_error(binder->arena);
    }
    if (maker == NULL && !call->has_parameters) {
        struct plan *plan = NULL;
        OR_DONE(bind_view(binder, binder->options->context->database, call->parts[0], call->offset, call, &plan));
        if (plan != NULL) {
            scope->table = call->parts[0];
            scope->table_name = call->parts[0];
            err = columns_of_plan(binder, scope, plan);
            goto done;
        }
    }
    if (maker == NULL || call->has_parameters) {
        struct nearest nearest = {.wanted = call->parts[0]};
        struct maker_search search = {.nearest = &nearest};
        source_each(offer_maker, &search);
        return bind_error(binder, call->offset, ERR_UNKNOWN_FUNCTION, "the table function %.*s does not exist%s%.*s%s",
                          SLICE_ARG(call->parts[0]), nearest.best.length > 0 ? "; did you mean " : "",
                          SLICE_ARG(nearest.best), nearest.best.length > 0 ? "?" : "");
    }
    const struct query_rights *rights = binder->options->context->rights;
    if (rights != NULL) {
        OR_DONE(bind_at(binder, call->offset, rights->calls(rights->user, call->parts[0])));
    }
    for (uint32_t i = 0; i < call->arguments.count; i++) {
        const struct ast *argument = call->arguments.items[i];
        const struct expression *value = NULL;
        arguments[i] = (struct source_argument){0};
        if (argument->kind == AST_FUNCTION && argument->is_operator && slice_is_text(argument->parts[0], "equals") &&
            argument->arguments.items[0]->kind == AST_IDENTIFIER) {
            arguments[i].name = argument->arguments.items[0]->parts[0];
            for (uint32_t j = 1; j < argument->arguments.items[0]->part_count; j++) { /* kafka.fetch.min.bytes */
                char *joined = arena_format(binder->arena, "%.*s.%.*s", SLICE_ARG(arguments[i].name),
                                            SLICE_ARG(argument->arguments.items[0]->parts[j]));
                if (joined == NULL) {
                    err = arena_error(binder->arena);
                    goto done;
                }
                arguments[i].name = slice_text(joined);
            }
            argument = argument->arguments.items[1];
        }
        if (argument->kind == AST_IDENTIFIER && argument->part_count == 1 &&
            (strcmp(maker->name, "file") == 0 || strcmp(maker->name, "format") == 0)) { /* format(JSONEachRow, …) */
            struct ast *text = ARENA_NEW(binder->arena, struct ast);
            if (text == NULL) {
                err = arena_error(binder->arena);
                goto done;
            }
            *text = (struct ast){.kind = AST_LITERAL,
                                 .literal = AST_STRING,
                                 .text = argument->parts[0],
                                 .offset = argument->offset,
                                 .depth = 1};
            argument = text;
        }
        if (argument->kind == AST_SUBQUERY) {
            err = bind_refuse(binder, argument->offset, "a subquery as an argument of a table function");
            goto done;
        }
        OR_DONE(bind_node(binder, &constants, argument, &value));
        arguments[i].value = expression_value(value);
        if (arguments[i].value == NULL) {
            err = bind_error(binder, argument->offset, ERR_BAD_ARGUMENTS,
                             "the arguments of the table function %.*s must be constants", SLICE_ARG(call->parts[0]));
            goto done;
        }
    }
    OR_DONE(bind_at(
        binder, call->offset,
        maker->make(maker, binder->arena, binder->options->context, arguments, call->arguments.count, &source)));
    scope->table = call->parts[0];
    scope->table_name = call->parts[0];
    OR_DONE(columns_of_source(binder, scope, source));
done:
    return err;
}

/* FINAL, of the table or by the setting: its rows are combined. */
static struct err *bind_final(struct binder *binder, struct scope *scope, const struct ast_table *table)
{
    struct err *err = NULL;
    struct table_source *final = NULL;

    if (scope->merge != NULL) {
        return NULL; /* its tables had it */
    }
    if (table->final && scope->source == NULL) {
        bool subquery = table->subquery != NULL || table->function != NULL || scope->database.length == 0;
        return subquery ? bind_error(binder, table->offset, ERR_UNSUPPORTED_METHOD,
                                     "Table expression modifiers FINAL are not supported for subqueries")
                        : NULL; /* of a view it says nothing, as for ClickHouse; the setting final does */
    }
    if (!table->final && (!binder->options->final || scope->source == NULL)) {
        goto done;
    }
    OR_DONE(source_final(binder->arena, scope->source, binder->options->final_by_partition, &final));
    if (final == NULL && table->final) {
        err = bind_error(binder, table->offset, ERR_ILLEGAL_FINAL, "%.*s: its storage doesn't support FINAL",
                         SLICE_ARG(scope->table_name));
        goto done;
    }
    scope->source = final == NULL ? scope->source : final;
done:
    return err;
}

struct err *bind_table(struct binder *binder, struct scope *scope, const struct ast_table *table)
{
    struct err *err = NULL;

    if (bind_is_cluster_call(table->function)) {
        struct ast_table own = *table;
        err = bind_cluster_call(binder, scope, &own);
        return err != NULL ? err : bind_table(binder, scope, &own);
    }
    if (table->sample != NULL) {
        return bind_error(binder, table->sample->offset, ERR_SAMPLING, "SAMPLE: the table has no SAMPLE BY");
    }
    if (table->subquery != NULL) {
        struct plan *plan = NULL;
        OR_DONE(bind_query_plan(binder, scope, table->subquery, &plan));
        OR_DONE(columns_of_plan(binder, scope, plan));
    } else if (bind_is_merge_call(table->function)) {
        OR_DONE(bind_merge_call(binder, scope, table));
    } else if (table->function != NULL) {
        OR_DONE(bind_table_function(binder, scope, table->function));
    } else {
        OR_DONE(bind_named(binder, scope, table));
    }
    OR_DONE(bind_final(binder, scope, table));
    if (table->alias.length > 0) {
        scope->table = table->alias;
    }
    OR_DONE(bind_table_filter(binder, scope, table));
    if (table->column_alias_count > 0) {
        if (table->column_alias_count != scope->column_count) {
            err = bind_error(binder, table->offset, ERR_COLUMN_COUNT, "%u column aliases for %u columns",
                             table->column_alias_count, scope->column_count);
            goto done;
        }
        for (uint32_t i = 0; i < scope->column_count; i++) {
            scope->columns[i].name = table->column_aliases[i];
            scope->columns[i].ambiguous = false;
        }
    }
done:
    return err;
}

struct err *bind_from(struct binder *binder, struct scope *scope)
{
    struct err *err = NULL;
    const struct ast_select *select = scope->select;

    if (select->table_count == 0) {
        struct plan *plan = NULL;
        struct chunk *row = chunk_new(binder->arena, 0, 1);
        if (row == NULL) {
            return arena_error(binder->arena);
        }
        OR_DONE(plan_values(binder->arena, row, NULL, &plan));
        scope->input = plan;
        goto done;
    }
    uint32_t tables = 0; /* without those of ARRAY JOIN */
    for (uint32_t i = 0; i < select->table_count; i++) {
        tables += select->tables[i].array_join.count == 0;
    }
    err = tables > 1 ? bind_join_tables(binder, scope) : bind_table(binder, scope, &select->tables[0]);
done:
    return err;
}

struct err *scope_finish_input(struct binder *binder, struct scope *scope, const struct expression **condition,
                               struct plan **out)
{
    if (scope->join != NULL) {
        return join_finish(binder, scope, condition, out);
    }
    if (scope->merge != NULL) {
        return bind_merge_finish(binder, scope, out);
    }
    if (scope->source == NULL) {
        *out = scope->input;
        return NULL;
    }
    struct err *err = plan_scan(binder->arena, scope->source, scope->scan_columns, scope->scan_count, out);
    return err == NULL && scope->filter != NULL ? plan_filter(binder->arena, *out, scope->filter, out) : err;
}
