/*
 * template.h: the text of annotations and labels, with {{ … }} filled in.
 *
 * The language is Go's text/template as Prometheus' rules use it: $labels, $value, $externalLabels, $externalURL, fields, pipes,
 * if, with, range, define, comparison, printf and Prometheus' functions, with Go's way of writing numbers. A template is
 * somebody's input: its steps, memory, depth and output are bounded.
 *
 * thread   any, no shared state
 * source   docs/ALERTS.md, "Templates"
 */
#ifndef ALERT_TEMPLATE_H
#define ALERT_TEMPLATE_H

#include "alert/labels.h"
#include "base/err.h"

#define TEMPLATE_TEXT_BYTES_MAX   ((size_t)64 << 10) /* of a template */
#define TEMPLATE_OUTPUT_BYTES_MAX ((size_t)64 << 10) /* of what comes out, and of each string on the way */
#define TEMPLATE_MEMORY_MAX       ((uint64_t)8 << 20)
#define TEMPLATE_STEPS_MAX        100000U
#define TEMPLATE_DEPTH_MAX        100U

/* One row that `query` found: its strings are labels, its number the value. */
struct template_sample {
    struct labels labels;
    double value;
};

struct template_input {
    struct labels labels;
    struct labels external_labels;
    struct slice external_url;
    double value;
    int64_t now_us; /* what `now` says: the time of the evaluation */
    /* Answers `query "…"`; NULL: there are no queries here. The samples live as long as the arena. */
    struct err *(*query)(void *object, struct slice sql, struct arena *arena, struct template_sample **samples,
                         uint32_t *count);
    void *object;
};

/*
 * Appends what the template says to `out`.
 *
 * errors   none that stops an alert: a template that fails appends "<error expanding template: …>" and nothing else
 * returns  false when it did so
 */
bool template_expand(struct slice text, const struct template_input *input, struct buffer *out);
/* Whether the template can be read at all, without running it; for rules when they are loaded. ERR_BAD_ARGUMENTS */
struct err *template_check(struct slice text);

#endif
