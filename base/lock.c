/*
 * lock.c: locks that know their order.
 */
#include "base/lock.h"

#include "base/err.h"

#include <errno.h>
#include <limits.h>
#include <linux/futex.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

#ifdef WEIR_SANITIZED
#define HELD_MAX 16
static _Thread_local struct {
    const void *lock;
    enum lock_rank rank;
} held[HELD_MAX];
static _Thread_local int held_count;

static void note_take(const void *lock, enum lock_rank rank)
{
    for (int k = 0; k < held_count; k++) {
        if (held[k].rank >= rank) {
            (void)fprintf(stderr, "weir: lock of rank %d taken while one of rank %d is held\n", (int)rank,
                          (int)held[k].rank);
            abort();
        }
    }
    ASSERT(held_count < HELD_MAX);
    held[held_count].lock = lock;
    held[held_count].rank = rank;
    held_count++;
}

static void note_give(const void *lock)
{
    for (int k = held_count - 1; k >= 0; k--) {
        if (held[k].lock == lock) {
            held[k] = held[--held_count];
            return;
        }
    }
    (void)fprintf(stderr, "weir: a lock is given back that this thread does not hold\n");
    abort();
}

static bool is_held(const void *lock)
{
    for (int k = 0; k < held_count; k++) {
        if (held[k].lock == lock) {
            return true;
        }
    }
    return false;
}
#else
static void note_take(const void *lock, enum lock_rank rank)
{
    (void)lock;
    (void)rank;
}

static void note_give(const void *lock)
{
    (void)lock;
}

static bool is_held(const void *lock)
{
    (void)lock;
    return true;
}
#endif

void lock_init(struct lock *lock, enum lock_rank rank)
{
    ASSERT(pthread_mutex_init(&lock->mutex, NULL) == 0);
    lock->rank = rank;
    lock->wake_count = 0;
    lock->wake_sleep = NULL;
}

void lock_deinit(struct lock *lock)
{
    ASSERT(pthread_mutex_destroy(&lock->mutex) == 0);
}

void lock_take(struct lock *lock)
{
    note_take(lock, lock->rank);
    ASSERT(pthread_mutex_lock(&lock->mutex) == 0);
}

/* The word may be out of use by now: a wake too much is one that all who sleep expect. */
static void wake_sleepers(_Atomic uint32_t *word, int count)
{
    (void)syscall(SYS_futex, word, FUTEX_WAKE_PRIVATE, count);
}

static void unlock(struct lock *lock)
{
    _Atomic uint32_t *word = lock->wake_sleep;
    int count = lock->wake_count;
    lock->wake_sleep = NULL;
    lock->wake_count = 0;
    ASSERT(pthread_mutex_unlock(&lock->mutex) == 0); /* whoever has it now may free it */
    if (word != NULL) {
        wake_sleepers(word, count);
    }
}

void lock_give(struct lock *lock)
{
    note_give(lock);
    unlock(lock);
}

void lock_check_held(const struct lock *lock)
{
    ASSERT(is_held(lock));
}

void condition_init(struct condition *condition)
{
    atomic_init(&condition->turn, 0);
    condition->waiters = 0;
    condition->lock = NULL;
}

void condition_deinit(struct condition *condition)
{
    ASSERT(condition->waiters == 0);
}

/* Sleeps unless a signal came since turn was read. False: the time is over; until: NULL waits for ever. */
static bool sleep_until(_Atomic uint32_t *word, uint32_t turn, const struct timespec *until)
{
    long result = syscall(SYS_futex, word, FUTEX_WAIT_BITSET_PRIVATE, turn, until, NULL, FUTEX_BITSET_MATCH_ANY);
    ASSERT(result == 0 || errno == EAGAIN || errno == EINTR || errno == ETIMEDOUT);
    return result == 0 || errno != ETIMEDOUT;
}

static bool wait_until(struct condition *condition, struct lock *lock, const struct timespec *until)
{
    lock_check_held(lock);
    ASSERT(condition->waiters == 0 || condition->lock == lock);
    condition->lock = lock;
    condition->waiters++;
    uint32_t turn = atomic_load(&condition->turn);
    unlock(lock); /* the rank stays noted: this thread takes nothing meanwhile */
    bool signalled = sleep_until(&condition->turn, turn, until);
    ASSERT(pthread_mutex_lock(&lock->mutex) == 0);
    condition->waiters--;
    return signalled;
}

void condition_wait(struct condition *condition, struct lock *lock)
{
    (void)wait_until(condition, lock, NULL);
}

bool condition_wait_for(struct condition *condition, struct lock *lock, uint64_t timeout_us)
{
    struct timespec until;
    if (timeout_us == UINT64_MAX) {
        condition_wait(condition, lock);
        return true;
    }
    (void)clock_gettime(CLOCK_MONOTONIC, &until);
    uint64_t nanoseconds = (uint64_t)until.tv_nsec + timeout_us % 1000000 * 1000;
    until.tv_sec += (time_t)(timeout_us / 1000000 + nanoseconds / 1000000000);
    until.tv_nsec = (long)(nanoseconds % 1000000000);
    return wait_until(condition, lock, &until);
}

static void wake(struct condition *condition, int count)
{
    struct lock *lock = condition->lock;
    if (lock != NULL) {
        lock_check_held(lock);
    }
    if (condition->waiters == 0) {
        return;
    }
    ASSERT(lock != NULL); /* the waiters' */
    atomic_fetch_add(&condition->turn, 1);
    if (lock->wake_sleep != NULL && lock->wake_sleep != &condition->turn) {
        wake_sleepers(lock->wake_sleep, lock->wake_count);
        lock->wake_count = 0;
    }
    lock->wake_sleep = &condition->turn;
    lock->wake_count = count > INT_MAX - lock->wake_count ? INT_MAX : lock->wake_count + count;
}

void condition_signal(struct condition *condition)
{
    wake(condition, 1);
}

void condition_broadcast(struct condition *condition)
{
    wake(condition, INT_MAX);
}

void shared_lock_init(struct shared_lock *lock, enum lock_rank rank)
{
    ASSERT(pthread_rwlock_init(&lock->rwlock, NULL) == 0);
    lock->rank = rank;
}

void shared_lock_deinit(struct shared_lock *lock)
{
    ASSERT(pthread_rwlock_destroy(&lock->rwlock) == 0);
}

void shared_lock_read(struct shared_lock *lock)
{
    note_take(lock, lock->rank);
    ASSERT(pthread_rwlock_rdlock(&lock->rwlock) == 0);
}

void shared_lock_write(struct shared_lock *lock)
{
    note_take(lock, lock->rank);
    ASSERT(pthread_rwlock_wrlock(&lock->rwlock) == 0);
}

void shared_lock_give(struct shared_lock *lock)
{
    note_give(lock);
    ASSERT(pthread_rwlock_unlock(&lock->rwlock) == 0);
}
