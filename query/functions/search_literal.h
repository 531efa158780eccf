/*
 * search_literal.h: a plain text in many strings at once. found: a byte per string, 1: it is there. thread: any.
 */
#ifndef QUERY_FUNCTIONS_SEARCH_LITERAL_H
#define QUERY_FUNCTIONS_SEARCH_LITERAL_H

#include "base/slice.h"

#include <stdint.h>

void literal_contained(const struct slice *texts, uint32_t count, struct slice literal, uint8_t *found);
void literal_at_begin(const struct slice *texts, uint32_t count, struct slice literal, uint8_t *found);
void literal_at_end(const struct slice *texts, uint32_t count, struct slice literal, uint8_t *found);

#endif
