/*
 * position.c: finding and replacing plain text: position, startsWith, countSubstrings, hasToken, replaceAll.
 *
 * any case  of ASCII letters, or of all letters where a name ends in CaseInsensitiveUTF8
 * thread    any, no shared state
 */
#include "query/functions/search.h"

#include "base/text.h"

#include <utf8proc.h>

enum find { FIND, FIND_ANY_CASE, FIND_UTF8, STARTS, ENDS, COUNT_SUB, COUNT_SUB_ANY_CASE, COUNT_SUB_UTF8 };
#define SWAPPED 16 /* locate(needle, haystack) */
#define FOLDED  32 /* the UTF-8 of both in lower case first */

#define PIECE_BYTES ((size_t)1 << 20) /* of a long text, between two looks */

static char lower_of(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c | 0x20) : c;
}

static bool same_any_case(const char *a, const char *b, size_t length)
{
    size_t i = 0;
    while (i < length && lower_of(a[i]) == lower_of(b[i])) {
        i++;
    }
    return i == length;
}

/* Karp and Rabin's search, so that a long needle in a long text of few letters takes no quadratic time. */
static const char *find_long_any_case(struct slice text, size_t from, struct slice needle)
{
    const uint64_t base = 0x9e3779b97f4a7c15U;
    uint64_t wanted = 0, here = 0, power = 1;
    for (size_t i = 0; i < needle.length; i++) {
        wanted = wanted * base + (unsigned char)lower_of(needle.data[i]);
        here = here * base + (unsigned char)lower_of(text.data[from + i]);
        power *= i == 0 ? 1 : base;
    }
    for (size_t at = from;; at++) {
        if (here == wanted && same_any_case(text.data + at, needle.data, needle.length)) {
            return text.data + at;
        }
        if (at + needle.length == text.length || interrupted_at(at)) {
            return NULL;
        }
        here -= power * (unsigned char)lower_of(text.data[at]);
        here = here * base + (unsigned char)lower_of(text.data[at + needle.length]);
    }
}

const char *find_text(struct slice text, size_t from, struct slice needle, bool any_case)
{
    if (text.length < from || text.length - from < needle.length) {
        return NULL;
    }
    if (needle.length == 0) {
        return text.data + from;
    }
    if (!any_case) {
        while (text.length - from > PIECE_BYTES + needle.length) {
            const char *found = memmem(text.data + from, PIECE_BYTES + needle.length - 1, needle.data, needle.length);
            if (found != NULL || interrupted()) {
                return found;
            }
            from += PIECE_BYTES;
        }
        return memmem(text.data + from, text.length - from, needle.data, needle.length);
    }
    if (needle.length > 32) {
        return find_long_any_case(text, from, needle);
    }
    for (size_t at = from; at + needle.length <= text.length && !interrupted_at(at); at++) {
        if (same_any_case(text.data + at, needle.data, needle.length)) {
            return text.data + at;
        }
    }
    return NULL;
}

struct slice text_lower_utf8(struct text_buffer *buffer, struct slice text)
{
    char *to = text_room(buffer, text.length * 2 + 4); /* no letter's lower case takes more than twice its bytes */
    size_t length = 0;
    for (size_t at = 0, round = 0; to != NULL && at < text.length && !interrupted_at(round++);) {
        utf8proc_int32_t point;
        utf8proc_ssize_t used =
            utf8proc_iterate((const utf8proc_uint8_t *)text.data + at, (utf8proc_ssize_t)(text.length - at), &point);
        if (used < 1) {
            to[length++] = text.data[at++];
        } else {
            length += utf8_put((uint32_t)utf8proc_tolower(point), to + length);
            at += (size_t)used;
        }
    }
    return to == NULL ? (struct slice){0} : text_taken(buffer, length);
}

const struct column *column_lower_utf8(struct arena *arena, const struct column *strings)
{
    uint32_t count = strings->form == COLUMN_CONST ? 1 : strings->row_count;
    struct column *made = column_new(arena, type_simple(TYPE_STRING), count);
    struct text_buffer buffer = {arena, NULL, 0};
    for (uint32_t i = 0; made != NULL && i < count; i++) {
        struct slice lower = text_lower_utf8(&buffer, ((const struct slice *)strings->values)[i]);
        if (lower.data == NULL) {
            return NULL;
        }
        ((struct slice *)made->values)[i] = lower;
    }
    if (made != NULL) {
        made->form = strings->form;
        made->row_count = strings->row_count;
    }
    return made;
}

/* Where the letters behind so many begin. */
static size_t bytes_of_letters(struct slice text, size_t letters)
{
    size_t byte = 0;
    for (size_t p = 0; p < letters && byte < text.length; p++) {
        byte++;
        while (byte < text.length && ((unsigned char)text.data[byte] & 0xc0) == 0x80) {
            byte++;
        }
    }
    return byte;
}

static uint64_t find_row(enum find find, struct slice text, struct slice needle, uint64_t start)
{
    bool any_case = find == FIND_ANY_CASE || find == COUNT_SUB_ANY_CASE;
    const char *at;
    uint64_t count = 0;
    switch (find) {
    case STARTS:
        return text.length >= needle.length &&
               (needle.length == 0 || memcmp(text.data, needle.data, needle.length) == 0);
    case ENDS:
        return text.length >= needle.length &&
               (needle.length == 0 || memcmp(text.data + text.length - needle.length, needle.data, needle.length) == 0);
    case COUNT_SUB:
    case COUNT_SUB_ANY_CASE:
    case COUNT_SUB_UTF8:
        start = start > 0 && find == COUNT_SUB_UTF8 ? bytes_of_letters(text, (size_t)(start - 1)) + 1 : start;
        for (size_t from = start > 0 ? (size_t)(start - 1) : 0;
             needle.length > 0 && !interrupted_at(count) && (at = find_text(text, from, needle, any_case)) != NULL;) {
            count++;
            from = (size_t)(at - text.data) + needle.length;
        }
        return count;
    default: {
        size_t from = start > 0 ? (size_t)(start - 1) : 0;
        bool utf8 = find == FIND_UTF8;
        text = text.data == NULL ? slice_of("", 0) : text;
        from = utf8 ? bytes_of_letters(text, from) : from;
        at = find_text(text, from, needle, any_case);
        if (at == NULL) {
            return 0;
        }
        if (!utf8) {
            return (uint64_t)(at - text.data) + 1;
        }
        for (const char *c = text.data; c < at && !interrupted_at((uint64_t)(c - text.data)); c++) {
            count += ((unsigned char)*c & 0xc0) != 0x80;
        }
        return count + 1;
    }
    }
}

static struct err *evaluate_find(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    enum find find = (enum find)((intptr_t)function->data & 15);
    bool swapped = ((intptr_t)function->data & SWAPPED) != 0;
    const struct column *texts = column_strings(arena, arguments[swapped ? 1 : 0]);
    const struct column *needles = column_strings(arena, arguments[swapped ? 0 : 1]);
    const struct column *starts =
        function->argument_count > 2 ? column_numbers(arena, arguments[2], TYPE_UINT64) : NULL;
    struct column *made;
    if (texts != NULL && needles != NULL && ((intptr_t)function->data & FOLDED) != 0) {
        texts = column_lower_utf8(arena, texts);
        needles = column_lower_utf8(arena, needles);
    }
    if (texts == NULL || needles == NULL) {
        return arena_error(arena);
    }
    OR_DONE(result_new(arena, function->inner, row_count, &made));
    for (uint32_t i = 0; i < row_count; i++) {
        uint64_t result = find_row(find, VALUE_AT(texts, struct slice, i), VALUE_AT(needles, struct slice, i),
                                   starts == NULL ? 0 : VALUE_AT(starts, uint64_t, i));
        if (function->inner->width == 1) {
            ((uint8_t *)made->values)[i] = (uint8_t)result;
        } else {
            ((uint64_t *)made->values)[i] = result;
        }
    }
    *out = made;
done:
    return err;
}

static struct err *resolve_find(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    OR_DONE(argument_string(bind, 0));
    OR_DONE(argument_string(bind, 1));
    if (bind->count > 2) {
        OR_DONE(argument_integer(bind, 2));
    }
    int find = bind->tag & 15;
    out->inner = type_simple(find == STARTS || find == ENDS ? TYPE_UINT8 : TYPE_UINT64);
    out->evaluate = evaluate_find;
    out->data = (const void *)(intptr_t)bind->tag;
done:
    return err;
}

/* --- replacing plain text ---------------------------------------------------------------------------------------- */

static struct err *evaluate_replace(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    bool all = function->data != NULL;
    const struct column *texts = column_strings(arena, arguments[0]);
    const struct column *needles = column_strings(arena, arguments[1]);
    const struct column *by = column_strings(arena, arguments[2]);
    struct column *made;
    if (texts == NULL || needles == NULL || by == NULL) {
        return arena_error(arena);
    }
    OR_DONE(result_new(arena, function->inner, row_count, &made));
    uint64_t steps = 0;
    for (uint32_t i = 0; i < row_count; i++) {
        struct slice text = VALUE_AT(texts, struct slice, i);
        struct slice needle = VALUE_AT(needles, struct slice, i);
        struct slice with = VALUE_AT(by, struct slice, i);
        char *to = NULL;
        size_t length = 0;
        size_t room = 0;
        size_t from = 0;
        const char *at;
        while (needle.length > 0 && (at = find_text(text, from, needle, false)) != NULL) {
            OR_DONE(text_append(&to, &length, &room, arena, text.data + from, (size_t)(at - text.data) - from));
            OR_DONE(text_append(&to, &length, &room, arena, with.data, with.length));
            OR_DONE(interrupt_steps(&steps, 20 + with.length / 8));
            from = (size_t)(at - text.data) + needle.length;
            if (!all) {
                break;
            }
        }
        if (from == 0) {
            ((struct slice *)made->values)[i] = text;
            continue;
        }
        OR_DONE(text_append(&to, &length, &room, arena, text.data + from, text.length - from));
        ((struct slice *)made->values)[i] = slice_of(to, length);
    }
    *out = made;
done:
    return err;
}

static struct err *resolve_replace(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    for (uint32_t i = 0; i < 3; i++) {
        OR_DONE(argument_string(bind, i));
    }
    out->inner = type_simple(TYPE_STRING);
    out->evaluate = evaluate_replace;
    out->data = bind->tag ? "all" : NULL;
done:
    return err;
}

/* --- words -------------------------------------------------------------------------------------------------------- */

enum token { TOKEN_PLAIN = 0, TOKEN_ANY_CASE = 1, TOKEN_OR_NULL = 2 };

static bool is_word(char c)
{
    return (c >= '0' && c <= '9') || (lower_of(c) >= 'a' && lower_of(c) <= 'z') || (c & 0x80) != 0;
}

static struct err *run_token(struct row_call *call, union row_value *out)
{
    struct slice text = call->arguments[0].text;
    struct slice needle = call->arguments[1].text;
    bool any_case = (call->tag & TOKEN_ANY_CASE) != 0;
    const char *at;
    for (size_t i = 0; i < needle.length; i++) {
        if (!is_word(needle.data[i])) {
            call->null = (call->tag & TOKEN_OR_NULL) != 0;
            return call->null ? NULL
                              : err_new(ERR_BAD_ARGUMENTS,
                                        "function %s: the needle must not contain whitespace or separator characters",
                                        call->function->name);
        }
    }
    for (size_t from = 0; needle.length > 0 && (at = find_text(text, from, needle, any_case)) != NULL;) {
        size_t begin = (size_t)(at - text.data);
        size_t end = begin + needle.length;
        if ((begin == 0 || !is_word(text.data[begin - 1])) && (end == text.length || !is_word(text.data[end]))) {
            out->natural = 1;
            break;
        }
        from = begin + 1;
    }
    return NULL;
}

#define TOKEN(name, tag, nulls, about)                                                                                 \
    ROW_FULL(name, false, 2, 2, (tag)&TOKEN_OR_NULL ? 0 : FUNCTION_CAN_FAIL, tag, "sS", TYPE_UINT8, nulls, run_token,  \
             about)
static const struct function_definition definitions[] = {
    {"position", true, 2, 3, 0, resolve_find, FIND},
    {"locate", true, 2, 3, 0, resolve_find, FIND | SWAPPED},
    {"positionCaseInsensitive", false, 2, 3, 0, resolve_find, FIND_ANY_CASE},
    {"positionUTF8", false, 2, 3, 0, resolve_find, FIND_UTF8},
    {"positionCaseInsensitiveUTF8", false, 2, 3, 0, resolve_find, FIND_UTF8 | FOLDED},
    {"startsWith", false, 2, 2, 0, resolve_find, STARTS},
    {"endsWith", false, 2, 2, 0, resolve_find, ENDS},
    {"countSubstrings", true, 2, 3, 0, resolve_find, COUNT_SUB},
    {"countSubstringsCaseInsensitive", false, 2, 3, 0, resolve_find, COUNT_SUB_ANY_CASE},
    {"countSubstringsCaseInsensitiveUTF8", false, 2, 3, 0, resolve_find, COUNT_SUB_UTF8 | FOLDED},
    {"replaceOne", false, 3, 3, 0, resolve_replace, 0},
    {"replaceAll", false, 3, 3, 0, resolve_replace, 1},
};
static const struct function_alias aliases[] = {
    {"replace", true, "replaceAll"},
    {"instr", true, "positionCaseInsensitive"},
};
static const struct row_function rows[] = {
    TOKEN("hasToken", TOKEN_PLAIN, 0, "Is the word in the text?"),
    TOKEN("hasTokenOrNull", TOKEN_OR_NULL, ROW_NULLS, "As hasToken; NULL for what is no word."),
    TOKEN("hasTokenCaseInsensitive", TOKEN_ANY_CASE, 0, "As hasToken, in any case."),
    TOKEN("hasTokenCaseInsensitiveOrNull", TOKEN_ANY_CASE | TOKEN_OR_NULL, ROW_NULLS,
          "As hasTokenCaseInsensitive; NULL for what is no word."),
};
const struct function_group functions_position = {definitions, sizeof(definitions) / sizeof(definitions[0]),
                                                  aliases,     sizeof(aliases) / sizeof(aliases[0]),
                                                  rows,        sizeof(rows) / sizeof(rows[0])};
