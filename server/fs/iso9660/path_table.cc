// PlanReads: the path table (ECMA-119 clause 9.4) as a hint where directories lie.
#include <algorithm>
#include <utility>
#include <vector>

#include "hal/base/byte_order.h"
#include "hal/base/status_macros.h"
#include "server/fs/iso9660/errors.h"
#include "server/fs/iso9660/path_table_record.h"
#include "server/fs/iso9660/reader.h"

namespace carousel::iso9660 {
namespace {

using path_table::kAttributeLength;
using path_table::kExtent;
using path_table::kIdentifier;

// A table larger than any that 16-bit parent numbers can make sense of: 65,535 directories, and
// those below them, with the longest names.
constexpr int64_t kMaxTableBytes = int64_t{64} << 20;

// Directories less than this apart are read in one go: passing over costs less than a new command.
constexpr Sectors kMergeGap{64};
// The table says where a directory begins and not how long it is. What goes beyond this, the walk
// reads by itself.
constexpr Sectors kAssumedLength{32};

// The addresses in the table; none if it lies.
std::vector<Lba> AddressesIn(absl::Span<const uint8_t> table, Lba end) {
  std::vector<Lba> addresses;
  while (table.size() >= kIdentifier && table[0] != 0) {
    const size_t length = path_table::RecordBytes(table[0]);
    const Lba address = Lba(LoadLe32(&table[kExtent])) + Sectors(table[kAttributeLength]);
    if (length > table.size() || address >= end) return {};
    addresses.push_back(address);
    table.remove_prefix(length);
  }
  std::sort(addresses.begin(), addresses.end());
  return addresses;
}

std::vector<Extent> Merge(const std::vector<Lba>& addresses, Lba end) {
  std::vector<Extent> plan;
  for (size_t i = 0; i < addresses.size(); ++i) {
    const Lba next = i + 1 < addresses.size() ? addresses[i + 1] : end;
    const bool together = i + 1 < addresses.size() && next - addresses[i] < kMergeGap;
    const Lba until = together ? next : std::min(next, addresses[i] + kAssumedLength);
    if (until == addresses[i]) continue;
    const int64_t bytes = (until - addresses[i]).bytes();
    if (!plan.empty() && plan.back().start + Sectors::Holding(plan.back().bytes) == addresses[i]) {
      plan.back().bytes += bytes;
    } else {
      plan.push_back(Extent{addresses[i], bytes});
    }
  }
  return plan;
}

}  // namespace

absl::StatusOr<std::vector<Extent>> PlanReads(BlockReader& disc, const Volume& volume,
                                              int64_t* directories) {
  if (directories != nullptr) *directories = 0;
  const Sectors count = Sectors::Holding(volume.path_table_bytes);
  if (volume.path_table_bytes <= 0 || volume.path_table_bytes > kMaxTableBytes ||
      volume.path_table <= Lba(0) || volume.path_table + count > disc.end())
    return std::vector<Extent>();
  std::vector<uint8_t> table(count.bytes());
  const absl::Status status =
      FromRead(disc.Read(volume.path_table, absl::MakeSpan(table)), volume.path_table);
  if (absl::IsCancelled(status) || absl::IsResourceExhausted(status)) return status;
  if (!status.ok()) return std::vector<Extent>();
  table.resize(volume.path_table_bytes);
  const std::vector<Lba> addresses = AddressesIn(table, disc.end());
  if (directories != nullptr) *directories = static_cast<int64_t>(addresses.size());
  return Merge(addresses, disc.end());
}

}  // namespace carousel::iso9660
