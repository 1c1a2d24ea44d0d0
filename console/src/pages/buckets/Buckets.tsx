import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { address, get, put, remove, type Schemas } from '../../api/client';
import { command } from '../../api/curl';
import { Problem } from '../../api/problem';
import { useAdd } from '../../uploads/Add';
import { useTalk } from '../../ui/dialogs';
import { bytes, count } from '../../ui/format';
import { Icon } from '../../ui/icons';
import { Page } from '../../ui/page';
import { Badge, Button, Bytes, CopyButton, Field, Id, Panel, Progress, Time } from '../../ui/parts';
import { Bones, Empty, Fault, FaultNotice } from '../../ui/states';
import { parseBytes } from '../gallery/filter';
import { foldersOf } from './folders';

export default function Buckets() {
  const search = useSearch({ strict: false }) as Record<string, string>;
  return search.bucket === undefined ? <All /> : <One key={search.bucket} bucket={search.bucket} prefix={search.prefix ?? ''} />;
}

function All() {
  const query = useInfiniteQuery({
    queryKey: ['buckets'],
    queryFn: ({ pageParam, signal }) => get('/admin/buckets', { query: { after: pageParam, limit: 200 }, signal }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next ?? undefined,
  });
  const buckets = query.data?.pages.flatMap((page) => page.buckets) ?? [];
  return (
    <Page
      title="Buckets" intro="The buckets of all owners, as S3 clients see them."
      commands={[
        command('All buckets', 'get', '/admin/buckets'),
        { label: 'Create one, over S3', text: 'aws --endpoint-url $s3 s3 mb s3://films' },
      ]}
    >
      <Panel flush>
        {query.isPending ? <Bones rows={6} /> : query.isError && buckets.length === 0 ? <Fault error={query.error} onRetry={() => void query.refetch()} /> : buckets.length === 0 ? (
          <Empty icon="buckets" title="No buckets yet">Any S3 client makes one: <code>aws s3 mb s3://films</code>. The keys are under Keys and quotas.</Empty>
        ) : (
          <table className="table cards">
            <thead><tr><th>Bucket</th><th>Owner</th><th>Settings</th><th>Created</th></tr></thead>
            <tbody>
              {buckets.map((bucket) => (
                <tr key={bucket.name}>
                  <td><Link className="row tight" to="/buckets" search={{ bucket: bucket.name }}><Icon name="buckets" />{bucket.name}</Link></td>
                  <td data-label="Owner"><Id value={bucket.ownerId} length={18} /></td>
                  <td data-label="Settings">
                    <span className="row tight">
                      {bucket.versioning !== 'off' && <Badge bare tone={bucket.versioning === 'enabled' ? 'accent' : 'warn'}>versions {bucket.versioning}</Badge>}
                      {bucket.hasObjectLock && <Badge bare tone="accent">object lock</Badge>}
                      {bucket.hasPolicy && <Badge bare>policy</Badge>}
                      {bucket.hasLifecycle && <Badge bare>lifecycle</Badge>}
                      {bucket.versioning === 'off' && !bucket.hasObjectLock && !bucket.hasPolicy && !bucket.hasLifecycle && <span className="muted">plain</span>}
                    </span>
                  </td>
                  <td data-label="Created"><Time at={bucket.createdAt} /></td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
        {query.hasNextPage && <div className="more"><Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>More</Button></div>}
      </Panel>
    </Page>
  );
}

const short = (id: string) => (id.length > 20 ? `${id.slice(0, 18)}…` : id);

function One({ bucket, prefix }: { bucket: string; prefix: string }) {
  const add = useAdd('object', { bucket, prefix });
  const query = useInfiniteQuery({
    queryKey: ['objects', bucket, prefix],
    queryFn: ({ pageParam, signal }) => get('/admin/buckets/{bucket}/objects', { path: { bucket }, query: { prefix, delimiter: '/', after: pageParam, limit: 200 }, signal }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next ?? undefined,
  });
  const prefixes = query.data?.pages.flatMap((page) => page.prefixes) ?? [];
  const objects = query.data?.pages.flatMap((page) => page.objects) ?? [];
  return (
    <Page
      title={bucket} intro={query.data === undefined ? 'A bucket.' : <>A bucket of <code>{short(query.data.pages[0]?.ownerId ?? '')}</code>.</>}
      actions={add.button}
      commands={[
        command('This listing', 'get', '/admin/buckets/{bucket}/objects', { path: { bucket }, query: { prefix, delimiter: '/' } }),
        command('Download an object', 'get', '/admin/buckets/{bucket}/object', { path: { bucket }, query: { key: objects[0]?.key ?? `${prefix}KEY` } }),
        command('What the bucket stores', 'get', '/admin/buckets/{bucket}/usage', { path: { bucket } }),
        command('Versions that cannot be deleted', 'get', '/admin/buckets/{bucket}/locked-versions', { path: { bucket } }),
        { label: 'Download everything here, over S3', text: `aws --endpoint-url $s3 s3 cp --recursive 's3://${bucket}/${prefix}' .` },
      ]}
    >
      <nav aria-label="Folders" className="crumbs">
        <Link to="/buckets">Buckets</Link>
        <span aria-hidden="true">/</span>
        {prefix === '' ? <span aria-current="page">{bucket}</span> : <Link to="/buckets" search={{ bucket }}>{bucket}</Link>}
        {foldersOf(prefix).map((folder) => (
          <span key={folder.prefix} className="row tight"><span aria-hidden="true">/</span>{folder.prefix === prefix ? <span aria-current="page">{folder.name}</span> : <Link to="/buckets" search={{ bucket, prefix: folder.prefix }}>{folder.name}</Link>}</span>
        ))}
      </nav>
      <div className="with-side">
        <Panel flush>
          {query.isPending ? <Bones rows={8} /> : query.isError ? <Fault error={query.error} onRetry={() => void query.refetch()} /> : prefixes.length + objects.length === 0 ? (
            <Empty icon="folder" title="Nothing here" action={<Button variant="primary" icon="uploads" onClick={add.choose}>Upload</Button>}>{prefix === '' ? 'The bucket is empty.' : 'No key begins with this prefix.'}</Empty>
          ) : (
            <>
              <table className="table cards">
                <thead><tr><th>Key</th><th className="number">Size</th><th>Changed</th><th className="actions"><span className="hidden-text">Actions</span></th></tr></thead>
                <tbody>
                  {prefixes.map((each) => (
                    <tr key={each}>
                      <td><Link className="row tight" to="/buckets" search={{ bucket, prefix: each }}><Icon name="folder" />{each.slice(prefix.length)}</Link></td>
                      <td className="number" data-label="Size">–</td><td data-label="Changed">–</td><td className="actions" />
                    </tr>
                  ))}
                  {objects.map((object) => (
                    <tr key={object.key}>
                      <td className="break"><span className="row tight still"><Icon name="file" />{object.key.slice(prefix.length) || object.key}</span></td>
                      <td className="number" data-label="Size"><Bytes value={object.size} /></td>
                      <td data-label="Changed"><Time at={object.modifiedAt} /></td>
                      <td className="actions">
                        <a className="button plain small icon" href={address('/admin/buckets/{bucket}/object', { path: { bucket }, query: { key: object.key } })} download aria-label={`Download ${object.key}`} title="Download"><Icon name="download" /></a>
                        <CopyButton text={`aws --endpoint-url $s3 s3 cp 's3://${bucket}/${object.key}' .`} label={`Copy the command that downloads ${object.key}`} />
                      </td>
                    </tr>
                  ))}
                </tbody>
              </table>
              {query.hasNextPage && <div className="more"><Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>More</Button></div>}
            </>
          )}
        </Panel>
        <Quota scope="buckets" id={bucket} />
      </div>
      {add.overlay}
    </Page>
  );
}

/** The usage and the quota of a bucket or an owner. */
export function Quota({ scope, id }: { scope: 'buckets' | 'owners'; id: string }) {
  const client = useQueryClient();
  const { tell, tellFault } = useTalk();
  const [isEditing, setEditing] = useState(false);
  const name = scope === 'buckets' ? 'bucket' : 'owner';
  const path = { [name]: id };
  const usage = useQuery({
    queryKey: ['usage', scope, id], staleTime: 60_000,
    queryFn: ({ signal }): Promise<Schemas['UsageResponse']> => (scope === 'buckets' ? get('/admin/buckets/{bucket}/usage', { path, signal }) : get('/admin/owners/{owner}/usage', { path, signal })),
  });
  const quota = useQuery({
    queryKey: ['quota', scope, id],
    queryFn: async ({ signal }): Promise<Schemas['QuotaResponse'] | null> => {
      try {
        return await (scope === 'buckets' ? get('/admin/buckets/{bucket}/quota', { path, signal }) : get('/admin/owners/{owner}/quota', { path, signal }));
      } catch (error) {
        if (error instanceof Problem && error.code === 'quota-not-found') return null;
        throw error;
      }
    },
  });
  const settled = () => client.invalidateQueries({ queryKey: ['quota', scope, id] });
  const drop = useMutation({
    mutationFn: (): Promise<unknown> => (scope === 'buckets' ? remove('/admin/buckets/{bucket}/quota', { path }) : remove('/admin/owners/{owner}/quota', { path })),
    onSuccess: () => tell('There is no quota any more.'), onError: tellFault, onSettled: settled,
  });
  const used = quota.data?.used ?? usage.data ?? null;
  const rows: [string, number | null | undefined, number | null | undefined, (value: number) => string][] = [['Bytes', used?.bytes, quota.data?.bytes, bytes], ['Objects', used?.objects, quota.data?.objects, count]];
  return (
    <Panel
      title="Quota" actions={!isEditing && (
        <>
          <Button size="small" icon="edit" onClick={() => setEditing(true)}>{quota.data == null ? 'Set' : 'Change'}</Button>
          {quota.data != null && <Button size="small" variant="danger" icon="trash" label="Remove the quota" busy={drop.isPending} onClick={() => drop.mutate()} />}
        </>
      )}
    >
      {isEditing ? <QuotaForm scope={scope} id={id} quota={quota.data ?? null} onClose={() => { setEditing(false); void settled(); }} /> : (
        <div className="stack">
          {usage.isError && <FaultNotice error={usage.error} />}
          {rows.map(([title, value, limit, shown]) => (
            <div key={title} className="stack" style={{ gap: 4 }}>
              <div className="row apart small"><span>{title}</span><span className="muted tabular">{value == null ? '…' : shown(value)}{limit != null && <> of {shown(limit)}</>}</span></div>
              {limit != null && value != null && <Progress thin done={value} total={limit} label={`${title} of the quota`} tone={value >= limit ? 'bad' : value > limit * 0.9 ? 'warn' : undefined} />}
            </div>
          ))}
          <p className="small muted">{quota.data === null ? 'No quota: only the disks are a limit.' : quota.data?.state === 'counting' ? 'What is stored is still being counted; nothing is refused yet.' : ''}</p>
        </div>
      )}
    </Panel>
  );
}

function QuotaForm({ scope, id, quota, onClose }: { scope: 'buckets' | 'owners'; id: string; quota: Schemas['QuotaResponse'] | null; onClose: () => void }) {
  const [size, setSize] = useState(quota?.bytes == null ? '' : bytes(quota.bytes));
  const [objects, setObjects] = useState(quota?.objects == null ? '' : String(quota.objects));
  const limit = size.trim() === '' ? null : parseBytes(size);
  const fault = size.trim() !== '' && limit === null ? 'A size, such as 500 GiB.' : null;
  const save = useMutation({
    mutationFn: (): Promise<unknown> => {
      const body = { bytes: limit, objects: objects === '' ? null : Number(objects) };
      return scope === 'buckets' ? put('/admin/buckets/{bucket}/quota', { path: { bucket: id }, body }) : put('/admin/owners/{owner}/quota', { path: { owner: id }, body });
    },
    onSuccess: onClose,
  });
  return (
    <form className="stack" onSubmit={(event) => { event.preventDefault(); if (fault === null) save.mutate(); }}>
      <Field label="Most bytes" hint="Empty for no limit" fault={fault}>{(ids) => <input {...ids} className="input" placeholder="500 GiB" value={size} onChange={(event) => setSize(event.target.value)} />}</Field>
      <Field label="Most objects" hint="Empty for no limit">{(ids) => <input {...ids} className="input" inputMode="numeric" pattern="\d*" value={objects} onChange={(event) => setObjects(event.target.value)} />}</Field>
      {save.isError && <FaultNotice error={save.error} />}
      <div className="row"><Button type="submit" variant="primary" busy={save.isPending} disabled={fault !== null || (size.trim() === '' && objects === '')}>Save</Button><Button onClick={onClose}>Cancel</Button></div>
    </form>
  );
}
