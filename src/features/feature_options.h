// What the chosen detectors need measured. Each detector adds its own needs; what nobody needs is not
// computed.
#pragma once

namespace monolens {

struct FeatureOptions {
  // Picture: the cells of the luma plane, in one pass; every other picture feature includes it.
  bool luma = false;
  bool chroma = false;       // the same for both chroma planes, on every fourth picture
  bool stillness = false;    // difference from the picture that a still stretch began with
  bool flatness = false;     // share of the picture that is one flat colour
  bool color_bars = false;   // test bars
  bool active_area = false;  // the rectangle inside black borders, a few times a second

  double dark_level = 0.10;  // of the range from black to white: a pixel at or below it is dark

  // A picture is still against its anchor while the mean absolute difference of all pixels stays below
  // `still_mean` and that of each cell of 16×16 pixels below `still_cell`; both in 8-bit code values.
  double still_mean = 1.0;
  double still_cell = 6.0;
  // Between key frames an encoder repeats a still picture to the bit; where it does, the key frames may
  // differ by as much as coarse coding makes them.
  bool forgive_key_frames = true;

  // Sound.
  bool levels = false;       // peak, RMS, DC, clipped samples of each channel
  bool correlation = false;  // of the first two channels
  bool loudness = false;     // ITU-R BS.1770-4, EBU R 128
  bool true_peak = false;    // ITU-R BS.1770-4, Annex 2

  double clip_level = 0.989;  // linear full scale: −0.1 dBFS; a sample at or above it may be clipped
  int clip_run = 3;           // so many in a row are clipped
};

}  // namespace monolens
