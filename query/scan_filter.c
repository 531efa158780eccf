/*
 * scan_filter.c: the rows of a unit that meet the conditions, condition by condition.
 *
 * without  a column being read: bitmaps, texts that the source finds, and numbers in ranges, which it tells from their
 *          packed form: all conditions that are such ranges of one column meet first, and are asked for at once
 * read     the columns that the condition needs; it is evaluated on the rows that are left when these are few
 *          A column that is wanted above, too, and of whose rows many pass, is read first.
 * flow     scan.c → here
 */
#include "query/scan_plan.h"

/* The rows that passed so far, in the form that is needed. */
static struct err *unit_bits(struct unit_work *work)
{
    uint32_t rows = work->unit->row_count;
    if (work->bits == NULL) {
        work->bits = ARENA_ARRAY(work->worker->scratch, uint64_t, ROW_BITS_WORDS(rows));
        if (work->bits == NULL) {
            return arena_error(work->worker->scratch);
        }
        row_bits_from_positions(work->positions, work->count, rows, work->bits);
    }
    return NULL;
}

struct err *unit_positions(struct unit_work *work)
{
    if (work->positions == NULL) {
        work->positions = ARENA_ARRAY(work->worker->scratch, uint32_t, work->unit->row_count);
        if (work->positions == NULL) {
            return arena_error(work->worker->scratch);
        }
        row_bits_positions(work->bits, work->unit->row_count, work->positions);
    }
    return NULL;
}

/* Of the rows that passed so far those that these are, too. */
static struct err *unit_and(struct unit_work *work, uint64_t *bits, uint32_t count)
{
    struct err *err = NULL;
    if (work->count < work->unit->row_count) {
        OR_DONE(unit_bits(work));
        count = row_bits_and(bits, work->bits, work->unit->row_count);
    }
    work->bits = bits;
    work->positions = NULL;
    work->count = count;
done:
    return err;
}

/* Bitmaps may know which rows pass, without reading a column. */
static struct err *unit_bitmap(struct unit_work *work, const struct index_test *test, bool *found)
{
    struct err *err = NULL;
    struct source_unit_scan *source = work->scan->scan;
    struct granule_bits *bits = ARENA_NEW(work->worker->scratch, struct granule_bits);
    *found = false;
    if (bits == NULL) {
        return arena_error(work->worker->scratch);
    }
    if (test == NULL || source->operations->bitmap == NULL) {
        return NULL;
    }
    OR_DONE(source->operations->bitmap(source, work->worker->scratch, work->unit, test, bits, found));
    if (*found) {
        err = unit_and(work, bits->words, row_bits_count(bits->words, work->unit->row_count));
    }
done:
    return err;
}

/* A column is a text, and nobody has looked at the rows yet: perhaps the source finds them without reading it. */
static struct err *unit_find_text(struct unit_work *work, const struct prune *prune, bool *found)
{
    struct err *err = NULL;
    struct source_unit_scan *source = work->scan->scan;
    uint32_t rows = work->unit->row_count;
    struct slice text;
    *found = false;
    if (prune == NULL || source->operations->find_text == NULL || work->count < rows || !prune_is_text(prune, &text) ||
        work->full[prune_column(prune)] != NULL) {
        return NULL;
    }
    uint32_t *positions = ARENA_ARRAY(work->worker->scratch, uint32_t, rows);
    uint32_t count = 0;
    if (positions == NULL) {
        return arena_error(work->worker->scratch);
    }
    OR_DONE(source->operations->find_text(source, work->worker->scratch, work->unit, prune_column(prune), text,
                                          positions, &count, found));
    if (*found) {
        work->bits = NULL;
        work->positions = positions;
        work->count = count;
    }
done:
    return err;
}

/* Will the column be decoded for what is above? Then comparing it as it is decoded is cheaper. As the last unit was. */
static bool is_decoded_anyway(const struct scan_plan *scan, uint32_t column)
{
    uint32_t part = atomic_load_explicit(&scan->last_part, memory_order_relaxed);
    return (scan->needed == NULL || scan->needed[column]) &&
           !scan_picks(scan->plan->columns[column].type, part, SCAN_PART_ALL);
}

/* All conditions left from number `first` on that are ranges of one column are asked for at once, if the source knows. */
static struct err *unit_numbers(struct unit_work *work, uint32_t first, bool *found)
{
    struct err *err = NULL;
    struct scan_plan *scan = work->scan;
    struct arena *scratch = work->worker->scratch;
    const struct number_ranges *ranges = scan->conjuncts[first].ranges;
    uint32_t rows = work->unit->row_count, chunk_rows;
    bool dictionaries;
    *found = false;
    query_stress_get(&chunk_rows, &dictionaries);
    if (ranges == NULL || scan->scan->operations->filter == NULL || dictionaries) {
        return NULL;
    }
    uint32_t column = prune_column(scan->conjuncts[first].prune);
    if (work->full[column] != NULL || is_decoded_anyway(scan, column)) {
        return NULL;
    }
    for (uint32_t i = first + 1; i < scan->conjunct_count; i++) {
        const struct conjunct *other = &scan->conjuncts[i];
        if (work->decided[i] || other->ranges == NULL || prune_column(other->prune) != column) {
            continue;
        }
        ranges = number_ranges_meet(scratch, ranges, other->ranges);
        if (ranges == NULL) {
            return arena_error(scratch);
        }
    }
    uint64_t *bits = ARENA_ARRAY(scratch, uint64_t, ROW_BITS_WORDS(rows));
    if (bits == NULL) {
        return arena_error(scratch);
    }
    unit_step(work);
    OR_DONE(scan->scan->operations->filter(scan->scan, scratch, work->unit, column, ranges, bits, found));
    if (!*found) {
        return NULL;
    }
    const struct type *type = scan->plan->columns[column].type;
    atomic_fetch_add_explicit(&scan->execution->progress->bytes_read,
                              (uint64_t)rows * (type->width + (type->nullable ? 1U : 0U)), memory_order_relaxed);
    atomic_fetch_add_explicit(&scan->execution->progress->units_filtered_encoded, 1, memory_order_relaxed);
    work->picked[column] = 1;
    for (uint32_t i = first; i < scan->conjunct_count; i++) {
        work->decided[i] |= scan->conjuncts[i].ranges != NULL && prune_column(scan->conjuncts[i].prune) == column;
    }
    OR_DONE(unit_and(work, bits, row_bits_count(bits, rows)));
done:
    return err;
}

struct err *unit_filter(struct unit_work *work, struct evaluator *const *evaluators)
{
    struct err *err = NULL;
    struct scan_plan *scan = work->scan;
    struct arena *scratch = work->worker->scratch;
    uint32_t rows = work->unit->row_count;
    for (uint32_t i = 0; i < scan->conjunct_count && work->count > 0; i++) {
        uint32_t column_count;
        const uint32_t *columns;
        struct column *condition;
        bool found;
        if (work->decided[i]) {
            continue;
        }
        OR_DONE(unit_bitmap(work, scan->conjuncts[i].bitmap, &found));
        if (found) {
            continue;
        }
        OR_DONE(unit_find_text(work, scan->conjuncts[i].prune, &found));
        if (found) {
            continue;
        }
        OR_DONE(unit_numbers(work, i, &found));
        if (found) {
            continue;
        }
        columns = program_columns(scan->conjuncts[i].program, &column_count);
        for (uint32_t c = 0; c < column_count; c++) {
            OR_DONE(unit_column(work, columns[c], scan->first_needs[columns[c]]));
        }
        /* on all rows or only on those left: taking rows costs about as much as a cheap condition */
        bool some = work->count < rows && (work->count < rows / 4 || scan->conjuncts[i].prune == NULL);
        const struct column **input = work->full;
        uint32_t input_rows = rows;
        if (some) {
            OR_DONE(unit_positions(work));
            input = arena_zalloc(scratch, (scan->plan->column_count + 1U) * sizeof(*input));
            if (input == NULL) {
                return arena_error(scratch);
            }
            for (uint32_t c = 0; c < column_count; c++) {
                input[columns[c]] = column_take(scratch, work->full[columns[c]], work->positions, work->count);
                if (input[columns[c]] == NULL) {
                    return arena_error(scratch);
                }
            }
            input_rows = work->count;
        }
        OR_DONE(evaluator_run(evaluators[i], scratch, input, input_rows, &condition));
        uint64_t *passed = ARENA_ARRAY(scratch, uint64_t, ROW_BITS_WORDS(input_rows));
        uint32_t count;
        if (passed == NULL) {
            return arena_error(scratch);
        }
        OR_DONE(row_bits_of(scratch, condition, input_rows, passed, &count));
        if (!some) {
            OR_DONE(unit_and(work, passed, count));
            continue;
        }
        uint32_t *positions = ARENA_ARRAY(scratch, uint32_t, input_rows);
        if (positions == NULL) {
            return arena_error(scratch);
        }
        row_bits_positions(passed, input_rows, positions);
        for (uint32_t r = 0; r < count; r++) {
            positions[r] = work->positions[positions[r]];
        }
        work->bits = NULL;
        work->positions = positions;
        work->count = count;
    }
done:
    return err;
}
