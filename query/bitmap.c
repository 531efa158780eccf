/*
 * bitmap.c: sets of 64-bit numbers as roaring bitmaps.
 *
 * reading  CRoaring trusts the bytes that it reads. Here they are hostile: they are taken apart by the format's
 *          description, checked, and their values added.
 * thread   one at a time
 */
#include "query/bitmap.h"

#include "base/interrupt.h"
#include "base/order.h"

#include <roaring/roaring.h>

#define SMALL_MAX       32U   /* values that are written one by one */
#define NEW_BYTES       256U  /* about what an empty part takes */
#define CONTAINER_BYTES 96U   /* what CRoaring takes for each, beside its values */
#define ADDS_MIN        1024U /* additions between looks at the size; more when it is large, as looking takes time */
#define PARTS_MIN       8U
#define COOKIE          12346U
#define COOKIE_RUNS     12347U
#define OFFSETS_MIN     4U  /* containers: fewer have no offsets when there are runs */
#define ALONE_BYTES     18U /* of the format, for one value */
#define ARRAY_MAX       4096U
#define CONTAINER_MAX   65536U

/* What has one upper half. Most sets of hashes have one value of each: that is no bitmap yet. */
struct part {
    uint32_t high;         /* upper 32 bits of its values */
    uint32_t value;        /* the lower half of its only value, when low is NULL */
    roaring_bitmap_t *low; /* its own */
};

struct parts {
    struct part *list;
    size_t count;
    size_t capacity;
};

struct bitmap {
    struct arena *arena;
    struct parts parts; /* ascending, of different upper halves */
    struct parts loose; /* not yet among them, in any order; of upper halves that they did not have */
    uint64_t adds;      /* to parts, since the size was looked at */
    uint64_t charged;   /* for what CRoaring has */
    uint64_t steps;     /* of work since the last look */
};

static void parts_free(struct parts *parts)
{
    for (size_t p = 0; p < parts->count; p++) {
        if (parts->list[p].low != NULL) {
            roaring_bitmap_free(parts->list[p].low);
        }
    }
    parts->count = 0;
}

static void bitmap_free(void *object)
{
    struct bitmap *bitmap = object;
    parts_free(&bitmap->parts);
    parts_free(&bitmap->loose);
}

struct bitmap *bitmap_new(struct arena *arena)
{
    struct bitmap *bitmap = ARENA_NEW(arena, struct bitmap);
    if (bitmap == NULL || !arena_on_destroy(arena, bitmap_free, bitmap)) {
        return NULL;
    }
    bitmap->arena = arena;
    return bitmap;
}

static struct err *parts_reserve(struct arena *arena, struct parts *parts, size_t more)
{
    struct err *err = NULL;
    size_t capacity = parts->capacity < PARTS_MIN ? PARTS_MIN : parts->capacity * 2;
    if (parts->capacity - parts->count >= more) {
        return NULL;
    }
    capacity = capacity < parts->count + more ? parts->count + more : capacity;
    struct part *list = ARENA_ARRAY(arena, struct part, capacity);
    if (list == NULL) {
        return arena_error(arena);
    }
    if (parts->count > 0) {
        OR_DONE(interrupt_copy(list, parts->list, parts->count * sizeof(*list)));
    }
    parts->list = list;
    parts->capacity = capacity;
done:
    return err;
}

/* --- what it takes ----------------------------------------------------------------------------------------------- */

static uint64_t part_bytes(const struct part *part)
{
    return part->low == NULL ? 0
                             : NEW_BYTES + roaring_bitmap_portable_size_in_bytes(part->low) +
                                   (uint64_t)part->low->high_low_container.size * CONTAINER_BYTES;
}

static struct err *charge(struct bitmap *bitmap, uint64_t bytes)
{
    if (!arena_charge(bitmap->arena, bytes)) {
        return arena_error(bitmap->arena);
    }
    bitmap->charged += bytes;
    return NULL;
}

/* Charges what its parts have grown by. */
static struct err *bitmap_charge(struct bitmap *bitmap)
{
    struct err *err = NULL;
    uint64_t bytes = 0;
    bitmap->adds = 0;
    for (size_t p = 0; p < bitmap->parts.count; p++) {
        bool is_one = bitmap->parts.list[p].low == NULL;
        OR_DONE(interrupt_steps(&bitmap->steps, is_one ? 1 : 100));
        bytes += part_bytes(&bitmap->parts.list[p]);
    }
    if (bytes > bitmap->charged) {
        OR_DONE(charge(bitmap, bytes - bitmap->charged));
    }
done:
    return err;
}

/* --- parts ------------------------------------------------------------------------------------------------------- */

static struct part *part_find(const struct bitmap *bitmap, uint32_t high)
{
    size_t begin = 0;
    size_t end = bitmap->parts.count;
    while (begin < end) {
        size_t middle = begin + (end - begin) / 2;
        if (bitmap->parts.list[middle].high < high) {
            begin = middle + 1;
        } else {
            end = middle;
        }
    }
    return begin < bitmap->parts.count && bitmap->parts.list[begin].high == high ? &bitmap->parts.list[begin] : NULL;
}

/* Of its only value it makes a bitmap. */
static struct err *part_open(struct part *part)
{
    if (part->low == NULL) {
        part->low = roaring_bitmap_create();
        if (part->low == NULL) {
            return err_oom();
        }
        roaring_bitmap_add(part->low, part->value);
    }
    return NULL;
}

static bool part_holds(const struct part *part, uint32_t value)
{
    return part->low == NULL ? part->value == value : roaring_bitmap_contains(part->low, value);
}

static uint64_t part_count(const struct part *part)
{
    return part->low == NULL ? 1 : roaring_bitmap_get_cardinality(part->low);
}

/* into becomes into operation from; none: nothing is left. */
static struct err *part_combine(struct part *into, const struct part *from, enum bitmap_operation operation, bool *none)
{
    struct err *err = NULL;
    struct part other = *from;
    bool differ = into->low != NULL || from->low != NULL || into->value != from->value;
    if (into->low == NULL && (!differ || operation == BITMAP_AND || operation == BITMAP_ANDNOT)) {
        bool both = part_holds(from, into->value);
        *none = operation == BITMAP_AND ? !both : operation != BITMAP_OR && both;
        return NULL;
    }
    OR_DONE(part_open(into));
    if (operation == BITMAP_OR && from->low == NULL) {
        roaring_bitmap_add(into->low, from->value);
        *none = false;
        return NULL;
    }
    OR_DONE(part_open(&other));
    if (operation == BITMAP_AND) {
        roaring_bitmap_and_inplace(into->low, other.low);
    } else if (operation == BITMAP_OR) {
        roaring_bitmap_or_inplace(into->low, other.low);
    } else if (operation == BITMAP_XOR) {
        roaring_bitmap_xor_inplace(into->low, other.low);
    } else {
        roaring_bitmap_andnot_inplace(into->low, other.low);
    }
    *none = roaring_bitmap_is_empty(into->low);
done:
    if (from->low == NULL && other.low != NULL) {
        roaring_bitmap_free(other.low);
    }
    return err;
}

static struct err *loose_add(struct bitmap *bitmap, struct part part)
{
    struct err *err = NULL;
    OR_DONE(parts_reserve(bitmap->arena, &bitmap->loose, 1));
    bitmap->loose.list[bitmap->loose.count++] = part;
done:
    return err;
}

static int compare_parts(const void *a, const void *b, void *user)
{
    const struct part *left = a, *right = b;
    (void)user;
    return (left->high > right->high) - (left->high < right->high);
}

/* Loose parts of one upper half become one; ascending. */
static struct err *loose_fold(struct bitmap *bitmap)
{
    struct err *err = NULL;
    struct parts *loose = &bitmap->loose;
    size_t kept = 0;
    bool none;
    OR_DONE(order_elements(bitmap->arena, loose->list, loose->count, sizeof(struct part), compare_parts, NULL));
    for (size_t p = 0; p < loose->count; p++) {
        struct part *part = &loose->list[p];
        if (kept == 0 || loose->list[kept - 1].high != part->high) {
            struct part moved = *part;
            part->low = NULL;
            loose->list[kept++] = moved;
            continue;
        }
        OR_DONE(part_combine(&loose->list[kept - 1], part, BITMAP_OR, &none));
        if (part->low != NULL) {
            roaring_bitmap_free(part->low);
            part->low = NULL;
        }
        OR_DONE(interrupt_steps(&bitmap->steps, 100));
    }
    loose->count = kept;
done:
    return err;
}

struct err *bitmap_settle(struct bitmap *bitmap)
{
    struct err *err = NULL;
    struct parts *parts = &bitmap->parts;
    struct parts *loose = &bitmap->loose;
    if (loose->count == 0) {
        return NULL;
    }
    OR_DONE(loose_fold(bitmap));
    OR_DONE(parts_reserve(bitmap->arena, parts, loose->count));
    size_t from = parts->count;
    size_t to = from + loose->count;
    memset(parts->list + from, 0, loose->count * sizeof(struct part));
    parts->count = to;
    while (loose->count > 0) { /* from the greatest on; parts [from, to) are none, so that it may end at any time */
        const struct part *last = &loose->list[loose->count - 1];
        if (from > 0 && parts->list[from - 1].high > last->high) {
            parts->list[--to] = parts->list[--from];
            parts->list[from].low = NULL;
        } else {
            parts->list[--to] = *last;
            loose->count--;
        }
        OR_DONE(interrupt_steps(&bitmap->steps, 2));
    }
    OR_DONE(bitmap_charge(bitmap));
done:
    return err;
}

struct err *bitmap_add(struct bitmap *bitmap, uint64_t value)
{
    struct err *err = NULL;
    const struct part alone = {(uint32_t)(value >> 32), (uint32_t)value, NULL};
    struct part *part = part_find(bitmap, alone.high);
    if (part == NULL) {
        OR_DONE(loose_add(bitmap, alone));
        if (bitmap->loose.count > PARTS_MIN + bitmap->parts.count / 4) {
            OR_DONE(bitmap_settle(bitmap));
        }
        return NULL;
    }
    if (part->low == NULL) {
        if (part->value == alone.value) {
            return NULL;
        }
        OR_DONE(part_open(part));
        OR_DONE(charge(bitmap, part_bytes(part)));
    }
    roaring_bitmap_add(part->low, alone.value);
    if (++bitmap->adds >= ADDS_MIN + bitmap->charged / 512 + bitmap->parts.count / 8) {
        OR_DONE(bitmap_charge(bitmap));
    }
done:
    return err;
}

/* Its parts of which both have one become those of the operation; of the others, AND leaves none. */
static struct err *apply_to_common(struct bitmap *bitmap, const struct bitmap *other, enum bitmap_operation operation)
{
    struct err *err = NULL;
    struct parts *parts = &bitmap->parts;
    size_t kept = 0;
    size_t p = 0;
    size_t o = 0;
    while (p < parts->count) {
        struct part *part = &parts->list[p];
        bool none = false;
        OR_DONE(interrupt_steps(&bitmap->steps, 10));
        while (o < other->parts.count && other->parts.list[o].high < part->high) {
            OR_DONE(interrupt_steps(&bitmap->steps, 2));
            o++;
        }
        if (o < other->parts.count && other->parts.list[o].high == part->high) {
            OR_DONE(part_combine(part, &other->parts.list[o], operation, &none));
        } else {
            none = operation == BITMAP_AND;
        }
        struct part moved = *part;
        part->low = NULL;
        p++;
        if (!none) {
            parts->list[kept++] = moved;
        } else if (moved.low != NULL) {
            roaring_bitmap_free(moved.low);
        }
    }
    parts->count = kept;
done:
    return err;
}

/* Copies of other's parts of which it has none. */
static struct err *add_missing(struct bitmap *bitmap, const struct bitmap *other)
{
    struct err *err = NULL;
    size_t p = 0;
    for (size_t o = 0; o < other->parts.count; o++) {
        struct part part = other->parts.list[o];
        for (; p < bitmap->parts.count && bitmap->parts.list[p].high < part.high; p++) {
            OR_DONE(interrupt_steps(&bitmap->steps, 2));
        }
        if (p < bitmap->parts.count && bitmap->parts.list[p].high == part.high) {
            continue;
        }
        OR_DONE(parts_reserve(bitmap->arena, &bitmap->loose, 1));
        if (part.low != NULL) {
            part.low = roaring_bitmap_copy(part.low);
            if (part.low == NULL) {
                return err_oom();
            }
        }
        OR_DONE(loose_add(bitmap, part));
        OR_DONE(interrupt_steps(&bitmap->steps, part.low == NULL ? 10 : 200));
    }
done:
    return err;
}

struct err *bitmap_apply(struct bitmap *bitmap, const struct bitmap *other, enum bitmap_operation operation)
{
    struct err *err = NULL;
    ASSERT(bitmap->loose.count == 0 && other->loose.count == 0);
    if (operation == BITMAP_OR || operation == BITMAP_XOR) {
        OR_DONE(add_missing(bitmap, other));
    }
    OR_DONE(apply_to_common(bitmap, other, operation));
    OR_DONE(bitmap_settle(bitmap));
    OR_DONE(bitmap_charge(bitmap));
done:
    return err;
}

/* --- looking ----------------------------------------------------------------------------------------------------- */

uint64_t bitmap_count(const struct bitmap *bitmap)
{
    uint64_t count = 0;
    ASSERT(bitmap->loose.count == 0);
    for (size_t p = 0; p < bitmap->parts.count; p++) {
        count += part_count(&bitmap->parts.list[p]);
    }
    return count;
}

uint64_t bitmap_common(const struct bitmap *a, const struct bitmap *b)
{
    uint64_t count = 0;
    ASSERT(a->loose.count == 0 && b->loose.count == 0);
    for (size_t i = 0, k = 0; i < a->parts.count && k < b->parts.count;) {
        const struct part *left = &a->parts.list[i];
        const struct part *right = &b->parts.list[k];
        if (left->high == right->high) {
            count += left->low == NULL    ? part_holds(right, left->value)
                     : right->low == NULL ? part_holds(left, right->value)
                                          : roaring_bitmap_and_cardinality(left->low, right->low);
        }
        i += left->high <= right->high;
        k += left->high >= right->high;
    }
    return count;
}

bool bitmap_holds(const struct bitmap *bitmap, uint64_t value)
{
    ASSERT(bitmap->loose.count == 0);
    const struct part *part = part_find(bitmap, (uint32_t)(value >> 32));
    return part != NULL && part_holds(part, (uint32_t)value);
}

bool bitmap_bounds(const struct bitmap *bitmap, uint64_t *least, uint64_t *greatest)
{
    ASSERT(bitmap->loose.count == 0);
    if (bitmap->parts.count == 0) {
        return false;
    }
    const struct part *first = &bitmap->parts.list[0];
    const struct part *last = &bitmap->parts.list[bitmap->parts.count - 1];
    *least = (uint64_t)first->high << 32 | (first->low == NULL ? first->value : roaring_bitmap_minimum(first->low));
    *greatest = (uint64_t)last->high << 32 | (last->low == NULL ? last->value : roaring_bitmap_maximum(last->low));
    return true;
}

struct err *bitmap_values(const struct bitmap *bitmap, struct arena *arena, uint64_t **out)
{
    uint64_t *values = ARENA_ARRAY(arena, uint64_t, bitmap_count(bitmap) + 1);
    if (values == NULL) {
        return arena_error(arena);
    }
    *out = values;
    for (size_t p = 0; p < bitmap->parts.count; p++) {
        const struct part *part = &bitmap->parts.list[p];
        uint64_t count = part_count(part);
        uint32_t *low = (uint32_t *)(void *)values + count; /* the second half: widened from the first on */
        if (part->low == NULL) {
            low[0] = part->value;
        } else {
            roaring_bitmap_to_uint32_array(part->low, low);
        }
        for (uint64_t i = 0; i < count; i++) {
            uint32_t value = low[i];
            values[i] = (uint64_t)part->high << 32 | value;
        }
        values += count;
    }
    return NULL;
}

/* --- writing ----------------------------------------------------------------------------------------------------- */

/* The portable format of one value. */
static void write_alone(uint32_t value, struct state_writer *writer)
{
    const uint32_t head[2] = {COOKIE, 1};
    const uint16_t container[2] = {(uint16_t)(value >> 16), 0};
    const uint32_t offset = sizeof(head) + sizeof(container) + sizeof(offset);
    const uint16_t low = (uint16_t)value;
    state_put(writer, head, sizeof(head));
    state_put(writer, container, sizeof(container));
    state_put(writer, &offset, sizeof(offset));
    state_put(writer, &low, sizeof(low));
}

static void part_write(const struct part *part, struct state_writer *writer)
{
    if (part->low == NULL) {
        write_alone(part->value, writer);
        return;
    }
    size_t bytes = roaring_bitmap_portable_size_in_bytes(part->low);
    char *to = arena_alloc(writer->arena, bytes + 1);
    if (to == NULL) {
        writer->failed = true;
        return;
    }
    (void)roaring_bitmap_portable_serialize(part->low, to);
    state_put(writer, to, bytes);
}

static void write_small(const struct bitmap *bitmap, uint64_t count, uint32_t width, struct state_writer *writer)
{
    uint64_t *values = NULL;
    struct err *err = bitmap_values(bitmap, writer->arena, &values);
    writer->failed |= err != NULL;
    err_free(err);
    state_put_byte(writer, 0);
    state_put_count(writer, count);
    for (uint64_t i = 0; values != NULL && i < count; i++) {
        state_put(writer, &values[i], width);
    }
}

void bitmap_write(struct bitmap *bitmap, uint32_t width, struct state_writer *writer)
{
    uint64_t count = bitmap_count(bitmap);
    uint64_t total = 0;
    if (count <= SMALL_MAX) {
        write_small(bitmap, count, width, writer);
        return;
    }
    for (size_t p = 0; p < bitmap->parts.count; p++) {
        const struct part *part = &bitmap->parts.list[p];
        if (part->low == NULL) {
            total += ALONE_BYTES;
            continue;
        }
        (void)roaring_bitmap_run_optimize(part->low);
        total += roaring_bitmap_portable_size_in_bytes(part->low);
    }
    state_put_byte(writer, 1);
    if (width == 8) {
        uint64_t parts = bitmap->parts.count;
        state_put_count(writer, total + parts * sizeof(uint32_t) + sizeof(parts));
        state_put(writer, &parts, sizeof(parts));
    } else {
        state_put_count(writer, total);
    }
    for (size_t p = 0; p < bitmap->parts.count; p++) {
        const struct part *part = &bitmap->parts.list[p];
        state_put(writer, &part->high, width == 8 ? sizeof(part->high) : 0);
        part_write(part, writer);
    }
}

/* --- reading ----------------------------------------------------------------------------------------------------- */

static struct err *read_runs(roaring_bitmap_t *low, uint32_t base, struct state_reader *reader)
{
    struct err *err = NULL;
    uint16_t count;
    uint16_t run[2];
    uint32_t next = 0;
    OR_DONE(state_take(reader, &count, sizeof(count)));
    for (uint32_t i = 0; i < count; i++) {
        OR_DONE(state_take(reader, run, sizeof(run)));
        if (run[0] < next || (uint32_t)run[0] + run[1] >= CONTAINER_MAX) {
            return state_bad("a bitmap's runs are not in order");
        }
        next = (uint32_t)run[0] + run[1] + 1;
        roaring_bitmap_add_range_closed(low, base + run[0], base + run[0] + run[1]);
    }
done:
    return err;
}

static struct err *read_bits(roaring_bitmap_t *low, uint32_t base, struct state_reader *reader)
{
    struct err *err = NULL;
    for (uint32_t w = 0; w < CONTAINER_MAX / 64; w++) {
        uint64_t word;
        OR_DONE(state_take(reader, &word, sizeof(word)));
        for (; word != 0; word &= word - 1) {
            roaring_bitmap_add(low, base + w * 64 + (uint32_t)__builtin_ctzll(word));
        }
    }
done:
    return err;
}

static struct err *read_array(roaring_bitmap_t *low, uint32_t base, uint32_t count, struct state_reader *reader)
{
    struct err *err = NULL;
    for (uint32_t i = 0; i < count; i++) {
        uint16_t value;
        OR_DONE(state_take(reader, &value, sizeof(value)));
        roaring_bitmap_add(low, base + value);
    }
done:
    return err;
}

/* Takes its bitmap over. */
static struct err *part_add(struct bitmap *bitmap, struct part *part)
{
    struct err *err = NULL;
    struct part *mine = part_find(bitmap, part->high);
    bool none;
    if (mine != NULL) {
        return part_combine(mine, part, BITMAP_OR, &none);
    }
    OR_DONE(loose_add(bitmap, *part));
    part->low = NULL;
done:
    return err;
}

/* One bitmap of 32-bit values in the portable format. */
static struct err *part_read(struct bitmap *bitmap, uint32_t high, uint32_t value_max, struct state_reader *reader)
{
    struct err *err = NULL;
    uint32_t cookie;
    uint32_t size;
    uint16_t heads[2];
    struct state_reader flags = {.at = NULL, .end = NULL};
    struct part part = {.high = high};
    uint64_t charged = 0; /* of it */
    OR_DONE(state_take(reader, &cookie, sizeof(cookie)));
    bool has_runs = (cookie & 0xffff) == COOKIE_RUNS;
    size = (cookie >> 16) + 1;
    if (has_runs) {
        flags = (struct state_reader){.at = reader->at, .end = reader->end};
        if (state_left(reader) < (size + 7) / 8) {
            return state_bad("a bitmap ends too early");
        }
        reader->at += (size + 7) / 8;
    } else if (cookie == COOKIE) {
        OR_DONE(state_take(reader, &size, sizeof(size)));
    } else {
        return state_bad("it holds no bitmap");
    }
    size_t offsets = !has_runs || size >= OFFSETS_MIN ? (size_t)size * sizeof(uint32_t) : 0;
    if (size > CONTAINER_MAX || state_left(reader) < (size_t)size * sizeof(heads) + offsets) {
        return state_bad("a bitmap ends too early");
    }
    struct state_reader keys = {.at = reader->at, .end = reader->at + (size_t)size * sizeof(heads)};
    reader->at = keys.end + offsets;
    part.low = roaring_bitmap_create();
    if (part.low == NULL) {
        return err_oom();
    }
    for (uint32_t k = 0; k < size; k++) {
        OR_DONE(state_take(&keys, heads, sizeof(heads)));
        uint32_t base = (uint32_t)heads[0] << 16;
        uint32_t count = (uint32_t)heads[1] + 1;
        if (has_runs && (flags.at[k / 8] >> (k % 8) & 1) != 0) {
            OR_DONE(read_runs(part.low, base, reader));
        } else if (count > ARRAY_MAX) {
            OR_DONE(read_bits(part.low, base, reader));
        } else {
            OR_DONE(read_array(part.low, base, count, reader));
        }
        if (k % 64 == 63) {
            OR_DONE(interrupt_check());
            OR_DONE(charge(bitmap, part_bytes(&part) - charged));
            charged = part_bytes(&part);
        }
    }
    if (roaring_bitmap_is_empty(part.low)) {
        goto done;
    }
    if (roaring_bitmap_maximum(part.low) > value_max) {
        err = state_bad("a bitmap's value is none of its type");
        goto done;
    }
    if (roaring_bitmap_get_cardinality(part.low) == 1) {
        part.value = roaring_bitmap_minimum(part.low);
        roaring_bitmap_free(part.low);
        part.low = NULL;
    } else {
        OR_DONE(charge(bitmap, part_bytes(&part) - charged));
    }
    OR_DONE(part_add(bitmap, &part));
done:
    if (part.low != NULL) {
        roaring_bitmap_free(part.low);
    }
    return err;
}

struct err *bitmap_read(struct bitmap *bitmap, uint32_t width, struct state_reader *reader)
{
    struct err *err = NULL;
    uint8_t form;
    uint64_t count;
    OR_DONE(state_take_byte(reader, 1, &form));
    if (form == 0) {
        OR_DONE(state_take_elements(reader, width, SMALL_MAX, &count));
        for (uint64_t i = 0; i < count; i++) {
            uint64_t value = 0;
            OR_DONE(state_take(reader, &value, width));
            OR_DONE(bitmap_add(bitmap, value));
        }
        return bitmap_settle(bitmap);
    }
    OR_DONE(state_take_elements(reader, 1, UINT32_MAX, &count));
    struct state_reader bytes = {.at = reader->at, .end = reader->at + count};
    reader->at = bytes.end;
    uint64_t parts = 1;
    if (width == 8) {
        OR_DONE(state_take(&bytes, &parts, sizeof(parts)));
    }
    for (uint64_t p = 0; p < parts; p++) {
        uint32_t high = 0;
        OR_DONE(state_take(&bytes, &high, width == 8 ? sizeof(high) : 0));
        OR_DONE(part_read(bitmap, high, width >= 4 ? UINT32_MAX : (1U << width * 8) - 1, &bytes));
    }
    if (bytes.at != bytes.end) {
        err = state_bad("bytes are left behind a bitmap");
        goto done;
    }
    OR_DONE(bitmap_settle(bitmap));
done:
    return err;
}
