/*
 * search.h: plain text in plain text, for the functions that look for it; query/functions/position.c.
 *
 * thread   any, no shared state
 */
#ifndef QUERY_FUNCTIONS_SEARCH_H
#define QUERY_FUNCTIONS_SEARCH_H

#include "query/functions/row.h"

/* The first place of needle in text from byte `from` on, or NULL; any_case: of ASCII letters. */
const char *find_text(struct slice text, size_t from, struct slice needle, bool any_case);
/* In lower case, letter by letter; data NULL when memory is out. Bytes that are no UTF-8 stay. */
struct slice text_lower_utf8(struct text_buffer *buffer, struct slice text);
/* The same of a column of strings, form kept; NULL when memory is out. */
const struct column *column_lower_utf8(struct arena *arena, const struct column *strings);
/* search.c: more bytes for a text that grows in the arena. */
struct err *text_append(char **to, size_t *length, size_t *room, struct arena *arena, const char *data, size_t bytes);

#endif
