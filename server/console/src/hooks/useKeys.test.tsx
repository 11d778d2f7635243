import { act, createElement } from 'react';
import { createRoot, type Root } from 'react-dom/client';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { useKeys } from './useKeys';

(globalThis as { IS_REACT_ACT_ENVIRONMENT?: boolean }).IS_REACT_ACT_ENVIRONMENT = true;
const pressed = vi.fn();
let root: Root;

function Page() {
  useKeys({ a: pressed, Enter: pressed });
  return createElement(
    'div',
    null,
    createElement('input', { id: 'field' }),
    createElement('input', { id: 'box', type: 'checkbox' }),
    createElement('div', { id: 'row', role: 'option', tabIndex: 0 }),
    createElement('button', { id: 'go', type: 'button' }),
  );
}

beforeEach(() => {
  pressed.mockClear();
  document.body.innerHTML = '<div id="root"></div>';
  root = createRoot(document.getElementById('root') as HTMLElement);
  act(() => root.render(createElement(Page)));
});
afterEach(() => act(() => root.unmount()));

const press = (key: string, target: EventTarget = document.body, more: KeyboardEventInit = {}) =>
  target.dispatchEvent(new KeyboardEvent('keydown', { key, bubbles: true, cancelable: true, ...more }));

it('hears a key anywhere on the page, in either case', () => {
  press('a');
  press('A');
  expect(pressed).toHaveBeenCalledTimes(2);
});

it('stays silent while somebody types or holds Ctrl', () => {
  press('a', document.getElementById('field') as HTMLElement);
  press('a', document.body, { ctrlKey: true });
  expect(pressed).not.toHaveBeenCalled();
});

it('works on a row that was clicked and beside a box that was marked', () => {
  press('Enter', document.getElementById('row') as HTMLElement);
  press('a', document.getElementById('box') as HTMLElement);
  expect(pressed).toHaveBeenCalledTimes(2);
});

it('leaves Enter to a focused button', () => {
  press('Enter', document.getElementById('go') as HTMLElement);
  expect(pressed).not.toHaveBeenCalled();
  press('Enter');
  expect(pressed).toHaveBeenCalledTimes(1);
});

it('stays silent under an open drawer', () => {
  document.body.insertAdjacentHTML('beforeend', '<div class="ant-drawer ant-drawer-open"></div>');
  press('a');
  expect(pressed).not.toHaveBeenCalled();
});
