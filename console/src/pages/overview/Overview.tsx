import { useQuery } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { command } from '../../api/curl';
import { useConnection } from '../../api/live';
import { integrityQuery, jobsQuery, migrationQuery, nodesQuery, rebalanceQuery, requestsQuery, scrubQuery } from '../../api/queries';
import { Chart } from '../../ui/Chart';
import { bytes, compact, count, duration, percent, rate } from '../../ui/format';
import { useNow } from '../../ui/hooks';
import { Icon } from '../../ui/icons';
import { Page } from '../../ui/page';
import { Panel, Progress, Stat, StateBadge } from '../../ui/parts';
import { Empty, Loaded } from '../../ui/states';
import { WorkRow } from '../../ui/WorkList';
import { concernsOf } from './concerns';
import { useSamples } from './samples';
import { longWork } from './work';

const commands = [
  command('Nodes with their space', 'get', '/admin/nodes'),
  command('Requests of this replica by route', 'get', '/admin/requests'),
  command('The integrity of all chunks', 'get', '/admin/integrity'),
  command('Jobs by kind', 'get', '/admin/jobs'),
  command('Health with details', 'get', '/health'),
  command('All metrics, for Prometheus', 'get', '/metrics'),
];

export default function Overview() {
  const isLive = useConnection() === 'open';
  const nodes = useQuery(nodesQuery);
  const integrity = useQuery(integrityQuery);
  const jobs = useQuery(jobsQuery);
  const requests = useQuery(requestsQuery);
  const works = longWork({
    rebalance: useQuery(rebalanceQuery).data, scrub: useQuery(scrubQuery).data, migration: useQuery(migrationQuery).data, integrity: integrity.data,
  }, useNow());
  const { samples, event } = useSamples(requests.data, requests.dataUpdatedAt, isLive);
  const concerns = concernsOf({ nodes: nodes.data, integrity: integrity.data, jobs: jobs.data, health: event?.health });

  const present = (nodes.data ?? []).filter((node) => node.status !== 'removed');
  const used = present.reduce((sum, node) => sum + node.usedBytes, 0);
  const free = present.filter((node) => node.status !== 'offline').reduce((sum, node) => sum + node.availableBytes, 0);
  const online = present.filter((node) => node.status === 'online').length;
  const dead = jobs.data?.kinds.reduce((sum, kind) => sum + kind.dead, 0) ?? 0;
  const waiting = jobs.data?.kinds.reduce((sum, kind) => sum + kind.ready + kind.running, 0) ?? 0;
  const last = samples.at(-1);
  const times = samples.map((sample) => sample.time);
  const hasBytes = samples.some((sample) => sample.bytesIn !== null);
  const hasTimes = samples.some((sample) => sample.p95 !== null);

  return (
    <Page title="Overview" intro="The state of the cluster, live." commands={commands}>
      <div className={`verdict ${concerns.length === 0 ? 'good' : concerns.some((each) => each.tone === 'bad') ? 'bad' : 'warn'}`} role="status">
        <Icon name={concerns.length === 0 ? 'check' : 'warning'} />
        {nodes.data === undefined ? <span>Asking the cluster…</span> : concerns.length === 0 ? (
          <span><strong>All is well.</strong> Every node responds, and every chunk has its copies.</span>
        ) : (
          <ul className="stack" style={{ gap: 4 }}>
            {concerns.map((each) => <li key={each.text}><Link to={each.to}>{each.text}</Link></li>)}
          </ul>
        )}
      </div>
      <div className="grid even" style={{ '--least': '140px' } as React.CSSProperties}>
        <Stat icon="bolt" name="Requests" figure={last === undefined ? '–' : `${compact(last.requests)}/s`} note={last === undefined ? 'Measuring' : `${last.errors.toFixed(last.errors > 0 && last.errors < 1 ? 1 : 0)} errors/s`} tone={last !== undefined && last.errors > 0 ? 'bad' : undefined} />
        <Stat icon="disk" name="Stored" figure={nodes.data === undefined ? '–' : bytes(used)} note={nodes.data === undefined ? '' : `${bytes(free)} free`} />
        <Stat icon="nodes" name="Nodes" figure={nodes.data === undefined ? '–' : `${online}/${present.length}`} note="online" tone={online < present.length ? 'warn' : undefined} />
        <Stat icon="integrity" name="Chunks" figure={integrity.data === undefined ? '–' : compact(integrity.data.walk.lastSeen)} note={integrity.data?.clean === true ? 'All have their copies' : 'See integrity'} />
        <Stat icon="jobs" name="Jobs" figure={jobs.data === undefined ? '–' : compact(waiting)} note={dead === 0 ? 'No dead letters' : `${count(dead)} dead letters`} tone={dead > 0 ? 'warn' : undefined} />
      </div>
      <div className="grid even" style={{ '--least': '380px' } as React.CSSProperties}>
        <Panel title="Requests">
          {samples.length < 2 ? <p className="muted measuring">Measuring. The first reading takes a few seconds.</p> : <Chart label="Requests and errors of the latest minutes" times={times} format={(value) => `${value < 10 ? value.toFixed(1) : compact(value)}/s`}
            lines={[
              { name: 'Requests', colour: 'hue-0', values: samples.map((sample) => sample.requests) },
              { name: 'Errors', colour: 'bad', values: samples.map((sample) => sample.errors) },
            ]} />}
        </Panel>
        {hasTimes && (
          <Panel title="Time to respond">
            <Chart label="Median and 95th percentile of the duration" times={times} format={duration}
              lines={[
                { name: 'Median', colour: 'hue-1', values: samples.map((sample) => sample.p50) },
                { name: '95 %', colour: 'hue-3', values: samples.map((sample) => sample.p95) },
              ]} />
          </Panel>
        )}
        {hasBytes && (
          <Panel title="Throughput">
            <Chart label="Bytes in and out" times={times} format={rate}
              lines={[
                { name: 'In', colour: 'hue-2', values: samples.map((sample) => sample.bytesIn) },
                { name: 'Out', colour: 'hue-6', values: samples.map((sample) => sample.bytesOut) },
              ]} />
          </Panel>
        )}
        <Panel title="Space by node">
          <Loaded query={nodes}>
            {(all) => (
              <ul className="stack">
                {all.filter((node) => node.status !== 'removed').map((node) => {
                  const total = node.usedBytes + node.availableBytes;
                  const share = total === 0 ? 0 : node.usedBytes / total;
                  return (
                    <li key={node.id} className="stack" style={{ gap: 4 }}>
                      <div className="row apart small">
                        <span className="row">{node.name}{node.status !== 'online' && <StateBadge state={node.status} />}</span>
                        <span className="muted tabular">{bytes(node.usedBytes)} of {bytes(total)} · {percent(share, share < 0.1 ? 1 : 0)}</span>
                      </div>
                      <Progress thin done={node.usedBytes} total={total} label={`Space of ${node.name}`} tone={share > 0.9 ? 'bad' : share > 0.8 ? 'warn' : undefined} />
                    </li>
                  );
                })}
              </ul>
            )}
          </Loaded>
        </Panel>
      </div>
      <Panel title="Long work">
        {works.length === 0 ? <p className="muted">Nothing runs: no rebalance, scrub, migration or walk.</p> : (
          <div className="stack wide">{works.map((work) => <WorkRow key={work.id} work={work} />)}</div>
        )}
      </Panel>
      <Panel title="Busiest routes" note={requests.data === undefined ? undefined : `since the start of ${requests.data.replica}`} flush>
        <Loaded query={requests}>
          {(data) => data.routes.length === 0 ? <Empty icon="bolt" title="No request yet">Requests appear here as they end.</Empty> : (
            <div className="scroll">
              <table className="table cards">
                <thead><tr><th>Route</th><th className="number">Requests</th><th className="number">Mean</th><th className="number">95 %</th><th className="number">Errors</th></tr></thead>
                <tbody>
                  {[...data.routes].sort((one, other) => other.count - one.count).slice(0, 10).map((route) => {
                    const errors = Object.entries(route.statuses).filter(([status]) => Number(status) >= 500).reduce((sum, [, number]) => sum + Number(number), 0);
                    return (
                      <tr key={`${route.method} ${route.route}`}>
                        <td><code>{route.method} {route.route}</code></td>
                        <td className="number" data-label="Requests">{count(route.count)}</td>
                        <td className="number" data-label="Mean">{duration(route.meanSeconds)}</td>
                        <td className="number" data-label="95 %">{duration(route.p95Seconds)}</td>
                        <td className="number" data-label="Errors">{errors === 0 ? <span className="muted">0</span> : <strong style={{ color: 'var(--bad)' }}>{count(errors)}</strong>}</td>
                      </tr>
                    );
                  })}
                </tbody>
              </table>
            </div>
          )}
        </Loaded>
      </Panel>
    </Page>
  );
}
