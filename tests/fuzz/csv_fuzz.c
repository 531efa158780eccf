/* csv_fuzz.c: any bytes as the body of an INSERT in a format other than JSONEachRow; the first byte chooses it: binary
 * ones from 128 on. */
#include "tests/fuzz/format_fuzz.h"

#define SOME_COLUMNS "a String, b Int8, c Nullable(Float64), d DateTime('UTC'), e FixedString(3)"
#define MORE_COLUMNS "a Nullable(String), b Int8, c Array(String), d Tuple(x UInt8, y String), e Map(String, UInt16)"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    static const char *const formats[][2] = {
        {"CSV", SOME_COLUMNS},
        {"CSVWithNames", SOME_COLUMNS},
        {"TSV", SOME_COLUMNS},
        {"TSVWithNamesAndTypes", SOME_COLUMNS},
        {"Values", SOME_COLUMNS},
        {"TSVRaw", SOME_COLUMNS},
        {"TSVRawWithNames", MORE_COLUMNS},
        {"TSKV", SOME_COLUMNS},
        {"TSKV", MORE_COLUMNS},
        {"LineAsString", "a String"},
        {"RawBLOB", "a String"},
        {"JSON", SOME_COLUMNS},
        {"JSON", MORE_COLUMNS},
        {"JSONCompact", SOME_COLUMNS},
        {"JSONObjectEachRow", SOME_COLUMNS},
        {"JSONAsString", "a Nullable(String)"},
        {"JSONAsObject", "a JSON"},
        {"JSONStringsEachRow", MORE_COLUMNS},
        {"JSONCompactEachRow", MORE_COLUMNS},
        {"JSONCompactEachRowWithNamesAndTypes", SOME_COLUMNS},
        {"JSONCompactStringsEachRow", MORE_COLUMNS},
        {"JSONCompactStringsEachRowWithNames", SOME_COLUMNS},
        {"CSVWithNames", "a Tuple(b UInt8, c Tuple(String, Nullable(UInt8))), d String"},
        {"CSVWithNamesAndTypes", "a Tuple(UInt8, String), b DateTime, c Bool"},
        {"CustomSeparated", SOME_COLUMNS},
        {"CustomSeparatedWithNames", MORE_COLUMNS},
        {"CustomSeparatedWithNamesAndTypes", SOME_COLUMNS},
        {"JSONColumns", SOME_COLUMNS},
        {"JSONCompactColumns", MORE_COLUMNS},
        {"JSONColumnsWithMetadata", SOME_COLUMNS},
    };
    if (size > 0 && data[0] < 128) {
        const char *const *chosen = formats[data[0] % (sizeof(formats) / sizeof(formats[0]))];
        fuzz_format(chosen[0], chosen[1], data + 1, size - 1);
    } else if (size > 0 && data[0] == 254) {
        fuzz_format("Native", "a JSON(b UInt8), b String", data + 1, size - 1);
    } else if (size > 0) {
        static const char *const binary[] = {"RowBinary", "RowBinaryWithNames", "RowBinaryWithNamesAndTypes", "Native"};
        fuzz_format(
            data[0] == 255 ? "RowBinaryWithDefaults" : binary[data[0] % 4],
            "a UInt8, b Nullable(String), c Array(Array(Nullable(Int16))), d Map(String, Tuple(Bool, Date32)), "
            "e LowCardinality(Nullable(String)), f Enum8('x' = 1, 'y' = 2), g Array(Tuple(String, Enum16('z' = 3)))",
            data + 1, size - 1);
    }
    return 0;
}
