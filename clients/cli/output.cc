#include "clients/cli/output.h"

#include <algorithm>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "clients/cli/colours.h"
#include "clients/cli/hints.h"
#include "google/protobuf/descriptor.h"
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

// Whether a message is a resource: it has a `name` (AIP-122).
bool NameOf(const google::protobuf::Message& message, std::string* name) {
  const google::protobuf::FieldDescriptor* const field =
      message.GetDescriptor()->FindFieldByName("name");
  if (field == nullptr || field->is_repeated() ||
      field->cpp_type() != google::protobuf::FieldDescriptor::CPPTYPE_STRING)
    return false;
  *name = message.GetReflection()->GetString(message, field);
  return true;
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
      absl::StrAppend(&line, Coloured(row[i], out));
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
    if (!value.empty())
      out << name << std::string(width - name.size() + 2, ' ') << Coloured(value, out) << "\n";
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

void PrintNames(const google::protobuf::Message& message, std::ostream& out) {
  std::string name;
  if (NameOf(message, &name)) {
    out << name << "\n";
    return;
  }
  const google::protobuf::Reflection& reflection = *message.GetReflection();
  std::vector<const google::protobuf::FieldDescriptor*> fields;
  reflection.ListFields(message, &fields);
  for (const google::protobuf::FieldDescriptor* const field : fields) {
    if (field->cpp_type() != google::protobuf::FieldDescriptor::CPPTYPE_MESSAGE) continue;
    const int count = field->is_repeated() ? reflection.FieldSize(message, field) : 1;
    for (int i = 0; i < count; ++i) {
      const google::protobuf::Message& held = field->is_repeated()
                                                  ? reflection.GetRepeatedMessage(message, field, i)
                                                  : reflection.GetMessage(message, field);
      if (NameOf(held, &name)) out << name << "\n";
    }
  }
}

void PrintError(const client::Error& error, Format format, std::ostream& out) {
  if (format == Format::kJson) return PrintJsonError(error, out);
  out << Coloured("error:", out) << " " << google::rpc::Code_Name(static_cast<int>(error.code));
  if (!error.reason.empty()) out << " " << error.reason;
  out << "\n  " << Printable(error.message) << "\n";
  for (const auto& [key, value] : error.metadata) {
    out << "  " << key << ": " << Printable(value) << "\n";
  }
  const std::string hint = HintFor(error);
  if (!hint.empty()) out << "  " << Coloured("next:", out) << " " << hint << "\n";
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
