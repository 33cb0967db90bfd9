// Multi-session interfaces on the wire.
#ifndef SERVER_SERVICE_CONVERTERS_MULTISESSION_H_
#define SERVER_SERVICE_CONVERTERS_MULTISESSION_H_

#include <vector>

#include "absl/status/statusor.h"
#include "carousel/v1/multisession.pb.h"
#include "server/disc_format/media_facts.h"
#include "server/multisession/multisession.h"

namespace carousel {

// The list that a client sent; null is a null pointer. INVALID_ARGUMENT (INVALID_FIELD): more than
// 64 elements; (INVALID_NAME): an import_recorder is no drive's name.
absl::StatusOr<multisession::List> ListFromProto(const v1::MultisessionInterfaceList* list);

// `facts`: of the medium that the element's values are from; they tell whether it supports the
// type.
void ElementToProto(const multisession::Element& element, const MediaFacts& facts,
                    v1::MultisessionInterface* proto);
void ListToProto(const std::vector<multisession::Element>& list, const MediaFacts& facts,
                 v1::MultisessionInterfaceList* proto);

}  // namespace carousel

#endif  // SERVER_SERVICE_CONVERTERS_MULTISESSION_H_
