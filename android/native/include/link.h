/* Walking loaded libraries, for the unwinder. Only what the core's C code uses; names, sizes and values of bionic, API 26. */
#pragma once

#include <stddef.h>
#include <elf.h>
#define ElfW(t) Elf64_##t
struct dl_phdr_info {
    Elf64_Addr dlpi_addr;
    const char *dlpi_name;
    const Elf64_Phdr *dlpi_phdr;
    Elf64_Half dlpi_phnum;
    unsigned long long dlpi_adds, dlpi_subs;
    size_t dlpi_tls_modid;
    void *dlpi_tls_data;
};
#ifdef __cplusplus
extern "C"
#endif
int dl_iterate_phdr(int (*)(struct dl_phdr_info *, size_t, void *), void *);
