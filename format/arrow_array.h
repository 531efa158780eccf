/*
 * arrow_array.h: the columns of a batch that is read: where validity, offsets and values of its arrays stand.
 *
 * checked  lengths of buffers and offsets of strings and lists, once, when an array is placed; what a value refers to
 *          beside them (places in dictionaries, texts of view types) when it is looked at
 * memory   what is unpacked is in the arena, ARROW_PLAIN_MAX at most; other buffers stand where the body stands
 * thread   one at a time
 */
#ifndef FORMAT_ARROW_ARRAY_H
#define FORMAT_ARROW_ARRAY_H

#include "format/arrow_type.h"

struct arrow_array {
    const struct arrow_field *field;
    const struct type *type; /* arrow_type_of the field */
    uint32_t length;
    uint32_t width;        /* bytes of a value, or of an index; 0: bits */
    const char *valid;     /* bits; NULL: all are */
    const char *values;    /* or indexes, views */
    const char *offsets;   /* of strings and lists: length + 1 of */
    uint32_t offset_bytes; /* 4 or 8 */
    const char *data;      /* of strings */
    struct slice *pieces;  /* of views */
    uint32_t piece_count;
    const struct arrow_dictionary *dictionary;
    struct arrow_array *children;
};

/* The values that indexes stand for: what came at first, and each delta. */
struct arrow_dictionary {
    int64_t id;
    struct arrow_field field; /* of the values */
    const struct type *type;
    struct arena *arena; /* of segments and their buffers; NULL: none has come */
    struct arrow_array *segments;
    uint64_t *ends; /* numbers of values up to the segment's end */
    uint32_t segment_count, segment_capacity;
};

struct arrow_dictionaries {
    struct arrow_dictionary *list;
    uint32_t count;
};

struct arrow_body {
    struct arena *arena;
    const struct arrow_batch *batch;
    struct slice bytes;
    const struct arrow_dictionaries *dictionaries;
    uint32_t node, buffer, variadic; /* that come next */
    size_t plain_bytes;
};

/* The next array, of this field. errors: ERR_INCORRECT_DATA, ERR_CANNOT_DECOMPRESS, ERR_MEMORY_LIMIT */
struct err *arrow_array_take(struct arrow_body *body, const struct arrow_field *field, const struct type *type,
                             struct arrow_array *out);
/* The next array is nobody's. */
struct err *arrow_array_skip(struct arrow_body *body, const struct arrow_field *field);

static inline uint64_t arrow_offset(const struct arrow_array *array, uint32_t row)
{
    uint64_t offset = 0;
    memcpy(&offset, array->offsets + (size_t)row * array->offset_bytes, array->offset_bytes);
    return offset;
}

/* The row's value itself, where dictionaries are; NULL: it is NULL. errors: an index that is none */
struct err *arrow_array_value(const struct arrow_array **array, uint32_t *row, bool *is_null);
/* The bytes of a value of a string type. errors: a view that leads nowhere */
struct err *arrow_array_text(const struct arrow_array *array, uint32_t row, struct slice *text);
bool arrow_is_text(enum arrow_kind kind);

#endif
