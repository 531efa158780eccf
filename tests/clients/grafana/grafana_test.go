package grafana

// tests/integration/test_grafana.py starts the server and names it: WEIR_NATIVE, WEIR_HTTP (host:port each, one may be
// missing), WEIR_USER and WEIR_PASSWORD; WEIR_DASHBOARDS: files of dashboards, with commas between, WEIR_FROM and WEIR_TO
// their time range in seconds.

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/grafana/grafana-plugin-sdk-go/data"
	"github.com/grafana/grafana-plugin-sdk-go/data/sqlutil"
)

const (
	series = sqlutil.FormatOptionTimeSeries
	table  = sqlutil.FormatOptionTable
	logs   = sqlutil.FormatOptionLogs
	traces = sqlutil.FormatOptionTrace
)

func user() string {
	if name := os.Getenv("WEIR_USER"); name != "" {
		return name
	}
	return "default"
}

// With each protocol that the server speaks.
func each(t *testing.T, settings clickhouse.Settings, run func(t *testing.T, source *Source)) {
	t.Helper()
	found := false
	for name, protocol := range map[string]clickhouse.Protocol{"WEIR_NATIVE": clickhouse.Native, "WEIR_HTTP": clickhouse.HTTP} {
		address := os.Getenv(name)
		if address == "" {
			continue
		}
		found = true
		t.Run(strings.TrimPrefix(name, "WEIR_"), func(t *testing.T) {
			source := &Source{Protocol: protocol, Address: address, Database: "default", User: user(), Password: os.Getenv("WEIR_PASSWORD"), Settings: settings}
			if err := source.Connect(context.Background()); err != nil {
				t.Fatal(err)
			}
			defer func() { _ = source.Close() }()
			run(t, source)
		})
	}
	if !found {
		t.Skip("neither WEIR_NATIVE nor WEIR_HTTP names a server")
	}
}

func rows(t *testing.T, source *Source, query string) *data.Frame {
	t.Helper()
	frame, err := source.Rows(context.Background(), query)
	if err != nil {
		t.Fatalf("%v, of %s", err, query)
	}
	return frame
}

// The column as texts.
func column(t *testing.T, frame *data.Frame, name string) []string {
	t.Helper()
	field, _ := frame.FieldByName(name)
	if field == nil {
		t.Fatalf("there is no column %q: %v", name, frame.Fields)
	}
	var out []string
	for i := range field.Len() {
		value, _ := field.ConcreteAt(i)
		out = append(out, fmt.Sprint(value))
	}
	return out
}

func equal(t *testing.T, what string, got, wanted []string) {
	t.Helper()
	if strings.Join(got, "\n") != strings.Join(wanted, "\n") {
		t.Errorf("%s: %q, not %q", what, got, wanted)
	}
}

func TestHealth(t *testing.T) {
	each(t, nil, func(t *testing.T, source *Source) {
		equal(t, "SELECT 1", column(t, rows(t, source, "SELECT 1 AS one"), "one"), []string{"1"})
		version := strings.Split(column(t, rows(t, source, "SELECT version()"), "version()")[0], ".")
		if major, err := strconv.Atoi(version[0]); err != nil || major < 23 {
			t.Errorf("version() %v is below 22.7, with which ad-hoc filters begin", version)
		}
		wrong := &Source{Protocol: source.Protocol, Address: source.Address, Database: "there_is_none", User: source.User, Password: source.Password}
		defer func() { _ = wrong.Close() }()
		if err := wrong.Connect(context.Background()); err == nil && source.Protocol == clickhouse.Native {
			t.Error("a database that is not there is connected to")
		}
	})
	each(t, clickhouse.Settings{"limit": 7, "max_execution_time": 60}, func(t *testing.T, source *Source) {
		if n := rows(t, source, "SELECT number FROM numbers(100)").Rows(); n != 7 {
			t.Errorf("the row limit of 7 leaves %d rows", n)
		}
	})
}

const otel = `"otel"."otel_logs"`

func TestSchemaCalls(t *testing.T) {
	each(t, nil, func(t *testing.T, source *Source) {
		contains := func(query, name string, wanted ...string) {
			t.Helper()
			got := "\n" + strings.Join(column(t, rows(t, source, query), name), "\n") + "\n"
			for _, value := range wanted {
				if !strings.Contains(got, "\n"+value+"\n") {
					t.Errorf("%s: %q lacks %q", query, got, value)
				}
			}
		}
		contains("SHOW DATABASES", "name", "default", "otel", "system")
		contains(`SHOW TABLES FROM "otel"`, "name", "otel_logs", "otel_traces")
		contains("SHOW TABLES", "name", "sample")
		contains(`DESC TABLE "otel"."otel_logs"`, "name", "Timestamp", "LogAttributes")
		contains(`DESC TABLE "otel"."otel_logs"`, "type", "DateTime64(9)", "Map(LowCardinality(String), String)")
		contains("SELECT name, is_aggregate, case_insensitive, alias_to, origin, description, syntax, arguments, returned_value, "+
			"examples, categories FROM system.functions LIMIT 10000", "name", "toStartOfInterval", "quantile", "multiSearchAny")
		contains("SELECT name FROM system.databases", "name", "otel")
		contains(`SELECT DISTINCT arrayJoin(mapKeys("LogAttributes")) as keys FROM `+otel+" LIMIT 1000", "keys", "host", "code")
		contains(`SELECT DISTINCT arrayJoin(mapKeys("LogAttributes")) as keys FROM `+otel+
			` WHERE "Timestamp" >= now() - INTERVAL 6 HOUR LIMIT 1000`, "keys")
		contains(`SELECT DISTINCT arrayJoin(mapKeys("LogAttributes")) as keys FROM (SELECT "LogAttributes" FROM `+otel+
			" LIMIT 100000) LIMIT 1000", "keys", "host")
		contains(`SELECT DISTINCT "SeverityText" FROM `+otel+` WHERE "SeverityText" IS NOT NULL LIMIT 1000`, "SeverityText", "error", "info")
		frame := rows(t, source, `SELECT DISTINCT "LogAttributes"['host'] FROM `+otel+` WHERE mapContains("LogAttributes", 'host') LIMIT 1000`)
		if frame.Rows() != 3 {
			t.Errorf("values of a map's key: %d rows", frame.Rows())
		}
		/* ad-hoc filters: keys, values */
		contains("SELECT name, type, table FROM system.columns WHERE database IN ('otel') AND table = 'otel_logs'", "name", "ServiceName")
		contains("SELECT name, type, table FROM system.columns WHERE database IN ('otel')", "table", "otel_logs", "otel_traces")
		contains("SELECT name, type, table FROM system.columns", "table", "otel_logs", "sample")
		contains("select distinct ServiceName from otel.otel_logs limit 1000", "ServiceName", "cart", "shop")
	})
}

var (
	from = time.Unix(1_700_000_000, 0).UTC()
	to   = from.Add(2 * time.Hour)
)

func query(format sqlutil.FormatQueryOption, text string) Query {
	return Query{SQL: text, Format: format, From: from, To: to, Interval: time.Minute}
}

func run(t *testing.T, source *Source, q Query) *data.Frame {
	t.Helper()
	frame, err := source.Run(context.Background(), q)
	if err != nil {
		t.Fatal(err)
	}
	if frame.Rows() == 0 {
		t.Fatalf("no rows of %s", frame.Meta.ExecutedQueryString)
	}
	return frame
}

// 7,200 rows, one a second, are in the time range.
func TestMacros(t *testing.T) {
	each(t, nil, func(t *testing.T, source *Source) {
		for condition, wanted := range map[string]int{
			"$__timeFilter(ts)":                            7201,
			"$__timeFilter_ms(ts)":                         7201,
			"$__timeFilter_ms(ms)":                         7201,
			"$__dateFilter(day)":                           9000,
			"$__dateTimeFilter(day, ts)":                   7201,
			"$__dt(day, ms)":                               7201,
			"ts >= $__fromTime AND ts <= $__toTime":        7201,
			"ms >= $__fromTime_ms AND ms <= $__toTime_ms":  7201,
			"$__timeFrom(ts) AND $__timeTo(ms)":            7201,
			"$__conditionalAll(host IN ('h1'), $host)":     9000,
			"$__timeFilter(ts) AND $__interval_s = 60":     7201,
			"$__timeFilter(toDateTime(ms)) AND host != ''": 7201,
		} {
			frame := run(t, source, query(table, "SELECT count(*) AS n FROM sample WHERE "+condition))
			equal(t, condition, column(t, frame, "n"), []string{strconv.Itoa(wanted)})
		}
		chosen := query(table, "SELECT count() AS n FROM sample WHERE $__conditionalAll(host IN (${host:singlequote}), $host)")
		chosen.Variables = map[string]string{"host": "'h1','h2'"}
		equal(t, "a variable", column(t, run(t, source, chosen), "n"), []string{"6000"})
		for expression, wanted := range map[string]int{
			"$__timeInterval(ts)": 121, "$__timeInterval(ms)": 121, "$__timeInterval_ms(ts)": 121, "$__timeInterval_ms(ms)": 121,
			"$__timeGroup(ts, 5m)": 25, "$__timeGroup(ms, '1h')": 3,
			"toStartOfInterval(ts, INTERVAL 1 DAY)": 2, "toStartOfInterval(ts, INTERVAL 1 month)": 1,
		} {
			frame := run(t, source, query(series, "SELECT "+expression+` as "time", count(*) AS n, avg(value) AS mean FROM "default"."sample" `+
				"WHERE $__timeFilter(ts) GROUP BY time ORDER BY time ASC LIMIT 1000"))
			if frame.Rows() != wanted || len(frame.Fields) != 3 {
				t.Errorf("%s: %d rows, not %d", expression, frame.Rows(), wanted)
			}
		}
		rate := query(series, "SELECT t, metric, if((t - lagInFrame(t, 1, t) OVER w) = 0, nan, sum(n) / (t - lagInFrame(t, 1, t) OVER w)) AS value "+
			"FROM (SELECT $__timeInterval(ts) AS t, toString(host) AS metric, count() AS n FROM sample WHERE $__timeFilter(ts) GROUP BY t, metric ORDER BY t, metric) "+
			"GROUP BY t, metric WINDOW w AS (PARTITION BY metric ORDER BY t ASC ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) ORDER BY t, metric")
		if frame := run(t, source, rate); len(frame.Fields) != 4 { // time, a series per host
			t.Errorf("rates: %v", frame.Fields)
		}
		increase := query(series, "SELECT t, metric, max(v) - lagInFrame(max(v), 1, max(v)) OVER w AS value FROM (SELECT $__timeInterval(ts) AS t, "+
			"host AS metric, toFloat64(max(value)) AS v FROM sample WHERE $__timeFilter(ts) GROUP BY t, metric) GROUP BY t, metric "+
			"WINDOW w AS (PARTITION BY metric ORDER BY t ASC ROWS BETWEEN 1 PRECEDING AND CURRENT ROW) ORDER BY t, metric")
		run(t, source, increase)
		columns := query(series, "SELECT $__timeInterval(ts) AS t, toString(host) AS metric, count() AS c FROM sample WHERE ts >= $__fromTime AND "+
			"ts <= $__toTime AND (value > 1) GROUP BY t, metric ORDER BY t, metric")
		run(t, source, columns)
		lttb := query(series, "SELECT point.1 AS x, point.2 AS y FROM (SELECT arrayJoin(lttb(100)(ts, value)) AS point FROM sample WHERE $__timeFilter(ts)) ORDER BY x")
		if frame := run(t, source, lttb); frame.Rows() != 100 {
			t.Errorf("lttb: %d rows", frame.Rows())
		}
		if _, err := source.Run(context.Background(), query(table, "SELECT 1 WHERE $__timeFilter()")); err == nil {
			t.Error("a macro without its argument is taken")
		}
		if _, err := source.Run(context.Background(), query(table, "SELECT nothing FROM sample")); err == nil || !strings.Contains(err.Error(), "code: 47") {
			t.Errorf("an unknown column: %v", err)
		}
	})
}

func TestBuilder(t *testing.T) {
	each(t, nil, func(t *testing.T, source *Source) {
		run(t, source, query(table, `SELECT host, value, ts FROM "default"."sample" WHERE ( host IS NOT NULL ) LIMIT 1000`))
		frame := run(t, source, query(logs, `SELECT Timestamp as "timestamp", Body as "body", SeverityText as "level" FROM "otel"."otel_logs" `+
			`WHERE ( timestamp >= $__fromTime AND timestamp <= $__toTime ) AND ( level = 'error' ) ORDER BY timestamp DESC LIMIT 1000`))
		if frame.Rows() != 20 || column(t, frame, "level")[0] != "error" {
			t.Errorf("logs: %d rows", frame.Rows())
		}
		run(t, source, query(logs, `SELECT Timestamp as "timestamp", Body as "body", SeverityText as "level", LogAttributes as "labels", TraceId as "traceID" `+
			`FROM "otel"."otel_logs" WHERE ( timestamp >= $__fromTime AND timestamp <= $__toTime ) AND ( TimestampTime >= $__fromTime AND `+
			`TimestampTime <= $__toTime ) ORDER BY (TimestampTime, timestamp) DESC LIMIT 1000`))
		volume := run(t, source, query(series, `SELECT toStartOfInterval("Timestamp", INTERVAL 1 MINUTE) as "time", `+
			`sum(multiSearchAny(toString("SeverityText"), ['critical','fatal','crit','alert','emerg','CRITICAL','FATAL'])) as critical, `+
			`sum(multiSearchAny(toString("SeverityText"), ['error','err','eror','ERROR','ERR','EROR','Error','Err','Eror'])) as error, `+
			`sum(multiSearchAny(toString("SeverityText"), ['info','information','informational','INFO','Info'])) as info `+
			`FROM "otel"."otel_logs" WHERE ( time >= $__fromTime AND time <= $__toTime ) GROUP BY time ORDER BY time ASC`))
		if len(volume.Fields) != 4 {
			t.Errorf("the logs' volume: %v", volume.Fields)
		}
		run(t, source, query(logs, fmt.Sprintf(`SELECT Timestamp as "timestamp", Body as "body" FROM "otel"."otel_logs" WHERE `+
			`( timestamp <= fromUnixTimestamp64Nano(%d) ) AND ( ServiceName = 'cart' ) ORDER BY timestamp DESC LIMIT 100`, to.UnixNano())))
		run(t, source, query(table, `SELECT "TraceId" as traceID, "ServiceName" as serviceName, "SpanName" as operationName, "Timestamp" as startTime, `+
			`multiply("Duration", 0.000001) as duration FROM "otel"."otel_traces" WHERE ( Timestamp >= $__fromTime AND Timestamp <= $__toTime ) `+
			`AND ( ParentSpanId = '' ) AND ( Duration > 0 ) ORDER BY Timestamp DESC, Duration DESC LIMIT 1000`))
		trace := run(t, source, query(traces, `WITH 'trace3' as __gf_trace_id, (SELECT min(Start) FROM "otel"."otel_traces_trace_id_ts" WHERE TraceId = __gf_trace_id) `+
			`as __gf_trace_start, (SELECT max(End) + 1 FROM "otel"."otel_traces_trace_id_ts" WHERE TraceId = __gf_trace_id) as __gf_trace_end `+
			`SELECT "TraceId" as traceID, "SpanId" as spanID, "ParentSpanId" as parentSpanID, "ServiceName" as serviceName, "SpanName" as operationName, `+
			`multiply(toUnixTimestamp64Nano("Timestamp"), 0.000001) as startTime, multiply("Duration", 0.000001) as duration, `+
			`arrayMap(key -> map('key', key, 'value',"SpanAttributes"[key]), mapKeys("SpanAttributes")) as tags, `+
			`arrayMap(key -> map('key', key, 'value',"ResourceAttributes"[key]), mapKeys("ResourceAttributes")) as serviceTags, `+
			`if("StatusCode" IN ('Error', 'STATUS_CODE_ERROR'), 2, 0) as statusCode, `+
			`arrayMap((name, timestamp, attributes) -> tuple(name, toString(toUnixTimestamp64Milli(timestamp)), `+
			`arrayMap( key -> map('key', key, 'value', attributes[key]), mapKeys(attributes)))::Tuple(name String, timestamp String, `+
			`fields Array(Map(String, String))), "Events".Name, "Events".Timestamp, "Events".Attributes) AS logs `+
			`FROM "otel"."otel_traces" WHERE traceID = __gf_trace_id AND "Timestamp" >= __gf_trace_start AND "Timestamp" <= __gf_trace_end LIMIT 1000`))
		if trace.Rows() != 4 {
			t.Errorf("a trace of 4 spans: %d rows", trace.Rows())
		}
		if tags := column(t, trace, "tags")[0]; !strings.Contains(tags, `"key":"http.route"`) {
			t.Errorf("tags: %s", tags)
		}
		if events := column(t, trace, "logs")[0]; !strings.Contains(events, "begun") || !strings.Contains(events, "fields") {
			t.Errorf("events: %s", events)
		}
		services := run(t, source, query(table, `SELECT "ServiceName", count(*) as n, topK(1)("SpanName")[1] as top, quantile(0.95)(Duration) as p95, `+
			`anyIf("SpanName", Duration > 0) as any, uniq("TraceId") as t, positionCaseInsensitive(any, 'SPAN') as p FROM "otel"."otel_traces" GROUP BY "ServiceName" ORDER BY 1`))
		equal(t, "services", column(t, services, "ServiceName"), []string{"cart", "shop"})
	})
}

// An alert asks for a few numbers and labels of the last minutes.
func TestAlert(t *testing.T) {
	each(t, nil, func(t *testing.T, source *Source) {
		frame := run(t, source, query(series, "SELECT $__timeInterval(ts) AS time, host, avg(value) AS value FROM sample WHERE $__timeFilter(ts) GROUP BY time, host ORDER BY time"))
		if len(frame.Fields) != 4 || frame.Fields[1].Labels["host"] == "" {
			t.Errorf("series with labels: %v", frame.Fields)
		}
		number := run(t, source, query(table, "SELECT host, toFloat64(countIf(value > 50)) / count() AS share FROM sample WHERE $__timeFilter(ts) GROUP BY host"))
		if number.Rows() != 3 {
			t.Errorf("a number per host: %d rows", number.Rows())
		}
	})
}

func TestAdHocFilters(t *testing.T) {
	each(t, nil, func(t *testing.T, source *Source) {
		count := func(text string, wanted int) {
			t.Helper()
			frame, err := source.Run(context.Background(), query(table, text))
			if err != nil {
				t.Fatal(err)
			}
			equal(t, text, column(t, frame, "n"), []string{strconv.Itoa(wanted)})
		}
		base := "SELECT count() AS n FROM otel.otel_logs"
		count(base+" settings "+AdHoc("otel.otel_logs", "ServiceName = 'cart'"), 60)
		count(base+" settings "+AdHoc("otel.otel_logs", "ServiceName = 'cart' AND SeverityText != 'error'"), 50)
		count(base+" settings "+AdHoc("otel.otel_logs", "Body ILIKE '%it''s%'"), 120)
		count(base+" settings "+AdHoc("otel.otel_logs", "LogAttributes['host'] = 'h1' AND Body ILIKE '%7%'"), 8)
		count(base+" settings "+AdHoc("otel.otel_logs", "SeverityText IN ('error', 'info') AND ServiceName NOT ILIKE '%sho%'"), 60)
		count(base+" settings "+AdHoc("otel_logs", "ServiceName = 'cart'"), 120) // the table of another database
		count(base+" WHERE SeverityText = 'error' settings "+AdHoc("otel.otel_logs", "ServiceName = 'cart'"), 10)
		count("SELECT count() AS n FROM (SELECT * FROM otel.otel_logs) settings "+AdHoc("otel.otel_logs", "ServiceName = 'cart'"), 60)
		filtered := query(table, base+" SETTINGS $__adHocFilters('otel.otel_logs')")
		equal(t, "none", column(t, run(t, source, filtered), "n"), []string{"120"})
		filtered.Filters = "ServiceName = 'cart'"
		equal(t, "one", column(t, run(t, source, filtered), "n"), []string{"60"})
		_, err := source.Run(context.Background(), query(table, base+" settings "+AdHoc("otel.otel_logs", "nothing = 'x'")))
		if err == nil || !strings.Contains(err.Error(), "additional_table_filters") {
			t.Errorf("an unknown column: %v", err)
		}
	})
	each(t, clickhouse.Settings{"additional_table_filters": "{'otel.otel_logs': 'ServiceName = \\'cart\\''}"}, func(t *testing.T, source *Source) {
		equal(t, "as a custom setting", column(t, rows(t, source, "SELECT count() AS n FROM otel.otel_logs"), "n"), []string{"60"})
	})
}

type dashboard struct {
	Title      string
	UID        string
	Templating struct {
		List []struct {
			Name, Type string
			Query      any
		}
	}
	Panels []struct {
		Title   string
		Type    string
		Targets []struct {
			RawSQL    string `json:"rawSql"`
			Format    sqlutil.FormatQueryOption
			QueryType string `json:"queryType"`
		}
	}
}

func secondsOf(t *testing.T, name string) time.Time {
	t.Helper()
	value, err := strconv.ParseInt(os.Getenv(name), 10, 64)
	if err != nil {
		t.Fatalf("%s: %v", name, err)
	}
	return time.Unix(value, 0).UTC()
}

// Every panel and variable of the dashboards finds rows, with all airports and with some.
func TestDashboards(t *testing.T) {
	files := strings.Split(os.Getenv("WEIR_DASHBOARDS"), ",")
	if files[0] == "" {
		t.Skip("WEIR_DASHBOARDS names no dashboards")
	}
	from, to := secondsOf(t, "WEIR_FROM"), secondsOf(t, "WEIR_TO")
	kinds := map[sqlutil.FormatQueryOption]string{series: "timeseries", table: "table", logs: "logs", traces: "traces"}
	each(t, nil, func(t *testing.T, source *Source) {
		for _, file := range files {
			var board dashboard
			text, err := os.ReadFile(file)
			if err == nil {
				err = json.Unmarshal(text, &board)
			}
			if err != nil || board.UID == "" || len(board.Panels) == 0 {
				t.Fatalf("%s: %v, %d panels", file, err, len(board.Panels))
			}
			variables := map[string]string{}
			for _, v := range board.Templating.List {
				if v.Type == "query" {
					frame := rows(t, source, v.Query.(string))
					values := column(t, frame, frame.Fields[0].Name)
					if len(values) < 2 {
						t.Errorf("%s, $%s: %v", board.Title, v.Name, values)
						continue
					}
					variables[v.Name] = "'" + strings.Join(values[:min(len(values), 40)], "','") + "'"
				}
			}
			for _, panel := range board.Panels {
				for _, chosen := range []map[string]string{nil, variables} {
					if len(panel.Targets) == 0 || len(chosen) == 0 && chosen != nil {
						continue
					}
					t.Run(filepath.Base(file)+"/"+panel.Title, func(t *testing.T) {
						for _, target := range panel.Targets {
							if kinds[target.Format] != target.QueryType {
								t.Errorf("the format %d is not %s", target.Format, target.QueryType)
							}
							run(t, source, Query{SQL: target.RawSQL, Format: target.Format, From: from, To: to,
								Interval: max(time.Second, to.Sub(from)/200), Variables: chosen})
						}
					})
				}
			}
		}
	})
}
