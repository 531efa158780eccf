/*
 * writer.h: results out: chunks of columns as one of the formats, appended to a buffer that the caller sends on.
 *
 *     writer_create(format, columns …) → writer_begin → writer_chunk … → [writer_totals →] [writer_extremes →] writer_end, or writer_error
 * in the middle
 *
 * errors   ERR_UNKNOWN_FORMAT with the nearest names; memory shows as out->failed; writer_error says more.
 * thread   one at a time.
 */
#ifndef FORMAT_WRITER_H
#define FORMAT_WRITER_H

#include "base/arena.h"
#include "base/err.h"
#include "base/slice.h"
#include "base/text.h"
#include "base/timezone.h"
#include "format/format_settings.h"
#include "storage/column.h"

#include <stdbool.h>
#include <stdint.h>

struct writer;

struct writer_options {
    const struct timezone *zone;            /* of DateTimes that name none; NULL: UTC */
    const struct format_settings *settings; /* borrowed for writer_create; NULL: the defaults */
    uint32_t client_revision; /* Native: what the client says that it reads (client_protocol_version); 0: says none */
    /* Native: for the native protocol, where each call's block is a packet: writer_begin writes one without rows, which
     * says the columns; totals are a block as others; writer_end writes nothing. */
    bool packets;
    struct budget *budget; /* of what is kept until the end (JSONColumns); NULL: none */
};

struct writer_column {
    struct slice name;
    const struct type *type;
};

struct writer_statistics {
    double elapsed_seconds;
    uint64_t rows_read;
    uint64_t bytes_read;
    bool rows_before_limit_known;
    uint64_t rows_before_limit;
    struct slice completeness; /* JSON that formats with statistics show; empty: none */
};

/* Names and types are borrowed while the writer lives. */
struct err *writer_create(struct slice format, const struct writer_column *columns, uint32_t column_count,
                          const struct writer_options *options, struct buffer *out, struct writer **writer);
void writer_destroy(struct writer *writer); /* accepts NULL */
const char *
writer_content_type(struct slice format); /* for HTTP; static. Unknown format: "text/plain; charset=UTF-8" */

void writer_begin(struct writer *writer);
/* A thread that is interrupted (base/interrupt.h) writes rows half: the caller looks before it sends them. */
void writer_chunk(struct writer *writer, const struct chunk *chunk);
/* The row of WITH TOTALS, once, after all others; formats that have no place for it leave it out. */
void writer_totals(struct writer *writer, const struct chunk *row);
/* The two rows of the setting extremes, once, behind the totals; likewise. */
void writer_extremes(struct writer *writer, const struct chunk *rows);
void writer_end(struct writer *writer, const struct writer_statistics *statistics);
struct err *writer_error(const struct writer *writer); /* why out->failed */
/* Does it write rows one after the other? Otherwise columns, or nothing. */
bool writer_is_of_rows(const struct writer *writer);
uint64_t writer_rows(const struct writer *writer); /* written so far */

/* For system.formats: a format's name and its other one (or the same). Index from 0; false: no more. */
bool writer_describe(uint32_t index, const char **name, const char **alias);

#endif
