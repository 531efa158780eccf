// Package grafana does with a query what Grafana's ClickHouse data source does, up to what a panel draws: macros by the
// plugin SDK's engine, clickhouse-go with the data source's options, rows to frames and frames to series by the SDK.
//
// The data source's module, and sqlds that it stands on, cannot be imported: the module proxy answers for both that their
// versions are not available. What they add to the SDK is here as their documentation says it: the texts of the macros,
// variables, ad-hoc filters.
package grafana

import (
	"context"
	"database/sql"
	"encoding/json"
	"fmt"
	"reflect"
	"regexp"
	"strconv"
	"strings"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/grafana/grafana-plugin-sdk-go/backend"
	"github.com/grafana/grafana-plugin-sdk-go/backend/gtime"
	"github.com/grafana/grafana-plugin-sdk-go/data"
	"github.com/grafana/grafana-plugin-sdk-go/data/sqlutil"
)

// Source is a data source as it is configured in Grafana.
type Source struct {
	Protocol clickhouse.Protocol
	Address  string // host:port
	Database string
	User     string
	Password string
	Settings clickhouse.Settings // its custom settings
	db       *sql.DB
}

// Connect opens it and says whether it answers, as "Save & test" does.
func (s *Source) Connect(ctx context.Context) error {
	method := clickhouse.CompressionLZ4
	if s.Protocol == clickhouse.HTTP {
		method = clickhouse.CompressionGZIP
	}
	s.db = clickhouse.OpenDB(&clickhouse.Options{
		Protocol:    s.Protocol,
		Addr:        []string{s.Address},
		Auth:        clickhouse.Auth{Database: s.Database, Username: s.User, Password: s.Password},
		Compression: &clickhouse.Compression{Method: method},
		ClientInfo: clickhouse.ClientInfo{Products: []struct{ Name, Version string }{
			{"grafana", "12.1.0"}, {"clickhouse-datasource", "4.20.0"}}},
		DialTimeout: 30 * time.Second,
		ReadTimeout: 2 * time.Minute,
		Settings:    s.Settings,
	})
	s.db.SetMaxOpenConns(50)
	return s.db.PingContext(ctx)
}

// Close ends it.
func (s *Source) Close() error { return s.db.Close() }

// Query is a target of a panel, with what the dashboard around it says.
type Query struct {
	SQL       string
	Format    sqlutil.FormatQueryOption
	From, To  time.Time
	Interval  time.Duration
	Variables map[string]string // name → what stands in the SQL; no entry: All is chosen
	Filters   string            // $__adHocFilters, a condition; or empty
}

func at(t time.Time) string    { return fmt.Sprintf("toDateTime(%d)", t.Unix()) }
func atMs(t time.Time) string  { return fmt.Sprintf("fromUnixTimestamp64Milli(%d)", t.UnixMilli()) }
func atDay(t time.Time) string { return fmt.Sprintf("toDate('%s')", t.Format("2006-01-02")) }

type text = func(time.Time) string

// A macro of one column: column >= from AND column <= to.
func between(how text) sqlutil.MacroFunc {
	return func(q *sqlutil.Query, args []string) (string, error) {
		if len(args) != 1 {
			return "", fmt.Errorf("%w: %d, not 1", sqlutil.ErrorBadArgumentCount, len(args))
		}
		return fmt.Sprintf("%s >= %s AND %s <= %s", args[0], how(q.TimeRange.From), args[0], how(q.TimeRange.To)), nil
	}
}

// A macro that is only an end of the time range, behind an argument and an operator where there is one.
func end(operator string, how text, to bool) sqlutil.MacroFunc {
	return func(q *sqlutil.Query, args []string) (string, error) {
		value := how(q.TimeRange.From)
		if to {
			value = how(q.TimeRange.To)
		}
		if operator == "" {
			return value, nil
		}
		if len(args) != 1 {
			return "", fmt.Errorf("%w: %d, not 1", sqlutil.ErrorBadArgumentCount, len(args))
		}
		return args[0] + " " + operator + " " + value, nil
	}
}

func dateTimeFilter(q *sqlutil.Query, args []string) (string, error) {
	if len(args) != 2 {
		return "", fmt.Errorf("%w: %d, not 2", sqlutil.ErrorBadArgumentCount, len(args))
	}
	days, err := between(atDay)(q, args[:1])
	if err != nil {
		return "", err
	}
	times, err := between(at)(q, args[1:])
	return "(" + days + ") AND (" + times + ")", err
}

func seconds(q *sqlutil.Query) int { return max(1, int(q.Interval.Seconds())) }

func timeInterval(q *sqlutil.Query, args []string) (string, error) {
	return fmt.Sprintf("toStartOfInterval(toDateTime(%s), INTERVAL %d second)", args[0], seconds(q)), nil
}

func timeIntervalMs(q *sqlutil.Query, args []string) (string, error) {
	return fmt.Sprintf("toStartOfInterval(toDateTime64(%s, 3), INTERVAL %d millisecond)", args[0],
		max(1, q.Interval.Milliseconds())), nil
}

func timeGroup(_ *sqlutil.Query, args []string) (string, error) {
	if len(args) != 2 {
		return "", fmt.Errorf("%w: %d, not 2", sqlutil.ErrorBadArgumentCount, len(args))
	}
	group, err := gtime.ParseInterval(strings.Trim(args[1], "'\""))
	return fmt.Sprintf("toStartOfInterval(toDateTime(%s), INTERVAL %d second)", args[0], int(group.Seconds())), err
}

var macros = sqlutil.Macros{
	"timeFilter":      between(at),
	"timeFilter_ms":   between(atMs),
	"dateFilter":      between(atDay),
	"dateTimeFilter":  dateTimeFilter,
	"dt":              dateTimeFilter,
	"fromTime":        end("", at, false),
	"toTime":          end("", at, true),
	"fromTime_ms":     end("", atMs, false),
	"toTime_ms":       end("", atMs, true),
	"timeFrom":        end(">=", at, false),
	"timeTo":          end("<=", at, true),
	"timeInterval":    timeInterval,
	"timeInterval_ms": timeIntervalMs,
	"timeGroup":       timeGroup,
	"interval_s": func(q *sqlutil.Query, _ []string) (string, error) {
		return strconv.Itoa(seconds(q)), nil
	},
}

var (
	conditionalAll = regexp.MustCompile(`\$__conditionalAll\((.*?),\s*\$(\w+)\)`)
	adHocFilters   = regexp.MustCompile(`\$__adHocFilters\('([^']*)'\)`)
	variable       = regexp.MustCompile(`\$\{(\w+)(?::\w+)?\}|\$([a-zA-Z]\w*)`)
)

// Expand is the SQL that the server gets: first what the browser puts in, then the macros.
func (q Query) Expand() (string, error) {
	all := func(name string) bool { _, chosen := q.Variables[name]; return !chosen }
	text := conditionalAll.ReplaceAllStringFunc(q.SQL, func(match string) string {
		parts := conditionalAll.FindStringSubmatch(match)
		if all(parts[2]) {
			return "1=1"
		}
		return parts[1]
	})
	text = adHocFilters.ReplaceAllStringFunc(text, func(match string) string {
		if q.Filters == "" {
			return "additional_table_filters={}"
		}
		return AdHoc(adHocFilters.FindStringSubmatch(match)[1], q.Filters)
	})
	text = variable.ReplaceAllStringFunc(text, func(match string) string {
		parts := variable.FindStringSubmatch(match)
		if value, chosen := q.Variables[parts[1]+parts[2]]; chosen {
			return value
		}
		return match
	})
	return sqlutil.Interpolate(&sqlutil.Query{RawSQL: text, Interval: q.Interval,
		TimeRange: backend.TimeRange{From: q.From, To: q.To}}, macros)
}

// AdHoc is the setting that carries ad-hoc filters on a table.
func AdHoc(table, condition string) string {
	escaped := strings.NewReplacer(`\`, `\\`, `'`, `\'`).Replace(condition)
	return fmt.Sprintf("additional_table_filters={'%s': ' %s '}", table, escaped)
}

// What frames have no type for becomes JSON, or text.
func converters() []sqlutil.Converter {
	as := func(pattern string, convert func(in any) string) sqlutil.Converter {
		return sqlutil.Converter{
			Name:           pattern,
			InputScanType:  reflect.TypeFor[any](),
			InputTypeRegex: regexp.MustCompile(pattern),
			FrameConverter: sqlutil.FrameConverter{
				FieldType: data.FieldTypeNullableString,
				ConverterFunc: func(in any) (any, error) {
					value := *in.(*any)
					if value == nil || reflect.ValueOf(value).Kind() == reflect.Pointer && reflect.ValueOf(value).IsNil() {
						return (*string)(nil), nil
					}
					text := convert(value)
					return &text, nil
				},
			},
		}
	}
	return []sqlutil.Converter{
		as(`^(Array|Map|Tuple|Nested)\(`, func(in any) string {
			text, err := json.Marshal(in)
			if err != nil {
				return err.Error()
			}
			return string(text)
		}),
		as(`(Decimal|UUID|IPv4|IPv6|Enum|Int128|Int256)`, func(in any) string { return fmt.Sprint(reflect.Indirect(reflect.ValueOf(in))) }),
	}
}

// Rows runs SQL as it is and gives its frame.
func (s *Source) Rows(ctx context.Context, query string) (*data.Frame, error) {
	rows, err := s.db.QueryContext(ctx, query)
	if err != nil {
		return nil, err
	}
	defer func() { _ = rows.Close() }()
	frame, err := sqlutil.FrameFromRows(rows, 1_000_000, converters()...)
	if err != nil {
		return nil, err
	}
	return frame, rows.Err()
}

// Run runs a target: the frame that its panel draws.
func (s *Source) Run(ctx context.Context, query Query) (*data.Frame, error) {
	text, err := query.Expand()
	if err != nil {
		return nil, err
	}
	frame, err := s.Rows(ctx, text)
	if err != nil {
		return nil, fmt.Errorf("%w, of %s", err, text)
	}
	frame.Meta = &data.FrameMeta{ExecutedQueryString: text}
	switch query.Format {
	case sqlutil.FormatOptionTimeSeries:
		schema := frame.TimeSeriesSchema()
		if schema.Type == data.TimeSeriesTypeNot {
			return nil, fmt.Errorf("no time series: %v of %s", frame.Fields, text)
		}
		if schema.Type == data.TimeSeriesTypeLong && frame.Rows() > 0 {
			frame, err = data.LongToWide(frame, &data.FillMissing{Mode: data.FillModeNull})
		}
	case sqlutil.FormatOptionLogs:
		err = need(frame, "timestamp", "body")
	case sqlutil.FormatOptionTrace:
		err = need(frame, "traceID", "spanID", "serviceName", "operationName", "startTime", "duration")
	}
	if err != nil {
		return nil, fmt.Errorf("%w, of %s", err, text)
	}
	return frame, nil
}

func need(frame *data.Frame, names ...string) error {
	for _, name := range names {
		if field, _ := frame.FieldByName(name); field == nil {
			return fmt.Errorf("there is no column %q", name)
		}
	}
	return nil
}
