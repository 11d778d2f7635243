/* Gathered input and output. Only what the core's C code uses; names, sizes and values of bionic, API 26. */
#pragma once

#include <stddef.h>
struct iovec {
    void *iov_base;
    size_t iov_len;
};
