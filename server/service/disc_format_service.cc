#include "server/service/disc_format_service.h"

#include <string>
#include <utility>

#include "absl/strings/match.h"
#include "absl/strings/strip.h"
#include "server/errors/errors.h"
#include "server/multisession/multisession.h"
#include "server/service/converters/disc_format.h"
#include "server/service/converters/multisession.h"
#include "server/service/converters/names.h"

namespace carousel {
namespace {

constexpr char kService[] = "carousel.v1.DiscFormatService";

// The drive of "drives/{drive}/discFormat".
absl::StatusOr<std::string> DriveOfDiscFormat(absl::string_view name) {
  absl::string_view drive = name;
  absl::StatusOr<std::string> id = InvalidNameError("name", name, "drives/{drive}/discFormat");
  if (!absl::ConsumeSuffix(&drive, "/discFormat")) return id;
  if (absl::StatusOr<std::string> found = IdFromName("name", drive, "drives"); found.ok())
    return found;
  return id;
}

}  // namespace

DiscFormatService::DiscFormatService(Calls* calls, const Parts& parts)
    : calls_(calls),
      parts_(parts),
      get_(calls->NewMethod(kService, "GetDiscFormat")),
      get_interfaces_(calls->NewMethod(kService, "GetMultisessionInterfaces")),
      describe_(calls->NewMethod(kService, "DescribeDisc")),
      verify_(calls->NewMethod(kService, "VerifySession", Method::Kind::kStarts)),
      erase_(calls->NewMethod(kService, "EraseMedia", Method::Kind::kStarts)),
      close_(calls->NewMethod(kService, "CloseDisc", Method::Kind::kStarts)),
      repair_(calls->NewMethod(kService, "RepairDisc", Method::Kind::kStarts)),
      write_(calls->NewMethod(kService, "WriteImage", Method::Kind::kStarts)),
      acknowledge_(calls->NewMethod(kService, "AcknowledgeDisc")) {}

void DiscFormatService::GetMedium(std::unique_ptr<Call> call,
                                  const absl::StatusOr<std::string>& drive,
                                  absl::AnyInvocable<void(const DriveMedium&)> convert) {
  if (!drive.ok()) return call->Finish(drive.status());
  call->set_drive(*drive);
  parts_.media->Get(*drive, [call = std::move(call), convert = std::move(convert)](
                                absl::StatusOr<DriveMedium> medium) mutable {
    if (medium.ok()) convert(*medium);
    call->Finish(medium.status());
  });
}

grpc::ServerUnaryReactor* DiscFormatService::GetDiscFormat(grpc::CallbackServerContext* context,
                                                           const v1::GetDiscFormatRequest* request,
                                                           v1::DiscFormat* response) {
  return calls_->ServeLater(context, get_, [&](std::unique_ptr<Call> call) {
    GetMedium(std::move(call), DriveOfDiscFormat(request->name()),
              [response](const DriveMedium& medium) { DiscFormatToProto(medium, response); });
  });
}

grpc::ServerUnaryReactor* DiscFormatService::GetMultisessionInterfaces(
    grpc::CallbackServerContext* context,
    const v1::DiscFormatServiceGetMultisessionInterfacesRequest* request,
    v1::DiscFormatServiceGetMultisessionInterfacesResponse* response) {
  return calls_->ServeLater(context, get_interfaces_, [&](std::unique_ptr<Call> call) {
    GetMedium(std::move(call), IdFromName("drive", request->drive(), "drives"),
              [response](const DriveMedium& medium) {
                ListToProto(multisession::InterfacesOf(*medium.facts, medium.drive), *medium.facts,
                            response->mutable_multisession_interfaces());
              });
  });
}

}  // namespace carousel
