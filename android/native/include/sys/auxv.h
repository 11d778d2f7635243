/* The auxiliary vector. Only what the core's C code uses; names, sizes and values of bionic, API 26. */
#pragma once

#ifdef __cplusplus
extern "C"
#endif
unsigned long getauxval(unsigned long);
