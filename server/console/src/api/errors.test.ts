import { describe, expect, it } from 'vitest';
import { ApiProblem, offlineProblem, problemFromAnswer, processServerError } from './errors';

const body = {
  error: {
    code: 'V-422-FIELD',
    message: '请改正标出的项目。',
    message_en: 'Mend the marked fields.',
    detail: '地址',
    detail_en: 'address',
    fields: [{ field: 'reason', message: '请填写', message_en: 'must be filled in' }],
    retryable: false,
  },
};

describe('answers that are ours', () => {
  it('keep code, both sentences and the fields', () => {
    const problem = problemFromAnswer(422, JSON.stringify(body));
    expect(problem).toMatchObject({ status: 422, code: 'V-422-FIELD', retryable: false });
    expect(processServerError(problem, true)).toMatchObject({
      sentence: '请改正标出的项目。',
      detail: '地址',
      fields: [{ field: 'reason', sentence: '请填写' }],
    });
    expect(processServerError(problem, false).fields[0]?.sentence).toBe('must be filled in');
    expect(processServerError(problem, false).detail).toBe('address');
  });

  it('stand missing parts', () => {
    const problem = problemFromAnswer(409, '{"error":{"code":"S-409-VERSION"}}');
    expect(problem).toMatchObject({ code: 'S-409-VERSION', fields: [], detail: null });
  });
});

describe('answers that are not ours', () => {
  it.each([
    [502, '<html>Bad gateway</html>', 'X-503-BUSY'],
    [500, '', 'X-500-SERVER'],
    [500, '{"error":"no"}', 'X-500-SERVER'],
    [418, 'null', 'X-500-SERVER'],
  ])('status %i %s', (status, text, code) => {
    const problem = problemFromAnswer(status, text);
    expect(problem.code).toBe(code);
    expect(problem.message).not.toBe('');
  });
});

it('tells an unreachable server apart and allows another try', () => {
  expect(offlineProblem()).toMatchObject({ status: 0, code: 'N-000-OFFLINE', retryable: true });
});

it('gives every thrown value a code and a sentence', () => {
  expect(processServerError(new TypeError('x is undefined'), true)).toMatchObject({ code: 'X-500-SERVER' });
  expect(processServerError('boom', false).sentence).not.toBe('');
  expect(processServerError(new ApiProblem(403, body.error), true).code).toBe('V-422-FIELD');
});
