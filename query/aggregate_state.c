/*
 * aggregate_state.c: states of aggregate functions as values: the combinators -State, -Merge and -MergeState, and
 * states that are written as they lie.
 */
#include "query/aggregates.h"

struct err *raw_write(WRITE_ARGUMENTS)
{
    state_put(writer, state, aggregate->raw_bytes);
    return state_writer_error(writer);
}

struct err *raw_read(READ_ARGUMENTS)
{
    (void)scratch;
    _Alignas(16) char read[256] = {0};
    ASSERT(aggregate->state_bytes <= sizeof(read));
    struct err *err = state_take(reader, read, aggregate->raw_bytes);
    return err == NULL ? aggregate->merge(aggregate, arena, into, read) : err;
}

struct err *aggregate_merge_bytes(const struct aggregate *aggregate, struct arena *arena, void *into, void *from)
{
    struct err *err = NULL;
    struct arena *scratch = arena_beside(arena);
    struct state_writer writer = {.arena = scratch};
    if (scratch == NULL) {
        return err_oom();
    }
    OR_DONE(aggregate->write_state(aggregate, from, &writer));
    struct state_reader reader = {writer.data, writer.data + writer.length};
    OR_DONE(aggregate->read_state(aggregate, arena, scratch, &reader, into));
    if (reader.at != reader.end) {
        err = state_bad("bytes are left behind it");
    }
done:
    arena_destroy(scratch);
    return err;
}
