/*
 * statement_cache.h: syntax trees of statements that come again and again, by their text.
 *
 * A tree depends on nothing but the text, is never written to, and any number of queries bind it at the same time. What
 * depends on more (names, types, parameters, settings, snapshots) is bound anew each time.
 * kept       SELECT and EXPLAIN, when their text comes for the second time: a text that comes once costs a hash of it
 * bounded    in bytes; the least recently used leave first
 * thread     any
 */
#ifndef SERVER_STATEMENT_CACHE_H
#define SERVER_STATEMENT_CACHE_H

#include "base/slice.h"
#include "sql/ast.h"

struct statement_cache;

/* A text and its tree, which lies in it: both immutable. */
struct kept_statement {
    struct slice text;
    const struct ast_statement *statement;
};

struct statement_cache_numbers {
    uint64_t bytes, entries;
    uint64_t hits, misses; /* since the start */
};

struct statement_cache *statement_cache_create(uint64_t bytes_max); /* NULL: memory is out */
/* Nobody holds a statement any more. Accepts NULL. */
void statement_cache_destroy(struct statement_cache *cache);
/* The statement of this text; a reference. NULL: it is to be parsed (it is new, or no statement, or too long). */
const struct kept_statement *statement_cache_get(struct statement_cache *cache, struct slice text);
void kept_statement_unref(const struct kept_statement *kept); /* accepts NULL */
void statement_cache_numbers(struct statement_cache *cache, struct statement_cache_numbers *out);

#endif
