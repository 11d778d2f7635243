// What may be done with an order now. The server decides (`allowed`, `commands`); this file only
// asks those answers and picks the reason to show on a disabled button.
import type { Command } from '@/i18n/words.gen';

interface CommandView {
  command: Command;
  is_allowed: boolean;
  why_not: string | null;
  why_not_en: string | null;
}

/** Whether the list row offers the command. */
export function orderCan(order: { allowed: readonly Command[] }, command: Command): boolean {
  return order.allowed.includes(command);
}

/** The command's entry on the order page; `undefined` when this role never sees it. */
export function commandOf<T extends CommandView>(
  order: { commands: readonly T[] },
  command: Command,
): T | undefined {
  return order.commands.find((entry) => entry.command === command);
}

/** Why a button is disabled; `null` when it may be pressed. */
export function whyNot(
  order: { commands: readonly CommandView[] },
  command: Command,
  isChinese: boolean,
): string | null {
  const entry = commandOf(order, command);
  return entry === undefined ? null : whyClosed(entry, isChinese);
}

/** The same for one entry. */
export function whyClosed(entry: CommandView, isChinese: boolean): string | null {
  if (entry.is_allowed) return null;
  return (isChinese ? entry.why_not : entry.why_not_en) ?? entry.command;
}

/** Commands the office gives at the console, in the order buttons stand: the likeliest first. */
export const CONSOLE_COMMANDS: readonly Command[] = [
  'dispatch',
  'approve',
  'archive',
  'reject',
  'call_back',
  'reassign',
  'recall',
  'urge',
  'edit',
  'waive_evidence',
  'restore',
  'cancel',
];
