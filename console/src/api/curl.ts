import type { Method, Options } from './client';
import { address } from './client';

export interface Command {
  label: string;
  text: string;
}

const quoted = (text: string) => `'${text.replaceAll("'", `'\\''`)}'`;
const isPlain = (text: string) => /^[\w./:@%=,+-]*$/.test(text);

/** The command line that does what the console does. `$admin` and `$key` are those that run.sh prints. */
export function curl(method: Method, route: string, options: Pick<Options, 'path' | 'query' | 'body'> = {}): string {
  const url = `$admin${address(route, options)}`;
  const words = ['curl -K $key -s'];
  if (method !== 'get') words.push(`-X ${method.toUpperCase()}`);
  words.push(isPlain(url.slice(6)) ? url : `"${url}"`);
  if (options.body !== undefined) words.push(`--json ${quoted(JSON.stringify(options.body))}`);
  return words.join(' ');
}

export const command = (label: string, method: Method, route: string, options: Pick<Options, 'path' | 'query' | 'body'> = {}): Command => ({
  label,
  text: curl(method, route, options),
});
