/*
 * log.c: one line per event, written with one call so that lines of threads do not mix.
 */
#include "base/log.h"

#include "base/clock.h"
#include "base/number.h"
#include "base/text.h"

#include <inttypes.h>
#include <math.h>
#include <stdio.h>
#include <time.h>
#include <unistd.h>
#include <utf8proc.h>

static _Atomic int level_min = LOG_LEVEL_INFO;
static _Atomic int line_format = LOG_FORMAT_TEXT;

static const char *const level_names[] = {"debug", "info", "warning", "error"};

void log_configure(enum log_level level, enum log_format format)
{
    atomic_store(&level_min, (int)level);
    atomic_store(&line_format, (int)format);
}

bool log_wants(enum log_level level)
{
    return (int)level >= atomic_load_explicit(&level_min, memory_order_relaxed);
}

static void append_quoted(struct buffer *line, struct slice text)
{
    buffer_char(line, '"');
    for (size_t k = 0; k < text.length;) {
        utf8proc_int32_t point;
        utf8proc_ssize_t length =
            utf8proc_iterate((const utf8proc_uint8_t *)text.data + k, (utf8proc_ssize_t)(text.length - k), &point);
        if (length <= 0) { /* no UTF-8 */
            buffer_text(line, "\xef\xbf\xbd");
            k++;
            continue;
        }
        if (point == '"' || point == '\\') {
            buffer_char(line, '\\');
            buffer_char(line, (char)point);
        } else if (point == '\n') {
            buffer_text(line, "\\n");
        } else if (point < 0x20 || (point >= 0x7f && point < 0xa0) || point == 0x2028 || point == 0x2029) {
            buffer_printf(line, "\\u%04x", (unsigned)point); /* nothing that moves a terminal's cursor */
        } else {
            buffer_append(line, text.data + k, (size_t)length);
        }
        k += (size_t)length;
    }
    buffer_char(line, '"');
}

static bool is_word(struct slice text)
{
    for (size_t k = 0; k < text.length; k++) {
        unsigned char byte = (unsigned char)text.data[k];
        if (byte <= ' ' || byte == '"' || byte == '=' || byte == '\\' || byte >= 0x7f) {
            return false;
        }
    }
    return text.length > 0;
}

static void append_value(struct buffer *line, const struct log_field *field, bool json)
{
    char number[NUMBER_TEXT_MAX];
    switch (field->kind) {
    case LOG_FIELD_TEXT:
        if (!json && is_word(field->text)) {
            buffer_slice(line, field->text);
        } else {
            append_quoted(line, field->text);
        }
        break;
    case LOG_FIELD_INT:
        buffer_printf(line, "%" PRId64, field->number);
        break;
    case LOG_FIELD_UINT:
        buffer_printf(line, "%" PRIu64, field->unsigned_number);
        break;
    case LOG_FIELD_DOUBLE:
        if (json && !isfinite(field->real)) {
            buffer_text(line, "null");
        } else {
            buffer_append(line, number, number_print_double(field->real, number));
        }
        break;
    }
}

/* Lines that were left out in the second before; UINT32_MAX: this one is left out too. */
static uint32_t left_out(struct log_place *place)
{
    uint64_t second = clock_monotonic_us() / 1000000 + 1;
    uint64_t counted = atomic_load(&place->second);
    if (counted != second && atomic_compare_exchange_strong(&place->second, &counted, second)) {
        uint32_t before = atomic_exchange(&place->count, 1);
        return before > LOG_BURST ? before - LOG_BURST : 0;
    }
    return atomic_fetch_add(&place->count, 1) >= LOG_BURST ? UINT32_MAX : 0;
}

void log_write(enum log_level level, struct log_place *place, const char *event, const struct log_field *fields,
               size_t count)
{
    uint32_t missing = left_out(place);
    if (missing == UINT32_MAX) {
        return;
    }
    bool json = atomic_load(&line_format) == LOG_FORMAT_JSON;
    int64_t now = clock_wall_us();
    time_t second = (time_t)(now / 1000000);
    struct tm tm;
    char at[32];
    (void)gmtime_r(&second, &tm);
    (void)strftime(at, sizeof(at), "%Y-%m-%dT%H:%M:%S", &tm);
    struct buffer line = {0};
    if (json) {
        buffer_printf(&line, "{\"time\":\"%s.%06uZ\",\"level\":\"%s\",\"event\":", at, (unsigned)(now % 1000000),
                      level_names[level]);
        append_quoted(&line, slice_text(event));
    } else {
        buffer_printf(&line, "%s.%06uZ %s %s", at, (unsigned)(now % 1000000), level_names[level], event);
    }
    for (size_t k = 0; k < count; k++) {
        if (json) {
            buffer_char(&line, ',');
            append_quoted(&line, slice_text(fields[k].key));
            buffer_char(&line, ':');
        } else {
            buffer_printf(&line, " %s=", fields[k].key);
        }
        append_value(&line, &fields[k], json);
    }
    if (missing > 0) {
        buffer_printf(&line, json ? ",\"left_out\":%u" : " left_out=%u", missing);
    }
    buffer_text(&line, json ? "}\n" : "\n");
    if (!line.failed) {
        ssize_t written = write(STDERR_FILENO, line.data, line.length);
        (void)written; /* nobody to tell */
    }
    buffer_deinit(&line);
}
