/*
 * random.h: random words for the functions that draw; query/functions/misc.c. A generator per thread, seeded by the
 * system; not for secrets.
 */
#ifndef QUERY_FUNCTIONS_RANDOM_H
#define QUERY_FUNCTIONS_RANDOM_H

#include <stdint.h>

uint64_t random_word(void);

#endif
