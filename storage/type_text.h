/*
 * type_text.h: between the files that spell types: type_text.c, type_function.c and type_json.c.
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
struct slice type_text_trimmed(struct slice text);
/* The text up to the next comma or closing parenthesis on this level; *at stands on it. False: it does not end. */
bool type_text_next(struct slice text, size_t *at, struct slice *part);

/* type_json.c. The text stands behind "JSON(" and reaches to the end of the whole, or is empty: there are no
 * parentheses; *length as above. */
struct err *type_json_parse(struct arena *arena, struct slice text, int depth, size_t *length, const struct type **out);
void type_view_write(struct buffer *buffer, const struct type *type);
bool type_json_equal(const struct type_json *a, const struct type_json *b);
const struct type_json *type_json_copy(struct arena *arena, const struct type_json *json); /* NULL: memory is out */
void type_text_quote(struct buffer *buffer, struct slice text);                            /* 'it\'s' */

#endif
