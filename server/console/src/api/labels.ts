// Labels: archive, re-issue, revoke, print; one-time consent codes.
import { get, post, postForFile } from './client';
import type { LabelPage, LabelRow, LabelSheet, Meta } from './contract';

export interface LabelQuery {
  kind?: string;
  state?: string;
  grade?: string;
  number?: string;
  station_id?: string;
  area_id?: string;
  is_unprinted?: boolean;
}

export const listLabels = (query: LabelQuery, cursor: string | null, signal?: AbortSignal) =>
  get<{ labels: LabelRow[]; meta: Meta }>('/v1/labels', { ...query, limit: 50, cursor }, signal);
export const readLabel = async (id: string): Promise<LabelPage> =>
  (await get<{ label: LabelPage }>(`/v1/labels/${id}`)).label;
export const listSheets = async (): Promise<LabelSheet[]> =>
  (await get<{ label_sheets: LabelSheet[] }>('/v1/label_sheets')).label_sheets;
export const symbolPath = (id: string, format: 'svg' | 'png', dpi: number) =>
  `/v1/labels/${id}/symbol?format=${format}&dpi=${dpi}`;

export const reissueLabel = async (id: string, reason: string): Promise<LabelPage> =>
  (await post<{ label: LabelPage }>(`/v1/labels/${id}/reissue`, { reason })).label;
export const revokeLabel = async (id: string, reason: string, isReplaced: boolean): Promise<LabelPage> =>
  (await post<{ label: LabelPage }>(`/v1/labels/${id}/revoke`, { reason, is_replaced: isReplaced })).label;

export const PLACE_KINDS = ['meter_box', 'pole', 'transformer_area'] as const;
export type PlaceKind = (typeof PLACE_KINDS)[number];
export interface NewPlace {
  kind: PlaceKind;
  number: string;
  area_code: string;
  meter_numbers: string[];
}
export const createPlace = (place: NewPlace) => post<unknown>('/v1/label_places', place);

export interface PrintOrder {
  label_ids: string[];
  filter: (LabelQuery & { limit: number }) | null;
  sheet: string;
  dpi: number;
  is_reprint: boolean;
}
export const printLabels = (order: PrintOrder): Promise<Blob> => postForFile('/v1/labels/print', order);

export interface ConsentCode {
  step: 'arrival' | 'closing';
  link_path: string;
  sms_text: string;
  is_sent: boolean;
  expires_at_ms: number;
}
export const sendConsentCode = async (orderId: string, step: 'arrival' | 'closing'): Promise<ConsentCode> =>
  (await post<{ consent_code: ConsentCode }>(`/v1/work_orders/${orderId}/consent_codes`, { step }))
    .consent_code;
