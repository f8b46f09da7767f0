// What an input may be, and what it may open in its turn.
//
// A playlist names further addresses, and it may come from anybody. From the network it opens nothing but
// http and https (https to http is allowed: many servers hand out such playlists). From a local file it opens
// files beneath the playlist's own folder, symbolic links followed, and http(s). Who asks can't be told, so
// once a local playlist went to the network no file is opened any more. Bytes in memory open nothing at all.
// Everything else is refused.
#pragma once

#include <filesystem>
#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

#include "base/result.h"
#include "media/source_rules.h"

namespace monolens {

enum class InputKind {
  kFile,
  kStdin,
  kMemory,  // bytes handed over by the program itself
  kHttp,
  kRtmp,
  kSrt,
  kRist,
  kRtp,
  kUdp,
  kRtsp,
};

// The kind of what a person named: a path, "-" for standard input, or an address. A scheme that is not
// accepted is kRefused, except where a file of exactly that name exists.
Result<InputKind> classify_input(std::string_view url,
                                 const std::function<bool(const std::string& path)>& exists = {});

// The path that a kFile input means: without "file:", and decoded if it is a file:// address.
std::string local_path(std::string_view url);

// The value of libavformat's option protocol_whitelist. It is the outer wall; UrlPolicy decides each address.
std::string protocol_whitelist(InputKind kind, bool allow_network = true);

// The address as logs and reports may show it: without user and password, without the values of query
// parameters that look like secrets, with _ for control characters.
std::string display_url(std::string_view url);

struct UrlPolicyOptions {
  bool allow_network = true;           // a local playlist may open http(s)
  const SourceRules* rules = nullptr;  // what addresses on the network are held to besides
};

// Decides on every address that a demuxer wants to open beyond the first. Not thread-safe.
class UrlPolicy {
 public:
  // `first_url` is where the input itself is: the path of a kFile, the address after redirections otherwise.
  UrlPolicy(InputKind kind, std::string_view first_url, UrlPolicyOptions options = {});

  // Files are judged as they stand on the disk at this moment.
  Result<void> allow(std::string_view nested_url);

  // Counts an open until opened() is called: more than 8 of one address or 1,000 different ones before any
  // media is known are a loop of playlists.
  Result<void> note_open(std::string_view url);
  void opened();

 private:
  Result<void> allow_network_address(std::string_view url, std::string_view shown);
  Result<void> allow_file(std::string_view path, std::string_view shown) const;
  bool beneath_folder(const std::string& path) const;

  InputKind kind_;
  UrlPolicyOptions options_;
  std::filesystem::path folder_;            // absolute and normal; empty unless kFile
  std::filesystem::path canonical_folder_;  // without symbolic links
  bool went_to_network_ = false;
  bool opened_ = false;
  std::unordered_map<std::string, int> opens_;
};

}  // namespace monolens
