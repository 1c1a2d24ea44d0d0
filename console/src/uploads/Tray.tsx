import { useState } from 'react';
import { Link, useRouterState } from '@tanstack/react-router';
import { bytes, percent } from '../ui/format';
import { Icon } from '../ui/icons';
import { Button, Progress } from '../ui/parts';
import { totalsOf } from './queue';
import { UploadRow } from './Row';
import { uploader, useQueue } from './uploader';

/** The uploads of this browser, on every page, folded to one line. */
export function UploadTray() {
  const queue = useQueue();
  const [isOpen, setOpen] = useState(false);
  const path = useRouterState({ select: (state) => state.location.pathname });
  // The page of uploads shows them all.
  if (queue.length === 0 || path.endsWith('/uploads')) return null;
  const totals = totalsOf(queue);
  const rest = queue.length - totals.done;
  const title = totals.active > 0
    ? `Uploading ${totals.active} of ${queue.length}`
    : rest === 0 ? `${queue.length} ${queue.length === 1 ? 'upload is' : 'uploads are'} done`
      : totals.waitingForFile > 0 ? `${totals.waitingForFile} interrupted` : totals.failed > 0 ? `${totals.failed} failed` : `${totals.paused} paused`;
  return (
    <section className={isOpen ? 'tray open' : 'tray'} aria-label="Uploads of this browser">
      <div className="tray-head">
        <button type="button" className="tray-title" aria-expanded={isOpen} onClick={() => setOpen(!isOpen)}>
          <Icon name={totals.active > 0 ? 'uploads' : rest === 0 ? 'check' : 'warning'} />
          <span className="grow">{title}</span>
          <span className="small muted tabular">{rest === 0 ? bytes(totals.size) : percent(totals.size === 0 ? 1 : totals.sent / totals.size)}</span>
          <Icon name={isOpen ? 'down' : 'chevron'} />
        </button>
        {rest === 0 && <Button variant="plain" size="small" icon="close" label="Clear the list" onClick={() => uploader.clear()} />}
      </div>
      {totals.active > 0 && !isOpen && <Progress thin done={totals.sent} total={totals.size} label="All uploads" />}
      {isOpen && (
        <>
          <ul className="uploads">{[...queue].sort((one, other) => order(one.status) - order(other.status)).slice(0, 50).map((entry) => <UploadRow key={entry.id} entry={entry} />)}</ul>
          <div className="tray-foot">
            <Link to="/uploads" className="small" onClick={() => setOpen(false)}>All uploads</Link>
            <span className="grow" />
            {totals.active > 0 && <Button size="small" icon="pause" onClick={() => uploader.pauseAll()}>Pause all</Button>}
            {totals.active === 0 && totals.paused + totals.failed > 0 && <Button size="small" icon="play" onClick={() => void uploader.resumeAll()}>Resume all</Button>}
            {totals.done > 0 && <Button size="small" onClick={() => uploader.clear()}>Clear done</Button>}
          </div>
        </>
      )}
    </section>
  );
}

const order = (status: string) => (status === 'done' ? 2 : status === 'waiting' ? 1 : 0);
