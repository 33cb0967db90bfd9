// Calls by a method's descriptor, for tests that look at every method of the API: requests are made
// field by field or from text, no stub is named.
#ifndef TESTS_COMPONENT_METHOD_CALL_H_
#define TESTS_COMPONENT_METHOD_CALL_H_

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "absl/time/time.h"
#include "google/protobuf/descriptor.h"
#include "google/protobuf/message.h"
#include "grpcpp/channel.h"
#include "grpcpp/support/status.h"

namespace carousel::component {

using google::protobuf::FieldDescriptor;
using google::protobuf::Message;
using google::protobuf::MethodDescriptor;

// Every method of the project's own services, in the order of declaration.
std::vector<const MethodDescriptor*> AllMethods();

// "RobotService.GetRobot".
std::string ShortName(const MethodDescriptor& method);

// Its request as the text says.
std::unique_ptr<Message> RequestOf(const MethodDescriptor& method, const std::string& text);

// The request's string field `name`; null if it has none.
const FieldDescriptor* StringField(const MethodDescriptor& method, const std::string& name);
// Those that name a resource; `required`: only those that a request cannot do without.
std::vector<const FieldDescriptor*> ReferenceFields(const MethodDescriptor& method,
                                                    bool required = false);

// The type that a reference field names: "carousel.dev/Image".
std::string ReferencedType(const FieldDescriptor& field);

// `message` with one field changed.
std::unique_ptr<Message> With(const Message& message, const FieldDescriptor* field,
                              const std::string& value);
std::unique_ptr<Message> With(const Message& message, const FieldDescriptor* field, int32_t value);

// Calls what is served at `path` with the bytes as its request; the answer's bytes are put into
// `response`, which may be null.
grpc::Status CallPath(const std::shared_ptr<grpc::Channel>& channel, const std::string& path,
                      const std::string& request, std::string* response,
                      absl::Duration patience = absl::Minutes(1));
// Calls the method with the bytes as its request; the answer's messages are dropped. One that
// watches, and would never end, is left after its first message, which is its success.
grpc::Status CallMethod(const std::shared_ptr<grpc::Channel>& channel,
                        const MethodDescriptor& method, const std::string& request,
                        absl::Duration patience = absl::Minutes(1));

}  // namespace carousel::component

#endif  // TESTS_COMPONENT_METHOD_CALL_H_
