/*
 * number_ranges.c: see number_ranges.h.
 */
#include "storage/number_ranges.h"

#include "storage/codec_encode.h"

#include <string.h>

bool number_ranges_suit(const struct type *type)
{
    switch (type->kind) {
    case TYPE_BOOL:
    case TYPE_INT8:
    case TYPE_INT16:
    case TYPE_INT32:
    case TYPE_INT64:
    case TYPE_UINT8:
    case TYPE_UINT16:
    case TYPE_UINT32:
    case TYPE_UINT64:
    case TYPE_DATE:
    case TYPE_DATE32:
    case TYPE_DATETIME:
    case TYPE_DATETIME64:
    case TYPE_IPV4:
    case TYPE_ENUM8:
    case TYPE_ENUM16:
    case TYPE_INTERVAL:
        return true;
    case TYPE_DECIMAL:
        return type->width <= 8;
    default:
        return false;
    }
}

#define SIGN_BIT ((uint64_t)1 << 63)

uint64_t number_order_of_bits(const struct type *type, uint64_t bits)
{
    uint32_t unused = 64 - 8 * type->width;
    bits <<= unused; /* what stands above the type's bits does not count */
    return codec_is_signed(type) ? (uint64_t)((int64_t)bits >> unused) ^ SIGN_BIT : bits >> unused;
}

uint64_t number_order(const struct type *type, const void *value)
{
    uint64_t bits = 0;
    memcpy(&bits, value, type->width); /* little-endian */
    return number_order_of_bits(type, bits);
}

uint64_t number_bits(const struct type *type, uint64_t order)
{
    return (codec_is_signed(type) ? order ^ SIGN_BIT : order) & (UINT64_MAX >> (64 - 8 * type->width));
}

struct number_range number_range_of_type(const struct type *type)
{
    uint64_t sign = (uint64_t)1 << (8 * type->width - 1);
    return codec_is_signed(type)
               ? (struct number_range){number_order_of_bits(type, sign), number_order_of_bits(type, sign - 1)}
               : (struct number_range){0, UINT64_MAX >> (64 - 8 * type->width)};
}

static struct number_ranges *ranges_new(struct arena *arena, uint32_t count_max)
{
    struct number_ranges *ranges = ARENA_NEW(arena, struct number_ranges);
    if (ranges == NULL || (ranges->ranges = arena_array(arena, count_max + 1U, sizeof(*ranges->ranges))) == NULL) {
        return NULL;
    }
    ranges->count = 0;
    return ranges;
}

struct number_ranges *number_ranges_meet(struct arena *arena, const struct number_ranges *a,
                                         const struct number_ranges *b)
{
    struct number_ranges *both = ranges_new(arena, a->count + b->count);
    for (uint32_t i = 0, j = 0; both != NULL && i < a->count && j < b->count;) {
        const struct number_range *x = &a->ranges[i], *y = &b->ranges[j];
        uint64_t low = x->low > y->low ? x->low : y->low, high = x->high < y->high ? x->high : y->high;
        if (low <= high) {
            both->ranges[both->count++] = (struct number_range){low, high};
        }
        if (x->high < y->high) {
            i++;
        } else {
            j++;
        }
    }
    return both;
}

struct number_ranges *number_ranges_others(struct arena *arena, const struct type *type,
                                           const struct number_ranges *ranges)
{
    struct number_ranges *others = ranges_new(arena, ranges->count + 1);
    struct number_range left = number_range_of_type(type);
    bool more = true;
    for (uint32_t i = 0; others != NULL && i < ranges->count; i++) {
        const struct number_range *range = &ranges->ranges[i];
        if (range->low > left.low) {
            others->ranges[others->count++] = (struct number_range){left.low, range->low - 1};
        }
        more = range->high < left.high;
        left.low = more ? range->high + 1 : left.low;
    }
    if (others != NULL && more) {
        others->ranges[others->count++] = left;
    }
    return others;
}

bool number_ranges_have(const struct number_ranges *ranges, uint64_t order)
{
    uint32_t low = 0, high = ranges->count; /* the first range that does not end below it */
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (ranges->ranges[middle].high < order) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low < ranges->count && ranges->ranges[low].low <= order;
}
