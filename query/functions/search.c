/*
 * search.c: finding in strings: position, like, match, extract, startsWith, counting, and replacing.
 *
 * regex    PCRE2 with JIT, DOTALL; look-around, back-references and recursion are refused as RE2 refuses them, so that
 *          nobody depends on them; a match limit that is hit is an error, never "no match"
 * compile  constant patterns once, when the function is bound; others per row
 * thread   any: compiled patterns are immutable, match data belongs to a call
 */
#include "query/functions/regex.h"

/* --- regular expressions ----------------------------------------------------------------------------------------- */

struct regex {
    pcre2_code *code;
    struct slice literal; /* LIKE without wildcards inside: compared as bytes */
    bool is_literal, at_begin, at_end, any_case;
};

static void regex_free(void *code)
{
    pcre2_code_free(code);
}

/* Constructs beyond RE2. */
static bool regex_is_refused(struct slice pattern, const char **what)
{
    for (size_t i = 0; i + 1 < pattern.length; i++) {
        char c = pattern.data[i];
        char next = pattern.data[i + 1];
        if (c == '\\') {
            if (next >= '1' && next <= '9') {
                *what = "back-references";
                return true;
            }
            if (next == 'k' || next == 'g' || next == 'K' || next == 'G') {
                *what = "back-references and \\K, \\G";
                return true;
            }
            i++;
        } else if (c == '(' && next == '?' && i + 2 < pattern.length) {
            char kind = pattern.data[i + 2];
            char after = i + 3 < pattern.length ? pattern.data[i + 3] : 0;
            if (kind == '=' || kind == '!' || (kind == '<' && (after == '=' || after == '!'))) {
                *what = "look-around";
                return true;
            }
            if (kind == '>' || kind == '|' || kind == '(' || kind == 'R' || kind == '&' ||
                (kind >= '0' && kind <= '9') || (kind == 'P' && (after == '=' || after == '>'))) {
                *what = "atomic groups, conditions and recursion";
                return true;
            }
        } else if (c == '(' && next == '*') {
            *what = "verbs";
            return true;
        }
    }
    return false;
}

static struct err *regex_compile(struct arena *arena, struct slice pattern, uint32_t options, struct regex *out)
{
    int number;
    PCRE2_SIZE offset;
    const char *what;
    if (regex_is_refused(pattern, &what)) {
        return err_new(ERR_REGEXP, "regular expression '%.*s' uses %s, which are not supported", SLICE_ARG(pattern),
                       what);
    }
    options |= PCRE2_DOLLAR_ENDONLY;
    out->code = pcre2_compile((PCRE2_SPTR)(pattern.length == 0 ? "" : pattern.data), pattern.length,
                              options | PCRE2_UTF | PCRE2_MATCH_INVALID_UTF, &number, &offset, NULL);
    if (out->code == NULL) {
        PCRE2_UCHAR text[160];
        pcre2_get_error_message(number, text, sizeof(text));
        return err_new(ERR_REGEXP, "regular expression '%.*s': %s at byte %zu", SLICE_ARG(pattern), (const char *)text,
                       (size_t)offset);
    }
    (void)pcre2_jit_compile(out->code, PCRE2_JIT_COMPLETE); /* without JIT it is only slower */
    if (!arena_on_destroy(arena, regex_free, out->code)) {
        pcre2_code_free(out->code);
        return arena_error(arena);
    }
    return NULL;
}

static struct err *like_compile(struct arena *arena, struct slice pattern, bool any_case, struct regex *out)
{
    char *text = arena_alloc(arena, pattern.length * 2 + 8);
    size_t length = 0;
    bool plain = !any_case;
    if (text == NULL) {
        return arena_error(arena);
    }
    text[length++] = '^';
    for (size_t i = 0; i < pattern.length; i++) {
        char c = pattern.data[i];
        if (c == '%') {
            text[length++] = '.';
            text[length++] = '*';
            plain &= i == 0 || i + 1 == pattern.length;
            continue;
        }
        if (c == '_') {
            text[length++] = '.';
            plain = false;
            continue;
        }
        if (c == '\\') {
            plain = false;
            if (i + 1 == pattern.length) {
                return err_new(ERR_BAD_ARGUMENTS, "the LIKE pattern '%.*s' ends with its escape '\\'",
                               SLICE_ARG(pattern));
            }
            if (pattern.data[i + 1] == '%' || pattern.data[i + 1] == '_' || pattern.data[i + 1] == '\\') {
                c = pattern.data[++i];
            }
        }
        if (strchr("\\^$.|?*+()[]{}#-", c) != NULL && c != 0) {
            text[length++] = '\\';
        }
        text[length++] = c;
    }
    text[length++] = '$';
    if (plain) {
        out->is_literal = true;
        out->at_begin = pattern.length == 0 || pattern.data[0] != '%';
        out->at_end = pattern.length == 0 || pattern.data[pattern.length - 1] != '%';
        size_t begin = out->at_begin ? 0 : 1;
        size_t end = pattern.length - (!out->at_end && pattern.length > begin ? 1 : 0);
        out->literal = arena_slice(arena, slice_of(pattern.data + begin, end - begin));
        return NULL;
    }
    return regex_compile(arena, slice_of(text, length), PCRE2_DOTALL | (any_case ? PCRE2_CASELESS : 0), out);
}

/* Short strings are searched in place: a call into the library costs more than they do. */
static inline bool contains(struct slice text, struct slice literal)
{
    if (literal.length < 2 || text.length > 64) {
        return memmem(text.data, text.length, literal.data, literal.length) != NULL;
    }
    uint16_t first;
    memcpy(&first, literal.data, 2);
    for (size_t i = 0; i + literal.length <= text.length; i++) {
        uint16_t here;
        memcpy(&here, text.data + i, 2);
        if (here == first && memcmp(text.data + i, literal.data, literal.length) == 0) {
            return true;
        }
    }
    return false;
}

static struct err *regex_run(const struct regex *regex, pcre2_match_data *data, struct slice text, size_t from,
                             bool *found)
{
    if (regex->is_literal) {
        struct slice literal = regex->literal;
        if (regex->at_begin && regex->at_end) {
            *found = slice_equal(text, literal);
        } else if (text.length < literal.length) {
            *found = false;
        } else if (literal.length == 0) {
            *found = true;
        } else if (regex->at_begin) {
            *found = memcmp(text.data, literal.data, literal.length) == 0;
        } else if (regex->at_end) {
            *found = memcmp(text.data + text.length - literal.length, literal.data, literal.length) == 0;
        } else {
            *found = contains(text, literal);
        }
        return NULL;
    }
    int count =
        pcre2_match(regex->code, (PCRE2_SPTR)(text.length == 0 ? "" : text.data), text.length, from, 0, data, NULL);
    if (count < 0 && count != PCRE2_ERROR_NOMATCH) {
        PCRE2_UCHAR message[160];
        pcre2_get_error_message(count, message, sizeof(message));
        return err_new(ERR_REGEXP, "a regular expression gave up on a string of %zu bytes: %s", text.length,
                       (const char *)message);
    }
    *found = count > 0;
    return NULL;
}

struct err *regex_pattern(struct arena *arena, struct slice pattern, pcre2_code **out)
{
    struct regex regex = {0};
    struct err *err = regex_compile(arena, pattern, PCRE2_DOTALL, &regex);
    *out = regex.code;
    return err;
}

struct err *regex_next(const pcre2_code *code, pcre2_match_data *data, struct slice text, size_t from, bool *found)
{
    const struct regex regex = {.code = (pcre2_code *)(uintptr_t)code};
    return regex_run(&regex, data, text, from, found);
}

enum regex_use {
    USE_LIKE,
    USE_NOT_LIKE,
    USE_ILIKE,
    USE_NOT_ILIKE,
    USE_MATCH,
    USE_EXTRACT,
    USE_COUNT,
    USE_REPLACE_ONE,
    USE_REPLACE_ALL
};

struct regex_call {
    enum regex_use use;
    bool is_constant;
    struct regex regex;
};

static struct err *compile_for(struct arena *arena, enum regex_use use, struct slice pattern, struct regex *out)
{
    *out = (struct regex){0};
    if (use <= USE_NOT_ILIKE) {
        return like_compile(arena, pattern, use >= USE_ILIKE, out);
    }
    return regex_compile(arena, pattern, PCRE2_DOTALL, out);
}

static void match_data_free(void *data)
{
    pcre2_match_data_free(data);
}

static struct err *append(char **to, size_t *length, size_t *room, struct arena *arena, const char *data, size_t bytes)
{
    if (*length + bytes > *room) {
        size_t more = (*length + bytes) * 2 + 64;
        char *grown = arena_alloc(arena, more);
        if (grown == NULL) {
            return arena_error(arena);
        }
        if (*length > 0) {
            memcpy(grown, *to, *length);
        }
        *to = grown;
        *room = more;
    }
    if (bytes > 0) {
        memcpy(*to + *length, data, bytes);
        *length += bytes;
    }
    return NULL;
}

static struct err *replace_row(struct arena *arena, const struct regex *regex, pcre2_match_data *data,
                               struct slice text, struct slice by, bool all, struct slice *out)
{
    struct err *err = NULL;
    char *to = NULL;
    size_t length = 0;
    size_t room = 0;
    size_t from = 0;
    size_t copied = 0;
    while (from <= text.length) {
        bool found;
        OR_DONE(regex_run(regex, data, text, from, &found));
        if (!found) {
            break;
        }
        const PCRE2_SIZE *ends = pcre2_get_ovector_pointer(data);
        uint32_t groups = pcre2_get_ovector_count(data);
        OR_DONE(append(&to, &length, &room, arena, text.data + copied, ends[0] - copied));
        for (size_t i = 0; i < by.length; i++) {
            char c = by.data[i];
            if (c == '\\' && i + 1 < by.length && by.data[i + 1] >= '0' && by.data[i + 1] <= '9') {
                uint32_t group = (uint32_t)(by.data[++i] - '0');
                if (group >= groups) {
                    return err_new(ERR_BAD_ARGUMENTS, "the replacement names group \\%u, the expression has %u", group,
                                   groups - 1);
                }
                if (ends[2 * group] != PCRE2_UNSET) {
                    OR_DONE(append(&to, &length, &room, arena, text.data + ends[2 * group],
                                   ends[2 * group + 1] - ends[2 * group]));
                }
                continue;
            }
            if (c == '\\' && i + 1 < by.length && by.data[i + 1] == '\\') {
                i++;
            }
            OR_DONE(append(&to, &length, &room, arena, &c, 1));
        }
        copied = ends[1];
        from = ends[1];
        if (ends[0] == ends[1]) { /* an empty match: one byte on */
            if (from < text.length) {
                OR_DONE(append(&to, &length, &room, arena, text.data + from, 1));
            }
            from++;
            copied = from;
        }
        if (!all) {
            break;
        }
    }
    if (copied < text.length) {
        OR_DONE(append(&to, &length, &room, arena, text.data + copied, text.length - copied));
    }
    *out = slice_of(to, length);
done:
    return err;
}

static struct err *evaluate_regex(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct regex_call *call = function->data;
    const struct column *texts = column_strings(arena, arguments[0]);
    const struct column *patterns = column_strings(arena, arguments[1]);
    const struct column *by = function->argument_count > 2 ? column_strings(arena, arguments[2]) : NULL;
    struct regex own = call->regex;
    pcre2_match_data *data = pcre2_match_data_create(32, NULL);
    struct column *made;

    if (data == NULL || !arena_on_destroy(arena, match_data_free, data)) {
        pcre2_match_data_free(data);
        return err_oom();
    }
    bool replaces = call->use == USE_REPLACE_ONE || call->use == USE_REPLACE_ALL;
    if (texts == NULL || patterns == NULL || (replaces && by == NULL)) {
        return arena_error(arena);
    }
    OR_DONE(result_new(arena, function->inner, row_count, &made));
    for (uint32_t i = 0; i < row_count; i++) {
        struct slice text = VALUE_AT(texts, struct slice, i);
        bool found;
        if (!call->is_constant && (i == 0 || column_step(patterns) == 1)) {
            OR_DONE(compile_for(arena, call->use, VALUE_AT(patterns, struct slice, i), &own));
        }
        switch (call->use) {
        case USE_EXTRACT: {
            struct slice *to = &((struct slice *)made->values)[i];
            OR_DONE(regex_run(&own, data, text, 0, &found));
            *to = slice_of("", 0);
            if (found) {
                const PCRE2_SIZE *ends = pcre2_get_ovector_pointer(data);
                uint32_t groups = 0;
                (void)pcre2_pattern_info(own.code, PCRE2_INFO_CAPTURECOUNT, &groups);
                uint32_t group = groups > 0 ? 1 : 0;
                if (ends[2 * group] != PCRE2_UNSET) {
                    *to = slice_of(text.data + ends[2 * group], ends[2 * group + 1] - ends[2 * group]);
                }
            }
            break;
        }
        case USE_COUNT: {
            uint64_t count = 0;
            for (size_t from = 0; from <= text.length;) {
                OR_DONE(regex_run(&own, data, text, from, &found));
                if (!found) {
                    break;
                }
                const PCRE2_SIZE *ends = pcre2_get_ovector_pointer(data);
                count += ends[1] > ends[0];
                from = ends[1] > from ? ends[1] : from + 1;
            }
            ((uint64_t *)made->values)[i] = count;
            break;
        }
        case USE_REPLACE_ONE:
        case USE_REPLACE_ALL:
            if (VALUE_AT(patterns, struct slice, i).length == 0) {
                ((struct slice *)made->values)[i] = text; /* nothing to look for */
                break;
            }
            OR_DONE(replace_row(arena, &own, data, text, VALUE_AT(by, struct slice, i), call->use == USE_REPLACE_ALL,
                                &((struct slice *)made->values)[i]));
            break;
        default:
            OR_DONE(regex_run(&own, data, text, 0, &found));
            ((uint8_t *)made->values)[i] = call->use == USE_NOT_LIKE || call->use == USE_NOT_ILIKE ? !found : found;
        }
    }
    *out = made;
done:
    return err;
}

static struct err *resolve_regex(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    struct regex_call *call = ARENA_NEW(bind->arena, struct regex_call);
    if (call == NULL) {
        return arena_error(bind->arena);
    }
    for (uint32_t i = 0; i < bind->count; i++) {
        OR_DONE(argument_string(bind, i));
    }
    call->use = (enum regex_use)bind->tag;
    if (bind->arguments[1].constant != NULL) {
        const struct column *pattern = column_strings(bind->arena, bind->arguments[1].constant);
        if (pattern == NULL) {
            return arena_error(bind->arena);
        }
        err = compile_for(bind->arena, call->use, *(const struct slice *)pattern->values, &call->regex);
        if (err != NULL && call->use >= USE_REPLACE_ONE && err_code(err) == ERR_REGEXP) { /* ClickHouse's code here */
            struct err *other = err_new(ERR_BAD_ARGUMENTS, "%s", err_message(err));
            err_free(err);
            err = other;
        }
        OR_DONE(err);
        call->is_constant = true;
    }
    bool text = call->use == USE_EXTRACT || call->use >= USE_REPLACE_ONE;
    out->inner = type_simple(text ? TYPE_STRING : call->use == USE_COUNT ? TYPE_UINT64 : TYPE_UINT8);
    out->evaluate = evaluate_regex;
    out->data = call;
done:
    return err;
}

/* --- positions --------------------------------------------------------------------------------------------------- */

enum find {
    FIND,
    FIND_ANY_CASE,
    FIND_UTF8,
    FIND_ANY_CASE_UTF8,
    STARTS,
    ENDS,
    COUNT_SUB,
    COUNT_SUB_ANY_CASE,
    HAS_TOKEN
};

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
        if (at + needle.length == text.length) {
            return NULL;
        }
        here -= power * (unsigned char)lower_of(text.data[at]);
        here = here * base + (unsigned char)lower_of(text.data[at + needle.length]);
    }
}

static const char *find_text(struct slice text, size_t from, struct slice needle, bool any_case)
{
    if (text.length < from || text.length - from < needle.length) {
        return NULL;
    }
    if (needle.length == 0) {
        return text.data + from;
    }
    if (!any_case) {
        return memmem(text.data + from, text.length - from, needle.data, needle.length);
    }
    if (needle.length > 32) {
        return find_long_any_case(text, from, needle);
    }
    for (size_t at = from; at + needle.length <= text.length; at++) {
        if (same_any_case(text.data + at, needle.data, needle.length)) {
            return text.data + at;
        }
    }
    return NULL;
}

static bool is_word(char c)
{
    return (c >= '0' && c <= '9') || (lower_of(c) >= 'a' && lower_of(c) <= 'z') || (c & 0x80) != 0;
}

static uint64_t find_row(enum find find, struct slice text, struct slice needle, uint64_t start)
{
    bool any_case = find == FIND_ANY_CASE || find == FIND_ANY_CASE_UTF8 || find == COUNT_SUB_ANY_CASE;
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
        for (size_t from = start > 0 ? (size_t)(start - 1) : 0;
             needle.length > 0 && (at = find_text(text, from, needle, any_case)) != NULL;) {
            count++;
            from = (size_t)(at - text.data) + needle.length;
        }
        return count;
    case HAS_TOKEN:
        for (size_t from = 0; needle.length > 0 && (at = find_text(text, from, needle, false)) != NULL;) {
            size_t begin = (size_t)(at - text.data);
            size_t end = begin + needle.length;
            if ((begin == 0 || !is_word(text.data[begin - 1])) && (end == text.length || !is_word(text.data[end]))) {
                return 1;
            }
            from = begin + 1;
        }
        return 0;
    default: {
        size_t from = start > 0 ? (size_t)(start - 1) : 0;
        bool utf8 = find >= FIND_UTF8;
        if (utf8) { /* start counts code points */
            size_t byte = 0;
            for (size_t p = 0; p < from && byte < text.length; p++) {
                byte++;
                while (byte < text.length && ((unsigned char)text.data[byte] & 0xc0) == 0x80) {
                    byte++;
                }
            }
            from = byte;
        }
        at = find_text(text, from, needle, any_case);
        if (at == NULL) {
            return 0;
        }
        if (!utf8) {
            return (uint64_t)(at - text.data) + 1;
        }
        for (const char *c = text.data; c < at; c++) {
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
    bool swapped = ((intptr_t)function->data & 16) != 0; /* locate(needle, haystack) */
    const struct column *texts = column_strings(arena, arguments[swapped ? 1 : 0]);
    const struct column *needles = column_strings(arena, arguments[swapped ? 0 : 1]);
    const struct column *starts =
        function->argument_count > 2 ? column_numbers(arena, arguments[2], TYPE_UINT64) : NULL;
    struct column *made;
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
    out->inner = type_simple(find == STARTS || find == ENDS || find == HAS_TOKEN ? TYPE_UINT8 : TYPE_UINT64);
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
            OR_DONE(append(&to, &length, &room, arena, text.data + from, (size_t)(at - text.data) - from));
            OR_DONE(append(&to, &length, &room, arena, with.data, with.length));
            from = (size_t)(at - text.data) + needle.length;
            if (!all) {
                break;
            }
        }
        if (from == 0) {
            ((struct slice *)made->values)[i] = text;
            continue;
        }
        OR_DONE(append(&to, &length, &room, arena, text.data + from, text.length - from));
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

#define REGEX(name, any_case, count, tag)                                                                              \
    {                                                                                                                  \
        name, any_case, count, count, 0, resolve_regex, tag                                                            \
    }
static const struct function_definition definitions[] = {
    REGEX("like", false, 2, USE_LIKE),
    REGEX("notLike", false, 2, USE_NOT_LIKE),
    REGEX("ilike", false, 2, USE_ILIKE),
    REGEX("notILike", false, 2, USE_NOT_ILIKE),
    REGEX("match", false, 2, USE_MATCH),
    REGEX("extract", false, 2, USE_EXTRACT),
    REGEX("countMatches", false, 2, USE_COUNT),
    REGEX("replaceRegexpOne", false, 3, USE_REPLACE_ONE),
    REGEX("replaceRegexpAll", false, 3, USE_REPLACE_ALL),
    {"position", true, 2, 3, 0, resolve_find, FIND},
    {"locate", true, 2, 3, 0, resolve_find, FIND | 16},
    {"positionCaseInsensitive", false, 2, 3, 0, resolve_find, FIND_ANY_CASE},
    {"positionUTF8", false, 2, 3, 0, resolve_find, FIND_UTF8},
    {"positionCaseInsensitiveUTF8", false, 2, 3, 0, resolve_find, FIND_ANY_CASE_UTF8},
    {"startsWith", false, 2, 2, 0, resolve_find, STARTS},
    {"endsWith", false, 2, 2, 0, resolve_find, ENDS},
    {"countSubstrings", true, 2, 3, 0, resolve_find, COUNT_SUB},
    {"countSubstringsCaseInsensitive", false, 2, 3, 0, resolve_find, COUNT_SUB_ANY_CASE},
    {"hasToken", false, 2, 2, 0, resolve_find, HAS_TOKEN},
    {"replaceOne", false, 3, 3, 0, resolve_replace, 0},
    {"replaceAll", false, 3, 3, 0, resolve_replace, 1},
};
static const struct function_alias aliases[] = {
    {"replace", true, "replaceAll"},
    {"REGEXP_REPLACE", true, "replaceRegexpAll"},
    {"REGEXP_MATCHES", true, "match"},
    {"instr", true, "positionCaseInsensitive"},
};
const struct function_group functions_search = GROUP_OF(definitions, aliases);
