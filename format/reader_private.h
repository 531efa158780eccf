/*
 * reader_private.h: what the readers of the formats share.
 */
#ifndef FORMAT_READER_PRIVATE_H
#define FORMAT_READER_PRIVATE_H

#include "base/text.h"
#include "format/nested_text.h"
#include "format/reader.h"

/* What became of a row. */
enum row_result {
    ROW_WHOLE,
    ROW_NONE,       /* nothing but space or separators is left */
    ROW_UNFINISHED, /* the bytes end within the row */
    ROW_BAD,        /* reader->message says why */
    ROW_MEMORY,     /* builder_error says why */
};

struct field {
    struct slice name;
    const struct type *type;
    uint32_t column;
    uint32_t seen;                    /* number of the row that set it last */
    struct slice key;                 /* "name": as it stands in JSON most of the time */
    int64_t cached_day_key[2];        /* JSON times: the bytes of the last date, and */
    int64_t cached_day_local;         /* its local seconds */
    int64_t offset_begin, offset_end; /* the range of moments for which */
    int32_t offset;                   /* this offset from UTC holds */
    const struct timezone *zone;
    struct state_wire *wire; /* binary formats: of states */
};

/* CSV: what the k-th text of a row goes to. A tuple takes a text per element, tuples inside too. */
struct slot {
    struct field *field;     /* NULL: skipped */
    const struct type *type; /* of the element */
    bool first, last;        /* of the field's */
    uint32_t name;           /* of an element that the header names: its place there; else UINT32_MAX */
    uint32_t index;          /* likewise: its place in the tuple */
};

struct arrow_reader;
struct parquet_reader;

struct reader {
    const struct reader_format *format;
    struct arena *arena;
    struct reader_options options;
    struct format_settings settings;
    struct slice csv_null, tsv_null;
    struct field *fields;
    uint32_t field_count;
    uint32_t *unlisted; /* builder columns without a field */
    uint32_t unlisted_count;
    uint32_t *order; /* JSON: field that followed field k − 1 in the last row; order[0] begins */
    int32_t *map;    /* CSV, TSV with names: column of the text → field, or −1 */
    uint32_t map_count;
    uint32_t header_lines;            /* still to be read, */
    uint32_t header_count;            /* of so many */
    bool looked;                      /* whether the first line is a header nobody has announced */
    const struct type **header_types; /* RowBinary with types: of the header's columns */
    struct state_wire **header_wires; /* of those that are skipped and hold states */
    struct arena *block;              /* Native, Arrow, Parquet: of the block that is read */
    struct arrow_reader *arrow;       /* NULL: none yet */
    struct parquet_reader *parquet;   /* likewise */
    uint64_t steps;                   /* of work on long binary values, for looks whether it is to end */
    uint32_t row_number;              /* 1, 2, …: marks of `seen`; wraps */
    uint64_t rows;
    uint64_t bad_rows;   /* that were skipped */
    uint64_t skip_lines; /* still to be skipped before the data */
    bool skipping;       /* to the next line */
    bool in_list;        /* JSON: between [ and ] */
    bool ended;          /* JSON: behind the ] or ';' that ends the data */
    bool document;       /* JSON, JSONObjectEachRow: what stands in front of the rows is read */
    bool plain;          /* JSON: rows without a document around them */
    bool begun;          /* bytes have come */
    struct buffer rest;  /* of the piece before */
    size_t rest_tried;   /* bytes of it that did not hold a whole row */
    struct slot *slots;  /* CSV with tuples */
    uint32_t slot_count;
    struct buffer packed; /* an array, tuple or map (storage/packed.h) */
    struct nested_value item;
    struct buffer scratch;
    char message[600];
    enum err_code code; /* of the error that message tells */
};

struct reader_format {
    const char *name;
    const char *alias;
    uint32_t header_lines; /* names; names and types */
    bool cuttable;
    bool skips;  /* a bad row can be left out: another begins with the next line */
    bool binary; /* no marks before the data, and errors show no text */
    /* Reads one row from [*at, end); moves *at behind it. last: nothing follows end. */
    enum row_result (*row)(struct reader *reader, struct builder *builder, const char **at, const char *end, bool last);
};

/* Says what is wrong with the row, and that it is: return reader_bad(...). */
#define reader_bad(...) (reader_complain(__VA_ARGS__), ROW_BAD)
void reader_complain(struct reader *reader, const char *format, ...) __attribute__((format(printf, 2, 3)));
/* A field's text that cannot be its type. */
enum row_result reader_bad_value(struct reader *reader, const struct field *field, struct slice text);
/* Sets a field from text that has no quotes or escapes any more. */
enum row_result reader_set_text(struct reader *reader, struct builder *builder, struct field *field, struct slice text);
/* The same for arrays, tuples and maps; *used: bytes of the value at the text's beginning, or NULL: it is the whole. */
enum row_result reader_set_nested(struct reader *reader, struct builder *builder, struct field *field,
                                  struct slice text, size_t *used);
/* Hands what stands in reader->packed to the builder. */
enum row_result reader_set_packed(struct reader *reader, struct builder *builder, struct field *field);
/* A value's text as the settings have it: format/nested_text.h's scalar. */
bool (*reader_scalar(const struct reader *reader))(const struct type *type, const struct timezone *zone,
                                                   struct slice text, void *out);
/* Appends a value of a type that is not nested to reader->packed. */
enum row_result reader_pack(struct reader *reader, const struct field *field, const struct type *type,
                            struct slice text);
enum row_result reader_set_null(struct reader *reader, struct builder *builder, struct field *field);
/* Begins and ends a row: what was not seen is missing. */
bool reader_row_begin(struct reader *reader, struct builder *builder);
enum row_result reader_row_end(struct reader *reader, struct builder *builder);

/* The field of this name; NULL: none. */
struct field *reader_find(struct reader *reader, struct slice name);
/* input_format_import_nested_json: the field of this name in the object of that name: n.s; NULL: none. Is there any?
 * *object: the same name, in the fields'. */
struct field *reader_find_part(struct reader *reader, struct slice object, struct slice name);
bool reader_has_parts(const struct reader *reader, struct slice name, struct slice *object);
/* Headers: the next name; the type that the header gives a field. */
enum row_result reader_add_name(struct reader *reader, struct slice name);
enum row_result reader_check_type(struct reader *reader, const struct field *field, struct slice text);
/* Formats without names take so many values in a row; the k-th goes to this field, NULL: skipped. */
uint32_t reader_value_count(const struct reader *reader);
struct field *reader_field_at(struct reader *reader, uint32_t k);

enum row_result json_row(struct reader *reader, struct builder *builder, const char **at, const char *end, bool last);

/* Parts of json_row: a string behind its opening quote (text may stand in scratch); any value, skipped; a number as a
 * time: days or seconds since the epoch, or ticks. */
enum row_result reader_json_string(struct reader *reader, const char **at, const char *end, struct slice *text);
enum row_result reader_json_skip(struct reader *reader, const char **at, const char *end, bool last);
bool reader_json_time(const struct type *type, struct slice text, __int128 *value);
/* An object: a row's fields. Any value, for a field. */
enum row_result reader_json_object(struct reader *reader, struct builder *builder, const char **at, const char *end,
                                   bool last);
enum row_result reader_json_value(struct reader *reader, struct builder *builder, struct field *field, const char **at,
                                  const char *end, bool last);
/* A value that must be a string: the text of the field's value. */
enum row_result reader_json_quoted(struct reader *reader, struct builder *builder, struct field *field, const char **at,
                                   const char *end);
/* An array or object at *at that ends before end, for a column of arrays, tuples or maps. */
enum row_result reader_json_nested(struct reader *reader, struct builder *builder, struct field *field, const char **at,
                                   const char *end);

/* A document with "meta", from its { to the bracket behind "data"; from behind the data to its }. */
enum row_result reader_json_head(struct reader *reader, const char **at, const char *end, bool last, char bracket);
enum row_result reader_json_tail(struct reader *reader, const char **at, const char *end, bool last);

/* One field: text (in the row or in scratch), whether it is NULL or an empty bare one. *at: at delimiter or line end. */
typedef enum row_result reader_take_field(struct reader *reader, const char **at, const char *end, bool last,
                                          struct slice *text, bool *is_null, bool *is_empty);
#define HEADER_NAMES_MAX 10000U
/* Sets header_count and header_lines when the bytes begin with a header (header_detect.c). */
enum row_result reader_detect_header(struct reader *reader, const char *at, const char *end, bool last,
                                     reader_take_field *take, char delimiter);
enum row_result csv_row(struct reader *reader, struct builder *builder, const char **at, const char *end, bool last);
enum row_result tsv_row(struct reader *reader, struct builder *builder, const char **at, const char *end, bool last);
enum row_result row_binary_row(struct reader *reader, struct builder *builder, const char **at, const char *end,
                               bool last);
enum row_result row_binary_defaults_row(struct reader *reader, struct builder *builder, const char **at,
                                        const char *end, bool last);
enum row_result native_row(struct reader *reader, struct builder *builder, const char **at, const char *end, bool last);
enum row_result arrow_row(struct reader *reader, struct builder *builder, const char **at, const char *end, bool last);
enum row_result arrow_stream_row(struct reader *reader, struct builder *builder, const char **at, const char *end,
                                 bool last);
void arrow_reader_reset(struct arrow_reader *arrow);   /* another stream begins; accepts NULL, as */
void arrow_reader_destroy(struct arrow_reader *arrow); /* does this */
enum row_result parquet_row(struct reader *reader, struct builder *builder, const char **at, const char *end,
                            bool last);
void parquet_reader_reset(struct parquet_reader *parquet); /* likewise; and are there row groups that are not read? */
void parquet_reader_destroy(struct parquet_reader *parquet);
bool parquet_reader_more(const struct parquet_reader *parquet);
enum row_result tsv_raw_row(struct reader *reader, struct builder *builder, const char **at, const char *end,
                            bool last);
/* A field of TabSeparated up to the tab or line's end; field NULL: skipped. */
enum row_result reader_tsv_field(struct reader *reader, struct builder *builder, struct field *field, const char **at,
                                 const char *end, bool last);
enum row_result tskv_row(struct reader *reader, struct builder *builder, const char **at, const char *end, bool last);
enum row_result line_row(struct reader *reader, struct builder *builder, const char **at, const char *end, bool last);
enum row_result blob_row(struct reader *reader, struct builder *builder, const char **at, const char *end, bool last);
/* JSONStringsEachRow; JSONAsString and JSONAsObject; JSON and JSONCompact; JSONObjectEachRow; JSONCompactEachRow. */
enum row_result json_strings_row(struct reader *reader, struct builder *builder, const char **at, const char *end,
                                 bool last);
enum row_result json_whole_row(struct reader *reader, struct builder *builder, const char **at, const char *end,
                               bool last);
enum row_result json_document_row(struct reader *reader, struct builder *builder, const char **at, const char *end,
                                  bool last);
enum row_result json_compact_document_row(struct reader *reader, struct builder *builder, const char **at,
                                          const char *end, bool last);
enum row_result json_object_row(struct reader *reader, struct builder *builder, const char **at, const char *end,
                                bool last);
enum row_result json_compact_row(struct reader *reader, struct builder *builder, const char **at, const char *end,
                                 bool last);
enum row_result json_compact_strings_row(struct reader *reader, struct builder *builder, const char **at,
                                         const char *end, bool last);
/* JSONColumns, JSONCompactColumns, JSONColumnsWithMetadata: all rows of a document. */
enum row_result json_columns_row(struct reader *reader, struct builder *builder, const char **at, const char *end,
                                 bool last);
enum row_result json_compact_columns_row(struct reader *reader, struct builder *builder, const char **at,
                                         const char *end, bool last);
enum row_result json_meta_columns_row(struct reader *reader, struct builder *builder, const char **at, const char *end,
                                      bool last);
enum row_result custom_row(struct reader *reader, struct builder *builder, const char **at, const char *end, bool last);
enum row_result custom_spaces_row(struct reader *reader, struct builder *builder, const char **at, const char *end,
                                  bool last);
enum row_result values_row(struct reader *reader, struct builder *builder, const char **at, const char *end, bool last);

#endif
