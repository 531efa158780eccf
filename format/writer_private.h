/*
 * writer_private.h: what the writers of the formats share.
 */
#ifndef FORMAT_WRITER_PRIVATE_H
#define FORMAT_WRITER_PRIVATE_H

#include "format/writer.h"

struct writer_format {
    const char *name;
    const char *alias; /* or NULL */
    const char *content_type;
    int variant; /* of the functions below */
    void (*begin)(struct writer *writer);
    /* All columns are FLAT, DICT or CONST; rows [0, chunk->row_count). */
    void (*chunk)(struct writer *writer, const struct chunk *chunk);
    void (*end)(struct writer *writer, const struct writer_statistics *statistics);
    void (*totals)(struct writer *writer, const struct chunk *row); /* or NULL */
};

struct pretty;

struct writer {
    const struct writer_format *format;
    struct writer_options options;
    const struct writer_column *columns;
    uint32_t column_count;
    struct buffer *out;
    struct buffer scratch;
    struct arena *arena; /* names in JSON, types' names */
    struct slice *keys;  /* "name": per column */
    uint64_t rows;
    bool data_ended;       /* JSON: what closes the rows is written */
    struct pretty *pretty; /* Pretty: rows until the widths are known; NULL: none yet */
};

/* JSON string with quotes. */
void json_quote(struct buffer *out, struct slice text);
/* TSV escapes, no quotes. */
void tsv_escape(struct buffer *out, struct slice text);
struct slice writer_type_name(struct writer *writer, uint32_t column);

/* variants */
enum { NAMES_NONE = 0, NAMES_ONLY = 1, NAMES_AND_TYPES = 2 };
enum { JSON_OBJECTS = 0, JSON_ARRAYS = 4, JSON_STRINGS = 8 }; /* added to NAMES_ */

void tsv_begin(struct writer *writer);
void lines_totals(struct writer *writer, const struct chunk *row);
void tsv_chunk(struct writer *writer, const struct chunk *chunk);
void tsv_raw_chunk(struct writer *writer, const struct chunk *chunk);
void csv_begin(struct writer *writer);
void csv_chunk(struct writer *writer, const struct chunk *chunk);
void values_chunk(struct writer *writer, const struct chunk *chunk);
void values_end(struct writer *writer, const struct writer_statistics *statistics);
void json_begin(struct writer *writer);
void json_chunk(struct writer *writer, const struct chunk *chunk);
void json_end(struct writer *writer, const struct writer_statistics *statistics);
void json_totals(struct writer *writer, const struct chunk *row);
void json_rows_begin(struct writer *writer);
void json_rows_chunk(struct writer *writer, const struct chunk *chunk);
void json_compact_rows_chunk(struct writer *writer, const struct chunk *chunk);
void pretty_totals(struct writer *writer, const struct chunk *row);
void vertical_totals(struct writer *writer, const struct chunk *row);
void pretty_chunk(struct writer *writer, const struct chunk *chunk);
void pretty_end(struct writer *writer, const struct writer_statistics *statistics);
void pretty_destroy(struct pretty *pretty); /* accepts NULL */
void vertical_chunk(struct writer *writer, const struct chunk *chunk);
void markdown_begin(struct writer *writer);
void markdown_chunk(struct writer *writer, const struct chunk *chunk);

#endif
