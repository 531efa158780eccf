// The OpenTelemetry collector's ClickHouse exporter, unmodified, against a running server: its schema, its inserts of
// logs, traces and metrics, over the native protocol and over HTTP, with asynchronous inserts as it asks for by itself.
// What was sent is read back and compared. WEIR_NATIVE, WEIR_HTTP: host:port.
package otel

import (
	"context"
	"fmt"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/lib/driver"
	"github.com/open-telemetry/opentelemetry-collector-contrib/exporter/clickhouseexporter"
	"go.opentelemetry.io/collector/component"
	"go.opentelemetry.io/collector/config/configoptional"
	"go.opentelemetry.io/collector/exporter"
	"go.opentelemetry.io/collector/exporter/exporterhelper"
	"go.opentelemetry.io/collector/pdata/pcommon"
	"go.opentelemetry.io/collector/pdata/plog"
	"go.opentelemetry.io/collector/pdata/pmetric"
	"go.opentelemetry.io/collector/pdata/ptrace"
	metric "go.opentelemetry.io/otel/metric/noop"
	trace "go.opentelemetry.io/otel/trace/noop"
	"go.uber.org/zap"
)

var start = time.Date(2026, 3, 4, 5, 6, 7, 123456789, time.UTC)

const rows = 500

func endpoints(t *testing.T) map[string]string {
	native, http := os.Getenv("WEIR_NATIVE"), os.Getenv("WEIR_HTTP")
	if native == "" || http == "" {
		t.Skip("WEIR_NATIVE and WEIR_HTTP are not set")
	}
	return map[string]string{"native": "tcp://" + native, "http": "http://" + http}
}

func open(t *testing.T, database string) driver.Conn {
	connection, err := clickhouse.Open(&clickhouse.Options{
		Addr: []string{os.Getenv("WEIR_NATIVE")}, Auth: clickhouse.Auth{Database: database}})
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = connection.Close() })
	return connection
}

// The factory's own defaults but for what a test must have: no queue, so that an error is the caller's; a TTL.
func config(endpoint, database string) *clickhouseexporter.Config {
	config := clickhouseexporter.NewFactory().CreateDefaultConfig().(*clickhouseexporter.Config)
	config.Endpoint = endpoint
	config.Database = database
	config.QueueSettings = configoptional.None[exporterhelper.QueueBatchConfig]()
	config.BackOffConfig.Enabled = false
	config.TTL = 72 * 365 * 24 * time.Hour
	return config
}

func settings() exporter.Settings {
	return exporter.Settings{
		ID: component.NewID(clickhouseexporter.NewFactory().Type()),
		TelemetrySettings: component.TelemetrySettings{
			Logger: zap.NewNop(), TracerProvider: trace.NewTracerProvider(), MeterProvider: metric.NewMeterProvider(),
			Resource: pcommon.NewResource()},
		BuildInfo: component.NewDefaultBuildInfo(),
	}
}

func begin(t *testing.T, exporter component.Component, err error) {
	if err != nil {
		t.Fatal(err)
	}
	if err := exporter.Start(context.Background(), nil); err != nil {
		t.Fatal("start: ", err)
	}
}

func resource(attributes pcommon.Map) {
	attributes.PutStr("service.name", "shop")
	attributes.PutStr("k8s.pod.name", "pod-7")
	attributes.PutStr("odd 'key'\t", "välue \\ \"quoted\"")
}

var resourceMap = map[string]string{"service.name": "shop", "k8s.pod.name": "pod-7", "odd 'key'\t": "välue \\ \"quoted\""}

// Rows of a query, each as fmt prints its values.
func read(t *testing.T, connection driver.Conn, sql string) []string {
	result, err := connection.Query(context.Background(), sql)
	if err != nil {
		t.Fatal(sql, ": ", err)
	}
	defer func() { _ = result.Close() }()
	var out []string
	for result.Next() {
		var values, texts []any
		for _, kind := range result.ColumnTypes() {
			values = append(values, reflect.New(kind.ScanType()).Interface())
		}
		if err := result.Scan(values...); err != nil {
			t.Fatal(sql, ": ", err)
		}
		for _, value := range values {
			texts = append(texts, reflect.ValueOf(value).Elem().Interface())
		}
		out = append(out, strings.TrimSuffix(fmt.Sprintln(texts...), "\n"))
	}
	if err := result.Err(); err != nil {
		t.Fatal(sql, ": ", err)
	}
	return out
}

func same(t *testing.T, what string, got, wanted []string) {
	t.Helper()
	if len(got) != len(wanted) {
		t.Fatalf("%s: %d rows, not %d", what, len(got), len(wanted))
	}
	for k := range got {
		if got[k] != wanted[k] {
			t.Fatalf("%s, row %d:\n%s\nnot\n%s", what, k, got[k], wanted[k])
		}
	}
}

func line(values ...any) string {
	return strings.TrimSuffix(fmt.Sprintln(values...), "\n")
}

func at(k int) time.Time {
	return start.Add(time.Duration(k) * 7 * time.Second)
}

func TestLogs(t *testing.T) {
	for name, endpoint := range endpoints(t) {
		t.Run(name, func(t *testing.T) {
			ctx, database := context.Background(), "logs_"+name
			sink, err := clickhouseexporter.NewFactory().CreateLogs(ctx, settings(), config(endpoint, database))
			begin(t, sink, err)
			data := plog.NewLogs()
			scope := data.ResourceLogs().AppendEmpty()
			resource(scope.Resource().Attributes())
			scope.SetSchemaUrl("https://schema/1")
			logs := scope.ScopeLogs().AppendEmpty()
			logs.Scope().SetName("scope")
			logs.Scope().SetVersion("1.2")
			logs.Scope().Attributes().PutBool("yes", true)
			var wanted []string
			for k := range rows {
				record := logs.LogRecords().AppendEmpty()
				record.SetTimestamp(pcommon.NewTimestampFromTime(at(k)))
				record.SetTraceID([16]byte{1, 2, byte(k)})
				record.SetSpanID([8]byte{3, byte(k)})
				record.SetFlags(plog.DefaultLogRecordFlags.WithIsSampled(true))
				record.SetSeverityText("WARN")
				record.SetSeverityNumber(plog.SeverityNumberWarn)
				record.SetEventName("event")
				record.Body().SetStr(fmt.Sprintf("line\n%d \x00 of 'it'", k))
				record.Attributes().PutInt("k", int64(k))
				wanted = append(wanted, line(at(k), fmt.Sprintf("0102%02x%026d", byte(k), 0), fmt.Sprintf("03%02x%012d", byte(k), 0),
					1, "WARN", 13, "shop", fmt.Sprintf("line\n%d \x00 of 'it'", k), "https://schema/1", resourceMap, "", "scope", "1.2",
					map[string]string{"yes": "true"}, map[string]string{"k": fmt.Sprint(k)}, "event", "pod-7"))
			}
			if err := sink.ConsumeLogs(ctx, data); err != nil {
				t.Fatal(err)
			}
			if err := sink.Shutdown(ctx); err != nil {
				t.Fatal(err)
			}
			connection := open(t, database)
			same(t, "logs", read(t, connection, "SELECT *, `__otel_materialized_k8s.pod.name` FROM otel_logs ORDER BY Timestamp"), wanted)
			same(t, "an index's use", read(t, connection, "SELECT count() FROM otel_logs WHERE has(mapKeys(LogAttributes), 'k') AND hasToken(lower(Body), 'line')"),
				[]string{fmt.Sprint(rows)})
		})
	}
}

func TestTraces(t *testing.T) {
	for name, endpoint := range endpoints(t) {
		t.Run(name, func(t *testing.T) {
			ctx, database := context.Background(), "traces_"+name
			config := config(endpoint, database)
			sink, err := clickhouseexporter.NewFactory().CreateTraces(ctx, settings(), config)
			if err != nil {
				t.Fatal(err)
			}
			err = sink.Start(ctx, nil)
			if err != nil && strings.Contains(err.Error(), "timestamp view") {
				// the tables are there; the view of traces' times is left out, as create_schema: false lets a user do
				_ = sink.Shutdown(ctx)
				config.CreateSchema = false
				sink, err = clickhouseexporter.NewFactory().CreateTraces(ctx, settings(), config)
				if err == nil {
					err = sink.Start(ctx, nil)
				}
			}
			if err != nil {
				t.Fatal("start: ", err)
			}
			data := ptrace.NewTraces()
			scope := data.ResourceSpans().AppendEmpty()
			resource(scope.Resource().Attributes())
			spans := scope.ScopeSpans().AppendEmpty()
			spans.Scope().SetName("scope")
			spans.Scope().SetVersion("1.2")
			var wanted []string
			for k := range rows {
				span := spans.Spans().AppendEmpty()
				span.SetStartTimestamp(pcommon.NewTimestampFromTime(at(k)))
				span.SetEndTimestamp(pcommon.NewTimestampFromTime(at(k).Add(time.Millisecond)))
				span.SetTraceID([16]byte{1, 2, byte(k)})
				span.SetSpanID([8]byte{3, byte(k)})
				span.SetParentSpanID([8]byte{4, byte(k)})
				span.TraceState().FromRaw("a=1")
				span.SetName("call")
				span.SetKind(ptrace.SpanKindServer)
				span.Status().SetCode(ptrace.StatusCodeError)
				span.Status().SetMessage("no")
				span.Attributes().PutDouble("x", 0.5)
				var times []time.Time
				names, attributes := []string{}, []map[string]string{}
				for e := range k % 3 {
					event := span.Events().AppendEmpty()
					event.SetTimestamp(pcommon.NewTimestampFromTime(at(k + e)))
					event.SetName(fmt.Sprint("e", e))
					event.Attributes().PutInt("e", int64(e))
					times, names = append(times, at(k+e)), append(names, fmt.Sprint("e", e))
					attributes = append(attributes, map[string]string{"e": fmt.Sprint(e)})
				}
				link := span.Links().AppendEmpty()
				link.SetTraceID([16]byte{9})
				link.SetSpanID([8]byte{8})
				link.TraceState().FromRaw("b=2")
				link.Attributes().PutStr("l", "m")
				wanted = append(wanted, line(at(k), fmt.Sprintf("0102%02x%026d", byte(k), 0), fmt.Sprintf("03%02x%012d", byte(k), 0),
					fmt.Sprintf("04%02x%012d", byte(k), 0), "a=1", "call", "Server", "shop", resourceMap, "scope", "1.2",
					map[string]string{"x": "0.5"}, 1000000, "Error", "no", times, names, attributes,
					[]string{"09" + strings.Repeat("0", 30)}, []string{"08" + strings.Repeat("0", 14)}, []string{"b=2"},
					[]map[string]string{{"l": "m"}}))
			}
			if err := sink.ConsumeTraces(ctx, data); err != nil {
				t.Fatal(err)
			}
			if err := sink.Shutdown(ctx); err != nil {
				t.Fatal(err)
			}
			connection := open(t, database)
			same(t, "traces", read(t, connection, "SELECT * FROM otel_traces ORDER BY Timestamp"), wanted)
			if config.CreateSchema {
				same(t, "times of traces", read(t, connection, "SELECT uniqExact(TraceId) FROM otel_traces_trace_id_ts"), []string{"256"})
			}
		})
	}
}

func TestMetrics(t *testing.T) {
	for name, endpoint := range endpoints(t) {
		t.Run(name, func(t *testing.T) {
			ctx, database := context.Background(), "metrics_"+name
			sink, err := clickhouseexporter.NewFactory().CreateMetrics(ctx, settings(), config(endpoint, database))
			begin(t, sink, err)
			data := pmetric.NewMetrics()
			scope := data.ResourceMetrics().AppendEmpty()
			resource(scope.Resource().Attributes())
			metrics := scope.ScopeMetrics().AppendEmpty()
			metrics.Scope().SetName("scope")
			wanted := map[string][]string{}
			for k := range rows {
				stamp, second := pcommon.NewTimestampFromTime(at(k)), at(k).Truncate(time.Second)
				name := fmt.Sprintf("m%03d", k)
				add := func() pmetric.Metric {
					one := metrics.Metrics().AppendEmpty()
					one.SetName(name)
					one.SetUnit("By")
					return one
				}
				gauge := add().SetEmptyGauge().DataPoints().AppendEmpty()
				gauge.SetTimestamp(stamp)
				gauge.SetDoubleValue(float64(k) / 4)
				gauge.Attributes().PutInt("k", int64(k))
				exemplar := gauge.Exemplars().AppendEmpty()
				exemplar.SetTimestamp(stamp)
				exemplar.SetIntValue(int64(k))
				exemplar.SetTraceID([16]byte{5})
				wanted["gauge"] = append(wanted["gauge"], line(name, "By", resourceMap, map[string]string{"k": fmt.Sprint(k)}, second,
					float64(k)/4, []time.Time{second}, []float64{float64(k)}))
				sum := add().SetEmptySum()
				sum.SetIsMonotonic(true)
				sum.SetAggregationTemporality(pmetric.AggregationTemporalityCumulative)
				point := sum.DataPoints().AppendEmpty()
				point.SetTimestamp(stamp)
				point.SetIntValue(int64(k))
				wanted["sum"] = append(wanted["sum"], line(name, second, float64(k), 2, true))
				histogram := add().SetEmptyHistogram()
				histogram.SetAggregationTemporality(pmetric.AggregationTemporalityDelta)
				bar := histogram.DataPoints().AppendEmpty()
				bar.SetTimestamp(stamp)
				bar.SetCount(uint64(k))
				bar.SetSum(1.5)
				bar.SetMin(-1)
				bar.SetMax(2)
				bar.BucketCounts().FromRaw([]uint64{1, uint64(k), 1 << 63})
				bar.ExplicitBounds().FromRaw([]float64{0.25, 1e300})
				wanted["histogram"] = append(wanted["histogram"], line(name, second, k, 1.5, []uint64{1, uint64(k), 1 << 63},
					[]float64{0.25, 1e300}, -1.0, 2.0, 1))
				exponential := add().SetEmptyExponentialHistogram().DataPoints().AppendEmpty()
				exponential.SetTimestamp(stamp)
				exponential.SetScale(-3)
				exponential.SetZeroCount(uint64(k))
				exponential.Positive().SetOffset(-2)
				exponential.Positive().BucketCounts().FromRaw([]uint64{7, 8})
				wanted["exponential_histogram"] = append(wanted["exponential_histogram"], line(name, second, -3, k, -2, []uint64{7, 8}))
				summary := add().SetEmptySummary().DataPoints().AppendEmpty()
				summary.SetTimestamp(stamp)
				summary.SetCount(3)
				quantile := summary.QuantileValues().AppendEmpty()
				quantile.SetQuantile(0.9)
				quantile.SetValue(float64(k))
				wanted["summary"] = append(wanted["summary"], line(name, second, 3, []float64{0.9}, []float64{float64(k)}))
			}
			if err := sink.ConsumeMetrics(ctx, data); err != nil {
				t.Fatal(err)
			}
			if err := sink.Shutdown(ctx); err != nil {
				t.Fatal(err)
			}
			connection := open(t, database)
			for kind, columns := range map[string]string{
				"gauge":                 "MetricName, MetricUnit, ResourceAttributes, Attributes, TimeUnix, Value, Exemplars.TimeUnix, Exemplars.Value",
				"sum":                   "MetricName, TimeUnix, Value, AggregationTemporality, IsMonotonic",
				"histogram":             "MetricName, TimeUnix, Count, Sum, BucketCounts, ExplicitBounds, Min, Max, AggregationTemporality",
				"exponential_histogram": "MetricName, TimeUnix, Scale, ZeroCount, PositiveOffset, PositiveBucketCounts",
				"summary":               "MetricName, TimeUnix, Count, ValueAtQuantiles.Quantile, ValueAtQuantiles.Value",
			} {
				same(t, kind, read(t, connection, "SELECT "+columns+" FROM otel_metrics_"+kind+" ORDER BY MetricName"), wanted[kind])
			}
		})
	}
}
