import { useState } from 'react';
import { Icon, type IconName } from './icons';

/** A picture that fades in over its colour; when it cannot be shown, an icon. */
export function Picture({ src, colour, icon, alt = '' }: { src: string | null; colour: string | null; icon: IconName; alt?: string }) {
  const [state, setState] = useState<'loading' | 'there' | 'failed'>('loading');
  return (
    <span className="picture" style={colour === null ? undefined : { backgroundColor: colour }}>
      {src === null || state === 'failed' ? <Icon name={icon} /> : (
        <img src={src} alt={alt} loading="lazy" decoding="async" draggable={false} className={state === 'there' ? 'there' : ''} onLoad={() => setState('there')} onError={() => setState('failed')} />
      )}
    </span>
  );
}

export function iconOf(kind: string): IconName {
  if (kind === 'video') return 'film';
  if (kind === 'image' || kind === 'background' || kind.startsWith('pano')) return 'gallery';
  return 'file';
}
