/*
 * parquet_thrift.h: numbers of parquet.thrift that writing and reading Parquet share. Private to the format layer.
 *
 * source   https://github.com/apache/parquet-format
 */
#ifndef FORMAT_PARQUET_THRIFT_H
#define FORMAT_PARQUET_THRIFT_H

/* Fields of SchemaElement. */
enum {
    ELEMENT_TYPE = 1,
    ELEMENT_LENGTH,
    ELEMENT_REPETITION,
    ELEMENT_NAME,
    ELEMENT_CHILDREN,
    ELEMENT_CONVERTED,
    ELEMENT_SCALE,
    ELEMENT_PRECISION,
    ELEMENT_LOGICAL = 10,
};

/* ConvertedType */
enum {
    CONVERTED_NONE = -1,
    CONVERTED_UTF8 = 0,
    CONVERTED_MAP = 1,
    CONVERTED_MAP_KEY_VALUE = 2,
    CONVERTED_LIST = 3,
    CONVERTED_ENUM = 4,
    CONVERTED_DECIMAL = 5,
    CONVERTED_DATE = 6,
    CONVERTED_TIME_MILLIS = 7,
    CONVERTED_TIME_MICROS = 8,
    CONVERTED_TIMESTAMP_MILLIS = 9,
    CONVERTED_TIMESTAMP_MICROS = 10,
    CONVERTED_UINT_8 = 11, /* 16, 32 and 64 bits follow */
    CONVERTED_UINT_64 = 14,
    CONVERTED_INT_8 = 15,
    CONVERTED_INT_64 = 18,
    CONVERTED_JSON = 19,
};

/* Fields of the union LogicalType. */
enum {
    LOGICAL_NONE = 0,
    LOGICAL_STRING = 1,
    LOGICAL_MAP = 2,
    LOGICAL_LIST = 3,
    LOGICAL_ENUM = 4,
    LOGICAL_DECIMAL = 5,
    LOGICAL_DATE = 6,
    LOGICAL_TIME = 7,
    LOGICAL_TIMESTAMP = 8,
    LOGICAL_INTEGER = 10,
    LOGICAL_UNKNOWN = 11,
    LOGICAL_JSON = 12,
    LOGICAL_UUID = 14,
    LOGICAL_FLOAT16 = 15,
};

#endif
