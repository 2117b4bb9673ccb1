/* NVIDIA's driver as far as the GPU engine calls it, on a CPU: memory of the GPU is memory of the process, a program is
   a library (its path stands for its image), a launch runs its threads one after another. What is asked is done at
   once; `pretend_*` set what a test wants to see. */
#include <dlfcn.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

typedef void (*Entry)(const uint64_t *param, uint32_t tid, uint32_t ntid, uint32_t ctaid);
typedef struct { Entry run; uint32_t params; } Function;
enum { OK = 0, INVALID = 1, OUT_OF_MEMORY = 2, NO_DEVICE = 100, NOT_READY = 600, LAUNCH_FAILED = 719 };

static uint64_t total = 1ull << 40;
static _Atomic uint64_t used = 0;
static _Atomic int64_t launches = 0, busy = 0;
static int64_t fails_at = -1, devices = 1, capability = 9;

void pretend(uint64_t memory, int64_t failing_launch, int64_t looks_busy, int64_t found, int64_t major) {
    total = memory; fails_at = failing_launch; busy = looks_busy; devices = found; capability = major; launches = 0;
}
uint64_t pretended_use(void) { return used; }
int64_t pretended_launches(void) { return launches; }

int cuInit(unsigned flags) { return devices ? OK : NO_DEVICE; }
int cuDeviceGet(int *device, int number) { *device = number; return OK; }
int cuDeviceGetName(char *name, int size, int device) { strncpy(name, "CPU", size); return OK; }
int cuDeviceGetAttribute(int *value, int which, int device) { *value = which == 75 ? capability : 0; return OK; }
int cuDevicePrimaryCtxRetain(void **context, int device) { *context = (void *)1; return OK; }
int cuCtxSetCurrent(void *context) { return context ? OK : INVALID; }
int cuGetErrorString(int status, const char **words) {
    *words = status == LAUNCH_FAILED ? "unspecified launch failure" : status == OUT_OF_MEMORY ? "out of memory" : "invalid argument";
    return OK;
}
int cuModuleLoadData(void **module, const void *image) { *module = dlopen(image, RTLD_NOW); return *module ? OK : INVALID; }
int cuModuleGetFunction(void **function, void *module, const char *name) {
    Function *found = malloc(sizeof *found);
    found->run = (Entry)dlsym(module, name);
    uint32_t *params = dlsym(module, "params");
    if (!found->run || !params) return INVALID;
    found->params = *params;
    *function = found;
    return OK;
}
int cuMemGetInfo_v2(size_t *free, size_t *all) { *free = used < total ? total - used : 0; *all = total; return OK; }
int cuMemAlloc_v2(uint64_t *address, size_t size) {
    if (used + size > total) return OUT_OF_MEMORY;
    uint64_t *memory = aligned_alloc(256, 256 + (size + 255) / 256 * 256);
    memset(memory, 0xA5, 256 + size); /* whoever reads what was never written shall see it */
    memory[0] = size;
    used += size;
    *address = (uint64_t)memory + 256;
    return OK;
}
int cuMemFree_v2(uint64_t address) { uint64_t *memory = (uint64_t *)(address - 256); used -= memory[0]; free(memory); return OK; }
int cuStreamCreate(void **stream, unsigned flags) { *stream = (void *)1; return OK; }
int cuStreamDestroy_v2(void *stream) { return OK; }
int cuStreamSynchronize(void *stream) { return fails_at >= 0 && launches > fails_at ? LAUNCH_FAILED : OK; }
int cuStreamQuery(void *stream) { if (busy > 0) { busy--; return NOT_READY; } return cuStreamSynchronize(stream); }
int cuMemcpyHtoDAsync_v2(uint64_t to, const void *from, size_t size, void *stream) { memcpy((void *)to, from, size); return OK; }
int cuMemcpyDtoHAsync_v2(void *to, uint64_t from, size_t size, void *stream) { memcpy(to, (void *)from, size); return OK; }
int cuMemcpyDtoDAsync_v2(uint64_t to, uint64_t from, size_t size, void *stream) { memcpy((void *)to, (void *)from, size); return OK; }
int cuMemsetD8Async(uint64_t to, unsigned char value, size_t size, void *stream) { memset((void *)to, value, size); return OK; }
int cuLaunchKernel(void *function, unsigned bx, unsigned by, unsigned bz, unsigned tx, unsigned ty, unsigned tz,
                   unsigned shared, void *stream, void **given, void **extra) {
    Function *f = function;
    uint64_t words[f->params];
    if (launches++ >= fails_at && fails_at >= 0) return OK; /* it fails while it runs, which is seen later */
    for (uint32_t k = 0; k < f->params; k++) words[k] = *(uint64_t *)given[k];
    for (uint32_t block = 0; block < bx; block++)
        for (uint32_t thread = 0; thread < tx; thread++) f->run(words, thread, tx, block);
    return OK;
}
