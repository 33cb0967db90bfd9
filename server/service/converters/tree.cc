#include "server/service/converters/tree.h"

#include <any>

#include "carousel/v1/image.pb.h"
#include "proto/status/text.h"
#include "server/service/converters/image.h"
#include "server/service/converters/names.h"
#include "server/service/converters/time.h"
#include "server/uploads/tree_jobs.h"

namespace carousel {
namespace {

void ProgressToProto(const TreeProgress& progress, v1::AddTreeMetadata* proto) {
  proto->set_current_item(ToUtf8(progress.current_item));
  proto->set_files_done(progress.files_done);
  proto->set_bytes_done(progress.bytes_done);
  if (progress.files_total.has_value()) proto->set_files_total(*progress.files_total);
  if (progress.bytes_total.has_value()) proto->set_bytes_total(*progress.bytes_total);
  if (progress.directories_total.has_value())
    proto->set_directories_total(*progress.directories_total);
}

}  // namespace

void AddTreeToProto(const OperationView& view, const std::string& robot_id,
                    google::longrunning::Operation* proto) {
  v1::AddTreeMetadata metadata;
  metadata.set_robot_id(robot_id);
  metadata.set_image(NameFromId("images", view.subject.image));
  *metadata.mutable_create_time() = TimeToProto(view.create_time);
  if (view.end_time.has_value()) *metadata.mutable_end_time() = TimeToProto(*view.end_time);
  metadata.set_trace_id(view.subject.trace_id);
  if (const auto* progress = std::any_cast<TreeProgress>(&view.progress))
    ProgressToProto(*progress, &metadata);
  proto->mutable_metadata()->PackFrom(metadata);
  const auto* report = std::any_cast<TreeReport>(&view.response);
  if (report == nullptr) return;
  v1::AddTreeResponse response;
  ImageToProto(report->image, response.mutable_image());
  response.set_file_count(report->files);
  response.set_directory_count(report->directories);
  response.set_link_count(report->links);
  response.set_size_bytes(report->bytes);
  proto->mutable_response()->PackFrom(response);
}

}  // namespace carousel
