/*
 * define_codec.h: CODEC(…) of a column: what it asks for as ClickHouse writes it, or why it cannot be.
 */
#ifndef SQL_DEFINE_CODEC_H
#define SQL_DEFINE_CODEC_H

#include "sql/binder.h"

/*
 * "Delta,zstd(3)" is an error, "Delta, ZSTD(3)" of a UInt32 becomes "Delta(4), ZSTD(3)": what storage/codec_wish.h
 * reads. Empty: nothing is asked for. Errors have ClickHouse's codes.
 */
struct err *define_codec(struct binder *binder, const struct ast_column *column, const struct type *type,
                         struct slice *out);

#endif
