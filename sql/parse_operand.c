/*
 * parse_operand.c: what operators stand between: literals, names, function calls, stars, arrays, parentheses.
 *
 * A name with parentheses is a call, with FILTER and OVER behind it; parentheses hold an expression, a tuple or a
 * subquery. CASE, CAST and others with a syntax of their own: parse_special.c.
 */
#include "sql/parse.h"

/* Never an operand without backticks: there the expression is missing. */
static const char *const reserved_operands[] = {"FROM", "WHERE", "PREWHERE", "HAVING", "LIMIT",  "UNION", "AND",  "OR",
                                                "THEN", "AS",    "BETWEEN",  "IN",     "SELECT", "ELSE",  "WHEN", NULL};

/* ---- stars */

/* Is this EXCEPT the one of "* EXCEPT (a)", not that of "SELECT * EXCEPT SELECT 1"? */
static bool is_column_except(const struct parser *parser)
{
    struct token next = parse_next(parser);
    if (next.kind == TOKEN_OPEN) {
        struct token inside = parse_after(parser, 2);
        return !token_is_word(inside, "SELECT") && !token_is_word(inside, "WITH") && inside.kind != TOKEN_OPEN;
    }
    return !token_is_word(next, "SELECT") && !token_is_word(next, "ALL") && !token_is_word(next, "DISTINCT") &&
           !token_is_word(next, "WITH");
}

static bool parse_except(struct parser *parser, struct ast_transformer *transformer)
{
    transformer->strict = parse_accept(parser, "STRICT");
    bool open = parse_accept_kind(parser, TOKEN_OPEN, "'('");
    do {
        struct slice *name = array_add(parser, &transformer->names, &transformer->name_count, sizeof(*name));
        if (name == NULL) {
            return false;
        }
        if (parser->token.kind == TOKEN_STRING) {
            transformer->is_regexp = true;
            if (!parse_string(parser, "a regular expression", name)) {
                return false;
            }
        } else if (!parse_identifier(parser, "a column name", name)) {
            return false;
        }
    } while (open && parse_accept_kind(parser, TOKEN_COMMA, "','"));
    return !open || parse_expect_kind(parser, TOKEN_CLOSE, "')'");
}

static bool parse_transformers(struct parser *parser, struct ast *star)
{
    struct ast_transformer **last = &star->transformers;

    while (true) {
        uint32_t offset = parser->token.offset;
        enum ast_transformer_kind kind;
        if (parse_peek(parser, "EXCEPT") && is_column_except(parser)) {
            kind = AST_EXCEPT;
        } else if (parse_peek(parser, "REPLACE")) {
            kind = AST_REPLACE;
        } else if (parse_peek(parser, "APPLY")) {
            kind = AST_APPLY;
        } else {
            return true;
        }
        parse_advance(parser);
        struct ast_transformer *transformer = ARENA_NEW(parser->arena, struct ast_transformer);
        if (transformer == NULL) {
            return parse_oom(parser);
        }
        transformer->kind = kind;
        transformer->offset = offset;
        *last = transformer;
        last = &transformer->next;
        if (kind == AST_EXCEPT) {
            if (!parse_except(parser, transformer)) {
                return false;
            }
            continue;
        }
        if (kind == AST_REPLACE) {
            transformer->strict = parse_accept(parser, "STRICT");
        }
        bool open = parse_accept_kind(parser, TOKEN_OPEN, "'('");
        if (kind == AST_REPLACE ? !parse_list(parser, &transformer->items)
                                : !list_add(parser, &transformer->items, parse_expression(parser))) {
            return false;
        }
        if (open && !parse_expect_kind(parser, TOKEN_CLOSE, "')'")) {
            return false;
        }
    }
}

static struct ast *parse_star(struct parser *parser, struct ast *qualifier, uint32_t offset)
{
    struct ast *node = node_new(parser, AST_STAR, offset);
    if (node == NULL) {
        return NULL;
    }
    if (qualifier != NULL) {
        node->parts = qualifier->parts;
        node->part_count = qualifier->part_count;
    }
    parse_advance(parser);
    return parse_transformers(parser, node) ? node_finish(parser, node) : NULL;
}

static struct ast *parse_columns(struct parser *parser)
{
    struct ast *node = node_new(parser, AST_COLUMNS, parser->token.offset);
    if (node == NULL) {
        return NULL;
    }
    parse_advance(parser);
    parse_advance(parser); /* ( */
    if (parser->token.kind == TOKEN_STRING) {
        if (!parse_string(parser, "a regular expression", &node->text)) {
            return NULL;
        }
    } else if (!parse_list(parser, &node->arguments)) {
        return NULL;
    }
    if (!parse_expect_kind(parser, TOKEN_CLOSE, "')'") || !parse_transformers(parser, node)) {
        return NULL;
    }
    return node_finish(parser, node);
}

/* ---- function calls */

static bool parse_over(struct parser *parser, struct ast *call)
{
    if (parser->token.kind != TOKEN_OPEN) {
        return parse_identifier(parser, "a window", &call->window_name);
    }
    call->window = ARENA_NEW(parser->arena, struct ast_window);
    if (call->window == NULL) {
        return parse_oom(parser);
    }
    parse_advance(parser);
    return parse_window(parser, call->window) && parse_expect_kind(parser, TOKEN_CLOSE, "')'");
}

/* (a, b), behind the opening parenthesis. */
static bool parse_arguments(struct parser *parser, struct ast_list *list)
{
    if (parse_accept_kind(parser, TOKEN_CLOSE, "')'")) {
        return true;
    }
    if (parse_starts_query(parser)) {
        struct ast *node = node_new(parser, AST_SUBQUERY, parser->token.offset);
        if (node == NULL || (node->subquery = parse_select_query(parser)) == NULL ||
            !list_add(parser, list, node_finish(parser, node))) {
            return false;
        }
    } else if (!parse_list(parser, list)) {
        return false;
    }
    return parse_expect_kind(parser, TOKEN_CLOSE, "')'");
}

/* What may follow the arguments: FILTER, NULLS, OVER; and DISTINCT, FILTER as the combinators that they are. */
static struct ast *parse_call_end(struct parser *parser, struct ast *call)
{
    if (parse_peek(parser, "FILTER") && parse_next(parser).kind == TOKEN_OPEN) {
        parse_advance(parser);
        parse_advance(parser);
        if (!parse_expect(parser, "WHERE") || (call->filter = parse_expression(parser)) == NULL ||
            !parse_expect_kind(parser, TOKEN_CLOSE, "')'") || !list_add(parser, &call->arguments, call->filter)) {
            return NULL;
        }
        char *name = arena_format(parser->arena, "%.*sIf", SLICE_ARG(call->parts[0]));
        if (name == NULL) {
            parse_oom(parser);
            return NULL;
        }
        call->parts[0] = slice_text(name);
        call->filter = NULL;
    }
    if (parse_peek(parser, "RESPECT NULLS") || parse_peek(parser, "IGNORE NULLS")) {
        call->nulls = parse_peek(parser, "RESPECT NULLS") ? 1 : -1;
        parse_advance(parser);
        parse_advance(parser);
    }
    if (parse_peek(parser, "OVER")) {
        parse_advance(parser);
        if (!parse_over(parser, call)) {
            return NULL;
        }
    }
    return node_finish(parser, call);
}

static struct ast *parse_call(struct parser *parser, struct slice name, uint32_t offset)
{
    struct ast *call = node_new(parser, AST_FUNCTION, offset);
    if (call == NULL) {
        return NULL;
    }
    call->parts = ARENA_ARRAY(parser->arena, struct slice, 1);
    call->part_count = 1;
    if (call->parts == NULL) {
        parse_oom(parser);
        return NULL;
    }
    call->parts[0] = name;
    parse_advance(parser); /* ( */
    if (parser->token.kind == TOKEN_STAR && (slice_is_word(name, "count") || slice_is_word(name, "countState")) &&
        parse_next(parser).kind == TOKEN_CLOSE) {
        parse_advance(parser); /* count(*) is count() */
    }
    if (parse_peek(parser, "DISTINCT") && parse_next(parser).kind != TOKEN_COMMA &&
        parse_next(parser).kind != TOKEN_CLOSE) {
        parse_advance(parser);
        call->distinct = true;
    } else if (parse_peek(parser, "ALL") && parse_next(parser).kind == TOKEN_WORD) {
        parse_advance(parser);
    }
    if (!parse_arguments(parser, &call->arguments)) {
        return NULL;
    }
    if (parser->token.kind == TOKEN_OPEN) {
        parse_advance(parser);
        call->parameters = call->arguments;
        call->has_parameters = true;
        call->arguments = (struct ast_list){0};
        if (parse_accept(parser, "DISTINCT")) {
            call->distinct = true;
        }
        if (!parse_arguments(parser, &call->arguments)) {
            return NULL;
        }
    }
    if (call->distinct) {
        char *distinct = arena_format(parser->arena, "%.*sDistinct", SLICE_ARG(call->parts[0]));
        if (distinct == NULL) {
            parse_oom(parser);
            return NULL;
        }
        call->parts[0] = slice_text(distinct);
    }
    return parse_call_end(parser, call);
}

/* ---- operands */

static struct ast *parse_name(struct parser *parser)
{
    struct ast *node = node_new(parser, AST_IDENTIFIER, parser->token.offset);
    if (node == NULL) {
        return NULL;
    }
    while (true) {
        struct slice *part = array_add(parser, &node->parts, &node->part_count, sizeof(*part));
        if (part == NULL || !parse_identifier(parser, "a name", part)) {
            return NULL;
        }
        if (parser->token.kind == TOKEN_OPEN && node->part_count == 1) {
            return parse_call(parser, *part, node->offset);
        }
        if (parser->token.kind != TOKEN_DOT) {
            break;
        }
        struct token next = parse_next(parser);
        if (next.kind == TOKEN_STAR) {
            parse_advance(parser);
            return parse_star(parser, node, node->offset);
        }
        if ((next.kind != TOKEN_WORD && next.kind != TOKEN_QUOTED) || node->part_count == 16) {
            break;
        }
        parse_advance(parser);
    }
    return node_finish(parser, node);
}

static struct ast *parse_array(struct parser *parser)
{
    uint32_t offset = parser->token.offset;
    struct ast_list list = {0};

    parse_advance(parser);
    if (parser->token.kind != TOKEN_CLOSE_SQUARE && !parse_list(parser, &list)) {
        return NULL;
    }
    if (!parse_expect_kind(parser, TOKEN_CLOSE_SQUARE, "']'")) {
        return NULL;
    }
    struct ast *array = node_function(parser, offset, "array", NULL, 0);
    if (array == NULL) {
        return NULL;
    }
    array->arguments = list;
    array->is_operator = true;
    return node_finish(parser, array);
}

static struct ast *parse_map_text(struct parser *parser)
{
    if (parser->token.kind != TOKEN_STRING) {
        parse_note(parser, "a string");
        parse_fail(parser);
        return NULL;
    }
    return parse_literal(parser);
}

struct ast *parse_map(struct parser *parser)
{
    uint32_t offset = parser->token.offset;
    struct ast_list list = {0};

    parse_advance(parser);
    while (parser->token.kind != TOKEN_CLOSE_CURLY) {
        if ((list.count > 0 && !parse_expect_kind(parser, TOKEN_COMMA, "',' or '}'")) ||
            !list_add(parser, &list, parse_map_text(parser)) || !parse_expect_kind(parser, TOKEN_COLON, "':'") ||
            !list_add(parser, &list, parse_map_text(parser))) {
            return NULL;
        }
    }
    parse_advance(parser);
    struct ast *map = node_function(parser, offset, "map", NULL, 0);
    if (map == NULL) {
        return NULL;
    }
    map->arguments = list;
    return node_finish(parser, map);
}

/* ( … ): a subquery, an expression, a tuple, or the arguments of a lambda. */
static struct ast *parse_parentheses(struct parser *parser)
{
    uint32_t offset = parser->token.offset;
    struct ast_list list = {0};
    bool comma = false;

    parse_advance(parser);
    if (parse_starts_query(parser)) {
        struct ast *node = node_new(parser, AST_SUBQUERY, offset);
        if (node == NULL || (node->subquery = parse_select_query(parser)) == NULL ||
            !parse_expect_kind(parser, TOKEN_CLOSE, "')'")) {
            return NULL;
        }
        return node_finish(parser, node);
    }
    while (parser->token.kind != TOKEN_CLOSE) {
        if (!list_add(parser, &list, parse_aliased(parser, false))) {
            return NULL;
        }
        if (list.count == 1 && list.items[0]->kind == AST_SUBQUERY &&
            (parse_peek(parser, "UNION") || parse_peek(parser, "INTERSECT") || parse_peek(parser, "EXCEPT"))) {
            struct ast *node = list.items[0];
            node->subquery = parse_query_rest(parser, node->subquery);
            if (node->subquery == NULL || !parse_expect_kind(parser, TOKEN_CLOSE, "')'")) {
                return NULL;
            }
            return node_finish(parser, node);
        }
        comma = parse_accept_kind(parser, TOKEN_COMMA, "','");
        if (!comma) {
            break;
        }
    }
    if (!parse_expect_kind(parser, TOKEN_CLOSE, "')'")) {
        return NULL;
    }
    if (list.count == 1 && !comma) {
        list.items[0]->parenthesised = true;
        return list.items[0];
    }
    struct ast *tuple = node_function(parser, offset, "tuple", NULL, 0);
    if (tuple == NULL) {
        return NULL;
    }
    tuple->arguments = list;
    tuple->is_operator = true;
    return node_finish(parser, tuple);
}

struct ast *parse_operand(struct parser *parser)
{
    struct token token = parser->token;
    struct ast *node = parse_literal(parser);

    if (node != NULL || parser->err != NULL) {
        return node;
    }
    switch (token.kind) {
    case TOKEN_OPEN:
        return parse_parentheses(parser);
    case TOKEN_OPEN_SQUARE:
        return parse_array(parser);
    case TOKEN_OPEN_CURLY:
        return parse_parameter(parser);
    case TOKEN_STAR:
        return parse_star(parser, NULL, token.offset);
    case TOKEN_AT:
        parse_refuse(parser, token.offset, "the MySQL variable @@");
        return NULL;
    case TOKEN_WORD:
        node = parse_special(parser);
        if (node != NULL || parser->err != NULL) {
            return node;
        }
        if (token_is_word(token, "COLUMNS") && parse_next(parser).kind == TOKEN_OPEN) {
            return parse_columns(parser);
        }
        if ((word_in(token.text, reserved_operands) &&
             (parse_next(parser).kind != TOKEN_OPEN || token_is_word(token, "SELECT"))) ||
            ((token_is_word(token, "GROUP") || token_is_word(token, "ORDER")) &&
             token_is_word(parse_next(parser), "BY"))) {
            break;
        }
        return parse_name(parser);
    case TOKEN_QUOTED:
        return parse_name(parser);
    default:
        break;
    }
    parse_note(parser, "an expression");
    parse_fail(parser);
    return NULL;
}
