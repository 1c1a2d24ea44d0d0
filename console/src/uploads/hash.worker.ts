import { Sha256 } from './sha256';

// Reads a file once, in pieces, and tells its SHA-256.
self.onmessage = async ({ data: file }: MessageEvent<File>) => {
  try {
    const hash = new Sha256();
    const step = 4 * 1024 * 1024;
    for (let at = 0; at < file.size; at += step) {
      hash.update(new Uint8Array(await file.slice(at, at + step).arrayBuffer()));
      self.postMessage({ read: Math.min(file.size, at + step) });
    }
    self.postMessage({ sha256: hash.hex() });
  } catch (error) {
    self.postMessage({ error: error instanceof Error ? error.message : String(error) });
  }
};
