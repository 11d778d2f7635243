// Intake: checking a customer, taking a request in, template decisions, exceptions, imports, sources.
import { get, post, queryString, request } from './client';
import type {
  ImportMapping,
  ImportView,
  IntakeCheck,
  IntakeRecord,
  IntakeRequest,
  Meta,
  OrderDetail,
  QuarantineView,
  SourceView,
  TemplateDecision,
} from './contract';

export const checkCustomer = (key: { account_number?: string; label_text?: string }) =>
  post<IntakeCheck>('/v1/intake/check', key);

export const takeIn = (body: IntakeRequest) =>
  post<{ work_order: OrderDetail; decision: TemplateDecision }>('/v1/intake/requests', body);

export const tryTemplate = async (text: string): Promise<TemplateDecision> =>
  (await post<{ decision: TemplateDecision }>('/v1/templates/try', { text })).decision;

export const listIntakeRecords = (query: { state?: string }, cursor: string | null) =>
  get<{ intake_records: IntakeRecord[]; meta: Meta }>('/v1/intake_records', { ...query, limit: 50, cursor });

export const retryRecord = (id: string) => post<unknown>(`/v1/intake_records/${id}/retry`);
/** The record as it came, telephones in clear. */
export const unmaskRecord = async (id: string, reason: string): Promise<unknown> =>
  (await post<{ raw: unknown }>(`/v1/intake_records/${id}/unmask`, { reason })).raw;
export const ignoreRecord = (id: string, reason: string) =>
  post<unknown>(`/v1/intake_records/${id}/ignore`, { reason });
export const assignRecord = (id: string, fields: { account_number?: string; kind?: string }) =>
  post<unknown>(`/v1/intake_records/${id}/assign`, fields);

export const listImports = async (): Promise<ImportView[]> =>
  (await get<{ imports: ImportView[] }>('/v1/imports')).imports;
export const listMappings = async (): Promise<ImportMapping[]> =>
  (await get<{ import_mappings: ImportMapping[] }>('/v1/import_mappings')).import_mappings;
export const listSources = async (): Promise<SourceView[]> =>
  (await get<{ sources: SourceView[] }>('/v1/sources')).sources;

export interface ImportOptions {
  record_kind: string;
  mapping: string;
  dry_run: boolean;
}
export const startImport = async (file: File, options: ImportOptions): Promise<ImportView> => {
  const query = queryString({ ...options, file_name: file.name });
  return (await request<{ import: ImportView }>('POST', `/v1/imports${query}`, { raw: file })).import;
};

export const listQuarantine = (cursor: string | null) =>
  get<{ quarantine: QuarantineView[]; meta: Meta }>('/v1/quarantine', { limit: 50, cursor });
export const resolveQuarantine = (id: string, note: string) =>
  post<unknown>(`/v1/quarantine/${id}/resolve`, { note });
export const retryQuarantine = (id: string) => post<unknown>(`/v1/quarantine/${id}/retry`);
