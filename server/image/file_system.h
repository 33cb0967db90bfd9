// The file systems of an image or a disc, with the numbers of IMAPI's FsiFileSystems.
#ifndef SERVER_IMAGE_FILE_SYSTEM_H_
#define SERVER_IMAGE_FILE_SYSTEM_H_

#include <cstdint>

namespace carousel {

enum class FileSystem : uint8_t { kNone = 0, kIso9660 = 1, kJoliet = 2, kUdf = 4 };

}  // namespace carousel

#endif  // SERVER_IMAGE_FILE_SYSTEM_H_
