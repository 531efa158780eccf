/*
 * nested.h: what the functions over arrays, tuples and maps share: an array column as offsets and items, casts of
 * nested types, comparison of nested values.
 *
 * Elements of a column's arrays lie in one child column, so functions work on that column as a whole wherever they can.
 */
#ifndef QUERY_FUNCTIONS_NESTED_H
#define QUERY_FUNCTIONS_NESTED_H

#include "query/functions/cast.h"

/* Arrays (or maps) of a FLAT or CONST column: row i is items [offsets[at], offsets[at + 1]) with at = i * step. */
struct arrays {
    const uint32_t *offsets;
    uint32_t step; /* 0: all rows have the same array */
    const struct column *items;
};

static inline struct arrays arrays_of(const struct column *column)
{
    return (struct arrays){column->offsets, column->form == COLUMN_CONST ? 0 : 1, column->children[0]};
}

static inline uint32_t array_begin(const struct arrays *arrays, uint32_t row)
{
    return arrays->offsets[(size_t)row * arrays->step];
}

static inline uint32_t array_end(const struct arrays *arrays, uint32_t row)
{
    return arrays->offsets[(size_t)row * arrays->step + 1];
}

static inline uint32_t array_length(const struct arrays *arrays, uint32_t row)
{
    return array_end(arrays, row) - array_begin(arrays, row);
}

/* The same arrays, FLAT, with offsets from 0 on and a child that holds no more than their elements. */
struct err *arrays_flat(struct arena *arena, const struct column *column, const struct column **out);
/* A FLAT column of arrays out of offsets [row_count + 1] and their elements; its type is Array(items' type) unless
 * given.
 */
struct err *arrays_new(struct arena *arena, const struct type *type, uint32_t row_count, const uint32_t *offsets,
                       const struct column *items, struct column **out);
/* How many elements rows [0, row_count) have in all; more than UINT32_MAX is an error. */
struct err *arrays_total(const struct arrays *arrays, uint32_t row_count, uint32_t *out);
/* Elements of arrays of `width` elements in each row, as a number of 31 bits or an error: before room is made. */
struct err *arrays_product(uint32_t row_count, uint32_t width, uint32_t *out);
/* Row of each element: out[total]. */
struct err *arrays_rows(const struct arrays *arrays, uint32_t row_count, uint32_t *out);

const struct type *type_map(struct arena *arena, const struct type *key, const struct type *value);
/* tuple.c: the name, a named tuple's elements on lines of their own; data NULL when memory is out. */
struct slice type_name_lines(struct arena *arena, const struct type *type);
/* An argument of kind Array, or an error that says so. */
struct err *argument_array(const struct function_bind *bind, uint32_t index);

/* cast_nested.c: either type is nested; forms as in column_cast. */
struct err *cast_nested(struct arena *arena, const struct function_context *context, const struct column *column,
                        const struct type *type, enum cast_mode mode, struct column **out);
/* json_column.c: a Dynamic by what it is; of NULL the type's default. */
struct err *cast_dynamic(struct arena *arena, const struct function_context *context, const struct column *column,
                         const struct type *type, enum cast_mode mode, struct column **out);
/* Kinds of values of a Dynamic: Int64, UInt64, Float64, Bool, String, arrays of each of them, and arrays of others. */
#define DYNAMIC_KINDS 11U
uint32_t dynamic_kind(struct slice text);
struct err *dynamic_types(struct arena *arena, const struct type **types); /* of the kinds; the last one is NULL */
/* dynamic.c: a function that takes no Dynamic, over Dynamics among its arguments. */
struct err *dynamic_resolve(struct arena *arena, const struct function_context *context,
                            const struct function_definition *definition, const struct function_argument *arguments,
                            uint32_t count, struct function *out);
/* compare_nested.c: =, <, … where a side is nested; operation is the function's name. */
struct err *resolve_compare_nested(const struct function_bind *bind, struct function *out);
/* array_basic.c: length, empty, notEmpty of arrays and maps; reverse of an array; concat (tag 0) of arrays. */
struct err *resolve_array_length(const struct function_bind *bind, struct function *out);
struct err *resolve_array_reverse(const struct function_bind *bind, struct function *out);
struct err *resolve_array_join(const struct function_bind *bind, struct function *out);
/* Arrays of items[positions[offsets[i]…offsets[i + 1])]. */
struct err *arrays_chosen(struct arena *arena, const struct type *type, const struct column *items,
                          const uint32_t *positions, const uint32_t *offsets, uint32_t row_count, struct column **out);
/* items[positions[i]], or the type's default where positions[i] is UINT32_MAX. */
struct err *column_pick_or_default(struct arena *arena, const struct type *type, const struct column *items,
                                   const uint32_t *positions, uint32_t row_count, struct column **out);
/* array_make.c: arrays of tuples out of the arguments, arrays all of them; may_lack: the tuples' elements are Nullable.
 */
struct err *zipped_type(const struct function_bind *bind, bool may_lack, const struct type **out);
/* Of a column of floats in any form. */
bool column_is_nan(const struct column *column, uint32_t row);

#endif
