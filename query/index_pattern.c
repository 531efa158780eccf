/*
 * index_pattern.c: see index_pattern.h.
 *
 * regex    a sequence is read from left to right: literals are gathered, anything else ends a part; what may be missing
 *          (x*, x?, x{…}) is taken off it. Groups, classes and their quantifiers say nothing. An alternative outside of
 *          groups, or a construct that is not known here, and the whole expression says nothing.
 */
#include "query/index_pattern.h"

#include <string.h>

static void add_part(struct pattern_parts *out, struct index_part part)
{
    if (out->count < PATTERN_PARTS_MAX) {
        out->parts[out->count++] = part;
    }
}

/* ---- LIKE */

struct err *pattern_of_like(struct arena *arena, struct slice pattern, struct pattern_parts *out)
{
    char *text = arena_alloc(arena, pattern.length + 1);
    size_t length = 0, begin = 0;
    bool any = false; /* a wildcard was seen */
    out->count = 0;
    if (text == NULL) {
        return arena_error(arena);
    }
    for (size_t at = 0; at <= pattern.length; at++) {
        bool end = at == pattern.length;
        if (end || pattern.data[at] == '%' || pattern.data[at] == '_') {
            if (length > begin || (end && !any)) {
                add_part(out, (struct index_part){slice_of(text + begin, length - begin), !any, end, end && !any});
            }
            any = true;
            begin = length;
            continue;
        }
        char next = at + 1 < pattern.length ? pattern.data[at + 1] : 0;
        if (pattern.data[at] == '\\' && (next == '%' || next == '_' || next == '\\')) {
            at++;
        }
        text[length++] = pattern.data[at];
    }
    return NULL;
}

/* ---- regular expressions */

struct regex_reader {
    struct slice pattern;
    size_t at;
    char *text; /* the literals, part behind part */
    size_t length;
    size_t begin;  /* of the part that is gathered */
    size_t last;   /* where its last character begins */
    bool begins;   /* the part stands where the text begins */
    bool anchored; /* the next one does */
    struct pattern_parts *out;
};

static char peek(const struct regex_reader *reader)
{
    return reader->at < reader->pattern.length ? reader->pattern.data[reader->at] : 0;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_letter(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static void end_part(struct regex_reader *reader, bool ends)
{
    if (reader->length > reader->begin) {
        const struct slice text = slice_of(reader->text + reader->begin, reader->length - reader->begin);
        add_part(reader->out, (struct index_part){text, reader->begins, ends, false});
    }
    reader->begin = reader->last = reader->length;
    reader->begins = false;
}

/* One character, of one byte or of several. */
static void add_literal(struct regex_reader *reader)
{
    if (reader->length == reader->begin) {
        reader->begins = reader->anchored;
    }
    reader->last = reader->length;
    reader->text[reader->length++] = reader->pattern.data[reader->at++];
    while ((peek(reader) & 0xc0) == 0x80) {
        reader->text[reader->length++] = reader->pattern.data[reader->at++];
    }
    reader->anchored = false;
}

/* Behind "\": false: of a kind that is not known here. */
static bool read_escape(struct regex_reader *reader)
{
    char c = peek(reader);
    if (reader->at == reader->pattern.length) {
        return false;
    }
    if (!is_letter(c) && !is_digit(c)) {
        add_literal(reader);
        return true;
    }
    if (strchr("dDwWsSbBAzZ", c) == NULL) {
        return false;
    }
    end_part(reader, false);
    reader->at++;
    return true;
}

/* Behind "[", to behind its "]"; false: it has none. */
static bool skip_class(struct regex_reader *reader)
{
    reader->at += peek(reader) == '^';
    for (bool first = true; reader->at < reader->pattern.length; first = false) {
        char c = reader->pattern.data[reader->at++];
        if (c == '\\') {
            reader->at++;
        } else if (c == '[' && peek(reader) == ':') {
            return false; /* [[:alpha:]] */
        } else if (c == ']' && !first) {
            return true;
        }
    }
    return false;
}

/* Behind "(", to behind its ")"; false: it has none, or is of a kind that is not known here. */
static bool skip_group(struct regex_reader *reader)
{
    uint32_t depth = 1;
    bool opened = true;
    while (reader->at < reader->pattern.length) {
        if (opened && peek(reader) == '*') {
            return false;
        }
        if (opened && peek(reader) == '?') {
            char kind = reader->at + 1 < reader->pattern.length ? reader->pattern.data[reader->at + 1] : 0;
            if (strchr(":P<=!", kind) == NULL) { /* flags that hold for what follows, comments */
                return false;
            }
        }
        opened = false;
        char c = reader->pattern.data[reader->at++];
        if (c == '\\') {
            char escaped = peek(reader);
            if (is_letter(escaped) && strchr("dDwWsSbBAzZntr", escaped) == NULL) {
                return false;
            }
            reader->at++;
        } else if (c == '[' && !skip_class(reader)) {
            return false;
        } else if (c == '(') {
            depth++;
            opened = true;
        } else if (c == ')' && --depth == 0) {
            return true;
        }
    }
    return false;
}

/* What is behind "{" of a quantifier, and its "}"; false: that is none. */
static bool skip_count(struct regex_reader *reader)
{
    size_t at = reader->at;
    while (at < reader->pattern.length && (is_digit(reader->pattern.data[at]) || reader->pattern.data[at] == ',')) {
        at++;
    }
    if (at == reader->pattern.length || reader->pattern.data[at] != '}' || at == reader->at) {
        return false;
    }
    reader->at = at + 1;
    return true;
}

/* false: nothing is known. */
static bool read_one(struct regex_reader *reader)
{
    char c = peek(reader);
    switch (c) {
    case '|':
        return false;
    case '\\':
        reader->at++;
        return read_escape(reader);
    case '(':
        end_part(reader, false);
        reader->at++;
        return skip_group(reader);
    case '[':
        end_part(reader, false);
        reader->at++;
        return skip_class(reader);
    case '^':
        end_part(reader, false);
        reader->anchored = reader->at++ == 0;
        return true;
    case '$':
        end_part(reader, true);
        reader->at++;
        return true;
    case '.':
        end_part(reader, false);
        reader->at++;
        return true;
    case '*':
    case '?':
    case '+':
    case '{':
        reader->at++;
        if (c == '{' && !skip_count(reader)) {
            return false;
        }
        reader->length = c == '+' || reader->length == reader->begin ? reader->length : reader->last;
        end_part(reader, false);
        reader->at += peek(reader) == '?' || peek(reader) == '+';
        return true;
    case ')':
    case 0:
        return false;
    default:
        add_literal(reader);
        return true;
    }
}

struct err *pattern_of_regex(struct arena *arena, struct slice pattern, struct pattern_parts *out, bool *any_case)
{
    static const char *const flags[] = {"(?i)", "(?s)", "(?is)", "(?si)"};
    struct regex_reader reader = {.pattern = pattern, .out = out};
    out->count = 0;
    *any_case = false;
    for (size_t k = 0; k < sizeof(flags) / sizeof(flags[0]); k++) {
        size_t length = strlen(flags[k]);
        if (pattern.length >= length && memcmp(pattern.data, flags[k], length) == 0) {
            *any_case = strchr(flags[k], 'i') != NULL;
            reader.pattern = slice_of(pattern.data + length, pattern.length - length);
        }
    }
    reader.text = arena_alloc(arena, pattern.length + 1);
    if (reader.text == NULL) {
        return arena_error(arena);
    }
    while (reader.at < reader.pattern.length) {
        bool anchored = reader.anchored;
        if (!read_one(&reader)) {
            out->count = 0;
            return NULL;
        }
        reader.anchored = reader.anchored && !anchored; /* only what stands behind ^ */
    }
    end_part(&reader, false);
    return NULL;
}

/* ---- case */

/* Is the byte known in the text that the index is of? */
static bool is_known(char byte, enum pattern_case how)
{
    switch (how) {
    case PATTERN_LOWER:
    case PATTERN_ANY_ASCII:
        return true;
    case PATTERN_ANY: /* K is also U+212A, s also U+017F */
        return (byte & 0x80) == 0 && byte != 'k' && byte != 'K' && byte != 's' && byte != 'S';
    case PATTERN_CASELESS:
        return (byte & 0x80) == 0 && !is_letter(byte);
    }
    return false;
}

struct err *pattern_fold(struct arena *arena, const struct pattern_parts *parts, enum pattern_case how,
                         struct pattern_parts *out)
{
    out->count = 0;
    for (uint32_t k = 0; k < parts->count; k++) {
        const struct index_part *part = &parts->parts[k];
        char *text = arena_alloc(arena, part->text.length + 1);
        if (text == NULL) {
            return arena_error(arena);
        }
        for (size_t at = 0, begin = 0; at <= part->text.length; at++) {
            bool end = at == part->text.length;
            char byte = end ? 0 : part->text.data[at];
            text[at] = (char)(byte >= 'A' && byte <= 'Z' ? byte + ('a' - 'A') : byte);
            if (!end && is_known(byte, how)) {
                continue;
            }
            bool whole = begin == 0 && end;
            if (at > begin || (whole && part->whole)) {
                add_part(out, (struct index_part){slice_of(text + begin, at - begin), begin == 0 && part->begins,
                                                  end && part->ends, whole && part->whole});
            }
            begin = at + 1;
        }
    }
    return NULL;
}
