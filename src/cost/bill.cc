#include "cost/bill.h"

#include <algorithm>
#include <numeric>

namespace monolens::cost {
namespace {

constexpr double kSecondsAnHour = 3600;
constexpr double kSecondsAMonth = 730 * kSecondsAnHour;  // as providers count it

// Writes one bill; quantities are of the run and become those of an hour of stream.
class Biller {
 public:
  Biller(const Usage& usage, const PriceBook& book)
      : usage_(usage), book_(book), hours_(usage.stream_s / kSecondsAnHour) {}

  void functions();
  void containers();
  void instances();
  void standard_workflow();
  void express_workflow();
  void objects();
  void notifications();
  std::vector<Line> take() { return std::move(lines_); }

 private:
  void add(const char* what, double of_run, const Price& price, double factor = 1) {
    add_an_hour(what, of_run / hours_, price, factor);
  }
  void add_an_hour(const char* what, double quantity, const Price& price, double factor = 1) {
    lines_.push_back({what, quantity, price.unit, price.of(quantity) * factor});
  }
  double vcpu_h() const;
  double gib_h() const;

  const Usage& usage_;
  const PriceBook& book_;
  double hours_;  // of stream
  std::vector<Line> lines_;
};

// A function has a vCPU at a certain memory and a share of it below: what keeps the CPU busy costs the same
// at any memory up to there.
void Biller::functions() {
  double gib_s = 0;
  for (const Component& c : usage_.components)
    gib_s += c.function_s * std::max(book_.function_vcpu_gib.value, c.peak_gib);
  add("function requests", static_cast<double>(usage_.invocations()), book_.function_request);
  add("function duration", gib_s, book_.function_gib_s);
}

// For an hour of stream, headroom included. The workflow service's own work is paid by its own prices.
double Biller::vcpu_h() const {
  double cpu_s = 0;
  for (const Component& c : usage_.components) cpu_s += c.workflow ? 0 : c.cpu_s;
  return cpu_s / usage_.stream_s / book_.usable_share.value;
}

// A live stream holds its memory for the whole hour, however fast a file was analysed.
double Biller::gib_h() const {
  double gib = 0;
  for (const Component& c : usage_.components) gib += c.workflow ? 0 : c.mean_gib;
  return gib / usage_.streams;
}

void Biller::containers() {
  add_an_hour("container vCPU", vcpu_h(), book_.container_vcpu_h);
  add_an_hour("container memory", gib_h(), book_.container_gib_h);
}

// An instance has so much memory a vCPU: what needs more pays for vCPUs that it leaves idle.
void Biller::instances() {
  const double gib_a_vcpu = book_.instance_gib.value / book_.instance_vcpus.value;
  const double for_memory = gib_h() / gib_a_vcpu;
  const double share = 1 - book_.savings_share.value;
  if (for_memory > vcpu_h()) {
    add_an_hour("instances, for their memory", for_memory, book_.instance_vcpu_h, share);
  } else {
    add_an_hour("instances", vcpu_h(), book_.instance_vcpu_h, share);
  }
}

void Biller::standard_workflow() {
  add("workflow transitions", static_cast<double>(usage_.workflow.transitions), book_.workflow_transition);
}

void Biller::express_workflow() {
  add("workflow requests", static_cast<double>(usage_.workflow.starts), book_.express_request);
  add("workflow duration", usage_.workflow.duration_s * book_.express_memory_gib.value, book_.express_gib_s);
}

void Biller::objects() {
  add("object PUTs", static_cast<double>(usage_.store.puts), book_.object_put);
  add("object GETs", static_cast<double>(usage_.store.gets), book_.object_get);
  add("objects kept", usage_.store.stored_gib_s / kSecondsAMonth, book_.object_gib_month);
}

void Biller::notifications() {
  add("notifications", static_cast<double>(usage_.notifications), book_.topic_publish);
}

}  // namespace

std::string_view name_of(Deployment deployment) {
  switch (deployment) {
    case Deployment::kFunctions:
      return "functions, standard workflow";
    case Deployment::kFunctionsExpress:
      return "functions, express workflow";
    case Deployment::kContainers:
      return "containers";
    case Deployment::kInstances:
      return "instances";
  }
  return "";
}

double Bill::total() const {
  return std::accumulate(lines.begin(), lines.end(), 0.0,
                         [](double total, const Line& line) { return total + line.amount; });
}

const Line& Bill::largest() const {
  return *std::max_element(lines.begin(), lines.end(),
                           [](const Line& a, const Line& b) { return a.amount < b.amount; });
}

std::vector<Deployment> deployments_of(Topology topology) {
  if (topology != Topology::kDistributed) return {Deployment::kContainers, Deployment::kInstances};
  return {Deployment::kFunctions, Deployment::kFunctionsExpress, Deployment::kContainers,
          Deployment::kInstances};
}

Bill bill_of(const Usage& usage, Deployment deployment, const PriceBook& book) {
  Biller biller(usage, book);
  switch (deployment) {
    case Deployment::kFunctions:
    case Deployment::kFunctionsExpress:
      biller.functions();
      break;
    case Deployment::kContainers:
      biller.containers();
      break;
    case Deployment::kInstances:
      biller.instances();
      break;
  }
  if (usage.topology == Topology::kDistributed) {
    if (deployment == Deployment::kFunctionsExpress) {
      biller.express_workflow();
    } else {
      biller.standard_workflow();
    }
    biller.objects();
  }
  biller.notifications();
  return {usage.name, usage.topology, deployment, biller.take()};
}

std::vector<Bill> bills_of(const std::vector<Usage>& runs, const PriceBook& book) {
  std::vector<Bill> bills;
  for (const Usage& usage : runs) {
    for (const Deployment deployment : deployments_of(usage.topology))
      bills.push_back(bill_of(usage, deployment, book));
  }
  return bills;
}

const Bill* baseline_of(const std::vector<Bill>& bills) {
  for (const Bill& bill : bills) {
    if (bill.topology == Topology::kMonolith && bill.deployment == Deployment::kInstances) return &bill;
  }
  return nullptr;
}

}  // namespace monolens::cost
