// Which streams of a container are analysed: the best video of the programme, and all of its audio.
#pragma once

#include <optional>
#include <vector>

#include "base/result.h"
#include "media/av.h"
#include "media/stream_info.h"
#include "media/variant.h"

namespace monolens {

struct TrackSelection {
  std::vector<AVStream*> streams;    // video first
  std::vector<int> track_of_stream;  // by stream index; −1 = not analysed
  std::optional<int> program;
};

// Tells libavformat to discard the others, so that an HLS variant that nobody looks at is not downloaded.
// Attached pictures are not video. Errors have no input's name: the caller adds it.
Result<TrackSelection> select_tracks(AVFormatContext& format, std::optional<int> program, Variant variant);

InputInfo describe(const AVFormatContext& format, const TrackSelection& selection);

}  // namespace monolens
