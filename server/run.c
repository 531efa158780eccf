/*
 * run.c: the server's life.
 *
 * order    threads, registries → store (ledger, tables, insert log, dead letters) → compactor → sources → HTTP; stopped
 *          in the opposite order, so that nobody asks for what is gone
 */
#include "server/run.h"

#include "base/clock.h"
#include "base/pages.h"
#include "base/pool.h"
#include "base/timezone.h"
#include "ingest/source.h"
#include "query/file_source.h"
#include "query/partial_cache.h"
#include "server/statement_cache.h"
#include "server/flight.h"
#include "server/live.h"
#include "server/access.h"
#include "base/log.h"
#include "server/alerts.h"
#include "server/async_insert.h"
#include "server/backups.h"
#include "server/completeness.h"
#include "server/deliver_table.h"
#include "server/dictionaries.h"
#include "server/expire.h"
#include "server/materialized.h"
#include "server/metric_log.h"
#include "server/refresh.h"
#include "server/sessions.h"
#include "server/http.h"
#include "server/native.h"
#include "server/tls.h"
#include "sql/table_program.h"
#include "storage/compactor.h"
#include "storage/retention.h"
#include "storage/dead_letter.h"
#include "storage/insert.h"
#include "storage/table.h"

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <strings.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <time.h>

#define TICK_US        1000000U /* between two looks at the certificate's files; samples of the numbers */
#define ANSWERS_MS_MAX 1000U

static struct err *configure_log(const struct config *config)
{
    static const char *const levels[] = {"debug", "info", "warning", "error", "none"};
    int level = -1;
    for (int k = 0; k < 5; k++) {
        if (strcasecmp(config->log_level, levels[k]) == 0) {
            level = k;
        }
    }
    bool json = strcasecmp(config->log_format, "json") == 0;
    if (level < 0 || (!json && strcasecmp(config->log_format, "text") != 0)) {
        return err_new(ERR_BAD_ARGUMENTS,
                       "log_level is debug, info, warning, error or none, log_format text or json; "
                       "\"%s\" and \"%s\" were given",
                       config->log_level, config->log_format);
    }
    log_configure((enum log_level)level, json ? LOG_FORMAT_JSON : LOG_FORMAT_TEXT);
    return NULL;
}

/* As many files as the system lets us have: segments are opened one by one, connections stay open. */
static void raise_file_limit(void)
{
    struct rlimit limit;
    if (getrlimit(RLIMIT_NOFILE, &limit) == 0) {
        limit.rlim_cur = limit.rlim_max;
        (void)setrlimit(RLIMIT_NOFILE, &limit);
    }
}

static void register_all(struct server *server)
{
    static bool done;
    if (!done) {
        source_register_builtin();
        kafka_function_register();
        table_program_register();
        done = true;
    }
    system_tables_register(server);
}

static void rows_gone(void *cache, uint64_t high, uint64_t low)
{
    partial_cache_forget(cache, high, low);
}

struct err *server_start(const struct config *config, struct server **out, uint32_t *port)
{
    struct err *err = NULL;
    struct server *server = calloc(1, sizeof(*server));
    if (server == NULL) {
        return err_oom();
    }
    server->config = *config;
    lock_init(&server->lock, LOCK_SERVER);
    server->started_at_us = clock_wall_us();
    budget_init(&server->queries_budget, "all queries", config->queries_memory_max, NULL);
    budget_init(&server->rule_panes_budget, "panes of rules", config->alert_panes_memory_max, &server->queries_budget);
    budget_init(&server->ingest_budget, "ingest", config->ingest_memory_max, NULL);
    server->log = calloc(QUERY_LOG_ROWS, sizeof(*server->log));
    if (server->log == NULL) {
        err = err_oom();
        goto done;
    }
    server->zone = timezone_system();
    if (config->timezone[0] != 0) {
        OR_DONE(timezone_find(slice_text(config->timezone), &server->zone));
    }
    if (!file_source_directory(config->user_files_path)) {
        err = err_new(ERR_BAD_ARGUMENTS, "user_files_path is too long");
        goto done;
    }
    OR_DONE(tls_start(config, &server->tls));
    raise_file_limit();
    OR_DONE(pages_give_back_start(config->queries_memory_max / 4));
    OR_DONE(query_threads_start(config->threads));
    register_all(server);
    if (mkdir(config->data_dir, 0750) != 0 && errno != EEXIST) {
        err = err_errno(ERR_OPEN_FILE, errno, "making the data directory \"%s\"", config->data_dir);
        goto done;
    }
    tables_cache_bytes(config->block_cache_bytes);
    server->flights = malloc(sizeof(*server->flights));
    if (server->flights == NULL) {
        err = err_oom();
        goto done;
    }
    flights_init(server->flights, &server->queries_budget);
    OR_DONE(metric_log_create(&server->metric_log));
    if (config->partial_cache_bytes > 0) {
        server->partial_cache = partial_cache_create(config->partial_cache_bytes);
        if (server->partial_cache == NULL) {
            err = err_oom();
            goto done;
        }
        tables_on_rows_gone(rows_gone, server->partial_cache);
    }
    if (config->statement_cache_bytes > 0) {
        server->statements = statement_cache_create(config->statement_cache_bytes);
        if (server->statements == NULL) {
            err = err_oom();
            goto done;
        }
    }
    pages_keep_max((uint64_t)96 << 20, config->queries_memory_max / 4);
    struct store_options store_options = {.data_dir = config->data_dir, .hooks = &table_hooks};
    OR_DONE(store_open(&store_options, &server->store));
    OR_DONE(spill_space_open(&server->spill, server->store->io, config->temporary_bytes_max));
    OR_DONE(dead_letters_open(server->store));
    OR_DONE(materialized_start(server));
    struct insert_log_options insert_options = {.budget = &server->ingest_budget,
                                                .keep_bytes = config->insert_log_keep_bytes};
    OR_DONE(insert_log_open(server->store, &insert_options));
    OR_DONE(async_inserts_start(server));
    OR_DONE(catalogue_drop_unfinished(server->store->catalogue));
    OR_DONE(materialized_clean(server));
    struct retention_options retention_options = {.bytes_max = config->retention_bytes,
                                                  .settle_us = (uint64_t)config->settle_s * 1000000};
    OR_DONE(retention_start(server->store, &retention_options, &server->retention));
    struct compactor_options compactor_options = {.bytes_per_s_max = config->merge_bytes_per_s_max,
                                                  .delay_from = config->segments_to_delay_insert,
                                                  .throw_from = config->segments_to_throw_insert};
    OR_DONE(compactor_start(server->store, &compactor_options, &server->compactor));
    OR_DONE(access_start(server));
    OR_DONE(sessions_start(server));
    OR_DONE(backups_start(server));
    OR_DONE(dictionaries_start(server));
    materialized_ready(server);
    OR_DONE(expiry_start(server));
    OR_DONE(deliver_open(server));
    OR_DONE(refresh_start(server));
    struct sources_options sources_options = {.budget = &server->ingest_budget, .zone = server->zone};
    OR_DONE(sources_start(server->store, &sources_options, &server->sources));
    completeness_start(server);
    OR_DONE(live_start(server));
    OR_DONE(alerts_start(server));
    OR_DONE(pool_create("query", ADMISSION_THREADS(config->queries_max), &server->pool));
    OR_DONE(http_start(server, &server->http, port));
    deliver_reached_at(server->deliver, config->http_host, *port);
    OR_DONE(alerts_begin(server));
    if (config->native_port != 0 || config->native_secure_port != 0) {
        err = native_start(server, &server->native);
        if (err != NULL) {
            err = err_while(err, "the native protocol (native_port, native_secure_port; 0 turns them off)");
            goto done;
        }
    }
    *out = server;
    server = NULL;
done:
    err_free(server_stop(server));
    return err;
}

/* Whoever waited for an INSERT to be stored hears of it, if it reads. */
static void let_answers_go(const struct server *server)
{
    const struct timespec moment = {.tv_nsec = 1000000};
    for (uint32_t k = 0; k < ANSWERS_MS_MAX && (http_answers(server->http) || native_answers(server->native)); k++) {
        (void)nanosleep(&moment, NULL);
    }
}

struct err *server_stop(struct server *server)
{
    struct err *err = NULL;
    if (server == NULL) {
        return NULL;
    }
    async_inserts_drain(server);
    let_answers_go(server);
    http_cancel(server->http);
    native_cancel(server->native);
    live_stop(server);
    pool_destroy(server->pool); /* runs the last steps, in which all requests end */
    server->pool = NULL;
    http_stop(server->http);
    live_free(server);
    native_stop(server->native);
    tls_stop(server->tls);
    server->http = NULL;
    server->native = NULL;
    backups_async_stop(server);
    alerts_stop(server);
    completeness_stop();
    sources_stop(server->sources);
    deliver_close(server);
    expiry_stop(server);
    refresh_stop(server);
    materialized_closing(server);
    backups_stop(server);
    compactor_stop(server->compactor);
    retention_stop(server->retention);
    async_inserts_stop(server);
    if (server->store != NULL) { /* what it commits at the end goes through views: their SELECTs need the others */
        insert_log_close(server->store);
    }
    dictionaries_stop(server);
    sessions_stop(server);
    access_stop(server);
    if (server->store != NULL) {
        dead_letters_close(server->store);
        materialized_stop(server);
        err = store_close(server->store);
    }
    query_threads_stop();
    tables_on_rows_gone(NULL, NULL);
    partial_cache_destroy(server->partial_cache);
    statement_cache_destroy(server->statements);
    if (server->flights != NULL) {
        flights_deinit(server->flights);
        free(server->flights);
    }
    for (uint32_t k = 0; server->log != NULL && k < QUERY_LOG_ROWS; k++) {
        query_log_entry_deinit(&server->log[k]);
    }
    free(server->log);
    metric_log_destroy(server->metric_log);
    pages_give_back_stop();
    lock_deinit(&server->lock);
    free(server);
    return err;
}

static bool waits_for_hangup;

static sigset_t awaited_signals(void)
{
    sigset_t set;
    (void)sigemptyset(&set);
    (void)sigaddset(&set, SIGTERM);
    (void)sigaddset(&set, SIGINT);
    if (waits_for_hangup) {
        (void)sigaddset(&set, SIGHUP);
    }
    return set;
}

void server_block_signals(bool hangup)
{
    waits_for_hangup = hangup;
    sigset_t set = awaited_signals();
    (void)pthread_sigmask(SIG_BLOCK, &set, NULL);
    (void)signal(SIGPIPE, SIG_IGN);
}

int server_wait_signal(uint64_t timeout_us)
{
    sigset_t set = awaited_signals();
    int number = -1;
    for (uint64_t waited_us = 0; number < 0 && waited_us < timeout_us;) {
        uint64_t us = timeout_us - waited_us < 1000000 ? timeout_us - waited_us : 1000000;
        struct timespec timeout = {.tv_sec = (time_t)(us / 1000000), .tv_nsec = (long)(us % 1000000 * 1000)};
        number = sigtimedwait(&set, NULL, &timeout);
        waited_us += us;
        pages_age(clock_monotonic_us());
    }
    return number < 0 ? 0 : number;
}

static int fail(struct err *err)
{
    (void)fprintf(stderr, "weir server: %s\n", err_message(err));
    err_free(err);
    return 1;
}

static void print_ready(const struct config *config, uint32_t http_port)
{
    const char *tls_host = config->tls_host[0] != 0 ? config->tls_host : config->http_host;
    (void)printf("ready http=%s:%u", config->http_host, http_port);
    if (config->native_port != 0) {
        (void)printf(" native=%s:%u", config->http_host, config->native_port);
    }
    if (config->https_port != 0) {
        (void)printf(" https=%s:%u", tls_host, config->https_port);
    }
    if (config->native_secure_port != 0) {
        (void)printf(" native_secure=%s:%u", tls_host, config->native_secure_port);
    }
    (void)printf(" data=%s\n", config->data_dir);
    (void)fflush(stdout);
}

/* Until somebody wants it to stop. */
static void serve(struct server *server)
{
    for (int number = 0; number != SIGTERM && number != SIGINT;) {
        number = server_wait_signal(TICK_US);
        tls_refresh(server->tls, number == SIGHUP);
        metric_log_sample(server);
        if (number == SIGHUP) {
            struct err *err = alerts_reload(server);
            if (err != NULL) {
                LOG_ERROR("rule files cannot be read", LOG_ERR(err));
                err_free(err);
            }
        }
    }
}

int server_main(int argc, char **argv)
{
    struct config config;
    struct server *server = NULL;
    uint32_t port = 0;
    bool help;
    config_init(&config);
    struct err *err = config_read(&config, argc, argv, &help);
    if (err != NULL) {
        (void)fail(err);
        return 2;
    }
    if (help) {
        struct buffer text = {0};
        buffer_text(&text,
                    "weir server [FLAGS]: runs the server in the foreground, logs to stderr, stops on SIGTERM and "
                    "SIGINT; with TLS it\nreads its certificate again on SIGHUP.\n\n");
        config_help(&text);
        (void)printf("%.*s", (int)text.length, text.data);
        buffer_deinit(&text);
        return 0;
    }
    server_block_signals(config.https_port != 0 || config.native_secure_port != 0);
    err = configure_log(&config);
    if (err == NULL) {
        err = server_start(&config, &server, &port);
    }
    if (err != NULL) {
        return fail(err);
    }
    print_ready(&config, port);
    serve(server);
    LOG_INFO("stopping");
    err = server_stop(server);
    return err == NULL ? 0 : fail(err);
}
