/* Device control. Only what the core's C code uses; names, sizes and values of bionic, API 26. */
#pragma once

int ioctl(int, int, ...);
