// The queue of this browser's uploads, as values: every change is a pure function, so it can be tested without a network.

export type Status = 'waiting' | 'preparing' | 'running' | 'paused' | 'file-needed' | 'failed' | 'done';

/** What the bytes become. */
export type Target =
  | { kind: 'media'; owner: string; itemKind: string; access: 'public' | 'private'; tags: string[] }
  | { kind: 'image'; owner: string }
  | { kind: 'file'; owner: string }
  | { kind: 'object'; bucket: string; prefix: string };

export interface FileFacts {
  name: string;
  /** The path within the folder that was chosen; the name for a single file. */
  path: string;
  size: number;
  type: string;
  modified: number;
}

export interface Entry extends FileFacts {
  id: string;
  target: Target;
  status: Status;
  /** Bytes that the API has; while preparing, bytes that were read. */
  sent: number;
  /** The address of the upload, once the API has created it. */
  url: string | null;
  /** The media item that the upload belongs to. */
  mediaId: string | null;
  fault: { title: string; code: string; advice: string } | null;
  addedAt: number;
  endedAt: number | null;
}

export type Action =
  | { do: 'add'; entries: Entry[] }
  | { do: 'prepare'; id: string }
  | { do: 'prepared'; id: string; mediaId: string }
  | { do: 'start'; id: string }
  | { do: 'created'; id: string; url: string }
  | { do: 'progress'; id: string; sent: number }
  | { do: 'pause'; id: string }
  | { do: 'resume'; id: string }
  | { do: 'attach'; id: string }
  | { do: 'fail'; id: string; fault: NonNullable<Entry['fault']> }
  | { do: 'finish'; id: string; at: number }
  | { do: 'remove'; id: string }
  | { do: 'clear' };

const active = new Set<Status>(['waiting', 'preparing', 'running']);

export function reduce(queue: readonly Entry[], action: Action): Entry[] {
  if (action.do === 'add') return [...queue, ...action.entries];
  if (action.do === 'clear') return queue.filter((entry) => entry.status !== 'done');
  if (action.do === 'remove') return queue.filter((entry) => entry.id !== action.id);
  return queue.map((entry) => (entry.id === action.id ? change(entry, action) : entry));
}

function change(entry: Entry, action: Exclude<Action, { do: 'add' | 'clear' | 'remove' }>): Entry {
  switch (action.do) {
    case 'prepare':
      return entry.status === 'waiting' ? { ...entry, status: 'preparing', sent: 0 } : entry;
    case 'prepared':
      return entry.status === 'preparing' ? { ...entry, status: 'waiting', sent: 0, mediaId: action.mediaId } : { ...entry, mediaId: action.mediaId };
    case 'start':
      return entry.status === 'waiting' ? { ...entry, status: 'running', fault: null } : entry;
    case 'created':
      return { ...entry, url: action.url };
    case 'progress':
      // A late report of a request that was aborted must not move a paused upload.
      return entry.status === 'running' || entry.status === 'preparing' ? { ...entry, sent: Math.min(action.sent, entry.size) } : entry;
    case 'pause':
      return active.has(entry.status) ? { ...entry, status: 'paused' } : entry;
    case 'resume':
      return entry.status === 'paused' || entry.status === 'failed' ? { ...entry, status: 'waiting', fault: null } : entry;
    case 'attach':
      return entry.status === 'file-needed' ? { ...entry, status: 'waiting', fault: null } : entry;
    case 'fail':
      return entry.status === 'done' || entry.status === 'paused' ? entry : { ...entry, status: 'failed', fault: action.fault };
    case 'finish':
      return { ...entry, status: 'done', sent: entry.size, endedAt: action.at, fault: null };
  }
}

/** Chooses the entries to start, in their order, so that at most `parallel` are at work. */
export function nextToStart(queue: readonly Entry[], parallel: number): Entry[] {
  const busy = queue.filter((entry) => entry.status === 'running' || entry.status === 'preparing').length;
  return queue.filter((entry) => entry.status === 'waiting').slice(0, Math.max(0, parallel - busy));
}

/** Takes a stored queue back after a reload: the page has lost the files of all that is not done. */
export function restore(stored: readonly Entry[]): Entry[] {
  return stored.map((entry) => (entry.status === 'done' ? entry : { ...entry, status: 'file-needed', fault: null, sent: entry.url === null ? 0 : entry.sent }));
}

export const isSameFile = (one: FileFacts, other: FileFacts) =>
  one.name === other.name && one.size === other.size && one.modified === other.modified;

/** Pairs chosen files with entries that wait for theirs. The rest are new. */
export function match<F extends FileFacts>(queue: readonly Entry[], files: readonly F[]): { found: { id: string; file: F }[]; rest: F[] } {
  const waiting = queue.filter((entry) => entry.status === 'file-needed');
  const taken = new Set<string>();
  const found: { id: string; file: F }[] = [];
  const rest: F[] = [];
  for (const file of files) {
    const entry = waiting.find((each) => !taken.has(each.id) && isSameFile(each, file));
    if (entry === undefined) rest.push(file);
    else {
      taken.add(entry.id);
      found.push({ id: entry.id, file });
    }
  }
  return { found, rest };
}

export interface Totals {
  sent: number;
  size: number;
  active: number;
  done: number;
  failed: number;
  waitingForFile: number;
  paused: number;
}

export function totalsOf(queue: readonly Entry[]): Totals {
  const totals: Totals = { sent: 0, size: 0, active: 0, done: 0, failed: 0, waitingForFile: 0, paused: 0 };
  for (const entry of queue) {
    totals.size += entry.size;
    totals.sent += entry.status === 'preparing' ? 0 : entry.sent;
    if (active.has(entry.status)) totals.active += 1;
    else if (entry.status === 'done') totals.done += 1;
    else if (entry.status === 'failed') totals.failed += 1;
    else if (entry.status === 'file-needed') totals.waitingForFile += 1;
    else totals.paused += 1;
  }
  return totals;
}

/** The fields of `Upload-Metadata` for an entry. */
export function metadataOf(entry: Entry): Record<string, string> {
  const fields: Record<string, string> = { target: entry.target.kind, filename: entry.name };
  if (entry.type !== '') fields.filetype = entry.type;
  if (entry.target.kind === 'object') {
    fields.bucket = entry.target.bucket;
    fields.key = entry.target.prefix + entry.path;
  } else if (entry.target.owner !== '' && entry.target.kind !== 'media') fields.owner = entry.target.owner;
  if (entry.mediaId !== null) {
    fields.mediaId = entry.mediaId;
    fields.part = '1';
  }
  return fields;
}

/** Bytes per second over the latest seconds of progress. */
export class Speed {
  private readonly samples: { at: number; sent: number }[] = [];

  add(at: number, sent: number) {
    const last = this.samples.at(-1);
    if (last !== undefined && sent < last.sent) this.samples.length = 0;
    this.samples.push({ at, sent });
    while (this.samples.length > 2 && at - this.samples[0]!.at > 8_000) this.samples.shift();
  }

  get(now: number): number | null {
    const [first, last] = [this.samples[0], this.samples.at(-1)];
    if (first === undefined || last === undefined || last.at - first.at < 400) return null;
    // No progress for a while lowers the speed instead of keeping the old one.
    return ((last.sent - first.sent) / Math.max(last.at - first.at, now - first.at)) * 1000;
  }
}
