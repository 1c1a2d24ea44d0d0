// What a page with Uppy does: a file of random bytes is uploaded by the plug-in for tus, in pieces of 1 MiB. In the middle it is paused and
// resumed, and the network is lost and comes back, as the test decides. esbuild bundles this file.
import Uppy from '@uppy/core';
import Tus from '@uppy/tus';

const size = 12_345_678;
const bytes = new Uint8Array(size);
for (let at = 0; at < size; at += 65_536) crypto.getRandomValues(bytes.subarray(at, Math.min(size, at + 65_536)));

const hex = (buffer) => Array.from(new Uint8Array(buffer), (byte) => byte.toString(16).padStart(2, '0')).join('');

globalThis.uppyUpload = async (endpoint, key) => {
  const sha256 = hex(await crypto.subtle.digest('SHA-256', bytes));
  const uppy = new Uppy({ autoProceed: false });
  uppy.use(Tus, { endpoint, headers: { 'X-Api-Key': key }, chunkSize: 1024 * 1024, retryDelays: [0, 100, 500, 1000, 2000] });
  const state = { sent: 0, size, sha256, paused: 0 };
  globalThis.uppyState = state;
  const id = uppy.addFile({ name: 'by uppy.bin', type: 'application/x-own', data: new Blob([bytes]) });
  uppy.on('upload-progress', (_, { bytesUploaded }) => {
    state.sent = bytesUploaded;
    if (state.paused === 0 && bytesUploaded > 3 * 1024 * 1024) {
      uppy.pauseResume(id);
      state.paused = bytesUploaded;
    }
  });
  globalThis.uppyResume = () => uppy.pauseResume(id);
  uppy.upload().then(({ successful, failed }) => {
    state.address = successful[0]?.uploadURL;
    state.failure = failed[0]?.error;
    state.isDone = true;
  });
};
