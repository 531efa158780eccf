/*
 * merge_dictionaries.c: a merge's coded columns: one dictionary of those of all inputs.
 *
 * flow     merge.c → here → gather.h (unifiers)
 * kept out entries that no row of the output has
 */
#include "storage/merge_private.h"

#include "storage/dictionary.h"
#include "storage/evolve.h"

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
static struct err *live_entries(struct merging *m, const struct merge_window *window, uint32_t c,
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

static void dictionary_release(void *dictionary)
{
    dictionary_unref(dictionary);
}

/* The values of a column that an input does not have as it will be: an own dictionary; *out NULL: too many. */
static struct err *dictionary_collect(struct merging *m, const struct merge_window *window, uint32_t c,
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

struct err *merge_dictionaries_unify(struct merging *m)
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
