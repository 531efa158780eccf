/*
 * aggregate_exact.c: uniqExact of one number: sets that are exact.
 *
 * forms    a hash table of numbers (open addressing; 0 stands beside it), which becomes a bitmap when its numbers
 *          lie so close together that bits are smaller, as ids and times do; and a table again when an outlier
 *          comes.
 * state    slots and bits in the states' arena; growing leaves the old ones behind in it
 * thread   a state belongs to one thread at a time
 */
#include "query/aggregates.h"

/* A bitmap is worth its bytes when it has at most so many bits per number. */
#define BITS_PER_NUMBER  64U
#define BITMAP_COUNT_MIN 64U

struct number_set {
    uint64_t *slots; /* or NULL; 0: free */
    uint64_t *bits;  /* or NULL: the numbers base .. base + bit_count - 1 */
    uint64_t base;   /* a multiple of 64 */
    uint64_t bit_count;
    uint64_t slot_count;
    uint64_t count;
    bool has_zero; /* of slots */
};

typedef struct err *visit_number(void *object, struct arena *arena, uint64_t number);

static struct err *set_each(const struct number_set *set, struct arena *arena, visit_number *visit, void *object)
{
    struct err *err = NULL;
    if (set->bits != NULL) {
        for (uint64_t w = 0; w < set->bit_count / 64; w++) {
            OR_DONE(interrupt_at(w));
            for (uint64_t word = set->bits[w]; word != 0; word &= word - 1) {
                OR_DONE(visit(object, arena, set->base + w * 64 + (uint64_t)__builtin_ctzll(word)));
            }
        }
        return NULL;
    }
    if (set->has_zero) {
        OR_DONE(visit(object, arena, 0));
    }
    for (uint64_t i = 0; i < set->slot_count; i++) {
        OR_DONE(interrupt_at(i));
        if (set->slots[i] != 0) {
            OR_DONE(visit(object, arena, set->slots[i]));
        }
    }
done:
    return err;
}

static bool place(uint64_t *slots, uint64_t slot_count, uint64_t number)
{
    uint64_t slot = hash_mix64(number) & (slot_count - 1);
    while (slots[slot] != 0 && slots[slot] != number) {
        slot = (slot + 1) & (slot_count - 1);
    }
    bool added = slots[slot] == 0;
    slots[slot] = number;
    return added;
}

static struct err *put_slot(void *object, struct arena *arena, uint64_t number)
{
    struct number_set *set = object;
    (void)arena;
    if (number == 0) {
        set->count += !set->has_zero;
        set->has_zero = true;
    } else {
        set->count += place(set->slots, set->slot_count, number);
    }
    return NULL;
}

static struct err *put_bit(void *object, struct arena *arena, uint64_t number)
{
    struct number_set *set = object;
    (void)arena;
    uint64_t bit = number - set->base;
    set->count += (set->bits[bit / 64] >> (bit % 64) & 1) == 0;
    set->bits[bit / 64] |= (uint64_t)1 << (bit % 64);
    return NULL;
}

struct bounds {
    uint64_t least, greatest;
};

static struct err *widen(void *object, struct arena *arena, uint64_t number)
{
    struct bounds *bounds = object;
    (void)arena;
    bounds->least = number < bounds->least ? number : bounds->least;
    bounds->greatest = number > bounds->greatest ? number : bounds->greatest;
    return NULL;
}

static void set_replace(struct number_set *set, struct arena *arena, const struct number_set *grown)
{
    arena_release(arena, set->slots, set->slot_count * sizeof(*set->slots));
    arena_release(arena, set->bits, set->bit_count / 8);
    *set = *grown;
}

/* A larger form of the set that has room for `number` too. */
static struct err *set_grow(struct number_set *set, struct arena *arena, uint64_t number)
{
    struct err *err = NULL;
    struct number_set grown = {0};
    struct bounds bounds = {number, number};
    if (set->count >= BITMAP_COUNT_MIN) {
        OR_DONE(set_each(set, arena, widen, &bounds));
        uint64_t range = bounds.greatest - bounds.least;
        if (range < set->count * BITS_PER_NUMBER) {
            grown.base = bounds.least & ~(uint64_t)63;
            if (set->bits != NULL && number < set->base) { /* it grows downwards: room there */
                grown.base = grown.base > range ? (grown.base - range) & ~(uint64_t)63 : 0;
            }
            grown.bit_count = 1024;
            while (grown.bit_count <= bounds.greatest - grown.base) {
                grown.bit_count *= 2;
            }
            grown.bits = arena_zalloc(arena, grown.bit_count / 8);
            if (grown.bits == NULL) {
                return arena_error(arena);
            }
            OR_DONE(set_each(set, arena, put_bit, &grown));
            set_replace(set, arena, &grown);
            return NULL;
        }
    }
    grown.slot_count = 16;
    while (grown.slot_count <= set->count * 2) {
        grown.slot_count *= 2;
    }
    grown.slots = arena_zalloc(arena, grown.slot_count * sizeof(*grown.slots));
    if (grown.slots == NULL) {
        return arena_error(arena);
    }
    OR_DONE(set_each(set, arena, put_slot, &grown));
    set_replace(set, arena, &grown);
done:
    return err;
}

static struct err *set_add(void *object, struct arena *arena, uint64_t number)
{
    struct number_set *set = object;
    if (set->bits != NULL ? number - set->base >= set->bit_count : set->count * 2 >= set->slot_count) {
        struct err *err = set_grow(set, arena, number);
        if (err != NULL) {
            return err;
        }
    }
    return set->bits != NULL ? put_bit(set, arena, number) : put_slot(set, arena, number);
}

static struct err *exact_number_add(ADD_ARGUMENTS)
{
    struct err *err = NULL;
    (void)aggregate;
    const struct column *numbers =
        arguments[0]->form == COLUMN_DICT ? column_flat(scratch, arguments[0]) : arguments[0];
    numbers = numbers == NULL ? NULL : column_numbers(scratch, numbers, TYPE_UINT64);
    if (numbers == NULL) {
        return arena_error(scratch);
    }
    if (groups == NULL && numbers->form == COLUMN_CONST) {
        return set_add(states, arena, VALUE_AT(numbers, uint64_t, 0));
    }
    EACH_ROW(struct number_set, {
        uint64_t number = VALUE_AT(numbers, uint64_t, i);
        uint64_t bit = number - state->base;
        OR_DONE(interrupt_at(i));
        if (bit < state->bit_count) { /* the usual case, without a call */
            state->count += (state->bits[bit / 64] >> (bit % 64) & 1) == 0;
            state->bits[bit / 64] |= (uint64_t)1 << (bit % 64);
        } else {
            OR_DONE(set_add(state, arena, number));
        }
    })
done:
    return err;
}

static struct err *exact_number_merge(MERGE_ARGUMENTS)
{
    struct err *err = NULL;
    (void)aggregate;
    struct number_set *a = into;
    struct number_set *b = from;
    if (a->count < b->count) {
        struct number_set swap = *a;
        *a = *b;
        *b = swap;
    }
    if (a->bits == NULL || b->bits == NULL || b->base < a->base || b->base - a->base >= a->bit_count ||
        b->bit_count > a->bit_count - (b->base - a->base)) {
        return set_each(b, arena, set_add, a);
    }
    uint64_t *words = a->bits + (b->base - a->base) / 64;
    for (uint64_t w = 0; w < b->bit_count / 64; w++) {
        OR_DONE(interrupt_at(w));
        a->count += (uint64_t)__builtin_popcountll(b->bits[w] & ~words[w]);
        words[w] |= b->bits[w];
    }
done:
    return err;
}

static struct err *exact_number_finish(FINISH_ARGUMENTS)
{
    (void)aggregate;
    (void)arena;
    for (uint32_t i = 0; i < count; i++) {
        ((uint64_t *)out->values)[i] = ((const struct number_set *)(const void *)(states + (size_t)i * stride))->count;
    }
    return NULL;
}

/* The number of numbers, then each as a value of the argument's type. */
struct number_output {
    struct state_writer *writer;
    uint32_t width;
};

static struct err *put_number(void *object, struct arena *arena, uint64_t number)
{
    const struct number_output *output = object;
    (void)arena;
    state_put(output->writer, &number, output->width);
    return NULL;
}

static struct err *exact_number_write(WRITE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct number_set *set = state;
    struct number_output output = {writer, aggregate->argument_types[0]->width};
    state_put_count(writer, set->count);
    OR_DONE(set_each(set, writer->arena, put_number, &output));
    OR_DONE(state_writer_error(writer));
done:
    return err;
}

static struct err *exact_number_read(READ_ARGUMENTS)
{
    struct err *err = NULL;
    (void)scratch;
    uint32_t width = aggregate->argument_types[0]->width;
    enum type_kind kind = type_physical(aggregate->argument_types[0]);
    uint64_t count;
    OR_DONE(state_take_elements(reader, width, UINT64_MAX, &count));
    for (uint64_t i = 0; i < count; i++) {
        uint64_t number = 0;
        OR_DONE(state_take(reader, &number, width));
        number = kind == TYPE_INT8    ? (uint64_t)(int8_t)number
                 : kind == TYPE_INT16 ? (uint64_t)(int16_t)number
                 : kind == TYPE_INT32 ? (uint64_t)(int32_t)number
                                      : number;
        OR_DONE(set_add(into, arena, number));
    }
done:
    return err;
}

bool aggregate_exact_number(const struct aggregate_bind *bind, struct aggregate *out)
{
    const struct type *type = bind->types[0];
    if (bind->count != 1 || type->width > 8 || type_is_nested(type) || type_is_float(type) || type_is_string(type) ||
        type->kind == TYPE_NOTHING) {
        return false;
    }
    out->state_bytes = STATE_BYTES(struct number_set);
    out->add = exact_number_add;
    out->merge = exact_number_merge;
    out->finish = exact_number_finish;
    out->write_state = exact_number_write;
    out->read_state = exact_number_read;
    return true;
}
