// Addresses that somebody else wrote: whatever is allowed is http(s), or for a local playlist a file that a
// plain reading of the path puts beneath its folder.
#include <cctype>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "check.h"
#include "media/url_policy.h"

namespace {

using namespace monolens;

constexpr std::string_view kFolder = "/no-such-folder/play";

bool begins(std::string_view text, std::string_view prefix) {
  if (text.size() < prefix.size()) return false;
  for (std::size_t i = 0; i < prefix.size(); ++i) {
    if (std::tolower(static_cast<unsigned char>(text[i])) != prefix[i]) return false;
  }
  return true;
}

std::string_view without_crypto(std::string_view url) {
  return begins(url, "crypto+") || begins(url, "crypto:") ? url.substr(7) : url;
}

bool is_http(std::string_view url) { return begins(url, "http://") || begins(url, "https://"); }

// The path as the kernel walks it where nothing is a link.
std::string walked(std::string_view path) {
  std::vector<std::string_view> parts;
  while (!path.empty()) {
    const std::string_view part = path.substr(0, path.find('/'));
    path.remove_prefix(part.size() == path.size() ? part.size() : part.size() + 1);
    if (part == ".." && !parts.empty()) parts.pop_back();
    if (part != ".." && part != "." && !part.empty()) parts.push_back(part);
  }
  std::string out;
  for (const std::string_view part : parts) out.append("/").append(part);
  return out;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string url(reinterpret_cast<const char*>(data), size);

  const std::string shown = display_url(url);
  check(display_url(shown) == shown);
  for (const char c : shown) check(static_cast<unsigned char>(c) >= 0x20 && c != 0x7f);

  const auto kind = classify_input(url, [](const std::string&) { return false; });
  if (kind) check(local_path(url).find('\0') == std::string::npos);
  if (kind && *kind == InputKind::kHttp) check(is_http(url));

  UrlPolicy network(InputKind::kHttp, "https://host/list.m3u8");
  if (network.allow(url)) check(is_http(without_crypto(url)));

  UrlPolicy local(InputKind::kFile, std::string(kFolder) + "/list.m3u8");
  if (local.allow(url) && !is_http(without_crypto(url))) {
    std::string_view path = without_crypto(url);
    if (begins(path, "file:")) path.remove_prefix(5);
    check(path.substr(0, 1) == "/");
    const std::string file = walked(path);
    check(file == kFolder || begins(file, std::string(kFolder) + "/"));
  }
  return 0;
}
