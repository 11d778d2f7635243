// Units of the price list are Chinese in the data (a receipt is Chinese); this is how English screens call them.

const ENGLISH: Readonly<Record<string, string>> = {
  副: 'pair',
  包: 'bag',
  卷: 'roll',
  只: 'pc',
  台: 'set',
  块: 'pc',
  张: 'sheet',
  把: 'pc',
  根: 'pc',
  米: 'm',
  回路: 'circuit',
  处: 'place',
  套: 'kit',
  工时: 'hour',
  次: 'time',
  组: 'group',
  双: 'pair',
  支: 'pc',
  架: 'pc',
  顶: 'pc',
};

/** The unit in the language of the screen; a unit nobody translated stays as it is. */
export function unitName(unit: string, isChinese: boolean): string {
  return isChinese ? unit : (ENGLISH[unit] ?? unit);
}
