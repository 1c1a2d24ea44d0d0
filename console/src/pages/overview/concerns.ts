import type { Schemas } from '../../api/client';
import type { Health } from '../../api/live';

export interface Concern {
  text: string;
  tone: 'warn' | 'bad';
  to: string;
}

interface Sources {
  nodes?: Schemas['NodeResponse'][];
  integrity?: Schemas['IntegrityResponse'];
  jobs?: Schemas['JobsResponse'];
  health?: Health[];
}

const plural = (number: number, one: string, more = `${one}s`) => `${number.toLocaleString('en-US')} ${number === 1 ? one : more}`;

/** Lists what needs a person's eye, the worst first. */
export function concernsOf({ nodes = [], integrity, jobs, health = [] }: Sources): Concern[] {
  const all: Concern[] = [];
  const counts = integrity?.counts;
  if (counts !== undefined) {
    if (counts.lost > 0) all.push({ text: `${plural(counts.lost, 'chunk')} lost: no good copy is left. Restore from a backup.`, tone: 'bad', to: '/integrity' });
    if (counts.corrupt > 0) all.push({ text: `${plural(counts.corrupt, 'corrupt copy', 'corrupt copies')} found; repair replaces them.`, tone: 'warn', to: '/integrity' });
    if (counts.underReplicated > 0) all.push({ text: `${plural(counts.underReplicated, 'chunk')} with too few copies; repair is at work.`, tone: 'warn', to: '/integrity' });
  }
  for (const part of health) {
    if (part.status.toLowerCase() !== 'healthy') {
      all.push({ text: `${part.name}: ${part.description ?? part.status}`, tone: part.status.toLowerCase() === 'unhealthy' ? 'bad' : 'warn', to: '/' });
    }
  }
  for (const node of nodes) {
    const total = node.usedBytes + node.availableBytes;
    if (node.status === 'offline') all.push({ text: `${node.name} is offline.`, tone: 'bad', to: '/nodes' });
    else if (node.status === 'online' && total > 0 && node.usedBytes / total > 0.9) all.push({ text: `${node.name} is nearly full.`, tone: 'warn', to: '/nodes' });
  }
  const dead = jobs?.kinds.reduce((sum, kind) => sum + kind.dead, 0) ?? 0;
  if (dead > 0) all.push({ text: `${plural(dead, 'dead letter')} wait for a decision.`, tone: 'warn', to: '/jobs' });
  return all.sort((one, other) => Number(other.tone === 'bad') - Number(one.tone === 'bad'));
}
