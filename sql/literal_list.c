/*
 * literal_list.c: finds the end of a list of literals without making nodes; reads its rows again.
 *
 * flow     parse_expression.c → AST_LITERALS → bind_in.c, printer.c, explain.c
 */
#include "sql/literal_list.h"

#define READER_TEXT_MAX UINT32_MAX

static bool is_word_literal(struct token token)
{
    return token_is_word(token, "NULL") || token_is_word(token, "TRUE") || token_is_word(token, "FALSE") ||
           token_is_word(token, "inf") || token_is_word(token, "infinity") || token_is_word(token, "nan");
}

/* Goes past a literal; *token: first its beginning, then what follows. */
static bool skip_literal(struct lexer *lexer, struct token *token)
{
    bool sign = token->kind == TOKEN_MINUS || token->kind == TOKEN_PLUS;
    if (sign) {
        *token = lexer_next(lexer);
    }
    if (token->kind != TOKEN_NUMBER && (sign || (token->kind != TOKEN_STRING && !is_word_literal(*token)))) {
        return false;
    }
    *token = lexer_next(lexer);
    return true;
}

/* Behind the opening bracket: literals, or tuples of at least two of them, with commas between them, up to `close`,
 * which *token then is. */
static bool skip_list(struct lexer *lexer, enum token_kind close, bool tuples, struct token *token, uint32_t *count)
{
    uint32_t width = 0;
    *count = 0;
    *token = lexer_next(lexer);
    while (!interrupted_at(*count)) {
        if (tuples) {
            if (token->kind != TOKEN_OPEN || !skip_list(lexer, TOKEN_CLOSE, false, token, &width) || width < 2) {
                return false;
            }
            *token = lexer_next(lexer);
        } else if (!skip_literal(lexer, token)) {
            return false;
        }
        (*count)++;
        if (token->kind != TOKEN_COMMA) {
            return token->kind == close;
        }
        *token = lexer_next(lexer);
    }
    return false;
}

/* Operators that would take the list as their left side. */
static bool binds_more(struct token token)
{
    switch (token.kind) {
    case TOKEN_DOT:
    case TOKEN_OPEN_SQUARE:
    case TOKEN_DOUBLE_COLON:
    case TOKEN_ARROW:
    case TOKEN_STAR:
    case TOKEN_PLUS:
    case TOKEN_MINUS:
    case TOKEN_SLASH:
    case TOKEN_PERCENT:
    case TOKEN_CONCAT:
        return true;
    default:
        return token_is_word(token, "DIV") || token_is_word(token, "MOD");
    }
}

struct ast *parse_literal_list(struct parser *parser)
{
    bool square = parser->token.kind == TOKEN_OPEN_SQUARE;
    if (!square && parser->token.kind != TOKEN_OPEN) {
        return NULL;
    }
    enum token_kind close = square ? TOKEN_CLOSE_SQUARE : TOKEN_CLOSE;
    struct lexer lexer = parser->lexer;
    struct token token;
    uint32_t begin = parser->token.offset + 1;
    uint32_t count;
    bool found = skip_list(&lexer, close, parse_next(parser).kind == TOKEN_OPEN, &token, &count);
    if (!found || count < LITERAL_LIST_MIN) {
        return NULL;
    }
    struct lexer behind = lexer;
    if (binds_more(lexer_next(&behind))) {
        return NULL;
    }
    struct ast *node = node_new(parser, AST_LITERALS, parser->token.offset);
    struct slice *name = ARENA_NEW(parser->arena, struct slice);
    if (node == NULL || name == NULL) {
        parse_oom(parser);
        return NULL;
    }
    *name = slice_text(square ? "array" : "tuple");
    node->parts = name;
    node->part_count = 1;
    node->text = slice_of(parser->lexer.text.data + begin, token.offset - begin);
    node->number = count;
    parser->lexer = lexer;
    parser->token = token;
    parse_advance(parser);
    return node_finish(parser, node);
}

struct err *literal_reader_init(struct literal_reader *reader, const struct ast *list)
{
    return parser_init(&reader->parser, NULL, list->text, 0, READER_TEXT_MAX);
}

/* A literal where one must be: the list was looked through when it was parsed, but for the digits of its numbers. */
static struct err *read_literal(struct parser *parser, struct ast **out)
{
    *out = parse_literal(parser);
    if (*out == NULL) {
        return parser->err != NULL ? parser->err : err_new(ERR_SYNTAX, "Syntax error: a literal was expected");
    }
    return NULL;
}

struct err *literal_reader_next(struct literal_reader *reader, struct arena *arena, struct ast **out)
{
    struct err *err = NULL;
    struct parser *parser = &reader->parser;
    *out = NULL;
    parser->arena = arena;
    parser->node_count = 0;
    if (parser->token.kind == TOKEN_END) {
        return NULL;
    }
    uint32_t offset = parser->token.offset;
    if (parser->token.kind == TOKEN_OPEN) {
        struct ast_list list = {0};
        do {
            struct ast *item;
            parse_advance(parser);
            OR_DONE(read_literal(parser, &item));
            if (!list_add(parser, &list, item)) {
                return parser->err;
            }
        } while (parser->token.kind == TOKEN_COMMA);
        parse_advance(parser); /* ) */
        *out = node_function(parser, offset, "tuple", list.items, list.count);
        if (*out == NULL) {
            return parser->err;
        }
        (*out)->is_operator = true;
    } else {
        OR_DONE(read_literal(parser, out));
    }
    if (parser->token.kind == TOKEN_COMMA) {
        parse_advance(parser);
    }
done:
    return err;
}

struct err *literal_list_expand(struct arena *arena, const struct ast *list, struct ast **out)
{
    struct err *err = NULL;
    struct literal_reader reader;
    struct ast *node = ARENA_NEW(arena, struct ast);
    struct ast **items = ARENA_ARRAY(arena, struct ast *, list->number);
    if (node == NULL || items == NULL) {
        return arena_error(arena);
    }
    *node = *list;
    node->kind = AST_FUNCTION;
    node->text = (struct slice){0};
    node->number = 0;
    node->is_operator = true;
    node->arguments = (struct ast_list){.items = items, .count = (uint32_t)list->number};
    OR_DONE(literal_reader_init(&reader, list));
    for (uint32_t i = 0; i < node->arguments.count; i++) {
        OR_DONE(interrupt_at(i));
        OR_DONE(literal_reader_next(&reader, arena, &items[i]));
        ASSERT(items[i] != NULL); /* they were counted */
        items[i]->offset += list->offset + 1;
        items[i]->end += list->offset + 1;
        node->depth = items[i]->depth + 1 > node->depth ? items[i]->depth + 1 : node->depth;
    }
    *out = node;
done:
    return err;
}
