/*
 * json_decoder.h: JSON objects straight into a builder's columns, at the speed of Kafka.
 *
 * order    the fields of one object are expected in the order of the object before: a key costs one comparison of
 *          bytes. Only a key that is not the expected one is looked up in a hash table.
 * strings  without escapes go from the message to the builder (whose dictionary codes them); others through scratch
 * dates    days of the last date's text are kept per column: equal text, equal days; also the zone's offset
 * unknown  fields are skipped by depth, or refused (options); missing ones get builder_missing; null for a column that
 *          is not Nullable: its default (builder_missing), or refused
 * types    numbers and Booleans may stand in quotes; String columns take numbers, Booleans, objects and arrays as their
 *          text, as ClickHouse does; integers out of range wrap around for nobody: they are refused
 * bytes    String columns take any bytes in a JSON string, broken UTF-8 too
 * thread   one at a time per decoder
 */
#ifndef FORMAT_JSON_DECODER_H
#define FORMAT_JSON_DECODER_H

#include "base/err.h"
#include "format/format.h"
#include "storage/builder.h"

struct json_decoder;

/* columns as in reader.h; targets[i]: the builder's column of columns[i], NULL: the same numbers. builder_columns: how
 * many the builder has; those that no target names get builder_missing in every row. */
struct err *json_decoder_create(const struct format_column *columns, uint32_t column_count, const uint32_t *targets,
                                uint32_t builder_columns, const struct format_options *options,
                                struct json_decoder **out);
void json_decoder_destroy(struct json_decoder *decoder); /* accepts NULL */

enum json_result {
    JSON_ROW,        /* one object was read */
    JSON_INCOMPLETE, /* the text ends within the object */
    JSON_BAD,        /* json_decoder_reason says why */
};

/*
 * Reads one object at *at (which may have spaces before it) into the builder's current row: between builder_row_begin
 * and builder_row_end or _cancel, both the caller's. *at moves behind the object when JSON_ROW. On any other answer
 * the row is half filled: cancel it.
 */
enum json_result json_decoder_row(struct json_decoder *decoder, struct builder *builder, const char **at,
                                  const char *end);

/*
 * A whole message: one object, or several, separated by spaces, lines or commas, or in one array. Each becomes a row;
 * with addresses (builder->has_addresses) all of them get `offset`. False: json_decoder_reason says why, and no row of
 * the message stays. *rows: how many were added; 0 of an empty message (JSON_BAD is only for what is not JSON).
 * The builder's own failure (memory) is false, too, with builder->failed.
 */
bool json_decoder_message(struct json_decoder *decoder, struct builder *builder, struct slice message, int64_t offset,
                          uint32_t *rows);

/* Text for a dead letter: column, value, and the text around it. Lives until the next call of the decoder. */
const char *json_decoder_reason(const struct json_decoder *decoder);
enum err_code json_decoder_code(const struct json_decoder *decoder);

#endif
