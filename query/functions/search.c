/*
 * search.c: finding and replacing by patterns: like, match, extract, countMatches, replaceRegexp.
 *
 * regex    PCRE2 with JIT, DOTALL; look-around, back-references and recursion are refused as RE2 refuses them, so that
 *          nobody depends on them; a match limit that is hit is an error, never "no match"
 * compile  constant patterns once, when the function is bound; others per row
 * thread   any: compiled patterns are immutable, match data belongs to a call
 */
#include "base/clock.h"
#include "query/functions/regex.h"
#include "query/functions/search.h"
#include "query/functions/search_literal.h"

/* --- regular expressions ----------------------------------------------------------------------------------------- */

#define SLICE_BYTES  ((size_t)16 << 20) /* longer texts are matched with looks at the query's flag between slices */
#define SLICE_US_MAX 50000U             /* took longer: larger ones */

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
    out->code =
        pcre2_compile((PCRE2_SPTR)(pattern.length == 0 ? "" : pattern.data), pattern.length,
                      options | PCRE2_UTF | PCRE2_MATCH_INVALID_UTF | PCRE2_USE_OFFSET_LIMIT, &number, &offset, NULL);
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

struct match_call {
    const pcre2_code *code;
    pcre2_match_data *data;
    pcre2_match_context *context;
    struct slice text;
    size_t from;
    int count;
};

static void match_once(void *object)
{
    struct match_call *call = object;
    call->count = pcre2_match(call->code, (PCRE2_SPTR)call->text.data, call->text.length, call->from, 0, call->data,
                              call->context);
}

/* Only compiled expressions may be left in the middle: the library's interpreter allocates. */
static void match_slice(struct match_call *call)
{
    size_t jit_bytes = 0;
    (void)pcre2_pattern_info(call->code, PCRE2_INFO_JITSIZE, &jit_bytes);
    if (jit_bytes == 0) {
        match_once(call);
    } else if (!interrupt_run(match_once, call)) {
        call->count = PCRE2_ERROR_NOMATCH;
    }
}

/* A long text, with a look behind every slice of places where a match may begin. How long one attempt takes is the
 * expression's affair: when these read far, each slice begins anew what the last one knew, so there are fewer. */
static int match_slices(const pcre2_code *code, pcre2_match_data *data, struct slice text, size_t from)
{
    size_t slice = SLICE_BYTES;
    struct match_call call = {.code = code, .data = data, .text = text, .count = PCRE2_ERROR_NOMATCH};
    call.context = pcre2_match_context_create(NULL);
    if (call.context == NULL) {
        return PCRE2_ERROR_NOMEMORY;
    }
    while (from <= text.length && call.count == PCRE2_ERROR_NOMATCH && !interrupted()) {
        uint64_t since_us = clock_monotonic_us();
        size_t end = text.length - from < slice ? text.length + 1 : from + slice;
        while (end < text.length && ((unsigned char)text.data[end] & 0xc0) == 0x80) {
            end++;
        }
        (void)pcre2_set_offset_limit(call.context, end - 1);
        call.from = from;
        match_slice(&call);
        slice *= clock_monotonic_us() - since_us > SLICE_US_MAX ? 8 : 1;
        from = end;
    }
    pcre2_match_context_free(call.context);
    return call.count;
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
            *found = find_text(text, 0, literal, false) != NULL;
        }
        return NULL;
    }
    int count = text.length - from <= SLICE_BYTES
                    ? pcre2_match(regex->code, (PCRE2_SPTR)(text.length == 0 ? "" : text.data), text.length, from, 0,
                                  data, NULL)
                    : match_slices(regex->code, data, text, from);
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
    struct err *err = from == 0 ? NULL : interrupt_check();
    if (err != NULL) {
        return err;
    }
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
    USE_REPLACE_ALL,
    USE_KIND = 15, /* of a tag; with it: */
    USE_NOT = 16,
    USE_ANY_CASE = 32,
};

struct regex_call {
    enum regex_use use;
    bool is_constant, is_not, any_case;
    struct regex regex;
};

static struct err *compile_for(struct arena *arena, const struct regex_call *call, struct slice pattern,
                               struct regex *out)
{
    *out = (struct regex){0};
    if (call->use <= USE_NOT_ILIKE) {
        return like_compile(arena, pattern, call->use >= USE_ILIKE, out);
    }
    return regex_compile(arena, pattern, PCRE2_DOTALL | (call->any_case ? PCRE2_CASELESS : 0), out);
}

static void match_data_free(void *data)
{
    pcre2_match_data_free(data);
}

struct err *text_append(char **to, size_t *length, size_t *room, struct arena *arena, const char *data, size_t bytes)
{
    if (*length + bytes > *room) {
        size_t more = (*length + bytes) * 2 + 64;
        char *grown = arena_alloc(arena, more);
        if (grown == NULL) {
            return arena_error(arena);
        }
        struct err *err = interrupt_copy(grown, *to, *length);
        if (err != NULL) {
            return err;
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
    uint64_t steps = 0;
    while (from <= text.length) {
        bool found;
        OR_DONE(interrupt_steps(&steps, 100));
        OR_DONE(regex_run(regex, data, text, from, &found));
        if (!found) {
            break;
        }
        const PCRE2_SIZE *ends = pcre2_get_ovector_pointer(data);
        uint32_t groups = pcre2_get_ovector_count(data);
        OR_DONE(text_append(&to, &length, &room, arena, text.data + copied, ends[0] - copied));
        for (size_t i = 0; i < by.length; i++) {
            char c = by.data[i];
            if (c == '\\' && i + 1 < by.length && by.data[i + 1] >= '0' && by.data[i + 1] <= '9') {
                uint32_t group = (uint32_t)(by.data[++i] - '0');
                if (group >= groups) {
                    return err_new(ERR_BAD_ARGUMENTS, "the replacement names group \\%u, the expression has %u", group,
                                   groups - 1);
                }
                if (ends[2 * group] != PCRE2_UNSET) {
                    OR_DONE(text_append(&to, &length, &room, arena, text.data + ends[2 * group],
                                        ends[2 * group + 1] - ends[2 * group]));
                }
                continue;
            }
            if (c == '\\' && i + 1 < by.length && by.data[i + 1] == '\\') {
                i++;
            }
            OR_DONE(text_append(&to, &length, &room, arena, &c, 1));
        }
        copied = ends[1];
        from = ends[1];
        if (ends[0] == ends[1]) { /* an empty match: one byte on */
            if (from < text.length) {
                OR_DONE(text_append(&to, &length, &room, arena, text.data + from, 1));
            }
            from++;
            copied = from;
        }
        if (!all) {
            break;
        }
    }
    if (copied < text.length) {
        OR_DONE(text_append(&to, &length, &room, arena, text.data + copied, text.length - copied));
    }
    *out = slice_of(to, length);
done:
    return err;
}

/* A pattern that is a plain text, in a FLAT column. */
static void match_literal(const struct regex_call *call, const struct slice *texts, uint32_t row_count, uint8_t *found)
{
    const struct regex *regex = &call->regex;
    if (regex->at_begin && regex->at_end) {
        for (uint32_t i = 0; i < row_count; i++) {
            found[i] = slice_equal(texts[i], regex->literal);
        }
    } else if (regex->at_begin) {
        literal_at_begin(texts, row_count, regex->literal, found);
    } else if (regex->at_end) {
        literal_at_end(texts, row_count, regex->literal, found);
    } else {
        literal_contained(texts, row_count, regex->literal, found);
    }
    for (uint32_t i = 0; call->is_not && i < row_count; i++) {
        found[i] ^= 1;
    }
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
    if (call->is_constant && call->regex.is_literal && texts->form == COLUMN_FLAT &&
        function->inner->kind == TYPE_UINT8 && call->use != USE_EXTRACT) {
        match_literal(call, texts->values, row_count, made->values);
        *out = made;
        return NULL;
    }
    for (uint32_t i = 0; i < row_count; i++) {
        struct slice text = VALUE_AT(texts, struct slice, i);
        bool found;
        if (!call->is_constant && (i == 0 || column_step(patterns) == 1)) {
            OR_DONE(compile_for(arena, call, VALUE_AT(patterns, struct slice, i), &own));
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
            ((uint8_t *)made->values)[i] = found != call->is_not;
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
    call->use = (enum regex_use)(bind->tag & USE_KIND);
    call->is_not = (bind->tag & USE_NOT) != 0 || call->use == USE_NOT_LIKE || call->use == USE_NOT_ILIKE;
    call->any_case = (bind->tag & USE_ANY_CASE) != 0;
    if (bind->arguments[1].constant != NULL) {
        const struct column *pattern = column_strings(bind->arena, bind->arguments[1].constant);
        if (pattern == NULL) {
            return arena_error(bind->arena);
        }
        err = compile_for(bind->arena, call, *(const struct slice *)pattern->values, &call->regex);
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
    REGEX("notMatch", false, 2, USE_MATCH | USE_NOT),
    REGEX("matchCaseInsensitive", false, 2, USE_MATCH | USE_ANY_CASE),
    REGEX("notMatchCaseInsensitive", false, 2, USE_MATCH | USE_NOT | USE_ANY_CASE),
    REGEX("extract", false, 2, USE_EXTRACT),
    REGEX("countMatches", false, 2, USE_COUNT),
    REGEX("countMatchesCaseInsensitive", false, 2, USE_COUNT | USE_ANY_CASE),
    REGEX("replaceRegexpOne", false, 3, USE_REPLACE_ONE),
    REGEX("replaceRegexpAll", false, 3, USE_REPLACE_ALL),
};
static const struct function_alias aliases[] = {
    {"REGEXP_REPLACE", true, "replaceRegexpAll"},
    {"REGEXP_MATCHES", true, "match"},
};
const struct function_group functions_search = GROUP_OF(definitions, aliases);
