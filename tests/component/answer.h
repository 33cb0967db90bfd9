// What a call through the channel answered, and matchers that look at the whole of an error: code,
// reason, hresult, robot and metadata, as a client reads them from the wire.
#ifndef TESTS_COMPONENT_ANSWER_H_
#define TESTS_COMPONENT_ANSWER_H_

#include <map>
#include <string>

#include "gmock/gmock.h"
#include "google/longrunning/operations.pb.h"
#include "google/protobuf/message.h"
#include "grpcpp/support/status.h"
#include "gtest/gtest.h"

namespace carousel::component {

// Of every service that these tests start.
inline constexpr char kRobotId[] = "component";

template <typename T>
struct Answer {
  grpc::Status status;
  T value;

  const T& operator*() const { return value; }
  const T* operator->() const { return &value; }
};

using Metadata = std::map<std::string, std::string>;

// Code by name ("NOT_FOUND"), ErrorInfo.reason, and the metadata that is compared: "*" is any
// value, "" none. The hresult is compared with the catalogue's, the robot with kRobotId.
struct Refusal {
  std::string code;
  std::string reason;
  Metadata metadata;
};

// How the error differs from `refusal`; empty: not at all.
std::string Difference(const Refusal& refusal, const grpc::Status& status);
// The same for the error of an operation that has ended.
std::string Difference(const Refusal& refusal, const google::longrunning::Operation& operation);
template <typename T>
std::string Difference(const Refusal& refusal, const Answer<T>& answer) {
  return Difference(refusal, answer.status);
}

inline std::string Failure(const grpc::Status& status) {
  return status.ok() ? "" : status.error_message();
}
// An operation succeeds when it has ended with a response.
std::string Failure(const google::longrunning::Operation& operation);
template <typename T>
std::string Failure(const Answer<T>& answer) {
  return Failure(answer.status);
}

MATCHER(Succeeds, "succeeds") {
  const std::string failure = Failure(arg);
  *result_listener << failure;
  return failure.empty();
}

MATCHER_P(IsRefusal, refusal, "is refused with " + refusal.code + " " + refusal.reason) {
  const std::string difference = Difference(refusal, arg);
  *result_listener << difference;
  return difference.empty();
}
inline auto Refused(std::string code, std::string reason, Metadata metadata = {}) {
  return IsRefusal(Refusal{std::move(code), std::move(reason), std::move(metadata)});
}

// The message of a textproto; fails the test if it is none.
void ParseText(const std::string& text, google::protobuf::Message* message);
template <typename T>
T Text(const std::string& text) {
  T message;
  ParseText(text, &message);
  return message;
}

}  // namespace carousel::component

#endif  // TESTS_COMPONENT_ANSWER_H_
