SELECT count(), max(delay) FROM events WHERE late SETTINGS additional_table_filters = {'golden.events': 'origin = \'JFK\' AND delay > 5', 'v': 'id IN (SELECT id FROM events)'}

SELECT e.id, x.origin FROM events AS e INNER JOIN v AS x ON e.id = x.id SETTINGS additional_table_filters = {'e': 'arrayExists(y -> y = id, [1, 2])', 'v': 'count() > 1'}, additional_result_filter = 'id > 3'

SELECT id AS a FROM events UNION ALL SELECT 1 SETTINGS additional_table_filters = '{\'events\': \'arrayJoin([1, 2]) = id\'}', additional_result_filter = 'a % 2', extremes = 1

WITH v AS (SELECT * FROM events) SELECT * FROM v SETTINGS additional_table_filters = {'events': 'id IN (SELECT id FROM events)', 'events': ''}

SELECT window_state(), count() FROM events GROUP BY tumble(ts, INTERVAL 1 MINUTE) HAVING 1 ALLOWED LATENESS INTERVAL 1 HOUR ORDER BY 1
