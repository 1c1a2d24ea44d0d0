import { expect, test } from 'vitest';
import { address } from './client';
import { curl } from './curl';
import { adviceFor, Problem, problemOf, Unreachable } from './problem';

test('a command sends what the console sends, and survives a shell', () => {
  expect(curl('get', '/admin/nodes')).toBe('curl -K $key -s $admin/admin/nodes');
  expect(curl('post', '/admin/nodes/{node}/drain', { path: { node: 'a b/c' } })).toBe('curl -K $key -s -X POST $admin/admin/nodes/a%20b%2Fc/drain');
  expect(curl('get', '/media', { query: { tags: 'a', limit: 5 } })).toBe('curl -K $key -s "$admin/media?tags=a&limit=5"');
  expect(curl('patch', '/media/{id}', { path: { id: '1' }, body: { name: "Anna's" } })).toContain(`--json '{"name":"Anna'\\''s"}'`);
});

test('parameters that are not set are left out, and a missing one of the path is a fault', () => {
  expect(address('/admin/jobs/dead', { query: { after: '', limit: 0, kind: null } })).toBe('/admin/jobs/dead?limit=0');
  expect(() => address('/admin/nodes/{node}')).toThrow('node');
});

test('a problem document becomes a title, a code and advice', async () => {
  const response = new Response(JSON.stringify({ title: 'Too many requests', code: 'rate-limited', detail: 'At most 5 a second.' }), {
    status: 429, headers: { 'Content-Type': 'application/problem+json', 'Retry-After': '7' },
  });
  const problem = await problemOf(response);
  expect(problem).toMatchObject({ status: 429, code: 'rate-limited', title: 'Too many requests', retryAfter: 7 });
  expect(adviceFor(problem)).toContain('7 s');
  expect((await problemOf(new Response('<html>', { status: 502 }))).code).toBe('http-502');
  expect(adviceFor(new Problem(404, {}, null))).toContain('removed');
  expect(adviceFor(new Unreachable())).toContain('network');
});
