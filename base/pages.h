/*
 * pages.h: big buffers that go back to the system, or to a small pool, as soon as they are freed.
 *
 * glibc keeps freed buffers of many sizes and threads for itself, so a server that allocates and frees megabytes all
 * day holds two or three times what it uses. Buffers of PAGES_BYTES_MIN and more come from here: mapped, rounded up
 * to size classes (powers of two and their 1.25, 1.5, 1.75 multiples), a bounded number of freed ones kept for
 * reuse: what the system clears anew for each query costs as much as the query. What is not used again within a
 * second or two goes back.
 * thread   any. errors: NULL when memory is out.
 */
#ifndef BASE_PAGES_H
#define BASE_PAGES_H

#include "base/err.h"

#include <stddef.h>
#include <stdint.h>

#define PAGES_BYTES_MIN ((size_t)64 << 10)

/* At least bytes, 4096-aligned, not cleared. *bytes_out: the real size, to be handed to pages_free. */
void *pages_alloc(size_t bytes, size_t *bytes_out);
void pages_free(void *pages, size_t bytes); /* accepts NULL */
/* Bytes mapped now, and of them kept for reuse. */
void pages_usage(uint64_t *mapped_bytes, uint64_t *kept_bytes);
/* Bounds of kept bytes: for as long as the process lives (32 MiB by default), and above that until they are stale (0).
 */
void pages_keep_max(uint64_t bytes, uint64_t fresh_bytes);
/* Once a second, whenever it is called: gives back, down to the first bound, what has not been used since the time
 * before. now_us: monotonic. */
void pages_age(uint64_t now_us);

/* From now on a thread gives large buffers back to the system, not who frees them, while no more than so many bytes
 * wait for it. For one caller, which stops it in the end: what waits then is given back first; without a start nothing
 * happens. */
struct err *pages_give_back_start(uint64_t owed_bytes_max);
void pages_give_back_stop(void);

#endif
