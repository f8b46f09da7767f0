#include "cost/price_book.h"

#include <fmt/format.h>
#include <toml++/toml.h>

#include <array>
#include <cerrno>
#include <cmath>
#include <cstring>
#include <fstream>
#include <set>
#include <sstream>
#include <stdexcept>

#include "base/text.h"
#include "cost/prices_toml.h"

namespace monolens::cost {
namespace {

constexpr std::string_view kSchema = "monolens.prices/1";

// The unit is what the model's quantity is counted in.
struct PriceKey {
  std::string_view name;
  Price PriceBook::*price;
  std::string_view unit;
};

constexpr auto kPrices = std::to_array<PriceKey>({
    {"function_request", &PriceBook::function_request, "request"},
    {"function_gib_s", &PriceBook::function_gib_s, "GB-s"},
    {"workflow_transition", &PriceBook::workflow_transition, "transition"},
    {"express_request", &PriceBook::express_request, "request"},
    {"express_gib_s", &PriceBook::express_gib_s, "GB-s"},
    {"object_put", &PriceBook::object_put, "request"},
    {"object_get", &PriceBook::object_get, "request"},
    {"object_gib_month", &PriceBook::object_gib_month, "GB-month"},
    {"topic_publish", &PriceBook::topic_publish, "request"},
    {"container_vcpu_h", &PriceBook::container_vcpu_h, "vCPU-h"},
    {"container_gib_h", &PriceBook::container_gib_h, "GB-h"},
    {"instance_vcpu_h", &PriceBook::instance_vcpu_h, "vCPU-h"},
});

struct TermKey {
  std::string_view name;
  Term PriceBook::*term;
  std::string_view unit;
  double least;
  double most;
};

constexpr auto kTerms = std::to_array<TermKey>({
    {"function_vcpu_gib", &PriceBook::function_vcpu_gib, "GB", 0.001, 1024},
    {"express_memory_gib", &PriceBook::express_memory_gib, "GB", 0.001, 1024},
    {"usable_share", &PriceBook::usable_share, "share", 0.01, 1},
    {"savings_share", &PriceBook::savings_share, "share", 0, 0.99},
    {"instance_vcpus", &PriceBook::instance_vcpus, "vCPU", 1, 1024},
    {"instance_gib", &PriceBook::instance_gib, "GB", 0.1, 65536},
    {"transitions_per_s", &PriceBook::transitions_per_s, "1/s", 1, 1e9},
    {"transitions_per_s_before", &PriceBook::transitions_per_s_before, "1/s", 1, 1e9},
    {"starts_per_s", &PriceBook::starts_per_s, "1/s", 1, 1e9},
    {"payload_bytes", &PriceBook::payload_bytes, "byte", 1, 1e12},
});

template <class Keys>
std::vector<std::string> names_of(const Keys& keys) {
  std::vector<std::string> names;
  for (const auto& key : keys) names.emplace_back(key.name);
  return names;
}

// Reads one file's tables; the first error ends it.
class Reader {
 public:
  Reader(const std::string& name, PriceBook& book) : name_(name), book_(book) {}

  Result<void> read(const toml::table& root);

 private:
  Error error(const toml::node& at, const std::string& what) const {
    const auto& where = at.source().begin;
    return {ErrorCode::kUsage, fmt::format("{}:{}:{}: {}", name_, where.line, where.column, printable(what))};
  }
  Result<std::string> text(const toml::table& in, std::string_view key) const;
  Result<double> number(const toml::table& in, std::string_view key, double least, double most) const;
  Result<void> only(const toml::table& in, const std::vector<std::string>& keys) const;

  template <class Keys, class ReadOne>
  Result<void> read_all(const toml::table& root, std::string_view group, const Keys& keys,
                        const ReadOne& one) const;
  Result<void> read_price(const toml::table& from, const PriceKey& key) const;
  Result<void> read_term(const toml::table& from, const TermKey& key) const;
  Result<void> check_unit(const toml::table& from, std::string_view unit, std::string_view wanted) const;

  const std::string& name_;
  PriceBook& book_;
};

Result<std::string> Reader::text(const toml::table& in, std::string_view key) const {
  const auto* node = in.get(key);
  if (node == nullptr) return error(in, fmt::format("{} is missing", key));
  if (!node->is_string() || node->as_string()->get().empty())
    return error(*node, fmt::format("{} must be a string", key));
  return node->as_string()->get();
}

Result<double> Reader::number(const toml::table& in, std::string_view key, double least, double most) const {
  const auto* node = in.get(key);
  if (node == nullptr) return error(in, fmt::format("{} is missing", key));
  const auto value = node->value<double>();
  if (!node->is_number() || !value) return error(*node, fmt::format("{} must be a number", key));
  if (!(*value >= least && *value <= most)) {
    return error(*node, fmt::format("{} must be from {:g} to {:g}, not {:g}", key, least, most, *value));
  }
  return *value;
}

Result<void> Reader::only(const toml::table& in, const std::vector<std::string>& keys) const {
  for (const auto& [key, node] : in) {
    if (std::find(keys.begin(), keys.end(), key.str()) == keys.end())
      return error(node, fmt::format("unknown key '{}'{}", key.str(), suggestion(key.str(), keys)));
  }
  return {};
}

Result<void> Reader::check_unit(const toml::table& from, std::string_view unit,
                                std::string_view wanted) const {
  if (unit == wanted) return {};
  return error(*from.get("unit"), fmt::format("unit must be '{}', not '{}'", wanted, unit));
}

Result<void> Reader::read_price(const toml::table& from, const PriceKey& key) const {
  if (auto known = only(from, {"amount", "per", "unit", "region", "date", "source"}); !known) return known;
  Price price;
  for (const auto& [name, to] : {std::pair{"amount", &price.amount}, std::pair{"per", &price.per}}) {
    auto value = number(from, name, to == &price.per ? 1 : 0, 1e12);
    if (!value) return value.error();
    *to = *value;
  }
  for (const auto& [name, to] : {std::pair{"unit", &price.unit}, std::pair{"region", &price.region},
                                 std::pair{"date", &price.date}, std::pair{"source", &price.source}}) {
    auto value = text(from, name);
    if (!value) return value.error();
    *to = std::move(*value);
  }
  book_.*key.price = price;
  return check_unit(from, price.unit, key.unit);
}

Result<void> Reader::read_term(const toml::table& from, const TermKey& key) const {
  if (auto known = only(from, {"value", "unit", "date", "source"}); !known) return known;
  auto value = number(from, "value", key.least, key.most);
  if (!value) return value.error();
  Term term{.value = *value};
  for (const auto& [name, to] :
       {std::pair{"unit", &term.unit}, std::pair{"date", &term.date}, std::pair{"source", &term.source}}) {
    auto read = text(from, name);
    if (!read) return read.error();
    *to = std::move(*read);
  }
  book_.*key.term = term;
  return check_unit(from, term.unit, key.unit);
}

template <class Keys, class ReadOne>
Result<void> Reader::read_all(const toml::table& root, std::string_view group, const Keys& keys,
                              const ReadOne& one) const {
  const auto* node = root.get(group);
  if (node == nullptr) return error(root, fmt::format("{} is missing", group));
  const auto* table = node->as_table();
  if (table == nullptr) return error(*node, fmt::format("{} must be a table", group));
  if (auto known = only(*table, names_of(keys)); !known) return known;
  for (const auto& key : keys) {
    const auto* entry = table->get(key.name);
    if (entry == nullptr) return error(*table, fmt::format("{}.{} is missing", group, key.name));
    if (!entry->is_table()) return error(*entry, fmt::format("{}.{} must be a table", group, key.name));
    if (auto read = one(*entry->as_table(), key); !read) return read;
  }
  return {};
}

Result<void> Reader::read(const toml::table& root) {
  if (auto known = only(root, {"schema", "name", "currency", "prices", "terms"}); !known) return known;
  auto schema = text(root, "schema");
  if (!schema) return schema.error();
  if (*schema != kSchema) return error(*root.get("schema"), fmt::format("schema must be {}", kSchema));
  for (const auto& [key, to] : {std::pair{"name", &book_.name}, std::pair{"currency", &book_.currency}}) {
    auto value = text(root, key);
    if (!value) return value.error();
    *to = std::move(*value);
  }
  auto prices = read_all(root, "prices", kPrices,
                         [this](const auto& table, const auto& key) { return read_price(table, key); });
  if (!prices) return prices;
  return read_all(root, "terms", kTerms,
                  [this](const auto& table, const auto& key) { return read_term(table, key); });
}

}  // namespace

Result<PriceBook> parse_price_book(std::string_view toml, const std::string& name) {
  try {
    PriceBook book;
    auto read = Reader(name, book).read(toml::parse(toml, name));
    if (!read) return read.error();
    return book;
  } catch (const toml::parse_error& e) {
    return Error{ErrorCode::kUsage,
                 fmt::format("{}:{}:{}: {}", name, e.source().begin.line, e.source().begin.column,
                             printable(std::string(e.description())))};
  }
}

Result<PriceBook> load_price_book(const std::string& path) {
  errno = 0;
  std::ifstream file(path, std::ios::binary);
  std::stringstream content;
  if (file) content << file.rdbuf();
  if (!file) {
    return Error{ErrorCode::kUsage,
                 fmt::format("{}: can't be read: {}", path, std::strerror(errno != 0 ? errno : EIO))};
  }
  return parse_price_book(content.str(), path);
}

std::string default_price_book_text() {
  std::string text;
  for (const std::string_view piece : prices_toml()) text += piece;
  return text;
}

const PriceBook& default_price_book() {
  static const PriceBook book = [] {
    auto parsed = parse_price_book(default_price_book_text(), "prices.toml");
    if (!parsed) throw std::logic_error(parsed.error().message);
    return *parsed;
  }();
  return book;
}

Price core_hour(const PriceBook& book) {
  Price price = book.instance_vcpu_h;
  price.amount = price.of(1) * (1 - book.savings_share.value) / book.usable_share.value;
  price.per = 1;
  price.unit = "core-h";
  price.source += fmt::format(", of which {:g} % is used", book.usable_share.value * 100);
  if (book.savings_share.value > 0)
    price.source += fmt::format(", less {:g} %", book.savings_share.value * 100);
  return price;
}

nlohmann::ordered_json price_book_json(const PriceBook& book) {
  nlohmann::ordered_json prices = nlohmann::ordered_json::object();
  for (const PriceKey& key : kPrices) {
    const Price& p = book.*key.price;
    prices[std::string(key.name)] = {{"amount", p.amount}, {"per", p.per},   {"unit", p.unit},
                                     {"region", p.region}, {"date", p.date}, {"source", p.source}};
  }
  nlohmann::ordered_json terms = nlohmann::ordered_json::object();
  for (const TermKey& key : kTerms) {
    const Term& t = book.*key.term;
    terms[std::string(key.name)] = {
        {"value", t.value}, {"unit", t.unit}, {"date", t.date}, {"source", t.source}};
  }
  return {{"name", book.name}, {"currency", book.currency}, {"prices", prices}, {"terms", terms}};
}

}  // namespace monolens::cost
