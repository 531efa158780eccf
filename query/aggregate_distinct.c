/*
 * aggregate_distinct.c: -Distinct: only the first row of each value goes on; merging adds what the other has seen.
 *
 * state    a set of the rows' keys, the rows themselves, and the nested state
 * thread   a state belongs to one thread at a time
 */
#include "query/aggregate_adapt.h"
#include "query/nested_key.h"

struct distinct_state {
    struct key_set seen;
    struct distinct_row *rows; /* newest first: to be added again when this state is merged into another */
    uint64_t unused;
};

struct distinct_row {
    struct distinct_row *next;
    struct key128 key;
    struct column **arguments; /* one row each */
};

uint32_t distinct_state_bytes(void)
{
    return STATE_BYTES(struct distinct_state);
}

static struct err *distinct_keep(struct distinct_state *state, struct arena *arena, struct key128 key,
                                 const struct column *const *arguments, uint32_t argument_count, uint32_t row)
{
    struct distinct_row *kept = ARENA_NEW(arena, struct distinct_row);
    if (kept == NULL) {
        return arena_error(arena);
    }
    kept->arguments = ARENA_ARRAY(arena, struct column *, argument_count);
    if (kept->arguments == NULL) {
        return arena_error(arena);
    }
    for (uint32_t a = 0; a < argument_count; a++) {
        struct column *one = column_take(arena, arguments[a], &row, 1);
        const struct column *flat = one == NULL ? NULL : column_flat(arena, one);
        kept->arguments[a] = flat == NULL ? NULL : column_copy(arena, flat);
        if (kept->arguments[a] == NULL) {
            return arena_error(arena);
        }
    }
    kept->key = key;
    kept->next = state->rows;
    state->rows = kept;
    return NULL;
}

struct err *distinct_add(ADD_ARGUMENTS)
{
    struct err *err = NULL;
    struct key128 *keys;
    uint32_t count = 0;
    uint32_t argument_count = aggregate->argument_count;
    uint32_t *positions = ARENA_ARRAY(scratch, uint32_t, row_count + 1U);
    uint32_t *some = ARENA_ARRAY(scratch, uint32_t, row_count + 1U);
    const struct column *taken[AGGREGATE_ARGUMENTS_MAX];

    if (positions == NULL || some == NULL) {
        return arena_error(scratch);
    }
    if (argument_count == 0) {
        return aggregate->nested->add(aggregate->nested, arena, scratch, states + distinct_state_bytes(), stride,
                                      groups, arguments, row_count);
    }
    OR_DONE(aggregate_row_keys(scratch, arguments, argument_count, row_count, &keys));
    EACH_ROW(struct distinct_state, {
        bool added = false;
        bool null = false;
        for (uint32_t a = 0; a < argument_count; a++) {
            null |= column_is_null(arguments[a], i);
        }
        if (!null) {
            OR_DONE(key_set_add(&state->seen, arena, keys[i], &added));
        }
        if (added) {
            OR_DONE(distinct_keep(state, arena, keys[i], arguments, argument_count, i));
            some[count] = groups == NULL ? 0 : groups[i];
            positions[count++] = i;
        }
    })
    if (count == 0) {
        return NULL;
    }
    for (uint32_t a = 0; a < argument_count; a++) {
        taken[a] = column_take(scratch, arguments[a], positions, count);
        if (taken[a] == NULL) {
            return arena_error(scratch);
        }
    }
    OR_DONE(aggregate->nested->add(aggregate->nested, arena, scratch, states + distinct_state_bytes(), stride,
                                   groups == NULL ? NULL : some, taken, count));
done:
    return err;
}

struct err *distinct_merge(MERGE_ARGUMENTS)
{
    struct err *err = NULL;
    struct distinct_state *a = into;
    struct distinct_state *b = from;
    uint32_t argument_count = aggregate->argument_count;
    if (argument_count == 0) {
        return aggregate->nested->merge(aggregate->nested, arena, (char *)into + distinct_state_bytes(),
                                        (char *)from + distinct_state_bytes());
    }
    for (struct distinct_row *row = b->rows; row != NULL; row = row->next) {
        bool added = false;
        OR_DONE(key_set_add(&a->seen, arena, row->key, &added));
        if (added) {
            const struct column *const *columns = (const struct column *const *)row->arguments;
            OR_DONE(distinct_keep(a, arena, row->key, columns, argument_count, 0));
            OR_DONE(aggregate->nested->add(aggregate->nested, arena, arena, (char *)into + distinct_state_bytes(), 0,
                                           NULL, columns, 1));
        }
    }
done:
    return err;
}

/* The distinct rows, oldest first, as nested keys of their arguments: reading adds them to the function. */
struct err *distinct_write(WRITE_ARGUMENTS)
{
    struct err *err = NULL;
    const struct distinct_state *distinct = state;
    if (aggregate->argument_count == 0) {
        return aggregate->nested->write_state(aggregate->nested, (char *)state + distinct_state_bytes(), writer);
    }
    struct distinct_row **rows = ARENA_ARRAY(writer->arena, struct distinct_row *, distinct->seen.count + 1U);
    uint32_t at = distinct->seen.count;
    if (rows == NULL) {
        return arena_error(writer->arena);
    }
    state_put_count(writer, at);
    for (struct distinct_row *row = distinct->rows; row != NULL; row = row->next) {
        rows[--at] = row;
    }
    for (uint32_t i = 0; i < distinct->seen.count; i++) {
        for (uint32_t a = 0; a < aggregate->argument_count; a++) {
            struct slice bytes;
            OR_DONE(nested_key_encode(writer->arena, rows[i]->arguments[a], 1, &bytes));
            state_put_text(writer, bytes);
        }
    }
    OR_DONE(state_writer_error(writer));
done:
    return err;
}

struct err *distinct_read(READ_ARGUMENTS)
{
    struct err *err = NULL;
    uint32_t argument_count = aggregate->argument_count;
    const struct column *columns[AGGREGATE_ARGUMENTS_MAX];
    uint64_t count;
    if (argument_count == 0) {
        return aggregate->nested->read_state(aggregate->nested, arena, scratch, reader,
                                             (char *)into + distinct_state_bytes());
    }
    OR_DONE(state_take_elements(reader, argument_count, UINT32_MAX / 2, &count));
    struct slice *texts = ARENA_ARRAY(scratch, struct slice, count * argument_count + 1);
    if (texts == NULL) {
        return arena_error(scratch);
    }
    for (uint64_t i = 0; i < count; i++) {
        for (uint32_t a = 0; a < argument_count; a++) {
            OR_DONE(state_take_nested(reader, aggregate->argument_types[a], &texts[a * count + i]));
        }
    }
    for (uint32_t a = 0; a < argument_count; a++) {
        struct column *column = NULL;
        OR_DONE(nested_key_decode(scratch, aggregate->argument_types[a], texts + a * count, (uint32_t)count, &column));
        columns[a] = column;
    }
    OR_DONE(distinct_add(aggregate, arena, scratch, into, 0, NULL, columns, (uint32_t)count));
done:
    return err;
}

struct err *distinct_finish(FINISH_ARGUMENTS)
{
    return aggregate->nested->finish(aggregate->nested, arena, states + distinct_state_bytes(), stride, count, out);
}
