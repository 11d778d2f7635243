/* File status, laid out as the kernel does on 64-bit ARM. Only what the core's C code uses; names, sizes and values of bionic, API 26. */
#pragma once

#include <sys/types.h>
#include <time.h>
struct stat {
    dev_t st_dev;
    ino_t st_ino;
    mode_t st_mode;
    nlink_t st_nlink;
    uid_t st_uid;
    gid_t st_gid;
    dev_t st_rdev;
    unsigned long __p1;
    off_t st_size;
    int st_blksize;
    int __p2;
    long st_blocks;
    struct timespec st_atim, st_mtim, st_ctim;
    unsigned __u4, __u5;
};
#define st_atime st_atim.tv_sec
#define st_mtime st_mtim.tv_sec
#define st_ctime st_ctim.tv_sec
#define S_IFMT 0170000
#define S_IFDIR 0040000
#define S_IFREG 0100000
#define S_IFLNK 0120000
#define S_ISDIR(m) (((m)&S_IFMT)==S_IFDIR)
#define S_ISREG(m) (((m)&S_IFMT)==S_IFREG)
#define S_ISLNK(m) (((m)&S_IFMT)==S_IFLNK)
int stat(const char *, struct stat *);
int lstat(const char *, struct stat *);
int fstat(int, struct stat *);
int fchmod(int, mode_t);
int mkdir(const char *, mode_t);
int chmod(const char *, mode_t);
