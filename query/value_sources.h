/*
 * value_sources.h: table functions that need no data but their arguments: values, null, generateRandom.
 */
#ifndef QUERY_VALUE_SOURCES_H
#define QUERY_VALUE_SOURCES_H

#include "query/table_source.h"

#define MAKE_ARGUMENTS                                                                                                 \
    const struct source_maker *maker, struct arena *arena, const struct function_context *context,                     \
        const struct source_argument *arguments, uint32_t argument_count, struct table_source **out

struct err *values_make(MAKE_ARGUMENTS);
struct err *null_make(MAKE_ARGUMENTS);
struct err *random_make(MAKE_ARGUMENTS);

/* An argument 'a UInt8, b Array(String)'; no such list is ERR_SYNTAX. */
struct err *structure_argument(const struct source_maker *maker, struct arena *arena,
                               const struct source_argument *argument, struct source_column **columns, uint32_t *count);
struct err *source_of_columns(const struct source_maker *maker, struct arena *arena,
                              const struct source_column *columns, uint32_t count,
                              struct err *(*generate)(struct table_source *, struct arena *,
                                                      const struct source_request *, struct source_output *),
                              void *data, struct table_source **out);

#endif
