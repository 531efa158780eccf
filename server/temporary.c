/*
 * temporary.c: temporary tables: chunks in memory, of one session. See sessions.h.
 *
 * A table's rows are a list of chunks, each in an arena of its own, so that what a failed INSERT added can go again.
 */
#include "server/session_private.h"

#include "query/functions/functions.h"
#include "storage/builder.h"
#include "storage/table.h"
#include "storage/table_functions.h"

#include <stdlib.h>

struct piece {
    struct piece *next;
    struct arena *arena;
    struct chunk *chunk;
    uint64_t row; /* the table's rows before it */
};

struct err *temporary_create(struct budget *budget, const struct table_def *given, struct temporary **out)
{
    struct err *err = NULL;
    const struct table_functions *functions = table_functions();
    struct temporary *temporary = calloc(1, sizeof(*temporary));

    if (temporary == NULL) {
        return err_oom();
    }
    temporary->budget = budget;
    temporary->def = table_def_copy(given);
    if (temporary->def == NULL) {
        err = err_oom();
        goto done;
    }
    OR_DONE(functions->compile(temporary->def, &temporary->program));
    *out = temporary;
    temporary = NULL;
done:
    temporary_destroy(temporary);
    return err;
}

void temporary_destroy(struct temporary *temporary)
{
    if (temporary == NULL) {
        return;
    }
    temporary_rollback(temporary, 0);
    if (temporary->program != NULL) {
        table_functions()->destroy(temporary->program);
    }
    table_def_unref(temporary->def);
    free(temporary);
}

const struct table_def *temporary_def(const struct temporary *temporary)
{
    return temporary->def;
}

uint64_t temporary_rows(const struct temporary *temporary)
{
    return temporary->row_count;
}

void temporary_rollback(struct temporary *temporary, uint64_t rows)
{
    struct piece **place = &temporary->first;
    struct piece *last = NULL;

    while (*place != NULL && (*place)->row < rows) {
        last = *place;
        place = &last->next;
    }
    struct piece *piece = *place;
    *place = NULL;
    temporary->last = last;
    while (piece != NULL) {
        struct piece *next = piece->next;
        arena_destroy(piece->arena); /* holds the piece */
        piece = next;
    }
    temporary->row_count = last == NULL ? 0 : last->row + last->chunk->row_count;
}

void temporary_truncate(struct temporary *temporary)
{
    temporary_rollback(temporary, 0);
}

struct err *temporary_append(struct temporary *temporary, struct arena *scratch, const struct chunk *given,
                             const uint8_t *const *missing)
{
    struct err *err = NULL;
    struct arena *arena = arena_create(temporary->budget);
    struct piece *piece = arena == NULL ? NULL : ARENA_NEW(arena, struct piece);
    struct chunk *chunk = chunk_new(scratch, temporary->def->column_count, given->row_count);

    if (piece == NULL || chunk == NULL) {
        err = arena == NULL ? err_oom() : piece == NULL ? arena_error(arena) : arena_error(scratch);
        goto done;
    }
    for (uint32_t i = 0; i < chunk->column_count; i++) {
        chunk->columns[i] = given->columns[i];
    }
    OR_DONE(program_fill_defaults(temporary->program, temporary->def, scratch, chunk, missing));
    piece->arena = arena;
    piece->row = temporary->row_count;
    piece->chunk = chunk_new(arena, chunk->column_count, chunk->row_count);
    if (piece->chunk == NULL) {
        err = arena_error(arena);
        goto done;
    }
    for (uint32_t i = 0; i < chunk->column_count; i++) {
        const struct column *flat = column_flat(scratch, chunk->columns[i]);
        piece->chunk->columns[i] = flat == NULL ? NULL : column_copy(arena, flat);
        if (piece->chunk->columns[i] == NULL) {
            err = flat == NULL ? arena_error(scratch) : arena_error(arena);
            goto done;
        }
        column_own_types(piece->chunk->columns[i], temporary->def->columns[i].type);
    }
    if (temporary->last == NULL) {
        temporary->first = piece;
    } else {
        temporary->last->next = piece;
    }
    temporary->last = piece;
    temporary->row_count += chunk->row_count;
    arena = NULL;
done:
    arena_destroy(arena);
    return err;
}

struct err *temporary_builder(const struct temporary *temporary, struct budget *budget, struct builder **out)
{
    struct err *err = NULL;
    const struct table_def *def = temporary->def;
    struct arena *arena = arena_create(budget);
    const struct type **types = arena == NULL ? NULL : ARENA_ARRAY(arena, const struct type *, def->column_count + 1U);
    bool *track = arena == NULL ? NULL : ARENA_ARRAY(arena, bool, def->column_count + 1U);
    struct builder_options options = {.budget = budget, .first_capacity = 64, .track_missing = track};

    if (types == NULL || track == NULL) {
        err = arena == NULL ? err_oom() : arena_error(arena);
        goto done;
    }
    for (uint32_t i = 0; i < def->column_count; i++) {
        types[i] = def->columns[i].type;
        track[i] = def->columns[i].default_kind == COLUMN_DEFAULT_DEFAULT;
    }
    err = builder_create(types, def->column_count, &options, out);
done:
    arena_destroy(arena);
    return err;
}

static struct err *append_built(struct temporary *temporary, struct arena *arena, struct row_chunk *rows,
                                const bool *omitted)
{
    const struct table_def *def = temporary->def;
    uint32_t count = row_chunk_rows(rows);
    struct chunk *chunk = chunk_new(arena, def->column_count, count);
    const uint8_t **missing = ARENA_ARRAY(arena, const uint8_t *, def->column_count + 1U);

    if (chunk == NULL || missing == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < def->column_count; i++) {
        chunk->columns[i] = omitted[i] ? NULL : row_chunk_column(arena, rows, i, count);
        missing[i] = row_chunk_missing(rows, i);
        if (chunk->columns[i] == NULL && !omitted[i]) {
            return arena_error(arena);
        }
    }
    return temporary_append(temporary, arena, chunk, missing);
}

struct err *temporary_take(struct temporary *temporary, struct builder *builder, const bool *omitted,
                           struct budget *budget)
{
    struct err *err = NULL;
    struct row_chunk **chunks = NULL;
    uint32_t count = 0;
    uint64_t before = temporary->row_count;
    struct arena *arena = arena_create(budget);

    if (arena == NULL) {
        return err_oom();
    }
    OR_DONE(builder_take(builder, &chunks, &count));
    for (uint32_t k = 0; k < count; k++) {
        OR_DONE(append_built(temporary, arena, chunks[k], omitted));
        arena_reset(arena);
    }
done:
    if (err != NULL) {
        temporary_rollback(temporary, before);
    }
    for (uint32_t k = 0; k < count; k++) {
        row_chunk_unref(chunks[k]);
    }
    free(chunks);
    arena_destroy(arena);
    return err;
}

/* ---- reading */

struct temporary_view {
    const struct temporary *temporary;
    uint64_t rows; /* what is added later is not seen */
};

static struct err *generate(struct table_source *source, struct arena *arena, const struct source_request *request,
                            struct source_output *output)
{
    struct err *err = NULL;
    const struct temporary_view *view = source->data;
    const struct piece *piece = view->rows == 0 ? NULL : view->temporary->first;
    bool stop = false;

    while (piece != NULL && !stop) {
        uint64_t end = piece->row + piece->chunk->row_count;
        for (uint32_t begin = 0; begin < piece->chunk->row_count && !stop; begin += CHUNK_ROWS_MAX) {
            uint32_t left = piece->chunk->row_count - begin;
            uint32_t rows = left < CHUNK_ROWS_MAX ? left : CHUNK_ROWS_MAX;
            struct chunk *chunk = chunk_new(arena, request->column_count, rows);
            if (chunk == NULL) {
                return arena_error(arena);
            }
            for (uint32_t c = 0; c < request->column_count; c++) {
                chunk->columns[c] = column_part(arena, piece->chunk->columns[request->columns[c]], begin, begin + rows);
                if (chunk->columns[c] == NULL) {
                    return arena_error(arena);
                }
            }
            OR_DONE(source_emit(output, chunk, &stop));
        }
        piece = end < view->rows ? piece->next : NULL;
    }
done:
    return err;
}

static uint64_t row_count(struct table_source *source)
{
    return ((const struct temporary_view *)source->data)->rows;
}

struct err *source_of_temporary(struct arena *arena, struct temporary *temporary, struct table_source **out)
{
    const struct table_def *def = temporary->def;
    struct table_source *source = ARENA_NEW(arena, struct table_source);
    struct temporary_view *view = ARENA_NEW(arena, struct temporary_view);
    struct source_column *columns = ARENA_ARRAY(arena, struct source_column, def->column_count + 1U);

    if (source == NULL || view == NULL || columns == NULL) {
        return arena_error(arena);
    }
    for (uint32_t i = 0; i < def->column_count; i++) {
        columns[i] = (struct source_column){slice_text(def->columns[i].name), def->columns[i].type};
    }
    *view = (struct temporary_view){temporary, temporary->row_count};
    *source = (struct table_source){.database = slice_text(""),
                                    .name = slice_text(def->name),
                                    .columns = columns,
                                    .column_count = def->column_count,
                                    .data = view,
                                    .generate = generate,
                                    .row_count = row_count};
    *out = source;
    return NULL;
}
