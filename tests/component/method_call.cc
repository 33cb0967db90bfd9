#include "tests/component/method_call.h"

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/clock.h"
#include "google/api/field_behavior.pb.h"
#include "google/api/resource.pb.h"
#include "grpcpp/client_context.h"
#include "grpcpp/completion_queue.h"
#include "grpcpp/generic/generic_stub.h"
#include "grpcpp/support/byte_buffer.h"
#include "grpcpp/support/slice.h"
#include "gtest/gtest.h"
#include "tests/component/answer.h"

namespace carousel::component {
std::vector<const MethodDescriptor*> AllMethods() {
  std::vector<const MethodDescriptor*> methods;
  for (const char* name : {"carousel.v1.RobotService", "carousel.v1.DiscFormatService",
                           "carousel.v1.FileSystemImageService"}) {
    const auto* service =
        google::protobuf::DescriptorPool::generated_pool()->FindServiceByName(name);
    EXPECT_NE(service, nullptr) << name;
    for (int i = 0; service != nullptr && i < service->method_count(); ++i) {
      methods.push_back(service->method(i));
    }
  }
  return methods;
}

std::string ShortName(const MethodDescriptor& method) {
  return absl::StrCat(method.service()->name(), ".", method.name());
}

std::unique_ptr<Message> RequestOf(const MethodDescriptor& method, const std::string& text) {
  std::unique_ptr<Message> request(google::protobuf::MessageFactory::generated_factory()
                                       ->GetPrototype(method.input_type())
                                       ->New());
  ParseText(text, request.get());
  return request;
}

const FieldDescriptor* StringField(const MethodDescriptor& method, const std::string& name) {
  const FieldDescriptor* field = method.input_type()->FindFieldByName(name);
  const bool text = field != nullptr && field->cpp_type() == FieldDescriptor::CPPTYPE_STRING;
  return text && !field->is_repeated() ? field : nullptr;
}

std::vector<const FieldDescriptor*> ReferenceFields(const MethodDescriptor& method, bool required) {
  std::vector<const FieldDescriptor*> fields;
  for (int i = 0; i < method.input_type()->field_count(); ++i) {
    const FieldDescriptor* field = method.input_type()->field(i);
    if (!field->options().HasExtension(google::api::resource_reference)) continue;
    bool optional = false;
    for (int j = 0; j < field->options().ExtensionSize(google::api::field_behavior); ++j) {
      optional |=
          field->options().GetExtension(google::api::field_behavior, j) == google::api::OPTIONAL;
    }
    if (!required || !optional) fields.push_back(field);
  }
  return fields;
}

std::string ReferencedType(const FieldDescriptor& field) {
  return field.options().GetExtension(google::api::resource_reference).type();
}

std::unique_ptr<Message> With(const Message& message, const FieldDescriptor* field,
                              const std::string& value) {
  std::unique_ptr<Message> changed(message.New());
  changed->CopyFrom(message);
  changed->GetReflection()->SetString(changed.get(), field, value);
  return changed;
}

std::unique_ptr<Message> With(const Message& message, const FieldDescriptor* field, int32_t value) {
  std::unique_ptr<Message> changed(message.New());
  changed->CopyFrom(message);
  changed->GetReflection()->SetInt32(changed.get(), field, value);
  return changed;
}

grpc::Status CallPath(const std::shared_ptr<grpc::Channel>& channel, const std::string& path,
                      const std::string& request, std::string* response, absl::Duration patience) {
  grpc::GenericStub stub(channel);
  grpc::ClientContext context;
  context.set_deadline(absl::ToChronoTime(absl::Now() + patience));
  const grpc::Slice bytes(request);
  grpc::CompletionQueue queue;
  const auto call = stub.PrepareUnaryCall(&context, path, grpc::ByteBuffer(&bytes, 1), &queue);
  call->StartCall();
  grpc::ByteBuffer answer;
  grpc::Status status;
  call->Finish(&answer, &status, nullptr);
  void* tag = nullptr;
  bool ok = false;
  EXPECT_TRUE(queue.Next(&tag, &ok) && ok);
  queue.Shutdown();
  EXPECT_FALSE(queue.Next(&tag, &ok));
  grpc::Slice whole;
  if (response != nullptr && status.ok() && answer.DumpToSingleSlice(&whole).ok()) {
    response->assign(reinterpret_cast<const char*>(whole.begin()), whole.size());
  }
  return status;
}

namespace {

// Waits for the next event of the call; whether it went well.
bool Next(grpc::CompletionQueue& queue) {
  void* tag = nullptr;
  bool ok = false;
  EXPECT_TRUE(queue.Next(&tag, &ok));
  return ok;
}

// The same for a method that answers with a stream; with `first_only` the call is left when it has
// answered once, and that is its success.
grpc::Status CallStream(const std::shared_ptr<grpc::Channel>& channel, const std::string& path,
                        const std::string& request, absl::Duration patience, bool first_only) {
  grpc::GenericStub stub(channel);
  grpc::ClientContext context;
  context.set_deadline(absl::ToChronoTime(absl::Now() + patience));
  const grpc::Slice bytes(request);
  grpc::CompletionQueue queue;
  const auto call = stub.PrepareCall(&context, path, &queue);
  call->StartCall(nullptr);
  bool going = Next(queue);
  if (going) {
    call->WriteLast(grpc::ByteBuffer(&bytes, 1), grpc::WriteOptions(), nullptr);
    Next(queue);
  }
  bool answered = false;
  while (going) {
    grpc::ByteBuffer message;
    call->Read(&message, nullptr);
    going = Next(queue);
    answered |= going;
    if (going && first_only) context.TryCancel();
  }
  grpc::Status status;
  call->Finish(&status, nullptr);
  EXPECT_TRUE(Next(queue));
  queue.Shutdown();
  void* tag = nullptr;
  bool ok = false;
  EXPECT_FALSE(queue.Next(&tag, &ok));
  return first_only && answered ? grpc::Status::OK : status;
}

}  // namespace

grpc::Status CallMethod(const std::shared_ptr<grpc::Channel>& channel,
                        const MethodDescriptor& method, const std::string& request,
                        absl::Duration patience) {
  const std::string path = absl::StrCat("/", method.service()->full_name(), "/", method.name());
  if (method.server_streaming()) {
    const bool endless = absl::StartsWith(method.name(), "Watch");
    return CallStream(channel, path, request, patience, endless);
  }
  return CallPath(channel, path, request, nullptr, patience);
}

}  // namespace carousel::component
