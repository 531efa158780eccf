// clickhouse-go over the native protocol, its own interface and database/sql.
//
// The server's address comes in WEIR_NATIVE; tests/integration/test_native_go.py starts it.
package clients

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"math/big"
	"net"
	"os"
	"reflect"
	"strings"
	"testing"
	"time"

	"github.com/ClickHouse/clickhouse-go/v2"
	"github.com/ClickHouse/clickhouse-go/v2/ext"
	"github.com/google/uuid"
	"github.com/shopspring/decimal"
)

func address(t *testing.T) string {
	value := os.Getenv("WEIR_NATIVE")
	if value == "" {
		t.Skip("WEIR_NATIVE names no server")
	}
	return value
}

func options(t *testing.T, method clickhouse.CompressionMethod) *clickhouse.Options {
	return &clickhouse.Options{
		Addr:        []string{address(t)},
		Compression: &clickhouse.Compression{Method: method},
		DialTimeout: 30 * time.Second,
		ReadTimeout: 2 * time.Minute,
	}
}

// With each way of packing blocks.
func each(t *testing.T, run func(t *testing.T, conn clickhouse.Conn)) {
	methods := map[string]clickhouse.CompressionMethod{
		"plain": clickhouse.CompressionNone, "lz4": clickhouse.CompressionLZ4, "zstd": clickhouse.CompressionZSTD,
	}
	for name, method := range methods {
		t.Run(name, func(t *testing.T) {
			conn, err := clickhouse.Open(options(t, method))
			check(t, err)
			defer conn.Close()
			run(t, conn)
		})
	}
}

func check(t *testing.T, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
}

func code(t *testing.T, err error, wanted int32) {
	t.Helper()
	var exception *clickhouse.Exception
	if !errors.As(err, &exception) || exception.Code != wanted {
		t.Fatalf("%v, not the code %d", err, wanted)
	}
}

func TestHello(t *testing.T) {
	each(t, func(t *testing.T, conn clickhouse.Conn) {
		check(t, conn.Ping(context.Background()))
		version, err := conn.ServerVersion()
		check(t, err)
		if version.Revision != 54460 || version.DisplayName != "weir" || version.Timezone == nil {
			t.Fatal(version)
		}
	})
}

func TestSelect(t *testing.T) {
	each(t, func(t *testing.T, conn clickhouse.Conn) {
		var read uint64
		ctx := clickhouse.Context(context.Background(), clickhouse.WithProgress(func(p *clickhouse.Progress) { read += p.Rows }))
		rows, err := conn.Query(ctx, "SELECT number, toString(number) FROM numbers(200000)")
		check(t, err)
		var sum, count uint64
		for rows.Next() {
			var n uint64
			var s string
			check(t, rows.Scan(&n, &s))
			if s != fmt.Sprint(n) {
				t.Fatal(n, s)
			}
			sum += n
			count++
		}
		check(t, rows.Err())
		if count != 200000 || sum != 200000*199999/2 || read != 200000 {
			t.Fatal(count, sum, read)
		}
		var k uint8
		var c uint64
		rows, err = conn.Query(ctx, "SELECT number % 2 AS k, count() FROM numbers(10) GROUP BY k WITH TOTALS ORDER BY k")
		check(t, err)
		for rows.Next() {
		}
		check(t, rows.Err())
		check(t, rows.Totals(&k, &c))
		if c != 10 {
			t.Fatal(k, c)
		}
		empty, err := conn.Query(ctx, "SELECT 1 AS a WHERE 0")
		check(t, err)
		if empty.Next() || !reflect.DeepEqual(empty.Columns(), []string{"a"}) {
			t.Fatal(empty.Columns())
		}
	})
}

func TestErrors(t *testing.T) {
	each(t, func(t *testing.T, conn clickhouse.Conn) {
		var n uint8
		code(t, conn.QueryRow(context.Background(), "SELECT nope").Scan(&n), 47)
		code(t, conn.Exec(context.Background(), "SELEC 1"), 62)
		_, err := conn.PrepareBatch(context.Background(), "INSERT INTO no_such")
		code(t, err, 60)
		rows, err := conn.Query(context.Background(), "SELECT throwIf(number = 150000) FROM numbers(200000)")
		for err == nil && rows.Next() {
		}
		if err == nil {
			err = rows.Err()
		}
		code(t, err, 395)
		check(t, conn.QueryRow(context.Background(), "SELECT 1").Scan(&n))
		strict := clickhouse.Context(context.Background(), clickhouse.WithSettings(clickhouse.Settings{"no_such_setting": 1}))
		code(t, conn.QueryRow(strict, "SELECT 1").Scan(&n), 115)
	})
	bad := options(t, clickhouse.CompressionLZ4)
	bad.Auth.Password = "wrong"
	conn, err := clickhouse.Open(bad)
	check(t, err)
	code(t, conn.Ping(context.Background()), 516)
}

func TestSettingsParametersAndExternalTables(t *testing.T) {
	each(t, func(t *testing.T, conn clickhouse.Conn) {
		var n uint64
		var s string
		limited := clickhouse.Context(context.Background(), clickhouse.WithSettings(clickhouse.Settings{"max_result_rows": 3}))
		rows, err := conn.Query(limited, "SELECT number FROM numbers(10)")
		for err == nil && rows.Next() {
		}
		if err == nil {
			err = rows.Err()
		}
		code(t, err, 396)
		given := clickhouse.Context(context.Background(), clickhouse.WithParameters(clickhouse.Parameters{"n": "7", "s": "it's here"}))
		check(t, conn.QueryRow(given, "SELECT {n:UInt64}, {s:String}").Scan(&n, &s))
		if n != 7 || s != "it's here" {
			t.Fatal(n, s)
		}
		table, err := ext.NewTable("ext", ext.Column("a", "UInt64"), ext.Column("b", "String"))
		check(t, err)
		for i := 0; i < 100; i++ {
			check(t, table.Append(uint64(i), fmt.Sprint(i)))
		}
		with := clickhouse.Context(context.Background(), clickhouse.WithExternalTable(table))
		check(t, conn.QueryRow(with, "SELECT sum(a) FROM ext WHERE b != '5'").Scan(&n))
		if n != 4945 {
			t.Fatal(n)
		}
	})
}

type row struct {
	N  uint32               `ch:"n"`
	S  string               `ch:"s"`
	F  float64              `ch:"f"`
	D  decimal.Decimal      `ch:"d"`
	T  time.Time            `ch:"t"`
	U  uuid.UUID            `ch:"u"`
	B  bool                 `ch:"b"`
	I  net.IP               `ch:"i"`
	E  string               `ch:"e"`
	L  string               `ch:"l"`
	O  *int64               `ch:"o"`
	LO *string              `ch:"lo"`
	A  [][]string           `ch:"a"`
	M  map[string]uint64    `ch:"m"`
	P  []any                `ch:"p"`
	W  *big.Int             `ch:"w"`
	AL []string             `ch:"al"`
}

const columns = `n UInt32, s String, f Float64, d Decimal(18, 4), t DateTime64(6, 'UTC'), u UUID, b Bool, i IPv6,
	e Enum8('x' = 1, 'y' = -1), l LowCardinality(String), o Nullable(Int64), lo LowCardinality(Nullable(String)),
	a Array(Array(String)), m Map(String, UInt64), p Tuple(UInt8, String), w Int256, al Array(LowCardinality(String))`

func TestTypes(t *testing.T) {
	each(t, func(t *testing.T, conn clickhouse.Conn) {
		ctx := context.Background()
		check(t, conn.Exec(ctx, "DROP TABLE IF EXISTS go_types"))
		check(t, conn.Exec(ctx, "CREATE TABLE go_types ("+columns+") ENGINE = MergeTree ORDER BY n"))
		batch, err := conn.PrepareBatch(ctx, "INSERT INTO go_types")
		check(t, err)
		var wanted []row
		for n := 0; n < 1000; n++ {
			o, lo := int64(-n), fmt.Sprint("lo", n%7)
			one := row{
				N: uint32(n), S: strings.Repeat("s", n%300), F: float64(n) / 7, D: decimal.New(int64(n), -4),
				T: time.UnixMicro(int64(n) * 1000001).UTC(), U: uuid.NewSHA1(uuid.Nil, []byte{byte(n)}), B: n%2 == 0,
				I: net.ParseIP(fmt.Sprintf("2001:db8::%x", n)), E: "x", L: fmt.Sprint("l", n%400), O: &o, LO: &lo,
				A: [][]string{{"a", fmt.Sprint(n)}, {}}, M: map[string]uint64{"k": uint64(n)},
				P: []any{uint8(n % 256), "p"}, W: new(big.Int).Lsh(big.NewInt(int64(n)), 200), AL: []string{"u", "v", "u"}[:n%4%3],
			}
			if n%3 == 0 {
				one.O, one.LO = nil, nil
			}
			check(t, batch.AppendStruct(&one))
			wanted = append(wanted, one)
			if n%333 == 332 {
				check(t, batch.Flush())
			}
		}
		check(t, batch.Send())
		var got []row
		check(t, conn.Select(ctx, &got, "SELECT * FROM go_types ORDER BY n"))
		if len(got) != len(wanted) {
			t.Fatal(len(got))
		}
		for n := range got {
			if g, w := fmt.Sprintf("%+v", show(got[n])), fmt.Sprintf("%+v", show(wanted[n])); g != w {
				t.Fatalf("got %s, wanted %s", g, w)
			}
		}
	})
}

// Values of type JSON and Dynamic: sent as texts, they come back as objects.
func TestJSON(t *testing.T) {
	each(t, func(t *testing.T, conn clickhouse.Conn) {
		ctx := context.Background()
		check(t, conn.Exec(ctx, "DROP TABLE IF EXISTS go_json"))
		check(t, conn.Exec(ctx, "CREATE TABLE go_json (n UInt8, j JSON(a Int64)) ENGINE = MergeTree ORDER BY n"))
		batch, err := conn.PrepareBatch(ctx, "INSERT INTO go_json")
		check(t, err)
		check(t, batch.Append(uint8(1), `{"a":7,"b":{"c":[1,2]},"s":"x","f":1.5,"t":true}`))
		check(t, batch.Append(uint8(2), `{"a":8,"s":-3}`))
		check(t, batch.Send())
		rows, err := conn.Query(ctx, "SELECT j, j.s FROM go_json ORDER BY n")
		check(t, err)
		var got []string
		for rows.Next() {
			var j clickhouse.JSON
			var s clickhouse.Dynamic
			check(t, rows.Scan(&j, &s))
			text, err := j.MarshalJSON()
			check(t, err)
			got = append(got, fmt.Sprintf("%s %v", text, s.Any()))
		}
		check(t, rows.Err())
		want := `[{"a":7,"b":{"c":[1,2]},"f":1.5,"s":"x","t":true} x {"a":8,"s":-3} -3]`
		if fmt.Sprint(got) != want {
			t.Fatal(got)
		}
	})
}

func show(r row) string {
	o, lo := "NULL", "NULL"
	if r.O != nil {
		o = fmt.Sprint(*r.O)
	}
	if r.LO != nil {
		lo = *r.LO
	}
	return fmt.Sprint(r.N, r.S, r.F, r.D, r.T.UTC(), r.U, r.B, r.I, r.E, r.L, o, lo, r.A, r.M, r.P, r.W, r.AL)
}

func TestInsert(t *testing.T) {
	each(t, func(t *testing.T, conn clickhouse.Conn) {
		ctx := context.Background()
		var count, sum uint64
		check(t, conn.Exec(ctx, "DROP TABLE IF EXISTS go_rows"))
		check(t, conn.Exec(ctx, "CREATE TABLE go_rows (n UInt64, s String DEFAULT 'given') ENGINE = MergeTree ORDER BY n"))
		check(t, conn.Exec(ctx, "INSERT INTO go_rows VALUES (1, 'inline')"))
		check(t, conn.AsyncInsert(ctx, "INSERT INTO go_rows VALUES (2, 'asynchronous')", true))
		batch, err := conn.PrepareBatch(ctx, "INSERT INTO go_rows (n)")
		check(t, err)
		numbers := make([]uint64, 100000)
		for i := range numbers {
			numbers[i] = uint64(i)
		}
		check(t, batch.Column(0).Append(numbers))
		check(t, batch.Send())
		abandoned, err := conn.PrepareBatch(ctx, "INSERT INTO go_rows (n)")
		check(t, err)
		check(t, abandoned.Append(uint64(5)))
		check(t, abandoned.Abort())
		check(t, conn.QueryRow(ctx, "SELECT count(), sum(n) FROM go_rows").Scan(&count, &sum))
		if count != 100002 || sum != 3+99999*50000 {
			t.Fatal(count, sum)
		}
	})
}

func TestCancel(t *testing.T) {
	each(t, func(t *testing.T, conn clickhouse.Conn) {
		var n, running uint64
		ctx, cancel := context.WithTimeout(context.Background(), 300*time.Millisecond)
		defer cancel()
		err := conn.QueryRow(clickhouse.Context(ctx, clickhouse.WithQueryID("go-cancelled")),
			"SELECT count() FROM numbers(100000000000) WHERE NOT ignore(rand())").Scan(&n)
		if err == nil {
			t.Fatal("it ended by itself")
		}
		for running = 1; running > 0; time.Sleep(10 * time.Millisecond) {
			check(t, conn.QueryRow(context.Background(),
				"SELECT count() FROM system.processes WHERE query_id = 'go-cancelled'").Scan(&running))
		}
	})
}

func TestDatabaseSQL(t *testing.T) {
	db, err := sql.Open("clickhouse", "clickhouse://"+address(t)+"/default?compress=lz4&dial_timeout=30s")
	check(t, err)
	defer db.Close()
	check(t, db.Ping())
	_, err = db.Exec("DROP TABLE IF EXISTS go_sql")
	check(t, err)
	_, err = db.Exec("CREATE TABLE go_sql (n UInt64, s Nullable(String)) ENGINE = MergeTree ORDER BY n")
	check(t, err)
	scope, err := db.Begin()
	check(t, err)
	statement, err := scope.Prepare("INSERT INTO go_sql")
	check(t, err)
	for n := 0; n < 1000; n++ {
		value := sql.NullString{String: fmt.Sprint(n), Valid: n%2 == 0}
		_, err = statement.Exec(uint64(n), value)
		check(t, err)
	}
	check(t, scope.Commit())
	rows, err := db.Query("SELECT n, s FROM go_sql WHERE n >= ? ORDER BY n", 990)
	check(t, err)
	count := 0
	for ; rows.Next(); count++ {
		var n uint64
		var s sql.NullString
		check(t, rows.Scan(&n, &s))
		if s.Valid != (n%2 == 0) || (s.Valid && s.String != fmt.Sprint(n)) {
			t.Fatal(n, s)
		}
	}
	check(t, rows.Err())
	if count != 10 {
		t.Fatal(count)
	}
	var n uint64
	code(t, db.QueryRow("SELECT nope").Scan(&n), 47)
}

// A user with a password, rights and a role of its own.
func TestLogin(t *testing.T) {
	ctx := context.Background()
	admin, err := clickhouse.Open(options(t, clickhouse.CompressionLZ4))
	check(t, err)
	defer admin.Close()
	for _, sql := range []string{
		"CREATE USER OR REPLACE gopher IDENTIFIED BY 'tunnel' SETTINGS max_result_rows = 3", "CREATE ROLE OR REPLACE digger",
		"GRANT SELECT ON system.numbers TO digger", "GRANT digger TO gopher", "ALTER USER gopher DEFAULT ROLE NONE",
	} {
		check(t, admin.Exec(ctx, sql))
	}
	given := options(t, clickhouse.CompressionLZ4)
	given.Auth = clickhouse.Auth{Database: "default", Username: "gopher", Password: "wrong"}
	conn, err := clickhouse.Open(given)
	check(t, err)
	code(t, conn.Ping(ctx), 516)
	conn.Close()
	given.Auth.Password = "tunnel"
	given.MaxOpenConns = 1
	conn, err = clickhouse.Open(given)
	check(t, err)
	defer func() { conn.Close() }()
	var user string
	check(t, conn.QueryRow(ctx, "SELECT currentUser()").Scan(&user))
	if user != "gopher" {
		t.Fatal(user)
	}
	code(t, conn.Exec(ctx, "CREATE TABLE gophers (n UInt8) ENGINE = MergeTree ORDER BY n"), 497)
	conn.Close() // a connection whose row was scanned may come back to the pool later, beside the one that has the role
	conn, err = clickhouse.Open(given)
	check(t, err)
	check(t, conn.Exec(ctx, "SET ROLE digger"))
	var role string
	check(t, conn.QueryRow(ctx, "SELECT role_name FROM system.current_roles").Scan(&role))
	if role != "digger" {
		t.Fatal(role)
	}
	check(t, admin.Exec(ctx, "DROP USER gopher"))
	code(t, conn.Exec(ctx, "SELECT 1"), 516)
	check(t, admin.Exec(ctx, "DROP ROLE digger"))
}
