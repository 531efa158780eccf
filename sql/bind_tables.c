/*
 * bind_tables.c: table functions that stand for tables of this server: merge(), and those that ask servers of a cluster,
 * which here is this server alone: cluster(), clusterAllReplicas(), remote(), remoteSecure().
 *
 * cluster  cluster('default', db.t) is db.t itself, with all that the planner knows of it
 * merge    the rows of all tables and views whose name the expression finds, one after the other: a column that any of
 *          them has, of a type that holds all of theirs; the default of that type where a table has no such column
 * lazily   columns of each table are scanned when they are asked for, and WHERE goes to each table: its zones and
 *          indexes leave out granules as if it had been asked alone
 * rights   those of each table; tables that the user must not see are not found
 */
#include "sql/binder.h"

#include "query/query_rights.h"

#include <stdlib.h>

/* ---- arguments */

static const char *const of_clusters[] = {"cluster", "clusterAllReplicas", "remote", "remoteSecure"};

static bool is_of_cluster(struct slice name)
{
    for (size_t i = 0; i < sizeof(of_clusters) / sizeof(of_clusters[0]); i++) {
        if (slice_is_any_case(name, of_clusters[i])) {
            return true;
        }
    }
    return false;
}

bool bind_is_cluster_call(const struct ast *call)
{
    return call != NULL && !call->has_parameters && is_of_cluster(call->parts[0]);
}

bool bind_is_merge_call(const struct ast *call)
{
    return call != NULL && !call->has_parameters && slice_is_any_case(call->parts[0], "merge");
}

/* A name, or a constant text. */
static struct err *text_of(struct binder *binder, const struct scope *scope, const struct ast *call, uint32_t index,
                           const char *what, struct slice *out)
{
    struct err *err = NULL;
    const struct ast *node = call->arguments.items[index];
    struct scope constants = {.rows_only = true, .rows_what = "a table function's arguments", .parent = scope->parent};
    const struct expression *value = NULL;

    if (node->kind == AST_IDENTIFIER && node->part_count == 1) {
        *out = node->parts[0];
        return NULL;
    }
    OR_DONE(bind_node(binder, &constants, node, &value));
    const struct column *constant = expression_value(value);
    if (constant == NULL || constant->type->kind != TYPE_STRING || column_is_null(constant, 0)) {
        err = bind_error(binder, node->offset, ERR_BAD_ARGUMENTS, "%.*s: %s must be a constant String",
                         SLICE_ARG(call->parts[0]), what);
        goto done;
    }
    *out = *(const struct slice *)column_value(constant, 0);
done:
    return err;
}

/* ---- clusters */

static struct err *check_cluster(struct binder *binder, const struct ast *call, struct slice name)
{
    if (slice_is_text(name, "default")) {
        return NULL;
    }
    return bind_error(binder, call->arguments.items[0]->offset, ERR_NO_CLUSTER,
                      "the cluster '%.*s' is not known; there is 'default' alone, which is this server",
                      SLICE_ARG(name));
}

static struct err *check_address(struct binder *binder, const struct ast *call, struct slice address)
{
    const struct bind_catalogue *catalogue = binder->options->catalogue;
    if (catalogue != NULL && catalogue->is_own_address != NULL && catalogue->is_own_address(catalogue->user, address)) {
        return NULL;
    }
    return bind_refuse(binder, call->arguments.items[0]->offset,
                       "%.*s: '%.*s', which is not this server (localhost, 127.0.0.1 or its host's name, with its "
                       "native port or without)",
                       SLICE_ARG(call->parts[0]), SLICE_ARG(address));
}

struct err *bind_cluster_call(struct binder *binder, const struct scope *scope, struct ast_table *table)
{
    static const struct slice parts[2] = {{"system", 6}, {"one", 3}};
    struct err *err = NULL;
    const struct ast *call = table->function;
    const struct ast_list *list = &call->arguments;
    const struct query_rights *rights = binder->options->context->rights;
    bool is_remote = slice_is_any_case(call->parts[0], "remote") || slice_is_any_case(call->parts[0], "remoteSecure");
    struct slice where = {0};
    uint32_t taken = 2;

    if (list->count == 0) {
        return bind_error(binder, call->offset, ERR_ARGUMENT_COUNT, "%.*s takes a %s and a table: (%s, database.table)",
                          SLICE_ARG(call->parts[0]), is_remote ? "server" : "cluster",
                          is_remote ? "'localhost'" : "'default'");
    }
    if (rights != NULL && is_remote) {
        OR_DONE(bind_at(binder, call->offset, rights->calls(rights->user, slice_text("remote"))));
    }
    OR_DONE(text_of(binder, scope, call, 0, is_remote ? "the address" : "the cluster's name", &where));
    OR_DONE(is_remote ? check_address(binder, call, where) : check_cluster(binder, call, where));

    struct ast *what = list->count > 1 ? list->items[1] : NULL;
    table->function = NULL;
    table->database = parts[0]; /* without a table it is system.one, as in ClickHouse */
    table->name = parts[1];
    bool is_view = what != NULL && what->kind == AST_FUNCTION && slice_is_text(what->parts[0], "view") &&
                   what->arguments.count == 1 && what->arguments.items[0]->kind == AST_SUBQUERY;
    if (is_view) {
        table->subquery = what->arguments.items[0]->subquery;
    } else if (what != NULL && what->kind == AST_FUNCTION && !what->is_operator &&
               !slice_is_text(what->parts[0], "currentDatabase")) {
        table->function = what;
    } else if (what != NULL && what->kind == AST_IDENTIFIER && what->part_count == 2) {
        table->database = what->parts[0];
        table->name = what->parts[1];
    } else if (what != NULL) {
        OR_DONE(text_of(binder, scope, call, 1, "the database", &table->database));
        const char *dot = memchr(table->database.data, '.', table->database.length);
        if (dot != NULL && what->kind == AST_LITERAL) { /* 'db.t' */
            size_t length = (size_t)(dot - table->database.data);
            table->name = slice_of(dot + 1, table->database.length - length - 1);
            table->database.length = length;
        } else if (list->count < 3) {
            err = bind_error(binder, what->offset, ERR_ARGUMENT_COUNT,
                             "%.*s: the table is missing behind the database; write (…, database.table)",
                             SLICE_ARG(call->parts[0]));
            goto done;
        } else {
            OR_DONE(text_of(binder, scope, call, 2, "the table", &table->name));
            taken = 3;
        }
    }
    if (list->count > taken) {
        err = bind_refuse(binder, list->items[taken]->offset,
                          is_remote ? "%.*s with a user, a password or a sharding key: this server is read as the "
                                      "query's own user"
                                    : "%.*s with a sharding key",
                          SLICE_ARG(call->parts[0]));
    }
done:
    return err;
}

/* ---- merge(): which tables */

struct found_names {
    struct arena *arena;
    struct slice *items;
    uint32_t count;
    bool failed;
};

static void add_name(void *visitor, struct slice name)
{
    struct found_names *names = visitor;
    struct slice *place =
        names->failed ? NULL : bind_array_add(names->arena, &names->items, &names->count, sizeof(name));
    names->failed = place == NULL;
    if (place != NULL) {
        *place = arena_slice(names->arena, name);
        names->failed = place->data == NULL;
    }
}

static void add_system(void *user, const struct source_maker *maker)
{
    if (maker->database != NULL && strcmp(maker->database, "system") == 0) {
        add_name(user, slice_text(maker->name));
    }
}

static int compare_names(const void *a, const void *b)
{
    const struct slice *left = a, *right = b;
    size_t length = left->length < right->length ? left->length : right->length;
    int order = memcmp(left->data, right->data, length);
    return order != 0 ? order : (left->length > right->length) - (left->length < right->length);
}

/* Names of the database's tables that the expression finds, sorted, each once. */
static struct err *find_names(struct binder *binder, const struct ast *call, struct slice database, struct slice regexp,
                              struct found_names *names)
{
    struct err *err = NULL;
    const struct bind_catalogue *catalogue = binder->options->catalogue;
    uint32_t offset = call->arguments.items[call->arguments.count - 1]->offset;
    bool *matches = NULL;
    uint32_t kept = 0;

    if (catalogue != NULL && catalogue->has_database != NULL && !catalogue->has_database(catalogue->user, database)) {
        return bind_error(binder, call->offset, ERR_UNKNOWN_DATABASE, "the database %.*s does not exist",
                          SLICE_ARG(database));
    }
    if (catalogue != NULL && catalogue->each != NULL) {
        catalogue->each(catalogue->user, database, add_name, names);
    }
    if (slice_is_text(database, "system")) {
        source_each(add_system, names);
    }
    matches = names->failed ? NULL : arena_zalloc(binder->arena, names->count + 1U);
    if (matches == NULL) {
        return arena_error(binder->arena);
    }
    if (names->count > 1) {
        qsort(names->items, names->count, sizeof(*names->items), compare_names);
    }
    OR_DONE(bind_match_names(binder, regexp, offset, names->items, names->count, matches));
    for (uint32_t i = 0; i < names->count; i++) {
        if (matches[i] && (kept == 0 || !slice_equal(names->items[kept - 1], names->items[i]))) {
            names->items[kept++] = names->items[i];
        }
    }
    names->count = kept;
    if (kept == 0) {
        err = bind_error(binder, offset, ERR_CANNOT_INFER_STRUCTURE,
                         "merge: the database %.*s has no table whose name '%.*s' finds", SLICE_ARG(database),
                         SLICE_ARG(regexp));
    }
done:
    return err;
}

/* ---- merge(): their columns */

struct merged_table {
    struct scope scope;
    struct slice database, name;
};
struct scope_merge {
    struct merged_table *tables;
    uint32_t count;
};

static bool is_hidden(const struct scope *scope, const struct scope_column *column)
{
    return column->hidden ||
           (scope->source != NULL && column->source + scope->source->hidden_count >= scope->source->column_count);
}

static struct scope_column *column_of(const struct scope *scope, struct slice name)
{
    for (uint32_t c = 0; c < scope->column_count; c++) {
        if (slice_equal(scope->columns[c].name, name) && !scope->columns[c].ambiguous) {
            return &scope->columns[c];
        }
    }
    return NULL;
}

/* The columns of one more table, those that other tables have too with a type for both. */
static struct err *add_columns(struct binder *binder, const struct ast *call, struct scope *scope,
                               const struct merged_table *table)
{
    struct err *err = NULL;

    for (uint32_t c = 0; c < table->scope.column_count; c++) {
        const struct scope_column *own = &table->scope.columns[c];
        struct scope_column *known = column_of(scope, own->name);
        if (known != NULL) {
            const struct type *types[2] = {known->type, own->type};
            struct err *problem = function_common_type(binder->arena, types, 2, &known->type);
            OR_DONE(bind_at(binder, call->offset,
                            err_while(problem, "the column %.*s of %.*s.%.*s and of the tables before it",
                                      SLICE_ARG(own->name), SLICE_ARG(table->database), SLICE_ARG(table->name))));
            known->hidden = known->hidden && is_hidden(&table->scope, own);
            continue;
        }
        if (scope->column_count >= COLUMN_COUNT_MAX) {
            err = bind_error(binder, call->offset, ERR_TOO_DEEP_AST, "merge: the tables have more than %u columns",
                             COLUMN_COUNT_MAX);
            goto done;
        }
        struct scope_column *place =
            bind_array_add(binder->arena, &scope->columns, &scope->column_count, sizeof(*place));
        if (place == NULL) {
            err = arena_error(binder->arena);
            goto done;
        }
        *place = (struct scope_column){.name = own->name,
                                       .type = own->type,
                                       .index = UINT32_MAX,
                                       .source = scope->column_count - 1,
                                       .hidden = is_hidden(&table->scope, own)};
    }
done:
    return err;
}

static const char *const virtual_names[2] = {"_database", "_table"};

/* Where a row comes from: columns that are no part of *. */
static struct err *add_virtual(struct binder *binder, struct scope *scope)
{
    const struct type *type = type_low_cardinality(binder->arena, type_simple(TYPE_STRING), true);
    for (size_t i = 0; i < 2; i++) {
        if (column_of(scope, slice_text(virtual_names[i])) != NULL) {
            continue; /* a table has one of its own */
        }
        struct scope_column *place =
            bind_array_add(binder->arena, &scope->columns, &scope->column_count, sizeof(*place));
        if (place == NULL || type == NULL) {
            return arena_error(binder->arena);
        }
        *place = (struct scope_column){.name = slice_text(virtual_names[i]),
                                       .type = type,
                                       .index = UINT32_MAX,
                                       .source = scope->column_count - 1,
                                       .hidden = true};
    }
    return NULL;
}

struct err *bind_merge_call(struct binder *binder, struct scope *scope, const struct ast_table *table)
{
    struct err *err = NULL;
    const struct ast *call = table->function;
    struct found_names names = {.arena = binder->arena};
    struct slice database = binder->options->context->database, regexp = {0};

    if (call->arguments.count == 0 || call->arguments.count > 2) {
        return bind_error(binder, call->offset, ERR_ARGUMENT_COUNT, "merge takes ([database,] 'expression for names')");
    }
    if (call->arguments.count == 2) {
        const struct ast *first = call->arguments.items[0];
        if (first->kind == AST_FUNCTION && slice_is_any_case(first->parts[0], "REGEXP")) {
            return bind_refuse(binder, first->offset, "merge() over several databases");
        }
        OR_DONE(text_of(binder, scope, call, 0, "the database", &database));
    }
    const struct ast *last = call->arguments.items[call->arguments.count - 1];
    if (last->kind == AST_IDENTIFIER) {
        return bind_error(binder, last->offset, ERR_BAD_ARGUMENTS, "merge: the expression for names must be a String");
    }
    OR_DONE(text_of(binder, scope, call, call->arguments.count - 1, "the expression for names", &regexp));
    OR_DONE(find_names(binder, call, database, regexp, &names));

    struct scope_merge *merge = ARENA_NEW(binder->arena, struct scope_merge);
    struct merged_table *tables = ARENA_ARRAY(binder->arena, struct merged_table, names.count);
    if (merge == NULL || tables == NULL) {
        return arena_error(binder->arena);
    }
    scope->table = call->parts[0];
    scope->table_name = call->parts[0];
    for (uint32_t i = 0; i < names.count; i++) {
        const struct ast_table one = {
            .database = database, .name = names.items[i], .final = table->final, .offset = call->offset};
        if (++binder->select_count > SELECT_COUNT_MAX) {
            err =
                bind_error(binder, call->offset, ERR_TOO_DEEP_AST,
                           "with its tables and CTEs written out the query has more than %u SELECTs", SELECT_COUNT_MAX);
            goto done;
        }
        tables[i] = (struct merged_table){
            .scope = {.parent = scope->parent, .select = scope->select}, .database = database, .name = names.items[i]};
        OR_DONE(bind_table(binder, &tables[i].scope, &one));
        OR_DONE(add_columns(binder, call, scope, &tables[i]));
    }
    OR_DONE(add_virtual(binder, scope));
    *merge = (struct scope_merge){tables, names.count};
    scope->merge = merge;
done:
    return err;
}

/* ---- merge(): the plan */

static struct err *text_constant(struct binder *binder, struct slice text, const struct expression **out)
{
    struct slice *value = ARENA_NEW(binder->arena, struct slice);
    struct column *column = NULL;
    if (value != NULL) {
        *value = text;
        column = column_const(binder->arena, type_simple(TYPE_STRING), value, 1);
    }
    return column == NULL ? arena_error(binder->arena) : expression_constant(binder->arena, column, out);
}

/* What stands in the table for that column of them all, with its type. */
static struct err *column_in(struct binder *binder, struct merged_table *table, const struct scope_column *column,
                             const struct expression **out)
{
    struct err *err = NULL;
    struct scope_column *own = column_of(&table->scope, column->name);
    struct column *fallback = NULL;

    if (own != NULL) {
        OR_DONE(scope_column_expression(binder, &table->scope, own, out));
    } else if (slice_is_text(column->name, virtual_names[0])) {
        OR_DONE(text_constant(binder, table->database, out));
    } else if (slice_is_text(column->name, virtual_names[1])) {
        OR_DONE(text_constant(binder, table->name, out));
    } else {
        fallback = column_default(binder->arena, column->type, 1);
        if (fallback == NULL) {
            return arena_error(binder->arena);
        }
        OR_DONE(expression_constant(binder->arena, fallback, out));
    }
    if (!type_equal((*out)->type, column->type)) {
        OR_DONE(expression_cast(binder->arena, binder->options->context, *out, column->type, out));
    }
done:
    return err;
}

struct err *bind_merge_finish(struct binder *binder, struct scope *scope, struct plan **out)
{
    struct err *err = NULL;
    const struct scope_merge *merge = scope->merge;
    struct plan **plans = ARENA_ARRAY(binder->arena, struct plan *, merge->count);
    struct slice *names = ARENA_ARRAY(binder->arena, struct slice, (size_t)scope->scan_count + 1);

    if (plans == NULL || names == NULL) {
        return arena_error(binder->arena);
    }
    for (uint32_t i = 0; i < merge->count; i++) {
        struct merged_table *table = &merge->tables[i];
        const struct expression **columns = arena_array(binder->arena, scope->scan_count + 1U, sizeof(*columns));
        const struct expression *none = NULL;
        if (columns == NULL) {
            return arena_error(binder->arena);
        }
        for (uint32_t c = 0; c < scope->scan_count; c++) {
            const struct scope_column *column = &scope->columns[scope->scan_columns[c]];
            names[c] = column->name;
            OR_DONE(column_in(binder, table, column, &columns[c]));
        }
        OR_DONE(scope_finish_input(binder, &table->scope, &none, &plans[i]));
        OR_DONE(plan_project(binder->arena, plans[i], columns, names, scope->scan_count, &plans[i]));
    }
    if (merge->count == 1) {
        *out = plans[0];
        goto done;
    }
    err = plan_union(binder->arena, plans, merge->count, out);
done:
    return err;
}
