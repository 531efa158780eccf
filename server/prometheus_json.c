/*
 * prometheus_json.c: rules and alerts as Prometheus' API shows them; PromQL as far as it is arithmetic of numbers.
 */
#include "alert/notice.h"
#include "base/checksum.h"
#include "base/number.h"
#include "server/alerts.h"
#include "server/prometheus_api.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>

#define DEPTH_MAX 50U

static void text_field(struct buffer *out, const char *name, struct slice text)
{
    buffer_printf(out, ",\"%s\":", name);
    alert_json_text(out, text);
}

static void number_field(struct buffer *out, const char *name, double value)
{
    char text[NUMBER_TEXT_MAX];
    buffer_printf(out, ",\"%s\":", name);
    buffer_append(out, text, number_print_double(value, text));
}

/* TIME_NONE: never. */
static void time_field(struct buffer *out, const char *name, int64_t us)
{
    buffer_printf(out, ",\"%s\":\"", name);
    if (us == TIME_NONE) {
        buffer_text(out, "0001-01-01T00:00:00Z");
    } else {
        notice_time(out, us);
    }
    buffer_char(out, '"');
}

static void labels_field(struct buffer *out, const char *name, const struct labels *labels)
{
    buffer_printf(out, ",\"%s\":", name);
    labels_json(out, labels);
}

static void put_instance(struct buffer *out, const struct instance *instance)
{
    buffer_text(out, "{\"labels\":");
    labels_json(out, &instance->labels);
    labels_field(out, "annotations", &instance->annotations);
    text_field(out, "state", slice_text(instance_states[instance->state]));
    time_field(out, "activeAt", instance->active_at_us);
    if (instance->keep_since_us != TIME_NONE) {
        time_field(out, "keepFiringSince", instance->keep_since_us);
    }
    buffer_text(out, ",\"value\":\"");
    notice_value(out, instance->value);
    buffer_text(out, "\"}");
}

static void put_instances(struct buffer *out, const struct alert_view *view, bool *any)
{
    for (uint32_t k = 0; k < view->instance_count; k++) {
        if (view->instances[k].state != INSTANCE_INACTIVE) {
            buffer_text(out, *any ? "," : "");
            put_instance(out, &view->instances[k]);
            *any = true;
        }
    }
}

static double seconds(int64_t us)
{
    return (double)us / 1e6;
}

static void put_rule(struct buffer *out, const struct alert_view *view, bool exclude_alerts)
{
    const struct rule *rule = view->rule;
    bool any = false;
    buffer_text(out, "{\"name\":");
    alert_json_text(out, rule->name);
    text_field(out, "query", rule->query);
    labels_field(out, "labels", &rule->labels);
    text_field(out, "health", slice_text(rule_healths[view->health]));
    text_field(out, "lastError", view->last_error);
    number_field(out, "evaluationTime", seconds((int64_t)view->duration_us));
    time_field(out, "lastEvaluation", view->last_evaluation_us);
    if (rule->kind == RULE_ALERT) {
        text_field(out, "state", slice_text(instance_states[view->state]));
        number_field(out, "duration", seconds(rule->for_us));
        number_field(out, "keepFiringFor", seconds(rule->keep_us));
        labels_field(out, "annotations", &rule->annotations);
        if (!exclude_alerts) {
            buffer_text(out, ",\"alerts\":[");
            put_instances(out, view, &any);
            buffer_char(out, ']');
        }
    }
    buffer_printf(out, ",\"type\":\"%s\"}", rule->kind == RULE_ALERT ? "alerting" : "recording");
}

/* ---- groups */

/* Of rules of SQL: their database. */
static struct slice file_of(const struct rule *rule)
{
    return rule->file.length > 0 ? rule->file : rule->database;
}

static bool same_group(const struct rule *a, const struct rule *b)
{
    return slice_equal(file_of(a), file_of(b)) && slice_equal(a->group, b->group);
}

static bool in_list(const struct slice *list, uint32_t count, struct slice text)
{
    for (uint32_t k = 0; k < count; k++) {
        if (slice_equal(list[k], text)) {
            return true;
        }
    }
    return count == 0;
}

static bool is_asked(const struct rule *rule, const struct rules_asked *asked)
{
    bool type =
        asked->type.length == 0 || slice_equal(asked->type, slice_text(rule->kind == RULE_ALERT ? "alert" : "record"));
    return type && in_list(asked->names, asked->name_count, rule->name) &&
           in_list(asked->groups, asked->group_count, rule->group) &&
           in_list(asked->files, asked->file_count, file_of(rule));
}

static void group_token(const struct rule *rule, char out[17])
{
    struct slice file = file_of(rule);
    fingerprint_text(checksum_seeded(rule->group.data, rule->group.length, checksum(file.data, file.length)), out);
}

/* Its rules that are asked for; none: nothing is written. */
static bool put_group(struct buffer *out, const struct alert_view *views, uint32_t count,
                      const struct rules_asked *asked, bool comma)
{
    bool any = false;
    int64_t last_us = TIME_NONE;
    uint64_t duration_us = 0;
    for (uint32_t k = 0; k < count; k++) {
        last_us = views[k].last_evaluation_us > last_us ? views[k].last_evaluation_us : last_us;
        duration_us += views[k].duration_us;
    }
    for (uint32_t k = 0; k < count; k++) {
        if (!is_asked(views[k].rule, asked)) {
            continue;
        }
        if (!any) {
            buffer_text(out, comma ? ",{\"name\":" : "{\"name\":");
            alert_json_text(out, views->rule->group);
            text_field(out, "file", file_of(views->rule));
            number_field(out, "interval", seconds(views->rule->interval_us));
            number_field(out, "limit", views->rule->limit);
            number_field(out, "evaluationTime", seconds((int64_t)duration_us));
            time_field(out, "lastEvaluation", last_us);
        }
        buffer_text(out, any ? "," : ",\"rules\":[");
        put_rule(out, &views[k], asked->exclude_alerts);
        any = true;
    }
    buffer_text(out, any ? "]}" : "");
    return any;
}

struct err *prometheus_rules_json(struct buffer *out, const struct alert_view *views, uint32_t count,
                                  const struct rules_asked *asked)
{
    char token[17] = "";
    uint64_t groups = 0;
    bool skips = asked->group_next_token.length > 0, more = false;
    buffer_text(out, "{\"groups\":[");
    for (uint32_t begin = 0, end; begin < count && !more; begin = end) {
        for (end = begin + 1; end < count && same_group(views[begin].rule, views[end].rule); end++) {
        }
        if (skips) { /* up to the last group of the page before */
            group_token(views[begin].rule, token);
            skips = !slice_equal(asked->group_next_token, slice_text(token));
            continue;
        }
        size_t length = out->length;
        bool put = put_group(out, views + begin, end - begin, asked, groups > 0);
        more = put && asked->group_limit > 0 && groups == asked->group_limit;
        if (more) {
            out->length = length; /* it stands on the next page */
        } else if (put) {
            groups++;
            group_token(views[begin].rule, token);
        }
    }
    buffer_char(out, ']');
    if (more) {
        buffer_printf(out, ",\"groupNextToken\":\"%s\"", token);
    }
    buffer_char(out, '}');
    return skips ? err_new(ERR_BAD_ARGUMENTS, "invalid group_next_token \"%.*s\": the rules have changed, begin anew",
                           SLICE_ARG(slice_cut(asked->group_next_token, 40)))
                 : NULL;
}

void prometheus_alerts_json(struct buffer *out, const struct alert_view *views, uint32_t count)
{
    bool any = false;
    buffer_text(out, "{\"alerts\":[");
    for (uint32_t k = 0; k < count; k++) {
        if (views[k].rule->kind == RULE_ALERT) {
            put_instances(out, &views[k], &any);
        }
    }
    buffer_text(out, "]}");
}

/* ---- arithmetic */

struct arithmetic {
    struct slice text;
    size_t at;
    uint32_t depth;
};

static struct err *no_number(const struct arithmetic *of)
{
    return err_new(
        ERR_BAD_ARGUMENTS,
        "PromQL is answered here as far as it is arithmetic of numbers (\"1+1\"); \"%.*s\" is more. Ask in SQL: "
        "Grafana's data source for ClickHouse does",
        SLICE_ARG(slice_cut(of->text, 100)));
}

static char next_char(struct arithmetic *of)
{
    const char *end = slice_end(of->text), *at = of->text.length == 0 ? end : of->text.data + of->at;
    of->at += (size_t)(text_skip_space(at, end) - at);
    return of->at < of->text.length ? of->text.data[of->at] : 0;
}

static struct err *expression(struct arithmetic *of, int binds, double *out);

static struct err *operand(struct arithmetic *of, double *out)
{
    struct err *err = NULL;
    char c = next_char(of);
    size_t begin = of->at;
    if (++of->depth > DEPTH_MAX) {
        return no_number(of);
    }
    if (c == '-' || c == '+') { /* binds weaker than ^ */
        of->at++;
        OR_DONE(expression(of, 3, out));
        *out = c == '-' ? -*out : *out;
    } else if (c == '(') {
        of->at++;
        OR_DONE(expression(of, 1, out));
        if (next_char(of) != ')') {
            return no_number(of);
        }
        of->at++;
    } else {
        while (of->at < of->text.length) {
            char d = of->text.data[of->at], low = (char)(d | 0x20);
            bool sign = (d == '+' || d == '-') && of->at > begin && (of->text.data[of->at - 1] | 0x20) == 'e';
            if (!sign && d != '.' && !(d >= '0' && d <= '9') && !(low >= 'a' && low <= 'z')) {
                break;
            }
            of->at++;
        }
        if (!number_parse_double(slice_of(of->text.data + begin, of->at - begin), out)) {
            return no_number(of);
        }
    }
    of->depth--;
done:
    return err;
}

static struct err *expression(struct arithmetic *of, int binds, double *out)
{
    static const char marks[] = "+-*/%^";
    static const int strength[] = {1, 1, 2, 2, 2, 3};
    struct err *err = NULL;
    OR_DONE(operand(of, out));
    for (;;) {
        char c = next_char(of);
        const char *mark = c == 0 ? NULL : strchr(marks, c);
        double right;
        if (mark == NULL || strength[mark - marks] < binds) {
            break;
        }
        of->at++;
        OR_DONE(expression(of, c == '^' ? 3 : strength[mark - marks] + 1, &right));
        *out = c == '+'   ? *out + right
               : c == '-' ? *out - right
               : c == '*' ? *out * right
               : c == '/' ? *out / right
               : c == '%' ? fmod(*out, right)
                          : pow(*out, right);
    }
done:
    return err;
}

struct err *prometheus_number(struct slice text, double *out)
{
    struct arithmetic arithmetic = {.text = text};
    struct err *err = expression(&arithmetic, 1, out);
    if (err == NULL && next_char(&arithmetic) != 0) {
        err = no_number(&arithmetic);
    }
    return err == NULL && arithmetic.at < text.length ? no_number(&arithmetic) : err;
}
