/*
 * parse_literal.c: numbers, strings and other constants; the text of types; {name:Type}.
 */
#include "sql/parse.h"

#include <errno.h>
#include <math.h>
#include <stdlib.h>

struct ast *parse_number(struct parser *parser, uint32_t offset, bool negative)
{
    struct slice digits = parser->token.text;
    struct ast *node = node_new(parser, AST_LITERAL, offset);
    char *text = arena_alloc(parser->arena, digits.length + 2);
    size_t length = 0;
    bool is_integer = true;

    if (node == NULL || text == NULL) {
        parse_oom(parser);
        return NULL;
    }
    if (negative) {
        text[length++] = '-';
    }
    int base = digits.length > 2 && digits.data[0] == '0' && (digits.data[1] | 0x20) == 'x'   ? 16
               : digits.length > 2 && digits.data[0] == '0' && (digits.data[1] | 0x20) == 'b' ? 2
                                                                                              : 10;
    for (size_t i = 0; i < digits.length; i++) {
        if (digits.data[i] != '_') {
            text[length++] = digits.data[i];
        }
        if (base == 10 && (digits.data[i] == '.' || (digits.data[i] | 0x20) == 'e')) {
            is_integer = false;
        }
    }
    text[length] = '\0';
    node->text = slice_of(text, length);
    if (is_integer) {
        char *end;
        errno = 0;
        uint64_t value = strtoull(text + negative + (base != 10 ? 2 : 0), &end, base);
        if (*end != '\0') {
            parse_fail_here(parser, "'%.*s' is not a number", SLICE_ARG(digits));
            return NULL;
        }
        if (errno == 0 && !negative) {
            node->literal = AST_UINT;
            node->number = value;
        } else if (errno == 0 && value <= (uint64_t)1 << 63) {
            node->literal = AST_INT;
            node->number = (uint64_t)0 - value;
        } else {
            is_integer = false;
        }
    }
    if (!is_integer) {
        node->literal = AST_FLOAT;
        node->real = strtod(text, NULL); /* out of range is infinite, as in ClickHouse */
    }
    parse_advance(parser);
    node->end = parser->previous_end;
    return node;
}

struct ast *parse_literal(struct parser *parser)
{
    struct token token = parser->token;
    uint32_t offset = token.offset;

    if (token.kind == TOKEN_NUMBER) {
        return parse_number(parser, offset, false);
    }
    if (token.kind == TOKEN_MINUS || token.kind == TOKEN_PLUS) {
        struct token next = parse_next(parser);
        bool negative = token.kind == TOKEN_MINUS;
        if (next.kind == TOKEN_NUMBER) {
            parse_advance(parser);
            return parse_number(parser, offset, negative);
        }
        if (negative && (token_is_word(next, "inf") || token_is_word(next, "infinity"))) {
            parse_advance(parser);
            parse_advance(parser);
            struct ast *infinite = node_new(parser, AST_LITERAL, offset);
            if (infinite != NULL) {
                infinite->literal = AST_FLOAT;
                infinite->real = -(double)INFINITY;
                infinite->end = parser->previous_end;
            }
            return infinite;
        }
        return NULL;
    }
    if (token.kind == TOKEN_STRING) {
        struct slice value;
        if (!parse_string(parser, "a string", &value)) {
            return NULL;
        }
        return node_text(parser, offset, value);
    }
    if (token.kind != TOKEN_WORD) {
        return NULL;
    }
    struct ast literal = {.literal = AST_NULL};
    if (token_is_word(token, "NULL")) {
    } else if (token_is_word(token, "TRUE") || token_is_word(token, "FALSE")) {
        literal.literal = AST_BOOL;
        literal.number = token_is_word(token, "TRUE");
    } else if (token_is_word(token, "inf") || token_is_word(token, "infinity")) {
        literal.literal = AST_FLOAT;
        literal.real = (double)INFINITY;
    } else if (token_is_word(token, "nan")) {
        literal.literal = AST_FLOAT;
        literal.real = (double)NAN;
    } else {
        return NULL;
    }
    struct token next = parse_next(parser);
    if (next.kind == TOKEN_OPEN || next.kind == TOKEN_DOT) {
        return NULL;
    }
    struct ast *node = node_new(parser, AST_LITERAL, offset);
    if (node != NULL) {
        node->literal = literal.literal;
        node->number = literal.number;
        node->real = literal.real;
        parse_advance(parser);
        node->end = parser->previous_end;
    }
    return node;
}

/* ---- types: Nullable(Decimal(9, 2)), Enum8('a' = 1), DateTime('UTC'), Array(Tuple(x UInt8)), DOUBLE PRECISION */

static bool type_append(struct parser *parser, char **out, size_t *length, size_t *capacity, struct slice text)
{
    if (*length + text.length > *capacity) {
        size_t grown = (*capacity + text.length) * 2;
        char *copy = arena_alloc(parser->arena, grown);
        if (copy == NULL) {
            return parse_oom(parser);
        }
        memcpy(copy, *out, *length);
        *out = copy;
        *capacity = grown;
    }
    memcpy(*out + *length, text.data, text.length);
    *length += text.length;
    return true;
}

bool parse_type(struct parser *parser, struct slice *out)
{
    static const char *const second_words[] = {"PRECISION", "VARYING", "UNSIGNED", "SIGNED", "LARGE", "OBJECT", NULL};
    size_t capacity = 64;
    size_t length = 0;
    char *text = arena_alloc(parser->arena, capacity);
    uint32_t depth = 0;
    bool space = false, after_dot = false;

    if (text == NULL) {
        return parse_oom(parser);
    }
    if (!parse_is_kind(parser, TOKEN_WORD, "a type")) {
        return parse_fail(parser);
    }
    do {
        struct token token = parser->token;
        if (token.kind == TOKEN_END || token.kind == TOKEN_ERROR || token.kind == TOKEN_SEMICOLON) {
            parse_note(parser, "')' of the type");
            return parse_fail(parser);
        }
        bool is_word = token.kind == TOKEN_WORD || token.kind == TOKEN_QUOTED || token.kind == TOKEN_NUMBER ||
                       token.kind == TOKEN_STRING || token.kind == TOKEN_MINUS;
        if (token.kind == TOKEN_OPEN) {
            depth++;
        } else if (token.kind == TOKEN_CLOSE) {
            depth--;
        } else if (!is_word && token.kind != TOKEN_COMMA && token.kind != TOKEN_EQUALS &&
                   (token.kind != TOKEN_DOT || depth == 0 || !space)) { /* a.b: a path of JSON */
            parse_note(parser, "a type");
            return parse_fail(parser);
        }
        if (depth > 64) {
            return parse_fail_here(parser, "a type nested deeper than 64 levels");
        }
        if (token.kind == TOKEN_EQUALS) {
            if (!type_append(parser, &text, &length, &capacity, slice_text(" = "))) {
                return false;
            }
            space = false;
        } else {
            if ((space && is_word && !after_dot && !type_append(parser, &text, &length, &capacity, slice_text(" "))) ||
                !type_append(parser, &text, &length, &capacity, token.text)) {
                return false;
            }
            space = is_word && token.kind != TOKEN_MINUS;
            after_dot = token.kind == TOKEN_DOT;
        }
        if (token.kind == TOKEN_COMMA && !type_append(parser, &text, &length, &capacity, slice_text(" "))) {
            return false;
        }
        parse_advance(parser);
    } while (depth > 0 || parser->token.kind == TOKEN_OPEN ||
             (parser->token.kind == TOKEN_WORD && word_in(parser->token.text, second_words)));
    *out = slice_of(text, length);
    return true;
}

struct ast *parse_parameter(struct parser *parser)
{
    struct ast *node = node_new(parser, AST_PARAMETER, parser->token.offset);
    parse_advance(parser); /* { */
    if (node == NULL) {
        return NULL;
    }
    node->parts = ARENA_ARRAY(parser->arena, struct slice, 1);
    node->part_count = 1;
    if (node->parts == NULL) {
        parse_oom(parser);
        return NULL;
    }
    if (!parse_identifier(parser, "a parameter's name", &node->parts[0]) ||
        !parse_expect_kind(parser, TOKEN_COLON, "':'") || !parse_type(parser, &node->text) ||
        !parse_expect_kind(parser, TOKEN_CLOSE_CURLY, "'}'")) {
        return NULL;
    }
    return node_finish(parser, node);
}
