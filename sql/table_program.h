/*
 * table_program.h: the expressions of tables (PARTITION BY, ORDER BY, TTL, DEFAULT), bound and run for storage.
 */
#ifndef SQL_TABLE_PROGRAM_H
#define SQL_TABLE_PROGRAM_H

/* Registers the functions with storage/table_functions.h: once, at start, before a store is opened. */
void table_program_register(void);

#endif
