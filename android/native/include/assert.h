/* Assertions, as bionic reports them. Only what the core's C code uses; names, sizes and values of bionic, API 26. */
#pragma once

#ifdef __cplusplus
extern "C" {
#endif
void __assert2(const char *, int, const char *, const char *) __attribute__((noreturn));
#ifdef NDEBUG
#define assert(e) ((void)0)
#else
#define assert(e) ((e)?(void)0:__assert2(__FILE__,__LINE__,__func__,#e))
#endif
#ifdef __cplusplus
}
#endif
