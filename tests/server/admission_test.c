/*
 * admission_test.c: who runs, who waits, who is refused; one after another, then many threads at once.
 */
#include "server/admission.h"
#include "server/server.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <cmocka.h>

#define FOREVER UINT64_MAX

static struct server server;
static _Atomic uint32_t woken;

static void wake(struct process *process)
{
    (void)process;
    atomic_fetch_add(&woken, 1);
}

static int setup(void **state)
{
    (void)state;
    memset(&server, 0, sizeof(server));
    server.config.queries_max = 2;
    server.config.queries_waiting_max = 3;
    lock_init(&server.lock, LOCK_SERVER);
    atomic_store(&woken, 0);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    assert_null(server.admission.first);
    assert_null(server.admission.last);
    assert_int_equal(server.admission.waiting_count + server.admission.waiting_bytes, 0);
    assert_int_equal(server.admission.running_count + server.admission.urgent_count, 0);
    lock_deinit(&server.lock);
    return 0;
}

static void init(struct process *process, uint64_t bytes)
{
    memset(process, 0, sizeof(*process));
    process->wake = wake;
    atomic_store(&process->budget.bytes, bytes);
}

/* 1: it runs; 0: it waits; −1: it was refused. */
static int enter(struct process *process, bool urgent, uint64_t wait_us_max)
{
    bool runs;
    struct err *err = admission_enter(&server, process, urgent, wait_us_max, &runs);
    if (err != NULL) {
        assert_int_equal(err_code(err), ERR_TOO_MANY_QUERIES);
        err_free(err);
        return -1;
    }
    return runs;
}

static int go_on(struct process *process)
{
    bool runs;
    struct err *err = admission_continue(&server, process, &runs);
    if (err != NULL) {
        assert_int_equal(err_code(err), ERR_TOO_MANY_QUERIES);
        err_free(err);
        return -1;
    }
    return runs;
}

static void leave(struct process *process)
{
    lock_take(&server.lock);
    admission_leave(&server, process);
    lock_give(&server.lock);
}

static void cancel(struct process *process)
{
    lock_take(&server.lock);
    admission_cancel(&server, process);
    lock_give(&server.lock);
}

static void places_go_to_who_waited_longest(void **state)
{
    struct process list[6];
    (void)state;
    for (size_t k = 0; k < 6; k++) {
        init(&list[k], 10);
        assert_int_equal(enter(&list[k], false, FOREVER), k < 2 ? 1 : k < 5 ? 0 : -1);
        assert_int_equal(admission_waits(&list[k]), k >= 2 && k < 5);
    }
    leave(&list[5]); /* refused: nothing to give back */
    assert_int_equal(server.admission.waiting_bytes, 30);
    leave(&list[3]); /* its client has left */
    assert_int_equal(woken, 0);
    leave(&list[0]);
    assert_int_equal(woken, 1);
    assert_false(admission_waits(&list[2]));
    assert_true(admission_waits(&list[4]));
    assert_int_equal(go_on(&list[4]), 0);
    init(&list[0], 10);
    assert_int_equal(enter(&list[0], false, FOREVER), 0); /* the granted place is taken, though nobody runs there yet */
    assert_int_equal(go_on(&list[2]), 1);
    leave(&list[2]);
    leave(&list[1]);
    assert_int_equal(go_on(&list[4]), 1);
    assert_int_equal(go_on(&list[0]), 1);
    leave(&list[4]);
    leave(&list[0]);
}

static void a_granted_place_is_passed_on(void **state)
{
    struct process list[4];
    (void)state;
    for (size_t k = 0; k < 4; k++) {
        init(&list[k], 0);
        assert_int_equal(enter(&list[k], false, FOREVER), k < 2);
    }
    leave(&list[0]);
    leave(&list[2]); /* killed between its grant and its step */
    assert_int_equal(go_on(&list[3]), 1);
    leave(&list[1]);
    leave(&list[3]);
}

static void who_is_killed_gets_no_place(void **state)
{
    struct process list[4];
    (void)state;
    for (size_t k = 0; k < 4; k++) {
        init(&list[k], 7);
        assert_int_equal(enter(&list[k], false, FOREVER), k < 2);
    }
    query_cancel(&list[2].progress);
    assert_false(admission_waits(&list[2]));
    cancel(&list[2]);
    cancel(&list[0]); /* runs: stays where it is */
    assert_true(list[2].dropped);
    assert_false(list[0].dropped);
    leave(&list[0]);
    assert_int_equal(go_on(&list[2]), 0);
    assert_int_equal(go_on(&list[3]), 1);
    for (size_t k = 1; k < 4; k++) {
        leave(&list[k]);
    }
}

static void the_wait_ends(void **state)
{
    struct process list[5];
    (void)state;
    for (size_t k = 0; k < 5; k++) {
        init(&list[k], 0);
    }
    assert_int_equal(enter(&list[0], false, 0), 1); /* there is room: nobody waits */
    assert_int_equal(enter(&list[1], false, 0), 1);
    assert_int_equal(enter(&list[2], false, 0), -1);
    assert_int_equal(enter(&list[3], false, 1), 0);
    while (admission_waits(&list[3])) {
    }
    assert_int_equal(go_on(&list[3]), -1);
    assert_int_equal(enter(&list[4], false, UINT64_MAX / 2), 0);
    for (size_t k = 0; k < 5; k++) {
        leave(&list[k]);
    }
    assert_int_equal(woken, 1);
}

static void bytes_are_bounded(void **state)
{
    struct process list[5];
    (void)state;
    for (size_t k = 0; k < 5; k++) {
        init(&list[k], WAITING_BYTES_MAX / 2);
        assert_int_equal(enter(&list[k], false, FOREVER), k < 2 ? 1 : k < 4 ? 0 : -1);
    }
    struct process large;
    init(&large, UINT64_MAX);
    assert_int_equal(enter(&large, false, FOREVER), -1);
    for (size_t k = 5; k-- > 0;) {
        leave(&list[k]);
    }
}

static void what_is_urgent_does_not_wait(void **state)
{
    struct process list[6];
    (void)state;
    for (size_t k = 0; k < 6; k++) {
        init(&list[k], 0);
        assert_int_equal(enter(&list[k], k >= 2, FOREVER), k < 2 + URGENT_MAX);
    }
    leave(&list[2]); /* an urgent one's place is not for those that wait */
    assert_int_equal(go_on(&list[4]), 0);
    for (size_t k = 0; k < 6; k++) {
        leave(&list[k]);
    }
}

#define THREADS 8
#define ROUNDS  2000

static _Atomic uint32_t running, most;

static void *worker(void *object)
{
    (void)object;
    for (uint32_t k = 0; k < ROUNDS; k++) {
        struct process process;
        init(&process, 1);
        int runs = enter(&process, false, FOREVER);
        while (runs == 0) {
            runs = go_on(&process);
        }
        assert_int_equal(runs, 1);
        uint32_t now = atomic_fetch_add(&running, 1) + 1;
        assert_true(now <= server.config.queries_max);
        if (now > atomic_load(&most)) {
            atomic_store(&most, now);
        }
        atomic_fetch_sub(&running, 1);
        leave(&process);
    }
    return NULL;
}

static void never_more_than_the_limit_run(void **state)
{
    pthread_t threads[THREADS];
    (void)state;
    server.config.queries_waiting_max = THREADS;
    for (size_t k = 0; k < THREADS; k++) {
        assert_int_equal(pthread_create(&threads[k], NULL, worker, NULL), 0);
    }
    for (size_t k = 0; k < THREADS; k++) {
        assert_int_equal(pthread_join(threads[k], NULL), 0);
    }
    assert_true(atomic_load(&most) >= 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(places_go_to_who_waited_longest, setup, teardown),
        cmocka_unit_test_setup_teardown(a_granted_place_is_passed_on, setup, teardown),
        cmocka_unit_test_setup_teardown(who_is_killed_gets_no_place, setup, teardown),
        cmocka_unit_test_setup_teardown(the_wait_ends, setup, teardown),
        cmocka_unit_test_setup_teardown(bytes_are_bounded, setup, teardown),
        cmocka_unit_test_setup_teardown(what_is_urgent_does_not_wait, setup, teardown),
        cmocka_unit_test_setup_teardown(never_more_than_the_limit_run, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
