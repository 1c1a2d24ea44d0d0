// Writes a .br and a .gz beside every text of dist/, and fails when the first load is larger than its budget.
import { brotliCompressSync, constants, gzipSync } from 'node:zlib';
import { readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const dist = new URL('../dist/', import.meta.url).pathname;
const budget = 200 * 1024;
const sizes = new Map();

for (const name of readdirSync(dist, { recursive: true })) {
  const path = join(dist, name);
  if (!statSync(path).isFile() || !/\.(html|js|css|svg|json|webmanifest)$/.test(name)) continue;
  const bytes = readFileSync(path);
  const gzip = gzipSync(bytes, { level: 9 });
  const brotli = brotliCompressSync(bytes, { params: { [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length } });
  writeFileSync(`${path}.gz`, gzip);
  writeFileSync(`${path}.br`, brotli);
  sizes.set(name.replaceAll('\\', '/'), gzip.length);
}

const page = readFileSync(join(dist, 'index.html'), 'utf8');
const first = ['index.html', ...[...page.matchAll(/(?:src|href)="\/console\/(assets\/[^"]+)"/g)].map((match) => match[1])];
const total = first.reduce((sum, name) => sum + (sizes.get(name) ?? 0), 0);
console.log(`First load: ${(total / 1024).toFixed(1)} KiB of gzip in ${first.length} files (at most ${budget / 1024} KiB).`);
if (total > budget) {
  console.error('The first load is too large. Load what only one page needs by a route of its own (src/router.tsx).');
  process.exit(1);
}
