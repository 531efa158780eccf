"""Constants between two values of a column's type: 1.5 beside whole numbers, a time of day beside days."""
import pytest

CASES = {
    "n": (["toDecimal32('1.5', 2)", "toDecimal32('-1.5', 2)", "toDecimal64('7', 3)", "toDecimal32('0.01', 2)", "toDecimal128('99.99', 5)"], "toDecimal64(n, 5)"),
    "maybe": (["toDecimal32('1.5', 2)", "toDecimal32('-2.25', 2)"], "toDecimal64(maybe, 5)"),
    "d": (["toDateTime('2024-03-05 10:00:00')", "toDateTime64('2024-03-05 00:00:00.5', 1)", "toDateTime('2024-03-05 00:00:00')"], "toDateTime64(d, 3)"),
    "t": (["toDateTime64('2024-03-05 10:00:00.5', 3)", "toDateTime64('2024-03-05 10:00:00', 3)", "toDateTime64('2024-03-05 10:00:00.001', 6)"], "toDateTime64(t, 6)"),
    "fine": (["toDateTime64('2024-03-05 10:00:00.0005', 4)", "toDateTime('2024-03-05 10:00:00')"], "toDateTime64(fine, 6)"),
    "cents": (["toDecimal64('1.005', 3)", "toDecimal64('-1.005', 3)", "toDecimal32('1.5', 1)"], "toDecimal64(cents, 5)"),
    "toDate(t)": (["toDateTime('2024-03-05 10:00:00')", "toDateTime('2024-03-06 00:00:00')"], "toDateTime64(toDate(t), 3)"),
}


@pytest.fixture(scope="module")
def filled(shared):
    shared.query(
        "CREATE TABLE cut_constants (n Int32, maybe Nullable(Int8), d Date, t DateTime('UTC'), fine DateTime64(3, 'UTC'), cents Decimal(9, 2)) ENGINE = MergeTree ORDER BY n"
    )
    shared.query(
        "INSERT INTO cut_constants SELECT number - 50, if(number % 7 = 0, NULL, number % 9 - 4), toDate('2024-03-01') + number % 10, toDateTime('2024-03-05 09:59:00', 'UTC') + number % 120, "
        "toDateTime64('2024-03-05 09:59:59.990', 3, 'UTC') + toIntervalMillisecond(number % 40), toDecimal32((number % 500 - 250) / 100, 2) FROM numbers(30000)"
    )
    shared.query("OPTIMIZE TABLE cut_constants FINAL")
    yield shared
    shared.query("DROP TABLE cut_constants")


@pytest.mark.parametrize("column", CASES)
def test_conditions(filled, column):
    constants, exact = CASES[column]
    for constant in constants:
        if constant.startswith("toDateTime"):
            constant = constant[:-1] + ", 'UTC')"
        for operator in ("=", "!=", "<", "<=", ">", ">="):
            for sides in ("{0} {1} {2}", "{2} {1} {0}"):
                condition = sides.format(column, operator, constant)
                whole = sides.format(f"materialize({exact})", operator, constant)
                numbers = "SELECT count(), sum(n), sum(cityHash64(n)) FROM cut_constants WHERE "
                assert filled.query(numbers + condition) == filled.query(numbers + whole), condition


@pytest.mark.parametrize("column", ["n", "maybe", "cents", "d", "t", "fine"])
def test_in(filled, column):
    """What equals no value of the column is in none of its sets either, listed or from a subquery."""
    constants, exact = CASES[column]
    for constant in constants:
        day = constant.startswith("toDateTime(") and column == "d"  # in a list it stands for its day, as in ClickHouse
        constant = constant[:-1] + ", 'UTC')" if constant.startswith("toDateTime") else constant
        for right in ([] if day else [f"({constant})"]) + [f"(SELECT {constant})"]:
            for operator in ("IN", "NOT IN"):
                numbers = "SELECT count(), sum(n), sum(cityHash64(n)) FROM cut_constants WHERE "
                whole = f"{exact} {'=' if operator == 'IN' else '!='} {constant}"
                assert filled.query(numbers + f"{column} {operator} {right}") == filled.query(numbers + whole), (column, operator, right)


def test_constants_beyond_the_type(filled):
    """Times that a Date or a DateTime cannot say lie before or behind all of its values, and are in no set."""
    for column in ("d", "t", "fine", "toDate(t)", "toStartOfMonth(t)"):
        for constant in ("toDate32('1960-01-21')", "toDate32('2200-11-19')", "toDateTime64('1900-03-07 00:00:00.5', 3, 'UTC')", "toDateTime64('2290-04-01 23:59:59', 6, 'UTC')", "toDate('2149-06-06')"):
            numbers = "SELECT count() FROM cut_constants WHERE "
            early = constant[constant.index("'") + 1 :] < "2024"
            for operator, all_rows in (("<", not early), ("<=", not early), (">", early), (">=", early), ("!=", True), ("=", False)):
                assert filled.query(numbers + f"{column} {operator} {constant}") == ("30000\n" if all_rows else "0\n"), (column, operator, constant)
            assert filled.query(numbers + f"{column} IN (SELECT {constant})") == "0\n", (column, constant)


def test_nan_in_a_set(make_server):
    server = make_server()
    server.query("CREATE TABLE floats (f Float64, n UInt32) ENGINE = MergeTree ORDER BY n")
    server.query("INSERT INTO floats SELECT if(number % 20000 = 5, nan, toFloat64(number)), number FROM numbers(40000)")
    assert server.query("SELECT groupArray(n) FROM floats WHERE f IN (SELECT f FROM floats WHERE n IN (5, 30000))") == "[5,20005,30000]\n"
