/* An imitation of NVIDIA's driver (libcuda.so.1), as far as numba-cuda and cuda.core call it for this engine: memory of
   the GPU is memory of this process, a program is a library of this machine (its path stands for its image), a launch
   runs its threads one after another. Calls that need a context fail without one (201), and copies fail off the stream
   (400). What is not known here answers "success" and does nothing. */
#include <dlfcn.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

typedef struct { unsigned gx, gy, gz, bx, by, bz, shared; void *stream, *attributes; unsigned count; } Config;
typedef void (*Run)(const uint64_t *, uint32_t, uint32_t, uint32_t);
#define FITS(s) ((s) == &stream ? 0 : 400)
#define IN_CONTEXT (current ? 0 : 201)

static _Thread_local void *current;
static int context, stream;
static void *params;

static int nothing(void) { return 0; }
static int version(int *found) { *found = 13050; return 0; }
static int count(int *found) { *found = 1; return 0; }
static int get(int *device, int number) { *device = number; return 0; }
static int name(char *found, int size, int device) { snprintf(found, size, "Imitation"); return 0; }
static int attribute(int *found, int which, int device) { *found = which == 75 ? 9 : which == 76 ? 0 : 1; return 0; }
static int uuid(char *found, int device) { memset(found, 1, 16); return 0; }
static int retain(void **found, int device) { *found = &context; return 0; }
static int now(void **found) { *found = current; return 0; }
static int set(void *given) { current = given; return 0; }
static int pop(void **found) { if (found) *found = current; current = 0; return 0; }
static int device_of(int *found) { *found = 0; return IN_CONTEXT; }
static int info(size_t *free, size_t *total) { *free = *total = (size_t)8 << 30; return IN_CONTEXT; }
static int alloc(uint64_t *found, size_t size) { *found = (uint64_t)malloc(size); return IN_CONTEXT; }
static int release(uint64_t at) { free((void *)at); return 0; }
static int copy(uint64_t to, uint64_t of, size_t n, void *s) { memcpy((void *)to, (void *)of, n); return FITS(s); }
static int fill(uint64_t to, unsigned char v, size_t n, void *s) { memset((void *)to, v, n); return FITS(s); }
static int make(void **found, unsigned flags) { *found = &stream; return IN_CONTEXT; }
static int words(int error, const char **found) { *found = "an error"; return 0; }

static int load(void **found, const void *image, void *a, void *b, unsigned c, void *d, void *e, unsigned f) {
    *found = dlopen((const char *)image, RTLD_NOW);
    return *found ? 0 : 200;
}

static int kernel(void **found, void *library, const char *wanted) {
    params = dlsym(library, "params");
    *found = dlsym(library, wanted);
    return *found ? 0 : 500;
}

static int function(void **found, void *of) { *found = of; return 0; }

static int launch(const Config *c, void *run, void **given, void **extra) {
    uint32_t n = *(uint32_t *)params;
    uint64_t *all = malloc(8 * n);
    for (uint32_t k = 0; k < n; k++) all[k] = *(uint64_t *)given[k];
    for (unsigned b = 0; b < c->gx; b++)
        for (unsigned t = 0; t < c->bx; t++) ((Run)run)(all, t, c->bx, b);
    free(all);
    return FITS(c->stream);
}

static int launch_plain(void *run, unsigned gx, unsigned gy, unsigned gz, unsigned bx, unsigned by, unsigned bz,
                        unsigned shared, void *s, void **given, void **extra) {
    Config c = {gx, gy, gz, bx, by, bz, shared, s, 0, 0};
    return launch(&c, run, given, extra);
}

static const struct { const char *name; void *function; } KNOWN[] = {
    {"cuDriverGetVersion", version}, {"cuDeviceGetCount", count}, {"cuDeviceGet", get}, {"cuDeviceGetName", name},
    {"cuDeviceGetAttribute", attribute}, {"cuDeviceGetUuid", uuid}, {"cuDevicePrimaryCtxRetain", retain},
    {"cuCtxGetCurrent", now}, {"cuCtxSetCurrent", set}, {"cuCtxPushCurrent", set}, {"cuCtxPopCurrent", pop},
    {"cuCtxGetDevice", device_of}, {"cuMemGetInfo", info}, {"cuMemAlloc", alloc}, {"cuMemFree", release},
    {"cuMemcpyHtoDAsync", copy}, {"cuMemcpyDtoDAsync", copy}, {"cuMemcpyDtoHAsync", copy}, {"cuMemsetD8Async", fill},
    {"cuStreamCreate", make}, {"cuLibraryLoadData", load}, {"cuLibraryGetKernel", kernel},
    {"cuKernelGetFunction", function}, {"cuLaunchKernelEx", launch}, {"cuLaunchKernel", launch_plain},
    {"cuGetErrorString", words}, {"cuGetErrorName", words},
};

int cuGetProcAddress_v2(const char *symbol, void **found, int version, uint64_t flags, int *status) {
    *found = strncmp(symbol, "cuGetProcAddress", 16) ? (void *)nothing : (void *)cuGetProcAddress_v2;
    for (unsigned k = 0; k < sizeof KNOWN / sizeof *KNOWN; k++)
        if (!strcmp(symbol, KNOWN[k].name)) *found = KNOWN[k].function;
    if (status) *status = 0;
    return 0;
}
