import { expect, test } from 'vitest';
import { heatBetween } from './heat';
import { runs, sector } from './Ring';
import { rateBetween } from '../overview/samples';

test('equal neighbours of the map are one piece', () => {
  expect(runs([0, 0, 1, 0])).toEqual([{ owner: 0, from: 0, to: 0.5 }, { owner: 1, from: 0.5, to: 0.75 }, { owner: 0, from: 0.75, to: 1 }]);
});

test('a whole turn is drawn as two halves, because an arc cannot end where it begins', () => {
  expect(sector(10, 20, 0, 1).match(/Z/g)).toHaveLength(2);
  expect(sector(10, 20, 0, 0.25).match(/Z/g)).toHaveLength(1);
});

test('the busiest node has the heat 1', () => {
  const node = (id: string, usedBytes: number) => ({ id, name: id, address: '', status: 'online', availableBytes: 1, usedBytes, trashBytes: 0, chunks: 0, heartbeatAgeSeconds: 0, keySpaceShare: 0 });
  const heat = heatBetween([node('a', 0), node('b', 0)], [node('a', 100), node('b', 50)]);
  expect([...heat]).toEqual([['a', 1], ['b', 0.5]]);
});

test('rates are differences over time, and none after a restart', () => {
  expect(rateBetween({ time: 10, requests: 100, errors: 1 }, { time: 12, requests: 120, errors: 3 })).toMatchObject({ requests: 10, errors: 1 });
  expect(rateBetween({ time: 10, requests: 100, errors: 1 }, { time: 12, requests: 5, errors: 0 })).toBeNull();
});
