// What a user of the AWS SDK for JavaScript does, with its default settings. Arguments: bucket, folder to upload, folder to download to.
// eng/install-clients.sh puts the packages where they are found from the tests' output: in MediaAspire.Tests/bin/node_modules.
import {
  S3Client, CopyObjectCommand, CreateBucketCommand, DeleteBucketCommand, DeleteObjectsCommand, GetObjectCommand, HeadObjectCommand,
  PutObjectCommand, paginateListObjectsV2,
} from '@aws-sdk/client-s3';
import { Upload } from '@aws-sdk/lib-storage';
import { getSignedUrl } from '@aws-sdk/s3-request-presigner';
import { createHash } from 'node:crypto';
import { createReadStream, createWriteStream } from 'node:fs';
import { mkdir, readdir, stat } from 'node:fs/promises';
import path from 'node:path';
import { pipeline } from 'node:stream/promises';
import { isDeepStrictEqual } from 'node:util';

const [Bucket, source, target] = process.argv.slice(2);
const s3 = new S3Client({ endpoint: process.env.S3_ENDPOINT, region: 'us-east-1', forcePathStyle: true });
const largeSize = 8 * 1024 * 1024;

function expect(what, found, wanted) {
  if (!isDeepStrictEqual(found, wanted)) {
    // Of a thousand keys only the first that make the difference.
    const [extra, missing] = Array.isArray(wanted)
      ? [found.filter((item) => !wanted.includes(item)), wanted.filter((item) => !found.includes(item))] : [found, wanted];
    console.error(`JavaScript: ${what} has or is ${JSON.stringify(extra)?.slice(0, 500)} where ${JSON.stringify(missing)?.slice(0, 500)} was expected`);
    process.exit(1);
  }
}

async function list() {
  const entries = [];
  for await (const page of paginateListObjectsV2({ client: s3 }, { Bucket })) {
    entries.push(...(page.Contents ?? []));
  }
  return entries;
}

const byBytes = (a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b));
const keys = async () => (await list()).map((entry) => entry.Key);
const bodyOf = async (Key, more) => (await s3.send(new GetObjectCommand({ Bucket, Key, ...more }))).Body.transformToString();

async function singleObjects() {
  await s3.send(new CreateBucketCommand({ Bucket }));
  expect('an empty bucket\'s list', await keys(), []);
  const put = await s3.send(new PutObjectCommand({
    Bucket, Key: 'a b+ü.txt', Body: 'hello', ContentType: 'text/plain', Metadata: { colour: 'blue' },
  }));
  expect('the ETag of a put', put.ETag, `"${createHash('md5').update('hello').digest('hex')}"`);
  expect('the checksum of a put', put.ChecksumCRC32, 'NhCmhg==');
  const got = await s3.send(new GetObjectCommand({ Bucket, Key: 'a b+ü.txt' }));
  expect('the body', await got.Body.transformToString(), 'hello');
  expect('the content type', got.ContentType, 'text/plain');
  expect('the metadata', got.Metadata, { colour: 'blue' });
  expect('a range', await bodyOf('a b+ü.txt', { Range: 'bytes=1-3' }), 'ell');
  await s3.send(new CopyObjectCommand({ Bucket, Key: 'copy & more', CopySource: `${Bucket}/${encodeURIComponent('a b+ü.txt')}` }));
  expect('the copy', await bodyOf('copy & more'), 'hello');
  expect('the list', await keys(), ['a b+ü.txt', 'copy & more']);
}

async function presigned() {
  const object = { Bucket, Key: 'presigned ü' };
  // The presigner puts metadata and tags into the query, and a checksum of the body that it does not have.
  const more = { Metadata: { colour: 'blue' }, Tagging: 'a=1&b=2' };
  const put = await getSignedUrl(s3, new PutObjectCommand({ ...object, ...more }), { expiresIn: 300 });
  expect('the status of a presigned PUT', (await fetch(put, { method: 'PUT', body: 'by url' })).status, 200);
  const { Metadata, TagCount } = await s3.send(new GetObjectCommand(object));
  expect('what a presigned PUT puts besides its bytes', { Metadata, TagCount }, { Metadata: { colour: 'blue' }, TagCount: 2 });
  const get = await getSignedUrl(s3, new GetObjectCommand(object), { expiresIn: 300 });
  expect('what a presigned GET brings', await (await fetch(get)).text(), 'by url');
  expect('the status of a tampered URL', (await fetch(get.replace('presigned', 'presignet'))).status, 403);
}

async function deleteAll() {
  const all = await keys();
  for (let start = 0; start < all.length; start += 1000) {
    const Objects = all.slice(start, start + 1000).map((Key) => ({ Key }));
    const answer = await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects, Quiet: true } }));
    expect('the errors of a deletion', answer.Errors ?? [], []);
  }
  expect('the list after deletion', await keys(), []);
}

async function inParallel(items, action) {
  const rest = [...items];
  await Promise.all(Array.from({ length: 16 }, async () => {
    while (rest.length > 0) {
      await action(rest.pop());
    }
  }));
}

async function synchronise() {
  const entries = await readdir(source, { recursive: true, withFileTypes: true });
  const local = entries.filter((entry) => entry.isFile())
    .map((entry) => path.relative(source, path.join(entry.parentPath ?? entry.path, entry.name))).sort(byBytes);
  await inParallel(local, async (Key) => {
    const file = path.join(source, Key);
    const { size } = await stat(file);
    const Body = createReadStream(file);
    if (size >= largeSize) {
      await new Upload({ client: s3, params: { Bucket, Key, Body }, partSize: largeSize }).done();
    } else {
      await s3.send(new PutObjectCommand({ Bucket, Key, Body, ContentLength: size }));
    }
  });
  expect('the list after the upload', await keys(), local);
  await inParallel(local, async (Key) => {
    const file = path.join(target, Key);
    await mkdir(path.dirname(file), { recursive: true });
    await pipeline((await s3.send(new GetObjectCommand({ Bucket, Key }))).Body, createWriteStream(file));
  });
}

await singleObjects();
await presigned();
await deleteAll();
await synchronise();
const large = (await list()).reduce((a, b) => (a.Size >= b.Size ? a : b));
expect('whether the large object came in parts', large.ETag.includes('-'), true);
await s3.send(new CopyObjectCommand({ Bucket, Key: 'copy of the large one', CopySource: `${Bucket}/${encodeURIComponent(large.Key)}` }));
const copy = await s3.send(new HeadObjectCommand({ Bucket, Key: 'copy of the large one' }));
expect('the size of its copy', copy.ContentLength, large.Size);
await deleteAll();
await s3.send(new DeleteBucketCommand({ Bucket }));
