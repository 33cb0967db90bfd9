#include "server/result/result_maker.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "absl/strings/str_cat.h"
#include "hal/base/status_macros.h"
#include "hal/base/types.h"
#include "server/burn/session_shape.h"
#include "server/digest/sha256.h"
#include "server/mastering/known_contents.h"
#include "server/mastering/options.h"
#include "server/mastering/plan.h"
#include "server/result/completed_input.h"
#include "server/result/result_contents.h"

namespace carousel {
namespace {

// Both limits hold: what the client sets may be less than the disc has, or more.
std::optional<Sectors> FreeSectors(const ImageView& image, const SessionShape& shape) {
  const int64_t set = image.free_media_blocks();
  if (set == 0) return shape.free;
  return std::min(Sectors(set), shape.free.value_or(Sectors(set)));
}

mastering::Options OptionsOf(const ImageView& image, const SessionShape& shape, absl::Time time) {
  mastering::Options options;
  options.session_start = shape.start;
  options.creation_time = time;
  options.volume_name = image.properties.volume_name;
  options.interchange_level = image.properties.interchange_level;
  options.joliet = image.properties.joliet;
  options.deep_directories = !image.properties.strict_compliance;
  options.tail = shape.tail;
  options.write_unit = shape.unit;
  options.min_sectors = shape.shortest;
  options.free_sectors = FreeSectors(image, shape);
  return options;
}

// Equal files at one time on two discs, or at two places, are two sessions.
std::string IdentityOf(const ImageView& image, const SessionShape& shape, absl::Time time) {
  return absl::StrCat(image.bound == nullptr ? "" : image.bound->facts->disc_identifier, " ",
                      shape.start.value(), " ", absl::ToUnixNanos(time), " ",
                      image.properties.volume_name);
}

const mastering::DiscManifest* ManifestOf(const ImageView& image) {
  const bool known = image.imported != nullptr && image.imported->manifest.has_value();
  return known ? &*image.imported->manifest : nullptr;
}

std::vector<ResultWarning> Warnings(const ImageView& image, const CompletedInput& completed) {
  std::vector<ResultWarning> warnings;
  const bool continues = image.bound != nullptr && image.bound->facts->newest_session().has_value();
  if (continues && image.imported == nullptr) {
    warnings.push_back({"NOTHING_IMPORTED",
                        "nothing was imported, so the files of earlier sessions are not in this "
                        "one's tree"});
  }
  if (completed.unknown_files > 0) {
    warnings.push_back({"DIGESTS_UNKNOWN",
                        absl::StrCat("the manifest does not name ", completed.unknown_files,
                                     " files of earlier sessions, whose digests are not known")});
  }
  return warnings;
}

// The first file of each content, in the order of the tree.
std::vector<FileTree::Id> ContentFiles(const MasteringInput& input, const mastering::Plan& plan) {
  const auto contents = plan.contents().contents();
  std::vector<FileTree::Id> files(contents.size(), FileTree::kRoot);
  for (const mastering::NewFile& file : input.new_files) {
    const mastering::ContentLayout::Content* content = plan.contents().ContentOf(file.file);
    if (content == nullptr) continue;
    FileTree::Id& first = files[static_cast<size_t>(content - contents.data())];
    if (first == FileTree::kRoot || file.file < first) first = file.file;
  }
  return files;
}

}  // namespace

absl::StatusOr<MadeResult> ResultMaker::Make(
    MasteringSource source, const ResultSpec& spec,
    absl::FunctionRef<absl::Status(ResultStep)> begin) const {
  const ImageView& image = source.image;
  SessionShape shape = ShapeForAnyBlank();
  if (image.bound != nullptr) {
    ASSIGN_OR_RETURN(shape, ShapeFor(*image.bound->facts));
  }
  RETURN_IF_ERROR(begin(ResultStep::kCompleting));
  ASSIGN_OR_RETURN(CompletedInput completed,
                   CompleteInput({.input = &source.input,
                                  .contents = source.contents,
                                  .disc = ManifestOf(image),
                                  .refer = spec.refer,
                                  .start = shape.start,
                                  .creation_time = spec.creation_time,
                                  .job = spec.job,
                                  .program = program_,
                                  .identity = IdentityOf(image, shape, spec.creation_time)}));
  source.input = MasteringInput();
  MadeResult made{.referring_files = completed.referring_files,
                  .bytes_not_written = completed.bytes_not_written,
                  .warnings = Warnings(image, completed)};
  RETURN_IF_ERROR(begin(ResultStep::kPlanning));
  auto result = std::make_shared<ResultImage>();
  result->image = image.id;
  result->etag = image.etag;
  result->bound = image.bound;
  result->input = std::move(completed.input);
  result->session_id = std::move(completed.session_id);
  ASSIGN_OR_RETURN(result->plan,
                   mastering::Plan::Make(result->input.tree, result->input.new_files,
                                         OptionsOf(image, shape, spec.creation_time)));
  result->content_files = ContentFiles(result->input, *result->plan);
  result->open_contents =
      [spool = spool_,
       contents = std::make_shared<const std::vector<Sha256Digest>>(std::move(source.contents)),
       manifest = std::make_shared<const std::string>(std::move(completed.manifest))] {
        return std::make_unique<ResultContents>(spool, contents, manifest);
      };
  made.result = std::move(result);
  RETURN_IF_ERROR(begin(ResultStep::kDone));
  return made;
}

}  // namespace carousel
