import { useQueryClient } from '@tanstack/react-query';
import { Link, Navigate, Outlet, useRouterState } from '@tanstack/react-router';
import { useCallback, useEffect, useState } from 'react';
import type { Schemas } from '../api/client';
import { disconnect, useConnection, useEvents } from '../api/live';
import { jobsQuery, nodesQuery } from '../api/queries';
import { mayUse, signOut, type Session } from '../api/session';
import { UploadTray } from '../uploads/Tray';
import { Dialog, useTalk } from '../ui/dialogs';
import { useOnline } from '../ui/hooks';
import { Icon, Mark } from '../ui/icons';
import { Button } from '../ui/parts';
import { groups } from './pages';
import { Palette } from './Palette';
import { applyTheme, storedTheme, type Theme } from './theme';

export function Shell({ session }: { session: Session }) {
  const [drawer, setDrawer] = useState(false);
  const [palette, setPalette] = useState(false);
  const path = useRouterState({ select: (state) => state.location.pathname });
  const isOnline = useOnline();
  // The overview is for operators; others begin with the first page that they may see.
  const home = mayUse(session, 'admin') ? null : groups.flatMap((group) => group.pages).find((page) => mayUse(session, page.scope))?.to ?? null;
  useEffect(() => setDrawer(false), [path]);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.key.toLowerCase() === 'k' && (event.ctrlKey || event.metaKey)) {
        event.preventDefault();
        setPalette((open) => !open);
      }
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, []);
  const openPalette = useCallback(() => {
    setDrawer(false);
    setPalette(true);
  }, []);
  return (
    <div className="shell">
      <a className="button primary skip" href="#main">Skip to the page</a>
      <aside className="side"><Side session={session} onSearch={openPalette} /></aside>
      <header className="top">
        <Button variant="plain" icon="menu" label="Menu" onClick={() => setDrawer(true)} />
        <Link to="/" className="brand"><Mark />MediaAspire</Link>
        <span className="grow" />
        <Button variant="plain" icon="search" label="Search" onClick={openPalette} />
      </header>
      <main className="main" id="main" tabIndex={-1}>
        {!isOnline && (
          <div className="offline" role="status"><Icon name="offline" />No network. What you see is from before; uploads go on when it returns.</div>
        )}
        {home !== null && path.replace(/\/$/, '') === '' ? <Navigate to={home} replace /> : <Outlet />}
      </main>
      {drawer && (
        <Dialog className="drawer" label="Menu" onClose={() => setDrawer(false)}>
          <div className="side"><Side session={session} onSearch={openPalette} /></div>
        </Dialog>
      )}
      {palette && <Palette session={session} onClose={() => setPalette(false)} />}
      <UploadTray />
    </div>
  );
}

function Side({ session, onSearch }: { session: Session; onSearch: () => void }) {
  const client = useQueryClient();
  const { tellFault } = useTalk();
  const leave = async () => {
    try {
      await signOut();
      disconnect();
      client.clear();
      window.location.assign('/console/');
    } catch (error) {
      tellFault(error);
    }
  };
  return (
    <>
      <Link to="/" className="brand"><Mark />MediaAspire</Link>
      <Button className="palette-button" icon="search" onClick={onSearch}>Go to… <kbd>Ctrl K</kbd></Button>
      <nav aria-label="Pages" className="stack" style={{ gap: 0, marginTop: 14 }}>
        {groups.map((group) => {
          const pages = group.pages.filter((page) => mayUse(session, page.scope));
          return pages.length === 0 ? null : (
            <div className="nav" key={group.title} role="group" aria-label={group.title === '' ? 'Start' : group.title}>
              {group.title !== '' && <div className="title">{group.title}</div>}
              {pages.map((page) => (
                <Link key={page.to} to={page.to} activeOptions={{ exact: page.to === '/' }}><Icon name={page.icon} />{page.name}</Link>
              ))}
            </div>
          );
        })}
      </nav>
      <div className="foot">
        {session.administration && <Live />}
        <ThemeSwitch />
        <div className="who">
          <div className="grow">
            <strong className="cut">{session.name}</strong>
            <span className="muted cut">{session.owner ?? 'All owners'}</span>
          </div>
          <Button variant="plain" size="small" icon="signOut" label="Sign out" onClick={() => void leave()} />
        </div>
      </div>
    </>
  );
}

function Live() {
  const client = useQueryClient();
  // Pages read these by requests; between two of them the events are newer.
  useEvents<{ nodes: Schemas['NodeResponse'][] }>('nodes', useCallback(({ nodes }) => client.setQueryData(nodesQuery.queryKey, nodes), [client]));
  useEvents<{ kinds: Schemas['JobKindResponse'][] }>('jobs', useCallback(({ kinds }) => {
    client.setQueryData(jobsQuery.queryKey, (last) => last && { ...last, kinds });
  }, [client]));
  const connection = useConnection();
  const [tone, text] = connection === 'open' ? ['good', 'Live'] as const : connection === 'connecting' ? [undefined, 'Connecting…'] as const : ['warn', 'Reloading in steps'] as const;
  return <div className="row small muted" style={{ paddingLeft: 10 }} role="status"><span className={`badge ${tone ?? ''}`}>{text}</span></div>;
}

const themes: { id: Theme; name: string; icon: 'sun' | 'auto' | 'moon' }[] = [
  { id: 'light', name: 'Light', icon: 'sun' },
  { id: 'auto', name: 'Auto', icon: 'auto' },
  { id: 'dark', name: 'Dark', icon: 'moon' },
];

export function ThemeSwitch() {
  const [theme, setTheme] = useState(storedTheme);
  return (
    <div className="switch" role="group" aria-label="Theme">
      {themes.map(({ id, name, icon }) => (
        <button key={id} type="button" aria-pressed={theme === id} onClick={() => { applyTheme(id); setTheme(id); }}><Icon name={icon} />{name}</button>
      ))}
    </div>
  );
}
