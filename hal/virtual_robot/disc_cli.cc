#include "hal/virtual_robot/disc_cli.h"

#include <algorithm>
#include <optional>
#include <utility>

#include "CLI/CLI.hpp"
#include "absl/status/status.h"
#include "absl/status/statusor.h"
#include "absl/strings/numbers.h"
#include "absl/strings/str_cat.h"
#include "absl/strings/str_format.h"
#include "hal/base/status_macros.h"
#include "hal/virtual_robot/disc_arguments.h"
#include "hal/virtual_robot/disc_plan.h"
#include "hal/virtual_robot/disc_store.h"
#include "hal/virtual_robot/disc_text.h"
#include "hal/virtual_robot/locations.h"
#include "hal/virtual_robot/sparse_copy.h"

namespace carousel::virtual_robot {
namespace {

constexpr int kDone = 0;
constexpr int kRefused = 1;
constexpr int kUsage = 2;

std::string NextWritableText(const Disc& disc) {
  const std::optional<Lba> next = disc.NextWritable();
  return next.has_value() ? absl::StrCat(next->value()) : "-";
}

std::string SessionsText(const Disc& disc) {
  const int count = disc.recorded_sessions();
  return absl::StrCat(count, count == 1 ? " session" : " sessions");
}

// The slot that --slot names: the lowest free one without it, nothing for "none".
absl::StatusOr<std::optional<int>> ChooseSlot(const std::string& word, const Locations& locations) {
  if (word == "none") return std::optional<int>();
  if (word.empty()) return std::optional<int>(locations.FreeSlot());
  int slot;
  if (!absl::SimpleAtoi(word, &slot) || slot < 1) {
    return absl::InvalidArgumentError(absl::StrCat("--slot '", word, "' is not a slot's number"));
  }
  const std::optional<std::string> there =
      locations.In(Place{.kind = Place::Kind::kSlot, .number = slot});
  if (there.has_value()) {
    return absl::FailedPreconditionError(absl::StrCat("slot ", slot, " holds disc ", *there));
  }
  return std::optional<int>(slot);
}

absl::Status WriteContents(const DiscPlan& plan, const std::vector<std::string>& files,
                           const std::string& path) {
  for (size_t i = 0; i < files.size(); ++i) {
    if (files[i].empty()) continue;
    RETURN_IF_ERROR(SparseCopy(files[i], path, plan.starts[i].value() * kSectorSize));
  }
  const Sectors end = plan.disc.medium->overwritable() ? plan.disc.formatted
                      : plan.disc.tracks.empty()       ? Sectors(0)
                                                       : plan.disc.tracks.back().end() - Lba(0);
  return FinishSparseFile(path, end.bytes());
}

absl::Status Create(const DiscArguments& arguments, std::ostream& output) {
  ASSIGN_OR_RETURN(const ParsedArguments parsed, ParseArguments(arguments));
  ASSIGN_OR_RETURN(const DiscPlan plan, PlanDisc(parsed.request));
  ASSIGN_OR_RETURN(const DiscStore store, DiscStore::OpenOrCreate(arguments.store));
  ASSIGN_OR_RETURN(const Locations before, store.ReadLocations());
  ASSIGN_OR_RETURN(const std::optional<int> wanted, ChooseSlot(arguments.slot, before));
  RETURN_IF_ERROR(store.Create(
      plan.disc, [&](const std::string& path) { return WriteContents(plan, parsed.files, path); }));
  if (wanted.has_value()) {
    RETURN_IF_ERROR(store.UpdateLocations([&](Locations& locations) -> absl::Status {
      ASSIGN_OR_RETURN(const std::optional<int> slot, ChooseSlot(arguments.slot, locations));
      return locations.Put(plan.disc.barcode,
                           {.place = {.kind = Place::Kind::kSlot, .number = *slot}});
    }));
  }
  ASSIGN_OR_RETURN(const Locations locations, store.ReadLocations());
  const Placement* placement = locations.Find(plan.disc.barcode);
  output << plan.disc.barcode << ": " << plan.disc.medium->name << ", "
         << DiscStateName(plan.disc.state) << ", " << SessionsText(plan.disc) << ", next writable "
         << NextWritableText(plan.disc) << ", "
         << (placement == nullptr ? "outside the robot" : PlaceName(placement->place)) << "\n";
  return absl::OkStatus();
}

absl::Status NextAddress(const DiscArguments& arguments, std::ostream& output) {
  ASSIGN_OR_RETURN(const ParsedArguments parsed, ParseArguments(arguments));
  ASSIGN_OR_RETURN(const DiscPlan plan, PlanDisc(parsed.request));
  const std::optional<Lba> next = plan.disc.NextWritable();
  if (!next.has_value()) {
    return absl::FailedPreconditionError("such a disc has no next writable address");
  }
  output << next->value() << "\n";
  return absl::OkStatus();
}

std::string PlaceOf(const Locations& locations, const std::string& barcode) {
  const Placement* placement = locations.Find(barcode);
  return placement == nullptr ? "outside" : PlaceName(placement->place);
}

absl::Status ShowOne(const DiscStore& store, const std::string& barcode, std::ostream& output) {
  ASSIGN_OR_RETURN(const Disc disc, store.Load(barcode));
  ASSIGN_OR_RETURN(const Locations locations, store.ReadLocations());
  output << FormatDisc(disc) << "# sessions " << disc.recorded_sessions() << "\n# next-writable "
         << NextWritableText(disc) << "\n# readable-end " << disc.ReadableEnd().value()
         << "\n# place " << PlaceOf(locations, barcode) << "\n";
  return absl::OkStatus();
}

absl::Status ShowAll(const DiscStore& store, std::ostream& output) {
  ASSIGN_OR_RETURN(const std::vector<std::string> barcodes, store.List());
  ASSIGN_OR_RETURN(const Locations locations, store.ReadLocations());
  absl::Status first_error;
  output << absl::StreamFormat("%-20s %-10s %-12s %8s %14s  %s\n", "BARCODE", "MEDIUM", "STATE",
                               "SESSIONS", "NEXT-WRITABLE", "PLACE");
  for (const std::string& barcode : barcodes) {
    const absl::StatusOr<Disc> disc = store.Load(barcode);
    if (!disc.ok()) {
      first_error.Update(disc.status());
      continue;
    }
    output << absl::StreamFormat("%-20s %-10s %-12s %8d %14s  %s\n", barcode, disc->medium->name,
                                 DiscStateName(disc->state), disc->recorded_sessions(),
                                 NextWritableText(*disc), PlaceOf(locations, barcode));
  }
  return first_error;
}

absl::Status Show(const DiscArguments& arguments, std::ostream& output) {
  ASSIGN_OR_RETURN(const DiscStore store, DiscStore::Open(arguments.store));
  return arguments.barcode.empty() ? ShowAll(store, output)
                                   : ShowOne(store, arguments.barcode, output);
}

void AddContentOptions(CLI::App& command, DiscArguments& arguments) {
  command.add_option("--media", arguments.media, "Kind of disc: " + MediaNames())->required();
  command
      .add_option("--session", arguments.sessions,
                  "FILE@LBA, repeatable. Sequential media: each is one session of one track, "
                  "padded to the medium's write unit; without @LBA it begins where a drive would "
                  "put it (next-address prints that). Overwritable media: contents put at LBA, 0 "
                  "without it. audio:SECTORS[@LBA] is an audio track, zeros:SECTORS[@LBA] a data "
                  "track of zeros")
      ->take_all()
      ->allow_extra_args(false);
  command
      .add_option("--state", arguments.states,
                  "Repeatable. blank (sequential media without sessions), appendable (with them), "
                  "open (the last session was begun and not closed), damaged (power was cut in "
                  "the last session), final-session (the next session is the last that fits: "
                  "small sessions are put before yours on DVD, the capacity is cut on CD and BD), "
                  "finalized, unformatted or formatted (overwritable media), write-protected "
                  "(with any other)")
      ->take_all()
      ->allow_extra_args(false);
  command.add_flag("--closed", arguments.closed, "The same as --state=finalized");
  command.add_option("--capacity", arguments.capacity,
                     "Sectors of the disc in place of the usual ones (8 cm discs, BD-RE without "
                     "spare areas: 12219392)");
  command.add_option("--formatted", arguments.formatted,
                     "Overwritable media: sectors that the format covers so far; all without it");
  command.add_option("--background-format", arguments.background_format,
                     "DVD+RW: none, suspended, running or complete (usual)");
  command.add_flag("--intermediate", arguments.intermediate,
                   "DVD-RW-RO: quickly formatted, to be written from 0 on before it can be read");
  command.add_flag("--minimally-blanked", arguments.minimally_blanked,
                   "DVD-RW: blanked by BLANK type 1, takes no incremental writing");
  command.add_flag("--spares", arguments.spares,
                   "BD-R: formatted with spare areas before the first write");
  command
      .add_option("--unreadable", arguments.unreadable,
                  "FIRST-LAST, repeatable: sectors that no drive can read (3/11/05)")
      ->take_all()
      ->allow_extra_args(false);
}

int ExitStatus(const absl::Status& status, std::ostream& errors) {
  if (status.ok()) return kDone;
  errors << "carousel-disc: " << status.message() << "\n";
  return kRefused;
}

}  // namespace

int RunCarouselDisc(const std::vector<std::string>& arguments, std::ostream& output,
                    std::ostream& errors) {
  CLI::App app("Makes and prints the discs of a virtual robot's store.", "carousel-disc");
  app.require_subcommand(1);
  DiscArguments typed;
  CLI::App* create = app.add_subcommand(
      "create", "Makes a disc from images. Refuses to overwrite a disc that exists");
  create->add_option("STORE", typed.store, "Folder of the store; made if it does not exist")
      ->required();
  create
      ->add_option("BARCODE", typed.barcode, "Volume tag: up to 32 letters, digits, '_', '-', '.'")
      ->required();
  create->add_option("--slot", typed.slot,
                     "Slot that the disc is put into; the lowest free one without it; none: the "
                     "disc is outside the robot");
  AddContentOptions(*create, typed);
  CLI::App* next = app.add_subcommand(
      "next-address",
      "Prints the next writable address of the disc that create would make with the same options: "
      "the second number for genisoimage -C and xorriso -as mkisofs -C");
  AddContentOptions(*next, typed);
  typed.barcode = "NEXT";
  CLI::App* show = app.add_subcommand("show", "Prints all discs of a store, or one in full");
  show->add_option("STORE", typed.store, "Folder of the store")->required();
  std::string shown;
  show->add_option("BARCODE", shown, "The disc to print in full");
  try {
    // CLI11 takes the words from the end.
    app.parse(std::vector<std::string>(arguments.rbegin(), arguments.rend()));
  } catch (const CLI::ParseError& error) {
    return app.exit(error, output, errors) == 0 ? kDone : kUsage;
  }
  if (create->parsed()) return ExitStatus(Create(typed, output), errors);
  if (next->parsed()) return ExitStatus(NextAddress(typed, output), errors);
  typed.barcode = shown;
  return ExitStatus(Show(typed, output), errors);
}

}  // namespace carousel::virtual_robot
