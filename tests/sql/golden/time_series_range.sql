SELECT timeSeriesRange(1::UInt32, 5::UInt32, 2) r, toTypeName(r), timeSeriesRange(toDateTime(1,'UTC'),toDateTime64(5,3,'UTC'),2::Decimal32(2)) s, toTypeName(s), timeSeriesRange(toDateTime(1,'UTC'),toDateTime64(5,3,'UTC'),2.5::Decimal32(2)) t, toTypeName(t)

SELECT timeSeriesRange(toDateTime(1,'UTC'),toDateTime(5,'UTC'),1.5::Decimal32(2)) t, toTypeName(t)

SELECT timeSeriesRange(1::UInt32, 5::UInt32,1.5::Decimal64(2)) t, toTypeName(t)

SELECT timeSeriesRange(toDateTime64(1,3,'UTC'),toDateTime64(5,6,'Europe/Berlin'),1.5::Decimal64(2)) t, toTypeName(t)

SELECT timeSeriesRange(toDateTime64(1,3,'Europe/Berlin'),toDateTime64(5,1,'UTC'),1.5::Decimal64(4)) t, toTypeName(t)

SELECT timeSeriesRange(toDateTime(1,'UTC'), 5::UInt32, 2) t, toTypeName(t)

SELECT timeSeriesRange(1::UInt32,toDateTime(5,'UTC'),2) t, toTypeName(t)

SELECT timeSeriesRange(1::UInt32,toDateTime64(5,3,'UTC'),2) t, toTypeName(t)

SELECT timeSeriesRange(toDateTime64(5,3,'UTC'), 9::UInt32, 2) t, toTypeName(t)

SELECT timeSeriesRange(toNullable(1::UInt32), 5::UInt32, 2) t, toTypeName(t)

SELECT timeSeriesRange(NULL, 5::UInt32, 2) t, toTypeName(t)

SELECT timeSeriesRange(1::UInt32, 5::UInt32,toNullable(2)) t, toTypeName(t)

SELECT timeSeriesRange(1::UInt32, 5::UInt32,NULL) t, toTypeName(t)

SELECT timeSeriesRange(1::UInt32, 5::UInt32,-1) AS r

SELECT timeSeriesRange(1::UInt32, 5::UInt32,'1') AS r

SELECT timeSeriesRange(1::UInt32, 5::UInt32,1.5) AS r

SELECT timeSeriesRange('1', 5::UInt32,1) AS r

SELECT timeSeriesRange(1::UInt64, 5::UInt32,1) AS r

SELECT timeSeriesRange(toDate(1), 5::UInt32,1) AS r

SELECT timeSeriesRange(1::UInt32, 5::UInt32) AS r

SELECT timeSeriesRange(1::UInt32, 5::UInt32,1,1) AS r

SELECT timeSeriesRange(5::UInt32,1::UInt32,1) AS r

SELECT timeSeriesRange(5::UInt32, 5::UInt32,0), timeSeriesRange(5::UInt32, 5::UInt32,-1), timeSeriesRange(4::UInt32, 5::UInt32,5000000000)

SELECT timeSeriesRange(5::UInt32,6::UInt32,0) AS r

SELECT timeSeriesRange(1::UInt32, 5::UInt32,1::Int8), timeSeriesRange(1::UInt32, 5::UInt32,1::UInt64), timeSeriesRange(1::UInt32, 5::UInt32, 2::Int64)

SELECT timeSeriesRange(1::UInt32, 5::UInt32,1::Decimal128(2)) AS r

SELECT timeSeriesRange(1::UInt32, 5::UInt32,1::Int128) AS r

SELECT timeSeriesRange(toDateTime(number,'UTC'),toDateTime(number*3,'UTC'),number+1) AS r FROM numbers(4)

SELECT timeSeriesRange(materialize(toDateTime64(-9,3,'UTC')),toDateTime64(number,3,'UTC'),5) AS r FROM numbers(2)

SELECT timeSeriesRange(INTERVAL 1 SECOND, 5::UInt32,1) AS r

SELECT timeSeriesRange(1::UInt32, 5::UInt32,INTERVAL 1 SECOND) AS r

SELECT timeSeriesRange(1::UInt32, 5::UInt32,INTERVAL 1 MINUTE) AS r

SELECT timeSeriesFromGrid(1::UInt32, 5::UInt32, 2,[1,2,3]) r, toTypeName(r)

SELECT timeSeriesFromGrid(1::UInt32, 5::UInt32, 2,[1.,2,3]) r, toTypeName(r)

SELECT timeSeriesFromGrid(1::UInt32, 5::UInt32, 2,[1::Float32,2,3]) r, toTypeName(r)

SELECT timeSeriesFromGrid(toDateTime(1,'UTC'),toDateTime64(5,3,'UTC'),2,[1::Float32,NULL,3]) r, toTypeName(r)

SELECT timeSeriesFromGrid(toDateTime(1,'UTC'),toDateTime64(5,3,'UTC'),2,[NULL,NULL,NULL]) r, toTypeName(r)

SELECT timeSeriesFromGrid(toDateTime(1,'UTC'),toDateTime64(5,3,'UTC'),2,[NULL,NULL]::Array(Nullable(Float64))) r, toTypeName(r)

SELECT timeSeriesFromGrid(toDateTime(1,'UTC'),toDateTime64(5,3,'UTC'),2,[]::Array(Nullable(Float64))) r, toTypeName(r)

SELECT timeSeriesFromGrid(toDateTime(7,'UTC'),toDateTime64(5,3,'UTC'),2,[]::Array(Nullable(Float64))) r, toTypeName(r)

SELECT timeSeriesFromGrid(toDateTime(5,'UTC'),toDateTime64(5,3,'UTC'),0,[1]::Array(Nullable(Float64))) r, toTypeName(r)

SELECT timeSeriesFromGrid(1::UInt32, 5::UInt32, 2,['a']) AS r

SELECT timeSeriesFromGrid(1::UInt32, 5::UInt32, 2,1.) AS r

SELECT timeSeriesFromGrid(1::UInt32, 5::UInt32, 2,NULL) AS r

SELECT timeSeriesFromGrid(1::UInt32, 5::UInt32, 2) AS r

SELECT timeSeriesFromGrid(toDateTime(number,'UTC'),toDateTime(number*3,'UTC'),number+1,range(toUInt64(floor((number*2)/(number+1)))+1)::Array(Float64)) AS r FROM numbers(4)

SELECT TIMESERIESRANGE(1::UInt32, 5::UInt32, 2)

SELECT timeSeriesRange(if(number=1,NULL,number::UInt32), 5::UInt32, 2) t, toTypeName(t) FROM numbers(3)

SELECT timeSeriesFromGrid(1::UInt32, 5::UInt32,if(number=1,NULL,2),[1.,2,3]) t, toTypeName(t) FROM numbers(3)

SELECT timeSeriesRange(toLowCardinality(1::UInt32), 5::UInt32, 2) t, toTypeName(t), timeSeriesRange(materialize(toLowCardinality(1::UInt32)), 5::UInt32, 2) u, toTypeName(u)

SELECT timeSeriesFromGrid(1::UInt32, 5::UInt32, 2,['a','b','c']) r, toTypeName(r)

SELECT timeSeriesFromGrid(1::UInt32, 5::UInt32, 2,[[1],[2],[]]) r, toTypeName(r)

SELECT timeSeriesRange(toDateTime64(4294967295,0),toDateTime64(4294967299,0),1) AS r

SELECT timeSeriesRange(4294967290::UInt32,4294967295::UInt32,3), timeSeriesRange(toDateTime64('2100-01-01 00:00:00',3,'UTC'), toDateTime64('2100-01-01 00:00:01',9,'UTC'), 1)

SELECT length(timeSeriesRange(toDateTime64(1,3),toDateTime64(5,3),0.0001::Decimal64(4))) AS r

SELECT timeSeriesRange(toDateTime64(1,9),toDateTime64(5,3),99999999999) AS r

SELECT timeSeriesFromGrid(1::UInt32, 5::UInt32, 2,[toLowCardinality('a'),'b','c']) r, toTypeName(r)

SELECT timeSeriesRange(1::Bool, 5::UInt32, 2) AS r

SELECT timeSeriesRange(1::UInt32, 5::UInt32,true) AS r
