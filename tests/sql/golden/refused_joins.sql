SELECT 1 FROM events AS a PASTE JOIN events AS b

SELECT 1 FROM events AS a NATURAL JOIN events AS b

SELECT 1 FROM events AS a ASOF RIGHT JOIN events AS b ON a.origin = b.origin AND a.id >= b.id

SELECT 1 FROM events AS a ASOF JOIN events AS b ON a.id >= b.id

SELECT 1 FROM events AS a ASOF JOIN events AS b USING (id)

SELECT 1 FROM events AS a ASOF JOIN events AS b ON a.origin = b.origin AND CAST(a.id, 'Int128') >= CAST(b.id, 'Int128')

SELECT 1 FROM events AS a ANY FULL JOIN events AS b ON a.id = b.id
