#include "hal/virtual_robot/medium.h"

#include <string>

#include "absl/strings/ascii.h"
#include "absl/strings/str_replace.h"

namespace carousel::virtual_robot {
namespace {

using mmc::Profile;

// Gaps: CD 6,750 lead-out + 4,500 lead-in + 150 pregap after the first session, 2,250 + 4,500 + 150
// after the rest (MMC-5 and published TOCs). DVD+R 2,048, seen on four discs of several writers.
// DVD-R 28,688 seen three times after the first border; 6,000 after later ones is an assumption.
// BD-R: the next session begins at the next cluster; an assumption, no published dump shows one.
// Every disc carries its own gaps in its text file, so that others can be tried.
constexpr GapModel kNoGap = {Sectors(0), Sectors(0)};
constexpr GapModel kCdGap = {Sectors(11'400), Sectors(6'900)};
constexpr GapModel kDvdMinusGap = {Sectors(28'688), Sectors(6'000)};
constexpr GapModel kDvdPlusGap = {Sectors(2'048), Sectors(2'048)};

constexpr Sectors kOne(1);
constexpr Sectors kDvdBlock(16);
constexpr Sectors kBdCluster(32);
constexpr Sectors kNone(0);
// MMC-5 6.3: a CD track has at least 4 s of payload.
constexpr Sectors kCdShortest(300);
constexpr Sectors kCdRunOut(2);

constexpr auto kRom = Recording::kReadOnly;
constexpr auto kSeq = Recording::kSequential;
constexpr auto kOver = Recording::kOverwritable;
constexpr auto kPow = Recording::kPseudoOverwrite;

// Capacities: published READ FORMAT CAPACITIES and READ TRACK INFORMATION answers of real drives;
// those of BD-R DL, TL and QL from the format's book, those of BD-RE DL and TL twice and four times
// the single layer's with the default spare areas (assumed). CD: 80 minutes.
constexpr Medium kMedia[] = {
    // name, profile, recording, erasable, capacity, unit, gap, run-out, shortest, sessions, layers
    {"CD-ROM", Profile::kCdRom, kRom, false, kNone, kOne, kNoGap, kNone, kNone, 0, 1},
    {"CD-R", Profile::kCdR, kSeq, false, Sectors(359'849), kOne, kCdGap, kCdRunOut, kCdShortest, 99,
     1},
    {"CD-RW", Profile::kCdRw, kSeq, true, Sectors(359'849), kOne, kCdGap, kCdRunOut, kCdShortest,
     99, 1},
    {"DVD-ROM", Profile::kDvdRom, kRom, false, kNone, kDvdBlock, kNoGap, kNone, kNone, 0, 1},
    {"DVD-R", Profile::kDvdR, kSeq, false, Sectors(2'297'888), kDvdBlock, kDvdMinusGap, kNone,
     kNone, 99, 1},
    {"DVD-R-DL", Profile::kDvdRDualLayer, kSeq, false, Sectors(4'171'712), kDvdBlock, kDvdMinusGap,
     kNone, kNone, 1, 2},
    {"DVD-RW", Profile::kDvdRwSequential, kSeq, true, Sectors(2'297'888), kDvdBlock, kDvdMinusGap,
     kNone, kNone, 99, 1},
    {"DVD-RW-RO", Profile::kDvdRwRestrictedOverwrite, kOver, true, Sectors(2'297'888), kDvdBlock,
     kNoGap, kNone, kNone, 1, 1},
    {"DVD-RAM", Profile::kDvdRam, kOver, true, Sectors(2'236'704), kDvdBlock, kNoGap, kNone, kNone,
     1, 1},
    {"DVD+R", Profile::kDvdPlusR, kSeq, false, Sectors(2'295'104), kDvdBlock, kDvdPlusGap, kNone,
     kNone, 153, 1},
    {"DVD+R-DL", Profile::kDvdPlusRDualLayer, kSeq, false, Sectors(4'173'824), kDvdBlock,
     kDvdPlusGap, kNone, kNone, 127, 2},
    {"DVD+RW", Profile::kDvdPlusRw, kOver, true, Sectors(2'295'104), kDvdBlock, kNoGap, kNone,
     kNone, 1, 1},
    {"DVD+RW-DL", Profile::kDvdPlusRwDualLayer, kOver, true, Sectors(4'173'824), kDvdBlock, kNoGap,
     kNone, kNone, 1, 2},
    {"BD-ROM", Profile::kBdRom, kRom, false, kNone, kBdCluster, kNoGap, kNone, kNone, 0, 1},
    {"BD-R", Profile::kBdRSequential, kSeq, false, Sectors(12'219'392), kBdCluster, kNoGap, kNone,
     kNone, 0, 1},
    {"BD-R-DL", Profile::kBdRSequential, kSeq, false, Sectors(24'438'784), kBdCluster, kNoGap,
     kNone, kNone, 0, 2},
    {"BD-R-TL", Profile::kBdRSequential, kSeq, false, Sectors(48'878'592), kBdCluster, kNoGap,
     kNone, kNone, 0, 3},
    {"BD-R-QL", Profile::kBdRSequential, kSeq, false, Sectors(62'500'864), kBdCluster, kNoGap,
     kNone, kNone, 0, 4},
    {"BD-R-POW", Profile::kBdRSequential, kPow, false, Sectors(12'088'320), kBdCluster, kNoGap,
     kNone, kNone, 1, 1},
    {"BD-RE", Profile::kBdRe, kOver, true, Sectors(11'826'176), kBdCluster, kNoGap, kNone, kNone, 1,
     1},
    {"BD-RE-DL", Profile::kBdRe, kOver, true, Sectors(23'652'352), kBdCluster, kNoGap, kNone, kNone,
     1, 2},
    {"BD-RE-TL", Profile::kBdRe, kOver, true, Sectors(47'304'704), kBdCluster, kNoGap, kNone, kNone,
     1, 3},
};

}  // namespace

absl::Span<const Medium> Media() { return kMedia; }

const Medium* FindMedium(absl::string_view name) {
  std::string wanted = absl::AsciiStrToUpper(name);
  absl::StrReplaceAll({{" ", "-"}, {"_", "-"}}, &wanted);
  // The capacity class's name for three layers.
  absl::StrReplaceAll({{"-XL", "-TL"}}, &wanted);
  for (const Medium& medium : kMedia) {
    if (medium.name == wanted) return &medium;
  }
  return nullptr;
}

}  // namespace carousel::virtual_robot
