/*
 * fill_value.c: values of the keys of WITH FILL: their order, and columns of them.
 *
 * thread   any, no shared state
 */
#include "query/fill_value.h"
#include "query/functions/functions.h"

#include <math.h>

bool fill_value_before(const struct fill_key *key, const struct fill_value *a, const struct fill_value *b)
{
    const struct fill_value *low = key->descending ? b : a;
    const struct fill_value *high = key->descending ? a : b;
    return key->is_float ? low->real < high->real : low->integer < high->integer;
}

bool fill_value_same(const struct fill_key *key, const struct fill_value *a, const struct fill_value *b)
{
    if (!a->set || !b->set) {
        return a->set == b->set;
    }
    return key->is_float ? a->real == b->real || (isnan(a->real) && isnan(b->real)) : a->integer == b->integer;
}

bool fill_row_before(const struct plan_fill *plan, const struct fill_value *a, const struct fill_value *b)
{
    for (uint32_t k = 0; k < plan->key_count; k++) {
        if (a[k].set && b[k].set && !fill_value_same(&plan->keys[k], &a[k], &b[k])) {
            return fill_value_before(&plan->keys[k], &a[k], &b[k]);
        }
    }
    return false;
}

bool fill_row_is_set(const struct plan_fill *plan, const struct fill_value *row)
{
    bool set = false;
    for (uint32_t k = 0; k < plan->key_count; k++) {
        set = set || row[k].set;
    }
    return set;
}

#define READ_CASE(kind, ctype, utype)                                                                                  \
    case kind:                                                                                                         \
        value.integer = (__int128)*(const ctype *)at;                                                                  \
        break;
#define WRITE_CASE(kind, ctype, utype)                                                                                 \
    case kind:                                                                                                         \
        *(ctype *)at = (ctype)value->integer;                                                                          \
        return (__int128)*(ctype *)at == value->integer;

struct fill_value fill_value_read(const struct column *column, uint32_t row)
{
    struct fill_value value = {.set = !column_is_null(column, row)};
    if (!value.set) {
        return value;
    }
    const void *at = column_value(column, row);
    switch ((int)type_physical(column->type)) {
        INTEGER_KINDS(READ_CASE)
        WIDE_KINDS(READ_CASE)
    case TYPE_FLOAT32:
        value.real = *(const float *)at;
        break;
    case TYPE_FLOAT64:
        value.real = *(const double *)at;
        break;
    default:
        value.integer = *(const uint8_t *)at;
        break;
    }
    return value;
}

bool fill_value_write(const struct fill_value *value, struct column *column, uint32_t row)
{
    void *at = (char *)column->values + (size_t)row * column->type->width;
    if (column->nulls != NULL) {
        column->nulls[row] = !value->set;
    }
    if (!value->set) {
        memset(at, 0, column->type->width);
        return true;
    }
    switch ((int)type_physical(column->type)) {
        INTEGER_KINDS(WRITE_CASE)
        WIDE_KINDS(WRITE_CASE)
    case TYPE_FLOAT32:
        *(float *)at = (float)value->real;
        return true;
    case TYPE_FLOAT64:
        *(double *)at = value->real;
        return true;
    default:
        *(uint8_t *)at = (uint8_t)value->integer;
        return value->integer >= 0 && value->integer <= 1;
    }
}
