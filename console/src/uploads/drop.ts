import { chosen, type Chosen } from './uploader';

/** Reads all files of a drop, folders included. The items have to be asked before the first await: afterwards they are gone. */
export async function filesOf(transfer: DataTransfer): Promise<Chosen[]> {
  const items = [...transfer.items].filter((item) => item.kind === 'file');
  const parts = items.map((item) => ({ entry: item.webkitGetAsEntry(), file: item.getAsFile(), handle: item.getAsFileSystemHandle?.() }));
  const all: Chosen[] = [];
  for (const { entry, file, handle } of parts) {
    if (entry !== null && entry.isDirectory) await walk(entry as FileSystemDirectoryEntry, `${entry.name}/`, all);
    else if (file !== null) {
      const opened = handle === undefined ? null : await handle;
      all.push(chosen(file, undefined, opened !== null && opened.kind === 'file' ? (opened as FileSystemFileHandle) : undefined));
    }
  }
  return all;
}

async function walk(folder: FileSystemDirectoryEntry, path: string, into: Chosen[]): Promise<void> {
  const reader = folder.createReader();
  for (;;) {
    // A reader returns up to a hundred entries at once, and none at the end.
    const entries = await new Promise<FileSystemEntry[]>((resolve, reject) => reader.readEntries(resolve, reject));
    if (entries.length === 0) return;
    for (const entry of entries) {
      if (entry.isDirectory) await walk(entry as FileSystemDirectoryEntry, `${path}${entry.name}/`, into);
      else into.push(chosen(await new Promise<File>((resolve, reject) => (entry as FileSystemFileEntry).file(resolve, reject)), path + entry.name));
    }
  }
}
