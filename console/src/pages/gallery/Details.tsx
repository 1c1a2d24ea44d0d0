import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useEffect, useState } from 'react';
import { get, patch, post, put, remove, type Schemas } from '../../api/client';
import { command } from '../../api/curl';
import { Dialog, useTalk } from '../../ui/dialogs';
import { bytes, duration } from '../../ui/format';
import { Icon } from '../../ui/icons';
import { Commands } from '../../ui/page';
import { Button, CopyButton, Field, StateBadge, Tabs, Time } from '../../ui/parts';
import { iconOf, Picture } from '../../ui/Picture';
import { FaultNotice, Loaded } from '../../ui/states';
import { ShareDialog } from './Share';
import { refreshShort, showChange, tileOf } from './items';
import { Variants } from './Variants';

type Item = Schemas['MediaResponse'];
type Tab = 'about' | 'variants' | 'edit' | 'curl';

export function Details({ id, onClose }: { id: string; onClose: () => void }) {
  const client = useQueryClient();
  const query = useQuery({
    queryKey: ['media-item', id],
    queryFn: ({ signal }) => get('/media/{id}', { path: { id }, signal }),
    // An item that is being processed is watched until it is ready.
    refetchInterval: ({ state }) => (state.data !== undefined && ['ready', 'failed'].includes(state.data.status) ? false : 1_500),
  });
  const item = query.data;
  useEffect(() => {
    if (item !== undefined) showChange(client, id, tileOf(item));
  }, [client, id, item]);
  return (
    <Dialog className="panel-dialog" label={query.data?.name ?? 'Item'} onClose={onClose}>
      <div className="sheet">
        <div className="row apart still sheet-head">
          <h2 className="cut">{query.data?.name ?? 'Item'}</h2>
          <Button variant="plain" icon="close" label="Close" onClick={onClose} />
        </div>
        <Loaded query={query} rows={8}>{(item) => <Sheet item={item} onClose={onClose} />}</Loaded>
      </div>
    </Dialog>
  );
}

function Sheet({ item, onClose }: { item: Item; onClose: () => void }) {
  const client = useQueryClient();
  const { ask, tell, tellFault } = useTalk();
  const [tab, setTab] = useState<Tab>('about');
  const [isSharing, setSharing] = useState(false);
  const tile = tileOf(item);
  const settled = () => client.invalidateQueries({ queryKey: ['media-item', item.id] });
  const access = useMutation({
    mutationFn: (isPublic: boolean) => put('/media/{id}/access', { path: { id: item.id }, body: { public: isPublic } }),
    onSuccess: (_, isPublic) => tell(isPublic ? 'Everybody with the address can see it now.' : 'It is private now.', isPublic ? 'globe' : 'lock'),
    onError: tellFault, onSettled: settled,
  });
  const restore = async () => {
    try {
      await post('/media/{id}/restore', { path: { id: item.id } });
      tell('It is back.');
      refreshShort(client);
    } catch (error) {
      tellFault(error);
    }
    await settled();
  };
  const trash = useMutation({
    mutationFn: () => remove('/media/{id}', { path: { id: item.id }, query: { soft: true } }),
    onSuccess: () => {
      showChange(client, item.id, null);
      onClose();
      tell(<>{item.name} is in the trash. <button type="button" className="undo" onClick={() => void restore()}>Undo</button></>, 'trash');
    },
    onError: tellFault,
  });
  const destroy = async () => {
    if (await ask({ title: `Move ${item.name} to the trash?`, text: 'It disappears from all lists. You can restore it until the retention of the trash ends.', action: 'Move to the trash', danger: true })) trash.mutate();
  };
  const process = useMutation({
    mutationFn: () => post('/media/{id}/process', { path: { id: item.id }, query: { force: true } }),
    onSuccess: () => tell('It is being processed again.'), onError: tellFault, onSettled: settled,
  });
  const download = item.parts[0]?.download?.url ?? null;
  const isVideo = (item.parts[0]?.contentType ?? '').startsWith('video/');

  return (
    <>
      <div className="preview">
        {isVideo && download !== null && item.status === 'ready'
          ? <video controls preload="metadata" src={download} poster={tile.isVisual ? `/media/${item.id}/poster?resize=640` : undefined} />
          : <Picture src={tile.isVisual ? `/media/${item.id}/poster?resize=960` : null} colour={tile.colour} icon={iconOf(item.kind)} alt={item.description ?? item.name} />}
      </div>
      <div className="row">
        <StateBadge state={item.status} />
        <span className="grow" />
        {download !== null && <a className="button small" href={download} download><Icon name="download" />Download</a>}
        <Button size="small" icon="share" onClick={() => setSharing(true)} disabled={item.status !== 'ready'}>Share</Button>
        <Button size="small" icon={item.access === 'public' ? 'lock' : 'globe'} busy={access.isPending} onClick={() => access.mutate(item.access !== 'public')}>{item.access === 'public' ? 'Make private' : 'Make public'}</Button>
        <Button size="small" variant="danger" icon="trash" label="Move to the trash" busy={trash.isPending} onClick={() => void destroy()} />
      </div>
      {item.error != null && (
        <div className={item.status === 'failed' ? 'notice bad' : 'notice warn'}>
          <Icon name="warning" />
          <div className="grow"><strong>{item.error.message}</strong> <code>{item.error.code}</code>, {item.error.count} {item.error.count === 1 ? 'attempt' : 'attempts'}.</div>
          {item.status === 'failed' && <Button size="small" icon="retry" busy={process.isPending} onClick={() => process.mutate()}>Process again</Button>}
        </div>
      )}
      <Tabs label="About the item" value={tab} onChange={setTab} tabs={[{ id: 'about', name: 'About' }, { id: 'variants', name: 'Variants' }, { id: 'edit', name: 'Edit' }, { id: 'curl', name: 'curl' }]} />
      {tab === 'about' && <About item={item} onSettled={settled} />}
      {tab === 'variants' && <Variants base={`/media/${item.id}/process`} isVisual={tile.isVisual} isVideo={isVideo} />}
      {tab === 'edit' && <Edit key={item.version} item={item} onSettled={settled} />}
      {tab === 'curl' && <Commands commands={[
        command('The item', 'get', '/media/{id}', { path: { id: item.id } }),
        command('Its bytes', 'get', '/media/{id}/download', { path: { id: item.id } }),
        command('Change its name', 'patch', '/media/{id}', { path: { id: item.id }, body: { name: item.name } }),
        command('Add a tag', 'post', '/media/{id}/tags', { path: { id: item.id }, body: { tags: ['sun'] } }),
        command(item.access === 'public' ? 'Make it private' : 'Make it public', 'put', '/media/{id}/access', { path: { id: item.id }, body: { public: item.access !== 'public' } }),
        command('Move it to the trash', 'delete', '/media/{id}', { path: { id: item.id }, query: { soft: true } }),
      ]} />}
      {isSharing && <ShareDialog item={item} onClose={() => setSharing(false)} />}
    </>
  );
}

function About({ item, onSettled }: { item: Item; onSettled: () => Promise<unknown> }) {
  const { tellFault } = useTalk();
  const [tag, setTag] = useState('');
  const add = useMutation({ mutationFn: (name: string) => post('/media/{id}/tags', { path: { id: item.id }, body: { tags: [name] } }), onSuccess: () => setTag(''), onError: tellFault, onSettled });
  const drop = useMutation({ mutationFn: (name: string) => remove('/media/{id}/tags/{tag}', { path: { id: item.id, tag: name } }), onError: tellFault, onSettled });
  const suggestions = useQuery({
    queryKey: ['tags', tag], enabled: tag.length > 0, staleTime: 30_000,
    queryFn: ({ signal }) => get('/tags', { query: { prefix: tag.toLowerCase(), limit: 8 }, signal }),
  });
  const details = (item.details ?? {}) as { durationSeconds?: number; parts?: { detected?: string; properties?: Record<string, unknown> }[] };
  return (
    <div className="stack wide">
      <form className="row" style={{ gap: 6 }} onSubmit={(event) => { event.preventDefault(); if (tag.trim() !== '') add.mutate(tag.trim()); }}>
        {item.tags.map((each) => (
          <button key={each} type="button" className="chip" aria-label={`Remove the tag ${each}`} onClick={() => drop.mutate(each)}><Icon name="tag" />{each}<Icon name="close" /></button>
        ))}
        <input className="input tag-input" aria-label="Add a tag" placeholder="Add a tag" list="tag-names" maxLength={20} value={tag} onChange={(event) => setTag(event.target.value)} />
        <datalist id="tag-names">{suggestions.data?.tags.map((each) => <option key={each.name} value={each.name} />)}</datalist>
        <Button type="submit" size="small" busy={add.isPending} disabled={tag.trim() === ''}>Add</Button>
      </form>
      <dl className="facts">
        {item.description != null && item.description !== '' && <><dt>Description</dt><dd>{item.description}</dd></>}
        <dt>Owner</dt><dd>{item.owner}</dd>
        <dt>Alias</dt><dd>{item.alias ?? '–'}</dd>
        <dt>Kind</dt><dd>{item.kind}</dd>
        <dt>Size</dt><dd>{bytes(item.size)}{item.width != null && <>, {item.width} × {item.height}</>}{details.durationSeconds !== undefined && <>, {duration(details.durationSeconds)}</>}</dd>
        <dt>Created</dt><dd><Time at={item.createdAt} /></dd>
        <dt>Changed</dt><dd><Time at={item.updatedAt} />, version {item.version}</dd>
        <dt>Id</dt><dd className="row tight still"><code className="break">{item.id}</code><CopyButton text={item.id} label="Copy the id" /></dd>
      </dl>
      <div className="stack">
        <h3>Parts</h3>
        {item.parts.map((part) => (
          <div key={part.number} className="part">
            <span className="grow stack" style={{ gap: 2 }}>
              <span>{part.number}. {part.type} <span className="muted">{part.contentType}, {bytes(part.size)}</span></span>
              <code className="small muted cut" title={part.sha256}>SHA-256 {part.sha256}</code>
            </span>
            {part.download != null ? <a className="button small" href={part.download.url} download aria-label={`Download part ${part.number}`}><Icon name="download" /></a> : <StateBadge state={part.state} />}
          </div>
        ))}
      </div>
    </div>
  );
}

function Edit({ item, onSettled }: { item: Item; onSettled: () => Promise<unknown> }) {
  const { tell } = useTalk();
  const [fields, setFields] = useState({ name: item.name, alias: item.alias ?? '', description: item.description ?? '', website: item.website ?? '' });
  const save = useMutation({
    mutationFn: () => patch('/media/{id}', { path: { id: item.id }, body: fields, headers: { 'If-Match': `"${item.version}"` } }),
    onSuccess: () => { tell('Saved.'); void onSettled(); },
  });
  const set = (name: keyof typeof fields) => (event: { target: { value: string } }) => setFields({ ...fields, [name]: event.target.value });
  const isChanged = fields.name !== item.name || fields.alias !== (item.alias ?? '') || fields.description !== (item.description ?? '') || fields.website !== (item.website ?? '');
  return (
    <form className="stack wide" onSubmit={(event) => { event.preventDefault(); save.mutate(); }}>
      <Field label="Name">{(ids) => <input {...ids} className="input" required maxLength={75} value={fields.name} onChange={set('name')} />}</Field>
      <Field label="Alias" hint="Unique for the owner; empty for none">{(ids) => <input {...ids} className="input" maxLength={50} value={fields.alias} onChange={set('alias')} />}</Field>
      <Field label="Description">{(ids) => <textarea {...ids} className="input" maxLength={20_000} value={fields.description} onChange={set('description')} />}</Field>
      <Field label="Website">{(ids) => <input {...ids} className="input" type="url" placeholder="https://" value={fields.website} onChange={set('website')} />}</Field>
      {save.isError && <FaultNotice error={save.error} />}
      <div className="row"><Button type="submit" variant="primary" busy={save.isPending} disabled={!isChanged}>Save</Button></div>
    </form>
  );
}
