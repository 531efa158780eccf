/*
 * qualify.c: see qualify.h.
 */
#include "sql/qualify.h"

#include <string.h>

/* Names that are no tables: the CTEs and aliases of the WITHs around. */
struct names {
    const struct names *outer;
    const struct ast_select *select;
};

struct qualifier {
    struct arena *arena;
    struct slice database;
    bool parameters;
    struct err *err;
};

static void walk_query(struct qualifier *qualifier, struct ast_query *query, const struct names *names);

static bool is_with(const struct names *names, struct slice name)
{
    for (; names != NULL; names = names->outer) {
        for (uint32_t i = 0; i < names->select->with_count; i++) {
            const struct ast_with *with = &names->select->with[i];
            struct slice own = with->query != NULL ? with->name : with->expression->alias;
            if (slice_equal(own, name)) {
                return true;
            }
        }
    }
    return false;
}

static bool starts_with(struct slice name, const char *prefix)
{
    size_t length = strlen(prefix);
    return name.length >= length && memcmp(name.data, prefix, length) == 0;
}

static bool is_in(struct slice name)
{
    static const char *const names[] = {"in", "notIn", "globalIn", "globalNotIn", "nullIn", "notNullIn"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        if (slice_equal(name, slice_text(names[i]))) {
            return true;
        }
    }
    return false;
}

/* x IN t → x IN db.t */
static void qualify_in(struct qualifier *qualifier, struct ast *table, const struct names *names)
{
    if (table->kind != AST_IDENTIFIER || table->part_count != 1 || is_with(names, table->parts[0])) {
        return;
    }
    struct slice *parts = ARENA_ARRAY(qualifier->arena, struct slice, 2);
    if (parts == NULL) {
        err_keep_first(&qualifier->err, arena_error(qualifier->arena));
        return;
    }
    parts[0] = qualifier->database;
    parts[1] = table->parts[0];
    table->parts = parts;
    table->part_count = 2;
}

/* dictGet('d', …) → dictGet('db.d', …) */
static void qualify_dictionary(struct qualifier *qualifier, struct ast *name)
{
    if (name->kind != AST_LITERAL || name->literal != AST_STRING || name->text.length == 0 ||
        memchr(name->text.data, '.', name->text.length) != NULL) {
        return;
    }
    char *text = arena_format(qualifier->arena, "%.*s.%.*s", SLICE_ARG(qualifier->database), SLICE_ARG(name->text));
    if (text == NULL) {
        err_keep_first(&qualifier->err, arena_error(qualifier->arena));
        return;
    }
    name->text = slice_text(text);
}

/* merge('^a') → merge('db', '^a') */
static void qualify_merge(struct qualifier *qualifier, struct ast *call)
{
    struct ast **items = ARENA_ARRAY(qualifier->arena, struct ast *, 2);
    struct ast *database = ARENA_NEW(qualifier->arena, struct ast);
    if (items == NULL || database == NULL) {
        err_keep_first(&qualifier->err, arena_error(qualifier->arena));
        return;
    }
    *database = (struct ast){.kind = AST_LITERAL,
                             .literal = AST_STRING,
                             .text = qualifier->database,
                             .offset = call->offset,
                             .end = call->offset,
                             .depth = 1};
    items[0] = database;
    items[1] = call->arguments.items[0];
    call->arguments = (struct ast_list){items, 2};
}

static void walk(struct qualifier *qualifier, struct ast *node, const struct names *names);

static void walk_list(struct qualifier *qualifier, const struct ast_list *list, const struct names *names)
{
    for (uint32_t i = 0; i < list->count; i++) {
        walk(qualifier, list->items[i], names);
    }
}

static void walk_orders(struct qualifier *qualifier, const struct ast_order *orders, uint32_t count,
                        const struct names *names)
{
    for (uint32_t i = 0; i < count; i++) {
        walk(qualifier, orders[i].expression, names);
        walk(qualifier, orders[i].fill_from, names);
        walk(qualifier, orders[i].fill_to, names);
        walk(qualifier, orders[i].fill_step, names);
    }
}

static void walk_window(struct qualifier *qualifier, const struct ast_window *window, const struct names *names)
{
    walk_list(qualifier, &window->partition_by, names);
    walk_orders(qualifier, window->order_by, window->order_count, names);
    walk(qualifier, window->begin.value, names);
    walk(qualifier, window->end.value, names);
}

static void walk(struct qualifier *qualifier, struct ast *node, const struct names *names)
{
    if (node == NULL) {
        return;
    }
    qualifier->parameters = qualifier->parameters || node->kind == AST_PARAMETER;
    if (node->kind == AST_FUNCTION && node->arguments.count == 2 && is_in(node->parts[0])) {
        qualify_in(qualifier, node->arguments.items[1], names);
    }
    if (node->kind == AST_FUNCTION && node->arguments.count > 0 &&
        (starts_with(node->parts[0], "dictGet") || starts_with(node->parts[0], "dictHas") ||
         starts_with(node->parts[0], "dictIsIn") || slice_equal(node->parts[0], slice_text("dictionary")))) {
        qualify_dictionary(qualifier, node->arguments.items[0]);
    }
    if (node->kind == AST_FUNCTION && !node->is_operator && node->arguments.count == 1 &&
        slice_is_word(node->parts[0], "merge")) {
        qualify_merge(qualifier, node);
    }
    walk_list(qualifier, &node->arguments, names);
    walk_list(qualifier, &node->parameters, names);
    walk(qualifier, node->filter, names);
    if (node->window != NULL) {
        walk_window(qualifier, node->window, names);
    }
    if (node->subquery != NULL) {
        walk_query(qualifier, node->subquery, names);
    }
    for (const struct ast_transformer *next = node->transformers; next != NULL; next = next->next) {
        walk_list(qualifier, &next->items, names);
    }
}

static void walk_table(struct qualifier *qualifier, struct ast_table *table, const struct names *names)
{
    if (table->subquery != NULL) {
        walk_query(qualifier, table->subquery, names);
    } else if (table->function == NULL && table->array_join.count == 0 && table->database.length == 0 &&
               table->name.length > 0 && !is_with(names, table->name)) {
        table->database = qualifier->database;
    }
    qualifier->parameters = qualifier->parameters || table->name_parameter != NULL || table->database_parameter != NULL;
    walk(qualifier, table->function, names);
    walk(qualifier, table->sample, names);
    walk(qualifier, table->sample_offset, names);
    walk(qualifier, table->on, names);
    walk_list(qualifier, &table->using, names);
    walk_list(qualifier, &table->array_join, names);
}

static void walk_select(struct qualifier *qualifier, struct ast_select *select, const struct names *outer)
{
    const struct names names = {outer, select};

    for (uint32_t i = 0; i < select->with_count; i++) {
        if (select->with[i].query != NULL) {
            walk_query(qualifier, select->with[i].query, &names);
        }
        walk(qualifier, select->with[i].expression, &names);
    }
    walk_list(qualifier, &select->distinct_on, &names);
    walk_list(qualifier, &select->columns, &names);
    for (uint32_t i = 0; i < select->table_count; i++) {
        walk_table(qualifier, &select->tables[i], &names);
    }
    walk(qualifier, select->prewhere, &names);
    walk(qualifier, select->where, &names);
    walk_list(qualifier, &select->group_by, &names);
    for (uint32_t i = 0; i < select->grouping_set_count; i++) {
        walk_list(qualifier, &select->grouping_sets[i], &names);
    }
    walk(qualifier, select->having, &names);
    for (uint32_t i = 0; i < select->window_count; i++) {
        walk_window(qualifier, &select->windows[i], &names);
    }
    walk(qualifier, select->qualify, &names);
    walk_orders(qualifier, select->order_by, select->order_count, &names);
    for (uint32_t i = 0; i < select->interpolation_count; i++) {
        walk(qualifier, select->interpolations[i].expression, &names);
    }
    walk(qualifier, select->limit_by_count, &names);
    walk(qualifier, select->limit_by_offset, &names);
    walk_list(qualifier, &select->limit_by, &names);
    walk(qualifier, select->limit, &names);
    walk(qualifier, select->limit_offset, &names);
}

static void walk_query(struct qualifier *qualifier, struct ast_query *query, const struct names *names)
{
    const struct names first = {names, query->parts[0].select}; /* its WITH holds for those behind it, too */
    for (uint32_t i = 0; i < query->part_count; i++) {
        const struct names *around = i > 0 && first.select != NULL ? &first : names;
        if (query->parts[i].query != NULL) {
            walk_query(qualifier, query->parts[i].query, around);
        } else {
            walk_select(qualifier, query->parts[i].select, around);
        }
    }
}

struct err *qualify_query(struct arena *arena, struct ast_query *query, struct slice database, bool *parameters)
{
    struct qualifier qualifier = {.arena = arena, .database = database};

    walk_query(&qualifier, query, NULL);
    *parameters = qualifier.parameters;
    return qualifier.err;
}
