/*
 * index_pattern.h: texts that a row must have so that it can match a pattern, for indexes (index_condition.c).
 *
 * What is said is less than what the pattern asks for, never more: no part is no knowledge.
 */
#ifndef QUERY_INDEX_PATTERN_H
#define QUERY_INDEX_PATTERN_H

#include "storage/index.h"

#define PATTERN_PARTS_MAX 64U

struct pattern_parts {
    struct index_part parts[PATTERN_PARTS_MAX];
    uint32_t count;
};

/* The plain texts between the wildcards of a LIKE pattern. */
struct err *pattern_of_like(struct arena *arena, struct slice pattern, struct pattern_parts *out);
/* The literals that every match of a regular expression has. *any_case: it begins with (?i). */
struct err *pattern_of_regex(struct arena *arena, struct slice pattern, struct pattern_parts *out, bool *any_case);

enum pattern_case {
    PATTERN_LOWER,     /* the same texts as lower() of them */
    PATTERN_ANY_ASCII, /* A is a: as lower() of them */
    PATTERN_ANY,       /* so is K the Kelvin sign, and É é: what is left of them as lower() */
    PATTERN_CASELESS   /* what has no case, as it stands there */
};
struct err *pattern_fold(struct arena *arena, const struct pattern_parts *parts, enum pattern_case how,
                         struct pattern_parts *out);

#endif
