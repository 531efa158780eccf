/*
 * parquet_values.c: values of a column as Parquet has them, into the page of their leaf: as numbers in the dictionary as
 * long as that is small, else as they are.
 *
 * pages    end between rows only
 */
#include "format/parquet.h"

#include "base/interrupt.h"
#include "format/value.h"

#define ROWS_AT_ONCE     1024U
#define PAGE_ENTRIES_MAX (1U << 20)

/* What the entries have of values, one behind the other: numbers or texts. */
struct values {
    uint32_t count;
    const char *numbers; /* leaf->width bytes each */
    const struct slice *texts;
};

#define ROW(i) (rows == NULL ? (i) : rows[i])

/* Rows of the entries that have a value; *rows NULL: all of the column's. */
static struct err *find_rows(struct arena *arena, const struct parquet_entries *entries, const uint32_t **rows,
                             uint32_t *count)
{
    uint32_t alive = 0;
    for (uint32_t i = 0; entries->rows != NULL && i < entries->count; i++) {
        alive += entries->rows[i] != PARQUET_MISSING;
    }
    *rows = entries->rows;
    *count = entries->rows == NULL ? entries->count : alive;
    if (entries->rows == NULL || alive == entries->count) {
        return NULL;
    }
    uint32_t *list = ARENA_ARRAY(arena, uint32_t, (size_t)alive + 1), at = 0;
    if (list == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < entries->count; i++) {
        list[at] = entries->rows[i];
        at += entries->rows[i] != PARQUET_MISSING;
    }
    *rows = list;
    return NULL;
}

/* ---- numbers */

static void copy(char *to, const struct column *column, const uint32_t *rows, uint32_t count)
{
    const char *from = column->values;
    uint32_t width = column->type->width;
    if (width == 8) {
        for (uint32_t i = 0; i < count; i++) {
            ((uint64_t *)(void *)to)[i] = ((const uint64_t *)(const void *)from)[ROW(i)];
        }
        return;
    }
    for (uint32_t i = 0; i < count; i++) {
        memcpy(to + (size_t)i * width, from + (size_t)ROW(i) * width, width);
    }
}

#define WIDEN(type)                                                                                                    \
    for (uint32_t i = 0; i < count; i++) {                                                                             \
        to[i] = ((const type *)column->values)[ROW(i)];                                                                \
    }

static void widen(int32_t *to, const struct column *column, const uint32_t *rows, uint32_t count)
{
    bool is_signed =
        type_is_signed(column->type) || column->type->kind == TYPE_ENUM8 || column->type->kind == TYPE_ENUM16;
    if (column->type->width == 1 && is_signed) {
        WIDEN(int8_t)
    } else if (column->type->width == 1) {
        WIDEN(uint8_t)
    } else if (is_signed) {
        WIDEN(int16_t)
    } else {
        WIDEN(uint16_t)
    }
}

static struct err *ticks(const struct parquet_leaf *leaf, int64_t *to, const struct column *column,
                         const uint32_t *rows, uint32_t count)
{
    bool overflow = false;
    for (uint32_t i = 0; i < count && leaf->form == PARQUET_SECONDS; i++) {
        to[i] = (int64_t)((const uint32_t *)column->values)[ROW(i)] * leaf->factor;
    }
    for (uint32_t i = 0; i < count && leaf->form == PARQUET_TICKS; i++) {
        int64_t value = ((const int64_t *)column->values)[ROW(i)];
        overflow |= __builtin_mul_overflow(value, leaf->factor, &to[i]);
    }
    return !overflow ? NULL
                     : err_new(ERR_DECIMAL_OVERFLOW,
                               "column '%.*s': a DateTime64 is out of range for Parquet's timestamps, which have 64 "
                               "bits of milli-, micro- or nanoseconds",
                               SLICE_ARG(leaf->path[0]));
}

static void big(const struct parquet_leaf *leaf, char *to, const struct column *column, const uint32_t *rows,
                uint32_t count)
{
    uint32_t width = column->type->width;
    bool is_signed = column->type->kind == TYPE_DECIMAL || type_is_signed(column->type);
    for (uint32_t i = 0; i < count; i++, to += leaf->width) {
        const char *from = (const char *)column->values + (size_t)ROW(i) * width;
        to[0] = is_signed && (from[width - 1] & 0x80) != 0 ? -1 : 0; /* kept when there is room */
        for (uint32_t byte = 0; byte < width; byte++) {
            to[leaf->width - 1 - byte] = from[byte];
        }
    }
}

static void uuids(char *to, const struct column *column, const uint32_t *rows, uint32_t count)
{
    for (uint32_t i = 0; i < count; i++, to += 16) {
        uint64_t halves[2];
        memcpy(halves, (const char *)column->values + (size_t)ROW(i) * 16, 16);
        halves[0] = __builtin_bswap64(halves[0]);
        halves[1] = __builtin_bswap64(halves[1]);
        memcpy(to, halves, 16);
    }
}

static struct err *make_numbers(struct arena *arena, const struct parquet_leaf *leaf, const struct column *column,
                                const uint32_t *rows, struct values *values)
{
    if (rows == NULL && (leaf->form == PARQUET_COPY || leaf->form == PARQUET_BITS)) {
        values->numbers = column->values;
        return NULL;
    }
    char *to = arena_array(arena, (size_t)values->count + 1, leaf->width);
    struct err *err = NULL;
    if (to == NULL) {
        return arena_error(arena);
    }
    values->numbers = to;
    switch (leaf->form) {
    case PARQUET_WIDEN:
        widen((int32_t *)(void *)to, column, rows, values->count);
        break;
    case PARQUET_TICKS:
    case PARQUET_SECONDS:
        err = ticks(leaf, (int64_t *)(void *)to, column, rows, values->count);
        break;
    case PARQUET_BIG:
        big(leaf, to, column, rows, values->count);
        break;
    case PARQUET_UUID:
        uuids(to, column, rows, values->count);
        break;
    default:
        copy(to, column, rows, values->count);
        break;
    }
    return err;
}

/* ---- texts */

static struct err *text_of(struct arena *arena, const struct parquet_leaf *leaf, const struct column *column,
                           uint32_t row, struct buffer *scratch, struct slice *out)
{
    const struct type *type = column->type;
    switch (leaf->form) {
    case PARQUET_FIXED:
        *out = slice_of((const char *)column->values + (size_t)row * type->width, type->width);
        break;
    case PARQUET_NAME:
        if (!type_enum_name(type,
                            type->kind == TYPE_ENUM8 ? ((const int8_t *)column->values)[row]
                                                     : ((const int16_t *)column->values)[row],
                            out)) {
            *out = slice_text("");
        }
        break;
    case PARQUET_JSON:
        scratch->length = 0;
        value_to_text(scratch, column, row, timezone_utc());
        *out = arena_slice(arena, buffer_all(scratch));
        return scratch->failed ? err_oom() : out->data == NULL ? arena_error(arena) : NULL;
    default:
        *out = ((const struct slice *)column->values)[row];
        break;
    }
    return NULL;
}

static struct err *make_texts(struct arena *arena, const struct parquet_leaf *leaf, const struct column *column,
                              const uint32_t *rows, struct values *values)
{
    struct err *err = NULL;
    struct buffer scratch = {0};
    if (rows == NULL && leaf->form == PARQUET_TEXT) {
        values->texts = column->values;
        return NULL;
    }
    struct slice *texts = ARENA_ARRAY(arena, struct slice, (size_t)values->count + 1);
    if (texts == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < values->count; i++) {
        OR_DONE(interrupt_at(i));
        OR_DONE(text_of(arena, leaf, column, ROW(i), &scratch, &texts[i]));
    }
    values->texts = texts;
done:
    buffer_deinit(&scratch);
    return err;
}

/* ---- into the page */

/* Values go without the dictionary from now on: those that it has, too, to the Bloom filter. */
static struct err *begin_bloom(const struct parquet *parquet, struct parquet_leaf *leaf)
{
    if (!parquet->settings->parquet_bloom_filter || !parquet_bloom_has(leaf)) {
        return NULL;
    }
    if (!parquet_bloom_begin(&leaf->bloom, parquet->settings->parquet_row_group_rows)) {
        return err_oom();
    }
    for (uint32_t number = 0; number < leaf->dictionary.count; number++) {
        parquet_bloom_add(&leaf->bloom, parquet_dictionary_bytes(leaf, number));
    }
    leaf->bloom_values = leaf->dictionary.count;
    return NULL;
}

/* Values go on as they are; those of the page become so, when no page before it needs the dictionary. */
static struct err *leave_dictionary(struct parquet *parquet, struct parquet_leaf *leaf)
{
    struct err *err = NULL;
    OR_DONE(begin_bloom(parquet, leaf));
    if (leaf->pages_coded > 0) {
        OR_DONE(parquet_page_end(parquet, leaf));
        leaf->has_dictionary = false;
        return NULL;
    }
    const uint32_t *codes = (const void *)leaf->codes.data;
    for (uint32_t i = 0; i < leaf->value_count; i++) {
        OR_DONE(interrupt_at(i));
        buffer_slice(&leaf->values, parquet_dictionary_value(&leaf->dictionary, codes[i]));
    }
    buffer_deinit(&leaf->codes);
    parquet_dictionary_reset(&leaf->dictionary);
    leaf->has_dictionary = false;
done:
    return err;
}

static struct slice value_at(const struct parquet_leaf *leaf, const struct values *values, uint32_t i)
{
    if (values->texts != NULL) {
        return values->texts[i].length == 0 ? slice_text("") : values->texts[i];
    }
    return slice_of(values->numbers + (size_t)i * leaf->width, leaf->width);
}

static bool add_codes(struct parquet_leaf *leaf, const struct values *values, uint32_t begin, uint32_t end)
{
    uint32_t count = end - begin;
    if (!buffer_reserve(&leaf->codes, (size_t)count * sizeof(uint32_t))) {
        return false;
    }
    uint32_t *codes = (uint32_t *)(void *)(leaf->codes.data + leaf->codes.length);
    for (uint32_t i = 0; i < count; i++) {
        struct slice value = value_at(leaf, values, begin + i);
        if (!parquet_dictionary_find(&leaf->dictionary, values->texts != NULL, value, &codes[i])) {
            return false;
        }
    }
    leaf->codes.length += (size_t)count * sizeof(uint32_t);
    return true;
}

static void add_plain(struct parquet_leaf *leaf, const struct values *values, uint32_t begin, uint32_t end)
{
    for (uint32_t i = begin; i < end && leaf->bloom.length > 0; i++) {
        parquet_bloom_add(&leaf->bloom, value_at(leaf, values, i));
    }
    leaf->bloom_values += end - begin;
    if (values->texts == NULL) {
        buffer_append(&leaf->values, values->numbers + (size_t)begin * leaf->width,
                      (size_t)(end - begin) * leaf->width);
        return;
    }
    for (uint32_t i = begin; i < end; i++) {
        uint32_t length = (uint32_t)values->texts[i].length;
        buffer_append(&leaf->values, &length, sizeof(length));
        buffer_slice(&leaf->values, values->texts[i]);
    }
}

static void add_levels(struct buffer *levels, const uint8_t *from, uint8_t all, uint32_t begin, uint32_t end)
{
    if (from != NULL) {
        buffer_append(levels, from + begin, end - begin);
    } else if (buffer_reserve(levels, end - begin)) {
        memset(levels->data + levels->length, all, end - begin);
        levels->length += end - begin;
    } else {
        levels->failed = true;
    }
}

/* Some rows: entries [begin, end), and of the values [first, last). */
struct part {
    uint32_t begin, end, first, last, rows;
    uint64_t bytes;
};

/* Whole rows from where the part begins, until they are many or large. */
static void measure(const struct parquet_leaf *leaf, const struct parquet_entries *entries, const struct values *values,
                    uint64_t bytes_max, struct part *part)
{
    const uint8_t *repetitions = entries->repetitions;
    part->end = part->begin;
    part->last = part->first;
    part->rows = 0;
    part->bytes = 0;
    while (part->end < entries->count && part->rows < ROWS_AT_ONCE && part->bytes < bytes_max) {
        do {
            if (entries->rows == NULL || entries->rows[part->end] != PARQUET_MISSING) {
                part->bytes += leaf->width > 0 ? leaf->width : 4 + values->texts[part->last].length;
                part->last++;
            }
            part->end++;
        } while (part->end < entries->count && repetitions != NULL && repetitions[part->end] != 0);
        part->rows++;
    }
}

static struct err *add_part(struct parquet *parquet, struct parquet_leaf *leaf, const struct parquet_entries *entries,
                            const struct values *values, const struct part *part)
{
    uint32_t count = part->last - part->first;
    if (leaf->definitions_max > 0) {
        add_levels(&leaf->definitions, entries->definitions, entries->definition, part->begin, part->end);
    }
    if (leaf->repetitions_max > 0) {
        add_levels(&leaf->repetitions, entries->repetitions, 0, part->begin, part->end);
    }
    if (leaf->has_dictionary) {
        if (!add_codes(leaf, values, part->first, part->last)) {
            return err_oom();
        }
    } else {
        add_plain(leaf, values, part->first, part->last);
    }
    if (values->texts != NULL) {
        parquet_bounds_texts(&leaf->bounds, values->texts + part->first, count);
    } else {
        parquet_bounds_numbers(&leaf->bounds, leaf, values->numbers + (size_t)part->first * leaf->width, count);
    }
    leaf->entries += part->end - part->begin;
    leaf->value_count += count;
    leaf->rows += part->rows;
    leaf->bytes_raw += part->bytes;
    bool full = parquet_page_bytes(leaf) >= parquet->settings->parquet_page_bytes || leaf->entries >= PAGE_ENTRIES_MAX;
    return full ? parquet_page_end(parquet, leaf) : NULL;
}

struct err *parquet_leaf_add(struct parquet *parquet, struct arena *arena, struct parquet_leaf *leaf,
                             const struct column *column, const struct parquet_entries *entries)
{
    struct err *err = NULL;
    struct values values = {0};
    struct part part = {0};
    const uint32_t *rows;
    uint64_t page_bytes = parquet->settings->parquet_page_bytes;
    OR_DONE(find_rows(arena, entries, &rows, &values.count));
    OR_DONE(leaf->width > 0 ? make_numbers(arena, leaf, column, rows, &values)
                            : make_texts(arena, leaf, column, rows, &values));
    for (; part.begin < entries->count; part.begin = part.end, part.first = part.last) {
        OR_DONE(interrupt_check());
        measure(leaf, entries, &values, page_bytes, &part);
        if (leaf->dictionary.bytes.length > parquet->settings->parquet_dictionary_bytes && leaf->has_dictionary) {
            OR_DONE(leave_dictionary(parquet, leaf));
        } else if (!leaf->has_dictionary && leaf->bloom_values == 0) {
            OR_DONE(begin_bloom(parquet, leaf)); /* there never was one */
        }
        OR_DONE(add_part(parquet, leaf, entries, &values, &part));
    }
done:
    return err;
}
