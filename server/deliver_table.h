/*
 * deliver_table.h: delivery as a part of the server: its configuration, and system.alert_deliveries.
 */
#ifndef SERVER_DELIVER_TABLE_H
#define SERVER_DELIVER_TABLE_H

#include "server/deliver.h"
#include "server/server.h"

/* Opens the table, reads what receivers confirmed before, starts delivery: server->deliver. */
struct err *deliver_open(struct server *server);
void deliver_close(struct server *server);

#endif
