/*
 * arrow_type.c: see arrow_type.h.
 *
 * out      DateTime is a number of 32 bits, DateTime64 a Timestamp of the next finer unit, wide integers and IPv6 are
 *          bytes, Enums numbers; JSON and UUID are Arrow's extensions of those names
 * in       what NULL may stand in is Nullable, but for arrays and maps
 */
#include "format/arrow_type.h"

static struct arrow_text text_of(const char *text)
{
    return (struct arrow_text){text, strlen(text)};
}

static void set_int(struct arrow_field *out, int32_t bits, bool is_signed)
{
    out->kind = ARROW_INT;
    out->bits = bits;
    out->is_signed = is_signed;
}

static void set_bytes(struct arrow_field *out, uint32_t width)
{
    out->kind = ARROW_FIXED_BINARY;
    out->width = (int32_t)width;
}

static void set_interval(struct arrow_field *out, enum interval_unit unit)
{
    static const int32_t units[] = {
        [INTERVAL_NANOSECOND] = 3, [INTERVAL_MICROSECOND] = 2, [INTERVAL_MILLISECOND] = 1, [INTERVAL_SECOND] = 0};
    if (unit <= INTERVAL_SECOND) {
        out->kind = ARROW_DURATION;
        out->unit = units[unit];
    } else {
        set_int(out, 64, true);
    }
}

void arrow_field_value(const struct type *type, const struct arrow_style *style, struct arrow_field *out)
{
    const struct format_settings *settings = style->settings;
    out->is_dictionary = false;
    if (type->view != TYPE_VIEW_NONE) {
        out->kind = ARROW_UTF8;
        out->extension = text_of("arrow.json");
        return;
    }
    switch (type->kind) {
    case TYPE_BOOL:
        out->kind = ARROW_BOOL;
        break;
    case TYPE_INT8:
    case TYPE_INT16:
    case TYPE_INT32:
    case TYPE_INT64:
    case TYPE_ENUM8:
    case TYPE_ENUM16:
        set_int(out, (int32_t)type->width * 8, true);
        break;
    case TYPE_UINT8:
    case TYPE_UINT16:
    case TYPE_UINT32:
    case TYPE_UINT64:
    case TYPE_DATETIME:
    case TYPE_IPV4:
        set_int(out, (int32_t)type->width * 8, false);
        break;
    case TYPE_FLOAT32:
    case TYPE_FLOAT64:
        out->kind = ARROW_FLOAT;
        out->bits = (int32_t)type->width * 8;
        break;
    case TYPE_STRING:
        out->kind = settings->arrow_string && !type_is_state(type) ? ARROW_UTF8 : ARROW_BINARY;
        break;
    case TYPE_FIXED_STRING:
        if (settings->arrow_fixed_string) {
            set_bytes(out, type->length);
        } else {
            out->kind = settings->arrow_string ? ARROW_UTF8 : ARROW_BINARY;
        }
        break;
    case TYPE_DATE:
        if (settings->arrow_date_number) {
            set_int(out, 16, false);
            break;
        }
        out->kind = ARROW_DATE;
        break;
    case TYPE_DATE32:
        out->kind = ARROW_DATE;
        break;
    case TYPE_DATETIME64:
        out->kind = ARROW_TIMESTAMP;
        out->unit = (type->scale + 2) / 3;
        out->zone = text_of(timezone_name(type->zone != NULL ? type->zone : style->zone));
        break;
    case TYPE_DECIMAL:
        out->kind = ARROW_DECIMAL;
        out->bits = 128;
        out->precision = type->precision;
        out->scale = type->scale;
        break;
    case TYPE_UUID:
        set_bytes(out, 16);
        out->extension = text_of(settings->arrow_uuid_bytes ? "" : "arrow.uuid");
        break;
    case TYPE_IPV6:
    case TYPE_INT128:
    case TYPE_UINT128:
    case TYPE_INT256:
    case TYPE_UINT256:
        set_bytes(out, type->width);
        break;
    case TYPE_INTERVAL:
        set_interval(out, type->unit);
        break;
    case TYPE_ARRAY:
        out->kind = ARROW_LIST;
        break;
    case TYPE_TUPLE:
        out->kind = ARROW_STRUCT;
        break;
    case TYPE_MAP:
        out->kind = ARROW_MAP;
        break;
    case TYPE_NOTHING:
    case TYPE_KINDS:
        out->kind = ARROW_NULL;
        break;
    }
}

static bool set_children(struct arena *arena, const struct type *type, struct arrow_style *style,
                         struct arrow_field *out)
{
    static const char *const pair[] = {"key", "value"};
    out->children = ARENA_ARRAY(arena, struct arrow_field, (size_t)type->child_count + 1);
    out->child_count = type->child_count;
    for (uint32_t k = 0; out->children != NULL && k < type->child_count; k++) {
        struct slice name = slice_text(type->kind == TYPE_MAP ? "entries" : "item");
        if (type->kind == TYPE_TUPLE && type->names != NULL) {
            name = type->names[k];
        } else if (type->kind == TYPE_TUPLE) {
            char *number = arena_format(arena, "%u", k + 1);
            if (number == NULL) {
                return false;
            }
            name = slice_text(number);
        }
        if (!arrow_field_of(arena, name, type->children[k], style, &out->children[k])) {
            return false;
        }
    }
    if (type->kind == TYPE_MAP && out->children != NULL) {
        for (uint32_t k = 0; k < 2; k++) {
            out->children[0].children[k].name = text_of(pair[k]);
        }
    }
    return out->children != NULL;
}

bool arrow_field_of(struct arena *arena, struct slice name, const struct type *type, struct arrow_style *style,
                    struct arrow_field *out)
{
    memset(out, 0, sizeof(*out));
    out->name = (struct arrow_text){name.length == 0 ? "" : name.data, name.length};
    arrow_field_value(type, style, out);
    out->nullable = type->view == TYPE_VIEW_NONE && type->nullable;
    if (type->low_cardinality && style->settings->arrow_dictionary) {
        out->is_dictionary = true;
        out->dictionary = style->dictionaries++;
        out->index_bits = style->settings->arrow_index_64 ? 64 : 32;
        out->index_signed = style->settings->arrow_index_signed;
    }
    return type->view != TYPE_VIEW_NONE || type->child_count == 0 || set_children(arena, type, style, out);
}

/* ---- the other way round */

const char *arrow_kind_name(enum arrow_kind kind)
{
    static const char *const names[] = {"",
                                        "Null",
                                        "Int",
                                        "FloatingPoint",
                                        "Binary",
                                        "Utf8",
                                        "Bool",
                                        "Decimal",
                                        "Date",
                                        "Time",
                                        "Timestamp",
                                        "Interval",
                                        "List",
                                        "Struct",
                                        "Union",
                                        "FixedSizeBinary",
                                        "FixedSizeList",
                                        "Map",
                                        "Duration",
                                        "LargeBinary",
                                        "LargeUtf8",
                                        "LargeList",
                                        "RunEndEncoded",
                                        "BinaryView",
                                        "Utf8View",
                                        "ListView",
                                        "LargeListView"};
    return kind < ARROW_KINDS ? names[kind] : "";
}

static struct err *refused(const struct arrow_field *field, const char *why)
{
    return err_new(ERR_UNKNOWN_TYPE, "field \"%.*s\": Arrow's type %s is not supported%s",
                   SLICE_ARG(slice_cut(arrow_slice(field->name), 100)), arrow_kind_name(field->kind), why);
}

static struct err *type_of_int(const struct arrow_field *field, const struct type **out)
{
    static const enum type_kind kinds[2][4] = {{TYPE_UINT8, TYPE_UINT16, TYPE_UINT32, TYPE_UINT64},
                                               {TYPE_INT8, TYPE_INT16, TYPE_INT32, TYPE_INT64}};
    for (uint32_t k = 0; k < 4; k++) {
        if (field->bits == 8 << k) {
            *out = type_simple(kinds[field->is_signed][k]);
            return NULL;
        }
    }
    return refused(field, ": integers have 8, 16, 32 or 64 bits");
}

static struct err *type_of_decimal(struct arena *arena, const struct arrow_field *field, const struct type **out)
{
    if ((field->bits != 32 && field->bits != 64 && field->bits != 128 && field->bits != 256) || field->precision < 1 ||
        field->precision > 76 || field->scale < 0 || field->scale > field->precision) {
        return refused(field, " with this width, precision or scale");
    }
    if (field->precision > 38) {
        return refused(field, " with more than 38 digits");
    }
    *out = type_decimal(arena, (uint8_t)field->precision, (uint8_t)field->scale);
    return NULL;
}

static struct err *type_of_timestamp(struct arena *arena, const struct arrow_field *field, const struct type **out)
{
    const struct timezone *zone = NULL;
    if (field->zone.length > 0) {
        struct err *err = timezone_find(arrow_slice(field->zone), &zone);
        if (err != NULL) {
            return err_while(err, "field \"%.*s\"", SLICE_ARG(slice_cut(arrow_slice(field->name), 100)));
        }
    }
    *out = type_datetime64(arena, (uint8_t)arrow_unit_scale(field->unit), zone);
    return NULL;
}

static struct err *type_of_children(struct arena *arena, const struct arrow_field *field, const struct type **out)
{
    struct err *err = NULL;
    const struct type **types = ARENA_ARRAY(arena, const struct type *, (size_t)field->child_count + 1);
    struct slice *names = ARENA_ARRAY(arena, struct slice, (size_t)field->child_count + 1);
    if (types == NULL || names == NULL) {
        return arena_error(arena);
    }
    for (uint32_t k = 0; k < field->child_count; k++) {
        OR_DONE(arrow_type_of(arena, &field->children[k], &types[k]));
        names[k] = arena_slice(arena, arrow_slice(field->children[k].name));
    }
    if (field->kind == ARROW_STRUCT) {
        *out = type_tuple(arena, types, field->child_count == 0 ? NULL : names, field->child_count);
    } else if (field->child_count != 1) {
        err = refused(field, " without one child");
    } else if (field->kind != ARROW_MAP) {
        *out = type_array(arena, types[0]);
    } else if (field->children[0].kind != ARROW_STRUCT || field->children[0].child_count != 2) {
        err = refused(field, " whose entries are no pairs");
    } else {
        const struct type *pair[2];
        pair[0] = type_nullable(arena, types[0]->children[0], false);
        pair[1] = types[0]->children[1];
        struct type *map = ARENA_NEW(arena, struct type);
        const struct type **child = ARENA_ARRAY(arena, const struct type *, 1);
        if (pair[0] == NULL || map == NULL || child == NULL) {
            return arena_error(arena);
        }
        child[0] = type_tuple(arena, pair, NULL, 2);
        *map = (struct type){.kind = TYPE_MAP, .children = child, .child_count = 1};
        *out = child[0] == NULL ? NULL : map;
    }
done:
    return err;
}

static struct err *plain_type_of(struct arena *arena, const struct arrow_field *field, const struct type **out)
{
    static const enum interval_unit units[] = {INTERVAL_SECOND, INTERVAL_MILLISECOND, INTERVAL_MICROSECOND,
                                               INTERVAL_NANOSECOND};
    switch (field->kind) {
    case ARROW_BOOL:
        *out = type_simple(TYPE_BOOL);
        return NULL;
    case ARROW_INT:
        return type_of_int(field, out);
    case ARROW_FLOAT:
        *out = type_simple(field->bits == 64 ? TYPE_FLOAT64 : TYPE_FLOAT32);
        return field->bits > 64 ? refused(field, ": floats have 16, 32 or 64 bits") : NULL;
    case ARROW_UTF8:
    case ARROW_BINARY:
    case ARROW_LARGE_UTF8:
    case ARROW_LARGE_BINARY:
    case ARROW_UTF8_VIEW:
    case ARROW_BINARY_VIEW:
        *out = type_simple(TYPE_STRING);
        return NULL;
    case ARROW_FIXED_BINARY:
        if (field->width < 1) {
            return refused(field, " of no bytes");
        }
        *out = slice_is_word(arrow_slice(field->extension), "arrow.uuid") && field->width == 16
                   ? type_simple(TYPE_UUID)
                   : type_fixed_string(arena, (uint32_t)field->width);
        return NULL;
    case ARROW_DATE:
        *out = type_simple(field->unit == 0 ? TYPE_DATE32 : TYPE_DATETIME);
        return NULL;
    case ARROW_TIMESTAMP:
        return type_of_timestamp(arena, field, out);
    case ARROW_DURATION:
        *out = type_interval(units[field->unit]);
        return NULL;
    case ARROW_DECIMAL:
        return type_of_decimal(arena, field, out);
    case ARROW_LIST:
    case ARROW_LARGE_LIST:
    case ARROW_FIXED_LIST:
    case ARROW_STRUCT:
    case ARROW_MAP:
        return type_of_children(arena, field, out);
    case ARROW_NULL:
        *out = type_simple(TYPE_NOTHING);
        return NULL;
    default:
        return refused(field, "");
    }
}

struct err *arrow_type_of(struct arena *arena, const struct arrow_field *field, const struct type **out)
{
    int32_t bits = field->index_bits;
    *out = NULL;
    if (field->is_dictionary && bits != 8 && bits != 16 && bits != 32 && bits != 64) {
        return refused(field, " as a dictionary whose indexes have not 8, 16, 32 or 64 bits");
    }
    struct err *err = plain_type_of(arena, field, out);
    if (err == NULL && *out != NULL && field->nullable && (*out)->kind != TYPE_ARRAY && (*out)->kind != TYPE_MAP) {
        *out = type_nullable(arena, *out, true);
    }
    return err == NULL && *out == NULL ? arena_error(arena) : err;
}
