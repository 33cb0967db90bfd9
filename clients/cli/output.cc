#include "clients/cli/output.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "clients/cli/hints.h"
#include "google/protobuf/struct.pb.h"
#include "google/protobuf/util/json_util.h"
#include "google/rpc/code.pb.h"

namespace carousel::cli {
namespace {

// Columns on a terminal: UTF-8 continuation bytes take none. Wide characters are not counted.
size_t DisplayWidth(const std::string& text) {
  return std::count_if(text.begin(), text.end(), [](char c) { return (c & 0xC0) != 0x80; });
}

void PrintJsonError(const client::Error& error, std::ostream& out) {
  google::protobuf::Struct document;
  auto& fields = *(*document.mutable_fields())["error"].mutable_struct_value()->mutable_fields();
  fields["code"].set_string_value(google::rpc::Code_Name(static_cast<int>(error.code)));
  fields["message"].set_string_value(error.message);
  fields["reason"].set_string_value(error.reason);
  auto& metadata = *fields["metadata"].mutable_struct_value()->mutable_fields();
  for (const auto& [key, value] : error.metadata) metadata[key].set_string_value(value);
  PrintJson(document, out);
}

}  // namespace

ExitCode ExitCodeFor(grpc::StatusCode code) {
  switch (code) {
    case grpc::StatusCode::OK:
      return kSuccess;
    case grpc::StatusCode::UNAVAILABLE:
    case grpc::StatusCode::RESOURCE_EXHAUSTED:
    case grpc::StatusCode::ABORTED:
    case grpc::StatusCode::DEADLINE_EXCEEDED:
      return kTryLater;
    case grpc::StatusCode::CANCELLED:
      return kCancelled;
    case grpc::StatusCode::PERMISSION_DENIED:
    case grpc::StatusCode::UNAUTHENTICATED:
      return kDenied;
    case grpc::StatusCode::DATA_LOSS:
    case grpc::StatusCode::INTERNAL:
    case grpc::StatusCode::UNKNOWN:
      return kDamage;
    default:
      return kRefused;
  }
}

void PrintTable(const std::vector<std::vector<std::string>>& rows, std::ostream& out) {
  std::vector<size_t> widths;
  for (const auto& row : rows) {
    widths.resize(std::max(widths.size(), row.size()));
    for (size_t i = 0; i < row.size(); ++i) widths[i] = std::max(widths[i], DisplayWidth(row[i]));
  }
  for (const auto& row : rows) {
    std::string line;
    for (size_t i = 0; i < row.size(); ++i) {
      absl::StrAppend(&line, row[i]);
      if (i + 1 < row.size()) line.append(widths[i] - DisplayWidth(row[i]) + 2, ' ');
    }
    out << line << "\n";
  }
}

void PrintFields(const std::vector<std::pair<std::string, std::string>>& fields,
                 std::ostream& out) {
  size_t width = 0;
  for (const auto& [name, value] : fields) {
    if (!value.empty()) width = std::max(width, name.size());
  }
  for (const auto& [name, value] : fields) {
    if (!value.empty()) out << name << std::string(width - name.size() + 2, ' ') << value << "\n";
  }
}

void PrintJson(const google::protobuf::Message& message, std::ostream& out) {
  google::protobuf::util::JsonPrintOptions options;
  options.preserve_proto_field_names = true;
  options.add_whitespace = true;
  std::string json;
  const auto status = google::protobuf::util::MessageToJsonString(message, &json, options);
  // Only an Any of a type that this program does not know can fail here.
  out << (status.ok() ? json : message.ShortDebugString()) << "\n";
}

void PrintError(const client::Error& error, Format format, std::ostream& out) {
  if (format == Format::kJson) return PrintJsonError(error, out);
  out << "error: " << google::rpc::Code_Name(static_cast<int>(error.code));
  if (!error.reason.empty()) out << " " << error.reason;
  out << "\n  " << Printable(error.message) << "\n";
  for (const auto& [key, value] : error.metadata) {
    out << "  " << key << ": " << Printable(value) << "\n";
  }
  const std::string hint = HintFor(error);
  if (!hint.empty()) out << "  next: " << hint << "\n";
}

std::string Printable(const std::string& text) {
  std::string printable;
  for (const char c : text) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte == 0x7F) {
      absl::StrAppendFormat(&printable, "\\x%02X", byte);
    } else {
      printable.push_back(c);
    }
  }
  return printable;
}

std::string HumanBytes(int64_t bytes) {
  constexpr const char* kUnits[] = {"kB", "MB", "GB", "TB", "PB", "EB"};
  if (bytes < 1000) return absl::StrCat(bytes, " B");
  double value = static_cast<double>(bytes);
  size_t unit = 0;
  for (value /= 1000; value >= 999.95 && unit + 1 < std::size(kUnits); ++unit) value /= 1000;
  return absl::StrFormat("%.1f %s", value, kUnits[unit]);
}

}  // namespace carousel::cli
