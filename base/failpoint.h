/*
 * failpoint.h: named places where a test can make something fail, or make the process die.
 *
 * A failpoint is registered by the object FAILPOINT(name) at file level and asked by failpoint_hit. It costs one
 * relaxed load when nothing is armed. Armed by failpoint_arm, or at start from the environment:
 *     WEIR_FAILPOINTS="pack_write=enospc:3,ledger_sync=kill"      action, and at which hit (1 when not given)
 * Actions: kill (SIGKILL to itself, as a power button would), eio, enospc, short (a write that writes half and says
 * so), on (a switch with a meaning of its own, such as merge_drop_row). An action fires once, at its hit; "name=eio:2+"
 * fires at every hit from the second on. Every failpoint counts its hits. With WEIR_FAILPOINT_HITS=FILE each action
 * that fires appends a line "name action" to FILE: scripts/test refuses a suite in which some failpoint never fired.
 * thread   any
 */
#ifndef BASE_FAILPOINT_H
#define BASE_FAILPOINT_H

#include "base/err.h"

#include <assert.h>

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

enum failpoint_action {
    FAILPOINT_NONE,
    FAILPOINT_KILL, /* never returned: the process is gone */
    FAILPOINT_EIO,
    FAILPOINT_ENOSPC,
    FAILPOINT_SHORT,
    FAILPOINT_ON,
};

struct failpoint {
    const char *name;
    struct failpoint *next;
    _Atomic uint64_t hits;
    _Atomic int action;
    uint64_t fire_at; /* hit number, counted from arming */
    bool every;       /* at every hit from fire_at on */
    _Atomic uint64_t hits_armed;
};

/* Defines and registers a failpoint at file level: FAILPOINT(pack_write); then failpoint_hit(&failpoint_pack_write). */
#define FAILPOINT(id)                                                                                                  \
    static struct failpoint failpoint_##id = {.name = #id};                                                            \
    __attribute__((constructor)) static void failpoint_register_##id(void)                                             \
    {                                                                                                                  \
        failpoint_register(&failpoint_##id);                                                                           \
    }                                                                                                                  \
    static_assert(1, "a semicolon follows")

void failpoint_register(struct failpoint *failpoint);
/* Counts the hit; what to do now. */
enum failpoint_action failpoint_hit(struct failpoint *failpoint);
/* Arms "name=action[:n[+]]", several by commas; an unknown name or action is ERR_BAD_ARGUMENTS. */
struct err *failpoint_arm(const char *text);
/* Arms what WEIR_FAILPOINTS says, if it is set. Called by main at start. */
struct err *failpoint_arm_environment(void);
void failpoint_disarm_all(void);
/* The first of all failpoints, linked by ->next, in no order. */
const struct failpoint *failpoint_first(void);
/* A failpoint by name; NULL: there is none. */
struct failpoint *failpoint_find(const char *name);

#endif
