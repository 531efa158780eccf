/*
 * native_reader.c: Native: blocks of columns become rows.
 *
 * A block is read when all its bytes are there. One walk finds where each column's parts are and checks lengths, ends
 * and indexes; then a cursor per column, and per type inside it, goes from row to row. Nothing but dictionaries'
 * positions is kept beside the bytes.
 *
 * columns  chosen by name; those that the table has not are skipped. Their types are the table's, but for Nullable,
 *          LowCardinality and time zones
 * JSON     as texts, of type JSON or String
 */
#include "base/interrupt.h"
#include "format/binary.h"
#include "format/binary_reader.h"
#include "format/native_block.h"
#include "format/state_wire.h"
#include "storage/packed.h"

struct cursor {
    const struct type *type;
    const char *nulls; /* of the next row; NULL: the type has none here */
    const char *at;    /* the next row's value, index or end of elements */
    uint64_t end;      /* ARRAY, MAP: of the row before */
    struct cursor *children;
    /* LowCardinality */
    uint32_t index_width;
    uint32_t entry_count;
    const char *entries;
    const uint32_t *starts;     /* of strings: where entry k begins behind `entries`, its length first */
    const struct slice *states; /* of aggregate functions: the next row's */
};

struct block {
    struct reader *reader;
    const char *at;
    const char *end;
    const struct field *field; /* that is read, for errors */
    struct field named;        /* what the block says of it */
};

static enum row_result bad(struct block *block, enum err_code code, const char *what, uint64_t number)
{
    (void)reader_bad(block->reader, "column %.*s: %s (%llu)", SLICE_ARG(block->field->name), what,
                     (unsigned long long)number);
    block->reader->code = code;
    return ROW_BAD;
}

static enum row_result bad_type(struct block *block, struct err *err)
{
    (void)reader_bad(block->reader, "column %.*s: %s", SLICE_ARG(block->field->name), err_message(err));
    block->reader->code = err_code(err);
    err_free(err);
    return ROW_BAD;
}

static enum row_result out_of_memory(struct block *block)
{
    (void)reader_bad(block->reader, "out of memory");
    block->reader->code = ERR_MEMORY_LIMIT;
    return ROW_BAD;
}

/* ---- where everything is */

static enum row_result take_bytes(struct block *block, uint64_t count, uint64_t width, const char **out)
{
    if (count > (uint64_t)(block->end - block->at) / (width == 0 ? 1 : width)) {
        return ROW_UNFINISHED;
    }
    *out = block->at;
    block->at += count * width;
    return ROW_WHOLE;
}

static enum row_result take_u64(struct block *block, uint64_t *out)
{
    const char *bytes = NULL;
    enum row_result result = take_bytes(block, 1, sizeof(*out), &bytes);
    if (result == ROW_WHOLE) {
        memcpy(out, bytes, sizeof(*out));
    }
    return result;
}

/* starts: of each, or NULL. */
static enum row_result take_strings(struct block *block, uint64_t count, uint32_t *starts)
{
    const char *begin = block->at;
    for (uint64_t i = 0; i < count; i++) {
        uint32_t length;
        if (starts != NULL) {
            starts[i] = (uint32_t)(block->at - begin);
        }
        enum row_result result = binary_length(block->reader, block->field, &block->at, block->end, false, &length);
        result = result == ROW_WHOLE ? binary_look(block->reader) : result;
        if (result != ROW_WHOLE) {
            return result;
        }
        if ((size_t)(block->end - block->at) < length) {
            return ROW_UNFINISHED;
        }
        block->at += length;
    }
    return ROW_WHOLE;
}

static enum row_result place_dictionary(struct block *block, struct cursor *cursor, uint64_t rows)
{
    uint64_t flags, count, indexes;
    uint32_t *starts = NULL;
    enum row_result result = take_u64(block, &flags);
    result = result == ROW_WHOLE ? take_u64(block, &count) : result;
    if (result != ROW_WHOLE) {
        return result;
    }
    if ((flags & NATIVE_KEYS_WIDTH) > 3 || (flags & NATIVE_KEYS_OWN) == 0 || (flags & NATIVE_KEYS_SHARED) != 0) {
        return bad(block, ERR_INCORRECT_DATA, "Invalid type of indexes of LowCardinality", flags);
    }
    if (count > NATIVE_DICTIONARY_MAX) {
        return bad(block, ERR_TOO_LARGE_ARRAY, "Too large dictionary of LowCardinality", count);
    }
    if (count > (uint64_t)(block->end - block->at)) {
        return ROW_UNFINISHED;
    }
    cursor->index_width = 1U << (flags & NATIVE_KEYS_WIDTH);
    cursor->entry_count = (uint32_t)count;
    cursor->entries = block->at;
    if (cursor->type->kind == TYPE_STRING) {
        starts = ARENA_ARRAY(block->reader->block, uint32_t, count + 1);
        if (starts == NULL) {
            return out_of_memory(block);
        }
        cursor->starts = starts;
        result = take_strings(block, count, starts);
    } else {
        result = take_bytes(block, count, cursor->type->width, &cursor->entries);
    }
    result = result == ROW_WHOLE ? take_u64(block, &indexes) : result;
    if (result != ROW_WHOLE) {
        return result;
    }
    if (indexes != rows) {
        return bad(block, ERR_INCORRECT_DATA, "LowCardinality has another number of indexes than of rows", indexes);
    }
    result = take_bytes(block, rows, cursor->index_width, &cursor->at);
    for (uint64_t i = 0; i < rows && result == ROW_WHOLE; i++) {
        uint64_t index = 0;
        memcpy(&index, cursor->at + i * cursor->index_width, cursor->index_width);
        result = index >= count ? bad(block, ERR_INCORRECT_DATA, "Index for LowCardinality is out of range", index)
                                : binary_look(block->reader);
    }
    return result;
}

/* A column of states: only its function knows where one ends. */
static enum row_result place_states(struct block *block, struct cursor *cursor, const struct type *type, uint64_t rows)
{
    struct reader *reader = block->reader;
    struct field field = {.name = block->field->name, .type = type};
    enum row_result result = ROW_WHOLE;
    struct slice *states = NULL;
    struct err *err = state_wire_open(reader->block, type, &field.wire);
    if (err != NULL) {
        return bad_type(block, err);
    }
    if (rows > (uint64_t)(block->end - block->at)) { /* a state has a byte */
        return ROW_UNFINISHED;
    }
    states = ARENA_ARRAY(reader->block, struct slice, rows + 1);
    if (states == NULL) {
        return out_of_memory(block);
    }
    for (uint64_t i = 0; i < rows && result == ROW_WHOLE; i++) {
        const char *begin = block->at;
        result = binary_look(reader);
        result = result == ROW_WHOLE ? binary_state(reader, &field, &block->at, block->end, &states[i]) : result;
        if (result == ROW_WHOLE && states[i].data != begin) { /* it stands in no bytes that stay */
            states[i] = arena_slice(reader->block, states[i]);
            result = states[i].data == NULL ? out_of_memory(block) : ROW_WHOLE;
        }
    }
    cursor->states = states;
    return result;
}

static enum row_result place(struct block *block, struct cursor *cursor, const struct type *type, uint64_t rows);

static enum row_result place_children(struct block *block, struct cursor *cursor, uint64_t rows)
{
    enum row_result result = ROW_WHOLE;
    uint32_t count = cursor->type->child_count;
    cursor->children = ARENA_ARRAY(block->reader->block, struct cursor, (size_t)count + 1);
    if (cursor->children == NULL) {
        return out_of_memory(block);
    }
    memset(cursor->children, 0, ((size_t)count + 1) * sizeof(*cursor->children));
    for (uint32_t k = 0; k < count && result == ROW_WHOLE; k++) {
        result = place(block, &cursor->children[k], cursor->type->children[k], rows);
    }
    return result;
}

static enum row_result place_elements(struct block *block, struct cursor *cursor, uint64_t rows)
{
    uint64_t before = 0;
    enum row_result result = take_bytes(block, rows, sizeof(uint64_t), &cursor->at);
    for (uint64_t i = 0; i < rows && result == ROW_WHOLE; i++) {
        uint64_t end;
        memcpy(&end, cursor->at + i * sizeof(end), sizeof(end));
        if (end < before) {
            return bad(block, ERR_INCORRECT_DATA, "Arrays offsets are not monotonically increasing", end);
        }
        if (end > BLOCK_BYTES_MAX) { /* an element has a byte */
            return bad(block, ERR_TOO_LARGE_ARRAY, "Array sizes are too large", end);
        }
        if (end - before > PACKED_ELEMENTS_MAX) {
            return bad(block, ERR_TOO_LARGE_ARRAY, "Too large array size", end - before);
        }
        before = end;
        result = binary_look(block->reader);
    }
    return result == ROW_WHOLE ? place_children(block, cursor, before) : result;
}

static enum row_result place(struct block *block, struct cursor *cursor, const struct type *type, uint64_t rows)
{
    enum row_result result = ROW_WHOLE;
    cursor->type = type;
    if (type->low_cardinality) {
        return rows == 0 ? ROW_WHOLE : place_dictionary(block, cursor, rows);
    }
    if (type->nullable) {
        result = take_bytes(block, rows, 1, &cursor->nulls);
    }
    if (result != ROW_WHOLE) {
        return result;
    }
    if (type_is_state(type)) {
        return place_states(block, cursor, type, rows);
    }
    if (binary_is_text(type)) {
        cursor->at = block->at;
        return take_strings(block, rows, NULL);
    }
    switch (type->kind) {
    case TYPE_ARRAY:
    case TYPE_MAP:
        return place_elements(block, cursor, rows);
    case TYPE_TUPLE:
        return type->child_count == 0 ? take_bytes(block, rows, 1, &cursor->at) : place_children(block, cursor, rows);
    default:
        return take_bytes(block, rows, type->width, &cursor->at);
    }
}

/* Versions of dictionaries and of JSON stand in front of a column's data. */
static enum row_result take_prefixes(struct block *block, const struct type *type)
{
    enum row_result result = ROW_WHOLE;
    uint64_t version;
    if (type->low_cardinality) {
        result = take_u64(block, &version);
        return result == ROW_WHOLE && version != NATIVE_KEYS_VERSION
                   ? bad(block, ERR_INCORRECT_DATA, "Invalid version of the keys of LowCardinality", version)
                   : result;
    }
    if (type->view == TYPE_VIEW_JSON) {
        result = take_u64(block, &version);
        return result == ROW_WHOLE && version != NATIVE_JSON_TEXT
                   ? bad(block, ERR_NOT_IMPLEMENTED, NATIVE_JSON_REFUSED, version)
                   : result;
    }
    for (uint32_t k = 0; k < type->child_count && result == ROW_WHOLE; k++) {
        result = take_prefixes(block, type->children[k]);
    }
    return result;
}

/* ---- from row to row */

static const char *string_at(const char *at, struct slice *out)
{
    uint64_t length;
    at += binary_take_length(at, at + BINARY_LENGTH_BYTES_MAX, &length);
    *out = slice_of(at, length);
    return at + length;
}

/* The next value of a type that is not nested, as its bytes; false: it is NULL. */
static bool next(struct cursor *cursor, struct slice *out)
{
    const struct type *type = cursor->type;
    uint32_t width = type->width;
    if (type->low_cardinality) {
        uint64_t index = 0;
        memcpy(&index, cursor->at, cursor->index_width);
        cursor->at += cursor->index_width;
        if (type->kind == TYPE_STRING) {
            (void)string_at(cursor->entries + cursor->starts[index], out);
        } else {
            *out = slice_of(cursor->entries + index * width, width);
        }
        return !type->nullable || index > 0;
    }
    if (cursor->states != NULL) {
        *out = *cursor->states++;
        return true;
    }
    if (binary_is_text(type)) {
        cursor->at = string_at(cursor->at, out);
    } else {
        *out = slice_of(cursor->at, width);
        cursor->at += width;
    }
    return !type->nullable || *cursor->nulls++ == 0;
}

static enum row_result pack(struct block *block, struct cursor *cursor);

static enum row_result pack_elements(struct block *block, struct cursor *cursor)
{
    struct buffer *packed = &block->reader->packed;
    struct cursor *element = &cursor->children[0];
    enum row_result result = ROW_WHOLE;
    uint64_t end;
    memcpy(&end, cursor->at, sizeof(end));
    uint32_t count = (uint32_t)(end - cursor->end);
    cursor->at += sizeof(end);
    cursor->end = end;
    buffer_append(packed, &count, sizeof(count));
    const struct type *type = element->type;
    if (count > 0 && type->width > 0 && type->kind != TYPE_STRING && !type->nullable && !type->low_cardinality &&
        binary_is_any(type)) {
        buffer_append(packed, element->at, (size_t)count * type->width);
        element->at += (size_t)count * type->width;
        return ROW_WHOLE;
    }
    for (uint32_t i = 0; i < count && result == ROW_WHOLE; i++) {
        result = binary_look(block->reader);
        result = result == ROW_WHOLE ? pack(block, element) : result;
    }
    return result;
}

/* Appends the next value to reader->packed. */
static enum row_result pack(struct block *block, struct cursor *cursor)
{
    struct reader *reader = block->reader;
    const struct type *type = cursor->type;
    enum row_result result = ROW_WHOLE;
    if (!type_is_nested(type)) {
        struct slice bytes;
        bool is_null = !next(cursor, &bytes);
        if (type->nullable) {
            buffer_char(&reader->packed, is_null);
        }
        return is_null ? ROW_WHOLE : binary_pack_scalar(reader, block->field, type, bytes);
    }
    size_t begin = reader->packed.length;
    bool is_null = type->nullable && *cursor->nulls++ != 0;
    if (type->nullable) {
        buffer_char(&reader->packed, is_null);
    }
    if (type->kind != TYPE_TUPLE) {
        result = pack_elements(block, cursor);
    }
    for (uint32_t k = 0; k < type->child_count && type->kind == TYPE_TUPLE && result == ROW_WHOLE; k++) {
        result = pack(block, &cursor->children[k]);
    }
    if (is_null && result == ROW_WHOLE && !reader->packed.failed) {
        reader->packed.length = begin + 1; /* what stands below a NULL is nothing */
    }
    return result;
}

static enum row_result set_value(struct block *block, struct builder *builder, struct field *field,
                                 struct cursor *cursor)
{
    struct reader *reader = block->reader;
    const struct type *type = cursor->type;
    struct slice bytes;
    if (field->type->view == TYPE_VIEW_JSON) { /* from JSON, or String */
        return next(cursor, &bytes) ? reader_set_text(reader, builder, field, bytes)
                                    : reader_set_null(reader, builder, field);
    }
    if (type_is_nested(type)) {
        reader->packed.length = 0;
        enum row_result result = pack(block, cursor);
        return result == ROW_WHOLE ? reader_set_packed(reader, builder, field) : result;
    }
    if (!next(cursor, &bytes)) {
        return reader_set_null(reader, builder, field);
    }
    if (type->kind == TYPE_STRING) {
        builder_string(builder, field->column, bytes.data, bytes.length);
    } else if (binary_is_any(type)) {
        builder_bytes(builder, field->column, bytes.data);
    } else {
        uint64_t value;
        enum row_result result = binary_scalar(reader, field, type, bytes.data, &value);
        if (result != ROW_WHOLE) {
            return result;
        }
        builder_bytes(builder, field->column, &value);
    }
    return ROW_WHOLE;
}

/* ---- blocks */

/* Do values of the one type have the bytes of the other's? */
static bool same_bytes(const struct type *a, const struct type *b, bool inside)
{
    if (b->view == TYPE_VIEW_JSON) { /* a text, whatever paths it declares */
        return !inside && binary_is_text(a) && !type_is_state(a);
    }
    if (type_is_state(a) || type_is_state(b)) {
        return type_equal(a, b);
    }
    bool same = a->kind == b->kind && a->width == b->width && a->scale == b->scale && a->precision == b->precision &&
                a->unit == b->unit && a->length == b->length && a->value_count == b->value_count &&
                a->child_count == b->child_count && a->view == b->view &&
                (a->nullable == b->nullable || (!inside && !type_is_nested(a)));
    for (uint32_t k = 0; same && k < a->value_count; k++) {
        same = a->values[k].value == b->values[k].value && slice_equal(a->values[k].name, b->values[k].name);
    }
    for (uint32_t k = 0; same && k < a->child_count; k++) {
        same = same_bytes(a->children[k], b->children[k], true) &&
               (a->names == NULL || b->names == NULL || slice_equal(a->names[k], b->names[k]));
    }
    return same;
}

static enum row_result take_text(struct block *block, struct slice *text)
{
    uint32_t length;
    enum row_result result = binary_length(block->reader, block->field, &block->at, block->end, false, &length);
    if (result == ROW_WHOLE && length > NATIVE_TYPE_BYTES_MAX) {
        return bad(block, ERR_STRING_TOO_LARGE, "the name or type of a column has too many bytes", length);
    }
    if (result == ROW_WHOLE && (size_t)(block->end - block->at) < length) {
        return ROW_UNFINISHED;
    }
    if (result == ROW_WHOLE) {
        *text = slice_of(block->at, length);
        block->at += length;
    }
    return result;
}

/* Name and type, and where the data are. *target: the field, or −1. */
static enum row_result take_column(struct block *block, uint64_t rows, int32_t *target, struct cursor *cursor)
{
    struct reader *reader = block->reader;
    struct slice name, text;
    const struct type *type = NULL;
    block->named.name = slice_text("of the block");
    block->field = &block->named;
    enum row_result result = take_text(block, &name);
    if (result != ROW_WHOLE) {
        return result;
    }
    block->named.name = slice_of(name.data, name.length < 100 ? name.length : 100);
    result = take_text(block, &text);
    if (result != ROW_WHOLE) {
        return result;
    }
    *target = binary_find_field(reader, name);
    if (*target < 0 && !reader->settings.skip_unknown_fields) {
        return bad(block, ERR_INCORRECT_DATA, "Unknown column found in Native data", 0);
    }
    const char *custom = NULL;
    if (reader->options.native_revision >= NATIVE_REVISION_CUSTOM) {
        result = take_bytes(block, 1, 1, &custom);
        if (result != ROW_WHOLE) {
            return result;
        }
        if (*custom != 0) {
            return bad(block, ERR_NOT_IMPLEMENTED, "a column in another layout than the usual one is not supported",
                       (uint64_t)(unsigned char)*custom);
        }
    }
    struct err *err = type_parse(reader->block, text, &type);
    err = err == NULL ? binary_refuse(reader->format->name, name, type, (struct binary_views){.json = true}) : err;
    if (err != NULL) {
        return bad_type(block, err);
    }
    if (*target >= 0 && !same_bytes(type, reader->fields[*target].type, false)) {
        struct slice wanted = type_name(reader->block, reader->fields[*target].type);
        return bad_type(block, err_new(ERR_NOT_IMPLEMENTED,
                                       "its type in the data is %.*s, in the table %.*s: they are "
                                       "not converted",
                                       (int)(text.length < 100 ? text.length : 100), text.data, SLICE_ARG(wanted)));
    }
    result = rows == 0 ? ROW_WHOLE : take_prefixes(block, type);
    result = result == ROW_WHOLE && rows > 0 ? place(block, cursor, type, rows) : result;
    return result;
}

static enum row_result take_rows(struct block *block, struct builder *builder, uint64_t rows, uint32_t columns,
                                 const int32_t *targets, struct cursor *cursors)
{
    struct reader *reader = block->reader;
    enum row_result result = ROW_WHOLE;
    for (uint64_t i = 0; i < rows && result == ROW_WHOLE; i++) {
        if (i > 0 && !reader_row_begin(reader, builder)) {
            return ROW_MEMORY;
        }
        result = binary_look(reader);
        for (uint32_t k = 0; k < columns && result == ROW_WHOLE; k++) {
            if (targets[k] >= 0) {
                struct field *field = &reader->fields[targets[k]];
                field->seen = reader->row_number;
                block->field = field;
                result = set_value(block, builder, field, &cursors[k]);
            }
        }
        result = result == ROW_WHOLE ? reader_row_end(reader, builder) : result;
    }
    return result;
}

/* What the block is; nothing of it matters here. */
static enum row_result skip_info(struct block *block)
{
    enum row_result result = ROW_WHOLE;
    uint64_t number = 1;
    const char *value;
    while (result == ROW_WHOLE && number != NATIVE_INFO_END) {
        size_t bytes = binary_take_length(block->at, block->end, &number);
        if (bytes == 0) {
            return ROW_UNFINISHED;
        }
        block->at += bytes;
        if (number > NATIVE_INFO_BUCKET) {
            return bad(block, ERR_INCORRECT_DATA, "Unknown BlockInfo field number", number);
        }
        if (number != NATIVE_INFO_END) {
            result = take_bytes(block, 1, number == NATIVE_INFO_BUCKET ? 4 : 1, &value);
        }
    }
    return result;
}

static enum row_result take_block(struct block *block, struct builder *builder)
{
    struct reader *reader = block->reader;
    uint64_t columns, rows;
    block->named.name = slice_text("of the block");
    block->field = &block->named;
    enum row_result info = reader->options.native_revision > 0 ? skip_info(block) : ROW_WHOLE;
    if (info != ROW_WHOLE) {
        return info;
    }
    size_t bytes = binary_take_length(block->at, block->end, &columns);
    block->at += bytes;
    bytes = bytes == 0 ? 0 : binary_take_length(block->at, block->end, &rows);
    block->at += bytes;
    if (bytes == 0) {
        return ROW_UNFINISHED;
    }
    if (columns > NATIVE_COLUMNS_MAX || (columns == 0 && rows > 0)) {
        return bad(block, ERR_TOO_LARGE_ARRAY, "Suspiciously many columns in Native format, or none", columns);
    }
    if (rows > BLOCK_BYTES_MAX) { /* a row has a byte */
        return bad(block, ERR_TOO_LARGE_ARRAY, "Suspiciously many rows in Native format", rows);
    }
    int32_t *targets = ARENA_ARRAY(reader->block, int32_t, columns + 1);
    struct cursor *cursors = ARENA_ARRAY(reader->block, struct cursor, columns + 1);
    if (targets == NULL || cursors == NULL) {
        return out_of_memory(block);
    }
    memset(cursors, 0, (columns + 1) * sizeof(*cursors));
    for (uint32_t k = 0; k < columns; k++) {
        enum row_result result = take_column(block, rows, &targets[k], &cursors[k]);
        for (uint32_t other = 0; other < k && result == ROW_WHOLE && targets[k] >= 0; other++) {
            if (targets[other] == targets[k]) {
                block->field = &reader->fields[targets[k]];
                return bad(block, ERR_INCORRECT_DATA, "it stands twice in a block", k + 1);
            }
        }
        if (result != ROW_WHOLE) {
            return result;
        }
    }
    if (rows == 0) {
        builder_row_cancel(builder);
    }
    return take_rows(block, builder, rows, (uint32_t)columns, targets, cursors);
}

/* All rows of a block. */
enum row_result native_row(struct reader *reader, struct builder *builder, const char **at, const char *end, bool last)
{
    if (*at == end) {
        return ROW_NONE;
    }
    if (!reader_row_begin(reader, builder)) {
        return ROW_MEMORY;
    }
    if (reader->block == NULL) {
        reader->block = arena_create(reader->options.budget);
    }
    struct block block = {.reader = reader, .at = *at, .end = end};
    if (reader->block == NULL) {
        return out_of_memory(&block);
    }
    arena_reset(reader->block);
    enum row_result result = take_block(&block, builder);
    if (result == ROW_UNFINISHED && last) {
        return bad(&block, ERR_CANNOT_READ_DATA, "the data end within a block of so many bytes", (uint64_t)(end - *at));
    }
    if (result == ROW_WHOLE) {
        *at = block.at;
    }
    return result;
}
