/*
 * join_dictionary.c: strings of a small right side as codes: what follows the join (GROUP BY, functions) then works
 * once per entry, not once per row of the left side.
 *
 * when     at most ROWS_MAX rows, and each string twice at least, on average
 * id       even numbers are the joins': segments' dictionaries have odd ones, those of heads have the highest bit set
 */
#include "query/join_operator.h"

#include <stdatomic.h>
#define XXH_INLINE_ALL
#include <xxhash.h>

#define ROWS_MAX 65536U

/* The entry of each row, and the row of each entry; *count: NONE when there are too many. */
static struct err *find_codes(struct arena *scratch, const struct column *column, uint32_t row_count, uint32_t *codes,
                              uint32_t *entries, uint32_t *count)
{
    const struct slice *texts = column->values;
    uint32_t mask = (2U << (31 - (uint32_t)__builtin_clz(row_count))) - 1; /* entries: half of the rows at most */
    uint32_t *slots = arena_zalloc(scratch, (mask + 1U) * sizeof(*slots)); /* entry + 1 */
    uint32_t null = JOIN_NONE;

    *count = 0;
    if (slots == NULL) {
        return arena_error(scratch);
    }
    for (uint32_t row = 0; row < row_count; row++) {
        bool is_null = column->nulls != NULL && column->nulls[row] != 0;
        uint32_t slot = 0;
        uint32_t code = null;
        if (!is_null) {
            struct slice text = texts[row];
            slot = (uint32_t)XXH3_64bits(text.length == 0 ? "" : text.data, text.length) & mask;
            while (slots[slot] != 0 && !slice_equal(texts[entries[slots[slot] - 1]], text)) {
                slot = (slot + 1) & mask;
            }
            code = slots[slot] - 1; /* none: JOIN_NONE */
        }
        if (code == JOIN_NONE) {
            if (*count >= row_count / 2) {
                *count = JOIN_NONE;
                return NULL;
            }
            code = (*count)++;
            entries[code] = row;
            if (is_null) {
                null = code;
            } else {
                slots[slot] = code + 1;
            }
        }
        codes[row] = code;
    }
    return NULL;
}

struct err *join_encode(struct arena *arena, struct arena *scratch, struct column *column, struct column **out)
{
    static _Atomic uint64_t next_id = 1;
    struct err *err = NULL;
    uint32_t row_count = column->row_count;
    uint32_t count;

    *out = column;
    if (column->type->kind != TYPE_STRING || column->form != COLUMN_FLAT || row_count > ROWS_MAX || row_count < 2) {
        return NULL;
    }
    uint32_t *codes = ARENA_ARRAY(arena, uint32_t, row_count);
    uint32_t *entries = ARENA_ARRAY(scratch, uint32_t, row_count);
    if (codes == NULL || entries == NULL) {
        return codes == NULL ? arena_error(arena) : arena_error(scratch);
    }
    OR_DONE(find_codes(scratch, column, row_count, codes, entries, &count));
    if (count == JOIN_NONE) {
        goto done;
    }
    const struct column *dictionary = column_take(arena, column, entries, count);
    *out = dictionary == NULL
               ? NULL
               : column_dict(arena, column->type, codes, row_count, dictionary, atomic_fetch_add(&next_id, 1) << 1);
    err = *out == NULL ? arena_error(arena) : NULL;
done:
    return err;
}
