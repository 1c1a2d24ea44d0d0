import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { isTransient, whenSignedOut } from './api/client';
import { disconnect } from './api/live';
import { sessionQuery } from './api/session';
import { makeRouter } from './router';
import { applyTheme, storedTheme } from './shell/theme';
import './styles/tokens.css';
import './styles/parts.css';
import './styles/shell.css';
import './styles/pages.css';
import { TalkProvider } from './ui/dialogs';

applyTheme(storedTheme());

const client = new QueryClient({
  defaultOptions: {
    queries: {
      staleTime: 2_000,
      retry: (failures, error) => failures < 2 && isTransient(error),
      // A query that has failed keeps its interval, so pages recover by themselves.
      networkMode: 'always',
    },
    mutations: { networkMode: 'always' },
  },
});

whenSignedOut(() => {
  disconnect();
  void client.invalidateQueries({ queryKey: sessionQuery.queryKey });
});

const router = makeRouter(client);
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <QueryClientProvider client={client}>
      <TalkProvider>
        <RouterProvider router={router} />
      </TalkProvider>
    </QueryClientProvider>
  </StrictMode>,
);
