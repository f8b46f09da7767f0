#include "detectors/hold.h"

#include <algorithm>

namespace monolens {

Hold::Change Hold::close(MediaTime at) {
  Change change;
  if (!open_ && at - start_ >= open_after_) change.opened = true;
  change.closed = open_ || change.opened;
  end_ = at;
  open_ = false;
  running_ = false;
  good_since_.reset();
  return change;
}

Hold::Change Hold::observe(bool present, MediaTime from, MediaTime to) {
  if (present) {
    Change change;
    if (!running_) {
      running_ = true;
      start_ = from;
    }
    good_since_.reset();
    if (!open_ && to - start_ >= open_after_) {
      open_ = true;
      change.opened = true;
    }
    return change;
  }
  if (!running_) return {};
  if (!good_since_) good_since_ = from;
  if (to - *good_since_ < (open_ ? close_after_ : restart_after_)) return {};
  return close(*good_since_);
}

Hold::Change Hold::finish(MediaTime end) {
  if (!running_) return {};
  return close(good_since_.value_or(std::max(end, start_)));
}

void report(Hold::Change change, const Hold& hold, Finding finding, Findings& findings) {
  finding.start = hold.start();
  finding.end = hold.end();
  if (change.opened) {
    finding.phase = Finding::Phase::kBegan;
    findings.push_back(finding);
  }
  if (change.closed) {
    finding.phase = Finding::Phase::kEnded;
    findings.push_back(std::move(finding));
  }
}

}  // namespace monolens
