/*
 * io_memory.h: a file layer in memory that loses power when told to: the crash device of the tests.
 *
 * It keeps what programs see and what the disk would hold apart. Writes and truncations become durable with the file's
 * sync, names (creations, renames, removals) with the sync of their folder. When the power goes, every later call
 * fails; io_memory_power_on then shows what the disk holds:
 *   CRASH_LOSE   nothing that was not synced
 *   CRASH_TEAR   of each unsynced write any of its 512-byte sectors, of the unsynced names a prefix, at random
 *   CRASH_KEEP   everything
 * A sync can fail the way Linux's does: the data is gone from the write queue, stays readable until the power goes, and
 * is never written.
 * thread   any.
 */
#ifndef BASE_IO_MEMORY_H
#define BASE_IO_MEMORY_H

#include "base/io.h"

enum crash_mode { CRASH_LOSE, CRASH_TEAR, CRASH_KEEP };

struct err *io_memory(struct io **out); /* freed by io_destroy */
/* Writes, truncations, syncs, renames, removals, creations and folder syncs so far. */
uint64_t io_memory_operations(struct io *io);
/* The power goes at the n-th operation from now on (1: the next), before it has an effect, but for a write, whose data
 * counts as unsynced. 0: never. */
void io_memory_power_off_at(struct io *io, uint64_t operation);
bool io_memory_is_off(struct io *io);
/* The n-th sync of a file from now on fails and forgets the unsynced data. 0: none. */
void io_memory_fail_sync_at(struct io *io, uint64_t sync);
/* All files must be closed. What the disk holds becomes what programs see; seed: of CRASH_TEAR. */
struct err *io_memory_power_on(struct io *io, enum crash_mode mode, uint64_t seed);

#endif
