/*
 * nested_key.c: arrays, tuples and maps as keys: their packed bytes.
 *
 * encode   measured first, then written into one piece of memory
 * thread   any: pure functions
 */
#include "query/nested_key.h"

#include "storage/packed.h"

struct err *nested_key_encode(struct arena *arena, const struct column *column, uint32_t row_count, struct slice *out)
{
    uint32_t count = column->form == COLUMN_CONST && row_count > 0 ? 1 : row_count;
    uint64_t total = 0;
    for (uint32_t i = 0; i < count; i++) {
        out[i].length = packed_size(column, i);
        total += out[i].length;
    }
    char *to = arena_alloc_aligned(arena, total + 1, 1);
    if (to == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < count; i++) {
        out[i].data = to;
        to = packed_write(to, column, i);
    }
    return NULL;
}

struct err *nested_key_decode(struct arena *arena, const struct type *type, const struct slice *keys, uint32_t count,
                              struct column **out)
{
    return packed_read(arena, type, keys, count, out);
}
