import { infiniteQueryOptions, type InfiniteData, type QueryClient } from '@tanstack/react-query';
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

interface TilePage {
  tiles: Tile[];
  cursor: string | null;
  seconds: number;
}

const pageSize = 100;
const key = 'media';

const isShort = (data: InfiniteData<TilePage, string> | undefined) => (data?.pages.length ?? 0) <= 3;

export const itemsQuery = (search: Record<string, string>) => {
  const { item: _, ...filter } = search;
  return infiniteQueryOptions({
    queryKey: [key, filter],
    queryFn: async ({ pageParam, signal }): Promise<TilePage> => {
      const page = await get('/media', { query: listQuery(filter, pageSize, pageParam), signal });
      return { tiles: page.items.map(tileOf), cursor: page.cursor ?? null, seconds: page.time };
    },
    initialPageParam: '',
    getNextPageParam: (page) => page.cursor ?? undefined,
    staleTime: 15_000,
    // A reload asks for all pages again, one after the other: a thousand for a hundred thousand items.
    refetchOnMount: ({ state }) => isShort(state.data),
    refetchOnWindowFocus: ({ state }) => isShort(state.data),
    refetchOnReconnect: ({ state }) => isShort(state.data),
    structuralSharing: false,
  });
};

/** Shows a change of an item in every list without asking for the lists again; null takes it out. */
export function showChange(client: QueryClient, id: string, tile: Tile | null) {
  client.setQueriesData<InfiniteData<TilePage, string>>({ queryKey: [key] }, (data) => data && {
    ...data,
    pages: data.pages.map((page) => (page.tiles.some((each) => each.id === id)
      ? { ...page, tiles: tile === null ? page.tiles.filter((each) => each.id !== id) : page.tiles.map((each) => (each.id === id ? tile : each)) }
      : page)),
  });
}

/** Loads short lists again, for new items. A long one stays as it is, so that it does not move under the reader. */
export function refreshShort(client: QueryClient) {
  void client.invalidateQueries({
    queryKey: [key],
    predicate: ({ state }) => isShort(state.data as InfiniteData<TilePage, string> | undefined),
  });
}
