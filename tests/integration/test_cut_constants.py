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
