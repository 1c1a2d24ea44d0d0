import { describe, expect, test } from 'vitest';
import { bytes, compact, duration, relative, remaining } from './format';

describe('format', () => {
  test.each([[0, '0 B'], [999, '999 B'], [1000, '1 KiB'], [1536, '1.5 KiB'], [1048576, '1 MiB'], [5 * 1024 ** 3, '5 GiB'], [null, '–'], [-2048, '-2 KiB']])('%s bytes are %s', (value, text) => {
    expect(bytes(value)).toBe(text);
  });
  test.each([[0.0042, '4 ms'], [1, '1 s'], [2.54, '2.5 s'], [59.6, '1 min'], [75, '1 min 15 s'], [3725, '1 h 2 min'], [90_000, '1 d 1 h'], [null, '–']])('%s seconds are %s', (value, text) => {
    expect(duration(value)).toBe(text);
  });
  test.each([[-1, 'now'], [-180, '3 min ago'], [7200, 'in 2 h'], [-86_400 * 3, '3 d ago']])('a distance of %s s is %s', (seconds, text) => {
    expect(relative(1_000_000_000_000 + seconds * 1000, 1_000_000_000_000)).toBe(text);
  });
  test('large counts are short', () => {
    expect(compact(9_999)).toBe('9,999');
    expect(compact(12_345)).toBe('12.3 k');
    expect(compact(1_234_567)).toBe('1.2 M');
  });
  test('the rest follows from what was done', () => {
    const start = '2026-11-30T12:00:00Z';
    expect(remaining(25, 100, start, Date.parse(start) + 10_000)).toBe(30);
    expect(remaining(0, 100, start, Date.parse(start) + 10_000)).toBeNull();
    expect(remaining(100, 100, start, Date.parse(start) + 10_000)).toBeNull();
  });
});
