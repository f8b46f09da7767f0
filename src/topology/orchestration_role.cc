#include <iostream>
#include <string>

#include "topology/orchestration.h"
#include "topology/role.h"
#include "topology/roles.h"

namespace monolens::topology {

Result<void> run_orchestration(const Plan& plan, const std::atomic<bool>& stop) {
  auto bus = Bus::connect(plan.nats);
  if (!bus) return bus.error();
  Orchestration orchestration(plan, **bus);
  RoleMeter meter;
  meter.ready();
  std::string line;
  if (!std::getline(std::cin, line)) return Error{ErrorCode::kInterrupted, "nobody says when to begin"};
  if (auto done = orchestration.run(stop); !done) return done;
  const OrchestrationCounts& c = orchestration.counts();
  meter.tell(nlohmann::json::object(), {{"executions", c.executions},
                                        {"transitions", c.transitions},
                                        {"duration_s", c.duration_s},
                                        {"message_bytes", c.message_bytes},
                                        {"largest_payload", c.largest_payload},
                                        {"throttled_s", c.throttled_s}});
  return {};
}

}  // namespace monolens::topology
