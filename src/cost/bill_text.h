// Bills and fleets as tables for a terminal, as JSON, and as a page.
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "cost/bill.h"
#include "cost/fleet.h"

namespace monolens::cost {

// What was measured, a column a run, for an hour of stream unless it says otherwise.
std::string usage_table(const std::vector<Usage>& runs);

// Bills by line, each with what dominates it, its total, and how it compares with the baseline.
std::string bill_table(const std::vector<Bill>& bills, const PriceBook& book);

std::string fleet_table(const std::vector<FleetPlan>& plans, const PriceBook& book);

// monolens.cost/1.
nlohmann::ordered_json cost_json(const std::vector<Usage>& runs, const std::vector<Bill>& bills,
                                 const std::vector<FleetPlan>& plans, const PriceBook& book);

// One file that opens from a disk without a network; `cost` is what cost_json() makes.
std::string cost_html(const nlohmann::ordered_json& cost);

}  // namespace monolens::cost
