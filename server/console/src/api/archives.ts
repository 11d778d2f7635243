// Archives: customers, stations, transformer areas, staff, devices, audit, catalogues.
import { find, get, post, patch as send } from './client';
import type {
  AuditRow,
  AuditVerdict,
  CustomerDetail,
  CustomerRow,
  DeviceView,
  EnrolCode,
  Meta,
  Personal,
  StaffView,
  Station,
  TransformerArea,
} from './contract';

export interface CustomerQuery {
  q?: string;
  station_id?: string;
  area_id?: string;
}
export const listCustomers = (
  { q, ...query }: CustomerQuery,
  cursor: string | null,
  signal?: AbortSignal,
  limit = 50,
) => find<{ customers: CustomerRow[]; meta: Meta }>('/v1/customers', q, { ...query, limit, cursor }, signal);
export const readCustomer = async (id: string): Promise<CustomerDetail> =>
  (await get<{ customer: CustomerDetail }>(`/v1/customers/${id}`)).customer;
export const unmaskCustomer = async (id: string, reason: string): Promise<Personal> =>
  (await post<{ personal: Personal }>(`/v1/customers/${id}/unmask`, { reason })).personal;

export const listStations = async (): Promise<Station[]> =>
  (await get<{ stations: Station[] }>('/v1/stations')).stations;
export const listAreas = async (stationId?: string): Promise<TransformerArea[]> =>
  (await get<{ transformer_areas: TransformerArea[] }>('/v1/transformer_areas', { station_id: stationId }))
    .transformer_areas;

export interface StaffQuery {
  q?: string;
  role?: string;
  station_id?: string;
}
/** Everybody at once: a county has some hundreds of people, the board and the page need them all. */
export async function listStaff({ q, ...query }: StaffQuery = {}): Promise<StaffView[]> {
  const people: StaffView[] = [];
  let cursor: string | null = null;
  do {
    const page: { staff: StaffView[]; meta: Meta } = await find('/v1/staff', q, {
      ...query,
      limit: 200,
      cursor,
    });
    people.push(...page.staff);
    cursor = page.meta.next_cursor;
  } while (cursor !== null);
  return people;
}

export interface StaffDraft {
  login_name?: string;
  display_name?: string;
  role?: string;
  station_id?: string | null;
  skills?: string[];
  contact_phone?: string | null;
  password?: string;
  is_active?: boolean;
  is_on_duty?: boolean;
  area_ids?: string[];
}
export const addStaff = (draft: StaffDraft) => post<unknown>('/v1/staff', draft);
export const changeStaff = (id: string, draft: StaffDraft & { version: number }) =>
  send<unknown>(`/v1/staff/${id}`, draft);
/** The server makes the new password; it is in this answer only. */
export const resetPassword = async (id: string): Promise<string> =>
  (await post<{ password: string }>(`/v1/staff/${id}/reset_password`)).password;

export const listDevices = async (): Promise<DeviceView[]> =>
  (await get<{ devices: DeviceView[] }>('/v1/devices')).devices;
/** A one-time code for the phone of an electrician; phones reach the server where the console does. */
export const issueEnrolCode = async (staffId: string): Promise<EnrolCode> => {
  const question = { staff_id: staffId, server_url: window.location.origin };
  return (await post<{ enrol_code: EnrolCode }>('/v1/devices/enrol_codes', question)).enrol_code;
};
export const retireDevice = (id: string) => post<unknown>(`/v1/devices/${id}/retire`);

export const listAudit = (
  query: { subject_kind?: string; subject_id?: string; actor_id?: string },
  cursor: string | null,
) => get<{ audit: AuditRow[]; meta: Meta }>('/v1/audit', { ...query, limit: 50, cursor });
export const verifyAudit = () => get<{ verdict: AuditVerdict }>('/v1/audit/verify');
