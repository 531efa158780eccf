/*
 * interrupt.c: the flag of the thread's query, and its deadline.
 */
#include "base/interrupt.h"

#include "base/interrupt_watch.h"

#include <string.h>
#include <time.h>

#define COPY_BYTES ((size_t)1 << 20) /* between two looks */
#define LOOK_BYTES ((size_t)1 << 15) /* smaller copies come without one */
#define PAGE_BYTES ((size_t)4096)

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
    interrupt_begin_until(interrupt, flag, 0, 0);
}

void interrupt_begin_until(struct interrupt *interrupt, const _Atomic bool *flag, uint64_t deadline_us,
                           uint64_t time_us_max)
{
    *interrupt = (struct interrupt){flag, deadline_us, time_us_max, current};
    current = interrupt;
    interrupt_watch(flag != NULL);
}

void interrupt_end(const struct interrupt *interrupt)
{
    ASSERT(current == interrupt);
    current = interrupt->outer;
    interrupt_watch(current != NULL && current->flag != NULL);
}

/* Some milliseconds late, but a fraction of the time to ask for it. */
static uint64_t coarse_us(void)
{
    struct timespec time;
    (void)clock_gettime(CLOCK_MONOTONIC_COARSE, &time);
    return (uint64_t)time.tv_sec * 1000000 + (uint64_t)time.tv_nsec / 1000;
}

uint64_t interrupt_deadline_us(void)
{
    uint64_t first = 0;
    for (const struct interrupt *at = current; at != NULL && at->flag != NULL; at = at->outer) {
        if (at->deadline_us != 0 && (first == 0 || at->deadline_us < first)) {
            first = at->deadline_us;
        }
    }
    return first;
}

/* *late: not because of a flag, but of this deadline; or NULL. */
static bool look(const struct interrupt **late)
{
    *late = NULL;
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
    for (const struct interrupt *at = current; at != NULL && at->flag != NULL; at = at->outer) {
        if (at->deadline_us != 0 && coarse_us() >= at->deadline_us) {
            *late = at;
            return true;
        }
    }
    return false;
}

bool interrupted(void)
{
    const struct interrupt *late;
    return look(&late);
}

struct err *interrupt_check(void)
{
    const struct interrupt *late;
    if (!look(&late)) {
        return NULL;
    }
    return late == NULL
               ? err_new(ERR_QUERY_CANCELLED, "Query was cancelled")
               : err_new(ERR_TIMEOUT, "Timeout exceeded: the query ran longer than max_execution_time, %g seconds",
                         (double)late->time_us_max / 1e6);
}

struct err *interrupt_over(struct err *err)
{
    enum err_code code = err_code(err);
    if (err == NULL || code == ERR_QUERY_CANCELLED || code == ERR_CLIENT_GONE || code == ERR_TIMEOUT ||
        !interrupted()) {
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

struct err *interrupt_touch(void *memory, size_t bytes)
{
    struct err *err = NULL;
    volatile char *touched = memory;
    for (size_t at = 0; at < bytes; at += PAGE_BYTES) {
        if (at % COPY_BYTES == 0) {
            OR_DONE(interrupt_check());
        }
        touched[at] = 0;
    }
done:
    return err;
}

struct err *interrupt_copy(void *to, const void *from, size_t bytes)
{
    struct err *err = NULL;
    for (size_t at = 0; at < bytes; at += COPY_BYTES) {
        if (at > 0 || bytes >= LOOK_BYTES) {
            OR_DONE(interrupt_check());
        }
        memcpy((char *)to + at, (const char *)from + at, bytes - at < COPY_BYTES ? bytes - at : COPY_BYTES);
    }
done:
    return err;
}
