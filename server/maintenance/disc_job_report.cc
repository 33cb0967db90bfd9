#include "server/maintenance/disc_job_report.h"

#include <any>
#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "absl/strings/escaping.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "absl/strings/string_view.h"

namespace carousel {
namespace {

// Text fields are escaped: a volume's name is a disc's.
class Writer {
 public:
  void Number(absl::string_view word, int64_t value) {
    absl::StrAppend(&text_, word, " ", value, "\n");
  }
  void Text(absl::string_view word, absl::string_view value) {
    absl::StrAppend(&text_, word, " ", absl::CEscape(value), "\n");
  }
  std::string Take() { return std::move(text_); }

 private:
  std::string text_;
};

class Words {
 public:
  explicit Words(absl::string_view text) {
    for (const absl::string_view line : absl::StrSplit(text, '\n', absl::SkipEmpty())) {
      const std::pair<absl::string_view, absl::string_view> word =
          absl::StrSplit(line, absl::MaxSplits(' ', 1));
      words_[std::string(word.first)] = std::string(word.second);
    }
  }
  bool Has(const std::string& word) const { return words_.count(word) != 0; }
  int64_t Number(const std::string& word) const {
    int64_t number = 0;
    const auto found = words_.find(word);
    return found != words_.end() && absl::SimpleAtoi(found->second, &number) ? number : 0;
  }
  std::string Text(const std::string& word) const {
    std::string text;
    const auto found = words_.find(word);
    return found != words_.end() && absl::CUnescape(found->second, &text) ? text : "";
  }

 private:
  std::map<std::string, std::string> words_;
};

void EncodeFacts(const MediaFacts& facts, Writer& to) {
  to.Number("generation", static_cast<int64_t>(facts.generation.value()));
  to.Number("profile", static_cast<int64_t>(facts.profile));
  to.Number("type", static_cast<int64_t>(facts.type));
  to.Number("status_bits", facts.status_bits);
  to.Number("write_protect_bits", facts.write_protect_bits);
  to.Number("physically_blank", facts.physically_blank ? 1 : 0);
  to.Number("heuristically_blank", facts.heuristically_blank ? 1 : 0);
  to.Number("total", facts.total.value());
  to.Number("free", facts.free.value());
  to.Number("previous", facts.start_of_previous);
  to.Number("session_count", facts.session_count);
  if (facts.next_writable.has_value()) to.Number("next_writable", facts.next_writable->value());
  to.Text("disc_identifier", facts.disc_identifier);
}

MediaFacts DecodeFacts(const Words& from) {
  MediaFacts facts{.generation = MediaGeneration(static_cast<uint64_t>(from.Number("generation"))),
                   .present = true,
                   .profile = static_cast<mmc::Profile>(from.Number("profile")),
                   .type = static_cast<PhysicalMediaType>(from.Number("type")),
                   .status_bits = static_cast<uint32_t>(from.Number("status_bits")),
                   .write_protect_bits = static_cast<uint32_t>(from.Number("write_protect_bits"))};
  facts.physically_blank = from.Number("physically_blank") != 0;
  facts.heuristically_blank = from.Number("heuristically_blank") != 0;
  facts.total = Sectors(from.Number("total"));
  facts.free = Sectors(from.Number("free"));
  facts.start_of_previous = from.Number("previous");
  facts.last_written_of_previous.reset();
  facts.session_count = static_cast<int>(from.Number("session_count"));
  if (from.Has("next_writable")) facts.next_writable = Lba(from.Number("next_writable"));
  facts.disc_identifier = from.Text("disc_identifier");
  return facts;
}

void EncodeReport(const SessionVerificationReport& report, Writer& to) {
  to.Number("level", static_cast<int64_t>(report.level));
  to.Number("basis", static_cast<int64_t>(report.basis));
  to.Number("session", report.session.number);
  to.Number("start", report.session.start.value());
  to.Number("end", report.session.end.value());
  if (report.session.volume_end.has_value())
    to.Number("volume_end", report.session.volume_end->value());
  to.Text("volume_name", report.session.volume_name);
  if (report.sha256.has_value()) to.Text("sha256", ToHex(*report.sha256));
  to.Number("compared", report.compared.value());
  to.Number("repeats", report.repeats);
  to.Text("session_id", report.session_id);
  to.Text("job", report.job);
  to.Text("program", report.program);
  to.Number("files", report.files);
  to.Number("settled", report.settled);
  to.Number("held", report.held);
  if (report.facts.has_value()) EncodeFacts(*report.facts, to);
}

SessionVerificationReport DecodeReport(const Words& from) {
  SessionVerificationReport report;
  report.level = from.Number("level") == static_cast<int64_t>(VerifyLevel::kQuick)
                     ? VerifyLevel::kQuick
                     : VerifyLevel::kFull;
  const int64_t basis = from.Number("basis");
  if (basis == static_cast<int64_t>(VerifyBasis::kJournal)) report.basis = VerifyBasis::kJournal;
  if (basis == static_cast<int64_t>(VerifyBasis::kManifest)) report.basis = VerifyBasis::kManifest;
  report.session = {.number = static_cast<int>(from.Number("session")),
                    .start = Lba(from.Number("start")),
                    .end = Lba(from.Number("end")),
                    .volume_name = from.Text("volume_name")};
  if (from.Has("volume_end")) report.session.volume_end = Lba(from.Number("volume_end"));
  const absl::StatusOr<Sha256Digest> digest = ParseSha256(from.Text("sha256"));
  if (digest.ok()) report.sha256 = *digest;
  report.compared = Sectors(from.Number("compared"));
  report.repeats = from.Number("repeats");
  report.session_id = from.Text("session_id");
  report.job = from.Text("job");
  report.program = from.Text("program");
  report.files = from.Number("files");
  report.settled = static_cast<int>(from.Number("settled"));
  report.held = static_cast<int>(from.Number("held"));
  if (from.Has("profile")) report.facts = DecodeFacts(from);
  return report;
}

std::string Encode(const JournaledOperations::Leavings& leavings) {
  Writer to;
  if (const auto* progress = std::any_cast<DiscJobProgress>(&leavings.progress)) {
    to.Text("disc_state", DiscConditionName(progress->condition));
    to.Number("elapsed_ns", absl::ToInt64Nanoseconds(progress->elapsed));
    to.Number("verifies", progress->verify.has_value() ? 1 : 0);
    if (progress->verify.has_value()) to.Number("done", progress->verify->done.value());
  }
  if (const auto* response = std::any_cast<MaintenanceResponse>(&leavings.response)) {
    to.Number("changed", response->changed ? 1 : 0);
    if (response->facts != nullptr) EncodeFacts(*response->facts, to);
  }
  if (const auto* response = std::any_cast<VerificationResponse>(&leavings.response))
    EncodeReport(response->report, to);
  return to.Take();
}

JournaledOperations::Leavings Decode(absl::string_view text) {
  const Words from(text);
  // An operation that a restart interrupted left nothing; its error says what the disc is.
  if (!from.Has("disc_state")) return {};
  DiscJobProgress progress{
      .elapsed = absl::Nanoseconds(from.Number("elapsed_ns")),
      .condition = FindDiscCondition(from.Text("disc_state")).value_or(DiscCondition::kUnknown)};
  if (from.Number("verifies") != 0) {
    progress.verify = VerifyProgress{.action = VerifyAction::kCompleted,
                                     .done = Sectors(from.Number("done")),
                                     .total = Sectors(from.Number("done"))};
  } else {
    progress.maintenance = MaintenanceProgress{.action = MaintenanceAction::kCompleted};
  }
  JournaledOperations::Leavings leavings{.progress = std::move(progress)};
  if (from.Has("basis")) {
    leavings.response = VerificationResponse{.report = DecodeReport(from)};
  } else if (from.Has("changed")) {
    leavings.response =
        MaintenanceResponse{.facts = std::make_shared<const MediaFacts>(DecodeFacts(from)),
                            .changed = from.Number("changed") != 0};
  }
  return leavings;
}

}  // namespace

JournaledOperations::Codec DiscJobCodec() { return {.encode = Encode, .decode = Decode}; }

}  // namespace carousel
