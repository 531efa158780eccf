/*
 * config.h: the server's settings from a YAML file, the environment and flags, in rising order.
 *
 * Every key is the same word three ways: `http_port: 8123` in the file, WEIR_HTTP_PORT=8123 in the environment,
 * --http-port 8123 as a flag. Unknown keys and values that do not fit are errors that name file and line, variable or
 * flag.
 */
#ifndef SERVER_CONFIG_H
#define SERVER_CONFIG_H

#include "base/err.h"
#include "base/log.h"
#include "base/text.h"

#include <stdint.h>

struct config {
    char config_file[1024]; /* that was read, or "": its section users is access_config.c's */
    char data_dir[1024];
    char http_host[256];
    uint32_t http_port;          /* 0: any free one, printed in the ready line */
    uint32_t native_port;        /* 0: off */
    char tls_host[256];          /* "": http_host */
    uint32_t https_port;         /* 0: off */
    uint32_t native_secure_port; /* 0: off */
    char tls_certificate[512];
    char tls_key[512];
    char tls_client_ca[512];
    uint32_t threads;     /* query threads; 0: one per processor */
    uint32_t queries_max; /* running at the same time */
    uint32_t queries_waiting_max;
    uint32_t connections_max;
    uint32_t live_viewers_max;
    uint32_t live_subscriptions_max;
    uint32_t live_subscriptions_per_viewer_max;
    uint32_t live_queries_max;    /* different ones */
    uint32_t live_runs_max;       /* at a time */
    uint64_t live_memory_max;     /* bytes of live queries' answers and events */
    uint32_t http_head_bytes_max; /* of a request's first line and headers; a connection's memory */
    uint32_t http_timeout_s;      /* of silent connections; 0: none */
    uint32_t metrics_for_all;     /* 0: /metrics and /anchor are for this machine alone */
    uint64_t query_memory_max;    /* bytes of one query */
    uint64_t queries_memory_max;  /* bytes of all queries */
    uint64_t temporary_bytes_max; /* of all queries' temporary files; 0: as many as the disk has */
    char user_files_path[512];
    char backups_path[512];
    char dashboards_path[512];
    uint64_t temporary_tables_memory_max;
    uint64_t dictionaries_memory_max;
    uint64_t ingest_memory_max; /* bytes of heads, queues and decoding */
    uint64_t block_cache_bytes;
    uint64_t partial_cache_bytes;
    uint64_t insert_log_keep_bytes;
    uint64_t merge_bytes_per_s_max; /* of background merges; 0: no limit */
    uint32_t segments_to_delay_insert;
    uint32_t segments_to_throw_insert;
    uint64_t retention_bytes;      /* of all tables' segments; 0: no limit */
    uint32_t settle_s;             /* of silence, then the last commit is made known to be durable */
    uint64_t max_execution_time_s; /* default of the setting; 0: none */
    char alertmanager[2048];       /* URLs; deliver_config.c */
    char alert_webhook[2048];
    char alert_file[1024];
    char external_url[1024];
    char timezone[64];     /* "": the system's */
    char rule_files[4096]; /* paths and globs, by commas */
    uint32_t alert_max_wait_s;
    uint64_t alert_panes_memory_max; /* of all rules; 0: they have none */
    uint32_t test_clock;             /* SYSTEM SET CLOCK is allowed */
    uint64_t statement_cache_bytes;
    char log_level[16];
    char log_format[16];
};

void config_init(struct config *config);
/* Reads --config FILE, the environment and the flags. argv[0] is not looked at. *help: --help was given. */
struct err *config_read(struct config *config, int argc, char **argv, bool *help);
/* For system.server_settings: a key, its value, default and meaning. Index from 0; false: no more. */
struct config_key {
    const char *name, *type, *fallback, *meaning;
};
bool config_describe(const struct config *config, uint32_t index, struct config_key *out, struct buffer *value);
/* A line per key: flag, default, meaning. */
void config_help(struct buffer *out);

#endif
