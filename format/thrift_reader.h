/*
 * thrift_reader.h: structs in Thrift's compact protocol, read: the metadata of Parquet files.
 *
 * how      thrift_read_begin opens the outermost struct. thrift_read_field gives its fields, until it says that the struct
 *          has ended, which closes it. Each field's value is then taken by the function of its kind, or skipped.
 * input    hostile: every byte is looked at before it is used, structs go THRIFT_DEPTH_MAX deep, a list has no more items
 *          than bytes are left. What is wrong shows as `failed`, is sticky, and ends all structs.
 * thread   one at a time
 */
#ifndef FORMAT_THRIFT_READER_H
#define FORMAT_THRIFT_READER_H

#include "format/thrift_compact.h"

struct thrift_reader {
    const char *at, *end;
    int16_t last[THRIFT_DEPTH_MAX]; /* of the structs that are open: the field that was read last */
    uint32_t depth;
    bool failed;
};

struct thrift_field {
    int16_t number;
    enum thrift_kind kind;
};

void thrift_read_begin(struct thrift_reader *thrift, struct slice bytes);
/* The next field of the struct that is open. False: it has ended, or something is wrong. */
bool thrift_read_field(struct thrift_reader *thrift, struct thrift_field *field);

/* ---- the value of a field, or of a list's item, of this kind; another kind than the function's is wrong */
bool thrift_read_bool(struct thrift_reader *thrift, enum thrift_kind kind);           /* of a field: its kind says it */
int64_t thrift_read_int(struct thrift_reader *thrift, enum thrift_kind kind);         /* of 8, 16, 32 and 64 bits */
struct slice thrift_read_binary(struct thrift_reader *thrift, enum thrift_kind kind); /* stands in the bytes */
uint32_t thrift_read_list(struct thrift_reader *thrift, enum thrift_kind kind, enum thrift_kind *items);
bool thrift_read_struct(struct thrift_reader *thrift, enum thrift_kind kind); /* opens it */
void thrift_read_skip(struct thrift_reader *thrift, enum thrift_kind kind);

#endif
