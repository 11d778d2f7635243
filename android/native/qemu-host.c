/* Loads the packaged core under qemu on an arm64 musl: `host LIBRARY FOLDER NAME…`. A probe is run with the
 * folder and must give 0; of a checksum function of the bindings the value is printed. bionic's own names that musl lacks are lent here, so that the library is run as it was built. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

extern int *__errno_location(void);

int *__errno(void) {
    return __errno_location();
}

void __assert2(const char *file, int line, const char *function, const char *what) {
    fprintf(stderr, "assert %s:%d %s: %s\n", file, line, function, what);
    abort();
}

int __android_log_write(int priority, const char *tag, const char *text) {
    return fprintf(stderr, "%d %s %s\n", priority, tag, text);
}

/* No property is set here. */
int __system_property_get(const char *name, char *value) {
    (void)name;
    value[0] = 0;
    return 0;
}

/* bionic numbers these differently from musl. */
long sysconf(int name) {
    long (*real)(int) = (long (*)(int))dlsym(RTLD_NEXT, "sysconf");
    switch (name) {
    case 39:
    case 40:
        return real(_SC_PAGESIZE);
    case 96:
        return real(_SC_NPROCESSORS_CONF);
    case 97:
        return real(_SC_NPROCESSORS_ONLN);
    default:
        return real(name);
    }
}

static int run(const char *name, void *symbol, const char *folder) {
    int result = symbol ? ((int (*)(const char *))symbol)(folder) : -1;
    printf("%s %s (%d)\n", result == 0 ? "ok    " : "FAILED", name, result);
    return result != 0;
}

static int show(const char *name, void *symbol) {
    if (!symbol) return 1;
    printf("%s %u\n", name, (unsigned)((unsigned short (*)(void))symbol)());
    return 0;
}

int main(int count, char **arguments) {
    if (count < 4) return 2;
    void *library = dlopen(arguments[1], RTLD_NOW);
    if (!library) {
        printf("cannot be loaded: %s\n", dlerror());
        return 1;
    }
    int failed = 0;
    for (int i = 3; i < count; i++) {
        const char *name = arguments[i];
        void *symbol = dlsym(library, name);
        failed |= strstr(name, "_checksum_") ? show(name, symbol) : run(name, symbol, arguments[2]);
        fflush(stdout);
    }
    return failed;
}
