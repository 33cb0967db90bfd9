#include "server/burn/write_report.h"

#include <any>
#include <map>
#include <vector>

#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"

namespace carousel {
namespace {

constexpr char kCondition[] = "disc_state";
constexpr char kVerified[] = "verified";
constexpr char kQuick[] = "quick";
constexpr char kFull[] = "full";
constexpr char kSimulated[] = "simulated";
constexpr char kSession[] = "session";
constexpr char kStart[] = "start";
constexpr char kNext[] = "next";
constexpr char kEnd[] = "end";
constexpr char kSectors[] = "sectors";
constexpr char kSessionId[] = "session_id";
constexpr char kSha256[] = "sha256";
constexpr char kElapsed[] = "elapsed_ns";

std::string Encode(const JournaledOperations::Leavings& leavings) {
  std::string text;
  const auto add = [&text](absl::string_view word, const auto& value) {
    absl::StrAppend(&text, word, " ", value, "\n");
  };
  if (const auto* progress = std::any_cast<WriteProgress>(&leavings.progress)) {
    add(kStart, progress->burn.start.value());
    add(kNext, progress->burn.next.value());
    add(kEnd, progress->burn.end.value());
    add(kElapsed, absl::ToInt64Nanoseconds(progress->elapsed));
    add(kCondition, DiscConditionName(progress->condition));
  }
  if (const auto* report = std::any_cast<WriteReport>(&leavings.response)) {
    if (report->verified.has_value())
      add(kVerified, *report->verified == VerifyLevel::kFull ? kFull : kQuick);
    add(kSimulated, report->simulated ? 1 : 0);
    add(kSession, report->session_number);
    add(kSectors, report->sectors.value());
    add(kSessionId, report->session_id);
    if (report->sha256.has_value()) add(kSha256, ToHex(*report->sha256));
  }
  return text;
}

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
  std::string Text(const std::string& word) const {
    const auto found = words_.find(word);
    return found == words_.end() ? "" : found->second;
  }
  int64_t Number(const std::string& word) const {
    int64_t number = 0;
    return absl::SimpleAtoi(Text(word), &number) ? number : 0;
  }

 private:
  std::map<std::string, std::string> words_;
};

std::optional<VerifyLevel> LevelOf(const std::string& name) {
  if (name == kQuick) return VerifyLevel::kQuick;
  if (name == kFull) return VerifyLevel::kFull;
  return std::nullopt;
}

JournaledOperations::Leavings Decode(absl::string_view text) {
  const Words words(text);
  // An operation that a restart interrupted left nothing; its error says what the disc is.
  if (!words.Has(kCondition)) return {};
  const DiscCondition condition =
      FindDiscCondition(words.Text(kCondition)).value_or(DiscCondition::kUnknown);
  WriteProgress progress{.burn = {.action = BurnAction::kCompleted,
                                  .start = Lba(words.Number(kStart)),
                                  .next = Lba(words.Number(kNext)),
                                  .end = Lba(words.Number(kEnd))},
                         .elapsed = absl::Nanoseconds(words.Number(kElapsed)),
                         .condition = condition};
  progress.burn.bytes = (progress.burn.next - progress.burn.start).bytes();
  JournaledOperations::Leavings leavings{.progress = progress};
  if (!words.Has(kSession)) return leavings;
  WriteReport report{.condition = condition,
                     .verified = LevelOf(words.Text(kVerified)),
                     .simulated = words.Number(kSimulated) != 0,
                     .session_number = static_cast<int>(words.Number(kSession)),
                     .start = progress.burn.start,
                     .sectors = Sectors(words.Number(kSectors)),
                     .session_id = words.Text(kSessionId)};
  const absl::StatusOr<Sha256Digest> digest = ParseSha256(words.Text(kSha256));
  if (digest.ok()) report.sha256 = *digest;
  leavings.response = std::move(report);
  return leavings;
}

}  // namespace

JournaledOperations::Codec WriteImageCodec() { return {.encode = Encode, .decode = Decode}; }

}  // namespace carousel
