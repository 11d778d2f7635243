/* Streams. Only what the core's C code uses; names, sizes and values of bionic, API 26. */
#pragma once

#ifdef __cplusplus
extern "C" {
#endif
#define FILENAME_MAX 4096
#include <stdarg.h>
#include <sys/types.h>
typedef struct __sFILE FILE;
extern FILE *stdin, *stdout, *stderr;
#define EOF (-1)
#ifndef SEEK_SET
#define SEEK_SET 0
#define SEEK_CUR 1
#define SEEK_END 2
#endif
int printf(const char *, ...);
int fprintf(FILE *, const char *, ...);
int snprintf(char *, size_t, const char *, ...);
int vsnprintf(char *, size_t, const char *, va_list);
int fflush(FILE *);
size_t fwrite(const void *, size_t, size_t, FILE *);
FILE *fopen(const char *, const char *);
int fclose(FILE *);
int rename(const char *, const char *);
#ifdef __cplusplus
}
#endif
