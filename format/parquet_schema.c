/*
 * parquet_schema.c: the columns of a result as the schema of a Parquet file, with the types that ClickHouse takes.
 *
 * nested   arrays are lists of three levels ("list", "element"), maps lists of "key_value", tuples groups, whose elements
 *          without names are "1", "2", …; only what is Nullable is optional
 */
#include "format/parquet.h"

#include "format/parquet_thrift.h"
#include "format/thrift_compact.h"
#include "format/writer.h"

#include <stdio.h>

enum { UNIT_MILLIS = 1, UNIT_MICROS = 2, UNIT_NANOS = 3 };

static const char *refused_name(const struct type *type)
{
    if (type->view == TYPE_VIEW_DYNAMIC) {
        return "Dynamic";
    }
    if (type_is_state(type)) {
        return "AggregateFunction";
    }
    return type->kind == TYPE_NOTHING ? "Nothing" : type->kind == TYPE_INTERVAL ? "Interval" : NULL;
}

/* ---- leaves */

static void set(struct parquet_leaf *leaf, enum parquet_physical physical, enum parquet_form form, uint32_t width,
                enum parquet_order order)
{
    leaf->physical = physical;
    leaf->form = form;
    leaf->width = width;
    leaf->order = order;
}

static uint32_t scale_of_unit(const struct type *type)
{
    return type->scale <= 3 ? 3 : type->scale <= 6 ? 6 : 9;
}

static void set_time(const struct parquet *parquet, struct parquet_leaf *leaf)
{
    const struct type *type = leaf->type;
    if (type->kind == TYPE_DATETIME && parquet->settings->parquet_datetime_as_uint32) {
        set(leaf, PARQUET_INT32, PARQUET_COPY, 4, PARQUET_ORDER_U32);
        return;
    }
    leaf->factor = 1;
    if (type->kind == TYPE_DATETIME) {
        leaf->factor = 1000;
    } else {
        for (uint32_t scale = type->scale; scale < scale_of_unit(type); scale++) {
            leaf->factor *= 10;
        }
    }
    set(leaf, PARQUET_INT64, type->kind == TYPE_DATETIME ? PARQUET_SECONDS : PARQUET_TICKS, 8, PARQUET_ORDER_I64);
}

static void set_wide(const struct parquet *parquet, struct parquet_leaf *leaf)
{
    uint32_t width = leaf->type->width;
    if (parquet->settings->parquet_wide_integer_as_decimal) {
        set(leaf, PARQUET_FIXED_BYTES, PARQUET_BIG, width + 1, PARQUET_ORDER_BIG);
    } else {
        set(leaf, PARQUET_FIXED_BYTES, PARQUET_COPY, width, PARQUET_ORDER_BYTES);
    }
}

static void set_leaf(const struct parquet *parquet, struct parquet_leaf *leaf)
{
    const struct format_settings *settings = parquet->settings;
    const struct type *type = leaf->type;
    if (type->view == TYPE_VIEW_JSON) {
        set(leaf, PARQUET_BYTE_ARRAY, PARQUET_JSON, 0, PARQUET_ORDER_BYTES);
        return;
    }
    switch (type->kind) {
    case TYPE_BOOL:
        set(leaf, PARQUET_BOOLEAN, PARQUET_BITS, 1, PARQUET_ORDER_BYTES);
        break;
    case TYPE_INT8:
    case TYPE_INT16:
        set(leaf, PARQUET_INT32, PARQUET_WIDEN, 4, PARQUET_ORDER_I32);
        break;
    case TYPE_UINT8:
    case TYPE_UINT16:
        set(leaf, PARQUET_INT32, PARQUET_WIDEN, 4, PARQUET_ORDER_U32);
        break;
    case TYPE_DATE:
        set(leaf, PARQUET_INT32, PARQUET_WIDEN, 4,
            settings->parquet_date_as_uint16 ? PARQUET_ORDER_U32 : PARQUET_ORDER_I32);
        break;
    case TYPE_INT32:
    case TYPE_DATE32:
        set(leaf, PARQUET_INT32, PARQUET_COPY, 4, PARQUET_ORDER_I32);
        break;
    case TYPE_UINT32:
    case TYPE_IPV4:
        set(leaf, PARQUET_INT32, PARQUET_COPY, 4, PARQUET_ORDER_U32);
        break;
    case TYPE_INT64:
        set(leaf, PARQUET_INT64, PARQUET_COPY, 8, PARQUET_ORDER_I64);
        break;
    case TYPE_UINT64:
        set(leaf, PARQUET_INT64, PARQUET_COPY, 8, PARQUET_ORDER_U64);
        break;
    case TYPE_FLOAT32:
        set(leaf, PARQUET_FLOAT, PARQUET_COPY, 4, PARQUET_ORDER_FLOAT);
        break;
    case TYPE_FLOAT64:
        set(leaf, PARQUET_DOUBLE, PARQUET_COPY, 8, PARQUET_ORDER_DOUBLE);
        break;
    case TYPE_FIXED_STRING:
        if (settings->parquet_fixed_string_as_fixed) {
            set(leaf, PARQUET_FIXED_BYTES, PARQUET_COPY, type->width, PARQUET_ORDER_BYTES);
        } else {
            set(leaf, PARQUET_BYTE_ARRAY, PARQUET_FIXED, 0, PARQUET_ORDER_BYTES);
        }
        break;
    case TYPE_DATETIME:
    case TYPE_DATETIME64:
        set_time(parquet, leaf);
        break;
    case TYPE_DECIMAL:
        set(leaf, PARQUET_FIXED_BYTES, PARQUET_BIG, type->width, PARQUET_ORDER_BIG);
        break;
    case TYPE_UUID:
        set(leaf, PARQUET_FIXED_BYTES, PARQUET_UUID, 16, PARQUET_ORDER_BYTES);
        break;
    case TYPE_IPV6:
        set(leaf, PARQUET_FIXED_BYTES, PARQUET_COPY, 16, PARQUET_ORDER_BYTES);
        break;
    case TYPE_ENUM8:
    case TYPE_ENUM16:
        if (settings->parquet_enum_as_byte_array) {
            set(leaf, PARQUET_BYTE_ARRAY, PARQUET_NAME, 0, PARQUET_ORDER_BYTES);
        } else {
            set(leaf, PARQUET_INT32, PARQUET_WIDEN, 4, PARQUET_ORDER_I32);
        }
        break;
    case TYPE_INT128:
    case TYPE_UINT128:
    case TYPE_INT256:
    case TYPE_UINT256:
        set_wide(parquet, leaf);
        break;
    default:
        set(leaf, PARQUET_BYTE_ARRAY, PARQUET_TEXT, 0, PARQUET_ORDER_BYTES);
        break;
    }
}

/* ---- the tree */

/* Names from the root to a node, kept on the stack while the tree is built. */
struct place {
    const struct place *above;
    struct slice name;
};

static uint32_t depth_of(const struct place *place)
{
    return place == NULL ? 0 : 1 + depth_of(place->above);
}

static struct err *add_leaf(struct parquet *parquet, struct parquet_node *node, const struct place *place,
                            uint32_t repetitions)
{
    struct arena *arena = parquet->arena;
    struct parquet_leaf *leaf = ARENA_NEW(arena, struct parquet_leaf);
    uint32_t depth = depth_of(place);
    struct slice *path = ARENA_ARRAY(arena, struct slice, depth);
    if (leaf == NULL || path == NULL) {
        return arena_error(arena);
    }
    for (uint32_t k = depth; k > 0; k--, place = place->above) {
        path[k - 1] = place->name;
    }
    if (parquet->leaf_count == parquet->leaf_capacity) {
        uint32_t capacity = parquet->leaf_capacity * 2 + 16;
        struct parquet_leaf **leaves = ARENA_ARRAY(arena, struct parquet_leaf *, capacity);
        if (leaves == NULL) {
            return arena_error(arena);
        }
        if (parquet->leaf_count > 0) {
            memcpy(leaves, parquet->leaves, parquet->leaf_count * sizeof(*leaves));
        }
        parquet->leaves = leaves;
        parquet->leaf_capacity = capacity;
    }
    leaf->type = node->type;
    leaf->path = path;
    leaf->path_length = depth;
    leaf->definitions_max = node->definition;
    leaf->repetitions_max = repetitions;
    set_leaf(parquet, leaf);
    parquet->leaves[parquet->leaf_count++] = leaf;
    node->leaf = leaf;
    return NULL;
}

static struct err *build(struct parquet *parquet, const struct place *above, struct slice name, const struct type *type,
                         uint32_t definition, uint32_t repetition, struct parquet_node **out);

static struct err *build_children(struct parquet *parquet, struct parquet_node *node, const struct place *place,
                                  uint32_t repetition)
{
    const struct type *type = node->type;
    const struct type *inner = type->kind == TYPE_MAP ? type->children[0] : type;
    struct place list = {place, slice_text(type->kind == TYPE_ARRAY ? "list" : "key_value")};
    struct err *err = NULL;
    node->child_count = inner->child_count;
    node->children = ARENA_ARRAY(parquet->arena, struct parquet_node *, inner->child_count);
    if (node->children == NULL) {
        return arena_error(parquet->arena);
    }
    for (uint32_t k = 0; k < inner->child_count; k++) {
        struct slice name = slice_text("element");
        if (type->kind == TYPE_MAP) {
            name = slice_text(k == 0 ? "key" : "value");
        } else if (type->kind == TYPE_TUPLE && type->names != NULL) {
            name = type->names[k];
        } else if (type->kind == TYPE_TUPLE) {
            name = slice_text(arena_format(parquet->arena, "%u", k + 1));
        }
        OR_DONE(build(parquet, type->kind == TYPE_TUPLE ? place : &list, name, inner->children[k], node->definition,
                      repetition, &node->children[k]));
    }
done:
    return err;
}

/* definition, repetition: levels of what the node stands in. */
static struct err *build(struct parquet *parquet, const struct place *above, struct slice name, const struct type *type,
                         uint32_t definition, uint32_t repetition, struct parquet_node **out)
{
    const char *refused = refused_name(type);
    const struct place place = {above, name};
    struct parquet_node *node = ARENA_NEW(parquet->arena, struct parquet_node);
    bool is_list = type->kind == TYPE_ARRAY || type->kind == TYPE_MAP;
    if (refused != NULL) {
        return err_new(ERR_UNKNOWN_TYPE,
                       "Internal type '%s' of column '%.*s' is not supported for conversion into Parquet data format",
                       refused, SLICE_ARG(name));
    }
    if (type->kind == TYPE_TUPLE && type->child_count == 0) {
        return err_new(ERR_BAD_ARGUMENTS, "Parquet doesn't support empty tuples: column '%.*s'", SLICE_ARG(name));
    }
    if (node == NULL || name.data == NULL) {
        return arena_error(parquet->arena);
    }
    node->name = name;
    node->type = type;
    node->optional = type->nullable;
    node->definition = definition + type->nullable + is_list;
    node->repetition = repetition + is_list;
    if (node->definition > PARQUET_LEVELS_MAX) {
        return err_new(ERR_TOO_DEEP_RECURSION, "column '%.*s': Parquet is written up to %u levels deep",
                       SLICE_ARG(name), PARQUET_LEVELS_MAX);
    }
    *out = node;
    if (type_is_nested(type) && type->view == TYPE_VIEW_NONE) {
        return build_children(parquet, node, &place, node->repetition);
    }
    return add_leaf(parquet, node, &place, repetition);
}

struct err *parquet_schema(struct parquet *parquet, const struct writer_column *columns, uint32_t count)
{
    struct err *err = NULL;
    parquet->columns = ARENA_ARRAY(parquet->arena, struct parquet_node *, (size_t)count + 1);
    if (parquet->columns == NULL) {
        return arena_error(parquet->arena);
    }
    parquet->column_count = count;
    for (uint32_t k = 0; k < count; k++) {
        struct slice name = columns[k].name.length == 0 ? slice_text("") : columns[k].name;
        OR_DONE(build(parquet, NULL, name, columns[k].type, 0, 0, &parquet->columns[k]));
    }
done:
    return err;
}

/* ---- as the footer has it */

static void put_group(struct thrift_writer *thrift, int32_t repetition, const char *name, uint32_t children,
                      int32_t converted)
{
    thrift_item_struct(thrift);
    thrift_put_i32(thrift, ELEMENT_REPETITION, repetition);
    thrift_put_binary(thrift, ELEMENT_NAME, slice_text(name));
    thrift_put_i32(thrift, ELEMENT_CHILDREN, (int32_t)children);
    if (converted >= 0) {
        thrift_put_i32(thrift, ELEMENT_CONVERTED, converted);
    }
    thrift_end(thrift);
}

static uint32_t elements_of(const struct parquet_node *node)
{
    bool is_list = node->leaf == NULL && node->type->kind != TYPE_TUPLE;
    uint32_t count = 1 + is_list;
    for (uint32_t k = 0; k < node->child_count; k++) {
        count += elements_of(node->children[k]);
    }
    return count;
}

static void put_logical(struct thrift_writer *thrift, int32_t converted, int16_t logical)
{
    thrift_put_i32(thrift, ELEMENT_CONVERTED, converted);
    thrift_put_struct(thrift, ELEMENT_LOGICAL);
    thrift_put_empty(thrift, logical);
    thrift_end(thrift);
}

static void put_integer(struct thrift_writer *thrift, uint32_t bytes, bool is_signed)
{
    int32_t converted = is_signed ? CONVERTED_INT_8 : CONVERTED_UINT_8;
    thrift_put_i32(thrift, ELEMENT_CONVERTED, converted + __builtin_ctz(bytes));
    thrift_put_struct(thrift, ELEMENT_LOGICAL);
    thrift_put_struct(thrift, LOGICAL_INTEGER);
    thrift_put_byte(thrift, 1, (int8_t)(bytes * 8));
    thrift_put_bool(thrift, 2, is_signed);
    thrift_end(thrift);
    thrift_end(thrift);
}

static void put_decimal(struct thrift_writer *thrift, uint32_t precision, uint32_t scale)
{
    thrift_put_i32(thrift, ELEMENT_CONVERTED, CONVERTED_DECIMAL);
    thrift_put_i32(thrift, ELEMENT_SCALE, (int32_t)scale);
    thrift_put_i32(thrift, ELEMENT_PRECISION, (int32_t)precision);
    thrift_put_struct(thrift, ELEMENT_LOGICAL);
    thrift_put_struct(thrift, LOGICAL_DECIMAL);
    thrift_put_i32(thrift, 1, (int32_t)scale);
    thrift_put_i32(thrift, 2, (int32_t)precision);
    thrift_end(thrift);
    thrift_end(thrift);
}

static void put_timestamp(struct thrift_writer *thrift, uint32_t scale)
{
    if (scale <= 6) {
        thrift_put_i32(thrift, ELEMENT_CONVERTED, scale == 3 ? CONVERTED_TIMESTAMP_MILLIS : CONVERTED_TIMESTAMP_MICROS);
    }
    thrift_put_struct(thrift, ELEMENT_LOGICAL);
    thrift_put_struct(thrift, LOGICAL_TIMESTAMP);
    thrift_put_bool(thrift, 1, true); /* of UTC */
    thrift_put_struct(thrift, 2);
    thrift_put_empty(thrift, scale == 3 ? UNIT_MILLIS : scale == 6 ? UNIT_MICROS : UNIT_NANOS);
    thrift_end(thrift);
    thrift_end(thrift);
    thrift_end(thrift);
}

static void put_wide(struct thrift_writer *thrift, const struct parquet_leaf *leaf)
{
    static const uint32_t digits[] = {39, 39, 77, 78};
    if (leaf->form == PARQUET_BIG) {
        bool wider = leaf->type->width == 32;
        put_decimal(thrift, digits[2 * wider + !type_is_signed(leaf->type)], 0);
    }
}

static void put_meaning(struct thrift_writer *thrift, const struct parquet *parquet, const struct parquet_leaf *leaf)
{
    const struct type *type = leaf->type;
    if (leaf->form == PARQUET_JSON) {
        put_logical(thrift, CONVERTED_JSON, LOGICAL_JSON);
        return;
    }
    switch (type->kind) {
    case TYPE_STRING:
        if (parquet->settings->parquet_string_as_string) {
            put_logical(thrift, CONVERTED_UTF8, LOGICAL_STRING);
        }
        break;
    case TYPE_ENUM8:
    case TYPE_ENUM16:
        if (leaf->form == PARQUET_NAME) {
            put_logical(thrift, CONVERTED_ENUM, LOGICAL_ENUM);
            break;
        }
        put_integer(thrift, type->width, true);
        break;
    case TYPE_INT8:
    case TYPE_INT16:
        put_integer(thrift, type->width, true);
        break;
    case TYPE_UINT8:
    case TYPE_UINT16:
    case TYPE_UINT32:
    case TYPE_UINT64:
    case TYPE_IPV4:
        put_integer(thrift, type->width, false);
        break;
    case TYPE_DATE:
        if (parquet->settings->parquet_date_as_uint16) {
            put_integer(thrift, type->width, false);
            break;
        }
        put_logical(thrift, CONVERTED_DATE, LOGICAL_DATE);
        break;
    case TYPE_DATE32:
        put_logical(thrift, CONVERTED_DATE, LOGICAL_DATE);
        break;
    case TYPE_DATETIME:
        if (parquet->settings->parquet_datetime_as_uint32) {
            put_integer(thrift, type->width, false);
            break;
        }
        put_timestamp(thrift, 3);
        break;
    case TYPE_DATETIME64:
        put_timestamp(thrift, scale_of_unit(type));
        break;
    case TYPE_DECIMAL:
        put_decimal(thrift, type->precision, type->scale);
        break;
    case TYPE_UUID:
        thrift_put_struct(thrift, ELEMENT_LOGICAL);
        thrift_put_empty(thrift, LOGICAL_UUID);
        thrift_end(thrift);
        break;
    default:
        put_wide(thrift, leaf);
        break;
    }
}

static void put_leaf(struct thrift_writer *thrift, const struct parquet *parquet, const struct parquet_node *node)
{
    const struct parquet_leaf *leaf = node->leaf;
    thrift_item_struct(thrift);
    thrift_put_i32(thrift, ELEMENT_TYPE, (int32_t)leaf->physical);
    if (leaf->physical == PARQUET_FIXED_BYTES) {
        thrift_put_i32(thrift, ELEMENT_LENGTH, (int32_t)leaf->width);
    }
    thrift_put_i32(thrift, ELEMENT_REPETITION, node->optional ? PARQUET_OPTIONAL : PARQUET_REQUIRED);
    thrift_put_binary(thrift, ELEMENT_NAME, node->name);
    put_meaning(thrift, parquet, leaf);
    thrift_end(thrift);
}

static void put_node(struct thrift_writer *thrift, const struct parquet *parquet, const struct parquet_node *node)
{
    const struct type *type = node->type;
    if (node->leaf != NULL) {
        put_leaf(thrift, parquet, node);
        return;
    }
    thrift_item_struct(thrift);
    thrift_put_i32(thrift, ELEMENT_REPETITION, node->optional ? PARQUET_OPTIONAL : PARQUET_REQUIRED);
    thrift_put_binary(thrift, ELEMENT_NAME, node->name);
    thrift_put_i32(thrift, ELEMENT_CHILDREN, type->kind == TYPE_TUPLE ? (int32_t)node->child_count : 1);
    if (type->kind == TYPE_ARRAY) {
        put_logical(thrift, CONVERTED_LIST, LOGICAL_LIST);
    } else if (type->kind == TYPE_MAP) {
        put_logical(thrift, CONVERTED_MAP, LOGICAL_MAP);
    }
    thrift_end(thrift);
    if (type->kind == TYPE_ARRAY) {
        put_group(thrift, PARQUET_REPEATED, "list", 1, -1);
    } else if (type->kind == TYPE_MAP) {
        put_group(thrift, PARQUET_REPEATED, "key_value", 2, CONVERTED_MAP_KEY_VALUE);
    }
    for (uint32_t k = 0; k < node->child_count; k++) {
        put_node(thrift, parquet, node->children[k]);
    }
}

void parquet_put_schema(struct thrift_writer *thrift, int16_t field, const struct parquet *parquet)
{
    uint64_t elements = 1;
    for (uint32_t k = 0; k < parquet->column_count; k++) {
        elements += elements_of(parquet->columns[k]);
    }
    thrift_put_list(thrift, field, THRIFT_STRUCT, elements);
    thrift_item_struct(thrift);
    thrift_put_binary(thrift, ELEMENT_NAME, slice_text("schema"));
    thrift_put_i32(thrift, ELEMENT_CHILDREN, (int32_t)parquet->column_count);
    thrift_end(thrift);
    for (uint32_t k = 0; k < parquet->column_count; k++) {
        put_node(thrift, parquet, parquet->columns[k]);
    }
}
