// Pictograms of 16 by 16, drawn in the colour of the text. What they mean always stands beside them in words, or in
// the label of what they are in.

const paths = {
  ok: 'M3 8.5 6.5 12 13 4.5',
  defect: 'M5.5 1.5h5l4 4v5l-4 4h-5l-4-4v-5zM8 4.5v4.2M8 11v.6',
  lost: 'M2 2l12 12M4.5 8a5 5 0 0 1 2-1.6M9.6 6.2A5 5 0 0 1 11.5 8M2 5.5a9 9 0 0 1 2.6-1.8M7.5 3A9 9 0 0 1 14 5.5M8 11.5v.6',
  degraded: 'M8 2v9M4 7.5 8 11.5l4-4M3 14h10',
  unknown: 'M5.5 5.5a2.5 2.5 0 1 1 3.6 2.3C8.3 8.3 8 8.8 8 9.6M8 12.2v.6',
  paused: 'M5.5 3v10M10.5 3v10',
  ended: 'M3.5 3.5h9v9h-9z',
  plus: 'M8 2.5v11M2.5 8h11',
  sun: 'M8 5a3 3 0 1 0 0 6 3 3 0 0 0 0-6M8 1v1.6M8 13.4V15M1 8h1.6M13.4 8H15M3 3l1.2 1.2M11.8 11.8 13 13M13 3l-1.2 1.2M4.2 11.8 3 13',
  moon: 'M13.5 10A6 6 0 0 1 6 2.5 6 6 0 1 0 13.5 10z',
  system: 'M2 3h12v8H2zM6 14h4',
  enlarge: 'M2.5 6V2.5H6M10 2.5h3.5V6M13.5 10v3.5H10M6 13.5H2.5V10',
  search: 'M7 2.5a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9M10.5 10.5 14 14',
  left: 'M10 3 5 8l5 5',
  right: 'M6 3l5 5-5 5',
  snooze: 'M8 2.5a5.5 5.5 0 1 0 0 11 5.5 5.5 0 0 0 0-11M8 5v3l2 1.5',
  link: 'M6.5 9.5l3-3M7.5 4.5 9 3a2.8 2.8 0 0 1 4 4l-1.5 1.5M8.5 11.5 7 13a2.8 2.8 0 0 1-4-4l1.5-1.5',
  download: 'M8 2v8M4.5 7 8 10.5 11.5 7M2.5 13.5h11',
  seen: 'M1.5 8S4 3.5 8 3.5 14.5 8 14.5 8 12 12.5 8 12.5 1.5 8 1.5 8zM8 6.2a1.8 1.8 0 1 0 0 3.6 1.8 1.8 0 0 0 0-3.6',
};

export type IconName = keyof typeof paths;

export function Icon({name}: {name: IconName}) {
  return (
    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true" focusable="false">
      <path d={paths[name]} />
    </svg>
  );
}
