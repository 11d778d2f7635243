// The shipped catalogues: the very data the server decides by, passed through as JSON. Their shapes are
// named here because the API document leaves them open.
import type {
  AreaClass,
  CardStage,
  Command,
  CustomerClass,
  FieldKind,
  LineKind,
  OrderKind,
  OrderState,
  Role,
  Stage,
  Statistic,
} from '@/i18n/words.gen';
import { get, put } from './client';
import type { DispatchPolicy } from './contract';

export interface Text {
  zh: string;
  en: string;
}
export interface CodeText extends Text {
  code: string;
}
export interface Transition extends Text {
  command: Command;
  from: OrderState[];
  next: OrderState | null;
  roles: Role[];
  needs: CodeText[];
}
export interface FaultEntry extends Text {
  code: string;
  retryable: boolean;
  owner: string;
}
export interface FormField extends Text {
  name: string;
  kind: FieldKind;
  unit: string;
  required: boolean;
  choices: (Text & { value: string })[];
}
export interface RecordForm {
  version: number;
  source: string;
  sample: boolean;
  fields: FormField[];
}
export interface EvidenceDemand extends Text {
  slot: string;
  kind: string;
  min_count: number;
  source: string;
}
export interface CardItem {
  code: string;
  quantity_milli: number;
  optional: boolean;
}
export interface OperationCard {
  id: string;
  version: number;
  kind: OrderKind;
  title: Text;
  scope: Text;
  references: string[];
  crew: { min_people: number; qualifications: Text[] };
  materials: CardItem[];
  tools: CardItem[];
  hazards: { name: Text; action: Text; method: Text; standard: Text }[];
  steps: { no: number; stage: CardStage; text: Text; standard: Text }[];
  source: string;
  sample: boolean;
}
export interface PricedItem extends Text {
  code: string;
  unit: string;
  spec: string;
  line_kind: LineKind;
  unit_price_fen: number;
  sample: boolean;
}
export interface PriceCatalogue {
  lists: {
    version: string;
    valid_from_day: number;
    valid_to_day: number | null;
    basis: string;
    sample: boolean;
  }[];
  items: PricedItem[];
  forbidden: (Text & { code: string; source: string })[];
}
export interface ServiceLimit extends Text {
  id: string;
  version: number;
  region: string;
  kind: OrderKind;
  subtype: string | null;
  topic_zh: string;
  topic_en: string;
  stage: Stage;
  area_class: AreaClass | null;
  customer_class: CustomerClass | null;
  statistic: Statistic;
  valid_from_day: number;
  valid_to_day: number | null;
  source: string;
  sample: boolean;
}
export interface RoleEntry extends Text {
  role: Role;
  permissions: CodeText[];
}

export interface Catalogues {
  lifecycle: Transition[];
  fault_codes: FaultEntry[];
  record_forms: Partial<Record<OrderKind, RecordForm>>;
  evidence_requirements: Partial<Record<OrderKind, EvidenceDemand[]>>;
  operation_cards: OperationCard[];
  price_list: PriceCatalogue;
  service_limits: ServiceLimit[];
  permissions: RoleEntry[];
}

export const readCatalogue = async <N extends keyof Catalogues>(name: N): Promise<Catalogues[N]> =>
  (await get<{ catalogue: { entries: Catalogues[N] } }>(`/v1/catalogues/${name}`)).catalogue.entries;

export const readDispatchPolicy = async (): Promise<DispatchPolicy> =>
  (await get<{ dispatch_policy: DispatchPolicy }>('/v1/dispatch_policy')).dispatch_policy;
export const changeDispatchPolicy = async (policy: DispatchPolicy): Promise<DispatchPolicy> =>
  (await put<{ dispatch_policy: DispatchPolicy }>('/v1/dispatch_policy', policy)).dispatch_policy;
