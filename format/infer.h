/*
 * infer.h: names and types of columns from the beginning of a text, as ClickHouse's schema inference finds them.
 *
 * rows     INFER_ROWS_MAX at most; a type holds what all of them have
 * types    Bool, Int64, UInt64, Float64, Date, DateTime, DateTime64(9), String, all Nullable; arrays, tuples and maps
 *          of them. Nothing but NULLs is Nullable(String). Of kinds that have no such type in common: String, for
 *          plain values; else ERR_CANNOT_INFER_STRUCTURE
 * formats  JSONEachRow, CSV, TabSeparated, and these WithNames and WithNamesAndTypes; Arrow, ArrowStream, Parquet, which say it (Parquet
 *          at its end: the sample must be all of it)
 * input    hostile: bounded depth, every byte is looked at before it is used
 */
#ifndef FORMAT_INFER_H
#define FORMAT_INFER_H

#include "base/arena.h"
#include "base/err.h"
#include "base/slice.h"
#include "storage/type.h"

#include <stdbool.h>
#include <stdint.h>

#define INFER_ROWS_MAX    25000U
#define INFER_BYTES_MAX   ((size_t)32 << 20)
#define INFER_COLUMNS_MAX 4096U

struct format_settings;

struct inferred_column {
    struct slice name;
    const struct type *type;
};

/*
 * settings  CSV's delimiter, lines that are skipped; NULL: the defaults
 * sample    the text's beginning; whole: all of it, so that a line without its end counts
 * columns   in the arena
 * read_as   the format to read it with: lines of names (and types) may be there without the format's saying so
 * errors    ERR_CANNOT_INFER_STRUCTURE, ERR_UNKNOWN_FORMAT, ERR_NOT_IMPLEMENTED
 */
struct err *format_infer(struct arena *arena, struct slice format, const struct format_settings *settings,
                         struct slice sample, bool whole, struct inferred_column **columns, uint32_t *count,
                         struct slice *read_as);

/* Is there inference for a format of exactly that name? */
bool format_infers(struct slice format);

/* ---- between infer.c and infer_value.c */

enum inferred_kind {
    INFERRED_NOTHING, /* NULLs */
    INFERRED_BOOL,
    INFERRED_INT,
    INFERRED_UINT, /* above the greatest Int64 */
    INFERRED_FLOAT,
    INFERRED_DATE,
    INFERRED_DATETIME,
    INFERRED_DATETIME64,
    INFERRED_STRING,
    INFERRED_ARRAY, /* children[0] */
    INFERRED_TUPLE, /* with names, or without: count of children fixed */
    INFERRED_MAP,   /* children[0]: of the values */
};

struct inferred {
    enum inferred_kind kind;
    bool negative; /* INT: some are */
    bool named;
    struct inferred **children;
    struct slice *names;
    uint32_t count;
};

/* One value's text. JSON: the value at *at, which is moved behind it; what is no JSON is ERR_CANNOT_INFER_STRUCTURE. */
struct err *infer_json(struct arena *arena, const char **at, const char *end, uint32_t depth, struct inferred **out);
/* A field of TabSeparated, or one of CSV (quoted: between quotes). */
struct err *infer_field(struct arena *arena, struct slice field, bool is_csv, bool quoted, struct inferred **out);
/* Both in one; *into may be NULL. is_json: other kinds go together. */
struct err *infer_merge(struct arena *arena, struct inferred **into, struct inferred *more, bool is_json);
/* NULL: memory is out. */
const struct type *infer_type(struct arena *arena, const struct inferred *inferred);

#endif
