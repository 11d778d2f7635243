/* System calls. Only what the core's C code uses; names, sizes and values of bionic, API 26. */
#pragma once

#include <asm/unistd.h>
#define SYS_rt_sigprocmask __NR_rt_sigprocmask
#ifdef __cplusplus
extern "C"
#endif
long syscall(long, ...);
