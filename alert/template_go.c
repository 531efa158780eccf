/*
 * template_go.c: the functions that Go's templates have of themselves: and, or, not, comparison, index, len, print, html, …
 */
#include "alert/template_private.h"

#include <stdio.h>

typedef const struct template_value *values;

bool template_is_and(const struct template_function *function)
{
    return function == &template_functions_go[0];
}

bool template_is_or(const struct template_function *function)
{
    return function == &template_functions_go[1];
}

/* The walk stops at the first argument that decides: what comes here is the last one. */
static struct err *call_last(struct template_run *run, values arguments, uint32_t count, struct template_value *out)
{
    (void)run;
    *out = arguments[count - 1];
    return NULL;
}

static struct template_value truth(bool value)
{
    return (struct template_value){.kind = VALUE_BOOL, .truth = value};
}

static struct err *call_not(struct template_run *run, values arguments, uint32_t count, struct template_value *out)
{
    (void)run, (void)count;
    *out = truth(!template_truth(&arguments[0]));
    return NULL;
}

/* ---- comparison */

static bool is_basic(const struct template_value *value)
{
    return value->kind >= VALUE_BOOL && value->kind <= VALUE_STRING;
}

static struct err *incompatible(void)
{
    return err_new(ERR_BAD_ARGUMENTS, "incompatible types for comparison");
}

static struct err *equal(const struct template_value *a, const struct template_value *b, bool *out)
{
    enum value_kind x = a->kind == VALUE_DURATION ? VALUE_INT : a->kind;
    if (a->kind == VALUE_NONE || b->kind == VALUE_NONE) {
        *out = a->kind == b->kind;
        return NULL;
    }
    if (a->kind != b->kind) {
        return incompatible();
    }
    if (!is_basic(a) && a->kind != VALUE_DURATION && a->kind != VALUE_TIME && a->kind != VALUE_SAMPLE) {
        return err_new(ERR_BAD_ARGUMENTS, "non-comparable type %s", template_type(a));
    }
    *out = x == VALUE_BOOL     ? a->truth == b->truth
           : x == VALUE_FLOAT  ? a->number == b->number
           : x == VALUE_STRING ? slice_equal(a->text, b->text)
           : x == VALUE_SAMPLE ? a->samples == b->samples
                               : a->integer == b->integer;
    return NULL;
}

static struct err *less(const struct template_value *a, const struct template_value *b, bool *out)
{
    if (!is_basic(a) || !is_basic(b)) {
        return err_new(ERR_BAD_ARGUMENTS, "invalid type for comparison");
    }
    if (a->kind != b->kind) {
        return incompatible();
    }
    if (a->kind == VALUE_BOOL) {
        return err_new(ERR_BAD_ARGUMENTS, "invalid type for comparison");
    }
    *out = a->kind == VALUE_FLOAT    ? a->number < b->number
           : a->kind == VALUE_STRING ? slice_compare(a->text, b->text) < 0
                                     : a->integer < b->integer;
    return NULL;
}

/* The first equals any of the others. */
static struct err *call_eq(struct template_run *run, values arguments, uint32_t count, struct template_value *out)
{
    (void)run;
    bool same = false;
    if (count < 2) {
        return err_new(ERR_BAD_ARGUMENTS, "missing argument for comparison");
    }
    for (uint32_t k = 1; k < count && !same; k++) {
        struct err *err = equal(&arguments[0], &arguments[k], &same);
        if (err != NULL) {
            return err;
        }
    }
    *out = truth(same);
    return NULL;
}

static struct err *call_ne(struct template_run *run, values arguments, uint32_t count, struct template_value *out)
{
    struct err *err = call_eq(run, arguments, count, out);
    out->truth = err == NULL && !out->truth;
    return err;
}

static struct err *call_lt(struct template_run *run, values arguments, uint32_t count, struct template_value *out)
{
    (void)run, (void)count;
    bool is_less = false;
    struct err *err = less(&arguments[0], &arguments[1], &is_less);
    *out = truth(is_less);
    return err;
}

static struct err *call_le(struct template_run *run, values arguments, uint32_t count, struct template_value *out)
{
    bool same = false;
    struct err *err = call_lt(run, arguments, count, out);
    if (err == NULL && !out->truth) {
        err = equal(&arguments[0], &arguments[1], &same);
        out->truth = same;
    }
    return err;
}

static struct err *call_gt(struct template_run *run, values arguments, uint32_t count, struct template_value *out)
{
    struct err *err = call_le(run, arguments, count, out);
    out->truth = err == NULL && !out->truth;
    return err;
}

static struct err *call_ge(struct template_run *run, values arguments, uint32_t count, struct template_value *out)
{
    struct err *err = call_lt(run, arguments, count, out);
    out->truth = err == NULL && !out->truth;
    return err;
}

/* ---- what is in a value */

static struct err *call_len(struct template_run *run, values arguments, uint32_t count, struct template_value *out)
{
    (void)run, (void)count;
    const struct template_value *of = &arguments[0];
    *out = (struct template_value){.kind = VALUE_INT};
    switch (of->kind) {
    case VALUE_STRING:
        out->integer = (int64_t)of->text.length;
        return NULL;
    case VALUE_MAP:
        out->integer = of->map.count;
        return NULL;
    case VALUE_SAMPLES:
        out->integer = of->count;
        return NULL;
    default:
        return err_new(ERR_BAD_ARGUMENTS, "len of type %s", template_type(of));
    }
}

static struct err *index_one(const struct template_value *of, const struct template_value *by,
                             struct template_value *out)
{
    size_t length = of->kind == VALUE_STRING ? of->text.length : of->count;
    if (of->kind == VALUE_MAP) {
        if (by->kind != VALUE_STRING) {
            return err_new(ERR_BAD_ARGUMENTS, "value has type %s; should be string", template_type(by));
        }
        *out = of->map.of_strings ? template_text_value((struct slice){0}) : (struct template_value){0};
        for (uint32_t k = 0; k < of->map.count; k++) {
            if (slice_equal(of->map.entries[k].key, by->text)) {
                *out = of->map.entries[k].value;
            }
        }
        return NULL;
    }
    if (of->kind != VALUE_STRING && of->kind != VALUE_SAMPLES) {
        return err_new(ERR_BAD_ARGUMENTS, "can't index item of type %s", template_type(of));
    }
    if (by->kind != VALUE_INT) {
        return err_new(ERR_BAD_ARGUMENTS, "cannot index slice/array with type %s", template_type(by));
    }
    if (by->integer < 0 || (uint64_t)by->integer >= length) {
        return err_new(ERR_BAD_ARGUMENTS, "index out of range: %lld", (long long)by->integer);
    }
    if (of->kind == VALUE_STRING) {
        *out = (struct template_value){.kind = VALUE_INT, .integer = (unsigned char)of->text.data[by->integer]};
    } else {
        *out = (struct template_value){.kind = VALUE_SAMPLE, .samples = &of->samples[by->integer]};
    }
    return NULL;
}

static struct err *call_index(struct template_run *run, values arguments, uint32_t count, struct template_value *out)
{
    struct template_value of = arguments[0];
    struct err *err = NULL;
    *out = of;
    for (uint32_t k = 1; k < count && err == NULL; k++) {
        err = template_steps(run, of.kind == VALUE_MAP ? of.map.count / 8 : 0);
        err = err == NULL ? index_one(&of, &arguments[k], out) : err;
        of = *out;
    }
    return err;
}

static struct err *call_slice(struct template_run *run, values arguments, uint32_t count, struct template_value *out)
{
    (void)run;
    const struct template_value *of = &arguments[0];
    bool is_text = of->kind == VALUE_STRING;
    int64_t length = is_text ? (int64_t)of->text.length : of->count, bounds[2] = {0, length};
    if (!is_text && of->kind != VALUE_SAMPLES) {
        return err_new(ERR_BAD_ARGUMENTS, "can't slice item of type %s", template_type(of));
    }
    for (uint32_t k = 1; k < count; k++) {
        if (arguments[k].kind != VALUE_INT) {
            return err_new(ERR_BAD_ARGUMENTS, "cannot index slice/array with type %s", template_type(&arguments[k]));
        }
        bounds[k - 1] = arguments[k].integer;
        if (bounds[k - 1] < 0 || bounds[k - 1] > length) {
            return err_new(ERR_BAD_ARGUMENTS, "index out of range: %lld", (long long)bounds[k - 1]);
        }
    }
    if (bounds[0] > bounds[1]) {
        return err_new(ERR_BAD_ARGUMENTS, "invalid slice index: %lld > %lld", (long long)bounds[0],
                       (long long)bounds[1]);
    }
    *out = *of;
    if (is_text) {
        out->text = slice_of(of->text.data + bounds[0], (size_t)(bounds[1] - bounds[0]));
    } else {
        out->samples += bounds[0];
        out->count = (uint32_t)(bounds[1] - bounds[0]);
    }
    return NULL;
}

/* ---- printing and escaping */

/* Spaces between two values that are no strings; lines: between all. */
static void print_all(struct buffer *out, values arguments, uint32_t count, bool lines)
{
    for (uint32_t k = 0; k < count && out->length <= TEMPLATE_OUTPUT_BYTES_MAX; k++) {
        bool strings = k > 0 && (arguments[k].kind == VALUE_STRING || arguments[k - 1].kind == VALUE_STRING);
        buffer_text(out, k > 0 && (lines || !strings) ? " " : "");
        template_print(out, &arguments[k]);
    }
}

static struct err *call_print(struct template_run *run, values arguments, uint32_t count, struct template_value *out)
{
    struct buffer text = {0};
    print_all(&text, arguments, count, false);
    return template_text_of(run, &text, out);
}

static struct err *call_println(struct template_run *run, values arguments, uint32_t count, struct template_value *out)
{
    struct buffer text = {0};
    print_all(&text, arguments, count, true);
    buffer_char(&text, '\n');
    return template_text_of(run, &text, out);
}

static struct err *call_printf(struct template_run *run, values arguments, uint32_t count, struct template_value *out)
{
    struct buffer text = {0};
    struct err *err;
    err = template_printf(run, arguments, count, &text);
    if (err != NULL) {
        buffer_deinit(&text);
        return err;
    }
    return template_text_of(run, &text, out);
}

typedef void escape_byte(struct buffer *out, char c);

static struct err *escape(struct template_run *run, values arguments, uint32_t count, escape_byte *byte,
                          struct template_value *out)
{
    struct buffer text = {0}, escaped = {0};
    print_all(&text, arguments, count, false);
    for (size_t k = 0; k < text.length && escaped.length <= TEMPLATE_OUTPUT_BYTES_MAX; k++) {
        byte(&escaped, text.data[k]);
    }
    buffer_deinit(&text);
    return template_text_of(run, &escaped, out);
}

static void html_byte(struct buffer *out, char c)
{
    static const char marks[] = "&<>\"'";
    static const char *const names[] = {"&amp;", "&lt;", "&gt;", "&#34;", "&#39;"};
    const char *found = c == 0 ? NULL : strchr(marks, c);
    if (c == 0) {
        buffer_text(out, "\xef\xbf\xbd");
    } else if (found != NULL) {
        buffer_text(out, names[found - marks]);
    } else {
        buffer_char(out, c);
    }
}

static void js_byte(struct buffer *out, char c)
{
    if (c == '\\' || c == '\'' || c == '"') {
        buffer_char(out, '\\');
        buffer_char(out, c);
    } else if ((unsigned char)c < 0x20 || c == '<' || c == '>' || c == '&' || c == '=') {
        buffer_printf(out, "\\u%04X", (unsigned char)c);
    } else {
        buffer_char(out, c);
    }
}

static void query_byte(struct buffer *out, char c)
{
    char low = (char)(c | 0x20);
    if (c == ' ') {
        buffer_char(out, '+');
    } else if ((low >= 'a' && low <= 'z') || (c >= '0' && c <= '9') || (c != 0 && strchr("-_.~", c) != NULL)) {
        buffer_char(out, c);
    } else {
        buffer_printf(out, "%%%02X", (unsigned char)c);
    }
}

static struct err *call_html(struct template_run *run, values arguments, uint32_t count, struct template_value *out)
{
    return escape(run, arguments, count, html_byte, out);
}

static struct err *call_js(struct template_run *run, values arguments, uint32_t count, struct template_value *out)
{
    return escape(run, arguments, count, js_byte, out);
}

static struct err *call_urlquery(struct template_run *run, values arguments, uint32_t count, struct template_value *out)
{
    return escape(run, arguments, count, query_byte, out);
}

const struct template_function template_functions_go[] = {
    {"and", 1, UINT32_MAX, "a", call_last}, /* the first two have names of their own above */
    {"or", 1, UINT32_MAX, "a", call_last},
    {"not", 1, 1, "a", call_not},
    {"eq", 1, UINT32_MAX, "a", call_eq},
    {"ne", 2, 2, "a", call_ne},
    {"lt", 2, 2, "a", call_lt},
    {"le", 2, 2, "a", call_le},
    {"gt", 2, 2, "a", call_gt},
    {"ge", 2, 2, "a", call_ge},
    {"len", 1, 1, "a", call_len},
    {"index", 1, UINT32_MAX, "a", call_index},
    {"slice", 1, 3, "a", call_slice},
    {"print", 0, UINT32_MAX, "a", call_print},
    {"println", 0, UINT32_MAX, "a", call_println},
    {"printf", 1, UINT32_MAX, "sa", call_printf},
    {"html", 0, UINT32_MAX, "a", call_html},
    {"js", 0, UINT32_MAX, "a", call_js},
    {"urlquery", 0, UINT32_MAX, "a", call_urlquery},
    {NULL, 0, 0, "", NULL},
};
