/*
 * bitmap.c: sets of 64-bit numbers as roaring bitmaps.
 *
 * reading  CRoaring trusts the bytes that it reads. Here they are hostile: they are taken apart by the format's
 *          description, checked, and their values added.
 * thread   one at a time
 */
#include "query/bitmap.h"

#include "base/interrupt.h"

#include <roaring/roaring.h>

#define SMALL_MAX       32U   /* values that are written one by one */
#define NEW_BYTES       256U  /* about what an empty part takes */
#define CONTAINER_BYTES 96U   /* what CRoaring takes for each, beside its values */
#define ADDS_MIN        1024U /* additions between looks at the size; more when it is large, as looking takes time */
#define COOKIE          12346U
#define COOKIE_RUNS     12347U
#define OFFSETS_MIN     4U /* containers: fewer have no offsets when there are runs */
#define ARRAY_MAX       4096U
#define CONTAINER_MAX   65536U

struct part {
    uint32_t high; /* upper 32 bits of its values */
    roaring_bitmap_t *low;
};

struct bitmap {
    struct arena *arena;
    struct part *parts; /* ascending */
    uint32_t count;
    uint32_t capacity;
    uint32_t adds; /* since the size was looked at */
    uint64_t charged;
    uint64_t steps; /* of work since the last look */
};

static void bitmap_free(void *object)
{
    struct bitmap *bitmap = object;
    for (uint32_t p = 0; p < bitmap->count; p++) {
        roaring_bitmap_free(bitmap->parts[p].low);
    }
    bitmap->count = 0;
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

static uint64_t part_bytes(const roaring_bitmap_t *low)
{
    return NEW_BYTES + roaring_bitmap_portable_size_in_bytes(low) +
           (uint64_t)low->high_low_container.size * CONTAINER_BYTES;
}

/* Charges what it has grown by. */
static struct err *bitmap_charge(struct bitmap *bitmap)
{
    struct err *err = NULL;
    uint64_t bytes = 0, steps = 0;
    bitmap->adds = 0;
    for (uint32_t p = 0; p < bitmap->count; p++) {
        OR_DONE(interrupt_steps(&steps, 100));
        bytes += part_bytes(bitmap->parts[p].low);
    }
    if (bytes > bitmap->charged) {
        if (!arena_charge(bitmap->arena, bytes - bitmap->charged)) {
            return arena_error(bitmap->arena);
        }
        bitmap->charged = bytes;
    }
done:
    return err;
}

/* The place of a part: where it is, or where it belongs. */
static uint32_t part_place(const struct bitmap *bitmap, uint32_t high)
{
    uint32_t begin = 0;
    uint32_t end = bitmap->count;
    while (begin < end) {
        uint32_t middle = begin + (end - begin) / 2;
        if (bitmap->parts[middle].high < high) {
            begin = middle + 1;
        } else {
            end = middle;
        }
    }
    return begin;
}

static roaring_bitmap_t *part_find(const struct bitmap *bitmap, uint32_t high)
{
    uint32_t place = part_place(bitmap, high);
    return place < bitmap->count && bitmap->parts[place].high == high ? bitmap->parts[place].low : NULL;
}

/* Takes low over, also when it fails; NULL: CRoaring had no memory. */
static struct err *part_insert(struct bitmap *bitmap, uint32_t high, roaring_bitmap_t *low)
{
    uint32_t place = part_place(bitmap, high);
    if (low == NULL) {
        return err_oom();
    }
    if (bitmap->count == bitmap->capacity) {
        uint32_t capacity = bitmap->capacity == 0 ? 1 : bitmap->capacity * 2;
        struct part *parts = ARENA_ARRAY(bitmap->arena, struct part, capacity);
        if (parts == NULL) {
            roaring_bitmap_free(low);
            return arena_error(bitmap->arena);
        }
        if (bitmap->count > 0) {
            memcpy(parts, bitmap->parts, bitmap->count * sizeof(*parts));
        }
        bitmap->parts = parts;
        bitmap->capacity = capacity;
    }
    memmove(bitmap->parts + place + 1, bitmap->parts + place, (bitmap->count - place) * sizeof(struct part));
    bitmap->parts[place] = (struct part){high, low};
    bitmap->count++;
    uint64_t bytes = part_bytes(low);
    if (!arena_charge(bitmap->arena, bytes)) {
        return arena_error(bitmap->arena);
    }
    bitmap->charged += bytes;
    return interrupt_steps(&bitmap->steps, 100 + (bitmap->count - place) / 4);
}

static struct err *part_for(struct bitmap *bitmap, uint32_t high, roaring_bitmap_t **out)
{
    struct err *err = NULL;
    *out = part_find(bitmap, high);
    if (*out == NULL) {
        OR_DONE(part_insert(bitmap, high, roaring_bitmap_create()));
        *out = part_find(bitmap, high);
    }
done:
    return err;
}

static void part_remove(struct bitmap *bitmap, uint32_t place)
{
    roaring_bitmap_free(bitmap->parts[place].low);
    bitmap->count--;
    memmove(bitmap->parts + place, bitmap->parts + place + 1, (bitmap->count - place) * sizeof(struct part));
}

struct err *bitmap_add(struct bitmap *bitmap, uint64_t value)
{
    struct err *err = NULL;
    roaring_bitmap_t *low = NULL;
    OR_DONE(part_for(bitmap, (uint32_t)(value >> 32), &low));
    roaring_bitmap_add(low, (uint32_t)value);
    if (++bitmap->adds >= ADDS_MIN + bitmap->charged / 512) {
        OR_DONE(bitmap_charge(bitmap));
    }
done:
    return err;
}

struct err *bitmap_apply(struct bitmap *bitmap, const struct bitmap *other, enum bitmap_operation operation)
{
    struct err *err = NULL;
    for (uint32_t p = 0; p < other->count; p++) {
        roaring_bitmap_t *low = part_find(bitmap, other->parts[p].high);
        const roaring_bitmap_t *from = other->parts[p].low;
        if (low == NULL) {
            if (operation == BITMAP_OR || operation == BITMAP_XOR) {
                OR_DONE(part_insert(bitmap, other->parts[p].high, roaring_bitmap_copy(from)));
            }
        } else if (operation == BITMAP_AND) {
            roaring_bitmap_and_inplace(low, from);
        } else if (operation == BITMAP_OR) {
            roaring_bitmap_or_inplace(low, from);
        } else if (operation == BITMAP_XOR) {
            roaring_bitmap_xor_inplace(low, from);
        } else {
            roaring_bitmap_andnot_inplace(low, from);
        }
    }
    for (uint32_t p = bitmap->count; p-- > 0;) {
        bool gone = operation == BITMAP_AND && part_find(other, bitmap->parts[p].high) == NULL;
        if (gone || roaring_bitmap_is_empty(bitmap->parts[p].low)) {
            part_remove(bitmap, p);
        }
    }
    OR_DONE(bitmap_charge(bitmap));
done:
    return err;
}

/* --- looking ----------------------------------------------------------------------------------------------------- */

uint64_t bitmap_count(const struct bitmap *bitmap)
{
    uint64_t count = 0;
    for (uint32_t p = 0; p < bitmap->count; p++) {
        count += roaring_bitmap_get_cardinality(bitmap->parts[p].low);
    }
    return count;
}

uint64_t bitmap_common(const struct bitmap *a, const struct bitmap *b)
{
    uint64_t count = 0;
    for (uint32_t p = 0; p < a->count; p++) {
        const roaring_bitmap_t *low = part_find(b, a->parts[p].high);
        count += low == NULL ? 0 : roaring_bitmap_and_cardinality(a->parts[p].low, low);
    }
    return count;
}

bool bitmap_holds(const struct bitmap *bitmap, uint64_t value)
{
    const roaring_bitmap_t *low = part_find(bitmap, (uint32_t)(value >> 32));
    return low != NULL && roaring_bitmap_contains(low, (uint32_t)value);
}

bool bitmap_bounds(const struct bitmap *bitmap, uint64_t *least, uint64_t *greatest)
{
    if (bitmap->count == 0) {
        return false;
    }
    const struct part *first = &bitmap->parts[0];
    const struct part *last = &bitmap->parts[bitmap->count - 1];
    *least = (uint64_t)first->high << 32 | roaring_bitmap_minimum(first->low);
    *greatest = (uint64_t)last->high << 32 | roaring_bitmap_maximum(last->low);
    return true;
}

struct err *bitmap_values(const struct bitmap *bitmap, struct arena *arena, uint64_t **out)
{
    uint64_t *values = ARENA_ARRAY(arena, uint64_t, bitmap_count(bitmap) + 1);
    if (values == NULL) {
        return arena_error(arena);
    }
    *out = values;
    for (uint32_t p = 0; p < bitmap->count; p++) {
        uint64_t count = roaring_bitmap_get_cardinality(bitmap->parts[p].low);
        uint32_t *low = (uint32_t *)(void *)values + count; /* the second half: widened from the first on */
        roaring_bitmap_to_uint32_array(bitmap->parts[p].low, low);
        for (uint64_t i = 0; i < count; i++) {
            uint32_t value = low[i];
            values[i] = (uint64_t)bitmap->parts[p].high << 32 | value;
        }
        values += count;
    }
    return NULL;
}

/* --- writing ----------------------------------------------------------------------------------------------------- */

static void part_write(const roaring_bitmap_t *low, size_t bytes, struct state_writer *writer)
{
    char *to = arena_alloc(writer->arena, bytes + 1);
    if (to == NULL) {
        writer->failed = true;
        return;
    }
    (void)roaring_bitmap_portable_serialize(low, to);
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
    for (uint32_t p = 0; p < bitmap->count; p++) {
        (void)roaring_bitmap_run_optimize(bitmap->parts[p].low);
        total += roaring_bitmap_portable_size_in_bytes(bitmap->parts[p].low);
    }
    state_put_byte(writer, 1);
    if (width == 8) {
        uint64_t part_count = bitmap->count;
        state_put_count(writer, total + bitmap->count * sizeof(uint32_t) + sizeof(part_count));
        state_put(writer, &part_count, sizeof(part_count));
    } else {
        state_put_count(writer, total);
    }
    for (uint32_t p = 0; p < bitmap->count; p++) {
        state_put(writer, &bitmap->parts[p].high, width == 8 ? sizeof(uint32_t) : 0);
        part_write(bitmap->parts[p].low, roaring_bitmap_portable_size_in_bytes(bitmap->parts[p].low), writer);
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

/* One bitmap of 32-bit values in the portable format. */
static struct err *part_read(struct bitmap *bitmap, uint32_t high, uint32_t value_max, struct state_reader *reader)
{
    struct err *err = NULL;
    uint32_t cookie;
    uint32_t size;
    uint16_t heads[2];
    struct state_reader flags = {NULL, NULL};
    roaring_bitmap_t *low = NULL;
    OR_DONE(state_take(reader, &cookie, sizeof(cookie)));
    bool has_runs = (cookie & 0xffff) == COOKIE_RUNS;
    size = (cookie >> 16) + 1;
    if (has_runs) {
        flags = (struct state_reader){reader->at, reader->end};
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
    struct state_reader keys = {reader->at, reader->at + (size_t)size * sizeof(heads)};
    reader->at = keys.end + offsets;
    OR_DONE(part_for(bitmap, high, &low));
    for (uint32_t k = 0; k < size; k++) {
        OR_DONE(state_take(&keys, heads, sizeof(heads)));
        uint32_t base = (uint32_t)heads[0] << 16;
        uint32_t count = (uint32_t)heads[1] + 1;
        if (has_runs && (flags.at[k / 8] >> (k % 8) & 1) != 0) {
            OR_DONE(read_runs(low, base, reader));
        } else if (count > ARRAY_MAX) {
            OR_DONE(read_bits(low, base, reader));
        } else {
            OR_DONE(read_array(low, base, count, reader));
        }
        if (k % 64 == 63) {
            OR_DONE(bitmap_charge(bitmap));
        }
    }
    if (roaring_bitmap_is_empty(low)) {
        part_remove(bitmap, part_place(bitmap, high));
    } else if (roaring_bitmap_maximum(low) > value_max) {
        return state_bad("a bitmap's value is none of its type");
    }
    OR_DONE(bitmap_charge(bitmap));
done:
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
        return NULL;
    }
    OR_DONE(state_take_elements(reader, 1, UINT32_MAX, &count));
    struct state_reader bytes = {reader->at, reader->at + count};
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
    }
done:
    return err;
}
