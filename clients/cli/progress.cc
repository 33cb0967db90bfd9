#include "clients/cli/progress.h"

#include <algorithm>
#include <cctype>
#include <chrono>

#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "carousel/v1/disc_format.pb.h"
#include "carousel/v1/image.pb.h"
#include "carousel/v1/robot.pb.h"
#include "clients/cli/output.h"

namespace carousel::cli {
namespace {

constexpr int kBarWidth = 24;
constexpr size_t kLongestItem = 40;
constexpr int64_t kSectorBytes = 2048;

std::string Shorten(const std::string& path) {
  if (path.size() <= kLongestItem) return path;
  // From the end: the file's own name tells most. Not inside a UTF-8 sequence.
  size_t begin = path.size() - kLongestItem + 3;
  while (begin < path.size() && (path[begin] & 0xC0) == 0x80) ++begin;
  return absl::StrCat("...", path.substr(begin));
}

std::string DescribeImport(const v1::ImportFileSystemMetadata& import, bool done) {
  std::string line;
  if (import.has_directories_total() && import.directories_total() > 0) {
    const double fraction =
        done ? 1.0 : static_cast<double>(import.directories_done()) / import.directories_total();
    absl::StrAppendFormat(&line, "%s %3d%%  ", Bar(fraction, kBarWidth),
                          static_cast<int>(std::clamp(fraction, 0.0, 1.0) * 100));
  }
  absl::StrAppend(&line, import.directories_done(), " directories, ", import.files_done(),
                  " files, ", HumanBytes(import.bytes_read()));
  if (!done && !import.current_item().empty()) {
    absl::StrAppend(&line, "  ", Printable(Shorten(import.current_item())));
  }
  return line;
}

// "0:07", "1:02:03".
std::string Clock(int64_t seconds) {
  if (seconds < 3600) return absl::StrFormat("%d:%02d", seconds / 60, seconds % 60);
  return absl::StrFormat("%d:%02d:%02d", seconds / 3600, seconds / 60 % 60, seconds % 60);
}

double SecondsOf(const google::protobuf::Timestamp& time) {
  return static_cast<double>(time.seconds()) + time.nanos() / 1e9;
}

std::string DescribeTree(const v1::AddTreeMetadata& tree) {
  if (!tree.has_files_total()) return "listing";
  const double end =
      tree.has_end_time()
          ? SecondsOf(tree.end_time())
          : std::chrono::duration<double>(std::chrono::system_clock::now().time_since_epoch())
                .count();
  return DescribeTransfer({.item = tree.has_end_time() ? "" : tree.current_item(),
                           .files_done = tree.files_done(),
                           .files_total = tree.files_total(),
                           .bytes_done = tree.bytes_done(),
                           .bytes_total = tree.bytes_total(),
                           .seconds = end - SecondsOf(tree.create_time())});
}

// "ACTION_CLOSING_TRACK" as "closing track".
std::string ActionText(v1::DiscJobMetadata::Action action) {
  std::string text = v1::DiscJobMetadata::Action_Name(action);
  text = text.substr(std::string("ACTION_").size());
  for (char& c : text) c = c == '_' ? ' ' : static_cast<char>(std::tolower(c));
  return text;
}

std::string DescribeDiscJob(const v1::DiscJobMetadata& job, bool done) {
  std::string line;
  if (job.has_percent() && !done) {
    absl::StrAppendFormat(&line, "%s %3d%%  ", Bar(job.percent() / 100, kBarWidth),
                          static_cast<int>(std::clamp(job.percent(), 0.0, 100.0)));
  }
  absl::StrAppend(&line, job.action() == v1::DiscJobMetadata::ACTION_UNSPECIFIED
                             ? std::string("waiting for the drive")
                             : ActionText(job.action()));
  if (job.sectors_done() > 0)
    absl::StrAppend(&line, ", ", HumanBytes(job.sectors_done() * kSectorBytes));
  if (job.has_sectors_per_second())
    absl::StrAppend(&line, " at ", HumanBytes(job.sectors_per_second() * kSectorBytes), "/s");
  if (!done && job.has_remaining())
    absl::StrAppend(&line, ", ", Clock(job.remaining().seconds()), " left");
  return line;
}

absl::string_view ActionName(v1::WriteImageMetadata::Action action) {
  switch (action) {
    case v1::WriteImageMetadata::ACTION_VALIDATING_MEDIA:
      return "looking at the disc";
    case v1::WriteImageMetadata::ACTION_FORMATTING_MEDIA:
      return "formatting";
    case v1::WriteImageMetadata::ACTION_INITIALIZING_HARDWARE:
      return "setting up the drive";
    case v1::WriteImageMetadata::ACTION_CALIBRATING_POWER:
      return "calibrating the laser";
    case v1::WriteImageMetadata::ACTION_WRITING_DATA:
      return "writing";
    case v1::WriteImageMetadata::ACTION_FINALIZATION:
      return "closing the session";
    case v1::WriteImageMetadata::ACTION_RELOADING:
      return "reloading the disc";
    case v1::WriteImageMetadata::ACTION_VERIFYING:
      return "verifying";
    case v1::WriteImageMetadata::ACTION_COMPLETED:
      return "done";
    default:
      return "waiting";
  }
}

int64_t Percent(int64_t part, int64_t whole) { return whole <= 0 ? 0 : part * 100 / whole; }

std::string DescribeBurn(const v1::WriteImageMetadata& burn, bool done) {
  const bool verifies = burn.action() == v1::WriteImageMetadata::ACTION_VERIFYING;
  const int64_t whole = verifies ? burn.sectors_to_verify() : burn.end() - burn.start();
  const int64_t part = verifies ? burn.sectors_verified() : burn.next_sector() - burn.start();
  std::string line = absl::StrFormat(
      "%s %3d%%  %s, %s", Bar(whole <= 0 ? 0.0 : static_cast<double>(part) / whole, kBarWidth),
      Percent(part, whole), ActionName(burn.action()), HumanBytes(part * kSectorBytes));
  if (done) return absl::StrCat(line, ", the disc: ", burn.disc_state());
  if (burn.has_sectors_per_second() && burn.sectors_per_second() > 0)
    absl::StrAppend(&line, ", ", HumanBytes(burn.sectors_per_second() * kSectorBytes), "/s");
  if (burn.has_remaining())
    absl::StrAppend(&line, ", ", Clock(burn.remaining().seconds()), " left");
  const auto& buffer = burn.service_buffer();
  if (!verifies && buffer.size_bytes() > 0)
    absl::StrAppend(&line, ", buffer ", Percent(buffer.filled_bytes(), buffer.size_bytes()), "%");
  return line;
}

}  // namespace

std::string DescribeTransfer(const Transfer& transfer) {
  const double fraction = transfer.bytes_total > 0 ? static_cast<double>(transfer.bytes_done) /
                                                         static_cast<double>(transfer.bytes_total)
                                                   : 1.0;
  std::string line = absl::StrFormat(
      "%s %3d%%  %d of %d files, %s of %s", Bar(fraction, kBarWidth),
      static_cast<int>(std::clamp(fraction, 0.0, 1.0) * 100), transfer.files_done,
      transfer.files_total, HumanBytes(transfer.bytes_done), HumanBytes(transfer.bytes_total));
  const double speed =
      transfer.seconds > 0 ? static_cast<double>(transfer.bytes_done) / transfer.seconds : 0;
  if (speed >= 1) {
    absl::StrAppend(&line, ", ", HumanBytes(static_cast<int64_t>(speed)), "/s");
    const auto left = static_cast<double>(transfer.bytes_total - transfer.bytes_done) / speed;
    if (left > 0) absl::StrAppend(&line, ", ", Clock(static_cast<int64_t>(left + 0.5)), " left");
  }
  if (!transfer.item.empty()) absl::StrAppend(&line, "  ", Printable(Shorten(transfer.item)));
  return line;
}

std::string Bar(double fraction, int width) {
  const int full = static_cast<int>(std::clamp(fraction, 0.0, 1.0) * width);
  return absl::StrCat("[", std::string(full, '#'), std::string(width - full, '.'), "]");
}

std::string DescribeProgress(const google::longrunning::Operation& operation) {
  v1::ImportFileSystemMetadata import;
  if (operation.metadata().UnpackTo(&import)) return DescribeImport(import, operation.done());
  v1::AddTreeMetadata tree;
  if (operation.metadata().UnpackTo(&tree)) return DescribeTree(tree);
  v1::DiscJobMetadata job;
  if (operation.metadata().UnpackTo(&job)) return DescribeDiscJob(job, operation.done());
  v1::WriteImageMetadata burn;
  if (operation.metadata().UnpackTo(&burn)) return DescribeBurn(burn, operation.done());
  v1::MoveDiscMetadata move;
  if (operation.metadata().UnpackTo(&move)) {
    return absl::StrCat(move.disc(), ": ", move.source(), " -> ", move.destination(),
                        operation.done() ? ", done" : "");
  }
  v1::CreateResultImageMetadata result;
  if (operation.metadata().UnpackTo(&result)) {
    return absl::StrCat(
        result.image(), ": ",
        absl::AsciiStrToLower(v1::CreateResultImageMetadata::Step_Name(result.step())));
  }
  return operation.done() ? "done" : "running";
}

ProgressLine::~ProgressLine() {
  if (terminal_ && width_ > 0) out_ << "\n";
}

void ProgressLine::Show(const google::longrunning::Operation& operation) {
  ShowText(DescribeProgress(operation));
}

void ProgressLine::ShowText(const std::string& line) {
  if (line == last_) return;
  last_ = line;
  if (!terminal_) {
    out_ << line << "\n";
    return;
  }
  const size_t padding = width_ > line.size() ? width_ - line.size() : 0;
  out_ << "\r" << line << std::string(padding, ' ') << std::flush;
  width_ = line.size();
}

}  // namespace carousel::cli
