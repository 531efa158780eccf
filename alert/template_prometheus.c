/*
 * template_prometheus.c: the functions that Prometheus adds to Go's: humanize and its kin, durations, times, queries.
 */
#include "alert/template_private.h"

#include "alert/duration.h"
#include "base/number.h"

#include <math.h>
#include <stdio.h>
#include <stdlib.h>

#define MAP_DEPTH_MAX 32U

typedef const struct template_value *values;

const struct template_function *template_function_find(struct slice name)
{
    const struct template_function *const tables[] = {template_functions_go, template_functions_prometheus,
                                                      template_functions_text};
    for (size_t t = 0; t < 3; t++) {
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
    int64_t now_ms = run->input->now_us / 1000; /* as Prometheus has it */
    *out = a_number((double)now_ms / 1000.0);
    return NULL;
}

/* 1d2h3m4s5ms */
static struct err *call_parse_duration(struct template_run *run, values arguments, uint32_t count,
                                       struct template_value *out)
{
    int64_t us = 0;
    (void)run, (void)count;
    if (!duration_parse(arguments[0].text, &us)) {
        return err_new(ERR_BAD_ARGUMENTS, "not a valid duration string: \"%.*s\"",
                       SLICE_ARG(slice_cut(arguments[0].text, 80)));
    }
    *out = a_number((double)us * 1e3 / 1e9);
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
    {NULL, 0, 0, "", NULL},
};
