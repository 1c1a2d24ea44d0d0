import { useEffect, useRef, useState } from 'react';
import uPlot from 'uplot';
import 'uplot/dist/uPlot.min.css';

/** The present value of a colour of the theme: uPlot draws on a canvas, which knows no custom properties. */
function colour(name: string): string {
  const probe = document.createElement('span');
  probe.style.color = `var(--${name})`;
  document.body.append(probe);
  const value = getComputedStyle(probe).color;
  probe.remove();
  return value;
}

function useThemeCount(): number {
  const [count, setCount] = useState(0);
  useEffect(() => {
    const raise = () => setCount((value) => value + 1);
    const media = window.matchMedia('(prefers-color-scheme: dark)');
    media.addEventListener('change', raise);
    window.addEventListener('mediaaspire-theme', raise);
    return () => {
      media.removeEventListener('change', raise);
      window.removeEventListener('mediaaspire-theme', raise);
    };
  }, []);
  return count;
}

export interface Line {
  name: string;
  colour: string;
  values: (number | null)[];
}

/** Lines over time. What they show is in the text beside them too, so the drawing itself is one image with a name. */
export function Chart({ label, times, lines, format, height = 150 }: {
  label: string;
  /** Seconds since 1970. */
  times: number[];
  lines: Line[];
  format: (value: number) => string;
  height?: number;
}) {
  const host = useRef<HTMLDivElement>(null);
  const plot = useRef<uPlot | null>(null);
  const theme = useThemeCount();
  const shape = lines.map((line) => `${line.name}:${line.colour}`).join();
  const data: uPlot.AlignedData = [times, ...lines.map((line) => line.values)];
  const latest = useRef(data);
  latest.current = data;

  useEffect(() => {
    const element = host.current;
    if (element === null) return undefined;
    const ink = colour('ink-2');
    const grid = { stroke: colour('line'), width: 1 };
    const axis: uPlot.Axis = { stroke: ink, grid, ticks: { show: false }, font: '11px system-ui, sans-serif', gap: 6 };
    const made = new uPlot(
      {
        width: element.clientWidth,
        height,
        padding: [8, 8, 0, 0],
        legend: { show: false },
        cursor: { y: false, points: { size: 7 } },
        scales: { y: { range: (_, __, most) => [0, most > 0 ? most * 1.15 : 1] } },
        axes: [
          { ...axis, grid: { show: false }, space: 90, values: (_, marks) => marks.map((mark) => new Date(mark * 1000).toLocaleTimeString('en-GB')) },
          { ...axis, size: 66, space: 34, values: (_, marks) => marks.map(format) },
        ],
        series: [
          {},
          ...lines.map((line): uPlot.Series => ({
            label: line.name, stroke: colour(line.colour), width: 1.75, points: { show: false },
            fill: lines.length === 1 ? colour(line.colour).replace('rgb(', 'rgba(').replace(')', ', 0.12)') : undefined,
          })),
        ],
      },
      latest.current, element,
    );
    plot.current = made;
    const observer = new ResizeObserver(() => made.setSize({ width: element.clientWidth, height }));
    observer.observe(element);
    return () => {
      observer.disconnect();
      made.destroy();
      plot.current = null;
    };
    // The lines' values are sent by setData below.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [theme, shape, height]);

  useEffect(() => {
    plot.current?.setData(latest.current);
  });

  return (
    <figure>
      <div className="row" style={{ gap: 14, paddingBottom: 6 }}>
        {lines.map((line) => {
          const value = line.values.at(-1);
          return (
            <span key={line.name} className="row tight small">
              <span className="dot" style={{ background: `var(--${line.colour})` }} />
              <span className="muted">{line.name}</span>
              <strong className="tabular">{value === null || value === undefined ? '–' : format(value)}</strong>
            </span>
          );
        })}
      </div>
      <div ref={host} role="img" aria-label={label} style={{ height }} />
    </figure>
  );
}
