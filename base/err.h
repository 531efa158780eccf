/*
 * err.h: the one error type. NULL is success.
 *
 * An error carries a code (ClickHouse's number, because that is what goes over the wire), one line saying what was
 * attempted and with which value, and the contexts it passed through (outermost first: "opening segment "x": ...").
 * The caller owns an error: return it, add to it with err_while, or handle it and err_free it.
 * Errors may move between threads; one error is never shared.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#ifdef __clang_analyzer__
#include <stdio.h>
#endif

/* X(name, number, ClickHouse's name) */
#define ERR_CODES(X)                                                                                                   \
    X(ERR_UNSUPPORTED_METHOD, 1, "UNSUPPORTED_METHOD")                                                                 \
    X(ERR_CANNOT_PARSE_TEXT, 6, "CANNOT_PARSE_TEXT")                                                                   \
    X(ERR_COLUMN_COUNT, 7, "INCORRECT_NUMBER_OF_COLUMNS")                                                              \
    X(ERR_THERE_IS_NO_COLUMN, 8, "THERE_IS_NO_COLUMN")                                                                 \
    X(ERR_NOT_FOUND_COLUMN, 10, "NOT_FOUND_COLUMN_IN_BLOCK")                                                           \
    X(ERR_PARAMETER_OUT_OF_BOUND, 12, "PARAMETER_OUT_OF_BOUND")                                                        \
    X(ERR_DUPLICATE_COLUMN, 15, "DUPLICATE_COLUMN")                                                                    \
    X(ERR_NO_SUCH_COLUMN, 16, "NO_SUCH_COLUMN_IN_TABLE")                                                               \
    X(ERR_COLUMN_COUNT_DIFFERS, 20, "NUMBER_OF_COLUMNS_DOESNT_MATCH")                                                  \
    X(ERR_STRING_TOO_LARGE, 131, "TOO_LARGE_STRING_SIZE")                                                              \
    X(ERR_CANNOT_PARSE_QUOTED, 26, "CANNOT_PARSE_QUOTED_STRING")                                                       \
    X(ERR_READ_AFTER_EOF, 32, "ATTEMPT_TO_READ_AFTER_EOF")                                                             \
    X(ERR_TOO_LARGE_ARRAY, 128, "TOO_LARGE_ARRAY_SIZE")                                                                \
    X(ERR_CANNOT_READ_ARRAY, 130, "CANNOT_READ_ARRAY_FROM_TEXT")                                                       \
    X(ERR_ZERO_INDEX, 135, "ZERO_ARRAY_OR_TUPLE_INDEX")                                                                \
    X(ERR_TOO_SLOW, 160, "TOO_SLOW")                                                                                   \
    X(ERR_TOO_MANY_COLUMNS, 161, "TOO_MANY_COLUMNS")                                                                   \
    X(ERR_TOO_DEEP_SUBQUERIES, 162, "TOO_DEEP_SUBQUERIES")                                                             \
    X(ERR_TOO_BIG_AST, 168, "TOO_BIG_AST")                                                                             \
    X(ERR_TOO_DEEP_RECURSION, 306, "TOO_DEEP_RECURSION")                                                               \
    X(ERR_SET_ELEMENT, 124, "INCORRECT_ELEMENT_OF_SET")                                                                \
    X(ERR_ARRAY_SIZES, 190, "SIZES_OF_ARRAYS_DONT_MATCH")                                                              \
    X(ERR_UNFINISHED, 341, "UNFINISHED")                                                                               \
    X(ERR_TYPE_NOT_STORABLE, 370, "DATA_TYPE_CANNOT_BE_USED_IN_TABLES")                                                \
    X(ERR_READONLY_SETTING, 472, "READONLY_SETTING")                                                                   \
    X(ERR_ALTER_OF_COLUMN, 524, "ALTER_OF_COLUMN_IS_FORBIDDEN")                                                        \
    X(ERR_DATA_AFTER_VALUE, 632, "UNEXPECTED_DATA_AFTER_PARSED_VALUE")                                                 \
    X(ERR_CHECKSUM, 40, "CHECKSUM_DOESNT_MATCH")                                                                       \
    X(ERR_UNKNOWN_COMPRESSION, 89, "UNKNOWN_COMPRESSION_METHOD")                                                       \
    X(ERR_CANNOT_DECOMPRESS, 271, "CANNOT_DECOMPRESS")                                                                 \
    X(ERR_LENGTH_REQUIRED, 381, "HTTP_LENGTH_REQUIRED")                                                                \
    X(ERR_CANNOT_READ_DATA, 33, "CANNOT_READ_ALL_DATA")                                                                \
    X(ERR_ARGUMENT_COUNT, 42, "NUMBER_OF_ARGUMENTS_DOESNT_MATCH")                                                      \
    X(ERR_ARGUMENT_TYPE, 43, "ILLEGAL_TYPE_OF_ARGUMENT")                                                               \
    X(ERR_ILLEGAL_COLUMN, 44, "ILLEGAL_COLUMN")                                                                        \
    X(ERR_UNKNOWN_FUNCTION, 46, "UNKNOWN_FUNCTION")                                                                    \
    X(ERR_UNKNOWN_IDENTIFIER, 47, "UNKNOWN_IDENTIFIER")                                                                \
    X(ERR_NOT_IMPLEMENTED, 48, "NOT_IMPLEMENTED")                                                                      \
    X(ERR_LOGICAL, 49, "LOGICAL_ERROR")                                                                                \
    X(ERR_UNKNOWN_TYPE, 50, "UNKNOWN_TYPE")                                                                            \
    X(ERR_EMPTY_COLUMNS, 51, "EMPTY_LIST_OF_COLUMNS_QUERIED")                                                          \
    X(ERR_TYPE_MISMATCH, 53, "TYPE_MISMATCH")                                                                          \
    X(ERR_UNKNOWN_STORAGE, 56, "UNKNOWN_STORAGE")                                                                      \
    X(ERR_TABLE_EXISTS, 57, "TABLE_ALREADY_EXISTS")                                                                    \
    X(ERR_UNKNOWN_TABLE, 60, "UNKNOWN_TABLE")                                                                          \
    X(ERR_SYNTAX, 62, "SYNTAX_ERROR")                                                                                  \
    X(ERR_UNKNOWN_AGGREGATE, 63, "UNKNOWN_AGGREGATE_FUNCTION")                                                         \
    X(ERR_SIZE_OUT_OF_BOUND, 69, "ARGUMENT_OUT_OF_BOUND")                                                              \
    X(ERR_CANNOT_CONVERT, 70, "CANNOT_CONVERT_TYPE")                                                                   \
    X(ERR_CANNOT_PARSE_NUMBER, 72, "CANNOT_PARSE_NUMBER")                                                              \
    X(ERR_UNKNOWN_FORMAT, 73, "UNKNOWN_FORMAT")                                                                        \
    X(ERR_READ_FILE, 74, "CANNOT_READ_FROM_FILE_DESCRIPTOR")                                                           \
    X(ERR_IO, 75, "CANNOT_WRITE_TO_FILE_DESCRIPTOR")                                                                   \
    X(ERR_OPEN_FILE, 76, "CANNOT_OPEN_FILE")                                                                           \
    X(ERR_UNKNOWN_DATABASE, 81, "UNKNOWN_DATABASE")                                                                    \
    X(ERR_DATABASE_EXISTS, 82, "DATABASE_ALREADY_EXISTS")                                                              \
    X(ERR_TOO_MANY_ARGUMENTS, 34, "TOO_MANY_ARGUMENTS_FOR_FUNCTION")                                                   \
    X(ERR_TOO_FEW_ARGUMENTS, 35, "TOO_FEW_ARGUMENTS_FOR_FUNCTION")                                                     \
    X(ERR_BAD_ARGUMENTS, 36, "BAD_ARGUMENTS")                                                                          \
    X(ERR_NO_COLUMNS, 90, "EMPTY_LIST_OF_COLUMNS_PASSED")                                                              \
    X(ERR_UNKNOWN_SETTING, 115, "UNKNOWN_SETTING")                                                                     \
    X(ERR_INCOMPATIBLE_COLUMNS, 122, "INCOMPATIBLE_COLUMNS")                                                           \
    X(ERR_INCORRECT_DATA, 117, "INCORRECT_DATA")                                                                       \
    X(ERR_ENGINE_REQUIRED, 119, "ENGINE_REQUIRED")                                                                     \
    X(ERR_NO_PARAMETERS, 133, "AGGREGATE_FUNCTION_DOESNT_ALLOW_PARAMETERS")                                            \
    X(ERR_SAMPLING, 141, "SAMPLING_NOT_SUPPORTED")                                                                     \
    X(ERR_DIVISION_BY_ZERO, 153, "ILLEGAL_DIVISION")                                                                   \
    X(ERR_TOO_MANY_ROWS, 158, "TOO_MANY_ROWS")                                                                         \
    X(ERR_BAD_GET, 170, "BAD_GET")                                                                                     \
    X(ERR_TOO_MANY_BYTES, 307, "TOO_MANY_BYTES")                                                                       \
    X(ERR_TOO_MANY_ROWS_OR_BYTES, 396, "TOO_MANY_ROWS_OR_BYTES")                                                       \
    X(ERR_OPENSSL, 454, "OPENSSL_ERROR")                                                                               \
    X(ERR_SET_SIZE_LIMIT, 191, "SET_SIZE_LIMIT_EXCEEDED")                                                              \
    X(ERR_UNKNOWN_OVERFLOW_MODE, 145, "UNKNOWN_OVERFLOW_MODE")                                                         \
    X(ERR_TIMEOUT, 159, "TIMEOUT_EXCEEDED")                                                                            \
    X(ERR_TOO_DEEP_AST, 167, "TOO_DEEP_AST")                                                                           \
    X(ERR_OOM, 173, "CANNOT_ALLOCATE_MEMORY")                                                                          \
    X(ERR_READONLY, 164, "READONLY")                                                                                   \
    X(ERR_UNKNOWN_USER, 192, "UNKNOWN_USER")                                                                           \
    X(ERR_WRONG_PASSWORD, 193, "WRONG_PASSWORD")                                                                       \
    X(ERR_NOT_AN_AGGREGATE, 215, "NOT_AN_AGGREGATE")                                                                   \
    X(ERR_QUERY_EXISTS, 216, "QUERY_WITH_SAME_ID_IS_ALREADY_RUNNING")                                                  \
    X(ERR_UNKNOWN_PACKET, 99, "UNKNOWN_PACKET_FROM_CLIENT")                                                            \
    X(ERR_UNEXPECTED_PACKET, 101, "UNEXPECTED_PACKET_FROM_CLIENT")                                                     \
    X(ERR_CLIENT_GONE, 210, "NETWORK_ERROR")                                                                           \
    X(ERR_EMPTY_QUERY, 61, "EMPTY_QUERY")                                                                              \
    X(ERR_UNEXPECTED_EXPRESSION, 183, "UNEXPECTED_EXPRESSION")                                                         \
    X(ERR_ILLEGAL_AGGREGATION, 184, "ILLEGAL_AGGREGATION")                                                             \
    X(ERR_MULTIPLE_EXPRESSIONS, 179, "MULTIPLE_EXPRESSIONS_FOR_ALIAS")                                                 \
    X(ERR_CYCLIC_ALIASES, 174, "CYCLIC_ALIASES")                                                                       \
    X(ERR_TOO_MANY_QUERIES, 202, "TOO_MANY_SIMULTANEOUS_QUERIES")                                                      \
    X(ERR_MEMORY_LIMIT, 241, "MEMORY_LIMIT_EXCEEDED")                                                                  \
    X(ERR_TABLE_READ_ONLY, 242, "TABLE_IS_READ_ONLY")                                                                  \
    X(ERR_NOT_ENOUGH_SPACE, 243, "NOT_ENOUGH_SPACE")                                                                   \
    X(ERR_CORRUPT, 246, "CORRUPTED_DATA")                                                                              \
    X(ERR_TOO_MANY_PARTITIONS, 252, "TOO_MANY_PARTS")                                                                  \
    X(ERR_SERVER_OVERLOADED, 745, "SERVER_OVERLOADED")                                                                 \
    X(ERR_LIMIT_EXCEEDED, 290, "LIMIT_EXCEEDED")                                                                       \
    X(ERR_DECIMAL_OVERFLOW, 407, "DECIMAL_OVERFLOW")                                                                   \
    X(ERR_MULTIPLE_ASSIGNMENTS, 419, "MULTIPLE_ASSIGNMENTS_TO_COLUMN")                                                 \
    X(ERR_CANNOT_UPDATE_COLUMN, 420, "CANNOT_UPDATE_COLUMN")                                                           \
    X(ERR_REGEXP, 427, "CANNOT_COMPILE_REGEXP")                                                                        \
    X(ERR_AST_STRUCTURE, 223, "UNEXPECTED_AST_STRUCTURE")                                                              \
    X(ERR_INVALID_LIMIT, 440, "INVALID_LIMIT_EXPRESSION")                                                              \
    X(ERR_BAD_QUERY_PARAMETER, 457, "BAD_QUERY_PARAMETER")                                                             \
    X(ERR_UNKNOWN_QUERY_PARAMETER, 456, "UNKNOWN_QUERY_PARAMETER")                                                     \
    X(ERR_CANNOT_PARSE_DATETIME, 41, "CANNOT_PARSE_DATETIME")                                                          \
    X(ERR_CANNOT_PARSE_DATE, 38, "CANNOT_PARSE_DATE")                                                                  \
    X(ERR_CANNOT_FORMAT_DATETIME, 490, "CANNOT_FORMAT_DATETIME")                                                       \
    X(ERR_DEPRECATED_FUNCTION, 721, "DEPRECATED_FUNCTION")                                                             \
    X(ERR_CANNOT_PARSE_UUID, 376, "CANNOT_PARSE_UUID")                                                                 \
    X(ERR_NO_COMMON_TYPE, 386, "NO_COMMON_TYPE")                                                                       \
    X(ERR_CANNOT_PARSE_INPUT, 27, "CANNOT_PARSE_INPUT_ASSERTION_FAILED")                                               \
    X(ERR_CANNOT_PARSE_BOOL, 467, "CANNOT_PARSE_BOOL")                                                                 \
    X(ERR_CANNOT_PARSE_IPV4, 675, "CANNOT_PARSE_IPV4")                                                                 \
    X(ERR_CANNOT_PARSE_IPV6, 676, "CANNOT_PARSE_IPV6")                                                                 \
    X(ERR_CANNOT_SKIP_FIELD, 626, "CANNOT_SKIP_UNKNOWN_FIELD")                                                         \
    X(ERR_UNKNOWN_ENUM_ELEMENT, 691, "UNKNOWN_ELEMENT_OF_ENUM")                                                        \
    X(ERR_CANNOT_PRINT_FLOAT, 28, "CANNOT_PRINT_FLOAT_OR_DOUBLE_NUMBER")                                               \
    X(ERR_INDEX_OF_GROUP, 353, "INDEX_OF_POSITIONAL_ARGUMENT_IS_OUT_OF_RANGE")                                         \
    X(ERR_INVALID_TEMPLATE, 474, "INVALID_TEMPLATE_FORMAT")                                                            \
    X(ERR_THROW_IF, 395, "FUNCTION_THROW_IF_VALUE_IS_NON_ZERO")                                                        \
    X(ERR_CANNOT_INSERT_NULL, 349, "CANNOT_INSERT_NULL_IN_ORDINARY_COLUMN")                                            \
    X(ERR_QUERY_CANCELLED, 394, "QUERY_WAS_CANCELLED")                                                                 \
    X(ERR_ABORTED, 236, "ABORTED")                                                                                     \
    X(ERR_ACCESS_DENIED, 497, "ACCESS_DENIED")                                                                         \
    X(ERR_NO_PROFILE, 180, "THERE_IS_NO_PROFILE")                                                                      \
    X(ERR_REQUIRED_PASSWORD, 194, "REQUIRED_PASSWORD")                                                                 \
    X(ERR_UNKNOWN_QUOTA, 199, "UNKNOWN_QUOTA")                                                                         \
    X(ERR_QUOTA_EXCEEDED, 201, "QUOTA_EXCEEDED")                                                                       \
    X(ERR_SETTING_CONSTRAINT, 452, "SETTING_CONSTRAINT_VIOLATION")                                                     \
    X(ERR_ACCESS_EXISTS, 493, "ACCESS_ENTITY_ALREADY_EXISTS")                                                          \
    X(ERR_ACCESS_READONLY, 495, "ACCESS_STORAGE_READONLY")                                                             \
    X(ERR_INVALID_GRANT, 509, "INVALID_GRANT")                                                                         \
    X(ERR_UNKNOWN_ROLE, 511, "UNKNOWN_ROLE")                                                                           \
    X(ERR_SET_NON_GRANTED_ROLE, 512, "SET_NON_GRANTED_ROLE")                                                           \
    X(ERR_AUTHENTICATION, 516, "AUTHENTICATION_FAILED")                                                                \
    X(ERR_CANNOT_CONNECT, 279, "ALL_CONNECTION_TRIES_FAILED")                                                          \
    X(ERR_SOURCE_EXISTS, 1101, "SOURCE_ALREADY_EXISTS")                                                                \
    X(ERR_UNKNOWN_SOURCE, 1102, "UNKNOWN_SOURCE")                                                                      \
    X(ERR_SOURCE_STOPPED, 1103, "SOURCE_STOPPED")                                                                      \
    X(ERR_NEWER_VERSION, 1104, "DATA_OF_NEWER_VERSION")                                                                \
    X(ERR_TABLE_HELD, 1105, "TABLE_IS_HELD")                                                                           \
    X(ERR_UNKNOWN_DASHBOARD, 1130, "UNKNOWN_DASHBOARD")                                                                \
    X(ERR_DASHBOARD_CHANGED, 1131, "DASHBOARD_CHANGED")                                                                \
    X(ERR_VIEW_STOPPED, 1106, "VIEW_STOPPED")                                                                          \
    X(ERR_VIEW_QUERY, 397, "QUERY_IS_NOT_SUPPORTED_IN_MATERIALIZED_VIEW")                                              \
    X(ERR_DEPENDENT_OBJECTS, 630, "HAVE_DEPENDENT_OBJECTS")                                                            \
    X(ERR_REFRESH_FAILED, 730, "REFRESH_FAILED")                                                                       \
    X(ERR_INCORRECT_QUERY, 80, "INCORRECT_QUERY")                                                                      \
    X(ERR_UNKNOWN_CODEC, 432, "UNKNOWN_CODEC")                                                                         \
    X(ERR_ILLEGAL_SYNTAX_FOR_CODEC, 431, "ILLEGAL_SYNTAX_FOR_CODEC_TYPE")                                              \
    X(ERR_ILLEGAL_CODEC_PARAMETER, 433, "ILLEGAL_CODEC_PARAMETER")                                                     \
    X(ERR_TYPE_WITHOUT_ARGUMENTS, 378, "DATA_TYPE_CANNOT_HAVE_ARGUMENTS")                                              \
    X(ERR_INDEX_NOT_USED, 277, "INDEX_NOT_USED")                                                                       \
    X(ERR_BAD_PART_NAME, 233, "BAD_DATA_PART_NAME")                                                                    \
    X(ERR_PARTITION_VALUE, 248, "INVALID_PARTITION_VALUE")                                                             \
    X(ERR_BAD_TTL, 450, "BAD_TTL_EXPRESSION")                                                                          \
    X(ERR_FILTER_TYPE, 59, "ILLEGAL_TYPE_OF_COLUMN_FOR_FILTER")                                                        \
    X(ERR_SCALAR_SUBQUERY, 125, "INCORRECT_RESULT_OF_SCALAR_SUBQUERY")                                                 \
    X(ERR_AMBIGUOUS_IDENTIFIER, 207, "AMBIGUOUS_IDENTIFIER")                                                           \
    X(ERR_ALIAS_REQUIRED, 206, "ALIAS_REQUIRED")                                                                       \
    X(ERR_JOIN_ON, 403, "INVALID_JOIN_ON_EXPRESSION")                                                                  \
    X(ERR_FIELD_TYPE, 169, "BAD_TYPE_OF_FIELD")                                                                        \
    X(ERR_ILLEGAL_FINAL, 181, "ILLEGAL_FINAL")                                                                         \
    X(ERR_UNION_STRUCTURE, 258, "UNION_ALL_RESULT_STRUCTURES_MISMATCH")                                                \
    X(ERR_INTERSECT_STRUCTURE, 596, "INTERSECT_OR_EXCEPT_RESULT_STRUCTURES_MISMATCH")                                  \
    X(ERR_BACKUP_EXISTS, 598, "BACKUP_ALREADY_EXISTS")                                                                 \
    X(ERR_BACKUP_NOT_FOUND, 599, "BACKUP_NOT_FOUND")                                                                   \
    X(ERR_BACKUP_VERSION, 600, "BACKUP_VERSION_NOT_SUPPORTED")                                                         \
    X(ERR_BACKUP_DAMAGED, 601, "BACKUP_DAMAGED")                                                                       \
    X(ERR_NO_BASE_BACKUP, 602, "NO_BASE_BACKUP")                                                                       \
    X(ERR_WRONG_BASE_BACKUP, 603, "WRONG_BASE_BACKUP")                                                                 \
    X(ERR_BACKUP_ENTRY_NOT_FOUND, 605, "BACKUP_ENTRY_NOT_FOUND")                                                       \
    X(ERR_RESTORE_DATABASE, 607, "CANNOT_RESTORE_DATABASE")                                                            \
    X(ERR_RESTORE_TABLE, 608, "CANNOT_RESTORE_TABLE")                                                                  \
    X(ERR_BACKUP_TABLE, 647, "CANNOT_BACKUP_TABLE")                                                                    \
    X(ERR_INVALID_FILL, 475, "INVALID_WITH_FILL_EXPRESSION")                                                           \
    X(ERR_WITH_TIES, 476, "WITH_TIES_WITHOUT_ORDER_BY")                                                                \
    X(ERR_EXPECTED_ALL_OR_DISTINCT, 558, "EXPECTED_ALL_OR_DISTINCT")                                                   \
    X(ERR_DIRECTORY_EXISTS, 84, "DIRECTORY_ALREADY_EXISTS")                                                            \
    X(ERR_SUPPORT_DISABLED, 344, "SUPPORT_IS_DISABLED")                                                                \
    X(ERR_INVALID_SETTING, 471, "INVALID_SETTING_VALUE")                                                               \
    X(ERR_DICTIONARY_EXISTS, 387, "DICTIONARY_ALREADY_EXISTS")                                                         \
    X(ERR_DROP_DICTIONARY, 520, "CANNOT_DETACH_DICTIONARY_AS_TABLE")                                                   \
    X(ERR_KEY_TYPE, 549, "DATA_TYPE_CANNOT_BE_USED_IN_KEY")                                                            \
    X(ERR_TEMPORARY_DATABASE, 442, "BAD_DATABASE_FOR_TEMPORARY_TABLE")                                                 \
    X(ERR_INFINITE_LOOP, 269, "INFINITE_LOOP")                                                                         \
    X(ERR_DICTIONARY_NOT_LOADED, 156, "DICTIONARIES_WAS_NOT_LOADED")                                                   \
    X(ERR_UNKNOWN_DICTIONARY, 487, "UNKNOWN_DICTIONARY")                                                               \
    X(ERR_DICTIONARY_DEFINITION, 489, "INCORRECT_DICTIONARY_DEFINITION")                                               \
    X(ERR_SESSION_NOT_FOUND, 372, "SESSION_NOT_FOUND")                                                                 \
    X(ERR_SESSION_IS_LOCKED, 373, "SESSION_IS_LOCKED")                                                                 \
    X(ERR_INVALID_SESSION_TIMEOUT, 374, "INVALID_SESSION_TIMEOUT")                                                     \
    X(ERR_PATH_DENIED, 481, "PATH_ACCESS_DENIED")                                                                      \
    X(ERR_FILE_NOT_FOUND, 107, "FILE_DOESNT_EXIST")                                                                    \
    X(ERR_CANNOT_INFER_STRUCTURE, 636, "CANNOT_EXTRACT_TABLE_STRUCTURE")                                               \
    X(ERR_NO_CLUSTER, 701, "CLUSTER_DOESNT_EXIST")                                                                     \
    X(ERR_ILLEGAL_INDEX, 127, "ILLEGAL_INDEX")                                                                         \
    X(ERR_DATABASE_DENIED, 291, "DATABASE_ACCESS_DENIED")

enum err_code {
    ERR_NONE = 0,
#define ERR_ENUM(name, number, text) name = number,
    ERR_CODES(ERR_ENUM)
#undef ERR_ENUM
};

struct err;

/* A new error. Never NULL: without memory it is the static out-of-memory error. */
struct err *err_new(enum err_code code, const char *format, ...) __attribute__((format(printf, 2, 3), returns_nonnull));
struct err *err_newv(enum err_code code, const char *format, va_list list)
    __attribute__((format(printf, 2, 0), returns_nonnull));
struct err *err_oom(void) __attribute__((returns_nonnull));

/* Adds the context "what: " in front of the message. NULL stays NULL. Returns err. */
struct err *err_while(struct err *err, const char *format, ...) __attribute__((format(printf, 2, 3)));
#ifdef __clang_analyzer__ /* shows the analyser that an error stays one */
static inline struct err *err_same(struct err *err, int unused)
{
    (void)unused;
    return err;
}
#define err_while(err, ...) err_same(err, snprintf(NULL, 0, __VA_ARGS__))
#endif

/* An error that names a system call's errno: "<what>: No space left on device (errno 28)". */
struct err *err_errno(enum err_code code, int number, const char *format, ...)
    __attribute__((format(printf, 3, 4), returns_nonnull));

enum err_code err_code(const struct err *err);
const char *err_message(const struct err *err); /* borrowed; lives as long as err */
const char *err_code_name(enum err_code code);  /* ClickHouse's name, "SYNTAX_ERROR"; static */
struct err *err_copy(const struct err *err);    /* NULL stays NULL */
void err_free(struct err *err);                 /* accepts NULL */

/* Keeps the first error: if *first is NULL it takes err, otherwise err is freed. */
void err_keep_first(struct err **first, struct err *err);

/* The only control-flow macro: needs a local `struct err *err` and a label `done`. */
#define OR_DONE(expression)                                                                                            \
    do {                                                                                                               \
        err = (expression);                                                                                            \
        if (err != NULL) {                                                                                             \
            goto done;                                                                                                 \
        }                                                                                                              \
    } while (0)

/* Our own mistakes: always compiled. */
_Noreturn void assert_failed(const char *expression, const char *file, int line);
#define ASSERT(expression) ((expression) ? (void)0 : assert_failed(#expression, __FILE__, __LINE__))

/* Costly checks: sanitizer builds only. */
#ifdef WEIR_SANITIZED
#define DCHECK(expression) ASSERT(expression)
#else
#define DCHECK(expression) ((void)sizeof(expression))
#endif

#endif
