// Labels as a person types them, a line each: "region = north".

export function labelsText(labels: Record<string, string>): string {
  return Object.entries(labels).map(([key, value]) => `${key} = ${value}`).join('\n');
}

// Throws what is wrong, in words.
export function parseLabels(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  for (const line of text.split('\n').map((each) => each.trim()).filter(Boolean)) {
    const at = line.indexOf('=');
    if (at <= 0) throw new Error(`“${line}” is not of the form name = value`);
    labels[line.slice(0, at).trim()] = line.slice(at + 1).trim();
  }
  return labels;
}
