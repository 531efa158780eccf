/*
 * lexer.c: see lexer.h.
 *
 * flow     HTTP body, client → here → sql/parser*.c
 */
#include "sql/lexer.h"

static bool is_digit(unsigned char byte)
{
    return byte >= '0' && byte <= '9';
}

static bool is_hex(unsigned char byte)
{
    return is_digit(byte) || (byte >= 'a' && byte <= 'f') || (byte >= 'A' && byte <= 'F');
}

static bool is_word_start(unsigned char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || byte == '_';
}

static bool is_word(unsigned char byte)
{
    return is_word_start(byte) || is_digit(byte) || byte == '$';
}

static bool is_space(unsigned char byte)
{
    return byte == ' ' || (byte >= '\t' && byte <= '\r');
}

/* Bytes of white space that are not ASCII: no-break space and the byte order mark, which editors leave behind. */
static size_t wide_space(const char *at, size_t left)
{
    if (left >= 2 && memcmp(at, "\xc2\xa0", 2) == 0) {
        return 2;
    }
    return left >= 3 && (memcmp(at, "\xef\xbb\xbf", 3) == 0 || memcmp(at, "\xe3\x80\x80", 3) == 0) ? 3 : 0;
}

void lexer_init(struct lexer *lexer, struct slice text)
{
    ASSERT(text.length < UINT32_MAX);
    *lexer = (struct lexer){.text = text, .previous = TOKEN_END};
}

static unsigned char byte_at(const struct lexer *lexer, size_t offset)
{
    return offset < lexer->text.length ? (unsigned char)lexer->text.data[offset] : 0;
}

/* Moves behind white space and comments. False: a block comment is not closed. */
static bool skip_space(struct lexer *lexer)
{
    size_t at = lexer->offset;
    size_t length = lexer->text.length;
    const char *data = lexer->text.data;

    while (at < length) {
        unsigned char byte = (unsigned char)data[at];
        unsigned char next = byte_at(lexer, at + 1);
        size_t wide = byte >= 0x80 ? wide_space(data + at, length - at) : 0;

        if (is_space(byte) || wide > 0) {
            at += wide > 0 ? wide : 1;
        } else if ((byte == '-' && next == '-') || (byte == '#' && (next == '!' || next == ' '))) {
            const char *line_end = memchr(data + at, '\n', length - at);
            at = line_end == NULL ? length : (size_t)(line_end - data) + 1;
        } else if (byte == '/' && next == '*') {
            const char *end = length - at < 4 ? NULL : memmem(data + at + 2, length - at - 2, "*/", 2);
            if (end == NULL) {
                lexer->offset = (uint32_t)at;
                return false;
            }
            at = (size_t)(end - data) + 2;
        } else {
            break;
        }
    }
    lexer->offset = (uint32_t)at;
    return true;
}

/* The end of a quoted run that opens at `at`: behind the closing quote; 0 when it is not closed. */
static size_t quoted_end(const struct lexer *lexer, size_t at)
{
    char quote = lexer->text.data[at];

    for (at++; at < lexer->text.length; at++) {
        if (lexer->text.data[at] == '\\') {
            at++;
        } else if (lexer->text.data[at] == quote) {
            if (byte_at(lexer, at + 1) != (unsigned char)quote) {
                return at + 1;
            }
            at++;
        }
    }
    return 0;
}

/* $tag$ … $tag$: behind it; 0 when it is not one. */
static size_t heredoc_end(const struct lexer *lexer, size_t at)
{
    const char *data = lexer->text.data;
    size_t tag_end = at + 1;

    while (tag_end < lexer->text.length &&
           (is_word_start((unsigned char)data[tag_end]) || is_digit((unsigned char)data[tag_end]))) {
        tag_end++;
    }
    if (byte_at(lexer, tag_end) != '$') {
        return 0;
    }
    tag_end++;
    const char *end = memmem(data + tag_end, lexer->text.length - tag_end, data + at, tag_end - at);
    return end == NULL ? 0 : (size_t)(end - data) + (tag_end - at);
}

static size_t digits_end(const struct lexer *lexer, size_t at, bool (*is_one)(unsigned char))
{
    while (is_one(byte_at(lexer, at)) ||
           (byte_at(lexer, at) == '_' && at > 0 && is_one(byte_at(lexer, at - 1)) && is_one(byte_at(lexer, at + 1)))) {
        at++;
    }
    return at;
}

static size_t number_end(const struct lexer *lexer, size_t at)
{
    if (lexer->previous == TOKEN_DOT) {
        while (is_digit(byte_at(lexer, at))) {
            at++;
        }
        return at;
    }
    unsigned char second = byte_at(lexer, at + 1) | 0x20;
    if (byte_at(lexer, at) == '0' && (second == 'x' || second == 'b') && is_hex(byte_at(lexer, at + 2))) {
        return digits_end(lexer, at + 2, is_hex);
    }
    at = digits_end(lexer, at, is_digit);
    if (byte_at(lexer, at) == '.') {
        at = digits_end(lexer, at + 1, is_digit);
    }
    if ((byte_at(lexer, at) | 0x20) == 'e') {
        size_t exponent = at + 1;
        if (byte_at(lexer, exponent) == '+' || byte_at(lexer, exponent) == '-') {
            exponent++;
        }
        if (is_digit(byte_at(lexer, exponent))) {
            at = digits_end(lexer, exponent, is_digit);
        }
    }
    return at;
}

static enum token_kind punctuation(unsigned char byte, unsigned char next, unsigned char third, size_t *length)
{
    *length = 2;
    switch (byte) {
    case '|':
        if (next == '|') {
            return TOKEN_CONCAT;
        }
        break;
    case ':':
        if (next == ':') {
            return TOKEN_DOUBLE_COLON;
        }
        break;
    case '-':
        if (next == '>') {
            return TOKEN_ARROW;
        }
        break;
    case '@':
        if (next == '@') {
            return TOKEN_AT;
        }
        break;
    case '=':
        if (next == '=') {
            return TOKEN_EQUALS;
        }
        break;
    case '!':
        if (next == '=') {
            return TOKEN_NOT_EQUALS;
        }
        break;
    case '<':
        if (next == '=' && third == '>') {
            *length = 3;
            return TOKEN_NULL_SAFE_EQUALS;
        }
        if (next == '=') {
            return TOKEN_LESS_EQUALS;
        }
        if (next == '>') {
            return TOKEN_NOT_EQUALS;
        }
        break;
    case '>':
        if (next == '=') {
            return TOKEN_GREATER_EQUALS;
        }
        break;
    default:
        break;
    }
    static const struct {
        char byte;
        enum token_kind kind;
    } single[] = {
        {'(', TOKEN_OPEN},       {')', TOKEN_CLOSE},       {'[', TOKEN_OPEN_SQUARE}, {']', TOKEN_CLOSE_SQUARE},
        {'{', TOKEN_OPEN_CURLY}, {'}', TOKEN_CLOSE_CURLY}, {',', TOKEN_COMMA},       {';', TOKEN_SEMICOLON},
        {'.', TOKEN_DOT},        {':', TOKEN_COLON},       {'*', TOKEN_STAR},        {'+', TOKEN_PLUS},
        {'-', TOKEN_MINUS},      {'/', TOKEN_SLASH},       {'%', TOKEN_PERCENT},     {'=', TOKEN_EQUALS},
        {'<', TOKEN_LESS},       {'>', TOKEN_GREATER},     {'?', TOKEN_QUESTION},
    };
    *length = 1;
    for (size_t i = 0; i < sizeof(single) / sizeof(single[0]); i++) {
        if ((unsigned char)single[i].byte == byte) {
            return single[i].kind;
        }
    }
    return TOKEN_ERROR;
}

static struct token finish(struct lexer *lexer, enum token_kind kind, size_t end, const char *reason)
{
    struct token token = {.kind = kind,
                          .offset = lexer->offset,
                          .text = slice_of(lexer->text.data + lexer->offset, end - lexer->offset),
                          .reason = reason};
    lexer->offset = (uint32_t)end;
    lexer->previous = kind;
    return token;
}

/* Can the token before end an operand? Then a dot behind it is access to an element, not the start of a number. */
static bool ends_operand(enum token_kind kind)
{
    return kind == TOKEN_WORD || kind == TOKEN_QUOTED || kind == TOKEN_CLOSE || kind == TOKEN_CLOSE_SQUARE ||
           kind == TOKEN_NUMBER || kind == TOKEN_CLOSE_CURLY;
}

struct token lexer_next(struct lexer *lexer)
{
    if (!skip_space(lexer)) {
        return finish(lexer, TOKEN_ERROR, lexer->text.length, "a comment that is not closed by */");
    }
    size_t at = lexer->offset;
    if (at >= lexer->text.length) {
        return finish(lexer, TOKEN_END, at, NULL);
    }
    unsigned char byte = (unsigned char)lexer->text.data[at];
    unsigned char next = byte_at(lexer, at + 1);

    if ((byte | 0x20) == 'x' && next == '\'') {
        size_t end = quoted_end(lexer, at + 1);
        if (end == 0) {
            return finish(lexer, TOKEN_ERROR, lexer->text.length, "a string that is not closed by '");
        }
        for (size_t i = at + 2; i < end - 1; i++) {
            if (!is_hex((unsigned char)lexer->text.data[i])) {
                return finish(lexer, TOKEN_ERROR, end, "a hexadecimal string with other characters than 0-9, a-f");
            }
        }
        return finish(lexer, TOKEN_STRING, end, NULL);
    }
    if ((byte | 0x20) == 'b' && next == '\'') {
        size_t end = quoted_end(lexer, at + 1);
        if (end == 0) {
            return finish(lexer, TOKEN_ERROR, lexer->text.length, "a string that is not closed by '");
        }
        for (size_t i = at + 2; i < end - 1; i++) {
            if (lexer->text.data[i] != '0' && lexer->text.data[i] != '1') {
                return finish(lexer, TOKEN_ERROR, end, "a binary string with other characters than 0 and 1");
            }
        }
        return finish(lexer, TOKEN_STRING, end, NULL);
    }
    if (is_word_start(byte)) {
        while (is_word(byte_at(lexer, at))) {
            at++;
        }
        return finish(lexer, TOKEN_WORD, at, NULL);
    }
    if (is_digit(byte) || (byte == '.' && is_digit(next) && !ends_operand(lexer->previous))) {
        size_t end = number_end(lexer, at);
        if (is_word(byte_at(lexer, end))) {
            while (is_word(byte_at(lexer, end))) {
                end++;
            }
            return finish(lexer, TOKEN_ERROR, end,
                          "a number followed by letters; a name that begins with a digit needs backticks");
        }
        return finish(lexer, TOKEN_NUMBER, end, NULL);
    }
    if (byte == '\'' || byte == '`' || byte == '"') {
        size_t end = quoted_end(lexer, at);
        if (end == 0) {
            return finish(lexer, TOKEN_ERROR, lexer->text.length,
                          byte == '\''  ? "a string that is not closed by '"
                          : byte == '`' ? "a name that is not closed by `"
                                        : "a name that is not closed by \"");
        }
        if (byte != '\'' && end - at == 2) {
            return finish(lexer, TOKEN_ERROR, end, "an empty name");
        }
        return finish(lexer, byte == '\'' ? TOKEN_STRING : TOKEN_QUOTED, end, NULL);
    }
    if (byte == '$') {
        size_t end = heredoc_end(lexer, at);
        return end > 0 ? finish(lexer, TOKEN_STRING, end, NULL)
                       : finish(lexer, TOKEN_ERROR, at + 1, "$ that opens no $tag$text$tag$");
    }
    size_t length;
    enum token_kind kind = punctuation(byte, next, byte_at(lexer, at + 2), &length);
    if (kind == TOKEN_ERROR) {
        while (byte >= 0x80 && length < 4 && (byte_at(lexer, at + length) & 0xc0) == 0x80) {
            length++; /* the whole code point */
        }
        return finish(lexer, TOKEN_ERROR, at + length,
                      byte == 0 ? "a NUL byte" : "a character that has no meaning here");
    }
    return finish(lexer, kind, at + length, NULL);
}

static unsigned hex_value(unsigned char byte)
{
    return is_digit(byte) ? byte - (unsigned)'0' : (byte | 0x20U) - 'a' + 10U;
}

/* x'…' and b'…': as in ClickHouse a missing leading digit counts as zero. */
static struct slice value_of_digits(struct arena *arena, struct slice digits, unsigned per_byte, unsigned bits)
{
    size_t length = (digits.length + per_byte - 1) / per_byte;
    char *out = arena_alloc(arena, length + 1);
    size_t at = 0;

    if (out == NULL) {
        return (struct slice){0};
    }
    for (size_t i = 0; i < length; i++) {
        size_t take = i == 0 && digits.length % per_byte != 0 ? digits.length % per_byte : per_byte;
        unsigned value = 0;
        for (; take > 0; take--) {
            value = value << bits | hex_value((unsigned char)digits.data[at++]);
        }
        out[i] = (char)value;
    }
    return slice_of(out, length);
}

struct slice token_value(struct arena *arena, struct token token)
{
    static const char letters[] = "bfnrt0ave";
    static const char values[] = "\b\f\n\r\t\0\a\v\x1b";
    struct slice text = token.text;

    if (text.data[0] == '$') {
        const char *tag_end = memchr(text.data + 1, '$', text.length - 1);
        size_t tag = (size_t)(tag_end - text.data) + 1;
        return slice_of(text.data + tag, text.length - 2 * tag);
    }
    if (text.data[0] != '\'' && text.data[0] != '`' && text.data[0] != '"') {
        bool is_hexadecimal = (text.data[0] | 0x20) == 'x';
        return value_of_digits(arena, slice_of(text.data + 2, text.length - 3), is_hexadecimal ? 2 : 8,
                               is_hexadecimal ? 4 : 1);
    }
    char quote = text.data[0];
    text = slice_of(text.data + 1, text.length - 2);
    if (text.length == 0) {
        return slice_of("", 0);
    }
    if (memchr(text.data, '\\', text.length) == NULL && memchr(text.data, quote, text.length) == NULL) {
        return text;
    }
    char *out = arena_alloc(arena, text.length);
    size_t length = 0;
    if (out == NULL) {
        return (struct slice){0};
    }
    for (size_t i = 0; i < text.length; i++) {
        char byte = text.data[i];
        if (byte == quote) {
            out[length++] = quote;
            i++; /* the second of the pair */
        } else if (byte == '\\' && i + 1 < text.length) {
            byte = text.data[++i];
            const char *letter = byte == '\0' ? NULL : strchr(letters, byte);
            if (letter != NULL) {
                out[length++] = values[letter - letters];
            } else if (byte == 'x' && i + 2 < text.length && is_hex((unsigned char)text.data[i + 1]) &&
                       is_hex((unsigned char)text.data[i + 2])) {
                out[length++] = (char)(hex_value((unsigned char)text.data[i + 1]) << 4 |
                                       hex_value((unsigned char)text.data[i + 2]));
                i += 2;
            } else if (byte == 'N') {
                /* \N is nothing, as in ClickHouse's strings */
            } else {
                if (byte != '\\' && byte != '\'' && byte != '"' && byte != '`' && byte != '/' && byte != '=') {
                    out[length++] = '\\'; /* LIKE's \% and a regexp's \d stay as written */
                }
                out[length++] = byte;
            }
        } else {
            out[length++] = byte;
        }
    }
    return slice_of(out, length);
}

void text_position(struct slice text, uint32_t offset, uint32_t *line, uint32_t *column)
{
    *line = 1;
    *column = 1;
    for (uint32_t i = 0; i < offset && i < text.length; i++) {
        if (text.data[i] == '\n') {
            (*line)++;
            *column = 1;
        } else if (((unsigned char)text.data[i] & 0xc0) != 0x80) {
            (*column)++;
        }
    }
}
