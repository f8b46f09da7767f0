// PriceBook: what things cost, where, since when and who says so.
//
// A TOML file that anybody can replace. The one that is built in holds list prices; see prices.toml.
#pragma once

#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <string_view>

#include "base/result.h"

namespace monolens::cost {

// `amount` of the book's currency for `per` units.
struct Price {
  double amount = 0;
  double per = 1;
  std::string unit{};
  std::string region{};
  std::string date{};    // YYYY-MM-DD, when it was looked up
  std::string source{};  // address or document

  double of(double quantity) const { return quantity * amount / per; }
};

// A condition that is no price: a quota, a size, a share.
struct Term {
  double value = 0;
  std::string unit{};
  std::string date{};
  std::string source{};
};

struct PriceBook {
  std::string name;
  std::string currency;

  Price function_request;     // a call of a function
  Price function_gib_s;       // its memory times its duration
  Price workflow_transition;  // of a standard workflow
  Price express_request;      // of an express workflow
  Price express_gib_s;
  Price object_put;
  Price object_get;
  Price object_gib_month;  // kept in the store
  Price topic_publish;
  Price container_vcpu_h;
  Price container_gib_h;
  Price instance_vcpu_h;

  Term function_vcpu_gib;         // memory at which a function has one vCPU
  Term express_memory_gib;        // of an express workflow
  Term usable_share;              // of a vCPU of a container or instance, 0 to 1; the rest is headroom
  Term savings_share;             // off the instances' list price, 0 to 1
  Term instance_vcpus;            // of one instance
  Term instance_gib;              // memory of one instance
  Term transitions_per_s;         // quota
  Term transitions_per_s_before;  // the quota when the story happened
  Term starts_per_s;              // quota of starts of workflows
  Term payload_bytes;             // quota of a workflow's payload
};

// kUsage with file, line and column: syntax, a key that is unknown or missing, a value out of range, a price
// in another unit than the model multiplies by.
Result<PriceBook> parse_price_book(std::string_view toml, const std::string& name);
Result<PriceBook> load_price_book(const std::string& path);

// The one that is built in, and its text.
const PriceBook& default_price_book();
std::string default_price_book_text();

// What an hour of a core at work costs on instances: their price, less the savings, over the share of a vCPU
// that is used. Its source says so.
Price core_hour(const PriceBook& book);

nlohmann::ordered_json price_book_json(const PriceBook& book);

}  // namespace monolens::cost
