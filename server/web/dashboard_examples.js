// dashboard_examples.js: dashboards that every server has: its own state, and the flights of `weir demo`.
const panel = (id, title, kind, x, y, width, height, query, options) => ({id, title, kind, query, x, y, width, height, ...(options ? {options} : {})});

export const EXAMPLES = {
    server: {
        weir_dashboard: 1, title: "Server", description: "What this server does: queries, memory, tables, sources.", time: {last: "15m"}, every_ms: 1000, variables: [],
        panels: [
            panel("queries", "Queries now", "value", 0, 0, 3, 3, "SELECT count() AS queries FROM system.processes", {thresholds: [{from: 0, color: "good"}, {from: 20, color: "warn"}]}),
            panel("memory", "Memory", "value", 3, 0, 3, 3, "SELECT value / 1e6 AS mb FROM system.asynchronous_metrics WHERE metric = 'MemoryResident'", {unit: "MB", decimals: 0}),
            panel("rows", "Rows stored", "value", 6, 0, 3, 3, "SELECT sum(total_rows) AS rows FROM system.tables WHERE database != 'system'"),
            panel("uptime", "Up since", "value", 9, 0, 3, 3, "SELECT formatReadableTimeDelta(uptime()) AS up"),
            panel("latency", "Queries in five seconds", "time", 0, 3, 6, 5, "SELECT toStartOfInterval(event_time, INTERVAL 5 SECOND) AS t, count() AS queries\nFROM system.query_log\nWHERE $__timeFilter(event_time) AND type != 'QueryStart'\nGROUP BY t ORDER BY t", {style: "bar"}),
            panel("tables", "Tables", "bar", 6, 3, 6, 5, "SELECT name, total_bytes AS bytes FROM system.tables WHERE total_bytes > 0 ORDER BY bytes DESC LIMIT 12"),
            panel("sources", "Sources", "table", 0, 8, 6, 5, "SELECT name, table, partition, state, position, lag_rows, round(lag_seconds, 1) AS lag_s, rows_stored, rows_dead, last_error FROM system.sources ORDER BY name, partition"),
            panel("log", "Queries", "log", 6, 8, 6, 5, "SELECT event_time, query_duration_ms AS ms, user, query FROM system.query_log WHERE type != 'QueryStart' ORDER BY event_time_microseconds DESC LIMIT 100"),
        ],
    },
    flights: {
        weir_dashboard: 1, title: "Flights", description: "The stream of weir demo.", time: {last: "5m"}, every_ms: 250,
        variables: [{name: "airport", type: "String", label: "Airport", value: "ATL", query: "SELECT origin FROM flights GROUP BY origin ORDER BY count() DESC LIMIT 60"}],
        panels: [
            panel("total", "Flights", "value", 0, 0, 3, 3, "SELECT count() AS flights FROM flights"),
            panel("late", "Mean delay of a minute", "value", 3, 0, 3, 3, "SELECT avg(delay) AS delay FROM flights WHERE ts > now() - INTERVAL 1 MINUTE", {unit: "min", decimals: 1, thresholds: [{from: -60, color: "good"}, {from: 15, color: "warn"}, {from: 30, color: "bad"}]}),
            panel("share", "Late by more than 15 minutes", "value", 6, 0, 3, 3, "SELECT 100 * countIf(delay > 15) / count() AS late FROM flights WHERE ts > now() - INTERVAL 1 MINUTE", {unit: "%", decimals: 1}),
            panel("airport", "From the airport, a minute", "value", 9, 0, 3, 3, "SELECT count() AS flights FROM flights WHERE origin = {airport:String} AND ts > now() - INTERVAL 1 MINUTE"),
            panel("rate", "Flights a step, five minutes", "time", 0, 3, 8, 6, "SELECT $__timeInterval(ts) AS t, count() AS flights\nFROM flights\nWHERE $__timeFilter(ts)\nGROUP BY t ORDER BY t", {style: "area"}),
            panel("origins", "Mean delay by origin, five minutes", "bar", 8, 3, 4, 6, "SELECT origin, avg(delay) AS delay\nFROM flights\nWHERE $__timeFilter(ts)\nGROUP BY origin HAVING count() > 50\nORDER BY delay DESC LIMIT 12", {unit: "min"}),
            panel("heat", "Delays over time", "heatmap", 0, 9, 8, 6, "SELECT toStartOfInterval(ts, INTERVAL 10 SECOND) AS t, intDiv(least(greatest(delay, -30), 119), 15) * 15 AS delay, count() AS flights\nFROM flights\nWHERE $__timeFilter(ts)\nGROUP BY t, delay"),
            panel("delays", "Delay, minutes", "time", 8, 9, 4, 6, "SELECT $__timeInterval(ts) AS t, quantile(0.5)(delay) AS median, quantile(0.95)(delay) AS p95\nFROM flights\nWHERE $__timeFilter(ts)\nGROUP BY t ORDER BY t"),
            panel("busiest", "Busiest routes", "table", 0, 15, 6, 6, "SELECT origin, destination, count() AS flights, round(avg(delay), 1) AS delay\nFROM flights\nWHERE $__timeFilter(ts)\nGROUP BY origin, destination\nORDER BY flights DESC LIMIT 20"),
            panel("tail", "Latest from the airport", "log", 6, 15, 6, 6, "SELECT ts, origin, destination, delay, distance FROM flights WHERE origin = {airport:String} AND ts > now() - INTERVAL 1 MINUTE ORDER BY ts DESC LIMIT 60"),
        ],
    },
};
