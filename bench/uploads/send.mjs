// Uploads a file some times, and prints the seconds that took. Arguments: way, address, file, number of uploads, uploads at the same time.
// The ways: tus, draft, plain, s3 (in parts of 16 MiB). API_KEY is sent where it is set; S3_ACCESS_KEY and S3_SECRET_KEY sign for s3.
// A file "generated:MIB" does not exist: its bytes are made while they are sent, and compared with a download afterwards.
import { createHash, createHmac, randomBytes } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import http from 'node:http';
import { Readable } from 'node:stream';
import { setTimeout } from 'node:timers/promises';

const [way, address, file, count, atOnce] = process.argv.slice(2);
const mebibyte = 1024 * 1024;
const generated = /^generated:(\d+)$/.exec(file);
const size = generated ? Number(generated[1]) * mebibyte : statSync(file).size;
const partSize = 16 * mebibyte;
const agent = new http.Agent({ keepAlive: true, maxSockets: Number(atOnce) });
const key = process.env.API_KEY ? { 'X-Api-Key': process.env.API_KEY } : {};

const block = randomBytes(mebibyte);
const sent = createHash('sha256');

function* generate(from, to) {
  for (let at = from; at < to; at += mebibyte) {
    const bytes = Buffer.from(block);
    bytes.writeUInt32LE(at / mebibyte);
    sent.update(bytes);
    yield bytes;
  }
}

// Sends a request; its body is a range of the file, a text, or nothing.
function send(method, url, headers, { from, to, text } = {}) {
  const length = text !== undefined ? Buffer.byteLength(text) : from === undefined ? 0 : to - from;
  return new Promise((resolve, reject) => {
    const request = http.request(url, { method, agent, headers: { ...headers, 'Content-Length': `${length}` } }, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('end', () => response.statusCode < 300
        ? resolve({ headers: response.headers, text: Buffer.concat(chunks).toString() })
        : reject(new Error(`${method} ${url}: ${response.statusCode} ${Buffer.concat(chunks)}`)));
    });
    request.on('error', reject);
    if (length > 0 && text === undefined) {
      const body = generated ? Readable.from(generate(from, to), { objectMode: false })
        : createReadStream(file, { start: from, end: to - 1, highWaterMark: mebibyte });
      body.on('error', reject).pipe(request);
    } else {
      request.end(text);
    }
  });
}

async function byTus() {
  const headers = { ...key, 'Tus-Resumable': '1.0.0' };
  const created = await send('POST', address, { ...headers, 'Upload-Length': `${size}` });
  const appended = await send(
    'PATCH', new URL(created.headers.location, address),
    { ...headers, 'Upload-Offset': '0', 'Content-Type': 'application/offset+octet-stream' }, { from: 0, to: size });
  if (appended.headers['upload-offset'] !== `${size}`) {
    throw new Error(`The offset is ${appended.headers['upload-offset']} instead of ${size}.`);
  }
  return () => resultOf(new URL(created.headers.location, address));
}

async function byDraft() {
  const created = await send('POST', address, { ...key, 'Upload-Complete': '?0', 'Upload-Length': `${size}` });
  const appended = await send(
    'PATCH', new URL(created.headers.location, address),
    { ...key, 'Upload-Offset': '0', 'Upload-Complete': '?1', 'Content-Type': 'application/partial-upload' }, { from: 0, to: size });
  if (appended.headers['upload-complete'] !== '?1') {
    throw new Error('The upload is not complete.');
  }
  return () => resultOf(new URL(created.headers.location, address));
}

// The file of an upload, where it may have to be hashed again first.
async function resultOf(upload) {
  for (;;) {
    const { state, result } = JSON.parse((await send('GET', upload, key)).text);
    if (state === 'completed') {
      return [new URL(result.address, address), key];
    }
    if (state !== 'completing') {
      throw new Error(`${upload} is ${state}.`);
    }
    await setTimeout(500);
  }
}

async function byPut() {
  const { text } = await send('PUT', `${address}?filename=upload`, key, { from: 0, to: size });
  return () => [new URL(`/files/${JSON.parse(text).fileId}`, address), key];
}

const hmac = (secret, text) => createHmac('sha256', secret).update(text).digest();

// Signature Version 4 without the hash of the payload.
function signed(method, url) {
  const time = new Date().toISOString().replace(/[-:]|\.\d+/g, '');
  const scope = `${time.slice(0, 8)}/us-east-1/s3/aws4_request`;
  const headers = { host: url.host, 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD', 'x-amz-date': time };
  const names = Object.keys(headers).sort();
  const query = [...url.searchParams].map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).sort().join('&');
  const canonical = [method, url.pathname, query, ...names.map((name) => `${name}:${headers[name]}`), '', names.join(';'), 'UNSIGNED-PAYLOAD'].join('\n');
  const toSign = ['AWS4-HMAC-SHA256', time, scope, createHash('sha256').update(canonical).digest('hex')].join('\n');
  const signingKey = ['us-east-1', 's3', 'aws4_request'].reduce(hmac, hmac(`AWS4${process.env.S3_SECRET_KEY}`, time.slice(0, 8)));
  const signature = createHmac('sha256', signingKey).update(toSign).digest('hex');
  return {
    ...headers,
    Authorization: `AWS4-HMAC-SHA256 Credential=${process.env.S3_ACCESS_KEY}/${scope}, SignedHeaders=${names.join(';')}, Signature=${signature}`,
  };
}

async function byS3(number) {
  const object = `${address}/upload-${process.pid}-${number}`;
  const begin = new URL(`${object}?uploads=`);
  const id = /<UploadId>(.*)<\/UploadId>/.exec((await send('POST', begin, signed('POST', begin))).text)[1];
  const parts = [];
  for (let from = 0, part = 1; from < size; from += partSize, part++) {
    const url = new URL(`${object}?partNumber=${part}&uploadId=${encodeURIComponent(id)}`);
    const { headers } = await send('PUT', url, signed('PUT', url), { from, to: Math.min(from + partSize, size) });
    parts.push(`<Part><PartNumber>${part}</PartNumber><ETag>${headers.etag.replaceAll('"', '&quot;')}</ETag></Part>`);
  }
  const end = new URL(`${object}?uploadId=${encodeURIComponent(id)}`);
  await send('POST', end, signed('POST', end), { text: `<CompleteMultipartUpload>${parts.join('')}</CompleteMultipartUpload>` });
  return () => [new URL(object), signed('GET', new URL(object))];
}

function sha256Of(url, headers) {
  return new Promise((resolve, reject) => {
    http.get(url, { agent, headers }, (response) => {
      const hash = createHash('sha256');
      response.on('error', reject).on('data', (chunk) => hash.update(chunk)).on('end', () => response.statusCode === 200
        ? resolve(hash.digest('hex')) : reject(new Error(`GET ${url}: ${response.statusCode}`)));
    }).on('error', reject);
  });
}

const ways = { tus: byTus, draft: byDraft, plain: byPut, s3: byS3 };
if (way === 's3') {
  const bucket = new URL(address);
  await send('PUT', bucket, signed('PUT', bucket));
}
let next = 0;
let find;
const startedAt = process.hrtime.bigint();
await Promise.all(Array.from({ length: Number(atOnce) }, async () => {
  while (next < Number(count)) {
    find = await ways[way](next++);
  }
}));
console.log(Number(process.hrtime.bigint() - startedAt) / 1e9);
if (generated && await sha256Of(...await find()) !== sent.digest('hex')) {
  throw new Error('The download has other bytes.');
}
agent.destroy();
