#include "hal/robot/fake_robot.h"

#include <memory>
#include <utility>

#include "absl/strings/str_cat.h"
#include "absl/time/time.h"
#include "hal/drive/fake_image.h"
#include "hal/drive/fake_media.h"

namespace carousel {
namespace {

constexpr int kFirstDrive = 500;
constexpr int kFirstImportExport = 700;
constexpr int kFirstSlot = 1001;

// Stations close their drives; the fake ones shall outlive that.
class BorrowedDrive : public Drive {
 public:
  explicit BorrowedDrive(FakeDrive* drive) : drive_(*drive) {}
  absl::StatusOr<DriveIdentity> Identify() override { return drive_.Identify(); }
  absl::StatusOr<bool> CheckReady() override { return drive_.CheckReady(); }
  absl::StatusOr<MediaState> ReadMediaState() override { return drive_.ReadMediaState(); }
  absl::Status Read(Lba start, absl::Span<uint8_t> out) override { return drive_.Read(start, out); }
  absl::Status Eject() override { return drive_.Eject(); }
  absl::Status Load() override { return drive_.Load(); }
  absl::Status PreventRemoval(bool prevent) override { return drive_.PreventRemoval(prevent); }
  absl::Status PollEvents() override { return drive_.PollEvents(); }
  MediaGeneration generation() const override { return drive_.generation(); }
  DiscWriter* writer() override { return drive_.writer(); }

 private:
  FakeDrive& drive_;
};

std::string Serial(int index) { return absl::StrCat("SERIAL-", index); }

std::vector<Element> Elements(int drives, int slots, int import_export_slots) {
  std::vector<Element> elements;
  elements.push_back({.address = FakeRobot::ArmAddress(), .type = ElementType::kPicker});
  for (int i = 0; i < drives; ++i) {
    elements.push_back({.address = FakeRobot::DriveAddress(i),
                        .type = ElementType::kDrive,
                        .drive_serial = Serial(i)});
  }
  for (int i = 1; i <= import_export_slots; ++i) {
    elements.push_back({.address = FakeRobot::ImportExportAddress(i),
                        .type = ElementType::kImportExport,
                        .can_import = true,
                        .can_export = true});
  }
  for (int i = 1; i <= slots; ++i) {
    elements.push_back({.address = FakeRobot::SlotAddress(i), .type = ElementType::kSlot});
  }
  return elements;
}

}  // namespace

ElementAddress FakeRobot::DriveAddress(int index) {
  return ElementAddress(static_cast<uint16_t>(kFirstDrive + index));
}

ElementAddress FakeRobot::SlotAddress(int number) {
  return ElementAddress(static_cast<uint16_t>(kFirstSlot + number - 1));
}

ElementAddress FakeRobot::ImportExportAddress(int number) {
  return ElementAddress(static_cast<uint16_t>(kFirstImportExport + number - 1));
}

ElementAddress FakeRobot::ArmAddress() { return ElementAddress(1); }

FakeRobot::FakeRobot(int drives, int slots, int import_export_slots)
    : changer_(Elements(drives, slots, import_export_slots)),
      media_(BlankMedia(mmc::Profile::kBdRSequential, Sectors(1000))) {
  for (int i = 1; i <= slots; ++i)
    slot_places_.push_back({absl::StrCat("slot", i), SlotAddress(i)});
  for (int i = 1; i <= import_export_slots; ++i)
    import_export_places_.push_back({absl::StrCat("port", i), ImportExportAddress(i)});
  for (int i = 0; i < drives; ++i) {
    drives_.push_back(std::make_unique<FakeDrive>());
    drives_.back()->set_identity(
        {.vendor = "FAKE", .product = "DRIVE", .revision = "1", .serial = Serial(i)});
    const std::string id = absl::StrCat("drive", i);
    stations_.push_back(std::make_unique<DriveStation>(
        id,
        [drive = drives_.back().get()](MediaGeneration) -> absl::StatusOr<std::unique_ptr<Drive>> {
          return std::make_unique<BorrowedDrive>(drive);
        },
        DriveStation::Options{.poll_interval = absl::Hours(24)}));
    drive_places_.push_back({id, stations_.back().get()});
  }
  changer_.set_on_moved(
      [this](ElementAddress source, ElementAddress destination) { OnMoved(source, destination); });
}

FakeRobot::~FakeRobot() = default;

void FakeRobot::set_media(MediaState media) {
  MutexLock lock(&mutex_);
  media_ = std::move(media);
}

std::optional<ElementAddress> FakeRobot::DriveElement(absl::string_view id) const {
  for (size_t i = 0; i < drive_places_.size(); ++i) {
    if (drive_places_[i].id == id) return DriveAddress(static_cast<int>(i));
  }
  return std::nullopt;
}

void FakeRobot::OnMoved(ElementAddress source, ElementAddress destination) {
  MutexLock lock(&mutex_);
  for (size_t i = 0; i < drives_.size(); ++i) {
    const ElementAddress address = DriveAddress(static_cast<int>(i));
    if (address == source) drives_[i]->Remove();
    if (address == destination) drives_[i]->Insert(media_, std::make_shared<FakeImage>());
  }
}

}  // namespace carousel
