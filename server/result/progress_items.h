// What lies where in a result image, as IMAPI's IProgressItems tells it: runs of blocks with a name
// for each, without gaps. Made when they are asked for.
#ifndef SERVER_RESULT_PROGRESS_ITEMS_H_
#define SERVER_RESULT_PROGRESS_ITEMS_H_

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

#include "server/mastering/result_image.h"

namespace carousel {

struct ProgressItem {
  std::string description;  // a file's path, else "[padding]" and the like
  int64_t first = 0;        // blocks of the image, from 0
  int64_t last = 0;         // inclusive
};

// How many there are: one for each new file with bytes, one for each other region of the plan.
size_t ProgressItemCount(const ResultImage& result);
// Those from index `first` on, at most `limit`, in the order of their blocks.
std::vector<ProgressItem> ProgressItems(const ResultImage& result, size_t first, size_t limit);

}  // namespace carousel

#endif  // SERVER_RESULT_PROGRESS_ITEMS_H_
