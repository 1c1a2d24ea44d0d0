import { useQuery, useQueryClient } from '@tanstack/react-query';
import { useCallback, useRef } from 'react';
import { address, send } from '../../api/client';
import { command } from '../../api/curl';
import { useEvents } from '../../api/live';
import { Problem } from '../../api/problem';
import { sessionQuery } from '../../api/session';
import { useAdd } from '../../uploads/Add';
import { totalsOf } from '../../uploads/queue';
import { UploadRow } from '../../uploads/Row';
import { uploader, useQueue } from '../../uploads/uploader';
import { bytes, count, percent } from '../../ui/format';
import { Page } from '../../ui/page';
import { Button, Id, Panel, Progress, StateBadge, Time } from '../../ui/parts';
import { Empty, Loaded } from '../../ui/states';

interface Listed {
  id: string;
  state: string;
  target: string;
  offset: number;
  length: number | null;
  fields: Record<string, string>;
  owner: string | null;
  modifiedAt: string;
  expiresAt: string;
  failure: { code: string; message: string } | null;
}

interface ListPage {
  uploads: Listed[];
  next: string | null;
}

const underWay = ({ uploads }: ListPage) => uploads.filter((upload) => upload.state !== 'completed');

export default function Uploads() {
  const client = useQueryClient();
  const lastEvent = useRef(0);
  const isOperator = useQuery(sessionQuery).data?.session?.administration === true;
  const queue = useQueue();
  const totals = totalsOf(queue);
  const add = useAdd('file');
  const server = useQuery({
    queryKey: ['uploads'],
    queryFn: async ({ signal }) => underWay(await send<ListPage>('GET', address('/uploads', { query: { limit: 100 } }), { signal })),
    // Operators get events each second; owners of content have no stream.
    refetchInterval: () => (Date.now() - lastEvent.current < 5_000 ? 15_000 : 2_000),
    retry: (failures, error) => failures < 2 && !(error instanceof Problem && error.status < 500),
  });
  const show = useCallback((page: ListPage) => {
    lastEvent.current = Date.now();
    client.setQueryData(['uploads'], underWay(page));
  }, [client]);
  return (
    <Page
      title="Uploads" intro="What is on its way, from this browser and from all other clients." actions={add.button}
      commands={[
        command('Uploads under way', 'get', '/uploads'),
        { label: 'Begin one by tus: the response has its address in Location', text: `curl -K $key -s -i -X POST $admin/uploads -H 'Tus-Resumable: 1.0.0' -H "Upload-Length: $(stat -c %s video.bin)" -H "Upload-Metadata: filename $(printf video.bin | base64)"` },
        { label: 'Its offset', text: "curl -K $key -s -I $admin/uploads/ID -H 'Tus-Resumable: 1.0.0'" },
        { label: 'Append from an offset', text: "tail -c +$((offset + 1)) video.bin | curl -K $key -s -X PATCH $admin/uploads/ID -H 'Tus-Resumable: 1.0.0' -H \"Upload-Offset: $offset\" -H 'Content-Type: application/offset+octet-stream' -T -" },
      ]}
    >
      <Panel
        title="This browser" note={queue.length === 0 ? undefined : `${count(totals.done)} of ${count(queue.length)} done, ${bytes(totals.sent)} of ${bytes(totals.size)}`} flush
        actions={
          <>
            {totals.active > 0 && <Button size="small" icon="pause" onClick={() => uploader.pauseAll()}>Pause all</Button>}
            {totals.paused + totals.failed > 0 && <Button size="small" icon="play" onClick={() => void uploader.resumeAll()}>Resume all</Button>}
            {totals.done > 0 && <Button size="small" onClick={() => uploader.clear()}>Clear done</Button>}
          </>
        }
      >
        {queue.length === 0 ? (
          <Empty icon="uploads" title="Nothing is being uploaded" action={<Button variant="primary" icon="uploads" onClick={add.choose}>Choose files</Button>}>
            Drop files or folders anywhere on this page. An upload survives a reload of the page, a lost network and a restart of the API.
          </Empty>
        ) : <ul className="uploads">{queue.map((entry) => <UploadRow key={entry.id} entry={entry} />)}</ul>}
      </Panel>
      <Panel title="All clients" note="by every door: tus, S3, the IETF draft, plain" flush>
        <Loaded query={server} rows={3}>
          {(uploads) => uploads.length === 0 ? <Empty icon="check" title="No upload is under way">Uploads that no byte arrives for are removed when they expire.</Empty> : (
            <table className="table cards">
              <thead><tr><th>Upload</th><th>State</th><th>Progress</th><th>Becomes</th><th>Owner</th><th>Changed</th><th>Expires</th></tr></thead>
              <tbody>
                {uploads.map((upload) => (
                  <tr key={upload.id}>
                    <td className="break">{upload.fields.filename ?? upload.fields.key ?? <Id value={upload.id} />}</td>
                    <td data-label="State"><StateBadge state={upload.state} />{upload.failure !== null && <span className="small fault-text"> {upload.failure.message} <code>{upload.failure.code}</code></span>}</td>
                    <td data-label="Progress">
                      <span className="stack" style={{ gap: 3, minWidth: 120 }}>
                        <span className="small tabular">{bytes(upload.offset)}{upload.length !== null && <> of {bytes(upload.length)}, {percent(upload.length === 0 ? 1 : upload.offset / upload.length)}</>}</span>
                        {upload.length !== null && <Progress thin done={upload.offset} total={upload.length} label={`Progress of ${upload.fields.filename ?? upload.id}`} />}
                      </span>
                    </td>
                    <td data-label="Becomes">{upload.target}{upload.fields.bucket !== undefined && <span className="muted small"> in {upload.fields.bucket}</span>}</td>
                    <td data-label="Owner">{upload.owner ?? '–'}</td>
                    <td data-label="Changed"><Time at={upload.modifiedAt} /></td>
                    <td data-label="Expires"><Time at={upload.expiresAt} /></td>
                  </tr>
                ))}
              </tbody>
            </table>
          )}
        </Loaded>
      </Panel>
      {isOperator && <Live onPage={show} />}
      {add.overlay}
    </Page>
  );
}

function Live({ onPage }: { onPage: (page: ListPage) => void }) {
  useEvents('uploads', onPage);
  return null;
}
