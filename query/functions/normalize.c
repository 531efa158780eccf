/*
 * normalize.c: statements that differ in their literals, as one: normalizeQuery, normalizedQueryHash and those that keep
 * names.
 *
 * tokens   only where literals, names and what is no part of the statement begin and end counts: the rest is taken byte
 *          by byte. Words are letters, digits and _; a number that runs into letters is a word.
 * literals a number, a text or a heredoc is ?; lists of them with commas between are ?.., however long
 * names    one of 36 bytes (a UUID has as many) or more, with more than two digits in it, or in quotes and with a space,
 *          is taken for one that a program made: another one each time
 * errors   what can be no part of a statement (a lone !, a quote that does not end) ends it
 */
#include "query/functions/normalize.h"

#include "query/functions/row.h"
#include "query/functions/sip_hash.h"

#include <string.h>

enum token { TOKEN_END, TOKEN_BLANK, TOKEN_LITERAL, TOKEN_COMMA, TOKEN_WORD, TOKEN_QUOTED, TOKEN_OTHER, TOKEN_BROKEN };

struct scanner {
    struct slice text;
    size_t begin, end; /* of the token */
    bool behind_value; /* a point is that of an element: t.1 */
    bool behind_point;
};

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || is_digit(c);
}

static bool is_hex(char c)
{
    return is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool is_blank(char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static char at(const struct scanner *scanner, size_t place)
{
    return place < scanner->text.length ? scanner->text.data[place] : 0;
}

/* Behind the quote that ends the text; 0: none does. */
static size_t quote_end(const struct scanner *scanner, size_t from, char quote)
{
    for (size_t i = from; i < scanner->text.length; i++) {
        char c = scanner->text.data[i];
        if (c == '\\') {
            i++;
        } else if (c == quote && at(scanner, i + 1) == quote) {
            i++;
        } else if (c == quote) {
            return i + 1;
        }
    }
    return 0;
}

/* Behind $tag$ … $tag$; 0: there is no heredoc. */
static size_t heredoc_end(const struct scanner *scanner, size_t from)
{
    size_t name = from + 1;
    while (is_word(at(scanner, name))) {
        name++;
    }
    if (at(scanner, name) != '$') {
        return 0;
    }
    size_t length = name + 1 - from;
    const char *rest = scanner->text.data + name + 1;
    const char *found = memmem(rest, scanner->text.length - name - 1, scanner->text.data + from, length);
    return found == NULL ? 0 : (size_t)(found - scanner->text.data) + length;
}

static size_t line_end(const struct scanner *scanner, size_t from)
{
    const char *found = memchr(scanner->text.data + from, '\n', scanner->text.length - from);
    return found == NULL ? scanner->text.length : (size_t)(found - scanner->text.data) + 1;
}

/* Digits, with _ between them. */
static size_t digits_end(const struct scanner *scanner, size_t from, bool hex)
{
    while (hex ? is_hex(at(scanner, from)) : is_digit(at(scanner, from))) {
        from++;
        if (at(scanner, from) == '_' && (hex ? is_hex(at(scanner, from + 1)) : is_digit(at(scanner, from + 1)))) {
            from++;
        }
    }
    return from;
}

static enum token number(struct scanner *scanner)
{
    size_t end = scanner->begin;
    bool hex = false;

    char base = (char)(at(scanner, end + 1) | 0x20);
    bool element = scanner->behind_point; /* t.1.2 is two elements, no 1.2 */
    if (!element && at(scanner, end) == '0' &&
        ((base == 'x' && is_hex(at(scanner, end + 2))) || (base == 'b' && is_digit(at(scanner, end + 2))))) {
        hex = base == 'x';
        end += 2;
    }
    end = digits_end(scanner, end, hex);
    if (!element && at(scanner, end) == '.') {
        end = digits_end(scanner, end + 1, hex);
    }
    if (!element && (at(scanner, end) | 0x20) == (hex ? 'p' : 'e')) {
        size_t last = scanner->text.length - 1; /* no number ends the statement so */
        end += end < last;
        end += end < last && (at(scanner, end) == '-' || at(scanner, end) == '+');
        end = digits_end(scanner, end, false);
    }
    if (is_word(at(scanner, end)) && at(scanner, scanner->begin) != '.') { /* 1a is a name, 1.5a is nothing */
        bool word = true;
        while (is_word(at(scanner, end))) {
            end++;
        }
        for (size_t i = scanner->begin; i < end; i++) {
            word = word && is_word(scanner->text.data[i]);
        }
        scanner->end = end;
        return word ? TOKEN_WORD : TOKEN_BROKEN;
    }
    scanner->end = end;
    return TOKEN_LITERAL;
}

/* A comment, or nothing. */
static size_t comment_end(const struct scanner *scanner)
{
    size_t begin = scanner->begin;
    char first = at(scanner, begin), second = at(scanner, begin + 1);

    if ((first == '-' && second == '-') || (first == '#' && (second == ' ' || second == '!'))) {
        return line_end(scanner, begin + 2);
    }
    if (first == '/' && second == '*') {
        const char *found = memmem(scanner->text.data + begin + 2, scanner->text.length - begin - 2, "*/", 2);
        return found == NULL ? 0 : (size_t)(found - scanner->text.data) + 2;
    }
    return begin;
}

static bool starts(const struct scanner *scanner, const char *bytes)
{
    size_t length = strlen(bytes);
    return scanner->text.length - scanner->begin >= length &&
           memcmp(scanner->text.data + scanner->begin, bytes, length) == 0;
}

/* Spaces, quotes and the minus sign that word processors write. */
static enum token written(struct scanner *scanner)
{
    static const char *const spaces[] = {"\xC2\xA0",     "\xE2\x80\x80", "\xE2\x80\x81", "\xE2\x80\x82", "\xE2\x80\x83",
                                         "\xE2\x80\x84", "\xE2\x80\x85", "\xE2\x80\x86", "\xE2\x80\x87", "\xE2\x80\x88",
                                         "\xE2\x80\x89", "\xE2\x80\x8A", "\xE3\x80\x80", "\xEF\xBB\xBF"};
    static const struct {
        const char *begin, *end;
        enum token token;
    } quotes[] = {{"\xE2\x80\x98", "\xE2\x80\x99", TOKEN_LITERAL}, {"\xE2\x80\x9C", "\xE2\x80\x9D", TOKEN_QUOTED}};

    for (size_t i = 0; i < sizeof(spaces) / sizeof(spaces[0]); i++) {
        if (starts(scanner, spaces[i])) {
            scanner->end = scanner->begin + strlen(spaces[i]);
            return TOKEN_BLANK;
        }
    }
    for (size_t i = 0; i < sizeof(quotes) / sizeof(quotes[0]); i++) {
        if (starts(scanner, quotes[i].begin)) {
            size_t from = scanner->begin + 3;
            const char *found = memmem(scanner->text.data + from, scanner->text.length - from, quotes[i].end, 3);
            scanner->end = found == NULL ? scanner->text.length : (size_t)(found - scanner->text.data) + 3;
            return found == NULL ? TOKEN_BROKEN : quotes[i].token;
        }
    }
    if (starts(scanner, "\xE2\x88\x92")) {
        scanner->end = scanner->begin + 3;
        return TOKEN_OTHER;
    }
    return TOKEN_BROKEN;
}

/* x'4142', b'0101' */
static enum token digits_in_quotes(struct scanner *scanner)
{
    bool hex = (at(scanner, scanner->begin) | 0x20) == 'x';
    size_t end = scanner->begin + 2;
    while (hex ? is_hex(at(scanner, end)) : at(scanner, end) == '0' || at(scanner, end) == '1') {
        end++;
    }
    scanner->end = end + 1;
    return at(scanner, end) == '\'' ? TOKEN_LITERAL : TOKEN_BROKEN;
}

static enum token next(struct scanner *scanner)
{
    size_t begin = scanner->begin = scanner->end;
    char c = at(scanner, begin);
    size_t end = begin + 1;

    if (begin >= scanner->text.length) {
        return TOKEN_END;
    }
    scanner->end = end;
    if (is_blank(c)) {
        while (end < scanner->text.length && is_blank(scanner->text.data[end])) {
            end++;
        }
        scanner->end = end;
        return TOKEN_BLANK;
    }
    size_t comment = comment_end(scanner);
    if (comment != begin) {
        scanner->end = comment == 0 ? scanner->text.length : comment;
        return comment == 0 ? TOKEN_BROKEN : TOKEN_BLANK;
    }
    if (is_digit(c) || (c == '.' && (begin == 0 || (is_digit(at(scanner, begin + 1)) && !scanner->behind_value)))) {
        return number(scanner);
    }
    if (c == '\'' || c == '"' || c == '`') {
        end = quote_end(scanner, begin + 1, c);
        scanner->end = end == 0 ? scanner->text.length : end;
        return end == 0 ? TOKEN_BROKEN : c == '\'' ? TOKEN_LITERAL : TOKEN_QUOTED;
    }
    if (c == '$') {
        end = heredoc_end(scanner, begin);
        if (end > 0) {
            scanner->end = end;
            return TOKEN_LITERAL;
        }
    }
    char lower = (char)(c | 0x20);
    if ((lower == 'x' || lower == 'b') && at(scanner, begin + 1) == '\'') {
        return digits_in_quotes(scanner);
    }
    if (is_word(c) || c == '$') {
        end = begin + 1;
        while (is_word(at(scanner, end)) || (at(scanner, end) == '$' && end < scanner->text.length)) {
            end++;
        }
        scanner->end = end;
        return TOKEN_WORD;
    }
    unsigned char byte = (unsigned char)c;
    if (byte >= 0x80) {
        return written(scanner);
    }
    char following = at(scanner, begin + 1);
    bool broken = byte < ' ' || byte == 0x7f || c == '#' || c == '&' || (c == '!' && following != '=') ||
                  (c == '\\' && following != 'G');
    return broken ? TOKEN_BROKEN : c == ',' ? TOKEN_COMMA : TOKEN_OTHER;
}

static enum token scan(struct scanner *scanner)
{
    enum token token = next(scanner);
    char last = token == TOKEN_OTHER ? at(scanner, scanner->begin) : 0;
    if (token != TOKEN_BLANK) {
        scanner->behind_point = last == '.';
        char first = at(scanner, scanner->begin);
        bool number = token == TOKEN_LITERAL && (is_digit(first) || first == '.');
        scanner->behind_value = token == TOKEN_WORD || token == TOKEN_QUOTED || number || last == ')' || last == ']';
    }
    return token;
}

/* Is it a name that a program made? */
static bool is_made(struct slice name, bool quoted)
{
    uint32_t digits = 0;
    if (name.length >= 36) {
        return true;
    }
    for (size_t i = quoted; i + quoted < name.length; i++) {
        digits += is_digit(name.data[i]);
        if (digits > 2 || (quoted && is_blank(name.data[i]))) {
            return true;
        }
    }
    return false;
}

struct writer {
    char *to;
    size_t length;
};

static void put(struct writer *writer, struct slice bytes)
{
    memcpy(writer->to + writer->length, bytes.data, bytes.length);
    writer->length += bytes.length;
}

/* What the two results write for the same things. */
struct style {
    struct slice literal, more, name;
    bool blanks;
};

static size_t normalize(struct slice query, bool keep_names, const struct style *style, char *to)
{
    struct scanner scanner = {.text = query};
    struct writer writer = {to, 0};
    uint32_t literals = 0; /* of the list that goes on */
    bool was_blank = true, comma = false, space = false;

    for (enum token token = scan(&scanner); token != TOKEN_END && token != TOKEN_BROKEN; token = scan(&scanner)) {
        struct slice text = slice_of(query.data + scanner.begin, scanner.end - scanner.begin);
        if (token == TOKEN_BLANK) {
            if (!was_blank && style->blanks && literals == 0) {
                put(&writer, slice_text(" "));
            }
            space = space || (!was_blank && literals > 0);
            was_blank = true;
            continue;
        }
        was_blank = false;
        if (token == TOKEN_LITERAL) {
            if (literals++ == 0) {
                put(&writer, style->literal);
            }
            space = comma = false;
            continue;
        }
        bool sign =
            token == TOKEN_OTHER && (text.data[0] == '+' || (text.data[0] == '-' && at(&scanner, scanner.end) != '>'));
        if (sign && comma && style->blanks) {
            continue; /* [1, -1] is a list of literals: in the text, not in what is hashed */
        }
        if (token == TOKEN_COMMA && literals > 0) {
            comma = true;
            continue;
        }
        if (literals > 1) {
            put(&writer, style->more);
        }
        if (comma) {
            put(&writer, slice_text(","));
        }
        if (space && style->blanks) {
            put(&writer, slice_text(" "));
        }
        space = comma = false;
        literals = 0;
        bool is_name = token == TOKEN_QUOTED || (token == TOKEN_WORD && at(&scanner, scanner.end) != '(');
        put(&writer, is_name && !keep_names && is_made(text, token == TOKEN_QUOTED) ? style->name : text);
    }
    if (literals > 1) {
        put(&writer, style->more);
    }
    if (comma) {
        put(&writer, slice_text(","));
    }
    if (space && style->blanks) {
        put(&writer, slice_text(" "));
    }
    return writer.length;
}

size_t normalize_query(struct slice query, bool keep_names, char *to)
{
    static const struct style style = {{"?", 1}, {"..", 2}, {"`?`", 3}, true};
    return normalize(query, keep_names, &style, to);
}

size_t normalize_for_hash(struct slice query, bool keep_names, char *to)
{
    static const struct style style = {{"\0", 1}, {"\0", 1}, {"\1", 1}, false};
    return normalize(query, keep_names, &style, to);
}

uint64_t normalize_hash(struct slice bytes)
{
    static const uint64_t key[2] = {0, 0};
    return (uint64_t)sip_hash(bytes, SIP_64, key);
}

/* ---- functions */

enum { NAMES_GO, NAMES_STAY };

static struct err *run_normalize(struct row_call *call, union row_value *out)
{
    struct err *err = NULL;
    struct slice query = call->arguments[0].text;
    char *to = row_room(call, NORMALIZE_ROOM(query.length), &err);
    if (to != NULL) {
        out->text = text_taken(&call->buffer, normalize_query(query, call->tag == NAMES_STAY, to));
    }
    return err;
}

static struct err *run_hash(struct row_call *call, union row_value *out)
{
    struct err *err = NULL;
    struct slice query = call->arguments[0].text;
    char *to = row_room(call, NORMALIZE_ROOM(query.length), &err);
    if (to != NULL) {
        out->natural = normalize_hash(slice_of(to, normalize_for_hash(query, call->tag == NAMES_STAY, to)));
    }
    return err;
}

static const struct row_function rows[] = {
    ROW_FULL("normalizeQuery", false, 1, 1, FUNCTION_CAN_FAIL, NAMES_GO, "s", TYPE_STRING, 0, run_normalize,
             "The statement with ? for literals, and for names that a program made."),
    ROW_FULL("normalizeQueryKeepNames", false, 1, 1, FUNCTION_CAN_FAIL, NAMES_STAY, "s", TYPE_STRING, 0, run_normalize,
             "The statement with ? for literals."),
    ROW_FULL("normalizedQueryHash", false, 1, 1, FUNCTION_CAN_FAIL, NAMES_GO, "s", TYPE_UINT64, 0, run_hash,
             "The same number for statements that differ in literals, and in names that a program made."),
    ROW_FULL("normalizedQueryHashKeepNames", false, 1, 1, FUNCTION_CAN_FAIL, NAMES_STAY, "s", TYPE_UINT64, 0, run_hash,
             "The same number for statements that differ in literals."),
};
const struct function_group functions_normalize = {NULL, 0, NULL, 0, rows, sizeof(rows) / sizeof(rows[0])};
