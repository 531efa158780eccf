/*
 * aggregate_decayed.c: exponentialTimeDecayedSum, -Avg, -Count, -Max: values that count the less the older they are.
 *
 * time     that of the last row of a window's frame, at which its value counts in full; a row at t counts
 *          exp((t − last) / decay)
 * order    of the rows, which only a window has: they are none of GROUP BY
 * source   ClickHouse's definitions
 */
#include "query/aggregates.h"

#include <math.h>

enum decayed { DECAYED_SUM, DECAYED_AVG, DECAYED_COUNT, DECAYED_MAX };

struct decayed_rule {
    enum decayed what;
    double decay; /* seconds */
    double ticks; /* of the time, in a second */
};

struct decayed_state {
    double sum, count, most, time;
    uint64_t rows, unused;
};

/* What the rows give at a later time, or at the same one. */
static void decay_to(const struct decayed_rule *rule, struct decayed_state *state, double time)
{
    double factor = exp(((state->rows == 0 ? time : state->time) - time) / rule->decay);
    state->sum *= factor;
    state->count *= factor;
    state->most *= factor;
    state->time = time;
}

static struct err *decayed_add(ADD_ARGUMENTS)
{
    (void)arena;
    const struct decayed_rule *rule = aggregate->data;
    uint32_t last = aggregate->argument_count - 1;
    const struct column *values = column_numbers(scratch, arguments[0], TYPE_FLOAT64);
    const struct column *times = column_numbers(scratch, arguments[last], TYPE_FLOAT64);
    if (values == NULL || times == NULL) {
        return arena_error(scratch);
    }
    EACH_ROW(struct decayed_state, {
        double value = VALUE_AT(values, double, i);
        decay_to(rule, state, VALUE_AT(times, double, i) / rule->ticks);
        state->sum += value;
        state->count += 1;
        state->most = state->rows == 0 || !(state->most >= value) ? value : state->most;
        state->rows++;
    })
    return NULL;
}

static struct err *decayed_merge(MERGE_ARGUMENTS)
{
    (void)arena;
    const struct decayed_rule *rule = aggregate->data;
    struct decayed_state *a = into;
    const struct decayed_state *b = from;
    if (b->rows == 0) {
        return NULL;
    }
    decay_to(rule, a, b->time);
    a->sum += b->sum;
    a->count += b->count;
    a->most = a->rows == 0 || !(a->most >= b->most) ? b->most : a->most;
    a->rows += b->rows;
    return NULL;
}

static struct err *decayed_read(READ_ARGUMENTS)
{
    struct err *err = NULL;
    struct decayed_state read;
    (void)scratch;
    OR_DONE(state_take(reader, &read, sizeof(read)));
    if (read.rows > UINT32_MAX * 65536ULL) {
        return state_bad("too many rows");
    }
    OR_DONE(decayed_merge(aggregate, arena, into, &read));
done:
    return err;
}

static struct err *decayed_finish(FINISH_ARGUMENTS)
{
    (void)arena;
    const struct decayed_rule *rule = aggregate->data;
    for (uint32_t g = 0; g < count; g++) {
        const struct decayed_state *state = (const void *)(states + (size_t)g * stride);
        double value = rule->what == DECAYED_SUM || rule->what == DECAYED_AVG ? state->sum : state->count;
        if (rule->what == DECAYED_AVG) {
            value = state->rows == 0 ? (double)NAN : value / state->count;
        } else if (rule->what == DECAYED_MAX) {
            value = state->rows == 0 ? (double)NAN : state->most;
        }
        ((double *)out->values)[g] = value;
    }
    return NULL;
}

static struct err *decayed_resolve(const struct aggregate_bind *bind, struct aggregate *out)
{
    struct err *err = NULL;
    struct decayed_rule *rule = arena_zalloc(bind->arena, sizeof(*rule));
    uint32_t last = bind->count - 1;
    const struct type *time = bind->types[last];
    if (rule == NULL) {
        return arena_error(bind->arena);
    }
    rule->what = (enum decayed)bind->tag;
    if (bind->parameter_count != 1) {
        return err_new(ERR_ARGUMENT_COUNT, "Function %s takes exactly one parameter", bind->name);
    }
    OR_DONE(aggregate_parameter(bind, 0, &rule->decay));
    if (last > 0 && (!type_is_number(bind->types[0]) || bind->types[0]->nullable || bind->types[0]->width > 16)) {
        return err_new(ERR_BAD_ARGUMENTS, "function %s: argument 1 must be a number, and not NULL", bind->name);
    }
    bool is_time = time->kind == TYPE_DATETIME || time->kind == TYPE_DATETIME64;
    if ((!type_is_number(time) && !is_time) || time->nullable || time->width > 16) {
        return err_new(ERR_BAD_ARGUMENTS,
                       "function %s: argument %u must be DateTime, DateTime64 or a number, and not NULL", bind->name,
                       last + 1);
    }
    rule->ticks = 1;
    for (uint32_t s = 0; time->kind == TYPE_DATETIME64 && s < time->scale; s++) {
        rule->ticks *= 10;
    }
    out->type = type_simple(TYPE_FLOAT64);
    out->data = rule;
    out->state_bytes = STATE_BYTES(struct decayed_state);
    out->add = decayed_add;
    out->merge = decayed_merge;
    out->finish = decayed_finish;
    aggregate_raw(out, sizeof(struct decayed_state));
    out->read_state = decayed_read;
done:
    return err;
}

#define DECAYED(name, count, tag)                                                                                      \
    {                                                                                                                  \
        name, false, count, count, AGGREGATE_PARAMETERS | AGGREGATE_NULLS | AGGREGATE_WINDOW, decayed_resolve, tag     \
    }
static const struct aggregate_definition definitions[] = {
    DECAYED("exponentialTimeDecayedSum", 2, DECAYED_SUM),
    DECAYED("exponentialTimeDecayedAvg", 2, DECAYED_AVG),
    DECAYED("exponentialTimeDecayedCount", 1, DECAYED_COUNT),
    DECAYED("exponentialTimeDecayedMax", 2, DECAYED_MAX),
};
const struct aggregate_group aggregates_decayed = GROUP_WITHOUT_ALIASES(definitions);
