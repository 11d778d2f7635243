/* File times. Only what the core's C code uses; names, sizes and values of bionic, API 26. */
#pragma once

#include <sys/types.h>
struct utimbuf {
    time_t actime, modtime;
};
int utime(const char *, const struct utimbuf *);
