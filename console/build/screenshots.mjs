// Takes the pictures of docs/console.md: node build/screenshots.mjs ADMIN-ADDRESS API-KEY. Needs Chromium (CHROMIUM names another one).
// The pages are as good as the content of that server. The script speaks the DevTools protocol itself, so that no browser driver has to
// be installed.
import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const [admin, key] = process.argv.slice(2);
if (key === undefined) {
  console.error('Usage: node build/screenshots.mjs http://127.0.0.1:9001 ma_…');
  process.exit(2);
}
const out = new URL('../../docs/images/console/', import.meta.url).pathname;
const pages = [
  ['overview', '/', 14_000], ['gallery', '/gallery'], ['links', '/links'], ['images', '/images'], ['buckets', '/buckets'], ['uploads', '/uploads'],
  ['nodes', '/nodes'], ['integrity', '/integrity'], ['jobs', '/jobs'], ['keys', '/keys'],
  ['quotas', '/keys?tab=owners'], ['audit', '/audit'],
];

const profile = mkdtempSync(join(tmpdir(), 'console-'));
const browser = spawn(process.env.CHROMIUM ?? 'chromium', [
  '--headless', '--no-sandbox', '--disable-gpu', '--disable-background-networking', '--hide-scrollbars', '--remote-debugging-pipe',
  `--user-data-dir=${profile}`, 'about:blank',
], { stdio: ['ignore', 'ignore', 'ignore', 'pipe', 'pipe'] });

let last = 0;
let rest = '';
let session;
const open = new Map();
browser.stdio[4].setEncoding('utf8').on('data', (data) => {
  const messages = (rest + data).split('\0');
  rest = messages.pop();
  for (const message of messages.map((text) => JSON.parse(text))) {
    const waiting = open.get(message.id);
    open.delete(message.id);
    if (message.error) waiting?.reject(new Error(message.error.message));
    else waiting?.resolve(message.result);
  }
});
const send = (method, params = {}) => new Promise((resolve, reject) => {
  last += 1;
  open.set(last, { resolve, reject });
  browser.stdio[3].write(`${JSON.stringify({ id: last, method, params, sessionId: session })}\0`);
});
const { targetId } = await send('Target.createTarget', { url: 'about:blank' });
({ sessionId: session } = await send('Target.attachToTarget', { targetId, flatten: true }));
const run = async (expression) => {
  const { result, exceptionDetails } = await send('Runtime.evaluate', { expression, awaitPromise: true, returnByValue: true });
  if (exceptionDetails) throw new Error(exceptionDetails.exception?.description ?? exceptionDetails.text);
  return result.value;
};
const until = async (expression, milliseconds = 15_000) => {
  const end = Date.now() + milliseconds;
  while (!(await run(expression))) {
    if (Date.now() > end) throw new Error(`Not within ${milliseconds} ms: ${expression}`);
    await new Promise((resolve) => setTimeout(resolve, 100));
  }
};
const settled = `document.querySelector('h1') !== null && document.querySelector('.bone') === null
  && [...document.images].every((image) => image.complete)
  && ![...document.querySelectorAll('.badge')].some((badge) => /^(Connecting|Reloading)/.test(badge.textContent))`;
const visit = async (path) => {
  await send('Page.navigate', { url: `${admin}/console${path}` });
  await until("document.readyState === 'complete'");
  await until(settled);
};
const take = async (name) => {
  await new Promise((resolve) => setTimeout(resolve, 600));
  const { data } = await send('Page.captureScreenshot', { format: 'webp', quality: 80 });
  writeFileSync(join(out, `${name}.webp`), Buffer.from(data, 'base64'));
  console.log(name);
};

try {
  mkdirSync(out, { recursive: true });
  await send('Page.enable');
  await send('Emulation.setDeviceMetricsOverride', { width: 1280, height: 800, deviceScaleFactor: 1, mobile: false });
  for (const scheme of ['light', 'dark']) {
    const features = [{ name: 'prefers-color-scheme', value: scheme }, { name: 'prefers-reduced-motion', value: 'reduce' }];
    await send('Emulation.setEmulatedMedia', { features });
    await send('Network.clearBrowserCookies');
    await visit('/');
    await take(`sign-in-${scheme}`);
    await run(`fetch('/console/session', {
      method: 'POST', body: JSON.stringify({ key: ${JSON.stringify(key)} }),
      headers: { 'Content-Type': 'application/json', 'X-MediaAspire-Console': '1' },
    }).then((response) => { if (!response.ok) throw new Error(response.status); })`);
    for (const [name, path, wait] of pages) {
      await visit(path);
      // Charts need some readings.
      if (wait !== undefined) await new Promise((resolve) => setTimeout(resolve, wait));
      await take(`${name}-${scheme}`);
      if (name === 'gallery' && await run("document.querySelector('.tile:has(img)') !== null")) {
        await run("document.querySelector('.tile:has(img)').click()");
        await until(`${settled} && document.querySelector('.sheet .facts') !== null`);
        await take(`details-${scheme}`);
      }
      if (name === 'buckets' && await run("document.querySelector('td a') !== null")) {
        await run("document.querySelector('td a').click()");
        await until(`${settled} && document.querySelector('.crumbs') !== null`);
        await take(`bucket-${scheme}`);
      }
    }
  }
} finally {
  browser.kill();
  await new Promise((resolve) => browser.once('exit', resolve));
  rmSync(profile, { recursive: true, force: true, maxRetries: 5 });
}
