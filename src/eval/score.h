// Scores what was found against the truth. docs/accuracy.md states the rules; they are these:
//
// - An incident matches a true interval of its kind if the two overlap, each widened by kTolerance, at least
// half
//   of the incident lies within true intervals widened by the kind's merge time (at least kSlack), and, for
//   av.sync, its offset is right.
// - Precision counts the incidents of a kind on the items made for that kind and on all clean twins: those
// that
//   match are right, all others false. On intervals that need not be found an incident is neither.
// - On items made for another kind, an incident near a true interval is a by-product: counted in the
// confusions,
//   not in the precision. Elsewhere on those items it is a false alarm of its own column, unless the clip's
//   own faults explain it.
#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "eval/run.h"

namespace monolens::eval {

inline constexpr double kTolerance = 0.1;  // s
inline constexpr double kSlack = 0.25;     // s

enum class Verdict {
  kRight,
  kFalse,      // on its own items or on a clean twin
  kElsewhere,  // false, on an item made for another kind
  kByProduct,
  kIgnored,  // on an interval that need not be found, or explained by the clip
};

// What became of one true interval.
struct Match {
  Interval interval;
  bool required = true;
  std::optional<std::size_t> found;   // index into ItemResult::found
  std::optional<double> start_error;  // s, positive = found later; not for the second of two in one incident
  std::optional<double> end_error;
  std::optional<double> delay;  // s of media from the true start until it was told
  std::optional<double> offset_error_ms;
};

struct ItemScore {
  ItemResult result;
  std::vector<Match> matches;     // of the item's kind
  std::vector<Verdict> verdicts;  // of each incident
};

ItemScore score_item(const ItemResult& result);

// A number of trials and of successes among them.
struct Tally {
  int of = 0;
  int hits = 0;
  double share() const { return of > 0 ? static_cast<double>(hits) / of : 0; }
};

struct Bounds {
  double low = 0;
  double high = 1;
};

// Wilson's score interval at 95 %.
Bounds wilson(Tally tally);

// REQUIRES: `share` from 0 to 1. Nothing of nothing.
std::optional<double> percentile(std::vector<double> values, double share);

struct Errors {
  std::optional<double> median;
  std::optional<double> p90;  // of the absolute values
};
Errors errors_of(const std::vector<double>& signed_values);

// One strength of one form.
struct Stratum {
  std::string form;
  Strength strength;
  Tally required;  // intervals that must be found
  Tally optional;  // those that need not
  Tally negative;  // items that must stay silent; hits are those that do not
};

struct Group {
  std::string kind;
  std::string name;  // "", or what the kind's forms are grouped by: live, baked; timestamps, content
  bool has_detector = false;
  Tally recall;
  int right = 0;
  int wrong = 0;            // on its own items
  int wrong_on_clean = 0;   // on clean twins
  int wrong_elsewhere = 0;  // on items of other kinds
  double clean_hours = 0;   // of clean twins that the kind can be heard or seen in
  std::vector<double> start_errors, start_errors_frames, end_errors, end_errors_frames, delays,
      offset_errors_ms;
  std::vector<Stratum> strata;
  std::vector<std::pair<Bounds, Tally>> by_area;  // corruption: intervals by share of the picture
  std::vector<double> positive_confidences;       // of required intervals; 0 = not found
  std::vector<double> negative_confidences;       // of negatives and clean twins; 0 = silent
  std::map<std::string, int> by_products;         // kinds told on this group's intervals, and how often

  std::optional<double> precision() const;
  double false_alarms_an_hour() const { return clean_hours > 0 ? wrong_on_clean / clean_hours : 0; }
};

struct Score {
  std::vector<ItemScore> items;
  std::vector<Group> groups;  // in the order of the recipes
  double hours = 0;           // of all items
};

// `told_kinds`: what the detectors that ran can tell.
Score score_set(const std::vector<ItemResult>& results, const std::vector<std::string>& told_kinds);

}  // namespace monolens::eval
