/*
 * parse_expression.c: expressions by operator precedence; lists and aliases. Operands: parse_operand.c.
 *
 * Operators become calls of ClickHouse's functions: a + b is plus(a, b), x::T is CAST(x, 'T'); AND, OR and || take any
 * number of arguments. Precedence as in ClickHouse: ?: < OR < AND < NOT < IS < BETWEEN < comparisons, LIKE, IN < || <
 * + - < * / % < unary minus < element access and casts.
 */
#include "sql/literal_list.h"

enum precedence {
    LOWEST = 0,
    TERNARY = 1,
    OR = 3,
    AND = 4,
    NOT = 5,
    IS = 6,
    BETWEEN = 7,
    COMPARISON = 9,
    CONCAT = 10,
    SUM = 11,
    PRODUCT = 12,
    UNARY = 13,
};

/* Not to be taken for an alias that stands without AS: they go on with the query. */
static const char *const reserved_aliases[] = {
    "FROM",    "FINAL",     "SAMPLE",   "ARRAY",       "LEFT",     "RIGHT",   "INNER",  "FULL",    "CROSS",  "JOIN",
    "GLOBAL",  "ANY",       "ALL",      "ASOF",        "SEMI",     "ANTI",    "ON",     "USING",   "WHERE",  "WINDOW",
    "QUALIFY", "GROUP",     "WITH",     "HAVING",      "ORDER",    "LIMIT",   "OFFSET", "FETCH",   "PASTE",  "FORMAT",
    "UNION",   "INTERSECT", "EXCEPT",   "INTO",        "NOT",      "BETWEEN", "LIKE",   "ILIKE",   "REGEXP", "AND",
    "OR",      "AS",        "IS",       "IN",          "DIV",      "MOD",     "THEN",   "WHEN",    "ELSE",   "BY",
    "EMIT",    "FOR",       "REPLACE",  "APPLY",       "PREWHERE", "SELECT",  "VALUES", "RESPECT", "IGNORE", "FILTER",
    "OVER",    "SETTINGS",  "PARALLEL", "INTERPOLATE", "ALLOWED",  "TTL",     "ONLY",   NULL};

bool is_reserved_alias(struct slice word)
{
    return word_in(word, reserved_aliases);
}

static struct ast *parse_binary(struct parser *parser, enum precedence least);

/* ---- operators before and behind an operand */

static struct ast *operator_call(struct parser *parser, uint32_t offset, const char *name, struct ast *left,
                                 struct ast *right)
{
    struct ast *arguments[2] = {left, right};
    if (left == NULL || (right == NULL && parser->err != NULL)) {
        return NULL;
    }
    struct ast *node = node_function(parser, offset, name, arguments, right == NULL ? 1 : 2);
    if (node != NULL) {
        node->is_operator = true;
    }
    return node;
}

/* x::T. A literal goes in as text, so that 1.10::Decimal(9, 2) is exact. */
static struct ast *parse_cast_operator(struct parser *parser, struct ast *left)
{
    struct slice type;
    uint32_t type_offset = parser->token.offset;

    if (!parse_type(parser, &type)) {
        return NULL;
    }
    struct ast *value = left;
    if (left->kind == AST_LITERAL && left->text.length > 0 && left->literal != AST_STRING && !left->parenthesised) {
        value = node_text(parser, left->offset, left->text);
    }
    struct ast *node = operator_call(parser, left->offset, "CAST", value, node_text(parser, type_offset, type));
    return node;
}

static struct ast *parse_postfix(struct parser *parser)
{
    struct ast *left = parse_operand(parser);

    while (left != NULL) {
        if (parser->token.kind == TOKEN_DOUBLE_COLON) {
            parse_advance(parser);
            left = parse_cast_operator(parser, left);
        } else if (parser->token.kind == TOKEN_OPEN_SQUARE) {
            parse_advance(parser);
            struct ast *index = parse_expression(parser);
            if (index == NULL || !parse_expect_kind(parser, TOKEN_CLOSE_SQUARE, "']'")) {
                return NULL;
            }
            left = operator_call(parser, left->offset, "arrayElement", left, index);
        } else if (parser->token.kind == TOKEN_DOT) {
            parse_advance(parser);
            struct ast *element = NULL;
            uint32_t offset = parser->token.offset;
            if (parser->token.kind == TOKEN_COLON) { /* path.:Int64, path.:`Array(…)` */
                struct slice type;
                parse_advance(parser);
                offset = parser->token.offset;
                element = parse_identifier(parser, "a type", &type) ? node_text(parser, offset, type) : NULL;
                left = element == NULL ? NULL : operator_call(parser, left->offset, "dynamicElement", left, element);
                continue;
            }
            if (parser->token.kind == TOKEN_NUMBER) {
                element = parse_number(parser, offset, false);
            } else {
                struct slice name;
                if (parse_identifier(parser, "a tuple's element", &name)) {
                    element = node_text(parser, offset, name);
                }
            }
            left = element == NULL ? NULL : operator_call(parser, left->offset, "tupleElement", left, element);
        } else {
            break;
        }
    }
    return left;
}

static struct ast *parse_unary_inside(struct parser *parser)
{
    uint32_t offset = parser->token.offset;

    if (parser->token.kind == TOKEN_MINUS || parser->token.kind == TOKEN_PLUS) {
        enum token_kind kind = parser->token.kind;
        struct token next = parse_next(parser);
        if (next.kind == TOKEN_NUMBER || (kind == TOKEN_MINUS && (token_is_word(next, "inf")))) {
            return parse_postfix(parser);
        }
        parse_advance(parser);
        struct ast *operand = parse_binary(parser, UNARY);
        return kind == TOKEN_PLUS ? operand : operator_call(parser, offset, "negate", operand, NULL);
    }
    if (parse_peek(parser, "NOT") && parse_next(parser).kind != TOKEN_DOT) {
        parse_advance(parser);
        return operator_call(parser, offset, "not", parse_binary(parser, NOT), NULL);
    }
    return parse_postfix(parser);
}

static struct ast *parse_unary(struct parser *parser)
{
    if (!parse_enter(parser)) {
        return NULL;
    }
    struct ast *node = parse_unary_inside(parser);
    parse_leave(parser);
    return node;
}

/* ---- operators */

struct operator_kind {
    const char *words; /* keywords, or NULL */
    enum token_kind kind;
    const char *function;
    enum precedence precedence;
    bool merges; /* takes any number of arguments */
};

static const struct operator_kind operators[] = {
    {"OR", TOKEN_WORD, "or", OR, true},
    {"AND", TOKEN_WORD, "and", AND, true},
    {"IS NOT NULL", TOKEN_WORD, "isNotNull", IS, false},
    {"IS NULL", TOKEN_WORD, "isNull", IS, false},
    {"IS NOT DISTINCT FROM", TOKEN_WORD, "isNotDistinctFrom", IS, false},
    {"IS DISTINCT FROM", TOKEN_WORD, "isDistinctFrom", IS, false},
    {"BETWEEN", TOKEN_WORD, "between", BETWEEN, false},
    {"NOT BETWEEN", TOKEN_WORD, "notBetween", BETWEEN, false},
    {"LIKE", TOKEN_WORD, "like", COMPARISON, false},
    {"NOT LIKE", TOKEN_WORD, "notLike", COMPARISON, false},
    {"ILIKE", TOKEN_WORD, "ilike", COMPARISON, false},
    {"NOT ILIKE", TOKEN_WORD, "notILike", COMPARISON, false},
    {"REGEXP", TOKEN_WORD, "match", COMPARISON, false},
    {"NOT REGEXP", TOKEN_WORD, "not match", COMPARISON, false},
    {"IN", TOKEN_WORD, "in", COMPARISON, false},
    {"NOT IN", TOKEN_WORD, "notIn", COMPARISON, false},
    {"GLOBAL IN", TOKEN_WORD, "globalIn", COMPARISON, false},
    {"GLOBAL NOT IN", TOKEN_WORD, "globalNotIn", COMPARISON, false},
    {"DIV", TOKEN_WORD, "intDiv", PRODUCT, false},
    {"MOD", TOKEN_WORD, "modulo", PRODUCT, false},
    {NULL, TOKEN_EQUALS, "equals", COMPARISON, false},
    {NULL, TOKEN_NOT_EQUALS, "notEquals", COMPARISON, false},
    {NULL, TOKEN_LESS, "less", COMPARISON, false},
    {NULL, TOKEN_LESS_EQUALS, "lessOrEquals", COMPARISON, false},
    {NULL, TOKEN_GREATER, "greater", COMPARISON, false},
    {NULL, TOKEN_GREATER_EQUALS, "greaterOrEquals", COMPARISON, false},
    {NULL, TOKEN_NULL_SAFE_EQUALS, "isNotDistinctFrom", COMPARISON, false},
    {NULL, TOKEN_CONCAT, "concat", CONCAT, true},
    {NULL, TOKEN_PLUS, "plus", SUM, false},
    {NULL, TOKEN_MINUS, "minus", SUM, false},
    {NULL, TOKEN_STAR, "multiply", PRODUCT, false},
    {NULL, TOKEN_SLASH, "divide", PRODUCT, false},
    {NULL, TOKEN_PERCENT, "modulo", PRODUCT, false},
    {NULL, TOKEN_QUESTION, "if", TERNARY, false},
};

static const struct operator_kind *operator_here(const struct parser *parser)
{
    enum token_kind kind = parser->token.kind;

    if (parser->in_partition_ends && kind == TOKEN_WORD && parse_peek(parser, "IN PARTITION")) {
        return NULL;
    }
    for (size_t i = 0; i < sizeof(operators) / sizeof(operators[0]); i++) {
        if (operators[i].kind == kind && (kind != TOKEN_WORD || parse_peek(parser, operators[i].words))) {
            return &operators[i];
        }
    }
    return NULL;
}

static struct ast *parse_between(struct parser *parser, struct ast *left, bool negated)
{
    struct ast *low = parse_binary(parser, CONCAT);
    if (low == NULL || !parse_expect(parser, "AND")) {
        return NULL;
    }
    struct ast *high = parse_binary(parser, CONCAT);
    struct ast *from = operator_call(parser, left->offset, negated ? "less" : "greaterOrEquals", left, low);
    struct ast *to = operator_call(parser, left->offset, negated ? "greater" : "lessOrEquals", left, high);
    return from == NULL ? NULL : operator_call(parser, left->offset, negated ? "or" : "and", from, to);
}

static struct ast *merge_argument(struct parser *parser, struct ast *left, struct ast *right)
{
    if (right == NULL || !list_add(parser, &left->arguments, right)) {
        return NULL;
    }
    left->depth = right->depth + 1 > left->depth ? right->depth + 1 : left->depth;
    left->end = parser->previous_end;
    parser->deepest = left->depth > parser->deepest ? left->depth : parser->deepest;
    return left;
}

/* IN, NOT IN, GLOBAL IN, … */
static bool takes_list(const struct operator_kind *kind)
{
    return strcmp(kind->function, "in") == 0 || strcmp(kind->function, "notIn") == 0 ||
           strcmp(kind->function, "globalIn") == 0 || strcmp(kind->function, "globalNotIn") == 0;
}

static struct ast *parse_operator(struct parser *parser, const struct operator_kind *kind, struct ast *left)
{
    uint32_t offset = left->offset;

    ASSERT(kind->words != NULL || (kind->precedence != IS && kind->precedence != BETWEEN));
    if (kind->words != NULL) {
        parse_accept(parser, kind->words);
    } else {
        parse_advance(parser);
    }
    if (kind->precedence == IS && strstr(kind->words, "NULL") != NULL) {
        return operator_call(parser, offset, kind->function, left, NULL);
    }
    if (kind->precedence == BETWEEN) {
        return parse_between(parser, left, kind->words[0] == 'N');
    }
    if (kind->precedence == TERNARY) {
        struct ast *arguments[3] = {left, parse_expression(parser), NULL};
        if (arguments[1] == NULL || !parse_expect_kind(parser, TOKEN_COLON, "':'") ||
            (arguments[2] = parse_binary(parser, TERNARY)) == NULL) {
            return NULL;
        }
        return node_function(parser, offset, "if", arguments, 3);
    }
    /* The right side binds more strongly than the operator: operators of a level group to the left. */
    struct ast *right = takes_list(kind) ? parse_literal_list(parser) : NULL;
    if (right == NULL && parser->err == NULL) {
        right = parse_binary(parser, (enum precedence)(kind->precedence + 1));
    }
    if (right == NULL) {
        return NULL;
    }
    if (kind->merges && left->kind == AST_FUNCTION && left->is_operator && !left->parenthesised &&
        left->alias.length == 0 && slice_is_word(left->parts[0], kind->function) && left->arguments.count >= 2) {
        return merge_argument(parser, left, right);
    }
    if (strcmp(kind->function, "not match") == 0) {
        return operator_call(parser, offset, "not", operator_call(parser, offset, "match", left, right), NULL);
    }
    return operator_call(parser, offset, kind->function, left, right);
}

static struct ast *parse_binary(struct parser *parser, enum precedence least)
{
    struct ast *left = parse_unary(parser);

    while (left != NULL) {
        const struct operator_kind *kind = operator_here(parser);
        if (kind == NULL || kind->precedence < least) {
            break;
        }
        left = parse_operator(parser, kind, left);
    }
    return left;
}

/* x -> x + 1, (x, y) -> x + y: the names, from what was parsed as an expression. */
static struct ast *parse_lambda(struct parser *parser, struct ast *names)
{
    struct ast *lambda = node_new(parser, AST_LAMBDA, names->offset);
    struct ast_list list = {.items = &names, .count = 1};

    if (lambda == NULL) {
        return NULL;
    }
    if (names->kind == AST_FUNCTION && names->is_operator && slice_is_word(names->parts[0], "tuple")) {
        list = names->arguments;
    }
    for (uint32_t i = 0; i < list.count; i++) {
        if (list.items[i]->kind != AST_IDENTIFIER || list.items[i]->part_count != 1) {
            parse_fail_here(parser, "'->' needs names on its left: x -> …, (x, y) -> …");
            return NULL;
        }
        struct slice *name = array_add(parser, &lambda->parts, &lambda->part_count, sizeof(*name));
        if (name == NULL) {
            return NULL;
        }
        *name = list.items[i]->parts[0];
    }
    parse_advance(parser);
    return list_add(parser, &lambda->arguments, parse_expression(parser)) ? node_finish(parser, lambda) : NULL;
}

struct ast *parse_expression(struct parser *parser)
{
    struct ast *node = NULL;

    if (!parse_enter(parser)) {
        return NULL;
    }
    node = parse_binary(parser, LOWEST);
    if (node != NULL && parser->token.kind == TOKEN_ARROW) {
        node = parse_lambda(parser, node);
    }
    parse_leave(parser);
    return node;
}

/* ---- lists and aliases */

bool parse_alias(struct parser *parser, bool implicit, struct slice *alias)
{
    if (parse_accept(parser, "AS")) {
        return parse_identifier(parser, "an alias", alias);
    }
    if (implicit && (parser->token.kind == TOKEN_QUOTED ||
                     (parser->token.kind == TOKEN_WORD && !is_reserved_alias(parser->token.text) &&
                      !(parser->in_alert && parse_is_alert_clause(parser->token.text))))) {
        parser->alias = parser->token;
        parser->missed_count = parser->expected_offset == parser->token.offset ? parser->expected_count : 0;
        memcpy(parser->missed, parser->expected, parser->missed_count * sizeof(parser->missed[0]));
        return parse_identifier(parser, "an alias", alias);
    }
    return true;
}

struct ast *parse_aliased(struct parser *parser, bool implicit)
{
    struct ast *node = parse_expression(parser);
    struct slice alias = {0};

    if (node == NULL) {
        return NULL;
    }
    if (implicit) {
        parse_note(parser, "FROM");
        parse_note(parser, "AS");
    }
    if (!parse_alias(parser, implicit, &alias)) {
        return NULL;
    }
    if (alias.length > 0) {
        if (node->alias.length > 0 && !slice_equal(node->alias, alias)) {
            parse_fail_here(parser, "a second alias '%.*s' for what is called '%.*s'", SLICE_ARG(alias),
                            SLICE_ARG(node->alias));
            return NULL;
        }
        node->alias = alias;
        node->end = parser->previous_end;
    }
    return node;
}

bool parse_list(struct parser *parser, struct ast_list *list)
{
    do {
        if (!list_add(parser, list, parse_aliased(parser, false))) {
            return false;
        }
    } while (parse_accept_kind(parser, TOKEN_COMMA, "','"));
    return true;
}
