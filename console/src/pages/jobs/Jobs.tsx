import { useInfiniteQuery, useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { get, post, remove, type Schemas } from '../../api/client';
import { command } from '../../api/curl';
import { dutiesQuery, jobsQuery } from '../../api/queries';
import { Dialog, useTalk } from '../../ui/dialogs';
import { count, duration } from '../../ui/format';
import { Icon } from '../../ui/icons';
import { Page } from '../../ui/page';
import { Button, Panel, StateBadge, Time } from '../../ui/parts';
import { Bones, Empty, Fault, Loaded } from '../../ui/states';

type Dead = Schemas['DeadJobResponse'];

export default function Jobs() {
  const jobs = useQuery(jobsQuery);
  const duties = useQuery(dutiesQuery);
  return (
    <Page
      title="Jobs" intro="The queue of the workers, jobs that failed for good, and the duties that run all the time."
      commands={[
        command('Jobs by kind', 'get', '/admin/jobs'),
        command('Dead letters', 'get', '/admin/jobs/dead', { query: { limit: 50 } }),
        command('Enqueue all of them again', 'post', '/admin/jobs/dead/replay'),
        command('Delete all of them', 'delete', '/admin/jobs/dead'),
        command('Duties and their last runs', 'get', '/admin/duties'),
      ]}
    >
      <Panel title="Queue" note={jobs.data === undefined ? undefined : `in ${jobs.data.provider}`} flush>
        <Loaded query={jobs}>
          {({ kinds }) => kinds.length === 0 ? <Empty icon="jobs" title="The queue is empty">Nothing waits, runs or has failed.</Empty> : (
            <table className="table cards">
              <thead><tr><th>Kind</th><th className="number">Ready</th><th className="number">Delayed</th><th className="number">Running</th><th className="number">Dead</th><th className="number">Oldest</th></tr></thead>
              <tbody>
                {kinds.map((kind) => (
                  <tr key={kind.kind}>
                    <td><code>{kind.kind}</code></td>
                    <td className="number" data-label="Ready">{count(kind.ready)}</td>
                    <td className="number" data-label="Delayed">{count(kind.delayed)}</td>
                    <td className="number" data-label="Running">{kind.running > 0 ? <strong className="accent-text">{count(kind.running)}</strong> : 0}</td>
                    <td className="number" data-label="Dead">{kind.dead > 0 ? <strong className="fault-text">{count(kind.dead)}</strong> : 0}</td>
                    <td className="number" data-label="Oldest">{kind.ready > 0 ? duration(kind.oldestAgeSeconds) : '–'}</td>
                  </tr>
                ))}
              </tbody>
            </table>
          )}
        </Loaded>
      </Panel>
      <DeadLetters total={jobs.data?.kinds.reduce((sum, kind) => sum + kind.dead, 0) ?? 0} />
      <Panel title="Duties" note="each is led by one worker at a time" flush>
        <Loaded query={duties}>
          {(all) => all.length === 0 ? <Empty icon="clock" title="No duty has run yet">Start a worker; it takes the lead by itself.</Empty> : (
            <table className="table cards">
              <thead><tr><th>Duty</th><th>Led by</th><th>Last run</th><th className="number">Took</th><th>Outcome</th></tr></thead>
              <tbody>
                {all.map((duty) => {
                  const took = duty.lastStartedAt != null && duty.lastEndedAt != null ? (Date.parse(duty.lastEndedAt) - Date.parse(duty.lastStartedAt)) / 1000 : null;
                  return (
                    <tr key={duty.name}>
                      <td>{duty.name}</td>
                      <td data-label="Led by">{duty.worker === null ? <span className="muted">nobody</span> : <code className="break">{duty.worker}</code>}</td>
                      <td data-label="Last run"><Time at={duty.lastStartedAt} /></td>
                      <td className="number" data-label="Took">{took !== null && took >= 0 ? duration(took) : '–'}</td>
                      <td data-label="Outcome">{duty.lastError != null ? <span className="fault-text">{duty.lastError}</span> : duty.lastEndedAt != null ? <StateBadge state="done" /> : '–'}</td>
                    </tr>
                  );
                })}
              </tbody>
            </table>
          )}
        </Loaded>
      </Panel>
    </Page>
  );
}

function DeadLetters({ total }: { total: number }) {
  const client = useQueryClient();
  const { ask, tell, tellFault } = useTalk();
  const [shown, setShown] = useState<Dead | null>(null);
  const query = useInfiniteQuery({
    queryKey: ['jobs', 'dead'],
    queryFn: ({ pageParam, signal }) => get('/admin/jobs/dead', { query: { after: pageParam, limit: 50 }, signal }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next ?? undefined,
    refetchInterval: 10_000,
  });
  const settled = { onError: tellFault, onSettled: () => client.invalidateQueries({ queryKey: ['jobs'] }) };
  const replay = useMutation({ mutationFn: (id: string) => post('/admin/jobs/dead/{id}/replay', { path: { id } }), onSuccess: () => { setShown(null); tell('The job is enqueued again.'); }, ...settled });
  const discard = useMutation({ mutationFn: (id: string) => remove('/admin/jobs/dead/{id}', { path: { id } }), onSuccess: () => { setShown(null); tell('The dead letter is deleted.'); }, ...settled });
  const replayAll = useMutation({ mutationFn: () => post('/admin/jobs/dead/replay'), onSuccess: ({ jobs }) => tell(`${count(jobs)} jobs are enqueued again.`), ...settled });
  const discardAll = useMutation({ mutationFn: () => remove('/admin/jobs/dead'), onSuccess: () => tell('All dead letters are deleted.'), ...settled });
  const letters = query.data?.pages.flatMap((page) => page.jobs) ?? [];
  const clear = async () => {
    if (await ask({ title: 'Delete every dead letter?', text: `${count(total)} jobs are deleted for good. What they should have done is not done.`, action: 'Delete all', danger: true })) discardAll.mutate();
  };
  return (
    <Panel
      title="Dead letters" note="jobs that failed as often as they may" flush
      actions={letters.length > 0 && (
        <>
          <Button size="small" icon="retry" busy={replayAll.isPending} onClick={() => replayAll.mutate()}>Enqueue all again</Button>
          <Button size="small" variant="danger" icon="trash" busy={discardAll.isPending} onClick={() => void clear()}>Delete all</Button>
        </>
      )}
    >
      {query.isPending ? <Bones rows={2} /> : query.isError && letters.length === 0 ? <Fault error={query.error} onRetry={() => void query.refetch()} /> : letters.length === 0 ? (
        <Empty icon="check" title="No dead letters">A job that fails as often as it may is kept here until you decide.</Empty>
      ) : (
        <>
          <table className="table cards">
            <thead><tr><th>Kind</th><th>Error</th><th className="number">Attempts</th><th>Died</th><th className="actions"><span className="hidden-text">Actions</span></th></tr></thead>
            <tbody>
              {letters.map((letter) => (
                <tr key={letter.id}>
                  <td><button type="button" className="link mono" onClick={() => setShown(letter)}>{letter.kind}</button></td>
                  <td data-label="Error" className="break">{letter.error}</td>
                  <td className="number" data-label="Attempts">{letter.attempts}</td>
                  <td data-label="Died" className="nowrap"><Time at={letter.diedAt} /></td>
                  <td className="actions">
                    <Button size="small" variant="plain" icon="retry" label={`Enqueue ${letter.kind} again`} onClick={() => replay.mutate(letter.id)} />
                    <Button size="small" variant="plain" icon="trash" label={`Delete ${letter.kind}`} onClick={() => discard.mutate(letter.id)} />
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
          {query.hasNextPage && <div className="more"><Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>More</Button></div>}
        </>
      )}
      {shown !== null && (
        <Dialog className="dialog wide" title={shown.kind} onClose={() => setShown(null)}>
          <div className="notice bad"><Icon name="warning" /><div className="break">{shown.error}</div></div>
          <dl className="facts">
            <dt>Id</dt><dd><code>{shown.id}</code></dd>
            <dt>Attempts</dt><dd>{shown.attempts}</dd>
            <dt>Priority</dt><dd>{shown.priority}</dd>
            <dt>Enqueued</dt><dd><Time at={shown.enqueuedAt} /></dd>
            <dt>Trace</dt><dd>{shown.traceParent ?? '–'}</dd>
          </dl>
          <pre className="code">{JSON.stringify(shown.payload, null, 2)}</pre>
          <div className="foot">
            <Button variant="danger" icon="trash" onClick={() => discard.mutate(shown.id)}>Delete</Button>
            <Button variant="primary" icon="retry" onClick={() => replay.mutate(shown.id)}>Enqueue again</Button>
          </div>
        </Dialog>
      )}
    </Panel>
  );
}
