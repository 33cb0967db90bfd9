// A primary volume descriptor with the fields that disc formats look at, for tests.
#ifndef SERVER_DISC_FORMAT_TEST_DESCRIPTOR_H_
#define SERVER_DISC_FORMAT_TEST_DESCRIPTOR_H_

#include <algorithm>
#include <cstdint>
#include <string>
#include <vector>

#include "hal/base/byte_order.h"
#include "hal/base/types.h"

namespace carousel {

inline void StoreBothEndian(uint8_t* p, uint32_t value) {
  StoreLe32(p, value);
  StoreBe32(p + 4, value);
}

// ECMA-119 8.4: a volume of `space` sectors, its path table at `path_table`, its root directory, of
// one sector, at `root`.
inline std::vector<uint8_t> TestDescriptor(Lba root, Sectors space, Lba path_table) {
  std::vector<uint8_t> sector(kSectorSize, 0);
  sector[0] = 1;
  const std::string standard = "CD001";
  std::copy(standard.begin(), standard.end(), &sector[1]);
  sector[6] = 1;
  std::fill_n(&sector[40], 32, ' ');
  StoreBothEndian(&sector[80], static_cast<uint32_t>(space.value()));
  StoreLe16(&sector[128], 2048);
  StoreBe16(&sector[130], 2048);
  StoreBothEndian(&sector[132], 10);
  StoreLe32(&sector[140], static_cast<uint32_t>(path_table.value()));
  uint8_t* record = &sector[156];
  record[0] = 34;
  StoreBothEndian(record + 2, static_cast<uint32_t>(root.value()));
  StoreBothEndian(record + 10, 2048);
  record[25] = 2;  // directory
  record[32] = 1;
  sector[881] = 1;
  return sector;
}

}  // namespace carousel

#endif  // SERVER_DISC_FORMAT_TEST_DESCRIPTOR_H_
