#include "server/service/robot_watch.h"

#include <utility>
#include <vector>

#include "absl/time/clock.h"
#include "server/errors/errors.h"
#include "server/service/converters/robot.h"
#include "server/service/converters/time.h"

namespace carousel {
namespace {

// Calls `convert` for each of `now` that is not as in `told`, which has none or as many: what the
// configuration lists does not change.
template <typename View, typename Convert>
void ForChanged(const std::vector<View>* told, const std::vector<View>& now, Convert convert) {
  for (size_t i = 0; i < now.size(); ++i) {
    if (told == nullptr || !((*told)[i] == now[i])) convert(now[i]);
  }
}

// `told`: null if this is the first response.
void FillChanges(const RobotState* told, const RobotState& now,
                 const RobotWatch::FillRobot& fill_robot, v1::WatchRobotResponse* response) {
  *response->mutable_time() = TimeToProto(absl::Now());
  if (told == nullptr || told->arm_disc != now.arm_disc ||
      told->changer_reason != now.changer_reason)
    fill_robot(now, response->mutable_robot());
  ForChanged(told == nullptr ? nullptr : &told->drives, now.drives,
             [&](const DriveView& view) { DriveToProto(view, response->add_drives()); });
  ForChanged(told == nullptr ? nullptr : &told->slots, now.slots,
             [&](const SlotView& view) { SlotToProto(view, response->add_slots()); });
  ForChanged(told == nullptr ? nullptr : &told->import_export_slots, now.import_export_slots,
             [&](const ImportExportSlotView& view) {
               ImportExportSlotToProto(view, response->add_import_export_slots());
             });
}

}  // namespace

grpc::ServerWriteReactor<v1::WatchRobotResponse>* RobotWatch::Start(
    const Calls* calls, const Method* method, grpc::CallbackServerContext* context, RobotFeed* feed,
    FillRobot fill_robot, const absl::Status& admitted) {
  auto* const watch = new RobotWatch(calls, method, context, std::move(fill_robot));
  absl::Status status;
  {
    MutexLock lock(&watch->mutex_);
    status = watch->call_.Admit();
  }
  if (status.ok()) status = admitted;
  if (status.ok()) {
    auto subscription = feed->Subscribe(
        [watch](std::shared_ptr<const RobotState> state) { watch->OnState(std::move(state)); });
    status = subscription.status();
    // gRPC calls OnDone not before the handler has returned.
    if (subscription.ok()) watch->subscription_ = *std::move(subscription);
  }
  if (!status.ok()) {
    MutexLock lock(&watch->mutex_);
    watch->end_ = status;
    watch->GoOn();
  }
  return watch;
}

RobotWatch::RobotWatch(const Calls* calls, const Method* method,
                       grpc::CallbackServerContext* context, FillRobot fill_robot)
    : fill_robot_(std::move(fill_robot)),
      call_(
          calls, method, context, [this](const grpc::Status& end) { Finish(end); },
          Call::Shape::kServerStream) {}

void RobotWatch::OnState(std::shared_ptr<const RobotState> state) {
  MutexLock lock(&mutex_);
  if (state == nullptr)
    end_ = DrainingError();
  else
    now_ = std::move(state);
  GoOn();
}

void RobotWatch::OnWriteDone(bool ok) {
  MutexLock lock(&mutex_);
  writing_ = false;
  if (ok)
    call_.CountSent();
  else
    client_gone_ = true;
  GoOn();
}

void RobotWatch::OnCancel() {
  MutexLock lock(&mutex_);
  client_gone_ = true;
  GoOn();
}

void RobotWatch::OnDone() {
  subscription_.reset();
  delete this;
}

void RobotWatch::GoOn() {
  if (writing_ || finished_) return;
  // A client that has heard enough is no failure; what it sees itself it knows.
  if (client_gone_ || !end_.ok()) {
    finished_ = true;
    call_.Finish(client_gone_ ? absl::OkStatus() : end_);
    return;
  }
  if (!FillResponse()) return;
  told_ = now_;
  writing_ = true;
  StartWrite(&response_);
}

bool RobotWatch::FillResponse() {
  if (told_ != nullptr && *told_ == *now_) return false;
  response_.Clear();
  FillChanges(told_.get(), *now_, fill_robot_, &response_);
  return true;
}

}  // namespace carousel
