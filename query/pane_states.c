/*
 * pane_states.c: see pane_states.h.
 */
#include "query/pane_states.h"

#include "query/aggregate_combine.h"
#include "query/aggregate_state.h"

struct err *pane_states_of(struct arena *arena, const struct plan_aggregate *aggregates, uint32_t count,
                           struct pane_states *out)
{
    *out = (struct pane_states){.aggregates = aggregates, .count = count, .plain = true};
    out->offsets = ARENA_ARRAY(arena, uint32_t, count + 1U);
    if (out->offsets == NULL) {
        return arena_error(arena);
    }
    for (uint32_t a = 0; a < count; a++) {
        out->offsets[a] = out->stride;
        out->stride += (aggregates[a].aggregate->state_bytes + 15U) & ~15U;
        out->plain = out->plain && aggregates[a].aggregate->plain;
    }
    return NULL;
}

char *pane_states_new(const struct pane_states *layout, struct arena *arena)
{
    return arena_zalloc(arena, layout->stride + 1U);
}

/* Through its bytes: merging would take over what the state points to. */
static struct err *merge_bytes(const struct aggregate *aggregate, struct arena *arena, struct arena *bytes, char *into,
                               char *from)
{
    struct err *err = NULL;
    struct state_writer writer = {.arena = bytes};
    OR_DONE(aggregate->write_state(aggregate, from, &writer));
    OR_DONE(aggregate_add_bytes(aggregate, arena, bytes, slice_of(writer.data, writer.length), into));
done:
    return err;
}

struct err *pane_states_merge(const struct pane_states *layout, struct arena *arena, struct arena *bytes, char *into,
                              char *from)
{
    struct err *err = NULL;
    for (uint32_t a = 0; a < layout->count; a++) {
        const struct aggregate *aggregate = layout->aggregates[a].aggregate;
        char *to = into + layout->offsets[a], *other = from + layout->offsets[a];
        OR_DONE(aggregate->plain ? aggregate->merge(aggregate, arena, to, other)
                                 : merge_bytes(aggregate, arena, bytes, to, other));
    }
    if (!layout->plain) {
        arena_reset(bytes);
    }
done:
    return err;
}

struct err *pane_states_read(const struct pane_states *layout, struct arena *arena, struct arena *scratch, char *into,
                             struct column *const *columns, uint32_t row)
{
    struct err *err = NULL;
    for (uint32_t a = 0; a < layout->count; a++) {
        const struct slice *bytes = column_value(columns[a], row);
        OR_DONE(
            aggregate_add_bytes(layout->aggregates[a].aggregate, arena, scratch, *bytes, into + layout->offsets[a]));
    }
done:
    return err;
}

struct err *pane_states_finish(const struct pane_states *layout, struct arena *arena, char *states, uint32_t count,
                               struct column **out)
{
    struct err *err = NULL;
    for (uint32_t a = 0; a < layout->count; a++) {
        const struct aggregate *aggregate = layout->aggregates[a].aggregate;
        out[a] = column_new(arena, aggregate->type, count);
        if (out[a] == NULL) {
            return arena_error(arena);
        }
        OR_DONE(aggregate->finish(aggregate, arena, states + layout->offsets[a], layout->stride, count, out[a]));
    }
done:
    return err;
}

static struct err *bytes_add(ADD_ARGUMENTS)
{
    return aggregate->nested->add(aggregate->nested, arena, scratch, states, stride, groups, arguments, row_count);
}

static struct err *bytes_finish(FINISH_ARGUMENTS)
{
    return aggregate_bytes(aggregate->nested, arena, states, stride, count, out->values);
}

struct err *aggregate_as_bytes(struct arena *arena, const struct aggregate *nested, const struct aggregate **out)
{
    struct aggregate *made = ARENA_NEW(arena, struct aggregate);
    if (made == NULL) {
        return arena_error(arena);
    }
    *made = *nested;
    made->type = type_simple(TYPE_STRING);
    made->nested = nested;
    made->data = NULL;
    made->same_state = NULL; /* the data that it would look at are another function's */
    made->add = bytes_add;
    made->merge = combine_array_merge;
    made->finish = bytes_finish;
    made->write_state = combine_array_write;
    made->read_state = combine_array_read;
    *out = made;
    return NULL;
}
