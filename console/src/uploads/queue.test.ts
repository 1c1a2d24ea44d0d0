import { describe, expect, test } from 'vitest';
import { match, metadataOf, nextToStart, reduce, restore, Speed, totalsOf, type Entry, type Status } from './queue';

const entry = (id: string, status: Status = 'waiting', more: Partial<Entry> = {}): Entry => ({
  id, status, name: `${id}.bin`, path: `${id}.bin`, size: 100, type: '', modified: 1, target: { kind: 'file', owner: '' }, sent: 0, url: null, mediaId: null,
  fault: null, addedAt: 0, endedAt: null, ...more,
});

describe('the upload queue', () => {
  test('starts as many as may run at once, in their order', () => {
    const queue = [entry('a', 'running'), entry('b'), entry('c', 'paused'), entry('d'), entry('e')];
    expect(nextToStart(queue, 3).map((each) => each.id)).toEqual(['b', 'd']);
    expect(nextToStart(queue, 1)).toEqual([]);
  });

  test('a paused upload is neither moved by late progress nor failed by its own abort', () => {
    let queue = reduce([entry('a', 'running', { sent: 40 })], { do: 'pause', id: 'a' });
    queue = reduce(queue, { do: 'progress', id: 'a', sent: 60 });
    queue = reduce(queue, { do: 'fail', id: 'a', fault: { title: 'x', code: 'y', advice: 'z' } });
    expect(queue[0]).toMatchObject({ status: 'paused', sent: 40, fault: null });
    expect(reduce(queue, { do: 'resume', id: 'a' })[0]?.status).toBe('waiting');
  });

  test('after a reload, only done uploads do not need their file', () => {
    const restored = restore([entry('a', 'running', { sent: 40, url: '/uploads/1' }), entry('b', 'preparing', { sent: 30 }), entry('c', 'done', { sent: 100 })]);
    expect(restored.map((each) => [each.status, each.sent])).toEqual([['file-needed', 40], ['file-needed', 0], ['done', 100]]);
  });

  test('a file that is chosen again continues its upload once; others are new', () => {
    const queue = restore([entry('a', 'running', { url: '/uploads/1' })]);
    const same = { name: 'a.bin', path: 'a.bin', size: 100, type: '', modified: 1 };
    const changed = { ...same, modified: 2 };
    const { found, rest } = match(queue, [same, same, changed]);
    expect(found.map((each) => each.id)).toEqual(['a']);
    expect(rest).toEqual([same, changed]);
    expect(reduce(queue, { do: 'attach', id: 'a' })[0]).toMatchObject({ status: 'waiting', url: '/uploads/1' });
  });

  test('a media item is declared before its bytes are sent', () => {
    let queue = [entry('a', 'waiting', { target: { kind: 'media', owner: 'alice', itemKind: 'video', access: 'private', tags: [] }, type: 'video/mp4' })];
    queue = reduce(queue, { do: 'prepare', id: 'a' });
    queue = reduce(queue, { do: 'progress', id: 'a', sent: 100 });
    queue = reduce(queue, { do: 'prepared', id: 'a', mediaId: 'm1' });
    expect(queue[0]).toMatchObject({ status: 'waiting', sent: 0, mediaId: 'm1' });
    expect(metadataOf(queue[0]!)).toEqual({ target: 'media', filename: 'a.bin', filetype: 'video/mp4', mediaId: 'm1', part: '1' });
  });

  test('the key of an object is its prefix and the path in the folder', () => {
    const object = entry('a', 'waiting', { path: 'trip/a.bin', target: { kind: 'object', bucket: 'films', prefix: '2026/' } });
    expect(metadataOf(object)).toMatchObject({ target: 'object', bucket: 'films', key: '2026/trip/a.bin' });
  });

  test('totals count what has arrived, and not what was only read', () => {
    const totals = totalsOf([entry('a', 'running', { sent: 40 }), entry('b', 'preparing', { sent: 70 }), entry('c', 'failed'), entry('d', 'done', { sent: 100 })]);
    expect(totals).toMatchObject({ sent: 140, size: 400, active: 2, failed: 1, done: 1 });
  });

  test('the speed is that of the latest seconds, and falls when nothing arrives', () => {
    const speed = new Speed();
    speed.add(0, 0);
    expect(speed.get(0)).toBeNull();
    speed.add(1_000, 500);
    speed.add(2_000, 1_000);
    expect(speed.get(2_000)).toBe(500);
    expect(speed.get(4_000)).toBe(250);
    speed.add(20_000, 5_000);
    speed.add(21_000, 6_000);
    expect(speed.get(21_000)).toBe(1_000);
  });
});
