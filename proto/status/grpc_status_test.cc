#include "proto/status/grpc_status.h"

#include "gtest/gtest.h"
#include "hal/base/status_matchers.h"
#include "server/errors/errors.h"
#include "server/imapi/error.h"
#include "server/imapi/hresult.h"

namespace carousel {
namespace {

TEST(GrpcStatus, CarriesEveryFailureOfTheCatalogueBothWays) {
  for (const imapi::HresultInfo& info : imapi::AllHresults()) {
    if (info.code == absl::StatusCode::kOk) continue;
    const grpc::Status wire = ToGrpcStatus(imapi::MakeError(info.hresult, "text"), "robot7");
    EXPECT_EQ(static_cast<int>(wire.error_code()), static_cast<int>(info.code)) << info.name;
    EXPECT_EQ(wire.error_message(), "text");
    const absl::Status back = FromGrpcStatus(wire);
    EXPECT_THAT(back, StatusIs(info.code, "text"));
    EXPECT_EQ(imapi::GetDetail(back)->hresult, info.hresult);
    EXPECT_EQ(imapi::GetDetail(back)->metadata.at("robot"), "robot7");
  }
}

TEST(GrpcStatus, CarriesTheServicesOwnReasons) {
  const absl::Status back = FromGrpcStatus(ToGrpcStatus(DrainingError(), "robot7"));
  EXPECT_THAT(back, StatusIs(absl::StatusCode::kUnavailable));
  EXPECT_EQ(GetReason(back)->reason, "DRAINING");
}

TEST(GrpcStatus, SurvivesDetailsThatAreNone) {
  const grpc::Status wire(grpc::StatusCode::UNAVAILABLE, "reset", "\xFF\xFF\xFF");
  EXPECT_THAT(FromGrpcStatus(wire), StatusIs(absl::StatusCode::kUnavailable, "reset"));
  EXPECT_OK(FromGrpcStatus(grpc::Status::OK));
  EXPECT_TRUE(ToGrpcStatus(absl::OkStatus(), "r").ok());
}

}  // namespace
}  // namespace carousel
