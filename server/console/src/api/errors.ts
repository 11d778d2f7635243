// Errors as people meet them: a stable code, a sentence in both languages, what to do next.
// The one place that understands the server's error body.
import type { FaultBody, FieldFault } from './contract';

/** A refused or failed request. The texts come from the server's fault catalogue. */
export class ApiProblem extends Error {
  readonly status: number;
  readonly code: string;
  readonly messageEn: string;
  readonly detail: string | null;
  readonly detailEn: string | null;
  readonly fields: FieldFault[];
  readonly retryable: boolean;

  constructor(status: number, body: FaultBody) {
    super(body.message);
    this.name = 'ApiProblem';
    this.status = status;
    this.code = body.code;
    this.messageEn = body.message_en;
    this.detail = body.detail;
    this.detailEn = body.detail_en;
    this.fields = body.fields;
    this.retryable = body.retryable;
  }
}

/** The server could not be reached at all. */
export function offlineProblem(): ApiProblem {
  return new ApiProblem(0, {
    code: 'N-000-OFFLINE',
    message: '连不上服务器：已填的内容还在，网络恢复后请重试。',
    message_en: 'The server cannot be reached: what you typed is kept, try again when the network is back.',
    detail: null,
    detail_en: null,
    fields: [],
    retryable: true,
  });
}

function isFaultBody(value: unknown): value is { error: Partial<FaultBody> & { code: string } } {
  if (typeof value !== 'object' || value === null || !('error' in value)) return false;
  const error = (value as { error: unknown }).error;
  return (
    typeof error === 'object' && error !== null && typeof (error as { code?: unknown }).code === 'string'
  );
}

/** Reads the error body; an answer that is not ours (proxy page, crash) still gets a code and a sentence. */
export function problemFromAnswer(status: number, text: string): ApiProblem {
  let parsed: unknown = null;
  try {
    parsed = JSON.parse(text);
  } catch {
    parsed = null;
  }
  if (isFaultBody(parsed)) {
    const { error } = parsed;
    return new ApiProblem(status, {
      code: error.code,
      message: error.message ?? error.code,
      message_en: error.message_en ?? error.message ?? error.code,
      detail: error.detail ?? null,
      detail_en: error.detail_en ?? error.detail ?? null,
      fields: error.fields ?? [],
      retryable: error.retryable ?? false,
    });
  }
  const busy = status === 502 || status === 503 || status === 504;
  return new ApiProblem(status, {
    code: busy ? 'X-503-BUSY' : 'X-500-SERVER',
    message: busy ? '服务器忙：请稍候再试。' : '服务器出错：请稍后重试，仍不行请联系系统管理员。',
    message_en: busy
      ? 'The server is busy: try again in a moment.'
      : 'The server failed: try again later, then call the administrator.',
    detail: `HTTP ${status}`,
    detail_en: `HTTP ${status}`,
    fields: [],
    retryable: true,
  });
}

/** What a page shows for any thrown value. */
export interface ShownProblem {
  code: string;
  sentence: string;
  detail: string | null;
  retryable: boolean;
  fields: { field: string; sentence: string }[];
}

/** The one translation from a thrown value to what a person reads. */
export function processServerError(thrown: unknown, isChinese: boolean): ShownProblem {
  if (thrown instanceof ApiProblem) {
    return {
      code: thrown.code,
      sentence: isChinese ? thrown.message : thrown.messageEn,
      detail: isChinese ? thrown.detail : thrown.detailEn,
      retryable: thrown.retryable,
      fields: thrown.fields.map((fault) => ({
        field: fault.field,
        sentence: isChinese ? fault.message : fault.message_en,
      })),
    };
  }
  return {
    code: 'X-500-SERVER',
    sentence: isChinese ? '页面出错：请刷新后再试。' : 'The page failed: reload and try again.',
    detail: thrown instanceof Error ? thrown.message : null,
    retryable: true,
    fields: [],
  };
}
