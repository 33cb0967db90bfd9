#include "server/image/content_table.h"

namespace carousel {

mastering::ContentHandle ContentTable::Add(const Sha256Digest& digest) {
  const auto [it, added] = by_digest_.emplace(digest, digests_.size());
  if (added) digests_.push_back(digest);
  return mastering::ContentHandle{it->second};
}

void ContentTable::Truncate(size_t size) {
  for (; digests_.size() > size; digests_.pop_back()) by_digest_.erase(digests_.back());
}

}  // namespace carousel
