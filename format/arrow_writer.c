/*
 * arrow_writer.c: Arrow and ArrowStream: Arrow's IPC file and stream. A chunk is a record batch.
 *
 * flow     writer.c → here → arrow_type.c (types), arrow_ipc.h (metadata)
 * order    [magic] schema, then per chunk what its dictionaries have more than before and the batch, the mark of the
 *          end, [footer, its length, magic]
 * buffers  of a batch are compressed each on its own, behind its length; one that does not get shorter stands as it is
 * dictionaries  grow while the result lasts, in the query's memory: what is new comes as a delta
 * offsets  of strings and lists have 32 bits: a chunk with more bytes is several batches
 */
#include "format/arrow_words.h"
#include "format/binary.h"
#include "format/state_wire.h"
#include "format/writer_private.h"

#include <lz4frame.h>
#include <stdlib.h>
#include <zstd.h>

struct arrow_writer {
    struct arena *arena; /* fields, dictionaries: as long as the result */
    struct arena *chunk; /* as long as a batch */
    struct arrow_field *fields;
    struct arrow_words *words;
    uint32_t words_count;
    uint64_t written;    /* bytes of the file, without those of the call that goes on */
    bool begun;          /* dictionaries are there */
    struct buffer nodes; /* struct arrow_node */
    struct buffer extents;
    struct buffer body;
    struct buffer plain; /* of one buffer */
    struct buffer dictionary_blocks, batch_blocks;
    bool too_long; /* for the offsets */
};

static void fail(struct writer *writer, struct err *err)
{
    if (writer->bad_state == NULL) {
        writer->bad_state = err;
    } else {
        err_free(err);
    }
    writer->out->failed = true;
}

static void append(void *user, const void *bytes, size_t length)
{
    buffer_append(user, bytes, length);
}

/* ---- buffers of a body */

static void put_padding(struct buffer *out)
{
    static const char zeros[ARROW_ALIGN];
    buffer_append(out, zeros, (ARROW_ALIGN - out->length % ARROW_ALIGN) % ARROW_ALIGN);
}

/* Behind its length; false: it would not be shorter. */
static bool put_packed(struct buffer *body, const void *bytes, size_t length, enum arrow_codec codec)
{
    size_t room = codec == ARROW_LZ4 ? LZ4F_compressFrameBound(length, NULL) : ZSTD_compressBound(length), packed;
    int64_t plain = (int64_t)length;
    if (!buffer_reserve(body, sizeof(plain) + room)) {
        body->failed = true;
        return true;
    }
    char *to = body->data + body->length;
    if (codec == ARROW_LZ4) {
        packed = LZ4F_compressFrame(to + sizeof(plain), room, bytes, length, NULL);
        packed = LZ4F_isError(packed) ? length : packed;
    } else {
        packed = ZSTD_compress(to + sizeof(plain), room, bytes, length, 1);
        packed = ZSTD_isError(packed) ? length : packed;
    }
    if (packed >= length) {
        return false;
    }
    memcpy(to, &plain, sizeof(plain));
    body->length += sizeof(plain) + packed;
    return true;
}

static void put_buffer(struct writer *writer, const void *bytes, size_t length)
{
    struct arrow_writer *arrow = writer->arrow;
    enum arrow_codec codec = writer->settings.arrow_codec;
    struct arrow_extent extent = {(int64_t)arrow->body.length, 0};
    if (length > 0 && (codec == ARROW_PLAIN || !put_packed(&arrow->body, bytes, length, codec))) {
        const int64_t as_it_is = -1;
        buffer_append(&arrow->body, &as_it_is, codec == ARROW_PLAIN ? 0 : sizeof(as_it_is));
        buffer_append(&arrow->body, bytes, length);
    }
    extent.length = (int64_t)arrow->body.length - extent.offset;
    put_padding(&arrow->body);
    buffer_append(&arrow->extents, &extent, sizeof(extent));
}

/* Room for so many bytes of one buffer, in arrow->plain; NULL: memory is out. */
static void *plain_room(struct writer *writer, size_t bytes)
{
    struct buffer *plain = &writer->arrow->plain;
    plain->length = 0;
    if (!buffer_reserve(plain, bytes + 1)) {
        writer->arrow->body.failed = true;
        return NULL;
    }
    plain->length = bytes;
    return plain->data;
}

static void put_plain(struct writer *writer)
{
    if (!writer->arrow->body.failed && writer->arrow->plain.data != NULL) {
        put_buffer(writer, writer->arrow->plain.data, writer->arrow->plain.length);
    }
}

/* Bit i: byte i is `set`. */
static void put_bits(struct writer *writer, const uint8_t *bytes, uint32_t count, bool set)
{
    uint8_t *to = plain_room(writer, (count + 7) / 8);
    if (to == NULL) {
        return;
    }
    memset(to, 0, (count + 7) / 8);
    for (uint32_t i = 0; i < count && !interrupted_at(i); i++) {
        to[i / 8] |= (uint8_t)(((bytes[i] != 0) == set) << i % 8);
    }
    put_plain(writer);
}

/* The node of an array, and its bits of what is there. */
static void put_node(struct writer *writer, const uint8_t *nulls, uint32_t count)
{
    struct arrow_node node = {count, 0};
    for (uint32_t i = 0; nulls != NULL && i < count && !interrupted_at(i); i++) {
        node.null_count += nulls[i] != 0;
    }
    buffer_append(&writer->arrow->nodes, &node, sizeof(node));
    if (node.null_count == 0) {
        put_buffer(writer, "", 0);
    } else {
        put_bits(writer, nulls, count, false);
    }
}

/* ---- values */

static void put_texts(struct writer *writer, const struct slice *texts, uint32_t count)
{
    struct arrow_writer *arrow = writer->arrow;
    size_t total = 0;
    int32_t *offsets = plain_room(writer, ((size_t)count + 1) * sizeof(*offsets));
    if (offsets == NULL) {
        return;
    }
    for (uint32_t i = 0; i < count && !arrow->too_long; i++) {
        offsets[i] = (int32_t)total;
        total += texts[i].length;
        arrow->too_long = total > ARROW_BYTES_MAX_LIST;
    }
    if (arrow->too_long) {
        return;
    }
    offsets[count] = (int32_t)total;
    put_plain(writer);
    char *to = plain_room(writer, total);
    for (uint32_t i = 0; to != NULL && i < count && !interrupted_at(i); i++) {
        if (texts[i].length > 0) {
            memcpy(to, texts[i].data, texts[i].length);
            to += texts[i].length;
        }
    }
    put_plain(writer);
}

/* The text of each value of JSON. */
static void put_json(struct writer *writer, const struct column *column, uint32_t begin, uint32_t end)
{
    struct arena *arena = writer->arrow->chunk;
    struct slice *texts = arena_zalloc(arena, ((size_t)(end - begin) + 1) * sizeof(*texts));
    struct buffer text = {0};
    for (uint32_t i = begin; texts != NULL && i < end && !interrupted_at(i); i++) {
        text.length = 0;
        if (column->type->view == TYPE_VIEW_DYNAMIC && column_is_null(column, i)) {
            buffer_text(&text, "null");
        } else if (column->type->view == TYPE_VIEW_DYNAMIC) {
            buffer_slice(&text, *(const struct slice *)column_value(column, i));
        } else {
            value_to_text(&text, column, i, timezone_utc());
        }
        texts[i - begin] = text.failed ? (struct slice){0} : arena_slice(arena, buffer_all(&text));
        if (texts[i - begin].data == NULL) {
            writer->arrow->body.failed = true;
        }
    }
    put_node(writer, NULL, end - begin);
    writer->arrow->body.failed |= texts == NULL;
    if (!writer->arrow->body.failed) {
        put_texts(writer, texts, end - begin);
    }
    buffer_deinit(&text);
}

static void put_states(struct writer *writer, uint32_t place, const struct slice *states, uint32_t count)
{
    struct arena *arena = writer->arrow->chunk;
    struct slice *texts = ARENA_ARRAY(arena, struct slice, (size_t)count + 1);
    struct buffer text = {0};
    writer->arrow->body.failed |= texts == NULL;
    for (uint32_t i = 0; i < count && !writer->arrow->body.failed; i++) {
        text.length = 0;
        struct err *err = state_wire_write(writer->wires[place], states[i], &text);
        if (err != NULL) {
            fail(writer, err);
            writer->arrow->body.failed = true;
            break;
        }
        texts[i] = arena_slice(arena, buffer_all(&text));
        writer->arrow->body.failed |= text.failed || texts[i].data == NULL;
    }
    if (!writer->arrow->body.failed) {
        put_node(writer, NULL, count);
        put_texts(writer, texts, count);
    }
    buffer_deinit(&text);
}

static void put_times(struct writer *writer, const struct type *type, const int64_t *ticks, uint32_t count)
{
    int64_t factor = value_scale(arrow_unit_scale((type->scale + 2) / 3) - type->scale);
    if (factor == 1) {
        put_buffer(writer, ticks, count * sizeof(*ticks));
        return;
    }
    int64_t *to = plain_room(writer, count * sizeof(*ticks));
    for (uint32_t i = 0; to != NULL && i < count && !interrupted_at(i); i++) {
        if (__builtin_mul_overflow(ticks[i], factor, &to[i])) {
            fail(writer, err_new(ERR_DECIMAL_OVERFLOW, "a DateTime64(%u) is too far from 1970 for Arrow's nanoseconds",
                                 type->scale));
            return;
        }
    }
    put_plain(writer);
}

static void put_uuids(struct writer *writer, const char *values, uint32_t count)
{
    uint64_t *to = plain_room(writer, (size_t)count * 16);
    for (uint32_t i = 0; to != NULL && i < 2 * count && !interrupted_at(i); i++) {
        uint64_t half;
        memcpy(&half, values + (size_t)i * sizeof(half), sizeof(half));
        to[i] = __builtin_bswap64(half);
    }
    put_plain(writer);
}

static void put_decimals(struct writer *writer, const struct type *type, const char *values, uint32_t count)
{
    if (type->width == sizeof(__int128)) {
        put_buffer(writer, values, (size_t)count * type->width);
        return;
    }
    __int128 *to = plain_room(writer, (size_t)count * sizeof(__int128));
    for (uint32_t i = 0; to != NULL && i < count && !interrupted_at(i); i++) {
        int64_t value = 0;
        if (type->width == sizeof(int32_t)) {
            int32_t small;
            memcpy(&small, values + (size_t)i * sizeof(small), sizeof(small));
            value = small;
        } else {
            memcpy(&value, values + (size_t)i * sizeof(value), sizeof(value));
        }
        to[i] = value;
    }
    put_plain(writer);
}

static void put_dates(struct writer *writer, const uint16_t *days, uint32_t count)
{
    int32_t *to = plain_room(writer, count * sizeof(*to));
    for (uint32_t i = 0; to != NULL && i < count; i++) {
        to[i] = days[i];
    }
    put_plain(writer);
}

static void put_fixed_as_texts(struct writer *writer, const char *values, uint32_t width, uint32_t count)
{
    struct slice *texts = ARENA_ARRAY(writer->arrow->chunk, struct slice, (size_t)count + 1);
    if (texts == NULL) {
        writer->arrow->body.failed = true;
        return;
    }
    for (uint32_t i = 0; i < count; i++) {
        texts[i] = slice_of(values + (size_t)i * width, width);
    }
    put_texts(writer, texts, count);
}

/* Values of a type that is not nested. */
static void put_scalars(struct writer *writer, const struct arrow_field *field, const struct column *column,
                        uint32_t begin, uint32_t end)
{
    const struct type *type = column->type;
    uint32_t count = end - begin;
    const char *values = (const char *)column->values + (size_t)begin * type->width;
    switch (type->kind) {
    case TYPE_STRING:
        put_texts(writer, (const struct slice *)(const void *)values, count);
        break;
    case TYPE_BOOL:
        put_bits(writer, (const uint8_t *)values, count, true);
        break;
    case TYPE_DATETIME64:
        put_times(writer, type, (const int64_t *)(const void *)values, count);
        break;
    case TYPE_UUID:
        put_uuids(writer, values, count);
        break;
    case TYPE_DECIMAL:
        put_decimals(writer, type, values, count);
        break;
    case TYPE_DATE:
        if (field->kind == ARROW_DATE) {
            put_dates(writer, (const uint16_t *)(const void *)values, count);
            break;
        }
        put_buffer(writer, values, (size_t)count * type->width);
        break;
    default:
        if (field->kind == ARROW_UTF8 || field->kind == ARROW_BINARY) {
            put_fixed_as_texts(writer, values, type->width, count);
            break;
        }
        put_buffer(writer, values, (size_t)count * type->width);
        break;
    }
}

/* ---- dictionaries */

/* Indexes of rows [begin, end). */
static void put_indexes(struct writer *writer, const struct arrow_field *field, const struct column *column,
                        uint32_t begin, uint32_t end)
{
    struct arrow_writer *arrow = writer->arrow;
    struct arrow_words *words = &arrow->words[field->dictionary];
    uint32_t count = end - begin, entries = column->form == COLUMN_DICT ? column->dictionary->row_count : 0;
    uint8_t *nulls = arena_zalloc(arrow->chunk, (size_t)count + 1);
    uint64_t *numbers = arena_zalloc(arrow->chunk, ((size_t)count + 1) * sizeof(*numbers));
    uint32_t *known = ARENA_ARRAY(arrow->chunk, uint32_t, (size_t)entries + 1);
    arrow->body.failed |= nulls == NULL || numbers == NULL || known == NULL;
    if (arrow->body.failed) {
        return;
    }
    memset(known, 0xff, ((size_t)entries + 1) * sizeof(*known));
    for (uint32_t i = 0; i < count && !interrupted_at(i); i++) {
        uint32_t row = begin + i, none = ARROW_NO_WORD;
        uint32_t *word = column->form == COLUMN_DICT ? &known[column->codes[row]] : &none;
        nulls[i] = column_is_null(column, row);
        if (!nulls[i] && *word == ARROW_NO_WORD) {
            *word = arrow_words_find(arrow->arena, words, column, row);
            if (*word == ARROW_NO_WORD) {
                fail(writer, arena_error(arrow->arena));
                arrow->body.failed = true;
                return;
            }
        }
        numbers[i] = nulls[i] ? 0 : *word;
    }
    put_node(writer, nulls, count);
    if (field->index_bits == 64) {
        put_buffer(writer, numbers, count * sizeof(*numbers));
        return;
    }
    uint32_t *to = plain_room(writer, count * sizeof(*to));
    for (uint32_t i = 0; to != NULL && i < count; i++) {
        to[i] = (uint32_t)numbers[i];
    }
    put_plain(writer);
}

/* ---- arrays */

static void put_array(struct writer *writer, const struct arrow_field *field, const struct column *column,
                      uint32_t begin, uint32_t end);

/* Offsets of arrays and maps, and their elements. */
static void put_elements(struct writer *writer, const struct arrow_field *field, const struct column *column,
                         uint32_t begin, uint32_t end)
{
    uint32_t first = column->offsets[begin], last = column->offsets[end];
    if (last - first > ARROW_BYTES_MAX_LIST) {
        writer->arrow->too_long = true;
        return;
    }
    int32_t *offsets = plain_room(writer, ((size_t)(end - begin) + 1) * sizeof(*offsets));
    for (uint32_t i = begin; offsets != NULL && i <= end; i++) {
        offsets[i - begin] = (int32_t)(column->offsets[i] - first);
    }
    put_plain(writer);
    put_array(writer, &field->children[0], column->children[0], first, last);
}

/* Rows [begin, end) of a column. */
static void put_array(struct writer *writer, const struct arrow_field *field, const struct column *column,
                      uint32_t begin, uint32_t end)
{
    struct arrow_writer *arrow = writer->arrow;
    const struct type *type = column->type;
    if (arrow->body.failed || arrow->too_long) {
        return;
    }
    if (type->view != TYPE_VIEW_NONE) {
        put_json(writer, column, begin, end);
        return;
    }
    if (field->is_dictionary) {
        put_indexes(writer, field, column, begin, end);
        return;
    }
    if (type->kind == TYPE_NOTHING) {
        const struct arrow_node node = {end - begin, end - begin};
        buffer_append(&arrow->nodes, &node, sizeof(node));
        return;
    }
    column = column_flat(arrow->chunk, column);
    if (column == NULL) {
        arrow->body.failed = true;
        return;
    }
    put_node(writer, type->nullable && column->nulls != NULL ? column->nulls + begin : NULL, end - begin);
    if (type->kind == TYPE_ARRAY || type->kind == TYPE_MAP) {
        put_elements(writer, field, column, begin, end);
        return;
    }
    if (type->kind != TYPE_TUPLE) {
        put_scalars(writer, field, column, begin, end);
        return;
    }
    for (uint32_t k = 0; k < type->child_count; k++) {
        put_array(writer, &field->children[k], column->children[k], begin, end);
    }
}

/* ---- batches */

static void batch_begin(struct arrow_writer *arrow)
{
    arrow->nodes.length = arrow->extents.length = arrow->body.length = 0;
    arrow->too_long = false;
}

/* The arrays since batch_begin, as a batch; words NULL: of rows. */
static void put_batch(struct writer *writer, uint32_t rows, const struct arrow_words *words)
{
    struct arrow_writer *arrow = writer->arrow;
    const struct arrow_out out = {append, writer->out};
    if (arrow->body.failed || arrow->nodes.failed || arrow->extents.failed) {
        writer->out->failed = true;
        return;
    }
    const struct arrow_batch batch = {
        .row_count = rows,
        .nodes = (const struct arrow_node *)(const void *)arrow->nodes.data,
        .buffers = (const struct arrow_extent *)(const void *)arrow->extents.data,
        .node_count = (uint32_t)(arrow->nodes.length / sizeof(struct arrow_node)),
        .buffer_count = (uint32_t)(arrow->extents.length / sizeof(struct arrow_extent)),
        .codec = writer->settings.arrow_codec,
    };
    struct arrow_block block = {.offset = (int64_t)arrow->written, .body_bytes = (int64_t)arrow->body.length};
    size_t begin = writer->out->length;
    block.metadata_bytes = (int32_t)arrow_write_batch(&out, &batch, block.body_bytes,
                                                      words == NULL ? NULL : &words->field.dictionary, arrow->begun);
    buffer_slice(writer->out, buffer_all(&arrow->body));
    if (writer->format->variant == ARROW_FILE) {
        struct buffer *blocks = words == NULL ? &arrow->batch_blocks : &arrow->dictionary_blocks;
        buffer_append(blocks, &block, sizeof(block));
        writer->out->failed |= blocks->failed;
    }
    arrow->written += writer->out->length - begin;
}

/* The entries that the reader does not have yet. */
static void put_words(struct writer *writer, struct arrow_words *words)
{
    struct arrow_writer *arrow = writer->arrow;
    uint32_t count = words->count - words->written;
    struct column *column = column_new(arrow->chunk, words->type, count);
    if (column == NULL) {
        fail(writer, arena_error(arrow->chunk));
        return;
    }
    for (uint32_t i = 0; i < count; i++) {
        const struct slice *bytes = &words->entries[words->written + i].bytes;
        if (words->type->kind == TYPE_STRING) {
            ((struct slice *)column->values)[i] = *bytes;
        } else {
            memcpy((char *)column->values + (size_t)i * words->type->width, bytes->data, words->type->width);
        }
    }
    batch_begin(arrow);
    struct arrow_field plain = words->field;
    plain.is_dictionary = false;
    put_array(writer, &plain, column, 0, count);
    if (arrow->too_long) {
        fail(writer,
             err_new(ERR_NOT_IMPLEMENTED,
                     "the new values of a LowCardinality column in one batch have more than %d bytes: they do "
                     "not fit Arrow's type Dictionary; set output_format_arrow_low_cardinality_as_dictionary = 0",
                     ARROW_BYTES_MAX_LIST));
        return;
    }
    put_batch(writer, count, words);
    words->written = words->count;
}

static void put_arrays(struct writer *writer, const struct chunk *chunk, uint32_t begin, uint32_t end)
{
    struct arrow_writer *arrow = writer->arrow;
    batch_begin(arrow);
    for (uint32_t k = 0; k < writer->column_count && !arrow->too_long; k++) {
        const struct column *column = chunk->columns[k];
        if (writer->wires != NULL && writer->wires[k] != NULL) {
            column = column_flat(arrow->chunk, column);
            arrow->body.failed |= column == NULL;
            if (column != NULL) {
                put_states(writer, k, (const struct slice *)column->values + begin, end - begin);
            }
        } else {
            put_array(writer, &arrow->fields[k], column, begin, end);
        }
    }
}

static void put_rows(struct writer *writer, const struct chunk *chunk, uint32_t begin, uint32_t end)
{
    struct arrow_writer *arrow = writer->arrow;
    put_arrays(writer, chunk, begin, end);
    if (arrow->too_long && end - begin == 1) {
        fail(writer,
             err_new(ERR_STRING_TOO_LARGE, "a value has more than %d bytes or elements: Arrow has no place for it",
                     ARROW_BYTES_MAX_LIST));
    }
    if (writer->out->failed) {
        return;
    }
    if (arrow->too_long) {
        put_rows(writer, chunk, begin, begin + (end - begin) / 2);
        put_rows(writer, chunk, begin + (end - begin) / 2, end);
        return;
    }
    bool dictionaries = false;
    for (uint32_t k = 0; k < arrow->words_count; k++) {
        dictionaries |= !arrow->begun || arrow->words[k].count > arrow->words[k].written;
    }
    for (uint32_t k = 0; k < arrow->words_count && dictionaries && !writer->out->failed; k++) {
        if (!arrow->begun || arrow->words[k].count > arrow->words[k].written) {
            put_words(writer, &arrow->words[k]);
        }
    }
    arrow->begun = true;
    if (dictionaries) {
        put_arrays(writer, chunk, begin, end); /* their bytes stood in the same place */
    }
    if (!writer->out->failed) {
        put_batch(writer, end - begin, NULL);
    }
}

/* ---- the format */

/* Dictionaries of the fields below, in the order of their numbers. */
static bool add_words(struct arrow_writer *arrow, const struct arrow_style *style, const struct arrow_field *field,
                      const struct type *type)
{
    if (field->is_dictionary) {
        struct arrow_words *words = &arrow->words[field->dictionary];
        words->type = type_low_cardinality(arrow->arena, type, false);
        words->type = words->type == NULL ? NULL : type_nullable(arrow->arena, words->type, false);
        words->field = *field;
        if (words->type != NULL) {
            arrow_field_value(words->type, style, &words->field);
        }
        return words->type != NULL;
    }
    for (uint32_t k = 0; k < field->child_count; k++) {
        if (!add_words(arrow, style, &field->children[k], type->children[k])) {
            return false;
        }
    }
    return true;
}

static bool open_fields(struct writer *writer)
{
    struct arrow_writer *arrow = writer->arrow;
    struct arrow_style style = {.settings = &writer->settings, .zone = writer->style.zone};
    arrow->fields = ARENA_ARRAY(arrow->arena, struct arrow_field, (size_t)writer->column_count + 1);
    for (uint32_t k = 0; k < writer->column_count; k++) {
        if (arrow->fields == NULL || !arrow_field_of(arrow->arena, writer->columns[k].name, writer->columns[k].type,
                                                     &style, &arrow->fields[k])) {
            return false;
        }
    }
    arrow->words_count = (uint32_t)style.dictionaries;
    arrow->words = ARENA_ARRAY(arrow->arena, struct arrow_words, (size_t)arrow->words_count + 1);
    if (arrow->words == NULL) {
        return false;
    }
    memset(arrow->words, 0, ((size_t)arrow->words_count + 1) * sizeof(*arrow->words));
    for (uint32_t k = 0; k < writer->column_count; k++) {
        if (!add_words(arrow, &style, &arrow->fields[k], writer->columns[k].type)) {
            return false;
        }
    }
    return true;
}

void arrow_begin(struct writer *writer)
{
    struct arrow_writer *arrow = calloc(1, sizeof(*arrow));
    writer->arrow = arrow;
    if (arrow == NULL) {
        writer->out->failed = true;
        return;
    }
    arrow->arena = arena_create(writer->options.budget);
    arrow->chunk = arena_create(writer->options.budget);
    if (arrow->arena == NULL || arrow->chunk == NULL || !open_fields(writer)) {
        fail(writer, arrow->arena == NULL || arrow->chunk == NULL ? err_oom() : arena_error(arrow->arena));
        return;
    }
    const struct arrow_out out = {append, writer->out};
    size_t begin = writer->out->length;
    if (writer->format->variant == ARROW_FILE) {
        buffer_append(writer->out, ARROW_MAGIC "\0", ARROW_ALIGN);
    }
    (void)arrow_write_schema(&out, arrow->fields, writer->column_count);
    arrow->written = writer->out->length - begin;
}

void arrow_chunk(struct writer *writer, const struct chunk *chunk)
{
    if (writer->out->failed || chunk->row_count == 0) {
        return;
    }
    arena_reset(writer->arrow->chunk);
    put_rows(writer, chunk, 0, chunk->row_count);
}

void arrow_end(struct writer *writer, const struct writer_statistics *statistics)
{
    static const uint32_t mark[] = {ARROW_CONTINUATION, 0};
    struct arrow_writer *arrow = writer->arrow;
    (void)statistics;
    if (writer->out->failed) {
        return;
    }
    buffer_append(writer->out, mark, sizeof(mark));
    if (writer->format->variant == ARROW_FILE) {
        const struct arrow_out out = {append, writer->out};
        int32_t bytes =
            (int32_t)arrow_write_footer(&out, arrow->fields, writer->column_count,
                                        (const struct arrow_block *)(const void *)arrow->dictionary_blocks.data,
                                        (uint32_t)(arrow->dictionary_blocks.length / sizeof(struct arrow_block)),
                                        (const struct arrow_block *)(const void *)arrow->batch_blocks.data,
                                        (uint32_t)(arrow->batch_blocks.length / sizeof(struct arrow_block)));
        buffer_append(writer->out, &bytes, sizeof(bytes));
        buffer_append(writer->out, ARROW_MAGIC, ARROW_MAGIC_BYTES);
    }
}

void arrow_destroy(struct arrow_writer *arrow)
{
    if (arrow != NULL) {
        struct buffer *buffers[] = {&arrow->nodes, &arrow->extents,           &arrow->body,
                                    &arrow->plain, &arrow->dictionary_blocks, &arrow->batch_blocks};
        for (size_t k = 0; k < sizeof(buffers) / sizeof(buffers[0]); k++) {
            buffer_deinit(buffers[k]);
        }
        arena_destroy(arrow->chunk);
        arena_destroy(arrow->arena);
        free(arrow);
    }
}
