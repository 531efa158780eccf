/*
 * type_text.h: between the files that spell types: type_text.c and type_function.c.
 */
#ifndef STORAGE_TYPE_TEXT_H
#define STORAGE_TYPE_TEXT_H

#include "base/text.h"
#include "storage/type.h"

/* As type_parse, of a type inside others. */
struct err *type_parse_inside(struct arena *arena, struct slice text, int depth, const struct type **out);
void type_name_write(struct buffer *buffer, const struct type *type);

/* type_function.c. The text stands behind "AggregateFunction(" and reaches to the end of the whole; *length: up to and
 * with the closing parenthesis. An empty text: there are no parentheses. */
struct err *type_function_parse(struct arena *arena, struct slice text, bool simple, int depth, size_t *length,
                                const struct type **out);
void type_function_write(struct buffer *buffer, const struct type *type);

#endif
