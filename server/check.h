/*
 * check.h: `weir check`: verifies a data directory; lists failpoints for the tests.
 */
#ifndef SERVER_CHECK_H
#define SERVER_CHECK_H

int check_main(int argc, char **argv);

#endif
