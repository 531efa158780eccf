/*
 * template_text.c: Prometheus' functions of texts: regular expressions, letters, addresses, links.
 */
#include "alert/template_private.h"

#include "base/number.h"
#include "query/functions/regex.h"

#include <arpa/inet.h>
#include <utf8proc.h>

#define REGEX_STEPS 500U /* what one regular expression costs at least */

typedef const struct template_value *values;

/* ---- regular expressions */

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
            buffer_slice(&made, text.length == 0 ? text : slice_of(text.data + copied, places[0] - copied));
            replace(&made, code, data, text, arguments[1].text);
            copied = places[1];
        }
        from = places[1] > places[0]     ? places[1]
               : places[1] < text.length ? places[1] + utf8_bytes(text, places[1])
                                         : text.length + 1;
    }
    buffer_slice(&made, text.length == 0 ? text : slice_of(text.data + copied, text.length - copied));
    return template_text_of(run, &made, out);
done:
    buffer_deinit(&made);
    return err;
}

/* ---- letters */

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

const struct template_function template_functions_text[] = {
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
