// Bill: what an hour of one stream costs in a deployment, by line: measured quantities times prices.
//
// Only what grows with the hours watched is billed; free tiers, volume discounts and traffic inside of a
// region, which is free of charge, are left out.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "cost/price_book.h"
#include "cost/usage.h"

namespace monolens::cost {

enum class Deployment {
  kFunctions,         // each process a function; a standard workflow, paid by transition
  kFunctionsExpress,  // the same with an express workflow, paid by duration
  kContainers,  // each process a container, paid by vCPU and memory; a standard workflow where there is one
  kInstances,   // the same on instances
};

std::string_view name_of(Deployment deployment);

struct Line {
  std::string what;     // "workflow transitions"
  double quantity = 0;  // for an hour of stream
  std::string unit;     // of the quantity: the price's
  double amount = 0;    // of the book's currency, for an hour of stream
};

struct Bill {
  std::string run;  // the usage's name
  Topology topology = Topology::kMonolith;
  Deployment deployment = Deployment::kInstances;
  std::vector<Line> lines{};

  double total() const;
  // REQUIRES: lines. The most expensive one.
  const Line& largest() const;
};

// The deployments that a topology makes sense in: functions only where it is called a second at a time.
std::vector<Deployment> deployments_of(Topology topology);

// REQUIRES: `deployment` is one of deployments_of(usage.topology); usage.stream_s > 0.
Bill bill_of(const Usage& usage, Deployment deployment, const PriceBook& book);

// All bills of all runs, in their order.
std::vector<Bill> bills_of(const std::vector<Usage>& runs, const PriceBook& book);

// What others are compared with: the first monolith on instances; null if there is none.
const Bill* baseline_of(const std::vector<Bill>& bills);

}  // namespace monolens::cost
