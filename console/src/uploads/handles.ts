// Handles of files, which some browsers keep over reloads: with them an upload continues without choosing the file again.

declare global {
  interface FileSystemHandle {
    queryPermission(options: { mode: 'read' }): Promise<PermissionState>;
    requestPermission(options: { mode: 'read' }): Promise<PermissionState>;
  }
  interface DataTransferItem {
    getAsFileSystemHandle?(): Promise<FileSystemHandle | null>;
  }
}

const store = 'handles';

function open(): Promise<IDBDatabase> {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open('mediaaspire', 1);
    request.onupgradeneeded = () => request.result.createObjectStore(store);
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error ?? new Error('IndexedDB cannot be opened.'));
  });
}

async function run<T>(mode: IDBTransactionMode, work: (from: IDBObjectStore) => IDBRequest<T>): Promise<T> {
  const database = await open();
  try {
    return await new Promise((resolve, reject) => {
      const request = work(database.transaction(store, mode).objectStore(store));
      request.onsuccess = () => resolve(request.result);
      request.onerror = () => reject(request.error ?? new Error('IndexedDB failed.'));
    });
  } finally {
    database.close();
  }
}

export const keepHandle = (id: string, handle: FileSystemFileHandle) => run('readwrite', (from) => from.put(handle, id));
export const forgetHandle = (id: string) => run('readwrite', (from) => from.delete(id));
export const handleOf = async (id: string): Promise<FileSystemFileHandle | null> =>
  ((await run('readonly', (from) => from.get(id))) as FileSystemFileHandle | undefined) ?? null;
