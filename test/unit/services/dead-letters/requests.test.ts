import { BulkRedriveRequest, parseLetterRequest, selectionIn } from '../../../../src/services/dead-letters/requests';

test.each([
  [{ ids: ['b', 'a', 'b'] }, { kind: 'ids', ids: ['b', 'a'] }],
  [{ all: true }, { kind: 'all', filter: {} }],
  [
    { all: true, code: 'INTERNAL', trigger: 'a.b' },
    { kind: 'all', filter: { code: 'INTERNAL', trigger: 'a.b' } },
  ],
  [
    { all: true, from: { after: 'x', until: '2026-01-01T00:00:00Z' } },
    { kind: 'all', filter: {}, from: { after: 'x', until: '2026-01-01T00:00:00Z' } },
  ],
])('%j selects %j', (request, selection) => {
  expect(selectionIn(request)).toEqual(selection);
});

test.each([
  [{}, 'ids'],
  [{ all: false }, 'ids'],
  [{ ids: [] }, 'ids'],
  [{ ids: ['a'], all: true }, 'ids'],
  [{ ids: ['a'], code: 'INTERNAL' }, 'ids'],
  [{ all: true, code: 'toString' }, 'code'],
])('%j is refused naming %s', (request, field) => {
  expect(() => selectionIn(request)).toThrow(
    expect.objectContaining({ code: 'INVALID_REQUEST', details: { field } }) as Error,
  );
});

test.each([
  [{ ids: 'a' }, 'ids'],
  [{ ids: Array.from({ length: 501 }, String) }, 'ids'],
  [{ all: true, from: { after: 1, until: 'x' } }, 'from.after'],
  [{ all: true, from: { after: 'a', until: 'yesterday' } }, 'from.until'],
  [{ all: true, rule: '' }, 'rule'],
  [{ all: true, colour: 'red' }, 'colour'],
])('a body %j is refused in a text that names %s', (body, field) => {
  expect(() => parseLetterRequest(BulkRedriveRequest, body)).toThrow(field);
});
