/*
 * url.c: parts of URLs, URLs without some of their parts, and percent-encoding.
 *
 * how      texts are searched for the marks of a URL, never validated, as ClickHouse does: what has no such part
 *          gives ''
 * thread   any, no shared state
 */
#include "base/hex.h"
#include "query/functions/row.h"
#include "query/functions/url.h"

enum cut { CUT_WWW, CUT_QUERY, CUT_FRAGMENT, CUT_QUERY_FRAGMENT };
enum { FORM = 1, RFC = 1, NO_WWW = 2 };

static bool is_alpha(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
}

static bool is_alnum(char c)
{
    return is_alpha(c) || (c >= '0' && c <= '9');
}

static bool is_one_of(char c, const char *set)
{
    return c != '\0' && strchr(set, c) != NULL;
}

/* First byte of [at, end) that is in the set, or end. */
static const char *find_of(const char *at, const char *end, const char *set)
{
    while (at < end && !is_one_of(*at, set)) {
        at++;
    }
    return at;
}

static struct slice from_to(const char *begin, const char *end)
{
    return slice_of(begin, (size_t)(end - begin));
}

static struct slice scheme_of(struct slice url)
{
    const char *at = url.data;
    const char *end = at + url.length;
    if (at == end || !is_alpha(*at)) {
        return slice_of("", 0);
    }
    while (at < end && (is_alnum(*at) || *at == '+' || *at == '-' || *at == '.')) {
        at++;
    }
    return at < end && *at == ':' ? from_to(url.data, at) : slice_of("", 0);
}

/* Where the authority begins: behind "//" or "scheme://", else at the beginning; NULL: no host can follow. */
static const char *authority_of(struct slice url)
{
    const char *at = url.data;
    const char *end = at + url.length;
    if (url.length >= 2 && at[0] == '/' && at[1] == '/') {
        return at + 2;
    }
    const char *scheme_end = at + (url.length < 16 ? url.length : 16);
    for (at = at < scheme_end ? at + 1 : at; at < scheme_end; at++) {
        if (is_alnum(*at) || *at == '.' || *at == '-' || *at == '+') {
            continue;
        }
        if (is_one_of(*at, " \t<>%{}|\\^~[];=&")) {
            return NULL;
        }
        break;
    }
    return end - at > 2 && memcmp(at, "://", 3) == 0 ? at + 3 : url.data;
}

static struct slice host_plain(const char *at, const char *end)
{
    const char *host = at;
    const char *dot = NULL;
    for (; at < end && !is_one_of(*at, ":/?#"); at++) {
        if (*at == '.') {
            dot = at;
        } else if (*at == '@') {
            host = at + 1;
        } else if (is_one_of(*at, " \t<>%{}|\\^~[];=&")) {
            return slice_of("", 0);
        }
    }
    return dot == NULL || dot + 1 == at || at == host ? slice_of("", 0) : from_to(host, at);
}

/* As RFC 3986 has it: user names may hold most marks, IPv6 addresses stand in brackets. */
static struct slice host_rfc(const char *at, const char *end)
{
    const char *host = at;
    const char *dot = NULL;
    const char *colon = NULL;
    bool has_user = false;
    bool odd = false;
    for (; at < end; at++) {
        if (is_one_of(*at, "/?#")) {
            break;
        }
        if (*at == '[' && at == host) {
            const char *close = memchr(at, ']', (size_t)(end - at));
            return close == NULL ? slice_of("", 0) : from_to(at + 1, close);
        }
        if (*at == '.') {
            dot = colon == NULL ? at : dot;
        } else if (*at == ':') {
            colon = colon == NULL ? at : colon;
        } else if (*at == '@') {
            if (has_user) {
                return slice_of("", 0);
            }
            has_user = true;
            host = at + 1;
            colon = dot = NULL;
            odd = false;
        } else if (is_one_of(*at, ";=&~%")) {
            odd = true;
        } else if (is_one_of(*at, " \t<>{}|\\^[]")) {
            return slice_of("", 0);
        }
    }
    if (odd) {
        return slice_of("", 0);
    }
    const char *stop = colon != NULL ? colon : at;
    return dot == NULL || dot + 1 == stop || stop <= host ? slice_of("", 0) : from_to(host, stop);
}

static struct slice host_of(struct slice url, bool rfc)
{
    const char *at = url.length == 0 ? NULL : authority_of(url);
    if (at == NULL) {
        return slice_of("", 0);
    }
    return rfc ? host_rfc(at, url.data + url.length) : host_plain(at, url.data + url.length);
}

static struct err *run_protocol(struct row_call *call, union row_value *out)
{
    out->text = scheme_of(call->arguments[0].text);
    return NULL;
}

struct slice url_domain(struct slice url, bool rfc, bool without_www)
{
    struct slice host = host_of(url, rfc);
    bool cut = without_www && host.length > 4 && memcmp(host.data, "www.", 4) == 0;
    return cut ? slice_of(host.data + 4, host.length - 4) : host;
}

static struct err *run_domain(struct row_call *call, union row_value *out)
{
    out->text = url_domain(call->arguments[0].text, (call->tag & RFC) != 0, (call->tag & NO_WWW) != 0);
    return NULL;
}

static struct err *run_top_level(struct row_call *call, union row_value *out)
{
    struct slice host = host_of(call->arguments[0].text, (call->tag & RFC) != 0);
    out->text = slice_of("", 0);
    if (host.length == 0 || memchr(host.data, ':', host.length) != NULL) {
        return NULL;
    }
    if (host.data[host.length - 1] == '.') {
        host.length--;
    }
    const char *dot = memrchr(host.data, '.', host.length);
    /* an address has no top level */
    if (dot != NULL && dot + 1 < host.data + host.length && (dot[1] < '0' || dot[1] > '9')) {
        out->text = from_to(dot + 1, host.data + host.length);
    }
    return NULL;
}

static struct err *run_netloc(struct row_call *call, union row_value *out)
{
    struct slice url = call->arguments[0].text;
    const char *end = url.data + url.length;
    const char *at = url.length == 0 ? NULL : authority_of(url);
    out->text = slice_of("", 0);
    if (at == NULL) {
        return NULL;
    }
    const char *stop = find_of(at, end, "/?#");
    const char *sign = memchr(at, '@', (size_t)(stop - at));
    for (const char *c = sign == NULL ? at : sign + 1; c < stop; c++) {
        if (is_one_of(*c, " \t<>%{}|\\^~[];=&")) {
            return NULL;
        }
    }
    out->text = from_to(at, stop);
    return NULL;
}

static struct err *run_port(struct row_call *call, union row_value *out)
{
    struct slice url = call->arguments[0].text;
    int64_t fallback = call->count > 1 ? call->arguments[1].integer : 0;
    struct slice host = host_of(url, (call->tag & RFC) != 0);
    const char *end = url.data + url.length;
    const char *at = host.data + host.length;
    int64_t port = 0;
    out->integer = fallback;
    at += at < end && *at == ']';
    if (host.length == 0 || at >= end || *at != ':') {
        return NULL;
    }
    const char *first = ++at;
    for (; at < end && !is_one_of(*at, "/?#"); at++) {
        if (*at < '0' || *at > '9') {
            return NULL;
        }
        port = port * 10 + (*at - '0');
        if (port > 65535) {
            return NULL;
        }
    }
    if (at > first) {
        out->integer = port;
    }
    return NULL;
}

/* The path begins with the first slash that is not that of "//". */
static const char *path_of(struct slice url)
{
    const char *end = url.data + url.length;
    const char *at = find_of(url.data, end, "/");
    return end - at < 2 || at[1] != '/' ? at : find_of(at + 2, end, "/");
}

static struct err *run_path(struct row_call *call, union row_value *out)
{
    struct slice url = call->arguments[0].text;
    const char *end = url.data + url.length;
    const char *path = path_of(url);
    out->text = from_to(path, call->tag == 0 ? find_of(path, end, "?#") : end);
    return NULL;
}

enum query_part { PART_QUERY, PART_FRAGMENT, PART_BOTH };

static struct slice query_part(struct slice url, int part, bool keep_mark)
{
    const char *end = url.data + url.length;
    const char *at = find_of(url.data, end, part == PART_QUERY ? "?" : part == PART_FRAGMENT ? "#" : "?#");
    const char *stop = part == PART_QUERY ? find_of(at, end, "#") : end;
    if (at < end && !keep_mark && !(part == PART_BOTH && *at == '#')) {
        at++;
    }
    return from_to(at, stop);
}

static struct err *run_query_part(struct row_call *call, union row_value *out)
{
    out->text = query_part(call->arguments[0].text, call->tag, false);
    return NULL;
}

static struct err *run_cut(struct row_call *call, union row_value *out)
{
    struct err *err = NULL;
    struct slice url = call->arguments[0].text;
    struct slice gone = slice_of(url.data, 0);
    if (call->tag == CUT_WWW) {
        const char *end = url.data + url.length;
        const char *slashes = memmem(url.data, url.length, "//", 2);
        if (slashes != NULL && end - slashes > 6 && memcmp(slashes + 2, "www.", 4) == 0) {
            gone = slice_of(slashes + 2, 4);
        }
    } else {
        gone = query_part(url, call->tag - CUT_QUERY, true);
    }
    if (gone.length == 0) {
        out->text = url;
        return NULL;
    }
    char *to = row_room(call, url.length, &err);
    if (to != NULL) {
        size_t before = (size_t)(gone.data - url.data);
        memcpy(to, url.data, before);
        memcpy(to + before, gone.data + gone.length, url.length - before - gone.length);
        out->text = text_taken(&call->buffer, url.length - gone.length);
    }
    return err;
}

/* The first "name=" behind ?, # or &, from `from` on; NULL: none. */
static const char *find_parameter(const char *from, const char *end, struct slice name)
{
    while (from < end) {
        const char *at = memmem(from, (size_t)(end - from), name.data, name.length);
        if (at == NULL || at + name.length >= end) {
            return NULL;
        }
        if (at[name.length] == '=' && is_one_of(at[-1], "?#&")) {
            return at;
        }
        from = at + 1;
    }
    return NULL;
}

static struct err *run_extract_parameter(struct row_call *call, union row_value *out)
{
    struct slice url = call->arguments[0].text;
    struct slice name = call->arguments[1].text;
    const char *end = url.data + url.length;
    const char *query = find_of(url.data, end, "?#");
    out->text = slice_of("", 0);
    const char *at = query < end ? find_parameter(query + 1, end, name) : NULL;
    if (at != NULL) {
        at += name.length + 1;
        out->text = from_to(at, find_of(at, end, "&#"));
    }
    return NULL;
}

static struct err *run_cut_parameter(struct row_call *call, union row_value *out)
{
    struct err *err = NULL;
    struct slice url = call->arguments[0].text;
    struct slice name = call->arguments[1].text;
    const char *end = url.data + url.length;
    const char *query = find_of(url.data, end, "?#");
    const char *at = query < end ? find_parameter(query + 1, end, name) : NULL;
    out->text = url;
    if (at == NULL) {
        return NULL;
    }
    const char *stop = find_of(at, end, "&#");
    if (stop < end && *stop == '&') {
        stop++;
    } else if (at[-1] == '&') {
        at--;
    }
    char *to = row_room(call, url.length, &err);
    if (to != NULL) {
        size_t before = (size_t)(at - url.data);
        memcpy(to, url.data, before);
        memcpy(to + before, stop, (size_t)(end - stop));
        out->text = text_taken(&call->buffer, before + (size_t)(end - stop));
    }
    return err;
}

static struct err *run_decode(struct row_call *call, union row_value *out)
{
    struct err *err = NULL;
    struct slice text = call->arguments[0].text;
    char *to = row_room(call, text.length, &err);
    size_t length = 0;
    if (to == NULL) {
        return err;
    }
    for (size_t i = 0; i < text.length; i++) {
        char c = text.data[i];
        if (c == '%' && text.length - i > 2 && hex_digit(text.data[i + 1]) < 16 && hex_digit(text.data[i + 2]) < 16) {
            c = (char)(hex_digit(text.data[i + 1]) << 4 | hex_digit(text.data[i + 2]));
            i += 2;
        } else if (c == '+' && call->tag == FORM) {
            c = ' ';
        }
        to[length++] = c;
    }
    out->text = text_taken(&call->buffer, length);
    return NULL;
}

static struct err *run_encode(struct row_call *call, union row_value *out)
{
    static const char hex[] = "0123456789ABCDEF";
    struct err *err = NULL;
    struct slice text = call->arguments[0].text;
    char *to = row_room(call, text.length * 3, &err);
    size_t length = 0;
    if (to == NULL) {
        return err;
    }
    for (size_t i = 0; i < text.length; i++) {
        char c = text.data[i];
        if (is_alnum(c) || is_one_of(c, "-_.~")) {
            to[length++] = c;
        } else if (c == ' ' && call->tag == FORM) {
            to[length++] = '+';
        } else {
            to[length++] = '%';
            to[length++] = hex[(unsigned char)c >> 4];
            to[length++] = hex[c & 15];
        }
    }
    out->text = text_taken(&call->buffer, length);
    return NULL;
}

#define TEXT(name, tag, run, about) ROW(name, false, 1, 1, tag, "s", TYPE_STRING, run, about)
static const struct row_function rows[] = {
    TEXT("protocol", 0, run_protocol, "The scheme of a URL."),
    TEXT("domain", 0, run_domain, "The host of a URL."),
    TEXT("domainRFC", RFC, run_domain, "The host of a URL, read as RFC 3986 says."),
    TEXT("domainWithoutWWW", NO_WWW, run_domain, "The host of a URL without a leading www."),
    TEXT("domainWithoutWWWRFC", NO_WWW | RFC, run_domain, "As domainRFC, without a leading www."),
    TEXT("topLevelDomain", 0, run_top_level, "The last label of a URL's host."),
    TEXT("topLevelDomainRFC", RFC, run_top_level, "The last label of a URL's host, read as RFC 3986 says."),
    TEXT("netloc", 0, run_netloc, "User, host and port of a URL."),
    ROW("port", false, 1, 2, 0, "sI", TYPE_UINT16, run_port, "The port of a URL, or 0 or the given default."),
    ROW("portRFC", false, 1, 2, RFC, "sI", TYPE_UINT16, run_port, "As port, with the host read as RFC 3986 says."),
    TEXT("path", 0, run_path, "The path of a URL, without its query."),
    TEXT("pathFull", 1, run_path, "The path of a URL with query and fragment."),
    TEXT("queryString", PART_QUERY, run_query_part, "The query of a URL, without '?' and fragment."),
    TEXT("fragment", PART_FRAGMENT, run_query_part, "The fragment of a URL, without '#'."),
    TEXT("queryStringAndFragment", PART_BOTH, run_query_part, "Query and fragment of a URL."),
    TEXT("cutWWW", CUT_WWW, run_cut, "The URL without a leading www. of its host."),
    TEXT("cutQueryString", CUT_QUERY, run_cut, "The URL without its query."),
    TEXT("cutFragment", CUT_FRAGMENT, run_cut, "The URL without its fragment."),
    TEXT("cutQueryStringAndFragment", CUT_QUERY_FRAGMENT, run_cut, "The URL without query and fragment."),
    ROW("extractURLParameter", false, 2, 2, 0, "ss", TYPE_STRING, run_extract_parameter,
        "The value of a named parameter of a URL, or ''."),
    ROW("cutURLParameter", false, 2, 2, 0, "ss", TYPE_STRING, run_cut_parameter, "The URL without a named parameter."),
    TEXT("decodeURLComponent", 0, run_decode, "The text with percent codes turned back."),
    TEXT("decodeURLFormComponent", FORM, run_decode, "As decodeURLComponent; plus signs are spaces."),
    TEXT("encodeURLComponent", 0, run_encode, "The text with all but unreserved characters as percent codes."),
    TEXT("encodeURLFormComponent", FORM, run_encode, "As encodeURLComponent; spaces become plus signs."),
};
const struct function_group functions_url = {.rows = rows, .row_count = sizeof(rows) / sizeof(rows[0])};
