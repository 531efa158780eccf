/*
 * builtin_views.c: views that every server has: SQL's information schema, and tables of system that clients look into
 * for what Weir has one answer to, or nothing (shards, replicas). They are SELECTs over the other tables of system.
 *
 * names     information_schema and INFORMATION_SCHEMA, whose columns have names in lower and in upper case
 * flow      objects.c, where the catalogue has no view of that name → here → sql/bind_view.c
 */
#include "server/objects.h"

#include <strings.h>

static const struct builtin {
    const char *database, *name, *definition;
} builtins[] = {
    {"information_schema", "schemata",
     "CREATE VIEW information_schema.schemata AS SELECT "
     "name AS `catalog_name`, `catalog_name` AS `CATALOG_NAME`, "
     "name AS `schema_name`, `schema_name` AS `SCHEMA_NAME`, "
     "'default' AS `schema_owner`, `schema_owner` AS `SCHEMA_OWNER`, "
     "CAST(NULL AS Nullable(String)) AS `default_character_set_catalog`, `default_character_set_catalog` AS "
     "`DEFAULT_CHARACTER_SET_CATALOG`, "
     "CAST(NULL AS Nullable(String)) AS `default_character_set_schema`, `default_character_set_schema` AS "
     "`DEFAULT_CHARACTER_SET_SCHEMA`, "
     "CAST(NULL AS Nullable(String)) AS `default_character_set_name`, `default_character_set_name` AS "
     "`DEFAULT_CHARACTER_SET_NAME`, "
     "CAST(NULL AS Nullable(String)) AS `sql_path`, `sql_path` AS `SQL_PATH` "
     "FROM system.databases"},
    {"information_schema", "tables",
     "CREATE VIEW information_schema.tables AS SELECT "
     "database AS `table_catalog`, `table_catalog` AS `TABLE_CATALOG`, "
     "database AS `table_schema`, `table_schema` AS `TABLE_SCHEMA`, "
     "name AS `table_name`, `table_name` AS `TABLE_NAME`, "
     "multiIf(engine = 'View', 'VIEW', startsWith(engine, 'System'), 'SYSTEM VIEW', 'BASE TABLE') AS `table_type`, "
     "`table_type` AS `TABLE_TYPE`, "
     "total_rows AS `table_rows`, `table_rows` AS `TABLE_ROWS`, "
     "total_bytes AS `data_length`, `data_length` AS `DATA_LENGTH`, "
     "CAST(NULL AS Nullable(UInt64)) AS `index_length`, `index_length` AS `INDEX_LENGTH`, "
     "CAST('utf8mb4' AS Nullable(String)) AS `table_collation`, `table_collation` AS `TABLE_COLLATION`, "
     "CAST(comment AS Nullable(String)) AS `table_comment`, `table_comment` AS `TABLE_COMMENT` "
     "FROM system.tables"},
    {"information_schema", "views",
     "CREATE VIEW information_schema.views AS SELECT "
     "database AS `table_catalog`, `table_catalog` AS `TABLE_CATALOG`, "
     "database AS `table_schema`, `table_schema` AS `TABLE_SCHEMA`, "
     "name AS `table_name`, `table_name` AS `TABLE_NAME`, "
     "create_table_query AS `view_definition`, `view_definition` AS `VIEW_DEFINITION`, "
     "'NONE' AS `check_option`, `check_option` AS `CHECK_OPTION`, "
     "'NO' AS `is_updatable`, `is_updatable` AS `IS_UPDATABLE`, "
     "'NO' AS `is_insertable_into`, `is_insertable_into` AS `IS_INSERTABLE_INTO`, "
     "'NO' AS `is_trigger_updatable`, `is_trigger_updatable` AS `IS_TRIGGER_UPDATABLE`, "
     "'NO' AS `is_trigger_deletable`, `is_trigger_deletable` AS `IS_TRIGGER_DELETABLE`, "
     "'NO' AS `is_trigger_insertable_into`, `is_trigger_insertable_into` AS `IS_TRIGGER_INSERTABLE_INTO` "
     "FROM system.tables WHERE engine = 'View'"},
    {"information_schema", "columns",
     "CREATE VIEW information_schema.columns AS SELECT "
     "database AS `table_catalog`, `table_catalog` AS `TABLE_CATALOG`, "
     "database AS `table_schema`, `table_schema` AS `TABLE_SCHEMA`, "
     "table AS `table_name`, `table_name` AS `TABLE_NAME`, "
     "name AS `column_name`, `column_name` AS `COLUMN_NAME`, "
     "position AS `ordinal_position`, `ordinal_position` AS `ORDINAL_POSITION`, "
     "default_expression AS `column_default`, `column_default` AS `COLUMN_DEFAULT`, "
     "if(startsWith(type, 'Nullable(') OR startsWith(type, 'LowCardinality(Nullable('), 1, 0) AS `is_nullable`, "
     "`is_nullable` AS `IS_NULLABLE`, "
     "type AS `data_type`, `data_type` AS `DATA_TYPE`, "
     "CAST(NULL AS Nullable(UInt64)) AS `character_maximum_length`, `character_maximum_length` AS "
     "`CHARACTER_MAXIMUM_LENGTH`, "
     "c.character_octet_length AS `character_octet_length`, `character_octet_length` AS `CHARACTER_OCTET_LENGTH`, "
     "c.numeric_precision AS `numeric_precision`, `numeric_precision` AS `NUMERIC_PRECISION`, "
     "c.numeric_precision_radix AS `numeric_precision_radix`, `numeric_precision_radix` AS `NUMERIC_PRECISION_RADIX`, "
     "c.numeric_scale AS `numeric_scale`, `numeric_scale` AS `NUMERIC_SCALE`, "
     "c.datetime_precision AS `datetime_precision`, `datetime_precision` AS `DATETIME_PRECISION`, "
     "CAST(NULL AS Nullable(String)) AS `character_set_catalog`, `character_set_catalog` AS `CHARACTER_SET_CATALOG`, "
     "CAST(NULL AS Nullable(String)) AS `character_set_schema`, `character_set_schema` AS `CHARACTER_SET_SCHEMA`, "
     "CAST(NULL AS Nullable(String)) AS `character_set_name`, `character_set_name` AS `CHARACTER_SET_NAME`, "
     "CAST(NULL AS Nullable(String)) AS `collation_catalog`, `collation_catalog` AS `COLLATION_CATALOG`, "
     "CAST(NULL AS Nullable(String)) AS `collation_schema`, `collation_schema` AS `COLLATION_SCHEMA`, "
     "CAST(NULL AS Nullable(String)) AS `collation_name`, `collation_name` AS `COLLATION_NAME`, "
     "CAST(NULL AS Nullable(String)) AS `domain_catalog`, `domain_catalog` AS `DOMAIN_CATALOG`, "
     "CAST(NULL AS Nullable(String)) AS `domain_schema`, `domain_schema` AS `DOMAIN_SCHEMA`, "
     "CAST(NULL AS Nullable(String)) AS `domain_name`, `domain_name` AS `DOMAIN_NAME`, "
     "multiIf(default_kind = 'DEFAULT', 'DEFAULT_GENERATED', default_kind = 'MATERIALIZED', 'STORED GENERATED', "
     "default_kind = 'ALIAS', 'VIRTUAL GENERATED', '') AS `extra`, `extra` AS `EXTRA`, "
     "comment AS `column_comment`, `column_comment` AS `COLUMN_COMMENT`, "
     "type AS `column_type`, `column_type` AS `COLUMN_TYPE` "
     "FROM system.columns AS c"},
    {"information_schema", "key_column_usage",
     "CREATE VIEW information_schema.key_column_usage AS SELECT "
     "'def' AS `constraint_catalog`, `constraint_catalog` AS `CONSTRAINT_CATALOG`, "
     "database AS `constraint_schema`, `constraint_schema` AS `CONSTRAINT_SCHEMA`, "
     "'PRIMARY' AS `constraint_name`, `constraint_name` AS `CONSTRAINT_NAME`, "
     "'def' AS `table_catalog`, `table_catalog` AS `TABLE_CATALOG`, "
     "database AS `table_schema`, `table_schema` AS `TABLE_SCHEMA`, "
     "table AS `table_name`, `table_name` AS `TABLE_NAME`, "
     "name AS `column_name`, `column_name` AS `COLUMN_NAME`, "
     "CAST(1 AS UInt32) AS `ordinal_position`, `ordinal_position` AS `ORDINAL_POSITION`, "
     "CAST(NULL AS Nullable(UInt32)) AS `position_in_unique_constraint`, `position_in_unique_constraint` AS "
     "`POSITION_IN_UNIQUE_CONSTRAINT`, "
     "CAST(NULL AS Nullable(String)) AS `referenced_table_schema`, `referenced_table_schema` AS "
     "`REFERENCED_TABLE_SCHEMA`, "
     "CAST(NULL AS Nullable(String)) AS `referenced_table_name`, `referenced_table_name` AS `REFERENCED_TABLE_NAME`, "
     "CAST(NULL AS Nullable(String)) AS `referenced_column_name`, `referenced_column_name` AS `REFERENCED_COLUMN_NAME` "
     "FROM system.columns WHERE is_in_primary_key"},
    {"information_schema", "referential_constraints",
     "CREATE VIEW information_schema.referential_constraints AS SELECT "
     "CAST(NULL AS Nullable(String)) AS `constraint_name`, `constraint_name` AS `CONSTRAINT_NAME`, "
     "'' AS `constraint_catalog`, `constraint_catalog` AS `CONSTRAINT_CATALOG`, "
     "'' AS `constraint_schema`, `constraint_schema` AS `CONSTRAINT_SCHEMA`, "
     "CAST(NULL AS Nullable(String)) AS `unique_constraint_name`, `unique_constraint_name` AS "
     "`UNIQUE_CONSTRAINT_NAME`, "
     "'' AS `unique_constraint_catalog`, `unique_constraint_catalog` AS `UNIQUE_CONSTRAINT_CATALOG`, "
     "'' AS `unique_constraint_schema`, `unique_constraint_schema` AS `UNIQUE_CONSTRAINT_SCHEMA`, "
     "'' AS `match_option`, `match_option` AS `MATCH_OPTION`, "
     "'' AS `update_rule`, `update_rule` AS `UPDATE_RULE`, "
     "'' AS `delete_rule`, `delete_rule` AS `DELETE_RULE`, "
     "'' AS `table_name`, `table_name` AS `TABLE_NAME`, "
     "'' AS `referenced_table_name`, `referenced_table_name` AS `REFERENCED_TABLE_NAME` "
     "FROM system.one WHERE 0"},
    {"system", "clusters",
     "CREATE VIEW system.clusters AS SELECT "
     "'default' AS `cluster`, "
     "CAST(1 AS UInt32) AS `shard_num`, "
     "'' AS `shard_name`, "
     "CAST(1 AS UInt32) AS `shard_weight`, "
     "CAST(0 AS UInt8) AS `internal_replication`, "
     "CAST(1 AS UInt32) AS `replica_num`, "
     "'localhost' AS `host_name`, "
     "'127.0.0.1' AS `host_address`, "
     "CAST(tcpPort() AS UInt16) AS `port`, "
     "CAST(1 AS UInt8) AS `is_local`, "
     "'default' AS `user`, "
     "'' AS `default_database`, "
     "CAST(0 AS UInt32) AS `errors_count`, "
     "CAST(0 AS UInt32) AS `slowdowns_count`, "
     "CAST(0 AS UInt32) AS `estimated_recovery_time`, "
     "'' AS `database_shard_name`, "
     "'' AS `database_replica_name`, "
     "CAST(NULL AS Nullable(UInt8)) AS `is_active` "
     "FROM system.one"},
    {"system", "replicas",
     "CREATE VIEW system.replicas AS SELECT "
     "'' AS `database`, "
     "'' AS `table`, "
     "toUUID('00000000-0000-0000-0000-000000000000') AS `uuid`, "
     "'' AS `engine`, "
     "CAST(0 AS UInt8) AS `is_leader`, "
     "CAST(0 AS UInt8) AS `can_become_leader`, "
     "CAST(0 AS UInt8) AS `is_readonly`, "
     "CAST(NULL AS Nullable(DateTime)) AS `readonly_start_time`, "
     "CAST(0 AS UInt8) AS `is_session_expired`, "
     "CAST(0 AS UInt32) AS `future_parts`, "
     "CAST(0 AS UInt32) AS `parts_to_check`, "
     "'' AS `zookeeper_name`, "
     "'' AS `zookeeper_path`, "
     "'' AS `replica_name`, "
     "'' AS `replica_path`, "
     "CAST(0 AS Int32) AS `columns_version`, "
     "CAST(0 AS UInt32) AS `queue_size`, "
     "CAST(0 AS UInt32) AS `inserts_in_queue`, "
     "CAST(0 AS UInt32) AS `merges_in_queue`, "
     "CAST(0 AS UInt32) AS `part_mutations_in_queue`, "
     "CAST(0 AS DateTime) AS `queue_oldest_time`, "
     "CAST(0 AS DateTime) AS `inserts_oldest_time`, "
     "CAST(0 AS DateTime) AS `merges_oldest_time`, "
     "CAST(0 AS DateTime) AS `part_mutations_oldest_time`, "
     "'' AS `oldest_part_to_get`, "
     "'' AS `oldest_part_to_merge_to`, "
     "'' AS `oldest_part_to_mutate_to`, "
     "CAST(0 AS UInt64) AS `log_max_index`, "
     "CAST(0 AS UInt64) AS `log_pointer`, "
     "CAST(0 AS DateTime) AS `last_queue_update`, "
     "CAST(0 AS UInt64) AS `absolute_delay`, "
     "CAST(0 AS UInt32) AS `total_replicas`, "
     "CAST(0 AS UInt32) AS `active_replicas`, "
     "CAST(0 AS UInt64) AS `lost_part_count`, "
     "'' AS `last_queue_update_exception`, "
     "'' AS `zookeeper_exception`, "
     "CAST(map() AS Map(String, UInt8)) AS `replica_is_active`, "
     "CAST(NULL AS Nullable(UInt64)) AS `readonly_duration` "
     "FROM system.one WHERE 0"},
    {"system", "macros",
     "CREATE VIEW system.macros AS SELECT "
     "'' AS `macro`, "
     "'' AS `substitution` "
     "FROM system.one WHERE 0"},
};

static const struct builtin *find(struct slice database, struct slice name)
{
    for (size_t k = 0; k < sizeof(builtins) / sizeof(builtins[0]); k++) {
        const struct builtin *builtin = &builtins[k];
        bool is_schema = builtin_database(database) && builtin_database(slice_text(builtin->database));
        bool same =
            is_schema
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

struct slice builtin_view(struct slice database, struct slice name)
{
    const struct builtin *builtin = find(database, name);
    return builtin == NULL ? (struct slice){0} : slice_text(builtin->definition);
}

bool builtin_system_view(uint32_t index, const char **name)
{
    for (size_t k = 0; k < sizeof(builtins) / sizeof(builtins[0]); k++) {
        if (strcmp(builtins[k].database, "system") == 0 && index-- == 0) {
            *name = builtins[k].name;
            return true;
        }
    }
    return false;
}
