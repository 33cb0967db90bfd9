#include "server/config/config.h"

#include <google/protobuf/io/coded_stream.h>
#include <google/protobuf/io/tokenizer.h>
#include <google/protobuf/io/zero_copy_stream_impl_lite.h>
#include <google/protobuf/text_format.h>

#include <cerrno>
#include <cstdint>
#include <fstream>
#include <optional>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "absl/status/status.h"
#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "carousel/config/v1/config.pb.h"
#include "hal/base/status_macros.h"
#include "server/config/defaults.h"
#include "server/config/validate.h"
#include "server/digest/sha256.h"

namespace carousel {
namespace {

// Far above any real robot's; a wrong path (a disc image) is noticed early.
constexpr size_t kMaxFileSize = 4 << 20;

constexpr absl::string_view kDefaultConfig =
#include "server/config/default_config.inc"
    ;

absl::Status FileError(absl::string_view what, const std::string& path) {
  return absl::ErrnoToStatus(errno != 0 ? errno : EIO, absl::StrCat("cannot ", what, " ", path));
}

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  if (!file) return FileError("open", path);
  std::string text(kMaxFileSize + 1, '\0');
  file.read(text.data(), static_cast<std::streamsize>(text.size()));
  if (file.bad() || (!file.eof() && file.fail())) {
    return FileError("read", path);
  }
  text.resize(static_cast<size_t>(file.gcount()));
  if (text.size() > kMaxFileSize) {
    return absl::InvalidArgumentError(
        absl::StrCat(path, " has more than ", kMaxFileSize, " bytes"));
  }
  return text;
}

class ErrorLines : public google::protobuf::io::ErrorCollector {
 public:
  explicit ErrorLines(std::vector<std::string>* errors) : errors_(*errors) {}
  void AddError(int line, google::protobuf::io::ColumnNumber column,
                const std::string& message) override {
    // Both count from 0, and the line is -1 where none is to blame.
    errors_.push_back(line < 0 ? message
                               : absl::StrCat("line ", line + 1, ":", column + 1, ": ", message));
  }
  void AddWarning(int line, google::protobuf::io::ColumnNumber column,
                  const std::string& message) override {
    AddError(line, column, message);
  }

 private:
  std::vector<std::string>& errors_;
};

void Apply(const ConfigOverrides& overrides, config::v1::Config* config) {
  if (overrides.state_dir) config->set_state_dir(*overrides.state_dir);
  if (overrides.grpc_address) config->mutable_listen()->set_grpc(*overrides.grpc_address);
  if (overrides.http_address) config->mutable_listen()->set_http(*overrides.http_address);
  if (overrides.store) config->mutable_virtual_robot()->set_store(*overrides.store);
}

// Puts the texts in the place of the files' names: the digest is over what is in effect.
class NamedFiles {
 public:
  NamedFiles(const std::string& folder, std::vector<std::string>* errors)
      : folder_(folder), errors_(*errors) {}

  // `field` has the file's name and is for messages. Nothing: it is in the errors.
  std::optional<std::string> Read(absl::string_view field, const std::string& name) {
    absl::StatusOr<std::string> text =
        ReadFile(absl::StartsWith(name, "/") ? name : absl::StrCat(folder_, "/", name));
    if (text.ok()) return *std::move(text);
    errors_.push_back(absl::StrCat(field, ": ", absl::string_view(text.status().message())));
    return std::nullopt;
  }

  // A plan stands in `plan` or in the file that `file` names.
  void ReadFaultPlan(absl::string_view field, std::string* plan, std::string* file) {
    if (file->empty()) return;
    if (!plan->empty()) {
      errors_.push_back(absl::StrCat(field, "_file: stands beside ", field));
      return;
    }
    *plan = Read(absl::StrCat(field, "_file"), *file).value_or("");
    file->clear();
  }

 private:
  const std::string& folder_;
  std::vector<std::string>& errors_;
};

void ReadFiles(const std::string& folder, config::v1::Config* config,
               std::vector<std::string>* errors) {
  NamedFiles files(folder, errors);
  for (int i = 0; i < config->drives_size(); ++i) {
    if (!config->drives(i).has_virtual_()) continue;
    config::v1::VirtualDrive& drive = *config->mutable_drives(i)->mutable_virtual_();
    const std::string field = absl::StrCat("drives[", i, "].virtual.");
    files.ReadFaultPlan(field + "fault_plan", drive.mutable_fault_plan(),
                        drive.mutable_fault_plan_file());
    if (!drive.has_drive_type_file()) continue;
    std::optional<std::string> text =
        files.Read(field + "drive_type_file", drive.drive_type_file());
    if (!text.has_value()) continue;
    // A text is told from a name by its line break.
    if (!absl::StrContains(*text, '\n')) text->push_back('\n');
    drive.set_drive_type(*std::move(text));
  }
  if (!config->has_virtual_robot()) return;
  files.ReadFaultPlan("virtual_robot.changer_fault_plan",
                      config->mutable_virtual_robot()->mutable_changer_fault_plan(),
                      config->mutable_virtual_robot()->mutable_changer_fault_plan_file());
}

std::string Digest(const config::v1::Config& config) {
  std::string bytes;
  {
    google::protobuf::io::StringOutputStream stream(&bytes);
    google::protobuf::io::CodedOutputStream out(&stream);
    out.SetSerializationDeterministic(true);
    config.SerializeToCodedStream(&out);
  }
  return ToHex(Sha256({reinterpret_cast<const uint8_t*>(bytes.data()), bytes.size()}));
}

absl::Status Refuse(absl::string_view name, const std::vector<std::string>& errors) {
  return absl::InvalidArgumentError(
      absl::StrCat(name, ": ", absl::StrJoin(errors, absl::StrCat("\n", name, ": "))));
}

}  // namespace

absl::StatusOr<Config> ParseConfig(absl::string_view text, absl::string_view name,
                                   const std::string& folder, const ConfigOverrides& overrides) {
  std::vector<std::string> errors;
  config::v1::Config config;
  ErrorLines lines(&errors);
  google::protobuf::TextFormat::Parser parser;
  parser.RecordErrorsTo(&lines);
  if (!parser.ParseFromString(std::string(text), &config) || !errors.empty()) {
    return Refuse(name, errors);
  }
  Apply(overrides, &config);
  FillInDefaults(&config);
  ReadFiles(folder, &config, &errors);
  Config checked = Validate(config, &errors);
  if (!errors.empty()) return Refuse(name, errors);
  checked.digest = Digest(config);
  return checked;
}

absl::StatusOr<Config> LoadConfig(const std::string& path, const ConfigOverrides& overrides) {
  ASSIGN_OR_RETURN(const std::string text, ReadFile(path));
  const size_t slash = path.rfind('/');
  return ParseConfig(text, path, slash == std::string::npos ? "." : path.substr(0, slash + 1),
                     overrides);
}

absl::string_view DefaultConfigText() { return kDefaultConfig; }

}  // namespace carousel
