// Leaves the image behind that ended the process: by a signal, by a sanitizer, or by taking too
// long.
#ifndef TESTS_FUZZ_ISO_REPRODUCER_H_
#define TESTS_FUZZ_ISO_REPRODUCER_H_

#include <cstdint>
#include <string>
#include <vector>

namespace carousel::fuzz {

// What is done from now on is done to `image`. If it crashes or takes more than `seconds`, the
// process prints `title` and the path of a file with the image, and ends with 1. Both must live
// until EndReproducible.
void BeginReproducible(const std::string& title, const std::vector<uint8_t>& image, int seconds);
void EndReproducible();

// Prints the same for the image that was last begun, whose memory must still be there, and goes on.
void WriteReproducer();

}  // namespace carousel::fuzz

#endif  // TESTS_FUZZ_ISO_REPRODUCER_H_
