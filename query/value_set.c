/*
 * value_set.c: the right side of IN: a hash set of values, or of tuples of values.
 *
 * keys     one column of at most 8 bytes: the bits; anything else: a row's bytes one after another, strings after their
 *          length, nested values as keys of nested_key.h. −0 is 0. Values are first converted to the left side's type;
 *          what does not fit matches nothing.
 * near     whole numbers that lie close together are a bitmap by their distance from the smallest, once sealed
 * thread   built by one thread, then read by any
 */
#include "query/functions/functions.h"
#include "query/expression.h"
#include "query/nested_key.h"

#include "base/vector.h"

#include <xxhash.h>

#define NEAR_BITS_FREE 4096U /* a bitmap so long is always worth it, */
#define NEAR_PER_VALUE 128U  /* or so many bits a value: what its slot takes */

struct value_set {
    struct arena *arena;
    const struct function_context *context;
    const struct type **types; /* bare; String for the bytes of a nested value */
    const struct type **given; /* bare, as asked for */
    uint32_t type_count;
    bool is_bits;
    uint64_t count;
    uint32_t slot_count; /* a power of two */
    uint8_t *used;       /* per slot */
    uint64_t *bits;      /* per slot: the value's bits, or the hash */
    struct slice *keys;  /* per slot, unless is_bits */
    uint64_t *near;      /* a bit per number from near_base on; NULL: not sealed, or they lie too far apart */
    uint64_t near_base;  /* as number_order gives it */
    uint64_t near_count;
    uint64_t key_bytes;
    bool is_list;
    uint64_t digest[2]; /* of a list */
};

struct err *value_set_create(struct arena *arena, const struct function_context *context,
                             const struct type *const *types, uint32_t type_count, struct value_set **out)
{
    struct value_set *set = ARENA_NEW(arena, struct value_set);
    const struct type **bare = ARENA_ARRAY(arena, const struct type *, type_count);
    const struct type **given = ARENA_ARRAY(arena, const struct type *, type_count);
    if (set == NULL || bare == NULL || given == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < type_count; i++) {
        bare[i] = type_low_cardinality(arena, types[i], false);
        bare[i] = bare[i] == NULL || bare[i]->kind == TYPE_NOTHING ? bare[i] : type_nullable(arena, bare[i], false);
        if (bare[i] == NULL) {
            return arena_error(arena);
        }
        given[i] = bare[i];
        bare[i] = type_is_nested(bare[i]) ? type_simple(TYPE_STRING) : bare[i];
    }
    set->arena = arena;
    set->context = context;
    set->types = bare;
    set->given = given;
    set->type_count = type_count;
    set->is_bits =
        type_count == 1 && bare[0]->kind != TYPE_STRING && bare[0]->kind != TYPE_FIXED_STRING && bare[0]->width <= 8;
    *out = set;
    return NULL;
}

static uint64_t hash_bits(uint64_t bits)
{
    bits *= 0x9E3779B97F4A7C15ULL;
    return bits ^ (bits >> 32);
}

static uint64_t hash_bytes(struct slice key)
{
    uint64_t hash = key.length;
    size_t i = 0;
    for (; i + 8 <= key.length; i += 8) {
        uint64_t word;
        memcpy(&word, key.data + i, 8);
        hash = hash_bits(hash ^ word) + word;
    }
    uint64_t word = 0;
    memcpy(&word, key.data + i, key.length - i);
    return hash_bits(hash ^ word);
}

static uint64_t value_bits(const struct type *type, const void *value)
{
    uint64_t bits = 0;
    if (type->kind == TYPE_FLOAT64) {
        double number = *(const double *)value;
        number = number == 0 ? 0 : number;
        memcpy(&bits, &number, 8);
    } else if (type->kind == TYPE_FLOAT32) {
        float number = *(const float *)value;
        number = number == 0 ? 0 : number;
        memcpy(&bits, &number, 4);
    } else {
        memcpy(&bits, value, type->width);
    }
    return bits;
}

static size_t key_bytes(const struct type *type, const void *value)
{
    return type->kind == TYPE_STRING ? 8 + ((const struct slice *)value)->length : type->width;
}

static char *key_write(const struct type *type, const void *value, char *at)
{
    if (type->kind == TYPE_STRING) {
        const struct slice *text = value;
        uint64_t length = text->length;
        memcpy(at, &length, 8);
        if (length > 0) {
            memcpy(at + 8, text->data, text->length);
        }
        return at + 8 + text->length;
    }
    if (type->width <= 8) {
        uint64_t bits = value_bits(type, value);
        memcpy(at, &bits, type->width);
    } else {
        memcpy(at, value, type->width);
    }
    return at + type->width;
}

/* The slot of a key: where it is, or the free one where it belongs. */
static uint32_t slot_of(const struct value_set *set, uint64_t bits, struct slice key)
{
    uint32_t mask = set->slot_count - 1;
    uint32_t slot = (uint32_t)(set->is_bits ? hash_bits(bits) : bits) & mask;
    while (set->used[slot] && (set->bits[slot] != bits || (!set->is_bits && !slice_equal(set->keys[slot], key)))) {
        slot = (slot + 1) & mask;
    }
    return slot;
}

static struct err *grow(struct value_set *set, uint64_t more)
{
    if ((set->count + more) * 2 <= set->slot_count) {
        return NULL;
    }
    uint64_t slots = 16;
    while (slots < (set->count + more) * 2) {
        slots *= 2;
    }
    if (slots > (uint64_t)1 << 31) {
        return err_new(ERR_MEMORY_LIMIT, "a set of IN with more than 1073741824 values does not fit");
    }
    struct err *err = NULL;
    struct value_set old = *set;
    set->slot_count = (uint32_t)slots;
    set->used = arena_zalloc(set->arena, slots);
    set->bits = ARENA_ARRAY(set->arena, uint64_t, slots);
    set->keys = set->is_bits ? NULL : ARENA_ARRAY(set->arena, struct slice, slots);
    if (set->used == NULL || set->bits == NULL || (!set->is_bits && set->keys == NULL)) {
        err = arena_error(set->arena);
        goto done;
    }
    for (uint32_t i = 0; i < old.slot_count; i++) {
        OR_DONE(interrupt_at(i));
        if (old.used[i]) {
            struct slice key = set->is_bits ? (struct slice){NULL, 0} : old.keys[i];
            uint32_t slot = slot_of(set, old.bits[i], key);
            set->used[slot] = 1;
            set->bits[slot] = old.bits[i];
            if (!set->is_bits) {
                set->keys[slot] = key;
            }
        }
    }
done:
    if (err != NULL) {
        *set = old; /* another worker may add to it yet */
    }
    return err;
}

struct err *value_set_reserve(struct value_set *set, uint64_t count)
{
    return grow(set, count);
}

/* A column of arrays, tuples or maps as their keys (query/nested_key.h). */
static struct err *keys_of(struct arena *arena, const struct column *column, struct column **out)
{
    struct err *err = NULL;
    struct column *made;
    OR_DONE(result_new(arena, type_simple(TYPE_STRING), column->row_count, &made));
    OR_DONE(nested_key_encode(arena, column, column->row_count, made->values));
    made->form = column->form == COLUMN_CONST ? COLUMN_CONST : COLUMN_FLAT;
    *out = made;
done:
    return err;
}

/* [], [[]]: arrays without an element, which have no type to go back to. */
static bool is_empty_array(const struct type *type)
{
    while (type->kind == TYPE_ARRAY) {
        type = type->children[0];
    }
    return type->kind == TYPE_NOTHING;
}

/* Arrays, tuples and maps as the left side's type, by their keys; *changed: rows that this type cannot hold. */
static struct err *fit_nested(const struct value_set *set, struct arena *arena, const struct column *column,
                              const struct type *type, struct column **out, uint8_t **changed)
{
    struct err *err = NULL;
    struct column *fit, *back, *before, *after;
    OR_DONE(function_cast(arena, set->context, column, type, &fit));
    if (!type_equal(column->type, type) && !is_empty_array(column->type)) {
        OR_DONE(function_cast(arena, set->context, fit, column->type, &back));
        OR_DONE(keys_of(arena, column, &before));
        OR_DONE(keys_of(arena, back, &after));
        for (uint32_t i = 0; i < column->row_count; i++) {
            if (slice_equal(VALUE_AT(before, struct slice, i), VALUE_AT(after, struct slice, i))) {
                continue;
            }
            if (*changed == NULL) {
                *changed = arena_zalloc(arena, column->row_count);
            }
            if (*changed == NULL) {
                return arena_error(arena);
            }
            (*changed)[i] = 1;
        }
    }
    OR_DONE(keys_of(arena, fit, out));
done:
    return err;
}

struct err *value_set_add(struct value_set *set, const struct column *const *columns, uint32_t row_count)
{
    struct err *err = NULL;
    struct arena *scratch = arena_create(NULL); /* a chunk's worth: the set itself is what the budget is for */
    uint8_t *changed = NULL;
    struct column **fit = scratch == NULL ? NULL : ARENA_ARRAY(scratch, struct column *, set->type_count);
    if (fit == NULL) {
        err = err_oom();
        goto done;
    }
    for (uint32_t c = 0; c < set->type_count; c++) {
        if (set->types[c]->kind == TYPE_NOTHING || columns[c]->type->kind == TYPE_NOTHING) {
            goto done;
        }
        if (type_is_nested(set->given[c])) {
            OR_DONE(fit_nested(set, scratch, columns[c], set->given[c], &fit[c], &changed));
        } else {
            OR_DONE(cast_exact_or_null(scratch, set->context, columns[c], set->types[c], &fit[c]));
        }
    }
    OR_DONE(grow(set, row_count));
    for (uint32_t i = 0; i < row_count; i++) {
        size_t bytes = 0;
        bool null = changed != NULL && changed[i] != 0; /* or no value of the left side's type */
        for (uint32_t c = 0; c < set->type_count; c++) {
            null |= column_is_null(fit[c], i);
            bytes += key_bytes(set->types[c], column_value(fit[c], i));
        }
        if (null) {
            continue;
        }
        struct slice key = {NULL, 0};
        uint64_t bits;
        if (set->is_bits) {
            bits = value_bits(set->types[0], column_value(fit[0], i));
        } else {
            char *data = arena_alloc(set->arena, bytes);
            if (data == NULL) {
                err = arena_error(set->arena);
                goto done;
            }
            char *at = data;
            for (uint32_t c = 0; c < set->type_count; c++) {
                at = key_write(set->types[c], column_value(fit[c], i), at);
            }
            key = slice_of(data, bytes);
            bits = hash_bytes(key);
            set->key_bytes += bytes;
        }
        uint32_t slot = slot_of(set, bits, key);
        if (!set->used[slot]) {
            set->used[slot] = 1;
            set->bits[slot] = bits;
            if (!set->is_bits) {
                set->keys[slot] = key;
            }
            set->count++;
        }
    }
done:
    arena_destroy(scratch);
    return err;
}

/* The sign bit of the type's bits, so that flipping it puts them in order; 0: unsigned. */
static uint64_t sign_of(const struct type *type)
{
    switch (type_physical(type)) {
    case TYPE_INT8:
    case TYPE_INT16:
    case TYPE_INT32:
    case TYPE_INT64:
        return (uint64_t)1 << (type->width * 8 - 1);
    default:
        return 0;
    }
}

struct err *value_set_seal(struct value_set *set)
{
    struct err *err = NULL;
    if (!set->is_bits || type_is_float(set->types[0]) || set->count == 0) {
        return NULL;
    }
    uint64_t sign = sign_of(set->types[0]);
    uint64_t min = UINT64_MAX;
    uint64_t max = 0;
    for (uint32_t i = 0; i < set->slot_count; i++) {
        OR_DONE(interrupt_at(i));
        if (set->used[i]) {
            uint64_t word = set->bits[i] ^ sign;
            min = word < min ? word : min;
            max = word > max ? word : max;
        }
    }
    if (max - min >= NEAR_BITS_FREE && (max - min) / NEAR_PER_VALUE >= set->count) {
        return NULL;
    }
    uint64_t *near = arena_zalloc(set->arena, ((max - min) / 64 + 1) * sizeof(*near));
    if (near == NULL) {
        return arena_error(set->arena);
    }
    for (uint32_t i = 0; i < set->slot_count; i++) {
        OR_DONE(interrupt_at(i));
        if (set->used[i]) {
            uint64_t place = (set->bits[i] ^ sign) - min;
            near[place / 64] |= (uint64_t)1 << place % 64;
        }
    }
    set->near = near;
    set->near_base = min;
    set->near_count = max - min + 1;
done:
    return err;
}

struct err *value_set_seal_list(struct value_set *set)
{
    struct err *err = value_set_seal(set);
    value_set_digest(set, 0, set->digest);
    set->is_list = true;
    return err;
}

bool value_set_equal(const struct value_set *a, const struct value_set *b)
{
    return a == b || (a->is_list && b->is_list && a->digest[0] == b->digest[0] && a->digest[1] == b->digest[1]);
}

uint64_t value_set_hash(const struct value_set *set)
{
    return set->is_list ? set->digest[0] : (uintptr_t)set;
}

uint64_t value_set_count(const struct value_set *set)
{
    return set->count;
}

uint64_t value_set_bytes(const struct value_set *set)
{
    size_t slot_bytes = sizeof(*set->used) + sizeof(*set->bits) + (set->is_bits ? 0 : sizeof(*set->keys));
    return set->slot_count * (uint64_t)slot_bytes + set->key_bytes;
}

void value_set_digest(const struct value_set *set, uint64_t seed, uint64_t out[2])
{
    out[0] = set->count;
    out[1] = set->type_count;
    for (uint32_t i = 0; i < set->slot_count; i++) { /* in any order: the slots' depends on how the set grew */
        if (set->used[i]) {
            struct slice key =
                set->is_bits ? slice_of((const char *)&set->bits[i], sizeof(set->bits[i])) : set->keys[i];
            XXH128_hash_t hash = XXH3_128bits_withSeed(key.data, key.length, seed);
            out[0] += hash.low64;
            out[1] += hash.high64;
        }
    }
    for (uint32_t t = 0; t < set->type_count; t++) {
        out[1] = hash_bits(out[1] ^ ((uint64_t)set->given[t]->kind << 32 | set->given[t]->width << 8 |
                                     (uint64_t)set->given[t]->scale));
    }
}

struct err *value_set_values(const struct value_set *set, struct arena *arena, struct column **out)
{
    struct err *err = NULL;
    ASSERT(set->type_count == 1);
    const struct type *type = set->types[0];
    struct column *made = column_new(arena, type, (uint32_t)set->count);
    if (made == NULL) {
        return arena_error(arena);
    }
    uint32_t row = 0;
    for (uint32_t i = 0; i < set->slot_count; i++) {
        OR_DONE(interrupt_at(i));
        if (!set->used[i]) {
            continue;
        }
        char *value = (char *)made->values + (size_t)row * type->width;
        if (set->is_bits) {
            memcpy(value, &set->bits[i], type->width);
        } else if (type->kind == TYPE_STRING) {
            *(struct slice *)(void *)value = slice_of(set->keys[i].data + 8, set->keys[i].length - 8);
        } else {
            memcpy(value, set->keys[i].data, type->width);
        }
        row++;
    }
    *out = made;
done:
    return err;
}

#define FIND_NEAR(ctype)                                                                                               \
    do {                                                                                                               \
        const ctype *values = column->values;                                                                          \
        for (uint32_t i = 0; i < row_count; i++) {                                                                     \
            uint64_t place = ((uint64_t)values[i] ^ sign) - base;                                                      \
            uint64_t inside = place < count ? place : 0;                                                               \
            found[i] = (uint8_t)((near[inside / 64] >> inside % 64 & 1) & (place < count));                            \
        }                                                                                                              \
    } while (0)

VECTORISED static void find_near(const struct value_set *set, const struct column *column, uint32_t row_count,
                                 uint8_t *found)
{
    const uint64_t *near = set->near;
    uint64_t base = set->near_base;
    uint64_t count = set->near_count;
    uint64_t sign = sign_of(set->types[0]);
    switch (set->types[0]->width) {
    case 1:
        FIND_NEAR(uint8_t);
        break;
    case 2:
        FIND_NEAR(uint16_t);
        break;
    case 4:
        FIND_NEAR(uint32_t);
        break;
    default:
        FIND_NEAR(uint64_t);
        break;
    }
}

static struct err *find_flat(const struct value_set *set, struct arena *arena, const struct column *const *columns,
                             uint32_t row_count, uint8_t *found)
{
    struct text_buffer buffer = {arena, NULL, 0};
    ASSERT(set->type_count > 0);
    if (set->near != NULL) {
        find_near(set, columns[0], row_count, found);
        return NULL;
    }
    if (set->is_bits) {
        const struct type *type = set->types[0];
        const char *values = columns[0]->values;
        for (uint32_t i = 0; i < row_count; i++) {
            found[i] = set->used[slot_of(set, value_bits(type, values + i * type->width), (struct slice){NULL, 0})];
        }
        return NULL;
    }
    for (uint32_t i = 0; i < row_count; i++) {
        size_t bytes = 0;
        for (uint32_t c = 0; c < set->type_count; c++) {
            bytes += key_bytes(set->types[c], column_value(columns[c], i));
        }
        char *data = text_room(&buffer, bytes);
        char *at = data;
        if (data == NULL) {
            return arena_error(arena);
        }
        for (uint32_t c = 0; c < set->type_count; c++) {
            at = key_write(set->types[c], column_value(columns[c], i), at);
        }
        struct slice key = slice_of(data, bytes);
        found[i] = set->used[slot_of(set, hash_bytes(key), key)];
    }
    return NULL;
}

struct err *value_set_find(const struct value_set *set, struct arena *arena, const struct column *const *columns,
                           uint32_t row_count, uint8_t *found)
{
    struct err *err = NULL;
    const struct column *flat[64];
    bool constant = true;
    if (set->type_count > 64) {
        return err_new(ERR_NOT_IMPLEMENTED, "IN of tuples of more than 64 values is not implemented");
    }
    if (set->count == 0) {
        memset(found, 0, row_count);
        return NULL;
    }
    const struct column *coded = columns[0];
    if (set->type_count == 1 && coded->form == COLUMN_DICT && coded->dictionary->row_count <= row_count) {
        uint32_t entries = coded->dictionary->row_count;
        uint8_t *entry_found = arena_alloc(arena, entries + 1U);
        if (entry_found == NULL) {
            return arena_error(arena);
        }
        OR_DONE(find_flat(set, arena, &coded->dictionary, entries, entry_found));
        for (uint32_t i = 0; i < entries; i++) {
            entry_found[i] &= !column_is_null(coded->dictionary, i);
        }
        for (uint32_t i = 0; i < row_count; i++) {
            found[i] = entry_found[coded->codes[i]];
        }
        return NULL;
    }
    for (uint32_t c = 0; c < set->type_count; c++) {
        constant = constant && columns[c]->form == COLUMN_CONST;
    }
    if (constant && row_count > 1) {
        OR_DONE(value_set_find(set, arena, columns, 1, found));
        memset(found, found[0], row_count);
        return NULL;
    }
    for (uint32_t c = 0; c < set->type_count; c++) {
        flat[c] = columns[c]->form == COLUMN_DICT ? column_flat(arena, columns[c]) : columns[c];
        if (flat[c] != NULL && type_is_nested(set->given[c])) {
            struct column *keys;
            OR_DONE(keys_of(arena, flat[c], &keys));
            flat[c] = keys;
        }
        if (flat[c] == NULL) {
            return arena_error(arena);
        }
    }
    OR_DONE(find_flat(set, arena, flat, row_count, found));
    for (uint32_t c = 0; c < set->type_count; c++) {
        if (flat[c]->nulls != NULL) {
            for (uint32_t i = 0; i < row_count; i++) {
                found[i] &= !null_at(flat[c], i);
            }
        }
    }
done:
    return err;
}
