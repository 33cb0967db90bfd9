#include "clients/cli/output.h"

#include <sstream>

#include "clients/cli/hints.h"
#include "gmock/gmock.h"
#include "gtest/gtest.h"

namespace carousel::cli {
namespace {

using testing::HasSubstr;

TEST(PrintTable, AlignsColumnsByWhatATerminalShows) {
  std::ostringstream out;
  PrintTable({{"NAME", "SIZE"}, {"grüße", "1"}, {"a", "22"}}, out);
  EXPECT_EQ(out.str(), "NAME   SIZE\ngrüße  1\na      22\n");
}

TEST(PrintFields, LeavesOutWhatIsEmpty) {
  std::ostringstream out;
  PrintFields({{"disc", "discs/A1"}, {"operation", ""}, {"state", "ACTIVE"}}, out);
  EXPECT_EQ(out.str(), "disc   discs/A1\nstate  ACTIVE\n");
}

TEST(Printable, KeepsAHostileNameFromMovingTheCursor) {
  EXPECT_EQ(Printable("a\x1B[2Jb\n"), "a\\x1B[2Jb\\x0A");
}

TEST(HumanBytes, RoundsAtTheNextUnit) {
  EXPECT_EQ(HumanBytes(0), "0 B");
  EXPECT_EQ(HumanBytes(999), "999 B");
  EXPECT_EQ(HumanBytes(1000), "1.0 kB");
  EXPECT_EQ(HumanBytes(999'999), "1.0 MB");
  EXPECT_EQ(HumanBytes(25'025'314'816), "25.0 GB");
}

TEST(PrintError, GivesCodeReasonFactsAndTheNextStep) {
  const client::Error error{.code = grpc::StatusCode::FAILED_PRECONDITION,
                            .message = "the disc is blank",
                            .reason = "IMAPI_E_IMPORT_SEEK_FAILURE",
                            .metadata = {{"block", "-1"}, {"rule", "R11"}}};
  std::ostringstream out;
  PrintError(error, Format::kTable, out);
  EXPECT_THAT(out.str(), HasSubstr("error: FAILED_PRECONDITION IMAPI_E_IMPORT_SEEK_FAILURE\n"));
  EXPECT_THAT(out.str(), HasSubstr("  block: -1\n  rule: R11\n"));
  EXPECT_THAT(out.str(), HasSubstr("  next: "));
}

TEST(PrintError, AsJsonQuotesWhatTheServiceSent) {
  const client::Error error{.code = grpc::StatusCode::NOT_FOUND,
                            .message = "no \"drive9\"",
                            .reason = "NOT_FOUND",
                            .metadata = {{"drive", "drives/drive9"}}};
  std::ostringstream out;
  PrintError(error, Format::kJson, out);
  EXPECT_THAT(out.str(), HasSubstr("\"code\": \"NOT_FOUND\""));
  EXPECT_THAT(out.str(), HasSubstr("\"message\": \"no \\\"drive9\\\"\""));
  EXPECT_THAT(out.str(), HasSubstr("\"drive\": \"drives/drive9\""));
}

TEST(ExitCodeFor, TellsRefusalsFromWhatMaySucceedLater) {
  EXPECT_EQ(ExitCodeFor(grpc::StatusCode::INVALID_ARGUMENT), kRefused);
  EXPECT_EQ(ExitCodeFor(grpc::StatusCode::FAILED_PRECONDITION), kRefused);
  EXPECT_EQ(ExitCodeFor(grpc::StatusCode::UNAVAILABLE), kTryLater);
  EXPECT_EQ(ExitCodeFor(grpc::StatusCode::DATA_LOSS), kDamage);
  EXPECT_EQ(ExitCodeFor(grpc::StatusCode::CANCELLED), kCancelled);
  EXPECT_EQ(ExitCodeFor(grpc::StatusCode::PERMISSION_DENIED), kDenied);
}

TEST(HintFor, PointsAtTheServiceWhenAnErrorHasNoReason) {
  const client::Error error{.code = grpc::StatusCode::UNAVAILABLE, .message = "connection refused"};
  EXPECT_THAT(HintFor(error), HasSubstr("carouseld"));
}

}  // namespace
}  // namespace carousel::cli
