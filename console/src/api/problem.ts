import type { components } from './schema';

type Document = Partial<components['schemas']['ProblemDetails']>;

/** A refusal by the API, as its problem document tells it. */
export class Problem extends Error {
  readonly status: number;
  readonly code: string;
  readonly title: string;
  readonly detail: string;
  /** Seconds after which the API asks for another try, or null. */
  readonly retryAfter: number | null;
  readonly document: Record<string, unknown>;

  constructor(status: number, document: Document & Record<string, unknown>, retryAfter: number | null) {
    const title = document.title ?? `The API answered ${status}`;
    super(document.detail ?? title);
    this.name = 'Problem';
    this.status = status;
    this.code = document.code ?? `http-${status}`;
    this.title = title;
    this.detail = document.detail ?? '';
    this.retryAfter = retryAfter;
    this.document = document;
  }
}

/** A request that got no answer: the API is down, or the network is. */
export class Unreachable extends Error {
  constructor() {
    super('The API did not answer.');
    this.name = 'Unreachable';
  }
}

export async function problemOf(response: Response): Promise<Problem> {
  const retry = Number(response.headers.get('Retry-After') ?? Number.NaN);
  const isJson = /json/.test(response.headers.get('Content-Type') ?? '');
  const document: unknown = isJson ? await response.json() : {};
  return new Problem(response.status, (document ?? {}) as Document & Record<string, unknown>, Number.isFinite(retry) ? retry : null);
}

// What helps beside the document's own detail. Codes that are not here are explained well enough by it.
const byCode: Record<string, string> = {
  'scope-missing': 'Sign in with a key that has the scope, or ask an operator for one.',
  'api-key-required': 'Sign in again.',
  'api-key-invalid': 'Check the key. A disabled or expired key is refused like a wrong one.',
  'owner-forbidden': 'The key belongs to another owner. Sign in with a key of this owner, or with one that has none.',
  'rate-limited': 'Wait a moment, then try again.',
  'quota-exceeded': 'Delete content that is not needed, or raise the quota under Keys and quotas.',
  'media-not-ready': 'Wait until processing has ended.',
  'version-mismatch': 'Someone changed it meanwhile. Reload, and repeat the change.',
  'search-too-costly': 'Narrow the filter: an owner, a kind or a tag helps most.',
  'job-queue-unavailable': 'Check PostgreSQL and Redis on the overview.',
};

const byStatus: Record<number, string> = {
  401: 'Sign in again.',
  403: 'Sign in with a key that may do this.',
  404: 'It may have been removed meanwhile. Go back and reload the list.',
  409: 'Reload to see the present state, then decide again.',
  429: 'Wait a moment, then try again.',
  500: 'Try again. If it stays, the log of the API has the reason.',
  502: 'Try again in a moment.',
  503: 'Something that the API needs does not respond. Look at the overview, and try again.',
};

/** Says what a person can do about a failure. */
export function adviceFor(error: unknown): string {
  if (error instanceof Problem) {
    const advice = byCode[error.code] ?? byStatus[error.status] ?? 'Correct the request and try again.';
    return error.retryAfter === null ? advice : `${advice} The API asks for ${error.retryAfter} s.`;
  }
  if (error instanceof Unreachable) return 'Check the network and the API. This page tries again by itself.';
  return 'Reload the page. If it stays, report what you did.';
}
