#include "tests/fuzz/iso/reproducer.h"

#include <fcntl.h>
#include <unistd.h>

#include <csignal>
#include <cstdlib>
#include <cstring>

// Of the sanitizers' runtime; null without one.
extern "C" __attribute__((weak)) void __sanitizer_set_death_callback(void (*callback)());

namespace carousel::fuzz {
namespace {

// Read in signal handlers.
const std::string* current_title = nullptr;
const std::vector<uint8_t>* current_image = nullptr;

void Print(const char* text) {
  [[maybe_unused]] const ssize_t n = write(STDOUT_FILENO, text, std::strlen(text));
}

void WriteAll(int fd, const uint8_t* data, size_t size) {
  while (size > 0) {
    const ssize_t written = write(fd, data, size);
    if (written <= 0) return;
    data += written;
    size -= static_cast<size_t>(written);
  }
}

// Calls only what may be called in a signal handler; mkstemp may, in glibc.
void Leave() {
  if (current_image == nullptr) return;
  char path[] = "/tmp/iso_mutator_XXXXXX";
  const int fd = mkstemp(path);
  if (fd >= 0) {
    WriteAll(fd, current_image->data(), current_image->size());
    close(fd);
  }
  Print("FAILED: ");
  Print(current_title->c_str());
  Print("\nits image: ");
  Print(fd >= 0 ? path : "(could not be written)");
  Print("\n");
}

void OnDeath() {
  Leave();
  Print("0 passed, 1 failed, 0 skipped\n");
}

void OnSignal(int signal) {
  Print(signal == SIGALRM ? "FAILED: it hangs\n" : "FAILED: it crashes\n");
  OnDeath();
  _exit(1);
}

void Install() {
  static bool installed = false;
  if (installed) return;
  installed = true;
  std::signal(SIGALRM, OnSignal);
  std::signal(SIGABRT, OnSignal);
  if (__sanitizer_set_death_callback != nullptr) {
    __sanitizer_set_death_callback(OnDeath);
    return;
  }
  for (const int number : {SIGSEGV, SIGBUS, SIGFPE, SIGILL}) std::signal(number, OnSignal);
}

}  // namespace

void BeginReproducible(const std::string& title, const std::vector<uint8_t>& image, int seconds) {
  Install();
  current_title = &title;
  current_image = &image;
  alarm(static_cast<unsigned>(seconds));
}

void EndReproducible() { alarm(0); }

void WriteReproducer() { Leave(); }

}  // namespace carousel::fuzz
