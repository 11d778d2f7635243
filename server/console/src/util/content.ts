// The text of a request where one line must do: the label in front (【故障报修】) repeats what the kind's sign
// already says, and it takes the room of the words that matter.

const LABEL = /^【[^】]{1,12}】\s*/u;

/** The content without its leading label; a text that is only a label stays. */
export function withoutLabel(content: string): string {
  const rest = content.replace(LABEL, '');
  return rest === '' ? content : rest;
}
