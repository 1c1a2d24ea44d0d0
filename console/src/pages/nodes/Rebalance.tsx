import { useMutation, useQueryClient } from '@tanstack/react-query';
import { post, type Schemas } from '../../api/client';
import { useTalk } from '../../ui/dialogs';
import { bytes, count, duration } from '../../ui/format';
import { Button, Panel, StateBadge, Time } from '../../ui/parts';
import { Empty } from '../../ui/states';
import { WorkRow } from '../../ui/WorkList';

type One = Schemas['RebalanceResponse'];

/** Moves between the nodes: the plan or the run that is open, and the latest ones. */
export function Rebalance({ data }: { data: Schemas['RebalanceListResponse'] }) {
  const client = useQueryClient();
  const { tell, tellFault } = useTalk();
  const settled = { onError: tellFault, onSettled: () => client.invalidateQueries({ queryKey: ['rebalance'] }) };
  const plan = useMutation({
    mutationFn: () => post('/admin/rebalance/plan'),
    onSuccess: ({ rebalance }) => tell(rebalance.moves === 0 ? 'Nothing has to move.' : `${count(rebalance.moves)} moves are planned; start them when you like.`),
    ...settled,
  });
  const act = useMutation({
    mutationFn: ({ id, action }: { id: string; action: 'start' | 'pause' | 'resume' | 'cancel' }) => post(`/admin/rebalance/{id}/${action}`, { path: { id } }),
    ...settled,
  });
  const current = data.current ?? null;
  const planned = data.history.find((one) => one.state === 'planned' && one.moves > 0) ?? null;
  return (
    <Panel
      title="Rebalance" note="moves copies to where the ring wants them"
      actions={<Button icon="plus" busy={plan.isPending} onClick={() => plan.mutate()} disabled={current !== null}>Plan</Button>}
    >
      <div className="stack wide">
        {current !== null && (
          <div className="stack">
            <WorkRow link={false} work={{ id: current.id, name: nameOf(current), state: current.state, done: current.bytesDone, total: current.bytes, isBytes: true, secondsLeft: current.estimatedSeconds ?? null, to: '/nodes' }} />
            <div className="row">
              {current.state === 'running' && <Button size="small" icon="pause" onClick={() => act.mutate({ id: current.id, action: 'pause' })}>Pause</Button>}
              {current.state === 'paused' && <Button size="small" icon="play" onClick={() => act.mutate({ id: current.id, action: 'resume' })}>Resume</Button>}
              <Button size="small" variant="danger" icon="close" onClick={() => act.mutate({ id: current.id, action: 'cancel' })}>Cancel</Button>
              {current.movesFailed > 0 && <span className="small muted">{count(current.movesFailed)} moves failed</span>}
            </div>
          </div>
        )}
        {current === null && planned !== null && (
          <div className="row apart">
            <span>{nameOf(planned)}: {count(planned.moves)} moves, {bytes(planned.bytes)}{planned.estimatedSeconds != null && <>, about {duration(planned.estimatedSeconds)}</>}</span>
            <Button variant="primary" icon="play" busy={act.isPending} onClick={() => act.mutate({ id: planned.id, action: 'start' })}>Start</Button>
          </div>
        )}
        {data.history.length === 0 && current === null ? (
          <Empty icon="retry" title="No rebalance yet">One starts by itself when a node joins. Plan one to see what it would move.</Empty>
        ) : data.history.length > 0 && (
          <table className="table cards">
            <thead><tr><th>Rebalance</th><th>State</th><th className="number">Moves</th><th className="number">Bytes</th><th>Ended</th></tr></thead>
            <tbody>
              {data.history.slice(0, 6).map((one) => (
                <tr key={one.id}>
                  <td>{nameOf(one)}</td>
                  <td data-label="State"><StateBadge state={one.state} /></td>
                  <td className="number" data-label="Moves">{count(one.movesDone)} of {count(one.moves)}</td>
                  <td className="number" data-label="Bytes">{bytes(one.bytesDone)}</td>
                  <td data-label="Ended"><Time at={one.endedAt} /></td>
                </tr>
              ))}
            </tbody>
          </table>
        )}
      </div>
    </Panel>
  );
}

const nameOf = (one: One) => (one.server == null ? one.reason.replace(/^./, (letter) => letter.toUpperCase()) : `${one.reason}: ${one.server}`);
