import { infiniteQueryOptions } from '@tanstack/react-query';
import { get, type Schemas } from '../../api/client';
import { listQuery } from './filter';

/** What a tile shows of an item. Pages are reduced to it, so that a hundred thousand items need little memory. */
export interface Tile {
  id: string;
  name: string;
  kind: string;
  status: string;
  isPublic: boolean;
  size: number;
  version: number;
  /** Whether the item has a picture, and the colour to show before it is there. */
  isVisual: boolean;
  colour: string | null;
  seconds: number | null;
}

interface Details {
  durationSeconds?: number;
  parts?: { detected?: string; properties?: { dominantColour?: string; width?: number; height?: number } }[];
}

export function tileOf(item: Schemas['MediaResponse']): Tile {
  const details = (item.details ?? {}) as Details;
  const seen = details.parts?.find((part) => part.properties !== undefined)?.properties;
  return {
    id: item.id, name: item.name, kind: item.kind, status: item.status, isPublic: item.access === 'public', size: item.size, version: item.version,
    isVisual: item.status === 'ready' && seen !== undefined, colour: seen?.dominantColour ?? null, seconds: details.durationSeconds ?? null,
  };
}

const pageSize = 100;

export const itemsQuery = (search: Record<string, string>) => {
  const { item: _, ...filter } = search;
  return infiniteQueryOptions({
    queryKey: ['media', filter],
    queryFn: async ({ pageParam, signal }) => {
      const page = await get('/media', { query: listQuery(filter, pageSize, pageParam), signal });
      return { tiles: page.items.map(tileOf), cursor: page.cursor ?? null, seconds: page.time };
    },
    initialPageParam: '',
    getNextPageParam: (page) => page.cursor ?? undefined,
    staleTime: 15_000,
    structuralSharing: false,
  });
};
