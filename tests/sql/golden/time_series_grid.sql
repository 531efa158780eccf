SELECT timeSeriesRateToGrid(90, 210, 15, 45)(t, v) AS r, toTypeName(r) FROM (SELECT arrayJoin(arrayZip([110, 120, 130, 140, 190, 200, 210, 220, 230]::Array(DateTime('UTC')), [1, 1, 3, 4, 5, 5, 8, 12, 13]::Array(Float32))) AS x, x.1 AS t, x.2 AS v)

SELECT timeSeriesIncreaseToGrid(90, 210, 15, 45)(t, v) AS r, toTypeName(r) FROM (SELECT arrayJoin(arrayZip([110, 120, 130, 140, 190, 200, 210, 220, 230]::Array(DateTime('UTC')), [1, 1, 3, 4, 5, 5, 8, 12, 13]::Array(Float32))) AS x, x.1 AS t, x.2 AS v)

SELECT timeSeriesDeltaToGrid(90, 210, 15, 45)(t, v) AS r, toTypeName(r) FROM (SELECT arrayJoin(arrayZip([110, 120, 130, 140, 190, 200, 210, 220, 230]::Array(DateTime('UTC')), [1, 1, 3, 4, 5, 5, 8, 12, 13]::Array(Float32))) AS x, x.1 AS t, x.2 AS v)

SELECT timeSeriesInstantRateToGrid(90, 210, 15, 45)(t, v) AS r, toTypeName(r) FROM (SELECT arrayJoin(arrayZip([110, 120, 130, 140, 190, 200, 210, 220, 230]::Array(DateTime('UTC')), [1, 1, 3, 4, 5, 5, 8, 12, 13]::Array(Float32))) AS x, x.1 AS t, x.2 AS v)

SELECT timeSeriesInstantDeltaToGrid(90, 210, 15, 45)(t, v) AS r, toTypeName(r) FROM (SELECT arrayJoin(arrayZip([110, 120, 130, 140, 190, 200, 210, 220, 230]::Array(DateTime('UTC')), [1, 1, 3, 4, 5, 5, 8, 12, 13]::Array(Float32))) AS x, x.1 AS t, x.2 AS v)

SELECT timeSeriesLastToGrid(90, 210, 15, 45)(t, v) AS r, toTypeName(r) FROM (SELECT arrayJoin(arrayZip([110, 120, 130, 140, 190, 200, 210, 220, 230]::Array(DateTime('UTC')), [1, 1, 3, 4, 5, 5, 8, 12, 13]::Array(Float32))) AS x, x.1 AS t, x.2 AS v)

SELECT timeSeriesChangesToGrid(90, 210, 15, 45)(t, v) AS r, toTypeName(r) FROM (SELECT arrayJoin(arrayZip([110, 120, 130, 140, 190, 200, 210, 220, 230]::Array(DateTime('UTC')), [1, 1, 3, 4, 5, 5, 8, 12, 13]::Array(Float32))) AS x, x.1 AS t, x.2 AS v)

SELECT timeSeriesResetsToGrid(90, 210, 15, 45)(t, v) AS r, toTypeName(r) FROM (SELECT arrayJoin(arrayZip([110, 120, 130, 140, 190, 200, 210, 220, 230]::Array(DateTime('UTC')), [1, 1, 3, 4, 5, 5, 8, 12, 13]::Array(Float32))) AS x, x.1 AS t, x.2 AS v)

SELECT timeSeriesCountToGrid(90, 210, 15, 45)(t, v) AS r, toTypeName(r) FROM (SELECT arrayJoin(arrayZip([110, 120, 130, 140, 190, 200, 210, 220, 230]::Array(DateTime('UTC')), [1, 1, 3, 4, 5, 5, 8, 12, 13]::Array(Float32))) AS x, x.1 AS t, x.2 AS v)

SELECT timeSeriesSumToGrid(90, 210, 15, 45)(t, v) AS r, toTypeName(r) FROM (SELECT arrayJoin(arrayZip([110, 120, 130, 140, 190, 200, 210, 220, 230]::Array(DateTime('UTC')), [1, 1, 3, 4, 5, 5, 8, 12, 13]::Array(Float32))) AS x, x.1 AS t, x.2 AS v)

SELECT timeSeriesAvgToGrid(90, 210, 15, 45)(t, v) AS r, toTypeName(r) FROM (SELECT arrayJoin(arrayZip([110, 120, 130, 140, 190, 200, 210, 220, 230]::Array(DateTime('UTC')), [1, 1, 3, 4, 5, 5, 8, 12, 13]::Array(Float32))) AS x, x.1 AS t, x.2 AS v)

SELECT timeSeriesMinToGrid(90, 210, 15, 45)(t, v) AS r, toTypeName(r) FROM (SELECT arrayJoin(arrayZip([110, 120, 130, 140, 190, 200, 210, 220, 230]::Array(DateTime('UTC')), [1, 1, 3, 4, 5, 5, 8, 12, 13]::Array(Float32))) AS x, x.1 AS t, x.2 AS v)

SELECT timeSeriesMaxToGrid(90, 210, 15, 45)(t, v) AS r, toTypeName(r) FROM (SELECT arrayJoin(arrayZip([110, 120, 130, 140, 190, 200, 210, 220, 230]::Array(DateTime('UTC')), [1, 1, 3, 4, 5, 5, 8, 12, 13]::Array(Float32))) AS x, x.1 AS t, x.2 AS v)

SELECT timeSeriesTimestampOfMinToGrid(90, 210, 15, 45)(t, v) AS r, toTypeName(r) FROM (SELECT arrayJoin(arrayZip([110, 120, 130, 140, 190, 200, 210, 220, 230]::Array(DateTime('UTC')), [1, 1, 3, 4, 5, 5, 8, 12, 13]::Array(Float32))) AS x, x.1 AS t, x.2 AS v)

SELECT timeSeriesTimestampOfMaxToGrid(90, 210, 15, 45)(t, v) AS r, toTypeName(r) FROM (SELECT arrayJoin(arrayZip([110, 120, 130, 140, 190, 200, 210, 220, 230]::Array(DateTime('UTC')), [1, 1, 3, 4, 5, 5, 8, 12, 13]::Array(Float32))) AS x, x.1 AS t, x.2 AS v)

SELECT arrayMap(y -> round(y, 4), timeSeriesDerivToGrid(90, 210, 15, 45)(t, v)) AS r, toTypeName(timeSeriesDerivToGrid(90, 210, 15, 45)(t, v)), arrayMap(y -> round(y, 4), timeSeriesPredictLinearToGrid(90, 210, 15, 45, 60)(t, v)) FROM (SELECT arrayJoin(arrayZip([110, 120, 130, 140, 190, 200, 210, 220, 230]::Array(DateTime('UTC')), [1, 1, 3, 4, 5, 5, 8, 12, 13]::Array(Float32))) AS x, x.1 AS t, x.2 AS v)

SELECT timeSeriesResampleToGridWithStaleness(90, 210, 15, 45)(t, v), timeSeriesGroupArray(t, v), timeSeriesLastTwoSamples(t, v) FROM (SELECT arrayJoin(arrayZip([110, 120, 130, 140, 190, 200, 210, 220, 230]::Array(DateTime('UTC')), [1, 1, 3, 4, 5, 5, 8, 12, 13]::Array(Float32))) AS x, x.1 AS t, x.2 AS v)

SELECT timeSeriesRateToGrid(1000, 1360, 30, 60)(ts, vs) AS r FROM (SELECT [1000, 1060, 1015, 1031, 1046, 1044, 1120, 1120, 1120, 1135, 1300, 1301, 1301, 1330, 2000, 10]::Array(UInt32) AS ts, [5, 3, 12, 13.5, 1, 20.25, 8, 9, nan, 2, 100, 101, nan, 0, 7, 1]::Array(Float64) AS vs)

SELECT timeSeriesIncreaseToGrid(1000, 1360, 30, 60)(ts, vs) AS r FROM (SELECT [1000, 1060, 1015, 1031, 1046, 1044, 1120, 1120, 1120, 1135, 1300, 1301, 1301, 1330, 2000, 10]::Array(UInt32) AS ts, [5, 3, 12, 13.5, 1, 20.25, 8, 9, nan, 2, 100, 101, nan, 0, 7, 1]::Array(Float64) AS vs)

SELECT timeSeriesDeltaToGrid(1000, 1360, 30, 60)(ts, vs) AS r FROM (SELECT [1000, 1060, 1015, 1031, 1046, 1044, 1120, 1120, 1120, 1135, 1300, 1301, 1301, 1330, 2000, 10]::Array(UInt32) AS ts, [5, 3, 12, 13.5, 1, 20.25, 8, 9, nan, 2, 100, 101, nan, 0, 7, 1]::Array(Float64) AS vs)

SELECT timeSeriesInstantRateToGrid(1000, 1360, 30, 60)(ts, vs) AS r FROM (SELECT [1000, 1060, 1015, 1031, 1046, 1044, 1120, 1120, 1120, 1135, 1300, 1301, 1301, 1330, 2000, 10]::Array(UInt32) AS ts, [5, 3, 12, 13.5, 1, 20.25, 8, 9, nan, 2, 100, 101, nan, 0, 7, 1]::Array(Float64) AS vs)

SELECT timeSeriesInstantDeltaToGrid(1000, 1360, 30, 60)(ts, vs) AS r FROM (SELECT [1000, 1060, 1015, 1031, 1046, 1044, 1120, 1120, 1120, 1135, 1300, 1301, 1301, 1330, 2000, 10]::Array(UInt32) AS ts, [5, 3, 12, 13.5, 1, 20.25, 8, 9, nan, 2, 100, 101, nan, 0, 7, 1]::Array(Float64) AS vs)

SELECT timeSeriesLastToGrid(1000, 1360, 30, 60)(ts, vs) AS r FROM (SELECT [1000, 1060, 1015, 1031, 1046, 1044, 1120, 1120, 1120, 1135, 1300, 1301, 1301, 1330, 2000, 10]::Array(UInt32) AS ts, [5, 3, 12, 13.5, 1, 20.25, 8, 9, nan, 2, 100, 101, nan, 0, 7, 1]::Array(Float64) AS vs)

SELECT timeSeriesChangesToGrid(1000, 1360, 30, 60)(ts, vs) AS r FROM (SELECT [1000, 1060, 1015, 1031, 1046, 1044, 1120, 1120, 1120, 1135, 1300, 1301, 1301, 1330, 2000, 10]::Array(UInt32) AS ts, [5, 3, 12, 13.5, 1, 20.25, 8, 9, nan, 2, 100, 101, nan, 0, 7, 1]::Array(Float64) AS vs)

SELECT timeSeriesResetsToGrid(1000, 1360, 30, 60)(ts, vs) AS r FROM (SELECT [1000, 1060, 1015, 1031, 1046, 1044, 1120, 1120, 1120, 1135, 1300, 1301, 1301, 1330, 2000, 10]::Array(UInt32) AS ts, [5, 3, 12, 13.5, 1, 20.25, 8, 9, nan, 2, 100, 101, nan, 0, 7, 1]::Array(Float64) AS vs)

SELECT timeSeriesCountToGrid(1000, 1360, 30, 60)(ts, vs) AS r FROM (SELECT [1000, 1060, 1015, 1031, 1046, 1044, 1120, 1120, 1120, 1135, 1300, 1301, 1301, 1330, 2000, 10]::Array(UInt32) AS ts, [5, 3, 12, 13.5, 1, 20.25, 8, 9, nan, 2, 100, 101, nan, 0, 7, 1]::Array(Float64) AS vs)

SELECT timeSeriesSumToGrid(1000, 1360, 30, 60)(ts, vs) AS r FROM (SELECT [1000, 1060, 1015, 1031, 1046, 1044, 1120, 1120, 1120, 1135, 1300, 1301, 1301, 1330, 2000, 10]::Array(UInt32) AS ts, [5, 3, 12, 13.5, 1, 20.25, 8, 9, nan, 2, 100, 101, nan, 0, 7, 1]::Array(Float64) AS vs)

SELECT timeSeriesAvgToGrid(1000, 1360, 30, 60)(ts, vs) AS r FROM (SELECT [1000, 1060, 1015, 1031, 1046, 1044, 1120, 1120, 1120, 1135, 1300, 1301, 1301, 1330, 2000, 10]::Array(UInt32) AS ts, [5, 3, 12, 13.5, 1, 20.25, 8, 9, nan, 2, 100, 101, nan, 0, 7, 1]::Array(Float64) AS vs)

SELECT timeSeriesMinToGrid(1000, 1360, 30, 60)(ts, vs) AS r FROM (SELECT [1000, 1060, 1015, 1031, 1046, 1044, 1120, 1120, 1120, 1135, 1300, 1301, 1301, 1330, 2000, 10]::Array(UInt32) AS ts, [5, 3, 12, 13.5, 1, 20.25, 8, 9, nan, 2, 100, 101, nan, 0, 7, 1]::Array(Float64) AS vs)

SELECT timeSeriesMaxToGrid(1000, 1360, 30, 60)(ts, vs) AS r FROM (SELECT [1000, 1060, 1015, 1031, 1046, 1044, 1120, 1120, 1120, 1135, 1300, 1301, 1301, 1330, 2000, 10]::Array(UInt32) AS ts, [5, 3, 12, 13.5, 1, 20.25, 8, 9, nan, 2, 100, 101, nan, 0, 7, 1]::Array(Float64) AS vs)

SELECT timeSeriesTimestampOfMinToGrid(1000, 1360, 30, 60)(ts, vs) AS r FROM (SELECT [1000, 1060, 1015, 1031, 1046, 1044, 1120, 1120, 1120, 1135, 1300, 1301, 1301, 1330, 2000, 10]::Array(UInt32) AS ts, [5, 3, 12, 13.5, 1, 20.25, 8, 9, nan, 2, 100, 101, nan, 0, 7, 1]::Array(Float64) AS vs)

SELECT timeSeriesTimestampOfMaxToGrid(1000, 1360, 30, 60)(ts, vs) AS r FROM (SELECT [1000, 1060, 1015, 1031, 1046, 1044, 1120, 1120, 1120, 1135, 1300, 1301, 1301, 1330, 2000, 10]::Array(UInt32) AS ts, [5, 3, 12, 13.5, 1, 20.25, 8, 9, nan, 2, 100, 101, nan, 0, 7, 1]::Array(Float64) AS vs)

SELECT timeSeriesRateToGrid(1000, 1360, 60, 15)(ts, vs), timeSeriesDeltaToGrid(1000, 1360, 60, 15)(ts, vs), timeSeriesLastToGrid(1000, 1360, 60, 15)(ts, vs), timeSeriesMaxToGrid(1000, 1360, 60, 15)(ts, vs), timeSeriesSumToGrid(1000, 1360, 60, 15)(ts, vs), timeSeriesResetsToGrid(1000, 1360, 60, 15)(ts, vs) FROM (SELECT [1000, 1060, 1015, 1031, 1046, 1044, 1120, 1120, 1120, 1135, 1300, 1301, 1301, 1330, 2000, 10]::Array(UInt32) AS ts, [5, 3, 12, 13.5, 1, 20.25, 8, 9, nan, 2, 100, 101, nan, 0, 7, 1]::Array(Float64) AS vs)

SELECT timeSeriesRateToGrid(1000, 1000, 0, 60)(ts, vs), timeSeriesDeltaToGrid(1000, 1000, 0, 60)(ts, vs), timeSeriesLastToGrid(1000, 1000, 0, 60)(ts, vs), timeSeriesMaxToGrid(1000, 1000, 0, 60)(ts, vs), timeSeriesSumToGrid(1000, 1000, 0, 60)(ts, vs), timeSeriesResetsToGrid(1000, 1000, 0, 60)(ts, vs) FROM (SELECT [1000, 1060, 1015, 1031, 1046, 1044, 1120, 1120, 1120, 1135, 1300, 1301, 1301, 1330, 2000, 10]::Array(UInt32) AS ts, [5, 3, 12, 13.5, 1, 20.25, 8, 9, nan, 2, 100, 101, nan, 0, 7, 1]::Array(Float64) AS vs)

SELECT timeSeriesRateToGrid(1060, 1060, 15, 1060)(ts, vs), timeSeriesDeltaToGrid(1060, 1060, 15, 1060)(ts, vs), timeSeriesLastToGrid(1060, 1060, 15, 1060)(ts, vs), timeSeriesMaxToGrid(1060, 1060, 15, 1060)(ts, vs), timeSeriesSumToGrid(1060, 1060, 15, 1060)(ts, vs), timeSeriesResetsToGrid(1060, 1060, 15, 1060)(ts, vs) FROM (SELECT [1000, 1060, 1015, 1031, 1046, 1044, 1120, 1120, 1120, 1135, 1300, 1301, 1301, 1330, 2000, 10]::Array(UInt32) AS ts, [5, 3, 12, 13.5, 1, 20.25, 8, 9, nan, 2, 100, 101, nan, 0, 7, 1]::Array(Float64) AS vs)

SELECT timeSeriesRateToGrid(1007, 1307, 100, 100000)(ts, vs), timeSeriesDeltaToGrid(1007, 1307, 100, 100000)(ts, vs), timeSeriesLastToGrid(1007, 1307, 100, 100000)(ts, vs), timeSeriesMaxToGrid(1007, 1307, 100, 100000)(ts, vs), timeSeriesSumToGrid(1007, 1307, 100, 100000)(ts, vs), timeSeriesResetsToGrid(1007, 1307, 100, 100000)(ts, vs) FROM (SELECT [1000, 1060, 1015, 1031, 1046, 1044, 1120, 1120, 1120, 1135, 1300, 1301, 1301, 1330, 2000, 10]::Array(UInt32) AS ts, [5, 3, 12, 13.5, 1, 20.25, 8, 9, nan, 2, 100, 101, nan, 0, 7, 1]::Array(Float64) AS vs)

SELECT timeSeriesRateToGrid(1000, 1100, 7, 0)(ts, vs), timeSeriesDeltaToGrid(1000, 1100, 7, 0)(ts, vs), timeSeriesLastToGrid(1000, 1100, 7, 0)(ts, vs), timeSeriesMaxToGrid(1000, 1100, 7, 0)(ts, vs), timeSeriesSumToGrid(1000, 1100, 7, 0)(ts, vs), timeSeriesResetsToGrid(1000, 1100, 7, 0)(ts, vs) FROM (SELECT [1000, 1060, 1015, 1031, 1046, 1044, 1120, 1120, 1120, 1135, 1300, 1301, 1301, 1330, 2000, 10]::Array(UInt32) AS ts, [5, 3, 12, 13.5, 1, 20.25, 8, 9, nan, 2, 100, 101, nan, 0, 7, 1]::Array(Float64) AS vs)

SELECT timeSeriesRateToGrid(4294967000, 4294967295, 100, 2147483647)(ts, vs), timeSeriesDeltaToGrid(4294967000, 4294967295, 100, 2147483647)(ts, vs), timeSeriesLastToGrid(4294967000, 4294967295, 100, 2147483647)(ts, vs), timeSeriesMaxToGrid(4294967000, 4294967295, 100, 2147483647)(ts, vs), timeSeriesSumToGrid(4294967000, 4294967295, 100, 2147483647)(ts, vs), timeSeriesResetsToGrid(4294967000, 4294967295, 100, 2147483647)(ts, vs) FROM (SELECT [1000, 1060, 1015, 1031, 1046, 1044, 1120, 1120, 1120, 1135, 1300, 1301, 1301, 1330, 2000, 10]::Array(UInt32) AS ts, [5, 3, 12, 13.5, 1, 20.25, 8, 9, nan, 2, 100, 101, nan, 0, 7, 1]::Array(Float64) AS vs)

SELECT timeSeriesRateToGrid(1000, 1360, 30, 60)(arrayZip(ts, vs)), timeSeriesGroupArray(ts, vs), timeSeriesGroupArray(arrayZip(ts, vs)) AS r, toTypeName(r) FROM (SELECT [1000, 1060, 1015, 1031, 1046, 1044, 1120, 1120, 1120, 1135, 1300, 1301, 1301, 1330, 2000, 10]::Array(UInt32) AS ts, [5, 3, 12, 13.5, 1, 20.25, 8, 9, nan, 2, 100, 101, nan, 0, 7, 1]::Array(Float64) AS vs)

SELECT timeSeriesMinToGrid(90, 100, 2, 5)([85, 86, 86, 87, 88, 89, 91, 92]::Array(UInt32)::Array(DateTime64(3, 'UTC')), [1., 3, nan, 3, nan, 2, nan, nan]) AS of_Min, timeSeriesMaxToGrid(90, 100, 2, 5)([85, 86, 86, 87, 88, 89, 91, 92]::Array(UInt32)::Array(DateTime64(3, 'UTC')), [1., 3, nan, 3, nan, 2, nan, nan]) AS of_Max, timeSeriesTimestampOfMinToGrid(90, 100, 2, 5)([85, 86, 86, 87, 88, 89, 91, 92]::Array(UInt32)::Array(DateTime64(3, 'UTC')), [1., 3, nan, 3, nan, 2, nan, nan]) AS of_TimestampOfMin, timeSeriesTimestampOfMaxToGrid(90, 100, 2, 5)([85, 86, 86, 87, 88, 89, 91, 92]::Array(UInt32)::Array(DateTime64(3, 'UTC')), [1., 3, nan, 3, nan, 2, nan, nan]) AS of_TimestampOfMax, timeSeriesChangesToGrid(90, 100, 2, 5)([85, 86, 86, 87, 88, 89, 91, 92]::Array(UInt32)::Array(DateTime64(3, 'UTC')), [1., 3, nan, 3, nan, 2, nan, nan]) AS of_Changes, timeSeriesResetsToGrid(90, 100, 2, 5)([85, 86, 86, 87, 88, 89, 91, 92]::Array(UInt32)::Array(DateTime64(3, 'UTC')), [1., 3, nan, 3, nan, 2, nan, nan]) AS of_Resets, timeSeriesSumToGrid(90, 100, 2, 5)([85, 86, 86, 87, 88, 89, 91, 92]::Array(UInt32)::Array(DateTime64(3, 'UTC')), [1., 3, nan, 3, nan, 2, nan, nan]) AS of_Sum, timeSeriesCountToGrid(90, 100, 2, 5)([85, 86, 86, 87, 88, 89, 91, 92]::Array(UInt32)::Array(DateTime64(3, 'UTC')), [1., 3, nan, 3, nan, 2, nan, nan]) AS of_Count, timeSeriesLastToGrid(90, 100, 2, 5)([85, 86, 86, 87, 88, 89, 91, 92]::Array(UInt32)::Array(DateTime64(3, 'UTC')), [1., 3, nan, 3, nan, 2, nan, nan]) AS of_Last

SELECT timeSeriesMinToGrid(90, 100, 2, 5)([85, 86, 86, 87, 88, 89, 91, 92]::Array(UInt32)::Array(DateTime64(3, 'UTC')), [1., nan, 1, nan, 2, nan, nan, 3]) AS of_Min, timeSeriesMaxToGrid(90, 100, 2, 5)([85, 86, 86, 87, 88, 89, 91, 92]::Array(UInt32)::Array(DateTime64(3, 'UTC')), [1., nan, 1, nan, 2, nan, nan, 3]) AS of_Max, timeSeriesTimestampOfMinToGrid(90, 100, 2, 5)([85, 86, 86, 87, 88, 89, 91, 92]::Array(UInt32)::Array(DateTime64(3, 'UTC')), [1., nan, 1, nan, 2, nan, nan, 3]) AS of_TimestampOfMin, timeSeriesTimestampOfMaxToGrid(90, 100, 2, 5)([85, 86, 86, 87, 88, 89, 91, 92]::Array(UInt32)::Array(DateTime64(3, 'UTC')), [1., nan, 1, nan, 2, nan, nan, 3]) AS of_TimestampOfMax, timeSeriesChangesToGrid(90, 100, 2, 5)([85, 86, 86, 87, 88, 89, 91, 92]::Array(UInt32)::Array(DateTime64(3, 'UTC')), [1., nan, 1, nan, 2, nan, nan, 3]) AS of_Changes, timeSeriesResetsToGrid(90, 100, 2, 5)([85, 86, 86, 87, 88, 89, 91, 92]::Array(UInt32)::Array(DateTime64(3, 'UTC')), [1., nan, 1, nan, 2, nan, nan, 3]) AS of_Resets, timeSeriesSumToGrid(90, 100, 2, 5)([85, 86, 86, 87, 88, 89, 91, 92]::Array(UInt32)::Array(DateTime64(3, 'UTC')), [1., nan, 1, nan, 2, nan, nan, 3]) AS of_Sum, timeSeriesCountToGrid(90, 100, 2, 5)([85, 86, 86, 87, 88, 89, 91, 92]::Array(UInt32)::Array(DateTime64(3, 'UTC')), [1., nan, 1, nan, 2, nan, nan, 3]) AS of_Count, timeSeriesLastToGrid(90, 100, 2, 5)([85, 86, 86, 87, 88, 89, 91, 92]::Array(UInt32)::Array(DateTime64(3, 'UTC')), [1., nan, 1, nan, 2, nan, nan, 3]) AS of_Last

SELECT timeSeriesMinToGrid(90, 100, 2, 5)([85, 86, 86, 87, 88, 89, 91, 92]::Array(UInt32)::Array(DateTime64(3, 'UTC')), [inf, 1, 2, -inf, 5, inf, 3, 4]) AS of_Min, timeSeriesMaxToGrid(90, 100, 2, 5)([85, 86, 86, 87, 88, 89, 91, 92]::Array(UInt32)::Array(DateTime64(3, 'UTC')), [inf, 1, 2, -inf, 5, inf, 3, 4]) AS of_Max, timeSeriesTimestampOfMinToGrid(90, 100, 2, 5)([85, 86, 86, 87, 88, 89, 91, 92]::Array(UInt32)::Array(DateTime64(3, 'UTC')), [inf, 1, 2, -inf, 5, inf, 3, 4]) AS of_TimestampOfMin, timeSeriesTimestampOfMaxToGrid(90, 100, 2, 5)([85, 86, 86, 87, 88, 89, 91, 92]::Array(UInt32)::Array(DateTime64(3, 'UTC')), [inf, 1, 2, -inf, 5, inf, 3, 4]) AS of_TimestampOfMax, timeSeriesChangesToGrid(90, 100, 2, 5)([85, 86, 86, 87, 88, 89, 91, 92]::Array(UInt32)::Array(DateTime64(3, 'UTC')), [inf, 1, 2, -inf, 5, inf, 3, 4]) AS of_Changes, timeSeriesResetsToGrid(90, 100, 2, 5)([85, 86, 86, 87, 88, 89, 91, 92]::Array(UInt32)::Array(DateTime64(3, 'UTC')), [inf, 1, 2, -inf, 5, inf, 3, 4]) AS of_Resets, timeSeriesSumToGrid(90, 100, 2, 5)([85, 86, 86, 87, 88, 89, 91, 92]::Array(UInt32)::Array(DateTime64(3, 'UTC')), [inf, 1, 2, -inf, 5, inf, 3, 4]) AS of_Sum, timeSeriesCountToGrid(90, 100, 2, 5)([85, 86, 86, 87, 88, 89, 91, 92]::Array(UInt32)::Array(DateTime64(3, 'UTC')), [inf, 1, 2, -inf, 5, inf, 3, 4]) AS of_Count, timeSeriesLastToGrid(90, 100, 2, 5)([85, 86, 86, 87, 88, 89, 91, 92]::Array(UInt32)::Array(DateTime64(3, 'UTC')), [inf, 1, 2, -inf, 5, inf, 3, 4]) AS of_Last

SELECT timeSeriesRateToGrid(90.5, 110, 2.5, 4)(t, v), timeSeriesIncreaseToGrid('91', '1970-01-01 00:01:50.5', '2500ms', '1m')(t, v) FROM (SELECT fromUnixTimestamp64Milli(90000 + 250 * number, 'UTC') AS t, number % 23 / 4 AS v FROM numbers(100))

SELECT timeSeriesCountToGrid(toDateTime(90, 'UTC'), toDateTime64(100.5, 3, 'UTC'), 5::Decimal32(1), toDecimal64('2.2505', 4))(t, v), timeSeriesCountToGrid('90', '1e2', '0.5e1', '2s')(t, v) FROM (SELECT fromUnixTimestamp64Milli(90000 + 250 * number, 'UTC') AS t, number % 23 / 4 AS v FROM numbers(100))

SELECT timeSeriesLastToGrid(90.0006, 90.9996, 0.2509, 0.001)(t, v), timeSeriesLastToGrid('90.2509', toDecimal64('91.0009', 4), 0.25, 1)(t, v) FROM (SELECT fromUnixTimestamp64Milli(90000 + 250 * number, 'UTC') AS t, number % 23 / 4 AS v FROM numbers(100))

SELECT timeSeriesLastToGrid('1970-01-01', '1970-01-01 00:01:40', '15s', '1h1m1s5ms')(t, v), timeSeriesCountToGrid(100, 110, '1d', '1y2w')(t, v) FROM (SELECT fromUnixTimestamp64Milli(90000 + 250 * number, 'UTC') AS t, number % 23 / 4 AS v FROM numbers(100))

SELECT timeSeriesDeltaToGrid(-90, -20, 10, 50)(fromUnixTimestamp64Milli(-1000 * number, 'UTC'), number::Float64), timeSeriesRateToGrid(-90, -20, 10, 50)(fromUnixTimestamp64Milli(1000 * (number - 100), 'UTC'), number::Float32) FROM numbers(100)

SELECT timeSeriesRateToGrid(1, 20, 5, 50)(fromUnixTimestamp64Nano(toInt64(number * 1000000000), 'UTC'), number::Float64), timeSeriesInstantRateToGrid(1, 20, 5, 50)(toDateTime64(number, 0, 'UTC'), number::Float64) FROM numbers(30)

SELECT timeSeriesRateToGrid(1, 20, '10', '15')(toDateTime(number, 'UTC'), number::Float64), timeSeriesRateToGrid(toDateTime(1, 'UTC'), toDateTime64(20, 3, 'UTC'), 10::Decimal64(2), 15)(toDateTime(number, 'UTC'), number::Float64) FROM numbers(30)

SELECT timeSeriesRateToGrid(90, 100, 10, 20)(number::UInt32, number::Float64), timeSeriesGroupArray(number::UInt32, number::Float64), timeSeriesLastTwoSamples(number::UInt32, number::Float64) FROM numbers(0)

SELECT timeSeriesRateToGridOrNull(90, 100, 10, 20)(number::UInt32, number::Float64), timeSeriesRateToGridOrDefault(90, 100, 10, 20)(number::UInt32, number::Float64), timeSeriesRateToGrid(90, 100, 10, 20)(toNullable(number::UInt32), number::Float64) FROM numbers(0)

SELECT timeSeriesRateToGrid(90, 100, 10, 20)([]::Array(UInt32), []::Array(Float64)) AS r, timeSeriesRateToGrid(90, 100, 10, 20)([85]::Array(UInt32), [1]::Array(Float64)) AS s

SELECT timeSeriesIncreaseToGrid(90, 100, 10, 20)(number::UInt32, if(number % 3 = 0, NULL, number::Float64)), timeSeriesIncreaseToGridIf(90, 100, 10, 20)(number::UInt32, number::Float64, number > 85), timeSeriesIncreaseToGridIf(90, 100, 10, 20)(number::UInt32, if(number % 3 = 0, NULL, number::Float64), number % 2) FROM numbers(110)

SELECT number % 3 AS k, timeSeriesIncreaseToGrid(90, 100, 10, 20)(number::UInt32, number::Float64), timeSeriesIncreaseToGridIf(90, 100, 10, 20)([number, number + 1]::Array(UInt32), [number, number + 2]::Array(Float64), number > 85) FROM numbers(110) GROUP BY k ORDER BY k

SELECT timeSeriesInstantDeltaToGridArray(90, 100, 10, 20)([90::UInt32, 91], [1., 2]) AS r, timeSeriesInstantDeltaToGridForEach(90, 100, 10, 20)([90::UInt32, 91], [1., 2]) AS s, timeSeriesInstantDeltaToGridDistinct(90, 100, 10, 20)((number % 100)::UInt32, (number % 100)::Float64) FROM numbers(300)

SELECT number, timeSeriesRateToGrid(1, 5, 1, 2)(number::UInt32, number::Float64) OVER (ORDER BY number), timeSeriesGroupArray(number::UInt32, number::Float64) OVER (ORDER BY number ROWS 1 PRECEDING) FROM numbers(6) ORDER BY number

SELECT arrayReduce('timeSeriesRateToGrid(90, 100, 10, 20)', [80::UInt32, 85], [1., 2]) AS r

SELECT timeSeriesGroupArray((number % 7)::DateTime('UTC'), number::Float32) AS r, toTypeName(r), timeSeriesLastTwoSamples((number % 7)::Int8, number::Float32) AS s, toTypeName(s) FROM numbers(20)

SELECT timeSeriesGroupArray([(number % 3, number)::Tuple(a DateTime64(3, 'UTC'), b Float32)]) AS r, toTypeName(r) FROM numbers(10)

SELECT timeSeriesGroupArray(number::UInt32, if(number = 2, NULL, nan)), timeSeriesLastTwoSamples(toNullable(1::UInt32), number::Float64) FROM numbers(5)

SELECT timeSeriesGroupArray((1000 - number)::UInt32, number::Float64)[1], length(timeSeriesGroupArray((number % 500)::UInt32, number::Float64)), arraySum(x -> x.2, timeSeriesGroupArray((number % 500)::UInt32, number::Float64)) FROM numbers(1000)

SELECT timeSeriesRateToGridMerge(90, 210, 15, 45)(s), toTypeName(any(s)) FROM (SELECT timeSeriesRateToGridState(90, 210, 15, 45)(t, v) AS s FROM (SELECT arrayJoin(arrayZip([110, 120, 130, 140, 190, 200, 210, 220, 230]::Array(DateTime('UTC')), [1, 1, 3, 4, 5, 5, 8, 12, 13]::Array(Float32))) AS x, x.1 AS t, x.2 AS v) GROUP BY toUInt32(t) % 3)

SELECT finalizeAggregation(s), timeSeriesMinToGridMerge(90, 100, 10, 20)(CAST(CAST(s, 'String'), toTypeName(s))) FROM (SELECT timeSeriesMinToGridState(90, 100, 10, 20)(number::UInt32, number::Float32) AS s FROM numbers(100)) GROUP BY s

SELECT toTypeName(timeSeriesLastToGridState(toDateTime64(90.5, 3, 'UTC'), toDateTime64(100.5, 1, 'UTC'), 2.5, toDecimal64('10.25', 3))(t, v)), toTypeName(timeSeriesLastToGridState(toDateTime(90, 'UTC'), '100', '1m', 10::Decimal32(2))(t, v)), toTypeName(timeSeriesLastToGridState(-5, -1., 1, 1)(t, v)) FROM (SELECT toDateTime64(1, 3, 'UTC') AS t, 1. AS v)

SELECT timeSeriesLastToGridMerge(toDateTime64('2024-01-01 00:00:00.123456789', 9, 'UTC'), toDateTime64('2024-01-01 00:00:03.123456789', 9, 'UTC'), 1, 60)(s) FROM (SELECT timeSeriesLastToGridState(toDateTime64('2024-01-01 00:00:00.123456789', 9, 'UTC'), toDateTime64('2024-01-01 00:00:03.123456789', 9, 'UTC'), 1, 60)(toDateTime64('2024-01-01 00:00:00.5', 9, 'UTC') + number, number::Float64) AS s FROM numbers(10))

SELECT toTypeName(timeSeriesRateToGridMergeState(1, 5::Decimal64(2), 1, 1)(s)) FROM (SELECT timeSeriesRateToGridState(1, 5::Decimal64(2), 1, 1)(toDateTime64(1, 3, 'UTC'), 1.) AS s)

SELECT timeSeriesGroupArrayMerge(s), timeSeriesGroupArrayMerge(s) = [(0, 18), (1, 19)] FROM (SELECT timeSeriesGroupArrayState((number % 2)::UInt32, number::Float64) AS s FROM numbers(20) GROUP BY number % 4)

SELECT timeSeriesLastTwoSamplesMerge(s) FROM (SELECT timeSeriesLastTwoSamplesState(number::UInt32, number::Float64) AS s FROM numbers(20) GROUP BY number % 4)

SELECT timeSeriesRateToGridMerge(90, 210, 15, 44)(s) FROM (SELECT timeSeriesRateToGridState(90, 210, 15, 45)(t, v) AS s FROM (SELECT arrayJoin(arrayZip([110, 120, 130, 140, 190, 200, 210, 220, 230]::Array(DateTime('UTC')), [1, 1, 3, 4, 5, 5, 8, 12, 13]::Array(Float32))) AS x, x.1 AS t, x.2 AS v))

SELECT timeSeriesRateToGrid(90, 210, 15)(t, v) FROM (SELECT toDateTime(1, 'UTC') AS t, 1. AS v)

SELECT timeSeriesRateToGrid(90, 210, 15, 45, 5)(t, v) FROM (SELECT toDateTime(1, 'UTC') AS t, 1. AS v)

SELECT timeSeriesRateToGrid(t, v) FROM (SELECT toDateTime(1, 'UTC') AS t, 1. AS v)

SELECT timeSeriesRateToGrid(210, 90, 15, 45)(t, v) FROM (SELECT toDateTime(1, 'UTC') AS t, 1. AS v)

SELECT timeSeriesRateToGrid(90, 91, 0, 45)(t, v) FROM (SELECT toDateTime(1, 'UTC') AS t, 1. AS v)

SELECT timeSeriesRateToGrid(90, 190, -1, 45)(t, v) FROM (SELECT toDateTime(1, 'UTC') AS t, 1. AS v)

SELECT timeSeriesRateToGrid(90, 190, 1, -45)(t, v) FROM (SELECT toDateTime(1, 'UTC') AS t, 1. AS v)

SELECT timeSeriesRateToGrid(-90, 190, 10, 10)(t, v) FROM (SELECT toDateTime(1, 'UTC') AS t, 1. AS v)

SELECT timeSeriesRateToGrid(0, 4294967295, 1, 10)(t, v) FROM (SELECT toDateTime(1, 'UTC') AS t, 1. AS v)

SELECT timeSeriesRateToGrid(90.5, 190, 10, 10)(t, v) FROM (SELECT toDateTime(1, 'UTC') AS t, 1. AS v)

SELECT timeSeriesRateToGrid(90, 100, 2, 1.5::Decimal32(1))(t, v) FROM (SELECT toDateTime(1, 'UTC') AS t, 1. AS v)

SELECT timeSeriesRateToGrid(1, 2, 3, 4)(t) FROM (SELECT toDateTime(1, 'UTC') AS t, 1. AS v)

SELECT timeSeriesRateToGrid(1, 2, 3, 4)(t, v, v) FROM (SELECT toDateTime(1, 'UTC') AS t, 1. AS v)

SELECT timeSeriesRateToGrid(1, 2, 3, 4)(t, 1) FROM (SELECT toDateTime(1, 'UTC') AS t, 1. AS v)

SELECT timeSeriesRateToGrid(1, 2, 3, 4)(toDate(t), v) FROM (SELECT toDateTime(1, 'UTC') AS t, 1. AS v)

SELECT timeSeriesRateToGrid(1, 2, 3, 4)(5, v) FROM (SELECT toDateTime(1, 'UTC') AS t, 1. AS v)

SELECT timeSeriesRateToGrid(1, 2, 3, 4)(5::UInt64, v) FROM (SELECT toDateTime(1, 'UTC') AS t, 1. AS v)

SELECT timeSeriesRateToGrid(1, 2, 3, 4)('5', v) FROM (SELECT toDateTime(1, 'UTC') AS t, 1. AS v)

SELECT timeSeriesRateToGrid(1, 2, 3, 4)([t], v) FROM (SELECT toDateTime(1, 'UTC') AS t, 1. AS v)

SELECT timeSeriesRateToGrid(1, 2, 3, 4)([t], [toNullable(v)]) FROM (SELECT toDateTime(1, 'UTC') AS t, 1. AS v)

SELECT timeSeriesRateToGrid(1, 2, 3, 4)([t], [v, v]) FROM (SELECT toDateTime(1, 'UTC') AS t, 1. AS v)

SELECT timeSeriesRateToGrid(1, 2, 3, 4)([(t, v, v)]) FROM (SELECT toDateTime(1, 'UTC') AS t, 1. AS v)

SELECT timeSeriesRateToGrid(1, 2, 3, 4)([], []) FROM (SELECT toDateTime(1, 'UTC') AS t, 1. AS v)

SELECT timeSeriesRateToGrid(1, 2, 'x', 4)(t, v) FROM (SELECT toDateTime(1, 'UTC') AS t, 1. AS v)

SELECT timeSeriesRateToGrid(1, 2, 3, NULL)(t, v) FROM (SELECT toDateTime(1, 'UTC') AS t, 1. AS v)

SELECT timeSeriesRateToGrid('abc', 2, 3, 4)(toDateTime64(t, 3), v) FROM (SELECT toDateTime(1, 'UTC') AS t, 1. AS v)

SELECT timeSeriesRateToGrid(1, 2, '', 4)(toDateTime64(t, 3), v) FROM (SELECT toDateTime(1, 'UTC') AS t, 1. AS v)

SELECT timeSeriesRateToGrid(1, 2, '1.5s', 4)(toDateTime64(t, 3), v) FROM (SELECT toDateTime(1, 'UTC') AS t, 1. AS v)

SELECT timeSeriesRateToGrid(1, 1e30, 3, 4)(toDateTime64(t, 3), v) FROM (SELECT toDateTime(1, 'UTC') AS t, 1. AS v)

SELECT timeSeriesRateToGrid(1, 99999999999999999, 99999999999999999, 4)(toDateTime64(t, 3), v) FROM (SELECT toDateTime(1, 'UTC') AS t, 1. AS v)

SELECT timeSeriesRateToGrid(1, nan, 3, 4)(toDateTime64(t, 3), v) FROM (SELECT toDateTime(1, 'UTC') AS t, 1. AS v)

SELECT timeSeriesRateToGrid(1, 2, 3, NULL)(toDateTime64(t, 3), v) FROM (SELECT toDateTime(1, 'UTC') AS t, 1. AS v)

SELECT timeSeriesRateToGrid(1, 2, 3, -5)(toDateTime64(t, 3), v) FROM (SELECT toDateTime(1, 'UTC') AS t, 1. AS v)

SELECT timeSeriesRateToGrid(1, 2, '-1m', 5)(toDateTime64(t, 3), v) FROM (SELECT toDateTime(1, 'UTC') AS t, 1. AS v)

SELECT timeSeriesPredictLinearToGrid(1, 2, 3, 4)(t, v) FROM (SELECT toDateTime(1, 'UTC') AS t, 1. AS v)

SELECT timeSeriesPredictLinearToGrid(1, 2, 3, 4, 'x')(t, v) FROM (SELECT toDateTime(1, 'UTC') AS t, 1. AS v)

SELECT timeSeriesGroupArray(5)(t, v) FROM (SELECT toDateTime(1, 'UTC') AS t, 1. AS v)

SELECT timeSeriesGroupArray(t, 1) FROM (SELECT toDateTime(1, 'UTC') AS t, 1. AS v)

SELECT timeSeriesGroupArray(1::Int64, v) FROM (SELECT toDateTime(1, 'UTC') AS t, 1. AS v)

SELECT timeSeriesLastTwoSamples([t], [v]) FROM (SELECT toDateTime(1, 'UTC') AS t, 1. AS v)

SELECT timeSeriesLastTwoSamples([(t, v)]) FROM (SELECT toDateTime(1, 'UTC') AS t, 1. AS v)

SELECT TIMESERIESGROUPARRAY(t, v) FROM (SELECT toDateTime(1, 'UTC') AS t, 1. AS v)

SELECT timeSeriesRateToGrid(1, 2, 3, 4)(NULL, 1.), timeSeriesGroupArray(NULL, NULL)

SELECT timeSeriesInstantDeltaToGrid(10, 60, 10, 30)(t, v), timeSeriesResampleToGridWithStaleness(10, 60, 10, 30)(t, v), timeSeriesAvgToGrid(10, 60, 10, 30)(t, v), timeSeriesDerivToGrid(10, 60, 10, 30)(t, v) FROM (SELECT toUInt32(number * 7) AS t, number * number / 2 AS v FROM numbers(8)) SETTINGS allow_experimental_time_series_aggregate_functions = 1

SELECT timeSeriesDerivToGrid(0, 20, 5, 10)(toUInt32(number * 5), number * 1.5) FROM numbers(5) SETTINGS allow_experimental_time_series_aggregate_functions = 1
