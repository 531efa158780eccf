/*
 * interrupt_watch.h: how long threads work between two looks at their flag: for builds with WEIR_WATCH_LOOKS.
 *
 * how      a thread of its own sends every watched one SIGUSR2 each 10 ms; the handler writes the stack to stderr when
 *          the thread has used WATCH_GAP_US of processor time since it last looked: what is to be cut into pieces
 */
#ifndef BASE_INTERRUPT_WATCH_H
#define BASE_INTERRUPT_WATCH_H

#include <stdbool.h>

#define WATCH_GAP_US 15000U

#ifdef WEIR_WATCH_LOOKS
/* The calling thread looks now; watched: it has a flag. */
void interrupt_watch(bool watched);
#else
#define interrupt_watch(watched) ((void)(watched))
#endif

#endif
