// Page shortcuts. Keys do nothing while somebody types, while a drawer or dialog is open (unless it
// asked for them), or together with Ctrl, Alt, Meta.
import { useEffect, useRef } from 'react';

export type KeyMap = Record<string, (event: KeyboardEvent) => void>;

function isTyping(target: EventTarget | null): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.isContentEditable) return true;
  // A box that was just marked takes no letters: the keys of the list go on working.
  if (target instanceof HTMLInputElement) return !['checkbox', 'radio', 'button'].includes(target.type);
  return ['TEXTAREA', 'SELECT'].includes(target.tagName);
}

function isPressable(target: EventTarget | null): boolean {
  return target instanceof HTMLElement && target.closest('button, a, [role="tab"]') !== null;
}

export const isOverlayOpen = (): boolean =>
  document.querySelector('.ant-drawer-open, .ant-modal-wrap:not([style*="display: none"])') !== null;

/** Listens while mounted. Names are `event.key` values, letters in lower case. */
export function useKeys(map: KeyMap, options: { isInsideOverlay?: boolean; isOff?: boolean } = {}): void {
  const latest = useRef(map);
  latest.current = map;
  const { isInsideOverlay = false, isOff = false } = options;
  useEffect(() => {
    if (isOff) return;
    const onKey = (event: KeyboardEvent) => {
      if (event.defaultPrevented || event.ctrlKey || event.altKey || event.metaKey || event.isComposing)
        return;
      if (isTyping(event.target)) return;
      if (!isInsideOverlay && isOverlayOpen()) return;
      const name = event.key.length === 1 ? event.key.toLowerCase() : event.key;
      if (name === 'Enter' && isPressable(event.target)) return;
      const action = latest.current[name];
      if (action === undefined) return;
      event.preventDefault();
      action(event);
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [isInsideOverlay, isOff]);
}
