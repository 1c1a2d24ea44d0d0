import { useEffect, useState } from 'react';
import { Dialog } from '../../ui/dialogs';
import { bytes } from '../../ui/format';
import { useRested } from '../../ui/hooks';
import { Icon } from '../../ui/icons';
import { Button, Field } from '../../ui/parts';
import { conditionsOf, fields, inWords, kinds, normalize, operatorNames, orders, parameter, refusal, statuses, type Condition, type Operator } from './filter';

type Search = Record<string, string>;

/** The search field, the quick filters, the conditions and the order. All of them are the query string. */
export function Filters({ search, onChange }: { search: Search; onChange: (next: Search) => void }) {
  const [text, setText] = useState(search.multi ?? '');
  const [isOpen, setOpen] = useState(false);
  const rested = useRested(text.trim(), 250);
  const conditions = conditionsOf(search);
  const set = (changes: Search) => onChange({ ...search, ...changes });
  const without = (name: string) => {
    const { [name]: _, ...others } = search;
    onChange(others);
  };

  useEffect(() => {
    if (rested !== (search.multi ?? '')) {
      if (rested === '') without('multi');
      else set({ multi: rested.slice(0, 50) });
    }
    // Only a change of the text is a change of the filter.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [rested]);
  // The back button changes the address, and the field follows.
  useEffect(() => setText(search.multi ?? ''), [search.multi]);

  const quick: [string, string, string][] = [['Images', 'kind', 'image'], ['Videos', 'kind', 'video'], ['Public', 'public', 'true'], ['Failed', 'status', 'failed'], ['Pending', 'status', 'pending']];
  return (
    <div className="filters" role="search">
      <div className="row still">
        <div className="search grow">
          <Icon name="search" />
          <input className="input" type="search" aria-label="Search name, description, website, owner and alias" placeholder="Search names, descriptions, owners…" value={text} maxLength={50} onChange={(event) => setText(event.target.value)} />
        </div>
        <select className="input order" aria-label="Order" value={search.order ?? ''} onChange={(event) => (event.target.value === '' ? without('order') : set({ order: event.target.value }))}>
          {orders.map(([id, name]) => <option key={id} value={id}>{name}</option>)}
        </select>
      </div>
      <div className="row" style={{ gap: 6 }}>
        {quick.map(([name, field, value]) => (
          <button key={name} type="button" className="chip" aria-pressed={search[field] === value} onClick={() => (search[field] === value ? without(field) : set({ [field]: value }))}>{name}</button>
        ))}
        {conditions.filter((each) => !quick.some(([, field, value]) => parameter(each) === field && each.value === value)).map((each) => (
          <button key={parameter(each)} type="button" className="chip" aria-pressed="true" aria-label={`Remove the condition: ${inWords(each, bytes)}`} onClick={() => without(parameter(each))}>
            {inWords(each, bytes)}<Icon name="close" />
          </button>
        ))}
        <button type="button" className="chip" onClick={() => setOpen(true)}><Icon name="plus" />Condition</button>
        {(conditions.length > 0 || search.multi !== undefined) && <Button size="small" variant="plain" onClick={() => { setText(''); onChange(search.order === undefined ? {} : { order: search.order }); }}>Clear</Button>}
      </div>
      {isOpen && (
        <AddCondition conditions={conditions} onClose={() => setOpen(false)} onAdd={(each) => { setOpen(false); set({ [parameter(each)]: each.value }); }} />
      )}
    </div>
  );
}

function AddCondition({ conditions, onClose, onAdd }: { conditions: Condition[]; onClose: () => void; onAdd: (condition: Condition) => void }) {
  const [name, setName] = useState('tags');
  const rule = fields.find((field) => field.name === name)!;
  const [chosen, setOperator] = useState<Operator>('eq');
  const operator = rule.operators.includes(chosen) ? chosen : rule.operators[0]!;
  const [value, setValue] = useState('');
  const [fault, setFault] = useState<string | null>(null);
  const isChoice = operator === 'exists' || rule.value === 'flag';
  const options = isChoice ? ['true', 'false'] : rule.value === 'kind' ? kinds : rule.value === 'status' ? statuses : null;
  const shown = options !== null && !options.includes(value) ? options[0]! : value;
  const add = () => {
    const found = normalize(rule, operator, shown);
    const refused = 'fault' in found ? found.fault : refusal(conditions, { field: name, operator, value: found.value });
    setFault(refused);
    if (refused === null && 'value' in found) onAdd({ field: name, operator, value: found.value });
  };
  return (
    <Dialog title="Add a condition" onClose={onClose}>
      <form className="stack wide" onSubmit={(event) => { event.preventDefault(); add(); }}>
        <div className="grid" style={{ '--least': '140px' } as React.CSSProperties}>
          <Field label="Field">
            {(ids) => (
              <select {...ids} className="input" value={name} onChange={(event) => { setName(event.target.value); setFault(null); }}>
                {fields.map((field) => <option key={field.name} value={field.name}>{field.label}</option>)}
              </select>
            )}
          </Field>
          <Field label="Comparison">
            {(ids) => (
              <select {...ids} className="input" value={operator} onChange={(event) => setOperator(event.target.value as Operator)}>
                {rule.operators.map((each) => <option key={each} value={each}>{operatorNames[each]}</option>)}
              </select>
            )}
          </Field>
        </div>
        <Field label="Value" fault={fault} hint={{ bytes: 'Such as 200000 or 1.5 MiB', time: 'Such as 2026-11-30', list: 'Separated by commas' }[rule.value as string] ?? ''}>
          {(ids) => options !== null ? (
            <select {...ids} className="input" value={shown} onChange={(event) => setValue(event.target.value)}>
              {options.map((each) => <option key={each} value={each}>{isChoice ? (each === 'true' ? 'yes' : 'no') : each}</option>)}
            </select>
          ) : <input {...ids} className="input" value={value} autoFocus onChange={(event) => setValue(event.target.value)} />}
        </Field>
        <div className="foot">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary">Add</Button>
        </div>
      </form>
    </Dialog>
  );
}
