/*
 * dashboard_schema.h: is a text the definition of a dashboard? docs/DASHBOARD.md says what that is.
 */
#ifndef SERVER_DASHBOARD_SCHEMA_H
#define SERVER_DASHBOARD_SCHEMA_H

#include "base/err.h"
#include "base/slice.h"

#define DASHBOARD_BYTES_MAX ((size_t)512 << 10)

/* ERR_BAD_ARGUMENTS says where and why not: "panels[2].kind: …". */
struct err *dashboard_check(struct slice text);

#endif
