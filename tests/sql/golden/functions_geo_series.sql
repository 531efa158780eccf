SELECT geohashDecode('ezs42'), toTypeName(geohashDecode('ezs42')), geohashDecode(''), geohashDecode('a'), geohashDecode('zzzzzzzzzzzzzzz'), geohashDecode(NULL), geohashDecode('ezs42').longitude

SELECT geohashDecode(geohashEncode(toFloat64(number * 30 - 100), toFloat64(number * 10), 5)) FROM numbers(5)

SELECT geohashDecode(1)

SELECT geohashesInBox(24.48, 40.56, 24.785, 40.81, toUInt8(4)), toTypeName(geohashesInBox(24.48, 40.56, 24.785, 40.81, 4)), geohashesInBox(1., 1., 0., 0., 4), geohashesInBox(0., 0., 0.001, 0.001, 4), geohashesInBox(170., 80., 190., 95., 2), geohashesInBox(toFloat32(0), toFloat32(0), toFloat32(1), toFloat32(1), 3)

SELECT geohashesInBox(toFloat64(number), 0., toFloat64(number) + 1, 1., 3) FROM numbers(3)

SELECT geohashesInBox(-180., -90., 180., 90., 12)

SELECT geohashesInBox(1, 2, 3, 4, 5)

SELECT geohashesInBox(NULL, 1., 2., 3., 4)

SELECT pointInPolygon((3., 3.), [(6, 0), (8, 4), (5, 8), (0, 2)]), pointInPolygon((0., 0.), [(0, 0), (4, 0), (4, 4), (0, 4)]), pointInPolygon((5., 5.), [(0, 0), (4, 0), (4, 4), (0, 4)]), pointInPolygon((2., 2.), [(0, 0), (4, 0), (4, 4), (0, 4)], [(1, 1), (3, 1), (3, 3), (1, 3)]), pointInPolygon((2, 2), [(0, 0), (4, 0), (4, 4), (0, 4)])

SELECT pointInPolygon((2., 2.), [[(0, 0), (4, 0), (4, 4), (0, 4)], [(1, 1), (3, 1), (3, 3), (1, 3)]]), pointInPolygon((0.5, 0.5), [[(0, 0), (4, 0), (4, 4), (0, 4)], [(1, 1), (3, 1), (3, 3), (1, 3)]]), pointInPolygon((1., 1.), [[[(0, 0), (4, 0), (4, 4), (0, 4)]], [[(10, 10), (14, 10), (14, 14), (10, 14)]]]), pointInPolygon((12., 12.), [[[(0, 0), (4, 0), (4, 4), (0, 4)]], [[(10, 10), (14, 10), (14, 14), (10, 14)]]])

SELECT pointInPolygon((4., 2.), [(0, 0), (4, 0), (4, 4), (0, 4)]), pointInPolygon((2., 4.), [(0, 0), (4, 0), (4, 4), (0, 4)]), pointInPolygon((2., 0.), [(0, 0), (4, 0), (4, 4), (0, 4)]), pointInPolygon((0., 2.), [(0, 0), (4, 0), (4, 4), (0, 4)]), pointInPolygon((4., 4.), [(0, 0), (4, 0), (4, 4), (0, 4)])

SELECT pointInPolygon((toFloat64(number), 1.), [(0, 0), (4, 0), (4, 4), (0, 4)]), pointInPolygon((number + 0.5, 1.), materialize([(0., 0.), (4., 0.), (4., 4.), (0., 4.)])), pointInPolygon((number, number), [(0, 0), (3, 1), (1, 3)]) FROM numbers(6)

SELECT sum(pointInPolygon((x, y), [(6.1, 0.2), (8.3, 4.4), (5.5, 8.1), (0.7, 2.9), (3.3, 3.1)])), sum(pointInPolygon((x, y), [[(0.1, 0.1), (9.3, 1.4), (8.5, 8.1), (1.7, 7.9)], [(3.3, 3.2), (5.1, 3.4), (4.2, 5.3)]])) FROM (SELECT (number % 97) / 9.7 AS x, (number % 89) / 8.9 AS y FROM numbers(2000))

SELECT pointInPolygon((1., 1.), [(0, 0), (4, 0)])

SELECT pointInPolygon((1., 1.), [])

SELECT pointInPolygon(1, [(0, 0)])

SELECT pointInPolygon((1., 1.), [1])

SELECT pointInPolygon((1., 'a'), [(0, 0), (1, 1), (2, 2)])

SELECT pointInPolygon(NULL, [(0, 0), (1, 1), (2, 0)])

SELECT seriesOutliersDetectTukey([-3,2,15,3,5,6,4,5,12,45,12,3,3,4,3,3,4,5,6]), toTypeName(seriesOutliersDetectTukey([1,2,3,4])), seriesOutliersDetectTukey([-3, 2, 15, 3, 5, 6, 4, 5, 12, 45, 12, 3, 3, 4, 5, 6], 0.2, 0.8, 1.5), seriesOutliersDetectTukey([-3, 2, 15, 3, 5, 6, 4, 5, 12, 45], 0.1, 0.9, 0), seriesOutliersDetectTukey([1, 2, 3, 100])

SELECT seriesOutliersDetectTukey(arrayMap(x -> x * x % (number + 7), range(20))), seriesOutliersDetectTukey(arrayMap(x -> toFloat32(x * x % (number + 7)), range(20)), 0.3, 0.6, 1) FROM numbers(4)

SELECT seriesOutliersDetectTukey([1, 2, 3])

SELECT seriesOutliersDetectTukey([])

SELECT seriesOutliersDetectTukey('a')

SELECT seriesOutliersDetectTukey([1, 2, 3, 4], 0.2)

SELECT seriesOutliersDetectTukey([1, 2, 3, 4], 0.2, 0.8, -1)

SELECT seriesOutliersDetectTukey([1, 2, 3, 4], 0.001, 0.8, 1)

SELECT seriesOutliersDetectTukey(NULL)

SELECT seriesOutliersDetectTukey([1, 2, 3, NULL])

SELECT seriesDecomposeSTL([10.1,20.45,40.34,10.1,20.45,40.34,10.1,20.45,40.34,10.1,20.45,40.34,10.1,20.45,40.34,10.1,20.45,40.34,10.1,20.45,40.34,10.1,20.45,40.34], 3), toTypeName(seriesDecomposeSTL([1,2,3,4,5,6], 2))

SELECT seriesDecomposeSTL([2, 3, 2, 2], 1), seriesDecomposeSTL([2, 3, 2, 2, 9, 1, 4], 2)

SELECT arrayMap(s -> arrayMap(x -> round(x, 2), s), seriesDecomposeSTL(arrayMap(x -> x * number + (x % 5) * 10, range(40)), toUInt8(5))) FROM numbers(3)

SELECT arrayMap(s -> arrayMap(x -> round(x, 1), s), seriesDecomposeSTL(arrayMap(x -> (x * x) % 37 + (x % 24) * 10, range(120)), toUInt8(24)))

SELECT seriesDecomposeSTL([2, 3, 2], 3)

SELECT seriesDecomposeSTL([2, 3, 2, 1, 2], 3)

SELECT seriesDecomposeSTL(1, 3)

SELECT seriesDecomposeSTL([1, 2, 3, 4], -1)

SELECT seriesDecomposeSTL(NULL, 3)
