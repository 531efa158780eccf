/*
 * brief.c: statements that are done before another thread would have woken up: SELECT of a few literals, as clients and
 * load balancers send them to see whether the server answers.
 */
#include "server/request.h"

#include "sql/lexer.h"
#include "sql/parse.h"

#define BRIEF_BYTES_MAX 100U

bool statement_is_brief(struct slice text)
{
    struct lexer lexer;
    if (text.length == 0 || text.length > BRIEF_BYTES_MAX) {
        return false;
    }
    lexer_init(&lexer, text);
    struct token token = lexer_next(&lexer);
    if (!token_is_word(token, "SELECT")) {
        return false;
    }
    do {
        token = lexer_next(&lexer);
        if (token.kind != TOKEN_NUMBER && token.kind != TOKEN_STRING) {
            return false;
        }
        token = lexer_next(&lexer);
    } while (token.kind == TOKEN_COMMA);
    if (token_is_word(token, "FORMAT")) {
        token = lexer_next(&lexer);
        if (token.kind != TOKEN_WORD) {
            return false;
        }
        token = lexer_next(&lexer);
    }
    if (token.kind == TOKEN_SEMICOLON) {
        token = lexer_next(&lexer);
    }
    return token.kind == TOKEN_END;
}
