/*
 * config.c: one table of keys for file, environment and flags.
 */
#include "server/config.h"

#include "base/number.h"

#include <ctype.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <yaml.h>

enum key_kind { KEY_TEXT, KEY_U32, KEY_U64 };

static const struct key {
    const char *name;
    enum key_kind kind;
    size_t offset;
    size_t size; /* of texts */
    const char *fallback;
    const char *meaning;
    uint64_t max; /* of numbers */
} keys[] = {
#define TEXT(field, fallback, meaning)                                                                                 \
    {                                                                                                                  \
#field, KEY_TEXT, offsetof(struct config, field), sizeof(((struct config *)0)->field), fallback, meaning, 0    \
    }
#define U32(field, fallback, max, meaning)                                                                             \
    {                                                                                                                  \
#field, KEY_U32, offsetof(struct config, field), 0, fallback, meaning, max                                     \
    }
#define U64(field, fallback, meaning)                                                                                  \
    {                                                                                                                  \
#field, KEY_U64, offsetof(struct config, field), 0, fallback, meaning, UINT64_MAX                              \
    }
    TEXT(data_dir, "data", "the directory that holds everything; made when missing"),
    TEXT(http_host, "127.0.0.1", "address to listen on"),
    U32(http_port, "8123", 65535, "port to listen on; 0 takes a free one"),
    U32(native_port, "9000", 65535, "port of ClickHouse's native protocol, on the same address; 0: off"),
    U32(https_port, "0", 65535, "port of HTTPS; 0: off"),
    U32(native_secure_port, "0", 65535, "port of the native protocol over TLS; 0: off"),
    TEXT(tls_host, "", "address of these two; empty: http_host"),
    TEXT(tls_certificate, "",
         "PEM file: the server's certificate, then its issuers'; read again when it changes, or on SIGHUP"),
    TEXT(tls_key, "", "PEM file of its private key"),
    TEXT(tls_client_ca, "", "PEM file of authorities: over TLS clients need a certificate of one of them; empty: none"),
    U32(threads, "0", 256, "query threads; 0: one per processor"),
    U32(queries_max, "32", 1000, "queries that run at the same time"),
    U32(queries_waiting_max, "1000", 100000, "queries that wait for their turn when so many run"),
    U32(connections_max, "4096", 100000, "open connections"),
    U32(live_viewers_max, "10000", 1000000, "connections with live queries"),
    U32(live_subscriptions_max, "50000", 10000000, "live queries of all these connections"),
    U32(live_subscriptions_per_viewer_max, "256", 10000, "live queries of one connection"),
    U32(live_queries_max, "1000", 100000, "different live queries"),
    U32(live_runs_max, "2", 64, "live queries that run at the same time"),
    U64(live_memory_max, "268435456", "bytes of live queries' answers and of events that wait to be sent"),
    U32(http_head_bytes_max, "65536", 16777216,
        "bytes of a request's first line and headers, at least 4096; each open connection holds so many"),
    U32(http_timeout_s, "120", 86400, "seconds without a byte, or without a whole request, that close a connection"),
    U32(metrics_for_all, "1", 1,
        "1: /metrics and /anchor answer everybody who reaches the port; 0: this machine alone"),
    U64(query_memory_max, "2147483648", "bytes that one query may use"),
    U64(queries_memory_max, "4294967296", "bytes that all queries together may use"),
    U64(temporary_bytes_max, "0", "bytes of temporary files of all queries; 0: as many as the disk has"),
    U64(temporary_tables_memory_max, "268435456", "bytes that the temporary tables of all sessions may use"),
    U64(dictionaries_memory_max, "268435456", "bytes that all dictionaries may use"),
    U64(ingest_memory_max, "268435456", "bytes of rows that are not in segments yet, of queues and decoding"),
    U64(block_cache_bytes, "536870912", "bytes of the cache of segments' blocks"),
    U64(insert_log_keep_bytes, "67108864",
        "bytes of the insert log that are kept after their rows are in segments, for REPAIR TABLE; 0: only the newest "
        "file"),
    U64(partial_cache_bytes, "134217728", "bytes of groups and aggregate states that are kept per segment; 0: none"),
    U64(merge_bytes_per_s_max, "0",
        "bytes per second that background merges may read and write; 0: as many as they can"),
    U32(segments_to_delay_insert, "16", 1000000,
        "segments of a partition above which commits wait for merges, after 15 seconds; 0: never"),
    U32(segments_to_throw_insert, "3000", 1000000,
        "segments of a partition above which an INSERT fails with TOO_MANY_PARTS; 0: never"),
    U64(statement_cache_bytes, "16777216", "bytes of syntax trees of statements that come again; 0: none"),
    U32(settle_s, "60", 86400, "seconds without a commit after which one more tells that the last is durable; 0: none"),
    U64(retention_bytes, "0", "bytes of all tables on disk above which the oldest segments are dropped; 0: no limit"),
    U64(max_execution_time_s, "0", "seconds after which a query is stopped; 0: never"),
    TEXT(user_files_path, "", "the directory that the table function file() may read; empty: none"),
    TEXT(backups_path, "", "the directory of BACKUP and RESTORE; empty: backups in the data directory"),
    TEXT(alertmanager, "",
         "URLs of Alertmanagers, separated by commas; more about each in the file's section alerting"),
    TEXT(alert_webhook, "", "URLs that get alerts as Alertmanager's webhooks do, separated by commas"),
    TEXT(alert_file, "", "files that get a line of JSON per notification, separated by commas; -: the standard output"),
    TEXT(external_url, "", "where people reach this server, for links in alerts; empty: http://http_host:http_port"),
    TEXT(dashboards_path, "", "the directory of dashboards, NAME.json; empty: dashboards in the data directory"),
    TEXT(timezone, "", "time zone of DateTimes that name none; empty: the system's"),
    TEXT(rule_files, "",
         "files of alert and recording rules: paths and globs, separated by commas; read again when they change"),
    U32(alert_max_wait_s, "300", 86400,
        "seconds that the sources of a rule may be behind before the rule is stale and WeirSourceLag fires"),
    U64(alert_panes_memory_max, "268435456", "bytes of the panes that rules are answered from; 0: rules have none"),
    U32(test_clock, "0", 1, "1: SYSTEM SET CLOCK moves the server's wall clock, for tests"),
    TEXT(log_level, "info", "debug, info, warning, error or none"),
    TEXT(log_format, "text", "text (key=value) or json"),
#undef TEXT
#undef U32
#undef U64
};
#define KEY_COUNT (sizeof(keys) / sizeof(keys[0]))

static struct err *set(struct config *config, const struct key *key, const char *value, const char *where)
{
    char *to = (char *)config + key->offset;
    uint64_t number;
    if (key->kind == KEY_TEXT) {
        if (strlen(value) >= key->size) {
            return err_new(ERR_BAD_ARGUMENTS, "%s: the value has more than %zu bytes", where, key->size - 1);
        }
        memcpy(to, value, strlen(value) + 1);
        return NULL;
    }
    if (!number_parse_u64(slice_text(value), &number) || number > key->max) {
        return err_new(ERR_BAD_ARGUMENTS, "%s: \"%s\" is not a number from 0 to %llu", where, value,
                       (unsigned long long)key->max);
    }
    if (key->kind == KEY_U32) {
        *(uint32_t *)(void *)to = (uint32_t)number;
    } else {
        *(uint64_t *)(void *)to = number;
    }
    return NULL;
}

/* The key that a word names; flags have '-' for '_'. */
static const struct key *find(const char *word, size_t length)
{
    for (size_t k = 0; k < KEY_COUNT; k++) {
        bool same = strlen(keys[k].name) == length;
        for (size_t c = 0; same && c < length; c++) {
            char letter = word[c] == '-' ? '_' : (char)tolower((unsigned char)word[c]);
            same = letter == keys[k].name[c];
        }
        if (same) {
            return &keys[k];
        }
    }
    return NULL;
}

void config_init(struct config *config)
{
    memset(config, 0, sizeof(*config));
    for (size_t k = 0; k < KEY_COUNT; k++) {
        ASSERT(set(config, &keys[k], keys[k].fallback, keys[k].name) == NULL);
    }
}

/* A mapping of scalars, one level deep. */
static struct err *read_file(struct config *config, const char *path)
{
    struct err *err = NULL;
    yaml_parser_t parser;
    yaml_event_t event;
    const struct key *key = NULL;
    int depth = 0, users = 0; /* users: depth within that section, which access_config.c reads */
    bool more = true;
    if (strlen(path) >= sizeof(config->config_file)) {
        return err_new(ERR_BAD_ARGUMENTS, "--config: the path is too long");
    }
    memcpy(config->config_file, path, strlen(path) + 1);
    FILE *file = fopen(path, "re");
    if (file == NULL) {
        return err_errno(ERR_OPEN_FILE, errno, "reading the configuration file \"%s\"", path);
    }
    if (!yaml_parser_initialize(&parser)) {
        (void)fclose(file);
        return err_oom();
    }
    yaml_parser_set_input_file(&parser, file);
    while (more && err == NULL) {
        if (!yaml_parser_parse(&parser, &event)) {
            err = err_new(ERR_BAD_ARGUMENTS, "%s, line %zu: %s", path, parser.problem_mark.line + 1,
                          parser.problem == NULL ? "not YAML" : parser.problem);
            break;
        }
        char where[1200];
        (void)snprintf(where, sizeof(where), "%s, line %zu", path, event.start_mark.line + 1);
        if (users > 0) {
            users += event.type == YAML_MAPPING_START_EVENT || event.type == YAML_SEQUENCE_START_EVENT;
            users -= event.type == YAML_MAPPING_END_EVENT || event.type == YAML_SEQUENCE_END_EVENT;
            users = users == 1 ? 0 : users; /* its value has ended */
            yaml_event_delete(&event);
            continue;
        }
        switch (event.type) {
        case YAML_STREAM_END_EVENT:
            more = false;
            break;
        case YAML_MAPPING_START_EVENT:
            if (++depth > 1) {
                err = err_new(ERR_BAD_ARGUMENTS, "%s: a value, not a mapping, must stand here", where);
            }
            break;
        case YAML_MAPPING_END_EVENT:
            depth--;
            break;
        case YAML_SEQUENCE_START_EVENT:
            err = err_new(ERR_BAD_ARGUMENTS, "%s: a value, not a list, must stand here", where);
            break;
        case YAML_SCALAR_EVENT:
            if (depth == 0) {
                err = event.data.scalar.length == 0
                          ? NULL
                          : err_new(ERR_BAD_ARGUMENTS, "%s: the file must hold lines of \"key: value\"", where);
            } else if (key == NULL &&
                       slice_equal(slice_of((const char *)event.data.scalar.value, event.data.scalar.length),
                                   slice_text("users"))) {
                users = 1;
            } else if (key == NULL &&
                       slice_equal(slice_of((const char *)event.data.scalar.value, event.data.scalar.length),
                                   slice_text("alerting"))) {
                users = 1; /* deliver_config.c reads it */
            } else if (key == NULL) {
                key = find((const char *)event.data.scalar.value, event.data.scalar.length);
                if (key == NULL) {
                    err = err_new(ERR_BAD_ARGUMENTS, "%s: there is no key \"%s\"; weir server --help lists them", where,
                                  (const char *)event.data.scalar.value);
                }
            } else {
                err = set(config, key, (const char *)event.data.scalar.value, where);
                key = NULL;
            }
            break;
        default:
            break;
        }
        yaml_event_delete(&event);
    }
    yaml_parser_delete(&parser);
    (void)fclose(file);
    return err;
}

static struct err *read_environment(struct config *config)
{
    for (size_t k = 0; k < KEY_COUNT; k++) {
        char name[64] = "WEIR_";
        for (size_t c = 0; c <= strlen(keys[k].name); c++) {
            name[5 + c] = (char)toupper((unsigned char)keys[k].name[c]);
        }
        const char *value = getenv(name);
        struct err *err = value == NULL ? NULL : set(config, &keys[k], value, name);
        if (err != NULL) {
            return err;
        }
    }
    return NULL;
}

/* "--name value" or "--name=value"; file: only --config is read, otherwise everything else. */
static struct err *read_flags(struct config *config, int argc, char **argv, bool *help, bool file)
{
    for (int k = 1; k < argc; k++) {
        const char *flag = argv[k];
        if (strcmp(flag, "--help") == 0 || strcmp(flag, "-h") == 0) {
            *help = true;
            return NULL;
        }
        const char *name = flag + 2, *equals = strchr(flag, '=');
        size_t length = equals == NULL ? strlen(flag) : (size_t)(equals - flag);
        const struct key *key = length > 2 && strncmp(flag, "--", 2) == 0 ? find(name, length - 2) : NULL;
        bool is_config = length == 8 && strncmp(flag, "--config", 8) == 0;
        if (key == NULL && !is_config) {
            return err_new(ERR_BAD_ARGUMENTS, "unknown flag \"%s\"; weir server --help lists them", flag);
        }
        if (equals == NULL && k + 1 == argc) {
            return err_new(ERR_BAD_ARGUMENTS, "%s needs a value", flag);
        }
        const char *value = equals == NULL ? argv[++k] : equals + 1;
        struct err *err = NULL;
        if (is_config && file) {
            err = read_file(config, value);
        } else if (!is_config && !file) {
            char where[64];
            (void)snprintf(where, sizeof(where), "%.*s", (int)(length < 60 ? length : 60), flag);
            err = set(config, key, value, where);
        }
        if (err != NULL) {
            return err;
        }
    }
    return NULL;
}

struct err *config_read(struct config *config, int argc, char **argv, bool *help)
{
    struct err *err = NULL;
    *help = false;
    OR_DONE(read_flags(config, argc, argv, help, true));
    OR_DONE(read_environment(config));
    OR_DONE(read_flags(config, argc, argv, help, false));
done:
    return err;
}

bool config_describe(const struct config *config, uint32_t index, struct config_key *out, struct buffer *value)
{
    if (index >= KEY_COUNT) {
        return false;
    }
    const struct key *key = &keys[index];
    const void *from = (const char *)config + key->offset;
    *out = (struct config_key){.name = key->name,
                               .type = key->kind == KEY_TEXT ? "String" : "UInt64",
                               .fallback = key->fallback,
                               .meaning = key->meaning};
    if (key->kind == KEY_TEXT) {
        buffer_text(value, from);
    } else {
        uint64_t number = key->kind == KEY_U32 ? *(const uint32_t *)from : *(const uint64_t *)from;
        buffer_printf(value, "%llu", (unsigned long long)number);
    }
    return true;
}

void config_help(struct buffer *out)
{
    buffer_text(out, "  --config FILE                  YAML file of the keys below, with '_' for '-'\n");
    for (size_t k = 0; k < KEY_COUNT; k++) {
        char flag[64];
        (void)snprintf(flag, sizeof(flag), "--%s", keys[k].name);
        for (char *c = flag; *c != 0; c++) {
            *c = *c == '_' ? '-' : *c;
        }
        buffer_printf(out, "  %-30s %s%s%s%s\n", flag, keys[k].meaning, *keys[k].fallback == 0 ? "" : " (",
                      keys[k].fallback, *keys[k].fallback == 0 ? "" : ")");
    }
    buffer_text(out, "Each key is also an environment variable: WEIR_HTTP_PORT=8123.\n");
}
