#include "server/fs/iso9660/rock_ridge_writer.h"

#include <algorithm>

#include "server/fs/iso9660/both_endian.h"
#include "server/fs/iso9660/rock_ridge_fields.h"
#include "server/fs/iso9660/timestamp.h"

namespace carousel::iso9660 {
namespace {

constexpr uint8_t kVersion = 1;         // of every entry
constexpr size_t kMaxEntryBytes = 255;  // its length is one byte
constexpr size_t kFlagsBytes = 1;       // of NM and SL, before their text
constexpr size_t kComponentHeadBytes = 2;
constexpr size_t kMaxTextBytes = kMaxEntryBytes - kHeadBytes - kFlagsBytes;

// What ER says of each version (RRIP clause 4.3; the texts are part of the standards).
struct Extension {
  absl::string_view id, description, source;
};
constexpr Extension kExtension1_10 = {
    "RRIP_1991A",
    "THE ROCK RIDGE INTERCHANGE PROTOCOL PROVIDES SUPPORT FOR POSIX FILE SYSTEM SEMANTICS",
    "PLEASE CONTACT DISC PUBLISHER FOR SPECIFICATION SOURCE.  SEE PUBLISHER IDENTIFIER IN PRIMARY "
    "VOLUME DESCRIPTOR FOR CONTACT INFORMATION."};
constexpr Extension kExtension1_12 = {
    "IEEE_1282", "THE IEEE 1282 PROTOCOL PROVIDES SUPPORT FOR POSIX FILE SYSTEM SEMANTICS",
    "PLEASE CONTACT THE IEEE STANDARDS DEPARTMENT, PISCATAWAY, NJ, USA FOR THE 1282 "
    "SPECIFICATION."};

// Appends the head of an entry of `bytes` bytes in all.
void AppendHead(absl::string_view signature, size_t bytes, std::string& out) {
  out.append(signature.data(), signature.size());
  out.push_back(static_cast<char>(bytes));
  out.push_back(static_cast<char>(kVersion));
}

void AppendBoth(uint32_t value, std::string& out) {
  uint8_t field[8];
  StoreBoth32(field, value);
  out.append(reinterpret_cast<const char*>(field), sizeof(field));
}

void AppendText(absl::string_view text, std::string& out) { out.append(text.data(), text.size()); }

void AppendPosix(const NewRockRidge& entry, RockRidgeVersion version, std::string& out) {
  const bool serial = version == RockRidgeVersion::k1_12;
  uint32_t mode = entry.posix.mode & kPermissionMask;
  for (const TypeMode& known : kTypeModes) {
    if (known.type == entry.type) mode |= known.mode;
  }
  AppendHead("PX", serial ? kPosixSerialBytes : kPosixBytes, out);
  AppendBoth(mode, out);
  AppendBoth(entry.posix.links, out);
  AppendBoth(entry.posix.uid, out);
  AppendBoth(entry.posix.gid, out);
  if (serial) AppendBoth(entry.serial, out);
}

// Linux reads the long form wrongly, so it is only for years that the short one does not have.
void AppendTime(int64_t time, std::string& out) {
  const bool is_short = FitsShortTime(time);
  uint8_t field[kLongTimeBytes];
  if (is_short) {
    EncodeShortTime(time, field);
  } else {
    EncodeLongTime(time, field);
  }
  const size_t bytes = is_short ? kShortTimeBytes : kLongTimeBytes;
  AppendHead("TF", kHeadBytes + kFlagsBytes + bytes, out);
  out.push_back(static_cast<char>(kHasModification | (is_short ? 0 : kLongForm)));
  out.append(reinterpret_cast<const char*>(field), bytes);
}

void AppendDevice(uint64_t device, std::string& out) {
  AppendHead("PN", kDeviceBytes, out);
  AppendBoth(static_cast<uint32_t>(device >> 32), out);
  AppendBoth(static_cast<uint32_t>(device), out);
}

void AppendSharing(std::string& out) {
  AppendHead("SP", kSharingBytes, out);
  AppendText(absl::string_view("\xBE\xEF\0", 3), out);
}

void AppendExtension(const Extension& extension, std::string& out) {
  constexpr size_t kLengths = 4;  // of the three texts, and the extension's version
  AppendHead("ER",
             kHeadBytes + kLengths + extension.id.size() + extension.description.size() +
                 extension.source.size(),
             out);
  out.push_back(static_cast<char>(extension.id.size()));
  out.push_back(static_cast<char>(extension.description.size()));
  out.push_back(static_cast<char>(extension.source.size()));
  out.push_back(static_cast<char>(kVersion));
  AppendText(extension.id, out);
  AppendText(extension.description, out);
  AppendText(extension.source, out);
}

void AppendName(absl::string_view text, bool continues, std::string& out) {
  AppendHead("NM", kHeadBytes + kFlagsBytes + text.size(), out);
  out.push_back(static_cast<char>(continues ? kNameContinues : 0));
  AppendText(text, out);
}

// As many entries as the text takes; none if it is empty.
void AppendNames(absl::string_view text, std::string& out) {
  for (size_t piece; !text.empty(); text.remove_prefix(piece)) {
    piece = std::min(text.size(), kMaxTextBytes);
    AppendName(text.substr(0, piece), piece < text.size(), out);
  }
}

// The components of a link's target in as few SL entries as they need. Where another entry follows,
// the last component continues there if it can: bsdtar puts no separator between two entries.
class TargetWriter {
 public:
  explicit TargetWriter(std::string* out) : out_(*out) {}

  void Write(absl::string_view target) {
    if (!target.empty() && target[0] == '/') {
      Add(kComponentIsRoot, "");
      target.remove_prefix(1);
      if (target.empty()) return Flush(false);
    }
    for (size_t slash = target.find('/'); slash != absl::string_view::npos;
         slash = target.find('/')) {
      WriteComponent(target.substr(0, slash), false);
      target.remove_prefix(slash + 1);
    }
    WriteComponent(target, true);
    Flush(false);
  }

 private:
  static constexpr size_t kLeastBytes = kComponentHeadBytes + 1;  // of a component with text

  void WriteComponent(absl::string_view text, bool is_last) {
    if (text == ".") return Add(kComponentIsSelf, "");
    if (text == "..") return Add(kComponentIsParent, "");
    while (text.size() >= 2) {
      const size_t left = kMaxTextBytes - parts_.size();
      const size_t whole = kComponentHeadBytes + text.size();
      if (whole + (is_last ? 0 : kLeastBytes) <= left) break;
      if (left >= kLeastBytes) {
        const size_t piece = std::min(left - kComponentHeadBytes, text.size() - 1);
        Add(kComponentContinues, text.substr(0, piece));
        text.remove_prefix(piece);
      }
      Flush(true);
    }
    Add(0, text);
  }

  void Add(uint8_t flags, absl::string_view text) {
    if (parts_.size() + kComponentHeadBytes + text.size() > kMaxTextBytes) Flush(true);
    parts_.push_back(static_cast<char>(flags));
    parts_.push_back(static_cast<char>(text.size()));
    AppendText(text, parts_);
  }

  void Flush(bool continues) {
    AppendHead("SL", kHeadBytes + kFlagsBytes + parts_.size(), out_);
    out_.push_back(static_cast<char>(continues ? kTargetContinues : 0));
    out_.append(parts_);
    parts_.clear();
  }

  std::string& out_;
  std::string parts_;  // of the entry that is open
};

// The bytes of the whole entries at the start of `entries` that fit into `room`.
size_t Fitting(absl::string_view entries, size_t room) {
  size_t end = 0;
  while (end < entries.size()) {
    const size_t next = end + static_cast<uint8_t>(entries[end + 2]);
    if (next > room) break;
    end = next;
  }
  return end;
}

void Append(absl::string_view text, std::vector<uint8_t>& area) {
  area.insert(area.end(), text.begin(), text.end());
}

}  // namespace

void RockRidgeWriter::Start(uint32_t block) {
  block_ = block;
  continuations_.clear();
}

absl::Status RockRidgeWriter::Write(const NewRockRidge& entry, size_t room,
                                    std::vector<uint8_t>& system_use) {
  system_use.clear();
  fixed_.clear();
  rest_.clear();
  if (entry.is_root_self) AppendSharing(fixed_);
  AppendPosix(entry, version_, fixed_);
  AppendTime(entry.modify_time, fixed_);
  if (entry.type == EntryType::kCharacterDevice || entry.type == EntryType::kBlockDevice)
    AppendDevice(entry.posix.device, fixed_);
  if (entry.type == EntryType::kSymlink) TargetWriter(&rest_).Write(entry.target);
  if (entry.is_root_self)
    AppendExtension(version_ == RockRidgeVersion::k1_12 ? kExtension1_12 : kExtension1_10, rest_);
  const absl::string_view name = entry.name;
  const size_t name_bytes = name.empty() ? 0 : kHeadBytes + kFlagsBytes + name.size();
  Append(fixed_, system_use);
  if (name.size() <= kMaxTextBytes && fixed_.size() + name_bytes + rest_.size() <= room) {
    fixed_.clear();
    AppendNames(name, fixed_);
    Append(fixed_, system_use);
    Append(rest_, system_use);
    return absl::OkStatus();
  }
  // Of the name as much as fits before the entry that says where the rest is.
  const size_t taken = system_use.size() + kContinuationBytes + kHeadBytes + kFlagsBytes;
  const size_t piece = std::min({taken < room ? room - taken : 0, name.size(), kMaxTextBytes});
  fixed_.clear();
  if (piece > 0) AppendName(name.substr(0, piece), piece < name.size(), fixed_);
  Append(fixed_, system_use);
  fixed_.clear();
  AppendNames(name.substr(piece), fixed_);
  fixed_.append(rest_);
  return Continue(fixed_, system_use);
}

absl::Status RockRidgeWriter::Continue(absl::string_view rest, std::vector<uint8_t>& area) {
  std::vector<uint8_t>* from = &area;
  size_t from_end = area.size();  // where the entry that points to the next area belongs
  size_t total = 0;
  for (int hops = 0; !rest.empty(); ++hops) {
    const size_t in_sector = continuations_.size() % kSectorSize;
    size_t left = kSectorSize - in_sector;
    if (in_sector != 0 && rest.size() > left) {  // an area does not cross sectors: Linux reads one
      continuations_.resize(continuations_.size() + left);
      left = kSectorSize;
    }
    const bool is_last = rest.size() <= left;
    const size_t bytes = is_last ? rest.size() : Fitting(rest, left - kContinuationBytes);
    const size_t begin = continuations_.size();
    const size_t length = bytes + (is_last ? 0 : kContinuationBytes);
    total += length;
    if (hops == kMaxContinuations || total > kMaxContinuationBytes)
      return absl::InvalidArgumentError("the link's target is too long for Rock Ridge");
    std::string pointer;
    AppendHead("CE", kContinuationBytes, pointer);
    AppendBoth(block_ + static_cast<uint32_t>(begin / kSectorSize), pointer);
    AppendBoth(static_cast<uint32_t>(begin % kSectorSize), pointer);
    AppendBoth(static_cast<uint32_t>(length), pointer);
    continuations_.resize(begin + length);
    if (from->size() < from_end + kContinuationBytes) from->resize(from_end + kContinuationBytes);
    std::copy(pointer.begin(), pointer.end(), from->begin() + from_end);
    std::copy(rest.begin(), rest.begin() + bytes, continuations_.begin() + begin);
    rest.remove_prefix(bytes);
    from = &continuations_;
    from_end = begin + bytes;
  }
  return absl::OkStatus();
}

}  // namespace carousel::iso9660
