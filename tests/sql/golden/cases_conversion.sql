SELECT toInt8OrNull('5'), toInt8OrNull('-128'), toInt8OrNull('x'), toInt8OrNull('300'), toInt8OrNull(NULL), toTypeName(toInt8OrNull('1'))

SELECT toInt8OrNull(materialize('5')), toInt8OrNull(note), toInt8OrNull(dest) FROM events ORDER BY id LIMIT 3

SELECT toInt8OrNull()

SELECT toInt8OrZero('5'), toInt8OrZero('-128'), toInt8OrZero('x'), toInt8OrZero('300'), toInt8OrZero(NULL), toTypeName(toInt8OrZero('1'))

SELECT toInt8OrZero(materialize('5')), toInt8OrZero(note), toInt8OrZero(dest) FROM events ORDER BY id LIMIT 3

SELECT toInt8OrZero()

SELECT toInt8OrDefault('5', toInt8(7)), toInt8OrDefault('-128', toInt8(7)), toInt8OrDefault('x', toInt8(7)), toInt8OrDefault('300', toInt8(7))

SELECT toInt8OrDefault(dest, toInt8(7)), toInt8OrDefault(materialize('5'), toInt8(7)) FROM events ORDER BY id LIMIT 3

SELECT toInt8OrDefault()

SELECT toInt16OrNull('5'), toInt16OrNull('-3'), toInt16OrNull('x'), toInt16OrNull('70000'), toInt16OrNull(NULL), toTypeName(toInt16OrNull('1'))

SELECT toInt16OrNull(materialize('5')), toInt16OrNull(note), toInt16OrNull(dest) FROM events ORDER BY id LIMIT 3

SELECT toInt16OrNull()

SELECT toInt16OrZero('5'), toInt16OrZero('-3'), toInt16OrZero('x'), toInt16OrZero('70000'), toInt16OrZero(NULL), toTypeName(toInt16OrZero('1'))

SELECT toInt16OrZero(materialize('5')), toInt16OrZero(note), toInt16OrZero(dest) FROM events ORDER BY id LIMIT 3

SELECT toInt16OrZero()

SELECT toInt16OrDefault('5', toInt16(7)), toInt16OrDefault('-3', toInt16(7)), toInt16OrDefault('x', toInt16(7)), toInt16OrDefault('70000', toInt16(7))

SELECT toInt16OrDefault(dest, toInt16(7)), toInt16OrDefault(materialize('5'), toInt16(7)) FROM events ORDER BY id LIMIT 3

SELECT toInt16OrDefault()

SELECT toInt32OrNull('5'), toInt32OrNull('-3'), toInt32OrNull(''), toInt32OrNull('1.5'), toInt32OrNull(NULL), toTypeName(toInt32OrNull('1'))

SELECT toInt32OrNull(materialize('5')), toInt32OrNull(note), toInt32OrNull(dest) FROM events ORDER BY id LIMIT 3

SELECT toInt32OrNull()

SELECT toInt32OrZero('5'), toInt32OrZero('-3'), toInt32OrZero(''), toInt32OrZero('1.5'), toInt32OrZero(NULL), toTypeName(toInt32OrZero('1'))

SELECT toInt32OrZero(materialize('5')), toInt32OrZero(note), toInt32OrZero(dest) FROM events ORDER BY id LIMIT 3

SELECT toInt32OrZero()

SELECT toInt32OrDefault('5', toInt32(7)), toInt32OrDefault('-3', toInt32(7)), toInt32OrDefault('', toInt32(7)), toInt32OrDefault('1.5', toInt32(7))

SELECT toInt32OrDefault(dest, toInt32(7)), toInt32OrDefault(materialize('5'), toInt32(7)) FROM events ORDER BY id LIMIT 3

SELECT toInt32OrDefault()

SELECT toInt64OrNull('5'), toInt64OrNull('-3'), toInt64OrNull('x'), toInt64OrNull('1e3'), toInt64OrNull(NULL), toTypeName(toInt64OrNull('1'))

SELECT toInt64OrNull(materialize('5')), toInt64OrNull(note), toInt64OrNull(dest) FROM events ORDER BY id LIMIT 3

SELECT toInt64OrNull()

SELECT toInt64OrZero('5'), toInt64OrZero('-3'), toInt64OrZero('x'), toInt64OrZero('1e3'), toInt64OrZero(NULL), toTypeName(toInt64OrZero('1'))

SELECT toInt64OrZero(materialize('5')), toInt64OrZero(note), toInt64OrZero(dest) FROM events ORDER BY id LIMIT 3

SELECT toInt64OrZero()

SELECT toInt64OrDefault('5', toInt64(7)), toInt64OrDefault('-3', toInt64(7)), toInt64OrDefault('x', toInt64(7)), toInt64OrDefault('1e3', toInt64(7))

SELECT toInt64OrDefault(dest, toInt64(7)), toInt64OrDefault(materialize('5'), toInt64(7)) FROM events ORDER BY id LIMIT 3

SELECT toInt64OrDefault()

SELECT toUInt8OrNull('5'), toUInt8OrNull('-1'), toUInt8OrNull('x'), toUInt8OrNull('256'), toUInt8OrNull(NULL), toTypeName(toUInt8OrNull('1'))

SELECT toUInt8OrNull(materialize('5')), toUInt8OrNull(note), toUInt8OrNull(dest) FROM events ORDER BY id LIMIT 3

SELECT toUInt8OrNull()

SELECT toUInt8OrZero('5'), toUInt8OrZero('-1'), toUInt8OrZero('x'), toUInt8OrZero('256'), toUInt8OrZero(NULL), toTypeName(toUInt8OrZero('1'))

SELECT toUInt8OrZero(materialize('5')), toUInt8OrZero(note), toUInt8OrZero(dest) FROM events ORDER BY id LIMIT 3

SELECT toUInt8OrZero()

SELECT toUInt8OrDefault('5', toUInt8(7)), toUInt8OrDefault('-1', toUInt8(7)), toUInt8OrDefault('x', toUInt8(7)), toUInt8OrDefault('256', toUInt8(7))

SELECT toUInt8OrDefault(dest, toUInt8(7)), toUInt8OrDefault(materialize('5'), toUInt8(7)) FROM events ORDER BY id LIMIT 3

SELECT toUInt8OrDefault()

SELECT toUInt16OrNull('5'), toUInt16OrNull('-3'), toUInt16OrNull('x'), toUInt16OrNull('70000'), toUInt16OrNull(NULL), toTypeName(toUInt16OrNull('1'))

SELECT toUInt16OrNull(materialize('5')), toUInt16OrNull(note), toUInt16OrNull(dest) FROM events ORDER BY id LIMIT 3

SELECT toUInt16OrNull()

SELECT toUInt16OrZero('5'), toUInt16OrZero('-3'), toUInt16OrZero('x'), toUInt16OrZero('70000'), toUInt16OrZero(NULL), toTypeName(toUInt16OrZero('1'))

SELECT toUInt16OrZero(materialize('5')), toUInt16OrZero(note), toUInt16OrZero(dest) FROM events ORDER BY id LIMIT 3

SELECT toUInt16OrZero()

SELECT toUInt16OrDefault('5', toUInt16(7)), toUInt16OrDefault('-3', toUInt16(7)), toUInt16OrDefault('x', toUInt16(7)), toUInt16OrDefault('70000', toUInt16(7))

SELECT toUInt16OrDefault(dest, toUInt16(7)), toUInt16OrDefault(materialize('5'), toUInt16(7)) FROM events ORDER BY id LIMIT 3

SELECT toUInt16OrDefault()

SELECT toUInt32OrNull('5'), toUInt32OrNull('-3'), toUInt32OrNull('x'), toUInt32OrNull('1 2'), toUInt32OrNull(NULL), toTypeName(toUInt32OrNull('1'))

SELECT toUInt32OrNull(materialize('5')), toUInt32OrNull(note), toUInt32OrNull(dest) FROM events ORDER BY id LIMIT 3

SELECT toUInt32OrNull()

SELECT toUInt32OrZero('5'), toUInt32OrZero('-3'), toUInt32OrZero('x'), toUInt32OrZero('1 2'), toUInt32OrZero(NULL), toTypeName(toUInt32OrZero('1'))

SELECT toUInt32OrZero(materialize('5')), toUInt32OrZero(note), toUInt32OrZero(dest) FROM events ORDER BY id LIMIT 3

SELECT toUInt32OrZero()

SELECT toUInt32OrDefault('5', toUInt32(7)), toUInt32OrDefault('-3', toUInt32(7)), toUInt32OrDefault('x', toUInt32(7)), toUInt32OrDefault('1 2', toUInt32(7))

SELECT toUInt32OrDefault(dest, toUInt32(7)), toUInt32OrDefault(materialize('5'), toUInt32(7)) FROM events ORDER BY id LIMIT 3

SELECT toUInt32OrDefault()

SELECT toUInt64OrNull('5'), toUInt64OrNull('18446744073709551615'), toUInt64OrNull('x'), toUInt64OrNull('18446744073709551616'), toUInt64OrNull(NULL), toTypeName(toUInt64OrNull('1'))

SELECT toUInt64OrNull(materialize('5')), toUInt64OrNull(note), toUInt64OrNull(dest) FROM events ORDER BY id LIMIT 3

SELECT toUInt64OrNull()

SELECT toUInt64OrZero('5'), toUInt64OrZero('18446744073709551615'), toUInt64OrZero('x'), toUInt64OrZero('18446744073709551616'), toUInt64OrZero(NULL), toTypeName(toUInt64OrZero('1'))

SELECT toUInt64OrZero(materialize('5')), toUInt64OrZero(note), toUInt64OrZero(dest) FROM events ORDER BY id LIMIT 3

SELECT toUInt64OrZero()

SELECT toUInt64OrDefault('5', toUInt64(7)), toUInt64OrDefault('18446744073709551615', toUInt64(7)), toUInt64OrDefault('x', toUInt64(7)), toUInt64OrDefault('18446744073709551616', toUInt64(7))

SELECT toUInt64OrDefault(dest, toUInt64(7)), toUInt64OrDefault(materialize('5'), toUInt64(7)) FROM events ORDER BY id LIMIT 3

SELECT toUInt64OrDefault()

SELECT toInt128OrNull('5'), toInt128OrNull('-3'), toInt128OrNull('x'), toInt128OrNull(''), toInt128OrNull(NULL), toTypeName(toInt128OrNull('1'))

SELECT toInt128OrNull(materialize('5')), toInt128OrNull(note), toInt128OrNull(dest) FROM events ORDER BY id LIMIT 3

SELECT toInt128OrNull()

SELECT toInt128OrZero('5'), toInt128OrZero('-3'), toInt128OrZero('x'), toInt128OrZero(''), toInt128OrZero(NULL), toTypeName(toInt128OrZero('1'))

SELECT toInt128OrZero(materialize('5')), toInt128OrZero(note), toInt128OrZero(dest) FROM events ORDER BY id LIMIT 3

SELECT toInt128OrZero()

SELECT toInt128OrDefault('5', toInt128(7)), toInt128OrDefault('-3', toInt128(7)), toInt128OrDefault('x', toInt128(7)), toInt128OrDefault('', toInt128(7))

SELECT toInt128OrDefault(dest, toInt128(7)), toInt128OrDefault(materialize('5'), toInt128(7)) FROM events ORDER BY id LIMIT 3

SELECT toInt128OrDefault()

SELECT toUInt128OrNull('5'), toUInt128OrNull('-3'), toUInt128OrNull('x'), toUInt128OrNull(''), toUInt128OrNull(NULL), toTypeName(toUInt128OrNull('1'))

SELECT toUInt128OrNull(materialize('5')), toUInt128OrNull(note), toUInt128OrNull(dest) FROM events ORDER BY id LIMIT 3

SELECT toUInt128OrNull()

SELECT toUInt128OrZero('5'), toUInt128OrZero('-3'), toUInt128OrZero('x'), toUInt128OrZero(''), toUInt128OrZero(NULL), toTypeName(toUInt128OrZero('1'))

SELECT toUInt128OrZero(materialize('5')), toUInt128OrZero(note), toUInt128OrZero(dest) FROM events ORDER BY id LIMIT 3

SELECT toUInt128OrZero()

SELECT toUInt128OrDefault('5', toUInt128(7)), toUInt128OrDefault('-3', toUInt128(7)), toUInt128OrDefault('x', toUInt128(7)), toUInt128OrDefault('', toUInt128(7))

SELECT toUInt128OrDefault(dest, toUInt128(7)), toUInt128OrDefault(materialize('5'), toUInt128(7)) FROM events ORDER BY id LIMIT 3

SELECT toUInt128OrDefault()

SELECT toFloat32OrNull('1.5'), toFloat32OrNull('-3'), toFloat32OrNull('x'), toFloat32OrNull('inf'), toFloat32OrNull(NULL), toTypeName(toFloat32OrNull('1'))

SELECT toFloat32OrNull(materialize('1.5')), toFloat32OrNull(note), toFloat32OrNull(dest) FROM events ORDER BY id LIMIT 3

SELECT toFloat32OrNull()

SELECT toFloat32OrZero('1.5'), toFloat32OrZero('-3'), toFloat32OrZero('x'), toFloat32OrZero('inf'), toFloat32OrZero(NULL), toTypeName(toFloat32OrZero('1'))

SELECT toFloat32OrZero(materialize('1.5')), toFloat32OrZero(note), toFloat32OrZero(dest) FROM events ORDER BY id LIMIT 3

SELECT toFloat32OrZero()

SELECT toFloat32OrDefault('1.5', toFloat32(7)), toFloat32OrDefault('-3', toFloat32(7)), toFloat32OrDefault('x', toFloat32(7)), toFloat32OrDefault('inf', toFloat32(7))

SELECT toFloat32OrDefault(dest, toFloat32(7)), toFloat32OrDefault(materialize('1.5'), toFloat32(7)) FROM events ORDER BY id LIMIT 3

SELECT toFloat32OrDefault()

SELECT toFloat64OrNull('1.5'), toFloat64OrNull('nan'), toFloat64OrNull('x'), toFloat64OrNull('1e400'), toFloat64OrNull(NULL), toTypeName(toFloat64OrNull('1'))

SELECT toFloat64OrNull(materialize('1.5')), toFloat64OrNull(note), toFloat64OrNull(dest) FROM events ORDER BY id LIMIT 3

SELECT toFloat64OrNull()

SELECT toFloat64OrZero('1.5'), toFloat64OrZero('nan'), toFloat64OrZero('x'), toFloat64OrZero('1e400'), toFloat64OrZero(NULL), toTypeName(toFloat64OrZero('1'))

SELECT toFloat64OrZero(materialize('1.5')), toFloat64OrZero(note), toFloat64OrZero(dest) FROM events ORDER BY id LIMIT 3

SELECT toFloat64OrZero()

SELECT toFloat64OrDefault('1.5', toFloat64(7)), toFloat64OrDefault('nan', toFloat64(7)), toFloat64OrDefault('x', toFloat64(7)), toFloat64OrDefault('1e400', toFloat64(7))

SELECT toFloat64OrDefault(dest, toFloat64(7)), toFloat64OrDefault(materialize('1.5'), toFloat64(7)) FROM events ORDER BY id LIMIT 3

SELECT toFloat64OrDefault()

SELECT toDateOrNull('2020-01-02'), toDateOrNull('x'), toDateOrNull('1960-01-01'), toDateOrNull(''), toDateOrNull(NULL), toTypeName(toDateOrNull('1'))

SELECT toDateOrNull(materialize('2020-01-02')), toDateOrNull(note), toDateOrNull(dest) FROM events ORDER BY id LIMIT 3

SELECT toDateOrNull()

SELECT toDateOrZero('2020-01-02'), toDateOrZero('x'), toDateOrZero('1960-01-01'), toDateOrZero(''), toDateOrZero(NULL), toTypeName(toDateOrZero('1'))

SELECT toDateOrZero(materialize('2020-01-02')), toDateOrZero(note), toDateOrZero(dest) FROM events ORDER BY id LIMIT 3

SELECT toDateOrZero()

SELECT toDateOrDefault('2020-01-02', toDate('2000-01-01')), toDateOrDefault('x', toDate('2000-01-01')), toDateOrDefault('1960-01-01', toDate('2000-01-01')), toDateOrDefault('', toDate('2000-01-01'))

SELECT toDateOrDefault(dest, toDate('2000-01-01')), toDateOrDefault(materialize('2020-01-02'), toDate('2000-01-01')) FROM events ORDER BY id LIMIT 3

SELECT toDateOrDefault()

SELECT toDate32OrNull('2020-01-02'), toDate32OrNull('x'), toDate32OrNull('1950-01-01'), toDate32OrNull(''), toDate32OrNull(NULL), toTypeName(toDate32OrNull('1'))

SELECT toDate32OrNull(materialize('2020-01-02')), toDate32OrNull(note), toDate32OrNull(dest) FROM events ORDER BY id LIMIT 3

SELECT toDate32OrNull()

SELECT toDate32OrZero('2020-01-02'), toDate32OrZero('x'), toDate32OrZero('1950-01-01'), toDate32OrZero(''), toDate32OrZero(NULL), toTypeName(toDate32OrZero('1'))

SELECT toDate32OrZero(materialize('2020-01-02')), toDate32OrZero(note), toDate32OrZero(dest) FROM events ORDER BY id LIMIT 3

SELECT toDate32OrZero()

SELECT toDate32OrDefault('2020-01-02', toDate32('2000-01-01')), toDate32OrDefault('x', toDate32('2000-01-01')), toDate32OrDefault('1950-01-01', toDate32('2000-01-01')), toDate32OrDefault('', toDate32('2000-01-01'))

SELECT toDate32OrDefault(dest, toDate32('2000-01-01')), toDate32OrDefault(materialize('2020-01-02'), toDate32('2000-01-01')) FROM events ORDER BY id LIMIT 3

SELECT toDate32OrDefault()

SELECT toDateTimeOrNull('2020-01-02 03:04:05', 'UTC'), toDateTimeOrNull('x', 'UTC'), toDateTimeOrNull('2020-01-02', 'UTC'), toDateTimeOrNull('', 'UTC'), toDateTimeOrNull(NULL, 'UTC'), toTypeName(toDateTimeOrNull('1', 'UTC'))

SELECT toDateTimeOrNull(materialize('2020-01-02 03:04:05'), 'UTC'), toDateTimeOrNull(note, 'UTC'), toDateTimeOrNull(dest, 'UTC') FROM events ORDER BY id LIMIT 3

SELECT toDateTimeOrNull()

SELECT toDateTimeOrZero('2020-01-02 03:04:05', 'UTC'), toDateTimeOrZero('x', 'UTC'), toDateTimeOrZero('2020-01-02', 'UTC'), toDateTimeOrZero('', 'UTC'), toDateTimeOrZero(NULL, 'UTC'), toTypeName(toDateTimeOrZero('1', 'UTC'))

SELECT toDateTimeOrZero(materialize('2020-01-02 03:04:05'), 'UTC'), toDateTimeOrZero(note, 'UTC'), toDateTimeOrZero(dest, 'UTC') FROM events ORDER BY id LIMIT 3

SELECT toDateTimeOrZero()

SELECT toDateTimeOrDefault('2020-01-02 03:04:05', 'UTC', toDateTime('2000-01-01 00:00:00', 'UTC')), toDateTimeOrDefault('x', 'UTC', toDateTime('2000-01-01 00:00:00', 'UTC')), toDateTimeOrDefault('2020-01-02', 'UTC', toDateTime('2000-01-01 00:00:00', 'UTC')), toDateTimeOrDefault('', 'UTC', toDateTime('2000-01-01 00:00:00', 'UTC'))

SELECT toDateTimeOrDefault(dest, 'UTC', toDateTime('2000-01-01 00:00:00', 'UTC')), toDateTimeOrDefault(materialize('2020-01-02 03:04:05'), 'UTC', toDateTime('2000-01-01 00:00:00', 'UTC')) FROM events ORDER BY id LIMIT 3

SELECT toDateTimeOrDefault()

SELECT toUUIDOrNull('61f0c404-5cb3-11e7-907b-a6006ad3dba0'), toUUIDOrNull('x'), toUUIDOrNull(''), toUUIDOrNull(' '), toUUIDOrNull(NULL), toTypeName(toUUIDOrNull('1'))

SELECT toUUIDOrNull(materialize('61f0c404-5cb3-11e7-907b-a6006ad3dba0')), toUUIDOrNull(note), toUUIDOrNull(dest) FROM events ORDER BY id LIMIT 3

SELECT toUUIDOrNull()

SELECT toUUIDOrZero('61f0c404-5cb3-11e7-907b-a6006ad3dba0'), toUUIDOrZero('x'), toUUIDOrZero(''), toUUIDOrZero(' '), toUUIDOrZero(NULL), toTypeName(toUUIDOrZero('1'))

SELECT toUUIDOrZero(materialize('61f0c404-5cb3-11e7-907b-a6006ad3dba0')), toUUIDOrZero(note), toUUIDOrZero(dest) FROM events ORDER BY id LIMIT 3

SELECT toUUIDOrZero()

SELECT toUUIDOrDefault('61f0c404-5cb3-11e7-907b-a6006ad3dba0', toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0')), toUUIDOrDefault('x', toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0')), toUUIDOrDefault('', toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0')), toUUIDOrDefault(' ', toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0'))

SELECT toUUIDOrDefault(dest, toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0')), toUUIDOrDefault(materialize('61f0c404-5cb3-11e7-907b-a6006ad3dba0'), toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0')) FROM events ORDER BY id LIMIT 3

SELECT toUUIDOrDefault()

SELECT toIPv4OrNull('1.2.3.4'), toIPv4OrNull('x'), toIPv4OrNull(''), toIPv4OrNull(' '), toIPv4OrNull(NULL), toTypeName(toIPv4OrNull('1'))

SELECT toIPv4OrNull(materialize('1.2.3.4')), toIPv4OrNull(note), toIPv4OrNull(dest) FROM events ORDER BY id LIMIT 3

SELECT toIPv4OrNull()

SELECT toIPv4OrZero('1.2.3.4'), toIPv4OrZero('x'), toIPv4OrZero(''), toIPv4OrZero(' '), toIPv4OrZero(NULL), toTypeName(toIPv4OrZero('1'))

SELECT toIPv4OrZero(materialize('1.2.3.4')), toIPv4OrZero(note), toIPv4OrZero(dest) FROM events ORDER BY id LIMIT 3

SELECT toIPv4OrZero()

SELECT toIPv4OrDefault('1.2.3.4', toIPv4('9.9.9.9')), toIPv4OrDefault('x', toIPv4('9.9.9.9')), toIPv4OrDefault('', toIPv4('9.9.9.9')), toIPv4OrDefault(' ', toIPv4('9.9.9.9'))

SELECT toIPv4OrDefault(dest, toIPv4('9.9.9.9')), toIPv4OrDefault(materialize('1.2.3.4'), toIPv4('9.9.9.9')) FROM events ORDER BY id LIMIT 3

SELECT toIPv4OrDefault()

SELECT toIPv6OrNull('::1'), toIPv6OrNull('x'), toIPv6OrNull('1.2.3.4'), toIPv6OrNull(' '), toIPv6OrNull(NULL), toTypeName(toIPv6OrNull('1'))

SELECT toIPv6OrNull(materialize('::1')), toIPv6OrNull(note), toIPv6OrNull(dest) FROM events ORDER BY id LIMIT 3

SELECT toIPv6OrNull()

SELECT toIPv6OrZero('::1'), toIPv6OrZero('x'), toIPv6OrZero('1.2.3.4'), toIPv6OrZero(' '), toIPv6OrZero(NULL), toTypeName(toIPv6OrZero('1'))

SELECT toIPv6OrZero(materialize('::1')), toIPv6OrZero(note), toIPv6OrZero(dest) FROM events ORDER BY id LIMIT 3

SELECT toIPv6OrZero()

SELECT toIPv6OrDefault('::1', toIPv6('::9')), toIPv6OrDefault('x', toIPv6('::9')), toIPv6OrDefault('1.2.3.4', toIPv6('::9')), toIPv6OrDefault(' ', toIPv6('::9'))

SELECT toIPv6OrDefault(dest, toIPv6('::9')), toIPv6OrDefault(materialize('::1'), toIPv6('::9')) FROM events ORDER BY id LIMIT 3

SELECT toIPv6OrDefault()

SELECT toDecimal32OrNull('1.5', 3), toDecimal32OrNull('x', 3), toDecimal32OrNull('1.23456', 2), toDecimal32OrNull(NULL, 3), toTypeName(toDecimal32OrNull('1', 2))

SELECT toDecimal32OrNull(dest, 2), toDecimal32OrNull(materialize('7.25'), 2) FROM events ORDER BY id LIMIT 3

SELECT toDecimal32OrNull('1')

SELECT toDecimal32OrZero('1.5', 3), toDecimal32OrZero('x', 3), toDecimal32OrZero('1.23456', 2), toDecimal32OrZero(NULL, 3), toTypeName(toDecimal32OrZero('1', 2))

SELECT toDecimal32OrZero(dest, 2), toDecimal32OrZero(materialize('7.25'), 2) FROM events ORDER BY id LIMIT 3

SELECT toDecimal32OrZero('1')

SELECT toDecimal32OrDefault('1.5', 3, toDecimal32(7, 3)), toDecimal32OrDefault('x', 3, toDecimal32(7, 3))

SELECT toDecimal32OrDefault(dest, 2, toDecimal32(7, 2)) FROM events ORDER BY id LIMIT 3

SELECT toDecimal32OrDefault('1')

SELECT toDecimal64OrNull('1.5', 3), toDecimal64OrNull('x', 3), toDecimal64OrNull('1.23456', 2), toDecimal64OrNull(NULL, 3), toTypeName(toDecimal64OrNull('1', 2))

SELECT toDecimal64OrNull(dest, 2), toDecimal64OrNull(materialize('7.25'), 2) FROM events ORDER BY id LIMIT 3

SELECT toDecimal64OrNull('1')

SELECT toDecimal64OrZero('1.5', 3), toDecimal64OrZero('x', 3), toDecimal64OrZero('1.23456', 2), toDecimal64OrZero(NULL, 3), toTypeName(toDecimal64OrZero('1', 2))

SELECT toDecimal64OrZero(dest, 2), toDecimal64OrZero(materialize('7.25'), 2) FROM events ORDER BY id LIMIT 3

SELECT toDecimal64OrZero('1')

SELECT toDecimal64OrDefault('1.5', 3, toDecimal64(7, 3)), toDecimal64OrDefault('x', 3, toDecimal64(7, 3))

SELECT toDecimal64OrDefault(dest, 2, toDecimal64(7, 2)) FROM events ORDER BY id LIMIT 3

SELECT toDecimal64OrDefault('1')

SELECT toDecimal128OrNull('1.5', 3), toDecimal128OrNull('x', 3), toDecimal128OrNull('1.23456', 2), toDecimal128OrNull(NULL, 3), toTypeName(toDecimal128OrNull('1', 2))

SELECT toDecimal128OrNull(dest, 2), toDecimal128OrNull(materialize('7.25'), 2) FROM events ORDER BY id LIMIT 3

SELECT toDecimal128OrNull('1')

SELECT toDecimal128OrZero('1.5', 3), toDecimal128OrZero('x', 3), toDecimal128OrZero('1.23456', 2), toDecimal128OrZero(NULL, 3), toTypeName(toDecimal128OrZero('1', 2))

SELECT toDecimal128OrZero(dest, 2), toDecimal128OrZero(materialize('7.25'), 2) FROM events ORDER BY id LIMIT 3

SELECT toDecimal128OrZero('1')

SELECT toDecimal128OrDefault('1.5', 3, toDecimal128(7, 3)), toDecimal128OrDefault('x', 3, toDecimal128(7, 3))

SELECT toDecimal128OrDefault(dest, 2, toDecimal128(7, 2)) FROM events ORDER BY id LIMIT 3

SELECT toDecimal128OrDefault('1')

SELECT toDateTime64OrNull('2020-01-02 03:04:05.678', 3, 'UTC'), toDateTime64OrNull('x', 3, 'UTC'), toDateTime64OrNull(NULL, 3, 'UTC'), toTypeName(toDateTime64OrNull('x', 6, 'UTC'))

SELECT toDateTime64OrNull(dest, 3, 'UTC'), toDateTime64OrNull(materialize('2020-01-02'), 0, 'UTC') FROM events ORDER BY id LIMIT 3

SELECT toDateTime64OrNull()

SELECT toDateTime64OrZero('2020-01-02 03:04:05.678', 3, 'UTC'), toDateTime64OrZero('x', 3, 'UTC'), toDateTime64OrZero(NULL, 3, 'UTC'), toTypeName(toDateTime64OrZero('x', 6, 'UTC'))

SELECT toDateTime64OrZero(dest, 3, 'UTC'), toDateTime64OrZero(materialize('2020-01-02'), 0, 'UTC') FROM events ORDER BY id LIMIT 3

SELECT toDateTime64OrZero()

SELECT toDateTime64OrDefault('2020-01-02 03:04:05.678', 3, 'UTC', toDateTime64('2000-01-01 00:00:00', 3, 'UTC')), toDateTime64OrDefault('x', 3, 'UTC', toDateTime64('2000-01-01 00:00:00', 3, 'UTC'))

SELECT toDateTime64OrDefault(dest, 3, 'UTC', toDateTime64('2000-01-01 00:00:00', 3, 'UTC')) FROM events ORDER BY id LIMIT 3

SELECT toDateTime64OrDefault()
