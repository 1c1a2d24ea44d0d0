import { useMutation, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { post } from '../../api/client';
import { Dialog } from '../../ui/dialogs';
import { Icon } from '../../ui/icons';
import { Button, CopyButton, Field } from '../../ui/parts';
import { FaultNotice } from '../../ui/states';

interface Secret {
  title: string;
  lines: [string, string][];
}

const scopes: [string, string][] = [
  ['media:read', 'Read media'], ['media:write', 'Change media'], ['media:events', 'Report uploads of media'], ['images:read', 'Read images'], ['images:write', 'Upload and delete images'],
  ['files:read', 'Read files'], ['files:write', 'Store and delete files'], ['read', 'Read everything, also of later versions'], ['write', 'Change everything, also of later versions'],
  ['metrics', 'Read metrics'], ['admin', 'Administer the cluster'],
];
const forAllOwners = new Set(['metrics', 'admin']);

export function NewApiKey({ onClose, onSecret }: { onClose: () => void; onSecret: (secret: Secret) => void }) {
  const client = useQueryClient();
  const [name, setName] = useState('');
  const [owner, setOwner] = useState('');
  const [chosen, setChosen] = useState<string[]>(['media:read']);
  const [addresses, setAddresses] = useState('');
  const [days, setDays] = useState('');
  const isBound = owner.trim() !== '';
  const wrong = isBound ? chosen.filter((scope) => forAllOwners.has(scope)) : [];
  const make = useMutation({
    mutationFn: () => post('/admin/api-keys', {
      body: {
        name: name.trim(), scopes: chosen, ownerId: isBound ? owner.trim() : null,
        addresses: addresses.split(/[\s,]+/).filter((each) => each !== ''),
        expiresAt: days === '' ? null : new Date(Date.now() + Number(days) * 86_400_000).toISOString(),
      },
    }),
    onSuccess: (made) => {
      void client.invalidateQueries({ queryKey: ['api-keys'] });
      onClose();
      onSecret({ title: `${made.key.name} is ready`, lines: [['API key', made.apiKey]] });
    },
  });
  return (
    <Dialog title="New API key" onClose={onClose}>
      <form className="stack wide" onSubmit={(event) => { event.preventDefault(); make.mutate(); }}>
        <Field label="Name" hint="For people: what it is used by">{(ids) => <input {...ids} className="input" autoFocus required value={name} onChange={(event) => setName(event.target.value)} />}</Field>
        <fieldset className="stack" style={{ gap: 2 }}>
          <legend className="label small">It may</legend>
          <div className="grid" style={{ '--least': '210px', gap: '0 12px' } as React.CSSProperties}>
            {scopes.map(([scope, means]) => (
              <label key={scope} className="check small">
                <input type="checkbox" checked={chosen.includes(scope)} onChange={(event) => setChosen(event.target.checked ? [...chosen, scope] : chosen.filter((each) => each !== scope))} />
                <span>{means} <code className="muted">{scope}</code></span>
              </label>
            ))}
          </div>
        </fieldset>
        <Field label="Owner" hint="It then sees and changes the data of this owner only; empty for all owners" fault={wrong.length > 0 ? `${wrong.join(' and ')} concern all owners: leave the owner empty, or the scope out.` : null}>
          {(ids) => <input {...ids} className="input" maxLength={128} value={owner} onChange={(event) => setOwner(event.target.value)} />}
        </Field>
        <div className="grid" style={{ '--least': '180px' } as React.CSSProperties}>
          <Field label="Only from" hint="Addresses or networks; empty for all">{(ids) => <input {...ids} className="input" placeholder="10.1.0.0/16" value={addresses} onChange={(event) => setAddresses(event.target.value)} />}</Field>
          <Field label="Expires in days" hint="Empty for never">{(ids) => <input {...ids} className="input" inputMode="numeric" pattern="[1-9]\d{0,4}" value={days} onChange={(event) => setDays(event.target.value)} />}</Field>
        </div>
        {make.isError && <FaultNotice error={make.error} />}
        <div className="foot"><Button onClick={onClose}>Cancel</Button><Button type="submit" variant="primary" busy={make.isPending} disabled={name.trim() === '' || chosen.length === 0 || wrong.length > 0}>Create</Button></div>
      </form>
    </Dialog>
  );
}

export function NewAccessKey({ onClose, onSecret }: { onClose: () => void; onSecret: (secret: Secret) => void }) {
  const client = useQueryClient();
  const [owner, setOwner] = useState('');
  const [name, setName] = useState('');
  const make = useMutation({
    mutationFn: () => post('/admin/access-keys', { body: { ownerId: owner.trim() || null, displayName: name.trim() || null } }),
    onSuccess: (made) => {
      void client.invalidateQueries({ queryKey: ['access-keys'] });
      onClose();
      onSecret({ title: `The access key of ${made.displayName}`, lines: [['Access key id', made.accessKeyId], ['Secret access key', made.secretAccessKey]] });
    },
  });
  return (
    <Dialog title="New access key" onClose={onClose}>
      <form className="stack wide" onSubmit={(event) => { event.preventDefault(); make.mutate(); }}>
        <Field label="Owner" hint="Empty for a new owner">{(ids) => <input {...ids} className="input" autoFocus maxLength={128} value={owner} onChange={(event) => setOwner(event.target.value)} />}</Field>
        <Field label="Name of the owner" hint="For people">{(ids) => <input {...ids} className="input" value={name} onChange={(event) => setName(event.target.value)} />}</Field>
        {make.isError && <FaultNotice error={make.error} />}
        <div className="foot"><Button onClick={onClose}>Cancel</Button><Button type="submit" variant="primary" busy={make.isPending}>Create</Button></div>
      </form>
    </Dialog>
  );
}

export function NewOwner({ onClose }: { onClose: () => void }) {
  const client = useQueryClient();
  const [owner, setOwner] = useState('');
  const [name, setName] = useState('');
  const make = useMutation({
    mutationFn: () => post('/admin/owners', { body: { ownerId: owner.trim() || null, displayName: name.trim() || null } }),
    onSuccess: () => { void client.invalidateQueries({ queryKey: ['owners'] }); onClose(); },
  });
  return (
    <Dialog title="New owner" onClose={onClose}>
      <form className="stack wide" onSubmit={(event) => { event.preventDefault(); make.mutate(); }}>
        <Field label="Id" hint="Letters, digits and . _ $ @ + : -; empty to have one made">{(ids) => <input {...ids} className="input" autoFocus maxLength={128} value={owner} onChange={(event) => setOwner(event.target.value)} />}</Field>
        <Field label="Name" hint="For people">{(ids) => <input {...ids} className="input" value={name} onChange={(event) => setName(event.target.value)} />}</Field>
        {make.isError && <FaultNotice error={make.error} />}
        <div className="foot"><Button onClick={onClose}>Cancel</Button><Button type="submit" variant="primary" busy={make.isPending}>Create</Button></div>
      </form>
    </Dialog>
  );
}

export function SecretDialog({ title, lines, onClose }: Secret & { onClose: () => void }) {
  return (
    <Dialog title={title} onClose={onClose}>
      <div className="notice warn"><Icon name="warning" /><div>Copy it now. It is shown this once, and cannot be shown again.</div></div>
      {lines.map(([name, value]) => (
        <div key={name} className="stack" style={{ gap: 4 }}>
          <span className="small muted">{name}</span>
          <div className="command"><code>{value}</code><CopyButton text={value} label={`Copy the ${name}`} /></div>
        </div>
      ))}
      <div className="foot"><Button variant="primary" onClick={onClose}>I have it</Button></div>
    </Dialog>
  );
}
