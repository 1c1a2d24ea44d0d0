import { queryOptions } from '@tanstack/react-query';
import { send } from './client';
import { Problem } from './problem';

export interface SignIn {
  openIdConnect: { name: string; address: string } | null;
}

export interface Session {
  name: string;
  owner: string | null;
  scopes: string[];
  expiresAt: string | null;
  /** Whether this address serves the routes of operators, and the session may use them. */
  administration: boolean;
  signIn: SignIn;
}

export type SessionState = { session: Session; signIn: SignIn } | { session: null; signIn: SignIn };

/** The session of this browser; `session` is null when nobody is signed in. */
export const sessionQuery = queryOptions({
  queryKey: ['session'],
  queryFn: async ({ signal }): Promise<SessionState> => {
    try {
      const session = await send<Session>('GET', '/console/session', { signal });
      return { session, signIn: session.signIn };
    } catch (error) {
      if (error instanceof Problem && error.status === 401) {
        const signIn = (error.document.signIn ?? { openIdConnect: null }) as SignIn;
        return { session: null, signIn };
      }
      throw error;
    }
  },
  staleTime: 60_000,
});

export const signIn = (key: string) => send<void>('POST', '/console/session', { body: { key } });
export const signOut = () => send<void>('DELETE', '/console/session');

/** Whether a session has a scope; `media:read` is included in `read`. */
export function mayUse(session: Session, scope: string): boolean {
  if (scope === 'admin') return session.administration;
  return session.scopes.includes(scope) || session.scopes.includes(scope.split(':')[1] ?? scope);
}
