/*
 * prometheus_writer.c: Prometheus: samples as its text format has them, for a page that Prometheus reads.
 *
 * columns  name and value; type, help, labels, timestamp where they are there; others say nothing
 * metric   rows that follow each other with one name: its help and type are the first that are not empty. A histogram's
 *          buckets stand in the order of their bounds, then sum, then count; a summary's quantiles likewise. Of a
 *          histogram's bucket +Inf and count the one that is missing is made of the other.
 * memory   a metric's rows are kept until the next name; they count in the options' budget
 */
#include "format/writer_private.h"

#include <math.h>
#include <stdlib.h>

enum place { PLACE_NAME, PLACE_VALUE, PLACE_TYPE, PLACE_HELP, PLACE_LABELS, PLACE_TIMESTAMP, PLACE_COUNT };
static const char *const place_names[PLACE_COUNT] = {"name", "value", "type", "help", "labels", "timestamp"};

struct sample {
    double order;    /* among the metric's */
    uint32_t rank;   /* 0: by order; then sum, count; what is made stands last */
    uint32_t number; /* of the row */
    bool is_inf, is_count;
    size_t suffix, labels, value, end; /* places in texts: each ends where the next begins */
};

struct prometheus {
    struct budget *budget; /* or NULL */
    uint64_t taken;        /* bytes of it */
    struct buffer name, type, help;
    struct buffer texts;
    struct sample *samples;
    uint32_t count, room;
};

void prometheus_destroy(struct prometheus *kept)
{
    if (kept != NULL) {
        buffer_deinit(&kept->name);
        buffer_deinit(&kept->type);
        buffer_deinit(&kept->help);
        buffer_deinit(&kept->texts);
        free(kept->samples);
        if (kept->budget != NULL) {
            budget_give(kept->budget, kept->taken);
        }
        free(kept);
    }
}

/* ---- columns */

/* The column of that meaning; column_count: there is none. */
static uint32_t column_at(const struct writer_column *columns, uint32_t count, enum place place)
{
    uint32_t k = 0;
    while (k < count && !slice_equal(columns[k].name, slice_text(place_names[place]))) {
        k++;
    }
    return k;
}

static bool is_text(const struct type *type)
{
    return (type->kind == TYPE_STRING || type->kind == TYPE_FIXED_STRING) && type->view == TYPE_VIEW_NONE &&
           !type->nullable && !type->low_cardinality;
}

static bool fits(const struct type *type, enum place place)
{
    bool number = type_is_integer(type) || type_is_float(type) || type->kind == TYPE_BOOL || type->kind == TYPE_DECIMAL;
    switch (place) {
    case PLACE_VALUE:
        return number && !type->nullable && !type->low_cardinality;
    case PLACE_TIMESTAMP:
        return number && !type->low_cardinality;
    case PLACE_LABELS:
        return type->kind == TYPE_MAP && type->view == TYPE_VIEW_NONE &&
               type->children[0]->children[0]->kind == TYPE_STRING && is_text(type->children[0]->children[0]) &&
               type->children[0]->children[1]->kind == TYPE_STRING && is_text(type->children[0]->children[1]);
    default:
        return is_text(type);
    }
}

struct err *prometheus_check(const struct writer_column *columns, uint32_t count)
{
    for (uint32_t place = 0; place < PLACE_COUNT; place++) {
        uint32_t k = column_at(columns, count, (enum place)place);
        if (k == count && place <= PLACE_VALUE) {
            return err_new(ERR_BAD_ARGUMENTS, "Column '%s' is required for output format 'Prometheus'",
                           place_names[place]);
        }
        if (k < count && !fits(columns[k].type, (enum place)place)) {
            struct arena *arena = arena_create(NULL);
            struct slice type = arena == NULL ? (struct slice){0} : type_name(arena, columns[k].type);
            struct err *err =
                err_new(ERR_BAD_ARGUMENTS, "Illegal type '%.*s' of column '%s' for output format 'Prometheus'",
                        SLICE_ARG(type), place_names[place]);
            arena_destroy(arena);
            return err;
        }
    }
    return NULL;
}

/* ---- a metric */

static bool is_type(const struct prometheus *kept, const char *type)
{
    return slice_equal(buffer_all(&kept->type), slice_text(type));
}

static int compare_samples(const void *left, const void *right)
{
    const struct sample *a = left, *b = right;
    if (a->rank != b->rank) {
        return a->rank < b->rank ? -1 : 1;
    }
    if (a->order != b->order) {
        return a->order < b->order ? -1 : 1;
    }
    return a->number < b->number ? -1 : 1;
}

static void put_sample(struct writer *writer, const struct prometheus *kept, const struct sample *sample,
                       const char *suffix, struct slice labels)
{
    struct buffer *out = writer->out;
    buffer_slice(out, buffer_all(&kept->name));
    buffer_slice(out,
                 slice_of(kept->texts.data + sample->suffix, suffix == NULL ? sample->labels - sample->suffix : 0));
    buffer_text(out, suffix == NULL ? "" : suffix);
    if (labels.length > 0) {
        buffer_char(out, '{');
        buffer_slice(out, labels);
        buffer_char(out, '}');
    }
    buffer_char(out, ' ');
    buffer_slice(out, slice_of(kept->texts.data + sample->value, sample->end - sample->value));
    buffer_char(out, '\n');
}

/* The metric is whole. */
static void put_metric(struct writer *writer, struct prometheus *kept)
{
    struct buffer *out = writer->out;
    const struct sample *inf = NULL, *total = NULL;
    if (kept->count == 0 || out->failed) {
        return;
    }
    if (kept->help.length > 0) {
        buffer_text(out, "# HELP ");
        buffer_slice(out, buffer_all(&kept->name));
        buffer_char(out, ' ');
        for (size_t k = 0; k < kept->help.length; k++) {
            buffer_char(out, kept->help.data[k] == '\n' ? ' ' : kept->help.data[k]);
        }
        buffer_char(out, '\n');
    }
    if (kept->type.length > 0) {
        buffer_text(out, "# TYPE ");
        buffer_slice(out, buffer_all(&kept->name));
        buffer_char(out, ' ');
        buffer_slice(out, buffer_all(&kept->type));
        buffer_char(out, '\n');
    }
    bool histogram = is_type(kept, "histogram");
    if (histogram || is_type(kept, "summary")) {
        qsort(kept->samples, kept->count, sizeof(*kept->samples), compare_samples);
    }
    for (uint32_t k = 0; k < kept->count; k++) {
        const struct sample *sample = &kept->samples[k];
        inf = inf == NULL && sample->is_inf ? sample : inf;
        total = total == NULL && sample->is_count ? sample : total;
        put_sample(writer, kept, sample, NULL,
                   slice_of(kept->texts.data + sample->labels, sample->value - sample->labels));
    }
    if (histogram && inf == NULL && total != NULL) {
        put_sample(writer, kept, total, "_bucket", slice_text("le=\"+Inf\""));
    } else if (histogram && inf != NULL && total == NULL) {
        put_sample(writer, kept, inf, "_count", (struct slice){0});
    }
    buffer_char(out, '\n');
    kept->count = 0;
    kept->texts.length = kept->name.length = kept->type.length = kept->help.length = 0;
}

/* ---- rows */

struct row_columns {
    const struct column *at[PLACE_COUNT]; /* FLAT; NULL: not there */
};

static void put_label(struct buffer *out, struct slice key, struct slice value)
{
    buffer_slice(out, key);
    buffer_text(out, "=\"");
    for (size_t k = 0; k < value.length; k++) {
        char byte = value.data[k];
        if (byte == '\n') {
            buffer_text(out, "\\n");
        } else {
            buffer_text(out, byte == '"' || byte == '\\' ? "\\" : "");
            buffer_char(out, byte);
        }
    }
    buffer_char(out, '"');
}

static struct slice text_at(const struct column *column, uint32_t row)
{
    return *(const struct slice *)column_value(column, row);
}

static double bound_of(struct slice text)
{
    char digits[64], *end;
    if (text.length == 0 || text.length >= sizeof(digits)) {
        return INFINITY;
    }
    memcpy(digits, text.data, text.length);
    digits[text.length] = 0;
    double value = strtod(digits, &end);
    return *end != 0 || isnan(value) ? INFINITY : value;
}

/* Labels by their names, each once. */
static void put_labels(struct prometheus *kept, struct sample *sample, const struct column *maps, uint32_t row)
{
    bool histogram = is_type(kept, "histogram"), summary = is_type(kept, "summary");
    const struct column *keys = maps->children[0]->children[0], *values = maps->children[0]->children[1];
    uint32_t begin = maps->offsets[row], end = maps->offsets[row + 1];
    struct slice before = {0};
    bool any = false, has_before = false, sum = false, bucket = false;
    sample->order = INFINITY;
    for (uint32_t k = begin; k < end && (histogram || summary); k++) {
        sum |= slice_equal(text_at(keys, k), slice_text("sum"));
        sample->is_count |= slice_equal(text_at(keys, k), slice_text("count"));
        if (slice_equal(text_at(keys, k), slice_text(histogram ? "le" : "quantile"))) {
            bucket = histogram;
            sample->order = bound_of(text_at(values, k));
            sample->is_inf = slice_equal(text_at(values, k), slice_text("+Inf"));
        }
    }
    sample->rank = sample->is_count ? 2 : sum ? 1 : 0;
    buffer_text(&kept->texts, sum ? "_sum" : "");
    buffer_text(&kept->texts, sample->is_count ? "_count" : "");
    buffer_text(&kept->texts, bucket ? "_bucket" : "");
    sample->labels = kept->texts.length;
    for (;;) { /* labels are few: the next one by name each time */
        uint32_t best = end;
        for (uint32_t k = begin; k < end; k++) {
            struct slice key = text_at(keys, k);
            bool hidden = (histogram || summary) &&
                          (slice_equal(key, slice_text("sum")) || slice_equal(key, slice_text("count")));
            if (!hidden && (!has_before || slice_compare(key, before) > 0) &&
                (best == end || slice_compare(key, text_at(keys, best)) < 0)) {
                best = k;
            }
        }
        if (best == end) {
            break;
        }
        before = text_at(keys, best);
        has_before = true;
        buffer_text(&kept->texts, any ? "," : "");
        put_label(&kept->texts, before, text_at(values, best));
        any = true;
    }
}

/* As Prometheus has NaN and infinite numbers. */
static void put_number(struct writer *writer, struct buffer *out, const struct column *column, uint32_t row)
{
    size_t begin = out->length;
    if (writer_put_bool(writer, out, column, row)) {
        return;
    }
    value_to_text_as(out, column, row, &writer->style);
    struct slice text = slice_of(out->data + begin, out->length - begin);
    const char *word = slice_equal(text, slice_text("nan"))    ? "NaN"
                       : slice_equal(text, slice_text("inf"))  ? "+Inf"
                       : slice_equal(text, slice_text("-inf")) ? "-Inf"
                                                               : NULL;
    if (word != NULL && !out->failed) {
        out->length = begin;
        buffer_text(out, word);
    }
}

static bool sample_room(struct prometheus *kept)
{
    if (kept->count == kept->room) {
        uint32_t room = kept->room == 0 ? 64 : kept->room * 2;
        struct sample *samples = realloc(kept->samples, room * sizeof(*samples));
        if (samples == NULL) {
            return false;
        }
        kept->samples = samples;
        kept->room = room;
    }
    return true;
}

static void keep_first(struct writer *writer, struct buffer *to, const struct column *column, uint32_t row)
{
    if (to->length == 0 && column != NULL) {
        value_to_text_as(to, column, row, &writer->style);
    }
}

static bool take_row(struct writer *writer, struct prometheus *kept, const struct row_columns *columns, uint32_t row)
{
    const struct column *stamp = columns->at[PLACE_TIMESTAMP];
    writer->scratch.length = 0;
    value_to_text_as(&writer->scratch, columns->at[PLACE_NAME], row, &writer->style);
    if (writer->scratch.failed) {
        return false;
    }
    if (kept->count > 0 && !slice_equal(buffer_all(&writer->scratch), buffer_all(&kept->name))) {
        put_metric(writer, kept);
    }
    if (kept->count == 0) {
        kept->name.length = 0;
        buffer_slice(&kept->name, buffer_all(&writer->scratch));
    }
    keep_first(writer, &kept->type, columns->at[PLACE_TYPE], row);
    keep_first(writer, &kept->help, columns->at[PLACE_HELP], row);
    if (!sample_room(kept)) {
        return false;
    }
    struct sample *sample = &kept->samples[kept->count];
    *sample = (struct sample){.number = kept->count, .suffix = kept->texts.length, .labels = kept->texts.length};
    if (columns->at[PLACE_LABELS] != NULL) {
        put_labels(kept, sample, columns->at[PLACE_LABELS], row);
    }
    sample->value = kept->texts.length;
    put_number(writer, &kept->texts, columns->at[PLACE_VALUE], row);
    if (stamp != NULL && !column_is_null(stamp, row)) {
        size_t begin = kept->texts.length;
        buffer_char(&kept->texts, ' ');
        put_number(writer, &kept->texts, stamp, row);
        if (slice_equal(slice_of(kept->texts.data + begin, kept->texts.length - begin), slice_text(" 0"))) {
            kept->texts.length = begin;
        }
    }
    sample->end = kept->texts.length;
    kept->count++;
    return !kept->texts.failed && !kept->name.failed && !kept->type.failed && !kept->help.failed;
}

/* The state is made with the first rows; NULL: memory is out. */
static struct prometheus *state_of(struct writer *writer)
{
    if (writer->prometheus == NULL) {
        writer->prometheus = calloc(1, sizeof(*writer->prometheus));
        writer->out->failed |= writer->prometheus == NULL;
        if (writer->prometheus != NULL) {
            writer->prometheus->budget = writer->options.budget;
        }
    }
    return writer->prometheus;
}

/* What is kept counts in the budget; false: it has no more. */
static bool charge(struct writer *writer, struct prometheus *kept)
{
    uint64_t bytes = kept->name.capacity + kept->type.capacity + kept->help.capacity + kept->texts.capacity +
                     (uint64_t)kept->room * sizeof(*kept->samples);
    if (kept->budget == NULL || bytes <= kept->taken) {
        return true;
    }
    if (!budget_take(kept->budget, bytes - kept->taken)) {
        writer->bytes_refused = bytes - kept->taken;
        return false;
    }
    kept->taken = bytes;
    return true;
}

void prometheus_chunk(struct writer *writer, const struct chunk *chunk)
{
    struct prometheus *kept = state_of(writer);
    struct arena *arena = arena_create(writer->options.budget);
    struct row_columns columns = {{0}};
    bool fine = kept != NULL && arena != NULL;
    for (uint32_t place = 0; place < PLACE_COUNT && fine; place++) {
        uint32_t k = column_at(writer->columns, writer->column_count, (enum place)place);
        if (k < writer->column_count) {
            columns.at[place] = column_flat(arena, chunk->columns[k]);
            fine = columns.at[place] != NULL;
        }
    }
    for (uint32_t row = 0; row < chunk->row_count && fine; row++) {
        fine = take_row(writer, kept, &columns, row) && charge(writer, kept);
    }
    writer->out->failed |= !fine;
    arena_destroy(arena);
}

void prometheus_end(struct writer *writer, const struct writer_statistics *statistics)
{
    (void)statistics;
    if (writer->prometheus != NULL) {
        put_metric(writer, writer->prometheus);
    }
}
