// Commands about file system images: `carouselctl image ...`.
#ifndef CLIENTS_CLI_IMAGE_COMMANDS_H_
#define CLIENTS_CLI_IMAGE_COMMANDS_H_

#include "CLI/CLI.hpp"
#include "carousel/v1/image.pb.h"
#include "clients/cli/session.h"

namespace carousel::cli {

// create, list, show, delete. `app` is the group `image`; both must outlive the parse.
void AddImageCommands(CLI::App& app, Session& session);
// set-multisession, get-multisession, disc-id: what the image continues.
void AddImageMultisessionCommands(CLI::App& app, Session& session);
// identify, import, ls, stat: what is on the disc.
void AddImageImportCommands(CLI::App& app, Session& session);
// rm, mv, mkdir, symlink, lock, rollback: the tree as it is edited.
void AddImageEditCommands(CLI::App& app, Session& session);
// add, add-tree: what comes into the image.
void AddImageAddCommands(CLI::App& app, Session& session);
// update: the image's properties.
void AddImageUpdateCommand(CLI::App& app, Session& session);
// result create, read and items, cat: what is written of the image, and bytes of its files.
void AddImageResultCommands(CLI::App& app, Session& session);

void PrintImage(const v1::Image& image);

}  // namespace carousel::cli

#endif  // CLIENTS_CLI_IMAGE_COMMANDS_H_
