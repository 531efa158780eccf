/*
 * evolve.c: see evolve.h.
 *
 * flow     snapshot.c (scans), merge.c (merges of several schema versions) → here → the table's program
 */
#include "storage/evolve.h"

#include "storage/gather.h"
#include "storage/sort.h"

#include <stdlib.h>

bool evolve_is_stored(const struct column_def *column, uint32_t from_version)
{
    return from_version >= column->typed_in;
}

/* The DEFAULT of a column, over the others. */
static struct err *default_values(struct evolution *evolution, struct arena *arena, uint32_t index, struct column **out)
{
    struct err *err = NULL;
    const struct table_def *def = evolution->def;
    struct table_program *program = table_program_of(evolution->table, def);
    const struct table_functions *functions = table_functions();
    uint32_t count = def->column_count + def->computed_count;
    struct chunk *chunk = chunk_new(arena, count, evolution->row_count);

    if (chunk == NULL) {
        return arena_error(arena);
    }
    for (uint32_t k = 0; program != NULL && k < count; k++) {
        if (k != index && functions->default_reads(program, index, k)) {
            OR_DONE(evolve_column(evolution, arena, k, &chunk->columns[k]));
        }
    }
    err = err_while(table_evaluate(def, program, arena, TABLE_DEFAULT, index, chunk, out), "default value of column %s",
                    table_input_column(def, index)->name);
done:
    return err;
}

/* What takes the place of NULLs in a column that is Nullable no more. */
static struct err *fill_nulls(struct evolution *evolution, struct arena *arena, uint32_t index,
                              const struct column *column, struct column **out)
{
    struct err *err = NULL;
    const struct column_def *wanted = &evolution->def->columns[index];
    struct column *values = NULL, *instead = NULL, *plain = column_default(arena, wanted->type, column->row_count);
    uint32_t *order = ARENA_ARRAY(arena, uint32_t, column->row_count);
    if (order == NULL || plain == NULL) {
        return arena_error(arena);
    }
    if (table_column_has_default(wanted)) {
        OR_DONE(default_values(evolution, arena, index, &instead));
        OR_DONE(table_functions()->cast(arena, instead, column->type, &instead));
    } else {
        OR_DONE(table_functions()->cast(arena, plain, column->type, &instead));
    }
    for (uint32_t row = 0; row < column->row_count; row++) {
        order[row] = (column_is_null(column, row) ? 1U << SORT_ROW_BITS : 0) | row;
    }
    OR_DONE(gather_rows(arena, NULL, (const struct column *[]){column, instead}, 2, order, column->row_count, &values));
    *out = values;
done:
    return err;
}

static bool any_null(const struct column *column)
{
    for (uint32_t row = 0; row < column->row_count; row++) {
        if (column_is_null(column, row)) {
            return true;
        }
    }
    return false;
}

static struct err *cast_to(struct evolution *evolution, struct arena *arena, uint32_t index, const struct type *type,
                           struct column **column)
{
    struct err *err = NULL;
    if (table_functions() == NULL) {
        return err_new(ERR_LOGICAL, "nobody can cast values");
    }
    if ((*column)->type->nullable && !type->nullable && any_null(*column)) {
        OR_DONE(fill_nulls(evolution, arena, index, *column, column));
    }
    err = table_functions()->cast(arena, *column, type, column);
done:
    return err;
}

/* Through the types that the column had, one after the other. */
static struct err *cast_column(struct evolution *evolution, struct arena *arena, uint32_t index, struct column **column)
{
    struct err *err = NULL;
    const struct column_def *wanted = &evolution->def->columns[index];
    struct catalogue *catalogue = evolution->table->store->catalogue;
    const struct type *last = (*column)->type;

    for (uint32_t version = evolution->from_version + 1; version < wanted->typed_in; version++) {
        struct table_def *def = catalogue_table_version(catalogue, evolution->table->id, version);
        const struct type *type = NULL;
        for (uint32_t k = 0; def != NULL && k < def->column_count && type == NULL; k++) {
            if (def->columns[k].id == wanted->id && def->columns[k].typed_in == version) {
                type = type_copy(arena, def->columns[k].type);
                err = type == NULL ? arena_error(arena) : NULL;
            }
        }
        if (err == NULL && type != NULL && !type_equal(type, last)) {
            err = cast_to(evolution, arena, index, type, column);
            last = type;
        }
        table_def_unref(def);
        if (err != NULL) {
            goto done;
        }
    }
    if (!type_equal(wanted->type, last)) {
        err = cast_to(evolution, arena, index, wanted->type, column);
    }
done:
    return err_while(err, "column %s, whose type was changed by ALTER TABLE", wanted->name);
}

/* A part of a Nested that the rows do not have: as many defaults as the other parts have elements. */
static struct err *nested_values(struct evolution *evolution, struct arena *arena, uint32_t index, struct column **out)
{
    struct err *err = NULL;
    const struct table_def *def = evolution->def;
    struct column *model = NULL;

    *out = NULL;
    for (uint32_t k = 0; k < def->column_count && model == NULL; k++) {
        if (k != index && table_same_nested(&def->columns[index], &def->columns[k])) {
            OR_DONE(evolution->read(evolution->user, arena, def->columns[k].id, &model));
            model = model != NULL && model->type->kind == TYPE_ARRAY ? model : NULL;
        }
    }
    if (model != NULL) {
        *out = table_arrays_like(arena, def->columns[index].type, model);
        err = *out == NULL ? arena_error(arena) : NULL;
    }
done:
    return err;
}

static struct err *make_column(struct evolution *evolution, struct arena *arena, uint32_t index, struct column **out)
{
    struct err *err = NULL;
    const struct column_def *wanted = table_input_column(evolution->def, index);

    if (index >= evolution->def->column_count) {
        return default_values(evolution, arena, index, out);
    }
    OR_DONE(evolution->read(evolution->user, arena, wanted->id, out));
    if (*out != NULL) {
        err = evolve_is_stored(wanted, evolution->from_version) ? NULL : cast_column(evolution, arena, index, out);
    } else if (table_column_has_default(wanted)) {
        err = default_values(evolution, arena, index, out);
    } else {
        OR_DONE(nested_values(evolution, arena, index, out));
        if (*out == NULL) {
            *out = column_default(arena, wanted->type, evolution->row_count);
            err = *out == NULL ? arena_error(arena) : NULL;
        }
    }
done:
    return err;
}

struct err *evolve_column(struct evolution *evolution, struct arena *arena, uint32_t index, struct column **out)
{
    struct err *err = NULL;
    if (evolution->made == NULL) {
        evolution->made =
            chunk_new(arena, evolution->def->column_count + evolution->def->computed_count, evolution->row_count);
        if (evolution->made == NULL) {
            return arena_error(arena);
        }
    }
    if (evolution->made->columns[index] == NULL) {
        OR_DONE(make_column(evolution, arena, index, &evolution->made->columns[index]));
    }
    *out = evolution->made->columns[index];
done:
    return err;
}
