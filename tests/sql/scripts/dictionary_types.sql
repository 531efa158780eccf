CREATE TABLE t (k UInt64, aUInt8 UInt8, aUInt16 UInt16, aUInt32 UInt32, aUInt64 UInt64, aInt8 Int8, aInt16 Int16, aInt32 Int32, aInt64 Int64, aFloat32 Float32, aFloat64 Float64, aDate Date, aDateTime DateTime('UTC'), aUUID UUID, aIPv4 IPv4, aIPv6 IPv6, aString String) ENGINE = MergeTree ORDER BY k

INSERT INTO t VALUES (1, 200, 60000, 4000000000, 18000000000000000000, -100, -30000, -2000000000, -9000000000000000000, 1.5, -2.25, '2024-02-29', '2024-02-29 12:34:56', '61f0c404-5cb3-11e7-907b-a6006ad3dba0', '10.1.2.3', '2001:db8::1', 'text')

CREATE DICTIONARY d (k UInt64, aUInt8 UInt8, aUInt16 UInt16, aUInt32 UInt32, aUInt64 UInt64, aInt8 Int8, aInt16 Int16, aInt32 Int32, aInt64 Int64, aFloat32 Float32, aFloat64 Float64, aDate Date, aDateTime DateTime('UTC'), aUUID UUID, aIPv4 IPv4, aIPv6 IPv6, aString String) PRIMARY KEY k SOURCE(CLICKHOUSE(TABLE 't')) LAYOUT(HASHED()) LIFETIME(0)

SELECT * FROM d

SELECT dictGetUInt8('d', 'aUInt8', number + 1) AS x, toTypeName(x) FROM numbers(2)

SELECT dictGetUInt8('d', 'aUInt8', NULL)

SELECT dictGetUInt8('d', 'aString', 1)

SELECT dictGetUInt8OrDefault('d', 'aUInt8', number + 1, CAST(200, 'UInt8')) AS x, toTypeName(x) FROM numbers(2)

SELECT dictGetUInt8OrDefault('d', 'aUInt8', NULL, CAST(200, 'UInt8'))

SELECT dictGetUInt8OrDefault('d', 'aString', 1, 1)

SELECT dictGetUInt16('d', 'aUInt16', number + 1) AS x, toTypeName(x) FROM numbers(2)

SELECT dictGetUInt16('d', 'aUInt16', NULL)

SELECT dictGetUInt16('d', 'aString', 1)

SELECT dictGetUInt16OrDefault('d', 'aUInt16', number + 1, CAST(60000, 'UInt16')) AS x, toTypeName(x) FROM numbers(2)

SELECT dictGetUInt16OrDefault('d', 'aUInt16', NULL, CAST(60000, 'UInt16'))

SELECT dictGetUInt16OrDefault('d', 'aString', 1, 1)

SELECT dictGetUInt32('d', 'aUInt32', number + 1) AS x, toTypeName(x) FROM numbers(2)

SELECT dictGetUInt32('d', 'aUInt32', NULL)

SELECT dictGetUInt32('d', 'aString', 1)

SELECT dictGetUInt32OrDefault('d', 'aUInt32', number + 1, CAST(4000000000, 'UInt32')) AS x, toTypeName(x) FROM numbers(2)

SELECT dictGetUInt32OrDefault('d', 'aUInt32', NULL, CAST(4000000000, 'UInt32'))

SELECT dictGetUInt32OrDefault('d', 'aString', 1, 1)

SELECT dictGetUInt64('d', 'aUInt64', number + 1) AS x, toTypeName(x) FROM numbers(2)

SELECT dictGetUInt64('d', 'aUInt64', NULL)

SELECT dictGetUInt64('d', 'aString', 1)

SELECT dictGetUInt64OrDefault('d', 'aUInt64', number + 1, CAST(18000000000000000000, 'UInt64')) AS x, toTypeName(x) FROM numbers(2)

SELECT dictGetUInt64OrDefault('d', 'aUInt64', NULL, CAST(18000000000000000000, 'UInt64'))

SELECT dictGetUInt64OrDefault('d', 'aString', 1, 1)

SELECT dictGetInt8('d', 'aInt8', number + 1) AS x, toTypeName(x) FROM numbers(2)

SELECT dictGetInt8('d', 'aInt8', NULL)

SELECT dictGetInt8('d', 'aString', 1)

SELECT dictGetInt8OrDefault('d', 'aInt8', number + 1, CAST(-100, 'Int8')) AS x, toTypeName(x) FROM numbers(2)

SELECT dictGetInt8OrDefault('d', 'aInt8', NULL, CAST(-100, 'Int8'))

SELECT dictGetInt8OrDefault('d', 'aString', 1, 1)

SELECT dictGetInt16('d', 'aInt16', number + 1) AS x, toTypeName(x) FROM numbers(2)

SELECT dictGetInt16('d', 'aInt16', NULL)

SELECT dictGetInt16('d', 'aString', 1)

SELECT dictGetInt16OrDefault('d', 'aInt16', number + 1, CAST(-30000, 'Int16')) AS x, toTypeName(x) FROM numbers(2)

SELECT dictGetInt16OrDefault('d', 'aInt16', NULL, CAST(-30000, 'Int16'))

SELECT dictGetInt16OrDefault('d', 'aString', 1, 1)

SELECT dictGetInt32('d', 'aInt32', number + 1) AS x, toTypeName(x) FROM numbers(2)

SELECT dictGetInt32('d', 'aInt32', NULL)

SELECT dictGetInt32('d', 'aString', 1)

SELECT dictGetInt32OrDefault('d', 'aInt32', number + 1, CAST(-2000000000, 'Int32')) AS x, toTypeName(x) FROM numbers(2)

SELECT dictGetInt32OrDefault('d', 'aInt32', NULL, CAST(-2000000000, 'Int32'))

SELECT dictGetInt32OrDefault('d', 'aString', 1, 1)

SELECT dictGetInt64('d', 'aInt64', number + 1) AS x, toTypeName(x) FROM numbers(2)

SELECT dictGetInt64('d', 'aInt64', NULL)

SELECT dictGetInt64('d', 'aString', 1)

SELECT dictGetInt64OrDefault('d', 'aInt64', number + 1, CAST(-9000000000000000000, 'Int64')) AS x, toTypeName(x) FROM numbers(2)

SELECT dictGetInt64OrDefault('d', 'aInt64', NULL, CAST(-9000000000000000000, 'Int64'))

SELECT dictGetInt64OrDefault('d', 'aString', 1, 1)

SELECT dictGetFloat32('d', 'aFloat32', number + 1) AS x, toTypeName(x) FROM numbers(2)

SELECT dictGetFloat32('d', 'aFloat32', NULL)

SELECT dictGetFloat32('d', 'aString', 1)

SELECT dictGetFloat32OrDefault('d', 'aFloat32', number + 1, CAST(1.5, 'Float32')) AS x, toTypeName(x) FROM numbers(2)

SELECT dictGetFloat32OrDefault('d', 'aFloat32', NULL, CAST(1.5, 'Float32'))

SELECT dictGetFloat32OrDefault('d', 'aString', 1, 1)

SELECT dictGetFloat64('d', 'aFloat64', number + 1) AS x, toTypeName(x) FROM numbers(2)

SELECT dictGetFloat64('d', 'aFloat64', NULL)

SELECT dictGetFloat64('d', 'aString', 1)

SELECT dictGetFloat64OrDefault('d', 'aFloat64', number + 1, CAST(-2.25, 'Float64')) AS x, toTypeName(x) FROM numbers(2)

SELECT dictGetFloat64OrDefault('d', 'aFloat64', NULL, CAST(-2.25, 'Float64'))

SELECT dictGetFloat64OrDefault('d', 'aString', 1, 1)

SELECT dictGetDate('d', 'aDate', number + 1) AS x, toTypeName(x) FROM numbers(2)

SELECT dictGetDate('d', 'aDate', NULL)

SELECT dictGetDate('d', 'aString', 1)

SELECT dictGetDateOrDefault('d', 'aDate', number + 1, CAST('2024-02-29', 'Date')) AS x, toTypeName(x) FROM numbers(2)

SELECT dictGetDateOrDefault('d', 'aDate', NULL, CAST('2024-02-29', 'Date'))

SELECT dictGetDateOrDefault('d', 'aString', 1, 1)

SELECT dictGetDateTime('d', 'aDateTime', number + 1) AS x, toTypeName(x) FROM numbers(2)

SELECT dictGetDateTime('d', 'aDateTime', NULL)

SELECT dictGetDateTime('d', 'aString', 1)

SELECT dictGetDateTimeOrDefault('d', 'aDateTime', number + 1, toDateTime('2024-02-29 12:34:56', 'UTC')) AS x, toTypeName(x) FROM numbers(2)

SELECT dictGetDateTimeOrDefault('d', 'aDateTime', NULL, toDateTime('2024-02-29 12:34:56', 'UTC'))

SELECT dictGetDateTimeOrDefault('d', 'aString', 1, 1)

SELECT dictGetUUID('d', 'aUUID', number + 1) AS x, toTypeName(x) FROM numbers(2)

SELECT dictGetUUID('d', 'aUUID', NULL)

SELECT dictGetUUID('d', 'aString', 1)

SELECT dictGetUUIDOrDefault('d', 'aUUID', number + 1, CAST('61f0c404-5cb3-11e7-907b-a6006ad3dba0', 'UUID')) AS x, toTypeName(x) FROM numbers(2)

SELECT dictGetUUIDOrDefault('d', 'aUUID', NULL, CAST('61f0c404-5cb3-11e7-907b-a6006ad3dba0', 'UUID'))

SELECT dictGetUUIDOrDefault('d', 'aString', 1, 1)

SELECT dictGetIPv4('d', 'aIPv4', number + 1) AS x, toTypeName(x) FROM numbers(2)

SELECT dictGetIPv4('d', 'aIPv4', NULL)

SELECT dictGetIPv4('d', 'aString', 1)

SELECT dictGetIPv4OrDefault('d', 'aIPv4', number + 1, CAST('10.1.2.3', 'IPv4')) AS x, toTypeName(x) FROM numbers(2)

SELECT dictGetIPv4OrDefault('d', 'aIPv4', NULL, CAST('10.1.2.3', 'IPv4'))

SELECT dictGetIPv4OrDefault('d', 'aString', 1, 1)

SELECT dictGetIPv6('d', 'aIPv6', number + 1) AS x, toTypeName(x) FROM numbers(2)

SELECT dictGetIPv6('d', 'aIPv6', NULL)

SELECT dictGetIPv6('d', 'aString', 1)

SELECT dictGetIPv6OrDefault('d', 'aIPv6', number + 1, CAST('2001:db8::1', 'IPv6')) AS x, toTypeName(x) FROM numbers(2)

SELECT dictGetIPv6OrDefault('d', 'aIPv6', NULL, CAST('2001:db8::1', 'IPv6'))

SELECT dictGetIPv6OrDefault('d', 'aString', 1, 1)

SELECT dictGetString('d', 'aString', number + 1) AS x, toTypeName(x) FROM numbers(2)

SELECT dictGetString('d', 'aString', NULL)

SELECT dictGetString('d', 'aUInt8', 1)

SELECT dictGetStringOrDefault('d', 'aString', number + 1, CAST('text', 'String')) AS x, toTypeName(x) FROM numbers(2)

SELECT dictGetStringOrDefault('d', 'aString', NULL, CAST('text', 'String'))

SELECT dictGetStringOrDefault('d', 'aUInt8', 1, 1)
