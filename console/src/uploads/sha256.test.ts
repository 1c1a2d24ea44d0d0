import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { Sha256 } from './sha256';

test.each([0, 1, 55, 56, 63, 64, 65, 119, 128, 1000, 100_003])('the digest of %s bytes is that of the platform, however they are cut', (length) => {
  const bytes = Uint8Array.from({ length }, (_, index) => (index * 131 + (index >> 8)) & 0xff);
  const hash = new Sha256();
  for (let at = 0, step = 1; at < length; at += step, step = (step * 7 + 3) % 200 + 1) hash.update(bytes.subarray(at, Math.min(length, at + step)));
  expect(hash.hex()).toBe(createHash('sha256').update(bytes).digest('hex'));
});
