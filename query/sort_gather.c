/*
 * sort_gather.c: rows of many chunks, in the order of their entries, as columns.
 *
 * flow     sort.c → here → the next stage, or a run (sort_external.c)
 * thread   any, no shared state
 */
#include "query/sort.h"

/* One column of arrays, tuples or maps, out of the chunks that the entries lie in. */
static struct err *gather_nested(struct arena *arena, const struct sort_kept *chunks, const struct sort_entry *entries,
                                 uint32_t count, uint32_t c, const struct type *type, struct column **out)
{
    uint32_t first = UINT32_MAX, last = 0, found = 0;
    for (uint32_t i = 0; i < count; i++) {
        first = entries[i].chunk < first ? entries[i].chunk : first;
        last = entries[i].chunk > last ? entries[i].chunk : last;
    }
    uint32_t span = count == 0 ? 0 : last - first + 1;
    uint32_t *slots = arena_zalloc(arena, (span + 1U) * sizeof(uint32_t)); /* of a chunk: its place + 1 */
    const struct column **columns = ARENA_ARRAY(arena, const struct column *, count + 1U);
    uint32_t *sources = ARENA_ARRAY(arena, uint32_t, count + 1U);
    uint32_t *rows = ARENA_ARRAY(arena, uint32_t, count + 1U);
    if (slots == NULL || columns == NULL || sources == NULL || rows == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < count; i++) {
        uint32_t *slot = &slots[entries[i].chunk - first];
        if (*slot == 0) {
            columns[found++] = chunks[entries[i].chunk].columns[c];
            *slot = found;
        }
        sources[i] = *slot - 1;
        rows[i] = entries[i].row;
    }
    *out = column_pick(arena, type, columns, found, sources, rows, count);
    return *out == NULL ? arena_error(arena) : NULL;
}

/* Neighbours in the order that were neighbours before are copied at once. */
static inline __attribute__((always_inline)) void copy_values(const struct sort_kept *chunks,
                                                              const struct sort_entry *entries, uint32_t count,
                                                              uint32_t c, size_t width, char *out)
{
    for (uint32_t i = 0; i < count;) {
        uint32_t chunk = entries[i].chunk, row = entries[i].row, end = i + 1;
        const char *from = (const char *)chunks[chunk].columns[c]->values + row * width;
        while (end < count && entries[end].chunk == chunk && entries[end].row == row + (end - i)) {
            end++;
        }
        if (end - i == 1) {
            memcpy(out + i * width, from, width);
        } else {
            memcpy(out + i * width, from, (end - i) * width);
        }
        i = end;
    }
}

static void gather_values(const struct sort_kept *chunks, const struct sort_entry *entries, uint32_t count, uint32_t c,
                          size_t width, char *out)
{
    switch (width) {
    case 1:
        copy_values(chunks, entries, count, c, 1, out);
        break;
    case 2:
        copy_values(chunks, entries, count, c, 2, out);
        break;
    case 4:
        copy_values(chunks, entries, count, c, 4, out);
        break;
    case 8:
        copy_values(chunks, entries, count, c, 8, out);
        break;
    case 16:
        copy_values(chunks, entries, count, c, 16, out);
        break;
    default:
        copy_values(chunks, entries, count, c, width, out);
    }
}

#define PART_ROWS 32768U

struct err *sort_gather(const struct plan *plan, struct arena *arena, const struct sort_kept *chunks,
                        const struct sort_entry *entries, uint32_t count, uint32_t column_count,
                        const struct type *const *types, struct column **out)
{
    struct err *err = NULL;
    for (uint32_t c = 0; c < column_count; c++) {
        out[c] = NULL;
        if (sort_place(plan, c) != c) {
            continue;
        }
        if (types[c]->width == 0) {
            OR_DONE(gather_nested(arena, chunks, entries, count, c, types[c], &out[c]));
            continue;
        }
        struct column *made = column_new(arena, types[c], count);
        if (made == NULL) {
            return arena_error(arena);
        }
        size_t width = types[c]->width;
        for (uint32_t begin = 0; begin < count; begin += PART_ROWS) {
            OR_DONE(interrupt_check());
            gather_values(chunks, entries + begin, count - begin < PART_ROWS ? count - begin : PART_ROWS, c, width,
                          (char *)made->values + begin * width);
        }
        for (uint32_t i = 0; made->nulls != NULL && i < count; i++) {
            OR_DONE(interrupt_at(i));
            const struct column *column = chunks[entries[i].chunk].columns[c];
            made->nulls[i] = column->nulls != NULL && column->nulls[entries[i].row];
        }
        out[c] = made;
    }
done:
    return err;
}
