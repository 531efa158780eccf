"""System tables as clients of ClickHouse read them, SHOW, and functions that ask for settings and columns."""
import pathlib
import re

import pytest
import requests

from weir import DEADLINE, ROOT, QueryError, Server, wait_until

RECORDED = [line.rstrip("\n").split("\t") for line in open(pathlib.Path(__file__).with_name("clickhouse_system.tsv"), encoding="utf-8")]

# ---- what is Weir's own

OWN_TABLES = {"alert_checkpoints", "alert_deliveries", "alert_history", "alert_instances", "alerts", "dead_letters", "holds", "late_rows", "live_queries", "offset_ledger", "quarantined_segments", "recorded_values", "restored_tables", "segments",
              "sources", "watermarks", "zeros"}
# ClickHouse makes these when something is logged, or with its server alone
UNRECORDED = {"query_log", "asynchronous_metrics", "asynchronous_insert_log", "metric_log", "asynchronous_metric_log"}
OWN_COLUMNS = {
    "current_roles": {"is_current"}, "detached_parts": {"rows"}, "merges": {"level", "rows_total"}, "metrics": {"number", "kind", "labels"},
    "mutations": {"rows", "segments", "query_id"}, "processes": {"is_waiting"},
    "tables": {"head_rows", "head_bytes", "segments", "schema_version", "stopped"},
}
# a text or a number where ClickHouse has an Enum, whose values are shown as texts
OTHER_TYPES = {("grants", "access_type"), ("privileges", "privilege"), ("privileges", "level"), ("privileges", "parent_group"),
               ("processes", "interface"), ("quotas", "keys"), ("quotas", "durations"), ("settings_profile_elements", "writability"),
               ("users", "auth_type"), ("dictionaries", "status"), ("data_skipping_indices", "creation"), ("backups", "status")}


def without_enum_values(kind):
    return re.sub(r"(Enum\d*)\(('[^']*' = -?\d+(, )?)*\)", r"\1", kind)


def test_columns_are_those_of_clickhouse(shared):
    recorded = {}
    for line in RECORDED:
        if line[0] == "column":
            recorded.setdefault(line[1], {})[line[2]] = line[3]
    found = {}
    for table, name, kind in shared.rows("SELECT table, name, type FROM system.columns WHERE database = 'system'"):
        found.setdefault(table, {})[name] = without_enum_values(kind)
    own = {}
    for table, columns in found.items():
        if table not in recorded:
            assert table in OWN_TABLES | UNRECORDED, table
            continue
        for name, kind in columns.items():
            if name not in recorded[table]:
                own.setdefault(table, set()).add(name)
            elif (table, name) not in OTHER_TYPES:
                assert kind == recorded[table][name], (table, name)
    assert own == OWN_COLUMNS
    # DESCRIBE, which clients use too, says the same
    for table, columns in found.items():
        described = [line.split("\t")[:2] for line in shared.query(f"DESCRIBE TABLE system.{table} FORMAT TSVRaw").rstrip("\n").split("\n")]
        assert {name: without_enum_values(kind) for name, kind in described} == columns
    listed = {row[0] for row in shared.rows("SELECT name FROM system.tables WHERE database = 'system'")}
    assert set(found) == listed


def test_types_of_settings_and_families(shared):
    own = {"limit", "offset", "insert_quorum",  # whole numbers alone
           "async_insert_busy_timeout_ms", "async_insert_busy_timeout_min_ms", "async_insert_busy_timeout_max_ms"}
    recorded = {line[1]: line[2] for line in RECORDED if line[0] == "setting"}
    found = dict(shared.rows("SELECT name, type FROM system.settings"))
    assert {name: kind for name, kind in found.items() if name in recorded and kind != recorded[name]}.keys() == own
    families = {line[1]: [int(line[2]), line[3]] for line in RECORDED if line[0] == "family"}
    rows = shared.rows("SELECT name, case_insensitive, alias_to FROM system.data_type_families")
    assert len(rows) > 80 and {row[0]: row[1:] for row in rows if row[0] in families} == families
    for name, alias in shared.rows("SELECT name, alias_to FROM system.data_type_families WHERE alias_to != '' AND alias_to != 'Decimal'"):
        value = "'127.0.0.1'" if alias == "IPv4" else "'::1'" if alias == "IPv6" else "1"
        assert shared.query(f"SELECT toTypeName(CAST({value} AS {name}))") == alias + "\n"


def test_keywords_are_the_parsers(shared):
    words = set()
    for file in (ROOT / "sql").glob("parse*.c"):
        text = re.sub(r"/\*.*?\*/", "", file.read_text(), flags=re.S)
        words |= {word for word in re.findall(r'"([A-Z][A-Z_]+(?: [A-Z_]+)*)"', text)}
    listed = [row[0] for row in shared.rows("SELECT keyword FROM system.keywords")]
    assert listed == sorted(words), "sql/keywords.c is not what sql/parse*.c have"


def test_what_clients_complete_with(shared):
    """clickhouse-client's query for its suggestions."""
    text = shared.query(
        "SELECT DISTINCT arrayJoin(extractAll(name, '[\\\\w_]{2,}')) AS res FROM (SELECT name FROM system.functions UNION ALL "
        "SELECT name FROM system.table_engines UNION ALL SELECT name FROM system.formats UNION ALL SELECT name FROM system.table_functions UNION ALL "
        "SELECT name FROM system.data_type_families UNION ALL SELECT name FROM system.merge_tree_settings UNION ALL SELECT name FROM system.settings "
        "UNION ALL SELECT keyword FROM system.keywords UNION ALL SELECT macro FROM system.macros UNION ALL SELECT policy_name FROM system.storage_policies "
        "UNION ALL SELECT concat(func.name, comb.name) FROM system.functions AS func CROSS JOIN system.aggregate_function_combinators AS comb "
        "WHERE is_aggregate UNION ALL SELECT name FROM system.databases LIMIT 10000) WHERE notEmpty(res)")
    assert {"toDateTime", "ReplacingMergeTree", "JSONEachRow", "numbers", "LowCardinality", "index_granularity", "max_threads", "default"} <= set(
        text.split())
    both = shared.rows("SELECT name, is_input, is_output, content_type FROM system.formats WHERE name IN ('TSV', 'JSON', 'LineAsString', 'JSONAsString')")
    assert sorted(both) == [["JSON", 1, 1, "application/json; charset=UTF-8"], ["JSONAsString", 1, 0, ""],
                            ["LineAsString", 1, 1, "text/tab-separated-values; charset=UTF-8"],
                            ["TSV", 1, 1, "text/tab-separated-values; charset=UTF-8"]]
    assert shared.query("SELECT count() = uniqExact(name) FROM system.formats") == "1\n"
    for format_name in shared.query("SELECT name FROM system.formats WHERE is_output AND name NOT IN ('Null', 'Prometheus')").split():
        reply = shared.post("SELECT 'x' AS x", default_format=format_name, format_template_row_format="${x:CSV}")
        assert reply.status_code == 200, format_name
    zones = shared.query("SELECT time_zone FROM system.time_zones").split()
    assert {"UTC", "Europe/Berlin", "Asia/Tokyo"} <= set(zones)
    assert shared.query("SELECT timezoneOffset(toDateTime(0, 'Asia/Tokyo'))") == "32400\n"


# ---- settings


def test_settings_are_the_sessions(shared):
    ask = "SELECT name, value, changed FROM system.settings WHERE name IN ('max_threads', 'max_execution_time', 'log_comment', 'join_use_nulls') ORDER BY name"
    default = [["join_use_nulls", "0", 0], ["log_comment", "", 0], ["max_execution_time", "0", 0], ["max_threads", "0", 0]]
    assert shared.rows(ask) == default
    assert shared.rows(ask + " SETTINGS max_threads = 3", max_execution_time="1.5", log_comment="mine") == [
        ["join_use_nulls", "0", 0], ["log_comment", "mine", 1], ["max_execution_time", "1.5", 1], ["max_threads", "3", 1]]
    shared.query("SET join_use_nulls = 1, log_comment = 'session'", session_id="settings")
    assert shared.rows(ask, session_id="settings")[:2] == [["join_use_nulls", "1", 1], ["log_comment", "session", 1]]
    assert shared.rows(ask, session_id="settings", log_comment="")[1] == ["log_comment", "", 0]
    assert shared.rows(ask) == default
    assert shared.query("SHOW CHANGED SETTINGS LIKE '%join%'", session_id="settings") == "join_use_nulls\tBool\t1\n"
    for setting, value, shown, kind in (
            ("max_threads", 0, "0", "UInt8"), ("max_threads", 300, "300", "UInt16"), ("log_queries", 1, "true", "Bool"),
            ("max_execution_time", "2.5", "2.5", "Float64"), ("load_balancing", "random", "random", "String"),
            ("format_csv_delimiter", ";", ";", "String"), ("input_format_allow_errors_ratio", "0.25", "0.25", "Float64"),
            ("max_memory_usage", 10**10, "10000000000", "UInt64"), ("session_timezone", "Asia/Tokyo", "Asia/Tokyo", "String"),
            ("timeout_overflow_mode", "break", "break", "String"), ("max_bytes_ratio_before_external_sort", "0.25", "0.25", "Float64")):
        assert shared.query(f"SELECT getSetting('{setting}') AS a, toTypeName(a)", **{setting: value}) == f"{shown}\t{kind}\n"
    assert shared.query("SELECT getSettingOrDefault('nope', 'x'), getSettingOrDefault('max_threads', 'x')") == "x\t0\n"
    for sql, code in (("SELECT getSetting('nope')", 115), ("SELECT getSetting(toString(number)) FROM numbers(2)", 44),
                      ("SELECT getServerSetting('nope')", 115),
                      ("CREATE TABLE never (a UInt8 DEFAULT getSetting('max_threads')) ENGINE = MergeTree ORDER BY a", 48)):
        with pytest.raises(QueryError) as caught:
            shared.query(sql)
        assert caught.value.code == code, caught.value
    assert shared.query("SELECT getServerSetting('queries_max')") == "32\n"
    assert shared.rows("SELECT value, default, changed FROM system.server_settings WHERE name = 'http_port'") == [["0", "8123", 1]]


def test_settings_of_a_user(make_server):
    server = make_server()
    server.query("CREATE SETTINGS PROFILE slow SETTINGS max_threads = 2 MIN 1 MAX 4, max_memory_usage = 1000000000 READONLY, log_comment = 'of the profile'")
    server.query("CREATE USER ann IDENTIFIED WITH no_password SETTINGS PROFILE 'slow'")
    ask = "SELECT name, value, changed, min, max, readonly FROM system.settings WHERE name IN ('log_comment', 'max_memory_usage', 'max_threads') ORDER BY name"
    assert server.rows(ask, user="ann") == [["log_comment", "of the profile", 1, None, None, 0], ["max_memory_usage", "1000000000", 1, None, None, 1],
                                            ["max_threads", "2", 1, "1", "4", 0]]
    assert server.rows(ask, user="ann", max_threads=3, log_comment="")[0:3:2] == [["log_comment", "", 0, None, None, 0],
                                                                                  ["max_threads", "3", 1, "1", "4", 0]]
    assert server.rows("SELECT uniqExact(readonly) FROM system.settings", user="ann", readonly=1) == [[1]]
    with pytest.raises(QueryError) as caught:
        server.query("SELECT getServerSetting('data_dir')", user="ann")
    assert caught.value.code == 497


def test_has_column(shared):
    shared.query("CREATE DATABASE has")
    shared.query("CREATE TABLE has.t (a UInt8, b UInt8 ALIAS a + 1) ENGINE = MergeTree ORDER BY a")
    shared.query("CREATE VIEW has.v AS SELECT a, a AS c FROM has.t")
    assert shared.rows("SELECT hasColumnInTable('has', 't', 'a'), hasColumnInTable('has', 't', 'b'), hasColumnInTable('has', 't', 'c'), "
                       "hasColumnInTable('has', 'v', 'c'), hasColumnInTable('system', 'one', 'dummy'), hasColumnInTable('system', 'clusters', 'x')") == [
        [1, 1, 0, 1, 1, 0]]
    shared.query("CREATE USER has_user IDENTIFIED WITH no_password")
    for table, code, user in (("none", 60, "default"), ("t", 497, "has_user"), ("none", 497, "has_user")):
        with pytest.raises(QueryError) as caught:
            shared.query(f"SELECT hasColumnInTable('has', '{table}', 'a')", user=user)
        assert caught.value.code == code


# ---- counters


def test_counters(make_server):
    server = make_server()

    def events():
        return dict(server.rows("SELECT event, value FROM system.events"))

    before = events()
    server.query("CREATE TABLE t (a UInt8) ENGINE = MergeTree ORDER BY a")
    server.query("INSERT INTO t VALUES (1), (2)")
    server.query("SELECT sum(a) FROM t")
    with pytest.raises(QueryError):
        server.query("SELECT nothing FROM t", query_id="the-failing-one")
    after = events()
    grown = {name: int(after[name]) - int(before.get(name, 0)) for name in after}
    assert grown["InsertQuery"] == 1 and grown["InsertedRows"] == 2 and grown["FailedQuery"] == 1 and grown["SelectedRows"] >= 2
    assert grown["SelectQuery"] >= 2 and grown["Query"] == grown["SelectQuery"] + 2
    code, count, message, query_id = server.rows(
        "SELECT code, value, last_error_message, query_id FROM system.errors WHERE name = 'UNKNOWN_IDENTIFIER'")[0]
    assert (code, int(count), query_id) == (47, 1, "the-failing-one") and "nothing" in message
    assert server.query("SELECT dateDiff('second', last_error_time, now()) BETWEEN 0 AND 600 FROM system.errors WHERE code = 47") == "1\n"
    metrics = dict(server.rows("SELECT metric, toInt64(value) FROM system.metrics WHERE NOT startsWith(metric, 'weir_')"))
    assert int(metrics["Query"]) == 1 and int(metrics["HTTPConnection"]) >= 1 and int(metrics["MemoryTracking"]) > 0
    assert int(metrics["AttachedDatabase"]) == int(server.value("SELECT count() FROM system.databases WHERE engine = 'Atomic'"))
    assert server.rows("SELECT value, number FROM system.metrics WHERE metric = 'weir_inserted_rows_total'") == [[2, 2]]
    numbers = dict(server.rows("SELECT metric, value FROM system.asynchronous_metrics"))
    assert numbers["TotalRowsOfMergeTreeTables"] == 2 and numbers["MemoryResident"] > 1e6 and numbers["Uptime"] > 0
    disk = server.rows("SELECT name, path, total_space >= free_space AND free_space > 0, type FROM system.disks")
    assert disk == [["default", str(server.data), 1, "Local"]]
    assert server.query("SELECT policy_name, disks FROM system.storage_policies") == "default\t['default']\n"
    assert server.query("SELECT * FROM system.warnings") == ""


def test_logs_of_counters(make_server):
    """Once a second, and every ten seconds: as ClickHouse's dashboards read them."""
    server = make_server()
    server.query("CREATE TABLE t (a UInt8) ENGINE = MergeTree ORDER BY a")
    begin = server.value("SELECT max(event_time_microseconds) FROM system.metric_log WHERE ProfileEvent_Query >= 0")
    for _ in range(7):
        server.query("INSERT INTO t VALUES (1), (2)")
    wait_until(lambda: server.value("SELECT sum(ProfileEvent_InsertQuery) FROM system.metric_log") == 7, "the inserts are in a sample")
    rows, bad = server.rows("SELECT sum(ProfileEvent_InsertedRows), countIf(event_date != toDate(event_time) OR hostname != 'weir') FROM system.metric_log")[0]
    assert (rows, bad) == (14, 0) and begin is not None
    wait_until(lambda: server.value("SELECT count() FROM merge('system', '^metric_log') WHERE event_time >= now() - 600") >= 3, "samples are taken")
    assert server.value("SELECT max(CurrentMetric_HTTPConnection) >= 1 AND max(ProfileEvent_OSCPUVirtualTimeMicroseconds) > 0 AND uniqExact(event_time_microseconds) = count() FROM system.metric_log")
    assert server.value("SELECT sum(ProfileEvent_Query) FROM system.metric_log") <= server.value("SELECT value FROM system.events WHERE event = 'Query'")
    memory = server.rows("SELECT min(value) > 1e6, count() > 0 FROM system.asynchronous_metric_log WHERE metric = 'MemoryResident' AND event_time > now() - 600")
    assert memory == [[1, 1]]


# ---- SHOW


def test_show(shared):
    shared.query("CREATE DATABASE showing")
    shared.query("CREATE TABLE showing.t (a UInt8 COMMENT 'first', b String, INDEX x b TYPE bloom_filter GRANULARITY 1) ENGINE = MergeTree ORDER BY (a, b)")
    shared.query("CREATE VIEW showing.tv AS SELECT a FROM showing.t")
    head = "FORMAT TSVWithNames"
    assert shared.query(f"SHOW FULL TABLES FROM showing {head}") == "name\tengine\nt\tMergeTree\ntv\tView\n"
    assert shared.query("SHOW TABLES FROM showing LIKE 'T%'") == "" and shared.query("SHOW TABLES FROM showing ILIKE 'T%' LIMIT 1") == "t\n"
    assert shared.query("SHOW TABLES FROM showing NOT LIKE '%v'") == "t\n"
    assert shared.query("SHOW TABLES FROM showing WHERE engine = 'View'") == "tv\n"
    assert shared.query(f"SHOW FULL COLUMNS FROM t FROM showing LIKE 'a' {head}") == (
        "field\ttype\tnull\tkey\tdefault\textra\tcollation\tcomment\tprivileges\na\tUInt8\tNO\tPRI SOR\t\\N\t\t\\N\tfirst\t\n")
    assert shared.query("SHOW FIELDS FROM showing.t WHERE type = 'String'").startswith("b\tString\t")
    assert shared.query("SHOW COLUMNS FROM one FROM system") == "dummy\tUInt8\tNO\t\t\\N\t\n"
    index = shared.query(f"SHOW INDEX FROM showing.t {head}").split("\n")
    assert index[0] == ("table\tnon_unique\tkey_name\tseq_in_index\tcolumn_name\tcollation\tcardinality\tsub_part\tpacked\tnull\tindex_type\tcomment\t"
                        "index_comment\tvisible\texpression")
    assert [line.split("\t")[2:5] for line in index[1:-1]] == [["PRIMARY", "1", "a"], ["PRIMARY", "2", "b"], ["x", "1", ""]]
    for form in ("INDEXES FROM showing.t", "INDICES IN showing.t", "KEYS FROM t FROM showing", "EXTENDED INDEX FROM showing.t"):
        assert shared.query(f"SHOW {form} WHERE key_name = 'x'") == "t\t1\tx\t1\t\t\\N\t0\t\\N\t\\N\t\\N\tbloom_filter\t\t\tYES\tb\n"
    assert shared.query(f"SHOW CLUSTERS {head}") == "cluster\ndefault\n"
    assert shared.query(f"SHOW CLUSTER 'c' {head}") == "cluster\tshard_num\treplica_num\thost_name\thost_address\tport\n"
    assert shared.query("SHOW SETTINGS LIKE 'max_thr%'") == "max_threads\tMaxThreads\t0\n" and shared.query("SHOW SETTING max_threads") == "0\n"
    assert shared.query(f"SHOW ENGINES LIKE 'MergeTree' {head}").startswith("name\tsupports_settings\tsupports_skipping_indices\t")
    assert shared.query(f"SHOW FUNCTIONS ILIKE 'TOSTARTOFHOUR' {head}").split("\n")[1].startswith("toStartOfHour\t0\t0\t")
    assert "SHOW PROCESSLIST" in shared.query("SHOW PROCESSLIST LIKE 'SHOW%' FORMAT TSV")
    assert shared.query(f"SHOW MERGES {head}") == "table\tdatabase\testimate_complete\telapsed\tprogress\tis_mutation\tsize_compressed\n"
    assert "slow" not in shared.query("SHOW SETTINGS PROFILES")
    for sql, code in (("SHOW TABLES FROM nowhere", 81), ("SHOW COLUMNS FROM nothing", 60), ("SHOW INDEX FROM nothing", 60),
                      ("SHOW FULL DATABASES", 62), ("SHOW EXTENDED TABLES", 62), ("SHOW TABLES FROM showing WHERE nothing = 1", 47)):
        with pytest.raises(QueryError) as caught:
            shared.query(sql)
        assert caught.value.code == code, caught.value


def test_flush_logs(shared):
    shared.query("SELECT 'flushed'", query_id="flushed")
    for statement in ("SYSTEM FLUSH LOGS", "SYSTEM FLUSH LOGS query_log, system.part_log;"):
        assert shared.query(statement) == ""
    assert shared.query("SELECT query FROM system.query_log WHERE query_id = 'flushed'") == "SELECT \\'flushed\\'\n"
    with pytest.raises(QueryError) as caught:
        shared.query("SYSTEM FLUSH LOGS query_log,")
    assert caught.value.code == 62


def test_names_as_parameters(shared):
    names = {"param_db": "named", "param_t": "a", "param_u": "b"}

    def run(sql):
        return shared.query(sql, **names)

    run("CREATE DATABASE {db:Identifier}")
    run("CREATE TABLE {db:Identifier}.{t:Identifier} (x UInt8) ENGINE = MergeTree ORDER BY x")
    run("INSERT INTO {db:Identifier}.{t:Identifier} VALUES (1)")
    assert run("SELECT count() FROM {db:Identifier}.{t:Identifier}") == run("SELECT count() FROM {db:Identifier}.a") == "1\n"
    assert run("SELECT q.x FROM {db:Identifier}.{t:Identifier} AS q JOIN named.{t:Identifier} AS r USING x") == "1\n"
    assert run("EXPLAIN SYNTAX SELECT x FROM named.{t:Identifier}").endswith("FROM named.{t:Identifier}\n")
    assert run("SHOW TABLES FROM {db:Identifier}") == "a\n" and run("EXISTS {db:Identifier}.{t:Identifier}") == "1\n"
    assert run("DESCRIBE {db:Identifier}.{t:Identifier}").startswith("x\tUInt8") and "named.a" in run("SHOW CREATE TABLE {db:Identifier}.{t:Identifier}")
    run("ALTER TABLE {db:Identifier}.{t:Identifier} ADD COLUMN y UInt8")
    assert run("SHOW COLUMNS FROM {t:Identifier} FROM {db:Identifier}").count("\n") == 2
    run("CREATE VIEW {db:Identifier}.v AS SELECT 7")
    assert run("SELECT * FROM {db:Identifier}.v") == "7\n"
    run("RENAME TABLE {db:Identifier}.{t:Identifier} TO {db:Identifier}.{u:Identifier}")
    assert shared.query("SHOW TABLES FROM named") == "b\nv\n"
    run("DROP TABLE {db:Identifier}.{u:Identifier}, {db:Identifier}.v")
    assert shared.query("SHOW TABLES FROM named") == ""
    # rights are those of the names that are put in
    shared.query("CREATE USER named_user IDENTIFIED WITH no_password")
    shared.query("GRANT CREATE TABLE ON default.* TO named_user")
    with pytest.raises(QueryError) as caught:
        shared.query("CREATE TABLE {db:Identifier}.c (x UInt8) ENGINE = MergeTree ORDER BY x", user="named_user", **names)
    assert caught.value.code == 497
    run("DROP DATABASE {db:Identifier}")
    assert shared.query("EXISTS DATABASE named") == "0\n"


def test_values(shared):
    assert shared.query("SELECT * FROM VALUES (('a', 1), ('b', 2))") == shared.query("SELECT * FROM values(('a', 1), ('b', 2))") == "a\t1\nb\t2\n"
    assert shared.query("SELECT c1 AS n, c4 AS m FROM VALUES (('ApplicationName', 255, '', 'what'))") == "ApplicationName\twhat\n"
    assert shared.query("SELECT * FROM Values ('a', 'b')") == "a\nb\n"


# ---- rights


def test_other_names_of_columns(shared):
    """ClickHouse's ALIAS columns of system tables: * leaves them out, DESCRIBE and system.columns tell of them."""
    shared.query("CREATE TABLE other_names (a UInt32, b String) ENGINE = MergeTree ORDER BY a")
    shared.query("INSERT INTO other_names SELECT number, toString(number) FROM numbers(1000)")
    shared.query("OPTIMIZE TABLE other_names FINAL")
    where = "WHERE database = currentDatabase() AND table = 'other_names'"
    (row,) = shared.rows(f"SELECT bytes, bytes_on_disk, bytes AS again, part_name, name, database FROM system.parts {where}")
    assert row[0] == row[1] == row[2] > 0 and row[3] == row[4]
    assert shared.rows(f"SELECT part_name FROM system.parts {where}") == [[row[3]]]
    assert shared.rows(f"SELECT table FROM system.tables {where}") == [["other_names"]]
    assert shared.rows(f"SELECT column, name, column FROM system.columns {where} ORDER BY position") == [["a"] * 3, ["b"] * 3]
    assert shared.rows("SELECT database, name FROM system.databases WHERE database = 'default'") == [["default", "default"]]
    assert shared.rows("SELECT name = metric FROM system.metrics LIMIT 1") == [[1]]
    names = shared.query("SELECT * FROM system.parts LIMIT 0 FORMAT TSVWithNames").split()
    assert "bytes_on_disk" in names and "bytes" not in names
    assert ["bytes", "UInt64", "ALIAS", "bytes_on_disk"] in [row[:4] for row in shared.rows("DESCRIBE system.parts")]
    assert shared.rows("SELECT default_expression FROM system.columns WHERE database = 'system' AND table = 'parts' AND default_kind = 'ALIAS' ORDER BY 1") == [
        ["bytes_on_disk"], ["name"]]


def test_bytes_of_columns_in_parts(shared):
    shared.query("CREATE TABLE column_bytes (a UInt32, b String) ENGINE = MergeTree ORDER BY a")
    shared.query("INSERT INTO column_bytes SELECT number, toString(number) FROM numbers(1000)")
    shared.query("OPTIMIZE TABLE column_bytes FINAL")
    shared.query("ALTER TABLE column_bytes ADD COLUMN c UInt8")
    where = "WHERE database = currentDatabase() AND table = 'column_bytes'"
    ask = f"SELECT column, sum(rows), sum(column_bytes_on_disk) FROM system.parts_columns {where} AND active GROUP BY column ORDER BY column"
    assert [row[:2] for row in shared.rows(ask)] == [["a", 1000], ["b", 1000]]  # c came later
    shared.query("INSERT INTO column_bytes SELECT number, toString(number), 1 FROM numbers(2000)")
    shared.query("OPTIMIZE TABLE column_bytes FINAL")
    rows = shared.rows(ask)
    assert [row[:2] for row in rows] == [["a", 3000], ["b", 3000], ["c", 3000]]
    assert [[row[2]] for row in rows] == shared.rows(f"SELECT data_compressed_bytes FROM system.columns {where} ORDER BY name")


def test_show_create_of_what_every_server_has(shared):
    text = shared.query("SHOW CREATE TABLE system.one FORMAT TSVRaw")
    assert text == "CREATE TABLE system.one\n(\n    dummy UInt8\n)\nENGINE = SystemTable\n"
    for name in ("system.replicas", "information_schema.tables"):
        text = shared.query(f"SHOW CREATE TABLE {name} FORMAT TSVRaw")
        made = text.replace(name, "made_again", 1).removesuffix("\n")
        shared.query(made)
        assert shared.query("DESCRIBE made_again") == shared.query(f"DESCRIBE {name}")
        shared.query("DROP VIEW made_again")
    assert {"tables", "TABLES", "columns", "COLUMNS"} <= {row[0] for row in shared.rows("SHOW TABLES FROM information_schema")}
    assert shared.rows("SELECT count() > 0 FROM system.columns WHERE database = 'information_schema' AND table = 'tables' AND column = 'TABLE_NAME'") == [[1]]


def test_information_schema_shows_what_one_may_see(make_server):
    server = make_server()
    server.query("CREATE DATABASE seen")
    server.query("CREATE DATABASE unseen")
    for table in ("seen.yes", "seen.no", "unseen.t"):
        server.query(f"CREATE TABLE {table} (a UInt8, b UInt8) ENGINE = MergeTree ORDER BY (a, b)")
    server.query("CREATE VIEW seen.view AS SELECT * FROM seen.no")
    server.query("CREATE USER ann IDENTIFIED WITH no_password")
    server.query("GRANT SELECT(a) ON seen.yes TO ann")

    def ask(sql):
        return server.rows(sql, user="ann")

    for schema in ("information_schema", "INFORMATION_SCHEMA"):
        assert ask(f"SELECT schema_name FROM {schema}.schemata ORDER BY 1") == [["INFORMATION_SCHEMA"], ["information_schema"], ["seen"], ["system"]]
        assert ask(f"SELECT table_schema, table_name FROM {schema}.tables WHERE lower(table_schema) NOT IN ('system', 'information_schema')") == [["seen", "yes"]]
        assert ask(f"SELECT table_name, column_name FROM {schema}.columns WHERE lower(table_schema) NOT IN ('system', 'information_schema')") == [["yes", "a"]]
        assert ask(f"SELECT table_name, column_name FROM {schema}.key_column_usage WHERE lower(table_schema) NOT IN ('system', 'information_schema')") == [["yes", "a"]]
        assert ask(f"SELECT * FROM {schema}.views WHERE lower(table_schema) NOT IN ('system', 'information_schema')") == []
    assert server.rows("SELECT count() FROM information_schema.tables WHERE table_schema IN ('seen', 'unseen')") == [[4]]
    with pytest.raises(QueryError) as caught:
        server.query("SHOW INDEX FROM seen.yes", user="ann")
    assert caught.value.code == 497
    server.query("GRANT SELECT ON unseen.*, SELECT ON seen.yes TO ann")
    assert ["unseen", "t"] in ask("SELECT table_schema, table_name FROM information_schema.tables")
    assert server.query("SHOW INDEX FROM seen.yes", user="ann").count("\n") == 2


def test_settings_that_tables_of_clickhouse_have(shared):
    shared.query(
        "CREATE TABLE settled (a String, n UInt32) ENGINE = MergeTree ORDER BY n SETTINGS index_granularity = 8192, ttl_only_drop_parts = 1, allow_nullable_key = 1, "
        "min_age_to_force_merge_seconds = 600, compress_marks = 1, merge_max_block_size = 1024, max_parts_in_total = 100000, enable_vertical_merge_algorithm = 0"
    )
    names = set(shared.query("SELECT name FROM system.merge_tree_settings").split())
    assert {"compress_marks", "merge_max_block_size", "retention_bytes"} <= names
    for setting in ("clean_deleted_rows = 'Always'", "enable_block_number_column = 1", "disk = 'cold'", "compres_marks = 1"):
        with pytest.raises(QueryError, match="there is no table setting"):
            shared.query(f"CREATE TABLE unsettled (n UInt32) ENGINE = MergeTree ORDER BY n SETTINGS {setting}")
    shared.query("DROP TABLE settled")


# ---- a cluster of this server alone, and what Grafana's bundled dashboards of ClickHouse ask it


def test_cluster_is_this_server(tmp_path):
    server = Server(tmp_path)
    try:
        assert server.rows("SELECT cluster, shard_num, replica_num, host_name, is_local, port = tcpPort(), errors_count, slowdowns_count FROM "
                           "system.clusters") == [["default", 1, 1, "localhost", 1, 1, 0, 0]]
        assert server.query("SHOW CLUSTERS") == "default\n"
        assert server.query("SELECT count() FROM system.replicas WHERE absolute_delay > 0 AND inserts_in_queue + merges_in_queue > 0") == "0\n"
        server.query("CREATE TABLE t (x UInt8, s String) ENGINE = MergeTree ORDER BY x")
        server.query("INSERT INTO t VALUES (1, 'a'), (2, 'b')")
        port = server.query("SELECT tcpPort()").strip()
        for call in ("cluster('default', default.t)", "cluster(default, default, t)", "clusterAllReplicas('default', 'default.t')", "remote('127.0.0.1', default.t)",
                     f"remote('localhost:{port}', default, t)", "clusterAllReplicas(default, merge('default', '^t$'))",
                     "cluster('default', view(SELECT * FROM t))"):
            assert server.query(f"SELECT x, s FROM {call} ORDER BY x") == "1\ta\n2\tb\n", call
        assert server.query("SELECT * FROM cluster('default')") == "0\n"
        assert "Scan default.t" in server.query("EXPLAIN SELECT x FROM cluster('default', default.t) WHERE x = 1")
        for call, code in (("cluster('other', default.t)", 701), ("remote('127.0.0.2', default.t)", 48), ("remote('localhost:1', default.t)", 48),
                           ("remote('127.0.0.1,127.0.0.1', default.t)", 48), ("remote('localhost', default.t, 'default')", 48),
                           ("cluster('default', default)", 42), ("cluster()", 42), ("cluster('default', default.nothing)", 60)):
            with pytest.raises(QueryError) as raised:
                server.query(f"SELECT * FROM {call}")
            assert raised.value.code == code, call
        assert {"merge", "cluster", "clusterAllReplicas", "remote"} <= {row[0] for row in server.rows("SELECT name FROM system.table_functions")}
        # names stay what they were when a view was made
        server.query("CREATE DATABASE other")
        server.query("CREATE VIEW v AS SELECT x FROM merge('^t$')")
        assert server.query("SELECT x FROM default.v ORDER BY x", database="other") == "1\n2\n"
        # a view that finds itself
        server.query("CREATE VIEW other.own AS SELECT 1 AS x")
        server.query("CREATE OR REPLACE VIEW other.all AS SELECT x FROM merge('other', '^own$')")
        assert server.query("SELECT * FROM other.all") == "1\n"
        # rights are those of each table; others are not found
        server.query("CREATE USER reader IDENTIFIED BY 'secret'")
        server.query("CREATE TABLE t2 (x UInt8) ENGINE = MergeTree ORDER BY x")
        server.query("GRANT SELECT(x) ON default.t TO reader")
        ask = {"user": "reader", "password": "secret"}
        assert server.query("SELECT x FROM merge('default', '^t') ORDER BY x", **ask) == "1\n2\n"
        assert server.query("SELECT x FROM cluster('default', default.t) ORDER BY x", **ask) == "1\n2\n"
        for call, code in (("SELECT s FROM merge('default', '^t')", 497), ("SELECT s FROM cluster('default', default.t)", 497),
                           ("SELECT x FROM merge('default', '^t2')", 636), ("SELECT x FROM cluster('default', default.t2)", 497),
                           ("SELECT x FROM remote('localhost', default.t)", 497)):
            with pytest.raises(QueryError) as raised:
                server.query(call, **ask)
            assert raised.value.code == code, call
    finally:
        server.stop()


def test_query_log_has_headers_and_clickhouses_hash(shared):
    marker = "SELECT 'header test', 17 FROM system.one WHERE dummy = 0"
    answer = requests.post(shared.url, params={"query_id": "headers-1"}, data=marker, timeout=DEADLINE,
                           headers={"User-Agent": "agent/1.0 \u00e9".encode(), "Referer": "http://board/d/1", "X-Forwarded-For": "192.0.2.1"})
    assert answer.status_code == 200
    requests.get(shared.url, params={"query_id": "headers-2", "query": marker}, timeout=DEADLINE, headers={"User-Agent": "x" * 3000})
    rows = shared.rows("SELECT http_method, http_user_agent, http_referer, forwarded_for, normalized_query_hash = normalizedQueryHash(query), "
                       "normalizeQuery(query), normalized_query_hash FROM system.query_log WHERE query_id = 'headers-1'")
    normalized = "SELECT ?.. FROM system.one WHERE dummy = ?"
    assert rows == [[2, "agent/1.0 \u00e9", "http://board/d/1", "192.0.2.1", 1, normalized, int(shared.query(
        f"SELECT normalizedQueryHash('{normalized.replace('?..', '1, 2').replace('?', '3')}')"))]]
    assert shared.rows("SELECT http_method, length(http_user_agent), http_referer FROM system.query_log WHERE query_id = 'headers-2'") == [[1, 1000, ""]]


def test_what_dashboards_of_clusters_ask(shared):
    shared.query("CREATE DATABASE asked")
    shared.query("CREATE TABLE asked.t (a UInt8, b String) ENGINE = MergeTree PARTITION BY a ORDER BY a")
    shared.query("INSERT INTO asked.t VALUES (1, 'x')")
    shared.query("ALTER TABLE asked.t UPDATE b = 'y' WHERE a = 1")
    assert shared.rows("SELECT disk_name, refcount, min_block_number = max_block_number, min_block_number > 0, bytes = bytes_on_disk, part_type, active "
                       "FROM system.parts WHERE database = 'asked' AND modification_time > now() - INTERVAL 1 HOUR") == [["default", 1, 1, 1, 1, "Compact", 1]]
    assert shared.rows("SELECT length(parts_to_do_names), latest_failed_part, if(latest_fail_time = '1970-01-01 00:00:00', '-', "
                       "CAST(latest_fail_time, 'String')), is_done FROM system.mutations WHERE database = 'asked'") == [[0, "", "-", 1]]
    assert shared.query("SELECT partition_id, result_part_path, source_part_paths, num_parts, formatReadableSize(bytes_read_uncompressed), "
                        "formatReadableSize(bytes_written_uncompressed), columns_written, formatReadableSize(memory_usage), thread_id "
                        "FROM system.merges WHERE database = 'asked'") == ""
