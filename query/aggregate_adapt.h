/*
 * aggregate_adapt.h: what aggregate.c puts around a family's function: the core, which gives it columns in the form
 * that it wants, and adapters for NULLs, -If, -OrNull, -OrDefault and -Distinct.
 *
 * adapter  a state that begins with the adapter's own 16 bytes (-Distinct: distinct_state_bytes), followed by the
 *          nested state
 */
#ifndef QUERY_AGGREGATE_ADAPT_H
#define QUERY_AGGREGATE_ADAPT_H

#include "query/aggregates.h"

#define ADAPTER_BYTES 16U

/* Data of the core's aggregate. */
struct core {
    const struct aggregate *bare;
    uint32_t flags;
    const struct type *nested; /* of the first argument, when it comes as bytes (nested_key.h); or NULL */
    struct slice blank;        /* the bytes of its default */
};

struct err *core_add(ADD_ARGUMENTS);
struct err *core_merge(MERGE_ARGUMENTS);
struct err *core_finish(FINISH_ARGUMENTS);
struct err *core_write(WRITE_ARGUMENTS);
struct err *core_read(READ_ARGUMENTS);

/* Of an adapter whose data is not NULL the result is NULL, or the default, when no row came. */
struct err *adapter_merge(MERGE_ARGUMENTS);
struct err *adapter_finish(FINISH_ARGUMENTS);
struct err *adapter_add_not_null(ADD_ARGUMENTS);
struct err *adapter_add_all(ADD_ARGUMENTS);
struct err *adapter_add_if(ADD_ARGUMENTS);
struct err *adapter_write(WRITE_ARGUMENTS);
struct err *adapter_read(READ_ARGUMENTS);
struct err *adapter_write_first(WRITE_ARGUMENTS);
struct err *adapter_read_first(READ_ARGUMENTS);
struct err *adapter_write_last(WRITE_ARGUMENTS);
struct err *adapter_read_last(READ_ARGUMENTS);

/* Of NULL alone the result is NULL. */
struct err *nothing_add(ADD_ARGUMENTS);
struct err *nothing_merge(MERGE_ARGUMENTS);
struct err *nothing_finish(FINISH_ARGUMENTS);
struct err *nothing_write(WRITE_ARGUMENTS);
struct err *nothing_read(READ_ARGUMENTS);

/* aggregate_distinct.c: only the first row of each value goes on. */
uint32_t distinct_state_bytes(void);
struct err *distinct_add(ADD_ARGUMENTS);
struct err *distinct_merge(MERGE_ARGUMENTS);
struct err *distinct_finish(FINISH_ARGUMENTS);
struct err *distinct_write(WRITE_ARGUMENTS);
struct err *distinct_read(READ_ARGUMENTS);

#endif
