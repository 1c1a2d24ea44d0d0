import { Link } from '@tanstack/react-router';
import type { LongWork } from '../pages/overview/work';
import { bytes, compact, duration, percent } from './format';
import { Progress, StateBadge } from './parts';

export function WorkRow({ work, link = true }: { work: LongWork; link?: boolean }) {
  const shown = work.isBytes ? bytes : compact;
  return (
    <div className="stack" style={{ gap: 6 }}>
      <div className="row apart">
        <span className="row">{link ? <Link to={work.to}>{work.name}</Link> : <strong>{work.name}</strong>}<StateBadge state={work.state} /></span>
        <span className="small muted tabular">
          {work.total === 0 ? work.ofNothing ?? 'beginning' : <>{shown(work.done)} of {shown(work.total)} · {percent(Math.min(1, work.done / work.total), 1)}</>}
          {work.total > 0 && work.secondsLeft !== null && work.state !== 'paused' && <> · about {duration(work.secondsLeft)} left</>}
        </span>
      </div>
      <Progress done={work.done} total={work.total} label={work.name} tone={work.state === 'paused' ? 'warn' : undefined} />
    </div>
  );
}
