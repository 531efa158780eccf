/*
 * writer.h: result chunks in, bytes of an output format out, byte for byte as ClickHouse writes them.
 *
 *     writer_create → writer_begin → writer_chunk… → writer_end → writer_destroy
 *
 * Each call appends to the buffer, which the caller sends and empties between calls whenever it wants. Pretty formats
 * keep one chunk at a time; their column widths are those of that chunk. An error in the middle of a result: the caller
 * stops calling and appends writer_exception's text, or its own.
 * formats  TabSeparated (TSV) and TabSeparatedRaw (TSVRaw), CSV, JSONCompactEachRow, JSONCompactStringsEachRow,
 * RowBinary, each also with …WithNames and …WithNamesAndTypes; JSON, JSONStrings, JSONCompact, JSONCompactStrings,
 *          JSONEachRow (JSONLines, NDJSON), JSONStringsEachRow, Null, Vertical, Pretty, PrettyCompact, PrettySpace,
 *          each Pretty… also …NoEscapes, …MonoBlock; Values, Markdown
 * owner    columns and options are copied into the writer, types are borrowed for its life
 * errors   ERR_UNKNOWN_FORMAT; memory of the buffer: buffer.failed
 * thread   one at a time
 */
#ifndef FORMAT_WRITER_H
#define FORMAT_WRITER_H

#include "base/err.h"
#include "base/text.h"
#include "format/format.h"
#include "storage/column.h"

struct writer;

/* What JSON's footer tells; zeros elsewhere. */
struct writer_summary {
    bool has_rows_before_limit;
    uint64_t rows_before_limit;
    double elapsed_seconds;
    uint64_t rows_read;
    uint64_t bytes_read;
};

struct err *writer_create(struct slice format, const struct format_column *columns, uint32_t column_count,
                          const struct format_options *options, struct writer **out);
void writer_begin(struct writer *writer, struct buffer *out);
void writer_chunk(struct writer *writer, const struct chunk *chunk, struct buffer *out);
/* Totals (WITH TOTALS, one row) go between the last chunk and the end. */
void writer_totals(struct writer *writer, const struct chunk *chunk, struct buffer *out);
void writer_end(struct writer *writer, const struct writer_summary *summary, struct buffer *out);
/* The error's text where a result has already begun: a field "exception" in JSON, a line elsewhere. */
void writer_exception(struct writer *writer, const char *message, struct buffer *out);
uint64_t writer_rows(const struct writer *writer);
void writer_destroy(struct writer *writer); /* accepts NULL */

#endif
