import { useState } from 'react';
import { Icon } from '../../ui/icons';
import { CopyButton, Field } from '../../ui/parts';
import { Empty } from '../../ui/states';

const formats = ['webp', 'avif', 'jpg', 'png'] as const;
const crops = [['', 'Whole'], ['1x1', 'Square'], ['16x9', '16 : 9'], ['4x5', '4 : 5']] as const;

/** Tries a variant out, and gives its address. */
export function Variants({ base, isVisual, isVideo }: { base: string; isVisual: boolean; isVideo: boolean }) {
  const [width, setWidth] = useState('640');
  const [format, setFormat] = useState<string>('webp');
  const [crop, setCrop] = useState('');
  if (!isVisual) return <Empty icon="gallery" title="No variants">Only pictures and videos that were processed have variants.</Empty>;
  const query = new URLSearchParams();
  if (crop !== '') query.set('crop', crop);
  if (/^\d+$/.test(width)) query.set('resize', width);
  const path = `${base}.${format}?${query.toString()}`;
  return (
    <div className="stack wide">
      <div className="grid" style={{ '--least': '120px' } as React.CSSProperties}>
        <Field label="Longest side">
          {(ids) => <select {...ids} className="input" value={width} onChange={(event) => setWidth(event.target.value)}>{['160', '320', '640', '960', '1280', '1920'].map((each) => <option key={each} value={each}>{each} px</option>)}</select>}
        </Field>
        <Field label="Crop">
          {(ids) => <select {...ids} className="input" value={crop} onChange={(event) => setCrop(event.target.value)}>{crops.map(([id, name]) => <option key={id} value={id}>{name}</option>)}</select>}
        </Field>
        <Field label="Format">
          {(ids) => <select {...ids} className="input" value={format} onChange={(event) => setFormat(event.target.value)}>{formats.map((each) => <option key={each}>{each}</option>)}</select>}
        </Field>
      </div>
      <div className="variant"><img key={path} src={path} alt="The variant" loading="lazy" /></div>
      <div className="command"><code>{path}</code><CopyButton text={window.location.origin + path} label="Copy the address" /></div>
      {isVideo && <p className="small muted"><Icon name="info" /> The picture is a frame of the video; <code>.mp4</code> makes a smaller video.</p>}
    </div>
  );
}
