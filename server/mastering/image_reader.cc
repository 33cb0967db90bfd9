#include "server/mastering/image_reader.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "hal/base/status_macros.h"
#include "server/imapi/error.h"

namespace carousel::mastering {
namespace {

using Kind = Plan::Kind;

absl::Status FromSource(const absl::Status& status) {
  if (status.ok() || imapi::GetDetail(status).has_value()) return status;
  return imapi::MakeError(imapi::Hresult::IMAPI_E_DATA_STREAM_READ_FAILURE,
                          absl::StrCat("a file's contents cannot be read: ", status.message()));
}

}  // namespace

ImageReader::ImageReader(const Plan* plan, ContentSource* source)
    : plan_(*plan), source_(*source), descriptors_(plan->Descriptors(false)) {}

absl::Status ImageReader::Read(Lba start, absl::Span<uint8_t> out) {
  if (out.empty() || out.size() % kSectorSize != 0)
    return absl::InvalidArgumentError("not a whole number of sectors");
  const Sectors count(static_cast<int64_t>(out.size()) / kSectorSize);
  if (start < plan_.start() || start > plan_.end() || count > plan_.end() - start)
    return absl::OutOfRangeError("outside the session");
  for (const Plan::Region& region : plan_.regions()) {
    if (region.end <= start) continue;
    const Sectors here = std::min(region.end - start, Sectors(out.size() / kSectorSize));
    RETURN_IF_ERROR(ReadRegion(region, start, out.first(here.bytes())));
    out.remove_prefix(here.bytes());
    start += here;
    if (out.empty()) break;
  }
  return absl::OkStatus();
}

absl::Status ImageReader::ReadRegion(const Plan::Region& region, Lba start,
                                     absl::Span<uint8_t> out) {
  const int64_t offset = (start - region.start).bytes();
  switch (region.kind) {
    case Kind::kSystemArea:
    case Kind::kEmpty:
    case Kind::kPadding:
      std::fill(out.begin(), out.end(), uint8_t{0});
      return absl::OkStatus();
    case Kind::kDescriptors:
      std::copy_n(descriptors_.begin() + offset, out.size(), out.begin());
      return absl::OkStatus();
    case Kind::kPathTableL:
    case Kind::kPathTableM:
      plan_.tree(region.joliet).RenderPathTable(region.kind == Kind::kPathTableM, offset, out);
      return absl::OkStatus();
    case Kind::kDirectories:
      return ReadDirectories(region.joliet, start, out);
    case Kind::kContents:
      return ReadContents(start, out);
  }
  return absl::InternalError("no such region");
}

absl::Status ImageReader::ReadDirectories(bool joliet, Lba start, absl::Span<uint8_t> out) {
  const TreeLayout& tree = plan_.tree(joliet);
  Rendered& rendered = rendered_[joliet ? 1 : 0];
  while (!out.empty()) {
    const size_t number = tree.NumberAt(start);
    if (rendered.number != number) {
      rendered.number = std::numeric_limits<size_t>::max();
      RETURN_IF_ERROR(tree.Render(number, rendered.sectors));
      rendered.number = number;
    }
    const auto offset = static_cast<size_t>((start - tree.RecordsOf(number).start).bytes());
    const size_t bytes = std::min(out.size(), rendered.sectors.size() - offset);
    std::copy_n(rendered.sectors.begin() + static_cast<std::ptrdiff_t>(offset), bytes, out.begin());
    out.remove_prefix(bytes);
    start += Sectors(static_cast<int64_t>(bytes) / kSectorSize);
  }
  return absl::OkStatus();
}

absl::Status ImageReader::ReadContents(Lba start, absl::Span<uint8_t> out) {
  const absl::Span<const ContentLayout::Content> contents = plan_.contents().contents();
  auto next = std::upper_bound(
      contents.begin(), contents.end(), start,
      [](Lba key, const ContentLayout::Content& content) { return key < content.start; });
  for (auto it = next - 1; !out.empty(); ++it) {
    const int64_t offset = (start - it->start).bytes();
    const int64_t bytes = std::min<int64_t>(it->bytes - offset, static_cast<int64_t>(out.size()));
    RETURN_IF_ERROR(FromSource(source_.Read(it->handle, offset, out.first(bytes))));
    const Sectors taken = Sectors::Holding(bytes);
    std::fill(out.begin() + bytes, out.begin() + taken.bytes(), uint8_t{0});
    out.remove_prefix(taken.bytes());
    start += taken;
  }
  return absl::OkStatus();
}

}  // namespace carousel::mastering
