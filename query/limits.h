/*
 * limits.h: what a query may take, under ClickHouse's setting names. 0: no limit, or automatically.
 */
#ifndef QUERY_LIMITS_H
#define QUERY_LIMITS_H

#include <stdint.h>

struct query_limits {
    /* Bytes that an operator may hold before it writes them to temporary files. 0: when half of the query's memory is
     * taken. */
    uint64_t max_bytes_before_external_sort;
    uint64_t max_bytes_before_external_group_by;
    uint64_t max_temporary_data_on_disk_size_for_query;
};

#endif
