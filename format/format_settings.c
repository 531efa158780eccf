/*
 * format_settings.c: the table of settings that readers and writers look at.
 */
#include "format/format_settings.h"

#include "base/number.h"
#include "format/format_setting_names.h"

#include <inttypes.h>
#include <pthread.h>
#include <stddef.h>
#include <string.h>
#include <strings.h>

enum kind {
    KIND_BOOL,
    KIND_U64,
    KIND_CHAR,
    KIND_TEXT,
    KIND_TEMPLATE,
    KIND_RATIO,
    KIND_READING,
    KIND_STYLE,
    KIND_RULE,
    KIND_PACKING,
    KIND_CODEC
};

static const struct known {
    const char *name;
    enum kind kind;
    size_t offset;
    const char *fallback;
    const char *description;
} known_settings[] = {
#define KNOWN(name, kind, field, fallback, description)                                                                \
    {                                                                                                                  \
        name, KIND_##kind, offsetof(struct format_settings, field), fallback, description                              \
    }
    KNOWN("format_csv_delimiter", CHAR, csv_delimiter, ",", "between the fields of CSV"),
    KNOWN("format_csv_allow_single_quotes", BOOL, csv_single_quotes, "0", "CSV: fields may be in single quotes"),
    KNOWN("format_csv_allow_double_quotes", BOOL, csv_double_quotes, "1", "CSV: fields may be in double quotes"),
    KNOWN("format_csv_null_representation", TEXT, csv_null, "\\N", "NULL in CSV"),
    KNOWN("format_tsv_null_representation", TEXT, tsv_null, "\\N", "NULL in TabSeparated"),
    KNOWN("format_custom_escaping_rule", RULE, custom_rule, "Escaped",
          "CustomSeparated: values as in other formats: Escaped, Quoted, CSV, JSON, XML, Raw"),
    KNOWN("format_custom_field_delimiter", TEXT, custom_field, "\t", "CustomSeparated: between values"),
    KNOWN("format_custom_row_before_delimiter", TEXT, custom_row_before, "", "CustomSeparated: before a row"),
    KNOWN("format_custom_row_after_delimiter", TEXT, custom_row_after, "\n", "CustomSeparated: behind a row"),
    KNOWN("format_custom_row_between_delimiter", TEXT, custom_row_between, "", "CustomSeparated: between rows"),
    KNOWN("format_custom_result_before_delimiter", TEXT, custom_result_before, "", "CustomSeparated: before all"),
    KNOWN("format_custom_result_after_delimiter", TEXT, custom_result_after, "", "CustomSeparated: behind all"),
    KNOWN("format_template_row_format", TEMPLATE, template_row, "",
          "Template: a row, as '${name:CSV}, ${other:JSON}'; at most 1023 bytes"),
    KNOWN("format_template_resultset_format", TEMPLATE, template_result, "",
          "Template: the result, as '[${data}] ${rows:CSV} rows'; empty: the rows alone; at most 1023 bytes"),
    KNOWN("format_template_rows_between_delimiter", TEXT, template_between, "\n", "Template: between rows"),
    KNOWN("bool_true_representation", TEXT, true_text, "true", "true in text formats but JSON"),
    KNOWN("bool_false_representation", TEXT, false_text, "false", "false in text formats but JSON"),
    KNOWN("date_time_input_format", READING, time_reading, "best_effort",
          "basic: 2024-01-31 12:34:56 alone; best_effort, best_effort_us: whatever people write"),
    KNOWN("input_format_skip_unknown_fields", BOOL, skip_unknown_fields, "1", "fields without a column are skipped"),
    KNOWN("input_format_null_as_default", BOOL, null_as_default, "1", "NULL becomes the default where it cannot be"),
    KNOWN("input_format_defaults_for_omitted_fields", BOOL, defaults_for_omitted_fields, "1",
          "columns that are not given get their DEFAULT; 0: the default of their type"),
    KNOWN("input_format_import_nested_json", BOOL, import_nested_json, "0",
          "JSON: an object without a column of its name sets columns name.field"),
    KNOWN("input_format_values_interpret_expressions", BOOL, values_interpret_expressions, "1",
          "VALUES: what is no literal is an expression"),
    KNOWN("input_format_binary_read_json_as_string", BOOL, binary_json_in, "0", "RowBinary: values of JSON are texts"),
    KNOWN("input_format_arrow_allow_missing_columns", BOOL, arrow_missing_columns, "1",
          "Arrow: columns that are not in the data get their DEFAULT; 0: it is an error"),
    KNOWN("input_format_arrow_case_insensitive_column_matching", BOOL, arrow_any_case, "0",
          "Arrow: names of columns may be in capitals or not"),
    KNOWN("input_format_parquet_allow_missing_columns", BOOL, parquet_missing_columns, "1",
          "Parquet: columns that are not in the file get their DEFAULT; 0: it is an error"),
    KNOWN("input_format_parquet_case_insensitive_column_matching", BOOL, parquet_any_case, "0",
          "Parquet: names of columns may be in capitals or not"),
    KNOWN("input_format_parquet_verify_checksums", BOOL, parquet_verify_checksums, "1",
          "Parquet: the checksums of pages that have one are compared"),
    KNOWN("input_format_csv_trim_whitespaces", BOOL, csv_trim_whitespaces, "1",
          "CSV: spaces and tabs around fields without quotes are not theirs"),
    KNOWN("input_format_csv_detect_header", BOOL, csv_detect_header, "1",
          "CSV: a first line of columns' names is a header"),
    KNOWN("input_format_csv_empty_as_default", BOOL, csv_empty_as_default, "1",
          "CSV: an empty field without quotes is the default"),
    KNOWN("input_format_csv_allow_variable_number_of_columns", BOOL, csv_variable_columns, "0",
          "CSV: rows may have fewer or more fields"),
    KNOWN("input_format_csv_skip_first_lines", U64, csv_skip_lines, "0", "CSV: lines before the data that are skipped"),
    KNOWN("input_format_tsv_detect_header", BOOL, tsv_detect_header, "1",
          "TabSeparated: a first line of columns' names is a header"),
    KNOWN("input_format_tsv_empty_as_default", BOOL, tsv_empty_as_default, "0",
          "TabSeparated: an empty field is the default"),
    KNOWN("input_format_tsv_allow_variable_number_of_columns", BOOL, tsv_variable_columns, "0",
          "TabSeparated: rows may have fewer or more fields"),
    KNOWN("input_format_tsv_crlf_end_of_line", BOOL, tsv_crlf_in, "0",
          "TabSeparated: lines may end in a carriage return and a line feed"),
    KNOWN("input_format_tsv_skip_first_lines", U64, tsv_skip_lines, "0",
          "TabSeparated: lines before the data that are skipped"),
    KNOWN("input_format_with_names_use_header", BOOL, names_use_header, "1",
          "…WithNames: names say which columns they are; 0: they are skipped"),
    KNOWN("input_format_with_types_use_header", BOOL, types_use_header, "1",
          "…WithNamesAndTypes: types must be those of the columns; 0: they are skipped"),
    KNOWN("input_format_allow_errors_num", U64, errors_num, "0",
          "rows of text formats that may be bad: they are skipped"),
    KNOWN("input_format_allow_errors_ratio", RATIO, errors_ratio, "0", "the same as a share of the rows"),
    KNOWN("date_time_output_format", STYLE, time_style, "simple", "DateTimes: simple, iso, unix_timestamp"),
    KNOWN("output_format_arrow_compression_method", CODEC, arrow_codec, "lz4_frame",
          "Arrow: of batches: lz4_frame, zstd, none"),
    KNOWN("output_format_arrow_date_as_uint16", BOOL, arrow_date_number, "0", "Arrow: Date as a number of 16 bits"),
    KNOWN("output_format_arrow_fixed_string_as_fixed_byte_array", BOOL, arrow_fixed_string, "1",
          "Arrow: FixedString as FixedSizeBinary; 0: as String"),
    KNOWN("output_format_arrow_low_cardinality_as_dictionary", BOOL, arrow_dictionary, "0",
          "Arrow: LowCardinality as Dictionary; 0: as its values"),
    KNOWN("output_format_arrow_string_as_string", BOOL, arrow_string, "1", "Arrow: String as String; 0: Binary"),
    KNOWN("output_format_arrow_use_64_bit_indexes_for_dictionary", BOOL, arrow_index_64, "0",
          "Arrow: indexes of a Dictionary have 64 bits, not 32"),
    KNOWN("output_format_arrow_use_signed_indexes_for_dictionary", BOOL, arrow_index_signed, "1",
          "Arrow: indexes of a Dictionary are signed"),
    KNOWN("output_format_arrow_uuid_as_fixed_byte_array", BOOL, arrow_uuid_bytes, "0",
          "Arrow: UUID as FixedSizeBinary alone, not as Arrow's type UUID"),
    KNOWN("output_format_binary_write_json_as_string", BOOL, binary_json_out, "0",
          "RowBinary: values of JSON are texts"),
    KNOWN("output_format_native_write_json_as_string", BOOL, native_json_text, "0", "Native: values of JSON are texts"),
    KNOWN("output_format_json_quote_64bit_integers", BOOL, json_quote_64bit, "0", "JSON: 64-bit integers in quotes"),
    KNOWN("output_format_json_quote_denormals", BOOL, json_quote_denormals, "0", "JSON: nan and inf as strings"),
    KNOWN("output_format_json_quote_decimals", BOOL, json_quote_decimals, "0", "JSON: decimals in quotes"),
    KNOWN("output_format_json_escape_forward_slashes", BOOL, json_escape_slashes, "1", "JSON: / is \\/"),
    KNOWN("output_format_json_named_tuples_as_objects", BOOL, json_named_tuples_as_objects, "1",
          "JSON: tuples with names are objects; 0: arrays"),
    KNOWN("output_format_json_array_of_rows", BOOL, json_array_of_rows, "0", "JSONEachRow: the rows in [ ]"),
    KNOWN("output_format_json_validate_utf8", BOOL, json_validate_utf8, "0",
          "JSONEachRow and its like: bytes that are no UTF-8 become U+FFFD"),
    KNOWN("output_format_write_statistics", BOOL, write_statistics, "1",
          "JSON, XML: elapsed time, rows and bytes read"),
    KNOWN("output_format_decimal_trailing_zeros", BOOL, decimal_trailing_zeros, "0",
          "Decimals with all digits of their scale"),
    KNOWN("output_format_csv_crlf_end_of_line", BOOL, csv_crlf, "0",
          "CSV: lines end in a carriage return and a line feed"),
    KNOWN("output_format_csv_serialize_tuple_into_separate_columns", BOOL, csv_tuple_columns, "1",
          "CSV: a tuple is a field per element"),
    KNOWN("output_format_tsv_crlf_end_of_line", BOOL, tsv_crlf, "0",
          "TabSeparated: lines end in a carriage return and a line feed"),
    KNOWN("output_format_values_escape_quote_with_quote", BOOL, values_double_quote, "0",
          "Values, SQLInsert: a quote within a text is doubled"),
    KNOWN("output_format_pretty_max_rows", U64, pretty_max_rows, "1000", "rows that Pretty formats show"),
    KNOWN("output_format_pretty_named_tuples_as_json", BOOL, pretty_named_tuples, "1",
          "tuples with names as JSON of several lines in Pretty formats"),
    KNOWN("output_format_sql_insert_max_batch_size", U64, sql_insert_rows, "65409", "rows of a statement"),
    KNOWN("output_format_sql_insert_table_name", TEXT, sql_insert_table, "table", "the name of the table"),
    KNOWN("output_format_sql_insert_include_column_names", BOOL, sql_insert_names, "1",
          "SQLInsert: with the names of the columns"),
    KNOWN("output_format_sql_insert_quote_names", BOOL, sql_insert_quotes_names, "1", "SQLInsert: names in backticks"),
    KNOWN("output_format_sql_insert_use_replace", BOOL, sql_insert_replace, "0", "SQLInsert: REPLACE for INSERT"),
    KNOWN("output_format_parquet_compression_method", PACKING, parquet_packing, "zstd",
          "Parquet: zstd, lz4, gzip, brotli, snappy, none"),
    KNOWN("output_format_parquet_row_group_size", U64, parquet_row_group_rows, "1000000", "Parquet: rows of a group"),
    KNOWN("output_format_parquet_row_group_size_bytes", U64, parquet_row_group_bytes, "536870912",
          "Parquet: bytes of a group's values, before they are compressed"),
    KNOWN("output_format_parquet_data_page_size", U64, parquet_page_bytes, "1048576",
          "Parquet: bytes of a page, before it is compressed"),
    KNOWN("output_format_parquet_max_dictionary_size", U64, parquet_dictionary_bytes, "1048576",
          "Parquet: bytes of a dictionary; what has more distinct values goes without; 0: none has one"),
    KNOWN("output_format_parquet_string_as_string", BOOL, parquet_string_as_string, "1",
          "Parquet: String is a text; 0: bytes"),
    KNOWN("output_format_parquet_fixed_string_as_fixed_byte_array", BOOL, parquet_fixed_string_as_fixed, "1",
          "Parquet: FixedString has a fixed length; 0: bytes of any length"),
    KNOWN("output_format_parquet_enum_as_byte_array", BOOL, parquet_enum_as_byte_array, "1",
          "Parquet: enums are their names; 0: numbers"),
    KNOWN("output_format_parquet_date_as_uint16", BOOL, parquet_date_as_uint16, "0", "Parquet: Date is a number"),
    KNOWN("output_format_parquet_datetime_as_uint32", BOOL, parquet_datetime_as_uint32, "0",
          "Parquet: DateTime is a number, in seconds"),
    KNOWN("output_format_parquet_wide_integer_as_decimal", BOOL, parquet_wide_integer_as_decimal, "0",
          "Parquet: integers of 128 and 256 bits are decimals; 0: bytes, the lowest first"),
    KNOWN("output_format_parquet_write_page_index", BOOL, parquet_page_index, "1",
          "Parquet: where pages are, and their least and greatest values"),
    KNOWN("output_format_parquet_write_bloom_filter", BOOL, parquet_bloom_filter, "1",
          "Parquet: Bloom filters of integers, texts and UUIDs"),
    KNOWN("output_format_parquet_write_checksums", BOOL, parquet_checksums, "1", "Parquet: pages have checksums"),
#undef KNOWN
};
#define KNOWN_COUNT (sizeof(known_settings) / sizeof(known_settings[0]))

static const char *const readings[] = {
    [TIME_BASIC] = "basic", [TIME_BEST_EFFORT] = "best_effort", [TIME_BEST_EFFORT_US] = "best_effort_us"};
static const char *const styles[] = {[TIME_SIMPLE] = "simple", [TIME_ISO] = "iso", [TIME_UNIX] = "unix_timestamp"};

static const char *const codecs[] = {[ARROW_PLAIN] = "none", [ARROW_LZ4] = "lz4_frame", [ARROW_ZSTD] = "zstd"};

static const char *const rules[] = {
    [ESCAPING_ESCAPED] = "Escaped", [ESCAPING_QUOTED] = "Quoted", [ESCAPING_CSV] = "CSV",
    [ESCAPING_JSON] = "JSON",       [ESCAPING_XML] = "XML",       [ESCAPING_RAW] = "Raw"};

static const char *const packings[] = {
    [PARQUET_PACK_ZSTD] = "zstd",     [PARQUET_PACK_LZ4] = "lz4",       [PARQUET_PACK_GZIP] = "gzip",
    [PARQUET_PACK_BROTLI] = "brotli", [PARQUET_PACK_SNAPPY] = "snappy", [PARQUET_PACK_NONE] = "none"};

static struct format_settings defaults;
static pthread_once_t defaults_once = PTHREAD_ONCE_INIT;

static bool is_text(struct slice value, const char *text)
{
    return value.length == strlen(text) && strncasecmp(value.data, text, value.length) == 0;
}

static bool parse_bool(struct slice value, bool *out)
{
    *out = is_text(value, "1") || is_text(value, "true");
    return *out || is_text(value, "0") || is_text(value, "false");
}

static bool parse_word(struct slice value, const char *const *words, uint32_t count, uint32_t *out)
{
    for (uint32_t k = 0; k < count; k++) {
        if (is_text(value, words[k])) {
            *out = k;
            return true;
        }
    }
    return false;
}

bool format_escaping_rule(struct slice name, enum escaping_rule *out)
{
    for (size_t k = 0; k < sizeof(rules) / sizeof(rules[0]); k++) {
        if (slice_equal(name, slice_text(rules[k]))) {
            *out = (enum escaping_rule)k;
            return true;
        }
    }
    return false;
}

static bool set(struct format_settings *settings, const struct known *known, struct slice value)
{
    void *to = (char *)settings + known->offset;
    uint32_t word;
    switch (known->kind) {
    case KIND_BOOL:
        return parse_bool(value, to);
    case KIND_U64:
        return number_parse_u64(value, to);
    case KIND_CHAR:
        if (value.length != 1 || strchr("\n\r\"'", value.data[0]) != NULL) {
            return false;
        }
        *(char *)to = value.data[0];
        return true;
    case KIND_TEXT:
    case KIND_TEMPLATE:
        if (value.length >= (known->kind == KIND_TEXT ? FORMAT_TEXT_MAX : FORMAT_TEMPLATE_MAX) ||
            (value.length > 0 && memchr(value.data, 0, value.length) != NULL)) {
            return false;
        }
        memcpy(to, value.length == 0 ? "" : value.data, value.length);
        ((char *)to)[value.length] = 0;
        return true;
    case KIND_RATIO:
        return number_parse_double(value, to) && *(double *)to >= 0 && *(double *)to <= 1;
    case KIND_READING:
        if (!parse_word(value, readings, 3, &word)) {
            return false;
        }
        *(enum time_reading *)to = word;
        return true;
    case KIND_STYLE:
        if (!parse_word(value, styles, 3, &word)) {
            return false;
        }
        *(enum time_style *)to = word;
        return true;
    case KIND_RULE:
        if (!parse_word(value, rules, 6, &word)) {
            return false;
        }
        *(enum escaping_rule *)to = word;
        return true;
    case KIND_PACKING:
        if (!parse_word(value, packings, 6, &word)) {
            return false;
        }
        *(enum parquet_packing *)to = word;
        return true;
    case KIND_CODEC:
        if (!parse_word(value, codecs, 3, &word)) {
            return false;
        }
        *(enum arrow_codec *)to = word;
        return true;
    }
    return false;
}

static void set_defaults(void)
{
    for (size_t k = 0; k < KNOWN_COUNT; k++) {
        ASSERT(set(&defaults, &known_settings[k], slice_text(known_settings[k].fallback)));
    }
}

const struct format_settings *format_settings_default(void)
{
    (void)pthread_once(&defaults_once, set_defaults);
    return &defaults;
}

void format_settings_init(struct format_settings *settings)
{
    memcpy(settings, format_settings_default(), sizeof(*settings));
}

struct err *format_settings_set(struct format_settings *settings, struct slice name, struct slice value, bool *known)
{
    const char *fallback;
    *known = true;
    for (size_t k = 0; k < KNOWN_COUNT; k++) {
        if (slice_equal(name, slice_text(known_settings[k].name))) {
            struct format_settings changed = *settings;
            if (!set(&changed, &known_settings[k], value)) {
                return err_new(ERR_BAD_ARGUMENTS, "the setting %s cannot be \"%.*s\": %s", known_settings[k].name,
                               SLICE_ARG(value), known_settings[k].description);
            }
            memcpy(settings, &changed, sizeof(changed));
            return NULL;
        }
    }
    if (format_setting_is_ignored(name)) {
        return NULL;
    }
    *known = format_setting_is_fixed(name, &fallback);
    if (!*known || is_text(value, fallback) || (strcmp(fallback, "1") == 0 && is_text(value, "true")) ||
        (strcmp(fallback, "0") == 0 && is_text(value, "false"))) {
        return NULL;
    }
    return err_new(ERR_NOT_IMPLEMENTED, "the setting %.*s is not implemented: it is \"%s\"", SLICE_ARG(name), fallback);
}

uint32_t format_settings_count(void)
{
    return (uint32_t)KNOWN_COUNT;
}

bool format_settings_describe(uint32_t index, const char **name, const char **type, const char **fallback,
                              const char **description)
{
    static const char *const types[] = {[KIND_BOOL] = "Bool",
                                        [KIND_U64] = "UInt64",
                                        [KIND_CHAR] = "Char",
                                        [KIND_TEXT] = "String",
                                        [KIND_TEMPLATE] = "String",
                                        [KIND_RATIO] = "Float",
                                        [KIND_READING] = "DateTimeInputFormat",
                                        [KIND_STYLE] = "DateTimeOutputFormat",
                                        [KIND_RULE] = "EscapingRule",
                                        [KIND_PACKING] = "ParquetCompression",

                                        [KIND_CODEC] = "ArrowCompression"};
    if (index >= KNOWN_COUNT) {
        return false;
    }
    *name = known_settings[index].name;
    *type = types[known_settings[index].kind];
    *fallback = known_settings[index].fallback;
    *description = known_settings[index].description;
    return true;
}

void format_settings_print(const struct format_settings *settings, uint32_t index, struct buffer *out)
{
    const struct known *known = &known_settings[index];
    const void *from = (const char *)settings + known->offset;
    switch (known->kind) {
    case KIND_BOOL:
        buffer_char(out, *(const bool *)from ? '1' : '0');
        break;
    case KIND_U64:
        buffer_printf(out, "%" PRIu64, *(const uint64_t *)from);
        break;
    case KIND_CHAR:
        buffer_char(out, *(const char *)from);
        break;
    case KIND_TEXT:
    case KIND_TEMPLATE:
        buffer_text(out, from);
        break;
    case KIND_RATIO:
        buffer_printf(out, "%.10g", *(const double *)from);
        break;
    case KIND_READING:
        buffer_text(out, readings[*(const enum time_reading *)from]);
        break;
    case KIND_STYLE:
        buffer_text(out, styles[*(const enum time_style *)from]);
        break;
    case KIND_RULE:
        buffer_text(out, rules[*(const enum escaping_rule *)from]);
        break;
    case KIND_PACKING:
        buffer_text(out, packings[*(const enum parquet_packing *)from]);
        break;
    case KIND_CODEC:
        buffer_text(out, codecs[*(const enum arrow_codec *)from]);
        break;
    }
}
