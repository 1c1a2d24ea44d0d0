import { describe, expect, test } from 'vitest';
import { bytes } from '../../ui/format';
import { conditionsOf, fields, inWords, listQuery, normalize, parameter, parseBytes, refusal, type Condition } from './filter';

const rule = (name: string) => fields.find((field) => field.name === name)!;

describe('filters', () => {
  test('conditions are read from the query string, and nothing else is', () => {
    const found = conditionsOf({ 'size.gte': '100', tags: 'a,b', order: '-size', multi: 'sun', item: 'x', 'size.like': '1', unknown: '1', 'c_rank.gt': '5' });
    expect(found).toEqual([
      { field: 'size', operator: 'gte', value: '100' },
      { field: 'tags', operator: 'eq', value: 'a,b' },
      { field: 'c_rank', operator: 'gt', value: '5' },
    ]);
  });

  test('the query of a page has the conditions, the order, the limit and the cursor', () => {
    expect(listQuery({ kind: 'image', 'createdAt.lt': '2026-11-30', order: 'name', multi: 'sun', item: 'x' }, 100, 'Q1')).toEqual({
      kind: 'image', 'createdAt.lt': '2026-11-30', order: 'name', multi: 'sun', limit: 100, cursor: 'Q1',
    });
    expect(listQuery({}, 50, '')).toEqual({ limit: 50 });
  });

  test.each([['1.5 MiB', 1572864], ['200000', 200000], ['2kb', 2000], ['3 G', 3e9], ['x', null], ['-1', null]])('%s is %s bytes', (text, size) => {
    expect(parseBytes(text)).toBe(size);
  });

  test('values are brought into the form of the API, or refused with a reason', () => {
    expect(normalize(rule('size'), 'gte', '1 KiB')).toEqual({ value: '1024' });
    expect(normalize(rule('tags'), 'eq', ' a , ,b ')).toEqual({ value: 'a,b' });
    expect(normalize(rule('createdAt'), 'lt', '2026-11-30')).toEqual({ value: '2026-11-30' });
    expect(normalize(rule('width'), 'eq', '1e3')).toHaveProperty('fault');
    expect(normalize(rule('createdAt'), 'lt', 'tomorrow')).toHaveProperty('fault');
    expect(normalize(rule('name'), 'match', '  ')).toHaveProperty('fault');
    expect(normalize(rule('alias'), 'exists', 'maybe')).toHaveProperty('fault');
  });

  test('a filter has at most 16 conditions, and two for each field', () => {
    const size = (operator: Condition['operator']): Condition => ({ field: 'size', operator, value: '1' });
    expect(refusal([size('gt'), size('lt')], size('ne'))).toContain('two');
    expect(refusal([size('gt'), size('lt')], size('gt'))).toBeNull();
    const many = Array.from({ length: 16 }, (_, index): Condition => ({ field: `c_${index}`, operator: 'eq', value: '1' }));
    expect(refusal(many, size('gt'))).toContain('16');
  });

  test('conditions are told in words', () => {
    expect(inWords({ field: 'size', operator: 'gte', value: '1048576' }, bytes)).toBe('Size at least 1 MiB');
    expect(inWords({ field: 'public', operator: 'eq', value: 'false' }, bytes)).toBe('Not public');
    expect(inWords({ field: 'alias', operator: 'exists', value: 'false' }, bytes)).toBe('Alias is not set');
    expect(parameter({ field: 'size', operator: 'eq' })).toBe('size');
  });
});
