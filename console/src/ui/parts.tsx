import { useId, useState, type ButtonHTMLAttributes, type ReactNode } from 'react';
import { bytes, stamp, relative } from './format';
import { Icon, type IconName } from './icons';
import { useNow } from './hooks';

type Tone = 'good' | 'warn' | 'bad' | 'accent' | undefined;

export function Button({ icon, variant, size, label, className, children, busy, ...rest }: ButtonHTMLAttributes<HTMLButtonElement> & {
  icon?: IconName;
  variant?: 'primary' | 'danger' | 'plain';
  size?: 'small';
  /** The name of a button that shows an icon only. */
  label?: string;
  busy?: boolean;
}) {
  const classes = ['button', variant, size, children === undefined ? 'icon' : undefined, className].filter(Boolean).join(' ');
  return (
    <button type="button" {...rest} className={classes} aria-label={label} title={label} disabled={rest.disabled === true || busy === true}>
      {busy === true ? <Icon name="retry" className="spin" /> : icon !== undefined && <Icon name={icon} />}
      {children}
    </button>
  );
}

export function Badge({ tone, children, live, bare }: { tone?: Tone; children: ReactNode; live?: boolean; bare?: boolean }) {
  return <span className={['badge', tone, live === true && 'live', bare === true && 'bare'].filter(Boolean).join(' ')}>{children}</span>;
}

const tones: Record<string, Tone> = {
  online: 'good', ready: 'good', done: 'good', completed: 'good', finished: 'good', stored: 'good', Healthy: 'good', healthy: 'good', enabled: 'good',
  running: 'accent', processing: 'accent', draining: 'accent', uploaded: 'accent', planned: 'accent', counting: 'accent', uploading: 'accent',
  paused: 'warn', pending: 'warn', Degraded: 'warn', degraded: 'warn', refused: 'warn', delayed: 'warn', canceled: 'warn', cancelled: 'warn',
  failed: 'bad', offline: 'bad', lost: 'bad', corrupt: 'bad', Unhealthy: 'bad', unhealthy: 'bad', dead: 'bad', disabled: 'bad',
};
export const toneOf = (state: string): Tone => tones[state];
export const StateBadge = ({ state }: { state: string }) => (
  <Badge tone={toneOf(state)} live={toneOf(state) === 'accent'}>{state}</Badge>
);

export function Panel({ title, actions, children, flush, note }: { title?: ReactNode; actions?: ReactNode; children: ReactNode; flush?: boolean; note?: ReactNode }) {
  return (
    <section className="panel">
      {title !== undefined && (
        <header>
          <div className="row"><h2>{title}</h2>{note !== undefined && <span className="muted small">{note}</span>}</div>
          {actions !== undefined && <div className="row">{actions}</div>}
        </header>
      )}
      <div className={flush === true ? 'flush' : 'body'}>{children}</div>
    </section>
  );
}

export function Stat({ icon, name, figure, note, tone }: { icon: IconName; name: string; figure: ReactNode; note?: ReactNode; tone?: Tone }) {
  return (
    <div className="panel stat">
      <div className="name"><Icon name={icon} />{name}</div>
      <div className="figure" style={tone === undefined ? undefined : { color: `var(--${tone})` }}>{figure}</div>
      {note !== undefined && <div className="note">{note}</div>}
    </div>
  );
}

export function Field({ label, hint, fault, children }: { label: string; hint?: ReactNode; fault?: string | null; children: (ids: { id: string; 'aria-describedby': string }) => ReactNode }) {
  const id = useId();
  return (
    <div className="field">
      <label className="label" htmlFor={id}>{label}</label>
      {children({ id, 'aria-describedby': `${id}-hint` })}
      <div id={`${id}-hint`} className={fault ? 'fault' : 'hint'} role={fault ? 'alert' : undefined}>{fault ?? hint}</div>
    </div>
  );
}

export function Progress({ done, total, label, tone, thin }: { done: number; total: number; label: string; tone?: 'warn' | 'bad'; thin?: boolean }) {
  const share = total > 0 ? Math.min(1, done / total) : 0;
  return (
    <div className={thin === true ? 'bar thin' : 'bar'} role="progressbar" aria-label={label} aria-valuemin={0} aria-valuemax={100} aria-valuenow={Math.round(share * 100)}>
      <span className={tone} style={{ width: `${share * 100}%` }} />
    </div>
  );
}

/** A time as its distance from now, with the exact one as the title. */
export function Time({ at }: { at: string | null | undefined }) {
  const now = useNow();
  if (at === null || at === undefined) return <>–</>;
  return <time dateTime={at} title={stamp(at)}>{relative(at, now)}</time>;
}

export const Bytes = ({ value }: { value: number | null | undefined }) => (
  <span title={value === null || value === undefined ? undefined : `${value.toLocaleString('en-US')} bytes`}>{bytes(value)}</span>
);

// The clipboard of the browser exists on secure addresses only; the older way works everywhere.
async function copy(text: string) {
  if (window.isSecureContext) return navigator.clipboard.writeText(text);
  const area = document.createElement('textarea');
  area.value = text;
  // Within the open dialog: elements outside of it cannot have the focus.
  (document.querySelector('dialog[open]') ?? document.body).append(area);
  area.select();
  document.execCommand('copy');
  area.remove();
}

export function CopyButton({ text, label = 'Copy' }: { text: string; label?: string }) {
  const [copied, setCopied] = useState(false);
  return (
    <Button
      variant="plain" size="small" icon={copied ? 'check' : 'copy'} label={copied ? 'Copied' : label}
      onClick={() => {
        void copy(text).then(() => {
          setCopied(true);
          window.setTimeout(() => setCopied(false), 1500);
        });
      }}
    />
  );
}

/** An id of which the end is cut off, with a button that copies the whole. */
export function Id({ value, length = 12 }: { value: string; length?: number }) {
  return (
    <span className="row tight still">
      <code title={value}>{value.length > length ? `${value.slice(0, length)}…` : value}</code>
      <CopyButton text={value} label={`Copy ${value}`} />
    </span>
  );
}

export function Tabs<T extends string>({ tabs, value, onChange, label }: { tabs: { id: T; name: ReactNode }[]; value: T; onChange: (id: T) => void; label: string }) {
  return (
    <div className="tabs" role="tablist" aria-label={label} onKeyDown={(event) => {
      const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
      if (step === 0) return;
      const next = tabs[(tabs.findIndex((tab) => tab.id === value) + step + tabs.length) % tabs.length];
      if (next !== undefined) {
        onChange(next.id);
        event.currentTarget.querySelector<HTMLElement>(`[data-tab="${next.id}"]`)?.focus();
      }
    }}>
      {tabs.map((tab) => (
        <button key={tab.id} type="button" role="tab" data-tab={tab.id} aria-selected={tab.id === value} tabIndex={tab.id === value ? 0 : -1} onClick={() => onChange(tab.id)}>
          {tab.name}
        </button>
      ))}
    </div>
  );
}
