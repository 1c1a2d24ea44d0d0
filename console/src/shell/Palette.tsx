import { useRouter } from '@tanstack/react-router';
import { useId, useState } from 'react';
import { mayUse, type Session } from '../api/session';
import { Dialog } from '../ui/dialogs';
import { Icon, type IconName } from '../ui/icons';
import { further, groups } from './pages';
import { applyTheme } from './theme';

interface Entry {
  name: string;
  words: string;
  icon: IconName;
  run: () => void;
}

/** Goes anywhere by a few letters. */
export function Palette({ session, onClose }: { session: Session; onClose: () => void }) {
  const router = useRouter();
  const [text, setText] = useState('');
  const [chosen, setChosen] = useState(0);
  const id = useId();
  const entries: Entry[] = [
    ...[...groups.flatMap((group) => group.pages), ...further].filter((page) => mayUse(session, page.scope)).map((page): Entry => ({
      name: page.name, words: page.to, icon: page.icon, run: () => void router.navigate({ to: page.to }),
    })),
    { name: 'Light theme', words: 'appearance', icon: 'sun', run: () => applyTheme('light') },
    { name: 'Dark theme', words: 'appearance', icon: 'moon', run: () => applyTheme('dark') },
    { name: 'The theme of the system', words: 'appearance auto', icon: 'auto', run: () => applyTheme('auto') },
    { name: 'Reference of the API', words: 'openapi scalar docs', icon: 'external', run: () => window.open('/scalar/v1', '_blank', 'noopener') },
  ];
  const wanted = text.trim().toLowerCase().split(/\s+/);
  const found = entries.filter((entry) => wanted.every((word) => `${entry.name} ${entry.words}`.toLowerCase().includes(word)));
  const at = Math.min(chosen, found.length - 1);
  const run = (entry: Entry | undefined) => {
    if (entry === undefined) return;
    onClose();
    entry.run();
  };
  return (
    <Dialog className="palette" label="Go to" onClose={onClose}>
      <input
        autoFocus type="text" role="combobox" aria-expanded="true" aria-controls={id} aria-label="Go to" placeholder="Go to a page, or change the theme"
        aria-activedescendant={found[at] === undefined ? undefined : `${id}-${at}`} value={text}
        onChange={(event) => { setText(event.target.value); setChosen(0); }}
        onKeyDown={(event) => {
          if (event.key === 'ArrowDown' || event.key === 'ArrowUp') {
            event.preventDefault();
            setChosen((at + (event.key === 'ArrowDown' ? 1 : -1) + found.length) % Math.max(1, found.length));
          } else if (event.key === 'Enter') {
            event.preventDefault();
            run(found[at]);
          }
        }}
      />
      {found.length === 0 ? <div className="none">Nothing has this name.</div> : (
        <ul role="listbox" id={id} aria-label="Results">
          {found.map((entry, index) => (
            <li key={entry.name} id={`${id}-${index}`} role="option" aria-selected={index === at} onClick={() => run(entry)} onMouseMove={() => setChosen(index)}>
              <Icon name={entry.icon} />{entry.name}
            </li>
          ))}
        </ul>
      )}
    </Dialog>
  );
}
