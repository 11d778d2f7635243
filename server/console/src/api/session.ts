// Signing in and out, first-run set-up, own password.
import { del, get, post, put, setCsrfToken } from './client';
import type { Session } from './contract';

function remember(session: Session): Session {
  setCsrfToken(session.csrf_token);
  return session;
}

export const currentSession = async (): Promise<Session> =>
  remember((await get<{ session: Session }>('/v1/sessions/current')).session);

export const signIn = async (loginName: string, password: string): Promise<Session> =>
  remember((await post<{ session: Session }>('/v1/sessions', { login_name: loginName, password })).session);

export async function signOut(): Promise<void> {
  await del<void>('/v1/sessions/current');
  setCsrfToken(null);
}

export const setupNeeded = async (): Promise<boolean> =>
  (await get<{ setup: { is_needed: boolean } }>('/v1/setup')).setup.is_needed;

export interface FirstAdministrator {
  token: string;
  login_name: string;
  display_name: string;
  password: string;
}
export const setUp = (administrator: FirstAdministrator): Promise<unknown> =>
  post('/v1/setup', administrator);

export const changePassword = (oldPassword: string, newPassword: string): Promise<void> =>
  put('/v1/staff/me/password', { old_password: oldPassword, new_password: newPassword });
