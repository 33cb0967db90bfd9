#include "tests/conformance/comparison.h"

#include <algorithm>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "absl/strings/str_join.h"
#include "clients/cpp/error.h"
#include "google/protobuf/util/message_differencer.h"
#include "server/imapi/hresult.h"

namespace carousel::conformance {
namespace {

constexpr char kAnyValue[] = "*";

std::string CodeName(grpc::StatusCode code) {
  return absl::StatusCodeToString(static_cast<absl::StatusCode>(code));
}

void Check(Differences* differences, const std::string& what, const std::string& expected,
           const std::string& actual) {
  if (expected == actual) return;
  differences->push_back(absl::StrCat(what, ": expected '", expected, "', got '", actual, "'"));
}

void CheckHresult(const client::Error& error, Differences* differences) {
  const imapi::HresultInfo* info = imapi::FindHresultByName(error.reason);
  if (info == nullptr) return;
  const auto hresult = error.metadata.find("hresult");
  Check(differences, "hresult", absl::StrFormat("0x%08X", static_cast<uint32_t>(info->hresult)),
        hresult == error.metadata.end() ? "" : hresult->second);
}

void CheckMetadata(const Expectation& expect, const client::Error& error,
                   Differences* differences) {
  for (const auto& [key, value] : expect.metadata()) {
    const auto found = error.metadata.find(key);
    const std::string actual = found == error.metadata.end() ? "" : found->second;
    if (value == kAnyValue && !actual.empty()) continue;
    Check(differences, absl::StrCat("metadata ", key), value, actual);
  }
}

// `error`: of a status that is not OK.
Differences CompareError(const Expectation& expect, const client::Error& error) {
  Differences differences;
  Check(&differences, "code", expect.code().empty() ? "OK" : expect.code(), CodeName(error.code));
  Check(&differences, "reason", expect.reason(), error.reason);
  CheckHresult(error, &differences);
  CheckMetadata(expect, error, &differences);
  if (!differences.empty()) differences.push_back(absl::StrCat("message: ", error.message));
  return differences;
}

Differences CompareOk(const Expectation& expect) {
  Differences differences;
  Check(&differences, "code", expect.code().empty() ? "OK" : expect.code(), "OK");
  return differences;
}

}  // namespace

Differences CompareStatus(const Expectation& expect, const grpc::Status& status) {
  return status.ok() ? CompareOk(expect) : CompareError(expect, client::ErrorOf(status));
}

Differences CompareStatus(const Expectation& expect, const google::rpc::Status& status) {
  return status.code() == 0 ? CompareOk(expect) : CompareError(expect, client::ErrorOf(status));
}

Differences CompareChoice(const Expectation& expect, int elements,
                          const carousel::v1::SetMultisessionInterfacesResponse& response) {
  Differences differences;
  const carousel::v1::MultisessionInterface& chosen = response.chosen_interface();
  if (expect.has_chosen_element()) {
    Check(&differences, "chosen_element", absl::StrCat(expect.chosen_element()),
          absl::StrCat(response.chosen_element()));
  }
  if (expect.has_chosen()) {
    google::protobuf::util::MessageDifferencer differencer;
    std::string report;
    differencer.set_scope(google::protobuf::util::MessageDifferencer::PARTIAL);
    differencer.ReportDifferencesToString(&report);
    if (!differencer.Compare(expect.chosen(), chosen)) {
      differences.push_back(absl::StrCat("chosen_interface: ", report));
    }
  }
  std::vector<std::string> warnings;
  for (const auto& warning : response.warnings()) warnings.push_back(warning.reason());
  Check(&differences, "warnings", absl::StrJoin(expect.warnings(), " "),
        absl::StrJoin(warnings, " "));
  Check(&differences, "verdicts", absl::StrCat(elements), absl::StrCat(response.verdicts_size()));
  if (response.chosen_reason().empty()) differences.push_back("chosen_reason: empty");
  for (const auto& verdict : response.verdicts()) {
    if (verdict.reason().empty()) differences.push_back("a verdict without a reason");
  }
  if (response.chosen_element() < response.verdicts_size()) {
    const auto& verdict = response.verdicts(response.chosen_element());
    if (!verdict.supported_by_image() || !verdict.supported_by_medium()) {
      differences.push_back("the chosen element's verdict says that it is not supported");
    }
  }
  return differences;
}

Differences CompareSnapshot(const Expectation& expect,
                            const carousel::v1::MultisessionInterfaceList& snapshot) {
  Differences differences;
  if (expect.has_interfaces()) {
    Check(&differences, "interfaces", absl::StrCat(expect.interfaces()),
          absl::StrCat(snapshot.interfaces_size()));
  }
  if (expect.has_in_use()) {
    int in_use = -1;
    for (int i = 0; i < snapshot.interfaces_size(); ++i) {
      if (snapshot.interfaces(i).in_use()) in_use = i;
    }
    Check(&differences, "in use", absl::StrCat(expect.in_use()), absl::StrCat(in_use));
  }
  return differences;
}

Differences CompareFileSystems(const Expectation& expect,
                               const carousel::v1::IdentifyFileSystemsResponse& response) {
  const auto names = [](const auto& file_systems) {
    std::vector<std::string> all;
    for (const int each : file_systems) {
      all.push_back(carousel::v1::FileSystem_Name(static_cast<carousel::v1::FileSystem>(each)));
    }
    return absl::StrJoin(all, " ");
  };
  Differences differences;
  Check(&differences, "file systems", names(expect.file_systems()), names(response.file_systems()));
  return differences;
}

}  // namespace carousel::conformance
