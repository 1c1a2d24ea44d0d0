import { useEffect, useId, useRef, useState, type ReactNode } from 'react';
import { Dialog, useTalk } from '../ui/dialogs';
import { bytes, count } from '../ui/format';
import { Icon } from '../ui/icons';
import { Button, Field } from '../ui/parts';
import { filesOf } from './drop';
import type { Target } from './queue';
import { chosen, uploader, type Chosen } from './uploader';

const kinds = ['image', 'video', 'simple', 'text', 'pdf', 'model', 'zip', 'background'] as const;

/** The kind of a media item that fits a file. */
export function kindOf(type: string): (typeof kinds)[number] {
  if (type.startsWith('image/')) return 'image';
  if (type.startsWith('video/')) return 'video';
  if (type.startsWith('text/')) return 'text';
  if (type === 'application/pdf') return 'pdf';
  if (type === 'application/zip') return 'zip';
  return 'simple';
}

const remembered = 'mediaaspire.uploadOwner';

/** Lets a person drop files anywhere on the page, or choose files or a folder; then asks what they become. */
export function useAdd(kind: Target['kind'], fixed?: Partial<{ bucket: string; prefix: string; owner: string | null }>): { button: ReactNode; overlay: ReactNode; choose: () => void } {
  const [files, setFiles] = useState<Chosen[] | null>(null);
  const [isOver, setOver] = useState(false);
  const input = useRef<HTMLInputElement>(null);
  const folder = useRef<HTMLInputElement>(null);
  const { tell, tellFault } = useTalk();
  const depth = useRef(0);

  useEffect(() => {
    const hasFiles = (event: DragEvent) => event.dataTransfer?.types.includes('Files') === true;
    const enter = (event: DragEvent) => {
      if (!hasFiles(event)) return;
      depth.current += 1;
      setOver(true);
    };
    const leave = () => {
      depth.current = Math.max(0, depth.current - 1);
      if (depth.current === 0) setOver(false);
    };
    const over = (event: DragEvent) => { if (hasFiles(event)) event.preventDefault(); };
    const drop = (event: DragEvent) => {
      if (!hasFiles(event) || event.dataTransfer === null) return;
      event.preventDefault();
      depth.current = 0;
      setOver(false);
      filesOf(event.dataTransfer).then((all) => { if (all.length > 0) setFiles(all); }, tellFault);
    };
    window.addEventListener('dragenter', enter);
    window.addEventListener('dragleave', leave);
    window.addEventListener('dragover', over);
    window.addEventListener('drop', drop);
    return () => {
      window.removeEventListener('dragenter', enter);
      window.removeEventListener('dragleave', leave);
      window.removeEventListener('dragover', over);
      window.removeEventListener('drop', drop);
    };
  }, [tellFault]);

  const choose = () => input.current?.click();
  const take = (event: React.ChangeEvent<HTMLInputElement>) => {
    const all = [...(event.target.files ?? [])].map((file) => chosen(file));
    event.target.value = '';
    if (all.length > 0) setFiles(all);
  };
  return {
    choose,
    button: (
      <>
        <Button variant="primary" icon="uploads" onClick={choose}>Upload</Button>
        <Button icon="folder" label="Upload a folder" onClick={() => folder.current?.click()} />
        <input ref={input} type="file" multiple hidden tabIndex={-1} aria-label="Files to upload" onChange={take} />
        <input ref={folder} type="file" multiple hidden tabIndex={-1} aria-label="Folder to upload" onChange={take} {...{ webkitdirectory: '' }} />
      </>
    ),
    overlay: (
      <>
        {isOver && <div className="drop" aria-hidden="true"><div><Icon name="uploads" />Drop files or folders to upload them</div></div>}
        {files !== null && (
          <AddDialog
            files={files} kind={kind} fixed={fixed} onClose={() => setFiles(null)}
            onAdd={(target, split) => {
              setFiles(null);
              let continued = 0;
              if (target.kind === 'media' && split) for (const file of files) continued += uploader.add([file], { ...target, itemKind: kindOf(file.type) });
              else continued = uploader.add(files, target);
              tell(continued > 0 ? `${count(continued)} of ${count(files.length)} continue where they stopped.` : `${count(files.length)} ${files.length === 1 ? 'file is' : 'files are'} being uploaded.`, 'uploads');
            }}
          />
        )}
      </>
    ),
  };
}

function AddDialog({ files, kind: first, fixed, onClose, onAdd }: {
  files: Chosen[];
  kind: Target['kind'];
  fixed?: Partial<{ bucket: string; prefix: string; owner: string | null }>;
  onClose: () => void;
  onAdd: (target: Target, split: boolean) => void;
}) {
  const [kind, setKind] = useState(first);
  const [owner, setOwner] = useState(fixed?.owner ?? localStorage.getItem(remembered) ?? '');
  const [access, setAccess] = useState<'public' | 'private'>('private');
  const [itemKind, setItemKind] = useState('auto');
  const [tags, setTags] = useState('');
  const [bucket, setBucket] = useState(fixed?.bucket ?? '');
  const [prefix, setPrefix] = useState(fixed?.prefix ?? '');
  const name = useId();
  const size = files.reduce((sum, file) => sum + file.size, 0);
  const isMissing = (kind === 'media' && owner.trim() === '') || (kind === 'object' && bucket.trim() === '');
  const add = () => {
    if (isMissing) return;
    localStorage.setItem(remembered, owner.trim());
    const list = tags.split(',').map((tag) => tag.trim()).filter((tag) => tag !== '');
    if (kind === 'media') onAdd({ kind, owner: owner.trim(), access, tags: list, itemKind: itemKind === 'auto' ? 'simple' : itemKind }, itemKind === 'auto');
    else if (kind === 'object') onAdd({ kind, bucket: bucket.trim(), prefix }, false);
    else onAdd({ kind, owner: owner.trim() }, false);
  };
  return (
    <Dialog title={`Upload ${count(files.length)} ${files.length === 1 ? 'file' : 'files'} (${bytes(size)})`} onClose={onClose}>
      <form className="stack wide" onSubmit={(event) => { event.preventDefault(); add(); }}>
        <fieldset className="stack" style={{ gap: 6 }}>
          <legend className="label small">They become</legend>
          <div className="choices">
            {([['media', 'Media', 'with tags and variants'], ['image', 'Images', 'by alias'], ['file', 'Files', 'by id'], ['object', 'Objects', 'in a bucket']] as const).map(([id, title, note]) => (
              <label key={id} className="choice">
                <input type="radio" name={name} checked={kind === id} onChange={() => setKind(id)} />
                <span><strong>{title}</strong><span className="small muted">{note}</span></span>
              </label>
            ))}
          </div>
        </fieldset>
        {kind !== 'object' && (
          <Field label="Owner" hint={kind === 'media' ? 'The owner of the items. A key that is bound to an owner uploads for that one.' : 'Empty for none. A key that is bound to an owner uploads for that one.'}>
            {(ids) => <input {...ids} className="input" value={owner} required={kind === 'media'} maxLength={78} onChange={(event) => setOwner(event.target.value)} />}
          </Field>
        )}
        {kind === 'media' && (
          <>
            <div className="grid" style={{ '--least': '160px' } as React.CSSProperties}>
              <Field label="Kind">
                {(ids) => (
                  <select {...ids} className="input" value={itemKind} onChange={(event) => setItemKind(event.target.value)}>
                    <option value="auto">By the type of each file</option>
                    {kinds.map((each) => <option key={each}>{each}</option>)}
                  </select>
                )}
              </Field>
              <Field label="Access">
                {(ids) => (
                  <select {...ids} className="input" value={access} onChange={(event) => setAccess(event.target.value as 'public' | 'private')}>
                    <option value="private">Private</option>
                    <option value="public">Public</option>
                  </select>
                )}
              </Field>
            </div>
            <Field label="Tags" hint="Separated by commas, at most 20">
              {(ids) => <input {...ids} className="input" value={tags} onChange={(event) => setTags(event.target.value)} />}
            </Field>
          </>
        )}
        {kind === 'object' && (
          <div className="grid" style={{ '--least': '160px' } as React.CSSProperties}>
            <Field label="Bucket">{(ids) => <input {...ids} className="input" value={bucket} required onChange={(event) => setBucket(event.target.value)} />}</Field>
            <Field label="Prefix of the keys" hint="The path of each file follows">{(ids) => <input {...ids} className="input" value={prefix} placeholder="2026/" onChange={(event) => setPrefix(event.target.value)} />}</Field>
          </div>
        )}
        <div className="foot">
          <Button onClick={onClose}>Cancel</Button>
          <Button type="submit" variant="primary" icon="uploads" disabled={isMissing}>Upload</Button>
        </div>
      </form>
    </Dialog>
  );
}
