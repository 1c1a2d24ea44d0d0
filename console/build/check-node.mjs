// Ends with 0 when this Node.js and npm can build the console.
import { spawnSync } from 'node:child_process';

const [major, minor] = process.versions.node.split('.').map(Number);
const isNew = major > 18 || (major === 18 && minor >= 18);
const npm = spawnSync('npm', ['--version'], { encoding: 'utf8', shell: process.platform === 'win32' });
process.exit(isNew && npm.status === 0 ? 0 : 1);
