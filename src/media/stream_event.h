// What went wrong (or changed) on the way from bytes to pictures and sound, as a measurement with a time.
#pragma once

#include <cstdint>
#include <string>

#include "base/time.h"

namespace monolens {

struct StreamEvent {
  enum class Type {
    kDecodeError,     // the decoder reported errors or concealed something
    kCorruptPacket,   // the demuxer marked a packet as damaged
    kTimestampGap,    // samples are missing on the timeline
    kTimestampJump,   // timestamps jumped; the timeline was kept continuous
    kTimestampEpoch,  // the track's timestamps stand elsewhere on the timeline from here on: it jumped, or
                      // followed another track's jump
    kContinuity,      // transport stream: continuity counter error
    kTransportError,  // transport stream: transport_error_indicator
    kSyncLoss,        // transport stream: sync bytes lost
    kPcr,             // transport stream: PCR discontinuity
    kTable,           // transport stream: PAT, PMT or CAT late, wrong or scrambled
    kTableCrc,        // transport stream: a table's checksum is wrong
    kPidMissing,      // transport stream: nothing comes on a PID that the map names
    kPts,             // transport stream: no time stamps on a PID for too long
    kSegmentMissing,  // HLS: a segment can't be fetched, or not to its end
    kSegmentFetched,  // HLS: a segment was fetched; no damage
    kPlaylistJump,    // HLS: the media sequence jumps beyond what was listed, or back
    kDiscontinuitySequence,  // HLS: a segment's discontinuity sequence number changed
    kPlaylistStale,          // HLS: a live playlist has not changed for 1.5 target durations
    kPlaylistGrew,           // HLS: none is stale any more
    kReadError,              // the source broke off
    kStalled,                // the source delivered nothing for its whole deadline
  };
  Type type = Type::kDecodeError;
  MediaTime time{};
  // Of a gap or jump (negative = back); of an epoch, its distance from the input's first; of a segment, how
  // long its fetching took; of a playlist, how long it has not changed.
  MediaDuration length{};
  int track = -1;           // index in InputInfo::tracks, -1 = the whole input
  std::uint32_t count = 1;  // errors, or packets lost at least; of a jump ahead, segments never listed
  bool whole = false;       // of a gap: a whole number of the codec's frames, as lost ones leave it
  MediaDuration span{};     // of a segment: how long it plays, zero if that is not known
  std::string detail{};  // of HLS and of tables and PIDs: what happened, or a segment's file name; for people
};

}  // namespace monolens
