// How CDBs travel over a unix stream socket: one request, one response, in order, all numbers in
// the machine's (little-endian) order. Plain C, for the shim and the server.
#ifndef TESTS_INTEROP_CDB_SOCKET_WIRE_H_
#define TESTS_INTEROP_CDB_SOCKET_WIRE_H_

#include <stdint.h>

#define CDB_SOCKET_MAGIC 0x53475348u
// More than any device here takes; what is longer is no request.
#define CDB_SOCKET_LARGEST (16u << 20)

enum { CDB_SOCKET_NO_DATA = 0, CDB_SOCKET_FROM_DEVICE = 1, CDB_SOCKET_TO_DEVICE = 2 };

// Followed by data_len bytes if the data go to the device.
struct cdb_request {
  uint32_t magic;
  uint8_t direction;
  uint8_t cdb_len;
  uint16_t zero;
  uint32_t timeout_ms;
  uint32_t data_len;
  uint8_t cdb[16];
};

// Followed by data_len bytes if the data come from the device.
struct cdb_response {
  uint32_t magic;
  uint8_t status;  // SAM-5 status
  uint8_t sense_len;
  uint16_t host_status;  // as SG_IO has it: 0, or the command did not come through
  uint32_t data_len;
  uint32_t zero;
  uint8_t sense[64];  // fixed format
};

#endif  // TESTS_INTEROP_CDB_SOCKET_WIRE_H_
