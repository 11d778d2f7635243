/* Threads; sizes are those of bionic on 64 bits, not those of other C libraries. Only what the core's C code uses; names, sizes and values of bionic, API 26. */
#pragma once

#ifdef __cplusplus
extern "C" {
#endif
#include <sys/types.h>
#include <time.h>
typedef struct {
    int32_t __p[10];
} pthread_mutex_t;
typedef long pthread_mutexattr_t;
typedef long pthread_t;
typedef int pthread_key_t;
typedef int pthread_once_t;
typedef struct {
    int32_t __p[14];
} pthread_rwlock_t;
#define PTHREAD_MUTEX_INITIALIZER { { 0 } }
#define PTHREAD_RWLOCK_INITIALIZER { { 0 } }
#define PTHREAD_ONCE_INIT 0
#define PTHREAD_MUTEX_NORMAL 0
#define PTHREAD_MUTEX_RECURSIVE 1
int pthread_mutex_init(pthread_mutex_t *, const pthread_mutexattr_t *);
int pthread_mutex_destroy(pthread_mutex_t *);
int pthread_mutex_lock(pthread_mutex_t *);
int pthread_mutex_trylock(pthread_mutex_t *);
int pthread_mutex_unlock(pthread_mutex_t *);
int pthread_mutexattr_init(pthread_mutexattr_t *);
int pthread_mutexattr_settype(pthread_mutexattr_t *, int);
int pthread_mutexattr_destroy(pthread_mutexattr_t *);
pthread_t pthread_self(void);
int pthread_create(pthread_t *, const void *, void*(*)(void *), void *);
int pthread_join(pthread_t, void **);
int pthread_rwlock_rdlock(pthread_rwlock_t *);
int pthread_rwlock_wrlock(pthread_rwlock_t *);
int pthread_rwlock_unlock(pthread_rwlock_t *);
#ifdef __cplusplus
}
#endif
