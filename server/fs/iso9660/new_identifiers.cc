#include "server/fs/iso9660/new_identifiers.h"

#include <algorithm>
#include <cstdint>
#include <utility>

#include "absl/container/flat_hash_map.h"
#include "absl/container/flat_hash_set.h"
#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "hal/base/status_macros.h"
#include "server/fs/iso9660/utf16.h"
#include "server/imapi/error.h"

namespace carousel::iso9660 {
namespace {

// Lengths in characters (ECMA-119 clauses 7.5.1, 7.6.3, 10.1).
constexpr size_t kLevel1Name = 8;
constexpr size_t kLevel1Extension = 3;
constexpr size_t kLevel2File = 30;  // name and extension, without the '.'
constexpr size_t kLevel2Directory = 31;
// What is longer behind a name's last dot is no extension that anyone would miss.
constexpr size_t kLongestExtension = 15;
constexpr size_t kMinDigits = 3;

// A name in two parts, of which the first is cut where the whole is too long.
struct Parts {
  std::string stem;
  std::string suffix;   // with its '.'
  size_t stem_max = 0;  // bytes

  std::string Joined() const { return absl::StrCat(stem, suffix); }
};

// Tells names apart whose characters take `unit` bytes each.
class Uniquifier {
 public:
  explicit Uniquifier(size_t unit) : unit_(unit) {}

  absl::Status Run(std::vector<Parts>& names) {
    std::vector<size_t> again;
    used_.reserve(names.size());
    for (size_t i = 0; i < names.size(); ++i) {
      if (!used_.insert(names[i].Joined()).second) again.push_back(i);
    }
    for (const size_t i : again) RETURN_IF_ERROR(Rename(names[i]));
    return absl::OkStatus();
  }

 private:
  absl::Status Rename(Parts& name) {
    const std::string stem = name.stem;
    for (size_t digits = kMinDigits; digits * unit_ <= name.stem_max; ++digits) {
      const size_t kept = std::min(stem.size(), name.stem_max - digits * unit_);
      // Where the last one of the same beginning and end has left off.
      int64_t& next = next_[absl::StrCat(digits, "/", stem.substr(0, kept), name.suffix)];
      for (; next < Power(digits); ++next) {
        name.stem = stem.substr(0, kept);
        AppendNumber(next, digits, name.stem);
        if (used_.insert(name.Joined()).second) return absl::OkStatus();
      }
    }
    return imapi::MakeError(imapi::Hresult::IMAPI_E_NO_UNIQUE_NAME,
                            "too many names in one directory are alike");
  }

  static int64_t Power(size_t digits) {
    int64_t power = 1;
    for (size_t i = 0; i < digits; ++i) power *= 10;
    return power;
  }

  void AppendNumber(int64_t number, size_t digits, std::string& out) const {
    out.append(digits * unit_, '\0');
    for (size_t i = out.size(); digits > 0; --digits, i -= unit_, number /= 10)
      out[i - 1] = static_cast<char>('0' + number % 10);
  }

  const size_t unit_;
  absl::flat_hash_set<std::string> used_;
  absl::flat_hash_map<std::string, int64_t> next_;
};

// Where the extension's dot is, in characters; `characters` if the name has none.
template <typename IsDot>
size_t FindExtension(size_t characters, IsDot is_dot) {
  for (size_t i = characters; i-- > 1;) {
    if (is_dot(i)) return characters - i - 1 > kLongestExtension ? characters : i;
  }
  return characters;
}

// Capitals, digits and '_'; one for each character of the name. `name` is UCS-2.
std::string ToDCharacters(absl::string_view name) {
  std::string text;
  for (size_t i = 0; i + 1 < name.size(); i += 2) {
    const char c = name[i] == 0 ? name[i + 1] : '_';
    const bool kept = (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    text.push_back(c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : kept ? c : '_');
  }
  return text;
}

Parts PrimaryParts(const EntryName& entry, int level) {
  std::string ucs2;
  AppendUcs2(entry.name, ucs2);
  Parts parts;
  parts.stem = ToDCharacters(ucs2);
  const size_t characters = parts.stem.size();
  size_t dot = characters;
  if (!entry.is_directory) {
    dot = FindExtension(characters,
                        [&](size_t i) { return ucs2[2 * i] == 0 && ucs2[2 * i + 1] == '.'; });
  }
  std::string extension = dot < characters ? parts.stem.substr(dot + 1) : "";
  if (level == 1 && extension.size() > kLevel1Extension) extension.resize(kLevel1Extension);
  parts.stem_max = level == 1           ? kLevel1Name
                   : entry.is_directory ? kLevel2Directory
                                        : kLevel2File - extension.size();
  parts.stem.resize(std::min(dot, parts.stem_max));
  if (!extension.empty()) parts.suffix = absl::StrCat(".", extension);
  return parts;
}

// What a Joliet name may not have (clause 3.4), and version numbers.
bool IsForbidden(uint8_t high, uint8_t low) {
  return high == 0 && (low < 0x20 || low == '*' || low == '/' || low == ':' || low == ';' ||
                       low == '?' || low == '\\');
}

Parts JolietParts(const EntryName& entry, int max_characters) {
  Parts parts;
  AppendUcs2(entry.name, parts.stem);
  std::string& name = parts.stem;
  for (size_t i = 0; i < name.size(); i += 2) {
    if (IsForbidden(name[i], name[i + 1])) {
      name[i] = 0;
      name[i + 1] = '_';
    }
  }
  const size_t characters = name.size() / 2;
  size_t dot = characters;
  if (!entry.is_directory) {
    dot = FindExtension(characters,
                        [&](size_t i) { return name[2 * i] == 0 && name[2 * i + 1] == '.'; });
  }
  parts.suffix = name.substr(2 * dot);
  parts.stem_max = 2 * static_cast<size_t>(max_characters) - parts.suffix.size();
  if (2 * dot <= parts.stem_max) {
    name.resize(2 * dot);
    return parts;
  }
  name.resize(parts.stem_max);
  // A cut may end at a dot or blank that the name itself does not end with, and that Windows and 7z
  // take away from the end of a name.
  char& last = name.back();
  const bool at_end = parts.suffix.empty() && name[name.size() - 2] == 0;
  if (at_end && (last == '.' || last == ' ')) last = '_';
  return parts;
}

}  // namespace

absl::StatusOr<std::vector<std::string>> PrimaryIdentifiers(absl::Span<const EntryName> entries,
                                                            int level) {
  std::vector<Parts> parts;
  parts.reserve(entries.size());
  for (const EntryName& entry : entries) parts.push_back(PrimaryParts(entry, level));
  RETURN_IF_ERROR(Uniquifier(1).Run(parts));
  std::vector<std::string> identifiers;
  identifiers.reserve(parts.size());
  for (size_t i = 0; i < parts.size(); ++i) {
    const bool needs_dot = !entries[i].is_directory && parts[i].suffix.empty();
    identifiers.push_back(absl::StrCat(parts[i].stem, needs_dot ? "." : parts[i].suffix));
  }
  return identifiers;
}

absl::StatusOr<std::vector<std::string>> JolietIdentifiers(absl::Span<const EntryName> entries,
                                                           int max_characters) {
  std::vector<Parts> parts;
  parts.reserve(entries.size());
  for (const EntryName& entry : entries) parts.push_back(JolietParts(entry, max_characters));
  RETURN_IF_ERROR(Uniquifier(2).Run(parts));
  std::vector<std::string> identifiers;
  identifiers.reserve(parts.size());
  for (const Parts& part : parts) identifiers.push_back(part.Joined());
  return identifiers;
}

}  // namespace carousel::iso9660
