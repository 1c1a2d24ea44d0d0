import { Problem, problemOf, Unreachable } from './problem';
import type { components, paths } from './schema';

export type Schemas = components['schemas'];
export type Method = 'get' | 'post' | 'put' | 'patch' | 'delete';

type WithMethod<M extends Method> = { [P in keyof paths]: paths[P][M] extends object ? P : never }[keyof paths];
type JsonOf<R> = R extends { content: { 'application/json': infer T } } ? T : never;
type Responses<O> = O extends { responses: infer R } ? R : never;
type Successful<R> = { [S in keyof R]: S extends 200 | 201 | 202 ? JsonOf<R[S]> : never }[keyof R];
export type ResponseOf<P extends keyof paths, M extends Method> = Successful<Responses<paths[P][M]>>;

export type QueryValue = string | number | boolean | null | undefined;
export interface Options {
  path?: Record<string, string | number>;
  query?: Record<string, QueryValue>;
  body?: unknown;
  headers?: Record<string, string>;
  signal?: AbortSignal;
}

/** Fills a route's parameters in: `/admin/nodes/{node}` and `{ node: 'a/b' }` are `/admin/nodes/a%2Fb`. */
export function address(route: string, { path, query }: Pick<Options, 'path' | 'query'> = {}): string {
  const filled = route.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = path?.[name];
    if (value === undefined) throw new Error(`The route ${route} needs the parameter ${name}.`);
    return encodeURIComponent(value);
  });
  const pairs = Object.entries(query ?? {}).filter(([, value]) => value !== undefined && value !== null && value !== '');
  const text = new URLSearchParams(pairs.map(([name, value]): [string, string] => [name, String(value)])).toString();
  return text === '' ? filled : `${filled}?${text}`;
}

/** Is called when the API says that the session has ended. */
let onSignedOut: () => void = () => undefined;
export function whenSignedOut(handler: () => void) {
  onSignedOut = handler;
}

/** Sends a request with the session's cookie, and returns the JSON of the response. */
export async function send<T>(method: string, url: string, { body, headers, signal }: Options = {}): Promise<T> {
  const all: Record<string, string> = { Accept: 'application/json', ...headers };
  if (method !== 'GET') all['X-MediaAspire-Console'] = '1';
  if (body !== undefined && !(body instanceof Blob) && !(body instanceof FormData)) {
    all['Content-Type'] = 'application/json';
    body = JSON.stringify(body);
  }
  let response: Response;
  try {
    response = await fetch(url, { method, headers: all, body: body as BodyInit, signal, credentials: 'same-origin' });
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new Unreachable();
  }
  if (!response.ok) {
    const problem = await problemOf(response);
    if (response.status === 401 && !url.startsWith('/console/session')) onSignedOut();
    throw problem;
  }
  if (response.status === 204 || !/json/.test(response.headers.get('Content-Type') ?? '')) return undefined as T;
  return (await response.json()) as T;
}

export const get = <P extends WithMethod<'get'>>(route: P, options: Options = {}) =>
  send<ResponseOf<P, 'get'>>('GET', address(route, options), options);
export const post = <P extends WithMethod<'post'>>(route: P, options: Options = {}) =>
  send<ResponseOf<P, 'post'>>('POST', address(route, options), options);
export const put = <P extends WithMethod<'put'>>(route: P, options: Options = {}) =>
  send<ResponseOf<P, 'put'>>('PUT', address(route, options), options);
export const patch = <P extends WithMethod<'patch'>>(route: P, options: Options = {}) =>
  send<ResponseOf<P, 'patch'>>('PATCH', address(route, options), options);
export const remove = <P extends WithMethod<'delete'>>(route: P, options: Options = {}) =>
  send<ResponseOf<P, 'delete'>>('DELETE', address(route, options), options);

/** Whether another try may help: no answer, too many requests, or a fault of the server. */
export function isTransient(error: unknown): boolean {
  return error instanceof Unreachable || (error instanceof Problem && (error.status === 429 || error.status >= 500));
}
