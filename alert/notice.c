/*
 * notice.c: notifications as JSON.
 */
#include "alert/notice.h"

#include "base/civil.h"
#include "base/shortest.h"

#include <math.h>

bool notice_copy(struct arena *arena, const struct notice *from, struct notice *out)
{
    *out = *from;
    out->generator_url = arena_slice(arena, from->generator_url);
    return out->generator_url.data != NULL && labels_copy(arena, &from->labels, &out->labels) &&
           labels_copy(arena, &from->annotations, &out->annotations);
}

void notice_time(struct buffer *out, int64_t us)
{
    int64_t ms = us / 1000 - (us % 1000 < 0), seconds = ms / 1000 - (ms % 1000 < 0);
    int64_t days = seconds / 86400 - (seconds % 86400 < 0), rest = seconds - days * 86400;
    struct civil date = civil_of_days((int32_t)days);
    buffer_printf(out, "%04d-%02u-%02uT%02d:%02d:%02d.%03dZ", date.year, date.month, date.day, (int)(rest / 3600),
                  (int)(rest / 60 % 60), (int)(rest % 60), (int)(ms - seconds * 1000));
}

void notice_value(struct buffer *out, double value)
{
    char text[SHORTEST_BYTES_MAX];
    if (isnan(value) || isinf(value)) {
        buffer_text(out, isnan(value) ? "NaN" : value < 0 ? "-Inf" : "+Inf");
    } else {
        buffer_append(out, text, shortest_double(value, text));
    }
}

static void json_time(struct buffer *out, const char *name, int64_t us)
{
    buffer_printf(out, ",\"%s\":\"", name);
    notice_time(out, us);
    buffer_char(out, '"');
}

static void json_text(struct buffer *out, const char *name, struct slice text)
{
    buffer_printf(out, ",\"%s\":", name);
    alert_json_text(out, text);
}

static void labels_and_annotations(struct buffer *out, const struct notice *notice)
{
    buffer_text(out, "\"labels\":");
    labels_json(out, &notice->labels);
    buffer_text(out, ",\"annotations\":");
    labels_json(out, &notice->annotations);
}

void notice_alertmanager(struct buffer *out, const struct notice *notice, int64_t ends_at_us)
{
    buffer_char(out, '{');
    labels_and_annotations(out, notice);
    json_time(out, "startsAt", notice->starts_at_us);
    /* an end before the beginning is refused: T may stand behind the clock that the end was taken from */
    json_time(out, "endsAt", ends_at_us < notice->starts_at_us ? notice->starts_at_us : ends_at_us);
    json_text(out, "generatorURL", notice->generator_url);
    buffer_char(out, '}');
}

static const char *status_of(const struct notice *notice)
{
    return notice->resolved ? "resolved" : "firing";
}

/* What all have in common. */
static void common(struct buffer *out, const struct notice *const *notices, uint32_t count, bool annotations)
{
    const struct labels *first = annotations ? &notices[0]->annotations : &notices[0]->labels;
    bool any = false;
    buffer_char(out, '{');
    for (uint32_t k = 0; k < first->count; k++) {
        bool shared = true;
        for (uint32_t n = 1; n < count && shared; n++) {
            const struct labels *other = annotations ? &notices[n]->annotations : &notices[n]->labels;
            shared = false;
            for (uint32_t l = 0; l < other->count && !shared; l++) {
                shared = slice_equal(other->items[l].name, first->items[k].name) &&
                         slice_equal(other->items[l].value, first->items[k].value);
            }
        }
        if (shared) {
            buffer_text(out, any ? "," : "");
            alert_json_text(out, first->items[k].name);
            buffer_char(out, ':');
            alert_json_text(out, first->items[k].value);
            any = true;
        }
    }
    buffer_char(out, '}');
}

static void webhook_alert(struct buffer *out, const struct notice *notice)
{
    char fingerprint[17];
    fingerprint_text(notice->fingerprint, fingerprint);
    buffer_printf(out, "{\"status\":\"%s\",", status_of(notice));
    labels_and_annotations(out, notice);
    json_time(out, "startsAt", notice->starts_at_us);
    if (notice->resolved) {
        json_time(out, "endsAt", notice->ends_at_us);
    } else {
        buffer_text(out, ",\"endsAt\":\"0001-01-01T00:00:00Z\"");
    }
    json_text(out, "generatorURL", notice->generator_url);
    json_text(out, "fingerprint", slice_text(fingerprint));
    buffer_char(out, '}');
}

void notice_webhook(struct buffer *out, const struct notice *const *notices, uint32_t count, struct slice receiver,
                    struct slice external_url)
{
    struct slice name = {0};
    struct label group = {slice_text("alertname"), {0}};
    struct buffer key = {0};
    bool firing = false;
    (void)labels_find(&notices[0]->labels, "alertname", &name);
    group.value = name;
    for (uint32_t k = 0; k < count; k++) {
        firing = firing || !notices[k]->resolved;
    }
    buffer_text(&key, "{}:{alertname=");
    alert_json_text(&key, name);
    buffer_char(&key, '}');
    buffer_text(out, "{\"version\":\"4\"");
    json_text(out, "groupKey", buffer_all(&key));
    buffer_printf(out, ",\"truncatedAlerts\":0,\"status\":\"%s\"", firing ? "firing" : "resolved");
    json_text(out, "receiver", receiver);
    buffer_text(out, ",\"groupLabels\":");
    labels_json(out, &(struct labels){&group, 1});
    buffer_text(out, ",\"commonLabels\":");
    common(out, notices, count, false);
    buffer_text(out, ",\"commonAnnotations\":");
    common(out, notices, count, true);
    json_text(out, "externalURL", external_url);
    buffer_text(out, ",\"alerts\":[");
    for (uint32_t k = 0; k < count; k++) {
        buffer_text(out, k > 0 ? "," : "");
        webhook_alert(out, notices[k]);
    }
    buffer_text(out, "]}");
    out->failed = out->failed || key.failed;
    buffer_deinit(&key);
}

void notice_line(struct buffer *out, const struct notice *notice, int64_t at_us)
{
    char fingerprint[17];
    fingerprint_text(notice->fingerprint, fingerprint);
    buffer_text(out, "{\"at\":\"");
    notice_time(out, at_us);
    buffer_printf(out, "\",\"status\":\"%s\",", status_of(notice));
    labels_and_annotations(out, notice);
    buffer_text(out, ",\"value\":\"");
    notice_value(out, notice->value);
    buffer_char(out, '"');
    json_time(out, "startsAt", notice->starts_at_us);
    if (notice->resolved) {
        json_time(out, "endsAt", notice->ends_at_us);
    }
    json_text(out, "generatorURL", notice->generator_url);
    json_text(out, "fingerprint", slice_text(fingerprint));
    buffer_text(out, "}\n");
}
