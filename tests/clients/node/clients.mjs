// What users of @clickhouse/client do, against a server at the URL given; ends with 1 at the first thing that is wrong.
import assert from 'node:assert/strict';
import { Readable } from 'node:stream';
import { brotliCompressSync } from 'node:zlib';
import { ClickHouseLogLevel, createClient } from '@clickhouse/client';

const url = process.argv[2];
const log = { level: ClickHouseLogLevel.OFF };
const client = createClient({ url, log });
const rows = async (query, more = {}) => (await client.query({ query, format: 'JSONEachRow', ...more })).json();
const tests = {};

tests.ping = async () => {
  assert.equal((await client.ping()).success, true);
  assert.equal((await client.ping({ select: true })).success, true);
};

tests.query = async () => {
  const result = await client.query({ query: "SELECT number, toString(number) AS s FROM numbers(2);", query_id: 'of-node' });
  assert.equal(result.query_id, 'of-node');
  assert.equal(result.response_headers['x-clickhouse-format'], 'JSON');
  const json = await result.json();
  assert.deepEqual(json.meta, [{ name: 'number', type: 'UInt64' }, { name: 's', type: 'String' }]);
  assert.equal(json.rows, 2);
  assert.deepEqual(json.data, [{ number: 0, s: '0' }, { number: 1, s: '1' }]);
  const names = await client.query({ query: 'SELECT 1 AS a', format: 'JSONCompactEachRowWithNamesAndTypes' });
  assert.deepEqual(await names.json(), [['a'], ['UInt8'], [1]]);
};

tests.parameters = async () => {
  const query_params = {
    s: "it's\t\\", l: ['a', "b'c"], n: null, d: new Date(1577836800000), m: { k: 1 }, b: true, f: 1.5, t: [[1, 2], [3]],
  };
  const [row] = await rows(
    'SELECT {s:String} AS s, {l:Array(String)} AS l, {n:Nullable(String)} AS n, {d:DateTime} AS d, {m:Map(String, UInt8)} AS m,' +
    ' {b:Bool} AS b, {f:Float64} AS f, {t:Array(Array(UInt8))} AS t', { query_params });
  assert.deepEqual(row, { ...query_params, d: '2020-01-01 00:00:00' });
  const [long] = await rows('SELECT length({s:String}) AS n', { query_params: { s: 'x'.repeat(20000) } }); // multipart
  assert.deepEqual(long, { n: 20000 });
};

tests.insert = async () => {
  await client.command({ query: 'CREATE TABLE of_node (a UInt32, s String, d DateTime64(3)) ENGINE = MergeTree ORDER BY a' });
  const first = await client.insert({
    table: 'of_node', format: 'JSONEachRow', values: [{ a: 1, s: 'x', d: '2020-01-02T03:04:05.678Z' }, { a: 2, s: 'y' }],
  });
  assert.equal(first.summary.written_rows, '2');
  await client.insert({ table: 'of_node', format: 'JSONCompactEachRow', columns: ['a', 's'], values: [[3, 'z']] });
  await client.insert({ table: 'of_node', format: 'JSONCompactEachRow', columns: { except: ['d'] }, values: [[4, 'z']] });
  const many = Readable.from((function* () { for (let a = 0; a < 20000; a++) yield { a, s: `row ${a}` }; })());
  await client.insert({ table: 'of_node', format: 'JSONEachRow', values: many });
  await client.insert({ table: 'of_node', format: 'CSV', values: Readable.from(['5,"a",1\n', '6,"b",2\n'], { objectMode: false }) });
  assert.deepEqual(await rows('SELECT count() AS n FROM of_node'), [{ n: 20006 }]);
  assert.deepEqual(await rows("SELECT toString(d) AS d FROM of_node WHERE s = 'x'", { clickhouse_settings: { session_timezone: 'UTC' } }),
                   [{ d: '2020-01-02 03:04:05.678' }]);
};

tests.compression = async () => {
  const packed = createClient({ url, log, compression: { request: true, response: true } });
  await packed.insert({ table: 'of_node', format: 'JSONEachRow', values: [{ a: 9, s: 'packed' }] });
  const result = await packed.query({ query: "SELECT s FROM of_node WHERE s = 'packed'", format: 'JSONEachRow' });
  assert.equal(result.response_headers['content-encoding'], 'gzip');
  assert.deepEqual(await result.json(), [{ s: 'packed' }]);
  await assert.rejects(packed.query({ query: 'SELECT nothing' }), { code: '47' });
  await packed.close();
};

/* br by Node's own library, both ways; fetch unpacks what it gets. */
tests.brotli = async () => {
  const ask = (query, options) => fetch(`${url}?enable_http_compression=1&query=${encodeURIComponent(query)}`,
                                        { method: 'POST', body: '', ...options });
  const result = await ask('SELECT number, toString(number) FROM numbers(300000)', { headers: { 'Accept-Encoding': 'br' } });
  assert.equal(result.headers.get('content-encoding'), 'br');
  const lines = (await result.text()).split('\n');
  assert.equal(lines.length, 300001);
  assert.equal(lines[299999], '299999\t299999');
  const rows_packed = brotliCompressSync(Buffer.from(lines.slice(0, 100000).join('\n')));
  await client.command({ query: 'CREATE TABLE of_brotli (n UInt64, s String) ENGINE = MergeTree ORDER BY n' });
  const insert = (body) => ask('INSERT INTO of_brotli FORMAT TabSeparated', { body, headers: { 'Content-Encoding': 'br' } });
  assert.equal((await insert(rows_packed)).status, 200);
  for (const bad of [rows_packed.subarray(0, -9), Buffer.concat([rows_packed, rows_packed]), Buffer.from('no brotli at all')]) {
    const refused = await insert(bad);
    assert.ok(['33', '271'].includes(refused.headers.get('x-clickhouse-exception-code')), await refused.text());
  }
  assert.deepEqual(await rows('SELECT count() AS c, sum(n) AS s FROM of_brotli'), [{ c: 100000, s: 4999950000 }]);
};

tests.stream = async () => {
  let count = 0;
  const result = await client.query({ query: 'SELECT number FROM numbers(300000)', format: 'JSONEachRow' });
  for await (const part of result.stream()) count += part.length;
  assert.equal(count, 300000);
};

tests.errors = async () => {
  await assert.rejects(client.query({ query: 'SELECT * FROM nothing' }), { code: '60', type: 'UNKNOWN_TABLE' });
  await assert.rejects(client.insert({ table: 'of_node', format: 'JSONEachRow', values: [{ a: 'x' }] }), { code: '27' });
  await assert.rejects(rows('SELECT 1', { clickhouse_settings: { no_such_setting: 1 } }), { code: '115' });
  const late = await client.query({
    query: 'SELECT number, throwIf(number = 200000) FROM numbers(1000000)', format: 'JSONEachRow', clickhouse_settings: { max_threads: 1 },
  });
  await assert.rejects(async () => { for await (const part of late.stream()) assert.ok(part.length); },
                       { code: '395', type: 'FUNCTION_THROW_IF_VALUE_IS_NON_ZERO' });
};

tests.abort = async () => {
  const controller = new AbortController();
  const query = client.query({ query: 'SELECT sum(number) FROM numbers(100000000000000)', query_id: 'aborted', abort_signal: controller.signal });
  const running = async () => (await rows("SELECT count() AS n FROM system.processes WHERE query_id = 'aborted'"))[0].n;
  while (await running() === 0);
  controller.abort();
  await assert.rejects(query, /abort/);
  while (await running() !== 0);
};

tests.session = async () => {
  const session = createClient({ url, log, session_id: 'of-node', keep_alive: { enabled: true } });
  await session.command({ query: 'CREATE TEMPORARY TABLE mine (a UInt8)' });
  await session.insert({ table: 'mine', format: 'JSONEachRow', values: [{ a: 1 }] });
  assert.deepEqual(await (await session.query({ query: 'SELECT * FROM mine', format: 'JSONEachRow' })).json(), [{ a: 1 }]);
  await session.close();
};

tests.settings = async () => {
  const clickhouse_settings = {
    wait_end_of_query: 1, output_format_json_quote_64bit_integers: 1, max_execution_time: 10, date_time_input_format: 'best_effort',
    async_insert: 1, wait_for_async_insert: 1, enable_http_compression: 0, http_headers_progress_interval_ms: '100',
    send_progress_in_http_headers: 1,
  };
  assert.deepEqual(await rows('SELECT toUInt64(1) AS a', { clickhouse_settings }), [{ a: '1' }]);
};

tests.exec = async () => {
  const { stream } = await client.exec({ query: 'SELECT 1 FORMAT CSV' });
  let text = '';
  for await (const part of stream) text += part;
  assert.equal(text, '1\n');
  const progress = await (await client.query({ query: 'SELECT 1 AS a', format: 'JSONEachRowWithProgress' })).json();
  assert.ok(progress.some((line) => line.row?.a === 1));
};

for (const [name, test] of Object.entries(tests)) {
  try {
    await test();
  } catch (error) {
    console.error(`${name}:`, error);
    process.exit(1);
  }
}
await client.close();
console.log(`${Object.keys(tests).length} passed`);
