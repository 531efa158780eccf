/*
 * ClientV2.java: the Java client beneath the JDBC driver: queries, streams, inserts, schemas, compression, roles.
 */
import com.clickhouse.client.api.Client;
import com.clickhouse.client.api.ServerException;
import com.clickhouse.client.api.data_formats.ClickHouseBinaryFormatReader;
import com.clickhouse.client.api.insert.InsertResponse;
import com.clickhouse.client.api.insert.InsertSettings;
import com.clickhouse.client.api.metadata.TableSchema;
import com.clickhouse.client.api.query.GenericRecord;
import com.clickhouse.client.api.query.QueryResponse;
import com.clickhouse.client.api.query.QuerySettings;
import com.clickhouse.client.api.query.Records;
import com.clickhouse.data.ClickHouseColumn;
import com.clickhouse.data.ClickHouseFormat;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.math.BigDecimal;
import java.nio.charset.StandardCharsets;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.UUID;

final class ClientV2 {
    private final String address;

    ClientV2(String address) {
        this.address = address;
    }

    private Client.Builder builder() {
        return new Client.Builder().addEndpoint("http://" + address).setUsername("default").setPassword("").compressServerResponse(true);
    }

    private static void run(Client client, String sql) throws Exception {
        client.execute(sql).get().close();
    }

    private static int codeOf(Checks.Check check) throws Exception {
        try {
            check.run();
        } catch (Exception error) {
            for (Throwable cause = error; cause != null; cause = cause.getCause()) {
                if (cause instanceof ServerException) {
                    return ((ServerException) cause).getCode();
                }
            }
            throw error;
        }
        throw new AssertionError("no error");
    }

    void add(Checks checks) {
        checks.add("client-v2: ping, what the server is", this::hello);
        checks.add("client-v2: schemas", this::schemas);
        checks.add("client-v2: objects in and out", this::objects);
        checks.add("client-v2: streams in", this::streams);
        checks.add("client-v2: parameters", this::parameters);
        checks.add("client-v2: a large result, in every way to pack it", this::large);
        checks.add("client-v2: the format Native", this::blocks);
        checks.add("client-v2: errors", this::errors);
        checks.add("client-v2: sessions, roles, settings", this::sessions);
    }

    private void hello() throws Exception {
        try (Client client = builder().build()) {
            Checks.yes(client.ping(), "no pong");
            client.loadServerInfo();
            List<GenericRecord> rows = client.queryAll("SELECT currentUser() AS user, timezone() AS timezone, version() AS version LIMIT 1");
            Checks.same(client.getServerVersion(), rows.get(0).getString("version"));
        }
    }

    private void schemas() throws Exception {
        try (Client client = builder().build()) {
            run(client, "CREATE DATABASE v2");
            run(client, "CREATE TABLE v2.things (id UInt64, name String, price Decimal(9, 2), day Date, at DateTime64(3, 'UTC'), tags Array(String),"
                        + " attributes Map(String, String), note Nullable(String), kind LowCardinality(String), uuid UUID, ok Bool,"
                        + " later String DEFAULT concat('for ', name)) ENGINE = MergeTree ORDER BY id");
            TableSchema schema = client.getTableSchema("things", "v2");
            List<String> columns = new ArrayList<>();
            for (ClickHouseColumn column : schema.getColumns()) {
                columns.add(column.getColumnName() + " " + column.getOriginalTypeName());
            }
            Checks.same(List.of("id UInt64", "name String", "price Decimal(9, 2)", "day Date", "at DateTime64(3, 'UTC')", "tags Array(String)",
                                "attributes Map(String, String)", "note Nullable(String)", "kind LowCardinality(String)", "uuid UUID", "ok Bool",
                                "later String"),
                        columns);
            Checks.yes(schema.getColumnByName("later").hasDefault(), "a DEFAULT");
            TableSchema ofQuery = client.getTableSchemaFromQuery("SELECT 1 AS a, 'x' AS b, [1.5] AS c");
            Checks.same(List.of("a", "b", "c"), ofQuery.getColumns().stream().map(ClickHouseColumn::getColumnName).toList());
        }
    }

    /* As applications write them: a class whose fields are columns. */
    public static final class Thing {
        private long id;
        private String name, note, kind, later;
        private BigDecimal price;
        private LocalDate day;
        private ZonedDateTime at;
        private List<String> tags;
        private Map<String, String> attributes;
        private UUID uuid;
        private boolean ok;

        public long getId() { return id; }
        public void setId(long value) { id = value; }
        public String getName() { return name; }
        public void setName(String value) { name = value; }
        public String getNote() { return note; }
        public void setNote(String value) { note = value; }
        public String getKind() { return kind; }
        public void setKind(String value) { kind = value; }
        public String getLater() { return later; }
        public void setLater(String value) { later = value; }
        public BigDecimal getPrice() { return price; }
        public void setPrice(BigDecimal value) { price = value; }
        public LocalDate getDay() { return day; }
        public void setDay(LocalDate value) { day = value; }
        public ZonedDateTime getAt() { return at; }
        public void setAt(ZonedDateTime value) { at = value; }
        public List<String> getTags() { return tags; }
        public void setTags(List<String> value) { tags = value; }
        public Map<String, String> getAttributes() { return attributes; }
        public void setAttributes(Map<String, String> value) { attributes = value; }
        public UUID getUuid() { return uuid; }
        public void setUuid(UUID value) { uuid = value; }
        public boolean isOk() { return ok; }
        public void setOk(boolean value) { ok = value; }
    }

    private void objects() throws Exception {
        for (boolean packed : new boolean[] {false, true}) {
            try (Client client = builder().compressClientRequest(packed).setDefaultDatabase("v2").build()) {
                run(client, "TRUNCATE TABLE v2.things");
                TableSchema schema = client.getTableSchema("things", "v2");
                client.register(Thing.class, schema);
                List<Thing> things = new ArrayList<>();
                for (int i = 0; i < 1000; i++) {
                    Thing thing = new Thing();
                    thing.setId(i);
                    thing.setName("name " + i);
                    thing.setPrice(new BigDecimal("1.25"));
                    thing.setDay(LocalDate.of(2026, 1, 2));
                    thing.setAt(ZonedDateTime.of(2026, 1, 2, 3, 4, 5, 678_000_000, ZoneOffset.UTC));
                    thing.setTags(List.of("a", "b" + i));
                    thing.setAttributes(Map.of("k", "v" + i));
                    thing.setNote(i % 2 == 0 ? null : "note");
                    thing.setKind("kind " + i % 3);
                    thing.setUuid(new UUID(1, i));
                    thing.setOk(i % 2 == 1);
                    things.add(thing);
                }
                try (InsertResponse done = client.insert("things", things, new InsertSettings().setQueryId(UUID.randomUUID().toString())).get()) {
                    Checks.same(1000L, done.getWrittenRows());
                }
                List<Thing> back = client.queryAll("SELECT * FROM things ORDER BY id", Thing.class, schema);
                Checks.same(1000, back.size());
                Checks.same("for name 7", back.get(7).getLater());
                Checks.same(new BigDecimal("1.25"), back.get(7).getPrice());
                Checks.same(List.of("a", "b7"), back.get(7).getTags());
                Checks.same("note", back.get(7).getNote());
                Checks.same(null, back.get(8).getNote());
                Checks.same(new UUID(1, 7), back.get(7).getUuid());
                Checks.same(things.get(7).getAt().toInstant(), back.get(7).getAt().toInstant());
            }
        }
    }

    private void streams() throws Exception {
        try (Client client = builder().setDefaultDatabase("v2").build()) {
            run(client, "CREATE TABLE v2.lines (a UInt32, s String DEFAULT 'none') ENGINE = MergeTree ORDER BY a");
            String json = "{\"a\":1,\"s\":\"x\"}\n{\"a\":2}\n";
            try (InputStream body = new ByteArrayInputStream(json.getBytes(StandardCharsets.UTF_8));
                 InsertResponse done = client.insert("lines", body, ClickHouseFormat.JSONEachRow).get()) {
                Checks.same(2L, done.getWrittenRows());
            }
            try (InputStream body = new ByteArrayInputStream("3\n4\n".getBytes(StandardCharsets.UTF_8));
                 InsertResponse done = client.insert("lines", List.of("a"), body, ClickHouseFormat.TSV).get()) {
                Checks.same(2L, done.getWrittenRows());
            }
            try (InsertResponse done = client.insert("lines", out -> {
                for (int i = 5; i < 20000; i++) {
                    out.write((i + "\tline " + i + "\n").getBytes(StandardCharsets.UTF_8));
                }
            }, ClickHouseFormat.TSV, new InsertSettings().compressClientRequest(true)).get()) {
                Checks.same(19995L, done.getWrittenRows());
            }
            GenericRecord row = client.queryAll("SELECT count() AS c, sum(a) AS n, countIf(s = 'none') AS d FROM lines").get(0);
            Checks.same(19999L, row.getLong("c"));
            Checks.same(19999L * 20000 / 2, row.getLong("n"));
            Checks.same(3L, row.getLong("d"));
        }
    }

    private void parameters() throws Exception {
        for (boolean form : new boolean[] {false, true}) { /* in the address, or in a multipart body */
            try (Client client = builder().useHttpFormDataForQuery(form).build()) {
                Map<String, Object> values = Map.of("id", 7, "name", "it's \\ \"x\"\ttab — ?", "list", List.of(1, 2, 3));
                GenericRecord row = client.queryAll("SELECT {id:UInt32} AS id, {name:String} AS name, {list:Array(UInt8)} AS list", values).get(0);
                Checks.same(7L, row.getLong("id"));
                Checks.same("it's \\ \"x\"\ttab — ?", row.getString("name"));
                Checks.same("3", client.queryAll("SELECT toString(length({list:Array(UInt8)})) AS n", values).get(0).getString("n"));
            }
        }
    }

    private void large() throws Exception {
        List<Client.Builder> ways = List.of(builder(), builder().compressServerResponse(false), builder().useHttpCompression(true),
                                            builder().useHttpCompression(true).compressClientRequest(true));
        for (Client.Builder way : ways) {
            try (Client client = way.build();
                 QueryResponse response = client.query("SELECT number, toString(number) AS s FROM numbers(200000)").get()) {
                long sum = 0, rows = 0;
                ClickHouseBinaryFormatReader reader = client.newBinaryFormatReader(response);
                while (reader.hasNext()) {
                    reader.next();
                    sum += reader.getLong("number");
                    rows++;
                }
                Checks.same(200000L, rows);
                Checks.same(199999L * 100000L, sum);
            }
        }
        try (Client client = builder().build(); Records records = client.queryRecords("SELECT number FROM numbers(1000)").get()) {
            long sum = 0;
            for (GenericRecord record : records) {
                sum += record.getLong(1);
            }
            Checks.same(499500L, sum);
            Checks.same(1000L, records.getReadRows());
        }
    }

    /* One block: of the last row of a block that others follow the client of 0.11.0 gives NULLs. */
    private void blocks() throws Exception {
        try (Client client = builder().build();
             QueryResponse response = client.query("SELECT number AS n, toString(number) AS s, [number] AS a FROM numbers(5000)",
                                                   new QuerySettings().setFormat(ClickHouseFormat.Native)).get()) {
            ClickHouseBinaryFormatReader reader = client.newBinaryFormatReader(response);
            long rows = 0;
            while (reader.hasNext()) {
                reader.next();
                Checks.same(String.valueOf(rows), reader.getString("s"));
                rows++;
            }
            Checks.same(5000L, rows);
        }
    }

    private void errors() throws Exception {
        try (Client client = builder().build()) {
            Checks.same(62, codeOf(() -> client.queryAll("SELECT 1 FROM FROM")));
            Checks.same(60, codeOf(() -> client.queryAll("SELECT * FROM v2.nothing")));
            Checks.same(115, codeOf(() -> client.queryAll("SELECT 1", new QuerySettings().serverSetting("no_such_setting", "1"))));
            Checks.same(27, codeOf(() -> {
                           try (InputStream body = new ByteArrayInputStream("not a number\n".getBytes(StandardCharsets.UTF_8))) {
                               client.insert("v2.lines", List.of("a"), body, ClickHouseFormat.TSV).get().close();
                           }
                       }));
            boolean failed = false;
            try (QueryResponse response = client.query("SELECT throwIf(number = 3000000, 'late') AS x FROM numbers(10000000) SETTINGS max_threads = 1").get()) {
                ClickHouseBinaryFormatReader reader = client.newBinaryFormatReader(response);
                while (reader.hasNext()) {
                    reader.next();
                }
            } catch (Exception error) {
                failed = true;
            }
            Checks.yes(failed, "an error behind rows is one");
            Checks.yes(client.ping(), "the client goes on");
        }
    }

    private void sessions() throws Exception {
        try (Client client = builder().build()) {
            run(client, "CREATE USER v2_user IDENTIFIED BY 'secret' HOST ANY");
            run(client, "CREATE ROLE v2_reader");
            run(client, "CREATE ROLE v2_nothing");
            run(client, "GRANT SELECT ON v2.* TO v2_reader");
            run(client, "GRANT v2_reader, v2_nothing TO v2_user");
        }
        try (Client client = builder().setUsername("v2_user").setPassword("secret").build()) {
            Checks.same(1, client.queryAll("SELECT count() FROM v2.lines").size());
            client.setDBRoles(List.of("v2_nothing"));
            Checks.same(497, codeOf(() -> client.queryAll("SELECT count() FROM v2.lines")));
            Checks.same(1, client.queryAll("SELECT count() FROM v2.lines", new QuerySettings().setDBRoles(List.of("v2_reader", "v2_nothing"))).size());
        }
        try (Client client = builder().setSessionId("from-java").serverSetting("max_threads", "2").setSessionTimezone("Asia/Tokyo").build()) {
            run(client, "CREATE TEMPORARY TABLE mine (a UInt8)");
            Checks.same(0L, client.queryAll("SELECT count() AS c FROM mine").get(0).getLong("c"));
            Checks.same("Asia/Tokyo", client.queryAll("SELECT timezone() AS z").get(0).getString("z"));
            Checks.same(2L, client.queryAll("SELECT getSetting('max_threads') AS n").get(0).getLong("n"));
            Checks.same("from java",
                        client.queryAll("SELECT getSetting('log_comment') AS c", new QuerySettings().logComment("from java")).get(0).getString("c"));
        }
    }
}
