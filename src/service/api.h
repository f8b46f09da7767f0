// Api: the service over HTTP, as api/openapi.yaml describes it.
#pragma once

#include "http/bearer.h"
#include "http/router.h"
#include "service/cluster_member.h"
#include "service/event_feed.h"
#include "service/service.h"

namespace monolens {

class Api {
 public:
  // Without tokens everybody may do everything: then the server must be bound to loopback.
  // `cluster` is null where the service works alone.
  Api(Service& service, EventFeed& feed, BearerTokens tokens, ClusterMember* cluster = nullptr);

  // Any number of threads.
  HttpReply answer(const HttpRequest& request) const;
  // What this instance knows by itself, for another of its cluster: nobody is asked for a token.
  HttpResponse answer_here(const HttpRequest& request) const;

  // "GET /v1/monitors/{id}" for each that there is.
  std::vector<std::string> routes() const { return router_.routes(); }

 private:
  void add_monitor_routes();
  void add_picture_routes();
  void add_measurement_routes();
  void add_incident_routes();
  void add_other_routes();
  void add_cluster_routes();
  nlohmann::json monitor_json(const MonitorView& monitor) const;
  // None if it may nothing.
  std::optional<Role> role_of(const HttpRequest& request) const;
  // Nothing if the request is allowed.
  std::optional<HttpResponse> refusal(const HttpRequest& request) const;

  Service& service_;
  EventFeed& feed_;
  BearerTokens tokens_;
  ClusterMember* cluster_;
  Router router_;
};

}  // namespace monolens
