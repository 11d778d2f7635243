/* Error numbers and where bionic keeps the last one. Only what the core's C code uses; names, sizes and values of bionic, API 26. */
#pragma once

#ifdef __cplusplus
extern "C" {
#endif
#include <linux/errno.h>
int *__errno(void) __attribute__((const));
#define errno (*__errno())
#define ENOTSUP EOPNOTSUPP
#ifdef __cplusplus
}
#endif
