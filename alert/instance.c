/*
 * instance.c: see instance.h.
 */
#include "alert/instance.h"

#include <stdlib.h>

const char *const transition_reasons[] = {
    [TRANSITION_ROW] = "row",           [TRANSITION_EARLY] = "early",   [TRANSITION_FOR] = "for",
    [TRANSITION_NO_ROW] = "no row",     [TRANSITION_KEEPS] = "keeping", [TRANSITION_RETURNS] = "returned",
    [TRANSITION_RULE] = "rule removed",
};
const char *const instance_states[] = {
    [INSTANCE_INACTIVE] = "inactive", [INSTANCE_PENDING] = "pending", [INSTANCE_FIRING] = "firing"};

/* The blocks that an instance's labels and annotations point into are its own. */
struct slot {
    struct instance instance;
    void *labels_block;
    void *annotations_block;
};

struct instances {
    struct slot **slots; /* ordered by fingerprint */
    uint32_t count;
    struct slot **gone; /* of the last step: transitions still point to them */
    uint32_t gone_count;
};

static void slot_free(struct slot *slot)
{
    if (slot != NULL) {
        free(slot->labels_block);
        free(slot->annotations_block);
        free(slot);
    }
}

static void free_gone(struct instances *instances)
{
    for (uint32_t k = 0; k < instances->gone_count; k++) {
        slot_free(instances->gone[k]);
    }
    free(instances->gone);
    instances->gone = NULL;
    instances->gone_count = 0;
}

struct instances *instances_create(void)
{
    return calloc(1, sizeof(struct instances));
}

void instances_destroy(struct instances *instances)
{
    if (instances != NULL) {
        free_gone(instances);
        for (uint32_t k = 0; k < instances->count; k++) {
            slot_free(instances->slots[k]);
        }
        free(instances->slots);
        free(instances);
    }
}

uint32_t instances_count(const struct instances *instances)
{
    return instances->count;
}

const struct instance *instances_at(const struct instances *instances, uint32_t index)
{
    return &instances->slots[index]->instance;
}

/* Where the fingerprint stands, or would stand. */
static uint32_t place_of(const struct instances *instances, uint64_t fingerprint)
{
    uint32_t begin = 0, end = instances->count;
    while (begin < end) {
        uint32_t middle = begin + (end - begin) / 2;
        if (instances->slots[middle]->instance.fingerprint < fingerprint) {
            begin = middle + 1;
        } else {
            end = middle;
        }
    }
    return begin;
}

const struct instance *instances_find(const struct instances *instances, uint64_t fingerprint)
{
    uint32_t at = place_of(instances, fingerprint);
    return at < instances->count && instances->slots[at]->instance.fingerprint == fingerprint
               ? &instances->slots[at]->instance
               : NULL;
}

bool instances_any(const struct instances *instances, enum instance_state state)
{
    for (uint32_t k = 0; k < instances->count; k++) {
        if (instances->slots[k]->instance.state == state) {
            return true;
        }
    }
    return false;
}

/* A copy in one block; NULL: memory is out. */
static void *labels_block(const struct labels *labels, struct labels *out)
{
    size_t bytes = ((size_t)labels->count + 1) * sizeof(struct label);
    size_t at = bytes;
    for (uint32_t k = 0; k < labels->count; k++) {
        bytes += labels->items[k].name.length + labels->items[k].value.length;
    }
    char *block = malloc(bytes);
    if (block == NULL) {
        return NULL;
    }
    *out = (struct labels){(struct label *)(void *)block, labels->count};
    for (uint32_t k = 0; k < labels->count; k++) {
        const struct slice from[2] = {labels->items[k].name, labels->items[k].value};
        struct slice *to[2] = {&out->items[k].name, &out->items[k].value};
        for (int part = 0; part < 2; part++) {
            *to[part] = slice_of(block + at, from[part].length);
            if (from[part].length > 0) {
                memcpy(block + at, from[part].data, from[part].length);
            }
            at += from[part].length;
        }
    }
    return block;
}

static struct slot *slot_new(uint64_t fingerprint, const struct labels *labels, const struct labels *annotations)
{
    struct slot *slot = calloc(1, sizeof(*slot));
    if (slot == NULL) {
        return NULL;
    }
    slot->labels_block = labels_block(labels, &slot->instance.labels);
    slot->annotations_block = labels_block(annotations, &slot->instance.annotations);
    if (slot->labels_block == NULL || slot->annotations_block == NULL) {
        slot_free(slot);
        return NULL;
    }
    slot->instance.fingerprint = fingerprint;
    slot->instance.active_at_us = slot->instance.fired_at_us = TIME_NONE;
    slot->instance.keep_since_us = slot->instance.resolved_at_us = TIME_NONE;
    return slot;
}

/* ---- a step */

struct sorted_row {
    uint64_t fingerprint;
    const struct instance_row *row;
    struct slot *fresh;      /* made for it; taken over */
    void *annotations_block; /* likewise, for an instance that goes on */
    struct labels annotations;
};

static int by_fingerprint(const void *a, const void *b)
{
    uint64_t x = ((const struct sorted_row *)a)->fingerprint, y = ((const struct sorted_row *)b)->fingerprint;
    return (x > y) - (x < y);
}

/* All that a step needs, so that it cannot fail once it has begun. */
struct step {
    struct sorted_row *rows;
    uint32_t row_count;
    struct slot **slots; /* room for all that may be there afterwards */
    struct slot **gone;
    uint32_t slot_count, gone_count;
    struct transition *transitions;
    uint32_t transition_count;
    int64_t t_us;
};

static void step_deinit(struct step *step)
{
    for (uint32_t k = 0; k < step->row_count; k++) {
        slot_free(step->rows[k].fresh);
        free(step->rows[k].annotations_block);
    }
    free(step->slots);
    free(step->gone);
}

static struct err *sort_rows(struct arena *arena, const struct rule *rule, const struct instance_row *rows,
                             uint32_t row_count, struct step *step)
{
    uint32_t limit = rule->limit == 0 ? RULE_INSTANCES_MAX : rule->limit;
    if (row_count > limit) {
        return err_new(ERR_BAD_ARGUMENTS, "exceeded limit of %u with %u alerts", limit, row_count);
    }
    step->rows = ARENA_ARRAY(arena, struct sorted_row, (size_t)row_count + 1);
    if (step->rows == NULL) {
        return arena_error(arena);
    }
    for (uint32_t k = 0; k < row_count; k++) {
        step->rows[k] = (struct sorted_row){.fingerprint = labels_fingerprint(&rows[k].labels), .row = &rows[k]};
    }
    step->row_count = row_count;
    if (row_count > 1) {
        qsort(step->rows, row_count, sizeof(*step->rows), by_fingerprint);
    }
    for (uint32_t k = 1; k < row_count; k++) {
        if (step->rows[k - 1].fingerprint == step->rows[k].fingerprint) {
            struct buffer text = {0};
            labels_json(&text, &step->rows[k].row->labels);
            struct err *err =
                err_new(ERR_BAD_ARGUMENTS,
                        "two rows of the answer have the same labels, %.*s: the alert cannot tell them apart",
                        SLICE_ARG(slice_cut(buffer_all(&text), 300)));
            buffer_deinit(&text);
            return err;
        }
    }
    return NULL;
}

static struct err *prepare(const struct instances *instances, struct arena *arena, struct step *step)
{
    size_t room = (size_t)instances->count + step->row_count + 1;
    step->slots = malloc(room * sizeof(*step->slots));
    step->gone = malloc(room * sizeof(*step->gone));
    step->transitions = ARENA_ARRAY(arena, struct transition, room);
    if (step->transitions == NULL) {
        return arena_error(arena);
    }
    if (step->slots == NULL || step->gone == NULL) {
        return err_oom();
    }
    for (uint32_t k = 0; k < step->row_count; k++) {
        struct sorted_row *row = &step->rows[k];
        const struct instance *known = instances_find(instances, row->fingerprint);
        if (known == NULL || known->state == INSTANCE_INACTIVE) {
            row->fresh = slot_new(row->fingerprint, &row->row->labels, &row->row->annotations);
        } else {
            row->annotations_block = labels_block(&row->row->annotations, &row->annotations);
        }
        if (row->fresh == NULL && row->annotations_block == NULL) {
            return err_oom();
        }
    }
    return NULL;
}

static void note(struct step *step, const struct instance *instance, enum instance_state from,
                 enum transition_reason reason)
{
    step->transitions[step->transition_count++] = (struct transition){
        .at_us = step->t_us, .from = from, .to = instance->state, .reason = reason, .instance = instance};
}

/* A row for labels that nothing is active for. */
static void begin(struct step *step, const struct rule *rule, struct sorted_row *row, int64_t fired_us,
                  enum transition_reason reason)
{
    struct instance *instance = &row->fresh->instance;
    instance->value = row->row->value;
    instance->active_at_us = step->t_us;
    instance->state = rule->for_us > 0 ? INSTANCE_PENDING : INSTANCE_FIRING;
    if (instance->state == INSTANCE_FIRING) {
        instance->fired_at_us = fired_us;
    }
    note(step, instance, INSTANCE_INACTIVE, reason);
    step->slots[step->slot_count++] = row->fresh;
    row->fresh = NULL;
}

static void go_on(struct step *step, const struct rule *rule, struct slot *slot, struct sorted_row *row)
{
    struct instance *instance = &slot->instance;
    void *before = slot->annotations_block;
    slot->annotations_block = row->annotations_block;
    row->annotations_block = before; /* freed with the step */
    instance->annotations = row->annotations;
    instance->value = row->row->value;
    if (instance->state == INSTANCE_PENDING && step->t_us - instance->active_at_us >= rule->for_us) {
        instance->state = INSTANCE_FIRING;
        instance->fired_at_us = step->t_us;
        note(step, instance, INSTANCE_PENDING, TRANSITION_FOR);
    } else if (instance->keep_since_us != TIME_NONE) {
        instance->keep_since_us = TIME_NONE;
        note(step, instance, INSTANCE_FIRING, TRANSITION_RETURNS);
    }
    step->slots[step->slot_count++] = slot;
}

static void resolve(struct step *step, struct slot *slot, enum transition_reason reason)
{
    struct instance *instance = &slot->instance;
    enum instance_state from = instance->state;
    instance->state = INSTANCE_INACTIVE;
    if (from == INSTANCE_FIRING) {
        instance->resolved_at_us = step->t_us > instance->fired_at_us ? step->t_us : instance->fired_at_us;
        step->slots[step->slot_count++] = slot;
    } else {
        step->gone[step->gone_count++] = slot;
    }
    note(step, instance, from, reason);
}

static void go_without(struct step *step, const struct rule *rule, struct slot *slot)
{
    struct instance *instance = &slot->instance;
    if (instance->state == INSTANCE_INACTIVE) {
        bool forget = step->t_us - instance->resolved_at_us > RESOLVED_KEPT_US;
        if (forget) {
            step->gone[step->gone_count++] = slot;
        } else {
            step->slots[step->slot_count++] = slot;
        }
        return;
    }
    if (instance->active_at_us > step->t_us) { /* it fired early, and is not there yet */
        step->slots[step->slot_count++] = slot;
        return;
    }
    if (instance->state == INSTANCE_FIRING && rule->keep_us > 0) {
        bool begins = instance->keep_since_us == TIME_NONE;
        if (begins) {
            instance->keep_since_us = step->t_us;
            note(step, instance, INSTANCE_FIRING, TRANSITION_KEEPS);
        }
        if (begins || step->t_us - instance->keep_since_us < rule->keep_us) {
            step->slots[step->slot_count++] = slot;
            return;
        }
    }
    resolve(step, slot, TRANSITION_NO_ROW);
}

/* The step's outcome becomes the set's. */
static void settle(struct instances *instances, struct step *step, struct transition **transitions, uint32_t *count)
{
    free_gone(instances);
    free(instances->slots);
    instances->slots = step->slots;
    instances->count = step->slot_count;
    instances->gone = step->gone;
    instances->gone_count = step->gone_count;
    step->slots = step->gone = NULL;
    *transitions = step->transitions;
    *count = step->transition_count;
}

struct err *instances_step(struct instances *instances, const struct rule *rule, int64_t t_us,
                           const struct instance_row *rows, uint32_t row_count, struct arena *arena,
                           struct transition **transitions, uint32_t *count)
{
    struct err *err = NULL;
    struct step step = {.t_us = t_us};
    uint32_t at = 0, row = 0;

    *transitions = NULL;
    *count = 0;
    OR_DONE(sort_rows(arena, rule, rows, row_count, &step));
    OR_DONE(prepare(instances, arena, &step));
    while (at < instances->count || row < step.row_count) {
        struct slot *slot = at < instances->count ? instances->slots[at] : NULL;
        struct sorted_row *next = row < step.row_count ? &step.rows[row] : NULL;
        if (slot != NULL && (next == NULL || slot->instance.fingerprint < next->fingerprint)) {
            go_without(&step, rule, slot);
            at++;
            continue;
        }
        ASSERT(next != NULL);
        bool known = slot != NULL && slot->instance.fingerprint == next->fingerprint;
        if (known && slot->instance.state != INSTANCE_INACTIVE) {
            go_on(&step, rule, slot, next);
        } else {
            if (known) {
                step.gone[step.gone_count++] = slot;
            }
            begin(&step, rule, next, t_us, TRANSITION_ROW);
        }
        at += known;
        row++;
    }
    settle(instances, &step, transitions, count);
done:
    step_deinit(&step);
    return err;
}

struct err *instances_early(struct instances *instances, const struct rule *rule, int64_t t_us, int64_t now_us,
                            const struct instance_row *rows, uint32_t row_count, struct arena *arena,
                            struct transition **transitions, uint32_t *count)
{
    struct err *err = NULL;
    struct step step = {.t_us = t_us};
    uint32_t at = 0, row = 0;

    *transitions = NULL;
    *count = 0;
    ASSERT(rule->for_us == 0);
    OR_DONE(sort_rows(arena, rule, rows, row_count, &step));
    OR_DONE(prepare(instances, arena, &step));
    while (at < instances->count || row < step.row_count) {
        struct slot *slot = at < instances->count ? instances->slots[at] : NULL;
        struct sorted_row *next = row < step.row_count ? &step.rows[row] : NULL;
        bool known = slot != NULL && next != NULL && slot->instance.fingerprint == next->fingerprint;
        if (known ? slot->instance.state != INSTANCE_INACTIVE
                  : next == NULL || (slot != NULL && slot->instance.fingerprint < next->fingerprint)) {
            step.slots[step.slot_count++] = slot;
            at++;
            row += known;
            continue;
        }
        if (known) {
            step.gone[step.gone_count++] = slot;
        }
        begin(&step, rule, next, now_us < t_us ? now_us : t_us, TRANSITION_EARLY);
        at += known;
        row++;
    }
    settle(instances, &step, transitions, count);
done:
    step_deinit(&step);
    return err;
}

struct err *instances_end(struct instances *instances, int64_t t_us, struct arena *arena,
                          struct transition **transitions, uint32_t *count)
{
    struct err *err = NULL;
    struct step step = {.t_us = t_us};

    *transitions = NULL;
    *count = 0;
    OR_DONE(prepare(instances, arena, &step));
    for (uint32_t k = 0; k < instances->count; k++) {
        struct slot *slot = instances->slots[k];
        if (slot->instance.state == INSTANCE_INACTIVE) {
            step.slots[step.slot_count++] = slot;
        } else {
            resolve(&step, slot, TRANSITION_RULE);
        }
    }
    settle(instances, &step, transitions, count);
done:
    step_deinit(&step);
    return err;
}

struct err *instances_restore(struct instances *instances, const struct instance *recorded)
{
    uint32_t at = place_of(instances, recorded->fingerprint);
    bool known = at < instances->count && instances->slots[at]->instance.fingerprint == recorded->fingerprint;
    bool forgotten = recorded->state == INSTANCE_INACTIVE && recorded->resolved_at_us == TIME_NONE;
    if (forgotten) { /* it was pending */
        if (known) {
            slot_free(instances->slots[at]);
            memmove(instances->slots + at, instances->slots + at + 1,
                    (instances->count - at - 1) * sizeof(struct slot *));
            instances->count--;
        }
        return NULL;
    }
    struct slot *slot = slot_new(recorded->fingerprint, &recorded->labels, &recorded->annotations);
    struct slot **slots =
        known ? instances->slots : realloc(instances->slots, ((size_t)instances->count + 1) * sizeof(struct slot *));
    if (slots != NULL) {
        instances->slots = slots;
    }
    if (slot == NULL || slots == NULL) {
        slot_free(slot);
        return err_oom();
    }
    slot->instance.value = recorded->value;
    slot->instance.state = recorded->state;
    slot->instance.active_at_us = recorded->active_at_us;
    slot->instance.fired_at_us = recorded->fired_at_us;
    slot->instance.keep_since_us = recorded->keep_since_us;
    slot->instance.resolved_at_us = recorded->resolved_at_us;
    if (known) {
        slot_free(slots[at]);
    } else {
        memmove(slots + at + 1, slots + at, (instances->count - at) * sizeof(struct slot *));
        instances->count++;
    }
    slots[at] = slot;
    return NULL;
}

static void clamp(int64_t *time_us, int64_t t_us)
{
    if (*time_us != TIME_NONE && *time_us > t_us) {
        *time_us = t_us;
    }
}

void instances_clamp(struct instances *instances, int64_t t_us)
{
    for (uint32_t k = 0; k < instances->count; k++) {
        struct instance *instance = &instances->slots[k]->instance;
        clamp(&instance->active_at_us, t_us);
        clamp(&instance->fired_at_us, t_us);
        clamp(&instance->keep_since_us, t_us);
        clamp(&instance->resolved_at_us, t_us);
    }
}
