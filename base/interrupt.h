/*
 * interrupt.h: long work that somebody else may end.
 *
 * how      A thread that works for a query carries the query's flag. Whatever may take longer than a few milliseconds
 *          looks at it between two pieces of work and returns the error that says so; nothing is ended from outside.
 * piece    what takes about a millisecond at most. Loops count what they do in steps of about a nanosecond
 *          (interrupt_steps): a row of a copy is one, a lookup in a large hash table a hundred.
 * time     work may also have to end at some moment, which the same looks notice
 * memory   a budget with the flag (base/arena.h) gives nothing any more once it is set
 * thread   the flag is the thread's own; threads without one are never interrupted
 */
#ifndef BASE_INTERRUPT_H
#define BASE_INTERRUPT_H

#include "base/err.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define INTERRUPT_STEPS 1000000U /* about a millisecond */

/* What a thread works for: one thing within another (a query that loads a dictionary for a query). The caller's,
 * between begin and end; nothing in it is the caller's business. */
struct interrupt {
    const _Atomic bool *flag;
    uint64_t deadline_us; /* 0: none */
    uint64_t time_us_max;
    const struct interrupt *outer;
};
/* What this thread does until interrupt_end ends once *flag is true, or a flag around it. NULL: it does not end,
 * whatever is around it. */
void interrupt_begin(struct interrupt *interrupt, const _Atomic bool *flag);
/* Or once clock_monotonic_us() is deadline_us, with ERR_TIMEOUT; 0: never. time_us_max: the limit, for the error's
 * text. */
void interrupt_begin_until(struct interrupt *interrupt, const _Atomic bool *flag, uint64_t deadline_us,
                           uint64_t time_us_max);
void interrupt_end(const struct interrupt *interrupt);
/* The first moment at which what this thread does must end; 0: none. */
uint64_t interrupt_deadline_us(void);
/* ERR_QUERY_CANCELLED once a flag is true, ERR_TIMEOUT behind a deadline. */
struct err *interrupt_check(void);
/* The error of work that has ended (NULL stays NULL; moved). When it was interrupted that is why it failed, whatever it
 * made of it; ERR_CLIENT_GONE and ERR_TIMEOUT say so themselves. */
struct err *interrupt_over(struct err *err);
/* Was it set? */
bool interrupted(void);

/* Counts so many steps more, and looks when they are INTERRUPT_STEPS since it last did. *counter: begins at 0. */
static inline struct err *interrupt_steps(uint64_t *counter, uint64_t steps)
{
    *counter += steps;
    if (__builtin_expect(*counter < INTERRUPT_STEPS, 1)) {
        return NULL;
    }
    *counter = 0;
    return interrupt_check();
}

/* Loops of a nanosecond a round go piece by piece, so that the compiler sees an inner loop without looks:
 *     for (i = 0; i < count;) {
 *         OR_DONE(interrupt_check());
 *         for (end = interrupt_piece(i, count); i < end; i++) … */
#define INTERRUPT_PIECE 32768U
static inline uint32_t interrupt_piece(uint32_t begin, uint32_t count)
{
    return count - begin < INTERRUPT_PIECE ? count : begin + INTERRUPT_PIECE;
}

/* In a loop over i: looks every 4,096 rounds. */
static inline struct err *interrupt_at(uint64_t i)
{
    return __builtin_expect((i & 4095) != 4095, 1) ? NULL : interrupt_check();
}

/* For loops that give no error: true when they may as well end. Whoever called them asks then. */
static inline bool interrupted_at(uint64_t i)
{
    return __builtin_expect((i & 4095) == 4095, 0) && interrupted();
}

/* memset to 0 and memcpy of what may be large, with looks. */
struct err *interrupt_zero(void *to, size_t bytes);
struct err *interrupt_copy(void *to, const void *from, size_t bytes);
/* Makes the system provide memory whose contents do not matter, from its beginning on, with looks. Who writes to all
 * parts of it at once would have it do so in a few thousand steps, each of which clears a large page. */
struct err *interrupt_touch(void *memory, size_t bytes);

/*
 * Runs work that cannot look itself (a library's loop over a long text), and leaves it where it stands once the flag is
 * set or the deadline is over: a few milliseconds later, from a signal's handler (SIGRTMIN). False: it was left.
 *
 * run      computes, and writes to memory that nobody reads when it was left; it allocates nothing, takes no lock, opens
 *          nothing and calls nothing that might. It costs a timer: for what takes milliseconds.
 */
bool interrupt_run(void (*run)(void *object), void *object);

/* For tests: the n-th look from now on, by any thread with a flag, and all later ones find it set; 0: none does any
 * more. interrupt_looks: how many there have been since. */
void interrupt_at_look(uint64_t n);
uint64_t interrupt_looks(void);

#endif
