/*
 * dashboards.h: definitions of dashboards as files NAME.json in one directory, at /dashboards and /dashboards/NAME.
 */
#ifndef SERVER_DASHBOARDS_H
#define SERVER_DASHBOARDS_H

#include "server/execute.h"

/* An endpoint's answer (endpoint.h). */
struct err *dashboards_answer(struct execution *execution, struct slice body);

#endif
