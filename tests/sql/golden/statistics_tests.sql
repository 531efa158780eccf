SELECT studentTTest(number, number % 2) AS r, toTypeName(r) FROM numbers(10)

SELECT round(tupleElement(studentTTest(0.95)(number, number % 2), 1), 10), round(tupleElement(studentTTest(0.95)(number, number % 2), 2), 10), round(tupleElement(studentTTest(0.95)(number, number % 2), 3), 10), round(tupleElement(studentTTest(0.95)(number, number % 2), 4), 10) FROM numbers(10)

SELECT welchTTest(number * number, number % 2) AS r, toTypeName(r) FROM numbers(10)

SELECT welchTTest(0.9)(number * number, number % 2) AS r, toTypeName(r) FROM numbers(10)

SELECT studentTTest(0.95, 1)(number, number % 2) FROM numbers(10)

SELECT studentTTest(1.5)(number, number % 2) FROM numbers(10)

SELECT studentTTest(number, number % 2) FROM numbers(1)

SELECT studentTTest(number, number % 2) FROM numbers(2)

SELECT studentTTest(number, number % 2) FROM numbers(0)

SELECT studentTTest(1, number % 2) FROM numbers(10)

SELECT studentTTest(number, 'a') FROM numbers(10)

SELECT studentTTest('a', 1) FROM numbers(10)

SELECT studentTTest(number, 1.5) FROM numbers(10)

SELECT studentTTest(number, NULL) FROM numbers(10)

SELECT studentTTest(number) FROM numbers(10)

SELECT studentTTest(number, number % 3) FROM numbers(10)

SELECT studentTTest(toDecimal32(number, 2), number % 2) FROM numbers(10)

SELECT studentTTest(toFloat32(number), number % 2) FROM numbers(10)

SELECT studentTTest(number, toInt8(number % 2)) FROM numbers(10)

SELECT studentTTestOneSample(number, 5) AS r, toTypeName(r) FROM numbers(10)

SELECT round(tupleElement(studentTTestOneSample(0.95)(number, 5), 1), 10), round(tupleElement(studentTTestOneSample(0.95)(number, 5), 2), 10), round(tupleElement(studentTTestOneSample(0.95)(number, 5), 3), 10), round(tupleElement(studentTTestOneSample(0.95)(number, 5), 4), 10) FROM numbers(10)

SELECT round(tupleElement(studentTTestOneSample(number, number), 1), 10), round(tupleElement(studentTTestOneSample(number, number), 2), 10) FROM numbers(10)

SELECT studentTTestOneSample(number) AS r FROM numbers(10)

SELECT meanZTest(1., 2., 0.95)(number, number % 2) AS r, toTypeName(r) FROM numbers(10)

SELECT meanZTest(number, number % 2) AS r, toTypeName(r) FROM numbers(10)

SELECT meanZTest(1., 2.)(number, number % 2) AS r, toTypeName(r) FROM numbers(10)

SELECT meanZTest(1, 2, 95)(number, number % 2) AS r, toTypeName(r) FROM numbers(10)

SELECT meanZTest(1., 2., 0.95)(number, number % 2) FROM numbers(1)

SELECT meanZTest(1., 2., 0.95)(number, number % 2) FROM numbers(0)

SELECT kolmogorovSmirnovTest(number, number % 2) AS r, toTypeName(r) FROM numbers(10)

SELECT kolmogorovSmirnovTest('greater')(number, number % 2) AS r FROM numbers(10)

SELECT kolmogorovSmirnovTest('less')(number, number % 2) AS r FROM numbers(10)

SELECT kolmogorovSmirnovTest('two-sided','asymp')(number, number % 2) AS r FROM numbers(10)

SELECT kolmogorovSmirnovTest('two-sided','exact')(number * number, number > 6) AS r FROM numbers(10)

SELECT kolmogorovSmirnovTest('less','asymp')(number * number % 7, number > 6) AS r FROM numbers(20)

SELECT kolmogorovSmirnovTest('x')(number, number % 2) FROM numbers(10)

SELECT kolmogorovSmirnovTest('less', 'x')(number, number % 2) FROM numbers(10)

SELECT kolmogorovSmirnovTest('less', 'auto', 1)(number, number % 2) FROM numbers(10)

SELECT kolmogorovSmirnovTest(number, number % 2) FROM numbers(1)

SELECT kolmogorovSmirnovTest(number, number % 2) FROM numbers(0)

SELECT round(tupleElement(analysisOfVariance(number, number % 2), 1), 10), round(tupleElement(analysisOfVariance(number, number % 2), 2), 10) FROM numbers(1048)

SELECT analysisOfVariance(number * number % 17, number % 5) AS r FROM numbers(100)

SELECT anova(number * number % 17, toInt32(number % 5)) AS r FROM numbers(100)

SELECT analysisOfVariance(number, number % 2) FROM numbers(0)

SELECT analysisOfVariance(number, 0) FROM numbers(10)

SELECT analysisOfVariance(1, number % 2) FROM numbers(10)

SELECT analysisOfVariance(number, 'a') FROM numbers(10)

SELECT analysisOfVariance(number, number * 300000) FROM numbers(10)

SELECT analysisOfVariance(1)(number, 1) FROM numbers(10)

SELECT cramersV(number % 3, number % 2) AS r, toTypeName(r) FROM numbers(10)

SELECT round(cramersV(number % 3, number % 3), 10), round(cramersVBiasCorrected(number % 3, number % 3), 10), round(theilsU(number % 3, number % 3), 10), round(contingency(number % 3, number % 3), 10) FROM numbers(100)

SELECT cramersV(1, 1), cramersVBiasCorrected(1,1), theilsU(1,1), contingency(1,1) FROM numbers(10)

SELECT cramersV(1, number), cramersVBiasCorrected(number,1), theilsU(1,number), theilsU(number,1), contingency(1,number) FROM numbers(10)

SELECT cramersV(1, 1), cramersVBiasCorrected(1,1), theilsU(1,1), contingency(1,1) FROM numbers(0)

SELECT cramersV(1, 1), cramersVBiasCorrected(1,1), theilsU(1,1), contingency(1,1) FROM numbers(1)

SELECT round(cramersV(toNullable(number % 3), if(number % 7 = 0, NULL, number % 2)), 10) FROM numbers(10)

SELECT cramersV(number) FROM numbers(10)

SELECT cramersV(1)(number, number) FROM numbers(10)

SELECT categoricalInformationValue(number % 2, number % 3 = 0) AS r, toTypeName(r) FROM numbers(10)

SELECT arrayMap(x -> round(x, 10), categoricalInformationValue(number % 2 = 0, number % 5 > 2, number % 3 = 0)) FROM numbers(100)

SELECT categoricalInformationValue(number % 3 = 0) FROM numbers(10)

SELECT categoricalInformationValue('a', 1) FROM numbers(10)

SELECT categoricalInformationValue(0, 1) FROM numbers(10)

SELECT categoricalInformationValue(1, 1) FROM numbers(0)

SELECT corrMatrix(number, number * number, number % 7) AS r, toTypeName(r) FROM numbers(20)

SELECT covarPopMatrix(number, number * number, number % 7) AS r, toTypeName(r) FROM numbers(20)

SELECT covarSampMatrix(number, number * number) AS r, toTypeName(r) FROM numbers(20)

SELECT corrMatrix(number) FROM numbers(20)

SELECT corrMatrix(number, number) FROM numbers(0)

SELECT covarSampMatrix(number, number) FROM numbers(1)

SELECT corrMatrix(number, 'a') FROM numbers(2)

SELECT corrMatrix(number, toNullable(number)) AS r, toTypeName(r) FROM numbers(2)

SELECT studentTTest(95)(number, number % 2) FROM numbers(10)

SELECT studentTTest('a')(number, number % 2) FROM numbers(10)

SELECT round(tupleElement(studentTTest(0.95)(number, number > 2), 1), 10), round(tupleElement(studentTTest(0.95)(number, number > 2), 2), 10), round(tupleElement(studentTTest(0.95)(number, number > 2), 3), 10), round(tupleElement(studentTTest(0.95)(number, number > 2), 4), 10) FROM numbers(10)

SELECT round(tupleElement(welchTTest(0.95)(number, number > 2), 1), 10), round(tupleElement(welchTTest(0.95)(number, number > 2), 2), 10), round(tupleElement(welchTTest(0.95)(number, number > 2), 3), 10), round(tupleElement(welchTTest(0.95)(number, number > 2), 4), 10) FROM numbers(10)

SELECT round(tupleElement(studentTTest(number, number > 2 ? 5 : 0), 1), 10), round(tupleElement(studentTTest(number, number > 2 ? 5 : 0), 2), 10) FROM numbers(10)

SELECT round(tupleElement(studentTTest(number, -(number > 2)), 1), 10), round(tupleElement(studentTTest(number, -(number > 2)), 2), 10) FROM numbers(10)

SELECT studentTTest(number, number/2) FROM numbers(10)

SELECT analysisOfVariance(number, (number % 2) * 5) FROM numbers(10)

SELECT analysisOfVariance(number, toUInt8(number % 2 + 1)) FROM numbers(10)

SELECT analysisOfVariance(number*number*number, number % 2 = 0) FROM numbers(1000)

SELECT analysisOfVariance(number + (number % 3 = 0 ? 500 : 0), number % 3) FROM numbers(100)

SELECT analysisOfVariance(number, 1.5) FROM numbers(10)

SELECT analysisOfVariance(number % 2, number % 2) FROM numbers(10)

SELECT round(tupleElement(kolmogorovSmirnovTest('two-sided','asymp')(number * number % 37, number % 2), 1), 10), round(tupleElement(kolmogorovSmirnovTest('two-sided','asymp')(number * number % 37, number % 2), 2), 10) FROM numbers(100)

SELECT kolmogorovSmirnovTest('two-sided','asymp')(number, number > 40) FROM numbers(100)

SELECT kolmogorovSmirnovTest('two-sided','exact')(number * number % 7, number > 6) FROM numbers(20)

SELECT round(tupleElement(kolmogorovSmirnovTest('less','exact')(number * number % 7, number > 6), 1), 10), round(tupleElement(kolmogorovSmirnovTest('less','exact')(number * number % 7, number > 6), 2), 10) FROM numbers(20)

SELECT round(tupleElement(kolmogorovSmirnovTest('greater','exact')(number * number % 7, number % 3 = 0), 1), 10), round(tupleElement(kolmogorovSmirnovTest('greater','exact')(number * number % 7, number % 3 = 0), 2), 10) FROM numbers(20)

SELECT kolmogorovSmirnovTest('greater','asymp')(number * number % 7, number % 3 = 0) FROM numbers(20)

SELECT kolmogorovSmirnovTest(number, number % 2 ? 3 : 0) FROM numbers(10)

SELECT kolmogorovSmirnovTest(nan, number % 2) FROM numbers(10)

SELECT kolmogorovSmirnovTest('a', 1) FROM numbers(10)

SELECT categoricalInformationValue(number % 3, number % 2) FROM numbers(10)

SELECT categoricalInformationValue(toInt8(number % 3), number % 5 = 0) FROM numbers(10)

SELECT arrayMap(x -> round(x, 10), categoricalInformationValue(number % 3, number % 4)) FROM numbers(30)

SELECT categoricalInformationValue(1.5, 1) FROM numbers(10)

SELECT categoricalInformationValue(toNullable(number % 3 = 1), number % 4 = 1) AS r, toTypeName(r) FROM numbers(10)

SELECT corrMatrix(toFloat32(number), number) AS r FROM numbers(10)

SELECT corrMatrix(toDecimal32(number, 1), number) AS r FROM numbers(10)

SELECT covarPopMatrix(number, if(number = 3, NULL, number * 2)) AS r, toTypeName(r) FROM numbers(10)

SELECT corrMatrix(1, 2) FROM numbers(3)

SELECT meanZTest(1., 2., 1.5)(number, number % 2) FROM numbers(10)

SELECT meanZTest(-1., 2., 0.5)(number, number % 2) FROM numbers(10)

SELECT meanZTest(1., 2., 0.95)('a', number % 2) FROM numbers(10)

SELECT round(tupleElement(meanZTest(1., 2., 0.68)(number, number % 3), 1), 10), round(tupleElement(meanZTest(1., 2., 0.68)(number, number % 3), 2), 10), round(tupleElement(meanZTest(1., 2., 0.68)(number, number % 3), 3), 10), round(tupleElement(meanZTest(1., 2., 0.68)(number, number % 3), 4), 10) FROM numbers(10)

SELECT round(tupleElement(meanZTest(1., 2., 0.68)(number * 10, number % 3 = 0), 1), 10), round(tupleElement(meanZTest(1., 2., 0.68)(number * 10, number % 3 = 0), 2), 10), round(tupleElement(meanZTest(1., 2., 0.68)(number * 10, number % 3 = 0), 3), 10), round(tupleElement(meanZTest(1., 2., 0.68)(number * 10, number % 3 = 0), 4), 10) FROM numbers(10)

SELECT studentTTestOneSample(number, 4.5) FROM numbers(10)

SELECT studentTTestOneSample(3, 4.5) FROM numbers(10)

SELECT studentTTestOneSample(number, 4.5) FROM numbers(1)

SELECT studentTTestOneSample(number, 4.5) FROM numbers(0)

SELECT studentTTestOneSample(2)(number, 4.5) FROM numbers(5)

SELECT studentTTestOneSample(1.5)(number, 4.5) FROM numbers(5)

SELECT studentTTestOneSample(number, 'a') FROM numbers(5)

SELECT round(cramersV(number % 3, intDiv(number, 4)), 10), cramersVBiasCorrected(number % 3, intDiv(number, 4)), round(theilsU(number % 3, intDiv(number, 4)), 10), round(contingency(number % 3, intDiv(number, 4)), 10) FROM numbers(100)

SELECT number % 2 AS k, studentTTest(number, number % 4 > 1), kolmogorovSmirnovTest(number, number % 4 > 1), cramersV(number % 3, number % 5), analysisOfVariance(number, intDiv(number % 6, 2)) FROM numbers(60) GROUP BY k ORDER BY k

SELECT round(tupleElement(welchTTestIf(number, number % 2, number > 5), 1), 10), round(tupleElement(welchTTestIf(number, number % 2, number > 5), 2), 10), round(tupleElement(meanZTestIf(1., 1., 0.9)(number, number % 2, number > 5), 1), 10), round(tupleElement(meanZTestIf(1., 1., 0.9)(number, number % 2, number > 5), 2), 10), round(tupleElement(meanZTestIf(1., 1., 0.9)(number, number % 2, number > 5), 3), 10), round(tupleElement(meanZTestIf(1., 1., 0.9)(number, number % 2, number > 5), 4), 10) FROM numbers(20)

SELECT cramersVMerge(s), theilsUMerge(t), corrMatrixMerge(u) FROM (SELECT cramersVState(number % 3, number % 5) AS s, theilsUState(number % 3, number % 5) AS t, corrMatrixState(number, number % 4) AS u FROM numbers(60) GROUP BY number % 4)

SELECT round(tupleElement(studentTTestMerge(s), 1), 10), round(tupleElement(studentTTestMerge(s), 2), 10), round(tupleElement(kolmogorovSmirnovTestMerge(t), 1), 10), round(tupleElement(kolmogorovSmirnovTestMerge(t), 2), 10), round(tupleElement(analysisOfVarianceMerge(u), 1), 10), round(tupleElement(analysisOfVarianceMerge(u), 2), 10), arrayMap(x -> round(x, 10), categoricalInformationValueMerge(v)), round(tupleElement(studentTTestOneSampleMerge(w) FROM (SELECT studentTTestState(number, number % 3 = 0) AS s, kolmogorovSmirnovTestState(number, number % 3 = 0) AS t, analysisOfVarianceState(number, number % 3) AS u, categoricalInformationValueState(number % 3 = 0, number % 5 = 0) AS v, studentTTestOneSampleState(number, 3) AS w, 1), 10), round(tupleElement(studentTTestOneSampleMerge(w) FROM (SELECT studentTTestState(number, number % 3 = 0) AS s, kolmogorovSmirnovTestState(number, number % 3 = 0) AS t, analysisOfVarianceState(number, number % 3) AS u, categoricalInformationValueState(number % 3 = 0, number % 5 = 0) AS v, studentTTestOneSampleState(number, 3) AS w, 2), 10) FROM numbers(60) GROUP BY number % 4)

SELECT welchTTest(number, NULL) FROM numbers(3)

SELECT theilsU(NULL, number), contingency(number, NULL), cramersVBiasCorrected(NULL, 1) FROM numbers(3)

SELECT theilsU(number), 1 FROM numbers(3)

SELECT contingency() FROM numbers(3)

SELECT cramersVBiasCorrected(1, 2, 3) FROM numbers(3)

SELECT covarPopMatrix(number, 'a') FROM numbers(3)

SELECT covarSampMatrix(NULL, number), covarPopMatrix(NULL, number), corrMatrix(NULL, number) FROM numbers(3)

SELECT covarSampMatrix(number, 'a') FROM numbers(3)

SELECT arrayMap(x -> round(x, 10), categoricalInformationValue(if(number = 1, NULL, 1), number % 2)) FROM numbers(9)

SELECT meanZTest(1., 2., 0.95)(number, NULL) FROM numbers(3)

SELECT kolmogorovSmirnovTest(number, NULL), analysisOfVariance(number, NULL), studentTTestOneSample(NULL, 1) FROM numbers(3)

SELECT round(tupleElement(anova(number, number % 4), 1), 8) FROM numbers(20)

SELECT anova(number) FROM numbers(20)

SELECT anova(NULL, number) FROM numbers(20)
