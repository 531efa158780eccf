/*
 * demo.h: `weir demo`: the main job on real flights, with a Kafka inside the process.
 */
#ifndef SERVER_DEMO_H
#define SERVER_DEMO_H

int demo_main(int argc, char **argv);

#endif
