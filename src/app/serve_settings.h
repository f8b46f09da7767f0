// ServeSettings: what the configuration of `monolens serve` says.
//
//     listen = "127.0.0.1:8080"
//     data = "/var/lib/monolens"
//     hosts = ["monitor.example.com"]   # that requests may name besides loopback's own; docs/serve.md
//     files = ["/srv/media"]            # files beneath these folders may be watched; none by default
//     workers = 1                       # processes that share the streams
//     clips_mb = 1000                   # for clips of incidents; 0 = none are made
//     capacity_cores = 6.5              # for the analysis of live streams; all that there are by default
//     certificate_file = "cert.pem"     # with key_file: the API speaks TLS
//     key_file = "key.pem"
//     [sources]                         # what streams may come from; docs/serve.md
//     deny_addresses = ["10.0.0.0/8"]
//     [[token]]
//     role = "write"                    # or "read"
//     hash = "sha256:…"                 # of the token, as `printf %s TOKEN | sha256sum` gives it
//     [[sink]]
//     name = "pager"                    # of its place in the outbox: keep it
//     type = "webhook"                  # this and all other keys: docs/sinks.md
//     url = "https://…"
//     [[score_hook]]                    # told when a monitor's score falls below `level`; docs/serve.md
//     name = "switch"
//     level = 50
//     type = "webhook"                  # and all other keys of a sink
//     url = "https://…"
//     [cluster]                         # this service is one of a cluster's instances; docs/cluster.md
//     url = "nats://…"                  # and all other keys of a NATS sink
//     serves = ["picture"]              # detector groups; all by default
//     [cluster.groups]                  # the same for all instances; one group of all detectors by default
//     picture = "freeze,black,…"
//     [results]                         # an hour's results of each monitor are written there
//     folder = "/srv/results"           # or the keys of an S3 sink: bucket, region, endpoint, …
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "base/result.h"
#include "http/bearer.h"
#include "http/server.h"
#include "media/source_rules.h"
#include "service/cluster_member.h"
#include "sinks/make_sink.h"
#include "sinks/s3.h"

namespace monolens {

struct SinkSetting {
  std::string name;
  SinkOptions options;
};

struct ScoreHookSetting {
  std::string name;
  double level = 50;
  SinkOptions options;
};

struct ServeSettings {
  HttpServerOptions http;
  std::string data = "monolens-data";
  std::vector<std::string> file_folders;
  int workers = 1;
  int clips_mb = 1'000;
  double capacity_cores = 0;  // 0 = all
  SourceRules sources;
  BearerTokens tokens;
  std::vector<SinkSetting> sinks;
  std::vector<ScoreHookSetting> score_hooks;
  std::optional<ClusterOptions> cluster;
  std::variant<std::monostate, std::string, S3Options> results;  // nowhere, a folder, a bucket
};

// Reads a TOML file over `settings`. Errors name the file, the line and the column; secrets are not repeated.
Result<void> load_serve_settings(const std::string& path, ServeSettings& settings);
// The same from the file's content; `name` stands in messages.
Result<void> parse_serve_settings(std::string_view toml, const std::string& name, ServeSettings& settings);

// "ADDRESS:PORT"; an IPv6 address in brackets.
Result<void> parse_listen(std::string_view text, ServeSettings& settings);

// Where it listens on loopback, requests may name loopback and what `hosts` holds, and nothing else. Call it
// once all is read.
void name_loopback(ServeSettings& settings);

// 127.0.0.0/8 and ::1.
bool is_loopback(std::string_view address);

}  // namespace monolens
