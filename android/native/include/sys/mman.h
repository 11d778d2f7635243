/* Memory maps. Only what the core's C code uses; names, sizes and values of bionic, API 26. */
#pragma once

#include <sys/types.h>
#include <linux/mman.h>
#define MAP_FAILED ((void*)-1)
void *mmap(void *, size_t, int, int, int, off_t);
int munmap(void *, size_t);
void *mremap(void *, size_t, size_t, int, ...);
int msync(void *, size_t, int);
