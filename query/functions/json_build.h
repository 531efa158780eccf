/*
 * json_build.h: columns of any type out of JSON values, one value after the other.
 *
 * defaults  what is not there, or does not fit the type, is the type's default (NULL of a Nullable)
 */
#ifndef QUERY_FUNCTIONS_JSON_BUILD_H
#define QUERY_FUNCTIONS_JSON_BUILD_H

#include "query/functions/functions.h"

struct json_builder {
    struct arena *arena;
    const struct timezone *zone; /* of times without one */
    const struct type *type;
    uint32_t count, capacity;
    char *values;                  /* scalars */
    uint8_t *nulls;                /* of a Nullable */
    uint32_t *offsets;             /* arrays and maps: capacity + 1 */
    struct json_builder *children; /* arrays and maps one, tuples one per element */
};

/* ERR_NOT_IMPLEMENTED: there are no such values in JSON. */
struct err *json_builder_check(const char *function, struct arena *arena, const struct type *type);
struct err *json_builder_new(struct arena *arena, const struct timezone *zone, const struct type *type,
                             struct json_builder **out);
/* Appends the value, or the default if it does not fit (value empty: it is not there). */
struct err *json_build(struct json_builder *builder, struct text_buffer *buffer, struct slice value, bool *fits);
/* Appends a text to a builder of String. */
struct err *json_build_text(struct json_builder *builder, struct slice text);
/* Ends an array whose elements were appended to its child. */
struct err *json_build_end(struct json_builder *builder);
/* Takes away what is behind the first `count` values. */
void json_build_cut(struct json_builder *builder, uint32_t count);
struct err *json_builder_finish(struct json_builder *builder, struct column **out);

#endif
