#include "server/result/progress_items.h"

#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "hal/base/types.h"
#include "server/mastering/plan.h"

namespace carousel {
namespace {

using mastering::Plan;

absl::string_view KindName(Plan::Kind kind) {
  switch (kind) {
    case Plan::Kind::kSystemArea:
      return "system area";
    case Plan::Kind::kDescriptors:
      return "volume descriptors";
    case Plan::Kind::kPathTableL:
      return "path table";
    case Plan::Kind::kPathTableM:
      return "path table, big-endian";
    case Plan::Kind::kEmpty:
      return "files without bytes";
    case Plan::Kind::kDirectories:
      return "directories";
    case Plan::Kind::kContents:
      return "files";
    case Plan::Kind::kPadding:
      return "padding";
  }
  return "";
}

size_t CountOf(const Plan& plan, const Plan::Region& region) {
  return region.kind == Plan::Kind::kContents ? plan.contents().contents().size() : 1;
}

ProgressItem ItemOf(const Plan& plan, std::string description, Lba start, Lba end) {
  return {.description = std::move(description),
          .first = (start - plan.start()).value(),
          .last = (end - plan.start()).value() - 1};
}

ProgressItem RegionItem(const Plan& plan, const Plan::Region& region) {
  return ItemOf(plan,
                absl::StrCat("[", KindName(region.kind), region.joliet ? " of Joliet" : "", "]"),
                region.start, region.end);
}

ProgressItem FileItem(const ResultImage& result, size_t index) {
  const mastering::ContentLayout::Content& content = result.plan->contents().contents()[index];
  return ItemOf(*result.plan, result.input.tree.Path(result.content_files[index]), content.start,
                content.start + Sectors::Holding(content.bytes));
}

}  // namespace

size_t ProgressItemCount(const ResultImage& result) {
  size_t count = 0;
  for (const Plan::Region& region : result.plan->regions()) count += CountOf(*result.plan, region);
  return count;
}

std::vector<ProgressItem> ProgressItems(const ResultImage& result, size_t first, size_t limit) {
  std::vector<ProgressItem> items;
  for (const Plan::Region& region : result.plan->regions()) {
    const size_t count = CountOf(*result.plan, region);
    if (first >= count) {
      first -= count;
      continue;
    }
    for (; first < count && items.size() < limit; ++first) {
      items.push_back(region.kind == Plan::Kind::kContents ? FileItem(result, first)
                                                           : RegionItem(*result.plan, region));
    }
    first = 0;
  }
  return items;
}

}  // namespace carousel
