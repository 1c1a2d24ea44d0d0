import { useInfiniteQuery } from '@tanstack/react-query';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { useState } from 'react';
import { get, type Schemas } from '../../api/client';
import { command, curl } from '../../api/curl';
import { Dialog } from '../../ui/dialogs';
import { count, stamp } from '../../ui/format';
import { Page } from '../../ui/page';
import { Badge, Button, CopyButton, Field, Panel, Time } from '../../ui/parts';
import { Bones, Empty, Fault } from '../../ui/states';

type Event = Schemas['AuditEventResponse'];
const names = ['from', 'to', 'api', 'outcome', 'actor', 'owner', 'address', 'action', 'resource'] as const;
const outcomes: Record<string, 'good' | 'warn' | 'bad'> = { done: 'good', refused: 'warn', failed: 'bad' };

export default function Audit() {
  const search = useSearch({ strict: false }) as Record<string, string>;
  const navigate = useNavigate();
  const filter = Object.fromEntries(names.flatMap((name) => (search[name] ? [[name, search[name]]] : []))) as Record<string, string>;
  const [draft, setDraft] = useState(filter);
  const [shown, setShown] = useState<Event | null>(null);
  const query = useInfiniteQuery({
    queryKey: ['audit', filter],
    queryFn: ({ pageParam, signal }) => get('/admin/audit', { query: { ...filter, after: pageParam, limit: 100 }, signal }),
    initialPageParam: '',
    getNextPageParam: (page) => page.next ?? undefined,
  });
  const events = query.data?.pages.flatMap((page) => page.events) ?? [];
  const apply = (next: Record<string, string>) => {
    setDraft(next);
    void navigate({ to: '/audit', search: Object.fromEntries(Object.entries(next).filter(([, value]) => value !== '')), replace: true });
  };
  const text = (name: (typeof names)[number], label: string, placeholder = '', type = 'text') => (
    <Field label={label}>{(ids) => <input {...ids} className="input" type={type} placeholder={placeholder} value={draft[name] ?? ''} onChange={(event) => setDraft({ ...draft, [name]: event.target.value })} />}</Field>
  );
  const choice = (name: (typeof names)[number], label: string, options: string[]) => (
    <Field label={label}>
      {(ids) => (
        <select {...ids} className="input" value={draft[name] ?? ''} onChange={(event) => apply({ ...draft, [name]: event.target.value })}>
          <option value="">any</option>
          {options.map((each) => <option key={each}>{each}</option>)}
        </select>
      )}
    </Field>
  );
  return (
    <Page
      title="Audit" intro="Every change and every refusal: who, what, from where."
      actions={<Button icon="retry" busy={query.isRefetching} onClick={() => void query.refetch()}>Reload</Button>}
      commands={[
        command('These events', 'get', '/admin/audit', { query: { ...filter, limit: 100 } }),
        { label: 'Export them, one JSON object a line, the oldest first', text: `${curl('get', '/admin/audit', { query: filter })} -H 'Accept: application/x-ndjson'` },
      ]}
    >
      <Panel>
        <form className="audit-filter" onSubmit={(event) => { event.preventDefault(); apply(draft); }}>
          {choice('outcome', 'Outcome', ['done', 'refused', 'failed'])}
          {choice('api', 'API', ['rest', 'admin', 's3'])}
          {text('action', 'Action', 'DeleteObject')}
          {text('resource', 'Resource', '/films/*')}
          {text('actor', 'Key', 'its id')}
          {text('owner', 'Owner')}
          {text('address', 'Address', '192.0.2.0/24')}
          {text('from', 'From', '', 'date')}
          {text('to', 'Before', '', 'date')}
          <div className="row">
            <Button type="submit" variant="primary" icon="search">Search</Button>
            {Object.keys(filter).length > 0 && <Button onClick={() => apply({})}>Clear</Button>}
          </div>
        </form>
      </Panel>
      <Panel title="Events" note="the newest first" flush>
        {query.isPending ? <Bones rows={10} /> : query.isError && events.length === 0 ? <Fault error={query.error} onRetry={() => void query.refetch()} /> : events.length === 0 ? (
          <Empty icon="audit" title="No event matches">{Object.keys(filter).length === 0 ? 'Changes and refusals appear here within a second.' : 'Widen the time, or clear the filter.'}</Empty>
        ) : (
          <>
            <table className="table cards">
              <thead><tr><th>Time</th><th>Action</th><th>Resource</th><th>By</th><th>Outcome</th></tr></thead>
              <tbody>
                {events.map((event) => (
                  <tr key={event.id}>
                    <td className="nowrap"><Time at={event.occurredAt} /></td>
                    <td data-label="Action"><button type="button" className="link" onClick={() => setShown(event)}>{event.action}</button> <span className="muted small">{event.api}</span></td>
                    <td data-label="Resource" className="break"><code>{event.resource ?? '–'}</code></td>
                    <td data-label="By" className="break">{event.actor ?? event.actorKind}{event.address != null && <span className="muted small"> {event.address}</span>}</td>
                    <td data-label="Outcome" className="nowrap"><Badge tone={outcomes[event.outcome]}>{event.outcome} {event.status}</Badge>{event.repeats > 1 && <span className="muted small"> × {count(event.repeats)}</span>}</td>
                  </tr>
                ))}
              </tbody>
            </table>
            {query.hasNextPage && <div className="more"><Button busy={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>Older events</Button></div>}
          </>
        )}
      </Panel>
      {shown !== null && (
        <Dialog className="dialog wide" title={shown.action} onClose={() => setShown(null)}>
          <dl className="facts">
            <dt>Time</dt><dd>{stamp(shown.occurredAt)}</dd>
            <dt>Outcome</dt><dd><Badge tone={outcomes[shown.outcome]}>{shown.outcome} {shown.status}</Badge></dd>
            <dt>Reason</dt><dd>{shown.reason ?? '–'}</dd>
            <dt>Resource</dt><dd><code className="break">{shown.resource ?? '–'}</code></dd>
            <dt>By</dt><dd>{shown.actorKind}{shown.actor != null && <>, <code>{shown.actor}</code></>}</dd>
            <dt>Owner</dt><dd>{shown.ownerId ?? '–'}</dd>
            <dt>Address</dt><dd>{shown.address ?? '–'}</dd>
            <dt>Request</dt><dd className="row tight"><code className="break">{shown.requestId ?? '–'}</code>{shown.requestId != null && <CopyButton text={shown.requestId} label="Copy the id of the request" />}</dd>
            <dt>Repeated</dt><dd>{count(shown.repeats)}</dd>
          </dl>
        </Dialog>
      )}
    </Page>
  );
}
