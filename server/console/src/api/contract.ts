// The shapes of the API as the console uses them: generated types under short names. Whatever stands
// below the line "not in the document yet" is to be replaced as soon as openapi.json carries it.
import type { IntakeSource, OrderKind, Urgency } from '@/i18n/words.gen';
import type { components } from './schema';

type Schemas = components['schemas'];

/** The server always sends every field, `null` when there is nothing; OpenAPI calls those optional. */
export type Whole<T> = T extends readonly (infer U)[]
  ? Whole<U>[]
  : T extends object
    ? { [K in keyof T]-?: Whole<Exclude<T[K], undefined>> }
    : T;

type Answer<N extends keyof Schemas> = Whole<Schemas[N]>;

export type Meta = Answer<'Meta'>;
export type FaultBody = Answer<'ErrorContent'>;
export type FieldFault = Answer<'FieldProblem'>;
export type Session = Answer<'SessionView'>;
export type SessionStaff = Answer<'SessionStaff'>;

export type OrderSummary = Answer<'OrderSummary'>;
export type CommandView = Answer<'CommandView'>;
export type EvidenceView = Answer<'EvidenceView'>;
export type OrderEvent = Answer<'EventView'>;
export type Candidate = Answer<'Candidate'>;
export type OrderCounts = Answer<'OrderCounts'>;
export type Personal = Answer<'Personal'>;
/** A dispatch decision; the stored candidates have today's shape. */
export type DispatchDecision = Omit<Answer<'DecisionView'>, 'candidates'> & { candidates: Candidate[] };
/** The order page; stored documents (decision, cost sheet) get their shapes here. */
export type OrderDetail = Omit<
  Answer<'OrderDetail'>,
  'match_detail' | 'cost_sheet' | 'dispatch_decisions'
> & {
  match_detail: TemplateDecision | null;
  cost_sheet: CostSheet | null;
  dispatch_decisions: DispatchDecision[];
};

export type StaffView = Answer<'StaffView'>;
export type DeviceView = Answer<'DeviceView'>;
export type AuditRow = Answer<'AuditView'>;
export type AuditVerdict = Answer<'Verdict'>;
export type Overview = Answer<'Overview'>;
export type KpiView = Answer<'KpiView'>;
export type KpiOrder = Answer<'KpiOrder'>;
export type SeriesPoint = Answer<'SeriesPoint'>;

export interface OrderQuery {
  state?: string;
  kind?: string;
  station_id?: string;
  area_id?: string;
  assignee_id?: string;
  urgency?: string;
  is_open?: boolean;
  overdue?: boolean;
  soon?: boolean;
  from_ms?: number;
  to_ms?: number;
  q?: string;
  sort?: 'due' | 'taken_in';
}

// ---- not in the document yet -------------------------------------------------------------------
export interface CostLine {
  code: string;
  name: string;
  name_en: string;
  unit: string;
  quantity_milli: number;
  unit_price_fen: number;
  amount_fen: number;
}
export interface CostSheet {
  price_list_version: string;
  sample: boolean;
  lines: CostLine[];
  total_fen: number;
}
export interface MatchedWord {
  word: string;
  start_char: number;
  weight: number;
  source: string;
}
export interface TemplateDecision {
  kind: OrderKind | null;
  template: string | null;
  score: number;
  words: MatchedWord[];
  runner_up: { template: string; score: number } | null;
  urgent: boolean;
  hazard_words: MatchedWord[];
  sentence: string;
}
export interface CustomerRow {
  id: string;
  account_number: string;
  account_name: string;
  contact_phone: string | null;
  supply_address: string;
  customer_class: string;
  supply_state: string;
  area_name: string;
  station_name: string;
  pole_number: string | null;
  meter_numbers: string[];
  arrears_fen: number;
  open_orders: number;
  match: { field: string; text: string } | null;
}
export interface CustomerDetail extends CustomerRow {
  meters: {
    id: string;
    meter_number: string;
    phases: number;
    multiplier: number;
    state: string;
    last_reading_wh: number | null;
    last_read_at_ms: number | null;
  }[];
  labels: { id: string; kind: string; state: string; text: string; issued_at_ms: number }[];
  bills: { bill_month: number; amount_fen: number; due_on: number; paid_at_ms: number | null }[];
  orders: {
    id: string;
    order_number: string;
    kind: OrderKind;
    state: OrderSummary['state'];
    taken_in_at_ms: number;
    due_at_ms: number | null;
  }[];
}
export interface IntakeCheck {
  customer: CustomerRow | null;
  code: string | null;
  message: string | null;
  message_en: string | null;
  open_orders: OrderSummary[];
  is_stopped_for_arrears: boolean;
  decision: TemplateDecision | null;
}
export interface IntakeRequest {
  account_number?: string;
  label_text?: string;
  caller_name?: string;
  contact_phone?: string;
  address?: string;
  content: string;
  source: IntakeSource;
  kind?: OrderKind;
  urgency?: Urgency;
  appointment_at_ms?: number;
}

export interface IntakeRecord {
  id: string;
  source: string;
  record_kind: string;
  source_key: string;
  state: 'used' | 'exception' | 'ignored' | 'refused';
  fault_code: string | null;
  message: string | null;
  attempts: number;
  received_at_ms: number;
  order_id: string | null;
  raw: unknown;
}

export interface ImportView {
  id: string;
  source: string;
  record_kind: string;
  file_name: string;
  state: 'running' | 'done' | 'failed';
  is_dry_run: boolean;
  rows_read: number;
  rows_written: number;
  rows_unchanged: number;
  rows_failed: number;
  bytes_read: number;
  bytes_total: number;
  fault_code: string | null;
  message: string | null;
  started_at_ms: number;
  finished_at_ms: number | null;
  started_by: string;
}

export interface ImportMapping {
  name: string;
  record_kind: string;
  zh: string;
  en: string;
}

export interface SourceView {
  source: string;
  table_name: string;
  last_key: string;
  polled_at_ms: number;
  fault_code: string | null;
}

export interface QuarantineView {
  id: string;
  device_id: string;
  staff_name: string;
  n: number;
  code: string;
  message: string;
  received_at_ms: number;
  resolved_at_ms: number | null;
  note: string | null;
}

export interface Station {
  id: string;
  code: string;
  name: string;
}

export interface TransformerArea {
  id: string;
  code: string;
  name: string;
  station_id: string;
  area_class: string;
  feeder_name: string;
}
