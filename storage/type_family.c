/*
 * type_family.c: the names of types, without parameters, for system.data_type_families; type_text.c reads them.
 */
#include "storage/type.h"

static const struct {
    const char *name;
    bool any_case;
    const char *alias_of;
} families[] = {
    {"Nothing", false, ""},
    {"Bool", true, ""},
    {"Int8", false, ""},
    {"Int16", false, ""},
    {"Int32", false, ""},
    {"Int64", false, ""},
    {"UInt8", false, ""},
    {"UInt16", false, ""},
    {"UInt32", false, ""},
    {"UInt64", false, ""},
    {"Float32", false, ""},
    {"Float64", false, ""},
    {"String", false, ""},
    {"Date", true, ""},
    {"Date32", true, ""},
    {"DateTime", true, ""},
    {"UUID", false, ""},
    {"IPv4", false, ""},
    {"IPv6", false, ""},
    {"Int128", false, ""},
    {"UInt128", false, ""},
    {"Int256", false, ""},
    {"UInt256", false, ""},
    {"FixedString", false, ""},
    {"Decimal", true, ""},
    {"Decimal32", true, ""},
    {"Decimal64", true, ""},
    {"Decimal128", true, ""},
    {"DateTime32", true, ""},
    {"DateTime64", true, ""},
    {"Enum", true, ""},
    {"Enum8", false, ""},
    {"Enum16", false, ""},
    {"Array", false, ""},
    {"Tuple", false, ""},
    {"Map", false, ""},
    {"Nullable", false, ""},
    {"LowCardinality", false, ""},
    {"AggregateFunction", false, ""},
    {"SimpleAggregateFunction", false, ""},
    {"JSON", true, ""},
    {"IntervalNanosecond", false, ""},
    {"IntervalMicrosecond", false, ""},
    {"IntervalMillisecond", false, ""},
    {"IntervalSecond", false, ""},
    {"IntervalMinute", false, ""},
    {"IntervalHour", false, ""},
    {"IntervalDay", false, ""},
    {"IntervalWeek", false, ""},
    {"IntervalMonth", false, ""},
    {"IntervalQuarter", false, ""},
    {"IntervalYear", false, ""},
    {"BOOLEAN", true, "Bool"},
    {"TINYINT", true, "Int8"},
    {"INT1", true, "Int8"},
    {"BYTE", true, "Int8"},
    {"SMALLINT", true, "Int16"},
    {"INT", true, "Int32"},
    {"INTEGER", true, "Int32"},
    {"MEDIUMINT", true, "Int32"},
    {"BIGINT", true, "Int64"},
    {"SIGNED", true, "Int64"},
    {"UNSIGNED", true, "UInt64"},
    {"REAL", true, "Float32"},
    {"FLOAT", true, "Float32"},
    {"SINGLE", true, "Float32"},
    {"DOUBLE", true, "Float64"},
    {"TEXT", true, "String"},
    {"VARCHAR", true, "String"},
    {"CHAR", true, "String"},
    {"CHARACTER", true, "String"},
    {"TINYTEXT", true, "String"},
    {"LONGTEXT", true, "String"},
    {"BLOB", true, "String"},
    {"BYTEA", true, "String"},
    {"TIMESTAMP", true, "DateTime"},
    {"INET4", true, "IPv4"},
    {"INET6", true, "IPv6"},
    {"MEDIUMTEXT", true, "String"},
    {"NVARCHAR", true, "String"},
    {"LONGBLOB", true, "String"},
    {"VARBINARY", true, "String"},
    {"CLOB", true, "String"},
    {"INT8", true, "Int8"},
    {"DEC", true, "Decimal"},
    {"NUMERIC", true, "Decimal"},
    {"FIXED", true, "Decimal"},
};

bool type_family(uint32_t index, const char **name, bool *any_case, const char **alias_of)
{
    if (index >= sizeof(families) / sizeof(families[0])) {
        return false;
    }
    *name = families[index].name;
    *any_case = families[index].any_case;
    *alias_of = families[index].alias_of;
    return true;
}
