// The label printer of this computer: its paper and its dots. Remembered, because an office has one.

export interface Printer {
  sheet: string;
  dpi: number;
}

/** Most labels of one PDF, as the server has it. */
export const MOST_LABELS = 2000;
const STORE = 'dianma.printer';
const USUAL: Printer = { sheet: 'a4_24', dpi: 300 };

/** The printer used last; anything broken is the usual one. */
export function readPrinter(storage: Storage): Printer {
  try {
    const { sheet, dpi } = JSON.parse(storage.getItem(STORE) ?? '{}') as Partial<Printer>;
    return typeof sheet === 'string' && typeof dpi === 'number' ? { sheet, dpi } : USUAL;
  } catch {
    return USUAL;
  }
}

export function writePrinter(storage: Storage, printer: Printer): void {
  storage.setItem(STORE, JSON.stringify(printer));
}

export const pagesOf = (labels: number, perPage: number): number => Math.ceil(labels / Math.max(1, perPage));
