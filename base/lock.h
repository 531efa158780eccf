/*
 * lock.h: mutexes, conditions and read-write locks with a rank (base/lock_rank.h).
 *
 * Sanitizer builds stop with a message when a thread takes a lock while it holds one of the same or a higher rank, or
 * gives up one it does not hold. In other builds the rank costs nothing.
 * thread   that is what they are for; init and deinit on one.
 */
#ifndef BASE_LOCK_H
#define BASE_LOCK_H

#include "base/lock_rank.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

struct lock {
    pthread_mutex_t mutex;
    enum lock_rank rank;
    int wake_count;               /* waiters to wake when the lock is given */
    _Atomic uint32_t *wake_sleep; /* what they sleep on */
};

/* All under the lock that its waiters give. */
struct condition {
    _Atomic uint32_t turn; /* counts signals; waiters sleep on it */
    uint32_t waiters;
    struct lock *lock; /* the waiters' */
};

struct shared_lock {
    pthread_rwlock_t rwlock;
    enum lock_rank rank;
};

void lock_init(struct lock *lock, enum lock_rank rank);
void lock_deinit(struct lock *lock);
void lock_take(struct lock *lock);
void lock_give(struct lock *lock);
/* Sanitizer builds: stops unless this thread holds the lock. */
void lock_check_held(const struct lock *lock);

/* Waiters may wake without a signal, as POSIX's do. Signals are given under the waiters' lock, always one lock for a
 * condition; the last waiter may then free it. Who is woken wakes when the lock is given, and so finds it free. Not
 * pthread_cond_t: glibc before 2.41 loses wakeups (bug 25847). */
void condition_init(struct condition *condition);
void condition_deinit(struct condition *condition);
void condition_wait(struct condition *condition, struct lock *lock);
/* False: the time is over, on the monotonic clock. timeout_us of UINT64_MAX waits for ever. */
bool condition_wait_for(struct condition *condition, struct lock *lock, uint64_t timeout_us);
void condition_signal(struct condition *condition); /* at least one waiter */
void condition_broadcast(struct condition *condition);

void shared_lock_init(struct shared_lock *lock, enum lock_rank rank);
void shared_lock_deinit(struct shared_lock *lock);
void shared_lock_read(struct shared_lock *lock);
void shared_lock_write(struct shared_lock *lock);
void shared_lock_give(struct shared_lock *lock);

#endif
