/*
 * pane_queue.c: see pane_queue.h.
 */
#include "query/pane_queue.h"

#include <stdlib.h>
#include <string.h>

struct pane {
    int64_t start;
    char *states;
};

struct stack {
    struct arena *arena; /* of panes and states */
    struct pane *panes;
    uint32_t count;
    uint32_t capacity;
};

struct pane_queue {
    const struct pane_states *layout;
    struct stack older;  /* the oldest last; states: of itself and all after it */
    struct stack newer;  /* in order; states: its own */
    uint32_t left;       /* of newer: so many have left */
    struct arena *bytes; /* of one merge */
    char *sum;           /* of newer, in its arena; NULL: there are none */
};

struct err *pane_queue_create(const struct pane_states *layout, struct budget *budget, struct pane_queue **out)
{
    struct pane_queue *queue = calloc(1, sizeof(*queue));
    if (queue == NULL) {
        return err_oom();
    }
    queue->layout = layout;
    queue->older.arena = arena_create(budget);
    queue->newer.arena = arena_create(budget);
    queue->bytes = arena_create(budget);
    if (queue->older.arena == NULL || queue->newer.arena == NULL || queue->bytes == NULL) {
        pane_queue_destroy(queue);
        return err_oom();
    }
    *out = queue;
    return NULL;
}

void pane_queue_destroy(struct pane_queue *queue)
{
    if (queue != NULL) {
        arena_destroy(queue->older.arena);
        arena_destroy(queue->newer.arena);
        arena_destroy(queue->bytes);
        free(queue);
    }
}

static void stack_clear(struct stack *stack)
{
    arena_reset(stack->arena);
    stack->panes = NULL;
    stack->count = 0;
    stack->capacity = 0;
}

static struct err *stack_add(struct stack *stack, int64_t start, char *states)
{
    if (stack->count == stack->capacity) {
        uint32_t capacity = stack->capacity == 0 ? 8 : stack->capacity * 2;
        size_t used = stack->count * sizeof(struct pane);
        struct pane *grown = arena_grow(stack->arena, stack->panes, used, used, capacity * sizeof(struct pane));
        if (grown == NULL) {
            return arena_error(stack->arena);
        }
        stack->panes = grown;
        stack->capacity = capacity;
    }
    stack->panes[stack->count++] = (struct pane){start, states};
    return NULL;
}

void pane_queue_clear(struct pane_queue *queue)
{
    stack_clear(&queue->older);
    stack_clear(&queue->newer);
    queue->left = 0;
    queue->sum = NULL;
}

bool pane_queue_is_empty(const struct pane_queue *queue)
{
    return queue->older.count == 0 && queue->newer.count == queue->left;
}

struct err *pane_queue_push(struct pane_queue *queue, struct arena *scratch, int64_t start,
                            struct column *const *columns, uint32_t row)
{
    struct err *err = NULL;
    struct stack *newer = &queue->newer;
    char *states = pane_states_new(queue->layout, newer->arena);
    if (queue->sum == NULL) {
        queue->sum = pane_states_new(queue->layout, newer->arena);
    }
    if (states == NULL || queue->sum == NULL) {
        return arena_error(newer->arena);
    }
    OR_DONE(pane_states_read(queue->layout, newer->arena, scratch, states, columns, row));
    OR_DONE(pane_states_read(queue->layout, newer->arena, scratch, queue->sum, columns, row));
    OR_DONE(stack_add(newer, start, states));
done:
    return err;
}

/* The newer ones take the place of the older ones, of which none is left. */
static struct err *turn(struct pane_queue *queue)
{
    struct err *err = NULL;
    struct stack *older = &queue->older, *newer = &queue->newer;
    char *after = NULL;
    stack_clear(older);
    for (uint32_t i = newer->count; i > queue->left; i--) {
        char *states = pane_states_new(queue->layout, older->arena);
        if (states == NULL) {
            return arena_error(older->arena);
        }
        OR_DONE(pane_states_merge(queue->layout, older->arena, queue->bytes, states, newer->panes[i - 1].states));
        if (after != NULL) {
            OR_DONE(pane_states_merge(queue->layout, older->arena, queue->bytes, states, after));
        }
        OR_DONE(stack_add(older, newer->panes[i - 1].start, states));
        after = states;
    }
    stack_clear(newer);
    queue->left = 0;
    queue->sum = NULL;
done:
    return err;
}

struct err *pane_queue_leave(struct pane_queue *queue, int64_t before)
{
    struct stack *older = &queue->older, *newer = &queue->newer;
    while (older->count > 0 && older->panes[older->count - 1].start < before) {
        older->count--;
    }
    if (older->count > 0) {
        return NULL;
    }
    uint32_t left = queue->left;
    while (left < newer->count && newer->panes[left].start < before) {
        left++;
    }
    if (left == queue->left) {
        return NULL;
    }
    queue->left = left;
    if (left == newer->count) {
        pane_queue_clear(queue);
        return NULL;
    }
    return turn(queue);
}

struct err *pane_queue_sum(struct pane_queue *queue, struct arena *arena, char *into)
{
    struct err *err = NULL;
    const struct stack *older = &queue->older;
    if (older->count > 0) {
        OR_DONE(pane_states_merge(queue->layout, arena, queue->bytes, into, older->panes[older->count - 1].states));
    }
    if (queue->sum != NULL) {
        OR_DONE(pane_states_merge(queue->layout, arena, queue->bytes, into, queue->sum));
    }
done:
    return err;
}
