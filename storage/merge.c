/*
 * merge.c: the streaming merge of sorted segments.
 *
 * flow     compactor.c → here → pack writer
 * owns     decoded windows, unified dictionaries, the output granule
 */
#include "storage/merge.h"

#include "base/clock.h"
#include "base/failpoint.h"
#include "storage/dictionary.h"
#include "storage/evolve.h"
#include "storage/gather.h"
#include "storage/merge_combine.h"
#include "storage/sort.h"

#include <stdlib.h>
#include <time.h>

FAILPOINT(merge_drop_row);

struct window {
    struct segment *segment;
    uint32_t input;
    const struct row_set *deleted; /* or NULL */
    struct arena *arena;
    uint32_t granule; /* the next to load */
    uint32_t row;     /* rows before are in the output */
    uint32_t row_count;
    struct column **columns; /* FLAT; coded columns as UInt32 codes */
    struct column **keys;
};

/* What came to a nested column of the granule, in order; in the heap. */
struct pieces {
    const struct column **list;
    uint32_t count;
    uint32_t room;
};

struct output {
    struct arena *arena;     /* arrays, for the whole merge */
    struct arena *heap;      /* bytes of plain strings of the granule being filled */
    struct column **columns; /* FLAT, CHUNK_ROWS_MAX rows */
    bool *any_null;
    struct pieces *pieces; /* of nested columns, which have no arrays of their own */
    uint32_t row_count;
};

struct merging {
    struct merge *merge;
    struct arena *arena;
    struct pack_writer *pack;
    struct segment_schema schema;
    uint32_t column_count;
    uint32_t key_count;
    struct unifier **unifiers; /* per column; NULL: plain */
    struct window windows[MERGE_INPUTS_MAX];
    struct output out;
    struct merge_combine *combine; /* or NULL: rows stay as they are */
};

static const struct type *window_type(const struct merging *m, uint32_t column)
{
    return m->unifiers[column] != NULL ? type_simple(TYPE_UINT32) : m->schema.columns[column].type;
}

/* Place of a row's value in a sorted dictionary; its number of entries: not there. */
static uint32_t entry_find(const struct column *dictionary, const struct column *column, uint32_t row)
{
    uint32_t low = 0, high = dictionary->row_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (column_compare(dictionary, middle, column, row) < 0) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    bool found = low < dictionary->row_count && column_compare(dictionary, low, column, row) == 0;
    return found ? low : dictionary->row_count;
}

/* Entries of a dictionary that rows have which are left: what only deleted rows had must go with them. */
static struct err *live_entries(struct merging *m, const struct window *window, uint32_t c,
                                const struct column *dictionary, const struct column **out)
{
    struct err *err = NULL;
    struct arena *work = arena_create(NULL);
    uint32_t entries = dictionary->row_count, count = 0;
    uint8_t *used = work == NULL ? NULL : arena_zalloc(m->arena, (size_t)entries + 1);
    uint32_t *positions = ARENA_ARRAY(m->arena, uint32_t, (size_t)entries + 1);

    if (used == NULL || positions == NULL) {
        err = err_oom();
        goto done;
    }
    for (uint32_t g = 0; g < segment_granule_count(window->segment); g++) {
        struct column *column = NULL;
        if (merge_live_rows(m->merge, window->input, window->segment, g) == 0) {
            continue;
        }
        OR_DONE(merge_read_column(m->merge, window->input, window->segment, work, g, c, &column));
        bool coded = column->form == COLUMN_DICT && column->dictionary == dictionary;
        uint32_t values = column->form == COLUMN_CONST && column->row_count > 0 ? 1 : column->row_count;
        for (uint32_t i = 0; i < values; i++) {
            used[coded ? column->codes[i] : entry_find(dictionary, column, i)] = 1;
        }
        arena_reset(work);
    }
    for (uint32_t i = 0; i < entries; i++) {
        if (used[i]) {
            positions[count++] = i;
        }
    }
    *out = column_take(m->arena, dictionary, positions, count);
    err = *out == NULL ? arena_error(m->arena) : NULL;
done:
    arena_destroy(work);
    return err;
}

/* ---- dictionaries: a column stays coded when all inputs have it coded */
static void dictionary_release(void *dictionary)
{
    dictionary_unref(dictionary);
}

/* The values of a column that an input does not have as it will be: an own dictionary; *out NULL: too many. */
static struct err *dictionary_collect(struct merging *m, const struct window *window, uint32_t c,
                                      const struct column **out)
{
    struct err *err = NULL;
    const struct type *type = m->schema.columns[c].type;
    struct dictionary *dictionary = dictionary_create(type->nullable);
    struct arena *work = arena_create(NULL);

    *out = NULL;
    if (dictionary == NULL || work == NULL || !arena_on_destroy(m->arena, dictionary_release, dictionary)) {
        dictionary_unref(dictionary);
        err = err_oom();
        goto done;
    }
    for (uint32_t g = 0; g < segment_granule_count(window->segment); g++) {
        struct column *column = NULL;
        if (merge_live_rows(m->merge, window->input, window->segment, g) == 0) {
            continue;
        }
        OR_DONE(merge_read_column(m->merge, window->input, window->segment, work, g, c, &column));
        for (uint32_t row = 0; row < column->row_count; row++) {
            const struct slice *text = column_value(column, row);
            uint32_t code = column_is_null(column, row) ? dictionary_null(dictionary)
                                                        : dictionary_code(dictionary, text->data, text->length);
            if (code == DICTIONARY_NO_CODE) {
                err = err_oom();
                goto done;
            }
            if (column->form == COLUMN_CONST) {
                break;
            }
        }
        arena_reset(work);
        if (dictionary_is_full(dictionary)) {
            goto done;
        }
    }
    *out = dictionary_column(m->arena, dictionary, type, NULL, 0);
    err = *out == NULL ? arena_error(m->arena) : NULL;
done:
    arena_destroy(work);
    return err;
}

/* Does the input have the column as the output will? */
static bool has_stored(const struct merging *m, uint32_t input, uint32_t c)
{
    const struct table_def *def = m->merge->def;
    return !m->merge->evolved[input] || c >= def->column_count ||
           (evolve_is_stored(&def->columns[c], segment_schema_version(m->windows[input].segment)) &&
            segment_column_find(m->windows[input].segment, m->schema.columns[c].id) >= 0);
}

static struct err *dictionaries_unify(struct merging *m)
{
    struct err *err = NULL;
    uint32_t inputs = m->merge->input_count;

    for (uint32_t c = 0; c < m->column_count; c++) {
        const struct column **coded = ARENA_ARRAY(m->arena, const struct column *, inputs);
        uint64_t entries = 0;
        bool all = !merge_combine_needs_values(m->combine, c);
        if (coded == NULL) {
            err = arena_error(m->arena);
            goto done;
        }
        for (uint32_t i = 0; i < inputs && all; i++) {
            struct segment *segment = m->windows[i].segment;
            const struct column *dictionary = NULL;
            if (!has_stored(m, i, c)) {
                continue;
            }
            int32_t index = segment_column_find(segment, m->schema.columns[c].id);
            if (index < 0) {
                err = err_new(ERR_CORRUPT, "a segment of schema version %u has no column with id %u",
                              m->schema.schema_version, m->schema.columns[c].id);
                goto done;
            }
            OR_DONE(segment_dictionary(segment, (uint32_t)index, &dictionary));
            all = dictionary != NULL;
            /* rows that are gone may have been the only ones with an entry */
            bool unused = m->combine != NULL && m->merge->inputs[i]->info.level > 0;
            if (all && (m->windows[i].deleted != NULL || unused)) {
                OR_DONE(live_entries(m, &m->windows[i], c, dictionary, &dictionary));
            }
            if (all) {
                coded[i] = column_dict(m->arena, m->schema.columns[c].type, NULL, 0, dictionary, 0);
                if (coded[i] == NULL) {
                    err = arena_error(m->arena);
                    goto done;
                }
            }
        }
        all = all && m->schema.columns[c].type->kind == TYPE_STRING;
        for (uint32_t i = 0; i < inputs && all; i++) {
            if (!has_stored(m, i, c)) {
                OR_DONE(dictionary_collect(m, &m->windows[i], c, &coded[i]));
                all = coded[i] != NULL;
            }
            entries += all ? coded[i]->dictionary->row_count : 0;
        }
        m->unifiers[c] = NULL;
        if (all && (entries < 65536 || entries * 4 < m->merge->rows_total)) {
            OR_DONE(unifier_create(m->arena, coded, inputs, NULL, 0, &m->unifiers[c]));
        }
    }
done:
    return err;
}

/* ---- windows */
static struct err *window_load(struct merging *m, struct window *window)
{
    struct err *err = NULL;
    struct chunk *chunk = NULL;

    window->row = window->row_count = 0;
    uint32_t rows = 0, granules = segment_granule_count(window->segment);
    for (; rows == 0 && window->granule < granules; window->granule++) {
        uint32_t there = segment_granule_rows(window->segment, window->granule);
        rows = merge_live_rows(m->merge, window->input, window->segment, window->granule);
        atomic_fetch_add(&m->merge->rows_read, there);
    }
    if (rows == 0) {
        goto done;
    }
    uint32_t granule = window->granule - 1;
    arena_reset(window->arena);
    window->columns = ARENA_ARRAY(window->arena, struct column *, m->column_count);
    window->keys = ARENA_ARRAY(window->arena, struct column *, m->key_count + 1);
    if (window->columns == NULL || window->keys == NULL) {
        err = arena_error(window->arena);
        goto done;
    }
    OR_DONE(merge_read(m->merge, window->input, window->segment, window->arena, granule, &chunk));
    for (uint32_t c = 0; c < m->column_count; c++) {
        const struct column *column = chunk->columns[c];
        if (m->unifiers[c] != NULL) {
            struct column *codes = ARENA_NEW(window->arena, struct column);
            if (codes == NULL) {
                err = arena_error(window->arena);
                goto done;
            }
            *codes = (struct column){.type = type_simple(TYPE_UINT32), .form = COLUMN_FLAT, .row_count = rows};
            uint32_t *values = NULL;
            OR_DONE(unifier_codes(window->arena, m->unifiers[c], column, &values));
            codes->values = values;
            window->columns[c] = codes;
        } else {
            window->columns[c] = (struct column *)(uintptr_t)column_flat(window->arena, column);
            if (window->columns[c] == NULL) {
                err = arena_error(window->arena);
                goto done;
            }
        }
    }
    for (uint32_t k = 0; k < m->key_count; k++) {
        int plain = table_plain_column(m->merge->def, m->merge->def->order_by[k]);
        if (plain >= 0) {
            window->keys[k] = window->columns[plain];
        } else {
            OR_DONE(table_evaluate(m->merge->def, table_program_of(m->merge->table, m->merge->def), window->arena,
                                   TABLE_ORDER_BY, k, chunk, &window->keys[k]));
        }
    }
    window->row_count = rows;
done:
    return err;
}

static int keys_compare(const struct merging *m, const struct window *a, uint32_t row_a, const struct window *b,
                        uint32_t row_b)
{
    for (uint32_t k = 0; k < m->key_count; k++) {
        int order = column_compare(a->keys[k], row_a, b->keys[k], row_b);
        if (order != 0) {
            return order;
        }
    }
    return 0;
}

/* Rows from window->row on whose keys are below the bound; most: how much above is (0: not above it). */
static uint32_t window_below(const struct merging *m, const struct window *window, const struct window *bound,
                             uint32_t bound_row, int most)
{
    uint32_t low = window->row, high = window->row_count;
    while (low < high) {
        uint32_t middle = low + (high - low) / 2;
        if (keys_compare(m, window, middle, bound, bound_row) <= most) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    return low - window->row;
}

/* ---- output */
static struct err *output_open(struct merging *m)
{
    struct output *out = &m->out;
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

static struct err *output_emit(struct merging *m)
{
    struct err *err = NULL;
    struct output *out = &m->out;
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
            struct pieces *pieces = &out->pieces[c];
            if (pieces->count > 0) {
                column = column_concat(out->heap, pieces->list, pieces->count);
                *pieces = (struct pieces){0};
            }
            if (column == NULL) {
                err = arena_error(out->heap);
                goto done;
            }
        }
        chunk->columns[c] = column;
        out->any_null[c] = false;
    }
    OR_DONE(pack_segment_granule(m->pack, chunk, NULL));
    atomic_fetch_add(&m->merge->rows_written, out->row_count);
    out->row_count = 0;
    arena_reset(out->heap);
done:
    return err;
}

static struct err *piece_add(struct output *out, uint32_t index, const struct column *piece)
{
    struct pieces *pieces = &out->pieces[index];
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

/* Appends rows of the round to the output. */
static struct err *output_append(struct merging *m, struct arena *work, const struct column ***columns,
                                 uint32_t chunk_count, const uint32_t *order, uint64_t count)
{
    struct err *err = NULL;
    struct output *out = &m->out;

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
            OR_DONE(output_emit(m));
        }
    }
done:
    return err;
}

/* ---- rounds */
/* The round's rows, combined, go to the output. */
static struct err *round_combine(struct merging *m, struct arena *work, const struct merge_round_rows *rows, bool last)
{
    struct err *err = NULL;
    struct chunk *made = NULL;

    OR_DONE(merge_combine_round(m->combine, work, rows, last, &made));
    uint32_t parts = (made->row_count + CHUNK_ROWS_MAX - 1) / CHUNK_ROWS_MAX;
    const struct column ***columns = ARENA_ARRAY(work, const struct column **, m->column_count);
    uint32_t *order = ARENA_ARRAY(work, uint32_t, (size_t)made->row_count + 1);
    if (columns == NULL || order == NULL) {
        return arena_error(work);
    }
    for (uint32_t c = 0; c < m->column_count; c++) {
        const struct column *flat = column_flat(work, made->columns[c]);
        columns[c] = ARENA_ARRAY(work, const struct column *, parts + 1U);
        for (uint32_t i = 0; flat != NULL && columns[c] != NULL && i < parts; i++) {
            uint32_t begin = i * CHUNK_ROWS_MAX, left = made->row_count - begin;
            columns[c][i] = column_part(work, flat, begin, begin + (left < CHUNK_ROWS_MAX ? left : CHUNK_ROWS_MAX));
            flat = columns[c][i] == NULL ? NULL : flat;
        }
        if (flat == NULL || columns[c] == NULL) {
            return arena_error(work);
        }
    }
    for (uint32_t i = 0; i < made->row_count; i++) {
        order[i] = i; /* chunks are full but for the last */
    }
    err = output_append(m, work, columns, parts, order, made->row_count);
done:
    return err;
}

/* *more false: all inputs are used up. */
static struct err *merge_round(struct merging *m, struct arena *work, bool *more)
{
    struct err *err = NULL;
    uint32_t inputs = m->merge->input_count;
    struct window *bound = NULL;
    uint32_t count = 0;

    for (uint32_t i = 0; i < inputs; i++) {
        struct window *window = &m->windows[i];
        if (window->row == window->row_count) {
            OR_DONE(window_load(m, window));
        }
        if (window->row < window->row_count &&
            (bound == NULL || keys_compare(m, window, window->row_count - 1, bound, bound->row_count - 1) < 0)) {
            bound = window;
        }
    }
    *more = bound != NULL;
    if (bound == NULL) {
        goto done;
    }
    struct sort_chunk *chunks = ARENA_ARRAY(work, struct sort_chunk, inputs + 1U);
    const struct column ***columns = ARENA_ARRAY(work, const struct column **, m->column_count);
    if (chunks == NULL || columns == NULL) {
        err = arena_error(work);
        goto done;
    }
    for (uint32_t c = 0; c < m->column_count; c++) {
        columns[c] = ARENA_ARRAY(work, const struct column *, inputs + 1U);
        if (columns[c] == NULL) {
            err = arena_error(work);
            goto done;
        }
    }
    uint32_t bound_row = bound->row_count - 1;
    uint32_t taken[MERGE_INPUTS_MAX], from[MERGE_INPUTS_MAX + 1];
    for (uint32_t i = 0; i < inputs; i++) {
        const struct window *window = &m->windows[i];
        /* more of the bound's key may come from its input: before rows of those that were inserted later */
        int most = m->combine != NULL && i > bound->input ? -1 : 0;
        taken[i] = window->row < window->row_count ? window_below(m, window, bound, bound_row, most) : 0;
    }
    if (m->combine != NULL && merge_combine_carried(m->combine, &chunks[0], columns)) {
        from[count++] = UINT32_MAX;
    }
    for (uint32_t i = 0; i < inputs; i++) {
        struct window *window = &m->windows[i];
        if (taken[i] == 0) {
            continue;
        }
        const struct column **keys = ARENA_ARRAY(work, const struct column *, m->key_count + 1);
        if (keys == NULL) {
            err = arena_error(work);
            goto done;
        }
        uint32_t begin = window->row, end = window->row + taken[i];
        for (uint32_t k = 0; k < m->key_count; k++) {
            keys[k] = column_part(work, window->keys[k], begin, end);
            err = keys[k] == NULL ? arena_error(work) : NULL;
            if (err != NULL) {
                goto done;
            }
        }
        for (uint32_t c = 0; c < m->column_count; c++) {
            columns[c][count] = column_part(work, window->columns[c], begin, end);
            err = columns[c][count] == NULL ? arena_error(work) : NULL;
            if (err != NULL) {
                goto done;
            }
        }
        from[count] = i;
        chunks[count++] = (struct sort_chunk){keys, taken[i]};
        window->row = end;
    }
    uint32_t *order = NULL;
    uint64_t rows = 0;
    OR_DONE(sort_rows(work, chunks, count, m->key_count, &order, &rows, NULL));
    if (failpoint_hit(&failpoint_merge_drop_row) == FAILPOINT_ON) {
        rows--;
    }
    if (m->combine != NULL) {
        err = round_combine(m, work, &(struct merge_round_rows){chunks, columns, from, count, order, rows}, false);
    } else {
        err = output_append(m, work, columns, count, order, rows);
    }
done:
    return err;
}

/* What was left of the last key. */
static struct err *rounds_end(struct merging *m, struct arena *work)
{
    struct err *err = NULL;
    struct sort_chunk chunk;
    const struct column ***columns = ARENA_ARRAY(work, const struct column **, m->column_count);
    uint32_t order[CHUNK_ROWS_MAX];
    const uint32_t from = UINT32_MAX;

    if (columns == NULL) {
        return arena_error(work);
    }
    for (uint32_t c = 0; c < m->column_count; c++) {
        columns[c] = ARENA_ARRAY(work, const struct column *, 1);
        if (columns[c] == NULL) {
            return arena_error(work);
        }
    }
    if (merge_combine_carried(m->combine, &chunk, columns)) {
        ASSERT(chunk.row_count <= CHUNK_ROWS_MAX);
        for (uint32_t i = 0; i < chunk.row_count; i++) {
            order[i] = i;
        }
        OR_DONE(round_combine(m, work, &(struct merge_round_rows){&chunk, columns, &from, 1, order, chunk.row_count},
                              true));
    }
    merge_combine_tell(m->combine, m->merge);
done:
    return err;
}

/* Sleeps so long that the merge stays below its share of the disk. */
static void merge_throttle(const struct merge *merge)
{
    if (merge->bytes_per_s_max == 0 || merge->rows_total == 0) {
        return;
    }
    double bytes =
        2.0 * (double)merge->bytes_total * (double)atomic_load(&merge->rows_read) / (double)merge->rows_total;
    double due_us = bytes / (double)merge->bytes_per_s_max * 1e6;
    double passed_us = (double)(clock_monotonic_us() - merge->started_monotonic_us);
    if (due_us > passed_us) {
        uint64_t pause = (uint64_t)(due_us - passed_us);
        pause = pause > 100000 ? 100000 : pause;
        struct timespec time = {(time_t)(pause / 1000000), (long)(pause % 1000000) * 1000};
        (void)nanosleep(&time, NULL);
    }
}

struct err *merge_write(struct merge *merge, struct pack_writer *pack, struct segment_summary *out)
{
    struct err *err = NULL;
    struct arena *work = arena_create(NULL);
    struct merging m = {.merge = merge, .arena = arena_create(NULL), .pack = pack};
    bool more = true;

    ASSERT(merge->input_count <= MERGE_INPUTS_MAX);
    if (work == NULL || m.arena == NULL) {
        err = err_oom();
        goto done;
    }
    OR_DONE(table_segment_schema(m.arena, merge->table, merge->def, &m.schema));
    m.schema.cold = true;
    m.column_count = m.schema.column_count;
    m.key_count = merge->def->order_by_count;
    m.unifiers = ARENA_ARRAY(m.arena, struct unifier *, m.column_count);
    if (m.unifiers == NULL) {
        err = arena_error(m.arena);
        goto done;
    }
    for (uint32_t i = 0; i < merge->input_count; i++) {
        OR_DONE(table_segment_open(merge->inputs[i], &m.windows[i].segment));
        m.windows[i].input = i;
        OR_DONE(table_segment_deleted(merge->inputs[i], &m.windows[i].deleted));
        m.windows[i].arena = arena_create(NULL);
        if (m.windows[i].arena == NULL) {
            err = err_oom();
            goto done;
        }
    }
    OR_DONE(merge_combine_create(m.arena, merge, &m.combine));
    OR_DONE(dictionaries_unify(&m));
    if (m.combine != NULL) {
        merge_combine_coded(m.combine, m.unifiers);
    }
    OR_DONE(output_open(&m));
    OR_DONE(pack_segment_begin(pack, &m.schema));
    while (more) {
        if (merge->stop != NULL && atomic_load(merge->stop)) {
            err = err_new(ERR_ABORTED, "the merge was given up");
            goto done;
        }
        OR_DONE(merge_round(&m, work, &more));
        arena_reset(work);
        merge_hurry(merge);
        merge_throttle(merge);
    }
    if (m.combine != NULL) {
        OR_DONE(rounds_end(&m, work));
    }
    OR_DONE(output_emit(&m));
    if (atomic_load(&merge->rows_written) == 0) {
        *out = (struct segment_summary){0}; /* the pack is given up */
        goto done;
    }
    err = pack_segment_end(pack, out);
done:
    for (uint32_t i = 0; i < merge->input_count; i++) {
        arena_destroy(m.windows[i].arena);
        segment_unref(m.windows[i].segment);
    }
    merge_combine_destroy(m.combine);
    arena_destroy(m.out.heap);
    arena_destroy(m.arena);
    arena_destroy(work);
    return err;
}
