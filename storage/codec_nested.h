/*
 * codec_nested.h: blocks of arrays, maps and tuples (docs/FORMAT.md, "Blocks"); called by codec.c and codec_decode.c.
 *
 * thread   any: no shared state.  input: encoded bytes are hostile; damage is ERR_CORRUPT
 */
#ifndef STORAGE_CODEC_NESTED_H
#define STORAGE_CODEC_NESTED_H

#include "storage/codec.h"

/* Appends the codec's number and what follows it, without the zeros at a block's end. */
struct err *codec_nested_encode(const struct column *column, struct codec_scratch *scratch, struct buffer *out);
/* bytes: what stands between the codec's number and the zeros. The result is FLAT at every level that is needed. */
struct err *codec_nested_decode(struct arena *arena, enum codec codec, struct slice bytes, const struct type *type,
                                uint32_t row_count, const struct column_need *need, struct column **out);

#endif
