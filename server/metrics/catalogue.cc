#include "server/metrics/catalogue.h"

namespace carousel::metrics {
namespace {

// OpenTelemetry's advice for rpc.server.call.duration.
constexpr double kRpcSeconds[] = {0.005, 0.01, 0.025, 0.05, 0.075, 0.1, 0.25,
                                  0.5,   0.75, 1,     2.5,  5,     7.5, 10};
// From a command that the drive's cache answers to one that its time-out ends.
constexpr double kCommandSeconds[] = {0.0001, 0.0005, 0.001, 0.005, 0.01, 0.05, 0.1,
                                      0.25,   0.5,    1,     2.5,   5,    10,   30};
constexpr double kImportSeconds[] = {0.1, 0.3, 1, 3, 10, 30, 60, 120, 300, 600, 1800};
// From a session on a model to the whole of a disc of 128 GB, verified.
constexpr double kBurnSeconds[] = {10, 30, 60, 120, 300, 600, 1200, 1800, 3600, 7200, 14400, 28800};
// From a sync that a battery's cache answers to one of a disk that is about to fail.
constexpr double kJournalSeconds[] = {0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025,
                                      0.05,   0.1,   0.25,   0.5,   1,    5};
constexpr double kMoveSeconds[] = {0.5, 1, 2, 5, 10, 15, 20, 30, 60, 120, 300};

constexpr Label kDrive = {"drive", "configured ids of drives"};
constexpr Label kDriveOnly[] = {kDrive};

constexpr Label kValidationLabels[] = {
    {"result", "accepted, refused"},
    {"reason", "S_OK, a name of the IMAPI catalogue, or a canonical code in capitals"},
    {"rule", "R1 to R12; none for success and for refusals that no rule made"},
};
constexpr Label kReasonLabels[] = {
    {"reason", "a name of the IMAPI catalogue, or a canonical code in capitals"}};
constexpr Label kCommandLabels[] = {
    kDrive,
    {"opcode", "the standards' names, or OPCODE and two hexadecimal digits"},
    {"result",
     "good, the sense key of a CHECK CONDITION (medium_error, not_ready, ...), another SCSI status "
     "(busy, ...), or timeout, unreachable"},
};
constexpr Label kCommandDurationLabels[] = {kDrive, kCommandLabels[1]};
constexpr Label kDriveStateLabels[] = {kDrive,
                                       {"state", "opening, empty, not_ready, ready, failed"}};
constexpr Label kMoveLabels[] = {{"result", "moved, still_at_source, in_gripper, unknown"}};
constexpr Label kSpoolUsedLabels[] = {
    {"by", "uploads (announced and not ended), contents (of images)"}};
constexpr Label kMedia = {"media", "names of MMC profiles: CD-R, DVD+R, ..."};
constexpr Label kMediaOnly[] = {kMedia};
constexpr Label kOutcome = {"outcome", "done, cancelled, failed"};
constexpr Label kDiscStateLabel = {
    "disc_state", "untouched, partly_written, written, good, suspect, erased, unknown"};
constexpr Label kBurnLabels[] = {kMedia, kOutcome, kDiscStateLabel};
constexpr Label kDiscJob = {"kind", "erase_media, close_disc, repair_disc, verify_session"};
constexpr Label kDiscJobLabels[] = {kDiscJob, kOutcome, kDiscStateLabel};
constexpr Label kDiscJobOnly[] = {kDiscJob};
constexpr Label kJournalLabels[] = {
    {"record", "operation, operation_end, intent, outcome, acknowledgement, removal"},
    {"result", "recorded, failed"},
};
constexpr Label kMethodLabels[] = {
    {"grpc_type", "unary, client_stream, server_stream, bidi_stream"},
    {"grpc_service", "services of the server; unknown for all others together"},
    {"grpc_method", "their methods; unknown for all others together"},
};
constexpr Label kHandledLabels[] = {
    kMethodLabels[0],
    kMethodLabels[1],
    kMethodLabels[2],
    {"grpc_code", "OK, Canceled, Unknown, InvalidArgument, ... as gRPC's Go library spells them"},
};
constexpr Label kBuildLabels[] = {{"version", "of the service"},
                                  {"revision", "commit that it was built from"},
                                  {"compiler", "that built it"},
                                  {"compilation_mode", "opt, fastbuild or dbg"}};
constexpr Label kRobotLabels[] = {{"robot", "configured id"},
                                  {"config_digest", "SHA-256 of the configuration in effect"}};

}  // namespace

const Metric kMultisessionValidations = {
    "carousel_multisession_validations_total", Type::kCounter,
    "SetMultisessionInterfaces calls that reached the rules, by what became of them.",
    kValidationLabels};

const Metric kImportEntries = {"carousel_import_entries_total", Type::kCounter,
                               "Files and directories that imports have read.", kDriveOnly};
const Metric kImportBytes = {"carousel_import_bytes_total", Type::kCounter,
                             "Bytes that imports have read from discs.", kDriveOnly};
const Metric kImportBlocks = {"carousel_import_blocks_total", Type::kCounter,
                              "Sectors of 2048 bytes that imports have read from discs.",
                              kDriveOnly};
const Metric kImportDuration = {"carousel_import_duration_seconds", Type::kHistogram,
                                "Time of imports that ended, well or not, by the robot's clock.",
                                kDriveOnly, kImportSeconds};
const Metric kImportEntriesPerSecond = {
    "carousel_import_entries_per_second", Type::kGauge,
    "Files and directories per second of the last successful import; for rates over time use the "
    "totals.",
    kDriveOnly};
const Metric kImportBytesPerSecond = {
    "carousel_import_bytes_per_second", Type::kGauge,
    "Bytes per second of the last successful import; for rates over time use the totals.",
    kDriveOnly};
const Metric kImportFailures = {"carousel_import_failures_total", Type::kCounter,
                                "Imports that ended with an error.", kReasonLabels};
const Metric kImportLastSuccess = {
    "carousel_import_last_success_timestamp_seconds", Type::kGauge,
    "When the last successful import ended, seconds since 1970; absent before the first.",
    kDriveOnly};

const Metric kScsiCommands = {"carousel_scsi_commands_total", Type::kCounter,
                              "SCSI commands that were sent to drives.", kCommandLabels};
const Metric kScsiCommandDuration = {"carousel_scsi_command_duration_seconds", Type::kHistogram,
                                     "Machine time from sending a SCSI command to its answer.",
                                     kCommandDurationLabels, kCommandSeconds};
const Metric kDriveState = {"carousel_drive_state", Type::kGauge,
                            "1 for the state that the drive is in, 0 for the others.",
                            kDriveStateLabels};

const Metric kChangerMoves = {"carousel_changer_moves_total", Type::kCounter,
                              "Moves that the changer was told to make, by where the disc ended.",
                              kMoveLabels};
const Metric kChangerMoveDuration = {"carousel_changer_move_duration_seconds",
                                     Type::kHistogram,
                                     "Time of the changer's moves, by the robot's clock.",
                                     {},
                                     kMoveSeconds};

const Metric kSpoolQuota = {"carousel_spool_quota_bytes", Type::kGauge,
                            "What the content spool may take, as configured."};
const Metric kSpoolUsed = {"carousel_spool_used_bytes", Type::kGauge,
                           "What of the content spool's quota is taken.", kSpoolUsedLabels};
const Metric kSpoolUploads = {"carousel_spool_uploads", Type::kGauge,
                              "Uploads that have begun and not ended."};

const Metric kBurns = {
    "carousel_burns_total", Type::kCounter,
    "WriteImage operations that ended, and what the disc is since; simulated ones "
    "leave it untouched.",
    kBurnLabels};
const Metric kBurnBytes = {"carousel_burn_bytes_total", Type::kCounter,
                           "Bytes of sessions that drives have acknowledged.", kMediaOnly};
const Metric kBurnDuration = {
    "carousel_burn_duration_seconds", Type::kHistogram,
    "Time of WriteImage operations that went well, verification included, by the robot's clock.",
    kMediaOnly, kBurnSeconds};
const Metric kBurnWrongAddress = {
    "carousel_burn_wrong_address_total", Type::kCounter,
    "Sessions that a drive refused because another address is the next writable one (5/21/02): "
    "somebody else has written to the disc. Each is an alarm.",
    kDriveOnly};
const Metric kBurnBufferDry = {
    "carousel_burn_buffer_dry_total", Type::kCounter,
    "How often a drive had to wait because no sectors were ready for it.", kDriveOnly};
const Metric kBurnBufferLowest = {
    "carousel_burn_buffer_lowest_ratio", Type::kGauge,
    "The least that lay ready for the drive in its last burn, as a part of the buffer; 1 is all.",
    kDriveOnly};

const Metric kDiscJobs = {
    "carousel_disc_jobs_total", Type::kCounter,
    "EraseMedia, CloseDisc, RepairDisc and VerifySession operations that ended, and what the disc "
    "is since. A disc that a verification leaves suspect does not read as it was written.",
    kDiscJobLabels};
const Metric kDiscJobDuration = {"carousel_disc_job_duration_seconds", Type::kHistogram,
                                 "Time of these operations, however they ended, by the robot's "
                                 "clock.",
                                 kDiscJobOnly, kBurnSeconds};

const Metric kJournalRecords = {"carousel_journal_records_total", Type::kCounter,
                                "Writes to the journal of what is done to discs.", kJournalLabels};
const Metric kJournalHeldDiscs = {
    "carousel_journal_held_discs", Type::kGauge,
    "Discs that nothing writes before a verification or an operator has said what is on them."};
const Metric kJournalWriteDuration = {
    "carousel_journal_write_duration_seconds",
    Type::kHistogram,
    "Machine time of the journal's commits, of which each waits for the disk.",
    {},
    kJournalSeconds};

const Metric kGrpcStarted = {"grpc_server_started_total", Type::kCounter,
                             "Calls that were started on the server.", kMethodLabels};
const Metric kGrpcHandled = {"grpc_server_handled_total", Type::kCounter,
                             "Calls that were completed on the server, whatever the outcome.",
                             kHandledLabels};
const Metric kGrpcMessagesReceived = {"grpc_server_msg_received_total", Type::kCounter,
                                      "Messages that the server received in calls.", kMethodLabels};
const Metric kGrpcMessagesSent = {"grpc_server_msg_sent_total", Type::kCounter,
                                  "Messages that the server sent in calls.", kMethodLabels};
const Metric kGrpcHandling = {"grpc_server_handling_seconds", Type::kHistogram,
                              "Time from the start of a call to its end on the server.",
                              kMethodLabels, kRpcSeconds};

const Metric kBuildInfo = {"carousel_build_info", Type::kGauge, "1, with what was built.",
                           kBuildLabels};
const Metric kRobotInfo = {"carousel_robot_info", Type::kGauge, "1, with what is configured.",
                           kRobotLabels};
const Metric kProcessCpu = {"process_cpu_seconds_total", Type::kCounter,
                            "User and system CPU time of the process."};
const Metric kProcessStartTime = {"process_start_time_seconds", Type::kGauge,
                                  "When the process started, seconds since 1970."};
const Metric kProcessResidentMemory = {"process_resident_memory_bytes", Type::kGauge,
                                       "Memory of the process that is in RAM."};
const Metric kProcessVirtualMemory = {"process_virtual_memory_bytes", Type::kGauge,
                                      "Address space of the process."};
const Metric kProcessOpenFds = {"process_open_fds", Type::kGauge,
                                "File descriptors that the process has open."};
const Metric kProcessMaxFds = {"process_max_fds", Type::kGauge,
                               "File descriptors that the process may have open."};
const Metric kProcessThreads = {"process_threads", Type::kGauge, "Threads of the process."};

absl::Span<const Metric* const> All() {
  static constexpr const Metric* kAll[] = {
      &kMultisessionValidations,
      &kImportEntries,
      &kImportBytes,
      &kImportBlocks,
      &kImportDuration,
      &kImportEntriesPerSecond,
      &kImportBytesPerSecond,
      &kImportFailures,
      &kImportLastSuccess,
      &kScsiCommands,
      &kScsiCommandDuration,
      &kDriveState,
      &kChangerMoves,
      &kChangerMoveDuration,
      &kSpoolQuota,
      &kSpoolUsed,
      &kSpoolUploads,
      &kBurns,
      &kBurnBytes,
      &kBurnDuration,
      &kBurnWrongAddress,
      &kBurnBufferDry,
      &kBurnBufferLowest,
      &kDiscJobs,
      &kDiscJobDuration,
      &kJournalRecords,
      &kJournalHeldDiscs,
      &kJournalWriteDuration,
      &kGrpcStarted,
      &kGrpcHandled,
      &kGrpcMessagesReceived,
      &kGrpcMessagesSent,
      &kGrpcHandling,
      &kBuildInfo,
      &kRobotInfo,
      &kProcessCpu,
      &kProcessStartTime,
      &kProcessResidentMemory,
      &kProcessVirtualMemory,
      &kProcessOpenFds,
      &kProcessMaxFds,
      &kProcessThreads,
  };
  return kAll;
}

absl::string_view TypeName(Type type) {
  switch (type) {
    case Type::kCounter:
      return "counter";
    case Type::kGauge:
      return "gauge";
    case Type::kHistogram:
      return "histogram";
  }
  return "untyped";
}

}  // namespace carousel::metrics
