#include "server/mastering/plan.h"

#include <algorithm>
#include <limits>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "hal/base/status_macros.h"
#include "server/fs/iso9660/volume_descriptor.h"
#include "server/fs/iso9660/volume_descriptor_writer.h"
#include "server/imapi/error.h"
#include "server/mastering/check_options.h"
#include "server/mastering/hundredths.h"

namespace carousel::mastering {
namespace {

using imapi::Hresult;

// Addresses have 32 bits.
constexpr Lba kEndOfAddresses{std::numeric_limits<uint32_t>::max()};

TreeRules RulesOf(const Options& options, bool joliet) {
  return TreeRules{.joliet = joliet,
                   .rock_ridge = options.rock_ridge,
                   .level = options.interchange_level,
                   .joliet_characters = options.joliet_characters,
                   .deep_directories = options.deep_directories};
}

Sectors RoundUpTo(Sectors count, Sectors unit) {
  return Sectors((count.value() + unit.value() - 1) / unit.value() * unit.value());
}

absl::Status CheckSpace(const Plan& plan, const Options& options) {
  const Sectors reach = kEndOfAddresses - plan.start();
  const Sectors free = std::min(options.free_sectors.value_or(reach), reach);
  if (plan.sectors() <= free) return absl::OkStatus();
  return imapi::MakeError(Hresult::IMAPI_E_IMAGE_SIZE_LIMIT,
                          absl::StrCat("the session needs ", plan.sectors().value(),
                                       " sectors and there are ", free.value()),
                          {{"needed_sectors", absl::StrCat(plan.sectors().value())},
                           {"free_sectors", absl::StrCat(free.value())}});
}

}  // namespace

absl::StatusOr<std::unique_ptr<const Plan>> Plan::Make(const FileTree& tree,
                                                       absl::Span<const NewFile> new_files,
                                                       const Options& options) {
  RETURN_IF_ERROR(CheckOptions(options));
  std::unique_ptr<Plan> plan(new Plan());
  plan->start_ = options.session_start;
  plan->creation_time_ = Hundredths(options.creation_time);
  plan->root_time_ = Hundredths(tree.data(FileTree::kRoot).modify_time);
  plan->volume_name_ = options.volume_name;
  if (plan->volume_name_.empty()) {
    plan->volume_name_ =
        absl::FormatTime("%Y%m%d_%H%M", options.creation_time, absl::UTCTimeZone());
  }
  RETURN_IF_ERROR(plan->MakeTrees(tree, new_files, options));
  plan->Arrange(options);
  RETURN_IF_ERROR(CheckSpace(*plan, options));
  return plan;
}

absl::Status Plan::MakeTrees(const FileTree& tree, absl::Span<const NewFile> new_files,
                             const Options& options) {
  ASSIGN_OR_RETURN(contents_, ContentLayout::Make(tree, new_files));
  serials_ = std::make_unique<SerialNumbers>(tree);
  const Sources sources = {.tree = &tree,
                           .contents = &contents_,
                           .serials = serials_.get(),
                           .session_start = options.session_start};
  ASSIGN_OR_RETURN(primary_, TreeLayout::Make(sources, RulesOf(options, false)));
  if (options.joliet) {
    ASSIGN_OR_RETURN(joliet_, TreeLayout::Make(sources, RulesOf(options, true)));
  }
  return absl::OkStatus();
}

void Plan::AddRegion(Kind kind, bool joliet, Sectors sectors) {
  if (sectors == Sectors(0)) return;
  const Lba start = regions_.empty() ? start_ : regions_.back().end;
  regions_.push_back(Region{kind, joliet, start, start + sectors});
}

Lba Plan::StartOf(Kind kind, bool joliet) const {
  for (const Region& region : regions_) {
    if (region.kind == kind && region.joliet == joliet) return region.start;
  }
  return regions_.back().end;
}

void Plan::Arrange(const Options& options) {
  AddRegion(Kind::kSystemArea, false, iso9660::kSystemArea);
  AddRegion(Kind::kDescriptors, false, Sectors(joliet_.has_value() ? 3 : 2));
  for (const bool joliet : {false, true}) {
    if (joliet && !joliet_.has_value()) continue;
    const Sectors table = Sectors::Holding(tree(joliet).path_table_bytes());
    AddRegion(Kind::kPathTableL, joliet, table);
    AddRegion(Kind::kPathTableM, joliet, table);
  }
  AddRegion(Kind::kEmpty, false, Sectors(1));
  AddRegion(Kind::kDirectories, false, primary_->sectors());
  if (joliet_.has_value()) AddRegion(Kind::kDirectories, true, joliet_->sectors());
  AddRegion(Kind::kContents, false, contents_.sectors());
  volume_end_ = regions_.back().end;
  const Sectors volume = volume_end_ - start_;
  const Sectors whole =
      RoundUpTo(std::max(volume + options.tail, options.min_sectors), options.write_unit);
  AddRegion(Kind::kPadding, false, whole - volume);
  end_ = start_ + whole;
  primary_->Place(StartOf(Kind::kDirectories, false));
  if (joliet_.has_value()) joliet_->Place(StartOf(Kind::kDirectories, true));
  contents_.Place(StartOf(Kind::kContents, false), StartOf(Kind::kEmpty, false));
}

std::vector<uint8_t> Plan::Descriptors(bool overall) const {
  std::vector<uint8_t> bytes(Sectors(joliet_.has_value() ? 3 : 2).bytes());
  const auto sector = [&](int64_t i) {
    return absl::MakeSpan(bytes).subspan(Sectors(i).bytes(), kSectorSize);
  };
  for (const bool joliet : {false, true}) {
    if (joliet && !joliet_.has_value()) continue;
    const Extent root = tree(joliet).RecordsOf(0);
    const iso9660::NewVolume volume = {.volume_name = volume_name_,
                                       .volume_space = volume_end_ - (overall ? Lba(0) : start_),
                                       .root = root.start,
                                       .root_bytes = root.bytes,
                                       .root_time = root_time_,
                                       .path_table_l = StartOf(Kind::kPathTableL, joliet),
                                       .path_table_m = StartOf(Kind::kPathTableM, joliet),
                                       .path_table_bytes = tree(joliet).path_table_bytes(),
                                       .creation_time = creation_time_};
    if (joliet) {
      iso9660::WriteJolietVolume(volume, sector(1));
    } else {
      iso9660::WritePrimaryVolume(volume, sector(0));
    }
  }
  iso9660::WriteTerminator(sector(joliet_.has_value() ? 2 : 1));
  return bytes;
}

}  // namespace carousel::mastering
