#include "server/fs/iso9660/image_builder.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "absl/strings/str_cat.h"
#include "hal/base/byte_order.h"

namespace carousel::iso9660 {
namespace {

constexpr uint8_t kDirectory = 2;
constexpr size_t kRecordHead = 33;
constexpr size_t kCeBytes = 28;
constexpr uint32_t kPathTableSector = 19;
constexpr uint32_t kFirstDirectory = 24;

std::string Byte(int value) { return std::string(1, static_cast<char>(value)); }

}  // namespace

std::string Entry(absl::string_view signature, absl::string_view body) {
  return absl::StrCat(signature, Byte(body.size() + 4), Byte(1), body);
}

std::string Both(uint32_t value) {
  uint8_t bytes[8];
  StoreLe32(bytes, value);
  StoreBe32(bytes + 4, value);
  return std::string(reinterpret_cast<const char*>(bytes), sizeof(bytes));
}

std::string Nm(absl::string_view name, uint8_t flags) {
  return Entry("NM", absl::StrCat(Byte(flags), name));
}

std::string Px(uint32_t mode, uint32_t links, uint32_t uid, uint32_t gid) {
  return Entry("PX", absl::StrCat(Both(mode), Both(links), Both(uid), Both(gid)));
}

std::string PxWithSerial(uint32_t mode, uint32_t serial) {
  return Entry("PX", absl::StrCat(Both(mode), Both(1), Both(0), Both(0), Both(serial)));
}

std::string Sl(absl::string_view components, uint8_t flags) {
  return Entry("SL", absl::StrCat(Byte(flags), components));
}

std::string Component(absl::string_view text, uint8_t flags) {
  return absl::StrCat(Byte(flags), Byte(text.size()), text);
}

std::string Ce(uint32_t block, uint32_t offset, uint32_t bytes) {
  return Entry("CE", absl::StrCat(Both(block), Both(offset), Both(bytes)));
}

std::string Cl(uint32_t block) { return Entry("CL", Both(block)); }
std::string Re() { return Entry("RE", ""); }
std::string Sp(uint8_t skip) { return Entry("SP", absl::StrCat("\xBE\xEF", Byte(skip))); }

std::string Utf16(absl::string_view ascii) {
  std::string units;
  for (const char c : ascii) units.append({'\0', c});
  return units;
}

ImageBuilder::ImageBuilder(Lba start, bool joliet)
    : base_(static_cast<uint32_t>(start.value())), joliet_(joliet) {
  nodes_.push_back(std::make_unique<Node>());
  root()->flags = kDirectory;
  root()->identifier = Byte(0);
  root()->parent = root();
}

ImageBuilder::Node* ImageBuilder::AddFile(Node* parent, absl::string_view identifier,
                                          absl::string_view contents,
                                          absl::string_view system_use) {
  nodes_.push_back(std::make_unique<Node>());
  Node* node = nodes_.back().get();
  node->identifier = std::string(identifier);
  node->contents = std::string(contents);
  node->system_use = std::string(system_use);
  node->parent = parent;
  parent->children.push_back(node);
  return node;
}

ImageBuilder::Node* ImageBuilder::AddDirectory(Node* parent, absl::string_view identifier,
                                               absl::string_view system_use) {
  Node* node = AddFile(parent, identifier, "", system_use);
  node->flags = kDirectory;
  return node;
}

std::string ImageBuilder::SystemUse(const Node& node) const {
  // Room for the CE entry that leads to the first continuation.
  std::string use = node.system_use;
  if (!node.continuations.empty()) use += std::string(kCeBytes, '\0');
  return use;
}

std::string ImageBuilder::Record(const Node& node, absl::string_view identifier,
                                 absl::string_view use, uint32_t extent, uint32_t bytes) const {
  std::string record(kRecordHead, '\0');
  record[1] = static_cast<char>(node.attribute_sectors);
  record.replace(2, 8, Both(extent));
  record.replace(10, 8, Both(bytes));
  record.replace(18, 7, std::string(node.time.begin(), node.time.end()));
  record[25] = static_cast<char>(node.flags);
  record[26] = static_cast<char>(node.unit);
  record[27] = static_cast<char>(node.gap);
  record[28] = 1;
  record[31] = 1;
  record[32] = static_cast<char>(identifier.size());
  absl::StrAppend(&record, identifier);
  if (identifier.size() % 2 == 0) record.push_back('\0');
  absl::StrAppend(&record, use);
  if (record.size() % 2 != 0) record.push_back('\0');
  record[0] = static_cast<char>(record.size());
  return record;
}

size_t ImageBuilder::DirectoryBytes(const Node& directory) const {
  size_t used = Record(directory, Byte(0), directory.self_use, 0, 0).size() +
                Record(directory, Byte(1), "", 0, 0).size();
  for (const Node* child : directory.children) {
    const size_t size = Record(*child, child->identifier, SystemUse(*child), 0, 0).size();
    if (used % kSectorSize + size > kSectorSize) used = Sectors::Holding(used).bytes();
    used += size;
  }
  return Sectors::Holding(used).bytes();
}

void ImageBuilder::Place(Node* directory) {
  directory->start = next_;
  next_ += DirectoryBytes(*directory) / kSectorSize;
}

uint8_t* ImageBuilder::At(uint32_t sector) {
  const size_t end = Sectors(int64_t{sector} - base_ + 1).bytes();
  if (image_.size() < end) image_.resize(end);
  return &image_[end - kSectorSize];
}

void ImageBuilder::Write(Node* directory) {
  const uint32_t bytes = DirectoryBytes(*directory);
  const size_t begin = Sectors(int64_t{directory->start} - base_).bytes();
  At(directory->start + bytes / kSectorSize - 1);
  const Node& parent = *directory->parent;
  std::string out = Record(*directory, Byte(0), directory->self_use, directory->start, bytes) +
                    Record(parent, Byte(1), "", parent.start, DirectoryBytes(parent));
  for (Node* child : directory->children) {
    const bool is_directory = (child->flags & kDirectory) != 0;
    const uint32_t size = is_directory ? DirectoryBytes(*child) : child->contents.size();
    std::string record = Record(*child, child->identifier, SystemUse(*child),
                                child->extent.value_or(child->start), child->bytes.value_or(size));
    if (out.size() % kSectorSize + record.size() > kSectorSize)
      out.resize(Sectors::Holding(out.size()).bytes());
    child->record = begin + out.size();
    out += record;
  }
  std::memcpy(&image_[begin], out.data(), out.size());
}

void ImageBuilder::WriteDescriptor(uint32_t sector, uint8_t type) {
  uint8_t* p = At(sector);
  p[0] = type;
  std::memcpy(p + 1, "CD001\x01", 6);
  if (type == 255) return;
  const std::string name = "TEST            ";
  if (type == 2) {
    std::memcpy(p + 40, Utf16(name).data(), 2 * name.size());
    std::memcpy(p + 88, "%/E", 3);
  } else {
    std::memset(p + 40, ' ', 32);
    std::memcpy(p + 40, name.data(), name.size());
  }
  std::memcpy(p + 80, Both(next_ - base_).data(), 8);
  StoreLe16(p + 128, kSectorSize);
  StoreBe16(p + 130, kSectorSize);
  std::memcpy(p + 132, Both(path_table_bytes_).data(), 8);
  StoreLe32(p + 140, base_ + kPathTableSector);
  const std::string record = Record(*root(), Byte(0), "", root()->start, DirectoryBytes(*root()));
  std::memcpy(p + 156, record.data(), record.size());
}

void ImageBuilder::WritePathTable(uint32_t sector) {
  std::string table;
  for (const auto& node : nodes_) {
    if ((node->flags & kDirectory) == 0) continue;
    uint8_t address[4];
    StoreLe32(address, node->start);
    absl::StrAppend(&table, Byte(node->identifier.size()), Byte(0),
                    std::string(reinterpret_cast<const char*>(address), 4), Byte(1), Byte(0),
                    node->identifier);
    if (node->identifier.size() % 2 != 0) table.push_back('\0');
  }
  path_table_bytes_ = table.size();
  const uint32_t room = (kFirstDirectory - kPathTableSector) * kSectorSize;
  std::memcpy(At(sector), table.data(), std::min<size_t>(table.size(), room));
}

// Each area holds its entries and the CE entry to the next.
void ImageBuilder::WriteContinuations(const Node& node, uint32_t first) {
  const std::vector<std::string>& chain = node.continuations;
  if (chain.empty()) return;
  std::string next;
  for (size_t k = chain.size(); k-- > 0;) {
    const std::string area = chain[k] + next;
    std::memcpy(At(first + k), area.data(), area.size());
    next = Ce(first + k, 0, area.size());
  }
  const size_t name = node.identifier.size();
  const size_t use = node.record + kRecordHead + name + (name % 2 == 0 ? 1 : 0);
  std::memcpy(&image_[use + node.system_use.size()], next.data(), next.size());
}

std::vector<uint8_t> ImageBuilder::Build() {
  next_ = base_ + kFirstDirectory;
  At(next_ - 1);
  for (const auto& node : nodes_) {
    if ((node->flags & kDirectory) != 0) Place(node.get());
  }
  // Continuations have sectors of their own, behind everything that is a directory.
  std::vector<uint32_t> areas;
  for (const auto& node : nodes_) {
    areas.push_back(next_);
    next_ += node->continuations.size();
  }
  for (const auto& node : nodes_) {
    if ((node->flags & kDirectory) != 0) continue;
    node->start = next_;
    const Sectors data = Sectors::Holding(node->contents.size());
    if (data == Sectors(0)) continue;
    At(next_ + data.value() - 1);
    std::memcpy(At(next_), node->contents.data(), node->contents.size());
    next_ += data.value();
  }
  for (const auto& node : nodes_) {
    if ((node->flags & kDirectory) != 0) Write(node.get());
  }
  for (size_t i = 0; i < nodes_.size(); ++i) WriteContinuations(*nodes_[i], areas[i]);
  WritePathTable(base_ + kPathTableSector);
  WriteDescriptor(base_ + 16, 1);
  if (joliet_) WriteDescriptor(base_ + 17, 2);
  WriteDescriptor(base_ + (joliet_ ? 18 : 17), 255);
  At(next_ - 1);
  return std::move(image_);
}

}  // namespace carousel::iso9660
