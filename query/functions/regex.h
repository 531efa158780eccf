/*
 * regex.h: constant regular expressions for functions beside search.c, which compiles and refuses them.
 *
 * thread   any: a compiled pattern is immutable, match data belongs to a call
 */
#ifndef QUERY_FUNCTIONS_REGEX_H
#define QUERY_FUNCTIONS_REGEX_H

#include "query/functions/functions.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>

/* Freed with the arena. */
struct err *regex_pattern(struct arena *arena, struct slice pattern, pcre2_code **out);
/* The first match from byte `from` on; its places are in the match data. */
struct err *regex_next(const pcre2_code *code, pcre2_match_data *data, struct slice text, size_t from, bool *found);

#endif
