/*
 * transform.h: from decoded message fields to rows of the table: AS SELECT … FROM message WHERE ….
 *
 * The message's columns: the fields that the SELECT names, and _topic, _partition, _offset, _timestamp, _key, _headers.
 * A field has the type of the table's column of its name; where the expressions refuse that type, and for other names,
 * String. Columns of the table that the SELECT does not give have their DEFAULT expression's value, or their type's
 * default.
 *
 * thread   one at a time (an evaluator keeps dictionary results)
 */
#ifndef INGEST_TRANSFORM_H
#define INGEST_TRANSFORM_H

#include "base/arena.h"
#include "base/err.h"
#include "sql/bind.h"
#include "storage/builder.h"
#include "storage/catalogue.h"

#include <stdbool.h>
#include <stdint.h>

enum message_column {
    MESSAGE_TOPIC,
    MESSAGE_PARTITION,
    MESSAGE_OFFSET,
    MESSAGE_TIMESTAMP,
    MESSAGE_KEY,
    MESSAGE_HEADERS,
    MESSAGE_COLUMNS,
};

struct transform;

/* sql: the CREATE SOURCE statement (its AS SELECT); *out NULL: there is none. Lives in the arena, as a copy of the
 * context's clock, zone and database does. */
struct err *transform_create(struct arena *arena, const struct function_context *context, struct slice sql,
                             const struct table_def *def, struct transform **out);
/* What the decoder fills: the metadata columns first, then fields. */
const struct source_column *transform_input(const struct transform *transform, uint32_t *count);

/* Does the SELECT name this column of the message? */
bool transform_uses(const struct transform *transform, enum message_column column);

/*
 * Evaluates over the rows of a chunk of input columns. Rows that pass are appended to the builder with offsets[row];
 * passed[row] says which.
 */
struct err *transform_run(struct transform *transform, struct table *table, struct arena *arena,
                          const struct chunk *chunk, const int64_t *offsets, struct builder *builder, uint8_t *passed);

#endif
