// What users of clickhouse-go do over HTTP, against the server at the address given; ends with 1 at the first thing that
// is wrong.
package main

import (
	"context"
	"errors"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
)

func must(what string, err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, what+":", err)
		os.Exit(1)
	}
}

func want(what string, got, expected any) {
	if fmt.Sprint(got) != fmt.Sprint(expected) {
		must(what, fmt.Errorf("%v instead of %v", got, expected))
	}
}

type row struct {
	A uint32           `ch:"a"`
	S string           `ch:"s"`
	N *int64           `ch:"n"`
	D time.Time        `ch:"d"`
	L []string         `ch:"l"`
	M map[string]uint8 `ch:"m"`
}

func native(options *clickhouse.Options) {
	ctx := context.Background()
	conn, err := clickhouse.Open(options)
	must("open", err)
	defer conn.Close()
	must("ping", conn.Ping(ctx))
	version, err := conn.ServerVersion()
	must("version", err)
	if version.Revision < 54454 || version.Timezone == nil {
		must("version", fmt.Errorf("%v", version))
	}
	must("drop", conn.Exec(ctx, "DROP TABLE IF EXISTS of_go"))
	must("create", conn.Exec(ctx, "CREATE TABLE of_go (a UInt32, s LowCardinality(String), n Nullable(Int64), "+
		"d DateTime64(3, 'UTC'), l Array(String), m Map(String, UInt8)) ENGINE = MergeTree ORDER BY a"))
	batch, err := conn.PrepareBatch(ctx, "INSERT INTO of_go")
	must("prepare", err)
	for i := uint32(0); i < 10000; i++ {
		n := int64(i)
		must("append", batch.Append(i, "x", &n, time.UnixMilli(int64(i)).UTC(), []string{"a", "b"}, map[string]uint8{"k": 1}))
	}
	must("send", batch.Send())
	must("async", conn.AsyncInsert(ctx, "INSERT INTO of_go (a, s) VALUES (10000, 'y')", true))
	var count, sum uint64
	must("scan", conn.QueryRow(ctx, "SELECT count(), sum(a) FROM of_go WHERE s IN (?, ?)", "x", "y").Scan(&count, &sum))
	want("count", []uint64{count, sum}, []uint64{10001, 50005000})
	var rows []row
	must("select", conn.Select(ctx, &rows, "SELECT * FROM of_go WHERE a >= 9999 ORDER BY a"))
	want("row", []any{len(rows), rows[0].S, *rows[0].N, rows[0].D.UnixMilli(), rows[0].L, rows[0].M, rows[1].N == nil},
		[]any{2, "x", 9999, 9999, []string{"a", "b"}, map[string]uint8{"k": 1}, true})
	var text string
	bound := clickhouse.Context(ctx, clickhouse.WithParameters(clickhouse.Parameters{"s": "it's", "n": "5"}))
	must("parameters", conn.QueryRow(bound, "SELECT concat({s:String}, toString({n:UInt8}))").Scan(&text))
	want("parameters", text, "it's5")
	many, err := conn.Query(ctx, "SELECT number FROM numbers(300000)")
	must("query", err)
	n := 0
	for many.Next() {
		n++
	}
	must("rows", many.Err())
	want("rows", n, 300000)
	none, err := conn.Query(ctx, "SELECT a, s FROM of_go WHERE a > 1000000")
	must("none", err)
	want("none", none.Next(), false)
	must("none", none.Err())
	err = conn.Exec(ctx, "SELECT nothing")
	if err == nil || !strings.Contains(strings.ToLower(err.Error()), "code: 47") {
		must("error", fmt.Errorf("%v instead of code 47", err))
	}
	late, err := conn.Query(ctx, "SELECT number, throwIf(number = 900000) FROM numbers(1000000) SETTINGS max_threads = 1")
	for err == nil && late.Next() {
	}
	if err == nil {
		err = late.Err()
	}
	if err == nil {
		must("late error", errors.New("none"))
	}
	short, cancel := context.WithTimeout(ctx, 200*time.Millisecond)
	defer cancel()
	if err := conn.QueryRow(short, "SELECT sum(number) FROM numbers(100000000000000)").Scan(&sum); err == nil {
		must("timeout", errors.New("none"))
	}
}

func standard(options *clickhouse.Options) {
	db := clickhouse.OpenDB(options)
	defer db.Close()
	must("sql ping", db.Ping())
	_, err := db.Exec("INSERT INTO of_go (a, s) VALUES (20000, 'sql')")
	must("sql insert", err)
	var s string
	must("sql", db.QueryRow("SELECT s FROM of_go WHERE a = ?", 20000).Scan(&s))
	want("sql", s, "sql")
	transaction, err := db.Begin()
	must("begin", err)
	statement, err := transaction.Prepare("INSERT INTO of_go (a, s)")
	must("sql prepare", err)
	for i := uint32(0); i < 1000; i++ {
		_, err = statement.Exec(30000+i, "batch")
		must("sql exec", err)
	}
	must("commit", transaction.Commit())
	var count uint64
	must("sql count", db.QueryRow("SELECT count() FROM of_go WHERE s = 'batch'").Scan(&count))
	want("sql count", count, 1000)
}

func main() {
	methods := []clickhouse.CompressionMethod{clickhouse.CompressionNone, clickhouse.CompressionLZ4, clickhouse.CompressionZSTD,
		clickhouse.CompressionGZIP, clickhouse.CompressionDeflate, clickhouse.CompressionBrotli}
	for _, method := range methods {
		options := &clickhouse.Options{
			Addr: []string{os.Args[1]}, Protocol: clickhouse.HTTP, Auth: clickhouse.Auth{Database: "default", Username: "default"},
			Compression: &clickhouse.Compression{Method: method, Level: 3}, Settings: clickhouse.Settings{"max_execution_time": 60},
		}
		native(options)
		standard(options)
		fmt.Println(method, "passed")
	}
}
