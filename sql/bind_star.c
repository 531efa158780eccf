/*
 * bind_star.c: the list of a SELECT, and arguments, with *, t.* and COLUMNS(…) written out.
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

/* ---- COLUMNS('regexp') */

struct err *bind_match_names(struct binder *binder, struct slice regexp, uint32_t offset, const struct slice *names,
                             uint32_t count, bool *matches)
{
    int code = 0;
    PCRE2_SIZE at = 0;
    struct err *err = NULL;
    pcre2_code *pattern =
        pcre2_compile((PCRE2_SPTR)regexp.data, regexp.length, PCRE2_UTF | PCRE2_DOTALL, &code, &at, NULL);
    pcre2_match_data *data = pattern == NULL ? NULL : pcre2_match_data_create(1, NULL);
    pcre2_match_context *context = data == NULL ? NULL : pcre2_match_context_create(NULL);

    if (pattern == NULL) {
        unsigned char text[128] = "";
        pcre2_get_error_message(code, text, sizeof(text));
        return bind_error(binder, offset, ERR_REGEXP, "'%.*s' is no regular expression: %s at %zu", SLICE_ARG(regexp),
                          (const char *)text, (size_t)at);
    }
    if (context == NULL) {
        err = err_oom();
        goto done;
    }
    pcre2_set_match_limit(context, 100000);
    for (uint32_t i = 0; i < count; i++) {
        code = pcre2_match(pattern, (PCRE2_SPTR)names[i].data, names[i].length, 0, 0, data, context);
        if (code < 0 && code != PCRE2_ERROR_NOMATCH) {
            err = bind_error(binder, offset, ERR_REGEXP, "'%.*s' takes too long to match", SLICE_ARG(regexp));
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

static struct err *match_columns(struct binder *binder, const struct scope *scope, struct slice regexp, uint32_t offset,
                                 bool *matches)
{
    struct slice *names = ARENA_ARRAY(binder->arena, struct slice, (size_t)scope->column_count + 1);
    if (names == NULL) {
        return arena_error(binder->arena);
    }
    for (uint32_t i = 0; i < scope->column_count; i++) {
        names[i] = scope->columns[i].name;
    }
    return bind_match_names(binder, regexp, offset, names, scope->column_count, matches);
}

/* ---- EXCEPT and REPLACE */

static struct err *missing_column(struct binder *binder, const struct ast_transformer *transformer, struct slice name)
{
    return bind_error(binder, transformer->offset, ERR_BAD_ARGUMENTS, "%s STRICT: there is no column %.*s",
                      transformer->kind == AST_EXCEPT ? "EXCEPT" : "REPLACE", SLICE_ARG(name));
}

/* Marks the scope's columns of this name; STRICT: there must be one. */
static struct err *mark_name(struct binder *binder, const struct scope *scope,
                             const struct ast_transformer *transformer, struct slice name, bool *marks)
{
    bool found = false;
    for (uint32_t i = 0; i < scope->column_count; i++) {
        bool same = slice_equal(scope->columns[i].name, name);
        marks[i] = marks[i] || (same && transformer->kind == AST_EXCEPT);
        found = found || same;
    }
    return transformer->strict && !found ? missing_column(binder, transformer, name) : NULL;
}

/* Columns of the scope that EXCEPT leaves out. */
static struct err *find_excepted(struct binder *binder, const struct scope *scope,
                                 const struct ast_transformer *transformer, bool **out)
{
    struct err *err = NULL;
    bool *marks = arena_zalloc(binder->arena, scope->column_count + 1U);
    bool *matches = arena_zalloc(binder->arena, scope->column_count + 1U);

    if (marks == NULL || matches == NULL) {
        return arena_error(binder->arena);
    }
    for (; transformer != NULL; transformer = transformer->next) {
        if (transformer->is_regexp) {
            OR_DONE(match_columns(binder, scope, transformer->names[0], transformer->offset, matches));
            for (uint32_t i = 0; i < scope->column_count; i++) {
                marks[i] = marks[i] || matches[i];
            }
            continue;
        }
        for (uint32_t i = 0; transformer->kind == AST_EXCEPT && i < transformer->name_count; i++) {
            OR_DONE(mark_name(binder, scope, transformer, transformer->names[i], marks));
        }
        for (uint32_t i = 0; transformer->kind == AST_REPLACE && i < transformer->items.count; i++) {
            OR_DONE(mark_name(binder, scope, transformer, transformer->items.items[i]->alias, marks));
        }
    }
    *out = marks;
done:
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

/* The body of a lambda function with the argument in place of its parameter. NULL: memory is out. */
static struct ast *substitute(struct binder *binder, struct ast *body, struct slice parameter, struct ast *argument)
{
    if (body->kind == AST_IDENTIFIER && body->part_count == 1 && slice_equal(body->parts[0], parameter)) {
        return argument;
    }
    if (body->kind != AST_FUNCTION) {
        return body;
    }
    struct ast *copy = ARENA_NEW(binder->arena, struct ast);
    struct ast **arguments = ARENA_ARRAY(binder->arena, struct ast *, body->arguments.count + 1U);
    if (copy == NULL || arguments == NULL) {
        return NULL;
    }
    *copy = *body;
    copy->arguments.items = arguments;
    for (uint32_t i = 0; i < body->arguments.count; i++) {
        arguments[i] = substitute(binder, body->arguments.items[i], parameter, argument);
        if (arguments[i] == NULL) {
            return NULL;
        }
    }
    return copy;
}

static struct ast *without_alias(struct binder *binder, const struct ast *node)
{
    struct ast *copy = ARENA_NEW(binder->arena, struct ast);
    if (copy != NULL) {
        *copy = *node;
        copy->alias = (struct slice){0};
    }
    return copy;
}

static struct ast *apply_node(struct binder *binder, const struct ast_transformer *apply, struct ast *argument)
{
    const struct ast *function = apply->items.items[0];
    if (function->kind == AST_LAMBDA) {
        return substitute(binder, function->arguments.items[0], function->parts[0], argument);
    }
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

/* What REPLACE put in the place of columns: from then on it is what their names mean. */
struct replaced {
    const struct ast **nodes;
    uint32_t count;
};

static struct err *replaced_add(struct binder *binder, struct replaced *replaced, const struct ast *node)
{
    const struct ast **place = bind_array_add(binder->arena, &replaced->nodes, &replaced->count, sizeof(struct ast *));
    if (place == NULL) {
        return arena_error(binder->arena);
    }
    *place = node;
    return NULL;
}

/* What a column is behind a star's transformers, in *out; NULL: the column itself. replaced: what REPLACE put there;
 * may be NULL. */
static struct err *star_node(struct binder *binder, struct scope *scope, const struct ast *star,
                             const struct scope_column *column, struct replaced *replaced, const struct ast **out)
{
    struct err *err = NULL;
    const struct ast *node = NULL;

    for (const struct ast_transformer *next = star->transformers; next != NULL; next = next->next) {
        if (next->kind == AST_REPLACE && node == NULL) {
            for (uint32_t i = 0; i < next->items.count; i++) {
                if (slice_equal(next->items.items[i]->alias, column->name)) {
                    node = next->items.items[i];
                    OR_DONE(scope_check_alias(binder, scope, node));
                    OR_DONE(replaced == NULL ? NULL : replaced_add(binder, replaced, node));
                }
            }
        } else if (next->kind == AST_APPLY) {
            const struct ast *function = next->items.items[0];
            bool lambda = function->kind == AST_LAMBDA && function->part_count == 1;
            if (!lambda && function->kind != AST_IDENTIFIER && function->kind != AST_FUNCTION) {
                err = bind_refuse(binder, next->offset,
                                  "APPLY of anything but a function's name or a lambda of one parameter");
                goto done;
            }
            struct ast *argument =
                node != NULL ? without_alias(binder, node) : column_node(binder, scope, star, column);
            node = argument == NULL ? NULL : apply_node(binder, next, argument);
            if (node == NULL) {
                err = arena_error(binder->arena);
                goto done;
            }
        }
    }
    *out = node;
done:
    return err;
}

static struct err *bind_star_column(struct binder *binder, struct scope *scope, const struct ast *star,
                                    struct scope_column *column, struct slice name, struct items *items,
                                    struct replaced *replaced)
{
    struct err *err = NULL;
    const struct expression *expression = NULL;
    const struct ast *node = NULL;

    OR_DONE(star_node(binder, scope, star, column, replaced, &node));
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

/* t.* of a column of tuples with names: its elements; adds nothing if there is no such column. */
static struct err *bind_tuple_star(struct binder *binder, struct scope *scope, const struct ast *node,
                                   struct items *items)
{
    struct err *err = NULL;
    struct ast tuple = *node;
    struct scope_column *column = NULL;

    tuple.kind = AST_IDENTIFIER;
    OR_DONE(scope_find_column(binder, scope, &tuple, &column));
    const struct type *type = column == NULL ? NULL : column->type;
    if (type == NULL || type->kind != TYPE_TUPLE || type->names == NULL || node->transformers != NULL) {
        goto done;
    }
    for (uint32_t k = 0; k < type->child_count; k++) {
        const struct expression *value = NULL, *element = NULL;
        OR_DONE(scope_column_expression(binder, scope, column, &value));
        OR_DONE(bind_subcolumn(binder, node->offset, value, type->names[k], &element));
        char *name = arena_format(binder->arena, "%.*s.%.*s", SLICE_ARG(scope_item_name(binder, scope, &tuple)),
                                  SLICE_ARG(type->names[k]));
        OR_DONE(add_item(binder, items, name == NULL ? (struct slice){0} : slice_text(name), node, element));
    }
done:
    return err;
}

/* REPLACE (a + 1 AS a): behind the star a is a + 1, in WHERE too. */
static struct err *name_replaced(struct binder *binder, struct scope *scope, const struct replaced *replaced)
{
    struct err *err = NULL;
    const struct expression **values = arena_array(binder->arena, replaced->count + 1U, sizeof(struct expression *));
    uint32_t *weights = ARENA_ARRAY(binder->arena, uint32_t, replaced->count + 1U);

    if (values == NULL || weights == NULL) {
        return arena_error(binder->arena);
    }
    for (uint32_t i = 0; i < replaced->count; i++) { /* none of them sees the others */
        weights[i] = binder->expanded;
        OR_DONE(bind_node(binder, scope, replaced->nodes[i], &values[i]));
        weights[i] = binder->expanded - weights[i];
    }
    for (uint32_t i = 0; i < replaced->count; i++) {
        OR_DONE(scope_add_bound(binder, scope, replaced->nodes[i], values[i], weights[i]));
    }
done:
    return err;
}

static struct err *star_column_add(struct binder *binder, struct star_column **list, uint32_t *count, uint32_t column,
                                   struct slice name)
{
    struct star_column *place = bind_array_add(binder->arena, list, count, sizeof(*place));
    if (place == NULL) {
        return arena_error(binder->arena);
    }
    *place = (struct star_column){column, name};
    return NULL;
}

/* The columns of a star, EXCEPT left out, with their names. */
static struct err *star_columns(struct binder *binder, struct scope *scope, const struct ast *node,
                                struct star_column **out, uint32_t *out_count)
{
    struct err *err = NULL;
    bool *matches = NULL;
    bool *excepted = NULL;
    struct star_column *columns = NULL;
    uint32_t count = 0;

    *out = NULL;
    *out_count = 0;
    OR_DONE(find_excepted(binder, scope, node->transformers, &excepted));
    if (node->kind == AST_COLUMNS && node->arguments.count == 0) {
        matches = arena_zalloc(binder->arena, scope->column_count + 1U);
        if (matches == NULL) {
            err = arena_error(binder->arena);
            goto done;
        }
        OR_DONE(match_columns(binder, scope, node->text, node->offset, matches));
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
        uint32_t index = (uint32_t)(column - scope->columns);
        if (!excepted[index]) {
            OR_DONE(star_column_add(binder, out, out_count, index, scope_item_name(binder, scope, name)));
        }
    }
    OR_DONE(scope_star(binder, scope, node, &columns, &count));
    for (uint32_t i = 0; i < count; i++) {
        bool wanted = node->kind == AST_STAR || (matches != NULL && matches[columns[i].column]);
        if (wanted && !excepted[columns[i].column]) {
            OR_DONE(star_column_add(binder, out, out_count, columns[i].column, columns[i].name));
        }
    }
    if (*out_count == 0) {
        err = bind_error(binder, node->offset, ERR_EMPTY_COLUMNS, "%s gives no column",
                         node->kind == AST_STAR ? "*" : "COLUMNS");
    }
done:
    return err;
}

/* Is it t.* of what is no table? Then perhaps of a tuple. */
static bool of_no_table(const struct scope *scope, const struct ast *node)
{
    return node->kind == AST_STAR && node->part_count > 0 && !scope_is_table(scope, node->parts, node->part_count);
}

static struct err *bind_star(struct binder *binder, struct scope *scope, const struct ast *node, struct items *items)
{
    struct err *err = NULL;
    uint32_t before = items->count;
    struct star_column *columns = NULL;
    uint32_t count = 0;
    struct replaced replaced = {0};

    if (scope->select != NULL && scope->select->table_count == 0) {
        err = bind_error(binder, node->offset, ERR_UNKNOWN_IDENTIFIER, "* needs a FROM");
        goto done;
    }
    if (of_no_table(scope, node)) {
        OR_DONE(bind_tuple_star(binder, scope, node, items));
        if (items->count > before) {
            goto done;
        }
        err = bind_error(binder, node->offset, ERR_UNKNOWN_IDENTIFIER, "there is no table %.*s for %.*s.*",
                         SLICE_ARG(node->parts[node->part_count - 1]), SLICE_ARG(node->parts[node->part_count - 1]));
        goto done;
    }
    OR_DONE(star_columns(binder, scope, node, &columns, &count));
    for (uint32_t i = 0; i < count; i++) {
        OR_DONE(bind_star_column(binder, scope, node, &scope->columns[columns[i].column], columns[i].name, items,
                                 &replaced));
    }
    OR_DONE(name_replaced(binder, scope, &replaced));
done:
    return err;
}

/* ---- stars as arguments */

static bool is_star(const struct ast *node)
{
    return node->kind == AST_STAR || node->kind == AST_COLUMNS;
}

static struct err *add_node(struct binder *binder, struct ast_list *list, struct ast *node)
{
    struct ast **place =
        node == NULL ? NULL : bind_array_add(binder->arena, &list->items, &list->count, sizeof(*place));
    if (place == NULL) {
        return arena_error(binder->arena);
    }
    *place = node;
    return NULL;
}

struct err *bind_star_arguments(struct binder *binder, struct scope *scope, const struct ast *call,
                                const struct ast **out)
{
    struct err *err = NULL;
    bool any = false;
    struct ast *written = NULL;

    for (uint32_t i = 0; i < call->arguments.count; i++) {
        any = any || is_star(call->arguments.items[i]);
    }
    *out = call;
    if (!any) {
        return NULL;
    }
    written = ARENA_NEW(binder->arena, struct ast);
    if (written == NULL) {
        return arena_error(binder->arena);
    }
    *written = *call;
    written->arguments = (struct ast_list){0};
    for (uint32_t i = 0; i < call->arguments.count; i++) {
        struct ast *argument = call->arguments.items[i];
        struct star_column *columns = NULL;
        uint32_t count = 0;
        if (!is_star(argument)) {
            OR_DONE(add_node(binder, &written->arguments, argument));
            continue;
        }
        if ((scope->select != NULL && scope->select->table_count == 0) || of_no_table(scope, argument)) {
            err = bind_error(binder, argument->offset, ERR_UNKNOWN_IDENTIFIER, "* needs a table");
            goto done;
        }
        OR_DONE(star_columns(binder, scope, argument, &columns, &count));
        for (uint32_t k = 0; k < count; k++) {
            const struct scope_column *column = &scope->columns[columns[k].column];
            const struct ast *node = NULL;
            OR_DONE(star_node(binder, scope, argument, column, NULL, &node));
            struct ast *one = node == NULL ? column_node(binder, scope, argument, column) : without_alias(binder, node);
            OR_DONE(add_node(binder, &written->arguments, one));
        }
    }
    *out = written;
done:
    return err;
}

struct err *bind_items(struct binder *binder, struct scope *scope, const struct ast_list *list, struct items *items)
{
    struct err *err = NULL;

    for (uint32_t i = 0; i < list->count; i++) {
        const struct ast *node = list->items[i];
        const struct expression *expression = NULL;
        if (is_star(node)) {
            OR_DONE(bind_star(binder, scope, node, items));
            continue;
        }
        OR_DONE(bind_node(binder, scope, node, &expression));
        OR_DONE(add_item(binder, items, scope_item_name(binder, scope, node), node, expression));
    }
done:
    return err;
}
