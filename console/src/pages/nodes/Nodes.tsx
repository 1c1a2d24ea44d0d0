import { useMutation, useQuery, useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { get, post, type Schemas } from '../../api/client';
import { command } from '../../api/curl';
import { nodesQuery, rebalanceQuery, ringQuery } from '../../api/queries';
import { useTalk } from '../../ui/dialogs';
import { bytes, count, duration, percent } from '../../ui/format';
import { Page } from '../../ui/page';
import { Button, Bytes, CopyButton, Panel, StateBadge } from '../../ui/parts';
import { Empty, Loaded } from '../../ui/states';
import { Rebalance } from './Rebalance';
import { Ring } from './Ring';
import { useHeat } from './heat';

type Node = Schemas['NodeResponse'];

export default function Nodes() {
  const nodes = useQuery(nodesQuery);
  const ring = useQuery(ringQuery);
  const rebalance = useQuery(rebalanceQuery);
  const heat = useHeat(nodes.data, nodes.dataUpdatedAt);
  const [chosen, setChosen] = useState<string | null>(null);
  const present = (nodes.data ?? []).filter((node) => node.status !== 'removed');
  const hues = new Map((nodes.data ?? []).map((node, index) => [node.id, index % 8]));
  const node = nodes.data?.find((each) => each.id === chosen) ?? present[0];
  return (
    <Page
      title="Nodes" intro="The servers that keep the chunks, and the ring that chooses among them."
      commands={[
        command('All nodes', 'get', '/admin/nodes'),
        command('The ring, as a map of 720 pieces', 'get', '/admin/ring', { query: { arcs: 720 } }),
        ...(node === undefined ? [] : [
          command(`${node.name} with its copies`, 'get', '/admin/nodes/{node}', { path: { node: node.name } }),
          command(`Empty ${node.name}`, 'post', '/admin/nodes/{node}/drain', { path: { node: node.name } }),
          command('Take new chunks again', 'post', '/admin/nodes/{node}/undrain', { path: { node: node.name } }),
          command('Remove it when it has no copies', 'post', '/admin/nodes/{node}/remove', { path: { node: node.name } }),
        ]),
        command('Plan a rebalance', 'post', '/admin/rebalance/plan'),
        command('Its progress', 'get', '/admin/rebalance'),
      ]}
    >
      <Loaded query={nodes} rows={8}>
        {(all) => all.length === 0 ? <Empty icon="nodes" title="No node has joined yet">A node joins by itself when it starts with the connection to the same database.</Empty> : (
          <div className="nodes-layout">
            <div className="panel ring-panel">
              <Ring nodes={present} ring={ring.data} hues={hues} heat={heat} chosen={chosen} onChoose={setChosen} />
              <p className="small muted">Outside: the owner of each piece of the key space. Inside: the used space of each node; the thin line is its heat, what changes on it now.</p>
            </div>
            <div className="stack wide">
              {node !== undefined && <NodeDetails node={node} hue={hues.get(node.id) ?? 0} />}
              <Panel title="All nodes" flush>
                <div className="scroll"><table className="table cards tight">
                  <thead><tr><th>Node</th><th>State</th><th className="number">Used</th><th className="number">Free</th><th className="number">Chunks</th><th className="number">Keys</th><th className="number">Heartbeat</th></tr></thead>
                  <tbody>
                    {all.map((each) => (
                      <tr key={each.id} aria-current={each.id === node?.id ? 'true' : undefined}>
                        <td>
                          <button type="button" className="link row tight still" onClick={() => setChosen(each.id)}><span className="dot" style={{ background: `var(--hue-${hues.get(each.id) ?? 0})` }} /><span className="nowrap">{each.name}</span></button>
                        </td>
                        <td data-label="State"><StateBadge state={each.status} /></td>
                        <td className="number" data-label="Used"><Bytes value={each.usedBytes} /></td>
                        <td className="number" data-label="Free"><Bytes value={each.availableBytes} /></td>
                        <td className="number" data-label="Chunks">{count(each.chunks)}</td>
                        <td className="number" data-label="Keys">{percent(each.keySpaceShare, 1)}</td>
                        <td className="number" data-label="Heartbeat">{duration(each.heartbeatAgeSeconds)} ago</td>
                      </tr>
                    ))}
                  </tbody>
                </table></div>
              </Panel>
            </div>
          </div>
        )}
      </Loaded>
      <Loaded query={rebalance} rows={3}>{(data) => <Rebalance data={data} />}</Loaded>
    </Page>
  );
}

function NodeDetails({ node, hue }: { node: Node; hue: number }) {
  const client = useQueryClient();
  const { ask, tell, tellFault } = useTalk();
  const details = useQuery({ queryKey: ['nodes', node.id], queryFn: ({ signal }) => get('/admin/nodes/{node}', { path: { node: node.id }, signal }), refetchInterval: 3_000 });
  const change = useMutation({
    mutationFn: (action: 'drain' | 'undrain' | 'remove' | 'readmit') => post(`/admin/nodes/{node}/${action}`, { path: { node: node.id } }),
    onSuccess: (_, action) => {
      tell({ drain: `${node.name} is being emptied.`, undrain: `${node.name} takes new chunks again.`, remove: `${node.name} was removed.`, readmit: `${node.name} may join again.` }[action]);
    },
    onError: tellFault,
    onSettled: () => client.invalidateQueries({ queryKey: ['nodes'] }),
  });
  const copies: [string, number][] = Object.entries(details.data?.copies ?? {}).map(([state, number]) => [state, Number(number)]);
  const left = copies.reduce((sum, [, number]) => sum + number, 0);

  const drain = async () => {
    const yes = await ask({
      title: `Empty ${node.name}?`, action: 'Drain',
      text: `It takes no new chunks, and its ${count(left)} copies (${bytes(node.usedBytes)}) move to the other nodes. Everything stays readable. You can cancel the drain.`,
    });
    if (yes) change.mutate('drain');
  };
  const leave = async () => {
    const yes = await ask({ title: `Remove ${node.name}?`, action: 'Remove', danger: true, text: 'It is taken out of the cluster. This is refused while it has copies.' });
    if (yes) change.mutate('remove');
  };

  return (
    <Panel
      title={<span className="row tight"><span className="dot" style={{ background: `var(--hue-${hue})` }} />{node.name}</span>} note={<StateBadge state={node.status} />}
      actions={
        <>
          {(node.status === 'online' || node.status === 'offline') && <Button icon="drain" busy={change.isPending} onClick={() => void drain()}>Drain</Button>}
          {node.status === 'draining' && <Button icon="retry" busy={change.isPending} onClick={() => change.mutate('undrain')}>Cancel the drain</Button>}
          {(node.status === 'draining' || node.status === 'offline') && <Button variant="danger" icon="trash" busy={change.isPending} onClick={() => void leave()}>Remove</Button>}
          {node.status === 'removed' && <Button icon="plus" busy={change.isPending} onClick={() => change.mutate('readmit')}>Readmit</Button>}
        </>
      }
    >
      <dl className="facts">
        <dt>Copies</dt>
        <dd>{details.data === undefined ? '…' : copies.length === 0 ? 'none: it can be removed' : copies.map(([state, number]) => `${count(number)} ${state}`).join(', ')}</dd>
        <dt>Address</dt><dd><code>{node.address}</code></dd>
        <dt>Id</dt><dd className="row tight"><code className="break">{node.id}</code><CopyButton text={node.id} label="Copy the id" /></dd>
        <dt>Trash</dt><dd>{bytes(node.trashBytes)}, restorable until its time ends</dd>
        <dt>Heartbeat</dt><dd>{duration(node.heartbeatAgeSeconds)} ago</dd>
      </dl>
    </Panel>
  );
}
