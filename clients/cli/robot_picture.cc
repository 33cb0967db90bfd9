#include "clients/cli/robot_picture.h"

#include <algorithm>
#include <sstream>

#include "absl/strings/str_cat.h"
#include "absl/strings/strip.h"
#include "clients/cli/output.h"

namespace carousel::cli {
namespace {

constexpr size_t kMostSlotText = 24;

// Puts `changed` in place of those with the same name, or behind the others.
template <typename Item, typename Items>
void Merge(const Items& changed, std::vector<Item>* items) {
  for (const Item& item : changed) {
    const auto same = std::find_if(items->begin(), items->end(),
                                   [&](const Item& known) { return known.name() == item.name(); });
    if (same == items->end())
      items->push_back(item);
    else
      *same = item;
  }
}

std::string IdOf(const std::string& name) { return name.substr(name.find('/') + 1); }

std::string Fitted(const std::string& text, size_t width) {
  return text.size() <= width ? text + std::string(width - text.size(), ' ')
                              : text.substr(0, width);
}

std::vector<std::string> RowOf(const v1::Drive& drive) {
  std::string note =
      drive.operation().empty() ? Printable(drive.state_reason()) : drive.operation();
  return {IdOf(drive.name()), v1::Drive::State_Name(drive.state()),
          drive.disc().empty() ? "-" : IdOf(drive.disc()),
          drive.profile().empty() ? "-" : drive.profile(), std::move(note)};
}

std::vector<std::string> RowOf(const v1::ImportExportSlot& slot) {
  const char* const state = !slot.accessible()          ? "OPEN"
                            : slot.placed_by_operator() ? "PUT IN"
                            : slot.full()               ? "FULL"
                                                        : "EMPTY";
  return {IdOf(slot.name()), state, slot.disc().empty() ? "-" : IdOf(slot.disc()), "", ""};
}

// Each line of `text` cut to `width` columns, without blanks at its end.
std::string Cut(const std::string& text, int width) {
  std::istringstream lines(text);
  std::string result, line;
  while (std::getline(lines, line)) {
    line = line.substr(0, static_cast<size_t>(width));
    line.erase(line.find_last_not_of(' ') + 1);
    absl::StrAppend(&result, line, "\n");
  }
  return result;
}

}  // namespace

void RobotPicture::Apply(const v1::WatchRobotResponse& change) {
  if (change.has_robot()) robot_ = change.robot();
  Merge(change.drives(), &drives_);
  Merge(change.slots(), &slots_);
  Merge(change.import_export_slots(), &import_export_slots_);
}

std::string RobotPicture::Draw(int width) const {
  std::ostringstream out;
  out << robot_.robot_id() << "  " << robot_.version() << "\n\n";
  std::vector<std::vector<std::string>> rows;
  rows.push_back({"arm", robot_.arm_disc().empty() ? "EMPTY" : "HOLDS",
                  robot_.arm_disc().empty() ? "-" : IdOf(robot_.arm_disc()), "",
                  Printable(robot_.changer_reason())});
  for (const v1::Drive& drive : drives_) rows.push_back(RowOf(drive));
  for (const v1::ImportExportSlot& slot : import_export_slots_) rows.push_back(RowOf(slot));
  PrintTable(rows, out);
  return Cut(out.str(), width) + "\n" + DrawSlots(width);
}

// "slot1 [A0001]" in as many columns as fit.
std::string RobotPicture::DrawSlots(int width) const {
  size_t name = 0, disc = 1;
  for (const v1::Slot& slot : slots_) {
    name = std::max(name, IdOf(slot.name()).size());
    if (slot.full()) disc = std::max(disc, IdOf(slot.disc()).size());
  }
  name = std::min(name, kMostSlotText);
  disc = std::min(disc, kMostSlotText);
  const size_t cell = name + disc + 3;  // "name [disc]"
  const size_t columns = std::max<size_t>(1, (static_cast<size_t>(width) + 2) / (cell + 2));
  std::string text;
  for (size_t i = 0; i < slots_.size(); ++i) {
    const v1::Slot& slot = slots_[i];
    const std::string holds = slot.full() ? IdOf(slot.disc()) : "";
    absl::StrAppend(&text, Fitted(IdOf(slot.name()), name), " [", Fitted(holds, disc), "]");
    const bool last = i + 1 == slots_.size() || (i + 1) % columns == 0;
    text += last ? "\n" : "  ";
  }
  return text;
}

}  // namespace carousel::cli
