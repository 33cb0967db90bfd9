#include "server/app/listener_credentials.h"

#include <string>

#include "absl/strings/match.h"
#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "grpcpp/security/tls_certificate_provider.h"
#include "grpcpp/security/tls_credentials_options.h"
#include "hal/base/file.h"
#include "hal/base/status_macros.h"

namespace carousel {
namespace {

// Far above a chain of certificates.
constexpr int64_t kMaxPemBytes = int64_t{1} << 20;

// gRPC would wait without a word for a file that is not there.
absl::Status CheckPem(const std::string& path) {
  const auto text = ReadFile(path, kMaxPemBytes);
  if (!text.ok()) {
    return absl::FailedPreconditionError(
        absl::StrCat(path, ": ", absl::string_view(text.status().message())));
  }
  if (absl::StrContains(*text, "-----BEGIN ")) return absl::OkStatus();
  return absl::FailedPreconditionError(absl::StrCat(path, ": is no PEM"));
}

}  // namespace

absl::StatusOr<std::shared_ptr<grpc::ServerCredentials>> ListenerCredentials(
    const std::optional<TlsConfig>& tls) {
  if (!tls.has_value()) return grpc::InsecureServerCredentials();
  for (const std::string& path :
       {tls->certificate_file, tls->private_key_file, tls->client_ca_file})
    RETURN_IF_ERROR(CheckPem(path));
  using grpc::experimental::FileWatcherCertificateProvider;
  grpc::experimental::TlsServerCredentialsOptions options(
      std::make_shared<FileWatcherCertificateProvider>(
          tls->private_key_file, tls->certificate_file, tls->client_ca_file,
          static_cast<unsigned int>(absl::ToInt64Seconds(tls->reload_interval))));
  options.watch_root_certs();
  options.watch_identity_key_cert_pairs();
  options.set_cert_request_type(GRPC_SSL_REQUEST_AND_REQUIRE_CLIENT_CERTIFICATE_AND_VERIFY);
  // Who somebody is decides whether it may call: Access.
  options.set_check_call_host(false);
  options.set_certificate_verifier(std::make_shared<grpc::experimental::NoOpCertificateVerifier>());
  return grpc::experimental::TlsServerCredentials(options);
}

}  // namespace carousel
