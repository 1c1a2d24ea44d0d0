import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { get, post, type Schemas } from '../../api/client';
import { command } from '../../api/curl';
import { integrityQuery, scrubQuery } from '../../api/queries';
import { useTalk } from '../../ui/dialogs';
import { bytes, count, duration, percent } from '../../ui/format';
import { useNow } from '../../ui/hooks';
import { Icon } from '../../ui/icons';
import { Page } from '../../ui/page';
import { Button, Id, Panel, Progress, StateBadge, Tabs, Time } from '../../ui/parts';
import { Bones, Empty, Fault, Loaded } from '../../ui/states';
import { WorkRow } from '../../ui/WorkList';
import { longWork } from '../overview/work';

const kinds = [
  { id: 'lost', count: 'lost', name: 'Lost', means: 'No good copy is left. Only a backup brings them back.', tone: 'bad' },
  { id: 'under-replicated', count: 'underReplicated', name: 'Too few copies', means: 'Repair makes the missing copies from the others.', tone: 'warn' },
  { id: 'missing', count: 'missing', name: 'Missing', means: 'A node does not have a copy that it should have.', tone: 'warn' },
  { id: 'corrupt', count: 'corrupt', name: 'Corrupt', means: 'A copy whose checksum is wrong; repair replaces it.', tone: 'warn' },
  { id: 'untracked', count: 'untracked', name: 'Untracked', means: 'Chunks on a disk that no file has. They are collected later.', tone: undefined },
  { id: 'damaged', count: 'damaged', name: 'Damaged files', means: 'Files on a disk that are no readable chunk.', tone: 'warn' },
] as const;

export default function Integrity() {
  const client = useQueryClient();
  const { tell, tellFault } = useTalk();
  const integrity = useQuery(integrityQuery);
  const scrub = useQuery(scrubQuery);
  const check = useMutation({
    mutationFn: () => post('/admin/integrity/check'),
    onSuccess: () => tell('A walk over all chunks, and a comparison of every disk, begin.'),
    onError: tellFault, onSettled: () => client.invalidateQueries({ queryKey: ['integrity'] }),
  });
  return (
    <Page
      title="Integrity" intro="Whether every chunk has its copies, and whether every copy is whole."
      actions={<Button icon="integrity" busy={check.isPending} onClick={() => check.mutate()}>Check now</Button>}
      commands={[
        command('The report', 'get', '/admin/integrity'),
        command('Findings of one kind', 'get', '/admin/integrity/{kind}', { path: { kind: 'under-replicated' } }),
        command('Check all chunks and disks', 'post', '/admin/integrity/check'),
        command('The scrub and its progress', 'get', '/admin/scrub'),
        command('Verify every copy now', 'post', '/admin/scrub/start'),
      ]}
    >
      <Loaded query={integrity}>
        {(report) => (
          <>
            <div className={`verdict ${report.clean ? 'good' : report.counts.lost > 0 ? 'bad' : 'warn'}`} role="status">
              <Icon name={report.clean ? 'check' : 'warning'} />
              <div>
                <strong>{report.clean ? 'Every chunk has its copies, and every copy is whole.' : report.counts.lost > 0 ? 'Chunks are lost.' : 'Some copies need repair.'}</strong>{' '}
                {report.walk.running ? `A walk runs: ${count(report.walk.seen)} chunks seen.` : report.walk.lastEndedAt == null ? 'No walk has ended yet.' : <>The latest walk saw {count(report.walk.lastSeen)} chunks and ended <Time at={report.walk.lastEndedAt} />.</>}
              </div>
            </div>
            <div className="grid even" style={{ '--least': '150px' } as React.CSSProperties}>
              {kinds.map((kind) => {
                const number = report.counts[kind.count];
                return (
                  <div key={kind.id} className="panel stat">
                    <div className="name">{kind.name}</div>
                    <div className="figure" style={number > 0 && kind.tone !== undefined ? { color: `var(--${kind.tone})` } : undefined}>{count(number)}</div>
                    <div className="note">{kind.means}</div>
                  </div>
                );
              })}
            </div>
            <Findings counts={report.counts} />
          </>
        )}
      </Loaded>
      <Loaded query={scrub}>{(data) => <Scrub data={data} />}</Loaded>
      {integrity.data !== undefined && (
        <Panel title="Disks" note="each is compared with the database" flush>
          {integrity.data.disks.length === 0 ? <Empty icon="disk" title="No disk was compared yet">The first comparison begins by itself.</Empty> : (
            <table className="table cards">
              <thead><tr><th>Node</th><th className="number">Chunks</th><th>Latest comparison</th><th className="number">Took</th></tr></thead>
              <tbody>
                {integrity.data.disks.map((disk) => (
                  <tr key={disk.serverId}>
                    <td>{disk.server}</td>
                    <td className="number" data-label="Chunks">{count(disk.chunks)}</td>
                    <td data-label="Latest comparison"><Time at={disk.lastEndedAt} /></td>
                    <td className="number" data-label="Took">{disk.lastStartedAt != null && disk.lastEndedAt != null ? duration((Date.parse(disk.lastEndedAt) - Date.parse(disk.lastStartedAt)) / 1000) : '–'}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          )}
        </Panel>
      )}
    </Page>
  );
}

function Findings({ counts }: { counts: Schemas['IntegrityCountsResponse'] }) {
  const present = kinds.filter((kind) => counts[kind.count] > 0);
  const [chosen, setChosen] = useState<string | null>(null);
  const kind = present.find((each) => each.id === chosen)?.id ?? present[0]?.id ?? null;
  const query = useInfiniteQuery({
    queryKey: ['integrity', kind], enabled: kind !== null,
    queryFn: ({ pageParam, signal }) => get('/admin/integrity/{kind}', { path: { kind: kind! }, query: { after: pageParam, limit: 50 }, signal }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next ?? undefined,
  });
  if (kind === null) return null;
  const items = query.data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Panel title="Findings" flush>
      <Tabs label="Kind of finding" value={kind} onChange={setChosen} tabs={present.map((each) => ({ id: each.id, name: `${each.name} ${count(counts[each.count])}` }))} />
      {query.isPending ? <Bones rows={3} /> : query.isError ? <Fault error={query.error} onRetry={() => void query.refetch()} /> : (
        <>
          <table className="table cards">
            <thead><tr><th>Chunk</th><th>File</th><th>Node</th><th className="number">Copies</th><th className="number">Size</th><th>Since</th></tr></thead>
            <tbody>
              {items.map((item) => (
                <tr key={`${item.chunkId} ${item.serverId}`}>
                  <td><Id value={item.chunkId} /></td>
                  <td data-label="File">{item.fileId == null ? '–' : <Id value={item.fileId} />}</td>
                  <td data-label="Node">{item.server ?? '–'}</td>
                  <td className="number" data-label="Copies">{item.live == null ? '–' : `${item.live} of ${item.wanted}`}</td>
                  <td className="number" data-label="Size">{bytes(item.bytes)}</td>
                  <td data-label="Since"><Time at={item.since} /></td>
                </tr>
              ))}
            </tbody>
          </table>
          {query.hasNextPage && <div className="more"><Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>More</Button></div>}
        </>
      )}
    </Panel>
  );
}

function Scrub({ data }: { data: Schemas['ScrubStatusResponse'] }) {
  const client = useQueryClient();
  const { tellFault } = useTalk();
  const act = useMutation({
    mutationFn: (action: 'start' | 'pause' | 'resume' | 'cancel') => post(`/admin/scrub/${action}`),
    onError: tellFault, onSettled: () => client.invalidateQueries({ queryKey: ['scrub'] }),
  });
  const [work] = longWork({ scrub: data }, useNow());
  return (
    <Panel
      title="Scrub" note="reads every copy and compares its checksums"
      actions={
        <>
          {work?.state === 'running' && <Button size="small" icon="pause" busy={act.isPending} onClick={() => act.mutate('pause')}>Pause</Button>}
          {work?.state === 'paused' && <Button size="small" icon="play" busy={act.isPending} onClick={() => act.mutate('resume')}>Resume</Button>}
          {work !== undefined && <Button size="small" variant="danger" icon="close" busy={act.isPending} onClick={() => act.mutate('cancel')}>Cancel</Button>}
          {(work === undefined || work.name === 'Scheduled scrub') && <Button size="small" icon="play" busy={act.isPending} onClick={() => act.mutate('start')}>Verify every copy now</Button>}
        </>
      }
    >
      <div className="stack wide">
        {work !== undefined && <WorkRow work={work} link={false} />}
        {work !== undefined && data.servers.length > 0 && (
          <ul className="grid" style={{ '--least': '200px' } as React.CSSProperties}>
            {data.servers.map((server) => (
              <li key={server.server} className="stack" style={{ gap: 4 }}>
                <div className="row apart small"><span>{server.name ?? server.server}</span><span className="muted tabular">{server.isDone ? 'done' : server.copiesExpected === 0 ? 'no copies' : percent(server.progress)}</span></div>
                <Progress thin done={server.copiesExpected === 0 ? 0 : server.progress} total={1} label={`Scrub of ${server.name ?? server.server}`} tone={server.corrupt + server.missing > 0 ? 'bad' : undefined} />
              </li>
            ))}
          </ul>
        )}
        {data.last.length === 0 && work === undefined ? <Empty icon="integrity" title="No scrub yet">A scheduled one reads every copy within 30 days.</Empty> : data.last.length > 0 && (
          <table className="table cards">
            <thead><tr><th>Ended</th><th>State</th><th>Begun by</th><th className="number">Copies</th><th className="number">Bytes</th><th className="number">Corrupt</th><th className="number">Missing</th></tr></thead>
            <tbody>
              {data.last.slice(0, 6).map((run) => (
                <tr key={run.id}>
                  <td><Time at={run.finishedAt} /></td>
                  <td data-label="State"><StateBadge state={run.state} /></td>
                  <td data-label="Begun by">{run.trigger}</td>
                  <td className="number" data-label="Copies">{count(run.copies)}</td>
                  <td className="number" data-label="Bytes">{bytes(run.bytes)}</td>
                  <td className="number" data-label="Corrupt">{run.corrupt > 0 ? <strong className="fault-text">{count(run.corrupt)}</strong> : 0}</td>
                  <td className="number" data-label="Missing">{run.missing > 0 ? <strong className="fault-text">{count(run.missing)}</strong> : 0}</td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </div>
    </Panel>
  );
}
