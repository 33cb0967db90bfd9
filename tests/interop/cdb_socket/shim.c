// Makes /dev/srN, /dev/sgN and /dev/schN of an unmodified program devices behind unix sockets. To
// be preloaded; tests only.
//
//   CDB_SHIM="/dev/sr0=/tmp/x/a.sock;/dev/sg1=/tmp/x/b.sock" LD_PRELOAD=libcdb_shim.so xorriso ...
//
// An open device is a connection to its socket. Which device a descriptor is, is read from its
// peer's address, so that it stays one through dup, fork and exec, and /dev/fd/N opens it anew;
// hence a socket for each node, at exactly the path of the map. SG_IO, and a written and read
// header of sg (version 3), become requests of wire.h; reading a block device becomes READ(10).
#define _GNU_SOURCE
#include "tests/interop/cdb_socket/wire.h"

#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/cdrom.h>
#include <linux/fs.h>
#include <pthread.h>
#include <scsi/scsi_ioctl.h>
#include <scsi/sg.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <sys/un.h>
#include <unistd.h>

// What the kernel takes where a header has no time-out: include/linux/blkdev.h.
enum { DEFAULT_TIMEOUT_MS = 60000 };
enum {
  MOST_FDS = 1024,
  SECTOR = 2048,
  DID_ERROR = 7,
  SG_MAJOR = 21,
  SR_MAJOR = 11,
  SCH_MAJOR = 86
};

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;  // one exchange at a time
static off64_t position[MOST_FDS];                        // of block devices
static sg_io_hdr_t pending[MOST_FDS];                     // written and not yet read

// include/scsi/scsi_ioctl.h of the kernel; the C library's header leaves them out.
#define SCSI_IOCTL_GET_IDLUN 0x5382
#define SCSI_IOCTL_GET_BUS_NUMBER 0x5386

#define NEXT(name) ((__typeof__(&name))dlsym(RTLD_NEXT, #name))

// --- the map
// ---------------------------------------------------------------------------------------

// Copies the part of the map's entry whose key or value (`by_value`) is `wanted`. Whether there is
// one.
static int find(const char* wanted, int by_value, char* other, size_t size) {
  const char* map = getenv("CDB_SHIM");
  size_t length = strlen(wanted);
  while (map != NULL && *map != '\0') {
    const char* equals = strchr(map, '=');
    if (equals == NULL) return 0;
    size_t value = strcspn(equals + 1, ";");
    const char* key = by_value ? equals + 1 : map;
    size_t key_length = by_value ? value : (size_t)(equals - map);
    const char* found = by_value ? map : equals + 1;
    size_t found_length = by_value ? (size_t)(equals - map) : value;
    if (key_length == length && memcmp(key, wanted, length) == 0 && found_length < size) {
      memcpy(other, found, found_length);
      other[found_length] = '\0';
      return 1;
    }
    map = equals + 1 + value;
    if (*map == ';') ++map;
  }
  return 0;
}

// The node that an open descriptor is, if it is one.
static int node_of(int fd, char* node, size_t size) {
  struct sockaddr_un peer;
  socklen_t length = sizeof peer;
  memset(&peer, 0, sizeof peer);
  if (fd < 0 || fd >= MOST_FDS) return 0;
  if (getpeername(fd, (struct sockaddr*)&peer, &length) != 0 || peer.sun_family != AF_UNIX)
    return 0;
  return peer.sun_path[0] != '\0' && find(peer.sun_path, 1, node, size);
}

static int is_device(int fd) {
  char node[128];
  int saved = errno;
  int yes = node_of(fd, node, sizeof node);
  errno = saved;
  return yes;
}

// The node that a path means, /dev/fd/N among them.
static int node_at(const char* path, char* node, size_t size) {
  char socket_path[128];
  int fd;
  if (path == NULL) return 0;
  if (find(path, 0, socket_path, sizeof socket_path) && strlen(path) < size) {
    strcpy(node, path);
    return 1;
  }
  if (sscanf(path, "/dev/fd/%d", &fd) == 1 || sscanf(path, "/proc/self/fd/%d", &fd) == 1) {
    return node_of(fd, node, size);
  }
  return 0;
}

static int starts(const char* text, const char* with) {
  return strncmp(text, with, strlen(with)) == 0;
}

static void fill_stat(const char* node, mode_t* mode, dev_t* rdev) {
  unsigned number = (unsigned)atoi(node + strcspn(node, "0123456789"));
  *mode = (starts(node, "/dev/sr") ? S_IFBLK : S_IFCHR) | 0660;
  *rdev = makedev(starts(node, "/dev/sr")    ? SR_MAJOR
                  : starts(node, "/dev/sch") ? SCH_MAJOR
                                             : SG_MAJOR,
                  number);
}

static int open_node(const char* node, int flags) {
  struct sockaddr_un address;
  memset(&address, 0, sizeof address);
  address.sun_family = AF_UNIX;
  if (!find(node, 0, address.sun_path, sizeof address.sun_path)) return errno = ENOENT, -1;
  int fd = socket(AF_UNIX, SOCK_STREAM | (flags & O_CLOEXEC ? SOCK_CLOEXEC : 0), 0);
  if (fd < 0) return -1;
  if (fd >= MOST_FDS || connect(fd, (struct sockaddr*)&address, sizeof address) != 0) {
    close(fd);
    return errno = ENXIO, -1;
  }
  position[fd] = 0;
  pending[fd].interface_id = 0;
  return fd;
}

// --- commands
// --------------------------------------------------------------------------------------

static int transfer(int fd, void* bytes, size_t size, int sending) {
  char* at = bytes;
  while (size > 0) {
    ssize_t done = sending ? send(fd, at, size, MSG_NOSIGNAL) : recv(fd, at, size, 0);
    if (done < 0 && errno == EINTR) continue;
    if (done <= 0) return 0;
    at += done;
    size -= (size_t)done;
  }
  return 1;
}

static int send_request(int fd, const sg_io_hdr_t* header) {
  struct cdb_request request;
  memset(&request, 0, sizeof request);
  if (header->interface_id != 'S' || header->cmd_len > sizeof request.cdb ||
      header->iovec_count != 0) {
    return errno = EINVAL, 0;
  }
  request.magic = CDB_SOCKET_MAGIC;
  request.cdb_len = header->cmd_len;
  request.timeout_ms = header->timeout != 0 ? header->timeout : DEFAULT_TIMEOUT_MS;
  memcpy(request.cdb, header->cmdp, header->cmd_len);
  if (header->dxfer_direction == SG_DXFER_TO_DEV) {
    request.direction = CDB_SOCKET_TO_DEVICE;
    request.data_len = header->dxfer_len;
  } else if (header->dxfer_direction == SG_DXFER_FROM_DEV ||
             header->dxfer_direction == SG_DXFER_TO_FROM_DEV) {
    request.direction = CDB_SOCKET_FROM_DEVICE;
    request.data_len = header->dxfer_len;
  }
  if (transfer(fd, &request, sizeof request, 1) &&
      (request.direction != CDB_SOCKET_TO_DEVICE ||
       transfer(fd, header->dxferp, header->dxfer_len, 1))) {
    return 1;
  }
  return errno = ENODEV, 0;
}

static int receive_response(int fd, sg_io_hdr_t* header) {
  struct cdb_response response;
  if (!transfer(fd, &response, sizeof response, 0) || response.magic != CDB_SOCKET_MAGIC ||
      response.sense_len > sizeof response.sense || response.data_len > header->dxfer_len ||
      !transfer(fd, header->dxferp, response.data_len, 0)) {
    return errno = ENODEV, 0;
  }
  header->status = response.status;
  header->masked_status = response.status >> 1 & 0x1F;
  header->host_status = response.host_status;
  header->driver_status = response.sense_len > 0 ? 8 : 0;
  header->msg_status = 0;
  header->duration = 1;
  header->sb_len_wr =
      response.sense_len < header->mx_sb_len ? response.sense_len : header->mx_sb_len;
  if (header->sbp != NULL) memcpy(header->sbp, response.sense, header->sb_len_wr);
  int in = header->dxfer_direction == SG_DXFER_FROM_DEV ||
           header->dxfer_direction == SG_DXFER_TO_FROM_DEV;
  header->resid = in ? (int)(header->dxfer_len - response.data_len) : 0;
  header->info = response.status != 0 || response.host_status != 0 ? SG_INFO_CHECK : SG_INFO_OK;
  return 1;
}

static int sg_io(int fd, sg_io_hdr_t* header) {
  pthread_mutex_lock(&lock);
  int ok = send_request(fd, header) && receive_response(fd, header);
  pthread_mutex_unlock(&lock);
  return ok ? 0 : -1;
}

// A command without data of the shim's own. Whether it ended GOOD.
static int command(int fd, unsigned char* cdb, unsigned char size, void* in, unsigned in_size) {
  unsigned char sense[64];
  sg_io_hdr_t header;
  memset(&header, 0, sizeof header);
  header.interface_id = 'S';
  header.cmd_len = size;
  header.cmdp = cdb;
  header.sbp = sense;
  header.mx_sb_len = sizeof sense;
  header.dxfer_direction = in_size > 0 ? SG_DXFER_FROM_DEV : SG_DXFER_NONE;
  header.dxferp = in;
  header.dxfer_len = in_size;
  header.timeout = 60000;
  return sg_io(fd, &header) == 0 && header.status == 0 && header.host_status == 0 &&
         header.resid == 0;
}

// As the block layer reads: whole sectors, whatever was asked for.
static ssize_t read_blocks(int fd, char* out, size_t count, off64_t offset) {
  char sector[SECTOR];
  size_t done = 0;
  while (done < count) {
    off64_t at = offset + (off64_t)done;
    unsigned lba = (unsigned)(at / SECTOR);
    size_t skip = (size_t)(at % SECTOR), part = SECTOR - skip;
    unsigned char cdb[10] = {0x28, 0, lba >> 24, lba >> 16, lba >> 8, lba, 0, 0, 1, 0};
    if (!command(fd, cdb, sizeof cdb, sector, SECTOR))
      return done > 0 ? (ssize_t)done : (errno = EIO, -1);
    if (part > count - done) part = count - done;
    memcpy(out + done, sector + skip, part);
    done += part;
  }
  return (ssize_t)done;
}

static int device_ioctl(int fd, unsigned long request, void* argument) {
  unsigned char test_unit_ready[6] = {0};
  switch (request) {
    case SG_IO:
      return sg_io(fd, argument);
    case SG_GET_VERSION_NUM:
      return *(int*)argument = 30536, 0;
    case SG_GET_RESERVED_SIZE:
      return *(int*)argument = 256 * 1024, 0;
    case SG_SET_RESERVED_SIZE:
    case SG_SET_TIMEOUT:
    case BLKFLSBUF:
    case CDROM_MEDIA_CHANGED:
      return 0;
    case CDROM_DRIVE_STATUS:
      return command(fd, test_unit_ready, 6, NULL, 0) ? CDS_DISC_OK : CDS_NO_DISC;
    case SCSI_IOCTL_GET_IDLUN:
      return memset(argument, 0, 2 * sizeof(int)), 0;
    case SCSI_IOCTL_GET_BUS_NUMBER:
      return *(int*)argument = 0, 0;
    default:
      return errno = ENOTTY, -1;
  }
}

// --- what the program calls
// ------------------------------------------------------------------------

#define MODE_ARGUMENT(flags)               \
  mode_t mode = 0;                         \
  if ((flags) & (O_CREAT | __O_TMPFILE)) { \
    va_list arguments;                     \
    va_start(arguments, flags);            \
    mode = va_arg(arguments, mode_t);      \
    va_end(arguments);                     \
  }

#define OPENS(name)                                                      \
  int name(const char* path, int flags, ...) {                           \
    char node[128];                                                      \
    MODE_ARGUMENT(flags)                                                 \
    if (node_at(path, node, sizeof node)) return open_node(node, flags); \
    return NEXT(name)(path, flags, mode);                                \
  }
OPENS(open)
OPENS(open64)

#define OPENS_AT(name)                                                   \
  int name(int folder, const char* path, int flags, ...) {               \
    char node[128];                                                      \
    MODE_ARGUMENT(flags)                                                 \
    if (node_at(path, node, sizeof node)) return open_node(node, flags); \
    return NEXT(name)(folder, path, flags, mode);                        \
  }
OPENS_AT(openat)
OPENS_AT(openat64)

// What _FORTIFY_SOURCE makes of open without a mode.
int __open_2(const char* path, int flags) { return open(path, flags); }
int __open64_2(const char* path, int flags) { return open64(path, flags); }

int ioctl(int fd, unsigned long request, ...) {
  va_list arguments;
  va_start(arguments, request);
  void* argument = va_arg(arguments, void*);
  va_end(arguments);
  if (is_device(fd)) return device_ioctl(fd, request, argument);
  return NEXT(ioctl)(fd, request, argument);
}

#define LOCKS(name)                                                                      \
  int name(int fd, int operation, ...) {                                                 \
    va_list arguments;                                                                   \
    va_start(arguments, operation);                                                      \
    void* argument = va_arg(arguments, void*);                                           \
    va_end(arguments);                                                                   \
    int locking = operation == F_SETLK || operation == F_SETLKW || operation == F_GETLK; \
    if (locking && is_device(fd)) return 0;                                              \
    return NEXT(name)(fd, operation, argument);                                          \
  }
LOCKS(fcntl)
LOCKS(fcntl64)

#define STATS_PATH(name, type)                                            \
  int name(const char* path, struct type* info) {                         \
    char node[128];                                                       \
    if (!node_at(path, node, sizeof node)) return NEXT(name)(path, info); \
    memset(info, 0, sizeof *info);                                        \
    fill_stat(node, &info->st_mode, &info->st_rdev);                      \
    return 0;                                                             \
  }
STATS_PATH(stat, stat)
STATS_PATH(stat64, stat64)
STATS_PATH(lstat, stat)
STATS_PATH(lstat64, stat64)

#define STATS_FD(name, type)                                          \
  int name(int fd, struct type* info) {                               \
    char node[128];                                                   \
    if (!node_of(fd, node, sizeof node)) return NEXT(name)(fd, info); \
    memset(info, 0, sizeof *info);                                    \
    fill_stat(node, &info->st_mode, &info->st_rdev);                  \
    return 0;                                                         \
  }
STATS_FD(fstat, stat)
STATS_FD(fstat64, stat64)

// The same, as programs call it that were linked with a C library before 2.33.
#define XSTATS_PATH(name, type)                                                    \
  int name(int version, const char* path, struct type* info) {                     \
    char node[128];                                                                \
    if (!node_at(path, node, sizeof node)) return NEXT(name)(version, path, info); \
    memset(info, 0, sizeof *info);                                                 \
    fill_stat(node, &info->st_mode, &info->st_rdev);                               \
    return 0;                                                                      \
  }
int __xstat(int version, const char* path, struct stat* info);
int __xstat64(int version, const char* path, struct stat64* info);
int __lxstat(int version, const char* path, struct stat* info);
int __lxstat64(int version, const char* path, struct stat64* info);
XSTATS_PATH(__xstat, stat)
XSTATS_PATH(__xstat64, stat64)
XSTATS_PATH(__lxstat, stat)
XSTATS_PATH(__lxstat64, stat64)

#define XSTATS_FD(name, type)                                                  \
  int name(int version, int fd, struct type* info) {                           \
    char node[128];                                                            \
    if (!node_of(fd, node, sizeof node)) return NEXT(name)(version, fd, info); \
    memset(info, 0, sizeof *info);                                             \
    fill_stat(node, &info->st_mode, &info->st_rdev);                           \
    return 0;                                                                  \
  }
int __fxstat(int version, int fd, struct stat* info);
int __fxstat64(int version, int fd, struct stat64* info);
XSTATS_FD(__fxstat, stat)
XSTATS_FD(__fxstat64, stat64)

ssize_t read(int fd, void* out, size_t count) {
  char node[128];
  if (!node_of(fd, node, sizeof node)) return NEXT(read)(fd, out, count);
  if (starts(node, "/dev/sr")) {
    ssize_t done = read_blocks(fd, out, count, position[fd]);
    if (done > 0) position[fd] += done;
    return done;
  }
  // The answer to a header of sg that was written.
  if (count < sizeof(sg_io_hdr_t) || pending[fd].interface_id != 'S') return errno = EINVAL, -1;
  if (!receive_response(fd, &pending[fd])) return -1;
  memcpy(out, &pending[fd], sizeof pending[fd]);
  pending[fd].interface_id = 0;
  return sizeof(sg_io_hdr_t);
}

ssize_t write(int fd, const void* bytes, size_t count) {
  char node[128];
  if (!node_of(fd, node, sizeof node)) return NEXT(write)(fd, bytes, count);
  if (starts(node, "/dev/sr") || count < sizeof(sg_io_hdr_t)) return errno = EINVAL, -1;
  if (pending[fd].interface_id == 'S') return errno = EDOM, -1;  // sg's word for a full queue
  memcpy(&pending[fd], bytes, sizeof pending[fd]);
  if (!send_request(fd, &pending[fd])) return -1;
  return (ssize_t)count;
}

#define READS_AT(name, type)                                       \
  ssize_t name(int fd, void* out, size_t count, type offset) {     \
    if (is_device(fd)) return read_blocks(fd, out, count, offset); \
    return NEXT(name)(fd, out, count, offset);                     \
  }
READS_AT(pread, off_t)
READS_AT(pread64, off64_t)

#define SEEKS(name, type)                                                      \
  type name(int fd, type offset, int whence) {                                 \
    if (!is_device(fd)) return NEXT(name)(fd, offset, whence);                 \
    if (whence == SEEK_END) return errno = EINVAL, -1;                         \
    return position[fd] = whence == SEEK_CUR ? position[fd] + offset : offset; \
  }
SEEKS(lseek, off_t)
SEEKS(lseek64, off64_t)
