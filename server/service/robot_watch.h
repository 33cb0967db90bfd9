// A call of WatchRobot: what has changed since the last response, whenever none is on the way. A
// client that reads slowly gets fewer responses, and nothing piles up.
//
//   (idle) --a change--> (writing) --written--> (idle), or the next change at once
//      \--cancelled, the feed's end--+--> (finished) --OnDone--> gone
#ifndef SERVER_SERVICE_ROBOT_WATCH_H_
#define SERVER_SERVICE_ROBOT_WATCH_H_

#include <functional>
#include <memory>

#include "absl/status/status.h"
#include "carousel/v1/robot.pb.h"
#include "grpcpp/server_context.h"
#include "grpcpp/support/server_callback.h"
#include "hal/base/mutex.h"
#include "server/library/robot_feed.h"
#include "server/service/call.h"

namespace carousel {

// Owns itself.
class RobotWatch final : public grpc::ServerWriteReactor<v1::WatchRobotResponse> {
 public:
  // Makes the message of the robot as a whole.
  using FillRobot = std::function<void(const RobotState&, v1::Robot*)>;

  // What the handler returns. An error in `admitted` ends the call.
  static grpc::ServerWriteReactor<v1::WatchRobotResponse>* Start(
      const Calls* calls, const Method* method, grpc::CallbackServerContext* context,
      RobotFeed* feed, FillRobot fill_robot, const absl::Status& admitted);

  void OnWriteDone(bool ok) override ABSL_LOCKS_EXCLUDED(mutex_);
  void OnCancel() override ABSL_LOCKS_EXCLUDED(mutex_);
  void OnDone() override;

 private:
  RobotWatch(const Calls* calls, const Method* method, grpc::CallbackServerContext* context,
             FillRobot fill_robot);

  void OnState(std::shared_ptr<const RobotState> state) ABSL_LOCKS_EXCLUDED(mutex_);
  // Writes or ends if there is something to write or a reason to end.
  void GoOn() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);
  // False: nothing has changed.
  bool FillResponse() ABSL_EXCLUSIVE_LOCKS_REQUIRED(mutex_);

  const FillRobot fill_robot_;
  Mutex mutex_;
  Call call_ ABSL_GUARDED_BY(mutex_);
  std::shared_ptr<const RobotState> now_ ABSL_GUARDED_BY(mutex_);
  std::shared_ptr<const RobotState> told_ ABSL_GUARDED_BY(mutex_);  // null: nothing yet
  v1::WatchRobotResponse response_ ABSL_GUARDED_BY(mutex_);
  absl::Status end_ ABSL_GUARDED_BY(mutex_);  // not OK: ends as soon as nothing is on the way
  bool client_gone_ ABSL_GUARDED_BY(mutex_) = false;
  bool writing_ ABSL_GUARDED_BY(mutex_) = false;
  bool finished_ ABSL_GUARDED_BY(mutex_) = false;
  std::unique_ptr<RobotFeed::Subscription> subscription_;  // set once, before gRPC can end the call
};

}  // namespace carousel

#endif  // SERVER_SERVICE_ROBOT_WATCH_H_
