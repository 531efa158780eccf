/*
 * native_scan.h: where a block of the format Native ends, found while its bytes come.
 *
 * The native protocol sends blocks whose length nobody says: who reads them off a socket must follow their columns. A
 * scan goes over each byte once, however many pieces the block comes in, and remembers where it stands; the reader
 * (native_reader.c) then gets the whole block.
 *
 * bytes    the caller keeps a block's bytes together; each step gets all of them from the first one on
 * memory   types of the columns, in the budget of the scan's creation
 * errors   sizes that cannot be, and types that are not read in this format: where the block ends is then not known
 * thread   one at a time
 */
#ifndef FORMAT_NATIVE_SCAN_H
#define FORMAT_NATIVE_SCAN_H

#include "base/arena.h"
#include "base/err.h"
#include "base/slice.h"

#include <stdbool.h>
#include <stdint.h>

struct type;
struct native_scan;

/* revision: of who writes the blocks, as in reader_options; 0: the format of files. */
struct err *native_scan_create(uint32_t revision, struct budget *budget, struct native_scan **out);
void native_scan_destroy(struct native_scan *scan); /* accepts NULL */

/* block: all that has come of it and of what follows. *whole: it ends within. */
struct err *native_scan_step(struct native_scan *scan, struct slice block, bool *whole);
/* The next step begins another block. */
void native_scan_reset(struct native_scan *scan);

/* ---- of a whole block */
size_t native_scan_bytes(const struct native_scan *scan);
uint64_t native_scan_rows(const struct native_scan *scan);
uint32_t native_scan_columns(const struct native_scan *scan); /* 0: it says that no more come */
/* They live until the reset. */
struct slice native_scan_name(const struct native_scan *scan, uint32_t column);
const struct type *native_scan_type(const struct native_scan *scan, uint32_t column);

#endif
