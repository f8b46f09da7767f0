// The page that a browser shows at "/": its files, built from web/ and embedded, and how they are answered
// with.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "http/message.h"

namespace monolens {

struct PageFile {
  std::string_view path;
  std::string_view content_type;
  std::string_view etag;   // with its quotes
  bool is_hashed = false;  // another content would have another name
  std::span<const unsigned char> plain{};
  std::span<const unsigned char> gzip{};
};

// Made at build time.
std::span<const PageFile> page_files();

// Nothing if the request is for none of the files. Whoever asks gets them: they hold no more than the source
// code does.
std::optional<HttpResponse> page_response(const HttpRequest& request, std::span<const PageFile> files);

}  // namespace monolens
