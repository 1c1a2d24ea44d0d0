// What a user of tus-js-client does, in the mode of tus and in that of the IETF's draft.
// Arguments: mode, address of /uploads, API key, file.
// The upload is interrupted in the middle of a request, and resumed by a new object as after a reload of the page.
import { createHash } from 'node:crypto';
import { createReadStream, statSync } from 'node:fs';
import { Upload } from 'tus-js-client';

const [protocol, endpoint, key, path] = process.argv.slice(2);
const size = statSync(path).size;
const headers = { 'X-Api-Key': key };

async function sha256(stream) {
  const hash = createHash('sha256');
  for await (const bytes of stream) {
    hash.update(bytes);
  }
  return hash.digest('hex');
}

// Uploads until `stopAt` bytes were sent, or to the end. Returns the address of the upload, and what became of it.
function send(options, stopAt) {
  return new Promise((resolve, reject) => {
    let stopped = false;
    const upload = new Upload(createReadStream(path), {
      endpoint, headers, protocol, uploadSize: size, chunkSize: 3 * 1024 * 1024, retryDelays: [0, 100, 500, 1000],
      metadata: { filename: 'by tus-js-client.bin', filetype: 'application/x-own' },
      ...options,
      onError: reject,
      onProgress: (sent) => {
        if (!stopped && sent >= stopAt) {
          stopped = true;
          upload.abort().then(() => resolve({ url: upload.url }), reject);
        }
      },
      onSuccess: ({ lastResponse }) => resolve({ url: upload.url, result: lastResponse.getHeader('Upload-Result') }),
    });
    upload.start();
  });
}

function expect(what, found, wanted) {
  if (found !== wanted) {
    console.error(`tus-js-client, ${protocol}: ${what} is ${found} where ${wanted} was expected`);
    process.exit(1);
  }
}

const begun = await send({}, 5 * 1024 * 1024);
expect('the result of an interrupted upload', begun.result, undefined);
let state = await (await fetch(begun.url, { headers })).json();
expect('the state of an interrupted upload', state.state, 'receiving');
if (state.offset === 0 || state.offset >= size) {
  expect('the offset of an interrupted upload', state.offset, `from 1 to ${size - 1}`);
}

const resumed = await send({ uploadUrl: begun.url }, Infinity);
expect('the address of the resumed upload', resumed.url, begun.url);
const wanted = await sha256(createReadStream(path));
const download = await fetch(new URL(resumed.result, endpoint), { headers });
expect('the status of the download', download.status, 200);
expect('the content type', download.headers.get('Content-Type'), 'application/x-own');
expect('the SHA-256', await sha256(download.body), wanted);

if (protocol === 'tus-v1') {
  // Several requests at the same time, by the extension "concatenation".
  const parallel = await send({ parallelUploads: 3, uploadSize: null, chunkSize: Infinity }, Infinity);
  expect('the SHA-256 of parallel uploads', await sha256((await fetch(new URL(parallel.result, endpoint), { headers })).body), wanted);
  const posted = await send({ uploadDataDuringCreation: true, overridePatchMethod: true }, Infinity);
  expect('the SHA-256 without PATCH', await sha256((await fetch(new URL(posted.result, endpoint), { headers })).body), wanted);
  const cancelled = await send({}, 1024 * 1024);
  await Upload.terminate(cancelled.url, { headers, retryDelays: [] });
  expect('the status of a terminated upload', (await fetch(cancelled.url, { headers })).status, 404);
}
