// The HTML report: one file that shows everything and opens from a disk without a network.
//
// `reports` is the JSON report, or an array of them for several inputs, with what only a page can use:
//   curves              {"step_s", "loudness_lufs", "luma", "motion"}: point i stands for the time from
//                       i × step_s to (i + 1) × step_s; momentary LUFS, mean luma and mean absolute
//                       difference of 0 to 255; null where nothing was measured
//   incidents[].track   {"type", "index", "id", "language"} or null
//   evidence.frame      "data:image/jpeg;base64,…" or null; evidence.overlay likewise, drawn over the frame
// A member that is missing is shown as unknown.
//
// The data stands in the page as JSON that no text in it can end, and reaches the document as text alone; the
// page's own policy forbids every request and every script but its own. Bytes that aren't UTF-8 become
// U+FFFD. Thread-safe. Throws only std::bad_alloc.
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace monolens {

// REQUIRES: `reports` is an object or an array of objects.
std::string render_html(const nlohmann::json& reports);

}  // namespace monolens
