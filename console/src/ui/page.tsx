import { useEffect, useState, type ReactNode } from 'react';
import type { Command } from '../api/curl';
import { Dialog } from './dialogs';
import { Button, CopyButton } from './parts';

/** A page: its title, what it is for, its actions, and the command lines that do the same. */
export function Page({ title, intro, actions, commands, children, full }: {
  title: string;
  intro?: ReactNode;
  actions?: ReactNode;
  commands: Command[];
  children: ReactNode;
  full?: boolean;
}) {
  const [isOpen, setOpen] = useState(false);
  useEffect(() => {
    document.title = `${title} · MediaAspire`;
  }, [title]);
  return (
    <div className={full === true ? 'page full' : 'page'}>
      <div className="page-head">
        <div>
          <h1>{title}</h1>
          {intro !== undefined && <p>{intro}</p>}
        </div>
        <div className="row">
          {actions}
          <Button icon="terminal" onClick={() => setOpen(true)}>curl</Button>
        </div>
      </div>
      {children}
      {isOpen && (
        <Dialog className="dialog wide" title="The same with curl" onClose={() => setOpen(false)}>
          <p className="muted">
            Set <code>admin</code> and <code>key</code> to the lines <code>admin</code> and <code>curl-config</code> that <code>run.sh</code> prints.
          </p>
          <Commands commands={commands} />
        </Dialog>
      )}
    </div>
  );
}

export function Commands({ commands }: { commands: Command[] }) {
  return (
    <ul className="commands">
      {commands.map((each) => (
        <li key={each.text}>
          <span className="small muted">{each.label}</span>
          <div className="command">
            <code>{each.text}</code>
            <CopyButton text={each.text} label={`Copy the command: ${each.label}`} />
          </div>
        </li>
      ))}
    </ul>
  );
}
