// The one door to the server: adds the CSRF header, measures the server's clock, turns every failure
// into an ApiProblem. Knows no route by heart; the files beside it name them.
import { ApiProblem, offlineProblem, problemFromAnswer } from './errors';

let csrfToken: string | null = null;
let clockOffsetMs = 0;
let onSignedOut: () => void = () => {};

export function setCsrfToken(token: string | null): void {
  csrfToken = token;
}

/** Called whenever the server says that the session has ended. */
export function setSignedOutHandler(handler: () => void): void {
  onSignedOut = handler;
}

/** The server's clock, epoch ms: count-downs must not depend on an office PC's clock. */
export function serverNowMs(): number {
  return Date.now() + clockOffsetMs;
}

export function noteServerMs(serverMs: number): void {
  if (Number.isFinite(serverMs) && serverMs > 0) clockOffsetMs = serverMs - Date.now();
}

export type Query = Record<string, string | number | boolean | null | undefined>;

export function queryString(query: Query): string {
  const pairs = new URLSearchParams();
  for (const [name, value] of Object.entries(query)) {
    if (value !== undefined && value !== null && value !== '') pairs.set(name, String(value));
  }
  const text = pairs.toString();
  return text === '' ? '' : `?${text}`;
}

interface Options {
  query?: Query;
  /** What a person typed into a search box: a name, a number. It travels in a header, because addresses
   *  end up in the logs of every proxy on the way. */
  search?: string;
  body?: unknown;
  /** A raw body (a file) instead of JSON. */
  raw?: Blob;
  signal?: AbortSignal;
}

async function send(method: string, path: string, options: Options): Promise<Response> {
  const headers: Record<string, string> = { accept: 'application/json' };
  if (options.body !== undefined) headers['content-type'] = 'application/json';
  if (options.raw !== undefined) headers['content-type'] = 'application/octet-stream';
  if (options.search !== undefined && options.search !== '')
    headers['x-dianma-search'] = encodeURIComponent(options.search);
  if (method !== 'GET' && csrfToken !== null) headers['x-csrf-token'] = csrfToken;
  try {
    return await fetch(path + queryString(options.query ?? {}), {
      method,
      headers,
      body: options.raw ?? (options.body === undefined ? undefined : JSON.stringify(options.body)),
      credentials: 'same-origin',
      signal: options.signal,
    });
  } catch (cause) {
    if (cause instanceof DOMException && cause.name === 'AbortError') throw cause;
    throw offlineProblem();
  }
}

/** Sends a request and returns the parsed answer; throws ApiProblem for everything that is not 2xx. */
export async function request<T>(method: string, path: string, options: Options = {}): Promise<T> {
  const answer = await send(method, path, options);
  noteServerMs(Number(answer.headers.get('x-dianma-server-ms')));
  const text = await answer.text();
  if (!answer.ok) {
    const problem = problemFromAnswer(answer.status, text);
    if (answer.status === 401 && problem.code === 'A-401-SIGN-IN') onSignedOut();
    throw problem;
  }
  if (text === '') return undefined as T;
  try {
    return JSON.parse(text) as T;
  } catch {
    throw new ApiProblem(answer.status, {
      code: 'N-502-ANSWER',
      message: '收到的不是本系统的应答：请检查网络后重试。',
      message_en: 'The answer is not from our server: check the network and try again.',
      detail: null,
      detail_en: null,
      fields: [],
      retryable: true,
    });
  }
}

/** Sends JSON and takes a file; a refusal comes as JSON all the same. */
export async function postForFile(path: string, body: unknown): Promise<Blob> {
  const answer = await send('POST', path, { body });
  if (answer.ok) return await answer.blob();
  const problem = problemFromAnswer(answer.status, await answer.text());
  if (answer.status === 401 && problem.code === 'A-401-SIGN-IN') onSignedOut();
  throw problem;
}

export const get = <T>(path: string, query?: Query, signal?: AbortSignal): Promise<T> =>
  request<T>('GET', path, { query, signal });
/** A GET with typed text; see `Options.search`. */
export const find = <T>(
  path: string,
  search: string | undefined,
  query: Query,
  signal?: AbortSignal,
): Promise<T> => request<T>('GET', path, { query, search, signal });
export const post = <T>(path: string, body: unknown = {}): Promise<T> => request<T>('POST', path, { body });
export const patch = <T>(path: string, body: unknown): Promise<T> => request<T>('PATCH', path, { body });
export const put = <T>(path: string, body: unknown): Promise<T> => request<T>('PUT', path, { body });
export const del = <T>(path: string): Promise<T> => request<T>('DELETE', path);
