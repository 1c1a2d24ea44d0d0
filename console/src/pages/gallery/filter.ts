// The grammar of the catalog's filters (docs/media.md), as the pages build it. A filter is the query string itself: `size.gte=100`.

export type ValueKind = 'text' | 'number' | 'bytes' | 'time' | 'flag' | 'kind' | 'status' | 'list' | 'id';
export type Operator = 'eq' | 'ne' | 'gt' | 'gte' | 'lt' | 'lte' | 'match' | 'exists' | 'isempty';

export interface FieldRule {
  name: string;
  label: string;
  value: ValueKind;
  operators: readonly Operator[];
}

const order: readonly Operator[] = ['eq', 'ne', 'gt', 'gte', 'lt', 'lte'];
const withEmpty: readonly Operator[] = [...order, 'exists'];

export const fields: readonly FieldRule[] = [
  { name: 'name', label: 'Name', value: 'text', operators: ['match', ...order] },
  { name: 'owner', label: 'Owner', value: 'text', operators: ['eq', 'ne', 'match'] },
  { name: 'kind', label: 'Kind', value: 'kind', operators: ['eq', 'ne'] },
  { name: 'status', label: 'Status', value: 'status', operators: ['eq', 'ne'] },
  { name: 'public', label: 'Public', value: 'flag', operators: ['eq'] },
  { name: 'tags', label: 'Tags, all of', value: 'list', operators: ['eq', 'exists'] },
  { name: 'without', label: 'Tags, none of', value: 'list', operators: ['eq'] },
  { name: 'categories', label: 'Categories, all of', value: 'list', operators: ['eq', 'exists'] },
  { name: 'capabilities', label: 'Capabilities, all of', value: 'list', operators: ['eq', 'exists'] },
  { name: 'size', label: 'Size', value: 'bytes', operators: order },
  { name: 'width', label: 'Width', value: 'number', operators: withEmpty },
  { name: 'height', label: 'Height', value: 'number', operators: withEmpty },
  { name: 'parts', label: 'Parts', value: 'number', operators: order },
  { name: 'version', label: 'Version', value: 'number', operators: order },
  { name: 'createdAt', label: 'Created', value: 'time', operators: order },
  { name: 'updatedAt', label: 'Changed', value: 'time', operators: order },
  { name: 'uploadedAt', label: 'Uploaded', value: 'time', operators: withEmpty },
  { name: 'readyAt', label: 'Ready since', value: 'time', operators: withEmpty },
  { name: 'expiresAt', label: 'Expires', value: 'time', operators: withEmpty },
  { name: 'alias', label: 'Alias', value: 'text', operators: ['eq', 'ne', 'match', 'exists'] },
  { name: 'description', label: 'Description', value: 'text', operators: ['match', 'exists'] },
  { name: 'website', label: 'Website', value: 'text', operators: ['match', 'exists'] },
  { name: 'error', label: 'Failure code', value: 'text', operators: ['eq', 'ne', 'exists'] },
  { name: 'parent', label: 'Cloned from', value: 'id', operators: ['eq', 'ne', 'exists'] },
  { name: 'references', label: 'Refers to', value: 'id', operators: ['eq', 'exists'] },
  { name: 'directOnly', label: 'Direct only', value: 'flag', operators: ['eq'] },
  { name: 'immutable', label: 'Immutable', value: 'flag', operators: ['eq'] },
  { name: 'temp', label: 'Temporary', value: 'flag', operators: ['eq'] },
  { name: 'id', label: 'Id', value: 'id', operators: ['eq', 'ne'] },
];

const byName = new Map(fields.map((field) => [field.name, field]));

export const operatorNames: Record<Operator, string> = {
  eq: 'is', ne: 'is not', gt: 'more than', gte: 'at least', lt: 'less than', lte: 'at most', match: 'contains', exists: 'is set', isempty: 'is empty',
};

export const kinds = ['simple', 'image', 'video', 'text', 'pdf', 'model', 'zip', 'background', 'pkpass', 'pano-equirect', 'pano-cubemap', 'glb-extended'];
export const statuses = ['pending', 'uploaded', 'processing', 'ready', 'failed'];
export const orders: readonly [string, string][] = [
  ['', 'Newest first'], ['createdAt', 'Oldest first'], ['-uploadedAt', 'Uploaded last'], ['-updatedAt', 'Changed last'], ['name', 'Name, A to Z'],
  ['-name', 'Name, Z to A'], ['-size', 'Largest first'], ['size', 'Smallest first'],
];

export interface Condition {
  field: string;
  operator: Operator;
  value: string;
}

/** The name of a condition in the query string: `size.gte`, and `size` for equality. */
export const parameter = ({ field, operator }: Pick<Condition, 'field' | 'operator'>) => (operator === 'eq' ? field : `${field}.${operator}`);

const rest = new Set(['order', 'multi', 'multi.in', 'item']);

/** Reads the conditions of a query string. What is no condition of the grammar is left out; the API would refuse it. */
export function conditionsOf(search: Record<string, string>): Condition[] {
  const all: Condition[] = [];
  for (const [name, value] of Object.entries(search)) {
    if (rest.has(name)) continue;
    const dot = name.lastIndexOf('.');
    const field = dot < 0 ? name : name.slice(0, dot);
    const operator = (dot < 0 ? 'eq' : name.slice(dot + 1)) as Operator;
    const rule = byName.get(field);
    if (rule !== undefined ? rule.operators.includes(operator) || operator === 'isempty' : /^c_\w+$/.test(field)) all.push({ field, operator, value });
  }
  return all;
}

const sizes: Record<string, number> = { b: 1, kb: 1e3, mb: 1e6, gb: 1e9, kib: 1024, mib: 1024 ** 2, gib: 1024 ** 3 };

/** Reads a value as people write it: "1.5 MiB" is 1572864. Null when it is none. */
export function parseBytes(text: string): number | null {
  const found = /^\s*(\d+(?:\.\d+)?)\s*([kmg]?i?b?)\s*$/i.exec(text);
  if (found === null) return null;
  const unit = (found[2] ?? '').toLowerCase();
  const factor = sizes[unit === '' ? 'b' : unit.endsWith('b') ? unit : `${unit}b`];
  return factor === undefined ? null : Math.round(Number(found[1]) * factor);
}

/** Brings a value into the form that the API reads, or says what is wrong with it. */
export function normalize(rule: FieldRule, operator: Operator, text: string): { value: string } | { fault: string } {
  const value = text.trim();
  if (operator === 'exists' || operator === 'isempty' || rule.value === 'flag') {
    return value === 'true' || value === 'false' ? { value } : { fault: 'Choose yes or no.' };
  }
  if (value === '') return { fault: 'A value is missing.' };
  if (value.length > 200) return { fault: 'At most 200 characters.' };
  switch (rule.value) {
    case 'bytes': {
      const size = parseBytes(value);
      return size === null ? { fault: 'A number of bytes, such as 200000 or 1.5 MiB.' } : { value: String(size) };
    }
    case 'number':
      return /^\d{1,15}$/.test(value) ? { value } : { fault: 'A whole number.' };
    case 'time': {
      const time = new Date(/^\d{4}-\d\d-\d\d$/.test(value) ? `${value}T00:00:00Z` : value);
      return Number.isNaN(time.getTime()) ? { fault: 'A time, such as 2026-11-30.' } : { value: /^\d{4}-\d\d-\d\d$/.test(value) ? value : time.toISOString() };
    }
    case 'list': {
      const list = value.split(',').map((each) => each.trim()).filter((each) => each !== '');
      return list.length > 20 ? { fault: 'At most 20 values.' } : { value: list.join(',') };
    }
    case 'id':
      return /^[\da-f]{8}-?([\da-f]{4}-?){3}[\da-f]{12}$/i.test(value) ? { value } : { fault: 'An id, such as 01936f3e-9c5a-7cc1-8f1e-3a1d8b0c4e55.' };
    default:
      return { value };
  }
}

/** Says why a condition cannot be added to a filter: at most 16 in all and two for each field. Null when it can. */
export function refusal(conditions: readonly Condition[], next: Condition): string | null {
  const others = conditions.filter((each) => parameter(each) !== parameter(next));
  if (others.length >= 16) return 'A filter has at most 16 conditions.';
  if (others.filter((each) => each.field === next.field).length >= 2) return 'A field has at most two conditions.';
  return null;
}

/** The query of a page of the list. */
export function listQuery(search: Record<string, string>, limit: number, cursor: string): Record<string, string | number> {
  const query: Record<string, string | number> = {};
  for (const condition of conditionsOf(search)) query[parameter(condition)] = condition.value;
  if (search.multi) {
    query.multi = search.multi;
    if (search['multi.in']) query['multi.in'] = search['multi.in'];
  }
  if (search.order) query.order = search.order;
  query.limit = limit;
  if (cursor !== '') query.cursor = cursor;
  return query;
}

/** A condition in words: "Size at least 1 MiB". */
export function inWords(condition: Condition, bytes: (value: number) => string): string {
  const rule = byName.get(condition.field);
  const label = rule?.label ?? condition.field.replace(/^c_/, '');
  const isNot = condition.value === 'false';
  if (condition.operator === 'exists') return `${label} ${isNot ? 'is not set' : 'is set'}`;
  if (condition.operator === 'isempty') return `${label} ${isNot ? 'is set' : 'is not set'}`;
  if (rule?.value === 'flag') return isNot ? `Not ${label.toLowerCase()}` : label;
  const value = rule?.value === 'bytes' ? bytes(Number(condition.value)) : condition.value;
  return `${label} ${operatorNames[condition.operator]} ${value}`;
}
