/*
 * admission.h: how many statements run at once: queries_max of them, the others wait in the order they came in.
 *
 * states   none → admitted, at once; or none → waiting → granted → admitted; waiting → none when it is killed, its
 *          client has left, or its time is over
 * waiting  holds no thread, only its request, text and syntax tree, which its memory budget counts. Bounded: at most
 *          queries_waiting_max statements with WAITING_BYTES_MAX together, each for queue_max_wait_ms.
 * handing  a place that becomes free is given to the statement that has waited longest, under the same lock: none
 *          that comes later overtakes it
 * urgent   what an operator needs when the server is full (KILL QUERY, SELECT from system.processes) does not wait
 *          while fewer than URGENT_MAX such statements run
 * thread   any; server->lock guards all but process->admission, which is read without it
 */
#ifndef SERVER_ADMISSION_H
#define SERVER_ADMISSION_H

#include "base/err.h"

#include <stdbool.h>
#include <stdint.h>

struct ast_statement;
struct process;
struct server;

#define WAITING_BYTES_MAX ((uint64_t)64 << 20)
#define URGENT_MAX        2U
/* Query threads: those of admitted statements, of urgent ones, and two for steps of INSERTs and of what comes. */
#define ADMISSION_THREADS(queries_max) ((queries_max) + URGENT_MAX + 2)

enum admission_state { ADMISSION_NONE, ADMISSION_WAITING, ADMISSION_GRANTED };

/* Of the server. */
struct admission {
    struct process *first; /* who has waited longest */
    struct process *last;
    uint32_t waiting_count;
    uint64_t waiting_bytes;
    uint32_t running_count;
    uint32_t urgent_count;
};

/* Does an operator need it on a server whose queries all hang? */
bool admission_is_urgent(const struct ast_statement *statement);

/*
 * Counts it as one of those that run; or it waits, *runs is false, and process->wake is called when
 * admission_continue has something to say.
 * errors   ERR_TOO_MANY_QUERIES: the queue is full, or there is none (wait_us_max is 0)
 */
struct err *admission_enter(struct server *server, struct process *process, bool urgent, uint64_t wait_us_max,
                            bool *runs);
/* Of one that waits. ERR_TOO_MANY_QUERIES: its time is over. */
struct err *admission_continue(struct server *server, struct process *process, bool *runs);
/* Does it wait, and would admission_continue say so? Any thread, no lock. */
bool admission_waits(const struct process *process);

/* ---- under server->lock */
/* Takes it out, whatever its state; who waited longest gets its place. */
void admission_leave(struct server *server, struct process *process);
/* It was killed: it gets no place any more. */
void admission_cancel(struct server *server, struct process *process);

#endif
