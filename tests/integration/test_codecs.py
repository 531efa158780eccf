"""CODEC(…) of columns: the bytes that it makes of the same rows, in fresh segments and after merges; values stay."""
ROWS = 100_000

# name, type, expression, CODEC
COLUMNS = [
    ("u0", "String", "concat('https://host-', toString(number % 50), '/path/', toString(cityHash64(number) % 100000))", ""),
    ("u_none", "String", "u0", "NONE"),
    ("u_lz4", "String", "u0", "LZ4"),
    ("u_lz4hc", "String", "u0", "LZ4HC(12)"),
    ("u_zstd1", "String", "u0", "ZSTD(1)"),
    ("u_zstd19", "String", "u0", "ZSTD(19)"),
    ("w0", "UInt64", "cityHash64(number % 500)", ""),
    ("w_zstd", "UInt64", "w0", "ZSTD(3)"),
    ("w_t64", "UInt64", "w0", "T64"),
    ("f0", "Float64", "sin(number) * 30 + cityHash64(number) / 1e20", ""),
    ("f_gorilla", "Float64", "f0", "Gorilla"),
    ("f_zstd", "Float64", "f0", "ZSTD(6)"),
    ("d0", "UInt32", "abs(toInt64(number % 4096) - 2048) + cityHash64(number) % 600", ""),
    ("d_delta", "UInt32", "d0", "Delta, LZ4"),
]


def sizes(server, table="t"):
    rows = server.query(f"SELECT name, data_compressed_bytes FROM system.columns WHERE table = '{table}' FORMAT TSV")
    return {name: int(size) for name, size in (line.split("\t") for line in rows.splitlines())}


def sums(server):
    return server.query("SELECT " + ", ".join(f"sum(cityHash64({name}))" for name, *_ in COLUMNS) + " FROM t FORMAT TSV").split()


def check_sums(server):
    found = sums(server)
    by_group = {}
    for (name, *_), value in zip(COLUMNS, found):
        by_group.setdefault(name[0], set()).add(value)
    assert all(len(values) == 1 for values in by_group.values())


def test_codecs_change_bytes_and_no_values(make_server):
    server = make_server()
    columns = ", ".join(f"{name} {kind}" + (f" CODEC({codec})" if codec else "") for name, kind, _, codec in COLUMNS)
    server.query(f"CREATE TABLE t (n UInt64, {columns}) ENGINE = MergeTree ORDER BY n")
    expressions = ", ".join(f"{expression} AS {name}" for name, _, expression, _ in COLUMNS)
    server.query(f"INSERT INTO t SELECT number, {expressions} FROM numbers({ROWS})")
    check_sums(server)
    fresh = sizes(server)
    assert fresh["u_none"] > fresh["u0"] * 1.2
    assert fresh["u_lz4"] <= fresh["u0"]
    assert fresh["u_lz4hc"] < fresh["u_lz4"]
    assert fresh["u_zstd1"] < fresh["u_lz4hc"]
    assert fresh["u_zstd19"] < fresh["u_zstd1"]
    assert fresh["w_zstd"] < fresh["w0"]
    assert fresh["w_t64"] > fresh["w_zstd"]
    assert fresh["f_gorilla"] < fresh["f0"] and fresh["f_zstd"] < fresh["f0"]
    assert fresh["d_delta"] < fresh["d0"]

    server.query("OPTIMIZE TABLE t FINAL")
    check_sums(server)
    merged = sizes(server)
    assert merged["u_none"] == fresh["u_none"]
    assert merged["u_lz4"] > merged["u0"]  # without a CODEC merges write ZSTD
    assert merged["u_zstd19"] < merged["u0"]
    assert merged["w_t64"] == fresh["w_t64"]

    server.query("ALTER TABLE t MODIFY COLUMN u_none CODEC(ZSTD(19)), MODIFY COLUMN u_zstd19 REMOVE CODEC")
    server.query("OPTIMIZE TABLE t FINAL")
    check_sums(server)
    altered = sizes(server)
    assert altered["u_none"] == merged["u_zstd19"] and altered["u_zstd19"] == merged["u0"]

    server.restart()
    check_sums(server)
    assert sizes(server) == altered
    assert "`u_lz4hc` String CODEC(LZ4HC(12))" in server.query("SHOW CREATE TABLE t FORMAT TSVRaw")
    assert server.query("VERIFY TABLE t").strip() != ""


def test_dictionaries_and_arrays_are_packed_too(make_server):
    server = make_server()
    words = "concat('a rather long word that is one of a few thousand, number ', toString(cityHash64(number) % 3000))"
    server.query(
        "CREATE TABLE t (n UInt64, d0 LowCardinality(String), d_zstd LowCardinality(String) CODEC(ZSTD(9)), a0 Array(String), "
        "a_zstd Array(String) CODEC(ZSTD(9))) ENGINE = MergeTree ORDER BY n"
    )
    server.query(f"INSERT INTO t SELECT number, {words}, d0, [{words}, 'x'], a0 FROM (SELECT number, {words} AS d0, [d0, 'x'] AS a0 FROM numbers(50000))")
    found = sizes(server)
    assert found["a_zstd"] < found["a0"]
    assert found["d_zstd"] < found["d0"]
    assert server.query("SELECT count() FROM t WHERE d0 != d_zstd OR a0 != a_zstd").strip() == "0"
