/* client.h: the subcommand `weir client`. */
#ifndef CLIENT_CLIENT_H
#define CLIENT_CLIENT_H

/* argv[0] is "client". Returns the process's exit code. */
int client_main(int argc, char **argv);

#endif
