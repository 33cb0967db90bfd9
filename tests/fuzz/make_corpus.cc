// Makes a corpus folder: make_corpus FOLDER FILE...
//
// A *.hex file holds many seeds as text, one after another:
//
//   # What it is and where it is from; comments and empty lines are skipped.
//   name: 00 20 01 01
//     04 04 04 20        (an indented line goes on)
//
// Any other file is one seed and is copied.
#include <cctype>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <optional>
#include <string>

namespace {

// The bytes of "00 1b ff"; nothing if the text is anything else.
std::optional<std::string> ParseHex(const std::string& text) {
  std::string bytes;
  for (size_t i = 0; i < text.size();) {
    if (std::isspace(static_cast<unsigned char>(text[i]))) {
      ++i;
      continue;
    }
    if (i + 1 >= text.size() || !std::isxdigit(static_cast<unsigned char>(text[i])) ||
        !std::isxdigit(static_cast<unsigned char>(text[i + 1]))) {
      return std::nullopt;
    }
    bytes.push_back(static_cast<char>(std::stoi(text.substr(i, 2), nullptr, 16)));
    i += 2;
  }
  return bytes;
}

bool Fail(const std::filesystem::path& file, int line, const std::string& what) {
  std::cerr << file.string() << ":" << line << ": " << what << "\n";
  return false;
}

bool WriteSeeds(const std::filesystem::path& file, const std::filesystem::path& folder) {
  std::ifstream in(file);
  std::ofstream out;
  std::string line;
  for (int number = 1; std::getline(in, line); ++number) {
    if (line.empty() || line[0] == '#') continue;
    std::string text = line;
    if (line[0] != ' ') {
      const size_t colon = line.find(':');
      const std::string name = file.stem().string() + "_" + line.substr(0, colon);
      if (colon == std::string::npos || colon == 0) return Fail(file, number, "NAME: HEX expected");
      if (std::filesystem::exists(folder / name)) return Fail(file, number, "a second " + name);
      out = std::ofstream(folder / name, std::ios::binary);
      text = line.substr(colon + 1);
    }
    const std::optional<std::string> bytes = ParseHex(text);
    if (!bytes.has_value() || !out.is_open()) return Fail(file, number, "no hexadecimal bytes");
    out << *bytes;
  }
  return true;
}

}  // namespace

int main(int argc, char** argv) {
  if (argc < 3) return 2;
  const std::filesystem::path folder = argv[1];
  std::filesystem::create_directories(folder);
  for (int i = 2; i < argc; ++i) {
    const std::filesystem::path file = argv[i];
    if (file.extension() == ".hex") {
      if (!WriteSeeds(file, folder)) return 1;
    } else {
      std::filesystem::copy_file(file, folder / file.filename());
    }
  }
  return 0;
}
