import { queryOptions } from '@tanstack/react-query';
import { get } from './client';

// The states that several pages show. Events of the stream replace them between two polls.

export const nodesQuery = queryOptions({ queryKey: ['nodes'], queryFn: ({ signal }) => get('/admin/nodes', { signal }), refetchInterval: 5_000 });
export const ringQuery = queryOptions({ queryKey: ['ring'], queryFn: ({ signal }) => get('/admin/ring', { query: { arcs: 720 }, signal }), refetchInterval: 15_000 });
export const integrityQuery = queryOptions({ queryKey: ['integrity'], queryFn: ({ signal }) => get('/admin/integrity', { signal }), refetchInterval: 5_000 });
export const scrubQuery = queryOptions({ queryKey: ['scrub'], queryFn: ({ signal }) => get('/admin/scrub', { signal }), refetchInterval: 3_000 });
export const rebalanceQuery = queryOptions({ queryKey: ['rebalance'], queryFn: ({ signal }) => get('/admin/rebalance', { signal }), refetchInterval: 3_000 });
export const migrationQuery = queryOptions({ queryKey: ['migration'], queryFn: ({ signal }) => get('/admin/images/migration', { signal }), refetchInterval: 5_000 });
export const jobsQuery = queryOptions({ queryKey: ['jobs'], queryFn: ({ signal }) => get('/admin/jobs', { signal }), refetchInterval: 3_000 });
export const dutiesQuery = queryOptions({ queryKey: ['duties'], queryFn: ({ signal }) => get('/admin/duties', { signal }), refetchInterval: 10_000 });
export const requestsQuery = queryOptions({ queryKey: ['requests'], queryFn: ({ signal }) => get('/admin/requests', { signal }), refetchInterval: 2_000 });
