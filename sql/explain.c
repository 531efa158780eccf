/*
 * explain.c: options of EXPLAIN, and EXPLAIN AST. See explain.h.
 *
 * source   ClickHouse's EXPLAIN AST decides the nodes' names and their order
 */
#include "sql/explain.h"

#include "base/text.h"
#include "sql/literal_list.h"
#include "sql/printer.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <strings.h>

/* ---- options */

struct explain_option {
    const char *name;
    enum explain_kind kind;
    size_t offset;   /* of a bool in struct explain_settings; or */
    bool is_refused; /* unless it has the value that means nothing: */
    uint64_t off;
};

#define OPTION(name, kind)                                                                                             \
    {                                                                                                                  \
#name, kind, offsetof(struct explain_settings, name), false, 0                                                 \
    }
#define REFUSED(name, kind, off)                                                                                       \
    {                                                                                                                  \
        name, kind, 0, true, off                                                                                       \
    }

static const struct explain_option options[] = {
    OPTION(header, EXPLAIN_PLAN),
    OPTION(actions, EXPLAIN_PLAN),
    OPTION(indexes, EXPLAIN_PLAN),
    REFUSED("description", EXPLAIN_PLAN, 1),
    REFUSED("json", EXPLAIN_PLAN, 0),
    REFUSED("optimize", EXPLAIN_PLAN, 1),
    REFUSED("sorting", EXPLAIN_PLAN, 0),
    REFUSED("projections", EXPLAIN_PLAN, 0),
    REFUSED("distributed", EXPLAIN_PLAN, 0),
    REFUSED("compact", EXPLAIN_PLAN, 0),
    REFUSED("pretty", EXPLAIN_PLAN, 0),
    REFUSED("estimates", EXPLAIN_PLAN, 0),
    REFUSED("input_headers", EXPLAIN_PLAN, 0),
    REFUSED("column_structure", EXPLAIN_PLAN, 0),
    REFUSED("keep_logical_steps", EXPLAIN_PLAN, 0),
    REFUSED("graph", EXPLAIN_AST, 0),
    REFUSED("optimize", EXPLAIN_AST, 0),
    OPTION(oneline, EXPLAIN_SYNTAX),
    REFUSED("run_query_tree_passes", EXPLAIN_SYNTAX, 0),
    REFUSED("query_tree_passes", EXPLAIN_SYNTAX, 0),
    OPTION(header, EXPLAIN_PIPELINE),
    REFUSED("graph", EXPLAIN_PIPELINE, 0),
    REFUSED("compact", EXPLAIN_PIPELINE, 1),
    REFUSED("distributed", EXPLAIN_PIPELINE, 0),
};

static const char *const kind_names[] = {[EXPLAIN_PLAN] = "PLAN",
                                         [EXPLAIN_AST] = "AST",
                                         [EXPLAIN_SYNTAX] = "SYNTAX",
                                         [EXPLAIN_PIPELINE] = "PIPELINE",
                                         [EXPLAIN_ESTIMATE] = "ESTIMATE"};

static struct err *take_option(const struct ast_setting *setting, struct explain_settings *out)
{
    const char *kind = kind_names[out->kind];
    for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
        const struct explain_option *option = &options[i];
        if (option->kind != out->kind || !slice_equal(setting->name, slice_text(option->name))) {
            continue;
        }
        const struct ast *value = setting->value;
        if (value == NULL || value->kind != AST_LITERAL || (value->literal != AST_UINT && value->literal != AST_BOOL) ||
            value->number > 1) {
            return err_new(ERR_INVALID_SETTING, "the setting %s of EXPLAIN %s is 0 or 1", option->name, kind);
        }
        if (option->is_refused && value->number != option->off) {
            return err_new(ERR_NOT_IMPLEMENTED, "EXPLAIN %s %s = %" PRIu64 " is not supported yet", kind, option->name,
                           value->number);
        }
        if (!option->is_refused) {
            *(bool *)((char *)out + option->offset) = value->number == 1;
        }
        return NULL;
    }
    return err_new(ERR_UNKNOWN_SETTING, "Unknown setting \"%.*s\" for EXPLAIN %s", SLICE_ARG(setting->name), kind);
}

struct err *explain_settings(const struct ast_statement *statement, struct explain_settings *out)
{
    struct err *err = NULL;

    *out = (struct explain_settings){.kind = EXPLAIN_PLAN};
    for (uint32_t i = 0; i < sizeof(kind_names) / sizeof(kind_names[0]); i++) {
        if (slice_equal(statement->explain, slice_text(kind_names[i]))) {
            out->kind = (enum explain_kind)i;
        }
    }
    if (out->kind == EXPLAIN_ESTIMATE) {
        return NULL; /* as ClickHouse, which looks at none of its options */
    }
    for (uint32_t i = 0; i < statement->explain_options.count; i++) {
        OR_DONE(take_option(&statement->explain_options.items[i], out));
    }
done:
    return err;
}

/* ---- the tree: a node is a line and its children */

struct node {
    struct node *next; /* of the same parent */
    struct node *first, *last;
    uint32_t count;
    const char *text;
};

struct tree {
    struct arena *arena;
    bool failed;
    bool counts; /* only: without texts */
};

static struct node *node(struct tree *tree, struct node *parent, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

static struct node *node(struct tree *tree, struct node *parent, const char *format, ...)
{
    static struct node nowhere; /* after a failure nothing is read */
    char text[512] = "";
    if (!tree->counts) {
        va_list list;
        va_start(list, format);
        (void)vsnprintf(text, sizeof(text), format, list);
        va_end(list);
    }
    struct node *made = ARENA_NEW(tree->arena, struct node);
    if (made == NULL || (made->text = arena_text(tree->arena, slice_text(text))) == NULL) {
        tree->failed = true;
        return &nowhere;
    }
    if (parent != NULL && !tree->failed) {
        if (parent->last == NULL) {
            parent->first = made;
        } else {
            parent->last->next = made;
        }
        parent->last = made;
        parent->count++;
    }
    return made;
}

static void add_query(struct tree *tree, struct node *parent, const struct ast_query *query);
static void add(struct tree *tree, struct node *parent, const struct ast *ast);

static void add_list(struct tree *tree, struct node *parent, const struct ast_list *list)
{
    struct node *made = node(tree, parent, "ExpressionList");
    for (uint32_t i = 0; i < list->count; i++) {
        add(tree, made, list->items[i]);
    }
}

static void add_orders(struct tree *tree, struct node *parent, const struct ast_order *orders, uint32_t count)
{
    struct node *list = node(tree, parent, "ExpressionList");
    for (uint32_t i = 0; i < count; i++) {
        struct node *made = node(tree, list, "OrderByElement");
        const struct ast *parts[] = {orders[i].expression, orders[i].fill_from, orders[i].fill_to, orders[i].fill_step};
        for (size_t k = 0; k < 4; k++) {
            if (parts[k] != NULL) {
                add(tree, made, parts[k]);
            }
        }
    }
}

static void add_window(struct tree *tree, struct node *parent, const struct ast_window *window)
{
    struct node *made = node(tree, parent, "WindowDefinition");
    if (window->partition_by.count > 0) {
        add_list(tree, made, &window->partition_by);
    }
    if (window->order_count > 0) {
        add_orders(tree, made, window->order_by, window->order_count);
    }
    if (window->begin.value != NULL) {
        add(tree, made, window->begin.value);
    }
    if (window->end.value != NULL) {
        add(tree, made, window->end.value);
    }
}

/* " (alias x)" */
static const char *alias_text(struct tree *tree, struct slice alias)
{
    const char *text = alias.length == 0 ? "" : arena_format(tree->arena, " (alias %.*s)", SLICE_ARG(alias));
    tree->failed = tree->failed || text == NULL;
    return text == NULL ? "" : text;
}

static bool is_literal(const struct ast *ast)
{
    if (ast->kind == AST_LITERAL) {
        return true;
    }
    bool list = ast->kind == AST_FUNCTION && ast->is_operator && ast->arguments.count > 0 &&
                (slice_equal(ast->parts[0], slice_text("array")) || slice_equal(ast->parts[0], slice_text("tuple")));
    for (uint32_t i = 0; list && i < ast->arguments.count; i++) {
        list = is_literal(ast->arguments.items[i]) && ast->arguments.items[i]->alias.length == 0;
    }
    return list;
}

/* UInt64_1, 'x', Array_[UInt64_1] */
static void literal_text(struct tree *tree, const struct ast *ast, struct buffer *out)
{
    if (ast->kind == AST_FUNCTION) {
        bool array = slice_equal(ast->parts[0], slice_text("array"));
        buffer_text(out, array ? "Array_[" : "Tuple_(");
        for (uint32_t i = 0; i < ast->arguments.count; i++) {
            buffer_text(out, i > 0 ? ", " : "");
            literal_text(tree, ast->arguments.items[i], out);
        }
        buffer_text(out, array ? "]" : ")");
        return;
    }
    struct ast bare = *ast;
    bare.alias = (struct slice){0};
    static const char *const prefixes[] = {[AST_NULL] = "",      [AST_BOOL] = "Bool_",     [AST_UINT] = "UInt64_",
                                           [AST_INT] = "Int64_", [AST_FLOAT] = "Float64_", [AST_STRING] = ""};
    struct slice text =
        ast->literal == AST_BOOL ? slice_text(ast->number != 0 ? "1" : "0") : ast_print(tree->arena, &bare);
    tree->failed = tree->failed || text.data == NULL;
    buffer_text(out, prefixes[ast->literal]);
    buffer_slice(out, text.data == NULL ? slice_text("") : text);
}

static void add_literal(struct tree *tree, struct node *parent, const struct ast *ast)
{
    struct buffer text = {0};
    if (!tree->counts) {
        literal_text(tree, ast, &text);
    }
    tree->failed = tree->failed || text.failed;
    (void)node(tree, parent, "Literal %.*s%s", (int)text.length, text.length == 0 ? "" : text.data,
               alias_text(tree, ast->alias));
    buffer_deinit(&text);
}

static const char *joined(struct tree *tree, const struct slice *parts, uint32_t count)
{
    char *text = arena_format(tree->arena, "%s", "");
    for (uint32_t i = 0; text != NULL && i < count; i++) {
        text = arena_format(tree->arena, "%s%s%.*s", text, i > 0 ? "." : "", SLICE_ARG(parts[i]));
    }
    tree->failed = tree->failed || text == NULL;
    return text == NULL ? "" : text;
}

static void add_transformers(struct tree *tree, struct node *parent, const struct ast_transformer *next)
{
    static const char *const names[] = {[AST_EXCEPT] = "ColumnsExceptTransformer",
                                        [AST_REPLACE] = "ColumnsReplaceTransformer",
                                        [AST_APPLY] = "ColumnsApplyTransformer"};
    struct node *list = next == NULL ? NULL : node(tree, parent, "ColumnsTransformerList");
    for (; next != NULL; next = next->next) {
        struct node *made = node(tree, list, "%s", names[next->kind]);
        for (uint32_t i = 0; i < next->name_count && !next->is_regexp; i++) {
            (void)node(tree, made, "Identifier %.*s", SLICE_ARG(next->names[i]));
        }
        for (uint32_t i = 0; i < next->items.count; i++) {
            add(tree, made, next->items.items[i]);
        }
    }
}

static void add_function(struct tree *tree, struct node *parent, const struct ast *ast)
{
    struct node *made = node(tree, parent, "Function %.*s%s%s", SLICE_ARG(ast->parts[0]),
                             ast->distinct ? "Distinct" : "", alias_text(tree, ast->alias));
    add_list(tree, made, &ast->arguments);
    if (ast->has_parameters) {
        add_list(tree, made, &ast->parameters);
    }
    if (ast->filter != NULL) {
        add(tree, made, ast->filter);
    }
    if (ast->window != NULL) {
        add_window(tree, made, ast->window);
    }
}

static void add_lambda(struct tree *tree, struct node *parent, const struct ast *ast)
{
    struct node *made = node(tree, parent, "Function lambda%s", alias_text(tree, ast->alias));
    struct node *list = node(tree, made, "ExpressionList");
    struct node *names = node(tree, node(tree, list, "Function tuple"), "ExpressionList");
    for (uint32_t i = 0; i < ast->part_count; i++) {
        (void)node(tree, names, "Identifier %.*s", SLICE_ARG(ast->parts[i]));
    }
    add(tree, list, ast->arguments.items[0]);
}

static void add_literals(struct tree *tree, struct node *parent, const struct ast *list)
{
    struct ast *nodes;
    if (tree->counts) {
        (void)node(tree, parent, "Literal");
        return;
    }
    struct err *err = literal_list_expand(tree->arena, list, &nodes);
    if (err == NULL) {
        add_literal(tree, parent, nodes);
    }
    tree->failed = tree->failed || err != NULL;
    err_free(err);
}

static void add(struct tree *tree, struct node *parent, const struct ast *ast)
{
    struct node *made = NULL;

    if (tree->failed) {
        return;
    }
    if (is_literal(ast)) {
        add_literal(tree, parent, ast);
        return;
    }
    switch (ast->kind) {
    case AST_LITERAL:
        break;
    case AST_IDENTIFIER:
        (void)node(tree, parent, "Identifier %s%s", joined(tree, ast->parts, ast->part_count),
                   alias_text(tree, ast->alias));
        break;
    case AST_STAR:
        made = node(tree, parent, ast->part_count > 0 ? "QualifiedAsterisk" : "Asterisk");
        if (ast->part_count > 0) {
            (void)node(tree, made, "Identifier %s", joined(tree, ast->parts, ast->part_count));
        }
        add_transformers(tree, made, ast->transformers);
        break;
    case AST_COLUMNS:
        made = node(tree, parent, ast->arguments.count > 0 ? "ColumnsListMatcher" : "ColumnsRegexpMatcher");
        if (ast->arguments.count > 0) {
            add_list(tree, made, &ast->arguments);
        }
        add_transformers(tree, made, ast->transformers);
        break;
    case AST_FUNCTION:
        add_function(tree, parent, ast);
        break;
    case AST_LAMBDA:
        add_lambda(tree, parent, ast);
        break;
    case AST_SUBQUERY:
        made = node(tree, parent, "Subquery%s", alias_text(tree, ast->alias));
        add_query(tree, made, ast->subquery);
        break;
    case AST_PARAMETER:
        (void)node(tree, parent, "QueryParameter %.*s:%.*s%s", SLICE_ARG(ast->parts[0]), SLICE_ARG(ast->text),
                   alias_text(tree, ast->alias));
        break;
    case AST_LITERALS:
        add_literals(tree, parent, ast);
        break;
    }
}

static void add_table(struct tree *tree, struct node *parent, const struct ast_table *table)
{
    struct node *element = node(tree, parent, "TablesInSelectQueryElement");
    if (table->array_join.count > 0) {
        add_list(tree, node(tree, element, "ArrayJoin"), &table->array_join);
        return;
    }
    struct node *expression = node(tree, element, "TableExpression");
    const char *alias = alias_text(tree, table->alias);
    if (table->subquery != NULL) {
        add_query(tree, node(tree, expression, "Subquery%s", alias), table->subquery);
    } else if (table->function != NULL) {
        struct ast call = *table->function;
        call.alias = table->alias;
        add_function(tree, expression, &call);
    } else if (table->name_parameter != NULL || table->database_parameter != NULL) {
        struct ast *const parameters[] = {table->database_parameter, table->name_parameter};
        for (size_t i = 0; i < 2; i++) {
            if (parameters[i] != NULL) {
                add(tree, expression, parameters[i]);
            }
        }
    } else {
        (void)node(tree, expression, "TableIdentifier %.*s%s%.*s%s", SLICE_ARG(table->database),
                   table->database.length > 0 ? "." : "", SLICE_ARG(table->name), alias);
    }
    if (table->sample != NULL) {
        add(tree, expression, table->sample);
    }
    if (table->join.length > 0) {
        struct node *join = node(tree, element, "TableJoin");
        if (table->using.count > 0) {
            add_list(tree, join, &table->using);
        }
        if (table->on != NULL) {
            add(tree, join, table->on);
        }
    }
}

static void add_group_by(struct tree *tree, struct node *parent, const struct ast_select *select)
{
    if (select->group_kind == AST_GROUP_SETS) {
        struct node *list = node(tree, parent, "ExpressionList");
        for (uint32_t i = 0; i < select->grouping_set_count; i++) {
            add_list(tree, list, &select->grouping_sets[i]);
        }
    } else if (select->group_by.count > 0) {
        add_list(tree, parent, &select->group_by);
    }
}

static void add_one(struct tree *tree, struct node *parent, const struct ast *ast)
{
    if (ast != NULL) {
        add(tree, parent, ast);
    }
}

static void add_select(struct tree *tree, struct node *parent, const struct ast_select *select)
{
    struct node *made = node(tree, parent, "SelectQuery");
    if (select->with_count > 0) {
        struct node *list = node(tree, made, "ExpressionList");
        for (uint32_t i = 0; i < select->with_count; i++) {
            if (select->with[i].query != NULL) {
                struct node *element = node(tree, list, "WithElement");
                add_query(tree, node(tree, element, "Subquery"), select->with[i].query);
            } else {
                add(tree, list, select->with[i].expression);
            }
        }
    }
    add_list(tree, made, &select->columns);
    if (select->table_count > 0) {
        struct node *tables = node(tree, made, "TablesInSelectQuery");
        for (uint32_t i = 0; i < select->table_count; i++) {
            add_table(tree, tables, &select->tables[i]);
        }
    }
    add_one(tree, made, select->prewhere);
    add_one(tree, made, select->where);
    add_group_by(tree, made, select);
    add_one(tree, made, select->having);
    if (select->window_count > 0) {
        struct node *list = node(tree, made, "ExpressionList");
        for (uint32_t i = 0; i < select->window_count; i++) {
            add_window(tree, node(tree, list, "WindowListElement"), &select->windows[i]);
        }
    }
    add_one(tree, made, select->qualify);
    if (select->order_count > 0 && !select->order_by_all) {
        add_orders(tree, made, select->order_by, select->order_count);
    }
    add_one(tree, made, select->limit_by_offset);
    add_one(tree, made, select->limit_by_count);
    if (select->limit_by.count > 0) {
        add_list(tree, made, &select->limit_by);
    }
    add_one(tree, made, select->limit_offset);
    add_one(tree, made, select->limit);
    if (select->settings.count > 0) {
        (void)node(tree, made, "Set");
    }
}

static void add_query(struct tree *tree, struct node *parent, const struct ast_query *query)
{
    bool sets = false;
    for (uint32_t i = 1; i < query->part_count; i++) {
        sets = sets || query->parts[i].operation >= AST_INTERSECT;
    }
    struct node *list = sets ? node(tree, parent, "SelectIntersectExceptQuery")
                             : node(tree, node(tree, parent, "SelectWithUnionQuery"), "ExpressionList");
    for (uint32_t i = 0; i < query->part_count; i++) {
        if (query->parts[i].query != NULL) {
            add_query(tree, list, query->parts[i].query);
        } else {
            add_select(tree, list, query->parts[i].select);
        }
    }
}

static void print_nodes(struct buffer *out, const struct node *first, uint32_t depth)
{
    for (; first != NULL; first = first->next) {
        buffer_printf(out, "%*s%s", (int)depth, "", first->text);
        if (first->count > 0) {
            buffer_printf(out, " (children %" PRIu32 ")", first->count);
        }
        buffer_char(out, '\n');
        print_nodes(out, first->first, depth + 1);
    }
}

struct err *explain_ast(struct arena *arena, const struct ast_query *query, struct slice *out)
{
    struct tree tree = {.arena = arena};
    struct node root = {0};
    struct buffer text = {0};
    struct err *err = NULL;

    add_query(&tree, &root, query);
    if (!tree.failed) {
        print_nodes(&text, root.first, 0);
    }
    if (tree.failed || text.failed) {
        err = tree.failed ? arena_error(arena) : err_oom();
    } else {
        *out = arena_slice(arena, buffer_all(&text));
        err = out->data == NULL ? arena_error(arena) : NULL;
    }
    buffer_deinit(&text);
    return err;
}

static void count_nodes(const struct node *nodes, uint64_t level, uint64_t *depth, uint64_t *count)
{
    for (; nodes != NULL; nodes = nodes->next) {
        *depth = level > *depth ? level : *depth;
        (*count)++;
        count_nodes(nodes->first, level + 1, depth, count);
    }
}

struct err *explain_ast_size(struct arena *arena, const struct ast_query *query, uint64_t *depth, uint64_t *count)
{
    struct tree tree = {.arena = arena, .counts = true};
    struct node root = {0};
    *depth = *count = 0;
    add_query(&tree, &root, query);
    if (tree.failed) {
        return arena_error(arena);
    }
    count_nodes(root.first, 1, depth, count);
    return NULL;
}
