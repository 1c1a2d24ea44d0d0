import type { UseQueryResult } from '@tanstack/react-query';
import type { ReactNode } from 'react';
import { adviceFor, Problem, Unreachable } from '../api/problem';
import { Icon, type IconName } from './icons';
import { Button } from './parts';

interface EmptyState { icon: IconName; title: string; children?: ReactNode; action?: ReactNode; heading?: 'h1' | 'h2' }

export function Empty({ icon, title, children, action, heading: Heading = 'h2' }: EmptyState) {
  return (
    <div className="state">
      <div className="art"><Icon name={icon} /></div>
      <Heading>{title}</Heading>
      {children !== undefined && <p>{children}</p>}
      {action !== undefined && <div className="row">{action}</div>}
    </div>
  );
}

/** Says what failed, its code, and what to do. */
export function Fault({ error, onRetry }: { error: unknown; onRetry?: () => void }) {
  const isOffline = error instanceof Unreachable;
  const title = error instanceof Problem ? error.title : error instanceof Unreachable ? 'The API does not respond' : 'Something went wrong in this page';
  return (
    <div className="state fault" role="alert">
      <div className="art"><Icon name={isOffline ? 'offline' : 'warning'} /></div>
      <h2>{title}</h2>
      {error instanceof Problem && error.detail !== '' && <p>{error.detail}</p>}
      {!(error instanceof Problem) && !isOffline && error instanceof Error && <p>{error.message}</p>}
      <p>{adviceFor(error)}</p>
      {error instanceof Problem && <p className="small"><code>{error.status} {error.code}</code></p>}
      {onRetry !== undefined && <div className="row"><Button icon="retry" onClick={onRetry}>Try again</Button></div>}
    </div>
  );
}

/** A failure within a form or a panel, in one line. */
export function FaultNotice({ error }: { error: unknown }) {
  const problem = error instanceof Problem ? error : null;
  return (
    <div className="notice bad" role="alert">
      <Icon name="warning" />
      <div>
        <strong>{problem?.title ?? (error instanceof Error ? error.message : 'It failed.')}</strong> {problem?.detail} {adviceFor(error)}
        {problem !== null && <> <code>{problem.code}</code></>}
      </div>
    </div>
  );
}

export function Bones({ rows = 5, height = 18 }: { rows?: number; height?: number }) {
  return (
    <div className="stack" role="status" aria-label="Loading" style={{ padding: 16 }}>
      {Array.from({ length: rows }, (_, index) => (
        <div key={index} className="bone" style={{ height, width: `${100 - ((index * 17) % 40)}%` }} />
      ))}
    </div>
  );
}

/** The states of a query: loading, failed, or its data. Old data stays visible while a reload fails. */
export function Loaded<T>({ query, children, rows }: { query: UseQueryResult<T>; children: (data: T) => ReactNode; rows?: number }) {
  if (query.data !== undefined) return <>{children(query.data)}</>;
  if (query.isError) return <Fault error={query.error} onRetry={() => void query.refetch()} />;
  return <Bones rows={rows} />;
}
