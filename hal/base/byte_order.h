// Unaligned loads and stores of big-endian (SCSI) and little-endian (file system) integers. The
// caller has checked the bounds.
#ifndef HAL_BASE_BYTE_ORDER_H_
#define HAL_BASE_BYTE_ORDER_H_

#include <cstdint>

namespace carousel {

constexpr uint16_t LoadBe16(const uint8_t* p) { return static_cast<uint16_t>(p[0] << 8 | p[1]); }
constexpr uint32_t LoadBe24(const uint8_t* p) {
  return uint32_t{p[0]} << 16 | uint32_t{p[1]} << 8 | p[2];
}
constexpr uint32_t LoadBe32(const uint8_t* p) {
  return uint32_t{p[0]} << 24 | uint32_t{p[1]} << 16 | uint32_t{p[2]} << 8 | p[3];
}
constexpr uint64_t LoadBe64(const uint8_t* p) {
  return uint64_t{LoadBe32(p)} << 32 | LoadBe32(p + 4);
}
constexpr uint16_t LoadLe16(const uint8_t* p) { return static_cast<uint16_t>(p[1] << 8 | p[0]); }
constexpr uint32_t LoadLe32(const uint8_t* p) {
  return uint32_t{p[3]} << 24 | uint32_t{p[2]} << 16 | uint32_t{p[1]} << 8 | p[0];
}

constexpr void StoreBe16(uint8_t* p, uint16_t v) {
  p[0] = v >> 8;
  p[1] = v & 0xFF;
}
constexpr void StoreBe24(uint8_t* p, uint32_t v) {
  p[0] = v >> 16 & 0xFF;
  p[1] = v >> 8 & 0xFF;
  p[2] = v & 0xFF;
}
constexpr void StoreBe32(uint8_t* p, uint32_t v) {
  StoreBe16(p, v >> 16);
  StoreBe16(p + 2, v & 0xFFFF);
}
constexpr void StoreBe64(uint8_t* p, uint64_t v) {
  StoreBe32(p, v >> 32);
  StoreBe32(p + 4, v & 0xFFFFFFFF);
}
constexpr void StoreLe16(uint8_t* p, uint16_t v) {
  p[0] = v & 0xFF;
  p[1] = v >> 8;
}
constexpr void StoreLe32(uint8_t* p, uint32_t v) {
  StoreLe16(p, v & 0xFFFF);
  StoreLe16(p + 2, v >> 16);
}

}  // namespace carousel

#endif  // HAL_BASE_BYTE_ORDER_H_
