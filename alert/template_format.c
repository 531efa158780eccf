/*
 * template_format.c: values as Go's fmt package writes them: %v, %d, %.2f, %q …, and what it says of verbs that do not fit.
 */
#include "alert/template_private.h"

#include "base/civil.h"
#include "base/number.h"
#include "base/shortest.h"

#include <math.h>
#include <stdio.h>
#include <utf8proc.h>

#define WIDTH_MAX     1000000
#define PRECISION_MAX 1000

struct spec {
    bool minus, plus, sharp, space, zero;
    int width;     /* -1: none */
    int precision; /* -1: none */
};

/* ---- numbers */

/* Digits and exponent of the shortest text that reads back, laid out as %e or %f: "1.25e+02" → "125". */
static void shortest(struct buffer *out, double value, char upper_e)
{
    char text[SHORTEST_BYTES_MAX], digits[SHORTEST_BYTES_MAX] = "0";
    int count = 0, exponent = 0;
    size_t length = shortest_double(value, text), k = 0;
    for (; k < length && text[k] != 'e'; k++) {
        if (text[k] >= '0' && text[k] <= '9') {
            digits[count++] = text[k];
        }
    }
    bool negative = k + 1 < length && text[k + 1] == '-';
    for (k += 2; k < length; k++) {
        exponent = exponent * 10 + (text[k] - '0');
    }
    exponent = negative ? -exponent : exponent;
    while (count > 1 && digits[count - 1] == '0') {
        count--;
    }
    if (exponent < -4 || exponent >= 6) {
        buffer_char(out, digits[0]);
        if (count > 1) {
            buffer_char(out, '.');
            buffer_append(out, digits + 1, (size_t)count - 1);
        }
        buffer_printf(out, "%c%c%02d", upper_e, exponent < 0 ? '-' : '+', exponent < 0 ? -exponent : exponent);
        return;
    }
    for (int at = exponent < 0 ? exponent : 0; at < count || at <= exponent; at++) {
        if (at == exponent + 1 && exponent >= 0) {
            buffer_char(out, '.');
        }
        buffer_char(out, at >= 0 && at < count ? digits[at] : '0');
        if (at == exponent && exponent < 0) {
            buffer_char(out, '.');
        }
    }
}

void template_number(struct buffer *out, double value, char verb, int precision)
{
    char text[PRECISION_MAX + 400], format[8] = "%.*e";
    if (isnan(value)) {
        buffer_text(out, "NaN");
    } else if (isinf(value)) {
        buffer_text(out, value < 0 ? "-Inf" : "+Inf");
    } else if (precision < 0 && (verb == 'g' || verb == 'G')) {
        if (signbit(value)) {
            buffer_char(out, '-');
        }
        shortest(out, fabs(value), verb == 'G' ? 'E' : 'e');
    } else {
        format[3] = verb;
        (void)snprintf(text, sizeof(text), format, precision, value); /* NOLINT: the format is one of five */
        buffer_text(out, text);
    }
}

void template_time(struct buffer *out, int64_t ms)
{
    int64_t seconds = ms / 1000 - (ms % 1000 < 0), rest_ms = ms - seconds * 1000;
    int64_t days = seconds / 86400 - (seconds % 86400 < 0), rest = seconds - days * 86400;
    struct civil date = civil_of_days((int32_t)days);
    buffer_printf(out, "%04d-%02u-%02u %02d:%02d:%02d", date.year, date.month, date.day, (int)(rest / 3600),
                  (int)(rest / 60 % 60), (int)(rest % 60));
    if (rest_ms != 0) {
        char fraction[8];
        int length = snprintf(fraction, sizeof(fraction), ".%03d", (int)rest_ms);
        while (fraction[length - 1] == '0') {
            length--;
        }
        buffer_append(out, fraction, (size_t)length);
    }
    buffer_text(out, " +0000 UTC");
}

/* 1h2m3.5s, 1.5ms, 0s */
static void print_duration(struct buffer *out, int64_t ns)
{
    static const struct {
        uint64_t ns;
        const char *unit;
    } small[] = {{1000000, "ms"}, {1000, "µs"}, {1, "ns"}};
    uint64_t left = ns < 0 ? 0 - (uint64_t)ns : (uint64_t)ns;
    char text[NUMBER_TEXT_MAX];
    if (ns < 0) {
        buffer_char(out, '-');
    }
    if (left == 0) {
        buffer_text(out, "0s");
        return;
    }
    for (size_t k = 0; left < 1000000000 && k < 3; k++) {
        if (left >= small[k].ns) {
            uint32_t scale = k == 0 ? 6 : k == 1 ? 3 : 0;
            buffer_append(out, text, number_print_decimal((__int128)left, scale, false, text));
            buffer_text(out, small[k].unit);
            return;
        }
    }
    uint64_t hours = left / 3600000000000ULL, minutes = left / 60000000000ULL % 60;
    if (hours > 0) {
        buffer_printf(out, "%lluh", (unsigned long long)hours);
    }
    if (hours > 0 || minutes > 0) {
        buffer_printf(out, "%llum", (unsigned long long)minutes);
    }
    buffer_append(out, text, number_print_decimal((__int128)(left % 60000000000ULL), 9, false, text));
    buffer_char(out, 's');
}

/* ---- texts */

static bool printable(uint32_t point)
{
    if (point < 0x80) {
        return point >= 0x20 && point != 0x7f;
    }
    utf8proc_category_t category = utf8proc_category((utf8proc_int32_t)point);
    return (category >= UTF8PROC_CATEGORY_LU && category <= UTF8PROC_CATEGORY_SO);
}

void template_quote(struct buffer *out, struct slice text)
{
    static const char letters[] = "abfnrtv", means[] = "\a\b\f\n\r\t\v";
    buffer_char(out, '"');
    for (size_t at = 0; at < text.length;) {
        utf8proc_int32_t point;
        utf8proc_ssize_t bytes =
            utf8proc_iterate((const utf8proc_uint8_t *)text.data + at, (utf8proc_ssize_t)(text.length - at), &point);
        char c = text.data[at];
        const char *letter = c == 0 ? NULL : strchr(means, c);
        if (bytes <= 0) {
            buffer_printf(out, "\\x%02x", (unsigned char)c);
            bytes = 1;
        } else if (c == '"' || c == '\\') {
            buffer_printf(out, "\\%c", c);
        } else if (letter != NULL) {
            buffer_printf(out, "\\%c", letters[letter - means]);
        } else if (printable((uint32_t)point)) {
            buffer_append(out, text.data + at, (size_t)bytes);
        } else {
            buffer_printf(out, point < 0x80 ? "\\x%02x" : point < 0x10000 ? "\\u%04x" : "\\U%08x", (unsigned)point);
        }
        at += (size_t)bytes;
    }
    buffer_char(out, '"');
}

static void print_labels(struct buffer *out, const struct labels *labels)
{
    buffer_text(out, "map[");
    for (uint32_t k = 0; k < labels->count; k++) {
        buffer_text(out, k == 0 ? "" : " ");
        buffer_slice(out, labels->items[k].name);
        buffer_char(out, ':');
        buffer_slice(out, labels->items[k].value);
    }
    buffer_char(out, ']');
}

void template_print(struct buffer *out, const struct template_value *value)
{
    switch (value->kind) {
    case VALUE_NONE:
        buffer_text(out, "<nil>");
        break;
    case VALUE_BOOL:
        buffer_text(out, value->truth ? "true" : "false");
        break;
    case VALUE_INT:
        buffer_printf(out, "%lld", (long long)value->integer);
        break;
    case VALUE_FLOAT:
        template_number(out, value->number, 'g', -1);
        break;
    case VALUE_STRING:
        buffer_slice(out, value->text);
        break;
    case VALUE_TIME:
        template_time(out, value->integer);
        break;
    case VALUE_DURATION:
        print_duration(out, value->integer);
        break;
    case VALUE_MAP:
        buffer_text(out, "map[");
        for (uint32_t k = 0; k < value->map.count && out->length <= TEMPLATE_OUTPUT_BYTES_MAX; k++) {
            buffer_text(out, k == 0 ? "" : " ");
            buffer_slice(out, value->map.entries[k].key);
            buffer_char(out, ':');
            template_print(out, &value->map.entries[k].value);
        }
        buffer_char(out, ']');
        break;
    case VALUE_SAMPLES:
    case VALUE_SAMPLE:
        buffer_text(out, value->kind == VALUE_SAMPLES ? "[" : "");
        for (uint32_t k = 0; k < (value->kind == VALUE_SAMPLES ? value->count : 1); k++) {
            if (out->length > TEMPLATE_OUTPUT_BYTES_MAX) {
                break; /* the caller refuses it */
            }
            const struct template_sample *sample = &value->samples[k];
            buffer_text(out, k == 0 ? "&{" : " &{");
            print_labels(out, &sample->labels);
            buffer_char(out, ' ');
            template_number(out, sample->value, 'g', -1);
            buffer_char(out, '}');
        }
        buffer_text(out, value->kind == VALUE_SAMPLES ? "]" : "");
        break;
    case VALUE_DATA:
        buffer_char(out, '{');
        print_labels(out, &value->input->labels);
        buffer_char(out, ' ');
        print_labels(out, &value->input->external_labels);
        buffer_char(out, ' ');
        buffer_slice(out, value->input->external_url);
        buffer_char(out, ' ');
        template_number(out, value->input->value, 'g', -1);
        buffer_char(out, '}');
        break;
    }
}

/* ---- printf */

/* Widens to so many characters: spaces at the left or right, or zeros behind the sign. */
static void pad(struct buffer *out, const struct spec *spec, struct slice text, bool is_number)
{
    size_t length = utf8_count(text), wanted = spec->width < 0 ? 0 : (size_t)spec->width;
    size_t fill = wanted > length ? wanted - length : 0;
    bool zeros = spec->zero && !spec->minus && is_number;
    if (fill > TEMPLATE_OUTPUT_BYTES_MAX) {
        fill = TEMPLATE_OUTPUT_BYTES_MAX + 1; /* too much: the caller refuses it */
    }
    if (zeros && text.length > 0 && (text.data[0] == '-' || text.data[0] == '+' || text.data[0] == ' ')) {
        buffer_char(out, text.data[0]);
        text = slice_of(text.data + 1, text.length - 1);
    }
    for (size_t k = 0; k < fill && !spec->minus; k++) {
        buffer_char(out, zeros ? '0' : ' ');
    }
    buffer_slice(out, text);
    for (size_t k = 0; k < fill && spec->minus; k++) {
        buffer_char(out, ' ');
    }
}

static void print_integer(struct buffer *out, const struct spec *spec, int64_t value, char verb)
{
    char digits[80];
    size_t count = 0;
    struct buffer text = {0};
    uint64_t left = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
    uint64_t base = verb == 'b' ? 2 : verb == 'o' || verb == 'O' ? 8 : verb == 'x' || verb == 'X' ? 16 : 10;
    int wanted = spec->precision;
    do {
        digits[count++] = (verb == 'X' ? "0123456789ABCDEF" : "0123456789abcdef")[left % base];
        left /= base;
    } while (left > 0);
    buffer_text(&text, value < 0 ? "-" : spec->plus ? "+" : spec->space ? " " : "");
    if (wanted < 0 && spec->zero && !spec->minus && spec->width > 0) {
        wanted = spec->width < PRECISION_MAX ? spec->width - (int)text.length : PRECISION_MAX;
    }
    if (spec->sharp && base != 10) {
        buffer_text(&text, verb == 'b' ? "0b" : verb == 'x' ? "0x" : verb == 'X' ? "0X" : "0");
    } else if (verb == 'O') {
        buffer_text(&text, "0o");
    }
    for (int k = (int)count; k < wanted && k < PRECISION_MAX; k++) {
        buffer_char(&text, '0');
    }
    while (count > 0) {
        buffer_char(&text, digits[--count]);
    }
    struct spec spaces = *spec;
    spaces.zero = false;
    pad(out, &spaces, spec->precision == 0 && value == 0 ? (struct slice){0} : buffer_all(&text), true);
    buffer_deinit(&text);
}

static void print_float(struct buffer *out, const struct spec *spec, double value, char verb)
{
    struct buffer text = {0};
    struct spec padding = *spec;
    bool finite = isfinite(value);
    int precision = spec->precision >= 0 ? spec->precision : verb == 'g' || verb == 'G' ? -1 : 6;
    if (finite && !signbit(value)) {
        buffer_text(&text, spec->plus ? "+" : spec->space ? " " : "");
    } else if (isnan(value) && (spec->plus || spec->space)) {
        buffer_char(&text, spec->plus ? '+' : ' ');
    }
    template_number(&text, value, verb == 'F' ? 'f' : verb, precision);
    padding.zero = spec->zero && finite;
    pad(out, &padding, buffer_all(&text), true);
    buffer_deinit(&text);
}

static void print_text(struct buffer *out, const struct spec *spec, struct slice text, char verb)
{
    struct buffer made = {0};
    if (spec->precision >= 0) { /* so many characters; of %x, bytes */
        size_t at = 0;
        for (int k = 0; k < spec->precision && at < text.length; k++) {
            at += verb == 'x' || verb == 'X' ? 1 : utf8_bytes(text, at);
        }
        text.length = at;
    }
    if (verb == 'q' && spec->sharp && memchr(text.length == 0 ? "" : text.data, '`', text.length) == NULL) {
        buffer_printf(&made, "`%.*s`", SLICE_ARG(text));
    } else if (verb == 'q') {
        template_quote(&made, text);
    } else if (verb == 'x' || verb == 'X') {
        for (size_t k = 0; k < text.length; k++) {
            buffer_text(&made, k > 0 && spec->space ? " " : "");
            buffer_printf(&made, verb == 'x' ? "%02x" : "%02X", (unsigned char)text.data[k]);
        }
    } else {
        buffer_slice(&made, text);
    }
    pad(out, spec, buffer_all(&made), false);
    buffer_deinit(&made);
}

static void print_verb(struct buffer *out, const struct spec *spec, const struct template_value *value, char verb);

/* %!d(string=abc) */
static void bad_verb(struct buffer *out, const struct spec *spec, const struct template_value *value, char verb)
{
    buffer_printf(out, "%%!%c(%s", verb, template_type(value));
    if (value->kind != VALUE_NONE) {
        buffer_char(out, '=');
        print_verb(out, spec, value, 'v');
    }
    buffer_char(out, ')');
}

/* %c, %U, %q of a number */
static void print_point(struct buffer *out, const struct spec *spec, int64_t value, char verb)
{
    char bytes[8];
    struct buffer text = {0};
    uint32_t point = value < 0 || value > 0x10ffff || (value >= 0xd800 && value < 0xe000) ? 0xfffd : (uint32_t)value;
    if (verb == 'U') {
        buffer_printf(&text, "U+%04llX", (unsigned long long)value);
    } else {
        buffer_text(&text, verb == 'q' ? "'" : "");
        buffer_append(&text, bytes, utf8_put(point, bytes));
        buffer_text(&text, verb == 'q' ? "'" : "");
    }
    pad(out, spec, buffer_all(&text), false);
    buffer_deinit(&text);
}

static void print_verb(struct buffer *out, const struct spec *spec, const struct template_value *value, char verb)
{
    struct buffer text = {0};
    bool plain = verb == 'v' || verb == 's';
    if (verb == 'T') {
        print_text(out, spec, slice_text(template_type(value)), 's');
    } else if (value->kind == VALUE_FLOAT && strchr("veEfFgG", verb) != NULL) {
        print_float(out, spec, value->number, verb == 'v' ? 'g' : verb);
    } else if (value->kind == VALUE_INT && strchr("vdbxXoO", verb) != NULL) {
        print_integer(out, spec, value->integer, verb);
    } else if (value->kind == VALUE_INT && strchr("cqU", verb) != NULL) {
        print_point(out, spec, value->integer, verb);
    } else if (value->kind == VALUE_STRING && strchr("vsqxX", verb) != NULL) {
        print_text(out, spec, value->text, verb);
    } else if ((value->kind == VALUE_BOOL && (verb == 't' || verb == 'v')) ||
               (value->kind == VALUE_NONE && verb == 'v') ||
               (plain && (value->kind == VALUE_TIME || value->kind == VALUE_DURATION))) {
        template_print(&text, value);
        pad(out, spec, buffer_all(&text), false);
    } else if (value->kind == VALUE_DURATION && verb == 'd') {
        print_integer(out, spec, value->integer, verb);
    } else if (value->kind >= VALUE_MAP && plain) {
        template_print(out, value);
    } else {
        bad_verb(out, spec, value, verb);
    }
    buffer_deinit(&text);
}

struct formatting {
    struct slice format;
    size_t at;
    const struct template_value *arguments;
    uint32_t count, next;
};

/* A number, or '*', which takes one from the arguments; -1: none; -2: a bad one. */
static int read_number(struct formatting *formatting, int max)
{
    int number = -1;
    if (formatting->at < formatting->format.length && formatting->format.data[formatting->at] == '*') {
        formatting->at++;
        if (formatting->next >= formatting->count || formatting->arguments[formatting->next].kind != VALUE_INT) {
            formatting->next += formatting->next < formatting->count;
            return -2;
        }
        int64_t value = formatting->arguments[formatting->next++].integer;
        return value > max || value < -max ? -2 : value < 0 ? -3 - (int)-value : (int)value;
    }
    for (; formatting->at < formatting->format.length; formatting->at++) {
        char c = formatting->format.data[formatting->at];
        if (c < '0' || c > '9') {
            break;
        }
        number = (number < 0 ? 0 : number) * 10 + (c - '0');
        if (number > max) {
            return -2;
        }
    }
    return number;
}

/* Behind a '%': flags, width and precision. */
static void read_spec(struct formatting *formatting, struct spec *spec, struct buffer *out)
{
    static const char flags[] = "-+# 0";
    *spec = (struct spec){.width = -1, .precision = -1};
    bool *const set[] = {&spec->minus, &spec->plus, &spec->sharp, &spec->space, &spec->zero};
    for (; formatting->at < formatting->format.length; formatting->at++) {
        char c = formatting->format.data[formatting->at];
        const char *flag = c == 0 ? NULL : strchr(flags, c);
        if (flag == NULL) {
            break;
        }
        *set[flag - flags] = true;
    }
    spec->width = read_number(formatting, WIDTH_MAX);
    if (spec->width <= -3) { /* a negative '*': at the left */
        spec->minus = true;
        spec->width = -3 - spec->width;
    } else if (spec->width == -2) {
        buffer_text(out, "%!(BADWIDTH)");
        spec->width = -1;
    }
    if (formatting->at < formatting->format.length && formatting->format.data[formatting->at] == '.') {
        formatting->at++;
        spec->precision = read_number(formatting, PRECISION_MAX);
        if (spec->precision <= -2) {
            buffer_text(out, spec->precision == -2 ? "%!(BADPREC)" : "");
            spec->precision = -1;
        } else if (spec->precision == -1) {
            spec->precision = 0;
        }
    }
}

static void print_extra(struct formatting *formatting, struct buffer *out)
{
    const struct spec none = {.width = -1, .precision = -1};
    buffer_text(out, "%!(EXTRA ");
    for (uint32_t k = formatting->next; k < formatting->count; k++) {
        buffer_text(out, k > formatting->next ? ", " : "");
        buffer_text(out, template_type(&formatting->arguments[k]));
        if (formatting->arguments[k].kind != VALUE_NONE) {
            buffer_char(out, '=');
            print_verb(out, &none, &formatting->arguments[k], 'v');
        }
    }
    buffer_char(out, ')');
}

struct err *template_printf(struct template_run *run, const struct template_value *arguments, uint32_t count,
                            struct buffer *out)
{
    struct formatting formatting = {.format = arguments[0].text, .arguments = arguments + 1, .count = count - 1};
    struct slice format = formatting.format;
    while (formatting.at < format.length && out->length <= TEMPLATE_OUTPUT_BYTES_MAX) {
        struct err *err = template_steps(run, 1);
        const char *begin = format.data + formatting.at;
        const char *percent = memchr(begin, '%', format.length - formatting.at);
        size_t plain = percent == NULL ? format.length - formatting.at : (size_t)(percent - begin);
        struct spec spec;
        if (err != NULL) {
            return err;
        }
        buffer_append(out, begin, plain);
        formatting.at += plain;
        if (percent == NULL) {
            break;
        }
        formatting.at++;
        read_spec(&formatting, &spec, out);
        if (formatting.at == format.length) {
            buffer_text(out, "%!(NOVERB)");
            break;
        }
        size_t bytes = utf8_bytes(format, formatting.at);
        char verb = bytes == 1 ? format.data[formatting.at] : '?';
        formatting.at += bytes;
        if (verb == '%') {
            buffer_char(out, '%');
        } else if (formatting.next >= formatting.count) {
            buffer_printf(out, "%%!%c(MISSING)", verb);
        } else {
            print_verb(out, &spec, &formatting.arguments[formatting.next++], verb);
        }
    }
    if (formatting.next < formatting.count) {
        print_extra(&formatting, out);
    }
    return NULL;
}
