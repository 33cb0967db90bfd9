#include "tests/interop/mastering_options.h"

#include <cstdint>

#include "absl/strings/numbers.h"
#include "absl/strings/strip.h"
#include "absl/time/time.h"

namespace carousel {
namespace {

bool ParseRockRidge(absl::string_view text, mastering::Options& options) {
  options.rock_ridge.reset();
  if (text == "1.10") options.rock_ridge = iso9660::RockRidgeVersion::k1_10;
  if (text == "1.12") options.rock_ridge = iso9660::RockRidgeVersion::k1_12;
  return text == "none" || options.rock_ridge.has_value();
}

}  // namespace

bool ParseMasteringOption(absl::string_view argument, mastering::Options& options) {
  if (absl::ConsumePrefix(&argument, "rock_ridge=")) return ParseRockRidge(argument, options);
  const size_t equals = argument.find('=');
  int64_t value = 0;
  if (equals == argument.npos || !absl::SimpleAtoi(argument.substr(equals + 1), &value))
    return false;
  const absl::string_view name = argument.substr(0, equals);
  if (name == "level") {
    options.interchange_level = static_cast<int>(value);
  } else if (name == "joliet") {
    options.joliet = value != 0;
    if (options.joliet) options.joliet_characters = static_cast<int>(value);
  } else if (name == "time") {
    options.creation_time = absl::FromUnixSeconds(value);
  } else {
    return false;
  }
  return true;
}

}  // namespace carousel
