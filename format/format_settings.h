/*
 * format_settings.h: the settings of formats: ClickHouse's names (format_…, input_format_…, output_format_…, the ways of
 * writing Bool and DateTime).
 *
 * A name is known, or it is one of ClickHouse's that nothing here looks at: then its default is taken, and any other
 * value refused by name.
 */
#ifndef FORMAT_FORMAT_SETTINGS_H
#define FORMAT_FORMAT_SETTINGS_H

#include "base/err.h"
#include "base/slice.h"
#include "base/text.h"
#include "format/arrow_ipc.h"

#include <stdbool.h>
#include <stdint.h>

#define FORMAT_TEXT_MAX     128U  /* bytes of a text in a setting, with the closing zero */
#define FORMAT_TEMPLATE_MAX 1024U /* of a template; all settings are copied with every query */

enum time_style { TIME_SIMPLE, TIME_ISO, TIME_UNIX };
enum time_reading { TIME_BASIC, TIME_BEST_EFFORT, TIME_BEST_EFFORT_US };

/* How CustomSeparated has values: as TabSeparated, Values, CSV, JSON, XML (written alone), TabSeparatedRaw. */
enum escaping_rule { ESCAPING_ESCAPED, ESCAPING_QUOTED, ESCAPING_CSV, ESCAPING_JSON, ESCAPING_XML, ESCAPING_RAW };

/* How pages of Parquet are compressed. */
enum parquet_packing {
    PARQUET_PACK_ZSTD,
    PARQUET_PACK_LZ4,
    PARQUET_PACK_GZIP,
    PARQUET_PACK_BROTLI,
    PARQUET_PACK_SNAPPY,
    PARQUET_PACK_NONE,
};

/* Copied as a whole, no byte of it undefined. */
struct format_settings {
    /* both ways */
    char csv_delimiter;
    bool csv_single_quotes;
    bool csv_double_quotes;
    char csv_null[FORMAT_TEXT_MAX];
    char tsv_null[FORMAT_TEXT_MAX];
    char true_text[FORMAT_TEXT_MAX];
    char false_text[FORMAT_TEXT_MAX];
    enum escaping_rule custom_rule;
    char custom_field[FORMAT_TEXT_MAX];
    char custom_row_before[FORMAT_TEXT_MAX];
    char custom_row_after[FORMAT_TEXT_MAX];
    char custom_row_between[FORMAT_TEXT_MAX];
    char custom_result_before[FORMAT_TEXT_MAX];
    char custom_result_after[FORMAT_TEXT_MAX];
    char template_row[FORMAT_TEMPLATE_MAX];
    char template_result[FORMAT_TEMPLATE_MAX];
    char template_between[FORMAT_TEXT_MAX];
    /* in */
    bool binary_json_in; /* RowBinary: JSON is its text */
    enum time_reading time_reading;
    bool skip_unknown_fields;
    bool null_as_default;
    bool defaults_for_omitted_fields;
    bool import_nested_json;
    bool values_interpret_expressions;
    bool csv_trim_whitespaces;
    bool csv_detect_header, tsv_detect_header;
    bool csv_empty_as_default;
    bool csv_variable_columns;
    bool tsv_empty_as_default;
    bool tsv_variable_columns;
    bool tsv_crlf_in;
    bool names_use_header;
    bool types_use_header;
    uint64_t csv_skip_lines;
    uint64_t tsv_skip_lines;
    uint64_t errors_num;
    double errors_ratio;
    /* out */
    bool binary_json_out;
    bool native_json_text; /* Native: likewise */
    enum time_style time_style;
    bool json_quote_64bit;
    bool json_quote_denormals;
    bool json_quote_decimals;
    bool json_escape_slashes;
    bool json_named_tuples_as_objects;
    bool json_array_of_rows;
    bool json_validate_utf8;
    bool write_statistics;
    bool decimal_trailing_zeros;
    bool csv_crlf;
    bool csv_tuple_columns;
    bool tsv_crlf;
    bool values_double_quote; /* a quote within a text is doubled, not escaped */
    enum arrow_codec arrow_codec;
    bool arrow_string; /* a String is Arrow's; otherwise Binary */
    bool arrow_fixed_string;
    bool arrow_date_number;
    bool arrow_uuid_bytes;
    bool arrow_dictionary;
    bool arrow_index_signed;
    bool arrow_index_64;
    bool arrow_any_case;
    bool arrow_missing_columns;
    bool parquet_any_case;
    bool parquet_missing_columns;
    bool parquet_verify_checksums;
    uint64_t pretty_max_rows;
    bool pretty_named_tuples;
    uint64_t sql_insert_rows;
    char sql_insert_table[FORMAT_TEXT_MAX];
    bool sql_insert_names;
    bool sql_insert_quotes_names;
    bool sql_insert_replace;
    enum parquet_packing parquet_packing;
    uint64_t parquet_row_group_rows;
    uint64_t parquet_row_group_bytes;
    uint64_t parquet_page_bytes;
    uint64_t parquet_dictionary_bytes;
    bool parquet_string_as_string;
    bool parquet_fixed_string_as_fixed;
    bool parquet_enum_as_byte_array;
    bool parquet_date_as_uint16;
    bool parquet_datetime_as_uint32;
    bool parquet_wide_integer_as_decimal;
    bool parquet_page_index;
    bool parquet_bloom_filter;
    bool parquet_checksums;
};

/* By its name, with its case, as templates have it; false: there is none. */
bool format_escaping_rule(struct slice name, enum escaping_rule *out);
/* How it is when nobody sets anything. */
const struct format_settings *format_settings_default(void);
void format_settings_init(struct format_settings *settings);
/* *known false: it is no setting of a format. */
struct err *format_settings_set(struct format_settings *settings, struct slice name, struct slice value, bool *known);
uint32_t format_settings_count(void);
/* By index from 0; false: no more. type: ClickHouse's name for it. */
bool format_settings_describe(uint32_t index, const char **name, const char **type, const char **fallback,
                              const char **description);
/* Appends the value that holds. */
void format_settings_print(const struct format_settings *settings, uint32_t index, struct buffer *out);

#endif
