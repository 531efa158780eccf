/*
 * bind_star.c: the list of a SELECT, with *, t.* and COLUMNS(…) written out.
 */
#include "sql/binder.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

static struct err *add_item(struct binder *binder, struct items *items, struct slice name, const struct ast *ast,
                            const struct expression *expression)
{
    if (items->count >= COLUMN_COUNT_MAX) {
        return bind_error(binder, ast->offset, ERR_TOO_DEEP_AST, "the SELECT has more than %u columns",
                          COLUMN_COUNT_MAX);
    }
    struct item *item = bind_array_add(binder->arena, &items->items, &items->count, sizeof(*item));
    if (item == NULL || name.data == NULL) {
        return arena_error(binder->arena);
    }
    *item = (struct item){
        .name = name, .ast = ast, .expression = expression, .has_aggregates = expression_has_aggregate(expression)};
    return NULL;
}

/* ---- which columns */

static bool is_excepted(const struct ast_transformer *transformer, struct slice name)
{
    for (; transformer != NULL; transformer = transformer->next) {
        for (uint32_t i = 0; transformer->kind == AST_EXCEPT && i < transformer->name_count; i++) {
            if (slice_equal(transformer->names[i], name)) {
                return true;
            }
        }
    }
    return false;
}

static struct err *check_transformers(struct binder *binder, const struct scope *scope,
                                      const struct ast_transformer *transformer)
{
    for (; transformer != NULL; transformer = transformer->next) {
        if (transformer->is_regexp) {
            return bind_refuse(binder, transformer->offset, "EXCEPT with a regular expression");
        }
        for (uint32_t i = 0; transformer->kind == AST_EXCEPT && transformer->strict && i < transformer->name_count;
             i++) {
            bool found = false;
            for (uint32_t j = 0; j < scope->column_count && !found; j++) {
                found = slice_equal(scope->columns[j].name, transformer->names[i]);
            }
            if (!found) {
                return bind_error(binder, transformer->offset, ERR_UNKNOWN_IDENTIFIER,
                                  "EXCEPT STRICT: there is no column %.*s", SLICE_ARG(transformer->names[i]));
            }
        }
    }
    return NULL;
}

/* ---- COLUMNS('regexp') */

static struct err *match_columns(struct binder *binder, const struct scope *scope, const struct ast *node,
                                 bool *matches)
{
    int code = 0;
    PCRE2_SIZE at = 0;
    struct err *err = NULL;
    pcre2_code *pattern =
        pcre2_compile((PCRE2_SPTR)node->text.data, node->text.length, PCRE2_UTF | PCRE2_DOTALL, &code, &at, NULL);
    pcre2_match_data *data = pattern == NULL ? NULL : pcre2_match_data_create(1, NULL);
    pcre2_match_context *context = data == NULL ? NULL : pcre2_match_context_create(NULL);

    if (pattern == NULL) {
        unsigned char text[128] = "";
        pcre2_get_error_message(code, text, sizeof(text));
        return bind_error(binder, node->offset, ERR_REGEXP, "COLUMNS: '%.*s' is no regular expression: %s at %zu",
                          SLICE_ARG(node->text), (const char *)text, (size_t)at);
    }
    if (context == NULL) {
        err = err_oom();
        goto done;
    }
    pcre2_set_match_limit(context, 100000);
    for (uint32_t i = 0; i < scope->column_count; i++) {
        struct slice name = scope->columns[i].name;
        code = pcre2_match(pattern, (PCRE2_SPTR)name.data, name.length, 0, 0, data, context);
        if (code < 0 && code != PCRE2_ERROR_NOMATCH) {
            err = bind_error(binder, node->offset, ERR_REGEXP, "COLUMNS: '%.*s' takes too long to match",
                             SLICE_ARG(node->text));
            goto done;
        }
        matches[i] = code >= 0;
    }
done:
    pcre2_match_context_free(context);
    pcre2_match_data_free(data);
    pcre2_code_free(pattern);
    return err;
}

/* ---- one column of a star, through REPLACE and APPLY */

/* The column by its table's name, so that no alias of the same name is taken for it. */
static struct ast *column_node(struct binder *binder, const struct scope *scope, const struct ast *star,
                               const struct scope_column *column)
{
    struct ast *node = ARENA_NEW(binder->arena, struct ast);
    struct slice *parts = ARENA_ARRAY(binder->arena, struct slice, 2);

    if (node == NULL || parts == NULL) {
        return NULL;
    }
    struct slice table = scope->join == NULL ? scope->table : scope_join_table(scope, column->side);
    bool qualified = table.length > 0;
    parts[0] = qualified ? table : column->name;
    parts[1] = column->name;
    *node = (struct ast){.kind = AST_IDENTIFIER,
                         .offset = star->offset,
                         .end = star->end,
                         .depth = 1,
                         .parts = parts,
                         .part_count = qualified ? 2 : 1};
    return node;
}

static struct ast *apply_node(struct binder *binder, const struct ast_transformer *apply, struct ast *argument)
{
    const struct ast *function = apply->items.items[0];
    struct ast *node = ARENA_NEW(binder->arena, struct ast);
    struct ast **arguments = ARENA_ARRAY(binder->arena, struct ast *, 1 + function->arguments.count);

    if (node == NULL || arguments == NULL) {
        return NULL;
    }
    *node = *function;
    node->kind = AST_FUNCTION;
    node->alias = (struct slice){0};
    arguments[0] = argument;
    node->arguments = (struct ast_list){.items = arguments, .count = 1};
    node->parameters = function->kind == AST_FUNCTION ? function->arguments : (struct ast_list){0};
    node->has_parameters = function->kind == AST_FUNCTION;
    if (node->has_parameters && !aggregate_exists(node->parts[0])) { /* APPLY(f(1)) is f(column, 1) */
        memcpy(arguments + 1, function->arguments.items, function->arguments.count * sizeof(arguments[0]));
        node->arguments.count = 1 + function->arguments.count;
        node->parameters = (struct ast_list){0};
        node->has_parameters = false;
    }
    return node;
}

static struct err *bind_star_column(struct binder *binder, struct scope *scope, const struct ast *star,
                                    struct scope_column *column, struct slice name, struct items *items)
{
    struct err *err = NULL;
    const struct expression *expression = NULL;
    const struct ast *node = NULL; /* NULL: the column itself */

    for (const struct ast_transformer *next = star->transformers; next != NULL; next = next->next) {
        if (next->kind == AST_REPLACE) {
            for (uint32_t i = 0; i < next->items.count; i++) {
                if (slice_equal(next->items.items[i]->alias, column->name)) {
                    node = next->items.items[i];
                }
            }
        } else if (next->kind == AST_APPLY) {
            const struct ast *function = next->items.items[0];
            if (function->kind != AST_IDENTIFIER && function->kind != AST_FUNCTION) {
                err = bind_refuse(binder, next->offset, "APPLY of anything but a function's name");
                goto done;
            }
            struct ast *argument = node != NULL ? (struct ast *)node : column_node(binder, scope, star, column);
            node = argument == NULL ? NULL : apply_node(binder, next, argument);
            if (node == NULL) {
                err = arena_error(binder->arena);
                goto done;
            }
        }
    }
    if (node == NULL) {
        OR_DONE(scope_column_expression(binder, scope, column, &expression));
        OR_DONE(add_item(binder, items, name, star, expression));
        goto done;
    }
    OR_DONE(bind_node(binder, scope, node, &expression));
    OR_DONE(add_item(binder, items, scope_item_name(binder, scope, node), node, expression));
done:
    return err;
}

static struct err *bind_star(struct binder *binder, struct scope *scope, const struct ast *node, struct items *items)
{
    struct err *err = NULL;
    uint32_t before = items->count;
    bool *matches = NULL;
    struct star_column *columns = NULL;
    uint32_t count = 0;

    if (scope->select != NULL && scope->select->table_count == 0) {
        err = bind_error(binder, node->offset, ERR_UNKNOWN_IDENTIFIER, "* needs a FROM");
        goto done;
    }
    if (node->kind == AST_STAR && node->part_count > 0 && !scope_is_table(scope, node->parts, node->part_count)) {
        err = bind_error(binder, node->offset, ERR_UNKNOWN_IDENTIFIER, "there is no table %.*s for %.*s.*",
                         SLICE_ARG(node->parts[node->part_count - 1]), SLICE_ARG(node->parts[node->part_count - 1]));
        goto done;
    }
    OR_DONE(check_transformers(binder, scope, node->transformers));
    if (node->kind == AST_COLUMNS && node->arguments.count == 0) {
        matches = arena_zalloc(binder->arena, scope->column_count + 1U);
        if (matches == NULL) {
            err = arena_error(binder->arena);
            goto done;
        }
        OR_DONE(match_columns(binder, scope, node, matches));
    }
    for (uint32_t j = 0; node->kind == AST_COLUMNS && j < node->arguments.count; j++) {
        const struct ast *name = node->arguments.items[j];
        struct scope_column *column = NULL;
        if (name->kind == AST_IDENTIFIER) {
            OR_DONE(scope_find_column(binder, scope, name, &column));
        }
        if (column == NULL) {
            err = bind_error(binder, name->offset, ERR_UNKNOWN_IDENTIFIER, "COLUMNS: there is no such column");
            goto done;
        }
        if (!is_excepted(node->transformers, column->name)) {
            OR_DONE(bind_star_column(binder, scope, node, column, scope_item_name(binder, scope, name), items));
        }
    }
    OR_DONE(scope_star(binder, scope, node, &columns, &count));
    for (uint32_t i = 0; i < count; i++) {
        struct scope_column *column = &scope->columns[columns[i].column];
        bool wanted = node->kind == AST_STAR || (matches != NULL && matches[columns[i].column]);
        if (wanted && !is_excepted(node->transformers, column->name)) {
            OR_DONE(bind_star_column(binder, scope, node, column, columns[i].name, items));
        }
    }
    if (items->count == before) {
        err = bind_error(binder, node->offset, ERR_UNKNOWN_IDENTIFIER, "%s gives no column",
                         node->kind == AST_STAR ? "*" : "COLUMNS");
    }
done:
    return err;
}

/* t.name, an element of a tuple: called "t.name"; of t.column only "column" is the name. */
static bool is_element(const struct ast *node, const struct expression *expression)
{
    return node->kind == AST_IDENTIFIER && node->part_count > 1 && node->alias.length == 0 &&
           expression->kind == EXPRESSION_CALL && strcmp(expression->function->name, "tupleElement") == 0;
}

static struct slice dotted_name(struct arena *arena, const struct ast *node)
{
    struct slice name = node->parts[0];
    for (uint32_t i = 1; i < node->part_count; i++) {
        const char *text = arena_format(arena, "%.*s.%.*s", SLICE_ARG(name), SLICE_ARG(node->parts[i]));
        if (text == NULL) {
            return (struct slice){0};
        }
        name = slice_text(text);
    }
    return name;
}

struct err *bind_items(struct binder *binder, struct scope *scope, const struct ast_list *list, struct items *items)
{
    struct err *err = NULL;

    for (uint32_t i = 0; i < list->count; i++) {
        const struct ast *node = list->items[i];
        const struct expression *expression = NULL;
        if (node->kind == AST_STAR || node->kind == AST_COLUMNS) {
            OR_DONE(bind_star(binder, scope, node, items));
            continue;
        }
        OR_DONE(bind_node(binder, scope, node, &expression));
        OR_DONE(add_item(binder, items,
                         is_element(node, expression) ? dotted_name(binder->arena, node)
                                                      : scope_item_name(binder, scope, node),
                         node, expression));
    }
done:
    return err;
}
