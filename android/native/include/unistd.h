/* The system; the numbers of sysconf are bionic's own. Only what the core's C code uses; names, sizes and values of bionic, API 26. */
#pragma once

#ifdef __cplusplus
extern "C" {
#endif
#include <sys/types.h>
#define F_OK 0
#define R_OK 4
#define W_OK 2
#define SEEK_SET 0
#define SEEK_CUR 1
#define SEEK_END 2
#define _SC_PAGESIZE 39
#define _SC_PAGE_SIZE 40
#define _SC_NPROCESSORS_ONLN 97
int access(const char *, int);
int close(int);
ssize_t read(int, void *, size_t);
ssize_t write(int, const void *, size_t);
ssize_t pread(int, void *, size_t, off_t);
ssize_t pwrite(int, const void *, size_t, off_t);
int ftruncate(int, off_t);
int fsync(int);
int fdatasync(int);
int fchown(int, uid_t, gid_t);
int unlink(const char *);
int rmdir(const char *);
ssize_t readlink(const char *, char *, size_t);
char *getcwd(char *, size_t);
pid_t getpid(void);
uid_t geteuid(void);
uid_t getuid(void);
long sysconf(int);
off_t lseek(int, off_t, int);
int usleep(useconds_t);
unsigned sleep(unsigned);
int isatty(int);
int link(const char *, const char *);
int getpagesize(void);
#ifdef __cplusplus
}
#endif
