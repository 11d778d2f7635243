// Who is signed in and what he may do. Pages ask `useSession()`; the frame decides what to show when
// nobody is.
import { useQuery, useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useCallback, useContext, useEffect, useMemo } from 'react';
import { setSignedOutHandler } from '@/api/client';
import type { Session } from '@/api/contract';
import { ApiProblem } from '@/api/errors';
import { keys } from '@/api/keys';
import { currentSession, signOut } from '@/api/session';
import type { Permission } from '@/i18n/words.gen';

interface SessionState {
  session: Session | null;
  isLoading: boolean;
  failure: unknown;
  begin: (session: Session) => void;
  end: () => Promise<void>;
}

const Context = createContext<SessionState | null>(null);

async function sessionOrNobody(): Promise<Session | null> {
  try {
    return await currentSession();
  } catch (problem) {
    if (problem instanceof ApiProblem && problem.status === 401) return null;
    throw problem;
  }
}

export function SessionProvider({ children }: { children: ReactNode }) {
  const client = useQueryClient();
  const query = useQuery({
    queryKey: keys.session,
    queryFn: sessionOrNobody,
    staleTime: Number.POSITIVE_INFINITY,
    gcTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  const begin = useCallback(
    (session: Session) => {
      client.removeQueries({ predicate: (entry) => entry.queryKey[0] !== keys.session[0] });
      client.setQueryData(keys.session, session);
    },
    [client],
  );
  const forget = useCallback(() => {
    client.removeQueries({ predicate: (entry) => entry.queryKey[0] !== keys.session[0] });
    client.setQueryData(keys.session, null);
  }, [client]);
  const end = useCallback(async () => {
    await signOut();
    forget();
  }, [forget]);
  useEffect(() => {
    setSignedOutHandler(forget);
    return () => setSignedOutHandler(() => {});
  }, [forget]);
  const state = useMemo<SessionState>(
    () => ({ session: query.data ?? null, isLoading: query.isPending, failure: query.error, begin, end }),
    [query.data, query.isPending, query.error, begin, end],
  );
  return <Context.Provider value={state}>{children}</Context.Provider>;
}

export function useSessionState(): SessionState {
  const state = useContext(Context);
  if (state === null) throw new Error('useSessionState outside SessionProvider');
  return state;
}

/** The session of the person working; only below the signed-in frame. */
export function useSession(): Session {
  const { session } = useSessionState();
  if (session === null) throw new Error('useSession without a session');
  return session;
}

/** Whether the person may do it. The server checks again; this only hides what cannot work. */
export function useMay(): (permission: Permission) => boolean {
  const { session } = useSessionState();
  return useCallback((permission) => session?.permissions.includes(permission) ?? false, [session]);
}
