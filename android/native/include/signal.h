/* Signals. Only what the core's C code uses; names, sizes and values of bionic, API 26. */
#pragma once

#include <sys/types.h>
#include <asm/signal.h>
#define NSIG 64
