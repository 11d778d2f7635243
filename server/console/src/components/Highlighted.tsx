// A text with matched words marked; used to show why a template was chosen.

/** Cuts the text at the words: longest first, no overlaps, every occurrence. */
export function splitByWords(text: string, words: readonly string[]): { text: string; isMatch: boolean }[] {
  const wanted = [...new Set(words)].filter((word) => word !== '').sort((a, b) => b.length - a.length);
  const parts: { text: string; isMatch: boolean }[] = [];
  let plain = '';
  let at = 0;
  while (at < text.length) {
    const word = wanted.find((each) => text.startsWith(each, at));
    if (word === undefined) {
      plain += text[at];
      at += 1;
      continue;
    }
    if (plain !== '') parts.push({ text: plain, isMatch: false });
    plain = '';
    parts.push({ text: word, isMatch: true });
    at += word.length;
  }
  if (plain !== '') parts.push({ text: plain, isMatch: false });
  return parts;
}

export function Highlighted({ text, words }: { text: string; words: readonly string[] }) {
  let at = 0;
  return (
    <span style={{ whiteSpace: 'pre-wrap', overflowWrap: 'anywhere' }}>
      {splitByWords(text, words).map((part) => {
        const key = at;
        at += part.text.length;
        return part.isMatch ? (
          <mark key={key} className="word-mark">
            {part.text}
          </mark>
        ) : (
          <span key={key}>{part.text}</span>
        );
      })}
    </span>
  );
}
