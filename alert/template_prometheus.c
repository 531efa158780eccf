/*
 * template_prometheus.c: the functions that Prometheus adds to Go's: humanize and its kin, queries, regular expressions, addresses.
 */
#include "alert/template_private.h"

#include "base/number.h"
#include "query/functions/regex.h"

#include <arpa/inet.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <utf8proc.h>

#define REGEX_STEPS   500U /* what one regular expression costs at least */
#define MAP_DEPTH_MAX 32U

typedef const struct template_value *values;

const struct template_function *template_function_find(struct slice name)
{
    const struct template_function *const tables[] = {template_functions_go, template_functions_prometheus};
    for (size_t t = 0; t < 2; t++) {
        for (const struct template_function *at = tables[t]; at->name != NULL; at++) {
            if (slice_equal(name, slice_text(at->name))) {
                return at;
            }
        }
    }
    return NULL;
}

static struct err *to_float(const struct template_value *value, double *out)
{
    *out = 0;
    switch (value->kind) {
    case VALUE_FLOAT:
        *out = value->number;
        return NULL;
    case VALUE_INT:
        *out = (double)value->integer;
        return NULL;
    case VALUE_DURATION:
        *out = (double)value->integer / 1e9;
        return NULL;
    case VALUE_STRING:
        return number_parse_double(value->text, out) ? NULL
                                                     : err_new(ERR_BAD_ARGUMENTS, "parsing \"%.*s\": invalid syntax",
                                                               SLICE_ARG(slice_cut(value->text, 80)));
    default:
        return err_new(ERR_BAD_ARGUMENTS, "can't convert %s to float", template_type(value));
    }
}

static struct template_value a_number(double value)
{
    return (struct template_value){.kind = VALUE_FLOAT, .number = value};
}

/* %.4g and a unit */
static struct err *four_digits(struct template_run *run, double value, const char *unit, struct template_value *out)
{
    struct buffer text = {0};
    template_number(&text, value, 'g', 4);
    buffer_text(&text, unit);
    return template_text_of(run, &text, out);
}

static const char *const small_units[] = {"m", "u", "n", "p", "f", "a", "z", "y"};

static const char *scale_small(double *value)
{
    const char *unit = "";
    for (size_t k = 0; k < 8 && fabs(*value) < 1; k++) {
        unit = small_units[k];
        *value *= 1000;
    }
    return unit;
}

static struct err *humanize(struct template_run *run, const struct template_value *value, double base,
                            const char *const units[8], struct template_value *out)
{
    double number;
    const char *unit = "";
    struct err *err = to_float(value, &number);
    if (err != NULL) {
        return err;
    }
    bool plain = number == 0 || !isfinite(number) || (base == 1024 && fabs(number) <= 1);
    if (!plain && fabs(number) >= 1) {
        for (size_t k = 0; k < 8 && fabs(number) >= base; k++) {
            unit = units[k];
            number /= base;
        }
    } else if (!plain) {
        unit = scale_small(&number);
    }
    return four_digits(run, number, unit, out);
}

static struct err *call_humanize(struct template_run *run, values arguments, uint32_t count, struct template_value *out)
{
    static const char *const units[8] = {"k", "M", "G", "T", "P", "E", "Z", "Y"};
    (void)count;
    return humanize(run, &arguments[0], 1000, units, out);
}

static struct err *call_humanize1024(struct template_run *run, values arguments, uint32_t count,
                                     struct template_value *out)
{
    static const char *const units[8] = {"ki", "Mi", "Gi", "Ti", "Pi", "Ei", "Zi", "Yi"};
    (void)count;
    return humanize(run, &arguments[0], 1024, units, out);
}

static struct err *call_humanize_percentage(struct template_run *run, values arguments, uint32_t count,
                                            struct template_value *out)
{
    double value;
    struct err *err = to_float(&arguments[0], &value);
    (void)count;
    return err != NULL ? err : four_digits(run, value * 100, "%", out);
}

static struct err *call_humanize_duration(struct template_run *run, values arguments, uint32_t count,
                                          struct template_value *out)
{
    double value;
    char unit[4];
    struct buffer text = {0};
    struct err *err = to_float(&arguments[0], &value);
    (void)count;
    if (err != NULL || !isfinite(value) || value == 0) {
        return err != NULL ? err : four_digits(run, value, value == 0 ? "s" : "", out);
    }
    if (fabs(value) < 1) {
        (void)snprintf(unit, sizeof(unit), "%ss", scale_small(&value));
        return four_digits(run, value, unit, out);
    }
    buffer_text(&text, value < 0 ? "-" : "");
    value = fabs(value);
    int64_t whole = value < 9e18 ? (int64_t)value : INT64_MIN; /* as Go's conversion answers */
    int64_t seconds = whole % 60, minutes = whole / 60 % 60, hours = whole / 3600 % 24, days = whole / 86400;
    if (days != 0) {
        buffer_printf(&text, "%lldd ", (long long)days);
    }
    if (days != 0 || hours != 0) {
        buffer_printf(&text, "%lldh ", (long long)hours);
    }
    if (days != 0 || hours != 0 || minutes != 0) {
        buffer_printf(&text, "%lldm %llds", (long long)minutes, (long long)seconds);
    } else {
        template_number(&text, value, 'g', 4);
        buffer_char(&text, 's');
    }
    return template_text_of(run, &text, out);
}

/* ---- times */

/* Nanoseconds in an int64_t; ERR_BAD_ARGUMENTS otherwise. */
static struct err *to_nanoseconds(const struct template_value *value, int64_t *out)
{
    double number;
    struct err *err = to_float(value, &number);
    if (err != NULL) {
        return err;
    }
    if (!isfinite(number)) {
        return err_new(ERR_BAD_ARGUMENTS, "value is NaN or Inf");
    }
    number *= 1e9;
    if (number >= 9223372036854775808.0 || number < -9223372036854775808.0) {
        return err_new(ERR_BAD_ARGUMENTS, "a time that overflows int64 in nanoseconds");
    }
    *out = (int64_t)number;
    return NULL;
}

static struct err *call_to_time(struct template_run *run, values arguments, uint32_t count, struct template_value *out)
{
    int64_t ns = 0;
    struct err *err = to_nanoseconds(&arguments[0], &ns);
    (void)run, (void)count;
    *out = (struct template_value){.kind = VALUE_TIME, .integer = ns / 1000000};
    return err;
}

static struct err *call_to_duration(struct template_run *run, values arguments, uint32_t count,
                                    struct template_value *out)
{
    (void)run, (void)count;
    *out = (struct template_value){.kind = VALUE_DURATION};
    return to_nanoseconds(&arguments[0], &out->integer);
}

static struct err *call_humanize_timestamp(struct template_run *run, values arguments, uint32_t count,
                                           struct template_value *out)
{
    double value;
    struct buffer text = {0};
    struct err *err = to_float(&arguments[0], &value);
    (void)count;
    if (err != NULL || !isfinite(value)) {
        return err != NULL ? err : four_digits(run, value, "", out);
    }
    struct template_value time = {0};
    err = call_to_time(run, arguments, 1, &time);
    if (err != NULL) {
        return err;
    }
    template_time(&text, time.integer);
    return template_text_of(run, &text, out);
}

static struct err *call_now(struct template_run *run, values arguments, uint32_t count, struct template_value *out)
{
    (void)arguments, (void)count;
    *out = a_number((double)(run->input->now_us / 1000) / 1000.0);
    return NULL;
}

/* 1d2h3m4s5ms, units in falling order. */
static struct err *call_parse_duration(struct template_run *run, values arguments, uint32_t count,
                                       struct template_value *out)
{
    static const struct {
        const char *name;
        uint64_t ms;
    } units[] = {{"y", 31536000000}, {"w", 604800000}, {"d", 86400000}, {"h", 3600000},
                 {"m", 60000},       {"s", 1000},      {"ms", 1}};
    struct slice text = arguments[0].text;
    uint64_t ms = 0;
    size_t at = 0, unit = 0, next = 0;
    bool good = text.length > 0;
    (void)run, (void)count;
    if (slice_equal(text, slice_text("0"))) {
        *out = a_number(0);
        return NULL;
    }
    while (good && at < text.length) {
        size_t begin = at;
        uint64_t number;
        while (at < text.length && text.data[at] >= '0' && text.data[at] <= '9') {
            at++;
        }
        good = number_parse_u64(slice_of(text.data + begin, at - begin), &number);
        size_t word = at;
        while (at < text.length && (text.data[at] < '0' || text.data[at] > '9')) {
            at++;
        }
        for (unit = next; unit < 7; unit++) {
            if (slice_equal(slice_of(text.data + word, at - word), slice_text(units[unit].name))) {
                break;
            }
        }
        good = good && unit < 7 && !__builtin_mul_overflow(number, units[unit].ms, &number) &&
               !__builtin_add_overflow(ms, number, &ms) && ms <= (uint64_t)INT64_MAX / 1000000;
        next = unit + 1;
    }
    if (!good) {
        return err_new(ERR_BAD_ARGUMENTS, "not a valid duration string: \"%.*s\"", SLICE_ARG(slice_cut(text, 80)));
    }
    *out = a_number((double)ms * 1e6 / 1e9);
    return NULL;
}

/* ---- queries */

static struct err *call_query(struct template_run *run, values arguments, uint32_t count, struct template_value *out)
{
    const struct template_input *input = run->input;
    (void)count;
    *out = (struct template_value){.kind = VALUE_SAMPLES};
    if (input->query == NULL) {
        return err_new(ERR_BAD_ARGUMENTS, "queries cannot run here");
    }
    struct err *err = template_steps(run, TEMPLATE_STEPS_MAX / 20); /* a template has no more than a few */
    err = err != NULL ? err : input->query(input->object, arguments[0].text, run->arena, &out->samples, &out->count);
    return err != NULL ? err : template_steps(run, out->count);
}

static struct err *call_first(struct template_run *run, values arguments, uint32_t count, struct template_value *out)
{
    (void)run, (void)count;
    *out = (struct template_value){.kind = VALUE_SAMPLE, .samples = arguments[0].samples};
    return arguments[0].count > 0 ? NULL : err_new(ERR_BAD_ARGUMENTS, "first() called on vector with no elements");
}

static struct err *call_label(struct template_run *run, values arguments, uint32_t count, struct template_value *out)
{
    const struct labels *labels = &arguments[1].samples->labels;
    (void)count;
    *out = template_text_value((struct slice){0});
    for (uint32_t k = 0; k < labels->count; k++) {
        if (slice_equal(labels->items[k].name, arguments[0].text)) {
            *out = template_text_value(labels->items[k].value);
        }
    }
    return template_steps(run, labels->count / 8);
}

static struct err *call_value(struct template_run *run, values arguments, uint32_t count, struct template_value *out)
{
    (void)run, (void)count;
    *out = a_number(arguments[0].samples->value);
    return NULL;
}

static struct err *call_strvalue(struct template_run *run, values arguments, uint32_t count, struct template_value *out)
{
    const struct template_value both[2] = {template_text_value(slice_text("__value__")), arguments[0]};
    (void)count;
    return call_label(run, both, 2, out);
}

struct sorted {
    struct template_sample sample;
    struct slice by;
    uint32_t place;
};

static int by_label(const void *a, const void *b)
{
    const struct sorted *x = a, *y = b;
    int order = slice_compare(x->by, y->by);
    return order != 0 ? order : (x->place > y->place) - (x->place < y->place);
}

static struct err *call_sort_by_label(struct template_run *run, values arguments, uint32_t count,
                                      struct template_value *out)
{
    struct err *err = template_steps(run, arguments[1].count);
    uint32_t samples = arguments[1].count;
    (void)count;
    *out = arguments[1];
    if (err != NULL || samples == 0) {
        return err;
    }
    struct sorted *sorted = ARENA_ARRAY(run->arena, struct sorted, samples);
    if (sorted == NULL) {
        return arena_error(run->arena);
    }
    for (uint32_t k = 0; k < samples; k++) {
        struct template_value pair[2] = {arguments[0], {.kind = VALUE_SAMPLE, .samples = &out->samples[k]}};
        struct template_value label;
        err = call_label(run, pair, 2, &label);
        if (err != NULL) {
            return err;
        }
        sorted[k] = (struct sorted){out->samples[k], label.text, k};
    }
    qsort(sorted, samples, sizeof(*sorted), by_label);
    for (uint32_t k = 0; k < samples; k++) {
        out->samples[k] = sorted[k].sample;
    }
    return NULL;
}

/* arg0, arg1, … */
static struct err *call_args(struct template_run *run, values arguments, uint32_t count, struct template_value *out)
{
    struct template_entry *entries = ARENA_ARRAY(run->arena, struct template_entry, count == 0 ? 1 : count);
    if (entries == NULL) {
        return arena_error(run->arena);
    }
    *out = (struct template_value){.kind = VALUE_MAP, .map = {.entries = entries, .count = count}};
    for (uint32_t k = 0; k < count; k++) {
        const char *name = arena_format(run->arena, "arg%u", k);
        if (name == NULL) {
            return arena_error(run->arena);
        }
        entries[k] = (struct template_entry){slice_text(name), arguments[k]};
        if (arguments[k].kind == VALUE_MAP && arguments[k].count >= out->count) {
            out->count = arguments[k].count + 1; /* of a map: how deep it is */
        }
    }
    return out->count <= MAP_DEPTH_MAX ? NULL
                                       : err_new(ERR_LIMIT_EXCEEDED, "args nested deeper than %u", MAP_DEPTH_MAX);
}

/* ---- texts */

/* Compiled as Go would read it: no match of '.' with a line's end, '$' at the very end alone. */
static struct err *compile(struct template_run *run, struct slice pattern, pcre2_code **out)
{
    struct err *err = template_steps(run, REGEX_STEPS + pattern.length);
    const char *text = arena_format(run->arena, "(?-s)%.*s", SLICE_ARG(pattern));
    if (err != NULL || text == NULL) {
        return err != NULL ? err : arena_error(run->arena);
    }
    return regex_pattern(run->arena, slice_of(text, strlen(text)), out);
}

static void match_free(void *data)
{
    pcre2_match_data_free(data);
}

static struct err *match_data(struct template_run *run, const pcre2_code *code, pcre2_match_data **out)
{
    *out = pcre2_match_data_create_from_pattern(code, NULL);
    if (*out == NULL) {
        return err_oom();
    }
    if (!arena_on_destroy(run->arena, match_free, *out)) {
        pcre2_match_data_free(*out);
        return arena_error(run->arena);
    }
    return NULL;
}

static struct err *call_match(struct template_run *run, values arguments, uint32_t count, struct template_value *out)
{
    struct err *err = NULL;
    pcre2_code *code;
    pcre2_match_data *data;
    (void)count;
    *out = (struct template_value){.kind = VALUE_BOOL};
    OR_DONE(compile(run, arguments[0].text, &code));
    OR_DONE(match_data(run, code, &data));
    OR_DONE(template_steps(run, arguments[1].text.length / 16));
    OR_DONE(regex_next(code, data, arguments[1].text, 0, &out->truth));
done:
    return err;
}

/* The group of that number or name in a match; nothing when it took no part. */
static struct slice group(const pcre2_code *code, pcre2_match_data *data, struct slice text, struct slice name)
{
    uint64_t number;
    const PCRE2_SIZE *places = pcre2_get_ovector_pointer(data);
    if (!number_parse_u64(name, &number)) {
        char word[128];
        if (name.length >= sizeof(word)) {
            return (struct slice){0};
        }
        slice_copy(word, sizeof(word), name);
        int found = pcre2_substring_number_from_name(code, (PCRE2_SPTR)word);
        number = found > 0 ? (uint64_t)found : UINT64_MAX;
    }
    if (number >= pcre2_get_ovector_count(data) || places[2 * number] == PCRE2_UNSET) {
        return (struct slice){0};
    }
    return slice_of(text.data + places[2 * number], places[2 * number + 1] - places[2 * number]);
}

/* $1, ${1}, $name, ${name}, $$, as Go's Regexp.Expand. */
static void replace(struct buffer *out, const pcre2_code *code, pcre2_match_data *data, struct slice text,
                    struct slice with)
{
    for (size_t at = 0; at < with.length; at++) {
        size_t begin = at + 1, end;
        bool braces = begin < with.length && with.data[begin] == '{';
        if (with.data[at] != '$' || begin == with.length) {
            buffer_char(out, with.data[at]);
            continue;
        }
        if (with.data[begin] == '$') {
            buffer_char(out, '$');
            at++;
            continue;
        }
        begin += braces;
        for (end = begin; end < with.length; end++) {
            char low = (char)(with.data[end] | 0x20);
            if (!(with.data[end] == '_' || (low >= 'a' && low <= 'z') ||
                  (with.data[end] >= '0' && with.data[end] <= '9'))) {
                break;
            }
        }
        if (end == begin || (braces && (end == with.length || with.data[end] != '}'))) {
            buffer_char(out, '$'); /* no group: the text itself */
            continue;
        }
        buffer_slice(out, group(code, data, text, slice_of(with.data + begin, end - begin)));
        at = braces ? end : end - 1;
    }
}

static struct err *call_replace(struct template_run *run, values arguments, uint32_t count, struct template_value *out)
{
    struct err *err = NULL;
    pcre2_code *code;
    pcre2_match_data *data;
    struct buffer made = {0};
    struct slice text = arguments[2].text;
    size_t from = 0, copied = 0;
    bool found = true;
    (void)count;
    OR_DONE(compile(run, arguments[0].text, &code));
    OR_DONE(match_data(run, code, &data));
    while (from <= text.length && made.length <= TEMPLATE_OUTPUT_BYTES_MAX) {
        OR_DONE(template_steps(run, 1 + (text.length - from) / 16));
        OR_DONE(regex_next(code, data, text, from, &found));
        if (!found) {
            break;
        }
        const PCRE2_SIZE *places = pcre2_get_ovector_pointer(data);
        bool again = places[1] == places[0] && places[0] == copied && copied > 0; /* nothing, right behind a match */
        if (!again) {
            buffer_append(&made, text.data + copied, places[0] - copied);
            replace(&made, code, data, text, arguments[1].text);
            copied = places[1];
        }
        from = places[1] > places[0]     ? places[1]
               : places[1] < text.length ? places[1] + utf8_bytes(text, places[1])
                                         : text.length + 1;
    }
    buffer_append(&made, text.data + copied, text.length - copied);
    return template_text_of(run, &made, out);
done:
    buffer_deinit(&made);
    return err;
}

enum letters { UPPER, LOWER, TITLE };

/* What stands before the first letter of a word, for strings.Title. */
static bool separates(utf8proc_int32_t point)
{
    if (point < 0x80) {
        char low = (char)(point | 0x20);
        return !(point == '_' || (point >= '0' && point <= '9') || (low >= 'a' && low <= 'z'));
    }
    utf8proc_category_t category = utf8proc_category(point);
    return category == UTF8PROC_CATEGORY_ZS || category == UTF8PROC_CATEGORY_ZL || category == UTF8PROC_CATEGORY_ZP ||
           point == 0x85;
}

static struct err *change_letters(struct template_run *run, struct slice text, enum letters how,
                                  struct template_value *out)
{
    struct buffer made = {0};
    utf8proc_int32_t before = ' ', point;
    char bytes[8];
    for (size_t at = 0; at < text.length;) {
        utf8proc_ssize_t length =
            utf8proc_iterate((const utf8proc_uint8_t *)text.data + at, (utf8proc_ssize_t)(text.length - at), &point);
        if (length <= 0) {
            point = 0xfffd;
            length = 1;
        }
        utf8proc_int32_t changed = how == UPPER
                                       ? (point == 0xdf ? point : utf8proc_toupper(point)) /* ß, as Go has it */
                                   : how == LOWER      ? utf8proc_tolower(point)
                                   : separates(before) ? utf8proc_totitle(point)
                                                       : point;
        buffer_append(&made, bytes, utf8_put((uint32_t)changed, bytes));
        before = point;
        at += (size_t)length;
    }
    return template_text_of(run, &made, out);
}

static struct err *call_upper(struct template_run *run, values arguments, uint32_t count, struct template_value *out)
{
    (void)count;
    return change_letters(run, arguments[0].text, UPPER, out);
}

static struct err *call_lower(struct template_run *run, values arguments, uint32_t count, struct template_value *out)
{
    (void)count;
    return change_letters(run, arguments[0].text, LOWER, out);
}

static struct err *call_title(struct template_run *run, values arguments, uint32_t count, struct template_value *out)
{
    (void)count;
    return change_letters(run, arguments[0].text, TITLE, out);
}

static struct err *call_same(struct template_run *run, values arguments, uint32_t count, struct template_value *out)
{
    (void)run, (void)count;
    *out = arguments[0];
    return NULL;
}

/* ---- addresses */

/* host:port, [host]:port; false: there is no port, or it cannot be told. */
static bool split_address(struct slice text, struct slice *host, struct slice *port)
{
    const char *colon = text.length == 0 ? NULL : memrchr(text.data, ':', text.length);
    if (colon == NULL) {
        return false;
    }
    size_t at = (size_t)(colon - text.data), begin = 0, behind = 0;
    *host = slice_of(text.data, at);
    if (text.data[0] == '[') {
        const char *end = memchr(text.data, ']', text.length);
        if (end == NULL || (size_t)(end - text.data) + 1 != at) {
            return false;
        }
        *host = slice_of(text.data + 1, at - 2);
        begin = 1;
        behind = at;
    } else if (memchr(text.data, ':', at) != NULL) {
        return false;
    }
    *port = slice_of(colon + 1, text.length - at - 1);
    return memchr(text.data + begin, '[', text.length - begin) == NULL &&
           memchr(text.data + behind, ']', text.length - behind) == NULL;
}

static struct err *call_strip_port(struct template_run *run, values arguments, uint32_t count,
                                   struct template_value *out)
{
    struct slice host, port;
    (void)run, (void)count;
    *out = template_text_value(split_address(arguments[0].text, &host, &port) ? host : arguments[0].text);
    return NULL;
}

static bool is_ip(struct slice host)
{
    char text[64];
    unsigned char address[16];
    if (host.length >= sizeof(text)) {
        return false;
    }
    slice_copy(text, sizeof(text), host);
    return inet_pton(AF_INET, text, address) == 1 || inet_pton(AF_INET6, text, address) == 1;
}

static struct err *call_strip_domain(struct template_run *run, values arguments, uint32_t count,
                                     struct template_value *out)
{
    struct slice host, port = {0};
    struct buffer text = {0};
    (void)count;
    if (!split_address(arguments[0].text, &host, &port)) {
        host = arguments[0].text;
    }
    if (is_ip(host)) {
        *out = arguments[0];
        return NULL;
    }
    const char *dot = host.length == 0 ? NULL : memchr(host.data, '.', host.length);
    host.length = dot == NULL ? host.length : (size_t)(dot - host.data);
    bool brackets = port.length > 0 && host.length > 0 && memchr(host.data, ':', host.length) != NULL;
    buffer_text(&text, brackets ? "[" : "");
    buffer_slice(&text, host);
    buffer_text(&text, brackets ? "]" : "");
    buffer_text(&text, port.length > 0 ? ":" : "");
    buffer_slice(&text, port);
    return template_text_of(run, &text, out);
}

static struct err *link_to(struct template_run *run, const struct template_value *query, uint32_t tab,
                           struct template_value *out)
{
    struct template_value escaped = {0};
    struct buffer text = {0};
    const struct template_function *urlquery = template_function_find(slice_text("urlquery"));
    struct err *err = urlquery->call(run, query, 1, &escaped);
    if (err != NULL) {
        return err;
    }
    buffer_text(&text, "/graph?g0.expr=");
    buffer_slice(&text, escaped.text);
    buffer_printf(&text, "&g0.tab=%u", tab);
    return template_text_of(run, &text, out);
}

static struct err *call_graph_link(struct template_run *run, values arguments, uint32_t count,
                                   struct template_value *out)
{
    (void)count;
    return link_to(run, &arguments[0], 0, out);
}

static struct err *call_table_link(struct template_run *run, values arguments, uint32_t count,
                                   struct template_value *out)
{
    (void)count;
    return link_to(run, &arguments[0], 1, out);
}

static struct err *call_external_url(struct template_run *run, values arguments, uint32_t count,
                                     struct template_value *out)
{
    (void)arguments, (void)count;
    *out = template_text_value(run->input->external_url);
    return NULL;
}

static struct err *call_path_prefix(struct template_run *run, values arguments, uint32_t count,
                                    struct template_value *out)
{
    struct slice url = run->input->external_url;
    const char *scheme = url.length == 0 ? NULL : memmem(url.data, url.length, "://", 3);
    size_t at = scheme == NULL ? 0 : (size_t)(scheme - url.data) + 3;
    (void)arguments, (void)count;
    while (scheme != NULL && at < url.length && url.data[at] != '/' && url.data[at] != '?' && url.data[at] != '#') {
        at++;
    }
    size_t end = at;
    while (end < url.length && url.data[end] != '?' && url.data[end] != '#') {
        end++;
    }
    *out = template_text_value(slice_of(url.data + at, end - at));
    return NULL;
}

const struct template_function template_functions_prometheus[] = {
    {"humanize", 1, 1, "a", call_humanize},
    {"humanize1024", 1, 1, "a", call_humanize1024},
    {"humanizeDuration", 1, 1, "a", call_humanize_duration},
    {"humanizePercentage", 1, 1, "a", call_humanize_percentage},
    {"humanizeTimestamp", 1, 1, "a", call_humanize_timestamp},
    {"toTime", 1, 1, "a", call_to_time},
    {"toDuration", 1, 1, "a", call_to_duration},
    {"now", 0, 0, "", call_now},
    {"parseDuration", 1, 1, "s", call_parse_duration},
    {"query", 1, 1, "s", call_query},
    {"first", 1, 1, "q", call_first},
    {"label", 2, 2, "so", call_label},
    {"value", 1, 1, "o", call_value},
    {"strvalue", 1, 1, "o", call_strvalue},
    {"sortByLabel", 2, 2, "sq", call_sort_by_label},
    {"args", 0, UINT32_MAX, "a", call_args},
    {"match", 2, 2, "s", call_match},
    {"reReplaceAll", 3, 3, "s", call_replace},
    {"toUpper", 1, 1, "s", call_upper},
    {"toLower", 1, 1, "s", call_lower},
    {"title", 1, 1, "s", call_title},
    {"safeHtml", 1, 1, "s", call_same},
    {"stripPort", 1, 1, "s", call_strip_port},
    {"stripDomain", 1, 1, "s", call_strip_domain},
    {"graphLink", 1, 1, "s", call_graph_link},
    {"tableLink", 1, 1, "s", call_table_link},
    {"externalURL", 0, 0, "", call_external_url},
    {"pathPrefix", 0, 0, "", call_path_prefix},
    {NULL, 0, 0, "", NULL},
};
