/*
 * parquet_reader.c: Parquet as input: its footer stands at the end, so the whole body is there before anything is read;
 * then row group by row group, PARQUET_BATCH rows at a time, of which each column reads its pages one after the other.
 *
 * flow     reader.c → here → parquet_file.c (schema) → parquet_column.c (pages) → arrays as Arrow's → arrow_value.c (rows)
 * nested   where arrays, tuples and maps begin and end is told by the levels of the first leaf below them; the others must
 *          have as many values
 */
#include "format/arrow_value.h"
#include "format/binary_reader.h"
#include "format/parquet_column.h"

#include "base/interrupt.h"

#include <stdlib.h>

#define PARQUET_BATCH 8192U
#define PARQUET_PART  65536U /* rows that come of one reader_feed, in parts */

struct parquet_reader {
    struct arena *arena; /* of the schema */
    bool is_open;
    bool waits; /* in parts: for the next call, when the file stands where it stays */
    uint32_t part_rows;
    struct parquet_file file;
    int32_t *targets; /* the reader's field, or −1 */
    const struct type **types;
    struct arrow_array *arrays;
    struct parquet_column **columns; /* one for each leaf; NULL: it is not wanted */
    struct parquet_rows *rows;
    uint32_t group; /* that is read, or comes next */
    bool in_group;
    uint64_t rows_left; /* of the group */
};

static void drop_columns(struct parquet_reader *parquet)
{
    for (uint32_t k = 0; parquet->columns != NULL && k < parquet->file.leaf_count; k++) {
        if (parquet->columns[k] != NULL) {
            parquet_column_deinit(parquet->columns[k]);
        }
    }
    parquet->columns = NULL;
}

void parquet_reader_reset(struct parquet_reader *parquet)
{
    if (parquet != NULL) {
        struct arena *arena = parquet->arena;
        drop_columns(parquet);
        arena_reset(arena);
        *parquet = (struct parquet_reader){.arena = arena};
    }
}

void parquet_reader_destroy(struct parquet_reader *parquet)
{
    if (parquet != NULL) {
        drop_columns(parquet);
        arena_destroy(parquet->arena);
        free(parquet);
    }
}

bool parquet_reader_more(const struct parquet_reader *parquet)
{
    return parquet != NULL && (parquet->waits || (parquet->is_open && parquet->group < parquet->file.group_count));
}

/* ---- columns */

static struct err *check_target(const struct reader *reader, const struct type *type, const struct field *target)
{
    if (arrow_value_fits(type, target->type, reader->settings.parquet_any_case)) {
        return NULL;
    }
    struct arena *arena = reader->parquet->arena;
    struct slice from = type_name(arena, type), to = type_name(arena, target->type);
    return err_new(
        ERR_TYPE_MISMATCH,
        "column %.*s: the Parquet file's values, which are read as %.*s, are not converted into the column's "
        "type %.*s",
        SLICE_ARG(target->name), SLICE_ARG(from), SLICE_ARG(to));
}

static struct err *open_columns(const struct reader *reader, const struct parquet_branch *branch)
{
    struct err *err = NULL;
    struct parquet_reader *parquet = reader->parquet;
    for (uint32_t k = branch->leaf; k < branch->leaf + branch->leaf_count; k++) {
        struct parquet_column *column = ARENA_NEW(parquet->arena, struct parquet_column);
        if (column == NULL) {
            return arena_error(parquet->arena);
        }
        parquet->columns[k] = column;
        OR_DONE(parquet_column_init(column, parquet->arena, &parquet->file.leaves[k], branch->children != NULL));
        column->checks = reader->settings.parquet_verify_checksums;
    }
done:
    return err;
}

static struct err *match_fields(struct reader *reader)
{
    struct err *err = NULL;
    struct parquet_reader *parquet = reader->parquet;
    const struct parquet_file *file = &parquet->file;
    bool *found = arena_zalloc(parquet->arena, reader->field_count + 1U);
    if (found == NULL) {
        return arena_error(parquet->arena);
    }
    for (uint32_t k = 0; k < file->field_count; k++) {
        struct slice name = arrow_slice(file->fields[k].name);
        int32_t target = parquet->targets[k] = arrow_find_target(reader, name, reader->settings.parquet_any_case);
        if (target < 0) {
            continue;
        }
        if (found[target]) {
            return err_new(ERR_INCORRECT_DATA, "column %.*s: it stands twice in the Parquet file",
                           SLICE_ARG(reader->fields[target].name));
        }
        found[target] = true;
        OR_DONE(arrow_type_of(parquet->arena, &file->fields[k], &parquet->types[k]));
        OR_DONE(check_target(reader, parquet->types[k], &reader->fields[target]));
        OR_DONE(open_columns(reader, &file->branches[k]));
    }
    for (uint32_t k = 0; k < reader->field_count && !reader->settings.parquet_missing_columns; k++) {
        if (!found[k]) {
            return err_new(ERR_THERE_IS_NO_COLUMN, "Column '%.*s' is not present in the Parquet file",
                           SLICE_ARG(reader->fields[k].name));
        }
    }
done:
    return err;
}

static struct err *open_file(struct reader *reader, struct slice bytes)
{
    struct err *err = NULL;
    struct parquet_reader *parquet = reader->parquet;
    struct arena *arena = parquet->arena;
    OR_DONE(parquet_file_open(arena, bytes, &parquet->file));
    size_t fields = (size_t)parquet->file.field_count + 1, leaves = (size_t)parquet->file.leaf_count + 1;
    parquet->targets = ARENA_ARRAY(arena, int32_t, fields);
    parquet->types = ARENA_ARRAY(arena, const struct type *, fields);
    parquet->arrays = ARENA_ARRAY(arena, struct arrow_array, fields);
    parquet->rows = ARENA_ARRAY(arena, struct parquet_rows, leaves);
    parquet->columns = arena_zalloc(arena, leaves * sizeof(struct parquet_column *));
    if (parquet->targets == NULL || parquet->types == NULL || parquet->arrays == NULL || parquet->rows == NULL ||
        parquet->columns == NULL) {
        return arena_error(arena);
    }
    OR_DONE(match_fields(reader));
    parquet->is_open = true;
done:
    return err;
}

/* ---- arrays */

static struct err *uneven(const struct arrow_field *field)
{
    return err_new(ERR_INCORRECT_DATA,
                   "the Parquet file is damaged: field \"%.*s\": what is below it has not as many values as it",
                   SLICE_ARG(slice_cut(arrow_slice(field->name), 100)));
}

static void take_leaf(const struct parquet_reader *parquet, const struct parquet_branch *branch,
                      struct arrow_array *out)
{
    const struct parquet_leaf_in *leaf = &parquet->file.leaves[branch->leaf];
    const struct parquet_rows *rows = &parquet->rows[branch->leaf];
    out->length = rows->slots;
    out->width = leaf->made;
    out->valid = (const char *)rows->valid;
    out->values = rows->values;
    out->offsets = (const char *)rows->offsets;
    out->offset_bytes = sizeof(*rows->offsets);
    out->data = rows->text == NULL ? "" : rows->text;
}

static struct err *take_array(const struct reader *reader, const struct parquet_branch *branch,
                              const struct arrow_field *field, const struct type *type, struct arrow_array *out)
{
    struct err *err = NULL;
    const struct parquet_reader *parquet = reader->parquet;
    struct arena *arena = reader->block;
    const struct parquet_rows *rows = &parquet->rows[branch->leaf];
    bool is_struct = field->kind == ARROW_STRUCT;
    uint64_t elements = 0, *offsets = NULL;
    uint32_t length = 0;
    *out = (struct arrow_array){.field = field, .type = type};
    if (branch->children == NULL) {
        take_leaf(parquet, branch, out);
        return NULL;
    }
    uint8_t *valid = arena_zalloc(arena, (size_t)rows->entries / 8 + 1);
    offsets = is_struct ? NULL : ARENA_ARRAY(arena, uint64_t, (size_t)rows->entries + 1);
    out->children = ARENA_ARRAY(arena, struct arrow_array, (size_t)field->child_count + 1);
    if (valid == NULL || out->children == NULL || (offsets == NULL && !is_struct)) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < rows->entries; i++) {
        uint32_t definition = rows->definitions[i], repetition = rows->repetitions[i];
        OR_DONE(interrupt_at(i));
        if (repetition <= branch->repetition && definition >= branch->slot_definition) {
            if (definition >= branch->definition) {
                valid[length / 8] = (uint8_t)(valid[length / 8] | 1U << length % 8);
            }
            if (!is_struct) {
                offsets[length] = elements;
            }
            length++;
        }
        elements += !is_struct && repetition <= branch->repetition + 1 && definition >= branch->element;
    }
    if (!is_struct) {
        offsets[length] = elements;
    }
    out->length = length;
    out->valid = (const char *)valid;
    out->offsets = (const char *)offsets;
    out->offset_bytes = sizeof(*offsets);
    for (uint32_t k = 0; k < field->child_count; k++) {
        OR_DONE(take_array(reader, &branch->children[k], &field->children[k], type->children[k], &out->children[k]));
        if (out->children[k].length != (is_struct ? length : elements)) {
            return uneven(field);
        }
    }
done:
    return err;
}

static struct err *take_batch(struct reader *reader, uint32_t rows)
{
    struct err *err = NULL;
    struct parquet_reader *parquet = reader->parquet;
    arena_reset(reader->block);
    for (uint32_t k = 0; k < parquet->file.leaf_count; k++) {
        if (parquet->columns[k] != NULL) {
            OR_DONE(parquet_column_take(parquet->columns[k], reader->block, rows, &parquet->rows[k]));
        }
    }
    for (uint32_t k = 0; k < parquet->file.field_count; k++) {
        if (parquet->targets[k] >= 0) {
            OR_DONE(take_array(reader, &parquet->file.branches[k], &parquet->file.fields[k], parquet->types[k],
                               &parquet->arrays[k]));
            if (parquet->arrays[k].length != rows) {
                return uneven(&parquet->file.fields[k]);
            }
        }
    }
done:
    return err;
}

/* ---- rows; the first one of the builder has begun */

static enum row_result take_rows(struct reader *reader, struct builder *builder, uint32_t rows)
{
    const struct parquet_reader *parquet = reader->parquet;
    enum row_result result = ROW_WHOLE;
    for (uint32_t i = 0; i < rows && result == ROW_WHOLE; i++) {
        if (i > 0 && !reader_row_begin(reader, builder)) {
            return ROW_MEMORY;
        }
        result = binary_look(reader);
        for (uint32_t k = 0; k < parquet->file.field_count && result == ROW_WHOLE; k++) {
            if (parquet->targets[k] >= 0) {
                struct field *field = &reader->fields[parquet->targets[k]];
                field->seen = reader->row_number;
                result = arrow_value_set(reader, builder, field, &parquet->arrays[k], i);
            }
        }
        result = result == ROW_WHOLE ? reader_row_end(reader, builder) : result;
    }
    if (result == ROW_BAD && reader->code == ERR_CANNOT_PARSE_INPUT) {
        reader->code = ERR_CANNOT_PARSE_TEXT; /* a text that was to be converted, not the format's */
    }
    return result;
}

static struct err *open_reader(struct reader *reader)
{
    if (reader->block == NULL) {
        reader->block = arena_create(reader->options.budget);
    }
    if (reader->parquet == NULL) {
        reader->parquet = calloc(1, sizeof(*reader->parquet));
    }
    if (reader->parquet != NULL && reader->parquet->arena == NULL) {
        reader->parquet->arena = arena_create(reader->options.budget);
    }
    reader->settings.arrow_any_case = reader->settings.parquet_any_case; /* for names in tuples */
    return reader->block == NULL || reader->parquet == NULL || reader->parquet->arena == NULL ? err_oom() : NULL;
}

static void begin_group(struct parquet_reader *parquet, const char *file)
{
    const struct parquet_group *group = &parquet->file.groups[parquet->group];
    for (uint32_t k = 0; k < parquet->file.leaf_count; k++) {
        if (parquet->columns[k] != NULL) {
            parquet_column_begin(parquet->columns[k], file, &group->chunks[k]);
        }
    }
    parquet->rows_left = group->row_count;
    parquet->in_group = true;
}

enum row_result parquet_row(struct reader *reader, struct builder *builder, const char **at, const char *end, bool last)
{
    struct err *err = NULL;
    if (*at == end) {
        return ROW_NONE;
    }
    if (!reader_row_begin(reader, builder)) { /* it is cancelled when there is none */
        return ROW_MEMORY;
    }
    if (!last) {
        return ROW_UNFINISHED;
    }
    err = open_reader(reader);
    if (err != NULL) {
        return arrow_bad(reader, NULL, err);
    }
    struct parquet_reader *parquet = reader->parquet;
    parquet->waits = reader->options.in_parts && *at != reader->rest.data;
    if (parquet->waits) { /* pages that are read over several calls are pointed to: all bytes go to `rest` first */
        builder_row_cancel(builder);
        return ROW_NONE;
    }
    if (!parquet->is_open) {
        err = open_file(reader, slice_of(*at, (size_t)(end - *at)));
        if (err != NULL) {
            return arrow_bad(reader, NULL, err);
        }
    }
    if (!parquet->in_group && parquet->group == parquet->file.group_count) {
        builder_row_cancel(builder);
        *at = end;
        return ROW_NONE;
    }
    if (!parquet->in_group) {
        begin_group(parquet, *at);
    }
    if (parquet->rows_left == 0) {
        builder_row_cancel(builder);
        parquet->in_group = false;
        parquet->group++;
        err = interrupt_check();
        if (err != NULL) {
            return arrow_bad(reader, NULL, err);
        }
        return ROW_WHOLE;
    }
    uint32_t rows = parquet->rows_left < PARQUET_BATCH ? (uint32_t)parquet->rows_left : PARQUET_BATCH;
    err = take_batch(reader, rows);
    if (err != NULL) {
        return arrow_bad(reader, NULL, err);
    }
    parquet->rows_left -= rows;
    parquet->part_rows += rows;
    enum row_result result = take_rows(reader, builder, rows);
    if (result == ROW_WHOLE && reader->options.in_parts && parquet->part_rows >= PARQUET_PART) {
        parquet->part_rows = 0;
        return ROW_NONE;
    }
    return result;
}
