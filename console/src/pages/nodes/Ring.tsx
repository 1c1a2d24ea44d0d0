import { useState } from 'react';
import type { Schemas } from '../../api/client';
import { bytes, percent } from '../../ui/format';

type Node = Schemas['NodeResponse'];

const size = 420;
const centre = size / 2;

function at(radius: number, turn: number): string {
  const angle = turn * 2 * Math.PI - Math.PI / 2;
  return `${(centre + radius * Math.cos(angle)).toFixed(2)} ${(centre + radius * Math.sin(angle)).toFixed(2)}`;
}

/** The outline of a part of a ring, from one turn (0 to 1) to another. */
export function sector(inner: number, outer: number, from: number, to: number): string {
  if (to - from >= 0.9999) return `${sector(inner, outer, 0, 0.5)}${sector(inner, outer, 0.5, 0.9998)}`;
  const large = to - from > 0.5 ? 1 : 0;
  return `M${at(outer, from)}A${outer} ${outer} 0 ${large} 1 ${at(outer, to)}L${at(inner, to)}A${inner} ${inner} 0 ${large} 0 ${at(inner, from)}Z`;
}

/** Joins equal neighbours of the map to runs: `[0, 0, 1]` is two thirds of 0 and a third of 1. */
export function runs(map: readonly number[]): { owner: number; from: number; to: number }[] {
  const all: { owner: number; from: number; to: number }[] = [];
  map.forEach((owner, index) => {
    const last = all.at(-1);
    if (last !== undefined && last.owner === owner) last.to = (index + 1) / map.length;
    else all.push({ owner, from: index / map.length, to: (index + 1) / map.length });
  });
  return all;
}

/**
 * The key space: outside, the owner of every piece of it; inside, a sector for each node whose filled part is its used space.
 * The table beside it says the same in text.
 */
export function Ring({ nodes, ring, hues, heat, chosen, onChoose }: {
  nodes: Node[];
  ring: Schemas['RingResponse'] | undefined;
  hues: Map<string, number>;
  /** The load of each node, 0 to 1, by its id. */
  heat: Map<string, number>;
  chosen: string | null;
  onChoose: (id: string | null) => void;
}) {
  const [hovered, setHovered] = useState<string | null>(null);
  const shown = hovered ?? chosen;
  const focus = nodes.find((node) => node.id === shown);
  const owners = ring?.owners ?? [];
  const pieces = runs(ring?.map ?? []);
  const used = nodes.reduce((sum, node) => sum + node.usedBytes, 0);
  return (
    <svg className="ring" viewBox={`0 0 ${size} ${size}`} role="group" aria-label="The ring of nodes" onMouseLeave={() => setHovered(null)}>
      {pieces.length === 0 && <circle cx={centre} cy={centre} r={190} fill="none" strokeWidth={22} style={{ stroke: 'var(--sunken)' }} />}
      {pieces.map((piece) => {
        const id = owners[piece.owner]?.id;
        return id === undefined ? null : (
          <path key={piece.from} d={sector(179, 203, piece.from, piece.to)} className={shown !== null && shown !== id ? 'piece faint' : 'piece'}
            style={{ fill: `var(--hue-${hues.get(id) ?? 0})` }} onMouseEnter={() => setHovered(id)} onClick={() => onChoose(id)} />
        );
      })}
      {nodes.map((node, index) => {
        const [from, to] = [(index + 0.04) / nodes.length, (index + 0.96) / nodes.length];
        const total = node.usedBytes + node.availableBytes;
        const fill = total === 0 ? 0 : node.usedBytes / total;
        const hue = `var(--hue-${hues.get(node.id) ?? 0})`;
        const isOff = node.status === 'offline' || node.status === 'removed';
        return (
          <g key={node.id} className={shown !== null && shown !== node.id ? 'node faint' : 'node'} role="button" tabIndex={0} aria-pressed={chosen === node.id}
            aria-label={`${node.name}, ${node.status}, ${bytes(node.usedBytes)} used`}
            onMouseEnter={() => setHovered(node.id)} onFocus={() => setHovered(node.id)} onBlur={() => setHovered(null)}
            onClick={() => onChoose(chosen === node.id ? null : node.id)}
            onKeyDown={(event) => {
              if (event.key === 'Enter' || event.key === ' ') {
                event.preventDefault();
                onChoose(chosen === node.id ? null : node.id);
              }
            }}>
            <path d={sector(104, 168, from, to)} className="plate" style={isOff ? { strokeDasharray: '4 4' } : undefined} />
            {!isOff && <path d={sector(104, 104 + Math.max(2, 64 * fill), from, to)} style={{ fill: hue }} opacity={0.9} />}
            {!isOff && (heat.get(node.id) ?? 0) > 0.01 && <path d={sector(170, 174, from, from + (to - from) * (heat.get(node.id) ?? 0))} style={{ fill: hue }} />}
            {nodes.length <= 14 && (
              <text x={at(146, (from + to) / 2).split(' ')[0]} y={at(146, (from + to) / 2).split(' ')[1]} className="ring-label">{node.name.replace(/^storage-/, '')}</text>
            )}
          </g>
        );
      })}
      <text x={centre} y={centre - 12} className="ring-title">{focus?.name ?? `${nodes.length} nodes`}</text>
      <text x={centre} y={centre + 14} className="ring-figure">{bytes(focus?.usedBytes ?? used)}</text>
      <text x={centre} y={centre + 36} className="ring-note">{focus === undefined ? 'stored' : `${percent(focus.keySpaceShare, 1)} of the keys`}</text>
    </svg>
  );
}
