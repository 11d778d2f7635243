/* Files by descriptor. Only what the core's C code uses; names, sizes and values of bionic, API 26. */
#pragma once

#include <sys/types.h>
#include <linux/fcntl.h>
int open(const char *, int, ...);
int fcntl(int, int, ...);
