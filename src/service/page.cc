#include "service/page.h"

#include <algorithm>

#include "base/ascii.h"
#include "base/text.h"

namespace monolens {
namespace {

// The page talks to the service that it came from and to nobody else, and runs nothing but its own files.
// blob: and data: are pictures and clips that it was given by the service or by a report.
constexpr std::string_view kPolicy =
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' blob: data:; media-src 'self' "
    "blob:; "
    "connect-src 'self'; font-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

// RFC 9110, section 12.5.3, as far as a browser needs it: gzip is named and not refused.
bool takes_gzip(const HttpRequest& request) {
  const std::string* header = request.header("Accept-Encoding");
  if (header == nullptr) return false;
  for (const std::string_view coding : split(*header, ',')) {
    const auto parts = split(coding, ';');
    if (!equals_any_case(parts.front(), "gzip")) continue;
    return parts.size() == 1 || parts[1].find_first_of("123456789") != std::string_view::npos;
  }
  return false;
}

bool has_it(const HttpRequest& request, const PageFile& file) {
  const std::string* known = request.header("If-None-Match");
  return known != nullptr && known->find(file.etag) != std::string::npos;
}

std::string text_of(std::span<const unsigned char> bytes) { return {bytes.begin(), bytes.end()}; }

}  // namespace

std::optional<HttpResponse> page_response(const HttpRequest& request, std::span<const PageFile> files) {
  if (request.method != "GET") return std::nullopt;
  const auto file =
      std::find_if(files.begin(), files.end(), [&](const PageFile& f) { return f.path == request.path; });
  if (file == files.end()) return std::nullopt;

  HttpResponse response{
      .status = 200, .headers = {}, .body = {}, .content_type = std::string(file->content_type)};
  response.headers = {
      {"Content-Security-Policy", std::string(kPolicy)},
      {"Cross-Origin-Opener-Policy", "same-origin"},
      {"Cache-Control", file->is_hashed ? "public, max-age=31536000, immutable" : "no-cache"},
      {"ETag", std::string(file->etag)},
      {"Vary", "Accept-Encoding"},
  };
  if (has_it(request, *file)) {
    response.status = 304;
    return response;
  }
  if (takes_gzip(request)) {
    response.headers.emplace_back("Content-Encoding", "gzip");
    response.body = text_of(file->gzip);
  } else {
    response.body = text_of(file->plain);
  }
  return response;
}

}  // namespace monolens
