// NewImporterRuns of import_jobs.h, apart from it so that jobs are tested without an importer.
#include <memory>
#include <utility>

#include "server/session_import/import_jobs.h"
#include "server/session_import/importer.h"

namespace carousel {
namespace {

// Keeps the facts that its importer reads alive.
class ImporterRun : public ImportRun {
 public:
  ImporterRun(DriveStation* drive, std::shared_ptr<const MediaFacts> facts,
              const ImportOptions& options, Clock* clock)
      : facts_(std::move(facts)), importer_(drive, *facts_, options, clock) {}

  absl::StatusOr<ImportResult> Run() override { return importer_.Run(); }
  void Cancel() override { importer_.Cancel(); }
  ImportProgress progress() const override { return importer_.progress(); }

 private:
  const std::shared_ptr<const MediaFacts> facts_;
  Importer importer_;
};

}  // namespace

ImportJobs::NewRun NewImporterRuns(Clock* clock) {
  return [clock](DriveStation* drive, std::shared_ptr<const MediaFacts> facts,
                 const ImportOptions& options) -> std::unique_ptr<ImportRun> {
    return std::make_unique<ImporterRun>(drive, std::move(facts), options, clock);
  };
}

}  // namespace carousel
