#include "server/disc_format/media_facts_cache.h"

#include <map>
#include <string>
#include <utility>
#include <vector>

#include "absl/base/thread_annotations.h"
#include "hal/base/mutex.h"
#include "server/disc_format/media_facts_reader.h"

namespace carousel {
namespace {

struct Entry {
  // Null before the first reading.
  std::shared_ptr<const MediaFacts> facts;
  // A reading is queued or runs; these wait for it.
  bool reading = false;
  std::vector<MediaFactsCache::Callback> waiting;
};

}  // namespace

// Shared with the tasks on the devices' threads, which may outlive the cache.
struct MediaFactsCache::Rep {
  mutable Mutex mutex;
  // By station. Stations live as long as the robot, and their identities as long as its
  // configuration: the map does not grow.
  std::map<std::string, Entry> entries ABSL_GUARDED_BY(mutex);
  int64_t readings ABSL_GUARDED_BY(mutex) = 0;

  void Finish(const std::string& id, const FactsOr& facts) ABSL_LOCKS_EXCLUDED(mutex) {
    std::vector<Callback> waiting;
    {
      MutexLock lock(&mutex);
      Entry& entry = entries[id];
      if (facts.ok()) entry.facts = *facts;
      entry.reading = false;
      waiting.swap(entry.waiting);
    }
    for (Callback& callback : waiting) callback(facts);
  }
};

MediaFactsCache::MediaFactsCache() : rep_(std::make_shared<Rep>()) {}
MediaFactsCache::~MediaFactsCache() = default;

void MediaFactsCache::Get(DriveStation& station, Callback done) {
  const MediaGeneration current = station.snapshot().generation;
  std::shared_ptr<const MediaFacts> known;
  {
    MutexLock lock(&rep_->mutex);
    Entry& entry = rep_->entries[station.id()];
    // A reading's facts may be newer than the snapshot, which follows the task.
    if (entry.facts != nullptr && entry.facts->generation >= current) {
      known = entry.facts;
    } else {
      entry.waiting.push_back(std::move(done));
      if (entry.reading) return;
      entry.reading = true;
      ++rep_->readings;
    }
  }
  if (known != nullptr) {
    done(std::move(known));
    return;
  }
  station.Post([rep = rep_, id = station.id()](absl::StatusOr<Drive*> drive) {
    if (!drive.ok()) {
      rep->Finish(id, drive.status());
      return;
    }
    absl::StatusOr<MediaFacts> facts = ReadMediaFacts(**drive);
    if (!facts.ok()) {
      rep->Finish(id, facts.status());
    } else {
      rep->Finish(id, std::make_shared<const MediaFacts>(*std::move(facts)));
    }
  });
}

MediaFactsCache::FactsOr MediaFactsCache::Read(DriveStation& station) {
  Mutex mutex;
  CondVar finished;
  bool done = false;
  FactsOr result = std::shared_ptr<const MediaFacts>();
  Get(station, [&](FactsOr facts) {
    MutexLock lock(&mutex);
    result = std::move(facts);
    done = true;
    // Under the lock: the waiter's stack must not unwind before this call has ended.
    finished.Signal();
  });
  MutexLock lock(&mutex);
  while (!done) finished.Wait(&mutex);
  return result;
}

int64_t MediaFactsCache::readings() const {
  MutexLock lock(&rep_->mutex);
  return rep_->readings;
}

}  // namespace carousel
