/*
 * commit_kill_test.c: a process that commits messages and inserts is killed (SIGKILL) at every failpoint of flush and
 * commit and at random moments; after each kill nothing is missing and nothing is there twice.
 *
 *     storage_commit_kill_test [KILLS]      so many random kills (200; with sanitizers 50)
 */
#include "base/log.h"
#include "tests/storage/crash_work.h"

#include <signal.h>
#include <sys/mman.h>
#include <sys/wait.h>

#define INTERVAL_US 3000
#ifdef WEIR_SANITIZED
#define KILLS 50U
#else
#define KILLS 200U
#endif
#define KILLS_MORE 5 /* times as many, until enough hit a commit and a head with rows */

static int finish(pid_t child)
{
    int status = 0;
    if (waitpid(child, &status, 0) != child) {
        return -1;
    }
    return status;
}

/* A child that works; armed: failpoints, or NULL. */
static pid_t start(const char *folder, struct crash_work *work, const char *armed, uint32_t rounds)
{
    pid_t child = fork();
    if (child == 0) {
        struct err *err = armed == NULL ? NULL : failpoint_arm(armed);
        if (err == NULL) {
            err = crash_work_run(folder, NULL, work, rounds, INTERVAL_US, armed != NULL);
        }
        if (err != NULL) {
            (void)fprintf(stderr, "%s\n", err_message(err));
        }
        _exit(err == NULL ? 0 : 1);
    }
    return child;
}

static bool check(const char *folder, struct crash_work *work)
{
    pid_t child = fork();
    if (child == 0) {
        crash_work_check(folder, NULL, work); /* an assertion ends the process */
        _exit(0);
    }
    return finish(child) == 0;
}

int main(int argc, char **argv)
{
    static const char *const points[] = {
        "ledger_create",       "ledger_create_sync",  "ledger_create_sync_dir", "ledger_copy",
        "ledger_copy_sync",    "ledger_copy_rename",  "ledger_copy_sync_dir",   "ledger_append",
        "ledger_sync",         "ledger_alone",        "ledger_alone_sync",      "pack_write",
        "pack_sync",           "pack_sync_dir",       "insert_log_write",       "insert_log_sync",
        "insert_log_sync_dir", "store_orphan_rename", "store_sync_dir",
    };
    unsigned kills_wanted = argc > 1 ? (unsigned)strtoul(argv[1], NULL, 10) : KILLS;
    unsigned point_kills = 0, kills = 0, with_head = 0, in_commit = 0;
    uint64_t random = 88172645463325252U;
    char *folder = folder_make();
    struct crash_work *work = mmap(NULL, sizeof *work, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);

    log_configure(LOG_LEVEL_NONE, LOG_FORMAT_TEXT);
    if (work == MAP_FAILED) {
        return 1;
    }
    for (unsigned hit = 1; hit <= 3; hit++) {
        for (size_t i = 0; i < sizeof points / sizeof points[0]; i++) {
            char armed[64];
            (void)snprintf(armed, sizeof armed, "%s=kill:%u", points[i], hit);
            int status = finish(start(folder, work, armed, 8));
            bool killed = WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL;
            point_kills += killed ? 1 : 0;
            if ((!killed && status != 0) || !check(folder, work)) {
                (void)fprintf(stderr, "after %s (status %d) in %s\n", armed, status, folder);
                return 1;
            }
        }
    }
    while (kills < kills_wanted || ((with_head < KILLS / 4 * 3 || in_commit < KILLS / 4) &&
                                    kills < KILLS_MORE * (kills_wanted < KILLS ? KILLS : kills_wanted))) {
        uint32_t before = atomic_load(&work->rounds);
        atomic_store(&work->head_rows, 0);
        atomic_store(&work->in_commit, 0);
        pid_t child = start(folder, work, NULL, 1000000);
        random ^= random << 13;
        random ^= random >> 7;
        random ^= random << 17;
        while (atomic_load(&work->rounds) == before) {
            if (waitpid(child, NULL, WNOHANG) != 0) {
                (void)fprintf(stderr, "the worker ended by itself in %s\n", folder);
                return 1;
            }
            (void)usleep(200); /* until it works */
        }
        (void)usleep((useconds_t)(random % 5000));
        (void)kill(child, SIGKILL);
        (void)finish(child);
        kills++;
        with_head += atomic_load(&work->head_rows) > 0 ? 1 : 0;
        in_commit += atomic_load(&work->in_commit) > 0 ? 1 : 0;
        if (!check(folder, work)) {
            (void)fprintf(stderr, "after random kill %u in %s\n", kills, folder);
            return 1;
        }
    }
    printf("kills: %u at failpoints, %u at random moments, %u of them with rows in the head, %u inside a commit; "
           "%lld messages and %llu inserts, none missing, none twice\n",
           point_kills, kills, with_head, in_commit, (long long)atomic_load(&work->messages_acknowledged),
           (unsigned long long)atomic_load(&work->inserts_acknowledged));
    folder_remove(folder);
    return 0;
}
