import assert from 'node:assert/strict';
import { describe, test } from 'node:test';
import { asClusterError, ClusterError, networkError, problemOf, redact, statusError } from '../../../src/cluster/errors';
import type { ProblemReason } from '../../../src/domain/problem';

const status = (code: number, fields: object = {}) => JSON.stringify({ kind: 'Status', apiVersion: 'v1', code, message: `said ${code}`, ...fields });

describe('errors', () => {
  for (const [code, fields, reason] of [
    [400, {}, 'invalid'], [401, {}, 'unauthorized'], [403, {}, 'forbidden'], [404, { details: { kind: 'x', name: 'y' } }, 'notFound'], [404, { details: {} }, 'notServed'], [405, {}, 'invalid'],
    [407, {}, 'proxy'], [409, { reason: 'AlreadyExists' }, 'alreadyExists'], [409, { reason: 'Conflict' }, 'conflict'], [410, {}, 'gone'], [413, {}, 'invalid'], [422, {}, 'invalid'], [429, {}, 'throttled'],
    [500, {}, 'server'], [503, {}, 'server'], [504, {}, 'timeout'], [302, {}, 'server'],
    [403, { message: 'admission webhook "a" denied the request: b' }, 'denied'], [422, { message: 'virtualmachines "x" is forbidden: ValidatingAdmissionPolicy \'p\' with binding \'b\' denied request: c' }, 'denied'],
  ] as [number, object, ProblemReason][]) {
    test(`${code} ${JSON.stringify(fields)} is "${reason}", in the server's words`, () => {
      const error = statusError(code, status(code, fields));
      assert.equal(error.reason, reason);
      assert.ok(error.message.endsWith((fields as { message?: string }).message ?? `said ${code}`));
    });
  }

  test('a quota that is used up is no missing right', () => {
    assert.equal(statusError(403, status(403, { message: 'pods "x" is forbidden: exceeded quota: q' })).hint, undefined);
    assert.match(statusError(403, status(403, { message: 'x is forbidden: User "u" cannot list resource "x"' })).hint ?? '', /right/);
  });

  test('Retry-After comes from the header, else from the status', () => {
    assert.equal(statusError(429, status(429, { details: { retryAfterSeconds: 2 } })).retryAfterMs, 2000);
    assert.equal(statusError(429, status(429, { details: { retryAfterSeconds: 2 } }), 5000).retryAfterMs, 5000);
    assert.equal(statusError(429, 'busy').retryAfterMs, undefined);
  });

  for (const [code, reason] of [
    ['ENOTFOUND', 'unreachable'], ['EAI_AGAIN', 'unreachable'], ['ECONNREFUSED', 'unreachable'], ['ENETUNREACH', 'unreachable'], ['ECONNRESET', 'unreachable'], ['ETIMEDOUT', 'timeout'],
    ['CERT_HAS_EXPIRED', 'tls'], ['SELF_SIGNED_CERT_IN_CHAIN', 'tls'], ['UNABLE_TO_VERIFY_LEAF_SIGNATURE', 'tls'], ['ERR_TLS_CERT_ALTNAME_INVALID', 'tls'], ['ERR_SSL_WRONG_VERSION_NUMBER', 'tls'], ['EPROTO', 'tls'],
  ] as [string, ProblemReason][]) {
    test(`${code} is "${reason}", says what and what to do, however deep it lies`, () => {
      const inner = Object.assign(new Error('inner'), { code });
      for (const error of [inner, new Error('outer', { cause: inner }), new AggregateError([inner])]) {
        const made = networkError(error, 'https://cluster.example:6443');
        assert.equal(made.reason, reason);
        assert.match(made.message, /cluster\.example/);
        assert.ok(made.hint);
      }
    });
  }

  test('what is no error of ours becomes one, once', () => {
    const made = asClusterError(new Error('odd'), 'https://c');
    assert.equal(asClusterError(made, 'other'), made);
    assert.match(made.message, /odd/);
    assert.deepEqual(problemOf(new ClusterError('tls', 'm', { hint: 'h' })), { reason: 'tls', message: 'm', hint: 'h' });
    assert.deepEqual(problemOf(new ClusterError('tls', 'm')), { reason: 'tls', message: 'm' });
  });

  test('F36: words of others lose what may be secret', () => {
    assert.equal(redact('at https://me:pw@host/x with eyJhbGciOiJSUzI1NiIsImtpZCI6.abc-def_ghi1234567 done'), 'at https://…@host/x with … done');
    assert.equal(redact('-----BEGIN KEY-----\nabc\n-----END KEY----- after'), '… after');
    assert.equal(redact('The user is not signed in.'), 'The user is not signed in.');
  });
});
