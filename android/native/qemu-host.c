/* Loads the packaged core under qemu on an arm64 musl and runs its probes: `host LIBRARY FOLDER PROBE…`.
 * bionic's own names that musl lacks are lent here, so that the library is run as it was built. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
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

int main(int count, char **arguments) {
    if (count < 4) return 2;
    void *library = dlopen(arguments[1], RTLD_NOW);
    if (!library) {
        printf("cannot be loaded: %s\n", dlerror());
        return 1;
    }
    int failed = 0;
    for (int i = 3; i < count; i++) {
        int (*probe)(const char *) = (int (*)(const char *))dlsym(library, arguments[i]);
        int result = probe ? probe(arguments[2]) : -1;
        printf("%s %s (%d)\n", result == 0 ? "ok    " : "FAILED", arguments[i], result);
        fflush(stdout);
        failed |= result != 0;
    }
    return failed;
}
