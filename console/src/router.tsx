import { useQuery, type QueryClient } from '@tanstack/react-query';
import { createRootRouteWithContext, createRoute, createRouter, lazyRouteComponent, Link } from '@tanstack/react-router';
import { sessionQuery } from './api/session';
import { Shell } from './shell/Shell';
import { SignIn } from './shell/SignIn';
import { Mark } from './ui/icons';
import { Bones, Empty, Fault } from './ui/states';

function Root() {
  const query = useQuery(sessionQuery);
  if (query.data === undefined) {
    return (
      <main className="sign-in">
        {query.isError ? <Fault error={query.error} onRetry={() => void query.refetch()} /> : <Mark className="ring-mark" />}
      </main>
    );
  }
  return query.data.session === null ? <SignIn ways={query.data.signIn} /> : <Shell session={query.data.session} />;
}

const root = createRootRouteWithContext<{ client: QueryClient }>()({
  component: Root,
  notFoundComponent: () => (
    <Empty icon="search" heading="h1" title="There is no such page" action={<Link className="button" to="/">To the overview</Link>}>The address may be of an older version.</Empty>
  ),
});

export type Search = Record<string, string>;
// All parameters are texts; the pages that have some read them.
const validateSearch = (search: Record<string, unknown>): Search =>
  Object.fromEntries(Object.entries(search).filter(([, value]) => value !== '' && value != null).map(([name, value]) => [name, String(value)]));

const page = <P extends string>(path: P, load: () => Promise<{ default: React.ComponentType }>) =>
  createRoute({ getParentRoute: () => root, path, component: lazyRouteComponent(load), validateSearch });

const tree = root.addChildren([
  page('/', () => import('./pages/overview/Overview')),
  page('/gallery', () => import('./pages/gallery/Gallery')),
  page('/links', () => import('./pages/links/Links')),
  page('/images', () => import('./pages/images/Images')),
  page('/buckets', () => import('./pages/buckets/Buckets')),
  page('/uploads', () => import('./pages/uploads/Uploads')),
  page('/nodes', () => import('./pages/nodes/Nodes')),
  page('/integrity', () => import('./pages/integrity/Integrity')),
  page('/jobs', () => import('./pages/jobs/Jobs')),
  page('/keys', () => import('./pages/keys/Keys')),
  page('/audit', () => import('./pages/audit/Audit')),
]);

export const makeRouter = (client: QueryClient) => createRouter({
  routeTree: tree,
  basepath: '/console',
  context: { client },
  defaultPreload: 'intent',
  scrollRestoration: true,
  // Search parameters as they are read by people: plain text, without JSON's quotation marks.
  parseSearch: (text) => Object.fromEntries(new URLSearchParams(text)),
  stringifySearch: (search) => {
    const text = new URLSearchParams(validateSearch(search)).toString();
    return text === '' ? '' : `?${text}`;
  },
  defaultPendingComponent: () => <div className="page"><Bones rows={8} /></div>,
  defaultErrorComponent: ({ error }) => <Fault error={error} onRetry={() => window.location.reload()} />,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: ReturnType<typeof makeRouter>;
  }
}
