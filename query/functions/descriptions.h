/*
 * descriptions.h: what the tables of descriptions share; description_find looks into both.
 */
#ifndef QUERY_FUNCTIONS_DESCRIPTIONS_H
#define QUERY_FUNCTIONS_DESCRIPTIONS_H

#include "query/functions/functions.h"

struct description {
    const char *name, *text;
};

/* descriptions_aggregate.c, sorted by name. */
extern const struct description aggregate_descriptions[];
extern const uint32_t aggregate_description_count;

#endif
