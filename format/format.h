/*
 * format.h: what readers and writers of all formats share: columns by name, options, names of formats.
 *
 * Names of formats are ClickHouse's, in any case of letters only where ClickHouse takes them so (none of these).
 */
#ifndef FORMAT_FORMAT_H
#define FORMAT_FORMAT_H

#include "base/slice.h"
#include "base/timezone.h"
#include "storage/type.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* A line (row) that is longer is refused, so that one row cannot take all memory. */
#define FORMAT_ROW_BYTES_MAX ((size_t)64 << 20)
/* Objects and arrays of JSON inside each other, also in fields that are skipped. */
#define FORMAT_DEPTH_MAX 1000U

struct format_column {
    struct slice name;
    const struct type *type;
};

/* {0} is the default of everything; `unset_` fields are turned the other way round by setting them. */
struct format_options {
    const struct timezone *zone; /* of DateTimes whose type names none; NULL: UTC */

    /* reading */
    bool refuse_unknown_fields; /* JSON fields and header names that no column has are errors, else skipped */
    bool refuse_missing_fields; /* a JSON object must have all fields, else defaults */
    bool refuse_null;           /* NULL for a column that is not Nullable is an error, else its default */
    size_t row_bytes_max;       /* 0: FORMAT_ROW_BYTES_MAX */
    char csv_delimiter;         /* 0: ',' */

    /* writing */
    bool quote_64bit_integers; /* JSON: 64-bit and wider integers as strings */
    bool quote_denormals;      /* JSON: "inf", "nan" as strings, else null */
    bool quote_decimals;
    bool plain_slashes;       /* JSON: "/" as it is, else "\/" */
    bool crlf;                /* CSV and TSV: lines end in \r\n */
    bool omit_statistics;     /* JSON, JSONCompact: no "statistics" */
    bool iso_times;           /* DateTimes as 2024-01-31T12:34:56Z */
    uint32_t pretty_rows_max; /* 0: 10000 */
};

/* Does a format of this name exist, for reading (INSERT … FORMAT) or writing (SELECT … FORMAT)? */
bool format_can_read(struct slice format);
bool format_can_write(struct slice format);
/* The reply's Content-Type; static; NULL: not a format that is written. */
const char *format_content_type(struct slice format);
/* Formats by number, with their names, until NULL: for messages, system.formats. */
const char *format_name(uint32_t index);

#endif
