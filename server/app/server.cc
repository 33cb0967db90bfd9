#include "server/app/server.h"

#include <chrono>
#include <optional>
#include <utility>
#include <vector>

#include "absl/functional/any_invocable.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_join.h"
#include "absl/time/time.h"
#include "google/protobuf/message.h"
#include "grpc/health/v1/health.pb.h"
#include "grpcpp/ext/proto_server_reflection_plugin.h"
#include "grpcpp/health_check_service_interface.h"
#include "grpcpp/resource_quota.h"
#include "grpcpp/security/server_credentials.h"
#include "grpcpp/server.h"
#include "grpcpp/server_builder.h"
#include "hal/base/clock.h"
#include "hal/base/status_macros.h"
#include "hal/robot/matched_robot.h"
#include "server/app/build_info.h"
#include "server/app/inventory_keeper.h"
#include "server/app/listener.h"
#include "server/app/listener_credentials.h"
#include "server/app/opened.h"
#include "server/app/page_source.h"
#include "server/app/part_options.h"
#include "server/app/periodic_task.h"
#include "server/app/process_limits.h"
#include "server/app/readiness.h"
#include "server/app/state_lock.h"
#include "server/burn/burn_jobs.h"
#include "server/burn/held_discs.h"
#include "server/burn/journaled_operations.h"
#include "server/burn/write_report.h"
#include "server/disc_format/drive_media.h"
#include "server/disc_format/media_facts_cache.h"
#include "server/disc_format/media_facts_reader.h"
#include "server/image/image_store.h"
#include "server/image/multisession_binder.h"
#include "server/journal/journal.h"
#include "server/library/library.h"
#include "server/library/move_jobs.h"
#include "server/library/robot_feed.h"
#include "server/library/robot_view.h"
#include "server/maintenance/disc_describer.h"
#include "server/maintenance/disc_job_report.h"
#include "server/maintenance/disc_jobs.h"
#include "server/metrics/http_endpoint.h"
#include "server/metrics/metrics.h"
#include "server/operations/operation_runner.h"
#include "server/operations/operation_store.h"
#include "server/operations/task_lanes.h"
#include "server/operations/worker_pool.h"
#include "server/result/file_bytes.h"
#include "server/result/result_jobs.h"
#include "server/result/result_maker.h"
#include "server/service/access.h"
#include "server/service/call.h"
#include "server/service/disc_format_service.h"
#include "server/service/image_service.h"
#include "server/service/operation_log.h"
#include "server/service/operations_service.h"
#include "server/service/robot_service.h"
#include "server/session_import/file_system_identifier.h"
#include "server/session_import/import_jobs.h"
#include "server/session_import/importer.h"
#include "server/spool/spool.h"
#include "server/uploads/staging_folder.h"
#include "server/uploads/tree_jobs.h"
#include "server/uploads/upload_rates.h"
#include "server/uploads/uploads.h"
#include "server/web/page.h"
#include "server/web/recent_failures.h"

namespace carousel {
namespace {

constexpr std::chrono::seconds kLastCalls{5};
// TLS and the HTTP/2 preface; a client that takes longer is no client.
constexpr int kHandshakeMilliseconds = 10'000;
// How long the start waits for a changer; a slower one is asked on while the service answers.
constexpr absl::Duration kFirstInventory = absl::Seconds(10);
// Beside connections and uploads: devices, contents that are read, the journal, threads' own.
constexpr int64_t kFiles = 512;
// Of the web page.
constexpr size_t kFailures = 20;
constexpr char kHtml[] = "text/html; charset=utf-8";
constexpr char kCss[] = "text/css; charset=utf-8";
constexpr char kJavaScript[] = "text/javascript; charset=utf-8";
constexpr absl::Duration kExpiryInterval = absl::Minutes(1);
// One disk: more threads than this would only wait together, fewer would let one call's sync hold
// up every other call.
constexpr int kDiskThreads = 4;

// How the journal keeps what operations leave behind.
JournaledOperations::Codecs Codecs() {
  return {{OperationKind::kWriteImage, WriteImageCodec()},
          {OperationKind::kEraseMedia, DiscJobCodec()},
          {OperationKind::kCloseDisc, DiscJobCodec()},
          {OperationKind::kRepairDisc, DiscJobCodec()},
          {OperationKind::kVerifySession, DiscJobCodec()}};
}

Access::Principals Principals(const Config& config) {
  Access::Principals principals;
  for (const PrincipalConfig& principal : config.principals)
    principals.emplace(principal.name, principal.role);
  return principals;
}

}  // namespace

// The object graph, in the order of construction: each part uses those above it.
struct Server::Rep {
  Rep(const Config& configuration, Opened opened, Log* log)
      : config(configuration),
        lock(std::move(opened.lock)),
        clock(std::move(opened.clock)),
        robot_clock(std::move(opened.robot_clock)),
        own_metrics(std::move(opened.metrics)),
        journal(std::move(opened.journal)),
        devices(std::move(opened.devices)),
        robot(devices->Drives(&metrics), devices->Slots(), devices->ImportExportSlots(),
              &devices->changer(), {}, config.no_load_probe ? nullptr : robot_clock.get()),
        library(&robot, robot_clock.get(), metrics.moves(),
                {.ready_time = config.limits.load_ready_time}),
        media(&robot, get_facts, disc_in_drive),
        spool(std::move(opened.spool)),
        staging(std::move(opened.staging)),
        operations(clock.get(),
                   {.keep = config.limits.operation_ttl,
                    .max_finished = static_cast<size_t>(config.limits.max_finished_operations),
                    .on_end =
                        [log](const OperationView& ended) {
                          if (log != nullptr) LogOperationEnd(ended, log);
                        }}),
        journaled(journal.get(), &operations, Codecs()),
        images(clock.get(),
               {.max_images = static_cast<size_t>(config.limits.max_images),
                .max_images_per_principal =
                    static_cast<size_t>(config.limits.max_images_per_principal),
                .ttl = config.limits.image_ttl,
                .max_edits = static_cast<size_t>(config.limits.max_image_edits),
                .on_gone =
                    [this, log](const std::string& id, absl::AnyInvocable<void()> done) {
                      disk_work.Post([this, log, id, done = std::move(done)]() mutable {
                        ReleaseImage(id, log);
                        done();
                      });
                    }}),
        uploads(&images, spool.get()),
        upload_rates(config.limits.max_upload_bytes_per_second, clock.get()),
        failures(kFailures, clock.get(), metrics.validations()),
        binder(&robot, get_facts, disc_in_drive, &failures),
        lanes(DriveIds(config)),
        identifier(&media, &lanes, IdentifyLastSession),
        runner(&operations),
        imports(&robot, &operations, &runner, NewImporterRuns(robot_clock.get()),
                ImportLimits(config.limits), robot_clock.get(), metrics.imports()),
        results(ResultMaker(absl::StrCat("carousel ", GetBuildInfo().version), spool.get()),
                &operations, &runner, clock.get()),
        files(&robot, spool.get(), &disk_work),
        trees(staging.get(), TreeLimits(config.spool), spool.get(), &operations, &runner),
        moves(&library, &operations, &runner),
        describer(&robot, &media, &lanes),
        disc_jobs({.robot = &robot,
                   .journal = journal.get(),
                   .journaled = &journaled,
                   .operations = &operations,
                   .runner = &runner,
                   .clock = robot_clock.get(),
                   .observer = metrics.disc_jobs(),
                   .disc_in_drive = disc_in_drive,
                   .read_facts = ReadMediaFacts}),
        burns({.robot = &robot,
               .images = &images,
               .journal = journal.get(),
               .journaled = &journaled,
               .operations = &operations,
               .runner = &runner,
               .clock = robot_clock.get(),
               .observer = metrics.burns(),
               .disc_in_drive = disc_in_drive,
               .read_facts = &ReadMediaFacts}),
        held(journal.get(),
             [this](absl::string_view disc) {
               const std::shared_ptr<const Inventory> inventory = library.inventory();
               const DiscPlace* const place = inventory->Find(disc);
               return place == nullptr ? std::nullopt : std::optional(place->drive);
             }),
        robots(&robot, &library),
        feed(&robots, static_cast<size_t>(config.limits.max_watchers)),
        access(Principals(config)),
        calls(config.robot_id, metrics.grpc(), log, config.tls.has_value() ? &access : nullptr),
        robot_service(&calls, RobotServiceInfo(config, clock->Now()), &robots, &feed, &moves,
                      &operations),
        disc_format_service(&calls, {.media = &media,
                                     .describer = &describer,
                                     .jobs = &disc_jobs,
                                     .burns = &burns,
                                     .held = &held,
                                     .disk_work = &disk_work,
                                     .operations = &operations,
                                     .robots = &robots}),
        image_service(&calls, {.images = &images,
                               .binder = &binder,
                               .identifier = &identifier,
                               .imports = &imports,
                               .results = &results,
                               .files = &files,
                               .operations = &operations,
                               .robots = &robots,
                               .uploads = &uploads,
                               .upload_rates = &upload_rates,
                               .trees = &trees,
                               .disk_work = &disk_work}),
        operations_service(&calls, &operations, &robots),
        keeper(&library, log),
        readiness(
            &library, &robots, [this] { return calls.draining(); }, log),
        page({.robot = config.robot_id,
              .version = GetBuildInfo().version,
              .robots = &robots,
              .operations = &operations,
              .failures = &failures,
              .problems = [this] { return readiness.Reasons(); },
              .clock = clock.get()}) {
    metrics.WatchDrives(Stations(robot));
    metrics.WatchSpool([this] {
      const Spool::Usage usage = spool->usage();
      return SpoolUse{.quota_bytes = usage.quota_bytes,
                      .upload_bytes = usage.upload_bytes,
                      .content_bytes = usage.content_bytes,
                      .uploads = static_cast<int64_t>(usage.uploads)};
    });
  }

  absl::Status Listen();
  void Hand(int connection) const;  // to gRPC
  void TellFull() const;
  absl::Status ListenHttp();
  void WatchInventory();
  void WatchHealth();
  void WatchExpiry();
  // Lets the spool forget what it keeps for an image. Blocks for the disk.
  void ReleaseImage(const std::string& id, Log* log);

  const Config config;
  const StateLock lock;
  const std::unique_ptr<SystemClock> clock;
  const std::unique_ptr<ScaledClock> robot_clock;
  const std::unique_ptr<Metrics> own_metrics;
  Metrics& metrics = *own_metrics;
  // No fork() while it is open: a child's end would let go of its locks.
  const std::unique_ptr<Journal> journal;
  const std::unique_ptr<Devices> devices;
  MatchedRobot robot;
  Library library;
  MediaFactsCache facts;
  const DriveMedia::GetFacts get_facts = [this](DriveStation& station,
                                                MediaFactsCache::Callback done) {
    facts.Get(station, std::move(done));
  };
  const DriveMedia::DiscInDrive disc_in_drive = [this](absl::string_view drive) {
    return library.DiscInDrive(drive);
  };
  DriveMedia media;
  const std::unique_ptr<Spool> spool;
  const std::unique_ptr<StagingFolder> staging;
  OperationStore operations;
  JournaledOperations journaled;
  ImageStore images;
  Uploads uploads;
  UploadRates upload_rates;
  // Its tasks use what is above; those who post them are below.
  WorkerPool disk_work{kDiskThreads};
  web::RecentFailures failures;
  MultisessionBinder binder;
  TaskLanes lanes;
  FileSystemIdentifier identifier;
  OperationRunner runner;
  ImportJobs imports;
  ResultJobs results;
  FileBytes files;
  TreeJobs trees;
  MoveJobs moves;
  DiscDescriber describer;
  DiscJobs disc_jobs;
  BurnJobs burns;
  HeldDiscs held;
  RobotView robots;
  RobotFeed feed;
  const Access access;
  Calls calls;
  RobotService robot_service;
  DiscFormatService disc_format_service;
  ImageService image_service;
  OperationsService operations_service;
  InventoryKeeper keeper;
  Readiness readiness;
  const PageSource page;
  std::unique_ptr<HttpEndpoint> http;
  std::unique_ptr<grpc::experimental::ExternalConnectionAcceptor> acceptor;
  std::unique_ptr<grpc::Server> grpc_server;
  std::unique_ptr<Listener> listener;
  std::string grpc_address;
  std::string http_address;
  bool drained = false;
  // Last: they use the rest.
  std::unique_ptr<PeriodicTask> inventory_task;
  std::unique_ptr<PeriodicTask> feed_task;
  std::unique_ptr<PeriodicTask> health_task;
  std::unique_ptr<PeriodicTask> expiry_task;
};

absl::Status Server::Rep::Listen() {
  grpc::EnableDefaultHealthCheckService(true);
  grpc::reflection::InitProtoReflectionServerBuilderPlugin();
  // Reflection answers with what is linked, and gRPC's own health service brings no descriptor.
  google::protobuf::LinkMessageReflection<grpc::health::v1::HealthCheckRequest>();
  RETURN_IF_ERROR(
      AllowOpenFiles(config.limits.max_connections + config.spool.max_uploads + kFiles));
  ASSIGN_OR_RETURN(listener, Listener::Open({.address = config.grpc_address,
                                             .max_connections =
                                                 static_cast<size_t>(config.limits.max_connections),
                                             .handle = [this](int connection) { Hand(connection); },
                                             .on_full = [this] { TellFull(); }}));
  grpc::ServerBuilder builder;
  ASSIGN_OR_RETURN(const std::shared_ptr<grpc::ServerCredentials> credentials,
                   ListenerCredentials(config.tls));
  auto experimental = builder.experimental();
  acceptor = experimental.AddExternalConnectionAcceptor(
      decltype(experimental)::ExternalConnectionType::FROM_FD, credentials);
  builder.SetMaxReceiveMessageSize(config.limits.max_message_bytes);
  // What one who only connects can make the service keep.
  builder.AddChannelArgument(GRPC_ARG_SERVER_HANDSHAKE_TIMEOUT_MS, kHandshakeMilliseconds);
  builder.AddChannelArgument(GRPC_ARG_MAX_CONCURRENT_STREAMS, config.limits.max_concurrent_streams);
  builder.AddChannelArgument(GRPC_ARG_MAX_METADATA_SIZE, config.limits.max_header_bytes);
  grpc::ResourceQuota quota("carouseld");
  quota.Resize(static_cast<size_t>(config.limits.max_transport_bytes));
  builder.SetResourceQuota(quota);
  builder.RegisterService(&robot_service);
  builder.RegisterService(&disc_format_service);
  builder.RegisterService(&image_service);
  builder.RegisterService(&operations_service);
  grpc_server = builder.BuildAndStart();
  if (grpc_server == nullptr) return absl::InternalError("gRPC does not start");
  grpc_address = listener->address();
  listener->Start();
  return absl::OkStatus();
}

void Server::Rep::Hand(int connection) const {
  grpc::experimental::ExternalConnectionAcceptor::NewConnectionParameters parameters;
  parameters.fd = connection;
  acceptor->HandleNewConnection(&parameters);
}

void Server::Rep::TellFull() const {
  if (calls.log() == nullptr) return;
  calls.log()->Write(Severity::kWarning, "connections are turned away",
                     {{"max_connections", absl::StrCat(config.limits.max_connections)}});
}

absl::Status Server::Rep::ListenHttp() {
  const auto ready = [this] {
    const std::vector<std::string> reasons = readiness.Reasons();
    return HttpEndpoint::Probe{.ok = reasons.empty(), .text = absl::StrJoin(reasons, "\n")};
  };
  ASSIGN_OR_RETURN(
      http, HttpEndpoint::Start(
                {.address = config.http_address,
                 .metrics = [this] { return metrics.Text(); },
                 .live = [] { return HttpEndpoint::Probe{}; },
                 .ready = ready,
                 .documents = {{"/", {kHtml, [this] { return web::RenderPage(page.Now()); }}},
                               {"/carousel.css", {kCss, [] { return std::string(web::kStyle); }}},
                               {"/carousel.js",
                                {kJavaScript, [] { return std::string(web::kScript); }}}}}));
  http_address = absl::StrCat(config.http_address.substr(0, config.http_address.rfind(':')), ":",
                              http->port());
  return absl::OkStatus();
}

void Server::Rep::WatchInventory() {
  inventory_task = std::make_unique<PeriodicTask>([this] { return keeper.Check(); });
  inventory_task->AwaitFirstRun(kFirstInventory);
  feed_task = std::make_unique<PeriodicTask>([this] { return feed.Look(); });
}

// The server as a whole (the empty name) is healthy as /readyz says; its services are as long as
// they answer, which they do with a dead drive, too.
void Server::Rep::WatchHealth() {
  grpc::HealthCheckServiceInterface* const health = grpc_server->GetHealthCheckService();
  for (const char* name : kServices) health->SetServingStatus(name, true);
  health_task = std::make_unique<PeriodicTask>([this, health] {
    return readiness.Update([health](bool ready) { health->SetServingStatus("", ready); });
  });
  health_task->AwaitFirstRun(absl::InfiniteDuration());
}

void Server::Rep::WatchExpiry() {
  expiry_task = std::make_unique<PeriodicTask>([this] {
    images.RemoveExpired();
    operations.RemoveExpired();
    spool->RemoveExpired();
    // A journal that fails shows in its metrics, and at whoever wants to burn.
    journal->RemoveEndedBefore(clock->Now() - config.limits.journal_ttl).IgnoreError();
    return kExpiryInterval;
  });
}

void Server::Rep::ReleaseImage(const std::string& id, Log* log) {
  const absl::Status released = uploads.Release(id);
  if (released.ok() || log == nullptr) return;
  // What stays takes of the quota until the next start.
  log->Warning("the spool keeps what an image has left",
               {{log_key::kImage, SpoolOwner(id)}, {log_key::kError, released.message()}});
}

Server::Server(std::unique_ptr<Rep> rep) : rep_(std::move(rep)) {}

Server::~Server() { Drain(); }

absl::StatusOr<std::unique_ptr<Server>> Server::Start(const Config& config, Log* log) {
  if (!config.virtual_robot.has_value() && !config.changer.has_value()) {
    return absl::InvalidArgumentError(
        "the configuration has neither a virtual_robot nor a changer");
  }
  ASSIGN_OR_RETURN(Opened opened, Opened::Open(config));
  auto rep = std::make_unique<Rep>(config, std::move(opened), log);
  RETURN_IF_ERROR(rep->journaled.Restore(config.limits.max_finished_operations));
  rep->WatchInventory();
  RETURN_IF_ERROR(rep->ListenHttp());
  RETURN_IF_ERROR(rep->Listen());
  rep->WatchHealth();
  rep->WatchExpiry();
  if (log != nullptr) {
    log->Info("listening", {{log_key::kRobot, config.robot_id},
                            {"version", GetBuildInfo().version},
                            {"revision", GetBuildInfo().revision},
                            {"grpc", rep->grpc_address},
                            {"http", rep->http_address}});
  }
  return std::unique_ptr<Server>(new Server(std::move(rep)));
}

const std::string& Server::grpc_address() const { return rep_->grpc_address; }
const std::string& Server::http_address() const { return rep_->http_address; }

void Server::Drain() {
  if (std::exchange(rep_->drained, true)) return;
  Log* const log = rep_->calls.log();
  if (log != nullptr) log->Info("draining");
  rep_->calls.StartDraining();
  // Nobody who watches waits for anything: what still runs is told by the operations.
  rep_->feed.End();
  rep_->health_task->Stop();
  rep_->grpc_server->GetHealthCheckService()->SetServingStatus(false);
  rep_->expiry_task->Stop();
  rep_->runner.Drain(rep_->config.limits.drain_time);
  rep_->listener->Stop();
  rep_->grpc_server->Shutdown(std::chrono::system_clock::now() + kLastCalls);
  rep_->grpc_server->Wait();
  rep_->inventory_task->Stop();
  rep_->feed_task->Stop();
  if (log != nullptr) log->Info("stopped");
}

}  // namespace carousel
