import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { expect, it } from 'vitest';
// The generator is plain JavaScript: the build runs it without TypeScript.
// @ts-expect-error no types
import { render } from '../../tools/words.mjs';
import { en } from './en';
import { zhCN } from './zh-CN';

function flat(texts: object, prefix = ''): [string, string][] {
  return Object.entries(texts).flatMap(([name, value]) =>
    typeof value === 'string'
      ? [[`${prefix}${name}`, value] as [string, string]]
      : flat(value, `${prefix}${name}.`),
  );
}

it('both languages have the same keys and placeholders', () => {
  const chinese = new Map(flat(zhCN));
  const english = new Map(flat(en));
  expect([...english.keys()].sort()).toEqual([...chinese.keys()].sort());
  const holes = (text: string) => [...text.matchAll(/\{\{(\w+)\}\}/g)].map((match) => match[1]).sort();
  for (const [key, text] of chinese) expect(holes(english.get(key) ?? ''), key).toEqual(holes(text));
});

it('no Chinese is left in the English texts, but for the switch and the samples', () => {
  const allowed = ['app.language', 'settings.try_placeholder'];
  const left = flat(en).filter(([key, text]) => /\p{Script=Han}/u.test(text) && !allowed.includes(key));
  expect(left).toEqual([]);
});

it('the words of the shared enums are up to date', () => {
  expect(readFileSync(resolve(process.cwd(), 'src/i18n/words.gen.ts'), 'utf8')).toBe(render());
});
