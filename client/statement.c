/* statement.c: walks over a statement word by word. */
#include "client/statement.h"

static bool is_word_byte(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           (unsigned char)c >= 0x80;
}

static size_t quoted_end(struct slice text, size_t at)
{
    char quote = text.data[at++];
    for (; at < text.length; at++) {
        if (text.data[at] == '\\') {
            at++;
        } else if (text.data[at] == quote) {
            return at + 1; /* a doubled one begins the next quoted piece: the same to us */
        }
    }
    return text.length;
}

/* The next token at or behind *at (comments and spaces left out); false: the end. A quoted one is not whole when the
 * text ends within it. */
static bool next_token(struct slice text, size_t *at, struct slice *token)
{
    while (*at < text.length) {
        char c = text.data[*at], next = *at + 1 < text.length ? text.data[*at + 1] : 0;
        size_t begin = *at;
        if ((unsigned char)c <= ' ') {
            ++*at;
            continue;
        }
        if ((c == '-' && next == '-') || (c == '#' && (next == '!' || next == ' '))) {
            const char *feed = memchr(text.data + *at, '\n', text.length - *at);
            *at = feed == NULL ? text.length : (size_t)(feed - text.data);
            continue;
        }
        if (c == '/' && next == '*') {
            const char *close = memmem(text.data + *at + 2, text.length - *at - 2, "*/", 2);
            *at = close == NULL ? text.length : (size_t)(close - text.data) + 2;
            continue;
        }
        if (c == '\'' || c == '"' || c == '`') {
            *at = quoted_end(text, *at);
        } else if (is_word_byte(c)) {
            while (*at < text.length && is_word_byte(text.data[*at])) {
                ++*at;
            }
        } else {
            ++*at;
        }
        *token = slice_of(text.data + begin, *at - begin);
        return true;
    }
    return false;
}

size_t statement_end(struct slice text)
{
    size_t at = 0;
    struct slice token;
    while (next_token(text, &at, &token)) {
        if (token.data[0] == ';') {
            return at;
        }
    }
    return 0;
}

bool statement_is_empty(struct slice text)
{
    size_t at = 0;
    struct slice token;
    while (next_token(text, &at, &token)) {
        if (token.data[0] != ';') {
            return false;
        }
    }
    return true;
}

static bool is_insert(struct slice text)
{
    size_t at = 0;
    struct slice token;
    return next_token(text, &at, &token) && slice_is_word(token, "INSERT");
}

bool statement_wants_data(struct slice text)
{
    size_t at = 0;
    struct slice token, last = {0}, before = {0};
    if (!is_insert(text)) {
        return false;
    }
    while (next_token(text, &at, &token)) {
        if (token.data[0] != ';') {
            before = last;
            last = token;
        }
    }
    return slice_is_word(last, "VALUES") || slice_is_word(before, "FORMAT");
}

/* Behind INSERT … FORMAT name; 0: this INSERT has no such clause. */
static size_t format_clause_end(struct slice text)
{
    size_t at = 0;
    int64_t depth = 0;
    struct slice token, before = {0};
    if (!is_insert(text)) {
        return 0;
    }
    for (; next_token(text, &at, &token); before = token) {
        bool is_name = slice_is_word(before, "INTO") || slice_is_word(before, "TABLE") || slice_is_word(before, ".");
        depth += token.data[0] == '(' ? 1 : token.data[0] == ')' ? -1 : 0;
        if (depth != 0 || is_name) {
            continue;
        }
        if (token.data[0] == ';' || slice_is_word(token, "VALUES") || slice_is_word(token, "SELECT") ||
            slice_is_word(token, "WITH")) {
            return 0;
        }
        if (slice_is_word(token, "FORMAT")) {
            return next_token(text, &at, &token) && is_word_byte(token.data[0]) && !slice_is_word(token, "VALUES") ? at
                                                                                                                   : 0;
        }
    }
    return 0;
}

bool statement_cut(struct slice text, bool is_all, struct statement *out)
{
    size_t end = format_clause_end(text), at = end;
    if (end == 0) {
        end = statement_end(text);
        if (end == 0 && !is_all) {
            return false;
        }
        *out = (struct statement){.text = slice_of(text.data, end == 0 ? text.length : end - 1),
                                  .end = end == 0 ? text.length : end};
        return true;
    }
    while (at < text.length && (text.data[at] == ' ' || text.data[at] == '\t' || text.data[at] == '\r')) {
        at++;
    }
    if (at == text.length && !is_all) {
        return false; /* a line feed, a ';' or data: to be seen */
    }
    *out = (struct statement){.text = slice_of(text.data, end), .end = text.length};
    if (at < text.length && text.data[at] == ';') {
        out->end = at + 1;
        return true;
    }
    at += at < text.length && text.data[at] == '\n' ? 1 : 0;
    if (at < text.length || !is_all) {
        out->data = slice_of(text.data + at, text.length - at);
    }
    return true;
}

void statement_append_line(struct slice text, struct buffer *line)
{
    size_t at = 0, behind = 0, first = line->length;
    struct slice token;
    while (next_token(text, &at, &token)) {
        size_t begin = (size_t)(token.data - text.data);
        if (begin > behind && line->length > first) {
            buffer_char(line, ' ');
        }
        buffer_slice(line, token);
        behind = at;
    }
}
