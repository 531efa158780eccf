/*
 * aggregate_events.c: windowFunnel, retention, sequenceMatch, sequenceCount: events that meet conditions, in time.
 *
 * state    a list of (time, conditions met), doubling in the states' arena; retention: the conditions met by any row
 * finish   events are put in order of time; of equal times windowFunnel takes the lower step first, the others keep the
 *          order of rows
 * patterns (?N) an event that meets condition N, . any event, .* any events, (?t<=S) time since the event before; tried
 *          from each place by backtracking, bounded by a million steps. Without times sequenceMatch runs all
 *          alternatives at once, in time linear in the events.
 * source   ClickHouse's definitions; Thompson, "Regular expression search algorithm", 1968
 */
#include "query/aggregates.h"

#include <stdlib.h>

#define CONDITIONS_MAX 32U
#define STEPS_MAX      1000000U

enum events_tag { FUNNEL, MATCH, COUNT };

struct event {
    uint64_t time;
    uint32_t word;  /* the step from 1 on (FUNNEL; 0: none), or a bit per condition */
    uint32_t order; /* of rows */
};

struct events {
    struct event *events;
    uint32_t count;
    uint32_t capacity;
    uint64_t met; /* conditions met by any event */
    uint64_t unused;
};

enum action_kind {
    ACTION_EVENT,
    ACTION_ANY,
    ACTION_STAR,
    ACTION_LESS,
    ACTION_LESS_EQUAL,
    ACTION_GREATER,
    ACTION_GREATER_EQUAL,
    ACTION_EQUAL
};

struct action {
    enum action_kind kind;
    uint64_t number; /* condition, or time */
};

struct events_kind {
    int tag;
    uint32_t condition_count;
    /* FUNNEL */
    uint64_t window;
    bool deduplicated, ordered, increasing;
    /* patterns */
    struct action *actions;
    uint32_t action_count;
    bool has_time;
    uint64_t needed; /* conditions in the pattern */
};

/* --- collecting -------------------------------------------------------------------------------------------------- */

static struct err *event_push(struct events *state, struct arena *arena, uint64_t time, uint32_t word)
{
    if (state->count == state->capacity) {
        if (state->capacity > UINT32_MAX / 4) {
            return err_new(ERR_MEMORY_LIMIT, "more than 2^30 events in one group");
        }
        uint32_t capacity = state->capacity == 0 ? 4 : state->capacity * 2;
        struct event *events = ARENA_ARRAY(arena, struct event, capacity);
        if (events == NULL) {
            return arena_error(arena);
        }
        if (state->count > 0) {
            memcpy(events, state->events, state->count * sizeof(*events));
        }
        state->events = events;
        state->capacity = capacity;
    }
    state->events[state->count] = (struct event){time, word, state->count};
    state->count++;
    return NULL;
}

/* A bit per condition that a row meets. */
static struct err *row_words(struct arena *scratch, const struct column *const *conditions, uint32_t count,
                             uint32_t row_count, uint32_t **out)
{
    uint32_t *words = arena_zalloc(scratch, row_count * sizeof(*words) + 1);
    if (words == NULL) {
        return arena_error(scratch);
    }
    for (uint32_t c = 0; c < count; c++) {
        const uint8_t *met = conditions[c]->values;
        size_t step = column_step(conditions[c]);
        for (uint32_t i = 0; i < row_count; i++) {
            words[i] |= (uint32_t)(met[i * step] != 0) << c;
        }
    }
    *out = words;
    return NULL;
}

static struct err *events_add(ADD_ARGUMENTS)
{
    struct err *err = NULL;
    const struct events_kind *kind = aggregate->data;
    const struct column *times = column_numbers(scratch, arguments[0], TYPE_UINT64);
    uint32_t *words = NULL;
    if (times == NULL) {
        return arena_error(scratch);
    }
    OR_DONE(row_words(scratch, arguments + 1, kind->condition_count, row_count, &words));
    const uint64_t *time = times->values;
    size_t step = column_step(times);
    EACH_ROW(struct events, {
        if (kind->tag != FUNNEL) {
            if (words[i] != 0) {
                OR_DONE(event_push(state, arena, time[i * step], words[i]));
                state->met |= words[i];
            }
            continue;
        }
        for (uint32_t c = kind->condition_count; c > 0; c--) {
            if ((words[i] >> (c - 1) & 1) != 0) {
                OR_DONE(event_push(state, arena, time[i * step], c));
            }
        }
        if (words[i] == 0 && kind->ordered) {
            OR_DONE(event_push(state, arena, time[i * step], 0));
        }
    })
done:
    return err;
}

static struct err *events_merge(MERGE_ARGUMENTS)
{
    (void)aggregate;
    struct err *err = NULL;
    struct events *a = into;
    const struct events *b = from;
    a->met |= b->met;
    for (uint32_t i = 0; i < b->count; i++) {
        OR_DONE(interrupt_at(i));
        OR_DONE(event_push(a, arena, b->events[i].time, b->events[i].word));
    }
done:
    return err;
}

/* The events in the order of their rows: time, and step or conditions. */
static struct err *events_write(WRITE_ARGUMENTS)
{
    (void)aggregate;
    const struct events *held = state;
    state_put_count(writer, held->count);
    for (uint32_t i = 0; i < held->count; i++) {
        state_put_count(writer, held->events[i].time);
        state_put_count(writer, held->events[i].word);
    }
    return state_writer_error(writer);
}

static struct err *events_read(READ_ARGUMENTS)
{
    struct err *err = NULL;
    (void)scratch;
    const struct events_kind *kind = aggregate->data;
    struct events *held = into;
    uint64_t count;
    uint64_t time;
    uint64_t word;
    uint64_t word_max = kind->tag == FUNNEL ? kind->condition_count : ((uint64_t)1 << kind->condition_count) - 1;
    OR_DONE(state_take_elements(reader, 2, UINT32_MAX / 4, &count));
    for (uint64_t i = 0; i < count; i++) {
        OR_DONE(state_take_count(reader, &time));
        OR_DONE(state_take_count(reader, &word));
        if (word > word_max) {
            return state_bad("an event meets a condition that there is not");
        }
        OR_DONE(event_push(held, arena, time, (uint32_t)word));
        held->met |= kind->tag == FUNNEL ? 0 : word;
    }
done:
    return err;
}

static int compare_times(const void *a, const void *b, void *user)
{
    (void)user;
    const struct event *x = a;
    const struct event *y = b;
    return x->time != y->time ? (x->time > y->time) - (x->time < y->time)
                              : (x->order > y->order) - (x->order < y->order);
}

static int compare_steps(const void *a, const void *b, void *user)
{
    (void)user;
    const struct event *x = a;
    const struct event *y = b;
    return x->time != y->time ? (x->time > y->time) - (x->time < y->time) : (x->word > y->word) - (x->word < y->word);
}

/* A copy in order: the state may get more rows. */
static struct err *sorted_events(const struct events_kind *kind, const struct events *state, struct arena *arena,
                                 struct event **out)
{
    struct err *err = NULL;
    struct event *events = ARENA_ARRAY(arena, struct event, state->count + 1U);
    if (events == NULL) {
        return arena_error(arena);
    }
    if (state->count > 0) {
        OR_DONE(interrupt_copy(events, state->events, state->count * sizeof(*events)));
        OR_DONE(order_elements(arena, events, state->count, sizeof(*events),
                               kind->tag == FUNNEL ? compare_steps : compare_times, NULL));
    }
    *out = events;
done:
    return err;
}

/* --- windowFunnel ------------------------------------------------------------------------------------------------ */

struct step {
    bool reached;
    uint64_t first; /* time of the chain's first event */
    uint64_t last;
};

static uint8_t steps_reached(const struct step *steps, uint32_t count)
{
    while (count > 0 && !steps[count - 1].reached) {
        count--;
    }
    return (uint8_t)count;
}

static uint8_t funnel_level(const struct events_kind *kind, const struct event *events, uint32_t count)
{
    struct step steps[CONDITIONS_MAX] = {0};
    bool begun = false;
    for (uint32_t i = 0; i < count && !interrupted_at(i); i++) {
        uint64_t time = events[i].time;
        if (events[i].word == 0) { /* meets no condition: kept with strict_order alone */
            if (begun) {
                break;
            }
            continue;
        }
        uint32_t s = events[i].word - 1;
        if (s == 0) {
            steps[0] = (struct step){true, time, time};
            begun = true;
        } else if (kind->deduplicated && steps[s].reached) {
            return steps_reached(steps, kind->condition_count);
        } else if (kind->ordered && begun && !steps[s - 1].reached) {
            uint32_t level = 0;
            while (steps[level].reached) {
                level++;
            }
            return (uint8_t)level;
        } else if (steps[s - 1].reached) {
            bool in_time = time <= steps[s - 1].first + kind->window;
            if (in_time && (!kind->increasing || steps[s - 1].last < time)) {
                steps[s] = (struct step){true, steps[s - 1].first, time};
                if (s + 1 == kind->condition_count) {
                    return (uint8_t)kind->condition_count;
                }
            }
        }
    }
    return steps_reached(steps, kind->condition_count);
}

/* --- patterns ---------------------------------------------------------------------------------------------------- */

struct trial {
    uint32_t action;
    uint32_t event;
    uint32_t base;
};

struct trials {
    struct arena *arena;
    struct trial *trials;
    uint32_t count;
    uint32_t capacity;
};

static struct err *trial_push(struct trials *trials, struct trial trial)
{
    if (trials->count == trials->capacity) {
        uint32_t capacity = trials->capacity == 0 ? 64 : trials->capacity * 2;
        struct trial *more = ARENA_ARRAY(trials->arena, struct trial, capacity);
        if (more == NULL) {
            return arena_error(trials->arena);
        }
        if (trials->count > 0) {
            memcpy(more, trials->trials, trials->count * sizeof(*more));
        }
        trials->trials = more;
        trials->capacity = capacity;
    }
    trials->trials[trials->count++] = trial;
    return NULL;
}

/* The last alternative that is left, one event further. */
static bool trial_pop(struct trials *trials, uint32_t event_count, struct trial *at)
{
    while (trials->count > 0) {
        *at = trials->trials[--trials->count];
        if (++at->event < event_count) {
            return true;
        }
    }
    return false;
}

static bool time_holds(const struct action *action, uint64_t time, uint64_t since)
{
    switch (action->kind) {
    case ACTION_LESS:
        return time < since + action->number;
    case ACTION_LESS_EQUAL:
        return time <= since + action->number;
    case ACTION_GREATER:
        return time > since + action->number;
    case ACTION_GREATER_EQUAL:
        return time >= since + action->number;
    default:
        return time == since + action->number;
    }
}

/* Does the pattern match from *begin on? *begin is then behind the last event taken. */
static struct err *match_from(const struct events_kind *kind, struct trials *trials, const struct event *events,
                              uint32_t count, uint32_t *begin, bool *matched)
{
    struct err *err = NULL;
    struct trial at = {0, *begin, *begin};
    uint32_t rounds = 0;
    trials->count = 0;
    while (at.action < kind->action_count && at.event < count) {
        const struct action *action = &kind->actions[at.action];
        bool later = false; /* the condition may hold for a later event */
        bool holds = true;
        if (action->kind == ACTION_STAR) {
            OR_DONE(trial_push(trials, at));
            at.base = at.event;
            at.action++;
        } else if (action->kind == ACTION_ANY || action->kind == ACTION_EVENT) {
            holds = action->kind == ACTION_ANY || (events[at.event].word >> action->number & 1) != 0;
            if (holds) {
                at.base = at.event++;
                at.action++;
            }
        } else {
            holds = time_holds(action, events[at.event].time, events[at.base].time);
            later = action->kind >= ACTION_GREATER;
            if (holds) {
                OR_DONE(trial_push(trials, at));
                at.base = at.event;
                at.action++;
            }
        }
        if (!holds && !(later && ++at.event < count) && !trial_pop(trials, count, &at)) {
            break;
        }
        if (++rounds > STEPS_MAX) {
            return err_new(ERR_TOO_SLOW, "the pattern takes more than %u steps to match", STEPS_MAX);
        }
    }
    while (at.action < kind->action_count) { /* what also holds of no more events */
        const struct action *action = &kind->actions[at.action];
        if (action->kind != ACTION_STAR && action->kind != ACTION_LESS && action->kind != ACTION_LESS_EQUAL &&
            !(action->kind == ACTION_GREATER_EQUAL && action->number == 0)) {
            break;
        }
        at.action++;
    }
    *matched = at.action == kind->action_count;
    *begin = at.event == *begin ? at.event + 1 : at.event;
done:
    return err;
}

/* Without times: all alternatives at once. reached[k]: actions [0, k) are done. */
static struct err *match_all(const struct events_kind *kind, struct arena *arena, const struct event *events,
                             uint32_t count, bool *matched)
{
    uint32_t n = kind->action_count;
    bool *reached = arena_zalloc(arena, (n + 1U) * 2);
    bool *next = reached + n + 1;
    if (reached == NULL) {
        return arena_error(arena);
    }
    reached[0] = true;
    for (uint32_t i = 0;; i++) {
        for (uint32_t k = 0; k < n; k++) {
            if (reached[k] && kind->actions[k].kind == ACTION_STAR) {
                reached[k + 1] = true; /* of nothing */
            }
        }
        if (reached[n] || i == count) {
            break;
        }
        memset(next, 0, n + 1U);
        for (uint32_t k = 0; k < n; k++) {
            const struct action *action = &kind->actions[k];
            if (reached[k] && action->kind == ACTION_STAR) {
                next[k] = true;
            } else if (reached[k] && (action->kind == ACTION_ANY || (events[i].word >> action->number & 1) != 0)) {
                next[k + 1] = true;
            }
        }
        memcpy(reached, next, n + 1U);
    }
    *matched = reached[n];
    return NULL;
}

static struct err *events_finish(FINISH_ARGUMENTS)
{
    struct err *err = NULL;
    const struct events_kind *kind = aggregate->data;
    struct trials trials = {.arena = arena};
    uint64_t steps = 0;
    for (uint32_t g = 0; g < count; g++) {
        const struct events *state = (const void *)(states + (size_t)g * stride);
        struct event *events = NULL;
        uint64_t found = 0;
        bool matched = true;
        uint32_t at = 0;
        OR_DONE(interrupt_steps(&steps, 10ULL * state->count));
        if (kind->tag == FUNNEL || (state->met & kind->needed) == kind->needed) {
            OR_DONE(sorted_events(kind, state, arena, &events));
            if (kind->tag == FUNNEL) {
                found = funnel_level(kind, events, state->count);
            } else if (kind->tag == MATCH && !kind->has_time) {
                OR_DONE(match_all(kind, arena, events, state->count, &matched));
                found = matched;
            } else if (kind->tag == MATCH) {
                OR_DONE(match_from(kind, &trials, events, state->count, &at, &matched));
                found = matched;
            } else {
                while (at < state->count) {
                    OR_DONE(match_from(kind, &trials, events, state->count, &at, &matched));
                    if (!matched) {
                        break;
                    }
                    found++;
                }
            }
        }
        memcpy((char *)out->values + (size_t)g * out->type->width, &found, out->type->width);
    }
done:
    return err;
}

/* --- binding ----------------------------------------------------------------------------------------------------- */

static struct err *check_conditions(const struct aggregate_bind *bind, uint32_t first)
{
    for (uint32_t i = first; i < bind->count; i++) {
        if (bind->types[i]->kind != TYPE_UINT8 && bind->types[i]->kind != TYPE_BOOL) {
            return aggregate_argument_error(bind, i, "a condition, UInt8, is needed");
        }
    }
    return NULL;
}

static struct err *pattern_error(const struct aggregate_bind *bind, struct slice pattern, size_t at)
{
    return err_new(ERR_SYNTAX, "the pattern of %s cannot be read at position %zu: '%.*s'", bind->name, at,
                   (int)(pattern.length - at), pattern.data + at);
}

static bool take(struct slice pattern, size_t *at, const char *text)
{
    size_t length = strlen(text);
    bool found = pattern.length - *at >= length && memcmp(pattern.data + *at, text, length) == 0;
    *at += found ? length : 0;
    return found;
}

static struct err *parse_pattern(const struct aggregate_bind *bind, struct slice pattern, struct events_kind *kind)
{
    static const struct {
        const char *text;
        enum action_kind kind;
    } times[] = {{"<=", ACTION_LESS_EQUAL},
                 {"<", ACTION_LESS},
                 {">=", ACTION_GREATER_EQUAL},
                 {">", ACTION_GREATER},
                 {"==", ACTION_EQUAL}};
    kind->actions = ARENA_ARRAY(bind->arena, struct action, pattern.length + 2);
    if (kind->actions == NULL) {
        return arena_error(bind->arena);
    }
    kind->actions[kind->action_count++] = (struct action){ACTION_STAR, 0};
    for (size_t at = 0; at < pattern.length;) {
        size_t begin = at;
        struct action action = {ACTION_STAR, 0};
        if (take(pattern, &at, "(?")) {
            action.kind = ACTION_EVENT;
            if (take(pattern, &at, "t")) {
                for (size_t k = 0; k < 5 && action.kind == ACTION_EVENT; k++) {
                    action.kind = take(pattern, &at, times[k].text) ? times[k].kind : ACTION_EVENT;
                }
                if (action.kind == ACTION_EVENT) {
                    return pattern_error(bind, pattern, at);
                }
                if (kind->actions[kind->action_count - 1].kind > ACTION_STAR) {
                    return err_new(ERR_BAD_ARGUMENTS, "a condition on time must follow an event in the pattern of %s",
                                   bind->name);
                }
                kind->has_time = true;
            }
            size_t digits = at;
            while (at < pattern.length && pattern.data[at] >= '0' && pattern.data[at] <= '9' && at - digits < 18) {
                action.number = action.number * 10 + (uint64_t)(pattern.data[at++] - '0');
            }
            if (at == digits || !take(pattern, &at, ")")) {
                return pattern_error(bind, pattern, at);
            }
            if (action.kind == ACTION_EVENT) {
                if (action.number < 1 || action.number > kind->condition_count) {
                    return err_new(ERR_BAD_ARGUMENTS, "%s has no event %llu", bind->name,
                                   (unsigned long long)action.number);
                }
                action.number--;
                kind->needed |= (uint64_t)1 << action.number;
            }
        } else if (take(pattern, &at, ".*")) {
            action.kind = ACTION_STAR;
        } else if (take(pattern, &at, ".")) {
            action.kind = ACTION_ANY;
        } else {
            return pattern_error(bind, pattern, begin);
        }
        kind->actions[kind->action_count++] = action;
    }
    return NULL;
}

static struct err *funnel_parameters(const struct aggregate_bind *bind, struct events_kind *kind)
{
    if (bind->parameter_count == 0) {
        return err_new(ERR_ARGUMENT_COUNT, "aggregate function %s needs a parameter, the window", bind->name);
    }
    if (!type_is_integer(bind->parameters[0]->type) || column_int(bind->parameters[0], 0) < 0) {
        return err_new(ERR_BAD_ARGUMENTS, "the window of aggregate function %s must be a whole number", bind->name);
    }
    kind->window = (uint64_t)column_int(bind->parameters[0], 0);
    for (uint32_t i = 1; i < bind->parameter_count; i++) {
        struct slice mode = bind->parameters[i]->type->kind == TYPE_STRING
                                ? *(const struct slice *)column_value(bind->parameters[i], 0)
                                : slice_text("");
        if (slice_equal(mode, slice_text("strict_deduplication"))) {
            kind->deduplicated = true;
        } else if (slice_equal(mode, slice_text("strict_order"))) {
            kind->ordered = true;
        } else if (slice_equal(mode, slice_text("strict_increase"))) {
            kind->increasing = true;
        } else if (slice_equal(mode, slice_text("strict_once")) || slice_equal(mode, slice_text("allow_reentry"))) {
            return err_new(ERR_NOT_IMPLEMENTED, "%s with %.*s is not implemented", bind->name, SLICE_ARG(mode));
        } else {
            return err_new(ERR_BAD_ARGUMENTS, "aggregate function %s has no mode '%.*s'", bind->name, SLICE_ARG(mode));
        }
    }
    return NULL;
}

static struct err *events_resolve(const struct aggregate_bind *bind, struct aggregate *out)
{
    struct err *err = NULL;
    const struct type *time = bind->types[0];
    struct events_kind *kind = ARENA_NEW(bind->arena, struct events_kind);
    if (kind == NULL) {
        return arena_error(bind->arena);
    }
    kind->tag = bind->tag;
    kind->condition_count = bind->count - 1;
    if (bind->tag != FUNNEL && bind->count < 3) {
        return err_new(ERR_TOO_FEW_ARGUMENTS, "aggregate function %s needs a time and at least two conditions",
                       bind->name);
    }
    if (!(type_is_integer(time) && !type_is_signed(time) && time->width <= 8) && time->kind != TYPE_DATE &&
        time->kind != TYPE_DATETIME) {
        return aggregate_argument_error(bind, 0, "an unsigned integer, a Date or a DateTime is needed");
    }
    OR_DONE(check_conditions(bind, 1));
    if (bind->tag == FUNNEL) {
        OR_DONE(funnel_parameters(bind, kind));
    } else {
        if (bind->parameter_count != 1) {
            return err_new(ERR_ARGUMENT_COUNT, "aggregate function %s needs one parameter, the pattern", bind->name);
        }
        if (bind->parameters[0]->type->kind != TYPE_STRING) {
            return err_new(ERR_BAD_ARGUMENTS, "the pattern of aggregate function %s must be a String", bind->name);
        }
        OR_DONE(parse_pattern(bind, *(const struct slice *)column_value(bind->parameters[0], 0), kind));
    }
    out->type = type_simple(bind->tag == COUNT ? TYPE_UINT64 : TYPE_UINT8);
    out->data = kind;
    out->state_bytes = STATE_BYTES(struct events);
    out->add = events_add;
    out->merge = events_merge;
    out->write_state = events_write;
    out->read_state = events_read;
    out->finish = events_finish;
done:
    return err;
}

/* --- retention --------------------------------------------------------------------------------------------------- */

static struct err *retention_add(ADD_ARGUMENTS)
{
    struct err *err = NULL;
    uint32_t *words = NULL;
    (void)arena;
    OR_DONE(row_words(scratch, arguments, aggregate->argument_count, row_count, &words));
    EACH_ROW(uint32_t, *state |= words[i])
done:
    return err;
}

static struct err *retention_merge(MERGE_ARGUMENTS)
{
    (void)aggregate;
    (void)arena;
    *(uint32_t *)into |= *(const uint32_t *)from;
    return NULL;
}

static struct err *retention_finish(FINISH_ARGUMENTS)
{
    struct err *err = NULL;
    uint32_t length = aggregate->argument_count;
    OR_DONE(aggregate_arrays(arena, (uint64_t)count * length, out));
    uint8_t *cells = out->children[0]->values;
    for (uint32_t g = 0; g < count; g++) {
        uint32_t word = *(const uint32_t *)(const void *)(states + (size_t)g * stride);
        out->offsets[g + 1] = (g + 1) * length;
        for (uint32_t c = 0; c < length; c++) {
            cells[(size_t)g * length + c] = (word & 1) != 0 && (word >> c & 1) != 0;
        }
    }
done:
    return err;
}

static struct err *retention_resolve(const struct aggregate_bind *bind, struct aggregate *out)
{
    struct err *err = NULL;
    OR_DONE(check_conditions(bind, 0));
    out->type = type_array(bind->arena, type_simple(TYPE_UINT8));
    out->state_bytes = 16;
    out->add = retention_add;
    out->merge = retention_merge;
    out->finish = retention_finish;
    aggregate_raw(out, sizeof(uint32_t));
    if (out->type == NULL) {
        err = arena_error(bind->arena);
    }
done:
    return err;
}

static const struct aggregate_definition definitions[] = {
    {"windowFunnel", false, 2, CONDITIONS_MAX + 1, AGGREGATE_PARAMETERS, events_resolve, FUNNEL},
    {"sequenceMatch", false, 1, CONDITIONS_MAX + 1, AGGREGATE_PARAMETERS, events_resolve, MATCH},
    {"sequenceCount", false, 1, CONDITIONS_MAX + 1, AGGREGATE_PARAMETERS, events_resolve, COUNT},
    {"retention", false, 2, CONDITIONS_MAX, AGGREGATE_PLAIN, retention_resolve, 0},
};
const struct aggregate_group aggregates_events = GROUP_WITHOUT_ALIASES(definitions);
