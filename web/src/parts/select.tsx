interface Props {
  words: string;  // its label
  value: string;
  all: string;  // how nothing chosen is called
  options: [value: string, words: string][];
  choose: (value: string) => void;
}

// A choice that may be left open.
export function Select({words, value, all, options, choose}: Props) {
  return (
    <select aria-label={words} value={value} onChange={(e) => choose(e.currentTarget.value)} class={value ? 'chosen' : ''}>
      <option value="">{all}</option>
      {options.map(([option, text]) => <option key={option} value={option}>{text}</option>)}
    </select>
  );
}
