/* parquet_file.c: see parquet_file.h. */
#include "format/parquet_file.h"

#include "base/interrupt.h"
#include "format/parquet.h"
#include "format/parquet_decode.h"
#include "format/parquet_thrift.h"

struct element {      /* of the schema, as it stands in the footer */
    int32_t physical; /* −1: a group */
    int64_t length, repetition, children, converted, scale, precision;
    int32_t logical;
    int32_t unit; /* of times, 1000^-unit seconds */
    int64_t bits;
    bool is_signed;
    struct slice name;
};

struct making {
    struct arena *arena;
    struct parquet_file *file;
    struct element *elements;
    uint32_t element_count, at;
};

static struct err *damaged(const char *what) __attribute__((returns_nonnull));
static struct err *damaged(const char *what)
{
    return err_new(ERR_INCORRECT_DATA, "the Parquet file is damaged: %s", what);
}

static struct err *refused(const struct element *element, const char *why) __attribute__((returns_nonnull));
static struct err *refused(const struct element *element, const char *why)
{
    return err_new(ERR_UNKNOWN_TYPE, "Parquet's field \"%.*s\" is not read: %s",
                   SLICE_ARG(slice_cut(element->name, 100)), why);
}

/* ---- elements of the schema */

static void take_unit(struct thrift_reader *thrift, enum thrift_kind kind, struct element *element)
{
    struct thrift_field field;
    if (thrift_read_struct(thrift, kind)) {
        while (thrift_read_field(thrift, &field)) {
            element->unit = field.number; /* MILLIS, MICROS, NANOS: 1, 2, 3 */
            thrift_read_skip(thrift, field.kind);
        }
    }
}

/* What a logical type says of itself. */
static void take_details(struct thrift_reader *thrift, enum thrift_kind kind, struct element *element)
{
    struct thrift_field field;
    if (!thrift_read_struct(thrift, kind)) {
        return;
    }
    while (thrift_read_field(thrift, &field)) {
        if (element->logical == LOGICAL_DECIMAL && field.number <= 2) {
            *(field.number == 1 ? &element->scale : &element->precision) = thrift_read_int(thrift, field.kind);
        } else if ((element->logical == LOGICAL_TIME || element->logical == LOGICAL_TIMESTAMP) && field.number == 2) {
            take_unit(thrift, field.kind, element);
        } else if (element->logical == LOGICAL_INTEGER && field.number == 1) {
            element->bits = thrift_read_int(thrift, field.kind);
        } else if (element->logical == LOGICAL_INTEGER && field.number == 2) {
            element->is_signed = thrift_read_bool(thrift, field.kind);
        } else {
            thrift_read_skip(thrift, field.kind);
        }
    }
}

static void take_logical(struct thrift_reader *thrift, enum thrift_kind kind, struct element *element)
{
    struct thrift_field field;
    if (thrift_read_struct(thrift, kind)) {
        while (thrift_read_field(thrift, &field)) {
            element->logical = field.number;
            take_details(thrift, field.kind, element);
        }
    }
}

static void take_element(struct thrift_reader *thrift, enum thrift_kind kind, struct element *element)
{
    struct thrift_field field;
    *element = (struct element){.physical = -1, .converted = CONVERTED_NONE};
    if (!thrift_read_struct(thrift, kind)) {
        return;
    }
    while (thrift_read_field(thrift, &field)) {
        switch (field.number) {
        case ELEMENT_TYPE:
            element->physical = (int32_t)thrift_read_int(thrift, field.kind);
            break;
        case ELEMENT_LENGTH:
            element->length = thrift_read_int(thrift, field.kind);
            break;
        case ELEMENT_REPETITION:
            element->repetition = thrift_read_int(thrift, field.kind);
            break;
        case ELEMENT_NAME:
            element->name = thrift_read_binary(thrift, field.kind);
            break;
        case ELEMENT_CHILDREN:
            element->children = thrift_read_int(thrift, field.kind);
            break;
        case ELEMENT_CONVERTED:
            element->converted = thrift_read_int(thrift, field.kind);
            break;
        case ELEMENT_SCALE:
            element->scale = thrift_read_int(thrift, field.kind);
            break;
        case ELEMENT_PRECISION:
            element->precision = thrift_read_int(thrift, field.kind);
            break;
        case ELEMENT_LOGICAL:
            take_logical(thrift, field.kind, element);
            break;
        default:
            thrift_read_skip(thrift, field.kind);
        }
    }
}

/* The older words for the same. */
static void translate(struct element *element)
{
    int64_t converted = element->logical == LOGICAL_NONE ? element->converted : CONVERTED_NONE;
    switch (converted) {
    case CONVERTED_NONE:
        return;
    case CONVERTED_UTF8:
        element->logical = LOGICAL_STRING;
        return;
    case CONVERTED_MAP:
    case CONVERTED_MAP_KEY_VALUE:
        element->logical = LOGICAL_MAP;
        return;
    case CONVERTED_LIST:
        element->logical = LOGICAL_LIST;
        return;
    case CONVERTED_ENUM:
        element->logical = LOGICAL_ENUM;
        return;
    case CONVERTED_DECIMAL:
        element->logical = LOGICAL_DECIMAL;
        return;
    case CONVERTED_DATE:
        element->logical = LOGICAL_DATE;
        return;
    case CONVERTED_TIME_MILLIS:
    case CONVERTED_TIME_MICROS:
        element->logical = LOGICAL_TIME;
        element->unit = converted == CONVERTED_TIME_MILLIS ? 1 : 2;
        return;
    case CONVERTED_TIMESTAMP_MILLIS:
    case CONVERTED_TIMESTAMP_MICROS:
        element->logical = LOGICAL_TIMESTAMP;
        element->unit = converted == CONVERTED_TIMESTAMP_MILLIS ? 1 : 2;
        return;
    case CONVERTED_JSON:
        element->logical = LOGICAL_JSON;
        return;
    default:
        break;
    }
    if (converted >= CONVERTED_UINT_8 && converted <= CONVERTED_INT_64) {
        element->logical = LOGICAL_INTEGER;
        element->is_signed = converted >= CONVERTED_INT_8;
        element->bits = 8 << ((converted - CONVERTED_UINT_8) & 3);
    }
}

static struct err *take_schema(struct making *making, struct thrift_reader *thrift, enum thrift_kind kind)
{
    enum thrift_kind items;
    uint32_t count = thrift_read_list(thrift, kind, &items);
    if (thrift->failed || count == 0 || making->elements != NULL) {
        return damaged("its schema cannot be read");
    }
    making->elements = ARENA_ARRAY(making->arena, struct element, count);
    if (making->elements == NULL) {
        return arena_error(making->arena);
    }
    for (uint32_t k = 0; k < count && !thrift->failed; k++) {
        take_element(thrift, items, &making->elements[k]);
        translate(&making->elements[k]);
    }
    making->element_count = count;
    return NULL;
}

/* ---- leaves */

static void set_field(struct parquet_leaf_in *leaf, struct arrow_field *field, enum arrow_kind kind, int32_t bits,
                      enum parquet_take take)
{
    field->kind = kind;
    field->bits = bits;
    field->is_signed = true;
    leaf->made = (uint32_t)bits / 8;
    leaf->take = take;
}

static struct err *set_decimal(const struct element *element, struct parquet_leaf_in *leaf, struct arrow_field *field)
{
    if (element->precision < 1 || element->precision > 38 || element->scale < 0 ||
        element->scale > element->precision) {
        return refused(element, "a decimal has 1 to 38 digits, and no more of them behind the point");
    }
    field->precision = (int32_t)element->precision;
    field->scale = (int32_t)element->scale;
    if (leaf->physical == PARQUET_INT32 || leaf->physical == PARQUET_INT64) {
        set_field(leaf, field, ARROW_DECIMAL, leaf->physical == PARQUET_INT32 ? 32 : 64, PARQUET_TAKE_COPY);
    } else if (leaf->physical == PARQUET_BYTE_ARRAY) {
        set_field(leaf, field, ARROW_DECIMAL, 256, PARQUET_TAKE_BIG_TEXT);
    } else if (leaf->physical == PARQUET_FIXED_BYTES && leaf->width <= 32) {
        set_field(leaf, field, ARROW_DECIMAL, leaf->width <= 16 ? 128 : 256, PARQUET_TAKE_BIG);
    } else {
        return refused(element, "its type cannot be a decimal");
    }
    return NULL;
}

static bool is_time(const struct element *element)
{
    return (element->logical == LOGICAL_TIME || element->logical == LOGICAL_TIMESTAMP) && element->unit >= 1 &&
           element->unit <= 3;
}

static void set_time(const struct element *element, struct parquet_leaf_in *leaf, struct arrow_field *field)
{
    set_field(leaf, field, ARROW_TIMESTAMP, 64,
              leaf->physical == PARQUET_INT32 ? PARQUET_TAKE_WIDEN : PARQUET_TAKE_COPY);
    field->unit = element->unit;
    field->zone = (struct arrow_text){"UTC", 3};
}

static void set_integer(const struct element *element, struct parquet_leaf_in *leaf, struct arrow_field *field)
{
    int32_t bits = leaf->physical == PARQUET_INT32 ? 32 : 64;
    bool known = element->logical == LOGICAL_INTEGER &&
                 (element->bits == 8 || element->bits == 16 || element->bits == 32 || element->bits == 64) &&
                 element->bits <= bits;
    set_field(leaf, field, ARROW_INT, known ? (int32_t)element->bits : bits, PARQUET_TAKE_COPY);
    field->is_signed = !known || element->is_signed;
}

static struct err *set_bytes(const struct element *element, struct parquet_leaf_in *leaf, struct arrow_field *field)
{
    set_field(leaf, field, ARROW_FIXED_BINARY, 0, PARQUET_TAKE_COPY);
    leaf->made = leaf->width;
    field->width = (int32_t)leaf->width;
    if (element->logical == LOGICAL_DECIMAL) {
        return set_decimal(element, leaf, field);
    }
    if (element->logical == LOGICAL_UUID && leaf->width == 16) {
        field->extension = (struct arrow_text){"arrow.uuid", 10};
    } else if (element->logical == LOGICAL_FLOAT16 && leaf->width == 2) {
        set_field(leaf, field, ARROW_FLOAT, 16, PARQUET_TAKE_COPY);
    }
    return NULL;
}

/* Kind and widths of what a leaf's type says. */
static struct err *set_leaf(const struct element *element, struct parquet_leaf_in *leaf, struct arrow_field *field)
{
    switch (element->physical) {
    case PARQUET_BOOLEAN:
        set_field(leaf, field, ARROW_BOOL, 0, PARQUET_TAKE_BITS);
        return NULL;
    case PARQUET_INT32:
        leaf->width = 4;
        if (element->logical == LOGICAL_DECIMAL) {
            return set_decimal(element, leaf, field);
        }
        if (element->logical == LOGICAL_DATE) {
            set_field(leaf, field, ARROW_DATE, 32, PARQUET_TAKE_COPY);
        } else if (element->logical == LOGICAL_TIME && is_time(element)) {
            set_time(element, leaf, field);
        } else {
            set_integer(element, leaf, field);
        }
        return NULL;
    case PARQUET_INT64:
        leaf->width = 8;
        if (element->logical == LOGICAL_DECIMAL) {
            return set_decimal(element, leaf, field);
        }
        if (is_time(element)) {
            set_time(element, leaf, field);
        } else {
            set_integer(element, leaf, field);
        }
        return NULL;
    case PARQUET_INT96:
        leaf->width = 12;
        set_field(leaf, field, ARROW_TIMESTAMP, 64, PARQUET_TAKE_INT96);
        field->unit = 3;
        field->zone = (struct arrow_text){"UTC", 3};
        return NULL;
    case PARQUET_FLOAT:
    case PARQUET_DOUBLE:
        leaf->width = element->physical == PARQUET_FLOAT ? 4 : 8;
        set_field(leaf, field, ARROW_FLOAT, (int32_t)leaf->width * 8, PARQUET_TAKE_COPY);
        return NULL;
    case PARQUET_BYTE_ARRAY:
        if (element->logical == LOGICAL_DECIMAL) {
            return set_decimal(element, leaf, field);
        }
        set_field(leaf, field,
                  element->logical == LOGICAL_STRING || element->logical == LOGICAL_JSON ||
                          element->logical == LOGICAL_ENUM
                      ? ARROW_LARGE_UTF8
                      : ARROW_LARGE_BINARY,
                  0, PARQUET_TAKE_TEXT);
        field->extension = (struct arrow_text){"arrow.json", element->logical == LOGICAL_JSON ? 10 : 0};
        return NULL;
    case PARQUET_FIXED_BYTES:
        if (element->length < 1 || element->length > (1 << 20)) {
            return refused(element, "values of a fixed length have 1 to 1,048,576 bytes");
        }
        leaf->width = (uint32_t)element->length;
        return set_bytes(element, leaf, field);
    default:
        return refused(element, "its type is not known");
    }
}

/* ---- branches */

/* Where a field stands: levels above it. */
struct place {
    uint32_t definition, repetition; /* of what it is in */
    uint32_t slot_definition, slot_repetition;
    uint32_t depth;
};

static struct err *take_branch(struct making *making, const struct place *place, bool is_element,
                               struct arrow_field *field, struct parquet_branch *branch);

static struct err *take_leaf(struct making *making, const struct element *element, const struct place *place,
                             struct arrow_field *field)
{
    struct parquet_leaf_in *leaf = &making->file->leaves[making->file->leaf_count++];
    *leaf = (struct parquet_leaf_in){.field = field,
                                     .physical = element->physical,
                                     .definition = place->definition,
                                     .repetition = place->repetition,
                                     .slot_definition = place->slot_definition};
    return set_leaf(element, leaf, field);
}

static struct err *add_children(struct making *making, struct arrow_field *field, struct parquet_branch *branch,
                                uint32_t count)
{
    field->children = arena_zalloc(making->arena, (size_t)count * sizeof(*field->children) + 1);
    branch->children = arena_zalloc(making->arena, (size_t)count * sizeof(*branch->children) + 1);
    field->child_count = count;
    return field->children == NULL || branch->children == NULL ? arena_error(making->arena) : NULL;
}

static struct err *take_struct(struct making *making, const struct element *element, const struct place *place,
                               struct arrow_field *field, struct parquet_branch *branch)
{
    struct err *err = NULL;
    struct place inside = *place;
    field->kind = ARROW_STRUCT;
    if (element->children < 1 || element->children > making->element_count - making->at) {
        return element->children == 0 ? refused(element, "a group without fields")
                                      : damaged("its schema has not as many fields as it says");
    }
    OR_DONE(add_children(making, field, branch, (uint32_t)element->children));
    inside.depth++;
    for (uint32_t k = 0; k < field->child_count; k++) {
        OR_DONE(take_branch(making, &inside, false, &field->children[k], &branch->children[k]));
    }
done:
    return err;
}

/* A list's elements, whose place is in it; is_element: the repeated field itself is the element. */
static struct err *take_elements(struct making *making, const struct place *place, bool is_element,
                                 struct arrow_field *field, struct parquet_branch *branch)
{
    struct err *err = NULL;
    struct place inside = *place;
    OR_DONE(add_children(making, field, branch, 1));
    inside.definition++;
    inside.repetition++;
    inside.slot_definition = branch->element = inside.definition;
    inside.slot_repetition = inside.repetition;
    inside.depth++;
    if (!is_element) {
        making->at++; /* the repeated group, which has the element alone */
    }
    OR_DONE(take_branch(making, &inside, is_element, &field->children[0], &branch->children[0]));
done:
    return err;
}

/* By the rules of LogicalTypes.md for lists of older writers. */
static bool repeated_is_element(const struct element *list, const struct element *repeated)
{
    static const char tuple[] = "_tuple";
    size_t length = list->name.length;
    return repeated->physical >= 0 || repeated->children != 1 || slice_is_word(repeated->name, "array") ||
           (repeated->name.length == length + sizeof(tuple) - 1 && length > 0 &&
            memcmp(repeated->name.data, list->name.data, length) == 0 &&
            memcmp(repeated->name.data + length, tuple, sizeof(tuple) - 1) == 0);
}

/* A group that is a list or a map, and is called so. */
static struct err *take_list(struct making *making, const struct element *element, const struct place *place,
                             struct arrow_field *field, struct parquet_branch *branch)
{
    const struct element *repeated = making->at < making->element_count ? &making->elements[making->at] : NULL;
    if (repeated == NULL || element->children != 1 || repeated->repetition != PARQUET_REPEATED) {
        return refused(element, "a list or map that has no repeated field alone");
    }
    if (element->logical == LOGICAL_MAP) {
        if (repeated->physical >= 0 || repeated->children != 2) {
            return refused(element, "a map whose entries are no pairs");
        }
        field->kind = ARROW_MAP;
        return take_elements(making, place, true, field, branch);
    }
    field->kind = ARROW_LARGE_LIST;
    return take_elements(making, place, repeated_is_element(element, repeated), field, branch);
}

static struct err *take_branch(struct making *making, const struct place *place, bool is_element,
                               struct arrow_field *field, struct parquet_branch *branch)
{
    struct err *err = NULL;
    struct place here = *place;
    if (making->at >= making->element_count || place->depth >= PARQUET_DEPTH_MAX) {
        return damaged(place->depth >= PARQUET_DEPTH_MAX ? "its schema goes too deep"
                                                         : "its schema has not as many fields as it says");
    }
    const struct element *element = &making->elements[making->at];
    struct slice name = arena_slice(making->arena, element->name.length == 0 ? slice_of("", 0) : element->name);
    if (name.data == NULL) {
        return arena_error(making->arena);
    }
    field->name = (struct arrow_text){name.data, name.length};
    *branch = (struct parquet_branch){.slot_definition = place->slot_definition,
                                      .repetition = place->slot_repetition,
                                      .leaf = making->file->leaf_count};
    if (element->repetition == PARQUET_REPEATED && !is_element) { /* a list that is not called so */
        branch->definition = place->definition;
        field->kind = ARROW_LARGE_LIST;
        OR_DONE(take_elements(making, &here, true, field, branch));
        goto done;
    }
    making->at++;
    here.definition += element->repetition == PARQUET_OPTIONAL;
    branch->definition = here.definition;
    field->nullable = element->repetition == PARQUET_OPTIONAL && element->physical >= 0;
    if (element->physical >= 0) {
        OR_DONE(take_leaf(making, element, &here, field));
    } else if (element->logical == LOGICAL_LIST || (element->logical == LOGICAL_MAP && !is_element)) {
        OR_DONE(take_list(making, element, &here, field, branch));
    } else {
        OR_DONE(take_struct(making, element, &here, field, branch));
    }
done:
    branch->leaf_count = making->file->leaf_count - branch->leaf;
    return err;
}

static struct err *make_schema(struct making *making)
{
    struct err *err = NULL;
    struct parquet_file *file = making->file;
    if (making->element_count == 0 || making->elements[0].children < 0 ||
        making->elements[0].children >= making->element_count) {
        return damaged("its schema has no root");
    }
    file->field_count = (uint32_t)making->elements[0].children;
    if (file->field_count > INFER_COLUMNS_MAX) {
        return err_new(ERR_INCORRECT_DATA, "the Parquet file has %u columns; %u at most are read", file->field_count,
                       INFER_COLUMNS_MAX);
    }
    file->fields = arena_zalloc(making->arena, ((size_t)file->field_count + 1) * sizeof(*file->fields));
    file->branches = arena_zalloc(making->arena, ((size_t)file->field_count + 1) * sizeof(*file->branches));
    file->leaves = arena_zalloc(making->arena, ((size_t)making->element_count + 1) * sizeof(*file->leaves));
    if (file->fields == NULL || file->branches == NULL || file->leaves == NULL) {
        return arena_error(making->arena);
    }
    making->at = 1;
    for (uint32_t k = 0; k < file->field_count; k++) {
        const struct place place = {0};
        OR_DONE(take_branch(making, &place, false, &file->fields[k], &file->branches[k]));
    }
    if (making->at != making->element_count) {
        return damaged("its schema has more fields than it says");
    }
done:
    return err;
}

/* ---- row groups */

struct chunk_metadata {
    int64_t physical, codec, entries, packed_bytes, data, dictionary;
    bool has_metadata, is_elsewhere, is_encrypted;
};

static void take_metadata(struct thrift_reader *thrift, enum thrift_kind kind, struct chunk_metadata *chunk)
{
    struct thrift_field field;
    chunk->has_metadata = true;
    if (!thrift_read_struct(thrift, kind)) {
        return;
    }
    while (thrift_read_field(thrift, &field)) {
        int64_t *to = field.number == 1    ? &chunk->physical
                      : field.number == 4  ? &chunk->codec
                      : field.number == 5  ? &chunk->entries
                      : field.number == 7  ? &chunk->packed_bytes
                      : field.number == 9  ? &chunk->data
                      : field.number == 11 ? &chunk->dictionary
                                           : NULL;
        if (to == NULL) {
            thrift_read_skip(thrift, field.kind);
        } else {
            *to = thrift_read_int(thrift, field.kind);
        }
    }
}

static struct err *take_chunk(struct thrift_reader *thrift, enum thrift_kind kind, uint64_t file_bytes,
                              const struct parquet_leaf_in *leaf, struct parquet_chunk *out)
{
    struct chunk_metadata chunk = {.physical = -1};
    struct thrift_field field;
    if (thrift_read_struct(thrift, kind)) {
        while (thrift_read_field(thrift, &field)) {
            chunk.is_elsewhere = chunk.is_elsewhere || field.number == 1;
            chunk.is_encrypted = chunk.is_encrypted || field.number == 8;
            if (field.number == 3) {
                take_metadata(thrift, field.kind, &chunk);
            } else {
                thrift_read_skip(thrift, field.kind);
            }
        }
    }
    if (chunk.is_elsewhere || chunk.is_encrypted) {
        return err_new(ERR_NOT_IMPLEMENTED, "the Parquet file has columns that are %s",
                       chunk.is_encrypted ? "encrypted" : "in other files");
    }
    int64_t begin = chunk.dictionary > 0 && chunk.dictionary < chunk.data ? chunk.dictionary : chunk.data;
    if (thrift->failed || !chunk.has_metadata || chunk.physical != leaf->physical || begin < 0 ||
        chunk.packed_bytes < 0 || chunk.entries < 0 || (uint64_t)begin > file_bytes ||
        (uint64_t)chunk.packed_bytes > file_bytes - (uint64_t)begin) {
        return damaged("what it says of a column's part of a row group cannot be");
    }
    if (chunk.codec < INT32_MIN || chunk.codec > INT32_MAX || !parquet_codec_known((int32_t)chunk.codec)) {
        return err_new(ERR_NOT_IMPLEMENTED,
                       "the Parquet file is compressed by the codec %lld; read are Snappy, Gzip, Brotli, LZ4 and Zstd",
                       (long long)chunk.codec);
    }
    *out = (struct parquet_chunk){.begin = (uint64_t)begin,
                                  .end = (uint64_t)(begin + chunk.packed_bytes),
                                  .entries = (uint64_t)chunk.entries,
                                  .codec = (int32_t)chunk.codec};
    return NULL;
}

static struct err *take_group(struct making *making, struct thrift_reader *thrift, enum thrift_kind kind,
                              uint64_t file_bytes, struct parquet_group *group)
{
    struct err *err = NULL;
    struct thrift_field field;
    enum thrift_kind items;
    int64_t rows = 0;
    const struct parquet_file *file = making->file;
    *group = (struct parquet_group){0};
    if (thrift_read_struct(thrift, kind)) {
        while (thrift_read_field(thrift, &field)) {
            if (field.number == 3) {
                rows = thrift_read_int(thrift, field.kind);
                continue;
            }
            if (field.number != 1) {
                thrift_read_skip(thrift, field.kind);
                continue;
            }
            uint32_t count = thrift_read_list(thrift, field.kind, &items);
            if (count != file->leaf_count || group->chunks != NULL) {
                return damaged("a row group has not the columns of the schema");
            }
            group->chunks = ARENA_ARRAY(making->arena, struct parquet_chunk, (size_t)count + 1);
            if (group->chunks == NULL) {
                return arena_error(making->arena);
            }
            for (uint32_t k = 0; k < count; k++) {
                OR_DONE(take_chunk(thrift, items, file_bytes, &file->leaves[k], &group->chunks[k]));
            }
        }
    }
    if (thrift->failed || group->chunks == NULL || rows < 0 || rows > ARROW_ROWS_MAX) {
        return damaged("a row group cannot be read");
    }
    group->row_count = (uint64_t)rows;
done:
    return err;
}

static struct err *take_groups(struct making *making, struct thrift_reader *thrift, uint64_t file_bytes)
{
    struct err *err = NULL;
    enum thrift_kind items;
    uint32_t count = thrift_read_list(thrift, THRIFT_LIST, &items);
    making->file->groups = ARENA_ARRAY(making->arena, struct parquet_group, (size_t)count + 1);
    if (making->file->groups == NULL) {
        return arena_error(making->arena);
    }
    for (uint32_t k = 0; k < count; k++) {
        OR_DONE(interrupt_at(k));
        OR_DONE(take_group(making, thrift, items, file_bytes, &making->file->groups[k]));
    }
    making->file->group_count = count;
done:
    return err;
}

/* ---- the file */

static struct err *find_footer(struct slice bytes, struct slice *footer)
{
    static const char sealed[] = "PARE";
    uint32_t length;
    if (bytes.length < sizeof(uint32_t) + PARQUET_TAIL_BYTES || memcmp(bytes.data, PARQUET_MAGIC, 4) != 0) {
        return bytes.length >= 4 && memcmp(bytes.data, sealed, 4) == 0
                   ? err_new(ERR_NOT_IMPLEMENTED, "the Parquet file is encrypted")
                   : err_new(ERR_INCORRECT_DATA, "the bytes are no Parquet file: one begins with PAR1");
    }
    const char *tail = bytes.data + bytes.length - PARQUET_TAIL_BYTES;
    if (memcmp(tail + sizeof(length), PARQUET_MAGIC, 4) != 0) {
        return err_new(ERR_INCORRECT_DATA, "the Parquet file is not whole: it does not end with PAR1");
    }
    memcpy(&length, tail, sizeof(length));
    if (length > bytes.length - sizeof(uint32_t) - PARQUET_TAIL_BYTES) {
        return damaged("its footer is longer than it is");
    }
    *footer = slice_of(tail - length, length);
    return NULL;
}

struct err *parquet_file_open(struct arena *arena, struct slice bytes, struct parquet_file *file)
{
    struct err *err = NULL;
    struct slice footer;
    struct thrift_reader thrift, groups = {0};
    struct thrift_field field;
    struct arena *own = arena_beside(arena); /* of elements */
    struct making making = {.arena = own, .file = file};
    *file = (struct parquet_file){0};
    if (own == NULL) {
        return err_oom();
    }
    OR_DONE(find_footer(bytes, &footer));
    thrift_read_begin(&thrift, footer);
    while (thrift_read_field(&thrift, &field)) {
        if (field.number == 2) {
            OR_DONE(take_schema(&making, &thrift, field.kind));
            continue;
        }
        if (field.number == 8) {
            err = err_new(ERR_NOT_IMPLEMENTED, "the Parquet file is encrypted");
            goto done;
        }
        if (field.number == 4 && field.kind == THRIFT_LIST) {
            groups = thrift; /* read when the schema is known */
        }
        thrift_read_skip(&thrift, field.kind);
    }
    if (thrift.failed) {
        err = damaged("its footer cannot be read");
        goto done;
    }
    making.arena = arena;
    OR_DONE(make_schema(&making));
    if (groups.depth > 0) {
        OR_DONE(take_groups(&making, &groups, (uint64_t)(footer.data - bytes.data)));
    }
done:
    arena_destroy(own);
    return err;
}

struct err *parquet_infer(struct arena *arena, struct slice sample, struct inferred_column **columns, uint32_t *count)
{
    struct err *err = NULL;
    struct parquet_file file;
    OR_DONE(parquet_file_open(arena, sample, &file));
    *count = file.field_count;
    *columns = ARENA_ARRAY(arena, struct inferred_column, (size_t)*count + 1);
    for (uint32_t k = 0; *columns != NULL && k < *count; k++) {
        (*columns)[k].name = arrow_slice(file.fields[k].name);
        OR_DONE(slice_is_word(arrow_slice(file.fields[k].extension), "arrow.json")
                    ? type_parse(arena, slice_text("JSON"), &(*columns)[k].type)
                    : arrow_type_of(arena, &file.fields[k], &(*columns)[k].type));
    }
    err = *columns == NULL ? arena_error(arena) : NULL;
done:
    return err;
}
