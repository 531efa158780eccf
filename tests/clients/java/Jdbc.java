/*
 * Jdbc.java: the JDBC driver, as tools use it: what it reflects, prepared statements, batches, types, errors.
 */
import java.lang.reflect.Method;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.sql.Connection;
import java.sql.DatabaseMetaData;
import java.sql.Date;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.ResultSetMetaData;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.SQLTimeoutException;
import java.sql.Statement;
import java.sql.Timestamp;
import java.sql.Types;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicReference;

final class Jdbc {
    private final String address;

    Jdbc(String address) {
        this.address = address;
    }

    private Connection connect(String... properties) throws SQLException {
        Properties all = new Properties();
        all.setProperty("user", "default");
        for (int i = 0; i < properties.length; i += 2) {
            all.setProperty(properties[i], properties[i + 1]);
        }
        return DriverManager.getConnection("jdbc:clickhouse://" + address, all);
    }

    private static String one(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement(); ResultSet rows = statement.executeQuery(sql)) {
            Checks.yes(rows.next(), "no row of " + sql);
            return rows.getString(1);
        }
    }

    private static void run(Connection connection, String sql) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute(sql);
        }
    }

    /* The values of some columns, row by row. */
    private static List<String> list(ResultSet rows, String... columns) throws SQLException {
        List<String> found = new ArrayList<>();
        try (rows) {
            while (rows.next()) {
                List<String> row = new ArrayList<>();
                for (String column : columns) {
                    row.add(rows.getString(column));
                }
                found.add(String.join(" ", row));
            }
        }
        return found;
    }

    private static int codeOf(Checks.Check check) throws Exception {
        try {
            check.run();
        } catch (SQLException error) {
            return error.getErrorCode();
        }
        throw new AssertionError("no error");
    }

    void add(Checks checks) {
        checks.add("jdbc: connect", this::hello);
        checks.add("jdbc: tables that tools need", this::prepareTables);
        checks.add("jdbc: tables, columns, keys", this::reflect);
        checks.add("jdbc: every method of DatabaseMetaData", this::everyMethod);
        checks.add("jdbc: type info, functions", this::typesAndFunctions);
        checks.add("jdbc: values of all types", this::types);
        checks.add("jdbc: prepared statements", this::prepared);
        checks.add("jdbc: batches", this::batches);
        checks.add("jdbc: a large result", this::stream);
        checks.add("jdbc: errors", this::errors);
        checks.add("jdbc: compression", this::compression);
        checks.add("jdbc: cancel and time limits", this::cancel);
        checks.add("jdbc: roles and settings", this::rolesAndSettings);
    }

    private void hello() throws Exception {
        try (Connection connection = connect()) {
            DatabaseMetaData about = connection.getMetaData();
            Checks.same("ClickHouse", about.getDatabaseProductName());
            Checks.same(one(connection, "SELECT version()"), about.getDatabaseProductVersion());
            Checks.yes(about.getDatabaseMajorVersion() >= 22, about.getDatabaseMajorVersion());
            Checks.same("default", about.getUserName());
            Checks.same("default", connection.getSchema());
            Checks.yes(connection.isValid(10), "not valid");
            Checks.same("1", one(connection, "SELECT 1"));
        }
    }

    private void prepareTables() throws Exception {
        try (Connection connection = connect()) {
            run(connection, "CREATE DATABASE jdbc");
            run(connection, "CREATE TABLE jdbc.sales (day Date, item LowCardinality(String) COMMENT 'what', n Nullable(UInt32) DEFAULT 7,"
                            + " price Decimal(9, 2), at DateTime64(3, 'UTC'), tags Map(String, String)) ENGINE = MergeTree"
                            + " PARTITION BY toYYYYMM(day) ORDER BY (item, day)");
            run(connection, "CREATE VIEW jdbc.tea AS SELECT * FROM jdbc.sales WHERE item = 'tea'");
        }
    }

    private void reflect() throws Exception {
        try (Connection connection = connect()) {
            DatabaseMetaData about = connection.getMetaData();
            Checks.same(List.of("jdbc sales", "jdbc tea"), list(about.getTables(null, "jdbc", "%", null), "TABLE_SCHEM", "TABLE_NAME"));
            Checks.same(List.of("sales TABLE"), list(about.getTables(null, "jdbc", "%", new String[] {"TABLE"}), "TABLE_NAME", "TABLE_TYPE"));
            Checks.same(List.of("tea VIEW"), list(about.getTables(null, "jdbc", "%", new String[] {"VIEW"}), "TABLE_NAME", "TABLE_TYPE"));
            Checks.same(List.of("sales"), list(about.getTables(null, "jdbc", "sal%", null), "TABLE_NAME"));
            List<String> system = list(about.getTables(null, "system", "%", null), "TABLE_NAME", "TABLE_TYPE");
            Checks.yes(system.contains("settings SYSTEM TABLE"), system);
            Checks.yes(list(about.getSchemas(), "TABLE_SCHEM").containsAll(List.of("default", "jdbc", "system")), "schemas");
            list(about.getCatalogs(), "TABLE_CAT");
            Checks.yes(list(about.getTableTypes(), "TABLE_TYPE").containsAll(List.of("TABLE", "VIEW")), "table types");
            Checks.same(List.of("day 1 Date", "item 2 LowCardinality(String)", "n 3 Nullable(UInt32)", "price 4 Decimal(9, 2)",
                                "at 5 DateTime64(3, 'UTC')", "tags 6 Map(String, String)"),
                        list(about.getColumns(null, "jdbc", "sales", "%"), "COLUMN_NAME", "ORDINAL_POSITION", "TYPE_NAME"));
            try (ResultSet rows = about.getColumns(null, "jdbc", "sales", "price")) {
                Checks.yes(rows.next(), "no column");
                Checks.same(Types.DECIMAL, rows.getInt("DATA_TYPE"));
                Checks.same(9, rows.getInt("COLUMN_SIZE"));
                Checks.same(2, rows.getInt("DECIMAL_DIGITS"));
                Checks.same(DatabaseMetaData.columnNoNulls, rows.getInt("NULLABLE"));
            }
            try (ResultSet rows = about.getColumns(null, "jdbc", "sales", "n")) {
                Checks.yes(rows.next(), "no column");
                Checks.same(DatabaseMetaData.columnNullable, rows.getInt("NULLABLE"));
                Checks.same("7", rows.getString("COLUMN_DEF"));
            }
            Checks.same(List.of("what"), list(about.getColumns(null, "jdbc", "sales", "item"), "REMARKS"));
            Set<String> keys = new TreeSet<>();
            for (String name : list(about.getPrimaryKeys(null, "jdbc", "sales"), "COLUMN_NAME")) {
                keys.add(name.trim());
            }
            Checks.same(Set.of("item", "day"), keys);
        }
    }

    /* Tools call any of them; what the driver has no answer to itself it says so of. */
    private void everyMethod() throws Exception {
        List<String> failed = new ArrayList<>();
        int called = 0;
        try (Connection connection = connect()) {
            DatabaseMetaData about = connection.getMetaData();
            for (Method method : DatabaseMetaData.class.getMethods()) {
                if (method.getReturnType() != ResultSet.class) {
                    continue;
                }
                Object[] arguments = new Object[method.getParameterCount()];
                for (int i = 0; i < arguments.length; i++) {
                    Class<?> type = method.getParameterTypes()[i];
                    arguments[i] = type == int.class ? Integer.valueOf(1) : type == boolean.class ? Boolean.TRUE : null;
                }
                boolean named = method.getName().matches("getTables|getColumns|getPrimaryKeys|getIndexInfo|get.*Keys|getCrossReference|"
                                                         + "getBestRowIdentifier|getVersionColumns|get.*Privileges|getPseudoColumns");
                if (named) {
                    arguments[1] = "jdbc";
                    arguments[2] = "sales";
                }
                try (ResultSet rows = (ResultSet) method.invoke(about, arguments)) {
                    called++;
                    int columns = rows == null ? 0 : rows.getMetaData().getColumnCount();
                    while (rows != null && rows.next()) {
                        for (int c = 1; c <= columns; c++) {
                            rows.getObject(c);
                        }
                    }
                } catch (java.lang.reflect.InvocationTargetException thrown) {
                    if (!(thrown.getCause() instanceof SQLFeatureNotSupportedException)) {
                        failed.add(method.getName() + ": " + thrown.getCause());
                    }
                } catch (SQLException thrown) {
                    failed.add(method.getName() + ": " + thrown);
                }
            }
        }
        Checks.same(List.of(), failed);
        Checks.yes(called > 15, called);
    }

    private void typesAndFunctions() throws Exception {
        try (Connection connection = connect()) {
            DatabaseMetaData about = connection.getMetaData();
            List<String> types = list(about.getTypeInfo(), "TYPE_NAME", "DATA_TYPE");
            for (String type : List.of("Int32 " + Types.INTEGER, "String " + Types.VARCHAR, "Float64 " + Types.DOUBLE, "Date " + Types.DATE)) {
                Checks.yes(types.contains(type), type + " in " + types);
            }
            List<String> functions = list(about.getFunctions(null, null, "%"), "FUNCTION_NAME");
            Checks.yes(functions.containsAll(List.of("count", "toDateTime", "quantile", "lower")), functions.size());
            Checks.same(List.of("toStartOfHour"), list(about.getFunctions(null, null, "toStartOfHour"), "FUNCTION_NAME"));
        }
    }

    private void types() throws Exception {
        String[][] values = {
            {"toInt8(-8)", "-8"}, {"toInt16(-16)", "-16"}, {"toInt32(-32)", "-32"}, {"toInt64(-64)", "-64"},
            {"toInt128('-170141183460469231731687303715884105728')", "-170141183460469231731687303715884105728"},
            {"toInt256('-5')", "-5"}, {"toUInt8(255)", "255"}, {"toUInt16(65535)", "65535"}, {"toUInt32(4294967295)", "4294967295"},
            {"toUInt64('18446744073709551615')", "18446744073709551615"}, {"toUInt128('340282366920938463463374607431768211455')",
             "340282366920938463463374607431768211455"}, {"toUInt256('7')", "7"}, {"toFloat32(1.5)", "1.5"}, {"toFloat64(-2.25)", "-2.25"},
            {"toDecimal32('1.25', 2)", "1.25"}, {"toDecimal64('-3.5', 1)", "-3.5"}, {"toDecimal128('9.99', 2)", "9.99"},
            {"true", "true"}, {"'text'", "text"}, {"toFixedString('abc', 3)", "abc"},
            {"toUUID('61f0c404-5cb3-11e7-907b-a6006ad3dba0')", "61f0c404-5cb3-11e7-907b-a6006ad3dba0"},
            {"CAST('b' AS Enum8('a' = 1, 'b' = 2))", "b"}, {"CAST('x' AS Enum16('x' = 300))", "x"},
            {"CAST('low' AS LowCardinality(String))", "low"}, {"CAST(NULL AS Nullable(Int32))", null}, {"CAST('n' AS Nullable(String))", "n"},
            {"toDate('2026-01-02')", "2026-01-02"}, {"toDate32('1930-01-02')", "1930-01-02"}};
        try (Connection connection = connect(); Statement statement = connection.createStatement()) {
            for (String[] value : values) {
                try (ResultSet rows = statement.executeQuery("SELECT " + value[0] + " AS v")) {
                    Checks.yes(rows.next(), value[0]);
                    Checks.same(value[1], rows.getString("v"));
                    Checks.same(value[1] == null, rows.getObject("v") == null);
                    Checks.same(value[1] == null, rows.wasNull());
                }
            }
            try (ResultSet rows = statement.executeQuery(
                     "SELECT toDateTime('2026-01-02 03:04:05', 'UTC') AS t, toDateTime64('2026-01-02 03:04:05.678', 3, 'UTC') AS t64,"
                     + " [1, 2, 3] AS a, map('k', 'v') AS m, (1, 'two') AS tu, toIPv4('10.1.2.3') AS i4, toIPv6('2001:db8::1') AS i6,"
                     + " toUInt64('18446744073709551615') AS big, toDecimal64('3.25', 2) AS d, [['a'], []] AS aa")) {
                Checks.yes(rows.next(), "no row");
                Checks.same(Instant.parse("2026-01-02T03:04:05Z"), rows.getObject("t", ZonedDateTime.class).toInstant());
                Checks.same(Instant.parse("2026-01-02T03:04:05.678Z"), rows.getObject("t64", ZonedDateTime.class).toInstant());
                Checks.same(Instant.parse("2026-01-02T03:04:05.678Z"), rows.getTimestamp("t64").toInstant());
                Checks.same("[1, 2, 3]", Arrays.toString(asObjects(rows.getArray("a").getArray())));
                Checks.same(Map.of("k", "v"), rows.getObject("m"));
                Checks.yes(rows.getString("i4").endsWith("10.1.2.3"), rows.getString("i4"));
                Checks.yes(rows.getString("i6").contains("2001:db8"), rows.getString("i6"));
                Checks.same(new BigInteger("18446744073709551615"), rows.getObject("big"));
                Checks.same(new BigDecimal("3.25"), rows.getBigDecimal("d"));
                Checks.yes(rows.getObject("tu") != null && rows.getObject("aa") != null, "nested");
                ResultSetMetaData about = rows.getMetaData();
                Checks.same("DateTime64(3, 'UTC')", about.getColumnTypeName(2));
                Checks.same(Types.ARRAY, about.getColumnType(3));
            }
        }
    }

    private static Object[] asObjects(Object array) {
        Object[] objects = new Object[java.lang.reflect.Array.getLength(array)];
        for (int i = 0; i < objects.length; i++) {
            objects[i] = java.lang.reflect.Array.get(array, i);
        }
        return objects;
    }

    private void prepared() throws Exception {
        UUID id = UUID.fromString("61f0c404-5cb3-11e7-907b-a6006ad3dba0");
        try (Connection connection = connect()) {
            run(connection, "CREATE TABLE jdbc.prepared (i Int32, s String, d Decimal(9, 2), day Date, at DateTime64(3, 'UTC'), n Nullable(String),"
                            + " u UUID, b Bool, f Float64, a Array(String)) ENGINE = MergeTree ORDER BY i");
            try (PreparedStatement insert = connection.prepareStatement("INSERT INTO jdbc.prepared VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)")) {
                insert.setInt(1, 1);
                insert.setString(2, "it's a \\ and a\nline — ?");
                insert.setBigDecimal(3, new BigDecimal("12.34"));
                insert.setDate(4, Date.valueOf("2026-01-02"));
                insert.setObject(5, LocalDateTime.of(2026, 1, 2, 3, 4, 5, 678_000_000).atZone(ZoneOffset.UTC));
                insert.setNull(6, Types.VARCHAR);
                insert.setObject(7, id);
                insert.setBoolean(8, true);
                insert.setDouble(9, 0.5);
                insert.setArray(10, connection.createArrayOf("String", new String[] {"x", "y'z"}));
                Checks.same(1, insert.executeUpdate());
            }
            try (PreparedStatement select = connection.prepareStatement(
                     "SELECT i, s, d, day, at, n, u, b, f, a FROM jdbc.prepared WHERE s = ? AND i IN (?, ?) AND day >= ?")) {
                select.setString(1, "it's a \\ and a\nline — ?");
                select.setInt(2, 1);
                select.setLong(3, 5L);
                select.setObject(4, LocalDate.of(2026, 1, 1));
                Checks.same(10, select.getMetaData().getColumnCount());
                try (ResultSet rows = select.executeQuery()) {
                    Checks.yes(rows.next(), "no row");
                    Checks.same("it's a \\ and a\nline — ?", rows.getString(2));
                    Checks.same(new BigDecimal("12.34"), rows.getBigDecimal(3));
                    Checks.same(LocalDate.of(2026, 1, 2), rows.getObject(4, LocalDate.class));
                    Checks.same(Instant.parse("2026-01-02T03:04:05.678Z"), rows.getTimestamp(5).toInstant());
                    Checks.same(null, rows.getString(6));
                    Checks.same(id, rows.getObject(7));
                    Checks.same(true, rows.getBoolean(8));
                    Checks.same(0.5, rows.getDouble(9));
                    Checks.same("[x, y'z]", Arrays.toString(asObjects(rows.getArray(10).getArray())));
                    Checks.yes(!rows.next(), "two rows");
                }
            }
        }
    }

    private void batches() throws Exception {
        try (Connection connection = connect("compress", "true", "decompress", "true")) {
            run(connection, "CREATE TABLE jdbc.batch (id UInt64, name String, at DateTime) ENGINE = MergeTree ORDER BY id");
            try (PreparedStatement insert = connection.prepareStatement("INSERT INTO jdbc.batch (id, name, at) VALUES (?, ?, ?)")) {
                for (int i = 0; i < 5000; i++) {
                    insert.setLong(1, i);
                    insert.setString(2, "name '" + i + "'");
                    insert.setTimestamp(3, Timestamp.from(Instant.ofEpochSecond(1767225600L + i)));
                    insert.addBatch();
                }
                Checks.same(5000, insert.executeBatch().length);
            }
            Checks.same("(5000,4999,'name \\'4999\\'')", one(connection, "SELECT toString((count(), max(id), argMax(name, id))) FROM jdbc.batch"));
            try (Statement statement = connection.createStatement()) {
                statement.addBatch("INSERT INTO jdbc.batch VALUES (10001, 'a', now())");
                statement.addBatch("INSERT INTO jdbc.batch VALUES (10002, 'b', now())");
                Checks.same(2, statement.executeBatch().length);
            }
            Checks.same("2", one(connection, "SELECT count() FROM jdbc.batch WHERE id > 10000"));
        }
    }

    private void stream() throws Exception {
        try (Connection connection = connect(); Statement statement = connection.createStatement()) {
            statement.setFetchSize(1000);
            long sum = 0, rows = 0;
            try (ResultSet result = statement.executeQuery("SELECT number, toString(number) AS s FROM numbers(500000)")) {
                while (result.next()) {
                    sum += result.getLong(1);
                    rows++;
                }
            }
            Checks.same(500000L, rows);
            Checks.same(499999L * 250000L, sum);
            statement.setMaxRows(10);
            int limited = 0;
            try (ResultSet result = statement.executeQuery("SELECT number FROM system.numbers LIMIT 1000000")) {
                while (result.next()) {
                    limited++;
                }
            }
            Checks.same(10, limited);
        }
    }

    private void errors() throws Exception {
        try (Connection connection = connect(); Statement statement = connection.createStatement()) {
            Checks.same(62, codeOf(() -> statement.executeQuery("SELECT 1 FROM FROM")));
            Checks.same(60, codeOf(() -> statement.executeQuery("SELECT * FROM jdbc.nothing")));
            Checks.same(47, codeOf(() -> statement.executeQuery("SELECT nothing FROM jdbc.sales")));
            Checks.same(46, codeOf(() -> statement.executeQuery("SELECT noSuchFunction(1)")));
            Checks.same(57, codeOf(() -> statement.execute("CREATE TABLE jdbc.sales (a Int8) ENGINE = MergeTree ORDER BY a")));
            Checks.yes(codeOf(() -> {
                           try (ResultSet rows = statement.executeQuery(
                                    "SELECT throwIf(number = 3000000, 'late') FROM numbers(10000000) SETTINGS max_threads = 1")) {
                               while (rows.next()) {
                                   rows.getInt(1);
                               }
                           }
                       }) >= 0, "an error behind rows");
            Checks.same("1", one(connection, "SELECT 1")); /* the connection goes on */
        }
        Checks.same(516, codeOf(() -> one(connect("user", "nobody", "password", "wrong"), "SELECT 1")));
    }

    private void compression() throws Exception {
        for (String[] properties : new String[][] {{"compress", "true"}, {"compress", "false"}, {"compress", "true", "client.use_http_compression", "true"},
                                                   {"compress", "true", "decompress", "true"}}) {
            try (Connection connection = connect(properties)) {
                Checks.same("99990000", one(connection, "SELECT sum(length(s)) FROM (SELECT repeat('x', 9999) AS s FROM numbers(10000))"));
                Checks.same("x".repeat(100000), one(connection, "SELECT repeat('x', 100000)"));
            }
        }
    }

    private void cancel() throws Exception {
        try (Connection connection = connect(); Connection other = connect(); Statement statement = connection.createStatement()) {
            CountDownLatch ended = new CountDownLatch(1);
            AtomicReference<Throwable> thrown = new AtomicReference<>();
            Thread thread = new Thread(() -> {
                try (ResultSet rows = statement.executeQuery("SELECT count() FROM system.numbers WHERE number % 2 = 5 /* to be cancelled */")) {
                    rows.next();
                } catch (Throwable error) {
                    thrown.set(error);
                }
                ended.countDown();
            });
            thread.start();
            String running = "SELECT count() FROM system.processes WHERE query LIKE '%to be cancelled%' AND query NOT LIKE '%processes%'";
            while (!one(other, running).equals("1")) {
                Thread.sleep(20);
            }
            statement.cancel();
            ended.await();
            while (!one(other, running).equals("0")) {
                Thread.sleep(20);
            }
            Checks.yes(thrown.get() != null, "a cancelled statement is an error");
        }
        try (Connection connection = connect("clickhouse_setting_max_execution_time", "1"); Statement statement = connection.createStatement()) {
            timesOut(statement);
        }
        try (Connection connection = connect(); Statement statement = connection.createStatement()) {
            statement.setQueryTimeout(1);
            timesOut(statement);
        }
    }

    private static void timesOut(Statement statement) throws Exception {
        try {
            statement.executeQuery("SELECT count() FROM system.numbers");
        } catch (SQLTimeoutException expected) {
            return;
        }
        throw new AssertionError("no time limit");
    }

    private void rolesAndSettings() throws Exception {
        try (Connection connection = connect()) {
            run(connection, "CREATE USER jdbc_user IDENTIFIED BY 'secret' HOST ANY");
            run(connection, "CREATE ROLE jdbc_reader");
            run(connection, "CREATE ROLE jdbc_nothing");
            run(connection, "GRANT SELECT ON jdbc.* TO jdbc_reader");
            run(connection, "GRANT jdbc_reader, jdbc_nothing TO jdbc_user");
        }
        try (Connection connection = connect("user", "jdbc_user", "password", "secret")) {
            Checks.same("0", one(connection, "SELECT count() FROM jdbc.sales"));
            run(connection, "SET ROLE jdbc_reader");
            Checks.same("0", one(connection, "SELECT count() FROM jdbc.sales"));
            run(connection, "SET ROLE jdbc_nothing");
            Checks.same(497, codeOf(() -> one(connection, "SELECT count() FROM jdbc.sales")));
        }
        try (Connection connection = connect("clickhouse_setting_max_threads", "3", "clickhouse_setting_max_block_size", "100")) {
            Checks.same("3", one(connection, "SELECT getSetting('max_threads')"));
            Checks.same("3 1", one(connection, "SELECT concat(value, ' ', toString(changed)) FROM system.settings WHERE name = 'max_threads'"));
        }
    }
}
