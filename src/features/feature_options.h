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
  bool light = false;        // relative luminance and saturated red of a coarse grid of cells
  bool change = false;       // from the picture before
  bool combing = false;      // whether the fields show two moments, some times a second
  bool active_area = false;  // the rectangle inside black borders, a few times a second
  bool sharpness = false;    // the slope of edges, a few times a second
  bool block_grid = false;   // the grid of coding blocks, a few times a second
  bool corruption = false;   // a map of corrupt blocks, some times a second; needs `stillness`

  bool mouth = false;         // how far the mouth of a face is open
  bool scene_change = false;  // how much the cells' means differ from the previous picture's

  double dark_level = 0.10;  // of the range from black to white: a pixel at or below it is dark

  // A picture is still against its anchor while the mean absolute difference of all pixels stays below
  // `still_mean` and that of each cell of 16×16 pixels below `still_cell`; both in 8-bit code values.
  double still_mean = 1.0;
  double still_cell = 6.0;
  // Between key frames an encoder repeats a still picture to the bit; where it does, the key frames may
  // differ by as much as coarse coding makes them.
  bool forgive_key_frames = true;

  // Sound.
  bool levels = false;       // peak, RMS, DC of each channel
  bool correlation = false;  // of the first two channels
  bool loudness = false;     // ITU-R BS.1770-4, EBU R 128
  bool true_peak = false;    // ITU-R BS.1770-4, Annex 2
  bool bands = false;        // powers in half octaves, every 20 ms
  bool mains = false;        // lines at 50 and 60 Hz and their harmonics, every 50 ms
  bool flat_tops = false;    // clipped samples of each channel, and where amplitudes pile up
  bool part_energy = false;  // of each channel, a millisecond at a time
  bool impulses = false;     // clicks and pops
  bool speech = false;       // power from 600 to 2500 Hz, of the mean of all channels
  // The stream has no end: what loudness keeps of it stays bounded, at a resolution of 0.1 LU.
  bool endless = false;

  double clip_floor = 0.0316;  // linear full scale: −30 dBFS; flat tops below it are not looked for
  int clip_run = 3;            // so many samples make a flat top, or a run beyond full scale
};

}  // namespace monolens
