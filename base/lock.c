/*
 * lock.c: locks that know their order.
 */
#include "base/lock.h"

#include "base/err.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

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

void lock_give(struct lock *lock)
{
    note_give(lock);
    ASSERT(pthread_mutex_unlock(&lock->mutex) == 0);
}

void lock_check_held(const struct lock *lock)
{
    ASSERT(is_held(lock));
}

void condition_init(struct condition *condition)
{
    pthread_condattr_t attributes;
    ASSERT(pthread_condattr_init(&attributes) == 0);
    ASSERT(pthread_condattr_setclock(&attributes, CLOCK_MONOTONIC) == 0);
    ASSERT(pthread_cond_init(&condition->condition, &attributes) == 0);
    (void)pthread_condattr_destroy(&attributes);
}

void condition_deinit(struct condition *condition)
{
    ASSERT(pthread_cond_destroy(&condition->condition) == 0);
}

void condition_wait(struct condition *condition, struct lock *lock)
{
    lock_check_held(lock);
    ASSERT(pthread_cond_wait(&condition->condition, &lock->mutex) == 0);
}

bool condition_wait_for(struct condition *condition, struct lock *lock, uint64_t timeout_us)
{
    lock_check_held(lock);
    if (timeout_us == UINT64_MAX) {
        condition_wait(condition, lock);
        return true;
    }
    struct timespec until;
    (void)clock_gettime(CLOCK_MONOTONIC, &until);
    uint64_t nanoseconds = (uint64_t)until.tv_nsec + timeout_us % 1000000 * 1000;
    until.tv_sec += (time_t)(timeout_us / 1000000 + nanoseconds / 1000000000);
    until.tv_nsec = (long)(nanoseconds % 1000000000);
    int result = pthread_cond_timedwait(&condition->condition, &lock->mutex, &until);
    ASSERT(result == 0 || result == ETIMEDOUT);
    return result == 0;
}

void condition_signal(struct condition *condition)
{
    ASSERT(pthread_cond_signal(&condition->condition) == 0);
}

void condition_broadcast(struct condition *condition)
{
    ASSERT(pthread_cond_broadcast(&condition->condition) == 0);
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
