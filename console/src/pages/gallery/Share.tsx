import { useMutation } from '@tanstack/react-query';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { send, type Schemas } from '../../api/client';
import { curl } from '../../api/curl';
import { Dialog } from '../../ui/dialogs';
import { Button, CopyButton, Field, Time } from '../../ui/parts';
import { FaultNotice } from '../../ui/states';

interface Share {
  url: string;
  expiresAt?: string | null;
}

const times = [[3_600, 'an hour'], [86_400, 'a day'], [604_800, 'a week'], [2_592_000, '30 days']] as const;

/** Makes an address by which anyone can see one item, without a key, until it expires. */
export function ShareDialog({ item, onClose }: { item: Schemas['MediaResponse']; onClose: () => void }) {
  const [seconds, setSeconds] = useState(604_800);
  const route = `/media/${item.id}/shares`;
  const share = useMutation({ mutationFn: () => send<Share>('POST', route, { body: { expiresIn: seconds } }) });
  const url = share.data === undefined ? null : new URL(share.data.url, window.location.origin).href;
  return (
    <Dialog title={`Share ${item.name}`} onClose={onClose}>
      <p className="muted">The link shows this item until it expires, and nothing else. The item stays {item.access}.</p>
      <Field label="The link works for">
        {(ids) => <select {...ids} className="input" value={seconds} onChange={(event) => { setSeconds(Number(event.target.value)); share.reset(); }}>{times.map(([value, name]) => <option key={value} value={value}>{name}</option>)}</select>}
      </Field>
      {share.isError && <FaultNotice error={share.error} />}
      {url !== null && (
        <div className="stack" style={{ gap: 6 }}>
          <div className="command"><code>{url}</code><CopyButton text={url} label="Copy the link" /></div>
          <p className="small muted">
            It works for {times.find(([value]) => value === seconds)?.[1]}{share.data?.expiresAt != null && <>, and expires <Time at={share.data.expiresAt} /></>}.
            {share.data?.url.startsWith('/') === true && <> People outside reach it at the public address of the API; <code>Media:PublicAddress</code> puts that into the link.</>}
          </p>
        </div>
      )}
      <p className="small"><Link to="/links">All links</Link> lists what is shared, and ends it.</p>
      <details className="small"><summary>The same with curl</summary><div className="command"><code>{curl('post', route, { body: { expiresIn: seconds } })}</code></div></details>
      <div className="foot">
        <Button onClick={onClose}>Close</Button>
        <Button variant="primary" icon="share" busy={share.isPending} onClick={() => share.mutate()}>{url === null ? 'Make the link' : 'Make another'}</Button>
      </div>
    </Dialog>
  );
}
