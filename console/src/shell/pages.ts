import type { IconName } from '../ui/icons';

export interface PageEntry {
  to: string;
  name: string;
  icon: IconName;
  /** The scope that the page needs. */
  scope: string;
}

export const groups: { title: string; pages: PageEntry[] }[] = [
  { title: '', pages: [{ to: '/', name: 'Overview', icon: 'overview', scope: 'admin' }] },
  {
    title: 'Content',
    pages: [
      { to: '/gallery', name: 'Gallery', icon: 'gallery', scope: 'media:read' },
      { to: '/images', name: 'Images', icon: 'film', scope: 'images:read' },
      { to: '/buckets', name: 'Buckets', icon: 'buckets', scope: 'admin' },
      { to: '/uploads', name: 'Uploads', icon: 'uploads', scope: 'files:write' },
    ],
  },
  {
    title: 'Cluster',
    pages: [
      { to: '/nodes', name: 'Nodes', icon: 'nodes', scope: 'admin' },
      { to: '/integrity', name: 'Integrity', icon: 'integrity', scope: 'admin' },
      { to: '/jobs', name: 'Jobs', icon: 'jobs', scope: 'admin' },
    ],
  },
  {
    title: 'Access',
    pages: [
      { to: '/keys', name: 'Keys and quotas', icon: 'keys', scope: 'admin' },
      { to: '/audit', name: 'Audit', icon: 'audit', scope: 'admin' },
    ],
  },
];

/** Pages that other pages and the palette lead to. */
export const further: PageEntry[] = [{ to: '/links', name: 'Shared links', icon: 'share', scope: 'media:write' }];
