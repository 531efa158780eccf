/*
 * pane_tree.c: see pane_tree.h.
 *
 * nodes    as a heap: node 1 is the root, 2n and 2n + 1 are below n, leaf s is the ring's slot s. Leaves that the ring
 *          does not need stay empty.
 * dirty    a node whose states are not those of the nodes below it; so are all above it. Only those are made anew that
 *          an answer is made of: those that the window's ends lie in never are
 * memory   a node's states are one array, counted in the budget; what states point to lives in an arena of the node,
 *          which is reset when the node is made anew
 */
#include "query/pane_tree.h"

#include "query/pipeline.h"

#include <stdlib.h>
#include <string.h>

#define KEYS_MIN    1024U /* below so many keys nothing is numbered anew */
#define KEYS_SPARSE 4U    /* numbered anew when fewer than one key in so many is alive */
#define LEVELS_MAX  18U
#define LOOKED_KEYS 256U /* merged between two looks at whether to go on */

struct node {
    struct arena *arena; /* NULL: not needed yet */
    char *states;
    uint8_t *present;  /* by key: are there rows? */
    uint32_t count;    /* keys that may be present */
    uint32_t capacity; /* keys */
    bool dirty;
};

struct pane_tree {
    struct pane_states layout;
    struct arena *arena;   /* of the tree itself */
    struct arena *keys;    /* of the table */
    struct arena *scratch; /* of one call */
    struct arena *bytes;   /* of one merge */
    struct budget *budget;
    const struct type *const *key_types;
    uint32_t key_count;
    struct group_table *table; /* NULL: no keys */
    uint32_t number_count;     /* keys that are numbered */
    uint32_t ring;             /* slots */
    uint32_t leaves;           /* a power of two */
    uint32_t window_panes;
    int64_t pane_ticks;
    int64_t end; /* the pane behind the window's last one */
    bool begun;  /* end is known */
    bool sparse; /* few keys were in the last answer */
    uint64_t merges;
    struct node *nodes; /* 2 × leaves */
};

struct err *pane_tree_create(const struct pane_tree_options *options, struct pane_tree **out)
{
    struct err *err = NULL;
    struct pane_tree *tree = calloc(1, sizeof(*tree));
    uint64_t ring = (uint64_t)options->window_panes + options->ahead_panes;
    ASSERT(options->window_panes > 0 && ring <= PANE_TREE_PANES_MAX && options->pane_ticks > 0);

    if (tree == NULL) {
        return err_oom();
    }
    tree->budget = options->budget;
    tree->key_types = options->key_types;
    tree->key_count = options->key_count;
    tree->window_panes = options->window_panes;
    tree->pane_ticks = options->pane_ticks;
    tree->ring = (uint32_t)ring;
    tree->leaves = 1;
    while (tree->leaves < tree->ring) {
        tree->leaves *= 2;
    }
    tree->arena = arena_create(options->budget);
    tree->keys = arena_create(options->budget);
    tree->scratch = arena_create(options->budget);
    tree->bytes = arena_create(options->budget);
    if (tree->bytes == NULL || tree->arena == NULL || tree->keys == NULL || tree->scratch == NULL) {
        err = err_oom();
        goto done;
    }
    tree->nodes = arena_zalloc(tree->arena, (size_t)tree->leaves * 2 * sizeof(*tree->nodes));
    if (tree->nodes == NULL) {
        err = arena_error(tree->arena);
        goto done;
    }
    OR_DONE(pane_states_of(tree->arena, options->aggregates, options->aggregate_count, &tree->layout));
    if (tree->key_count > 0) {
        OR_DONE(group_table_create(tree->keys, tree->key_types, tree->key_count, &tree->table));
    } else {
        tree->number_count = 1;
    }
    *out = tree;
    tree = NULL;
done:
    pane_tree_destroy(tree);
    return err;
}

/* Bytes of a node's arrays for one key. */
static uint64_t key_bytes(const struct pane_tree *tree)
{
    return tree->layout.stride + 1U;
}

static void node_free(struct pane_tree *tree, struct node *node)
{
    arena_destroy(node->arena);
    free(node->states);
    free(node->present);
    if (tree->budget != NULL) {
        budget_give(tree->budget, node->capacity * key_bytes(tree));
    }
    *node = (struct node){0};
}

void pane_tree_destroy(struct pane_tree *tree)
{
    if (tree == NULL) {
        return;
    }
    for (uint32_t n = 0; tree->nodes != NULL && n < tree->leaves * 2; n++) {
        node_free(tree, &tree->nodes[n]);
    }
    arena_destroy(tree->bytes);
    arena_destroy(tree->scratch);
    arena_destroy(tree->keys);
    arena_destroy(tree->arena);
    free(tree);
}

/* --- nodes ------------------------------------------------------------------------------------------------------- */

static void node_clear(const struct pane_tree *tree, struct node *node)
{
    if (node->arena != NULL) {
        arena_reset(node->arena);
    }
    if (node->count > 0) {
        memset(node->states, 0, (size_t)node->count * tree->layout.stride);
        memset(node->present, 0, node->count);
    }
    node->count = 0;
}

/* Room for the states of so many keys; new ones are empty. */
static struct err *node_reserve(struct pane_tree *tree, struct node *node, uint32_t count)
{
    if (!tree->layout.plain && node->arena == NULL) {
        node->arena = arena_create(tree->budget);
        if (node->arena == NULL) {
            return err_oom();
        }
    }
    if (count > node->capacity) {
        uint64_t capacity = node->capacity == 0 ? 1 : node->capacity;
        while (capacity < count) {
            capacity *= 2;
        }
        uint64_t more = (capacity - node->capacity) * key_bytes(tree);
        if (tree->budget != NULL && !budget_take(tree->budget, more)) {
            return budget_error(tree->budget, more);
        }
        size_t used = (size_t)node->capacity * tree->layout.stride;
        char *states = calloc(capacity, tree->layout.stride + 1U);
        uint8_t *present = calloc(capacity, 1);
        if (states == NULL || present == NULL) {
            free(states);
            free(present);
            if (tree->budget != NULL) {
                budget_give(tree->budget, more);
            }
            return err_oom();
        }
        if (node->capacity > 0) {
            memcpy(states, node->states, used);
            memcpy(present, node->present, node->capacity);
        }
        free(node->states);
        free(node->present);
        node->states = states;
        node->present = present;
        node->capacity = (uint32_t)capacity;
    }
    node->count = count > node->count ? count : node->count;
    return NULL;
}

static struct arena *node_arena(struct pane_tree *tree, struct node *node)
{
    return node->arena == NULL ? tree->scratch : node->arena; /* plain states keep nothing in it */
}

/* Adds key k of one node's states to those at `into`, of which `there` says if they hold something. */
static struct err *add_key(struct pane_tree *tree, struct arena *arena, char *into, uint8_t *there,
                           const struct node *from, uint32_t k)
{
    char *states = from->states + (size_t)k * tree->layout.stride;
    if (k % LOOKED_KEYS == 0) {
        struct err *err = interrupt_check();
        if (err != NULL) {
            return err;
        }
    }
    if (*there == 0 && tree->layout.plain) {
        memcpy(into, states, tree->layout.stride);
        *there = 1;
        return NULL;
    }
    *there = 1;
    tree->merges++;
    return pane_states_merge(&tree->layout, arena, tree->bytes, into, states);
}

static struct err *add_node(struct pane_tree *tree, struct arena *arena, char *states, uint8_t *present,
                            const struct node *from)
{
    struct err *err = NULL;
    for (uint32_t k = 0; k < from->count; k++) {
        if (from->present[k] != 0) {
            OR_DONE(add_key(tree, arena, states + (size_t)k * tree->layout.stride, &present[k], from, k));
        }
    }
done:
    return err;
}

static void mark(struct pane_tree *tree, uint32_t slot)
{
    for (uint32_t n = (tree->leaves + slot) / 2; n > 0 && !tree->nodes[n].dirty; n /= 2) {
        tree->nodes[n].dirty = true;
    }
}

/* depth: at most LEVELS_MAX */
static struct err *renew(struct pane_tree *tree, uint32_t n)
{
    struct err *err = NULL;
    struct node *node = &tree->nodes[n];
    if (n >= tree->leaves || !node->dirty) {
        return NULL;
    }
    OR_DONE(renew(tree, n * 2));
    OR_DONE(renew(tree, n * 2 + 1));
    const struct node *left = &tree->nodes[n * 2], *right = left + 1;
    node_clear(tree, node);
    OR_DONE(node_reserve(tree, node, left->count > right->count ? left->count : right->count));
    OR_DONE(add_node(tree, node_arena(tree, node), node->states, node->present, left));
    OR_DONE(add_node(tree, node_arena(tree, node), node->states, node->present, right));
    node->dirty = false;
done:
    return err;
}

/* --- time -------------------------------------------------------------------------------------------------------- */

static int64_t pane_of(const struct pane_tree *tree, int64_t time)
{
    int64_t pane = time / tree->pane_ticks;
    return pane - (pane * tree->pane_ticks > time);
}

static uint32_t slot_of(const struct pane_tree *tree, int64_t pane)
{
    int64_t slot = pane % tree->ring;
    return (uint32_t)(slot < 0 ? slot + tree->ring : slot);
}

struct err *pane_tree_advance(struct pane_tree *tree, int64_t time)
{
    int64_t end = pane_of(tree, time);
    if (!tree->begun) {
        tree->begun = true;
        tree->end = end;
        return NULL;
    }
    if (end <= tree->end) {
        return NULL;
    }
    int64_t first = tree->end - tree->window_panes, gone = end - tree->end;
    for (int64_t i = 0; i < gone && i < tree->ring; i++) {
        uint32_t slot = slot_of(tree, first + i);
        struct node *leaf = &tree->nodes[tree->leaves + slot];
        if (leaf->count > 0) {
            node_clear(tree, leaf);
            mark(tree, slot);
        }
    }
    tree->end = end;
    return NULL;
}

int64_t pane_tree_end(const struct pane_tree *tree)
{
    return tree->end * tree->pane_ticks;
}

/* --- rows -------------------------------------------------------------------------------------------------------- */

struct placed {
    int64_t pane;
    uint32_t row;
};

static int compare_placed(const void *a, const void *b)
{
    const struct placed *left = a, *right = b;
    return left->pane != right->pane ? (left->pane < right->pane ? -1 : 1)
                                     : (left->row > right->row) - (left->row < right->row);
}

/* Rows that have a place, by pane. */
static struct err *place_rows(struct pane_tree *tree, const int64_t *times, uint32_t row_count,
                              struct pane_tree_left *left, struct placed **out, uint32_t *count)
{
    struct placed *placed = ARENA_ARRAY(tree->scratch, struct placed, row_count + 1U);
    int64_t first = tree->end - tree->window_panes, behind = first + tree->ring;
    bool sorted = true;
    if (placed == NULL) {
        return arena_error(tree->scratch);
    }
    *count = 0;
    for (uint32_t i = 0; i < row_count; i++) {
        int64_t pane = pane_of(tree, times[i]);
        if (pane < first || pane >= behind) {
            left->late += pane < first;
            left->ahead += pane >= behind;
            continue;
        }
        sorted = sorted && (*count == 0 || placed[*count - 1].pane <= pane);
        placed[(*count)++] = (struct placed){pane, i};
    }
    if (!sorted) {
        qsort(placed, *count, sizeof(*placed), compare_placed);
    }
    *out = placed;
    return NULL;
}

/* The rows in their new order; columns themselves when it is the old one. */
static struct err *take_columns(struct arena *arena, const struct column *const *columns, uint32_t column_count,
                                const struct placed *placed, uint32_t count, uint32_t row_count,
                                const struct column ***out)
{
    const struct column **taken = ARENA_ARRAY(arena, const struct column *, column_count + 1U);
    uint32_t *positions = ARENA_ARRAY(arena, uint32_t, count + 1U);
    bool same = count == row_count;
    if (taken == NULL || positions == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < count; i++) {
        positions[i] = placed[i].row;
        same = same && positions[i] == i;
    }
    for (uint32_t c = 0; c < column_count; c++) {
        taken[c] = same ? columns[c] : column_take(arena, columns[c], positions, count);
        if (taken[c] == NULL) {
            return arena_error(arena);
        }
    }
    *out = taken;
    return NULL;
}

static struct err *number_keys(struct pane_tree *tree, const struct column *const *keys, uint32_t count, uint32_t **out)
{
    struct err *err = NULL;
    bool single = true;
    uint32_t *numbers = ARENA_ARRAY(tree->scratch, uint32_t, count + 1U);
    if (numbers == NULL) {
        return arena_error(tree->scratch);
    }
    numbers[0] = 0;
    if (tree->table != NULL) {
        OR_DONE(group_table_find(tree->table, tree->scratch, keys, count, numbers, &single));
        tree->number_count = group_table_count(tree->table);
    }
    for (uint32_t i = 1; single && i < count; i++) {
        numbers[i] = numbers[0];
    }
    *out = numbers;
done:
    return err;
}

/* Rows [begin, end), of one pane. */
static struct err *add_run(struct pane_tree *tree, struct node *leaf, const uint32_t *numbers,
                           const struct column *const *arguments, uint32_t begin, uint32_t end)
{
    struct err *err = NULL;
    uint32_t at = 0;
    for (uint32_t a = 0; a < tree->layout.count; a++) {
        const struct aggregate *aggregate = tree->layout.aggregates[a].aggregate;
        const struct column **parts = ARENA_ARRAY(tree->scratch, const struct column *, aggregate->argument_count + 1U);
        if (parts == NULL) {
            return arena_error(tree->scratch);
        }
        for (uint32_t i = 0; i < aggregate->argument_count; i++) {
            parts[i] = column_part(tree->scratch, arguments[at++], begin, end);
            if (parts[i] == NULL) {
                return arena_error(tree->scratch);
            }
        }
        OR_DONE(aggregate->add(aggregate, node_arena(tree, leaf), tree->scratch, leaf->states + tree->layout.offsets[a],
                               tree->layout.stride, numbers + begin, parts, end - begin));
    }
done:
    return err;
}

/* states NULL: rows with arguments. */
static struct err *add_rows(struct pane_tree *tree, const int64_t *times, const struct column *const *keys,
                            const struct column *const *arguments, struct column *const *states, uint32_t row_count,
                            struct pane_tree_left *left)
{
    struct err *err = NULL;
    struct placed *placed = NULL;
    const struct column **placed_keys = NULL, **placed_arguments = NULL;
    uint32_t count = 0, argument_count = 0, end = 0;
    uint32_t *numbers = NULL;

    ASSERT(tree->begun);
    for (uint32_t a = 0; a < tree->layout.count; a++) {
        argument_count += tree->layout.aggregates[a].aggregate->argument_count;
    }
    OR_DONE(place_rows(tree, times, row_count, left, &placed, &count));
    OR_DONE(take_columns(tree->scratch, keys, tree->key_count, placed, count, row_count, &placed_keys));
    if (states == NULL) {
        OR_DONE(take_columns(tree->scratch, arguments, argument_count, placed, count, row_count, &placed_arguments));
    }
    OR_DONE(count == 0 ? NULL : number_keys(tree, placed_keys, count, &numbers));
    for (uint32_t begin = 0; begin < count; begin = end) {
        uint32_t slot = slot_of(tree, placed[begin].pane);
        struct node *leaf = &tree->nodes[tree->leaves + slot];
        OR_DONE(node_reserve(tree, leaf, tree->number_count));
        for (end = begin; end < count && placed[end].pane == placed[begin].pane; end++) {
            leaf->present[numbers[end]] = 1;
        }
        for (uint32_t i = begin; states != NULL && i < end; i++) {
            OR_DONE(pane_states_read(&tree->layout, node_arena(tree, leaf), tree->scratch,
                                     leaf->states + (size_t)numbers[i] * tree->layout.stride, states, placed[i].row));
        }
        if (states == NULL) {
            OR_DONE(add_run(tree, leaf, numbers, placed_arguments, begin, end));
        }
        mark(tree, slot);
    }
done:
    arena_reset(tree->scratch);
    return err;
}

struct err *pane_tree_add(struct pane_tree *tree, const int64_t *times, const struct column *const *keys,
                          const struct column *const *arguments, uint32_t row_count, struct pane_tree_left *left)
{
    return add_rows(tree, times, keys, arguments, NULL, row_count, left);
}

struct err *pane_tree_add_states(struct pane_tree *tree, const int64_t *times, const struct column *const *keys,
                                 struct column *const *states, uint32_t row_count, struct pane_tree_left *left)
{
    return add_rows(tree, times, keys, NULL, states, row_count, left);
}

/* --- the window -------------------------------------------------------------------------------------------------- */

/* The nodes that make up slots [from, to), in order; `node` has slots [begin, begin + width). */
static void cover(const struct pane_tree *tree, uint32_t n, uint32_t begin, uint32_t width, uint32_t from, uint32_t to,
                  uint32_t *list, uint32_t *count)
{
    if (to <= begin || begin + width <= from) {
        return;
    }
    if (from <= begin && begin + width <= to) {
        list[(*count)++] = n;
        return;
    }
    cover(tree, n * 2, begin, width / 2, from, to, list, count);
    cover(tree, n * 2 + 1, begin + width / 2, width / 2, from, to, list, count);
}

/* Keys that are present get the numbers 0, 1, …; all others are forgotten. Inner nodes are dirty then. */
static struct err *number_anew(struct pane_tree *tree)
{
    struct err *err = NULL;
    struct arena *arena = arena_create(tree->budget);
    struct group_table *table = NULL;
    const struct column **keys = ARENA_ARRAY(tree->scratch, const struct column *, tree->key_count);
    uint32_t *alive = ARENA_ARRAY(tree->scratch, uint32_t, tree->number_count);
    uint32_t *numbers = ARENA_ARRAY(tree->scratch, uint32_t, tree->number_count);
    const struct node *root = &tree->nodes[1];
    uint32_t count = 0;
    bool single;

    if (arena == NULL || keys == NULL || alive == NULL || numbers == NULL) {
        err = arena == NULL ? err_oom() : arena_error(tree->scratch);
        goto done;
    }
    for (uint32_t k = 0; k < root->count; k++) {
        if (root->present[k] != 0) {
            alive[count++] = k;
        }
    }
    OR_DONE(group_table_create(arena, tree->key_types, tree->key_count, &table));
    for (uint32_t k = 0; k < tree->key_count; k++) {
        struct column *all = NULL;
        OR_DONE(group_table_key(tree->table, tree->scratch, k, 0, tree->number_count, &all));
        keys[k] = column_take(tree->scratch, all, alive, count);
        if (keys[k] == NULL) {
            err = arena_error(tree->scratch);
            goto done;
        }
    }
    if (count > 0) {
        OR_DONE(group_table_find(table, tree->scratch, keys, count, numbers, &single));
    }
    for (uint32_t n = tree->leaves; n < tree->leaves * 2; n++) { /* groups are numbered in the order of their rows */
        struct node *leaf = &tree->nodes[n];
        for (uint32_t i = 0; i < count && alive[i] < leaf->count; i++) {
            size_t stride = tree->layout.stride;
            if (i != alive[i]) {
                memcpy(leaf->states + i * stride, leaf->states + alive[i] * stride, stride);
                memset(leaf->states + alive[i] * stride, 0, stride);
                leaf->present[i] = leaf->present[alive[i]];
                leaf->present[alive[i]] = 0;
            }
        }
        leaf->count = leaf->count < count ? leaf->count : count;
    }
    for (uint32_t n = 1; n < tree->leaves; n++) {
        node_free(tree, &tree->nodes[n]);
        tree->nodes[n].dirty = true;
    }
    struct arena *before = tree->keys;
    tree->keys = arena;
    arena = before;
    tree->table = table;
    tree->number_count = count;
done:
    arena_destroy(arena);
    return err;
}

/* Keys and values of those that are present. */
static struct err *make_chunk(struct pane_tree *tree, struct arena *arena, char *states, const uint8_t *present,
                              struct chunk **out)
{
    struct err *err = NULL;
    uint32_t count = 0;
    uint32_t *rows = ARENA_ARRAY(arena, uint32_t, tree->number_count + 1U);
    *out = NULL;
    if (rows == NULL) {
        return arena_error(arena);
    }
    for (uint32_t k = 0; k < tree->number_count; k++) {
        if (present[k] != 0) {
            if (count != k) {
                memcpy(states + (size_t)count * tree->layout.stride, states + (size_t)k * tree->layout.stride,
                       tree->layout.stride);
            }
            rows[count++] = k;
        }
    }
    if (count == 0) {
        return NULL;
    }
    struct chunk *chunk = chunk_new(arena, tree->key_count + tree->layout.count, count);
    if (chunk == NULL) {
        return arena_error(arena);
    }
    for (uint32_t k = 0; k < tree->key_count; k++) {
        OR_DONE(group_table_key(tree->table, arena, k, 0, tree->number_count, &chunk->columns[k]));
        if (count < tree->number_count) {
            chunk->columns[k] = column_take(arena, chunk->columns[k], rows, count);
        }
        if (chunk->columns[k] == NULL) {
            return arena_error(arena);
        }
    }
    OR_DONE(pane_states_finish(&tree->layout, arena, states, count, chunk->columns + tree->key_count));
    *out = chunk;
done:
    return err;
}

struct err *pane_tree_result(struct pane_tree *tree, struct arena *arena, struct chunk **out)
{
    return pane_tree_result_from(tree, arena, (tree->end - tree->window_panes) * tree->pane_ticks, out);
}

struct err *pane_tree_result_from(struct pane_tree *tree, struct arena *arena, int64_t begin, struct chunk **out)
{
    struct err *err = NULL;
    uint32_t list[4 * LEVELS_MAX], list_count = 0, alive = 0;
    const struct node *root = &tree->nodes[1];
    int64_t first = pane_of(tree, begin);
    ASSERT(first >= tree->end - tree->window_panes && first <= tree->end);
    uint32_t from = slot_of(tree, first), to = from + (uint32_t)(tree->end - first);
    size_t stride = tree->layout.stride;

    *out = NULL;
    if (tree->sparse) { /* the root knows all keys that have rows */
        OR_DONE(renew(tree, 1));
        for (uint32_t k = 0; k < root->count; k++) {
            alive += root->present[k];
        }
        if (alive < tree->number_count / KEYS_SPARSE) {
            OR_DONE(number_anew(tree));
        }
    }
    cover(tree, 1, 0, tree->leaves, from, to < tree->ring ? to : tree->ring, list, &list_count);
    if (to > tree->ring) {
        cover(tree, 1, 0, tree->leaves, 0, to - tree->ring, list, &list_count);
    }
    char *states = arena_alloc(arena, tree->number_count * stride + 1);
    uint8_t *present = arena_zalloc(arena, tree->number_count + 1U);
    if (states == NULL || present == NULL) {
        err = arena_error(arena);
        goto done;
    }
    if (!tree->layout.plain) { /* others begin as copies */
        memset(states, 0, tree->number_count * stride);
    }
    for (uint32_t i = 0; i < list_count; i++) {
        OR_DONE(renew(tree, list[i]));
        OR_DONE(add_node(tree, arena, states, present, &tree->nodes[list[i]]));
    }
    OR_DONE(make_chunk(tree, arena, states, present, out));
    alive = *out == NULL ? 0 : (*out)->row_count;
    tree->sparse = tree->table != NULL && tree->number_count > KEYS_MIN && alive < tree->number_count / KEYS_SPARSE;
done:
    arena_reset(tree->scratch);
    return err;
}

uint32_t pane_tree_keys(const struct pane_tree *tree)
{
    return tree->number_count;
}

uint64_t pane_tree_merges(const struct pane_tree *tree)
{
    return tree->merges;
}
