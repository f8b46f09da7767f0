import {useEffect, useRef, useState} from 'preact/hooks';
import {useColours} from '../../parts/use_colours';
import {drawSpectrogram, drawWaveform} from './draw_sound';

// The clip's sound as a waveform of each channel, and the spectrogram of all of them.
export function SoundPicture({clip}: {clip: Blob}) {
  const [sound, setSound] = useState<AudioBuffer | null>(null);
  const waveform = useRef<HTMLCanvasElement>(null);
  const spectrogram = useRef<HTMLCanvasElement>(null);
  const colours = useColours();
  useEffect(() => {
    decoded(clip).then(setSound, () => setSound(null));  // a clip without sound is none to draw
  }, [clip]);
  useEffect(() => {
    if (!sound) return;
    drawWaveform(waveform.current!, sound, colours);
    drawSpectrogram(spectrogram.current!, sound);
  }, [sound, colours]);
  if (!sound) return null;
  return (
    <>
      <h3>Waveform</h3>
      <canvas class="sound-picture" ref={waveform} role="img" aria-label="Waveform of the clip" />
      <h3>Spectrogram, 0 to {Math.round(sound.sampleRate / 2000)} kHz</h3>
      <canvas class="sound-picture" ref={spectrogram} role="img" aria-label="Spectrogram of the clip" />
    </>
  );
}

async function decoded(clip: Blob): Promise<AudioBuffer> {
  const context = new OfflineAudioContext(1, 1, 48_000);
  return context.decodeAudioData(await clip.arrayBuffer());
}
