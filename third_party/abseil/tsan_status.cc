// Lets ThreadSanitizer see how copies of an absl::Status share what they point at. The counter is
// decremented inside Debian's library, which is not compiled with the sanitizer: without this, the
// thread that drops the last copy seems to race with all that have read theirs. Linked into every
// program of the configuration tsan, which sends the calls here (--wrap, .bazelrc).
#include <cstdint>

extern "C" {

// sanitizer/tsan_interface.h
void __tsan_acquire(void* address);
void __tsan_release(void* address);

// absl::Status::UnrefNonInlined(uintptr_t), of Debian's inline namespace. Weak: a program without
// statuses does not have it.
__attribute__((weak)) void __real__ZN4absl7debian36Status15UnrefNonInlinedEm(uintptr_t rep);

void __wrap__ZN4absl7debian36Status15UnrefNonInlinedEm(uintptr_t rep) {
  void* const shared = reinterpret_cast<void*>(rep & ~uintptr_t{7});  // without the tag
  __tsan_release(shared);
  __tsan_acquire(shared);
  __real__ZN4absl7debian36Status15UnrefNonInlinedEm(rep);
}

}  // extern "C"
