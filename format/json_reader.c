/*
 * json_reader.c: JSONEachRow: one JSON object per row, straight into the builder; JSONStringsEachRow, JSONAsString.
 *
 * speed    keys are expected in the order of the last row and compared as one piece with quotes and colon; strings
 *          without backslashes are not copied before the builder; the end of a string is looked for 16 bytes at a time;
 *          times in the usual layout reuse the last date's day and the zone's last offset
 * input    hostile: depth, lengths and ends are checked; strings are kept byte by byte as they are, \u escapes become
 *          UTF-8; a high surrogate without its low one is refused, a lone low one becomes three bytes, as in ClickHouse
 */
#include "format/reader_private.h"

#include "base/civil.h"
#include "base/number.h"
#include "format/value.h"

#include <simde/x86/sse2.h>

/* The first '"' or '\\' at or after `at`, or end. */
static inline const char *find_quote(const char *at, const char *end)
{
    const simde__m128i quote = simde_mm_set1_epi8('"'), backslash = simde_mm_set1_epi8('\\');
    while (end - at >= 16) {
        simde__m128i bytes = simde_mm_loadu_si128((const simde__m128i *)(const void *)at);
        int mask = simde_mm_movemask_epi8(
            simde_mm_or_si128(simde_mm_cmpeq_epi8(bytes, quote), simde_mm_cmpeq_epi8(bytes, backslash)));
        if (mask != 0) {
            return at + __builtin_ctz((unsigned)mask);
        }
        at += 16;
    }
    while (at < end && *at != '"' && *at != '\\') {
        at++;
    }
    return at;
}

static void put_utf8(struct buffer *out, uint32_t code)
{
    char bytes[4];
    buffer_append(out, bytes, utf8_put(code, bytes));
}

/* What stands behind a backslash; *at is behind it. */
static enum row_result unescape(struct reader *reader, const char **at, const char *end)
{
    static const char letters[] = "\"\\/bfnrt", values[] = "\"\\/\b\f\n\r\t";
    if (*at == end) {
        return ROW_UNFINISHED;
    }
    char c = *(*at)++;
    const char *found = c == 0 ? NULL : strchr(letters, c);
    if (found != NULL) {
        buffer_char(&reader->scratch, values[found - letters]);
        return ROW_WHOLE;
    }
    if (c != 'u') { /* ClickHouse keeps the character */
        buffer_char(&reader->scratch, c);
        return ROW_WHOLE;
    }
    if (end - *at < 4) {
        return ROW_UNFINISHED;
    }
    uint32_t code, low;
    if (!hex_read_4(*at, &code)) {
        return reader_bad(reader, "\\u needs four hex digits");
    }
    *at += 4;
    if (code >= 0xd800 && code < 0xdc00) {
        if (end - *at < 6) {
            if (end == *at || **at == '\\') {
                return ROW_UNFINISHED;
            }
        } else if ((*at)[0] == '\\' && (*at)[1] == 'u') {
            if (hex_read_4(*at + 2, &low) && low >= 0xdc00 && low < 0xe000) {
                *at += 6;
                put_utf8(&reader->scratch, 0x10000 + ((code - 0xd800) << 10) + (low - 0xdc00));
                return ROW_WHOLE;
            }
        }
        return reader_bad(reader, "\\u%04x is the first half of a surrogate pair, and no second half follows", code);
    }
    put_utf8(&reader->scratch, code);
    return ROW_WHOLE;
}

/* *at is behind the opening quote; text points into the row, or into the scratch buffer. */
enum row_result reader_json_string(struct reader *reader, const char **at, const char *end, struct slice *text)
{
    const char *begin = *at, *quote = find_quote(begin, end);
    if (quote == end) {
        return ROW_UNFINISHED;
    }
    if (*quote == '"') {
        *text = slice_of(begin, (size_t)(quote - begin));
        *at = quote + 1;
        return ROW_WHOLE;
    }
    reader->scratch.length = 0;
    for (;;) {
        buffer_append(&reader->scratch, begin, (size_t)(quote - begin));
        if (quote == end) {
            return ROW_UNFINISHED;
        }
        begin = quote + 1;
        if (*quote == '"') {
            break;
        }
        enum row_result result = unescape(reader, &begin, end);
        if (result != ROW_WHOLE) {
            return result;
        }
        quote = find_quote(begin, end);
    }
    if (reader->scratch.failed) {
        buffer_deinit(&reader->scratch);
        return reader_bad(reader, "out of memory");
    }
    *text = buffer_all(&reader->scratch);
    *at = begin;
    return ROW_WHOLE;
}

/* Skips a value of any kind. */
enum row_result reader_json_skip(struct reader *reader, const char **at, const char *end, bool last)
{
    uint64_t is_object[JSON_DEPTH_MAX / 64 + 1] = {0}; /* a bit for each open bracket */
    uint32_t depth = 0;
    const char *p = *at;
    do {
        p = text_skip_space(p, end);
        if (p == end) {
            return ROW_UNFINISHED;
        }
        char c = *p;
        if (c == '"') {
            for (p++;;) {
                p = find_quote(p, end);
                if (p == end || (*p == '\\' && end - p < 2)) {
                    return ROW_UNFINISHED;
                }
                if (*p == '"') {
                    break;
                }
                p += 2;
            }
            p++;
        } else if (c == '{' || c == '[') {
            if (depth == JSON_DEPTH_MAX) {
                return reader_bad(reader, "objects and arrays are nested more than %u deep", JSON_DEPTH_MAX);
            }
            uint64_t bit = (uint64_t)1 << (depth & 63);
            is_object[depth >> 6] = c == '{' ? is_object[depth >> 6] | bit : is_object[depth >> 6] & ~bit;
            depth++;
            p++;
        } else if (c == '}' || c == ']') {
            if (depth == 0) {
                return reader_bad(reader, "expected a value before '%c'", c);
            }
            depth--;
            if ((is_object[depth >> 6] >> (depth & 63) & 1) != (c == '}')) {
                return reader_bad(reader, "the bracket '%c' closes another one", c);
            }
            p++;
        } else if (c == ',' || c == ':') {
            if (depth == 0) {
                return reader_bad(reader, "expected a value before '%c'", c);
            }
            p++;
        } else {
            const char *begin = p;
            while (p < end && ((*p >= '0' && *p <= '9') || (*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z') ||
                               *p == '-' || *p == '+' || *p == '.')) {
                p++;
            }
            if (p == end && !last) {
                return ROW_UNFINISHED;
            }
            if (p == begin) {
                return reader_bad(reader, "expected a value, found byte %u", (unsigned)(unsigned char)c);
            }
        }
    } while (depth > 0);
    *at = p;
    return ROW_WHOLE;
}

static inline uint32_t two(const char *at)
{
    return (uint32_t)((at[0] - '0') * 10 + (at[1] - '0'));
}

static inline bool are_digits(const char *at, size_t count)
{
    unsigned wrong = 0;
    for (size_t k = 0; k < count; k++) {
        wrong |= (unsigned)(unsigned char)at[k] - '0' > 9;
    }
    return wrong == 0;
}

/* "2026-01-31 12:34:56" with a fraction behind; false: another layout, or no time. */
static bool set_time(struct builder *builder, struct field *field, struct slice text)
{
    const char *at = text.data;
    uint32_t scale = field->type->kind == TYPE_DATETIME64 ? field->type->scale : 0;
    if (text.length < 19 || (at[10] != ' ' && at[10] != 'T') || at[13] != ':' || at[16] != ':') {
        return false;
    }
    int64_t key[2] = {0, 0};
    memcpy(key, at, 8);
    memcpy(&key[1], at + 8, 2);
    if (key[0] != field->cached_day_key[0] || key[1] != field->cached_day_key[1]) {
        if (at[4] != '-' || at[7] != '-' || !are_digits(at, 4) || !are_digits(at + 5, 2) || !are_digits(at + 8, 2)) {
            return false;
        }
        uint32_t year = two(at) * 100 + two(at + 2), month = two(at + 5), day = two(at + 8);
        if (month < 1 || month > 12 || day < 1 || day > civil_days_in_month((int32_t)year, month)) {
            return false;
        }
        field->cached_day_key[0] = key[0];
        field->cached_day_key[1] = key[1];
        field->cached_day_local = (int64_t)civil_to_days((int32_t)year, month, day) * 86400;
    }
    if (!are_digits(at + 11, 2) || !are_digits(at + 14, 2) || !are_digits(at + 17, 2)) {
        return false;
    }
    uint32_t hour = two(at + 11), minute = two(at + 14), second = two(at + 17);
    if (hour > 23 || minute > 59 || second > 59) {
        return false;
    }
    int64_t fraction = 0;
    uint32_t digits = 0;
    if (text.length > 19) {
        if (at[19] != '.' || text.length > 29 || !are_digits(at + 20, text.length - 20)) {
            return false;
        }
        for (size_t k = 20; k < text.length && digits < scale; k++, digits++) {
            fraction = fraction * 10 + (at[k] - '0');
        }
    }
    for (; digits < scale; digits++) {
        fraction *= 10;
    }
    int64_t local = field->cached_day_local + hour * 3600 + minute * 60 + second, moment = local - field->offset;
    /* well inside the range of the known offset there is nothing to decide */
    if (moment - 90000 < field->offset_begin || moment + 90000 >= field->offset_end) {
        moment = timezone_to_utc(field->zone, local);
        field->offset = timezone_offset_range(field->zone, moment, &field->offset_begin, &field->offset_end);
        field->offset_begin = field->offset_begin < INT64_MIN / 2 ? INT64_MIN / 2 : field->offset_begin;
    }
    if (scale == 0 && field->type->kind == TYPE_DATETIME) {
        builder_u32(builder, field->column, (uint32_t)(moment < 0 ? 0 : moment > UINT32_MAX ? UINT32_MAX : moment));
        return true;
    }
    static const int64_t factors[] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000, 1000000000};
    int64_t ticks;
    if (__builtin_mul_overflow(moment, factors[scale], &ticks) || __builtin_add_overflow(ticks, fraction, &ticks)) {
        return false;
    }
    builder_u64(builder, field->column, (uint64_t)ticks);
    return true;
}

static enum row_result set_string(struct reader *reader, struct builder *builder, struct field *field, const char **at,
                                  const char *end)
{
    struct slice text;
    enum row_result result = reader_json_string(reader, at, end, &text);
    if (result != ROW_WHOLE) {
        return result;
    }
    if (field->type->kind == TYPE_STRING) {
        builder_string(builder, field->column, text.data, text.length);
        return ROW_WHOLE;
    }
    if ((field->type->kind == TYPE_DATETIME || field->type->kind == TYPE_DATETIME64) && !field->type->nullable &&
        set_time(builder, field, text)) {
        return ROW_WHOLE;
    }
    return reader_set_text(reader, builder, field, text);
}

/* Whole numbers of few digits, by far the most; false: not that. */
static inline bool set_small(struct builder *builder, const struct field *field, const char *begin, const char *stop)
{
    size_t length = (size_t)(stop - begin);
    bool negative = *begin == '-';
    if (length - negative > 18 || length == negative) {
        return false;
    }
    uint64_t value = 0;
    for (const char *p = begin + negative; p < stop; p++) {
        unsigned digit = (unsigned)(unsigned char)*p - '0';
        if (digit > 9) {
            return false;
        }
        value = value * 10 + digit;
    }
    switch (field->type->kind) {
    case TYPE_UINT8:
        if (negative || value > UINT8_MAX) {
            return false;
        }
        builder_u8(builder, field->column, (uint8_t)value);
        return true;
    case TYPE_UINT16:
        if (negative || value > UINT16_MAX) {
            return false;
        }
        builder_u16(builder, field->column, (uint16_t)value);
        return true;
    case TYPE_UINT32:
        if (negative || value > UINT32_MAX) {
            return false;
        }
        builder_u32(builder, field->column, (uint32_t)value);
        return true;
    case TYPE_UINT64:
        if (negative) {
            return false;
        }
        builder_u64(builder, field->column, value);
        return true;
    case TYPE_INT32:
        if (value > (uint64_t)INT32_MAX + negative) {
            return false;
        }
        builder_u32(builder, field->column, (uint32_t)(negative ? 0 - value : value));
        return true;
    case TYPE_INT64:
        builder_u64(builder, field->column, negative ? 0 - value : value);
        return true;
    case TYPE_FLOAT64:
        if (value > (uint64_t)1 << 53) {
            return false;
        }
        builder_f64(builder, field->column, negative ? -(double)value : (double)value);
        return true;
    default:
        return false;
    }
}

/* Decimals of few digits for Float64; false: not that. */
static inline bool set_double(struct builder *builder, const struct field *field, const char *begin, const char *stop)
{
    bool negative = *begin == '-';
    uint64_t mantissa = 0;
    int scale = 0;
    bool point = false;
    double value;
    if (field->type->kind != TYPE_FLOAT64 || stop - begin > 18) {
        return false;
    }
    for (const char *p = begin + negative; p < stop; p++) {
        unsigned digit = (unsigned)(unsigned char)*p - '0';
        if (digit <= 9) {
            mantissa = mantissa * 10 + digit;
            scale -= point;
        } else if (*p == '.' && !point) {
            point = true;
        } else {
            return false;
        }
    }
    if (!number_exact_double(mantissa, scale, &value)) {
        return false;
    }
    builder_f64(builder, field->column, negative ? -value : value);
    return true;
}

bool reader_json_time(const struct type *type, struct slice text, __int128 *value)
{
    enum type_kind kind = type->kind;
    bool fits = number_parse_decimal(text, 18, kind == TYPE_DATETIME64 ? type->scale : 0, value);
    if (kind == TYPE_DATE || kind == TYPE_DATE32) {
        fits = fits && *value <= (kind == TYPE_DATE ? UINT16_MAX : DATE32_MAX) &&
               *value >= (kind == TYPE_DATE ? 0 : DATE32_MIN);
    } else if (kind == TYPE_DATETIME && fits) {
        *value = *value < 0 ? 0 : *value > UINT32_MAX ? UINT32_MAX : *value;
    }
    return fits;
}

/* A bare number for a time: days, or seconds since the epoch. */
static enum row_result set_time_number(struct reader *reader, struct builder *builder, const struct field *field,
                                       struct slice text)
{
    __int128 whole;
    if (!reader_json_time(field->type, text, &whole)) {
        return reader_bad_value(reader, field, text);
    }
    builder_bytes(builder, field->column, &whole);
    return ROW_WHOLE;
}

static enum row_result set_number(struct reader *reader, struct builder *builder, struct field *field, const char **at,
                                  const char *end, bool last)
{
    const char *begin = *at, *p = begin;
    while (p < end && ((*p >= '0' && *p <= '9') || *p == '-' || *p == '+' || *p == '.' || *p == 'e' || *p == 'E')) {
        p++;
    }
    if (p == end && !last) {
        return ROW_UNFINISHED;
    }
    *at = p;
    if (!field->type->nullable && (set_small(builder, field, begin, p) || set_double(builder, field, begin, p))) {
        return ROW_WHOLE;
    }
    struct slice text = slice_of(begin, (size_t)(p - begin));
    if (type_is_time(field->type)) {
        return set_time_number(reader, builder, field, text);
    }
    if (*begin == '+' && type_is_integer(field->type)) {
        text = slice_of(begin + 1, text.length - 1);
    }
    return reader_set_text(reader, builder, field, text);
}

static enum row_result set_word(struct reader *reader, struct builder *builder, struct field *field, const char **at,
                                const char *end, bool last)
{
    const char *begin = *at, *p = begin + (*begin == '-' || *begin == '+'); /* -inf */
    while (p < end && ((*p >= 'a' && *p <= 'z') || (*p >= 'A' && *p <= 'Z'))) {
        p++;
    }
    if (p == end && !last) {
        return ROW_UNFINISHED;
    }
    struct slice word = slice_of(begin, (size_t)(p - begin));
    *at = p;
    if (slice_equal(word, slice_text("null"))) {
        return reader_set_null(reader, builder, field);
    }
    bool is_true = slice_equal(word, slice_text("true"));
    if (is_true || slice_equal(word, slice_text("false"))) {
        return reader_set_text(reader, builder, field,
                               type_is_number(field->type) ? slice_text(is_true ? "1" : "0") : word);
    }
    if (type_is_float(field->type) && (slice_equal(word, slice_text("nan")) || slice_equal(word, slice_text("inf")) ||
                                       slice_equal(word, slice_text("-inf")) || slice_equal(word, slice_text("NaN")) ||
                                       slice_equal(word, slice_text("Infinity")))) {
        return reader_set_text(reader, builder, field, word);
    }
    if (word.length == 0) {
        return reader_bad(reader, "column %.*s: expected a JSON value, found byte %u", SLICE_ARG(field->name),
                          (unsigned)(unsigned char)*begin);
    }
    return reader_bad(reader, "column %.*s: expected a JSON value, found %.*s", SLICE_ARG(field->name),
                      (int)(word.length < 40 ? word.length : 40), word.data);
}

enum row_result reader_json_value(struct reader *reader, struct builder *builder, struct field *field, const char **at,
                                  const char *end, bool last)
{
    *at = text_skip_space(*at, end);
    if (*at == end) {
        return ROW_UNFINISHED;
    }
    char c = **at;
    if (c == '"') {
        (*at)++;
        return set_string(reader, builder, field, at, end);
    }
    if ((c >= '0' && c <= '9') ||
        ((c == '-' || c == '+') && !(*at + 1 < end && ((*at)[1] == 'i' || (*at)[1] == 'n')))) {
        return set_number(reader, builder, field, at, end, last);
    }
    if (c == '{' || c == '[') {
        const char *begin = *at;
        enum row_result result = reader_json_skip(reader, at, end, last);
        if (result != ROW_WHOLE) {
            return result;
        }
        struct slice text = slice_of(begin, (size_t)(*at - begin));
        if (field->type->kind == TYPE_STRING) { /* an object for a String is its text */
            builder_string(builder, field->column, text.data, text.length);
            return ROW_WHOLE;
        }
        if (type_is_nested(field->type)) {
            return reader_json_nested(reader, builder, field, &begin, *at);
        }
        return reader_bad_value(reader, field, text);
    }
    return set_word(reader, builder, field, at, end, last);
}

struct field *reader_find(struct reader *reader, struct slice name)
{
    for (uint32_t k = 0; k < reader->field_count; k++) {
        if (slice_equal(reader->fields[k].name, name)) {
            return &reader->fields[k];
        }
    }
    return NULL;
}

/* The key at *at, with its colon. *field NULL: no column has this name; then with import_nested_json *object may be the
 * first part of columns' names: set on entry, the keys are their other parts. */
static enum row_result take_key(struct reader *reader, uint32_t position, const char **at, const char *end,
                                struct field **field, struct slice *object)
{
    const struct slice within = *object;
    *object = (struct slice){0};
    if (position < reader->field_count && within.length == 0) { /* the one that stood here in the last row? */
        struct field *expected = &reader->fields[reader->order[position]];
        if (expected->key.length > 0 && (size_t)(end - *at) >= expected->key.length &&
            memcmp(*at, expected->key.data, expected->key.length) == 0) {
            *at += expected->key.length;
            *field = expected;
            return ROW_WHOLE;
        }
    }
    struct slice name;
    if (**at != '"') {
        return reader_bad(reader, "expected the name of a field in quotes, found byte %u",
                          (unsigned)(unsigned char)**at);
    }
    (*at)++;
    enum row_result result = reader_json_string(reader, at, end, &name);
    if (result != ROW_WHOLE) {
        return result;
    }
    *field = within.length > 0 ? reader_find_part(reader, within, name) : reader_find(reader, name);
    bool parts = *field == NULL && within.length == 0 && reader->settings.import_nested_json &&
                 reader_has_parts(reader, name, object);
    if (*field != NULL && position < reader->field_count && within.length == 0) {
        reader->order[position] = (uint32_t)(*field - reader->fields);
    } else if (*field == NULL && !parts && !reader->settings.skip_unknown_fields) {
        (void)reader_bad(reader, "there is no column for the field \"%.*s%s%.*s\"",
                         (int)(within.length < 100 ? within.length : 100), within.length == 0 ? "" : within.data,
                         within.length == 0 ? "" : ".", (int)(name.length < 100 ? name.length : 100), name.data);
        reader->code = ERR_INCORRECT_DATA;
        return ROW_BAD;
    }
    *at = text_skip_space(*at, end);
    if (*at == end) {
        return ROW_UNFINISHED;
    }
    if (**at != ':') {
        return reader_bad(reader, "expected ':' behind the name of a field");
    }
    (*at)++;
    return ROW_WHOLE;
}

static enum row_result take_nested(struct reader *reader, struct builder *builder, const char **at, const char *end,
                                   bool last, bool strings, struct slice object);

/* strings: all values are in quotes. within: its keys are parts of
 * columns' names behind this; empty: whole ones. */
static inline enum row_result take_object(struct reader *reader, struct builder *builder, const char **at,
                                          const char *end, bool last, bool strings, struct slice within)
{
    const char *p = text_skip_space(*at + 1, end); /* behind { */
    if (p < end && *p == '}') {
        *at = p + 1;
        return ROW_WHOLE;
    }
    for (uint32_t position = 0;; position++) {
        struct field *field = NULL;
        struct slice object = within;
        p = text_skip_space(p, end);
        if (p == end) {
            return ROW_UNFINISHED;
        }
        enum row_result result = take_key(reader, position, &p, end, &field, &object);
        if (result != ROW_WHOLE) {
            return result;
        }
        if (object.length > 0) {
            result = take_nested(reader, builder, &p, end, last, strings, object);
            position -= position > 0;
        } else if (field == NULL) {
            result = reader_json_skip(reader, &p, end, last);
            position -= position > 0; /* unknown fields have no place in the order */
        } else if (field->seen == reader->row_number) {
            result = reader_json_skip(reader, &p, end, last); /* the first one counts */
        } else {
            field->seen = reader->row_number;
            result = strings ? reader_json_quoted(reader, builder, field, &p, end)
                             : reader_json_value(reader, builder, field, &p, end, last);
        }
        if (result != ROW_WHOLE) {
            return result;
        }
        p = text_skip_space(p, end);
        if (p == end) {
            return ROW_UNFINISHED;
        }
        if (*p == '}') {
            *at = p + 1;
            return ROW_WHOLE;
        }
        if (*p++ != ',') {
            return reader_bad(reader, "expected ',' or '}' behind a value, found byte %u",
                              (unsigned)(unsigned char)p[-1]);
        }
    }
}

/* input_format_import_nested_json: the value of a field whose columns are named object.field. */
static enum row_result take_nested(struct reader *reader, struct builder *builder, const char **at, const char *end,
                                   bool last, bool strings, struct slice object)
{
    *at = text_skip_space(*at, end);
    if (*at == end) {
        return ROW_UNFINISHED;
    }
    if (**at != '{') {
        return reader_bad(reader, "field %.*s: expected an object, whose fields are columns, found byte %u",
                          (int)(object.length < 100 ? object.length : 100), object.data, (unsigned)(unsigned char)**at);
    }
    return take_object(reader, builder, at, end, last, strings, object);
}

enum row_result reader_json_object(struct reader *reader, struct builder *builder, const char **at, const char *end,
                                   bool last)
{
    return take_object(reader, builder, at, end, last, false, (struct slice){0});
}

/* Up to the row's '{'; else what the row's function is to return. */
static inline enum row_result begin_object(struct reader *reader, struct builder *builder, const char **at,
                                           const char *end, bool last)
{
    const char *p = text_skip_space(*at, end);
    while (p < end && !reader->ended &&
           ((*p == ',' && reader->rows > 0) || (*p == ';' && !reader->in_list) ||
            (*p == '[' && !reader->in_list && reader->rows == 0) || (*p == ']' && reader->in_list))) {
        if (*p != ',') {
            reader->in_list = *p == '[';
            reader->ended = *p != '[';
        }
        p = text_skip_space(p + 1, end);
    }
    *at = p;
    if (p == end && !(last && reader->in_list)) {
        return ROW_NONE;
    }
    if (!reader_row_begin(reader, builder)) {
        return ROW_MEMORY;
    }
    if (p == end) {
        return ROW_UNFINISHED;
    }
    if (reader->ended) {
        return reader_bad(reader, "text stands behind the end of the data");
    }
    if (*p != '{') {
        return reader_bad(reader, "expected '{' at the beginning of a row, found byte %u", (unsigned)(unsigned char)*p);
    }
    return ROW_WHOLE;
}

enum row_result json_row(struct reader *reader, struct builder *builder, const char **at, const char *end, bool last)
{
    enum row_result result = begin_object(reader, builder, at, end, last);
    result = result == ROW_WHOLE ? take_object(reader, builder, at, end, last, false, (struct slice){0}) : result;
    return result == ROW_WHOLE ? reader_row_end(reader, builder) : result;
}

enum row_result json_strings_row(struct reader *reader, struct builder *builder, const char **at, const char *end,
                                 bool last)
{
    enum row_result result = begin_object(reader, builder, at, end, last);
    result = result == ROW_WHOLE ? take_object(reader, builder, at, end, last, true, (struct slice){0}) : result;
    return result == ROW_WHOLE ? reader_row_end(reader, builder) : result;
}

/* The object is the value of the only column. */
enum row_result json_whole_row(struct reader *reader, struct builder *builder, const char **at, const char *end,
                               bool last)
{
    enum row_result result = begin_object(reader, builder, at, end, last);
    const char *p = *at;
    if (result == ROW_WHOLE) {
        reader->fields[0].seen = reader->row_number;
        result = reader_json_value(reader, builder, &reader->fields[0], &p, end, last);
    }
    if (result != ROW_WHOLE) {
        return result;
    }
    *at = p;
    return reader_row_end(reader, builder);
}
