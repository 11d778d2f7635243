import { expect, it } from 'vitest';
import { Command } from '@/i18n/words.gen';
import { CONSOLE_COMMANDS, commandOf, orderCan, whyNot } from './orderCan';

const order = {
  allowed: ['dispatch'] as const,
  commands: [
    { command: 'dispatch' as const, is_allowed: true, why_not: null, why_not_en: null },
    {
      command: 'archive' as const,
      is_allowed: false,
      why_not: '凭证未到齐',
      why_not_en: 'Evidence is missing',
    },
  ],
};

it('asks the server’s answer and nothing else', () => {
  expect(orderCan(order, 'dispatch')).toBe(true);
  expect(orderCan(order, 'cancel')).toBe(false);
});

it('says why a button is off, and nothing when it is on or unknown to the role', () => {
  expect(whyNot(order, 'archive', true)).toBe('凭证未到齐');
  expect(whyNot(order, 'archive', false)).toBe('Evidence is missing');
  expect(whyNot(order, 'dispatch', true)).toBeNull();
  expect(whyNot(order, 'reject', true)).toBeNull();
  expect(commandOf(order, 'reject')).toBeUndefined();
});

it('offers every office and review command of the lifecycle once', () => {
  expect(new Set(CONSOLE_COMMANDS).size).toBe(CONSOLE_COMMANDS.length);
  for (const command of CONSOLE_COMMANDS) expect(command in Command).toBe(true);
});
