#include "tests/conformance/contents.h"

#include <algorithm>
#include <string>

#include "hal/base/byte_order.h"

namespace carousel::conformance {
namespace {

// ECMA-119 6.2.1 and 8; the rest of the layout is ours.
constexpr int kPrimary = 16;
constexpr int kTerminator = 17;
constexpr int kPathTableL = 18;
constexpr int kPathTableM = 19;
constexpr int kRoot = 20;
constexpr int kFile = 21;
constexpr uint8_t kDirectoryFlag = 0x02;
// ECMA-167 3/8.4.2.1 and 3/10.2.
constexpr int kAnchor = 256;
constexpr uint16_t kAnchorTag = 2;

class Volume {
 public:
  Volume(Lba start, Sectors size) : start_(start), bytes_(size.bytes(), 0) {}

  uint8_t* Sector(int number) { return bytes_.data() + number * kSectorSize; }
  uint32_t Address(int number) const { return static_cast<uint32_t>(start_.value() + number); }
  std::vector<uint8_t> Take() { return std::move(bytes_); }

 private:
  const Lba start_;
  std::vector<uint8_t> bytes_;
};

void Put(uint8_t* at, const std::string& text) { std::copy(text.begin(), text.end(), at); }

void StoreBoth32(uint8_t* p, uint32_t value) {
  StoreLe32(p, value);
  StoreBe32(p + 4, value);
}
void StoreBoth16(uint8_t* p, uint16_t value) {
  StoreLe16(p, value);
  StoreBe16(p + 2, value);
}

// A directory record (ECMA-119 9.1); returns its length.
int PutRecord(uint8_t* at, uint32_t extent, uint32_t size, uint8_t flags, const std::string& name) {
  const int length = 33 + static_cast<int>(name.size()) + (name.size() % 2 == 0 ? 1 : 0);
  at[0] = static_cast<uint8_t>(length);
  StoreBoth32(at + 2, extent);
  StoreBoth32(at + 10, size);
  const uint8_t time[7] = {124, 1, 1, 0, 0, 0, 0};  // 1 January 2024
  std::copy(std::begin(time), std::end(time), at + 18);
  at[25] = flags;
  StoreBoth16(at + 28, 1);
  at[32] = static_cast<uint8_t>(name.size());
  Put(at + 33, name);
  return length;
}

void PutPrimary(Volume& volume, Sectors size) {
  uint8_t* d = volume.Sector(kPrimary);
  d[0] = 1;
  Put(d + 1, "CD001");
  d[6] = 1;
  std::fill_n(d + 8, 64, ' ');
  Put(d + 40, "CONFORMANCE");
  StoreBoth32(d + 80, static_cast<uint32_t>(size.value()));
  StoreBoth16(d + 120, 1);
  StoreBoth16(d + 124, 1);
  StoreBoth16(d + 128, kSectorSize);
  StoreBoth32(d + 132, 10);
  StoreLe32(d + 140, volume.Address(kPathTableL));
  StoreBe32(d + 148, volume.Address(kPathTableM));
  PutRecord(d + 156, volume.Address(kRoot), kSectorSize, kDirectoryFlag, std::string(1, '\0'));
  std::fill_n(d + 190, 623, ' ');
  // Dates and times (8.4.26.1): not specified.
  for (int date = 813; date < 881; date += 17) std::fill_n(d + date, 16, '0');
  d[881] = 1;
}

}  // namespace

std::vector<uint8_t> MakeIsoVolume(Lba start, Sectors size) {
  Volume volume(start, size);
  PutPrimary(volume, size);
  uint8_t* terminator = volume.Sector(kTerminator);
  terminator[0] = 255;
  Put(terminator + 1, "CD001");
  terminator[6] = 1;
  for (const int table : {kPathTableL, kPathTableM}) {
    uint8_t* entry = volume.Sector(table);
    entry[0] = 1;  // length of the root's name
    if (table == kPathTableL) {
      StoreLe32(entry + 2, volume.Address(kRoot));
      StoreLe16(entry + 6, 1);
    } else {
      StoreBe32(entry + 2, volume.Address(kRoot));
      StoreBe16(entry + 6, 1);
    }
  }
  uint8_t* root = volume.Sector(kRoot);
  root += PutRecord(root, volume.Address(kRoot), kSectorSize, kDirectoryFlag, std::string(1, '\0'));
  root += PutRecord(root, volume.Address(kRoot), kSectorSize, kDirectoryFlag, std::string(1, '\1'));
  PutRecord(root, volume.Address(kFile), 12, 0, "HELLO.TXT;1");
  Put(volume.Sector(kFile), "hello, disc\n");
  return volume.Take();
}

std::vector<uint8_t> MakeUdfVolume(Lba start, Sectors size) {
  Volume volume(start, size);
  int sector = kPrimary;
  for (const char* identifier : {"BEA01", "NSR02", "TEA01"}) {
    uint8_t* d = volume.Sector(sector++);
    Put(d + 1, identifier);
    d[6] = 1;
  }
  uint8_t* anchor = volume.Sector(kAnchor);
  StoreLe16(anchor, kAnchorTag);
  StoreLe16(anchor + 2, 2);
  StoreLe32(anchor + 12, volume.Address(kAnchor));
  // Tag checksum (ECMA-167 3/7.2.3): the sum of the other bytes of the tag.
  int sum = 0;
  for (int i = 0; i < 16; ++i) sum += i == 4 ? 0 : anchor[i];
  anchor[4] = static_cast<uint8_t>(sum);
  return volume.Take();
}

}  // namespace carousel::conformance
