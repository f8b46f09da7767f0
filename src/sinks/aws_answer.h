// What an answer of Amazon's services in XML means, and of those that speak their protocols.
#pragma once

#include <string>
#include <string_view>

#include "sinks/http_client.h"

namespace monolens {

// The text of the first element of that name, or empty. Enough for the flat answers of S3 and of the Query
// API.
std::string xml_text(std::string_view xml, std::string_view element);

// Success for 2xx. Some errors that pass (throttling, an expired token, a clock that is off) and some that
// somebody must mend (a wrong key) come with the status of a malformed request: the code in the answer
// decides over the status. The message names that code and repeats nothing else.
Result<void> aws_accepted(std::string_view host, const HttpResult& result);

}  // namespace monolens
