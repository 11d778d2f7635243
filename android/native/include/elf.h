/* ELF types of the kernel headers. Only what the core's C code uses; names, sizes and values of bionic, API 26. */
#pragma once

#include <linux/elf.h>
#include <linux/auxvec.h>
#define ELF64_ST_TYPE(i) ((i)&0xf)
