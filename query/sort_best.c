/*
 * sort_best.c: a window that numbers the rows of each partition, with a filter above that wants the first n of them:
 * the sort below need not keep the others.
 *
 * when     the window's functions are row_number and rank alone, and behind it, through projections, stands a filter
 *          with a condition like r <= 3 on one of them
 * how      each worker keeps the n smallest words of the first order key for every partition, as the sort itself does
 *          where it has a limit; rows behind them are left out, ties stay
 * bound    of too many partitions, or when most rows stay, all are kept from then on
 * thread   what is planned: any; the rest: one per worker
 */
#include "query/aggregates.h"
#include "query/sort.h"

#define FIRST_MAX   1024U
#define WORDS_MAX   1048576U /* of all partitions together */
#define TRIAL_ROWS  131072U  /* after so many rows it must have paid */
#define GROUPS_ROOM 64U

struct sort_best {
    struct group_table *table;
    uint64_t *words;  /* per partition: first of them, a heap once full */
    uint32_t *counts; /* per partition */
    uint32_t room;    /* partitions that there is room for */
    uint64_t rows, kept;
    bool given_up;
};

/* --- when -------------------------------------------------------------------------------------------------------- */

static bool number_of(const struct expression *expression, uint64_t *number)
{
    const struct column *constant = expression->kind == EXPRESSION_CONSTANT ? expression->constant : NULL;
    if (constant == NULL || !type_is_integer(constant->type) || constant->type->width > 8 ||
        column_is_null(constant, 0)) {
        return false;
    }
    uint64_t word = ordered_bits(type_physical(constant->type), column_value(constant, 0));
    *number = type_is_signed(constant->type) ? word ^ (uint64_t)1 << 63 : word;
    return *number <= INT64_MAX;
}

/* Does the condition let pass only rows whose column is in [1, *first]? */
static bool first_rows(const struct expression *condition, uint32_t column, uint64_t *first)
{
    if (condition->kind != EXPRESSION_CALL) {
        return false;
    }
    const char *name = condition->function->name;
    if (strcmp(name, "and") == 0) {
        for (uint32_t i = 0; i < condition->child_count; i++) {
            if (first_rows(condition->children[i], column, first)) {
                return true;
            }
        }
        return false;
    }
    for (uint32_t side = 0; side < 2 && condition->child_count == 2; side++) {
        const struct expression *key = condition->children[side];
        bool below = strcmp(name, side == 0 ? "less" : "greater") == 0;
        bool at_most = strcmp(name, side == 0 ? "lessOrEquals" : "greaterOrEquals") == 0;
        uint64_t number;
        if (key->kind == EXPRESSION_COLUMN && key->column_index == column &&
            (below || at_most || strcmp(name, "equals") == 0) && number_of(condition->children[1 - side], &number)) {
            *first = below && number > 0 ? number - 1 : number;
            return *first <= FIRST_MAX;
        }
    }
    return false;
}

uint64_t sort_best_wanted(const struct plan *plan, const struct stage *next)
{
    if (!window_is(next) || plan->limit != UINT64_MAX) {
        return 0;
    }
    const struct plan_window *window = next->plan->window;
    uint32_t inputs = next->plan->inputs[0]->column_count;
    uint64_t best = UINT64_MAX;
    if (window->order_count == 0 || plan->sort_key_count != window->partition_count + window->order_count ||
        type_is_nested(plan->sort_keys[window->partition_count].expression->type)) {
        return 0;
    }
    for (uint32_t f = 0; f < window->function_count; f++) {
        if (window->functions[f].kind != WINDOW_ROW_NUMBER && window->functions[f].kind != WINDOW_RANK) {
            return 0;
        }
    }
    for (uint32_t f = 0; f < window->function_count; f++) {
        uint32_t column = inputs + f; /* of the stage's input */
        for (const struct stage *stage = next->next; stage != NULL && stage->next != NULL; stage = stage->next) {
            uint64_t first;
            if (stage->plan->kind == PLAN_FILTER) {
                best = first_rows(stage->plan->condition, column, &first) && first < best ? first : best;
                continue;
            }
            uint32_t output = 0;
            while (stage->plan->kind == PLAN_PROJECT && output < stage->plan->column_count &&
                   (stage->plan->expressions[output]->kind != EXPRESSION_COLUMN ||
                    stage->plan->expressions[output]->column_index != column)) {
                output++;
            }
            if (stage->plan->kind != PLAN_PROJECT || output == stage->plan->column_count) {
                break;
            }
            column = output;
        }
    }
    return best == UINT64_MAX ? 0 : best == 0 ? 1 : best;
}

/* --- how --------------------------------------------------------------------------------------------------------- */

static struct err *make_room(struct sort_best *best, struct arena *arena, uint64_t first)
{
    uint32_t groups = group_table_count(best->table);
    if (groups <= best->room) {
        return NULL;
    }
    if (groups * first > WORDS_MAX) {
        best->given_up = true;
        return NULL;
    }
    uint32_t room = best->room * 2 < groups ? groups + GROUPS_ROOM : best->room * 2;
    uint64_t *words = arena_array(arena, room, first * sizeof(*words));
    uint32_t *counts = arena_zalloc(arena, room * sizeof(*counts));
    if (words == NULL || counts == NULL) {
        return arena_error(arena);
    }
    if (best->room > 0) {
        memcpy(words, best->words, best->room * first * sizeof(*words));
        memcpy(counts, best->counts, best->room * sizeof(*counts));
    }
    best->words = words;
    best->counts = counts;
    best->room = room;
    return NULL;
}

struct err *sort_best_rows(struct sort_best **state, const struct plan *plan, uint32_t partition_count, uint64_t first,
                           struct worker *worker, const struct column *const *keys, uint32_t row_count,
                           uint32_t *positions, uint32_t *count)
{
    struct err *err = NULL;
    struct sort_best *best = *state;
    uint32_t *groups = ARENA_ARRAY(worker->scratch, uint32_t, row_count);
    uint64_t *words = ARENA_ARRAY(worker->scratch, uint64_t, row_count);
    const struct plan_sort_key *key = &plan->sort_keys[partition_count];
    bool single = true;

    *count = row_count;
    for (uint32_t i = 0; i < row_count; i++) {
        positions[i] = i;
    }
    if (groups == NULL || words == NULL) {
        return arena_error(worker->scratch);
    }
    if (best == NULL) {
        const struct type **types = ARENA_ARRAY(worker->arena, const struct type *, partition_count + 1U);
        best = ARENA_NEW(worker->arena, struct sort_best);
        if (best == NULL || types == NULL) {
            return arena_error(worker->arena);
        }
        for (uint32_t k = 0; k < partition_count; k++) {
            types[k] = plan->sort_keys[k].expression->type;
        }
        OR_DONE(group_table_create(worker->arena, types, partition_count, &best->table));
        *state = best;
    }
    if (best->given_up) {
        return NULL;
    }
    groups[0] = 0;
    OR_DONE(group_table_find(best->table, worker->scratch, keys, row_count, groups, &single));
    OR_DONE(make_room(best, worker->arena, first));
    if (best->given_up) {
        return NULL;
    }
    OR_DONE(sort_key_words(worker->scratch, key->expression->type, key, keys[partition_count], row_count, words));
    *count = 0;
    for (uint32_t i = 0; i < row_count; i++) {
        uint32_t group = single ? groups[0] : groups[i];
        uint64_t *heap = best->words + group * first;
        bool full = best->counts[group] == first;
        if (!full || words[i] <= heap[0]) {
            positions[(*count)++] = i;
            if (!full || words[i] < heap[0]) {
                sort_heap_add(heap, &best->counts[group], first, words[i]);
            }
        }
    }
    best->rows += row_count;
    best->kept += *count;
    best->given_up = best->rows >= TRIAL_ROWS && best->kept > best->rows / 4 * 3;
done:
    return err;
}
