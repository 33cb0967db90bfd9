// Value types for addresses and identities. Each is a type of its own, so that an address cannot be
// passed as a count, a slot as a drive, or a session number as a track number.
#ifndef HAL_BASE_TYPES_H_
#define HAL_BASE_TYPES_H_

#include <compare>
#include <cstdint>
#include <ostream>

namespace carousel {

// Bytes of one logical sector on every medium that the service handles (IMAPI_SECTOR_SIZE; MMC-6
// user data block).
inline constexpr int64_t kSectorSize = 2048;

// A count of sectors. May be negative as a difference.
class Sectors {
 public:
  constexpr Sectors() = default;
  constexpr explicit Sectors(int64_t count) : count_(count) {}

  constexpr int64_t value() const { return count_; }
  constexpr int64_t bytes() const { return count_ * kSectorSize; }
  // The sectors that `bytes` bytes occupy; a part of a sector counts as one.
  static constexpr Sectors Holding(int64_t bytes) {
    return Sectors(bytes / kSectorSize + (bytes % kSectorSize != 0));
  }

  constexpr auto operator<=>(const Sectors&) const = default;
  constexpr Sectors& operator+=(Sectors other) {
    count_ += other.count_;
    return *this;
  }
  constexpr Sectors& operator-=(Sectors other) {
    count_ -= other.count_;
    return *this;
  }
  friend constexpr Sectors operator+(Sectors a, Sectors b) { return Sectors(a.count_ + b.count_); }
  friend constexpr Sectors operator-(Sectors a, Sectors b) { return Sectors(a.count_ - b.count_); }

 private:
  int64_t count_ = 0;
};

// A logical block address of the disc in units of sectors, absolute from the start of the disc
// (MMC-6 LBA). Signed: the program area of a CD begins at 0 and its pregap is negative.
class Lba {
 public:
  constexpr Lba() = default;
  constexpr explicit Lba(int64_t address) : address_(address) {}

  constexpr int64_t value() const { return address_; }

  constexpr auto operator<=>(const Lba&) const = default;
  constexpr Lba& operator+=(Sectors count) {
    address_ += count.value();
    return *this;
  }
  friend constexpr Lba operator+(Lba a, Sectors n) { return Lba(a.address_ + n.value()); }
  friend constexpr Lba operator-(Lba a, Sectors n) { return Lba(a.address_ - n.value()); }
  friend constexpr Sectors operator-(Lba a, Lba b) { return Sectors(a.address_ - b.address_); }

 private:
  int64_t address_ = 0;
};

// The next multiple of `unit` at or after `lba`. `unit` > 0 and `lba` >= 0.
constexpr Lba RoundUp(Lba lba, Sectors unit) {
  return Lba((lba.value() + unit.value() - 1) / unit.value() * unit.value());
}

// A number that MMC counts from 1. Tracks and sessions differ by their tag.
template <typename Tag>
class Ordinal {
 public:
  constexpr Ordinal() = default;
  constexpr explicit Ordinal(uint16_t number) : number_(number) {}
  constexpr uint16_t value() const { return number_; }
  constexpr auto operator<=>(const Ordinal&) const = default;

 private:
  uint16_t number_ = 0;
};
using TrackNumber = Ordinal<struct TrackTag>;
using SessionNumber = Ordinal<struct SessionTag>;

// The address of a medium changer's element (SMC-3 clause 4.2): 16 bits, its meaning known only
// from MODE SENSE page 1Dh.
using ElementAddress = Ordinal<struct ElementTag>;

// Counts the media that a drive has seen; advances whenever the medium may have changed. Facts of
// one generation never hold for another.
class MediaGeneration {
 public:
  constexpr MediaGeneration() = default;
  constexpr explicit MediaGeneration(uint64_t value) : value_(value) {}
  constexpr uint64_t value() const { return value_; }
  constexpr MediaGeneration Next() const { return MediaGeneration(value_ + 1); }
  constexpr auto operator<=>(const MediaGeneration&) const = default;

 private:
  uint64_t value_ = 0;
};

inline std::ostream& operator<<(std::ostream& out, Sectors n) {
  return out << n.value() << " sectors";
}
inline std::ostream& operator<<(std::ostream& out, Lba lba) { return out << "LBA " << lba.value(); }
template <typename Tag>
std::ostream& operator<<(std::ostream& out, Ordinal<Tag> n) {
  return out << n.value();
}
inline std::ostream& operator<<(std::ostream& out, MediaGeneration g) {
  return out << "generation " << g.value();
}

}  // namespace carousel

#endif  // HAL_BASE_TYPES_H_
