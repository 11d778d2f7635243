import { expect, it } from 'vitest';
import { splitByWords } from './Highlighted';

const marked = (text: string, words: string[]) =>
  splitByWords(text, words)
    .map((part) => (part.isMatch ? `[${part.text}]` : part.text))
    .join('');

it('marks every occurrence, longest word first', () => {
  expect(marked('家里停电了，邻居没停电', ['停电', '没停电'])).toBe('家里[停电]了，邻居[没停电]');
});

it('leaves the text whole whatever the words are', () => {
  for (const words of [[], [''], ['不在'], ['家', '家里停']]) {
    const text = '家里停电';
    expect(
      splitByWords(text, words)
        .map((part) => part.text)
        .join(''),
    ).toBe(text);
  }
});
