#include "clients/cpp/channel.h"

#include <fstream>
#include <sstream>
#include <utility>

#include "absl/status/status.h"
#include "absl/strings/str_cat.h"
#include "grpcpp/create_channel.h"
#include "grpcpp/security/credentials.h"
#include "grpcpp/support/channel_arguments.h"

namespace carousel::client {
namespace {

absl::StatusOr<std::string> FileText(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  if (!file) return absl::FailedPreconditionError(absl::StrCat(path, " cannot be read"));
  return text.str();
}

absl::StatusOr<std::shared_ptr<grpc::ChannelCredentials>> CredentialsOf(const TlsFiles& files) {
  grpc::SslCredentialsOptions options;
  for (const auto& [path, text] : {std::pair(&files.ca, &options.pem_root_certs),
                                   std::pair(&files.key, &options.pem_private_key),
                                   std::pair(&files.certificate, &options.pem_cert_chain)}) {
    absl::StatusOr<std::string> contents = FileText(*path);
    if (!contents.ok()) return contents.status();
    *text = *std::move(contents);
  }
  return grpc::SslCredentials(options);
}

}  // namespace

absl::StatusOr<std::shared_ptr<grpc::Channel>> OpenChannel(const std::string& address,
                                                           const std::optional<TlsFiles>& tls) {
  if (!tls.has_value()) return grpc::CreateChannel(address, grpc::InsecureChannelCredentials());
  absl::StatusOr<std::shared_ptr<grpc::ChannelCredentials>> credentials = CredentialsOf(*tls);
  if (!credentials.ok()) return credentials.status();
  grpc::ChannelArguments arguments;
  if (!tls->server_name.empty()) arguments.SetSslTargetNameOverride(tls->server_name);
  return grpc::CreateCustomChannel(address, *credentials, arguments);
}

}  // namespace carousel::client
