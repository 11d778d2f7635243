// Numbers of poles and meter boxes as a person pastes them: one line a place. The numbers of the meters in a box
// follow the box's own on its line.

export interface PlaceLine {
  number: string;
  meter_numbers: string[];
}

/** Most places made in one go. */
export const MOST_PLACES = 200;

/** The lines with something on them; a number that comes twice is taken once. */
export function readPlaces(text: string, kind: 'meter_box' | 'pole'): PlaceLine[] {
  const found = new Map<string, PlaceLine>();
  for (const line of text.split(/\r?\n/)) {
    const parts = kind === 'pole' ? [line.trim()] : line.trim().split(/[\s,，;；:：]+/);
    const [number = '', ...meters] = parts;
    if (number === '' || found.has(number)) continue;
    found.set(number, { number, meter_numbers: meters.filter((each) => each !== '') });
  }
  return [...found.values()];
}
