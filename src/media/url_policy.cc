#include "media/url_policy.h"

#include <fmt/format.h>

#include <algorithm>
#include <system_error>

#include "base/ascii.h"

namespace monolens {
namespace {

namespace fs = std::filesystem;

constexpr std::string_view kAccepted =
    "a path, - for standard input, file:, http://, https://, rtmp://, rtmps://, srt://, rist://, rtp://, "
    "udp://, "
    "rtsp://, rtsps://";
constexpr std::size_t kLongestUrl = 16'384;
constexpr int kOpensOfOneUrl = 8;
constexpr std::size_t kDistinctUrls = 1000;

struct Scheme {
  std::string_view name;
  InputKind kind;
};
constexpr Scheme kSchemes[] = {
    {"http", InputKind::kHttp},  {"https", InputKind::kHttp}, {"rtmp", InputKind::kRtmp},
    {"rtmps", InputKind::kRtmp}, {"srt", InputKind::kSrt},    {"rist", InputKind::kRist},
    {"rtp", InputKind::kRtp},    {"udp", InputKind::kUdp},    {"rtsp", InputKind::kRtsp},
    {"rtsps", InputKind::kRtsp},
};

constexpr std::string_view kSecretWords[] = {"token", "key",  "sig", "pass", "pwd",     "secret", "auth",
                                             "cred",  "hmac", "hdn", "jwt",  "session", "policy"};

bool is_slash(char c) { return c == '/' || c == '\\'; }

struct Split {
  std::string scheme;     // lower case; empty if there is none
  std::string_view rest;  // after the colon, or the whole
};

// RFC 3986 3.1, and FFmpeg's "subfile,options,:", whose scheme ends in a comma.
Split split_scheme(std::string_view url) {
  std::size_t n = 0;
  while (n < url.size() && (is_alphanumeric(url[n]) || url[n] == '+' || url[n] == '-' || url[n] == '.')) {
    ++n;
  }
  if (n == 0 || n == url.size()) return {{}, url};
  const std::string name = lower_ascii(url.substr(0, n));
  if (url[n] == ',' && name == "subfile") return {name, url.substr(n + 1)};
  if (url[n] != ':' || !is_letter(url[0])) return {{}, url};
  return {name, url.substr(n + 1)};
}

std::string percent_decoded(std::string_view text) {
  std::string out;
  out.reserve(text.size());
  for (std::size_t i = 0; i < text.size(); ++i) {
    const bool escape =
        text[i] == '%' && i + 2 < text.size() && hex_value(text[i + 1]) >= 0 && hex_value(text[i + 2]) >= 0;
    out += escape ? static_cast<char>(hex_value(text[i + 1]) * 16 + hex_value(text[i + 2])) : text[i];
    if (escape) i += 2;
  }
  return out;
}

bool has_host(std::string_view rest) {
  return rest.size() > 2 && rest.substr(0, 2) == "//" &&
         std::string_view("/\\?#@:").find(rest[2]) == std::string_view::npos;
}

// RFC 8089: file://host/path, where the host is empty or this one.
bool names_another_host(std::string_view rest) {
  if (rest.substr(0, 2) != "//") return false;
  const std::size_t slash = rest.find('/', 2);
  const std::string host = lower_ascii(rest.substr(2, slash == std::string_view::npos ? slash : slash - 2));
  return slash == std::string_view::npos || !(host.empty() || host == "localhost");
}

bool file_exists(const std::string& path) {
  std::error_code failed;
  return fs::exists(path, failed);
}

bool begins_with(const fs::path& path, const fs::path& folder) {
  return std::mismatch(folder.begin(), folder.end(), path.begin(), path.end()).first == folder.end();
}

Error refused(std::string_view shown, std::string_view reason) {
  return {ErrorCode::kRefused, fmt::format("refused {}: {}", shown, reason)};
}

bool names_a_secret(std::string_view parameter) {
  const std::string name = lower_ascii(percent_decoded(parameter));
  return std::any_of(std::begin(kSecretWords), std::end(kSecretWords),
                     [&](std::string_view word) { return name.find(word) != std::string::npos; });
}

// Addresses inside an address (a query's value) are treated alike.
std::string without_user_info(std::string_view url) {
  std::string out;
  bool authority_follows = url.substr(0, 2) == "//";
  while (!url.empty()) {
    std::size_t end = authority_follows ? url.find_first_of("/\\?#&", 2) : url.find(':');
    if (authority_follows) {
      const std::string_view authority = url.substr(0, end);
      const std::size_t at = authority.rfind('@');
      out += at == std::string_view::npos ? authority : url.substr(0, 2);
      if (at != std::string_view::npos) out.append("***").append(authority.substr(at));
    } else {
      if (end != std::string_view::npos) ++end;
      out += url.substr(0, end);
    }
    url.remove_prefix(std::min(end, url.size()));
    authority_follows = !authority_follows && url.size() > 1 && is_slash(url[0]) && is_slash(url[1]);
  }
  return out;
}

std::string without_secret_parameters(std::string_view url) {
  const std::size_t query = std::min(url.find_first_of("?#"), url.size());
  std::string out(url.substr(0, query));
  url.remove_prefix(query);
  if (split_scheme(out).scheme.empty()) return out.append(url);  // the name of a file
  while (!url.empty()) {
    const std::size_t end = std::min(url.find_first_of("?#&;", 1), url.size());
    const std::string_view parameter = url.substr(0, end);  // with the character before it
    const std::size_t equals = parameter.find('=');
    const bool secret = equals != std::string_view::npos && names_a_secret(parameter.substr(1, equals - 1));
    out += secret ? parameter.substr(0, equals + 1) : parameter;
    if (secret) out += "***";
    url.remove_prefix(end);
  }
  return out;
}

// At most 200 characters, cut after the secrets are out.
std::string shown_in_message(std::string_view url) {
  std::string shown = display_url(url);
  if (shown.size() > 200) shown.replace(200, std::string::npos, "…");
  return shown;
}

}  // namespace

Result<InputKind> classify_input(std::string_view url,
                                 const std::function<bool(const std::string&)>& exists) {
  if (url.empty()) return Error{ErrorCode::kUsage, "the name of an input is empty"};
  if (url == "-") return InputKind::kStdin;
  if (local_path(url).find('\0') != std::string::npos)
    return refused(shown_in_message(url), "it holds a zero byte");

  const Split split = split_scheme(url);
  if (split.scheme == "file" && names_another_host(split.rest)) {
    return refused(shown_in_message(url), "it names a file of another host");
  }
  if (split.scheme.empty() || split.scheme == "file") return InputKind::kFile;
  for (const Scheme& scheme : kSchemes) {
    if (scheme.name == split.scheme && split.rest.substr(0, 2) == "//") return scheme.kind;
  }
  const std::string path(url);
  if (exists ? exists(path) : file_exists(path)) return InputKind::kFile;
  return refused(display_url(url),
                 fmt::format("no such file, and {} is not accepted as a scheme; accepted are {}",
                             split.scheme, kAccepted));
}

std::string local_path(std::string_view url) {
  const Split split = split_scheme(url);
  if (split.scheme != "file") return std::string(url);
  if (split.rest.substr(0, 2) != "//") return std::string(split.rest);
  if (names_another_host(split.rest)) return std::string(split.rest);
  return percent_decoded(split.rest.substr(split.rest.find('/', 2)));
}

std::string protocol_whitelist(InputKind kind, bool allow_network) {
  switch (kind) {
    case InputKind::kFile:
      return allow_network ? "file,crypto,http,https,tcp,tls" : "file,crypto";
    case InputKind::kStdin:
    case InputKind::kHttp:
      return "http,https,tcp,tls,crypto";
    case InputKind::kMemory:
      return "";
    case InputKind::kRtmp:
      return "rtmp,rtmps,tcp,tls";
    case InputKind::kSrt:
      return "srt";
    case InputKind::kRist:
      return "rist";
    case InputKind::kRtp:
      return "rtp,udp";
    case InputKind::kUdp:
      return "udp";
    case InputKind::kRtsp:
      return "rtsp,rtsps,rtp,udp,tcp,tls";
  }
  return {};
}

// What one rule hides may hold a mark that the other ends at, so they are applied until nothing changes.
std::string display_url(std::string_view url) {
  std::string out;
  std::string next(url);
  do {
    out = std::move(next);
    next = without_secret_parameters(without_user_info(out));
  } while (next != out);
  std::replace_if(out.begin(), out.end(), is_control, '_');
  return out;
}

UrlPolicy::UrlPolicy(InputKind kind, std::string_view first_url, UrlPolicyOptions options)
    : kind_(kind), options_(options) {
  if (kind != InputKind::kFile) return;
  std::error_code failed;
  const fs::path absolute = fs::absolute(fs::path(first_url), failed);
  if (failed) return;
  folder_ = absolute.lexically_normal().parent_path();
  canonical_folder_ = fs::weakly_canonical(folder_, failed);
  if (failed) folder_.clear();
}

Result<void> UrlPolicy::allow(std::string_view nested_url) {
  const std::string shown = shown_in_message(nested_url);
  if (kind_ == InputKind::kMemory) return refused(shown, "a playlist in memory may open nothing");
  if (nested_url.size() > kLongestUrl) return refused(shown, "an address of more than 16 kB");
  if (nested_url.empty()) return refused(shown, "an empty address");
  if (std::any_of(nested_url.begin(), nested_url.end(), is_control)) {
    return refused(shown, "it holds a control character");
  }
  if (nested_url.front() == ' ') return refused(shown, "it begins with a blank");

  // FFmpeg decrypts an HLS segment by opening crypto+https://… or crypto:path.
  std::string_view target = nested_url;
  if (lower_ascii(target.substr(0, 7)) == "crypto+" || lower_ascii(target.substr(0, 7)) == "crypto:")
    target.remove_prefix(7);

  const Split split = split_scheme(target);
  if (split.scheme == "http" || split.scheme == "https") {
    if (!has_host(split.rest)) return refused(shown, "an address without a host");
    return allow_network_address(target, shown);
  }
  if (split.scheme == "file") return allow_file(split.rest, shown);
  if (split.scheme.empty()) return allow_file(target, shown);
  return refused(shown, fmt::format("a playlist may not open {}: addresses", split.scheme));
}

Result<void> UrlPolicy::allow_network_address(std::string_view url, std::string_view shown) {
  if (kind_ == InputKind::kFile && !options_.allow_network) {
    return refused(shown, "this local playlist may not open network addresses");
  }
  if (options_.rules != nullptr) {
    auto allowed = options_.rules->check_url(url);
    if (!allowed) return refused(shown, allowed.error().message);
  }
  went_to_network_ = true;
  return {};
}

Result<void> UrlPolicy::allow_file(std::string_view path, std::string_view shown) const {
  if (kind_ == InputKind::kStdin) return refused(shown, "a playlist from standard input may not open files");
  if (kind_ != InputKind::kFile) return refused(shown, "a playlist from the network may not open files");
  if (went_to_network_) return refused(shown, "a playlist that went to the network may not open files");

  // FFmpeg opens the path as it is written; that no other reading leads out either costs nothing.
  std::string slashes = percent_decoded(path);
  std::replace(slashes.begin(), slashes.end(), '\\', '/');
  const bool controls = std::any_of(slashes.begin(), slashes.end(), is_control);
  if (controls || !beneath_folder(std::string(path)) || !beneath_folder(percent_decoded(path)) ||
      !beneath_folder(slashes)) {
    return refused(shown, "a local playlist may open files beneath its own folder only");
  }
  return {};
}

bool UrlPolicy::beneath_folder(const std::string& path) const {
  if (folder_.empty()) return false;
  std::error_code failed;
  const fs::path absolute = fs::absolute(fs::path(path), failed);
  if (failed || !begins_with(absolute.lexically_normal(), folder_)) return false;
  const fs::path canonical = fs::weakly_canonical(absolute, failed);
  return !failed && begins_with(canonical, canonical_folder_);
}

Result<void> UrlPolicy::note_open(std::string_view url) {
  if (opened_) return {};
  const std::string address(url);
  const bool too_many = opens_.size() >= kDistinctUrls && !opens_.contains(address);
  if (too_many || ++opens_[address] > kOpensOfOneUrl)
    return refused(shown_in_message(url), "a loop of playlists");
  return {};
}

void UrlPolicy::opened() {
  opened_ = true;
  opens_.clear();
}

}  // namespace monolens
