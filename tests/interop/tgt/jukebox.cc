#include "tests/interop/tgt/jukebox.h"

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <utility>

#include "absl/strings/str_cat.h"
#include "hal/scsi/iscsi/iscsi_transport.h"

namespace carousel {

Jukebox::Jukebox(std::vector<std::string> barcodes) : barcodes_(std::move(barcodes)) {
  std::string folder = "/tmp/carousel-tgt-XXXXXX";  // a control socket's path is short
  if (mkdtemp(folder.data()) == nullptr) std::abort();
  target_ = std::make_unique<TgtTarget>(folder, std::map<std::string, std::string>());
  std::filesystem::create_directory(folder + "/media");
  std::ofstream(folder + "/smc.img") << std::string(512, '\0');
  for (const std::string& barcode : barcodes_) std::ofstream(MediumOf(barcode)).flush();
}

Jukebox::~Jukebox() {
  const std::string folder = target_->folder();
  target_.reset();
  std::filesystem::remove_all(folder);
}

std::string Jukebox::MediumOf(const std::string& barcode) const {
  return absl::StrCat(target_->folder(), "/media/", barcode);
}

absl::Status Jukebox::Start(const std::vector<std::string>& more) {
  const std::string unit = "--op update --mode logicalunit --tid 1 --lun ";
  const std::string changer = absl::StrCat(unit, kChangerLun, " --params ");
  std::vector<std::string> words;
  for (const int lun : {1, 2}) {
    words.push_back(absl::StrCat("--op new --mode logicalunit --tid 1 --lun ", lun, " -Y cd"));
    words.push_back(absl::StrCat(unit, lun,
                                 " --params vendor_id=TGT,product_id=DVDRW,product_rev=0001,"
                                 "removable=1,scsi_sn=",
                                 kSerials[lun]));
  }
  words.push_back(absl::StrCat("--op new --mode logicalunit --tid 1 --lun ", kChangerLun, " -b ",
                               target_->folder(), "/smc.img -Y changer"));
  for (const std::string& params :
       {std::string("element_type=1,start_address=1,quantity=1"),
        absl::StrCat("media_home=", target_->folder(), "/media"),
        std::string("element_type=4,start_address=256,quantity=3"),
        std::string("element_type=4,address=256,tid=1,lun=2"),
        std::string("element_type=4,address=257,tid=1,lun=1"),
        std::string("element_type=3,start_address=768,quantity=1"),
        absl::StrCat("element_type=2,start_address=", kFirstSlot, ",quantity=4")}) {
    words.push_back(changer + params);
  }
  for (size_t i = 0; i < barcodes_.size(); ++i) {
    words.push_back(absl::StrCat(changer, "element_type=2,address=", kFirstSlot + i,
                                 ",barcode=", barcodes_[i], ",sides=1"));
  }
  words.insert(words.end(), more.begin(), more.end());
  return target_->Start(words);
}

std::unique_ptr<SmcChanger> Jukebox::OpenChanger(Clock* clock) {
  return std::make_unique<SmcChanger>(
      [this] { return scsi::OpenIscsi(target_->Address(kChangerLun)); }, clock);
}

}  // namespace carousel
