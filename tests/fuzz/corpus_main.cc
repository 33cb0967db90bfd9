// Runs a fuzz target over its corpus without libFuzzer: every seed, every prefix of it, and every
// byte of it set to 00h, 7Fh, 80h and FFh. For compilers that have no fuzzer, and for every build.
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <vector>

extern "C" int LLVMFuzzerTestOneInput(const uint8_t* data, size_t size);

namespace {

// Larger seeds are fed whole only: their prefixes would take minutes.
constexpr size_t kMaxVaried = 8192;

// A copy that ends where its heap block ends, so that sanitizers see a read beyond it.
void Feed(const std::vector<uint8_t>& bytes, size_t size) {
  const std::vector<uint8_t> exact(bytes.begin(), bytes.begin() + size);
  LLVMFuzzerTestOneInput(exact.data(), exact.size());
}

void FeedVariations(std::vector<uint8_t> bytes) {
  for (size_t size = 0; size < bytes.size(); ++size) Feed(bytes, size);
  for (uint8_t& byte : bytes) {
    const uint8_t before = byte;
    for (const int value : {0x00, 0x7F, 0x80, 0xFF}) {
      byte = static_cast<uint8_t>(value);
      Feed(bytes, bytes.size());
    }
    byte = before;
  }
}

}  // namespace

int main(int argc, char** argv) {
  int seeds = 0;
  for (int i = 1; i < argc; ++i) {
    for (const auto& entry : std::filesystem::recursive_directory_iterator(
             argv[i], std::filesystem::directory_options::follow_directory_symlink)) {
      if (!entry.is_regular_file()) continue;
      std::ifstream file(entry.path(), std::ios::binary);
      const std::vector<uint8_t> bytes{std::istreambuf_iterator<char>(file),
                                       std::istreambuf_iterator<char>()};
      std::printf("%s: %zu bytes\n", entry.path().filename().c_str(), bytes.size());
      std::fflush(stdout);
      Feed(bytes, bytes.size());
      if (bytes.size() <= kMaxVaried) FeedVariations(bytes);
      ++seeds;
    }
  }
  if (seeds == 0) {
    std::fprintf(stderr, "the corpus is empty\n");
    return 1;
  }
  std::printf("%d seeds\n", seeds);
  return 0;
}
