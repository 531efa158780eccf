/*
 * settings.h: the settings of one query: ClickHouse's names, from URL parameters, headers and SETTINGS clauses.
 *
 * A name is known (it does something here), ignored (clients send it, it changes nothing here that they could notice),
 * or unknown: ERR_UNKNOWN_SETTING with the nearest name.
 */
#ifndef SERVER_SETTINGS_H
#define SERVER_SETTINGS_H

#include "base/arena.h"
#include "base/err.h"
#include "base/slice.h"
#include "base/text.h"
#include "base/timezone.h"
#include "format/format_settings.h"
#include "query/limits.h"

#include <stdbool.h>
#include <stdint.h>

/* How blocks of the native protocol are packed for clients that ask for it. */
enum setting_packing { PACKING_LZ4, PACKING_ZSTD, PACKING_NONE };

/* Copied as a whole: no pointers but the zone and the long texts, and no byte of it undefined. */
struct settings {
    uint64_t max_memory_usage;
    uint64_t max_threads;
    struct query_limits limits;
    struct format_settings format;
    uint64_t readonly;
    bool wait_end_of_query;
    bool skip_damaged_segments;
    bool repair_lose_rows;
    bool repair_change_rows;
    bool mutations_change_views;
    bool use_skip_indexes, force_primary_key, force_index_by_date;
    char ignore_data_skipping_indices[256], force_data_skipping_indices[256];
    bool confirm_retention;
    bool allow_drop_detached;
    bool optimize_on_insert;
    bool final;
    bool final_by_partition; /* do_not_merge_across_partitions_select_final */
    bool join_use_nulls;
    bool flatten_nested;
    bool extremes;
    bool exact_rows_before_limit;
    bool use_partial_cache;
    bool use_pane_tree;
    bool use_statement_cache;
    bool use_shared_execution;
    bool send_progress_in_http_headers;
    uint8_t network_compression_method; /* enum setting_packing */
    uint8_t incomplete_buckets;         /* enum bind_buckets */
    uint64_t limit, offset;             /* of every SELECT's result; 0: none */
    uint64_t max_query_size;
    uint64_t queue_max_wait_ms;
    bool async_insert, wait_for_async_insert, async_insert_adaptive, async_insert_deduplicate;
    uint64_t async_insert_max_data_size, async_insert_max_query_number;
    uint64_t async_insert_busy_min_ms, async_insert_busy_max_ms;
    uint64_t wait_for_async_insert_us;
    char insert_deduplication_token[256];
    const struct timezone *zone; /* session_timezone, or NULL */
    /* Slices of what they were set from, until execution_keep_texts copies them. */
    struct slice additional_table_filters, additional_result_filter;
};

void settings_init(struct settings *settings);
struct err *settings_set(struct settings *settings, struct slice name, struct slice value);
/* How old clients of the native protocol send its value: as a number, or as a text. False: no such setting. */
bool settings_wire_form(struct slice name, bool *number);
/* Is this how it is when nobody sets it? */
bool settings_is_default(struct slice name, struct slice value);

/* For system.settings; static texts. Index from 0; false: no more. */
struct setting_description {
    const char *name, *type, *fallback, *description;
};
bool settings_describe(uint32_t index, struct setting_description *out);
bool settings_find(struct slice name, uint32_t *index, struct setting_description *out);
/* Appends the value that holds. False: nothing here looks at that setting, so it is not known here. */
bool settings_print(const struct settings *settings, uint32_t index, struct buffer *out);

/* ---- settings_accepted.c: those that change nothing. *known false: there is none of that name. */
struct err *settings_accept(struct slice name, struct slice value, bool *known);
bool settings_accepted_describe(uint32_t index, struct setting_description *out);

#endif
