// What the spool has, in memory: uploads, contents, who refers to them, the space they take, and
// who answers for it. Its owner keeps the disk in step with it.
#ifndef SERVER_SPOOL_SPOOL_INDEX_H_
#define SERVER_SPOOL_SPOOL_INDEX_H_

#include <algorithm>
#include <cstdint>
#include <map>
#include <memory>
#include <string>

#include "absl/strings/string_view.h"
#include "server/digest/sha256.h"
#include "server/spool/upload_file.h"
#include "server/spool/upload_spec.h"

namespace carousel {

// Not thread-safe.
struct SpoolIndex {
  struct Upload {
    std::string id;  // of its files; another one each time that a key begins anew
    UploadSpec spec;
    std::shared_ptr<UploadFile> file;  // null while it is made
    bool writing = false;
  };
  struct Reference {
    std::string id;  // of its file
    UploadSpec spec;
  };
  struct Content {
    int64_t size = 0;
    int64_t references = 0;
  };
  struct Owner {
    std::string payer;  // empty: nobody
    int64_t bytes = 0;  // sum of Space of its uploads and references
  };
  using Uploads = std::map<UploadKey, Upload>;
  using References = std::map<UploadKey, Reference>;

  // What `size` bytes take: whole blocks, and one for an empty file, whose record takes it. `size`
  // is one that a file can have.
  static int64_t Space(int64_t size) {
    constexpr int64_t kBlock = 4096;
    return std::max(kBlock, (size / kBlock + (size % kBlock != 0 ? 1 : 0)) * kBlock);
  }

  // After each change of uploads and references; below zero for what goes.
  void Charge(const std::string& owner, int64_t space) {
    const auto found = owners.try_emplace(owner).first;
    found->second.bytes += space;
    if (found->second.bytes == 0) owners.erase(found);
  }

  int64_t BytesOf(absl::string_view payer) const {
    int64_t bytes = 0;
    for (const auto& [name, owner] : owners) bytes += owner.payer == payer ? owner.bytes : 0;
    return bytes;
  }

  Uploads uploads;
  References references;
  std::map<Sha256Digest, Content> contents;
  std::map<std::string, Owner> owners;  // those that have something
  int64_t upload_bytes = 0;             // sum of Space of uploads
  int64_t content_bytes = 0;            // and of contents
};

}  // namespace carousel

#endif  // SERVER_SPOOL_SPOOL_INDEX_H_
