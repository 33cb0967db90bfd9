#include "server/app/opened.h"

#include <string>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/string_view.h"
#include "hal/base/status_macros.h"
#include "server/app/part_options.h"

namespace carousel {
namespace {

absl::StatusOr<std::unique_ptr<Journal>> OpenJournal(const std::string& state_dir, Clock* clock,
                                                     JournalObserver* observer) {
  const std::string path = state_dir + "/journal.sqlite";
  absl::StatusOr<std::unique_ptr<Journal>> journal = Journal::Open(path, clock, observer);
  if (journal.ok()) return journal;
  return absl::Status(journal.status().code(),
                      absl::StrCat("the journal of what was done to discs cannot be opened, and "
                                   "without it nothing may be: ",
                                   path, ": ", journal.status().message()));
}

}  // namespace

absl::StatusOr<Opened> Opened::Open(const Config& config) {
  ASSIGN_OR_RETURN(StateLock lock, StateLock::Take(config.state_dir));
  Opened opened{.lock = std::move(lock)};
  opened.clock = std::make_unique<SystemClock>();
  opened.robot_clock = std::make_unique<ScaledClock>(
      config.virtual_robot.has_value() ? config.virtual_robot->time_scale : 1);
  opened.metrics = std::make_unique<Metrics>(MetricsOptions(config));
  ASSIGN_OR_RETURN(opened.journal,
                   OpenJournal(config.state_dir, opened.clock.get(), opened.metrics->journal()));
  ASSIGN_OR_RETURN(opened.devices, Devices::Open(config, opened.robot_clock.get()));
  ASSIGN_OR_RETURN(opened.spool,
                   Spool::Open(config.spool.folder, SpoolLimits(config.spool, config.limits),
                               opened.clock.get()));
  // Images live in memory: those of an earlier process are gone, and what it kept for them.
  RETURN_IF_ERROR(opened.spool->RetainOwners([](absl::string_view) { return false; }));
  if (config.spool.staging_root.empty()) return opened;
  ASSIGN_OR_RETURN(StagingFolder staging, StagingFolder::Open(config.spool.staging_root));
  opened.staging = std::make_unique<StagingFolder>(std::move(staging));
  return opened;
}

}  // namespace carousel
