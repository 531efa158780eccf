/*
 * codec_wish.h: what a column's CODEC(…) asks of its blocks, in fresh segments and in merged ones alike.
 *
 *   NONE             light encodings alone: nothing goes through LZ4 or ZSTD
 *   LZ4, LZ4HC, ZSTD strings go through it, at that level; so do all values of a block where that makes them fewer
 *                    bytes than the light encodings do, which are looked at as ever
 *   differences      numbers as differences to the one before wherever they are smaller, not only where they save much
 *   frames           numbers as frames (of values or of differences), nothing slower to read
 *   series           floats: their transposed bytes through ZSTD, too
 *
 * text     as the definition of the table has it: the names that sql/define_codec.c lets through
 */
#ifndef STORAGE_CODEC_WISH_H
#define STORAGE_CODEC_WISH_H

#include "base/arena.h"
#include "base/err.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stdint.h>

enum codec_wish_bytes { WISH_BY_RULE = 0, WISH_NONE, WISH_LZ4, WISH_LZ4HC, WISH_ZSTD };

struct codec_wish { /* all zero: by rule */
    enum codec_wish_bytes bytes;
    int32_t level;   /* LZ4HC, ZSTD; 0: theirs by default */
    uint32_t window; /* ZSTD: log2 of its bytes; 0: by level */
    bool differences;
    bool frames;
    bool series;
};

/* Names that are not known say nothing. */
void codec_wish_of(struct slice text, struct codec_wish *out);

struct table_def;
struct segment_column;
/* Of each of a segment's columns, by their ids. *out NULL: the table's columns ask for nothing. */
struct err *codec_wishes(struct arena *arena, const struct table_def *def, const struct segment_column *columns,
                         uint32_t count, const struct codec_wish **out);
struct segment_schema;
/* Columns of a schema for the definition that ask for nothing get what this text says; empty: nothing changes. */
struct err *codec_wishes_else(struct arena *arena, const struct table_def *def, struct segment_schema *schema,
                              struct slice text);

#endif
