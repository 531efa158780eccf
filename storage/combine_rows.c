/*
 * combine_rows.c: batches of sorted rows, combined. See combining.h.
 *
 * flow     merge.c, final.c → here → table_functions (folds of values)
 * kinds    those that choose among rows give positions; those that make rows give columns. A function per kind.
 */
#include "storage/combining.h"

#include "storage/table_private.h"

#define VERSIONED_ROWS_MAX 8192U /* of one key and version that wait for one with the other sign */

struct batch_groups { /* rows [begins[g], begins[g + 1]) have one key */
    uint32_t *begins;
    uint32_t count;
    uint32_t whole; /* of the others (the last) more may come */
};

struct combiner {
    const struct combining *combining;
    const struct table_def *def;
    const uint32_t *columns;
    uint32_t column_count;
    bool final, account;
    int *slots;              /* per stored column: which of the batch's it is; −1: it is not there */
    struct folder **folders; /* per batch column, NULL: none; of a map at its first */
    struct combined_numbers numbers;
    /* of the key that is open */
    uint64_t positive, negative; /* rows seen so far */
    bool made;                   /* what is carried is no row that was inserted */
};

typedef struct err *(*combine_kind)(struct combiner *combiner, struct arena *arena, const struct combine_batch *batch,
                                    const struct batch_groups *groups, struct combine_result *out);

/* ---- choosing among rows */

/* Was row a inserted after row b? */
static bool is_later(const struct combine_batch *batch, uint32_t a, uint32_t b)
{
    if (batch->place == NULL) {
        return a > b;
    }
    int order = (batch->place[a] > batch->place[b]) - (batch->place[a] < batch->place[b]);
    for (uint32_t i = 0; i < COLUMN_HIDDEN_COUNT && order == 0; i++) {
        order = column_compare(batch->address[i], a, batch->address[i], b);
    }
    return order == 0 ? a > b : order > 0;
}

/* Positions of rows that stay, and of the open key's that are carried. */
struct choice {
    uint32_t *kept;
    uint32_t kept_count;
    uint32_t *carried;
    uint32_t carried_count;
};

static struct err *choice_begin(struct arena *arena, const struct combine_batch *batch, struct choice *choice)
{
    *choice = (struct choice){ARENA_ARRAY(arena, uint32_t, (size_t)batch->row_count + 1), 0,
                              ARENA_ARRAY(arena, uint32_t, (size_t)batch->row_count + 1), 0};
    return choice->kept == NULL || choice->carried == NULL ? arena_error(arena) : NULL;
}

static struct err *rows_sum(struct arena *arena, const struct combine_batch *batch, uint32_t column_count,
                            const uint32_t *positions, uint32_t count, unsigned __int128 *sum)
{
    const struct chunk all = {batch->row_count, column_count, batch->columns};
    struct chunk *rows = chunk_take(arena, &all, positions, count);
    return rows == NULL ? arena_error(arena) : chunk_row_sum(arena, rows, sum);
}

static struct err *choice_end(struct combiner *combiner, struct arena *arena, const struct combine_batch *batch,
                              const struct choice *choice, struct combine_result *out)
{
    struct err *err = NULL;
    struct chunk all = {batch->row_count, combiner->column_count, batch->columns};

    if (choice->kept_count == batch->row_count) {
        out->rows = chunk_part(arena, &all, 0, batch->row_count);
    } else {
        out->rows = chunk_take(arena, &all, choice->kept, choice->kept_count);
    }
    out->carry = chunk_take(arena, &all, choice->carried, choice->carried_count);
    out->carry_positions = choice->carried;
    if (out->rows == NULL || out->carry == NULL) {
        return arena_error(arena);
    }
    uint32_t stay = choice->kept_count + choice->carried_count;
    if (combiner->account && stay < batch->row_count) {
        uint8_t *stays = arena_zalloc(arena, (size_t)batch->row_count + 1);
        uint32_t *gone = ARENA_ARRAY(arena, uint32_t, (size_t)batch->row_count + 1), count = 0;
        if (stays == NULL || gone == NULL) {
            return arena_error(arena);
        }
        for (uint32_t i = 0; i < choice->kept_count; i++) {
            stays[choice->kept[i]] = 1;
        }
        for (uint32_t i = 0; i < choice->carried_count; i++) {
            stays[choice->carried[i]] = 1;
        }
        for (uint32_t row = 0; row < batch->row_count; row++) {
            if (!stays[row]) {
                gone[count++] = row;
            }
        }
        combiner->numbers.removed_rows += count;
        OR_DONE(rows_sum(arena, batch, combiner->column_count, gone, count, &combiner->numbers.removed_sum));
    }
done:
    return err;
}

static struct err *deleted_error(uint8_t value)
{
    return err_new(ERR_INCORRECT_DATA, "Incorrect data: is_deleted = %u (must be 1 or 0)", value);
}

static struct err *combine_replacing(struct combiner *combiner, struct arena *arena, const struct combine_batch *batch,
                                     const struct batch_groups *groups, struct combine_result *out)
{
    struct err *err = NULL;
    struct choice choice;
    const struct combining *combining = combiner->combining;
    const struct column *version = combining->version < 0 ? NULL : batch->columns[combiner->slots[combining->version]];
    const struct column *deleted =
        combining->deleted < 0 || !combiner->final ? NULL : batch->columns[combiner->slots[combining->deleted]];

    OR_DONE(choice_begin(arena, batch, &choice));
    for (uint32_t g = 0; g < groups->count; g++) {
        uint32_t best = groups->begins[g];
        for (uint32_t row = best; row < groups->begins[g + 1]; row++) {
            int order = row == best || version == NULL ? 0 : column_compare(version, row, version, best);
            best = order > 0 || (order == 0 && is_later(batch, row, best)) ? row : best;
            uint8_t is_deleted = deleted == NULL ? 0 : *(const uint8_t *)column_value(deleted, row);
            if (is_deleted > 1) {
                return deleted_error(is_deleted);
            }
        }
        if (g >= groups->whole) {
            choice.carried[choice.carried_count++] = best;
        } else if (deleted == NULL || *(const uint8_t *)column_value(deleted, best) == 0) {
            choice.kept[choice.kept_count++] = best;
        }
    }
    err = choice_end(combiner, arena, batch, &choice, out);
done:
    return err;
}

#define NO_ROW UINT32_MAX

static void keep_ascending(struct choice *choice, uint32_t a, uint32_t b)
{
    if (a != NO_ROW && b != NO_ROW && a > b) {
        uint32_t swap = a;
        a = b;
        b = swap;
    }
    if (a != NO_ROW) {
        choice->kept[choice->kept_count++] = a;
    }
    if (b != NO_ROW) {
        choice->kept[choice->kept_count++] = b;
    }
}

static struct err *combine_collapsing(struct combiner *combiner, struct arena *arena, const struct combine_batch *batch,
                                      const struct batch_groups *groups, struct combine_result *out)
{
    struct err *err = NULL;
    struct choice choice;
    const struct column *sign = batch->columns[combiner->slots[combiner->combining->sign]];

    OR_DONE(choice_begin(arena, batch, &choice));
    for (uint32_t g = 0; g < groups->count; g++) {
        uint32_t first_negative = NO_ROW, last_positive = NO_ROW, last = NO_ROW;
        uint64_t positive = g == 0 ? combiner->positive : 0, negative = g == 0 ? combiner->negative : 0;
        for (uint32_t row = groups->begins[g]; row < groups->begins[g + 1]; row++) {
            int8_t value = *(const int8_t *)column_value(sign, row);
            bool counted = row < batch->carried;
            if (value != 1 && value != -1) {
                continue; /* such a row says nothing */
            }
            if (value == 1) {
                positive += counted ? 0 : 1;
                last_positive = last_positive == NO_ROW || is_later(batch, row, last_positive) ? row : last_positive;
            } else {
                negative += counted ? 0 : 1;
                first_negative =
                    first_negative == NO_ROW || is_later(batch, first_negative, row) ? row : first_negative;
            }
            last = last == NO_ROW || is_later(batch, row, last) ? row : last;
        }
        if (g >= groups->whole) {
            combiner->positive = positive;
            combiner->negative = negative;
            for (uint32_t row = groups->begins[g]; row < groups->begins[g + 1]; row++) {
                if (row == first_negative || row == last_positive || row == last) {
                    choice.carried[choice.carried_count++] = row;
                }
            }
        } else if (last != NO_ROW && (last == last_positive || positive != negative)) {
            bool gives_negative = positive <= negative && !combiner->final;
            keep_ascending(&choice, gives_negative ? first_negative : NO_ROW,
                           positive >= negative ? last_positive : NO_ROW);
        }
    }
    if (groups->whole == groups->count) {
        combiner->positive = combiner->negative = 0;
    }
    err = choice_end(combiner, arena, batch, &choice, out);
done:
    return err;
}

static struct err *combine_versioned(struct combiner *combiner, struct arena *arena, const struct combine_batch *batch,
                                     const struct batch_groups *groups, struct combine_result *out)
{
    struct err *err = NULL;
    struct choice choice;
    const struct column *sign = batch->columns[combiner->slots[combiner->combining->sign]];
    uint32_t *left = ARENA_ARRAY(arena, uint32_t, (size_t)batch->row_count + 1);

    if (left == NULL) {
        return arena_error(arena);
    }
    OR_DONE(choice_begin(arena, batch, &choice));
    for (uint32_t g = 0; g < groups->count; g++) {
        uint32_t count = 0, begin = 0;
        for (uint32_t row = groups->begins[g]; row < groups->begins[g + 1]; row++) {
            int8_t value = *(const int8_t *)column_value(sign, row);
            if (count > 0 && *(const int8_t *)column_value(sign, left[count - 1]) == -value) {
                count--;
            } else {
                left[count++] = row;
            }
        }
        if (g >= groups->whole) {
            begin = count > VERSIONED_ROWS_MAX ? count - VERSIONED_ROWS_MAX : 0;
            memcpy(choice.carried, left + begin, (count - begin) * sizeof(*left));
            choice.carried_count = count - begin;
            count = begin;
        }
        for (uint32_t i = 0; i < count; i++) {
            choice.kept[choice.kept_count++] = left[i];
        }
    }
    err = choice_end(combiner, arena, batch, &choice, out);
done:
    return err;
}

/* ---- making rows */

/* Groups whose values are not simply those of one row, their rows side by side. */
struct folds {
    uint32_t *rows;   /* positions in the batch */
    uint32_t *groups; /* of each: which of the folded ones */
    uint32_t row_count;
    uint32_t *folded; /* per group: number among the folded ones + 1, or 0 */
    uint32_t count;
};

static struct err *folds_find(struct arena *arena, const struct batch_groups *groups, uint32_t row_count, bool all,
                              struct folds *folds)
{
    *folds = (struct folds){.rows = ARENA_ARRAY(arena, uint32_t, (size_t)row_count + 1),
                            .groups = ARENA_ARRAY(arena, uint32_t, (size_t)row_count + 1),
                            .folded = ARENA_ARRAY(arena, uint32_t, (size_t)groups->count + 1)};
    if (folds->rows == NULL || folds->groups == NULL || folds->folded == NULL) {
        return arena_error(arena);
    }
    for (uint32_t g = 0; g < groups->count; g++) {
        uint32_t begin = groups->begins[g], end = groups->begins[g + 1];
        folds->folded[g] = 0;
        if (end - begin > 1 || all) {
            for (uint32_t row = begin; row < end; row++) {
                folds->rows[folds->row_count] = row;
                folds->groups[folds->row_count++] = folds->count;
            }
            folds->folded[g] = ++folds->count;
        }
    }
    return NULL;
}

/* A value per group: folded, or that of its only row. */
static struct err *folded_column(struct arena *arena, const struct column *column, struct column *folded,
                                 const struct batch_groups *groups, const struct folds *folds, struct column **out)
{
    uint32_t *sources = ARENA_ARRAY(arena, uint32_t, (size_t)groups->count + 1);
    uint32_t *rows = ARENA_ARRAY(arena, uint32_t, (size_t)groups->count + 1);
    const struct column *both[2] = {column, folded};
    if (sources == NULL || rows == NULL) {
        return arena_error(arena);
    }
    for (uint32_t g = 0; g < groups->count; g++) {
        sources[g] = folds->folded[g] > 0;
        rows[g] = folds->folded[g] > 0 ? folds->folded[g] - 1 : groups->begins[g];
    }
    *out = column_pick(arena, column->type, both, 2, sources, rows, groups->count);
    return *out == NULL ? arena_error(arena) : NULL;
}

/* The columns that the folder at `slot` is of: itself, or a map's. */
static uint32_t fold_slots(const struct combiner *combiner, uint32_t slot, uint32_t slots[COMBINING_MAP_COLUMNS_MAX])
{
    uint32_t column = combiner->columns[slot];
    slots[0] = slot;
    if (column >= combiner->def->column_count || combiner->combining->columns[column].way != COMBINING_MAP) {
        return 1;
    }
    const struct combining_map *map = &combiner->combining->maps[combiner->combining->columns[column].map];
    for (uint32_t i = 0; i < map->count; i++) {
        slots[i] = (uint32_t)combiner->slots[map->columns[i]];
    }
    return map->count;
}

static struct err *fold_columns(const struct combiner *combiner, struct arena *arena, const struct combine_batch *batch,
                                const struct batch_groups *groups, const struct folds *folds, struct chunk *made)
{
    struct err *err = NULL;
    for (uint32_t s = 0; s < combiner->column_count; s++) {
        uint32_t slots[COMBINING_MAP_COLUMNS_MAX];
        const struct column *inputs[COMBINING_MAP_COLUMNS_MAX];
        struct column *folded[COMBINING_MAP_COLUMNS_MAX];
        if (combiner->folders[s] == NULL) {
            continue;
        }
        uint32_t count = fold_slots(combiner, s, slots);
        for (uint32_t i = 0; i < count; i++) {
            inputs[i] = column_take(arena, batch->columns[slots[i]], folds->rows, folds->row_count);
            if (inputs[i] == NULL) {
                return arena_error(arena);
            }
        }
        OR_DONE(table_functions()->fold(combiner->folders[s], arena, inputs, folds->groups, folds->row_count,
                                        folds->count, folded));
        for (uint32_t i = 0; i < count; i++) {
            OR_DONE(folded_column(arena, batch->columns[slots[i]], folded[i], groups, folds, &made->columns[slots[i]]));
        }
    }
done:
    return err;
}

static bool is_zero(const struct column *column, uint32_t row)
{
    static const char zeros[64];
    const struct type *type = column->type;
    if (type->nullable) {
        return column_is_null(column, row);
    }
    if (type_is_nested(type)) {
        return type->kind != TYPE_TUPLE && column->offsets[row] == column->offsets[row + 1];
    }
    const void *value = column_value(column, row);
    if (type->kind == TYPE_STRING) {
        return ((const struct slice *)value)->length == 0;
    }
    if (type->kind == TYPE_FLOAT64) {
        return !(*(const double *)value < 0 || *(const double *)value > 0) &&
               *(const double *)value == *(const double *)value;
    }
    if (type->kind == TYPE_FLOAT32) {
        return !(*(const float *)value < 0 || *(const float *)value > 0) &&
               *(const float *)value == *(const float *)value;
    }
    return type->width <= sizeof(zeros) && memcmp(value, zeros, type->width) == 0;
}

/* Are all sums of the row 0? */
static bool is_nothing(const struct combiner *combiner, const struct chunk *made, uint32_t row)
{
    bool nothing = combiner->combining->drops_zeros;
    for (uint32_t s = 0; s < combiner->column_count && nothing; s++) {
        nothing = combiner->folders[s] == NULL || is_zero(made->columns[s], row);
    }
    return nothing;
}

/* Tells what became of rows: those of groups that were folded, or are nothing, go; what was made of them comes. */
static struct err *made_account(struct combiner *combiner, struct arena *arena, const struct combine_batch *batch,
                                const struct batch_groups *groups, const struct folds *folds, const struct chunk *made,
                                const uint8_t *stays)
{
    struct err *err = NULL;
    struct combined_numbers *numbers = &combiner->numbers;
    uint32_t *gone = ARENA_ARRAY(arena, uint32_t, (size_t)batch->row_count + 1), gone_count = 0;
    uint32_t *come = ARENA_ARRAY(arena, uint32_t, (size_t)groups->count + 1), come_count = 0;
    const struct combine_batch as_made = {.row_count = groups->count, .columns = made->columns};
    if (gone == NULL || come == NULL) {
        return arena_error(arena);
    }
    if (combiner->made && batch->carried > 0) { /* it was no row of any input */
        unsigned __int128 sum = 0;
        const uint32_t first = 0;
        OR_DONE(rows_sum(arena, batch, combiner->column_count, &first, 1, &sum));
        numbers->made_rows -= 1;
        numbers->made_sum -= sum;
    }
    for (uint32_t g = 0; g < groups->count; g++) {
        bool was_made = g == 0 && combiner->made && batch->carried > 0;
        if (folds->folded[g] == 0 && stays[g] && !was_made) {
            continue; /* as it was */
        }
        for (uint32_t row = groups->begins[g] + (was_made ? 1 : 0); row < groups->begins[g + 1]; row++) {
            gone[gone_count++] = row;
        }
        if (stays[g]) {
            come[come_count++] = g;
        }
    }
    numbers->removed_rows += gone_count;
    numbers->made_rows += come_count;
    if (gone_count > 0) {
        OR_DONE(rows_sum(arena, batch, combiner->column_count, gone, gone_count, &numbers->removed_sum));
    }
    if (come_count > 0) {
        OR_DONE(rows_sum(arena, &as_made, combiner->column_count, come, come_count, &numbers->made_sum));
    }
done:
    return err;
}

/* The row of each group whose values stand for the others' where nothing is folded. */
static struct err *first_rows(struct arena *arena, const struct combine_batch *batch, const struct batch_groups *groups,
                              uint32_t **out)
{
    uint32_t *firsts = ARENA_ARRAY(arena, uint32_t, (size_t)groups->count + 1);
    if (firsts == NULL) {
        return arena_error(arena);
    }
    for (uint32_t g = 0; g < groups->count; g++) {
        firsts[g] = groups->begins[g];
        for (uint32_t row = firsts[g] + 1; batch->place != NULL && row < groups->begins[g + 1]; row++) {
            firsts[g] = is_later(batch, firsts[g], row) ? row : firsts[g];
        }
    }
    *out = firsts;
    return NULL;
}

static struct err *combine_making(struct combiner *combiner, struct arena *arena, const struct combine_batch *batch,
                                  const struct batch_groups *groups, struct combine_result *out)
{
    struct err *err = NULL;
    struct folds folds;
    uint32_t *firsts = NULL, kept = 0;
    struct chunk *made = chunk_new(arena, combiner->column_count, groups->count);
    uint32_t *positions = ARENA_ARRAY(arena, uint32_t, (size_t)groups->count + 1);
    uint8_t *stays = arena_zalloc(arena, (size_t)groups->count + 1);

    if (made == NULL || positions == NULL || stays == NULL) {
        return arena_error(arena);
    }
    OR_DONE(first_rows(arena, batch, groups, &firsts));
    OR_DONE(folds_find(arena, groups, batch->row_count, combiner->combining->map_count > 0, &folds));
    if (folds.count > 0) {
        OR_DONE(fold_columns(combiner, arena, batch, groups, &folds, made));
    }
    for (uint32_t s = 0; s < combiner->column_count; s++) {
        if (made->columns[s] == NULL) {
            made->columns[s] = groups->count == batch->row_count
                                   ? batch->columns[s]
                                   : column_take(arena, batch->columns[s], firsts, groups->count);
        }
        if (made->columns[s] == NULL) {
            return arena_error(arena);
        }
    }
    for (uint32_t g = 0; g < groups->count; g++) {
        bool open = g >= groups->whole;
        stays[g] = open || !is_nothing(combiner, made, g);
        if (stays[g] && !open) {
            positions[kept++] = g;
        }
    }
    if (combiner->account) {
        OR_DONE(made_account(combiner, arena, batch, groups, &folds, made, stays));
    }
    out->rows = kept == groups->count ? made : chunk_take(arena, made, positions, kept);
    out->carry = chunk_part(arena, made, groups->whole, groups->count);
    out->carry_positions = firsts + groups->whole;
    if (out->rows == NULL || out->carry == NULL) {
        return arena_error(arena);
    }
    if (groups->whole < groups->count) { /* made of several, or carried as made before */
        bool alone = groups->count == 1;
        combiner->made = folds.folded[groups->whole] > 0 || (alone && batch->carried > 0 && combiner->made);
    }
done:
    return err;
}

static const combine_kind kinds[] = {
    [COMBINING_REPLACING] = combine_replacing, [COMBINING_SUMMING] = combine_making,
    [COMBINING_AGGREGATING] = combine_making,  [COMBINING_COLLAPSING] = combine_collapsing,
    [COMBINING_VERSIONED] = combine_versioned,
};

/* ---- batches */

struct err *combiner_create(struct arena *arena, const struct combining *combining, const struct table_def *def,
                            const uint32_t *columns, uint32_t column_count, bool final, bool account,
                            struct combiner **out)
{
    struct err *err = NULL;
    struct combiner *combiner = arena_zalloc(arena, sizeof(*combiner));

    if (combiner == NULL) {
        return arena_error(arena);
    }
    *combiner = (struct combiner){.combining = combining,
                                  .def = def,
                                  .columns = columns,
                                  .column_count = column_count,
                                  .final = final,
                                  .account = account};
    combiner->slots = ARENA_ARRAY(arena, int, def->column_count + 1U);
    combiner->folders = arena_zalloc(arena, (column_count + 1U) * sizeof(struct folder *));
    if (combiner->slots == NULL || combiner->folders == NULL) {
        return arena_error(arena);
    }
    for (uint32_t c = 0; c < def->column_count; c++) {
        combiner->slots[c] = -1;
    }
    for (uint32_t s = 0; s < column_count; s++) {
        if (columns[s] < def->column_count) {
            combiner->slots[columns[s]] = (int)s;
        }
    }
    for (uint32_t s = 0; s < column_count; s++) {
        const struct combining_column *column = columns[s] < def->column_count ? &combining->columns[columns[s]] : NULL;
        const struct type *types[COMBINING_MAP_COLUMNS_MAX];
        if (column == NULL || column->way == COMBINING_FIRST) {
            continue;
        }
        const struct combining_map one = {{columns[s]}, 0, 1};
        const struct combining_map *map = column->way == COMBINING_MAP ? &combining->maps[column->map] : &one;
        for (uint32_t i = 0; i < map->count; i++) {
            types[i] = def->columns[map->columns[i]].type;
        }
        if (map->columns[0] == columns[s]) {
            OR_DONE(table_functions()->folder(arena, column->function, types, map->key_count, map->count,
                                              &combiner->folders[s]));
        }
    }
    *out = combiner;
done:
    return err;
}

struct err *combiner_run(struct combiner *combiner, struct arena *arena, const struct combine_batch *batch, bool last,
                         struct combine_result *out)
{
    struct batch_groups groups = {.begins = ARENA_ARRAY(arena, uint32_t, (size_t)batch->row_count + 1)};

    *out = (struct combine_result){0};
    if (groups.begins == NULL) {
        return arena_error(arena);
    }
    for (uint32_t row = 0; row < batch->row_count; row++) {
        if (row == 0 || !batch->same[row]) {
            groups.begins[groups.count++] = row;
        }
    }
    groups.begins[groups.count] = batch->row_count;
    groups.whole = groups.count - (last || groups.count == 0 ? 0 : 1);
    return kinds[combiner->combining->kind](combiner, arena, batch, &groups, out);
}

const struct combined_numbers *combiner_numbers(const struct combiner *combiner)
{
    return &combiner->numbers;
}
