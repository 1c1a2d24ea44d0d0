// npm's @tus/server with its file store. Arguments: port, directory of the files.
import { FileStore } from '@tus/file-store';
import { Server } from '@tus/server';

const [port, directory] = process.argv.slice(2);
new Server({ path: '/uploads', datastore: new FileStore({ directory }), relativeLocation: true }).listen({ host: '127.0.0.1', port: Number(port) });
