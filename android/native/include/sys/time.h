/* Time with microseconds. Only what the core's C code uses; names, sizes and values of bionic, API 26. */
#pragma once

#include <sys/types.h>
struct timeval {
    time_t tv_sec;
    suseconds_t tv_usec;
};
int gettimeofday(struct timeval *, void *);
int utimes(const char *, const struct timeval[2]);
