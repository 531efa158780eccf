/*
 * parquet_bounds.c: the least and greatest values of pages and columns, for what readers leave out.
 *
 * order    as the schema's types say: numbers by their sign, texts by their bytes. NaN is no bound; a zero is −0 below and
 *          0 above, since readers may take them for different.
 */
#include "format/parquet.h"

#include "format/thrift_compact.h"

enum {
    STATISTICS_MAX_OLD = 1,
    STATISTICS_MIN_OLD,
    STATISTICS_NULLS,
    STATISTICS_MAX = 5,
    STATISTICS_MIN,
    EXACT_MAX,
    EXACT_MIN
};

#define COMPARE(type)                                                                                                  \
    do {                                                                                                               \
        type x, y;                                                                                                     \
        memcpy(&x, a.data, sizeof(x));                                                                                 \
        memcpy(&y, b.data, sizeof(y));                                                                                 \
        return (x > y) - (x < y);                                                                                      \
    } while (0)

static int compare_bytes(struct slice a, struct slice b)
{
    size_t shared = a.length < b.length ? a.length : b.length;
    int order = shared == 0 ? 0 : memcmp(a.data, b.data, shared);
    return order != 0 ? order : (a.length > b.length) - (a.length < b.length);
}

static int compare(enum parquet_order order, struct slice a, struct slice b)
{
    switch (order) {
    case PARQUET_ORDER_I32:
        COMPARE(int32_t);
    case PARQUET_ORDER_U32:
        COMPARE(uint32_t);
    case PARQUET_ORDER_I64:
        COMPARE(int64_t);
    case PARQUET_ORDER_U64:
        COMPARE(uint64_t);
    case PARQUET_ORDER_FLOAT:
        COMPARE(float);
    case PARQUET_ORDER_DOUBLE:
        COMPARE(double);
    case PARQUET_ORDER_BIG:
        if (((a.data[0] ^ b.data[0]) & 0x80) != 0) {
            return (a.data[0] & 0x80) != 0 ? -1 : 1;
        }
        break;
    case PARQUET_ORDER_BYTES:
        break;
    }
    return compare_bytes(a, b);
}

static void set(struct buffer *bound, struct slice value)
{
    bound->length = 0;
    buffer_slice(bound, value);
}

static void take(struct parquet_bounds *bounds, enum parquet_order order, struct slice least, struct slice greatest)
{
    if (!bounds->known || compare(order, least, buffer_all(&bounds->least)) < 0) {
        set(&bounds->least, least);
    }
    if (!bounds->known || compare(order, greatest, buffer_all(&bounds->greatest)) > 0) {
        set(&bounds->greatest, greatest);
    }
    bounds->known = true;
}

#define TAKE_INTEGERS(type)                                                                                            \
    do {                                                                                                               \
        const type *list = (const void *)values;                                                                       \
        type least = list[0], greatest = list[0];                                                                      \
        for (uint32_t i = 1; i < count; i++) {                                                                         \
            least = list[i] < least ? list[i] : least;                                                                 \
            greatest = list[i] > greatest ? list[i] : greatest;                                                        \
        }                                                                                                              \
        take(bounds, leaf->order, slice_of((const char *)&least, sizeof(least)),                                       \
             slice_of((const char *)&greatest, sizeof(greatest)));                                                     \
    } while (0)

#define TAKE_FLOATS(type)                                                                                              \
    do {                                                                                                               \
        const type *list = (const void *)values;                                                                       \
        type least = 0, greatest = 0;                                                                                  \
        bool found = false;                                                                                            \
        for (uint32_t i = 0; i < count; i++) {                                                                         \
            if (list[i] == list[i]) {                                                                                  \
                least = !found || list[i] < least ? list[i] : least;                                                   \
                greatest = !found || list[i] > greatest ? list[i] : greatest;                                          \
                found = true;                                                                                          \
            }                                                                                                          \
        }                                                                                                              \
        least = least == 0 ? -(type)0 : least;                                                                         \
        greatest = greatest == 0 ? 0 : greatest;                                                                       \
        if (found) {                                                                                                   \
            take(bounds, leaf->order, slice_of((const char *)&least, sizeof(least)),                                   \
                 slice_of((const char *)&greatest, sizeof(greatest)));                                                 \
        }                                                                                                              \
    } while (0)

static void take_bytes(struct parquet_bounds *bounds, const struct parquet_leaf *leaf, const char *values,
                       uint32_t count)
{
    struct slice least = slice_of(values, leaf->width), greatest = least;
    for (uint32_t i = 1; i < count; i++) {
        struct slice value = slice_of(values + (size_t)i * leaf->width, leaf->width);
        least = compare(leaf->order, value, least) < 0 ? value : least;
        greatest = compare(leaf->order, value, greatest) > 0 ? value : greatest;
    }
    take(bounds, leaf->order, least, greatest);
}

void parquet_bounds_numbers(struct parquet_bounds *bounds, const struct parquet_leaf *leaf, const char *values,
                            uint32_t count)
{
    if (count == 0) {
        return;
    }
    switch (leaf->order) {
    case PARQUET_ORDER_I32:
        TAKE_INTEGERS(int32_t);
        break;
    case PARQUET_ORDER_U32:
        TAKE_INTEGERS(uint32_t);
        break;
    case PARQUET_ORDER_I64:
        TAKE_INTEGERS(int64_t);
        break;
    case PARQUET_ORDER_U64:
        TAKE_INTEGERS(uint64_t);
        break;
    case PARQUET_ORDER_FLOAT:
        TAKE_FLOATS(float);
        break;
    case PARQUET_ORDER_DOUBLE:
        TAKE_FLOATS(double);
        break;
    case PARQUET_ORDER_BYTES:
    case PARQUET_ORDER_BIG:
        take_bytes(bounds, leaf, values, count);
        break;
    }
}

void parquet_bounds_texts(struct parquet_bounds *bounds, const struct slice *texts, uint32_t count)
{
    if (count == 0) {
        return;
    }
    struct slice least = texts[0], greatest = texts[0];
    for (uint32_t i = 1; i < count; i++) {
        least = compare_bytes(texts[i], least) < 0 ? texts[i] : least;
        greatest = compare_bytes(texts[i], greatest) > 0 ? texts[i] : greatest;
    }
    take(bounds, PARQUET_ORDER_BYTES, least, greatest);
}

void parquet_bounds_merge(struct parquet_bounds *bounds, const struct parquet_leaf *leaf,
                          const struct parquet_bounds *more)
{
    if (more->known) {
        take(bounds, leaf->order, buffer_all(&more->least), buffer_all(&more->greatest));
    }
}

void parquet_bounds_reset(struct parquet_bounds *bounds)
{
    bounds->known = false;
    bounds->least.length = bounds->greatest.length = 0;
}

void parquet_bounds_deinit(struct parquet_bounds *bounds)
{
    buffer_deinit(&bounds->least);
    buffer_deinit(&bounds->greatest);
    bounds->known = false;
}

bool parquet_bounds_written(const struct parquet_bounds *bounds)
{
    return bounds->known && bounds->least.length <= PARQUET_BOUND_BYTES &&
           bounds->greatest.length <= PARQUET_BOUND_BYTES;
}

/* The fields that older readers know are compared as signed there: only such orders stand in them. */
static bool has_old_order(const struct parquet_leaf *leaf)
{
    return leaf->order == PARQUET_ORDER_I32 || leaf->order == PARQUET_ORDER_I64 || leaf->order == PARQUET_ORDER_FLOAT ||
           leaf->order == PARQUET_ORDER_DOUBLE;
}

void parquet_put_statistics(struct thrift_writer *thrift, int16_t field, const struct parquet_leaf *leaf,
                            const struct parquet_bounds *bounds, uint64_t nulls)
{
    bool written = parquet_bounds_written(bounds);
    struct slice least = buffer_all(&bounds->least), greatest = buffer_all(&bounds->greatest);
    thrift_put_struct(thrift, field);
    if (written && has_old_order(leaf)) {
        thrift_put_binary(thrift, STATISTICS_MAX_OLD, greatest);
        thrift_put_binary(thrift, STATISTICS_MIN_OLD, least);
    }
    if (leaf->repetitions_max == 0) { /* within lists, writers do not agree on whether an empty one counts */
        thrift_put_i64(thrift, STATISTICS_NULLS, (int64_t)nulls);
    }
    if (written) {
        thrift_put_binary(thrift, STATISTICS_MAX, greatest);
        thrift_put_binary(thrift, STATISTICS_MIN, least);
        thrift_put_bool(thrift, EXACT_MAX, true);
        thrift_put_bool(thrift, EXACT_MIN, true);
    }
    thrift_end(thrift);
}
