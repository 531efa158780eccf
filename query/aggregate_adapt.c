/*
 * aggregate_adapt.c: the core and the adapters around aggregate functions: NULLs, -If, -OrNull, -OrDefault.
 *
 * flow     aggregate->add/merge/finish → here → aggregate_*.c
 * thread   bound aggregates are immutable
 */
#include "query/aggregate_adapt.h"

#include "query/functions/nested.h"
#include "query/nested_key.h"

/* --- the core: columns in the form that it wants ----------------------------------------------------------------- */

/* An array, tuple or map as a String of its bytes. */
static struct err *encode_nested(struct arena *arena, const struct column *column, uint32_t row_count,
                                 const struct column **out)
{
    struct err *err = NULL;
    bool constant = column->form == COLUMN_CONST;
    struct column *bytes = column_new(arena, type_simple(TYPE_STRING), constant ? 1 : row_count);
    if (bytes == NULL) {
        return arena_error(arena);
    }
    OR_DONE(nested_key_encode(arena, column, constant ? 1 : row_count, bytes->values));
    bytes->form = column->form == COLUMN_CONST ? COLUMN_CONST : COLUMN_FLAT;
    bytes->row_count = row_count;
    *out = bytes;
done:
    return err;
}

/* Columns of bare types, without nulls, FLAT or CONST; a single row of its own for one that already is. */
struct err *core_add(ADD_ARGUMENTS)
{
    struct err *err = NULL;
    const struct core *core = aggregate->data;
    const struct column *bare[AGGREGATE_ARGUMENTS_MAX];
    for (uint32_t a = 0; a < aggregate->argument_count; a++) {
        const struct column *column = arguments[a];
        if (column->form == COLUMN_DICT && (core->flags & AGGREGATE_ANY_FORM) == 0) {
            column = column_flat(scratch, column);
            if (column == NULL) {
                return arena_error(scratch);
            }
        }
        bare[a] = column;
        if (a == 0 && core->nested != NULL) {
            OR_DONE(encode_nested(scratch, column, row_count, &bare[a]));
        }
    }
    err = core->bare->add(core->bare, arena, scratch, states, stride, groups, bare, row_count);
done:
    return err;
}

const struct aggregate *aggregate_bare(const struct aggregate *aggregate)
{
    const struct core *core = aggregate->data;
    return core->bare;
}

struct err *core_merge(MERGE_ARGUMENTS)
{
    const struct core *core = aggregate->data;
    return core->bare->merge(core->bare, arena, into, from);
}

/* The bytes back into values: the results themselves, or the elements of arrays. */
static struct err *finish_nested(const struct core *core, struct arena *arena, char *states, uint32_t stride,
                                 uint32_t count, struct column *out)
{
    struct err *err = NULL;
    bool in_array = core->bare->type->kind == TYPE_ARRAY;
    struct column *bytes = column_new(arena, core->bare->type, count);
    struct column *values = NULL;
    if (bytes == NULL) {
        return arena_error(arena);
    }
    OR_DONE(core->bare->finish(core->bare, arena, states, stride, count, bytes));
    struct column *texts = in_array ? bytes->children[0] : bytes;
    struct slice *slices = texts->values;
    for (uint32_t i = 0; !in_array && i < count; i++) {
        slices[i] = slices[i].length == 0 ? core->blank : slices[i];
    }
    OR_DONE(nested_key_decode(arena, core->nested, slices, texts->row_count, &values));
    if (in_array) {
        out->offsets = bytes->offsets;
        out->children[0] = values;
    } else {
        out->offsets = values->offsets;
        out->children = values->children;
    }
done:
    return err;
}

struct err *core_finish(FINISH_ARGUMENTS)
{
    const struct core *core = aggregate->data;
    if (core->nested != NULL) {
        return finish_nested(core, arena, states, stride, count, out);
    }
    return core->bare->finish(core->bare, arena, states, stride, count, out);
}

struct err *core_write(WRITE_ARGUMENTS)
{
    const struct core *core = aggregate->data;
    return core->bare->write_state(core->bare, state, writer);
}

struct err *core_read(READ_ARGUMENTS)
{
    const struct core *core = aggregate->data;
    return core->bare->read_state(core->bare, arena, scratch, reader, into);
}

/* --- adapters that leave out rows -------------------------------------------------------------------------------- */

struct adapter_state {
    uint64_t rows; /* that reached the nested state */
    uint64_t unused;
};

/* Adds the rows at positions; counts them. all: positions are all rows. */
static struct err *add_rows(const struct aggregate *aggregate, struct arena *arena, struct arena *scratch, char *states,
                            uint32_t stride, const uint32_t *groups, const struct column *const *arguments,
                            uint32_t argument_count, const uint32_t *positions, uint32_t count, uint32_t row_count)
{
    const struct column *taken[AGGREGATE_ARGUMENTS_MAX];
    const uint32_t *taken_groups = groups;
    if (count == 0) {
        return NULL;
    }
    for (uint32_t a = 0; a < argument_count; a++) {
        taken[a] = count == row_count ? arguments[a] : column_take(scratch, arguments[a], positions, count);
        if (taken[a] == NULL) {
            return arena_error(scratch);
        }
    }
    if (groups != NULL && count != row_count) {
        uint32_t *some = ARENA_ARRAY(scratch, uint32_t, count);
        if (some == NULL) {
            return arena_error(scratch);
        }
        for (uint32_t i = 0; i < count; i++) {
            some[i] = groups[positions[i]];
        }
        taken_groups = some;
    }
    if (groups == NULL) {
        ((struct adapter_state *)(void *)states)->rows += count;
    } else {
        for (uint32_t i = 0; i < count; i++) {
            ((struct adapter_state *)(void *)(states + (size_t)taken_groups[i] * stride))->rows++;
        }
    }
    return aggregate->nested->add(aggregate->nested, arena, scratch, states + ADAPTER_BYTES, stride, taken_groups,
                                  taken, count);
}

struct err *adapter_add_not_null(ADD_ARGUMENTS)
{
    uint32_t *positions = ARENA_ARRAY(scratch, uint32_t, row_count + 1U);
    uint32_t count = 0;
    bool any = false;
    if (positions == NULL) {
        return arena_error(scratch);
    }
    for (uint32_t a = 0; a < aggregate->argument_count; a++) {
        any |= arguments[a]->type->kind == TYPE_NOTHING || arguments[a]->nulls != NULL ||
               (arguments[a]->form == COLUMN_DICT && arguments[a]->dictionary->nulls != NULL);
    }
    if (!any) {
        count = row_count;
    } else {
        for (uint32_t i = 0; i < row_count; i++) {
            bool null = false;
            for (uint32_t a = 0; a < aggregate->argument_count; a++) {
                const struct column *column = arguments[a];
                null |= column->type->kind == TYPE_NOTHING ||
                        (column->form == COLUMN_FLAT ? column->nulls != NULL && column->nulls[i]
                                                     : column_is_null(column, i));
            }
            positions[count] = i;
            count += !null;
        }
    }
    return add_rows(aggregate, arena, scratch, states, stride, groups, arguments, aggregate->argument_count, positions,
                    count, row_count);
}

struct err *adapter_add_all(ADD_ARGUMENTS)
{
    return add_rows(aggregate, arena, scratch, states, stride, groups, arguments, aggregate->argument_count, NULL,
                    row_count, row_count);
}

struct err *adapter_add_if(ADD_ARGUMENTS)
{
    const struct column *condition = arguments[aggregate->argument_count - 1];
    uint32_t *positions = ARENA_ARRAY(scratch, uint32_t, row_count + 1U);
    uint32_t count = 0;
    if (positions == NULL) {
        return arena_error(scratch);
    }
    condition = column_flat(scratch, condition);
    if (condition == NULL) {
        return arena_error(scratch);
    }
    if (condition->type->kind == TYPE_NOTHING) {
        return NULL;
    }
    if (type_physical(condition->type) != TYPE_UINT8) {
        bool is_float = type_is_float(condition->type);
        const struct column *numbers = column_numbers(scratch, condition, is_float ? TYPE_FLOAT64 : TYPE_INT64);
        if (numbers == NULL) {
            return arena_error(scratch);
        }
        for (uint32_t i = 0; i < row_count; i++) {
            positions[count] = i;
            count += is_float ? ((const double *)numbers->values)[i] != 0 : ((const int64_t *)numbers->values)[i] != 0;
        }
    } else {
        const uint8_t *yes = condition->values;
        for (uint32_t i = 0; i < row_count; i++) {
            positions[count] = i;
            count += yes[i] != 0;
        }
    }
    if (condition->nulls != NULL) {
        uint32_t kept = 0;
        for (uint32_t i = 0; i < count; i++) {
            uint32_t row = positions[i];
            positions[kept] = row;
            kept += condition->nulls[row] == 0;
        }
        count = kept;
    }
    return add_rows(aggregate, arena, scratch, states, stride, groups, arguments, aggregate->argument_count - 1,
                    positions, count, row_count);
}

struct err *adapter_merge(MERGE_ARGUMENTS)
{
    struct adapter_state *a = into;
    struct adapter_state *b = from;
    a->rows += b->rows;
    return aggregate->nested->merge(aggregate->nested, arena, (char *)into + ADAPTER_BYTES,
                                    (char *)from + ADAPTER_BYTES);
}

/* Arrays, tuples and maps of groups without rows become empty ones. */
static struct err *empty_of_none(struct arena *arena, const char *states, size_t stride, uint32_t count,
                                 struct column *column, struct column **out)
{
    uint32_t *positions = ARENA_ARRAY(arena, uint32_t, count + 1U);
    if (positions == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < count; i++) {
        bool any = ((const struct adapter_state *)(const void *)(states + (size_t)i * stride))->rows > 0;
        positions[i] = any ? i : UINT32_MAX;
    }
    column->row_count = count;
    return column_pick_or_default(arena, column->type, column, positions, count, out);
}

struct err *adapter_finish(FINISH_ARGUMENTS)
{
    struct err *err = NULL;
    struct column inner = *out;
    inner.type = aggregate->nested->type;
    if (!inner.type->nullable) {
        inner.nulls = NULL;
    }
    OR_DONE(aggregate->nested->finish(aggregate->nested, arena, states + ADAPTER_BYTES, stride, count, &inner));
    const char *blank = aggregate->data; /* set: NULL or default when no row came */
    if (type_is_nested(inner.type)) {
        struct column *made = &inner;
        if (blank != NULL) { /* empty: they are never NULL */
            OR_DONE(empty_of_none(arena, states, stride, count, &inner, &made));
        }
        out->offsets = made->offsets;
        out->children = made->children;
        return NULL;
    }
    for (uint32_t i = 0; blank != NULL && i < count; i++) {
        if (((const struct adapter_state *)(const void *)(states + (size_t)i * stride))->rows == 0) {
            memset((char *)out->values + (size_t)i * out->type->width, 0, out->type->width);
            if (out->nulls != NULL) {
                out->nulls[i] = 1;
            }
        }
    }
done:
    return err;
}

/* -If and -Array of what is not Nullable: the function's state. */
struct err *adapter_write(WRITE_ARGUMENTS)
{
    return aggregate->nested->write_state(aggregate->nested, (char *)state + ADAPTER_BYTES, writer);
}

struct err *adapter_read(READ_ARGUMENTS)
{
    ((struct adapter_state *)into)->rows++;
    return aggregate->nested->read_state(aggregate->nested, arena, scratch, reader, (char *)into + ADAPTER_BYTES);
}

/* Of Nullable arguments: did any row come? If so the function's state. */
struct err *adapter_write_first(WRITE_ARGUMENTS)
{
    bool any = ((const struct adapter_state *)state)->rows > 0;
    any |= writer->wire && !aggregate->type->nullable; /* there it counts for results that can be NULL alone */
    state_put_byte(writer, any);
    return any ? adapter_write(aggregate, state, writer) : state_writer_error(writer);
}

struct err *adapter_read_first(READ_ARGUMENTS)
{
    uint8_t any;
    struct err *err = state_take_byte(reader, 1, &any);
    return err == NULL && any != 0 ? adapter_read(aggregate, arena, scratch, reader, into) : err;
}

/* -OrNull and -OrDefault: the function's state; did any row come? */
struct err *adapter_write_last(WRITE_ARGUMENTS)
{
    struct err *err = adapter_write(aggregate, state, writer);
    state_put_byte(writer, ((const struct adapter_state *)state)->rows > 0);
    return err == NULL ? state_writer_error(writer) : err;
}

struct err *adapter_read_last(READ_ARGUMENTS)
{
    uint8_t any;
    uint64_t rows = ((const struct adapter_state *)into)->rows;
    struct err *err = adapter_read(aggregate, arena, scratch, reader, into);
    err = err == NULL ? state_take_byte(reader, 1, &any) : err;
    ((struct adapter_state *)into)->rows = rows + (err == NULL && any != 0);
    return err;
}

/* --- of NULL alone the result is NULL ------------------------------------------------------------------------------
 */

struct err *nothing_add(ADD_ARGUMENTS)
{
    (void)aggregate, (void)arena, (void)scratch, (void)states, (void)stride, (void)groups, (void)arguments;
    (void)row_count;
    return NULL;
}

struct err *nothing_merge(MERGE_ARGUMENTS)
{
    (void)aggregate, (void)arena, (void)into, (void)from;
    return NULL;
}

struct err *nothing_write(WRITE_ARGUMENTS)
{
    (void)aggregate, (void)state;
    state_put_byte(writer, 0);
    return state_writer_error(writer);
}

struct err *nothing_read(READ_ARGUMENTS)
{
    (void)aggregate, (void)arena, (void)scratch, (void)into;
    uint8_t byte;
    return state_take_byte(reader, 0, &byte);
}

struct err *nothing_finish(FINISH_ARGUMENTS)
{
    (void)aggregate, (void)arena, (void)states, (void)stride;
    memset(out->values, 0, (size_t)count * out->type->width);
    memset(out->nulls, 1, count);
    return NULL;
}
