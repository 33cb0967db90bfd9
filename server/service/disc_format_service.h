// DiscFormatService: the medium in a drive.
#ifndef SERVER_SERVICE_DISC_FORMAT_SERVICE_H_
#define SERVER_SERVICE_DISC_FORMAT_SERVICE_H_

#include <memory>

#include "absl/functional/any_invocable.h"
#include "carousel/v1/disc_format.grpc.pb.h"
#include "server/disc_format/drive_media.h"
#include "server/service/call.h"

namespace carousel {

class DiscFormatService final : public v1::DiscFormatService::CallbackService {
 public:
  // Both must outlive the service.
  DiscFormatService(Calls* calls, const DriveMedia* media);

  grpc::ServerUnaryReactor* GetDiscFormat(grpc::CallbackServerContext*,
                                          const v1::GetDiscFormatRequest*,
                                          v1::DiscFormat*) override;
  grpc::ServerUnaryReactor* GetMultisessionInterfaces(
      grpc::CallbackServerContext*, const v1::DiscFormatServiceGetMultisessionInterfacesRequest*,
      v1::DiscFormatServiceGetMultisessionInterfacesResponse*) override;

 private:
  // Gets the medium in the drive of the id, if there is one, and answers.
  void GetMedium(std::unique_ptr<Call> call, const absl::StatusOr<std::string>& drive,
                 absl::AnyInvocable<void(const DriveMedium&)> convert);

  Calls* const calls_;
  const DriveMedia* const media_;
  const Method get_, get_interfaces_;
};

}  // namespace carousel

#endif  // SERVER_SERVICE_DISC_FORMAT_SERVICE_H_
