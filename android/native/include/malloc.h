/* The allocator. Only what the core's C code uses; names, sizes and values of bionic, API 26. */
#pragma once

#include <stdlib.h>
size_t malloc_usable_size(const void *);
