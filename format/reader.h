/*
 * reader.h: bytes of an input format in, rows of a builder out.
 *
 *     reader_create → reader_feed… → reader_finish → reader_destroy
 *
 * A stream is fed in pieces of any size; rows may straddle pieces. The last, incomplete row of a piece is kept (at most
 * options.row_bytes_max) until more comes. reader_finish takes what is left as the last row.
 * formats  JSONEachRow (JSONLines, NDJSON; objects one after the other, with or without commas and [ ]), CSV,
 * TabSeparated (TSV), each of these two also WithNames and WithNamesAndTypes; Values columns  those that the INSERT
 * names, in its order; targets[i] is the builder's column of columns[i]. The builder's other columns get
 * builder_missing. Headers (WithNames) may name columns in another order. errors   the first bad row ends it: the
 * message names row (from 1), column, value and the text around. The row is cancelled; earlier rows stay in the
 * builder, the caller rolls back or aborts. ERR_CANNOT_PARSE_TEXT, ERR_INCORRECT_DATA, ERR_STRING_TOO_LARGE,
 * ERR_UNKNOWN_FORMAT, the builder's error owner    columns are copied; types, builder and hook are borrowed for the
 * reader's life thread   one at a time
 */
#ifndef FORMAT_READER_H
#define FORMAT_READER_H

#include "base/err.h"
#include "format/format.h"
#include "storage/builder.h"

struct reader;

/*
 * Values: an expression that is not a literal. `rest` begins at it. Sets *used to the expression's bytes (the comma or
 * parenthesis behind it is not part of it), and sets the builder's column, of `type`, in its current row. An expression
 * that `rest` does not hold whole sets *incomplete, when more input may come (not `last`).
 */
typedef struct err *(*reader_expression)(void *user, struct slice rest, bool last, const struct type *type,
                                         struct builder *builder, uint32_t column, size_t *used, bool *incomplete);

struct reader_target {
    struct builder *builder;
    const uint32_t *columns;      /* builder's column of each format column; NULL: 0, 1, 2, … */
    reader_expression expression; /* NULL: only literals */
    void *user;
};

struct err *reader_create(struct slice format, const struct format_column *columns, uint32_t column_count,
                          const struct format_options *options, const struct reader_target *target,
                          struct reader **out);
struct err *reader_feed(struct reader *reader, struct slice piece);
struct err *reader_finish(struct reader *reader);
uint64_t reader_rows(const struct reader *reader); /* complete rows so far */
void reader_destroy(struct reader *reader);        /* accepts NULL */

/* Bytes of the longest beginning of text that ends behind a row: for splitting a body among workers. 0: none is found.
 * Formats whose rows cannot be told apart without reading from the start (CSV with line feeds in quotes, Values, JSON
 * that is not one object a line) are cut by reading; others at the last line feed. */
size_t reader_cut(struct slice format, struct slice text);

#endif
