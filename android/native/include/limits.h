/* Limits. Only what the core's C code uses; names, sizes and values of bionic, API 26. */
#pragma once

#include_next <limits.h>
#define PATH_MAX 4096
