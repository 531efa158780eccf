/*
 * bind_scope.c: names: aliases of a SELECT, columns of its FROM, what outer SELECTs give.
 *
 * An alias wins over a column of the same name, but not inside of its own expression: in "a + 1 AS a" the inner a is
 * the column. Aliases are bound when they are first used, once.
 */
#include "sql/aliases.h"
#include "sql/binder.h"

#include <stdio.h>

static uint32_t name_hash(struct slice name)
{
    uint32_t hash = 2166136261U; /* FNV-1a: names are short and the query's own */
    for (size_t i = 0; i < name.length; i++) {
        hash = (hash ^ (unsigned char)name.data[i]) * 16777619U;
    }
    return hash;
}

static uint32_t *alias_slot(const struct scope *scope, struct slice name)
{
    for (uint32_t at = name_hash(name);; at++) {
        uint32_t *slot = &scope->alias_slots[at & scope->alias_mask];
        if (*slot == 0 || slice_equal(scope->aliases[*slot - 1].name, name)) {
            return slot;
        }
    }
}

struct alias *scope_alias(const struct scope *scope, struct slice name)
{
    if (scope->alias_slots == NULL) {
        return NULL;
    }
    uint32_t slot = *alias_slot(scope, name);
    return slot == 0 ? NULL : &scope->aliases[slot - 1];
}

static bool ast_equal(const struct ast *a, const struct ast *b)
{
    if (a->kind != b->kind || a->arguments.count != b->arguments.count || a->part_count != b->part_count ||
        a->literal != b->literal || a->number != b->number || !slice_equal(a->text, b->text) ||
        a->parameters.count != b->parameters.count || a->kind == AST_SUBQUERY || a->window != b->window ||
        !slice_equal(a->window_name, b->window_name)) {
        return a == b;
    }
    for (uint32_t i = 0; i < a->part_count; i++) {
        if (!slice_equal(a->parts[i], b->parts[i])) {
            return false;
        }
    }
    for (uint32_t i = 0; i < a->arguments.count; i++) {
        if (!ast_equal(a->arguments.items[i], b->arguments.items[i])) {
            return false;
        }
    }
    for (uint32_t i = 0; i < a->parameters.count; i++) {
        if (!ast_equal(a->parameters.items[i], b->parameters.items[i])) {
            return false;
        }
    }
    return true;
}

static struct err *grow_slots(struct binder *binder, struct scope *scope)
{
    uint32_t size = scope->alias_slots == NULL ? 16 : (scope->alias_mask + 1) * 2;

    scope->alias_slots = arena_zalloc(binder->arena, size * sizeof(uint32_t));
    if (scope->alias_slots == NULL) {
        return arena_error(binder->arena);
    }
    scope->alias_mask = size - 1;
    for (uint32_t i = 0; i < scope->alias_count; i++) {
        *alias_slot(scope, scope->aliases[i].name) = i + 1;
    }
    return NULL;
}

struct err *scope_check_alias(struct binder *binder, const struct scope *scope, const struct ast *node)
{
    const struct alias *alias = scope_alias(scope, node->alias);
    return alias == NULL || ast_equal(alias->ast, node)
               ? NULL
               : bind_error(binder, node->offset, ERR_MULTIPLE_EXPRESSIONS,
                            "different expressions have the same alias %.*s", SLICE_ARG(node->alias));
}

static struct err *add_alias(struct binder *binder, struct scope *scope, const struct ast *node)
{
    struct err *err = NULL;

    if (scope->alias_slots == NULL || scope->alias_count * 2 > scope->alias_mask) {
        OR_DONE(grow_slots(binder, scope));
    }
    uint32_t *slot = alias_slot(scope, node->alias);
    if (*slot != 0) {
        err = scope_check_alias(binder, scope, node);
        goto done;
    }
    struct alias *alias = bind_array_add(binder->arena, &scope->aliases, &scope->alias_count, sizeof(*alias));
    if (alias == NULL) {
        err = arena_error(binder->arena);
        goto done;
    }
    alias->name = node->alias;
    alias->ast = node;
    *slot = scope->alias_count;
done:
    return err;
}

struct err *scope_add_bound(struct binder *binder, struct scope *scope, const struct ast *node,
                            const struct expression *expression, uint32_t weight)
{
    struct err *err = NULL;

    if (scope_alias(scope, node->alias) == NULL) {
        OR_DONE(add_alias(binder, scope, node));
        struct alias *alias = scope_alias(scope, node->alias);
        alias->state = ALIAS_BOUND;
        alias->expression = expression;
        alias->has_aggregates = expression_has_aggregate(expression);
        alias->has_windows = expression_has_window(expression);
        alias->weight = weight;
    }
done:
    return err;
}

struct collecting {
    struct binder *binder;
    struct scope *scope;
};

static struct err *collect(void *context, const struct ast *node)
{
    const struct collecting *collecting = context;
    return add_alias(collecting->binder, collecting->scope, node);
}

struct err *scope_collect_aliases(struct binder *binder, struct scope *scope)
{
    struct collecting collecting = {binder, scope};
    return select_each_alias(scope->select, collect, &collecting);
}

/* ---- columns */

bool scope_is_table(const struct scope *scope, const struct slice *parts, uint32_t count)
{
    if (scope->join != NULL) {
        return scope_join_is_table(scope, parts, count);
    }
    if (count == 1) {
        return (scope->table.length > 0 && slice_equal(scope->table, parts[0])) ||
               (scope->table_name.length > 0 && slice_equal(scope->table_name, parts[0]));
    }
    return count == 2 && scope->database.length > 0 && slice_equal(scope->database, parts[0]) &&
           slice_equal(scope->table_name, parts[1]);
}

static struct scope_column *find_by_name(struct scope *scope, struct slice name)
{
    for (uint32_t i = 0; i < scope->column_count; i++) {
        if (slice_equal(scope->columns[i].name, name)) {
            return &scope->columns[i];
        }
    }
    return NULL;
}

struct err *scope_find_column(struct binder *binder, struct scope *scope, const struct ast *node,
                              struct scope_column **out)
{
    struct scope_column *column = NULL;

    *out = NULL;
    if (scope->join != NULL) {
        return scope_join_find(binder, scope, node, out);
    }
    if (node->part_count > 1) {
        /* a column whose own name has dots */
        size_t length = 0;
        for (uint32_t i = 0; i < node->part_count; i++) {
            length += node->parts[i].length + 1;
        }
        char *joined = arena_alloc(binder->arena, length);
        size_t at = 0;
        if (joined == NULL) {
            return arena_error(binder->arena);
        }
        for (uint32_t i = 0; i < node->part_count; i++) {
            if (i > 0) {
                joined[at++] = '.';
            }
            memcpy(joined + at, node->parts[i].data, node->parts[i].length);
            at += node->parts[i].length;
        }
        column = find_by_name(scope, slice_of(joined, at));
        size_t skipped = 0; /* the table's name, or its database's and its own */
        for (uint32_t i = 1; column == NULL && i <= 2 && i < node->part_count; i++) {
            skipped += node->parts[i - 1].length + 1;
            if (scope_is_table(scope, node->parts, i)) {
                column = find_by_name(scope, slice_of(joined + skipped, at - skipped));
            }
        }
    } else {
        column = find_by_name(scope, node->parts[0]);
    }
    if (column != NULL && column->ambiguous) {
        return bind_error(binder, node->offset, ERR_AMBIGUOUS_IDENTIFIER, "the name %.*s is ambiguous",
                          SLICE_ARG(column->name));
    }
    *out = column;
    return NULL;
}

struct err *scope_column_expression(struct binder *binder, struct scope *scope, struct scope_column *column,
                                    const struct expression **out)
{
    if (column->index == UINT32_MAX) { /* the scan reads it from now on */
        uint32_t *place = bind_array_add(binder->arena, &scope->scan_columns, &scope->scan_count, sizeof(*place));
        if (place == NULL) {
            return arena_error(binder->arena);
        }
        *place = column->source;
        column->index = scope->scan_count - 1;
    }
    return expression_column(binder->arena, column->index, column->type, out);
}

/* ---- identifiers */

/* WITH a AS b, b AS a: they would be written out without an end. */
#define INHERITED_DEPTH_MAX 64U

static struct err *bind_alias(struct binder *binder, struct scope *scope, struct alias *alias, uint32_t offset,
                              const struct expression **out)
{
    struct err *err = NULL;

    if (alias->state == ALIAS_NEW) {
        uint32_t before = binder->expanded;
        uint32_t cut_before = binder->cut_level;
        alias->level = ++binder->alias_level;
        alias->state = ALIAS_BINDING;
        binder->cut_level = UINT32_MAX;
        struct lambda_frame *lambda = binder->lambda; /* its names are not those of the alias */
        binder->lambda = NULL;
        OR_DONE(bind_node(binder, scope, alias->ast, &alias->expression));
        binder->lambda = lambda;
        alias->has_aggregates = expression_has_aggregate(alias->expression);
        alias->has_windows = expression_has_window(alias->expression);
        alias->weight = binder->expanded - before;
        binder->alias_level--;
        /* "a AS b, b AS a": where an alias was met again and taken for a column, the result holds only here */
        uint32_t cut = binder->cut_level;
        alias->state = cut == UINT32_MAX ? ALIAS_BOUND : ALIAS_NEW;
        binder->cut_level = cut < alias->level && cut < cut_before ? cut : cut_before;
    } else {
        binder->expanded += alias->weight;
    }
    if (alias->has_aggregates && (scope->no_aggregates != NULL || scope->in_aggregate)) {
        err = bind_error(binder, offset, ERR_ILLEGAL_AGGREGATION,
                         "the alias %.*s stands for an aggregate function, which is not allowed %s%s",
                         SLICE_ARG(alias->name), scope->in_aggregate ? "inside " : "in ",
                         scope->in_aggregate ? "another one" : scope->no_aggregates);
        goto done;
    }
    if (alias->has_windows && scope->no_windows != NULL) {
        err =
            bind_error(binder, offset, ERR_ILLEGAL_AGGREGATION,
                       "the alias %.*s stands for a window function, which is not allowed %s%s", SLICE_ARG(alias->name),
                       strncmp(scope->no_windows, "inside", 6) == 0 ? "" : "in ", scope->no_windows);
        goto done;
    }
    *out = alias->expression;
done:
    return err;
}

static struct err *unknown_identifier(struct binder *binder, struct scope *scope, const struct ast *node)
{
    struct nearest nearest = {.wanted = node->parts[node->part_count - 1]};
    char hint[160] = "";

    for (uint32_t i = 0; i < scope->column_count; i++) {
        nearest_offer(&nearest, scope->columns[i].name);
    }
    for (uint32_t i = 0; i < scope->alias_count; i++) {
        if (scope->aliases[i].state != ALIAS_BINDING) {
            nearest_offer(&nearest, scope->aliases[i].name);
        }
    }
    if (nearest.best.length > 0 && nearest.best.length < 64 &&
        (node->part_count == 1 || !slice_equal(nearest.best, nearest.wanted))) {
        (void)snprintf(hint, sizeof(hint), "; did you mean %.*s?", SLICE_ARG(nearest.best));
    } else if (node->offset < binder->options->text.length && binder->options->text.data[node->offset] == '"') {
        (void)snprintf(hint, sizeof(hint), "; a string stands in 'single quotes'");
    } else if (scope->select != NULL && scope->select->table_count == 0) {
        (void)snprintf(hint, sizeof(hint), "; the SELECT has no FROM");
    } else if (node->part_count > 1 && scope->table.length > 0) {
        (void)snprintf(hint, sizeof(hint), "; columns here are those of %.*s",
                       SLICE_ARG(slice_of(scope->table.data, scope->table.length > 64 ? 64 : scope->table.length)));
    }
    char *name = arena_format(binder->arena, "%.*s", SLICE_ARG(node->parts[0]));
    for (uint32_t i = 1; i < node->part_count && name != NULL; i++) {
        name = arena_format(binder->arena, "%s.%.*s", name, SLICE_ARG(node->parts[i]));
    }
    return name == NULL
               ? arena_error(binder->arena)
               : bind_error(binder, node->offset, ERR_UNKNOWN_IDENTIFIER, "unknown identifier '%s'%s", name, hint);
}

/* The expression of this name in the WITH of a SELECT; NULL: there is none. */
static const struct ast *with_expression(const struct ast_select *select, struct slice name)
{
    for (uint32_t i = select == NULL ? 0 : select->with_count; i > 0; i--) {
        const struct ast_with *with = &select->with[i - 1];
        if (with->query == NULL && slice_equal(with->expression->alias, name)) {
            return with->expression;
        }
    }
    return NULL;
}

/* As if the WITH stood in this SELECT, too: its names are those of this one. */
static struct err *bind_inherited(struct binder *binder, struct scope *scope, const struct ast *expression,
                                  const struct expression **out)
{
    struct err *err = NULL;
    struct lambda_frame *lambda = binder->lambda;

    if (binder->inherited_depth == INHERITED_DEPTH_MAX) {
        return bind_error(binder, expression->offset, ERR_CYCLIC_ALIASES, "the alias %.*s stands for itself",
                          SLICE_ARG(expression->alias));
    }
    binder->lambda = NULL;
    binder->inherited_depth++;
    err = bind_node(binder, scope, expression, out);
    binder->inherited_depth--;
    binder->lambda = lambda;
    return err;
}

/* What a SELECT around this one gives: constants and expressions of WITH that need no row. Of one whose FROM this is,
 * and of the first of a UNION: what its WITH says, written out here. */
static struct err *bind_outer(struct binder *binder, struct scope *scope, const struct ast *node,
                              const struct expression **out)
{
    struct err *err = NULL;

    *out = NULL;
    for (struct scope *outer = scope->parent; outer != NULL && *out == NULL; outer = outer->parent) {
        struct alias *alias = node->part_count == 1 ? scope_alias(outer, node->parts[0]) : NULL;
        const struct ast *with = node->part_count == 1 ? with_expression(outer->select, node->parts[0]) : NULL;
        struct scope_column *column = NULL;
        if (alias != NULL && alias->state != ALIAS_BINDING) {
            OR_DONE(bind_alias(binder, outer, alias, node->offset, out));
        } else if (alias == NULL && with != NULL) {
            err = bind_inherited(binder, scope, with, out);
            goto done;
        } else {
            OR_DONE(scope_find_column(binder, outer, node, &column));
        }
        if (column != NULL ||
            (*out != NULL && (*out)->kind != EXPRESSION_CONSTANT && (*out)->kind != EXPRESSION_PARAMETER)) {
            struct correlation *correlation = scope->correlation;
            bool correlated = correlation != NULL && correlation->open && correlation->outer == outer;
            if (!correlated && with != NULL) {
                err = bind_inherited(binder, scope, with, out);
                goto done;
            }
            if (!correlated) {
                err = bind_refuse(
                    binder, node->offset,
                    "%.*s belongs to the query around this one: a correlated subquery but in WHERE of EXISTS "
                    "(SELECT ...) and of scalar subqueries",
                    SLICE_ARG(node->parts[node->part_count - 1]));
                goto done;
            }
            OR_DONE(column == NULL ? NULL : scope_column_expression(binder, outer, column, out));
            OR_DONE(correlation_take(binder, correlation, node, *out, out));
        }
    }
done:
    return err;
}

/* t.name where t is an alias or a column and name a part of it, t.a.b a part of a part; *out NULL: it is not. */
static struct err *bind_element(struct binder *binder, struct scope *scope, const struct ast *node,
                                const struct expression **out)
{
    struct err *err = NULL;
    const struct expression *value = NULL;
    struct ast whole = *node;

    *out = NULL;
    while (value == NULL && whole.part_count > 1) {
        struct scope_column *column = NULL;
        whole.part_count--;
        struct alias *alias = whole.part_count == 1 ? scope_alias(scope, whole.parts[0]) : NULL;
        OR_DONE(scope_find_column(binder, scope, &whole, &column));
        if (alias != NULL && alias->state != ALIAS_BINDING) {
            OR_DONE(bind_alias(binder, scope, alias, node->offset, &value));
        } else if (column != NULL) {
            OR_DONE(scope_column_expression(binder, scope, column, &value));
        }
    }
    for (uint32_t i = whole.part_count; value != NULL && i < node->part_count; i++) {
        const struct expression *part = NULL;
        if (value->type->view == TYPE_VIEW_JSON) {
            OR_DONE(bind_json_path(binder, node, i, value, out));
            goto done;
        }
        OR_DONE(bind_subcolumn(binder, node->offset, value, node->parts[i], &part));
        value = part;
    }
    *out = value;
done:
    return err;
}

struct err *bind_identifier(struct binder *binder, struct scope *scope, const struct ast *node,
                            const struct expression **out)
{
    struct err *err = NULL;
    struct alias *alias = node->part_count == 1 ? scope_alias(scope, node->parts[0]) : NULL;
    struct scope_column *column = NULL;

    OR_DONE(bind_lambda_argument(binder, node, out));
    if (*out != NULL) {
        goto done;
    }
    if (alias != NULL && alias->state != ALIAS_BINDING && alias->ast != node) {
        OR_DONE(bind_alias(binder, scope, alias, node->offset, out));
        goto done;
    }
    if (alias != NULL && alias->level < binder->cut_level) {
        binder->cut_level = alias->level;
    }
    OR_DONE(scope_find_column(binder, scope, node, &column));
    if (column != NULL) {
        OR_DONE(scope_column_expression(binder, scope, column, out));
        goto done;
    }
    OR_DONE(bind_element(binder, scope, node, out));
    if (*out == NULL) {
        OR_DONE(bind_nested(binder, scope, node, out));
    }
    if (*out == NULL) {
        OR_DONE(bind_window_name(binder, scope, node, out));
    }
    if (*out == NULL) {
        OR_DONE(bind_outer(binder, scope, node, out));
    }
    if (*out == NULL) {
        if (alias != NULL && alias->state == ALIAS_BINDING) {
            err = bind_error(binder, node->offset, ERR_UNKNOWN_IDENTIFIER,
                             "unknown identifier '%.*s': there is no such column, and the alias stands for itself",
                             SLICE_ARG(alias->name));
        } else {
            err = unknown_identifier(binder, scope, node);
        }
    }
done:
    return err;
}

const struct ast_with *scope_find_with(struct scope *scope, struct slice name, struct scope **owner, uint32_t *index)
{
    for (; scope != NULL; scope = scope->parent) {
        uint32_t visible = scope->select == NULL ? 0
                           : scope->with_all     ? scope->select->with_count
                                                 : scope->with_visible;
        for (uint32_t i = visible; i > 0; i--) {
            const struct ast_with *with = &scope->select->with[i - 1];
            if (with->query != NULL && slice_equal(with->name, name)) {
                *owner = scope;
                *index = i - 1;
                return with;
            }
        }
    }
    return NULL;
}
