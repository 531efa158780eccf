/*
 * failpoint.c: the registry of failpoints.
 *
 * thread   registration before main, on one thread; arming by tests or main, before the threads that hit; hits any
 */
#include "base/failpoint.h"

#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static struct failpoint *first;
static atomic_bool any_armed;

void failpoint_register(struct failpoint *failpoint)
{
    failpoint->next = first;
    first = failpoint;
}

const struct failpoint *failpoint_first(void)
{
    return first;
}

struct failpoint *failpoint_find(const char *name)
{
    struct failpoint *failpoint = first;
    while (failpoint != NULL && strcmp(failpoint->name, name) != 0) {
        failpoint = failpoint->next;
    }
    return failpoint;
}

static const struct {
    const char *name;
    enum failpoint_action action;
} actions[] = {{"kill", FAILPOINT_KILL},
               {"eio", FAILPOINT_EIO},
               {"enospc", FAILPOINT_ENOSPC},
               {"short", FAILPOINT_SHORT},
               {"on", FAILPOINT_ON}};

/* A line for the file of WEIR_FAILPOINT_HITS, at once: the process may be about to die. */
static void record_hit(const struct failpoint *failpoint, enum failpoint_action action)
{
    const char *path = getenv("WEIR_FAILPOINT_HITS");
    int file = path == NULL ? -1 : open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0644);
    if (file < 0) {
        return;
    }
    for (size_t k = 0; k < sizeof(actions) / sizeof(actions[0]); k++) {
        if (actions[k].action == action) {
            (void)dprintf(file, "%s %s\n", failpoint->name, actions[k].name);
        }
    }
    (void)close(file);
}

enum failpoint_action failpoint_hit(struct failpoint *failpoint)
{
    atomic_fetch_add_explicit(&failpoint->hits, 1, memory_order_relaxed);
    if (!atomic_load_explicit(&any_armed, memory_order_acquire)) {
        return FAILPOINT_NONE;
    }
    enum failpoint_action action = (enum failpoint_action)atomic_load(&failpoint->action);
    if (action == FAILPOINT_NONE) {
        return FAILPOINT_NONE;
    }
    uint64_t hit = atomic_fetch_add(&failpoint->hits_armed, 1) + 1;
    if (hit < failpoint->fire_at || (hit > failpoint->fire_at && !failpoint->every)) {
        return FAILPOINT_NONE;
    }
    record_hit(failpoint, action);
    if (action == FAILPOINT_KILL) {
        (void)kill(getpid(), SIGKILL);
        for (;;) {
            (void)pause();
        }
    }
    return action;
}

static struct err *arm_one(char *text)
{
    char *action_text = strchr(text, '=');
    if (action_text == NULL) {
        return err_new(ERR_BAD_ARGUMENTS, "failpoint \"%s\" has no action; write name=action", text);
    }
    *action_text++ = 0;
    unsigned long long fire_at = 1;
    bool every = false;
    char *number = strchr(action_text, ':');
    if (number != NULL) {
        *number++ = 0;
        char *end;
        fire_at = strtoull(number, &end, 10);
        every = *end == '+';
        if (end == number || fire_at == 0 || (end[0] != 0 && (end[0] != '+' || end[1] != 0))) {
            return err_new(ERR_BAD_ARGUMENTS, "failpoint \"%s\": \"%s\" is not the number of a hit", text, number);
        }
    }
    struct failpoint *failpoint = failpoint_find(text);
    if (failpoint == NULL) {
        return err_new(ERR_BAD_ARGUMENTS, "there is no failpoint \"%s\"; weir check --failpoints lists them", text);
    }
    for (size_t k = 0; k < sizeof(actions) / sizeof(actions[0]); k++) {
        if (strcmp(actions[k].name, action_text) == 0) {
            failpoint->fire_at = fire_at;
            failpoint->every = every;
            atomic_store(&failpoint->hits_armed, 0);
            atomic_store(&failpoint->action, (int)actions[k].action);
            atomic_store_explicit(&any_armed, true, memory_order_release);
            return NULL;
        }
    }
    return err_new(ERR_BAD_ARGUMENTS, "failpoint \"%s\" cannot do \"%s\"; there are kill, eio, enospc, short and on",
                   text, action_text);
}

struct err *failpoint_arm(const char *text)
{
    char *copy = strdup(text), *rest = copy, *one;
    struct err *err = copy == NULL ? err_oom() : NULL;
    while (err == NULL && (one = strsep(&rest, ",")) != NULL) {
        if (*one != 0) {
            err = arm_one(one);
        }
    }
    free(copy);
    return err;
}

struct err *failpoint_arm_environment(void)
{
    const char *text = getenv("WEIR_FAILPOINTS");
    return text == NULL ? NULL : err_while(failpoint_arm(text), "WEIR_FAILPOINTS");
}

void failpoint_disarm_all(void)
{
    for (struct failpoint *failpoint = first; failpoint != NULL; failpoint = failpoint->next) {
        atomic_store(&failpoint->action, (int)FAILPOINT_NONE);
    }
    atomic_store(&any_armed, false);
}
