/*
 * text.c: strings: length, case, parts, padding, trimming, repeating.
 *
 * bytes    lengths and positions count bytes; the …UTF8 forms count code points, broken UTF-8 byte by byte
 * thread   any, no shared state
 */
#include "base/text.h"
#include "query/functions/nested.h"
#include "query/functions/value_text.h"

#include <utf8proc.h>

/* --- text → number ----------------------------------------------------------------------------------------------- */

enum measure { LENGTH, LENGTH_UTF8, EMPTY, NOT_EMPTY, ASCII, IS_VALID_UTF8 };

static struct err *evaluate_measure(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    enum measure measure = (enum measure)(intptr_t)function->data;
    const struct column *texts = column_strings(arena, arguments[0]);
    struct column *made;
    if (texts == NULL) {
        return arena_error(arena);
    }
    OR_DONE(result_new(arena, function->inner, row_count, &made));
    for (uint32_t i = 0; i < row_count; i++) {
        struct slice text = VALUE_AT(texts, struct slice, i);
        switch (measure) {
        case LENGTH:
            ((uint64_t *)made->values)[i] = text.length;
            break;
        case LENGTH_UTF8:
            ((uint64_t *)made->values)[i] = utf8_count(text);
            break;
        case ASCII:
            ((int32_t *)made->values)[i] = text.length == 0 ? 0 : (uint8_t)text.data[0];
            break;
        case IS_VALID_UTF8: {
            size_t at = 0;
            utf8proc_int32_t point;
            for (size_t round = 0; at < text.length && !interrupted_at(round++);) {
                utf8proc_ssize_t used = utf8proc_iterate((const utf8proc_uint8_t *)text.data + at,
                                                         (utf8proc_ssize_t)(text.length - at), &point);
                if (used <= 0) {
                    break;
                }
                at += (size_t)used;
            }
            ((uint8_t *)made->values)[i] = at == text.length;
            break;
        }
        default: {
            bool empty = text.length == 0;
            if (function->argument_types[0]->kind == TYPE_FIXED_STRING) {
                empty = true;
                for (size_t b = 0; b < text.length; b++) {
                    empty &= text.data[b] == 0;
                }
            }
            ((uint8_t *)made->values)[i] = measure == EMPTY ? empty : !empty;
        }
        }
    }
    *out = made;
done:
    return err;
}

static struct err *resolve_measure(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    enum type_kind kind = bind->arguments[0].type->kind;
    if ((kind == TYPE_ARRAY || kind == TYPE_MAP) &&
        (bind->tag == LENGTH || bind->tag == EMPTY || bind->tag == NOT_EMPTY)) {
        return resolve_array_length(bind, out);
    }
    OR_DONE(argument_string(bind, 0));
    out->inner = type_simple(bind->tag <= LENGTH_UTF8 ? TYPE_UINT64 : bind->tag == ASCII ? TYPE_INT32 : TYPE_UINT8);
    out->evaluate = evaluate_measure;
    out->data = (const void *)(intptr_t)bind->tag;
done:
    return err;
}

/* --- text → text, and numbers that say how -------------------------------------------------------------------------
 */

enum change {
    LOWER,
    UPPER,
    LOWER_UTF8,
    UPPER_UTF8,
    REVERSE,
    REVERSE_UTF8,
    TRIM_BOTH,
    TRIM_LEFT,
    TRIM_RIGHT,
    SUBSTRING,
    SUBSTRING_UTF8,
    LEFT,
    LEFT_UTF8,
    RIGHT,
    RIGHT_UTF8,
    REPEAT,
    PAD_LEFT,
    PAD_RIGHT,
    PAD_LEFT_UTF8,
    PAD_RIGHT_UTF8,
    INITCAP,
    APPEND_CHAR,
};

#define TEXT_BYTES_MAX ((size_t)1 << 30)

struct row_arguments {
    struct slice text;
    struct slice extra;
    int64_t numbers[2];
    bool has_second;
};

static struct slice trimmed(struct slice text, struct slice set, bool left, bool right)
{
    if (set.length == 0) {
        return text;
    }
    while (left && text.length > 0 && memchr(set.data, text.data[0], set.length) != NULL) {
        text.data++;
        text.length--;
    }
    while (right && text.length > 0 && memchr(set.data, text.data[text.length - 1], set.length) != NULL) {
        text.length--;
    }
    return text;
}

/* offset from 1, or negative from the end; length negative: without so many at the end. Units: bytes or code points. */
static struct slice part(struct slice text, int64_t offset, int64_t length, bool has_length, bool utf8)
{
    int64_t count = (int64_t)(utf8 ? utf8_count(text) : text.length);
    int64_t begin;
    int64_t end;
    if (offset > 0) {
        begin = offset - 1;
    } else if (offset < 0) {
        begin = count + offset;
    } else {
        return slice_of("", 0);
    }
    if (!has_length) {
        end = count;
    } else if (length < 0) {
        end = count + length;
    } else {
        end = length > INT64_MAX / 2 ? INT64_MAX / 2 : begin + length;
    }
    begin = begin < 0 ? 0 : begin;
    end = end > count ? count : end;
    if (begin >= end) {
        return slice_of("", 0);
    }
    if (!utf8) {
        return slice_of(text.data + begin, (size_t)(end - begin));
    }
    size_t at = 0;
    for (int64_t i = 0; i < begin && !interrupted_at((uint64_t)i); i++) {
        at += utf8_bytes(text, at);
    }
    size_t from = at;
    for (int64_t i = begin; i < end && !interrupted_at((uint64_t)i); i++) {
        at += utf8_bytes(text, at);
    }
    return slice_of(text.data + from, at - from);
}

static struct err *case_utf8(struct text_buffer *buffer, struct slice text, bool upper, struct slice *out)
{
    char *to = text_room(buffer, text.length * 4 + 4);
    size_t length = 0;
    if (to == NULL) {
        return arena_error(buffer->arena);
    }
    for (size_t at = 0, round = 0; at < text.length && !interrupted_at(round++);) {
        utf8proc_int32_t point;
        utf8proc_ssize_t used =
            utf8proc_iterate((const utf8proc_uint8_t *)text.data + at, (utf8proc_ssize_t)(text.length - at), &point);
        if (used <= 0) {
            to[length++] = text.data[at++];
            continue;
        }
        point = upper ? utf8proc_toupper(point) : utf8proc_tolower(point);
        length += (size_t)utf8proc_encode_char(point, (utf8proc_uint8_t *)to + length);
        at += (size_t)used;
    }
    *out = text_taken(buffer, length);
    return NULL;
}

static struct err *padded(struct text_buffer *buffer, const struct row_arguments *row, bool left, bool utf8,
                          struct slice *out)
{
    struct slice pad = row->extra.length == 0 ? slice_of(" ", 1) : row->extra;
    int64_t want = row->numbers[0];
    int64_t have = (int64_t)(utf8 ? utf8_count(row->text) : row->text.length);
    if (want <= have) {
        *out = part(row->text, 1, want < 0 ? 0 : want, true, utf8);
        return NULL;
    }
    size_t pad_points = utf8 ? utf8_count(pad) : pad.length;
    size_t bytes = row->text.length + ((size_t)(want - have) / pad_points + 1) * pad.length;
    if (want > 100000000 || bytes > TEXT_BYTES_MAX) {
        return err_new(ERR_STRING_TOO_LARGE, "padding to %lld characters is too long", (long long)want);
    }
    char *to = text_room(buffer, bytes);
    if (to == NULL) {
        return arena_error(buffer->arena);
    }
    size_t length = 0;
    if (!left && row->text.length > 0) {
        memcpy(to, row->text.data, row->text.length);
        length = row->text.length;
    }
    size_t at = 0;
    for (int64_t i = have; i < want && !interrupted_at((uint64_t)i); i++) {
        size_t one = utf8 ? utf8_bytes(pad, at) : 1;
        memcpy(to + length, pad.data + at, one);
        length += one;
        at = at + one >= pad.length ? 0 : at + one;
    }
    if (left && row->text.length > 0) {
        memcpy(to + length, row->text.data, row->text.length);
        length += row->text.length;
    }
    *out = text_taken(buffer, length);
    return NULL;
}

static struct err *change_row(enum change change, struct text_buffer *buffer, const struct row_arguments *row,
                              struct slice *out)
{
    struct slice text = row->text;
    char *to;
    switch (change) {
    case LOWER:
    case UPPER:
    case INITCAP: {
        bool start = true;
        to = text_room(buffer, text.length);
        if (to == NULL) {
            return arena_error(buffer->arena);
        }
        for (size_t i = 0; i < text.length && !interrupted_at(i); i++) {
            char c = text.data[i];
            bool big = change == UPPER || (change == INITCAP && start);
            if (big ? c >= 'a' && c <= 'z' : c >= 'A' && c <= 'Z') {
                c = (char)(c ^ 0x20);
            }
            start = !((c >= '0' && c <= '9') || ((c | 0x20) >= 'a' && (c | 0x20) <= 'z'));
            to[i] = c;
        }
        *out = text_taken(buffer, text.length);
        return NULL;
    }
    case LOWER_UTF8:
    case UPPER_UTF8:
        return case_utf8(buffer, text, change == UPPER_UTF8, out);
    case REVERSE:
    case REVERSE_UTF8:
        to = text_room(buffer, text.length);
        if (to == NULL) {
            return arena_error(buffer->arena);
        }
        for (size_t at = 0, round = 0; at < text.length && !interrupted_at(round++);) {
            size_t one = change == REVERSE ? 1 : utf8_bytes(text, at);
            memcpy(to + text.length - at - one, text.data + at, one);
            at += one;
        }
        *out = text_taken(buffer, text.length);
        return NULL;
    case TRIM_BOTH:
    case TRIM_LEFT:
    case TRIM_RIGHT:
        *out = trimmed(text, row->extra, change != TRIM_RIGHT, change != TRIM_LEFT);
        return NULL;
    case SUBSTRING:
    case SUBSTRING_UTF8:
        *out = part(text, row->numbers[0], row->numbers[1], row->has_second, change == SUBSTRING_UTF8);
        return NULL;
    case LEFT:
    case LEFT_UTF8:
        *out = part(text, 1, row->numbers[0], true, change == LEFT_UTF8);
        return NULL;
    case RIGHT:
    case RIGHT_UTF8: {
        int64_t count = (int64_t)(change == RIGHT_UTF8 ? utf8_count(text) : text.length);
        int64_t n = row->numbers[0];
        int64_t begin = n < 0 ? -n : n > count ? 0 : count - n;
        *out = part(text, begin + 1, 0, false, change == RIGHT_UTF8);
        return NULL;
    }
    case REPEAT: {
        int64_t times = row->numbers[0];
        if (times <= 0 || text.length == 0) {
            *out = slice_of("", 0);
            return NULL;
        }
        if (times > 1000000 || (size_t)times > TEXT_BYTES_MAX / text.length) {
            return err_new(ERR_STRING_TOO_LARGE, "repeat %lld times is too long", (long long)times);
        }
        to = text_room(buffer, text.length * (size_t)times);
        if (to == NULL) {
            return arena_error(buffer->arena);
        }
        uint64_t steps = 0;
        for (int64_t i = 0; i < times; i++) {
            struct err *err = interrupt_steps(&steps, 4 + text.length / 4);
            err = err == NULL ? interrupt_copy(to + (size_t)i * text.length, text.data, text.length) : err;
            if (err != NULL) {
                return err;
            }
        }
        *out = text_taken(buffer, text.length * (size_t)times);
        return NULL;
    }
    case PAD_LEFT:
    case PAD_RIGHT:
    case PAD_LEFT_UTF8:
    case PAD_RIGHT_UTF8:
        return padded(buffer, row, change == PAD_LEFT || change == PAD_LEFT_UTF8, change >= PAD_LEFT_UTF8, out);
    case APPEND_CHAR:
        if (row->extra.length != 1) {
            return err_new(ERR_BAD_ARGUMENTS, "function appendTrailingCharIfAbsent takes one character to append");
        }
        if (text.length == 0 || text.data[text.length - 1] == row->extra.data[0]) {
            *out = text;
            return NULL;
        }
        to = text_room(buffer, text.length + 1);
        if (to == NULL) {
            return arena_error(buffer->arena);
        }
        memcpy(to, text.data, text.length);
        to[text.length] = row->extra.data[0];
        *out = text_taken(buffer, text.length + 1);
        return NULL;
    }
    return NULL;
}

static struct err *evaluate_change(EVALUATE_ARGUMENTS)
{
    struct err *err = NULL;
    enum change change = (enum change)(intptr_t)function->data;
    const struct column *columns[3] = {NULL, NULL, NULL};
    bool is_text[3] = {false, false, false};
    bool fixed = function->inner->kind == TYPE_FIXED_STRING;
    struct text_buffer buffer = {arena, NULL, 0};
    struct column *made;
    ASSERT(function->argument_count > 0);
    for (uint32_t a = 0; a < function->argument_count; a++) {
        is_text[a] = type_is_string(function->argument_types[a]);
        columns[a] = is_text[a] ? column_strings(arena, arguments[a]) : column_numbers(arena, arguments[a], TYPE_INT64);
        if (columns[a] == NULL) {
            return arena_error(arena);
        }
    }
    OR_DONE(result_new(arena, function->inner, row_count, &made));
    for (uint32_t i = 0; i < row_count; i++) {
        struct row_arguments row = {.text = VALUE_AT(columns[0], struct slice, i)};
        uint32_t numbers = 0;
        row.extra = change >= TRIM_BOTH && change <= TRIM_RIGHT ? slice_of(" ", 1) : slice_of("", 0);
        for (uint32_t a = 1; a < function->argument_count; a++) {
            if (is_text[a]) {
                row.extra = VALUE_AT(columns[a], struct slice, i);
            } else {
                row.numbers[numbers++] = VALUE_AT(columns[a], int64_t, i);
            }
        }
        row.has_second = numbers == 2;
        if (fixed) {
            struct slice text;
            OR_DONE(change_row(change, &buffer, &row, &text));
            memcpy((char *)made->values + (size_t)i * text.length, text.data, text.length);
            continue;
        }
        OR_DONE(change_row(change, &buffer, &row, &((struct slice *)made->values)[i]));
    }
    *out = made;
done:
    return err;
}

/* What the arguments after the text are: 't' text, 'n' number. */
static const char *shape_of(enum change change)
{
    switch (change) {
    case TRIM_BOTH:
    case TRIM_LEFT:
    case TRIM_RIGHT:
    case APPEND_CHAR:
        return "t";
    case PAD_LEFT:
    case PAD_RIGHT:
    case PAD_LEFT_UTF8:
    case PAD_RIGHT_UTF8:
        return "nt";
    default:
        return "nn";
    }
}

static struct err *resolve_change(const struct function_bind *bind, struct function *out)
{
    struct err *err = NULL;
    const char *shape = shape_of((enum change)bind->tag);
    if (bind->tag == REVERSE && bind->arguments[0].type->kind == TYPE_ARRAY) {
        return resolve_array_reverse(bind, out);
    }
    OR_DONE(argument_string(bind, 0));
    for (uint32_t i = 1; i < bind->count; i++) {
        if (shape[i - 1] == 't') {
            OR_DONE(argument_string(bind, i));
        } else {
            OR_DONE(argument_integer(bind, i));
        }
    }
    bool keeps = bind->tag == LOWER || bind->tag == UPPER || bind->tag == REVERSE; /* the length */
    out->inner = keeps ? bind->arguments[0].type : type_simple(TYPE_STRING);
    out->evaluate = evaluate_change;
    out->data = (const void *)(intptr_t)bind->tag;
done:
    return err;
}

#define CHANGE(name, any_case, least, most, tag)                                                                       \
    {                                                                                                                  \
        name, any_case, least, most, 0, resolve_change, tag                                                            \
    }
static const struct function_definition definitions[] = {
    {"length", true, 1, 1, 0, resolve_measure, LENGTH},
    {"lengthUTF8", false, 1, 1, 0, resolve_measure, LENGTH_UTF8},
    {"empty", false, 1, 1, 0, resolve_measure, EMPTY},
    {"notEmpty", false, 1, 1, 0, resolve_measure, NOT_EMPTY},
    {"ascii", true, 1, 1, 0, resolve_measure, ASCII},
    {"isValidUTF8", false, 1, 1, 0, resolve_measure, IS_VALID_UTF8},
    CHANGE("lower", true, 1, 1, LOWER),
    CHANGE("upper", true, 1, 1, UPPER),
    CHANGE("initcap", true, 1, 1, INITCAP),
    CHANGE("lowerUTF8", false, 1, 1, LOWER_UTF8),
    CHANGE("upperUTF8", false, 1, 1, UPPER_UTF8),
    CHANGE("reverse", true, 1, 1, REVERSE),
    CHANGE("reverseUTF8", false, 1, 1, REVERSE_UTF8),
    CHANGE("trimBoth", false, 1, 2, TRIM_BOTH),
    CHANGE("trimLeft", false, 1, 2, TRIM_LEFT),
    CHANGE("trimRight", false, 1, 2, TRIM_RIGHT),
    CHANGE("substring", true, 2, 3, SUBSTRING),
    CHANGE("substringUTF8", false, 2, 3, SUBSTRING_UTF8),
    CHANGE("left", true, 2, 2, LEFT),
    CHANGE("leftUTF8", false, 2, 2, LEFT_UTF8),
    CHANGE("right", true, 2, 2, RIGHT),
    CHANGE("rightUTF8", false, 2, 2, RIGHT_UTF8),
    {"repeat", true, 2, 2, FUNCTION_CAN_FAIL, resolve_change, REPEAT},
    CHANGE("leftPad", false, 2, 3, PAD_LEFT),
    CHANGE("rightPad", false, 2, 3, PAD_RIGHT),
    CHANGE("leftPadUTF8", false, 2, 3, PAD_LEFT_UTF8),
    CHANGE("rightPadUTF8", false, 2, 3, PAD_RIGHT_UTF8),
    CHANGE("appendTrailingCharIfAbsent", false, 2, 2, APPEND_CHAR),
};
static const struct function_alias aliases[] = {
    {"OCTET_LENGTH", true, "length"},
    {"CARDINALITY", true, "length"},
    {"CHAR_LENGTH", true, "lengthUTF8"},
    {"CHARACTER_LENGTH", true, "lengthUTF8"},
    {"lcase", true, "lower"},
    {"ucase", true, "upper"},
    {"trim", true, "trimBoth"},
    {"ltrim", true, "trimLeft"},
    {"rtrim", true, "trimRight"},
    {"substr", true, "substring"},
    {"mid", true, "substring"},
    {"byteSlice", true, "substring"},
    {"lpad", true, "leftPad"},
    {"rpad", true, "rightPad"},
};
const struct function_group functions_text = GROUP_OF(definitions, aliases);
