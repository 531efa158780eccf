/*
 * prune_ranges.c: which numbers of a column meet a condition: its packed form is asked for these (storage/bitfilter.h).
 *
 * flow     scan.c → here → scan_filter.c
 * floats   have fewer digits than whole numbers of 64 bits, and decimals are compared with them as floats: the condition
 *          is evaluated
 */
#include "query/prune_private.h"

struct err *prune_ranges(const struct prune *prune, struct arena *arena, const struct type *type,
                         const struct number_ranges **out)
{
    const struct type *plain = prune_bare(arena, type), *own = prune_bare(arena, prune->type);
    *out = NULL;
    if (plain == NULL || own == NULL) {
        return arena_error(arena);
    }
    if (prune->program != NULL || prune->kind == PRUNE_RANGE || !number_ranges_suit(plain) || !type_equal(plain, own) ||
        (prune->is_real && (plain->kind == TYPE_DECIMAL || plain->width == 8))) {
        return NULL;
    }
    struct number_ranges *made = ARENA_NEW(arena, struct number_ranges);
    struct number_range all = number_range_of_type(plain);
    if (made == NULL || (made->ranges = arena_array(arena, prune->value->row_count, sizeof(*made->ranges))) == NULL) {
        return arena_error(arena);
    }
    made->count = 0;
    for (uint32_t row = 0; row < prune->value->row_count; row++) {
        uint64_t value = number_order(plain, column_value(prune->value, row));
        if (column_is_null(prune->value, row)) {
            continue; /* equals nothing */
        }
        if (made->count > 0 && made->ranges[made->count - 1].high >= value - 1) {
            made->ranges[made->count - 1].high = value;
        } else {
            made->ranges[made->count++] = (struct number_range){value, value};
        }
    }
    struct number_range *range = &made->ranges[0];
    switch (prune->kind) {
    case PRUNE_NOT_EQUAL:
        made = number_ranges_others(arena, plain, made);
        break;
    case PRUNE_LESS:
        made->count = range->low > all.low;
        *range = (struct number_range){all.low, range->low - 1};
        break;
    case PRUNE_LESS_EQUAL:
        range->low = all.low;
        break;
    case PRUNE_GREATER:
        made->count = range->high < all.high;
        *range = (struct number_range){range->high + 1, all.high};
        break;
    case PRUNE_GREATER_EQUAL:
        range->high = all.high;
        break;
    default:
        break;
    }
    *out = made;
    return made == NULL ? arena_error(arena) : NULL;
}
