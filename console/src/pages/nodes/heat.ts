import { useEffect, useState } from 'react';
import type { Schemas } from '../../api/client';

/** The change of each node's bytes and chunks since the last reading, scaled by the busiest node: 0 to 1. */
export function heatBetween(before: Schemas['NodeResponse'][], after: Schemas['NodeResponse'][]): Map<string, number> {
  const old = new Map(before.map((node) => [node.id, node]));
  const changes = after.map((node): [string, number] => {
    const last = old.get(node.id);
    return [node.id, last === undefined ? 0 : Math.abs(node.usedBytes - last.usedBytes) + Math.abs(node.chunks - last.chunks) * 1024];
  });
  const most = Math.max(0, ...changes.map(([, change]) => change));
  return new Map(changes.map(([id, change]) => [id, most === 0 ? 0 : change / most]));
}

/** The heat of each node: how much its content changes, fading over some readings. */
export function useHeat(nodes: Schemas['NodeResponse'][] | undefined, readAt: number): Map<string, number> {
  const [state, setState] = useState<{ nodes: Schemas['NodeResponse'][]; heat: Map<string, number> }>({ nodes: [], heat: new Map() });
  useEffect(() => {
    if (nodes === undefined) return;
    setState((last) => {
      const next = heatBetween(last.nodes, nodes);
      return { nodes, heat: new Map([...next].map(([id, heat]) => [id, Math.max(heat, (last.heat.get(id) ?? 0) * 0.6)])) };
    });
    // A reading is one moment: only a new one counts.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [readAt]);
  return state.heat;
}
