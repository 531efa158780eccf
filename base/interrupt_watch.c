/*
 * interrupt_watch.c: stacks of threads that did not look for long.
 */
#include "base/interrupt_watch.h"

#ifdef WEIR_WATCH_LOOKS

#include <execinfo.h>
#include <pthread.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define THREADS_MAX  256
#define INTERVAL_NS  10000000
#define STACK_FRAMES 40

static _Thread_local volatile uint64_t looked_us;
static _Thread_local volatile bool is_watched;
static pthread_t threads[THREADS_MAX];
static volatile int thread_count;
static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static uint64_t processor_us(void)
{
    struct timespec time;
    (void)clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time);
    return (uint64_t)time.tv_sec * 1000000 + (uint64_t)time.tv_nsec / 1000;
}

static void report(int number)
{
    (void)number;
    uint64_t gap_us = is_watched ? processor_us() - looked_us : 0;
    if (gap_us < WATCH_GAP_US) {
        return;
    }
    void *frames[STACK_FRAMES];
    char head[64];
    int count = backtrace(frames, STACK_FRAMES);
    int length = snprintf(head, sizeof(head), "no look for %llu us\n", (unsigned long long)gap_us);
    if (write(STDERR_FILENO, head, (size_t)length) == length) {
        backtrace_symbols_fd(frames, count, STDERR_FILENO);
        (void)!write(STDERR_FILENO, "\n", 1);
    }
}

static void *poke(void *object)
{
    const struct timespec interval = {.tv_nsec = INTERVAL_NS};
    while (nanosleep(&interval, NULL) == 0) {
        for (int i = 0; i < thread_count; i++) {
            (void)pthread_kill(threads[i], SIGUSR2);
        }
    }
    return object;
}

static void begin(void)
{
    struct sigaction action;
    pthread_t thread;
    void *frame;
    (void)backtrace(&frame, 1); /* loads what the handler must not */
    memset(&action, 0, sizeof(action));
    action.sa_handler = report;
    action.sa_flags = SA_RESTART;
    (void)sigaction(SIGUSR2, &action, NULL);
    (void)pthread_create(&thread, NULL, poke, NULL);
}

void interrupt_watch(bool watched)
{
    static _Thread_local bool is_known;
    if (!is_known && watched) {
        sigset_t set;
        is_known = true;
        pthread_mutex_lock(&mutex);
        if (thread_count == 0) {
            begin();
        }
        (void)sigemptyset(&set);
        (void)sigaddset(&set, SIGUSR2);
        (void)pthread_sigmask(SIG_UNBLOCK, &set, NULL);
        if (thread_count < THREADS_MAX) {
            threads[thread_count] = pthread_self();
            thread_count = thread_count + 1;
        }
        pthread_mutex_unlock(&mutex);
    }
    looked_us = processor_us();
    is_watched = watched;
}

#else
typedef int interrupt_watch_is_off;
#endif
