import { useSyncExternalStore } from 'react';
import type { DetailedError, Upload } from 'tus-js-client';
import { post } from '../api/client';
import { adviceFor, Problem } from '../api/problem';
import { forgetHandle, handleOf, keepHandle } from './handles';
import { match, metadataOf, nextToStart, reduce, restore, Speed, type Action, type Entry, type FileFacts, type Target } from './queue';

const storage = 'mediaaspire.uploads';
const parallel = 3;
// A restart of the API takes some seconds, one of the machine minutes. After the last delay the upload waits for a person.
const delays = [0, 500, 1_000, 2_000, 4_000, 8_000, 15_000, 30_000, 30_000, 60_000, 60_000, 60_000];

// crypto.randomUUID exists on secure addresses only, and the console may be reached over plain HTTP.
const newId = () => Array.from(crypto.getRandomValues(new Uint8Array(12)), (byte) => byte.toString(16).padStart(2, '0')).join('');

/** A chosen file with its path, and, in browsers that have them, the handle by which a later page can open it again. */
export interface Chosen extends FileFacts {
  file: File;
  handle?: FileSystemFileHandle;
}

export const chosen = (file: File, path?: string, handle?: FileSystemFileHandle): Chosen => ({
  file, handle, name: file.name, path: path ?? (file.webkitRelativePath === '' ? file.name : file.webkitRelativePath), size: file.size,
  type: file.type, modified: file.lastModified,
});

/** The uploads of this browser. One instance serves all pages. */
class Uploader {
  private queue: Entry[] = read();
  private readonly files = new Map<string, File>();
  private readonly uploads = new Map<string, Upload>();
  private readonly workers = new Map<string, Worker>();
  private readonly speeds = new Map<string, Speed>();
  private readonly watchers = new Set<() => void>();
  private readonly doneWatchers = new Set<(entry: Entry) => void>();
  private saving = 0;

  constructor() {
    window.addEventListener('beforeunload', () => this.save());
    void this.reopen();
  }

  readonly subscribe = (watcher: () => void) => {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  };

  readonly get = () => this.queue;

  /** Calls a function when an upload is done. */
  readonly onDone = (watcher: (entry: Entry) => void) => {
    this.doneWatchers.add(watcher);
    return () => void this.doneWatchers.delete(watcher);
  };

  speedOf(id: string): number | null {
    return this.speeds.get(id)?.get(Date.now()) ?? null;
  }

  /** Adds files. Those that an interrupted upload waits for continue it, whatever the target. Returns the number of continued ones. */
  add(files: readonly Chosen[], target: Target): number {
    const { found, rest } = match(this.queue, files);
    for (const { id, file } of found) this.attach(id, file.file);
    const entries = rest.map((file): Entry => {
      const id = newId();
      this.files.set(id, file.file);
      if (file.handle !== undefined) void keepHandle(id, file.handle);
      const { name, path, size, type, modified } = file;
      return { id, name, path, size, type, modified, target, status: 'waiting', sent: 0, url: null, mediaId: null, fault: null, addedAt: Date.now(), endedAt: null };
    });
    this.dispatch({ do: 'add', entries });
    return found.length;
  }

  pause(id: string) {
    this.stop(id);
    this.dispatch({ do: 'pause', id });
  }

  /** Continues an upload. Returns false when a person has to choose its file again. */
  async resume(id: string): Promise<boolean> {
    if (!this.files.has(id)) {
      const handle = await handleOf(id);
      if (handle === null || (await handle.requestPermission({ mode: 'read' })) !== 'granted') return false;
      this.attach(id, await handle.getFile());
    }
    this.dispatch({ do: 'resume', id });
    return true;
  }

  pauseAll() {
    for (const entry of this.queue) if (['waiting', 'preparing', 'running'].includes(entry.status)) this.pause(entry.id);
  }

  async resumeAll() {
    for (const entry of this.queue) if (['paused', 'failed', 'file-needed'].includes(entry.status)) await this.resume(entry.id);
  }

  /** Takes an upload out of the queue, and removes what the API has of it. */
  async remove(id: string) {
    const entry = this.queue.find((each) => each.id === id);
    this.stop(id);
    this.dispatch({ do: 'remove', id });
    this.files.delete(id);
    void forgetHandle(id);
    if (entry?.url != null && entry.status !== 'done') {
      const { Upload } = await import('tus-js-client');
      await Upload.terminate(entry.url, { headers: { 'X-MediaAspire-Console': '1' }, retryDelays: [500, 2_000] });
    }
  }

  clear() {
    this.dispatch({ do: 'clear' });
  }

  private attach(id: string, file: File) {
    this.files.set(id, file);
    this.dispatch({ do: 'attach', id });
  }

  // Browsers with handles open the files of an earlier page again; where a person has to allow it, the queue shows a button.
  private async reopen() {
    for (const entry of this.queue) {
      if (entry.status !== 'file-needed') continue;
      const handle = await handleOf(entry.id);
      if (handle !== null && (await handle.queryPermission({ mode: 'read' })) === 'granted') this.attach(entry.id, await handle.getFile());
    }
  }

  private dispatch(action: Action) {
    this.queue = reduce(this.queue, action);
    this.watchers.forEach((watcher) => watcher());
    if (action.do === 'progress') {
      if (this.saving === 0) this.saving = window.setTimeout(() => this.save(), 1_000);
    } else this.save();
    for (const entry of nextToStart(this.queue, parallel)) void this.start(entry);
  }

  private save() {
    window.clearTimeout(this.saving);
    this.saving = 0;
    localStorage.setItem(storage, JSON.stringify(this.queue));
  }

  private async start(entry: Entry) {
    const file = this.files.get(entry.id);
    if (file === undefined) return;
    if (entry.target.kind === 'media' && entry.mediaId === null) {
      this.prepare(entry, file, entry.target);
      return;
    }
    this.dispatch({ do: 'start', id: entry.id });
    const tus = await import('tus-js-client');
    if (this.queue.find((each) => each.id === entry.id)?.status !== 'running') return;
    const speed = new Speed();
    this.speeds.set(entry.id, speed);
    const upload = new tus.Upload(file, {
      endpoint: '/uploads',
      uploadUrl: entry.url,
      metadata: metadataOf(entry),
      headers: { 'X-MediaAspire-Console': '1' },
      retryDelays: delays,
      storeFingerprintForResuming: false,
      onShouldRetry: (error) => {
        const status = (error as DetailedError).originalResponse?.getStatus() ?? 0;
        return status === 0 || status === 409 || status === 423 || status === 429 || status >= 500;
      },
      onUploadUrlAvailable: () => {
        if (upload.url !== null) this.dispatch({ do: 'created', id: entry.id, url: upload.url });
      },
      onProgress: (sent) => {
        speed.add(Date.now(), sent);
        this.dispatch({ do: 'progress', id: entry.id, sent });
      },
      onSuccess: () => this.finish(entry.id),
      onError: (error) => this.fail(entry.id, problemFrom(error)),
    });
    this.uploads.set(entry.id, upload);
    upload.start();
  }

  // A media item is declared with the SHA-256 of its parts before they are sent.
  private prepare(entry: Entry, file: File, target: Extract<Target, { kind: 'media' }>) {
    this.dispatch({ do: 'prepare', id: entry.id });
    const worker = new Worker(new URL('./hash.worker.ts', import.meta.url), { type: 'module' });
    this.workers.set(entry.id, worker);
    worker.onmessage = ({ data }: MessageEvent<{ read?: number; sha256?: string; error?: string }>) => {
      if (data.read !== undefined) this.dispatch({ do: 'progress', id: entry.id, sent: data.read });
      if (data.error !== undefined) this.fail(entry.id, new Error(`The file cannot be read: ${data.error}`));
      if (data.sha256 !== undefined) {
        this.stop(entry.id);
        void this.declare(entry, target, data.sha256);
      }
    };
    worker.postMessage(file);
  }

  private async declare(entry: Entry, target: Extract<Target, { kind: 'media' }>, sha256: string) {
    const body = {
      owner: target.owner, name: entry.name.slice(0, 75), kind: target.itemKind, access: target.access, tags: target.tags, multipart: false,
      contentType: entry.type === '' ? 'application/octet-stream' : entry.type, size: entry.size, sha256,
    };
    try {
      const item = await post('/media', { body });
      this.dispatch({ do: 'prepared', id: entry.id, mediaId: item.id });
    } catch (error) {
      this.fail(entry.id, error);
    }
  }

  private stop(id: string) {
    this.workers.get(id)?.terminate();
    this.workers.delete(id);
    void this.uploads.get(id)?.abort();
    this.uploads.delete(id);
    this.speeds.delete(id);
  }

  private finish(id: string) {
    this.stop(id);
    this.files.delete(id);
    void forgetHandle(id);
    this.dispatch({ do: 'finish', id, at: Date.now() });
    const entry = this.queue.find((each) => each.id === id);
    if (entry !== undefined) this.doneWatchers.forEach((watcher) => watcher(entry));
  }

  private fail(id: string, error: unknown) {
    this.stop(id);
    const problem = error instanceof Problem ? error : null;
    this.dispatch({
      do: 'fail', id,
      fault: { title: problem?.title ?? (error instanceof Error ? error.message : 'It failed'), code: problem?.code ?? 'network', advice: problem?.detail || adviceFor(error) },
    });
  }
}

function read(): Entry[] {
  const text = localStorage.getItem(storage);
  return text === null ? [] : restore(JSON.parse(text) as Entry[]);
}

function problemFrom(error: Error | DetailedError): unknown {
  const response = 'originalResponse' in error ? error.originalResponse : null;
  if (response == null) return new Error('The API did not respond for some minutes. Resume when it does: nothing that arrived is lost.');
  const text = response.getBody();
  const document = text.startsWith('{') ? (JSON.parse(text) as Record<string, unknown>) : {};
  return new Problem(response.getStatus(), document, null);
}

export const uploader = new Uploader();
export const useQueue = () => useSyncExternalStore(uploader.subscribe, uploader.get);
