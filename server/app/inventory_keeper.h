// Asks a changer that did not answer again, until it does.
#ifndef SERVER_APP_INVENTORY_KEEPER_H_
#define SERVER_APP_INVENTORY_KEEPER_H_

#include "absl/time/time.h"
#include "server/library/library.h"
#include "server/log/log.h"

namespace carousel {

// For one thread.
class InventoryKeeper {
 public:
  // `log` may be null. Both must outlive the keeper.
  InventoryKeeper(Library* library, Log* log) : library_(library), log_(log) {}

  // Takes an inventory unless the last one was good. Blocks for as long as the changer takes.
  // Returns the pause until the next call: a second, after failures doubled up to a minute.
  absl::Duration Check();

 private:
  Library* const library_;
  Log* const log_;
  int failures_ = 0;
};

}  // namespace carousel

#endif  // SERVER_APP_INVENTORY_KEEPER_H_
