/*
 * thrift_compact.h: structs in Thrift's compact protocol, as the metadata of Parquet files are written.
 *
 * how      fields in ascending order: thrift_put_… with a field's number within the struct that is open. A list says its
 *          length and the kind of its items, which follow by the functions of items. At the end thrift_end for each
 *          struct that was begun, the outermost one too.
 * errors   memory shows as out->failed
 * thread   one at a time.
 */
#ifndef FORMAT_THRIFT_COMPACT_H
#define FORMAT_THRIFT_COMPACT_H

#include "base/slice.h"
#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>

#define THRIFT_DEPTH_MAX 16U /* structs within structs: Parquet's go five deep */

enum thrift_kind {
    THRIFT_STOP = 0,
    THRIFT_TRUE = 1,
    THRIFT_FALSE = 2,
    THRIFT_BYTE = 3,
    THRIFT_I16 = 4,
    THRIFT_I32 = 5,
    THRIFT_I64 = 6,
    THRIFT_DOUBLE = 7,
    THRIFT_BINARY = 8,
    THRIFT_LIST = 9,
    THRIFT_SET = 10,
    THRIFT_MAP = 11,
    THRIFT_STRUCT = 12,
};

struct thrift_writer {
    struct buffer *out;
    int16_t last[THRIFT_DEPTH_MAX]; /* of the structs that are open: the field that was written last */
    uint32_t depth;
};

/* The outermost struct is open. */
void thrift_begin(struct thrift_writer *thrift, struct buffer *out);
void thrift_end(struct thrift_writer *thrift);

void thrift_put_bool(struct thrift_writer *thrift, int16_t field, bool value);
void thrift_put_byte(struct thrift_writer *thrift, int16_t field, int8_t value);
void thrift_put_i32(struct thrift_writer *thrift, int16_t field, int32_t value);
void thrift_put_i64(struct thrift_writer *thrift, int16_t field, int64_t value);
void thrift_put_binary(struct thrift_writer *thrift, int16_t field, struct slice value);
void thrift_put_struct(struct thrift_writer *thrift, int16_t field); /* opens it */
void thrift_put_empty(struct thrift_writer *thrift, int16_t field);  /* a struct without fields */
void thrift_put_list(struct thrift_writer *thrift, int16_t field, enum thrift_kind items, uint64_t count);

/* ---- items of a list */
void thrift_item_bool(struct thrift_writer *thrift, bool value); /* the list's kind is THRIFT_TRUE */
void thrift_item_int(struct thrift_writer *thrift, int64_t value);
void thrift_item_binary(struct thrift_writer *thrift, struct slice value);
void thrift_item_struct(struct thrift_writer *thrift); /* opens it */

#endif
