/*
 * paint.h: colours of SQL on a terminal.
 */
#ifndef CLIENT_PAINT_H
#define CLIENT_PAINT_H

#include "base/text.h"

/* Appends the text from byte `from` on, coloured; what stands before says in what it begins (a string, a comment). */
void paint_sql(struct slice text, size_t from, struct buffer *out);
/* Keywords of SQL, in upper case, sorted; *count of them. */
const char *const *paint_keywords(size_t *count);

#endif
