/*
 * limits.h: what a query may take, under ClickHouse's setting names. 0: no limit, or automatically.
 *
 * mode     what happens above a limit. THROW: an error. BREAK: as if the input had ended there, with the rows until
 *          then (a chunk is not cut). ANY, of GROUP BY: rows of new groups are left out.
 */
#ifndef QUERY_LIMITS_H
#define QUERY_LIMITS_H

#include "base/err.h"
#include "base/slice.h"
#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>

enum overflow_mode { OVERFLOW_THROW, OVERFLOW_BREAK, OVERFLOW_ANY };

#define LIMIT_RATIO_ONE 1000000U

struct query_limits {
    uint64_t max_execution_time_us;
    enum overflow_mode timeout_overflow_mode;
    uint64_t max_rows_to_read, max_bytes_to_read; /* of tables and table functions */
    enum overflow_mode read_overflow_mode;
    uint64_t max_result_rows, max_result_bytes;
    enum overflow_mode result_overflow_mode;
    uint64_t max_rows_to_group_by; /* groups of a worker */
    enum overflow_mode group_by_overflow_mode;
    uint64_t max_rows_to_sort, max_bytes_to_sort;
    enum overflow_mode sort_overflow_mode;
    uint64_t max_rows_in_set, max_bytes_in_set; /* of IN: a list, or a subquery's rows */
    enum overflow_mode set_overflow_mode;
    uint64_t max_rows_in_join, max_bytes_in_join; /* of the side that is kept */
    enum overflow_mode join_overflow_mode;
    uint64_t max_rows_in_distinct, max_bytes_in_distinct;
    enum overflow_mode distinct_overflow_mode;
    /* After so many seconds more must have been read in a second, or the query ends. */
    uint64_t min_execution_speed, min_execution_speed_bytes, timeout_before_checking_execution_speed_us;
    uint64_t max_columns_to_read; /* of one stored table */
    /* The query's text: levels and nodes of the tree that ClickHouse makes of it, nodes with aliases written out,
     * SELECTs within each other. */
    uint64_t max_ast_depth, max_ast_elements, max_expanded_ast_elements, max_subquery_depth;
    uint64_t max_concurrent_queries_for_user;
    /* Bytes that an operator may hold before it writes them to temporary files. 0: when half of the query's memory is
     * taken. */
    uint64_t max_bytes_before_external_sort;
    uint64_t
        max_bytes_ratio_before_external_sort; /* of the memory; LIMIT_RATIO_ONE is all of it, and 1 more; 1: never */
    uint64_t max_bytes_ratio_before_external_group_by; /* likewise; 0: not set, a half */
    uint64_t max_bytes_before_external_group_by;
    uint64_t max_bytes_before_external_join;
    uint64_t max_bytes_before_external_distinct; /* LIMIT BY, INTERSECT and EXCEPT too */
    uint64_t max_temporary_data_on_disk_size_for_query;
};

/* The defaults of ClickHouse's. (All zero: no limits at all.) */
void query_limits_init(struct query_limits *limits);
/* Sets the limit of that name; *known false: there is none. A value that cannot be is an error. */
struct err *query_limits_set(struct query_limits *limits, struct slice name, struct slice value, bool *known);
/* A setting's value as a whole number (1.5 is 1), and the error when it is none. */
bool setting_number(struct slice value, uint64_t *out);
enum err_code setting_number_error(struct slice value);
/* By index from 0; false: no more. type: ClickHouse's name for it. */
bool query_limits_describe(uint32_t index, const char **name, const char **type, const char **fallback,
                           const char **description);
/* Appends the value that holds. */
void query_limits_print(const struct query_limits *limits, uint32_t index, struct buffer *out);

/*
 * Is `rows` above rows_max, or `bytes` above bytes_max? Then an error of this code about `what` ("JOIN"), or with BREAK
 * (and ANY) *over.
 */
struct err *query_limit_check(enum err_code code, const char *what, uint64_t rows_max, uint64_t rows,
                              uint64_t bytes_max, uint64_t bytes, enum overflow_mode mode, bool *over);

#endif
