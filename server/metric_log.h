/*
 * metric_log.h: how the server's numbers were: once a second those of system.metrics and events, every ten seconds those
 * of asynchronous_metrics, as system.metric_log and asynchronous_metric_log. What dashboards of ClickHouse draw.
 *
 * memory   in two rings of a size that is known: METRIC_LOG_SECONDS and MACHINE_LOG_SECONDS; a restart forgets them.
 *          /metrics is for those who keep more
 * thread   one takes samples; any reads
 */
#ifndef SERVER_METRIC_LOG_H
#define SERVER_METRIC_LOG_H

#include "server/server.h"

#define METRIC_LOG_SECONDS  14400U /* 4 hours: 4 MiB once they are full */
#define MACHINE_LOG_SECONDS 86400U

struct metric_log;
struct err *metric_log_create(struct metric_log **out);
void metric_log_destroy(struct metric_log *log); /* accepts NULL */
/* Takes what is due, if anything is: to be called once a second. */
void metric_log_sample(struct server *server);

#endif
