/*
 * merge_output.c: a merge's output, a granule at a time.
 *
 * flow     merge.c → here → pack writer
 * owns     the granule that is being filled
 */
#include "storage/merge_private.h"

static const struct type *window_type(const struct merging *m, uint32_t column)
{
    return m->unifiers[column] != NULL ? type_simple(TYPE_UINT32) : m->schema.columns[column].type;
}

struct err *merge_output_open(struct merging *m)
{
    struct merge_output *out = &m->out;
    out->arena = m->arena;
    out->heap = arena_create(NULL);
    out->columns = ARENA_ARRAY(m->arena, struct column *, m->column_count);
    out->any_null = arena_zalloc(m->arena, m->column_count + 1);
    out->pieces = arena_zalloc(m->arena, (m->column_count + 1) * sizeof(*out->pieces));
    if (out->heap == NULL || out->columns == NULL || out->any_null == NULL || out->pieces == NULL) {
        return err_oom();
    }
    for (uint32_t c = 0; c < m->column_count; c++) {
        const struct type *type = window_type(m, c);
        struct column *column = ARENA_NEW(m->arena, struct column);
        if (column == NULL) {
            return arena_error(m->arena);
        }
        *column = (struct column){.type = type, .form = COLUMN_FLAT};
        column->values = arena_array(m->arena, CHUNK_ROWS_MAX, type->width);
        column->nulls = type->nullable ? arena_alloc(m->arena, CHUNK_ROWS_MAX) : NULL;
        if (column->values == NULL || (type->nullable && column->nulls == NULL)) {
            return arena_error(m->arena);
        }
        out->columns[c] = column;
    }
    return NULL;
}

struct err *merge_output_emit(struct merging *m)
{
    struct err *err = NULL;
    struct merge_output *out = &m->out;
    struct chunk *chunk = NULL;

    if (out->row_count == 0) {
        goto done;
    }
    chunk = chunk_new(out->heap, m->column_count, out->row_count);
    if (chunk == NULL) {
        err = arena_error(out->heap);
        goto done;
    }
    for (uint32_t c = 0; c < m->column_count; c++) {
        struct column *column = ARENA_NEW(out->heap, struct column);
        if (column == NULL) {
            err = arena_error(out->heap);
            goto done;
        }
        if (m->unifiers[c] != NULL) {
            uint64_t id;
            const struct column *dictionary = unifier_dictionary(m->unifiers[c], &id);
            column = column_dict(out->heap, m->schema.columns[c].type, out->columns[c]->values, out->row_count,
                                 dictionary, id);
            if (column == NULL) {
                err = arena_error(out->heap);
                goto done;
            }
        } else {
            *column = *out->columns[c];
            column->row_count = out->row_count;
            column->nulls = out->any_null[c] ? column->nulls : NULL;
            struct merge_pieces *pieces = &out->pieces[c];
            if (pieces->count > 0) {
                column = column_concat(out->heap, pieces->list, pieces->count);
                *pieces = (struct merge_pieces){0};
            }
            if (column == NULL) {
                err = arena_error(out->heap);
                goto done;
            }
        }
        chunk->columns[c] = column;
        out->any_null[c] = false;
    }
    OR_DONE(merge_written(m->merge, out->heap, chunk, &chunk));
    OR_DONE(pack_segment_granule(m->pack, chunk, NULL));
    atomic_fetch_add(&m->merge->rows_written, out->row_count);
    out->row_count = 0;
    arena_reset(out->heap);
done:
    return err;
}

static struct err *piece_add(struct merge_output *out, uint32_t index, const struct column *piece)
{
    struct merge_pieces *pieces = &out->pieces[index];
    const struct column *copy = column_copy(out->heap, piece);
    if (copy == NULL) {
        return arena_error(out->heap);
    }
    if (pieces->count == pieces->room) {
        uint32_t room = pieces->room == 0 ? 16 : pieces->room * 2;
        const struct column **list = arena_array(out->heap, room, sizeof(*list));
        if (list == NULL) {
            return arena_error(out->heap);
        }
        for (uint32_t i = 0; i < pieces->count; i++) {
            list[i] = pieces->list[i];
        }
        pieces->list = list;
        pieces->room = room;
    }
    pieces->list[pieces->count++] = copy;
    return NULL;
}

struct err *merge_output_append(struct merging *m, struct arena *work, const struct column ***columns,
                                uint32_t chunk_count, const uint32_t *order, uint64_t count)
{
    struct err *err = NULL;
    struct merge_output *out = &m->out;

    while (count > 0) {
        uint32_t rows = CHUNK_ROWS_MAX - out->row_count;
        rows = count < rows ? (uint32_t)count : rows;
        for (uint32_t c = 0; c < m->column_count; c++) {
            struct column *to = out->columns[c];
            struct column *piece = NULL;
            uint32_t width = to->type->width;
            OR_DONE(gather_rows(work, NULL, columns[c], chunk_count, order, rows, &piece));
            if (type_is_nested(to->type)) {
                OR_DONE(piece_add(out, c, piece));
                continue;
            }
            if (to->type->kind == TYPE_STRING) {
                const struct slice *from = piece->values;
                struct slice *slices = (struct slice *)to->values + out->row_count;
                size_t total = 0;
                for (uint32_t i = 0; i < rows; i++) {
                    total += from[i].length;
                }
                char *bytes = arena_alloc(out->heap, total + 1);
                if (bytes == NULL) {
                    err = arena_error(out->heap);
                    goto done;
                }
                for (uint32_t i = 0; i < rows; i++) {
                    if (from[i].length > 0) {
                        memcpy(bytes, from[i].data, from[i].length);
                    }
                    slices[i] = slice_of(bytes, from[i].length);
                    bytes += from[i].length;
                }
            } else {
                memcpy((char *)to->values + (size_t)out->row_count * width, piece->values, (size_t)rows * width);
            }
            if (to->nulls != NULL) {
                if (piece->nulls != NULL) {
                    memcpy(to->nulls + out->row_count, piece->nulls, rows);
                    out->any_null[c] = true;
                } else {
                    memset(to->nulls + out->row_count, 0, rows);
                }
            }
        }
        out->row_count += rows;
        order += rows;
        count -= rows;
        if (out->row_count == CHUNK_ROWS_MAX) {
            OR_DONE(merge_output_emit(m));
        }
    }
done:
    return err;
}
