#include "proto/status/rpc_status.h"

#include <cstdint>
#include <string>

#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "gmock/gmock.h"
#include "google/rpc/error_details.pb.h"
#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "server/errors/errors.h"
#include "server/imapi/error.h"
#include "server/imapi/hresult.h"

namespace carousel {
namespace {

using imapi::Hresult;
using testing::Contains;
using testing::Pair;
using testing::UnorderedElementsAre;

// The detail of type T; each type occurs at most once (AIP-193).
template <typename T>
T DetailOf(const google::rpc::Status& rpc) {
  T found;
  int count = 0;
  for (const auto& detail : rpc.details()) {
    if (detail.UnpackTo(&found)) ++count;
  }
  EXPECT_EQ(count, 1) << rpc.ShortDebugString();
  return found;
}

template <typename T>
bool Has(const google::rpc::Status& rpc) {
  for (const auto& detail : rpc.details()) {
    if (detail.Is<T>()) return true;
  }
  return false;
}

TEST(RpcStatus, CarriesEveryCodeOfTheCatalogueBothWays) {
  int failures = 0;
  for (const imapi::HresultInfo& info : imapi::AllHresults()) {
    if (info.code == absl::StatusCode::kOk) continue;  // a success is no error: Warning carries it
    ++failures;
    const absl::Status status = imapi::MakeError(info.hresult, "text", {{"drive", "drive0"}});
    const google::rpc::Status rpc = ToRpcStatus(status, "robot7");
    const auto error = DetailOf<google::rpc::ErrorInfo>(rpc);
    EXPECT_EQ(rpc.code(), static_cast<int>(info.code)) << info.name;
    EXPECT_EQ(error.reason(), info.name);
    EXPECT_EQ(error.domain(), "carousel.v1");
    EXPECT_THAT(
        error.metadata(),
        UnorderedElementsAre(
            Pair("drive", "drive0"), Pair("robot", "robot7"),
            Pair("hresult", absl::StrFormat("0x%08X", static_cast<uint32_t>(info.hresult)))))
        << info.name;
    EXPECT_EQ(Has<google::rpc::RetryInfo>(rpc), info.code == absl::StatusCode::kUnavailable)
        << info.name;

    const absl::Status back = FromRpcStatus(rpc);
    EXPECT_THAT(back, StatusIs(info.code, "text"));
    ASSERT_TRUE(imapi::GetDetail(back).has_value()) << info.name;
    EXPECT_EQ(imapi::GetDetail(back)->hresult, info.hresult);
    EXPECT_THAT(imapi::GetDetail(back)->metadata,
                UnorderedElementsAre(Pair("drive", "drive0"), Pair("robot", "robot7")));
  }
  EXPECT_GT(failures, 140);
}

TEST(RpcStatus, KeepsTheCodeOfAnErrorAfterTheFirstWrite) {
  const absl::Status status =
      imapi::AfterWrite(imapi::MakeError(Hresult::E_IMAPI_RECORDER_COMMAND_TIMEOUT, "hung"));
  const google::rpc::Status rpc = ToRpcStatus(status, "r");
  EXPECT_EQ(rpc.code(), static_cast<int>(absl::StatusCode::kAborted));
  EXPECT_FALSE(Has<google::rpc::RetryInfo>(rpc));
  EXPECT_THAT(FromRpcStatus(rpc), StatusIs(absl::StatusCode::kAborted));
}

TEST(RpcStatus, SaysWhichFieldOfWhichElementIsWrong) {
  const absl::Status status =
      imapi::MakeError(Hresult::IMAPI_E_BAD_MULTISESSION_PARAMETER, "no",
                       {{"rule", "R10"}, {"element", "2"}, {"property", "next_writable_address"}});
  const auto bad = DetailOf<google::rpc::BadRequest>(ToRpcStatus(status, "r"));
  ASSERT_EQ(bad.field_violations_size(), 1);
  EXPECT_EQ(bad.field_violations(0).field(),
            "multisession_interfaces.interfaces[2].next_writable_address");
}

TEST(RpcStatus, SaysWhoseStateForbidsTheCall) {
  const auto violation = [](const absl::Status& status) {
    return DetailOf<google::rpc::PreconditionFailure>(ToRpcStatus(status, "r")).violations(0);
  };
  const auto media = violation(
      imapi::MakeError(Hresult::IMAPI_E_IMPORT_MEDIA_NOT_ALLOWED, "no", {{"drive", "drive0"}}));
  EXPECT_EQ(media.type(), "MEDIA");
  EXPECT_EQ(media.subject(), "drives/drive0");
  const auto operation = violation(OperationRunningError("operations/5"));
  EXPECT_EQ(operation.type(), "OPERATION");
  EXPECT_EQ(operation.subject(), "operations/5");
  const auto changer =
      violation(ChangerFailureError(absl::StatusCode::kFailedPrecondition, "full"));
  EXPECT_EQ(changer.type(), "CHANGER");
}

TEST(RpcStatus, NamesTheResourceThatIsMissing) {
  const google::rpc::Status rpc = ToRpcStatus(NotFoundError("carousel.dev/Image", "images/1"), "r");
  const auto info = DetailOf<google::rpc::ResourceInfo>(rpc);
  EXPECT_EQ(info.resource_type(), "carousel.dev/Image");
  EXPECT_EQ(info.resource_name(), "images/1");
  const absl::Status back = FromRpcStatus(rpc);
  ASSERT_TRUE(GetReason(back).has_value());
  EXPECT_EQ(GetReason(back)->reason, "NOT_FOUND");
  EXPECT_THAT(GetReason(back)->metadata, Contains(Pair("resource", "images/1")));
}

TEST(RpcStatus, SaysWhenToComeBack) {
  const auto seconds = [](const absl::Status& status) {
    return DetailOf<google::rpc::RetryInfo>(ToRpcStatus(status, "r")).retry_delay().seconds();
  };
  EXPECT_EQ(seconds(DrainingError()), 10);
  EXPECT_EQ(seconds(LimitReachedError("max_images", 3)), 60);
  EXPECT_EQ(seconds(imapi::MakeError(Hresult::IMAPI_E_NO_COMPATIBLE_MULTISESSION_TYPE, "no",
                                     {{"cause", "E_IMAPI_RECORDER_MEDIA_FORMAT_IN_PROGRESS"}})),
            60);
  // A limit of an import is the same tomorrow.
  EXPECT_FALSE(Has<google::rpc::RetryInfo>(
      ToRpcStatus(imapi::MakeError(Hresult::E_OUTOFMEMORY, "no", {{"limit", "max_depth"}}), "r")));
}

TEST(RpcStatus, GivesAnErrorWithoutDetailItsCodesName) {
  const google::rpc::Status rpc = ToRpcStatus(absl::InternalError("bug"), "r");
  EXPECT_EQ(DetailOf<google::rpc::ErrorInfo>(rpc).reason(), "INTERNAL");
}

TEST(RpcStatus, FitsIntoTrailingMetadataWhateverItSays) {
  imapi::Metadata metadata;
  for (int i = 0; i < 100; ++i) metadata[absl::StrCat("key", i)] = std::string(10'000, '\xFF');
  const absl::Status status = imapi::MakeError(Hresult::IMAPI_E_IMPORT_SEEK_FAILURE,
                                               std::string(100'000, '\xFF'), metadata);
  const google::rpc::Status rpc = ToRpcStatus(status, "r");
  EXPECT_LT(rpc.ByteSizeLong() * 4 / 3 + 3 * rpc.message().size(), 8192u);
  EXPECT_FALSE(rpc.SerializeAsString().empty());
}

TEST(RpcStatus, OfOkIsOk) {
  EXPECT_EQ(ToRpcStatus(absl::OkStatus(), "r").ByteSizeLong(), 0u);
  EXPECT_OK(FromRpcStatus(google::rpc::Status()));
}

TEST(RpcStatus, OfAnotherServiceHasNoDetail) {
  google::rpc::Status rpc;
  rpc.set_code(14);
  rpc.set_message("proxy");
  google::rpc::ErrorInfo info;
  info.set_reason("IMAPI_E_READONLY");
  info.set_domain("example.com");
  rpc.add_details()->PackFrom(info);
  const absl::Status status = FromRpcStatus(rpc);
  EXPECT_THAT(status, StatusIs(absl::StatusCode::kUnavailable, "proxy"));
  EXPECT_FALSE(imapi::GetDetail(status).has_value());
  EXPECT_FALSE(GetReason(status).has_value());
}

}  // namespace
}  // namespace carousel
