#include "server/app/page_source.h"

#include <algorithm>
#include <any>
#include <limits>
#include <optional>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_replace.h"
#include "server/burn/write_report.h"
#include "server/imapi/error.h"
#include "server/library/move_jobs.h"
#include "server/maintenance/disc_job_report.h"
#include "server/service/error_reason.h"
#include "server/session_import/importer.h"
#include "server/uploads/tree_jobs.h"

namespace carousel {
namespace {

using web::Mood;

constexpr size_t kRunning = 200;
constexpr size_t kEnded = 10;
constexpr int64_t kNewest = std::numeric_limits<int64_t>::max();
constexpr size_t kAll = std::numeric_limits<size_t>::max();

web::DriveRow RowOf(const DriveView& drive) {
  web::DriveRow row{.name = drive.id,
                    .disc = drive.disc,
                    .medium = drive.profile,
                    .model = absl::StrCat(drive.vendor, " ", drive.product, " ", drive.revision),
                    .note = drive.reason};
  const auto is = [&](const char* state, Mood mood) {
    row.state = state;
    row.mood = mood;
  };
  switch (drive.condition) {
    case DriveCondition::kNotYetKnown:
      is("not yet known", Mood::kWorking);
      break;
    case DriveCondition::kEmpty:
      is("empty", Mood::kIdle);
      break;
    case DriveCondition::kNotReady:
      is("not ready", Mood::kWorking);
      break;
    case DriveCondition::kReady:
      is("ready", Mood::kGood);
      break;
    case DriveCondition::kFailed:
      is("failed", Mood::kBad);
      break;
  }
  if (drive.owner.empty()) return row;
  is("working", Mood::kWorking);
  row.note = drive.owner;
  return row;
}

const char* StepOf(BurnAction action) {
  switch (action) {
    case BurnAction::kValidatingMedia:
      return "validating the disc";
    case BurnAction::kFormattingMedia:
      return "formatting";
    case BurnAction::kInitializingHardware:
      return "preparing the drive";
    case BurnAction::kCalibratingPower:
      return "calibrating power";
    case BurnAction::kWritingData:
      return "writing";
    case BurnAction::kFinalization:
      return "closing";
    case BurnAction::kCompleted:
      return "written";
  }
  return "";
}

const char* StepOf(VerifyAction action) {
  switch (action) {
    case VerifyAction::kReloading:
      return "reloading";
    case VerifyAction::kExamining:
      return "examining";
    case VerifyAction::kReading:
      return "verifying";
    case VerifyAction::kCompleted:
      return "verified";
  }
  return "";
}

std::optional<double> Part(int64_t done, int64_t total) {
  if (total <= 0) return std::nullopt;
  return static_cast<double>(done) / static_cast<double>(total);
}

void SetProgress(const VerifyProgress& verify, web::JobRow* row) {
  row->step = StepOf(verify.action);
  row->part = Part(verify.done.value(), verify.total.value());
}

void SetProgress(const WriteProgress& write, web::JobRow* row) {
  row->remaining = write.remaining;
  if (write.verify.has_value()) return SetProgress(*write.verify, row);
  row->step = StepOf(write.burn.action);
  if (write.burn.action == BurnAction::kWritingData) {
    row->part = Part(write.burn.next.value() - write.burn.start.value(),
                     write.burn.end.value() - write.burn.start.value());
  }
}

void SetProgress(const std::any& progress, web::JobRow* row) {
  if (const auto* const write = std::any_cast<WriteProgress>(&progress)) {
    SetProgress(*write, row);
  } else if (const auto* const job = std::any_cast<DiscJobProgress>(&progress)) {
    if (job->verify.has_value()) SetProgress(*job->verify, row);
    if (job->maintenance.has_value()) row->part = job->maintenance->part;
  } else if (const auto* const import = std::any_cast<ImportProgress>(&progress)) {
    row->step =
        absl::StrCat(import->files_done, " files, ", import->directories_done, " directories read");
    row->part = Part(import->directories_done, import->directories_total.value_or(0));
  } else if (const auto* const tree = std::any_cast<TreeProgress>(&progress)) {
    row->step = absl::StrCat(tree->files_done, " files taken");
    row->part = Part(tree->bytes_done, tree->bytes_total.value_or(0));
  } else if (const auto* const move = std::any_cast<MoveReport>(&progress)) {
    row->step = absl::StrCat(move->leg.from.Name(), " to ", move->leg.to.Name());
  }
}

std::string WhatOf(const OperationView& operation) {
  return absl::StrReplaceAll(OperationKindName(operation.subject.kind), {{"_", " "}});
}

web::JobRow JobOf(const OperationView& operation) {
  web::JobRow row{.name = operation.id,
                  .what = WhatOf(operation),
                  .drive = operation.subject.drive,
                  .disc = operation.subject.disc,
                  .since = operation.create_time};
  SetProgress(operation.progress, &row);
  return row;
}

web::EndedRow EndedOf(const OperationView& operation) {
  const bool good = operation.status.ok();
  return {.name = operation.id,
          .what = WhatOf(operation),
          .drive = operation.subject.drive,
          .disc = operation.subject.disc,
          .outcome = good ? "done" : ErrorReason(operation.status),
          .mood = good ? Mood::kGood : Mood::kBad,
          .message = std::string(operation.status.message()),
          .time = operation.end_time.value_or(operation.create_time)};
}

web::FailureRow RowOf(const web::RecentFailures::Failure& failure) {
  web::FailureRow row{.time = failure.time,
                      .reason = ErrorReason(failure.status),
                      .message = std::string(failure.status.message())};
  if (const auto detail = imapi::GetDetail(failure.status); detail.has_value()) {
    const auto rule = detail->metadata.find("rule");
    if (rule != detail->metadata.end()) row.rule = rule->second;
  }
  return row;
}

}  // namespace

web::Page PageSource::Now() const {
  web::Page page{.robot = parts_.robot,
                 .version = parts_.version,
                 .now = parts_.clock->Now(),
                 .problems = parts_.problems(),
                 .arm_disc = parts_.robots->ArmDisc(),
                 .slot_count = parts_.robots->slot_count()};
  for (const DriveView& drive : parts_.robots->Drives(0, kAll)) page.drives.push_back(RowOf(drive));
  for (SlotView& slot : parts_.robots->Slots(0, kAll)) {
    if (!slot.disc.empty()) page.slots.push_back({std::move(slot.id), std::move(slot.disc)});
  }
  for (ImportExportSlotView& port : parts_.robots->ImportExportSlots(0, kAll))
    page.ports.push_back({std::move(port.id), std::move(port.disc)});
  for (const OperationView& running : parts_.operations->List({.done = false}, kNewest, kRunning))
    page.jobs.push_back(JobOf(running));
  for (const OperationView& ended : parts_.operations->List({.done = true}, kNewest, kEnded))
    page.ended.push_back(EndedOf(ended));
  for (const web::RecentFailures::Failure& failure : parts_.failures->List())
    page.failures.push_back(RowOf(failure));
  return page;
}

}  // namespace carousel
