/*
 * spill_split.c: rows of a chunk to SPILL_SPLIT lists, by a hash of their keys that is that of group.c's tables.
 */
#include "query/pipeline.h"

struct err *spill_split(struct spill_file *file, struct arena *owner, struct spill_list *lists, uint32_t depth,
                        struct arena *scratch, const struct type *const *key_types, uint32_t key_count,
                        const struct chunk *chunk)
{
    struct err *err = NULL;
    struct group_table *table = NULL;
    uint32_t begins[SPILL_SPLIT + 1] = {0};
    bool single;
    uint32_t *numbers = ARENA_ARRAY(scratch, uint32_t, chunk->row_count);
    uint64_t *hashes = ARENA_ARRAY(scratch, uint64_t, chunk->row_count);
    uint32_t *positions = ARENA_ARRAY(scratch, uint32_t, chunk->row_count);
    if (numbers == NULL || hashes == NULL || positions == NULL) {
        return arena_error(scratch);
    }
    OR_DONE(group_table_create(scratch, key_types, key_count, &table));
    group_table_borrow(table);
    OR_DONE(group_table_find(table, scratch, (const struct column *const *)chunk->columns, chunk->row_count, numbers,
                             &single));
    OR_DONE(group_table_hashes(table, hashes));
    if (single) {
        memset(numbers, 0, chunk->row_count * sizeof(*numbers));
    }
    spill_order(hashes, numbers, chunk->row_count, depth, SPILL_SPLIT, positions, begins);
    for (uint32_t p = 0; p < SPILL_SPLIT; p++) {
        if (begins[p] < begins[p + 1]) {
            struct chunk *taken = chunk_take(scratch, chunk, positions + begins[p], begins[p + 1] - begins[p]);
            if (taken == NULL) {
                return arena_error(scratch);
            }
            OR_DONE(spill_write(file, owner, &lists[p], taken));
        }
    }
done:
    return err;
}
