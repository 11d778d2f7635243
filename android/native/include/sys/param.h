/* Limits by their old name. Only what the core's C code uses; names, sizes and values of bionic, API 26. */
#pragma once

#include <limits.h>
