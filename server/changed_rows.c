/*
 * changed_rows.c: see changed_rows.h.
 */
#include "server/changed_rows.h"

#include "query/storage_source.h"
#include "storage/snapshot.h"

#include <inttypes.h>

/* Row i of a column of places. */
static uint64_t place_at(const struct chunk *chunk, enum scan_place place, uint32_t i)
{
    return *(const uint64_t *)column_value(chunk->columns[place], i);
}

struct err *changed_rows_delete(const struct changed_rows *rows, const struct chunk *chunk)
{
    struct err *err = NULL;
    for (uint32_t row = 0; row < chunk->row_count; row++) {
        OR_DONE(mutation_delete(rows->mutation, place_at(chunk, SCAN_PLACE_PACK, row),
                                place_at(chunk, SCAN_PLACE_OFFSET, row), place_at(chunk, SCAN_PLACE_ROW, row)));
    }
done:
    return err;
}

/* Arrays of one Nested must agree in size. */
static struct err *check_sizes(const struct changed_rows *rows, const struct chunk *values)
{
    if (!table_has_nested(rows->def)) {
        return NULL;
    }
    struct arena *arena = arena_beside(rows->arena);
    struct chunk own = {values->row_count, rows->def->column_count, values->columns};
    const uint8_t **missing =
        arena == NULL ? NULL : arena_zalloc(arena, ((size_t)own.column_count + 1) * sizeof(*missing));
    struct err *err = missing == NULL ? err_oom() : table_fill_defaults(rows->table, rows->def, arena, &own, missing);
    arena_destroy(arena);
    return err;
}

struct err *changed_rows_add(const struct changed_rows *rows, const struct chunk *chunk, uint32_t skip)
{
    const struct chunk values = {chunk->row_count, chunk->column_count - skip, chunk->columns + skip};
    if (chunk->row_count == 0) {
        return NULL;
    }
    struct err *err = check_sizes(rows, &values);
    return err != NULL ? err : mutation_change(rows->mutation, &values);
}

/* Rows of one segment after the other: what engines combine keeps its place in the order of insertion. */
static struct err *add_by_segment(const struct changed_rows *rows, struct arena *arena, const struct chunk *chunk)
{
    struct err *err = NULL;
    for (uint32_t begin = 0, end; begin < chunk->row_count; begin = end) {
        uint64_t pack = place_at(chunk, SCAN_PLACE_PACK, begin), offset = place_at(chunk, SCAN_PLACE_OFFSET, begin);
        for (end = begin + 1; end < chunk->row_count && place_at(chunk, SCAN_PLACE_PACK, end) == pack &&
                              place_at(chunk, SCAN_PLACE_OFFSET, end) == offset;) {
            end++;
        }
        const struct chunk *part = begin == 0 && end == chunk->row_count ? chunk : chunk_part(arena, chunk, begin, end);
        if (part == NULL) {
            return arena_error(arena);
        }
        OR_DONE(mutation_change_from(rows->mutation, pack, offset));
        OR_DONE(changed_rows_add(rows, part, SCAN_PLACE_COUNT));
    }
done:
    return err;
}

struct err *changed_rows_replace(const struct changed_rows *rows, const struct chunk *chunk)
{
    struct err *err = NULL;
    struct arena *arena = arena_beside(rows->arena);
    uint32_t *positions = arena == NULL ? NULL : ARENA_ARRAY(arena, uint32_t, chunk->row_count + 1U), count = 0;

    if (positions == NULL) {
        err = err_oom();
        goto done;
    }
    for (uint32_t row = 0; row < chunk->row_count; row++) {
        if (mutation_knows(rows->mutation, place_at(chunk, SCAN_PLACE_PACK, row),
                           place_at(chunk, SCAN_PLACE_OFFSET, row))) {
            positions[count++] = row;
        }
    }
    if (count == 0) {
        goto done;
    }
    const struct chunk *known = count == chunk->row_count ? chunk : chunk_take(arena, chunk, positions, count);
    if (known == NULL) {
        err = arena_error(arena);
        goto done;
    }
    OR_DONE(changed_rows_delete(rows, known));
    err = add_by_segment(rows, arena, known);
done:
    arena_destroy(arena);
    return err;
}

char *changed_rows_select_whole(const struct changed_rows *rows, struct slice from, struct slice condition)
{
    const char *pack = source_places[SCAN_PLACE_PACK], *offset = source_places[SCAN_PLACE_OFFSET];
    return arena_format(rows->arena, "SELECT %s, %s FROM %.*s WHERE %.*s GROUP BY %s, %s", pack, offset,
                        SLICE_ARG(from), SLICE_ARG(condition), pack, offset);
}

struct err *changed_rows_note_whole(struct changed_rows *rows, const struct chunk *chunk)
{
    for (uint32_t row = 0; row < chunk->row_count; row++) {
        uint64_t pack = place_at(chunk, SCAN_PLACE_PACK, row), offset = place_at(chunk, SCAN_PLACE_OFFSET, row);
        if (mutation_changes_whole(rows->mutation, pack, offset)) {
            buffer_printf(&rows->whole, "%s(%" PRIu64 ", %" PRIu64 ")", rows->whole.length == 0 ? "" : ", ", pack,
                          offset);
        }
    }
    return rows->whole.failed ? err_oom() : NULL;
}

char *changed_rows_or_whole(const struct changed_rows *rows)
{
    if (rows->whole.length == 0) {
        return arena_text(rows->arena, slice_text(""));
    }
    return arena_format(rows->arena, " OR ((%s, %s) IN (%.*s))", source_places[SCAN_PLACE_PACK],
                        source_places[SCAN_PLACE_OFFSET], (int)rows->whole.length, rows->whole.data);
}
