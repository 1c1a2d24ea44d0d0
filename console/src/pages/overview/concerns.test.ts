import { expect, test } from 'vitest';
import { concernsOf } from './concerns';
import { longWork } from './work';

const node = (name: string, status: string, usedBytes = 1) => ({ id: name, name, address: '', status, availableBytes: 9, usedBytes, trashBytes: 0, chunks: 0, heartbeatAgeSeconds: 0, keySpaceShare: 0 });
const counts = { lost: 0, underReplicated: 0, missing: 0, corrupt: 0, untracked: 0, damaged: 0 };
const walk = { running: false, startedAt: null, seen: 0, lastStartedAt: null, lastEndedAt: null, lastSeen: 0, lastAgeSeconds: null, upToDate: true };

test('a cluster without faults has no concerns', () => {
  expect(concernsOf({ nodes: [node('a', 'online')], integrity: { clean: true, counts, walk, disks: [], findings: {} }, jobs: { provider: 'postgres', kinds: [] }, health: [{ name: 'self', status: 'Healthy' }] })).toEqual([]);
});

test('the worst concern comes first', () => {
  const found = concernsOf({
    nodes: [node('a', 'online', 200), node('b', 'offline')],
    integrity: { clean: false, counts: { ...counts, underReplicated: 1 }, walk, disks: [], findings: {} },
    health: [{ name: 'redis', status: 'Unhealthy', description: 'It does not respond.' }],
  });
  expect(found.map((each) => each.tone)).toEqual(['bad', 'bad', 'warn', 'warn']);
  expect(found[0]?.text).toBe('redis: It does not respond.');
  expect(found[2]?.text).toContain('1 chunk with');
});

test('only open works are long work, with the estimate of their source', () => {
  const rebalance = { id: 'r', reason: 'drain', server: 'storage-5', state: 'running', createdAt: '', startedAt: null, endedAt: null, moves: 9, bytes: 100, movesDone: 1, bytesDone: 40, movesSkipped: 0, movesFailed: 0, estimatedSeconds: 12 };
  expect(longWork({ rebalance: { current: rebalance, history: [] } }, 0)).toMatchObject([{ name: 'Emptying storage-5', done: 40, total: 100, secondsLeft: 12 }]);
  expect(longWork({ rebalance: { current: { ...rebalance, state: 'done' }, history: [] } }, 0)).toEqual([]);
  expect(longWork({}, 0)).toEqual([]);
});
