// Every metric of the service: the one place that spells a name. The code that counts,
// docs/metrics.md and the tests of dashboards and alerts all read it.
#ifndef SERVER_METRICS_CATALOGUE_H_
#define SERVER_METRICS_CATALOGUE_H_

#include <cstdint>

#include "absl/strings/string_view.h"
#include "absl/types/span.h"

namespace carousel::metrics {

enum class Type : uint8_t { kCounter, kGauge, kHistogram };

// A label and the set that its values come from; every set is finite.
struct Label {
  absl::string_view name;
  absl::string_view values;  // for people
};

struct Metric {
  absl::string_view name;
  Type type;
  absl::string_view help;
  absl::Span<const Label> labels;
  absl::Span<const double> buckets;  // histograms: upper bounds, ascending, in seconds
};

extern const Metric kMultisessionValidations;

extern const Metric kImportEntries;
extern const Metric kImportBytes;
extern const Metric kImportBlocks;
extern const Metric kImportDuration;
extern const Metric kImportEntriesPerSecond;
extern const Metric kImportBytesPerSecond;
extern const Metric kImportFailures;
extern const Metric kImportLastSuccess;

extern const Metric kScsiCommands;
extern const Metric kScsiCommandDuration;
extern const Metric kDriveState;

extern const Metric kChangerMoves;
extern const Metric kChangerMoveDuration;

extern const Metric kSpoolQuota;
extern const Metric kSpoolUsed;
extern const Metric kSpoolUploads;

extern const Metric kBurns;
extern const Metric kBurnBytes;
extern const Metric kBurnDuration;
extern const Metric kBurnWrongAddress;
extern const Metric kBurnBufferDry;
extern const Metric kBurnBufferLowest;

extern const Metric kDiscJobs;
extern const Metric kDiscJobDuration;

extern const Metric kJournalRecords;
extern const Metric kJournalHeldDiscs;
extern const Metric kJournalWriteDuration;

extern const Metric kGrpcStarted;
extern const Metric kGrpcHandled;
extern const Metric kGrpcMessagesReceived;
extern const Metric kGrpcMessagesSent;
extern const Metric kGrpcHandling;

extern const Metric kBuildInfo;
extern const Metric kRobotInfo;
extern const Metric kProcessCpu;
extern const Metric kProcessStartTime;
extern const Metric kProcessResidentMemory;
extern const Metric kProcessVirtualMemory;
extern const Metric kProcessOpenFds;
extern const Metric kProcessMaxFds;
extern const Metric kProcessThreads;

// All of the above, in this order.
absl::Span<const Metric* const> All();

absl::string_view TypeName(Type type);  // "counter", as the exposition format has it

}  // namespace carousel::metrics

#endif  // SERVER_METRICS_CATALOGUE_H_
