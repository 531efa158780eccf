/*
 * state_wire.h: states of aggregate functions in the binary formats: the bytes that ClickHouse writes there, without a
 * length in front of them.
 *
 * Where a state ends only its function knows, which stands above this layer and is registered here.
 * states   of the columns of a result or of a table alone, none inside arrays or tuples
 * thread   one at a time per opened function
 */
#ifndef FORMAT_STATE_WIRE_H
#define FORMAT_STATE_WIRE_H

#include "base/arena.h"
#include "base/err.h"
#include "base/text.h"
#include "storage/type.h"

/* A state that is sent has at most so many bytes: as long as it is not there whole, it is read from its beginning each
 * time that more of it comes. */
#define STATE_WIRE_BYTES_MAX ((size_t)16 << 20)

struct state_wire; /* a function, bound; lives as long as the arena */

struct state_wire_functions {
    struct err *(*open)(struct arena *arena, const struct type *type, struct state_wire **out);
    struct err *(*write)(struct state_wire *wire, struct slice state, struct buffer *out);
    struct err *(*read)(struct state_wire *wire, struct slice bytes, size_t *used, struct slice *state);
};
void state_wire_register(const struct state_wire_functions *functions);

/* type: type_is_state. ERR_NOT_IMPLEMENTED: states of this function are other ones than ClickHouse's. */
struct err *state_wire_open(struct arena *arena, const struct type *type, struct state_wire **out);
/* Appends a column's value; an empty one is the state of no rows. ERR_INCORRECT_DATA, …: it is no state. */
struct err *state_wire_write(struct state_wire *wire, struct slice state, struct buffer *out);
/* Takes a state from the beginning of bytes. *used: how many are its; 0: they end within it. *state: the column's value,
 * until the next call. ERR_INCORRECT_DATA, …: they cannot be a state. */
struct err *state_wire_read(struct state_wire *wire, struct slice bytes, size_t *used, struct slice *state);

#endif
