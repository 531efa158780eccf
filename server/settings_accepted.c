/*
 * settings_accepted.c: ClickHouse's settings that Weir takes and does nothing about: what they ask for is how it works
 * anyway, or concerns what it does not have (shards, replicas, threads of its own kind). Clients and drivers send them.
 * And those whose default alone holds: another value would change results, and is refused by name.
 */
#include "server/settings.h"

#include <strings.h>

struct accepted {
    const char *name, *type, *fallback;
};

static const struct accepted accepted[] = {
    /* INSERTs of many clients are written and synced together anyway, and durable when they are acknowledged. */
    {"async_insert_busy_timeout_decrease_rate", "Double", "0.2"},
    {"async_insert_busy_timeout_increase_rate", "Double", "0.2"},
    {"async_insert_poll_timeout_ms", "Milliseconds", "10"},
    {"add_http_cors_header", "Bool", "0"},
    {"aggregation_memory_efficient_merge_threads", "UInt64", "0"},
    {"allow_ddl", "Bool", "1"},
    {"allow_experimental_analyzer", "Bool", "1"},
    {"allow_experimental_bigint_types", "Bool", "1"},
    {"allow_experimental_database_replicated", "Bool", "1"},
    {"allow_experimental_dynamic_type", "Bool", "1"},
    {"allow_experimental_geo_types", "Bool", "1"},
    {"allow_experimental_json_type", "Bool", "1"},
    {"allow_experimental_map_type", "Bool", "1"},
    {"allow_experimental_object_type", "Bool", "0"},
    {"allow_experimental_parallel_reading_from_replicas", "UInt64", "0"},
    {"allow_experimental_time_series_aggregate_functions", "Bool", "1"},
    {"allow_experimental_variant_type", "Bool", "1"},
    {"allow_experimental_window_functions", "Bool", "1"},
    {"allow_push_predicate_when_subquery_contains_with", "Bool", "1"},
    {"allow_settings_after_format_in_insert", "Bool", "0"},
    {"allow_suspicious_low_cardinality_types", "Bool", "0"},
    {"allow_suspicious_types_in_group_by", "Bool", "0"},
    {"allow_suspicious_types_in_order_by", "Bool", "0"},
    {"alter_sync", "UInt64", "1"},
    {"cancel_http_readonly_queries_on_client_close", "Bool", "0"},
    {"cast_string_to_dynamic_use_inference", "Bool", "0"},
    {"cluster_for_parallel_replicas", "String", ""},
    {"compile_aggregate_expressions", "Bool", "1"},
    {"compile_expressions", "Bool", "1"},
    {"connect_timeout", "Seconds", "10"},
    {"connect_timeout_with_failover_ms", "Milliseconds", "1000"},
    {"connections_with_failover_max_tries", "UInt64", "3"},
    {"database_atomic_wait_for_drop_and_detach_synchronously", "Bool", "0"},
    {"distributed_product_mode", "DistributedProductMode", "deny"},
    {"enable_analyzer", "Bool", "1"},
    {"enable_dynamic_type", "Bool", "1"},
    {"enable_http_compression", "Bool", "0"},
    {"enable_json_type", "Bool", "1"},
    {"enable_optimize_predicate_expression", "Bool", "1"},
    {"enable_optimizer", "Bool", "1"},
    {"enable_time_series_aggregate_functions", "Bool", "1"},
    {"enable_time_time64_type", "Bool", "1"},
    {"enable_variant_type", "Bool", "1"},
    {"fallback_to_stale_replicas_for_distributed_queries", "Bool", "1"},
    {"group_by_two_level_threshold", "UInt64", "100000"},
    {"group_by_two_level_threshold_bytes", "UInt64", "50000000"},
    {"http_connection_timeout", "Seconds", "1"},
    {"http_headers_progress_interval_ms", "UInt64", "100"},
    {"http_make_head_request", "Bool", "1"},
    {"http_max_tries", "UInt64", "10"},
    {"http_native_compression_disable_checksumming_on_decompress", "Bool", "0"},
    {"http_receive_timeout", "Seconds", "30"},
    {"http_send_timeout", "Seconds", "30"},
    {"http_write_exception_in_output_format", "Bool", "0"},
    {"http_zlib_compression_level", "Int64", "3"},
    {"idle_connection_timeout", "UInt64", "3600"},
    {"insert_allow_materialized_columns", "Bool", "0"},
    {"insert_deduplicate", "Bool", "1"},
    {"insert_distributed_one_random_shard", "Bool", "0"},
    {"insert_distributed_sync", "Bool", "0"},
    {"insert_quorum", "UInt64", "0"},
    {"insert_quorum_parallel", "Bool", "1"},
    {"insert_quorum_timeout", "Milliseconds", "600000"},
    {"joined_subquery_requires_alias", "Bool", "1"},
    {"keep_alive_timeout", "Seconds", "120"},
    {"lightweight_delete_mode", "LightweightDeleteMode", "alter_update"},
    {"lightweight_deletes_sync", "UInt64", "2"},
    {"load_balancing", "LoadBalancing", "random"},
    {"local_filesystem_read_method", "String", "pread_threadpool"},
    {"log_comment", "String", ""},
    {"log_processors_profiles", "Bool", "1"},
    {"log_profile_events", "Bool", "1"},
    {"log_queries", "Bool", "1"},
    {"log_query_threads", "Bool", "0"},
    {"low_cardinality_allow_in_native_format", "Bool", "1"},
    {"max_bytes_before_remerge_sort", "UInt64", "1000000000"},
    {"max_bytes_to_transfer", "UInt64", "0"},
    {"max_compress_block_size", "UInt64", "1048576"},
    {"max_concurrent_queries_for_all_users", "UInt64", "0"},
    {"max_distributed_connections", "UInt64", "1024"},
    {"max_insert_block_size", "NonZeroUInt64", "1048449"},
    {"max_insert_threads", "MaxThreads", "0"},
    {"max_memory_usage_for_user", "UInt64", "0"},
    {"max_parallel_replicas", "NonZeroUInt64", "1000"},
    {"max_partitions_per_insert_block", "UInt64", "1000"},
    {"max_read_buffer_size", "NonZeroUInt64", "1048576"},
    {"max_replica_delay_for_distributed_queries", "UInt64", "300"},
    {"max_rows_to_transfer", "UInt64", "0"},
    {"merge_tree_coarse_index_granularity", "UInt64", "8"},
    {"merge_tree_max_rows_to_use_cache", "UInt64", "1048576"},
    {"min_bytes_to_use_direct_io", "UInt64", "0"},
    {"min_compress_block_size", "UInt64", "65536"},
    {"min_count_to_compile_expression", "UInt64", "3"},
    {"min_insert_block_size_bytes", "UInt64", "268402944"},
    {"min_insert_block_size_rows", "UInt64", "1048449"},
    {"mutations_sync", "UInt64", "1"},
    {"network_zstd_compression_level", "Int64", "3"},
    {"optimize_aggregation_in_order", "Bool", "0"},
    {"optimize_move_to_prewhere", "Bool", "1"},
    {"optimize_read_in_order", "Bool", "1"},
    {"optimize_skip_unused_shards", "Bool", "0"},
    {"parallel_distributed_insert_select", "UInt64", "2"},
    {"parallel_replicas_count", "UInt64", "0"},
    {"parallel_replicas_for_non_replicated_merge_tree", "Bool", "0"},
    {"parallel_view_processing", "Bool", "0"},
    {"poll_interval", "UInt64", "10"},
    {"prefer_localhost_replica", "Bool", "1"},
    {"preferred_block_size_bytes", "UInt64", "1000000"},
    {"priority", "UInt64", "0"},
    {"query_cache_ttl", "Seconds", "60"},
    {"query_plan_enable_optimizations", "Bool", "1"},
    {"query_profiler_cpu_time_period_ns", "UInt64", "1000000000"},
    {"query_profiler_real_time_period_ns", "UInt64", "1000000000"},
    {"receive_timeout", "Seconds", "300"},
    {"replace_running_query", "Bool", "0"},
    {"replication_alter_partitions_sync", "UInt64", "1"},
    {"select_sequential_consistency", "UInt64", "0"},
    {"send_logs_level", "LogsLevel", "fatal"},
    {"send_timeout", "Seconds", "300"},
    {"short_circuit_function_evaluation", "ShortCircuitFunctionEvaluation", "enable"},
    {"skip_unavailable_shards", "Bool", "0"},
    {"stream_flush_interval_ms", "Milliseconds", "7500"},
    {"stream_like_engine_allow_direct_select", "Bool", "0"},
    {"tcp_keep_alive_timeout", "Seconds", "290"},
    {"throw_on_max_partitions_per_insert_block", "Bool", "1"},
    {"totals_auto_threshold", "Float", "0.5"},
    {"transfer_overflow_mode", "OverflowMode", "throw"},
    {"use_query_cache", "Bool", "0"},
    {"use_query_condition_cache", "Bool", "1"},
    {"use_uncompressed_cache", "Bool", "0"},
    {"workload", "String", "default"},
};
#define ACCEPTED_COUNT (sizeof(accepted) / sizeof(accepted[0]))

/* Anything but the default is ERR_NOT_IMPLEMENTED. */
static const struct accepted fixed[] = {
    {"aggregate_functions_null_for_empty", "Bool", "0"},
    {"allow_deprecated_error_prone_window_functions", "Bool", "0"},
    {"allow_experimental_live_view", "Bool", "0"},
    {"allow_nondeterministic_mutations", "Bool", "0"},
    {"any_join_distinct_right_table_keys", "Bool", "0"},
    {"cast_ipv4_ipv6_default_on_conversion_error", "Bool", "0"},
    {"cast_keep_nullable", "Bool", "0"},
    {"compatibility", "String", ""},
    {"convert_query_to_cnf", "Bool", "0"},
    {"count_distinct_implementation", "String", "uniqExact"},
    {"data_type_default_nullable", "Bool", "0"},
    {"deduplicate_blocks_in_dependent_materialized_views", "Bool", "1"},
    {"describe_include_subcolumns", "Bool", "0"},
    {"empty_result_for_aggregation_by_constant_keys_on_empty_set", "Bool", "1"},
    {"empty_result_for_aggregation_by_empty_set", "Bool", "0"},
    {"enable_named_columns_in_function_tuple", "Bool", "0"},
    {"enable_positional_arguments", "Bool", "1"},
    {"enable_unaligned_array_join", "Bool", "0"},
    {"external_table_functions_use_nulls", "Bool", "1"},
    {"force_aggregation_in_order", "Bool", "0"},
    {"group_by_use_nulls", "Bool", "0"},
    {"implicit_select", "Bool", "0"},
    {"insert_null_as_default", "Bool", "1"},
    {"join_any_take_last_row", "Bool", "0"},
    {"join_default_strictness", "JoinStrictness", "ALL"},
    {"legacy_column_name_of_tuple_literal", "Bool", "0"},
    {"materialize_ttl_after_modify", "Bool", "1"},
    {"prefer_column_name_to_alias", "Bool", "0"},
    {"prefer_global_in_and_join", "Bool", "0"},
    {"rows_before_aggregation", "Bool", "0"},
    {"transform_null_in", "Bool", "0"},
    {"type_json_skip_duplicated_paths", "Bool", "0"},
    {"union_default_mode", "SetOperationMode", ""},
    {"use_client_time_zone", "Bool", "0"},
};
#define FIXED_COUNT (sizeof(fixed) / sizeof(fixed[0]))

static bool is_word(struct slice text, const char *word)
{
    return text.length == strlen(word) && strncasecmp(text.data, word, text.length) == 0;
}

static bool is_bool(struct slice value, bool *on)
{
    *on = is_word(value, "1") || is_word(value, "true");
    return *on || is_word(value, "0") || is_word(value, "false");
}

static struct err *check_accepted(const struct accepted *setting, struct slice value)
{
    bool on;
    uint64_t number;
    if (strcmp(setting->type, "Bool") == 0 && !is_bool(value, &on)) {
        return err_new(ERR_CANNOT_PARSE_BOOL, "the setting %s is 0 or 1, not \"%.*s\"", setting->name,
                       SLICE_ARG(value));
    }
    if (strcmp(setting->type, "UInt64") == 0 && !setting_number(value, &number)) {
        return err_new(setting_number_error(value), "the setting %s cannot be \"%.*s\"", setting->name,
                       SLICE_ARG(value));
    }
    return NULL;
}

static struct err *check_fixed(const struct accepted *setting, struct slice value)
{
    bool on, fallback = false;
    if (strcmp(setting->type, "Bool") == 0) {
        (void)is_bool(slice_text(setting->fallback), &fallback);
        if (!is_bool(value, &on)) {
            return err_new(ERR_CANNOT_PARSE_BOOL, "the setting %s is 0 or 1, not \"%.*s\"", setting->name,
                           SLICE_ARG(value));
        }
        if (on == fallback) {
            return NULL;
        }
    } else if (is_word(value, setting->fallback) || (value.length == 0 && strcmp(setting->type, "Map") == 0)) {
        return NULL;
    }
    return err_new(ERR_NOT_IMPLEMENTED, "%s = '%.*s' is not implemented: only '%s' is", setting->name, SLICE_ARG(value),
                   setting->fallback);
}

struct err *settings_accept(struct slice name, struct slice value, bool *known)
{
    *known = true;
    for (size_t k = 0; k < ACCEPTED_COUNT; k++) {
        if (slice_equal(name, slice_text(accepted[k].name))) {
            return check_accepted(&accepted[k], value);
        }
    }
    for (size_t k = 0; k < FIXED_COUNT; k++) {
        if (slice_equal(name, slice_text(fixed[k].name))) {
            return check_fixed(&fixed[k], value);
        }
    }
    *known = false;
    return NULL;
}

bool settings_accepted_describe(uint32_t index, struct setting_description *out)
{
    bool is_fixed = index >= ACCEPTED_COUNT;
    if (index >= ACCEPTED_COUNT + FIXED_COUNT) {
        return false;
    }
    const struct accepted *setting = is_fixed ? &fixed[index - ACCEPTED_COUNT] : &accepted[index];
    *out = (struct setting_description){.name = setting->name,
                                        .type = setting->type,
                                        .fallback = setting->fallback,
                                        .description =
                                            is_fixed ? "only the default is implemented" : "accepted; changes nothing"};
    return true;
}
