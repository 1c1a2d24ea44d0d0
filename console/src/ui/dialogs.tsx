import { createContext, useCallback, useContext, useEffect, useMemo, useRef, useState, type ReactNode } from 'react';
import { adviceFor, Problem } from '../api/problem';
import { Icon, type IconName } from './icons';
import { Button } from './parts';

/** A modal dialog: the browser keeps the focus inside, and Escape closes it. */
export function Dialog({ title, onClose, children, className = 'dialog', label }: { title?: ReactNode; onClose: () => void; children: ReactNode; className?: string; label?: string }) {
  const ref = useRef<HTMLDialogElement>(null);
  useEffect(() => {
    const dialog = ref.current;
    if (dialog === null) return undefined;
    const before = document.activeElement as HTMLElement | null;
    if (!dialog.open) dialog.showModal();
    // The browser chooses the first button, which closes; people come for the first field.
    dialog.querySelector<HTMLElement>('.dialog form .input, .palette input')?.focus();
    return () => {
      dialog.close();
      before?.focus();
    };
  }, []);
  return (
    <dialog
      ref={ref} className={className} aria-label={label ?? (typeof title === 'string' ? title : undefined)}
      onCancel={(event) => { event.preventDefault(); onClose(); }}
      onMouseDown={(event) => { if (event.target === ref.current) onClose(); }}
    >
      {title === undefined ? children : (
        <div className="content">
          <div className="row apart still">
            <h2 className="cut">{title}</h2>
            <Button variant="plain" icon="close" label="Close" onClick={onClose} />
          </div>
          {children}
        </div>
      )}
    </dialog>
  );
}

interface Question {
  title: string;
  text: ReactNode;
  action: string;
  danger?: boolean;
}
interface Message {
  id: number;
  icon: IconName;
  text: ReactNode;
}
interface Talk {
  ask: (question: Question) => Promise<boolean>;
  tell: (text: ReactNode, icon?: IconName) => void;
  tellFault: (error: unknown) => void;
}

const Context = createContext<Talk | null>(null);

export function useTalk(): Talk {
  const talk = useContext(Context);
  if (talk === null) throw new Error('useTalk needs a TalkProvider.');
  return talk;
}

export function TalkProvider({ children }: { children: ReactNode }) {
  const [question, setQuestion] = useState<(Question & { answer: (yes: boolean) => void }) | null>(null);
  const [messages, setMessages] = useState<Message[]>([]);
  const dismiss = useCallback((id: number) => setMessages((all) => all.filter((each) => each.id !== id)), []);
  const talk = useMemo<Talk>(() => {
    let last = 0;
    const tell: Talk['tell'] = (text, icon = 'check') => {
      const id = (last += 1);
      setMessages((all) => [...all.slice(-2), { id, icon, text }]);
      window.setTimeout(() => dismiss(id), icon === 'warning' ? 12_000 : 5_000);
    };
    return {
      tell,
      tellFault: (error) => tell(
        error instanceof Problem
          ? <><strong>{error.title}</strong> {error.detail} {adviceFor(error)} <code>{error.code}</code></>
          : <><strong>{error instanceof Error ? error.message : 'It failed.'}</strong> {adviceFor(error)}</>, 'warning'),
      ask: (next) => new Promise((resolve) => {
        setQuestion({ ...next, answer: (yes) => { setQuestion(null); resolve(yes); } });
      }),
    };
  }, [dismiss]);
  return (
    <Context value={talk}>
      {children}
      {question !== null && (
        <Dialog title={question.title} onClose={() => question.answer(false)}>
          <div className="stack">{typeof question.text === 'string' ? <p>{question.text}</p> : question.text}</div>
          <div className="foot">
            <Button onClick={() => question.answer(false)}>Cancel</Button>
            <Button variant="primary" className={question.danger === true ? 'danger' : ''} onClick={() => question.answer(true)}>{question.action}</Button>
          </div>
        </Dialog>
      )}
      <div className="toasts" role="status" aria-live="polite">
        {messages.map((message) => (
          <div key={message.id} className="toast">
            <Icon name={message.icon} />
            <div className="grow">{message.text}</div>
            <button type="button" aria-label="Dismiss" onClick={() => dismiss(message.id)}><Icon name="close" /></button>
          </div>
        ))}
      </div>
    </Context>
  );
}
