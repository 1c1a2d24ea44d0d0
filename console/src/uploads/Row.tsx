import { useRef } from 'react';
import { useTalk } from '../ui/dialogs';
import { bytes, duration, percent, rate } from '../ui/format';
import { useNow } from '../ui/hooks';
import { Icon, type IconName } from '../ui/icons';
import { Button, Progress } from '../ui/parts';
import type { Entry, Target } from './queue';
import { chosen, uploader } from './uploader';

const icons: Record<Target['kind'], IconName> = { media: 'gallery', image: 'film', file: 'file', object: 'buckets' };

/** What becomes of an upload, in words. */
export function destination(target: Target): string {
  switch (target.kind) {
    case 'media': return `media of ${target.owner}`;
    case 'image': return 'images';
    case 'file': return 'files';
    case 'object': return `bucket ${target.bucket}`;
  }
}

/** One upload of this browser: progress, speed, and what can be done with it. */
export function UploadRow({ entry }: { entry: Entry }) {
  useNow();
  const { ask, tell, tellFault } = useTalk();
  const input = useRef<HTMLInputElement>(null);
  const speed = entry.status === 'running' ? uploader.speedOf(entry.id) : null;
  const left = speed !== null && speed > 0 ? (entry.size - entry.sent) / speed : null;
  const share = entry.size === 0 ? 1 : entry.sent / entry.size;

  const resume = async () => {
    try {
      if (!(await uploader.resume(entry.id))) input.current?.click();
    } catch (error) {
      tellFault(error);
    }
  };
  const remove = async () => {
    if (entry.status !== 'done' && entry.sent > 0) {
      const yes = await ask({ title: `Cancel the upload of ${entry.name}?`, text: `The ${bytes(entry.sent)} that have arrived are removed.`, action: 'Cancel the upload', danger: true });
      if (!yes) return;
    }
    try {
      await uploader.remove(entry.id);
    } catch (error) {
      tellFault(error);
    }
  };

  return (
    <li className="upload">
      <Icon name={icons[entry.target.kind]} />
      <div className="grow stack" style={{ gap: 4 }}>
        <div className="row apart still">
          <span className="cut" title={entry.path}>{entry.path}</span>
          <span className="small muted tabular nowrap">{bytes(entry.size)}</span>
        </div>
        {entry.status !== 'done' && (
          <Progress thin done={entry.sent} total={entry.size} label={`Upload of ${entry.name}`} tone={entry.status === 'failed' ? 'bad' : entry.status === 'running' || entry.status === 'preparing' ? undefined : 'warn'} />
        )}
        <div className="small muted">
          {entry.status === 'done' && <>In {destination(entry.target)}</>}
          {entry.status === 'waiting' && 'Waits for its turn'}
          {entry.status === 'preparing' && <>Computing the checksum, {percent(share)}</>}
          {entry.status === 'running' && <span className="tabular">{percent(share)} · {rate(speed)}{left !== null && <> · {duration(left)} left</>}</span>}
          {entry.status === 'paused' && <>Paused at {percent(share)}</>}
          {entry.status === 'file-needed' && <>Interrupted at {percent(share)}. Choose the same file again to continue.</>}
          {entry.status === 'failed' && entry.fault !== null && <span className="fault-text">{entry.fault.title}. {entry.fault.advice} <code>{entry.fault.code}</code></span>}
        </div>
      </div>
      <div className="row tight still">
        {(entry.status === 'running' || entry.status === 'waiting' || entry.status === 'preparing') && <Button variant="plain" size="small" icon="pause" label={`Pause ${entry.name}`} onClick={() => uploader.pause(entry.id)} />}
        {(entry.status === 'paused' || entry.status === 'file-needed') && <Button variant="plain" size="small" icon="play" label={`Resume ${entry.name}`} onClick={() => void resume()} />}
        {entry.status === 'failed' && <Button variant="plain" size="small" icon="retry" label={`Try ${entry.name} again`} onClick={() => void resume()} />}
        {entry.status === 'done' && <Icon name="check" className="good-icon" />}
        <Button variant="plain" size="small" icon="close" label={entry.status === 'done' ? `Take ${entry.name} off the list` : `Cancel ${entry.name}`} onClick={() => void remove()} />
      </div>
      <input
        ref={input} type="file" hidden tabIndex={-1} aria-label={`Choose ${entry.name} again`}
        onChange={(event) => {
          const file = event.target.files?.[0];
          event.target.value = '';
          if (file === undefined) return;
          const same = file.name === entry.name && file.size === entry.size && file.lastModified === entry.modified;
          if (same) uploader.add([chosen(file)], entry.target);
          else tell(<><strong>Not the same file.</strong> Choose {entry.name} with {bytes(entry.size)}, unchanged since the upload began.</>, 'warning');
        }}
      />
    </li>
  );
}
