// Reads all pages of a List method into one response.
#ifndef CLIENTS_CLI_PAGING_H_
#define CLIENTS_CLI_PAGING_H_

#include "clients/cli/session.h"

namespace carousel::cli {

inline constexpr int kPageSize = 1000;

// `call(context, request, page)` is the stub's method. Throws CommandFailed at the first page that
// fails.
template <typename Request, typename Response, typename Call>
void AllPages(const Session& session, Request request, Call call, Response* all) {
  request.set_page_size(kPageSize);
  do {
    Response page;
    session.Check(call(session.Context().get(), request, &page));
    request.set_page_token(page.next_page_token());
    page.clear_next_page_token();
    all->MergeFrom(page);
  } while (!request.page_token().empty());
}

}  // namespace carousel::cli

#endif  // CLIENTS_CLI_PAGING_H_
