/*
 * transform.c: binding and running a source's AS SELECT.
 */
#include "ingest/transform.h"

#include "sql/parser.h"
#include "storage/table.h"

static const char *const metadata_names[] = {"_topic", "_partition", "_offset", "_timestamp", "_key", "_headers"};

struct transform {
    const struct table_def *def;
    struct source_column *input;
    uint32_t input_count;
    const struct expression **expressions; /* one per result, then the condition if there is one */
    uint32_t result_count;
    uint32_t *targets; /* result → column of the table */
    bool has_condition;
    struct evaluator *evaluator;
    bool uses[MESSAGE_COLUMNS];
};

/* The fields that the SELECT names, typed; `text_field`: this one as String (−1: none, −2: all). */
static struct err *make_input(struct arena *arena, const struct table_def *def, const struct slice *fields,
                              uint32_t field_count, int32_t text_field, struct transform *transform)
{
    transform->input = ARENA_ARRAY(arena, struct source_column, MESSAGE_COLUMNS + (size_t)field_count);
    const struct type *timestamp = type_datetime64(arena, 3, NULL);
    if (transform->input == NULL || timestamp == NULL) {
        return arena_error(arena);
    }
    const struct type *types[] = {type_simple(TYPE_STRING), type_simple(TYPE_INT32), type_simple(TYPE_INT64), timestamp,
                                  type_simple(TYPE_STRING), type_simple(TYPE_STRING)};
    for (uint32_t k = 0; k < MESSAGE_COLUMNS; k++) {
        transform->input[k] = (struct source_column){slice_text(metadata_names[k]), types[k]};
    }
    transform->input_count = MESSAGE_COLUMNS;
    for (uint32_t k = 0; k < field_count; k++) {
        int found = table_column_find(def, fields[k]);
        bool typed = found >= 0 && (uint32_t)found < def->column_count && text_field != -2 && (int32_t)k != text_field;
        transform->input[transform->input_count++] =
            (struct source_column){fields[k], typed ? def->columns[found].type : type_simple(TYPE_STRING)};
    }
    return NULL;
}

/* The message's column of this name; MESSAGE_COLUMNS: none. */
static enum message_column find_metadata(struct slice name)
{
    uint32_t k = 0;
    while (k < MESSAGE_COLUMNS && !slice_equal(name, slice_text(metadata_names[k]))) {
        k++;
    }
    return (enum message_column)k;
}

static bool is_column(const void *user, struct slice name)
{
    const struct table_def *def = user;
    int found = table_column_find(def, name);
    return (found >= 0 && (uint32_t)found < def->column_count) || find_metadata(name) != MESSAGE_COLUMNS;
}

/* Is the column a part of the Nested of this name? */
static bool is_part(const struct column_def *column, struct slice nested)
{
    return strlen(column->name) > nested.length && column->name[nested.length] == '.' &&
           memcmp(column->name, nested.data, nested.length) == 0;
}

static void add_field(struct slice *fields, uint32_t *count, struct slice name)
{
    for (uint32_t f = 0; f < *count; f++) {
        if (slice_equal(fields[f], name)) {
            return;
        }
    }
    fields[(*count)++] = name;
}

/* Names of fields: those that the SELECT refers to, or with a star those of the table. */
static struct err *find_fields(struct arena *arena, const struct ast_select *select, const struct table_def *def,
                               struct slice **out, uint32_t *count, bool uses[MESSAGE_COLUMNS])
{
    struct slice *names;
    uint32_t name_count;
    bool all;
    struct err *err = bind_row_select_columns(arena, select, is_column, def, &names, &name_count, &all);
    if (err != NULL) {
        return err;
    }
    *out = ARENA_ARRAY(arena, struct slice, (size_t)name_count + def->column_count);
    *count = 0;
    if (*out == NULL) {
        return arena_error(arena);
    }
    for (uint32_t k = 0; k < name_count; k++) {
        enum message_column metadata = find_metadata(names[k]);
        if (metadata != MESSAGE_COLUMNS) {
            uses[metadata] = true;
            continue;
        }
        bool parts = false;
        for (uint32_t c = 0; !is_column(def, names[k]) && c < def->column_count; c++) {
            if (is_part(&def->columns[c], names[k])) {
                parts = true;
                add_field(*out, count, slice_text(def->columns[c].name));
            }
        }
        if (!parts) {
            add_field(*out, count, names[k]);
        }
    }
    for (uint32_t k = 0; all && k < def->column_count; k++) {
        add_field(*out, count, slice_text(def->columns[k].name));
    }
    return NULL;
}

static bool is_type_error(const struct err *err)
{
    enum err_code code = err_code(err);
    return code == ERR_ARGUMENT_TYPE || code == ERR_TYPE_MISMATCH || code == ERR_CANNOT_CONVERT ||
           code == ERR_BAD_ARGUMENTS || code == ERR_CANNOT_PARSE_TEXT;
}

/* Casts the results to the table's types and compiles. */
static struct err *compile(struct arena *arena, const struct function_context *context,
                           const struct bound_select *bound, const struct table_def *def, struct transform *transform)
{
    struct err *err = NULL;
    struct program *program = NULL;
    transform->result_count = bound->count;
    transform->expressions = arena_array(arena, (size_t)bound->count + 1, sizeof(*transform->expressions));
    transform->targets = ARENA_ARRAY(arena, uint32_t, bound->count);
    if (transform->expressions == NULL || transform->targets == NULL) {
        return arena_error(arena);
    }
    for (uint32_t k = 0; k < bound->count; k++) {
        int found = table_column_find(def, bound->columns[k].name);
        if (found < 0 || (uint32_t)found >= def->column_count) {
            return err_new(ERR_NO_SUCH_COLUMN,
                           "AS SELECT gives a column %.*s, which table %s.%s does not have; name it with AS",
                           SLICE_ARG(bound->columns[k].name), def->database, def->name);
        }
        for (uint32_t other = 0; other < k; other++) {
            if (transform->targets[other] == (uint32_t)found) {
                return err_new(ERR_DUPLICATE_COLUMN, "AS SELECT gives column %.*s twice",
                               SLICE_ARG(bound->columns[k].name));
            }
        }
        transform->targets[k] = (uint32_t)found;
        OR_DONE(expression_cast(arena, context, bound->expressions[k], def->columns[found].type,
                                &transform->expressions[k]));
    }
    uint32_t count = bound->count;
    if (bound->condition != NULL) {
        transform->has_condition = true;
        transform->expressions[count++] = bound->condition;
    }
    OR_DONE(program_compile(arena, transform->expressions, count, &program));
    err = evaluator_create(arena, program, &transform->evaluator);
done:
    return err;
}

struct err *transform_create(struct arena *arena, const struct function_context *context, struct slice sql,
                             const struct table_def *def, struct transform **out)
{
    struct err *err = NULL;
    struct ast_statement *statement = NULL;
    struct slice *fields;
    uint32_t field_count;
    *out = NULL;
    OR_DONE(parse_query(arena, sql, (uint32_t)sql.length + 1, &statement));
    const struct ast_select *select = statement->create_source == NULL ? NULL : statement->create_source->select;
    if (select == NULL) {
        return NULL;
    }
    struct transform *transform = ARENA_NEW(arena, struct transform);
    struct function_context *kept = ARENA_NEW(arena, struct function_context); /* bound functions point to it */
    if (transform == NULL || kept == NULL) {
        return arena_error(arena);
    }
    *kept = (struct function_context){
        .now_us = context->now_us, .zone = context->zone, .database = arena_slice(arena, context->database)};
    if (kept->database.data == NULL) {
        return arena_error(arena);
    }
    transform->def = def;
    struct bind_options options = {.text = sql, .context = kept};
    OR_DONE(find_fields(arena, select, def, &fields, &field_count, transform->uses));
    struct bound_select bound;
    struct err *first = NULL;
    bool good = false;
    /* all fields typed; then one after the other as text; then all as text */
    for (int32_t attempt = -1; !good && attempt <= (int32_t)field_count; attempt++) {
        int32_t text_field = attempt == (int32_t)field_count ? -2 : attempt;
        OR_DONE(make_input(arena, def, fields, field_count, text_field, transform));
        err = bind_row_select(arena, &options, select, slice_text("message"), transform->input, transform->input_count,
                              &bound);
        if (err == NULL) {
            err = compile(arena, kept, &bound, def, transform);
        }
        good = err == NULL;
        if (!good && !is_type_error(err)) {
            err_free(first);
            return err;
        }
        if (!good) {
            err_keep_first(&first, err);
            err = NULL;
        }
    }
    if (!good) {
        return first;
    }
    err_free(first);
    *out = transform;
done:
    return err;
}

const struct source_column *transform_input(const struct transform *transform, uint32_t *count)
{
    *count = transform->input_count;
    return transform->input;
}

bool transform_uses(const struct transform *transform, enum message_column column)
{
    return transform->uses[column];
}

struct err *transform_run(struct transform *transform, struct table *table, struct arena *arena,
                          const struct chunk *chunk, const int64_t *offsets, struct builder *builder, uint8_t *passed)
{
    struct err *err = NULL;
    uint32_t rows = chunk->row_count, kept = 0;
    struct column **results = ARENA_ARRAY(arena, struct column *, (size_t)transform->result_count + 1);
    uint32_t *positions = ARENA_ARRAY(arena, uint32_t, rows);
    int64_t *kept_offsets = ARENA_ARRAY(arena, int64_t, rows);
    struct chunk *out = chunk_new(arena, transform->def->column_count, rows);
    if (results == NULL || positions == NULL || kept_offsets == NULL || out == NULL) {
        return arena_error(arena);
    }
    OR_DONE(evaluator_run(transform->evaluator, arena, (const struct column *const *)chunk->columns, rows, results));
    const struct column *condition = transform->has_condition ? results[transform->result_count] : NULL;
    const struct column *flat = condition == NULL ? NULL : column_flat(arena, condition);
    if (condition != NULL && flat == NULL) {
        return arena_error(arena);
    }
    for (uint32_t row = 0; row < rows; row++) {
        bool pass = true;
        if (flat != NULL) {
            const char *value = (const char *)flat->values + (size_t)row * flat->type->width;
            pass = false;
            for (uint32_t byte = 0; byte < flat->type->width; byte++) {
                pass |= value[byte] != 0;
            }
            pass &= flat->nulls == NULL || !flat->nulls[row];
        }
        passed[row] = pass;
        if (pass) {
            positions[kept] = row;
            kept_offsets[kept++] = offsets[row];
        }
    }
    if (kept == 0) {
        return NULL;
    }
    for (uint32_t k = 0; k < transform->result_count; k++) {
        out->columns[transform->targets[k]] = results[k];
    }
    OR_DONE(table_fill_defaults(table, transform->def, arena, out, NULL));
    struct chunk *taken = kept == rows ? out : chunk_take(arena, out, positions, kept);
    if (taken == NULL) {
        return arena_error(arena);
    }
    err = builder_append(builder, taken, kept_offsets);
done:
    return err;
}
