import { memo } from 'react';

// Drawn for this console on a grid of 24, with round strokes.
const paths = {
  overview: 'M4 19V11M9.3 19V5M14.6 19v-6M20 19V8',
  gallery: 'M4 5h16v14H4zM4 15.5l4.6-4.6 4.2 4.2 2.4-2.4L20 17M15.5 9.2h.01',
  buckets: 'M4.5 7.5h15l-1.6 11.2a1.5 1.5 0 0 1-1.5 1.3H7.6a1.5 1.5 0 0 1-1.5-1.3zM4.5 7.5C4.5 5.8 7.9 4.5 12 4.5s7.5 1.3 7.5 3M9.5 12h5',
  uploads: 'M12 16V5M7.5 9.2 12 4.7l4.5 4.5M4.5 15v3a1.5 1.5 0 0 0 1.5 1.5h12a1.5 1.5 0 0 0 1.5-1.5v-3',
  nodes: 'M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM12 2v3M21.2 9.2l-2.8.9M17.7 20.1 16 17.6M6.3 20.1 8 17.6M2.8 9.2l2.8.9',
  integrity: 'M12 3.5 5 6v5.5c0 4.3 2.9 7.6 7 9 4.1-1.4 7-4.7 7-9V6zM8.8 11.8l2.3 2.3 4.2-4.4',
  jobs: 'M4.5 6h10M4.5 12h10M4.5 18h10M18 4.8l.9.9 1.7-1.9M18 10.8l.9.9 1.7-1.9M18.2 18h2',
  keys: 'M8.5 11a4.5 4.5 0 1 0 0 9 4.5 4.5 0 0 0 0-9zM11.8 12.2 20 4M16 8l3 3M13.6 10.4l1.6 1.6',
  audit: 'M6 3.5h9l4 4V20a.5.5 0 0 1-.5.5h-12A.5.5 0 0 1 6 20zM14.5 3.8V8h4.2M9.2 12h6M9.2 15.8h4',
  search: 'M10.5 4a6.5 6.5 0 1 0 0 13 6.5 6.5 0 0 0 0-13zM15.3 15.3 20 20',
  close: 'M6 6l12 12M18 6 6 18',
  check: 'M5 12.5l4.5 4.5L19 7',
  chevron: 'M9 5.5l6.5 6.5L9 18.5',
  down: 'M5.5 9l6.5 6.5L18.5 9',
  left: 'M15 5.5 8.5 12l6.5 6.5',
  menu: 'M4 7h16M4 12h16M4 17h16',
  copy: 'M9 9h10.5v10.5H9zM5.8 15H4.5V4.5H15v1.3',
  terminal: 'M4 5h16v14H4zM7.5 9.5l2.8 2.5-2.8 2.5M12.5 14.8h4',
  sun: 'M12 8a4 4 0 1 0 0 8 4 4 0 0 0 0-8zM12 2.8v1.7M12 19.5v1.7M4.2 12H2.8M21.2 12h-1.7M5.5 5.5l1.2 1.2M17.3 17.3l1.2 1.2M5.5 18.5l1.2-1.2M17.3 6.7l1.2-1.2',
  moon: 'M19.5 14.3A8 8 0 0 1 9.7 4.5a8 8 0 1 0 9.8 9.8z',
  auto: 'M12 4a8 8 0 1 0 0 16zM12 4a8 8 0 0 1 0 16M12 8.5l3.4-1.2M12 12h5.8M12 15.5l3.4 1.2',
  signOut: 'M14 4.5H6A1.5 1.5 0 0 0 4.5 6v12A1.5 1.5 0 0 0 6 19.5h8M10 12h10.5M17 8.5l3.5 3.5-3.5 3.5',
  warning: 'M12 4.2 2.8 19.5h18.4zM12 10v4.2M12 16.9h.01',
  info: 'M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM12 11v5.2M12 7.8h.01',
  offline: 'M3.5 3.5l17 17M8.5 15.2a5 5 0 0 1 6.6-.3M5 11.6a10 10 0 0 1 4.3-2.4M13.2 8.9A10 10 0 0 1 19 11.6M12 18.9h.01',
  pause: 'M8.5 5.5v13M15.5 5.5v13',
  play: 'M7.5 4.8v14.4L19 12z',
  retry: 'M19.5 12a7.5 7.5 0 1 1-2.2-5.3L19.5 9M19.5 4.2V9h-4.8',
  trash: 'M4.5 6.5h15M9.5 6.2V4h5v2.2M6.5 6.5l.9 13h9.2l.9-13M10.3 10.5v5.2M13.7 10.5v5.2',
  plus: 'M12 5v14M5 12h14',
  download: 'M12 4.5v11M7.5 11.2l4.5 4.5 4.5-4.5M4.5 19.5h15',
  share: 'M17.5 3.8a2.7 2.7 0 1 0 0 5.4 2.7 2.7 0 0 0 0-5.4zM6.5 9.3a2.7 2.7 0 1 0 0 5.4 2.7 2.7 0 0 0 0-5.4zM17.5 14.8a2.7 2.7 0 1 0 0 5.4 2.7 2.7 0 0 0 0-5.4zM9 10.8l6-3M9 13.2l6 3',
  tag: 'M4 4.5h7.6l8.4 8.4-7.1 7.1L4.5 11.6zM8.3 8.5h.01',
  eye: 'M2.8 12S6 5.8 12 5.8 21.2 12 21.2 12 18 18.2 12 18.2 2.8 12 2.8 12zM12 9.4a2.6 2.6 0 1 0 0 5.2 2.6 2.6 0 0 0 0-5.2z',
  lock: 'M6 10.5h12v9H6zM8.5 10.3V8a3.5 3.5 0 0 1 7 0v2.3',
  globe: 'M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM3.8 12h16.4M12 3.5c5 5 5 12 0 17M12 3.5c-5 5-5 12 0 17',
  film: 'M4 5h16v14H4zM8 5v14M16 5v14M4 9.6h4M4 14.4h4M16 9.6h4M16 14.4h4',
  file: 'M6 3.5h8l4 4V20a.5.5 0 0 1-.5.5h-11A.5.5 0 0 1 6 20zM13.5 3.8V8h4.2',
  folder: 'M3.5 6h6l2 2.5h9V19h-17z',
  clock: 'M12 3.5a8.5 8.5 0 1 0 0 17 8.5 8.5 0 0 0 0-17zM12 7.5V12l3 2.4',
  bolt: 'M13 3 5.5 13.5H11L10.5 21 18.5 10H13z',
  disk: 'M4.5 6.5c0-1.7 3.4-3 7.5-3s7.5 1.3 7.5 3v11c0 1.7-3.4 3-7.5 3s-7.5-1.3-7.5-3zM4.5 6.5c0 1.7 3.4 3 7.5 3s7.5-1.3 7.5-3M4.5 12c0 1.7 3.4 3 7.5 3s7.5-1.3 7.5-3',
  drain: 'M5 4.5h14v4.8l-5 4.5V20l-4-2v-4.2L5 9.3z',
  filter: 'M4 6.5h16M7 12h10M10 17.5h4',
  edit: 'M4.5 19.5l.9-4.2L15.6 5a2 2 0 0 1 2.9 0l.5.5a2 2 0 0 1 0 2.9L8.7 18.6z',
  more: 'M6 12h.01M12 12h.01M18 12h.01',
  external: 'M13.5 4.5h6v6M19.3 4.7 11 13M17.5 14v5.5h-13v-13H10',
} as const;

export type IconName = keyof typeof paths;

export const Icon = memo(function Icon({ name, className }: { name: IconName; className?: string }) {
  return (
    <svg className={className === undefined ? 'icon' : `icon ${className}`} viewBox="0 0 24 24" aria-hidden="true">
      <path d={paths[name]} />
    </svg>
  );
});

/** The mark of the product: a ring of servers around a play sign. */
export function Mark({ className }: { className?: string }) {
  const arcs = Array.from({ length: 6 }, (_, index) => {
    const [from, to] = [index * 60 - 80, index * 60 - 40].map((degrees) => (degrees * Math.PI) / 180) as [number, number];
    return `M${(16 + 12 * Math.cos(from)).toFixed(2)} ${(16 + 12 * Math.sin(from)).toFixed(2)}A12 12 0 0 1 ${(16 + 12 * Math.cos(to)).toFixed(2)} ${(16 + 12 * Math.sin(to)).toFixed(2)}`;
  });
  return (
    <svg className={className} viewBox="0 0 32 32" aria-hidden="true">
      {arcs.map((path, index) => (
        <path key={path} d={path} fill="none" strokeWidth="4" strokeLinecap="round" style={{ stroke: `var(--hue-${index})` }} />
      ))}
      <path d="M13 11.2v9.6l8-4.8z" style={{ fill: 'var(--accent)' }} />
    </svg>
  );
}
