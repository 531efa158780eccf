/*
 * escape.h: backslash escapes of TabSeparated, Values and quoted strings.
 *
 * \b \f \n \r \t \0 \a \v \e \xHH; \\ \' \" \` \/ \= are the byte itself; \N is nothing; the backslash of any other
 * stays, as ClickHouse does.
 *
 * thread   any: no state.
 */
#ifndef FORMAT_ESCAPE_H
#define FORMAT_ESCAPE_H

#include "base/text.h"

#include <stdbool.h>

/* at: at a backslash. Appends what it stands for; returns behind the escape, NULL: the text ends within it. */
const char *escape_decode(const char *at, const char *end, struct buffer *out);

#endif
