// The shapes of the API as the console uses them: generated types under short names. Whatever stands
// below the line "stored documents" is JSON that the API passes through without a schema.
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
export type LabelRow = Answer<'LabelRow'>;
export type LabelPage = Answer<'LabelPage'>;
export type LabelSheet = Answer<'SheetView'>;
export type DispatchPolicy = Answer<'DispatchPolicy'>;
export type OrderCounts = Answer<'OrderCounts'>;
export type Personal = Answer<'Personal'>;
export type SavedView = Answer<'SavedView'>;
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

export type ReviewItem = Answer<'ReviewItem'>;
export type TemplateDecision = Answer<'Decision'>;

export type CustomerRow = Answer<'CustomerView'>;
export type CustomerDetail = Answer<'CustomerPage'>;
export type Station = Answer<'StationView'>;
export type TransformerArea = Answer<'AreaView'>;
export type IntakeCheck = Answer<'CheckAnswer'>;
export type IntakeRequest = Schemas['RequestBody'];
export type IntakeRecord = Omit<Answer<'RecordView'>, 'raw'> & { raw: unknown };
export type QuarantineView = Answer<'QuarantineView'>;

export type ImportView = Answer<'ImportView'>;
export type ImportMapping = Answer<'MappingView'>;
export type SourceView = Answer<'SourceView'>;

export type StaffView = Answer<'StaffView'>;
export type DeviceView = Answer<'DeviceView'>;
export type EnrolCode = Answer<'EnrolCodeView'>;
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

// ---- stored documents ----------------------------------------------------------------------------
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
