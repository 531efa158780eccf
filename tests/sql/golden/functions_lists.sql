SELECT mapConcat(map('a', 1), map('a', 2, 'b', 3)), mapConcat(map('a', 1)), toTypeName(mapConcat(map('a', 1), map('b', 300))), mapConcat(map('a', 1), map('b', 2), map('a', 9)), mapUpdate(map('a', 1, 'c', 4), map('a', 2, 'b', 3)), mapUpdate(map('a', 1), map('a', 2)), mapUpdate(map('a', 1, 'a', 5), map('a', 2))

SELECT mapConcat(m, map('x', number)), mapUpdate(m, map('z', number)), mapUpdate(map('z', number), m) FROM (SELECT number, map('k', number, 'z', number + 1) AS m FROM numbers(3))

SELECT mapUpdate(NULL, map('a', 1)), mapConcat(NULL, map('a', 1))

SELECT mapConcat()

SELECT mapConcat(1)

SELECT mapUpdate(map('a', 1), map('b', 300))

SELECT mapUpdate(map('a', 1))

SELECT arrayRotateLeft([1,2,3,4], 1), arrayRotateRight([1,2,3,4], 1), arrayRotateLeft([1,2,3], -1), arrayRotateLeft([1,2,3], 10), arrayShiftLeft([1,2,3], 1), arrayShiftRight([1,2,3], 1), arrayShiftLeft([1,2,3], 1, 9), arrayShiftRight(['a','b'], 5, 'z'), arrayShiftLeft([1,2], -1), arrayRotateLeft([], 1), arrayShiftLeft([1,NULL], 1), arrayShiftRight([1,2], 0), arrayRotateRight(['a','b','c'], -1)

SELECT arrayRotateLeft(materialize([1,2,3]), number), arrayRotateRight(range(number), 1), arrayShiftLeft(range(number), number - 1, number), arrayShiftRight([toString(number), 'x'], 1) FROM numbers(4)

SELECT arrayRotateLeft(NULL, 1), arrayRotateRight(NULL, 1), arrayShiftLeft(NULL, 1), arrayShiftRight(NULL, 1)

SELECT arrayRotateLeft([1], 'a')

SELECT arrayRotateRight(1, 1)

SELECT arrayShiftLeft([1], 1, 'a')

SELECT arrayShiftRight([1,2], 1, 300)

SELECT URLHierarchy('https://a.b/c/d?e=1'), URLPathHierarchy('https://a.b/c/d?e=1'), URLHierarchy(''), URLPathHierarchy('http://a'), URLHierarchy('http://a.b/c/?x#y'), URLPathHierarchy('/a/b/'), URLHierarchy('a'), URLHierarchy('http://x/'), URLPathHierarchy('http://a/?x'), URLPathHierarchy('x/y'), URLHierarchy('http://a.b/c;d&e=f')

SELECT URLHierarchy(NULL), URLPathHierarchy(NULL), URLHierarchy(url), URLPathHierarchy(url) FROM (SELECT arrayJoin(['http://a.b/c', '', 'https://x.y/z/?q=1#f']) AS url)

SELECT URLHierarchy(1)

SELECT URLPathHierarchy(1)

SELECT extractURLParameters('http://a/?a=1&b=2#c=3'), extractURLParameterNames('http://a/?a=1&b=2#c=3'), extractURLParameters('x'), extractURLParameters('http://a?x&y=1'), extractURLParameterNames('http://a?x&y=1&=2')

SELECT extractURLParameters(NULL), extractURLParameterNames(NULL), extractURLParameters(url), extractURLParameterNames(url) FROM (SELECT arrayJoin(['http://a.b/c?q=1', '', 'https://x.y/z/?q=1&r=2#f']) AS url)

SELECT extractURLParameters(1)

SELECT extractURLParameterNames(1)

SELECT arrayRemove([1,2,1,NULL], 1), arrayRemove([1,2,1,NULL], NULL), arrayRemove(['a'], 'b'), toTypeName(arrayRemove([1,2], 1)), array_remove([1,2], 2), array_remove([1, NULL], NULL)

SELECT arrayRemove([number, 1], 1), array_remove([1, 2, 3], number) FROM numbers(3)

SELECT arrayRemove(1, 1)

SELECT array_remove(1)

SELECT arrayFlattenedLength([[1,2],[3]]), arrayFlattenedLength([[NULL]]), arrayFlattenedLength([[range(number)]]) FROM numbers(2)

SELECT arrayFlattenedLength(1)

SELECT arrayFlattenedLength([[[]], [[1, 2], [3]]])

SELECT arrayJaccardIndex([1,2], [2,3]), toTypeName(arrayJaccardIndex([1], [1])), arrayJaccardIndex([1,1,2], [2]), arrayJaccardIndex(['a'], ['b']), arrayJaccardIndex([1.5], [1.5])

SELECT arrayJaccardIndex(range(number), [1, 2]), arrayJaccardIndex([toString(number)], ['1']) FROM numbers(4)

SELECT arrayJaccardIndex(1, [2])

SELECT indexOfAssumeSorted([1,3,5], 3), indexOfAssumeSorted([1,3,5], 4), toTypeName(indexOfAssumeSorted([1], 1)), indexOfAssumeSorted([1,3,3,5], 3)

SELECT indexOfAssumeSorted(1, 1)

SELECT indexOfAssumeSorted(range(number), 1) FROM numbers(4)

SELECT initialQueryID() = queryID(), initial_query_id() = queryID(), authenticatedUser() = currentUser(), authUser() = user(), currentSchemas(true) = [currentDatabase()], current_schemas(false) = [currentDatabase()], toTypeName(currentSchemas(true)), UTCTimestamp() = now(), toTypeName(UTCTimestamp()), UTC_timestamp() = now()

SELECT initialQueryID(1)

SELECT initial_query_id(1)

SELECT authenticatedUser(1)

SELECT authUser(1)

SELECT currentSchemas()

SELECT current_schemas()

SELECT UTCTimestamp(1)

SELECT UTC_timestamp(1)

SELECT toTypeName(initialQueryID()), toTypeName(initial_query_id()), toTypeName(authenticatedUser()), toTypeName(authUser()), toTypeName(current_schemas(true)), toTypeName(UTC_timestamp()), length(currentSchemas(true)), UTCTimestamp() > toDateTime('2020-01-01 00:00:00')

SELECT URLHierarchy('http://'), URLHierarchy('//a/b'), URLHierarchy('mailto:x/y'), URLPathHierarchy('http://a//b/'), URLHierarchy('http://a?b'), URLPathHierarchy('http://a?b/c'), URLHierarchy('http://a/b?c'), URLPathHierarchy('http://a/b#c/d'), extractURLParameters('?a=1?b=2'), extractURLParameters('?a=1;b=2&c'), extractURLParameterNames('a?b=c=d&e#f=g&')
