"""Real, unmodified clients over HTTP: clickhouse-connect, its SQLAlchemy dialect, @clickhouse/client, clickhouse-go."""
import datetime
import decimal
import ipaddress
import pathlib
import shutil
import subprocess
import threading
import uuid

import clickhouse_connect
import pandas
import pytest
import sqlalchemy
from clickhouse_connect.driver.exceptions import ClickHouseError, DatabaseError
from clickhouse_connect.driver.external import ExternalData
from clickhouse_connect.driver.tools import insert_file

import golang
from weir import DEADLINE, ROOT

UTC = datetime.timezone.utc


@pytest.fixture(scope="module")
def client(shared):
    with clickhouse_connect.get_client(host=shared.host, port=shared.port) as connection:
        yield connection


def other_client(server, **options):
    return clickhouse_connect.get_client(host=server.host, port=server.port, **options)


# ---- clickhouse-connect

TYPES = {
    "a UInt32": [1, 2], "b LowCardinality(String)": ["x", "y"], "c Nullable(String)": [None, "z"],
    "d DateTime64(3, 'UTC')": [datetime.datetime(2020, 1, 2, 3, 4, 5, 678000), datetime.datetime(1999, 1, 1)],
    "e Array(Array(Int32))": [[[1, 2], []], []], "f Map(String, UInt8)": [{"k": 1}, {}],
    "g Decimal(18, 4)": [decimal.Decimal("1.5"), decimal.Decimal("-2.25")], "h UUID": [uuid.UUID(int=7), uuid.UUID(int=2**127)],
    "i DateTime('UTC')": [datetime.datetime(2020, 1, 1), datetime.datetime(2021, 2, 3, 4, 5, 6)],
    "j IPv4": [ipaddress.IPv4Address("1.2.3.4"), ipaddress.IPv4Address("0.0.0.0")],
    "k Enum8('a' = 1, 'b' = 2)": ["a", "b"], "l Tuple(x UInt8, y String)": [{"x": 1, "y": "q"}, {"x": 2, "y": ""}],
    "m Date": [datetime.date(2020, 1, 2), datetime.date(1970, 1, 1)], "n Bool": [True, False], "o Int128": [-(2**100), 5],
    "p IPv6": [ipaddress.IPv6Address("::1"), ipaddress.IPv6Address("2001:db8::2")], "q Float64": [0.5, -1e300],
    "r Array(LowCardinality(Nullable(String)))": [["u", None], []], "s FixedString(3)": [b"abc", b"de\0"], "t Int64": [-1, 2**62],
}


def test_connect_round_trips(shared, client):
    assert client.protocol_version == 54405 and client.ping()
    result = client.command(f"CREATE TABLE of_python ({', '.join(TYPES)}) ENGINE = MergeTree ORDER BY a")
    assert result.query_id()
    rows = list(zip(*TYPES.values(), strict=True))
    assert client.insert("of_python", rows).written_rows == 2
    back = client.query("SELECT * FROM of_python ORDER BY a")
    assert back.column_names == tuple(name.split()[0] for name in TYPES)
    assert [column.name.replace("`", "") for column in back.column_types] == [name.split(" ", 1)[1] for name in TYPES]
    assert back.result_rows == [tuple(row) for row in rows]
    assert client.query("SELECT * FROM of_python LIMIT 0").column_names == back.column_names
    assert client.command("SELECT count() FROM of_python") == 2


def test_connect_json(shared, client):
    """Objects as they are; of many paths, those beyond a block's columns too."""
    client.command("CREATE TABLE of_json (k UInt8, j JSON(a Int64), m JSON(max_dynamic_paths=2)) ENGINE = MergeTree ORDER BY k")
    rows = [
        (1, {"a": 5, "b": {"c": [1, None]}, "s": 'x"\n\u00e4', "o": [{"p": True}, {"q": {"r": 1.5}}]}, {"v": [1, "x", [2.5]]}),
        (2, {"a": 0}, {}),
        (3, {"a": -1, "b": {"c": 2**64 - 1}, "s": 1.5}, {f"p{n}": value for n, value in enumerate([1, "two", 3.5, True, [4, 5], ["6"], -7])}),
    ]
    client.insert("of_json", rows, column_names=["k", "j", "m"])
    assert client.query("SELECT * FROM of_json ORDER BY k").result_rows == rows
    paths = client.query("SELECT j.b.c, j.o, j.s, m.p6 FROM of_json ORDER BY k").result_rows
    assert paths == [([1, None], [{"p": True}, {"q": {"r": 1.5}}], 'x"\n\u00e4', None), (None,) * 4, (2**64 - 1, None, 1.5, -7)]


@pytest.mark.parametrize("compression", ["lz4", "zstd", "gzip", False])
def test_connect_compresses(shared, client, compression):
    client.command("CREATE TABLE IF NOT EXISTS packed (n UInt64, s String) ENGINE = MergeTree ORDER BY n")
    client.command("TRUNCATE TABLE packed")
    with other_client(shared, compress=compression) as packer:
        assert packer.insert("packed", [[n, f"text {n}"] for n in range(50000)]).written_rows == 50000
        assert packer.query("SELECT sum(n), max(s) FROM packed").result_rows == [(sum(range(50000)), "text 9999")]
        assert len(packer.query("SELECT * FROM packed").result_rows) == 50000


def test_connect_streams(client):
    with client.query_row_block_stream("SELECT number FROM numbers(300000)") as blocks:
        assert sum(len(block) for block in blocks) == 300000
    seen = 0
    with pytest.raises(ClickHouseError) as caught:
        sql = "SELECT number, throwIf(number = 900000) FROM numbers(1000000)"
        with client.query_row_block_stream(sql, settings={"max_threads": 1}) as blocks:
            for block in blocks:
                seen += len(block)
    assert "throwIf" in str(caught.value) and 0 < seen < 1000000
    assert client.query("SELECT 1").result_rows == [(1,)]


def test_connect_frames(client):
    frame = client.query_df("SELECT number AS n, toString(number) AS s, toDateTime(number, 'UTC') AS d FROM numbers(3)")
    assert frame["n"].tolist() == [0, 1, 2] and frame["s"].tolist() == ["0", "1", "2"]
    assert frame["d"].iloc[2] == pandas.Timestamp(2, unit="s", tz="UTC") or frame["d"].iloc[2] == pandas.Timestamp(2, unit="s")
    client.command("CREATE TABLE of_frames (n UInt32, s String, d DateTime64(6, 'UTC')) ENGINE = MergeTree ORDER BY n")
    moment = pandas.Timestamp("2020-01-02 03:04:05.678901", tz="UTC")
    assert client.insert_df("of_frames", pandas.DataFrame({"n": [1, 2], "s": ["a", "b"], "d": [moment, moment]})).written_rows == 2
    assert client.query("SELECT count(), min(toString(d)) FROM of_frames").result_rows == [(2, "2020-01-02 03:04:05.678901")]
    assert client.query_np("SELECT number FROM numbers(4)").ravel().tolist() == [0, 1, 2, 3]


def test_connect_parameters(shared, client):
    moment = datetime.datetime(2020, 1, 1, 2, 3, 4)
    values = {"a": 5, "s": "it's\t\\", "l": ["a", "b'c"], "d": moment, "m": {"k": 1}, "n": None}
    row = client.query("SELECT {a:UInt8}, {s:String}, {l:Array(String)}, {d:DateTime}, {n:Nullable(String)}", parameters=values).result_rows[0]
    assert row == (5, "it's\t\\", ["a", "b'c"], moment, None)
    with other_client(shared, form_encode_query_params=True) as former:
        assert former.query("SELECT length({s:String})", parameters={"s": "x" * 100_000}).result_rows == [(100_000,)]
    table = ExternalData(data=b"a\t1\nb\t2\n", file_name="movies.tsv", fmt="TSV", structure=["name String", "n UInt8"])
    assert client.query("SELECT * FROM movies ORDER BY n", external_data=table).result_rows == [("a", 1), ("b", 2)]


def test_connect_errors(client):
    for sql, code, name in (("SELECT nothing", 47, "UNKNOWN_IDENTIFIER"), ("SELECT * FROM nothing", 60, "UNKNOWN_TABLE"), ("SELEC", 62, "SYNTAX_ERROR")):
        with pytest.raises(DatabaseError) as caught:
            client.query(sql)
        assert str(code) in str(caught.value) and name in str(caught.value)
    with pytest.raises(ClickHouseError, match="no_such"):
        client.query("SELECT 1", settings={"no_such": 1})
    with pytest.raises(ClickHouseError):
        client.raw_query("SELECT 1", fmt="Protobuf")


def test_connect_raw(client, tmp_path):
    client.command("CREATE TABLE of_raw (n UInt32, s String) ENGINE = MergeTree ORDER BY n")
    assert client.raw_insert("of_raw", ["n"], b'{"n":9}\n', fmt="JSONEachRow").written_rows == 1
    file = tmp_path / "rows.csv"
    file.write_text("n,s\n" + "".join(f"{n},text {n}\n" for n in range(1000)))
    assert insert_file(client, "of_raw", str(file)).written_rows == 1000
    assert client.raw_query("SELECT count() FROM of_raw", fmt="CSV") == b"1001\n"


def test_connect_session(client):
    client.command("CREATE TEMPORARY TABLE for_me (a UInt8)")
    client.command("INSERT INTO for_me VALUES (1)")
    assert client.query("SELECT * FROM for_me").result_rows == [(1,)]


def test_connect_inserts_of_many_threads(shared, client):
    """Small INSERTs share syncs; they are there when they are acknowledged, unless the client does not wait for that."""
    client.command("CREATE TABLE of_threads (n UInt32) ENGINE = MergeTree ORDER BY n")
    syncs = shared.metric("weir_insert_log_sync_seconds_count")

    def insert(first):
        with other_client(shared, settings={"async_insert": 1, "wait_for_async_insert": first % 2}, autogenerate_session_id=False) as mine:
            for n in range(20):
                assert mine.insert("of_threads", [[first * 20 + n]], column_names=["n"]).written_rows == 1
                assert first % 2 == 0 or mine.query(f"SELECT count() FROM of_threads WHERE n = {first * 20 + n}").result_rows == [(1,)]

    threads = [threading.Thread(target=insert, args=(first,)) for first in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(DEADLINE)
    client.command("SYSTEM FLUSH ASYNC INSERT QUEUE of_threads")
    assert client.query("SELECT count(), sum(n) FROM of_threads").result_rows == [(160, sum(range(160)))]
    assert shared.metric("weir_insert_log_sync_seconds_count") - syncs <= 161


# ---- SQLAlchemy


def test_sqlalchemy_reflects(shared, client):
    client.command("CREATE DATABASE IF NOT EXISTS shop")
    client.command("CREATE TABLE shop.sales (day Date, item LowCardinality(String), n Nullable(UInt32)) ENGINE = MergeTree ORDER BY (item, day)")
    engine = sqlalchemy.create_engine(f"clickhousedb://default:@{shared.host}:{shared.port}/shop")
    with engine.connect() as connection:
        assert connection.execute(sqlalchemy.text("SELECT currentDatabase()")).scalar() == "shop"
        inspector = sqlalchemy.inspect(engine)
        assert {"default", "shop", "system"} <= set(inspector.get_schema_names())
        assert inspector.get_table_names(schema="shop") == ["sales"]
        assert inspector.has_table("sales", schema="shop") and not inspector.has_table("nothing", schema="shop")
        columns = inspector.get_columns("sales", schema="shop")
        assert [column["name"] for column in columns] == ["day", "item", "n"]
        assert [column["nullable"] for column in columns] == [False, False, True]
        table = sqlalchemy.Table("sales", sqlalchemy.MetaData(schema="shop"), autoload_with=engine)
        connection.execute(table.insert(), [{"day": datetime.date(2026, 1, 2), "item": "tea", "n": 3}])
        found = connection.execute(sqlalchemy.select(table.c.item, sqlalchemy.func.sum(table.c.n)).group_by(table.c.item)).all()
        assert [tuple(row) for row in found] == [("tea", 3)]


# ---- @clickhouse/client


def test_node(shared):
    folder = ROOT / "build/clients/node"
    folder.mkdir(parents=True, exist_ok=True)
    source = pathlib.Path(ROOT / "tests/clients/node")
    locked = source / "package-lock.json"
    stale = not (folder / "node_modules").exists() or (folder / "package-lock.json").read_text() != locked.read_text()
    for file in source.iterdir():
        shutil.copy(file, folder)
    if stale:
        subprocess.run(["npm", "ci", "--silent", "--no-audit", "--no-fund"], cwd=folder, check=True, timeout=DEADLINE)
    done = subprocess.run(["node", "clients.mjs", shared.url], cwd=folder, capture_output=True, text=True, timeout=DEADLINE)
    assert done.returncode == 0, done.stdout + done.stderr


# ---- clickhouse-go


def test_go(shared):
    """Over HTTP, with each of its compressions; and as database/sql."""
    done = golang.run("go", "run", "./http", f"{shared.host}:{shared.port}", environment=None)
    assert done.returncode == 0, done.stdout + done.stderr
    assert done.stdout.count("passed") == 6
