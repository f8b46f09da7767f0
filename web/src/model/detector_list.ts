// The list of detectors as it is written: "all,-loudness". REQUIRES everywhere: `names` has all there are.

// `null` measures the analysis itself, and "all" does not mean it.
export const isForPeople = (name: string) => name !== 'null';

export function chosenOf(list: string, names: readonly string[]): Set<string> {
  const entries = list.split(',').map((entry) => entry.trim()).filter(Boolean);
  const chosen = new Set(entries[0]?.startsWith('-') ? names : []);
  for (const entry of entries) {
    if (entry === 'all') names.forEach((name) => chosen.add(name));
    else if (entry.startsWith('-')) chosen.delete(entry.slice(1));
    else chosen.add(entry);
  }
  return chosen;
}

// The shorter of what is on and what is off.
export function listOf(chosen: ReadonlySet<string>, names: readonly string[]): string {
  const off = names.filter((name) => !chosen.has(name));
  if (off.length === 0) return 'all';
  if (off.length < names.length / 2) return ['all', ...off.map((name) => `-${name}`)].join(',');
  return names.filter((name) => chosen.has(name)).join(',');
}
