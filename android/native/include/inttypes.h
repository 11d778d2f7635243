/* Print formats of a 64-bit ARM. Only what the core's C code uses; names, sizes and values of bionic, API 26. */
#pragma once

#include <stdint.h>
#define PRIu64 "lu"
#define PRIx64 "lx"
#define PRIxPTR "lx"
#define PRIuPTR "lu"
#define PRId64 "ld"
#define PRIXPTR "lX"
#define PRIu8 "u"
#define PRId8 "d"
#define PRIu32 "u"
#define PRIx32 "x"
