/*
 * prometheus_api.c: see prometheus_api.h.
 *
 * flow     endpoint.c → here → the reply
 * errors   {"status":"error","errorType":…,"error":…}, with Prometheus' kinds and statuses
 */
#include "server/prometheus_api.h"

#include "base/clock.h"
#include "base/number.h"
#include "server/access.h"
#include "server/alerts.h"
#include "server/endpoint.h"
#include "server/http_parts.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#define LIST_MAX 1000U

/* ---- parameters: the URL's, and those of a form in the body */

struct asked {
    struct execution *execution;
    struct slice query, time, start, end;
    struct rules_asked rules;
    struct slice lists[3][LIST_MAX];
    struct slice bad; /* a parameter that cannot be followed */
    bool full;
};

static void take(void *user, struct slice name, struct slice value)
{
    struct asked *asked = user;
    static const char *const lists[] = {"rule_name", "rule_group", "file"};
    uint32_t *const counts[] = {&asked->rules.name_count, &asked->rules.group_count, &asked->rules.file_count};
    const struct {
        const char *name;
        struct slice *to;
    } texts[] = {{"query", &asked->query},     {"time", &asked->time},
                 {"start", &asked->start},     {"end", &asked->end},
                 {"type", &asked->rules.type}, {"group_next_token", &asked->rules.group_next_token}};
    struct slice word = name;
    if (word.length > 2 && memcmp(word.data + word.length - 2, "[]", 2) == 0) {
        word.length -= 2;
    }
    for (size_t k = 0; k < sizeof(texts) / sizeof(texts[0]); k++) {
        if (slice_equal(name, slice_text(texts[k].name))) {
            *texts[k].to = value;
        }
    }
    for (size_t k = 0; k < 3; k++) {
        if (slice_equal(word, slice_text(lists[k]))) {
            asked->full = asked->full || *counts[k] == LIST_MAX;
            if (!asked->full) {
                asked->lists[k][(*counts[k])++] = value;
            }
        }
    }
    if (slice_equal(name, slice_text("exclude_alerts"))) {
        asked->rules.exclude_alerts = slice_is_word(value, "true") || slice_equal(value, slice_text("1"));
    } else if (slice_equal(name, slice_text("group_limit")) && !number_parse_u64(value, &asked->rules.group_limit)) {
        asked->bad = name;
    } else if (slice_equal(word, slice_text("match")) && value.length > 0) {
        asked->bad = slice_text("match[]");
    }
}

/* a=b+c&d=%41: decoded in the arena. */
static struct err *take_form(struct asked *asked, struct slice form)
{
    struct arena *arena = asked->execution->arena;
    char *to = arena_alloc(arena, form.length + 1);
    if (to == NULL) {
        return arena_error(arena);
    }
    size_t length = 0;
    for (size_t at = 0; at < form.length; at++) {
        size_t name = length, equals = SIZE_MAX;
        for (; at < form.length && form.data[at] != '&'; at++) {
            uint32_t code = 0;
            char c = form.data[at];
            char digits[4] = {'0', '0', 0, 0};
            if (c == '=' && equals == SIZE_MAX) {
                equals = length;
                continue;
            }
            if (c == '%' && at + 2 < form.length) {
                memcpy(digits + 2, form.data + at + 1, 2);
                if (hex_read_4(digits, &code)) {
                    c = (char)code;
                    at += 2;
                }
            }
            to[length++] = form.data[at] == '+' && c == '+' ? ' ' : c;
        }
        equals = equals == SIZE_MAX ? length : equals;
        take(asked, slice_of(to + name, equals - name), slice_of(to + equals, length - equals));
    }
    return NULL;
}

/* ---- answers */

static struct err *views(struct execution *execution, struct alert_view **out, uint32_t *count)
{
    struct err *err = access_check(execution->access, PRIVILEGE(MAY_SELECT),
                                   (struct right_on){.database = slice_text("system"), .table = slice_text("alerts")});
    return err != NULL ? err : alerts_list(execution->server, execution->arena, false, out, count);
}

static struct err *put_rules(struct asked *asked, struct buffer *out)
{
    struct alert_view *list;
    uint32_t count;
    struct err *err = NULL;
    if (asked->full || asked->bad.length > 0) {
        return err_new(ERR_BAD_ARGUMENTS, "the parameter %.*s cannot be followed here",
                       SLICE_ARG(asked->full
                                     ? slice_text("rule_name[], rule_group[] or file[]: of more than 1000 values")
                                     : asked->bad));
    }
    OR_DONE(views(asked->execution, &list, &count));
    OR_DONE(prometheus_rules_json(out, list, count, &asked->rules));
done:
    return err;
}

static struct err *put_alerts(struct asked *asked, struct buffer *out)
{
    struct alert_view *list;
    uint32_t count;
    struct err *err = views(asked->execution, &list, &count);
    if (err == NULL) {
        prometheus_alerts_json(out, list, count);
    }
    return err;
}

static struct err *put_build(struct asked *asked, struct buffer *out)
{
    (void)asked; /* a version that has all that is asked for here; without "features", which mark Mimir */
    buffer_text(out, "{\"version\":\"2.55.0\",\"revision\":\"weir-" WEIR_VERSION
                     "\",\"branch\":\"\",\"buildUser\":\"\",\"buildDate\":\"\",\"goVersion\":\"go1.22\"}");
    return NULL;
}

static void put_scalar(struct buffer *out, double value)
{
    char text[NUMBER_TEXT_MAX];
    if (isnan(value) || isinf(value)) {
        buffer_text(out, isnan(value) ? "NaN" : value < 0 ? "-Inf" : "+Inf");
    } else {
        buffer_append(out, text, number_print_double(value, text));
    }
}

/* With milliseconds, as Prometheus has it. */
static double now_s(void)
{
    int64_t ms = clock_wall_us() / 1000;
    return (double)ms / 1000.0;
}

static struct err *put_query(struct asked *asked, struct buffer *out)
{
    double value, at_s = now_s();
    char text[NUMBER_TEXT_MAX];
    struct err *err = prometheus_number(asked->query, &value);
    if (err != NULL) {
        return err;
    }
    if (asked->time.length > 0 && (!number_parse_double(asked->time, &at_s) || !isfinite(at_s))) {
        at_s = now_s(); /* a date: the number is the same at any time */
    }
    buffer_text(out, "{\"resultType\":\"scalar\",\"result\":[");
    buffer_append(out, text, number_print_double(at_s, text));
    buffer_text(out, ",\"");
    put_scalar(out, value);
    buffer_text(out, "\"]}");
    return NULL;
}

static struct err *put_matrix(struct asked *asked, struct buffer *out)
{
    (void)asked;
    buffer_text(out, "{\"resultType\":\"matrix\",\"result\":[]}");
    return NULL;
}

static struct err *put_nothing(struct asked *asked, struct buffer *out)
{
    (void)asked;
    buffer_text(out, "[]");
    return NULL;
}

static struct err *put_no_metadata(struct asked *asked, struct buffer *out)
{
    (void)asked;
    buffer_text(out, "{}");
    return NULL;
}

typedef struct err *answer(struct asked *asked, struct buffer *out);

/* What stands behind …/api/v1/ in the path. */
static answer *find(struct slice path)
{
    static const struct {
        const char *path;
        answer *answer;
    } pages[] = {{"rules", put_rules},    {"alerts", put_alerts},      {"status/buildinfo", put_build},
                 {"query", put_query},    {"query_range", put_matrix}, {"query_exemplars", put_nothing},
                 {"labels", put_nothing}, {"series", put_nothing},     {"metadata", put_no_metadata}};
    for (size_t k = 0; k < sizeof(pages) / sizeof(pages[0]); k++) {
        if (slice_equal(path, slice_text(pages[k].path))) {
            return pages[k].answer;
        }
    }
    bool is_label =
        path.length > 13 && memcmp(path.data, "label/", 6) == 0 && memcmp(slice_end(path) - 7, "/values", 7) == 0;
    return is_label ? put_nothing : NULL;
}

static void put_error(struct buffer *out, const struct err *err, uint16_t *status)
{
    enum err_code code = err_code(err);
    uint16_t http = http_status_of(code);
    const char *kind = "internal";
    *status = 500;
    if (code == ERR_BAD_ARGUMENTS) {
        kind = "bad_data";
        *status = 400;
    } else if (code == ERR_ACCESS_DENIED || http == 403) {
        kind = "execution";
        *status = 403;
    } else if (code == ERR_FILE_NOT_FOUND) {
        kind = "not_found";
        *status = 404;
    } else if (code == ERR_MEMORY_LIMIT || code == ERR_TIMEOUT) {
        kind = code == ERR_TIMEOUT ? "timeout" : "unavailable";
        *status = 503;
    }
    out->length = 0;
    buffer_printf(out, "{\"status\":\"error\",\"errorType\":\"%s\",\"error\":", kind);
    alert_json_text(out, slice_text(err_message(err)));
    buffer_char(out, '}');
}

struct err *prometheus_api_answer(struct execution *execution, struct slice form)
{
    struct err *err = NULL;
    struct buffer body = {0};
    uint16_t status = 200;
    struct slice path = endpoint_rest(execution);
    answer *page = find(path);
    struct asked *asked = ARENA_NEW(execution->arena, struct asked);
    if (asked == NULL) {
        return arena_error(execution->arena);
    }
    asked->execution = execution;
    asked->rules.names = asked->lists[0];
    asked->rules.groups = asked->lists[1];
    asked->rules.files = asked->lists[2];
    request_each_parameter(execution->request, take, asked);
    err = take_form(asked, form);
    buffer_text(&body, "{\"status\":\"success\",\"data\":");
    if (err == NULL) {
        err = page == NULL ? err_new(ERR_FILE_NOT_FOUND,
                                     "there is no \"%.*s\" here; there are rules, alerts, query, status/buildinfo",
                                     SLICE_ARG(slice_cut(path, 200)))
                           : page(asked, &body);
    }
    buffer_char(&body, '}');
    if (err != NULL) {
        put_error(&body, err, &status);
        err_free(err);
    }
    endpoint_head(execution, "application/json", "");
    reply_status(execution->request, status);
    err = body.failed ? err_oom() : request_write(execution->request, buffer_all(&body), false);
    buffer_deinit(&body);
    return err;
}
