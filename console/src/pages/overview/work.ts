import type { Schemas } from '../../api/client';

/** A long work that runs now. */
export interface LongWork {
  id: string;
  name: string;
  state: string;
  done: number;
  total: number;
  isBytes: boolean;
  secondsLeft: number | null;
  /** What to say where there is nothing to do. */
  ofNothing?: string;
  to: string;
}

interface Sources {
  rebalance?: Schemas['RebalanceListResponse'];
  scrub?: Schemas['ScrubStatusResponse'];
  migration?: Schemas['ImageMigrationResponse'];
  integrity?: Schemas['IntegrityResponse'];
}

/** Collects the long works from the states that each page has too. */
export function longWork({ rebalance, scrub, migration, integrity }: Sources, now: number): LongWork[] {
  const all: LongWork[] = [];
  const current = rebalance?.current;
  if (current != null && (current.state === 'running' || current.state === 'paused')) {
    all.push({
      id: current.id, name: current.server === null ? 'Rebalance' : `Emptying ${current.server}`, state: current.state,
      done: current.bytesDone, total: current.bytes, isBytes: true, secondsLeft: current.estimatedSeconds ?? null, to: '/nodes',
    });
  }
  const run = scrub?.current;
  if (run != null) {
    all.push({
      id: run.id, name: run.trigger === 'schedule' || run.trigger === 'scheduled' ? 'Scheduled scrub' : 'Scrub', state: run.state,
      done: run.bytesExpected > 0 ? run.bytes : run.copies, total: run.bytesExpected > 0 ? run.bytesExpected : run.copiesExpected, isBytes: run.bytesExpected > 0,
      secondsLeft: run.estimatedEnd == null ? null : Math.max(0, (new Date(run.estimatedEnd).getTime() - now) / 1000), ofNothing: 'nothing was stored when it began', to: '/integrity',
    });
  }
  const move = migration?.migration;
  if (move != null && (move.state === 'running' || move.state === 'paused')) {
    all.push({
      id: move.id, name: `Moving images to ${move.to}`, state: move.state, done: move.doneBytes, total: move.totalBytes, isBytes: true,
      secondsLeft: move.secondsLeft ?? null, to: '/images',
    });
  }
  if (integrity?.walk.running === true) {
    all.push({
      id: 'walk', name: 'Walk over all chunks', state: 'running', done: integrity.walk.seen, total: Math.max(integrity.walk.seen, integrity.walk.lastSeen),
      isBytes: false, secondsLeft: null, to: '/integrity',
    });
  }
  return all;
}
