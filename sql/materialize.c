/*
 * materialize.c: see materialize.h.
 *
 * flow     server/materialized.c → define_materialized, once; then materialized_of and the SELECTs from the definition
 */
#include "sql/materialize.h"

#include "sql/binder.h"
#include "sql/define.h"
#include "sql/materialize_keys.h"
#include "sql/materialize_states.h"
#include "sql/parser.h"
#include "sql/printer.h"
#include "sql/qualify.h"
#include "sql/refresh.h"
#include "storage/table.h"

#include <string.h>

#define BASE_DEPTH_MAX 100U

char *materialized_inner_name(struct arena *arena, const uint8_t uuid[16])
{
    char text[40];
    size_t at = 0;
    for (size_t k = 0; k < 16; k++) {
        if (k == 4 || k == 6 || k == 8 || k == 10) {
            text[at++] = '-';
        }
        text[at++] = "0123456789abcdef"[uuid[k] >> 4];
        text[at++] = "0123456789abcdef"[uuid[k] & 15];
    }
    text[at] = 0;
    return arena_format(arena, ".inner_id.%s", text);
}

/* ---- what a definition says */

/* The one SELECT of a query; NULL: there are several. */
static struct ast_select *only_select(const struct ast_query *query)
{
    while (query->part_count == 1 && query->parts[0].query != NULL) {
        query = query->parts[0].query;
    }
    return query->part_count == 1 ? query->parts[0].select : NULL;
}

/* SELECTs around a table's name. */
struct around {
    const struct around *outer;
    const struct ast_select *select;
};

static const struct ast_query *find_with(const struct around *around, struct slice name)
{
    for (; around != NULL; around = around->outer) {
        for (uint32_t i = 0; i < around->select->with_count; i++) {
            const struct ast_with *with = &around->select->with[i];
            if (with->query != NULL && slice_equal(with->name, name)) {
                return with->query;
            }
        }
    }
    return NULL;
}

/* The table that stands first in FROM, through subqueries and WITH. */
static struct err *find_base(const struct ast_query *query, const struct around *outer, uint32_t depth,
                             struct materialized *out)
{
    const struct ast_select *select = only_select(query);
    if (select == NULL) {
        return err_new(ERR_VIEW_QUERY, "UNION, INTERSECT and EXCEPT are not supported in a materialized view");
    }
    if (select->table_count == 0) {
        return err_new(ERR_VIEW_QUERY, "the SELECT of a materialized view has no FROM: it reads the rows of a table");
    }
    struct ast_table *table = &select->tables[0];
    const struct around own = {outer, select};
    const struct ast_query *with = table->database.length == 0 ? find_with(&own, table->name) : NULL;
    if (table->function != NULL) {
        return err_new(ERR_VIEW_QUERY, "StorageMaterializedView cannot be created from table functions (%.*s)",
                       SLICE_ARG(table->function->parts[0]));
    }
    if (depth == 0) {
        return err_new(ERR_TOO_DEEP_SUBQUERIES, "subqueries of a materialized view are nested more than %u deep",
                       BASE_DEPTH_MAX);
    }
    if (table->subquery != NULL || with != NULL) {
        return find_base(table->subquery != NULL ? table->subquery : with, &own, depth - 1, out);
    }
    if (table->final) {
        return err_new(ERR_VIEW_QUERY, "FINAL of the table whose new rows a materialized view reads");
    }
    if (table->sample != NULL) {
        return err_new(ERR_VIEW_QUERY, "SAMPLE of the table whose new rows a materialized view reads");
    }
    out->base = table;
    out->base_database = table->database;
    out->base_table = table->name;
    out->asks_lateness = table->late_bounded;
    return NULL;
}

struct err *materialized_parts(const struct ast_create_table *create, struct materialized *out)
{
    const struct ast_select *select = only_select(create->as_select);
    *out = (struct materialized){.create = create, .to_database = create->to_database, .to_table = create->to_table};
    if (create->refresh != NULL) { /* any SELECT */
        return NULL;
    }
    struct err *err = find_base(create->as_select, NULL, BASE_DEPTH_MAX, out);
    if (err == NULL) {
        out->states = create->to_table.length == 0 && create->engine == NULL && states_wanted(select);
        out->asks_window_state = states_ask_lateness(select);
        out->asks_lateness = out->asks_lateness || (out->states && out->asks_window_state);
    }
    return err;
}

struct err *materialized_of(struct arena *arena, struct slice definition, struct materialized *out)
{
    struct err *err = NULL;
    struct ast_statement *statement = NULL;

    definition = arena_slice(arena, definition);
    if (definition.data == NULL) {
        return arena_error(arena);
    }
    OR_DONE(parse_query(arena, definition, (uint32_t)definition.length + 1, &statement));
    if (statement->kind != AST_CREATE_VIEW || !statement->create_table->materialized) {
        err = err_new(ERR_CORRUPT, "a materialized view's definition is none: %.*s", SLICE_ARG(definition));
        goto done;
    }
    err = materialized_parts(statement->create_table, out);
done:
    return err;
}

/* ---- SELECTs as text */

static struct err *text_of(struct arena *arena, struct slice *out, struct slice text)
{
    *out = text;
    return text.data == NULL ? arena_error(arena) : NULL;
}

static struct err *print_one(struct arena *arena, struct ast_select *select, struct slice *out)
{
    struct ast_query_part part = {.select = select};
    const struct ast_query query = {.parts = &part, .part_count = 1};
    return text_of(arena, out, ast_print_query(arena, &query));
}

/* target: of the keys of rows that changed alone (materialize_keys.h), or NULL.
 * SELECT `_c0` AS `name`, … FROM (SELECT key AS `_c0`, …State(…) AS `_c1` FROM … GROUP BY `_c0`): no name of the
 * table's columns stands where the expressions could take it for an alias. */
static struct err *states_feed(struct arena *arena, const struct materialized *view, const struct table_def *target,
                               struct slice *out)
{
    struct err *err = NULL;
    struct state_select states;
    struct slice inner;
    OR_DONE(states_of(arena, only_select(view->create->as_select), view->whole_windows, &states));
    struct ast_select select = *states.select;
    uint32_t column_count = 0, key_count = 0;
    struct ast **columns = arena_array(arena, states.column_count + 1U, sizeof(struct ast *));
    struct ast **keys = arena_array(arena, states.key_count + 1U, sizeof(struct ast *));
    char *outer = arena_format(arena, "SELECT ");
    if (columns == NULL || keys == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < states.column_count; i++) {
        char *name = arena_format(arena, "_c%u", i), *fed = states_fed(arena, &states, i);
        struct slice quoted = sql_identifier(arena, states.columns[i].name);
        if (name == NULL || fed == NULL || quoted.data == NULL || outer == NULL) {
            return arena_error(arena);
        }
        outer = arena_format(arena, "%s%s%s AS %.*s", outer, i > 0 ? ", " : "", fed, SLICE_ARG(quoted));
        if (states.columns[i].element == 2) {
            continue; /* of the column before */
        }
        columns[column_count] = states.columns[i].feed;
        columns[column_count++]->alias = slice_text(name);
        if (states.columns[i].is_key) {
            struct slice *parts = ARENA_ARRAY(arena, struct slice, 1);
            struct ast *key = keys[key_count++] = ARENA_NEW(arena, struct ast);
            if (parts == NULL || key == NULL) {
                return arena_error(arena);
            }
            parts[0] = slice_text(name);
            *key = (struct ast){.kind = AST_IDENTIFIER, .parts = parts, .part_count = 1, .depth = 1};
        }
    }
    select.columns = (struct ast_list){columns, column_count};
    select.group_by = (struct ast_list){keys, key_count};
    select.group_kind = AST_GROUP_PLAIN;
    select.having = NULL;
    const char *chosen = "";
    if (target != NULL) {
        OR_DONE(keys_choose(arena, &states, target, &select, &chosen));
    }
    OR_DONE(print_one(arena, &select, &inner));
    char *text = outer == NULL ? NULL : arena_format(arena, "%s FROM (%.*s)%s", outer, SLICE_ARG(inner), chosen);
    err = text_of(arena, out, text == NULL ? (struct slice){0} : slice_text(text));
done:
    return err;
}

struct err *materialized_stored(struct arena *arena, struct materialized *view, const struct table_def *target)
{
    struct err *err = NULL;
    struct state_select states;
    OR_DONE(states_of(arena, only_select(view->create->as_select), false, &states));
    view->whole_windows = false;
    for (uint32_t i = 0; i < states.key_count && !view->whole_windows; i++) {
        view->whole_windows = states.columns[i].element > 0 && table_column_find(target, states.columns[i].name) < 0;
    }
done:
    return err;
}

struct err *materialized_feed(struct arena *arena, const struct materialized *view, struct slice *out)
{
    return view->states ? states_feed(arena, view, NULL, out)
                        : text_of(arena, out, ast_print_query(arena, view->create->as_select));
}

struct err *materialized_keys(struct arena *arena, const struct materialized *view, const struct table_def *target,
                              struct materialized_keys *out)
{
    struct err *err = NULL;
    struct state_select states;
    struct materialized own = *view;
    OR_DONE(materialized_stored(arena, &own, target));
    OR_DONE(states_of(arena, only_select(own.create->as_select), own.whole_windows, &states));
    OR_DONE(keys_selects(arena, &states, target, out));
    err = states_feed(arena, &own, target, &out->feed);
done:
    return err;
}

struct err *materialized_lost(struct arena *arena, const struct materialized *view, const struct table_def *target,
                              struct slice *out)
{
    struct err *err = NULL;
    struct state_select states;
    struct slice feed;
    struct materialized own = *view;
    OR_DONE(materialized_stored(arena, &own, target));
    OR_DONE(materialized_feed(arena, &own, &feed));
    OR_DONE(states_of(arena, only_select(own.create->as_select), own.whole_windows, &states));
    err = keys_lost(arena, &states, target, feed, out);
done:
    return err;
}

struct err *materialized_read(struct arena *arena, const struct materialized *view, struct slice database,
                              struct slice table, struct slice *out)
{
    struct err *err = NULL;
    struct state_select states;
    OR_DONE(states_of(arena, only_select(view->create->as_select), view->whole_windows, &states));
    struct ast_table from = {.database = database, .name = table};
    struct ast_select select = {.columns = {states.items, states.select->columns.count},
                                .tables = &from,
                                .table_count = 1,
                                .grouped = states.key_count > 0,
                                .having = states.having};
    struct ast **keys = arena_array(arena, states.key_count + 1U, sizeof(struct ast *));
    if (keys == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < states.key_count; i++) {
        struct slice *parts = ARENA_ARRAY(arena, struct slice, 1);
        keys[i] = ARENA_NEW(arena, struct ast);
        if (parts == NULL || keys[i] == NULL) {
            return arena_error(arena);
        }
        parts[0] = states.columns[i].name;
        *keys[i] = (struct ast){.kind = AST_IDENTIFIER, .parts = parts, .part_count = 1, .depth = 1};
    }
    select.group_by = (struct ast_list){keys, states.key_count};
    struct ast_query_part part = {.select = &select};
    struct ast_query query = {.parts = &part, .part_count = 1};
    struct ast_create_table create = {
        .database = view->create->database, .table = view->create->table, .as_select = &query, .materialized = true};
    err = text_of(arena, out, ast_print_create_view(arena, &create));
done:
    return err;
}

/* ---- CREATE */

/* A key as rows sort by it: a Nullable one by whether it is NULL, and by its value. */
static char *sort_text(struct arena *arena, struct slice name, const struct type *type)
{
    if (!type->nullable) {
        return arena_format(arena, "%.*s", SLICE_ARG(name));
    }
    struct type plain = *type;
    plain.nullable = false;
    struct slice bare = type_name(arena, &plain);
    struct slice quoted = bare.data == NULL ? bare : sql_string(arena, bare);
    return quoted.data == NULL ? NULL
                               : arena_format(arena, "isNull(%.*s), ifNull(%.*s, defaultValueOfTypeName(%.*s))",
                                              SLICE_ARG(name), SLICE_ARG(name), SLICE_ARG(quoted));
}

/* The table's key: what ORDER BY says, then the keys that it does not name. */
static struct err *states_key(struct arena *arena, const struct ast_create_table *create,
                              const struct state_select *states, const struct source_column *columns,
                              struct ast_create_table *inner)
{
    struct err *err = NULL;
    struct ast *node = create->order_by;
    bool is_list = node != NULL && node->kind == AST_FUNCTION && slice_is_text(node->parts[0], "tuple");
    struct ast_list given = is_list ? node->arguments : (struct ast_list){&node, node == NULL ? 0U : 1U};
    char *text = arena_format(arena, "tuple(");
    bool any = false, nested = false;

    for (uint32_t i = 0; i < given.count; i++) {
        struct slice item = ast_print(arena, given.items[i]);
        text = text == NULL || item.data == NULL
                   ? NULL
                   : arena_format(arena, "%s%s%.*s", text, any ? ", " : "", SLICE_ARG(item));
        any = true;
    }
    for (uint32_t i = 0; i < states->key_count && text != NULL; i++) {
        bool named = false;
        for (uint32_t k = 0; k < given.count; k++) {
            named = named || (given.items[k]->kind == AST_IDENTIFIER && given.items[k]->part_count == 1 &&
                              slice_equal(given.items[k]->parts[0], states->columns[i].name));
        }
        bool sorts = !type_is_nested(columns[i].type);
        nested = nested || !sorts;
        if (!named && sorts) {
            struct slice name = sql_identifier(arena, states->columns[i].name);
            char *sorted = name.data == NULL ? NULL : sort_text(arena, name, columns[i].type);
            text = sorted == NULL ? NULL : arena_format(arena, "%s%s%s", text, any ? ", " : "", sorted);
            any = true;
        }
    }
    text = text == NULL ? NULL : arena_format(arena, "%s)", text);
    if (text == NULL) {
        return arena_error(arena);
    }
    OR_DONE(parse_expression_text(arena, slice_text(text), &inner->order_by));
    if (create->order_by != NULL && create->primary_key == NULL) {
        inner->primary_key = create->order_by;
    }
    /* keys that cannot sort: rows stay as they come, and are put together when they are read */
    OR_DONE(
        parse_expression_text(arena, slice_text(nested ? "MergeTree()" : "AggregatingMergeTree()"), &inner->engine));
done:
    return err;
}

static struct err *define_inner(struct arena *arena, const struct bind_options *options,
                                const struct materialized *view, struct slice database, const uint8_t uuid[16],
                                const struct plan *feed, struct table_def *out)
{
    struct err *err = NULL;
    const struct ast_create_table *create = view->create;
    struct ast_create_table inner = {.database = database,
                                     .columns = create->columns,
                                     .column_count = create->column_count,
                                     .indexes = create->indexes,
                                     .index_count = create->index_count,
                                     .engine = create->engine,
                                     .engine_has_arguments = create->engine_has_arguments,
                                     .partition_by = create->partition_by,
                                     .order_by = create->order_by,
                                     .primary_key = create->primary_key,
                                     .sample_by = create->sample_by,
                                     .ttl = create->ttl,
                                     .ttl_count = create->ttl_count,
                                     .settings = create->settings};
    struct source_column *columns = arena_array(arena, feed->column_count + 1U, sizeof(*columns));
    char *name = materialized_inner_name(arena, uuid);

    if (columns == NULL || name == NULL) {
        return arena_error(arena);
    }
    inner.table = slice_text(name);
    for (uint32_t i = 0; i < feed->column_count; i++) {
        columns[i] = (struct source_column){feed->columns[i].name, feed->columns[i].type};
    }
    if (view->states) {
        struct state_select states;
        OR_DONE(states_of(arena, only_select(create->as_select), false, &states));
        OR_DONE(states_key(arena, create, &states, columns, &inner));
    }
    err = define_table(arena, options, &inner, database, columns, feed->column_count, NULL, out);
done:
    return err;
}

static struct err *bind_text(struct arena *arena, const struct bind_options *options, struct slice text,
                             struct query_plan *out)
{
    struct err *err = NULL;
    struct ast_statement *statement = NULL;
    struct bind_options own = *options;
    own.text = text;
    OR_DONE(parse_query(arena, text, (uint32_t)text.length + 1, &statement));
    err = bind_query(arena, &own, statement->query, out);
done:
    return err;
}

/* The columns that SHOW CREATE and DESCRIBE tell: of the SELECT, or as they were given. */
static struct err *list_columns(struct binder *binder, struct ast_create_table *create, const struct plan *plan)
{
    create->columns = arena_array(binder->arena, plan->column_count + 1U, sizeof(*create->columns));
    if (create->columns == NULL) {
        return arena_error(binder->arena);
    }
    for (uint32_t i = 0; i < plan->column_count; i++) {
        struct slice type = type_name(binder->arena, plan->columns[i].type);
        for (uint32_t j = 0; j < i; j++) {
            if (slice_equal(plan->columns[i].name, plan->columns[j].name)) {
                return bind_error(binder, create->name_offset, ERR_ILLEGAL_COLUMN,
                                  "the view's SELECT gives two columns named %.*s", SLICE_ARG(plan->columns[i].name));
            }
        }
        if (type.data == NULL) {
            return arena_error(binder->arena);
        }
        create->columns[i] = (struct ast_column){.name = plan->columns[i].name, .type = type};
    }
    create->column_count = plan->column_count;
    return NULL;
}

struct err *define_materialized(struct arena *arena, const struct bind_options *options,
                                const struct ast_create_table *given, struct slice database, const uint8_t uuid[16],
                                struct object_def *object, struct table_def *inner, struct materialized *view)
{
    struct err *err = NULL;
    struct binder binder = {.arena = arena, .options = options};
    struct ast_create_table create = *given;
    struct query_plan plan = {0}, feed = {0};
    struct slice text;
    bool parameters = false;

    create.database = database;
    if (create.to_table.length > 0 && create.to_database.length == 0) {
        create.to_database = database;
    }
    bool storage = create.engine != NULL || create.order_by != NULL || create.partition_by != NULL ||
                   create.primary_key != NULL || create.ttl_count > 0 || create.index_count > 0;
    if (create.to_table.length > 0 && storage) {
        return bind_error(&binder, create.to_offset, ERR_SYNTAX,
                          "a materialized view with TO has no ENGINE, ORDER BY, PARTITION BY or TTL: its table does");
    }
    if (create.refresh != NULL) {
        struct refresh_schedule schedule;
        OR_DONE(refresh_schedule_of(create.refresh, &schedule));
        if (create.populate) {
            return bind_error(&binder, create.refresh->position, ERR_SYNTAX,
                              "POPULATE with REFRESH: such a view is filled at once, if not EMPTY");
        }
    }
    if (create.to_table.length > 0 && create.populate) {
        return bind_error(&binder, create.to_offset, ERR_NOT_IMPLEMENTED,
                          "POPULATE with TO is not supported; INSERT INTO the table what it should have at first");
    }
    OR_DONE(qualify_query(arena, create.as_select, options->context->database, &parameters));
    if (parameters) {
        return bind_error(&binder, create.name_offset, ERR_VIEW_QUERY, "a materialized view takes no parameters");
    }
    OR_DONE(materialized_parts(&create, view));
    if (view->asks_window_state && !view->states) {
        return bind_error(&binder, create.name_offset, ERR_NOT_IMPLEMENTED,
                          "window_state() in a materialized view with TO or ENGINE: its rows stay as they are when "
                          "they come; without these the view keeps states, and says it when it is read");
    }
    if (view->states && create.column_count > 0) {
        return bind_error(&binder, create.columns[0].offset, ERR_NOT_IMPLEMENTED,
                          "columns of a materialized view that keeps states are those of its SELECT; leave them out, "
                          "or give an ENGINE");
    }
    if (view->states && create.primary_key != NULL) {
        return bind_error(&binder, create.primary_key->offset, ERR_NOT_IMPLEMENTED,
                          "PRIMARY KEY of a materialized view that keeps states; give ORDER BY");
    }
    OR_DONE(bind_query(arena, options, create.as_select, &plan));
    if (create.column_count == 0 || create.to_table.length > 0) {
        OR_DONE(list_columns(&binder, &create, plan.plan));
    }
    struct slice definition = ast_print_create_view(arena, &create);
    if (definition.data == NULL) {
        return arena_error(arena);
    }
    *object = (struct object_def){.kind = OBJECT_MATERIALIZED,
                                  .database = arena_text(arena, database),
                                  .name = arena_text(arena, create.table),
                                  .definition = definition.data,
                                  .comment = arena_text(arena, create.comment)};
    memcpy(object->uuid, uuid, sizeof(object->uuid));
    if (object->database == NULL || object->name == NULL || object->comment == NULL) {
        return arena_error(arena);
    }
    /* from here on as it will be read again */
    bool states = view->states;
    OR_DONE(materialized_of(arena, definition, view));
    view->states = states;
    OR_DONE(materialized_feed(arena, view, &text));
    OR_DONE(bind_text(arena, options, text, &feed));
    if (create.to_table.length == 0) {
        struct materialized own = *view;
        struct ast_create_table given_columns = *view->create;
        given_columns.columns = given->columns;
        given_columns.column_count = given->column_count;
        given_columns.indexes = given->indexes;
        given_columns.index_count = given->index_count;
        own.create = &given_columns;
        OR_DONE(define_inner(arena, options, &own, database, uuid, feed.plan, inner));
    }
done:
    return err;
}

struct err *materialized_with_select(struct arena *arena, const struct bind_options *options,
                                     const struct materialized *view, struct ast_query *select,
                                     struct ast_create_table *out, struct materialized *changed)
{
    struct err *err = NULL;
    struct binder binder = {.arena = arena, .options = options};
    struct query_plan plan = {0};
    bool parameters = false;

    *out = *view->create;
    out->as_select = select;
    OR_DONE(qualify_query(arena, select, options->context->database, &parameters));
    if (parameters) {
        return err_new(ERR_VIEW_QUERY, "a materialized view takes no parameters");
    }
    OR_DONE(materialized_parts(out, changed));
    OR_DONE(bind_query(arena, options, select, &plan));
    if (out->to_table.length > 0) {
        err = list_columns(&binder, out, plan.plan);
        goto done;
    }
    for (uint32_t i = 0; i < plan.plan->column_count && !changed->states && !view->states; i++) {
        uint32_t at = 0;
        while (at < out->column_count && !slice_equal(out->columns[at].name, plan.plan->columns[i].name)) {
            at++;
        }
        if (at == out->column_count) {
            err = err_new(ERR_NO_SUCH_COLUMN, "Column %.*s does not exist in the materialized view's inner table",
                          SLICE_ARG(plan.plan->columns[i].name));
            goto done;
        }
    }
done:
    return err;
}

struct err *materialized_follow(struct arena *arena, struct slice definition,
                                const struct materialized_renamed *renamed, const char **out)
{
    struct err *err = NULL;
    struct materialized view;

    *out = NULL;
    OR_DONE(materialized_of(arena, definition, &view));
    struct ast_create_table create = *view.create;
    bool to = slice_equal(view.to_table, renamed->name) && slice_equal(view.to_database, renamed->database);
    bool base = view.base != NULL && slice_equal(view.base_table, renamed->name) &&
                slice_equal(view.base_database, renamed->database);
    if (to) {
        create.to_database = renamed->to_database;
        create.to_table = renamed->to_name;
    }
    if (base) {
        view.base->alias = view.base->alias.length > 0 ? view.base->alias : view.base->name;
        view.base->database = renamed->to_database;
        view.base->name = renamed->to_name;
    }
    if (to || base) {
        *out = ast_print_create_view(arena, &create).data;
        err = *out == NULL ? arena_error(arena) : NULL;
    }
done:
    return err;
}
