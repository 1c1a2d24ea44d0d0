import { useInfiniteQuery, useMutation, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { get, post, remove, type Schemas } from '../../api/client';
import { command } from '../../api/curl';
import { useTalk } from '../../ui/dialogs';
import { Page } from '../../ui/page';
import { Badge, Button, Id, Panel, StateBadge, Tabs, Time } from '../../ui/parts';
import { Bones, Empty, Fault } from '../../ui/states';
import { Quota } from '../buckets/Buckets';
import { NewAccessKey, NewApiKey, NewOwner, SecretDialog } from './New';

type Tab = 'api' | 's3' | 'owners';

export default function Keys() {
  const search = useSearch({ strict: false }) as Record<string, string>;
  const navigate = useNavigate();
  const tab: Tab = search.tab === 's3' || search.tab === 'owners' ? search.tab : 'api';
  const [dialog, setDialog] = useState<Tab | null>(null);
  const [secret, setSecret] = useState<{ title: string; lines: [string, string][] } | null>(null);
  return (
    <Page
      title="Keys and quotas" intro="Who may do what, and how much."
      actions={<Button variant="primary" icon="plus" onClick={() => setDialog(tab)}>{{ api: 'New API key', s3: 'New access key', owners: 'New owner' }[tab]}</Button>}
      commands={[
        command('API keys', 'get', '/admin/api-keys'),
        command('A new one', 'post', '/admin/api-keys', { body: { name: 'web site', scopes: ['files:read'], ownerId: 'shop' } }),
        command('Access keys for S3', 'get', '/admin/access-keys'),
        command('A new one for a new owner', 'post', '/admin/access-keys', { body: { displayName: 'backup' } }),
        command('Owners', 'get', '/admin/owners'),
        command('The quota of an owner', 'put', '/admin/owners/{owner}/quota', { path: { owner: search.owner ?? 'shop' }, body: { bytes: 500_000_000_000 } }),
      ]}
    >
      <Tabs
        label="Kind" value={tab} onChange={(id) => void navigate({ to: '/keys', search: id === 'api' ? {} : { tab: id }, replace: true })}
        tabs={[{ id: 'api', name: 'API keys' }, { id: 's3', name: 'Access keys of S3' }, { id: 'owners', name: 'Owners and quotas' }]}
      />
      {tab === 'api' && <ApiKeys onSecret={setSecret} />}
      {tab === 's3' && <AccessKeys />}
      {tab === 'owners' && <Owners chosen={search.owner ?? null} onChoose={(owner) => void navigate({ to: '/keys', search: { tab: 'owners', owner }, replace: true })} />}
      {dialog === 'api' && <NewApiKey onClose={() => setDialog(null)} onSecret={setSecret} />}
      {dialog === 's3' && <NewAccessKey onClose={() => setDialog(null)} onSecret={setSecret} />}
      {dialog === 'owners' && <NewOwner onClose={() => setDialog(null)} />}
      {secret !== null && <SecretDialog {...secret} onClose={() => setSecret(null)} />}
    </Page>
  );
}

function ApiKeys({ onSecret }: { onSecret: (secret: { title: string; lines: [string, string][] }) => void }) {
  const client = useQueryClient();
  const { ask, tell, tellFault } = useTalk();
  const query = useInfiniteQuery({
    queryKey: ['api-keys'], queryFn: ({ pageParam, signal }) => get('/admin/api-keys', { query: { after: pageParam, limit: 100 }, signal }),
    initialPageParam: '', getNextPageParam: (page) => page.next ?? undefined,
  });
  const settled = { onError: tellFault, onSettled: () => client.invalidateQueries({ queryKey: ['api-keys'] }) };
  const act = useMutation({ mutationFn: ({ id, action }: { id: string; action: 'enable' | 'disable' }): Promise<unknown> => post(`/admin/api-keys/{id}/${action}`, { path: { id } }), ...settled });
  const rotate = useMutation({ mutationFn: (id: string) => post('/admin/api-keys/{id}/rotate', { path: { id }, body: {} }), onSuccess: (made) => onSecret({ title: `The new secret of ${made.key.name}`, lines: [['API key', made.apiKey]] }), ...settled });
  const drop = useMutation({ mutationFn: (id: string): Promise<unknown> => remove('/admin/api-keys/{id}', { path: { id } }), onSuccess: () => tell('The key is deleted.'), ...settled });
  const keys = query.data?.pages.flatMap((page) => page.apiKeys) ?? [];
  const ends = async (key: Schemas['ApiKeyResponse']) => {
    if (await ask({ title: `Delete ${key.name}?`, text: 'Requests with it are refused at once. The data of its owner stays.', action: 'Delete', danger: true })) drop.mutate(key.keyId);
  };
  const turns = async (key: Schemas['ApiKeyResponse']) => {
    if (await ask({ title: `Replace the secret of ${key.name}?`, text: 'You see the new secret once. The present one stays valid for a day.', action: 'Replace' })) rotate.mutate(key.keyId);
  };
  return (
    <Panel flush>
      {query.isPending ? <Bones rows={4} /> : query.isError ? <Fault error={query.error} onRetry={() => void query.refetch()} /> : keys.length === 0 ? <Empty icon="keys" title="No API keys">The server accepts every request: it was started with <code>Security:Open</code>.</Empty> : (
        <table className="table cards">
          <thead><tr><th>Name</th><th>State</th><th>Scopes</th><th>Owner</th><th>Last used</th><th>Expires</th><th className="actions"><span className="hidden-text">Actions</span></th></tr></thead>
          <tbody>
            {keys.map((key) => (
              <tr key={key.keyId}>
                <td><span className="stack" style={{ gap: 0 }}><strong>{key.name}</strong><Id value={key.keyId} /></span></td>
                <td data-label="State"><StateBadge state={key.isEnabled ? 'enabled' : 'disabled'} /></td>
                <td data-label="Scopes"><span className="row tight">{key.scopes.map((scope) => <Badge bare key={scope}>{scope}</Badge>)}</span></td>
                <td data-label="Owner">{key.ownerId == null ? <span className="muted">all owners</span> : key.ownerId.length > 20 ? <Id value={key.ownerId} /> : key.ownerId}</td>
                <td data-label="Last used" className="nowrap"><Time at={key.lastUsedAt} /></td>
                <td data-label="Expires" className="nowrap">{key.expiresAt == null ? <span className="muted">never</span> : <Time at={key.expiresAt} />}</td>
                <td className="actions">
                  <Button size="small" variant="plain" icon="retry" label={`Replace the secret of ${key.name}`} onClick={() => void turns(key)} />
                  <Button size="small" variant="plain" icon={key.isEnabled ? 'pause' : 'play'} label={`${key.isEnabled ? 'Disable' : 'Enable'} ${key.name}`} onClick={() => act.mutate({ id: key.keyId, action: key.isEnabled ? 'disable' : 'enable' })} />
                  <Button size="small" variant="plain" icon="trash" label={`Delete ${key.name}`} onClick={() => void ends(key)} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {query.hasNextPage && <div className="more"><Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>More</Button></div>}
    </Panel>
  );
}

function AccessKeys() {
  const client = useQueryClient();
  const { ask, tell, tellFault } = useTalk();
  const query = useInfiniteQuery({
    queryKey: ['access-keys'], queryFn: ({ pageParam, signal }) => get('/admin/access-keys', { query: { after: pageParam, limit: 100 }, signal }),
    initialPageParam: '', getNextPageParam: (page) => page.next ?? undefined,
  });
  const settled = { onError: tellFault, onSettled: () => client.invalidateQueries({ queryKey: ['access-keys'] }) };
  const act = useMutation({ mutationFn: ({ id, action }: { id: string; action: 'enable' | 'disable' }) => post(`/admin/access-keys/{id}/${action}`, { path: { id } }), ...settled });
  const drop = useMutation({ mutationFn: (id: string): Promise<unknown> => remove('/admin/access-keys/{id}', { path: { id } }), onSuccess: () => tell('The access key is deleted.'), ...settled });
  const keys = query.data?.pages.flatMap((page) => page.accessKeys) ?? [];
  const ends = async (id: string) => {
    if (await ask({ title: `Delete ${id}?`, text: 'Requests that it signed are refused. Buckets and objects stay.', action: 'Delete', danger: true })) drop.mutate(id);
  };
  return (
    <Panel flush>
      {query.isPending ? <Bones rows={4} /> : query.isError ? <Fault error={query.error} onRetry={() => void query.refetch()} /> : keys.length === 0 ? <Empty icon="keys" title="No access keys">S3 clients sign their requests with one.</Empty> : (
        <table className="table cards">
          <thead><tr><th>Access key</th><th>State</th><th>Owner</th><th>Name</th><th>Created</th><th className="actions"><span className="hidden-text">Actions</span></th></tr></thead>
          <tbody>
            {keys.map((key) => (
              <tr key={key.accessKeyId}>
                <td><Id value={key.accessKeyId} length={24} /></td>
                <td data-label="State"><StateBadge state={key.isEnabled ? 'enabled' : 'disabled'} /></td>
                <td data-label="Owner"><Id value={key.ownerId} length={18} /></td>
                <td data-label="Name">{key.displayName}</td>
                <td data-label="Created"><Time at={key.createdAt} /></td>
                <td className="actions">
                  <Button size="small" variant="plain" icon={key.isEnabled ? 'pause' : 'play'} label={`${key.isEnabled ? 'Disable' : 'Enable'} ${key.accessKeyId}`} onClick={() => act.mutate({ id: key.accessKeyId, action: key.isEnabled ? 'disable' : 'enable' })} />
                  <Button size="small" variant="plain" icon="trash" label={`Delete ${key.accessKeyId}`} onClick={() => void ends(key.accessKeyId)} />
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      )}
      {query.hasNextPage && <div className="more"><Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>More</Button></div>}
    </Panel>
  );
}

function Owners({ chosen, onChoose }: { chosen: string | null; onChoose: (owner: string) => void }) {
  const query = useInfiniteQuery({
    queryKey: ['owners'], queryFn: ({ pageParam, signal }) => get('/admin/owners', { query: { after: pageParam, limit: 100 }, signal }),
    initialPageParam: '', getNextPageParam: (page) => page.next ?? undefined,
  });
  const owners = query.data?.pages.flatMap((page) => page.owners) ?? [];
  const owner = chosen ?? owners[0]?.ownerId ?? null;
  return (
    <div className="with-side">
      <Panel flush>
        {query.isPending ? <Bones rows={4} /> : query.isError ? <Fault error={query.error} onRetry={() => void query.refetch()} /> : owners.length === 0 ? <Empty icon="keys" title="No owners">An owner stands behind keys, files, buckets and objects.</Empty> : (
          <table className="table cards">
            <thead><tr><th>Owner</th><th>Name</th><th>Created</th></tr></thead>
            <tbody>
              {owners.map((each) => (
                <tr key={each.ownerId} aria-current={each.ownerId === owner ? 'true' : undefined}>
                  <td className="break"><button type="button" className="link" title={each.ownerId} onClick={() => onChoose(each.ownerId)}>{each.ownerId.length > 24 ? `${each.ownerId.slice(0, 22)}…` : each.ownerId}</button></td>
                  <td data-label="Name">{each.displayName}</td>
                  <td data-label="Created"><Time at={each.createdAt} /></td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
        {query.hasNextPage && <div className="more"><Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>More</Button></div>}
      </Panel>
      {owner !== null && <div className="stack"><p className="muted small cut">{owner}</p><Quota key={owner} scope="owners" id={owner} /></div>}
    </div>
  );
}
