import { useEffect, useSyncExternalStore } from 'react';

// The server-sent events of /console/events. One connection serves all pages.

/** A part of the system and its health. */
export interface Health {
  name: string;
  status: string;
  description?: string | null;
}

/** The state of the whole, each second. Rates are per second, of the last second, over all replicas that the API knows. */
export interface OverviewEvent {
  at: string;
  requestsPerSecond: number;
  errorsPerSecond: number;
  bytesInPerSecond: number;
  bytesOutPerSecond: number;
  /** Seconds; null when no request ended. */
  p50Seconds: number | null;
  p95Seconds: number | null;
  usedBytes: number;
  availableBytes: number;
  health: Health[];
}

export type Connection = 'connecting' | 'open' | 'closed';

type Listener = (data: unknown) => void;
const listeners = new Map<string, Set<Listener>>();
const watchers = new Set<() => void>();
let source: EventSource | null = null;
let connection: Connection = 'closed';
let retry = 0;
let failures = 0;

function change(next: Connection) {
  connection = next;
  watchers.forEach((watcher) => watcher());
}

function connect() {
  window.clearTimeout(retry);
  if (source !== null) return;
  change('connecting');
  const opened = new EventSource('/console/events');
  source = opened;
  opened.onopen = () => {
    failures = 0;
    change('open');
  };
  opened.onerror = () => {
    // The browser's own retries end at the first response that is not a stream; these do not.
    opened.close();
    source = null;
    failures += 1;
    change('closed');
    if (listeners.size > 0) retry = window.setTimeout(connect, Math.min(30_000, 1000 * 2 ** Math.min(failures, 5)));
  };
  for (const name of listeners.keys()) listen(opened, name);
}

function listen(to: EventSource, name: string) {
  to.addEventListener(name, (event) => {
    const data = JSON.parse((event as MessageEvent<string>).data) as { unavailable?: boolean };
    // The database or Redis does not respond; the pages' own requests tell why.
    if (data.unavailable === true) return;
    listeners.get(name)?.forEach((listener) => listener(data));
  });
}

function subscribe(name: string, listener: Listener) {
  const all = listeners.get(name);
  if (all === undefined) {
    listeners.set(name, new Set([listener]));
    if (source !== null) listen(source, name);
  } else all.add(listener);
  connect();
  return () => {
    listeners.get(name)?.delete(listener);
  };
}

/** Closes the stream, for example when the session ends. */
export function disconnect() {
  window.clearTimeout(retry);
  source?.close();
  source = null;
  change('closed');
}

export const useConnection = (): Connection => useSyncExternalStore(
  (watcher) => {
    watchers.add(watcher);
    return () => watchers.delete(watcher);
  },
  () => connection,
);

/** Calls a function with each event of a name. */
export function useEvents<T>(name: string, handle: (data: T) => void) {
  useEffect(() => subscribe(name, handle as Listener), [name, handle]);
}

