/*
 * interrupt.c: the flag of the thread's query.
 */
#include "base/interrupt.h"

#include "base/interrupt_watch.h"

#include <string.h>

#define COPY_BYTES ((size_t)1 << 20) /* between two looks */

static _Thread_local const struct interrupt *current;

/* For tests. */
static _Atomic uint64_t at_look, looks;

void interrupt_at_look(uint64_t n)
{
    atomic_store(&looks, 0);
    atomic_store(&at_look, n);
}

uint64_t interrupt_looks(void)
{
    return atomic_load(&looks);
}

void interrupt_begin(struct interrupt *interrupt, const _Atomic bool *flag)
{
    *interrupt = (struct interrupt){flag, current};
    current = interrupt;
    interrupt_watch(flag != NULL);
}

void interrupt_end(const struct interrupt *interrupt)
{
    ASSERT(current == interrupt);
    current = interrupt->outer;
    interrupt_watch(current != NULL && current->flag != NULL);
}

bool interrupted(void)
{
    if (current == NULL || current->flag == NULL) {
        return false;
    }
    interrupt_watch(true);
    uint64_t n = atomic_load_explicit(&at_look, memory_order_relaxed);
    if (__builtin_expect(n != 0, 0)) {
        return atomic_fetch_add(&looks, 1) + 1 >= n;
    }
    for (const struct interrupt *at = current; at != NULL && at->flag != NULL; at = at->outer) {
        if (atomic_load_explicit((_Atomic bool *)(uintptr_t)at->flag, memory_order_relaxed)) {
            return true;
        }
    }
    return false;
}

struct err *interrupt_check(void)
{
    return interrupted() ? err_new(ERR_QUERY_CANCELLED, "Query was cancelled") : NULL;
}

struct err *interrupt_over(struct err *err)
{
    enum err_code code = err_code(err);
    if (err == NULL || code == ERR_QUERY_CANCELLED || code == ERR_CLIENT_GONE || !interrupted()) {
        return err;
    }
    err_free(err);
    return interrupt_check();
}

struct err *interrupt_zero(void *to, size_t bytes)
{
    struct err *err = NULL;
    for (size_t at = 0; at < bytes; at += COPY_BYTES) {
        if (at > 0) {
            OR_DONE(interrupt_check());
        }
        memset((char *)to + at, 0, bytes - at < COPY_BYTES ? bytes - at : COPY_BYTES);
    }
done:
    return err;
}

struct err *interrupt_copy(void *to, const void *from, size_t bytes)
{
    struct err *err = NULL;
    for (size_t at = 0; at < bytes; at += COPY_BYTES) {
        if (at > 0) {
            OR_DONE(interrupt_check());
        }
        memcpy((char *)to + at, (const char *)from + at, bytes - at < COPY_BYTES ? bytes - at : COPY_BYTES);
    }
done:
    return err;
}
