import { useWindowVirtualizer } from '@tanstack/react-virtual';
import { useEffect, useLayoutEffect, useRef, useState, type KeyboardEvent, type ReactNode } from 'react';

const gap = 12;
const caption = 42;

/**
 * A grid of tiles of any number: only those in sight are in the page. Arrow keys move between tiles, and the list grows while it is
 * scrolled.
 */
export function Tiles({ count, label, least = 168, render, onEnd, hasMore }: {
  count: number;
  label: string;
  least?: number;
  /** Draws a tile; it is a button or a link with the given attributes. */
  render: (index: number, attributes: { tabIndex: number; 'data-tile': number }) => ReactNode;
  onEnd: () => void;
  hasMore: boolean;
}) {
  const host = useRef<HTMLDivElement>(null);
  const [width, setWidth] = useState(0);
  const [offset, setOffset] = useState(0);
  const [focused, setFocused] = useState(0);
  const wanted = useRef<number | null>(null);

  useLayoutEffect(() => {
    const element = host.current;
    if (element === null) return undefined;
    const measure = () => {
      setWidth(element.clientWidth);
      setOffset(element.getBoundingClientRect().top + window.scrollY);
    };
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(element);
    return () => observer.disconnect();
  }, []);

  const columns = Math.max(2, Math.floor((width + gap) / (least + gap)));
  const side = width === 0 ? least : (width - gap * (columns - 1)) / columns;
  const rows = Math.ceil(count / columns);
  const virtualizer = useWindowVirtualizer({ count: rows, estimateSize: () => side + caption + gap, overscan: 3, scrollMargin: offset });
  useEffect(() => virtualizer.measure(), [virtualizer, side]);

  const shown = virtualizer.getVirtualItems();
  const last = shown.at(-1)?.index ?? 0;
  useEffect(() => {
    if (hasMore && count > 0 && last >= rows - 4) onEnd();
  }, [hasMore, last, rows, count, onEnd]);

  // A tile that was out of sight gets the focus when it is drawn.
  useEffect(() => {
    if (wanted.current === null) return;
    const tile = host.current?.querySelector<HTMLElement>(`[data-tile="${wanted.current}"]`);
    if (tile != null) {
      wanted.current = null;
      tile.focus({ preventScroll: true });
    }
  });

  const onKeyDown = (event: KeyboardEvent) => {
    const step = { ArrowRight: 1, ArrowLeft: -1, ArrowDown: columns, ArrowUp: -columns, PageDown: columns * 4, PageUp: -columns * 4, Home: -count, End: count }[event.key];
    if (step === undefined) return;
    event.preventDefault();
    const next = Math.min(count - 1, Math.max(0, focused + step));
    wanted.current = next;
    setFocused(next);
    virtualizer.scrollToIndex(Math.floor(next / columns), { align: 'auto' });
  };

  return (
    <div
      ref={host} role="list" aria-label={label} className="tiles" style={{ height: virtualizer.getTotalSize() }} onKeyDown={onKeyDown}
      onFocus={(event) => {
        const index = (event.target as HTMLElement).dataset.tile;
        if (index !== undefined) setFocused(Number(index));
      }}
    >
      {shown.map((row) => (
        <div key={row.key} role="presentation" className="tile-row" style={{ transform: `translateY(${row.start - offset}px)`, gridTemplateColumns: `repeat(${columns}, minmax(0, 1fr))` }}>
          {Array.from({ length: Math.min(columns, count - row.index * columns) }, (_, column) => {
            const index = row.index * columns + column;
            return (
              <div role="listitem" key={index} aria-posinset={index + 1} aria-setsize={hasMore ? -1 : count}>
                {render(index, { tabIndex: index === Math.min(focused, count - 1) ? 0 : -1, 'data-tile': index })}
              </div>
            );
          })}
        </div>
      ))}
    </div>
  );
}
