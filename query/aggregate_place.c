/*
 * aggregate_place.c: groupArrayInsertAt: values at the places that their rows say.
 */
#include "query/aggregate_list.h"

#define POSITION_MAX 0xFFFFFFU

static bool place_is_set(const struct list *list, uint64_t at)
{
    return at / 32 < list->slot_count && (list->slots[at / 32] >> (at % 32) & 1) != 0;
}

static struct err *place_take(const struct list_kind *kind, struct list *list, struct arena *arena, uint64_t at,
                              const void *value)
{
    struct err *err = NULL;
    uint32_t width = kind->type->width;
    if (at >= POSITION_MAX) {
        return err_new(ERR_TOO_LARGE_ARRAY, "the position %llu is not below the limit of %u", (unsigned long long)at,
                       POSITION_MAX);
    }
    if (at >= kind->limit || place_is_set(list, at)) {
        return NULL;
    }
    if (at >= list->count) {
        OR_DONE(list_room(list, arena, width, at + 1));
        for (uint64_t i = list->count; i <= at; i++) {
            memcpy(list->cells + i * width, kind->blank, width);
        }
        list->count = (uint32_t)at + 1;
        if (list->capacity / 32 + 1 > list->slot_count) {
            uint32_t *bits = arena_zalloc(arena, (list->capacity / 32 + 1) * sizeof(*bits));
            if (bits == NULL) {
                return arena_error(arena);
            }
            if (list->slot_count > 0) {
                memcpy(bits, list->slots, list->slot_count * sizeof(*bits));
            }
            list->slots = bits;
            list->slot_count = list->capacity / 32 + 1;
        }
    }
    OR_DONE(list_set(list, kind->type, arena, (uint32_t)at, value));
    list->slots[at / 32] |= 1U << (at % 32);
done:
    return err;
}

static struct err *place_add(ADD_ARGUMENTS)
{
    struct err *err = NULL;
    const struct list_kind *kind = aggregate->data;
    const struct column *places = column_numbers(scratch, arguments[1], TYPE_UINT64);
    if (places == NULL) {
        return arena_error(scratch);
    }
    const char *cells = arguments[0]->values;
    const uint64_t *at = places->values;
    size_t step = column_step(arguments[0]) * kind->type->width;
    size_t at_step = column_step(places);
    EACH_ROW(struct list, OR_DONE(place_take(kind, state, arena, at[i * at_step], cells + i * step)))
done:
    return err;
}

static struct err *place_merge(MERGE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct list_kind *kind = aggregate->data;
    const struct list *b = from;
    for (uint32_t i = 0; i < b->count; i++) {
        OR_DONE(interrupt_at(i));
        if (place_is_set(b, i)) {
            OR_DONE(place_take(kind, into, arena, i, b->cells + (size_t)i * kind->type->width));
        }
    }
done:
    return err;
}

static struct err *place_finish(FINISH_ARGUMENTS)
{
    struct err *err = NULL;
    const struct list_kind *kind = aggregate->data;
    uint32_t width = kind->type->width;
    bool fixed = kind->limit != UINT64_MAX;
    uint64_t total = 0;
    for (uint32_t g = 0; g < count; g++) {
        total += fixed ? kind->limit : ((const struct list *)(const void *)(states + (size_t)g * stride))->count;
    }
    OR_DONE(aggregate_arrays(arena, total, out));
    char *cells = out->children[0]->values;
    for (uint32_t g = 0; g < count; g++) {
        const struct list *list = (const struct list *)(const void *)(states + (size_t)g * stride);
        uint32_t length = fixed ? (uint32_t)kind->limit : list->count;
        char *to = cells + (size_t)out->offsets[g] * width;
        out->offsets[g + 1] = out->offsets[g] + length;
        if (list->count > 0) {
            memcpy(to, list->cells, (size_t)list->count * width);
        }
        for (uint32_t i = list->count; i < length; i++) {
            memcpy(to + (size_t)i * width, kind->blank, width);
        }
    }
done:
    return err;
}

/* The places that are set, each with its value. */
static struct err *place_write(WRITE_ARGUMENTS)
{
    const struct list_kind *kind = aggregate->data;
    const struct list *list = state;
    uint64_t set = 0;
    for (uint32_t i = 0; i < list->count; i++) {
        set += place_is_set(list, i);
    }
    state_put_count(writer, set);
    for (uint32_t i = 0; i < list->count; i++) {
        if (place_is_set(list, i)) {
            state_put_count(writer, i);
            state_put_value(writer, kind->type, list->cells + (size_t)i * kind->type->width);
        }
    }
    return state_writer_error(writer);
}

static struct err *place_read(READ_ARGUMENTS)
{
    struct err *err = NULL;
    (void)scratch;
    const struct list_kind *kind = aggregate->data;
    struct slice text;
    const void *cell;
    uint64_t count;
    uint64_t at;
    OR_DONE(state_take_elements(reader, 1 + state_value_bytes(kind->type), POSITION_MAX, &count));
    for (uint64_t i = 0; i < count; i++) {
        OR_DONE(state_take_count(reader, &at));
        OR_DONE(state_take_value(reader, kind->type, &text, &cell));
        OR_DONE(place_take(kind, into, arena, at, cell));
    }
done:
    return err;
}

static struct err *place_resolve(const struct aggregate_bind *bind, struct aggregate *out)
{
    struct err *err = NULL;
    struct list_kind *kind = ARENA_NEW(bind->arena, struct list_kind);
    const struct type *type = bind->types[0];
    struct column *blank = column_default(bind->arena, type, 1);
    if (kind == NULL || blank == NULL) {
        return arena_error(bind->arena);
    }
    if (bind->parameter_count > 2) {
        return err_new(ERR_ARGUMENT_COUNT, "aggregate function %s takes at most 2 parameters", bind->name);
    }
    if (!type_is_integer(bind->types[1]) || type_is_signed(bind->types[1]) || bind->types[1]->width > 8) {
        return aggregate_argument_error(bind, 1, "an unsigned integer is needed");
    }
    kind->type = type;
    kind->limit = UINT64_MAX;
    if (bind->parameter_count > 0) {
        const struct column *given = bind->parameters[0];
        if (type_is_string(given->type) && !type_is_string(type)) {
            return err_new(ERR_TYPE_MISMATCH, "the default of aggregate function %s is no value of the array's type",
                           bind->name);
        }
        OR_DONE(function_cast(bind->arena, bind->context, given, type, &blank));
    }
    if (bind->parameter_count > 1) {
        OR_DONE(list_parameter(bind, 1, &kind->limit));
        if (kind->limit > POSITION_MAX) {
            return err_new(ERR_TOO_LARGE_ARRAY, "the size of an array of %s is %u at most", bind->name, POSITION_MAX);
        }
    }
    kind->blank = column_value(blank, 0);
    out->type = type_array(bind->arena, type);
    out->data = kind;
    out->state_bytes = STATE_BYTES(struct list);
    out->add = place_add;
    out->merge = place_merge;
    out->finish = place_finish;
    out->write_state = place_write;
    out->read_state = place_read;
    if (out->type == NULL) {
        err = arena_error(bind->arena);
    }
done:
    return err;
}

static const struct aggregate_definition definitions[] = {
    {"groupArrayInsertAt", false, 2, 2, AGGREGATE_PARAMETERS, place_resolve, 0},
};
const struct aggregate_group aggregates_place = GROUP_WITHOUT_ALIASES(definitions);
