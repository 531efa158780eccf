/*
 * writer_private.h: what the writers of the formats share.
 */
#ifndef FORMAT_WRITER_PRIVATE_H
#define FORMAT_WRITER_PRIVATE_H

#include "format/value.h"
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
    void (*totals)(struct writer *writer, const struct chunk *row); /* or NULL, as */
    void (*extremes)(struct writer *writer, const struct chunk *rows);
};

struct pretty;
struct json_columns;
struct prometheus;
struct parquet;
struct template;
struct arrow_writer;
struct lane;

struct writer {
    const struct writer_format *format;
    struct writer_options options;
    struct format_settings settings;
    struct value_style style;
    const struct writer_column *columns;
    uint32_t column_count;
    struct buffer *out;
    struct buffer scratch;
    struct arena *arena;       /* names in JSON, types' names */
    struct slice *keys;        /* "name": per column */
    struct slice *type_names;  /* Native: of the columns */
    struct state_wire **wires; /* binary formats: of columns of states; of others NULL. NULL: there are none */
    struct arena *wire_arena;  /* theirs, in the budget */
    struct err *bad_state;     /* that could not be written, or why else nothing more is */
    struct lane *lanes;        /* of the columns of a chunk (lanes.h); NULL: none yet */
    uint64_t rows;
    uint64_t bytes_refused;            /* that the budget did not have */
    bool data_ended;                   /* JSON: what closes the rows is written */
    bool json_shown;                   /* within json_put_shown */
    struct pretty *pretty;             /* Pretty: rows until the widths are known; NULL: none yet */
    struct json_columns *columns_kept; /* JSONColumns: texts until all are known; NULL: none yet */
    struct prometheus *prometheus;     /* rows of one metric; NULL: none yet */
    struct parquet *parquet;           /* Parquet: the row group that is being filled */
    struct template *template;         /* Template: the settings' texts, parsed */
    struct arrow_writer *arrow;        /* NULL: none yet */
};

/* JSON string with quotes; slashes: '/' is escaped, as it is when nobody says otherwise. */
void json_quote(struct buffer *out, struct slice text);
void json_quote_as(struct buffer *out, struct slice text, bool slashes);
/* TSV escapes, no quotes. */
void tsv_escape(struct buffer *out, struct slice text);
struct slice writer_type_name(struct writer *writer, uint32_t column);
/* Bool in the settings' words, but for formats whose values are literals; false: it is none. */
bool writer_put_bool(const struct writer *writer, struct buffer *out, const struct column *column, uint32_t row);
/* Appends a value's text to the writer's output. */
static inline void writer_put(struct writer *writer, const struct column *column, uint32_t row)
{
    value_to_text_as(writer->out, column, row, &writer->style);
}

/* variants */
enum { NAMES_NONE = 0, NAMES_ONLY = 1, NAMES_AND_TYPES = 2 };
/* Added to NAMES_. JSON_PRETTY: indented by spaces. */
enum { JSON_OBJECTS = 0, JSON_ARRAYS = 4, JSON_STRINGS = 8, JSON_PRETTY = 16, JSON_META = 32 };
/* Of every format: bytes that are no UTF-8 are written as U+FFFD. */
#define VALID_UTF8 64

void tsv_begin(struct writer *writer);
void lines_totals(struct writer *writer, const struct chunk *row);
void tsv_chunk(struct writer *writer, const struct chunk *chunk);
void tsv_raw_chunk(struct writer *writer, const struct chunk *chunk);
void tsv_raw_begin(struct writer *writer);
void tskv_chunk(struct writer *writer, const struct chunk *chunk);
void blob_chunk(struct writer *writer, const struct chunk *chunk);
struct err *blob_check(const struct writer_column *columns, uint32_t column_count);
void csv_begin(struct writer *writer);
void csv_chunk(struct writer *writer, const struct chunk *chunk);
/* Custom separators, and what they take of other formats: a value, a text in its quotes or escapes. */
void custom_begin(struct writer *writer);
void custom_chunk(struct writer *writer, const struct chunk *chunk);
void custom_end(struct writer *writer, const struct writer_statistics *statistics);
void custom_put(struct writer *writer, const struct column *column, uint32_t row, enum escaping_rule rule);
struct err *template_open(struct writer *writer);
void template_close(struct template *template); /* accepts NULL */
void template_begin(struct writer *writer);
void template_chunk(struct writer *writer, const struct chunk *chunk);
void template_totals(struct writer *writer, const struct chunk *row);
void template_extremes(struct writer *writer, const struct chunk *rows);
void template_end(struct writer *writer, const struct writer_statistics *statistics);
void tsv_put(struct writer *writer, const struct column *column, uint32_t row, bool raw);
void values_put(struct writer *writer, const struct column *column, uint32_t row);
void csv_put(struct writer *writer, const struct column *column, uint32_t row);
void csv_quote(struct buffer *out, struct slice text);
void xml_put(struct writer *writer, const struct column *column, uint32_t row);
void xml_escape(struct buffer *out, struct slice text);
void values_chunk(struct writer *writer, const struct chunk *chunk);
void values_end(struct writer *writer, const struct writer_statistics *statistics);
void sql_insert_chunk(struct writer *writer, const struct chunk *chunk);
void sql_insert_end(struct writer *writer, const struct writer_statistics *statistics);
/* A value with indent tabs before the line that it stands in, for JSON's way of a line per element; or on one line. */
#define JSON_COMPACT UINT32_MAX
void json_put(struct writer *writer, const struct column *column, uint32_t row, uint32_t indent);
/* A value in a table for eyes: a line per element, numbers that are none in quotes. */
void json_put_shown(struct writer *writer, struct buffer *out, const struct column *column, uint32_t row);
void json_meta(struct writer *writer);
void json_begin(struct writer *writer);
void json_chunk(struct writer *writer, const struct chunk *chunk);
void json_end(struct writer *writer, const struct writer_statistics *statistics);
void json_totals(struct writer *writer, const struct chunk *row);
void json_extremes(struct writer *writer, const struct chunk *rows);
void json_rows_begin(struct writer *writer);
void json_list_begin(struct writer *writer);
void json_list_end(struct writer *writer, const struct writer_statistics *statistics);
void json_rows_chunk(struct writer *writer, const struct chunk *chunk);
void json_compact_rows_chunk(struct writer *writer, const struct chunk *chunk);
void json_pretty_rows_chunk(struct writer *writer, const struct chunk *chunk);
void json_object_begin(struct writer *writer);
void json_object_chunk(struct writer *writer, const struct chunk *chunk);
void json_object_end(struct writer *writer, const struct writer_statistics *statistics);
void json_progress_begin(struct writer *writer);
void json_progress_chunk(struct writer *writer, const struct chunk *chunk);
void json_progress_totals(struct writer *writer, const struct chunk *row);
void json_progress_extremes(struct writer *writer, const struct chunk *rows);
void json_progress_end(struct writer *writer, const struct writer_statistics *statistics);
void json_columns_chunk(struct writer *writer, const struct chunk *chunk);
void json_columns_end(struct writer *writer, const struct writer_statistics *statistics);
void json_columns_totals(struct writer *writer, const struct chunk *row);
void json_columns_extremes(struct writer *writer, const struct chunk *rows);
void json_columns_destroy(struct json_columns *columns); /* accepts NULL */
struct err *prometheus_check(const struct writer_column *columns, uint32_t column_count);
void prometheus_chunk(struct writer *writer, const struct chunk *chunk);
void prometheus_end(struct writer *writer, const struct writer_statistics *statistics);
void prometheus_destroy(struct prometheus *kept); /* accepts NULL */
void xml_begin(struct writer *writer);
void xml_chunk(struct writer *writer, const struct chunk *chunk);
void xml_end(struct writer *writer, const struct writer_statistics *statistics);
void xml_totals(struct writer *writer, const struct chunk *row);
void xml_extremes(struct writer *writer, const struct chunk *rows);
void pretty_totals(struct writer *writer, const struct chunk *row);
void pretty_extremes(struct writer *writer, const struct chunk *rows);
void vertical_totals(struct writer *writer, const struct chunk *row);
void vertical_extremes(struct writer *writer, const struct chunk *rows);
void pretty_chunk(struct writer *writer, const struct chunk *chunk);
void pretty_end(struct writer *writer, const struct writer_statistics *statistics);
void pretty_destroy(struct pretty *pretty); /* accepts NULL */
void vertical_chunk(struct writer *writer, const struct chunk *chunk);
/* Appends a column's state. */
void writer_put_state(struct writer *writer, uint32_t column, struct slice state);
void row_binary_begin(struct writer *writer);
void row_binary_chunk(struct writer *writer, const struct chunk *chunk);
void native_begin(struct writer *writer);
void native_chunk(struct writer *writer, const struct chunk *chunk);
void native_totals(struct writer *writer, const struct chunk *row);
void native_end(struct writer *writer, const struct writer_statistics *statistics);
/* errors   ERR_UNKNOWN_TYPE, ERR_BAD_ARGUMENTS: a type that Parquet has not */
struct err *parquet_open(struct writer *writer);
void parquet_begin(struct writer *writer);
void parquet_chunk(struct writer *writer, const struct chunk *chunk);
void parquet_end(struct writer *writer, const struct writer_statistics *statistics);
void parquet_destroy(struct parquet *parquet); /* accepts NULL */
/* variant: of the format Arrow, a file; 0: ArrowStream. */
#define ARROW_FILE 1
void arrow_begin(struct writer *writer);
void arrow_chunk(struct writer *writer, const struct chunk *chunk);
void arrow_end(struct writer *writer, const struct writer_statistics *statistics);
void arrow_destroy(struct arrow_writer *arrow); /* accepts NULL */
void markdown_begin(struct writer *writer);
void markdown_chunk(struct writer *writer, const struct chunk *chunk);

#endif
