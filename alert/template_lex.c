/*
 * template_lex.c: a template's text as tokens, by Go's rules: what trims, where comments may stand, what ends a word.
 */
#include "alert/template_private.h"

#include <stdio.h>

struct err *template_error(struct slice text, size_t at, const char *format, ...)
{
    char message[300];
    size_t line = 1, begin = 0;
    va_list list;
    va_start(list, format);
    (void)vsnprintf(message, sizeof(message), format, list);
    va_end(list);
    for (size_t k = 0; k < at && k < text.length; k++) {
        if (text.data[k] == '\n') {
            line++;
            begin = k + 1;
        }
    }
    return err_new(ERR_BAD_ARGUMENTS, "line %zu, byte %zu: %s", line, at - begin + 1, message);
}

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static bool is_word(char c)
{
    char low = (char)(c | 0x20);
    return c == '_' || (c >= '0' && c <= '9') || (low >= 'a' && low <= 'z') || (unsigned char)c >= 0x80;
}

static bool starts(const struct template_lexer *lexer, size_t at, const char *with)
{
    size_t length = strlen(with);
    return at + length <= lexer->text.length && memcmp(lexer->text.data + at, with, length) == 0;
}

/* "}}" or " -}}" at this place: how many bytes; 0: neither. *trims: the second. */
static size_t closes(const struct template_lexer *lexer, size_t at, bool *trims)
{
    *trims = at < lexer->text.length && is_space(lexer->text.data[at]) && starts(lexer, at + 1, "-}}");
    return *trims ? 4 : starts(lexer, at, "}}") ? 2 : 0;
}

/* Behind {{: what a comment spans, or 0. */
static struct err *comment(struct template_lexer *lexer, size_t at, bool *is_comment)
{
    bool trims;
    *is_comment = starts(lexer, at, "/*");
    if (!*is_comment) {
        return NULL;
    }
    const char *data = lexer->text.data;
    const char *end = memmem(data + at + 2, lexer->text.length - at - 2, "*/", 2);
    if (end == NULL) {
        return template_error(lexer->text, at, "unclosed comment");
    }
    size_t behind = (size_t)(end - data) + 2, bytes = closes(lexer, behind, &trims);
    if (bytes == 0) {
        return template_error(lexer->text, behind, "comment ends before closing delimiter");
    }
    lexer->at = behind + bytes;
    lexer->trim = trims;
    return NULL;
}

/* What stands before the next {{; comments are nothing. */
static struct err *outside(struct template_lexer *lexer, struct template_token *out)
{
    const char *data = lexer->text.data;
    size_t length = lexer->text.length, begin = lexer->at;
    while (lexer->trim && begin < length && is_space(data[begin])) {
        begin++;
    }
    lexer->trim = false;
    const char *found = begin == length ? NULL : memmem(data + begin, length - begin, "{{", 2);
    size_t open = found == NULL ? length : (size_t)(found - data), end = open;
    size_t behind = open + 2;
    if (found != NULL && behind + 1 < length && data[behind] == '-' && is_space(data[behind + 1])) {
        behind += 2;
        while (end > begin && is_space(data[end - 1])) {
            end--;
        }
    }
    *out = (struct template_token){.kind = TOKEN_TEXT, .at = begin, .text = slice_of(data + begin, end - begin)};
    lexer->at = open;
    if (found == NULL) {
        out->kind = out->text.length == 0 ? TOKEN_END : TOKEN_TEXT;
        return NULL;
    }
    bool is_comment;
    struct err *err = comment(lexer, behind, &is_comment);
    if (err != NULL || is_comment) {
        return err;
    }
    lexer->inside = true;
    lexer->at = behind;
    return NULL;
}

static size_t words_end(const struct template_lexer *lexer, size_t at)
{
    while (at < lexer->text.length && is_word(lexer->text.data[at])) {
        at++;
    }
    return at;
}

/* Words, fields and variables end where something else can begin. */
static struct err *ended(const struct template_lexer *lexer, size_t at)
{
    if (at == lexer->text.length || is_space(lexer->text.data[at]) ||
        strchr(".,|:=()}", lexer->text.data[at]) != NULL) {
        return NULL;
    }
    return template_error(lexer->text, at, "bad character \"%c\"", lexer->text.data[at]);
}

static size_t number_end(const struct template_lexer *lexer, size_t at)
{
    const char *data = lexer->text.data;
    at += data[at] == '+' || data[at] == '-';
    bool is_hex = starts(lexer, at, "0x") || starts(lexer, at, "0X");
    while (at < lexer->text.length && (is_word(data[at]) || data[at] == '.')) {
        char low = (char)(data[at] | 0x20);
        bool exponent = is_hex ? low == 'p' : low == 'e';
        at++;
        at += exponent && at < lexer->text.length && (data[at] == '+' || data[at] == '-');
    }
    return at;
}

/* Behind the closing quote; raw strings may hold anything. */
static struct err *quoted(const struct template_lexer *lexer, char quote, size_t *end)
{
    const char *data = lexer->text.data;
    size_t at = lexer->at + 1;
    while (at < lexer->text.length && data[at] != quote && (quote == '`' || data[at] != '\n')) {
        at += data[at] == '\\' && quote != '`' ? 2 : 1;
    }
    if (at >= lexer->text.length || data[at] != quote) {
        return template_error(lexer->text, lexer->at, "unterminated %s",
                              quote == '\'' ? "character constant" : "string");
    }
    *end = at + 1;
    return NULL;
}

static struct err *inside(struct template_lexer *lexer, struct template_token *out)
{
    struct err *err = NULL;
    const char *data = lexer->text.data;
    size_t at = lexer->at, end = at + 1, length = lexer->text.length, skip = 0;
    bool trims;
    size_t bytes = closes(lexer, at, &trims);
    *out = (struct template_token){.kind = TOKEN_CLOSE, .at = at};
    if (bytes > 0) {
        if (lexer->open_parentheses > 0) {
            return template_error(lexer->text, at, "unclosed left paren");
        }
        lexer->inside = false;
        lexer->trim = trims;
        lexer->at += bytes;
        return NULL;
    }
    if (at == length) {
        return template_error(lexer->text, at, "unclosed action");
    }
    char c = data[at];
    if (is_space(c)) {
        while (end < length && is_space(data[end]) && closes(lexer, end, &trims) == 0) {
            end++;
        }
        out->kind = TOKEN_SPACE;
    } else if (c == '=') {
        out->kind = TOKEN_ASSIGN;
    } else if (starts(lexer, at, ":=")) {
        out->kind = TOKEN_DECLARE;
        end++;
    } else if (c == '|') {
        out->kind = TOKEN_PIPE;
    } else if (c == ',') {
        out->kind = TOKEN_COMMA;
    } else if (c == '(') {
        out->kind = TOKEN_LEFT;
        lexer->open_parentheses++;
    } else if (c == ')') {
        out->kind = TOKEN_RIGHT;
        if (lexer->open_parentheses == 0) {
            return template_error(lexer->text, at, "unexpected right paren");
        }
        lexer->open_parentheses--;
    } else if (c == '"' || c == '`' || c == '\'') {
        out->kind = c == '"' ? TOKEN_STRING : c == '`' ? TOKEN_RAW : TOKEN_CHARACTER;
        OR_DONE(quoted(lexer, c, &end));
    } else if (c == '$') {
        end = words_end(lexer, end);
        out->kind = TOKEN_VARIABLE;
        OR_DONE(ended(lexer, end));
    } else if (c == '.' && !(at + 1 < length && data[at + 1] >= '0' && data[at + 1] <= '9')) {
        end = words_end(lexer, end);
        out->kind = end == at + 1 ? TOKEN_DOT : TOKEN_FIELD;
        skip = out->kind == TOKEN_FIELD;
        OR_DONE(ended(lexer, end));
    } else if (c == '.' || c == '+' || c == '-' || (c >= '0' && c <= '9')) {
        end = number_end(lexer, at);
        out->kind = TOKEN_NUMBER;
    } else if (is_word(c)) {
        end = words_end(lexer, end);
        out->kind = TOKEN_WORD;
        OR_DONE(ended(lexer, end));
    } else {
        return template_error(lexer->text, at, "unexpected \"%c\" in an action", c);
    }
    out->text = slice_of(data + at + skip, end - at - skip);
    lexer->at = end;
done:
    return err;
}

struct err *template_next(struct template_lexer *lexer, struct template_token *out)
{
    return lexer->inside ? inside(lexer, out) : outside(lexer, out);
}
