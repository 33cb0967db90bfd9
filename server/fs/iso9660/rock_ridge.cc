#include "server/fs/iso9660/rock_ridge.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "hal/base/byte_order.h"
#include "hal/base/status_macros.h"
#include "server/fs/iso9660/errors.h"
#include "server/fs/iso9660/rock_ridge_fields.h"
#include "server/fs/iso9660/timestamp.h"

namespace carousel::iso9660 {
namespace {

// The little-endian half; says if the other differs.
uint32_t Load733(const uint8_t* p, RockRidge& out) {
  const uint32_t value = LoadLe32(p);
  out.halves_differ |= value != LoadBe32(p + 4);
  return value;
}

std::optional<EntryType> TypeOfMode(uint32_t mode) {
  for (const TypeMode& known : kTypeModes) {
    if (known.mode == (mode & kTypeMask)) return known.type;
  }
  return std::nullopt;
}

absl::string_view Text(absl::Span<const uint8_t> bytes) {
  return absl::string_view(reinterpret_cast<const char*>(bytes.data()), bytes.size());
}

absl::Status TooShort(const char* entry, Lba at) {
  return InconsistentError(absl::StrCat("a Rock Ridge entry ", entry, " is too short"), at);
}

absl::Status ReadPosix(absl::Span<const uint8_t> entry, Lba at, RockRidge& out) {
  if (entry.size() < kPosixBytes) return TooShort("PX", at);
  const uint32_t mode = Load733(&entry[4], out);
  out.has_posix = true;
  out.posix.mode = mode & kPermissionMask;
  out.posix.links = Load733(&entry[12], out);
  out.posix.uid = Load733(&entry[20], out);
  out.posix.gid = Load733(&entry[28], out);
  if (entry.size() >= kPosixSerialBytes) out.posix.inode = Load733(&entry[36], out);
  const std::optional<EntryType> type = TypeOfMode(mode);
  out.type = type.value_or(EntryType::kFile);
  out.unknown_type = !type.has_value();
  return absl::OkStatus();
}

absl::Status ReadDevice(absl::Span<const uint8_t> entry, Lba at, RockRidge& out) {
  if (entry.size() < kDeviceBytes) return TooShort("PN", at);
  const uint64_t high = Load733(&entry[4], out);
  out.posix.device = high << 32 | Load733(&entry[12], out);
  return absl::OkStatus();
}

void ReadTimes(absl::Span<const uint8_t> entry, RockRidge& out) {
  if (entry.size() <= kHeadBytes || (entry[4] & kHasModification) == 0) return;
  const bool is_long = (entry[4] & kLongForm) != 0;
  const size_t bytes = is_long ? kLongTimeBytes : kShortTimeBytes;
  const size_t begin = kHeadBytes + 1 + ((entry[4] & kHasCreation) != 0 ? bytes : 0);
  if (begin + bytes > entry.size()) return;
  out.modify_time = is_long ? DecodeLongTime(&entry[begin]) : DecodeShortTime(&entry[begin]);
}

// Appends the components of one SL entry. A component that exceeds it is cut: genisoimage writes
// such chains for targets of more than some 700 bytes.
absl::Status ReadComponents(absl::Span<const uint8_t> parts, Lba at, bool& continues,
                            RockRidge& out) {
  while (!parts.empty()) {
    if (parts.size() < 2 || parts[1] > parts.size() - 2) out.target_cut = true;
    if (parts.size() < 2) break;
    const uint8_t flags = parts[0];
    const absl::string_view text =
        Text(parts.subspan(2, std::min<size_t>(parts[1], parts.size() - 2)));
    parts.remove_prefix(text.size() + 2);
    if (!continues && !out.target.empty() && out.target.back() != '/') out.target.push_back('/');
    continues = (flags & kComponentContinues) != 0;
    if ((flags & kComponentIsRoot) != 0) {
      out.target = "/";
    } else if ((flags & kComponentIsSelf) != 0) {
      out.target.push_back('.');
    } else if ((flags & kComponentIsParent) != 0) {
      out.target.append("..");
    } else {
      out.target.append(text.data(), text.size());
    }
  }
  if (out.target.size() > FileTree::kMaxTargetBytes || out.target.find('\0') != std::string::npos)
    return InconsistentError("a link's target is too long or holds a NUL", at);
  return absl::OkStatus();
}

}  // namespace

void RockRidge::Clear() {
  has_name = false;
  name = absl::string_view();
  has_posix = false;
  posix = PosixAttributes{};
  type = EntryType::kFile;
  unknown_type = false;
  modify_time.reset();
  has_target = false;
  target.clear();
  target_cut = false;
  child_link.reset();
  relocated = false;
  halves_differ = false;
}

std::optional<uint8_t> FindSharingProtocol(absl::Span<const uint8_t> system_use) {
  for (const size_t begin : {size_t{0}, kXaBytes}) {
    if (system_use.size() < begin + kSharingBytes) return std::nullopt;
    const absl::Span<const uint8_t> entry = system_use.subspan(begin, kSharingBytes);
    if (entry[0] == 'S' && entry[1] == 'P' && entry[2] >= kSharingBytes && entry[4] == 0xBE &&
        entry[5] == 0xEF)
      return entry[6];
  }
  return std::nullopt;
}

absl::Status RockRidgeReader::Read(absl::Span<const uint8_t> system_use, Lba at, RockRidge& out) {
  out.Clear();
  if (system_use.size() < skip_ + kHeadBytes) return absl::OkStatus();
  return ReadChain(system_use.subspan(skip_), at, out);
}

absl::Status RockRidgeReader::ReadRoot(absl::Span<const uint8_t> system_use, Lba at,
                                       RockRidge& out) {
  out.Clear();
  const bool after_xa = system_use.size() >= kXaBytes + kSharingBytes &&
                        (system_use[0] != 'S' || system_use[1] != 'P');
  return ReadChain(after_xa ? system_use.subspan(kXaBytes) : system_use, at, out);
}

absl::Status RockRidgeReader::ReadChain(absl::Span<const uint8_t> area, Lba at, RockRidge& out) {
  State state;
  RETURN_IF_ERROR(ReadArea(area, at, state, out));
  int64_t bytes = 0;
  for (int hops = 0; state.next.has_value() && !out.target_cut; ++hops) {
    bytes += state.next->bytes;
    if (hops == kMaxContinuations || bytes > kMaxContinuationBytes)
      return InconsistentError("a record's continuations do not end", at);
    ASSIGN_OR_RETURN(area, continuations_.Read(*state.next, at));
    state.next.reset();
    state.in_record = false;
    RETURN_IF_ERROR(ReadArea(area, at, state, out));
  }
  return absl::OkStatus();
}

absl::Status RockRidgeReader::ReadArea(absl::Span<const uint8_t> area, Lba at, State& state,
                                       RockRidge& out) {
  while (area.size() >= kHeadBytes && !state.terminated) {
    const size_t length = area[2];
    if (length < kHeadBytes || length > area.size()) {
      // Writers fill what they do not use with zeros.
      if (area[0] == 0 && area[1] == 0) return absl::OkStatus();
      return InconsistentError("the length of a system use entry cannot be", at);
    }
    RETURN_IF_ERROR(ReadEntry(area.first(length), at, state, out));
    area.remove_prefix(length);
  }
  return absl::OkStatus();
}

// A name in one piece is a view of the record; one that continues, or lies in a continuation area
// that the next one overwrites, is copied.
void RockRidgeReader::ReadName(absl::Span<const uint8_t> entry, State& state, RockRidge& out) {
  absl::string_view text = Text(entry.subspan(5));
  if ((entry[4] & kNameIsSelf) != 0) text = ".";
  if ((entry[4] & kNameIsParent) != 0) text = "..";
  state.name_continues = (entry[4] & kNameContinues) != 0;
  if (!out.has_name && state.in_record) {
    out.name = text;
  } else {
    std::string& buffer = out.name_buffer;
    if (out.name.data() != buffer.data()) buffer.assign(out.name.data(), out.name.size());
    if (!out.has_name) buffer.clear();
    buffer.append(text.data(), text.size());
    out.name = buffer;
  }
  out.has_name = true;
}

absl::Status RockRidgeReader::ReadEntry(absl::Span<const uint8_t> entry, Lba at, State& state,
                                        RockRidge& out) {
  switch (LoadBe16(entry.data())) {
    case Signature('N', 'M'):
      if (entry.size() <= kHeadBytes) return TooShort("NM", at);
      if (out.has_name && !state.name_continues) return absl::OkStatus();
      ReadName(entry, state, out);
      return absl::OkStatus();
    case Signature('P', 'X'):
      return ReadPosix(entry, at, out);
    case Signature('T', 'F'):
      ReadTimes(entry, out);
      return absl::OkStatus();
    case Signature('S', 'L'):
      if (entry.size() <= kHeadBytes) return TooShort("SL", at);
      if (out.has_target && !state.target_continues) return absl::OkStatus();
      out.has_target = true;
      state.target_continues = (entry[4] & kTargetContinues) != 0;
      RETURN_IF_ERROR(ReadComponents(entry.subspan(5), at, state.component_continues, out));
      // What follows a broken link chain is in no order.
      state.terminated |= out.target_cut;
      return absl::OkStatus();
    case Signature('C', 'E'):
      if (entry.size() < kContinuationBytes) return TooShort("CE", at);
      state.next = ContinuationArea{Load733(&entry[4], out), Load733(&entry[12], out),
                                    Load733(&entry[20], out)};
      return absl::OkStatus();
    case Signature('C', 'L'):
      if (entry.size() < kLinkBytes) return TooShort("CL", at);
      out.child_link = Load733(&entry[4], out);
      return absl::OkStatus();
    case Signature('R', 'E'):
      out.relocated = true;
      return absl::OkStatus();
    case Signature('P', 'N'):
      return ReadDevice(entry, at, out);
    case Signature('S', 'T'):
      state.terminated = true;
      return absl::OkStatus();
    default:
      return absl::OkStatus();
  }
}

}  // namespace carousel::iso9660
