SELECT IPv4StringToNum('1.2.3.4'), IPv4StringToNumOrNull('x'), IPv4StringToNumOrDefault('x'), IPv4StringToNumOrNull('255.255.255.255'), IPv4StringToNumOrDefault('0.0.0.1'), INET_ATON('10.0.0.1'), IPv4StringToNum(materialize('1.2.3.4')), IPv4StringToNumOrNull(dest), IPv4StringToNumOrDefault(toLowCardinality('1.2.3.4')) FROM events ORDER BY id LIMIT 2

SELECT IPv4StringToNum('x')

SELECT IPv4StringToNum(1)

SELECT IPv4StringToNumOrNull(1)

SELECT IPv4StringToNumOrDefault(1)

SELECT IPv4NumToStringClassC(toUInt32(16909060)), IPv4NumToStringClassC(ip), IPv4NumToStringClassC(NULL), IPv4NumToString(ip), IPv4NumToString(NULL), IPv4NumToString(toUInt32(1)), INET_NTOA(toUInt32(2)) FROM events ORDER BY id LIMIT 2

SELECT IPv4NumToStringClassC('a')

SELECT IPv4NumToString('a')

SELECT hex(IPv6StringToNum('1111::ffff')), hex(IPv6StringToNum('1.2.3.4')), hex(IPv6StringToNumOrDefault('x')), IPv6StringToNumOrNull('x'), hex(IPv6StringToNumOrNull('::1')), hex(INET6_ATON('::')), toTypeName(IPv6StringToNumOrNull('x')), hex(IPv6StringToNum(materialize('::2')))

SELECT IPv6StringToNum('x')

SELECT IPv6StringToNum(1)

SELECT IPv6StringToNumOrNull(1)

SELECT IPv6StringToNumOrDefault(1)

SELECT IPv6NumToString(IPv6StringToNum('1111::ffff')), IPv6NumToString(toIPv6('::ffff:1.2.3.4')), IPv6NumToString(NULL), INET6_NTOA(IPv6StringToNum('::1')), IPv6NumToString(materialize(toIPv6('2001:db8::1')))

SELECT IPv6NumToString('a')

SELECT IPv6NumToString(1)

SELECT IPv4ToIPv6(toIPv4('1.2.3.4')), IPv4ToIPv6(ip), IPv4ToIPv6(NULL), toTypeName(IPv4ToIPv6(ip)), hex(IPv4ToIPv6(toUInt32(1))) FROM events ORDER BY id LIMIT 2

SELECT IPv4ToIPv6('a')

SELECT cutIPv6(toIPv6('2001:0db8:ac10:fe01:feed:babe:cafe:f00d'), 2, 0), cutIPv6(toIPv6('::ffff:1.2.3.4'), 0, 1), cutIPv6(IPv6StringToNum('1111::ffff'), 1, 0), cutIPv6(materialize(toIPv6('::ffff:1.2.3.4')), 0, 3), cutIPv6(NULL, 1, 1)

SELECT cutIPv6('a', 1, 1)

SELECT cutIPv6(toIPv6('::1'), 1)

SELECT isIPAddressInRange('127.0.0.1', '127.0.0.0/8'), isIPAddressInRange('127.0.0.1', 'ffff::/16'), isIPAddressInRange('::1', '::/0'), isIPAddressInRange('10.1.2.3', '10.1.2.0/30'), isIPAddressInRange('10.1.2.4', '10.1.2.0/30'), isIPAddressInRange('::ffff:192.168.0.1', '192.168.0.0/24'), isIPAddressInRange(ip, '10.0.0.0/8'), isIPAddressInRange(toIPv6('2001:db8::1'), '2001:db8::/33'), isIPAddressInRange(materialize('1.2.3.4'), materialize('1.2.3.4/32')) FROM events ORDER BY id LIMIT 2

SELECT isIPAddressInRange('x', '127.0.0.0/8')

SELECT isIPAddressInRange('127.0.0.1', 'x')

SELECT isIPAddressInRange('127.0.0.1', '127.0.0.0/33')

SELECT isIPAddressInRange(1, 2)

SELECT MACNumToString(149809441867716), MACNumToString(NULL), MACStringToNum('01:02:03:04:05:06'), MACStringToNum('x'), MACStringToNum(''), MACStringToNum(NULL), MACStringToOUI('01:02:03:04:05:06'), MACStringToOUI('01:02:03'), MACStringToOUI('zz'), MACStringToOUI(NULL), MACStringToNum(materialize('FF:ff:00:00:00:01'))

SELECT MACNumToString('a')

SELECT MACStringToNum(1)

SELECT MACStringToOUI(1)

SELECT hex(UUIDStringToNum('612f3c40-5d3b-217e-707b-6a546a3d7b29')), hex(UUIDStringToNum('612f3c40-5d3b-217e-707b-6a546a3d7b29', 2)), hex(UUIDStringToNum('x')), UUIDStringToNum(NULL), UUIDNumToString(UUIDStringToNum('612f3c40-5d3b-217e-707b-6a546a3d7b29')), UUIDNumToString(toFixedString('@</a;]~!p{jTj={)', 16), 2), UUIDNumToString(NULL), hex(UUIDToNum(toUUID('612f3c40-5d3b-217e-707b-6a546a3d7b29'))), hex(UUIDToNum(uid, 2)), UUIDToNum(NULL), toTypeName(UUIDToNum(uid)), hex(UUIDStringToNum(materialize('612f3c40-5d3b-217e-707b-6a546a3d7b29'))) FROM events ORDER BY id LIMIT 1

SELECT UUIDStringToNum(1)

SELECT UUIDNumToString('a')

SELECT UUIDToNum('a')

SELECT UUIDStringToNum('612f3c40-5d3b-217e-707b-6a546a3d7b29', 3)

SELECT isIPv4String('1.2.3.4'), isIPv4String('x'), isIPv4String(NULL), isIPv6String('::1'), isIPv6String('1.2.3.4'), isIPv6String(NULL), isIPv4String(dest), isIPv6String(materialize('::')) FROM events ORDER BY id LIMIT 1

SELECT isIPv4String(1)

SELECT isIPv6String(1)

SELECT toIPv4('1.2.3.4'), toIPv4OrNull('x'), toIPv4OrZero('x'), toIPv4OrNull(NULL), toIPv6('::1'), toIPv6OrNull('x'), toIPv6OrZero('x'), toIPv6OrNull(NULL), toIPv4(materialize('9.8.7.6')), toIPv6(materialize('9.8.7.6')), toIPv4OrZero(NULL), toIPv6OrZero(NULL), toIPv4(NULL), toIPv6(NULL)

SELECT toIPv4('x')

SELECT toIPv6('x')

SELECT toIPv4OrNull(1)

SELECT toIPv6OrZero(1)
