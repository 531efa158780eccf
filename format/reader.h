/*
 * reader.h: formats in: bytes of a body or a message become rows of a builder.
 *
 * A reader maps the format's fields to the builder's columns. Values that are not given become builder_missing (the
 * caller computes DEFAULT expressions), NULLs for columns that cannot hold them become the default, as ClickHouse's
 * input_format_null_as_default has it.
 *
 *   stream    reader_feed takes a body piece by piece; rows may straddle pieces. A bad row is an error that names row,
 *             column, value and the text around it, and ends the reader; the caller rolls the builder back.
 *   message   reader_message takes one whole message (JSONEachRow: one object, or several). A bad one is an error for
 * the dead letter; the rows of this message are forgotten, the reader goes on.
 *
 * memory    a row that has not ended is kept, up to ROW_BYTES_MAX, a block up to BLOCK_BYTES_MAX; more is an error
 * thread    one at a time
 */
#ifndef FORMAT_READER_H
#define FORMAT_READER_H

#include "base/err.h"
#include "base/slice.h"
#include "base/text.h"
#include "base/timezone.h"
#include "format/format_settings.h"
#include "storage/builder.h"

#include <stdbool.h>
#include <stdint.h>

#define ROW_BYTES_MAX   ((size_t)64 << 20)
#define BLOCK_BYTES_MAX ((size_t)256 << 20) /* of the format Native, whose rows come in blocks */
#define FILE_BYTES_MAX  ((size_t)1 << 30)   /* of Parquet, which is read when all of it is there */
#define JSON_DEPTH_MAX  256U

struct reader;

struct reader_column {
    struct slice name;       /* lives as long as the reader */
    const struct type *type; /* likewise */
    uint32_t column;         /* index in the builder */
};

struct reader_options {
    const struct timezone *zone;            /* of DateTimes that name none; NULL: UTC */
    const struct format_settings *settings; /* borrowed for reader_create; NULL: the defaults */
    struct budget *budget;                  /* of what a header or a block takes beside its bytes; NULL: none */
    /* VALUES: an expression as text, a value of the type; *is_null: it is NULL. NULL: literals alone. */
    struct err *(*evaluate)(void *user, struct slice expression, const struct type *type, struct buffer *text,
                            bool *is_null);
    bool in_parts;            /* Parquet: the end's reader_feed may leave rows for the next one (reader_more) */
    uint32_t native_revision; /* Native: of who writes the blocks; 0: the bare format of files */
    /* Rows that a message must carry in its address; called before each row's columns. NULL: none. */
    void (*row_begin)(void *user, struct builder *builder);
    void *user;
};

/* Columns in the order in which formats without names have them. Builder columns that are not listed are missing in
 * every row. errors: ERR_UNKNOWN_FORMAT (with the names of formats that can be read), ERR_NOT_IMPLEMENTED for types. */
struct err *reader_create(struct slice format, const struct reader_column *columns, uint32_t column_count,
                          uint32_t builder_columns, const struct reader_options *options, struct reader **out);
void reader_destroy(struct reader *reader); /* accepts NULL */

/* All whole rows of the piece; last: no more bytes come, so a row without its line end is whole. */
struct err *reader_feed(struct reader *reader, struct builder *builder, struct slice piece, bool last);
/* in_parts: more rows come of what was fed: reader_feed with no bytes, again as the last ones, is to be called. */
bool reader_more(const struct reader *reader);
struct err *reader_message(struct reader *reader, struct builder *builder, struct slice message, uint64_t *row_count);
size_t reader_rest_bytes(const struct reader *reader); /* memory of a row that has not ended */

/* Bytes of the body's longest prefix that ends with a whole row, for splitting it over threads; 0: the format cannot be
 * cut without reading it. JSONEachRow is cut behind a newline that ends a line of one object. */
size_t reader_cut(struct slice format, struct slice body);

/* For system.formats: a format's name and its other one (or the same). Index from 0; false: no more. */
bool reader_describe(uint32_t index, const char **name, const char **alias);

#endif
