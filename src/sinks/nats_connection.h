// What every user of a NATS server shares: how it is reached and logged into, and its library's handles.
#pragma once

#include <nats/nats.h>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "base/result.h"

namespace monolens {

struct NatsOptions {
  std::string url;  // nats:// or tls://; several servers of a cluster with commas between them
  std::string prefix = "monolens.events";  // of subjects
  std::string credentials_file{};          // a .creds file: JWT and NKey seed
  std::string token{};
  std::string user{};
  std::string password{};
  bool tls = false;                // also where the url says nats://
  std::string tls_hostname{};      // in the servers' certificates; empty = the one of the url
  std::string ca_file{};           // PEM; empty = the system's authorities
  std::string certificate_file{};  // PEM, of this client, with key_file
  std::string key_file{};
  std::chrono::milliseconds timeout{10'000};  // for an event, connecting included
};

struct NatsDeleter {
  void operator()(natsOptions* o) const { natsOptions_Destroy(o); }
  void operator()(natsConnection* c) const { natsConnection_Destroy(c); }
  void operator()(natsSubscription* s) const { natsSubscription_Destroy(s); }
  void operator()(natsMsg* m) const { natsMsg_Destroy(m); }
  void operator()(jsCtx* j) const { jsCtx_Destroy(j); }
  void operator()(jsPubAck* a) const { jsPubAck_Destroy(a); }
  void operator()(jsStreamInfo* i) const { jsStreamInfo_Destroy(i); }
  void operator()(kvStore* k) const { kvStore_Destroy(k); }
  void operator()(kvEntry* e) const { kvEntry_Destroy(e); }
};
template <class T>
using NatsOwned = std::unique_ptr<T, NatsDeleter>;

// For the library; a connection that broke is made anew for ever. kUsage if one of them is not valid.
Result<NatsOwned<natsOptions>> nats_library_options(const NatsOptions& options);

// "host:port,host:port": for messages, without a login.
std::string nats_hosts(const NatsOptions& options);

// Whether it may be the beginning of a subject: no wildcards, no empty tokens.
bool is_nats_subject(std::string_view subject);

}  // namespace monolens
