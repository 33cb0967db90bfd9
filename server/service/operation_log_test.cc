#include "server/service/operation_log.h"

#include <string>
#include <vector>

#include "absl/status/status.h"
#include "absl/time/time.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"
#include "server/errors/errors.h"
#include "server/imapi/error.h"
#include "server/imapi/hresult.h"
#include "server/log/log.h"
#include "server/operations/operation_store.h"

namespace carousel {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;

class OperationLogTest : public testing::Test {
 protected:
  OperationView Ended(absl::Status status) const {
    return {.id = "7",
            .subject = {.kind = OperationKind::kImportFileSystem,
                        .drive = "drive1",
                        .image = "i",
                        .disc = "BDR0001",
                        .trace_id = "4bf92f3577b34da6a3ce929d0e0e4736"},
            .create_time = absl::UnixEpoch(),
            .end_time = absl::UnixEpoch() + absl::Milliseconds(2500),
            .status = std::move(status)};
  }

  std::vector<std::string> lines_;
  Log log_{Severity::kInfo, [this](absl::string_view line) { lines_.emplace_back(line); },
           [] { return absl::UnixEpoch(); }};
};

TEST_F(OperationLogTest, ASuccessNamesWhatItWasAboutAndHowLongItTook) {
  LogOperationEnd(Ended(absl::OkStatus()), &log_);
  EXPECT_THAT(
      lines_,
      ElementsAre(AllOf(
          HasSubstr(R"("severity":"INFO")"), HasSubstr(R"("kind":"import_file_system")"),
          HasSubstr(R"("code":"OK")"), HasSubstr(R"("operation":"operations/7")"),
          HasSubstr(R"("drive":"drives/drive1")"), HasSubstr(R"("image":"images/i")"),
          HasSubstr(R"("disc":"discs/BDR0001")"), HasSubstr(R"("seconds":2.5)"),
          HasSubstr(R"("trace_id":"4bf92f3577b34da6a3ce929d0e0e4736")"), Not(HasSubstr("error")))));
}

TEST_F(OperationLogTest, AnErrorIsAWarningWithItsReason) {
  LogOperationEnd(
      Ended(imapi::MakeError(imapi::Hresult::IMAPI_E_IMPORT_READ_FAILURE, "sector 7 is lost")),
      &log_);
  EXPECT_THAT(lines_, ElementsAre(AllOf(HasSubstr(R"("severity":"WARNING")"),
                                        HasSubstr(R"("code":"DATA_LOSS")"),
                                        HasSubstr(R"("reason":"IMAPI_E_IMPORT_READ_FAILURE")"),
                                        HasSubstr("sector 7 is lost"))));
}

TEST_F(OperationLogTest, ACancellationIsNoWarning) {
  LogOperationEnd(Ended(CancelledError()), &log_);
  EXPECT_THAT(lines_, ElementsAre(AllOf(HasSubstr(R"("severity":"INFO")"),
                                        HasSubstr(R"("reason":"CANCELLED")"))));
}

}  // namespace
}  // namespace carousel
