import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useCallback, useEffect, useMemo, useState } from 'react';
import { get, post, remove, type Schemas } from '../../api/client';
import { command } from '../../api/curl';
import { migrationQuery } from '../../api/queries';
import { sessionQuery } from '../../api/session';
import { useAdd } from '../../uploads/Add';
import { uploader } from '../../uploads/uploader';
import { Dialog, useTalk } from '../../ui/dialogs';
import { bytes, count, duration } from '../../ui/format';
import { useNow, useRested } from '../../ui/hooks';
import { Icon } from '../../ui/icons';
import { Commands, Page } from '../../ui/page';
import { Button, CopyButton, Panel, Tabs, Time } from '../../ui/parts';
import { Picture } from '../../ui/Picture';
import { Bones, Empty, Fault } from '../../ui/states';
import { Tiles } from '../../ui/Tiles';
import { WorkRow } from '../../ui/WorkList';
import { Variants } from '../gallery/Variants';
import { longWork } from '../overview/work';

type Listed = Schemas['ListedAlias'];

export default function Images() {
  const search = useSearch({ strict: false }) as Record<string, string>;
  const navigate = useNavigate();
  const client = useQueryClient();
  const session = useQuery(sessionQuery).data?.session;
  const bound = session?.owner ?? null;
  const [owner, setOwner] = useState(search.owner ?? '');
  const rested = useRested(owner.trim(), 300);
  const [shown, setShown] = useState<Listed | null>(null);
  const add = useAdd('image', { owner: bound ?? rested });
  const query = useInfiniteQuery({
    queryKey: ['images', bound ?? rested],
    queryFn: ({ pageParam, signal }) => get('/images', { query: { owner: bound === null ? rested : undefined, after: pageParam, limit: 100 }, signal }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next ?? undefined,
  });
  const migration = useQuery({ ...migrationQuery, enabled: session?.administration === true });
  const all = useMemo(() => query.data?.pages.flatMap((page) => page.aliases) ?? [], [query.data]);
  const { fetchNextPage, isFetchingNextPage } = query;
  const onEnd = useCallback(() => { if (!isFetchingNextPage) void fetchNextPage(); }, [fetchNextPage, isFetchingNextPage]);
  useEffect(() => { void navigate({ to: '/images', search: rested === '' ? {} : { owner: rested }, replace: true }); }, [rested, navigate]);
  useEffect(() => uploader.onDone((entry) => {
    if (entry.target.kind === 'image') void client.invalidateQueries({ queryKey: ['images'] });
  }), [client]);
  return (
    <Page
      full title="Images" intro="Pictures by alias, with every size and format made on demand." actions={add.button}
      commands={[
        command('This list', 'get', '/images', { query: { owner: rested, limit: 100 } }),
        command('An image in another size', 'get', '/images/{alias}/process.webp', { path: { alias: all[0] === undefined ? 'ALIAS' : all[0].alias }, query: { resize: 320 } }),
        command('Delete an alias', 'delete', '/images/{alias}', { path: { alias: all[0]?.alias ?? 'ALIAS' } }),
        command('The store of the images, and the latest move', 'get', '/admin/images/migration'),
      ]}
    >
      {bound === null && (
        <div className="search"><Icon name="search" /><input className="input" type="search" aria-label="Owner of the images" placeholder="An owner; empty for images without one" value={owner} onChange={(event) => setOwner(event.target.value)} /></div>
      )}
      {migration.data !== undefined && <Store data={migration.data} />}
      {query.isPending ? <Bones rows={8} height={60} /> : query.isError && all.length === 0 ? <Fault error={query.error} onRetry={() => void query.refetch()} /> : all.length === 0 ? (
        <Empty icon="film" title="No images" action={<Button variant="primary" icon="uploads" onClick={add.choose}>Upload images</Button>}>
          {rested === '' && bound === null ? 'No image is without an owner. Name an owner above to see theirs.' : `${bound ?? rested} has no images.`}
        </Empty>
      ) : (
        <Tiles
          count={all.length} label="Images" hasMore={query.hasNextPage} onEnd={onEnd}
          render={(index, attributes) => {
            const each = all[index]!;
            return (
              <button type="button" className="tile" aria-haspopup="dialog" onClick={() => setShown(each)} {...attributes}>
                <Picture src={`/images/${each.alias}/process.webp?resize=320`} colour={each.details.dominant_colour ?? null} icon="gallery" />
                <span className="tile-marks">{each.details.duration != null && <span className="mark">{duration(each.details.duration)}</span>}</span>
                <span className="tile-name cut">{each.alias}</span>
                <span className="tile-note muted">{each.details.width} × {each.details.height} · {bytes(each.details.size)}</span>
              </button>
            );
          }}
        />
      )}
      {shown !== null && <ImageSheet image={shown} onClose={() => setShown(null)} />}
      {add.overlay}
    </Page>
  );
}

function Store({ data }: { data: Schemas['ImageMigrationResponse'] }) {
  const client = useQueryClient();
  const { ask, tellFault } = useTalk();
  const other = data.store === 's3' ? 'chunks' : 's3';
  const settled = { onError: tellFault, onSettled: () => client.invalidateQueries({ queryKey: ['migration'] }) };
  const start = useMutation({ mutationFn: () => post('/admin/images/migration', { body: { to: other } }), ...settled });
  const act = useMutation({ mutationFn: (action: 'pause' | 'resume' | 'cancel') => post(`/admin/images/migration/${action}`), ...settled });
  const [work] = longWork({ migration: data }, useNow());
  const move = async () => {
    if (await ask({ title: `Move all images to ${other}?`, text: 'They stay readable meanwhile. You can pause and cancel the move; what was moved stays where it is.', action: 'Move' })) start.mutate();
  };
  return (
    <Panel title="Store" note={data.store === 's3' ? 'in the object store' : 'as chunks on the nodes'} actions={work === undefined && <Button size="small" busy={start.isPending} onClick={() => void move()}>Move to {other}</Button>}>
      {work === undefined ? (
        <p className="muted">{data.migration == null ? 'Images have never been moved.' : <>The latest move, to {data.migration.to}, is {data.migration.state}: {count(data.migration.done)} of {count(data.migration.total)}.{data.migration.error != null && ` ${data.migration.error}`}</>}</p>
      ) : (
        <div className="stack">
          <WorkRow work={work} link={false} />
          <div className="row">
            {work.state === 'running' ? <Button size="small" icon="pause" onClick={() => act.mutate('pause')}>Pause</Button> : <Button size="small" icon="play" onClick={() => act.mutate('resume')}>Resume</Button>}
            <Button size="small" variant="danger" icon="close" onClick={() => act.mutate('cancel')}>Cancel</Button>
          </div>
        </div>
      )}
    </Panel>
  );
}

function ImageSheet({ image, onClose }: { image: Listed; onClose: () => void }) {
  const client = useQueryClient();
  const { ask, tell, tellFault } = useTalk();
  const [tab, setTab] = useState<'about' | 'variants' | 'curl'>('about');
  const base = image.alias;
  const details = image.details;
  const isVideo = details.content_type.startsWith('video/');
  const drop = useMutation({
    mutationFn: () => remove('/images/{alias}', { path: { alias: image.alias } }),
    onSuccess: () => { onClose(); tell(`${image.alias} is deleted.`, 'trash'); },
    onError: tellFault, onSettled: () => client.invalidateQueries({ queryKey: ['images'] }),
  });
  const destroy = async () => {
    if (await ask({ title: 'Delete this alias?', text: 'With the last alias of an image its bytes are deleted too. This cannot be undone.', action: 'Delete', danger: true })) drop.mutate();
  };
  return (
    <Dialog className="panel-dialog" label={image.alias} onClose={onClose}>
      <div className="sheet">
        <div className="row apart still sheet-head"><h2 className="cut">{image.alias}</h2><Button variant="plain" icon="close" label="Close" onClick={onClose} /></div>
        <div className="preview"><Picture src={`/images/${base}/process.webp?resize=960`} colour={details.dominant_colour ?? null} icon="gallery" alt={image.alias} /></div>
        <div className="row">
          <a className="button small" href={`/images/${image.alias}`} download={image.alias}><Icon name="download" />Download</a>
          <span className="grow" />
          <Button size="small" variant="danger" icon="trash" busy={drop.isPending} onClick={() => void destroy()}>Delete</Button>
        </div>
        <Tabs label="About the image" value={tab} onChange={setTab} tabs={[{ id: 'about', name: 'About' }, { id: 'variants', name: 'Variants' }, { id: 'curl', name: 'curl' }]} />
        {tab === 'about' && (
          <dl className="facts">
            <dt>Address</dt><dd className="row tight still"><code className="break">/images/{image.alias}</code><CopyButton text={`${window.location.origin}/images/${image.alias}`} label="Copy the address" /></dd>
            <dt>Size</dt><dd>{bytes(details.size)}, {details.width} × {details.height}</dd>
            <dt>Type</dt><dd>{details.content_type}{details.frames != null && `, ${count(details.frames)} frames`}{details.duration != null && `, ${duration(details.duration)}`}</dd>
            <dt>Created</dt><dd><Time at={image.created_at} /></dd>
            <dt>Colour</dt><dd className="row tight">{details.dominant_colour != null && <span className="dot" style={{ background: details.dominant_colour }} />}{details.dominant_colour ?? '–'}</dd>
            <dt>BlurHash</dt><dd><code>{details.blur_hash ?? '–'}</code></dd>
          </dl>
        )}
        {tab === 'variants' && <Variants base={`/images/${base}/process`} isVisual isVideo={isVideo} />}
        {tab === 'curl' && <Commands commands={[
          command('The original', 'get', '/images/{alias}', { path: { alias: image.alias } }),
          command('Its properties', 'get', '/images/{alias}/details', { path: { alias: image.alias } }),
          command('A square thumbnail', 'get', '/images/{alias}/process.webp', { path: { alias: base }, query: { crop: '1x1', resize: 160 } }),
          command('Delete this alias', 'delete', '/images/{alias}', { path: { alias: image.alias } }),
        ]} />}
      </div>
    </Dialog>
  );
}
