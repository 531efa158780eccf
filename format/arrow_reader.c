/*
 * arrow_reader.c: Arrow and ArrowStream as input: messages one after the other, each whole before it is looked at.
 *
 * flow     reader.c → here (messages, schema, dictionaries) → arrow_array.c (a batch's arrays) → arrow_value.c (rows)
 * file     is read as the stream that it holds: what its footer says of places is not needed, that it is there is
 * order    a schema first; a dictionary in front of the batch that uses it; later ones of the same number replace it, or
 *          go on with it
 *
 * state         reads                       next
 * START         [magic]                     SCHEMA
 * SCHEMA        the schema                  BATCHES
 * BATCHES       dictionaries, rows, the end ENDED
 * ENDED         nothing, or a footer
 */
#include "format/arrow_infer.h"
#include "format/arrow_value.h"
#include "format/binary_reader.h"

#include <stdlib.h>

enum state { START, SCHEMA, BATCHES, ENDED };

struct arrow_reader {
    struct arena *arena; /* of the schema */
    enum state state;
    const struct arrow_field *fields;
    uint32_t field_count;
    int32_t *targets; /* the reader's field, or −1 */
    const struct type **types;
    struct arrow_array *arrays;
    struct arrow_dictionaries dictionaries;
    char tail[ARROW_MAGIC_BYTES]; /* the last bytes behind the end */
    size_t tail_bytes;
};

static void *allocate(void *user, size_t bytes)
{
    return arena_alloc(user, bytes);
}

static void drop_dictionaries(struct arrow_reader *arrow)
{
    for (uint32_t k = 0; k < arrow->dictionaries.count; k++) {
        arena_destroy(arrow->dictionaries.list[k].arena);
        arrow->dictionaries.list[k].arena = NULL;
    }
    arrow->dictionaries.count = 0;
}

void arrow_reader_reset(struct arrow_reader *arrow)
{
    if (arrow != NULL) {
        struct arena *arena = arrow->arena;
        drop_dictionaries(arrow);
        arena_reset(arena);
        *arrow = (struct arrow_reader){.arena = arena};
    }
}

void arrow_reader_destroy(struct arrow_reader *arrow)
{
    if (arrow != NULL) {
        drop_dictionaries(arrow);
        arena_destroy(arrow->arena);
        free(arrow);
    }
}

static struct err *not_arrow(const char *what)
{
    return err_new(ERR_INCORRECT_DATA, "the bytes are not Arrow's: %s", what);
}

/* ---- messages */

struct incoming {
    struct arrow_message message;
    struct slice metadata; /* in the data */
    struct slice body;
    size_t bytes; /* of all; 0: it is not whole yet, */
    bool is_end;  /* or it is the mark of the end */
};

/* The message at `at`. arena: for its metadata. */
static struct err *take_message(struct arena *arena, const char *at, const char *end, struct incoming *out)
{
    uint32_t prefix[2];
    size_t left = (size_t)(end - at);
    *out = (struct incoming){.bytes = 0};
    if (left < sizeof(prefix)) {
        return NULL;
    }
    memcpy(prefix, at, sizeof(prefix));
    if (prefix[0] != ARROW_CONTINUATION) {
        return not_arrow(memcmp(at, ARROW_MAGIC, ARROW_MAGIC_BYTES) == 0
                             ? "they begin as a file; its format is Arrow, not ArrowStream"
                             : "a message does not begin with ff ff ff ff");
    }
    if (prefix[1] == 0) {
        out->is_end = true;
        out->bytes = sizeof(prefix);
        return NULL;
    }
    if (prefix[1] > ARROW_METADATA_MAX) {
        return err_new(ERR_INCORRECT_DATA,
                       "an Arrow message says that its metadata have %u bytes; they have %zu at most", prefix[1],
                       ARROW_METADATA_MAX);
    }
    if (left - sizeof(prefix) < prefix[1]) {
        return NULL;
    }
    void *metadata = arena_alloc(arena, prefix[1]);
    if (metadata == NULL) {
        return arena_error(arena);
    }
    out->metadata = slice_of(at + sizeof(prefix), prefix[1]);
    memcpy(metadata, out->metadata.data, out->metadata.length);
    const struct arrow_memory memory = {allocate, arena};
    const char *wrong = arrow_read_message(metadata, prefix[1], &memory, &out->message);
    if (wrong != NULL) {
        return err_new(ERR_INCORRECT_DATA, "an Arrow message cannot be read: %s", wrong);
    }
    if (out->message.body_bytes < 0 || (uint64_t)out->message.body_bytes > BLOCK_BYTES_MAX) {
        return err_new(ERR_TOO_LARGE_ARRAY,
                       "an Arrow batch of %lld bytes: one has %zu at most; write the data in smaller batches",
                       (long long)out->message.body_bytes, BLOCK_BYTES_MAX);
    }
    size_t body = (size_t)out->message.body_bytes;
    if (left - sizeof(prefix) - prefix[1] >= body) {
        out->bytes = sizeof(prefix) + prefix[1] + body;
        out->body = slice_of(at + out->bytes - body, body);
    }
    return NULL;
}

/* ---- the schema */

static uint32_t count_dictionaries(const struct arrow_field *field)
{
    uint32_t count = field->is_dictionary;
    for (uint32_t k = 0; k < field->child_count; k++) {
        count += count_dictionaries(&field->children[k]);
    }
    return count;
}

static struct err *add_dictionaries(struct arrow_reader *arrow, const struct arrow_field *field)
{
    struct err *err = NULL;
    struct arrow_dictionaries *all = &arrow->dictionaries;
    for (uint32_t k = 0; k < field->child_count; k++) {
        OR_DONE(add_dictionaries(arrow, &field->children[k]));
    }
    if (!field->is_dictionary) {
        goto done;
    }
    struct arrow_dictionary made = {.id = field->dictionary, .field = *field};
    made.field.is_dictionary = false;
    made.field.nullable = true;
    OR_DONE(arrow_type_of(arrow->arena, &made.field, &made.type));
    for (uint32_t k = 0; k < all->count; k++) {
        if (all->list[k].id == made.id) {
            return type_equal(all->list[k].type, made.type)
                       ? NULL
                       : err_new(ERR_INCORRECT_DATA,
                                 "two Arrow fields share the dictionary %lld and have different types",
                                 (long long)made.id);
        }
    }
    all->list[all->count++] = made;
done:
    return err;
}

static struct err *check_target(const struct reader *reader, const struct arrow_field *field, const struct type *type,
                                const struct field *target)
{
    if (arrow_value_fits(type, target->type, reader->settings.arrow_any_case)) {
        return NULL;
    }
    struct slice from = type_name(reader->arrow->arena, type), to = type_name(reader->arrow->arena, target->type);
    return err_new(ERR_TYPE_MISMATCH,
                   "column %.*s: Arrow's type %s, which is read as %.*s, is not converted into the column's type %.*s",
                   SLICE_ARG(target->name), arrow_kind_name(field->kind), SLICE_ARG(from), SLICE_ARG(to));
}

static struct err *match_fields(struct reader *reader)
{
    struct err *err = NULL;
    struct arrow_reader *arrow = reader->arrow;
    bool *found = arena_zalloc(arrow->arena, reader->field_count + 1U);
    if (found == NULL) {
        return arena_error(arrow->arena);
    }
    for (uint32_t k = 0; k < arrow->field_count; k++) {
        const struct arrow_field *field = &arrow->fields[k];
        int32_t target = arrow->targets[k] =
            arrow_find_target(reader, arrow_slice(field->name), reader->settings.arrow_any_case);
        if (target < 0) {
            continue;
        }
        if (found[target]) {
            return err_new(ERR_INCORRECT_DATA, "column %.*s: it stands twice in the schema",
                           SLICE_ARG(reader->fields[target].name));
        }
        found[target] = true;
        OR_DONE(arrow_type_of(arrow->arena, field, &arrow->types[k]));
        OR_DONE(check_target(reader, field, arrow->types[k], &reader->fields[target]));
        OR_DONE(add_dictionaries(arrow, field));
    }
    for (uint32_t k = 0; k < reader->field_count && !reader->settings.arrow_missing_columns; k++) {
        if (!found[k]) {
            return err_new(ERR_THERE_IS_NO_COLUMN, "Column '%.*s' is not present in the Arrow data",
                           SLICE_ARG(reader->fields[k].name));
        }
    }
done:
    return err;
}

static struct err *open_schema(struct reader *reader, struct slice metadata)
{
    struct arrow_reader *arrow = reader->arrow;
    struct arrow_message message;
    uint32_t dictionaries = 0;
    void *bytes = arena_alloc(arrow->arena, metadata.length);
    if (bytes == NULL) {
        return arena_error(arrow->arena);
    }
    memcpy(bytes, metadata.data, metadata.length);
    const struct arrow_memory memory = {allocate, arrow->arena};
    if (arrow_read_message(bytes, metadata.length, &memory, &message) != NULL) {
        return arena_error(arrow->arena); /* it was read before */
    }
    arrow->fields = message.fields;
    arrow->field_count = message.field_count;
    for (uint32_t k = 0; k < message.field_count; k++) {
        dictionaries += count_dictionaries(&message.fields[k]);
    }
    arrow->targets = ARENA_ARRAY(arrow->arena, int32_t, (size_t)message.field_count + 1);
    arrow->types = ARENA_ARRAY(arrow->arena, const struct type *, (size_t)message.field_count + 1);
    arrow->arrays = ARENA_ARRAY(arrow->arena, struct arrow_array, (size_t)message.field_count + 1);
    arrow->dictionaries.list = ARENA_ARRAY(arrow->arena, struct arrow_dictionary, (size_t)dictionaries + 1);
    if (arrow->targets == NULL || arrow->types == NULL || arrow->arrays == NULL || arrow->dictionaries.list == NULL) {
        return arena_error(arrow->arena);
    }
    arrow->state = BATCHES;
    return match_fields(reader);
}

/* ---- batches */

static struct err *take_dictionary(struct reader *reader, const struct incoming *incoming)
{
    struct err *err = NULL;
    struct arrow_reader *arrow = reader->arrow;
    struct arrow_dictionary *dictionary = NULL;
    struct arrow_array segment;
    for (uint32_t k = 0; k < arrow->dictionaries.count; k++) {
        if (arrow->dictionaries.list[k].id == incoming->message.dictionary) {
            dictionary = &arrow->dictionaries.list[k];
        }
    }
    if (dictionary == NULL) {
        return NULL; /* of a column that is not wanted */
    }
    if (dictionary->arena == NULL) {
        dictionary->arena = arena_create(reader->options.budget);
    } else if (!incoming->message.is_delta) {
        arena_reset(dictionary->arena);
        dictionary->segments = NULL;
        dictionary->ends = NULL;
        dictionary->segment_count = dictionary->segment_capacity = 0;
    }
    struct arena *arena = dictionary->arena;
    if (arena == NULL) {
        return err_oom();
    }
    if (dictionary->segment_count == dictionary->segment_capacity) {
        uint32_t capacity = dictionary->segment_capacity == 0 ? 4 : dictionary->segment_capacity * 2;
        struct arrow_array *segments =
            arena_grow(arena, dictionary->segments, dictionary->segment_count * sizeof(*segments),
                       dictionary->segment_capacity * sizeof(*segments), capacity * sizeof(*segments));
        dictionary->segments = segments == NULL ? dictionary->segments : segments;
        uint64_t *ends = segments == NULL
                             ? NULL
                             : arena_grow(arena, dictionary->ends, dictionary->segment_count * sizeof(*ends),
                                          dictionary->segment_capacity * sizeof(*ends), capacity * sizeof(*ends));
        if (ends == NULL) {
            return arena_error(arena);
        }
        dictionary->ends = ends;
        dictionary->segment_capacity = capacity;
    }
    struct slice bytes = incoming->body.length == 0 ? slice_of("", 0) : arena_slice(arena, incoming->body);
    if (bytes.data == NULL) {
        return arena_error(arena);
    }
    struct arrow_body body = {
        .arena = arena, .batch = &incoming->message.batch, .bytes = bytes, .dictionaries = &arrow->dictionaries};
    OR_DONE(arrow_array_take(&body, &dictionary->field, dictionary->type, &segment));
    uint32_t count = dictionary->segment_count;
    dictionary->segments[count] = segment;
    dictionary->ends[count] = segment.length + (count == 0 ? 0 : dictionary->ends[count - 1]);
    dictionary->segment_count++;
done:
    return err;
}

static struct err *take_arrays(struct reader *reader, const struct incoming *incoming)
{
    struct err *err = NULL;
    struct arrow_reader *arrow = reader->arrow;
    const struct arrow_batch *batch = &incoming->message.batch;
    struct arrow_body body = {
        .arena = reader->block, .batch = batch, .bytes = incoming->body, .dictionaries = &arrow->dictionaries};
    if (batch->row_count < 0 || batch->row_count > ARROW_ROWS_MAX) {
        return err_new(ERR_INCORRECT_DATA, "an Arrow batch of %lld rows: one has %d at most",
                       (long long)batch->row_count, ARROW_ROWS_MAX);
    }
    for (uint32_t k = 0; k < arrow->field_count; k++) {
        if (arrow->targets[k] < 0) {
            OR_DONE(arrow_array_skip(&body, &arrow->fields[k]));
            continue;
        }
        OR_DONE(arrow_array_take(&body, &arrow->fields[k], arrow->types[k], &arrow->arrays[k]));
        if (arrow->arrays[k].length != batch->row_count) {
            return err_new(ERR_INCORRECT_DATA, "field \"%.*s\": it has %u values in a batch of %lld rows",
                           SLICE_ARG(slice_cut(arrow_slice(arrow->fields[k].name), 100)), arrow->arrays[k].length,
                           (long long)batch->row_count);
        }
    }
done:
    return err;
}

static enum row_result take_rows(struct reader *reader, struct builder *builder, uint32_t rows)
{
    const struct arrow_reader *arrow = reader->arrow;
    enum row_result result = ROW_WHOLE;
    if (rows == 0) {
        builder_row_cancel(builder);
    }
    for (uint32_t i = 0; i < rows && result == ROW_WHOLE; i++) {
        if (i > 0 && !reader_row_begin(reader, builder)) {
            return ROW_MEMORY;
        }
        result = binary_look(reader);
        for (uint32_t k = 0; k < arrow->field_count && result == ROW_WHOLE; k++) {
            if (arrow->targets[k] >= 0) {
                struct field *field = &reader->fields[arrow->targets[k]];
                field->seen = reader->row_number;
                result = arrow_value_set(reader, builder, field, &arrow->arrays[k], i);
            }
        }
        result = result == ROW_WHOLE ? reader_row_end(reader, builder) : result;
    }
    return result;
}

/* A message that is whole; rows: a row of the builder has begun. */
static enum row_result take_incoming(struct reader *reader, struct builder *builder, const struct incoming *incoming)
{
    struct arrow_reader *arrow = reader->arrow;
    struct err *err = NULL;
    if (incoming->is_end) {
        err = arrow->state == BATCHES ? NULL : not_arrow("they end before a schema");
        arrow->state = ENDED;
    } else if ((arrow->state == BATCHES) == (incoming->message.header == ARROW_SCHEMA)) {
        err = not_arrow(arrow->state == BATCHES ? "there is a second schema" : "they do not begin with a schema");
    } else if (incoming->message.header == ARROW_SCHEMA) {
        err = open_schema(reader, incoming->metadata);
    } else if (incoming->message.header == ARROW_DICTIONARY_BATCH) {
        err = take_dictionary(reader, incoming);
    } else {
        err = take_arrays(reader, incoming);
        return err != NULL ? arrow_bad(reader, NULL, err)
                           : take_rows(reader, builder, (uint32_t)incoming->message.batch.row_count);
    }
    if (err != NULL) {
        return arrow_bad(reader, NULL, err);
    }
    builder_row_cancel(builder);
    return ROW_WHOLE;
}

/* ---- the formats */

/* Bytes behind the end: of a file's footer, whose last are the magic. */
static enum row_result take_tail(struct reader *reader, bool is_file, const char **at, const char *end)
{
    struct arrow_reader *arrow = reader->arrow;
    size_t left = (size_t)(end - *at), kept;
    if (!is_file) {
        return arrow_bad(reader, NULL, not_arrow("something stands behind the end of the stream"));
    }
    kept = left >= ARROW_MAGIC_BYTES                      ? 0
           : arrow->tail_bytes + left > ARROW_MAGIC_BYTES ? ARROW_MAGIC_BYTES - left
                                                          : arrow->tail_bytes;
    memmove(arrow->tail, arrow->tail + arrow->tail_bytes - kept, kept);
    left = left > ARROW_MAGIC_BYTES ? ARROW_MAGIC_BYTES : left;
    memcpy(arrow->tail + kept, end - left, left);
    arrow->tail_bytes = kept + left;
    *at = end;
    return ROW_WHOLE;
}

static enum row_result no_more(struct reader *reader, bool is_file)
{
    const struct arrow_reader *arrow = reader->arrow;
    bool whole = arrow == NULL || arrow->state == START || !is_file ||
                 (arrow->state == ENDED && arrow->tail_bytes == ARROW_MAGIC_BYTES &&
                  memcmp(arrow->tail, ARROW_MAGIC, ARROW_MAGIC_BYTES) == 0);
    return whole ? ROW_NONE : arrow_bad(reader, NULL, err_new(ERR_CANNOT_READ_DATA, "the Arrow file has no end"));
}

static enum row_result take_magic(struct reader *reader, const char **at, const char *end)
{
    if ((size_t)(end - *at) < ARROW_ALIGN) {
        return ROW_UNFINISHED;
    }
    if (memcmp(*at, ARROW_MAGIC "\0", ARROW_ALIGN) != 0) {
        const uint32_t mark = ARROW_CONTINUATION;
        return arrow_bad(reader, NULL,
                         not_arrow(memcmp(*at, &mark, sizeof(mark)) == 0
                                       ? "they begin as a stream; its format is ArrowStream, not Arrow"
                                       : "a file begins with ARROW1"));
    }
    *at += ARROW_ALIGN;
    reader->arrow->state = SCHEMA;
    return ROW_WHOLE;
}

static struct err *open_reader(struct reader *reader)
{
    if (reader->block == NULL) {
        reader->block = arena_create(reader->options.budget);
    }
    if (reader->arrow == NULL) {
        reader->arrow = calloc(1, sizeof(*reader->arrow));
    }
    if (reader->arrow != NULL && reader->arrow->arena == NULL) {
        reader->arrow->arena = arena_create(reader->options.budget);
    }
    return reader->block == NULL || reader->arrow == NULL || reader->arrow->arena == NULL ? err_oom() : NULL;
}

static enum row_result take(struct reader *reader, struct builder *builder, const char **at, const char *end, bool last,
                            bool is_file)
{
    struct incoming incoming;
    if (*at == end) {
        return last ? no_more(reader, is_file) : ROW_NONE;
    }
    struct err *err = open_reader(reader);
    if (err != NULL) {
        return arrow_bad(reader, NULL, err);
    }
    struct arrow_reader *arrow = reader->arrow;
    if (!reader_row_begin(reader, builder)) { /* it is cancelled when there is none */
        return ROW_MEMORY;
    }
    if (arrow->state == ENDED) {
        return take_tail(reader, is_file, at, end);
    }
    if (arrow->state == START && is_file) {
        return take_magic(reader, at, end);
    }
    arrow->state = arrow->state == START ? SCHEMA : arrow->state;
    arena_reset(reader->block);
    err = take_message(reader->block, *at, end, &incoming);
    if (err != NULL) {
        return arrow_bad(reader, NULL, err);
    }
    if (incoming.bytes == 0) {
        return last ? arrow_bad(reader, NULL, err_new(ERR_CANNOT_READ_DATA, "the data end within an Arrow message"))
                    : ROW_UNFINISHED;
    }
    enum row_result result = take_incoming(reader, builder, &incoming);
    *at += result == ROW_WHOLE ? incoming.bytes : 0;
    return result;
}

enum row_result arrow_row(struct reader *reader, struct builder *builder, const char **at, const char *end, bool last)
{
    return take(reader, builder, at, end, last, true);
}

enum row_result arrow_stream_row(struct reader *reader, struct builder *builder, const char **at, const char *end,
                                 bool last)
{
    return take(reader, builder, at, end, last, false);
}

/* ---- the structure of a sample */

struct err *arrow_infer(struct arena *arena, bool is_file, struct slice sample, struct inferred_column **columns,
                        uint32_t *count)
{
    struct err *err = NULL;
    struct incoming incoming = {.bytes = 0};
    const char *at = sample.length == 0 ? "" : sample.data, *end = at + sample.length;
    if (is_file && (sample.length < ARROW_ALIGN || memcmp(at, ARROW_MAGIC "\0", ARROW_ALIGN) != 0)) {
        return err_new(ERR_CANNOT_INFER_STRUCTURE, "The table structure cannot be extracted: no Arrow file");
    }
    OR_DONE(take_message(arena, at + (is_file ? ARROW_ALIGN : 0), end, &incoming));
    if (incoming.bytes == 0 || incoming.is_end || incoming.message.header != ARROW_SCHEMA) {
        return err_new(ERR_CANNOT_INFER_STRUCTURE, "The table structure cannot be extracted: no Arrow schema");
    }
    *count = incoming.message.field_count;
    *columns = ARENA_ARRAY(arena, struct inferred_column, (size_t)*count + 1);
    for (uint32_t k = 0; *columns != NULL && k < *count; k++) {
        const struct arrow_field *field = &incoming.message.fields[k];
        struct inferred_column *column = &(*columns)[k];
        if (field->kind == ARROW_NULL) {
            return err_new(ERR_UNKNOWN_TYPE,
                           "field \"%.*s\": Arrow's type Null has no type of a column; give the structure",
                           SLICE_ARG(slice_cut(arrow_slice(field->name), 100)));
        }
        column->name = arena_slice(arena, arrow_slice(field->name));
        OR_DONE(arrow_type_of(arena, field, &column->type));
        if (field->is_dictionary && (type_is_string(column->type) || type_is_integer(column->type))) {
            column->type = type_low_cardinality(arena, column->type, true);
        }
        if (column->name.data == NULL || column->type == NULL) {
            return arena_error(arena);
        }
    }
    err = *columns == NULL ? arena_error(arena) : NULL;
done:
    return err;
}
