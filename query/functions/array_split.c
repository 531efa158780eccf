/*
 * array_split.c: arrays of pieces of strings: splitByChar, splitByString, splitByRegexp, splitByWhitespace,
 * splitByNonAlpha, alphaTokens, tokens, ngrams, extractAll, extractGroups, extractAllGroupsVertical and -Horizontal.
 *
 * how      pieces point into the strings they were cut from
 * thread   any, no shared state
 */
#include "query/functions/nested.h"
#include "query/functions/regex.h"
#include "query/functions/text_list.h"

#include <utf8proc.h>

enum split {
    SPLIT_CHAR,
    SPLIT_STRING,
    SPLIT_REGEXP,
    SPLIT_WHITESPACE,
    SPLIT_NON_ALPHA,
    SPLIT_ALPHA_TOKENS,
    SPLIT_TOKENS,
    SPLIT_NGRAMS,
    EXTRACT_ALL,
    EXTRACT_GROUPS,
    EXTRACT_VERTICAL,
    EXTRACT_HORIZONTAL,
};

struct splitting {
    enum split kind;
    struct slice separator;
    pcre2_code *code;     /* REGEXP (NULL: the separator is empty), EXTRACT_ */
    uint32_t group_count; /* of the pattern */
    int64_t limit;        /* pieces at most; 0: any number; NGRAMS: their length */
};

/* Pieces of all rows so far. */
struct pieces {
    struct arena *arena;
    struct slice *texts;
    uint32_t count;
    uint32_t capacity;
    uint32_t row_begin;
    int64_t limit;
    bool oom;
};

static bool add_piece(struct pieces *pieces, struct slice text)
{
    if (pieces->limit > 0 && (int64_t)(pieces->count - pieces->row_begin) >= pieces->limit) {
        return false;
    }
    if (interrupted_at(pieces->count)) {
        pieces->oom = true; /* which the arena's error says */
        return false;
    }
    if (pieces->count == pieces->capacity) {
        uint32_t capacity = pieces->capacity == 0 ? 256 : pieces->capacity * 2;
        struct slice *texts = capacity < pieces->capacity ? NULL : ARENA_ARRAY(pieces->arena, struct slice, capacity);
        if (texts == NULL) {
            pieces->oom = true;
            return false;
        }
        struct err *err = interrupt_copy(texts, pieces->texts, pieces->count * sizeof(*texts));
        if (err != NULL) {
            err_free(err); /* likewise */
            pieces->oom = true;
            return false;
        }
        pieces->texts = texts;
        pieces->capacity = capacity;
    }
    pieces->texts[pieces->count++] = text;
    return true;
}

static struct slice between(struct slice text, size_t begin, size_t end)
{
    return slice_of(text.data + begin, end - begin);
}

size_t text_point_bytes(struct slice text, size_t at)
{
    utf8proc_int32_t point;
    utf8proc_ssize_t used =
        utf8proc_iterate((const utf8proc_uint8_t *)text.data + at, (utf8proc_ssize_t)(text.length - at), &point);
    return used < 1 ? 1 : (size_t)used;
}

static void split_points(struct pieces *pieces, struct slice text)
{
    for (size_t at = 0; at < text.length;) {
        size_t bytes = text_point_bytes(text, at);
        if (!add_piece(pieces, between(text, at, at + bytes))) {
            return;
        }
        at += bytes;
    }
}

static void split_string(struct pieces *pieces, struct slice text, struct slice separator)
{
    size_t begin = 0;
    if (separator.length == 0) {
        split_points(pieces, text);
        return;
    }
    for (size_t at = 0; at + separator.length <= text.length;) {
        const char *found = memchr(text.data + at, separator.data[0], text.length - separator.length + 1 - at);
        if (found == NULL) {
            break;
        }
        at = (size_t)(found - text.data);
        if (memcmp(found, separator.data, separator.length) != 0) {
            at++;
            continue;
        }
        if (!add_piece(pieces, between(text, begin, at))) {
            return;
        }
        at += separator.length;
        begin = at;
    }
    add_piece(pieces, between(text, begin, text.length));
}

static bool is_space(unsigned char c)
{
    return c == ' ' || (c >= '\t' && c <= '\r');
}

static bool is_letter(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

/* Does the byte belong to a piece? */
static bool is_inside(enum split kind, unsigned char c)
{
    switch ((int)kind) {
    case SPLIT_WHITESPACE:
        return !is_space(c);
    case SPLIT_NON_ALPHA:
        return !is_space(c) && !(c < 128 && c > ' ' && !is_letter(c) && !(c >= '0' && c <= '9'));
    case SPLIT_TOKENS:
        return is_letter(c) || (c >= '0' && c <= '9') || c >= 128;
    default:
        return is_letter(c);
    }
}

static void split_runs(struct pieces *pieces, struct slice text, enum split kind)
{
    for (size_t at = 0; at < text.length;) {
        if (!is_inside(kind, (unsigned char)text.data[at])) {
            at++;
            continue;
        }
        size_t begin = at;
        while (at < text.length && is_inside(kind, (unsigned char)text.data[at])) {
            at++;
        }
        if (!add_piece(pieces, between(text, begin, at))) {
            return;
        }
    }
}

static void split_ngrams(struct pieces *pieces, struct slice text, int64_t length)
{
    size_t begin = 0, end = 0;
    int64_t inside = 0;
    while (end < text.length) {
        end += text_point_bytes(text, end);
        inside++;
        if (inside == length) {
            if (!add_piece(pieces, between(text, begin, end))) {
                return;
            }
            begin += text_point_bytes(text, begin);
            inside--;
        }
    }
}

static struct err *split_regexp(const struct splitting *splitting, struct pieces *pieces, pcre2_match_data *data,
                                struct slice text)
{
    struct err *err = NULL;
    size_t begin = 0;
    bool found = false;
    for (size_t at = 0; at <= text.length;) {
        OR_DONE(regex_next(splitting->code, data, text, at, &found));
        if (!found) {
            break;
        }
        const PCRE2_SIZE *places = pcre2_get_ovector_pointer(data);
        if (places[1] == places[0]) { /* an empty match separates nothing */
            at = places[1] + 1;
            continue;
        }
        if (!add_piece(pieces, between(text, begin, places[0]))) {
            return NULL;
        }
        at = begin = places[1];
    }
    add_piece(pieces, between(text, begin, text.length));
done:
    return err;
}

static struct slice group_of(struct slice text, pcre2_match_data *data, uint32_t group)
{
    const PCRE2_SIZE *places = pcre2_get_ovector_pointer(data);
    return places[2 * group] == PCRE2_UNSET ? slice_of("", 0) : between(text, places[2 * group], places[2 * group + 1]);
}

/* All matches, or their groups one after the other; EXTRACT_GROUPS: those of the first match. */
static struct err *extract(const struct splitting *splitting, struct pieces *pieces, pcre2_match_data *data,
                           struct slice text)
{
    struct err *err = NULL;
    bool found = false;
    bool whole = splitting->kind == EXTRACT_ALL;
    for (size_t at = 0; at <= text.length;) {
        OR_DONE(regex_next(splitting->code, data, text, at, &found));
        if (!found) {
            break;
        }
        const PCRE2_SIZE *places = pcre2_get_ovector_pointer(data);
        size_t end = places[1];
        bool empty = end == places[0];
        uint32_t first = whole && splitting->group_count == 0 ? 0 : 1;
        uint32_t last = whole ? first : splitting->group_count;
        for (uint32_t group = first; group <= last && !(whole && empty); group++) {
            add_piece(pieces, group_of(text, data, group));
        }
        at = empty ? end + 1 : end;
        if (pieces->oom || splitting->kind == EXTRACT_GROUPS) {
            break;
        }
    }
done:
    return err;
}

static struct err *split_row(const struct splitting *splitting, struct pieces *pieces, pcre2_match_data *data,
                             struct slice text)
{
    text = text.length == 0 ? slice_of("", 0) : text;
    switch (splitting->kind) {
    case SPLIT_CHAR:
    case SPLIT_STRING:
        split_string(pieces, text, splitting->separator);
        return NULL;
    case SPLIT_REGEXP:
        if (splitting->code == NULL) {
            split_points(pieces, text);
            return NULL;
        }
        return split_regexp(splitting, pieces, data, text);
    case SPLIT_NGRAMS:
        split_ngrams(pieces, text, splitting->limit);
        return NULL;
    case SPLIT_WHITESPACE:
    case SPLIT_NON_ALPHA:
    case SPLIT_ALPHA_TOKENS:
    case SPLIT_TOKENS:
        split_runs(pieces, text, splitting->kind);
        return NULL;
    default:
        return extract(splitting, pieces, data, text);
    }
}

/* Pieces of a row, group_count per match, as arrays of arrays: of a match, or (horizontal) of a group. */
static struct err *nest_groups(const struct function *function, struct arena *arena, struct pieces *pieces,
                               const uint32_t *offsets, uint32_t row_count, struct column **out)
{
    struct err *err = NULL;
    const struct splitting *splitting = function->data;
    bool horizontal = splitting->kind == EXTRACT_HORIZONTAL;
    uint32_t groups = splitting->group_count;
    uint32_t *outer = ARENA_ARRAY(arena, uint32_t, row_count + 1U);
    uint64_t inner_count = horizontal ? (uint64_t)row_count * groups : pieces->count / groups;
    uint32_t *inner = ARENA_ARRAY(arena, uint32_t, inner_count + 1U);
    struct column *texts = column_new(arena, type_simple(TYPE_STRING), pieces->count);
    struct column *lists;
    if (outer == NULL || inner == NULL || texts == NULL || inner_count > UINT32_MAX / 2) {
        return arena_error(arena);
    }
    struct slice *to = texts->values;
    uint32_t at = 0, list = 0;
    for (uint32_t i = 0; i < row_count; i++) {
        uint32_t matches = (offsets[i + 1] - offsets[i]) / groups;
        outer[i] = list;
        for (uint32_t k = 0; k < (horizontal ? groups : matches); k++) {
            inner[list++] = at;
            for (uint32_t j = 0; j < (horizontal ? matches : groups); j++) {
                to[at++] = pieces->texts[offsets[i] + (horizontal ? j * groups + k : k * groups + j)];
            }
        }
    }
    outer[row_count] = list;
    inner[list] = at;
    OR_DONE(arrays_new(arena, function->inner->children[0], list, inner, texts, &lists));
    OR_DONE(arrays_new(arena, function->inner, row_count, outer, lists, out));
done:
    return err;
}

static struct err *evaluate_split(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct splitting *splitting = function->data;
    bool text_first = splitting->kind >= SPLIT_WHITESPACE;
    const struct column *texts = column_strings(arena, arguments[text_first ? 0 : 1]);
    uint32_t *offsets = ARENA_ARRAY(arena, uint32_t, row_count + 1U);
    struct pieces pieces = {.arena = arena, .limit = splitting->kind == SPLIT_NGRAMS ? 0 : splitting->limit};
    pcre2_match_data *data = NULL;
    if (texts == NULL || offsets == NULL) {
        return arena_error(arena);
    }
    if (splitting->code != NULL) {
        data = pcre2_match_data_create_from_pattern(splitting->code, NULL);
        if (data == NULL) {
            return err_oom();
        }
    }
    for (uint32_t i = 0; i < row_count; i++) {
        offsets[i] = pieces.row_begin = pieces.count;
        OR_DONE(split_row(splitting, &pieces, data, VALUE_AT(texts, struct slice, i)));
        if (pieces.oom) {
            err = arena_error(arena);
            goto done;
        }
    }
    offsets[row_count] = pieces.count;
    if (splitting->kind == EXTRACT_VERTICAL || splitting->kind == EXTRACT_HORIZONTAL) {
        OR_DONE(nest_groups(function, arena, &pieces, offsets, row_count, out));
        goto done;
    }
    struct column *items = column_new(arena, type_simple(TYPE_STRING), 0);
    if (items == NULL) {
        err = arena_error(arena);
        goto done;
    }
    if (pieces.count > 0) {
        items->values = pieces.texts;
    }
    items->row_count = pieces.count;
    OR_DONE(arrays_new(arena, function->inner, row_count, offsets, items, out));
done:
    pcre2_match_data_free(data);
    return err;
}

static struct err *resolve_pattern(const struct function_bind *bind, struct slice pattern, struct splitting *splitting)
{
    struct err *err = NULL;
    if (splitting->kind == SPLIT_REGEXP && pattern.length == 0) {
        return NULL;
    }
    OR_DONE(regex_pattern(bind->arena, pattern, &splitting->code));
    (void)pcre2_pattern_info(splitting->code, PCRE2_INFO_CAPTURECOUNT, &splitting->group_count);
    if (splitting->kind > EXTRACT_ALL && splitting->group_count == 0) {
        err = err_new(ERR_BAD_ARGUMENTS, "There are no groups in regexp: %.*s", SLICE_ARG(pattern));
    }
done:
    return err;
}

static struct err *resolve_split(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    struct splitting *splitting = ARENA_NEW(bind->arena, struct splitting);
    enum split kind = (enum split)bind->tag;
    bool by_pattern = kind == SPLIT_REGEXP || kind >= EXTRACT_ALL;
    bool text_first = kind >= SPLIT_WHITESPACE;
    if (splitting == NULL) {
        return arena_error(bind->arena);
    }
    splitting->kind = kind;
    OR_DONE(argument_string(bind, text_first ? 0 : 1));
    if (!text_first || by_pattern) {
        OR_DONE(argument_string(bind, text_first ? 1 : 0));
        OR_DONE(argument_constant_text(bind, text_first ? 1 : 0, &splitting->separator));
    }
    if (kind == SPLIT_CHAR && splitting->separator.length != 1) {
        return err_new(ERR_BAD_ARGUMENTS, "Illegal separator for function splitByChar. Must be exactly one byte");
    }
    if (by_pattern) {
        OR_DONE(resolve_pattern(bind, splitting->separator, splitting));
    }
    uint32_t limit = text_first ? 1 : 2;
    if (!(text_first && by_pattern) && bind->count > limit) {
        OR_DONE(argument_integer(bind, limit));
        OR_DONE(argument_constant_int(bind, limit, &splitting->limit));
    }
    if (kind == SPLIT_NGRAMS && splitting->limit <= 0) {
        return err_new(ERR_BAD_ARGUMENTS, "Search token size must be between 1 and the length of the text");
    }
    const struct type *texts = type_array(bind->arena, type_simple(TYPE_STRING));
    bool nested = kind == EXTRACT_VERTICAL || kind == EXTRACT_HORIZONTAL;
    out->inner = nested && texts != NULL ? type_array(bind->arena, texts) : texts;
    out->data = splitting;
    out->evaluate = evaluate_split;
    if (out->inner == NULL) {
        return arena_error(bind->arena);
    }
done:
    return err;
}

static const struct function_definition definitions[] = {
    {"splitByChar", false, 2, 3, 0, resolve_split, SPLIT_CHAR},
    {"splitByString", false, 2, 3, 0, resolve_split, SPLIT_STRING},
    {"splitByRegexp", false, 2, 3, FUNCTION_CAN_FAIL, resolve_split, SPLIT_REGEXP},
    {"splitByWhitespace", false, 1, 2, 0, resolve_split, SPLIT_WHITESPACE},
    {"splitByNonAlpha", false, 1, 2, 0, resolve_split, SPLIT_NON_ALPHA},
    {"alphaTokens", false, 1, 2, 0, resolve_split, SPLIT_ALPHA_TOKENS},
    {"tokens", false, 1, 1, 0, resolve_split, SPLIT_TOKENS},
    {"ngrams", false, 2, 2, 0, resolve_split, SPLIT_NGRAMS},
    {"extractAll", false, 2, 2, FUNCTION_CAN_FAIL, resolve_split, EXTRACT_ALL},
    {"extractGroups", false, 2, 2, FUNCTION_CAN_FAIL, resolve_split, EXTRACT_GROUPS},
    {"extractAllGroupsVertical", false, 2, 2, FUNCTION_CAN_FAIL, resolve_split, EXTRACT_VERTICAL},
    {"extractAllGroupsHorizontal", false, 2, 2, FUNCTION_CAN_FAIL, resolve_split, EXTRACT_HORIZONTAL},
};
static const struct function_alias aliases[] = {{"splitByAlpha", false, "alphaTokens"},
                                                {"extractAllGroups", false, "extractAllGroupsVertical"}};
const struct function_group functions_array_split = GROUP_OF(definitions, aliases);
