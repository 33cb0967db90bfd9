#include "tests/conformance/suite.h"

#include <fstream>
#include <sstream>

#include "absl/status/status.h"
#include "absl/strings/ascii.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_split.h"
#include "google/protobuf/text_format.h"
#include "hal/base/status_macros.h"

namespace carousel::conformance {
namespace {

absl::StatusOr<std::string> ReadFile(const std::string& path) {
  std::ifstream file(path);
  if (!file) return absl::NotFoundError(absl::StrCat(path, ": cannot be read"));
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

absl::Status Check(const Suite& suite) {
  std::set<std::string> discs = {""};
  for (const Disc& disc : suite.discs()) discs.insert(disc.barcode());
  std::set<std::string> names;
  for (const Case& test_case : suite.cases()) {
    if (!names.insert(test_case.name()).second) {
      return absl::InvalidArgumentError(absl::StrCat(test_case.name(), ": two cases of this name"));
    }
    if (discs.count(test_case.disc()) == 0) {
      return absl::InvalidArgumentError(
          absl::StrCat(test_case.name(), ": no disc ", test_case.disc(), " in the suite"));
    }
    if (test_case.rows().empty() || test_case.steps().empty()) {
      return absl::InvalidArgumentError(absl::StrCat(test_case.name(), ": no row or no step"));
    }
  }
  return absl::OkStatus();
}

}  // namespace

absl::StatusOr<Suite> ReadSuite(const std::string& path) {
  ASSIGN_OR_RETURN(const std::string text, ReadFile(path));
  Suite suite;
  if (!google::protobuf::TextFormat::ParseFromString(text, &suite)) {
    return absl::InvalidArgumentError(absl::StrCat(path, ": not a carousel.conformance.Suite"));
  }
  RETURN_IF_ERROR(Annotate(Check(suite), path));
  return suite;
}

absl::StatusOr<std::set<std::string>> ReadContractRows(const std::string& path) {
  ASSIGN_OR_RETURN(const std::string text, ReadFile(path));
  std::set<std::string> rows;
  for (const absl::string_view line : absl::StrSplit(text, '\n')) {
    const std::vector<std::string> columns = absl::StrSplit(line, '|');
    if (columns.size() < 3 || !columns[0].empty()) continue;
    const std::string id(absl::StripAsciiWhitespace(columns[1]));
    const bool is_id = id.size() == 4 && (id[0] == 'S' || id[0] == 'M') && id[1] == '-' &&
                       absl::ascii_isdigit(id[2]) && absl::ascii_isdigit(id[3]);
    if (is_id) rows.insert(id);
  }
  return rows;
}

}  // namespace carousel::conformance
