// Fields that ECMA-119 records in both byte orders (clauses 7.2.3 and 7.3.3). Writers are known
// that fill only one half, or one of them wrongly.
#ifndef SERVER_FS_ISO9660_BOTH_ENDIAN_H_
#define SERVER_FS_ISO9660_BOTH_ENDIAN_H_

#include <cstdint>
#include <optional>

#include "hal/base/byte_order.h"

namespace carousel::iso9660 {

// A field whose halves differ: the little-endian value if it alone is sane, else the big-endian
// one if it alone is, else nothing. Zero on one side only is a half that was not filled.
template <typename Predicate>
std::optional<uint32_t> Reconcile(uint32_t little, uint32_t big, Predicate sane) {
  const bool little_sane = little != 0 && sane(little);
  const bool big_sane = big != 0 && sane(big);
  if (little_sane == big_sane) return std::nullopt;
  return little_sane ? little : big;
}

// The 32-bit field at `p`; nothing if its halves cannot be reconciled.
template <typename Predicate>
std::optional<uint32_t> LoadBoth32(const uint8_t* p, Predicate sane) {
  const uint32_t little = LoadLe32(p);
  const uint32_t big = LoadBe32(p + 4);
  if (little == big) return little;
  return Reconcile(little, big, sane);
}

template <typename Predicate>
std::optional<uint32_t> LoadBoth16(const uint8_t* p, Predicate sane) {
  const uint32_t little = LoadLe16(p);
  const uint32_t big = LoadBe16(p + 2);
  if (little == big) return little;
  return Reconcile(little, big, sane);
}

// Writes `value` in both byte orders: 8 bytes, or 4.
inline void StoreBoth32(uint8_t* p, uint32_t value) {
  StoreLe32(p, value);
  StoreBe32(p + 4, value);
}
inline void StoreBoth16(uint8_t* p, uint16_t value) {
  StoreLe16(p, value);
  StoreBe16(p + 2, value);
}

}  // namespace carousel::iso9660

#endif  // SERVER_FS_ISO9660_BOTH_ENDIAN_H_
