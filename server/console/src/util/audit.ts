// The audit log in words. The log itself keeps codes; a code that is not named here is shown as it is.
import type { TFunction } from 'i18next';

const ACTIONS = [
  'activated',
  'archived',
  'changed',
  'changed_password',
  'commands_taken',
  'consent_code_made',
  'created',
  'customer_looked_up',
  'deactivated',
  'device_enrolled',
  'device_retired',
  'dispatch_policy_changed',
  'enrol_code_issued',
  'enrol_code_used',
  'key_created',
  'key_revoked',
  'key_rotated',
  'label_reissued',
  'label_revoked',
  'quarantine_resolved',
  'quarantine_retried',
  'reset_password',
  'signed_in',
  'signed_out',
  'unmasked',
] as const;
export const SUBJECTS = [
  'work_order',
  'customer',
  'intake_record',
  'staff',
  'device',
  'label',
  'signing_key',
  'quarantine',
  'settings',
] as const;

export function actionName(action: string, t: TFunction): string {
  const known = ACTIONS.find((each) => each === action);
  return known === undefined ? action : t(`audit.action_${known}`);
}

export function subjectName(kind: string, t: TFunction): string {
  const known = SUBJECTS.find((each) => each === kind);
  return known === undefined ? kind : t(`audit.subject_${known}`);
}

/** `{"count":1,"last_n":15}` as `count 1 · last_n 15`; what is no plain object stays JSON. */
export function detailText(detail: unknown): string {
  if (typeof detail === 'string') return detail;
  if (typeof detail !== 'object' || detail === null || Array.isArray(detail)) return JSON.stringify(detail);
  return Object.entries(detail)
    .filter(([, value]) => value !== '' && value !== null)
    .map(([name, value]) => `${name} ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join(' · ');
}
