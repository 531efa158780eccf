/*
 * interrupt_run.c: long work that cannot look at its flag is left from outside.
 *
 * how      a timer sends the thread a signal every few milliseconds; the handler looks at the flag, as the work itself
 *          would, and jumps back to where the work was begun
 * safe     because the work is computation alone (interrupt.h): where it stood nothing is half done that anybody sees
 * without  a timer (none left), and under the thread sanitizer, which holds signals back, the work runs to its end
 */
#include "base/interrupt.h"

#include <pthread.h>
#include <setjmp.h>
#include <signal.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define LOOK_NS 5000000

static _Thread_local sigjmp_buf back;
static _Thread_local volatile sig_atomic_t can_leave;
static pthread_once_t once = PTHREAD_ONCE_INIT;

static void on_timer(int number)
{
    (void)number;
    if (can_leave && interrupted()) {
        can_leave = 0;
        siglongjmp(back, 1);
    }
}

static void handle_timers(void)
{
    struct sigaction action;
    memset(&action, 0, sizeof(action));
    action.sa_handler = on_timer;
    action.sa_flags = SA_RESTART;
    ASSERT(sigaction(SIGRTMIN, &action, NULL) == 0);
}

static bool timer_begin(timer_t *timer)
{
    struct sigevent event;
    const struct itimerspec interval = {.it_interval = {.tv_nsec = LOOK_NS}, .it_value = {.tv_nsec = LOOK_NS}};
    ASSERT(pthread_once(&once, handle_timers) == 0);
    memset(&event, 0, sizeof(event));
    event.sigev_notify = SIGEV_THREAD_ID;
    event.sigev_signo = SIGRTMIN;
    event._sigev_un._tid = gettid();
    if (timer_create(CLOCK_MONOTONIC, &event, timer) != 0) {
        return false;
    }
    ASSERT(timer_settime(*timer, 0, &interval, NULL) == 0);
    return true;
}

bool interrupt_run(void (*run)(void *object), void *object)
{
    timer_t timer;
    sigset_t signals, before;
    volatile bool left = true;
    ASSERT(!can_leave);
    if (!timer_begin(&timer)) {
        run(object);
        return true;
    }
    (void)sigemptyset(&signals);
    (void)sigaddset(&signals, SIGRTMIN);
    if (sigsetjmp(back, 1) == 0) { /* the mask of before comes back with the jump */
        can_leave = 1;
        (void)pthread_sigmask(SIG_UNBLOCK, &signals, &before);
        run(object);
        can_leave = 0;
        (void)pthread_sigmask(SIG_SETMASK, &before, NULL);
        left = false;
    }
    (void)timer_delete(timer);
    return !left;
}
