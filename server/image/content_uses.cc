#include "server/image/content_uses.h"

#include "hal/base/types.h"

namespace carousel {

void ContentUses::Add(mastering::ContentHandle content, int64_t bytes) {
  blocks_ = BlocksWith(content, bytes);
  const auto [it, added] = uses_.try_emplace(content);
  if (added) it->second.blocks = Sectors::Holding(bytes).value();
  ++it->second.files;
}

void ContentUses::Remove(mastering::ContentHandle content) {
  const auto it = uses_.find(content);
  if (it == uses_.end() || --it->second.files > 0) return;
  blocks_ -= it->second.blocks;
  uses_.erase(it);
}

int64_t ContentUses::BlocksWith(mastering::ContentHandle content, int64_t bytes) const {
  return uses_.contains(content) ? blocks_ : blocks_ + Sectors::Holding(bytes).value();
}

}  // namespace carousel
