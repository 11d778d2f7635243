// Shapes of the API that shared-schema/openapi.json does not carry yet. Everything here is to be
// replaced by generated types as soon as the document has them; nothing else defines API shapes.
import type {
  Command,
  IntakeSource,
  OrderKind,
  OrderState,
  Permission,
  Role,
  Urgency,
} from '@/i18n/words.gen';

export interface Meta {
  next_cursor: string | null;
  total: number | null;
}

export interface FieldFault {
  field: string;
  message: string;
  message_en: string;
}
export interface FaultBody {
  code: string;
  message: string;
  message_en: string;
  detail: string | null;
  fields: FieldFault[];
  retryable: boolean;
}

export interface SessionStaff {
  id: string;
  login_name: string;
  display_name: string;
  role: Role;
  station_id: string | null;
  station_name: string | null;
}
export interface Session {
  staff: SessionStaff;
  permissions: Permission[];
  csrf_token: string;
}

export type WarnLevel = 0 | 1 | 2 | 3 | 4;

export interface OrderSummary {
  id: string;
  order_number: string;
  kind: OrderKind;
  subtype: string;
  state: OrderState;
  urgency: Urgency;
  is_hazard: boolean;
  content: string;
  account_number: string | null;
  account_name: string | null;
  address: string | null;
  area_id: string | null;
  area_name: string | null;
  station_id: string | null;
  station_name: string | null;
  assignee_id: string | null;
  assignee_name: string | null;
  taken_in_at_ms: number;
  arrive_due_at_ms: number | null;
  due_at_ms: number | null;
  promise: string | null;
  warn_level: number;
  source: IntakeSource;
  submitted_at_ms: number | null;
  evidence_expected: number;
  evidence_arrived: number;
  total_fen: number | null;
  satisfaction: string | null;
  version: number;
  allowed: Command[];
}

export interface CommandView {
  command: Command;
  zh: string;
  en: string;
  is_allowed: boolean;
  why_not: string | null;
  needs: string[];
}
export interface RecordValue {
  name: string;
  zh: string;
  en: string;
  unit: string | null;
  value: unknown;
  display: string;
}
export interface EvidenceView {
  sha256: string;
  slot: string;
  slot_name: string;
  kind: string;
  mime: string;
  size: number;
  taken_at_ms: number;
  has_arrived: boolean;
  is_imported: boolean;
  is_late: boolean;
}
export interface OrderEvent {
  seq: number;
  at_ms: number;
  occurred_at_ms: number;
  uncertainty_ms: number;
  actor_name: string;
  device_id: string | null;
  command: string;
  from_state: OrderState;
  to_state: OrderState;
  detail: unknown;
}
export interface RejectedCommand {
  device_id: string;
  n: number;
  code: string;
  message: string;
  received_at_ms: number;
}
export interface ReasonView {
  code: string;
  zh: string;
  en: string;
  points?: number;
}
export interface Candidate {
  staff_id: string;
  display_name: string;
  score: number;
  rank: number;
  is_eligible: boolean;
  distance_m: number | null;
  open_orders: number;
  is_on_duty: boolean;
  is_online: boolean;
  last_seen_at_ms: number | null;
  has_skill: boolean;
  in_jurisdiction: boolean;
  reasons: ReasonView[];
  blockers: ReasonView[];
}
export interface DispatchDecision {
  at_ms: number;
  mode: string;
  chosen_staff_id: string;
  chosen_name: string;
  decided_by: string;
  candidates: Candidate[];
}
export interface CallbackView {
  at_ms: number;
  by_name: string;
  is_reached: boolean;
  satisfaction: string | null;
  note: string | null;
}
export interface CostLine {
  code: string;
  name: string;
  unit: string;
  quantity_milli: number;
  unit_price_fen: number;
  amount_fen: number;
}
export interface CostSheet {
  lines: CostLine[];
  total_fen: number;
  price_list: string | null;
  is_sample: boolean;
}
export interface TemplateRunnerUp {
  template: string;
  kind: OrderKind | null;
  score: number;
}
export interface TemplateDecision {
  kind: OrderKind | null;
  template: string | null;
  score: number;
  words: string[];
  runner_up: TemplateRunnerUp | null;
  urgent: boolean;
}
export interface OrderDetail extends OrderSummary {
  contact_phone: string | null;
  meter_number: string | null;
  pole_number: string | null;
  place: { latitude_e6: number; longitude_e6: number } | null;
  template: string | null;
  match_detail: TemplateDecision | null;
  dispatch_note: string | null;
  reason: string | null;
  customer_id: string | null;
  appointment_at_ms: number | null;
  dispatched_at_ms: number | null;
  accepted_at_ms: number | null;
  departed_at_ms: number | null;
  arrived_at_ms: number | null;
  began_at_ms: number | null;
  finished_at_ms: number | null;
  approved_at_ms: number | null;
  archived_at_ms: number | null;
  place_proof: string | null;
  consent_proof: string | null;
  record: RecordValue[];
  cost_sheet: CostSheet | null;
  evidence: EvidenceView[];
  events: OrderEvent[];
  rejected_commands: RejectedCommand[];
  dispatch_decisions: DispatchDecision[];
  callbacks: CallbackView[];
  commands: CommandView[];
  card: { id: string; version: number; title: string } | null;
  archive_hash: string | null;
}
export interface OrderCounts {
  by_state: Partial<Record<OrderState, number>>;
  overdue: number;
  soon: number;
  hazard: number;
  unassigned: number;
}
export interface Personal {
  account_name: string | null;
  contact_phone: string | null;
  address: string | null;
}

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
export interface IntakeCheck {
  customer: CustomerRow | null;
  code: string | null;
  message: string | null;
  open_orders: OrderSummary[];
  is_stopped_for_arrears: boolean;
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

export interface CustomerRow {
  id: string;
  account_number: string;
  account_name: string;
  contact_phone: string | null;
  supply_address: string;
  customer_class: string;
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
  labels: { id: string; kind: string; state: string; label_text: string; issued_at_ms: number }[];
  bills: { id: string; bill_month: number; amount_fen: number; due_on: number; paid_at_ms: number | null }[];
  orders: OrderSummary[];
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
export interface StaffView {
  id: string;
  login_name: string;
  display_name: string;
  role: Role;
  station_id: string | null;
  station_name: string | null;
  skills: OrderKind[];
  contact_phone: string | null;
  is_active: boolean;
  is_on_duty: boolean;
  version: number;
  open_orders: number;
  last_seen_at_ms: number | null;
  areas: { id: string; name: string }[];
}
export interface DeviceView {
  id: string;
  staff_id: string;
  staff_name: string;
  model: string;
  os_version: string;
  app_version: string;
  state: 'active' | 'retired';
  enrolled_at_ms: number;
  last_seen_at_ms: number | null;
  last_synced_at_ms: number | null;
  net_class: string | null;
  pending_commands: number;
  pending_files: number;
  clock_offset_ms: number | null;
  is_online: boolean;
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
export interface AuditRow {
  seq: number;
  at_ms: number;
  actor_id: string;
  actor_name: string;
  action: string;
  subject_kind: string;
  subject_id: string;
  detail: unknown;
  hash: string;
}

export interface TrendDay {
  day: number;
  taken_in: number;
  archived: number;
  overdue: number;
}
export interface Overview {
  by_state: Partial<Record<OrderState, number>>;
  by_kind: Partial<Record<OrderKind, number>>;
  overdue: OrderSummary[];
  hazard: OrderSummary[];
  staff_online: number;
  staff_on_duty: number;
  exceptions: number;
  review_waiting: number;
  today: { taken_in: number; submitted: number; archived: number };
  trend: TrendDay[];
}
export interface KpiView {
  kpi: string;
  zh: string;
  en: string;
  unit: string;
  numerator: number;
  denominator: number;
  value: number | null;
  formula_zh: string;
  formula_en: string;
  previous_value: number | null;
}
export interface KpiOrder extends OrderSummary {
  counted_in: string;
  why: string | null;
}
export interface SeriesPoint {
  key: string;
  label: string;
  numerator: number;
  denominator: number;
  value: number | null;
}
