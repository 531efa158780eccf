/*
 * parser.c: tokens, errors and nodes for the parser's other files, and its entry points. See parser.h, parse.h.
 *
 * flow     sql/lexer.c → here, parse_statement.c, parse_create.c, parse_select.c, parse_expression.c, parse_special.c
 *          → sql/bind.h, sql/define.h
 */
#include "sql/parse.h"

#include <stdio.h>
#include <strings.h>

#define FOUND_BYTES_MAX 40U /* of the text that an error repeats */

bool word_in(struct slice word, const char *const *words)
{
    for (; *words != NULL; words++) {
        if (slice_is_word(word, *words)) {
            return true;
        }
    }
    return false;
}

bool token_is_word(struct token token, const char *word)
{
    return token.kind == TOKEN_WORD && slice_is_word(token.text, word);
}

struct token parse_after(const struct parser *parser, uint32_t count)
{
    struct lexer lexer = parser->lexer;
    struct token token = parser->token;
    for (; count > 0; count--) {
        token = lexer_next(&lexer);
    }
    return token;
}

struct token parse_next(const struct parser *parser)
{
    return parse_after(parser, 1);
}

void parse_advance(struct parser *parser)
{
    parser->previous_end = parser->token.offset + (uint32_t)parser->token.text.length;
    parser->token = lexer_next(&parser->lexer);
}

void parse_note(struct parser *parser, const char *name)
{
    if (parser->expected_offset != parser->token.offset) {
        parser->expected_offset = parser->token.offset;
        parser->expected_count = 0;
    }
    for (uint32_t i = 0; i < parser->expected_count; i++) {
        if (parser->expected[i] == name ||
            (parser->expected[i][0] == name[0] && strcmp(parser->expected[i], name) == 0)) {
            return;
        }
    }
    if (parser->expected_count < PARSE_EXPECTED_MAX) {
        parser->expected[parser->expected_count++] = name;
    }
}

/* How many tokens the keyword's words take; 0: they do not stand here. */
static uint32_t keyword_tokens(const struct parser *parser, const char *keyword)
{
    struct token token = parser->token;
    struct lexer lexer = parser->lexer;
    uint32_t count = 0;

    if (token.kind != TOKEN_WORD || token.text.length == 0 || (token.text.data[0] | 32) != (keyword[0] | 32)) {
        return 0; /* mostly */
    }
    while (true) {
        const char *end = strchrnul(keyword, ' ');
        size_t length = (size_t)(end - keyword);
        if (token.kind != TOKEN_WORD || token.text.length != length ||
            strncasecmp(token.text.data, keyword, length) != 0) {
            return 0;
        }
        count++;
        if (*end == '\0') {
            return count;
        }
        keyword = end + 1;
        token = lexer_next(&lexer);
    }
}

bool parse_peek(const struct parser *parser, const char *keyword)
{
    return keyword_tokens(parser, keyword) > 0;
}

bool parse_is(struct parser *parser, const char *keyword)
{
    if (keyword_tokens(parser, keyword) > 0) {
        return true;
    }
    parse_note(parser, keyword);
    return false;
}

bool parse_accept(struct parser *parser, const char *keyword)
{
    uint32_t count = keyword_tokens(parser, keyword);
    if (count == 0) {
        parse_note(parser, keyword);
        return false;
    }
    for (; count > 0; count--) {
        parse_advance(parser);
    }
    return true;
}

bool parse_expect(struct parser *parser, const char *keyword)
{
    return parse_accept(parser, keyword) || parse_fail(parser);
}

bool parse_is_kind(struct parser *parser, enum token_kind kind, const char *name)
{
    if (parser->token.kind == kind) {
        return true;
    }
    parse_note(parser, name);
    return false;
}

bool parse_accept_kind(struct parser *parser, enum token_kind kind, const char *name)
{
    if (!parse_is_kind(parser, kind, name)) {
        return false;
    }
    parse_advance(parser);
    return true;
}

bool parse_expect_kind(struct parser *parser, enum token_kind kind, const char *name)
{
    return parse_accept_kind(parser, kind, name) || parse_fail(parser);
}

/* ---- failing */

struct slice parse_position(struct parser *parser, uint32_t offset)
{
    uint32_t line;
    uint32_t column;
    text_position(parser->text, offset, &line, &column);
    char *text = arena_format(parser->arena, "line %u, col %u", line, column);
    return text == NULL ? slice_text("") : slice_text(text);
}

bool parse_oom(struct parser *parser)
{
    err_keep_first(&parser->err, arena_error(parser->arena));
    return false;
}

/* Edits (insertions, deletions, replacements, swaps of neighbours) from a to b in any case; words up to 24 bytes. */
static uint32_t edit_distance(struct slice a, const char *b)
{
    enum { MAX = 24 };
    uint32_t rows[3][MAX + 1];
    size_t length = strlen(b);

    if (a.length > MAX || length > MAX) {
        return UINT32_MAX;
    }
    for (size_t j = 0; j <= length; j++) {
        rows[0][j] = (uint32_t)j;
    }
    for (size_t i = 1; i <= a.length; i++) {
        uint32_t *row = rows[i % 3];
        const uint32_t *above = rows[(i + 2) % 3];
        const uint32_t *two_above = rows[(i + 1) % 3];
        row[0] = (uint32_t)i;
        for (size_t j = 1; j <= length; j++) {
            char x = (char)(a.data[i - 1] & 0x5f);
            char y = (char)(b[j - 1] & 0x5f);
            uint32_t best = above[j - 1] + (x != y);
            best = above[j] + 1 < best ? above[j] + 1 : best;
            best = row[j - 1] + 1 < best ? row[j - 1] + 1 : best;
            if (i > 1 && j > 1 && x == (b[j - 2] & 0x5f) && (a.data[i - 2] & 0x5f) == y &&
                two_above[j - 2] + 1 < best) {
                best = two_above[j - 2] + 1;
            }
            row[j] = best;
        }
    }
    return rows[a.length % 3][length];
}

/* The keyword nearest to the word, by its first word; NULL: none is near. */
static const char *nearest(struct token token, const char *const *words, uint32_t count)
{
    const char *best = NULL;
    uint32_t best_distance = token.text.length <= 3 ? 2 : 3;

    if (token.kind != TOKEN_WORD || token.text.length < 2) {
        return NULL;
    }
    for (uint32_t i = 0; i < count; i++) {
        char first[25];
        size_t length = strcspn(words[i], " ");
        if (words[i][0] < 'A' || words[i][0] > 'Z' || length > 24) {
            continue; /* not a keyword */
        }
        memcpy(first, words[i], length);
        first[length] = '\0';
        uint32_t distance = edit_distance(token.text, first);
        if ((distance > 0 || words[i][length] == ' ') && distance < best_distance) {
            best_distance = distance;
            best = words[i];
        }
    }
    return best;
}

static void expected_text(const struct parser *parser, char *out, size_t size)
{
    enum { SHOWN_MAX = 12 };
    size_t at = 0;

    for (uint32_t i = 0; i < parser->expected_count && at + 1 < size; i++) {
        const char *separator = i == 0 ? "" : i + 1 == parser->expected_count ? " or " : ", ";
        if (i == SHOWN_MAX) {
            (void)snprintf(out + at, size - at, " or %u others", parser->expected_count - i);
            return;
        }
        int length = snprintf(out + at, size - at, "%s%s", separator, parser->expected[i]);
        at += length > 0 ? (size_t)length : 0;
    }
}

bool parse_fail(struct parser *parser)
{
    struct token token = parser->token;
    char expected[512] = "";
    char hint[96] = "";

    if (parser->err != NULL) {
        return false;
    }
    if (parser->expected_offset != token.offset) {
        parser->expected_count = 0;
    }
    if (token.kind == TOKEN_END && parser->lexer.text.length < parser->text.length) {
        parser->err =
            err_new(ERR_SYNTAX, "Syntax error: the query is longer than max_query_size = %u bytes (it goes on for %zu)",
                    parser->text_bytes_max, parser->text.length);
        return false;
    }
    struct slice found = slice_cut(token.text, FOUND_BYTES_MAX);
    uint32_t line;
    uint32_t column;
    text_position(parser->text, token.offset, &line, &column);
    if (token.kind == TOKEN_ERROR) {
        parser->err = err_new(ERR_SYNTAX, "Syntax error: failed at position %u (line %u, col %u): found %s: %.*s",
                              token.offset + 1, line, column, token.reason, SLICE_ARG(found));
        return false;
    }
    expected_text(parser, expected, sizeof(expected));
    const char *meant = nearest(token, parser->expected, parser->expected_count);
    const char *meant_before = NULL;
    if (parser->alias.text.length > 0 &&
        parser->alias.offset + (uint32_t)parser->alias.text.length == parser->previous_end) {
        meant_before = nearest(parser->alias, parser->missed, parser->missed_count);
        if (meant_before == NULL) {
            meant_before = nearest(parser->alias, parser->expected, parser->expected_count);
        }
    }
    if (meant_before != NULL) {
        (void)snprintf(hint, sizeof(hint), "; did you mean %s instead of '%.*s'?", meant_before,
                       SLICE_ARG(slice_of(parser->alias.text.data,
                                          parser->alias.text.length > 24 ? 24 : parser->alias.text.length)));
    } else if (meant != NULL) {
        (void)snprintf(hint, sizeof(hint), "; did you mean %s?", meant);
    }
    parser->err = err_new(ERR_SYNTAX, "Syntax error: failed at position %u (line %u, col %u): found %s%.*s%s%s%s%s",
                          token.offset + 1, line, column, token.kind == TOKEN_END ? "the end of the query" : "'",
                          SLICE_ARG(found), token.kind == TOKEN_END ? "" : "'",
                          expected[0] == '\0' ? "" : ", expected ", expected, hint);
    return false;
}

bool parse_fail_here(struct parser *parser, const char *format, ...)
{
    if (parser->err != NULL) {
        return false;
    }
    uint32_t line;
    uint32_t column;
    va_list list;
    text_position(parser->text, parser->token.offset, &line, &column);
    va_start(list, format);
    parser->err = err_newv(ERR_SYNTAX, format, list);
    va_end(list);
    parser->err = err_while(parser->err, "Syntax error: failed at position %u (line %u, col %u)",
                            parser->token.offset + 1, line, column);
    return false;
}

bool parse_refuse(struct parser *parser, uint32_t offset, const char *format, ...)
{
    if (parser->err != NULL) {
        return false;
    }
    char text[256];
    uint32_t line;
    uint32_t column;
    va_list list;
    text_position(parser->text, offset, &line, &column);
    va_start(list, format);
    (void)vsnprintf(text, sizeof(text), format, list);
    va_end(list);
    parser->err = err_new(ERR_NOT_IMPLEMENTED, "%s is not supported yet (line %u, col %u)", text, line, column);
    return false;
}

bool parse_enter(struct parser *parser)
{
    if (parser->depth >= SQL_DEPTH_MAX) {
        if (parser->err == NULL) {
            struct slice position = parse_position(parser, parser->token.offset);
            bool bracket = parser->token.kind == TOKEN_OPEN || parser->token.kind == TOKEN_OPEN_SQUARE;
            parser->err = err_new(bracket ? ERR_TOO_DEEP_RECURSION : ERR_TOO_DEEP_AST,
                                  "the query is nested deeper than %u levels (max_parser_depth) at %.*s", SQL_DEPTH_MAX,
                                  SLICE_ARG(position));
        }
        return false;
    }
    parser->depth++;
    return true;
}

void parse_leave(struct parser *parser)
{
    parser->depth--;
}

/* ---- nodes */

struct ast *node_new(struct parser *parser, enum ast_kind kind, uint32_t offset)
{
    if (parser->node_count >= SQL_NODE_COUNT_MAX) {
        err_keep_first(&parser->err, err_new(ERR_TOO_BIG_AST, "the query has more than %u elements (max_ast_elements)",
                                             SQL_NODE_COUNT_MAX));
        return NULL;
    }
    parser->node_count++;
    struct ast *node = ARENA_NEW(parser->arena, struct ast);
    if (node == NULL) {
        parse_oom(parser);
        return NULL;
    }
    node->kind = kind;
    node->offset = offset;
    node->depth = 1;
    if (kind == AST_SUBQUERY) {
        node->number = ++parser->subquery_count;
    }
    return node;
}

static uint32_t list_depth(const struct ast_list *list, uint32_t depth)
{
    for (uint32_t i = 0; i < list->count; i++) {
        depth = list->items[i]->depth > depth ? list->items[i]->depth : depth;
    }
    return depth;
}

struct ast *node_finish(struct parser *parser, struct ast *node)
{
    if (node == NULL) {
        return NULL;
    }
    uint32_t depth = list_depth(&node->parameters, list_depth(&node->arguments, 0));
    if (node->subquery != NULL && node->subquery->depth > depth) {
        depth = node->subquery->depth;
    }
    node->depth = depth + 1;
    node->end = parser->previous_end;
    parser->deepest = node->depth > parser->deepest ? node->depth : parser->deepest;
    if (node->depth > SQL_DEPTH_MAX) {
        struct slice position = parse_position(parser, node->offset);
        err_keep_first(&parser->err,
                       err_new(ERR_TOO_DEEP_AST, "the expression at %.*s is deeper than %u levels (max_ast_depth)",
                               SLICE_ARG(position), SQL_DEPTH_MAX));
        return NULL;
    }
    return node;
}

struct ast *node_function(struct parser *parser, uint32_t offset, const char *name, struct ast *const *arguments,
                          uint32_t count)
{
    struct ast *node = node_new(parser, AST_FUNCTION, offset);
    if (node == NULL) {
        return NULL;
    }
    node->parts = ARENA_ARRAY(parser->arena, struct slice, 1);
    if (node->parts == NULL) {
        parse_oom(parser);
        return NULL;
    }
    node->parts[0] = slice_text(name);
    node->part_count = 1;
    for (uint32_t i = 0; i < count; i++) {
        if (arguments[i] == NULL || !list_add(parser, &node->arguments, arguments[i])) {
            return NULL;
        }
    }
    return node_finish(parser, node);
}

struct ast *node_text(struct parser *parser, uint32_t offset, struct slice text)
{
    struct ast *node = node_new(parser, AST_LITERAL, offset);
    if (node != NULL) {
        node->literal = AST_STRING;
        node->text = text;
        node->end = parser->previous_end;
    }
    return node;
}

struct ast *node_uint(struct parser *parser, uint32_t offset, uint64_t value)
{
    struct ast *node = node_new(parser, AST_LITERAL, offset);
    if (node != NULL) {
        node->literal = AST_UINT;
        node->number = value;
        node->end = parser->previous_end;
    }
    return node;
}

void *array_add(struct parser *parser, void *array_pointer, uint32_t *count, size_t size)
{
    char **array = array_pointer;
    if ((*count & (*count - 1)) == 0) { /* full: 0, 1, 2, 4, … */
        uint32_t capacity = *count == 0 ? 1 : *count * 2;
        char *grown = arena_array(parser->arena, capacity, size);
        if (grown == NULL) {
            parse_oom(parser);
            return NULL;
        }
        if (*count > 0) {
            memcpy(grown, *array, *count * size);
        }
        memset(grown + *count * size, 0, (capacity - *count) * size);
        *array = grown;
    }
    return *array + (*count)++ * size;
}

bool list_add(struct parser *parser, struct ast_list *list, struct ast *item)
{
    struct ast **place = item == NULL ? NULL : array_add(parser, &list->items, &list->count, sizeof(*list->items));
    if (place == NULL) {
        return false;
    }
    *place = item;
    return true;
}

/* ---- names */

bool parse_identifier(struct parser *parser, const char *what, struct slice *out)
{
    if (parser->token.kind == TOKEN_WORD) {
        *out = parser->token.text;
        parse_advance(parser);
        return true;
    }
    if (parser->token.kind == TOKEN_QUOTED) {
        *out = token_value(parser->arena, parser->token);
        if (out->data == NULL) {
            return parse_oom(parser);
        }
        parse_advance(parser);
        return true;
    }
    parse_note(parser, what);
    return parse_fail(parser);
}

static bool parse_name_part(struct parser *parser, const char *what, struct slice *name, struct ast **parameter)
{
    if (parameter != NULL && parser->token.kind == TOKEN_OPEN_CURLY) {
        *parameter = parse_parameter(parser);
        *name = slice_text("");
        return *parameter != NULL;
    }
    return parse_identifier(parser, what, name);
}

bool parse_table_name(struct parser *parser, const char *what, struct slice *database, struct slice *name,
                      struct ast **database_parameter, struct ast **name_parameter)
{
    *database = slice_text("");
    if (!parse_name_part(parser, what, name, name_parameter)) {
        return false;
    }
    if (parse_accept_kind(parser, TOKEN_DOT, "'.'")) {
        *database = *name;
        if (name_parameter != NULL) {
            *database_parameter = *name_parameter;
            *name_parameter = NULL;
        }
        return parse_name_part(parser, what, name, name_parameter);
    }
    return true;
}

bool parse_string(struct parser *parser, const char *what, struct slice *out)
{
    if (!parse_is_kind(parser, TOKEN_STRING, what)) {
        return parse_fail(parser);
    }
    *out = token_value(parser->arena, parser->token);
    if (out->data == NULL) {
        return parse_oom(parser);
    }
    parse_advance(parser);
    return true;
}

/* ---- entry points */

struct err *parser_init(struct parser *parser, struct arena *arena, struct slice text, uint32_t offset,
                        uint32_t text_bytes_max)
{
    if (text.length >= UINT32_MAX) {
        return err_new(ERR_SYNTAX, "the query is longer than 4 GiB");
    }
    if (text_bytes_max == 0) {
        text_bytes_max = SQL_TEXT_BYTES_MAX;
    }
    *parser =
        (struct parser){.arena = arena, .text = text, .text_bytes_max = text_bytes_max, .expected_offset = UINT32_MAX};
    size_t end = (size_t)offset + text_bytes_max;
    lexer_init(&parser->lexer, slice_of(text.data, end < text.length ? end : text.length));
    parser->lexer.offset = offset;
    parser->previous_end = offset;
    parser->token = lexer_next(&parser->lexer);
    return NULL;
}

struct err *parse_statement(struct arena *arena, struct slice text, uint32_t *offset, uint32_t text_bytes_max,
                            struct ast_statement **out)
{
    struct err *err = NULL;
    struct parser parser;

    *out = NULL;
    OR_DONE(parser_init(&parser, arena, text, *offset, text_bytes_max));
    while (parser.token.kind == TOKEN_SEMICOLON) {
        parse_advance(&parser);
    }
    if (parser.token.kind == TOKEN_END && parser.lexer.text.length == text.length) {
        *offset = (uint32_t)text.length;
        goto done;
    }
    struct ast_statement *statement = ARENA_NEW(arena, struct ast_statement);
    if (statement == NULL) {
        err = arena_error(arena);
        goto done;
    }
    statement->offset = parser.token.offset;
    if (!parse_any_statement(&parser, statement)) {
        err = parser.err;
        goto done;
    }
    statement->node_count = parser.node_count;
    statement->text = slice_of(text.data + statement->offset, parser.previous_end - statement->offset);
    if (statement->insert != NULL && statement->insert->kind != AST_INSERT_SELECT) {
        *offset = statement->insert->data_offset;
    } else {
        if (parser.token.kind != TOKEN_SEMICOLON && parser.token.kind != TOKEN_END) {
            parse_note(&parser, "the end of the query");
            parse_fail(&parser);
            err = parser.err;
            goto done;
        }
        if (parser.token.kind == TOKEN_END && parser.lexer.text.length < text.length) {
            parse_fail(&parser);
            err = parser.err;
            goto done;
        }
        *offset = parser.token.kind == TOKEN_SEMICOLON ? parser.token.offset + 1 : (uint32_t)text.length;
    }
    *out = statement;
done:
    return err;
}

struct err *parse_query(struct arena *arena, struct slice text, uint32_t text_bytes_max, struct ast_statement **out)
{
    struct err *err = NULL;
    uint32_t offset = 0;
    struct parser parser;

    OR_DONE(parse_statement(arena, text, &offset, text_bytes_max, out));
    if (*out == NULL) {
        err = err_new(ERR_EMPTY_QUERY, "the query is empty");
        goto done;
    }
    if ((*out)->insert != NULL && (*out)->insert->kind != AST_INSERT_SELECT) {
        goto done; /* data follow */
    }
    OR_DONE(parser_init(&parser, arena, text, offset, text_bytes_max));
    while (parser.token.kind == TOKEN_SEMICOLON) {
        parse_advance(&parser);
    }
    if (parser.token.kind != TOKEN_END) {
        parse_fail_here(&parser, "a second statement follows; only one is run at a time");
        err = parser.err;
    }
done:
    return err;
}

struct err *parse_map_literal(struct arena *arena, struct slice text, struct ast **out)
{
    struct err *err = NULL;
    struct parser parser;

    OR_DONE(parser_init(&parser, arena, text, 0, 0));
    if (parser.token.kind != TOKEN_OPEN_CURLY) {
        parse_note(&parser, "'{'");
        parse_fail(&parser);
    } else if ((*out = parse_map(&parser)) != NULL && parser.token.kind != TOKEN_END) {
        parse_note(&parser, "the end of the map");
        parse_fail(&parser);
    }
    err = parser.err;
done:
    return err;
}

struct err *parse_list_text(struct arena *arena, struct slice text, struct ast_list *out)
{
    struct err *err = NULL;
    struct parser parser;

    *out = (struct ast_list){0};
    OR_DONE(parser_init(&parser, arena, text, 0, 0));
    if (!parse_list(&parser, out)) {
        err = parser.err;
        goto done;
    }
    if (parser.token.kind != TOKEN_END) {
        parse_note(&parser, "the end of the expression");
        parse_fail(&parser);
        err = parser.err;
    }
done:
    return err;
}

struct err *parse_expression_text(struct arena *arena, struct slice text, struct ast **out)
{
    struct err *err = NULL;
    struct parser parser;

    OR_DONE(parser_init(&parser, arena, text, 0, 0));
    *out = parse_aliased(&parser, false);
    if (*out != NULL && parser.token.kind != TOKEN_END) {
        parse_note(&parser, "the end of the expression");
        parse_fail(&parser);
    }
    err = parser.err;
done:
    return err;
}
