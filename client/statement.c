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
        } else if (text.data[at] == quote && at + 1 < text.length && text.data[at + 1] == quote) {
            at++;
        } else if (text.data[at] == quote) {
            return at + 1;
        }
    }
    return text.length;
}

/* "$tag$ … $tag$"; 0: none begins here. */
static size_t heredoc_end(struct slice text, size_t at)
{
    size_t end = at + 1;
    while (end < text.length && is_word_byte(text.data[end])) {
        end++;
    }
    if (end >= text.length || text.data[end] != '$') {
        return 0;
    }
    size_t length = end + 1 - at;
    const char *close = memmem(text.data + end + 1, text.length - end - 1, text.data + at, length);
    return close == NULL ? text.length : (size_t)(close - text.data) + length;
}

static size_t comment_end(struct slice text, size_t at)
{
    const char *close = text.data[at] == '/' ? memmem(text.data + at + 2, text.length - at - 2, "*/", 2)
                                             : memchr(text.data + at, '\n', text.length - at);
    return close == NULL ? text.length : (size_t)(close - text.data) + (text.data[at] == '/' ? 2 : 0);
}

bool statement_token(struct slice text, size_t *at, struct statement_token *out)
{
    if (*at >= text.length) {
        return false;
    }
    size_t begin = *at, end = begin + 1;
    char c = text.data[begin], next = end < text.length ? text.data[end] : 0;
    enum statement_token_kind kind = STATEMENT_SYMBOL;
    if ((unsigned char)c <= ' ') {
        kind = STATEMENT_SPACE;
        while (end < text.length && (unsigned char)text.data[end] <= ' ') {
            end++;
        }
    } else if ((c == '-' && next == '-') || (c == '#' && (next == '!' || next == ' ')) || (c == '/' && next == '*')) {
        kind = STATEMENT_COMMENT;
        end = comment_end(text, begin);
    } else if (c == '\'' || c == '"' || c == '`') {
        kind = c == '\'' ? STATEMENT_STRING : STATEMENT_NAME;
        end = quoted_end(text, begin);
    } else if (c == '$' && heredoc_end(text, begin) > 0) {
        kind = STATEMENT_STRING;
        end = heredoc_end(text, begin);
    } else if (c == '\\' && next == 'G') {
        kind = STATEMENT_END_VERTICAL;
        end++;
    } else if (is_word_byte(c)) {
        kind = c >= '0' && c <= '9' ? STATEMENT_NUMBER : STATEMENT_WORD;
        while (end < text.length && is_word_byte(text.data[end])) {
            end++;
        }
    }
    *out = (struct statement_token){.text = slice_of(text.data + begin, end - begin), .kind = kind};
    *at = end;
    return true;
}

/* The next token at or behind *at (comments and spaces left out); false: the end. A quoted one is not whole when the
 * text ends within it. */
static bool next_token(struct slice text, size_t *at, struct slice *token)
{
    struct statement_token found;
    while (statement_token(text, at, &found)) {
        if (found.kind != STATEMENT_SPACE && found.kind != STATEMENT_COMMENT) {
            *token = found.text;
            return true;
        }
    }
    return false;
}

static bool is_end(struct slice token)
{
    return token.data[0] == ';' || slice_equal(token, slice_text("\\G"));
}

size_t statement_end(struct slice text)
{
    size_t at = 0;
    struct slice token;
    while (next_token(text, &at, &token)) {
        if (is_end(token)) {
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
        if (!is_end(token)) {
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
        if (!is_end(token)) {
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
        if (slice_is_word(before, "FROM") && slice_is_word(token, "INFILE")) {
            return 0; /* its data are there */
        }
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
        bool vertical = end > 1 && text.data[end - 1] == 'G';
        *out = (struct statement){.text = slice_of(text.data, end == 0 ? text.length : end - (vertical ? 2 : 1)),
                                  .end = end == 0 ? text.length : end,
                                  .vertical = vertical};
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

bool statement_file(struct slice text, struct statement_file *out)
{
    size_t at = 0, before_begin = 0, clause_begin = 0;
    struct slice token, before = {0};
    int64_t depth = 0;
    bool insert = is_insert(text);
    *out = (struct statement_file){0};
    while (next_token(text, &at, &token)) {
        size_t begin = (size_t)(token.data - text.data);
        depth += token.data[0] == '(' ? 1 : token.data[0] == ')' ? -1 : 0;
        bool in = insert && slice_is_word(before, "FROM") && slice_is_word(token, "INFILE");
        bool into = !insert && slice_is_word(before, "INTO") && slice_is_word(token, "OUTFILE");
        if (depth == 0 && (in || into)) {
            size_t path = at;
            if (next_token(text, &path, &token) && token.data[0] == '\'' && token.length >= 2) {
                out->reads = in;
                out->path = token;
                clause_begin = before_begin;
                at = path;
                break;
            }
            return false;
        }
        before = token;
        before_begin = begin;
    }
    if (out->path.length == 0) {
        return false;
    }
    size_t end = at;
    while (next_token(text, &at, &token)) {
        if (slice_is_word(token, "COMPRESSION")) {
            if (!next_token(text, &at, &out->compression)) {
                return false;
            }
        } else if (!out->reads && slice_is_word(token, "APPEND")) {
            out->append = true;
        } else if (!out->reads && slice_is_word(token, "TRUNCATE")) {
            out->truncate = true;
        } else if (!out->reads && slice_is_word(token, "AND") && next_token(text, &at, &token) &&
                   slice_is_word(token, "STDOUT")) {
            out->and_stdout = true;
        } else {
            break;
        }
        end = at;
    }
    out->before = slice_of(text.data, clause_begin);
    out->behind = slice_of(text.data + end, text.length - end);
    return true;
}

bool statement_begins(struct slice text, const char *word)
{
    size_t at = 0;
    struct slice token;
    return next_token(text, &at, &token) && slice_is_word(token, word);
}

bool statement_names_format(struct slice text)
{
    size_t at = 0;
    struct slice token, before = {0};
    int64_t depth = 0;
    for (; next_token(text, &at, &token); before = token) {
        depth += token.data[0] == '(' ? 1 : token.data[0] == ')' ? -1 : 0;
        if (depth == 0 && slice_is_word(before, "FORMAT") && is_word_byte(token.data[0])) {
            return true;
        }
    }
    return false;
}

void statement_unquote(struct slice token, struct buffer *out)
{
    for (size_t k = 1; k + 1 < token.length; k++) {
        if ((token.data[k] == '\\' || token.data[k] == token.data[0]) && k + 2 < token.length) {
            k++;
        }
        buffer_char(out, token.data[k]);
    }
}
