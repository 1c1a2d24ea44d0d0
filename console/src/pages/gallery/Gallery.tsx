import { useInfiniteQuery, useQuery, useQueryClient } from '@tanstack/react-query';
import { Link, useNavigate, useSearch } from '@tanstack/react-router';
import { memo, useCallback, useEffect, useMemo, useRef } from 'react';
import { get } from '../../api/client';
import { command } from '../../api/curl';
import { mayUse, sessionQuery } from '../../api/session';
import { useAdd } from '../../uploads/Add';
import { uploader } from '../../uploads/uploader';
import { bytes, count, duration } from '../../ui/format';
import { Icon } from '../../ui/icons';
import { Page } from '../../ui/page';
import { Badge, Button, toneOf } from '../../ui/parts';
import { iconOf, Picture } from '../../ui/Picture';
import { Bones, Empty, Fault } from '../../ui/states';
import { Tiles } from '../../ui/Tiles';
import { Details } from './Details';
import { listQuery } from './filter';
import { Filters } from './Filters';
import { itemsQuery, refreshShort, type Tile } from './items';

type Search = Record<string, string>;

export default function Gallery() {
  const search = useSearch({ strict: false }) as Search;
  const navigate = useNavigate();
  const client = useQueryClient();
  const query = useInfiniteQuery(itemsQuery(search));
  const session = useQuery(sessionQuery).data?.session ?? null;
  const owner = session?.owner ?? null;
  const mayShare = session !== null && mayUse(session, 'media:write');
  const report = useQuery({ queryKey: ['media-report'], queryFn: ({ signal }) => get('/media/report', { signal }), staleTime: 30_000 });
  const add = useAdd('media', { owner });
  const tiles = useMemo(() => query.data?.pages.flatMap((page) => page.tiles) ?? [], [query.data]);
  const { fetchNextPage, hasNextPage, isFetchingNextPage } = query;

  const setSearch = useCallback((next: Search) => void navigate({ to: '/gallery', search: next, replace: true }), [navigate]);
  // Closing an item goes back to the list that it was opened from, so that the back button never opens it again.
  const isOpenedHere = useRef(false);
  const open = useCallback((id: string) => {
    isOpenedHere.current = true;
    void navigate({ to: '/gallery', search: { ...search, item: id }, resetScroll: false });
  }, [navigate, search]);
  const close = useCallback(() => {
    const { item: _, ...others } = search;
    if (isOpenedHere.current) window.history.back();
    else void navigate({ to: '/gallery', search: others, resetScroll: false, replace: true });
    isOpenedHere.current = false;
  }, [navigate, search]);
  const onEnd = useCallback(() => { if (!isFetchingNextPage) void fetchNextPage(); }, [fetchNextPage, isFetchingNextPage]);
  useEffect(() => uploader.onDone((entry) => {
    if (entry.target.kind === 'media') refreshShort(client);
  }), [client]);

  const { item, ...filter } = search;
  const isFiltered = Object.keys(filter).some((name) => name !== 'order');
  return (
    <Page
      full title="Gallery" intro={report.data === undefined ? 'All media of the catalog.' : `${count(report.data.total)} items${report.data.totalContentLength == null ? '' : `, ${bytes(report.data.totalContentLength)}`}${report.data.pending.total > 0 ? `, ${count(report.data.pending.total)} pending` : ''}${report.data.trash.total > 0 ? `, ${count(report.data.trash.total)} in the trash` : ''}.`}
      actions={<>{mayShare && <Link className="button" to="/links"><Icon name="share" />Links</Link>}{add.button}</>}
      commands={[
        command('This list', 'get', '/media', { query: listQuery(search, 100, '') }),
        command('The numbers above', 'get', '/media/report'),
        ...(item === undefined ? [] : [command('The open item', 'get', '/media/{id}', { path: { id: item } }), command('Its picture', 'get', '/media/{id}/poster', { path: { id: item }, query: { resize: 640 } })]),
      ]}
    >
      <Filters search={search} onChange={setSearch} />
      {query.isPending ? <Bones rows={8} height={60} /> : query.isError && tiles.length === 0 ? <Fault error={query.error} onRetry={() => void query.refetch()} /> : tiles.length === 0 ? (
        isFiltered ? <Empty icon="filter" title="Nothing matches" action={<Button onClick={() => setSearch({})}>Clear the filter</Button>}>No item fulfils all conditions. Pending items are shown by their status only.</Empty>
          : <Empty icon="gallery" title="No media yet" action={<Button variant="primary" icon="uploads" onClick={add.choose}>Upload the first</Button>}>Drop pictures, videos or whole folders anywhere on this page.</Empty>
      ) : (
        <>
          <Tiles
            count={tiles.length} label="Media" hasMore={hasNextPage} onEnd={onEnd}
            render={(index, attributes) => <MediaTile tile={tiles[index]!} attributes={attributes} isOpen={tiles[index]!.id === item} onOpen={open} />}
          />
          {query.isFetchNextPageError ? <Fault error={query.error} onRetry={onEnd} /> : (
            <p className="small muted" role="status" style={{ textAlign: 'center' }}>{hasNextPage ? `${count(tiles.length)} loaded; more follow as you scroll` : `${count(tiles.length)} items`}</p>
          )}
        </>
      )}
      {item !== undefined && <Details key={item} id={item} onClose={close} />}
      {add.overlay}
    </Page>
  );
}

const MediaTile = memo(function MediaTile({ tile, attributes, isOpen, onOpen }: { tile: Tile; attributes: object; isOpen: boolean; onOpen: (id: string) => void }) {
  return (
    <button type="button" className="tile" aria-current={isOpen ? 'true' : undefined} aria-haspopup="dialog" onClick={() => onOpen(tile.id)} {...attributes}>
      <Picture src={tile.isVisual ? `/media/${tile.id}/poster?resize=320` : null} colour={tile.colour} icon={iconOf(tile.kind)} />
      <span className="tile-marks">
        {tile.seconds !== null && <span className="mark">{duration(tile.seconds)}</span>}
        {tile.isPublic && <span className="mark" title="Public"><Icon name="globe" /><span className="hidden-text">Public</span></span>}
      </span>
      <span className="tile-name cut">{tile.name}</span>
      <span className="tile-note">{tile.status === 'ready' ? <span className="muted">{tile.kind} · {bytes(tile.size)}</span> : <Badge tone={toneOf(tile.status)}>{tile.status}</Badge>}</span>
    </button>
  );
});
