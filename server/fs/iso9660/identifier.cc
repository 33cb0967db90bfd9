#include "server/fs/iso9660/identifier.h"

#include "server/fs/iso9660/utf16.h"

namespace carousel::iso9660 {
namespace {

// Without the ';' and the digits at the end, if they are there.
absl::string_view WithoutVersion(absl::string_view name) {
  size_t end = name.size();
  while (end > 0 && name[end - 1] >= '0' && name[end - 1] <= '9') --end;
  if (end == name.size() || end < 2 || name[end - 1] != ';') return name;
  return name.substr(0, end - 1);
}

}  // namespace

absl::string_view PrimaryName(absl::Span<const uint8_t> identifier, bool is_directory) {
  absl::string_view name(reinterpret_cast<const char*>(identifier.data()), identifier.size());
  if (is_directory) return name;
  name = WithoutVersion(name);
  if (name.size() > 1 && name.back() == '.') name.remove_suffix(1);
  return name;
}

absl::string_view JolietName(absl::Span<const uint8_t> identifier, bool is_directory,
                             std::string& storage) {
  storage.clear();
  AppendUtf8(identifier, storage);
  return is_directory ? absl::string_view(storage) : WithoutVersion(storage);
}

}  // namespace carousel::iso9660
