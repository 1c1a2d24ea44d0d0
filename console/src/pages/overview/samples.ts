import { useCallback, useEffect, useState } from 'react';
import type { Schemas } from '../../api/client';
import { useEvents, type OverviewEvent } from '../../api/live';

export interface Sample {
  /** Seconds since 1970. */
  time: number;
  requests: number;
  errors: number;
  bytesIn: number | null;
  bytesOut: number | null;
  p50: number | null;
  p95: number | null;
}

const kept = 300;

interface Totals {
  time: number;
  requests: number;
  errors: number;
}

export function totalsOf(response: Schemas['RequestsResponse'], time: number): Totals {
  let requests = 0;
  let errors = 0;
  for (const route of response.routes) {
    requests += route.count;
    for (const [status, count] of Object.entries(route.statuses)) {
      if (Number(status) >= 500) errors += Number(count);
    }
  }
  return { time, requests, errors };
}

/** The rates between two totals; null when the replica restarted, or another one answered. */
export function rateBetween(before: Totals, after: Totals): Sample | null {
  const seconds = after.time - before.time;
  if (seconds <= 0 || after.requests < before.requests) return null;
  return {
    time: after.time,
    requests: (after.requests - before.requests) / seconds,
    errors: Math.max(0, after.errors - before.errors) / seconds,
    bytesIn: null, bytesOut: null, p50: null, p95: null,
  };
}

/** The latest five minutes: from the stream, or from two readings of the counters while there is none. */
export function useSamples(requests: Schemas['RequestsResponse'] | undefined, readAt: number, isLive: boolean) {
  const [samples, setSamples] = useState<Sample[]>([]);
  const [event, setEvent] = useState<OverviewEvent | null>(null);
  const add = useCallback((sample: Sample) => setSamples((all) => [...all.slice(-kept + 1), sample]), []);

  useEvents<OverviewEvent>('overview', useCallback((next: OverviewEvent) => {
    setEvent(next);
    add({
      time: new Date(next.at).getTime() / 1000,
      requests: next.requestsPerSecond,
      errors: next.errorsPerSecond,
      bytesIn: next.bytesInPerSecond,
      bytesOut: next.bytesOutPerSecond,
      p50: next.p50Seconds,
      p95: next.p95Seconds,
    });
  }, [add]));

  const [last, setLast] = useState<{ replica: string; totals: Totals } | null>(null);
  useEffect(() => {
    if (requests === undefined) return;
    const totals = totalsOf(requests, readAt / 1000);
    const sample = !isLive && last !== null && last.replica === requests.replica ? rateBetween(last.totals, totals) : null;
    if (sample !== null) add(sample);
    setLast({ replica: requests.replica, totals });
    // A reading is one moment: only a new one counts.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [readAt]);

  return { samples, event };
}
