/* parquet_column.c: see parquet_column.h. */
#include "format/parquet_column.h"

#include "base/interrupt.h"
#include "format/parquet.h"

#include <stdlib.h>
#include <zlib.h>

#define PAGE_DATA_2        3
#define PAGE_BYTES_MAX     ((size_t)512 << 20) /* unpacked */
#define TEXT_BYTES_MAX     ((size_t)1 << 30)   /* of the rows that are taken at once */
#define JULIAN_DAY_OF_1970 2440588

struct page {
    int64_t type, plain_bytes, packed_bytes, checksum;
    int64_t entries, encoding, definition_encoding, repetition_encoding;
    int64_t definition_bytes, repetition_bytes; /* data pages of version 2 */
    bool has_checksum, is_packed;
};

static struct err *damaged(const struct parquet_column *column, const char *what) __attribute__((returns_nonnull));
static struct err *damaged(const struct parquet_column *column, const char *what)
{
    return err_new(ERR_INCORRECT_DATA, "the Parquet file is damaged: column \"%.*s\": %s",
                   SLICE_ARG(slice_cut(arrow_slice(column->leaf->field->name), 100)), what);
}

struct err *parquet_column_init(struct parquet_column *column, struct arena *arena, const struct parquet_leaf_in *leaf,
                                bool keeps_levels)
{
    uint32_t raw = leaf->take == PARQUET_TAKE_BITS ? 1 : leaf->width == 0 ? sizeof(struct slice) : leaf->width;
    memset(column, 0, sizeof(*column));
    column->leaf = leaf;
    column->keeps_levels = keeps_levels;
    column->values.is_bits = leaf->take == PARQUET_TAKE_BITS;
    column->values.is_text = leaf->width == 0 && !column->values.is_bits;
    column->values.width = leaf->width;
    column->values.raw_width = raw;
    column->values.dictionary = &column->dictionary;
    column->raw = ARENA_ARRAY(arena, char, (size_t)raw *PARQUET_STEP);
    column->dictionary_arena = arena_beside(arena);
    column->page_arena = arena_beside(arena);
    column->values.arena = column->page_arena;
    return column->raw == NULL                                              ? arena_error(arena)
           : column->dictionary_arena == NULL || column->page_arena == NULL ? err_oom()
                                                                            : NULL;
}

void parquet_column_deinit(struct parquet_column *column)
{
    arena_destroy(column->dictionary_arena);
    arena_destroy(column->page_arena);
    column->dictionary_arena = column->page_arena = NULL;
}

void parquet_column_begin(struct parquet_column *column, const char *file, const struct parquet_chunk *chunk)
{
    column->file = file;
    column->chunk = *chunk;
    column->entries_left = chunk->entries;
    column->page_left = 0;
    column->step_at = column->step_end = 0;
    column->dictionary = (struct parquet_dictionary_in){0};
    arena_reset(column->dictionary_arena);
    arena_reset(column->page_arena);
}

/* ---- pages' heads */

/* What a page's kind says: of data in versions 1 and 2, or of a dictionary. */
enum head_kind { HEAD_DATA, HEAD_DATA_2, HEAD_DICTIONARY };

static void take_kind(struct thrift_reader *thrift, enum thrift_kind kind, struct page *page, enum head_kind head)
{
    struct thrift_field field;
    bool first = head == HEAD_DATA, second = head == HEAD_DATA_2;
    if (!thrift_read_struct(thrift, kind)) {
        return;
    }
    while (thrift_read_field(thrift, &field)) {
        int64_t *to = NULL;
        if (second && field.number == 7) {
            page->is_packed = thrift_read_bool(thrift, field.kind);
            continue;
        }
        switch (field.number) {
        case 1:
            to = &page->entries;
            break;
        case 2:
            to = second ? NULL : &page->encoding;
            break;
        case 3:
            to = first ? &page->definition_encoding : NULL;
            break;
        case 4:
            to = second ? &page->encoding : first ? &page->repetition_encoding : NULL;
            break;
        case 5:
            to = second ? &page->definition_bytes : NULL;
            break;
        case 6:
            to = second ? &page->repetition_bytes : NULL;
            break;
        default:
            break;
        }
        if (to == NULL) {
            thrift_read_skip(thrift, field.kind);
        } else {
            *to = thrift_read_int(thrift, field.kind);
        }
    }
}

/* The head at the chunk's beginning; the page's bytes are left there. */
static struct err *take_head(struct parquet_column *column, struct page *page)
{
    struct parquet_chunk *chunk = &column->chunk;
    struct thrift_reader thrift;
    struct thrift_field field;
    *page = (struct page){.type = -1, .plain_bytes = -1, .packed_bytes = -1, .entries = -1, .is_packed = true};
    thrift_read_begin(&thrift, slice_of(column->file + chunk->begin, (size_t)(chunk->end - chunk->begin)));
    while (thrift_read_field(&thrift, &field)) {
        switch (field.number) {
        case 1:
            page->type = thrift_read_int(&thrift, field.kind);
            break;
        case 2:
            page->plain_bytes = thrift_read_int(&thrift, field.kind);
            break;
        case 3:
            page->packed_bytes = thrift_read_int(&thrift, field.kind);
            break;
        case 4:
            page->checksum = thrift_read_int(&thrift, field.kind);
            page->has_checksum = true;
            break;
        case 5:
            take_kind(&thrift, field.kind, page, HEAD_DATA);
            break;
        case 7:
            take_kind(&thrift, field.kind, page, HEAD_DICTIONARY);
            break;
        case 8:
            take_kind(&thrift, field.kind, page, HEAD_DATA_2);
            break;
        default:
            thrift_read_skip(&thrift, field.kind);
        }
    }
    uint64_t left = (uint64_t)(thrift.end - thrift.at);
    if (thrift.failed || page->packed_bytes < 0 || (uint64_t)page->packed_bytes > left || page->plain_bytes < 0) {
        return damaged(column, "the head of a page cannot be read");
    }
    if ((uint64_t)page->plain_bytes > PAGE_BYTES_MAX) {
        return err_new(ERR_TOO_LARGE_ARRAY, "column \"%.*s\": a page of %lld bytes; one has %zu at most",
                       SLICE_ARG(slice_cut(arrow_slice(column->leaf->field->name), 100)), (long long)page->plain_bytes,
                       PAGE_BYTES_MAX);
    }
    chunk->begin = (uint64_t)(thrift.at - column->file);
    return NULL;
}

static struct err *unpack(const struct parquet_column *column, struct arena *arena, struct slice packed, size_t bytes,
                          struct slice *out)
{
    int32_t codec = column->chunk.codec;
    if (bytes == 0 || (codec == 0 && packed.length == bytes)) {
        *out = slice_of(packed.data, bytes);
        return NULL;
    }
    bool possible = parquet_unpack_possible(codec, packed, bytes);
    char *to = possible ? arena_alloc(arena, bytes) : NULL;
    if (possible && to == NULL) {
        return arena_error(arena);
    }
    if (!possible || !parquet_unpack(codec, packed, to, bytes)) {
        return err_new(ERR_CANNOT_DECOMPRESS,
                       "column \"%.*s\" of the Parquet file: a page of %zu bytes cannot be decompressed into %zu",
                       SLICE_ARG(slice_cut(arrow_slice(column->leaf->field->name), 100)), packed.length, bytes);
    }
    *out = slice_of(to, bytes);
    return NULL;
}

/* ---- dictionaries and data */

static struct err *take_dictionary(struct parquet_column *column, const struct page *page, struct slice packed)
{
    struct err *err = NULL;
    struct slice bytes;
    struct parquet_values values = column->values;
    if (column->dictionary.raw != NULL) {
        return damaged(column, "it has a second dictionary");
    }
    if (page->encoding != PARQUET_PLAIN && page->encoding != PARQUET_PLAIN_DICTIONARY) {
        return damaged(column, "the encoding of its dictionary is not known");
    }
    OR_DONE(unpack(column, column->dictionary_arena, packed, (size_t)page->plain_bytes, &bytes));
    uint64_t least = values.is_text ? sizeof(uint32_t) : values.is_bits ? 1 : values.width;
    uint64_t possible = values.is_bits ? bytes.length * 8 : bytes.length / least;
    if (page->entries < 0 || (uint64_t)page->entries > possible) {
        return damaged(column, "its dictionary has not as many values as it says");
    }
    char *raw = ARENA_ARRAY(column->dictionary_arena, char, ((size_t)page->entries + 1) * values.raw_width);
    if (raw == NULL) {
        return arena_error(column->dictionary_arena);
    }
    const char *wrong = parquet_values_begin(&values, PARQUET_PLAIN, bytes);
    wrong = wrong == NULL ? parquet_values_take(&values, raw, (uint32_t)page->entries) : wrong;
    if (wrong != NULL) {
        return damaged(column, wrong);
    }
    column->dictionary = (struct parquet_dictionary_in){raw, (uint32_t)page->entries};
done:
    return err;
}

/* Levels in front of a page's values, of version 1: behind their length. */
static bool take_levels(struct slice *bytes, uint32_t greatest, int64_t encoding, struct parquet_runs *runs)
{
    uint32_t length;
    if (greatest == 0) {
        return true;
    }
    if (encoding != PARQUET_RLE || bytes->length < sizeof(length)) {
        return false;
    }
    memcpy(&length, bytes->data, sizeof(length));
    if (length > bytes->length - sizeof(length)) {
        return false;
    }
    parquet_runs_begin(runs, slice_of(bytes->data + sizeof(length), length), parquet_bits(greatest));
    *bytes = slice_of(bytes->data + sizeof(length) + length, bytes->length - sizeof(length) - length);
    return true;
}

static struct err *begin_values(struct parquet_column *column, const struct page *page, struct slice bytes)
{
    const char *wrong = parquet_values_begin(&column->values, (enum parquet_encoding)page->encoding, bytes);
    return wrong == NULL ? NULL : damaged(column, wrong);
}

static struct err *take_data(struct parquet_column *column, const struct page *page, struct slice packed)
{
    struct err *err = NULL;
    struct slice bytes;
    const struct parquet_leaf_in *leaf = column->leaf;
    OR_DONE(unpack(column, column->page_arena, packed, (size_t)page->plain_bytes, &bytes));
    if (!take_levels(&bytes, leaf->repetition, page->repetition_encoding, &column->repetition_runs) ||
        !take_levels(&bytes, leaf->definition, page->definition_encoding, &column->definition_runs)) {
        return damaged(column, "the levels of a page cannot be read");
    }
    OR_DONE(begin_values(column, page, bytes));
done:
    return err;
}

static struct err *take_data_2(struct parquet_column *column, const struct page *page, struct slice packed)
{
    struct err *err = NULL;
    const struct parquet_leaf_in *leaf = column->leaf;
    struct slice bytes;
    uint64_t definition = (uint64_t)page->definition_bytes, repetition = (uint64_t)page->repetition_bytes;
    if (page->definition_bytes < 0 || page->repetition_bytes < 0 || repetition > packed.length ||
        definition > packed.length - repetition || definition + repetition > (uint64_t)page->plain_bytes) {
        return damaged(column, "the levels of a page cannot be read");
    }
    parquet_runs_begin(&column->repetition_runs, slice_of(packed.data, (size_t)repetition),
                       parquet_bits(leaf->repetition));
    parquet_runs_begin(&column->definition_runs, slice_of(packed.data + repetition, (size_t)definition),
                       parquet_bits(leaf->definition));
    size_t levels = (size_t)(definition + repetition);
    packed = slice_of(packed.data + levels, packed.length - levels);
    if (page->is_packed) {
        OR_DONE(unpack(column, column->page_arena, packed, (size_t)page->plain_bytes - levels, &bytes));
    } else {
        bytes = packed;
    }
    OR_DONE(begin_values(column, page, bytes));
done:
    return err;
}

/* The next page of data, and dictionaries in front of it. *ended: there is none. */
static struct err *next_page(struct parquet_column *column, bool *ended)
{
    struct err *err = NULL;
    struct page page;
    *ended = false;
    while (column->page_left == 0) {
        if (column->entries_left == 0) {
            *ended = true;
            return NULL;
        }
        if (column->chunk.begin == column->chunk.end) {
            return damaged(column, "its pages end before its values do");
        }
        OR_DONE(interrupt_check());
        OR_DONE(take_head(column, &page));
        struct slice packed = slice_of(column->file + column->chunk.begin, (size_t)page.packed_bytes);
        column->chunk.begin += packed.length;
        if (page.has_checksum && column->checks &&
            (uint32_t)page.checksum != crc32_z(0, (const Bytef *)packed.data, packed.length)) {
            return err_new(ERR_CHECKSUM, "column \"%.*s\" of the Parquet file: the checksum of a page does not fit it",
                           SLICE_ARG(slice_cut(arrow_slice(column->leaf->field->name), 100)));
        }
        if (page.type == PARQUET_PAGE_DICTIONARY) {
            OR_DONE(take_dictionary(column, &page, packed));
            continue;
        }
        if (page.type != PARQUET_PAGE_DATA && page.type != PAGE_DATA_2) {
            continue; /* an index */
        }
        if (page.entries < 0 || (uint64_t)page.entries > column->entries_left) {
            return damaged(column, "its pages have more values than it has");
        }
        arena_reset(column->page_arena);
        OR_DONE(page.type == PARQUET_PAGE_DATA ? take_data(column, &page, packed) : take_data_2(column, &page, packed));
        column->page_left = (uint64_t)page.entries;
        column->entries_left -= column->page_left;
    }
done:
    return err;
}

/* ---- rows */

static bool take_bytes(struct parquet_runs *runs, uint32_t greatest, uint8_t *out, uint32_t count)
{
    uint32_t levels[PARQUET_STEP];
    if (greatest == 0) {
        memset(out, 0, count);
        return true;
    }
    if (!parquet_runs_take(runs, levels, count)) {
        return false;
    }
    uint32_t most = 0;
    for (uint32_t i = 0; i < count; i++) {
        most = levels[i] > most ? levels[i] : most;
        out[i] = (uint8_t)levels[i];
    }
    return most <= greatest;
}

static struct err *next_step(struct parquet_column *column, bool *ended)
{
    struct err *err = NULL;
    OR_DONE(next_page(column, ended));
    if (*ended) {
        return NULL;
    }
    uint32_t count = column->page_left < PARQUET_STEP ? (uint32_t)column->page_left : PARQUET_STEP;
    if (!take_bytes(&column->repetition_runs, column->leaf->repetition, column->repetitions, count) ||
        !take_bytes(&column->definition_runs, column->leaf->definition, column->definitions, count)) {
        return damaged(column, "the levels of a page cannot be read");
    }
    column->step_at = 0;
    column->step_end = count;
    column->page_left -= count;
done:
    return err;
}

static void *grow(struct arena *arena, void *memory, size_t used, size_t had, size_t wanted)
{
    char *grown = arena_grow(arena, memory, used, had, wanted);
    if (grown != NULL) {
        memset(grown + used, 0, wanted - used);
    }
    return grown;
}

/* Room for so many entries more. */
static struct err *make_room(const struct parquet_column *column, struct arena *arena, struct parquet_rows *out,
                             uint32_t count)
{
    uint32_t room = out->slot_room, made = column->leaf->made;
    if (out->entries + (uint64_t)count > ARROW_ROWS_MAX) {
        return err_new(ERR_TOO_LARGE_ARRAY, "column \"%.*s\": some rows of the Parquet file have more than %d values",
                       SLICE_ARG(slice_cut(arrow_slice(column->leaf->field->name), 100)), ARROW_ROWS_MAX);
    }
    while (room == 0 || room < out->entries + count) {
        room = room == 0 ? PARQUET_STEP * 8 : room * 2;
    }
    if (room == out->slot_room && out->values != NULL) {
        return NULL;
    }
    uint32_t had = out->slot_room, used = out->slots;
    size_t bits = (size_t)(room + 7) / 8, had_bits = (size_t)(had + 7) / 8, used_bits = (size_t)(used + 7) / 8;
    bool is_bits = column->values.is_bits;
    char *values = is_bits     ? grow(arena, out->values, used_bits, had_bits, bits)
                   : made == 0 ? arena_alloc(arena, 1)
                               : grow(arena, out->values, (size_t)used * made, (size_t)had * made, (size_t)room * made);
    uint8_t *valid = grow(arena, out->valid, used_bits, had_bits, bits);
    if (values == NULL || valid == NULL) {
        return arena_error(arena);
    }
    out->values = values;
    out->valid = valid;
    if (column->values.is_text && made == 0) {
        uint64_t *offsets =
            grow(arena, out->offsets, out->offsets == NULL ? 0 : (used + 1) * sizeof(*offsets),
                 out->offsets == NULL ? 0 : (had + 1) * sizeof(*offsets), ((size_t)room + 1) * sizeof(*offsets));
        if (offsets == NULL) {
            return arena_error(arena);
        }
        out->offsets = offsets;
    }
    if (column->keeps_levels) {
        uint8_t *definitions = grow(arena, out->definitions, out->entries, had, room);
        uint8_t *repetitions = definitions == NULL ? NULL : grow(arena, out->repetitions, out->entries, had, room);
        if (repetitions == NULL) {
            return arena_error(arena);
        }
        out->definitions = definitions;
        out->repetitions = repetitions;
    }
    out->slot_room = room;
    return NULL;
}

/* A number, the most significant byte first, to `made` bytes of which the least significant is first. */
static bool put_big(const char *bytes, size_t length, char *to, uint32_t made)
{
    char sign = length > 0 && (bytes[0] & 0x80) != 0 ? (char)0xff : 0;
    memset(to, sign, made);
    for (size_t k = 0; k < length; k++) {
        char byte = bytes[length - 1 - k];
        if (k < made) {
            to[k] = byte;
        } else if (byte != sign) {
            return false;
        }
    }
    return length <= made || ((to[made - 1] ^ sign) & 0x80) == 0;
}

static bool put_int96(const char *raw, char *to)
{
    uint64_t nanoseconds;
    uint32_t day;
    int64_t ticks;
    memcpy(&nanoseconds, raw, sizeof(nanoseconds));
    memcpy(&day, raw + sizeof(nanoseconds), sizeof(day));
    if (__builtin_mul_overflow((int64_t)day - JULIAN_DAY_OF_1970, INT64_C(86400000000000), &ticks) ||
        __builtin_add_overflow(ticks, (int64_t)nanoseconds, &ticks)) {
        return false;
    }
    memcpy(to, &ticks, sizeof(ticks));
    return true;
}

static struct err *put_text(const struct parquet_column *column, struct arena *arena, struct parquet_rows *out,
                            struct slice text)
{
    if (text.length > TEXT_BYTES_MAX - out->text_bytes) {
        return err_new(ERR_TOO_LARGE_ARRAY, "column \"%.*s\": some rows of the Parquet file have more than %zu bytes",
                       SLICE_ARG(slice_cut(arrow_slice(column->leaf->field->name), 100)), TEXT_BYTES_MAX);
    }
    if (out->text == NULL || text.length > out->text_room - out->text_bytes) {
        size_t room = (out->text_bytes + text.length) * 2 + 4096;
        char *grown = arena_grow(arena, out->text, out->text_bytes, out->text_room, room);
        if (grown == NULL) {
            return arena_error(arena);
        }
        out->text = grown;
        out->text_room = room;
    }
    if (text.length > 0) {
        memcpy(out->text + out->text_bytes, text.data, text.length);
    }
    out->text_bytes += text.length;
    return NULL;
}

static struct err *put_value(const struct parquet_column *column, struct arena *arena, struct parquet_rows *out,
                             const char *raw)
{
    const struct parquet_leaf_in *leaf = column->leaf;
    uint32_t slot = out->slots, made = leaf->made;
    struct slice text;
    int64_t wide;
    int32_t narrow;
    switch (leaf->take) {
    case PARQUET_TAKE_BITS:
        out->values[slot / 8] = (char)(out->values[slot / 8] | (*raw & 1) << slot % 8);
        return NULL;
    case PARQUET_TAKE_COPY:
        memcpy(out->values + (size_t)slot * made, raw, made);
        return NULL;
    case PARQUET_TAKE_WIDEN:
        memcpy(&narrow, raw, sizeof(narrow));
        wide = narrow;
        memcpy(out->values + (size_t)slot * made, &wide, sizeof(wide));
        return NULL;
    case PARQUET_TAKE_INT96:
        return put_int96(raw, out->values + (size_t)slot * made) ? NULL : damaged(column, "a time is out of range");
    case PARQUET_TAKE_BIG:
        return put_big(raw, leaf->width, out->values + (size_t)slot * made, made)
                   ? NULL
                   : damaged(column, "a decimal has too many digits");
    case PARQUET_TAKE_BIG_TEXT:
        memcpy(&text, raw, sizeof(text));
        return put_big(text.data, text.length, out->values + (size_t)slot * made, made)
                   ? NULL
                   : damaged(column, "a decimal has too many digits");
    case PARQUET_TAKE_TEXT:
        memcpy(&text, raw, sizeof(text));
        return put_text(column, arena, out, text);
    }
    return NULL;
}

/* Entries [step_at, end) of the step, which are of rows that are wanted. */
static struct err *put_entries(struct parquet_column *column, struct arena *arena, uint32_t end,
                               struct parquet_rows *out)
{
    struct err *err = NULL;
    const struct parquet_leaf_in *leaf = column->leaf;
    uint32_t at = column->step_at, step = parquet_values_step(&column->values);
    OR_DONE(make_room(column, arena, out, end - at));
    if (column->keeps_levels) {
        memcpy(out->definitions + out->entries, column->definitions + at, end - at);
        memcpy(out->repetitions + out->entries, column->repetitions + at, end - at);
    }
    out->entries += end - at;
    uint32_t count = 0, left = 0;
    for (uint32_t i = at; i < end; i++) {
        count += column->definitions[i] == leaf->definition;
    }
    const char *raw = column->raw;
    for (uint32_t i = at; i < end; i++) {
        if (column->definitions[i] < leaf->slot_definition) {
            continue;
        }
        if (column->definitions[i] == leaf->definition) {
            if (left == 0) {
                left = count < step ? count : step;
                const char *wrong = parquet_values_take(&column->values, column->raw, left);
                if (wrong != NULL) {
                    return damaged(column, wrong);
                }
                count -= left;
                raw = column->raw;
            }
            OR_DONE(put_value(column, arena, out, raw));
            out->valid[out->slots / 8] = (uint8_t)(out->valid[out->slots / 8] | 1U << out->slots % 8);
            raw += column->values.raw_width;
            left--;
        } else {
            out->has_null = true;
        }
        out->slots++;
        if (out->offsets != NULL) {
            out->offsets[out->slots] = out->text_bytes;
        }
    }
    column->step_at = end;
done:
    return err;
}

struct err *parquet_column_take(struct parquet_column *column, struct arena *arena, uint32_t rows,
                                struct parquet_rows *out)
{
    struct err *err = NULL;
    bool ended = false;
    *out = (struct parquet_rows){0};
    OR_DONE(make_room(column, arena, out, 0));
    for (;;) {
        if (column->step_at == column->step_end) {
            if (out->rows == rows && column->leaf->repetition == 0) {
                break;
            }
            OR_DONE(next_step(column, &ended));
            if (ended) {
                break;
            }
        }
        uint32_t end = column->step_at;
        if (column->leaf->repetition == 0) {
            uint32_t left = column->step_end - end;
            end += left < rows - out->rows ? left : rows - out->rows;
            out->rows += end - column->step_at;
        }
        for (; column->leaf->repetition > 0 && end < column->step_end; end++) {
            bool begins = column->repetitions[end] == 0;
            if (begins && out->rows == rows) {
                break;
            }
            if (!begins && out->rows == 0) {
                return damaged(column, "a row begins within a list");
            }
            out->rows += begins;
        }
        bool more = end < column->step_end;
        OR_DONE(put_entries(column, arena, end, out));
        if (more) {
            break;
        }
    }
    if (out->rows < rows) {
        return damaged(column, "it has fewer rows than its row group");
    }
    if (!out->has_null) {
        out->valid = NULL;
    }
done:
    return err;
}
