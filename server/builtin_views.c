/*
 * builtin_views.c: views that every server has: SQL's information schema, and tables of system that clients look into
 * for what Weir has one answer to, or nothing (shards, replicas). They are SELECTs over the other tables of system.
 *
 * names     information_schema and INFORMATION_SCHEMA; tables and columns in lower and in upper case
 * flow      objects.c, where the catalogue has no view of that name → here → sql/bind_view.c
 */
#include "server/objects.h"

#include "sql/printer.h"

#include <ctype.h>
#include <stdio.h>
#include <strings.h>

struct builtin_column {
    const char *name, *type;
    const char *expression; /* of the source's columns */
};

static const struct builtin_column schema_schemata[] = {
    {"catalog_name", "String", "name"},
    {"schema_name", "String", "name"},
    {"schema_owner", "String", "'default'"},
    {"default_character_set_catalog", "Nullable(String)", "NULL"},
    {"default_character_set_schema", "Nullable(String)", "NULL"},
    {"default_character_set_name", "Nullable(String)", "NULL"},
    {"sql_path", "Nullable(String)", "NULL"},
    {0},
};

static const struct builtin_column schema_tables[] = {
    {"table_catalog", "String", "database"},
    {"table_schema", "String", "database"},
    {"table_name", "String", "name"},
    {"table_type", "String",
     "multiIf(engine = 'View', 'VIEW', startsWith(engine, 'System'), 'SYSTEM VIEW', 'BASE TABLE')"},
    {"table_rows", "Nullable(UInt64)", "total_rows"},
    {"data_length", "Nullable(UInt64)", "total_bytes"},
    {"index_length", "Nullable(UInt64)", "NULL"},
    {"table_collation", "Nullable(String)", "'utf8mb4'"},
    {"table_comment", "Nullable(String)", "comment"},
    {0},
};

static const struct builtin_column schema_views[] = {
    {"table_catalog", "String", "database"},
    {"table_schema", "String", "database"},
    {"table_name", "String", "name"},
    {"view_definition", "String", "create_table_query"},
    {"check_option", "String", "'NONE'"},
    {"is_updatable", "String", "'NO'"},
    {"is_insertable_into", "String", "'NO'"},
    {"is_trigger_updatable", "String", "'NO'"},
    {"is_trigger_deletable", "String", "'NO'"},
    {"is_trigger_insertable_into", "String", "'NO'"},
    {0},
};

static const struct builtin_column schema_columns[] = {
    {"table_catalog", "String", "database"},
    {"table_schema", "String", "database"},
    {"table_name", "String", "table"},
    {"column_name", "String", "name"},
    {"ordinal_position", "UInt64", "position"},
    {"column_default", "String", "default_expression"},
    {"is_nullable", "UInt8", "if(startsWith(type, 'Nullable(') OR startsWith(type, 'LowCardinality(Nullable('), 1, 0)"},
    {"data_type", "String", "type"},
    {"character_maximum_length", "Nullable(UInt64)", "NULL"},
    {"character_octet_length", "Nullable(UInt64)", "c.character_octet_length"},
    {"numeric_precision", "Nullable(UInt64)", "c.numeric_precision"},
    {"numeric_precision_radix", "Nullable(UInt64)", "c.numeric_precision_radix"},
    {"numeric_scale", "Nullable(UInt64)", "c.numeric_scale"},
    {"datetime_precision", "Nullable(UInt64)", "c.datetime_precision"},
    {"character_set_catalog", "Nullable(String)", "NULL"},
    {"character_set_schema", "Nullable(String)", "NULL"},
    {"character_set_name", "Nullable(String)", "NULL"},
    {"collation_catalog", "Nullable(String)", "NULL"},
    {"collation_schema", "Nullable(String)", "NULL"},
    {"collation_name", "Nullable(String)", "NULL"},
    {"domain_catalog", "Nullable(String)", "NULL"},
    {"domain_schema", "Nullable(String)", "NULL"},
    {"domain_name", "Nullable(String)", "NULL"},
    {"extra", "String",
     "multiIf(default_kind = 'DEFAULT', 'DEFAULT_GENERATED', default_kind = 'MATERIALIZED', 'STORED GENERATED', "
     "default_kind = 'ALIAS', 'VIRTUAL GENERATED', '')"},
    {"column_comment", "String", "comment"},
    {"column_type", "String", "type"},
    {0},
};

static const struct builtin_column schema_key_column_usage[] = {
    {"constraint_catalog", "String", "'def'"},
    {"constraint_schema", "String", "database"},
    {"constraint_name", "String", "'PRIMARY'"},
    {"table_catalog", "String", "'def'"},
    {"table_schema", "String", "database"},
    {"table_name", "String", "table"},
    {"column_name", "String", "name"},
    {"ordinal_position", "UInt32", "1"},
    {"position_in_unique_constraint", "Nullable(UInt32)", "NULL"},
    {"referenced_table_schema", "Nullable(String)", "NULL"},
    {"referenced_table_name", "Nullable(String)", "NULL"},
    {"referenced_column_name", "Nullable(String)", "NULL"},
    {0},
};

static const struct builtin_column schema_referential_constraints[] = {
    {"constraint_name", "Nullable(String)", "NULL"},
    {"constraint_catalog", "String", "''"},
    {"constraint_schema", "String", "''"},
    {"unique_constraint_name", "Nullable(String)", "NULL"},
    {"unique_constraint_catalog", "String", "''"},
    {"unique_constraint_schema", "String", "''"},
    {"match_option", "String", "''"},
    {"update_rule", "String", "''"},
    {"delete_rule", "String", "''"},
    {"table_name", "String", "''"},
    {"referenced_table_name", "String", "''"},
    {0},
};

static const struct builtin_column clusters[] = {
    {"cluster", "String", "'default'"},
    {"shard_num", "UInt32", "1"},
    {"shard_name", "String", "''"},
    {"shard_weight", "UInt32", "1"},
    {"internal_replication", "UInt8", "0"},
    {"replica_num", "UInt32", "1"},
    {"host_name", "String", "'localhost'"},
    {"host_address", "String", "'127.0.0.1'"},
    {"port", "UInt16", "tcpPort()"},
    {"is_local", "UInt8", "1"},
    {"user", "String", "'default'"},
    {"default_database", "String", "''"},
    {"errors_count", "UInt32", "0"},
    {"slowdowns_count", "UInt32", "0"},
    {"estimated_recovery_time", "UInt32", "0"},
    {"database_shard_name", "String", "''"},
    {"database_replica_name", "String", "''"},
    {"is_active", "Nullable(UInt8)", "NULL"},
    {0},
};

static const struct builtin_column schema_engines[] = {
    {"engine", "String", "name"},
    {"support", "String", "if(name = 'MergeTree', 'DEFAULT', 'YES')"},
    {0},
};

static const struct builtin_column schema_character_sets[] = {
    {"character_set_name", "String", "arrayJoin(['utf8', 'utf8mb4', 'ascii', 'binary'])"},
    {0},
};

static const struct builtin_column numbers_mt[] = {
    {"number", "UInt64", "number"},
    {0},
};

static const struct builtin_column zeros_mt[] = {
    {"zero", "UInt8", "zero"},
    {0},
};

static const struct builtin_column user_processes[] = {
    {"user", "String", "user"},
    {"memory_usage", "Int64", "sum(p.memory_usage)"},
    {"peak_memory_usage", "Int64", "sum(p.peak_memory_usage)"},
    {0},
};

static const struct builtin_column user_directories[] = {
    {"name", "String", "'local_directory'"},
    {"type", "String", "'local_directory'"},
    {"params", "String", "'{}'"},
    {"precedence", "UInt64", "1"},
    {0},
};

static const struct builtin {
    const char *database, *name;
    const struct builtin_column *columns;
    const char *from; /* "FROM …" */
} builtins[] = {
    {"information_schema", "schemata", schema_schemata, "FROM system.databases"},
    {"information_schema", "tables", schema_tables, "FROM system.tables"},
    {"information_schema", "views", schema_views, "FROM system.tables WHERE engine = 'View'"},
    {"information_schema", "columns", schema_columns, "FROM system.columns AS c"},
    {"information_schema", "key_column_usage", schema_key_column_usage, "FROM system.columns WHERE is_in_primary_key"},
    {"information_schema", "referential_constraints", schema_referential_constraints, "FROM system.one WHERE 0"},
    {"system", "clusters", clusters, "FROM system.one"},
    {"information_schema", "engines", schema_engines, "FROM system.table_engines"},
    {"information_schema", "character_sets", schema_character_sets, "FROM system.one"},
    {"system", "numbers_mt", numbers_mt, "FROM system.numbers"},
    {"system", "zeros_mt", zeros_mt, "FROM system.zeros"},
    {"system", "user_processes", user_processes, "FROM system.processes AS p GROUP BY user"},
    {"system", "user_directories", user_directories, "FROM system.one"},
};

/* Tables of ClickHouse's for what Weir does not have: they have no rows. */
static const struct {
    const char *name, *structure;
} empty[] = {
    {"detached_tables", "database String, table String, uuid UUID, metadata_path String, is_permanently UInt8"},
    {"distributed_ddl_queue",
     "entry String, entry_version Nullable(UInt8), initiator_host Nullable(String), initiator_port "
     "Nullable(UInt16), cluster String, query String, settings Map(String, String), query_create_time "
     "DateTime, host Nullable(String), port Nullable(UInt16), status Nullable(Enum8('Inactive' = 0, "
     "'Active' = 1, 'Finished' = 2, 'Removing' = 3, 'Unknown' = 4)), exception_code Nullable(UInt16), "
     "exception_text Nullable(String), query_finish_time Nullable(DateTime), query_duration_ms "
     "Nullable(UInt64)"},
    {"distribution_queue",
     "database String, table String, data_path String, is_blocked UInt8, error_count UInt64, data_files "
     "UInt64, data_compressed_bytes UInt64, broken_data_files UInt64, broken_data_compressed_bytes UInt64, "
     "last_exception String, last_exception_time DateTime"},
    {"dropped_tables",
     "index UInt32, database String, table String, uuid UUID, engine String, metadata_dropped_path String, "
     "table_dropped_time DateTime"},
    {"macros", "macro String, substitution String"},
    {"moves", "database String, table String, elapsed Float64, target_disk_name String, target_disk_path String, "
              "part_name String, part_size UInt64, thread_id UInt64"},
    {"named_collections", "name String, collection Map(String, String), source String, create_query String"},
    {"projections",
     "database String, table String, name String, type Enum8('Normal' = 0, 'Aggregate' = 1), sorting_key "
     "Array(String), query String, settings Map(String, String)"},
    {"replicas", "database String, table String, uuid UUID, engine String, is_leader UInt8, can_become_leader UInt8, "
                 "is_readonly UInt8, readonly_start_time Nullable(DateTime), is_session_expired UInt8, future_parts "
                 "UInt32, parts_to_check UInt32, zookeeper_name String, zookeeper_path String, replica_name String, "
                 "replica_path String, columns_version Int32, queue_size UInt32, inserts_in_queue UInt32, "
                 "merges_in_queue UInt32, part_mutations_in_queue UInt32, queue_oldest_time DateTime, "
                 "inserts_oldest_time DateTime, merges_oldest_time DateTime, part_mutations_oldest_time DateTime, "
                 "oldest_part_to_get String, oldest_part_to_merge_to String, oldest_part_to_mutate_to String, "
                 "log_max_index UInt64, log_pointer UInt64, last_queue_update DateTime, absolute_delay UInt64, "
                 "total_replicas UInt32, active_replicas UInt32, lost_part_count UInt64, last_queue_update_exception "
                 "String, zookeeper_exception String, replica_is_active Map(String, UInt8), readonly_duration "
                 "Nullable(UInt64)"},
    {"replicated_fetches",
     "database String, table String, elapsed Float64, progress Float64, result_part_name String, "
     "result_part_path String, partition_id String, total_size_bytes_compressed UInt64, "
     "bytes_read_compressed UInt64, source_replica_path String, source_replica_hostname String, "
     "source_replica_port UInt16, interserver_scheme String, URI String, to_detached UInt8, thread_id "
     "UInt64"},
    {"replication_queue",
     "database String, table String, replica_name String, position UInt32, node_name String, type String, "
     "create_time DateTime, required_quorum UInt32, source_replica String, new_part_name String, "
     "parts_to_merge Array(String), is_detach UInt8, is_currently_executing UInt8, num_tries UInt32, "
     "last_exception String, last_exception_time DateTime, last_attempt_time DateTime, num_postponed "
     "UInt32, postpone_reason String, last_postpone_time DateTime, merge_type String"},
    {"row_policies", "name String, short_name String, database String, table String, id UUID, storage String, "
                     "select_filter Nullable(String), is_restrictive UInt8, apply_to_all UInt8, apply_to_list "
                     "Array(String), apply_to_except Array(String)"},
    {"user_defined_functions",
     "name String, load_status Enum8('Success' = 0, 'Failed' = 1), loading_error_message String, "
     "last_successful_update_time Nullable(DateTime), loading_duration_ms UInt64, type Enum8('executable' "
     "= 0, 'executable_pool' = 1), command String, format String, return_type String, return_name String, "
     "argument_types Array(String), argument_names Array(String), max_command_execution_time UInt64, "
     "command_termination_timeout UInt64, command_read_timeout UInt64, command_write_timeout UInt64, "
     "pool_size UInt64, send_chunk_header UInt8, execute_direct UInt8, lifetime UInt64, deterministic "
     "UInt8"},
};

static bool is_schema(const struct builtin *builtin)
{
    return strcmp(builtin->database, "information_schema") == 0;
}

static const struct builtin *find(struct slice database, struct slice name)
{
    for (size_t k = 0; k < sizeof(builtins) / sizeof(builtins[0]); k++) {
        const struct builtin *builtin = &builtins[k];
        bool same =
            is_schema(builtin) && builtin_database(database)
                ? name.length == strlen(builtin->name) && strncasecmp(name.data, builtin->name, name.length) == 0
                : slice_equal(database, slice_text(builtin->database)) && slice_equal(name, slice_text(builtin->name));
        if (same) {
            return builtin;
        }
    }
    return NULL;
}

bool builtin_database(struct slice name)
{
    return slice_equal(name, slice_text("information_schema")) || slice_equal(name, slice_text("INFORMATION_SCHEMA"));
}

/* Of an empty one; NULL: there is none. */
static const char *find_structure(struct slice database, struct slice name)
{
    for (size_t k = 0; slice_equal(database, slice_text("system")) && k < sizeof(empty) / sizeof(empty[0]); k++) {
        if (slice_equal(name, slice_text(empty[k].name))) {
            return empty[k].structure;
        }
    }
    return NULL;
}

bool builtin_view_exists(struct slice database, struct slice name)
{
    return find(database, name) != NULL || find_structure(database, name) != NULL;
}

/* Upper case if asked for; quoted. */
static void put_name(struct buffer *text, const char *name, bool upper)
{
    buffer_printf(text, "`");
    for (const char *c = name; *c != 0; c++) {
        buffer_printf(text, "%c", upper ? toupper((unsigned char)*c) : *c);
    }
    buffer_printf(text, "`");
}

static void put_columns(struct buffer *text, const struct builtin *builtin, bool upper)
{
    for (const struct builtin_column *column = builtin->columns; column->name != NULL; column++) {
        put_name(text, column->name, upper);
        buffer_printf(text, " %s%s", column->type, column[1].name == NULL ? "" : ",\n    ");
    }
}

static void put_view(struct buffer *text, const struct builtin *builtin)
{
    buffer_printf(text, "CREATE VIEW %s.%s\n(\n    ", builtin->database, builtin->name);
    put_columns(text, builtin, false);
    if (is_schema(builtin)) {
        buffer_printf(text, ",\n    ");
        put_columns(text, builtin, true);
    }
    buffer_printf(text, "\n)\nAS SELECT ");
    for (const struct builtin_column *column = builtin->columns; column->name != NULL; column++) {
        buffer_printf(text, "%sCAST(%s AS %s) AS `%s`", column == builtin->columns ? "" : ", ", column->expression,
                      column->type, column->name);
    }
    for (const struct builtin_column *column = builtin->columns; is_schema(builtin) && column->name != NULL; column++) {
        buffer_printf(text, ", `%s` AS ", column->name);
        put_name(text, column->name, true);
    }
    buffer_printf(text, " %s", builtin->from);
}

struct err *builtin_view(struct arena *arena, struct slice database, struct slice name, struct slice *out)
{
    const struct builtin *builtin = find(database, name);
    const char *structure = find_structure(database, name);
    struct buffer text = {0};
    *out = (struct slice){0};
    if (builtin != NULL) {
        put_view(&text, builtin);
    } else if (structure != NULL) {
        struct slice quoted = sql_string(arena, slice_text(structure));
        if (quoted.data == NULL) {
            return arena_error(arena);
        }
        buffer_printf(&text, "CREATE VIEW system.%.*s (%s)\nAS SELECT * FROM null(%.*s)", SLICE_ARG(name), structure,
                      SLICE_ARG(quoted));
    } else {
        return NULL;
    }
    *out = text.failed ? (struct slice){0} : arena_slice(arena, buffer_all(&text));
    buffer_deinit(&text);
    return out->data == NULL ? arena_error(arena) : NULL;
}

bool builtin_view_at(uint32_t index, struct builtin_view_name *out)
{
    const size_t count = sizeof(builtins) / sizeof(builtins[0]);
    for (size_t k = 0; k < count; k++) {
        uint32_t names = is_schema(&builtins[k]) ? 4 : 1; /* either case of the database, of the table */
        if (index >= names) {
            index -= names;
            continue;
        }
        *out = (struct builtin_view_name){.database = index < 2 ? builtins[k].database : "INFORMATION_SCHEMA"};
        for (size_t i = 0; builtins[k].name[i] != 0 && i + 1 < sizeof(out->name); i++) {
            out->name[i] = (char)(index % 2 == 0 ? builtins[k].name[i] : toupper((unsigned char)builtins[k].name[i]));
        }
        return true;
    }
    bool found = index < sizeof(empty) / sizeof(empty[0]);
    if (found) {
        *out = (struct builtin_view_name){.database = "system"};
        (void)snprintf(out->name, sizeof(out->name), "%s", empty[index].name);
    }
    return found;
}
