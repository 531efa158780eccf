/*
 * stress.c: turns any column into a dictionary-coded one, so that tests reach every form.
 */
#include "query/pipeline.h"

struct err *column_stress(struct arena *arena, const struct column *column, struct column **out)
{
    uint32_t rows = column->row_count;
    if (column->form == COLUMN_DICT || type_is_nested(column->type) || column->type->kind == TYPE_NOTHING ||
        rows == 0) {
        *out = (struct column *)(uintptr_t)column;
        return NULL;
    }
    const struct column *flat = column_flat(arena, column);
    uint32_t *codes = ARENA_ARRAY(arena, uint32_t, rows);
    uint32_t *first = ARENA_ARRAY(arena, uint32_t, rows);
    uint32_t count = 0;
    if (flat == NULL || codes == NULL || first == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < rows; i++) {
        uint32_t code = 0;
        while (code < count && column_compare(flat, i, flat, first[code]) != 0) {
            code++;
        }
        if (code == count) {
            if (count == 64) { /* many distinct values: leave it as it is */
                *out = (struct column *)(uintptr_t)column;
                return NULL;
            }
            first[count++] = i;
        }
        codes[i] = code;
    }
    const struct column *dictionary = column_take(arena, flat, first, count);
    dictionary = dictionary == NULL ? NULL : column_flat(arena, dictionary);
    *out = dictionary == NULL ? NULL : column_dict(arena, column->type, codes, rows, dictionary, 0);
    return *out == NULL ? arena_error(arena) : NULL;
}
