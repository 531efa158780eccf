/*
 * lexer.h: SQL text → tokens, one at a time, in ClickHouse's dialect.
 *
 * The lexer allocates nothing and keeps no more than its place: copying a struct lexer is how to look ahead.
 * Comments: "--", "#!", "# ", nested-free block comments; they and white space are skipped.
 * Bytes from outside: any byte may come, NUL included; what is no token is TOKEN_ERROR with a reason.
 */
#ifndef SQL_LEXER_H
#define SQL_LEXER_H

#include "base/arena.h"
#include "base/err.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stdint.h>

enum token_kind {
    TOKEN_END,
    TOKEN_ERROR,  /* token.reason says why */
    TOKEN_WORD,   /* bare word: a keyword or an identifier */
    TOKEN_QUOTED, /* `name` or "name" */
    TOKEN_STRING, /* 'text', $$text$$, x'4142', b'0101' */
    TOKEN_NUMBER, /* 1, 1.5, .5, 1e3, 0xff, 0b11, 1_000 */
    TOKEN_OPEN,   /* ( */
    TOKEN_CLOSE,
    TOKEN_OPEN_SQUARE,
    TOKEN_CLOSE_SQUARE,
    TOKEN_OPEN_CURLY,
    TOKEN_CLOSE_CURLY,
    TOKEN_COMMA,
    TOKEN_SEMICOLON,
    TOKEN_DOT,
    TOKEN_COLON,
    TOKEN_DOUBLE_COLON,
    TOKEN_ARROW,
    TOKEN_STAR,
    TOKEN_PLUS,
    TOKEN_MINUS,
    TOKEN_SLASH,
    TOKEN_PERCENT,
    TOKEN_CONCAT, /* || */
    TOKEN_EQUALS, /* = and == */
    TOKEN_NOT_EQUALS,
    TOKEN_LESS,
    TOKEN_LESS_EQUALS,
    TOKEN_GREATER,
    TOKEN_GREATER_EQUALS,
    TOKEN_NULL_SAFE_EQUALS, /* <=> */
    TOKEN_QUESTION,
    TOKEN_AT, /* @@ */
};

struct token {
    enum token_kind kind;
    uint32_t offset; /* bytes from the start of the text */
    struct slice text;
    const char *reason; /* TOKEN_ERROR; static */
};

struct lexer {
    struct slice text;
    uint32_t offset;
    enum token_kind previous; /* a number after a dot is an index: digits only */
};

void lexer_init(struct lexer *lexer, struct slice text); /* at most 4 GiB - 1; borrowed while tokens are in use */
struct token lexer_next(struct lexer *lexer);

/* The value of a TOKEN_STRING or TOKEN_QUOTED, in the arena (the text itself when nothing is escaped). data is NULL
 * when memory is out (arena_error). */
struct slice token_value(struct arena *arena, struct token token);

/* Line and column of a byte, both from 1; a column is a code point. */
void text_position(struct slice text, uint32_t offset, uint32_t *line, uint32_t *column);

#endif
